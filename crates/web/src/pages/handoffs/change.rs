//! What a person does about a handoff: correct, take back, confirm, stop a clock.
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::identity::Session;
use gangway_app::intake::field::Field;
use gangway_app::intake::{self, Act, Edit};
use gangway_app::{AppError, Problem};
use gangway_domain::correction::{At, FactKey};
use gangway_domain::ids::HandoffId;

use super::facts::{Open, anchor};
use super::handoff_id;
use super::view::Page;
use crate::Web;
use crate::extract::{Answer, Here, Posted};
use crate::form::Wrong;
use crate::format::sentence;
use crate::pages::render;

/// Corrects, adds or removes a fact.
pub(crate) async fn create(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = handoff_id(&id)?;
    let key = fields.text("fact");
    let key: FactKey = key.parse().map_err(|_| AppError::NotFound { what: "fact", id: key.to_owned() })?;
    let typed: Vec<(String, String)> = Field::named(&key.field)
        .map(|field| field.parts)
        .unwrap_or_default()
        .iter()
        .map(|part| (part.name.to_owned(), fields.text(&format!("p-{}", part.name)).to_owned()))
        .collect();
    let act = match fields.text("act") {
        "remove" => Act::Remove,
        "add" => Act::Add(typed.clone()),
        _ => Act::Set(typed.clone()),
    };
    let seen = fields.text("seen").parse().unwrap_or(0);
    let edit = Edit { fact: key.clone(), act, seen, reason: fields.text("reason").to_owned() };
    match intake::edit(&web.app, &session.actor, id, edit.clone()).await {
        Ok(key) => Ok(back(id, &key, "corrected")),
        Err(error) if error.is_input() && !matches!(error, AppError::NotFound { .. }) => {
            let key = if matches!(edit.act, Act::Add(_)) { FactKey { at: At::Only, ..key } } else { key };
            let (status, _) = Wrong::or_fail(copy(&error))?;
            let said = matches!(error, AppError::HandedOn).then(|| sentence(&error.to_string()));
            let open = Open { key: Some(key), sent: Some((edit, typed)), error: Some(error) };
            page(&web, &session, id, status, open, said).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The status of a refusal is found by what kind it is.
fn copy(error: &AppError) -> AppError {
    match error {
        AppError::Overlap(overlap) => AppError::Overlap(overlap.clone()),
        AppError::HandedOn => AppError::HandedOn,
        AppError::Overtaken => AppError::Overtaken,
        AppError::Forbidden(action) => AppError::Forbidden(*action),
        other => AppError::Invalid(vec![Problem::new("fact", other.to_string())]),
    }
}

/// Takes a correction back.
pub(crate) async fn undo(Here(web, session, (id, number)): Here<(String, String)>) -> Answer {
    let id = handoff_id(&id)?;
    let number: i64 = number.parse().map_err(|_| AppError::NotFound { what: "correction", id: number })?;
    match intake::undo(&web.app, &session.actor, id, number).await {
        Ok(key) => Ok(back(id, &key, "taken-back")),
        Err(error) => refused(&web, &session, id, error).await,
    }
}

/// Confirms what was read.
pub(crate) async fn confirm(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = handoff_id(&id)?;
    let version = fields.version();
    match intake::confirm(&web.app, &session.actor, id, version).await {
        Ok(()) if fields.text("then") == "plan" => {
            Ok(Redirect::to(&format!("/handoffs/{id}/plan")).into_response())
        }
        Ok(()) => Ok(Redirect::to(&format!("/handoffs/{id}?said=confirmed")).into_response()),
        Err(error) => refused(&web, &session, id, error).await,
    }
}

/// Stops a response clock, or lets it run on.
pub(crate) async fn clock(Posted(web, session, (id, clock), fields): Posted<(String, String)>) -> Answer {
    let id = handoff_id(&id)?;
    let said = if fields.text("done") == "no" {
        intake::restart(&web.app, &session.actor, id, &clock).await?;
        "clock-runs".to_owned()
    } else {
        intake::stop(&web.app, &session.actor, id, &clock).await?;
        // Known to the methodology now, so that it is a plain word.
        format!("clock&clock={clock}")
    };
    Ok(Redirect::to(&format!("/handoffs/{id}?said={said}#clocks")).into_response())
}

/// To the fact that was changed.
fn back(id: HandoffId, key: &FactKey, said: &str) -> Response {
    Redirect::to(&format!("/handoffs/{id}?said={said}#f-{}", anchor(&key.to_string()))).into_response()
}

/// The page again, with what was refused.
async fn refused(web: &Web, session: &Session, id: HandoffId, error: AppError) -> Answer {
    if !matches!(error, AppError::Overtaken | AppError::HandedOn) {
        return Err(error.into());
    }
    let said = match error {
        AppError::Overtaken => {
            "Somebody corrected this handoff while you looked at it. Look at the facts again, then confirm."
                .to_owned()
        }
        other => format!("{other}."),
    };
    page(web, session, id, StatusCode::CONFLICT, Open::default(), Some(said)).await
}

async fn page(
    web: &Web,
    session: &Session,
    id: HandoffId,
    status: StatusCode,
    open: Open,
    said: Option<String>,
) -> Answer {
    let reviewed = intake::get(&web.app, &session.actor, id).await?;
    Ok(render(status, &Page::new(session, &reviewed, &open, false, said, &web.app.time_zone)))
}
