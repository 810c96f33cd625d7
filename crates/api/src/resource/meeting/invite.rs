//! Invitations to a meeting, and its calendar entry.

use axum::Json;
use gangway_app::meeting;
use serde::Serialize;
use utoipa::ToSchema;

use super::MeetingOut;
use crate::caller::Here;
use crate::etag::{IfMatch, changed};
use crate::problem::Answer;
use crate::resource::icalendar;

/// Who was written to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MeetingInvited)]
pub(crate) struct InvitedOut {
    /// The meeting as it is now.
    meeting: MeetingOut,
    /// Names of those who were written to.
    told: Vec<String>,
    /// Names of those whose mail address is not known.
    unknown: Vec<String>,
}

/// Invite to a meeting
///
/// By mail with a calendar entry. Sent again, it tells what has changed.
#[utoipa::path(post, path = "/meetings/{id}/invitations", operation_id = "invite_to_meeting", tag = "Governance",
    params(("id" = String, Path, description = "Id of the meeting.", example = "mtg_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    responses((status = 200, description = "Who was written to.", body = InvitedOut, headers(("ETag" = String)))))]
pub(crate) async fn invite(Here(api, caller, names): Here, version: IfMatch) -> Answer {
    let sent = meeting::invite(&api.app, &caller.actor, names.id("meeting")?, version.required()?).await?;
    let version = sent.meeting.version;
    let answer = InvitedOut { meeting: sent.meeting.into(), told: sent.told, unknown: sent.unknown };
    Ok(changed(version, Json(answer)))
}

/// Get a meeting's calendar entry
#[utoipa::path(get, path = "/meetings/{id}/calendar", operation_id = "get_meeting_calendar", tag = "Governance",
    params(("id" = String, Path, description = "Id of the meeting.", example = "mtg_01900000000070008000000000000001")),
    responses((status = 200, description = "An iCalendar file (RFC 5545).", content_type = "text/calendar", body = String)))]
pub(crate) async fn calendar(Here(api, caller, names): Here) -> Answer {
    let (_, text) = meeting::calendar_file(&api.app, &caller.actor, names.id("meeting")?).await?;
    Ok(icalendar(text))
}
