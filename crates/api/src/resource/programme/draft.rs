//! The draft of a programme: read, saved as a whole, checked, given up.

use axum::Json;
use axum::http::{HeaderMap, StatusCode};
use gangway_app::AppError;
use gangway_app::programme::{self, Put};
use gangway_methodology::{Finding, Judged, Severity};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::caller::{Here, Sent};
use crate::etag::{IfMatch, changed, tagged};
use crate::problem::{Answer, Problem};
use crate::resource::instant;

/// A draft.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgrammeDraft)]
pub(crate) struct DraftOut {
    /// Counts changes, from 1; the ETag is made of it.
    version: i64,
    /// Its text, TOML.
    source: String,
    /// Who changed it last.
    changed_by: String,
    /// When.
    changed_at: jiff::Timestamp,
    /// Another version was published since it was begun.
    is_behind: bool,
    /// What the check says.
    check: CheckOut,
}

/// What the check says.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgrammeCheck)]
pub(crate) struct CheckOut {
    /// It could be published.
    usable: bool,
    /// What is wrong, in order of place.
    findings: Vec<FindingOut>,
}

/// Something that is wrong.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgrammeFinding, example = json!({
    "severity": "error", "line": 41, "column": 8, "at": "task.3.role", "id": "kickoff",
    "message": "there is no role `trainr`", "help": "did you mean `trainer`?"
}))]
pub(crate) struct FindingOut {
    /// `error` or `warning`.
    severity: String,
    /// Line, from 1.
    line: u32,
    /// Column in characters, from 1.
    column: u32,
    /// Path of the value: `task.3.role`.
    at: String,
    /// Id of the task, milestone … it lies in.
    #[schema(required = true)]
    id: Option<String>,
    /// What is wrong.
    message: String,
    /// What would be right.
    #[schema(required = true)]
    help: Option<String>,
}

impl From<Judged> for CheckOut {
    fn from(judged: Judged) -> Self {
        let usable = judged.is_usable();
        let finding = |Finding { diagnostic, at, id, offset: _ }: Finding| FindingOut {
            severity: match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            }
            .to_owned(),
            line: diagnostic.line,
            column: diagnostic.column,
            at,
            id,
            message: diagnostic.message,
            help: diagnostic.help,
        };
        Self { usable, findings: judged.findings.into_iter().map(finding).collect() }
    }
}

/// The text of a programme.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "source": "id = \"smb\"\nversion = 1\n" }))]
pub(crate) struct SourceIn {
    /// TOML; comments and order are kept.
    #[schema(max_length = 300_000)]
    source: String,
}

/// Get the draft of a programme
///
/// The whole team works on one; with what the check says.
#[utoipa::path(get, path = "/programmes/{id}/draft", operation_id = "get_programme_draft", tag = "Programmes",
    params(("id" = String, Path, description = "Id of the programme.", example = "mid-market")),
    responses((status = 200, description = "The draft.", body = DraftOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn get(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let drafted = programme::draft(&api.app, &caller.actor, names.text(0)).await?;
    let version = drafted.draft.version;
    let out = DraftOut {
        version,
        source: drafted.draft.source,
        changed_by: drafted.draft.changed_by,
        changed_at: instant(drafted.draft.changed_at),
        is_behind: drafted.is_behind,
        check: drafted.judged.into(),
    };
    Ok(tagged(&headers, version, Json(out)))
}

/// Save the draft of a programme
///
/// Without `If-Match` it must not exist yet; with it, it must be at that version. Mistakes do not keep it from
/// being saved, only from being published.
#[utoipa::path(put, path = "/programmes/{id}/draft", operation_id = "put_programme_draft", tag = "Programmes",
    params(("id" = String, Path, description = "Id of the programme.", example = "mid-market"),
        ("If-Match" = Option<String>, Header, description = "ETag of the draft that was read.", example = "\"2\"")),
    request_body(content = SourceIn),
    responses((status = 204, description = "It is saved.", headers(("ETag" = String)))))]
pub(crate) async fn put(IfMatch(seen): IfMatch, Sent(api, caller, names, sent): Sent<SourceIn>) -> Answer {
    let id = names.text(0);
    let stale = |version| AppError::Stale { what: "draft", version };
    if seen.is_none() {
        match programme::draft(&api.app, &caller.actor, id).await {
            Ok(drafted) => return Err(stale(drafted.draft.version).into()),
            Err(AppError::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    match programme::put(&api.app, &caller.actor, id, &sent.source, seen).await? {
        Put::Done(version) => Ok(changed(version, StatusCode::NO_CONTENT)),
        Put::Overlap(theirs) => Err(stale(theirs.version).into()),
    }
}

/// Give the draft of a programme up
///
/// Published versions stay.
#[utoipa::path(delete, path = "/programmes/{id}/draft", operation_id = "delete_programme_draft", tag = "Programmes",
    params(("id" = String, Path, description = "Id of the programme.", example = "mid-market"),
        ("If-Match" = Option<String>, Header, description = "ETag of the draft that was read.", example = "\"2\"")),
    responses((status = 204, description = "It is gone.")))]
pub(crate) async fn discard(
    Here(api, caller, names): Here,
    IfMatch(seen): IfMatch,
) -> Result<StatusCode, Problem> {
    programme::discard(&api.app, &caller.actor, names.text(0), seen).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Check the text of a programme
///
/// Nothing is saved.
#[utoipa::path(post, path = "/programmes/{id}/check", operation_id = "check_programme", tag = "Programmes",
    params(("id" = String, Path, description = "Id of the programme.", example = "mid-market")),
    request_body(content = SourceIn),
    responses((status = 200, description = "What the check says.", body = CheckOut)))]
pub(crate) async fn check(Sent(api, caller, names, sent): Sent<SourceIn>) -> Result<Json<CheckOut>, Problem> {
    let judged = programme::check(&api.app, &caller.actor, names.text(0), &sent.source).await?;
    Ok(Json(judged.into()))
}
