//! The facts rules may use: what each is, how long it counts, and who reads it.

use askama::Template;
use axum::http::StatusCode;
use gangway_app::health::{self, FactEntry};
use gangway_domain::rule::Schema;

use super::{PATH as SETTINGS, pages};
use crate::extract::{Answer, Asked};
use crate::format::{capital, quoted};
use crate::pages::settings::{Tab, tabs};
use crate::pages::{Choice, Frame, Nav, render};

pub(super) const PATH: &str = "/settings/health/facts";

#[derive(Template)]
#[template(path = "pages/settings/health/facts.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    pages: Vec<Tab>,
    /// What was searched for.
    asked: String,
    groups: Vec<Choice>,
    /// How many there are.
    all: usize,
    lines: Vec<Line>,
}

/// A fact.
struct Line {
    name: &'static str,
    kind: &'static str,
    unit: &'static str,
    meaning: String,
    /// The fact that tells how old it is; empty where it is worked out anew.
    aged_by: &'static str,
    /// Inputs of models that read it, with how long it counts there.
    inputs: Vec<String>,
    signals: String,
}

impl Line {
    fn new(entry: FactEntry) -> Self {
        let FactEntry { spec, aged_by, in_models, in_signals } = entry;
        let input = |(model, input, days): (String, String, Option<u32>)| match days {
            Some(days) => format!("{model}, {input}: in full for {days} days, then fading"),
            None => format!("{model}, {input}"),
        };
        Self {
            name: spec.name,
            kind: spec.kind.word(),
            unit: spec.unit,
            meaning: capital(&quoted(spec.meaning)),
            aged_by: aged_by.unwrap_or_default(),
            inputs: in_models.into_iter().map(input).collect(),
            signals: in_signals.join(", "),
        }
    }
}

/// The page.
pub(crate) async fn show(Asked(web, session, (), values): Asked) -> Answer {
    let (asked, group) = (values.text("q"), values.text("group"));
    let entries = health::fact_book(&web.app, &session.actor)?;
    let all = entries.len();
    let wanted = words(&asked);
    let fits = |entry: &FactEntry| {
        let spec = &entry.spec;
        let text = format!("{} {} {} {}", spec.name, spec.meaning, spec.unit, spec.kind).to_lowercase();
        (group.is_empty() || spec.group() == group) && wanted.iter().all(|word| text.contains(word.as_str()))
    };
    let known = Schema::run().groups().into_iter().map(|name| Choice::of(name, capital(name), &group));
    let page = Page {
        frame: Frame::of(&session, Nav::Settings, "Facts"),
        tabs: tabs(&session, SETTINGS),
        pages: pages(PATH),
        groups: std::iter::once(Choice::of("", "All groups", &group)).chain(known).collect(),
        all,
        lines: entries.into_iter().filter(fits).map(Line::new).collect(),
        asked,
    };
    Ok(render(StatusCode::OK, &page))
}

fn words(asked: &str) -> Vec<String> {
    asked.split_whitespace().map(str::to_lowercase).collect()
}
