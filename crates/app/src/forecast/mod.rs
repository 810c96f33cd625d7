//! When an onboarding will really go live, by what tasks took before: made once a day and after each change of its
//! plan, and kept.

mod job;

use std::collections::{BTreeMap, BTreeSet};

use gangway_domain::ids::{JobId, OnboardingId, WorkspaceId};
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::permission::Action;
use gangway_domain::plan::forecast::{Forecast, SlipModel};
use gangway_domain::programme::Side;
use gangway_domain::work::{RunningPlan, TaskState, WorkError, look_ahead, promised, seed, took};
use gangway_store::forecast as rows;
use gangway_store::job::{self as jobs, Job};
use gangway_store::onboarding::head::Head;
use gangway_store::work::Stored;
use gangway_store::{Timestamp, Tx};
use jiff::civil::Date;
use serde_json::json;

use crate::activity::{self, About};
use crate::boxed;
use crate::error::AppError;
use crate::work::{self, Sight};
use crate::{Actor, App, Door, calculate, page, standing};

pub use gangway_store::forecast::{Kept, Past};
pub use job::Forecaster;

/// Tasks done last of which a forecast learns: enough for every side and kind, read in a millisecond or two.
const HISTORY: u32 = 3_000;

/// Drivers kept with a forecast: those that decide; more would be a list of all tasks.
const DRIVERS: usize = 12;

/// The latest forecast of an onboarding, made first when it is of another day or of a plan that was changed since.
/// What is over keeps its last; none when it never had one.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Refusal`] when the plan cannot be scheduled; or when
/// the database fails.
#[boxed]
pub async fn of(app: &App, actor: &Actor, id: OnboardingId) -> Result<Option<Kept>, AppError> {
    actor.require(Action::Look)?;
    let sight = work::sight(app, actor, id).await?;
    of_sight(app, actor, &sight).await
}

/// The same of what was read already.
///
/// # Errors
/// As [`of`].
pub async fn of_sight(app: &App, actor: &Actor, sight: &Sight) -> Result<Option<Kept>, AppError> {
    actor.require(Action::Look)?;
    let kept = latest(app, actor, sight).await?;
    if is_over(sight) || kept.as_ref().is_some_and(|kept| is_current(kept, sight)) {
        return Ok(kept);
    }
    make(app, actor.workspace, sight).await.map(Some)
}

/// The forecast a page shows that must be quick: of today, though perhaps of the plan before its last change, in which
/// case a new one is being made; and whether it is of the plan as it is.
///
/// # Errors
/// As [`of`].
#[boxed]
pub async fn at_a_glance(app: &App, actor: &Actor, sight: &Sight) -> Result<(Option<Kept>, bool), AppError> {
    actor.require(Action::Look)?;
    let kept = latest(app, actor, sight).await?;
    match kept {
        Some(kept) if is_over(sight) => Ok((Some(kept), true)),
        Some(kept) if kept.dates.made_on == sight.today => {
            let is_current = is_current(&kept, sight);
            Ok((Some(kept), is_current))
        }
        _ => Ok((of_sight(app, actor, sight).await?, true)),
    }
}

/// What was forecast, the newest first, before a day: at most so many, and whether there is more.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn history(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    before: Option<Date>,
    limit: u32,
) -> Result<(Vec<Past>, bool), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let head = gangway_store::onboarding::head::get(&mut tx, actor.workspace, id).await?;
    head.ok_or_else(|| AppError::missing("onboarding", id))?;
    page::read(limit, async |limit| rows::past(&mut tx, actor.workspace, id, before, limit).await).await
}

/// What was forecast last of an onboarding that was read already, the newest first: at most so many.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn history_of(app: &App, actor: &Actor, head: &Head, limit: u32) -> Result<Vec<Past>, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    Ok(rows::past(&mut tx, actor.workspace, head.id, None, limit).await?)
}

async fn latest(app: &App, actor: &Actor, sight: &Sight) -> Result<Option<Kept>, AppError> {
    let mut tx = app.db.read().await?;
    Ok(rows::latest(&mut tx, actor.workspace, sight.head.id).await?)
}

fn is_over(sight: &Sight) -> bool {
    matches!(sight.head.state, OnboardingState::Completed | OnboardingState::Closed { .. })
}

/// It is of today, of the plan as it is, and of what is promised now.
fn is_current(kept: &Kept, sight: &Sight) -> bool {
    kept.dates.made_on == sight.today
        && kept.revision == sight.stored.revision
        && kept.dates.promised_on == promise(sight)
}

fn promise(sight: &Sight) -> Date {
    promised(&sight.stored.plan, sight.baselines.last().map(|agreed| agreed.go_live_on))
}

/// Makes a forecast and keeps it as that of the day.
async fn make(app: &App, workspace: WorkspaceId, sight: &Sight) -> Result<Kept, AppError> {
    let id = sight.head.id;
    let mut tx = app.db.read().await?;
    let history = rows::history(&mut tx, workspace, HISTORY).await?;
    drop(tx);
    let (plan, revision, today) = (sight.stored.plan.clone(), sight.stored.revision, sight.today);
    let (promised, made_at) = (promise(sight), app.now());
    let methodology = app.methodology.clone();
    let made = calculate(move || {
        let slips = SlipModel::learn(&history, &methodology.forecast.prior);
        let found = look_ahead(&plan, today, &slips, seed(id, revision), promised)?;
        Ok::<_, WorkError>(kept(&plan, found, (revision, today, promised), made_at))
    });
    let kept = made.await?.map_err(work::refused)?;
    let mut tx = app.db.write().await?;
    rows::keep(&mut tx, workspace, id, &kept).await?;
    tx.commit().await?;
    Ok(kept)
}

/// What of a forecast is kept.
fn kept(
    plan: &RunningPlan,
    found: Forecast,
    (revision, made_on, promised_on): (i64, Date, Date),
    made_at: Timestamp,
) -> Kept {
    let planned = plan.promise();
    let Forecast { runs, go_live, finish, promise, mut drivers, mut basis, .. } = found;
    let (finish_p50_on, finish_p80_on) = (finish.p50, finish.p80);
    let measured = go_live.unwrap_or(finish);
    drivers.retain(|driver| driver.sensitivity > 0.0);
    drivers.truncate(DRIVERS);
    for driver in &mut drivers {
        for figure in
            [&mut driver.criticality, &mut driver.correlation, &mut driver.sensitivity, &mut driver.mean_days]
        {
            *figure = short(*figure);
        }
    }
    for basis in &mut basis {
        for figure in [&mut basis.own_weight, &mut basis.median, &mut basis.p80] {
            *figure = short(*figure);
        }
    }
    Kept {
        made_at,
        revision,
        runs,
        finish_planned_on: planned.finish,
        dates: Past {
            made_on,
            planned_on: planned.go_live,
            p50_on: measured.p50,
            p80_on: measured.p80,
            finish_p50_on,
            finish_p80_on,
            promised_on,
            kept_percent: whole_percent(promise.map_or(0.0, |promise| promise.kept)),
        },
        detail: rows::Detail { basis, drivers },
        spread: measured.days,
    }
}

/// A figure with as many digits as it is good for, which every database gives back as they were.
fn short(figure: f64) -> f64 {
    (figure * 10_000.0).round() / 10_000.0
}

/// A share as whole per cent, cut off: 80 only where P80 keeps the promise.
#[expect(clippy::cast_possible_truncation, reason = "between 0 and 100")]
fn whole_percent(share: f64) -> i64 {
    (share.clamp(0.0, 1.0) * 100.0 + 1e-9).floor() as i64
}

/// Makes what follows of an open onboarding's facts where it is not of now: its forecast, and its colour.
pub(crate) async fn renew(app: &App, workspace: WorkspaceId, id: OnboardingId) -> Result<(), AppError> {
    let actor = Actor::system("Gangway", workspace, Door::Job);
    let sight = work::sight(app, &actor, id).await?;
    if is_over(&sight) {
        return Ok(());
    }
    let warned = look(app, &actor, &sight).await;
    // After the forecast, whose P80 it looks at; also of a plan that has none.
    standing::colour_of_sight(app, &actor, &sight).await?;
    warned
}

/// Makes the forecast if it is not of now, and warns once for each promised date it passes.
async fn look(app: &App, actor: &Actor, sight: &Sight) -> Result<(), AppError> {
    let (workspace, id) = (actor.workspace, sight.head.id);
    let Some(Kept { dates, .. }) = of_sight(app, actor, sight).await? else { return Ok(()) };
    let is_live = sight.stored.plan.ground.go_live.as_deref().is_some_and(|code| {
        let task = sight.stored.plan.task(code);
        task.is_some_and(|task| matches!(task.state, TaskState::Done { .. }))
    });
    if dates.days_past() <= 0 || is_live {
        return Ok(());
    }
    let mut tx = app.db.write().await?;
    if rows::was_warned(&mut tx, workspace, id, dates.promised_on).await? {
        return Ok(());
    }
    rows::warned(&mut tx, workspace, id, &dates).await?;
    let day = |date: Date| date.strftime("%-d %b %Y").to_string();
    let days = dates.days_past();
    let summary = format!(
        "With 80 % certainty the go-live comes by {}, {days} day{} after the promised {}; the promise is kept in {} % of the runs",
        day(dates.p80_on),
        if days == 1 { "" } else { "s" },
        day(dates.promised_on),
        dates.kept_percent,
    );
    let about = About { account: Some(sight.head.account_id), onboarding: Some(id) };
    activity::record(app, &mut tx, actor, "onboarding.forecast_passed_promise", about, summary).await?;
    tx.commit().await?;
    Ok(())
}

/// Has the forecast and the colour of an onboarding made when the transaction is over.
pub(crate) async fn want(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<(), AppError> {
    let now = app.now();
    let job = Job {
        id: JobId::fresh(&*app.ids),
        kind: job::ONE.to_owned(),
        payload: json!({ "onboarding": id }),
        run_at: now,
        created_at: now,
    };
    jobs::insert(tx, workspace, &job).await?;
    Ok(())
}

/// Has the forecasts of a workspace made every day, unless they are.
pub(crate) async fn begin(app: &App, workspace: WorkspaceId) -> Result<(), AppError> {
    let mut tx = app.db.write().await?;
    if !jobs::is_waiting(&mut tx, workspace, job::DAILY).await? {
        let job = crate::job::plain(app, job::DAILY, app.now());
        jobs::insert(&mut tx, workspace, &job).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Remembers what tasks took that were done by a change, and forgets what is not done any more.
pub(crate) async fn learn(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
    before: &Stored,
    plan: &RunningPlan,
) -> Result<(), AppError> {
    let known: BTreeSet<&str> = plan.tasks.iter().map(|task| task.code.as_str()).collect();
    let is_done = |state: &TaskState| matches!(state, TaskState::Done { .. });
    let gone =
        before.plan.tasks.iter().filter(|task| is_done(&task.state) && !known.contains(task.code.as_str()));
    for task in gone {
        rows::not_done(tx, workspace, id, &task.code).await?;
    }
    let states: BTreeMap<&str, &TaskState> =
        before.plan.tasks.iter().map(|task| (task.code.as_str(), &task.state)).collect();
    for task in &plan.tasks {
        let was = states.get(task.code.as_str()).copied();
        if was == Some(&task.state) {
            continue;
        }
        let agreed = before.tasks.get(&task.code).and_then(|facts| facts.baseline);
        let agreed = agreed.and_then(|(_, _, days)| u32::try_from(days).ok());
        match took(plan, task, agreed) {
            Ok(Some(took)) => rows::took(tx, workspace, id, &took).await?,
            // A calendar without working days schedules nothing, so it teaches nothing either.
            Ok(None) | Err(_) if was.is_some_and(is_done) => {
                rows::not_done(tx, workspace, id, &task.code).await?
            }
            Ok(None) | Err(_) => {}
        }
    }
    Ok(())
}

/// How much of a side's figures the workspace's own history is, in words: what forecasts say they stand on.
#[must_use]
pub fn basis_in_words(kept: &Kept) -> Vec<String> {
    let sides = [(Side::Vendor, "vendor"), (Side::Customer, "customer"), (Side::Joint, "joint")];
    let of = |(side, word): (Side, &str)| {
        let mine = kept.detail.basis.iter().filter(|basis| basis.owner == side);
        let basis = mine.max_by_key(|basis| basis.of_side)?;
        Some(match basis.of_side {
            0 => format!("{word} tasks: the stated prior, none finished yet"),
            1 => format!("{word} tasks: 1 finished, and the stated prior"),
            some if (some as usize) < gangway_domain::plan::forecast::ENOUGH => {
                format!("{word} tasks: {some} finished, and the stated prior")
            }
            many => format!("{word} tasks: {many} finished"),
        })
    };
    sides.into_iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::{short, whole_percent};

    #[test]
    fn figures_are_kept_with_four_digits() {
        assert_eq!([0.123_456, 2.0 / 3.0, -1.0].map(short), [0.123_5, 0.666_7, -1.0]);
    }

    #[test]
    fn eighty_per_cent_means_that_p80_keeps_the_promise() {
        assert_eq!(whole_percent(0.8), 80);
        assert_eq!(whole_percent(0.79999), 79);
        assert_eq!(whole_percent(0.29), 29, "0.29 × 100 is a little less than 29 in binary");
        assert_eq!((whole_percent(0.0), whole_percent(1.0)), (0, 100));
    }
}
