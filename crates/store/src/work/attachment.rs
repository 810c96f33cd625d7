//! Files kept with tasks and milestones.

use gangway_domain::ids::{AttachmentId, OnboardingId, WorkspaceId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "work::attachment";
    INSERT = "INSERT INTO attachment (workspace_id, id, onboarding_id, subject_id, name, media_type, size, digest, made_at,
                                      made_by, person_id)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    CONTENT = "INSERT INTO attachment_content (workspace_id, attachment_id, content) VALUES ($1, $2, $3)";
    OF_SUBJECT = "SELECT id, onboarding_id, subject_id, name, media_type, size, digest, made_at, made_by, person_id
                  FROM attachment WHERE workspace_id = $1 AND subject_id = $2 ORDER BY id";
    GET = "SELECT id, onboarding_id, subject_id, name, media_type, size, digest, made_at, made_by, person_id
           FROM attachment WHERE workspace_id = $1 AND id = $2";
    READ = "SELECT content FROM attachment_content WHERE workspace_id = $1 AND attachment_id = $2";
    REMOVE = "DELETE FROM attachment WHERE workspace_id = $1 AND id = $2";
}

/// A file without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Attachment {
    /// Id.
    #[sqlx(try_from = "Uuid")]
    pub id: AttachmentId,
    /// The onboarding.
    #[sqlx(try_from = "Uuid", rename = "onboarding_id")]
    pub onboarding: OnboardingId,
    /// Id of the task, milestone or other thing it is kept with.
    #[sqlx(rename = "subject_id")]
    pub subject: Uuid,
    /// Name of the file.
    pub name: String,
    /// Media type as it was told.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of its bytes, hexadecimal.
    pub digest: String,
    /// When it was added.
    #[sqlx(rename = "made_at")]
    pub at: Timestamp,
    /// By whom.
    #[sqlx(rename = "made_by")]
    pub by: String,
    /// By whom, when it is somebody who has signed in.
    #[sqlx(rename = "person_id")]
    pub person: Option<Uuid>,
}

/// Adds a file; `content` is its bytes in Base64.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    attachment: &Attachment,
    content: String,
) -> Result<(), StoreError> {
    let Attachment { id, onboarding, subject, name, media_type, size, digest, at, by, person } = attachment;
    let row = args![workspace, *id, *onboarding, *subject, name, media_type, *size, digest, *at, by, *person];
    tx.run(INSERT, row).await?;
    tx.run(CONTENT, args![workspace, *id, content]).await?;
    Ok(())
}

/// Files kept with one thing, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_subject(
    tx: &mut Tx,
    workspace: WorkspaceId,
    subject: Uuid,
) -> Result<Vec<Attachment>, StoreError> {
    tx.all(OF_SUBJECT, args![workspace, subject]).await
}

/// One file without its bytes.
///
/// # Errors
/// When the database fails.
pub async fn get(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: AttachmentId,
) -> Result<Option<Attachment>, StoreError> {
    tx.optional(GET, args![workspace, id]).await
}

/// The bytes of a file in Base64.
///
/// # Errors
/// When the database fails.
pub async fn content(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: AttachmentId,
) -> Result<Option<String>, StoreError> {
    let row: Option<(String,)> = tx.optional(READ, args![workspace, id]).await?;
    Ok(row.map(|(content,)| content))
}

/// Takes a file out, with its bytes.
///
/// # Errors
/// When the database fails.
pub async fn remove(tx: &mut Tx, workspace: WorkspaceId, id: AttachmentId) -> Result<(), StoreError> {
    tx.run(REMOVE, args![workspace, id]).await?;
    Ok(())
}
