//! What a running plan holds.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::TaskState;
use crate::ids::{ChangeRequestId, ContactId, PersonId, RegisterId};
use crate::package::GateCriterion;
use crate::plan::{Avoid, CalendarSpec, LinkSpec, Preference};
use crate::programme::{MilestoneKind, Side, Stage};

/// The plan of an onboarding with what happened to it. Dates follow from the rest: see [`super::reschedule`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunningPlan {
    /// What the plan stands on.
    pub ground: Ground,
    /// Phases in order.
    pub phases: Vec<RunningPhase>,
    /// Tasks in order of the plan.
    pub tasks: Vec<RunningTask>,
    /// Milestones in order of the plan.
    pub milestones: Vec<RunningMilestone>,
    /// Dependencies between tasks and milestones, by their codes.
    pub links: Vec<LinkSpec>,
}

/// What a plan stands on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ground {
    /// First day anything may start.
    pub starts_on: Date,
    /// Go-live the customer wants, when known.
    pub target: Option<Date>,
    /// The task that is the kickoff (code).
    pub kickoff: Option<String>,
    /// The task that is the go-live (code).
    pub go_live: Option<String>,
    /// The milestone that is the first value (code).
    pub first_value: Option<String>,
    /// Milestones of the definition of complete (codes).
    #[serde(default)]
    pub complete: Vec<String>,
    /// The parties' calendars.
    pub calendars: Vec<CalendarSpec>,
    /// The day the plan was last scheduled for: nothing open is planned before it.
    pub as_of: Date,
}

/// A phase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunningPhase {
    /// Id inside the plan.
    pub code: String,
    /// Name.
    pub name: String,
    /// Stage of the journey.
    pub stage: Stage,
    /// First day.
    pub start: Date,
    /// Last day.
    pub finish: Date,
}

/// A task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunningTask {
    /// Id inside the plan.
    pub code: String,
    /// Phase (its code).
    pub phase: String,
    /// What is done.
    pub name: String,
    /// Whose calendar it runs on, and who answers for it.
    pub side: Side,
    /// Role as people see it.
    pub role: String,
    /// Who does it.
    pub assignee: Option<Assignee>,
    /// Working days planned.
    pub days: u32,
    /// What ties it to dates.
    pub rule: TaskRule,
    /// How far it is.
    pub state: TaskState,
    /// Where it comes from.
    pub origin: Origin,
    /// First day: as it was when it has begun, else as planned.
    pub start: Date,
    /// Last day likewise.
    pub finish: Date,
    /// Latest start that moves neither go-live nor finish.
    pub late_start: Date,
    /// Latest finish likewise.
    pub late_finish: Date,
    /// Working days it can slip without moving go-live (or finish).
    pub slack: i64,
    /// Working days it can slip without moving a successor.
    pub free_slack: i64,
    /// On the chain that decides the go-live.
    pub critical: bool,
}

impl RunningTask {
    /// It should be further on this day: it should have begun, or should be done.
    #[must_use]
    pub fn is_behind(&self, today: Date) -> bool {
        match self.state {
            TaskState::Open | TaskState::Blocked { started: None, .. } => self.start < today,
            TaskState::Started { .. } | TaskState::Blocked { started: Some(_), .. } => self.finish < today,
            TaskState::Done { .. } | TaskState::Skipped { .. } => false,
        }
    }

    /// It is one of a task that repeats: the dates of the onboarding are not measured by it.
    #[must_use]
    pub fn is_recurring(&self) -> bool {
        matches!(self.origin, Origin::Recurring(_))
    }

    /// Its last planned day has passed and it is not done.
    #[must_use]
    pub fn is_overdue(&self, today: Date) -> bool {
        !self.state.is_over() && self.finish < today
    }
}

/// What ties a task to dates.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TaskRule {
    /// Does not start before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Date>,
    /// Must be finished by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finish_by: Option<Date>,
    /// Starts exactly then, as the kickoff does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixed_on: Option<Date>,
    /// As soon or as late as possible.
    pub prefer: Preference,
    /// Days on which it must not happen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avoid: Option<Avoid>,
}

/// Who does a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Assignee {
    /// A member of the workspace.
    Person {
        /// Who.
        id: PersonId,
        /// Their name.
        name: String,
    },
    /// A contact of the account.
    Contact {
        /// Who.
        id: ContactId,
        /// Their name.
        name: String,
    },
    /// Somebody of whom only the name is known.
    Name {
        /// The name.
        name: String,
    },
}

impl Assignee {
    /// Their name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Person { name, .. } | Self::Contact { name, .. } | Self::Name { name } => name,
        }
    }

    /// Who, when it is a member.
    #[must_use]
    pub fn person(&self) -> Option<PersonId> {
        match self {
            Self::Person { id, .. } => Some(*id),
            _ => None,
        }
    }

    /// Who, when it is a contact.
    #[must_use]
    pub fn contact(&self) -> Option<ContactId> {
        match self {
            Self::Contact { id, .. } => Some(*id),
            _ => None,
        }
    }
}

/// Where a task comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", content = "of", rename_all = "kebab-case")]
pub enum Origin {
    /// The programme.
    #[default]
    Programme,
    /// Somebody added it.
    Person,
    /// An action of the register.
    Action(RegisterId),
    /// A change request.
    ChangeRequest(ChangeRequestId),
    /// The champion was lost: the protocol for this contact.
    ChampionLoss(ContactId),
    /// A template for ad-hoc work (id of the methodology).
    Template(String),
    /// A task that repeats (id of the series).
    Recurring(String),
}

/// A milestone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunningMilestone {
    /// Id inside the plan.
    pub code: String,
    /// Phase (its code).
    pub phase: String,
    /// What is reached.
    pub name: String,
    /// Value or technical.
    pub kind: MilestoneKind,
    /// Whether nothing after it may start before its criteria hold.
    pub gate: bool,
    /// What must be true to pass.
    pub criteria: Vec<GateCriterion>,
    /// Criteria that people said are met, by their text.
    pub said: Vec<Said>,
    /// Date it is due.
    pub due: Date,
    /// Date the plan reaches it; the day it was reached once it is.
    pub planned: Date,
    /// The day it was reached.
    pub reached_on: Option<Date>,
    /// That it does not hold anything up any more, and why.
    pub waived: Option<Waiver>,
}

impl RunningMilestone {
    /// It is a gate that holds back what comes after it.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.gate && self.reached_on.is_none() && self.waived.is_none()
    }
}

/// A criterion somebody said is met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Said {
    /// The criterion in words.
    pub text: String,
    /// Who said so.
    pub by: String,
    /// When.
    pub on: Date,
}

/// Why a gate does not hold anything up any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Waiver {
    /// Who decided so.
    pub by: String,
    /// Since when it is open.
    pub on: Date,
    /// Why.
    pub reason: String,
}

/// The dates by which an onboarding is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    /// Go-live; the end where the plan has none.
    pub go_live: Date,
    /// The end.
    pub finish: Date,
}

/// What the ledger says of a change in other words than its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Because {
    /// Why.
    pub summary: String,
    /// Who answers for it.
    pub side: Side,
}

impl RunningPlan {
    /// The day its dates can be found again for: the one they were counted for, or a later one on which something is
    /// said to have happened without the days before it having been counted.
    #[must_use]
    pub fn stands_on(&self) -> Date {
        let tasks = self.tasks.iter().flat_map(|task| [task.state.started_on(), task.state.finished_on()]);
        let milestones = self.milestones.iter().map(|milestone| milestone.reached_on);
        tasks.chain(milestones).flatten().fold(self.ground.as_of, Date::max)
    }

    /// A task by its code.
    #[must_use]
    pub fn task(&self, code: &str) -> Option<&RunningTask> {
        self.tasks.iter().find(|task| task.code == code)
    }

    /// A milestone by its code.
    #[must_use]
    pub fn milestone(&self, code: &str) -> Option<&RunningMilestone> {
        self.milestones.iter().find(|milestone| milestone.code == code)
    }

    /// The name of a task or milestone; its code when there is none.
    #[must_use]
    pub fn name<'a>(&'a self, code: &'a str) -> &'a str {
        let task = self.task(code).map(|task| task.name.as_str());
        task.or_else(|| self.milestone(code).map(|milestone| milestone.name.as_str())).unwrap_or(code)
    }

    /// Who answers for a milestone: whoever does what leads right to it, by the role where nobody was chosen, each once. Work
    /// that was skipped leads nowhere.
    #[must_use]
    pub fn answer_for(&self, milestone: &str) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for link in self.links.iter().filter(|link| link.to == milestone) {
            let Some(task) = self.task(&link.from) else { continue };
            let name = task.assignee.as_ref().map_or(task.role.as_str(), Assignee::name);
            let counts = !matches!(task.state, TaskState::Skipped { .. }) && !name.is_empty();
            if counts && !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Go-live and end as they stand.
    #[must_use]
    pub fn promise(&self) -> Promise {
        let counts =
            |task: &&RunningTask| !matches!(task.state, TaskState::Skipped { .. }) && !task.is_recurring();
        let finish = self.tasks.iter().filter(counts);
        let finish = finish.map(|task| task.finish).max().unwrap_or(self.ground.starts_on);
        let go_live = self.ground.go_live.as_deref().and_then(|code| self.task(code));
        Promise { go_live: go_live.map_or(finish, |task| task.finish), finish }
    }

    /// The kickoff as it stands.
    #[must_use]
    pub fn kickoff_on(&self) -> Date {
        let kickoff = self.ground.kickoff.as_deref().and_then(|code| self.task(code));
        kickoff.map_or(self.ground.starts_on, |task| task.start)
    }

    /// The first value as it stands.
    #[must_use]
    pub fn first_value_on(&self) -> Option<Date> {
        let code = self.ground.first_value.as_deref()?;
        self.milestone(code).map(|milestone| milestone.planned)
    }

    /// First day of all work.
    #[must_use]
    pub fn starts_on(&self) -> Date {
        self.tasks.iter().map(|task| task.start).min().unwrap_or(self.ground.starts_on)
    }

    /// Calendar days by which the go-live misses the wanted one; 0 when it does not.
    #[must_use]
    pub fn late_days(&self) -> i64 {
        let target = self.ground.target;
        target.map_or(0, |wanted| i64::from((self.promise().go_live - wanted).get_days()).max(0))
    }
}
