//! The review of a handoff: the document and what was read from it, side by side.
use axum::http::StatusCode;
use gangway_app::identity::Session;
use gangway_app::intake::{self, Reviewed};
use gangway_domain::correction::Correction;

use super::facts::Open;
use super::handoff_id;
use super::new::KNOWN;
use super::view::Page;
use crate::extract::{Answer, Asked, Values};
use crate::pages::{Toast, Undo, render};

/// The review; `?edit=` opens the form of a fact, or of a new one.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let reviewed = intake::get(&web.app, &session.actor, handoff_id(&id)?).await?;
    let open = Open { key: values.text("edit").parse().ok(), ..Open::default() };
    let known = values.has(KNOWN);
    let mut page = Page::new(&session, &reviewed, &open, known, None, &web.app.time_zone);
    page.frame.toast = toast(&reviewed, &session, &values);
    Ok(render(StatusCode::OK, &page))
}

/// What was just done, by the word in the address. Whoever did it may take it back at once.
fn toast(reviewed: &Reviewed, session: &Session, values: &Values) -> Option<Toast> {
    let address = format!("/handoffs/{}", reviewed.handoff.id);
    let (text, undo) = match values.text("said").as_str() {
        "corrected" => {
            let mine = |correction: &Correction| correction.who == session.actor.name;
            let newest = reviewed.corrections.iter().rfind(|made| made.undone.is_none());
            let newest = newest.map(|made| &made.correction).filter(|correction| mine(correction))?;
            let action = format!("{address}/corrections/{}/undo", newest.number);
            ("The fact is corrected.", Some(Undo { action, fields: Vec::new() }))
        }
        "taken-back" => ("The correction is taken back.", None),
        "confirmed" => ("The facts are confirmed.", None),
        "clock" => {
            let name = values.text("clock");
            let clock =
                reviewed.clocks.iter().find(|clock| clock.clock.id == name && clock.done.is_some())?;
            let action = format!("{address}/clocks/{}", clock.clock.id);
            ("The clock has stopped.", Some(Undo { action, fields: vec![("done", "no".to_owned())] }))
        }
        "clock-runs" => ("The clock runs again.", None),
        _ => return None,
    };
    Some(Toast { text: text.to_owned(), undo })
}
