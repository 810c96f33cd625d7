//! What is measured of outcomes.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use gangway_app::outcome::{self, NewMeasurement};
use gangway_domain::ids::OutcomeId;
use gangway_domain::outcome::{Amount, Evidence};
use gangway_store::outcome::measurement::Measurement;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::instant;
use crate::caller::{Here, Sent};
use crate::description;
use crate::page::Page;
use crate::problem::{Answer, Problem};

/// What was measured of an outcome on a day.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Measurement)]
pub(crate) struct MeasurementOut {
    /// Id.
    id: String,
    /// Of which outcome.
    outcome: String,
    /// On which day.
    on: Date,
    /// The figure, a decimal number as text.
    #[schema(required = true, value_type = Option<String>)]
    value: Option<Amount>,
    /// Whoever measured says that the outcome is there.
    holds: bool,
    /// What belongs to it in words.
    note: String,
    /// What shows it.
    #[schema(required = true, schema_with = description::outcome_evidence_or_none)]
    evidence: Option<Evidence>,
    /// Who wrote it down.
    made_by: String,
    /// When.
    made_at: jiff::Timestamp,
}

impl From<Measurement> for MeasurementOut {
    fn from(one: Measurement) -> Self {
        Self {
            id: one.id.to_string(),
            outcome: one.outcome.to_string(),
            on: one.on,
            value: one.reading.value,
            holds: one.reading.holds,
            note: one.note,
            evidence: one.evidence,
            made_by: one.made_by,
            made_at: instant(one.made_at),
        }
    }
}

/// A new measurement.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewMeasurement, example = json!({
    "on": "2027-03-31", "value": "6", "note": "March", "evidence": { "kind": "link", "url": "https://bi.acme.example/close" }
}))]
pub(crate) struct MeasurementIn {
    /// On which day; today when left out.
    on: Option<Date>,
    /// The figure, a decimal number as text; needed where the outcome has a target.
    #[schema(value_type = Option<String>)]
    value: Option<Amount>,
    /// The outcome is there; counts where it has no target in figures.
    #[serde(default)]
    holds: bool,
    /// What belongs to it in words.
    #[serde(default)]
    note: String,
    /// What shows it: words, a link, or a file that is kept with the outcome (its name is read from the file).
    #[schema(schema_with = description::outcome_evidence_or_none)]
    evidence: Option<Evidence>,
}

/// List the measurements of an outcome
///
/// By day, on one page.
#[utoipa::path(get, path = "/outcomes/{id}/measurements", operation_id = "list_measurements", tag = "Impact",
    params(("id" = String, Path, description = "Id of the outcome.", example = "out_01900000000070008000000000000001")),
    responses((status = 200, description = "The measurements.", body = Page<MeasurementOut>)))]
pub(crate) async fn list(Here(api, caller, names): Here) -> Result<Json<Page<MeasurementOut>>, Problem> {
    let all = outcome::measurements_of(&api.app, &caller.actor, names.id("outcome")?).await?;
    Ok(Json(Page::whole(all.into_iter().map(MeasurementOut::from))))
}

/// Measure an outcome
///
/// A no of the customer is settled by it: they are asked anew.
#[utoipa::path(post, path = "/outcomes/{id}/measurements", operation_id = "measure_outcome", tag = "Impact",
    params(("id" = String, Path, description = "Id of the outcome.", example = "out_01900000000070008000000000000001")),
    request_body(content = MeasurementIn),
    responses((status = 201, description = "The measurement.", body = MeasurementOut, headers(("Location" = String)))))]
pub(crate) async fn create(Sent(api, caller, names, sent): Sent<MeasurementIn>) -> Answer {
    let MeasurementIn { on, value, holds, note, evidence } = sent;
    let id: OutcomeId = names.id("outcome")?;
    let on = on.unwrap_or_else(|| api.app.today());
    let new = NewMeasurement { on, value, holds, note, evidence };
    let (_, made) = outcome::measure(&api.app, &caller.actor, id, new).await?;
    let location = format!("/api/v1/outcomes/{id}/measurements");
    let answer = (StatusCode::CREATED, [(header::LOCATION, location)], Json(MeasurementOut::from(made)));
    Ok(answer.into_response())
}

/// Take a measurement out
///
/// Not of an outcome the customer has confirmed.
#[utoipa::path(delete, path = "/measurements/{id}", operation_id = "remove_measurement", tag = "Impact",
    params(("id" = String, Path, description = "Id of the measurement.", example = "mea_01900000000070008000000000000001")),
    responses((status = 204, description = "It is gone.")))]
pub(crate) async fn remove(Here(api, caller, names): Here) -> Result<StatusCode, Problem> {
    outcome::remove_measurement(&api.app, &caller.actor, names.id("measurement")?).await?;
    Ok(StatusCode::NO_CONTENT)
}
