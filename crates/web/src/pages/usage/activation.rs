//! How the activation of every running onboarding goes, those that are stuck first.

use askama::Template;
use axum::http::StatusCode;
use gangway_app::usage::scorecard::{self, Line as Known};
use gangway_domain::usage::Pace;
use jiff::tz::TimeZone;

use super::card::Card;
use super::pages;
use crate::extract::{Answer, Asked};
use crate::pages::{Frame, Nav, Part, Tab, render};

pub(super) const PATH: &str = "/adoption/activation";

#[derive(Template)]
#[template(path = "pages/usage/activation.html")]
struct Page {
    frame: Frame,
    pages: Vec<Tab>,
    parts: Vec<Part>,
    lines: Vec<Line>,
    empty: bool,
}

struct Line {
    href: String,
    customer: String,
    segment: String,
    card: Card,
    /// The clock that runs.
    next: String,
}

/// The onboardings.
pub(crate) async fn show(Asked(web, session, (), values): Asked) -> Answer {
    let only: Option<Pace> = values.text("pace").parse().ok();
    let known = scorecard::all(&web.app, &session.actor).await?;
    let count = |pace: Pace| known.iter().filter(|line| line.card.pace == pace).count();
    let part = |label: &str, pace: Option<Pace>, count: usize| Part {
        label: label.to_owned(),
        count: i64::try_from(count).unwrap_or(i64::MAX),
        href: pace.map_or_else(|| PATH.to_owned(), |pace| format!("{PATH}?pace={}", pace.word())),
        here: pace == only,
    };
    let each = Pace::ALL.map(|pace| part(pace.label(), Some(pace), count(pace)));
    let parts = std::iter::once(part("All", None, known.len())).chain(each).collect();
    let empty = known.is_empty();
    let zone = &web.app.time_zone;
    let shown = known.into_iter().filter(|line| only.is_none_or(|pace| line.card.pace == pace));
    let page = Page {
        frame: Frame::of(&session, Nav::Adoption, "Activation").live(["usage"]),
        pages: pages(PATH),
        parts,
        lines: shown.map(|line| Line::new(line, zone)).collect(),
        empty,
    };
    Ok(render(StatusCode::OK, &page))
}

impl Line {
    fn new(line: Known, zone: &TimeZone) -> Self {
        let waits = line.card.clocks.iter().find(|clock| clock.reached_at.is_none());
        let next =
            waits.map_or_else(|| "everything reached".to_owned(), |clock| clock.kind.label().to_owned());
        Self {
            href: format!("/onboardings/{}/usage", line.onboarding),
            customer: line.customer,
            segment: line.segment,
            card: Card::new(line.card, zone),
            next,
        }
    }
}
