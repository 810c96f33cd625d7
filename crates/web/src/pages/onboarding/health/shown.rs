//! What the page of health shows, worked out of what was judged.

use gangway_app::App;
use gangway_app::health::{Health, Line};
use gangway_app::intervention::Intervention;
use gangway_app::signal::Signal;
use gangway_domain::deal::Severity;
use gangway_domain::health::{Cap, ComponentScore, InputScore, Move, Points};
use gangway_domain::methodology::HealthStatus;
use gangway_domain::rule::RUN_SCHEMA_FACTS;
use gangway_domain::signal::State;
use jiff::tz::TimeZone;

use super::super::top::Top;
use crate::format::{Day, Moment, count, moment, signed};

/// Changes told in words.
const TOLD: usize = 12;

/// How a tag and a bar show a status: by its place among those of the model.
pub(super) fn tone_of(statuses: &[HealthStatus], status: &str) -> (&'static str, &'static str) {
    match statuses.iter().position(|one| one.name == status) {
        Some(0) => ("go", "good"),
        Some(1) => ("soon", "fair"),
        Some(_) => ("late", "bad"),
        None => ("off", ""),
    }
}

/// The word of a severity and how a tag shows it.
pub(crate) fn severity(severity: Severity) -> (&'static str, &'static str) {
    match severity {
        Severity::Low => ("Low", "off"),
        Severity::Medium => ("Medium", "soon"),
        Severity::High => ("High", "late"),
        Severity::Critical => ("Critical", "late"),
    }
}

/// The score at a glance.
pub(super) struct Summary {
    pub score: Option<u32>,
    pub status: String,
    pub tone: &'static str,
    pub bar: &'static str,
    /// What is done at this status.
    pub response: String,
    pub coverage: u32,
    /// What the score alone says, where something else counts.
    pub by_score: Option<String>,
    /// What holds the status down.
    pub cap: Option<String>,
    pub model: String,
    pub since: Moment,
    pub warnings: Vec<String>,
}

impl Summary {
    pub(super) fn new(app: &App, health: &Health) -> Option<Self> {
        let (judged, found) = (health.judged.as_ref()?, health.assessment.as_ref()?);
        let (tone, bar) = tone_of(&health.statuses, &found.status);
        let known = health.statuses.iter().find(|one| one.name == found.status);
        Some(Self {
            score: found.score,
            tone,
            bar,
            response: known.map(|one| one.response.clone()).unwrap_or_default(),
            coverage: found.coverage_percent,
            by_score: (found.by_score != found.status).then(|| found.by_score.clone()),
            cap: found.cap.as_ref().map(held),
            model: model(app, &found.model, i64::from(found.version)),
            since: moment(judged.at, &app.time_zone),
            warnings: found.warnings.clone(),
            status: found.status.clone(),
        })
    }
}

/// A model as people know it: its name where it is in force, and the version.
pub(super) fn model(app: &App, id: &str, version: i64) -> String {
    let known = app.methodology.health.values().find(|one| one.id == id);
    format!("{} version {version}", known.map_or(id, |one| one.name.as_str()))
}

/// What holds the status down, in words.
pub(super) fn held(cap: &Cap) -> String {
    format!(
        "Held at {} by {}: {}.",
        cap.status,
        count(cap.signals.len(), "open critical signal"),
        cap.signals.join(", ")
    )
}

/// A component with what it contributes.
pub(super) struct Component {
    pub name: String,
    pub weight: u32,
    pub score: Option<i64>,
    pub bar: &'static str,
    pub points: String,
    pub inputs: Vec<Input>,
}

/// An input of a component.
pub(super) struct Input {
    pub name: String,
    pub words: String,
    pub score: Option<u32>,
    pub state: &'static str,
    pub counts: bool,
    pub points: String,
    /// How old it is, and what is missing; may be empty.
    pub note: String,
}

pub(super) fn components(health: &Health) -> Vec<Component> {
    let found = health.assessment.as_ref().map(|found| found.components.as_slice()).unwrap_or_default();
    found.iter().map(component).collect()
}

fn component(one: &ComponentScore) -> Component {
    let score = one.score.map(Points::rounded);
    Component {
        name: one.name.clone(),
        weight: one.weight,
        score,
        bar: match score {
            Some(70..) => "good",
            Some(50..70) => "fair",
            _ => "bad",
        },
        points: one.points.to_string(),
        inputs: one.inputs.iter().map(input).collect(),
    }
}

fn input(one: &InputScore) -> Input {
    let mut notes = Vec::new();
    if let Some(days) = one.age_days.filter(|days| *days > 0) {
        notes.push(if days == 1 { "1 day old".to_owned() } else { format!("{days} days old") });
    }
    if let gangway_domain::health::InputState::NoData { missing } = &one.state
        && !missing.is_empty()
    {
        let missing: Vec<String> = missing.iter().map(|name| meaning(name)).collect();
        notes.push(format!("not known: {}", missing.join("; ")));
    }
    Input {
        name: one.name.clone(),
        // Without data the words would have gaps; what is missing is said beside them.
        words: if one.score.is_some() { one.words.clone() } else { String::new() },
        score: one.score,
        state: one.state.label(),
        counts: one.state.counts(),
        points: one.points.to_string(),
        note: notes.join("; "),
    }
}

/// What a fact says, for people who do not know its name.
fn meaning(name: &str) -> String {
    let known = RUN_SCHEMA_FACTS.iter().find(|fact| fact.name == name);
    known.map_or_else(|| name.to_owned(), |fact| fact.meaning.replace('`', ""))
}

/// What moved the score.
pub(super) struct Moved {
    pub name: String,
    pub points: String,
    pub cause: &'static str,
    pub words: String,
}

pub(super) fn moves(moves: &[Move]) -> Vec<Moved> {
    let told = moves.iter().filter(|one| one.points != Points::ZERO).take(TOLD);
    told.map(|one| Moved {
        name: one.name.clone(),
        points: one.points.signed(),
        cause: one.cause.label(),
        words: one.words.clone(),
    })
    .collect()
}

/// A change of the history in words.
pub(super) struct HistoryLine {
    pub at: Moment,
    pub score: String,
    pub status: String,
    pub because: String,
}

pub(super) fn history(health: &Health, zone: &TimeZone) -> Vec<HistoryLine> {
    let line = |one: &Line| HistoryLine {
        at: moment(one.at, zone),
        score: one.score.map_or_else(|| "–".to_owned(), |score| score.to_string()),
        status: one.status.clone(),
        because: one.because.clone(),
    };
    health.history.iter().take(TOLD).map(line).collect()
}

/// What somebody said instead of the score.
pub(super) struct Said {
    pub status: String,
    pub reason: String,
    pub until: Day,
    pub by: String,
}

impl Said {
    pub(super) fn new(health: &Health, zone: &TimeZone) -> Option<Self> {
        let said = health.overridden()?;
        Some(Self {
            status: said.status.clone(),
            reason: said.reason.clone(),
            until: Day::from(said.until),
            by: signed(&said.by, said.at, zone),
        })
    }
}

/// What somebody saw.
pub(super) struct Seen {
    pub about: String,
    pub rating: i64,
    pub note: String,
    pub by: String,
}

pub(super) fn seen(health: &Health, zone: &TimeZone) -> Vec<Seen> {
    let about = |id: &str| {
        let known = gangway_app::health::OBSERVED.iter().find(|(known, _)| *known == id);
        known.map_or_else(|| id.to_owned(), |(_, about)| (*about).to_owned())
    };
    let line = |one: &gangway_app::health::Observation| Seen {
        about: about(&one.component),
        rating: one.rating,
        note: one.note.clone(),
        by: signed(&one.by, one.at, zone),
    };
    health.observations.iter().map(line).collect()
}

/// A signal in a list.
pub(crate) struct SignalLine {
    pub href: String,
    pub name: String,
    pub words: String,
    pub severity: &'static str,
    pub tone: &'static str,
    pub open: bool,
    pub state: &'static str,
    pub times: u32,
    pub since: Moment,
}

impl SignalLine {
    pub(crate) fn new(one: &Signal, zone: &TimeZone) -> Self {
        let (severity, tone) = severity(one.body.severity);
        Self {
            href: format!("/signals/{}", one.id),
            name: one.name.clone(),
            words: one.body.words.clone(),
            severity,
            tone,
            open: one.body.is_open(),
            state: match &one.body.state {
                State::Open => "Open",
                State::Acknowledged { .. } => "Taken up",
                State::Snoozed { .. } => "Put away",
                State::Resolved { .. } => "Resolved",
            },
            times: one.body.count,
            since: moment(one.body.raised_at.into(), zone),
        }
    }
}

/// Something that is done, or was.
pub(super) struct Done {
    pub action: String,
    pub name: String,
    pub reason: String,
    pub owner: String,
    pub due: Moment,
    pub tasks: String,
    pub version: i64,
    /// How it ended; none while it goes on.
    pub outcome: Option<String>,
}

impl Done {
    pub(super) fn new(one: &Intervention, top: &Top, zone: &TimeZone) -> Self {
        Self {
            action: top.to(&format!("/health/interventions/{}", one.id)),
            name: one.name.clone(),
            reason: one.reason.clone(),
            owner: one.owner.clone(),
            due: moment(one.due_at, zone),
            tasks: count(one.tasks.len(), "task"),
            version: one.version,
            outcome: one.ended.as_ref().map(|ended| {
                let score = match (one.score_before, ended.score) {
                    (Some(before), Some(after)) => format!(", score {before} → {after}"),
                    _ => String::new(),
                };
                format!("{}{score}. {}", crate::format::capital(&ended.outcome), ended.learned)
            }),
        }
    }
}
