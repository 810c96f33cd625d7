//! Salesforce: an Opportunity as the REST interface gives it, or an outbound message.

use gangway_domain::deal::{DealFormat, Reading, TeamMember};
use gangway_domain::fact::{Confidence, Level};
use serde_json::{Map, Value};

use crate::ReadContext;
use crate::builder::Builder;
use crate::error::{IntakeError, Place};
use crate::interpret;
use crate::labels::Field;
use crate::payload::{self, scalar};
use crate::source::{Passage, SourceText};

const FORMAT: DealFormat = DealFormat::Salesforce;

/// Fields that keep Salesforce's own books and say nothing about the deal.
const HOUSEKEEPING: &[&str] = &[
    "attributes",
    "Id",
    "OwnerId",
    "AccountId",
    "IsDeleted",
    "IsClosed",
    "IsWon",
    "IsPrivate",
    "HasOpportunityLineItem",
    "HasOpenActivity",
    "HasOverdueTask",
    "Fiscal",
    "FiscalYear",
    "FiscalQuarter",
    "ForecastCategory",
    "ForecastCategoryName",
    "Probability",
    "RecordTypeId",
    "Pricebook2Id",
    "PushCount",
    "CreatedDate",
    "CreatedById",
    "LastModifiedDate",
    "LastModifiedById",
    "SystemModstamp",
    "LastActivityDate",
    "LastViewedDate",
    "LastReferencedDate",
    "LastStageChangeDate",
    "LastAmountChangedHistoryId",
    "LastCloseDateChangedHistoryId",
    "ContactId",
    "CampaignId",
    "ExpectedRevenue",
    "TotalOpportunityQuantity",
    "StageSortOrder",
    "SyncedQuoteId",
    "ContractId",
    "CurrencyIsoCode",
    "type",
];

/// Reads every Opportunity of a payload.
pub(crate) fn read(source: &SourceText, context: &ReadContext) -> Result<Vec<Reading>, IntakeError> {
    if source.text().trim_start().starts_with('<') {
        let messages = crate::salesforce_xml::read(source)?;
        return messages
            .iter()
            .enumerate()
            .map(|(at, object)| opportunity(object, &format!("Notification[{at}].sObject"), context))
            .collect();
    }
    let payload = payload::parse(source.text(), FORMAT)?;
    let records: Vec<(String, &Value)> = match &payload {
        Value::Array(list) => {
            list.iter().enumerate().map(|(at, record)| (format!("[{at}]"), record)).collect()
        }
        Value::Object(map) => match map.get("records") {
            Some(Value::Array(list)) => {
                list.iter().enumerate().map(|(at, record)| (format!("records[{at}]"), record)).collect()
            }
            _ => vec![(String::new(), &payload)],
        },
        _ => Vec::new(),
    };
    let readings: Vec<Reading> = records
        .iter()
        .filter_map(|(path, record)| record.as_object().map(|object| opportunity(object, path, context)))
        .collect::<Result<_, _>>()?;
    if readings.is_empty() {
        return Err(not_an_opportunity("it holds no record", ""));
    }
    Ok(readings)
}

fn not_an_opportunity(message: &str, path: &str) -> IntakeError {
    IntakeError::NotADeal {
        format: FORMAT,
        message: format!(
            "{message}; send the record of /sobjects/Opportunity/{{id}} with Name, Amount, CloseDate and Account"
        ),
        place: if path.is_empty() { Place::default() } else { Place::path(path) },
    }
}

/// One Opportunity.
fn opportunity(
    object: &Map<String, Value>,
    prefix: &str,
    context: &ReadContext,
) -> Result<Reading, IntakeError> {
    let kind = object
        .get("attributes")
        .and_then(|attributes| attributes.get("type"))
        .or_else(|| object.get("type"))
        .and_then(Value::as_str);
    let at = |key: &str| {
        if prefix.is_empty() { key.to_owned() } else { format!("{prefix}.{key}") }
    };
    if let Some(kind) = kind.map(|kind| kind.trim_start_matches("sf:")).filter(|kind| *kind != "Opportunity")
    {
        return Err(not_an_opportunity(
            &format!("it is a {}", kind.chars().take(60).collect::<String>()),
            &at("attributes.type"),
        ));
    }
    if !["Name", "Amount", "StageName", "CloseDate", "Account"].iter().any(|key| object.contains_key(*key)) {
        if let Some(id) = payload::text(object, "Id") {
            return Err(IntakeError::OnlyReference {
                message: format!(
                    "the message only names the Opportunity {id}: add Name, Amount, CloseDate, StageName and Account to the outbound message, or send the record of /sobjects/Opportunity/{id}"
                ),
                place: Place::path(at("Id")),
            });
        }
        return Err(not_an_opportunity(
            "none of Name, Amount, StageName, CloseDate and Account is in it",
            prefix,
        ));
    }
    let mut b = Builder::new(context);
    if let Some(code) = payload::text(object, "CurrencyIsoCode") {
        payload::take(&mut b, Field::Currency, &at("CurrencyIsoCode"), &code, Confidence::High);
    }
    if let Some(id) = payload::text(object, "Id") {
        payload::take(&mut b, Field::ExternalId, &at("Id"), &id, Confidence::High);
    }
    let mut amount = None;
    let mut description = None;
    for (key, value) in object {
        let path = at(key);
        match (key.as_str(), value) {
            ("Account", Value::Object(account)) => self::account(&mut b, account, &path),
            ("Owner", Value::Object(owner)) => self::owner(&mut b, owner, &path),
            ("OpportunityContactRoles", value) => records(value)
                .for_each(|(index, role)| contact_role(&mut b, role, &format!("{path}.records[{index}]"))),
            ("OpportunityLineItems", value) => records(value)
                .for_each(|(index, item)| line_item(&mut b, item, &format!("{path}.records[{index}]"))),
            (key, _) if HOUSEKEEPING.contains(&key) => {}
            (key, value) => {
                let Some(text) = scalar(value) else {
                    nested(&mut b, value, &path);
                    continue;
                };
                match key {
                    "Name" => payload::take(&mut b, Field::Title, &path, &text, Confidence::High),
                    "Amount" => amount = Some((path, text)),
                    "CloseDate" => payload::take(&mut b, Field::ClosedOn, &path, &text, Confidence::High),
                    "StageName" => stage(&mut b, object, &path, &text),
                    "Description" => description = Some((path, text)),
                    "NextStep" => payload::take(&mut b, Field::Notes, &path, &text, Confidence::High),
                    key => payload::custom(&mut b, key, &path, &text),
                }
            }
        }
    }
    if let Some((path, text)) = amount {
        payload::amount(&mut b, &path, &text);
    }
    if let Some((path, text)) = description {
        payload::take(&mut b, Field::Prose, &path, &text, Confidence::Medium);
    }
    payload::customer_from_title(&mut b, &at("Name"));
    Ok(b.finish(FORMAT, None).0)
}

fn records(value: &Value) -> impl Iterator<Item = (usize, &Map<String, Value>)> {
    let list = value.get("records").and_then(Value::as_array).or_else(|| value.as_array());
    list.into_iter()
        .flatten()
        .enumerate()
        .filter_map(|(index, record)| record.as_object().map(|object| (index, object)))
}

/// An object nobody expected: its texts are kept, one level deep.
fn nested(b: &mut Builder<'_>, value: &Value, path: &str) {
    if let Value::Object(map) = value {
        for (key, value) in map.iter().filter(|(key, _)| *key != "attributes") {
            if let Some(text) = scalar(value) {
                b.keep_unread(Passage::field(&text, &format!("{path}.{key}")));
            }
        }
    }
}

fn stage(b: &mut Builder<'_>, object: &Map<String, Value>, path: &str, text: &str) {
    let won = match object.get("IsWon").and_then(scalar).as_deref() {
        Some("yes" | "true") => true,
        Some(_) => false,
        None => {
            let folded = crate::values::words::fold(text);
            ["won", "gewonnen", "gagne", "ganada"].iter().any(|word| folded.contains(word))
        }
    };
    if !won {
        b.notice(
            Level::Warning,
            "deal_not_won",
            format!("`{path}` is “{text}”: the deal does not look won yet."),
            None,
        );
    }
}

fn account(b: &mut Builder<'_>, account: &Map<String, Value>, prefix: &str) {
    for (key, value) in account {
        let Some(text) = scalar(value) else { continue };
        let path = format!("{prefix}.{key}");
        match key.as_str() {
            "Name" => payload::take(b, Field::Customer, &path, &text, Confidence::High),
            "Industry" => payload::take(b, Field::Industry, &path, &text, Confidence::High),
            "NumberOfEmployees" => payload::take(b, Field::Employees, &path, &text, Confidence::High),
            "Website" => payload::take(b, Field::Website, &path, &text, Confidence::High),
            "BillingCountryCode" => payload::take(b, Field::Country, &path, &text, Confidence::High),
            "BillingCountry" if !account.contains_key("BillingCountryCode") => {
                payload::take(b, Field::Country, &path, &text, Confidence::High)
            }
            key if HOUSEKEEPING.contains(&key)
                || key.starts_with("Billing")
                || key.starts_with("Shipping") => {}
            key => payload::custom(b, key, &path, &text),
        }
    }
}

fn owner(b: &mut Builder<'_>, owner: &Map<String, Value>, path: &str) {
    if let Some(name) = payload::text(owner, "Name") {
        let member = TeamMember { name, role: "ae".to_owned(), email: payload::text(owner, "Email") };
        b.add(|d| &mut d.team, member, Passage::field("", path), Confidence::High);
    }
}

fn contact_role(b: &mut Builder<'_>, role: &Map<String, Value>, path: &str) {
    let empty = Map::new();
    let contact = role.get("Contact").and_then(Value::as_object).unwrap_or(&empty);
    let text = |key: &str| payload::text(contact, key);
    let name = text("Name").or_else(|| {
        let parts: Vec<String> = [text("FirstName"), text("LastName")].into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    });
    crate::hubspot::person(b, name, text("Title"), text("Email"), payload::text(role, "Role"), path);
}

fn line_item(b: &mut Builder<'_>, item: &Map<String, Value>, path: &str) {
    let name_of = |key: &str| item.get(key).and_then(|value| value.get("Name")).and_then(scalar);
    let Some(name) =
        name_of("Product2").or_else(|| name_of("PricebookEntry")).or_else(|| payload::text(item, "Name"))
    else {
        return;
    };
    b.add(|d| &mut d.products, interpret::clean(&name), Passage::field(&name, path), Confidence::High);
}
