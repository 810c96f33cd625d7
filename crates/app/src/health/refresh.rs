//! Judging onboardings anew: facts are read, weighed without any database, and written where something is another.

use std::collections::{BTreeMap, BTreeSet};

use gangway_domain::health::{Assessment, INSUFFICIENT, explain};
use gangway_domain::ids::{AccountId, OnboardingId, SignalId, WorkspaceId};
use gangway_domain::rule::{FactValue, Facts, Schema, Sheet, Truth};
use gangway_domain::signal::{self as domain, How, State};
use gangway_store::health::known::{self, Ground};
use gangway_store::health::overridden::{self, Override};
use gangway_store::health::{self as rows, Judged};
use gangway_store::signal::{self as signals, Signal};
use gangway_store::{StoreError, Tx};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde_json::Value as Json;

use super::engine::{Compiled, compiled};
use super::{facts, kept};
use crate::activity::{self, About};
use crate::error::AppError;
use crate::signal::note;
use crate::{Actor, App, Door};

/// How often a judgement is tried that somebody else was faster with.
const TRIES: usize = 3;

/// Signals of an onboarding that are looked at: all that are open, and those that ended last.
const LOOKED_AT: u32 = 200;

/// Days for which a signal stays away that a person has resolved though its condition still holds.
const QUIET_DAYS: i64 = 7;

/// Reasons told with a change.
const REASONS: usize = 3;

/// How much of the facts is read anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// All of them.
    Everything,
    /// What events and other systems tell; the rest is as it was read last on the same day.
    Account,
}

/// Judges onboardings by everything that is known of them now.
///
/// # Errors
/// When the database fails.
pub(crate) async fn refresh(
    app: &App,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<(), AppError> {
    for id in onboardings {
        Box::pin(one(app, workspace, *id, Reach::Everything)).await?;
    }
    Ok(())
}

/// Judges the onboardings of customers of whom events or other systems told something.
///
/// # Errors
/// When the database fails.
pub async fn refresh_accounts(
    app: &App,
    workspace: WorkspaceId,
    accounts: &BTreeSet<AccountId>,
) -> Result<(), AppError> {
    for account in accounts {
        let mut tx = app.db.read().await?;
        let onboardings = rows::of_account(&mut tx, workspace, *account).await?;
        drop(tx);
        for id in onboardings {
            Box::pin(one(app, workspace, id, Reach::Account)).await?;
        }
    }
    Ok(())
}

async fn one(app: &App, workspace: WorkspaceId, id: OnboardingId, reach: Reach) -> Result<(), AppError> {
    for _ in 0..TRIES {
        match attempt(app, workspace, id, reach).await {
            // Somebody else judged it in the same moment: by facts that may be older.
            Err(AppError::Overtaken | AppError::Store(StoreError::Conflict(_))) => {}
            other => return other,
        }
    }
    // Whoever keeps being faster knows the same.
    Ok(())
}

async fn attempt(app: &App, workspace: WorkspaceId, id: OnboardingId, reach: Reach) -> Result<(), AppError> {
    let engine = compiled(app)?;
    let mut tx = app.db.read().await?;
    let seen = look(app, &mut tx, workspace, id, reach).await?;
    drop(tx);
    let Some(seen) = seen else { return Ok(()) };
    let verdict = weigh(app, &engine, &seen);
    write(app, workspace, &seen, verdict).await
}

/// What is known before an onboarding is judged.
struct Seen {
    id: OnboardingId,
    ground: Ground,
    facts: Facts,
    /// What was found last.
    before: Option<Judged>,
    /// Signals, the newest first.
    signals: Vec<Signal>,
    said: Option<Override>,
    /// The score of a week ago.
    week_ago: Option<i64>,
    today: Date,
}

async fn look(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
    reach: Reach,
) -> Result<Option<Seen>, AppError> {
    let Some(ground) = known::ground(tx, workspace, id).await?.filter(|ground| ground.state != "closed")
    else {
        return Ok(None);
    };
    let today = app.today();
    let before = rows::get(tx, workspace, id).await?;
    let of_today = before.as_ref().filter(|before| before.on == today && reach == Reach::Account);
    let facts = match of_today {
        Some(before) => {
            let known = kept::facts_of(&before.facts);
            facts::renewed(app, tx, workspace, id, &ground, known, today).await?
        }
        None => facts::gathered(app, tx, workspace, id, &ground, today).await?,
    };
    Ok(Some(Seen {
        facts,
        signals: signals::of_onboarding(tx, workspace, id, LOOKED_AT).await?,
        said: overridden::current(tx, workspace, id, today).await?,
        week_ago: rows::score_on(tx, workspace, id, today.saturating_sub(7.days())).await?,
        id,
        ground,
        before,
        today,
    }))
}

/// What is to be written.
struct Verdict {
    raised: Vec<Raised>,
    /// Signals that are another, with what happened to them.
    changed: Vec<(Signal, Option<domain::Event>)>,
    /// The assessment with what it rests on; none where no model is for such an onboarding.
    assessed: Option<(Assessment, Json)>,
}

/// A signal that is new.
struct Raised {
    body: domain::Signal,
    name: String,
    category: String,
}

fn weigh(app: &App, engine: &Compiled, seen: &Seen) -> Verdict {
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

/// Writes what is another, in one transaction.
async fn write(app: &App, workspace: WorkspaceId, seen: &Seen, verdict: Verdict) -> Result<(), AppError> {
    let Verdict { raised, changed, assessed } = verdict;
    let health = match assessed {
        Some((assessment, rests_on)) => news(app, seen, &assessment, rests_on)?,
        None => News::Nothing,
    };
    if raised.is_empty() && changed.is_empty() && matches!(health, News::Nothing) {
        return Ok(());
    }
    let actor = Actor::system("Gangway", workspace, Door::Job);
    let mut tx = app.db.write().await?;
    write_signals(app, &mut tx, &actor, seen, raised, changed).await?;
    match health {
        News::Nothing => {}
        News::Facts { facts, assessment } => {
            rows::unchanged(&mut tx, workspace, seen.id, &facts, &assessment, seen.today).await?;
        }
        News::Change { judged, summary } => {
            rows::keep(&mut tx, workspace, &judged).await?;
            activity::record(app, &mut tx, &actor, "health.changed", about(seen), summary).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

async fn write_signals(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    seen: &Seen,
    raised: Vec<Raised>,
    changed: Vec<(Signal, Option<domain::Event>)>,
) -> Result<(), AppError> {
    let mut number = signals::last_number(tx, actor.workspace, seen.id).await?;
    for Raised { body, name, category } in raised {
        number += 1;
        let signal = Signal {
            id: SignalId::fresh(&*app.ids),
            onboarding: seen.id,
            number,
            name,
            category,
            body,
            computed: true,
            raised_by: actor.name.clone(),
            version: 1,
        };
        signals::insert(tx, actor.workspace, &signal).await?;
        note(app, tx, actor, signal.id, "raised", &signal.body.words).await?;
        let summary = format!("{}: {}", signal.name, signal.body.words);
        activity::record(app, tx, actor, "signal.raised", about(seen), summary).await?;
    }
    for (signal, event) in changed {
        if !signals::change(tx, actor.workspace, &signal).await? {
            return Err(AppError::Overtaken);
        }
        let Some(event) = event else { continue };
        let (kind, told, word) = match event {
            domain::Event::Repeated => ("seen", "signal.changed", "seen again"),
            domain::Event::ResolvedByItself => ("resolved", "signal.resolved", "resolved by itself"),
            domain::Event::Woken => ("woken", "signal.changed", "no longer snoozed"),
        };
        note(app, tx, actor, signal.id, kind, &signal.body.words).await?;
        activity::record(app, tx, actor, told, about(seen), format!("{}: {word}", signal.name)).await?;
    }
    Ok(())
}

fn about(seen: &Seen) -> About {
    About { account: Some(seen.ground.account), onboarding: Some(seen.id) }
}

/// What is to be kept of a judgement.
enum News {
    /// It is what is kept.
    Nothing,
    /// The same comes out, of other facts.
    Facts { facts: Json, assessment: Json },
    /// Something else comes out.
    Change { judged: Box<Judged>, summary: String },
}

fn news(app: &App, seen: &Seen, assessment: &Assessment, facts: Json) -> Result<News, AppError> {
    let told = kept::assessed(assessment)?;
    let judged = Judged {
        onboarding: seen.id,
        number: seen.before.as_ref().map_or(0, |before| before.number) + 1,
        at: app.now(),
        on: seen.today,
        score: assessment.score.map(i64::from),
        coverage: i64::from(assessment.coverage_percent),
        computed: assessment.by_score.clone(),
        status: assessment.status.clone(),
        assessment: told,
        facts,
        model: assessment.model.clone(),
        model_version: i64::from(assessment.version),
        because: because(seen, assessment),
    };
    let Some(before) = &seen.before else {
        let summary = format!("Health is judged: {}", in_words(&judged));
        return Ok(News::Change { judged: Box::new(judged), summary });
    };
    let same = before.score == judged.score
        && before.computed == judged.computed
        && before.status == judged.status
        && before.model == judged.model
        && before.model_version == judged.model_version;
    if !same {
        let summary = format!(
            "Health: {} instead of {}{}{}",
            in_words(&judged),
            in_words(before),
            if judged.because.is_empty() { "" } else { "; " },
            judged.because
        );
        return Ok(News::Change { judged: Box::new(judged), summary });
    }
    let is_kept =
        before.on == seen.today && before.facts == judged.facts && before.assessment == judged.assessment;
    Ok(if is_kept {
        News::Nothing
    } else {
        News::Facts { facts: judged.facts, assessment: judged.assessment }
    })
}

/// `72 (Monitor)`.
fn in_words(judged: &Judged) -> String {
    match judged.score {
        Some(score) => format!("{score} ({})", judged.status),
        None => judged.status.clone(),
    }
}

/// What moved it, in words: the inputs that moved it most, then what holds the status.
fn because(seen: &Seen, now: &Assessment) -> String {
    let mut said = Vec::new();
    let before = seen.before.as_ref().and_then(kept::assessment);
    if let Some(before) = &before {
        if before.model != now.model || before.version != now.version {
            said.push(format!("the model is {} version {}", now.model, now.version));
        }
        let moves = explain(before, now);
        let moved = moves.iter().filter(|one| one.points.0 != 0).take(REASONS);
        said.extend(moved.map(|one| format!("{} {} ({})", one.name, one.points.signed(), one.cause.label())));
    }
    if now.status == INSUFFICIENT && now.by_hand.is_none() {
        said.push(format!("{} % of the weight has data", now.coverage_percent));
    }
    let capped = now.cap.as_ref().filter(|_| before.as_ref().is_none_or(|before| before.cap != now.cap));
    if let Some(cap) = capped {
        said.push(format!("held at {} by {}", cap.status, cap.signals.join(", ")));
    }
    let chosen =
        now.by_hand.as_ref().filter(|_| before.as_ref().is_none_or(|one| one.by_hand != now.by_hand));
    if let Some(chosen) = chosen {
        said.push(format!("{} said so until {}: {}", chosen.by, chosen.until, chosen.reason));
    } else if now.by_hand.is_none() && before.as_ref().is_some_and(|before| before.by_hand.is_some()) {
        said.push("what a person said is over".to_owned());
    }
    said.join("; ")
}
