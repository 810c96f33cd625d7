//! Programmes of a workspace: drafted by several, published, tried, and onboardings moved to them.

use gangway_app::onboarding::{self, move_on};
use gangway_app::programme::{self, Deal, Deed, Put, Saved, Which};
use gangway_app::{AppError, activity, form, handoff, survey, work};
use gangway_domain::ids::OnboardingId;
use gangway_domain::permission::Role;
use gangway_methodology::{Input, Part, Values, questionnaire_values};
use gangway_store::{milestone, programme as rows, task};
use gangway_testkit::{TestApp, deal, for_each_database, prove};

const MID: &str = "mid-market";

fn typed(key: &'static str, text: &str) -> Values {
    Values::from([(key, Input::One(text.to_owned()))])
}

/// Sets one field of a task, as somebody who sees it as it is now.
async fn set(test: &TestApp, id: &str, key: &'static str, text: &str) -> Saved {
    let (_, seen) =
        programme::draft(&test.app, &test.actor, MID).await.unwrap().part(Part::Task, id).unwrap();
    let deed = Deed::Set { part: Part::Task, id: id.to_owned(), values: typed(key, text), seen };
    programme::change(&test.app, &test.actor, MID, deed).await.unwrap()
}

/// Publishes a version in which a task takes that many days; gives its number.
pub(super) async fn publish(test: &TestApp, id: &str, days: &str) -> i64 {
    let (app, actor) = (&test.app, &test.actor);
    programme::begin(app, actor, MID, Which::InForce).await.unwrap();
    assert_eq!(set(test, id, "days", days).await, Saved::Done(id.to_owned()));
    let seen = programme::draft(app, actor, MID).await.unwrap().draft.version;
    programme::publish(app, actor, MID, "We need more time there", seen).await.unwrap()
}

pub(super) async fn onboard(test: &TestApp, customer: &str) -> OnboardingId {
    super::generate(test, &deal(customer)).await
}

#[tokio::test]
async fn a_draft_is_published_and_new_onboardings_are_made_from_it() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let before = onboard(&test, "Acme").await;
        assert_eq!(publish(&test, "go-live", "2").await, 2, "one more than the built-in version");
        let none = programme::draft(app, actor, MID).await.unwrap_err();
        assert_eq!(none.to_string(), "there is no draft of `mid-market` in this workspace");

        let shown = programme::get(app, actor, MID, Which::InForce).await.unwrap();
        assert_eq!((shown.changed, shown.built_in, shown.history.len()), ([0, 0, 1], 1, 1));
        let version = shown.in_force().unwrap();
        assert_eq!(
            (version.note.as_str(), version.published_by.as_str()),
            ("We need more time there", "Priya")
        );
        assert_eq!(shown.programme.as_ref().unwrap().version, 2);
        assert!(shown.text.source.contains("version = 2") && shown.text.source.contains("# ── Roles"));
        assert_eq!(shown.used, [(1, 1)]);

        let after = onboard(&test, "Bright Care").await;
        let made_with =
            async |id| onboarding::get(app, actor, id).await.unwrap().onboarding.package.segmentation;
        let (old, new) = (made_with(before).await, made_with(after).await);
        assert_eq!((old.programme_version, new.programme_version), (1, 2));
        assert_ne!(old.methodology, new.methodology, "the digest of the methodology is another");
        let mut tx = app.db.read().await.unwrap();
        for (id, number, said) in [(before, 1, "version = 1"), (after, 2, "version = 2")] {
            let from = rows::of_onboarding(&mut tx, actor.workspace, id).await.unwrap().unwrap();
            let digest = from.programme_digest.unwrap();
            let text = rows::source(&mut tx, actor.workspace, MID, &digest).await.unwrap().unwrap();
            assert_eq!(from.programme_version, number);
            assert!(text.contains(said), "the text it was made from is kept");
        }
        drop(tx);
        let trail: Vec<String> =
            activity::recent(app, actor, 50).await.unwrap().into_iter().map(|entry| entry.kind).collect();
        for kind in ["programme.published", "programme.draft_changed", "programme.drafted"] {
            assert!(trail.contains(&kind.to_owned()), "{trail:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn another_workspace_has_its_own_programmes() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let other = test.elsewhere("Southlight").await;
        publish(&test, "go-live", "2").await;
        programme::begin(&test.app, &test.actor, MID, Which::InForce).await.unwrap();
        let digest = programme::text(&test.app, &test.actor, MID, Which::InForce).await.unwrap().digest;
        let shown = programme::get(&other.app, &other.actor, MID, Which::InForce).await.unwrap();
        assert!(shown.history.is_empty() && shown.draft.is_none() && shown.programme.unwrap().version == 1);
        let lines = programme::list(&other.app, &other.actor).await.unwrap();
        assert!(lines.iter().all(|line| line.version.is_none() && line.draft.is_none()));
        let absent = programme::text(&other.app, &other.actor, MID, Which::Number(2)).await;
        assert!(matches!(absent, Err(AppError::NotFound { .. })));
        let mut tx = test.app.db.write().await.unwrap();
        let stranger = other.actor.workspace;
        assert_eq!(rows::source(&mut tx, stranger, MID, &digest).await.unwrap(), None);
        assert!(rows::drafts(&mut tx, stranger).await.unwrap().is_empty());
        assert!(!rows::change(&mut tx, stranger, MID, 1, "x", "Eve", test.app.now()).await.unwrap());
        assert!(!rows::discard(&mut tx, stranger, MID, 1).await.unwrap());
        drop(tx);
        // The same number again, in the other workspace.
        assert_eq!(publish(&other, "go-live", "3").await, 2);
        let ours = programme::get(&test.app, &test.actor, MID, Which::InForce).await.unwrap();
        assert!(ours.history.len() == 1 && ours.draft.is_some());
    })
    .await;
}

#[tokio::test]
async fn two_people_edit_one_draft_and_lose_nothing() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        programme::begin(app, actor, MID, Which::InForce).await.unwrap();
        let colleague = test.member(Role::OnboardingManager).await;
        let drafted = programme::draft(app, actor, MID).await.unwrap();
        let deed = |id: &str, key, text: &str, seen: &str| Deed::Set {
            part: Part::Task,
            id: id.to_owned(),
            values: typed(key, text),
            seen: seen.to_owned(),
        };
        let (_, kickoff) = drafted.part(Part::Task, "kickoff").unwrap();
        let (_, live) = drafted.part(Part::Task, "go-live").unwrap();
        // Different tasks: both are saved, though both saw the same version.
        let one = programme::change(app, actor, MID, deed("kickoff", "days", "2", &kickoff)).await.unwrap();
        let two = programme::change(app, &colleague, MID, deed("go-live", "days", "3", &live)).await.unwrap();
        assert!(matches!((one, two), (Saved::Done(_), Saved::Done(_))));
        // The same task: whoever comes second sees both, and can save again.
        let second = programme::change(app, &colleague, MID, deed("kickoff", "days", "4", &kickoff)).await;
        let Saved::Overlap(meanwhile) = second.unwrap() else { panic!("they must be told") };
        assert_eq!(meanwhile.theirs.as_ref().unwrap()["days"], Input::One("2".to_owned()));
        assert_eq!(meanwhile.who, colleague.name, "who changed the draft last");
        let again = deed("kickoff", "days", "4", &meanwhile.mark);
        assert!(matches!(programme::change(app, &colleague, MID, again).await, Ok(Saved::Done(_))));
        // The whole text, seen before all that.
        let stale =
            programme::put(app, actor, MID, "id = 'mine'", Some(drafted.draft.version)).await.unwrap();
        let Put::Overlap(theirs) = stale else { panic!("they must be told") };
        assert!(theirs.source.contains("days = 4") && theirs.version == 4);
        let done = programme::put(app, actor, MID, &theirs.source, Some(theirs.version)).await.unwrap();
        assert_eq!(done, Put::Done(4), "the same text changes nothing");
        let stale = programme::publish(app, actor, MID, "done", 1).await;
        assert!(matches!(stale, Err(AppError::Stale { what: "draft", version: 4 })));
        assert!(matches!(programme::discard(app, actor, MID, Some(1)).await, Err(AppError::Stale { .. })));
        programme::discard(app, actor, MID, Some(4)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn mistakes_are_told_at_their_field_and_keep_a_draft_from_being_published() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        programme::begin(app, actor, MID, Which::BuiltIn).await.unwrap();
        let Saved::Refused(wrong) = set(&test, "go-live", "days", "users >").await else { panic!("no CEL") };
        assert_eq!((wrong[0].key.as_str(), wrong[0].offset), ("days", Some(7)), "{wrong:?}");
        let Saved::Refused(wrong) = set(&test, "go-live", "role", "nobody").await else { panic!("no role") };
        assert!(wrong[0].key == "role" && wrong[0].help.contains("there is"), "{wrong:?}");
        let (mut values, seen) = programme::draft(app, actor, MID)
            .await
            .unwrap()
            .part(Part::Milestone, "foundation-gate")
            .unwrap();
        let row = |text: &str, rule: &str| vec![text.to_owned(), rule.to_owned(), String::new()];
        values.insert("criteria", Input::Rows(vec![row("Fine", ""), row("Not", "plan.days_late ==")]));
        let deed = Deed::Set { part: Part::Milestone, id: "foundation-gate".to_owned(), values, seen };
        let Saved::Refused(wrong) = programme::change(app, actor, MID, deed).await.unwrap() else {
            panic!("no CEL")
        };
        assert_eq!((wrong[0].key.as_str(), wrong[0].row, wrong[0].offset), ("criteria", Some(1), Some(17)));
        assert_eq!(wrong[0].cell, "rule");
        assert_eq!(wrong[0].message, "the rule is not complete: something is missing at its end");

        let note = programme::publish(app, actor, MID, " \n ", 1).await.unwrap_err();
        assert!(note.to_string().starts_with("note is missing"), "{note}");
        let same = programme::publish(app, actor, MID, "Nothing", 1).await.unwrap_err();
        assert!(same.to_string().contains("says the same as the version in force"), "{same}");
        let text = programme::text(app, actor, MID, Which::Draft).await.unwrap().source;
        let broken = text.replace("kickoff = true\n", "");
        assert!(matches!(programme::put(app, actor, MID, &broken, Some(1)).await, Ok(Put::Done(2))));
        let refused = programme::publish(app, actor, MID, "Without a kickoff", 2).await.unwrap_err();
        assert!(refused.to_string().contains("no task has `kickoff = true`"), "{refused}");
        let handed = handoff::accept(app, actor, deal("Acme").into_bytes(), None).await.unwrap().handoff;
        let trial = programme::trial(app, actor, MID, Which::Draft, Deal::HandedOver(handed)).await;
        assert!(matches!(trial, Err(AppError::Invalid(_))));
        let huge = "#".repeat(400_000);
        assert!(matches!(programme::put(app, actor, MID, &huge, Some(2)).await, Err(AppError::Invalid(_))));
    })
    .await;
}

#[tokio::test]
async fn a_draft_is_tried_beside_the_version_in_force() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        programme::begin(app, actor, MID, Which::InForce).await.unwrap();
        set(&test, "kickoff", "days", "6").await;
        let handed = handoff::accept(app, actor, deal("Acme").into_bytes(), None).await.unwrap().handoff;
        let trial = programme::trial(app, actor, MID, Which::Draft, Deal::HandedOver(handed)).await.unwrap();
        assert_eq!(trial.recommended, None);
        let kickoff = trial.difference.items.iter().find(|item| item.id == "kickoff").unwrap();
        assert!(kickoff.details.contains(&"working days 1 → 6".to_owned()), "{kickoff:?}");
        let pasted = Deal::Text("Customer: Tiny. ACV: $2K. Users: 4.".to_owned());
        let trial = programme::trial(app, actor, MID, Which::Draft, pasted).await.unwrap();
        assert_eq!(trial.recommended.as_deref(), Some("Self-Serve"));
        assert_eq!(trial.after.segmentation.programme, MID);
        assert_eq!(onboarding::list(app, actor, super::everything()).await.unwrap().summary.all, 0);
    })
    .await;
}

#[tokio::test]
async fn back_to_built_in_is_a_version_of_its_own() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let nothing = programme::back_to_built_in(app, actor, MID, "Why not").await;
        assert!(matches!(nothing, Err(AppError::Invalid(_))), "it is built in already");
        publish(&test, "go-live", "2").await;
        assert_eq!(programme::back_to_built_in(app, actor, MID, "It was better").await.unwrap(), 3);
        let shown = programme::get(app, actor, MID, Which::InForce).await.unwrap();
        assert_eq!((shown.changed, shown.history[0].is_built_in, shown.history.len()), ([0; 3], true, 2));
        let two = programme::text(app, actor, MID, Which::Number(2)).await.unwrap();
        assert!(two.source.contains("version = 2"), "versions never change");
        let found = programme::compare(app, actor, MID, Which::Number(2), Which::InForce).await.unwrap();
        assert_eq!(found.counts(), [0, 0, 1]);
    })
    .await;
}

#[tokio::test]
async fn a_running_onboarding_keeps_its_version_until_it_is_moved() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = onboard(&test, "Acme").await;
        onboarding::kick_off(app, actor, id).await.unwrap();
        let at_rest = move_on::standing(app, actor, id).await.unwrap();
        assert!(at_rest.newer.is_none() && at_rest.made_from == 1 && at_rest.text.is_some());

        publish(&test, "kickoff", "6").await;
        let before = onboarding::get(app, actor, id).await.unwrap().onboarding;
        let standing = move_on::standing(app, actor, id).await.unwrap();
        let newer = standing.newer.clone().unwrap();
        let outlook = newer.outlook.clone().unwrap();
        assert_eq!((newer.number, newer.comparison.unwrap().counts()), (2, [0, 0, 1]));
        assert!(outlook.difference.task_counts()[2] > 1, "what follows the kickoff moves too");
        assert_eq!(
            onboarding::get(app, actor, id).await.unwrap().onboarding,
            before,
            "nothing is stored yet"
        );
        let mut tx = app.db.read().await.unwrap();
        let ids = |rows: Vec<task::Task>| {
            rows.into_iter().map(|row| (row.code, row.id)).collect::<std::collections::BTreeMap<_, _>>()
        };
        let kept = ids(task::of_onboarding(&mut tx, actor.workspace, id).await.unwrap());
        drop(tx);

        let stale = move_on::take(app, actor, id, standing.version - 1, &newer.digest).await;
        assert!(matches!(stale, Err(AppError::Stale { what: "onboarding", .. })));
        let other = move_on::take(app, actor, id, standing.version, "another").await;
        assert!(matches!(other, Err(AppError::Stale { what: "programme", version: 2 })));
        let (version, difference) =
            move_on::take(app, actor, id, standing.version, &newer.digest).await.unwrap();
        assert!(version > standing.version);
        assert_eq!(difference, outlook.difference, "what was shown");
        let after = onboarding::get(app, actor, id).await.unwrap();
        assert_eq!(after.onboarding.state, before.state);
        assert_eq!(after.onboarding.package.segmentation.programme_version, 2);
        assert_eq!(after.onboarding.package.dates.kickoff_on, before.package.dates.kickoff_on);
        assert_eq!(after.story[0].kind, "onboarding.replanned");
        assert!(
            after.story[0].summary.starts_with("Moved from version 1 to version 2 of"),
            "{:?}",
            after.story[0]
        );
        let plan = onboarding::Plan::of(&work::sight(app, actor, id).await.unwrap()).unwrap();
        let package = &after.onboarding.package.plan;
        assert_eq!(
            plan.tasks.iter().map(|row| (&row.code, row.starts_on, row.finishes_on)).collect::<Vec<_>>(),
            package.tasks.iter().map(|row| (&row.id, row.start, row.finish)).collect::<Vec<_>>()
        );
        assert_eq!(plan.milestones.len(), package.milestones.len());
        assert_eq!((plan.links.len(), plan.phases.len()), (package.links.len(), package.phases.len()));
        assert_eq!(ids(plan.tasks), kept, "tasks keep their ids");
        assert_eq!(plan.head.go_live_on, after.onboarding.package.dates.go_live_on);
        assert!(move_on::standing(app, actor, id).await.unwrap().newer.is_none());

        publish(&test, "kickoff", "1").await;
        prove(&test, id).await;
        onboarding::complete(app, actor, id).await.unwrap();
        let over = move_on::standing(app, actor, id).await.unwrap();
        let digest = over.newer.unwrap().digest;
        let refused = move_on::take(app, actor, id, over.version, &digest).await.unwrap_err();
        assert_eq!(
            refused.to_string(),
            "an onboarding that is completed cannot be moved to another version of its programme"
        );
        let elsewhere = test.elsewhere("Southlight").await;
        let absent = move_on::standing(app, &elsewhere.actor, id).await;
        assert!(matches!(absent, Err(AppError::NotFound { .. })));
    })
    .await;
}

#[tokio::test]
async fn a_move_adds_and_removes_rows_and_keeps_the_rest() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = onboard(&test, "Acme").await;
        programme::begin(app, actor, MID, Which::InForce).await.unwrap();
        let drafted = programme::draft(app, actor, MID).await.unwrap();
        let (mut values, _) = drafted.part(Part::Task, "kickoff").unwrap();
        values.insert("name", Input::One("Security review".to_owned()));
        values.insert("after", Input::Rows(vec![vec!["kickoff".to_owned()]]));
        let deed = Deed::Add { part: Part::Task, behind: Some("kickoff".to_owned()), values };
        let added = programme::change(app, actor, MID, deed).await.unwrap();
        assert_eq!(added, Saved::Done("security-review".to_owned()));
        let (_, seen) = drafted.part(Part::Task, "technical-discovery").unwrap();
        let gone = Deed::Remove { part: Part::Task, id: "technical-discovery".to_owned(), seen };
        assert!(matches!(programme::change(app, actor, MID, gone).await, Ok(Saved::Done(_))));
        let seen = programme::draft(app, actor, MID).await.unwrap();
        assert!(seen.judged.is_usable(), "{:?}", seen.judged.findings);
        programme::publish(app, actor, MID, "Security first", seen.draft.version).await.unwrap();
        let standing = move_on::standing(app, actor, id).await.unwrap();
        let newer = standing.newer.unwrap();
        let [new, gone, _] = newer.outlook.unwrap().difference.task_counts();
        assert_eq!((new, gone), (1, 1));
        move_on::take(app, actor, id, standing.version, &newer.digest).await.unwrap();
        let plan = work::sight(app, actor, id).await.unwrap().stored.plan;
        let codes: Vec<String> = plan.tasks.into_iter().map(|task| task.code).collect();
        assert!(codes.contains(&"security-review".to_owned()));
        assert!(!codes.contains(&"technical-discovery".to_owned()));
        let mut tx = app.db.read().await.unwrap();
        let reached = milestone::of_onboarding(&mut tx, actor.workspace, id).await.unwrap();
        assert!(!reached.is_empty());
    })
    .await;
}

#[tokio::test]
async fn who_may_draft_and_who_may_publish() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let app = &test.app;
        for role in Role::ALL {
            let actor = test.member(role).await;
            let drafts = matches!(role, Role::Admin | Role::Leader | Role::OnboardingManager);
            let begun = programme::begin(app, &actor, "smb", Which::InForce).await;
            assert_eq!(matches!(begun, Err(AppError::Forbidden(_))), !drafts, "{role}");
            let published = programme::publish(app, &actor, "smb", "Hello", 0).await;
            let publishes = matches!(role, Role::Admin | Role::Leader);
            assert_eq!(matches!(published, Err(AppError::Forbidden(_))), !publishes, "{role}");
            assert!(programme::get(app, &actor, "smb", Which::InForce).await.is_ok(), "all may read");
        }
    })
    .await;
}

/// A survey and a form in a programme's own words.
const OWN: &str = r#"
[[questionnaire]]
id = "kickoff"
title = "After our first meeting"
audience = "Everybody who was there"
target_response_percent = 70

[[questionnaire.question]]
id = "mood"
kind = "csat"
text = "How was it?"

[[form]]
id = "sites"
title = "Your sites"
purpose = "So that we know where to come"
days = 5

[[form.section]]
title = "Sites"

[[form.section.field]]
id = "site"
label = "Main site"
kind = "text"
"#;

/// Title of the survey after the kickoff, and how much it asks.
async fn kickoff_survey(test: &TestApp, id: OnboardingId) -> (String, usize) {
    let all = survey::of_onboarding(&test.app, &test.actor, id).await.unwrap().lines;
    let line = all.into_iter().find(|line| line.survey.survey == "kickoff").unwrap();
    (line.survey.title, line.survey.questions.len())
}

#[tokio::test]
async fn surveys_and_forms_come_with_the_version_of_the_programme() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let sites = || form::Draft { form: "sites".to_owned(), ..form::Draft::default() };
        let id = onboard(&test, "Acme").await;
        let before = kickoff_survey(&test, id).await;
        programme::begin(app, actor, MID, Which::InForce).await.unwrap();
        let draft = programme::draft(app, actor, MID).await.unwrap().draft;
        let own = format!("{}{OWN}", draft.source);
        let bad = programme::check(app, actor, MID, &own.replace("\"csat\"", "\"dance\"")).await.unwrap();
        let found = bad.findings.iter().find(|found| found.is_error()).unwrap();
        assert_eq!(
            (found.at.as_str(), found.id.as_deref()),
            ("questionnaire.0.question.0.kind", Some("kickoff"))
        );
        let saved = programme::put(app, actor, MID, &own, Some(draft.version)).await.unwrap();
        assert!(matches!(saved, Put::Done(_)));

        // What the form of the draft writes is what the text says.
        let mut values = questionnaire_values(&app.methodology.surveys["midpoint"]);
        values.insert("title", Input::One("Half-way".to_owned()));
        let id_of = "midpoint".to_owned();
        let deed = Deed::Set { part: Part::Questionnaire, id: id_of.clone(), values, seen: String::new() };
        assert_eq!(programme::change(app, actor, MID, deed).await.unwrap(), Saved::Done(id_of));
        let drafted = programme::draft(app, actor, MID).await.unwrap();
        assert!(drafted.judged.is_usable(), "{:?}", drafted.judged.findings);
        let asked = &drafted.judged.programme.as_ref().unwrap().questionnaires;
        assert_eq!(asked.len(), 2);
        assert_eq!(asked[1].questions, app.methodology.surveys["midpoint"].questions);
        let differs = programme::compare(app, actor, MID, Which::InForce, Which::Draft).await.unwrap();
        let titles: Vec<&str> = differs.groups.iter().map(|group| group.title.as_str()).collect();
        assert_eq!(titles, ["What surveys ask", "Forms"]);
        let seen = drafted.draft.version;
        programme::publish(app, actor, MID, "In our own words", seen).await.unwrap();

        assert_eq!(kickoff_survey(&test, id).await, before, "a running onboarding keeps its own");
        let refused = form::ask(app, actor, id, sites()).await;
        assert!(matches!(refused, Err(AppError::Invalid(_))), "{refused:?}");
        let new = onboard(&test, "Bright Care").await;
        assert_eq!(kickoff_survey(&test, new).await, ("After our first meeting".to_owned(), 1));

        let standing = move_on::standing(app, actor, id).await.unwrap();
        let newer = standing.newer.unwrap();
        move_on::take(app, actor, id, standing.version, &newer.digest).await.unwrap();
        assert_eq!(kickoff_survey(&test, id).await, ("After our first meeting".to_owned(), 1));
        let kinds = survey::of_onboarding(app, actor, id).await.unwrap().kinds;
        assert!(kinds.contains(&("midpoint".to_owned(), "Half-way".to_owned())), "{kinds:?}");
        assert_eq!(form::ask(app, actor, id, sites()).await.unwrap().title, "Your sites");
    })
    .await;
}
