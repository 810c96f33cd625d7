//! Who is asked in a survey, and what they answered.

use gangway_domain::ids::{ContactId, OnboardingId, SurveyId, WorkspaceId};
use gangway_domain::survey::Answer;
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::args;

sql! {
    "survey::asked";
    ASK = "INSERT INTO survey_person
             (workspace_id, survey_id, contact_id, name, email, mailed, reminded_at, began_at, answered_at)
           VALUES ($1, $2, $3, $4, $5, $6, NULL, NULL, NULL)
           ON CONFLICT (workspace_id, survey_id, contact_id) DO NOTHING";
    PEOPLE = "SELECT contact_id, name, email, mailed, reminded_at, began_at, answered_at FROM survey_person
              WHERE workspace_id = $1 AND survey_id = $2 ORDER BY name, contact_id";
    PERSON = "SELECT contact_id, name, email, mailed, reminded_at, began_at, answered_at FROM survey_person
              WHERE workspace_id = $1 AND survey_id = $2 AND contact_id = $3";
    REMINDED = "UPDATE survey_person SET reminded_at = $4
                WHERE workspace_id = $1 AND survey_id = $2 AND contact_id = $3";
    BEGAN = "UPDATE survey_person SET began_at = COALESCE(began_at, $4), answered_at = COALESCE($5, answered_at)
             WHERE workspace_id = $1 AND survey_id = $2 AND contact_id = $3";
    ANSWER = "INSERT INTO survey_answer
                (workspace_id, survey_id, contact_id, question, aspect, number, text, answered_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
              ON CONFLICT (workspace_id, survey_id, contact_id, question, aspect)
              DO UPDATE SET number = excluded.number, text = excluded.text, answered_at = excluded.answered_at";
    FORGET = "DELETE FROM survey_answer
              WHERE workspace_id = $1 AND survey_id = $2 AND contact_id = $3 AND question = $4 AND aspect = $5";
    ANSWERS = "SELECT contact_id, question, aspect, number, text FROM survey_answer
               WHERE workspace_id = $1 AND survey_id = $2 ORDER BY contact_id, question, aspect";
    ANSWERS_OF = "SELECT contact_id, question, aspect, number, text FROM survey_answer
                  WHERE workspace_id = $1 AND survey_id = $2 AND contact_id = $3 ORDER BY question, aspect";
    OF_CONTACT = "SELECT s.id, s.title, s.closes_on FROM survey s
                  JOIN survey_person p ON p.workspace_id = s.workspace_id AND p.survey_id = s.id
                  WHERE s.workspace_id = $1 AND s.onboarding_id = $2 AND p.contact_id = $3 AND s.state = 'sent'
                    AND p.answered_at IS NULL
                  ORDER BY s.closes_on, s.id";
    MOVE = "UPDATE survey_person SET contact_id = $3
            WHERE workspace_id = $1 AND contact_id = $2
              AND NOT EXISTS (SELECT 1 FROM survey_person o
                              WHERE o.workspace_id = survey_person.workspace_id
                                AND o.survey_id = survey_person.survey_id AND o.contact_id = $3)";
}

/// Somebody who is asked.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Person {
    /// Who.
    #[sqlx(try_from = "Uuid", rename = "contact_id")]
    pub contact: ContactId,
    /// Their name.
    pub name: String,
    /// Their mail address; empty without one.
    pub email: String,
    /// They were told by mail.
    pub mailed: bool,
    /// When they were reminded.
    pub reminded_at: Option<Timestamp>,
    /// When they gave their first answer.
    pub began_at: Option<Timestamp>,
    /// When they said that it is all.
    pub answered_at: Option<Timestamp>,
}

/// Asks people; whoever is asked already stays as they are.
///
/// # Errors
/// When the database fails.
pub async fn ask(
    tx: &mut Tx,
    workspace: WorkspaceId,
    survey: SurveyId,
    people: &[Person],
) -> Result<(), StoreError> {
    for one in people {
        tx.run(ASK, args![workspace, survey.uuid(), one.contact, &one.name, &one.email, one.mailed]).await?;
    }
    Ok(())
}

/// Who is asked, by name.
///
/// # Errors
/// When the database fails.
pub async fn people(
    tx: &mut Tx,
    workspace: WorkspaceId,
    survey: SurveyId,
) -> Result<Vec<Person>, StoreError> {
    tx.all(PEOPLE, args![workspace, survey.uuid()]).await
}

/// One of those who are asked.
///
/// # Errors
/// When the database fails.
pub async fn person(
    tx: &mut Tx,
    workspace: WorkspaceId,
    survey: SurveyId,
    contact: ContactId,
) -> Result<Option<Person>, StoreError> {
    tx.optional(PERSON, args![workspace, survey.uuid(), contact]).await
}

/// Notes that somebody was reminded.
///
/// # Errors
/// When the database fails.
pub async fn reminded(
    tx: &mut Tx,
    workspace: WorkspaceId,
    survey: SurveyId,
    contact: ContactId,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.run(REMINDED, args![workspace, survey.uuid(), contact, at]).await?;
    Ok(())
}

/// Keeps what somebody answered, in place of what they answered before; `nothing` are questions and aspects they
/// answer no more. `whole`: they say that it is all.
///
/// # Errors
/// When the database fails.
pub async fn answer(
    tx: &mut Tx,
    workspace: WorkspaceId,
    survey: SurveyId,
    contact: ContactId,
    answers: &[Answer],
    nothing: &[(String, String)],
    (at, whole): (Timestamp, bool),
) -> Result<(), StoreError> {
    for (question, aspect) in nothing {
        tx.run(FORGET, args![workspace, survey.uuid(), contact, question, aspect]).await?;
    }
    for Answer { question, aspect, number, text } in answers {
        tx.run(ANSWER, args![workspace, survey.uuid(), contact, question, aspect, *number, text, at]).await?;
    }
    let finished = whole.then_some(at);
    tx.run(BEGAN, args![workspace, survey.uuid(), contact, at, finished]).await?;
    Ok(())
}

#[derive(FromRow)]
struct AnswerRow {
    contact_id: Uuid,
    question: String,
    aspect: String,
    number: Option<i64>,
    text: String,
}

/// What was answered, with whom by.
///
/// # Errors
/// When the database fails.
pub async fn answers(
    tx: &mut Tx,
    workspace: WorkspaceId,
    survey: SurveyId,
) -> Result<Vec<(ContactId, Answer)>, StoreError> {
    let rows: Vec<AnswerRow> = tx.all(ANSWERS, args![workspace, survey.uuid()]).await?;
    let read = |row: AnswerRow| {
        let AnswerRow { contact_id, question, aspect, number, text } = row;
        (ContactId::from(contact_id), Answer { question, aspect, number, text })
    };
    Ok(rows.into_iter().map(read).collect())
}

/// What one contact answered to a survey.
///
/// # Errors
/// When the database fails.
pub async fn answers_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    survey: SurveyId,
    contact: ContactId,
) -> Result<Vec<Answer>, StoreError> {
    let rows: Vec<AnswerRow> = tx.all(ANSWERS_OF, args![workspace, survey.uuid(), contact]).await?;
    let read = |row: AnswerRow| {
        let AnswerRow { contact_id: _, question, aspect, number, text } = row;
        Answer { question, aspect, number, text }
    };
    Ok(rows.into_iter().map(read).collect())
}

/// A survey that waits for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Id.
    pub id: SurveyId,
    /// Title.
    pub title: String,
    /// The last day.
    pub closes_on: Option<Date>,
}

#[derive(FromRow)]
struct WaitingRow {
    id: Uuid,
    title: String,
    closes_on: Option<Day>,
}

/// The surveys of an onboarding that wait for a contact.
///
/// # Errors
/// When the database fails.
pub async fn waiting(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    contact: ContactId,
) -> Result<Vec<Waiting>, StoreError> {
    let rows: Vec<WaitingRow> = tx.all(OF_CONTACT, args![workspace, onboarding, contact]).await?;
    let read = |row: WaitingRow| Waiting {
        id: SurveyId::from(row.id),
        title: row.title,
        closes_on: row.closes_on.map(Date::from),
    };
    Ok(rows.into_iter().map(read).collect())
}

/// What a contact was asked becomes what the one they are merged into was asked.
///
/// # Errors
/// When the database fails.
pub(crate) async fn take_over(
    tx: &mut Tx,
    workspace: WorkspaceId,
    gone: ContactId,
    into: ContactId,
) -> Result<(), StoreError> {
    tx.run(MOVE, args![workspace, gone, into]).await?;
    Ok(())
}
