//! What onboardings taught.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use gangway_app::transition::{self, Lesson, LessonQuery, NewLesson};
use gangway_domain::ids::{LessonId, OnboardingId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::instant;
use crate::Api;
use crate::caller::{Caller, Here, Sent};
use crate::etag::created;
use crate::input::{QueryOf, optional, word};
use crate::page::{self, Page, id, limit};
use crate::problem::{Answer, Problem};

/// What an onboarding taught.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Lesson)]
pub(crate) struct LessonOut {
    /// Id.
    id: String,
    /// Which onboarding.
    onboarding: String,
    /// The customer's name.
    customer: String,
    /// The programme (id) it was made from.
    programme: String,
    /// `keep` or `change`.
    kind: String,
    /// What was learned.
    text: String,
    /// What the programme should do; may be empty.
    suggestion: String,
    /// The phase (code) it is about.
    #[schema(required = true)]
    phase: Option<String>,
    /// The improvement it speaks for.
    #[schema(required = true)]
    improvement: Option<String>,
    /// Who said so.
    added_by: String,
    /// When.
    added_at: jiff::Timestamp,
}

impl From<Lesson> for LessonOut {
    fn from(one: Lesson) -> Self {
        Self {
            id: one.id.to_string(),
            onboarding: one.onboarding.to_string(),
            customer: one.customer,
            programme: one.programme,
            kind: one.kind.word().to_owned(),
            text: one.text,
            suggestion: one.suggestion,
            phase: one.phase,
            improvement: one.improvement.map(|id| id.to_string()),
            added_by: one.added_by,
            added_at: instant(one.added_at),
        }
    }
}

/// Which lessons.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct LessonsQuery {
    /// Only those of this onboarding (id).
    onboarding: Option<String>,
    /// Only those of onboardings made from this programme (id).
    #[param(example = "mid-market")]
    programme: Option<String>,
    /// Only `keep` or `change`.
    #[param(example = "change")]
    kind: Option<String>,
    /// Lines on the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<u32>,
    /// Where to start: `next` of the page before.
    after: Option<String>,
}

/// List lessons
///
/// Of the whole workspace, the newest first.
#[utoipa::path(get, path = "/lessons", operation_id = "list_lessons", tag = "Programmes",
    params(LessonsQuery),
    responses((status = 200, description = "A page of lessons.", body = Page<LessonOut>)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<LessonsQuery>,
) -> Result<Json<Page<LessonOut>>, Problem> {
    let LessonsQuery { onboarding, programme, kind, limit: lines, after } = query;
    let kind = page::word("kind", kind.as_deref())?;
    let query = LessonQuery {
        before: id::<LessonId>("after", after.as_deref())?,
        onboarding: id::<OnboardingId>("onboarding", onboarding.as_deref())?,
        programme,
        kind,
        limit: limit(lines)?,
    };
    let (found, more) = transition::lessons(&api.app, &caller.actor, query).await?;
    Ok(Json(Page::after_last(found.into_iter().map(LessonOut::from), more, |one| one.id.clone())))
}

/// Get a lesson
#[utoipa::path(get, path = "/lessons/{id}", operation_id = "get_lesson", tag = "Programmes",
    params(("id" = String, Path, description = "Id of the lesson.", example = "les_01900000000070008000000000000001")),
    responses((status = 200, description = "The lesson.", body = LessonOut)))]
pub(crate) async fn get(Here(api, caller, names): Here) -> Result<Json<LessonOut>, Problem> {
    let found = transition::lesson(&api.app, &caller.actor, names.id("lesson")?).await?;
    Ok(Json(LessonOut::from(found)))
}

/// A new lesson.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewLesson, example = json!({
    "kind": "change", "text": "Access to SAP took three weeks", "suggestion": "Ask for SAP access before the kickoff"
}))]
pub(crate) struct LessonIn {
    /// `keep` or `change`.
    kind: String,
    /// What was learned.
    #[schema(min_length = 1, max_length = 4000)]
    text: String,
    /// What the programme should do.
    #[serde(default)]
    #[schema(max_length = 300)]
    suggestion: String,
    /// The phase (code) it is about.
    phase: Option<String>,
    /// An improvement (id) of the programme it speaks for; a new one when left out.
    improvement: Option<String>,
}

/// Write a lesson of an onboarding down
///
/// What it suggests goes into the improvement log of the programme when the onboarding is closed.
#[utoipa::path(post, path = "/onboardings/{id}/lessons", operation_id = "add_lesson", tag = "Programmes",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = LessonIn),
    responses((status = 201, description = "The lesson.", body = LessonOut,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn create(Sent(api, caller, names, sent): Sent<LessonIn>) -> Answer {
    let LessonIn { kind, text, suggestion, phase, improvement } = sent;
    let improvement = optional("improvement", improvement.as_deref())?;
    let kind = word("kind", &kind)?;
    let new = NewLesson { kind, text, suggestion, phase, improvement };
    let made = transition::add_lesson(&api.app, &caller.actor, names.id("onboarding")?, new).await?;
    let location = format!("/api/v1/lessons/{}", made.id);
    // A lesson is never changed.
    Ok(created(1, location, Json(LessonOut::from(made))))
}

/// Take a lesson away
#[utoipa::path(delete, path = "/lessons/{id}", operation_id = "remove_lesson", tag = "Programmes",
    params(("id" = String, Path, description = "Id of the lesson.", example = "les_01900000000070008000000000000001")),
    responses((status = 204, description = "It is gone.")))]
pub(crate) async fn remove(Here(api, caller, names): Here) -> Answer {
    transition::remove_lesson(&api.app, &caller.actor, names.id("lesson")?).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
