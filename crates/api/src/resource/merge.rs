//! Merging what is one: accounts, contacts.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use axum::Json;
use gangway_app::merging::{Field, Merge};
use gangway_app::{account, contact};
use gangway_domain::ids::InvalidId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::account::AccountOut;
use super::contact::ContactOut;
use crate::caller::Here;
use crate::etag::IfMatch;
use crate::input::{JsonOf, usable};
use crate::problem::Problem;

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

impl MergeIn {
    /// What is to be done, as use cases take it.
    fn into_one<Id: FromStr<Err = InvalidId> + PartialEq>(
        self,
        stays: Id,
        seen: IfMatch,
    ) -> Result<Merge<Id>, Problem> {
        let Self { goes, goes_version, take, dry_run: _ } = self;
        let goes = usable("goes", &goes)?;
        if goes == stays {
            return Err(Problem::field("goes", "is the one that stays"));
        }
        Ok(Merge { stays, stays_version: seen.required()?, goes, goes_version, take })
    }
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

impl MergeOut {
    /// What a merge would do.
    fn of<Id: fmt::Display>(merge: &Merge<Id>, fields: Vec<Field>, moves: MovesOut) -> Self {
        let field = |field: Field| FieldOut {
            name: field.name.to_owned(),
            outcome: field.outcome(&merge.take),
            stays: field.stays,
            goes: field.goes,
        };
        Self {
            done: false,
            stays: merge.stays.to_string(),
            goes: merge.goes.to_string(),
            fields: fields.into_iter().map(field).collect(),
            moves,
            account: None,
            contact: None,
        }
    }
}

/// Merge two accounts
///
/// Handoffs, onboardings, contacts and activity of the one that goes move to the one in the address; its id,
/// name and external id lead to the other from then on. Refused when either was changed since it was read.
/// Needs the scope `read` too.
#[utoipa::path(post, path = "/accounts/{id}/merge", operation_id = "merge_accounts", tag = "Accounts",
    params(("id" = String, Path, description = "Id of the account that stays.", example = "acc_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = MergeIn),
    responses((status = 200, description = "What was done, or would be.", body = MergeOut)))]
pub(crate) async fn accounts(
    Here(api, caller, names): Here,
    version: IfMatch,
    JsonOf(sent): JsonOf<MergeIn>,
) -> Result<Json<MergeOut>, Problem> {
    let dry_run = sent.dry_run;
    let merge = sent.into_one(names.id("account")?, version)?;
    let preview = account::merge::preview(&api.app, &caller.actor, merge.stays, merge.goes).await?;
    let moves = MovesOut {
        onboardings: preview.moves.onboardings,
        handoffs: preview.moves.handoffs,
        contacts: preview.moves.contacts,
    };
    let mut out = MergeOut::of(&merge, preview.fields, moves);
    if !dry_run {
        out.account = Some(account::merge::merge(&api.app, &caller.actor, &merge).await?.into());
        out.done = true;
    }
    Ok(Json(out))
}

/// Merge two contacts
///
/// The roles of the one that goes move to the one in the address. Refused when either was changed since it
/// was read. Needs the scope `read` too.
#[utoipa::path(post, path = "/contacts/{id}/merge", operation_id = "merge_contacts", tag = "Contacts",
    params(("id" = String, Path, description = "Id of the contact that stays.", example = "con_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = MergeIn),
    responses((status = 200, description = "What was done, or would be.", body = MergeOut)))]
pub(crate) async fn contacts(
    Here(api, caller, names): Here,
    version: IfMatch,
    JsonOf(sent): JsonOf<MergeIn>,
) -> Result<Json<MergeOut>, Problem> {
    let dry_run = sent.dry_run;
    let merge = sent.into_one(names.id("contact")?, version)?;
    let preview = contact::preview(&api.app, &caller.actor, merge.stays, merge.goes).await?;
    let roles = i64::try_from(preview.moves.len()).unwrap_or(i64::MAX);
    let moves = MovesOut { onboardings: roles, handoffs: 0, contacts: 0 };
    let mut out = MergeOut::of(&merge, preview.fields, moves);
    if !dry_run {
        out.contact = Some(contact::merge(&api.app, &caller.actor, &merge).await?.into());
        out.done = true;
    }
    Ok(Json(out))
}
