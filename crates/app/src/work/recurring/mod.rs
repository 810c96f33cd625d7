//! Tasks that repeat: series are made, changed, paused and ended; their occurrences come into the plan ahead of
//! time, at once and every day.

mod job;

use gangway_domain::ids::{OnboardingId, SeriesId, TaskId, WorkspaceId};
use gangway_domain::permission::Action;
use gangway_domain::work::{
    Assignee, Follow, Followed, Occurrence, RunningPlan, RunningTask, Series, SeriesState, follow,
};
use gangway_store::onboarding::head::Head;
use gangway_store::work::recurring::{self as series_rows, Kept};
use gangway_store::work::{self as rows, Stored};
use gangway_store::{Tx, contact, job as jobs, membership};
use jiff::ToSpan;
use jiff::civil::Date;

use super::{head, open, refused, view};
use crate::boxed;
use crate::error::AppError;
use crate::register::record;
use crate::{Actor, App, Door, calculate, forecast, version};

pub use job::Repeater;

/// Most series of an onboarding.
const MOST_SERIES: usize = 50;
/// Occurrences shown before a series is made.
const SHOWN: usize = 12;
/// Days in which they are looked for.
const AHEAD: i64 = 366;

/// A series with what was made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeating {
    /// The series.
    pub kept: Kept,
    /// Its occurrences that were made, oldest first.
    pub made: Vec<Made>,
}

/// An occurrence that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The day its rhythm names.
    pub due: Date,
    /// Code of its task.
    pub code: String,
    /// The task; none when somebody removed it.
    pub task: Option<(TaskId, RunningTask)>,
}

/// The series of an onboarding with the plan they stand in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeated {
    /// The onboarding.
    pub head: Head,
    /// Its plan.
    pub plan: RunningPlan,
    /// The series: all of them, or the one that was asked for.
    pub series: Vec<Repeating>,
    /// The day it was looked at.
    pub today: Date,
}

/// What happens to a series beside what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// No occurrences for now.
    Pause,
    /// Occurrences again.
    Resume,
    /// No occurrences any more.
    End,
}

impl Repeating {
    /// The next occurrence that is still to be done.
    #[must_use]
    pub fn next(&self, today: Date) -> Option<&Made> {
        let is_next = |made: &&Made| {
            made.task.as_ref().is_some_and(|(_, task)| !task.state.is_over() && task.finish >= today)
        };
        self.made.iter().find(is_next)
    }

    fn new(kept: Kept, made: impl IntoIterator<Item = (Date, String)>, stored: &Stored) -> Self {
        let one = |(due, code): (Date, String)| {
            let id = stored.tasks.get(&code).map(|facts| facts.id);
            let task = id.zip(stored.plan.task(&code).cloned());
            Made { due, code, task }
        };
        Self { kept, made: made.into_iter().map(one).collect() }
    }
}

/// What repeats in an onboarding.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn repeated(app: &App, actor: &Actor, id: OnboardingId) -> Result<Repeated, AppError> {
    actor.require(Action::Look)?;
    let (head, stored) = view::stored(app, actor, id).await?;
    let mut tx = app.db.read().await?;
    let mut series = Vec::new();
    for kept in series_rows::of_onboarding(&mut tx, actor.workspace, id).await? {
        let made = series_rows::made(&mut tx, actor.workspace, kept.id).await?;
        series.push(Repeating::new(kept, made, &stored));
    }
    Ok(Repeated { head, plan: stored.plan, series, today: app.today() })
}

/// One series, as the only one of its onboarding.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn series(app: &App, actor: &Actor, id: SeriesId) -> Result<(Repeated, Repeating), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let kept = find(&mut tx, actor, id).await?;
    drop(tx);
    let mut repeated = repeated(app, actor, kept.onboarding).await?;
    let place = repeated.series.iter().position(|one| one.kept.id == id);
    let place = place.ok_or_else(|| AppError::missing("series", id))?;
    let one = repeated.series.swap_remove(place);
    repeated.series.clear();
    Ok((repeated, one))
}

/// When a series would be due, the first days of it; nothing is kept.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn preview_series(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    series: Series,
) -> Result<(Repeated, Series, Vec<Occurrence>), AppError> {
    let repeated = repeated(app, actor, id).await?;
    let today = repeated.today;
    let series = series.checked(&repeated.plan, today).map_err(refused)?;
    let until = today.saturating_add(AHEAD.days()).max(series.starts_on.saturating_add(AHEAD.days()));
    let due = series.due(&repeated.plan, &std::collections::BTreeSet::new(), today, until);
    let mut due = due.map_err(AppError::refused)?;
    due.truncate(SHOWN);
    Ok((repeated, series, due))
}

/// Lets a task repeat; what is due within the horizon is in the plan at once.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Refusal`] when the onboarding
/// is over or has too many; or when the database fails.
#[boxed]
pub async fn repeat(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    series: Series,
) -> Result<Repeating, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = head(&mut tx, actor, id).await?;
    let stored = open(app, &mut tx, actor, &head, None).await?;
    let known = series_rows::of_onboarding(&mut tx, actor.workspace, id).await?;
    let is_over = |one: &&Kept| matches!(one.state, SeriesState::Ended { .. });
    if known.len() - known.iter().filter(is_over).count() >= MOST_SERIES {
        return Err(AppError::Refusal(format!(
            "an onboarding repeats {MOST_SERIES} tasks at most: end one first"
        )));
    }
    let kept = Kept {
        id: SeriesId::fresh(&*app.ids),
        onboarding: id,
        number: series_rows::next_number(&mut tx, actor.workspace, id).await?,
        series: series.checked(&stored.plan, app.today()).map_err(refused)?,
        state: SeriesState::Running,
        made_by: actor.name.clone(),
        made_at: app.now(),
        version: 1,
    };
    series_rows::insert(&mut tx, actor.workspace, &kept).await.map_err(AppError::overtaken)?;
    let stored = bring(app, &mut tx, actor, &head, stored, &kept, false).await?;
    let summary = format!(
        "“{}” repeats {}, {}",
        kept.series.name,
        kept.series.rhythm_in_words(),
        kept.series.end_in_words(&stored.plan)
    );
    record(app, &mut tx, actor, &head, "plan.series_added", summary).await?;
    plan_job(app, &mut tx, actor.workspace).await?;
    let made = series_rows::made(&mut tx, actor.workspace, kept.id).await?;
    tx.commit().await?;
    Ok(Repeating::new(kept, made, &stored))
}

/// Changes what a series says, or whether it goes on, when it is still what it was when it was looked at. What has
/// not begun follows; what was done, skipped or tied to other tasks stays.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Stale`], [`AppError::Refusal`]
/// when its state or that of the onboarding does not allow it; or when the database fails.
#[boxed]
pub async fn change_series(
    app: &App,
    actor: &Actor,
    id: SeriesId,
    version: i64,
    wanted: Option<Series>,
    step: Option<Step>,
) -> Result<Repeating, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let known = find(&mut tx, actor, id).await?;
    version::fresh("series", known.version, version)?;
    let head = head(&mut tx, actor, known.onboarding).await?;
    let stored = open(app, &mut tx, actor, &head, None).await?;
    let (today, version) = (app.today(), known.version + 1);
    let mut next = Kept { version, ..known.clone() };
    if let Some(wanted) = wanted
        && wanted != known.series
    {
        if matches!(known.state, SeriesState::Ended { .. }) {
            return Err(AppError::Refusal("a series that is ended cannot be changed".to_owned()));
        }
        next.series = wanted.checked(&stored.plan, today).map_err(refused)?;
    }
    if let Some(step) = step {
        let state = match step {
            Step::Pause => known.state.pause(today),
            Step::Resume => known.state.resume(),
            Step::End => known.state.end(today),
        };
        next.state = state.map_err(AppError::refused)?;
    }
    let (is_changed, has_moved) = (next.series != known.series, next.state != known.state);
    if !is_changed && !has_moved {
        let made = series_rows::made(&mut tx, actor.workspace, id).await?;
        return Ok(Repeating::new(known, made, &stored));
    }
    let as_seen = Kept { version: known.version, ..next.clone() };
    if !series_rows::change(&mut tx, actor.workspace, &as_seen).await? {
        return Err(AppError::Stale { what: "series", version });
    }
    let stored = bring(app, &mut tx, actor, &head, stored, &next, is_changed).await?;
    let (kind, summary) = deed(&next, &stored.plan, has_moved);
    record(app, &mut tx, actor, &head, kind, summary).await?;
    let made = series_rows::made(&mut tx, actor.workspace, id).await?;
    tx.commit().await?;
    Ok(Repeating::new(next, made, &stored))
}

/// What the activity log says of a change.
fn deed(next: &Kept, plan: &RunningPlan, has_moved: bool) -> (&'static str, String) {
    let Kept { series, state, .. } = next;
    let name = &series.name;
    match state {
        SeriesState::Ended { .. } if has_moved => {
            ("plan.series_ended", format!("“{name}” does not repeat any more"))
        }
        SeriesState::Paused { .. } if has_moved => {
            ("plan.series_changed", format!("“{name}” does not repeat for now"))
        }
        SeriesState::Running if has_moved => ("plan.series_changed", format!("“{name}” repeats again")),
        _ => {
            let (often, end) = (series.rhythm_in_words(), series.end_in_words(plan));
            ("plan.series_changed", format!("“{name}” repeats {often}, {end}"))
        }
    }
}

async fn find(tx: &mut Tx, actor: &Actor, id: SeriesId) -> Result<Kept, AppError> {
    let kept = series_rows::get(tx, actor.workspace, id).await?;
    kept.ok_or_else(|| AppError::missing("series", id))
}

/// Brings the occurrences of a series into the plan, and out of it. Gives the plan as it is stored then.
async fn bring(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    stored: Stored,
    kept: &Kept,
    is_changed: bool,
) -> Result<Stored, AppError> {
    let workspace = actor.workspace;
    let made = series_rows::made(tx, workspace, kept.id).await?;
    let series = with_who_is_there(tx, workspace, head, kept.series.clone()).await?;
    let (plan, today, state) = (stored.plan.clone(), app.today(), kept.state);
    let (id, number) = (kept.id, kept.number);
    let followed = calculate(move || {
        let asked = Follow { id, number, series: &series, state, made: &made, is_changed };
        follow(&plan, asked, today)
    });
    let Followed { plan, added, dropped } = followed.await?.map_err(refused)?;
    if plan == stored.plan {
        return Ok(stored);
    }
    let done = rows::save(tx, workspace, head.id, &stored, &plan, &*app.ids).await?;
    version::after("plan", stored.revision, done)?;
    for due in dropped {
        series_rows::forget(tx, workspace, id, due).await?;
    }
    for (due, code) in added {
        series_rows::make(tx, workspace, id, due, &code).await.map_err(AppError::overtaken)?;
    }
    // What is forecast stays what it is, but of the plan as it is now.
    forecast::want(app, tx, workspace, head.id).await?;
    rows::get(tx, workspace, head.id).await?.ok_or_else(|| AppError::missing("onboarding", head.id))
}

/// A series whose assignee has left gives its tasks to the name only: people still know whom to ask.
async fn with_who_is_there(
    tx: &mut Tx,
    workspace: WorkspaceId,
    head: &Head,
    series: Series,
) -> Result<Series, AppError> {
    let is_there = match &series.assignee {
        Some(Assignee::Person { id, .. }) => membership::get(tx, workspace, *id).await?.is_some(),
        Some(Assignee::Contact { id, .. }) => {
            let contacts = contact::of_account(tx, workspace, head.account_id).await?;
            contacts.iter().any(|contact| contact.id == *id)
        }
        Some(Assignee::Name { .. }) | None => true,
    };
    if is_there {
        return Ok(series);
    }
    let name = series.assignee.as_ref().map(|who| Assignee::Name { name: who.name().to_owned() });
    Ok(Series { assignee: name, ..series })
}

/// Brings what is due in one onboarding into its plan.
async fn fill(app: &App, workspace: WorkspaceId, id: OnboardingId) -> Result<(), AppError> {
    let actor = Actor::system("Gangway", workspace, Door::Job);
    let mut tx = app.db.write().await?;
    let head = head(&mut tx, &actor, id).await?;
    let mut stored = open(app, &mut tx, &actor, &head, None).await?;
    for kept in series_rows::of_onboarding(&mut tx, workspace, id).await? {
        if kept.state == SeriesState::Running {
            stored = bring(app, &mut tx, &actor, &head, stored, &kept, false).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// Has what is due brought into the plans of a workspace every day, unless it is.
pub(crate) async fn begin(app: &App, workspace: WorkspaceId) -> Result<(), AppError> {
    let mut tx = app.db.write().await?;
    plan_job(app, &mut tx, workspace).await?;
    tx.commit().await?;
    Ok(())
}

async fn plan_job(app: &App, tx: &mut Tx, workspace: WorkspaceId) -> Result<(), AppError> {
    if !jobs::is_waiting(tx, workspace, job::DAILY).await? {
        jobs::insert(tx, workspace, &crate::job::plain(app, job::DAILY, app.now())).await?;
    }
    Ok(())
}
