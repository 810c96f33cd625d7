//! How the relationship with a customer stands.

use axum::Json;
use gangway_app::people::{self, Engagement, Standing};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::loss::LossOut;
use crate::caller::Here;
use crate::problem::Problem;

/// How the relationship with a customer stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RelationshipStanding)]
pub(crate) struct StandingOut {
    /// Enough people were spoken with lately, an executive among them.
    multi_threaded: bool,
    /// Stakeholders spoken with within the days that count.
    live_contacts: u32,
    /// Least number of them.
    least_contacts: u32,
    /// Calendar days within which a talk counts.
    within_days: u32,
    /// What is missing, in sentences.
    missing: Vec<String>,
    /// What executives are due.
    executive: Vec<EngagementOut>,
    /// Champions who left, the newest first.
    losses: Vec<LossOut>,
}

/// An engagement of executives.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExecutiveEngagement)]
pub(crate) struct EngagementOut {
    /// Id, as talks name it.
    id: String,
    /// What it is.
    name: String,
    /// What it holds.
    content: String,
    /// In which form.
    format: String,
    /// The day it last happened.
    #[schema(required = true)]
    last_on: Option<Date>,
    /// The day by which it happens next; null when nothing asks for it.
    #[schema(required = true)]
    due_on: Option<Date>,
    /// The milestone or risk it is for.
    #[schema(required = true)]
    occasion: Option<String>,
    /// Calendar days it is overdue.
    late_days: i64,
}

impl From<Engagement> for EngagementOut {
    fn from(engagement: Engagement) -> Self {
        let Engagement { rule, due } = engagement;
        Self {
            id: due.id,
            name: rule.kind,
            content: rule.content,
            format: rule.format,
            last_on: due.last,
            due_on: due.due,
            occasion: due.occasion,
            late_days: due.late,
        }
    }
}

impl From<Standing> for StandingOut {
    fn from(standing: Standing) -> Self {
        let Standing { threading, executive, losses, .. } = standing;
        Self {
            multi_threaded: threading.holds(),
            live_contacts: threading.live,
            least_contacts: threading.least,
            within_days: threading.within_days,
            missing: threading.missing,
            executive: executive.into_iter().map(EngagementOut::from).collect(),
            losses: losses.into_iter().map(|lost| LossOut::of(lost.loss, lost.criteria)).collect(),
        }
    }
}

/// How the relationship with a customer stands
///
/// Whether it hangs on enough people, what executives are due, champions who left.
#[utoipa::path(get, path = "/onboardings/{id}/relationship", operation_id = "get_relationship", tag = "People",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "How it stands today.", body = StandingOut)))]
pub(crate) async fn relationship(Here(api, caller, names): Here) -> Result<Json<StandingOut>, Problem> {
    let standing = people::standing(&api.app, &caller.actor, names.id("onboarding")?).await?;
    Ok(Json(standing.into()))
}
