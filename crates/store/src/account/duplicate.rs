//! Accounts and contacts that look like the same one twice.

use gangway_domain::ids::{AccountId, ContactId, WorkspaceId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "account::duplicate";
    ACCOUNTS_BY_NAME = "SELECT a.id AS one, a.name AS one_name, b.id AS other, b.name AS other_name, a.name AS shared
        FROM account a JOIN account b
          ON b.workspace_id = a.workspace_id AND b.match_key = a.match_key AND b.id > a.id
        WHERE a.workspace_id = $1
          AND NOT EXISTS (SELECT 1 FROM not_duplicate n
                          WHERE n.workspace_id = a.workspace_id AND n.one_id = a.id AND n.other_id = b.id)
        ORDER BY a.name_key, b.id LIMIT $2";
    ACCOUNTS_BY_WEBSITE = "SELECT a.id AS one, a.name AS one_name, b.id AS other, b.name AS other_name,
               a.domain AS shared
        FROM account a JOIN account b
          ON b.workspace_id = a.workspace_id AND b.domain = a.domain AND b.id > a.id
        WHERE a.workspace_id = $1
          AND NOT EXISTS (SELECT 1 FROM not_duplicate n
                          WHERE n.workspace_id = a.workspace_id AND n.one_id = a.id AND n.other_id = b.id)
        ORDER BY a.name_key, b.id LIMIT $2";
    ACCOUNTS_BY_MAIL = "SELECT DISTINCT a.id AS one, a.name AS one_name, b.id AS other, b.name AS other_name,
               c.domain AS shared
        FROM contact c
        JOIN contact d ON d.workspace_id = c.workspace_id AND d.domain = c.domain AND d.account_id > c.account_id
        JOIN account a ON a.workspace_id = c.workspace_id AND a.id = c.account_id
        JOIN account b ON b.workspace_id = d.workspace_id AND b.id = d.account_id
        WHERE c.workspace_id = $1
          AND NOT EXISTS (SELECT 1 FROM not_duplicate n
                          WHERE n.workspace_id = a.workspace_id AND n.one_id = a.id AND n.other_id = b.id)
        ORDER BY one_name, other LIMIT $2";
    CONTACTS_BY_MAIL = "SELECT a.id AS one, a.name AS one_name, b.id AS other, b.name AS other_name,
               a.email AS shared
        FROM contact a JOIN contact b
          ON b.workspace_id = a.workspace_id AND b.email_key = a.email_key AND b.id > a.id
        WHERE a.workspace_id = $1
          AND NOT EXISTS (SELECT 1 FROM not_duplicate n
                          WHERE n.workspace_id = a.workspace_id AND n.one_id = a.id AND n.other_id = b.id)
        ORDER BY a.name_key, b.id LIMIT $2";
    CONTACTS_BY_NAME = "SELECT a.id AS one, a.name AS one_name, b.id AS other, b.name AS other_name,
               x.name AS shared
        FROM contact a
        JOIN contact b ON b.workspace_id = a.workspace_id AND b.account_id = a.account_id
                      AND b.name_key = a.name_key AND b.id > a.id
        JOIN account x ON x.workspace_id = a.workspace_id AND x.id = a.account_id
        WHERE a.workspace_id = $1
          AND NOT EXISTS (SELECT 1 FROM not_duplicate n
                          WHERE n.workspace_id = a.workspace_id AND n.one_id = a.id AND n.other_id = b.id)
        ORDER BY a.name_key, b.id LIMIT $2";
    DIFFERENT = "INSERT INTO not_duplicate (workspace_id, one_id, other_id, said_at) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (workspace_id, one_id, other_id) DO NOTHING";
}

/// What two of a kind share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// The name, but for accents, spaces and punctuation.
    Name,
    /// The website.
    Website,
    /// The mail address, or the domain of their people's addresses.
    Mail,
}

/// Two that look like one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair<Id> {
    /// The older one.
    pub one: Id,
    /// Its name.
    pub one_name: String,
    /// The newer one.
    pub other: Id,
    /// Its name.
    pub other_name: String,
    /// What they share.
    pub likeness: Likeness,
    /// The text they share, as one of them has it; for a contact's name, their account.
    pub shared: String,
}

#[derive(FromRow)]
struct Row {
    one: Uuid,
    one_name: String,
    other: Uuid,
    other_name: String,
    shared: Option<String>,
}

impl Row {
    fn pair<Id: From<Uuid>>(self, likeness: Likeness) -> Pair<Id> {
        let Self { one, one_name, other, other_name, shared } = self;
        let shared = shared.unwrap_or_default();
        Pair { one: one.into(), one_name, other: other.into(), other_name, likeness, shared }
    }
}

/// Keeps the first pair of every two: several things may be alike.
fn once<Id: PartialEq>(pairs: Vec<Pair<Id>>) -> Vec<Pair<Id>> {
    let mut kept: Vec<Pair<Id>> = Vec::with_capacity(pairs.len());
    for pair in pairs {
        if !kept.iter().any(|known| known.one == pair.one && known.other == pair.other) {
            kept.push(pair);
        }
    }
    kept
}

/// Accounts that look like the same one twice: by name, website, or their people's mail domain.
///
/// # Errors
/// When the database fails.
pub async fn accounts(
    tx: &mut Tx,
    workspace: WorkspaceId,
    limit: u32,
) -> Result<Vec<Pair<AccountId>>, StoreError> {
    let mut pairs = Vec::new();
    let rows: Vec<Row> = tx.all(ACCOUNTS_BY_NAME, args![workspace, limit]).await?;
    pairs.extend(rows.into_iter().map(|row| row.pair(Likeness::Name)));
    let rows: Vec<Row> = tx.all(ACCOUNTS_BY_WEBSITE, args![workspace, limit]).await?;
    pairs.extend(rows.into_iter().map(|row| row.pair(Likeness::Website)));
    let rows: Vec<Row> = tx.all(ACCOUNTS_BY_MAIL, args![workspace, limit]).await?;
    pairs.extend(rows.into_iter().map(|row| row.pair(Likeness::Mail)));
    Ok(once(pairs))
}

/// Contacts that look like the same person twice: by mail address, or by name within one account.
///
/// # Errors
/// When the database fails.
pub async fn contacts(
    tx: &mut Tx,
    workspace: WorkspaceId,
    limit: u32,
) -> Result<Vec<Pair<ContactId>>, StoreError> {
    let mut pairs = Vec::new();
    let rows: Vec<Row> = tx.all(CONTACTS_BY_MAIL, args![workspace, limit]).await?;
    pairs.extend(rows.into_iter().map(|row| row.pair(Likeness::Mail)));
    let rows: Vec<Row> = tx.all(CONTACTS_BY_NAME, args![workspace, limit]).await?;
    pairs.extend(rows.into_iter().map(|row| row.pair(Likeness::Name)));
    Ok(once(pairs))
}

/// Remembers that two accounts, or two contacts, are not the same: the pair is not named again.
///
/// # Errors
/// When the database fails.
pub async fn are_different(
    tx: &mut Tx,
    workspace: WorkspaceId,
    one: Uuid,
    other: Uuid,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.run(DIFFERENT, args![workspace, one.min(other), one.max(other), at]).await?;
    Ok(())
}
