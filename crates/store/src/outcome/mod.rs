//! Outcomes of joint impact plans.

pub mod late;
pub mod measurement;
pub mod plan;

use std::collections::BTreeMap;

use gangway_domain::ids::{OnboardingId, OutcomeId, WorkspaceId};
use gangway_domain::outcome::{Amount, Answer, Direction, Ground, Reading, Status};
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::{Value, args, joined, json, read};

/// The columns of an outcome, in the order of its row.
macro_rules! columns {
    () => {
        "o.id, o.onboarding_id, o.number, o.goal, o.metric, o.unit, o.direction, o.baseline, o.target, o.by_on, o.proof,
         o.confirms, o.rung, o.first_value, o.full_value, o.promises, o.agreed_by, o.agreed_at, o.answer, o.latest_on,
         o.latest_value, o.latest_holds, o.evidenced, o.seed, o.made_by, o.made_at, o.version"
    };
}

sql! {
    "outcome";
    INSERT = "INSERT INTO outcome
                (workspace_id, id, onboarding_id, number, goal, metric, unit, direction, baseline, target, by_on, proof,
                 confirms, rung, first_value, full_value, promises, agreed_by, agreed_at, answer, answered, latest_on,
                 latest_value, latest_holds, evidenced, state, seed, made_by, made_at, version)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                      $22, $23, $24, $25, $26, $27, $28, $29, $30)";
    GET = concat!("SELECT ", columns!(), " FROM outcome o WHERE o.workspace_id = $1 AND o.id = $2");
    OF_ONBOARDING = concat!("SELECT ", columns!(), " FROM outcome o
                             WHERE o.workspace_id = $1 AND o.onboarding_id = $2 ORDER BY o.number");
    OF_ONBOARDINGS = concat!("SELECT ", columns!(), ", o.onboarding_id AS of_id FROM outcome o
                              WHERE o.workspace_id = $1 AND o.onboarding_id IN ($2) ORDER BY o.number");
    PAGE = concat!("SELECT ", columns!(), " FROM outcome o
                    WHERE o.workspace_id = $1
                      AND (o.id < $2 OR $2 IS NULL)
                      AND (o.onboarding_id = $3 OR $3 IS NULL)
                      AND (o.state = $4 OR $4 IS NULL)
                      AND (o.by_on < $5 OR $5 IS NULL)
                      AND (o.by_on >= $6 OR $6 IS NULL)
                      AND ((o.state NOT IN ('reached', 'verified')
                            AND CASE WHEN o.agreed_by IS NULL THEN 'never-agreed' ELSE 'missed' END = $7) OR $7 IS NULL)
                    ORDER BY o.id DESC LIMIT $8");
    LAST_NUMBER = "SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM outcome
                   WHERE workspace_id = $1 AND onboarding_id = $2";
    LAST_NUMBERS = "SELECT CAST(MAX(number) AS BIGINT) AS highest, onboarding_id AS of_id FROM outcome
                    WHERE workspace_id = $1 AND onboarding_id IN ($2) GROUP BY onboarding_id";
    CHANGE = "UPDATE outcome
              SET goal = $3, metric = $4, unit = $5, direction = $6, baseline = $7, target = $8, by_on = $9, proof = $10,
                  confirms = $11, rung = $12, first_value = $13, full_value = $14, promises = $15, agreed_by = $16,
                  agreed_at = $17, answer = $18, answered = $19, latest_on = $20, latest_value = $21, latest_holds = $22,
                  evidenced = $23, state = $24, version = version + 1
              WHERE workspace_id = $1 AND id = $2 AND version = $25";
    DELETE = "DELETE FROM outcome WHERE workspace_id = $1 AND id = $2 AND version = $3";
    NO_OTHER_FIRST = "UPDATE outcome SET first_value = FALSE, version = version + 1
                      WHERE workspace_id = $1 AND onboarding_id = $2 AND id <> $3 AND first_value = TRUE";
    NO_OTHER_FULL = "UPDATE outcome SET full_value = FALSE, version = version + 1
                     WHERE workspace_id = $1 AND onboarding_id = $2 AND id <> $3 AND full_value = TRUE";
}

/// An outcome of a joint impact plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Id.
    pub id: OutcomeId,
    /// Whose.
    pub onboarding: OnboardingId,
    /// Number inside the onboarding, from 1.
    pub number: i64,
    /// The goal in the customer's words.
    pub goal: String,
    /// What is measured; empty until it is agreed.
    pub metric: String,
    /// Unit of the figures; may be empty.
    pub unit: String,
    /// Which way the figure should go.
    pub direction: Direction,
    /// Where it stood before.
    pub baseline: Option<Amount>,
    /// What it should become.
    pub target: Option<Amount>,
    /// By when.
    pub by: Date,
    /// What will prove it.
    pub proof: String,
    /// Who of the customer confirms it, by name or role.
    pub confirms: String,
    /// Rung of the value ladder.
    pub rung: Option<i64>,
    /// It is the first value: the first outcome that proves the business case.
    pub first_value: bool,
    /// It is the full value: with it the business case is proven.
    pub full_value: bool,
    /// Ids of promises it keeps.
    pub promises: Vec<String>,
    /// Who of the customer agreed, and when.
    pub agreed: Option<(String, Timestamp)>,
    /// What the customer says to it.
    pub answer: Option<Answer>,
    /// The latest measurement and its day.
    pub latest: Option<(Date, Reading)>,
    /// Some measurement has evidence.
    pub evidenced: bool,
    /// What of the package it was made from; none when people made it.
    pub seed: Option<String>,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub made_at: Timestamp,
    /// Counts changes, from 1.
    pub version: i64,
}

impl Outcome {
    /// What people call it: `O-1`.
    #[must_use]
    pub fn code(&self) -> String {
        format!("O-{}", self.number)
    }

    /// The facts it stands on.
    #[must_use]
    pub fn ground(&self) -> Ground<'_> {
        Ground {
            agreed: self.agreed.is_some(),
            direction: self.direction,
            baseline: self.baseline,
            target: self.target,
            by: self.by,
            latest: self.latest.map(|(_, reading)| reading),
            answer: self.answer.as_ref(),
        }
    }

    /// Where it stands on a day.
    #[must_use]
    pub fn status(&self, today: Date) -> Status {
        self.ground().status(today)
    }

    /// It is reached, and nothing shows it: the customer cannot be asked before.
    #[must_use]
    pub fn lacks_evidence(&self) -> bool {
        self.status(Date::MIN) == Status::Reached && !self.evidenced
    }
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    onboarding_id: Uuid,
    number: i64,
    goal: String,
    metric: String,
    unit: String,
    direction: String,
    baseline: Option<i64>,
    target: Option<i64>,
    by_on: Day,
    proof: String,
    confirms: String,
    rung: Option<i64>,
    first_value: bool,
    full_value: bool,
    #[sqlx(json)]
    promises: Vec<String>,
    agreed_by: Option<String>,
    agreed_at: Option<Timestamp>,
    #[sqlx(json)]
    answer: Option<Answer>,
    latest_on: Option<Day>,
    latest_value: Option<i64>,
    latest_holds: bool,
    evidenced: bool,
    seed: Option<String>,
    made_by: String,
    made_at: Timestamp,
    version: i64,
}

impl TryFrom<Row> for Outcome {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let reading =
            Reading { value: row.latest_value.map(Amount::from_thousandths), holds: row.latest_holds };
        Ok(Self {
            id: OutcomeId::from(row.id),
            onboarding: OnboardingId::from(row.onboarding_id),
            number: row.number,
            goal: row.goal,
            metric: row.metric,
            unit: row.unit,
            direction: read("outcome", &row.direction)?,
            baseline: row.baseline.map(Amount::from_thousandths),
            target: row.target.map(Amount::from_thousandths),
            by: row.by_on.into(),
            proof: row.proof,
            confirms: row.confirms,
            rung: row.rung,
            first_value: row.first_value,
            full_value: row.full_value,
            promises: row.promises,
            agreed: row.agreed_by.zip(row.agreed_at),
            answer: row.answer,
            latest: row.latest_on.map(|on| (on.into(), reading)),
            evidenced: row.evidenced,
            seed: row.seed,
            made_by: row.made_by,
            made_at: row.made_at,
            version: row.version,
        })
    }
}

/// The word of where an outcome stands while its day has not passed.
fn state(outcome: &Outcome) -> &'static str {
    outcome.status(Date::MIN).word()
}

fn answered(outcome: &Outcome) -> &'static str {
    outcome.answer.as_ref().map_or("open", Answer::word)
}

/// What may change of an outcome, in the order both statements take it in.
fn changeable(outcome: &Outcome) -> Result<Vec<Value>, StoreError> {
    let (agreed_by, agreed_at) = outcome.agreed.clone().unzip();
    let reading = outcome.latest.map(|(_, reading)| reading);
    Ok(args![
        &outcome.goal,
        &outcome.metric,
        &outcome.unit,
        outcome.direction.word(),
        outcome.baseline.map(Amount::thousandths),
        outcome.target.map(Amount::thousandths),
        outcome.by,
        &outcome.proof,
        &outcome.confirms,
        outcome.rung,
        outcome.first_value,
        outcome.full_value,
        json("outcome", &outcome.promises)?,
        agreed_by,
        agreed_at,
        json("outcome", &outcome.answer)?,
        answered(outcome),
        outcome.latest.map(|(on, _)| on),
        reading.and_then(|reading| reading.value).map(Amount::thousandths),
        reading.is_some_and(|reading| reading.holds),
        outcome.evidenced,
        state(outcome),
    ])
}

fn row(workspace: WorkspaceId, outcome: &Outcome) -> Result<Vec<Value>, StoreError> {
    Ok(joined([
        args![workspace, outcome.id, outcome.onboarding, outcome.number],
        changeable(outcome)?,
        args![&outcome.seed, &outcome.made_by, outcome.made_at, outcome.version],
    ]))
}

/// Adds outcomes.
///
/// # Errors
/// [`StoreError::Conflict`] when a number is taken; or when the database fails.
pub async fn insert_all(tx: &mut Tx, workspace: WorkspaceId, all: &[Outcome]) -> Result<(), StoreError> {
    let rows: Result<Vec<_>, _> = all.iter().map(|outcome| row(workspace, outcome)).collect();
    tx.insert_all(INSERT, rows?).await
}

/// One outcome.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: OutcomeId) -> Result<Option<Outcome>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, id]).await
}

/// The outcomes of an onboarding by number.
///
/// # Errors
/// When the database fails.
pub async fn of_onboarding(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Outcome>, StoreError> {
    tx.list::<Row, _>(OF_ONBOARDING, args![workspace, onboarding]).await
}

/// The outcomes of many onboardings in order of their numbers.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub async fn of_onboardings(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, Vec<Outcome>>, StoreError> {
    tx.lists::<_, Row, _>(OF_ONBOARDINGS, args![workspace], onboardings).await
}

/// Which outcomes of a workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Those made before this one.
    pub before: Option<OutcomeId>,
    /// Those of this onboarding.
    pub onboarding: Option<OnboardingId>,
    /// Those that stand there on this day.
    pub status: Option<(Status, Date)>,
    /// At most so many.
    pub limit: u32,
}

/// Outcomes of a workspace, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn page(tx: &mut Tx, workspace: WorkspaceId, query: &Query) -> Result<Vec<Outcome>, StoreError> {
    let Query { before, onboarding, status, limit } = query;
    let word = |status: Status| Some(status.word().to_owned());
    // What is on its way is missed once its day has passed, if it was agreed; what is reached or verified stays so.
    let (state, past, ahead, missed) = match status {
        None => (None, None, None, None),
        Some((status @ (Status::Missed | Status::NeverAgreed), today)) => {
            (None, Some(*today), None, word(*status))
        }
        Some((status @ (Status::Reached | Status::Verified), _)) => (word(*status), None, None, None),
        Some((status, today)) => (word(*status), None, Some(*today), None),
    };
    let args = args![workspace, before.map(OutcomeId::uuid), *onboarding, state, past, ahead, missed, *limit];
    tx.list::<Row, _>(PAGE, args).await
}

/// The highest number in use; 0 without any.
///
/// # Errors
/// When the database fails.
pub async fn last_number(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<i64, StoreError> {
    tx.single_number(LAST_NUMBER, args![workspace, onboarding]).await
}

/// The highest numbers in use in many onboardings; whoever has none is not there.
///
/// # Errors
/// When the database fails.
pub async fn last_numbers(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, i64>, StoreError> {
    let found = tx.each::<_, (i64,), (i64,)>(LAST_NUMBERS, args![workspace], onboardings).await?;
    Ok(found.into_iter().map(|(id, (highest,))| (id, highest)).collect())
}

/// Keeps an outcome as it is now, in place of the version it says it was. False when it is not that version any
/// more. No other outcome of its onboarding stays first or full value when this one is.
///
/// # Errors
/// When the database fails.
pub async fn change(tx: &mut Tx, workspace: WorkspaceId, outcome: &Outcome) -> Result<bool, StoreError> {
    let row = joined([args![workspace, outcome.id], changeable(outcome)?, args![outcome.version]]);
    if tx.run(CHANGE, row).await? != 1 {
        return Ok(false);
    }
    alone(tx, workspace, outcome).await?;
    Ok(true)
}

/// There is one first and one full value: the other ones are none any more.
///
/// # Errors
/// When the database fails.
pub async fn alone(tx: &mut Tx, workspace: WorkspaceId, outcome: &Outcome) -> Result<(), StoreError> {
    let of = args![workspace, outcome.onboarding, outcome.id];
    if outcome.first_value {
        tx.run(NO_OTHER_FIRST, of.clone()).await?;
    }
    if outcome.full_value {
        tx.run(NO_OTHER_FULL, of).await?;
    }
    Ok(())
}

/// Takes an outcome away that is still this version, with its measurements.
///
/// # Errors
/// When the database fails.
pub async fn delete(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OutcomeId,
    version: i64,
) -> Result<bool, StoreError> {
    Ok(tx.run(DELETE, args![workspace, id, version]).await? == 1)
}
