//! Working a plan: its tasks and milestones are started, done, blocked, moved, added and removed; every change
//! schedules the whole again and writes into the ledger why dates moved.

mod add;
mod baseline;
mod begin;
mod calendars;
mod export;
mod facts;
mod kickoff;
mod mine;
pub(crate) mod recurring;
mod talk;
mod template;
mod view;

use std::collections::BTreeSet;

use gangway_domain::ids::OnboardingId;
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::permission::Action;
use gangway_domain::rule::Facts;
use gangway_domain::work::{
    self, Because, Change, Context, Entry, Promise, RunningPlan, TaskState, WorkError,
};
use gangway_store::onboarding::{self, head::Head};
use gangway_store::portal::link as deeds;
use gangway_store::work::ledger::{self, Line, Maker};
use gangway_store::work::{self as rows, Stored};
use gangway_store::{Timestamp, Tx};

use crate::activity::{self, About};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::{Actor, App, calculate, forecast, people, training, version};

pub use add::NewTask;
pub(crate) use add::add_tasks;
pub use baseline::{baselines, keep_baseline};
pub use begin::as_planned;
pub(crate) use begin::{backfill, begin, live, replanned};
pub use calendars::{Calendars, calendars, countries, holidays};
pub use export::plan_file;
pub(crate) use kickoff::{HELD, KICKED_OFF, hold_kickoff};
pub use mine::{MyWork, my_work};
pub use recurring::{
    Made, Repeated, Repeater, Repeating, Step, change_series, preview_series, repeat, repeated, series,
};
pub use talk::{
    LARGEST_FILE, LONGEST_DESCRIPTION, NewFile, Talk, add_check, add_file, comment, describe, descriptions,
    file, remove_check, remove_comment, remove_file, seen, talk, tick,
};
pub(crate) use talk::{checked_upload, keep_file, prepared_upload};
pub use template::{Begun, from_template, template, templates};
pub(crate) use view::stored;
pub use view::{
    Ledger, MilestoneSight, Sight, TaskSight, assignable, assignee, entries_of, gates, ledger, meanwhile,
    milestone, place, plan, sight, task,
};

/// Most changes made at once.
const MOST_CHANGES: usize = 500;

/// What became of a plan, or would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Counts the plan's changes, from 1: what the next change compares.
    pub revision: i64,
    /// Number of the first entry in the ledger, by which all of it can be taken back; none when nothing was kept.
    pub batch: Option<i64>,
    /// What happened, in order.
    pub entries: Vec<Entry>,
    /// The dates before.
    pub before: Promise,
    /// And after.
    pub after: Promise,
    /// The plan after.
    pub plan: RunningPlan,
    /// The task (its code) that was done before, so that nothing was changed.
    pub already: Option<String>,
}

/// Changes a plan that is still what it was when it was looked at; `revision` may be left out by whoever does not
/// care. All changes are made, or none. Saying once more that a task is done changes nothing, and is no mistake.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Stale`], [`AppError::Invalid`],
/// [`AppError::Refusal`] when the plan does not allow it; or when the database fails.
#[boxed]
pub async fn change(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    revision: Option<i64>,
    changes: Vec<Change>,
) -> Result<Outcome, AppError> {
    change_because(app, actor, id, revision, changes, None).await
}

/// The same, with what the ledger says of it and who answers for it.
///
/// # Errors
/// As [`change`].
#[boxed]
pub async fn change_because(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    revision: Option<i64>,
    changes: Vec<Change>,
    because: Option<Because>,
) -> Result<Outcome, AppError> {
    allowed(actor, &changes)?;
    // Whoever is a moment later than somebody who says the same finds it done.
    let is_one = matches!(changes.as_slice(), [Change::Finish { .. }]);
    let again = is_one.then(|| (changes.clone(), because.clone()));
    let made = Box::pin(change_once(app, actor, id, revision, changes, because)).await;
    match (made, again) {
        (Err(AppError::Stale { .. } | AppError::Overtaken), Some((changes, because))) => {
            Box::pin(change_once(app, actor, id, revision, changes, because)).await
        }
        (made, _) => made,
    }
}

async fn change_once(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    revision: Option<i64>,
    changes: Vec<Change>,
    because: Option<Because>,
) -> Result<Outcome, AppError> {
    let mut tx = app.db.write().await?;
    let outcome = change_with(app, &mut tx, actor, id, revision, changes, because).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// The same in a transaction of somebody else, who has asked for permission.
pub(crate) async fn change_with(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: OnboardingId,
    revision: Option<i64>,
    changes: Vec<Change>,
    because: Option<Because>,
) -> Result<Outcome, AppError> {
    let head = head(tx, actor, id).await?;
    let stored = open(app, tx, actor, &head, None).await?;
    // Whoever says what somebody said a moment before has seen the plan as it was then.
    if let Some(task) = done_before(&stored.plan, &changes) {
        return Ok(unchanged(stored, task));
    }
    if let Some(revision) = revision {
        version::fresh("plan", stored.revision, revision)?;
    }
    let kind = kind_of(&changes);
    let lists = add::checklists(&changes);
    let kicked_off = kicks_off(&stored.plan, &changes) && head.state == OnboardingState::Planned;
    let known = facts::besides(app, tx, actor.workspace, id).await?;
    let outcome = calculated(app, actor, &stored, changes, because, known).await?;
    let outcome = keep(app, tx, actor, &head, &stored, outcome, kind).await?;
    add::keep_checklists(app, tx, actor, id, &outcome, lists).await?;
    if kicked_off {
        kickoff::run(tx, actor, &head).await?;
        kickoff::tell(app, tx, actor, &head).await?;
    }
    Ok(outcome)
}

/// The task (its code) that all that is asked for is to finish, where it is done.
fn done_before(plan: &RunningPlan, changes: &[Change]) -> Option<String> {
    let [Change::Finish { task, .. }] = changes else { return None };
    let known = plan.task(task)?;
    matches!(known.state, TaskState::Done { .. }).then(|| task.clone())
}

/// A plan of which nothing was changed, because this task was done before.
fn unchanged(stored: Stored, task: String) -> Outcome {
    let promise = stored.plan.promise();
    Outcome {
        revision: stored.revision,
        batch: None,
        entries: Vec::new(),
        before: promise,
        after: promise,
        plan: stored.plan,
        already: Some(task),
    }
}

/// Who said last that a task (its code) is done, and when; nothing when no such word stands.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn finished(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    task: &str,
) -> Result<Option<(String, Timestamp)>, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    Ok(ledger::finished(&mut tx, actor.workspace, id, task).await?)
}

/// Changes that were ticked together: those that still change something are made, the others are left out, so that one
/// task that is done already holds up none. Returns what became of the plan, nothing when nothing was left to change, and
/// the codes of the tasks that were left out.
///
/// # Errors
/// As [`change`].
#[boxed]
pub async fn change_ticked(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    revision: Option<i64>,
    changes: Vec<Change>,
    because: Option<Because>,
) -> Result<(Option<Outcome>, Vec<String>), AppError> {
    allowed(actor, &changes)?;
    let (_, stored) = stored(app, actor, id).await?;
    let repeats = |change: &Change| change.repeats(&stored.plan).map(str::to_owned);
    let left_out: Vec<String> = changes.iter().filter_map(repeats).collect();
    let changes: Vec<Change> = changes.into_iter().filter(|change| repeats(change).is_none()).collect();
    // No change at all would bring the whole plan to today, which nobody asked for.
    if changes.is_empty() {
        return Ok((None, left_out));
    }
    if let Some(revision) = revision {
        version::fresh("plan", stored.revision, revision)?;
    }
    let outcome = change_because(app, actor, id, Some(stored.revision), changes, because).await?;
    Ok((Some(outcome), left_out))
}

/// What changes would do; nothing is kept.
///
/// # Errors
/// As [`change`].
#[boxed]
pub async fn preview(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    revision: Option<i64>,
    changes: Vec<Change>,
) -> Result<Outcome, AppError> {
    actor.require(Action::Look)?;
    limited(&changes)?;
    let (_, stored) = stored(app, actor, id).await?;
    if let Some(revision) = revision {
        version::fresh("plan", stored.revision, revision)?;
    }
    let mut tx = app.db.read().await?;
    let known = facts::besides(app, &mut tx, actor.workspace, id).await?;
    drop(tx);
    let work::Outcome { plan, entries } = calculated(app, actor, &stored, changes, None, known).await?;
    let (before, after) = (stored.plan.promise(), plan.promise());
    Ok(Outcome { revision: stored.revision, batch: None, entries, before, after, plan, already: None })
}

/// Takes back what was changed at once, when nothing of it was changed again since.
///
/// # Errors
/// [`AppError::NotFound`] when the ledger has no such entry, [`AppError::Refusal`] when it was taken back already
/// or changed again; otherwise as [`change`].
#[boxed]
pub async fn undo(app: &App, actor: &Actor, id: OnboardingId, batch: i64) -> Result<Outcome, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = head(&mut tx, actor, id).await?;
    let stored = open(app, &mut tx, actor, &head, None).await?;
    let lines = ledger::of_batch(&mut tx, actor.workspace, id, batch).await?;
    let Some(last) = lines.first().map(|line| line.number) else {
        return Err(AppError::missing("change", batch));
    };
    if lines.iter().any(|line| line.undone_by.is_some()) {
        return Err(AppError::Refusal("this change was taken back already".to_owned()));
    }
    let lines: Vec<Line> = lines.into_iter().filter(|line| line.undo != work::Patch::default()).collect();
    if lines.is_empty() {
        return Err(AppError::Refusal("days that passed cannot be taken back".to_owned()));
    }
    let later = ledger::after(&mut tx, actor.workspace, id, last).await?;
    if let Some(other) = later.iter().find(|later| lines.iter().any(|line| overlaps(line, later))) {
        return Err(AppError::Refusal(format!(
            "it was changed again since (number {}: {}): take that back first",
            other.number, other.summary
        )));
    }
    let today = app.today();
    let before = stored.plan.clone();
    let undone = calculate(move || {
        let mut outcome = work::Outcome { plan: before, entries: Vec::new() };
        for line in lines {
            let summary = format!("Took back: {}", line.summary);
            let next = work::undo(&outcome.plan, line.undo, summary, line.side, today)?;
            outcome.plan = next.plan;
            outcome.entries.extend(next.entries);
        }
        Ok::<_, WorkError>(outcome)
    });
    let undone = undone.await?.map_err(refused)?;
    let outcome = keep(app, &mut tx, actor, &head, &stored, undone, "plan.change_undone").await?;
    if let Some(by) = outcome.batch {
        ledger::undone(&mut tx, actor.workspace, id, batch, by).await?;
    }
    kickoff::taken_back(&mut tx, actor, &head, &stored.plan, &outcome.plan).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// Brings the dates of a plan to today: what should have happened and did not moves what waits for it.
///
/// # Errors
/// As [`change`].
pub async fn catch_up(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    revision: Option<i64>,
) -> Result<Outcome, AppError> {
    change(app, actor, id, revision, Vec::new()).await
}

/// A later change touches what an earlier one would put back.
fn overlaps(line: &Line, later: &Line) -> bool {
    let subjects = later.undo.subjects();
    line.undo.subjects().iter().any(|code| subjects.contains(code))
        || (line.undo.links.is_some() && later.undo.links.is_some())
        || (line.undo.ground.is_some() && later.undo.ground.is_some())
}

fn allowed(actor: &Actor, changes: &[Change]) -> Result<(), AppError> {
    actor.require(Action::RunOnboarding)?;
    if changes.iter().any(|change| matches!(change, Change::Waive { .. })) {
        actor.require(Action::WaiveGates)?;
    }
    limited(changes)
}

fn limited(changes: &[Change]) -> Result<(), AppError> {
    if changes.len() > MOST_CHANGES {
        let message = format!("are too many at once: {MOST_CHANGES} at most");
        return Err(AppError::Invalid(vec![Problem::new("changes", message)]));
    }
    Ok(())
}

/// The plan of an onboarding that is not over, as it was looked at.
async fn open(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    revision: Option<i64>,
) -> Result<Stored, AppError> {
    if matches!(head.state, OnboardingState::Completed | OnboardingState::Closed { .. }) {
        return Err(AppError::Refusal("the onboarding is over: its plan stays as it is".to_owned()));
    }
    let stored = begin::existing_or_begun(app, tx, actor, head.id).await?;
    if let Some(revision) = revision {
        version::fresh("plan", stored.revision, revision)?;
    }
    Ok(stored)
}

async fn calculated(
    app: &App,
    actor: &Actor,
    stored: &Stored,
    changes: Vec<Change>,
    because: Option<Because>,
    facts: Facts,
) -> Result<work::Outcome, AppError> {
    let (plan, today, who) = (stored.plan.clone(), app.today(), actor.name.clone());
    let made = calculate(move || {
        work::run(&plan, &changes, because.as_ref(), &Context { today, who: &who, besides: Some(&facts) })
    });
    made.await?.map_err(refused)
}

/// Writes a plan down, with its entries.
async fn keep(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    stored: &Stored,
    outcome: work::Outcome,
    kind: &'static str,
) -> Result<Outcome, AppError> {
    let work::Outcome { plan, entries } = outcome;
    let workspace = actor.workspace;
    let (before, after) = (stored.plan.promise(), plan.promise());
    if entries.is_empty() && plan.ground == stored.plan.ground {
        let revision = stored.revision;
        return Ok(Outcome { revision, batch: None, entries, before, after, plan, already: None });
    }
    let done = rows::save(tx, workspace, head.id, stored, &plan, &*app.ids).await?;
    version::after("plan", stored.revision, done)?;
    for code in reopened(&stored.plan, &plan) {
        // Links that say it is done were of use for the state before: a mail of last week must not end it again.
        if let Some(facts) = stored.tasks.get(code) {
            deeds::delete_of_task(tx, workspace, head.id, facts.id).await?;
        }
    }
    forecast::learn(tx, workspace, head.id, stored, &plan).await?;
    forecast::want(app, tx, workspace, head.id).await?;
    let door = actor.door.to_string();
    let maker = Maker { at: app.now(), name: &actor.name, person: actor.person, door: &door };
    let batch = match entries.as_slice() {
        [] => None,
        some => Some(ledger::write(tx, workspace, head.id, maker, some).await.map_err(AppError::overtaken)?),
    };
    let follow = Box::pin(people::follow(app, tx, actor, head.id, (&stored.plan, &plan))).await?;
    if !entries.is_empty() {
        let summary = told(kind, &entries, (before, after), follow);
        activity::record(app, tx, actor, kind, About::of(head), summary).await?;
    }
    let why = entries.first().map_or("other working days", |first| first.summary.as_str());
    training::follow(app, tx, actor, head.id, (&stored.plan, &plan), why).await?;
    Ok(Outcome { revision: stored.revision + 1, batch, entries, before, after, plan, already: None })
}

/// Codes of tasks that were over and are not any more.
fn reopened<'a>(before: &'a RunningPlan, after: &RunningPlan) -> Vec<&'a str> {
    let waiting = after.tasks.iter().filter(|task| !task.state.is_over());
    let waiting: BTreeSet<&str> = waiting.map(|task| task.code.as_str()).collect();
    let over = before.tasks.iter().filter(|task| task.state.is_over()).map(|task| task.code.as_str());
    over.filter(|code| waiting.contains(code)).collect()
}

/// What the activity log says: the first change, how many more, where the go-live went, and how many messages of the
/// communication plan followed.
fn told(kind: &str, entries: &[Entry], (before, after): (Promise, Promise), messages: usize) -> String {
    let first = match entries.first() {
        Some(_) if kind == KICKED_OFF => HELD,
        first => first.map(|entry| entry.summary.as_str()).unwrap_or_default(),
    };
    let more = match entries.len() {
        0 | 1 => String::new(),
        many => format!(", and {} more", many - 1),
    };
    let day = |date: jiff::civil::Date| date.strftime("%-d %b %Y").to_string();
    let follow = match messages {
        0 => String::new(),
        1 => "; a planned message follows".to_owned(),
        many => format!("; {many} planned messages follow"),
    };
    if before.go_live == after.go_live {
        format!("{first}{more}{follow}")
    } else {
        format!("{first}{more}; go-live {} → {}{follow}", day(before.go_live), day(after.go_live))
    }
}

fn kind_of(changes: &[Change]) -> &'static str {
    let is = |test: fn(&Change) -> bool| changes.iter().any(test);
    if is(|change| matches!(change, Change::Waive { .. })) {
        "milestone.waived"
    } else if is(|change| matches!(change, Change::Reach { .. })) {
        "milestone.reached"
    } else {
        "plan.changed"
    }
}

/// Some change says that the kickoff was held.
fn kicks_off(plan: &RunningPlan, changes: &[Change]) -> bool {
    let kickoff = plan.ground.kickoff.as_deref();
    changes
        .iter()
        .any(|change| matches!(change, Change::Finish { task, .. } if Some(task.as_str()) == kickoff))
}

/// Why a change is refused, as other use cases say it.
pub(crate) fn refused(error: WorkError) -> AppError {
    match error {
        WorkError::Invalid { field, message } => AppError::Invalid(vec![Problem::new(field, message)]),
        other => AppError::refused(other),
    }
}

async fn head(tx: &mut Tx, actor: &Actor, id: OnboardingId) -> Result<Head, AppError> {
    onboarding::head::get(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("onboarding", id))
}
