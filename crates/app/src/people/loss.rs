//! A champion leaves: what is done becomes tasks, what must be escalated is watched until somebody takes over.

use gangway_domain::deal::StakeholderRole;
use gangway_domain::ids::{ContactId, LossId, OnboardingId, PersonId, WorkspaceId};
use gangway_domain::people::{Criterion, Happened, Loss as State, Successor, criteria};
use gangway_domain::permission::Action;
use gangway_domain::programme::Side;
use gangway_domain::work::{Because, Origin};
use gangway_store::people::{self as stakeholders, loss as rows};
use gangway_store::{Tx, escalation};
use jiff::ToSpan;
use jiff::civil::Date;

use super::{Loss, Stakeholder, find, keep, part};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::none_of;
use crate::register::{checked_prose, onboarding, record};
use crate::work::{NewTask, add_tasks};
use crate::{Actor, App, version};

/// Most onboardings somebody is told of at once.
const MOST_UNTOLD: u32 = 20;

/// A champion who left, with what must be escalated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// What is kept of it.
    pub loss: Loss,
    /// The criteria of escalation; empty once somebody took over.
    pub criteria: Vec<Criterion>,
}

/// A loss with its criteria, judged by the people of its onboarding.
pub(super) fn judged(app: &App, loss: Loss, people: &[Stakeholder]) -> Lost {
    let State::Open { candidate, said } = &loss.state else {
        return Lost { loss, criteria: Vec::new() };
    };
    let sponsor = |one: &&Stakeholder| one.role == StakeholderRole::ExecutiveSponsor;
    let happened = Happened {
        noticed_on: loss.noticed_on,
        candidate: candidate.map(|candidate| {
            let known = people.iter().find(|one| one.contact == candidate);
            known.map_or_else(Successor::default, |one| Successor {
                sentiment: one.sentiment,
                engagement: one.engagement,
            })
        }),
        sponsor_leaves: people.iter().filter(sponsor).any(|one| one.left_on.is_some()),
        said,
    };
    let criteria = criteria(&app.methodology.people.loss_criteria, &happened, app.today());
    Lost { loss, criteria }
}

/// How many criteria hold by which leadership is told of champions who leave an onboarding.
pub(crate) async fn holding(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<i64, AppError> {
    let mut open = rows::of_onboarding(tx, workspace, id).await?;
    open.retain(|loss| loss.state.is_open());
    if open.is_empty() {
        return Ok(0);
    }
    let people = stakeholders::of_onboarding(tx, workspace, id).await?;
    let judged = open.into_iter().flat_map(|loss| judged(app, loss, &people).criteria);
    Ok(i64::try_from(judged.filter(|criterion| criterion.holds).count()).unwrap_or(i64::MAX))
}

/// Somebody who runs an onboarding must tell leadership of a champion who leaves.
pub(crate) struct Untold {
    /// The onboarding.
    pub(crate) onboarding: OnboardingId,
    /// The customer.
    pub(crate) customer: String,
    /// How many criteria hold.
    pub(crate) criteria: i64,
}

/// The onboardings somebody runs in which leadership must be told of a champion who leaves, and nobody has raised it.
pub(crate) async fn untold(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
) -> Result<Vec<Untold>, AppError> {
    let suggests = |id: &String| {
        let mut rules = app.methodology.governance.escalate.iter();
        rules.any(|rule| rule.id == *id && rule.when.contains("loss_criteria"))
    };
    let mut untold = Vec::new();
    for (onboarding, customer) in rows::open_of(tx, workspace, person, MOST_UNTOLD).await? {
        let criteria = holding(app, tx, workspace, onboarding).await?;
        if criteria == 0 {
            continue;
        }
        let raised = escalation::of_onboarding(tx, workspace, onboarding).await?;
        if !raised.iter().any(|one| one.state.is_open() && one.rule.as_ref().is_some_and(suggests)) {
            untold.push(Untold { onboarding, customer, criteria });
        }
    }
    Ok(untold)
}

/// The losses of an onboarding, the newest first.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn losses(app: &App, actor: &Actor, id: OnboardingId) -> Result<Vec<Lost>, AppError> {
    Ok(super::standing(app, actor, id).await?.losses)
}

/// Records that a champion leaves, and plans what is done about it.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Refusal`] when they are no
/// champion, or their leaving is recorded; or when the plan cannot take the tasks, or the database fails.
#[boxed]
pub async fn lose(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    who: ContactId,
    leaves_on: Option<Date>,
    note: &str,
) -> Result<Loss, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let known = find(&mut tx, actor, id, who).await?;
    if known.role != StakeholderRole::Champion && known.champion.is_none() {
        return Err(AppError::Refusal(format!("{} is no champion: say who is first", known.name)));
    }
    let before = rows::of_onboarding(&mut tx, actor.workspace, id).await?;
    if before.iter().any(|loss| loss.contact == who && loss.state.is_open()) {
        return Err(AppError::Refusal(format!("that {} leaves is recorded already", known.name)));
    }
    let mut problems = Vec::new();
    let note = checked_prose("note", note, &mut problems);
    none_of(problems)?;
    let today = app.today();
    let because = Because {
        summary: format!("{} leaves: the champion must be replaced", known.name),
        side: Side::Customer,
    };
    let tasks = steps(app, &known, today);
    let tasks = if tasks.is_empty() {
        Vec::new()
    } else {
        add_tasks(app, &mut tx, actor, id, because, tasks).await?
    };
    let loss = Loss {
        id: LossId::fresh(&*app.ids),
        onboarding: id,
        contact: who,
        name: known.name.clone(),
        noticed_on: today,
        leaves_on,
        note,
        state: State::begin(),
        tasks,
        made_by: actor.name.clone(),
        version: 1,
    };
    rows::insert(&mut tx, actor.workspace, &loss).await?;
    // Without a day they are treated as gone: nobody should count on them any more.
    keep(&mut tx, actor, Stakeholder { left_on: Some(leaves_on.unwrap_or(today)), ..known }).await?;
    let planned = loss.tasks.len();
    let are = if planned == 1 { "task is" } else { "tasks are" };
    let summary = format!("The champion {} leaves; {planned} {are} planned", loss.name);
    record(app, &mut tx, actor, &head, "people.champion_lost", summary).await?;
    tx.commit().await?;
    Ok(loss)
}

/// The steps of the protocol as tasks of the vendor.
fn steps(app: &App, gone: &Stakeholder, today: Date) -> Vec<NewTask> {
    let steps = &app.methodology.people.loss_steps;
    steps
        .iter()
        .map(|step| NewTask {
            name: format!("{}: {}", step.window, step.name.replace("{name}", &gone.name)),
            side: Side::Vendor,
            role: None,
            assignee: None,
            days: step.days,
            not_before: Some(today.saturating_add(i64::from(step.from_day.min(3650)).days())),
            finish_by: None,
            after: Vec::new(),
            phase: None,
            origin: Origin::ChampionLoss(gone.contact),
        })
        .collect()
}

/// Says who is meant to take over, and which criteria people see hold.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Stale`], [`AppError::Refusal`]
/// when it is over; or when the database fails.
#[boxed]
pub async fn watch(
    app: &App,
    actor: &Actor,
    id: LossId,
    version: i64,
    candidate: Option<ContactId>,
    said: Vec<String>,
) -> Result<Loss, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let known = read(&mut tx, actor, id, version).await?;
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    if let Some(who) = candidate {
        somebody(find(&mut tx, actor, known.onboarding, who).await)?;
    }
    let rules = &app.methodology.people.loss_criteria;
    if said.iter().any(|id| !rules.iter().any(|rule| rule.id == *id)) {
        return Err(AppError::Invalid(vec![Problem::new("said", "names a criterion that does not exist")]));
    }
    let state = known.state.clone().watch(known.contact, candidate, said).map_err(AppError::refused)?;
    let kept = store(&mut tx, actor, Loss { state, ..known }).await?;
    let summary = format!("Looked after the loss of {}", kept.name);
    record(app, &mut tx, actor, &head, "people.loss_watched", summary).await?;
    tx.commit().await?;
    Ok(kept)
}

/// Somebody took over: they are the champion from now on.
///
/// # Errors
/// As [`watch`].
#[boxed]
pub async fn confirm(
    app: &App,
    actor: &Actor,
    id: LossId,
    version: i64,
    successor: ContactId,
) -> Result<Loss, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let known = read(&mut tx, actor, id, version).await?;
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    let next = somebody(find(&mut tx, actor, known.onboarding, successor).await)?;
    let today = app.today();
    let state = known.state.clone().confirm(known.contact, successor, today).map_err(AppError::refused)?;
    let kept = store(&mut tx, actor, Loss { state, ..known }).await?;
    let first = app.methodology.people.champion.first().map(|phase| phase.id.clone());
    let champion = next.champion.clone().or(first);
    let next =
        keep(&mut tx, actor, Stakeholder { role: StakeholderRole::Champion, champion, ..next }).await?;
    part(app, &mut tx, actor, &next).await?;
    let summary = format!("{} took over from {} as champion", next.name, kept.name);
    record(app, &mut tx, actor, &head, "people.champion_succeeded", summary).await?;
    tx.commit().await?;
    Ok(kept)
}

/// Whoever is no stakeholder cannot take over.
fn somebody(found: Result<Stakeholder, AppError>) -> Result<Stakeholder, AppError> {
    found.map_err(|error| match error {
        AppError::NotFound { .. } => AppError::Invalid(vec![Problem::new(
            "successor",
            "is no stakeholder of this onboarding: add them first",
        )]),
        other => other,
    })
}

async fn read(tx: &mut Tx, actor: &Actor, id: LossId, version: i64) -> Result<Loss, AppError> {
    let known = rows::get(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("loss", id))?;
    version::fresh("loss", known.version, version)?;
    Ok(known)
}

async fn store(tx: &mut Tx, actor: &Actor, loss: Loss) -> Result<Loss, AppError> {
    let version = version::after("loss", loss.version, rows::change(tx, actor.workspace, &loss).await?)?;
    Ok(Loss { version, ..loss })
}
