//! The ledger: why the dates of a plan moved.

use gangway_domain::ids::{OnboardingId, PersonId, WorkspaceId};
use gangway_domain::programme::Side;
use gangway_domain::work::{Entry, Movement, Patch, Promise};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::{args, json, unword, word};

sql! {
    "work::ledger";
    LAST = "SELECT COALESCE(MAX(number), 0) FROM plan_change WHERE workspace_id = $1 AND onboarding_id = $2";
    INSERT = "INSERT INTO plan_change
                (workspace_id, onboarding_id, number, batch, made_at, made_by, person_id, door, kind, subjects, summary,
                 side, go_live_before, go_live_after, finish_before, finish_after, moves, undo)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";
    LIST = "SELECT number, batch, made_at, made_by, person_id, door, kind, subjects, summary, side, go_live_before,
                   go_live_after, finish_before, finish_after, moves, undo, undone_by
            FROM plan_change
            WHERE workspace_id = $1 AND onboarding_id = $2 AND (number < $3 OR $3 IS NULL)
            ORDER BY number DESC LIMIT $4";
    OF_BATCH = "SELECT number, batch, made_at, made_by, person_id, door, kind, subjects, summary, side, go_live_before,
                       go_live_after, finish_before, finish_after, moves, undo, undone_by
                FROM plan_change
                WHERE workspace_id = $1 AND onboarding_id = $2 AND batch = $3 ORDER BY number DESC";
    AFTER = "SELECT number, batch, made_at, made_by, person_id, door, kind, subjects, summary, side, go_live_before,
                    go_live_after, finish_before, finish_after, moves, undo, undone_by
             FROM plan_change
             WHERE workspace_id = $1 AND onboarding_id = $2 AND number > $3 AND undone_by IS NULL ORDER BY number";
    UNDONE = "UPDATE plan_change SET undone_by = $4
              WHERE workspace_id = $1 AND onboarding_id = $2 AND batch = $3";
    FINISHED = "SELECT subjects, made_by, made_at FROM plan_change
                WHERE workspace_id = $1 AND onboarding_id = $2 AND kind = 'finish' AND undone_by IS NULL
                ORDER BY number DESC";
    SUMS = "SELECT side, go_live_before, go_live_after, finish_before, finish_after FROM plan_change
            WHERE workspace_id = $1 AND onboarding_id = $2 ORDER BY number";
}

/// Who made changes, when, and through which door.
#[derive(Debug, Clone, Copy)]
pub struct Maker<'a> {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub name: &'a str,
    /// Who, when it is somebody who has signed in.
    pub person: Option<PersonId>,
    /// The door.
    pub door: &'a str,
}

/// An entry as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1.
    pub number: i64,
    /// The first number of those made at once.
    pub batch: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// Who, when it is somebody who has signed in.
    pub person: Option<PersonId>,
    /// Through which door.
    pub door: String,
    /// What kind of change.
    pub kind: String,
    /// What was changed (codes).
    pub subjects: Vec<String>,
    /// In words.
    pub summary: String,
    /// Who answers for it.
    pub side: Side,
    /// The dates before.
    pub before: Promise,
    /// And after.
    pub after: Promise,
    /// What moved.
    pub moves: Vec<Movement>,
    /// What takes it back.
    pub undo: Patch,
    /// The number that took it back.
    pub undone_by: Option<i64>,
}

#[derive(FromRow)]
struct Row {
    number: i64,
    batch: i64,
    made_at: Timestamp,
    made_by: String,
    person_id: Option<Uuid>,
    door: String,
    kind: String,
    #[sqlx(json)]
    subjects: Vec<String>,
    summary: String,
    side: String,
    go_live_before: Day,
    go_live_after: Day,
    finish_before: Day,
    finish_after: Day,
    #[sqlx(json)]
    moves: Vec<Movement>,
    #[sqlx(json)]
    undo: Patch,
    undone_by: Option<i64>,
}

#[derive(FromRow)]
struct SumRow {
    side: String,
    go_live_before: Day,
    go_live_after: Day,
    finish_before: Day,
    finish_after: Day,
}

#[derive(FromRow)]
struct FinishedRow {
    #[sqlx(json)]
    subjects: Vec<String>,
    made_by: String,
    made_at: Timestamp,
}

impl TryFrom<Row> for Line {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            number: row.number,
            batch: row.batch,
            at: row.made_at,
            by: row.made_by,
            person: row.person_id.map(PersonId::from),
            door: row.door,
            kind: row.kind,
            subjects: row.subjects,
            summary: row.summary,
            side: unword("side", row.side)?,
            before: Promise { go_live: row.go_live_before.into(), finish: row.finish_before.into() },
            after: Promise { go_live: row.go_live_after.into(), finish: row.finish_after.into() },
            moves: row.moves,
            undo: row.undo,
            undone_by: row.undone_by,
        })
    }
}

/// Writes what was changed at once; gives the number of the first entry.
///
/// # Errors
/// When the database fails.
pub async fn write(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    maker: Maker<'_>,
    entries: &[Entry],
) -> Result<i64, StoreError> {
    let first = tx.single_number(LAST, args![workspace, onboarding]).await? + 1;
    let mut rows = Vec::with_capacity(entries.len());
    for (number, entry) in (first..).zip(entries) {
        let Entry { kind, side, subjects, summary, before, after, moves, undo } = entry;
        rows.push(args![
            workspace,
            onboarding,
            number,
            first,
            maker.at,
            maker.name,
            maker.person,
            maker.door,
            *kind,
            json("subjects", subjects)?,
            summary,
            word("side", side)?,
            before.go_live,
            after.go_live,
            before.finish,
            after.finish,
            json("moves", moves)?,
            json("undo", undo)?,
        ]);
    }
    tx.insert_all(INSERT, rows).await?;
    Ok(first)
}

/// Entries, the newest first, before one of them.
///
/// # Errors
/// When the database fails.
pub async fn list(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<Line>, StoreError> {
    tx.list::<Row, _>(LIST, args![workspace, onboarding, before, limit]).await
}

/// What was changed at once, the last first.
///
/// # Errors
/// When the database fails.
pub async fn of_batch(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    batch: i64,
) -> Result<Vec<Line>, StoreError> {
    tx.list::<Row, _>(OF_BATCH, args![workspace, onboarding, batch]).await
}

/// Entries after a number that still stand.
///
/// # Errors
/// When the database fails.
pub async fn after(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    number: i64,
) -> Result<Vec<Line>, StoreError> {
    tx.list::<Row, _>(AFTER, args![workspace, onboarding, number]).await
}

/// Remembers what took a batch back.
///
/// # Errors
/// When the database fails.
pub async fn undone(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    batch: i64,
    by: i64,
) -> Result<(), StoreError> {
    tx.run(UNDONE, args![workspace, onboarding, batch, by]).await?;
    Ok(())
}

/// Who said last that a task (its code) is done, and when; nothing when no such word stands.
///
/// # Errors
/// When the database fails.
pub async fn finished(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    task: &str,
) -> Result<Option<(String, Timestamp)>, StoreError> {
    let rows: Vec<FinishedRow> = tx.all(FINISHED, args![workspace, onboarding]).await?;
    let said = rows.into_iter().find(|row| row.subjects.iter().any(|code| code == task));
    Ok(said.map(|row| (row.made_by, row.made_at)))
}

/// Every movement of the go-live and the end, oldest first: what sums are made of.
///
/// # Errors
/// When the database fails.
pub async fn movements(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<(Side, Promise, Promise)>, StoreError> {
    let rows: Vec<SumRow> = tx.all(SUMS, args![workspace, onboarding]).await?;
    let of = |row: SumRow| {
        let before = Promise { go_live: row.go_live_before.into(), finish: row.finish_before.into() };
        let after = Promise { go_live: row.go_live_after.into(), finish: row.finish_after.into() };
        Ok((unword("side", row.side)?, before, after))
    };
    rows.into_iter().map(of).collect()
}
