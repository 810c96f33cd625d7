//! Onboardings as earlier versions of Gangway left them, brought up to date many at once.

use std::collections::BTreeMap;

use gangway_app::{onboarding, upkeep};
use gangway_domain::ids::{HandoffId, OnboardingId};
use gangway_store::handoff::{self, Handoff};
use gangway_store::onboarding::Onboarding;
use gangway_store::outcome::plan as plans;
use gangway_store::people::communication;
use gangway_store::upkeep::{Lack, lacking};
use gangway_store::work::baseline;
use gangway_store::{
    Tx, link, meeting, milestone, outcome, people, phase, programme, register, survey, task, training, work,
};
use gangway_testkit::{TestApp, for_each_database};

use super::sponsored;

/// Another onboarding of the same package with the rows the first version wrote: those of its plan.
async fn of_before(test: &TestApp, made: &Onboarding, number: usize) -> OnboardingId {
    let (app, workspace) = (&test.app, test.actor.workspace);
    let mut tx = app.db.write().await.unwrap();
    let known = handoff::get(&mut tx, workspace, made.handoff_id).await.unwrap().unwrap();
    let handed = Handoff { id: HandoffId::fresh(&*app.ids), digest: format!("{number:064x}"), ..known };
    handoff::insert(&mut tx, workspace, &handed).await.unwrap();
    let id = OnboardingId::fresh(&*app.ids);
    let row = Onboarding { id, handoff_id: handed.id, ..made.clone() };
    gangway_store::onboarding::insert(&mut tx, workspace, &row, None).await.unwrap();
    let plan = &row.package.plan;
    phase::insert_all(&mut tx, workspace, id, &plan.phases).await.unwrap();
    task::insert_all(&mut tx, workspace, id, &*app.ids, &plan.tasks).await.unwrap();
    milestone::insert_all(&mut tx, workspace, id, &*app.ids, &plan.milestones).await.unwrap();
    link::insert_all(&mut tx, workspace, id, &plan.links).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// What was made of a package, but for ids and the moment.
async fn made_of(test: &TestApp, id: OnboardingId) -> BTreeMap<&'static str, Vec<String>> {
    let mut tx = test.app.db.read().await.unwrap();
    let mut all = people_of(test, &mut tx, id).await;
    all.extend(steps_of(test, &mut tx, id).await);
    all
}

async fn people_of(test: &TestApp, tx: &mut Tx, id: OnboardingId) -> BTreeMap<&'static str, Vec<String>> {
    let workspace = test.actor.workspace;
    let stakeholders = people::of_onboarding(tx, workspace, id).await.unwrap();
    let messages = communication::messages(tx, workspace, id).await.unwrap();
    let steps = communication::steps(tx, workspace, id).await.unwrap();
    let entries = register::of_onboarding(tx, workspace, id).await.unwrap();
    let meetings = meeting::of_onboarding(tx, workspace, id).await.unwrap();
    let stakeholders = stakeholders.iter().map(|one| format!("{:?}", (one.contact, one.role, &one.power)));
    let messages = messages.iter().map(|one| format!("{:?}", (one.on, &one.message, &one.channel)));
    let steps = steps.iter().map(|one| format!("{:?}", (one.position, &one.phase, &one.activity)));
    let entries = entries.iter().map(|one| {
        format!("{:?}", (one.code(), &one.title, &one.details, &one.owner, one.due_on, &one.seed))
    });
    let meetings = meetings.iter().map(|one| format!("{:?}", (&one.code, &one.slot, &one.people)));
    // Those of one day are in the order of their ids.
    let mut messages: Vec<String> = messages.collect();
    messages.sort();
    BTreeMap::from([
        ("stakeholders", stakeholders.collect()),
        ("messages", messages),
        ("steps", steps.collect()),
        ("register", entries.collect()),
        ("meetings", meetings.collect()),
    ])
}

async fn steps_of(test: &TestApp, tx: &mut Tx, id: OnboardingId) -> BTreeMap<&'static str, Vec<String>> {
    let workspace = test.actor.workspace;
    let plan = plans::get(tx, workspace, id).await.unwrap();
    let outcomes = outcome::of_onboarding(tx, workspace, id).await.unwrap();
    let surveys = survey::of_onboarding(tx, workspace, id).await.unwrap();
    let tracks = training::of_onboarding(tx, workspace, id).await.unwrap();
    let sheets = programme::sheets(tx, workspace, id).await.unwrap();
    let outcomes = outcomes.iter().map(|one| format!("{:?}", (one.number, &one.goal, one.target, one.by)));
    let surveys = surveys.iter().map(|one| format!("{:?}", (one.number, &one.survey, &one.after)));
    let tracks = tracks.iter().map(|one| format!("{:?}", (&one.code, one.people, &one.task, one.position)));
    BTreeMap::from([
        ("impact plan", plan.iter().map(|plan| format!("{plan:?}")).collect()),
        ("outcomes", outcomes.collect()),
        ("surveys", surveys.collect()),
        ("tracks", tracks.collect()),
        ("sheets", sheets.into_iter().collect()),
    ])
}

#[tokio::test]
async fn onboardings_of_earlier_versions_get_what_new_ones_begin_with() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, workspace) = (&test.app, test.actor.workspace);
        let id = sponsored(&test).await;
        let made = onboarding::get(app, &test.actor, id).await.unwrap().onboarding;
        let wanted = made_of(&test, id).await;
        for (what, rows) in &wanted {
            assert!(!rows.is_empty(), "the package says nothing of {what}");
        }
        let mut old = Vec::new();
        for number in 0..3 {
            old.push(of_before(&test, &made, number).await);
        }
        assert!(made_of(&test, old[0]).await.values().all(Vec::is_empty));
        upkeep::run(app).await.unwrap();
        let mut tx = app.db.read().await.unwrap();
        let plan = work::get(&mut tx, workspace, id).await.unwrap().unwrap().plan;
        for old in &old {
            assert_eq!(made_of(&test, *old).await, wanted);
            let begun = work::get(&mut tx, workspace, *old).await.unwrap().unwrap();
            assert_eq!((&begun.plan.tasks, &begun.plan.milestones), (&plan.tasks, &plan.milestones));
            assert!(begun.tasks.values().all(|facts| facts.baseline.is_some()));
            let agreed = baseline::list(&mut tx, workspace, *old).await.unwrap();
            assert_eq!(agreed.iter().map(|one| (one.number, &*one.by)).collect::<Vec<_>>(), [(0, "Gangway")]);
        }
        drop(tx);
        upkeep::run(app).await.unwrap();
        assert_eq!(made_of(&test, old[0]).await, wanted, "once");
        assert_eq!(made_of(&test, id).await, wanted, "what was there is as it was");
    })
    .await;
}

#[tokio::test]
async fn what_lacks_something_is_found_from_place_to_place() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, workspace) = (&test.app, test.actor.workspace);
        let id = sponsored(&test).await;
        let made = onboarding::get(app, &test.actor, id).await.unwrap().onboarding;
        let old = [of_before(&test, &made, 0).await, of_before(&test, &made, 1).await];
        let kinds = [
            Lack::Contacts,
            Lack::Stakeholders,
            Lack::Register,
            Lack::Meetings,
            Lack::ImpactPlan,
            Lack::Surveys,
            Lack::Tracks,
            Lack::Plan,
        ];
        let mut tx = app.db.read().await.unwrap();
        for what in kinds {
            let (mut found, mut after) = (Vec::new(), None);
            loop {
                let next = lacking(&mut tx, workspace, what, after, 1).await.unwrap();
                let Some((id, account)) = next.first() else { break };
                assert_eq!((next.len(), *account), (1, made.account_id));
                found.push(*id);
                after = Some(*id);
            }
            assert_eq!(found, old, "{what:?}");
        }
        drop(tx);
        upkeep::run(app).await.unwrap();
        let mut tx = app.db.read().await.unwrap();
        for what in kinds {
            assert!(lacking(&mut tx, workspace, what, None, 9).await.unwrap().is_empty(), "{what:?}");
        }
    })
    .await;
}
