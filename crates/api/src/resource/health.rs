//! Health of onboardings: as it stands, and how it came to be.

pub(crate) mod compared;
pub(crate) mod said;
pub(crate) mod trial;

use axum::Json;
use axum::extract::State;
use gangway_app::health::{self, Health, Judged, Listed};
use gangway_domain::health::{Assessment, Move};
use gangway_domain::ids::OnboardingId;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::instant;
use crate::Api;
use crate::caller::{Caller, Here};
use crate::description;
use crate::input::QueryOf;
use crate::page::{Page, PageQuery, id, limit, place};
use crate::problem::Problem;
use said::{ObservationOut, OverrideOut};

/// The health of an onboarding.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OnboardingHealth)]
pub(crate) struct HealthOut {
    /// Id of the onboarding.
    onboarding: String,
    /// 0 to 100; null while too little is known.
    #[schema(required = true)]
    score: Option<i64>,
    /// The status that counts; null before it was ever judged.
    #[schema(required = true)]
    status: Option<String>,
    /// Since when it is so.
    #[schema(required = true)]
    since: Option<Timestamp>,
    /// Everything it rests on.
    #[schema(required = true, schema_with = description::health_assessment_or_none)]
    assessment: Option<Assessment>,
    /// What moved the score by the last change, the largest first.
    #[schema(schema_with = description::health_moves)]
    moves: Vec<Move>,
    /// What a person put in its place, while that counts.
    #[schema(required = true)]
    overridden: Option<OverrideOut>,
    /// What people of the team saw, the newest first.
    observations: Vec<ObservationOut>,
}

impl From<Health> for HealthOut {
    fn from(health: Health) -> Self {
        let overridden = health.overridden().map(OverrideOut::from);
        Self {
            onboarding: health.head.id.to_string(),
            score: health.judged.as_ref().and_then(|judged| judged.score),
            status: health.judged.as_ref().map(|judged| judged.status.clone()),
            since: health.judged.as_ref().map(|judged| instant(judged.at)),
            assessment: health.assessment,
            moves: health.moves,
            overridden,
            observations: health.observations.into_iter().map(ObservationOut::from).collect(),
        }
    }
}

/// Get the health of an onboarding
#[utoipa::path(get, path = "/onboardings/{id}/health", operation_id = "get_health", tag = "Health",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "The health with everything it rests on.", body = HealthOut)))]
pub(crate) async fn get(Here(api, caller, names): Here) -> Result<Json<HealthOut>, Problem> {
    let health = health::of_onboarding(&api.app, &caller.actor, names.id("onboarding")?).await?;
    Ok(Json(health.into()))
}

/// A change of health.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HealthChange)]
pub(crate) struct ChangeOut {
    /// Its number, from 1.
    number: i64,
    /// When.
    at: Timestamp,
    /// The day it was judged for.
    on: Date,
    /// 0 to 100; null while too little was known.
    #[schema(required = true)]
    score: Option<i64>,
    /// Share of the weight that had data, percent.
    coverage_percent: i64,
    /// What counted.
    status: String,
    /// What the score alone said.
    by_score: String,
    /// Id of the model.
    model: String,
    /// And its version.
    model_version: i64,
    /// What moved it, in words.
    because: String,
    /// The facts it was judged by, by name.
    #[schema(value_type = Object)]
    facts: serde_json::Value,
}

impl From<Judged> for ChangeOut {
    fn from(one: Judged) -> Self {
        Self {
            number: one.number,
            at: instant(one.at),
            on: one.on,
            score: one.score,
            coverage_percent: one.coverage,
            status: one.status,
            by_score: one.computed,
            model: one.model,
            model_version: one.model_version,
            because: one.because,
            facts: one.facts.get("facts").cloned().unwrap_or_default(),
        }
    }
}

/// List changes of the health of an onboarding
///
/// The newest first, each with the facts it was judged by. History is never rewritten.
#[utoipa::path(get, path = "/onboardings/{id}/health-changes", operation_id = "list_health_changes", tag = "Health",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"), PageQuery),
    responses((status = 200, description = "A page of changes.", body = Page<ChangeOut>)))]
pub(crate) async fn changes(
    Here(api, caller, names): Here,
    QueryOf(query): QueryOf<PageQuery>,
) -> Result<Json<Page<ChangeOut>>, Problem> {
    let (before, lines) = (place::<i64>(query.after.as_deref())?, limit(query.limit)?);
    let (found, more) =
        health::changes(&api.app, &caller.actor, names.id("onboarding")?, before, lines).await?;
    Ok(Json(Page::after_last(found.into_iter().map(ChangeOut::from), more, |one| one.number.to_string())))
}

/// The health of one of many onboardings.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HealthLine)]
pub(crate) struct LineOut {
    /// Id of the onboarding.
    onboarding: String,
    /// Id of the account.
    account: String,
    /// The customer.
    customer: String,
    /// Segment as people see it.
    segment: String,
    /// 0 to 100; null while too little is known.
    #[schema(required = true)]
    score: Option<i64>,
    /// Share of the weight that has data, percent.
    coverage_percent: i64,
    /// What counts.
    status: String,
    /// Since when.
    since: Timestamp,
}

impl From<Listed> for LineOut {
    fn from(one: Listed) -> Self {
        Self {
            onboarding: one.onboarding.to_string(),
            account: one.account.to_string(),
            customer: one.customer,
            segment: one.segment,
            score: one.score,
            coverage_percent: one.coverage,
            status: one.status,
            since: instant(one.at),
        }
    }
}

/// Which onboardings.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct HealthQuery {
    /// Only those of this status, such as `At risk`.
    status: Option<String>,
    /// Lines on the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<u32>,
    /// Where to start: `next` of the page before.
    after: Option<String>,
}

/// List the health of onboardings
#[utoipa::path(get, path = "/health", operation_id = "list_health", tag = "Health", params(HealthQuery),
    responses((status = 200, description = "A page, in order of ids.", body = Page<LineOut>)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<HealthQuery>,
) -> Result<Json<Page<LineOut>>, Problem> {
    let after = id::<OnboardingId>("after", query.after.as_deref())?;
    let lines = limit(query.limit)?;
    let (found, more) = health::list(&api.app, &caller.actor, query.status.as_deref(), after, lines).await?;
    let page = found.into_iter().map(LineOut::from);
    Ok(Json(Page::after_last(page, more, |one| one.onboarding.clone())))
}
