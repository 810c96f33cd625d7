//! What is done about onboardings in trouble.

use askama::Template;
use axum::http::StatusCode;
use gangway_app::intervention::{self, Intervention, Query};

use super::tabs;
use crate::extract::{Answer, Here};
use crate::format::{Moment, capital, moment};
use crate::pages::{Frame, Nav, Tab, render};

/// Interventions that are shown.
const SHOWN: u32 = 200;

#[derive(Template)]
#[template(path = "pages/signals/done.html")]
struct Page {
    frame: Frame,
    pages: Vec<Tab>,
    lines: Vec<Line>,
}

struct Line {
    href: String,
    customer: String,
    name: String,
    reason: String,
    owner: String,
    due: Moment,
    ended: String,
    open: bool,
}

/// The list.
pub(crate) async fn show(Here(web, session, ()): Here) -> Answer {
    let query = Query { limit: SHOWN, ..Query::default() };
    let (all, _) = intervention::list(&web.app, &session.actor, query).await?;
    let zone = &web.app.time_zone;
    let page = Page {
        frame: Frame::of(&session, Nav::Signals, "What is done").live_on_all(),
        pages: tabs("/signals/interventions"),
        lines: all.iter().map(|one| line(one, zone)).collect(),
    };
    Ok(render(StatusCode::OK, &page))
}

fn line(one: &Intervention, zone: &jiff::tz::TimeZone) -> Line {
    Line {
        href: format!("/onboardings/{}/health#doing", one.onboarding),
        customer: one.customer.clone(),
        name: one.name.clone(),
        reason: one.reason.clone(),
        owner: one.owner.clone(),
        due: moment(one.due_at, zone),
        ended: one.ended.as_ref().map(|ended| capital(&ended.outcome)).unwrap_or_default(),
        open: one.ended.is_none(),
    }
}
