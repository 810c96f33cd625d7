//! Deals: what is in them, and what would become of them.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use gangway_app::onboarding::GenerateOptions;
use gangway_app::preview;
use gangway_domain::deal::{DealFormat, Reading};
use gangway_domain::package::{KeyDates, Package, Quality, Segmentation};
use gangway_domain::segment::SegmentOverride;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Api;
use crate::caller::Caller;
use crate::description;
use crate::input::{QueryOf, media_type, unread};
use crate::page::bad_query;
use crate::problem::Problem;

/// What would become of a deal.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Preview {
    /// What was read: facts with their places, unread text, notices.
    #[schema(schema_with = description::reading)]
    reading: Reading,
    /// Handoff quality: how much of what an onboarding needs the deal answers.
    #[schema(schema_with = description::quality)]
    quality: Quality,
    /// Segment, touch model and programme with reasons.
    #[schema(schema_with = description::segmentation)]
    segmentation: Segmentation,
    /// The dates that matter; `feasibility` says whether the wanted go-live can be met, `options` what would make it.
    #[schema(schema_with = description::dates)]
    dates: KeyDates,
    /// What is still unknown.
    questions: Vec<Question>,
    /// Tasks the plan would have.
    tasks: usize,
}

/// Something unknown.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Question {
    /// The question.
    text: String,
    /// Whom to ask.
    ask: String,
    /// Why it matters.
    why: String,
    /// By when it should be answered.
    by: Date,
}

impl From<Package> for Preview {
    fn from(package: Package) -> Self {
        let Package { reading, handoff, segmentation, dates, questions, plan, .. } = package;
        let questions = questions
            .into_iter()
            .map(|question| Question {
                text: question.text,
                ask: question.ask,
                why: question.why,
                by: question.by,
            })
            .collect();
        let tasks = plan.tasks.len();
        Self { reading, quality: handoff.quality, segmentation, dates, questions, tasks }
    }
}

/// How a deal is to be read.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DealQuery {
    /// summary, key-value, markdown, json, toml, yaml, hubspot or salesforce; told from the content when left out.
    #[param(example = "summary")]
    format: Option<String>,
}

/// What is to be tried on a deal.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PreviewQuery {
    /// summary, key-value, markdown, json, toml, yaml, hubspot or salesforce; told from the content when left out.
    #[param(example = "summary")]
    format: Option<String>,
    /// Kickoff to try.
    #[param(example = "2027-01-11")]
    kickoff_on: Option<Date>,
    /// Segment to try instead of the recommended one.
    #[param(example = "enterprise")]
    segment: Option<String>,
}

impl DealQuery {
    pub(crate) fn format(&self) -> Result<Option<DealFormat>, Problem> {
        format(self.format.as_deref())
    }
}

fn format(word: Option<&str>) -> Result<Option<DealFormat>, Problem> {
    let read = |word: &str| serde_json::from_value(serde_json::Value::String(word.to_owned()));
    word.map(read).transpose().map_err(|_| {
        let known = "must be summary, key-value, markdown, json, toml, yaml, hubspot or salesforce";
        bad_query("format", known.to_owned())
    })
}

/// Kinds of body a deal can be.
const KINDS: [&str; 10] = [
    "text/plain",
    "text/markdown",
    "application/json",
    "application/toml",
    "application/yaml",
    "application/xml",
    "text/xml",
    "text/yaml",
    "application/x-yaml",
    "application/octet-stream",
];

/// The deal in a body.
pub(crate) fn deal(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Vec<u8>, Problem> {
    let kind = media_type(headers);
    if !KINDS.contains(&kind.as_str()) {
        let detail = format!("send the deal as one of {}", KINDS.join(", "));
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_a_deal", detail));
    }
    Ok(body.map_err(|error| unread(&error))?.to_vec())
}

/// Preview a deal
///
/// Reads it, chooses segment and programme, and plans it on both sides' calendars, without keeping anything: whether the
/// wanted go-live can be met is known before it is promised.
#[utoipa::path(post, path = "/deals/preview", operation_id = "preview_deal", tag = "Deals",
    params(PreviewQuery),
    request_body(description = "The deal, in any form Gangway reads.", content(
        (String = "text/plain", example = "Customer: Acme Manufacturing. ACV: $95K. Users: 120. Go-live: 60 days."),
        (String = "text/markdown"), (Object = "application/json"), (String = "application/toml"),
        (String = "application/yaml"), (String = "application/xml"))),
    responses((status = 200, description = "What would become of it.", body = Preview)))]
pub(crate) async fn preview(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<PreviewQuery>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Preview>, Problem> {
    let PreviewQuery { format: word, kickoff_on, segment } = query;
    let text = deal(&headers, body)?;
    let segment = segment.map(|segment| SegmentOverride { segment, reason: "Tried in a preview".to_owned() });
    let options = GenerateOptions { kickoff_on, segment, ..GenerateOptions::default() };
    let package = preview::preview(&api.app, &caller.actor, text, format(word.as_deref())?, options).await?;
    Ok(Json(package.into()))
}
