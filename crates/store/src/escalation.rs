//! Escalations of onboardings.

use gangway_domain::escalation::{State, Told};
use gangway_domain::ids::{EscalationId, OnboardingId, WorkspaceId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::{args, json};

/// The columns of an escalation, in the order of its row.
macro_rules! columns {
    () => {
        "e.id, e.onboarding_id, e.number, e.level, e.title, e.details, e.rule, e.subject, e.path, e.raised_by,
         e.raised_at, e.respond_by, e.state, e.told, e.version"
    };
}

sql! {
    "escalation";
    INSERT = "INSERT INTO escalation
                (workspace_id, id, onboarding_id, number, level, title, details, rule, subject, path, raised_by,
                 raised_at, respond_by, status, state, told, version)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
    GET = concat!("SELECT ", columns!(), " FROM escalation e WHERE e.workspace_id = $1 AND e.id = $2");
    OF_ONBOARDING = concat!("SELECT ", columns!(), " FROM escalation e
                             WHERE e.workspace_id = $1 AND e.onboarding_id = $2 ORDER BY e.number DESC");
    PAGE = concat!("SELECT ", columns!(), " FROM escalation e
                    WHERE e.workspace_id = $1
                      AND (e.id < $2 OR $2 IS NULL)
                      AND (e.onboarding_id = $3 OR $3 IS NULL)
                      AND (e.status = $4 OR $4 IS NULL)
                      AND (e.level >= $5 OR $5 IS NULL)
                    ORDER BY e.id DESC LIMIT $6");
    CHANGE = "UPDATE escalation SET status = $3, state = $4, told = $5, version = version + 1
              WHERE workspace_id = $1 AND id = $2 AND version = $6";
}

/// Something that was raised to a level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Escalation {
    /// Id.
    pub id: EscalationId,
    /// Of which onboarding.
    pub onboarding: OnboardingId,
    /// Number, from 1.
    pub number: i64,
    /// The level, from 1.
    pub level: i64,
    /// What is raised, one line.
    pub title: String,
    /// What is at stake, and what is asked.
    pub details: String,
    /// The rule that suggested it (id in `governance.toml`).
    pub rule: Option<String>,
    /// What it is about: a code of the plan or the register; may be empty.
    pub subject: String,
    /// The level's path at that time.
    pub path: String,
    /// Who raised it.
    pub raised_by: String,
    /// When.
    pub raised_at: Timestamp,
    /// Until when the level answers.
    pub respond_by: Timestamp,
    /// Where it stands.
    pub state: State,
    /// Who was told.
    pub told: Vec<Told>,
    /// Counts changes, from 1.
    pub version: i64,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    onboarding_id: Uuid,
    number: i64,
    level: i64,
    title: String,
    details: String,
    rule: Option<String>,
    subject: String,
    path: String,
    raised_by: String,
    raised_at: Timestamp,
    respond_by: Timestamp,
    #[sqlx(json)]
    state: State,
    #[sqlx(json)]
    told: Vec<Told>,
    version: i64,
}

impl From<Row> for Escalation {
    fn from(row: Row) -> Self {
        Self {
            id: EscalationId::from(row.id),
            onboarding: OnboardingId::from(row.onboarding_id),
            number: row.number,
            level: row.level,
            title: row.title,
            details: row.details,
            rule: row.rule,
            subject: row.subject,
            path: row.path,
            raised_by: row.raised_by,
            raised_at: row.raised_at,
            respond_by: row.respond_by,
            state: row.state,
            told: row.told,
            version: row.version,
        }
    }
}

/// Adds an escalation.
///
/// # Errors
/// [`StoreError::Conflict`] when the number is taken; or when the database fails.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, escalation: &Escalation) -> Result<(), StoreError> {
    let row = args![
        workspace,
        escalation.id.uuid(),
        escalation.onboarding,
        escalation.number,
        escalation.level,
        &escalation.title,
        &escalation.details,
        &escalation.rule,
        &escalation.subject,
        &escalation.path,
        &escalation.raised_by,
        escalation.raised_at,
        escalation.respond_by,
        escalation.state.word(),
        json("escalation", &escalation.state)?,
        json("escalation", &escalation.told)?,
        escalation.version,
    ];
    tx.run(INSERT, row).await?;
    Ok(())
}

/// One escalation.
///
/// # Errors
/// When the database fails.
pub async fn get(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: EscalationId,
) -> Result<Option<Escalation>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, id.uuid()]).await
}

/// The escalations of an onboarding, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn of_onboarding(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Escalation>, StoreError> {
    tx.list::<Row, _>(OF_ONBOARDING, args![workspace, onboarding]).await
}

/// Which escalations of a workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Those raised before this one.
    pub before: Option<EscalationId>,
    /// Those of this onboarding.
    pub onboarding: Option<OnboardingId>,
    /// Those in this state: a word of [`State::word`].
    pub status: Option<String>,
    /// Those of this level or a higher one.
    pub least_level: Option<i64>,
    /// At most so many.
    pub limit: u32,
}

/// Escalations of a workspace, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn page(tx: &mut Tx, workspace: WorkspaceId, query: &Query) -> Result<Vec<Escalation>, StoreError> {
    let Query { before, onboarding, status, least_level, limit } = query;
    let args = args![workspace, before.map(EscalationId::uuid), *onboarding, status, *least_level, *limit];
    tx.list::<Row, _>(PAGE, args).await
}

/// Keeps where an escalation stands and who was told, in place of the version it says it was. False when it is not
/// that version any more.
///
/// # Errors
/// When the database fails.
pub async fn change(
    tx: &mut Tx,
    workspace: WorkspaceId,
    escalation: &Escalation,
) -> Result<bool, StoreError> {
    let row = args![
        workspace,
        escalation.id.uuid(),
        escalation.state.word(),
        json("escalation", &escalation.state)?,
        json("escalation", &escalation.told)?,
        escalation.version,
    ];
    Ok(tx.run(CHANGE, row).await? == 1)
}
