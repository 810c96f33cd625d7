//! What is said to whom when, and the activities of change management.

use gangway_domain::ids::{ChangeStepId, MessageId, OnboardingId, WorkspaceId};
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Day;
use crate::value::{Value, args, joined};

/// The columns of a message, in the order of its row.
macro_rules! message {
    () => {
        "m.id, m.onboarding_id, m.planned_on, m.audience, m.message, m.channel, m.owner, m.sent_on, m.sent_by,
         m.seeded, m.version FROM planned_message m"
    };
}

/// The columns of a step, in the order of its row.
macro_rules! step {
    () => {
        "s.id, s.onboarding_id, s.phase, s.position, s.activity, s.focus, s.done_on, s.done_by, s.version
         FROM change_step s"
    };
}

sql! {
    "people::communication";
    INSERT_MESSAGE = "INSERT INTO planned_message
                        (workspace_id, id, onboarding_id, planned_on, audience, message, channel, owner, sent_on,
                         sent_by, seeded, version)
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    MESSAGE = concat!("SELECT ", message!(), " WHERE m.workspace_id = $1 AND m.id = $2");
    MESSAGES = concat!("SELECT ", message!(), " WHERE m.workspace_id = $1 AND m.onboarding_id = $2
                        ORDER BY m.planned_on, m.id");
    CHANGE_MESSAGE = "UPDATE planned_message
                      SET planned_on = $3, audience = $4, message = $5, channel = $6, owner = $7, sent_on = $8,
                          sent_by = $9, version = version + 1
                      WHERE workspace_id = $1 AND id = $2 AND version = $10";
    // Whoever says in the same moment that it went out is right: what was sent stays.
    MOVE_MESSAGES = "WITH moved (workspace_id, id, planned_on) AS (
                       SELECT workspace_id, id, planned_on FROM planned_message WHERE 1 = 0
                       UNION ALL SELECT $1, $2, $3)
                     UPDATE planned_message
                     SET planned_on = moved.planned_on, version = planned_message.version + 1
                     FROM moved
                     WHERE planned_message.workspace_id = moved.workspace_id AND planned_message.id = moved.id
                       AND planned_message.sent_on IS NULL";
    DELETE_MESSAGE = "DELETE FROM planned_message WHERE workspace_id = $1 AND id = $2 AND version = $3";
    INSERT_STEP = "INSERT INTO change_step
                     (workspace_id, id, onboarding_id, phase, position, activity, focus, done_on, done_by, version)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    STEP = concat!("SELECT ", step!(), " WHERE s.workspace_id = $1 AND s.id = $2");
    STEPS = concat!("SELECT ", step!(), " WHERE s.workspace_id = $1 AND s.onboarding_id = $2
                     ORDER BY s.position, s.id");
    CHANGE_STEP = "UPDATE change_step
                   SET activity = $3, focus = $4, done_on = $5, done_by = $6, version = version + 1
                   WHERE workspace_id = $1 AND id = $2 AND version = $7";
    DELETE_STEP = "DELETE FROM change_step WHERE workspace_id = $1 AND id = $2 AND version = $3";
}

/// A message of the communication plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Id.
    pub id: MessageId,
    /// Where.
    pub onboarding: OnboardingId,
    /// When it is to go out.
    pub on: Date,
    /// To whom.
    pub audience: String,
    /// What is said.
    pub message: String,
    /// How.
    pub channel: String,
    /// Who says it.
    pub owner: String,
    /// When it went out, and who said so.
    pub sent: Option<(Date, String)>,
    /// It was made from the package.
    pub seeded: bool,
    /// Counts changes, from 1.
    pub version: i64,
}

#[derive(FromRow)]
struct MessageRow {
    id: Uuid,
    onboarding_id: Uuid,
    planned_on: Day,
    audience: String,
    message: String,
    channel: String,
    owner: String,
    sent_on: Option<Day>,
    sent_by: Option<String>,
    seeded: bool,
    version: i64,
}

impl From<MessageRow> for Message {
    fn from(row: MessageRow) -> Self {
        Self {
            id: MessageId::from(row.id),
            onboarding: OnboardingId::from(row.onboarding_id),
            on: row.planned_on.into(),
            audience: row.audience,
            message: row.message,
            channel: row.channel,
            owner: row.owner,
            sent: row.sent_on.map(|on| (on.into(), row.sent_by.unwrap_or_default())),
            seeded: row.seeded,
            version: row.version,
        }
    }
}

/// An activity of the change-management plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Id.
    pub id: ChangeStepId,
    /// Where.
    pub onboarding: OnboardingId,
    /// Its phase: Awareness … Reinforcement.
    pub phase: String,
    /// Its place in the plan.
    pub position: i64,
    /// What is done.
    pub activity: String,
    /// For whom.
    pub focus: String,
    /// When it was done, and who said so.
    pub done: Option<(Date, String)>,
    /// Counts changes, from 1.
    pub version: i64,
}

#[derive(FromRow)]
struct StepRow {
    id: Uuid,
    onboarding_id: Uuid,
    phase: String,
    position: i64,
    activity: String,
    focus: String,
    done_on: Option<Day>,
    done_by: Option<String>,
    version: i64,
}

impl From<StepRow> for Step {
    fn from(row: StepRow) -> Self {
        Self {
            id: ChangeStepId::from(row.id),
            onboarding: OnboardingId::from(row.onboarding_id),
            phase: row.phase,
            position: row.position,
            activity: row.activity,
            focus: row.focus,
            done: row.done_on.map(|on| (on.into(), row.done_by.unwrap_or_default())),
            version: row.version,
        }
    }
}

/// What may change of a message, in the order both statements take it in.
fn changeable_message(one: &Message) -> Vec<Value> {
    let (sent_on, sent_by) = one.sent.clone().unzip();
    args![one.on, &one.audience, &one.message, &one.channel, &one.owner, sent_on, sent_by]
}

/// Adds messages.
///
/// # Errors
/// When the database fails.
pub async fn insert_messages(
    tx: &mut Tx,
    workspace: WorkspaceId,
    messages: &[Message],
) -> Result<(), StoreError> {
    let row = |one: &Message| {
        joined([
            args![workspace, one.id, one.onboarding],
            changeable_message(one),
            args![one.seeded, one.version],
        ])
    };
    tx.insert_all(INSERT_MESSAGE, messages.iter().map(row).collect()).await
}

/// One message.
///
/// # Errors
/// When the database fails.
pub async fn message(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: MessageId,
) -> Result<Option<Message>, StoreError> {
    tx.one::<MessageRow, _>(MESSAGE, args![workspace, id]).await
}

/// The messages of an onboarding, by day.
///
/// # Errors
/// When the database fails.
pub async fn messages(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Message>, StoreError> {
    tx.list::<MessageRow, _>(MESSAGES, args![workspace, onboarding]).await
}

/// Keeps a message as it is now, in place of the version it says it was. False when it is not that any more.
///
/// # Errors
/// When the database fails.
pub async fn change_message(tx: &mut Tx, workspace: WorkspaceId, one: &Message) -> Result<bool, StoreError> {
    let row = joined([args![workspace, one.id], changeable_message(one), args![one.version]]);
    Ok(tx.run(CHANGE_MESSAGE, row).await? == 1)
}

/// Plans messages that were not sent yet for other days.
///
/// # Errors
/// When the database fails.
pub async fn move_messages(
    tx: &mut Tx,
    workspace: WorkspaceId,
    days: &[(MessageId, Date)],
) -> Result<(), StoreError> {
    let rows = days.iter().map(|(id, on)| args![*id, *on]).collect();
    tx.change_all(MOVE_MESSAGES, args![workspace], rows).await
}

/// Takes a message out that is still this version.
///
/// # Errors
/// When the database fails.
pub async fn delete_message(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: MessageId,
    version: i64,
) -> Result<bool, StoreError> {
    Ok(tx.run(DELETE_MESSAGE, args![workspace, id, version]).await? == 1)
}

/// What may change of a step, in the order both statements take it in.
fn changeable_step(one: &Step) -> Vec<Value> {
    let (done_on, done_by) = one.done.clone().unzip();
    args![&one.activity, &one.focus, done_on, done_by]
}

/// Adds steps.
///
/// # Errors
/// When the database fails.
pub async fn insert_steps(tx: &mut Tx, workspace: WorkspaceId, steps: &[Step]) -> Result<(), StoreError> {
    let row = |one: &Step| {
        let at = args![workspace, one.id, one.onboarding, &one.phase, one.position];
        joined([at, changeable_step(one), args![one.version]])
    };
    tx.insert_all(INSERT_STEP, steps.iter().map(row).collect()).await
}

/// One step.
///
/// # Errors
/// When the database fails.
pub async fn step(tx: &mut Tx, workspace: WorkspaceId, id: ChangeStepId) -> Result<Option<Step>, StoreError> {
    tx.one::<StepRow, _>(STEP, args![workspace, id]).await
}

/// The steps of an onboarding in order.
///
/// # Errors
/// When the database fails.
pub async fn steps(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Step>, StoreError> {
    tx.list::<StepRow, _>(STEPS, args![workspace, onboarding]).await
}

/// Keeps a step as it is now, in place of the version it says it was. False when it is not that any more.
///
/// # Errors
/// When the database fails.
pub async fn change_step(tx: &mut Tx, workspace: WorkspaceId, one: &Step) -> Result<bool, StoreError> {
    let row = joined([args![workspace, one.id], changeable_step(one), args![one.version]]);
    Ok(tx.run(CHANGE_STEP, row).await? == 1)
}

/// Takes a step out that is still this version.
///
/// # Errors
/// When the database fails.
pub async fn delete_step(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ChangeStepId,
    version: i64,
) -> Result<bool, StoreError> {
    Ok(tx.run(DELETE_STEP, args![workspace, id, version]).await? == 1)
}
