//! The review of handoffs: who handed over, who confirmed, which response clocks have stopped.

pub(crate) mod list;

pub use list::{Cursor, Line, Query, SortBy, counts, list};

use gangway_domain::ids::{AccountId, HandoffId, OnboardingId, PersonId, WorkspaceId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "review";
    SIGN = "UPDATE handoff SET accepted_by = $3, door = $4, document_score = $5, person_id = $6
            WHERE workspace_id = $1 AND id = $2";
    GET = "SELECT h.accepted_by, h.door, h.version, h.confirmed_at, h.confirmed_by, o.id AS onboarding_id
           FROM handoff h
           LEFT JOIN onboarding o ON o.workspace_id = h.workspace_id AND o.handoff_id = h.id
           WHERE h.workspace_id = $1 AND h.id = $2";
    // In two steps, because only the first is the same on both databases: the update locks the row.
    TOUCH = "UPDATE handoff SET version = version + 1, confirmed_at = NULL, confirmed_by = NULL,
                    state = CASE WHEN state = 'made' THEN 'made' ELSE 'review' END
             WHERE workspace_id = $1 AND id = $2";
    VERSION = "SELECT version FROM handoff WHERE workspace_id = $1 AND id = $2";
    CONFIRM = "UPDATE handoff SET confirmed_at = $4, confirmed_by = $5,
                      state = CASE WHEN state = 'made' THEN 'made' ELSE 'confirmed' END
               WHERE workspace_id = $1 AND id = $2 AND version = $3";
    SCORE = "UPDATE handoff SET document_score = $3 WHERE workspace_id = $1 AND id = $2";
    REHOME = "UPDATE handoff SET account_id = $3 WHERE workspace_id = $1 AND id = $2";
    FORGET_UNNAMED = "DELETE FROM account
                      WHERE workspace_id = $1 AND id = $2 AND name_key LIKE 'unnamed %'
                        AND NOT EXISTS (SELECT 1 FROM handoff h
                                        WHERE h.workspace_id = account.workspace_id AND h.account_id = account.id)";
    CLOCKS = "SELECT clock, done_by, done_at FROM handoff_clock
              WHERE workspace_id = $1 AND handoff_id = $2 ORDER BY clock";
    STOP = "INSERT INTO handoff_clock (workspace_id, handoff_id, clock, done_by, done_at)
            VALUES ($1, $2, $3, $4, $5) ON CONFLICT (workspace_id, handoff_id, clock) DO NOTHING";
    RESTART = "DELETE FROM handoff_clock WHERE workspace_id = $1 AND handoff_id = $2 AND clock = $3";
}

/// Where a handoff stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Nobody has said yet that it was read right.
    Review,
    /// Somebody has.
    Confirmed,
    /// It has its onboarding.
    Made,
}

impl State {
    /// Every state, in the order a handoff goes through them.
    pub const ALL: [Self; 3] = [Self::Review, Self::Confirmed, Self::Made];

    /// The word in addresses and statements.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Confirmed => "confirmed",
            Self::Made => "made",
        }
    }

    /// The state of this word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    fn of(onboarding: Option<Uuid>, confirmed_at: Option<Timestamp>) -> Self {
        match (onboarding, confirmed_at) {
            (Some(_), _) => Self::Made,
            (None, Some(_)) => Self::Confirmed,
            (None, None) => Self::Review,
        }
    }
}

/// What is known of a handoff beside what was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Who handed it over; empty for those of earlier versions.
    pub accepted_by: String,
    /// Through which door; empty for those of earlier versions.
    pub door: String,
    /// How many corrections were ever made.
    pub version: i64,
    /// When and by whom it was confirmed.
    pub confirmed: Option<(Timestamp, String)>,
    /// Its onboarding.
    pub onboarding: Option<OnboardingId>,
    /// Where it stands.
    pub state: State,
}

#[derive(FromRow)]
struct Row {
    accepted_by: String,
    door: String,
    version: i64,
    confirmed_at: Option<Timestamp>,
    confirmed_by: Option<String>,
    onboarding_id: Option<Uuid>,
}

#[derive(FromRow)]
struct VersionRow {
    version: i64,
}

/// A response clock that a person has stopped.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Stopped {
    /// Id of the clock in `handoff.toml`.
    pub clock: String,
    /// Who.
    pub done_by: String,
    /// When.
    pub done_at: Timestamp,
}

/// Keeps who handed it over through which door (the person, where it was somebody who signs in here), and how
/// complete the document is.
///
/// # Errors
/// When the database fails.
pub async fn sign(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: HandoffId,
    (by, person): (&str, Option<PersonId>),
    door: &str,
    document_score: u32,
) -> Result<(), StoreError> {
    tx.run(SIGN, args![workspace, id, by, door, document_score, person]).await?;
    Ok(())
}

/// The review of one handoff.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: HandoffId) -> Result<Option<Review>, StoreError> {
    let row: Option<Row> = tx.optional(GET, args![workspace, id]).await?;
    Ok(row.map(|row| {
        let Row { accepted_by, door, version, confirmed_at, confirmed_by, onboarding_id } = row;
        Review {
            accepted_by,
            door,
            version,
            confirmed: confirmed_at.zip(confirmed_by),
            onboarding: onboarding_id.map(OnboardingId::from),
            state: State::of(onboarding_id, confirmed_at),
        }
    }))
}

/// Before a correction is made or undone: makes others who correct the same handoff wait, withdraws
/// its confirmation, and gives the number of the next correction. `None` without such a handoff.
///
/// # Errors
/// When the database fails.
pub async fn touch(tx: &mut Tx, workspace: WorkspaceId, id: HandoffId) -> Result<Option<i64>, StoreError> {
    if tx.run(TOUCH, args![workspace, id]).await? == 0 {
        return Ok(None);
    }
    let row: Option<VersionRow> = tx.optional(VERSION, args![workspace, id]).await?;
    Ok(row.map(|row| row.version))
}

/// Somebody says that it was read right; false when it was corrected since that version.
///
/// # Errors
/// When the database fails.
pub async fn confirm(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: HandoffId,
    version: i64,
    by: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.run(CONFIRM, args![workspace, id, version, at, by]).await? == 1)
}

/// Keeps how complete the document is.
///
/// # Errors
/// When the database fails.
pub async fn score(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: HandoffId,
    document_score: u32,
) -> Result<(), StoreError> {
    tx.run(SCORE, args![workspace, id, document_score]).await?;
    Ok(())
}

/// The customer turns out to be another: the handoff moves to their account. An account that stood
/// in for a name and has no handoff left is forgotten.
///
/// # Errors
/// When the database fails.
pub async fn rehome(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: HandoffId,
    from: AccountId,
    to: AccountId,
) -> Result<(), StoreError> {
    tx.run(REHOME, args![workspace, id, to]).await?;
    tx.run(FORGET_UNNAMED, args![workspace, from]).await?;
    Ok(())
}

/// The clocks that have been stopped.
///
/// # Errors
/// When the database fails.
pub async fn clocks(tx: &mut Tx, workspace: WorkspaceId, id: HandoffId) -> Result<Vec<Stopped>, StoreError> {
    tx.all(CLOCKS, args![workspace, id]).await
}

/// Stops a clock; false when it had been stopped before.
///
/// # Errors
/// When the database fails.
pub async fn stop(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: HandoffId,
    clock: &str,
    by: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.run(STOP, args![workspace, id, clock, by, at]).await? == 1)
}

/// Lets a clock run on; false when it was running.
///
/// # Errors
/// When the database fails.
pub async fn restart(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: HandoffId,
    clock: &str,
) -> Result<bool, StoreError> {
    Ok(tx.run(RESTART, args![workspace, id, clock]).await? == 1)
}
