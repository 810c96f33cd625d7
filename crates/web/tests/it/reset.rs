//! Forgotten passwords: the mail, its link, and what becomes of both.

use std::collections::BTreeSet;

use axum::http::{StatusCode, header};
use gangway_testkit::{Past, TestApp, for_each_address};
use serde_json::Value as Json;

use super::portal::keeping;
use super::safety::{PASSWORD, installation};
use super::{Answer, Site, get, send};

const NEW: &str = "password=quite+another+long+secret";

/// The paths of all links that were mailed; nobody but Ines gets any.
async fn links(past: &mut Past) -> BTreeSet<String> {
    let mails = past.texts("job", "payload", "kind = 'mail'").await.unwrap();
    let path = |payload: &String| {
        let mail: Json = serde_json::from_str(payload).unwrap();
        assert_eq!(mail["to"], "ines@example.com");
        let (_, rest) = payload.split_once("http://gangway.test/reset/").unwrap();
        let secret: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
        assert!(secret.len() >= 32, "nobody guesses it: {secret}");
        format!("/reset/{secret}")
    };
    mails.iter().map(path).collect()
}

async fn forgot(site: &Site, email: &str) -> Answer {
    send(site, "/forgot-password", &format!("email={}", email.replace('@', "%40"))).await
}

/// Ines asks; the path of the link she is sent.
async fn asked(site: &Site, past: &mut Past) -> String {
    let before = links(past).await;
    assert_eq!(forgot(site, "ines@example.com").await.status, StatusCode::OK);
    let after = links(past).await;
    let new: Vec<&String> = after.difference(&before).collect();
    assert_eq!(new.len(), 1, "one mail went out");
    new[0].clone()
}

async fn is_in(site: &Site) -> bool {
    get(site, "/onboardings").await.status == StatusCode::OK
}

#[tokio::test]
async fn whoever_reads_the_mail_sets_a_new_password_once() {
    for_each_address(|db, url| async move {
        let test = TestApp::on(db).await;
        let mut past = Past::to(&url).await.unwrap();
        let site = installation(&test).await;
        let signed = send(&site, "/sign-in", PASSWORD).await;
        let long_ago = keeping(Site { router: site.router.clone(), cookie: String::new() }, &signed);
        assert!(is_in(&long_ago).await);

        // However it is written, and whether or not anybody has it, the same is said.
        let known = forgot(&site, "INES@example.com").await;
        let unknown = forgot(&site, "nobody@example.com").await;
        assert_eq!((known.status, unknown.status), (StatusCode::OK, StatusCode::OK));
        assert_eq!(
            known.text.replace("INES@example.com", "…"),
            unknown.text.replace("nobody@example.com", "…")
        );
        let older = links(&mut past).await;
        assert_eq!(older.len(), 1, "nobody is mailed who is not known");
        let older = older.first().unwrap();
        let newer = asked(&site, &mut past).await;
        assert_eq!(send(&site, older, NEW).await.status, StatusCode::GONE, "a newer one was sent");

        // Scanners of mail open links, and nothing comes of it; nor of what cannot be a password.
        for _ in 0..2 {
            let page = get(&site, &newer).await;
            assert!(page.status == StatusCode::OK && page.text.contains("Choose a new password"));
        }
        let short = send(&site, &newer, "password=short").await;
        assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(is_in(&long_ago).await, "nothing has changed yet");

        let set = send(&site, &newer, NEW).await;
        assert_eq!((set.status, set.header(header::LOCATION)), (StatusCode::SEE_OTHER, "/"), "{}", set.text);
        assert!(is_in(&keeping(Site { router: site.router.clone(), cookie: String::new() }, &set)).await);
        assert!(!is_in(&long_ago).await, "every other session has ended");
        assert_eq!(send(&site, "/sign-in", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
        let signed = send(&site, "/sign-in", &format!("email=ines%40example.com&{NEW}")).await;
        assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.text);
        let again = send(&site, &newer, "password=a+third+rather+long+one").await;
        assert_eq!(again.status, StatusCode::GONE, "it works once");
    })
    .await;
}

#[tokio::test]
async fn a_link_ends_with_its_hour_and_is_not_sent_as_often_as_somebody_likes() {
    for_each_address(|db, url| async move {
        let test = TestApp::on(db).await;
        let mut past = Past::to(&url).await.unwrap();
        let site = installation(&test).await;
        let link = asked(&site, &mut past).await;
        test.clock.advance_hours(1);
        let late = send(&site, &link, NEW).await;
        assert_eq!(late.status, StatusCode::GONE, "{}", late.text);
        let signed = send(&site, "/sign-in", PASSWORD).await;
        assert_eq!(signed.status, StatusCode::SEE_OTHER, "the old password stays");

        for number in 0..10 {
            assert_eq!(forgot(&site, "ines@example.com").await.status, StatusCode::OK, "{number}");
        }
        let before = links(&mut past).await;
        for email in ["ines@example.com", "nobody@example.com"] {
            let refused = forgot(&site, email).await;
            assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{email}: one place asks too often");
        }
        assert_eq!(links(&mut past).await, before, "and no mail goes out");
        test.clock.advance_hours(1);
        asked(&site, &mut past).await;
    })
    .await;
}
