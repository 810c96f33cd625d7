//! Contacts: people at accounts, and merging what is one.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use gangway_app::account::merge as accounts;
use gangway_app::contact::{self, Changes};
use gangway_app::merging::{Field, Merge};
use gangway_domain::ids::{AccountId, ContactId};
use gangway_store::contact::{Contact, Cursor, Part, Query, SortBy};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::account::{AccountOut, said};
use super::instant;
use crate::Api;
use crate::caller::Caller;
use crate::etag::{IfMatch, tagged};
use crate::input::{JsonOf, Names, QueryOf};
use crate::page::{Page, bad_query, id, limit, order};
use crate::problem::Problem;

/// A person at an account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Contact, example = json!({
    "id": "con_01900000000070008000000000000001", "account": "acc_01900000000070008000000000000001",
    "account_name": "Acme Manufacturing", "name": "Dana Whitfield", "title": "VP Operations",
    "email": "dana@acme.example", "phone": null, "notes": null, "created_at": "2027-01-04T09:00:00Z", "version": 1
}))]
pub(crate) struct ContactOut {
    /// Id.
    id: String,
    /// Where they work.
    account: String,
    /// What that account is called.
    account_name: String,
    /// Name.
    name: String,
    /// Title.
    #[schema(required = true)]
    title: Option<String>,
    /// Mail address.
    #[schema(required = true)]
    email: Option<String>,
    /// Telephone number, as written.
    #[schema(required = true)]
    phone: Option<String>,
    /// Anything else worth knowing.
    #[schema(required = true)]
    notes: Option<String>,
    /// When they were first heard of.
    created_at: jiff::Timestamp,
    /// Counts changes, from 1; the ETag is made of it.
    version: i64,
}

impl From<Contact> for ContactOut {
    fn from(contact: Contact) -> Self {
        let Contact {
            id, account_id, account, name, title, email, phone, notes, created_at, version, ..
        } = contact;
        Self {
            id: id.to_string(),
            account: account_id.to_string(),
            account_name: account,
            name,
            title,
            email,
            phone,
            notes,
            created_at: instant(created_at),
            version,
        }
    }
}

/// A contact with what they are to which onboardings.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ContactWithRoles)]
pub(crate) struct FullContactOut {
    #[serde(flatten)]
    contact: ContactOut,
    /// Their roles, the newest onboarding first.
    roles: Vec<RoleOut>,
}

/// What a contact is to an onboarding.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ContactRole, example = json!({
    "onboarding": "onb_01900000000070008000000000000001", "role": "executive_sponsor", "role_name": "Executive sponsor"
}))]
pub(crate) struct RoleOut {
    /// The onboarding.
    onboarding: String,
    /// Role.
    role: String,
    /// Role as people see it.
    role_name: String,
}

impl From<Part> for RoleOut {
    fn from(part: Part) -> Self {
        let Part { onboarding, role, role_name, .. } = part;
        Self { onboarding: onboarding.to_string(), role, role_name }
    }
}

/// A new contact.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "account": "acc_01900000000070008000000000000001", "name": "Dana Whitfield", "email": "dana@acme.example"
}))]
pub(crate) struct ContactIn {
    /// Id of the account they work for.
    account: String,
    /// Name.
    #[schema(min_length = 1, max_length = 120)]
    name: String,
    /// Title.
    title: Option<String>,
    /// Mail address.
    email: Option<String>,
    /// Telephone number.
    phone: Option<String>,
    /// Notes.
    notes: Option<String>,
}

/// What is to change of a contact; null empties a field, leaving it out keeps it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "title": "COO", "phone": null }))]
pub(crate) struct ContactPatch {
    /// Name.
    #[schema(min_length = 1, max_length = 120)]
    name: Option<String>,
    /// Title.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    title: Option<Option<String>>,
    /// Mail address.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    email: Option<Option<String>>,
    /// Telephone number.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    phone: Option<Option<String>>,
    /// Notes.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    notes: Option<Option<String>>,
}

/// Which contacts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ContactQuery {
    /// Only where name, mail address or account contains this; case and accents are ignored.
    #[param(example = "whitfield")]
    search: Option<String>,
    /// Only those of this account (id).
    account: Option<String>,
    /// Only those who have this role somewhere.
    #[param(example = "executive_sponsor")]
    role: Option<String>,
    /// name, account or added, with `-` before it for the last first; name when left out.
    #[param(example = "-added")]
    sort: Option<String>,
    /// Lines on the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<u32>,
    /// Where to start: `next` of the page before.
    after: Option<String>,
}

/// List contacts
///
/// Filtered and in order.
#[utoipa::path(get, path = "/contacts", operation_id = "list_contacts", tag = "Contacts",
    params(ContactQuery),
    responses((status = 200, description = "A page of contacts.", body = Page<ContactOut>)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<ContactQuery>,
) -> Result<Json<Page<ContactOut>>, Problem> {
    let ContactQuery { search, account, role, sort, limit: lines, after } = query;
    let known = [("name", SortBy::Name), ("account", SortBy::Account), ("added", SortBy::Added)];
    let (sort, direction) = order(sort.as_deref().unwrap_or("name"), &known)?;
    let after: Option<Cursor> = match after {
        Some(text) => {
            Some(text.parse().map_err(|_| bad_query("after", "is not a place in this list".to_owned()))?)
        }
        None => None,
    };
    let query = Query {
        search,
        role,
        account: id::<AccountId>("account", account.as_deref())?,
        sort,
        direction,
        after,
        limit: limit(lines)?,
    };
    let found = contact::list(&api.app, &caller.actor, &query).await?;
    let next = found.next.map(|cursor| cursor.to_string());
    Ok(Json(Page { items: found.lines.into_iter().map(ContactOut::from).collect(), next }))
}

/// Get a contact
#[utoipa::path(get, path = "/contacts/{id}", operation_id = "get_contact", tag = "Contacts",
    params(("id" = String, Path, description = "Id of the contact.", example = "con_01900000000070008000000000000001")),
    responses((status = 200, description = "The contact.", body = FullContactOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn get(
    State(api): State<Api>,
    caller: Caller,
    names: Names,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (contact, parts) = contact::get(&api.app, &caller.actor, names.id("contact")?).await?;
    let version = contact.version;
    let roles = parts.into_iter().map(RoleOut::from).collect();
    Ok(tagged(&headers, version, Json(FullContactOut { contact: contact.into(), roles })))
}

/// Add a contact
#[utoipa::path(post, path = "/contacts", operation_id = "create_contact", tag = "Contacts",
    request_body(content = ContactIn),
    responses((status = 201, description = "The contact.", body = ContactOut,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn create(
    State(api): State<Api>,
    caller: Caller,
    JsonOf(sent): JsonOf<ContactIn>,
) -> Result<Response, Problem> {
    let ContactIn { account, name, title, email, phone, notes } = sent;
    let account: AccountId =
        account.parse().map_err(|error| Problem::field("account", format!("is not usable: {error}")))?;
    let changes = Changes {
        name: Some(name),
        title: Some(title),
        email: Some(email),
        phone: Some(phone),
        notes: Some(notes),
    };
    let made = contact::add(&api.app, &caller.actor, account, changes).await?;
    let (version, location) = (made.version, format!("/api/v1/contacts/{}", made.id));
    let answer =
        (StatusCode::CREATED, [("location", location)], Json(ContactOut::from(made))).into_response();
    Ok(tagged(&HeaderMap::new(), version, answer))
}

/// Change a contact
///
/// Only the fields that are sent change.
#[utoipa::path(patch, path = "/contacts/{id}", operation_id = "change_contact", tag = "Contacts",
    params(("id" = String, Path, description = "Id of the contact.", example = "con_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = ContactPatch),
    responses((status = 200, description = "The contact as it is now.", body = ContactOut, headers(("ETag" = String)))))]
pub(crate) async fn change(
    State(api): State<Api>,
    caller: Caller,
    names: Names,
    version: IfMatch,
    JsonOf(patch): JsonOf<ContactPatch>,
) -> Result<Response, Problem> {
    let ContactPatch { name, title, email, phone, notes } = patch;
    let changes = Changes { name, title, email, phone, notes };
    let id = names.id("contact")?;
    let changed = contact::change(&api.app, &caller.actor, id, version.required()?, changes).await?;
    Ok(tagged(&HeaderMap::new(), changed.version, Json(ContactOut::from(changed))))
}

/// Two that are to become one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "goes": "acc_01900000000070008000000000000002", "goes_version": 3, "take": ["website"], "dry_run": true
}))]
pub(crate) struct MergeIn {
    /// Id of the one that goes.
    goes: String,
    /// Its version when it was read.
    goes_version: i64,
    /// Fields of which its value is kept, where both say something.
    #[serde(default)]
    take: BTreeSet<String>,
    /// Only tell what would happen.
    #[serde(default)]
    dry_run: bool,
}

/// What a merge does.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Merge, example = json!({
    "done": false, "stays": "acc_01900000000070008000000000000001", "goes": "acc_01900000000070008000000000000002",
    "fields": [{ "name": "website", "stays": "https://acme.example", "goes": "acme.test", "outcome": "acme.test" }],
    "moves": { "onboardings": 1, "handoffs": 2, "contacts": 3 }, "account": null, "contact": null
}))]
pub(crate) struct MergeOut {
    /// Whether it was done; false for a dry run.
    done: bool,
    /// Id of the one that stays.
    stays: String,
    /// Id of the one that goes.
    goes: String,
    /// What both say, and what is kept.
    fields: Vec<FieldOut>,
    /// What moves.
    moves: MovesOut,
    /// The account as it is now, when accounts were merged.
    #[schema(required = true)]
    account: Option<AccountOut>,
    /// The contact as it is now, when contacts were merged.
    #[schema(required = true)]
    contact: Option<ContactOut>,
}

/// One field of both.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MergedField)]
pub(crate) struct FieldOut {
    /// Which.
    name: String,
    /// What the one that stays says.
    #[schema(required = true)]
    stays: Option<String>,
    /// What the one that goes says.
    #[schema(required = true)]
    goes: Option<String>,
    /// What is kept.
    #[schema(required = true)]
    outcome: Option<String>,
}

/// How much moves.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MergeMoves)]
pub(crate) struct MovesOut {
    /// Onboardings; for contacts, their roles in them.
    onboardings: i64,
    /// Handoffs.
    handoffs: i64,
    /// Contacts.
    contacts: i64,
}

fn fields(fields: Vec<Field>, take: &BTreeSet<String>) -> Vec<FieldOut> {
    fields
        .into_iter()
        .map(|field| FieldOut {
            name: field.name.to_owned(),
            outcome: field.outcome(take),
            stays: field.stays,
            goes: field.goes,
        })
        .collect()
}

/// Merge two accounts
///
/// Handoffs, onboardings, contacts and activity of the one that goes move to the one in the address; its id,
/// name and external id lead to the other from then on. Refused when either was changed since it was read.
#[utoipa::path(post, path = "/accounts/{id}/merge", operation_id = "merge_accounts", tag = "Accounts",
    params(("id" = String, Path, description = "Id of the account that stays.", example = "acc_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = MergeIn),
    responses((status = 200, description = "What was done, or would be.", body = MergeOut)))]
pub(crate) async fn merge_accounts(
    State(api): State<Api>,
    caller: Caller,
    names: Names,
    version: IfMatch,
    JsonOf(sent): JsonOf<MergeIn>,
) -> Result<Json<MergeOut>, Problem> {
    let MergeIn { goes, goes_version, take, dry_run } = sent;
    let stays: AccountId = names.id("account")?;
    let goes: AccountId =
        goes.parse().map_err(|error| Problem::field("goes", format!("is not usable: {error}")))?;
    let stays_version = version.required()?;
    let preview = accounts::preview(&api.app, &caller.actor, stays, goes).await?;
    let account = if dry_run {
        None
    } else {
        let merge = Merge { stays, stays_version, goes, goes_version, take: take.clone() };
        Some(accounts::merge(&api.app, &caller.actor, &merge).await?.into())
    };
    let moves = preview.moves;
    Ok(Json(MergeOut {
        done: !dry_run,
        stays: stays.to_string(),
        goes: goes.to_string(),
        fields: fields(preview.fields, &take),
        moves: MovesOut {
            onboardings: moves.onboardings,
            handoffs: moves.handoffs,
            contacts: moves.contacts,
        },
        account,
        contact: None,
    }))
}

/// Merge two contacts
///
/// The roles of the one that goes move to the one in the address. Refused when either was changed since it
/// was read.
#[utoipa::path(post, path = "/contacts/{id}/merge", operation_id = "merge_contacts", tag = "Contacts",
    params(("id" = String, Path, description = "Id of the contact that stays.", example = "con_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = MergeIn),
    responses((status = 200, description = "What was done, or would be.", body = MergeOut)))]
pub(crate) async fn merge(
    State(api): State<Api>,
    caller: Caller,
    names: Names,
    version: IfMatch,
    JsonOf(sent): JsonOf<MergeIn>,
) -> Result<Json<MergeOut>, Problem> {
    let MergeIn { goes, goes_version, take, dry_run } = sent;
    let stays: ContactId = names.id("contact")?;
    let goes: ContactId =
        goes.parse().map_err(|error| Problem::field("goes", format!("is not usable: {error}")))?;
    let stays_version = version.required()?;
    let preview = contact::preview(&api.app, &caller.actor, stays, goes).await?;
    let contact = if dry_run {
        None
    } else {
        let merge = Merge { stays, stays_version, goes, goes_version, take: take.clone() };
        Some(contact::merge(&api.app, &caller.actor, &merge).await?.into())
    };
    Ok(Json(MergeOut {
        done: !dry_run,
        stays: stays.to_string(),
        goes: goes.to_string(),
        fields: fields(preview.fields, &take),
        moves: MovesOut {
            onboardings: i64::try_from(preview.moves.len()).unwrap_or(i64::MAX),
            handoffs: 0,
            contacts: 0,
        },
        account: None,
        contact,
    }))
}
