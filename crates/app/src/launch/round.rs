//! Messages of launches that were released go out by themselves.
//!
//! A job does the round of a workspace as long as something there is released: at the next time a message is due, and
//! at the full hour, so that a go-live that moved is seen. Its id says the minute, so that processes that plan the same
//! round plan it once. A message is queued in the transaction that says that it went out.

use std::time::Duration;

use gangway_domain::ids::{JobId, WorkspaceId};
use gangway_domain::launch::{Message, Outlook, moment_day};
use gangway_jobs::{Claimed, Failure, Later, Policy, Report, Work};
use gangway_store::job::Job;
use gangway_store::launch::{self as rows, Record};
use gangway_store::{Tx, digest, upkeep};
use jiff::{Timestamp, ToSpan};
use uuid::Uuid;

use super::{keep, message, seen};
use crate::error::AppError;
use crate::{Actor, App, Door, job};

/// The kind of job that sends what is due in a workspace.
pub const JOB: &str = "launch-messages";

/// Ids of these jobs begin with it, so that they can be told from any other: `launch` in ASCII.
const MARK: u128 = 0x6c61_756e_6368 << 80;

/// Plans the next round of every workspace in which something is released; those that are planned already stay.
///
/// # Errors
/// When the database fails.
pub async fn schedule(app: &App) -> Result<(), AppError> {
    let mut tx = app.db.write().await?;
    for workspace in upkeep::workspaces(&mut tx).await? {
        plan(app, &mut tx, workspace).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Plans the next round of one workspace, when something is released there.
pub(super) async fn plan(app: &App, tx: &mut Tx, workspace: WorkspaceId) -> Result<(), AppError> {
    if let Some(next) = next(app, tx, workspace).await? {
        digest::plan(tx, workspace, &next).await?;
    }
    Ok(())
}

/// The job of the next time something is due; at the full hour at the latest, since a go-live may move.
async fn next(app: &App, tx: &mut Tx, workspace: WorkspaceId) -> Result<Option<Job>, AppError> {
    let now = app.clock.now();
    let mut at: Option<Timestamp> = None;
    for one in released(tx, workspace).await? {
        let sight = seen::gather(app, tx, workspace, one.onboarding).await?;
        let due = match sight.outlook(app, &one.body) {
            Some(Outlook::At(due)) => due,
            // A go-live that is still to come may move, and the message is true again.
            Some(Outlook::Over) if sight.live_on.is_some() || sight.is_closed() => continue,
            _ => Timestamp::MAX,
        };
        at = Some(at.map_or(due, |at| at.min(due)));
    }
    let Some(due) = at else { return Ok(None) };
    // The minute that runs had its round, or has it now.
    let minute = |at: Timestamp| at.as_second().div_euclid(60);
    let hour = (now.as_second().div_euclid(3600) + 1) * 60;
    let due = minute(due).saturating_add(i64::from(due.as_second().rem_euclid(60) > 0));
    let minute = due.clamp(minute(now) + 1, hour);
    let run_at = Timestamp::from_second(minute * 60).unwrap_or(Timestamp::MAX);
    Ok(Some(Job {
        id: JobId::from_uuid(Uuid::from_u128(MARK | u128::try_from(minute).unwrap_or(0))),
        kind: JOB.to_owned(),
        payload: serde_json::json!({ "at": run_at }),
        run_at: run_at.into(),
        created_at: now.into(),
    }))
}

async fn released(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<Record<Message>>, AppError> {
    Ok(rows::of_status(tx, workspace, "released").await?)
}

/// Sends what is due.
#[derive(Clone)]
pub struct Messages {
    app: App,
}

impl std::fmt::Debug for Messages {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Messages").finish_non_exhaustive()
    }
}

impl Messages {
    /// Over this app.
    #[must_use]
    pub fn new(app: App) -> Self {
        Self { app }
    }

    /// Does one round, whenever it was planned for.
    async fn go(&self, workspace: WorkspaceId) -> Result<(), AppError> {
        let actor = Actor::system("Gangway", workspace, Door::Job);
        let mut tx = self.app.db.read().await?;
        let all = released(&mut tx, workspace).await?;
        drop(tx);
        for one in all {
            match self.see(&actor, one).await {
                // Somebody was faster, or nobody is left who takes it: then it waits until somebody is named.
                Ok(()) | Err(AppError::Stale { .. } | AppError::Refusal(_) | AppError::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Sends one that is due; one whose day has moved says so from now on.
    async fn see(&self, actor: &Actor, seen_as: Record<Message>) -> Result<(), AppError> {
        let app = &self.app;
        let mut tx = app.db.write().await?;
        let known: Record<Message> = super::fresh(&mut tx, actor, seen_as.id, seen_as.version).await?;
        let sight = seen::gather(app, &mut tx, actor.workspace, known.onboarding).await?;
        let is_due =
            matches!(sight.outlook(app, &known.body), Some(Outlook::At(due)) if due <= app.clock.now());
        if is_due {
            let to = known.body.release.as_ref().map(|release| release.to.clone()).unwrap_or_default();
            // Whoever has left meanwhile, or lost their address, keeps it from nobody else.
            let mut gone = Vec::new();
            let readers = message::found(&mut tx, actor, &sight.head, &to, &mut gone).await?;
            message::mail_all(app, &mut tx, actor, &sight.head, known, readers).await?;
        } else {
            let moments = &app.methodology.golive.launch.messages;
            let moment = moments.iter().find(|moment| moment.id == known.body.moment);
            let Some(moment) = moment else { return Ok(()) };
            let due_on = moment_day(moment, sight.live_on.unwrap_or(sight.go_live_on));
            if due_on == known.body.due_on {
                return Ok(());
            }
            let body = Message { due_on, ..known.body.clone() };
            keep(&mut tx, actor, Record { body, ..known }).await?;
        }
        Ok(tx.commit().await?)
    }
}

impl Work for Messages {
    fn kind(&self) -> &'static str {
        JOB
    }

    /// Six attempts over about an hour and a half.
    fn policy(&self) -> Policy {
        Policy::doubling(Duration::from_mins(1), Duration::from_hours(1), 6)
    }

    fn run<'a>(&'a self, claimed: &'a Claimed) -> Later<'a, Report> {
        Box::pin(async move {
            let result = self.go(claimed.workspace).await.map_err(|error| {
                tracing::error!(%error, "the messages of go-lives in a workspace were not sent");
                Failure::Later("the messages could not be sent; the log says more".to_owned())
            });
            let next = async {
                let mut tx = self.app.db.read().await?;
                next(&self.app, &mut tx, claimed.workspace).await
            };
            let effects = match next.await {
                Ok(next) => next.map(|next| job::followed_by(claimed.workspace, next)),
                Err(error) => {
                    tracing::error!(%error, "the next messages of go-lives could not be planned");
                    let in_an_hour = self.app.clock.now().saturating_add(1.hour());
                    let at = in_an_hour.unwrap_or(Timestamp::MAX).into();
                    Some(job::followed_by(claimed.workspace, job::plain(&self.app, JOB, at)))
                }
            };
            Report { result, effects }
        })
    }
}
