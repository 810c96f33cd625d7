//! What repeats comes into the plans shortly after each day has begun.

use std::time::Duration;

use gangway_jobs::{Claimed, Failure, Later, Policy, Report, Work};
use gangway_store::work::recurring as rows;

use super::fill;
use crate::error::AppError;
use crate::{App, job};

/// The kind of job that does it for a workspace.
pub(super) const DAILY: &str = "occurrences-of-the-day";

/// Onboardings looked up at once.
const BATCH: u32 = 100;

/// Brings what repeats into the plans.
#[derive(Debug, Clone)]
pub struct Repeater {
    app: App,
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
}

impl Work for Repeater {
    fn kind(&self) -> &'static str {
        DAILY
    }

    fn policy(&self) -> Policy {
        Policy::doubling(Duration::from_secs(10), Duration::from_hours(1), 6)
    }

    fn run<'a>(&'a self, claimed: &'a Claimed) -> Later<'a, Report> {
        Box::pin(async move {
            let result = self.fill_all(claimed).await.map_err(|error| Failure::Later(error.to_string()));
            // Before the forecasts of the day.
            let next = job::plain(&self.app, DAILY, job::tomorrow(&self.app, 10));
            Report { result, effects: Some(job::followed_by(claimed.workspace, next)) }
        })
    }
}
