//! Programmes of a workspace: what it published, the drafts it works on, and every text an onboarding was
//! made from. Published versions and kept texts are never changed: there are no statements for it.

use std::collections::BTreeMap;

use gangway_domain::ids::{OnboardingId, PersonId, WorkspaceId};
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "programme";
    KEEP = "INSERT INTO programme_source (workspace_id, digest, programme, source, kept_at)
            VALUES ($1, $2, $3, $4, $5) ON CONFLICT (workspace_id, digest) DO NOTHING";
    SOURCE = "SELECT source FROM programme_source WHERE workspace_id = $1 AND programme = $2 AND digest = $3";
    PUBLISH = "INSERT INTO programme_version
                 (workspace_id, programme, number, digest, note, based_on, is_built_in, published_by, person_id,
                  published_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    VERSIONS = "SELECT programme, number, digest, note, based_on, is_built_in, published_by, published_at
                FROM programme_version WHERE workspace_id = $1 AND programme = $2 ORDER BY number DESC";
    IN_FORCE = "SELECT v.programme, v.number, v.digest, v.note, v.based_on, v.is_built_in, v.published_by,
                       v.published_at
                FROM programme_version v
                WHERE v.workspace_id = $1
                  AND v.number = (SELECT MAX(n.number) FROM programme_version n
                                  WHERE n.workspace_id = v.workspace_id AND n.programme = v.programme)
                ORDER BY v.programme";
    DRAFT = "SELECT programme, source, based_on, version, begun_by, begun_at, changed_by, changed_at
             FROM programme_draft WHERE workspace_id = $1 AND programme = $2";
    DRAFTS = "SELECT programme, source, based_on, version, begun_by, begun_at, changed_by, changed_at
              FROM programme_draft WHERE workspace_id = $1 ORDER BY programme";
    BEGIN = "INSERT INTO programme_draft
               (workspace_id, programme, source, based_on, version, begun_by, begun_at, changed_by, changed_at)
             VALUES ($1, $2, $3, $4, 1, $5, $6, $5, $6) ON CONFLICT (workspace_id, programme) DO NOTHING";
    CHANGE = "UPDATE programme_draft SET source = $4, version = version + 1, changed_by = $5, changed_at = $6
              WHERE workspace_id = $1 AND programme = $2 AND version = $3";
    DISCARD = "DELETE FROM programme_draft WHERE workspace_id = $1 AND programme = $2 AND version = $3";
    OF_ONBOARDING = "SELECT programme, programme_version, programme_digest, vendor_country FROM onboarding
                     WHERE workspace_id = $1 AND id = $2";
    OF_ONBOARDINGS = "SELECT programme, programme_version, programme_digest, vendor_country, id AS of_id FROM onboarding
                      WHERE workspace_id = $1 AND id IN ($2)";
    ORIGINS = "SELECT programme, programme_digest FROM onboarding WHERE workspace_id = $1
               GROUP BY programme, programme_digest ORDER BY programme, programme_digest";
    MADE_FROM = "UPDATE onboarding SET programme_digest = $3, vendor_country = $4
                 WHERE workspace_id = $1 AND id = $2";
    KEEP_SHEETS = "INSERT INTO sheet_source (workspace_id, digest, source, kept_at)
                   VALUES ($1, $2, $3, $4) ON CONFLICT (workspace_id, digest) DO NOTHING";
    HAS_SHEETS = "UPDATE onboarding SET sheets_digest = $3 WHERE workspace_id = $1 AND id = $2";
    SHEETS = "SELECT s.source FROM onboarding o
              JOIN sheet_source s ON s.workspace_id = o.workspace_id AND s.digest = o.sheets_digest
              WHERE o.workspace_id = $1 AND o.id = $2";
    SHEETS_IN_USE = "SELECT DISTINCT o.sheets_digest FROM onboarding o
                     JOIN sheet_source s ON s.workspace_id = o.workspace_id AND s.digest = o.sheets_digest
                     WHERE o.workspace_id = $1 ORDER BY o.sheets_digest";
    SHEETS_OF = "SELECT s.digest, o.id AS of_id FROM onboarding o
                 JOIN sheet_source s ON s.workspace_id = o.workspace_id AND s.digest = o.sheets_digest
                 WHERE o.workspace_id = $1 AND o.id IN ($2)";
    SHEET_TEXT = "SELECT source FROM sheet_source WHERE workspace_id = $1 AND digest = $2";
    LACKS_SHEETS = "SELECT o.id FROM onboarding o
                    WHERE o.workspace_id = $1 AND o.programme = $2
                      AND (o.programme_digest = $3 OR ($3 IS NULL AND o.programme_digest IS NULL))
                      AND NOT EXISTS (SELECT 1 FROM sheet_source s
                                      WHERE s.workspace_id = o.workspace_id AND s.digest = o.sheets_digest)
                    LIMIT 1";
    GIVE_SHEETS = "UPDATE onboarding SET sheets_digest = $4
                   WHERE workspace_id = $1 AND id IN (
                     SELECT o.id FROM onboarding o
                     WHERE o.workspace_id = $1 AND o.programme = $2
                       AND (o.programme_digest = $3 OR ($3 IS NULL AND o.programme_digest IS NULL))
                       AND NOT EXISTS (SELECT 1 FROM sheet_source s
                                       WHERE s.workspace_id = o.workspace_id AND s.digest = o.sheets_digest)
                     ORDER BY o.id LIMIT $5)";
    OTHER_SHEETS = "UPDATE onboarding SET sheets_digest = $3
                    WHERE workspace_id = $1 AND id IN (
                      SELECT o.id FROM onboarding o WHERE o.workspace_id = $1 AND o.sheets_digest = $2
                      ORDER BY o.id LIMIT $4)";
    USED = "SELECT programme, programme_version, COUNT(*) AS onboardings FROM onboarding
            WHERE workspace_id = $1 AND state_name IN ('planned', 'running')
            GROUP BY programme, programme_version ORDER BY programme, programme_version";
}

/// A version somebody published.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Version {
    /// Id of the programme.
    pub programme: String,
    /// Its number, which is the `version` in its text.
    pub number: i64,
    /// SHA-256 of its text, hex.
    pub digest: String,
    /// What changed, in the words of whoever published it.
    pub note: String,
    /// Digest of the text it was made from.
    pub based_on: String,
    /// It goes back to what is built in.
    pub is_built_in: bool,
    /// Who published it.
    pub published_by: String,
    /// When.
    pub published_at: Timestamp,
}

/// The version a team works on.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Draft {
    /// Id of the programme.
    pub programme: String,
    /// Its text.
    pub source: String,
    /// Digest of the text it was begun with.
    pub based_on: String,
    /// How often it was changed, from 1.
    pub version: i64,
    /// Who began it.
    pub begun_by: String,
    /// When.
    pub begun_at: Timestamp,
    /// Who changed it last.
    pub changed_by: String,
    /// When.
    pub changed_at: Timestamp,
}

/// What an onboarding was made from.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct MadeFrom {
    /// Id of the programme.
    pub programme: String,
    /// Its version.
    pub programme_version: i64,
    /// Digest of its text; nothing for onboardings of earlier versions of Gangway.
    pub programme_digest: Option<String>,
    /// Country whose holidays the vendor was said to keep.
    pub vendor_country: Option<String>,
}

/// The text of a programme onboardings were made from.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Origin {
    /// Id of the programme.
    pub programme: String,
    /// Digest of the text; nothing for onboardings of earlier versions of Gangway.
    pub programme_digest: Option<String>,
}

/// How many onboardings that are not over were made from a version.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Used {
    /// Id of the programme.
    pub programme: String,
    /// Its version.
    pub programme_version: i64,
    /// How many.
    pub onboardings: i64,
}

/// Keeps a text, unless it is kept already.
///
/// # Errors
/// When the database fails.
pub async fn keep(
    tx: &mut Tx,
    workspace: WorkspaceId,
    programme: &str,
    digest: &str,
    source: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.run(KEEP, args![workspace, digest, programme, source, at]).await?;
    Ok(())
}

/// A text that is kept.
///
/// # Errors
/// When the database fails.
pub async fn source(
    tx: &mut Tx,
    workspace: WorkspaceId,
    programme: &str,
    digest: &str,
) -> Result<Option<String>, StoreError> {
    let row: Option<(String,)> = tx.optional(SOURCE, args![workspace, programme, digest]).await?;
    Ok(row.map(|(source,)| source))
}

/// Publishes a version whose text is kept.
///
/// # Errors
/// [`StoreError::Conflict`] when the number is taken; or when the database fails.
pub async fn publish(
    tx: &mut Tx,
    workspace: WorkspaceId,
    version: &Version,
    person: Option<PersonId>,
) -> Result<(), StoreError> {
    let Version { programme, number, digest, note, based_on, is_built_in, published_by, published_at } =
        version;
    let row = args![
        workspace,
        programme,
        *number,
        digest,
        note,
        based_on,
        *is_built_in,
        published_by,
        person,
        *published_at
    ];
    tx.run(PUBLISH, row).await?;
    Ok(())
}

/// The versions of a programme, newest first.
///
/// # Errors
/// When the database fails.
pub async fn versions(
    tx: &mut Tx,
    workspace: WorkspaceId,
    programme: &str,
) -> Result<Vec<Version>, StoreError> {
    tx.all(VERSIONS, args![workspace, programme]).await
}

/// The newest version of every programme that has one.
///
/// # Errors
/// When the database fails.
pub async fn in_force(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<Version>, StoreError> {
    tx.all(IN_FORCE, args![workspace]).await
}

/// The draft of a programme.
///
/// # Errors
/// When the database fails.
pub async fn draft(
    tx: &mut Tx,
    workspace: WorkspaceId,
    programme: &str,
) -> Result<Option<Draft>, StoreError> {
    tx.optional(DRAFT, args![workspace, programme]).await
}

/// All drafts.
///
/// # Errors
/// When the database fails.
pub async fn drafts(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<Draft>, StoreError> {
    tx.all(DRAFTS, args![workspace]).await
}

/// Begins a draft; false when there is one.
///
/// # Errors
/// When the database fails.
pub async fn begin(
    tx: &mut Tx,
    workspace: WorkspaceId,
    programme: &str,
    source: &str,
    based_on: &str,
    by: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.run(BEGIN, args![workspace, programme, source, based_on, by, at]).await? == 1)
}

/// Changes a draft that is at this version; false when it is not any more.
///
/// # Errors
/// When the database fails.
pub async fn change(
    tx: &mut Tx,
    workspace: WorkspaceId,
    programme: &str,
    version: i64,
    source: &str,
    by: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.run(CHANGE, args![workspace, programme, version, source, by, at]).await? == 1)
}

/// Gives a draft up that is at this version; false when it is not any more.
///
/// # Errors
/// When the database fails.
pub async fn discard(
    tx: &mut Tx,
    workspace: WorkspaceId,
    programme: &str,
    version: i64,
) -> Result<bool, StoreError> {
    Ok(tx.run(DISCARD, args![workspace, programme, version]).await? == 1)
}

/// What an onboarding was made from.
///
/// # Errors
/// When the database fails.
pub async fn of_onboarding(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<Option<MadeFrom>, StoreError> {
    tx.optional(OF_ONBOARDING, args![workspace, id]).await
}

/// What many onboardings were made from.
///
/// # Errors
/// When the database fails.
pub async fn of_onboardings(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, MadeFrom>, StoreError> {
    tx.each::<_, MadeFrom, MadeFrom>(OF_ONBOARDINGS, args![workspace], onboardings).await
}

/// The texts the onboardings of a workspace were made from, each once.
///
/// # Errors
/// When the database fails.
pub async fn origins(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<Origin>, StoreError> {
    tx.all(ORIGINS, args![workspace]).await
}

/// Keeps what an onboarding was made from.
///
/// # Errors
/// When the database fails.
pub async fn made_from(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
    digest: &str,
    vendor_country: Option<String>,
) -> Result<(), StoreError> {
    tx.run(MADE_FROM, args![workspace, id, digest, vendor_country]).await?;
    Ok(())
}

/// Keeps the surveys and forms of an onboarding: their text, unless it is kept already, and that it has them.
///
/// # Errors
/// When the database fails.
pub async fn keep_sheets(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
    digest: &str,
    source: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.run(KEEP_SHEETS, args![workspace, digest, source, at]).await?;
    tx.run(HAS_SHEETS, args![workspace, id, digest]).await?;
    Ok(())
}

/// The surveys and forms an onboarding has; nothing for onboardings of earlier versions of Gangway.
///
/// # Errors
/// When the database fails.
pub async fn sheets(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<Option<String>, StoreError> {
    let row: Option<(String,)> = tx.optional(SHEETS, args![workspace, id]).await?;
    Ok(row.map(|(source,)| source))
}

/// The digests of the surveys and forms the onboardings of a workspace have, each once.
///
/// # Errors
/// When the database fails.
pub async fn sheets_in_use(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<String>, StoreError> {
    let rows: Vec<(String,)> = tx.all(SHEETS_IN_USE, args![workspace]).await?;
    Ok(rows.into_iter().map(|(digest,)| digest).collect())
}

/// The digests of the surveys and forms many onboardings have; those of earlier versions of Gangway are not there.
///
/// # Errors
/// When the database fails.
pub async fn sheets_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, String>, StoreError> {
    let found = tx.each::<_, (String,), (String,)>(SHEETS_OF, args![workspace], onboardings).await?;
    Ok(found.into_iter().map(|(id, (digest,))| (id, digest)).collect())
}

/// Surveys and forms that are kept, by their digest.
///
/// # Errors
/// When the database fails.
pub async fn sheet_text(
    tx: &mut Tx,
    workspace: WorkspaceId,
    digest: &str,
) -> Result<Option<String>, StoreError> {
    let row: Option<(String,)> = tx.optional(SHEET_TEXT, args![workspace, digest]).await?;
    Ok(row.map(|(source,)| source))
}

/// Whether an onboarding made from this text has no surveys and forms that are kept.
///
/// # Errors
/// When the database fails.
pub async fn lacks_sheets(
    tx: &mut Tx,
    workspace: WorkspaceId,
    Origin { programme, programme_digest }: &Origin,
) -> Result<bool, StoreError> {
    let row: Option<(uuid::Uuid,)> =
        tx.optional(LACKS_SHEETS, args![workspace, programme, programme_digest]).await?;
    Ok(row.is_some())
}

/// Gives surveys and forms to onboardings made from this text that have none, so many at most. How many there were.
///
/// # Errors
/// When the database fails.
pub async fn give_sheets(
    tx: &mut Tx,
    workspace: WorkspaceId,
    Origin { programme, programme_digest }: &Origin,
    (digest, source): (&str, &str),
    at: Timestamp,
    most: u32,
) -> Result<u64, StoreError> {
    tx.run(KEEP_SHEETS, args![workspace, digest, source, at]).await?;
    tx.run(GIVE_SHEETS, args![workspace, programme, programme_digest, digest, most]).await
}

/// Gives other surveys and forms to onboardings that have these, so many at most. How many there were.
///
/// # Errors
/// When the database fails.
pub async fn replace_sheets(
    tx: &mut Tx,
    workspace: WorkspaceId,
    before: &str,
    (digest, source): (&str, &str),
    at: Timestamp,
    most: u32,
) -> Result<u64, StoreError> {
    tx.run(KEEP_SHEETS, args![workspace, digest, source, at]).await?;
    tx.run(OTHER_SHEETS, args![workspace, before, digest, most]).await
}

/// How many onboardings that are not over were made from which version.
///
/// # Errors
/// When the database fails.
pub async fn used(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<Used>, StoreError> {
    tx.all(USED, args![workspace]).await
}
