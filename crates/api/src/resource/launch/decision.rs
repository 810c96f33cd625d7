//! Decisions to go live.

use axum::Json;
use axum::extract::State as Shared;
use gangway_app::launch::{self, Choice, ConditionDraft, LaunchRecord, WaiverDraft};
use gangway_domain::launch::{Decision, Verdict};
use gangway_domain::programme::Side;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{LaunchOut, LaunchQuery, answer};
use crate::Api;
use crate::caller::{Caller, Here, Sent};
use crate::etag::{IfMatch, changed, created};
use crate::input::QueryOf;
use crate::page::Page;
use crate::problem::{Answer, Problem};

/// A decision.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GoLiveDecision)]
pub(crate) struct DecisionOut {
    /// Id.
    id: String,
    /// Of which onboarding.
    onboarding: String,
    /// Number, from 1.
    number: i64,
    /// `go`, `conditional`, `no-go`, or `refused` when the facts were against what was asked for.
    verdict: String,
    /// What was asked for.
    asked: String,
    /// The go-live it is about.
    go_live_on: Date,
    /// Why.
    reason: String,
    /// What must still happen.
    conditions: Vec<ConditionOut>,
    /// Items of the checklist that need not be ready.
    waived: Vec<WaivedOut>,
    /// Why it is a day on which nothing goes live otherwise.
    #[schema(required = true)]
    exception: Option<String>,
    /// What spoke against it.
    against: Vec<String>,
    /// Who decided.
    by: String,
    /// When.
    at: jiff::Timestamp,
    /// Counts changes, from 1; the ETag is made of it.
    version: i64,
}

/// A condition.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GoLiveCondition)]
pub(crate) struct ConditionOut {
    /// What must happen.
    text: String,
    /// Who answers for it.
    owner: String,
    /// By which day.
    by: Date,
    /// Items of the checklist (ids) that are ready once it happened.
    items: Vec<String>,
    /// When it was met.
    #[schema(required = true)]
    met_at: Option<jiff::Timestamp>,
}

/// An item of the checklist that need not be ready.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GoLiveWaivedItem)]
pub(crate) struct WaivedOut {
    /// Which (id).
    item: String,
    /// In words.
    text: String,
    /// Why.
    reason: String,
}

fn out(one: LaunchRecord<Decision>) -> DecisionOut {
    let LaunchRecord { id, onboarding, number, body, version, .. } = one;
    let condition = |one: gangway_domain::launch::Condition| ConditionOut {
        text: one.text,
        owner: one.owner,
        by: one.by,
        items: one.items,
        met_at: one.met.map(|met| met.at),
    };
    let waived = |one: gangway_domain::launch::WaivedItem| WaivedOut {
        item: one.item,
        text: one.text,
        reason: one.reason,
    };
    DecisionOut {
        id: id.to_string(),
        onboarding: onboarding.to_string(),
        number,
        verdict: body.verdict.word().to_owned(),
        asked: body.asked.word().to_owned(),
        go_live_on: body.go_live_on,
        reason: body.reason,
        conditions: body.conditions.into_iter().map(condition).collect(),
        waived: body.waived.into_iter().map(waived).collect(),
        exception: body.exception,
        against: body.against,
        by: body.by,
        at: body.at,
        version,
    }
}

/// List decisions to go live
///
/// Of the whole workspace, the newest first; refused ones too.
#[utoipa::path(get, path = "/go-live-decisions", operation_id = "list_go_live_decisions", tag = "Go-live",
    params(LaunchQuery),
    responses((status = 200, description = "A page of decisions.", body = Page<DecisionOut>)))]
pub(crate) async fn list(
    Shared(api): Shared<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<LaunchQuery>,
) -> Result<Json<Page<DecisionOut>>, Problem> {
    let (found, more) = launch::list::<Decision>(&api.app, &caller.actor, query.read()?).await?;
    Ok(Json(Page::after_last(found.into_iter().map(out), more, |one| one.id.clone())))
}

/// Get a decision to go live
#[utoipa::path(get, path = "/go-live-decisions/{id}", operation_id = "get_go_live_decision", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the decision.", example = "lau_01900000000070008000000000000001")),
    responses((status = 200, description = "The decision.", body = DecisionOut, headers(("ETag" = String)))))]
pub(crate) async fn get(Here(api, caller, names): Here) -> Answer {
    let one = launch::get::<Decision>(&api.app, &caller.actor, names.id("decision")?).await?;
    Ok(changed(one.version, Json(out(one))))
}

/// A decision to be recorded.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewGoLiveDecision, example = json!({
    "verdict": "conditional", "reason": "The pilot convinced everybody", "go_live_on": "2027-03-02",
    "conditions": [{ "text": "Backup is proven", "owner": "IT lead", "by": "2027-03-01" }]
}))]
pub(crate) struct DecisionIn {
    /// `go`, `conditional` or `no-go`.
    verdict: String,
    /// Why.
    #[schema(min_length = 1)]
    reason: String,
    /// The go-live it is about; the planned one when left out.
    go_live_on: Option<Date>,
    /// What must still happen.
    #[serde(default)]
    conditions: Vec<ConditionIn>,
    /// Items of the checklist that need not be ready. A conditional go names every other open item in a condition.
    #[serde(default)]
    waived: Vec<WaiverIn>,
    /// Why it is a Friday, weekend, holiday or blackout.
    #[serde(default)]
    exception: String,
    /// Whose delay it is when the day is another than the planned one: `vendor`, `customer` or `joint`, which it is when
    /// left out. The go-live of the plan moves to that day, and the ledger names the decision.
    delay_of: Option<String>,
    /// The number of the last decision that was known, 0 for none: a newer one is a conflict. Any when left out.
    after: Option<i64>,
}

/// A condition.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewGoLiveCondition)]
pub(crate) struct ConditionIn {
    /// What must happen; the items it names in their own words when left out.
    #[serde(default)]
    text: String,
    /// Who answers for it.
    owner: String,
    /// By which day.
    by: Date,
    /// Items of the checklist (ids) that are ready once it happened.
    #[serde(default)]
    items: Vec<String>,
}

/// An item of the checklist that need not be ready.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewGoLiveWaiver)]
pub(crate) struct WaiverIn {
    /// Which (id).
    item: String,
    /// Why.
    #[schema(min_length = 1)]
    reason: String,
}

/// Decide whether to go live
///
/// A go the facts are against is recorded too, with the verdict `refused` and what spoke against it. A go with conditions
/// needs every item that is not ready to be named by a condition, or waived with a reason.
#[utoipa::path(post, path = "/onboardings/{id}/go-live-decisions", operation_id = "decide_go_live", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = DecisionIn),
    responses((status = 201, description = "The decision.", body = DecisionOut,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn create(Sent(api, caller, names, sent): Sent<DecisionIn>) -> Answer {
    let DecisionIn { verdict, reason, go_live_on, conditions, waived, exception, delay_of, after } = sent;
    let read = |word: String| {
        Side::read(&word).ok_or_else(|| Problem::field("delay_of", "must be vendor, customer or joint"))
    };
    let side = delay_of.map(read).transpose()?;
    let verdict: Verdict =
        verdict.parse().map_err(|_| Problem::field("verdict", "must be go, conditional or no-go"))?;
    let conditions = conditions
        .into_iter()
        .map(|one| ConditionDraft { text: one.text, owner: one.owner, by: Some(one.by), items: one.items })
        .collect();
    let waived = waived.into_iter().map(|one| WaiverDraft { item: one.item, reason: one.reason }).collect();
    let choice = Choice { verdict, go_live_on, reason, conditions, waived, exception, side, after };
    let made = launch::decide(&api.app, &caller.actor, names.id("onboarding")?, choice).await?;
    let (version, location) = (made.version, format!("/api/v1/go-live-decisions/{}", made.id));
    Ok(created(version, location, Json(out(made))))
}

/// Why it goes live without a decision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UndecidedGoLive, example = json!({ "reason": "The board decided by phone; the minutes follow on Monday" }))]
pub(crate) struct LetGoIn {
    /// Why.
    #[schema(min_length = 1)]
    reason: String,
}

/// Let an onboarding go live without a decision
///
/// For leaders. The go-live can be done in the plan from then on, until a no is decided.
#[utoipa::path(post, path = "/onboardings/{id}/launch/go-ahead", operation_id = "let_go_live", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = LetGoIn),
    responses((status = 200, description = "The launch as it is now.", body = LaunchOut, headers(("ETag" = String)))))]
pub(crate) async fn let_go(Sent(api, caller, names, sent): Sent<LetGoIn>) -> Answer {
    let sight = launch::let_go(&api.app, &caller.actor, names.id("onboarding")?, &sent.reason).await?;
    Ok(answer(&api, &sight))
}

/// Which condition.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MetCondition, example = json!({ "place": 0 }))]
pub(crate) struct MetIn {
    /// Its place, counted from 0.
    place: usize,
}

/// Say that a condition of a go-live is met
#[utoipa::path(post, path = "/go-live-decisions/{id}/conditions", operation_id = "meet_condition", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the decision.", example = "lau_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = MetIn),
    responses((status = 200, description = "The decision as it is now.", body = DecisionOut, headers(("ETag" = String)))))]
pub(crate) async fn meet(version: IfMatch, Sent(api, caller, names, sent): Sent<MetIn>) -> Answer {
    let (id, version) = (names.id("decision")?, version.required()?);
    let kept = launch::meet_condition(&api.app, &caller.actor, id, version, sent.place).await?;
    Ok(changed(kept.version, Json(out(kept))))
}
