//! HubSpot, CRM API v3, with the access token of a private app.

use gangway_domain::money::Currency;
use reqwest::RequestBuilder;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Access, WonDeal, amount};
use crate::outbound::{Outbound, OutboundError};

/// Where HubSpot is asked.
pub(super) const ADDRESS: &str = "https://api.hubapi.com";

/// What goes with a deal: kinds of objects with the properties that say something about an onboarding.
const BESIDE: [(&str, &[&str]); 3] = [
    ("companies", &["name", "industry", "numberofemployees", "website", "country"]),
    ("contacts", &["firstname", "lastname", "jobtitle", "email", "hs_buying_role"]),
    ("line_items", &["name", "quantity", "price"]),
];

/// What HubSpot works out itself and onboardings want to know: values of the contract.
const VALUES: [&str; 4] = ["hs_acv", "hs_arr", "hs_tcv", "hs_mrr"];

/// Whether a deal is won.
const WON: &str = "hs_is_closed_won";

/// Objects of one kind that are asked for.
const MOST: usize = 100;

pub(super) struct Desk<'a> {
    out: &'a Outbound,
    address: String,
    token: String,
}

#[derive(Deserialize)]
struct Found {
    results: Vec<Object>,
}

#[derive(Deserialize)]
struct Object {
    id: String,
    #[serde(default)]
    properties: Map<String, Value>,
    #[serde(default)]
    associations: Map<String, Value>,
}

#[derive(Deserialize)]
struct Properties {
    results: Vec<Property>,
}

#[derive(Deserialize)]
struct Property {
    name: String,
    #[serde(default)]
    hidden: bool,
}

impl Property {
    /// It says something about the deal: HubSpot keeps a hundred more for its own books.
    fn is_telling(&self) -> bool {
        let own = ["hs_", "num_", "notes_", "hubspot_"].iter().any(|start| self.name.starts_with(start));
        !self.hidden && (!own || VALUES.contains(&self.name.as_str()))
    }
}

impl<'a> Desk<'a> {
    pub(super) fn new(out: &'a Outbound, access: &Access) -> Self {
        Self { out, address: access.address.clone(), token: access.secret.clone() }
    }

    fn get(&self, path: &str) -> Result<RequestBuilder, OutboundError> {
        Ok(self.out.client()?.get(format!("{}{path}", self.address)).bearer_auth(&self.token))
    }

    fn post(&self, path: &str, body: &Value) -> Result<RequestBuilder, OutboundError> {
        let request = self.out.client()?.post(format!("{}{path}", self.address)).bearer_auth(&self.token);
        Ok(request.header("content-type", "application/json").body(body.to_string()))
    }

    /// The latest won deals.
    pub(super) async fn won(
        &self,
        search: &str,
        most: usize,
        usual: Currency,
    ) -> Result<Vec<WonDeal>, OutboundError> {
        let mut question = json!({
            "filterGroups": [{ "filters": [{ "propertyName": WON, "operator": "EQ", "value": "true" }] }],
            "sorts": [{ "propertyName": "closedate", "direction": "DESCENDING" }],
            "properties": ["dealname", "amount", "deal_currency_code", "closedate"],
            "limit": most,
        });
        if !search.is_empty() {
            question["query"] = json!(search);
        }
        let found: Found = self.out.json(self.post("/crm/v3/objects/deals/search", &question)?).await?;
        let text = |object: &Object, key: &str| {
            object.properties.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let deal = |object: Object| WonDeal {
            name: text(&object, "dealname"),
            customer: String::new(),
            amount: amount(&text(&object, "amount"), &text(&object, "deal_currency_code"), usual),
            closed_on: text(&object, "closedate").get(..10).and_then(|day| day.parse().ok()),
            handoff: None,
            id: object.id,
        };
        Ok(found.results.into_iter().map(deal).collect())
    }

    /// A deal with all its properties, its companies, contacts and line items, as one object.
    pub(super) async fn deal(&self, id: &str) -> Result<Option<Value>, OutboundError> {
        let kinds = BESIDE.map(|(kind, _)| kind).join(",");
        let path = format!("/crm/v3/objects/deals/{id}?properties={WON}&associations={kinds}");
        let linked: Object = match self.out.json(self.get(&path)?).await {
            Err(OutboundError::Refused(404, _)) => return Ok(None),
            other => other?,
        };
        // Most deals of which an app hears are not won: one question is enough to know.
        if linked.properties.get(WON).and_then(Value::as_str) == Some("false") {
            return Ok(None);
        }
        // A deal comes with few properties unless they are named, and a team's own are the most telling.
        let all: Properties = self.out.json(self.get("/crm/v3/properties/deals")?).await?;
        let names = all.results.into_iter().filter(Property::is_telling);
        let mut names: Vec<String> = names.map(|property| property.name).collect();
        names.extend(["deal_currency_code", WON].map(str::to_owned));
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let Some(deal) = self.read("deals", &[id], &names).await?.pop() else { return Ok(None) };
        if deal.properties.get(WON).and_then(Value::as_str) != Some("true") {
            return Ok(None);
        }
        let mut associations = Map::new();
        for (kind, properties) in BESIDE {
            // HubSpot calls line items by two names.
            let spoken = kind.replace('_', " ");
            let links = linked.associations.get(kind).or_else(|| linked.associations.get(&spoken));
            let mut ids: Vec<&str> = links
                .and_then(|links| links.get("results")?.as_array())
                .into_iter()
                .flatten()
                .filter_map(|link| link.get("id")?.as_str())
                .collect();
            // An object is named once for every label its link has.
            ids.sort_unstable();
            ids.dedup();
            ids.truncate(MOST);
            let objects = match self.read(kind, &ids, properties).await {
                // The app may read deals but not this: the deal is worth having without it.
                Err(OutboundError::Refused(403, _)) => continue,
                other => other?,
            };
            let results: Vec<Value> = objects
                .into_iter()
                .map(|object| json!({ "id": object.id, "properties": said(object.properties) }))
                .collect();
            if !results.is_empty() {
                associations.insert(kind.to_owned(), json!({ "results": results }));
            }
        }
        Ok(Some(json!({ "id": deal.id, "properties": said(deal.properties), "associations": associations })))
    }

    /// Objects of a kind by their ids.
    async fn read(&self, kind: &str, ids: &[&str], names: &[&str]) -> Result<Vec<Object>, OutboundError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let inputs: Vec<Value> = ids.iter().map(|id| json!({ "id": id })).collect();
        let question = json!({ "properties": names, "inputs": inputs });
        let path = format!("/crm/v3/objects/{kind}/batch/read");
        let found: Found = self.out.json(self.post(&path, &question)?).await?;
        Ok(found.results)
    }
}

/// Properties that say something.
fn said(properties: Map<String, Value>) -> Map<String, Value> {
    let empty = |value: &Value| value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
    properties.into_iter().filter(|(_, value)| !empty(value)).collect()
}
