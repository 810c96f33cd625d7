//! Comments on tasks and milestones, and who is named in them.

use gangway_domain::ids::{CommentId, OnboardingId, PersonId, WorkspaceId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "work::comment";
    INSERT = "INSERT INTO comment (workspace_id, id, onboarding_id, subject_id, made_at, made_by, person_id, said)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    MENTION = "INSERT INTO mention (workspace_id, person_id, comment_id) VALUES ($1, $2, $3)";
    OF_SUBJECT = "SELECT id, onboarding_id, subject_id, made_at, made_by, person_id, said FROM comment
                  WHERE workspace_id = $1 AND subject_id = $2 ORDER BY id";
    GET = "SELECT id, onboarding_id, subject_id, made_at, made_by, person_id, said FROM comment
           WHERE workspace_id = $1 AND id = $2";
    COUNTS = "SELECT subject_id, COUNT(*) FROM comment WHERE workspace_id = $1 AND onboarding_id = $2
              GROUP BY subject_id";
    REMOVE = "DELETE FROM comment WHERE workspace_id = $1 AND id = $2";
    SEEN = "UPDATE mention SET seen_at = $4
            WHERE workspace_id = $1 AND person_id = $2 AND seen_at IS NULL
              AND comment_id IN (SELECT id FROM comment WHERE comment.workspace_id = $1 AND subject_id = $3)";
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Comment {
    /// Id.
    #[sqlx(try_from = "Uuid")]
    pub id: CommentId,
    /// The onboarding.
    #[sqlx(try_from = "Uuid", rename = "onboarding_id")]
    pub onboarding: OnboardingId,
    /// Id of the task, milestone or other thing it is about.
    #[sqlx(rename = "subject_id")]
    pub subject: Uuid,
    /// When.
    #[sqlx(rename = "made_at")]
    pub at: Timestamp,
    /// Who wrote it.
    #[sqlx(rename = "made_by")]
    pub by: String,
    /// Who, when it is somebody who has signed in.
    #[sqlx(rename = "person_id")]
    pub person: Option<Uuid>,
    /// What was said.
    pub said: String,
}

/// Adds a comment, with whom it names.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    comment: &Comment,
    mentioned: &[PersonId],
) -> Result<(), StoreError> {
    let Comment { id, onboarding, subject, at, by, person, said } = comment;
    tx.run(INSERT, args![workspace, *id, *onboarding, *subject, *at, by, *person, said]).await?;
    for person in mentioned {
        tx.run(MENTION, args![workspace, *person, *id]).await?;
    }
    Ok(())
}

/// Comments on one thing, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_subject(
    tx: &mut Tx,
    workspace: WorkspaceId,
    subject: Uuid,
) -> Result<Vec<Comment>, StoreError> {
    tx.all(OF_SUBJECT, args![workspace, subject]).await
}

/// One comment.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: CommentId) -> Result<Option<Comment>, StoreError> {
    tx.optional(GET, args![workspace, id]).await
}

/// How many comments each thing of an onboarding has; what has none is left out.
///
/// # Errors
/// When the database fails.
pub async fn counts(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<(Uuid, i64)>, StoreError> {
    tx.all(COUNTS, args![workspace, onboarding]).await
}

/// Takes a comment out.
///
/// # Errors
/// When the database fails.
pub async fn remove(tx: &mut Tx, workspace: WorkspaceId, id: CommentId) -> Result<(), StoreError> {
    tx.run(REMOVE, args![workspace, id]).await?;
    Ok(())
}

/// Somebody has seen what was said about one thing; gives how many mentions that were.
///
/// # Errors
/// When the database fails.
pub async fn seen(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    subject: Uuid,
    at: Timestamp,
) -> Result<u64, StoreError> {
    tx.run(SEEN, args![workspace, person, subject, at]).await
}
