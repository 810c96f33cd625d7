//! Reviewing a handoff: what was read as it stands, corrected and confirmed; what would be made of it; response clocks.

use std::collections::BTreeMap;

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use gangway_app::AppError;
use gangway_app::intake::field::Field;
use gangway_app::intake::value::{part_text, words};
use gangway_app::intake::{self, Act, Choices, Edit, Question, ResponseClock, Reviewed};
use gangway_app::onboarding::GenerateOptions;
use gangway_domain::correction::{FactKey, Standing};
use gangway_domain::fact::Confidence;
use gangway_domain::ids::HandoffId;
use gangway_domain::package::Quality;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::deal::Preview;
use super::instant;
use super::onboarding::SegmentChoice;
use crate::Api;
use crate::caller::{Here, Sent};
use crate::description;
use crate::input::usable;
use crate::problem::{Answer, Problem};

/// A handoff as whoever reviews it sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HandoffReview)]
pub(crate) struct ReviewOut {
    /// Id of the handoff.
    id: String,
    /// The customer, as the account has it.
    customer: String,
    /// How many corrections were ever made: what is confirmed.
    version: i64,
    /// `review`, `confirmed`, or `made` when it has its onboarding.
    state: String,
    /// Who has confirmed it.
    #[schema(required = true)]
    confirmed_by: Option<String>,
    /// Its onboarding.
    #[schema(required = true)]
    onboarding: Option<String>,
    /// Handoff quality: how much of what an onboarding needs the deal answers.
    #[schema(schema_with = description::quality)]
    quality: Quality,
    /// The facts, in groups as on the page; those a person took out among them.
    facts: Vec<FactOut>,
    /// What is missing, and whom to ask.
    questions: Vec<QuestionOut>,
    /// Why no plan can be made of it as it stands.
    #[schema(required = true)]
    obstacle: Option<String>,
    /// The response clocks.
    clocks: Vec<ClockOut>,
}

/// A fact as it stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HandoffFact, example = json!({
    "fact": "acv", "label": "Annual value", "words": "$95,000", "parts": { "value": "95000 USD" },
    "confidence": "high", "corrected": 0, "removed": false
}))]
pub(crate) struct FactOut {
    /// Its key: a field such as `acv`, `promises[0]` for the first one read, `promises+3` for what correction 3 added.
    fact: String,
    /// What people call it.
    label: String,
    /// What it says, in words.
    words: String,
    /// What it says by part, as it is corrected; a fact that is one value has the part `value`.
    parts: BTreeMap<String, String>,
    /// How sure the reading was: `high`, `medium` or `low`.
    confidence: String,
    /// The last correction of it, to be sent as `seen`; 0 for none.
    corrected: i64,
    /// A person took it out.
    removed: bool,
}

impl FactOut {
    fn of(fact: &Standing) -> Option<Self> {
        let field = Field::named(&fact.key.field)?;
        let (first, rest) = words(field, &fact.value);
        let parts = field.parts.iter().map(|part| (part.name.to_owned(), part_text(&fact.value, part.name)));
        let confidence = match fact.confidence {
            Confidence::High => "high",
            Confidence::Medium => "medium",
            Confidence::Low => "low",
        };
        Some(Self {
            fact: fact.key.to_string(),
            label: field.label.to_owned(),
            words: if rest.is_empty() { first } else { format!("{first} · {rest}") },
            parts: parts.filter(|(_, text)| !text.is_empty()).collect(),
            confidence: confidence.to_owned(),
            corrected: fact.corrected.unwrap_or(0),
            removed: fact.removed,
        })
    }
}

/// Something unknown.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HandoffQuestion)]
pub(crate) struct QuestionOut {
    /// The question.
    text: String,
    /// Whom to ask.
    ask: String,
    /// Why it matters.
    why: String,
    /// By when it should be answered.
    by: Date,
    /// The fact that answers it, when one does.
    #[schema(required = true)]
    fact: Option<String>,
}

impl From<Question> for QuestionOut {
    fn from(question: Question) -> Self {
        let Question { asked, field } = question;
        Self {
            text: asked.text,
            ask: asked.ask,
            why: asked.why,
            by: asked.by,
            fact: field.map(str::to_owned),
        }
    }
}

/// A response clock.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HandoffClock)]
pub(crate) struct ClockOut {
    /// Id.
    id: String,
    /// What is due.
    name: String,
    /// The last day; null while its start is unknown.
    #[schema(required = true)]
    due: Option<Date>,
    /// Who answers for it.
    owner: String,
    /// It is past due and not done.
    overdue: bool,
    /// Who did it.
    #[schema(required = true)]
    done_by: Option<String>,
    /// When.
    #[schema(required = true)]
    done_at: Option<jiff::Timestamp>,
}

impl From<ResponseClock> for ClockOut {
    fn from(known: ResponseClock) -> Self {
        let ResponseClock { clock, done, overdue } = known;
        Self {
            id: clock.id,
            name: clock.name,
            due: clock.due,
            owner: clock.owner,
            overdue,
            done_at: done.as_ref().map(|done| instant(done.done_at)),
            done_by: done.map(|done| done.done_by),
        }
    }
}

impl From<Reviewed> for ReviewOut {
    fn from(reviewed: Reviewed) -> Self {
        let Reviewed { handoff, review, customer, deal, quality, questions, obstacle, clocks, .. } = reviewed;
        Self {
            id: handoff.id.to_string(),
            customer,
            version: review.version,
            state: review.state.word().to_owned(),
            confirmed_by: review.confirmed.map(|(_, by)| by),
            onboarding: review.onboarding.map(|id| id.to_string()),
            quality,
            facts: deal.facts.iter().filter_map(FactOut::of).collect(),
            questions: questions.into_iter().map(QuestionOut::from).collect(),
            obstacle,
            clocks: clocks.into_iter().map(ClockOut::from).collect(),
        }
    }
}

/// What becomes of a fact.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = CorrectionAct)]
pub(crate) enum ActIn {
    /// It says this instead, or is filled in.
    #[default]
    Set,
    /// One more of a list.
    Add,
    /// It does not hold.
    Remove,
}

/// A correction of a fact.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Correction, example = json!({
    "fact": "acv", "act": "set", "parts": { "value": "$120K" }, "seen": 0, "reason": "The order form says so"
}))]
pub(crate) struct CorrectionIn {
    /// Its key, or a field: one that was not read yet, or a list of which it is one more.
    fact: String,
    /// What becomes of it; `set` when left out.
    #[serde(default)]
    act: ActIn,
    /// What it says by part, in words the reader of deals understands; not needed to remove it.
    #[serde(default)]
    parts: BTreeMap<String, String>,
    /// `corrected` of the fact as it was read: when somebody corrected it since, that is 409.
    #[serde(default)]
    seen: i64,
    /// Why.
    #[serde(default)]
    #[schema(max_length = 500)]
    reason: String,
}

/// The fact that was corrected.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CorrectedFact, example = json!({ "fact": "acv" }))]
pub(crate) struct CorrectedOut {
    /// Its key.
    fact: String,
}

/// What is confirmed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Confirmation, example = json!({ "version": 1 }))]
pub(crate) struct ConfirmationIn {
    /// `version` of the review that was read: when it was corrected since, that is 409.
    version: i64,
}

/// Whether what a clock waits for is done.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HandoffClockChange, example = json!({ "done": true }))]
pub(crate) struct ClockIn {
    /// It is done.
    done: bool,
}

/// What a person decides before an onboarding is made; what is left out is as recommended, or as the deal says.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlanChoices, example = json!({ "kickoff_on": "2027-01-11", "go_live": "90 days", "vendor_country": "DE" }))]
pub(crate) struct ChoicesIn {
    /// Kickoff, when agreed.
    pub(super) kickoff_on: Option<Date>,
    /// Another segment than the recommended one.
    pub(super) segment: Option<SegmentChoice>,
    /// Another wanted go-live: a date, or a time from kickoff such as `90 days`.
    pub(super) go_live: Option<String>,
    /// Country whose public holidays the vendor keeps.
    pub(super) vendor_country: Option<String>,
    /// Country whose public holidays the customer keeps.
    pub(super) country: Option<String>,
    /// Closures beside those of the deal: `2 Aug 2027 – 20 Aug 2027 shutdown`.
    #[serde(default)]
    pub(super) closures: Vec<String>,
}

impl ChoicesIn {
    /// What was decided, once all of it can be read.
    pub(super) async fn options(self, api: &Api) -> Result<GenerateOptions, Problem> {
        let Self { kickoff_on, segment, go_live, vendor_country, country, closures } = self;
        let typed = Choices {
            go_live: go_live.unwrap_or_default(),
            vendor_country: vendor_country.unwrap_or_default(),
            country: country.unwrap_or_default(),
            closures: closures.join("\n"),
            ..Choices::default()
        };
        let (read, problems) = intake::options(&api.app, &typed).await?;
        if !problems.is_empty() {
            return Err(AppError::Invalid(problems).into());
        }
        Ok(GenerateOptions { kickoff_on, segment: segment.map(SegmentChoice::into_override), ..read })
    }
}

/// Get the review of a handoff
///
/// Every fact as it stands, with what it takes to correct it; what is missing; how complete it is.
#[utoipa::path(get, path = "/handoffs/{id}/review", operation_id = "get_handoff_review", tag = "Deals",
    params(("id" = String, Path, description = "Id of the handoff.", example = "hof_01900000000070008000000000000001")),
    responses((status = 200, description = "The review.", body = ReviewOut)))]
pub(crate) async fn review(Here(api, caller, names): Here) -> Result<Json<ReviewOut>, Problem> {
    let reviewed = intake::get(&api.app, &caller.actor, names.id("handoff")?).await?;
    Ok(Json(reviewed.into()))
}

/// Correct a fact of a handoff
///
/// It is set, added or removed; what was read stays beside it. 409 when somebody corrected it since it was read, or when
/// the onboarding is made already.
#[utoipa::path(post, path = "/handoffs/{id}/corrections", operation_id = "correct_handoff", tag = "Deals",
    params(("id" = String, Path, description = "Id of the handoff.", example = "hof_01900000000070008000000000000001")),
    request_body(content = CorrectionIn),
    responses((status = 201, description = "It is corrected.", body = CorrectedOut)))]
pub(crate) async fn correct(Sent(api, caller, names, sent): Sent<CorrectionIn>) -> Answer {
    let CorrectionIn { fact, act, parts, seen, reason } = sent;
    let id: HandoffId = names.id("handoff")?;
    let fact: FactKey = usable("fact", &fact)?;
    let typed = typed(&fact, parts)?;
    let act = match act {
        ActIn::Set => Act::Set(typed),
        ActIn::Add => Act::Add(typed),
        ActIn::Remove => Act::Remove,
    };
    let key = intake::edit(&api.app, &caller.actor, id, Edit { fact, act, seen, reason }).await?;
    Ok((StatusCode::CREATED, Json(CorrectedOut { fact: key.to_string() })).into_response())
}

/// What was sent of a fact, once each part is one it has.
fn typed(fact: &FactKey, parts: BTreeMap<String, String>) -> Result<Vec<(String, String)>, Problem> {
    let known = Field::named(&fact.field).map(|field| field.parts).unwrap_or_default();
    let is_known = |name: &str| known.iter().any(|part| part.name == name);
    if let Some(other) = parts.keys().find(|name| !is_known(name)) {
        let names: Vec<&str> = known.iter().map(|part| part.name).collect();
        let message = format!("is no part of this fact; it has {}", names.join(", "));
        return Err(Problem::field(format!("parts.{other}"), message));
    }
    Ok(parts.into_iter().collect())
}

/// Take a correction back
///
/// As if it had never been made; taking it back twice does it once.
#[utoipa::path(post, path = "/handoffs/{id}/corrections/{number}/undo", operation_id = "undo_handoff_correction", tag = "Deals",
    params(("id" = String, Path, description = "Id of the handoff.", example = "hof_01900000000070008000000000000001"),
        ("number" = i64, Path, description = "Number of the correction: `corrected` of its fact.", example = 1)),
    responses((status = 200, description = "It is taken back.", body = CorrectedOut)))]
pub(crate) async fn undo(Here(api, caller, names): Here) -> Result<Json<CorrectedOut>, Problem> {
    let (id, number) = (names.id("handoff")?, names.second("correction")?);
    let key = intake::undo(&api.app, &caller.actor, id, number).await?;
    Ok(Json(CorrectedOut { fact: key.to_string() }))
}

/// Confirm what was read from a deal
///
/// Somebody says that it was read right, as it stood at this version. 409 when it was corrected since.
#[utoipa::path(post, path = "/handoffs/{id}/confirmation", operation_id = "confirm_handoff", tag = "Deals",
    params(("id" = String, Path, description = "Id of the handoff.", example = "hof_01900000000070008000000000000001")),
    request_body(content = ConfirmationIn),
    responses((status = 204, description = "It is confirmed.")))]
pub(crate) async fn confirm(
    Sent(api, caller, names, sent): Sent<ConfirmationIn>,
) -> Result<StatusCode, Problem> {
    intake::confirm(&api.app, &caller.actor, names.id("handoff")?, sent.version).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Stop a response clock of a handoff, or let it run on
#[utoipa::path(put, path = "/handoffs/{id}/clocks/{clock}", operation_id = "put_handoff_clock", tag = "Deals",
    params(("id" = String, Path, description = "Id of the handoff.", example = "hof_01900000000070008000000000000001"),
        ("clock" = String, Path, description = "Id of the clock.", example = "first-contact")),
    request_body(content = ClockIn),
    responses((status = 204, description = "It stands as was said.")))]
pub(crate) async fn clock(Sent(api, caller, names, sent): Sent<ClockIn>) -> Result<StatusCode, Problem> {
    let id: HandoffId = names.id("handoff")?;
    if sent.done {
        intake::stop(&api.app, &caller.actor, id, names.text(1)).await?;
    } else {
        intake::restart(&api.app, &caller.actor, id, names.text(1)).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// See what would be made of a handoff
///
/// Segment, programme and dates with these choices, and whether the wanted go-live can be met, before it is promised.
/// Nothing is kept.
#[utoipa::path(post, path = "/handoffs/{id}/plan-preview", operation_id = "preview_handoff_plan", tag = "Deals",
    params(("id" = String, Path, description = "Id of the handoff.", example = "hof_01900000000070008000000000000001")),
    request_body(content = ChoicesIn),
    responses((status = 200, description = "What would become of it.", body = Preview)))]
pub(crate) async fn preview(
    Sent(api, caller, names, sent): Sent<ChoicesIn>,
) -> Result<Json<Preview>, Problem> {
    let options = sent.options(&api).await?;
    let package = intake::outlook(&api.app, &caller.actor, names.id("handoff")?, options).await?;
    Ok(Json(package.into()))
}
