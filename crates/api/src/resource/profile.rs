//! The owner of a token: their name and password, where they are signed in, leaving the workspace.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use gangway_app::identity::{self, OwnSession};
use gangway_domain::ids::WorkspaceId;
use gangway_domain::permission::Role;
use gangway_store::membership::Member;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::instant;
use super::member::RoleWord;
use crate::Api;
use crate::caller::{Caller, Here};
use crate::etag::{IfMatch, changed, tagged};
use crate::input::{JsonOf, usable};
use crate::page::Page;
use crate::problem::{Answer, Problem};

/// The owner of the token, as colleagues see them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Profile, example = json!({
    "id": "per_01900000000070008000000000000001", "name": "Ines Okafor", "email": "ines@example.com",
    "role": "onboarding-manager", "joined_at": "2027-01-04T09:00:00Z"
}))]
pub(crate) struct ProfileOut {
    /// Id.
    id: String,
    /// Name.
    name: String,
    /// Mail address.
    email: String,
    /// Role in the token's workspace.
    #[schema(value_type = RoleWord)]
    role: Role,
    /// Since when they belong to it.
    joined_at: jiff::Timestamp,
}

impl From<Member> for ProfileOut {
    fn from(member: Member) -> Self {
        let Member { person, name, email, role, created_at, version: _ } = member;
        Self { id: person.to_string(), name, email, role, joined_at: instant(created_at) }
    }
}

/// What is to change of one's profile.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Ines Okafor" }))]
pub(crate) struct ProfilePatch {
    /// The new name.
    #[schema(min_length = 1, max_length = 120)]
    name: String,
}

/// A new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "current": "what it was until now", "password": "a few words in a row" }))]
pub(crate) struct PasswordIn {
    /// The current one.
    current: String,
    /// The new one: at least 12 characters.
    #[schema(min_length = 12, max_length = 512)]
    password: String,
}

/// A browser in which the owner of the token is signed in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BrowserSession, example = json!({
    "id": "1f0c9d2be3a45768", "agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/147.0",
    "created_at": "2027-01-04T09:00:00Z", "seen_at": "2027-01-05T14:00:00Z"
}))]
pub(crate) struct BrowserSessionOut {
    /// What to end it by. It opens nothing.
    id: String,
    /// The browser, as it calls itself.
    agent: String,
    /// When it began.
    created_at: jiff::Timestamp,
    /// When it was last used, to the hour.
    seen_at: jiff::Timestamp,
}

impl From<OwnSession> for BrowserSessionOut {
    fn from(own: OwnSession) -> Self {
        let id = own.name();
        let (created_at, seen_at) = (instant(own.line.created_at), instant(own.line.seen_at));
        Self { id, agent: own.line.agent, created_at, seen_at }
    }
}

/// How many browsers are signed out.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EndedSessions, example = json!({ "ended": 2 }))]
pub(crate) struct EndedSessionsOut {
    /// So many.
    ended: u64,
}

/// Which workspace is left.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "workspace": "wsp_01900000000070008000000000000001" }))]
pub(crate) struct LeavingIn {
    /// Id of the workspace the token acts in: said again, so that nobody leaves one by mistake.
    workspace: String,
}

/// Get your profile
///
/// The owner of the token.
#[utoipa::path(get, path = "/profile", operation_id = "get_profile", tag = "Workspace",
    responses((status = 200, description = "The owner of the token.", body = ProfileOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn get(State(api): State<Api>, caller: Caller, headers: HeaderMap) -> Answer {
    let me = identity::me(&api.app, &caller.actor).await?;
    Ok(tagged(&headers, identity::own_version(&me), Json(ProfileOut::from(me))))
}

/// Change your name
///
/// Of the owner of the token, in every workspace they belong to.
#[utoipa::path(patch, path = "/profile", operation_id = "change_profile", tag = "Workspace",
    params(("If-Match" = Option<String>, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = ProfilePatch),
    responses((status = 200, description = "The owner of the token as they are now.", body = ProfileOut, headers(("ETag" = String)))))]
pub(crate) async fn change(
    State(api): State<Api>,
    caller: Caller,
    IfMatch(seen): IfMatch,
    JsonOf(patch): JsonOf<ProfilePatch>,
) -> Answer {
    identity::change_name_seen(&api.app, &caller.actor, &patch.name, seen).await?;
    let me = identity::me(&api.app, &caller.actor).await?;
    Ok(changed(identity::own_version(&me), Json(ProfileOut::from(me))))
}

/// Change your password
///
/// Of the owner of the token, who needs the current one. They are signed out in every browser; tokens work on. After
/// ten tries in 15 minutes: 429.
#[utoipa::path(put, path = "/profile/password", operation_id = "change_password", tag = "Workspace",
    request_body(content = PasswordIn),
    responses((status = 204, description = "The new password holds.")))]
pub(crate) async fn change_password(
    State(api): State<Api>,
    caller: Caller,
    JsonOf(sent): JsonOf<PasswordIn>,
) -> Result<StatusCode, Problem> {
    let PasswordIn { current, password } = sent;
    identity::change_password(&api.app, &caller.actor, "", &current, &password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List your sessions
///
/// Browsers in which the owner of the token is signed in, the last used first, on one page.
#[utoipa::path(get, path = "/profile/sessions", operation_id = "list_sessions", tag = "Workspace",
    responses((status = 200, description = "The sessions.", body = Page<BrowserSessionOut>)))]
pub(crate) async fn sessions(
    State(api): State<Api>,
    caller: Caller,
) -> Result<Json<Page<BrowserSessionOut>>, Problem> {
    let own = identity::own_sessions(&api.app, &caller.actor, "").await?;
    Ok(Json(Page::whole(own.into_iter().map(BrowserSessionOut::from))))
}

/// End a session
///
/// The owner of the token is signed out in that browser.
#[utoipa::path(delete, path = "/profile/sessions/{id}", operation_id = "end_session", tag = "Workspace",
    params(("id" = String, Path, description = "Id of the session, as it is listed.", example = "1f0c9d2be3a45768")),
    responses((status = 204, description = "It has ended.")))]
pub(crate) async fn end_session(Here(api, caller, names): Here) -> Result<StatusCode, Problem> {
    identity::end_session(&api.app, &caller.actor, names.text(0)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End all your sessions
///
/// The owner of the token is signed out in every browser; tokens work on.
#[utoipa::path(delete, path = "/profile/sessions", operation_id = "end_sessions", tag = "Workspace",
    responses((status = 200, description = "They have ended.", body = EndedSessionsOut)))]
pub(crate) async fn end_sessions(
    State(api): State<Api>,
    caller: Caller,
) -> Result<Json<EndedSessionsOut>, Problem> {
    let ended = identity::end_other_sessions(&api.app, &caller.actor, "").await?;
    Ok(Json(EndedSessionsOut { ended }))
}

/// Leave the workspace
///
/// The owner of the token belongs to it no more; this token and their others in it end. What was theirs to do is
/// nobody's. The last admin cannot leave: 409.
#[utoipa::path(post, path = "/profile/leaving", operation_id = "leave_workspace", tag = "Workspace",
    request_body(content = LeavingIn),
    responses((status = 204, description = "They are out.")))]
pub(crate) async fn leave(
    State(api): State<Api>,
    caller: Caller,
    JsonOf(sent): JsonOf<LeavingIn>,
) -> Result<StatusCode, Problem> {
    let workspace: WorkspaceId = usable("workspace", &sent.workspace)?;
    if workspace != caller.actor.workspace {
        return Err(Problem::field("workspace", "is not the one this token acts in"));
    }
    identity::leave(&api.app, &caller.actor).await?;
    Ok(StatusCode::NO_CONTENT)
}
