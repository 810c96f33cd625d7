//! What rules of gates and of readiness know of training.

use std::collections::{BTreeMap, BTreeSet};

use gangway_domain::ids::{LearnerId, OnboardingId, TrackId, WorkspaceId};
use gangway_domain::rule::FactValue;
use gangway_store::Tx;
use gangway_store::training::learner::{self as learners, Enrolment};
use gangway_store::training::result::{self as results, Certificate};
use gangway_store::training::{self as tracks, Track};

use crate::error::AppError;

/// The track of administrators.
const ADMINISTRATORS: &str = "administrator";

/// How many administrators hold a certificate, and of all others who are to be trained in sessions the share that is
/// through: they came, or read all of it, and passed where the track asks questions; a certificate says so, too. Nothing
/// while nobody is named: then a person says whether people are trained.
pub(crate) async fn facts_in(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<Option<FactValue>, AppError> {
    Ok(facts_of(tx, workspace, &[id]).await?.remove(&id))
}

/// The same of many onboardings, with few statements.
pub(crate) async fn facts_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, FactValue>, AppError> {
    let enrolled = learners::enrolments_in(tx, workspace, ids).await?;
    let named: Vec<OnboardingId> = enrolled.keys().copied().collect();
    let tracks = tracks::of_onboardings(tx, workspace, &named).await?;
    let certificates = results::certificates_in(tx, workspace, &named).await?;
    let came = results::came_in(tx, workspace, &named).await?;
    let passed = results::passed_in(tx, workspace, &named).await?;
    let told = |(id, enrolled): (OnboardingId, Vec<Enrolment>)| {
        let tracks = tracks.get(&id).map_or(&[][..], Vec::as_slice);
        let certificates = certificates.get(&id).map_or(&[][..], Vec::as_slice);
        let deeds = Deeds { came: pairs(&came, id), passed: pairs(&passed, id) };
        (id, told(&enrolled, tracks, certificates, &deeds))
    };
    Ok(enrolled.into_iter().map(told).collect())
}

/// A learner on a track.
type Pair = (TrackId, LearnerId);

/// What the learners of an onboarding did.
struct Deeds {
    /// Came to a session.
    came: BTreeSet<Pair>,
    /// Passed the assessment.
    passed: BTreeSet<Pair>,
}

impl Deeds {
    /// Whether somebody is through with a track.
    fn is_through(&self, track: &Track, one: &Enrolment) -> bool {
        let pair = (track.id, one.learner);
        let studied = !track.modules.is_empty() && one.record.modules.len() >= track.modules.len();
        let has_passed = self.passed.contains(&pair);
        // Whoever passes without having come learned it elsewhere.
        has_passed || (!track.assessed && (studied || self.came.contains(&pair)))
    }
}

fn pairs(all: &BTreeMap<OnboardingId, Vec<Pair>>, id: OnboardingId) -> BTreeSet<Pair> {
    all.get(&id).into_iter().flatten().copied().collect()
}

fn told(enrolled: &[Enrolment], tracks: &[Track], certificates: &[Certificate], deeds: &Deeds) -> FactValue {
    let certified: BTreeSet<Pair> =
        certificates.iter().filter(|one| one.revoked.is_none()).map(|one| (one.track, one.learner)).collect();
    let holders = |track: TrackId| certified.iter().filter(|(of, _)| *of == track).count();
    let through = |track: &Track| {
        let on_it = enrolled.iter().filter(|one| one.track == track.id && deeds.is_through(track, one));
        let certified = certified.iter().filter(|(of, _)| *of == track.id).map(|(_, learner)| *learner);
        on_it.map(|one| one.learner).chain(certified).collect::<BTreeSet<LearnerId>>().len()
    };
    let (mut administrators, mut done, mut all) = (0, 0, 0);
    for track in tracks {
        if track.code == ADMINISTRATORS {
            administrators += holders(track.id);
        } else if track.group_size > 0 {
            let named = enrolled.iter().filter(|one| one.track == track.id).count();
            done += through(track);
            // Whoever is not named yet is not trained yet.
            all += named.max(usize::try_from(track.people).unwrap_or(usize::MAX));
        }
    }
    let number = |count: usize| FactValue::Int(i64::try_from(count).unwrap_or(i64::MAX));
    let mut group = BTreeMap::from([("certified_admins", number(administrators))]);
    if let Some(percent) = (done * 100).checked_div(all) {
        group.insert("completed_percent", number(percent));
    }
    FactValue::Group(group)
}
