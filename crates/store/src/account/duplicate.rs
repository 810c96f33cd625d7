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
    // First what is there twice, from an index alone; CROSS JOIN keeps SQLite from beginning elsewhere, and NOT
    // keeps it from taking ids for a range to walk through.
    ACCOUNTS_BY_NAME = "SELECT a.id AS one, a.name AS one_name, b.id AS other, b.name AS other_name, a.name AS shared
        FROM (SELECT match_key FROM account WHERE workspace_id = $1 AND match_key IS NOT NULL
              GROUP BY match_key HAVING COUNT(*) > 1 ORDER BY match_key LIMIT $2) k
        CROSS JOIN account a CROSS JOIN account b
        WHERE a.workspace_id = $1 AND a.match_key = k.match_key
          AND b.workspace_id = $1 AND b.match_key = k.match_key AND NOT b.id <= a.id
          AND NOT EXISTS (SELECT 1 FROM not_duplicate n
                          WHERE n.workspace_id = $1 AND n.one_id = a.id AND n.other_id = b.id)
        ORDER BY one_name, other LIMIT $2";
    ACCOUNTS_BY_WEBSITE = "SELECT a.id AS one, a.name AS one_name, b.id AS other, b.name AS other_name,
               k.domain AS shared
        FROM (SELECT domain FROM account WHERE workspace_id = $1 AND domain IS NOT NULL
              GROUP BY domain HAVING COUNT(*) > 1 ORDER BY domain LIMIT $2) k
        CROSS JOIN account a CROSS JOIN account b
        WHERE a.workspace_id = $1 AND a.domain = k.domain
          AND b.workspace_id = $1 AND b.domain = k.domain AND NOT b.id <= a.id
          AND NOT EXISTS (SELECT 1 FROM not_duplicate n
                          WHERE n.workspace_id = $1 AND n.one_id = a.id AND n.other_id = b.id)
        ORDER BY one_name, other LIMIT $2";
    ACCOUNTS_BY_MAIL = "SELECT DISTINCT a.id AS one, a.name AS one_name, b.id AS other, b.name AS other_name,
               k.domain AS shared
        FROM (SELECT domain FROM contact WHERE workspace_id = $1 AND domain IS NOT NULL
              GROUP BY domain HAVING COUNT(DISTINCT account_id) > 1 ORDER BY domain LIMIT $2) k
        CROSS JOIN contact c CROSS JOIN contact d CROSS JOIN account a CROSS JOIN account b
        WHERE c.workspace_id = $1 AND c.domain = k.domain
          AND d.workspace_id = $1 AND d.domain = k.domain AND NOT d.account_id <= c.account_id
          AND a.workspace_id = $1 AND a.id = c.account_id AND b.workspace_id = $1 AND b.id = d.account_id
          AND NOT EXISTS (SELECT 1 FROM not_duplicate n
                          WHERE n.workspace_id = $1 AND n.one_id = a.id AND n.other_id = b.id)
        ORDER BY one_name, other LIMIT $2";
    CONTACTS_BY_MAIL = "SELECT a.id AS one, a.name AS one_name, b.id AS other, b.name AS other_name, a.email AS shared
        FROM (SELECT email_key FROM contact WHERE workspace_id = $1 AND email_key IS NOT NULL
              GROUP BY email_key HAVING COUNT(*) > 1 ORDER BY email_key LIMIT $2) k
        CROSS JOIN contact a CROSS JOIN contact b
        WHERE a.workspace_id = $1 AND a.email_key = k.email_key
          AND b.workspace_id = $1 AND b.email_key = k.email_key AND NOT b.id <= a.id
          AND NOT EXISTS (SELECT 1 FROM not_duplicate n
                          WHERE n.workspace_id = $1 AND n.one_id = a.id AND n.other_id = b.id)
        ORDER BY one_name, other LIMIT $2";
    CONTACTS_BY_NAME = "SELECT a.id AS one, a.name AS one_name, b.id AS other, b.name AS other_name, x.name AS shared
        FROM (SELECT account_id, name_key FROM contact WHERE workspace_id = $1
              GROUP BY account_id, name_key HAVING COUNT(*) > 1 ORDER BY account_id, name_key LIMIT $2) k
        CROSS JOIN contact a CROSS JOIN contact b CROSS JOIN account x
        WHERE a.workspace_id = $1 AND a.account_id = k.account_id AND a.name_key = k.name_key
          AND b.workspace_id = $1 AND b.account_id = k.account_id AND b.name_key = k.name_key AND NOT b.id <= a.id
          AND x.workspace_id = $1 AND x.id = k.account_id
          AND NOT EXISTS (SELECT 1 FROM not_duplicate n
                          WHERE n.workspace_id = $1 AND n.one_id = a.id AND n.other_id = b.id)
        ORDER BY one_name, other LIMIT $2";
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

/// The pairs that each of these statements finds, with what it takes them for.
async fn alike<Id: From<Uuid> + PartialEq>(
    tx: &mut Tx,
    workspace: WorkspaceId,
    limit: u32,
    ways: &[(&'static str, Likeness)],
) -> Result<Vec<Pair<Id>>, StoreError> {
    let mut pairs = Vec::new();
    for &(statement, likeness) in ways {
        let rows: Vec<Row> = tx.all(statement, args![workspace, limit]).await?;
        pairs.extend(rows.into_iter().map(|row| row.pair(likeness)));
    }
    Ok(once(pairs))
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
    let ways = [
        (ACCOUNTS_BY_NAME, Likeness::Name),
        (ACCOUNTS_BY_WEBSITE, Likeness::Website),
        (ACCOUNTS_BY_MAIL, Likeness::Mail),
    ];
    alike(tx, workspace, limit, &ways).await
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
    let ways = [(CONTACTS_BY_MAIL, Likeness::Mail), (CONTACTS_BY_NAME, Likeness::Name)];
    alike(tx, workspace, limit, &ways).await
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
