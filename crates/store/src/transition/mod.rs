//! Handing customers over to customer success: one handover an onboarding. How onboardings ended and what they taught
//! stand beside it.

pub mod closing;
pub mod improvement;
pub mod lesson;

use gangway_domain::ids::{MeetingId, OnboardingId, PersonId, ReportId, WorkspaceId};
use gangway_domain::transition::{NextStep, Promised, State};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::{Value, args, joined, json};

/// The columns of a handover, in the order of its row.
macro_rules! columns {
    () => {
        "t.onboarding_id, t.csm_id, t.csm, t.summary_id, t.meeting_id, t.note, t.promises, t.steps, t.state,
         t.introduced_to, t.introduced_at, t.made_by, t.made_at, t.version"
    };
}

sql! {
    "transition";
    INSERT = "INSERT INTO transition
                (workspace_id, onboarding_id, csm_id, csm, summary_id, meeting_id, note, promises, steps, status,
                 state, introduced_to, introduced_at, made_by, made_at, version)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    GET = concat!("SELECT ", columns!(), " FROM transition t
                   WHERE t.workspace_id = $1 AND t.onboarding_id = $2");
    PAGE = concat!("SELECT ", columns!(), " FROM transition t
                    WHERE t.workspace_id = $1
                      AND (t.onboarding_id < $2 OR $2 IS NULL)
                      AND (t.csm_id = $3 OR $3 IS NULL)
                      AND (t.status = $4 OR $4 IS NULL)
                    ORDER BY t.onboarding_id DESC LIMIT $5");
    CHANGE = "UPDATE transition
              SET csm_id = $3, csm = $4, summary_id = $5, meeting_id = $6, note = $7, promises = $8, steps = $9,
                  status = $10, state = $11, introduced_to = $12, introduced_at = $13, version = version + 1
              WHERE workspace_id = $1 AND onboarding_id = $2 AND version = $14";
    // Of one person, for their own work: a range of an index, which those above cannot use for all they can be asked.
    ASKED = "SELECT t.onboarding_id, a.name
             FROM transition t
             JOIN onboarding o ON o.workspace_id = t.workspace_id AND o.id = t.onboarding_id
             JOIN account a ON a.workspace_id = o.workspace_id AND a.id = o.account_id
             WHERE t.workspace_id = $1 AND t.csm_id = $2 AND t.status = 'proposed'
             ORDER BY t.onboarding_id DESC LIMIT $3";
    TAKEN_OVER = "SELECT t.onboarding_id, t.promises, t.version, a.name AS customer
                  FROM transition t
                  JOIN onboarding o ON o.workspace_id = t.workspace_id AND o.id = t.onboarding_id
                  JOIN account a ON a.workspace_id = o.workspace_id AND a.id = o.account_id
                  WHERE t.workspace_id = $1 AND t.csm_id = $2 AND t.status = 'accepted'
                  ORDER BY t.onboarding_id DESC LIMIT $3";
}

/// A handover to customer success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// Of which onboarding.
    pub onboarding: OnboardingId,
    /// Who takes the customer over.
    pub csm: Option<PersonId>,
    /// Their name as it was when they were chosen.
    pub csm_name: Option<String>,
    /// The report that tells what was reached and what is open.
    pub summary: Option<ReportId>,
    /// The meeting in which the customer meets them.
    pub meeting: Option<MeetingId>,
    /// What they must know beside; may be empty.
    pub note: String,
    /// What sales promised.
    pub promises: Vec<Promised>,
    /// The first 90 days.
    pub steps: Vec<NextStep>,
    /// Where it stands.
    pub state: State,
    /// Names of contacts who were told by mail.
    pub introduced_to: Vec<String>,
    /// When last.
    pub introduced_at: Option<Timestamp>,
    /// Who began it.
    pub made_by: String,
    /// When.
    pub made_at: Timestamp,
    /// Counts changes, from 1.
    pub version: i64,
}

/// What was promised to a customer somebody has taken over.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct TakenOver {
    /// The onboarding.
    #[sqlx(try_from = "Uuid", rename = "onboarding_id")]
    pub onboarding: OnboardingId,
    /// What sales promised.
    #[sqlx(json)]
    pub promises: Vec<Promised>,
    /// The version of the handover.
    pub version: i64,
    /// The customer.
    pub customer: String,
}

#[derive(FromRow)]
struct Row {
    onboarding_id: Uuid,
    csm_id: Option<Uuid>,
    csm: Option<String>,
    summary_id: Option<Uuid>,
    meeting_id: Option<Uuid>,
    note: String,
    #[sqlx(json)]
    promises: Vec<Promised>,
    #[sqlx(json)]
    steps: Vec<NextStep>,
    #[sqlx(json)]
    state: State,
    #[sqlx(json)]
    introduced_to: Vec<String>,
    introduced_at: Option<Timestamp>,
    made_by: String,
    made_at: Timestamp,
    version: i64,
}

impl From<Row> for Transition {
    fn from(row: Row) -> Self {
        Self {
            onboarding: OnboardingId::from(row.onboarding_id),
            csm: row.csm_id.map(PersonId::from),
            csm_name: row.csm,
            summary: row.summary_id.map(ReportId::from),
            meeting: row.meeting_id.map(MeetingId::from),
            note: row.note,
            promises: row.promises,
            steps: row.steps,
            state: row.state,
            introduced_to: row.introduced_to,
            introduced_at: row.introduced_at,
            made_by: row.made_by,
            made_at: row.made_at,
            version: row.version,
        }
    }
}

/// What may change of a handover, in the order both statements take it in.
fn changeable(one: &Transition) -> Result<Vec<Value>, StoreError> {
    Ok(args![
        one.csm,
        &one.csm_name,
        one.summary.map(ReportId::uuid),
        one.meeting.map(MeetingId::uuid),
        &one.note,
        json("transition", &one.promises)?,
        json("transition", &one.steps)?,
        one.state.word(),
        json("transition", &one.state)?,
        json("transition", &one.introduced_to)?,
        one.introduced_at,
    ])
}

/// Adds the handover of an onboarding.
///
/// # Errors
/// [`StoreError::Conflict`] when it has one; or when the database fails.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, one: &Transition) -> Result<(), StoreError> {
    let row = joined([
        args![workspace, one.onboarding],
        changeable(one)?,
        args![&one.made_by, one.made_at, one.version],
    ]);
    tx.run(INSERT, row).await?;
    Ok(())
}

/// The handover of an onboarding.
///
/// # Errors
/// When the database fails.
pub async fn get(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Option<Transition>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, onboarding]).await
}

/// Which handovers of a workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Those of onboardings made before this one.
    pub before: Option<OnboardingId>,
    /// Those to this person.
    pub csm: Option<PersonId>,
    /// Those in this state: a word of [`State::word`].
    pub status: Option<String>,
    /// At most so many.
    pub limit: u32,
}

/// Handovers of a workspace, those of the newest onboardings first.
///
/// # Errors
/// When the database fails.
pub async fn page(tx: &mut Tx, workspace: WorkspaceId, query: &Query) -> Result<Vec<Transition>, StoreError> {
    let Query { before, csm, status, limit } = query;
    tx.list::<Row, _>(PAGE, args![workspace, *before, *csm, status, *limit]).await
}

/// Customers somebody is asked to take over: the onboarding and the customer's name, the newest onboardings first.
///
/// # Errors
/// When the database fails.
pub async fn asked(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    limit: u32,
) -> Result<Vec<(OnboardingId, String)>, StoreError> {
    let rows: Vec<(Uuid, String)> = tx.all(ASKED, args![workspace, person, limit]).await?;
    Ok(rows.into_iter().map(|(id, customer)| (OnboardingId::from(id), customer)).collect())
}

/// What was promised to the customers somebody has taken over, the newest onboardings first.
///
/// # Errors
/// When the database fails.
pub async fn taken_over(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    limit: u32,
) -> Result<Vec<TakenOver>, StoreError> {
    tx.all(TAKEN_OVER, args![workspace, person, limit]).await
}

/// Keeps a handover in place of the version it says it was. False when it is not that version any more.
///
/// # Errors
/// When the database fails.
pub async fn change(tx: &mut Tx, workspace: WorkspaceId, one: &Transition) -> Result<bool, StoreError> {
    let row = joined([args![workspace, one.onboarding], changeable(one)?, args![one.version]]);
    Ok(tx.run(CHANGE, row).await? == 1)
}
