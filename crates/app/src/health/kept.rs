//! What an onboarding's health was judged by, as it is kept with every change: enough to judge it again by another
//! model.

use gangway_domain::health::{Assessment, Moment, OpenSignal, Override};
use gangway_domain::rule::Facts;
use gangway_store::health::Judged;
use gangway_store::health::overridden::Override as Said;
use gangway_store::signal::Signal;
use jiff::civil::Date;
use serde_json::{Value as Json, json};

use super::facts;
use crate::error::AppError;

/// Everything a judgement rests on, as it is kept.
pub(super) fn write(facts: &Facts, signals: &[OpenSignal], by_hand: Option<&Override>) -> Json {
    json!({ "facts": facts::kept(facts), "signals": signals, "by_hand": by_hand })
}

/// Only the facts.
pub(super) fn facts_of(kept: &Json) -> Facts {
    kept.get("facts").map(facts::read).unwrap_or_default()
}

/// The moment a judgement was made of. What cannot be read any more counts as not known.
pub(super) fn moment(judged: &Judged) -> Moment {
    moment_of(judged.on, &judged.facts)
}

/// The moment a judgement for a day was made of, from what is kept of it.
pub(super) fn moment_of(day: Date, kept: &Json) -> Moment {
    let part = |name: &str| kept.get(name).cloned().unwrap_or(Json::Null);
    Moment {
        day,
        facts: facts_of(kept),
        signals: serde_json::from_value(part("signals")).unwrap_or_default(),
        by_hand: serde_json::from_value(part("by_hand")).unwrap_or_default(),
    }
}

/// The assessment of a judgement; none where it was kept by a version whose words this one does not read.
#[must_use]
pub fn assessment(judged: &Judged) -> Option<Assessment> {
    serde_json::from_value(judged.assessment.clone()).ok()
}

/// An assessment as it is kept.
pub(super) fn assessed(assessment: &Assessment) -> Result<Json, AppError> {
    serde_json::to_value(assessment).map_err(|error| {
        tracing::error!(%error, "an assessment cannot be written");
        AppError::Crashed
    })
}

/// Open signals as models see them.
pub(super) fn open(signals: &[Signal]) -> Vec<OpenSignal> {
    let open = signals.iter().filter(|signal| signal.body.is_open());
    open.map(|signal| OpenSignal { kind: signal.body.kind.clone(), severity: signal.body.severity }).collect()
}

/// A person's word as models see it, on a day.
pub(super) fn said(current: Option<&Said>, today: Date) -> Option<Override> {
    let current = current.filter(|one| one.ended.is_none() && one.until >= today)?;
    Some(Override {
        status: current.status.clone(),
        reason: current.reason.clone(),
        by: current.by.clone(),
        until: current.until,
    })
}
