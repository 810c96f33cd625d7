//! Surveys of onboardings: planned, sent, answered; and what customers say over an account or the workspace.

use axum::Json;
use axum::extract::State as Shared;
use gangway_app::survey::{self, Line, OfKind, Person};
use gangway_domain::ids::{AccountId, ContactId};
use gangway_domain::survey::Summary;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::instant;
use crate::Api;
use crate::caller::{Caller, Here, Sent};
use crate::etag::{IfMatch, changed, created};
use crate::input::{QueryOf, several};
use crate::page::{Page, id};
use crate::problem::{Answer, Problem};

/// A survey at its moment in an onboarding.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Survey)]
pub(crate) struct SurveyOut {
    /// Id.
    id: String,
    /// Of which onboarding.
    onboarding: String,
    /// Id in the methodology.
    survey: String,
    /// Title people see.
    title: String,
    /// Who is asked, in words.
    audience: String,
    /// `planned`, `sent`, `closed` or `skipped`.
    state: String,
    /// The day it goes, or was to go, out, as the plan stands now.
    on: Date,
    /// What it asks about has happened: it goes out on that day by itself.
    ready: bool,
    /// When it went out.
    #[schema(required = true)]
    sent_at: Option<jiff::Timestamp>,
    /// The last day on which people answer.
    #[schema(required = true)]
    closes_on: Option<Date>,
    /// Why it was skipped; empty when it was not.
    because: String,
    /// How many are asked.
    asked: i64,
    /// How many answered.
    answered: i64,
    /// Share of people who answered, percent; null before anybody was asked.
    #[schema(required = true)]
    response_percent: Option<i64>,
    /// The share aimed at, percent.
    target_percent: i64,
    /// Counts changes, from 1; the ETag is made of it.
    version: i64,
}

fn out(line: Line) -> SurveyOut {
    let Line { survey, on, ready, response } = line;
    SurveyOut {
        id: survey.id.to_string(),
        onboarding: survey.onboarding.to_string(),
        survey: survey.survey,
        title: survey.title,
        audience: survey.audience,
        state: survey.state.word().to_owned(),
        on,
        ready,
        sent_at: survey.sent_at.map(instant),
        closes_on: survey.closes_on,
        because: survey.because,
        asked: survey.asked,
        answered: survey.answered,
        response_percent: response,
        target_percent: survey.target,
        version: survey.version,
    }
}

/// A question with what was answered to it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyResult)]
pub(crate) struct ResultOut {
    /// The question (id).
    question: String,
    /// `nps`, `csat`, `ces`, `rating5`, `scale10`, `choice` or `text`.
    kind: String,
    /// The question.
    text: String,
    /// The aspect that is rated; empty for the question itself.
    aspect: String,
    /// How many answered.
    answers: i64,
    /// What they say together, in words: `NPS 40`, `80 % satisfied`, `4.25 of 5`.
    result: String,
    /// How often each value was chosen, in order of the scale or the choices.
    spread: Vec<CountOut>,
    /// What was written.
    said: Vec<String>,
}

/// How often a value was chosen.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyCount)]
pub(crate) struct CountOut {
    /// The value.
    value: String,
    /// How many people.
    people: i64,
}

fn result(summary: Summary) -> ResultOut {
    ResultOut {
        result: summary.words(),
        question: summary.question,
        kind: summary.kind,
        text: summary.text,
        aspect: summary.aspect,
        answers: summary.answers,
        spread: summary.spread.into_iter().map(|(value, people)| CountOut { value, people }).collect(),
        said: summary.said,
    }
}

/// Somebody who is asked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyPerson)]
pub(crate) struct PersonOut {
    /// Id of the contact.
    contact: String,
    /// Their name.
    name: String,
    /// A mail went out; else they are asked in the portal only.
    mailed: bool,
    /// When they gave their first answer.
    #[schema(required = true)]
    answered_at: Option<jiff::Timestamp>,
    /// What they answered.
    answers: Vec<AnswerOut>,
}

/// What somebody answered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyAnswer)]
pub(crate) struct AnswerOut {
    /// The question (id).
    question: String,
    /// The aspect that is rated; empty for the question itself.
    aspect: String,
    /// The number, where it is one.
    #[schema(required = true)]
    number: Option<i64>,
    /// The choice or the words; empty where it is a number.
    text: String,
}

/// A survey with what was answered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SurveyInFull)]
pub(crate) struct SurveyInFull {
    #[serde(flatten)]
    survey: SurveyOut,
    /// What the answers say together.
    results: Vec<ResultOut>,
    /// Who is asked; before it is sent, who would be.
    people: Vec<PersonOut>,
}

/// List the surveys of an onboarding
///
/// In order of their days.
#[utoipa::path(get, path = "/onboardings/{id}/surveys", operation_id = "list_surveys", tag = "Feedback",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "All of them.", body = Page<SurveyOut>)))]
pub(crate) async fn list(Here(api, caller, names): Here) -> Result<Json<Page<SurveyOut>>, Problem> {
    let seen = survey::of_onboarding(&api.app, &caller.actor, names.id("onboarding")?).await?;
    Ok(Json(Page::whole(seen.lines.into_iter().map(out))))
}

/// Get a survey
///
/// With who was asked and what was answered.
#[utoipa::path(get, path = "/surveys/{id}", operation_id = "get_survey", tag = "Feedback",
    params(("id" = String, Path, description = "Id of the survey.", example = "sur_01900000000070008000000000000001")),
    responses((status = 200, description = "The survey.", body = SurveyInFull, headers(("ETag" = String)))))]
pub(crate) async fn get(Here(api, caller, names): Here) -> Answer {
    let seen = survey::get(&api.app, &caller.actor, names.id("survey")?).await?;
    let version = seen.line.survey.version;
    let answers = seen.answers;
    let person = |one: Person| PersonOut {
        answers: answers
            .iter()
            .filter(|(who, _)| *who == one.contact)
            .map(|(_, answer)| AnswerOut {
                question: answer.question.clone(),
                aspect: answer.aspect.clone(),
                number: answer.number,
                text: answer.text.clone(),
            })
            .collect(),
        contact: one.contact.to_string(),
        name: one.name,
        mailed: one.mailed,
        answered_at: one.began_at.map(instant),
    };
    let full = SurveyInFull {
        people: seen.people.into_iter().map(person).collect(),
        results: seen.summaries.into_iter().map(result).collect(),
        survey: out(seen.line),
    };
    // Answers come in without a new version.
    Ok(changed(version, Json(full)))
}

/// A survey that is planned by hand.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSurvey, example = json!({ "survey": "midpoint", "on": "2027-03-01" }))]
pub(crate) struct SurveyIn {
    /// Id in the methodology.
    survey: String,
    /// The day it goes out.
    on: Date,
}

/// Plan a survey
#[utoipa::path(post, path = "/onboardings/{id}/surveys", operation_id = "plan_survey", tag = "Feedback",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = SurveyIn),
    responses((status = 201, description = "The survey.", body = SurveyInFull,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn create(Sent(api, caller, names, sent): Sent<SurveyIn>) -> Answer {
    let SurveyIn { survey: kind, on } = sent;
    let made = survey::add(&api.app, &caller.actor, names.id("onboarding")?, &kind, on).await?;
    let seen = survey::get(&api.app, &caller.actor, made.id).await?;
    let location = format!("/api/v1/surveys/{}", made.id);
    let full = SurveyInFull { survey: out(seen.line), results: Vec::new(), people: Vec::new() };
    Ok(created(made.version, location, Json(full)))
}

/// A step of a survey.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SurveyStep, example = json!({ "step": "send" }))]
pub(crate) struct StepIn {
    /// `send`, `skip`, `plan` (a skipped one again) or `close`.
    step: String,
    /// Why it is skipped.
    #[serde(default)]
    because: String,
    /// Ids of the contacts it is sent to; whom it is for when left out.
    people: Option<Vec<String>>,
}

/// Take a step with a survey
#[utoipa::path(post, path = "/surveys/{id}/steps", operation_id = "step_survey", tag = "Feedback",
    params(("id" = String, Path, description = "Id of the survey.", example = "sur_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = StepIn),
    responses((status = 200, description = "The survey as it is now.", body = SurveyInFull, headers(("ETag" = String)))))]
pub(crate) async fn step(version: IfMatch, Sent(api, caller, names, sent): Sent<StepIn>) -> Answer {
    let StepIn { step, because, people } = sent;
    let id = names.id("survey")?;
    let version = version.required()?;
    let (app, actor) = (&api.app, &caller.actor);
    match step.as_str() {
        "send" => {
            let only: Option<Vec<ContactId>> = people.map(|ids| several("people", &ids)).transpose()?;
            survey::send(app, actor, id, version, only).await?;
        }
        "skip" => {
            survey::skip(app, actor, id, version, &because).await?;
        }
        "plan" => {
            survey::plan_again(app, actor, id, version).await?;
        }
        "close" => {
            survey::close(app, actor, id, version).await?;
        }
        _ => return Err(Problem::field("step", "must be send, skip, plan or close")),
    }
    get(Here(api, caller, names)).await
}

/// Whose feedback.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FeedbackQuery {
    /// Only what people of this account (id) said.
    account: Option<String>,
}

/// A kind of survey with what was answered to it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Feedback)]
pub(crate) struct FeedbackOut {
    /// Id in the methodology.
    survey: String,
    /// Title.
    title: String,
    /// How often it was sent.
    sent: i64,
    /// How many were asked.
    asked: i64,
    /// How many answered.
    answered: i64,
    /// Share of people who answered, percent; null before anybody was asked.
    #[schema(required = true)]
    response_percent: Option<i64>,
    /// The share aimed at, percent.
    target_percent: i64,
    /// What the answers say together.
    results: Vec<ResultOut>,
}

impl From<OfKind> for FeedbackOut {
    fn from(of: OfKind) -> Self {
        Self {
            survey: of.survey,
            title: of.title,
            sent: of.sent,
            asked: of.asked,
            answered: of.answered,
            response_percent: of.response,
            target_percent: of.target,
            results: of.summaries.into_iter().map(result).collect(),
        }
    }
}

/// Get what customers say
///
/// Every kind of survey with its response rate and results, over the workspace or one account.
#[utoipa::path(get, path = "/feedback", operation_id = "get_feedback", tag = "Feedback",
    params(FeedbackQuery),
    responses((status = 200, description = "By kind of survey.", body = Page<FeedbackOut>)))]
pub(crate) async fn feedback(
    Shared(api): Shared<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<FeedbackQuery>,
) -> Result<Json<Page<FeedbackOut>>, Problem> {
    let account = id::<AccountId>("account", query.account.as_deref())?;
    let kinds = survey::results(&api.app, &caller.actor, account).await?;
    Ok(Json(Page::whole(kinds.into_iter().map(FeedbackOut::from))))
}
