//! Pages for what went wrong: what it was, and what to do.

use std::any::Any;

use askama::Template;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use gangway_app::AppError;

use super::{Frame, render};

#[derive(Template)]
#[template(path = "pages/failure/failure.html")]
struct Page {
    frame: Frame,
    status: u16,
    title: String,
    advice: String,
}

/// A use case that failed, as a page.
pub(crate) struct Failure(AppError);

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let Self(error) = self;
        match &error {
            AppError::NotFound { .. } => page(StatusCode::NOT_FOUND, "This is not here", &error.to_string()),
            AppError::Cursor(_) => {
                page(StatusCode::BAD_REQUEST, "There is no such page of the list", &error.to_string())
            }
            AppError::Transition(_) | AppError::Overtaken => {
                page(StatusCode::CONFLICT, "That is not possible now", &error.to_string())
            }
            AppError::Refused(_) | AppError::Build(_) => {
                page(StatusCode::UNPROCESSABLE_ENTITY, "This deal could not be used", &error.to_string())
            }
            AppError::Render(_) | AppError::Store(_) | AppError::Crashed => {
                tracing::error!(code = error.code(), %error, "request failed");
                broken()
            }
        }
    }
}

/// A page that says what happened.
pub(crate) fn page(status: StatusCode, title: &str, advice: &str) -> Response {
    let page = Page {
        frame: Frame::new(title),
        status: status.as_u16(),
        title: title.to_owned(),
        advice: advice.to_owned(),
    };
    render(status, &page)
}

/// No route matches.
pub(crate) async fn not_found(uri: Uri) -> Response {
    page(StatusCode::NOT_FOUND, "There is no such page", &format!("Nothing answers at {}.", uri.path()))
}

/// A handler crashed. What it said is for the log, not for the page.
pub(crate) fn crashed(reason: Box<dyn Any + Send + 'static>) -> Response {
    let reason = reason
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| reason.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    tracing::error!(reason, "a handler crashed");
    broken()
}

fn broken() -> Response {
    let advice = "The fault is ours, and it is in the log. Nothing was half-saved; try again in a moment.";
    page(StatusCode::INTERNAL_SERVER_ERROR, "Something broke", advice)
}
