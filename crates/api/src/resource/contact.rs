//! Contacts: people at accounts.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use gangway_app::contact::{self, Changes};
use gangway_domain::ids::AccountId;
use gangway_store::contact::{Contact, Part, Query, SortBy};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::account::said;
use super::instant;
use crate::Api;
use crate::caller::{Caller, Here, Sent};
use crate::etag::{IfMatch, changed, created, tagged};
use crate::input::{JsonOf, QueryOf, usable};
use crate::page::{Order, Page, id, limit};
use crate::problem::{Answer, Problem};

/// A person at an account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Contact, example = json!({
    "id": "con_01900000000070008000000000000001", "external_id": "0038d00000AbCdE",
    "account": "acc_01900000000070008000000000000001", "account_name": "Acme Manufacturing", "name": "Dana Whitfield",
    "title": "VP Operations", "email": "dana@acme.example", "phone": null, "notes": null, "created_at": "2027-01-04T09:00:00Z", "version": 1
}))]
pub(crate) struct ContactOut {
    /// Id.
    id: String,
    /// Their id in another system, such as a CRM.
    #[schema(required = true)]
    external_id: Option<String>,
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
            id,
            account_id,
            account,
            name,
            title,
            email,
            phone,
            notes,
            created_at,
            version,
            external_id,
            ..
        } = contact;
        Self {
            id: id.to_string(),
            external_id,
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

impl ContactIn {
    /// The account's id as it was sent, and all that is to be known of the contact.
    fn read(self) -> (String, Changes) {
        let Self { account, name, title, email, phone, notes } = self;
        let changes = Changes {
            name: Some(name),
            title: Some(title),
            email: Some(email),
            phone: Some(phone),
            notes: Some(notes),
            external_id: None,
        };
        (account, changes)
    }
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
    /// Their id in another system, such as a CRM.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    external_id: Option<Option<String>>,
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
    /// Only the one another system knows by this id.
    external_id: Option<String>,
    /// Only those who have this role somewhere.
    #[param(example = "executive_sponsor")]
    role: Option<String>,
    /// name, account or added, with `-` before it for the last first; name when left out.
    #[param(example = "-added")]
    sort: Option<String>,
    /// Lines on the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<u32>,
    /// Where to start: `next` of the page before, with the same sort.
    after: Option<String>,
}

/// The orders of contacts.
const SORTS: [(&str, SortBy); 3] =
    [("name", SortBy::Name), ("account", SortBy::Account), ("added", SortBy::Added)];

impl ContactQuery {
    /// As the use case takes it, and the order its places belong to.
    pub(super) fn read(self) -> Result<(Query, Order<SortBy>), Problem> {
        let ContactQuery { search, account, external_id, role, sort, limit: lines, after } = self;
        let order = Order::of(sort, "name", &SORTS)?;
        let query = Query {
            search,
            role,
            account: id::<AccountId>("account", account.as_deref())?,
            external_id,
            sort: order.sort,
            direction: order.direction,
            after: order.after(after.as_deref())?,
            limit: limit(lines)?,
        };
        Ok((query, order))
    }
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
    let (query, order) = query.read()?;
    let found = contact::list(&api.app, &caller.actor, &query).await?;
    Ok(Json(order.page(found.lines.into_iter().map(ContactOut::from), found.next)))
}

/// Get a contact
#[utoipa::path(get, path = "/contacts/{id}", operation_id = "get_contact", tag = "Contacts",
    params(("id" = String, Path, description = "Id of the contact.", example = "con_01900000000070008000000000000001")),
    responses((status = 200, description = "The contact.", body = FullContactOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn get(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
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
) -> Answer {
    let (account, changes) = sent.read();
    let account: AccountId = usable("account", &account)?;
    let made = contact::add(&api.app, &caller.actor, account, changes).await?;
    let (version, location) = (made.version, format!("/api/v1/contacts/{}", made.id));
    Ok(created(version, location, Json(ContactOut::from(made))))
}

/// Change a contact
///
/// Only the fields that are sent change.
#[utoipa::path(patch, path = "/contacts/{id}", operation_id = "change_contact", tag = "Contacts",
    params(("id" = String, Path, description = "Id of the contact.", example = "con_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = ContactPatch),
    responses((status = 200, description = "The contact as it is now.", body = ContactOut, headers(("ETag" = String)))))]
pub(crate) async fn change(version: IfMatch, Sent(api, caller, names, patch): Sent<ContactPatch>) -> Answer {
    let ContactPatch { name, title, email, phone, notes, external_id } = patch;
    let changes = Changes { name, title, email, phone, notes, external_id };
    let id = names.id("contact")?;
    let contact = contact::change(&api.app, &caller.actor, id, version.required()?, changes).await?;
    Ok(changed(contact.version, Json(ContactOut::from(contact))))
}

/// Keep a contact in step with another system
///
/// Made or changed to be what is sent, whole. Somebody of the account with this mail address or name whom no other
/// system knows is adopted. A contact stays at the account where they are known: 422.
#[utoipa::path(put, path = "/contacts/by-external-id/{external_id}", operation_id = "put_contact", tag = "Contacts",
    params(("external_id" = String, Path, description = "The contact's id in the other system, at most 200 characters.", example = "0038d00000AbCdE")),
    request_body(content = ContactIn),
    responses((status = 200, description = "The contact as it is now.", body = ContactOut, headers(("ETag" = String))),
        (status = 201, description = "The contact, who is new.", body = ContactOut, headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn put(Sent(api, caller, names, sent): Sent<ContactIn>) -> Answer {
    let (account, changes) = sent.read();
    let account: AccountId = usable("account", &account)?;
    let (contact, new) = contact::put(&api.app, &caller.actor, names.text(0), account, changes).await?;
    let contact = ContactOut::from(contact);
    let (version, location) = (contact.version, format!("/api/v1/contacts/{}", contact.id));
    Ok(if new { created(version, location, Json(contact)) } else { changed(version, Json(contact)) })
}
