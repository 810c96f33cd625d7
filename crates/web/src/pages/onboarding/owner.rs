//! Who runs an onboarding.
use axum::response::{IntoResponse, Redirect};
use gangway_app::portfolio;
use gangway_domain::ids::PersonId;

use super::read_id;
use crate::extract::{Answer, Posted, named};

/// Gives it to somebody, or to nobody.
pub(crate) async fn change(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let owner: Option<PersonId> = match fields.text("owner") {
        "" => None,
        text => Some(named("person", text)?),
    };
    portfolio::assign(&web.app, &session.actor, id, owner).await?;
    Ok(Redirect::to(&format!("/onboardings/{id}")).into_response())
}
