//! What the customer verified, with its evidence; and the promises of sales with what keeps them.

use askama::Template;
use axum::http::StatusCode;
use gangway_app::outcome::{self as impact, Impact, Outcome, PromiseLine, PromiseState};
use gangway_domain::outcome::{self, Evidence, Status};
use gangway_store::outcome::measurement::Measurement;
use jiff::civil::Date;

use super::{HERE, tabs, tone, way};
use crate::Web;
use crate::extract::{Answer, Here};
use crate::format::{Day, signed};
use crate::pages::onboarding::read_id;
use crate::pages::onboarding::top::Top;
use crate::pages::{Frame, Tab, render};

#[derive(Template)]
#[template(path = "pages/onboarding/impact/scorecard.html")]
struct Card {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    all: usize,
    percent: usize,
    note: String,
    first_value: &'static str,
    full_value: &'static str,
    lines: Vec<Scored>,
}

struct Scored {
    href: String,
    code: String,
    goal: String,
    metric: String,
    way: String,
    by: Day,
    status: &'static str,
    tone: &'static str,
    /// Figures in order, `10 · 8 · 6`.
    course: String,
    evidence: String,
    confirmed: String,
}

#[derive(Template)]
#[template(path = "pages/onboarding/impact/promises.html")]
struct Promises {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    lines: Vec<Promised>,
}

struct Promised {
    id: String,
    text: String,
    by: Option<Day>,
    /// How that day was found, where a period was promised.
    because: Option<String>,
    kept_at: String,
    place: String,
    state: &'static str,
    tone: &'static str,
    outcomes: Vec<(String, String, &'static str, &'static str)>,
}

/// The verified outcomes of one onboarding.
pub(crate) async fn show(Here(web, session, id): Here<String>) -> Answer {
    let Impact { head, outcomes, measurements, today, .. } =
        impact::of_onboarding(&web.app, &session.actor, read_id(id)?).await?;
    let top = Top::new(&session, &head, HERE);
    let verified = outcomes.iter().filter(|one| one.status(today) == Status::Verified).count();
    let label = |pick: fn(&Outcome) -> bool| {
        outcomes.iter().find(|one| pick(one)).map_or("Not named", |one| one.status(today).label())
    };
    // Any confirmed outcome is the first value; before there is one, that which was named as such.
    let first_value =
        if verified > 0 { Status::Verified.label() } else { label(|one: &Outcome| one.first_value) };
    let none = Vec::new();
    let page = Card {
        frame: top.frame(&session, "Verified outcomes"),
        pages: tabs(&top, "/impact/scorecard"),
        all: outcomes.len(),
        note: format!(
            "{verified} of {} outcomes are confirmed by the customer, with evidence",
            outcomes.len()
        ),
        percent: (verified * 100).checked_div(outcomes.len()).unwrap_or(0),
        first_value,
        full_value: label(|one| one.full_value),
        lines: outcomes
            .iter()
            .map(|one| scored(&web, &top, one, measurements.get(&one.id).unwrap_or(&none), today))
            .collect(),
        top,
    };
    Ok(render(StatusCode::OK, &page))
}

fn scored(web: &Web, top: &Top, one: &Outcome, measured: &[Measurement], today: Date) -> Scored {
    let status = one.status(today);
    let figures = measured.iter().filter_map(|one| one.reading.value).map(|value| value.words());
    let evidence = measured.iter().rev().find_map(|one| one.evidence.as_ref());
    Scored {
        href: top.to(&format!("/impact/{}", one.id)),
        code: one.code(),
        goal: one.goal.clone(),
        metric: one.metric.clone(),
        way: way(one),
        by: one.by.into(),
        status: status.label(),
        tone: tone(status),
        course: figures.collect::<Vec<_>>().join(" · "),
        evidence: match evidence {
            Some(Evidence::Words { text }) => text.clone(),
            Some(Evidence::Link { url }) => url.clone(),
            Some(Evidence::File { name, .. }) => name.clone(),
            None => String::new(),
        },
        confirmed: match &one.answer {
            Some(outcome::Answer::Confirmed { by, at, .. }) => signed(by, *at, &web.app.time_zone),
            _ => String::new(),
        },
    }
}

/// The promises of sales, with what keeps them.
pub(crate) async fn promises(Here(web, session, id): Here<String>) -> Answer {
    let Impact { head, promises, .. } = impact::of_onboarding(&web.app, &session.actor, read_id(id)?).await?;
    let top = Top::new(&session, &head, HERE);
    let page = Promises {
        frame: top.frame(&session, "Promises"),
        pages: tabs(&top, "/impact/promises"),
        lines: promises.into_iter().map(|line| promised(&top, line)).collect(),
        top,
    };
    Ok(render(StatusCode::OK, &page))
}

/// Where a promise stands, and the tone of that.
pub(crate) fn promise_state(state: PromiseState) -> (&'static str, &'static str) {
    match state {
        PromiseState::Kept => ("Kept", "done"),
        PromiseState::Reached => ("Reached", "go"),
        PromiseState::Underway => ("On its way", "soon"),
        PromiseState::AtRisk => ("At risk", "late"),
        PromiseState::Untied => ("Nothing shows it", "late"),
    }
}

fn promised(top: &Top, line: PromiseLine) -> Promised {
    let (state, tag) = promise_state(line.state);
    Promised {
        id: line.entry.id,
        text: line.entry.text,
        by: line.entry.by.map(Day::from),
        because: line.entry.by_because,
        kept_at: line.entry.kept_at,
        place: line.entry.place,
        state,
        tone: tag,
        outcomes: line
            .outcomes
            .into_iter()
            .map(|(id, code, goal, status)| {
                (top.to(&format!("/impact/{id}")), format!("{code} {goal}"), status.label(), tone(status))
            })
            .collect(),
    }
}
