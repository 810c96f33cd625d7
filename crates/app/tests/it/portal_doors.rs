//! The portal's doors held to what guests could do with them: names, mail, and what stays open.

use gangway_app::identity::Secret;
use gangway_app::portal::{self, Invited};
use gangway_app::{AppError, work};
use gangway_domain::ids::{ContactId, PortalAccessId, TaskId};
use gangway_domain::permission::Role;
use gangway_domain::portal::{Language, PortalRole};
use gangway_domain::programme::Side;
use gangway_domain::refusal::Fault;
use gangway_domain::work::{Assignee, Change};
use gangway_store::contact::{self, Contact};
use gangway_store::portal::link::{self, Does, Link};
use gangway_testkit::for_each_database;
use jiff::SignedDuration;

use super::portal::World;

/// Why an invitation was refused.
fn fault(made: Result<Invited, AppError>) -> Option<Fault> {
    let Err(AppError::Invalid(problems)) = made else { return None };
    problems.first().and_then(|problem| problem.told.as_ref()).map(|told| told.fault)
}

/// A link that says that a task is done, as reminders hold them, but one that holds for long.
async fn mailed(world: &World, access: PortalAccessId, task: TaskId) -> Secret {
    let app = &world.test.app;
    let secret = Secret::fresh(&*app.secrets);
    let row = Link {
        workspace: world.test.actor.workspace,
        digest: secret.digest(),
        does: Does::Task(access, task),
        onboarding: world.id,
        made_by: "Priya".to_owned(),
        made_at: app.now(),
        expires_at: (app.clock.now() + SignedDuration::from_hours(365 * 24)).into(),
        ended_at: None,
    };
    let mut tx = app.db.write().await.unwrap();
    link::insert(&mut tx, &row).await.unwrap();
    tx.commit().await.unwrap();
    secret
}

#[tokio::test]
async fn nobody_is_invited_under_the_name_of_somebody_else() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let app = &world.test.app;
        let member = world.test.member(Role::Csm).await;
        let lead = world.guest(world.dana, PortalRole::Lead).await.actor;
        for (name, why) in [
            ("Renee Walsh", Fault::NameTaken),
            (" renée  WALSH ", Fault::NameTaken),
            ("Renee\u{200d} Walsh", Fault::NameTaken),
            (member.name.as_str(), Fault::NameTaken),
            ("Renee\u{200b} Walsh", Fault::Unseen),
            ("\u{202e}hslaW eeneR", Fault::Unseen),
            ("Pay at https://evil.test", Fault::NameAddress),
            ("Pay at WWW.evil.test", Fault::NameAddress),
            ("omar@acme.test", Fault::NameAddress),
        ] {
            let made = portal::invite_colleague(app, &lead, name, "other@acme.test").await;
            assert_eq!(fault(made), Some(why), "{name:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_name_that_two_people_have_gives_a_task_to_neither() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor) = (&world.test.app, &world.test.actor);
        let stored = work::sight(app, actor, world.id).await.unwrap().stored;
        let task = stored.plan.tasks.iter().find(|task| task.side == Side::Customer).unwrap();
        let assignee = Some(Assignee::Name { name: "Renee Walsh".to_owned() });
        let changes = vec![Change::Assign { task: task.code.clone(), assignee }];
        work::change(app, actor, world.id, None, changes).await.unwrap();
        let id = stored.tasks[&task.code].id;
        let renee = world.guest(world.renee, PortalRole::Member).await.actor;
        assert!(portal::task(app, &renee, id).await.unwrap().mine);

        let mut tx = app.db.write().await.unwrap();
        let known = contact::get(&mut tx, actor.workspace, world.renee).await.unwrap().unwrap();
        let email = Some("other@acme.test".to_owned());
        let twin = Contact { id: ContactId::fresh(&*app.ids), email, ..known };
        contact::insert(&mut tx, actor.workspace, &twin).await.unwrap();
        tx.commit().await.unwrap();
        let twin = world.guest(twin.id, PortalRole::Member).await.actor;
        for guest in [&renee, &twin] {
            assert!(matches!(portal::task(app, guest, id).await, Err(AppError::NotFound { .. })));
            assert!(portal::finish(app, guest, id).await.is_err());
        }
    })
    .await;
}

#[tokio::test]
async fn a_new_invitation_and_the_end_of_access_close_what_is_open() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor) = (&world.test.app, &world.test.actor);
        let task = world.give_one(0, world.dana, "Dana Whitfield").await;
        let link = world.invite(world.dana, PortalRole::Lead).await;
        let open = portal::open(app, &link, "phone").await.unwrap();
        let access = portal::recognise(app, &open.secret, None).await.unwrap().unwrap().access;
        let deed = mailed(&world, access, task).await;
        portal::deed(app, &deed).await.unwrap();
        // Somebody else has her phone now: inviting her anew ends all of it.
        let link = world.invite(world.dana, PortalRole::Lead).await;
        assert!(portal::recognise(app, &open.secret, None).await.unwrap().is_none());
        assert!(matches!(portal::deed(app, &deed).await, Err(AppError::LinkEnded)));

        let open = portal::open(app, &link, "phone").await.unwrap();
        let deed = mailed(&world, access, task).await;
        for _ in 0..3 {
            world.test.clock.advance_days(29);
            assert!(portal::recognise(app, &open.secret, None).await.unwrap().is_some(), "in use");
        }
        portal::deed(app, &deed).await.unwrap();
        world.test.clock.advance_days(4);
        assert!(portal::recognise(app, &open.secret, None).await.unwrap().is_none(), "ninety days are over");
        assert!(matches!(portal::deed(app, &deed).await, Err(AppError::LinkEnded)));
        assert!(matches!(portal::do_deed(app, &deed).await, Err(AppError::LinkEnded)));

        world.invite(world.dana, PortalRole::Lead).await;
        let deed = mailed(&world, access, task).await;
        portal::deed(app, &deed).await.unwrap();
        portal::revoke(app, actor, world.id, access).await.unwrap();
        assert!(matches!(portal::do_deed(app, &deed).await, Err(AppError::LinkEnded)));
    })
    .await;
}

#[tokio::test]
async fn a_task_that_was_opened_again_is_not_finished_by_the_mail_of_before() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let app = &world.test.app;
        let task = world.give_one(0, world.dana, "Dana Whitfield").await;
        let dana = world.guest(world.dana, PortalRole::Lead).await;
        let (used, unused) =
            (mailed(&world, dana.access, task).await, mailed(&world, dana.access, task).await);
        assert!(portal::do_deed(app, &used).await.unwrap());
        assert!(!portal::do_deed(app, &used).await.unwrap(), "it was done already");
        assert_eq!(portal::deed(app, &used).await.unwrap().task.state, "done");
        portal::reopen(app, &dana.actor, task).await.unwrap();
        for link in [&used, &unused] {
            assert!(matches!(portal::do_deed(app, link).await, Err(AppError::LinkEnded)));
        }
        assert_ne!(portal::task(app, &dana.actor, task).await.unwrap().state, "done");
        let next = mailed(&world, dana.access, task).await;
        portal::do_deed(app, &next).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn whoever_is_invited_again_by_a_colleague_stays_who_they_were() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor) = (&world.test.app, &world.test.actor);
        let lead = world.guest(world.dana, PortalRole::Lead).await.actor;
        let (role, language) = (Some(PortalRole::Sponsor), Some(Language::De));
        portal::invite(app, actor, world.id, world.renee, role, language).await.unwrap();
        let again = || portal::invite_colleague(app, &lead, "Renee", "renee@acme.test");
        assert_eq!(fault(again().await), Some(Fault::HasAccess));
        world.test.clock.advance_days(91);
        let made = again().await.unwrap();
        let opened = portal::open(app, &made.secret, "x").await.unwrap();
        let guest = portal::recognise(app, &opened.secret, None).await.unwrap().unwrap().guest;
        assert_eq!((guest.role, guest.language), (PortalRole::Sponsor, Language::De));
    })
    .await;
}

#[tokio::test]
async fn a_guest_causes_ten_mails_of_a_kind_in_an_hour() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let app = &world.test.app;
        let task = world.give_one(0, world.dana, "Dana Whitfield").await;
        let lead = world.guest(world.dana, PortalRole::Lead).await.actor;
        for number in 0..10 {
            let (name, email) = (format!("Colleague {number}"), format!("colleague{number}@acme.test"));
            portal::invite_colleague(app, &lead, &name, &email).await.unwrap();
            portal::comment(app, &lead, task, "I am stuck", true).await.unwrap();
        }
        let more = portal::invite_colleague(app, &lead, "Omar Haddad", "omar@acme.test").await;
        assert!(matches!(more, Err(AppError::TooMany { .. })));
        let more = portal::comment(app, &lead, task, "I am stuck", true).await;
        assert!(matches!(more, Err(AppError::TooMany { .. })));
        portal::comment(app, &lead, task, "It can wait", false).await.unwrap();
        world.test.clock.advance_days(1);
        portal::invite_colleague(app, &lead, "Omar Haddad", "omar@acme.test").await.unwrap();
        portal::comment(app, &lead, task, "I am stuck again", true).await.unwrap();
    })
    .await;
}
