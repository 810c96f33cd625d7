//! Comments on tasks and milestones, files kept with them, checklists.

use std::collections::BTreeSet;

use axum::Json;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use gangway_app::portal;
use gangway_app::work::{self, LARGEST_FILE, NewFile};
use gangway_domain::ids::{AttachmentId, CheckId, CommentId, PersonId, TaskId};
use gangway_store::work::attachment::Attachment;
use gangway_store::work::checklist::Item;
use gangway_store::work::comment::Comment;
use gangway_store::work::description::Description;
use http_body_util::{BodyExt, Limited};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::caller::{Here, Sent};
use crate::etag::{IfMatch, changed, tagged};
use crate::page::Page;
use crate::problem::{Answer, Problem};
use crate::resource::instant;

/// A comment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Comment, example = json!({
    "id": "cmt_01900000000070008000000000000001", "at": "2027-01-12T10:00:00Z", "by": "Ines Okafor",
    "person": "per_01900000000070008000000000000001", "said": "@Jonas the sandbox is ready",
    "shared": false
}))]
pub(crate) struct CommentOut {
    /// Id.
    id: String,
    /// When.
    at: jiff::Timestamp,
    /// Who wrote it.
    by: String,
    /// Who, when it is somebody who has signed in.
    #[schema(required = true)]
    person: Option<String>,
    /// What was said.
    said: String,
    /// The customer sees it too.
    shared: bool,
}

impl CommentOut {
    fn new(comment: Comment, shared: &BTreeSet<String>) -> Self {
        let Comment { id, at, by, person, said, .. } = comment;
        let person = person.map(|id| PersonId::from(id).to_string());
        let id = id.to_string();
        Self { shared: shared.contains(&id), id, at: instant(at), by, person, said }
    }
}

/// A comment to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "said": "@Jonas the sandbox is ready" }))]
pub(crate) struct CommentIn {
    /// What is said; members named with `@` are told.
    #[schema(min_length = 1, max_length = 5000)]
    said: String,
}

/// List the comments on a task or milestone
///
/// Oldest first. On one page.
#[utoipa::path(get, path = "/work/{id}/comments", operation_id = "list_comments", tag = "Plan",
    params(("id" = String, Path, description = "Id of the task or milestone.", example = "tsk_01900000000070008000000000000001")),
    responses((status = 200, description = "The comments.", body = Page<CommentOut>)))]
pub(crate) async fn comments(Here(api, caller, names): Here) -> Result<Json<Page<CommentOut>>, Problem> {
    let talk = work::talk(&api.app, &caller.actor, names.text(0)).await?;
    Ok(Json(Page::whole(talk.comments.into_iter().map(|one| CommentOut::new(one, &talk.shared)))))
}

/// Comment on a task or milestone
///
/// Members named with `@` find it in their work and get mail.
#[utoipa::path(post, path = "/work/{id}/comments", operation_id = "add_comment", tag = "Plan",
    params(("id" = String, Path, description = "Id of the task or milestone.", example = "tsk_01900000000070008000000000000001")),
    request_body(content = CommentIn),
    responses((status = 201, description = "The comment.", body = CommentOut)))]
pub(crate) async fn comment(Sent(api, caller, names, CommentIn { said }): Sent<CommentIn>) -> Answer {
    let made = work::comment(&api.app, &caller.actor, names.text(0), &said).await?;
    // Nobody has shared it yet.
    Ok((StatusCode::CREATED, Json(CommentOut::new(made, &BTreeSet::new()))).into_response())
}

/// Take a comment out
///
/// Only one's own.
#[utoipa::path(delete, path = "/comments/{id}", operation_id = "remove_comment", tag = "Plan",
    params(("id" = String, Path, description = "Id of the comment.", example = "cmt_01900000000070008000000000000001")),
    responses((status = 204, description = "It is gone."), (status = 409, description = "Somebody else wrote it.")))]
pub(crate) async fn remove_comment(Here(api, caller, names): Here) -> Result<StatusCode, Problem> {
    let id: CommentId = names.id("comment")?;
    work::remove_comment(&api.app, &caller.actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A file kept with a task or milestone.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Attachment, example = json!({
    "id": "att_01900000000070008000000000000001", "name": "mapping.xlsx", "media_type": "application/octet-stream",
    "size": 20480, "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "at": "2027-01-12T10:00:00Z", "by": "Ines Okafor", "shared": true,
    "href": "/api/v1/attachments/att_01900000000070008000000000000001"
}))]
pub(crate) struct AttachmentOut {
    /// Id.
    id: String,
    /// Name of the file.
    name: String,
    /// Media type as it was told.
    media_type: String,
    /// Bytes.
    size: i64,
    /// SHA-256 of its bytes, hexadecimal.
    digest: String,
    /// When it was added.
    at: jiff::Timestamp,
    /// By whom.
    by: String,
    /// The customer sees it too.
    shared: bool,
    /// Where its bytes are.
    href: String,
}

impl AttachmentOut {
    fn new(file: Attachment, shared: &BTreeSet<String>) -> Self {
        let Attachment { id, name, media_type, size, digest, at, by, .. } = file;
        let href = format!("/api/v1/attachments/{id}");
        let id = id.to_string();
        let shared = shared.contains(&id);
        Self { id, name, media_type, size, digest, at: instant(at), by, shared, href }
    }
}

/// List the files of a task or milestone
///
/// Oldest first. On one page.
#[utoipa::path(get, path = "/work/{id}/attachments", operation_id = "list_attachments", tag = "Plan",
    params(("id" = String, Path, description = "Id of the task or milestone.", example = "tsk_01900000000070008000000000000001")),
    responses((status = 200, description = "The files.", body = Page<AttachmentOut>)))]
pub(crate) async fn files(Here(api, caller, names): Here) -> Result<Json<Page<AttachmentOut>>, Problem> {
    let talk = work::talk(&api.app, &caller.actor, names.text(0)).await?;
    Ok(Json(Page::whole(talk.files.into_iter().map(|one| AttachmentOut::new(one, &talk.shared)))))
}

/// Keep a file with a task or milestone
///
/// The body is the file, 10 MB at most; `Content-Type` is kept with it.
#[utoipa::path(put, path = "/work/{id}/attachments/{name}", operation_id = "add_attachment", tag = "Plan",
    params(("id" = String, Path, description = "Id of the task or milestone.", example = "tsk_01900000000070008000000000000001"),
        ("name" = String, Path, description = "Name of the file.", example = "mapping.xlsx")),
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 201, description = "The file.", body = AttachmentOut, headers(("Location" = String)))))]
pub(crate) async fn add_file(Here(api, caller, names): Here, headers: HeaderMap, body: Body) -> Answer {
    let media_type =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type.to_owned();
    let Ok(collected) = Limited::new(body, LARGEST_FILE).collect().await else {
        let detail = "the file is larger than 10 MB, or did not arrive whole";
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail));
    };
    let file = NewFile { name: names.text(1).to_owned(), media_type, bytes: collected.to_bytes().to_vec() };
    let made = work::add_file(&api.app, &caller.actor, names.text(0), file).await?;
    // Nobody has shared it yet.
    let out = AttachmentOut::new(made, &BTreeSet::new());
    let location = [(header::LOCATION, out.href.clone())];
    Ok((StatusCode::CREATED, location, Json(out)).into_response())
}

/// Download a file
///
/// Its bytes, as they were sent.
#[utoipa::path(get, path = "/attachments/{id}", operation_id = "get_attachment", tag = "Plan",
    params(("id" = String, Path, description = "Id of the file.", example = "att_01900000000070008000000000000001")),
    responses((status = 200, description = "The file.", content((String = "*/*")))))]
pub(crate) async fn file(Here(api, caller, names): Here) -> Answer {
    let id: AttachmentId = names.id("file")?;
    let (file, bytes) = work::file(&api.app, &caller.actor, id).await?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    // Whatever it says it is, no program opens it by itself.
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let plain: String =
        file.name.chars().map(|c| if c.is_ascii_graphic() && c != '"' { c } else { '_' }).collect();
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{plain}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}

/// Take a file out
#[utoipa::path(delete, path = "/attachments/{id}", operation_id = "remove_attachment", tag = "Plan",
    params(("id" = String, Path, description = "Id of the file.", example = "att_01900000000070008000000000000001")),
    responses((status = 204, description = "It is gone.")))]
pub(crate) async fn remove_file(Here(api, caller, names): Here) -> Result<StatusCode, Problem> {
    let id: AttachmentId = names.id("file")?;
    work::remove_file(&api.app, &caller.actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whether the customer sees something.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "shared": true }))]
pub(crate) struct SharedIn {
    /// They do.
    shared: bool,
}

/// Share a comment or file with the customer
///
/// Or take that back. Those whom a comment concerns are told by mail when it is shared first.
#[utoipa::path(put, path = "/shared-with-customer/{item}", operation_id = "share_with_customer", tag = "Portal",
    params(("item" = String, Path, description = "Id of the comment or file.", example = "cmt_01900000000070008000000000000001")),
    request_body(content = SharedIn),
    responses((status = 204, description = "It is as it was said.")))]
pub(crate) async fn share(
    Sent(api, caller, names, SharedIn { shared }): Sent<SharedIn>,
) -> Result<StatusCode, Problem> {
    portal::share(&api.app, &caller.actor, names.text(0), shared).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A line of a checklist.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChecklistItem, example = json!({
    "id": "chk_01900000000070008000000000000001", "said": "Sandbox invited", "done_by": null, "done_at": null
}))]
pub(crate) struct ItemOut {
    /// Id.
    id: String,
    /// What is to be checked.
    said: String,
    /// Who ticked it.
    #[schema(required = true)]
    done_by: Option<String>,
    /// When.
    #[schema(required = true)]
    done_at: Option<jiff::Timestamp>,
}

impl From<Item> for ItemOut {
    fn from(item: Item) -> Self {
        let Item { id, said, done_by, done_at, .. } = item;
        Self { id: id.to_string(), said, done_by, done_at: done_at.map(instant) }
    }
}

/// A line to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "said": "Sandbox invited" }))]
pub(crate) struct ItemIn {
    /// What is to be checked.
    #[schema(min_length = 1, max_length = 300)]
    said: String,
}

/// Whether a line is ticked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "done": true }))]
pub(crate) struct TickIn {
    /// Ticked.
    done: bool,
}

/// List the checklist of a task
///
/// In order. On one page.
#[utoipa::path(get, path = "/tasks/{id}/checklist", operation_id = "list_checklist", tag = "Plan",
    params(("id" = String, Path, description = "Id of the task.", example = "tsk_01900000000070008000000000000001")),
    responses((status = 200, description = "The lines.", body = Page<ItemOut>)))]
pub(crate) async fn checklist(Here(api, caller, names): Here) -> Result<Json<Page<ItemOut>>, Problem> {
    let id: TaskId = names.id("task")?;
    let talk = work::talk(&api.app, &caller.actor, &id.to_string()).await?;
    Ok(Json(Page::whole(talk.checklist.into_iter().map(ItemOut::from))))
}

/// Add a line to the checklist of a task
#[utoipa::path(post, path = "/tasks/{id}/checklist", operation_id = "add_checklist_item", tag = "Plan",
    params(("id" = String, Path, description = "Id of the task.", example = "tsk_01900000000070008000000000000001")),
    request_body(content = ItemIn),
    responses((status = 201, description = "The line.", body = ItemOut)))]
pub(crate) async fn add_item(Sent(api, caller, names, ItemIn { said }): Sent<ItemIn>) -> Answer {
    let made = work::add_check(&api.app, &caller.actor, names.id("task")?, &said).await?;
    Ok((StatusCode::CREATED, Json(ItemOut::from(made))).into_response())
}

/// What is to be done in a task.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaskDescription, example = json!({
    "description": "Count the shelves of all four shops on one evening.", "by": "Ines Okafor",
    "at": "2027-01-12T10:00:00Z", "version": 1
}))]
pub(crate) struct DescriptionOut {
    /// In plain text; empty when nobody has said.
    description: String,
    /// Who changed it last.
    #[schema(required = true)]
    by: Option<String>,
    /// When.
    #[schema(required = true)]
    at: Option<jiff::Timestamp>,
    /// Counts its changes, 0 while nobody has said; the ETag is made of it.
    version: i64,
}

impl From<Option<Description>> for DescriptionOut {
    fn from(said: Option<Description>) -> Self {
        match said {
            Some(Description { text, by, at, version }) => {
                Self { description: text, by: Some(by), at: Some(instant(at)), version }
            }
            None => Self { description: String::new(), by: None, at: None, version: 0 },
        }
    }
}

/// What is to be done in a task, to be kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "description": "Count the shelves of all four shops on one evening." }))]
pub(crate) struct DescriptionIn {
    /// In plain text; empty to take it away.
    #[schema(max_length = 4000)]
    description: String,
}

/// Get what is to be done in a task
///
/// The words of the team; customers do not see them.
#[utoipa::path(get, path = "/tasks/{id}/description", operation_id = "get_task_description", tag = "Plan",
    params(("id" = String, Path, description = "Id of the task.", example = "tsk_01900000000070008000000000000001")),
    responses((status = 200, description = "The description.", body = DescriptionOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn description(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let id: TaskId = names.id("task")?;
    let talk = work::talk(&api.app, &caller.actor, &id.to_string()).await?;
    let out = DescriptionOut::from(talk.description);
    Ok(tagged(&headers, out.version, Json(out)))
}

/// Say what is to be done in a task
///
/// In plain text, for the team alone.
#[utoipa::path(put, path = "/tasks/{id}/description", operation_id = "put_task_description", tag = "Plan",
    params(("id" = String, Path, description = "Id of the task.", example = "tsk_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the description that was read; \"0\" while nobody said anything.", example = "\"1\"")),
    request_body(content = DescriptionIn),
    responses((status = 200, description = "The description.", body = DescriptionOut, headers(("ETag" = String)))))]
pub(crate) async fn describe(
    version: IfMatch,
    Sent(api, caller, names, DescriptionIn { description }): Sent<DescriptionIn>,
) -> Answer {
    let (id, seen): (TaskId, i64) = (names.id("task")?, version.required()?);
    let said = work::describe(&api.app, &caller.actor, id, seen, &description).await?;
    let out = DescriptionOut::from(Some(said));
    Ok(changed(out.version, Json(out)))
}

/// Tick a line of a checklist
///
/// Or take the tick away.
#[utoipa::path(put, path = "/checklist-items/{id}", operation_id = "tick_checklist_item", tag = "Plan",
    params(("id" = String, Path, description = "Id of the line.", example = "chk_01900000000070008000000000000001")),
    request_body(content = TickIn),
    responses((status = 204, description = "It is as it was said.")))]
pub(crate) async fn tick(
    Sent(api, caller, names, TickIn { done }): Sent<TickIn>,
) -> Result<StatusCode, Problem> {
    let id: CheckId = names.id("line of a checklist")?;
    work::tick(&api.app, &caller.actor, id, done).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a line out of a checklist
#[utoipa::path(delete, path = "/checklist-items/{id}", operation_id = "remove_checklist_item", tag = "Plan",
    params(("id" = String, Path, description = "Id of the line.", example = "chk_01900000000070008000000000000001")),
    responses((status = 204, description = "It is gone.")))]
pub(crate) async fn remove_item(Here(api, caller, names): Here) -> Result<StatusCode, Problem> {
    let id: CheckId = names.id("line of a checklist")?;
    work::remove_check(&api.app, &caller.actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
