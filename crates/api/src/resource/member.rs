//! The people of the workspace.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use gangway_app::identity::{self, Team};
use gangway_domain::ids::PersonId;
use gangway_domain::permission::Role;
use gangway_store::membership::Member;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::instant;
use crate::Api;
use crate::caller::{Caller, Here, Sent};
use crate::etag::{IfMatch, changed, tagged};
use crate::page::Page;
use crate::problem::{Answer, Problem};

/// Somebody in the workspace.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Member, example = json!({
    "id": "per_01900000000070008000000000000001", "name": "Jonas Feld", "email": "jonas@example.com",
    "role": "csm", "joined_at": "2027-01-04T09:00:00Z", "version": 1
}))]
pub(crate) struct MemberOut {
    /// Id.
    id: String,
    /// Name.
    name: String,
    /// Mail address.
    email: String,
    /// Role: what they may do.
    #[schema(value_type = RoleWord)]
    role: Role,
    /// Since when.
    joined_at: jiff::Timestamp,
    /// Counts changes of their role, from 1.
    version: i64,
}

/// A role.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = Role)]
#[expect(dead_code, reason = "describes the words of a role; never made")]
pub(crate) enum RoleWord {
    /// Everything, including team, integrations and settings.
    Admin,
    /// All work and numbers, and publishes programmes.
    Leader,
    /// Runs onboardings and drafts programmes.
    OnboardingManager,
    /// Runs onboardings, above all their technical side.
    ImplementationManager,
    /// Runs onboardings and takes customers over.
    Csm,
    /// Hands over won deals and follows them.
    Ae,
    /// Reads everything but the audit trail, changes nothing.
    Viewer,
}

impl From<Member> for MemberOut {
    fn from(member: Member) -> Self {
        let Member { person, name, email, role, created_at, version } = member;
        Self { id: person.to_string(), name, email, role, joined_at: instant(created_at), version }
    }
}

/// What is to change of a member.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "role": "csm" }))]
pub(crate) struct MemberPatch {
    /// Their new role.
    #[schema(value_type = RoleWord)]
    role: Role,
}

/// List the team
///
/// Everybody in the workspace, by name, on one page.
#[utoipa::path(get, path = "/members", operation_id = "list_members", tag = "Workspace",
    responses((status = 200, description = "The team.", body = Page<MemberOut>)))]
pub(crate) async fn list(State(api): State<Api>, caller: Caller) -> Result<Json<Page<MemberOut>>, Problem> {
    let Team { members, invitations: _ } = identity::team(&api.app, &caller.actor).await?;
    Ok(Json(Page::whole(members.into_iter().map(MemberOut::from))))
}

/// Get a member
#[utoipa::path(get, path = "/members/{id}", operation_id = "get_member", tag = "Workspace",
    params(("id" = String, Path, description = "Id of the person.", example = "per_01900000000070008000000000000001")),
    responses((status = 200, description = "The member.", body = MemberOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn get(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let member = identity::member(&api.app, &caller.actor, names.id("member")?).await?;
    Ok(tagged(&headers, member.version, Json(MemberOut::from(member))))
}

/// Give a member another role
///
/// With `If-Match`, only if nobody has given them another one since. The last admin stays admin: 409.
#[utoipa::path(patch, path = "/members/{id}", operation_id = "change_member", tag = "Workspace",
    params(("id" = String, Path, description = "Id of the person.", example = "per_01900000000070008000000000000001"),
        ("If-Match" = Option<String>, Header, description = "ETag of the version that was read; may be left out.", example = "\"1\"")),
    request_body(content = MemberPatch),
    responses(
        (status = 200, description = "The member as they are now.", body = MemberOut, headers(("ETag" = String)))
    ))]
pub(crate) async fn change(version: IfMatch, Sent(api, caller, names, patch): Sent<MemberPatch>) -> Answer {
    let id: PersonId = names.id("member")?;
    let member = identity::change_role(&api.app, &caller.actor, id, patch.role, version.0).await?;
    Ok(changed(member.version, Json(MemberOut::from(member))))
}

/// Remove a member
///
/// Their sessions and tokens in this workspace end at once. The last admin cannot be removed: 409.
#[utoipa::path(delete, path = "/members/{id}", operation_id = "remove_member", tag = "Workspace",
    params(("id" = String, Path, description = "Id of the person.", example = "per_01900000000070008000000000000001")),
    responses(
        (status = 204, description = "They are out.")
    ))]
pub(crate) async fn remove(Here(api, caller, names): Here) -> Result<StatusCode, Problem> {
    identity::remove(&api.app, &caller.actor, names.id("member")?).await?;
    Ok(StatusCode::NO_CONTENT)
}
