//! Forecasts and colours made beside the work: after a change of a plan, and of every open onboarding once a day.

use std::time::Duration;

use gangway_domain::ids::{JobId, OnboardingId};
use gangway_jobs::{Claimed, Effects, Failure, Later, Policy, Report, Verdict, Work};
use gangway_store::job::{self as jobs, Job};
use gangway_store::{StoreError, Timestamp, Tx, forecast as rows};
use jiff::ToSpan;
use serde::Deserialize;
use serde_json::json;

use crate::error::AppError;
use crate::{App, forecast, standing};

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

    async fn all(&self, job: &Claimed) -> Report {
        let result = self.renew_all(job).await.map_err(|error| Failure::Later(error.to_string()));
        Report { result, effects: Some(again(job, daily(&self.app, self.tomorrow()))) }
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

    /// Shortly after the day has begun; an hour from now where no such time can be found.
    fn tomorrow(&self) -> Timestamp {
        let next = self.app.today().saturating_add(1.day()).at(0, 20, 0, 0);
        let at = next.to_zoned(self.app.time_zone.clone()).map(|at| at.timestamp());
        at.unwrap_or_else(|_| self.app.clock.now().saturating_add(1.hour()).unwrap_or(jiff::Timestamp::MAX))
            .into()
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

/// The job that makes the forecasts of a day.
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
