//! Forecasts and colours made beside the work: after a change of a plan, and of every open onboarding once a day.

use std::time::Duration;

use gangway_domain::ids::OnboardingId;
use gangway_jobs::{Claimed, Failure, Later, Policy, Report, Work};
use gangway_store::forecast as rows;
use serde::Deserialize;

use crate::error::AppError;
use crate::{App, forecast, job, standing};

/// The kind of job that makes one.
pub(super) const ONE: &str = "forecast";
/// The kind of job that makes those of a day.
pub(super) const DAILY: &str = "forecasts-of-the-day";

/// Onboardings looked up at once.
const BATCH: u32 = 100;

/// Makes forecasts.
#[derive(Clone)]
pub struct Forecaster {
    app: App,
    kind: &'static str,
}

/// What the job for one knows.
#[derive(Deserialize)]
struct Task {
    onboarding: OnboardingId,
}

impl Forecaster {
    /// Makes the forecast of an onboarding after its plan was changed.
    #[must_use]
    pub fn after_changes(app: App) -> Self {
        Self { app, kind: ONE }
    }

    /// Makes those of every open onboarding early in the day.
    #[must_use]
    pub fn every_day(app: App) -> Self {
        Self { app, kind: DAILY }
    }

    async fn one(&self, job: &Claimed) -> Report {
        let Ok(Task { onboarding }) = serde_json::from_value(job.payload.clone()) else {
            return Report::failed(Failure::Never("the job cannot be read".to_owned()));
        };
        match forecast::renew(&self.app, job.workspace, onboarding).await {
            // Removed meanwhile: nothing is left to be done. A plan that cannot be scheduled has no forecast.
            Ok(()) | Err(AppError::NotFound { .. } | AppError::Refusal(_)) => Report::done(),
            Err(error) => Report::failed(Failure::Later(error.to_string())),
        }
    }

    async fn all(&self, claimed: &Claimed) -> Report {
        let result = self.renew_all(claimed).await.map_err(|error| Failure::Later(error.to_string()));
        // Shortly after the day has begun.
        let next = job::plain(&self.app, DAILY, job::tomorrow(&self.app, 20));
        Report { result, effects: Some(job::followed_by(claimed.workspace, next)) }
    }

    async fn renew_all(&self, job: &Claimed) -> Result<(), AppError> {
        let today = self.app.today();
        let mut after = None;
        loop {
            let mut tx = self.app.db.read().await?;
            let due = rows::due(&mut tx, job.workspace, today, after, BATCH).await?;
            drop(tx);
            let Some(last) = due.last() else { return standing::renew_all(&self.app, job.workspace).await };
            after = Some(*last);
            for id in due {
                match forecast::renew(&self.app, job.workspace, id).await {
                    Ok(()) | Err(AppError::NotFound { .. } | AppError::Refusal(_)) => {}
                    Err(error) => return Err(error),
                }
            }
        }
    }
}

impl Work for Forecaster {
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
