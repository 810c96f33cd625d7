//! Onboardings that run late, and the milestones that make them late.

use axum::Json;
use axum::extract::State;
use gangway_app::outcome::{self, Courses, LateLine};
use gangway_domain::outcome::Driver;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Api;
use crate::caller::Caller;
use crate::input::QueryOf;
use crate::page::Page;
use crate::problem::Problem;

/// An onboarding that runs late.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LateOnboarding)]
pub(crate) struct LateOut {
    /// Id of the onboarding.
    onboarding: String,
    /// The customer.
    customer: String,
    /// Segment (id).
    segment: String,
    /// Who runs it.
    #[schema(required = true)]
    owner: Option<String>,
    /// Kickoff.
    kickoff_on: Date,
    /// The day by which it should be complete.
    complete_by: Date,
    /// Its end as planned now.
    finish_on: Date,
    /// Calendar days by which it is late.
    days: i64,
    /// Its day has passed, not only by plan.
    is_past: bool,
}

impl From<LateLine> for LateOut {
    fn from(line: LateLine) -> Self {
        let LateLine { late, days, is_past } = line;
        Self {
            onboarding: late.id.to_string(),
            customer: late.customer,
            segment: late.segment,
            owner: late.owner,
            kickoff_on: late.kickoff_on,
            complete_by: late.complete_by,
            finish_on: late.finish_on,
            days,
            is_past,
        }
    }
}

/// Which onboardings.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct LateQuery {
    /// Only those of this segment (id).
    #[param(example = "mid-market")]
    segment: Option<String>,
}

/// List onboardings that run late
///
/// Not complete by their day, or not by their plan; the latest first, on one page of 500 at most. Where there are more,
/// those are on it whose day is the earliest: narrow by `segment` to see the others.
#[utoipa::path(get, path = "/late-onboardings", operation_id = "list_late_onboardings", tag = "Impact",
    params(LateQuery),
    responses((status = 200, description = "Onboardings that run late.", body = Page<LateOut>)))]
pub(crate) async fn onboardings(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<LateQuery>,
) -> Result<Json<Page<LateOut>>, Problem> {
    let seen = outcome::late(&api.app, &caller.actor, query.segment).await?;
    Ok(Json(Page::whole(seen.lines.into_iter().map(LateOut::from))))
}

/// What a milestone has to do with late onboardings.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LateMilestone)]
pub(crate) struct DriverOut {
    /// Id inside the plan.
    code: String,
    /// What is reached.
    name: String,
    /// Onboardings that have it.
    onboardings: usize,
    /// Of those, how many reached it late, or will.
    late: usize,
    /// Calendar days they were late by, the middle one.
    median_days: i64,
    /// Late onboardings that lost most of their days at this milestone.
    drives: usize,
    /// Of the onboardings that were late here, how many are late at the end.
    late_then_late: usize,
    /// Of the onboardings that were in time here, how many are late at the end.
    timely_then_late: usize,
}

impl From<Driver> for DriverOut {
    fn from(one: Driver) -> Self {
        let Driver { code, name, onboardings, late, median_days, drives, late_then_late, timely_then_late } =
            one;
        Self { code, name, onboardings, late, median_days, drives, late_then_late, timely_then_late }
    }
}

/// Which milestones make onboardings late.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LateMilestones)]
pub(crate) struct DriversOut {
    /// Kickoffs from this day on.
    since: Date,
    /// Onboardings that were compared.
    onboardings: usize,
    /// Of those, how many are late.
    late: usize,
    /// Milestones, those that cost most first.
    milestones: Vec<DriverOut>,
}

/// Which onboardings are compared.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DriversQuery {
    /// Kickoffs from this day on; of the last 365 days when left out.
    since: Option<Date>,
    /// Only those of this segment (id).
    segment: Option<String>,
}

/// Get which milestones make onboardings late
///
/// One line for each milestone of the programmes they follow. At most 50,000 milestones of onboardings are compared: where
/// there are more, choose a later `since` or one `segment`.
#[utoipa::path(get, path = "/late-milestones", operation_id = "get_late_milestones", tag = "Impact",
    params(DriversQuery),
    responses((status = 200, description = "Milestones, those that cost most first.", body = DriversOut)))]
pub(crate) async fn milestones(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<DriversQuery>,
) -> Result<Json<DriversOut>, Problem> {
    let seen = outcome::late_milestones(&api.app, &caller.actor, query.since, query.segment).await?;
    let Courses { drivers, onboardings, late, since, lost: _ } = seen;
    let milestones = drivers.into_iter().map(DriverOut::from).collect();
    Ok(Json(DriversOut { since, onboardings, late, milestones }))
}
