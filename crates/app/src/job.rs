//! Work done later: who does it, and what went wrong with it.

use std::fmt;
use std::sync::Arc;

use gangway_domain::ids::{JobId, WorkspaceId};
use gangway_domain::permission::Action;
use gangway_jobs::{Effects, Runner, Setup, Verdict, Work};
use gangway_store::job::{self, Job, Troubled};
use gangway_store::{Timestamp, Tx, digest};
use jiff::{SignedDuration, ToSpan};

use crate::boxed;
use crate::error::AppError;
use crate::{Actor, App};

/// A job that could have been done for this long and was not is stuck.
const OVERDUE: SignedDuration = SignedDuration::from_mins(15);

/// Entries of the list.
const LISTED: u32 = 200;

/// A runner of these kinds of work over the app's database, clock and randomness.
#[must_use]
pub fn runner(app: &App, works: Vec<Arc<dyn Work>>) -> Runner {
    let (clock, secrets) = (app.clock.clone(), app.secrets.clone());
    let setup = Setup {
        db: app.db.clone(),
        now: Arc::new(move || clock.now()),
        chance: Arc::new(move || {
            let [a, b, c, d, ..] = secrets.bytes();
            f64::from(u32::from_be_bytes([a, b, c, d])) / (f64::from(u32::MAX) + 1.0)
        }),
    };
    Runner::new(setup, works)
}

/// A job of this kind that is told nothing but its workspace.
pub(crate) fn plain(app: &App, kind: &str, run_at: Timestamp) -> Job {
    Job {
        id: JobId::fresh(&*app.ids),
        kind: kind.to_owned(),
        payload: serde_json::json!({}),
        run_at,
        created_at: app.now(),
    }
}

/// So many minutes after the next day has begun; an hour from now where no such time can be found.
pub(crate) fn tomorrow(app: &App, minute: i8) -> Timestamp {
    let next = app.today().saturating_add(1.day()).at(0, minute, 0, 0);
    let at = next.to_zoned(app.time_zone.clone()).map(|at| at.timestamp());
    at.unwrap_or_else(|_| app.clock.now().saturating_add(1.hour()).unwrap_or(jiff::Timestamp::MAX)).into()
}

/// The next round's job is written with the outcome of this one, so that there is one, whatever happens.
pub(crate) fn followed_by(workspace: WorkspaceId, next: Job) -> Effects {
    Box::new(move |tx: &mut Tx, verdict| {
        Box::pin(async move {
            match verdict {
                Verdict::Again(_) => Ok(()),
                Verdict::Done | Verdict::GivenUp => digest::plan(tx, workspace, &next).await,
            }
        })
    })
}

/// What became of the many a round goes through. One that fails keeps none of the others waiting: it is told to the
/// log, and the first failure is what the round ends with, so that it is tried again.
#[derive(Debug, Default)]
pub(crate) struct Each {
    failed: Option<AppError>,
}

impl Each {
    /// Looks at what became of one.
    pub(crate) fn saw(&mut self, what: &'static str, id: &impl fmt::Display, result: Result<(), AppError>) {
        if let Err(error) = result {
            tracing::error!(%error, %id, what, "one of a round failed; the others go on");
            self.failed.get_or_insert(error);
        }
    }

    /// What the round ends with.
    ///
    /// # Errors
    /// The first failure, if there was any.
    pub(crate) fn end(self) -> Result<(), AppError> {
        self.failed.map_or(Ok(()), Err)
    }
}

/// Jobs of the workspace that failed, were given up, or are stuck; the newest first.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn troubled(app: &App, actor: &Actor) -> Result<Vec<Troubled>, AppError> {
    actor.require(Action::ManageWorkspace)?;
    let overdue = app.clock.now().saturating_sub(OVERDUE).unwrap_or(jiff::Timestamp::MIN);
    let mut tx = app.db.read().await?;
    Ok(job::troubled(&mut tx, actor.workspace, overdue.into(), LISTED).await?)
}

/// Has a job that went wrong tried again from the start.
///
/// # Errors
/// [`AppError::NotFound`] when no job of this id went wrong, [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn retry(app: &App, actor: &Actor, id: JobId) -> Result<(), AppError> {
    actor.require(Action::ManageWorkspace)?;
    let mut tx = app.db.write().await?;
    if !job::revive(&mut tx, actor.workspace, id, app.now()).await? {
        return Err(AppError::missing("failed job", id));
    }
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_fails_keeps_none_waiting_and_the_round_is_tried_again() {
        let mut each = Each::default();
        let mut reached = Vec::new();
        for one in 1..=4 {
            reached.push(one);
            let result = if one % 2 == 0 { Err(AppError::missing("thing", one)) } else { Ok(()) };
            each.saw("thing", &one, result);
        }
        assert_eq!(reached, [1, 2, 3, 4]);
        let end = each.end();
        assert!(matches!(&end, Err(AppError::NotFound { id, .. }) if id == "2"), "the first: {end:?}");
        let mut each = Each::default();
        each.saw("thing", &1, Ok(()));
        assert!(each.end().is_ok());
    }
}
