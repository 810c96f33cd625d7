//! Saved views: filters of the portfolio under a name.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use gangway_app::portfolio::view::{self, Draft};
use gangway_store::saved_view::View;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Api;
use crate::caller::{Caller, Here, Sent};
use crate::etag::{IfMatch, changed, created, tagged};
use crate::input::JsonOf;
use crate::page::Page;
use crate::problem::{Answer, Problem};

/// A view as it is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Enterprise, late", "query": "segment=enterprise&late=1", "shared": false }))]
pub(crate) struct ViewIn {
    /// Name.
    #[schema(min_length = 1, max_length = 120)]
    name: String,
    /// The filters, as they stand behind the `?` of the portfolio's address.
    #[schema(max_length = 1000)]
    query: String,
    /// Everybody of the workspace sees it.
    #[serde(default)]
    shared: bool,
}

impl From<ViewIn> for Draft {
    fn from(sent: ViewIn) -> Self {
        let ViewIn { name, query, shared } = sent;
        Self { name, query, shared }
    }
}

/// A saved view.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = View, example = json!({
    "id": "viw_01900000000070008000000000000001", "name": "Enterprise, late", "query": "segment=enterprise&late=1",
    "shared": false, "owner": "Ines Okafor", "is_default": false, "version": 1717986918
}))]
pub(crate) struct ViewOut {
    /// Id.
    id: String,
    /// Name.
    name: String,
    /// The filters, as they stand behind the `?` of the portfolio's address.
    query: String,
    /// Everybody of the workspace sees it.
    shared: bool,
    /// Whose it is.
    owner: String,
    /// The owner of the token begins with it.
    is_default: bool,
    /// Says which state of the view this is; the ETag is made of it.
    version: i64,
}

impl From<View> for ViewOut {
    fn from(view: View) -> Self {
        let version = view::mark(&view);
        let View { id, person: _, person_name, name, query, shared, is_default } = view;
        Self { id: id.to_string(), name, query, shared, owner: person_name, is_default, version }
    }
}

/// List saved views
///
/// Your own, then those that are shared, on one page.
#[utoipa::path(get, path = "/views", operation_id = "list_views", tag = "Onboardings",
    responses((status = 200, description = "The views.", body = Page<ViewOut>)))]
pub(crate) async fn list(State(api): State<Api>, caller: Caller) -> Result<Json<Page<ViewOut>>, Problem> {
    let views = view::list(&api.app, &caller.actor).await?;
    Ok(Json(Page::whole(views.into_iter().map(ViewOut::from))))
}

/// Get a saved view
///
/// Your own, or one that is shared.
#[utoipa::path(get, path = "/views/{id}", operation_id = "get_view", tag = "Onboardings",
    params(("id" = String, Path, description = "Id of the view.", example = "viw_01900000000070008000000000000001")),
    responses((status = 200, description = "The view.", body = ViewOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn get(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let view = ViewOut::from(view::get(&api.app, &caller.actor, names.id("view")?).await?);
    Ok(tagged(&headers, view.version, Json(view)))
}

/// Save a view
///
/// Of your own; sharing it needs a role that may share views.
#[utoipa::path(post, path = "/views", operation_id = "create_view", tag = "Onboardings",
    request_body(content = ViewIn),
    responses((status = 201, description = "The view.", body = ViewOut,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn create(State(api): State<Api>, caller: Caller, JsonOf(sent): JsonOf<ViewIn>) -> Answer {
    let view = ViewOut::from(view::keep(&api.app, &caller.actor, sent.into()).await?);
    let location = format!("/api/v1/views/{}", view.id);
    Ok(created(view.version, location, Json(view)))
}

/// Change a view
///
/// Your own, or a shared one by whoever may share views. It becomes what is sent, whole.
#[utoipa::path(patch, path = "/views/{id}", operation_id = "change_view", tag = "Onboardings",
    params(("id" = String, Path, description = "Id of the view.", example = "viw_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the view that was read.", example = "\"1717986918\"")),
    request_body(content = ViewIn),
    responses((status = 200, description = "The view as it is now.", body = ViewOut, headers(("ETag" = String)))))]
pub(crate) async fn change(seen: IfMatch, Sent(api, caller, names, sent): Sent<ViewIn>) -> Answer {
    let (id, seen) = (names.id("view")?, seen.required()?);
    let view = ViewOut::from(view::change(&api.app, &caller.actor, id, Some(seen), sent.into()).await?);
    Ok(changed(view.version, Json(view)))
}

/// Delete a view
///
/// Your own, or a shared one by whoever may share views. With `If-Match`, only if nobody has changed it since.
#[utoipa::path(delete, path = "/views/{id}", operation_id = "delete_view", tag = "Onboardings",
    params(("id" = String, Path, description = "Id of the view.", example = "viw_01900000000070008000000000000001"),
        ("If-Match" = Option<String>, Header, description = "ETag of the view that was read; may be left out.", example = "\"1717986918\"")),
    responses((status = 204, description = "It is gone.")))]
pub(crate) async fn remove(
    Here(api, caller, names): Here,
    IfMatch(seen): IfMatch,
) -> Result<StatusCode, Problem> {
    view::forget(&api.app, &caller.actor, names.id("view")?, seen).await?;
    Ok(StatusCode::NO_CONTENT)
}
