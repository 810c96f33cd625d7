//! What follows from what is known of an onboarding: signals and the score, worked out without any database.

use std::collections::BTreeMap;

use gangway_domain::health::Assessment;
use gangway_domain::rule::{FactValue, Facts, Schema, Sheet, Truth};
use gangway_domain::signal::{self as domain, How, State};
use gangway_store::signal::Signal;
use jiff::{Timestamp, ToSpan};
use serde_json::Value as Json;

use super::engine::Compiled;
use super::kept;
use super::look::Seen;
use crate::App;

/// Days for which a signal stays away that a person has resolved though its condition still holds.
const QUIET_DAYS: i64 = 7;

/// What is to be written.
pub(super) struct Verdict {
    pub(super) raised: Vec<Raised>,
    /// Signals that are another, with what happened to them.
    pub(super) changed: Vec<(Signal, Option<domain::Event>)>,
    /// The assessment with what it rests on; none where no model is for such an onboarding.
    pub(super) assessed: Option<(Assessment, Json)>,
}

/// A signal that is new.
pub(super) struct Raised {
    pub(super) body: domain::Signal,
    pub(super) name: String,
    pub(super) category: String,
}

/// What is another of an onboarding.
pub(super) fn weigh(app: &App, engine: &Compiled, seen: &Seen) -> Verdict {
    let schema = Schema::run();
    let now = app.clock.now();
    let by_hand = kept::said(seen.said.as_ref(), seen.today);
    let facts = with_score(app, engine, seen);
    let sheet = Sheet::new(schema, &facts);
    let (raised, changed) = watch(app, engine, seen, &sheet, now);
    let open = still_open(seen, &raised, &changed);
    let model = engine.models.select(&sheet);
    let assessed = model.map(|model| {
        let assessment = model.score(&sheet, &open, by_hand.as_ref(), seen.today);
        let rests_on = kept::write(&facts, &open, by_hand.as_ref());
        (assessment, rests_on)
    });
    Verdict { raised, changed, assessed }
}

/// The facts with what follows of the score itself: how it stands, and how it moved within a week.
fn with_score(app: &App, engine: &Compiled, seen: &Seen) -> Facts {
    let schema = Schema::run();
    let sheet = Sheet::new(schema, &seen.facts);
    let by_hand = kept::said(seen.said.as_ref(), seen.today);
    let open = kept::open(&seen.signals);
    let score = engine.models.select(&sheet).map(|model| {
        let found = model.score(&sheet, &open, by_hand.as_ref(), app.today());
        (found.score, found.status)
    });
    let mut of_health = BTreeMap::new();
    if let Some((score, status)) = score {
        of_health.insert("status", FactValue::Text(status));
        if let Some(score) = score.map(i64::from) {
            of_health.insert("score", FactValue::Int(score));
            if let Some(before) = seen.week_ago {
                of_health.insert("change_7", FactValue::Int(score - before));
                if before > 0 {
                    of_health.insert("change_7_percent", FactValue::Int((score - before) * 100 / before));
                }
            }
        }
    }
    let mut facts = seen.facts.clone();
    facts.0.insert("health", FactValue::Group(of_health));
    facts
}

/// Signals that are new, and those that are another.
fn watch(
    app: &App,
    engine: &Compiled,
    seen: &Seen,
    sheet: &Sheet<'_>,
    now: Timestamp,
) -> (Vec<Raised>, Vec<(Signal, Option<domain::Event>)>) {
    let (mut raised, mut changed) = (Vec::new(), Vec::new());
    for judged in engine.watch.judge(sheet) {
        let Some(kind) = app.methodology.signals.get(judged.kind) else { continue };
        let open = seen.signals.iter().find(|one| one.body.kind == judged.kind && one.body.is_open());
        match open {
            None if judged.truth.is_yes() && !is_quiet(seen, judged.kind, now) => raised.push(Raised {
                body: domain::Signal::raise(judged.kind, kind.severity, &judged.words, now),
                name: kind.name.clone(),
                category: kind.category.clone(),
            }),
            // What a person saw, a person ends; that the computer does not see it says nothing.
            Some(one) if one.computed || judged.truth.is_yes() => {
                changed.extend(heard(one, &judged.truth, &judged.words, kind.resolve_after_hours, now));
            }
            None | Some(_) => {}
        }
    }
    (raised, changed)
}

/// A signal after one look of the computer; none where nothing worth keeping is another.
fn heard(
    one: &Signal,
    truth: &Truth,
    words: &str,
    resolve_after_hours: u32,
    now: Timestamp,
) -> Option<(Signal, Option<domain::Event>)> {
    let (body, event) = one.body.clone().hear(truth, words, resolve_after_hours, now);
    let is_other =
        event.is_some() || body.false_since != one.body.false_since || body.words != one.body.words;
    is_other.then(|| (Signal { body, ..one.clone() }, event))
}

/// Whether a person resolved a signal of this kind lately: it is not raised again at once.
fn is_quiet(seen: &Seen, kind: &str, now: Timestamp) -> bool {
    seen.signals.iter().filter(|one| one.body.kind == kind).any(|one| match &one.body.state {
        State::Resolved { at, how: How::ByPerson { .. } | How::Merged { .. }, .. } => {
            at.saturating_add((QUIET_DAYS * 24).hours()).unwrap_or(Timestamp::MAX) > now
        }
        _ => false,
    })
}

/// The signals that are open once the verdict is written.
fn still_open(
    seen: &Seen,
    raised: &[Raised],
    changed: &[(Signal, Option<domain::Event>)],
) -> Vec<gangway_domain::health::OpenSignal> {
    let after = |one: &Signal| -> Signal {
        let other = changed.iter().find(|(other, _)| other.id == one.id);
        other.map_or_else(|| one.clone(), |(other, _)| other.clone())
    };
    let known: Vec<Signal> = seen.signals.iter().map(after).collect();
    let mut open = kept::open(&known);
    open.extend(raised.iter().map(|one| gangway_domain::health::OpenSignal {
        kind: one.body.kind.clone(),
        severity: one.body.severity,
    }));
    // Always in one order, so that the same is kept as the same.
    open.sort_by(|one, other| one.kind.cmp(&other.kind));
    open
}
