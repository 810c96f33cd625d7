//! The audit trail: who did what, when, through which door.

use askama::Template;
use axum::http::StatusCode;
use gangway_app::activity;

use super::{Tab, tabs};
use crate::extract::{Answer, Here};
use crate::format::{Moment, moment};
use crate::pages::{Frame, Nav, render};

/// Entries shown.
const ENTRIES: u32 = 200;

#[derive(Template)]
#[template(path = "pages/settings/audit.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    entries: Vec<Entry>,
    limit: u32,
}

struct Entry {
    at: Moment,
    actor: String,
    door: String,
    kind: String,
    summary: String,
    onboarding: Option<String>,
}

/// The latest entries.
pub(crate) async fn show(Here(web, session, ()): Here) -> Answer {
    let entries = activity::recent(&web.app, &session.actor, ENTRIES).await?;
    let page = Page {
        frame: Frame::of(&session, Nav::Settings, "Audit trail"),
        tabs: tabs(&session, "/settings/audit"),
        entries: entries
            .into_iter()
            .map(|entry| Entry {
                at: moment(entry.at, &web.app.time_zone),
                actor: entry.actor,
                door: entry.door,
                kind: entry.kind,
                summary: entry.summary,
                onboarding: entry.onboarding.map(|id| id.to_string()),
            })
            .collect(),
        limit: ENTRIES,
    };
    Ok(render(StatusCode::OK, &page))
}
