//! The warning signals of the workspace: the inbox, one signal, what is done and what it achieves, and what foretold
//! what happened.

pub(crate) mod backtest;
pub(crate) mod done;
pub(crate) mod one;
pub(crate) mod playbooks;

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use gangway_app::signal::{self, Filter, Inbox, Ranked};
use gangway_app::{health, portfolio};
use gangway_domain::deal::Severity;
use gangway_domain::signal::Weight;

use crate::extract::{Answer, Asked};
use crate::format::{Moment, capital, moment};
use crate::pages::onboarding::health::severity;
use crate::pages::{Choice, Frame, Nav, Tab, render};

/// The pages of signals: what they are called, their address.
const PAGES: [(&str, &str); 4] = [
    ("Inbox", "/signals"),
    ("What is done", "/signals/interventions"),
    ("Playbooks", "/signals/playbooks"),
    ("Looking back", "/signals/backtest"),
];

/// The pages as tabs.
fn tabs(here: &str) -> Vec<Tab> {
    PAGES.iter().map(|&(label, href)| Tab { label, href: href.to_owned(), here: href == here }).collect()
}

#[derive(Template)]
#[template(path = "pages/signals/inbox.html")]
struct Page {
    frame: Frame,
    pages: Vec<Tab>,
    lines: Vec<Line>,
    counts: Vec<(&'static str, usize)>,
    snoozed: usize,
    severities: Vec<Choice>,
    categories: Vec<Choice>,
    mine: bool,
    with_snoozed: bool,
    /// Something is filtered away.
    filtered: bool,
    /// Statuses of health with how many onboardings have each.
    statuses: Vec<(String, i64)>,
}

struct Line {
    href: String,
    name: String,
    words: String,
    customer: String,
    onboarding: String,
    owner: String,
    severity: &'static str,
    tone: &'static str,
    health: String,
    value: String,
    due: String,
    due_tone: &'static str,
    due_at: Option<Moment>,
    rank: String,
    weight: &'static str,
    snoozed: bool,
}

/// The inbox.
pub(crate) async fn inbox(Asked(web, session, (), values): Asked) -> Answer {
    let chosen = (values.text("severity"), values.text("category"));
    let filter = Filter {
        mine: values.has("mine"),
        severity: level(&chosen.0),
        category: Some(chosen.1.clone()).filter(|category| !category.is_empty()),
        snoozed: values.has("snoozed"),
    };
    let Inbox { lines, counts, snoozed, categories, now } =
        signal::inbox(&web.app, &session.actor, &filter).await?;
    let statuses = health::counts(&web.app, &session.actor).await?;
    let zone = &web.app.time_zone;
    let all = std::iter::once(Choice::of("", "All", &chosen.0));
    let levels = LEVELS.into_iter().map(|(word, label)| Choice::of(word, label, &chosen.0));
    let every = std::iter::once(Choice::of("", "All", &chosen.1));
    let groups = categories.iter().map(|one| Choice::of(one, capital(one), &chosen.1));
    let page = Page {
        frame: Frame::of(&session, Nav::Signals, "Signals").live_on_all(),
        pages: tabs("/signals"),
        lines: lines.into_iter().map(|one| line(one, now, zone)).collect(),
        counts: counts.into_iter().map(|(one, count)| (severity(one).0, count)).collect(),
        snoozed,
        severities: all.chain(levels).collect(),
        categories: every.chain(groups).collect(),
        filtered: filter != Filter::default(),
        mine: filter.mine,
        with_snoozed: filter.snoozed,
        statuses: by_gravity(statuses, &portfolio::bands(&web.app)),
    };
    Ok(render(StatusCode::OK, &page))
}

/// Statuses with how many onboardings have each, the gravest first; those no model knows any more come last.
fn by_gravity(statuses: BTreeMap<String, i64>, bands: &[String]) -> Vec<(String, i64)> {
    let place = |status: &str| bands.iter().position(|band| band == status).unwrap_or(bands.len());
    let mut all: Vec<(String, i64)> = statuses.into_iter().collect();
    all.sort_by_key(|(status, _)| place(status));
    all
}

/// Words of severities, and what people read.
const LEVELS: [(&str, &str); 4] =
    [("critical", "Critical"), ("high", "High"), ("medium", "Medium"), ("low", "Low")];

/// The severity a word says.
fn level(word: &str) -> Option<Severity> {
    match word {
        "low" => Some(Severity::Low),
        "medium" => Some(Severity::Medium),
        "high" => Some(Severity::High),
        "critical" => Some(Severity::Critical),
        _ => None,
    }
}

fn line(one: Ranked, now: jiff::Timestamp, zone: &jiff::tz::TimeZone) -> Line {
    let Ranked { waiting, rank, clocks, weight, is_snoozed } = one;
    let body = &waiting.signal.body;
    let (severity, tone) = severity(body.severity);
    let (due, due_tone) = clock(&clocks, now);
    Line {
        href: format!("/signals/{}", waiting.signal.id),
        name: waiting.signal.name.clone(),
        words: body.words.clone(),
        onboarding: format!("/onboardings/{}/health", waiting.signal.onboarding),
        owner: waiting.owner.map(|(_, name)| name).unwrap_or_default(),
        severity,
        tone,
        health: match (waiting.score, waiting.health) {
            (Some(score), Some(status)) => format!("{score} · {status}"),
            (None, Some(status)) => status,
            _ => String::new(),
        },
        value: waiting.value.map(|value| value.to_string()).unwrap_or_default(),
        due,
        due_tone,
        due_at: clocks.next().map(|due| moment(due.into(), zone)),
        rank: rank.arithmetic(),
        weight: match weight {
            Weight::Note => "seen once",
            Weight::Concern => "seen twice: a concern",
            Weight::Action => "seen again and again: act",
        },
        snoozed: is_snoozed,
        customer: waiting.customer,
    }
}

/// What is due next, in words, and how they are shown.
pub(crate) fn clock(clocks: &gangway_domain::signal::Clocks, now: jiff::Timestamp) -> (String, &'static str) {
    let what = if clocks.acknowledged_at.is_none() { "take up" } else { "plan" };
    match clocks.next() {
        None => ("has a plan".to_owned(), "good"),
        Some(due) if due < now => (format!("{what}: {} late", length(now.duration_since(due))), "bad"),
        Some(due) => (format!("{what} within {}", length(due.duration_since(now))), "fair"),
    }
}

/// `20 minutes`, `5 hours`, `3 days`.
fn length(span: jiff::SignedDuration) -> String {
    let of =
        |number: i64, noun: &str| crate::format::count(usize::try_from(number).unwrap_or_default(), noun);
    match span.as_mins() {
        minutes @ ..120 => of(minutes, "minute"),
        minutes @ 120..2880 => of(minutes / 60, "hour"),
        minutes => of(minutes / 1440, "day"),
    }
}
