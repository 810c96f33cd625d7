//! Won deals picked from a CRM.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use gangway_app::crm::{self, Access, Connection, WonDeal};
use gangway_app::crm_hook::Crm;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::instant;
use super::onboarding::{Created, MoneyOut};
use crate::Api;
use crate::caller::{Caller, Here, Sent};
use crate::input::{Names, QueryOf};
use crate::page::Page;
use crate::problem::{Answer, Problem};

/// A CRM that can be asked for won deals.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CrmConnection, example = json!({
    "crm": "hubspot", "address": "https://api.hubapi.com", "made_by": "Ines Okafor", "made_at": "2027-01-04T09:00:00Z", "problem": null
}))]
pub(crate) struct ConnectionOut {
    /// `hubspot` or `salesforce`.
    crm: &'static str,
    /// Where it is asked.
    address: String,
    /// Who made the connection, also where they made it through a token.
    made_by: String,
    /// When.
    made_at: jiff::Timestamp,
    /// Why a deal the CRM announced could not be fetched, the newest that still is not.
    #[schema(required = true)]
    problem: Option<String>,
}

impl From<Connection> for ConnectionOut {
    fn from(connection: Connection) -> Self {
        let Connection { crm, address, by, at, problem } = connection;
        Self { crm: crm.word(), address, made_by: by, made_at: instant(at), problem }
    }
}

/// What a CRM lets Gangway in with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CrmAccess, example = json!({ "secret": "pat-eu1-00000000-0000-0000-0000-000000000000" }))]
pub(crate) struct AccessIn {
    /// Salesforce: the address of the organisation.
    address: Option<String>,
    /// Salesforce: consumer key of the connected app.
    client: Option<String>,
    /// HubSpot: access token of a private app. Salesforce: consumer secret of the connected app.
    secret: String,
}

/// A deal as a CRM lists it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WonDeal, example = json!({
    "id": "9001", "name": "Meridian Foods - Platform", "customer": null, "amount": { "minor": 6_400_000, "currency": "EUR" },
    "closed_on": "2026-12-18", "handoff": null
}))]
pub(crate) struct DealOut {
    /// What the CRM calls it.
    id: String,
    /// Its name there.
    name: String,
    /// The customer, where the CRM's list says so.
    #[schema(required = true)]
    customer: Option<String>,
    /// What it is worth.
    #[schema(required = true)]
    amount: Option<MoneyOut>,
    /// When it was won.
    #[schema(required = true)]
    closed_on: Option<Date>,
    /// The handoff it became.
    #[schema(required = true)]
    handoff: Option<String>,
}

impl From<WonDeal> for DealOut {
    fn from(deal: WonDeal) -> Self {
        let WonDeal { id, name, customer, amount, closed_on, handoff } = deal;
        Self {
            id,
            name,
            customer: (!customer.is_empty()).then_some(customer),
            amount: amount.map(MoneyOut::from),
            closed_on,
            handoff: handoff.map(|id| id.to_string()),
        }
    }
}

/// Which deals.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DealQuery {
    /// Words in the name of the deal.
    #[param(max_length = 100, example = "Meridian")]
    q: Option<String>,
}

/// The CRM in the address.
fn crm(names: &Names) -> Result<Crm, Problem> {
    names.text(0).parse().map_err(|_| Problem::missing("CRM", names.text(0)))
}

/// List the CRMs deals can be picked from
///
/// On one page.
#[utoipa::path(get, path = "/crm-connections", operation_id = "list_crm_connections", tag = "Integrations",
    responses((status = 200, description = "The connections.", body = Page<ConnectionOut>)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
) -> Result<Json<Page<ConnectionOut>>, Problem> {
    let connections = crm::connections(&api.app, &caller.actor).await?;
    Ok(Json(Page::whole(connections.into_iter().map(ConnectionOut::from))))
}

/// Connect a CRM
///
/// It is tried first; an earlier connection to the same CRM is replaced. 502 says why the CRM does not let Gangway in.
#[utoipa::path(put, path = "/crm-connections/{crm}", operation_id = "put_crm_connection", tag = "Integrations",
    params(("crm" = String, Path, description = "`hubspot` or `salesforce`.", example = "hubspot")),
    request_body(content = AccessIn),
    responses((status = 200, description = "It is connected.", body = ConnectionOut)))]
pub(crate) async fn put(
    Sent(api, caller, names, sent): Sent<AccessIn>,
) -> Result<Json<ConnectionOut>, Problem> {
    let AccessIn { address, client, secret } = sent;
    let access = Access { address: address.unwrap_or_default(), client: client.unwrap_or_default(), secret };
    Ok(Json(crm::connect(&api.app, &caller.actor, crm(&names)?, access).await?.into()))
}

/// Disconnect a CRM
///
/// Its secret is forgotten; what was handed over stays.
#[utoipa::path(delete, path = "/crm-connections/{crm}", operation_id = "delete_crm_connection", tag = "Integrations",
    params(("crm" = String, Path, description = "`hubspot` or `salesforce`.", example = "hubspot")),
    responses((status = 204, description = "It is gone.")))]
pub(crate) async fn end(Here(api, caller, names): Here) -> Result<StatusCode, Problem> {
    crm::disconnect(&api.app, &caller.actor, crm(&names)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List the deals won in a CRM
///
/// The thirty latest, on one page. 502 says why the CRM cannot be used now.
#[utoipa::path(get, path = "/crm-connections/{crm}/deals", operation_id = "list_won_deals", tag = "Integrations",
    params(("crm" = String, Path, description = "`hubspot` or `salesforce`.", example = "hubspot"), DealQuery),
    responses((status = 200, description = "The deals.", body = Page<DealOut>)))]
pub(crate) async fn deals(
    Here(api, caller, names): Here,
    QueryOf(query): QueryOf<DealQuery>,
) -> Result<Json<Page<DealOut>>, Problem> {
    let search = query.q.unwrap_or_default();
    let deals = crm::won(&api.app, &caller.actor, crm(&names)?, &search).await?;
    Ok(Json(Page::whole(deals.into_iter().map(DealOut::from))))
}

/// Hand a deal of a CRM over
///
/// With its company, people and products. One that was picked before is found: 200.
#[utoipa::path(post, path = "/crm-connections/{crm}/deals/{id}/handoff", operation_id = "pick_won_deal", tag = "Integrations",
    params(("crm" = String, Path, description = "`hubspot` or `salesforce`.", example = "hubspot"),
        ("id" = String, Path, description = "What the CRM calls the deal.", example = "9001")),
    responses((status = 201, description = "The handoff, which is new.", body = Created, headers(("Location" = String))),
        (status = 200, description = "It was handed over before.", body = Created, headers(("Location" = String)))))]
pub(crate) async fn pick(Here(api, caller, names): Here) -> Answer {
    let (id, new) = crm::pick(&api.app, &caller.actor, crm(&names)?, names.text(1)).await?;
    let made = Created::at(&id.to_string(), &format!("/api/v1/handoffs/{id}"));
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    let location = [(header::LOCATION, made.href().to_owned())];
    Ok((status, location, Json(made)).into_response())
}
