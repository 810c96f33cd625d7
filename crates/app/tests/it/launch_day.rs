//! Going live in the plan: the decision moves its day, messages go out by themselves, clocks run out.

use std::sync::Arc;

use gangway_app::launch::{self, Choice, IssueDraft, Messages, ReleaseDraft};
use gangway_app::{AppError, digest, job, work};
use gangway_domain::digest::Part;
use gangway_domain::ids::{ContactId, LaunchId, OnboardingId};
use gangway_domain::launch::{Message, Outlook, Severity, Standing, Verdict};
use gangway_domain::permission::{Action, Role};
use gangway_domain::programme::Side;
use gangway_domain::register::Owner;
use gangway_domain::work::Change;
use gangway_jobs::Runner;
use gangway_testkit::{TestApp, for_each_database};
use jiff::ToSpan;
use jiff::civil::Date;

use super::launch::{choice, pilot, ready};
use super::{sponsored, sponsored_at};

/// The go-live task is done today.
pub(super) async fn go_live(test: &TestApp, id: OnboardingId) {
    let plan = work::sight(&test.app, &test.actor, id).await.unwrap().stored.plan;
    let gates = plan.milestones.iter().filter(|one| one.gate).map(|gate| Change::Waive {
        milestone: gate.code.clone(),
        reason: "Agreed".to_owned(),
        on: None,
    });
    work::change(&test.app, &test.actor, id, None, gates.collect()).await.unwrap();
    launch::let_go(&test.app, &test.actor, id, "The board decided by phone").await.unwrap();
    let task = plan.ground.go_live.clone().unwrap();
    let done = Change::Finish { task, on: test.app.today(), started_on: None };
    work::change(&test.app, &test.actor, id, None, vec![done]).await.unwrap();
}

/// The first day from here on, by so many days, on which something may go live.
fn allowed(test: &TestApp, sight: &launch::Sight, from: Date) -> Date {
    let days = (0..60).map(|ahead| from.saturating_add(ahead.days()));
    let mut days = days.filter(|day| sight.grounds(&test.app, *day, false).barred.is_none());
    days.next().unwrap()
}

fn rounds(test: &TestApp) -> Runner {
    job::runner(&test.app, vec![Arc::new(Messages::new(test.app.clone()))])
}

pub(super) async fn mails(test: &TestApp) -> i64 {
    let mut tx = test.app.db.read().await.unwrap();
    gangway_store::mail::waiting(&mut tx, test.actor.workspace).await.unwrap()
}

async fn message(test: &TestApp, id: LaunchId) -> launch::LaunchRecord<Message> {
    launch::get(&test.app, &test.actor, id).await.unwrap()
}

#[tokio::test]
async fn the_go_live_is_not_done_before_a_decision_stands() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let plan = work::sight(app, actor, id).await.unwrap().stored.plan;
        let task = plan.ground.go_live.clone().unwrap();
        let done = || vec![Change::Finish { task: task.clone(), on: app.today(), started_on: None }];
        let refused = |error: AppError| {
            let said = error.to_string();
            assert!(
                said.contains("no decision to go live stands") && said.contains("page Go-live"),
                "{said}"
            );
        };
        refused(work::change(app, actor, id, None, done()).await.unwrap_err());
        let manager = test.member(Role::OnboardingManager).await;
        let not = launch::let_go(app, &manager, id, "I know better").await;
        assert!(matches!(not, Err(AppError::Forbidden(Action::LetGoLive))));
        assert!(matches!(launch::let_go(app, actor, id, " ").await, Err(AppError::Invalid(_))));
        let sight = launch::let_go(app, actor, id, "The board decided by phone").await.unwrap();
        assert!(sight.standing.goes() && sight.may_go() && sight.let_go.is_some());
        assert!(matches!(launch::let_go(app, actor, id, "Again").await, Err(AppError::Refusal(_))));
        test.clock.advance_days(1);
        launch::decide(app, actor, id, choice(Verdict::NoGo)).await.unwrap();
        assert_eq!(launch::sight(app, actor, id).await.unwrap().standing, Standing::Refrains);
        refused(work::change(app, actor, id, None, done()).await.unwrap_err());
        test.clock.advance_days(1);
        go_live(&test, id).await;
        assert!(launch::sight(app, actor, id).await.unwrap().live_on.is_some());
    })
    .await;
}

#[tokio::test]
async fn a_go_moves_the_plan_to_its_day_and_the_ledger_names_it() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let sight = ready(&test, id).await;
        let planned = sight.go_live_on;
        let later = allowed(&test, &sight, planned.saturating_add(1.day()));
        let seen = launch::shift(app, actor, id, later, "").await.unwrap();
        assert_eq!((seen.go_live, seen.problem), (Some([planned, later]), None));
        assert_eq!(launch::sight(app, actor, id).await.unwrap().go_live_on, planned, "nothing is kept");
        let go = |day| Choice { go_live_on: Some(day), side: Some(Side::Customer), ..choice(Verdict::Go) };
        let early = launch::decide(app, actor, id, go(allowed(&test, &sight, sight.today))).await;
        assert!(matches!(early, Err(AppError::Invalid(_))), "the plan cannot keep it: {early:?}");
        let made = launch::decide(app, actor, id, go(later)).await.unwrap();
        assert_eq!((made.body.verdict, made.number), (Verdict::Go, 1));
        assert_eq!(launch::sight(app, actor, id).await.unwrap().go_live_on, later);
        let ledger = work::ledger(app, actor, id, None, 5).await.unwrap();
        let line = &ledger.lines[0];
        assert!(line.summary.contains("go-live decision 1"), "{}", line.summary);
        assert_eq!((line.side, line.after.go_live), (Side::Customer, later));
    })
    .await;
}

#[tokio::test]
async fn a_released_message_goes_out_by_itself_once_and_waits_while_it_is_held() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let manager = test.member(Role::OnboardingManager).await;
        let id = sponsored(&test).await;
        let to = vec![Owner::Person { id: manager.person.unwrap() }];
        let draft = ReleaseDraft { to, ..ReleaseDraft::default() };
        let week = launch::write_message(app, actor, id, "week-before").await.unwrap();
        let nobody = launch::release_message(app, actor, week.id, 1, ReleaseDraft::default()).await;
        assert!(matches!(nobody, Err(AppError::Invalid(_))));
        let late = ReleaseDraft { hour: Some(24), ..draft.clone() };
        assert!(matches!(
            launch::release_message(app, actor, week.id, 1, late).await,
            Err(AppError::Invalid(_))
        ));
        let released = launch::release_message(app, actor, week.id, 1, draft.clone()).await.unwrap();
        let held = launch::hold_message(app, actor, week.id, released.version, true).await.unwrap();
        let sight = launch::sight(app, actor, id).await.unwrap();
        let before = mails(&test).await;
        let ahead = (sight.go_live_on.saturating_sub(7.days()) - sight.today).get_days();
        test.clock.advance_days(ahead + 1);
        launch::schedule(app).await.unwrap();
        rounds(&test).drain().await.unwrap();
        assert!(message(&test, week.id).await.body.sent.is_none(), "it is held");
        launch::hold_message(app, actor, week.id, held.version, false).await.unwrap();
        test.clock.advance_days(1);
        for _ in 0..2 {
            launch::schedule(app).await.unwrap();
            rounds(&test).drain().await.unwrap();
        }
        let sent = message(&test, week.id).await.body.sent.unwrap();
        assert_eq!((sent.by.as_str(), sent.to.as_slice()), ("Gangway", std::slice::from_ref(&manager.name)));
        assert_eq!(mails(&test).await - before, 1, "exactly one");
    })
    .await;
}

#[tokio::test]
async fn one_round_sends_what_is_due_in_every_launch_and_nothing_else() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let manager = test.member(Role::OnboardingManager).await;
        let to = vec![Owner::Person { id: manager.person.unwrap() }];
        let draft = ReleaseDraft { to, ..ReleaseDraft::default() };
        let release = async |onboarding: OnboardingId, moment: &str| {
            let made = launch::write_message(app, actor, onboarding, moment).await.unwrap();
            launch::release_message(app, actor, made.id, 1, draft.clone()).await.unwrap().id
        };
        let one = sponsored(&test).await;
        let other = sponsored_at(&test, "Bolt").await;
        let due = [release(one, "week-before").await, release(other, "week-before").await];
        // Nobody has decided to go live: it waits beside one that goes.
        let waits = release(one, "launch-day").await;
        let before = mails(&test).await;
        let sight = launch::sight(app, actor, one).await.unwrap();
        let ahead = (sight.go_live_on.saturating_sub(7.days()) - sight.today).get_days();
        test.clock.advance_days(ahead + 1);
        rounds(&test).drain().await.unwrap();
        for id in due {
            assert!(message(&test, id).await.body.sent.is_some());
        }
        assert!(message(&test, waits).await.body.sent.is_none());
        assert_eq!(mails(&test).await - before, 2);
    })
    .await;
}

#[tokio::test]
async fn messages_move_with_the_go_live_and_stay_after_a_no() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let manager = test.member(Role::OnboardingManager).await;
        let id = sponsored(&test).await;
        let sight = ready(&test, id).await;
        let to = vec![Owner::Person { id: manager.person.unwrap() }];
        let draft = ReleaseDraft { to, zone: Some("UTC".to_owned()), ..ReleaseDraft::default() };
        let day = launch::write_message(app, actor, id, "launch-day").await.unwrap();
        let released = launch::release_message(app, actor, day.id, 1, draft).await.unwrap();
        let waits = sight.outlook(app, &released.body);
        assert!(matches!(waits, Some(Outlook::Waits(..))), "nobody has decided: {waits:?}");
        let later = allowed(&test, &sight, sight.go_live_on.saturating_add(1.day()));
        let go = Choice { go_live_on: Some(later), ..choice(Verdict::Go) };
        let decided = launch::decide(app, actor, id, go).await.unwrap().body;
        assert!(decided.lets_go(), "{:?}", decided.against);
        let moved = launch::sight(app, actor, id).await.unwrap();
        let at = later.at(9, 0, 0, 0).in_tz("UTC").unwrap().timestamp();
        assert_eq!(moved.outlook(app, &released.body), Some(Outlook::At(at)));
        test.clock.advance_days(1);
        launch::decide(app, actor, id, choice(Verdict::NoGo)).await.unwrap();
        test.clock.advance_days((later - test.app.today()).get_days() + 1);
        launch::schedule(app).await.unwrap();
        rounds(&test).drain().await.unwrap();
        assert!(message(&test, day.id).await.body.sent.is_none(), "the decision is no go");
    })
    .await;
}

#[tokio::test]
async fn people_of_a_pilot_are_linked_to_their_contacts() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let known = launch::pilot_candidates(app, actor, id).await.unwrap();
        let dana = known.iter().find(|one| one.name == "Dana Whitfield").unwrap();
        let mut draft = pilot(&test);
        draft.people[0].name = "dana  whitfield".to_owned();
        let made = launch::add_pilot(app, actor, id, draft.clone()).await.unwrap();
        let first = &made.body.people[0];
        assert_eq!((first.name.as_str(), first.contact), ("Dana Whitfield", dana.contact));
        assert_eq!(made.body.people[1].contact, None);
        draft.people[1].contact = Some(ContactId::from_uuid(uuid::Uuid::from_u128(7)));
        let stranger = launch::change_pilot(app, actor, made.id, 1, draft).await;
        assert!(matches!(stranger, Err(AppError::Invalid(_))));
    })
    .await;
}

#[tokio::test]
async fn clocks_that_ran_out_are_told_to_whoever_runs_the_onboarding() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let manager = test.member(Role::OnboardingManager).await;
        let id = sponsored(&test).await;
        let mut tx = app.db.write().await.unwrap();
        gangway_store::onboarding::assign(&mut tx, actor.workspace, id, manager.person).await.unwrap();
        tx.commit().await.unwrap();
        let issue = IssueDraft {
            title: "Nobody can sign in".to_owned(),
            details: String::new(),
            severity: Severity::Critical,
            area: String::new(),
            workaround: String::new(),
            reported_by: "Dana".to_owned(),
        };
        launch::raise_issue(app, actor, id, issue).await.unwrap();
        assert!(work::my_work(app, &manager).await.unwrap().late.is_empty());
        test.clock.advance_days(1);
        let late = work::my_work(app, &manager).await.unwrap().late;
        assert_eq!((late.len(), late[0].clock), (1, launch::Clock::Resolution));
        let told = digest::get(app, &manager).await.unwrap().groups;
        let lines = told.iter().flat_map(|group| &group.parts).filter(|(part, _)| *part == Part::Overdue);
        let mut lines = lines.flat_map(|(_, lines)| lines);
        assert!(lines.any(|line| line.name == "H-1 Nobody can sign in" && line.path.ends_with("#H-1")));
    })
    .await;
}
