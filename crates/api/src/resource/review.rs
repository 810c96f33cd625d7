//! The weekly review of an onboarding's signals, and rules tried on what is known of it.

use std::collections::BTreeMap;

use axum::Json;
use gangway_app::health::{self, FactRead, Tested};
use gangway_app::signal::{self, Question, ReviewSheet, Said};
use gangway_domain::rule::{FactValue, Truth};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::instant;
use crate::caller::{Here, Sent};
use crate::etag::{IfMatch, changed};
use crate::problem::{Answer, Problem};

/// The review of this week.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SignalReview)]
pub(crate) struct ReviewOut {
    /// Of which onboarding.
    onboarding: String,
    /// The Monday of the week.
    week: Date,
    /// The questions, in order.
    questions: Vec<QuestionOut>,
    /// How many are answered with no.
    concerns: usize,
    /// Who kept it last; empty before.
    by: String,
    /// Reviews of earlier weeks, the newest first.
    earlier: Vec<ReviewedOut>,
    /// Counts how often it was kept, 0 before; the ETag is made of it.
    version: i64,
}

/// A question of the review.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SignalReviewQuestion)]
pub(crate) struct QuestionOut {
    /// Id in the checklist of the methodology.
    id: String,
    /// Title of its group.
    group: String,
    /// The question.
    text: String,
    /// What the facts say; null where they do not tell.
    #[schema(required = true)]
    computed: Option<bool>,
    /// The facts in words.
    words: String,
    /// What counts: what somebody said this week, else the facts.
    #[schema(required = true)]
    answer: Option<bool>,
    /// What somebody remarked.
    note: String,
}

/// A review of an earlier week.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EarlierSignalReview)]
pub(crate) struct ReviewedOut {
    /// The Monday of the week.
    week: Date,
    /// Questions answered with no.
    concerns: i64,
    /// Who kept it.
    by: String,
}

impl From<Question> for QuestionOut {
    fn from(one: Question) -> Self {
        Self {
            answer: one.answer(),
            note: one.said.map(|said| said.note).unwrap_or_default(),
            id: one.id,
            group: one.group,
            text: one.text,
            computed: one.computed,
            words: one.words,
        }
    }
}

impl From<ReviewSheet> for ReviewOut {
    fn from(sheet: ReviewSheet) -> Self {
        let earlier = sheet.earlier.into_iter();
        let earlier = earlier.map(|one| ReviewedOut { week: one.week, concerns: one.concerns, by: one.by });
        Self {
            onboarding: sheet.head.id.to_string(),
            week: sheet.week,
            questions: sheet.questions.into_iter().map(QuestionOut::from).collect(),
            concerns: sheet.concerns,
            by: sheet.by,
            earlier: earlier.collect(),
            version: sheet.version,
        }
    }
}

/// Get the weekly review of an onboarding's signals
///
/// Filled in from the facts where they tell.
#[utoipa::path(get, path = "/onboardings/{id}/signal-review", operation_id = "get_signal_review", tag = "Health",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "The review of this week.", body = ReviewOut, headers(("ETag" = String)))))]
pub(crate) async fn get(Here(api, caller, names): Here) -> Answer {
    let sheet = signal::review(&api.app, &caller.actor, names.id("onboarding")?).await?;
    Ok(changed(sheet.version, Json(ReviewOut::from(sheet))))
}

/// What somebody says to questions of the review.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SignalReviewAnswers, example = json!({ "answers": { "response": { "yes": false, "note": "Two days for a yes" } } }))]
pub(crate) struct ReviewIn {
    /// Answers by the id of their question; the facts answer what is left out.
    answers: BTreeMap<String, SaidIn>,
}

/// What somebody says to a question.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SignalReviewAnswer)]
pub(crate) struct SaidIn {
    /// Yes is good; left out where nobody can tell.
    yes: Option<bool>,
    /// A remark.
    #[serde(default)]
    note: String,
}

/// Keep the weekly review of an onboarding's signals
#[utoipa::path(put, path = "/onboardings/{id}/signal-review", operation_id = "keep_signal_review", tag = "Health",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"0\"")),
    request_body(content = ReviewIn),
    responses((status = 200, description = "The review as it is now.", body = ReviewOut, headers(("ETag" = String)))))]
pub(crate) async fn keep(version: IfMatch, Sent(api, caller, names, sent): Sent<ReviewIn>) -> Answer {
    let answers = sent.answers.into_iter().map(|(id, one)| (id, Said { yes: one.yes, note: one.note }));
    let (app, id, version) = (&api.app, names.id("onboarding")?, version.required()?);
    let sheet = signal::keep_review(app, &caller.actor, id, version, answers.collect()).await?;
    Ok(changed(sheet.version, Json(ReviewOut::from(sheet))))
}

/// A rule to be tried.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RuleTest, example = json!({ "rule": "people.waiting_hours > 48" }))]
pub(crate) struct RuleIn {
    /// The rule (CEL) over the facts of running onboardings.
    #[schema(min_length = 1)]
    rule: String,
    /// By what was known at the end of this day, usage by its events until then; by what is known now when left out.
    day: Option<Date>,
}

/// What a rule says of an onboarding.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RuleTested)]
pub(crate) struct TestedOut {
    /// The day that was asked for.
    on: Date,
    /// When what was known that day was kept; null where it was gathered just now, or nothing was kept yet.
    #[schema(required = true)]
    kept_at: Option<Timestamp>,
    /// Usage is as it was by the end of that day, by its events; false where it is as it was kept, or as it is now.
    counted: bool,
    /// Whether it holds; null where nobody knows, or where it gives no yes or no.
    #[schema(required = true)]
    holds: Option<bool>,
    /// Its result in words.
    result: String,
    /// The facts it reads, in the order it meets them.
    facts: Vec<FactOut>,
}

/// A fact as a rule read it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RuleFact)]
pub(crate) struct FactOut {
    /// Its name.
    name: String,
    /// What it says, as text; null where nobody knows.
    #[schema(required = true)]
    value: Option<String>,
    /// The day something was last heard that it rests on.
    #[schema(required = true)]
    heard_on: Option<Date>,
}

impl From<FactRead> for FactOut {
    fn from(one: FactRead) -> Self {
        let value = match one.value {
            Some(FactValue::Int(number)) => Some(number.to_string()),
            Some(FactValue::Bool(yes)) => Some(yes.to_string()),
            Some(FactValue::Text(text)) => Some(text),
            Some(FactValue::List(texts)) => Some(texts.join(", ")),
            Some(FactValue::Group(_)) | None => None,
        };
        Self { name: one.spec.name.to_owned(), value, heard_on: one.heard_on }
    }
}

impl From<Tested> for TestedOut {
    fn from(tested: Tested) -> Self {
        Self {
            on: tested.on,
            kept_at: tested.kept_at.map(instant),
            counted: tested.counted,
            holds: match tested.truth {
                Some(Truth::Yes) => Some(true),
                Some(Truth::No) => Some(false),
                Some(Truth::Unknown { .. }) | None => None,
            },
            result: tested.result,
            facts: tested.facts.into_iter().map(FactOut::from).collect(),
        }
    }
}

/// Test a rule on an onboarding
///
/// Nothing is kept.
#[utoipa::path(post, path = "/onboardings/{id}/rule-tests", operation_id = "test_rule", tag = "Health",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = RuleIn),
    responses((status = 200, description = "What it says, and every fact it reads.", body = TestedOut)))]
pub(crate) async fn test(Sent(api, caller, names, sent): Sent<RuleIn>) -> Result<Json<TestedOut>, Problem> {
    let rule = health::compile_rule(&sent.rule).map_err(|error| Problem::field("rule", error.message))?;
    let id = names.id("onboarding")?;
    let tested = health::test_rule(&api.app, &caller.actor, &rule, id, sent.day).await?;
    Ok(Json(tested.into()))
}
