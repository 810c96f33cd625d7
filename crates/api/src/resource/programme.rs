//! Programmes: the versioned templates onboardings are made from.

use axum::Json;
use axum::extract::State;
use gangway_app::programme::{self, Which};
use gangway_domain::programme::{
    Amount, MilestoneKind, MilestoneTemplate, Phase, Programme, Role, Side, Stage, TaskTemplate,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::caller::{Caller, Here};
use crate::page::Page;
use crate::problem::Problem;

pub(crate) mod draft;
pub(crate) mod trial;
pub(crate) mod version;

/// A programme in a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgrammeLine, example = json!({
    "id": "mid-market", "version": 1, "name": "Mid-Market", "segment": "mid-market", "summary": "A guided onboarding.",
    "duration_days": [45, 90], "go_live_day": 60, "complete_day": 90, "lead_days": 10
}))]
pub(crate) struct ProgrammeLine {
    /// Id.
    id: String,
    /// Version; raised by every published change.
    version: u32,
    /// Name people see.
    name: String,
    /// Segment it is made for.
    segment: String,
    /// What it is and for whom.
    summary: String,
    /// Shortest and longest usual duration, calendar days from kickoff.
    duration_days: [u32; 2],
    /// Calendar day (kickoff is day 0) on which a standard deal goes live.
    go_live_day: u32,
    /// Calendar day by which a standard onboarding is complete.
    complete_day: u32,
    /// Calendar days before kickoff at which preparation starts.
    lead_days: u32,
}

impl From<&Programme> for ProgrammeLine {
    fn from(programme: &Programme) -> Self {
        Self {
            id: programme.id.clone(),
            version: programme.version,
            name: programme.name.clone(),
            segment: programme.segment.clone(),
            summary: programme.summary.clone(),
            duration_days: programme.duration_days,
            go_live_day: programme.go_live_day,
            complete_day: programme.complete_day,
            lead_days: programme.lead_days,
        }
    }
}

/// A programme with its roles, phases, tasks and milestones.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Programme)]
pub(crate) struct ProgrammeOut {
    /// Its head.
    #[serde(flatten)]
    head: ProgrammeLine,
    /// Whose people take part.
    roles: Vec<RoleOut>,
    /// The phases in order.
    phases: Vec<PhaseOut>,
    /// The tasks.
    tasks: Vec<TaskOut>,
    /// Milestones and gates.
    milestones: Vec<MilestoneOut>,
}

/// A role in a programme.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgrammeRole)]
pub(crate) struct RoleOut {
    /// Id.
    id: String,
    /// Name people see.
    name: String,
    /// `vendor` or `customer`.
    #[schema(value_type = String)]
    side: Side,
    /// What the role does.
    does: String,
}

/// A phase of a programme.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgrammePhase)]
pub(crate) struct PhaseOut {
    /// Id.
    id: String,
    /// Name people see.
    name: String,
    /// Stage of the journey.
    #[schema(value_type = String)]
    stage: Stage,
    /// What is true at its end.
    goal: String,
}

/// A task of a programme.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgrammeTask)]
pub(crate) struct TaskOut {
    /// Id.
    id: String,
    /// Phase (id).
    phase: String,
    /// What is done; `{…}` stands for what the deal says.
    name: String,
    /// `vendor`, `customer` or `joint`.
    #[schema(value_type = String)]
    owner: Side,
    /// Role (id).
    role: String,
    /// Working days: a number, or a rule over the deal's facts.
    days: String,
    /// Predecessors.
    after: Vec<String>,
    /// Only when this rule holds for the deal.
    #[schema(required = true)]
    when: Option<String>,
}

/// A milestone of a programme.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgrammeMilestone)]
pub(crate) struct MilestoneOut {
    /// Id.
    id: String,
    /// Phase (id).
    phase: String,
    /// What is reached.
    name: String,
    /// `value` or `technical`.
    #[schema(value_type = String)]
    kind: MilestoneKind,
    /// Whether nothing after it may start before its criteria hold.
    gate: bool,
}

impl From<&Programme> for ProgrammeOut {
    fn from(programme: &Programme) -> Self {
        let role = |role: &Role| RoleOut {
            id: role.id.clone(),
            name: role.name.clone(),
            side: role.side,
            does: role.does.clone(),
        };
        let phase = |phase: &Phase| PhaseOut {
            id: phase.id.clone(),
            name: phase.name.clone(),
            stage: phase.stage,
            goal: phase.goal.clone(),
        };
        Self {
            head: programme.into(),
            roles: programme.roles.iter().map(role).collect(),
            phases: programme.phases.iter().map(phase).collect(),
            tasks: programme.tasks.iter().map(task).collect(),
            milestones: programme.milestones.iter().map(milestone).collect(),
        }
    }
}

fn task(task: &TaskTemplate) -> TaskOut {
    TaskOut {
        id: task.id.clone(),
        phase: task.phase.clone(),
        name: task.name.clone(),
        owner: task.owner,
        role: task.role.clone(),
        days: match &task.days {
            Amount::Fixed(days) => days.to_string(),
            Amount::Rule(rule) => rule.clone(),
        },
        after: task.after.clone(),
        when: task.when.clone(),
    }
}

fn milestone(milestone: &MilestoneTemplate) -> MilestoneOut {
    MilestoneOut {
        id: milestone.id.clone(),
        phase: milestone.phase.clone(),
        name: milestone.name.clone(),
        kind: milestone.kind,
        gate: milestone.gate,
    }
}

/// List programmes
///
/// Those in force for new onboardings, on one page.
#[utoipa::path(get, path = "/programmes", operation_id = "list_programmes", tag = "Programmes",
    responses((status = 200, description = "The programmes.", body = Page<ProgrammeLine>)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
) -> Result<Json<Page<ProgrammeLine>>, Problem> {
    let all = programme::list(&api.app, &caller.actor).await?;
    Ok(Json(Page::whole(all.iter().map(|line| ProgrammeLine::from(&line.programme)))))
}

/// Get a programme
///
/// With its roles, phases, tasks and milestones.
#[utoipa::path(get, path = "/programmes/{id}", operation_id = "get_programme", tag = "Programmes",
    params(("id" = String, Path, description = "Id of the programme.", example = "mid-market")),
    responses((status = 200, description = "The programme.", body = ProgrammeOut)))]
pub(crate) async fn get(Here(api, caller, names): Here) -> Result<Json<ProgrammeOut>, Problem> {
    let shown = programme::get(&api.app, &caller.actor, names.text(0), Which::InForce).await?;
    let programme = shown.programme.ok_or_else(|| Problem::missing("programme", names.text(0)))?;
    Ok(Json((&programme).into()))
}
