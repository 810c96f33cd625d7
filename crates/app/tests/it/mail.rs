//! Mail reaches a mail server, and what does not is tried again.

use std::sync::Arc;

use gangway_app::mail::{self, Post};
use gangway_app::{identity, job};
use gangway_domain::permission::Role;
use gangway_jobs::Drained;
use gangway_testkit::{TestApp, for_each_database};

use super::receiver::mail_server;

const FROM: &str = "Gangway <gangway@northbeam.test>";

async fn invite(test: &TestApp) {
    identity::invite(&test.app, &test.actor, "ines@example.com", Role::Csm).await.unwrap();
}

#[tokio::test]
async fn an_invitation_arrives_at_the_mail_server() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (address, arrived) = mail_server("250 fine").await;
        let post = Post::to_server(&format!("smtp://{address}"), FROM).unwrap();
        post.check().await.unwrap();
        invite(&test).await;
        let runner = job::runner(&test.app, vec![Arc::new(post)]);
        assert_eq!(runner.drain().await.unwrap(), Drained { done: 1, ..Drained::default() });
        assert_eq!(runner.drain().await.unwrap(), Drained::default(), "once");
        let mails = arrived.lock().unwrap().clone();
        assert_eq!(mails.len(), 1);
        for part in [
            "From: Gangway <gangway@northbeam.test>",
            "To: ines@example.com",
            "Date: Mon, 04 Jan 2027 09:00:00 +0000",
            "Auto-Submitted: auto-generated",
            "Content-Type: multipart/alternative",
            "Content-Type: text/plain",
            "Content-Type: text/html",
            "@northbeam.test>",
            "http://gangway.test/join/",
        ] {
            assert!(mails[0].contains(part), "no {part} in:\n{}", mails[0]);
        }
        assert!(job::troubled(&test.app, &test.actor).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_refusal_for_now_is_tried_again_and_one_for_good_is_not() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        invite(&test).await;
        let (busy, _) = mail_server("451 <ines@example.com> later").await;
        let post = Post::to_server(&format!("smtp://{busy}"), FROM).unwrap();
        let drained = job::runner(&test.app, vec![Arc::new(post)]).drain().await.unwrap();
        assert_eq!(drained, Drained { again: 1, ..Drained::default() });
        test.clock.advance_days(1);
        let (strict, _) = mail_server("550 <ines@example.com> unknown").await;
        let post = Post::to_server(&format!("smtp://{strict}"), FROM).unwrap();
        let drained = job::runner(&test.app, vec![Arc::new(post)]).drain().await.unwrap();
        assert_eq!(drained, Drained { given_up: 1, ..Drained::default() });
        let troubled = job::troubled(&test.app, &test.actor).await.unwrap();
        let problem = troubled[0].problem.as_deref();
        assert_eq!(problem, Some("the mail server refused it with code 550"), "no addresses");
        // Somebody puts the address right at the server, and has it tried again.
        let (address, arrived) = mail_server("250 fine").await;
        let stranger = test.elsewhere("Southlight").await;
        assert!(job::troubled(&test.app, &stranger.actor).await.unwrap().is_empty());
        assert!(job::retry(&test.app, &stranger.actor, troubled[0].id).await.is_err());
        job::retry(&test.app, &test.actor, troubled[0].id).await.unwrap();
        let post = Post::to_server(&format!("smtp://{address}"), FROM).unwrap();
        job::runner(&test.app, vec![Arc::new(post)]).drain().await.unwrap();
        assert_eq!(arrived.lock().unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_comes_back_is_told_and_its_address_gets_no_more_surveys() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        invite(&test).await;
        let (strict, _) = mail_server("550 <ines@example.com> unknown").await;
        let post = Post::to_server(&format!("smtp://{strict}"), FROM).unwrap().with_app(&test.app);
        let drained = job::runner(&test.app, vec![Arc::new(post)]).drain().await.unwrap();
        assert_eq!(drained, Drained { given_up: 1, ..Drained::default() });
        let standing = mail::standing(&test.app, &test.actor).await.unwrap();
        assert_eq!((standing.bounces.len(), standing.suppressions.len(), standing.waiting), (1, 1, 0));
        let bounce = &standing.bounces[0];
        assert_eq!(
            (bounce.address.as_str(), bounce.code, bounce.at),
            ("ines@example.com", Some(550), test.app.now())
        );
        assert_eq!(standing.suppressions[0].reason, "bounced");
        // Whoever asks for something still gets it: another invitation goes out.
        let (address, arrived) = mail_server("250 fine").await;
        invite(&test).await;
        let post = Post::to_server(&format!("smtp://{address}"), FROM).unwrap().with_app(&test.app);
        job::runner(&test.app, vec![Arc::new(post)]).drain().await.unwrap();
        assert_eq!(arrived.lock().unwrap().len(), 1);
        let stranger = test.elsewhere("Southlight").await;
        let theirs = mail::standing(&test.app, &stranger.actor).await.unwrap();
        assert!(theirs.bounces.is_empty() && theirs.suppressions.is_empty());
    })
    .await;
}
