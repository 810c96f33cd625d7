//! Mail that reminds customers: when it comes, and what can be done from it.

use std::collections::BTreeMap;
use std::sync::Arc;

use gangway_app::AppError;
use gangway_app::change_request::{self, Draft, Step};
use gangway_app::digest::{self, Digests};
use gangway_app::identity::Secret;
use gangway_app::job;
use gangway_app::mail::Post;
use gangway_app::portal::{self, Setting};
use gangway_app::work;
use gangway_domain::change_request::Priority;
use gangway_domain::digest::{Rhythm, Wishes};
use gangway_domain::permission::Role;
use gangway_domain::portal::PortalRole;
use gangway_domain::programme::Side;
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

        // What is not done from the mail is opened from it, whether a portal is open or not.
        let ways = whole.split("http://gangway.test/portal/").skip(1).filter(|rest| !rest.starts_with("do/"));
        let mut led = BTreeMap::new();
        for rest in ways {
            let is_part = |c: &char| c.is_ascii_alphanumeric() || "-_".contains(*c);
            let way = Secret::from_holder(&rest.chars().take_while(is_part).collect::<String>());
            let door = portal::door(app, &way).await.unwrap();
            assert!(door.opens && door.name == "Dana Whitfield");
            led.insert(door.leads_to, way);
        }
        let way = &led["/portal/todo"];
        let opened = portal::open(app, way, "phone").await.unwrap();
        assert_eq!(opened.leads_to, "/portal/todo");
        let visit = portal::recognise(app, &opened.secret, None).await.unwrap().unwrap();
        assert_eq!((visit.name.as_str(), visit.guest.role), ("Dana Whitfield", PortalRole::Lead));
        // The day the invitation ends its links lead to a code; a new invitation ends them.
        world.test.clock.advance_days(60);
        assert!(!portal::door(app, way).await.unwrap().opens);
        world.invite(world.dana, PortalRole::Lead).await;
        assert!(matches!(portal::door(app, way).await, Err(AppError::LinkEnded)));
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

#[tokio::test]
async fn what_the_team_answers_is_mailed_once_to_whom_it_concerns() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor) = (&world.test.app, &world.test.actor);
        world.invite(world.dana, PortalRole::Lead).await;
        world.invite(world.renee, PortalRole::Member).await;
        let task = world.give(world.renee, "Renee Walsh").await;
        let waiting = async || {
            let mut tx = app.db.read().await.unwrap();
            gangway_store::mail::waiting(&mut tx, actor.workspace).await.unwrap()
        };
        let before = waiting().await;
        let said = work::comment(app, actor, &task.to_string(), "We help on *Tuesday*").await.unwrap();
        assert_eq!(waiting().await, before, "what is not shared is the team's own");
        for _ in 0..2 {
            portal::share(app, actor, &said.id.to_string(), true).await.unwrap();
        }
        assert_eq!(waiting().await, before + 1, "whoever does the task is told, once");
        portal::share(app, actor, &said.id.to_string(), false).await.unwrap();
        portal::share(app, actor, &said.id.to_string(), true).await.unwrap();
        assert_eq!(waiting().await, before + 1, "also when it was taken back and is shared again");
        let mut tx = app.db.write().await.unwrap();
        let far = "2030-01-01T00:00:00Z".parse::<jiff::Timestamp>().unwrap();
        let jobs = gangway_store::job::claim(&mut tx, &["mail"], far.into(), far.into(), 50).await.unwrap();
        let mut mails = jobs.iter().map(|job| &job.payload);
        let answer = mails.find(|mail| mail["text"].as_str().unwrap().contains("*Tuesday*")).unwrap();
        assert_eq!(answer["to"], "renee@acme.test");
    })
    .await;
}

#[tokio::test]
async fn a_change_that_waits_for_a_yes_is_told_by_mail_although_it_has_no_day() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor) = (&world.test.app, &world.test.actor);
        world.invite(world.dana, PortalRole::Lead).await;
        let digests = async || {
            digest::schedule(app).await.unwrap();
            job::runner(app, vec![Arc::new(Digests::new(app.clone()))]).drain().await.unwrap();
        };
        digests().await;
        let draft = Draft {
            title: "Two more plants".to_owned(),
            description: "Berlin and Lyon too".to_owned(),
            justification: "They were bought in December".to_owned(),
            requested_by: "Dana Whitfield".to_owned(),
            side: Side::Customer,
            requested_on: None,
            priority: Priority::Medium,
            changes: Vec::new(),
            cost: None,
            risk: "They may not pay".to_owned(),
            recommendation: None,
        };
        let made = change_request::add(app, actor, world.id, draft).await.unwrap().request;
        change_request::take(app, actor, made.id, made.version, Step::Propose).await.unwrap();
        // A week on, a Monday again.
        world.test.clock.advance_days(7);
        digests().await;
        digests().await;
        let mut tx = app.db.write().await.unwrap();
        let far = "2030-01-01T00:00:00Z".parse::<jiff::Timestamp>().unwrap();
        let jobs = gangway_store::job::claim(&mut tx, &["mail"], far.into(), far.into(), 50).await.unwrap();
        let told = jobs.iter().map(|job| &job.payload).filter(|mail| mail["to"] == "dana@acme.test");
        let told = told.filter(|mail| mail["text"].as_str().unwrap().contains("Two more plants"));
        assert_eq!(told.count(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_customers_answer_to_a_mail_reaches_somebody() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor) = (&world.test.app, &world.test.actor);
        let known = portal::settings(app, actor).await.unwrap();
        let (name, help_email) = ("Northbeam".to_owned(), "help@northbeam.test".to_owned());
        let helped = Setting { name, help_email, ..known };
        portal::change_settings(app, actor, helped, None).await.unwrap();
        world.invite(world.dana, PortalRole::Lead).await;
        let (address, arrived) = mail_server("250 fine").await;
        let from = "Gangway <gangway@northbeam.test>";
        let post = Post::to_server(&format!("smtp://{address}"), from).unwrap();
        job::runner(app, vec![Arc::new(post)]).drain().await.unwrap();
        let mails = arrived.lock().unwrap().clone();
        // Nobody runs this one: the address for help is asked.
        assert_eq!(mails.len(), 1);
        assert!(mails[0].contains("Reply-To: help@northbeam.test"), "{}", mails[0]);
        // They know the vendor, and not the installation.
        assert!(mails[0].contains("From: Northbeam <gangway@northbeam.test>"), "{}", mails[0]);
    })
    .await;
}

#[tokio::test]
async fn whoever_lost_their_link_gets_one_at_their_own_address_unless_they_were_shut_out() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor) = (&world.test.app, &world.test.actor);
        world.invite(world.dana, PortalRole::Lead).await;
        let mails = async || {
            let mut tx = app.db.write().await.unwrap();
            let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap();
            let (now, until) = (at("2030-01-01T00:00:00Z"), at("2040-01-01T00:00:00Z"));
            let jobs = gangway_store::job::claim(&mut tx, &["mail"], now.into(), until.into(), 50).await;
            let jobs = jobs.unwrap();
            tx.commit().await.unwrap();
            jobs.into_iter().map(|job| job.payload).collect::<Vec<_>>()
        };
        mails().await;
        portal::send_link(app, "renee@acme.test", "192.0.2.1").await.unwrap();
        assert!(mails().await.is_empty(), "nobody has invited her");
        portal::send_link(app, " Dana@ACME.test ", "192.0.2.1").await.unwrap();
        let sent = mails().await;
        assert_eq!((sent.len(), sent[0]["to"].as_str()), (1, Some("dana@acme.test")));
        let text = sent[0]["text"].as_str().unwrap();
        let token = text.split("http://gangway.test/portal/").nth(1).unwrap();
        let is_part = |c: &char| c.is_ascii_alphanumeric() || "-_".contains(*c);
        let way = Secret::from_holder(&token.chars().take_while(is_part).collect::<String>());
        let door = portal::door(app, &way).await.unwrap();
        assert!(door.opens && door.leads_to == "/portal");

        // An invitation that has ended is not begun again by whoever knows the address.
        world.test.clock.advance_days(91);
        portal::send_link(app, "dana@acme.test", "192.0.2.1").await.unwrap();
        assert!(mails().await[0]["subject"].as_str().unwrap().contains("is your code for"));
        assert!(!portal::door(app, &way).await.unwrap().opens);

        let managed = portal::manage(app, actor, world.id).await.unwrap();
        let dana = managed.people.iter().find(|one| one.contact == world.dana).unwrap();
        portal::revoke(app, actor, world.id, dana.access.as_ref().unwrap().id).await.unwrap();
        portal::send_link(app, "dana@acme.test", "192.0.2.1").await.unwrap();
        assert!(mails().await.is_empty(), "whom the team has shut out gets none");
        let wrong = portal::send_link(app, "dana", "192.0.2.1").await;
        assert!(matches!(wrong, Err(AppError::Invalid(_))));
    })
    .await;
}
