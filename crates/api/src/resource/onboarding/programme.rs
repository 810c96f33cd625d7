//! The programme an onboarding was made from, and its move to the version in force.

use axum::Json;
use gangway_app::onboarding::move_on;
use gangway_domain::ids::OnboardingId;
use gangway_domain::package::Difference;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::caller::{Here, Sent};
use crate::etag::{IfMatch, changed};
use crate::problem::Answer;
use crate::resource::programme::version::ComparisonOut;

/// The programme of an onboarding.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OnboardingProgramme {
    /// Counts changes of the onboarding, from 1; the ETag is made of it.
    version: i64,
    /// The programme (id).
    programme: String,
    /// The version it was made from.
    made_from: i64,
    /// The version in force and what a move to it would change; null when it is at that.
    #[schema(required = true)]
    newer: Option<NewerProgramme>,
}

/// A version an onboarding can be moved to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewerProgramme {
    /// Its number.
    number: i64,
    /// Its digest: send it to move.
    digest: String,
    /// What differs in the programme; null when the text before is not kept.
    #[schema(required = true)]
    changes: Option<ComparisonOut>,
    /// What would differ in the plan; null when no plan can be made.
    #[schema(required = true)]
    plan: Option<PlanDifference>,
    /// Why no plan can be made.
    #[schema(required = true)]
    obstacle: Option<String>,
}

/// What differs between two plans.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanDifference {
    /// The dates that matter.
    dates: Vec<DateChangeOut>,
    /// Tasks and milestones that differ.
    items: Vec<PlanItemChange>,
}

/// A date, before and after.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DateChange, example = json!({ "what": "Go-live", "before": "2027-03-16", "after": "2027-03-18" }))]
pub(crate) struct DateChangeOut {
    /// What happens on it.
    what: String,
    /// The day before.
    #[schema(required = true)]
    before: Option<Date>,
    /// The day after.
    #[schema(required = true)]
    after: Option<Date>,
}

/// A task or milestone that differs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "what": "Task", "code": "kickoff", "name": "Kickoff meeting", "phase": "Discovery",
    "before": ["2027-01-11", "2027-01-11"], "after": ["2027-01-11", "2027-01-12"], "details": ["working days 1 → 2"]
}))]
pub(crate) struct PlanItemChange {
    /// `Task`, `Milestone` or `Gate`.
    what: String,
    /// Id inside the plan.
    code: String,
    /// What it is called.
    name: String,
    /// Its phase.
    phase: String,
    /// First and last day before; null when it is new.
    #[schema(required = true)]
    before: Option<[Date; 2]>,
    /// First and last day after; null when it is gone.
    #[schema(required = true)]
    after: Option<[Date; 2]>,
    /// What else is different, in words.
    details: Vec<String>,
}

impl From<Difference> for PlanDifference {
    fn from(difference: Difference) -> Self {
        let pair = |days: Option<(Date, Date)>| days.map(|(from, to)| [from, to]);
        Self {
            dates: difference
                .dates
                .into_iter()
                .map(|change| DateChangeOut {
                    what: change.what.to_owned(),
                    before: change.before,
                    after: change.after,
                })
                .collect(),
            items: difference
                .items
                .into_iter()
                .map(|item| PlanItemChange {
                    what: item.what.to_owned(),
                    code: item.id,
                    name: item.name,
                    phase: item.phase,
                    before: pair(item.before),
                    after: pair(item.after),
                    details: item.details,
                })
                .collect(),
        }
    }
}

/// A move to the version in force.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "digest": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" }))]
pub(crate) struct MoveIn {
    /// `newer.digest` as it was read: another version published meanwhile is refused.
    digest: String,
}

/// See what a move to the programme in force would change
///
/// Calculated now; nothing is stored.
#[utoipa::path(get, path = "/onboardings/{id}/programme", operation_id = "get_onboarding_programme", tag = "Onboardings",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "Where it stands.", body = OnboardingProgramme, headers(("ETag" = String)))))]
pub(crate) async fn programme(Here(api, caller, names): Here) -> Answer {
    let id: OnboardingId = names.id("onboarding")?;
    let standing = move_on::standing(&api.app, &caller.actor, id).await?;
    let newer = standing.newer.map(|newer| {
        let (plan, obstacle) = match newer.outlook {
            Ok(outlook) => (Some(outlook.difference.into()), None),
            Err(obstacle) => (None, Some(obstacle)),
        };
        NewerProgramme {
            number: newer.number,
            digest: newer.digest,
            changes: newer.comparison.map(ComparisonOut::from),
            plan,
            obstacle,
        }
    });
    let out = OnboardingProgramme {
        version: standing.version,
        programme: standing.programme,
        made_from: standing.made_from,
        newer,
    };
    // What a move would change is not the onboarding's own, so it is told whatever version is known.
    Ok(changed(standing.version, Json(out)))
}

/// Move an onboarding to the programme in force
///
/// Its plan is made again. Refused when the onboarding changed or another version was published since they were
/// read; one that is over is 409.
#[utoipa::path(post, path = "/onboardings/{id}/programme", operation_id = "move_onboarding", tag = "Onboardings",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"2\"")),
    request_body(content = MoveIn),
    responses((status = 200, description = "What changed.", body = PlanDifference, headers(("ETag" = String)))))]
pub(crate) async fn move_to_programme(
    version: IfMatch,
    Sent(api, caller, names, sent): Sent<MoveIn>,
) -> Answer {
    let id: OnboardingId = names.id("onboarding")?;
    let seen = version.required()?;
    let (version, difference) = move_on::take(&api.app, &caller.actor, id, seen, &sent.digest).await?;
    Ok(changed(version, Json(PlanDifference::from(difference))))
}
