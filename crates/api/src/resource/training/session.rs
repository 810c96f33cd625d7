//! Training sessions: planned, invited to, held, with seats and recordings.

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use gangway_app::training::{self, Invited, Seat, Session, SessionChanges, SessionDraft, SessionEnd};
use gangway_domain::ids::{LearnerId, TrainingSessionId};
use gangway_domain::meeting::{Attendance, Clock, Slot};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::caller::{Here, Sent};
use crate::etag::{IfMatch, changed};
use crate::input::{QueryOf, optional, several, usable};
use crate::page::{Page, PageQuery, id, limit};
use crate::problem::{Answer, Problem};
use crate::resource::{icalendar, instant};

/// A training session.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrainingSession)]
pub(crate) struct SessionOut {
    /// Id.
    id: String,
    /// Whose.
    onboarding: String,
    /// Of which track; null where everybody may come.
    #[schema(required = true)]
    track: Option<String>,
    /// `class`, `lab`, `questions` or `office-hours`.
    kind: String,
    /// Title.
    title: String,
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
    /// Who teaches; may be empty.
    trainer: String,
    /// What there is to say about it; may be empty.
    notes: String,
    /// Link to the recording; may be empty.
    recording: String,
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
    /// The day the plan moved it to, while people are invited to another.
    #[schema(required = true)]
    wanted_on: Option<Date>,
    /// Why it is on a day on which somebody is missing; empty where nobody is.
    because: String,
    /// Counts changes, from 1; the ETag is made of it.
    version: i64,
}

impl From<Session> for SessionOut {
    fn from(session: Session) -> Self {
        Self {
            id: session.id.to_string(),
            onboarding: session.onboarding.to_string(),
            track: session.track.map(|id| id.to_string()),
            kind: session.kind.word().to_owned(),
            title: session.title,
            on: session.slot.on,
            starts: session.slot.starts.to_string(),
            minutes: session.slot.minutes,
            zone: session.slot.zone,
            place: session.place,
            trainer: session.trainer,
            notes: session.notes,
            recording: session.recording,
            status: session.status.word().to_owned(),
            reason: session.status.reason().map(str::to_owned),
            sequence: session.sequence,
            invited_at: session.invited_at.map(instant),
            wanted_on: session.wanted_on,
            because: session.because,
            version: session.version,
        }
    }
}

/// A seat in a session.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrainingSeat)]
pub(crate) struct SeatOut {
    /// Whose (id of the learner).
    learner: String,
    /// `invited`, `attended` or `absent`.
    attendance: String,
    /// What they thought of it, 1 to 5.
    #[schema(required = true)]
    rating: Option<u32>,
}

impl From<Seat> for SeatOut {
    fn from(seat: Seat) -> Self {
        Self {
            learner: seat.learner.to_string(),
            attendance: seat.attendance.word().to_owned(),
            rating: seat.rating,
        }
    }
}

/// A session with its seats.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrainingSessionSeats)]
pub(crate) struct SeatedOut {
    #[serde(flatten)]
    session: SessionOut,
    /// Who has a seat.
    seats: Vec<SeatOut>,
}

/// A new session.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TrainingSessionDraft, example = json!({
    "kind": "office-hours", "title": "Office hours", "on": "2027-02-02", "starts": "14:00", "minutes": 60, "weeks": 6
}))]
pub(crate) struct SessionIn {
    /// Of which track; everybody may come when left out.
    track: Option<String>,
    /// `class`, `lab`, `questions` or `office-hours`.
    kind: String,
    /// Title.
    title: String,
    /// The day.
    on: Date,
    /// Start, `HH:MM`.
    starts: String,
    /// Length in minutes.
    minutes: u32,
    /// IANA time zone.
    zone: Option<String>,
    /// Room or link.
    #[serde(default)]
    place: String,
    /// Who teaches.
    #[serde(default)]
    trainer: String,
    /// In how many weeks in a row; once when left out. Weeks in which somebody is missing are left out, unless there is a
    /// reason.
    weeks: Option<u32>,
    /// Why it is on a day on which a party does not work or the trainer is absent.
    #[serde(default)]
    because: String,
}

fn clock(text: &str) -> Result<Clock, Problem> {
    text.parse().map_err(|_| Problem::field("starts", "is not a time such as 10:00"))
}

/// List the training sessions of an onboarding
///
/// In the order they were planned in.
#[utoipa::path(get, path = "/onboardings/{id}/training-sessions", operation_id = "list_training_sessions", tag = "Training",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"), PageQuery),
    responses((status = 200, description = "A page of the sessions.", body = Page<SessionOut>)))]
pub(crate) async fn list(
    Here(api, caller, names): Here,
    QueryOf(query): QueryOf<PageQuery>,
) -> Result<Json<Page<SessionOut>>, Problem> {
    let after = id::<TrainingSessionId>("after", query.after.as_deref())?;
    let onboarding = names.id("onboarding")?;
    let (found, more) =
        training::list_sessions(&api.app, &caller.actor, onboarding, after, limit(query.limit)?).await?;
    Ok(Json(Page::after_last(found.into_iter().map(SessionOut::from), more, |session| session.id.clone())))
}

/// Plan a training session
///
/// Or one in each of several weeks, such as office hours.
#[utoipa::path(post, path = "/onboardings/{id}/training-sessions", operation_id = "plan_training_session", tag = "Training",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = SessionIn),
    responses((status = 201, description = "The sessions that are new.", body = Page<SessionOut>)))]
pub(crate) async fn create(Sent(api, caller, names, sent): Sent<SessionIn>) -> Answer {
    let track = optional("track", sent.track.as_deref())?;
    let draft = SessionDraft {
        track,
        kind: usable("kind", &sent.kind)?,
        title: sent.title,
        slot: Slot { on: sent.on, starts: clock(&sent.starts)?, minutes: sent.minutes, zone: sent.zone },
        place: sent.place,
        trainer: sent.trainer,
        weeks: sent.weeks.unwrap_or(1),
        because: sent.because,
    };
    let made = training::plan(&api.app, &caller.actor, names.id("onboarding")?, draft).await?;
    let page = Page::whole(made.into_iter().map(SessionOut::from));
    Ok((StatusCode::CREATED, Json(page)).into_response())
}

/// Get a training session
///
/// With its seats.
#[utoipa::path(get, path = "/training-sessions/{id}", operation_id = "get_training_session", tag = "Training",
    params(("id" = String, Path, description = "Id of the session.", example = "trs_01900000000070008000000000000001")),
    responses((status = 200, description = "The session.", body = SeatedOut, headers(("ETag" = String)))))]
pub(crate) async fn get(Here(api, caller, names): Here) -> Answer {
    let (_, session, seats) =
        training::get_session(&api.app, &caller.actor, names.id("training session")?).await?;
    let version = session.version;
    let seats = seats.into_iter().map(SeatOut::from).collect();
    // Seats come and go without the session changing, so nothing is left out for a known version.
    Ok(changed(version, Json(SeatedOut { session: session.into(), seats })))
}

/// What is to change of a session; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TrainingSessionChanges, example = json!({ "recording": "https://video.example.com/42" }))]
pub(crate) struct SessionPatch {
    /// Title.
    title: Option<String>,
    /// `class`, `lab`, `questions` or `office-hours`.
    kind: Option<String>,
    /// The day.
    on: Option<Date>,
    /// Start, `HH:MM`.
    starts: Option<String>,
    /// Length in minutes.
    minutes: Option<u32>,
    /// IANA time zone; empty for none.
    zone: Option<String>,
    /// Room or link.
    place: Option<String>,
    /// Who teaches.
    trainer: Option<String>,
    /// What there is to say about it.
    notes: Option<String>,
    /// Link to the recording; empty for none.
    recording: Option<String>,
    /// Why it is on a day on which a party does not work or the trainer is absent.
    because: Option<String>,
}

/// Change a training session
#[utoipa::path(patch, path = "/training-sessions/{id}", operation_id = "change_training_session", tag = "Training",
    params(("id" = String, Path, description = "Id of the session.", example = "trs_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = SessionPatch),
    responses((status = 200, description = "The session as it is now.", body = SessionOut, headers(("ETag" = String)))))]
pub(crate) async fn change(version: IfMatch, Sent(api, caller, names, sent): Sent<SessionPatch>) -> Answer {
    let id: TrainingSessionId = names.id("training session")?;
    let version = version.required()?;
    let (_, known, _) = training::get_session(&api.app, &caller.actor, id).await?;
    let mut slot = known.slot;
    slot.on = sent.on.unwrap_or(slot.on);
    slot.minutes = sent.minutes.unwrap_or(slot.minutes);
    slot.zone = sent.zone.or(slot.zone);
    if let Some(starts) = &sent.starts {
        slot.starts = clock(starts)?;
    }
    let changes = SessionChanges {
        title: sent.title,
        kind: optional("kind", sent.kind.as_deref())?,
        slot: Some(slot),
        place: sent.place,
        trainer: sent.trainer,
        notes: sent.notes,
        recording: sent.recording,
        because: sent.because,
    };
    let kept = training::change_session(&api.app, &caller.actor, id, version, changes).await?;
    Ok(changed(kept.version, Json(SessionOut::from(kept))))
}

/// Take a training session back
///
/// One that was planned by mistake, while nobody has changed it.
#[utoipa::path(delete, path = "/training-sessions/{id}", operation_id = "take_back_training_session", tag = "Training",
    params(("id" = String, Path, description = "Id of the session.", example = "trs_01900000000070008000000000000001")),
    responses((status = 204, description = "It is gone."),
        (status = 412, description = "Somebody has changed it since it was planned.")))]
pub(crate) async fn remove(Here(api, caller, names): Here) -> Result<StatusCode, Problem> {
    training::take_back(&api.app, &caller.actor, names.id("training session")?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Get a training session's calendar entry
#[utoipa::path(get, path = "/training-sessions/{id}/calendar", operation_id = "get_training_session_calendar", tag = "Training",
    params(("id" = String, Path, description = "Id of the session.", example = "trs_01900000000070008000000000000001")),
    responses((status = 200, description = "An iCalendar file (RFC 5545).", content_type = "text/calendar", body = String)))]
pub(crate) async fn calendar(Here(api, caller, names): Here) -> Answer {
    let (_, text) = training::calendar_file(&api.app, &caller.actor, names.id("training session")?).await?;
    Ok(icalendar(text))
}

/// Who was invited.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrainingInvitations)]
pub(crate) struct InvitedOut {
    /// The session as it is now.
    session: SessionOut,
    /// How many were written to.
    told: usize,
    /// Names of those whose address is not known.
    unknown: Vec<String>,
}

/// Invite to a training session
///
/// Everybody with a seat, by mail with a calendar entry. Sent again, it tells what has changed.
#[utoipa::path(post, path = "/training-sessions/{id}/invitations", operation_id = "invite_to_training_session", tag = "Training",
    params(("id" = String, Path, description = "Id of the session.", example = "trs_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    responses((status = 200, description = "Who was written to.", body = InvitedOut, headers(("ETag" = String)))))]
pub(crate) async fn invite(Here(api, caller, names): Here, version: IfMatch) -> Answer {
    let id = names.id("training session")?;
    let sent = training::invite(&api.app, &caller.actor, id, version.required()?).await?;
    let version = sent.session.version;
    let answer = InvitedOut { session: sent.session.into(), told: sent.told, unknown: sent.unknown };
    Ok(changed(version, Json(answer)))
}

/// Which sessions are moved.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TrainingMoves, example = json!({ "sessions": ["trs_01900000000070008000000000000001"] }))]
pub(crate) struct MovesIn {
    /// Ids of sessions; all that wait when left out.
    #[serde(default)]
    sessions: Vec<String>,
}

/// Move training sessions with the plan
///
/// When the plan moved the task of a track, sessions nobody was invited to follow by themselves. Those people were
/// invited to wait with `wanted_on`: this moves them there and sends everybody the change of their invitation.
#[utoipa::path(post, path = "/onboardings/{id}/training-moves", operation_id = "move_training_sessions", tag = "Training",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = MovesIn),
    responses((status = 200, description = "The sessions that were moved, with who was written to.", body = Page<InvitedOut>)))]
pub(crate) async fn follow(
    Sent(api, caller, names, sent): Sent<MovesIn>,
) -> Result<Json<Page<InvitedOut>>, Problem> {
    let only: Vec<TrainingSessionId> = several("sessions", &sent.sessions)?;
    let moved = training::move_with_plan(&api.app, &caller.actor, names.id("onboarding")?, &only).await?;
    let out = |one: Invited| InvitedOut { session: one.session.into(), told: one.told, unknown: one.unknown };
    Ok(Json(Page::whole(moved.into_iter().map(out))))
}

/// Who came.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TrainingAttendance)]
pub(crate) struct CameIn {
    /// Id of the learner.
    learner: String,
    /// `attended` or `absent`.
    attendance: String,
}

/// How a session ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TrainingSessionOutcome, example = json!({ "status": "held", "attendance": [] }))]
pub(crate) struct EndIn {
    /// `held`, `cancelled`, or `planned` to plan it again.
    status: String,
    /// Who came, when it was held.
    #[serde(default)]
    attendance: Vec<CameIn>,
    /// Why it is cancelled.
    #[serde(default)]
    reason: String,
}

/// End a training session
///
/// It was held, with who came; it is cancelled; or it is planned again.
#[utoipa::path(post, path = "/training-sessions/{id}/outcome", operation_id = "end_training_session", tag = "Training",
    params(("id" = String, Path, description = "Id of the session.", example = "trs_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = EndIn),
    responses((status = 200, description = "The session as it is now.", body = SessionOut, headers(("ETag" = String)))))]
pub(crate) async fn end(version: IfMatch, Sent(api, caller, names, sent): Sent<EndIn>) -> Answer {
    let mut attendance = Vec::with_capacity(sent.attendance.len());
    for one in &sent.attendance {
        let came = Attendance::read(&one.attendance);
        let came = came.ok_or_else(|| Problem::field("attendance", "is `attended` or `absent`"))?;
        attendance.push((usable::<LearnerId>("attendance", &one.learner)?, came));
    }
    let end = match sent.status.as_str() {
        "held" => SessionEnd::Held { attendance },
        "cancelled" => SessionEnd::Cancelled { reason: sent.reason },
        "planned" => SessionEnd::Again,
        _ => return Err(Problem::field("status", "is `held`, `cancelled` or `planned`")),
    };
    let id = names.id("training session")?;
    let kept = training::end_session(&api.app, &caller.actor, id, version.required()?, end).await?;
    Ok(changed(kept.version, Json(SessionOut::from(kept))))
}

/// Who gets a seat.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TrainingSeats)]
pub(crate) struct SeatsIn {
    /// Ids of learners.
    learners: Vec<String>,
}

/// Give seats in a training session
///
/// Those who are not on its track are put on it.
#[utoipa::path(post, path = "/training-sessions/{id}/seats", operation_id = "seat_learners", tag = "Training",
    params(("id" = String, Path, description = "Id of the session.", example = "trs_01900000000070008000000000000001")),
    request_body(content = SeatsIn),
    responses((status = 200, description = "All seats as they are now.", body = Page<SeatOut>)))]
pub(crate) async fn seat(
    Sent(api, caller, names, sent): Sent<SeatsIn>,
) -> Result<Json<Page<SeatOut>>, Problem> {
    let learners: Vec<LearnerId> = several("learners", &sent.learners)?;
    let seats = training::seat(&api.app, &caller.actor, names.id("training session")?, &learners).await?;
    Ok(Json(Page::whole(seats.into_iter().map(SeatOut::from))))
}

/// Take a seat away
#[utoipa::path(delete, path = "/training-sessions/{id}/seats/{learner}", operation_id = "unseat_learner", tag = "Training",
    params(("id" = String, Path, description = "Id of the session.", example = "trs_01900000000070008000000000000001"),
        ("learner" = String, Path, description = "Id of the learner.", example = "lrn_01900000000070008000000000000001")),
    responses((status = 204, description = "It is gone.")))]
pub(crate) async fn unseat(Here(api, caller, names): Here) -> Result<StatusCode, Problem> {
    let id = names.id("training session")?;
    training::unseat(&api.app, &caller.actor, id, names.second("seat")?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Get the training schedule of an onboarding
///
/// All sessions that are planned or were held as one calendar.
#[utoipa::path(get, path = "/onboardings/{id}/training-calendar", operation_id = "get_training_calendar", tag = "Training",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "An iCalendar file (RFC 5545).", content_type = "text/calendar", body = String)))]
pub(crate) async fn schedule(Here(api, caller, names): Here) -> Answer {
    let (_, text) = training::schedule_file(&api.app, &caller.actor, names.id("onboarding")?).await?;
    Ok(icalendar(text))
}
