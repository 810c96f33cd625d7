//! What looks like one twice, accounts and contacts: named, merged, told apart.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use gangway_app::merging::{Field, Merge};
use gangway_app::{account, contact};
use gangway_domain::ids::{AccountId, ContactId, InvalidId};
use gangway_store::account::duplicate::{Likeness, Pair};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::account::AccountOut;
use super::contact::ContactOut;
use crate::Api;
use crate::caller::{Caller, Sent};
use crate::etag::IfMatch;
use crate::input::usable;
use crate::page::Page;
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
    version: IfMatch,
    Sent(api, caller, names, sent): Sent<MergeIn>,
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
    version: IfMatch,
    Sent(api, caller, names, sent): Sent<MergeIn>,
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

/// Two that look like one.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Duplicate, example = json!({
    "one": "acc_01900000000070008000000000000001", "one_name": "Acme Manufacturing",
    "other": "acc_01900000000070008000000000000002", "other_name": "ACME Manufacturing", "share": "name",
    "shared": "acme manufacturing"
}))]
pub(crate) struct DuplicateOut {
    /// Id of the older one.
    one: String,
    /// Its name.
    one_name: String,
    /// Id of the newer one.
    other: String,
    /// Its name.
    other_name: String,
    /// What they share: `name`, `website`, or `mail`, the address or the domain of their people's addresses.
    share: String,
    /// The text they share, as one of them has it; for the name of a contact, their account.
    shared: String,
}

impl<Id: fmt::Display> From<Pair<Id>> for DuplicateOut {
    fn from(pair: Pair<Id>) -> Self {
        let Pair { one, one_name, other, other_name, likeness, shared } = pair;
        let share = match likeness {
            Likeness::Name => "name",
            Likeness::Website => "website",
            Likeness::Mail => "mail",
        };
        Self {
            one: one.to_string(),
            one_name,
            other: other.to_string(),
            other_name,
            share: share.to_owned(),
            shared,
        }
    }
}

/// One that is another than the one in the address.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NoDuplicate, example = json!({ "other": "acc_01900000000070008000000000000002" }))]
pub(crate) struct DistinctIn {
    /// Its id.
    other: String,
}

impl DistinctIn {
    fn apart_from<Id: FromStr<Err = InvalidId> + PartialEq>(&self, one: Id) -> Result<(Id, Id), Problem> {
        let other: Id = usable("other", &self.other)?;
        if other == one {
            return Err(Problem::field("other", "is the one in the address"));
        }
        Ok((one, other))
    }
}

/// List accounts that look like one twice
///
/// A hundred pairs at most, on one page; those somebody told apart are not named.
#[utoipa::path(get, path = "/accounts/duplicates", operation_id = "list_account_duplicates", tag = "Accounts",
    responses((status = 200, description = "The pairs.", body = Page<DuplicateOut>)))]
pub(crate) async fn account_duplicates(
    State(api): State<Api>,
    caller: Caller,
) -> Result<Json<Page<DuplicateOut>>, Problem> {
    let pairs = account::merge::duplicates(&api.app, &caller.actor).await?;
    Ok(Json(Page::whole(pairs.into_iter().map(DuplicateOut::from))))
}

/// Say that two accounts are not the same
///
/// They are not named as duplicates again.
#[utoipa::path(post, path = "/accounts/{id}/distinct", operation_id = "tell_accounts_apart", tag = "Accounts",
    params(("id" = String, Path, description = "Id of one account.", example = "acc_01900000000070008000000000000001")),
    request_body(content = DistinctIn),
    responses((status = 204, description = "They are two.")))]
pub(crate) async fn tell_accounts_apart(
    Sent(api, caller, names, sent): Sent<DistinctIn>,
) -> Result<StatusCode, Problem> {
    let (one, other): (AccountId, AccountId) = sent.apart_from(names.id("account")?)?;
    account::merge::are_different(&api.app, &caller.actor, one, other).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List contacts that look like one person twice
///
/// A hundred pairs at most, on one page; those somebody told apart are not named.
#[utoipa::path(get, path = "/contacts/duplicates", operation_id = "list_contact_duplicates", tag = "Contacts",
    responses((status = 200, description = "The pairs.", body = Page<DuplicateOut>)))]
pub(crate) async fn contact_duplicates(
    State(api): State<Api>,
    caller: Caller,
) -> Result<Json<Page<DuplicateOut>>, Problem> {
    let pairs = contact::duplicates(&api.app, &caller.actor).await?;
    Ok(Json(Page::whole(pairs.into_iter().map(DuplicateOut::from))))
}

/// Say that two contacts are not the same person
///
/// They are not named as duplicates again.
#[utoipa::path(post, path = "/contacts/{id}/distinct", operation_id = "tell_contacts_apart", tag = "Contacts",
    params(("id" = String, Path, description = "Id of one contact.", example = "con_01900000000070008000000000000001")),
    request_body(content = DistinctIn),
    responses((status = 204, description = "They are two.")))]
pub(crate) async fn tell_contacts_apart(
    Sent(api, caller, names, sent): Sent<DistinctIn>,
) -> Result<StatusCode, Problem> {
    let (one, other): (ContactId, ContactId) = sent.apart_from(names.id("contact")?)?;
    contact::are_different(&api.app, &caller.actor, one, other).await?;
    Ok(StatusCode::NO_CONTENT)
}
