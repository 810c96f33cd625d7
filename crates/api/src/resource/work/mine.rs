//! What waits for whoever asks.

use axum::Json;
use axum::extract::State;
use gangway_app::launch::LateClock;
use gangway_app::work::{self, MyWork};
use gangway_store::work::mine::{Mentioned, Mine};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::resource::instant;

/// What waits for the owner of the token.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MyWork)]
pub(crate) struct MyWorkOut {
    /// Should be done.
    overdue: Vec<MineOut>,
    /// To be done today, or being worked.
    today: Vec<MineOut>,
    /// Begins within the next seven days.
    week: Vec<MineOut>,
    /// Tasks of customers, in onboardings they run, that are blocked or should be done.
    waiting_for_customers: Vec<MineOut>,
    /// Comments that name them and that they have not seen.
    mentions: Vec<MentionOut>,
    /// Onboardings (ids) whose customers they are asked to take over.
    handovers: Vec<String>,
    /// Clocks that have run out: issues of onboardings they run, promises of customers they took over.
    late: Vec<LateClockOut>,
}

/// A clock that has run out.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LateClock, example = json!({
    "clock": "resolution", "onboarding": "onb_01900000000070008000000000000001", "customer": "Acme Manufacturing",
    "name": "H-1 Nobody can sign in", "note": "Critical: solution was due 1 Mar 2027, 11:00", "due_on": "2027-03-01"
}))]
pub(crate) struct LateClockOut {
    /// `answer` or `resolution` of an issue, or `promise`.
    clock: &'static str,
    /// The onboarding.
    onboarding: String,
    /// The customer.
    customer: String,
    /// What it is about.
    name: String,
    /// What was due, in words.
    note: String,
    /// The day it was due.
    due_on: Date,
}

impl From<LateClock> for LateClockOut {
    fn from(one: LateClock) -> Self {
        Self {
            clock: one.clock.word(),
            onboarding: one.onboarding.to_string(),
            customer: one.customer,
            name: one.name,
            note: one.note,
            due_on: one.on,
        }
    }
}

/// A task that waits for somebody.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MyTask, example = json!({
    "id": "tsk_01900000000070008000000000000001", "onboarding": "onb_01900000000070008000000000000001",
    "customer": "Acme Manufacturing", "code": "kickoff-meeting", "name": "Kickoff meeting", "side": "joint",
    "starts_on": "2027-01-11", "finishes_on": "2027-01-11", "status": "open", "because": null, "critical": true
}))]
pub(crate) struct MineOut {
    /// Id.
    id: String,
    /// The onboarding.
    onboarding: String,
    /// The customer.
    customer: String,
    /// Id inside the plan.
    code: String,
    /// What is done.
    name: String,
    /// `vendor`, `customer` or `joint`.
    side: String,
    /// First day.
    starts_on: Date,
    /// Last day.
    finishes_on: Date,
    /// `open`, `started` or `blocked`.
    status: String,
    /// Why it is blocked.
    #[schema(required = true)]
    because: Option<String>,
    /// On the chain that decides the go-live.
    critical: bool,
}

/// A comment that names somebody.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Mention, example = json!({
    "id": "cmt_01900000000070008000000000000001", "onboarding": "onb_01900000000070008000000000000001",
    "customer": "Acme Manufacturing", "at": "2027-01-12T10:00:00Z", "by": "Ines Okafor", "said": "@Jonas the sandbox is ready"
}))]
pub(crate) struct MentionOut {
    /// Id of the comment.
    id: String,
    /// The onboarding.
    onboarding: String,
    /// The customer.
    customer: String,
    /// When.
    at: jiff::Timestamp,
    /// Who wrote it.
    by: String,
    /// What was said.
    said: String,
}

impl From<Mine> for MineOut {
    fn from(task: Mine) -> Self {
        Self {
            id: task.id.to_string(),
            onboarding: task.onboarding.to_string(),
            customer: task.customer,
            code: task.code,
            name: task.name,
            side: task.side,
            starts_on: task.starts_on,
            finishes_on: task.finishes_on,
            status: task.status,
            because: task.because,
            critical: task.critical,
        }
    }
}

impl From<Mentioned> for MentionOut {
    fn from(mention: Mentioned) -> Self {
        Self {
            id: mention.id.to_string(),
            onboarding: mention.onboarding.to_string(),
            customer: mention.customer,
            at: instant(mention.at),
            by: mention.by,
            said: mention.said,
        }
    }
}

/// What waits for the owner of the token
///
/// Over all onboardings: their tasks, nobody's tasks in onboardings they run, what customers owe, and who named them.
#[utoipa::path(get, path = "/my-work", operation_id = "get_my_work", tag = "Plan",
    responses((status = 200, description = "Their work.", body = MyWorkOut)))]
pub(crate) async fn get(State(api): State<Api>, caller: Caller) -> Result<Json<MyWorkOut>, Problem> {
    let MyWork { overdue, today, week, waiting, mentions, handovers, late, .. } =
        work::my_work(&api.app, &caller.actor).await?;
    let out = |tasks: Vec<Mine>| tasks.into_iter().map(MineOut::from).collect();
    Ok(Json(MyWorkOut {
        overdue: out(overdue),
        today: out(today),
        week: out(week),
        waiting_for_customers: out(waiting),
        mentions: mentions.into_iter().map(MentionOut::from).collect(),
        handovers: handovers.into_iter().map(|(id, _)| id.to_string()).collect(),
        late: late.into_iter().map(LateClockOut::from).collect(),
    }))
}
