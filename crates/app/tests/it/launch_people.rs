//! Who says something of a launch: contacts by who they are, whatever they are called now and whoever shares their name.

use gangway_app::{Actor, AppError, Guest, contact, launch, work};
use gangway_domain::ids::OnboardingId;
use gangway_domain::launch::{Attitude, Pick};
use gangway_domain::portal::{Language, PortalRole};
use gangway_domain::refusal::Barrier;
use gangway_testkit::{TestApp, for_each_database};

use super::launch::pilot;
use super::launch_day::go_live;
use super::{guest, sponsored};

fn called(name: &str) -> contact::Changes {
    contact::Changes { name: Some(name.to_owned()), ..contact::Changes::default() }
}

/// Somebody else of the customer in the portal of an onboarding.
async fn colleague(test: &TestApp, id: OnboardingId, name: &str) -> Actor {
    let account = launch::sight(&test.app, &test.actor, id).await.unwrap().head.account_id;
    let contact = contact::add(&test.app, &test.actor, account, called(name)).await.unwrap().id;
    let (workspace, role, language) = (test.actor.workspace, PortalRole::Sponsor, Language::En);
    Actor::guest(name, Guest { workspace, onboarding: id, contact, role, language, peek: false })
}

#[tokio::test]
async fn a_corrected_name_reaches_approvals_pilots_and_the_plan() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let (dana, _) = guest(&test, id, PortalRole::Sponsor).await;
        let before = launch::sight(app, actor, id).await.unwrap();
        let asked = before.approvals.iter().find(|one| one.contact == Some(dana)).unwrap();
        assert_eq!(asked.person.as_deref(), Some("Dana Whitfield"));
        let pick = Pick {
            name: "Dana Whitfield".to_owned(),
            contact: Some(dana),
            role: String::new(),
            attitude: Attitude::Neutral,
            reason: "Decides".to_owned(),
        };
        let draft = launch::PilotDraft { people: vec![pick], ..pilot(&test) };
        launch::add_pilot(app, actor, id, draft).await.unwrap();

        let version = contact::get(app, actor, dana).await.unwrap().0.version;
        contact::change(app, actor, dana, version, called("Dana Whitfield-Ruiz")).await.unwrap();
        let after = launch::sight(app, actor, id).await.unwrap();
        let now = after.approvals.iter().find(|one| one.role == asked.role).unwrap();
        assert_eq!((now.person.as_deref(), now.contact), (Some("Dana Whitfield-Ruiz"), Some(dana)));
        assert_eq!(after.pilots[0].body.people[0].name, "Dana Whitfield-Ruiz");
        let plan = work::sight(app, actor, id).await.unwrap().stored.plan;
        let mut names = plan.tasks.iter().filter_map(|task| task.assignee.as_ref()).map(|who| who.name());
        assert!(names.all(|name| name != "Dana Whitfield"), "tasks name her as she is called");

        // Who takes the name she had does not take her approval.
        colleague(&test, id, "Dana Whitfield").await;
        let after = launch::sight(app, actor, id).await.unwrap();
        assert_eq!(after.approvals.iter().find(|one| one.role == asked.role).unwrap().contact, None);
    })
    .await;
}

#[tokio::test]
async fn what_one_of_the_customer_said_no_colleague_overwrites() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let (contact, dana) = guest(&test, id, PortalRole::Sponsor).await;
        let namesake = colleague(&test, id, "Dana Whitfield").await;
        go_live(&test, id).await;
        assert!(launch::for_guest(app, &namesake).await.unwrap().asks_stable);
        launch::confirm_as_guest(app, &dana, true, "").await.unwrap();
        let over = launch::confirm_as_guest(app, &namesake, false, "Not for us").await;
        assert!(matches!(over, Err(AppError::Barred(Barrier::SaidByColleague))), "{over:?}");
        let seen = launch::for_guest(app, &namesake).await.unwrap();
        assert!(seen.stable && !seen.asks_stable, "it is confirmed already");
        launch::confirm_as_guest(app, &dana, false, "The export fails").await.unwrap();
        let exits = launch::sight(app, actor, id).await.unwrap().exits;
        let mark = exits.iter().find(|exit| exit.is_customers()).unwrap().mark.clone().unwrap();
        assert_eq!((mark.yes, mark.contact), (false, Some(contact)), "her own word she may change");
    })
    .await;
}
