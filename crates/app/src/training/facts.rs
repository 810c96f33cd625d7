//! What rules of gates and of readiness know of training.

use std::collections::{BTreeMap, BTreeSet};

use gangway_domain::ids::{LearnerId, OnboardingId, TrackId, WorkspaceId};
use gangway_domain::rule::FactValue;
use gangway_store::Tx;
use gangway_store::training::{self as tracks, learner as learners, result as results};

use crate::error::AppError;

/// The track of administrators.
const ADMINISTRATORS: &str = "administrator";

/// How many administrators hold a certificate, and of all others who are to be trained in sessions the share that
/// does. Nothing while nobody is named: then a person says whether people are trained.
pub(crate) async fn facts_in(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<Option<FactValue>, AppError> {
    let enrolled = learners::enrolments(tx, workspace, id).await?;
    if enrolled.is_empty() {
        return Ok(None);
    }
    let tracks = tracks::of_onboarding(tx, workspace, id).await?;
    let certificates = results::certificates(tx, workspace, id).await?;
    let certified: BTreeSet<(TrackId, LearnerId)> =
        certificates.iter().filter(|one| one.revoked.is_none()).map(|one| (one.track, one.learner)).collect();
    let holders = |track: TrackId| certified.iter().filter(|(of, _)| *of == track).count();
    let (mut administrators, mut done, mut all) = (0, 0, 0);
    for track in &tracks {
        if track.code == ADMINISTRATORS {
            administrators += holders(track.id);
        } else if track.group_size > 0 {
            let named = enrolled.iter().filter(|one| one.track == track.id).count();
            done += holders(track.id);
            // Whoever is not named yet is not trained yet.
            all += named.max(usize::try_from(track.people).unwrap_or(usize::MAX));
        }
    }
    let number = |count: usize| FactValue::Int(i64::try_from(count).unwrap_or(i64::MAX));
    let mut group = BTreeMap::from([("certified_admins", number(administrators))]);
    if let Some(percent) = (done * 100).checked_div(all) {
        group.insert("completed_percent", number(percent));
    }
    Ok(Some(FactValue::Group(group)))
}
