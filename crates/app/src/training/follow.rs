//! Tracks follow a plan that moved: what nobody was invited to is planned anew at the same distance, what people were
//! invited to waits until somebody moves it and tells them.

use gangway_domain::ids::{OnboardingId, TrainingSessionId};
use gangway_domain::meeting::{Slot, Status};
use gangway_domain::permission::Action;
use gangway_domain::work::{RunningPlan, RunningTask};
use gangway_store::Tx;
use gangway_store::training::{self as tracks, session as rows};
use jiff::civil::Date;

use super::days::Days;
use super::invite::{Invited, tell};
use super::session::keep;
use super::{Session, Track};
use crate::boxed;
use crate::error::AppError;
use crate::register::{onboarding, record};
use crate::{Actor, App, version};

/// Lets the tracks of an onboarding follow their tasks from one plan to the next. `why` is what moved the plan.
pub(crate) async fn follow(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: OnboardingId,
    (before, after): (&RunningPlan, &RunningPlan),
    why: &str,
) -> Result<(), AppError> {
    let moved: Vec<(Track, &RunningTask, &RunningTask)> = tracks::of_onboarding(tx, actor.workspace, id)
        .await?
        .into_iter()
        .filter_map(|track| {
            let code = track.task.clone()?;
            let (was, is) = (before.task(&code)?, after.task(&code)?);
            // A task that is over has been given when it was given.
            let moved = (was.start, was.finish) != (is.start, is.finish) && !is.state.is_over();
            moved.then_some((track, was, is))
        })
        .collect();
    if moved.is_empty() {
        return Ok(());
    }
    let head = onboarding(tx, actor, id).await?;
    let days = Days::of(tx, actor.workspace, Some(after)).await?;
    let sessions = rows::of_onboarding(tx, actor.workspace, id).await?;
    for (track, was, is) in moved {
        let own = sessions.iter().filter(|session| session.track == Some(track.id));
        let own: Vec<Session> = own.cloned().collect();
        let (anew, waiting) = follow_task(app, tx, actor, &days, own, (was, is)).await?;
        let sized = Track {
            starts_on: shifted(&days, (was, is), track.starts_on),
            finishes_on: shifted(&days, (was, is), track.finishes_on),
            ..track
        };
        let done = tracks::change(tx, actor.workspace, &sized).await?;
        version::after("training track", sized.version, done)?;
        if anew + waiting == 0 {
            // The plan's own entry says that its days moved.
            continue;
        }
        let summary = format!(
            "The training {} follows the plan from {} to {}: {anew} planned anew, {waiting} to be moved ({why})",
            sized.name, was.start, is.start,
        );
        record(app, tx, actor, &head, "training.followed", summary).await?;
    }
    Ok(())
}

/// Where a day of a track belongs: on the days of its task where it lay on them, else at the same distance.
fn shifted(days: &Days, (was, is): (&RunningTask, &RunningTask), day: Date) -> Date {
    if day == was.start {
        is.start
    } else if day == was.finish {
        is.finish
    } else {
        days.at_same_distance((was.start, is.start), day)
    }
}

/// Plans anew what nobody was invited to, and notes where the rest belongs: how many of each.
async fn follow_task(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    days: &Days,
    mut sessions: Vec<Session>,
    (was, is): (&RunningTask, &RunningTask),
) -> Result<(usize, usize), AppError> {
    let today = app.today();
    let (mut anew, mut waiting) = (0, 0);
    sessions.retain(|one| one.status == Status::Planned && one.slot.on >= today);
    for session in sessions {
        // Whoever was invited is led on from where the plan wanted it last, not from where it is.
        let from = session.wanted_on.unwrap_or(session.slot.on);
        let there = days.at_same_distance((was.start, is.start), from);
        let on = days.free_from(there.max(today), &session.trainer);
        let mut wanted = session.clone();
        if session.invited_at.is_some() {
            wanted.wanted_on = (on != session.slot.on).then_some(on);
        } else if on != session.slot.on {
            wanted.slot.on = on;
            wanted.because = String::new();
        }
        if wanted == session {
            continue;
        }
        if wanted.invited_at.is_none() {
            anew += 1;
        } else {
            waiting += usize::from(wanted.wanted_on.is_some());
        }
        keep(tx, actor, wanted).await?;
    }
    Ok((anew, waiting))
}

/// Moves sessions to where the plan wants them, and tells everybody who was invited: those named, or all that wait.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Refusal`] when none of them waits to be moved,
/// [`AppError::Stale`]; or when the database fails.
#[boxed]
pub async fn move_with_plan(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    only: &[TrainingSessionId],
) -> Result<Vec<Invited>, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let days = Days::load(&mut tx, actor.workspace, id).await?;
    let mut moved = Vec::new();
    for known in rows::of_onboarding(&mut tx, actor.workspace, id).await? {
        let Some(wanted) = known.wanted_on else { continue };
        if known.status != Status::Planned || !(only.is_empty() || only.contains(&known.id)) {
            continue;
        }
        // Its day may have passed, or somebody be absent, since the plan moved.
        let on = days.free_from(wanted.max(app.today()), &known.trainer);
        let was = known.slot.on;
        let session = Session {
            slot: Slot { on, ..known.slot.clone() },
            wanted_on: None,
            because: String::new(),
            sequence: known.sequence + 1,
            invited_at: Some(app.now()),
            ..known
        };
        let session = keep(&mut tx, actor, session).await?;
        let (told, unknown) = tell(app, &mut tx, actor, &head, &session).await?;
        let summary = format!(
            "Moved the training session {} from {was} to {on} with the plan and told {told} people",
            session.title
        );
        record(app, &mut tx, actor, &head, "training.session_changed", summary).await?;
        moved.push(Invited { session, told, unknown });
    }
    if moved.is_empty() {
        let said = "nothing waits to be moved: every session is where the plan wants it";
        return Err(AppError::Refusal(said.to_owned()));
    }
    tx.commit().await?;
    Ok(moved)
}
