//! Health of onboardings: judged from the facts by a model of the methodology, kept with every change and what moved it,
//! overruled by people with a reason and a day.

mod compared;
mod engine;
mod facts;
mod job;
mod kept;
mod look;
mod otherwise;
mod past;
mod refresh;
mod tester;
mod told;
mod trial;
mod waiting;
mod weigh;
mod write;

use std::collections::BTreeMap;

use gangway_domain::health::{Assessment, Model, Move, explain};
use gangway_domain::ids::{ObservationId, OnboardingId};
use gangway_domain::methodology::HealthStatus;
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::permission::Action;
use gangway_domain::rule::Schema;
use gangway_store::Tx;
use gangway_store::health::{self as rows, observation, overridden};
use gangway_store::onboarding::head::Head;
use jiff::ToSpan;
use jiff::civil::Date;

use crate::activity::{self, About};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::none_of;
use crate::register::{checked_prose, needed_prose, onboarding};
use crate::{Actor, App, page};

pub use compared::{Compared, Comparison, Found, Pair, compare, model_text};
pub use engine::Engine;
pub(crate) use engine::compiled;
pub use facts::OBSERVED;
pub(crate) use facts::of_inputs;
pub use gangway_store::health::observation::Observation;
pub use gangway_store::health::overridden::Override;
pub use gangway_store::health::{Judged, Line, Listed};
pub use job::Keeper;
pub(crate) use job::{begin, follows, want};
pub use kept::assessment;
pub use otherwise::{Trial, TriedSignal, try_out};
pub use past::{Against, Backtest, backtest};
pub use refresh::refresh_accounts;
pub(crate) use refresh::{USED_TOGETHER, refresh, refresh_used};
pub use tester::{
    FactEntry, FactRead, KnownRule, Tested, compile_rule, fact_book, rules, subject, test_rule,
};
pub(crate) use told::{Then, judge_then};
pub use trial::{Day, Replay, facts_now, replay, what_if};

/// Changes of health a page shows.
const SHOWN: u32 = 120;

/// Observations a page shows.
const SEEN: u32 = 12;

/// Longest time for which somebody may overrule a score, in days.
const LONGEST: i64 = 92;

/// The health of an onboarding.
#[derive(Debug, Clone, PartialEq)]
pub struct Health {
    /// The onboarding.
    pub head: Head,
    /// What was found last; none before it was ever judged.
    pub judged: Option<Judged>,
    /// The assessment of that, with every contribution.
    pub assessment: Option<Assessment>,
    /// What moved the score by the last change, the largest first.
    pub moves: Vec<Move>,
    /// Changes, the newest first.
    pub history: Vec<Line>,
    /// What people said instead, the newest first.
    pub overrides: Vec<Override>,
    /// What was seen, the newest first.
    pub observations: Vec<Observation>,
    /// The statuses of the model, best first; empty where no model is for such an onboarding.
    pub statuses: Vec<HealthStatus>,
    /// The day it was looked at.
    pub today: Date,
}

impl Health {
    /// What somebody said instead and what counts today.
    #[must_use]
    pub fn overridden(&self) -> Option<&Override> {
        self.overrides.iter().find(|one| one.ended.is_none() && one.until >= self.today)
    }
}

/// The health of an onboarding; judged first when it never was, or not today.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn of_onboarding(app: &App, actor: &Actor, id: OnboardingId) -> Result<Health, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    onboarding(&mut tx, actor, id).await?;
    let known = rows::get(&mut tx, actor.workspace, id).await?;
    drop(tx);
    if known.is_none_or(|known| known.on < app.today()) {
        AppError::beside(refresh(app, actor.workspace, &[id]).await)?;
    }
    read(app, actor, id).await
}

async fn read(app: &App, actor: &Actor, id: OnboardingId) -> Result<Health, AppError> {
    let mut tx = app.db.read().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let judged = rows::get(&mut tx, actor.workspace, id).await?;
    let last = rows::changes(&mut tx, actor.workspace, id, None, 2).await?;
    let history = rows::lines(&mut tx, actor.workspace, id, SHOWN).await?;
    let overrides = overridden::of_onboarding(&mut tx, actor.workspace, id).await?;
    let observations = observation::latest(&mut tx, actor.workspace, id, SEEN).await?;
    drop(tx);
    let assessed = judged.as_ref().and_then(assessment);
    let before = last.get(1).and_then(assessment);
    let moves = before.zip(assessed.as_ref()).map(|(before, now)| explain(&before, now)).unwrap_or_default();
    let engine = compiled(app)?;
    let model = judged.as_ref().and_then(|judged| engine.models.get(&judged.model));
    Ok(Health {
        statuses: model.map(|model| model.statuses().to_vec()).unwrap_or_default(),
        today: app.today(),
        assessment: assessed,
        head,
        judged,
        moves,
        history,
        overrides,
        observations,
    })
}

/// Changes of an onboarding's health with what they were judged by, the newest first, before one of them, and whether
/// more follow.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn changes(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    before: Option<i64>,
    limit: u32,
) -> Result<(Vec<Judged>, bool), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    onboarding(&mut tx, actor, id).await?;
    page::read(limit, async |limit| rows::changes(&mut tx, actor.workspace, id, before, limit).await).await
}

/// The health of the onboardings of the workspace in order of ids, after one of them, and whether more follow.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn list(
    app: &App,
    actor: &Actor,
    status: Option<&str>,
    after: Option<OnboardingId>,
    limit: u32,
) -> Result<(Vec<Listed>, bool), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    page::read(limit, async |limit| rows::page(&mut tx, actor.workspace, status, after, limit).await).await
}

/// How many onboardings have each status.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn counts(app: &App, actor: &Actor) -> Result<BTreeMap<String, i64>, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    Ok(rows::counts(&mut tx, actor.workspace).await?)
}

/// A model of health as it is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce {
    /// The model.
    pub model: gangway_domain::methodology::HealthModel,
    /// What is allowed and probably not wanted, such as inputs that say little alone.
    pub warnings: Vec<String>,
}

/// The models of health in force, in order of id.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Crashed`].
pub fn models(app: &App, actor: &Actor) -> Result<Vec<InForce>, AppError> {
    actor.require(Action::Look)?;
    let engine = compiled(app)?;
    let in_force = |model: &Model| InForce {
        model: model.source().clone(),
        warnings: model.warnings().iter().map(|one| format!("{}: {}", one.at, one.message)).collect(),
    };
    Ok(engine.models.iter().map(in_force).collect())
}

/// Refuses what an onboarding that was closed has no use for. One that is completed goes on: its customer uses the
/// product, and somebody looks after them.
pub(crate) fn still_judged(head: &Head) -> Result<(), AppError> {
    match head.state {
        OnboardingState::Closed { .. } => Err(AppError::Refusal(
            "the onboarding was closed, so its health is not judged any more".to_owned(),
        )),
        _ => Ok(()),
    }
}

/// What somebody wants to put in place of the computed status.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WantedOverride {
    /// The status (a word of the model).
    pub status: String,
    /// Why.
    pub reason: String,
    /// The last day on which it counts.
    pub until: Option<Date>,
}

/// Puts a status in place of the computed one, with a reason and the day until which it counts. No rule takes it away
/// before.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Refusal`] when the onboarding was
/// closed or its health was never judged; or when the database fails.
#[boxed]
pub async fn set_override(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    wanted: WantedOverride,
) -> Result<Health, AppError> {
    actor.require(Action::RunOnboarding)?;
    let known = of_onboarding(app, actor, id).await?;
    still_judged(&known.head)?;
    if known.judged.is_none() {
        return Err(AppError::Refusal("the health of this onboarding is not judged".to_owned()));
    }
    let today = app.today();
    let mut problems = Vec::new();
    let WantedOverride { status, reason, until } = wanted;
    if !known.statuses.iter().any(|one| one.name == status) {
        let names: Vec<&str> = known.statuses.iter().map(|one| one.name.as_str()).collect();
        problems.push(Problem::new("status", format!("must be one of {}", names.join(", "))));
    }
    let reason = needed_prose("reason", &reason, &mut problems);
    let last = today.saturating_add(LONGEST.days());
    let until = until.filter(|until| (today..=last).contains(until));
    if until.is_none() {
        problems.push(Problem::new("until", format!("must be a day from today to {last}")));
    }
    none_of(problems)?;
    let Some(until) = until else { return Err(AppError::missing("day", "until")) };
    let said = Override {
        number: known.overrides.first().map_or(0, |one| one.number) + 1,
        status,
        reason,
        until,
        by: actor.name.clone(),
        at: app.now(),
        ended: None,
    };
    let mut tx = app.db.write().await?;
    overridden::end(&mut tx, actor.workspace, id, &actor.name, app.now()).await?;
    overridden::insert(&mut tx, actor.workspace, id, &said).await.map_err(AppError::overtaken)?;
    let until = said.until.strftime("%-d %b %Y");
    let summary = format!("Health is {} until {until}: {}", said.status, said.reason);
    record(app, &mut tx, actor, &known.head, "health.overridden", summary).await?;
    tx.commit().await?;
    refresh(app, actor.workspace, &[id]).await?;
    read(app, actor, id).await
}

/// Leaves the status to the score again.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Refusal`] when nobody has overruled it; or when the
/// database fails.
#[boxed]
pub async fn end_override(app: &App, actor: &Actor, id: OnboardingId) -> Result<Health, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let current = overridden::current(&mut tx, actor.workspace, id, app.today()).await?;
    let Some(current) = current else {
        return Err(AppError::Refusal("nobody has put anything in place of the score".to_owned()));
    };
    overridden::end(&mut tx, actor.workspace, id, &actor.name, app.now()).await?;
    let summary =
        format!("Left the health to the score again, which {} had said is {}", current.by, current.status);
    record(app, &mut tx, actor, &head, "health.override_ended", summary).await?;
    tx.commit().await?;
    refresh(app, actor.workspace, &[id]).await?;
    read(app, actor, id).await
}

/// What somebody saw.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observed {
    /// Of what: an id of [`OBSERVED`].
    pub subject: String,
    /// 1 to 5, 5 being best.
    pub rating: i64,
    /// What they saw; may be empty.
    pub note: String,
}

/// Keeps what somebody of the team saw.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Refusal`] when the onboarding was
/// closed; or when the database fails.
#[boxed]
pub async fn observe(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    seen: Observed,
) -> Result<Observation, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut problems = Vec::new();
    let known = OBSERVED.iter().find(|(subject, _)| *subject == seen.subject);
    if known.is_none() {
        let subjects: Vec<&str> = OBSERVED.iter().map(|(subject, _)| *subject).collect();
        problems.push(Problem::new("subject", format!("must be one of {}", subjects.join(", "))));
    }
    if !(1..=5).contains(&seen.rating) {
        problems.push(Problem::new("rating", "must lie between 1 and 5"));
    }
    let note = checked_prose("note", &seen.note, &mut problems);
    none_of(problems)?;
    let one = Observation {
        id: ObservationId::fresh(&*app.ids),
        component: seen.subject,
        rating: seen.rating,
        note,
        person: actor.person,
        by: actor.name.clone(),
        at: app.now(),
    };
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    still_judged(&head)?;
    observation::insert(&mut tx, actor.workspace, id, &one).await?;
    let about = known.map_or("", |(_, about)| about);
    let summary = format!("{about}: {} of 5", one.rating);
    record(app, &mut tx, actor, &head, "health.observed", summary).await?;
    tx.commit().await?;
    refresh(app, actor.workspace, &[id]).await?;
    Ok(one)
}

/// Every fact rules may use, with type, unit and meaning.
#[must_use]
pub fn known_facts() -> &'static [gangway_domain::rule::FactSpec] {
    Schema::run().facts()
}

/// Writes a deed about an onboarding into its log.
pub(crate) async fn record(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    kind: &str,
    summary: String,
) -> Result<(), AppError> {
    activity::record(app, tx, actor, kind, About::of(head), summary).await
}
