//! Merging accounts: what moves, and what the old name and id lead to afterwards.

use gangway_domain::ids::{AccountId, ContactId, OnboardingId, WorkspaceId};
use sqlx::FromRow;
use uuid::Uuid;

use super::record::Record;
use crate::contact::Contact;
use crate::db::Tx;
use crate::error::StoreError;
use crate::input;
use crate::onboarding;
use crate::search::{self, Kind};
use crate::statement::sql;
use crate::time::Timestamp;
use crate::usage;
use crate::value::args;

sql! {
    "account::merge";
    COUNT = "SELECT (SELECT COUNT(*) FROM onboarding o WHERE o.workspace_id = $1 AND o.account_id = $2) AS onboardings,
                    (SELECT COUNT(*) FROM handoff h WHERE h.workspace_id = $1 AND h.account_id = $2) AS handoffs,
                    (SELECT COUNT(*) FROM contact c WHERE c.workspace_id = $1 AND c.account_id = $2) AS contacts
             FROM account WHERE workspace_id = $1 AND id = $2";
    MOVE_HANDOFFS = "UPDATE handoff SET account_id = $3 WHERE workspace_id = $1 AND account_id = $2";
    MOVE_ONBOARDINGS = "UPDATE onboarding SET account_id = $3 WHERE workspace_id = $1 AND account_id = $2";
    MOVE_CONTACTS = "UPDATE contact SET account_id = $3, version = version + 1
                     WHERE workspace_id = $1 AND account_id = $2";
    // What was done to the merged account is part of the story of the one it became; what was written stays.
    MOVE_ACTIVITY = "UPDATE activity SET account_id = $3 WHERE workspace_id = $1 AND account_id = $2";
    CHAIN = "UPDATE merged SET into_id = $4 WHERE workspace_id = $1 AND kind = $2 AND into_id = $3";
    REMEMBER = "INSERT INTO merged (workspace_id, kind, id, into_id, name_key, external_id, merged_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7)";
    DELETE = "DELETE FROM account WHERE workspace_id = $1 AND id = $2 AND version = $3";
    BY_ID = "SELECT into_id FROM merged WHERE workspace_id = $1 AND kind = $2 AND id = $3";
    BY_NAME = "SELECT into_id FROM merged WHERE workspace_id = $1 AND kind = $2 AND name_key = $3
               ORDER BY merged_at DESC, id DESC LIMIT 1";
    // Names of contacts that were merged, and names contacts had before somebody corrected them.
    FORMER_NAMES = "SELECT m.name_key, m.into_id FROM merged m
                    JOIN contact c ON c.workspace_id = m.workspace_id AND c.id = m.into_id
                    WHERE m.workspace_id = $1 AND m.kind = 'contact' AND c.account_id = $2
                    ORDER BY m.merged_at, m.id";
    BY_EXTERNAL = "SELECT into_id FROM merged WHERE workspace_id = $1 AND kind = $2 AND external_id = $3
                   ORDER BY merged_at DESC, id DESC LIMIT 1";
    NAMED = "SELECT id, product, use_case, segment_name FROM onboarding WHERE workspace_id = $1 AND account_id = $2";
    RENAME = "UPDATE onboarding SET customer = $3, customer_key = $4, search = $5, version = version + 1
              WHERE workspace_id = $1 AND id = $2";
}

const ACCOUNT: &str = "account";
const CONTACT: &str = "contact";

/// What belongs to an account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, FromRow)]
pub struct Belongings {
    /// Onboardings.
    pub onboardings: i64,
    /// Handoffs.
    pub handoffs: i64,
    /// Contacts.
    pub contacts: i64,
}

/// What belongs to an account.
///
/// # Errors
/// When the database fails.
pub async fn belongings(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
) -> Result<Belongings, StoreError> {
    Ok(tx.optional(COUNT, args![workspace, account]).await?.unwrap_or_default())
}

/// Moves everything of an account to another and forgets it; its id, name and external id lead to the
/// other from now on. False when it is not the version it says any more.
///
/// # Errors
/// When the database fails.
pub async fn take_over(
    tx: &mut Tx,
    workspace: WorkspaceId,
    gone: &Record,
    into: AccountId,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let Record { account, external_id, version } = gone;
    let from = account.id;
    tx.run(MOVE_HANDOFFS, args![workspace, from, into]).await?;
    tx.run(MOVE_ONBOARDINGS, args![workspace, from, into]).await?;
    tx.run(MOVE_CONTACTS, args![workspace, from, into]).await?;
    tx.run(MOVE_ACTIVITY, args![workspace, from, into]).await?;
    input::take_over(tx, workspace, from, into).await?;
    usage::take_over(tx, workspace, from, into).await?;
    tx.run(CHAIN, args![workspace, ACCOUNT, from, into]).await?;
    let row = args![workspace, ACCOUNT, from, into, &account.name_key, external_id, at];
    tx.run(REMEMBER, row).await?;
    search::forget(tx, workspace, Kind::Account, from.uuid()).await?;
    Ok(tx.run(DELETE, args![workspace, from, *version]).await? == 1)
}

/// Remembers what a contact became.
pub(crate) async fn remember_contact(
    tx: &mut Tx,
    workspace: WorkspaceId,
    gone: &Contact,
    into: ContactId,
    at: Timestamp,
) -> Result<(), StoreError> {
    let Contact { id, name_key, external_id, .. } = gone;
    tx.run(CHAIN, args![workspace, CONTACT, *id, into]).await?;
    tx.run(REMEMBER, args![workspace, CONTACT, *id, into, name_key, external_id, at]).await?;
    Ok(())
}

/// Remembers a name a contact had before somebody corrected it: under an id of its own it leads on as the name of a merged
/// one does.
pub(crate) async fn remember_name(
    tx: &mut Tx,
    workspace: WorkspaceId,
    trace: ContactId,
    of: ContactId,
    name_key: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.run(REMEMBER, args![workspace, CONTACT, trace, of, name_key, None::<String>, at]).await?;
    Ok(())
}

/// Names that lead to contacts of an account, though none of them is called so now.
pub(crate) async fn former_names(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
) -> Result<Vec<(String, ContactId)>, StoreError> {
    let rows: Vec<(String, Uuid)> = tx.all(FORMER_NAMES, args![workspace, account]).await?;
    Ok(rows.into_iter().map(|(name, id)| (name, ContactId::from(id))).collect())
}

fn looked_up(row: Option<(Uuid,)>) -> Option<Uuid> {
    row.map(|(id,)| id)
}

/// The account another one was merged into.
///
/// # Errors
/// When the database fails.
pub async fn became(
    tx: &mut Tx,
    workspace: WorkspaceId,
    gone: AccountId,
) -> Result<Option<AccountId>, StoreError> {
    let row = tx.optional(BY_ID, args![workspace, ACCOUNT, gone]).await?;
    Ok(looked_up(row).map(AccountId::from))
}

/// The contact another one was merged into.
///
/// # Errors
/// When the database fails.
pub async fn contact_became(
    tx: &mut Tx,
    workspace: WorkspaceId,
    gone: ContactId,
) -> Result<Option<ContactId>, StoreError> {
    let row = tx.optional(BY_ID, args![workspace, CONTACT, gone]).await?;
    Ok(looked_up(row).map(ContactId::from))
}

/// The account one of this name was merged into.
pub(crate) async fn by_name(
    tx: &mut Tx,
    workspace: WorkspaceId,
    name_key: &str,
) -> Result<Option<AccountId>, StoreError> {
    let row = tx.optional(BY_NAME, args![workspace, ACCOUNT, name_key]).await?;
    Ok(looked_up(row).map(AccountId::from))
}

/// The contact one of this name was merged into.
pub(crate) async fn contact_by_name(
    tx: &mut Tx,
    workspace: WorkspaceId,
    name_key: &str,
) -> Result<Option<ContactId>, StoreError> {
    let row = tx.optional(BY_NAME, args![workspace, CONTACT, name_key]).await?;
    Ok(looked_up(row).map(ContactId::from))
}

/// The account one that another system knows by this id was merged into.
///
/// # Errors
/// When the database fails.
pub async fn by_external_id(
    tx: &mut Tx,
    workspace: WorkspaceId,
    external_id: &str,
) -> Result<Option<AccountId>, StoreError> {
    let row = tx.optional(BY_EXTERNAL, args![workspace, ACCOUNT, external_id]).await?;
    Ok(looked_up(row).map(AccountId::from))
}

/// The contact one that another system knows by this id was merged into.
///
/// # Errors
/// When the database fails.
pub async fn contact_by_external_id(
    tx: &mut Tx,
    workspace: WorkspaceId,
    external_id: &str,
) -> Result<Option<ContactId>, StoreError> {
    let row = tx.optional(BY_EXTERNAL, args![workspace, CONTACT, external_id]).await?;
    Ok(looked_up(row).map(ContactId::from))
}

#[derive(FromRow)]
struct Named {
    #[sqlx(try_from = "Uuid")]
    id: OnboardingId,
    product: String,
    use_case: String,
    segment_name: String,
}

/// Calls the customer of an account's onboardings by this name. Their documents keep the name they were
/// made with.
///
/// # Errors
/// When the database fails.
pub async fn rename_customer(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
    name: &str,
) -> Result<(), StoreError> {
    let rows: Vec<Named> = tx.all(NAMED, args![workspace, account]).await?;
    for Named { id, product, use_case, segment_name } in rows {
        let search = onboarding::search_text(name, &product, &use_case);
        tx.run(RENAME, args![workspace, id, name, name.to_lowercase(), search]).await?;
        onboarding::index(tx, workspace, id, [name, &product, &use_case, &segment_name]).await?;
    }
    Ok(())
}
