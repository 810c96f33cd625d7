//! Health judged beside the work: after what happened to an onboarding, and of every one once a day, since time alone
//! changes what rules see.

use std::sync::Arc;
use std::time::Duration;

use gangway_domain::ids::{JobId, OnboardingId, WorkspaceId};
use gangway_jobs::{Claimed, Failure, Later, Policy, Report, Work};
use gangway_store::Tx;
use gangway_store::health as rows;
use gangway_store::job::{self as jobs, Job};
use serde::Deserialize;
use tokio::sync::Mutex;

use super::refresh::{Reach, refreshed};
use crate::error::AppError;
use crate::{App, job};

/// The kind of job that judges one.
const ONE: &str = "health";
/// The kind of job that judges all of a workspace once a day.
const DAILY: &str = "health-of-the-day";

/// Onboardings looked up at once.
const BATCH: u32 = 250;

/// How often what is wished for again while it is judged is judged by the same job.
const ROUNDS: usize = 20;

/// Judges onboardings.
#[derive(Clone)]
pub struct Keeper {
    app: App,
    kind: &'static str,
    /// Whose turn it is of those who judge after changes.
    turn: Arc<Mutex<()>>,
}

/// What the job for one knows.
#[derive(Deserialize)]
struct Task {
    onboarding: OnboardingId,
}

impl Keeper {
    /// Judges an onboarding after something happened to it.
    #[must_use]
    pub fn after_changes(app: App) -> Self {
        Self { app, kind: ONE, turn: Arc::default() }
    }

    /// Judges every onboarding early in the day.
    #[must_use]
    pub fn every_day(app: App) -> Self {
        Self { app, kind: DAILY, turn: Arc::default() }
    }

    async fn one(&self, claimed: &Claimed) -> Report {
        let Ok(Task { onboarding }) = serde_json::from_value(claimed.payload.clone()) else {
            return Report::failed(Failure::Never("the job cannot be read".to_owned()));
        };
        // One after the other: what the one before was asked for this one need not do.
        let _turn = self.turn.lock().await;
        let is_retry = claimed.attempts > 1;
        match Box::pin(self.judge(claimed.workspace, onboarding, is_retry)).await {
            Ok(()) => Report::done(),
            Err(error) => Report::failed(Failure::Later(error.to_string())),
        }
    }

    /// Judges an onboarding and others somebody wished for, together. A wish is taken away when it is fulfilled and nobody
    /// wished again meanwhile; so whoever wished finds it done, or does it.
    async fn judge(
        &self,
        workspace: WorkspaceId,
        onboarding: OnboardingId,
        is_retry: bool,
    ) -> Result<(), AppError> {
        let mut is_wanted = is_retry;
        for _ in 0..ROUNDS {
            let mut tx = self.app.db.read().await?;
            let mut wishes = rows::wishes(&mut tx, workspace, onboarding, BATCH).await?;
            drop(tx);
            is_wanted |= wishes.contains_key(&onboarding);
            if !is_wanted {
                return Ok(());
            }
            let mut ids: Vec<OnboardingId> = wishes.keys().copied().collect();
            if !wishes.contains_key(&onboarding) {
                ids.push(onboarding);
            }
            let mut failed = refreshed(&self.app, workspace, &ids, Reach::Everything).await?;
            let own = failed.remove(&onboarding);
            // Of the others each has a job of its own, which tries again.
            wishes.retain(|id, _| !failed.contains_key(id));
            let mut tx = self.app.db.write().await?;
            rows::fulfil(&mut tx, workspace, &wishes).await?;
            tx.commit().await?;
            if let Some(error) = own {
                return Err(error);
            }
            is_wanted = false;
        }
        // The wish is still there, and so must be a job.
        Err(AppError::Overtaken)
    }

    async fn all(&self, claimed: &Claimed) -> Report {
        let result = self.judge_all(claimed.workspace).await;
        let result = result.map_err(|error| Failure::Later(error.to_string()));
        // After the forecasts of the day, and before anybody looks.
        let next = job::plain(&self.app, DAILY, job::tomorrow(&self.app, 40));
        Report { result, effects: Some(job::followed_by(claimed.workspace, next)) }
    }

    async fn judge_all(&self, workspace: WorkspaceId) -> Result<(), AppError> {
        let today = self.app.today();
        let mut after = None;
        let mut each = job::Each::default();
        loop {
            let mut tx = self.app.db.read().await?;
            let due = rows::due(&mut tx, workspace, today, after, BATCH).await?;
            drop(tx);
            let Some(last) = due.last() else { return each.end() };
            after = Some(*last);
            for (id, error) in refreshed(&self.app, workspace, &due, Reach::Everything).await? {
                each.saw("health", &id, Err(error));
            }
        }
    }
}

impl Work for Keeper {
    fn kind(&self) -> &'static str {
        self.kind
    }

    fn policy(&self) -> Policy {
        Policy::doubling(Duration::from_secs(10), Duration::from_hours(1), 6)
    }

    fn run<'a>(&'a self, job: &'a Claimed) -> Later<'a, Report> {
        Box::pin(async move { if self.kind == ONE { self.one(job).await } else { self.all(job).await } })
    }
}

/// Whether something that happened to an onboarding, by the kind of its entry in the log, may move its health. What is
/// said of health itself does so where it is said.
pub(crate) fn follows(kind: &str) -> bool {
    let group = kind.split('.').next().unwrap_or(kind);
    !matches!(group, "health" | "signal" | "intervention" | "usage" | "report" | "access" | "portal")
}

/// Has an onboarding judged when the transaction is over.
pub(crate) async fn want(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<(), AppError> {
    if rows::want(tx, workspace, id).await? {
        let now = app.now();
        let job = Job {
            id: JobId::fresh(&*app.ids),
            kind: ONE.to_owned(),
            payload: serde_json::json!({ "onboarding": id }),
            run_at: now,
            created_at: now,
        };
        jobs::insert(tx, workspace, &job).await?;
    }
    Ok(())
}

/// Has the onboardings of a workspace judged every day, unless they are.
pub(crate) async fn begin(app: &App, workspace: WorkspaceId) -> Result<(), AppError> {
    let mut tx = app.db.write().await?;
    if !jobs::is_waiting(&mut tx, workspace, DAILY).await? {
        let job = job::plain(app, DAILY, app.now());
        jobs::insert(&mut tx, workspace, &job).await?;
        tx.commit().await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::follows;

    #[test]
    fn health_does_not_follow_from_itself() {
        assert!(follows("plan.changed") && follows("survey.answered") && follows("people.touched"));
        assert!(!follows("health.changed") && !follows("signal.raised") && !follows("intervention.begun"));
    }
}
