//! The training library: links, and files put there on a page.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use gangway_app::training::{self, Entry, Link};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::caller::{Here, Sent};
use crate::input::{optional, usable};
use crate::page::Page;
use crate::problem::{Answer, Problem};

/// A link or a file for learners.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrainingResource)]
pub(crate) struct EntryOut {
    /// Id.
    id: String,
    /// For which track; null for everybody.
    #[schema(required = true)]
    track: Option<String>,
    /// `quick-start`, `video`, `reference`, `faq`, `cheat-sheet`, `template` or `best-practice`.
    kind: String,
    /// Title.
    title: String,
    /// Where it leads; null where it is a file.
    #[schema(required = true)]
    url: Option<String>,
    /// Who added it.
    made_by: String,
}

impl From<Entry> for EntryOut {
    fn from(entry: Entry) -> Self {
        Self {
            id: entry.id.to_string(),
            track: entry.track.map(|id| id.to_string()),
            kind: entry.kind.word().to_owned(),
            title: entry.title,
            url: entry.url,
            made_by: entry.made_by,
        }
    }
}

/// List the training library of an onboarding
///
/// Oldest first. On one page.
#[utoipa::path(get, path = "/onboardings/{id}/training-library", operation_id = "list_training_library", tag = "Training",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "The library.", body = Page<EntryOut>)))]
pub(crate) async fn list(Here(api, caller, names): Here) -> Result<Json<Page<EntryOut>>, Problem> {
    let training = training::of_onboarding(&api.app, &caller.actor, names.id("onboarding")?).await?;
    Ok(Json(Page::whole(training.library.into_iter().map(EntryOut::from))))
}

/// A link for the library.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TrainingLink, example = json!({
    "kind": "video", "title": "The core task in three minutes", "url": "https://learn.example.com/core"
}))]
pub(crate) struct LinkIn {
    /// For which track; for everybody when left out.
    track: Option<String>,
    /// `quick-start`, `video`, `reference`, `faq`, `cheat-sheet`, `template` or `best-practice`.
    kind: String,
    /// Title.
    title: String,
    /// Where it leads.
    url: String,
}

/// Put a link into the training library
#[utoipa::path(post, path = "/onboardings/{id}/training-library", operation_id = "add_training_link", tag = "Training",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = LinkIn),
    responses((status = 201, description = "The entry.", body = EntryOut)))]
pub(crate) async fn create(Sent(api, caller, names, sent): Sent<LinkIn>) -> Answer {
    let kind = usable("kind", &sent.kind)?;
    let track = optional("track", sent.track.as_deref())?;
    let link = Link { track, kind, title: sent.title, url: sent.url };
    let made = training::add_link(&api.app, &caller.actor, names.id("onboarding")?, link).await?;
    Ok((StatusCode::CREATED, Json(EntryOut::from(made))).into_response())
}

/// Download a file of the training library
///
/// Its bytes, as they were sent.
#[utoipa::path(get, path = "/training-library/{id}/file", operation_id = "get_training_file", tag = "Training",
    params(("id" = String, Path, description = "Id of the entry.", example = "lib_01900000000070008000000000000001")),
    responses((status = 200, description = "The file.", content((String = "*/*")))))]
pub(crate) async fn file(Here(api, caller, names): Here) -> Answer {
    let (name, bytes) = training::file(&api.app, &caller.actor, names.id("library entry")?).await?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let plain: String =
        name.chars().map(|c| if c.is_ascii_graphic() && c != '"' { c } else { '_' }).collect();
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{plain}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}

/// Take an entry out of the training library
#[utoipa::path(delete, path = "/training-library/{id}", operation_id = "remove_training_entry", tag = "Training",
    params(("id" = String, Path, description = "Id of the entry.", example = "lib_01900000000070008000000000000001")),
    responses((status = 204, description = "It is gone.")))]
pub(crate) async fn remove(Here(api, caller, names): Here) -> Result<StatusCode, Problem> {
    training::remove_entry(&api.app, &caller.actor, names.id("library entry")?).await?;
    Ok(StatusCode::NO_CONTENT)
}
