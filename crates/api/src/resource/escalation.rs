//! Escalations, and how an onboarding stands: its colour with reasons, and what is suggested for escalation.

use axum::Json;
use axum::extract::State as Shared;
use gangway_app::escalation::{self, Draft, Escalation, Query, Step};
use gangway_app::{App, standing};
use gangway_domain::escalation::{Clock, State};
use gangway_domain::ids::{EscalationId, OnboardingId};
use gangway_domain::register::Owner;
use gangway_domain::standing::{Colour, Suggestion};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::instant;
use crate::Api;
use crate::caller::{Caller, Here, Sent};
use crate::description;
use crate::etag::{IfMatch, changed, created};
use crate::input::QueryOf;
use crate::page::{Page, among, id, limit};
use crate::problem::{Answer, Problem};

/// How an onboarding stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Standing)]
pub(crate) struct StandingOut {
    /// The colour the facts give, with reasons, the gravest first; green has none.
    #[schema(schema_with = description::colour)]
    colour: Colour,
    /// What the facts suggest for escalation, the highest level first.
    suggestions: Vec<SuggestionOut>,
    /// Names of tasks that are blocked, the critical ones first.
    blocked: Vec<String>,
    /// Names of tasks that should be done by now.
    overdue: Vec<String>,
    /// Calendar days by which the planned go-live misses the wanted one; 0 when it does not.
    go_live_days_late: i64,
    /// Calendar days by which the planned go-live is later than first planned; 0 when it is not.
    go_live_slipped: i64,
    /// Open risks in the two most exposed bands.
    high_risks: i64,
    /// Open issues.
    open_issues: i64,
}

/// Something suggested for escalation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SuggestedEscalation, example = json!({ "rule": "task-blocked", "level": 1, "text": "1 task is blocked" }))]
pub(crate) struct SuggestionOut {
    /// The rule that suggests it: send it along when it is raised.
    rule: String,
    /// The level.
    level: u32,
    /// What is escalated.
    text: String,
}

impl From<Suggestion> for SuggestionOut {
    fn from(one: Suggestion) -> Self {
        Self { rule: one.rule, level: one.level, text: one.text }
    }
}

/// Get how an onboarding stands
#[utoipa::path(get, path = "/onboardings/{id}/standing", operation_id = "get_standing", tag = "Governance",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "Colour, reasons, suggestions.", body = StandingOut)))]
pub(crate) async fn stands(Here(api, caller, names): Here) -> Result<Json<StandingOut>, Problem> {
    let seen = standing::of_onboarding(&api.app, &caller.actor, names.id("onboarding")?).await?;
    let facts = seen.standing;
    Ok(Json(StandingOut {
        colour: seen.colour,
        suggestions: seen.suggestions.into_iter().map(SuggestionOut::from).collect(),
        blocked: facts.blocked.into_iter().map(|task| task.name).collect(),
        overdue: facts.overdue,
        go_live_days_late: facts.go_live_days_late,
        go_live_slipped: facts.go_live_slipped,
        high_risks: facts.high_risks,
        open_issues: facts.open_issues,
    }))
}

/// Something that was raised to a level.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Escalation)]
pub(crate) struct EscalationOut {
    /// Id.
    id: String,
    /// Of which onboarding.
    onboarding: String,
    /// What people call it: `E-1`.
    code: String,
    /// The level, from 1.
    level: i64,
    /// What is raised.
    title: String,
    /// What is at stake, and what is asked.
    details: String,
    /// The rule that suggested it.
    #[schema(required = true)]
    rule: Option<String>,
    /// What it is about: a code of the plan or the register; may be empty.
    subject: String,
    /// Who is asked.
    path: String,
    /// Who raised it.
    raised_by: String,
    /// When.
    raised_at: jiff::Timestamp,
    /// Until when the level answers.
    respond_by: jiff::Timestamp,
    /// How that clock stands now.
    #[schema(schema_with = description::escalation_clock)]
    clock: Clock,
    /// Where it stands.
    #[schema(schema_with = description::escalation_state)]
    state: State,
    /// Names of those who were told.
    told: Vec<String>,
    /// Counts changes, from 1; the ETag is made of it.
    version: i64,
}

fn out(app: &App, one: Escalation) -> EscalationOut {
    EscalationOut {
        clock: escalation::clock(app, &one),
        id: one.id.to_string(),
        onboarding: one.onboarding.to_string(),
        code: format!("E-{}", one.number),
        level: one.level,
        title: one.title,
        details: one.details,
        rule: one.rule,
        subject: one.subject,
        path: one.path,
        raised_by: one.raised_by,
        raised_at: instant(one.raised_at),
        respond_by: instant(one.respond_by),
        state: one.state,
        told: one.told.into_iter().map(|told| told.name).collect(),
        version: one.version,
    }
}

/// Which escalations.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EscalationQuery {
    /// Only those of this onboarding (id).
    onboarding: Option<String>,
    /// Only `raised`, `acknowledged`, `answered` or `resolved`.
    #[param(example = "raised")]
    status: Option<String>,
    /// Only those of this level or a higher one.
    #[param(minimum = 1, maximum = 4)]
    least_level: Option<u32>,
    /// Lines on the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<u32>,
    /// Where to start: `next` of the page before.
    after: Option<String>,
}

/// List escalations
///
/// Of the whole workspace, the newest first.
#[utoipa::path(get, path = "/escalations", operation_id = "list_escalations", tag = "Governance",
    params(EscalationQuery),
    responses((status = 200, description = "A page of escalations.", body = Page<EscalationOut>)))]
pub(crate) async fn list(
    Shared(api): Shared<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<EscalationQuery>,
) -> Result<Json<Page<EscalationOut>>, Problem> {
    let EscalationQuery { onboarding, status, least_level, limit: lines, after } = query;
    among("status", status.as_deref(), &["raised", "acknowledged", "answered", "resolved"])?;
    let query = Query {
        before: id::<EscalationId>("after", after.as_deref())?,
        onboarding: id::<OnboardingId>("onboarding", onboarding.as_deref())?,
        status,
        least_level: least_level.map(i64::from),
        limit: limit(lines)?,
    };
    let (found, more) = escalation::list(&api.app, &caller.actor, query).await?;
    Ok(Json(Page::after_last(found.into_iter().map(|one| out(&api.app, one)), more, |one| one.id.clone())))
}

/// Get an escalation
#[utoipa::path(get, path = "/escalations/{id}", operation_id = "get_escalation", tag = "Governance",
    params(("id" = String, Path, description = "Id of the escalation.", example = "esc_01900000000070008000000000000001")),
    responses((status = 200, description = "The escalation.", body = EscalationOut, headers(("ETag" = String)))))]
pub(crate) async fn get(Here(api, caller, names): Here) -> Answer {
    let (_, one) = escalation::get(&api.app, &caller.actor, names.id("escalation")?).await?;
    // Its clock runs on without a new version.
    Ok(changed(one.version, Json(out(&api.app, one))))
}

/// Something to be raised.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewEscalation, example = json!({
    "level": 1, "title": "SAP access is blocked", "details": "IT waits for an approval since Monday.",
    "rule": "task-blocked", "tell": ["per_01900000000070008000000000000001"]
}))]
pub(crate) struct EscalationIn {
    /// The level, from 1.
    #[schema(minimum = 1, maximum = 4)]
    level: u32,
    /// What is raised, one line.
    #[schema(min_length = 1, max_length = 300)]
    title: String,
    /// What is at stake, and what is asked.
    #[serde(default)]
    details: String,
    /// The rule that suggested it.
    rule: Option<String>,
    /// What it is about: a code of the plan or the register.
    #[serde(default)]
    subject: String,
    /// Ids of people of the workspace and of contacts who are told by mail.
    #[serde(default)]
    tell: Vec<String>,
}

/// Escalate
#[utoipa::path(post, path = "/onboardings/{id}/escalations", operation_id = "escalate", tag = "Governance",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = EscalationIn),
    responses((status = 201, description = "The escalation.", body = EscalationOut,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn create(Sent(api, caller, names, sent): Sent<EscalationIn>) -> Answer {
    let EscalationIn { level, title, details, rule, subject, tell } = sent;
    let tell = tell.iter().filter_map(|text| Owner::read(text)).collect();
    let draft = Draft { level: i64::from(level), title, details, rule, subject, tell };
    let made = escalation::raise(&api.app, &caller.actor, names.id("onboarding")?, draft).await?;
    let (version, location) = (made.version, format!("/api/v1/escalations/{}", made.id));
    Ok(created(version, location, Json(out(&api.app, made))))
}

/// A step of an escalation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EscalationStep, example = json!({ "step": "answer", "text": "A second engineer joins on Monday" }))]
pub(crate) struct StepIn {
    /// `acknowledge`, `answer` or `resolve`.
    step: String,
    /// The answer, or how it ended.
    #[serde(default)]
    text: String,
}

/// Take a step with an escalation
#[utoipa::path(post, path = "/escalations/{id}/steps", operation_id = "step_escalation", tag = "Governance",
    params(("id" = String, Path, description = "Id of the escalation.", example = "esc_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = StepIn),
    responses((status = 200, description = "The escalation as it is now.", body = EscalationOut, headers(("ETag" = String)))))]
pub(crate) async fn step(version: IfMatch, Sent(api, caller, names, sent): Sent<StepIn>) -> Answer {
    let StepIn { step, text } = sent;
    let step = match step.as_str() {
        "acknowledge" => Step::Acknowledge,
        "answer" => Step::Answer { answer: text },
        "resolve" => Step::Resolve { how: text },
        _ => return Err(Problem::field("step", "must be acknowledge, answer or resolve")),
    };
    let id = names.id("escalation")?;
    let kept = escalation::take(&api.app, &caller.actor, id, version.required()?, step).await?;
    Ok(changed(kept.version, Json(out(&api.app, kept))))
}
