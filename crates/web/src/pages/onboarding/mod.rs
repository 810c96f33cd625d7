//! One onboarding: where it is, what is next, what is at risk.

mod gantt;
mod view;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gangway_app::{AppError, onboarding};
use gangway_domain::ids::OnboardingId;

use super::failure::Failure;
use super::render;
use crate::Web;
use crate::extract::{Names, Values};
use crate::session::Signed;

/// In the address after a deal was pasted that was known already.
pub(crate) const KNOWN: &str = "known";

/// The overview of one onboarding.
pub(crate) async fn show(
    State(web): State<Web>,
    Signed(session): Signed,
    Names(id): Names<String>,
    values: Values,
) -> Result<Response, Failure> {
    let Ok(id) = id.parse::<OnboardingId>() else {
        return Err(AppError::NotFound { what: "onboarding", id }.into());
    };
    let overview = onboarding::get(&web.app, &session.actor, id).await?;
    Ok(render(StatusCode::OK, &view::Page::new(&session, overview, &web.app.time_zone, values.has(KNOWN))))
}
