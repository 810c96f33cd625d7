//! What health would be if, what another model says of its history, and looking back at what it foretold.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use gangway_app::health::{self, Against};
use gangway_domain::health::backtest::{Foretold, ScoreTest};
use gangway_domain::health::{Assessment, Move, WhatIf};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Api;
use crate::caller::{Caller, Sent};
use crate::description;
use crate::input::QueryOf;
use crate::page::{Page, bad_query};
use crate::problem::Problem;

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
    Sent(api, caller, names, sent): Sent<WhatIfIn>,
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
    Sent(api, caller, names, sent): Sent<ReplayIn>,
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
