//! What an onboarding taught: written down, taken back.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::transition::{self, NewLesson};
use gangway_domain::ids::LessonId;
use gangway_domain::transition::LessonKind;

use super::super::read_id;
use super::closing::{Back, page};
use crate::Web;
use crate::extract::Names;
use crate::form::{Fields, Wrong};
use crate::pages::failure::Failure;
use crate::session::Signed;

/// Writes a lesson down; when it cannot be kept, the form comes back.
pub(crate) async fn add(
    State(web): State<Web>,
    Signed(session): Signed,
    Names(id): Names<String>,
    fields: Fields,
) -> Result<Response, Failure> {
    let id = read_id(id)?;
    let new = NewLesson {
        kind: fields.text("kind").parse().unwrap_or(LessonKind::Change),
        text: fields.text("text").to_owned(),
        suggestion: fields.text("suggestion").to_owned(),
        phase: Some(fields.text("phase").to_owned()),
        improvement: fields.text("improvement").parse().ok(),
    };
    match transition::add_lesson(&web.app, &session.actor, id, new).await {
        Ok(made) => {
            let to = format!("/onboardings/{id}/closing?said=lesson&lesson={}", made.id);
            Ok(Redirect::to(&to).into_response())
        }
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            let back = Back { closing: None, lesson: Some((&fields, wrong)) };
            page(&web, &session, id, back, None, status).await
        }
    }
}

/// Takes one away.
pub(crate) async fn remove(
    State(web): State<Web>,
    Signed(session): Signed,
    Names((_, id)): Names<(String, String)>,
) -> Result<Response, Failure> {
    let id: LessonId =
        id.parse().map_err(|_| AppError::NotFound { what: "lesson", id: id.chars().take(60).collect() })?;
    let onboarding = transition::remove_lesson(&web.app, &session.actor, id).await?;
    Ok(Redirect::to(&format!("/onboardings/{onboarding}/closing?said=removed")).into_response())
}
