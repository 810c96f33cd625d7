//! Inviting colleagues.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use gangway_app::identity;
use gangway_domain::permission::Role;
use gangway_store::invitation::Invitation;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::instant;
use super::member::RoleWord;
use crate::Api;
use crate::caller::{Caller, Here};
use crate::input::JsonOf;
use crate::page::Page;
use crate::problem::{Answer, Problem};

/// An invitation to be sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "email": "jonas@example.com", "role": "csm" }))]
pub(crate) struct InvitationIn {
    /// Whom it is sent to.
    email: String,
    /// What they will be.
    #[schema(value_type = RoleWord)]
    role: Role,
}

/// An invitation nobody has taken up yet.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Invitation, example = json!({
    "id": "inv_01900000000070008000000000000001", "email": "jonas@example.com", "role": "csm", "invited_by": "Ines Okafor",
    "created_at": "2027-01-04T09:00:00Z", "expires_at": "2027-01-11T09:00:00Z", "link": null
}))]
pub(crate) struct InvitationOut {
    /// Id.
    id: String,
    /// Whom it was sent to.
    email: String,
    /// What they will be.
    #[schema(value_type = RoleWord)]
    role: Role,
    /// Who invited.
    invited_by: String,
    /// When.
    created_at: jiff::Timestamp,
    /// Until when it can be taken up.
    expires_at: jiff::Timestamp,
    /// Where it is taken up. It holds a secret, and is told only when the invitation is made.
    #[schema(required = true)]
    link: Option<String>,
}

impl InvitationOut {
    fn of(invitation: Invitation, link: Option<String>) -> Self {
        let Invitation { workspace: _, id, email, role, digest: _, invited_by, created_at, expires_at } =
            invitation;
        let (created_at, expires_at) = (instant(created_at), instant(expires_at));
        Self { id: id.to_string(), email, role, invited_by, created_at, expires_at, link }
    }
}

/// List open invitations
///
/// Oldest first, on one page.
#[utoipa::path(get, path = "/invitations", operation_id = "list_invitations", tag = "Workspace",
    responses((status = 200, description = "The invitations that can still be taken up.", body = Page<InvitationOut>)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
) -> Result<Json<Page<InvitationOut>>, Problem> {
    let open = identity::invitations(&api.app, &caller.actor).await?;
    Ok(Json(Page::whole(open.into_iter().map(|invitation| InvitationOut::of(invitation, None)))))
}

/// Invite a colleague
///
/// A mail with the link is sent too. Inviting the same address again withdraws the invitation before.
#[utoipa::path(post, path = "/invitations", operation_id = "create_invitation", tag = "Workspace",
    request_body(content = InvitationIn),
    responses((status = 201, description = "The invitation, with its link this once.", body = InvitationOut)))]
pub(crate) async fn create(
    State(api): State<Api>,
    caller: Caller,
    JsonOf(sent): JsonOf<InvitationIn>,
) -> Answer {
    let made = identity::invite(&api.app, &caller.actor, &sent.email, sent.role).await?;
    let open = identity::invitations(&api.app, &caller.actor).await?;
    let row = open.into_iter().find(|invitation| invitation.id == made.id);
    let row = row.ok_or_else(|| Problem::missing("invitation", &made.id.to_string()))?;
    let link = api.app.link(&format!("/join/{}", made.secret.reveal()));
    Ok((StatusCode::CREATED, Json(InvitationOut::of(row, Some(link)))).into_response())
}

/// Withdraw an invitation
#[utoipa::path(delete, path = "/invitations/{id}", operation_id = "withdraw_invitation", tag = "Workspace",
    params(("id" = String, Path, description = "Id of the invitation.", example = "inv_01900000000070008000000000000001")),
    responses((status = 204, description = "Its link works no more.")))]
pub(crate) async fn withdraw(Here(api, caller, names): Here) -> Result<StatusCode, Problem> {
    identity::withdraw(&api.app, &caller.actor, names.id("invitation")?).await?;
    Ok(StatusCode::NO_CONTENT)
}
