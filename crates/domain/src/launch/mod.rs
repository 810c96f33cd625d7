//! Going live: a pilot, readiness that is computed, a decision that is recorded, waves, hypercare, rollback.
//!
//! What a launch is planned with is one value ([`LaunchPlan`]); what happens to it are records ([`Recorded`]): pilots,
//! feedback, decisions, issues, daily syncs, messages, rollback triggers. Nothing that follows from facts is kept.

mod decision;
mod hypercare;
mod message;
mod pilot;
mod readiness;
mod rollback;
mod standing;
mod wave;
mod zone;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use decision::{
    Condition, Decision, Grounds, Met, Missing, PilotFact, Verdict, WaivedItem, against, barred,
};
pub use hypercare::{
    Exit, Issue, IssueState, Severity, Step, Sync, Trend, due, exits, grave_open, hours_since_grave, trend,
};
pub use message::{Course, MESSAGE_HOUR, Message, Outlook, Release, Sent, moment_day, outlook};
pub use pilot::{Attitude, Criterion, Feedback, FeedbackKind, Pick, Pilot, PilotState, weekdays, worries};
pub use readiness::{Group, Item, Mark, Proof, readiness, role_of_approval};
pub use rollback::{RollbackPlan, Seen, Signal, SignalKind, SignalState, alarms};
pub use standing::{Standing, standing, stopped_by, taken_back};
pub use wave::{PILOT, Wave, WaveState, waves};
pub use zone::zone_of;

/// Something that happens to a launch and is kept under a number.
pub trait Recorded: Serialize + DeserializeOwned + Send + Unpin {
    /// The word of its kind in rows.
    const KIND: &'static str;

    /// Where it stands, in a word; lists are asked for by it.
    fn status(&self) -> &'static str;
}

/// What a launch is planned with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LaunchPlan {
    /// Name of the rollout strategy.
    pub strategy: String,
    /// Its waves in order.
    pub waves: Vec<Wave>,
    /// What is done when it must be taken back.
    pub rollback: RollbackPlan,
    /// How the first weeks are supported.
    pub hypercare: HypercarePlan,
}

/// How the first weeks are supported.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HypercarePlan {
    /// Who is there, in working hours and outside of them.
    pub coverage: String,
    /// Where people report issues.
    pub channel: String,
    /// When both sides' leads speak every day, `09:00`.
    pub sync_at: String,
    /// Who comes together when something is critical, with stand-ins.
    pub team: String,
    /// That it ended: who said so, when.
    pub ended: Option<Met>,
}

impl HypercarePlan {
    /// Names, hours and channel are written down.
    #[must_use]
    pub fn is_planned(&self) -> bool {
        ![&self.coverage, &self.channel, &self.team].into_iter().any(|text| text.trim().is_empty())
    }

    /// Nobody has written anything yet.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        [&self.coverage, &self.channel, &self.team].into_iter().all(|text| text.trim().is_empty())
    }
}

/// A step its state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{what} that is {was} cannot be {to}")]
pub struct StepError {
    /// What, with its article.
    pub what: &'static str,
    /// What it is.
    pub was: &'static str,
    /// What was asked for.
    pub to: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hypercare_is_planned_with_names_hours_and_channel() {
        let mut plan = HypercarePlan::default();
        assert!(plan.is_blank() && !plan.is_planned());
        plan.coverage = "7 to 19".to_owned();
        assert!(!plan.is_blank() && !plan.is_planned());
        plan.channel = "#go-live".to_owned();
        plan.team = "Ines, Priya stands in".to_owned();
        assert!(plan.is_planned());
    }
}
