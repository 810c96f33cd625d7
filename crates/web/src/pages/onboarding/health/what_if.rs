//! What the health of an onboarding would be if facts were others. Nothing is kept.

use std::collections::BTreeSet;

use askama::Template;
use axum::http::StatusCode;
use gangway_app::health::{self, Trial, TriedSignal};
use gangway_app::identity::Session;
use gangway_domain::health::{Assessment, ComponentScore, InputScore, Points};
use gangway_domain::ids::OnboardingId;
use gangway_domain::methodology::HealthStatus;
use gangway_domain::rule::{FactSpec, Kind, Schema, Sheet};

use super::super::read_id;
use super::super::top::Top;
use super::HERE;
use super::shown::{self, Moved, held, severity, tone_of};
use crate::Web;
use crate::extract::{Answer, Here, Posted};
use crate::form::{Fields, Wrong};
use crate::format::{capital, fact, quoted};
use crate::pages::{Choice, Frame, render};

#[derive(Template)]
#[template(path = "pages/onboarding/health/what_if.html")]
struct Page {
    frame: Frame,
    top: Top,
    model: String,
    /// Something was asked.
    asked: bool,
    /// It was asked what would be, of nothing that is another.
    of_nothing: bool,
    before: Side,
    after: Side,
    parts: Vec<Part>,
    moves: Vec<Moved>,
    signals: Vec<SignalRow>,
    groups: Vec<Group>,
    wrong: Wrong,
}

/// The health on one side.
struct Side {
    score: Option<u32>,
    status: String,
    tone: &'static str,
    bar: &'static str,
    coverage: u32,
    by_score: Option<String>,
    cap: Option<String>,
    by_hand: Option<String>,
    warnings: Vec<String>,
}

impl Side {
    fn new(found: &Assessment, statuses: &[HealthStatus]) -> Self {
        let (tone, bar) = tone_of(statuses, &found.status);
        Self {
            score: found.score,
            status: found.status.clone(),
            tone,
            bar,
            coverage: found.coverage_percent,
            by_score: (found.by_score != found.status).then(|| found.by_score.clone()),
            cap: found.cap.as_ref().map(held),
            by_hand: found.by_hand.as_ref().map(|said| format!("{} said so: {}", said.by, said.reason)),
            warnings: found.warnings.clone(),
        }
    }
}

/// A component or an input of both sides.
struct Part {
    name: String,
    is_component: bool,
    before: Cell,
    after: Cell,
    change: String,
    is_other: bool,
}

/// What one side gives.
#[derive(PartialEq, Eq)]
struct Cell {
    score: String,
    points: String,
    state: &'static str,
}

impl Cell {
    fn of_component(one: Option<&ComponentScore>) -> Self {
        let score = one.and_then(|one| one.score);
        Self {
            score: score.map_or_else(|| "–".to_owned(), |score| score.rounded().to_string()),
            points: one.map_or(Points::ZERO, |one| one.points).to_string(),
            state: if score.is_some() { "" } else { "No data" },
        }
    }

    fn of_input(one: Option<&InputScore>) -> Self {
        let score = one.and_then(|one| one.score);
        Self {
            score: score.map_or_else(|| "–".to_owned(), |score| score.to_string()),
            points: one.map_or(Points::ZERO, |one| one.points).to_string(),
            state: one.map_or("No data", |one| one.state.label()),
        }
    }
}

/// A signal whose rule holds now or would.
struct SignalRow {
    name: String,
    severity: &'static str,
    tone: &'static str,
    words: String,
    /// What becomes of it.
    verdict: &'static str,
}

impl SignalRow {
    fn new(one: TriedSignal) -> Self {
        let (severity, tone) = severity(one.severity);
        let verdict = match (one.is_open, one.before.is_yes(), one.after.is_yes()) {
            (false, false, true) => "Would be raised",
            (true, _, true) => "Stays open",
            (true, _, false) => "Open; would end after its time",
            (false, true, true) => "Holds now, and would; resolved not long ago",
            (false, _, false) => "Holds now, and would not",
        };
        Self { name: one.name, severity, tone, words: one.words, verdict }
    }
}

/// Facts that belong together.
struct Group {
    title: &'static str,
    open: bool,
    lines: Vec<Line>,
}

/// A fact that can be another.
struct Line {
    name: &'static str,
    meaning: String,
    unit: &'static str,
    now: String,
    known: bool,
    typed: String,
    /// Nobody is to know it.
    none: bool,
    input: &'static str,
    /// Where it is chosen instead of typed.
    choices: Vec<Choice>,
    changed: bool,
    /// What is wrong with what was typed; empty where nothing is.
    problem: String,
}

/// What was typed: facts by name, and those nobody is to know.
#[derive(Default)]
struct Typed {
    values: Vec<(String, String)>,
    none: BTreeSet<String>,
}

impl Typed {
    fn new(fields: &Fields) -> Self {
        let value = |spec: &FactSpec| {
            let text = fields.text(&format!("to-{}", spec.name)).trim().to_owned();
            (!text.is_empty()).then(|| (spec.name.to_owned(), text))
        };
        Self {
            values: health::known_facts().iter().filter_map(value).collect(),
            none: fields.all("none").map(str::to_owned).collect(),
        }
    }

    /// As the use case takes it: what nobody is to know has no text.
    fn changes(&self) -> Vec<(String, String)> {
        let said = self.values.iter().filter(|(name, _)| !self.none.contains(name)).cloned();
        said.chain(self.none.iter().map(|name| (name.clone(), String::new()))).collect()
    }

    fn of(&self, name: &str) -> &str {
        self.values.iter().find(|(known, _)| known == name).map_or("", |(_, text)| text)
    }
}

/// The facts as they are, each with a field.
pub(crate) async fn show(Here(web, session, id): Here<String>) -> Answer {
    page(&web, &session, read_id(id)?, None).await
}

/// What would be.
pub(crate) async fn ask(Posted(web, session, id, fields): Posted<String>) -> Answer {
    page(&web, &session, read_id(id)?, Some(Typed::new(&fields))).await
}

async fn page(web: &Web, session: &Session, id: OnboardingId, typed: Option<Typed>) -> Answer {
    let (app, actor) = (&web.app, &session.actor);
    let is_sent = typed.is_some();
    let typed = typed.unwrap_or_default();
    let found = health::try_out(app, actor, id, &typed.changes()).await;
    let (status, trial, wrong) = match found {
        Ok(trial) => (StatusCode::OK, trial, Wrong::default()),
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            // As it is, with what was typed.
            (status, health::try_out(app, actor, id, &[]).await?, wrong)
        }
    };
    let asked = status == StatusCode::OK && !typed.changes().is_empty();
    let of_nothing = is_sent && typed.changes().is_empty();
    Ok(render(status, &Page { of_nothing, ..laid_out(session, trial, &typed, asked, wrong) }))
}

fn laid_out(session: &Session, trial: Trial, typed: &Typed, asked: bool, wrong: Wrong) -> Page {
    let top = Top::new(session, &trial.head, HERE);
    let groups = groups(&trial, typed, &wrong);
    let Trial { model, statuses, found, signals, .. } = trial;
    Page {
        // What is tried out must not vanish when something happens.
        frame: Frame { live: String::new(), ..top.frame(session, "What if") },
        top,
        model,
        asked,
        of_nothing: false,
        before: Side::new(&found.before, &statuses),
        after: Side::new(&found.after, &statuses),
        parts: parts(&found.before, &found.after),
        moves: shown::moves(&found.moves),
        signals: signals.into_iter().map(SignalRow::new).collect(),
        groups,
        wrong,
    }
}

/// Components with their inputs, of both sides: one model gave both, so they stand in one order.
fn parts(before: &Assessment, after: &Assessment) -> Vec<Part> {
    let part = |name: &str, is_component: bool, before: Cell, after: Cell, change: Points| Part {
        name: name.to_owned(),
        is_component,
        is_other: before != after,
        before,
        after,
        change: change.signed(),
    };
    let mut all = Vec::new();
    for now in &after.components {
        let was = before.components.iter().find(|one| one.id == now.id);
        let change = now.points - was.map_or(Points::ZERO, |one| one.points);
        let cells = (Cell::of_component(was), Cell::of_component(Some(now)));
        all.push(part(&now.name, true, cells.0, cells.1, change));
        for input in &now.inputs {
            let was = was.and_then(|one| one.inputs.iter().find(|one| one.id == input.id));
            let change = input.points - was.map_or(Points::ZERO, |one| one.points);
            let cells = (Cell::of_input(was), Cell::of_input(Some(input)));
            all.push(part(&input.name, false, cells.0, cells.1, change));
        }
    }
    all
}

/// The facts: those the score rests on, those signals read, the others.
fn groups(trial: &Trial, typed: &Typed, wrong: &Wrong) -> Vec<Group> {
    let sheet = Sheet::new(Schema::run(), &trial.facts);
    let (mut of_model, mut of_signals, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for spec in health::known_facts() {
        let line = line(spec, &sheet, typed, wrong);
        if trial.of_model.contains(spec.name) {
            of_model.push(line);
        } else if trial.of_signals.contains(spec.name) {
            of_signals.push(line);
        } else {
            others.push(line);
        }
    }
    let group = |title: &'static str, always: bool, lines: Vec<Line>| Group {
        title,
        open: always || lines.iter().any(|line| line.changed),
        lines,
    };
    vec![
        group("What the score rests on", true, of_model),
        group("What signals read", false, of_signals),
        group("Other facts", false, others),
    ]
}

/// The texts a fact can be; none where it can be any.
fn one_of(spec: &FactSpec, chosen: &str) -> Vec<Choice> {
    let words = spec.words();
    let mut choices: Vec<Choice> =
        words.into_iter().map(|word| Choice::of(word, capital(word), chosen)).collect();
    if !choices.is_empty() {
        choices.insert(0, Choice::of("", "As it is", chosen));
    }
    choices
}

fn line(spec: &FactSpec, sheet: &Sheet<'_>, typed: &Typed, wrong: &Wrong) -> Line {
    let value = sheet.get(spec.name);
    let (text, none) = (typed.of(spec.name), typed.none.contains(spec.name));
    let choices = match spec.kind {
        Kind::YesNo => vec![
            Choice::of("", "As it is", text),
            Choice::of("yes", "Yes", text),
            Choice::of("no", "No", text),
        ],
        Kind::Text => one_of(spec, text),
        Kind::Number | Kind::List => Vec::new(),
    };
    Line {
        name: spec.name,
        meaning: capital(&quoted(spec.meaning)),
        unit: spec.unit,
        now: capital(&fact(value)),
        known: value.is_some(),
        typed: text.to_owned(),
        none,
        input: if spec.kind == Kind::Number { "number" } else { "text" },
        choices,
        changed: none || !text.is_empty(),
        problem: wrong.at(spec.name).to_owned(),
    }
}
