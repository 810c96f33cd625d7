//! What repeats comes into the plans shortly after each day has begun.

use std::time::Duration;

use gangway_domain::ids::JobId;
use gangway_jobs::{Claimed, Effects, Failure, Later, Policy, Report, Verdict, Work};
use gangway_store::job::{self as jobs, Job};
use gangway_store::work::recurring as rows;
use gangway_store::{StoreError, Timestamp, Tx};
use jiff::ToSpan;
use serde_json::json;

use super::fill;
use crate::App;
use crate::error::AppError;

/// The kind of job that does it for a workspace.
pub(super) const DAILY: &str = "occurrences-of-the-day";

/// Onboardings looked up at once.
const BATCH: u32 = 100;

/// Brings what repeats into the plans.
#[derive(Clone)]
pub struct Repeater {
    app: App,
}

impl std::fmt::Debug for Repeater {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Repeater").finish_non_exhaustive()
    }
}

impl Repeater {
    /// Over this app.
    #[must_use]
    pub fn new(app: App) -> Self {
        Self { app }
    }

    async fn fill_all(&self, job: &Claimed) -> Result<(), AppError> {
        let mut after = None;
        loop {
            let mut tx = self.app.db.read().await?;
            let found = rows::followed(&mut tx, job.workspace, after, BATCH).await?;
            drop(tx);
            let Some(last) = found.last() else { return Ok(()) };
            after = Some(*last);
            for id in found {
                match fill(&self.app, job.workspace, id).await {
                    // Removed or over meanwhile; a plan that cannot be scheduled takes no tasks.
                    Ok(()) | Err(AppError::NotFound { .. } | AppError::Refusal(_) | AppError::Invalid(_)) => {
                    }
                    Err(error) => return Err(error),
                }
            }
        }
    }

    /// Before the forecasts of the day; an hour from now where no such time can be found.
    fn tomorrow(&self) -> Timestamp {
        let next = self.app.today().saturating_add(1.day()).at(0, 10, 0, 0);
        let at = next.to_zoned(self.app.time_zone.clone()).map(|at| at.timestamp());
        at.unwrap_or_else(|_| self.app.clock.now().saturating_add(1.hour()).unwrap_or(jiff::Timestamp::MAX))
            .into()
    }
}

impl Work for Repeater {
    fn kind(&self) -> &'static str {
        DAILY
    }

    fn policy(&self) -> Policy {
        Policy::doubling(Duration::from_secs(10), Duration::from_hours(1), 6)
    }

    fn run<'a>(&'a self, job: &'a Claimed) -> Later<'a, Report> {
        Box::pin(async move {
            let result = self.fill_all(job).await.map_err(|error| Failure::Later(error.to_string()));
            Report { result, effects: Some(again(job, daily(&self.app, self.tomorrow()))) }
        })
    }
}

/// The job that brings in what repeats on a day.
pub(super) fn daily(app: &App, run_at: Timestamp) -> Job {
    Job {
        id: JobId::fresh(&*app.ids),
        kind: DAILY.to_owned(),
        payload: json!({}),
        run_at,
        created_at: app.now(),
    }
}

/// The next day's job is written with the outcome of this one, so that there is one, whatever happens.
fn again(job: &Claimed, next: Job) -> Effects {
    let workspace = job.workspace;
    Box::new(move |tx: &mut Tx, verdict: Verdict| {
        Box::pin(async move {
            if !matches!(verdict, Verdict::Again(_)) {
                jobs::insert(tx, workspace, &next).await?;
            }
            Ok::<(), StoreError>(())
        })
    })
}
