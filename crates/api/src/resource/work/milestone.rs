//! Milestones and gates as they are being worked.

use std::collections::BTreeMap;

use axum::Json;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use gangway_app::AppError;
use gangway_app::work::{self, MilestoneSight, Sight};
use gangway_domain::ids::{MilestoneId, OnboardingId};
use gangway_domain::work::{Change, GateCheck, RunningMilestone, Verdict};
use gangway_store::work::MilestoneFacts;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::plan::OutcomeOut;
use crate::Api;
use crate::caller::{Caller, Here, Sent};
use crate::etag::{IfMatch, changed, tagged};
use crate::page::Page;
use crate::problem::{Answer, Problem};

/// A milestone as it is being worked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Milestone)]
pub(crate) struct MilestoneOut {
    /// Id.
    id: String,
    /// The onboarding.
    onboarding: String,
    /// Id inside the plan.
    code: String,
    /// What is reached.
    name: String,
    /// Whether nothing after it may start before its criteria hold.
    gate: bool,
    /// Date it is due.
    due_on: Date,
    /// Date the plan reaches it, or reached it.
    planned_on: Date,
    /// As agreed.
    #[schema(required = true)]
    baseline_on: Option<Date>,
    /// The day it was reached.
    #[schema(required = true)]
    reached_on: Option<Date>,
    /// Why it does not hold anything up any more, when somebody waived it.
    #[schema(required = true)]
    waived_because: Option<String>,
    /// Since when it does not, when somebody waived it.
    #[schema(required = true)]
    waived_on: Option<Date>,
    /// Who waived it.
    #[schema(required = true)]
    waived_by: Option<String>,
    /// What must be true to pass, as it stands.
    criteria: Vec<CriterionOut>,
    /// Names of what must be done before and is not.
    waits_for: Vec<String>,
    /// Who answers for it: whoever does what leads right to it, by name, or by role where nobody was chosen.
    answered_by: Vec<String>,
    /// Nothing stands between it and the day it is reached.
    open: bool,
    /// Counts changes of its row, from 1; the ETag is made of it.
    version: i64,
}

/// A criterion of a gate.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GateCriterionState)]
pub(crate) struct CriterionOut {
    /// In words.
    text: String,
    /// What its rule says; null when nothing is known to a rule, so that a person says it.
    #[schema(required = true)]
    holds: Option<bool>,
    /// Who said that it is met, where no rule can tell.
    #[schema(required = true)]
    said_by: Option<String>,
    /// It is met.
    met: bool,
}

impl MilestoneOut {
    fn new(
        onboarding: OnboardingId,
        milestone: &RunningMilestone,
        facts: MilestoneFacts,
        check: &GateCheck,
        answered_by: Vec<String>,
    ) -> Self {
        let criteria = check.criteria.iter().map(|one| CriterionOut {
            text: one.text.clone(),
            holds: match one.verdict {
                Verdict::Holds => Some(true),
                Verdict::Fails => Some(false),
                Verdict::Unknown => None,
            },
            said_by: one.said.as_ref().map(|said| said.by.clone()),
            met: one.is_met(),
        });
        Self {
            id: facts.id.to_string(),
            onboarding: onboarding.to_string(),
            code: milestone.code.clone(),
            name: milestone.name.clone(),
            gate: milestone.gate,
            due_on: milestone.due,
            planned_on: milestone.planned,
            baseline_on: facts.baseline,
            reached_on: milestone.reached_on,
            waived_because: milestone.waived.as_ref().map(|waived| waived.reason.clone()),
            waived_on: milestone.waived.as_ref().map(|waived| waived.on),
            waived_by: milestone.waived.as_ref().map(|waived| waived.by.clone()),
            criteria: criteria.collect(),
            waits_for: check.waits_for.clone(),
            answered_by,
            open: check.is_open(),
            version: facts.version,
        }
    }
}

/// List the milestones of an onboarding
///
/// With what stands between each and the day it is reached. On one page.
#[utoipa::path(get, path = "/onboardings/{id}/milestones", operation_id = "list_milestones", tag = "Plan",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "The milestones.", body = Page<MilestoneOut>, headers(("ETag" = String)))))]
pub(crate) async fn list(Here(api, caller, names): Here) -> Answer {
    let id: OnboardingId = names.id("onboarding")?;
    let Sight { stored, facts: known, .. } = work::sight(&api.app, &caller.actor, id).await?;
    let facts: &BTreeMap<String, MilestoneFacts> = &stored.milestones;
    let checks = work::gates(&stored.plan, &known);
    let both = stored.plan.milestones.iter().zip(&checks);
    let items = both.filter_map(|(one, check)| {
        let who = stored.plan.answer_for(&one.code).into_iter().map(str::to_owned).collect();
        Some(MilestoneOut::new(id, one, *facts.get(&one.code)?, check, who))
    });
    Ok(changed(stored.revision, Json(Page::whole(items))))
}

/// Get a milestone
///
/// With what stands between it and the day it is reached.
#[utoipa::path(get, path = "/milestones/{id}", operation_id = "get_milestone", tag = "Plan",
    params(("id" = String, Path, description = "Id of the milestone.", example = "mil_01900000000070008000000000000001")),
    responses((status = 200, description = "The milestone.", body = MilestoneOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn get(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let sight = work::milestone(&api.app, &caller.actor, names.id("milestone")?).await?;
    let out = MilestoneOut::new(sight.head.id, &sight.milestone, sight.facts, &sight.check, sight.answer);
    Ok(tagged(&headers, sight.facts.version, Json(out)))
}

/// What is to change of a milestone; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "First dashboard in daily use", "due_on": "2027-02-26" }))]
pub(crate) struct MilestonePatch {
    /// What is reached.
    #[schema(max_length = 200)]
    name: Option<String>,
    /// The day it is due, not before the plan begins; nothing else moves.
    due_on: Option<Date>,
}

/// Change a milestone
///
/// Its name and the day it is due. When the plan reaches it follows from what it waits for.
#[utoipa::path(patch, path = "/milestones/{id}", operation_id = "change_milestone", tag = "Plan",
    params(("id" = String, Path, description = "Id of the milestone.", example = "mil_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = MilestonePatch),
    responses((status = 200, description = "What followed.", body = OutcomeOut, headers(("ETag" = String)))))]
pub(crate) async fn change(
    version: IfMatch,
    Sent(api, caller, names, MilestonePatch { name, due_on }): Sent<MilestonePatch>,
) -> Answer {
    let version = version.required()?;
    let id: MilestoneId = names.id("milestone")?;
    let sight = work::milestone(&api.app, &caller.actor, id).await?;
    if version != sight.facts.version {
        return Err(AppError::Stale { what: "milestone", version: sight.facts.version }.into());
    }
    let milestone = || sight.milestone.code.clone();
    let mut changes = Vec::new();
    changes.extend(name.map(|name| Change::RenameMilestone { milestone: milestone(), name }));
    changes.extend(due_on.map(|on| Change::SetDue { milestone: milestone(), on }));
    let outcome = work::change(&api.app, &caller.actor, sight.head.id, Some(sight.revision), changes).await;
    let outcome = outcome.map_err(of_due)?;
    let version = work::milestone(&api.app, &caller.actor, id).await?.facts.version;
    Ok(changed(version, Json(OutcomeOut::from(outcome))))
}

/// A day that cannot be used is one of the field the body calls so.
fn of_due(error: AppError) -> Problem {
    let mut problem = Problem::from(error);
    for wrong in problem.errors.iter_mut().filter(|wrong| wrong.field == "on") {
        "due_on".clone_into(&mut wrong.field);
    }
    problem
}

/// The day a milestone was reached.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "on": "2027-01-22" }))]
pub(crate) struct ReachIn {
    /// The day, today at the latest.
    on: Date,
}

/// Say that a milestone is reached
///
/// A gate is passed only when its criteria hold; 409 says what is missing.
#[utoipa::path(post, path = "/milestones/{id}/reach", operation_id = "reach_milestone", tag = "Plan",
    params(("id" = String, Path, description = "Id of the milestone.", example = "mil_01900000000070008000000000000001")),
    request_body(content = ReachIn),
    responses((status = 200, description = "What followed.", body = OutcomeOut)))]
pub(crate) async fn reach(Sent(api, caller, names, ReachIn { on }): Sent<ReachIn>) -> Answer {
    of_milestone(&api, &caller, names.id("milestone")?, |milestone| Change::Reach { milestone, on }).await
}

/// Why a gate is waived.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "The customer goes live without single sign-on" }))]
pub(crate) struct WaiverIn {
    /// Why, at most 500 characters.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
    /// Since when it does not hold anything up any more: today when left out; not in the future, nor before the
    /// plan begins.
    on: Option<Date>,
}

/// Waive a gate
///
/// It does not hold anything up any more from that day on, and says who decided so and why.
#[utoipa::path(post, path = "/milestones/{id}/waiver", operation_id = "waive_milestone", tag = "Plan",
    params(("id" = String, Path, description = "Id of the milestone.", example = "mil_01900000000070008000000000000001")),
    request_body(content = WaiverIn),
    responses((status = 200, description = "What followed.", body = OutcomeOut)))]
pub(crate) async fn waive(Sent(api, caller, names, WaiverIn { reason, on }): Sent<WaiverIn>) -> Answer {
    let waive = |milestone| Change::Waive { milestone, reason, on };
    of_milestone(&api, &caller, names.id("milestone")?, waive).await
}

async fn of_milestone(
    api: &Api,
    caller: &Caller,
    id: MilestoneId,
    change: impl FnOnce(String) -> Change,
) -> Answer {
    let MilestoneSight { head, milestone, revision, .. } =
        work::milestone(&api.app, &caller.actor, id).await?;
    let changes = vec![change(milestone.code)];
    let outcome = work::change(&api.app, &caller.actor, head.id, Some(revision), changes).await?;
    Ok((StatusCode::OK, Json(OutcomeOut::from(outcome))).into_response())
}
