//! What pages and programs are shown of a plan that is being worked.

use std::collections::{BTreeMap, BTreeSet};

use gangway_domain::ids::{ContactId, MilestoneId, OnboardingId, PersonId, TaskId};
use gangway_domain::permission::Action;
use gangway_domain::programme::Side;
use gangway_domain::rule::Facts;
use gangway_domain::work::{
    Assignee, GateCheck, Promise, RunningMilestone, RunningPlan, RunningTask, check_gate, totals,
};
use gangway_store::onboarding::head::Head;
use gangway_store::work::baseline::{self, Baseline};
use gangway_store::work::ledger::{self as entries, Line};
use gangway_store::work::{self as rows, MilestoneFacts, Place, Stored, TaskFacts};
use gangway_store::{Tx, contact, membership};
use jiff::civil::Date;
use uuid::Uuid;

use super::begin::existing_or_begun;
use super::facts::facts as known;
use super::head;
use super::talk::Talk;
use crate::boxed;
use crate::error::AppError;
use crate::{Actor, App, page};

/// Entries of the ledger looked through for the history of one task.
const HISTORY: u32 = 300;

/// Most entries of the ledger told to whoever was overtaken.
const MEANWHILE: u32 = 30;

/// A plan as it is being worked.
#[derive(Debug, Clone, PartialEq)]
pub struct Sight {
    /// The onboarding.
    pub head: Head,
    /// The plan with what its rows know beside.
    pub stored: Stored,
    /// The baselines, oldest first.
    pub baselines: Vec<Baseline>,
    /// How many comments each task or milestone has.
    pub comments: BTreeMap<Uuid, i64>,
    /// What the rules of its gates know.
    pub facts: Facts,
    /// The day it was looked at.
    pub today: Date,
}

impl Sight {
    /// Tasks that should be further today than they are: dates follow once the plan is brought up to today.
    #[must_use]
    pub fn behind(&self) -> usize {
        let tasks = self.stored.plan.tasks.iter().filter(|task| !task.is_recurring());
        let tasks = tasks.filter(|task| task.is_behind(self.today)).count();
        let gates = self.stored.plan.milestones.iter();
        tasks + gates.filter(|gate| gate.holds() && gate.planned < self.today).count()
    }
}

/// Why the dates of a plan moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    /// The onboarding.
    pub head: Head,
    /// Entries, the newest first.
    pub lines: Vec<Line>,
    /// Whether there are older ones.
    pub more: bool,
    /// Calendar days by which each side moved the go-live and the end, over all entries.
    pub totals: BTreeMap<Side, [i64; 2]>,
    /// The dates first promised.
    pub first: Option<Promise>,
    /// The dates as they stand.
    pub now: Promise,
    /// Names of tasks and milestones by code.
    pub names: BTreeMap<String, String>,
    /// The baselines, oldest first.
    pub baselines: Vec<Baseline>,
}

/// Everything about one task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskSight {
    /// The onboarding.
    pub head: Head,
    /// Counts the plan's changes.
    pub revision: i64,
    /// The plan it is in.
    pub plan: RunningPlan,
    /// The task.
    pub task: RunningTask,
    /// What its row knows beside.
    pub facts: TaskFacts,
    /// What was said, kept and ticked.
    pub talk: Talk,
    /// What happened to it, the newest first.
    pub history: Vec<Line>,
    /// Whom it can be given to: members of the workspace who run onboardings.
    pub members: Vec<(PersonId, String)>,
    /// And contacts of the account.
    pub contacts: Vec<(ContactId, String)>,
    /// Ids of tasks and milestones by code.
    pub ids: BTreeMap<String, String>,
    /// The day it was looked at.
    pub today: Date,
}

/// Everything about one milestone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MilestoneSight {
    /// The onboarding.
    pub head: Head,
    /// Counts the plan's changes.
    pub revision: i64,
    /// The milestone.
    pub milestone: RunningMilestone,
    /// What its row knows beside.
    pub facts: MilestoneFacts,
    /// What stands between it and the day it is reached.
    pub check: GateCheck,
    /// What must be done before and is not: name, and id of the task or milestone.
    pub waits: Vec<(String, String)>,
    /// Who answers for it, by name or by role: see [`RunningPlan::answer_for`].
    pub answer: Vec<String>,
    /// What was said and kept.
    pub talk: Talk,
    /// The day it was looked at.
    pub today: Date,
}

/// An onboarding with its plan, for reading.
pub(crate) async fn stored(app: &App, actor: &Actor, id: OnboardingId) -> Result<(Head, Stored), AppError> {
    let mut tx = app.db.read().await?;
    let head = head(&mut tx, actor, id).await?;
    let stored = read(app, tx, actor, id).await?;
    Ok((head, stored))
}

/// The plan of an onboarding; begun first when it came before plans could be worked.
async fn read(app: &App, mut tx: Tx, actor: &Actor, id: OnboardingId) -> Result<Stored, AppError> {
    if let Some(stored) = rows::get(&mut tx, actor.workspace, id).await? {
        return Ok(stored);
    }
    drop(tx);
    let mut tx = app.db.write().await?;
    let stored = existing_or_begun(app, &mut tx, actor, id).await?;
    tx.commit().await?;
    Ok(stored)
}

/// The plan of an onboarding that was read already.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn plan(app: &App, actor: &Actor, head: &Head) -> Result<RunningPlan, AppError> {
    actor.require(Action::Look)?;
    let tx = app.db.read().await?;
    Ok(read(app, tx, actor, head.id).await?.plan)
}

/// A plan as it is being worked.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn sight(app: &App, actor: &Actor, id: OnboardingId) -> Result<Sight, AppError> {
    actor.require(Action::Look)?;
    let (head, stored) = stored(app, actor, id).await?;
    let mut tx = app.db.read().await?;
    let comments = rows::comment::counts(&mut tx, actor.workspace, id).await?.into_iter().collect();
    let facts = known(app, &mut tx, actor.workspace, id, &stored.plan, app.today()).await?;
    Ok(Sight {
        head,
        stored,
        facts,
        baselines: baseline::list(&mut tx, actor.workspace, id).await?,
        comments,
        today: app.today(),
    })
}

/// What stands between each milestone and the day it is reached, in the order of the plan.
#[must_use]
pub fn gates(plan: &RunningPlan, facts: &Facts) -> Vec<GateCheck> {
    plan.milestones.iter().map(|milestone| check_gate(plan, milestone, facts)).collect()
}

/// Why the dates of a plan moved: a page of the ledger, before one of its entries.
///
/// # Errors
/// As [`sight`].
#[boxed]
pub async fn ledger(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    before: Option<i64>,
    limit: u32,
) -> Result<Ledger, AppError> {
    actor.require(Action::Look)?;
    let (head, stored) = stored(app, actor, id).await?;
    let mut tx = app.db.read().await?;
    let read = async |limit| entries::list(&mut tx, actor.workspace, id, before, limit).await;
    let (lines, more) = page::read(limit, read).await?;
    let movements = entries::movements(&mut tx, actor.workspace, id).await?;
    let first = movements.first().map(|(_, before, _)| *before);
    let plan = &stored.plan;
    let names = plan.tasks.iter().map(|task| (task.code.clone(), task.name.clone()));
    let gates = plan.milestones.iter().map(|milestone| (milestone.code.clone(), milestone.name.clone()));
    Ok(Ledger {
        head,
        lines,
        more,
        totals: totals(movements),
        first,
        now: plan.promise(),
        names: names.chain(gates).collect(),
        baselines: baseline::list(&mut tx, actor.workspace, id).await?,
    })
}

/// The newest entries of the ledger of a plan that was read already, at most so many.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn entries_of(app: &App, actor: &Actor, sight: &Sight, limit: u32) -> Result<Vec<Line>, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    Ok(entries::list(&mut tx, actor.workspace, sight.head.id, None, limit).await?)
}

/// What was changed of a plan since a revision somebody looked at, the newest first. A change that wrote no entry, such as
/// days that passed and moved nothing, lets an earlier one be told, too.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn meanwhile(app: &App, actor: &Actor, sight: &Sight, seen: i64) -> Result<Vec<Line>, AppError> {
    let since = usize::try_from(sight.stored.revision.saturating_sub(seen)).unwrap_or(0);
    let lines = entries_of(app, actor, sight, MEANWHILE).await?;
    // What was changed at once counted the revision on once.
    let mut batches = BTreeSet::new();
    let is_since = |line: &Line| {
        batches.insert(line.batch);
        batches.len() <= since
    };
    Ok(lines.into_iter().take_while(is_since).collect())
}

/// Where a task is: its onboarding and its code.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn place(app: &App, actor: &Actor, id: TaskId) -> Result<Place, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let place = rows::place(&mut tx, actor.workspace, id).await?;
    place.ok_or_else(|| AppError::missing("task", id))
}

/// Everything about one task.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn task(app: &App, actor: &Actor, id: TaskId) -> Result<TaskSight, AppError> {
    let Place { onboarding, code, .. } = place(app, actor, id).await?;
    let missing = || AppError::missing("task", id);
    let (head, stored) = stored(app, actor, onboarding).await?;
    let Stored { plan, revision, tasks, milestones, .. } = stored;
    let facts = *tasks.get(&code).ok_or_else(missing)?;
    let task = plan.task(&code).ok_or_else(missing)?.clone();
    let mut tx = app.db.read().await?;
    let talk = Talk::load(&mut tx, actor, id.uuid(), Some(id)).await?;
    let mut history = entries::list(&mut tx, actor.workspace, onboarding, None, HISTORY).await?;
    history.retain(|line| line.subjects.contains(&code) || line.moves.iter().any(|moved| moved.code == code));
    drop(tx);
    let (members, contacts) = assignable(app, actor, &head).await?;
    let ids = tasks.into_iter().map(|(code, facts)| (code, facts.id.to_string()));
    let milestones = milestones.into_iter().map(|(code, facts)| (code, facts.id.to_string()));
    Ok(TaskSight {
        head,
        revision,
        plan,
        task,
        facts,
        talk,
        history,
        members,
        contacts,
        ids: ids.chain(milestones).collect(),
        today: app.today(),
    })
}

/// Whom tasks of an onboarding can be given to: members of the workspace who run onboardings, and contacts of the
/// account.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn assignable(
    app: &App,
    actor: &Actor,
    head: &Head,
) -> Result<(Vec<(PersonId, String)>, Vec<(ContactId, String)>), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let members = membership::of_workspace(&mut tx, actor.workspace).await?;
    let able = members.into_iter().filter(|member| member.role.may(Action::RunOnboarding));
    let contacts = contact::of_account(&mut tx, actor.workspace, head.account_id).await?;
    let contacts = contacts.into_iter().map(|contact| (contact.id, contact.name)).collect();
    Ok((able.map(|member| (member.person, member.name)).collect(), contacts))
}

/// Who a word names: id of a member or of a contact of the account; nobody for an empty one.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when there is nobody of this id; or when the database fails.
#[boxed]
pub async fn assignee(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    word: &str,
) -> Result<Option<Assignee>, AppError> {
    actor.require(Action::Look)?;
    if word.is_empty() {
        return Ok(None);
    }
    let missing = || AppError::missing("person or contact", word.chars().take(60).collect::<String>());
    let mut tx = app.db.read().await?;
    if let Ok(id) = word.parse::<PersonId>() {
        let members = membership::of_workspace(&mut tx, actor.workspace).await?;
        let known = members.into_iter().find(|member| member.person == id).ok_or_else(missing)?;
        return Ok(Some(Assignee::Person { id, name: known.name }));
    }
    let contact: ContactId = word.parse().map_err(|_| missing())?;
    let head = head(&mut tx, actor, id).await?;
    let known = contact::of_account(&mut tx, actor.workspace, head.account_id).await?;
    let known = known.into_iter().find(|known| known.id == contact).ok_or_else(missing)?;
    Ok(Some(Assignee::Contact { id: contact, name: known.name }))
}

/// Everything about one milestone.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn milestone(app: &App, actor: &Actor, id: MilestoneId) -> Result<MilestoneSight, AppError> {
    actor.require(Action::Look)?;
    let missing = || AppError::missing("milestone", id);
    let mut tx = app.db.read().await?;
    let place = rows::milestone_place(&mut tx, actor.workspace, id).await?;
    let Place { onboarding, code, .. } = place.ok_or_else(missing)?;
    drop(tx);
    let (head, stored) = stored(app, actor, onboarding).await?;
    let Stored { plan, revision, tasks, milestones, .. } = stored;
    let facts = *milestones.get(&code).ok_or_else(missing)?;
    let milestone = plan.milestone(&code).ok_or_else(missing)?.clone();
    let today = app.today();
    let mut tx = app.db.read().await?;
    let known = known(app, &mut tx, actor.workspace, onboarding, &plan, today).await?;
    let check = check_gate(&plan, &milestone, &known);
    let talk = Talk::load(&mut tx, actor, id.uuid(), None).await?;
    let id_of = |code: &String| {
        let task = tasks.get(code).map(|facts| facts.id.to_string());
        task.or_else(|| milestones.get(code).map(|facts| facts.id.to_string()))
    };
    let waits = check.waits_on.iter().filter_map(|code| Some((plan.name(code).to_owned(), id_of(code)?)));
    let waits = waits.collect();
    let answer = plan.answer_for(&code).into_iter().map(str::to_owned).collect();
    Ok(MilestoneSight { head, revision, milestone, facts, check, waits, answer, talk, today })
}
