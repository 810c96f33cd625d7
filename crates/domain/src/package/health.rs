//! How health is watched during the onboarding: the model, the weekly review, signals, interventions.

use super::dates::every_weeks;
use super::frame::{Frame, Ground};
use super::{BuildError, HealthCadence, ReviewGroup};
use crate::methodology::{Intervention, SignalKind};

/// Id of the health model used during onboarding.
const MODEL: &str = "onboarding";
/// Id of the checklist with the questions of the weekly review.
const REVIEW: &str = "weekly-signal-review";

/// Builds the cadence: one review a week from the first week after kickoff to the finish.
pub(super) fn health(frame: &Frame<'_>) -> Result<HealthCadence, BuildError> {
    let Frame { ground: Ground { methodology, anchors, .. }, dates, .. } = frame;
    let model = methodology.health.get(MODEL).ok_or(BuildError::HealthModel { id: MODEL })?;
    let review = methodology
        .checklists
        .get(REVIEW)
        .map(|checklist| {
            checklist
                .groups
                .iter()
                .map(|group| ReviewGroup {
                    title: group.title.clone(),
                    questions: group.items.iter().map(|item| item.text.clone()).collect(),
                })
                .collect()
        })
        .unwrap_or_default();
    Ok(HealthCadence {
        model: model.described(),
        reviews: every_weeks(anchors.kickoff_on, 1, dates.finish_on),
        review,
        signals: methodology.signals.values().map(SignalKind::described).collect(),
        interventions: methodology.interventions.values().map(Intervention::described).collect(),
        metrics: methodology.benchmarks.metrics.clone(),
    })
}
