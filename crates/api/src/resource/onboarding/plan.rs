//! The plan of an onboarding.

use axum::Json;
use gangway_app::onboarding::plan::{Rows, rows};
use gangway_store::link::Link;
use gangway_store::milestone::Milestone;
use gangway_store::phase::Phase;
use gangway_store::task::Task;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use crate::caller::Here;
use crate::problem::Problem;

/// The plan of an onboarding.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Plan {
    /// Phases in order.
    phases: Vec<PlanPhase>,
    /// Tasks in order of the plan.
    tasks: Vec<PlanTask>,
    /// Milestones and gates in order of the plan.
    milestones: Vec<PlanMilestone>,
    /// Dependencies between tasks and milestones.
    links: Vec<PlanLink>,
}

/// A phase.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "code": "kickoff", "name": "Kickoff", "stage": "kickoff", "starts_on": "2027-01-11", "finishes_on": "2027-01-15"
}))]
pub(crate) struct PlanPhase {
    /// Id inside the plan.
    code: String,
    /// Name.
    name: String,
    /// Stage of the journey.
    stage: String,
    /// First day.
    starts_on: Date,
    /// Last day.
    finishes_on: Date,
}

/// A task.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "tsk_01900000000070008000000000000001", "code": "kickoff-meeting", "phase": "kickoff", "name": "Kickoff meeting",
    "side": "joint", "role": "Onboarding manager", "assignee": null, "days": 1, "starts_on": "2027-01-11",
    "finishes_on": "2027-01-11", "slack": 0, "critical": true
}))]
pub(crate) struct PlanTask {
    /// Id.
    id: String,
    /// Id inside the plan.
    code: String,
    /// Phase (its code).
    phase: String,
    /// What is done.
    name: String,
    /// `vendor`, `customer` or `joint`.
    side: String,
    /// Role as people see it.
    role: String,
    /// Person, when known.
    #[schema(required = true)]
    assignee: Option<String>,
    /// Working days.
    days: i64,
    /// First day.
    starts_on: Date,
    /// Last day.
    finishes_on: Date,
    /// Working days it can slip without moving go-live.
    slack: i64,
    /// On the critical path.
    critical: bool,
}

/// A milestone.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "mil_01900000000070008000000000000001", "code": "scope-signed", "phase": "kickoff", "name": "Scope agreed",
    "kind": "value", "gate": true, "due_on": "2027-01-18", "planned_on": "2027-01-15"
}))]
pub(crate) struct PlanMilestone {
    /// Id.
    id: String,
    /// Id inside the plan.
    code: String,
    /// Phase (its code).
    phase: String,
    /// What is reached.
    name: String,
    /// `value` or `technical`.
    kind: String,
    /// Whether nothing after it may start before its criteria hold.
    gate: bool,
    /// Date it is due.
    due_on: Date,
    /// Date the plan reaches it.
    planned_on: Date,
}

/// A dependency.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({ "from": "kickoff-meeting", "to": "scope-signed", "kind": "FS", "lag": 0 }))]
pub(crate) struct PlanLink {
    /// Code of the predecessor.
    from: String,
    /// Code of the successor.
    to: String,
    /// `FS`, `SS`, `FF` or `SF`.
    kind: String,
    /// Working days in between; may be negative.
    lag: i64,
}

impl From<Rows> for Plan {
    fn from(rows: Rows) -> Self {
        let Rows { phases, tasks, milestones, links } = rows;
        Self {
            phases: phases.into_iter().map(phase).collect(),
            tasks: tasks.into_iter().map(task).collect(),
            milestones: milestones.into_iter().map(milestone).collect(),
            links: links.into_iter().map(link).collect(),
        }
    }
}

fn phase(row: Phase) -> PlanPhase {
    let Phase { code, name, stage, starts_on, finishes_on } = row;
    PlanPhase { code, name, stage, starts_on, finishes_on }
}

fn task(row: Task) -> PlanTask {
    let Task {
        id,
        code,
        phase,
        name,
        side,
        role,
        assignee,
        days,
        starts_on,
        finishes_on,
        slack,
        critical,
        ..
    } = row;
    let id = id.to_string();
    PlanTask { id, code, phase, name, side, role, assignee, days, starts_on, finishes_on, slack, critical }
}

fn milestone(row: Milestone) -> PlanMilestone {
    let Milestone { id, code, phase, name, kind, gate, due_on, planned_on, .. } = row;
    PlanMilestone { id: id.to_string(), code, phase, name, kind, gate, due_on, planned_on }
}

fn link(row: Link) -> PlanLink {
    let Link { from_code, to_code, kind, lag } = row;
    PlanLink { from: from_code, to: to_code, kind, lag }
}

/// Get the plan of an onboarding
///
/// Phases, tasks, milestones and dependencies with dates on both sides' calendars.
#[utoipa::path(get, path = "/onboardings/{id}/plan", operation_id = "get_onboarding_plan", tag = "Onboardings",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "The plan.", body = Plan)))]
pub(crate) async fn plan(Here(api, caller, names): Here) -> Result<Json<Plan>, Problem> {
    Ok(Json(rows(&api.app, &caller.actor, names.id("onboarding")?).await?.into()))
}
