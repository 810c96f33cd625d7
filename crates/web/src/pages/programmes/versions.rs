//! Every version of a programme: who published it, when, why; and the way back to what is built in.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::identity::Session;
use gangway_app::programme::{self, Which};

use super::Top;
use super::said;
use crate::Web;
use crate::extract::{Answer, Asked, Posted};
use crate::form::Wrong;
use crate::format::{Moment, count, moment};
use crate::pages::{Frame, render};

#[derive(Template)]
#[template(path = "pages/programmes/versions.html")]
struct Page {
    frame: Frame,
    top: Top,
    lines: Vec<Line>,
    built_in: u32,
    built_in_used: String,
    is_built_in: bool,
    note: String,
    wrong: Wrong,
}

struct Line {
    number: i64,
    note: String,
    by: String,
    at: Moment,
    in_force: bool,
    is_built_in: bool,
    used: String,
    before: String,
}

/// The history.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    page(&web, &session, &id, StatusCode::OK, &values.text("said"), String::new(), Wrong::default()).await
}

/// Back to what is built in, as a version of its own.
pub(crate) async fn back(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let note = fields.text("note");
    match programme::back_to_built_in(&web.app, &session.actor, &id, note).await {
        Ok(_) => Ok(Redirect::to(&format!("/programmes/{id}/versions?said=published")).into_response()),
        Err(error @ gangway_app::AppError::NotFound { .. }) => Err(error.into()),
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            page(&web, &session, &id, status, "", note.to_owned(), wrong).await
        }
    }
}

async fn page(
    web: &Web,
    session: &Session,
    id: &str,
    status: StatusCode,
    done: &str,
    note: String,
    wrong: Wrong,
) -> Answer {
    let shown = programme::get(&web.app, &session.actor, id, Which::InForce).await?;
    let mut top = Top::new(session, &shown, "/versions");
    top.said = said(done);
    let used = |number: i64| {
        let found = shown.used.iter().find(|(known, _)| *known == number);
        match found.map_or(0, |(_, n)| usize::try_from(*n).unwrap_or_default()) {
            0 => "none".to_owned(),
            n => count(n, "onboarding"),
        }
    };
    let lines = shown.history.iter().enumerate().map(|(i, version)| Line {
        number: version.number,
        note: version.note.clone(),
        by: version.published_by.clone(),
        at: moment(version.published_at, &web.app.time_zone),
        in_force: i == 0,
        is_built_in: version.is_built_in,
        used: used(version.number),
        before: shown
            .history
            .get(i + 1)
            .map_or_else(|| "built-in".to_owned(), |older| older.number.to_string()),
    });
    let page = Page {
        frame: top.frame(session, "Versions"),
        lines: lines.collect(),
        built_in_used: used(i64::from(shown.built_in)),
        built_in: shown.built_in,
        is_built_in: shown.changed == [0; 3],
        note,
        wrong,
        top,
    };
    Ok(render(status, &page))
}
