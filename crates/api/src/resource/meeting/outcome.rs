//! How a meeting ended.

use axum::Json;
use gangway_app::meeting::{self, End};
use gangway_domain::meeting::Attendance;
use serde::Deserialize;
use utoipa::ToSchema;

use super::MeetingOut;
use crate::caller::Sent;
use crate::etag::{IfMatch, changed};
use crate::problem::{Answer, Problem};

/// How a meeting ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MeetingEnd, example = json!({ "status": "held", "attended": ["Dana Whitfield"], "absent": [], "notes": "Scope agreed." }))]
pub(crate) struct EndIn {
    /// `held`, `cancelled`, `no-show`, or `planned` for one that ended and takes place after all.
    status: String,
    /// Why it was not held.
    reason: Option<String>,
    /// Names of those who came.
    #[serde(default)]
    attended: Vec<String>,
    /// Names of those who did not.
    #[serde(default)]
    absent: Vec<String>,
    /// What was said.
    notes: Option<String>,
}

/// Say how a meeting ended
#[utoipa::path(post, path = "/meetings/{id}/outcome", operation_id = "end_meeting", tag = "Governance",
    params(("id" = String, Path, description = "Id of the meeting.", example = "mtg_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = EndIn),
    responses((status = 200, description = "The meeting as it is now.", body = MeetingOut, headers(("ETag" = String)))))]
pub(crate) async fn end(version: IfMatch, Sent(api, caller, names, sent): Sent<EndIn>) -> Answer {
    let EndIn { status, reason, attended, absent, notes } = sent;
    let (id, version) = (names.id("meeting")?, version.required()?);
    let known = meeting::get(&api.app, &caller.actor, id).await?.meeting;
    let mut attendance = Vec::new();
    for (names, came) in [(attended, Attendance::Attended), (absent, Attendance::Absent)] {
        for name in names {
            let place = known.people.iter().position(|person| person.name == name);
            let place = place
                .ok_or_else(|| Problem::field(came.word(), format!("names {name}, who is not invited")))?;
            attendance.push((place, came));
        }
    }
    let reason = reason.unwrap_or_default();
    let end = match status.as_str() {
        "held" => End::Held { attendance, notes },
        "cancelled" => End::Cancelled { reason },
        "no-show" => End::NoShow { reason, attendance },
        "planned" => End::Again,
        _ => return Err(Problem::field("status", "must be held, cancelled, no-show or planned")),
    };
    let kept = meeting::end(&api.app, &caller.actor, id, version, end).await?;
    Ok(changed(kept.version, Json(MeetingOut::from(kept))))
}
