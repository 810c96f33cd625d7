//! Meetings of onboardings: planned, invited to, held, with attendance and notes.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use gangway_app::meeting::{self, Changes, Draft, Guest, Meeting, Minutes, Query};
use gangway_domain::ids::{MeetingId, OnboardingId};
use gangway_domain::meeting::{Invitee, Slot};
use gangway_domain::programme::AgendaItem;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::instant;
use super::register::EntryOut;
use crate::Api;
use crate::caller::{Caller, Here, Sent};
use crate::etag::{IfMatch, changed, created};
use crate::input::{QueryOf, word};
use crate::page::{Page, among, id, limit};
use crate::problem::{Answer, Problem};

pub(crate) mod invite;
pub(crate) mod outcome;

/// A meeting.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OnboardingMeeting, example = json!({
    "id": "mtg_01900000000070008000000000000001", "onboarding": "onb_01900000000070008000000000000001",
    "title": "Steering committee", "purpose": "Decide what is open", "on": "2027-01-25", "starts": "10:00", "minutes": 60,
    "zone": "Europe/Berlin", "place": "", "with_customer": true, "status": "planned", "reason": null, "notes": "",
    "agenda": [{ "minutes": 10, "title": "Progress", "outcome": null, "points": [] }],
    "people": [{ "name": "Dana Whitfield", "email": "dana@acme.example", "person": null,
                 "contact": "con_01900000000070008000000000000001", "side": "customer", "attendance": "invited" }],
    "sequence": 0, "invited_at": null, "version": 1
}))]
pub(crate) struct MeetingOut {
    /// Id.
    id: String,
    /// Whose.
    onboarding: String,
    /// Title.
    title: String,
    /// What it is for.
    purpose: String,
    /// The day.
    on: Date,
    /// Start, `HH:MM` on the clock of the zone.
    starts: String,
    /// Length in minutes.
    minutes: u32,
    /// IANA time zone; without one the time is that of whoever looks.
    #[schema(required = true)]
    zone: Option<String>,
    /// Room or link; may be empty.
    place: String,
    /// Whether customers are in the room.
    with_customer: bool,
    /// The agenda.
    agenda: Vec<AgendaPoint>,
    /// Who is invited, and who came.
    people: Vec<PersonOut>,
    /// What was said; may be empty.
    notes: String,
    /// `planned`, `held`, `cancelled` or `no-show`.
    status: String,
    /// Why it was not held.
    #[schema(required = true)]
    reason: Option<String>,
    /// SEQUENCE of its calendar entry.
    sequence: i64,
    /// When invitations were sent last.
    #[schema(required = true)]
    invited_at: Option<jiff::Timestamp>,
    /// Counts changes, from 1; the ETag is made of it.
    version: i64,
}

/// A point of an agenda.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AgendaPoint)]
pub(crate) struct AgendaPoint {
    /// Minutes.
    #[schema(maximum = 600)]
    minutes: u32,
    /// Title.
    title: String,
    /// What comes out of it.
    outcome: Option<String>,
    /// Questions and points.
    #[serde(default)]
    points: Vec<String>,
}

/// Somebody who is invited.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MeetingPerson)]
pub(crate) struct PersonOut {
    /// Name, or the role nobody is known for yet.
    name: String,
    /// Mail address, when known.
    #[schema(required = true)]
    email: Option<String>,
    /// Who, when they are of the workspace.
    #[schema(required = true)]
    person: Option<String>,
    /// Who, when they are known at the customer.
    #[schema(required = true)]
    contact: Option<String>,
    /// `vendor`, `customer` or `joint`.
    side: String,
    /// `invited`, `attended` or `absent`.
    attendance: String,
}

impl From<Invitee> for PersonOut {
    fn from(one: Invitee) -> Self {
        Self {
            name: one.name,
            email: one.email,
            person: one.person.map(|id| id.to_string()),
            contact: one.contact.map(|id| id.to_string()),
            side: one.side.word().to_owned(),
            attendance: one.attendance.word().to_owned(),
        }
    }
}

impl From<Meeting> for MeetingOut {
    fn from(meeting: Meeting) -> Self {
        Self {
            id: meeting.id.to_string(),
            onboarding: meeting.onboarding.to_string(),
            title: meeting.title,
            purpose: meeting.purpose,
            on: meeting.slot.on,
            starts: meeting.slot.starts.to_string(),
            minutes: meeting.slot.minutes,
            zone: meeting.slot.zone,
            place: meeting.place,
            with_customer: meeting.with_customer,
            agenda: meeting
                .agenda
                .into_iter()
                .map(|item| AgendaPoint {
                    minutes: item.minutes,
                    title: item.title,
                    outcome: item.outcome,
                    points: item.points,
                })
                .collect(),
            people: meeting.people.into_iter().map(PersonOut::from).collect(),
            notes: meeting.notes,
            status: meeting.status.word().to_owned(),
            reason: meeting.status.reason().map(str::to_owned),
            sequence: meeting.sequence,
            invited_at: meeting.invited_at.map(instant),
            version: meeting.version,
        }
    }
}

/// A meeting with what was made in it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MeetingMinutes)]
pub(crate) struct MinutesOut {
    #[serde(flatten)]
    meeting: MeetingOut,
    /// Decisions, actions, issues and risks made in it.
    entries: Vec<EntryOut>,
}

/// Somebody who is to come.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MeetingGuest)]
pub(crate) struct GuestIn {
    /// Name or role; people of the workspace and of the customer are found by address, else by name.
    #[serde(default)]
    name: String,
    /// Mail address.
    email: Option<String>,
}

fn guests(people: Vec<GuestIn>) -> Vec<Guest> {
    people.into_iter().map(|guest| Guest { name: guest.name, email: guest.email, side: None }).collect()
}

fn points(agenda: Vec<AgendaPoint>) -> Vec<AgendaItem> {
    let item = |point: AgendaPoint| AgendaItem {
        minutes: point.minutes,
        title: point.title,
        outcome: point.outcome,
        points: point.points,
    };
    agenda.into_iter().map(item).collect()
}

/// When a meeting takes place.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MeetingSlot, example = json!({ "on": "2027-01-25", "starts": "10:00", "minutes": 60, "zone": "Europe/Berlin" }))]
pub(crate) struct SlotIn {
    /// The day.
    on: Date,
    /// Start, `HH:MM` on the clock of the zone.
    #[schema(pattern = "^[0-9]{1,2}:[0-9]{2}$")]
    starts: String,
    /// Length in minutes.
    #[schema(minimum = 5, maximum = 600)]
    minutes: u32,
    /// IANA time zone; without one the time is that of whoever looks.
    zone: Option<String>,
}

pub(super) fn slot(sent: SlotIn) -> Result<Slot, Problem> {
    let SlotIn { on, starts, minutes, zone } = sent;
    Ok(Slot { on, starts: word("slot.starts", &starts)?, minutes, zone })
}

/// A new meeting.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewMeeting, example = json!({
    "title": "Steering committee", "slot": { "on": "2027-01-25", "starts": "10:00", "minutes": 60, "zone": "Europe/Berlin" },
    "with_customer": true, "people": [{ "name": "Dana Whitfield", "email": "dana@acme.example" }],
    "agenda": [{ "minutes": 60, "title": "Change requests" }]
}))]
pub(crate) struct MeetingIn {
    /// Title.
    #[schema(min_length = 1, max_length = 300)]
    title: String,
    /// What it is for.
    #[serde(default)]
    purpose: String,
    /// When.
    slot: SlotIn,
    /// Room or link.
    #[serde(default)]
    place: String,
    /// Whether customers are in the room.
    #[serde(default)]
    with_customer: bool,
    /// The agenda.
    #[serde(default)]
    agenda: Vec<AgendaPoint>,
    /// Who is to come.
    #[serde(default)]
    people: Vec<GuestIn>,
}

/// What is to change of a meeting; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MeetingPatch, example = json!({ "notes": "The sponsor wants a date for phase 2." }))]
pub(crate) struct MeetingPatch {
    /// Title.
    #[schema(min_length = 1, max_length = 300)]
    title: Option<String>,
    /// What it is for.
    purpose: Option<String>,
    /// When.
    slot: Option<SlotIn>,
    /// Room or link.
    place: Option<String>,
    /// Whether customers are in the room.
    with_customer: Option<bool>,
    /// The agenda.
    agenda: Option<Vec<AgendaPoint>>,
    /// Who is to come; of those who were invited before, it stays known whether they came.
    people: Option<Vec<GuestIn>>,
    /// What was said.
    #[schema(max_length = 40000)]
    notes: Option<String>,
}

/// Which meetings.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct MeetingQuery {
    /// Only those of this onboarding (id).
    onboarding: Option<String>,
    /// Only `planned`, `held`, `cancelled` or `no-show`.
    #[param(example = "planned")]
    status: Option<String>,
    /// Only those from this day on.
    from: Option<Date>,
    /// Only those up to this day.
    to: Option<Date>,
    /// Lines on the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<u32>,
    /// Where to start: `next` of the page before.
    after: Option<String>,
}

/// List meetings
///
/// Of the whole workspace, in the order they were planned in.
#[utoipa::path(get, path = "/meetings", operation_id = "list_meetings", tag = "Governance",
    params(MeetingQuery),
    responses((status = 200, description = "A page of meetings.", body = Page<MeetingOut>)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<MeetingQuery>,
) -> Result<Json<Page<MeetingOut>>, Problem> {
    let MeetingQuery { onboarding, status, from, to, limit: lines, after } = query;
    among("status", status.as_deref(), &["planned", "held", "cancelled", "no-show"])?;
    let query = Query {
        after: id::<MeetingId>("after", after.as_deref())?,
        onboarding: id::<OnboardingId>("onboarding", onboarding.as_deref())?,
        status,
        from,
        to,
        limit: limit(lines)?,
    };
    let (meetings, more) = meeting::list(&api.app, &caller.actor, query).await?;
    Ok(Json(Page::after_last(meetings.into_iter().map(MeetingOut::from), more, |meeting| meeting.id.clone())))
}

/// Get a meeting
#[utoipa::path(get, path = "/meetings/{id}", operation_id = "get_meeting", tag = "Governance",
    params(("id" = String, Path, description = "Id of the meeting.", example = "mtg_01900000000070008000000000000001")),
    responses((status = 200, description = "The meeting with what was made in it.", body = MinutesOut, headers(("ETag" = String)))))]
pub(crate) async fn get(Here(api, caller, names): Here) -> Answer {
    let Minutes { meeting, entries, .. } =
        meeting::get(&api.app, &caller.actor, names.id("meeting")?).await?;
    let version = meeting.version;
    let entries = entries.into_iter().map(EntryOut::from).collect();
    // What was made in it changes without it: its version cannot say that nothing has changed.
    Ok(changed(version, Json(MinutesOut { meeting: meeting.into(), entries })))
}

/// Plan a meeting
#[utoipa::path(post, path = "/onboardings/{id}/meetings", operation_id = "plan_meeting", tag = "Governance",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = MeetingIn),
    responses((status = 201, description = "The meeting.", body = MeetingOut,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn create(Sent(api, caller, names, sent): Sent<MeetingIn>) -> Answer {
    let MeetingIn { title, purpose, slot: when, place, with_customer, agenda, people } = sent;
    let draft = Draft {
        title,
        purpose,
        slot: slot(when)?,
        place,
        with_customer,
        agenda: points(agenda),
        people: guests(people),
    };
    let made = meeting::plan(&api.app, &caller.actor, names.id("onboarding")?, draft).await?;
    let (version, location) = (made.version, format!("/api/v1/meetings/{}", made.id));
    Ok(created(version, location, Json(MeetingOut::from(made))))
}

/// Change a meeting
///
/// Only the fields that are sent change. Whoever was invited hears of it with the next invitation.
#[utoipa::path(patch, path = "/meetings/{id}", operation_id = "change_meeting", tag = "Governance",
    params(("id" = String, Path, description = "Id of the meeting.", example = "mtg_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = MeetingPatch),
    responses((status = 200, description = "The meeting as it is now.", body = MeetingOut, headers(("ETag" = String)))))]
pub(crate) async fn change(version: IfMatch, Sent(api, caller, names, patch): Sent<MeetingPatch>) -> Answer {
    let MeetingPatch { title, purpose, slot: when, place, with_customer, agenda, people, notes } = patch;
    let changes = Changes {
        title,
        purpose,
        slot: when.map(slot).transpose()?,
        place,
        with_customer,
        agenda: agenda.map(points),
        people: people.map(guests),
        notes,
    };
    let id = names.id("meeting")?;
    let kept = meeting::change(&api.app, &caller.actor, id, version.required()?, changes).await?;
    Ok(changed(kept.version, Json(MeetingOut::from(kept))))
}

/// Take a meeting back
///
/// One that was planned by mistake, while nobody has changed it or invited to it since: after that it is 412, and the
/// meeting is cancelled instead.
#[utoipa::path(delete, path = "/meetings/{id}", operation_id = "take_back_meeting", tag = "Governance",
    params(("id" = String, Path, description = "Id of the meeting.", example = "mtg_01900000000070008000000000000001")),
    responses((status = 204, description = "It is gone.")))]
pub(crate) async fn take_back(Here(api, caller, names): Here) -> Result<StatusCode, Problem> {
    meeting::take_back(&api.app, &caller.actor, names.id("meeting")?).await?;
    Ok(StatusCode::NO_CONTENT)
}
