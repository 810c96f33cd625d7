//! Handoffs: won deals as they were read.

use gangway_domain::deal::{Deal, Reading};
use gangway_domain::fact::Fact;
use gangway_domain::ids::{AccountId, HandoffId, WorkspaceId};
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
use crate::search::{self, Entry, Kind};
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::{args, json};

sql! {
    "handoff";
    INSERT = "INSERT INTO handoff (workspace_id, id, account_id, digest, format, source, reading, accepted_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    GET = "SELECT id, account_id, digest, format, source, reading, segment, document_score, accepted_at
           FROM handoff WHERE workspace_id = $1 AND id = $2";
    BY_DIGEST = "SELECT id, account_id, digest, format, source, reading, segment, document_score, accepted_at
                 FROM handoff WHERE workspace_id = $1 AND digest = $2";
    ASSESS = "UPDATE handoff SET segment = $3, document_score = $4 WHERE workspace_id = $1 AND id = $2";
}

/// A won deal, handed over.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Handoff {
    /// Id.
    #[sqlx(try_from = "uuid::Uuid")]
    pub id: HandoffId,
    /// The customer.
    #[sqlx(try_from = "uuid::Uuid")]
    pub account_id: AccountId,
    /// SHA-256 of what was sent, hex.
    pub digest: String,
    /// The form it was read as, as in [`gangway_domain::deal::DealFormat`].
    pub format: String,
    /// The deal as it was sent, when it is text.
    pub source: Option<String>,
    /// What was read.
    #[sqlx(json)]
    pub reading: Reading,
    /// Segment chosen for it, once its package is made.
    pub segment: Option<String>,
    /// Share of the handoff checklist its documents answer, 0–100, once its package is made.
    pub document_score: Option<i64>,
    /// When it came in.
    pub accepted_at: Timestamp,
}

/// Adds a handoff. Its assessment is kept by [`assess`].
///
/// # Errors
/// [`StoreError::Conflict`] when the same text was handed over before; or when the database fails.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, handoff: &Handoff) -> Result<(), StoreError> {
    let Handoff {
        id,
        account_id,
        digest,
        format,
        source,
        reading,
        segment: _,
        document_score: _,
        accepted_at,
    } = handoff;
    let reading = json("reading", reading)?;
    let row = args![workspace, *id, *account_id, digest, format, source, reading, *accepted_at];
    tx.run(INSERT, row).await?;
    index(tx, workspace, *id, &handoff.reading.deal).await
}

/// One handoff.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: HandoffId) -> Result<Option<Handoff>, StoreError> {
    tx.optional(GET, args![workspace, id]).await
}

/// The handoff of exactly this text.
///
/// # Errors
/// When the database fails.
pub async fn by_digest(
    tx: &mut Tx,
    workspace: WorkspaceId,
    digest: &str,
) -> Result<Option<Handoff>, StoreError> {
    tx.optional(BY_DIGEST, args![workspace, digest]).await
}

/// Keeps what making the package found out about the handoff.
///
/// # Errors
/// When the database fails.
pub async fn assess(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: HandoffId,
    segment: &str,
    document_score: u32,
) -> Result<(), StoreError> {
    tx.run(ASSESS, args![workspace, id, segment, document_score]).await?;
    Ok(())
}

/// Makes a handoff findable by its deal as it stands.
///
/// # Errors
/// When the database fails.
pub async fn index(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: HandoffId,
    deal: &Deal,
) -> Result<(), StoreError> {
    let text =
        |fact: &Option<Fact<String>>| fact.as_ref().map_or_else(String::new, |fact| fact.value.clone());
    let all =
        |facts: &[Fact<String>]| facts.iter().map(|fact| fact.value.as_str()).collect::<Vec<_>>().join(", ");
    let name = deal.customer.as_ref().map_or("Unnamed customer", |fact| fact.value.as_str());
    let (title, product, use_case) = (text(&deal.title), all(&deal.products), all(&deal.use_cases));
    let external_id = text(&deal.external_id);
    let detail = [&title, &product, &use_case].into_iter().filter(|part| !part.is_empty()).cloned();
    let entry = Entry {
        kind: Kind::Handoff,
        id: id.uuid(),
        title: name,
        detail: detail.collect::<Vec<_>>().join(" · "),
        fields: &[
            ("name", name),
            ("deal", &title),
            ("deal id", &external_id),
            ("product", &product),
            ("use case", &use_case),
        ],
    };
    search::put(tx, workspace, entry).await
}
