//! What stands above the outcomes of an onboarding, what its definition of complete lacks, how milestones are celebrated.

use axum::Json;
use axum::http::HeaderMap;
use gangway_app::outcome::{self, Celebration, ImpactPlan, PlanChanges, ValueStep};
use gangway_domain::ids::OnboardingId;
use gangway_domain::outcome::{Completeness, Needed};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::caller::{Here, Sent};
use crate::etag::{IfMatch, changed, tagged};
use crate::page::Page;
use crate::problem::{Answer, Problem};

/// What stands above the outcomes of an onboarding.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JointImpactPlan)]
pub(crate) struct PlanOut {
    /// North star in one sentence.
    north_star: String,
    /// First impact: what and by when.
    first_impact: String,
    /// What stands in the way; never shown in the portal.
    challenges: String,
    /// What could come of it; never shown in the portal.
    opportunities: String,
    /// The day by which the onboarding should be complete.
    #[schema(required = true)]
    complete_by: Option<Date>,
    /// Counts changes; the ETag is made of it.
    version: i64,
}

impl From<ImpactPlan> for PlanOut {
    fn from(plan: ImpactPlan) -> Self {
        let ImpactPlan { north_star, first_impact, challenges, opportunities, complete_by, version } = plan;
        Self { north_star, first_impact, challenges, opportunities, complete_by, version }
    }
}

/// Get a joint impact plan
///
/// What stands above its outcomes; those are under `/outcomes`.
#[utoipa::path(get, path = "/onboardings/{id}/impact-plan", operation_id = "get_impact_plan", tag = "Impact",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "The plan.", body = PlanOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn get(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let (_, plan) = outcome::impact_plan(&api.app, &caller.actor, names.id("onboarding")?).await?;
    Ok(tagged(&headers, plan.version, Json(PlanOut::from(plan))))
}

/// What a joint impact plan says above its outcomes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = JointImpactPlanText, example = json!({
    "north_star": "Acme closes its books in four days", "first_impact": "March closed in six days, by 31 March 2027"
}))]
pub(crate) struct PlanIn {
    /// North star in one sentence.
    north_star: String,
    /// First impact: what and by when.
    first_impact: String,
    /// What stands in the way.
    #[serde(default)]
    challenges: String,
    /// What could come of it.
    #[serde(default)]
    opportunities: String,
}

/// Replace what a joint impact plan says
#[utoipa::path(put, path = "/onboardings/{id}/impact-plan", operation_id = "put_impact_plan", tag = "Impact",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = PlanIn),
    responses((status = 200, description = "The plan as it is now.", body = PlanOut, headers(("ETag" = String)))))]
pub(crate) async fn put(version: IfMatch, Sent(api, caller, names, sent): Sent<PlanIn>) -> Answer {
    let PlanIn { north_star, first_impact, challenges, opportunities } = sent;
    let changes = PlanChanges { north_star, first_impact, challenges, opportunities };
    let id = names.id("onboarding")?;
    let kept = outcome::change_plan(&api.app, &caller.actor, id, version.required()?, changes).await?;
    Ok(changed(kept.version, Json(PlanOut::from(kept))))
}

/// A milestone the definition of complete names.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NeededMilestone)]
pub(crate) struct NeededOut {
    /// Id inside the plan.
    code: String,
    /// What is reached.
    name: String,
    /// Date it is due.
    due: Date,
    /// Date the plan reaches it.
    planned: Date,
    /// The day it was reached.
    #[schema(required = true)]
    reached_on: Option<Date>,
    /// Why it was waived.
    #[schema(required = true)]
    waived: Option<String>,
}

impl From<Needed> for NeededOut {
    fn from(one: Needed) -> Self {
        Self {
            code: one.code,
            name: one.name,
            due: one.due,
            planned: one.planned,
            reached_on: one.reached_on,
            waived: one.waived.map(|(_, reason)| reason),
        }
    }
}

/// What of the definition of complete is there, and what lacks.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Completeness)]
pub(crate) struct CompletenessOut {
    /// Nothing lacks: the onboarding can be completed.
    is_complete: bool,
    /// What lacks, in words.
    lacking: Vec<String>,
    /// What is wrong with the definition itself, in words.
    flaws: Vec<String>,
    /// The day by which the onboarding should be complete.
    #[schema(required = true)]
    by: Option<Date>,
    /// Calendar days by which it is late, by plan or because that day has passed.
    days_late: i64,
    /// Value milestones.
    value: Vec<NeededOut>,
    /// Technical milestones.
    technical: Vec<NeededOut>,
    /// Outcomes the customer confirmed.
    verified: usize,
    /// All outcomes.
    outcomes: usize,
}

/// Get what an onboarding lacks to be complete
#[utoipa::path(get, path = "/onboardings/{id}/completeness", operation_id = "get_completeness", tag = "Impact",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "What is there, and what lacks.", body = CompletenessOut)))]
pub(crate) async fn completeness(Here(api, caller, names): Here) -> Result<Json<CompletenessOut>, Problem> {
    let (_, known) = outcome::completeness(&api.app, &caller.actor, names.id("onboarding")?).await?;
    let (lacking, flaws, days_late) = (known.lacking(), known.flaws(), known.days_late(api.app.today()));
    let Completeness { by, value, technical, verified, outcomes } = known;
    Ok(Json(CompletenessOut {
        is_complete: lacking.is_empty(),
        lacking,
        flaws,
        by,
        days_late,
        value: value.into_iter().map(NeededOut::from).collect(),
        technical: technical.into_iter().map(NeededOut::from).collect(),
        verified,
        outcomes,
    }))
}

/// How reaching a value milestone is celebrated.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Celebration)]
pub(crate) struct CelebrationOut {
    /// The milestone: its id inside the plan.
    milestone: String,
    /// What is reached.
    name: String,
    /// The day it was reached.
    #[schema(required = true)]
    reached_on: Option<Date>,
    /// Who hears of it.
    share_with: String,
    /// How: a mail, a call, a demo.
    format: String,
    /// What is said.
    message: String,
    /// When it was held.
    #[schema(required = true)]
    held_on: Option<Date>,
    /// By whom.
    #[schema(required = true)]
    held_by: Option<String>,
    /// Counts changes; 0 while it is what the methodology proposes.
    version: i64,
}

impl From<ValueStep> for CelebrationOut {
    fn from(step: ValueStep) -> Self {
        let Celebration { milestone, share_with, format, message, held, version } = step.celebration;
        let (held_on, held_by) = held.unzip();
        let (name, reached_on) = (step.name, step.reached_on);
        Self { milestone, name, reached_on, share_with, format, message, held_on, held_by, version }
    }
}

/// List the celebrations of an onboarding
///
/// One for each value milestone, on one page.
#[utoipa::path(get, path = "/onboardings/{id}/celebrations", operation_id = "list_celebrations", tag = "Impact",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "The celebrations.", body = Page<CelebrationOut>)))]
pub(crate) async fn celebrations(
    Here(api, caller, names): Here,
) -> Result<Json<Page<CelebrationOut>>, Problem> {
    let seen = outcome::value(&api.app, &caller.actor, names.id("onboarding")?).await?;
    Ok(Json(Page::whole(seen.steps.into_iter().map(CelebrationOut::from))))
}

/// How a value milestone is to be celebrated.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CelebrationText, example = json!({
    "share_with": "The project team and Dana Whitfield", "format": "Ten minutes on a call", "message": "March was closed in six days."
}))]
pub(crate) struct CelebrationIn {
    /// Who hears of it.
    share_with: String,
    /// How.
    format: String,
    /// What is said.
    message: String,
    /// When it was held.
    held_on: Option<Date>,
}

/// Plan how a value milestone is celebrated, or say that it was
#[utoipa::path(put, path = "/onboardings/{id}/celebrations/{milestone}", operation_id = "put_celebration", tag = "Impact",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("milestone" = String, Path, description = "The milestone's id inside the plan.", example = "quick-win-shown"),
        ("If-Match" = String, Header, description = "Its version as an ETag; \"0\" the first time.", example = "\"0\"")),
    request_body(content = CelebrationIn),
    responses((status = 200, description = "The celebration as it is now.", body = CelebrationOut, headers(("ETag" = String)))))]
pub(crate) async fn celebrate(
    version: IfMatch,
    Sent(api, caller, names, sent): Sent<CelebrationIn>,
) -> Answer {
    let id: OnboardingId = names.id("onboarding")?;
    let CelebrationIn { share_with, format, message, held_on } = sent;
    let wanted = Celebration {
        milestone: names.text(1).to_owned(),
        share_with,
        format,
        message,
        held: held_on.map(|on| (on, caller.actor.name.clone())),
        version: version.required()?,
    };
    let kept = outcome::celebrate(&api.app, &caller.actor, id, wanted).await?;
    let seen = outcome::value(&api.app, &caller.actor, id).await?;
    let step = seen.steps.into_iter().find(|step| step.code == kept.milestone);
    let step = step.ok_or_else(|| Problem::missing("value milestone", &kept.milestone))?;
    Ok(changed(kept.version, Json(CelebrationOut::from(step))))
}
