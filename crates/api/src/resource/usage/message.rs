//! Messages as they come in, and those that were refused.

use axum::Json;
use axum::extract::State;
use gangway_app::usage::debugger::{self, Refused, Seen};
use gangway_domain::ids::SourceId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::instant;
use crate::Api;
use crate::caller::Caller;
use crate::input::QueryOf;
use crate::page::{self, Page};
use crate::problem::Problem;

/// Of which source.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct MessageQuery {
    /// Id of the source; of all when left out.
    source: Option<String>,
}

/// A message that came in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UsageMessage, example = json!({
    "at": "2027-03-01T10:11:12Z", "source": "src_01900000000070008000000000000001", "kind": "track", "name": "Report Exported",
    "user": "u-1", "group": "c-7", "outcome": "accepted", "reason": null, "body": "{}"
}))]
pub(crate) struct MessageOut {
    /// When it came.
    at: jiff::Timestamp,
    /// Id of its source.
    source: String,
    /// `track`, `identify`, `group`, `page`, `screen` or `alias`.
    kind: String,
    /// Name of the event or page; may be empty.
    name: String,
    /// `userId` or `anonymousId`; may be empty.
    user: String,
    /// `groupId`; may be empty.
    group: String,
    /// `accepted`, `rejected` or `quarantined`.
    outcome: &'static str,
    /// Why it was refused.
    #[schema(required = true)]
    reason: Option<String>,
    /// The message, at most 4 KB of it.
    body: String,
}

impl MessageOut {
    fn of(seen: &Seen) -> Self {
        Self {
            at: seen.at,
            source: seen.source.to_string(),
            kind: seen.kind.clone(),
            name: seen.name.clone(),
            user: seen.user.clone(),
            group: seen.group.clone(),
            outcome: seen.outcome.word(),
            reason: seen.reason.clone(),
            body: seen.body.clone(),
        }
    }
}

/// A message that was refused.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RefusedMessage, example = json!({
    "id": "ref_01900000000070008000000000000001", "source": "src_01900000000070008000000000000001",
    "at": "2027-03-01T10:11:12Z", "verdict": "rejected", "reason": "event is missing", "body": "{}"
}))]
pub(crate) struct RefusedOut {
    /// Id.
    id: String,
    /// Id of its source.
    source: String,
    /// When it came.
    at: jiff::Timestamp,
    /// `rejected` (not understood) or `quarantined` (its time is not believed).
    verdict: String,
    /// Why.
    reason: String,
    /// The message as it came.
    body: String,
}

impl From<Refused> for RefusedOut {
    fn from(one: Refused) -> Self {
        Self {
            id: one.id.to_string(),
            source: one.source.to_string(),
            at: instant(one.at),
            verdict: one.verdict,
            reason: one.reason,
            body: one.body,
        }
    }
}

/// List messages that came in lately
///
/// The newest first, 200 at most, since Gangway was started.
#[utoipa::path(get, path = "/usage-messages", operation_id = "list_usage_messages", tag = "Usage",
    params(MessageQuery),
    responses((status = 200, description = "The messages.", body = Page<MessageOut>)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<MessageQuery>,
) -> Result<Json<Page<MessageOut>>, Problem> {
    let source: Option<SourceId> = page::id("source", query.source.as_deref())?;
    let seen = debugger::recent(&api.app, &caller.actor, source)?;
    Ok(Json(Page::whole(seen.iter().map(|one| MessageOut::of(one)))))
}

/// List messages that were refused
///
/// The newest first, 200 at most.
#[utoipa::path(get, path = "/usage-refusals", operation_id = "list_usage_refusals", tag = "Usage",
    params(MessageQuery),
    responses((status = 200, description = "The messages.", body = Page<RefusedOut>)))]
pub(crate) async fn refused(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<MessageQuery>,
) -> Result<Json<Page<RefusedOut>>, Problem> {
    let source: Option<SourceId> = page::id("source", query.source.as_deref())?;
    let refused = debugger::refused(&api.app, &caller.actor, source).await?;
    Ok(Json(Page::whole(refused.into_iter().map(RefusedOut::from))))
}
