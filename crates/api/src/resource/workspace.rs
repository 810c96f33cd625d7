//! Where a token acts, and as whom.

use axum::Json;
use axum::extract::State;
use gangway_domain::permission::Action;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::caller::Caller;
use crate::problem::Problem;

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

/// Who am I?
///
/// Where the token acts, as whom, and what it may do.
#[utoipa::path(get, path = "/me", operation_id = "me", tag = "Workspace",
    responses((status = 200, description = "The token's workspace and reach.", body = Me)))]
pub(crate) async fn me(State(api): State<Api>, caller: Caller) -> Result<Json<Me>, Problem> {
    let workspace = gangway_app::workspace::get(&api.app, &caller.actor).await?;
    let may = Action::ALL.into_iter().filter(|action| caller.actor.may(*action)).map(Action::words).collect();
    Ok(Json(Me {
        workspace: WorkspaceOut {
            id: workspace.id.to_string(),
            name: workspace.name,
            currency: api.app.methodology.segments.currency.clone(),
        },
        token: caller.token.to_string(),
        acting_as: caller.actor.name,
        may,
    }))
}
