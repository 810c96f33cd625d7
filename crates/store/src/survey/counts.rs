//! What surveys say over several onboardings: of an account, or of the workspace.

use std::collections::BTreeMap;

use gangway_domain::ids::{AccountId, WorkspaceId};
use gangway_domain::methodology::Question;
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
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
