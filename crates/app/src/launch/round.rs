//! Messages of launches that were released go out by themselves.
//!
//! A job does the round of a workspace as long as something there is released: at the next time a message is due, and
//! at the full hour, so that a go-live that moved is seen. Its id says the minute, so that processes that plan the same
//! round plan it once. A message is queued in the transaction that says that it went out.

use std::collections::BTreeMap;
use std::time::Duration;

use gangway_domain::ids::{JobId, LaunchId, OnboardingId, WorkspaceId};
use gangway_domain::launch::{Decision, Message, Outlook, Signal, moment_day};
use gangway_jobs::{Claimed, Failure, Later, Policy, Report, Work};
use gangway_store::job::Job;
use gangway_store::launch::{self as rows, Record};
use gangway_store::{Tx, digest, upkeep};
use jiff::{Timestamp, ToSpan};
use uuid::Uuid;

use super::{Sight, keep, message, seen};
use crate::boxed;
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
#[boxed]
pub async fn schedule(app: &App) -> Result<(), AppError> {
    let mut tx = app.db.read().await?;
    let workspaces = upkeep::workspaces(&mut tx).await?;
    drop(tx);
    let mut each = job::Each::default();
    for workspace in workspaces {
        each.saw("messages of go-lives", &workspace, plan_all(app, workspace).await);
    }
    each.end()
}

async fn plan_all(app: &App, workspace: WorkspaceId) -> Result<(), AppError> {
    if let Some(next) = next(app, workspace).await? {
        let mut tx = app.db.write().await?;
        digest::plan(&mut tx, workspace, &next).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Plans the round of one message that was changed; those of others are planned.
pub(super) async fn plan(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    sight: &Sight,
    changed: &Message,
) -> Result<(), AppError> {
    if let Some(due) = due(app, sight, changed) {
        digest::plan(tx, workspace, &round(app, due)).await?;
    }
    Ok(())
}

/// The launch a message belongs to, before anything is written.
pub(super) async fn around(app: &App, actor: &Actor, id: LaunchId) -> Result<Sight, AppError> {
    let mut tx = app.db.read().await?;
    let known: Record<Message> = super::find(&mut tx, actor, id).await?;
    seen::gather(app, &mut tx, actor.workspace, known.onboarding).await
}

/// When a released message is due; at the end of time while it waits, nothing once it can go out no more.
fn due(app: &App, sight: &Sight, message: &Message) -> Option<Timestamp> {
    match sight.outlook(app, message) {
        Some(Outlook::At(due)) => Some(due),
        // A go-live that is still to come may move, and the message is true again.
        Some(Outlook::Over) if sight.live_on.is_some() || sight.is_closed() => None,
        _ => Some(Timestamp::MAX),
    }
}

/// The job of the next time something is due.
async fn next(app: &App, workspace: WorkspaceId) -> Result<Option<Job>, AppError> {
    let mut at: Option<Timestamp> = None;
    for (onboarding, messages) in released(app, workspace).await? {
        let dues: Vec<Timestamp> = match launch_of(app, workspace, onboarding).await {
            Ok(sight) => messages.iter().filter_map(|one| due(app, &sight, &one.body)).collect(),
            // What cannot be read is looked at again with the full hour, and keeps the others from nothing.
            Err(error) => {
                tracing::error!(%error, %onboarding, "when messages of a go-live are due could not be read");
                vec![Timestamp::MAX]
            }
        };
        at = dues.into_iter().chain(at).min();
    }
    Ok(at.map(|due| round(app, due)))
}

/// The job of a round for what is due then; at the full hour at the latest, since a go-live may move.
fn round(app: &App, due: Timestamp) -> Job {
    let now = app.clock.now();
    // The minute that runs had its round, or has it now.
    let minute = |at: Timestamp| at.as_second().div_euclid(60);
    let hour = (now.as_second().div_euclid(3600) + 1) * 60;
    let due = minute(due).saturating_add(i64::from(due.as_second().rem_euclid(60) > 0));
    let minute = due.clamp(minute(now) + 1, hour);
    let run_at = Timestamp::from_second(minute * 60).unwrap_or(Timestamp::MAX);
    Job {
        id: JobId::from_uuid(Uuid::from_u128(MARK | u128::try_from(minute).unwrap_or(0))),
        kind: JOB.to_owned(),
        payload: serde_json::json!({ "at": run_at }),
        run_at: run_at.into(),
        created_at: now.into(),
    }
}

/// What is released in a workspace, each launch's together: reading one takes long.
async fn released(
    app: &App,
    workspace: WorkspaceId,
) -> Result<BTreeMap<OnboardingId, Vec<Record<Message>>>, AppError> {
    let mut tx = app.db.read().await?;
    let all: Vec<Record<Message>> = rows::of_status(&mut tx, workspace, "released").await?;
    let mut launches: BTreeMap<OnboardingId, Vec<Record<Message>>> = BTreeMap::new();
    for one in all {
        launches.entry(one.onboarding).or_default().push(one);
    }
    Ok(launches)
}

/// A launch in a transaction of its own, which nobody waits for.
async fn launch_of(app: &App, workspace: WorkspaceId, id: OnboardingId) -> Result<Sight, AppError> {
    let mut tx = app.db.read().await?;
    seen::gather(app, &mut tx, workspace, id).await
}

/// Nobody has decided otherwise since a launch was read.
async fn is_as_decided(tx: &mut Tx, workspace: WorkspaceId, sight: &Sight) -> Result<bool, AppError> {
    let id = sight.head.id;
    let decisions: Vec<Record<Decision>> = rows::of_onboarding(tx, workspace, id).await?;
    let signals: Vec<Record<Signal>> = rows::of_onboarding(tx, workspace, id).await?;
    let marks = rows::marks(tx, workspace, id).await?;
    Ok(decisions == sight.decisions
        && signals == sight.signals
        && marks.get(seen::LET_GO) == sight.let_go.as_ref())
}

/// Where somebody was faster all is well; where nobody is left who takes a message it waits until somebody is named.
fn settled(result: Result<(), AppError>) -> Result<(), AppError> {
    match result {
        Err(AppError::Stale { .. } | AppError::Refusal(_) | AppError::NotFound { .. }) => Ok(()),
        other => other,
    }
}

/// Sends what is due.
#[derive(Debug, Clone)]
pub struct Messages {
    app: App,
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
        let mut each = job::Each::default();
        for (onboarding, messages) in released(&self.app, workspace).await? {
            match launch_of(&self.app, workspace, onboarding).await {
                Ok(sight) => {
                    for one in messages {
                        let id = one.id;
                        let result = settled(self.see(&actor, &sight, one).await);
                        each.saw("message of a go-live", &id, result);
                    }
                }
                Err(error) => each.saw("messages of a go-live", &onboarding, settled(Err(error))),
            }
        }
        each.end()
    }

    /// Sends one that is due; one whose day has moved says so from now on.
    async fn see(&self, actor: &Actor, sight: &Sight, seen_as: Record<Message>) -> Result<(), AppError> {
        let app = &self.app;
        let outlook = sight.outlook(app, &seen_as.body);
        if matches!(outlook, Some(Outlook::At(due)) if due <= app.clock.now()) {
            return self.send(actor, sight, &seen_as).await;
        }
        let moments = &app.methodology.golive.launch.messages;
        let moment = moments.iter().find(|moment| moment.id == seen_as.body.moment);
        let Some(moment) = moment else { return Ok(()) };
        let due_on = moment_day(moment, sight.live_on.unwrap_or(sight.go_live_on));
        if due_on == seen_as.body.due_on {
            return Ok(());
        }
        let mut tx = app.db.write().await?;
        let known: Record<Message> = super::fresh(&mut tx, actor, seen_as.id, seen_as.version).await?;
        let body = Message { due_on, ..known.body.clone() };
        keep(&mut tx, actor, Record { body, ..known }).await?;
        Ok(tx.commit().await?)
    }

    async fn send(&self, actor: &Actor, sight: &Sight, seen_as: &Record<Message>) -> Result<(), AppError> {
        let app = &self.app;
        let mut tx = app.db.write().await?;
        let known: Record<Message> = super::fresh(&mut tx, actor, seen_as.id, seen_as.version).await?;
        if !is_as_decided(&mut tx, actor.workspace, sight).await? {
            // The next round, in a minute, knows what was decided.
            return Ok(());
        }
        let to = known.body.release.as_ref().map(|release| release.to.clone()).unwrap_or_default();
        // Whoever has left meanwhile, or lost their address, keeps it from nobody else.
        let mut gone = Vec::new();
        let readers = message::found(&mut tx, actor, &sight.head, &to, &mut gone).await?;
        message::mail_all(app, &mut tx, actor, &sight.head, known, readers).await?;
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
            let effects = match next(&self.app, claimed.workspace).await {
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
