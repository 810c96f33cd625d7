//! One onboarding: where it is, what is next, what is at risk.

mod gantt;
mod view;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gangway_app::{AppError, onboarding};
use gangway_domain::ids::OnboardingId;

use super::failure::Failure;
use super::render;
use crate::Web;

/// The overview of one onboarding.
pub(crate) async fn show(State(web): State<Web>, Path(id): Path<String>) -> Result<Response, Failure> {
    let Ok(id) = id.parse::<OnboardingId>() else {
        return Err(AppError::NotFound { what: "onboarding", id }.into());
    };
    let overview = onboarding::get(&web.app, &web.actor(), id).await?;
    Ok(render(StatusCode::OK, &view::Page::new(overview, &web.app.time_zone)))
}
