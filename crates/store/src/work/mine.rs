//! What waits for one person, over all onboardings of a workspace.

use gangway_domain::ids::{CommentId, OnboardingId, PersonId, TaskId, WorkspaceId};
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use super::stamp;
use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::args;

/// What is told of tasks that were found, by day. Which they are is read from indexes alone, many for the few that are
/// told; only those are looked up.
macro_rules! told {
    ($found:literal) => {
        concat!(
            "SELECT t.id, t.onboarding_id, t.code, t.name, t.side, t.starts_on, t.finishes_on, t.status, t.because,
                    t.critical, t.version, a.name AS customer
             FROM (",
            $found,
            ") n
             JOIN task t ON t.workspace_id = n.workspace_id AND t.id = n.id
             JOIN onboarding o ON o.workspace_id = t.workspace_id AND o.id = t.onboarding_id
             JOIN account a ON a.workspace_id = o.workspace_id AND a.id = o.account_id
             ORDER BY t.finishes_on, t.id"
        )
    };
}

// SQLite takes tables joined by CROSS JOIN in the order they are written in: whose it is comes first, so that nobody reads
// through what waits for others. Partial indexes serve statements that say their condition in the same words.
sql! {
    "work::mine";
    // Theirs by name, and nobody's in onboardings they run: two ranges of two indexes.
    TASKS = told!("SELECT t.workspace_id, t.id, t.finishes_on
                   FROM task t
                   JOIN onboarding o ON o.workspace_id = t.workspace_id AND o.id = t.onboarding_id
                   WHERE t.workspace_id = $1 AND t.assignee_person = $2 AND t.starts_on <= $3
                     AND t.status IN ('open', 'started', 'blocked') AND o.state_name IN ('planned', 'running')
                   UNION ALL
                   SELECT t.workspace_id, t.id, t.finishes_on
                   FROM onboarding o
                   CROSS JOIN task t
                   WHERE o.workspace_id = $1 AND o.owner_id = $2 AND o.state_name IN ('planned', 'running')
                     AND t.workspace_id = o.workspace_id AND t.onboarding_id = o.id AND t.starts_on <= $3
                     AND t.status IN ('open', 'started', 'blocked')
                     AND t.assignee_person IS NULL AND t.side <> 'customer'
                   ORDER BY 3, 2 LIMIT $4");
    // Those that should be done have begun, too; those that are blocked may be of any day.
    CUSTOMER = told!("SELECT t.workspace_id, t.id, t.finishes_on
                      FROM onboarding o
                      CROSS JOIN task t
                      WHERE o.workspace_id = $1 AND o.owner_id = $2 AND o.state_name IN ('planned', 'running')
                        AND t.workspace_id = o.workspace_id AND t.onboarding_id = o.id
                        AND t.starts_on < $3 AND t.finishes_on < $3
                        AND t.status IN ('open', 'started', 'blocked') AND t.side = 'customer'
                      UNION ALL
                      SELECT t.workspace_id, t.id, t.finishes_on
                      FROM onboarding o
                      CROSS JOIN task t
                      WHERE o.workspace_id = $1 AND o.owner_id = $2 AND o.state_name IN ('planned', 'running')
                        AND t.workspace_id = o.workspace_id AND t.onboarding_id = o.id
                        AND t.finishes_on >= $3 AND t.status = 'blocked' AND t.side = 'customer'
                      ORDER BY 3, 2 LIMIT $4");
    LEFT = "SELECT DISTINCT onboarding_id FROM task
            WHERE workspace_id = $1 AND assignee_person = $2 AND status IN ('open', 'started', 'blocked')";
    // The name stays: people still know whom to ask.
    LEAVE = "UPDATE task SET assignee_person = NULL, version = version + 1
             WHERE workspace_id = $1 AND assignee_person = $2 AND status IN ('open', 'started', 'blocked')
             RETURNING onboarding_id";
    MENTIONS = "SELECT c.id, c.onboarding_id, c.subject_id, c.made_at, c.made_by, c.said, a.name AS customer,
                       EXISTS (SELECT 1 FROM task t
                               WHERE t.workspace_id = c.workspace_id AND t.id = c.subject_id) AS on_task
                FROM mention m
                CROSS JOIN comment c
                JOIN onboarding o ON o.workspace_id = c.workspace_id AND o.id = c.onboarding_id
                JOIN account a ON a.workspace_id = o.workspace_id AND a.id = o.account_id
                WHERE m.workspace_id = $1 AND m.person_id = $2 AND m.seen_at IS NULL
                  AND c.workspace_id = m.workspace_id AND c.id = m.comment_id
                ORDER BY m.comment_id DESC LIMIT $3";
}

/// A task that waits for somebody.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Mine {
    /// Id.
    #[sqlx(try_from = "Uuid")]
    pub id: TaskId,
    /// The onboarding.
    #[sqlx(try_from = "Uuid", rename = "onboarding_id")]
    pub onboarding: OnboardingId,
    /// Id inside the plan.
    pub code: String,
    /// What is done.
    pub name: String,
    /// `vendor`, `customer` or `joint`.
    pub side: String,
    /// First day.
    #[sqlx(try_from = "Day")]
    pub starts_on: Date,
    /// Last day.
    #[sqlx(try_from = "Day")]
    pub finishes_on: Date,
    /// `open`, `started` or `blocked`.
    pub status: String,
    /// Why it is blocked.
    pub because: Option<String>,
    /// On the chain that decides the go-live.
    pub critical: bool,
    /// Counts changes, from 1.
    pub version: i64,
    /// The customer.
    pub customer: String,
}

/// A comment that names somebody.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Mentioned {
    /// The comment.
    #[sqlx(try_from = "Uuid")]
    pub id: CommentId,
    /// The onboarding.
    #[sqlx(try_from = "Uuid", rename = "onboarding_id")]
    pub onboarding: OnboardingId,
    /// Id of what it is about.
    #[sqlx(rename = "subject_id")]
    pub subject: Uuid,
    /// It is about a task, not about a milestone.
    pub on_task: bool,
    /// When.
    #[sqlx(rename = "made_at")]
    pub at: Timestamp,
    /// Who wrote it.
    #[sqlx(rename = "made_by")]
    pub by: String,
    /// What was said.
    pub said: String,
    /// The customer.
    pub customer: String,
}

/// Tasks that wait for somebody and begin by a day: theirs, and nobody's in onboardings they run.
///
/// # Errors
/// When the database fails.
pub async fn tasks(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    until: Date,
    limit: u32,
) -> Result<Vec<Mine>, StoreError> {
    tx.all(TASKS, args![workspace, person, until, limit]).await
}

/// Tasks of customers, in onboardings somebody runs, that are blocked or should be done.
///
/// # Errors
/// When the database fails.
pub async fn waiting_for_customers(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    today: Date,
    limit: u32,
) -> Result<Vec<Mine>, StoreError> {
    tx.all(CUSTOMER, args![workspace, person, today, limit]).await
}

/// Comments that name somebody and that they have not seen, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn mentions(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    limit: u32,
) -> Result<Vec<Mentioned>, StoreError> {
    tx.all(MENTIONS, args![workspace, person, limit]).await
}

/// Somebody belongs to the workspace no more: what was theirs to do is nobody's, under their name. Gives how many tasks.
///
/// # Errors
/// When the database fails.
pub async fn leave(tx: &mut Tx, workspace: WorkspaceId, person: PersonId) -> Result<u64, StoreError> {
    let plans: Vec<OnboardingId> = tx.ids(LEFT, args![workspace, person]).await?;
    stamp::count_on(tx, workspace, plans.iter().copied()).await?;
    let written: Vec<OnboardingId> = tx.ids(LEAVE, args![workspace, person]).await?;
    stamp::count_on_rest(tx, workspace, &plans, &written).await?;
    Ok(u64::try_from(written.len()).unwrap_or(u64::MAX))
}
