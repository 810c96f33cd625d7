//! The words of an onboarding's documents, changed before they are sent.

use axum::Json;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use gangway_app::AppError;
use gangway_app::document::{self, Changed, Saved, Seen, Sheet};
use gangway_app::package::Standing;
use gangway_domain::ids::OnboardingId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::instant;
use crate::caller::{Here, Sent};
use crate::etag::{IfMatch, changed, tagged};
use crate::input::Names;
use crate::problem::{Answer, Problem};

/// A document as it stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Document, example = json!({
    "name": "welcome", "title": "Welcome", "is_email": true, "for_customer": true,
    "text": "+++\ntitle = \"Welcome\"\nsubject = \"Welcome\"\n+++\n\nHello\n",
    "changed": { "by": "Ines Okafor", "at": "2027-01-12T09:30:00Z", "standing": "current" }
}))]
pub(crate) struct DocumentOut {
    /// Name of its template.
    name: String,
    /// What people call it.
    title: String,
    /// It is an e-mail: the subject stands in its front matter.
    is_email: bool,
    /// It goes to the customer.
    for_customer: bool,
    /// Its text: Markdown with front matter and drawn blocks. All its files but Excel are made from it.
    text: String,
    /// Who changed its words; null when it is as written from the plan.
    #[schema(required = true)]
    changed: Option<ChangedOut>,
}

/// That somebody changed the words of a document.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DocumentChanged)]
pub(crate) struct ChangedOut {
    /// Who.
    by: String,
    /// When.
    at: jiff::Timestamp,
    /// `current`: the plan has not changed since; `worked-in`: what it changed since is worked in; `apart`: it
    /// changed the same lines since, and the words of people stand.
    standing: &'static str,
}

impl From<Sheet> for DocumentOut {
    fn from(sheet: Sheet) -> Self {
        let Sheet { head: _, document, text, written: _, changed, mark: _ } = sheet;
        let changed = changed.map(|Changed { by, at, standing }| ChangedOut {
            by,
            at: instant(at),
            standing: match standing {
                Standing::Current => "current",
                Standing::WorkedIn => "worked-in",
                Standing::Apart => "apart",
            },
        });
        Self {
            name: document.name.to_owned(),
            title: document.title.to_owned(),
            is_email: document.email,
            for_customer: document.for_customer,
            text,
            changed,
        }
    }
}

/// The words of a document.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DocumentWords, example = json!({ "text": "+++\ntitle = \"Welcome\"\nsubject = \"Welcome\"\n+++\n\nHello\n" }))]
pub(crate) struct WordsIn {
    /// The whole text, as it was read, with what is to be changed.
    #[schema(max_length = 400_000)]
    text: String,
    /// The text as it was read: with it, what others changed elsewhere in the document meanwhile is worked in.
    #[schema(max_length = 400_000)]
    read: Option<String>,
}

/// Get the text of a document
///
/// What is written from the plan, with the words people changed in it.
#[utoipa::path(get, path = "/onboardings/{id}/documents/{name}", operation_id = "get_document", tag = "Onboardings",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("name" = String, Path, description = "Name of the document's template.", example = "welcome")),
    responses((status = 200, description = "The document.", body = DocumentOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn get(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let sheet = document::open(&api.app, &caller.actor, onboarding(&names)?, names.text(1)).await?;
    Ok(tagged(&headers, sheet.mark, Json(DocumentOut::from(sheet))))
}

/// Change the words of a document
///
/// All its files are made from this text from then on. What the plan changes elsewhere in the text later is worked in.
/// When somebody changed the document since it was read, nothing is saved; with the text that was read in `read`, that
/// happens only where both changed the same lines.
#[utoipa::path(put, path = "/onboardings/{id}/documents/{name}", operation_id = "put_document", tag = "Onboardings",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("name" = String, Path, description = "Name of the document's template.", example = "welcome"),
        ("If-Match" = String, Header, description = "ETag of the document that was read.", example = "\"2\"")),
    request_body(content = WordsIn),
    responses((status = 204, description = "It is saved. Without ETag together with what others changed: read it again.",
        headers(("ETag" = String)))))]
pub(crate) async fn put(seen: IfMatch, Sent(api, caller, names, sent): Sent<WordsIn>) -> Answer {
    let (id, mark) = (onboarding(&names)?, seen.required()?);
    let sheet = document::open_to_change(&api.app, &caller.actor, id, names.text(1)).await?;
    let seen = Seen { mark, text: sent.read.as_deref() };
    saved(document::change(&api.app, &caller.actor, &sheet, &sent.text, seen).await?)
}

/// Take the changes of a document back
///
/// It is written from the plan again.
#[utoipa::path(delete, path = "/onboardings/{id}/documents/{name}", operation_id = "reset_document", tag = "Onboardings",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("name" = String, Path, description = "Name of the document's template.", example = "welcome"),
        ("If-Match" = String, Header, description = "ETag of the document that was read.", example = "\"2\"")),
    responses((status = 204, description = "It is written from the plan again.", headers(("ETag" = String)))))]
pub(crate) async fn reset(Here(api, caller, names): Here, seen: IfMatch) -> Answer {
    let (id, seen) = (onboarding(&names)?, seen.required()?);
    saved(document::reset(&api.app, &caller.actor, id, names.text(1), seen).await?)
}

fn onboarding(names: &Names) -> Result<OnboardingId, Problem> {
    names.id("onboarding")
}

fn saved(saved: Saved) -> Answer {
    match saved {
        Saved::Done(mark) => Ok(changed(mark, StatusCode::NO_CONTENT)),
        // What was sent is not what is kept, so it has no tag of it.
        Saved::Merged(_) => Ok(StatusCode::NO_CONTENT.into_response()),
        Saved::Overlap(now) => Err(AppError::Stale { what: "document", version: now.mark }.into()),
    }
}
