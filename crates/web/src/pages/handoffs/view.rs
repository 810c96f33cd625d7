//! What the review of a handoff shows.

use std::collections::BTreeSet;

use askama::Template;
use gangway_app::identity::Session;
use gangway_app::intake::document::{Mark, Piece};
use gangway_app::intake::{ResponseClock, Reviewed};
use gangway_domain::fact::{Confidence, Level};
use gangway_domain::package::ItemState;
use gangway_domain::permission::Action;
use gangway_store::review::State;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::facts::{Facts, Open, about, anchor, groups};
use super::{door_words, format_words, state_words};
use crate::format::{Day, Moment, distance, moment, sentence};
use crate::pages::{Frame, Nav};

#[derive(Template)]
#[template(path = "pages/handoffs/review.html")]
pub(super) struct Page {
    pub(super) frame: Frame,
    id: String,
    base: String,
    customer: String,
    came: String,
    at: Moment,
    format: &'static str,
    known: bool,
    state: &'static str,
    state_class: &'static str,
    confirmed: Option<(String, Moment)>,
    onboarding: Option<String>,
    version: i64,
    editable: bool,
    may_confirm: bool,
    may_act: bool,
    score: u32,
    score_class: &'static str,
    facts: usize,
    unsure: usize,
    corrected: usize,
    clocks: Vec<ClockRow>,
    notices: Vec<(String, Option<String>)>,
    remarks: Vec<String>,
    obstacle: Option<String>,
    questions: Vec<QuestionRow>,
    groups: Vec<Facts>,
    unread: Vec<(String, Option<String>)>,
    gaps: Vec<(String, String)>,
    document: Vec<Shown>,
    said: Option<String>,
}

struct ClockRow {
    id: String,
    name: String,
    owner: String,
    rule: String,
    due: Option<Day>,
    when: String,
    done: Option<(String, Moment)>,
    overdue: bool,
}

struct QuestionRow {
    text: String,
    ask: String,
    why: String,
    assumed: Option<String>,
    answer: Option<String>,
}

/// A piece of the document.
enum Shown {
    Open { id: String, class: &'static str, title: String },
    Text(String),
    Close,
}

impl Page {
    /// `said` is what went wrong with the page as a whole.
    pub(super) fn new(
        session: &Session,
        reviewed: &Reviewed,
        open: &Open,
        known: bool,
        said: Option<String>,
        zone: &TimeZone,
    ) -> Self {
        let Reviewed { handoff, review, deal, quality, today, .. } = reviewed;
        let editable = review.state != State::Made && session.actor.may(Action::HandOver);
        let marked: BTreeSet<String> = reviewed
            .document
            .iter()
            .filter_map(|piece| match piece {
                Piece::Open(Mark::Fact(key)) => Some(key.clone()),
                _ => None,
            })
            .collect();
        let base = format!("/handoffs/{}", handoff.id);
        let (state, state_class) = state_words(review.state);
        let standing = deal.facts.iter().filter(|fact| !fact.removed);
        let by = if review.accepted_by.is_empty() { "somebody" } else { &review.accepted_by };
        Self {
            frame: Frame::of(session, Nav::Handoffs, format!("Handoff of {}", reviewed.customer))
                .live([handoff.account_id]),
            customer: reviewed.customer.clone(),
            came: format!("Handed over by {by} {}", door_words(&review.door)).trim_end().to_owned(),
            at: moment(handoff.accepted_at, zone),
            format: format_words(&handoff.format),
            known,
            state,
            state_class,
            confirmed: review.confirmed.as_ref().map(|(at, by)| (by.clone(), moment(*at, zone))),
            onboarding: review.onboarding.map(|id| format!("/onboardings/{id}")),
            version: review.version,
            editable,
            may_confirm: editable && review.state == State::Review,
            may_act: session.actor.may(Action::HandOver),
            score: quality.document_score,
            score_class: match quality.document_score {
                ..50 => "bad",
                50..70 => "fair",
                _ => "good",
            },
            facts: standing.clone().count(),
            unsure: standing.filter(|fact| fact.confidence < Confidence::High).count(),
            corrected: reviewed.corrections.iter().filter(|made| made.undone.is_none()).count(),
            clocks: reviewed.clocks.iter().map(|clock| ClockRow::new(clock, *today, zone)).collect(),
            notices: notices(reviewed, Level::Warning),
            remarks: notices(reviewed, Level::Info).into_iter().map(|(text, _)| text).collect(),
            obstacle: reviewed.obstacle.clone(),
            questions: reviewed
                .questions
                .iter()
                .map(|question| QuestionRow {
                    text: question.asked.text.clone(),
                    ask: question.asked.ask.clone(),
                    why: question.asked.why.clone(),
                    assumed: question.asked.assumed.clone(),
                    answer: question
                        .field
                        .filter(|_| editable)
                        .map(|field| format!("{base}?edit={field}#new")),
                })
                .collect(),
            groups: groups(reviewed, &marked, open, editable, zone),
            unread: unread(reviewed),
            gaps: quality
                .items
                .iter()
                .filter(|item| matches!(item.state, ItemState::Missing | ItemState::Partly))
                .map(|item| (item.text.clone(), item.because.clone()))
                .collect(),
            document: document(reviewed),
            said,
            base,
            id: handoff.id.to_string(),
        }
    }
}

impl ClockRow {
    fn new(clock: &ResponseClock, today: Date, zone: &TimeZone) -> Self {
        let ResponseClock { clock, done, overdue } = clock;
        Self {
            id: clock.id.clone(),
            name: clock.name.clone(),
            owner: clock.owner.clone(),
            rule: format!("{} h from {}", clock.hours, clock.from),
            due: clock.due.map(Day::from),
            when: match clock.due {
                Some(due) => distance(today, due),
                None => "open until the date of the signature is known".to_owned(),
            },
            done: done.as_ref().map(|done| (done.done_by.clone(), moment(done.done_at, zone))),
            overdue: *overdue,
        }
    }
}

/// Notices that belong to no fact on the page, with where they stand in the document.
fn notices(reviewed: &Reviewed, level: Level) -> Vec<(String, Option<String>)> {
    let all = reviewed.handoff.reading.notices.iter().enumerate();
    all.filter(|(_, notice)| notice.level == level)
        .filter(|(_, notice)| level == Level::Info || about(reviewed, notice).is_none())
        .map(|(index, notice)| {
            let place = notice.span.filter(|_| level == Level::Warning).map(|_| format!("#s-notice-{index}"));
            (sentence(&notice.message), place)
        })
        .collect()
}

fn unread(reviewed: &Reviewed) -> Vec<(String, Option<String>)> {
    let marked = |index: usize| reviewed.document.contains(&Piece::Open(Mark::Unread(index)));
    let all = reviewed.handoff.reading.unread.iter().enumerate();
    all.map(|(index, unread)| {
        let place = marked(index).then(|| format!("#s-unread-{index}"));
        (unread.text.clone(), place)
    })
    .collect()
}

fn document(reviewed: &Reviewed) -> Vec<Shown> {
    let label = |key: &str| {
        let field = key.split(['[', '+']).next().unwrap_or(key);
        gangway_app::intake::field::Field::named(field)
            .map_or_else(String::new, |field| field.label.to_owned())
    };
    let shown = |piece: &Piece| match piece {
        Piece::Text(text) => Shown::Text(text.clone()),
        Piece::Close => Shown::Close,
        Piece::Open(Mark::Fact(key)) => {
            Shown::Open { id: format!("s-{}", anchor(key)), class: "fact", title: label(key) }
        }
        Piece::Open(Mark::Unread(index)) => Shown::Open {
            id: format!("s-unread-{index}"),
            class: "unread",
            title: "Not understood".to_owned(),
        },
        Piece::Open(Mark::Notice(index)) => {
            Shown::Open { id: format!("s-notice-{index}"), class: "told", title: "Worth a look".to_owned() }
        }
    };
    reviewed.document.iter().map(shown).collect()
}
