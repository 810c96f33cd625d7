//! What waits for whoever asks.

use axum::Json;
use axum::extract::State;
use gangway_app::launch::LateClock;
use gangway_app::work::{self, MyWork};
use gangway_store::work::duty::{OpenEscalation, OpenRequest, OwnEntry, OwnMeeting};
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
    /// Planned meetings of the next seven days, and those of the last seven nobody has said anything of: of onboardings
    /// they run, or to which they are invited.
    meetings: Vec<MyMeetingOut>,
    /// Change requests that wait for approvals, in onboardings they run.
    change_requests: Vec<MyRequestOut>,
    /// Escalations nobody has answered, in onboardings they run.
    escalations: Vec<MyEscalationOut>,
    /// Open risks, issues, decisions and actions they answer for: due within seven days, or without a day (no risks).
    entries: Vec<MyEntryOut>,
}

/// A meeting that is planned.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MyMeeting, example = json!({
    "id": "mtg_01900000000070008000000000000001", "onboarding": "onb_01900000000070008000000000000001",
    "customer": "Acme Manufacturing", "title": "Steering", "on": "2027-01-12", "starts": "10:00",
    "zone": "Europe/Berlin", "place": "Room 4"
}))]
pub(crate) struct MyMeetingOut {
    /// Id.
    id: String,
    /// The onboarding.
    onboarding: String,
    /// The customer.
    customer: String,
    /// Title.
    title: String,
    /// The day.
    on: Date,
    /// Start, `HH:MM` on the clock of the zone.
    starts: String,
    /// IANA time zone; without one the time is that of whoever looks.
    #[schema(required = true)]
    zone: Option<String>,
    /// Room or link; may be empty.
    place: String,
}

/// A change request that waits for approvals.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MyChangeRequest, example = json!({
    "id": "chg_01900000000070008000000000000001", "onboarding": "onb_01900000000070008000000000000001",
    "customer": "Acme Manufacturing", "code": "CR-2", "title": "A second plant", "requested_on": "2027-01-11"
}))]
pub(crate) struct MyRequestOut {
    /// Id.
    id: String,
    /// The onboarding.
    onboarding: String,
    /// The customer.
    customer: String,
    /// What people call it: `CR-2`.
    code: String,
    /// What is wanted, one line.
    title: String,
    /// When somebody asked for it.
    requested_on: Date,
}

/// An escalation whose level has not answered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MyEscalation, example = json!({
    "id": "esc_01900000000070008000000000000001", "onboarding": "onb_01900000000070008000000000000001",
    "customer": "Acme Manufacturing", "code": "E-1", "title": "The go-live is at risk", "level": 3,
    "respond_by": "2027-01-12T16:00:00Z"
}))]
pub(crate) struct MyEscalationOut {
    /// Id.
    id: String,
    /// The onboarding.
    onboarding: String,
    /// The customer.
    customer: String,
    /// What people call it: `E-1`.
    code: String,
    /// What is raised, one line.
    title: String,
    /// The level, from 1.
    level: i64,
    /// Until when the level answers.
    respond_by: jiff::Timestamp,
}

/// An open entry of a register.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MyEntry, example = json!({
    "id": "reg_01900000000070008000000000000001", "onboarding": "onb_01900000000070008000000000000001",
    "customer": "Acme Manufacturing", "kind": "action", "code": "A-3", "title": "Send the minutes",
    "due_on": "2027-01-13"
}))]
pub(crate) struct MyEntryOut {
    /// Id.
    id: String,
    /// The onboarding.
    onboarding: String,
    /// The customer.
    customer: String,
    /// `risk`, `issue`, `decision` or `action`.
    kind: &'static str,
    /// What people call it: `A-3`.
    code: String,
    /// What it is about, one line.
    title: String,
    /// By which day something must be done about it.
    #[schema(required = true)]
    due_on: Option<Date>,
}

impl From<OwnMeeting> for MyMeetingOut {
    fn from(one: OwnMeeting) -> Self {
        Self {
            id: one.id.to_string(),
            onboarding: one.onboarding.to_string(),
            customer: one.customer,
            title: one.title,
            on: one.held_on,
            starts: one.starts,
            zone: one.zone,
            place: one.place,
        }
    }
}

impl From<OpenRequest> for MyRequestOut {
    fn from(one: OpenRequest) -> Self {
        Self {
            id: one.id.to_string(),
            onboarding: one.onboarding.to_string(),
            customer: one.customer,
            code: format!("CR-{}", one.number),
            title: one.title,
            requested_on: one.requested_on,
        }
    }
}

impl From<OpenEscalation> for MyEscalationOut {
    fn from(one: OpenEscalation) -> Self {
        Self {
            id: one.id.to_string(),
            onboarding: one.onboarding.to_string(),
            customer: one.customer,
            code: format!("E-{}", one.number),
            title: one.title,
            level: one.level,
            respond_by: instant(one.respond_by),
        }
    }
}

impl From<OwnEntry> for MyEntryOut {
    fn from(one: OwnEntry) -> Self {
        Self {
            id: one.id.to_string(),
            onboarding: one.onboarding.to_string(),
            kind: one.kind().word(),
            code: one.code(),
            due_on: one.due(),
            customer: one.customer,
            title: one.title,
        }
    }
}

/// A clock that has run out.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LateClock, example = json!({
    "clock": "resolution", "onboarding": "onb_01900000000070008000000000000001", "customer": "Acme Manufacturing",
    "name": "H-1 Nobody can sign in", "note": "Critical: solution was due 1 Mar 2027, 11:00", "due_on": "2027-03-01"
}))]
pub(crate) struct LateClockOut {
    /// `answer` or `resolution` of an issue; `trigger` of a rollback that waits for a decision, `message` or `review` of
    /// one that was carried out; or `promise`.
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
/// Over all onboardings: their tasks, nobody's tasks in onboardings they run, what customers owe, who named them; meetings,
/// what is to be decided and answered, and the entries of registers they answer for.
#[utoipa::path(get, path = "/my-work", operation_id = "get_my_work", tag = "Plan",
    responses((status = 200, description = "Their work.", body = MyWorkOut)))]
pub(crate) async fn get(State(api): State<Api>, caller: Caller) -> Result<Json<MyWorkOut>, Problem> {
    let mine: MyWork = work::my_work(&api.app, &caller.actor).await?;
    let out = |tasks: Vec<Mine>| tasks.into_iter().map(MineOut::from).collect();
    Ok(Json(MyWorkOut {
        overdue: out(mine.overdue),
        today: out(mine.today),
        week: out(mine.week),
        waiting_for_customers: out(mine.waiting),
        mentions: mine.mentions.into_iter().map(MentionOut::from).collect(),
        handovers: mine.handovers.into_iter().map(|(id, _)| id.to_string()).collect(),
        late: mine.late.into_iter().map(LateClockOut::from).collect(),
        meetings: mine.meetings.into_iter().map(MyMeetingOut::from).collect(),
        change_requests: mine.requests.into_iter().map(MyRequestOut::from).collect(),
        escalations: mine.escalations.into_iter().map(MyEscalationOut::from).collect(),
        entries: mine.entries.into_iter().map(MyEntryOut::from).collect(),
    }))
}
