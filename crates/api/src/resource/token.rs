//! API tokens.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use gangway_app::identity;
use gangway_domain::permission::Scope;
use gangway_store::api_token::ApiToken;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::instant;
use crate::Api;
use crate::caller::{Caller, Here};
use crate::input::JsonOf;
use crate::page::Page;
use crate::problem::{Answer, Problem};

/// How far a token reaches.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = Scope)]
#[expect(dead_code, reason = "describes the words of a scope; never made")]
pub(crate) enum ScopeWord {
    /// See and export.
    Read,
    /// Change the work: deals, onboardings, accounts, programmes.
    Write,
    /// Team, integrations, settings, audit trail.
    Admin,
}

/// A token to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "nightly sync", "scopes": ["read", "write"], "days": 90 }))]
pub(crate) struct TokenIn {
    /// What it is for.
    #[schema(min_length = 1, max_length = 120)]
    name: String,
    /// How far it reaches: no further than the token that asks.
    #[schema(value_type = Vec<ScopeWord>, min_items = 1)]
    scopes: Vec<Scope>,
    /// For how many days it works.
    #[schema(minimum = 1, maximum = 366)]
    days: u32,
}

/// A token.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Token, example = json!({
    "id": "tok_01900000000070008000000000000001", "name": "nightly sync", "owner": "Ines Okafor", "scopes": ["read", "write"],
    "created_at": "2027-01-04T09:00:00Z", "expires_at": "2027-04-04T09:00:00Z", "used_at": null, "token": null
}))]
pub(crate) struct TokenOut {
    /// Id.
    id: String,
    /// What it is for.
    name: String,
    /// Whom it acts for.
    owner: String,
    /// How far it reaches.
    #[schema(value_type = Vec<ScopeWord>)]
    scopes: Vec<String>,
    /// When it was made.
    created_at: jiff::Timestamp,
    /// Until when it works; it stays in the list afterwards.
    expires_at: jiff::Timestamp,
    /// When it was last used, to the minute.
    #[schema(required = true)]
    used_at: Option<jiff::Timestamp>,
    /// The token itself, told only when it is made.
    #[schema(required = true)]
    token: Option<String>,
}

impl TokenOut {
    fn of(row: ApiToken, token: Option<String>) -> Self {
        let ApiToken { id, person: _, owner, name, scopes, created_at, expires_at, used_at } = row;
        let scopes = scopes.split_whitespace().map(str::to_owned).collect();
        let (created_at, expires_at) = (instant(created_at), instant(expires_at));
        let used_at = used_at.map(instant);
        Self { id: id.to_string(), name, owner, scopes, created_at, expires_at, used_at, token }
    }
}

/// List API tokens
///
/// Your own; those of everybody for who manages integrations. Oldest first, on one page.
#[utoipa::path(get, path = "/tokens", operation_id = "list_tokens", tag = "Workspace",
    responses((status = 200, description = "The tokens, without their secrets.", body = Page<TokenOut>)))]
pub(crate) async fn list(State(api): State<Api>, caller: Caller) -> Result<Json<Page<TokenOut>>, Problem> {
    let tokens = identity::tokens(&api.app, &caller.actor).await?;
    Ok(Json(Page::whole(tokens.into_iter().map(|row| TokenOut::of(row, None)))))
}

/// Make an API token
///
/// It acts for the owner of the token that asks, and ends no later than that one.
#[utoipa::path(post, path = "/tokens", operation_id = "create_token", tag = "Workspace",
    request_body(content = TokenIn),
    responses((status = 201, description = "The token, told this once.", body = TokenOut)))]
pub(crate) async fn create(State(api): State<Api>, caller: Caller, JsonOf(sent): JsonOf<TokenIn>) -> Answer {
    let TokenIn { name, scopes, days } = sent;
    let made = identity::create_token(&api.app, &caller.actor, &name, &scopes, days).await?;
    let known = identity::tokens(&api.app, &caller.actor).await?;
    let row = known.into_iter().find(|row| row.id == made.id);
    let row = row.ok_or_else(|| Problem::missing("API token", &made.id.to_string()))?;
    let token = Some(made.token.reveal().to_owned());
    Ok((StatusCode::CREATED, Json(TokenOut::of(row, token))).into_response())
}

/// End an API token
#[utoipa::path(delete, path = "/tokens/{id}", operation_id = "end_token", tag = "Workspace",
    params(("id" = String, Path, description = "Id of the token.", example = "tok_01900000000070008000000000000001")),
    responses((status = 204, description = "It works no more.")))]
pub(crate) async fn end(Here(api, caller, names): Here) -> Result<StatusCode, Problem> {
    identity::revoke_token(&api.app, &caller.actor, names.id("API token")?).await?;
    Ok(StatusCode::NO_CONTENT)
}
