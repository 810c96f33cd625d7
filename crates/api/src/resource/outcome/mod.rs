//! Outcomes of joint impact plans: what is wanted, where it stands.

pub(crate) mod answer;
pub(crate) mod late;
pub(crate) mod measurement;
pub(crate) mod plan;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use gangway_app::outcome::{self, Draft, Outcome, Query};
use gangway_domain::ids::{OnboardingId, OutcomeId};
use gangway_domain::outcome::{Amount, Answer as CustomerAnswer, Direction};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::account::said;
use super::instant;
use crate::Api;
use crate::caller::{Caller, Here, Sent};
use crate::description;
use crate::etag::{IfMatch, changed, created, tagged};
use crate::input::QueryOf;
use crate::page::{self, Page, id, limit};
use crate::problem::{Answer, Problem};

/// An outcome of a joint impact plan. Figures are decimal numbers as text, such as `12.5`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Outcome)]
pub(crate) struct OutcomeOut {
    /// Id.
    id: String,
    /// Whose.
    onboarding: String,
    /// What people call it: `O-1`.
    code: String,
    /// The goal in the customer's words.
    goal: String,
    /// What is measured; empty until it is agreed.
    metric: String,
    /// Unit of the figures; may be empty.
    unit: String,
    /// `up` or `down`: which way the figure should go.
    direction: String,
    /// Where it stood before.
    #[schema(required = true, value_type = Option<String>)]
    baseline: Option<Amount>,
    /// What it should become.
    #[schema(required = true, value_type = Option<String>)]
    target: Option<Amount>,
    /// The latest figure.
    #[schema(required = true, value_type = Option<String>)]
    latest: Option<Amount>,
    /// The day of the latest measurement.
    #[schema(required = true)]
    latest_on: Option<Date>,
    /// How much of the way from baseline to target is gone, percent.
    #[schema(required = true)]
    percent: Option<u32>,
    /// By when.
    by: Date,
    /// What will prove it.
    proof: String,
    /// Who of the customer confirms it, by name or role.
    confirms: String,
    /// `drafted`, `agreed`, `measuring`, `reached`, `verified`, `missed` or `never-agreed`.
    status: String,
    /// Rung of the value ladder.
    #[schema(required = true)]
    rung: Option<i64>,
    /// It is the first value.
    first_value: bool,
    /// It is the full value.
    full_value: bool,
    /// Ids of promises of sales it keeps.
    promises: Vec<String>,
    /// Who of the customer agreed.
    #[schema(required = true)]
    agreed_by: Option<String>,
    /// When.
    #[schema(required = true)]
    agreed_at: Option<jiff::Timestamp>,
    /// What the customer says to it; null while they have not.
    #[schema(required = true, schema_with = description::outcome_answer_or_none)]
    answer: Option<CustomerAnswer>,
    /// Some measurement has evidence.
    evidenced: bool,
    /// Who made it.
    made_by: String,
    /// When.
    made_at: jiff::Timestamp,
    /// Counts changes, from 1; the ETag is made of it.
    version: i64,
}

impl OutcomeOut {
    fn new(one: Outcome, today: Date) -> Self {
        let ground = one.ground();
        Self {
            percent: ground.percent(),
            status: ground.status(today).word().to_owned(),
            id: one.id.to_string(),
            onboarding: one.onboarding.to_string(),
            code: one.code(),
            direction: one.direction.word().to_owned(),
            baseline: one.baseline,
            target: one.target,
            latest: one.latest.and_then(|(_, reading)| reading.value),
            latest_on: one.latest.map(|(on, _)| on),
            by: one.by,
            rung: one.rung,
            first_value: one.first_value,
            full_value: one.full_value,
            agreed_by: one.agreed.as_ref().map(|(by, _)| by.clone()),
            agreed_at: one.agreed.as_ref().map(|(_, at)| instant(*at)),
            evidenced: one.evidenced,
            made_at: instant(one.made_at),
            version: one.version,
            goal: one.goal,
            metric: one.metric,
            unit: one.unit,
            proof: one.proof,
            confirms: one.confirms,
            promises: one.promises,
            answer: one.answer,
            made_by: one.made_by,
        }
    }
}

/// An outcome as an answer with its version.
fn answered(api: &Api, one: Outcome) -> Response {
    changed(one.version, Json(OutcomeOut::new(one, api.app.today())))
}

/// A new outcome.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewOutcome, example = json!({
    "goal": "Close the books faster", "metric": "Days to close", "unit": "days", "baseline": "10", "target": "4",
    "by": "2027-04-30", "proof": "The calendar of the finance team", "confirms": "Dana Whitfield", "first_value": true
}))]
pub(crate) struct OutcomeIn {
    /// The goal in the customer's words.
    #[schema(min_length = 1, max_length = 300)]
    goal: String,
    /// What is measured.
    #[serde(default)]
    metric: String,
    /// Unit of the figures.
    #[serde(default)]
    unit: String,
    /// `up` or `down`; from the figures when left out.
    direction: Option<String>,
    /// Where it stands today, a decimal number as text.
    #[schema(value_type = Option<String>)]
    baseline: Option<Amount>,
    /// What it should become.
    #[schema(value_type = Option<String>)]
    target: Option<Amount>,
    /// By when.
    by: Date,
    /// What will prove it.
    #[serde(default)]
    proof: String,
    /// Who of the customer confirms it, by name or role.
    #[serde(default)]
    confirms: String,
    /// Rung of the value ladder.
    rung: Option<i64>,
    /// It is the first value; no other outcome of the onboarding stays so.
    #[serde(default)]
    first_value: bool,
    /// It is the full value.
    #[serde(default)]
    full_value: bool,
    /// Ids of promises of sales it keeps.
    #[serde(default)]
    promises: Vec<String>,
}

/// What is to change of an outcome; null empties a field, leaving it out keeps it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "target": "5", "by": "2027-05-31" }))]
pub(crate) struct OutcomePatch {
    /// The goal.
    #[schema(min_length = 1, max_length = 300)]
    goal: Option<String>,
    /// What is measured.
    metric: Option<String>,
    /// Unit of the figures.
    unit: Option<String>,
    /// `up` or `down`.
    direction: Option<String>,
    /// Where it stood before.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    baseline: Option<Option<Amount>>,
    /// What it should become.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    target: Option<Option<Amount>>,
    /// By when.
    by: Option<Date>,
    /// What will prove it.
    proof: Option<String>,
    /// Who of the customer confirms it.
    confirms: Option<String>,
    /// Rung of the value ladder.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<i64>)]
    rung: Option<Option<i64>>,
    /// It is the first value.
    first_value: Option<bool>,
    /// It is the full value.
    full_value: Option<bool>,
    /// Ids of promises of sales it keeps.
    promises: Option<Vec<String>>,
}

fn direction(word: Option<&str>) -> Result<Option<Direction>, Problem> {
    word.map(|word| word.parse().map_err(|_| Problem::field("direction", "must be up or down"))).transpose()
}

/// Which outcomes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct OutcomeQuery {
    /// Only those of this onboarding (id).
    onboarding: Option<String>,
    /// Only `drafted`, `agreed`, `measuring`, `reached`, `verified`, `missed` or `never-agreed` ones.
    #[param(example = "verified")]
    status: Option<String>,
    /// Lines on the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<u32>,
    /// Where to start: `next` of the page before.
    after: Option<String>,
}

/// List outcomes
///
/// Of all joint impact plans of the workspace, the newest first.
#[utoipa::path(get, path = "/outcomes", operation_id = "list_outcomes", tag = "Impact",
    params(OutcomeQuery),
    responses((status = 200, description = "A page of outcomes.", body = Page<OutcomeOut>)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<OutcomeQuery>,
) -> Result<Json<Page<OutcomeOut>>, Problem> {
    let OutcomeQuery { onboarding, status, limit: lines, after } = query;
    let today = api.app.today();
    let status = page::word("status", status.as_deref())?;
    let query = Query {
        before: id::<OutcomeId>("after", after.as_deref())?,
        onboarding: id::<OnboardingId>("onboarding", onboarding.as_deref())?,
        status: status.map(|status| (status, today)),
        limit: limit(lines)?,
    };
    let (found, more) = outcome::list(&api.app, &caller.actor, query).await?;
    let items = found.into_iter().map(|one| OutcomeOut::new(one, today));
    Ok(Json(Page::after_last(items, more, |one| one.id.clone())))
}

/// Get an outcome
#[utoipa::path(get, path = "/outcomes/{id}", operation_id = "get_outcome", tag = "Impact",
    params(("id" = String, Path, description = "Id of the outcome.", example = "out_01900000000070008000000000000001")),
    responses((status = 200, description = "The outcome.", body = OutcomeOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn get(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let sight = outcome::get(&api.app, &caller.actor, names.id("outcome")?).await?;
    Ok(tagged(&headers, sight.outcome.version, Json(OutcomeOut::new(sight.outcome, sight.today))))
}

/// Add an outcome
#[utoipa::path(post, path = "/onboardings/{id}/outcomes", operation_id = "add_outcome", tag = "Impact",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = OutcomeIn),
    responses((status = 201, description = "The outcome.", body = OutcomeOut,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn create(Sent(api, caller, names, sent): Sent<OutcomeIn>) -> Answer {
    let draft = Draft {
        goal: sent.goal,
        metric: sent.metric,
        unit: sent.unit,
        direction: direction(sent.direction.as_deref())?,
        baseline: sent.baseline,
        target: sent.target,
        by: sent.by,
        proof: sent.proof,
        confirms: sent.confirms,
        rung: sent.rung,
        first_value: sent.first_value,
        full_value: sent.full_value,
        promises: sent.promises,
    };
    let made = outcome::add(&api.app, &caller.actor, names.id("onboarding")?, draft).await?;
    let (version, location) = (made.version, format!("/api/v1/outcomes/{}", made.id));
    Ok(created(version, location, Json(OutcomeOut::new(made, api.app.today()))))
}

/// Change an outcome
///
/// Only the fields that are sent change. What was agreed is to be agreed anew when the goal or its figures change;
/// of a verified outcome they cannot.
#[utoipa::path(patch, path = "/outcomes/{id}", operation_id = "change_outcome", tag = "Impact",
    params(("id" = String, Path, description = "Id of the outcome.", example = "out_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = OutcomePatch),
    responses((status = 200, description = "The outcome as it is now.", body = OutcomeOut, headers(("ETag" = String)))))]
pub(crate) async fn change(version: IfMatch, Sent(api, caller, names, patch): Sent<OutcomePatch>) -> Answer {
    let id = names.id("outcome")?;
    let version = version.required()?;
    let known = Draft::of(&outcome::get(&api.app, &caller.actor, id).await?.outcome);
    let draft = Draft {
        goal: patch.goal.unwrap_or(known.goal),
        metric: patch.metric.unwrap_or(known.metric),
        unit: patch.unit.unwrap_or(known.unit),
        direction: direction(patch.direction.as_deref())?.or(known.direction),
        baseline: patch.baseline.unwrap_or(known.baseline),
        target: patch.target.unwrap_or(known.target),
        by: patch.by.unwrap_or(known.by),
        proof: patch.proof.unwrap_or(known.proof),
        confirms: patch.confirms.unwrap_or(known.confirms),
        rung: patch.rung.unwrap_or(known.rung),
        first_value: patch.first_value.unwrap_or(known.first_value),
        full_value: patch.full_value.unwrap_or(known.full_value),
        promises: patch.promises.unwrap_or(known.promises),
    };
    Ok(answered(&api, outcome::change(&api.app, &caller.actor, id, version, draft).await?))
}

/// Take an outcome out
///
/// Only while the customer has not agreed to it and nothing was measured.
#[utoipa::path(delete, path = "/outcomes/{id}", operation_id = "remove_outcome", tag = "Impact",
    params(("id" = String, Path, description = "Id of the outcome.", example = "out_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    responses((status = 204, description = "It is gone.")))]
pub(crate) async fn remove(Here(api, caller, names): Here, version: IfMatch) -> Result<StatusCode, Problem> {
    outcome::remove(&api.app, &caller.actor, names.id("outcome")?, version.required()?).await?;
    Ok(StatusCode::NO_CONTENT)
}
