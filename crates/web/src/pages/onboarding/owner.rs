//! Who runs an onboarding.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::portfolio;
use gangway_domain::ids::PersonId;

use super::read_id;
use crate::Web;
use crate::extract::{Names, named};
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
        text => Some(named("person", text)?),
    };
    portfolio::assign(&web.app, &session.actor, id, owner).await?;
    Ok(Redirect::to(&format!("/onboardings/{id}")).into_response())
}
