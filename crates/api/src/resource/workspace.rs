//! Where a token acts, and as whom; the workspaces its owner belongs to.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use gangway_app::workspace::{Contents, version_of};
use gangway_app::{AppError, identity};
use gangway_domain::permission::{Action, Role};
use gangway_store::membership::Place;
use gangway_store::workspace::Workspace;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::member::RoleWord;
use crate::Api;
use crate::caller::Caller;
use crate::etag::{IfMatch, changed, tagged};
use crate::input::{JsonOf, QueryOf};
use crate::page::Page;
use crate::problem::{Answer, Problem};

/// Where a token acts, and as whom.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "workspace": { "id": "wsp_00000000000070008000000000000001", "name": "Northbeam Software", "currency": "USD" },
    "token": "tok_01900000000070008000000000000001", "acting_as": "Ines Okafor (sync)",
    "may": ["look", "hand deals over"]
}))]
pub(crate) struct Me {
    /// The workspace everything belongs to.
    workspace: WorkspaceOut,
    /// Id of the token.
    token: String,
    /// Its owner, and what it is for.
    acting_as: String,
    /// What it may do, in words.
    may: Vec<&'static str>,
}

/// A workspace.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Workspace)]
pub(crate) struct WorkspaceOut {
    /// Id.
    id: String,
    /// The vendor: whoever runs Gangway, as documents name them.
    name: String,
    /// Currency that segments are bounded in, ISO 4217.
    currency: String,
}

impl WorkspaceOut {
    fn of(api: &Api, workspace: Workspace) -> Self {
        let Workspace { id, name, created_at: _ } = workspace;
        Self { id: id.to_string(), name, currency: api.app.methodology.segments.currency.clone() }
    }
}

/// What a workspace is to be called.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WorkspaceName, example = json!({ "name": "Northbeam Labs" }))]
pub(crate) struct WorkspaceIn {
    /// Name of the vendor, which no other workspace of the installation has.
    #[schema(min_length = 1, max_length = 120)]
    name: String,
}

/// A workspace the owner of the token belongs to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WorkspaceMembership, example = json!({
    "id": "wsp_01900000000070008000000000000001", "name": "Northbeam Labs", "role": "admin", "here": false
}))]
pub(crate) struct PlaceOut {
    /// Id.
    id: String,
    /// Name.
    name: String,
    /// What the owner of the token is there.
    #[schema(value_type = RoleWord)]
    role: Role,
    /// Whether the token acts there.
    here: bool,
}

/// How much there is in a workspace: what would be gone with it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WorkspaceContents, example = json!({
    "people": 8, "accounts": 120, "contacts": 340, "handoffs": 131, "onboardings": 128, "programme_versions": 3, "tokens": 2
}))]
pub(crate) struct ContentsOut {
    /// People who belong to it.
    people: i64,
    /// Accounts.
    accounts: i64,
    /// Contacts.
    contacts: i64,
    /// Handoffs.
    handoffs: i64,
    /// Onboardings, with their packages.
    onboardings: i64,
    /// Versions of programmes that were published in it.
    programme_versions: i64,
    /// API tokens.
    tokens: i64,
}

impl From<Contents> for ContentsOut {
    fn from(contents: Contents) -> Self {
        let Contents { people, accounts, contacts, handoffs, onboardings, versions, tokens } = contents;
        let programme_versions = versions;
        Self { people, accounts, contacts, handoffs, onboardings, programme_versions, tokens }
    }
}

/// What the removal of a workspace needs.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RemovalQuery {
    /// Name of the workspace the token acts in: said again, so that nobody removes one by mistake.
    #[param(example = "Northbeam Labs")]
    confirmation: String,
}

/// A name that cannot be used is one of the field the body calls so.
fn of_name(error: AppError) -> Problem {
    let mut problem = Problem::from(error);
    for wrong in &mut problem.errors {
        "name".clone_into(&mut wrong.field);
    }
    problem
}

/// Who am I?
///
/// Where the token acts, as whom, and what it may do.
#[utoipa::path(get, path = "/me", operation_id = "me", tag = "Workspace",
    responses((status = 200, description = "The token's workspace and reach.", body = Me)))]
pub(crate) async fn me(State(api): State<Api>, caller: Caller) -> Result<Json<Me>, Problem> {
    let workspace = gangway_app::workspace::get(&api.app, &caller.actor).await?;
    let may = Action::ALL.into_iter().filter(|action| caller.actor.may(*action)).map(Action::words).collect();
    Ok(Json(Me {
        workspace: WorkspaceOut::of(&api, workspace),
        token: caller.token.to_string(),
        acting_as: caller.actor.name,
        may,
    }))
}

/// Get the workspace
///
/// The one the token acts in.
#[utoipa::path(get, path = "/workspace", operation_id = "get_workspace", tag = "Workspace",
    responses((status = 200, description = "The workspace.", body = WorkspaceOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn get(State(api): State<Api>, caller: Caller, headers: HeaderMap) -> Answer {
    let workspace = gangway_app::workspace::get(&api.app, &caller.actor).await?;
    let version = version_of(&workspace);
    Ok(tagged(&headers, version, Json(WorkspaceOut::of(&api, workspace))))
}

/// Rename the workspace
///
/// The one the token acts in: documents made from now on carry the new name.
#[utoipa::path(patch, path = "/workspace", operation_id = "rename_workspace", tag = "Workspace",
    params(("If-Match" = Option<String>, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = WorkspaceIn),
    responses((status = 200, description = "The workspace as it is now.", body = WorkspaceOut, headers(("ETag" = String)))))]
pub(crate) async fn rename(
    State(api): State<Api>,
    caller: Caller,
    IfMatch(seen): IfMatch,
    JsonOf(sent): JsonOf<WorkspaceIn>,
) -> Answer {
    let renamed = gangway_app::workspace::rename_seen(&api.app, &caller.actor, &sent.name, seen).await;
    let renamed = renamed.map_err(of_name)?;
    let version = version_of(&renamed);
    Ok(changed(version, Json(WorkspaceOut::of(&api, renamed))))
}

/// Count what is in the workspace
///
/// The one the token acts in: what would be gone with it.
#[utoipa::path(get, path = "/workspace/contents", operation_id = "get_workspace_contents", tag = "Workspace",
    responses((status = 200, description = "How much there is.", body = ContentsOut)))]
pub(crate) async fn contents(State(api): State<Api>, caller: Caller) -> Result<Json<ContentsOut>, Problem> {
    Ok(Json(gangway_app::workspace::contents(&api.app, &caller.actor).await?.into()))
}

/// Remove the workspace
///
/// The one the token acts in, with everything in it, this token too. Sessions in it go on in another workspace of their
/// person. The only workspace of an installation stays: 422.
#[utoipa::path(delete, path = "/workspace", operation_id = "remove_workspace", tag = "Workspace",
    params(RemovalQuery),
    responses((status = 204, description = "It is gone.")))]
pub(crate) async fn remove(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<RemovalQuery>,
) -> Result<StatusCode, Problem> {
    gangway_app::workspace::remove(&api.app, &caller.actor, &query.confirmation).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List your workspaces
///
/// Those the owner of the token belongs to, the first they joined first, on one page. The token acts in one of them only.
#[utoipa::path(get, path = "/workspaces", operation_id = "list_workspaces", tag = "Workspace",
    responses((status = 200, description = "The workspaces.", body = Page<PlaceOut>)))]
pub(crate) async fn list(State(api): State<Api>, caller: Caller) -> Result<Json<Page<PlaceOut>>, Problem> {
    let places = identity::places(&api.app, &caller.actor).await?;
    let here = caller.actor.workspace;
    let shown = |place: Place| {
        let Place { workspace, name, role } = place;
        PlaceOut { id: workspace.to_string(), name, role, here: workspace == here }
    };
    Ok(Json(Page::whole(places.into_iter().map(shown))))
}

/// Make another workspace
///
/// Empty and apart from all others, with the owner of the token as its admin. The token does not reach it: they make one
/// there.
#[utoipa::path(post, path = "/workspaces", operation_id = "create_workspace", tag = "Workspace",
    request_body(content = WorkspaceIn),
    responses((status = 201, description = "The workspace.", body = PlaceOut)))]
pub(crate) async fn create(
    State(api): State<Api>,
    caller: Caller,
    JsonOf(sent): JsonOf<WorkspaceIn>,
) -> Answer {
    let made = gangway_app::workspace::add(&api.app, &caller.actor, &sent.name).await.map_err(of_name)?;
    let name = sent.name.split_whitespace().collect::<Vec<_>>().join(" ");
    let made = PlaceOut { id: made.to_string(), name, role: Role::Admin, here: false };
    Ok((StatusCode::CREATED, Json(made)).into_response())
}
