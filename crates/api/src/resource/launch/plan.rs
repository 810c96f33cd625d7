//! What a launch is planned with: strategy, waves, rollback plan, hypercare plan.

use gangway_app::launch::{self, HypercareDraft, WaveDraft};
use gangway_domain::launch::{RollbackPlan, WaveState};
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{HypercarePlanOut, LaunchOut, RollbackPlanOut, answer};
use crate::caller::Sent;
use crate::etag::IfMatch;
use crate::problem::{Answer, Problem};

/// A strategy.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewStrategy, example = json!({ "strategy": "Pilot + expand" }))]
pub(crate) struct StrategyIn {
    /// Name of the strategy.
    #[schema(min_length = 1)]
    strategy: String,
}

/// Choose the rollout strategy
///
/// Its waves are planned anew, as long as none has begun.
#[utoipa::path(post, path = "/onboardings/{id}/launch/strategy", operation_id = "choose_strategy", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = StrategyIn),
    responses((status = 200, description = "The launch as it is now.", body = LaunchOut, headers(("ETag" = String)))))]
pub(crate) async fn strategy(version: IfMatch, Sent(api, caller, names, sent): Sent<StrategyIn>) -> Answer {
    let (id, version) = (names.id("onboarding")?, version.required()?);
    let sight = launch::strategy(&api.app, &caller.actor, id, version, &sent.strategy).await?;
    Ok(answer(&api, &sight))
}

/// The waves of a rollout.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewWaves, example = json!({ "waves": [{ "name": "Plant Kassel", "on": "2027-03-01", "people": 40 }] }))]
pub(crate) struct WavesIn {
    /// In order.
    waves: Vec<WaveIn>,
}

/// A wave.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewWave)]
pub(crate) struct WaveIn {
    /// What people call it; one that has begun keeps its name.
    name: String,
    /// The day it starts.
    on: Date,
    /// Whom or what it holds.
    #[serde(default)]
    scope: String,
    /// How many people.
    people: Option<u32>,
    /// Why it is a Friday, weekend, holiday or blackout.
    #[serde(default)]
    reason: String,
}

/// Plan the waves of the rollout
#[utoipa::path(put, path = "/onboardings/{id}/launch/waves", operation_id = "put_waves", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = WavesIn),
    responses((status = 200, description = "The launch as it is now.", body = LaunchOut, headers(("ETag" = String)))))]
pub(crate) async fn waves(version: IfMatch, Sent(api, caller, names, sent): Sent<WavesIn>) -> Answer {
    let (id, version) = (names.id("onboarding")?, version.required()?);
    let draft = |wave: WaveIn| {
        let WaveIn { name, on, scope, people, reason } = wave;
        WaveDraft { name, scope, on: Some(on), people, reason }
    };
    let drafts = sent.waves.into_iter().map(draft).collect();
    let sight = launch::plan_waves(&api.app, &caller.actor, id, version, drafts).await?;
    Ok(answer(&api, &sight))
}

/// A move of a wave.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WaveMove, example = json!({ "place": 0, "state": "live" }))]
pub(crate) struct MoveIn {
    /// Which wave, counted from 0.
    place: usize,
    /// `planned`, `live`, `held` or `rolled-back`.
    state: String,
    /// Why it is held, rolled back, or live on such a day.
    #[serde(default)]
    reason: String,
}

/// Move a wave
///
/// Nothing but a pilot goes live before the go-live is decided.
#[utoipa::path(post, path = "/onboardings/{id}/launch/waves/moves", operation_id = "move_wave", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = MoveIn),
    responses((status = 200, description = "The launch as it is now.", body = LaunchOut, headers(("ETag" = String)))))]
pub(crate) async fn move_wave(version: IfMatch, Sent(api, caller, names, sent): Sent<MoveIn>) -> Answer {
    let MoveIn { place, state, reason } = sent;
    let state: WaveState =
        state.parse().map_err(|_| Problem::field("state", "must be planned, live, held or rolled-back"))?;
    let (id, version) = (names.id("onboarding")?, version.required()?);
    let sight = launch::move_wave(&api.app, &caller.actor, id, version, place, state, &reason).await?;
    Ok(answer(&api, &sight))
}

/// Write the rollback plan down
#[utoipa::path(put, path = "/onboardings/{id}/launch/rollback-plan", operation_id = "put_rollback_plan", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = RollbackPlanOut),
    responses((status = 200, description = "The launch as it is now.", body = LaunchOut, headers(("ETag" = String)))))]
pub(crate) async fn rollback_plan(
    version: IfMatch,
    Sent(api, caller, names, sent): Sent<RollbackPlanOut>,
) -> Answer {
    let RollbackPlanOut { decider, deputy, steps, impact, recovery, message } = sent;
    let draft = RollbackPlan { decider, deputy, steps, impact, recovery, message };
    let (id, version) = (names.id("onboarding")?, version.required()?);
    let sight = launch::plan_rollback(&api.app, &caller.actor, id, version, draft).await?;
    Ok(answer(&api, &sight))
}

/// Write the hypercare plan down
#[utoipa::path(put, path = "/onboardings/{id}/launch/hypercare-plan", operation_id = "put_hypercare_plan", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = HypercarePlanOut),
    responses((status = 200, description = "The launch as it is now.", body = LaunchOut, headers(("ETag" = String)))))]
pub(crate) async fn hypercare_plan(
    version: IfMatch,
    Sent(api, caller, names, sent): Sent<HypercarePlanOut>,
) -> Answer {
    let HypercarePlanOut { coverage, channel, sync_at, team } = sent;
    let draft = HypercareDraft { coverage, channel, sync_at, team };
    let (id, version) = (names.id("onboarding")?, version.required()?);
    let sight = launch::plan_hypercare(&api.app, &caller.actor, id, version, draft).await?;
    Ok(answer(&api, &sight))
}
