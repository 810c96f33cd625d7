//! Surveys of onboardings: what is asked when, and where each stands.

pub(crate) mod asked;
pub mod counts;

use gangway_domain::deal::StakeholderRole;
use gangway_domain::ids::{OnboardingId, SurveyId, WorkspaceId};
use gangway_domain::methodology::Question;
use gangway_domain::survey::{Point, State};
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::{Value, args, json, read};

pub(crate) use asked::take_over;
pub use asked::{Person, Waiting, answer, answers, answers_of, ask, people, person, reminded, waiting};

/// The columns of a survey, with where its plan is.
macro_rules! columns {
    () => {
        "s.id, s.onboarding_id, s.number, s.survey, s.title, s.audience, s.questions, s.roles, s.target, s.after,
         s.after_days, s.planned_on, s.state, s.sent_at, s.sent_by, s.closes_on, s.because, s.version,
         COALESCE(m.planned_on, t.finishes_on) AS point_on,
         COALESCE(m.reached_on, t.finished_on) AS reached_on,
         (SELECT CAST(COUNT(*) AS BIGINT) FROM survey_person p
          WHERE p.workspace_id = s.workspace_id AND p.survey_id = s.id) AS asked,
         (SELECT CAST(COUNT(*) AS BIGINT) FROM survey_person p
          WHERE p.workspace_id = s.workspace_id AND p.survey_id = s.id AND p.began_at IS NOT NULL) AS answered
         FROM survey s
         LEFT JOIN milestone m ON m.workspace_id = s.workspace_id AND m.onboarding_id = s.onboarding_id
                              AND m.code = s.after
         LEFT JOIN task t ON t.workspace_id = s.workspace_id AND t.onboarding_id = s.onboarding_id
                         AND t.code = s.after"
    };
}

sql! {
    "survey";
    INSERT = "INSERT INTO survey
                (workspace_id, id, onboarding_id, number, survey, title, audience, questions, roles, target, after,
                 after_days, planned_on, state, sent_at, sent_by, closes_on, because, version)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
              ON CONFLICT (workspace_id, onboarding_id, number) DO NOTHING";
    GET = concat!("SELECT ", columns!(), " WHERE s.workspace_id = $1 AND s.id = $2");
    OF_ONBOARDING = concat!("SELECT ", columns!(), " WHERE s.workspace_id = $1 AND s.onboarding_id = $2
                             ORDER BY s.planned_on, s.number");
    PLANNED = concat!("SELECT ", columns!(), "
                       JOIN onboarding o ON o.workspace_id = s.workspace_id AND o.id = s.onboarding_id
                       WHERE s.workspace_id = $1 AND s.state = 'planned'
                         AND o.state_name IN ('running', 'completed')
                       ORDER BY s.planned_on, s.id");
    OPEN = concat!("SELECT ", columns!(), " WHERE s.workspace_id = $1 AND s.state = 'sent' ORDER BY s.id");
    LAST_NUMBER = "SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM survey
                   WHERE workspace_id = $1 AND onboarding_id = $2";
    FORGET_PLANNED = "DELETE FROM survey
                      WHERE workspace_id = $1 AND onboarding_id = $2 AND state = 'planned' AND after <> ''";
    CHANGE = "UPDATE survey SET state = $3, sent_at = $4, sent_by = $5, closes_on = $6, because = $7, planned_on = $8,
                                version = version + 1
              WHERE workspace_id = $1 AND id = $2 AND version = $9";
}

/// A survey at its moment in an onboarding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// Id.
    pub id: SurveyId,
    /// Of which onboarding.
    pub onboarding: OnboardingId,
    /// Its place among them, from 1.
    pub number: i64,
    /// Id in the methodology.
    pub survey: String,
    /// Title people see.
    pub title: String,
    /// Who is asked, in words.
    pub audience: String,
    /// What is asked.
    pub questions: Vec<Question>,
    /// Roles of stakeholders who are asked; everybody when empty.
    pub roles: Vec<StakeholderRole>,
    /// Response rate aimed at, percent.
    pub target: i64,
    /// Task or milestone (code) after which it goes out; empty for a day of its own.
    pub after: String,
    /// Calendar days after that.
    pub after_days: i64,
    /// The day it was planned for, or was given by hand.
    pub planned_on: Date,
    /// Where it stands.
    pub state: State,
    /// When it went out.
    pub sent_at: Option<Timestamp>,
    /// Who sent it; empty before.
    pub sent_by: String,
    /// The last day on which people answer.
    pub closes_on: Option<Date>,
    /// Why it was skipped; empty when it was not.
    pub because: String,
    /// What it waits for, where the plan has it now; not written.
    pub point: Option<Point>,
    /// How many are asked; not written.
    pub asked: i64,
    /// How many have begun to answer; not written.
    pub answered: i64,
    /// Counts changes, from 1.
    pub version: i64,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    onboarding_id: Uuid,
    number: i64,
    survey: String,
    title: String,
    audience: String,
    #[sqlx(json)]
    questions: Vec<Question>,
    #[sqlx(json)]
    roles: Vec<StakeholderRole>,
    target: i64,
    after: String,
    after_days: i64,
    planned_on: Day,
    state: String,
    sent_at: Option<Timestamp>,
    sent_by: String,
    closes_on: Option<Day>,
    because: String,
    version: i64,
    point_on: Option<Day>,
    reached_on: Option<Day>,
    asked: i64,
    answered: i64,
}

impl TryFrom<Row> for Survey {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let reached_on = row.reached_on.map(Date::from);
        Ok(Self {
            id: SurveyId::from(row.id),
            onboarding: OnboardingId::from(row.onboarding_id),
            number: row.number,
            survey: row.survey,
            title: row.title,
            audience: row.audience,
            questions: row.questions,
            roles: row.roles,
            target: row.target,
            after: row.after,
            after_days: row.after_days,
            planned_on: row.planned_on.into(),
            state: read("survey", &row.state)?,
            sent_at: row.sent_at,
            sent_by: row.sent_by,
            closes_on: row.closes_on.map(Date::from),
            because: row.because,
            point: row.point_on.map(|day| Point { planned_on: day.into(), reached_on }),
            asked: row.asked,
            answered: row.answered,
            version: row.version,
        })
    }
}

/// Adds a survey unless the onboarding has one of this number.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, survey: &Survey) -> Result<(), StoreError> {
    tx.run(INSERT, row(workspace, survey)?).await?;
    Ok(())
}

/// Adds surveys, but for those whose onboarding has one of their number.
///
/// # Errors
/// When the database fails.
pub async fn insert_all(tx: &mut Tx, workspace: WorkspaceId, surveys: &[Survey]) -> Result<(), StoreError> {
    let rows: Result<Vec<_>, _> = surveys.iter().map(|survey| row(workspace, survey)).collect();
    tx.upsert_all(INSERT, rows?).await
}

fn row(workspace: WorkspaceId, survey: &Survey) -> Result<Vec<Value>, StoreError> {
    Ok(args![
        workspace,
        survey.id.uuid(),
        survey.onboarding,
        survey.number,
        &survey.survey,
        &survey.title,
        &survey.audience,
        json("survey", &survey.questions)?,
        json("survey", &survey.roles)?,
        survey.target,
        &survey.after,
        survey.after_days,
        survey.planned_on,
        survey.state.word(),
        survey.sent_at,
        &survey.sent_by,
        survey.closes_on,
        &survey.because,
        survey.version,
    ])
}

/// One survey.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: SurveyId) -> Result<Option<Survey>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, id.uuid()]).await
}

/// The surveys of an onboarding, in order of their days.
///
/// # Errors
/// When the database fails.
pub async fn of_onboarding(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Survey>, StoreError> {
    tx.list::<Row, _>(OF_ONBOARDING, args![workspace, onboarding]).await
}

/// Surveys that have not gone out, of onboardings that run or have run to their end.
///
/// # Errors
/// When the database fails.
pub async fn planned(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<Survey>, StoreError> {
    tx.list::<Row, _>(PLANNED, args![workspace]).await
}

/// Surveys people answer now.
///
/// # Errors
/// When the database fails.
pub async fn open(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<Survey>, StoreError> {
    tx.list::<Row, _>(OPEN, args![workspace]).await
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

/// Forgets the surveys of an onboarding's programme that have not gone out.
///
/// # Errors
/// When the database fails.
pub async fn forget_planned(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<(), StoreError> {
    tx.run(FORGET_PLANNED, args![workspace, onboarding]).await?;
    Ok(())
}

/// Keeps where a survey stands, in place of the version it says it was. False when it is not that version any more.
///
/// # Errors
/// When the database fails.
pub async fn change(tx: &mut Tx, workspace: WorkspaceId, survey: &Survey) -> Result<bool, StoreError> {
    let row = args![
        workspace,
        survey.id.uuid(),
        survey.state.word(),
        survey.sent_at,
        &survey.sent_by,
        survey.closes_on,
        &survey.because,
        survey.planned_on,
        survey.version,
    ];
    Ok(tx.run(CHANGE, row).await? == 1)
}
