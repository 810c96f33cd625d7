//! Trying a programme on a deal, next to the version in force; nothing is kept.

use axum::Json;
use gangway_app::programme::{self, Deal, Trial, Which};
use gangway_domain::ids::HandoffId;
use gangway_domain::package::Package;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::caller::Sent;
use crate::input::usable;
use crate::problem::Problem;
use crate::resource::onboarding::programme::PlanDifference;

/// What is tried on which deal: one that was handed over, or a text.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProgrammeTrialRequest, example = json!({
    "deal": "Customer: Acme Manufacturing. ACV: $95K. Users: 120. Go-live: 60 days.", "version": "draft"
}))]
pub(crate) struct TrialIn {
    /// The deal as text.
    deal: Option<String>,
    /// Id of a handoff instead.
    handoff: Option<String>,
    /// Which text of the programme: `draft`, `in-force`, `built-in` or a number; the draft when left out.
    version: Option<String>,
}

/// What came of a trial.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgrammeTrial)]
pub(crate) struct TrialOut {
    /// The segment the deal is recommended, when it is another than the programme's.
    #[schema(required = true)]
    recommended: Option<String>,
    /// With the version in force.
    before: SideOut,
    /// With the text that was tried.
    after: SideOut,
    /// What differs.
    changes: PlanDifference,
}

/// One side of a trial.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgrammeTrialSide)]
pub(crate) struct SideOut {
    /// The kickoff.
    kickoff_on: Date,
    /// The go-live.
    go_live_on: Date,
    /// The go-live the customer wants.
    #[schema(required = true)]
    go_live_target: Option<Date>,
    /// Whether that can be met, in words.
    verdict: String,
    /// Tasks.
    tasks: usize,
    /// Milestones.
    milestones: usize,
}

impl From<&Package> for SideOut {
    fn from(package: &Package) -> Self {
        let dates = &package.dates;
        Self {
            kickoff_on: dates.kickoff_on,
            go_live_on: dates.go_live_on,
            go_live_target: dates.go_live_target,
            verdict: dates.verdict.clone(),
            tasks: package.plan.tasks.len(),
            milestones: package.plan.milestones.len(),
        }
    }
}

/// Try a programme on a deal
///
/// What it would plan next to the version in force. Nothing is kept. While the text has mistakes, that is 422.
#[utoipa::path(post, path = "/programmes/{id}/trial", operation_id = "try_programme", tag = "Programmes",
    params(("id" = String, Path, description = "Id of the programme.", example = "mid-market")),
    request_body(content = TrialIn),
    responses((status = 200, description = "What came of it.", body = TrialOut)))]
pub(crate) async fn trial(Sent(api, caller, names, sent): Sent<TrialIn>) -> Result<Json<TrialOut>, Problem> {
    let TrialIn { deal, handoff, version } = sent;
    let which = version.map_or(Some(Which::Draft), |word| Which::of_word(&word));
    let unknown = || Problem::field("version", "must be draft, in-force, built-in or a number");
    let which = which.ok_or_else(unknown)?;
    let deal = match (deal, handoff) {
        (Some(text), None) => Deal::Text(text),
        (None, Some(id)) => Deal::HandedOver(usable::<HandoffId>("handoff", &id)?),
        _ => return Err(Problem::field("deal", "must be sent, or a handoff, and not both")),
    };
    let tried = programme::trial(&api.app, &caller.actor, names.text(0), which, deal).await?;
    let Trial { before, after, difference, recommended } = tried;
    let (before, after) = (SideOut::from(&before), SideOut::from(&after));
    Ok(Json(TrialOut { recommended, before, after, changes: difference.into() }))
}
