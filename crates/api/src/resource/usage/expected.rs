//! How many users of an account are expected.

use axum::Json;
use axum::http::HeaderMap;
use gangway_app::usage::expected::{self, Expected};
use gangway_domain::ids::AccountId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::caller::{Here, Sent};
use crate::etag::{IfMatch, changed, tagged};
use crate::problem::Answer;

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
pub(crate) async fn get(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
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
pub(crate) async fn put(
    IfMatch(seen): IfMatch,
    Sent(api, caller, names, sent): Sent<ExpectedUsersIn>,
) -> Answer {
    let id: AccountId = names.id("account")?;
    let out = ExpectedUsersOut::from(expected::set(&api.app, &caller.actor, id, seen, sent.users).await?);
    Ok(changed(out.version, Json(out)))
}
