//! What an onboarding taught: written down, taken back.
use axum::response::{IntoResponse, Redirect};
use gangway_app::transition::{self, Lesson, NewLesson};
use gangway_domain::transition::LessonKind;

use super::super::read_id;
use super::closing::{Back, page};
use crate::extract::{Answer, Here, Posted, named};
use crate::form::answered;

/// Writes a lesson down; when it cannot be kept, the form comes back.
pub(crate) async fn add(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let new = NewLesson {
        kind: fields.text("kind").parse().unwrap_or(LessonKind::Change),
        text: fields.text("text").to_owned(),
        suggestion: fields.text("suggestion").to_owned(),
        phase: Some(fields.text("phase").to_owned()),
        improvement: fields.text("improvement").parse().ok(),
    };
    let made = transition::add_lesson(&web.app, &session.actor, id, new).await;
    let on = |made: Lesson| {
        let to = format!("/onboardings/{id}/closing?said=lesson&lesson={}", made.id);
        Redirect::to(&to).into_response()
    };
    answered(made, on, |status, wrong| {
        let back = Back { closing: None, lesson: Some((&fields, wrong)) };
        page(&web, &session, id, back, None, status)
    })
    .await
}

/// Takes one away.
pub(crate) async fn remove(Here(web, session, (_, id)): Here<(String, String)>) -> Answer {
    let onboarding = transition::remove_lesson(&web.app, &session.actor, named("lesson", &id)?).await?;
    Ok(Redirect::to(&format!("/onboardings/{onboarding}/closing?said=removed")).into_response())
}
