//! Pages for what went wrong: what it was, and what to do.

use std::any::Any;

use askama::Template;
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use gangway_app::{AppError, panic_message};
use gangway_domain::permission::Action;
use gangway_store::StoreError;

use super::{Frame, render};
use crate::format::sentence;

#[derive(Template)]
#[template(path = "pages/failure/failure.html")]
struct Page {
    frame: Frame,
    status: u16,
    title: String,
    advice: String,
    /// A link to the onboardings would lead somewhere.
    way_on: bool,
    /// The page this came from, to be gone back to.
    back: Option<String>,
}

/// Goes with every page of this kind, so that portals can say the same in their guest's language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ours;

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
        let said = sentence(&error.to_string());
        match &error {
            AppError::NotFound { .. } => page(StatusCode::NOT_FOUND, "This is not here", &said),
            AppError::Cursor(_) => page(StatusCode::BAD_REQUEST, "There is no such page of the list", &said),
            AppError::Forbidden(action) => forbidden(*action),
            AppError::NotForGuest => page_without_way_on(StatusCode::FORBIDDEN, "Not for you", &said),
            AppError::Elsewhere { .. } => {
                page(StatusCode::BAD_GATEWAY, "Another system does not answer", &said)
            }
            AppError::LinkEnded => page(StatusCode::GONE, "This link works no more", &said),
            AppError::TooMany { .. } => page(StatusCode::TOO_MANY_REQUESTS, "Too often", &said),
            AppError::WrongPassword => page(StatusCode::UNAUTHORIZED, "That is not right", &said),
            AppError::SignIn(refusal) => {
                page(StatusCode::FORBIDDEN, "This is no way in", &sentence(&refusal.to_string()))
            }
            AppError::NoWorkspace => page(StatusCode::FORBIDDEN, "No workspace", &said),
            AppError::Invalid(_) => page(StatusCode::UNPROCESSABLE_ENTITY, "This could not be used", &said),
            AppError::Transition(_)
            | AppError::Refusal(_)
            | AppError::Barred(_)
            | AppError::Overtaken
            | AppError::Overlap(_)
            | AppError::HandedOn
            | AppError::Stale { .. }
            | AppError::LastAdmin
            | AppError::RoleChanged { .. }
            | AppError::AlreadySetUp => page(StatusCode::CONFLICT, "That is not possible now", &said),
            AppError::Refused(_) | AppError::Build(_) => {
                page(StatusCode::UNPROCESSABLE_ENTITY, "This deal could not be used", &said)
            }
            AppError::Store(StoreError::Full) => {
                tracing::error!("there is no room left on the disk for what was to be saved");
                page(
                    StatusCode::INSUFFICIENT_STORAGE,
                    "There is no room left",
                    "The disk of this installation is full. Nothing was saved, and everything can still be read. Whoever \
                     runs Gangway has to make room; then send it again.",
                )
            }
            AppError::Render(_) | AppError::Store(_) | AppError::Crashed => {
                tracing::error!(code = error.code(), %error, "request failed");
                broken()
            }
        }
    }
}

/// The role does not reach that far.
pub(crate) fn forbidden(action: Action) -> Response {
    let reason = sentence(&AppError::Forbidden(action).to_string());
    page(StatusCode::FORBIDDEN, "Your role does not allow this", &reason)
}

/// A page that says what happened, with the way to the onboardings.
pub(crate) fn page(status: StatusCode, title: &str, advice: &str) -> Response {
    failure(status, title, advice, true, None)
}

/// The same with the way back to the page it came from, where that is known.
pub(crate) fn page_with_way_back(
    status: StatusCode,
    title: &str,
    advice: &str,
    back: Option<&str>,
) -> Response {
    failure(status, title, advice, true, back)
}

/// A page that says what happened where no other page of ours would open either.
pub(crate) fn page_without_way_on(status: StatusCode, title: &str, advice: &str) -> Response {
    failure(status, title, advice, false, None)
}

fn failure(status: StatusCode, title: &str, advice: &str, way_on: bool, back: Option<&str>) -> Response {
    let page = Page {
        frame: Frame::new(title),
        status: status.as_u16(),
        title: title.to_owned(),
        advice: advice.to_owned(),
        way_on,
        back: back.map(str::to_owned),
    };
    let mut response = render(status, &page);
    response.extensions_mut().insert(Ours);
    response
}

/// No route matches.
pub(crate) async fn not_found(uri: Uri) -> Response {
    page(StatusCode::NOT_FOUND, "There is no such page", &format!("Nothing answers at {}.", uri.path()))
}

/// The address exists, but not for this method.
pub(crate) async fn wrong_method(method: Method, uri: Uri) -> Response {
    page(
        StatusCode::METHOD_NOT_ALLOWED,
        "This cannot be done here",
        &format!("{} does not take {method}. Open the page and use what it offers.", uri.path()),
    )
}

/// The whole answer took too long, for whatever reason. What was not finished is not saved.
pub(crate) fn too_slow() -> Response {
    page(
        StatusCode::SERVICE_UNAVAILABLE,
        "This took too long",
        "Gangway gave up on this request; nothing is half-saved. Try again in a moment.",
    )
}

/// A handler crashed. What it said is for the log, not for the page.
pub(crate) fn crashed(reason: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!(reason = panic_message(&*reason), "a handler crashed");
    broken()
}

fn broken() -> Response {
    let advice = "The fault is ours, and it is in the log. Nothing was half-saved; try again in a moment.";
    page(StatusCode::INTERNAL_SERVER_ERROR, "Something broke", advice)
}
