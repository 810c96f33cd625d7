//! HubSpot: a deal object (CRM v3), a list of them, or a webhook.

use gangway_domain::deal::{DealFormat, Reading, Stakeholder, StakeholderRole};
use gangway_domain::fact::{Confidence, Level};
use serde_json::{Map, Value};

use crate::ReadContext;
use crate::builder::Builder;
use crate::error::{IntakeError, Place};
use crate::interpret;
use crate::labels::Field;
use crate::payload::{self, scalar};
use crate::source::{Passage, SourceText};

const FORMAT: DealFormat = DealFormat::Hubspot;

/// Properties that keep HubSpot's own books and say nothing about the deal.
const HOUSEKEEPING: &[&str] = &[
    "createdate",
    "hs_lastmodifieddate",
    "hs_createdate",
    "pipeline",
    "hs_is_closed",
    "hs_is_closed_won",
    "hs_deal_stage_probability",
    "days_to_close",
    "hs_all_owner_ids",
    "hubspot_owner_assigneddate",
    "notes_last_updated",
    "num_associated_contacts",
    "num_notes",
    "hs_user_ids_of_all_owners",
    "hs_created_by_user_id",
    "hs_updated_by_user_id",
    "amount_in_home_currency",
    "hs_projected_amount",
    "hs_forecast_amount",
    "hs_object_source",
    "hs_object_source_id",
    "archived",
    "hs_deal_amount_calculation_preference",
    "hs_closed_amount",
];

/// Reads every deal of a HubSpot payload.
pub(crate) fn read(source: &SourceText, context: &ReadContext) -> Result<Vec<Reading>, IntakeError> {
    let payload = payload::parse(source.text(), FORMAT)?;
    let deals: Vec<(String, &Value)> = match &payload {
        Value::Array(list) => list.iter().enumerate().map(|(at, deal)| (format!("[{at}]"), deal)).collect(),
        Value::Object(map) => match map.get("results") {
            Some(Value::Array(list)) => {
                list.iter().enumerate().map(|(at, deal)| (format!("results[{at}]"), deal)).collect()
            }
            _ => vec![(String::new(), &payload)],
        },
        _ => Vec::new(),
    };
    only_references(&deals)?;
    let mut readings = Vec::new();
    for (path, deal) in &deals {
        let Value::Object(map) = deal else { continue };
        // Events in a mixed list carry no deal.
        if map.contains_key("subscriptionType") && !map.contains_key("properties") {
            continue;
        }
        readings.push(read_one(map, path, context)?);
    }
    if readings.is_empty() {
        return Err(not_a_deal("it holds no object with `properties`", ""));
    }
    Ok(readings)
}

fn not_a_deal(message: &str, path: &str) -> IntakeError {
    IntakeError::NotADeal {
        format: FORMAT,
        message: format!("{message}; send the object of GET /crm/v3/objects/deals/{{id}}"),
        place: if path.is_empty() { Place::default() } else { Place::path(path) },
    }
}

/// A webhook names deals without their content: say which ones to fetch, and how.
fn only_references(deals: &[(String, &Value)]) -> Result<(), IntakeError> {
    let events: Vec<&Map<String, Value>> = deals
        .iter()
        .filter_map(|(_, deal)| deal.as_object())
        .filter(|map| map.contains_key("subscriptionType") && !map.contains_key("properties"))
        .collect();
    if events.is_empty() || events.len() < deals.len() {
        return Ok(());
    }
    let mut ids: Vec<String> = Vec::new();
    for event in &events {
        if let Some(id) = payload::text(event, "objectId").filter(|id| !ids.contains(id)) {
            ids.push(id);
        }
    }
    ids.truncate(20);
    let named =
        if ids.is_empty() { "a deal without its id".to_owned() } else { format!("deal {}", ids.join(", ")) };
    Err(IntakeError::OnlyReference {
        message: format!(
            "the HubSpot webhook only announces {named}: its properties are not in it. Fetch GET /crm/v3/objects/deals/{}?associations=companies,contacts,line_items and send that object",
            ids.first().map_or("{id}", String::as_str)
        ),
        place: Place::path("objectId"),
    })
}

fn read_one(object: &Map<String, Value>, path: &str, context: &ReadContext) -> Result<Reading, IntakeError> {
    let at = |key: &str| {
        if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
    };
    let (properties, prefix) = match object.get("properties") {
        Some(Value::Object(properties)) => (properties, at("properties")),
        Some(_) => {
            return Err(not_a_deal("`properties` is not an object", &at("properties")));
        }
        None if object.contains_key("dealname") => (object, path.to_owned()),
        None => return Err(not_a_deal("it has no `properties`", path)),
    };
    let mut b = Builder::new(context);
    let field = |key: &str| {
        if prefix.is_empty() { key.to_owned() } else { format!("{prefix}.{key}") }
    };
    if let Some(code) = payload::text(properties, "deal_currency_code") {
        payload::take(&mut b, Field::Currency, &field("deal_currency_code"), &code, Confidence::High);
    }
    if let Some(id) = payload::text(object, "id").or_else(|| payload::text(properties, "hs_object_id")) {
        payload::take(&mut b, Field::ExternalId, &at("id"), &id, Confidence::High);
    }
    if let Some(associations) = object.get("associations").and_then(Value::as_object) {
        self::associations(&mut b, associations, &at("associations"));
    }
    let mut amount = None;
    let mut description = None;
    for (key, value) in properties {
        let Some(text) = scalar(value) else { continue };
        let path = field(key);
        let known = match key.as_str() {
            "id" | "associations" | "deal_currency_code" | "hs_object_id" | "properties" => {
                continue;
            }
            "dealname" => Field::Title,
            "hs_acv" | "hs_arr" => Field::Acv,
            "hs_tcv" => Field::Tcv,
            "hs_mrr" => Field::Mrr,
            "closedate" => {
                closed(&mut b, &path, &text);
                continue;
            }
            "amount" => {
                amount = Some((path, text));
                continue;
            }
            "description" => {
                description = Some((path, text));
                continue;
            }
            "dealstage" => {
                stage(&mut b, &path, &text);
                continue;
            }
            key if HOUSEKEEPING.contains(&key) => continue,
            key => {
                payload::custom(&mut b, key, &path, &text);
                continue;
            }
        };
        payload::take(&mut b, known, &path, &text, Confidence::High);
    }
    if let Some((path, text)) = amount {
        payload::amount(&mut b, &path, &text);
    }
    if let Some((path, text)) = description {
        payload::take(&mut b, Field::Prose, &path, &text, Confidence::Medium);
    }
    payload::customer_from_title(&mut b, &field("dealname"));
    Ok(b.finish(FORMAT, None).0)
}

/// `closedate` is ISO 8601, or milliseconds since 1970 in older payloads.
fn closed(b: &mut Builder<'_>, path: &str, text: &str) {
    let iso = text
        .parse::<i64>()
        .ok()
        .filter(|_| text.len() >= 11)
        .and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok())
        .map(|instant| instant.to_string());
    payload::take(b, Field::ClosedOn, path, iso.as_deref().unwrap_or(text), Confidence::High);
}

fn stage(b: &mut Builder<'_>, path: &str, text: &str) {
    let folded = crate::values::words::fold(text).replace(' ', "");
    // Custom pipelines number their stages: such a stage tells nothing.
    if folded.bytes().all(|b| b.is_ascii_digit())
        || folded.contains("won")
        || folded.contains("gewonnen")
        || folded.contains("gagne")
    {
        return;
    }
    b.notice(
        Level::Warning,
        "deal_not_won",
        format!("`{path}` is “{text}”: the deal does not look won yet."),
        None,
    );
}

/// Companies, contacts and line items; often only their ids are included.
fn associations(b: &mut Builder<'_>, associations: &Map<String, Value>, prefix: &str) {
    let mut missing = Vec::new();
    for (kind, value) in associations {
        let Some(results) = value.get("results").and_then(Value::as_array).or_else(|| value.as_array())
        else {
            continue;
        };
        let mut bare = false;
        for (index, result) in results.iter().enumerate() {
            let path = format!("{prefix}.{kind}.results[{index}]");
            let Some(properties) = result.get("properties").and_then(Value::as_object) else {
                bare = true;
                continue;
            };
            let path = format!("{path}.properties");
            match kind.as_str() {
                "companies" | "company" => company(b, properties, &path),
                "contacts" | "contact" => contact(b, properties, &path),
                "line_items" | "line items" => line_item(b, properties, &path),
                _ => {}
            }
        }
        if bare {
            missing.push(kind.replace('_', " "));
        }
    }
    if !missing.is_empty() {
        b.notice(
            Level::Info,
            "associations_not_included",
            format!("Of the associated {} only ids are included; fetch them and put their `properties` beside the ids to have names and people.", missing.join(", ")),
            None,
        );
    }
}

fn company(b: &mut Builder<'_>, properties: &Map<String, Value>, prefix: &str) {
    for (key, field) in [
        ("name", Field::Customer),
        ("industry", Field::Industry),
        ("numberofemployees", Field::Employees),
        ("website", Field::Website),
        ("country", Field::Country),
    ] {
        if let Some(text) = payload::text(properties, key) {
            payload::take(b, field, &format!("{prefix}.{key}"), &text, Confidence::High);
        }
    }
}

fn contact(b: &mut Builder<'_>, properties: &Map<String, Value>, prefix: &str) {
    let text = |key: &str| payload::text(properties, key);
    let name = [text("firstname"), text("lastname")].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let role_words = text("hs_buying_role").or_else(|| text("role"));
    person(b, (!name.is_empty()).then_some(name), text("jobtitle"), text("email"), role_words, prefix);
}

/// A person of a CRM; the role in the CRM's words (`BUDGET_HOLDER`, `Decision Maker`).
pub(crate) fn person(
    b: &mut Builder<'_>,
    name: Option<String>,
    title: Option<String>,
    email: Option<String>,
    role_words: Option<String>,
    path: &str,
) {
    if name.is_none() && title.is_none() && email.is_none() {
        return;
    }
    let said =
        role_words.as_deref().and_then(|words| words.split(';').find_map(crate::own::stakeholder_role));
    let role = said
        .or_else(|| title.as_deref().map(|title| crate::values::people::one(title, 0).stakeholder.role))
        .unwrap_or(StakeholderRole::Other);
    let notes = role_words.filter(|_| said.is_none());
    let confidence = if said.is_some() { Confidence::High } else { Confidence::Medium };
    let person = Stakeholder { name, title, role, count: 1, email, notes };
    let here = Passage::field("", path);
    if !interpret::merge_person(b, &person, confidence, here) {
        b.add(|d| &mut d.stakeholders, person, here, confidence);
    }
}

fn line_item(b: &mut Builder<'_>, properties: &Map<String, Value>, prefix: &str) {
    if let Some(name) = payload::text(properties, "name") {
        b.add(
            |d| &mut d.products,
            interpret::clean(&name),
            Passage::field(&name, &format!("{prefix}.name")),
            Confidence::High,
        );
    }
}
