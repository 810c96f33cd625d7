//! What sales knew, promised and worried about, how complete it is, and what runs against the clock.

use askama::Template;
use axum::http::StatusCode;
use gangway_app::identity::Session;
use gangway_app::intake;
use gangway_app::onboarding::{self, Sight};
use gangway_app::outcome::{self, PromiseLine};
use gangway_domain::deal::{RedFlag, Unread};
use gangway_domain::fact::{Confidence, Fact};
use gangway_domain::package::{
    Clock, ItemState, OpenQuestion, PromiseEntry, Quality, Segmentation, SpicedPart,
};
use gangway_store::review::Stopped;
use jiff::civil::Date;
use serde::Deserialize;

use super::impact::scorecard::promise_state;
use super::overview::severity;
use super::read_id;
use super::top::Top;
use crate::extract::{Answer, Here};
use crate::format::{Day, capital, distance};
use crate::pages::{Frame, render};

/// The sections of the package this page shows.
#[derive(Deserialize)]
struct Shown {
    handoff: Handoff,
    reading: Reading,
    segmentation: Segmentation,
    risks: Vec<gangway_domain::package::Risk>,
    questions: Vec<OpenQuestion>,
}

#[derive(Deserialize)]
struct Handoff {
    quality: Quality,
    clocks: Vec<Clock>,
    spiced: Vec<SpicedPart>,
}

#[derive(Deserialize)]
struct Reading {
    deal: Deal,
    unread: Vec<Unread>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Deal {
    non_scope: Vec<Fact<String>>,
    red_flags: Vec<Fact<RedFlag>>,
}

#[derive(Template)]
#[template(path = "pages/onboarding/handoff/handoff.html")]
struct Page {
    frame: Frame,
    top: Top,
    score: u32,
    document_score: u32,
    ready: bool,
    tone: &'static str,
    groups: Vec<Group>,
    clocks: Vec<ClockLine>,
    spiced: Vec<Letter>,
    promises: Vec<Promise>,
    non_scope: Vec<Line>,
    flags: Vec<Flag>,
    risks: Vec<Risk>,
    questions: Vec<Question>,
    unread: Vec<String>,
    segment: String,
    touch: String,
    reasons: Vec<Reason>,
    overridden: Option<String>,
    programme: String,
    /// Where the handoff is read and its clocks are stopped.
    review: String,
}

/// A group of the checklist.
struct Group {
    title: String,
    items: Vec<Item>,
}

struct Item {
    text: String,
    because: String,
    state: &'static str,
    tone: &'static str,
}

struct ClockLine {
    name: String,
    owner: String,
    rule: String,
    due: Option<Day>,
    when: String,
    overdue: bool,
    /// Who has done it.
    done: Option<String>,
}

struct Letter {
    letter: String,
    name: String,
    question: String,
    known: Vec<Line>,
}

struct Line {
    text: String,
    place: String,
    unsure: bool,
}

struct Promise {
    id: String,
    text: String,
    by: Option<Day>,
    /// How that day was found, where a period was promised.
    because: Option<String>,
    kept_at: String,
    /// Where it stands as plan and outcomes stand, and the tone of that.
    state: &'static str,
    tone: &'static str,
    place: String,
}

struct Flag {
    text: String,
    approach: Option<String>,
    severity: &'static str,
    place: String,
}

struct Risk {
    text: String,
    severity: &'static str,
    tone: &'static str,
    mitigation: String,
    owner: String,
    origin: String,
}

struct Question {
    text: String,
    ask: String,
    by: Day,
    past: bool,
    why: String,
    assumed: Option<String>,
}

struct Reason {
    facet: String,
    /// Nothing where it pulls to neither side.
    pull: Option<String>,
    text: String,
}

/// The handoff of one onboarding.
pub(crate) async fn show(Here(web, session, id): Here<String>) -> Answer {
    let sight = onboarding::sight::<Shown>(&web.app, &session.actor, read_id(id)?).await?;
    let stopped = intake::stopped(&web.app, &session.actor, sight.head.handoff_id).await?;
    let promises = outcome::promise_ledger(&web.app, &session.actor, sight.head.id).await?;
    let promises = promises.into_iter().map(Promise::new).collect();
    Ok(render(StatusCode::OK, &Page::new(&session, sight, &stopped, promises)))
}

impl Page {
    fn new(session: &Session, sight: Sight<Shown>, stopped: &[Stopped], promises: Vec<Promise>) -> Self {
        let Sight { head, sections, today } = sight;
        let Shown { handoff, reading, segmentation, risks, questions } = sections;
        let top = Top::new(session, &head, "/handoff");
        let quality = handoff.quality;
        Self {
            frame: top.frame(session, "Handoff"),
            top,
            score: quality.score,
            document_score: quality.document_score,
            ready: quality.ready,
            tone: match (quality.ready, quality.document_score) {
                (true, _) => "good",
                (false, 50..) => "fair",
                _ => "bad",
            },
            groups: groups(quality),
            clocks: handoff.clocks.into_iter().map(|clock| ClockLine::new(clock, stopped, today)).collect(),
            spiced: handoff.spiced.into_iter().map(Letter::new).collect(),
            promises,
            non_scope: reading.deal.non_scope.iter().map(Line::of).collect(),
            flags: reading.deal.red_flags.into_iter().map(Flag::new).collect(),
            risks: risks.into_iter().map(Risk::new).collect(),
            questions: questions.into_iter().map(|question| Question::new(question, today)).collect(),
            unread: reading.unread.into_iter().map(|unread| unread.text).collect(),
            reasons: segmentation
                .reasons
                .into_iter()
                .map(|reason| Reason {
                    facet: capital(&reason.facet.replace('-', " ")),
                    pull: (reason.pull != 0).then(|| format!("{:+}", reason.pull)),
                    text: reason.text,
                })
                .collect(),
            overridden: segmentation.overridden.map(|choice| {
                format!("{} was recommended; a person chose otherwise: {}", choice.recommended, choice.reason)
            }),
            programme: format!("{}, version {}", segmentation.programme_name, segmentation.programme_version),
            segment: segmentation.segment_name,
            touch: segmentation.touch_words,
            review: format!("/handoffs/{}", head.handoff_id),
        }
    }
}

/// The checklist by its groups, in their order.
fn groups(quality: Quality) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for item in quality.items {
        let (state, tone) = match item.state {
            ItemState::Met => ("Met", "go"),
            ItemState::Partly => ("Partly", "soon"),
            ItemState::Missing => ("Missing", "late"),
            ItemState::Open => ("Open", "off"),
        };
        let line = Item { text: item.text, because: item.because, state, tone };
        match groups.iter_mut().find(|group| group.title == item.group) {
            Some(group) => group.items.push(line),
            None => groups.push(Group { title: item.group, items: vec![line] }),
        }
    }
    groups
}

impl ClockLine {
    fn new(clock: Clock, stopped: &[Stopped], today: Date) -> Self {
        let done = stopped.iter().find(|stopped| stopped.clock == clock.id);
        Self {
            done: done.map(|stopped| format!("by {}", stopped.done_by)),
            rule: format!("within {} hours of {}", clock.hours, clock.from),
            when: clock.due.map_or_else(|| "not running yet".to_owned(), |due| distance(today, due)),
            overdue: done.is_none() && clock.due.is_some_and(|due| due < today),
            due: clock.due.map(Day::from),
            name: clock.name,
            owner: clock.owner,
        }
    }
}

impl Letter {
    fn new(part: SpicedPart) -> Self {
        let known = part.known.into_iter().map(|known| Line {
            text: known.text,
            place: known.place,
            unsure: known.confidence == Confidence::Low,
        });
        Self {
            letter: part.name.chars().take(1).collect(),
            name: part.name,
            question: part.question,
            known: known.collect(),
        }
    }
}

impl Line {
    fn of(fact: &Fact<String>) -> Self {
        Self {
            text: fact.value.clone(),
            place: gangway_domain::handoff::place(fact),
            unsure: fact.confidence == Confidence::Low,
        }
    }
}

impl Promise {
    fn new(line: PromiseLine) -> Self {
        let PromiseEntry { id, text, by, by_because: because, kept_at, place, .. } = line.entry;
        let (state, tone) = promise_state(line.state);
        Self { id, text, by: by.map(Day::from), because, kept_at, state, tone, place }
    }
}

impl Flag {
    fn new(fact: Fact<RedFlag>) -> Self {
        let place = gangway_domain::handoff::place(&fact);
        let RedFlag { text, severity: grave, mitigation } = fact.value;
        let (severity, _) = grave.map_or(("", ""), severity);
        Self { text, approach: mitigation, severity, place }
    }
}

impl Risk {
    fn new(risk: gangway_domain::package::Risk) -> Self {
        let (severity, tone) = severity(risk.severity);
        Self {
            text: risk.text,
            severity,
            tone,
            mitigation: risk.mitigation,
            owner: risk.owner,
            origin: risk.origin,
        }
    }
}

impl Question {
    fn new(question: OpenQuestion, today: Date) -> Self {
        let OpenQuestion { text, ask, by, why, assumed, .. } = question;
        Self { text, ask, past: by < today, by: by.into(), why, assumed }
    }
}
