//! Rollback triggers: set off by what was seen or by somebody, decided, told, reviewed.

use axum::Json;
use axum::extract::State as Shared;
use gangway_app::launch::{self, LaunchRecord, SignalStep};
use gangway_domain::launch::{Recorded, Seen, Signal, SignalState};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::LaunchQuery;
use crate::Api;
use crate::caller::{Caller, Here, Sent};
use crate::etag::{IfMatch, changed, created};
use crate::input::QueryOf;
use crate::page::Page;
use crate::problem::{Answer, Problem};

/// A trigger that was set off.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RollbackTrigger)]
pub(crate) struct TriggerOut {
    /// Id.
    id: String,
    /// Of which onboarding.
    onboarding: String,
    /// Number, from 1.
    number: i64,
    /// `automatic`: it is rolled back at once; `evaluate`: it is considered.
    kind: &'static str,
    /// The trigger in words.
    trigger: String,
    /// What was seen.
    observed: String,
    /// Who raised it.
    by: String,
    /// When.
    at: jiff::Timestamp,
    /// `raised`, `kept` or `rolled-back`.
    status: &'static str,
    /// Why it was decided so.
    #[schema(required = true)]
    reason: Option<String>,
    /// Until when people are told of a rollback.
    #[schema(required = true)]
    tell_by: Option<jiff::Timestamp>,
    /// When they were told.
    #[schema(required = true)]
    told_at: Option<jiff::Timestamp>,
    /// Until when it is reviewed.
    #[schema(required = true)]
    review_by: Option<jiff::Timestamp>,
    /// What the review found.
    #[schema(required = true)]
    review: Option<String>,
    /// Counts changes, from 1; the ETag is made of it.
    version: i64,
}

fn out(one: LaunchRecord<Signal>) -> TriggerOut {
    let LaunchRecord { id, onboarding, number, body, version, .. } = one;
    let status = body.status();
    let Signal { kind, trigger, observed, by, at, state } = body;
    let made = TriggerOut {
        id: id.to_string(),
        onboarding: onboarding.to_string(),
        number,
        kind: kind.word(),
        trigger,
        observed,
        by,
        at,
        status,
        reason: None,
        tell_by: None,
        told_at: None,
        review_by: None,
        review: None,
        version,
    };
    match state {
        SignalState::Raised => made,
        SignalState::Kept { reason, .. } => TriggerOut { reason: Some(reason), ..made },
        SignalState::RolledBack { reason, tell_by, review_by, told_at, review, .. } => TriggerOut {
            reason: Some(reason),
            tell_by: Some(tell_by),
            told_at,
            review_by: Some(review_by),
            review,
            ..made
        },
    }
}

/// List rollback triggers that were set off
///
/// Of the whole workspace, the newest first.
#[utoipa::path(get, path = "/rollback-triggers", operation_id = "list_rollback_triggers", tag = "Go-live",
    params(LaunchQuery),
    responses((status = 200, description = "A page of triggers.", body = Page<TriggerOut>)))]
pub(crate) async fn list(
    Shared(api): Shared<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<LaunchQuery>,
) -> Result<Json<Page<TriggerOut>>, Problem> {
    let (found, more) = launch::list::<Signal>(&api.app, &caller.actor, query.read()?).await?;
    Ok(Json(Page::after_last(found.into_iter().map(out), more, |one| one.id.clone())))
}

/// Get a rollback trigger that was set off
#[utoipa::path(get, path = "/rollback-triggers/{id}", operation_id = "get_rollback_trigger", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the trigger.", example = "lau_01900000000070008000000000000001")),
    responses((status = 200, description = "The trigger.", body = TriggerOut, headers(("ETag" = String)))))]
pub(crate) async fn get(Here(api, caller, names): Here) -> Answer {
    let one = launch::get::<Signal>(&api.app, &caller.actor, names.id("trigger")?).await?;
    Ok(changed(one.version, Json(out(one))))
}

/// A trigger to be set off.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewRollbackTrigger, example = json!({ "trigger": "Security breach", "observed": "A token was found in a public list" }))]
pub(crate) struct TriggerIn {
    /// The trigger, as the methodology words it.
    trigger: String,
    /// What was seen.
    observed: String,
}

/// Set a rollback trigger off
#[utoipa::path(post, path = "/onboardings/{id}/rollback-triggers", operation_id = "raise_rollback_trigger", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = TriggerIn),
    responses((status = 201, description = "The trigger.", body = TriggerOut,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn create(Sent(api, caller, names, sent): Sent<TriggerIn>) -> Answer {
    let id = names.id("onboarding")?;
    let made = launch::raise_signal(&api.app, &caller.actor, id, &sent.trigger, &sent.observed).await?;
    let (version, location) = (made.version, format!("/api/v1/rollback-triggers/{}", made.id));
    Ok(created(version, location, Json(out(made))))
}

/// What monitoring saw; what nobody measured is left out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LaunchObservation, example = json!({ "availability_percent": 91, "minutes": 130 }))]
pub(crate) struct SeenIn {
    /// Availability in percent.
    #[schema(minimum = 0, maximum = 100)]
    availability_percent: Option<i64>,
    /// For how many minutes.
    #[schema(minimum = 0)]
    minutes: Option<i64>,
    /// Share of users in percent who cannot complete the core workflow.
    #[schema(minimum = 0, maximum = 100)]
    failing_percent: Option<i64>,
}

/// Tell what monitoring saw
///
/// Every trigger whose rule holds and that nobody decides on already is set off.
#[utoipa::path(post, path = "/onboardings/{id}/launch-observations", operation_id = "observe_launch", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = SeenIn),
    responses((status = 200, description = "The triggers that were set off; none when all is well.", body = Page<TriggerOut>)))]
pub(crate) async fn observe(
    Sent(api, caller, names, sent): Sent<SeenIn>,
) -> Result<Json<Page<TriggerOut>>, Problem> {
    let SeenIn { availability_percent, minutes, failing_percent } = sent;
    let seen = Seen { availability_percent, minutes, failing_percent };
    let made = launch::observe(&api.app, &caller.actor, names.id("onboarding")?, seen).await?;
    Ok(Json(Page::whole(made.into_iter().map(out))))
}

/// A step with a trigger.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RollbackStep, example = json!({ "step": "keep", "text": "A false alarm of the probe" }))]
pub(crate) struct TriggerStepIn {
    /// `keep`, `roll-back`, `told` or `review`.
    step: String,
    /// Why, or what the review found.
    #[serde(default)]
    text: String,
}

/// Take a step with a rollback trigger
#[utoipa::path(post, path = "/rollback-triggers/{id}/steps", operation_id = "step_rollback_trigger", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the trigger.", example = "lau_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = TriggerStepIn),
    responses((status = 200, description = "The trigger as it is now.", body = TriggerOut, headers(("ETag" = String)))))]
pub(crate) async fn step(version: IfMatch, Sent(api, caller, names, sent): Sent<TriggerStepIn>) -> Answer {
    let TriggerStepIn { step, text } = sent;
    let step = match step.as_str() {
        "keep" => SignalStep::Keep(text),
        "roll-back" => SignalStep::RollBack(text),
        "told" => SignalStep::Told,
        "review" => SignalStep::Review(text),
        _ => return Err(Problem::field("step", "must be keep, roll-back, told or review")),
    };
    let (id, version) = (names.id("trigger")?, version.required()?);
    let kept = launch::take_signal(&api.app, &caller.actor, id, version, step).await?;
    Ok(changed(kept.version, Json(out(kept))))
}
