//! What moves an onboarding on: the kickoff was held, it is complete, it is closed.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::onboarding;

use super::top::Closing;
use super::{overview, read_id};
use crate::Web;
use crate::extract::Names;
use crate::form::{Fields, Wrong};
use crate::pages::failure::Failure;
use crate::session::Signed;

/// The kickoff was held.
pub(crate) async fn kick_off(
    State(web): State<Web>,
    Signed(session): Signed,
    Names(id): Names<String>,
) -> Result<Response, Failure> {
    let id = read_id(id)?;
    onboarding::kick_off(&web.app, &session.actor, id).await?;
    Ok(Redirect::to(&format!("/onboardings/{id}?said=kickoff")).into_response())
}

/// Everything is reached.
pub(crate) async fn complete(
    State(web): State<Web>,
    Signed(session): Signed,
    Names(id): Names<String>,
) -> Result<Response, Failure> {
    let id = read_id(id)?;
    onboarding::complete(&web.app, &session.actor, id).await?;
    Ok(Redirect::to(&format!("/onboardings/{id}?said=completion")).into_response())
}

/// It ends before it is complete. Without a reason the form comes back.
pub(crate) async fn close(
    State(web): State<Web>,
    Signed(session): Signed,
    Names(id): Names<String>,
    fields: Fields,
) -> Result<Response, Failure> {
    let id = read_id(id)?;
    let reason = fields.text("reason");
    match onboarding::close(&web.app, &session.actor, id, reason).await {
        Ok(()) => Ok(Redirect::to(&format!("/onboardings/{id}?said=closure")).into_response()),
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            let closing = Closing { reason: reason.to_owned(), wrong };
            overview::page(&web, &session, id, status, "", closing).await
        }
    }
}

/// What to say after something was done, by the word in the address.
pub(super) fn said(word: &str) -> &'static str {
    match word {
        "kickoff" => "The kickoff was held: the onboarding runs.",
        "completion" => "The onboarding is complete.",
        "closure" => "The onboarding is closed.",
        _ => "",
    }
}
