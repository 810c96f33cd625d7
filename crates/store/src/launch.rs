//! Launches: what they are planned with, what people said, and what happened.

use std::collections::BTreeMap;

use gangway_domain::ids::{AccountId, LaunchId, OnboardingId, PersonId, WorkspaceId};
use gangway_domain::launch::{Issue, LaunchPlan, Mark, Recorded, Signal};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::{args, json};

sql! {
    "launch";
    PLAN = "SELECT plan, version FROM launch WHERE workspace_id = $1 AND onboarding_id = $2";
    BEGIN = "INSERT INTO launch (workspace_id, onboarding_id, plan, version) VALUES ($1, $2, $3, 1)";
    REPLAN = "UPDATE launch SET plan = $3, version = version + 1
              WHERE workspace_id = $1 AND onboarding_id = $2 AND version = $4";
    MARKS = "SELECT subject, said FROM launch_mark WHERE workspace_id = $1 AND onboarding_id = $2 ORDER BY subject";
    MARK = "INSERT INTO launch_mark (workspace_id, onboarding_id, subject, said) VALUES ($1, $2, $3, $4)
            ON CONFLICT (workspace_id, onboarding_id, subject) DO UPDATE SET said = excluded.said";
    UNMARK = "DELETE FROM launch_mark WHERE workspace_id = $1 AND onboarding_id = $2 AND subject = $3";
    INSERT = "INSERT INTO launch_record
                (workspace_id, id, onboarding_id, kind, number, status, body, made_at, version)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    GET = "SELECT id, onboarding_id, number, body, made_at, version FROM launch_record
           WHERE workspace_id = $1 AND id = $2 AND kind = $3";
    OF_ONBOARDING = "SELECT id, onboarding_id, number, body, made_at, version FROM launch_record
                     WHERE workspace_id = $1 AND onboarding_id = $2 AND kind = $3 ORDER BY number DESC";
    OF_ONBOARDINGS = "SELECT id, onboarding_id, number, body, made_at, version, onboarding_id AS of_id FROM launch_record
                      WHERE workspace_id = $1 AND kind = $2 AND onboarding_id IN ($3) ORDER BY number DESC";
    PLANS = "SELECT plan, version, onboarding_id AS of_id FROM launch WHERE workspace_id = $1 AND onboarding_id IN ($2)";
    MARKS_OF = "SELECT subject, said, onboarding_id AS of_id FROM launch_mark
                WHERE workspace_id = $1 AND subject = $2 AND onboarding_id IN ($3)";
    PAGE = "SELECT id, onboarding_id, number, body, made_at, version FROM launch_record
            WHERE workspace_id = $1 AND kind = $2
              AND (id < $3 OR $3 IS NULL)
              AND (onboarding_id = $4 OR $4 IS NULL)
              AND (status = $5 OR $5 IS NULL)
            ORDER BY id DESC LIMIT $6";
    OF_STATUS = "SELECT id, onboarding_id, number, body, made_at, version FROM launch_record
                 WHERE workspace_id = $1 AND kind = $2 AND status = $3 ORDER BY id";
    // What is open in onboardings somebody runs. In the order of ids alone, SQLite would walk through all there ever was.
    OPEN_ISSUES = "SELECT r.onboarding_id, r.number, r.body, a.name AS customer
                   FROM launch_record r
                   JOIN onboarding o ON o.workspace_id = r.workspace_id AND o.id = r.onboarding_id
                   JOIN account a ON a.workspace_id = o.workspace_id AND a.id = o.account_id
                   WHERE r.workspace_id = $1 AND r.kind = 'issue' AND r.status IN ('open', 'answered')
                     AND o.owner_id = $2 AND o.state_name IN ('planned', 'running', 'completed')
                   ORDER BY r.number, r.id";
    // Likewise triggers that wait for a decision, for word to people or for their review; the body says which.
    OPEN_SIGNALS = "SELECT r.onboarding_id, r.body, a.name AS customer
                    FROM launch_record r
                    JOIN onboarding o ON o.workspace_id = r.workspace_id AND o.id = r.onboarding_id
                    JOIN account a ON a.workspace_id = o.workspace_id AND a.id = o.account_id
                    WHERE r.workspace_id = $1 AND r.kind = 'rollback' AND r.status IN ('raised', 'rolled-back')
                      AND o.owner_id = $2 AND o.state_name IN ('planned', 'running', 'completed')
                    ORDER BY r.number, r.id";
    OF_ACCOUNT = "SELECT r.id, r.onboarding_id, r.number, r.body, r.made_at, r.version
                  FROM launch_record r
                  JOIN onboarding o ON o.workspace_id = r.workspace_id AND o.id = r.onboarding_id
                  WHERE r.workspace_id = $1 AND o.account_id = $2 AND r.kind = $3 ORDER BY r.id";
    LAST_NUMBER = "SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM launch_record
                   WHERE workspace_id = $1 AND onboarding_id = $2 AND kind = $3";
    CHANGE = "UPDATE launch_record SET status = $3, body = $4, version = version + 1
              WHERE workspace_id = $1 AND id = $2 AND version = $5";
    REMOVE = "DELETE FROM launch_record WHERE workspace_id = $1 AND id = $2 AND version = $3";
}

/// Something that happened to a launch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record<T> {
    /// Id.
    pub id: LaunchId,
    /// Of which onboarding.
    pub onboarding: OnboardingId,
    /// Number among those of its kind, from 1.
    pub number: i64,
    /// What happened.
    pub body: T,
    /// When it was written down.
    pub made_at: Timestamp,
    /// Counts changes, from 1.
    pub version: i64,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    onboarding_id: Uuid,
    number: i64,
    #[sqlx(json)]
    body: serde_json::Value,
    made_at: Timestamp,
    version: i64,
}

impl<T: Recorded> TryFrom<Row> for Record<T> {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: LaunchId::from(row.id),
            onboarding: OnboardingId::from(row.onboarding_id),
            number: row.number,
            body: serde_json::from_value(row.body)
                .map_err(|error| StoreError::corrupt("record of a launch", error))?,
            made_at: row.made_at,
            version: row.version,
        })
    }
}

#[derive(FromRow)]
struct IssueRow {
    onboarding_id: Uuid,
    number: i64,
    #[sqlx(json)]
    body: Issue,
    customer: String,
}

#[derive(FromRow)]
struct SignalRow {
    onboarding_id: Uuid,
    #[sqlx(json)]
    body: Signal,
    customer: String,
}

#[derive(FromRow)]
struct PlanRow {
    #[sqlx(json)]
    plan: LaunchPlan,
    version: i64,
}

#[derive(FromRow)]
struct MarkRow {
    subject: String,
    #[sqlx(json)]
    said: Mark,
}

/// What a launch is planned with, and its version; none before anybody planned it.
///
/// # Errors
/// When the database fails.
pub async fn plan(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Option<(LaunchPlan, i64)>, StoreError> {
    let row: Option<PlanRow> = tx.optional(PLAN, args![workspace, onboarding]).await?;
    Ok(row.map(|row| (row.plan, row.version)))
}

/// Keeps what a launch is planned with, in place of this version, 0 for none. False when it is not that version any
/// more.
///
/// # Errors
/// When the database fails.
pub async fn replan(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    plan: &LaunchPlan,
    version: i64,
) -> Result<bool, StoreError> {
    let plan = json("launch", plan)?;
    if version > 0 {
        return Ok(tx.run(REPLAN, args![workspace, onboarding, plan, version]).await? == 1);
    }
    match tx.run(BEGIN, args![workspace, onboarding, plan]).await {
        Ok(_) => Ok(true),
        Err(StoreError::Conflict(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// What the launches of many onboardings are planned with; those nobody planned are not there.
///
/// # Errors
/// When the database fails.
pub async fn plans(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, LaunchPlan>, StoreError> {
    let found = tx.each::<_, PlanRow, PlanRow>(PLANS, args![workspace], onboardings).await?;
    Ok(found.into_iter().map(|(id, row)| (id, row.plan)).collect())
}

/// What people said of one subject of the launches of many onboardings.
///
/// # Errors
/// When the database fails.
pub async fn marks_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    subject: &str,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, Mark>, StoreError> {
    let found = tx.each::<_, MarkRow, MarkRow>(MARKS_OF, args![workspace, subject], onboardings).await?;
    Ok(found.into_iter().map(|(id, row)| (id, row.said)).collect())
}

/// What people said of a launch, by what they said it of.
///
/// # Errors
/// When the database fails.
pub async fn marks(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<BTreeMap<String, Mark>, StoreError> {
    let rows: Vec<MarkRow> = tx.all(MARKS, args![workspace, onboarding]).await?;
    Ok(rows.into_iter().map(|row| (row.subject, row.said)).collect())
}

/// Keeps what somebody said, in place of what was said before.
///
/// # Errors
/// When the database fails.
pub async fn mark(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    subject: &str,
    mark: &Mark,
) -> Result<(), StoreError> {
    tx.run(MARK, args![workspace, onboarding, subject, json("launch", mark)?]).await?;
    Ok(())
}

/// Takes back what somebody said. False when nobody had said anything.
///
/// # Errors
/// When the database fails.
pub async fn unmark(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    subject: &str,
) -> Result<bool, StoreError> {
    Ok(tx.run(UNMARK, args![workspace, onboarding, subject]).await? == 1)
}

/// Adds a record.
///
/// # Errors
/// [`StoreError::Conflict`] when the number is taken; or when the database fails.
pub async fn insert<T: Recorded>(
    tx: &mut Tx,
    workspace: WorkspaceId,
    record: &Record<T>,
) -> Result<(), StoreError> {
    let row = args![
        workspace,
        record.id,
        record.onboarding,
        T::KIND,
        record.number,
        record.body.status(),
        json("record of a launch", &record.body)?,
        record.made_at,
        record.version,
    ];
    tx.run(INSERT, row).await?;
    Ok(())
}

/// One record; none when there is none of this kind.
///
/// # Errors
/// When the database fails, or the row cannot be read.
pub async fn get<T: Recorded>(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: LaunchId,
) -> Result<Option<Record<T>>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, id, T::KIND]).await
}

/// The records of a kind of an onboarding, the newest first.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub async fn of_onboarding<T: Recorded>(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Record<T>>, StoreError> {
    tx.list::<Row, _>(OF_ONBOARDING, args![workspace, onboarding, T::KIND]).await
}

/// The records of a kind of many onboardings, the newest first.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub async fn of_onboardings<T: Recorded>(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, Vec<Record<T>>>, StoreError> {
    tx.lists::<_, Row, _>(OF_ONBOARDINGS, args![workspace, T::KIND], onboardings).await
}

/// Which records of a workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Those written down before this one.
    pub before: Option<LaunchId>,
    /// Those of this onboarding.
    pub onboarding: Option<OnboardingId>,
    /// Those that stand there: a word of their kind.
    pub status: Option<String>,
    /// At most so many.
    pub limit: u32,
}

/// Records of a kind of a workspace, the newest first.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub async fn page<T: Recorded>(
    tx: &mut Tx,
    workspace: WorkspaceId,
    query: &Query,
) -> Result<Vec<Record<T>>, StoreError> {
    let Query { before, onboarding, status, limit } = query;
    let args = args![workspace, T::KIND, before.map(LaunchId::uuid), *onboarding, status, *limit];
    tx.list::<Row, _>(PAGE, args).await
}

/// The records of a kind of a workspace that stand there (a word of their kind), the oldest first.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub async fn of_status<T: Recorded>(
    tx: &mut Tx,
    workspace: WorkspaceId,
    status: &str,
) -> Result<Vec<Record<T>>, StoreError> {
    tx.list::<Row, _>(OF_STATUS, args![workspace, T::KIND, status]).await
}

/// The records of a kind of all onboardings of an account, the oldest first.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub async fn of_account<T: Recorded>(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
) -> Result<Vec<Record<T>>, StoreError> {
    tx.list::<Row, _>(OF_ACCOUNT, args![workspace, account, T::KIND]).await
}

/// An issue that is not over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenIssue {
    /// Of which onboarding.
    pub onboarding: OnboardingId,
    /// The customer.
    pub customer: String,
    /// Its number.
    pub number: i64,
    /// What is known of it.
    pub issue: Issue,
}

/// Issues that are not over, in onboardings somebody runs.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub async fn open_issues(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
) -> Result<Vec<OpenIssue>, StoreError> {
    let rows: Vec<IssueRow> = tx.all(OPEN_ISSUES, args![workspace, person]).await?;
    let read = |row: IssueRow| OpenIssue {
        onboarding: OnboardingId::from(row.onboarding_id),
        customer: row.customer,
        number: row.number,
        issue: row.body,
    };
    Ok(rows.into_iter().map(read).collect())
}

/// A rollback trigger somebody must still do something about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSignal {
    /// Of which onboarding.
    pub onboarding: OnboardingId,
    /// The customer.
    pub customer: String,
    /// What is known of it.
    pub signal: Signal,
}

/// Rollback triggers that wait for a decision, for word to people or for their review, in onboardings somebody runs.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub async fn open_signals(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
) -> Result<Vec<OpenSignal>, StoreError> {
    let rows: Vec<SignalRow> = tx.all(OPEN_SIGNALS, args![workspace, person]).await?;
    let read = |row: SignalRow| OpenSignal {
        onboarding: OnboardingId::from(row.onboarding_id),
        customer: row.customer,
        signal: row.body,
    };
    Ok(rows.into_iter().map(read).filter(|one| one.signal.is_open()).collect())
}

/// The highest number of a kind in use; 0 without any.
///
/// # Errors
/// When the database fails.
pub async fn last_number<T: Recorded>(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<i64, StoreError> {
    tx.single_number(LAST_NUMBER, args![workspace, onboarding, T::KIND]).await
}

/// Keeps what a record says, in place of the version it says it was. False when it is not that version any more.
///
/// # Errors
/// When the database fails.
pub async fn change<T: Recorded>(
    tx: &mut Tx,
    workspace: WorkspaceId,
    record: &Record<T>,
) -> Result<bool, StoreError> {
    let body = json("record of a launch", &record.body)?;
    let row = args![workspace, record.id, record.body.status(), body, record.version];
    Ok(tx.run(CHANGE, row).await? == 1)
}

/// Takes a record away that is still this version. False when it is not.
///
/// # Errors
/// When the database fails.
pub async fn remove(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: LaunchId,
    version: i64,
) -> Result<bool, StoreError> {
    Ok(tx.run(REMOVE, args![workspace, id, version]).await? == 1)
}
