//! The joint impact plan as it is worked: outcomes agreed with the customer, measured, and verified by them.
//!
//! It runs beside the technical plan and is never mixed with it: tasks say what is done, outcomes what it was for.

mod answer;
mod check;
mod complete;
mod guest;
mod late;
mod live;
mod measure;
mod plan;
mod seed;

use std::collections::BTreeMap;

use gangway_domain::ids::{OnboardingId, OutcomeId};
use gangway_domain::outcome::{Amount, Answer, Direction, Status};
use gangway_domain::package::PromiseEntry;
use gangway_domain::permission::Action;
use gangway_store::Tx;
use gangway_store::onboarding::head::{self, Head};
use gangway_store::outcome as rows;
use gangway_store::outcome::measurement::{self as measurements, Measurement};
use gangway_store::work::attachment::{self, Attachment};
use jiff::civil::Date;
use serde::Deserialize;

use self::check::Checked;
use crate::boxed;
use crate::error::AppError;
use crate::identity::none_of;
use crate::register::{onboarding, record};
use crate::{Actor, App, page, version};

pub use answer::{Said, agree, confirm, decline, reopen};
pub use complete::completeness;
pub(crate) use complete::{completeness_in, facts_in, facts_of, shown_in};
pub use gangway_store::outcome::plan::{Celebration, ImpactPlan};
pub use gangway_store::outcome::{Outcome, Query};
pub(crate) use guest::todo_for;
pub use guest::{
    GuestMeasurement, GuestOutcome, GuestOutcomes, guest_agree, guest_answer, guest_file, guest_object,
    guest_outcome, guest_outcomes,
};
pub use late::{Courses, LateLine, Lateness, late, late_milestones};
pub(crate) use live::{live, written};
pub use measure::{NewMeasurement, measure, measurements_of, remove_measurement};
pub use plan::{PlanChanges, Rung, ValuePage, ValueStep, celebrate, change_plan, impact_plan, value};
pub(crate) use seed::{Start, backfill, replanned, seed};

/// What an outcome says; all of it is replaced when one is changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The goal in the customer's words.
    pub goal: String,
    /// What is measured; may be empty until it is agreed.
    pub metric: String,
    /// Unit of the figures; may be empty.
    pub unit: String,
    /// Which way the figure should go; from baseline and target when left out.
    pub direction: Option<Direction>,
    /// Where it stands today.
    pub baseline: Option<Amount>,
    /// What it should become.
    pub target: Option<Amount>,
    /// By when.
    pub by: Date,
    /// What will prove it.
    pub proof: String,
    /// Who of the customer confirms it, by name or role.
    pub confirms: String,
    /// Rung of the value ladder.
    pub rung: Option<i64>,
    /// It is the first value.
    pub first_value: bool,
    /// It is the full value.
    pub full_value: bool,
    /// Ids of promises it keeps.
    pub promises: Vec<String>,
}

impl Draft {
    /// What an outcome says now.
    #[must_use]
    pub fn of(known: &Outcome) -> Self {
        Self {
            goal: known.goal.clone(),
            metric: known.metric.clone(),
            unit: known.unit.clone(),
            direction: Some(known.direction),
            baseline: known.baseline,
            target: known.target,
            by: known.by,
            proof: known.proof.clone(),
            confirms: known.confirms.clone(),
            rung: known.rung,
            first_value: known.first_value,
            full_value: known.full_value,
            promises: known.promises.clone(),
        }
    }
}

/// The joint impact plan of an onboarding.
#[derive(Debug, Clone, PartialEq)]
pub struct Impact {
    /// The onboarding.
    pub head: Head,
    /// What stands above the outcomes.
    pub plan: ImpactPlan,
    /// Its outcomes by number.
    pub outcomes: Vec<Outcome>,
    /// What was measured of each.
    pub measurements: BTreeMap<OutcomeId, Vec<Measurement>>,
    /// The promises of sales.
    pub promises: Vec<PromiseLine>,
    /// The day it was looked at.
    pub today: Date,
}

/// A promise of sales with the outcomes that keep it.
#[derive(Debug, Clone, PartialEq)]
pub struct PromiseLine {
    /// The promise as the plan ties it.
    pub entry: PromiseEntry,
    /// Outcomes that keep it: id, what people call it, its goal, where it stands.
    pub outcomes: Vec<(OutcomeId, String, String, Status)>,
    /// Where it stands.
    pub state: PromiseState,
}

/// Where a promise stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromiseState {
    /// An outcome that keeps it is verified.
    Kept,
    /// An outcome that keeps it is reached, and waits for the customer's word.
    Reached,
    /// An outcome is tied to it and on its way, or the plan shows it in time.
    Underway,
    /// An outcome that should keep it is missed, or the plan shows it too late.
    AtRisk,
    /// Nothing shows whether it is kept.
    Untied,
}

impl PromiseState {
    /// The word in the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Reached => "reached",
            Self::Underway => "underway",
            Self::AtRisk => "at-risk",
            Self::Untied => "untied",
        }
    }

    fn of(entry: &PromiseEntry, outcomes: &[(OutcomeId, String, String, Status)]) -> Self {
        let any = |wanted: Status| outcomes.iter().any(|(.., status)| *status == wanted);
        if any(Status::Verified) {
            Self::Kept
        } else if any(Status::Reached) {
            Self::Reached
        } else if any(Status::Missed) || any(Status::NeverAgreed) || entry.on_time == Some(false) {
            Self::AtRisk
        } else if !outcomes.is_empty() || entry.milestone.is_some() || entry.task.is_some() {
            Self::Underway
        } else {
            Self::Untied
        }
    }
}

#[derive(Deserialize)]
struct Promised {
    handoff: HandedOver,
}

#[derive(Deserialize)]
struct HandedOver {
    promises: Vec<PromiseEntry>,
}

/// Everything about one outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct OutcomeSight {
    /// The onboarding.
    pub head: Head,
    /// The outcome.
    pub outcome: Outcome,
    /// What was measured, by day.
    pub measurements: Vec<Measurement>,
    /// Files kept with it.
    pub files: Vec<Attachment>,
    /// The promises of sales it may keep.
    pub promises: Vec<PromiseEntry>,
    /// The day it was looked at.
    pub today: Date,
}

/// The joint impact plan of an onboarding.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn of_onboarding(app: &App, actor: &Actor, id: OnboardingId) -> Result<Impact, AppError> {
    actor.require(Action::Look)?;
    let today = app.today();
    let mut tx = app.db.read().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let plan = plan_of(&mut tx, actor, id).await?;
    let outcomes = rows::of_onboarding(&mut tx, actor.workspace, id).await?;
    let mut by_outcome: BTreeMap<OutcomeId, Vec<Measurement>> = BTreeMap::new();
    for one in measurements::of_onboarding(&mut tx, actor.workspace, id).await? {
        by_outcome.entry(one.outcome).or_default().push(one);
    }
    let promises = kept_by(promises(&mut tx, actor, id).await?, &outcomes, today);
    Ok(Impact { head, plan, outcomes, measurements: by_outcome, promises, today })
}

/// The promises of sales of an onboarding, with what keeps them, as plan and outcomes stand.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn promise_ledger(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
) -> Result<Vec<PromiseLine>, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let outcomes = rows::of_onboarding(&mut tx, actor.workspace, id).await?;
    Ok(kept_by(promises(&mut tx, actor, id).await?, &outcomes, app.today()))
}

/// Promises with the outcomes that keep them, and where they stand.
fn kept_by(promises: Vec<PromiseEntry>, outcomes: &[Outcome], today: Date) -> Vec<PromiseLine> {
    let line = |entry: PromiseEntry| {
        let keeps = outcomes.iter().filter(|outcome| outcome.promises.contains(&entry.id));
        let tied: Vec<_> =
            keeps.map(|one| (one.id, one.code(), one.goal.clone(), one.status(today))).collect();
        PromiseLine { state: PromiseState::of(&entry, &tied), outcomes: tied, entry }
    };
    promises.into_iter().map(line).collect()
}

/// The promises of the deal an onboarding was made from.
async fn promises(tx: &mut Tx, actor: &Actor, id: OnboardingId) -> Result<Vec<PromiseEntry>, AppError> {
    let known = head::sections::<Promised>(tx, actor.workspace, id).await?;
    let mut promises = known.map(|known| known.handoff.promises).unwrap_or_default();
    if let Some(stored) = live::changed(tx, actor.workspace, id).await? {
        promises.iter_mut().for_each(|promise| promise.follow(&stored.plan));
    }
    Ok(promises)
}

/// What stands above the outcomes; empty before it was made of the package.
async fn plan_of(tx: &mut Tx, actor: &Actor, id: OnboardingId) -> Result<ImpactPlan, AppError> {
    let blank = || ImpactPlan {
        north_star: String::new(),
        first_impact: String::new(),
        challenges: String::new(),
        opportunities: String::new(),
        complete_by: None,
        version: 0,
    };
    Ok(live::above(tx, actor.workspace, id).await?.unwrap_or_else(blank))
}

/// Outcomes of an onboarding that are reached while no measurement shows it: the customer cannot be asked before.
/// None for an onboarding the workspace does not have.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn unproven(app: &App, actor: &Actor, id: OnboardingId) -> Result<Vec<Outcome>, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let all = rows::of_onboarding(&mut tx, actor.workspace, id).await?;
    Ok(all.into_iter().filter(Outcome::lacks_evidence).collect())
}

/// Outcomes of the actor's workspace, the newest first, and whether more follow.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn list(app: &App, actor: &Actor, query: Query) -> Result<(Vec<Outcome>, bool), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    page::read(query.limit, async |limit| {
        rows::page(&mut tx, actor.workspace, &Query { limit, ..query }).await
    })
    .await
}

/// One outcome with everything about it.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn get(app: &App, actor: &Actor, id: OutcomeId) -> Result<OutcomeSight, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let outcome = find(&mut tx, actor, id).await?;
    Ok(OutcomeSight {
        head: onboarding(&mut tx, actor, outcome.onboarding).await?,
        measurements: measurements::of_outcome(&mut tx, actor.workspace, id).await?,
        files: attachment::of_subject(&mut tx, actor.workspace, id.uuid()).await?,
        promises: promises(&mut tx, actor, outcome.onboarding).await?,
        outcome,
        today: app.today(),
    })
}

/// Adds an outcome.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Overtaken`] when somebody
/// else added one in the same moment; or when the database fails.
#[boxed]
pub async fn add(app: &App, actor: &Actor, id: OnboardingId, draft: Draft) -> Result<Outcome, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let mut problems = Vec::new();
    let checked = Checked::of(app, draft, &mut problems);
    none_of(problems)?;
    let number = rows::last_number(&mut tx, actor.workspace, id).await? + 1;
    let blank = Outcome {
        id: OutcomeId::fresh(&*app.ids),
        onboarding: id,
        number,
        goal: String::new(),
        metric: String::new(),
        unit: String::new(),
        direction: Direction::Up,
        baseline: None,
        target: None,
        by: app.today(),
        proof: String::new(),
        confirms: String::new(),
        rung: None,
        first_value: false,
        full_value: false,
        promises: Vec::new(),
        agreed: None,
        answer: None,
        latest: None,
        evidenced: false,
        seed: None,
        made_by: actor.name.clone(),
        made_at: app.now(),
        version: 1,
    };
    let outcome = checked.put_into(blank);
    rows::insert_all(&mut tx, actor.workspace, std::slice::from_ref(&outcome))
        .await
        .map_err(AppError::overtaken)?;
    rows::alone(&mut tx, actor.workspace, &outcome).await?;
    let summary = format!("Added outcome {}: {}", outcome.code(), outcome.goal);
    record(app, &mut tx, actor, &head, "outcome.added", summary).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// Changes an outcome that is still what it was when it was looked at. What was agreed is to be agreed anew when the
/// goal or its figures change.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Stale`],
/// [`AppError::Refusal`] when the customer has confirmed it; or when the database fails.
#[boxed]
pub async fn change(
    app: &App,
    actor: &Actor,
    id: OutcomeId,
    version: i64,
    draft: Draft,
) -> Result<Outcome, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let (head, known) = open(&mut tx, actor, id, version).await?;
    let mut problems = Vec::new();
    let checked = Checked::of(app, draft, &mut problems);
    none_of(problems)?;
    let mut wanted = checked.put_into(known.clone());
    if wanted == known {
        return Ok(known);
    }
    let moved = (
        &wanted.goal,
        &wanted.metric,
        &wanted.unit,
        wanted.direction,
        wanted.baseline,
        wanted.target,
        wanted.by,
    ) != (
        &known.goal,
        &known.metric,
        &known.unit,
        known.direction,
        known.baseline,
        known.target,
        known.by,
    );
    if moved && known.answer.as_ref().is_some_and(Answer::is_yes) {
        return Err(AppError::Refusal(
            "the customer has confirmed this outcome: open it again before its goal or figures change"
                .to_owned(),
        ));
    }
    let anew = moved && known.agreed.is_some();
    if anew {
        wanted.agreed = None;
    }
    if moved && known.agreed.is_none() {
        // Whoever did not want it as it was is asked whether they want it as it is.
        wanted.answer = None;
    }
    let again = if anew { ", to be agreed anew" } else { "" };
    let summary = format!("Changed outcome {}: {}{again}", wanted.code(), wanted.goal);
    let kept = keep(&mut tx, actor, wanted).await?;
    record(app, &mut tx, actor, &head, "outcome.changed", summary).await?;
    tx.commit().await?;
    Ok(kept)
}

/// Takes an outcome away that the customer has not agreed to and of which nothing was measured.
///
/// # Errors
/// [`AppError::Refusal`] when it was agreed or measured; otherwise as [`change`].
#[boxed]
pub async fn remove(app: &App, actor: &Actor, id: OutcomeId, version: i64) -> Result<OnboardingId, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let (head, known) = open(&mut tx, actor, id, version).await?;
    if known.agreed.is_some() || known.latest.is_some() {
        let why =
            "an outcome that was agreed or measured stays: say in its goal that nobody wants it any more";
        return Err(AppError::Refusal(why.to_owned()));
    }
    version::after("outcome", known.version, rows::delete(&mut tx, actor.workspace, id, version).await?)?;
    let summary = format!("Took out outcome {}: {}", known.code(), known.goal);
    record(app, &mut tx, actor, &head, "outcome.removed", summary).await?;
    tx.commit().await?;
    Ok(head.id)
}

/// An outcome of the actor's workspace.
async fn find(tx: &mut Tx, actor: &Actor, id: OutcomeId) -> Result<Outcome, AppError> {
    rows::get(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("outcome", id))
}

/// An outcome that is still what it was when it was looked at, with its onboarding.
async fn open(tx: &mut Tx, actor: &Actor, id: OutcomeId, version: i64) -> Result<(Head, Outcome), AppError> {
    let known = find(tx, actor, id).await?;
    version::fresh("outcome", known.version, version)?;
    Ok((onboarding(tx, actor, known.onboarding).await?, known))
}

async fn keep(tx: &mut Tx, actor: &Actor, outcome: Outcome) -> Result<Outcome, AppError> {
    let done = rows::change(tx, actor.workspace, &outcome).await?;
    let version = version::after("outcome", outcome.version, done)?;
    Ok(Outcome { version, ..outcome })
}
