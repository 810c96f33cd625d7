//! What is done about an onboarding in trouble: a playbook of the methodology is begun with an owner and a clock, its
//! actions become tasks of the plan, and how it ended is kept, so that playbooks are compared by what they achieve.

use std::collections::BTreeSet;

use gangway_domain::ids::{InterventionId, OnboardingId, PersonId, SignalId};
use gangway_domain::intervention::{self as domain, Comparison, Outcome, Tried};
use gangway_domain::methodology::Intervention as Playbook;
use gangway_domain::permission::Action;
use gangway_domain::programme::Side;
use gangway_domain::work::{Assignee, Because, Origin, RunningTask};
use gangway_store::health as judged;
use gangway_store::intervention::{self as rows, Achieved, Ended};
use gangway_store::numbered::{self, Numbered};
use gangway_store::onboarding::head::Head;
use gangway_store::signal as signals;
use gangway_store::{Timestamp, Tx, membership, work as plans};

use crate::boxed;
use crate::error::{AppError, Problem};
use crate::health::{record, still_judged};
use crate::identity::none_of;
use crate::register::{checked_prose, needed_prose, not_over, onboarding};
use crate::work::{self, NewTask};
use crate::{Actor, App, page, signal, version};

pub use gangway_store::intervention::{Intervention, Query};

/// Something that is to be begun.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The playbook (id of the methodology).
    pub playbook: String,
    /// Why.
    pub reason: String,
    /// Who answers for it; whoever begins it when left out.
    pub owner: Option<PersonId>,
    /// The signals it is about; every open one when left out.
    pub signals: Vec<SignalId>,
    /// Whether its actions become tasks of the plan.
    pub tasks: bool,
}

/// The interventions of an onboarding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interventions {
    /// The onboarding.
    pub head: Head,
    /// What is done, the newest first.
    pub all: Vec<Intervention>,
    /// The playbooks there are.
    pub playbooks: Vec<Playbook>,
    /// Whoever can answer for one.
    pub owners: Vec<(PersonId, String)>,
}

/// The interventions of an onboarding, and which can be begun.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn of_onboarding(app: &App, actor: &Actor, id: OnboardingId) -> Result<Interventions, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let query = Query { onboarding: Some(id), limit: 100, ..Query::default() };
    let all = rows::page(&mut tx, actor.workspace, &query).await?;
    let members = membership::of_workspace(&mut tx, actor.workspace).await?;
    let able = members.into_iter().filter(|member| member.role.may(Action::RunOnboarding));
    Ok(Interventions {
        head,
        all,
        playbooks: app.methodology.interventions.values().cloned().collect(),
        owners: able.map(|member| (member.person, member.name)).collect(),
    })
}

/// Interventions of the actor's workspace, the newest first, and whether more follow.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn list(app: &App, actor: &Actor, query: Query) -> Result<(Vec<Intervention>, bool), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    page::read(query.limit, async |limit| {
        rows::page(&mut tx, actor.workspace, &Query { limit, ..query }).await
    })
    .await
}

/// One intervention with its onboarding.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn get(app: &App, actor: &Actor, id: InterventionId) -> Result<(Head, Intervention), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let found = find(&mut tx, actor, id).await?;
    Ok((onboarding(&mut tx, actor, found.onboarding).await?, found))
}

/// What playbooks achieved, by playbook: those that were begun.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn compared(app: &App, actor: &Actor) -> Result<Vec<Comparison>, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let achieved = rows::achieved(&mut tx, actor.workspace).await?;
    let open = rows::still_open(&mut tx, actor.workspace).await?;
    let tried: Vec<Tried> = achieved.into_iter().map(|one| tried(one, &open)).collect();
    Ok(domain::compare(&tried))
}

fn tried(one: Achieved, open: &BTreeSet<SignalId>) -> Tried {
    let small = |number: Option<i64>| number.and_then(|number| u32::try_from(number).ok());
    let at = |at: Timestamp| jiff::Timestamp::try_from(at).ok();
    let took = at(one.started_at).zip(one.ended_at.and_then(at));
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Tried {
        playbook: one.playbook,
        outcome: one.outcome.as_deref().and_then(outcome),
        days: small(took.map(|(began, over)| over.duration_since(began).as_hours() / 24)),
        score_before: small(one.score_before),
        score_after: small(one.score_after),
        signals: count(one.signals.len()),
        signals_over: count(one.signals.iter().filter(|id| !open.contains(id)).count()),
    }
}

/// The outcome a word says.
#[must_use]
pub fn outcome(word: &str) -> Option<Outcome> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
}

/// Begins a playbook: its clock runs, its signals have a plan, and its actions become tasks of the plan.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Refusal`] when the onboarding was
/// closed or the plan does not take its tasks, [`AppError::Barred`] when the onboarding is over and tasks are wanted, [`AppError::Overtaken`] when
/// somebody else began one in the same moment; or when the database fails.
#[boxed]
pub async fn begin(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    wanted: Wanted,
) -> Result<Intervention, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut problems = Vec::new();
    let playbook = app.methodology.interventions.get(&wanted.playbook);
    if playbook.is_none() {
        problems.push(Problem::new("playbook", "is none there is"));
    }
    let reason = needed_prose("reason", &wanted.reason, &mut problems);
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    still_judged(&head)?;
    if wanted.tasks {
        not_over(&head)?;
    }
    let (owner_id, owner) = owner(&mut tx, actor, wanted.owner, &mut problems).await?;
    let open = signals::open_of(&mut tx, actor.workspace, id).await?;
    let about: Vec<signals::Signal> = open
        .into_iter()
        .filter(|one| wanted.signals.is_empty() || wanted.signals.contains(&one.id))
        .collect();
    if wanted.signals.iter().any(|id| !about.iter().any(|one| one.id == *id)) {
        problems.push(Problem::new("signals", "name one that is not open in this onboarding"));
    }
    none_of(problems)?;
    let Some(playbook) = playbook else { return Err(AppError::missing("playbook", wanted.playbook)) };
    let begun = domain::begin(playbook, app.clock.now(), &app.time_zone);
    let due_at = begun.respond_by.map_or_else(|| app.now(), Timestamp::from);
    let tasks = if wanted.tasks {
        let owner = owner_id.map(|id| Assignee::Person { id, name: owner.clone() });
        let tasks = tasks(app, &mut tx, actor, id, &begun, owner).await?;
        let because = Because { summary: format!("{}: {reason}", begun.level), side: Side::Vendor };
        work::add_tasks(app, &mut tx, actor, id, because, tasks).await?
    } else {
        Vec::new()
    };
    let made = Intervention {
        id: InterventionId::fresh(&*app.ids),
        onboarding: id,
        customer: head.customer.clone(),
        number: numbered::next(&mut tx, actor.workspace, id, Numbered::Intervention).await?,
        playbook: playbook.id.clone(),
        name: playbook.level.clone(),
        reason,
        owner_id,
        owner,
        signals: about.iter().map(|one| one.id).collect(),
        tasks,
        started_by: actor.name.clone(),
        started_at: app.now(),
        due_at,
        score_before: judged::get(&mut tx, actor.workspace, id).await?.and_then(|judged| judged.score),
        ended: None,
        version: 1,
    };
    rows::insert(&mut tx, actor.workspace, &made).await.map_err(AppError::overtaken)?;
    planned(app, &mut tx, actor, about, &made).await?;
    let summary = format!("Began the playbook {}: {}", made.name, made.reason);
    record(app, &mut tx, actor, &head, "intervention.begun", summary).await?;
    tx.commit().await?;
    Ok(made)
}

/// Whoever answers for it: somebody of the workspace, else whoever begins it.
async fn owner(
    tx: &mut Tx,
    actor: &Actor,
    wanted: Option<PersonId>,
    problems: &mut Vec<Problem>,
) -> Result<(Option<PersonId>, String), AppError> {
    let Some(id) = wanted else { return Ok((actor.person, actor.own_name().to_owned())) };
    match membership::get(tx, actor.workspace, id).await? {
        Some(member) => Ok((Some(id), member.name)),
        None => {
            problems.push(Problem::new("owner", "is nobody of the workspace"));
            Ok((None, String::new()))
        }
    }
}

/// The actions of a playbook as tasks: each takes a day, and is due by its clock. It is given to whoever of the team has
/// its role in the work that is open, else to whoever answers for the whole.
async fn tasks(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: OnboardingId,
    begun: &domain::Begun,
    owner: Option<Assignee>,
) -> Result<Vec<NewTask>, AppError> {
    let stored = plans::get(tx, actor.workspace, id).await?;
    let members = membership::of_workspace(tx, actor.workspace).await?;
    let members: BTreeSet<PersonId> = members.into_iter().map(|member| member.person).collect();
    let ours = stored.iter().flat_map(|stored| &stored.plan.tasks).filter(|task| task.side == Side::Vendor);
    let ours: Vec<&RunningTask> = ours.collect();
    let task = |one: &domain::Action| {
        let role = role_of(app, &ours, &one.role);
        let holder = role.and_then(|role| holder_of(&ours, role, &members));
        NewTask {
            name: one.title.clone(),
            side: Side::Vendor,
            role: role.map(str::to_owned),
            assignee: holder.cloned().or_else(|| owner.clone()),
            days: 1,
            not_before: None,
            finish_by: Some(one.due_by.to_zoned(app.time_zone.clone()).date().max(app.today())),
            after: Vec::new(),
            phase: None,
            origin: Origin::Person,
        }
    };
    Ok(begun.tasks.iter().map(task).collect())
}

/// The name of a role: as the plan has it, else as any programme does, since not every team has every role.
fn role_of<'a>(app: &'a App, ours: &[&RunningTask], id: &str) -> Option<&'a str> {
    let roles = app.methodology.programmes.values().flat_map(|programme| &programme.roles);
    let names: Vec<&str> = roles.filter(|role| role.id == id).map(|role| role.name.as_str()).collect();
    let own = names.iter().find(|name| ours.iter().any(|task| task.role == **name));
    own.or_else(|| names.first()).copied()
}

/// Whoever of the workspace has tasks of a role that are not over.
fn holder_of<'a>(ours: &[&'a RunningTask], role: &str, members: &BTreeSet<PersonId>) -> Option<&'a Assignee> {
    let open = ours.iter().filter(|task| task.role == role && !task.state.is_over());
    open.filter_map(|task| task.assignee.as_ref())
        .find(|who| who.person().is_some_and(|person| members.contains(&person)))
}

/// The signals an intervention is about have a plan now.
async fn planned(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    about: Vec<signals::Signal>,
    made: &Intervention,
) -> Result<(), AppError> {
    for one in about {
        let text = format!("{}: {}", made.name, made.reason);
        signal::note(app, tx, actor, one.id, "intervened", &text).await?;
        if one.body.planned_at.is_some() {
            continue;
        }
        let body = one.body.clone().plan(&actor.name, app.clock.now()).map_err(AppError::refused)?;
        signal::keep(tx, actor, signals::Signal { body, ..one }).await?;
    }
    Ok(())
}

/// Says how an intervention ended, when it is still what it was when it was looked at.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Refusal`] when it has ended,
/// [`AppError::Stale`]; or when the database fails.
#[boxed]
pub async fn end(
    app: &App,
    actor: &Actor,
    id: InterventionId,
    seen: i64,
    outcome: &str,
    learned: &str,
) -> Result<Intervention, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut problems = Vec::new();
    if self::outcome(outcome).is_none() {
        problems.push(Problem::new("outcome", "must be one of resolved, partly, failed, abandoned"));
    }
    let learned = checked_prose("learned", learned, &mut problems);
    none_of(problems)?;
    let mut tx = app.db.write().await?;
    let known = find(&mut tx, actor, id).await?;
    version::fresh("intervention", known.version, seen)?;
    if known.ended.is_some() {
        return Err(AppError::Refusal("the intervention has ended".to_owned()));
    }
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    let score =
        judged::get(&mut tx, actor.workspace, known.onboarding).await?.and_then(|judged| judged.score);
    let ended = Ended { outcome: outcome.to_owned(), learned, score, by: actor.name.clone(), at: app.now() };
    let done = rows::end(&mut tx, actor.workspace, id, seen, &ended).await?;
    let version = version::after("intervention", seen, done)?;
    let summary = format!("The playbook {} ended: {outcome}", known.name);
    record(app, &mut tx, actor, &head, "intervention.ended", summary).await?;
    tx.commit().await?;
    Ok(Intervention { ended: Some(ended), version, ..known })
}

async fn find(tx: &mut Tx, actor: &Actor, id: InterventionId) -> Result<Intervention, AppError> {
    rows::get(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("intervention", id))
}
