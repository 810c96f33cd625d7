//! Who runs an onboarding.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::{AppError, portfolio};
use gangway_domain::ids::PersonId;

use super::read_id;
use crate::Web;
use crate::extract::Names;
use crate::form::Fields;
use crate::pages::failure::Failure;
use crate::session::Signed;

/// Gives it to somebody, or to nobody.
pub(crate) async fn change(
    State(web): State<Web>,
    Signed(session): Signed,
    Names(id): Names<String>,
    fields: Fields,
) -> Result<Response, Failure> {
    let id = read_id(id)?;
    let owner: Option<PersonId> = match fields.text("owner") {
        "" => None,
        text => Some(
            text.parse()
                .map_err(|_| AppError::NotFound { what: "person", id: text.chars().take(60).collect() })?,
        ),
    };
    portfolio::assign(&web.app, &session.actor, id, owner).await?;
    Ok(Redirect::to(&format!("/onboardings/{id}")).into_response())
}
