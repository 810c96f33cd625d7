//! Improvement logs of programmes.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use gangway_app::transition::{self, Decision, Improvement, ImprovementQuery};
use gangway_domain::ids::ImprovementId;
use gangway_domain::transition::Improvement as Stands;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::instant;
use crate::Api;
use crate::caller::{Caller, Here, Sent};
use crate::description;
use crate::etag::{IfMatch, changed, created, tagged};
use crate::input::QueryOf;
use crate::page::{Page, among, id, limit};
use crate::problem::{Answer, Problem};

/// An improvement suggested for a programme.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Improvement)]
pub(crate) struct ImprovementOut {
    /// Id.
    id: String,
    /// The programme (id).
    programme: String,
    /// Number inside the programme, from 1.
    number: i64,
    /// What should change.
    title: String,
    /// Why and how; may be empty.
    details: String,
    /// What became of it.
    #[schema(schema_with = description::improvement_state)]
    state: Stands,
    /// How many lessons speak for it.
    lessons: i64,
    /// Who suggested it.
    made_by: String,
    /// When.
    made_at: jiff::Timestamp,
    /// Counts changes, from 1; the ETag is made of it.
    version: i64,
}

impl From<Improvement> for ImprovementOut {
    fn from(one: Improvement) -> Self {
        Self {
            id: one.id.to_string(),
            programme: one.programme,
            number: one.number,
            title: one.title,
            details: one.details,
            state: one.state,
            lessons: one.lessons,
            made_by: one.made_by,
            made_at: instant(one.made_at),
            version: one.version,
        }
    }
}

/// Which improvements.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ImprovementsQuery {
    /// Only those of this programme (id).
    #[param(example = "mid-market")]
    programme: Option<String>,
    /// Only `open`, `adopted` or `declined`.
    #[param(example = "open")]
    status: Option<String>,
    /// Lines on the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<u32>,
    /// Where to start: `next` of the page before.
    after: Option<String>,
}

/// List improvements
///
/// Of the whole workspace, the newest first.
#[utoipa::path(get, path = "/improvements", operation_id = "list_improvements", tag = "Programmes",
    params(ImprovementsQuery),
    responses((status = 200, description = "A page of improvements.", body = Page<ImprovementOut>)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<ImprovementsQuery>,
) -> Result<Json<Page<ImprovementOut>>, Problem> {
    let ImprovementsQuery { programme, status, limit: lines, after } = query;
    among("status", status.as_deref(), &Stands::WORDS)?;
    let query = ImprovementQuery {
        before: id::<ImprovementId>("after", after.as_deref())?,
        programme,
        status,
        limit: limit(lines)?,
    };
    let (found, more) = transition::improvements(&api.app, &caller.actor, query).await?;
    Ok(Json(Page::after_last(found.into_iter().map(ImprovementOut::from), more, |one| one.id.clone())))
}

/// Get an improvement
#[utoipa::path(get, path = "/improvements/{id}", operation_id = "get_improvement", tag = "Programmes",
    params(("id" = String, Path, description = "Id of the improvement.", example = "imp_01900000000070008000000000000001")),
    responses((status = 200, description = "The improvement.", body = ImprovementOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn get(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let found = transition::improvement(&api.app, &caller.actor, names.id("improvement")?).await?;
    Ok(tagged(&headers, found.version, Json(ImprovementOut::from(found))))
}

/// What an improvement says.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ImprovementText, example = json!({ "title": "Ask for SAP access before the kickoff", "details": "Three onboardings waited for it" }))]
pub(crate) struct ImprovementIn {
    /// What should change.
    #[schema(min_length = 1, max_length = 300)]
    title: String,
    /// Why and how.
    #[serde(default)]
    #[schema(max_length = 4000)]
    details: String,
}

/// Suggest an improvement of a programme
#[utoipa::path(post, path = "/programmes/{id}/improvements", operation_id = "add_improvement", tag = "Programmes",
    params(("id" = String, Path, description = "Id of the programme.", example = "mid-market")),
    request_body(content = ImprovementIn),
    responses((status = 201, description = "The improvement.", body = ImprovementOut,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn create(Sent(api, caller, names, sent): Sent<ImprovementIn>) -> Answer {
    let ImprovementIn { title, details } = sent;
    let made = transition::add_improvement(&api.app, &caller.actor, names.text(0), &title, &details).await?;
    let (version, location) = (made.version, format!("/api/v1/improvements/{}", made.id));
    Ok(created(version, location, Json(ImprovementOut::from(made))))
}

/// Say an improvement in other words
///
/// 409 once it is decided.
#[utoipa::path(put, path = "/improvements/{id}", operation_id = "change_improvement", tag = "Programmes",
    params(("id" = String, Path, description = "Id of the improvement.", example = "imp_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = ImprovementIn),
    responses((status = 200, description = "The improvement as it is now.", body = ImprovementOut, headers(("ETag" = String))),
        (status = 409, description = "It is decided.")))]
pub(crate) async fn change(version: IfMatch, Sent(api, caller, names, sent): Sent<ImprovementIn>) -> Answer {
    let ImprovementIn { title, details } = sent;
    let id = names.id("improvement")?;
    let seen = version.required()?;
    let kept = transition::change_improvement(&api.app, &caller.actor, id, seen, &title, &details).await?;
    Ok(changed(kept.version, Json(ImprovementOut::from(kept))))
}

/// What is decided about an improvement.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ImprovementDecision, example = json!({ "decision": "adopt", "text": "A task before the kickoff", "version": 3 }))]
pub(crate) struct DecisionIn {
    /// `adopt`, `decline` or `reopen`.
    decision: String,
    /// What was changed, or why not.
    #[serde(default)]
    #[schema(max_length = 4000)]
    text: String,
    /// The published version of the programme that has it first.
    version: Option<i64>,
}

/// Decide about an improvement
#[utoipa::path(post, path = "/improvements/{id}/decision", operation_id = "decide_improvement", tag = "Programmes",
    params(("id" = String, Path, description = "Id of the improvement.", example = "imp_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = DecisionIn),
    responses((status = 200, description = "The improvement as it is now.", body = ImprovementOut, headers(("ETag" = String)))))]
pub(crate) async fn decide(version: IfMatch, Sent(api, caller, names, sent): Sent<DecisionIn>) -> Answer {
    let DecisionIn { decision, text, version: published } = sent;
    let decision = match decision.as_str() {
        "adopt" => Decision::Adopt { how: text, version: published },
        "decline" => Decision::Decline { reason: text },
        "reopen" => Decision::Reopen,
        _ => return Err(Problem::field("decision", "must be adopt, decline or reopen")),
    };
    let id = names.id("improvement")?;
    let kept = transition::decide(&api.app, &caller.actor, id, version.required()?, decision).await?;
    Ok(changed(kept.version, Json(ImprovementOut::from(kept))))
}
