//! Plans that are worked, on both databases: what changed of one is written, and nothing else.

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::programme::Side;
use gangway_domain::work::{Assignee, Ground, Origin, RunningPlan, RunningTask, TaskRule, TaskState};
use gangway_store::onboarding::Onboarding;
use gangway_store::work::Stored;
use gangway_store::{Db, onboarding, statements, work};
use gangway_testkit::sample::Sample;
use gangway_testkit::{CountedIds, for_each_database};
use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::world;

const MONDAY: Date = date(2027, 1, 11);

/// An onboarding whose plan has no task yet.
async fn begun(db: &Db, ids: &CountedIds, workspace: WorkspaceId) -> OnboardingId {
    let sample = Sample::default();
    let handoff = world::handed_over(db, ids, workspace, &sample).await;
    let row = Onboarding {
        id: OnboardingId::fresh(ids),
        account_id: handoff.account_id,
        handoff_id: handoff.id,
        state: OnboardingState::Planned,
        package: sample.package(),
        created_at: world::now(),
    };
    let ground = Ground {
        starts_on: MONDAY,
        target: None,
        kickoff: None,
        go_live: None,
        first_value: None,
        complete: Vec::new(),
        calendars: Vec::new(),
        as_of: MONDAY,
    };
    let plan = RunningPlan {
        ground,
        phases: Vec::new(),
        tasks: Vec::new(),
        milestones: Vec::new(),
        links: Vec::new(),
    };
    let mut tx = db.write().await.unwrap();
    onboarding::insert(&mut tx, workspace, &row, None).await.unwrap();
    work::begin(&mut tx, workspace, row.id, &plan).await.unwrap();
    tx.commit().await.unwrap();
    row.id
}

fn task(number: usize) -> RunningTask {
    RunningTask {
        code: format!("task-{number:03}"),
        phase: "build".to_owned(),
        name: format!("Task {number}"),
        side: Side::Vendor,
        role: "Implementation manager".to_owned(),
        assignee: None,
        days: 2,
        rule: TaskRule::default(),
        state: TaskState::Open,
        origin: Origin::Programme,
        start: MONDAY,
        finish: date(2027, 1, 12),
        late_start: MONDAY,
        late_finish: date(2027, 1, 12),
        slack: 3,
        free_slack: 0,
        critical: false,
    }
}

async fn read(db: &Db, workspace: WorkspaceId, id: OnboardingId) -> Stored {
    let mut tx = db.read().await.unwrap();
    let kept = work::get(&mut tx, workspace, id).await.unwrap().unwrap();
    // What is kept in memory is what the rows say.
    let rows = work::of_onboardings(&mut tx, workspace, &[id]).await.unwrap();
    assert_eq!(rows[&id], kept);
    kept
}

/// Keeps a plan as it is now; whether it was still the one that was read.
async fn keep(
    db: &Db,
    ids: &CountedIds,
    workspace: WorkspaceId,
    id: OnboardingId,
    before: &Stored,
    after: &RunningPlan,
) -> bool {
    let mut tx = db.write().await.unwrap();
    let kept = work::save(&mut tx, workspace, id, before, after, ids).await.unwrap();
    tx.commit().await.unwrap();
    kept
}

#[tokio::test]
async fn of_a_large_plan_the_rows_that_changed_are_written() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let owner = world::workspace(&db, &ids, "Northbeam").await;
        let stranger = world::workspace(&db, &ids, "Southlight").await;
        let id = begun(&db, &ids, owner).await;
        let empty = read(&db, owner, id).await;
        let large = RunningPlan { tasks: (0..400).map(task).collect(), ..empty.plan.clone() };
        assert!(keep(&db, &ids, owner, id, &empty, &large).await);
        let before = read(&db, owner, id).await;
        assert_eq!(before.plan, large);

        // The first 250 move, the next 123 change in other ways, ten stay, the last 17 go, and two are new.
        let mut after = before.plan.clone();
        for (number, task) in (0_i64..).zip(&mut after.tasks).take(250) {
            task.start = MONDAY + (number % 200).days();
            task.finish = task.start + 1.day();
            (task.late_start, task.late_finish) = (task.start, task.finish);
            task.slack = number + 10;
            task.critical = number % 2 == 0;
        }
        for task in after.tasks.iter_mut().skip(250).take(123) {
            task.name.push_str(", again");
            task.assignee = Some(Assignee::Name { name: "Dana Whitfield".to_owned() });
            task.rule = TaskRule { finish_by: Some(MONDAY), ..TaskRule::default() };
            task.state = TaskState::Blocked {
                started: None,
                since: MONDAY,
                because: "IT is away".to_owned(),
                by: Some("task-001".to_owned()),
            };
        }
        after.tasks.truncate(383);
        after.tasks.extend([task(900), task(901)]);
        assert!(!keep(&db, &ids, stranger, id, &before, &after).await, "it is not theirs");
        assert_eq!(read(&db, owner, id).await, before);
        assert!(keep(&db, &ids, owner, id, &before, &after).await);

        let now = read(&db, owner, id).await;
        assert_eq!(now.plan, after);
        assert_eq!(now.revision, before.revision + 1);
        for (number, task) in after.tasks.iter().enumerate() {
            let facts = now.tasks[&task.code];
            let expected = if number < 373 { 2 } else { 1 };
            assert_eq!(facts.version, expected, "{}", task.code);
            // What stays keeps its row and its place; what is new comes after all there ever were.
            let place = if number < 383 { number } else { number + 17 };
            assert_eq!(facts.position, i64::try_from(place).unwrap(), "{}", task.code);
            if let Some(was) = before.tasks.get(&task.code) {
                assert_eq!(facts.id, was.id);
            }
        }

        assert!(!keep(&db, &ids, owner, id, &before, &large).await, "somebody else was faster");
        assert_eq!(read(&db, owner, id).await, now);
    })
    .await;
}

/// Whatever writes rows of a plan counts on its stamp, or what is kept of the plan in memory would be taken for true. Add a
/// statement here when its function does.
#[test]
fn what_writes_rows_of_plans_counts_on_their_stamp() {
    const TABLES: [&str; 5] = ["task", "milestone", "phase", "link", "plan_ground"];
    let writes = |sql: &str| {
        let words: Vec<&str> = sql.split_whitespace().collect();
        words.windows(2).any(|pair| {
            let writes = matches!(pair[0], "UPDATE" | "INTO")
                || (pair[0] == "FROM" && sql.trim_start().starts_with("DELETE"));
            writes && TABLES.contains(&pair[1])
        })
    };
    let found: Vec<&str> =
        statements().iter().filter(|known| writes(known.sql)).map(|known| known.name).collect();
    let known = [
        "contact::RENAME_IN_TASKS",
        "contact::MOVE_TASKS",
        // Rows of an onboarding that is made have no stamp yet; a plan that is made anew counts on.
        "phase::INSERT",
        "task::INSERT",
        "milestone::INSERT",
        "link::INSERT",
        "replan::DROP_PHASES",
        "replan::DROP_LINKS",
        "replan::PARK_TASKS",
        "replan::PARK_MILESTONES",
        "replan::KEEP_TASK",
        "replan::DROP_TASK",
        "replan::DROP_MILESTONE",
        "replan::CHANGE_TASKS",
        "replan::CHANGE_MILESTONE",
        "work::save::BEGIN",
        "work::save::ADVANCE",
        "work::save::INSERT_TASK",
        "work::save::MOVE_TASKS",
        "work::save::CHANGE_TASKS",
        "work::save::REMOVE_TASKS",
        "work::save::CHANGE_MILESTONES",
        "work::save::CRITERIA",
        "work::save::CHANGE_PHASES",
        "work::save::DROP_LINKS",
        "work::stamp::COUNT_ON",
        "work::baseline::TASKS",
        "work::baseline::MILESTONES",
        "work::baseline::TASK_AS",
        "work::baseline::MILESTONE_AS",
        "work::mine::LEAVE",
        "work::description::TOUCH",
    ];
    assert_eq!(found, known);
}
