//! The portal in the language of its guest, as far as its words are the methodology's.

use std::collections::BTreeSet;

use gangway_app::portal::Setting;
use gangway_app::{document, onboarding, portal, work};
use gangway_domain::portal::{Language, PortalRole};
use gangway_domain::work::Change;
use gangway_testkit::for_each_database;

use super::portal::World;

#[tokio::test]
async fn a_plan_is_told_in_the_language_of_the_guest_and_kept_in_english() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor) = (&world.test.app, &world.test.actor);
        let task = world.give(world.dana, "Dana Whitfield").await;
        let (role, language) = (Some(PortalRole::Lead), Some(Language::De));
        let link = portal::invite(app, actor, world.id, world.dana, role, language).await.unwrap().secret;
        let opened = portal::open(app, &link, "test").await.unwrap();
        let guest = portal::recognise(app, &opened.secret, None).await.unwrap().unwrap().actor;

        let before = work::sight(app, actor, world.id).await.unwrap().stored;
        let code = before.tasks.iter().find(|(_, facts)| facts.id == task).unwrap().0.clone();
        let english = before.plan.task(&code).unwrap().name.clone();
        let shown = portal::task(app, &guest, task).await.unwrap();
        assert_eq!(shown.title, app.methodology.say_planned(Language::De, &code, &english));
        assert_ne!(shown.title, english);

        let plan = portal::plan(app, &guest).await.unwrap();
        let milestones = plan.iter().flat_map(|phase| &phase.milestones).map(|one| &one.name);
        let tasks = plan.iter().flat_map(|phase| &phase.tasks).map(|one| &one.title);
        let told: BTreeSet<&String> =
            plan.iter().map(|phase| &phase.name).chain(milestones).chain(tasks).collect();
        let kept = before.plan.phases.iter().map(|phase| &phase.name);
        let kept = kept.chain(before.plan.tasks.iter().map(|task| &task.name));
        let kept: BTreeSet<&String> =
            kept.chain(before.plan.milestones.iter().map(|one| &one.name)).collect();
        assert!(told.len() > 10 && kept.is_disjoint(&told), "{told:?}");
        let system = told.iter().find(|name| name.starts_with("SAP ERP: ")).unwrap();
        assert!(system.contains("SAP ERP: Zugang") || system.contains("SAP ERP: Daten"), "{system}");
        let overview = portal::overview(app, &guest).await.unwrap();
        assert!(overview.phases.iter().all(|phase| told.contains(&phase.name)));

        // What a guest does is told to the team in its own words.
        portal::comment(app, &guest, task, "Welches Format?", false).await.unwrap();
        let after = work::sight(app, actor, world.id).await.unwrap().stored;
        assert_eq!(after.plan.task(&code).unwrap().name, english);

        // What somebody called it is what it is called.
        let named = "Launch of our own".to_owned();
        let changes = vec![Change::Rename { task: code, name: named.clone() }];
        work::change(app, actor, world.id, None, changes).await.unwrap();
        assert_eq!(portal::task(app, &guest, task).await.unwrap().title, named);
    })
    .await;
}

#[tokio::test]
async fn e_mails_of_the_package_and_agendas_speak_the_language_of_the_workspace() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor, id) = (&world.test.app, &world.test.actor, world.id);
        let english = document::open(app, actor, id, "welcome").await.unwrap();
        assert!(english.written.contains("Welcome, and thank you"), "{}", english.written);
        let page = document::preview(app, actor, id, "welcome", None).await.unwrap();
        assert!(page.contains("lang=\"en\""), "{page}");

        let known = portal::setting(app, actor.workspace).await.unwrap();
        let german = Setting { language: Language::De, ..known };
        portal::change_settings(app, actor, german, None).await.unwrap();
        let sheet = document::open(app, actor, id, "welcome").await.unwrap();
        for part in ["lang = \"de\"", "Guten Tag,", "Produktivstart", "Worum wir Sie vor dem Kickoff bitten"]
        {
            assert!(sheet.written.contains(part), "{part}: {}", sheet.written);
        }
        assert_ne!(sheet.mark, english.mark, "whoever changed the English one is told");
        // The page that was made last is not shown in the language of before.
        let page = document::preview(app, actor, id, "welcome", None).await.unwrap();
        assert!(page.contains("lang=\"de\"") && page.contains("Guten Tag"), "{page}");
        let file = onboarding::file(app, actor, id, "emails/kickoff-invite.html").await.unwrap();
        let text = String::from_utf8(file.bytes).unwrap();
        for part in ["Guten Tag,", "Warum wir hier sind", "Uhr Ihrer Zeit"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        for word in ["Why we are here", "Executive sponsor", "your time", "Introductions"] {
            assert!(!text.contains(word), "{word}: {text}");
        }
        // Documents stay as they are written.
        let plan = document::open(app, actor, id, "joint-impact-plan").await.unwrap();
        assert!(!plan.written.contains("lang = "), "{}", plan.written);

        // The agendas of meetings with the customer are read in German as well.
        let (role, language) = (Some(PortalRole::Lead), Some(Language::De));
        let link = portal::invite(app, actor, id, world.dana, role, language).await.unwrap().secret;
        let opened = portal::open(app, &link, "test").await.unwrap();
        let guest = portal::recognise(app, &opened.secret, None).await.unwrap().unwrap().actor;
        let meetings = portal::guest_meetings(app, &guest).await.unwrap();
        let agenda: BTreeSet<&str> =
            meetings.iter().flat_map(|one| &one.agenda).map(String::as_str).collect();
        assert!(agenda.contains("Warum wir hier sind") && !agenda.contains("Why we are here"), "{agenda:?}");
    })
    .await;
}
