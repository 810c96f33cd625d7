//! Files of usage events, sent piece by piece.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use gangway_app::usage::import::{self, Import, Wanted};
use gangway_domain::ids::ImportId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::instant;
use crate::Api;
use crate::caller::{Caller, Here};
use crate::etag::{changed, created, tagged};
use crate::input::{JsonOf, QueryOf, unread, usable};
use crate::page::Page;
use crate::problem::{Answer, Problem};

/// A file that is about to be sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "2026.ndjson", "source": "src_01900000000070008000000000000001", "format": "ndjson", "total_bytes": 104_857_600
}))]
pub(crate) struct UsageImportIn {
    /// Its name.
    #[schema(max_length = 200)]
    name: String,
    /// Id of the source its events count for.
    source: String,
    /// `ndjson`: a Segment message a line; `csv`: a table with event, user_id, group_id and timestamp.
    format: String,
    /// Its size.
    total_bytes: i64,
}

/// Where a piece begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PieceQuery {
    /// `done_bytes` of the file.
    #[param(minimum = 0, example = 0)]
    offset: i64,
}

/// A file of usage events.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UsageImport, example = json!({
    "id": "imt_01900000000070008000000000000001", "source": "src_01900000000070008000000000000001", "name": "2026.ndjson",
    "format": "ndjson", "state": "open", "total_bytes": 104_857_600, "done_bytes": 1_048_576, "accepted": 3100, "refused": 2,
    "problem": null, "made_by": "Ines Okafor", "made_at": "2027-03-01T10:11:12Z", "version": 2
}))]
pub(crate) struct UsageImportOut {
    /// Id.
    id: String,
    /// Id of the source its events count for.
    source: String,
    /// Its name.
    name: String,
    /// `ndjson` or `csv`.
    format: String,
    /// `open`, `done` or `failed`.
    state: String,
    /// Its size.
    total_bytes: i64,
    /// Bytes that are read: the next piece begins here.
    done_bytes: i64,
    /// Events taken.
    accepted: i64,
    /// Events refused.
    refused: i64,
    /// What went wrong.
    #[schema(required = true)]
    problem: Option<String>,
    /// Who sends it.
    made_by: String,
    /// When it was begun.
    made_at: jiff::Timestamp,
    /// Counts changes.
    version: i64,
}

impl From<Import> for UsageImportOut {
    fn from(one: Import) -> Self {
        Self {
            id: one.id.to_string(),
            source: one.source.to_string(),
            name: one.name,
            format: one.format,
            state: one.state,
            total_bytes: one.total_bytes,
            done_bytes: one.done_bytes,
            accepted: one.accepted,
            refused: one.refused,
            problem: one.problem,
            made_by: one.made_by,
            made_at: instant(one.made_at),
            version: one.version,
        }
    }
}

/// List files of usage events
///
/// The newest first, 50 at most.
#[utoipa::path(get, path = "/usage-imports", operation_id = "list_usage_imports", tag = "Usage",
    responses((status = 200, description = "The files.", body = Page<UsageImportOut>)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
) -> Result<Json<Page<UsageImportOut>>, Problem> {
    let imports = import::list(&api.app, &caller.actor).await?;
    Ok(Json(Page::whole(imports.into_iter().map(UsageImportOut::from))))
}

/// Begin to read a file of usage events
///
/// Then send its bytes in pieces of at most 1 MB. An interrupted one goes on at `done_bytes`.
#[utoipa::path(post, path = "/usage-imports", operation_id = "create_usage_import", tag = "Usage",
    request_body(content = UsageImportIn),
    responses((status = 201, description = "The file.", body = UsageImportOut,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn create(
    State(api): State<Api>,
    caller: Caller,
    JsonOf(sent): JsonOf<UsageImportIn>,
) -> Answer {
    let UsageImportIn { name, source, format, total_bytes } = sent;
    let wanted = Wanted { name, source: usable("source", &source)?, format, total_bytes };
    let out = UsageImportOut::from(import::begin(&api.app, &caller.actor, &wanted).await?);
    let location = format!("/api/v1/usage-imports/{}", out.id);
    Ok(created(out.version, location, Json(out)))
}

/// Get a file of usage events
#[utoipa::path(get, path = "/usage-imports/{id}", operation_id = "get_usage_import", tag = "Usage",
    params(("id" = String, Path, description = "Id of the file.", example = "imt_01900000000070008000000000000001")),
    responses((status = 200, description = "The file.", body = UsageImportOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn get(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let known = import::get(&api.app, &caller.actor, names.id("file of usage events")?).await?;
    let out = UsageImportOut::from(known);
    Ok(tagged(&headers, out.version, Json(out)))
}

/// Send the next piece of a file
///
/// It begins at `done_bytes`; 412 says that another piece was read meanwhile.
#[utoipa::path(put, path = "/usage-imports/{id}/bytes", operation_id = "put_usage_import_bytes", tag = "Usage",
    params(("id" = String, Path, description = "Id of the file.", example = "imt_01900000000070008000000000000001"), PieceQuery),
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 200, description = "The file as far as it is read.", body = UsageImportOut, headers(("ETag" = String)))))]
pub(crate) async fn put(
    Here(api, caller, names): Here,
    QueryOf(piece): QueryOf<PieceQuery>,
    body: Result<Bytes, BytesRejection>,
) -> Answer {
    let id: ImportId = names.id("file of usage events")?;
    let body = body.map_err(|error| unread(&error))?;
    let out = UsageImportOut::from(import::put(&api.app, &caller.actor, id, piece.offset, &body).await?);
    Ok(changed(out.version, Json(out)))
}

/// Read no more of a file
///
/// What was read of it stays.
#[utoipa::path(delete, path = "/usage-imports/{id}", operation_id = "cancel_usage_import", tag = "Usage",
    params(("id" = String, Path, description = "Id of the file.", example = "imt_01900000000070008000000000000001")),
    responses((status = 204, description = "It is cancelled.")))]
pub(crate) async fn cancel(Here(api, caller, names): Here) -> Result<StatusCode, Problem> {
    import::cancel(&api.app, &caller.actor, names.id("file of usage events")?).await?;
    Ok(StatusCode::NO_CONTENT)
}
