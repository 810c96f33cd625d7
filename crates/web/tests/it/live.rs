//! What colleagues do reaches open pages, and nobody else's.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use gangway_domain::permission::Role;
use gangway_testkit::{TestApp, deal, for_each_database, prove};
use gangway_web::{Limits, Web};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::usage::{story, told};
use super::{Site, get, onboard, send};

/// Far longer than anything here takes; only a failure waits for it.
const LONG: Duration = Duration::from_secs(20);

struct Stream(Body);

impl Stream {
    async fn open(site: &Site, path: &str) -> Self {
        let request = Request::get(path)
            .header(header::HOST, "127.0.0.1:8080")
            .header(header::COOKIE, &site.cookie)
            .header(header::ACCEPT, "text/event-stream");
        let answer = site.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/event-stream");
        Self(answer.into_body())
    }

    /// The next event that is more than a sign of life; none when the stream has ended.
    async fn next(&mut self) -> Option<String> {
        loop {
            let frame = tokio::time::timeout(LONG, self.0.frame()).await.expect("an event in time")?;
            let text = String::from_utf8(frame.unwrap().into_data().unwrap().to_vec()).unwrap();
            if text.contains("event:") {
                return Some(text);
            }
        }
    }
}

fn id_of(event: &str) -> &str {
    event.lines().find_map(|line| line.strip_prefix("id:")).unwrap().trim()
}

async fn site(test: &TestApp, role: Role, limits: Limits) -> Site {
    let router = Web::new(test.app.clone()).with_limits(limits).router();
    Site { router, cookie: test.sign_in(role).await }
}

#[tokio::test]
async fn a_colleague_hears_of_a_change_once_and_another_workspace_never() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let address = onboard(&test, &deal("Acme")).await;
        let other = test.elsewhere("Brightcare").await;
        let manager = site(&test, Role::OnboardingManager, Limits::default()).await;
        let (viewer, stranger) = (
            site(&test, Role::Viewer, Limits::default()).await,
            site(&other, Role::Admin, Limits::default()).await,
        );
        let page = get(&viewer, &address).await.text;
        let onboarding = address.rsplit('/').next().unwrap();
        prove(&test, onboarding.parse().unwrap()).await;
        assert!(page.contains(&format!("data-live=\"{onboarding} acc_")), "the page says what it shows");

        let mut watching = Stream::open(&viewer, "/live").await;
        let hello = watching.next().await.unwrap();
        assert!(hello.contains("event: hello"), "{hello}");
        let mut elsewhere = Stream::open(&stranger, "/live").await;
        elsewhere.next().await.unwrap();

        send(&manager, &format!("{address}/kickoff"), "").await;
        let told = watching.next().await.unwrap();
        assert!(told.contains("event: change") && told.contains("Held the kickoff"), "{told}");
        assert!(told.contains(onboarding) && told.contains("\"mine\":false"), "{told}");

        // Signing in, and what else only the audit trail shows, is nobody's news.
        send(&manager, &format!("{address}/completion"), "").await;
        let told = watching.next().await.unwrap();
        assert!(told.contains("Completed the onboarding"), "{told}");

        // Whoever was away hears what they missed, in order.
        let mut again = Stream::open(&viewer, &format!("/live?after={}", id_of(&hello))).await;
        assert!(again.next().await.unwrap().contains("Held the kickoff"));
        assert!(again.next().await.unwrap().contains("Completed the onboarding"));

        // The first thing the other workspace hears is its own.
        let own = onboard(&other, &deal("Nordwind")).await;
        let told = elsewhere.next().await.unwrap();
        assert!(told.contains("Nordwind") && !told.contains("Acme") && !told.contains(onboarding), "{told}");
        assert!(own.contains("onb_"));
        // An id of another workspace says nothing about it.
        let mut guess = Stream::open(&stranger, &format!("/live?after={}", id_of(&hello))).await;
        send(&stranger, &format!("{own}/kickoff"), "").await;
        loop {
            let told = guess.next().await.unwrap();
            assert!(!told.contains("Acme") && !told.contains(onboarding), "{told}");
            if told.contains("Held the kickoff") {
                break;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_happens_between_a_page_and_its_stream_is_told() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let address = onboard(&test, &deal("Acme")).await;
        prove(&test, address.rsplit('/').next().unwrap().parse().unwrap()).await;
        let manager = site(&test, Role::OnboardingManager, Limits::default()).await;
        let viewer = site(&test, Role::Viewer, Limits::default()).await;
        let position = |page: &str| {
            let (_, rest) =
                page.split_once("data-live-after=\"").expect("a page says what it was made after");
            rest.split('"').next().unwrap().to_owned()
        };
        let made = position(&get(&viewer, &address).await.text);
        send(&manager, &format!("{address}/kickoff"), "").await;
        let mut watching = Stream::open(&viewer, &format!("/live?after={made}")).await;
        let told = watching.next().await.unwrap();
        assert!(told.contains("event: change") && told.contains("Held the kickoff"), "{told}");
        // A page made after it is told nothing of it.
        let now = position(&get(&viewer, &address).await.text);
        assert_eq!(now, id_of(&told));
        let mut again = Stream::open(&viewer, &format!("/live?after={now}")).await;
        send(&manager, &format!("{address}/completion"), "").await;
        assert!(again.next().await.unwrap().contains("Completed the onboarding"));
    })
    .await;
}

/// The account a page shows.
fn account_of(page: &str) -> String {
    let topics = page.split("data-live=\"").nth(1).unwrap().split('"').next().unwrap();
    topics.split(' ').find(|topic| topic.starts_with("acc_")).unwrap().to_owned()
}

/// Whatever else is told, until a kickoff that was held after.
async fn hears_no_usage_before_the_kickoff(stream: &mut Stream) {
    while let Some(news) = stream.next().await {
        assert!(!news.contains("event: usage"), "{news}");
        if news.contains("Held the kickoff") {
            break;
        }
    }
}

#[tokio::test]
async fn usage_reaches_pages_of_its_account_and_no_others() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (acme, globex) = (onboard(&test, &deal("Acme")).await, onboard(&test, &deal("Globex")).await);
        let manager = site(&test, Role::OnboardingManager, Limits::default()).await;
        let mut streams = Vec::new();
        for address in [&acme, &globex] {
            let account = account_of(&get(&manager, address).await.text);
            let mut stream = Stream::open(&manager, &format!("/live?about={account}")).await;
            assert!(stream.next().await.unwrap().contains("event: hello"));
            streams.push((account, stream));
        }
        told(&test, &story()).await;
        let (account, stream) = &mut streams[0];
        // Deeds that follow from it may be told before.
        while let Some(news) = stream.next().await {
            if news.contains("event: usage") {
                assert!(news.contains(account.as_str()), "{news}");
                break;
            }
        }
        send(&manager, &format!("{globex}/kickoff"), "").await;
        let (_, stream) = &mut streams[1];
        hears_no_usage_before_the_kickoff(stream).await;
    })
    .await;
}

#[tokio::test]
async fn usage_between_a_page_and_its_stream_is_told() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (acme, globex) = (onboard(&test, &deal("Acme")).await, onboard(&test, &deal("Globex")).await);
        let manager = site(&test, Role::OnboardingManager, Limits::default()).await;
        let page = get(&manager, &acme).await.text;
        let (account, other) = (account_of(&page), account_of(&get(&manager, &globex).await.text));
        let made = |page: &str| {
            let (_, rest) = page.split_once("data-live-used=\"").expect("a page says up to where it knows");
            rest.split('"').next().unwrap().to_owned()
        };
        let used = made(&page);
        told(&test, &story()).await;
        let mut stream = Stream::open(&manager, &format!("/live?about={account}&used={used}")).await;
        assert!(stream.next().await.unwrap().contains("event: hello"));
        assert!(stream.next().await.unwrap().contains("event: usage"));
        let mut all = Stream::open(&manager, &format!("/live?about=usage&used={used}")).await;
        assert!(all.next().await.unwrap().contains("event: hello"));
        assert!(all.next().await.unwrap().contains("event: usage"));
        // Neither a page of another account is told, nor one that was made since.
        let now = made(&get(&manager, &acme).await.text);
        let mut others = Vec::new();
        for (about, used) in [(&other, &used), (&account, &now)] {
            let mut stream = Stream::open(&manager, &format!("/live?about={about}&used={used}")).await;
            assert!(stream.next().await.unwrap().contains("event: hello"));
            others.push(stream);
        }
        send(&manager, &format!("{globex}/kickoff"), "").await;
        for stream in &mut others {
            hears_no_usage_before_the_kickoff(stream).await;
        }
    })
    .await;
}

#[tokio::test]
async fn the_answer_to_a_form_is_told_and_never_asked_for_again() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let address = onboard(&test, &deal("Acme")).await;
        let manager = site(&test, Role::OnboardingManager, Limits::default()).await;
        let form = "revision=1&kind=template&template=security-review&start=2027-01-18&after=";
        let answer = send(&manager, &format!("{address}/plan/preview"), form).await.text;
        assert!(answer.contains("What would follow"), "{answer}");
        assert!(answer.contains("data-live=\"onb_") && answer.contains("data-live-after=\"\""), "{answer}");
    })
    .await;
}

#[tokio::test]
async fn a_stream_ends_with_its_session() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let limits = Limits { pulse: Duration::from_millis(20), ..Limits::default() };
        let viewer = site(&test, Role::Viewer, limits).await;
        let mut watching = Stream::open(&viewer, "/live").await;
        watching.next().await.unwrap();
        send(&viewer, "/sign-out", "").await;
        assert_eq!(watching.next().await, None);
    })
    .await;
}

#[tokio::test]
async fn only_pages_are_told() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let viewer = site(&test, Role::Viewer, Limits::default()).await;
        assert_eq!(get(&viewer, "/live").await.status, StatusCode::NOT_ACCEPTABLE);
    })
    .await;
}
