//! What moves an onboarding on: the kickoff was held, it is complete, it is closed.
use axum::response::{IntoResponse, Redirect};
use gangway_app::onboarding;
use jiff::civil::Date;

use super::top::Closing;
use super::work::said;
use super::{overview, read_id};
use crate::extract::{Answer, Here, Posted, Values};
use crate::form::answered;
use crate::pages::Toast;

/// The kickoff was held.
pub(crate) async fn kick_off(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let on: Option<Date> = fields.text("on").trim().parse().ok();
    let batch = onboarding::kick_off_on(&web.app, &session.actor, id, on).await?;
    let undo = batch.map(|batch| format!("&of={id}&batch={batch}")).unwrap_or_default();
    Ok(Redirect::to(&format!("/onboardings/{id}?said=kickoff{undo}")).into_response())
}

/// Everything is reached.
pub(crate) async fn complete(Here(web, session, id): Here<String>) -> Answer {
    let id = read_id(id)?;
    onboarding::complete(&web.app, &session.actor, id).await?;
    Ok(Redirect::to(&format!("/onboardings/{id}?said=completion")).into_response())
}

/// It ends before it is complete. Without a reason the form comes back.
pub(crate) async fn close(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let reason = fields.text("reason");
    let done = onboarding::close(&web.app, &session.actor, id, reason).await;
    let on = |()| Redirect::to(&format!("/onboardings/{id}?said=closure")).into_response();
    answered(done, on, |status, wrong| {
        let closing = Closing { reason: reason.to_owned(), wrong };
        overview::page(&web, &session, id, status, false, None, closing)
    })
    .await
}

/// What to say after something was done, by the words in the address, and how the kickoff is taken back.
pub(super) fn toast(values: &Values) -> Option<Toast> {
    match values.text("said").as_str() {
        "kickoff" => {
            let text = "The kickoff was held: the onboarding runs.".to_owned();
            Some(Toast { text, undo: said::undo(values) })
        }
        "completion" => Toast::of("The onboarding is complete."),
        "closure" => Toast::of("The onboarding is closed."),
        "colour" => Toast::of("The colour is set."),
        _ => said::toast(values),
    }
}
