//! Addresses at which a CRM announces won deals.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use gangway_app::crm_hook::{self, Crm, Hook};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::instant;
use crate::Api;
use crate::caller::{Caller, Here};
use crate::input::JsonOf;
use crate::page::Page;
use crate::problem::{Answer, Problem};

/// A CRM.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = Crm)]
pub(crate) enum CrmWord {
    /// HubSpot: signs its messages.
    Hubspot,
    /// Salesforce: known by the secret in the address.
    Salesforce,
}

/// An address to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "crm": "hubspot", "signing_secret": "00000000-0000-0000-0000-000000000000" }))]
pub(crate) struct HookIn {
    /// Whose it is.
    crm: CrmWord,
    /// HubSpot only: the client secret of the app that sends, 16 to 200 characters.
    signing_secret: Option<String>,
}

/// An address for a CRM.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CrmHook, example = json!({
    "id": "hok_01900000000070008000000000000001", "crm": "hubspot", "created_at": "2027-01-04T09:00:00Z", "used_at": null,
    "address": "https://onboarding.example.com/hooks/hubspot/hok_01900000000070008000000000000001"
}))]
pub(crate) struct HookOut {
    /// Id.
    id: String,
    /// Whose it is.
    crm: CrmWord,
    /// When it was made.
    created_at: jiff::Timestamp,
    /// When a message last came.
    #[schema(required = true)]
    used_at: Option<jiff::Timestamp>,
    /// What to enter in the CRM. That of Salesforce holds a secret and is told in whole only when it is made.
    #[schema(required = true)]
    address: Option<String>,
}

fn out(api: &Api, hook: &Hook, address: Option<String>) -> HookOut {
    let Hook { id, crm, created_at, used_at } = hook;
    let crm = match crm {
        Crm::Hubspot => CrmWord::Hubspot,
        Crm::Salesforce => CrmWord::Salesforce,
    };
    let address = address.or_else(|| match crm {
        CrmWord::Hubspot => Some(api.app.link(&format!("/hooks/hubspot/{id}"))),
        CrmWord::Salesforce => None,
    });
    let (created_at, used_at) = (instant(*created_at), used_at.map(instant));
    HookOut { id: id.to_string(), crm, created_at, used_at, address }
}

/// List the CRMs' addresses
///
/// Oldest first, on one page.
#[utoipa::path(get, path = "/crm-hooks", operation_id = "list_crm_hooks", tag = "Integrations",
    responses((status = 200, description = "The addresses.", body = Page<HookOut>)))]
pub(crate) async fn list(State(api): State<Api>, caller: Caller) -> Result<Json<Page<HookOut>>, Problem> {
    let hooks = crm_hook::list(&api.app, &caller.actor).await?;
    Ok(Json(Page::whole(hooks.iter().map(|hook| out(&api, hook, None)))))
}

/// Let a CRM announce won deals
///
/// Enter `address` in the CRM: in HubSpot as the target of a workflow's webhook or of an app's subscriptions to deals, in
/// Salesforce as the endpoint of an outbound message for Opportunities that are closed won.
#[utoipa::path(post, path = "/crm-hooks", operation_id = "create_crm_hook", tag = "Integrations",
    request_body(content = HookIn),
    responses((status = 201, description = "The address, told in whole this once.", body = HookOut)))]
pub(crate) async fn create(State(api): State<Api>, caller: Caller, JsonOf(sent): JsonOf<HookIn>) -> Answer {
    let crm = match sent.crm {
        CrmWord::Hubspot => Crm::Hubspot,
        CrmWord::Salesforce => Crm::Salesforce,
    };
    let (hook, secret) = crm_hook::make(&api.app, &caller.actor, crm, sent.signing_secret.as_deref()).await?;
    let address =
        secret.map(|secret| api.app.link(&format!("/hooks/salesforce/{}/{}", hook.id, secret.reveal())));
    Ok((StatusCode::CREATED, Json(out(&api, &hook, address))).into_response())
}

/// End a CRM's address
///
/// What it sends afterwards is refused.
#[utoipa::path(delete, path = "/crm-hooks/{id}", operation_id = "end_crm_hook", tag = "Integrations",
    params(("id" = String, Path, description = "Id of the address.", example = "hok_01900000000070008000000000000001")),
    responses((status = 204, description = "It has ended.")))]
pub(crate) async fn end(Here(api, caller, names): Here) -> Result<StatusCode, Problem> {
    crm_hook::end(&api.app, &caller.actor, names.id("CRM address")?).await?;
    Ok(StatusCode::NO_CONTENT)
}
