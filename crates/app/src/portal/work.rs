//! The plan as a guest sees it: phases, milestones, and the tasks that are theirs or both sides'.
//!
//! What the vendor does alone, and what happens before the customer is there, is not part of it.

use gangway_domain::ids::TaskId;
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::outcome::Answer;
use gangway_domain::portal::{PortalRole, Resource, Right};
use gangway_domain::programme::{Side, Stage};
use gangway_domain::work::{
    Assignee, RunningMilestone, RunningPhase, RunningPlan, RunningTask, held, lateness, live_on,
};
use gangway_store::work::{self as rows, Stored, baseline};
use gangway_store::{Tx, contact, membership, onboarding, outcome};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use super::{PortalTodo, words};
use crate::boxed;
use crate::error::AppError;
use crate::transition::{Afterwards, afterwards};
use crate::{Actor, App, Guest, register};

/// Days ahead that tasks are announced.
const SOON: i32 = 14;

/// Where an onboarding stands, on the first page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Overview {
    /// The customer.
    pub customer: String,
    /// What was bought.
    pub product: String,
    /// `planned`, `running`, `completed` or `closed`.
    pub state: &'static str,
    /// The day it was looked at.
    pub today: Date,
    /// Kickoff.
    pub kickoff_on: Date,
    /// Go-live as planned now.
    pub go_live_on: Date,
    /// The end as planned now.
    pub finish_on: Date,
    /// The phases in order.
    pub phases: Vec<PhaseLine>,
    /// The day it went live, once it has.
    pub live_on: Option<Date>,
    /// How late the go-live is; nothing when it is not, or the onboarding is over.
    pub late: Option<Late>,
    /// Outcomes the customer confirmed, and all there are.
    pub outcomes: [usize; 2],
    /// What is reached next; nothing once the onboarding is over.
    pub next_milestone: Option<MilestoneLine>,
    /// Tasks of the customer and of both that are done.
    pub done: usize,
    /// All of them.
    pub total: usize,
    /// Whom they turn to.
    pub contact_person: Option<ContactPerson>,
    /// Who looks after them once it is over, and that it is; nothing before they were told.
    pub afterwards: Option<Afterwards>,
}

/// How late the go-live is, and what it waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Late {
    /// The day it was to be by.
    pub promised_on: Date,
    /// Calendar days after it.
    pub days: i64,
    /// Its planned day has passed, too.
    pub is_past: bool,
    /// Tasks of the customer, or of both, whose day has passed.
    pub overdue: usize,
}

/// Whom the customer turns to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContactPerson {
    /// Name.
    pub name: String,
    /// Mail address.
    pub email: String,
}

/// A phase in a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PhaseLine {
    /// Name.
    pub name: String,
    /// First day.
    pub starts_on: Date,
    /// Last day.
    pub finishes_on: Date,
    /// It is the one the onboarding is in.
    pub here: bool,
}

/// A milestone in a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MilestoneLine {
    /// What is reached.
    pub name: String,
    /// The day as planned now.
    pub due_on: Date,
    /// The day it was reached.
    pub reached_on: Option<Date>,
    /// Nothing after it begins before it is reached.
    pub is_gate: bool,
}

/// A task in a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TaskLine {
    /// Id.
    pub id: String,
    /// What is done.
    pub title: String,
    /// First day.
    pub starts_on: Date,
    /// Last day.
    pub due_on: Date,
    /// `open`, `started`, `blocked`, `done` or `skipped`.
    pub state: &'static str,
    /// `customer` or `joint`.
    pub side: &'static str,
    /// It is this guest's to do.
    pub mine: bool,
    /// Who does it, when it is known.
    pub assignee: Option<String>,
    /// Its last day has passed.
    pub overdue: bool,
}

/// A phase with what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PhasePlan {
    /// Name.
    pub name: String,
    /// First day.
    pub starts_on: Date,
    /// Last day.
    pub finishes_on: Date,
    /// It is the one the onboarding is in.
    pub here: bool,
    /// Its milestones.
    pub milestones: Vec<MilestoneLine>,
    /// Its tasks that are the customer's or both sides'.
    pub tasks: Vec<TaskLine>,
}

/// The plan of an onboarding as a guest reaches it.
pub(super) struct Theirs {
    /// The plan with what its rows know beside.
    pub stored: Stored,
    /// The guest's name; empty when others of their account have it too, so that it does not say who is meant.
    pub name: String,
}

impl Theirs {
    pub(super) async fn read(tx: &mut Tx, guest: &Guest) -> Result<Option<Self>, AppError> {
        match rows::get(tx, guest.workspace, guest.onboarding).await? {
            Some(stored) => Ok(Some(Self::of(tx, guest, stored).await?)),
            None => Ok(None),
        }
    }

    /// A plan that was read already, as a guest reaches it.
    pub(super) async fn of(tx: &mut Tx, guest: &Guest, stored: Stored) -> Result<Self, AppError> {
        let known = contact::get(tx, guest.workspace, guest.contact).await?;
        let name = match known {
            Some(known) if contact::is_only_of_name(tx, guest.workspace, &known).await? => known.name,
            _ => String::new(),
        };
        Ok(Self { stored, name })
    }

    /// The plan; when nobody has begun it there is none.
    pub(super) async fn find(tx: &mut Tx, guest: &Guest) -> Result<Self, AppError> {
        Self::read(tx, guest).await?.ok_or_else(|| AppError::missing("plan", guest.onboarding))
    }

    /// The same in the language of the guest, to be shown.
    pub(super) fn in_words_of(mut self, app: &App, guest: &Guest) -> Self {
        words::translate(app, guest.language, &mut self.stored.plan);
        self
    }

    /// The plan in the language of the guest, to be shown; nothing before somebody has begun it.
    pub(super) async fn told(app: &App, tx: &mut Tx, guest: &Guest) -> Result<Option<Self>, AppError> {
        Ok(Self::read(tx, guest).await?.map(|theirs| theirs.in_words_of(app, guest)))
    }

    /// The planned day of a go-live that has not happened.
    pub(super) fn awaited_go_live(&self) -> Option<Date> {
        let plan = &self.stored.plan;
        live_on(plan).is_none().then(|| plan.promise().go_live)
    }

    /// Phases the customer takes part in.
    fn phases(&self) -> impl Iterator<Item = &RunningPhase> {
        self.stored
            .plan
            .phases
            .iter()
            .filter(move |phase| phase.stage != Stage::Handoff || self.has_any(phase))
    }

    /// A phase of the handoff is the vendor's alone unless the customer has something to do in it.
    fn has_any(&self, phase: &RunningPhase) -> bool {
        self.stored.plan.tasks.iter().any(|task| task.phase == phase.code && is_shared(task))
    }

    fn milestones(&self) -> impl Iterator<Item = &RunningMilestone> {
        let plan = &self.stored.plan;
        plan.milestones.iter().filter(move |milestone| is_known(plan, milestone))
    }

    /// Tasks this guest sees, whether somebody does them or not.
    pub(super) fn tasks<'a>(&'a self, guest: &'a Guest) -> impl Iterator<Item = &'a RunningTask> {
        self.stored.plan.tasks.iter().filter(move |task| is_shared(task) && self.sees(guest, task))
    }

    fn sees(&self, guest: &Guest, task: &RunningTask) -> bool {
        if is_mine(guest, &self.name, task) {
            guest.may(Resource::OwnTask, Right::See)
        } else {
            guest.may(Resource::AnyTask, Right::See)
        }
    }

    /// A task this guest sees, by its id.
    pub(super) fn task<'a>(&'a self, guest: &Guest, id: TaskId) -> Option<&'a RunningTask> {
        let (code, _) = self.stored.tasks.iter().find(|(_, facts)| facts.id == id)?;
        let task = self.stored.plan.task(code)?;
        (is_shared(task) && self.sees(guest, task)).then_some(task)
    }

    /// What a task has to wait for: the milestone by which a closed gate holds it. It is nameless when the customer
    /// does not know of it.
    pub(super) fn held_by(&self, task: &RunningTask) -> Option<String> {
        let plan = &self.stored.plan;
        let gate = held(plan).get(task.code.as_str()).copied().filter(|_| !task.state.is_over())?;
        Some(if is_known(plan, gate) { gate.name.clone() } else { String::new() })
    }

    /// Whether this guest may act on it.
    pub(super) fn may_do(&self, guest: &Guest, task: &RunningTask) -> bool {
        if is_mine(guest, &self.name, task) {
            guest.may(Resource::OwnTask, Right::Do)
        } else {
            guest.may(Resource::AnyTask, Right::Do)
        }
    }

    pub(super) fn line(&self, guest: &Guest, task: &RunningTask, today: Date) -> TaskLine {
        TaskLine {
            id: self.stored.tasks.get(&task.code).map(|facts| facts.id.to_string()).unwrap_or_default(),
            title: task.name.clone(),
            starts_on: task.start,
            due_on: task.finish,
            state: task.state.word(),
            side: if task.side == Side::Joint { "joint" } else { "customer" },
            mine: is_mine(guest, &self.name, task),
            assignee: assignee_of(task),
            overdue: task.is_overdue(today),
        }
    }
}

/// The customer does it, or both do.
fn is_shared(task: &RunningTask) -> bool {
    match task.side {
        Side::Customer | Side::Joint => true,
        Side::Vendor => matches!(task.assignee, Some(Assignee::Contact { .. })),
    }
}

/// Of the team only the first name would help nobody: a member is shown by name, as they sign their mail.
fn assignee_of(task: &RunningTask) -> Option<String> {
    task.assignee.as_ref().map(|assignee| assignee.name().to_owned())
}

/// Whether it is theirs: it is given to them, or to a name that is theirs alone, or it is the customer's, nobody's, and
/// they lead.
pub(super) fn is_mine(guest: &Guest, name: &str, task: &RunningTask) -> bool {
    match &task.assignee {
        Some(Assignee::Contact { id, .. }) => *id == guest.contact,
        Some(Assignee::Name { name: known }) => {
            !name.is_empty() && contact::name_key(known) == contact::name_key(name)
        }
        Some(Assignee::Person { .. }) => false,
        None => task.side == Side::Customer && guest.role == PortalRole::Lead,
    }
}

fn milestone_line(milestone: &RunningMilestone) -> MilestoneLine {
    MilestoneLine {
        name: milestone.name.clone(),
        due_on: milestone.planned,
        reached_on: milestone.reached_on,
        is_gate: milestone.gate,
    }
}

/// The milestones the customer knows of, in order of their days.
pub(super) fn open_milestones(plan: &RunningPlan) -> Vec<MilestoneLine> {
    let known = plan.milestones.iter().filter(|milestone| is_known(plan, milestone));
    let mut all: Vec<MilestoneLine> = known.map(milestone_line).collect();
    all.sort_by_key(|milestone| milestone.due_on);
    all
}

/// It is not one of the vendor's own handoff.
fn is_known(plan: &RunningPlan, milestone: &RunningMilestone) -> bool {
    let phase = plan.phases.iter().find(|phase| phase.code == milestone.phase);
    phase.is_some_and(|phase| phase.stage != Stage::Handoff)
}

/// The phase a day is in: the last that has begun.
fn here(plan: &RunningPlan, today: Date) -> Option<&str> {
    plan.phases.iter().rfind(|phase| phase.start <= today).map(|phase| phase.code.as_str())
}

/// Tasks that wait for a guest.
pub(super) fn todo_of(theirs: &Theirs, guest: &Guest, today: Date) -> Vec<PortalTodo> {
    if !guest.may(Resource::OwnTask, Right::See) {
        return Vec::new();
    }
    let soon = today.saturating_add(SOON.days());
    // What a closed gate holds cannot be done yet: it waits for others, not for the guest.
    let behind = held(&theirs.stored.plan);
    let waits = theirs
        .tasks(guest)
        .filter(|task| !task.state.is_over() && is_mine(guest, &theirs.name, task) && task.start <= soon)
        .filter(|task| !behind.contains_key(task.code.as_str()));
    waits
        .map(|task| {
            let line = theirs.line(guest, task, today);
            PortalTodo {
                kind: "task",
                href: format!("/portal/tasks/{}", line.id),
                title: line.title,
                due: Some(line.due_on),
                overdue: line.overdue,
            }
        })
        .collect()
}

/// Where the onboarding stands.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn overview(app: &App, actor: &Actor) -> Result<Overview, AppError> {
    let guest = actor.require_guest(Resource::Overview, Right::See)?;
    let mut tx = app.db.read().await?;
    let theirs = Theirs::told(app, &mut tx, guest).await?;
    overview_of(app, &mut tx, actor, guest, theirs.as_ref()).await
}

/// Where the onboarding stands, and what waits for the guest: the first page, from one reading of the plan.
///
/// # Errors
/// As [`overview`].
#[boxed]
pub async fn home(app: &App, actor: &Actor) -> Result<(Overview, Vec<PortalTodo>), AppError> {
    let guest = actor.require_guest(Resource::Overview, Right::See)?;
    let mut tx = app.db.read().await?;
    let theirs = Theirs::told(app, &mut tx, guest).await?;
    let overview = overview_of(app, &mut tx, actor, guest, theirs.as_ref()).await?;
    let todo = super::todo::todo_of(app, &mut tx, guest, theirs.as_ref(), overview.today).await?;
    Ok((overview, todo))
}

/// Where the onboarding stands, by its plan in the language of the guest.
async fn overview_of(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    guest: &Guest,
    theirs: Option<&Theirs>,
) -> Result<Overview, AppError> {
    let today = app.today();
    let head = register::onboarding(tx, actor, guest.onboarding).await?;
    let contact_person = contact_person(tx, guest).await?;
    let afterwards = afterwards(app, tx, guest).await?;
    let mut overview = Overview {
        customer: head.customer,
        product: head.product,
        state: match head.state {
            OnboardingState::Planned => "planned",
            OnboardingState::Running => "running",
            OnboardingState::Completed => "completed",
            OnboardingState::Closed { .. } => "closed",
        },
        today,
        kickoff_on: head.kickoff_on,
        go_live_on: head.go_live_on,
        finish_on: head.finish_on,
        phases: Vec::new(),
        live_on: None,
        late: None,
        outcomes: confirmed(tx, guest).await?,
        next_milestone: None,
        done: 0,
        total: 0,
        contact_person,
        afterwards,
    };
    let Some(theirs) = theirs else { return Ok(overview) };
    let promise = theirs.stored.plan.promise();
    overview.go_live_on = promise.go_live;
    overview.finish_on = promise.finish;
    overview.kickoff_on = theirs.stored.plan.kickoff_on();
    let is_over = head.state.is_over();
    overview.live_on = live_on(&theirs.stored.plan);
    overview.late = if is_over { None } else { late(tx, guest, &theirs.stored.plan, today).await? };
    let now = here(&theirs.stored.plan, today).filter(|_| !is_over);
    overview.phases = theirs
        .phases()
        .map(|phase| PhaseLine {
            name: phase.name.clone(),
            starts_on: phase.start,
            finishes_on: phase.finish,
            here: now == Some(phase.code.as_str()),
        })
        .collect();
    let open = theirs.milestones().filter(|one| !is_over && one.reached_on.is_none() && one.waived.is_none());
    overview.next_milestone = open.min_by_key(|one| one.planned).map(milestone_line);
    // Counted over all the customer's, so that every guest reads the same numbers.
    let shared = || theirs.stored.plan.tasks.iter().filter(|task| is_shared(task));
    overview.total = shared().count();
    overview.done = shared().filter(|task| task.state.is_over()).count();
    Ok(overview)
}

/// How late the go-live is, as far as the customer can do something about it.
async fn late(tx: &mut Tx, guest: &Guest, plan: &RunningPlan, today: Date) -> Result<Option<Late>, AppError> {
    let agreed = baseline::list(tx, guest.workspace, guest.onboarding).await?;
    let agreed = agreed.last().map(|agreed| agreed.go_live_on);
    let overdue = plan.tasks.iter().filter(|task| is_shared(task) && task.is_overdue(today)).count();
    Ok(lateness(plan, agreed, today).map(|late| Late {
        promised_on: late.promised_on,
        days: late.days,
        is_past: late.is_past,
        overdue,
    }))
}

/// Outcomes the customer confirmed, and all there are.
async fn confirmed(tx: &mut Tx, guest: &Guest) -> Result<[usize; 2], AppError> {
    let all = outcome::of_onboarding(tx, guest.workspace, guest.onboarding).await?;
    let is_there = |one: &&outcome::Outcome| one.answer.as_ref().is_some_and(Answer::is_yes);
    Ok([all.iter().filter(is_there).count(), all.len()])
}

/// Whoever runs the onboarding.
pub(super) async fn contact_person(tx: &mut Tx, guest: &Guest) -> Result<Option<ContactPerson>, AppError> {
    let Some((owner, _)) = onboarding::owner(tx, guest.workspace, guest.onboarding).await? else {
        return Ok(None);
    };
    let member = membership::get(tx, guest.workspace, owner).await?;
    Ok(member.map(|member| ContactPerson { name: member.name, email: member.email }))
}

/// The plan.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn plan(app: &App, actor: &Actor) -> Result<Vec<PhasePlan>, AppError> {
    let guest = actor.require_guest(Resource::Plan, Right::See)?;
    let today = app.today();
    let mut tx = app.db.read().await?;
    let theirs = Theirs::find(&mut tx, guest).await?.in_words_of(app, guest);
    let head = register::onboarding(&mut tx, actor, guest.onboarding).await?;
    let now = here(&theirs.stored.plan, today).filter(|_| !head.state.is_over());
    Ok(theirs
        .phases()
        .map(|phase| PhasePlan {
            name: phase.name.clone(),
            starts_on: phase.start,
            finishes_on: phase.finish,
            here: now == Some(phase.code.as_str()),
            milestones: theirs
                .milestones()
                .filter(|milestone| milestone.phase == phase.code)
                .map(milestone_line)
                .collect(),
            tasks: theirs
                .tasks(guest)
                .filter(|task| task.phase == phase.code)
                .map(|task| theirs.line(guest, task, today))
                .collect(),
        })
        .collect())
}
