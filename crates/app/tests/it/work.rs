//! Working a plan: what is kept, what follows, and who is told.

use gangway_app::work::{self, MyWork, NewFile};
use gangway_app::{AppError, identity, onboarding, portfolio, register, upkeep};
use gangway_domain::ids::OnboardingId;
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::permission::{Action, Role};
use gangway_domain::programme::Side;
use gangway_domain::register::{Details, Owner, Visibility};
use gangway_domain::work::{Addition, Assignee, Change, Origin, RunningPlan, TaskState};
use gangway_testkit::{TestApp, deal, for_each_database};
use jiff::civil::Date;

use super::generate;

async fn plan(test: &TestApp, id: OnboardingId) -> RunningPlan {
    work::sight(&test.app, &test.actor, id).await.unwrap().stored.plan
}

/// A task nothing holds: the first of the plan.
async fn first(test: &TestApp, id: OnboardingId) -> String {
    let plan = plan(test, id).await;
    plan.tasks.iter().min_by_key(|task| task.start).unwrap().code.clone()
}

fn start(task: &str, on: Date) -> Change {
    Change::Start { task: task.to_owned(), on }
}

#[tokio::test]
async fn a_plan_that_was_just_made_says_what_its_package_says() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let package = onboarding::get(&test.app, &test.actor, id).await.unwrap().onboarding.package;
        let sight = work::sight(&test.app, &test.actor, id).await.unwrap();
        assert_eq!((sight.stored.revision, sight.baselines.len(), sight.behind()), (1, 1, 0));
        // Scheduled again from its rules, every day is the same.
        let outcome = work::catch_up(&test.app, &test.actor, id, Some(1)).await.unwrap();
        assert!(outcome.entries.is_empty(), "{:?}", outcome.entries);
        for task in &package.plan.tasks {
            let found = outcome.plan.task(&task.id).unwrap();
            assert_eq!((found.start, found.finish), (task.start, task.finish), "{}", task.id);
        }
        assert_eq!(outcome.plan.promise().go_live, package.dates.go_live_on);
        let agreed = sight.stored.tasks.values().filter(|facts| facts.baseline.is_some()).count();
        assert_eq!(agreed, package.plan.tasks.len());
    })
    .await;
}

#[tokio::test]
async fn what_is_changed_is_kept_with_why_and_can_be_taken_back() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let before = plan(&test, id).await;
        let go_live = before.ground.go_live.clone().unwrap();
        let longer = Change::SetDays { task: go_live.clone(), days: before.task(&go_live).unwrap().days + 5 };
        let seen = work::preview(&test.app, &test.actor, id, Some(1), vec![longer.clone()]).await.unwrap();
        assert!(seen.after.go_live > seen.before.go_live);
        assert_eq!(plan(&test, id).await, before, "nothing was kept");

        let outcome = work::change(&test.app, &test.actor, id, Some(1), vec![longer.clone()]).await.unwrap();
        assert_eq!((outcome.after, outcome.revision, outcome.batch), (seen.after, 2, Some(1)));
        let head = work::sight(&test.app, &test.actor, id).await.unwrap().head;
        assert_eq!(head.go_live_on, outcome.after.go_live, "lists say so too");
        let package = onboarding::get(&test.app, &test.actor, id).await.unwrap().onboarding.package;
        assert_eq!(package.dates.go_live_on, outcome.after.go_live, "documents too");
        let stale = work::change(&test.app, &test.actor, id, Some(1), vec![longer]).await.unwrap_err();
        assert!(matches!(stale, AppError::Stale { what: "plan", version: 2 }), "{stale}");

        let ledger = work::ledger(&test.app, &test.actor, id, None, 10).await.unwrap();
        let days = (outcome.after.go_live - outcome.before.go_live).get_days();
        let sum: i64 = ledger.totals.values().map(|[go_live, _]| go_live).sum();
        assert_eq!(sum, i64::from(days), "the sides sum to the movement");
        assert_eq!((ledger.first.unwrap(), ledger.now), (outcome.before, outcome.after));

        let undone = work::undo(&test.app, &test.actor, id, 1).await.unwrap();
        assert_eq!(undone.after, outcome.before);
        let twice = work::undo(&test.app, &test.actor, id, 1).await.unwrap_err();
        assert!(twice.to_string().contains("taken back already"), "{twice}");
        let kinds: Vec<String> = onboarding::story(&test.app, &test.actor, id, 5)
            .await
            .unwrap()
            .1
            .into_iter()
            .map(|entry| entry.kind)
            .collect();
        assert_eq!(kinds[..2], ["plan.change_undone", "plan.changed"]);
    })
    .await;
}

#[tokio::test]
async fn of_tasks_ticked_together_those_that_are_so_already_are_left_out() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = generate(&test, &deal("Acme")).await;
        let done = first(&test, id).await;
        let finish = || Change::Finish { task: done.clone(), on: app.today(), started_on: Some(app.today()) };
        work::change(app, actor, id, None, vec![finish()]).await.unwrap();
        let (nothing, left_out) =
            work::change_ticked(app, actor, id, None, vec![finish(), finish()], None).await.unwrap();
        assert!(nothing.is_none() && left_out == [done.clone(), done.clone()], "{left_out:?}");

        let plan = plan(&test, id).await;
        let behind = gangway_domain::work::held(&plan);
        let open = plan.tasks.iter().filter(|task| !behind.contains_key(task.code.as_str()));
        let open = open.filter(|task| task.code != done).min_by_key(|task| task.start).unwrap();
        let both = vec![finish(), start(&open.code, app.today())];
        let (outcome, left_out) = work::change_ticked(app, actor, id, None, both, None).await.unwrap();
        let state = outcome.unwrap().plan.task(&open.code).unwrap().state.clone();
        assert_eq!((state.word(), left_out), ("started", vec![done.clone()]));
    })
    .await;
}

#[tokio::test]
async fn a_task_that_is_done_stays_as_it_is_when_somebody_says_so_again() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = generate(&test, &deal("Acme")).await;
        let task = first(&test, id).await;
        assert_eq!(work::finished(app, actor, id, &task).await.unwrap(), None);
        let finish = || Change::Finish { task: task.clone(), on: app.today(), started_on: Some(app.today()) };
        let done = work::change(app, actor, id, Some(1), vec![finish()]).await.unwrap();
        assert_eq!((done.revision, done.already), (2, None));
        let again = work::change(app, actor, id, Some(1), vec![finish()]).await.unwrap();
        assert_eq!((again.revision, again.batch, again.already), (2, None, Some(task.clone())));
        assert!(again.entries.is_empty() && again.before == again.after);
        let (by, at) = work::finished(app, actor, id, &task).await.unwrap().unwrap();
        assert_eq!((by, at), (actor.name.clone(), app.now()));
        work::undo(app, actor, id, done.batch.unwrap()).await.unwrap();
        assert_eq!(work::finished(app, actor, id, &task).await.unwrap(), None, "it was taken back");
    })
    .await;
}

#[tokio::test]
async fn days_that_pass_are_counted_once_and_for_whom() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let before = plan(&test, id).await.promise();
        test.clock.advance_days(28);
        let sight = work::sight(&test.app, &test.actor, id).await.unwrap();
        assert!(sight.behind() > 0);
        let outcome = work::catch_up(&test.app, &test.actor, id, None).await.unwrap();
        assert!(outcome.entries.iter().all(|entry| entry.kind == "slip"));
        assert!(outcome.after.finish > before.finish, "four weeks nobody worked");
        let again = work::catch_up(&test.app, &test.actor, id, None).await.unwrap();
        assert!(again.entries.is_empty() && again.batch.is_none());
        let refused = work::undo(&test.app, &test.actor, id, 1).await.unwrap_err();
        assert!(matches!(refused, AppError::Refusal(_)), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn work_that_comes_up_is_added_and_leaves_again() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let known = plan(&test, id).await;
        let go_live = known.ground.go_live.clone().unwrap();
        let task = Addition {
            code: None,
            name: "Security review".into(),
            side: Side::Customer,
            role: None,
            assignee: None,
            days: 3,
            not_before: None,
            finish_by: None,
            after: vec![first(&test, id).await],
            before: vec![go_live.clone()],
            phase: None,
            origin: Origin::Person,
            checklist: Vec::new(),
        };
        let added = work::change(&test.app, &test.actor, id, None, vec![Change::Add { task }]).await.unwrap();
        assert!(added.plan.task("added-1").is_some());
        let sight = work::sight(&test.app, &test.actor, id).await.unwrap();
        assert_eq!(sight.stored.plan.tasks.len(), known.tasks.len() + 1);
        assert_eq!(sight.stored.tasks["added-1"].baseline, None, "nobody agreed on it");
        let remove = |join| vec![Change::Remove { task: "added-1".into(), join }];
        let held = work::change(&test.app, &test.actor, id, None, remove(false)).await.unwrap_err();
        assert!(held.to_string().contains("cannot be removed"), "{held}");
        work::change(&test.app, &test.actor, id, None, remove(true)).await.unwrap();
        assert_eq!(plan(&test, id).await.tasks.len(), known.tasks.len());
        let pinned = vec![Change::Remove { task: go_live, join: true }];
        assert!(work::change(&test.app, &test.actor, id, None, pinned).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_gate_is_waived_by_those_who_may() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let gate = plan(&test, id).await.milestones.into_iter().find(|one| one.gate).unwrap();
        let waive =
            || vec![Change::Waive { milestone: gate.code.clone(), reason: "Agreed".into(), on: None }];
        let csm = test.member(Role::Csm).await;
        let refused = work::change(&test.app, &csm, id, None, waive()).await.unwrap_err();
        assert!(matches!(refused, AppError::Forbidden(Action::WaiveGates)), "{refused}");
        let leader = test.member(Role::Leader).await;
        work::change(&test.app, &leader, id, None, waive()).await.unwrap();
        let known = plan(&test, id).await;
        let waived = known.milestone(&gate.code).unwrap().waived.clone().unwrap();
        assert_eq!((waived.by, waived.reason.as_str()), (leader.name, "Agreed"));
        assert_eq!(waived.on, test.app.today(), "nobody said another day");
    })
    .await;
}

#[tokio::test]
async fn the_kickoff_is_held_in_the_plan_once_and_taken_back_with_it() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = generate(&test, &deal("Acme")).await;
        let kickoff = plan(&test, id).await.ground.kickoff.unwrap();
        let state = || async { onboarding::get(app, actor, id).await.unwrap().onboarding.state };
        let batch = onboarding::kick_off(app, actor, id).await.unwrap().expect("the plan was changed");
        let task = plan(&test, id).await.task(&kickoff).unwrap().clone();
        assert_eq!((task.state.finished_on(), state().await), (Some(app.today()), OnboardingState::Running));
        let ledger = work::ledger(app, actor, id, None, 50).await.unwrap();
        assert_eq!(ledger.lines.iter().filter(|line| line.subjects == [kickoff.clone()]).count(), 1);
        let story = onboarding::get(app, actor, id).await.unwrap().story;
        assert_eq!(story[0].kind, "onboarding.kicked_off");
        assert!(story[0].summary.starts_with("Held the kickoff"), "{:?}", story[0]);
        assert!(story.iter().all(|entry| entry.kind != "plan.changed"), "it is told once");
        let again = onboarding::kick_off(app, actor, id).await.unwrap_err();
        assert!(matches!(again, AppError::Transition(_)), "{again}");

        work::undo(app, actor, id, batch).await.unwrap();
        assert_eq!(plan(&test, id).await.task(&kickoff).unwrap().state, TaskState::Open);
        assert_eq!(state().await, OnboardingState::Planned);
        // Done in the plan first, it is held already.
        let done = Change::Finish { task: kickoff.clone(), on: app.today(), started_on: None };
        work::change(app, actor, id, None, vec![done]).await.unwrap();
        assert_eq!(state().await, OnboardingState::Running);
    })
    .await;
}

#[tokio::test]
async fn what_is_mine_and_who_named_me() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let me = test.member(Role::OnboardingManager).await;
        let task = first(&test, id).await;
        let who = Assignee::Person { id: me.person.unwrap(), name: me.name.clone() };
        let give = Change::Assign { task: task.clone(), assignee: Some(who) };
        work::change(&test.app, &test.actor, id, None, vec![give]).await.unwrap();
        let row = work::sight(&test.app, &test.actor, id).await.unwrap().stored.tasks[&task].id.to_string();
        let said = format!("@{} please look", me.name);
        work::comment(&test.app, &test.actor, &row, &said).await.unwrap();

        let mine = work::my_work(&test.app, &me).await.unwrap();
        let all: Vec<&str> =
            mine.overdue.iter().chain(&mine.today).chain(&mine.week).map(|task| task.code.as_str()).collect();
        assert_eq!(all, [task.as_str()]);
        assert_eq!((mine.mentions.len(), mine.mentions[0].on_task), (1, true));
        work::seen(&test.app, &me, &row).await.unwrap();
        assert!(work::my_work(&test.app, &me).await.unwrap().mentions.is_empty());

        let file =
            NewFile { name: "../notes.txt".into(), media_type: "text/html".into(), bytes: b"hello".to_vec() };
        let kept = work::add_file(&test.app, &me, &row, file).await.unwrap();
        assert_eq!((kept.name.as_str(), kept.size), ("notes.txt", 5));
        let (_, bytes) = work::file(&test.app, &me, kept.id).await.unwrap();
        assert_eq!(bytes, b"hello");
        let item = work::add_check(&test.app, &me, row.parse().unwrap(), "Sandbox invited").await.unwrap();
        work::tick(&test.app, &me, item.id, true).await.unwrap();
        let task: gangway_domain::ids::TaskId = row.parse().unwrap();
        let before = work::place(&test.app, &me, task).await.unwrap().version;
        let said = work::describe(&test.app, &me, task, 0, " Invite Jonas.\r\nThen wait. ").await.unwrap();
        assert_eq!((said.text.as_str(), said.version), ("Invite Jonas.\nThen wait.", 1));
        assert_eq!(work::place(&test.app, &me, task).await.unwrap().version, before + 1);
        let late = work::describe(&test.app, &me, task, 0, "Something else").await;
        assert!(matches!(late, Err(AppError::Stale { version: 1, .. })));
        let long = work::describe(&test.app, &me, task, 1, &"x".repeat(4_001)).await;
        assert!(matches!(long, Err(AppError::Invalid(_))));
        let talk = work::talk(&test.app, &me, &row).await.unwrap();
        assert_eq!(talk.description.map(|said| said.version), Some(1), "nothing else was kept");
        let file = work::plan_file(&test.app, &me, id).await.unwrap();
        assert!(String::from_utf8(file.bytes).unwrap().contains("Invite Jonas."));
        assert_eq!(talk.checklist[0].done_by.as_deref(), Some(me.name.as_str()));
        let stranger = test.elsewhere("Southlight").await;
        assert!(work::talk(&stranger.app, &stranger.actor, &row).await.is_err());
        assert!(work::file(&stranger.app, &stranger.actor, kept.id).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_plan_nobody_may_change_stays() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let task = first(&test, id).await;
        let viewer = test.member(Role::Viewer).await;
        let change = vec![start(&task, test.app.today())];
        let refused = work::change(&test.app, &viewer, id, None, change.clone()).await.unwrap_err();
        assert!(matches!(refused, AppError::Forbidden(_)), "{refused}");
        onboarding::close(&test.app, &test.actor, id, "Bought by Globex").await.unwrap();
        let over = work::change(&test.app, &test.actor, id, None, change).await.unwrap_err();
        assert!(over.to_string().contains("is over"), "{over}");
    })
    .await;
}

#[tokio::test]
async fn upkeep_changes_nothing_that_can_be_worked_already() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let task = first(&test, id).await;
        work::change(&test.app, &test.actor, id, None, vec![start(&task, test.app.today())]).await.unwrap();
        upkeep::run(&test.app).await.unwrap();
        let sight = work::sight(&test.app, &test.actor, id).await.unwrap();
        assert_eq!(sight.head.state, OnboardingState::Planned);
        assert_eq!(sight.stored.plan.task(&task).unwrap().state, TaskState::Started { on: test.app.today() });
    })
    .await;
}

#[tokio::test]
async fn whoever_leaves_leaves_their_tasks_to_who_runs_the_onboarding() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let (me, runs) = (test.member(Role::Csm).await, test.member(Role::Leader).await);
        portfolio::assign(&test.app, &test.actor, id, runs.person).await.unwrap();
        let task = first(&test, id).await;
        let who = Assignee::Person { id: me.person.unwrap(), name: me.name.clone() };
        let give = Change::Assign { task: task.clone(), assignee: Some(who) };
        work::change(&test.app, &test.actor, id, None, vec![give]).await.unwrap();
        let theirs = |mine: MyWork| -> Vec<String> {
            let all = mine.overdue.into_iter().chain(mine.today).chain(mine.week);
            all.map(|task| task.code).collect()
        };
        assert!(!theirs(work::my_work(&test.app, &runs).await.unwrap()).contains(&task));
        identity::remove(&test.app, &test.actor, me.person.unwrap()).await.unwrap();
        assert!(theirs(work::my_work(&test.app, &runs).await.unwrap()).contains(&task));
        let known = plan(&test, id).await.task(&task).unwrap().assignee.clone();
        assert_eq!(known, Some(Assignee::Name { name: me.name }), "people still know whom to ask");
    })
    .await;
}

#[tokio::test]
async fn whoever_leaves_leaves_onboardings_and_entries_behind_that_are_seen() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = generate(&test, &deal("Acme")).await;
        let me = test.member(Role::OnboardingManager).await;
        let person = me.person.unwrap();
        portfolio::assign(app, actor, id, Some(person)).await.unwrap();
        let draft = register::Draft {
            title: "Order the certificates".to_owned(),
            details: Details::Action { about: String::new(), task: None },
            owner: Some(Owner::Person { id: person }),
            due_on: None,
            visibility: Visibility::Internal,
            meeting: None,
        };
        let entry = register::add(app, actor, id, draft).await.unwrap();
        identity::remove(app, actor, person).await.unwrap();
        let mut tx = app.db.read().await.unwrap();
        let known = gangway_store::register::get(&mut tx, actor.workspace, entry.id).await.unwrap().unwrap();
        assert_eq!(known.owner, Some(Owner::Named { name: me.name }), "people still know whom to ask");
        let said = gangway_store::activity::recent(&mut tx, actor.workspace, 5).await.unwrap();
        let said: Vec<String> = said.into_iter().map(|line| line.summary).collect();
        let words = "; 1 onboarding, 1 entry of a register are nobody's now";
        assert!(said.iter().any(|line| line.ends_with(words)), "{said:?}");
    })
    .await;
}
