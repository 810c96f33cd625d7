//! Health of onboardings: as it stands, how it came to be, what people say instead, what would be if, and looking back.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use gangway_app::health::{self, Against, Health, Judged, Listed, Observed, WantedOverride};
use gangway_domain::health::backtest::{Foretold, ScoreTest};
use gangway_domain::health::{Assessment, Move, WhatIf};
use gangway_domain::ids::OnboardingId;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::instant;
use crate::Api;
use crate::caller::{Caller, Here};
use crate::description;
use crate::input::{JsonOf, QueryOf};
use crate::page::{Page, bad_query, id, limit};
use crate::problem::Problem;

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

/// What a person put in place of the computed status.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StatusOverride)]
pub(crate) struct OverrideOut {
    /// The status.
    status: String,
    /// Why.
    reason: String,
    /// The last day on which it counts.
    until: Date,
    /// Who said so.
    by: String,
    /// When.
    at: Timestamp,
}

/// What somebody of the team saw.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Observation)]
pub(crate) struct ObservationOut {
    /// Id.
    id: String,
    /// Of what: `engagement`, `mood`, `system`.
    subject: String,
    /// 1 to 5, 5 being best.
    rating: i64,
    /// What they saw; may be empty.
    note: String,
    /// Who.
    by: String,
    /// When.
    at: Timestamp,
}

impl From<health::Observation> for ObservationOut {
    fn from(one: health::Observation) -> Self {
        Self {
            id: one.id.to_string(),
            subject: one.component,
            rating: one.rating,
            note: one.note,
            by: one.by,
            at: instant(one.at),
        }
    }
}

impl From<Health> for HealthOut {
    fn from(health: Health) -> Self {
        let overridden = health.overridden().map(|said| OverrideOut {
            status: said.status.clone(),
            reason: said.reason.clone(),
            until: said.until,
            by: said.by.clone(),
            at: instant(said.at),
        });
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

/// Which changes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ChangeQuery {
    /// Lines on the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<u32>,
    /// Where to start: `next` of the page before.
    after: Option<String>,
}

/// List changes of the health of an onboarding
///
/// The newest first, each with the facts it was judged by. History is never rewritten.
#[utoipa::path(get, path = "/onboardings/{id}/health-changes", operation_id = "list_health_changes", tag = "Health",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"), ChangeQuery),
    responses((status = 200, description = "A page of changes.", body = Page<ChangeOut>)))]
pub(crate) async fn changes(
    Here(api, caller, names): Here,
    QueryOf(query): QueryOf<ChangeQuery>,
) -> Result<Json<Page<ChangeOut>>, Problem> {
    let before = query.after.as_deref().map(|text| {
        text.parse::<i64>().map_err(|_| bad_query("after", "is no place in this list".to_owned()))
    });
    let (before, lines) = (before.transpose()?, limit(query.limit)?);
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

/// A status in place of the computed one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewStatusOverride, example = json!({ "status": "Monitor", "reason": "Their controller is on leave until May", "until": "2027-05-03" }))]
pub(crate) struct OverrideIn {
    /// A status of the model.
    status: String,
    /// Why.
    #[schema(min_length = 1)]
    reason: String,
    /// The last day on which it counts, within 92 days.
    until: Date,
}

/// Put a status in place of the computed one
///
/// It counts through its last day; no rule takes it away before.
#[utoipa::path(put, path = "/onboardings/{id}/health-override", operation_id = "override_health", tag = "Health",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = OverrideIn),
    responses((status = 200, description = "The health as it is now.", body = HealthOut)))]
pub(crate) async fn overrule(
    Here(api, caller, names): Here,
    JsonOf(sent): JsonOf<OverrideIn>,
) -> Result<Json<HealthOut>, Problem> {
    let OverrideIn { status, reason, until } = sent;
    let wanted = WantedOverride { status, reason, until: Some(until) };
    let health = health::set_override(&api.app, &caller.actor, names.id("onboarding")?, wanted).await?;
    Ok(Json(health.into()))
}

/// Leave the status to the score again
#[utoipa::path(delete, path = "/onboardings/{id}/health-override", operation_id = "end_health_override", tag = "Health",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "The health as it is now.", body = HealthOut)))]
pub(crate) async fn end_override(Here(api, caller, names): Here) -> Result<Json<HealthOut>, Problem> {
    let health = health::end_override(&api.app, &caller.actor, names.id("onboarding")?).await?;
    Ok(Json(health.into()))
}

/// What somebody of the team saw.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewObservation, example = json!({ "subject": "mood", "rating": 2, "note": "Short answers since the delay" }))]
pub(crate) struct ObservationIn {
    /// `engagement`, `mood` or `system`.
    subject: String,
    /// 1 to 5, 5 being best.
    #[schema(minimum = 1, maximum = 5)]
    rating: i64,
    /// What was seen.
    #[serde(default)]
    note: String,
}

/// Keep what somebody of the team saw
#[utoipa::path(post, path = "/onboardings/{id}/observations", operation_id = "observe", tag = "Health",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = ObservationIn),
    responses((status = 200, description = "What is kept.", body = ObservationOut)))]
pub(crate) async fn observe(
    Here(api, caller, names): Here,
    JsonOf(sent): JsonOf<ObservationIn>,
) -> Result<Json<ObservationOut>, Problem> {
    let ObservationIn { subject, rating, note } = sent;
    let seen = Observed { subject, rating, note };
    let kept = health::observe(&api.app, &caller.actor, names.id("onboarding")?, seen).await?;
    Ok(Json(kept.into()))
}

/// Facts as they might be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HealthQuestion, example = json!({ "facts": { "usage.active_users_7": "12", "people.champion_state": "departed" } }))]
pub(crate) struct WhatIfIn {
    /// Facts by name, each as text; an empty text takes the fact away.
    facts: BTreeMap<String, String>,
}

/// Ask what the score would be
///
/// Nothing is kept.
#[utoipa::path(post, path = "/onboardings/{id}/health-questions", operation_id = "ask_health", tag = "Health",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = WhatIfIn),
    responses((status = 200, description = "The health as it is and as it would be.", body = WhatIfOut)))]
pub(crate) async fn what_if(
    Here(api, caller, names): Here,
    JsonOf(sent): JsonOf<WhatIfIn>,
) -> Result<Json<WhatIfOut>, Problem> {
    let changes: Vec<(String, String)> = sent.facts.into_iter().collect();
    let found = health::what_if(&api.app, &caller.actor, names.id("onboarding")?, &changes).await?;
    let WhatIf { before, after, moves } = found;
    Ok(Json(WhatIfOut { before, after, moves }))
}

/// The health as it is and as it would be.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HealthAnswer)]
pub(crate) struct WhatIfOut {
    /// As it is.
    #[schema(schema_with = description::health_assessment)]
    before: Assessment,
    /// As it would be.
    #[schema(schema_with = description::health_assessment)]
    after: Assessment,
    /// What would move it, the largest first.
    #[schema(schema_with = description::health_moves)]
    moves: Vec<Move>,
}

/// A model to be tried.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HealthReplayRequest, example = json!({ "model": "" }))]
pub(crate) struct ReplayIn {
    /// Another model as TOML; empty for the one in force alone.
    #[serde(default)]
    model: String,
}

/// A day as it was judged, and as models judge it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReplayedDay)]
pub(crate) struct ReplayedOut {
    /// The day.
    on: Date,
    /// The score as it was kept.
    #[schema(required = true)]
    was: Option<u32>,
    /// The status as it was kept.
    status: String,
    /// What the model in force says.
    #[schema(required = true)]
    in_force: Option<u32>,
    /// What the other model says.
    #[schema(required = true)]
    other: Option<u32>,
}

/// Judge the history of an onboarding by another model
///
/// Every day on which its health changed, oldest first. Nothing is kept.
#[utoipa::path(post, path = "/onboardings/{id}/health-replays", operation_id = "replay_health", tag = "Health",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = ReplayIn),
    responses((status = 200, description = "Days with what models say.", body = Page<ReplayedOut>)))]
pub(crate) async fn replay(
    Here(api, caller, names): Here,
    JsonOf(sent): JsonOf<ReplayIn>,
) -> Result<Json<Page<ReplayedOut>>, Problem> {
    let found = health::replay(&api.app, &caller.actor, names.id("onboarding")?, &sent.model).await?;
    let day = |one: health::Day| ReplayedOut {
        on: one.on,
        was: one.was,
        status: one.status,
        in_force: one.in_force.score,
        other: one.other.and_then(|other| other.score),
    };
    Ok(Json(Page::whole(found.days.into_iter().map(day))))
}

/// What is looked back on.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct BacktestQuery {
    /// `churn` (when left out) or `missed-go-live`.
    against: Option<String>,
    /// How many days ahead counts as foretold, 7 to 365; 90 when left out.
    #[param(minimum = 7, maximum = 365)]
    days: Option<u32>,
}

/// What foretold what happened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HealthBacktest)]
pub(crate) struct BacktestOut {
    /// What was to be foretold.
    against: String,
    /// How many days ahead.
    days: u32,
    /// Onboardings that were watched.
    watched: usize,
    /// To how many of them it happened.
    events: usize,
    /// What each kind of signal foretold.
    #[schema(schema_with = description::foretold_list)]
    signals: Vec<Foretold>,
    /// What scores foretold.
    #[schema(schema_with = description::score_test)]
    score: ScoreTest,
}

/// Look back which signals and scores foretold what happened
///
/// Over the last eighteen months of the workspace: precision, recall, lead time and area under the curve, each with n.
#[utoipa::path(get, path = "/health/backtest", operation_id = "backtest_health", tag = "Health", params(BacktestQuery),
    responses((status = 200, description = "What foretold what happened.", body = BacktestOut)))]
pub(crate) async fn backtest(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<BacktestQuery>,
) -> Result<Json<BacktestOut>, Problem> {
    let against = match query.against.as_deref() {
        None => Against::default(),
        Some(word) => Against::read(word)
            .ok_or_else(|| bad_query("against", "must be churn or missed-go-live".to_owned()))?,
    };
    let found = health::backtest(&api.app, &caller.actor, against, query.days.unwrap_or(90)).await?;
    Ok(Json(BacktestOut {
        against: found.against.word().to_owned(),
        days: found.horizon_days,
        watched: found.watched,
        events: found.events,
        signals: found.signals.into_iter().map(|(_, one)| one).collect(),
        score: found.score,
    }))
}
