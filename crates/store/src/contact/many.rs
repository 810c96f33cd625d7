//! The contacts of many accounts, read at once.

use std::collections::BTreeMap;

use gangway_domain::ids::{AccountId, ContactId, WorkspaceId};
use uuid::Uuid;

use super::Contact;
use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::value::args;

sql! {
    "contact::many";
    OF_ACCOUNTS = "SELECT c.id, c.account_id, a.name AS account, c.name, c.name_key, c.title, c.email, c.phone, c.notes,
                          c.created_at, c.version, c.external_id, c.account_id AS of_id
                   FROM contact c JOIN account a ON a.workspace_id = c.workspace_id AND a.id = c.account_id
                   WHERE c.workspace_id = $1 AND c.account_id IN ($2) ORDER BY c.name_key, c.id";
    FORMER_NAMES = "SELECT m.name_key, m.into_id, c.account_id AS of_id FROM merged m
                    JOIN contact c ON c.workspace_id = m.workspace_id AND c.id = m.into_id
                    WHERE m.workspace_id = $1 AND m.kind = 'contact' AND c.account_id IN ($2)
                    ORDER BY m.merged_at, m.id";
}

/// The contacts of many accounts, by name; an account without any is not there.
///
/// # Errors
/// When the database fails.
pub async fn of_accounts(
    tx: &mut Tx,
    workspace: WorkspaceId,
    accounts: &[AccountId],
) -> Result<BTreeMap<AccountId, Vec<Contact>>, StoreError> {
    tx.lists::<_, Contact, Contact>(OF_ACCOUNTS, args![workspace], accounts).await
}

/// As [`super::former_names`], of many accounts; one without any is not there.
///
/// # Errors
/// When the database fails.
pub async fn former_names_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    accounts: &[AccountId],
) -> Result<BTreeMap<AccountId, Vec<(String, ContactId)>>, StoreError> {
    let found =
        tx.lists::<_, (String, Uuid), (String, Uuid)>(FORMER_NAMES, args![workspace], accounts).await?;
    let named = |rows: Vec<(String, Uuid)>| {
        rows.into_iter().map(|(name, id)| (name, ContactId::from(id))).collect::<Vec<_>>()
    };
    Ok(found.into_iter().map(|(account, rows)| (account, named(rows))).collect())
}
