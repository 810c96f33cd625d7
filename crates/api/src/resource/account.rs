//! Accounts: the customer companies.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use gangway_app::account::book::{self, Changes, Draft};
use gangway_store::account::Account;
use gangway_store::account::list::{Line, Query, SortBy};
use gangway_store::account::record::Record;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::instant;
use crate::Api;
use crate::caller::{Caller, Here, Sent};
use crate::etag::{IfMatch, changed, created, tagged};
use crate::input::{JsonOf, QueryOf};
use crate::page::{Order, Page, limit};
use crate::problem::{Answer, Problem};

/// A customer company.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Account, example = json!({
    "id": "acc_01900000000070008000000000000001", "external_id": "0018d00000AbCdE", "name": "Acme Manufacturing",
    "industry": "Manufacturing", "country": "US", "website": "https://acme.example",
    "created_at": "2027-01-04T09:00:00Z", "version": 1
}))]
pub(crate) struct AccountOut {
    /// Id.
    id: String,
    /// Its id in the system deals come from.
    #[schema(required = true)]
    external_id: Option<String>,
    /// Name.
    name: String,
    /// Industry, as written.
    #[schema(required = true)]
    industry: Option<String>,
    /// ISO 3166-1 alpha-2 country.
    #[schema(required = true)]
    country: Option<String>,
    /// Website.
    #[schema(required = true)]
    website: Option<String>,
    /// When it was first seen.
    created_at: jiff::Timestamp,
    /// Counts changes, from 1; the ETag is made of it.
    version: i64,
}

impl From<Record> for AccountOut {
    fn from(record: Record) -> Self {
        let Record { account, external_id, version } = record;
        let Account { id, name, name_key: _, industry, country, website, created_at } = account;
        let created_at = instant(created_at);
        Self { id: id.to_string(), external_id, name, industry, country, website, created_at, version }
    }
}

impl From<Line> for AccountOut {
    fn from(line: Line) -> Self {
        let Line { id, external_id, name, industry, country, website, created_at, version, .. } = line;
        let created_at = instant(created_at);
        Self { id: id.to_string(), external_id, name, industry, country, website, created_at, version }
    }
}

/// An account as it is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Acme Manufacturing", "industry": "Manufacturing", "country": "US" }))]
pub(crate) struct AccountIn {
    /// Name.
    #[schema(min_length = 1, max_length = 120)]
    name: String,
    /// Industry.
    industry: Option<String>,
    /// ISO 3166-1 alpha-2 country.
    #[schema(pattern = "^[A-Za-z]{2}$")]
    country: Option<String>,
    /// Website: `https://…`, `http://…` or a host.
    website: Option<String>,
}

impl From<AccountIn> for Draft {
    fn from(sent: AccountIn) -> Self {
        let AccountIn { name, industry, country, website } = sent;
        Self { name, industry, country, website }
    }
}

/// What is to change of an account; null empties a field, leaving it out keeps it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "industry": "Logistics", "website": null }))]
pub(crate) struct AccountPatch {
    /// Name.
    #[schema(min_length = 1, max_length = 120)]
    name: Option<String>,
    /// Industry.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    industry: Option<Option<String>>,
    /// ISO 3166-1 alpha-2 country.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>, pattern = "^[A-Za-z]{2}$")]
    country: Option<Option<String>>,
    /// Website.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    website: Option<Option<String>>,
    /// Its id in the system deals come from.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    external_id: Option<Option<String>>,
}

/// Tells null from nothing.
pub(super) fn said<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    value: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(value).map(Some)
}

/// Which accounts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AccountQuery {
    /// Only those whose name or website contains this; case, accents, punctuation and legal forms are ignored.
    #[param(example = "acme")]
    name: Option<String>,
    /// Only the one another system knows by this id.
    external_id: Option<String>,
    /// Only those of this industry, as it is written there.
    #[param(example = "Manufacturing")]
    industry: Option<String>,
    /// true for those with onboardings that are planned or running, false for those without.
    open: Option<bool>,
    /// added, name, open (onboardings that are planned or running), onboardings (all of them), activity (when something
    /// was last done) or health (the worst first, of what is open), with `-` before it for the largest first; added when
    /// left out.
    #[param(example = "-activity")]
    sort: Option<String>,
    /// Lines on the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<u32>,
    /// Where to start: `next` of the page before, with the same sort.
    after: Option<String>,
}

/// The orders of accounts.
const SORTS: [(&str, SortBy); 6] = [
    ("added", SortBy::Added),
    ("name", SortBy::Name),
    ("open", SortBy::Open),
    ("onboardings", SortBy::Onboardings),
    ("activity", SortBy::Activity),
    ("health", SortBy::Health),
];

impl AccountQuery {
    /// As the use case takes it, and the order its places belong to.
    pub(super) fn read(self) -> Result<(Query, Order<SortBy>), Problem> {
        let AccountQuery { name, external_id, industry, open, sort, limit: lines, after } = self;
        let order = Order::of(sort, "added", &SORTS)?;
        let query = Query {
            search: name,
            industry,
            open,
            external_id,
            sort: order.sort,
            direction: order.direction,
            after: order.after(after.as_deref())?,
            limit: limit(lines)?,
        };
        Ok((query, order))
    }
}

/// List accounts
///
/// Filtered and in order.
#[utoipa::path(get, path = "/accounts", operation_id = "list_accounts", tag = "Accounts",
    params(AccountQuery),
    responses((status = 200, description = "A page of accounts.", body = Page<AccountOut>)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<AccountQuery>,
) -> Result<Json<Page<AccountOut>>, Problem> {
    let (query, order) = query.read()?;
    let (lines, next) = book::list(&api.app, &caller.actor, query).await?;
    Ok(Json(order.page(lines.into_iter().map(AccountOut::from), next)))
}

/// Add an account
///
/// By hand, as on the page of accounts. Whoever has an id of another system for it keeps it in step with that instead.
#[utoipa::path(post, path = "/accounts", operation_id = "create_account", tag = "Accounts",
    request_body(content = AccountIn),
    responses((status = 201, description = "The account.", body = AccountOut,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn create(
    State(api): State<Api>,
    caller: Caller,
    JsonOf(sent): JsonOf<AccountIn>,
) -> Answer {
    let account = AccountOut::from(book::add(&api.app, &caller.actor, sent.into()).await?);
    let location = format!("/api/v1/accounts/{}", account.id);
    Ok(created(account.version, location, Json(account)))
}

/// Get an account
#[utoipa::path(get, path = "/accounts/{id}", operation_id = "get_account", tag = "Accounts",
    params(("id" = String, Path, description = "Id of the account.", example = "acc_01900000000070008000000000000001")),
    responses((status = 200, description = "The account.", body = AccountOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn get(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let record = book::get(&api.app, &caller.actor, names.id("account")?).await?;
    Ok(tagged(&headers, record.version, Json(AccountOut::from(record))))
}

/// Change an account
///
/// Only the fields that are sent change.
#[utoipa::path(patch, path = "/accounts/{id}", operation_id = "change_account", tag = "Accounts",
    params(("id" = String, Path, description = "Id of the account.", example = "acc_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = AccountPatch),
    responses((status = 200, description = "The account as it is now.", body = AccountOut, headers(("ETag" = String)))))]
pub(crate) async fn change(version: IfMatch, Sent(api, caller, names, patch): Sent<AccountPatch>) -> Answer {
    let AccountPatch { name, industry, country, website, external_id } = patch;
    let changes = Changes { name, industry, country, website, external_id };
    let id = names.id("account")?;
    let record = book::change(&api.app, &caller.actor, id, version.required()?, changes).await?;
    Ok(changed(record.version, Json(AccountOut::from(record))))
}

/// Keep an account in step with another system
///
/// Made or changed to be what is sent, whole. An account that deals brought in by name only, and that no other
/// system knows, is adopted.
#[utoipa::path(put, path = "/accounts/by-external-id/{external_id}", operation_id = "put_account", tag = "Accounts",
    params(("external_id" = String, Path, description = "The account's id in the other system, at most 200 characters.", example = "0018d00000AbCdE")),
    request_body(content = AccountIn),
    responses((status = 200, description = "The account as it is now.", body = AccountOut, headers(("ETag" = String))),
        (status = 201, description = "The account, which is new.", body = AccountOut, headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn put(Sent(api, caller, names, sent): Sent<AccountIn>) -> Answer {
    let (record, new) = book::put(&api.app, &caller.actor, names.text(0), sent.into()).await?;
    let account = AccountOut::from(record);
    let (version, location) = (account.version, format!("/api/v1/accounts/{}", account.id));
    Ok(if new { created(version, location, Json(account)) } else { changed(version, Json(account)) })
}
