//! How the activation of every running onboarding goes, those that are stuck first.

use askama::Template;
use axum::http::StatusCode;
use gangway_app::usage::scorecard::{self, Line as Known};
use gangway_domain::usage::Pace;
use jiff::tz::TimeZone;

use super::card::Card;
use super::pages;
use crate::extract::{Answer, Asked};
use crate::pages::address::address;
use crate::pages::{Frame, Nav, Part, Tab, render};

pub(super) const PATH: &str = "/adoption/activation";

/// Onboardings on a page.
const SHOWN: usize = 100;

#[derive(Template)]
#[template(path = "pages/usage/activation.html")]
struct Page {
    frame: Frame,
    pages: Vec<Tab>,
    parts: Vec<Part>,
    lines: Vec<Line>,
    next: Option<String>,
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
    let from: usize = values.text("from").parse().unwrap_or(0);
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
    let matching = known.into_iter().filter(|line| only.is_none_or(|pace| line.card.pace == pace));
    let mut shown: Vec<Known> = matching.skip(from).take(SHOWN + 1).collect();
    let more = shown.len() > SHOWN;
    shown.truncate(SHOWN);
    let pace = only.map_or("", Pace::word);
    let after = from.saturating_add(SHOWN).to_string();
    let page = Page {
        frame: Frame::of(&session, Nav::Adoption, "Activation").live(["usage"]),
        pages: pages(PATH),
        parts,
        lines: shown.into_iter().map(|line| Line::new(line, zone)).collect(),
        next: more.then(|| address(PATH, &[("pace", pace), ("from", &after)])),
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
