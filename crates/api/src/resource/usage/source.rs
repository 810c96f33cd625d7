//! Sources of usage events, each with a write key.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use gangway_app::usage::source::{self, Changes, NewKey, Source, Wanted};
use gangway_domain::ids::SourceId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::instant;
use crate::Api;
use crate::caller::{Caller, Here, Sent};
use crate::etag::{IfMatch, changed, created, tagged};
use crate::input::JsonOf;
use crate::page::Page;
use crate::problem::{Answer, Problem};

/// A source to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Web app", "origins": ["https://app.example.com"] }))]
pub(crate) struct UsageSourceIn {
    /// What it is called here.
    #[schema(max_length = 120)]
    name: String,
    /// Pages that may use its key, `https://app.example.com`; any when empty. Servers always may.
    #[serde(default)]
    origins: Vec<String>,
}

/// What is to change of a source; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "origins": [] }))]
pub(crate) struct UsageSourcePatch {
    /// What it is called here.
    #[schema(max_length = 120)]
    name: Option<String>,
    /// Pages that may use its key; any when empty.
    origins: Option<Vec<String>>,
}

/// Where usage events come from.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UsageSource, example = json!({
    "id": "src_01900000000070008000000000000001", "name": "Web app", "key_hint": "x4Qd", "origins": [],
    "made_at": "2027-01-04T09:00:00Z", "ended_at": null, "last_seen_at": null, "version": 1, "write_key": null
}))]
pub(crate) struct UsageSourceOut {
    /// Id.
    id: String,
    /// What it is called here.
    name: String,
    /// The end of its write key.
    key_hint: String,
    /// Pages that may use its key; any when empty.
    origins: Vec<String>,
    /// When it was made.
    made_at: jiff::Timestamp,
    /// When it ended: nothing comes in through it any more.
    #[schema(required = true)]
    ended_at: Option<jiff::Timestamp>,
    /// When a message last came in.
    #[schema(required = true)]
    last_seen_at: Option<jiff::Timestamp>,
    /// Counts changes.
    version: i64,
    /// What SDKs send with, told only when it is made.
    #[schema(required = true)]
    write_key: Option<String>,
}

impl UsageSourceOut {
    fn of(source: Source, write_key: Option<String>) -> Self {
        Self {
            id: source.id.to_string(),
            name: source.name,
            key_hint: source.key_hint,
            origins: source.origins,
            made_at: instant(source.made_at),
            ended_at: source.ended_at.map(instant),
            last_seen_at: source.last_seen_at.map(instant),
            version: source.version,
            write_key,
        }
    }
}

/// A source with the key just made.
async fn with_key(api: &Api, caller: &Caller, made: NewKey) -> Result<UsageSourceOut, Problem> {
    let NewKey { source: id, key } = made;
    let known = source::get(&api.app, &caller.actor, id).await?;
    Ok(UsageSourceOut::of(known, Some(key.reveal().to_owned())))
}

/// List usage sources
///
/// Those in use first, on one page.
#[utoipa::path(get, path = "/usage-sources", operation_id = "list_usage_sources", tag = "Usage",
    responses((status = 200, description = "The sources.", body = Page<UsageSourceOut>)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
) -> Result<Json<Page<UsageSourceOut>>, Problem> {
    let sources = source::list(&api.app, &caller.actor).await?;
    Ok(Json(Page::whole(sources.into_iter().map(|one| UsageSourceOut::of(one, None)))))
}

/// Make a usage source
///
/// SDKs of Segment and RudderStack send with its `write_key`, told this once, to the address of Gangway.
#[utoipa::path(post, path = "/usage-sources", operation_id = "create_usage_source", tag = "Usage",
    request_body(content = UsageSourceIn),
    responses((status = 201, description = "The source with its key.", body = UsageSourceOut,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn create(
    State(api): State<Api>,
    caller: Caller,
    JsonOf(sent): JsonOf<UsageSourceIn>,
) -> Answer {
    let wanted = Wanted { name: sent.name, origins: sent.origins };
    let made = source::add(&api.app, &caller.actor, &wanted).await?;
    let out = with_key(&api, &caller, made).await?;
    let location = format!("/api/v1/usage-sources/{}", out.id);
    Ok(created(out.version, location, Json(out)))
}

/// Get a usage source
#[utoipa::path(get, path = "/usage-sources/{id}", operation_id = "get_usage_source", tag = "Usage",
    params(("id" = String, Path, description = "Id of the source.", example = "src_01900000000070008000000000000001")),
    responses((status = 200, description = "The source.", body = UsageSourceOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn get(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let known = source::get(&api.app, &caller.actor, names.id("usage source")?).await?;
    let out = UsageSourceOut::of(known, None);
    Ok(tagged(&headers, out.version, Json(out)))
}

/// Change a usage source
#[utoipa::path(patch, path = "/usage-sources/{id}", operation_id = "change_usage_source", tag = "Usage",
    params(("id" = String, Path, description = "Id of the source.", example = "src_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the source that was read.", example = "\"1\"")),
    request_body(content = UsageSourcePatch),
    responses((status = 200, description = "The source as it is now.", body = UsageSourceOut, headers(("ETag" = String)))))]
pub(crate) async fn change(seen: IfMatch, Sent(api, caller, names, sent): Sent<UsageSourcePatch>) -> Answer {
    let (id, seen): (SourceId, i64) = (names.id("usage source")?, seen.required()?);
    let changes = Changes { name: sent.name, origins: sent.origins };
    let known = source::change(&api.app, &caller.actor, id, Some(seen), changes).await?;
    let out = UsageSourceOut::of(known, None);
    Ok(changed(out.version, Json(out)))
}

/// Give a usage source a new key
///
/// The key in use ends at once.
#[utoipa::path(post, path = "/usage-sources/{id}/key", operation_id = "rotate_usage_source_key", tag = "Usage",
    params(("id" = String, Path, description = "Id of the source.", example = "src_01900000000070008000000000000001")),
    responses((status = 201, description = "The source with its new key, told this once.", body = UsageSourceOut)))]
pub(crate) async fn rotate(Here(api, caller, names): Here) -> Answer {
    let made = source::rotate(&api.app, &caller.actor, names.id("usage source")?).await?;
    let out = with_key(&api, &caller, made).await?;
    Ok((StatusCode::CREATED, Json(out)).into_response())
}

/// End a usage source
///
/// Nothing comes in through it any more; what came is kept.
#[utoipa::path(delete, path = "/usage-sources/{id}", operation_id = "end_usage_source", tag = "Usage",
    params(("id" = String, Path, description = "Id of the source.", example = "src_01900000000070008000000000000001"),
        ("If-Match" = Option<String>, Header, description = "ETag of the source that was read; may be left out.", example = "\"1\"")),
    responses((status = 204, description = "It has ended.")))]
pub(crate) async fn end(
    Here(api, caller, names): Here,
    IfMatch(seen): IfMatch,
) -> Result<StatusCode, Problem> {
    source::end(&api.app, &caller.actor, names.id("usage source")?, seen).await?;
    Ok(StatusCode::NO_CONTENT)
}
