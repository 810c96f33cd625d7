//! Change requests: written, proposed, approved by role; approved by everybody needed, the plan changes.

use axum::Json;
use axum::extract::State as Shared;
use axum::http::HeaderMap;
use gangway_app::change_request::{self, ChangeRequest, Draft, Opened, Query, Step};
use gangway_domain::change_request::{Impact, State};
use gangway_domain::ids::{ChangeRequestId, OnboardingId};
use gangway_domain::money::{Currency, Money, UnknownCurrency};
use gangway_domain::work::Change;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{instant, side};
use crate::Api;
use crate::caller::{Caller, Here, Sent};
use crate::description;
use crate::etag::{IfMatch, changed, created, tagged};
use crate::input::{QueryOf, optional_word, word};
use crate::page::{Page, among, id, limit};
use crate::problem::{Answer, Problem};

/// A change request.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChangeRequest)]
pub(crate) struct RequestOut {
    /// Id.
    id: String,
    /// Of which onboarding.
    onboarding: String,
    /// What people call it: `CR-1`.
    code: String,
    /// What is wanted.
    title: String,
    /// What exactly.
    description: String,
    /// Why it is needed.
    justification: String,
    /// Who asked.
    requested_by: String,
    /// Whose wish it is: `vendor`, `customer` or `joint`.
    side: String,
    /// When they asked.
    requested_on: Date,
    /// `low`, `medium` or `high`.
    priority: String,
    /// What it would change of the plan.
    #[schema(schema_with = description::plan_changes)]
    changes: Vec<Change>,
    /// What that does to dates and work.
    #[schema(schema_with = description::change_impact)]
    impact: Impact,
    /// What it costs.
    #[schema(required = true)]
    cost: Option<CostOut>,
    /// New risks it brings.
    risk: String,
    /// `current-phase`, `phase-2` or `reject`.
    #[schema(required = true)]
    recommendation: Option<String>,
    /// Where it stands.
    #[schema(schema_with = description::change_request_state)]
    state: State,
    /// Approvals that were given.
    approvals: Vec<GivenOut>,
    /// Who wrote it down.
    created_by: String,
    /// When.
    created_at: jiff::Timestamp,
    /// Counts changes, from 1; the ETag is made of it.
    version: i64,
}

/// An amount of money.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChangeCost, example = json!({ "minor": 250_000, "currency": "USD" }))]
pub(crate) struct CostOut {
    /// In the smallest unit of the currency.
    #[schema(minimum = 0)]
    minor: i64,
    /// ISO 4217.
    #[schema(pattern = "^[A-Z]{3}$")]
    currency: String,
}

impl From<Money> for CostOut {
    fn from(money: Money) -> Self {
        Self { minor: money.minor, currency: money.currency.code().to_owned() }
    }
}

impl TryFrom<CostOut> for Money {
    type Error = Problem;

    fn try_from(sent: CostOut) -> Result<Self, Problem> {
        // By its code alone: the description knows no other writing.
        let currency = Currency::all().find(|known| known.code() == sent.currency);
        let unknown = || Problem::field("cost", format!("has an {}", UnknownCurrency(sent.currency.clone())));
        Ok(Self { minor: sent.minor, currency: currency.ok_or_else(unknown)? })
    }
}

/// An approval that was given.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GivenApproval)]
pub(crate) struct GivenOut {
    /// The approval.
    id: String,
    /// The role.
    name: String,
    /// Who approved.
    by: String,
    /// When.
    at: jiff::Timestamp,
    /// Who wrote it down, when it was somebody else.
    #[schema(required = true)]
    recorded_by: Option<String>,
}

impl From<ChangeRequest> for RequestOut {
    fn from(one: ChangeRequest) -> Self {
        Self {
            id: one.id.to_string(),
            onboarding: one.onboarding.to_string(),
            code: format!("CR-{}", one.number),
            title: one.title,
            description: one.description,
            justification: one.justification,
            requested_by: one.requested_by,
            side: one.side.word().to_owned(),
            requested_on: one.requested_on,
            priority: one.priority.word().to_owned(),
            changes: one.changes,
            impact: one.impact,
            cost: one.cost.map(CostOut::from),
            risk: one.risk,
            recommendation: one.recommendation.map(|known| known.word().to_owned()),
            state: one.state,
            approvals: one
                .approvals
                .into_iter()
                .map(|given| GivenOut {
                    id: given.id,
                    name: given.name,
                    by: given.by,
                    at: given.at,
                    recorded_by: given.recorded_by,
                })
                .collect(),
            created_by: one.created_by,
            created_at: instant(one.created_at),
            version: one.version,
        }
    }
}

/// A change request with whose approval it still needs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChangeRequestWithApprovals)]
pub(crate) struct OpenedOut {
    #[serde(flatten)]
    request: RequestOut,
    /// Why it is major; null when it is not.
    #[schema(required = true)]
    major: Option<String>,
    /// Approvals that are needed and not given.
    missing: Vec<MissingOut>,
}

/// An approval that is missing.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MissingApproval, example = json!({ "id": "customer-lead", "name": "Customer project lead" }))]
pub(crate) struct MissingOut {
    /// The approval: send it when it is given.
    id: String,
    /// The role.
    name: String,
}

fn out(opened: Opened) -> OpenedOut {
    let missing = opened.approvals.into_iter().filter(|(_, given)| given.is_none());
    OpenedOut {
        major: opened.major,
        missing: missing.map(|(rule, _)| MissingOut { id: rule.id, name: rule.name }).collect(),
        request: opened.request.into(),
    }
}

/// What a change request says.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChangeRequestContent, example = json!({
    "title": "Connect the second ERP", "justification": "The plant in Lyon was bought in December",
    "requested_by": "Dana Whitfield", "side": "customer", "priority": "high",
    "changes": [{ "kind": "add", "task": { "name": "Connect the ERP of Lyon", "side": "vendor", "days": 8 } }]
}))]
pub(crate) struct RequestIn {
    /// What is wanted, one line.
    #[schema(min_length = 1, max_length = 300)]
    title: String,
    /// What exactly.
    #[serde(default)]
    description: String,
    /// Why it is needed.
    #[schema(min_length = 1)]
    justification: String,
    /// Who asked.
    #[schema(min_length = 1, max_length = 120)]
    requested_by: String,
    /// Whose wish it is: `vendor`, `customer` or `joint`.
    side: String,
    /// When they asked; today when left out.
    requested_on: Option<Date>,
    /// `low`, `medium` or `high`.
    priority: String,
    /// What it would change of the plan.
    #[serde(default)]
    #[schema(schema_with = description::plan_changes)]
    changes: Vec<Change>,
    /// What it costs.
    cost: Option<CostOut>,
    /// New risks it brings.
    #[serde(default)]
    risk: String,
    /// `current-phase`, `phase-2` or `reject`.
    recommendation: Option<String>,
}

fn draft(sent: RequestIn) -> Result<Draft, Problem> {
    let side = side(&sent.side)?;
    let priority = word("priority", &sent.priority)?;
    let recommendation = optional_word("recommendation", sent.recommendation.as_deref())?;
    Ok(Draft {
        title: sent.title,
        description: sent.description,
        justification: sent.justification,
        requested_by: sent.requested_by,
        side,
        requested_on: sent.requested_on,
        priority,
        changes: sent.changes,
        cost: sent.cost.map(Money::try_from).transpose()?,
        risk: sent.risk,
        recommendation,
    })
}

/// Which change requests.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RequestQuery {
    /// Only those of this onboarding (id).
    onboarding: Option<String>,
    /// Only `draft`, `proposed`, `approved`, `deferred` or `rejected`.
    #[param(example = "proposed")]
    status: Option<String>,
    /// Lines on the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<u32>,
    /// Where to start: `next` of the page before.
    after: Option<String>,
}

/// List change requests
///
/// Of the whole workspace, the newest first.
#[utoipa::path(get, path = "/change-requests", operation_id = "list_change_requests", tag = "Governance",
    params(RequestQuery),
    responses((status = 200, description = "A page of change requests.", body = Page<RequestOut>)))]
pub(crate) async fn list(
    Shared(api): Shared<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<RequestQuery>,
) -> Result<Json<Page<RequestOut>>, Problem> {
    let RequestQuery { onboarding, status, limit: lines, after } = query;
    among("status", status.as_deref(), &["draft", "proposed", "approved", "deferred", "rejected"])?;
    let query = Query {
        before: id::<ChangeRequestId>("after", after.as_deref())?,
        onboarding: id::<OnboardingId>("onboarding", onboarding.as_deref())?,
        status,
        limit: limit(lines)?,
    };
    let (found, more) = change_request::list(&api.app, &caller.actor, query).await?;
    Ok(Json(Page::after_last(found.into_iter().map(RequestOut::from), more, |one| one.id.clone())))
}

/// Get a change request
#[utoipa::path(get, path = "/change-requests/{id}", operation_id = "get_change_request", tag = "Governance",
    params(("id" = String, Path, description = "Id of the request.", example = "chg_01900000000070008000000000000001")),
    responses((status = 200, description = "The request.", body = OpenedOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn get(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let opened = change_request::get(&api.app, &caller.actor, names.id("change request")?).await?;
    let version = opened.request.version;
    Ok(tagged(&headers, version, Json(out(opened))))
}

/// Write a change request
///
/// Its impact on dates and work is computed by scheduling a copy of the plan.
#[utoipa::path(post, path = "/onboardings/{id}/change-requests", operation_id = "write_change_request", tag = "Governance",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = RequestIn),
    responses((status = 201, description = "The request.", body = OpenedOut,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn create(Sent(api, caller, names, sent): Sent<RequestIn>) -> Answer {
    let id = names.id("onboarding")?;
    let made = change_request::add(&api.app, &caller.actor, id, draft(sent)?).await?;
    let version = made.request.version;
    let location = format!("/api/v1/change-requests/{}", made.request.id);
    Ok(created(version, location, Json(out(made))))
}

/// Change a change request
///
/// While it is a draft; everything it says is sent.
#[utoipa::path(patch, path = "/change-requests/{id}", operation_id = "change_change_request", tag = "Governance",
    params(("id" = String, Path, description = "Id of the request.", example = "chg_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = RequestIn),
    responses((status = 200, description = "The request as it is now.", body = OpenedOut, headers(("ETag" = String))),
        (status = 409, description = "It is no draft any more.")))]
pub(crate) async fn change(version: IfMatch, Sent(api, caller, names, sent): Sent<RequestIn>) -> Answer {
    let id = names.id("change request")?;
    let kept = change_request::change(&api.app, &caller.actor, id, version.required()?, draft(sent)?).await?;
    Ok(changed(kept.request.version, Json(out(kept))))
}

/// A step of a change request.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChangeRequestStep, example = json!({ "step": "approve", "approval": "customer-lead", "by": "Dana Whitfield" }))]
pub(crate) struct StepIn {
    /// `propose`, `take-back`, `approve`, `defer` or `reject`.
    step: String,
    /// Which approval is given.
    #[serde(default)]
    approval: String,
    /// Who approves; whoever asks when left out.
    by: Option<String>,
    /// Why it is deferred or rejected.
    #[serde(default)]
    reason: String,
}

/// Take a step with a change request
///
/// With the last approval needed, the plan changes.
#[utoipa::path(post, path = "/change-requests/{id}/steps", operation_id = "step_change_request", tag = "Governance",
    params(("id" = String, Path, description = "Id of the request.", example = "chg_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = StepIn),
    responses((status = 200, description = "The request as it is now.", body = OpenedOut, headers(("ETag" = String)))))]
pub(crate) async fn step(version: IfMatch, Sent(api, caller, names, sent): Sent<StepIn>) -> Answer {
    let StepIn { step, approval, by, reason } = sent;
    let step = match step.as_str() {
        "propose" => Step::Propose,
        "take-back" => Step::TakeBack,
        "approve" => Step::Approve { approval, by: by.unwrap_or_else(|| caller.actor.name.clone()) },
        "defer" => Step::Defer { reason },
        "reject" => Step::Reject { reason },
        _ => return Err(Problem::field("step", "must be propose, take-back, approve, defer or reject")),
    };
    let id = names.id("change request")?;
    let kept = change_request::take(&api.app, &caller.actor, id, version.required()?, step).await?;
    Ok(changed(kept.request.version, Json(out(kept))))
}
