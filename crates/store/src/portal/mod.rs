//! The portal of customers: who gets in, where it is open, what links do, what of the team's is shared, how it looks.

pub mod link;
pub mod reminder;
pub mod session;
pub mod setting;
pub mod shared;
pub mod told;

use gangway_domain::ids::{ContactId, OnboardingId, PortalAccessId, WorkspaceId};
use gangway_domain::portal::{Language, PortalRole};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::person::email_key;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::{Value, args, joined, read};

/// The columns of an access, in the order of its row.
macro_rules! columns {
    () => {
        "p.workspace_id, p.id, p.onboarding_id, p.contact_id, c.name, c.title, c.email, p.role, p.language, p.digest,
         p.code_digest, p.code_expires_at, p.code_tries, p.made_by, p.made_at, p.expires_at, p.revoked_at,
         p.last_used_at, p.version
         FROM portal_access p
         JOIN contact c ON c.workspace_id = p.workspace_id AND c.id = p.contact_id"
    };
}
pub(crate) use columns;

sql! {
    "portal";
    INSERT = "INSERT INTO portal_access
                (workspace_id, id, onboarding_id, contact_id, role, language, digest, code_digest, code_expires_at,
                 made_by, made_at, expires_at, revoked_at, last_used_at, code_tries, version)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    GET = concat!("SELECT ", columns!(), " WHERE p.workspace_id = $1 AND p.id = $2");
    OF_CONTACT = concat!("SELECT ", columns!(), "
                          WHERE p.workspace_id = $1 AND p.onboarding_id = $2 AND p.contact_id = $3");
    OF_ONBOARDING = concat!("SELECT ", columns!(), " WHERE p.workspace_id = $1 AND p.onboarding_id = $2
                             ORDER BY c.name_key, p.contact_id");
    OF_WORKSPACE = concat!("SELECT ", columns!(), " WHERE p.workspace_id = $1 AND p.revoked_at IS NULL
                            ORDER BY p.contact_id, p.onboarding_id");
    BY_DIGEST = concat!("SELECT ", columns!(), " WHERE p.digest = $1");
    // Both columns of the index of addresses are named, so that nobody else's contacts are read.
    OF_EMAIL = concat!("SELECT ", columns!(), "
                        WHERE c.workspace_id IN (SELECT w.id FROM workspace w) AND c.email_key = $1
                          AND p.revoked_at IS NULL AND p.made_by <> ''
                        ORDER BY p.made_at DESC, p.id LIMIT 10");
    // Tries are counted without a new version, so what was read before may be too few: they are not written here.
    CHANGE = "UPDATE portal_access
              SET role = $3, language = $4, digest = $5, code_digest = $6, code_expires_at = $7, made_by = $8,
                  made_at = $9, expires_at = $10, revoked_at = $11, last_used_at = $12,
                  version = version + 1
              WHERE workspace_id = $1 AND id = $2 AND version = $13";
    TRY = "UPDATE portal_access SET code_tries = code_tries + 1
           WHERE workspace_id = $1 AND id = $2 AND code_tries < $3";
    UNTRIED = "UPDATE portal_access SET code_tries = 0 WHERE workspace_id = $1 AND id = $2";
    USED = "UPDATE portal_access SET last_used_at = $3 WHERE workspace_id = $1 AND id = $2";
    MOVE = "UPDATE portal_access SET contact_id = $3
            WHERE workspace_id = $1 AND contact_id = $2
              AND NOT EXISTS (SELECT 1 FROM portal_access o
                              WHERE o.workspace_id = portal_access.workspace_id
                                AND o.onboarding_id = portal_access.onboarding_id AND o.contact_id = $3)";
}

/// What lets a contact into the portal of one onboarding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Where.
    pub workspace: WorkspaceId,
    /// Id.
    pub id: PortalAccessId,
    /// The onboarding.
    pub onboarding: OnboardingId,
    /// Who.
    pub contact: ContactId,
    /// Their name; not written.
    pub name: String,
    /// Their title; not written.
    pub title: Option<String>,
    /// Their mail address; not written.
    pub email: Option<String>,
    /// What they are in the portal.
    pub role: PortalRole,
    /// The language they read.
    pub language: Language,
    /// SHA-256 of the secret in their link, hex.
    pub digest: String,
    /// The same of the code that was mailed, and until when it holds.
    pub code: Option<(String, Timestamp)>,
    /// How often that code was tried; only [`tried`] and [`untried`] change it.
    pub code_tries: i64,
    /// Who invited; empty when nobody has yet.
    pub made_by: String,
    /// When.
    pub made_at: Timestamp,
    /// Until when the link opens the portal.
    pub expires_at: Timestamp,
    /// When it was taken away.
    pub revoked_at: Option<Timestamp>,
    /// When the portal was last opened with it.
    pub last_used_at: Option<Timestamp>,
    /// Counts changes, from 1.
    pub version: i64,
}

#[derive(FromRow)]
pub(crate) struct Row {
    workspace_id: Uuid,
    id: Uuid,
    onboarding_id: Uuid,
    contact_id: Uuid,
    name: String,
    title: Option<String>,
    email: Option<String>,
    role: String,
    language: String,
    digest: String,
    code_digest: Option<String>,
    code_expires_at: Option<Timestamp>,
    code_tries: i64,
    made_by: String,
    made_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
    last_used_at: Option<Timestamp>,
    version: i64,
}

impl TryFrom<Row> for Access {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            workspace: WorkspaceId::from(row.workspace_id),
            id: PortalAccessId::from(row.id),
            onboarding: OnboardingId::from(row.onboarding_id),
            contact: ContactId::from(row.contact_id),
            name: row.name,
            title: row.title,
            email: row.email,
            role: read("portal access", &row.role)?,
            language: read("portal access", &row.language)?,
            digest: row.digest,
            code: row.code_digest.zip(row.code_expires_at),
            code_tries: row.code_tries,
            made_by: row.made_by,
            made_at: row.made_at,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
            last_used_at: row.last_used_at,
            version: row.version,
        })
    }
}

/// What may change of an access, in the order both statements take it in.
fn changeable(access: &Access) -> Vec<Value> {
    let (code, code_until) = access.code.clone().unzip();
    args![
        access.role.word(),
        access.language.word(),
        &access.digest,
        code,
        code_until,
        &access.made_by,
        access.made_at,
        access.expires_at,
        access.revoked_at,
        access.last_used_at,
    ]
}

/// Adds an access.
///
/// # Errors
/// [`StoreError::Conflict`] when the contact has one to this onboarding; or when the database fails.
pub async fn insert(tx: &mut Tx, access: &Access) -> Result<(), StoreError> {
    let row = joined([
        args![access.workspace, access.id, access.onboarding, access.contact],
        changeable(access),
        args![access.code_tries, access.version],
    ]);
    tx.run(INSERT, row).await?;
    Ok(())
}

/// Keeps an access as it is now, in place of the version it says it was. False when it is not that version any more.
///
/// # Errors
/// When the database fails.
pub async fn change(tx: &mut Tx, access: &Access) -> Result<bool, StoreError> {
    let row = joined([args![access.workspace, access.id], changeable(access), args![access.version]]);
    Ok(tx.run(CHANGE, row).await? == 1)
}

/// One access.
///
/// # Errors
/// When the database fails.
pub async fn get(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: PortalAccessId,
) -> Result<Option<Access>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, id]).await
}

/// The access of a contact to an onboarding.
///
/// # Errors
/// When the database fails.
pub async fn of_contact(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    contact: ContactId,
) -> Result<Option<Access>, StoreError> {
    tx.one::<Row, _>(OF_CONTACT, args![workspace, onboarding, contact]).await
}

/// Everybody's access to an onboarding, by name.
///
/// # Errors
/// When the database fails.
pub async fn of_onboarding(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Access>, StoreError> {
    tx.list::<Row, _>(OF_ONBOARDING, args![workspace, onboarding]).await
}

/// Every access of a workspace that was not taken away, those of a contact together.
///
/// # Errors
/// When the database fails.
pub async fn of_workspace(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<Access>, StoreError> {
    tx.list::<Row, _>(OF_WORKSPACE, args![workspace]).await
}

/// The access with this secret's digest, ended or not.
///
/// # Errors
/// When the database fails.
pub async fn by_digest(tx: &mut Tx, digest: &str) -> Result<Option<Access>, StoreError> {
    tx.one::<Row, _>(BY_DIGEST, args![digest]).await
}

/// Every access of whoever has this mail address, in any workspace, that somebody gave and nobody took away; ended or
/// not, the newest ten.
///
/// # Errors
/// When the database fails.
pub async fn of_email(tx: &mut Tx, email: &str) -> Result<Vec<Access>, StoreError> {
    tx.list::<Row, _>(OF_EMAIL, args![email_key(email)]).await
}

/// Counts a try of the code. False when it was tried `most` times already: that is asked of the row as it stands, so that
/// tries at the same moment are not all the last one.
///
/// # Errors
/// When the database fails.
pub async fn tried(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: PortalAccessId,
    most: i64,
) -> Result<bool, StoreError> {
    Ok(tx.run(TRY, args![workspace, id, most]).await? == 1)
}

/// Begins to count anew, for a code that nobody has tried.
///
/// # Errors
/// When the database fails.
pub async fn untried(tx: &mut Tx, workspace: WorkspaceId, id: PortalAccessId) -> Result<(), StoreError> {
    tx.run(UNTRIED, args![workspace, id]).await?;
    Ok(())
}

/// Notes that the portal was opened with it.
///
/// # Errors
/// When the database fails.
pub async fn used(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: PortalAccessId,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.run(USED, args![workspace, id, at]).await?;
    Ok(())
}

/// The accesses of a contact become those of the one they are merged into.
///
/// # Errors
/// When the database fails.
pub(crate) async fn take_over(
    tx: &mut Tx,
    workspace: WorkspaceId,
    gone: ContactId,
    into: ContactId,
) -> Result<(), StoreError> {
    tx.run(MOVE, args![workspace, gone, into]).await?;
    Ok(())
}
