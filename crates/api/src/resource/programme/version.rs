//! Versions of a programme: read, compared, published.

use axum::Json;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use gangway_app::programme::{self, Which};
use gangway_methodology::{Comparison, PartChange};
use gangway_store::programme::Version;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::caller::{Here, Sent};
use crate::etag::IfMatch;
use crate::input::QueryOf;
use crate::page::{Page, bad_query};
use crate::problem::{Answer, Problem};
use crate::resource::instant;

/// A version a workspace published.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgrammeVersion, example = json!({
    "number": 2, "note": "Two days more for the pilot", "is_built_in": false, "published_by": "Ines Okafor",
    "published_at": "2027-01-04T09:00:00Z", "in_force": true
}))]
pub(crate) struct VersionOut {
    /// Its number.
    number: i64,
    /// What changed, and why.
    note: String,
    /// It says what is built in.
    is_built_in: bool,
    /// Who published it.
    published_by: String,
    /// When.
    published_at: jiff::Timestamp,
    /// New onboardings are made from it.
    in_force: bool,
}

impl VersionOut {
    fn new(version: Version, in_force: bool) -> Self {
        Self {
            number: version.number,
            note: version.note,
            is_built_in: version.is_built_in,
            published_by: version.published_by,
            published_at: instant(version.published_at),
            in_force,
        }
    }
}

/// The text of a programme.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgrammeText)]
pub(crate) struct TextOut {
    /// Which one: `built-in`, `in-force`, or a number.
    #[schema(example = "in-force")]
    version: String,
    /// SHA-256 of the text, hex.
    #[schema(example = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    digest: String,
    /// The text, TOML.
    #[schema(example = "id = \"smb\"\n")]
    source: String,
}

/// What differs between two texts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgrammeComparison)]
pub(crate) struct ComparisonOut {
    /// Phase by phase, and then the other parts; empty when they say the same.
    groups: Vec<GroupOut>,
    /// Why they cannot be compared.
    #[schema(required = true)]
    unreadable: Option<String>,
}

/// What differs in a phase or another part.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgrammeChanges)]
pub(crate) struct GroupOut {
    /// Name of the phase or part.
    title: String,
    /// What differs in it.
    items: Vec<ItemOut>,
}

/// Something that differs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgrammeChange, example = json!({
    "what": "Task", "name": "Kickoff meeting", "change": "changed",
    "fields": [{ "label": "Working days", "from": ["1"], "to": ["2"] }]
}))]
pub(crate) struct ItemOut {
    /// `Task`, `Gate`, `Meeting` …
    what: String,
    /// What it is called.
    name: String,
    /// `added`, `removed` or `changed`.
    change: String,
    /// Its fields that differ.
    fields: Vec<DeltaOut>,
}

/// A field that differs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgrammeField)]
pub(crate) struct DeltaOut {
    /// What people call it.
    label: String,
    /// What it was; of a list, what is gone.
    from: Vec<String>,
    /// What it is; of a list, what is new.
    to: Vec<String>,
}

impl From<Comparison> for ComparisonOut {
    fn from(comparison: Comparison) -> Self {
        let item = |item: gangway_methodology::Item| ItemOut {
            what: item.what.to_owned(),
            name: item.name,
            change: match item.change {
                PartChange::Added => "added",
                PartChange::Removed => "removed",
                PartChange::Changed => "changed",
            }
            .to_owned(),
            fields: item
                .deltas
                .into_iter()
                .map(|delta| DeltaOut { label: delta.label, from: delta.from, to: delta.to })
                .collect(),
        };
        Self {
            groups: comparison
                .groups
                .into_iter()
                .map(|group| GroupOut {
                    title: group.title,
                    items: group.items.into_iter().map(item).collect(),
                })
                .collect(),
            unreadable: comparison.unreadable,
        }
    }
}

/// Which texts are compared.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CompareQuery {
    /// `built-in`, `in-force`, `draft` or a number; built-in when left out.
    #[param(example = "built-in")]
    from: Option<String>,
    /// The same; in-force when left out.
    #[param(example = "in-force")]
    to: Option<String>,
}

/// Why a version is published.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "note": "Two days more for the pilot" }))]
pub(crate) struct NoteIn {
    /// What changed, and why; at most 500 characters.
    #[schema(min_length = 1, max_length = 500)]
    note: String,
}

/// A version that was published.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({ "number": 2, "href": "/api/v1/programmes/smb/versions/2" }))]
pub(crate) struct Published {
    /// Its number.
    number: i64,
    /// Where it is.
    href: String,
}

/// List the versions of a programme
///
/// What the workspace published, newest first, on one page; none when the built-in one is in force.
#[utoipa::path(get, path = "/programmes/{id}/versions", operation_id = "list_programme_versions", tag = "Programmes",
    params(("id" = String, Path, description = "Id of the programme.", example = "mid-market")),
    responses((status = 200, description = "The versions.", body = Page<VersionOut>)))]
pub(crate) async fn versions(Here(api, caller, names): Here) -> Result<Json<Page<VersionOut>>, Problem> {
    let shown = programme::get(&api.app, &caller.actor, names.text(0), Which::InForce).await?;
    let out = |(i, version)| VersionOut::new(version, i == 0);
    Ok(Json(Page::whole(shown.history.into_iter().enumerate().map(out))))
}

/// Get the text of a version
///
/// As it was published, or as it is built in.
#[utoipa::path(get, path = "/programmes/{id}/versions/{version}", operation_id = "get_programme_version", tag = "Programmes",
    params(("id" = String, Path, description = "Id of the programme.", example = "mid-market"),
        ("version" = String, Path, description = "`built-in`, `in-force`, or a number.", example = "in-force")),
    responses((status = 200, description = "The text.", body = TextOut)))]
pub(crate) async fn text(Here(api, caller, names): Here) -> Result<Json<TextOut>, Problem> {
    let word = names.text(1);
    let which = Which::of_word(word).filter(|which| *which != Which::Draft);
    let which = which.ok_or_else(|| Problem::missing("version", word))?;
    let text = programme::text(&api.app, &caller.actor, names.text(0), which).await?;
    Ok(Json(TextOut { version: which.word(), digest: text.digest, source: text.source }))
}

/// Compare two versions
///
/// In the words of the programme, phase by phase. Comments, layout and version numbers do not count.
#[utoipa::path(get, path = "/programmes/{id}/comparison", operation_id = "compare_programme", tag = "Programmes",
    params(("id" = String, Path, description = "Id of the programme.", example = "mid-market"), CompareQuery),
    responses((status = 200, description = "What differs.", body = ComparisonOut)))]
pub(crate) async fn compare(
    Here(api, caller, names): Here,
    QueryOf(query): QueryOf<CompareQuery>,
) -> Result<Json<ComparisonOut>, Problem> {
    let read = |field, word: Option<String>, otherwise| match word {
        None => Ok(otherwise),
        Some(word) => Which::of_word(&word)
            .ok_or_else(|| bad_query(field, "must be built-in, in-force, draft or a number".to_owned())),
    };
    let (from, to) = (read("from", query.from, Which::BuiltIn)?, read("to", query.to, Which::InForce)?);
    Ok(Json(programme::compare(&api.app, &caller.actor, names.text(0), from, to).await?.into()))
}

/// Publish the draft of a programme
///
/// New onboardings are made from it; running ones keep their version. Refused while the check finds errors.
#[utoipa::path(post, path = "/programmes/{id}/publication", operation_id = "publish_programme", tag = "Programmes",
    params(("id" = String, Path, description = "Id of the programme.", example = "mid-market"),
        ("If-Match" = String, Header, description = "ETag of the draft that was read.", example = "\"3\"")),
    request_body(content = NoteIn),
    responses((status = 201, description = "It is in force.", body = Published, headers(("Location" = String)))))]
pub(crate) async fn publish(version: IfMatch, Sent(api, caller, names, sent): Sent<NoteIn>) -> Answer {
    let (id, seen) = (names.text(0), version.required()?);
    let number = programme::publish(&api.app, &caller.actor, id, &sent.note, seen).await?;
    Ok(published(id, number))
}

/// Go back to the built-in programme
///
/// Publishes it as a new version. A draft stays.
#[utoipa::path(post, path = "/programmes/{id}/built-in", operation_id = "restore_programme", tag = "Programmes",
    params(("id" = String, Path, description = "Id of the programme.", example = "mid-market")),
    request_body(content = NoteIn),
    responses((status = 201, description = "It is in force.", body = Published, headers(("Location" = String)))))]
pub(crate) async fn restore(Sent(api, caller, names, sent): Sent<NoteIn>) -> Answer {
    let id = names.text(0);
    let number = programme::back_to_built_in(&api.app, &caller.actor, id, &sent.note).await?;
    Ok(published(id, number))
}

fn published(id: &str, number: i64) -> Response {
    let href = format!("/api/v1/programmes/{id}/versions/{number}");
    let mut headers = HeaderMap::new();
    if let Ok(value) = href.parse() {
        headers.insert(header::LOCATION, value);
    }
    (StatusCode::CREATED, headers, Json(Published { number, href })).into_response()
}
