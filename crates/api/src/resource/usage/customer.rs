//! Customers as the product knows them, and which account each of them is.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use gangway_app::usage::group::{self, Group, Which};
use gangway_domain::ids::{AccountId, UsageGroupId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::instant;
use crate::Api;
use crate::caller::{Caller, Here, Sent};
use crate::etag::IfMatch;
use crate::input::{QueryOf, optional};
use crate::kept::{self, kept_at};
use crate::page::{Page, id, limit};
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

kept_at!(UsageGroupOut, "usage-groups");

/// List customers of the product
#[utoipa::path(get, path = "/usage-groups", operation_id = "list_usage_groups", tag = "Usage",
    params(CustomerQuery),
    responses((status = 200, description = "A page of customers.", body = Page<UsageGroupOut>)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<CustomerQuery>,
) -> Result<Json<Page<UsageGroupOut>>, Problem> {
    let after = id::<UsageGroupId>("after", query.after.as_deref())?;
    let which = if query.unmatched == Some(true) { Which::Unmatched } else { Which::All };
    Ok(kept::page(group::list(&api.app, &caller.actor, which, after, limit(query.limit)?).await?))
}

/// Get a customer of the product
#[utoipa::path(get, path = "/usage-groups/{id}", operation_id = "get_usage_group", tag = "Usage",
    params(("id" = String, Path, description = "Id of the customer.", example = "grp_01900000000070008000000000000001")),
    responses((status = 200, description = "The customer.", body = UsageGroupOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn get(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let known = group::get(&api.app, &caller.actor, names.id("customer of the product")?).await?;
    kept::one::<UsageGroupOut>(&headers, known)
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
    IfMatch(seen): IfMatch,
    Sent(api, caller, names, sent): Sent<UsageGroupPatch>,
) -> Answer {
    let id: UsageGroupId = names.id("customer of the product")?;
    let account: Option<AccountId> = optional("account", sent.account.as_deref())?;
    kept::now::<UsageGroupOut>(group::assign(&api.app, &caller.actor, id, seen, account).await?)
}
