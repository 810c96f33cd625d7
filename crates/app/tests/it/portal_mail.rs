//! Mail that reminds customers: when it comes, and what can be done from it.

use std::sync::Arc;

use gangway_app::digest::{self, Digests};
use gangway_app::identity::Secret;
use gangway_app::job;
use gangway_app::mail::Post;
use gangway_app::portal::{self, Setting};
use gangway_app::work;
use gangway_domain::digest::{Rhythm, Wishes};
use gangway_domain::permission::Role;
use gangway_domain::portal::PortalRole;
use gangway_jobs::Work;
use gangway_testkit::for_each_database;

use super::portal::World;
use super::receiver::mail_server;

#[tokio::test]
async fn a_contact_is_reminded_once_a_day_and_finishes_from_the_mail() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor) = (&world.test.app, &world.test.actor);
        world.invite(world.dana, PortalRole::Lead).await;
        let task = world.give(world.dana, "Dana Whitfield").await;
        let (address, arrived) = mail_server("250 fine").await;
        let works = || -> Vec<Arc<dyn Work>> {
            let post =
                Post::to_server(&format!("smtp://{address}"), "Gangway <gangway@northbeam.test>").unwrap();
            vec![Arc::new(Digests::new(app.clone())), Arc::new(post)]
        };
        digest::schedule(app).await.unwrap();
        job::runner(app, works()).drain().await.unwrap();
        assert_eq!(arrived.lock().unwrap().len(), 1, "the invitation");
        // Nine weeks on, a Monday: what was not done is late.
        world.test.clock.advance_days(63);
        job::runner(app, works()).drain().await.unwrap();
        digest::schedule(app).await.unwrap();
        job::runner(app, works()).drain().await.unwrap();
        let mails = arrived.lock().unwrap().clone();
        assert_eq!(mails.len(), 2, "one reminder");
        let whole = mails[1].replace("=\r\n", "");
        let secret = whole.split("http://gangway.test/portal/do/").nth(1).unwrap();
        let secret: String = secret.chars().take_while(char::is_ascii_hexdigit).collect();
        let secret = Secret::from_holder(&secret);
        let deed = portal::deed(app, &secret).await.unwrap();
        assert_eq!((deed.name.as_str(), deed.task.mine), ("Dana Whitfield", true));
        portal::do_deed(app, &secret).await.unwrap();
        assert_eq!(portal::deed(app, &secret).await.unwrap().task.state, "done");
        assert!(work::talk(app, actor, &task.to_string()).await.is_ok());

        let known = portal::settings(app, actor).await.unwrap();
        let still = Setting { reminds: false, ..known };
        portal::change_settings(app, actor, still, None).await.unwrap();
        world.test.clock.advance_days(1);
        job::runner(app, works()).drain().await.unwrap();
        assert_eq!(arrived.lock().unwrap().len(), 2, "nobody is reminded any more");
    })
    .await;
}

#[tokio::test]
async fn customers_are_reminded_at_the_hour_of_the_workspace_whatever_a_colleague_chose() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, clock) = (&world.test.app, &world.test.clock);
        world.invite(world.dana, PortalRole::Lead).await;
        world.give(world.dana, "Dana Whitfield").await;
        let admin = world.test.member(Role::Admin).await;
        digest::set_clock(app, &admin, 8, None).await.unwrap();
        let night = Wishes { rhythm: Rhythm::Daily, hour: Some(2), zone: None };
        digest::wish(app, &admin, night).await.unwrap();
        let mails = async || {
            job::runner(app, vec![Arc::new(Digests::new(app.clone()))]).drain().await.unwrap();
            let mut tx = app.db.read().await.unwrap();
            gangway_store::mail::waiting(&mut tx, world.test.actor.workspace).await.unwrap()
        };
        // A Sunday nine weeks on, nine o'clock.
        clock.advance_days(62);
        let before = mails().await;
        clock.advance_hours(18);
        assert_eq!(mails().await, before, "three at night: the round of two o'clock ran");
        clock.advance_hours(6);
        assert_eq!(mails().await, before + 1, "nine o'clock: the workspace's hour has come");
        assert_eq!(mails().await, before + 1, "one a day");
    })
    .await;
}
