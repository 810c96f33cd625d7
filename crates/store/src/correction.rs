//! Corrections of handoffs: added and undone, never changed or deleted.

use gangway_domain::correction::{Change, Correction};
use gangway_domain::ids::{HandoffId, PersonId, WorkspaceId};
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::{args, json, read};

sql! {
    "correction";
    INSERT = "INSERT INTO correction
                (workspace_id, handoff_id, number, fact, change, before, reason, made_by, person_id, made_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    OF_HANDOFF = "SELECT number, fact, change, before, reason, made_by, made_at, undone_by, undone_at
                  FROM correction WHERE workspace_id = $1 AND handoff_id = $2 ORDER BY number";
    UNDO = "UPDATE correction SET undone_by = $4, undone_at = $5
            WHERE workspace_id = $1 AND handoff_id = $2 AND number = $3 AND undone_at IS NULL";
}

/// A correction with what is remembered of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    /// The correction.
    pub correction: Correction,
    /// The value before it, in words; `None` when there was none.
    pub before: Option<String>,
    /// When it was made.
    pub at: Timestamp,
    /// Who took it back, and when.
    pub undone: Option<(String, Timestamp)>,
}

#[derive(FromRow)]
struct Row {
    number: i64,
    fact: String,
    #[sqlx(json)]
    change: Change,
    before: Option<String>,
    reason: Option<String>,
    made_by: String,
    made_at: Timestamp,
    undone_by: Option<String>,
    undone_at: Option<Timestamp>,
}

impl TryFrom<Row> for Made {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let Row { number, fact, change, before, reason, made_by, made_at, undone_by, undone_at } = row;
        let fact = read("correction", &fact)?;
        let undone = undone_by.zip(undone_at);
        let correction = Correction { number, fact, change, who: made_by, reason, undone: undone.is_some() };
        Ok(Self { correction, before, at: made_at, undone })
    }
}

/// Adds a correction; its number must be fresh (see [`crate::review::touch`]).
///
/// # Errors
/// [`StoreError::Conflict`] when the number is taken; or when the database fails.
pub async fn insert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    handoff: HandoffId,
    made: &Made,
    person: Option<PersonId>,
) -> Result<(), StoreError> {
    let Made { correction, before, at, undone: _ } = made;
    let Correction { number, fact, change, who, reason, undone: _ } = correction;
    let change = json("correction", change)?;
    let row = args![workspace, handoff, *number, fact.to_string(), change, before, reason, who, person, *at];
    tx.run(INSERT, row).await?;
    Ok(())
}

/// The corrections of a handoff, in the order they were made, those taken back among them.
///
/// # Errors
/// When the database fails.
pub async fn of_handoff(
    tx: &mut Tx,
    workspace: WorkspaceId,
    handoff: HandoffId,
) -> Result<Vec<Made>, StoreError> {
    tx.list::<Row, _>(OF_HANDOFF, args![workspace, handoff]).await
}

/// Takes a correction back; false when there is none of this number or it was taken back before.
///
/// # Errors
/// When the database fails.
pub async fn undo(
    tx: &mut Tx,
    workspace: WorkspaceId,
    handoff: HandoffId,
    number: i64,
    who: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.run(UNDO, args![workspace, handoff, number, who, at]).await? == 1)
}
