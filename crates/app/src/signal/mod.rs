//! Warning signals: those the facts raise by themselves and those people log, ranked in one inbox, taken up, put away,
//! resolved and merged.

mod review;

use gangway_domain::deal::Severity;
use gangway_domain::ids::{OnboardingId, PersonId, SignalEventId, SignalId, WorkspaceId};
use gangway_domain::methodology::SignalKind;
use gangway_domain::permission::Action;
use gangway_domain::signal::{self as domain, Clocks, Rank, Weight, rank};
use gangway_store::numbered::{self, Numbered};
use gangway_store::onboarding::head::Head;
use gangway_store::signal::{self as rows, event};
use gangway_store::{Tx, intervention};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::boxed;
use crate::error::{AppError, Problem};
use crate::health::{record, refresh, still_judged};
use crate::identity::none_of;
use crate::register::{checked_prose, needed_prose, onboarding};
use crate::{Actor, App, page, version};

pub use gangway_store::intervention::Intervention;
pub use gangway_store::signal::event::Event;
pub use gangway_store::signal::{Query, Signal, Waiting};
pub use review::{Question, ReviewSheet, Reviewed, Said, keep_review, review};

/// Open signals of a workspace that are ranked; whoever has more of them reads the gravest of the newest.
const RANKED: u32 = 2_000;

/// Things that happened to a signal which a page shows.
const EVENTS: u32 = 60;

/// Which open signals somebody wants to see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Those of onboardings that whoever asks runs.
    pub mine: bool,
    /// Those of this gravity.
    pub severity: Option<Severity>,
    /// Those of this category.
    pub category: Option<String>,
    /// Those that are put away too.
    pub snoozed: bool,
}

/// An open signal with its place in the inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    /// The signal, and what is at stake.
    pub waiting: Waiting,
    /// Its place, with the arithmetic.
    pub rank: Rank,
    /// Until when somebody must have answered.
    pub clocks: Clocks,
    /// How much it weighs by how often it was seen.
    pub weight: Weight,
    /// It is put away.
    pub is_snoozed: bool,
}

/// The signals that wait, what comes first first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbox {
    /// Those that pass the filter.
    pub lines: Vec<Ranked>,
    /// How many are open, whatever the filter says, by gravity: critical first.
    pub counts: [(Severity, usize); 4],
    /// How many are put away.
    pub snoozed: usize,
    /// Categories there are, for filters.
    pub categories: Vec<String>,
    /// When it was looked at.
    pub now: Timestamp,
}

/// The open signals of the workspace, ranked by gravity, value at stake and time left.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn inbox(app: &App, actor: &Actor, filter: &Filter) -> Result<Inbox, AppError> {
    actor.require(Action::Look)?;
    let owner = if filter.mine { actor.person } else { None };
    let mut tx = app.db.read().await?;
    let open = rows::open(&mut tx, actor.workspace, owner, RANKED).await?;
    drop(tx);
    let now = app.clock.now();
    let all: Vec<Ranked> = open.into_iter().map(|waiting| ranked(app, waiting, now)).collect();
    let of = |severity: Severity| {
        all.iter().filter(|one| !one.is_snoozed && one.waiting.signal.body.severity == severity).count()
    };
    let counts =
        [Severity::Critical, Severity::High, Severity::Medium, Severity::Low].map(|one| (one, of(one)));
    let snoozed = all.iter().filter(|one| one.is_snoozed).count();
    let mut categories: Vec<String> =
        app.methodology.signals.values().map(|kind| kind.category.clone()).collect();
    categories.sort();
    categories.dedup();
    let mut lines = all;
    lines.retain(|one| {
        let signal = &one.waiting.signal;
        (filter.snoozed || !one.is_snoozed)
            && filter.severity.is_none_or(|severity| signal.body.severity == severity)
            && filter.category.as_ref().is_none_or(|category| signal.category == *category)
    });
    lines.sort_by_key(|one| (std::cmp::Reverse(one.rank.total), one.waiting.signal.body.raised_at));
    Ok(Inbox { lines, counts, snoozed, categories, now })
}

fn ranked(app: &App, waiting: Waiting, now: Timestamp) -> Ranked {
    let body = &waiting.signal.body;
    let clocks = body.clocks(&app.time_zone);
    // With a plan nothing runs out any more.
    let due = clocks.next().unwrap_or(Timestamp::MAX);
    let value = waiting.value.map_or(0, |value| value.whole());
    Ranked {
        rank: rank(body.severity, value, due, now),
        weight: body.weight(),
        is_snoozed: body.is_snoozed(now),
        clocks,
        waiting,
    }
}

/// What the daily mail says to somebody: how many signals wait for an answer in their onboardings, and the one that
/// comes first.
pub(crate) async fn for_person(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
) -> Result<Option<(usize, Ranked)>, AppError> {
    let now = app.clock.now();
    let open = rows::open(tx, workspace, Some(person), RANKED).await?;
    let waiting = open.into_iter().map(|waiting| ranked(app, waiting, now));
    let waiting: Vec<Ranked> = waiting.filter(|one| !one.is_snoozed && one.clocks.next().is_some()).collect();
    let count = waiting.len();
    Ok(waiting.into_iter().max_by_key(|one| one.rank.total).map(|first| (count, first)))
}

/// Signals of the actor's workspace, the newest first, and whether more follow.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn list(app: &App, actor: &Actor, query: Query) -> Result<(Vec<Signal>, bool), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    page::read(query.limit, async |limit| {
        rows::page(&mut tx, actor.workspace, &Query { limit, ..query }).await
    })
    .await
}

/// The signals of an onboarding: the newest first, at most so many.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn of_onboarding(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    limit: u32,
) -> Result<Vec<Signal>, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    onboarding(&mut tx, actor, id).await?;
    Ok(rows::of_onboarding(&mut tx, actor.workspace, id, limit).await?)
}

/// A signal with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The onboarding.
    pub head: Head,
    /// The signal.
    pub signal: Signal,
    /// What the methodology says of its kind; none when the kind is no more.
    pub kind: Option<SignalKind>,
    /// Until when somebody must have answered.
    pub clocks: Clocks,
    /// What happened to it, the newest first.
    pub events: Vec<Event>,
    /// Other open signals of the onboarding, into which it can be merged.
    pub others: Vec<Signal>,
    /// What is done about the onboarding, the newest first.
    pub interventions: Vec<Intervention>,
    /// When it was looked at.
    pub now: Timestamp,
}

/// One signal.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn get(app: &App, actor: &Actor, id: SignalId) -> Result<Opened, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let signal = find(&mut tx, actor, id).await?;
    let head = onboarding(&mut tx, actor, signal.onboarding).await?;
    let events = event::of_signal(&mut tx, actor.workspace, id, EVENTS).await?;
    let mut others = rows::open_of(&mut tx, actor.workspace, signal.onboarding).await?;
    others.retain(|one| one.id != id);
    let query =
        intervention::Query { onboarding: Some(head.id), limit: 20, ..intervention::Query::default() };
    let interventions = intervention::page(&mut tx, actor.workspace, &query).await?;
    Ok(Opened {
        clocks: signal.body.clocks(&app.time_zone),
        kind: app.methodology.signals.get(&signal.body.kind).cloned(),
        now: app.clock.now(),
        head,
        signal,
        events,
        others,
        interventions,
    })
}

/// The kinds of signals there are, in order of category and gravity: those people log first.
///
/// # Errors
/// [`AppError::Forbidden`].
pub fn kinds<'a>(app: &'a App, actor: &Actor) -> Result<Vec<&'a SignalKind>, AppError> {
    actor.require(Action::Look)?;
    let mut kinds: Vec<&SignalKind> = app.methodology.signals.values().collect();
    kinds.sort_by_key(|kind| {
        (kind.detection != "observed", kind.category.as_str(), std::cmp::Reverse(kind.severity))
    });
    Ok(kinds)
}

/// Somebody saw a signal: it is raised, or its count rises where one of its kind is open.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Refusal`] when the onboarding was
/// closed, [`AppError::Overtaken`] when somebody else raised it in the same moment; or when the database fails.
#[boxed]
pub async fn log(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    kind: &str,
    words: &str,
) -> Result<Signal, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut problems = Vec::new();
    let known = app.methodology.signals.get(kind);
    if known.is_none() {
        problems.push(Problem::new("kind", "is none there is"));
    }
    let words = checked_prose("words", words, &mut problems);
    none_of(problems)?;
    let Some(known) = known else { return Err(AppError::missing("kind of signal", kind)) };
    let words = if words.is_empty() { known.trigger.clone() } else { words };
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    still_judged(&head)?;
    let open = rows::open_of(&mut tx, actor.workspace, id).await?;
    let kept = match open.into_iter().find(|one| one.body.kind == kind) {
        Some(open) => again(app, &mut tx, actor, &head, open, &words).await?,
        None => raised(app, &mut tx, actor, &head, known, &words).await?,
    };
    tx.commit().await?;
    refresh(app, actor.workspace, &[id]).await?;
    // Judging it has looked at the signal too.
    let mut tx = app.db.read().await?;
    find(&mut tx, actor, kept.id).await
}

async fn raised(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    kind: &SignalKind,
    words: &str,
) -> Result<Signal, AppError> {
    let signal = Signal {
        id: SignalId::fresh(&*app.ids),
        onboarding: head.id,
        number: numbered::next(tx, actor.workspace, head.id, Numbered::Signal).await?,
        name: kind.name.clone(),
        category: kind.category.clone(),
        body: domain::Signal::raise(&kind.id, kind.severity, words, app.clock.now()),
        computed: false,
        raised_by: actor.name.clone(),
        version: 1,
    };
    rows::insert(tx, actor.workspace, &signal).await.map_err(AppError::overtaken)?;
    note(app, tx, actor, signal.id, "raised", words).await?;
    let summary = format!("{}: {words}", signal.name);
    record(app, tx, actor, head, "signal.raised", summary).await?;
    Ok(signal)
}

async fn again(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    open: Signal,
    words: &str,
) -> Result<Signal, AppError> {
    let body = open.body.clone().log_again(words, app.clock.now()).map_err(AppError::refused)?;
    let kept = keep(tx, actor, Signal { body, ..open }).await?;
    note(app, tx, actor, kept.id, "seen", words).await?;
    let summary = format!("{}, for the {} time: {words}", kept.name, ordinal(kept.body.count));
    record(app, tx, actor, head, "signal.changed", summary).await?;
    Ok(kept)
}

/// `2nd`, `3rd`, `11th`.
fn ordinal(number: u32) -> String {
    let end = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{end}")
}

/// A step of a signal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Somebody takes it up.
    Acknowledge,
    /// There is a plan.
    Plan,
    /// It is put away until a day.
    Snooze {
        /// Until then.
        until: Date,
        /// Why.
        reason: String,
    },
    /// It is over.
    Resolve {
        /// Why.
        reason: String,
    },
    /// It is the same as another one of the onboarding.
    Merge {
        /// The other.
        into: SignalId,
    },
}

/// Takes a step; with a version, when the signal is still what it was when it was looked at.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Refusal`] when its state does
/// not allow it, [`AppError::Stale`] when its version is another; or when the database fails.
#[boxed]
pub async fn take(
    app: &App,
    actor: &Actor,
    id: SignalId,
    seen: Option<i64>,
    step: Step,
) -> Result<Signal, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let known = find(&mut tx, actor, id).await?;
    if let Some(seen) = seen {
        version::fresh("signal", known.version, seen)?;
    }
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    let kept = match step {
        Step::Merge { into } => merged(app, &mut tx, actor, &head, known, into).await?,
        step => stepped(app, &mut tx, actor, &head, known, step).await?,
    };
    tx.commit().await?;
    if !kept.body.is_open() {
        // What it held down may rise.
        refresh(app, actor.workspace, &[kept.onboarding]).await?;
    }
    Ok(kept)
}

async fn stepped(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    known: Signal,
    step: Step,
) -> Result<Signal, AppError> {
    let (now, by, body) = (app.clock.now(), actor.name.as_str(), known.body.clone());
    let mut problems = Vec::new();
    let (body, kind, told, text) = match step {
        Step::Acknowledge => (body.acknowledge(by, now), "acknowledged", "signal.changed", String::new()),
        Step::Plan => (body.plan(by, now), "planned", "signal.changed", String::new()),
        Step::Snooze { until, reason } => {
            let reason = needed_prose("reason", &reason, &mut problems);
            let from = until.to_zoned(app.time_zone.clone()).map_or(now, |from| from.timestamp());
            if from <= now {
                problems.push(Problem::new("until", "must be a day after today"));
            }
            none_of(problems)?;
            let text = format!("until {}: {reason}", until.strftime("%-d %b %Y"));
            (body.snooze(by, now, from, &reason), "snoozed", "signal.changed", text)
        }
        Step::Resolve { reason } => {
            let reason = needed_prose("reason", &reason, &mut problems);
            none_of(problems)?;
            (body.resolve(by, &reason, now), "resolved", "signal.resolved", reason)
        }
        Step::Merge { .. } => return Err(AppError::Refusal("a signal is merged into another".to_owned())),
    };
    let body = body.map_err(AppError::refused)?;
    let kept = keep(tx, actor, Signal { body, ..known }).await?;
    note(app, tx, actor, kept.id, kind, &text).await?;
    let colon = if text.is_empty() { "" } else { ": " };
    record(app, tx, actor, head, told, format!("{} {kind}{colon}{text}", kept.name)).await?;
    Ok(kept)
}

async fn merged(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    known: Signal,
    into: SignalId,
) -> Result<Signal, AppError> {
    let other = find(tx, actor, into).await?;
    if other.id == known.id || other.onboarding != known.onboarding {
        return Err(AppError::Invalid(vec![Problem::new(
            "into",
            "must be another signal of the same onboarding",
        )]));
    }
    let now = app.clock.now();
    let absorbed = other.body.clone().absorb(&known.body).map_err(AppError::refused)?;
    let body = known.body.clone().merge(&other.id.to_string(), now).map_err(AppError::refused)?;
    let other = keep(tx, actor, Signal { body: absorbed, ..other }).await?;
    let kept = keep(tx, actor, Signal { body, ..known }).await?;
    note(app, tx, actor, other.id, "merged", &format!("{} became part of it", kept.name)).await?;
    note(app, tx, actor, kept.id, "merged", &format!("is part of {} now", other.name)).await?;
    let summary = format!("{} became part of {}", kept.name, other.name);
    record(app, tx, actor, head, "signal.changed", summary).await?;
    Ok(kept)
}

/// Writes down what happened to a signal.
pub(crate) async fn note(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    signal: SignalId,
    kind: &str,
    text: &str,
) -> Result<(), AppError> {
    let event = Event {
        id: SignalEventId::fresh(&*app.ids),
        at: app.now(),
        kind: kind.to_owned(),
        by: actor.name.clone(),
        text: text.to_owned(),
    };
    Ok(event::insert(tx, actor.workspace, signal, &event).await?)
}

pub(crate) async fn find(tx: &mut Tx, actor: &Actor, id: SignalId) -> Result<Signal, AppError> {
    rows::get(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("signal", id))
}

/// Keeps a signal that is still the version it says it was.
pub(crate) async fn keep(tx: &mut Tx, actor: &Actor, signal: Signal) -> Result<Signal, AppError> {
    let done = rows::change(tx, actor.workspace, &signal).await?;
    let version = version::after("signal", signal.version, done)?;
    Ok(Signal { version, ..signal })
}

#[cfg(test)]
mod tests {
    use super::ordinal;

    #[test]
    fn counts_are_said_as_people_say_them() {
        assert_eq!([2, 3, 4, 11, 21, 112].map(ordinal), ["2nd", "3rd", "4th", "11th", "21st", "112th"]);
    }
}
