//! What rows know of an onboarding that its health is judged by, read at once.

use std::collections::BTreeMap;

use gangway_domain::ids::{AccountId, OnboardingId, PersonId, WorkspaceId};
use gangway_domain::money::Money;
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::onboarding::list::money;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::args;

sql! {
    "health::known";
    GROUND = "SELECT o.account_id, o.customer, o.segment, o.segment_name, o.touch, o.programme, o.state_name, o.acv_minor,
                     o.currency, o.kickoff_on, o.go_live_on, o.owner_id
              FROM onboarding o WHERE o.workspace_id = $1 AND o.id = $2";
    GROUNDS = "SELECT o.account_id, o.customer, o.segment, o.segment_name, o.touch, o.programme, o.state_name, o.acv_minor,
                      o.currency, o.kickoff_on, o.go_live_on, o.owner_id, o.id AS of_id
               FROM onboarding o WHERE o.workspace_id = $1 AND o.id IN ($2)";
    // What became of every onboarding, for looking back.
    PAST = "SELECT o.id, o.account_id, o.kickoff_on, o.go_live_on, o.go_live_target, o.state_name
            FROM onboarding o WHERE o.workspace_id = $1 AND o.kickoff_on <= $2 ORDER BY o.id";
    ANSWERED = "SELECT MAX(a.answered_at)
                FROM survey s
                JOIN survey_answer a ON a.workspace_id = s.workspace_id AND a.survey_id = s.id
                WHERE s.workspace_id = $1 AND s.onboarding_id = $2";
    ANSWERED_OF = "SELECT MAX(a.answered_at), s.onboarding_id AS of_id
                   FROM survey s
                   JOIN survey_answer a ON a.workspace_id = s.workspace_id AND a.survey_id = s.id
                   WHERE s.workspace_id = $1 AND s.onboarding_id IN ($2)
                   GROUP BY s.onboarding_id";
    CONTACTS = "SELECT COUNT(*), c.account_id AS of_id FROM contact c
                WHERE c.workspace_id = $1 AND c.account_id IN ($2) GROUP BY c.account_id";
}

/// What the row of an onboarding says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    /// Whose.
    pub account: AccountId,
    /// The customer.
    pub customer: String,
    /// Segment (id).
    pub segment: String,
    /// Segment as people see it.
    pub segment_name: String,
    /// Touch model (word).
    pub touch: String,
    /// Programme (id).
    pub programme: String,
    /// State (name).
    pub state: String,
    /// Annual contract value, when known.
    pub value: Option<Money>,
    /// Kickoff.
    pub kickoff_on: Date,
    /// Planned go-live.
    pub go_live_on: Date,
    /// Who runs it.
    pub owner: Option<PersonId>,
}

#[derive(FromRow)]
struct Row {
    account_id: Uuid,
    customer: String,
    segment: String,
    segment_name: String,
    touch: String,
    programme: String,
    state_name: String,
    acv_minor: Option<i64>,
    currency: Option<String>,
    kickoff_on: Day,
    go_live_on: Day,
    owner_id: Option<Uuid>,
}

impl From<Row> for Ground {
    fn from(row: Row) -> Self {
        Self {
            account: AccountId::from(row.account_id),
            customer: row.customer,
            segment: row.segment,
            segment_name: row.segment_name,
            touch: row.touch,
            programme: row.programme,
            state: row.state_name,
            value: money(row.acv_minor, row.currency),
            kickoff_on: row.kickoff_on.into(),
            go_live_on: row.go_live_on.into(),
            owner: row.owner_id.map(PersonId::from),
        }
    }
}

/// What the row of an onboarding says.
///
/// # Errors
/// When the database fails.
pub async fn ground(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Option<Ground>, StoreError> {
    tx.one::<Row, _>(GROUND, args![workspace, onboarding]).await
}

/// What the rows of many onboardings say.
///
/// # Errors
/// When the database fails.
pub async fn grounds(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, Ground>, StoreError> {
    tx.each::<_, Row, _>(GROUNDS, args![workspace], onboardings).await
}

/// How many contacts many accounts have; those without any are not there.
///
/// # Errors
/// When the database fails.
pub async fn contacts(
    tx: &mut Tx,
    workspace: WorkspaceId,
    accounts: &[AccountId],
) -> Result<BTreeMap<AccountId, i64>, StoreError> {
    let found = tx.each::<_, (i64,), (i64,)>(CONTACTS, args![workspace], accounts).await?;
    Ok(found.into_iter().map(|(id, (count,))| (id, count)).collect())
}

/// When somebody of the customer last answered a survey, in many onboardings.
///
/// # Errors
/// When the database fails.
pub async fn answered_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, Timestamp>, StoreError> {
    type Last = (Option<Timestamp>,);
    let found = tx.each::<_, Last, Last>(ANSWERED_OF, args![workspace], onboardings).await?;
    Ok(found.into_iter().filter_map(|(id, (at,))| Some((id, at?))).collect())
}

/// When somebody of the customer last answered a survey.
///
/// # Errors
/// When the database fails.
pub async fn answered(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Option<Timestamp>, StoreError> {
    let row: Option<(Option<Timestamp>,)> = tx.optional(ANSWERED, args![workspace, onboarding]).await?;
    Ok(row.and_then(|(at,)| at))
}

/// What became of an onboarding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// The onboarding.
    pub id: OnboardingId,
    /// Whose.
    pub account: AccountId,
    /// Kickoff.
    pub kickoff_on: Date,
    /// Planned go-live, or when it was.
    pub go_live_on: Date,
    /// Go-live the customer wants.
    pub go_live_target: Option<Date>,
    /// State (name).
    pub state: String,
}

#[derive(FromRow)]
struct PastRow {
    id: Uuid,
    account_id: Uuid,
    kickoff_on: Day,
    go_live_on: Day,
    go_live_target: Option<Day>,
    state_name: String,
}

impl From<PastRow> for Past {
    fn from(row: PastRow) -> Self {
        Self {
            id: OnboardingId::from(row.id),
            account: AccountId::from(row.account_id),
            kickoff_on: row.kickoff_on.into(),
            go_live_on: row.go_live_on.into(),
            go_live_target: row.go_live_target.map(Date::from),
            state: row.state_name,
        }
    }
}

/// Every onboarding that was kicked off by a day, in order of ids.
///
/// # Errors
/// When the database fails.
pub async fn past(tx: &mut Tx, workspace: WorkspaceId, by: Date) -> Result<Vec<Past>, StoreError> {
    tx.list::<PastRow, _>(PAST, args![workspace, by]).await
}
