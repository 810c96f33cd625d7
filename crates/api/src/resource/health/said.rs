//! What people say of health instead of the score, and what they saw.

use axum::Json;
use gangway_app::health::{self, Observed, WantedOverride};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::HealthOut;
use crate::caller::{Here, Sent};
use crate::problem::Problem;
use crate::resource::instant;

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

impl From<&health::Override> for OverrideOut {
    fn from(one: &health::Override) -> Self {
        Self {
            status: one.status.clone(),
            reason: one.reason.clone(),
            until: one.until,
            by: one.by.clone(),
            at: instant(one.at),
        }
    }
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
    Sent(api, caller, names, sent): Sent<OverrideIn>,
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
    Sent(api, caller, names, sent): Sent<ObservationIn>,
) -> Result<Json<ObservationOut>, Problem> {
    let ObservationIn { subject, rating, note } = sent;
    let seen = Observed { subject, rating, note };
    let kept = health::observe(&api.app, &caller.actor, names.id("onboarding")?, seen).await?;
    Ok(Json(kept.into()))
}
