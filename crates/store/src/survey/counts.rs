//! What surveys say over several onboardings: of an account, or of the workspace.

use std::collections::BTreeMap;

use gangway_domain::ids::{AccountId, OnboardingId, SurveyId, WorkspaceId};
use gangway_domain::methodology::Question;
use gangway_domain::survey::Answer;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "survey::counts";
    RATES = "SELECT s.survey, MAX(s.title) AS title, CAST(MAX(s.target) AS BIGINT) AS target,
                    CAST(COUNT(DISTINCT s.id) AS BIGINT) AS sent,
                    CAST(COUNT(p.contact_id) AS BIGINT) AS asked,
                    CAST(COUNT(p.began_at) AS BIGINT) AS answered
             FROM survey s
             JOIN onboarding o ON o.workspace_id = s.workspace_id AND o.id = s.onboarding_id
             LEFT JOIN survey_person p ON p.workspace_id = s.workspace_id AND p.survey_id = s.id
             WHERE s.workspace_id = $1 AND s.state IN ('sent', 'closed') AND (o.account_id = $2 OR $2 IS NULL)
             GROUP BY s.survey ORDER BY s.survey";
    OF_ONBOARDINGS = "SELECT s.id, s.questions, s.sent_at,
                             (SELECT CAST(COUNT(*) AS BIGINT) FROM survey_person p
                              WHERE p.workspace_id = s.workspace_id AND p.survey_id = s.id) AS asked,
                             (SELECT CAST(COUNT(*) AS BIGINT) FROM survey_person p
                              WHERE p.workspace_id = s.workspace_id AND p.survey_id = s.id
                                AND p.began_at IS NOT NULL) AS answered,
                             s.onboarding_id AS of_id
                      FROM survey s
                      WHERE s.workspace_id = $1 AND s.onboarding_id IN ($2) ORDER BY s.planned_on, s.number";
    ANSWERS_OF = "SELECT a.question, a.aspect, a.number, a.text, a.survey_id AS of_id FROM survey_answer a
                  WHERE a.workspace_id = $1 AND a.survey_id IN ($2) ORDER BY a.contact_id, a.question, a.aspect";
    ASKED = "SELECT s.survey, s.questions FROM survey s
             JOIN onboarding o ON o.workspace_id = s.workspace_id AND o.id = s.onboarding_id
             JOIN (SELECT i.survey, MAX(i.sent_at) AS sent_at FROM survey i
                   JOIN onboarding a ON a.workspace_id = i.workspace_id AND a.id = i.onboarding_id
                   WHERE i.workspace_id = $1 AND i.state IN ('sent', 'closed')
                     AND (a.account_id = $2 OR $2 IS NULL)
                   GROUP BY i.survey) n
               ON n.survey = s.survey AND n.sent_at = s.sent_at
             WHERE s.workspace_id = $1 AND s.state IN ('sent', 'closed') AND (o.account_id = $2 OR $2 IS NULL)";
    COUNTS = "SELECT s.survey, a.question, a.aspect, a.number, a.text AS chosen, CAST(COUNT(*) AS BIGINT) AS people
              FROM survey_answer a
              JOIN survey s ON s.workspace_id = a.workspace_id AND s.id = a.survey_id
              JOIN onboarding o ON o.workspace_id = s.workspace_id AND o.id = s.onboarding_id
              WHERE a.workspace_id = $1 AND (o.account_id = $2 OR $2 IS NULL)
              GROUP BY s.survey, a.question, a.aspect, a.number, a.text
              ORDER BY s.survey, a.question, a.aspect, a.number, a.text";
}

/// How many answered a kind of survey, over several onboardings.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Rate {
    /// Id in the methodology.
    pub survey: String,
    /// Title.
    pub title: String,
    /// Response rate aimed at, percent.
    pub target: i64,
    /// How often it was sent.
    pub sent: i64,
    /// How many were asked.
    pub asked: i64,
    /// How many answered.
    pub answered: i64,
}

/// Response rates by kind of survey, of an account or of the workspace.
///
/// # Errors
/// When the database fails.
pub async fn rates(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: Option<AccountId>,
) -> Result<Vec<Rate>, StoreError> {
    tx.all(RATES, args![workspace, account]).await
}

#[derive(FromRow)]
struct AskedRow {
    survey: String,
    #[sqlx(json)]
    questions: Vec<Question>,
}

/// The questions of each kind of survey as they were asked last, of an account or of the workspace.
///
/// # Errors
/// When the database fails.
pub async fn asked(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: Option<AccountId>,
) -> Result<BTreeMap<String, Vec<Question>>, StoreError> {
    let rows: Vec<AskedRow> = tx.all(ASKED, args![workspace, account]).await?;
    Ok(rows.into_iter().map(|row| (row.survey, row.questions)).collect())
}

/// How many gave an answer to a question of a kind of survey.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Counted {
    /// Id of the survey in the methodology.
    pub survey: String,
    /// The question (id).
    pub question: String,
    /// The aspect; empty for the question itself.
    pub aspect: String,
    /// The number, where it is one.
    pub number: Option<i64>,
    /// The choice or the words.
    pub chosen: String,
    /// How many.
    pub people: i64,
}

/// Answers counted by kind of survey, of an account or of the workspace.
///
/// # Errors
/// When the database fails.
pub async fn counts(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: Option<AccountId>,
) -> Result<Vec<Counted>, StoreError> {
    tx.all(COUNTS, args![workspace, account]).await
}

/// A survey with how many were asked and answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Id.
    pub id: SurveyId,
    /// What is asked.
    pub questions: Vec<Question>,
    /// When it went out.
    pub sent_at: Option<Timestamp>,
    /// How many were asked.
    pub asked: i64,
    /// How many have begun to answer.
    pub answered: i64,
}

#[derive(FromRow)]
struct AnsweredRow {
    id: Uuid,
    #[sqlx(json)]
    questions: Vec<Question>,
    sent_at: Option<Timestamp>,
    asked: i64,
    answered: i64,
}

impl From<AnsweredRow> for Answered {
    fn from(row: AnsweredRow) -> Self {
        let AnsweredRow { id, questions, sent_at, asked, answered } = row;
        Self { id: SurveyId::from(id), questions, sent_at, asked, answered }
    }
}

/// The surveys of many onboardings, in the order they are planned in.
///
/// # Errors
/// When the database fails.
pub async fn of_onboardings(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, Vec<Answered>>, StoreError> {
    tx.lists::<_, AnsweredRow, _>(OF_ONBOARDINGS, args![workspace], onboardings).await
}

#[derive(FromRow)]
struct AnswerRow {
    question: String,
    aspect: String,
    number: Option<i64>,
    text: String,
}

impl From<AnswerRow> for Answer {
    fn from(row: AnswerRow) -> Self {
        let AnswerRow { question, aspect, number, text } = row;
        Self { question, aspect, number, text }
    }
}

/// What was answered to many surveys, whoever did.
///
/// # Errors
/// When the database fails.
pub async fn answers_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    surveys: &[SurveyId],
) -> Result<BTreeMap<SurveyId, Vec<Answer>>, StoreError> {
    tx.lists::<_, AnswerRow, _>(ANSWERS_OF, args![workspace], surveys).await
}
