//! Links that do one thing without opening the portal.

use gangway_domain::ids::{OnboardingId, PortalAccessId, TaskId, WorkspaceId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "portal::link";
    INSERT = "INSERT INTO portal_link
                (workspace_id, digest, kind, onboarding_id, access_id, task_id, made_by, made_at, expires_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    BY_DIGEST = "SELECT workspace_id, digest, kind, onboarding_id, access_id, task_id, made_by, made_at, expires_at,
                        ended_at
                 FROM portal_link WHERE digest = $1";
    EMBEDS = "SELECT workspace_id, digest, kind, onboarding_id, access_id, task_id, made_by, made_at, expires_at,
                     ended_at
              FROM portal_link
              WHERE workspace_id = $1 AND onboarding_id = $2 AND kind = 'embed' AND ended_at IS NULL
              ORDER BY made_at, digest";
    END = "UPDATE portal_link SET ended_at = $3 WHERE workspace_id = $1 AND digest = $2 AND ended_at IS NULL";
    DELETE_OF_ACCESS = "DELETE FROM portal_link WHERE workspace_id = $1 AND access_id = $2";
    DELETE_OF_TASK = "DELETE FROM portal_link WHERE workspace_id = $1 AND onboarding_id = $2 AND task_id = $3";
    DELETE_EXPIRED = "DELETE FROM portal_link WHERE workspace_id = $1 AND expires_at <= $2";
}

/// What a link does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    /// Finishes a task, for whoever has this access.
    Task(PortalAccessId, TaskId),
    /// Shows the status of the onboarding to whoever looks.
    Embed,
}

/// A link that does one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where.
    pub workspace: WorkspaceId,
    /// SHA-256 of its secret, hex.
    pub digest: String,
    /// What.
    pub does: Does,
    /// The onboarding.
    pub onboarding: OnboardingId,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub made_at: Timestamp,
    /// Until when it works.
    pub expires_at: Timestamp,
    /// When somebody ended it.
    pub ended_at: Option<Timestamp>,
}

#[derive(FromRow)]
struct Row {
    workspace_id: Uuid,
    digest: String,
    kind: String,
    onboarding_id: Uuid,
    access_id: Option<Uuid>,
    task_id: Option<Uuid>,
    made_by: String,
    made_at: Timestamp,
    expires_at: Timestamp,
    ended_at: Option<Timestamp>,
}

impl TryFrom<Row> for Link {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let does = match (row.kind.as_str(), row.access_id, row.task_id) {
            ("task", Some(access), Some(task)) => Does::Task(access.into(), task.into()),
            ("embed", None, None) => Does::Embed,
            (other, ..) => return Err(StoreError::corrupt("portal link", other)),
        };
        Ok(Self {
            workspace: row.workspace_id.into(),
            digest: row.digest,
            does,
            onboarding: row.onboarding_id.into(),
            made_by: row.made_by,
            made_at: row.made_at,
            expires_at: row.expires_at,
            ended_at: row.ended_at,
        })
    }
}

/// Adds a link.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, link: &Link) -> Result<(), StoreError> {
    let (kind, access, task) = match link.does {
        Does::Task(access, task) => ("task", Some(access.uuid()), Some(task.uuid())),
        Does::Embed => ("embed", None, None),
    };
    let row = args![
        link.workspace,
        &link.digest,
        kind,
        link.onboarding,
        access,
        task,
        &link.made_by,
        link.made_at,
        link.expires_at,
    ];
    tx.run(INSERT, row).await?;
    Ok(())
}

/// The link with this secret's digest, ended or not.
///
/// # Errors
/// When the database fails.
pub async fn by_digest(tx: &mut Tx, digest: &str) -> Result<Option<Link>, StoreError> {
    tx.one::<Row, _>(BY_DIGEST, args![digest]).await
}

/// The links under which the status of an onboarding is embedded, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn embeds(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Link>, StoreError> {
    tx.list::<Row, _>(EMBEDS, args![workspace, onboarding]).await
}

/// Ends a link. False when there is none that works.
///
/// # Errors
/// When the database fails.
pub async fn end(
    tx: &mut Tx,
    workspace: WorkspaceId,
    digest: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.run(END, args![workspace, digest, at]).await? == 1)
}

/// Ends every link that was made for an access.
///
/// # Errors
/// When the database fails.
pub async fn delete_of_access(
    tx: &mut Tx,
    workspace: WorkspaceId,
    access: PortalAccessId,
) -> Result<u64, StoreError> {
    tx.run(DELETE_OF_ACCESS, args![workspace, access]).await
}

/// Ends every link that finishes a task, whoever has it.
///
/// # Errors
/// When the database fails.
pub async fn delete_of_task(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    task: TaskId,
) -> Result<u64, StoreError> {
    tx.run(DELETE_OF_TASK, args![workspace, onboarding, task]).await
}

/// Forgets links that have ended by themselves.
///
/// # Errors
/// When the database fails.
pub async fn delete_expired(tx: &mut Tx, workspace: WorkspaceId, now: Timestamp) -> Result<u64, StoreError> {
    tx.run(DELETE_EXPIRED, args![workspace, now]).await
}
