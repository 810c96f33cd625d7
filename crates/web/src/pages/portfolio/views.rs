//! Saved views: kept, changed, forgotten, begun with.
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_app::portfolio::view::{self, Draft};
use gangway_domain::ids::ViewId;
use gangway_store::saved_view::View;

use super::ask::Ask;
use super::{Sent, page};
use crate::Web;
use crate::extract::{Answer, Posted, named};
use crate::form::{Fields, Wrong};

/// The address of a view.
pub(super) fn address(view: &View) -> String {
    let joint = if view.query.is_empty() { "" } else { "&" };
    format!("/onboardings?{}{joint}view={}", view.query, view.id)
}

/// The filter a form was sent with, in the canonical form. Whatever else it may hold is dropped.
fn asked(fields: &Fields) -> Ask {
    let fit = |c: &char| c.is_ascii_alphanumeric() || "%&=+-_.~*".contains(*c);
    let query: String = fields.text("query").chars().filter(fit).collect();
    Ask::of_query(&query)
}

/// Keeps the filter under a name.
pub(crate) async fn create(Posted(web, session, (), fields): Posted) -> Answer {
    let ask = asked(&fields);
    let (name, shared) = (fields.text("name").to_owned(), fields.text("shared") == "1");
    let draft = Draft { name: name.clone(), query: ask.query(), shared };
    match view::keep(&web.app, &session.actor, draft).await {
        Ok(made) => {
            if fields.text("first") == "1" {
                view::begin_with(&web.app, &session.actor, Some(made.id)).await?;
            }
            Ok(Redirect::to(&Ask { view: made.id.to_string(), ..ask }.address()).into_response())
        }
        Err(error) => back(&web, &session, ask, name, error).await,
    }
}

/// Back to the list with what was typed, and why it could not be kept.
async fn back(web: &Web, session: &Session, ask: Ask, name: String, error: AppError) -> Answer {
    let (status, wrong) = Wrong::or_fail(error)?;
    if status == StatusCode::NOT_FOUND {
        return Ok(crate::pages::failure::page(
            status,
            "This is not here",
            "The view was deleted meanwhile.",
        ));
    }
    let sent = Sent { view: Some((name, wrong)), ..Sent::default() };
    page(web, session, ask, sent, status).await
}

/// Changes name, filter and reach.
pub(crate) async fn change(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let known = read_id(&id)?;
    let ask = Ask { view: id, ..asked(&fields) };
    let (name, shared) = (fields.text("name").to_owned(), fields.text("shared") == "1");
    let draft = Draft { name: name.clone(), query: ask.query(), shared };
    match view::change(&web.app, &session.actor, known, None, draft).await {
        Ok(_) => Ok(Redirect::to(&ask.address()).into_response()),
        Err(error) => back(&web, &session, ask, name, error).await,
    }
}

/// Forgets a view; the filter stays as it is.
pub(crate) async fn forget(Posted(web, session, id, fields): Posted<String>) -> Answer {
    view::forget(&web.app, &session.actor, read_id(&id)?, None).await?;
    Ok(Redirect::to(&asked(&fields).address()).into_response())
}

/// Whoever asks begins with this view from now on.
pub(crate) async fn begin(Posted(web, session, id, fields): Posted<String>) -> Answer {
    view::begin_with(&web.app, &session.actor, Some(read_id(&id)?)).await?;
    Ok(Redirect::to(&Ask { view: id, ..asked(&fields) }.address()).into_response())
}

/// Whoever asks begins with everything again.
pub(crate) async fn begin_with_all(Posted(web, session, (), fields): Posted) -> Answer {
    view::begin_with(&web.app, &session.actor, None).await?;
    Ok(Redirect::to(&Ask { view: fields.text("view").to_owned(), ..asked(&fields) }.address())
        .into_response())
}

fn read_id(id: &str) -> Result<ViewId, AppError> {
    named("view", id)
}
