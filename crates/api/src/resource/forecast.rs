//! When onboardings will really go live.

use axum::Json;
use gangway_app::forecast::{self, Kept, Past};
use gangway_domain::ids::OnboardingId;
use gangway_domain::plan::forecast::{Basis, DayRuns, Driver};
use gangway_domain::programme::Side;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use crate::caller::Here;
use crate::input::QueryOf;
use crate::page::{Page, PageQuery, limit, place};
use crate::problem::Problem;
use crate::resource::instant;

/// The dates of a forecast.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ForecastDates, example = json!({
    "made_on": "2027-01-18", "planned_on": "2027-03-11", "p50_on": "2027-03-22", "p80_on": "2027-04-06",
    "finish_p50_on": "2027-04-20", "finish_p80_on": "2027-05-05", "promised_on": "2027-04-01",
    "promise_kept_percent": 71, "days_past_promise": 5
}))]
pub(crate) struct DatesOut {
    /// The day it was made; the last of a day is kept.
    made_on: Date,
    /// The planned go-live at that time.
    planned_on: Date,
    /// The day by which half of the runs are live.
    p50_on: Date,
    /// The day by which four of five are.
    p80_on: Date,
    /// The day by which half of the runs are at their end.
    finish_p50_on: Date,
    /// The day by which four of five are.
    finish_p80_on: Date,
    /// The promised go-live: the wanted one, or the one agreed last.
    promised_on: Date,
    /// Share of the runs that keep the promise, whole per cent.
    promise_kept_percent: i64,
    /// Calendar days from the promise to P80; negative when there is time to spare.
    days_past_promise: i64,
}

/// A forecast.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Forecast)]
pub(crate) struct ForecastOut {
    /// When it was made.
    made_at: jiff::Timestamp,
    /// Revision of the plan it was made from.
    revision: i64,
    /// Number of runs.
    runs: u32,
    /// Its dates.
    dates: DatesOut,
    /// The planned end at that time.
    finish_planned_on: Date,
    /// The open tasks that decide, the riskiest first; 12 at most.
    drivers: Vec<DriverOut>,
    /// Where the figures come from, for each side and kind of work still open.
    basis: Vec<BasisOut>,
    /// On how many runs each day is the go-live, in order; days of no run are left out.
    days: Vec<DayOut>,
}

/// An open task and what depends on it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ForecastDriver)]
pub(crate) struct DriverOut {
    /// The task (code).
    task: String,
    /// Who does it: `vendor`, `customer` or `joint`.
    #[schema(value_type = String)]
    side: Side,
    /// Share of the runs in which it lies on the driving chain, 0 to 1.
    criticality: f64,
    /// Correlation of its duration with the go-live, −1 to 1.
    correlation: f64,
    /// Criticality times its standard deviation over that of the go-live.
    sensitivity: f64,
    /// Mean of what is left of it, in working days.
    mean_days: f64,
}

/// Where figures come from.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ForecastBasis)]
pub(crate) struct BasisOut {
    /// Who does such tasks: `vendor`, `customer` or `joint`.
    #[schema(value_type = String)]
    side: Side,
    /// Kind of work: the phase.
    kind: String,
    /// Tasks of this side and kind the workspace has finished.
    observations: u32,
    /// Tasks of this side it has finished, of every kind.
    of_side: u32,
    /// Weight of the workspace's own history against the stated prior, 0 to 1.
    own_weight: f64,
    /// Actual over planned duration that half of such tasks stay below.
    median: f64,
    /// The same for four of five.
    p80: f64,
}

/// A day and the runs that are live on it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ForecastDay)]
pub(crate) struct DayOut {
    /// The day.
    date: Date,
    /// Number of runs.
    runs: u32,
}

impl From<Past> for DatesOut {
    fn from(dates: Past) -> Self {
        Self {
            made_on: dates.made_on,
            planned_on: dates.planned_on,
            p50_on: dates.p50_on,
            p80_on: dates.p80_on,
            finish_p50_on: dates.finish_p50_on,
            finish_p80_on: dates.finish_p80_on,
            promised_on: dates.promised_on,
            promise_kept_percent: dates.kept_percent,
            days_past_promise: dates.days_past(),
        }
    }
}

impl From<Kept> for ForecastOut {
    fn from(kept: Kept) -> Self {
        let Kept { made_at, revision, runs, finish_planned_on, dates, detail, spread } = kept;
        Self {
            made_at: instant(made_at),
            revision,
            runs,
            dates: dates.into(),
            finish_planned_on,
            drivers: detail.drivers.into_iter().map(DriverOut::from).collect(),
            basis: detail.basis.into_iter().map(BasisOut::from).collect(),
            days: spread.into_iter().map(|DayRuns { date, runs }| DayOut { date, runs }).collect(),
        }
    }
}

impl From<Driver> for DriverOut {
    fn from(driver: Driver) -> Self {
        let Driver { task, owner, criticality, correlation, sensitivity, mean_days } = driver;
        Self { task, side: owner, criticality, correlation, sensitivity, mean_days }
    }
}

impl From<Basis> for BasisOut {
    fn from(basis: Basis) -> Self {
        let Basis { owner, kind, observations, of_side, own_weight, median, p80 } = basis;
        Self { side: owner, kind, observations, of_side, own_weight, median, p80 }
    }
}

/// Get the forecast of an onboarding
///
/// When it will really go live, by what tasks took before in this workspace: made anew when the plan was changed, and
/// every day. What is over keeps its last forecast; 404 when it never had one.
#[utoipa::path(get, path = "/onboardings/{id}/forecast", operation_id = "get_forecast", tag = "Plan",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "The forecast.", body = ForecastOut)))]
pub(crate) async fn get(Here(api, caller, names): Here) -> Result<Json<ForecastOut>, Problem> {
    let id: OnboardingId = names.id("onboarding")?;
    let kept = forecast::of(&api.app, &caller.actor, id).await?;
    let kept = kept.ok_or_else(|| Problem::missing("forecast", &id.to_string()))?;
    Ok(Json(kept.into()))
}

/// List what was forecast of an onboarding
///
/// One for each day on which one was made, the newest first.
#[utoipa::path(get, path = "/onboardings/{id}/forecasts", operation_id = "list_forecasts", tag = "Plan",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"), PageQuery),
    responses((status = 200, description = "A page of forecasts.", body = Page<DatesOut>)))]
pub(crate) async fn history(
    Here(api, caller, names): Here,
    QueryOf(query): QueryOf<PageQuery>,
) -> Result<Json<Page<DatesOut>>, Problem> {
    let before = place(query.after.as_deref())?;
    let lines = limit(query.limit)?;
    let id: OnboardingId = names.id("onboarding")?;
    let (past, more) = forecast::history(&api.app, &caller.actor, id, before, lines).await?;
    Ok(Json(Page::after_last(past.into_iter().map(DatesOut::from), more, |line| line.made_on.to_string())))
}
