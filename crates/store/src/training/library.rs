//! What learners find in the library of an onboarding.

use gangway_domain::ids::{AttachmentId, LibraryId, OnboardingId, TrackId, WorkspaceId};
use gangway_domain::training::ResourceKind;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::{args, read};

sql! {
    "training::library";
    INSERT = "INSERT INTO training_library
                (workspace_id, id, onboarding_id, track_id, kind, title, url, attachment_id, made_by, made_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    GET = "SELECT id, onboarding_id, track_id, kind, title, url, attachment_id, made_by, made_at
           FROM training_library WHERE workspace_id = $1 AND id = $2";
    OF_ONBOARDING = "SELECT id, onboarding_id, track_id, kind, title, url, attachment_id, made_by, made_at
                     FROM training_library WHERE workspace_id = $1 AND onboarding_id = $2 ORDER BY id";
    DELETE = "DELETE FROM training_library WHERE workspace_id = $1 AND id = $2";
}

/// A link or a file for learners.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Id.
    pub id: LibraryId,
    /// Where.
    pub onboarding: OnboardingId,
    /// For whom; none for everybody.
    pub track: Option<TrackId>,
    /// What it is.
    pub kind: ResourceKind,
    /// Title.
    pub title: String,
    /// Where it leads; none where it is a file.
    pub url: Option<String>,
    /// The file.
    pub attachment: Option<AttachmentId>,
    /// Who added it.
    pub made_by: String,
    /// When.
    pub made_at: Timestamp,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    onboarding_id: Uuid,
    track_id: Option<Uuid>,
    kind: String,
    title: String,
    url: Option<String>,
    attachment_id: Option<Uuid>,
    made_by: String,
    made_at: Timestamp,
}

impl TryFrom<Row> for Entry {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: LibraryId::from(row.id),
            onboarding: OnboardingId::from(row.onboarding_id),
            track: row.track_id.map(TrackId::from),
            kind: read("library entry", &row.kind)?,
            title: row.title,
            url: row.url,
            attachment: row.attachment_id.map(AttachmentId::from),
            made_by: row.made_by,
            made_at: row.made_at,
        })
    }
}

/// Adds an entry.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, entry: &Entry) -> Result<(), StoreError> {
    let row = args![
        workspace,
        entry.id.uuid(),
        entry.onboarding,
        entry.track.map(TrackId::uuid),
        entry.kind.word(),
        &entry.title,
        &entry.url,
        entry.attachment.map(AttachmentId::uuid),
        &entry.made_by,
        entry.made_at,
    ];
    tx.run(INSERT, row).await?;
    Ok(())
}

/// One entry.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: LibraryId) -> Result<Option<Entry>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, id.uuid()]).await
}

/// The library of an onboarding, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_onboarding(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Entry>, StoreError> {
    tx.list::<Row, _>(OF_ONBOARDING, args![workspace, onboarding]).await
}

/// Takes an entry out.
///
/// # Errors
/// When the database fails.
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, id: LibraryId) -> Result<bool, StoreError> {
    Ok(tx.run(DELETE, args![workspace, id.uuid()]).await? == 1)
}
