//! Customers as the product knows them, and which account each of them is.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use gangway_app::usage::expected::{self, Expected};
use gangway_app::usage::group::{self, Group, Which};
use gangway_domain::ids::{AccountId, UsageGroupId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::instant;
use crate::Api;
use crate::caller::{Caller, Here};
use crate::etag::{IfMatch, changed, tagged};
use crate::input::{JsonOf, QueryOf, usable};
use crate::page::{self, Page};
use crate::problem::{Answer, Problem};

/// Which customers.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CustomerQuery {
    /// Lines on the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<u32>,
    /// Where to start: `next` of the page before.
    after: Option<String>,
    /// `true` for those without an account only.
    unmatched: Option<bool>,
}

/// Which account a customer of the product is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "account": "acc_01900000000070008000000000000001" }))]
pub(crate) struct UsageGroupPatch {
    /// Id of the account; null for none.
    #[schema(required = true)]
    account: Option<String>,
}

/// A customer as the product knows it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UsageGroup, example = json!({
    "id": "grp_01900000000070008000000000000001", "external_id": "c-7", "name": "Initech",
    "account": "acc_01900000000070008000000000000001", "account_name": "Initech", "matched_by": "name", "users": 12,
    "first_at": "2027-01-04T09:00:00Z", "last_at": "2027-03-01T10:11:12Z", "version": 2
}))]
pub(crate) struct UsageGroupOut {
    /// Id.
    id: String,
    /// `groupId` of the messages; empty for users no message names a customer of.
    external_id: String,
    /// Its name in the product.
    name: String,
    /// The account it is.
    #[schema(required = true)]
    account: Option<String>,
    /// Name of the account.
    #[schema(required = true)]
    account_name: Option<String>,
    /// How it was matched: `external-id`, `domain`, `name` or `person`.
    #[schema(required = true)]
    matched_by: Option<String>,
    /// Users seen.
    users: i64,
    /// When it was first seen.
    first_at: jiff::Timestamp,
    /// When it was last seen.
    last_at: jiff::Timestamp,
    /// Counts changes.
    version: i64,
}

impl From<Group> for UsageGroupOut {
    fn from(one: Group) -> Self {
        Self {
            id: one.id.to_string(),
            external_id: one.external_id,
            name: one.name,
            account: one.account.map(|id| id.to_string()),
            account_name: one.account_name,
            matched_by: one.matched_by,
            users: one.users,
            first_at: instant(one.first_at),
            last_at: instant(one.last_at),
            version: one.version,
        }
    }
}

/// List customers of the product
#[utoipa::path(get, path = "/usage-groups", operation_id = "list_usage_groups", tag = "Usage",
    params(CustomerQuery),
    responses((status = 200, description = "A page of customers.", body = Page<UsageGroupOut>)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<CustomerQuery>,
) -> Result<Json<Page<UsageGroupOut>>, Problem> {
    let limit = page::limit(query.limit)?;
    let after: Option<UsageGroupId> = page::id("after", query.after.as_deref())?;
    let which = if query.unmatched == Some(true) { Which::Unmatched } else { Which::All };
    let (groups, more) = group::list(&api.app, &caller.actor, which, after, limit).await?;
    let out = groups.into_iter().map(UsageGroupOut::from);
    Ok(Json(Page::after_last(out, more, |one| one.id.clone())))
}

/// Get a customer of the product
#[utoipa::path(get, path = "/usage-groups/{id}", operation_id = "get_usage_group", tag = "Usage",
    params(("id" = String, Path, description = "Id of the customer.", example = "grp_01900000000070008000000000000001")),
    responses((status = 200, description = "The customer.", body = UsageGroupOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn get(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let known = group::get(&api.app, &caller.actor, names.id("customer of the product")?).await?;
    let out = UsageGroupOut::from(known);
    Ok(tagged(&headers, out.version, Json(out)))
}

/// Match a customer of the product
///
/// What it did counts for the account, the past included.
#[utoipa::path(patch, path = "/usage-groups/{id}", operation_id = "match_usage_group", tag = "Usage",
    params(("id" = String, Path, description = "Id of the customer.", example = "grp_01900000000070008000000000000001"),
        ("If-Match" = Option<String>, Header, description = "ETag of the customer that was read; may be left out.", example = "\"2\"")),
    request_body(content = UsageGroupPatch),
    responses((status = 200, description = "The customer as it is now.", body = UsageGroupOut, headers(("ETag" = String)))))]
pub(crate) async fn assign(
    Here(api, caller, names): Here,
    IfMatch(seen): IfMatch,
    JsonOf(sent): JsonOf<UsageGroupPatch>,
) -> Answer {
    let id: UsageGroupId = names.id("customer of the product")?;
    let account: Option<AccountId> =
        sent.account.as_deref().map(|text| usable("account", text)).transpose()?;
    let out = UsageGroupOut::from(group::assign(&api.app, &caller.actor, id, seen, account).await?);
    Ok(changed(out.version, Json(out)))
}

/// How many users are expected.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "users": 120 }))]
pub(crate) struct ExpectedUsersIn {
    /// Users; null leaves it to the contract.
    #[schema(required = true)]
    users: Option<i64>,
}

/// How many users of an account are expected.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExpectedUsers, example = json!({ "users": 120, "of_contract": true, "version": 0 }))]
pub(crate) struct ExpectedUsersOut {
    /// Users; null when nobody knows.
    #[schema(required = true)]
    users: Option<i64>,
    /// The newest onboarding's package says so, and nobody said otherwise.
    of_contract: bool,
    /// Counts changes; 0 when it was never set.
    version: i64,
}

impl From<Expected> for ExpectedUsersOut {
    fn from(one: Expected) -> Self {
        Self { users: one.users, of_contract: one.of_contract, version: one.version }
    }
}

/// Get how many users are expected
#[utoipa::path(get, path = "/accounts/{id}/expected-users", operation_id = "get_expected_users", tag = "Usage",
    params(("id" = String, Path, description = "Id of the account.", example = "acc_01900000000070008000000000000001")),
    responses((status = 200, description = "How many.", body = ExpectedUsersOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn expected(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let known = expected::get(&api.app, &caller.actor, names.id("account")?).await?;
    let out = ExpectedUsersOut::from(known);
    Ok(tagged(&headers, out.version, Json(out)))
}

/// Say how many users are expected
#[utoipa::path(put, path = "/accounts/{id}/expected-users", operation_id = "set_expected_users", tag = "Usage",
    params(("id" = String, Path, description = "Id of the account.", example = "acc_01900000000070008000000000000001"),
        ("If-Match" = Option<String>, Header, description = "ETag that was read; may be left out.", example = "\"0\"")),
    request_body(content = ExpectedUsersIn),
    responses((status = 200, description = "How many now.", body = ExpectedUsersOut, headers(("ETag" = String)))))]
pub(crate) async fn expect(
    Here(api, caller, names): Here,
    IfMatch(seen): IfMatch,
    JsonOf(sent): JsonOf<ExpectedUsersIn>,
) -> Answer {
    let id: AccountId = names.id("account")?;
    let out = ExpectedUsersOut::from(expected::set(&api.app, &caller.actor, id, seen, sent.users).await?);
    Ok(changed(out.version, Json(out)))
}
