//! Webhooks: signed, tried again over days, never into private networks.

use std::sync::Arc;

use gangway_app::webhook::{self, Changes, NewSecret, Reach, Sender, SigningSecret, Wanted};
use gangway_app::{AppError, handoff, job};
use gangway_domain::permission::Role;
use gangway_jobs::{Drained, Runner};
use gangway_store::job as queue;
use gangway_testkit::{TestApp, deal, for_each_database};

use super::receiver::{Request, web_server};

/// A runner that may reach this machine.
fn runner(test: &TestApp, networks: &[&str]) -> Runner {
    let reach = Reach::and(networks.iter().map(|text| text.parse().unwrap()));
    job::runner(&test.app, vec![Arc::new(Sender::new(test.app.clone(), reach).unwrap())])
}

fn wanted(url: impl Into<String>, kinds: &[&str]) -> Wanted {
    Wanted {
        url: url.into(),
        description: String::new(),
        kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
    }
}

async fn add(test: &TestApp, url: impl Into<String>, kinds: &[&str]) -> NewSecret {
    webhook::add(&test.app, &test.actor, &wanted(url, kinds)).await.unwrap()
}

/// Something that webhooks tell.
async fn hand_over(test: &TestApp) {
    handoff::accept(&test.app, &test.actor, deal("Acme").as_bytes().to_vec(), None).await.unwrap();
}

/// The signature the receiver would make.
fn signature(secret: &SigningSecret, request: &Request) -> String {
    let at = request.header("webhook-timestamp").parse().unwrap();
    secret.sign(&request.header("webhook-id"), at, &request.body)
}

#[tokio::test]
async fn an_event_arrives_signed_at_whoever_wants_it() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (address, arrived) = web_server(&["200 OK"]).await;
        let made = add(&test, format!("http://{address}/hook"), &["handoff.accepted"]).await;
        add(&test, format!("http://{address}/other"), &["onboarding.completed"]).await;
        let stranger = test.elsewhere("Southlight").await;
        add(&stranger, format!("http://{address}/stranger"), &[]).await;
        hand_over(&test).await;
        let drained = runner(&test, &["127.0.0.0/8"]).drain().await.unwrap();
        assert_eq!(drained, Drained { done: 1, ..Drained::default() });
        let requests = arrived.lock().unwrap().clone();
        assert_eq!(requests.len(), 1, "{requests:?}");
        let request = &requests[0];
        assert_eq!(request.header("content-type"), "application/json");
        assert_eq!(request.header("webhook-timestamp"), "1799053200", "2027-01-04T09:00:00Z");
        assert_eq!(request.header("webhook-signature"), signature(&made.secret, request));
        let body: serde_json::Value = serde_json::from_str(&request.body).unwrap();
        assert_eq!(
            (&body["type"], &body["timestamp"]),
            (&"handoff.accepted".into(), &"2027-01-04T09:00:00Z".into())
        );
        assert!(body["data"]["account"].as_str().unwrap().starts_with("acc_"));
        let (_, log) = webhook::endpoint(&test.app, &test.actor, made.endpoint).await.unwrap();
        assert_eq!((log.len(), log[0].attempts, log[0].status), (1, 1, Some(200)));
        assert!(log[0].delivered_at.is_some());
        let traced = webhook::trace(&test.app, &test.actor, log[0].id).await.unwrap();
        assert_eq!((traced.attempts[0].number, traced.attempts[0].answer.as_str()), (1, "said"));
        assert!(webhook::trace(&test.app, &stranger.actor, log[0].id).await.is_err(), "tenants are apart");
        assert!(webhook::endpoint(&test.app, &stranger.actor, made.endpoint).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn after_a_rotation_both_secrets_sign_for_a_day() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (address, arrived) = web_server(&["200 OK"]).await;
        let old = add(&test, format!("http://{address}/"), &[]).await;
        let new = webhook::rotate(&test.app, &test.actor, old.endpoint).await.unwrap();
        assert_ne!(old.secret, new.secret);
        let runner = runner(&test, &["127.0.0.1"]);
        for (days, both) in [(0, true), (1, false)] {
            test.clock.advance_days(days);
            webhook::test(&test.app, &test.actor, old.endpoint).await.unwrap();
            runner.drain().await.unwrap();
            let request = arrived.lock().unwrap().last().cloned().unwrap();
            let (now, before) = (signature(&new.secret, &request), signature(&old.secret, &request));
            let expected = if both { format!("{now} {before}") } else { now };
            assert_eq!(request.header("webhook-signature"), expected);
        }
    })
    .await;
}

#[tokio::test]
async fn what_fails_is_tried_over_days_given_up_and_replayed_with_the_same_id() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (address, arrived) = web_server(&["500 Oops"]).await;
        let made = add(&test, format!("http://{address}/"), &[]).await;
        webhook::test(&test.app, &test.actor, made.endpoint).await.unwrap();
        let runner = runner(&test, &["127.0.0.1"]);
        let mut given_up = 0;
        for _ in 0..10 {
            given_up += runner.drain().await.unwrap().given_up;
            test.clock.advance_days(2);
        }
        assert_eq!((given_up, arrived.lock().unwrap().len()), (1, 10), "ten tries");
        let (endpoint, log) = webhook::endpoint(&test.app, &test.actor, made.endpoint).await.unwrap();
        assert_eq!(endpoint.disabled_why.as_deref(), Some("nothing has arrived there for five days"));
        assert_eq!(log[0].problem.as_deref(), Some("it answered 500"));
        assert!(log[0].failed_at.is_some());
        webhook::replay(&test.app, &test.actor, log[0].id).await.unwrap();
        webhook::replay(&test.app, &test.actor, log[0].id).await.unwrap();
        runner.drain().await.unwrap();
        let requests = arrived.lock().unwrap().clone();
        assert_eq!(requests.len(), 11, "two clicks are one replay");
        assert_eq!(requests[10].header("webhook-id"), requests[0].header("webhook-id"));
        assert_ne!(requests[10].header("webhook-timestamp"), requests[0].header("webhook-timestamp"));
        // Off: what happens is not sent; on again, it is.
        hand_over(&test).await;
        let mut tx = test.app.db.read().await.unwrap();
        let waiting = queue::depth(&mut tx, test.app.now()).await.unwrap();
        drop(tx);
        assert_eq!(waiting.iter().map(|depth| depth.waiting).sum::<i64>(), 1, "the replay only");
        webhook::switch(&test.app, &test.actor, made.endpoint, true).await.unwrap();
        let (endpoint, _) = webhook::endpoint(&test.app, &test.actor, made.endpoint).await.unwrap();
        assert_eq!((endpoint.disabled_at, endpoint.failing_since), (None, None));
    })
    .await;
}

#[tokio::test]
async fn gone_switches_off_at_once_and_a_redirect_is_not_followed() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (elsewhere, strayed) = web_server(&["200 OK"]).await;
        let (gone, _) = web_server(&["410 Gone"]).await;
        let (moved, _) = web_server(&["302 Found\r\nlocation: /elsewhere", "307 Moved"]).await;
        let first = add(&test, format!("http://{gone}/"), &[]).await.endpoint;
        let second = add(&test, format!("http://{moved}/"), &[]).await.endpoint;
        for id in [first, second] {
            webhook::test(&test.app, &test.actor, id).await.unwrap();
        }
        let drained = runner(&test, &["127.0.0.1"]).drain().await.unwrap();
        assert_eq!(drained, Drained { given_up: 1, again: 1, ..Drained::default() });
        let (endpoint, _) = webhook::endpoint(&test.app, &test.actor, first).await.unwrap();
        assert!(endpoint.disabled_why.unwrap().contains("410"));
        let (_, log) = webhook::endpoint(&test.app, &test.actor, second).await.unwrap();
        assert!(log[0].problem.as_deref().unwrap().contains("leads elsewhere"), "{log:?}");
        assert!(strayed.lock().unwrap().is_empty(), "{elsewhere}");
    })
    .await;
}

#[tokio::test]
async fn private_addresses_are_never_reached_by_number_or_by_name() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (address, arrived) = web_server(&["200 OK"]).await;
        let port = address.port();
        for url in [
            format!("http://127.0.0.1:{port}/"),
            format!("http://localhost:{port}/"),
            format!("http://2130706433:{port}/"),
            format!("http://0x7f.1:{port}/"),
            format!("http://[::ffff:127.0.0.1]:{port}/"),
        ] {
            // The app of tests lets addresses of this machine be entered; what sends reaches none.
            let made = add(&test, url.clone(), &[]).await;
            webhook::test(&test.app, &test.actor, made.endpoint).await.unwrap();
            runner(&test, &[]).drain().await.unwrap();
            let (_, log) = webhook::endpoint(&test.app, &test.actor, made.endpoint).await.unwrap();
            let problem = log[0].problem.clone().unwrap_or_default();
            assert!(problem.contains("private network"), "{url}: {problem}");
        }
        assert!(arrived.lock().unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_private_address_is_not_even_entered() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let kept = add(&test, "https://example.com/", &[]).await.endpoint;
        for url in [
            "http://169.254.169.254/latest/meta-data/",
            "http://10.0.0.1/",
            "http://192.168.1.7:8080/hook",
            "http://0xa9fea9fe/",
            "http://127.0.0.2/",
            "http://[::1]/",
            "http://[fd00::1]/",
            "http://[fe80::1]/",
            "http://[::ffff:10.0.0.1]/",
        ] {
            let changes = Changes { url: Some(url.to_owned()), ..Changes::default() };
            for refused in [
                webhook::add(&test.app, &test.actor, &wanted(url, &[])).await.err(),
                webhook::change(&test.app, &test.actor, kept, &wanted(url, &[])).await.err(),
                webhook::patch(&test.app, &test.actor, kept, None, changes.clone()).await.err(),
            ] {
                let Some(AppError::Invalid(problems)) = &refused else { panic!("{url}: {refused:?}") };
                assert_eq!(problems.len(), 1, "{url}");
                assert_eq!(problems[0].field, "url", "{url}");
                assert!(problems[0].message.contains("private network"), "{url}: {problems:?}");
            }
        }
        let (endpoint, _) = webhook::endpoint(&test.app, &test.actor, kept).await.unwrap();
        assert_eq!(endpoint.url, "https://example.com/");
        // What whoever runs Gangway allows, and what is public.
        for url in ["http://127.0.0.1:9/", "https://1.1.1.1/", "http://[2606:4700::1111]/"] {
            add(&test, url, &[]).await;
        }
    })
    .await;
}

#[tokio::test]
async fn of_two_new_secrets_made_at_once_both_sign() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (address, arrived) = web_server(&["200 OK"]).await;
        let id = add(&test, format!("http://{address}/"), &[]).await.endpoint;
        let runner = runner(&test, &["127.0.0.1"]);
        // Again and again: from the second time on there are connections enough for both to begin at once.
        for _ in 0..4 {
            let rotate = || webhook::rotate(&test.app, &test.actor, id);
            let (one, other) = tokio::join!(rotate(), rotate());
            let made = [one.unwrap().secret, other.unwrap().secret];
            webhook::test(&test.app, &test.actor, id).await.unwrap();
            runner.drain().await.unwrap();
            let request = arrived.lock().unwrap().last().cloned().unwrap();
            let header = request.header("webhook-signature");
            for secret in &made {
                let signed = signature(secret, &request);
                assert!(header.split(' ').any(|one| one == signed), "it was told, but signs nothing");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn only_admins_manage_webhooks_and_addresses_are_checked() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let leader = test.member(Role::Leader).await;
        let refused = webhook::add(&test.app, &leader, &wanted("https://example.com/", &[])).await;
        assert!(matches!(refused, Err(AppError::Forbidden(_))));
        for (url, kinds) in [
            ("", &[][..]),
            ("example.com", &[]),
            ("ftp://example.com/", &[]),
            ("file:///etc/passwd", &[]),
            ("https://user:secret@example.com/", &[]),
            ("https://example.com/", &["invented.kind"]),
        ] {
            let refused = webhook::add(&test.app, &test.actor, &wanted(url, kinds)).await;
            assert!(matches!(refused, Err(AppError::Invalid(_))), "{url} {kinds:?}");
        }
        let made = add(&test, "https://example.com/", &[]).await;
        assert!(made.secret.reveal().starts_with("whsec_"));
        let (endpoint, _) = webhook::endpoint(&test.app, &test.actor, made.endpoint).await.unwrap();
        assert!(!endpoint.secret.contains(made.secret.reveal().trim_start_matches("whsec_")), "sealed");
        webhook::remove(&test.app, &test.actor, made.endpoint, None).await.unwrap();
        assert!(webhook::endpoints(&test.app, &test.actor).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn who_change_different_things_of_a_webhook_at_once_all_get_what_they_want() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = add(&test, "https://example.com/", &[]).await.endpoint;
        let patch = |changes: Changes| webhook::patch(&test.app, &test.actor, id, None, changes);
        // Again and again: from the second time on there are connections enough for all to begin at once.
        for (number, (kind, _)) in webhook::KINDS.iter().copied().take(6).enumerate() {
            let url = format!("https://example.com/{number}");
            let description = format!("Number {number}");
            let on = number % 2 == 1;
            let outcomes = tokio::join!(
                patch(Changes { url: Some(url.clone()), ..Changes::default() }),
                patch(Changes { description: Some(description.clone()), ..Changes::default() }),
                patch(Changes { kinds: Some(vec![(*kind).to_owned()]), ..Changes::default() }),
                patch(Changes { enabled: Some(on), ..Changes::default() }),
            );
            assert!(matches!(outcomes, (Ok(_), Ok(_), Ok(_), Ok(_))), "{outcomes:?}");
            let (endpoint, _) = webhook::endpoint(&test.app, &test.actor, id).await.unwrap();
            let switched_on = endpoint.disabled_at.is_none();
            assert_eq!(
                (endpoint.url, endpoint.description, endpoint.kinds.as_str(), switched_on),
                (url, description, kind, on)
            );
        }
    })
    .await;
}
