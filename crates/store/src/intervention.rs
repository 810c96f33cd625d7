//! What is done about onboardings in trouble.

use std::collections::BTreeSet;

use gangway_domain::ids::{InterventionId, OnboardingId, PersonId, SignalId, TaskId, WorkspaceId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::{args, json};

/// The columns of an intervention, in the order of its row.
macro_rules! columns {
    () => {
        "i.id, i.onboarding_id, o.customer, i.number, i.playbook, i.name, i.reason, i.owner_id, i.owner, i.signals,
         i.tasks, i.status, i.started_by, i.started_at, i.due_at, i.score_before, i.outcome, i.learned, i.score_after,
         i.ended_by, i.ended_at, i.version
         FROM intervention i
         JOIN onboarding o ON o.workspace_id = i.workspace_id AND o.id = i.onboarding_id"
    };
}

sql! {
    "intervention";
    INSERT = "INSERT INTO intervention
                (workspace_id, id, onboarding_id, number, playbook, name, reason, owner_id, owner, signals, tasks,
                 status, started_by, started_at, due_at, score_before, outcome, learned, score_after, ended_by,
                 ended_at, version)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                      $22)";
    GET = concat!("SELECT ", columns!(), " WHERE i.workspace_id = $1 AND i.id = $2");
    PAGE = concat!("SELECT ", columns!(), "
                    WHERE i.workspace_id = $1
                      AND (i.id < $2 OR $2 IS NULL)
                      AND (i.onboarding_id = $3 OR $3 IS NULL)
                      AND (i.status = $4 OR $4 IS NULL)
                    ORDER BY i.id DESC LIMIT $5");
    END = "UPDATE intervention
           SET status = 'ended', outcome = $3, learned = $4, score_after = $5, ended_by = $6, ended_at = $7,
               version = version + 1
           WHERE workspace_id = $1 AND id = $2 AND version = $8 AND status = 'open'";
    COMPARED = "SELECT playbook, outcome, score_before, score_after, started_at, ended_at, signals FROM intervention
                WHERE workspace_id = $1 ORDER BY playbook, id";
    STILL_OPEN = "SELECT s.id FROM signal s
                  WHERE s.workspace_id = $1 AND s.status = 'open'
                    AND s.onboarding_id IN (SELECT i.onboarding_id FROM intervention i WHERE i.workspace_id = $1)";
}

/// What is done about an onboarding in trouble.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intervention {
    /// Id.
    pub id: InterventionId,
    /// Of which onboarding.
    pub onboarding: OnboardingId,
    /// The customer; not written.
    pub customer: String,
    /// Number there, from 1.
    pub number: i64,
    /// The playbook (id of the methodology).
    pub playbook: String,
    /// What it was called.
    pub name: String,
    /// Why it was begun.
    pub reason: String,
    /// Who answers for it, when they sign in.
    pub owner_id: Option<PersonId>,
    /// Who answers for it.
    pub owner: String,
    /// What it is about.
    pub signals: Vec<SignalId>,
    /// The tasks it put into the plan.
    pub tasks: Vec<TaskId>,
    /// Who began it.
    pub started_by: String,
    /// When.
    pub started_at: Timestamp,
    /// By when the customer must be answered.
    pub due_at: Timestamp,
    /// The health score then.
    pub score_before: Option<i64>,
    /// How it ended.
    pub ended: Option<Ended>,
    /// Counts changes, from 1.
    pub version: i64,
}

/// How an intervention ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// `resolved`, `partly`, `failed`, `abandoned`.
    pub outcome: String,
    /// What was learned; may be empty.
    pub learned: String,
    /// The health score then.
    pub score: Option<i64>,
    /// Who said so.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    onboarding_id: Uuid,
    customer: String,
    number: i64,
    playbook: String,
    name: String,
    reason: String,
    owner_id: Option<Uuid>,
    owner: String,
    #[sqlx(json)]
    signals: Vec<SignalId>,
    #[sqlx(json)]
    tasks: Vec<TaskId>,
    status: String,
    started_by: String,
    started_at: Timestamp,
    due_at: Timestamp,
    score_before: Option<i64>,
    outcome: Option<String>,
    learned: Option<String>,
    score_after: Option<i64>,
    ended_by: Option<String>,
    ended_at: Option<Timestamp>,
    version: i64,
}

impl From<Row> for Intervention {
    fn from(row: Row) -> Self {
        let ended = row.ended_at.filter(|_| row.status == "ended").map(|at| Ended {
            outcome: row.outcome.unwrap_or_default(),
            learned: row.learned.unwrap_or_default(),
            score: row.score_after,
            by: row.ended_by.unwrap_or_default(),
            at,
        });
        Self {
            id: InterventionId::from(row.id),
            onboarding: OnboardingId::from(row.onboarding_id),
            customer: row.customer,
            number: row.number,
            playbook: row.playbook,
            name: row.name,
            reason: row.reason,
            owner_id: row.owner_id.map(PersonId::from),
            owner: row.owner,
            signals: row.signals,
            tasks: row.tasks,
            started_by: row.started_by,
            started_at: row.started_at,
            due_at: row.due_at,
            score_before: row.score_before,
            ended,
            version: row.version,
        }
    }
}

/// Adds one.
///
/// # Errors
/// [`StoreError::Conflict`] when the number is taken; or when the database fails.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, one: &Intervention) -> Result<(), StoreError> {
    let ended = one.ended.as_ref();
    let row = args![
        workspace,
        one.id.uuid(),
        one.onboarding,
        one.number,
        &one.playbook,
        &one.name,
        &one.reason,
        one.owner_id,
        &one.owner,
        json("intervention", &one.signals)?,
        json("intervention", &one.tasks)?,
        if ended.is_some() { "ended" } else { "open" },
        &one.started_by,
        one.started_at,
        one.due_at,
        one.score_before,
        ended.map(|ended| ended.outcome.clone()),
        ended.map(|ended| ended.learned.clone()),
        ended.and_then(|ended| ended.score),
        ended.map(|ended| ended.by.clone()),
        ended.map(|ended| ended.at),
        one.version,
    ];
    tx.run(INSERT, row).await?;
    Ok(())
}

/// One of them.
///
/// # Errors
/// When the database fails.
pub async fn get(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: InterventionId,
) -> Result<Option<Intervention>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, id.uuid()]).await
}

/// Which interventions of a workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Those begun before this one.
    pub before: Option<InterventionId>,
    /// Those of this onboarding.
    pub onboarding: Option<OnboardingId>,
    /// Those that are open, or those that ended.
    pub open: Option<bool>,
    /// At most so many.
    pub limit: u32,
}

/// Interventions of a workspace, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn page(
    tx: &mut Tx,
    workspace: WorkspaceId,
    query: &Query,
) -> Result<Vec<Intervention>, StoreError> {
    let Query { before, onboarding, open, limit } = query;
    let status = open.map(|open| if open { "open" } else { "ended" }.to_owned());
    let args = args![workspace, before.map(InterventionId::uuid), *onboarding, status, *limit];
    tx.list::<Row, _>(PAGE, args).await
}

/// Ends one that is still this version and open. False when it is not.
///
/// # Errors
/// When the database fails.
pub async fn end(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: InterventionId,
    version: i64,
    ended: &Ended,
) -> Result<bool, StoreError> {
    let Ended { outcome, learned, score, by, at } = ended;
    Ok(tx.run(END, args![workspace, id.uuid(), outcome, learned, *score, by, *at, version]).await? == 1)
}

/// What an intervention achieved.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Achieved {
    /// The playbook (id).
    pub playbook: String,
    /// How it ended; none while it goes on.
    pub outcome: Option<String>,
    /// The score when it began.
    pub score_before: Option<i64>,
    /// And when it ended.
    pub score_after: Option<i64>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// What it is about.
    #[sqlx(json)]
    pub signals: Vec<SignalId>,
}

/// What every intervention achieved, by playbook.
///
/// # Errors
/// When the database fails.
pub async fn achieved(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<Achieved>, StoreError> {
    tx.all(COMPARED, args![workspace]).await
}

/// Signals that are still open in onboardings about which something was done.
///
/// # Errors
/// When the database fails.
pub async fn still_open(tx: &mut Tx, workspace: WorkspaceId) -> Result<BTreeSet<SignalId>, StoreError> {
    Ok(tx.ids::<SignalId>(STILL_OPEN, args![workspace]).await?.into_iter().collect())
}
