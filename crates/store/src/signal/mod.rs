//! Warning signals of onboardings: one open of each kind, how often it was seen, what became of it.

pub mod event;
pub mod review;

use std::collections::BTreeMap;

use gangway_domain::deal::Severity;
use gangway_domain::ids::{AccountId, OnboardingId, PersonId, SignalId, WorkspaceId};
use gangway_domain::money::Money;
use gangway_domain::signal as domain;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::onboarding::list::money;
use crate::onboarding::watched;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::{Value, args, json, unword, word};

/// The columns of a signal, in the order of its row.
macro_rules! columns {
    () => {
        "s.id, s.onboarding_id, s.number, s.name, s.category, s.body, s.computed, s.raised_by, s.version"
    };
}

sql! {
    "signal";
    INSERT = "INSERT INTO signal
                (workspace_id, id, onboarding_id, number, kind, name, category, severity, status, body, computed,
                 first_at, raised_by, version)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    GET = concat!("SELECT ", columns!(), " FROM signal s WHERE s.workspace_id = $1 AND s.id = $2");
    OF_ONBOARDING = concat!("SELECT ", columns!(), " FROM signal s
                             WHERE s.workspace_id = $1 AND s.onboarding_id = $2 ORDER BY s.number DESC LIMIT $3");
    OPEN_OF = concat!("SELECT ", columns!(), " FROM signal s
                       WHERE s.workspace_id = $1 AND s.onboarding_id = $2 AND s.status = 'open' ORDER BY s.number");
    OF_ONBOARDINGS = "SELECT r.id, r.onboarding_id, r.number, r.name, r.category, r.body, r.computed, r.raised_by, r.version,
                             r.onboarding_id AS of_id
                      FROM (SELECT s.id, s.onboarding_id, s.number, s.name, s.category, s.body, s.computed, s.raised_by,
                                   s.version,
                                   ROW_NUMBER() OVER (PARTITION BY s.onboarding_id ORDER BY s.number DESC) AS place
                            FROM signal s
                            WHERE s.workspace_id = $1 AND s.onboarding_id IN ($3)) r
                      WHERE r.place <= $2 ORDER BY r.number DESC";
    OBSERVED = "SELECT s.kind, s.onboarding_id AS of_id FROM signal s
                WHERE s.workspace_id = $1 AND s.onboarding_id IN ($2) AND s.status = 'open' AND NOT s.computed
                ORDER BY s.number";
    LAST_NUMBERS = "SELECT CAST(MAX(s.number) AS BIGINT), s.onboarding_id AS of_id FROM signal s
                    WHERE s.workspace_id = $1 AND s.onboarding_id IN ($2) GROUP BY s.onboarding_id";
    PAGE = concat!("SELECT ", columns!(), " FROM signal s
                    WHERE s.workspace_id = $1
                      AND (s.id < $2 OR $2 IS NULL)
                      AND (s.onboarding_id = $3 OR $3 IS NULL)
                      AND (s.status = $4 OR $4 IS NULL)
                      AND (s.kind = $5 OR $5 IS NULL)
                    ORDER BY s.id DESC LIMIT $6");
    // What an inbox ranks: open signals of onboardings that are not closed, with what is at stake.
    OPEN = concat!("SELECT ", columns!(), ", o.account_id, o.customer, o.segment_name, o.owner_id, o.acv_minor,
                           o.currency, h.score, h.status AS health,
                           (SELECT w.name FROM membership m JOIN person w ON w.id = m.person_id
                             WHERE m.workspace_id = o.workspace_id AND m.person_id = o.owner_id) AS owner
                    FROM signal s
                    JOIN onboarding o ON o.workspace_id = s.workspace_id AND o.id = s.onboarding_id
                    LEFT JOIN health_state h ON h.workspace_id = s.workspace_id AND h.onboarding_id = s.onboarding_id
                    WHERE s.workspace_id = $1 AND s.status = 'open' AND o.state_name <> 'closed'
                      AND (o.owner_id = $2 OR $2 IS NULL)
                    ORDER BY s.id DESC LIMIT $3");
    CHANGE = "UPDATE signal SET status = $3, severity = $4, body = $5, version = version + 1
              WHERE workspace_id = $1 AND id = $2 AND version = $6";
    OPEN_COUNTS = "SELECT s.severity, CAST(COUNT(*) AS BIGINT) FROM signal s
                   WHERE s.workspace_id = $1 AND s.status = 'open' GROUP BY s.severity";
    // When each kind was raised, for looking back.
    RAISED = "SELECT onboarding_id, kind, first_at FROM signal
              WHERE workspace_id = $1 AND first_at >= $2 ORDER BY onboarding_id, first_at, id";
}

/// A warning signal as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signal {
    /// Id.
    pub id: SignalId,
    /// Of which onboarding.
    pub onboarding: OnboardingId,
    /// Number there, from 1.
    pub number: i64,
    /// What its kind was called when it was raised.
    pub name: String,
    /// The category of its kind.
    pub category: String,
    /// What is known of it: kind, severity, how often and when it was seen, where it stands.
    pub body: domain::Signal,
    /// Whether a rule saw it; else a person did.
    pub computed: bool,
    /// Who raised it.
    pub raised_by: String,
    /// Counts changes, from 1.
    pub version: i64,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    onboarding_id: Uuid,
    number: i64,
    name: String,
    category: String,
    #[sqlx(json)]
    body: domain::Signal,
    computed: bool,
    raised_by: String,
    version: i64,
}

impl From<Row> for Signal {
    fn from(row: Row) -> Self {
        Self {
            id: SignalId::from(row.id),
            onboarding: OnboardingId::from(row.onboarding_id),
            number: row.number,
            name: row.name,
            category: row.category,
            body: row.body,
            computed: row.computed,
            raised_by: row.raised_by,
            version: row.version,
        }
    }
}

/// An open signal with what an inbox ranks it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The signal.
    pub signal: Signal,
    /// Whose onboarding.
    pub account: AccountId,
    /// The customer.
    pub customer: String,
    /// Segment as people see it.
    pub segment: String,
    /// Who runs the onboarding.
    pub owner: Option<(PersonId, String)>,
    /// Annual contract value, when known.
    pub value: Option<Money>,
    /// Health score, when known.
    pub score: Option<i64>,
    /// Status of health, when it was ever judged.
    pub health: Option<String>,
}

#[derive(FromRow)]
struct WaitingRow {
    #[sqlx(flatten)]
    signal: Row,
    account_id: Uuid,
    customer: String,
    segment_name: String,
    owner_id: Option<Uuid>,
    acv_minor: Option<i64>,
    currency: Option<String>,
    score: Option<i64>,
    health: Option<String>,
    owner: Option<String>,
}

impl From<WaitingRow> for Waiting {
    fn from(row: WaitingRow) -> Self {
        Self {
            signal: Signal::from(row.signal),
            account: AccountId::from(row.account_id),
            customer: row.customer,
            segment: row.segment_name,
            owner: row.owner_id.map(PersonId::from).zip(row.owner),
            value: money(row.acv_minor, row.currency),
            score: row.score,
            health: row.health,
        }
    }
}

fn status(signal: &Signal) -> &'static str {
    if signal.body.is_open() { "open" } else { "resolved" }
}

fn row(workspace: WorkspaceId, signal: &Signal) -> Result<Vec<Value>, StoreError> {
    Ok(args![
        workspace,
        signal.id.uuid(),
        signal.onboarding,
        signal.number,
        &signal.body.kind,
        &signal.name,
        &signal.category,
        word("signal", &signal.body.severity)?,
        status(signal),
        json("signal", &signal.body)?,
        signal.computed,
        signal.body.raised_at,
        &signal.raised_by,
        signal.version,
    ])
}

/// Adds a signal.
///
/// # Errors
/// [`StoreError::Conflict`] when the number is taken or one of its kind is open; or when the database fails.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, signal: &Signal) -> Result<(), StoreError> {
    tx.run(INSERT, row(workspace, signal)?).await?;
    watched::keep(tx, workspace, &[signal.onboarding]).await
}

/// Adds signals of a past that is only looked back on.
///
/// # Errors
/// As [`insert`].
pub async fn insert_all(tx: &mut Tx, workspace: WorkspaceId, signals: &[Signal]) -> Result<(), StoreError> {
    let rows: Result<Vec<_>, _> = signals.iter().map(|signal| row(workspace, signal)).collect();
    tx.insert_all(INSERT, rows?).await?;
    let onboardings: Vec<OnboardingId> = signals.iter().map(|signal| signal.onboarding).collect();
    watched::keep(tx, workspace, &onboardings).await
}

/// One signal.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: SignalId) -> Result<Option<Signal>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, id.uuid()]).await
}

/// Signals of an onboarding, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn of_onboarding(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    limit: u32,
) -> Result<Vec<Signal>, StoreError> {
    tx.list::<Row, _>(OF_ONBOARDING, args![workspace, onboarding, limit]).await
}

/// Signals of an onboarding that are open.
///
/// # Errors
/// When the database fails.
pub async fn open_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Signal>, StoreError> {
    tx.list::<Row, _>(OPEN_OF, args![workspace, onboarding]).await
}

/// Signals of many onboardings, the newest first, at most so many of each.
///
/// # Errors
/// When the database fails.
pub async fn of_onboardings(
    tx: &mut Tx,
    workspace: WorkspaceId,
    limit: u32,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, Vec<Signal>>, StoreError> {
    tx.lists::<_, Row, _>(OF_ONBOARDINGS, args![workspace, limit], onboardings).await
}

/// The kinds of the open signals that people saw, in many onboardings, in the order they were raised in.
///
/// # Errors
/// When the database fails.
pub async fn observed(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, Vec<String>>, StoreError> {
    let found = tx.lists::<_, (String,), (String,)>(OBSERVED, args![workspace], onboardings).await?;
    let kinds = |rows: Vec<(String,)>| rows.into_iter().map(|(kind,)| kind).collect();
    Ok(found.into_iter().map(|(id, rows)| (id, kinds(rows))).collect())
}

/// Which signals of a workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Those raised before this one.
    pub before: Option<SignalId>,
    /// Those of this onboarding.
    pub onboarding: Option<OnboardingId>,
    /// Those that are open, or those that are resolved.
    pub open: Option<bool>,
    /// Those of this kind (id).
    pub kind: Option<String>,
    /// At most so many.
    pub limit: u32,
}

/// Signals of a workspace, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn page(tx: &mut Tx, workspace: WorkspaceId, query: &Query) -> Result<Vec<Signal>, StoreError> {
    let Query { before, onboarding, open, kind, limit } = query;
    let status = open.map(|open| if open { "open" } else { "resolved" }.to_owned());
    let args = args![workspace, before.map(SignalId::uuid), *onboarding, status, kind, *limit];
    tx.list::<Row, _>(PAGE, args).await
}

/// Open signals of a workspace with what they are ranked by, of one person's onboardings or of all, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn open(
    tx: &mut Tx,
    workspace: WorkspaceId,
    owner: Option<PersonId>,
    limit: u32,
) -> Result<Vec<Waiting>, StoreError> {
    tx.list::<WaitingRow, _>(OPEN, args![workspace, owner, limit]).await
}

/// The highest number in use in many onboardings; those without any are not there.
///
/// # Errors
/// When the database fails.
pub async fn last_numbers(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, i64>, StoreError> {
    let found = tx.each::<_, (i64,), (i64,)>(LAST_NUMBERS, args![workspace], onboardings).await?;
    Ok(found.into_iter().map(|(id, (number,))| (id, number)).collect())
}

/// Keeps a signal as it is now, in place of the version it says it was. False when it is not that version any more.
///
/// # Errors
/// When the database fails.
pub async fn change(tx: &mut Tx, workspace: WorkspaceId, signal: &Signal) -> Result<bool, StoreError> {
    let row = args![
        workspace,
        signal.id.uuid(),
        status(signal),
        word("signal", &signal.body.severity)?,
        json("signal", &signal.body)?,
        signal.version,
    ];
    if tx.run(CHANGE, row).await? == 0 {
        return Ok(false);
    }
    watched::keep(tx, workspace, &[signal.onboarding]).await?;
    Ok(true)
}

/// How many signals are open, by severity.
///
/// # Errors
/// When the database fails.
pub async fn open_counts(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<(Severity, i64)>, StoreError> {
    let rows: Vec<(String, i64)> = tx.all(OPEN_COUNTS, args![workspace]).await?;
    rows.into_iter().map(|(severity, count)| Ok((unword("signal", severity)?, count))).collect()
}

/// When each kind was raised in each onboarding since an instant.
///
/// # Errors
/// When the database fails.
pub async fn raised(
    tx: &mut Tx,
    workspace: WorkspaceId,
    since: Timestamp,
) -> Result<Vec<(OnboardingId, String, Timestamp)>, StoreError> {
    let rows: Vec<(Uuid, String, Timestamp)> = tx.all(RAISED, args![workspace, since]).await?;
    Ok(rows.into_iter().map(|(id, kind, at)| (OnboardingId::from(id), kind, at)).collect())
}
