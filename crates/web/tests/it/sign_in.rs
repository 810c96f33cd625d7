//! Signing in through an identity provider that really answers, and that lies.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::{StatusCode, header};
use gangway_app::identity::{self, Newcomers, ProviderSettings};
use gangway_app::{Actor, App, Door};
use gangway_domain::permission::{Role, Scope};
use gangway_store::person;
use gangway_testkit::{Database, TestApp, for_each_database};
use gangway_web::Web;
use serde_json::Value;

use super::Site;
use super::house::{Browser, House, user};
use super::provider::Cheat;

#[tokio::test]
async fn whoever_is_known_by_their_address_is_linked_and_from_then_on_by_who_they_are() {
    for_each_database(|db| async move {
        let house = House::new(db).await;
        house.member("Ines@Example.com", Role::Csm).await;
        let mut browser = house.browser();
        let page = browser.get("/sign-in?to=%2Fhandoffs").await;
        assert!(
            page.text.contains("Continue with Example ID") && page.text.contains("or with your password")
        );
        assert!(
            page.text.contains("href=\"/sign-in/provider?to=%2Fhandoffs\" data-turbo=\"false\""),
            "{}",
            page.text
        );
        let back = browser.leave(&house.provider, "/sign-in/provider?to=%2Fhandoffs").await;
        assert!(!browser.is_in());
        let arrived = browser.get(&back).await;
        assert_eq!((arrived.status, arrived.header(header::LOCATION)), (StatusCode::SEE_OTHER, "/handoffs"));
        assert_eq!(browser.cookies.keys().collect::<Vec<_>>(), ["gangway"], "the way is forgotten");
        assert_eq!(browser.get("/handoffs").await.status, StatusCode::OK);
        let trail = house.trail().await;
        assert!(trail.contains(&"Ines linked their account to Example ID".to_owned()), "{trail:?}");
        assert!(trail.contains(&"Ines signed in through Example ID".to_owned()), "{trail:?}");

        // Her address there is another one now, and somebody else has hers.
        house.provider.user(user("ines-1", "i.okafor@example.com", false));
        let mut browser = house.browser();
        browser.sign_in(&house.provider).await;
        assert!(browser.is_in());
        house.provider.user(user("thief", "ines@example.com", true));
        let mut browser = house.browser();
        let refused = browser.sign_in(&house.provider).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(
            refused.text.contains("belongs to somebody else at the identity provider"),
            "{}",
            refused.text
        );
        assert!(!browser.is_in());
    })
    .await;
}

#[tokio::test]
async fn whoever_nobody_knows_is_told_to_ask_for_an_invitation_or_let_in_where_that_is_wanted() {
    for_each_database(|db| async move {
        let house = House::new(db).await;
        house.member("somebody@example.com", Role::Admin).await;
        let mut browser = house.browser();
        let refused = browser.sign_in(&house.provider).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(refused.text.contains("Ask an admin of your workspace to invite you"), "{}", refused.text);
        assert!(house.person("ines@example.com").await.is_none());

        let workspace = house.test.actor.workspace;
        let open = |settings: &mut ProviderSettings| {
            settings.create = Some(Newcomers { role: Role::Viewer, workspace });
            settings.allowed_domains = vec!["example.com".to_owned()];
        };
        let open_house = house.with_another(open).await;
        let mut browser = open_house.browser();
        let arrived = browser.sign_in(&open_house.provider).await;
        assert_eq!(arrived.status, StatusCode::SEE_OTHER, "{}", arrived.text);
        let team = browser.get("/settings/team").await.text;
        assert!(team.contains("Ines Okafor") && !team.contains("Invite a colleague"), "she looks, no more");
        assert!(
            open_house.trail().await.contains(&"Ines Okafor joined as viewer through Example ID".to_owned())
        );

        // An admin shows her out: who was here and is not any more is no newcomer.
        let made = open_house.person("ines@example.com").await.unwrap();
        let admin = &open_house.test.actor;
        identity::remove(&open_house.app, admin, made.id).await.unwrap();
        assert!(browser.get("/handoffs").await.header(header::LOCATION).starts_with("/sign-in"));
        let mut browser = open_house.browser();
        let refused = browser.sign_in(&open_house.provider).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(
            refused.text.contains("belong to no workspace any more") && !browser.is_in(),
            "{}",
            refused.text
        );

        open_house.provider.user(user("mallory", "mallory@evil-example.com", true));
        let mut browser = open_house.browser();
        assert_eq!(browser.sign_in(&open_house.provider).await.status, StatusCode::FORBIDDEN);
        assert!(open_house.person("mallory@evil-example.com").await.is_none());
    })
    .await;
}

#[tokio::test]
async fn what_does_not_prove_who_somebody_is_lets_nobody_in() {
    for_each_database(|db| async move {
        let house = House::new(db).await;
        house.member("ines@example.com", Role::Admin).await;
        for (cheat, status) in [
            (Cheat::WrongNonce, 502),
            (Cheat::NoNonce, 502),
            (Cheat::WrongAudience, 502),
            (Cheat::SeveralAudiences, 502),
            (Cheat::OtherParty, 502),
            (Cheat::WrongIssuer, 502),
            (Cheat::Expired, 502),
            (Cheat::NotYet, 502),
            (Cheat::AlgNone, 502),
            (Cheat::SharedSecret, 502),
            (Cheat::WrongKey, 502),
            (Cheat::ChangedClaims, 502),
            (Cheat::OtherIssuerInTheAnswer, 502),
            (Cheat::TellsAboutSomebodyElse, 502),
            (Cheat::NoToken, 503),
            (Cheat::Fails, 503),
            (Cheat::Denies, 403),
        ] {
            // The tests' requests all come from one place, which may try ten times only.
            house.app.attempts.forget("provider from ");
            house.provider.cheat(cheat);
            let mut browser = house.browser();
            let refused = browser.sign_in(&house.provider).await;
            assert_eq!(refused.status.as_u16(), status, "{cheat:?}: {}", refused.text);
            assert!(browser.cookies.is_empty(), "{cheat:?}");
            assert!(
                refused.text.contains("Back to signing in") && !refused.text.contains("<b>"),
                "{cheat:?}"
            );
        }
        assert!(house.person("ines@example.com").await.unwrap().subject.is_none(), "nobody was linked");
    })
    .await;
}

#[tokio::test]
async fn providers_may_sign_with_curves_change_their_keys_and_tell_the_address_elsewhere() {
    for_each_database(|db| async move {
        let house = House::new(db).await;
        house.member("ines@example.com", Role::Admin).await;
        for cheat in [
            Cheat::Nothing,
            Cheat::SignsWithEs256,
            Cheat::WithoutAddressInTheToken,
            Cheat::SeveralAudiencesForUs,
        ] {
            house.provider.cheat(cheat);
            let mut browser = house.browser();
            let arrived = browser.sign_in(&house.provider).await;
            assert!(browser.is_in(), "{cheat:?}: {}", arrived.text);
        }
    })
    .await;
}

/// Keys are read anew when a signature fits none, but not at every wrong signature.
#[tokio::test]
async fn new_keys_are_believed_as_soon_as_they_may_be_asked_for() {
    let database = Database::sqlite().await.unwrap();
    let house = House::new(database.db.clone()).await;
    house.member("ines@example.com", Role::Admin).await;
    let mut browser = house.browser();
    browser.sign_in(&house.provider).await;
    house.provider.cheat(Cheat::ChangesItsKeys);
    let mut browser = house.browser();
    assert_eq!(browser.sign_in(&house.provider).await.status, StatusCode::BAD_GATEWAY, "just asked");
    let later = gangway_app::FixedClock("2027-01-04T09:00:40Z".parse().unwrap());
    let app = App { clock: Arc::new(later), ..house.app.clone() };
    let house = House { app, ..house };
    let mut browser = house.browser();
    let arrived = browser.sign_in(&house.provider).await;
    assert!(browser.is_in(), "{}", arrived.text);
    database.remove().await.unwrap();
}

#[tokio::test]
async fn an_answer_counts_once_in_the_browser_that_began_and_in_time() {
    for_each_database(|db| async move {
        let house = House::new(db).await;
        house.member("ines@example.com", Role::Admin).await;
        let mut browser = house.browser();
        let back = browser.leave(&house.provider, "/sign-in/provider").await;
        let kept = browser.cookies.clone();

        // Another browser, led here by somebody who wants it signed in as them.
        let mut victim = house.browser();
        assert_eq!(victim.get(&back).await.status, StatusCode::GONE);
        victim.get("/sign-in/provider").await;
        let refused = victim.get(&back).await;
        assert_eq!(refused.status, StatusCode::GONE, "{}", refused.text);
        assert!(!victim.is_in());

        let mut other = house.browser();
        other.cookies = kept.clone();
        let changed = back.replace("state=", "state=0");
        assert_eq!(other.get(&changed).await.status, StatusCode::GONE, "a state of their own");

        assert_eq!(browser.get(&back).await.status, StatusCode::SEE_OTHER);
        assert!(browser.is_in());
        let mut again = house.browser();
        again.cookies = kept;
        assert_eq!(again.get(&back).await.status, StatusCode::GONE, "once");
        assert!(!again.is_in());

        let mut late = house.browser();
        let back = late.leave(&house.provider, "/sign-in/provider").await;
        house.test.clock.advance_days(1);
        assert_eq!(late.get(&back).await.status, StatusCode::GONE, "after ten minutes");
        for odd in ["/sign-in/callback", "/sign-in/callback?code=x", "/sign-in/callback?state=&error=%00"] {
            let mut browser = house.browser();
            assert_eq!(browser.get(odd).await.status, StatusCode::GONE, "{odd}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_address_that_is_not_verified_proves_nothing() {
    for_each_database(|db| async move {
        let house = House::new(db).await;
        house.member("ines@example.com", Role::Admin).await;
        for verified in [Value::Bool(false), Value::Null, Value::from("false"), Value::from(1)] {
            house.provider.user(user("ines-1", "ines@example.com", verified.clone()));
            let mut browser = house.browser();
            let refused = browser.sign_in(&house.provider).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{verified}");
            assert!(refused.text.contains("has not verified your mail address") && !browser.is_in());
        }
        let trusting = house.with_another(|settings| settings.trust_email = true).await;
        trusting.provider.user(user("ines-1", "ines@example.com", false));
        assert_eq!(trusting.browser().sign_in(&trusting.provider).await.status, StatusCode::FORBIDDEN);
        trusting.provider.user(user("ines-1", "ines@example.com", Value::Null));
        let mut browser = trusting.browser();
        browser.sign_in(&trusting.provider).await;
        assert!(browser.is_in());
    })
    .await;
}

#[tokio::test]
async fn a_provider_that_is_away_stops_nobody_else() {
    for_each_database(|db| async move {
        let house = House::new(db).await;
        house.member("ines@example.com", Role::Admin).await;
        house.provider.cheat(Cheat::CallsItselfOtherwise);
        let mut browser = house.browser();
        let refused = browser.get("/sign-in/provider").await;
        assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(
            refused.text.contains("Example ID cannot be asked at this moment") && browser.cookies.is_empty()
        );
        house.provider.stop();
        assert_eq!(browser.get("/sign-in/provider").await.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(browser.get("/sign-in").await.status, StatusCode::OK, "the page never asks the provider");

        // Away while somebody is there.
        let house = house.with_another(|_| {}).await;
        let mut browser = house.browser();
        let back = browser.leave(&house.provider, "/sign-in/provider").await;
        house.provider.stop();
        tokio::task::yield_now().await;
        let answer = browser.get(&back).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text);
        assert!(!browser.is_in());
    })
    .await;
}

#[tokio::test]
async fn without_a_provider_there_is_no_way_to_one() {
    let database = Database::sqlite().await.unwrap();
    let test = TestApp::on(database.db.clone()).await;
    test.member(Role::Admin).await;
    let mut browser = Browser { router: Web::new(test.app.clone()).router(), cookies: BTreeMap::new() };
    assert!(!browser.get("/sign-in").await.text.contains("Continue with"));
    for path in ["/sign-in/provider", "/sign-in/callback?code=a&state=b"] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    database.remove().await.unwrap();
}

#[tokio::test]
async fn an_invitation_is_taken_up_through_the_provider() {
    for_each_database(|db| async move {
        let house = House::new(db).await;
        house.member("somebody@example.com", Role::Admin).await;
        let admin = &house.test.actor;
        let invited = identity::invite(&house.app, admin, "INES@example.com", Role::Csm).await.unwrap();
        let link = format!("/join/{}", invited.secret.reveal());
        let mut browser = house.browser();
        let page = browser.get(&link).await.text;
        let way = format!("/sign-in/provider?join={}", invited.secret.reveal());
        assert!(page.contains("Join with Example ID") && page.contains(&way), "{page}");

        house.provider.user(user("jonas-1", "jonas@example.com", true));
        let back = browser.leave(&house.provider, &way).await;
        let refused = browser.get(&back).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(refused.text.contains("The invitation is for INES@example.com"), "{}", refused.text);
        house.provider.user(user("ines-1", "ines@example.com", false));
        let back = browser.leave(&house.provider, &way).await;
        assert_eq!(browser.get(&back).await.status, StatusCode::FORBIDDEN, "not verified");

        house.provider.user(user("ines-1", "ines@example.com", true));
        let back = browser.leave(&house.provider, &way).await;
        let joined = browser.get(&back).await;
        assert!(browser.is_in(), "{}", joined.text);
        assert!(browser.get("/settings/me").await.text.contains("Customer success manager"));
        let back = browser.leave(&house.provider, &way).await;
        assert_eq!(browser.get(&back).await.status, StatusCode::GONE, "invitations work once");

        // Somewhere else, the same person joins a second workspace.
        let elsewhere = house.test.elsewhere("Southlight").await;
        let again =
            identity::invite(&house.app, &elsewhere.actor, "ines@example.com", Role::Viewer).await.unwrap();
        let way = format!("/sign-in/provider?join={}", again.secret.reveal());
        let back = browser.leave(&house.provider, &way).await;
        browser.get(&back).await;
        let page = browser.get("/settings/me").await.text;
        assert!(page.contains("Southlight") && page.contains("Northbeam Software"), "{page}");

        // Whoever has an account here already links it while they join; that is told where they belonged before.
        let linked = "Ines linked their account to Example ID".to_owned();
        assert!(!house.trail().await.contains(&linked));
        house.member("jonas@example.com", Role::Ae).await;
        let invited =
            identity::invite(&house.app, &elsewhere.actor, "jonas@example.com", Role::Viewer).await.unwrap();
        house.provider.user(user("jonas-1", "jonas@example.com", true));
        let mut browser = house.browser();
        let way = format!("/sign-in/provider?join={}", invited.secret.reveal());
        let back = browser.leave(&house.provider, &way).await;
        let joined = browser.get(&back).await;
        assert!(browser.is_in(), "{}", joined.text);
        let trail = house.trail().await;
        assert!(trail.contains(&linked), "{trail:?}");
    })
    .await;
}

#[tokio::test]
async fn passwords_can_be_switched_off_and_the_shell_still_opens() {
    for_each_database(|db| async move {
        let house = House::with(db, false).await;
        let id = house.member("ines@example.com", Role::Admin).await;
        let mut browser = house.browser();
        let page = browser.get("/sign-in").await.text;
        assert!(page.contains("Continue with Example ID") && !page.contains("type=\"password\""), "{page}");
        let refused =
            browser.post("/sign-in", "email=ines%40example.com&password=correct+horse+battery").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(refused.text.contains("switched off here; continue with Example ID"), "{}", refused.text);
        assert_eq!(browser.get("/forgot-password").await.header(header::LOCATION), "/sign-in");
        let refused = browser.post("/forgot-password", "email=ines%40example.com").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let invited =
            identity::invite(&house.app, &house.test.actor, "jonas@example.com", Role::Csm).await.unwrap();
        let link = format!("/join/{}", invited.secret.reveal());
        assert!(!browser.get(&link).await.text.contains("type=\"password\""));
        let refused = browser.post(&link, "name=Jonas&password=correct+horse+battery").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);

        let rescued = identity::rescue(&house.app, "ines@example.com").await.unwrap();
        let link = rescued.link.strip_prefix("http://gangway.test").unwrap().to_owned();
        browser.post(&link, "password=correct+horse+battery").await;
        assert!(browser.is_in(), "break glass");
        assert!(!browser.get("/settings/me").await.text.contains("Current password"));
        let changed = browser
            .post("/settings/me/password", "current=correct+horse+battery&password=another+horse+battery")
            .await;
        assert_eq!(changed.status, StatusCode::FORBIDDEN);
        let actor = Actor::person(id, "Ines", Role::Admin, house.test.actor.workspace, Door::Web);
        assert_eq!(identity::team(&house.app, &actor).await.unwrap().members.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_way_back_leads_to_our_own_pages_only_and_trying_soon_has_to_wait() {
    let database = Database::sqlite().await.unwrap();
    let house = House::new(database.db.clone()).await;
    house.member("ines@example.com", Role::Admin).await;
    for to in ["%2F%2Fevil.example", "https%3A%2F%2Fevil.example", "%2F%5Cevil.example"] {
        let mut browser = house.browser();
        let back = browser.leave(&house.provider, &format!("/sign-in/provider?to={to}")).await;
        assert_eq!(browser.get(&back).await.header(header::LOCATION), "/", "{to}");
    }
    house.provider.cheat(Cheat::WrongNonce);
    for _ in 0..10 {
        assert_eq!(house.browser().sign_in(&house.provider).await.status, StatusCode::BAD_GATEWAY);
    }
    let refused = house.browser().sign_in(&house.provider).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{}", refused.text);
    database.remove().await.unwrap();
}

#[tokio::test]
async fn whoever_claimed_an_address_before_it_was_proved_is_out() {
    for_each_database(|db| async move {
        let house = House::new(db).await;
        let id = house.member("ines@example.com", Role::Admin).await;
        // Somebody who was shown the link of an invitation for her address made these.
        let actor = Actor::person(id, "Ines", Role::Admin, house.test.actor.workspace, Door::Web);
        let cookie = house.test.cookie(&actor).await;
        let token =
            identity::create_token(&house.app, &actor, "kept", &[Scope::Read], 30).await.unwrap().token;
        let mut tx = house.app.db.write().await.unwrap();
        person::set_password(&mut tx, id, "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$AAAA").await.unwrap();
        tx.commit().await.unwrap();
        let router = Web::new(house.app.clone()).router();
        let site = Site { router, cookie };
        assert_eq!(super::get(&site, "/handoffs").await.status, StatusCode::OK);
        assert!(identity::authenticate_token(&house.app, &token).await.unwrap().is_some());

        let mut browser = house.browser();
        browser.sign_in(&house.provider).await;
        assert_eq!(browser.get("/handoffs").await.status, StatusCode::OK);
        assert_eq!(
            super::get(&site, "/handoffs").await.status,
            StatusCode::SEE_OTHER,
            "the session of before"
        );
        assert!(
            identity::authenticate_token(&house.app, &token).await.unwrap().is_none(),
            "the token of before"
        );
        assert_eq!(house.person("ines@example.com").await.unwrap().password_hash, None);
    })
    .await;
}

#[tokio::test]
async fn whoever_is_unlinked_is_out_and_is_linked_anew_when_they_come_again() {
    for_each_database(|db| async move {
        let house = House::new(db).await;
        house.member("ines@example.com", Role::Csm).await;
        let refused = identity::unlink(&house.app, "ines@example.com").await.unwrap_err();
        assert!(refused.to_string().contains("is linked to no account"), "{refused}");
        let mut browser = house.browser();
        browser.sign_in(&house.provider).await;
        assert_eq!(browser.get("/handoffs").await.status, StatusCode::OK);
        // Her account there was made anew: to the provider she is somebody else.
        house.provider.user(user("ines-2", "ines@example.com", true));
        assert_eq!(house.browser().sign_in(&house.provider).await.status, StatusCode::FORBIDDEN);

        let unlinked = identity::unlink(&house.app, "INES@example.com").await.unwrap();
        assert_eq!((unlinked.name.as_str(), unlinked.email.as_str()), ("Ines", "ines@example.com"));
        assert!(browser.get("/handoffs").await.header(header::LOCATION).starts_with("/sign-in"));
        let mut again = house.browser();
        let arrived = again.sign_in(&house.provider).await;
        assert!(again.is_in(), "{}", arrived.text);
        let trail = house.trail().await;
        let told = "Took the link of Ines to the identity provider away".to_owned();
        assert!(trail.contains(&told), "{trail:?}");
    })
    .await;
}
