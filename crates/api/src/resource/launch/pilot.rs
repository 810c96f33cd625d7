//! Pilots and what people say of them.

use axum::Json;
use axum::extract::State as Shared;
use gangway_app::launch::{self, LaunchRecord, PilotDraft};
use gangway_domain::ids::ContactId;
use gangway_domain::launch::{
    Attitude, Criterion, Feedback, FeedbackKind, Pick, Pilot, PilotState, Recorded,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::LaunchQuery;
use crate::Api;
use crate::caller::{Caller, Here, Sent};
use crate::etag::{IfMatch, changed, created};
use crate::input::QueryOf;
use crate::page::Page;
use crate::problem::{Answer, Problem};
use crate::resource::instant;

/// A pilot.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Pilot)]
pub(crate) struct PilotOut {
    /// Id.
    id: String,
    /// Of which onboarding.
    onboarding: String,
    /// Number, from 1: after a failure the next is run.
    number: i64,
    /// `planned`, `running`, `passed` or `failed`.
    status: &'static str,
    /// Which core workflows it covers.
    scope: String,
    /// First day.
    from: Date,
    /// Last day.
    to: Date,
    /// Who supports it.
    support: String,
    /// How many people are in it.
    size: u32,
    /// Those who are named.
    people: Vec<PickDto>,
    /// What it must show.
    criteria: Vec<CriterionOut>,
    /// Why it passed or failed.
    #[schema(required = true)]
    reason: Option<String>,
    /// Counts changes, from 1; the ETag is made of it.
    version: i64,
}

/// Somebody in a pilot.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PilotPerson)]
pub(crate) struct PickDto {
    /// Who.
    name: String,
    /// Id of the contact they are; found by the name when left out.
    #[serde(default)]
    contact: Option<String>,
    /// What they do.
    #[serde(default)]
    role: String,
    /// `enthusiast`, `neutral` or `sceptic`.
    attitude: String,
    /// Why they were chosen.
    reason: String,
}

/// A criterion of a pilot.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PilotCriterion)]
pub(crate) struct CriterionOut {
    /// In words.
    text: String,
    /// The figure it must reach; null when it is met or not.
    #[schema(required = true)]
    target: Option<i64>,
    /// The unit of the figure.
    unit: String,
    /// Whether less is better.
    at_most: bool,
    /// What was measured; 1 or 0 where there is no figure.
    #[schema(required = true)]
    measured: Option<i64>,
    /// Whether it is met; null while nobody has measured.
    #[schema(required = true)]
    met: Option<bool>,
}

fn out(one: LaunchRecord<Pilot>) -> PilotOut {
    let LaunchRecord { id, onboarding, number, body, version, .. } = one;
    let status = body.status();
    let criterion = |one: &Criterion| CriterionOut {
        text: one.text.clone(),
        target: one.target,
        unit: one.unit.clone(),
        at_most: one.at_most,
        measured: one.measured,
        met: one.is_met(),
    };
    let person = |pick: &Pick| PickDto {
        name: pick.name.clone(),
        contact: pick.contact.map(|id| id.to_string()),
        role: pick.role.clone(),
        attitude: pick.attitude.word().to_owned(),
        reason: pick.reason.clone(),
    };
    PilotOut {
        id: id.to_string(),
        onboarding: onboarding.to_string(),
        number,
        status,
        size: body.heads(),
        people: body.people.iter().map(person).collect(),
        criteria: body.criteria.iter().map(criterion).collect(),
        reason: match body.state {
            PilotState::Judged { reason, .. } => Some(reason),
            PilotState::Planned | PilotState::Running { .. } => None,
        },
        scope: body.scope,
        from: body.from,
        to: body.to,
        support: body.support,
        version,
    }
}

/// List pilots
///
/// Of the whole workspace, the newest first.
#[utoipa::path(get, path = "/pilots", operation_id = "list_pilots", tag = "Go-live",
    params(LaunchQuery),
    responses((status = 200, description = "A page of pilots.", body = Page<PilotOut>)))]
pub(crate) async fn list(
    Shared(api): Shared<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<LaunchQuery>,
) -> Result<Json<Page<PilotOut>>, Problem> {
    let (found, more) = launch::list::<Pilot>(&api.app, &caller.actor, query.read()?).await?;
    Ok(Json(Page::after_last(found.into_iter().map(out), more, |one| one.id.clone())))
}

/// Get a pilot
#[utoipa::path(get, path = "/pilots/{id}", operation_id = "get_pilot", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the pilot.", example = "lau_01900000000070008000000000000001")),
    responses((status = 200, description = "The pilot.", body = PilotOut, headers(("ETag" = String)))))]
pub(crate) async fn get(Here(api, caller, names): Here) -> Answer {
    let one = launch::get::<Pilot>(&api.app, &caller.actor, names.id("pilot")?).await?;
    Ok(changed(one.version, Json(out(one))))
}

/// A pilot to be planned.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPilot, example = json!({
    "scope": "Orders and stock", "from": "2027-02-01", "to": "2027-02-12",
    "people": [{ "name": "Dana Whitfield", "role": "Planner", "attitude": "sceptic", "reason": "Knows every exception" }],
    "criteria": [{ "text": "Pilot users active in a week", "target": 80, "unit": "%" }]
}))]
pub(crate) struct PilotIn {
    /// Which core workflows it covers; left out after a failure, the people and criteria of the failed one count.
    #[serde(default)]
    scope: String,
    /// First day.
    from: Option<Date>,
    /// Last day.
    to: Option<Date>,
    /// Who supports it.
    #[serde(default)]
    support: String,
    /// How many people there are in it, when not all are named.
    #[serde(default)]
    size: u32,
    /// Those who are named.
    #[serde(default)]
    people: Vec<PickDto>,
    /// What it must show.
    #[serde(default)]
    criteria: Vec<CriterionIn>,
}

/// A criterion of a pilot.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPilotCriterion)]
pub(crate) struct CriterionIn {
    /// In words.
    text: String,
    /// The figure it must reach; left out when it is met or not.
    target: Option<i64>,
    /// The unit of the figure.
    #[serde(default)]
    unit: String,
    /// Whether less is better.
    #[serde(default)]
    at_most: bool,
}

impl PilotIn {
    fn draft(self) -> Result<PilotDraft, Problem> {
        let Self { scope, from, to, support, size, people, criteria } = self;
        let mut picks = Vec::with_capacity(people.len());
        for PickDto { name, contact, role, attitude, reason } in people {
            let contact: Option<ContactId> = contact
                .map(|id| id.parse().map_err(|_| Problem::field("people", "have contacts by their ids")))
                .transpose()?;
            let attitude: Attitude = attitude
                .parse()
                .map_err(|_| Problem::field("people", "have attitudes: enthusiast, neutral or sceptic"))?;
            picks.push(Pick { name, contact, role, attitude, reason });
        }
        let criterion = |one: CriterionIn| {
            let CriterionIn { text, target, unit, at_most } = one;
            Criterion { text, target, unit, at_most, measured: None }
        };
        let criteria = criteria.into_iter().map(criterion).collect();
        Ok(PilotDraft { scope, from, to, support, people: picks, size, criteria })
    }
}

/// Plan a pilot
#[utoipa::path(post, path = "/onboardings/{id}/pilots", operation_id = "plan_pilot", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = PilotIn),
    responses((status = 201, description = "The pilot.", body = PilotOut,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn create(Sent(api, caller, names, sent): Sent<PilotIn>) -> Answer {
    let id = names.id("onboarding")?;
    let made = launch::add_pilot(&api.app, &caller.actor, id, sent.draft()?).await?;
    let (version, location) = (made.version, format!("/api/v1/pilots/{}", made.id));
    Ok(created(version, location, Json(out(made))))
}

/// Change a pilot that has not begun
#[utoipa::path(put, path = "/pilots/{id}", operation_id = "put_pilot", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the pilot.", example = "lau_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = PilotIn),
    responses((status = 200, description = "The pilot as it is now.", body = PilotOut, headers(("ETag" = String)))))]
pub(crate) async fn change(version: IfMatch, Sent(api, caller, names, sent): Sent<PilotIn>) -> Answer {
    let (id, version) = (names.id("pilot")?, version.required()?);
    let kept = launch::change_pilot(&api.app, &caller.actor, id, version, sent.draft()?).await?;
    Ok(changed(kept.version, Json(out(kept))))
}

/// A step of a pilot.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PilotStep, example = json!({ "step": "measure", "measured": [84, 0] }))]
pub(crate) struct PilotStepIn {
    /// `begin`, `measure`, `pass` or `fail`.
    step: String,
    /// A figure for each criterion in order, null where nobody has measured.
    #[serde(default)]
    measured: Vec<Option<i64>>,
    /// Why it passed or failed.
    #[serde(default)]
    reason: String,
}

/// Take a step with a pilot
///
/// It passes only when every criterion is measured and met.
#[utoipa::path(post, path = "/pilots/{id}/steps", operation_id = "step_pilot", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the pilot.", example = "lau_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = PilotStepIn),
    responses((status = 200, description = "The pilot as it is now.", body = PilotOut, headers(("ETag" = String)))))]
pub(crate) async fn step(version: IfMatch, Sent(api, caller, names, sent): Sent<PilotStepIn>) -> Answer {
    let PilotStepIn { step, measured, reason } = sent;
    let (app, actor, id, version) = (&api.app, &caller.actor, names.id("pilot")?, version.required()?);
    let kept = match step.as_str() {
        "begin" => launch::begin_pilot(app, actor, id, version).await?,
        "measure" => launch::measure_pilot(app, actor, id, version, &measured).await?,
        "pass" | "fail" => launch::judge_pilot(app, actor, id, version, step == "pass", &reason).await?,
        _ => return Err(Problem::field("step", "must be begin, measure, pass or fail")),
    };
    Ok(changed(kept.version, Json(out(kept))))
}

/// What somebody said of a pilot.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PilotFeedback)]
pub(crate) struct FeedbackOut {
    /// Id.
    id: String,
    /// Of which onboarding.
    onboarding: String,
    /// The number of the pilot.
    pilot: i64,
    /// `issue`, `idea`, `question` or `praise`.
    kind: &'static str,
    /// Who said it.
    from: String,
    /// What.
    text: String,
    /// When it was written down.
    made_at: jiff::Timestamp,
}

fn feedback_out(one: LaunchRecord<Feedback>) -> FeedbackOut {
    FeedbackOut {
        id: one.id.to_string(),
        onboarding: one.onboarding.to_string(),
        pilot: one.body.pilot,
        kind: one.body.kind.word(),
        from: one.body.from,
        text: one.body.text,
        made_at: instant(one.made_at),
    }
}

/// List feedback on pilots
///
/// Of the whole workspace, the newest first; `status` is its kind.
#[utoipa::path(get, path = "/pilot-feedback", operation_id = "list_pilot_feedback", tag = "Go-live",
    params(LaunchQuery),
    responses((status = 200, description = "A page of feedback.", body = Page<FeedbackOut>)))]
pub(crate) async fn list_feedback(
    Shared(api): Shared<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<LaunchQuery>,
) -> Result<Json<Page<FeedbackOut>>, Problem> {
    let (found, more) = launch::list::<Feedback>(&api.app, &caller.actor, query.read()?).await?;
    Ok(Json(Page::after_last(found.into_iter().map(feedback_out), more, |one| one.id.clone())))
}

/// Something somebody said of a pilot.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPilotFeedback, example = json!({ "kind": "question", "from": "Rolf Brandt", "text": "Where is the old list?" }))]
pub(crate) struct FeedbackIn {
    /// `issue`, `idea`, `question` or `praise`.
    kind: String,
    /// Who said it.
    from: String,
    /// What.
    text: String,
}

/// Write down what somebody said of a pilot
#[utoipa::path(post, path = "/pilots/{id}/feedback", operation_id = "add_pilot_feedback", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the pilot.", example = "lau_01900000000070008000000000000001")),
    request_body(content = FeedbackIn),
    responses((status = 200, description = "What was written down.", body = FeedbackOut)))]
pub(crate) async fn feedback(
    Sent(api, caller, names, sent): Sent<FeedbackIn>,
) -> Result<Json<FeedbackOut>, Problem> {
    let FeedbackIn { kind, from, text } = sent;
    let kind: FeedbackKind =
        kind.parse().map_err(|_| Problem::field("kind", "must be issue, idea, question or praise"))?;
    let made = launch::add_feedback(&api.app, &caller.actor, names.id("pilot")?, kind, &from, &text).await?;
    Ok(Json(feedback_out(made)))
}
