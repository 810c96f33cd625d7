//! Reports on an onboarding: what kinds there are, the facts they are written from, what only a person can say in
//! them, the colour they show.

mod blank;
mod facts;
mod next;

pub use blank::{Blank, BlankError, Form};
pub use facts::*;
pub use next::{NextUpdate, PlannedMeeting, next_update};

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::methodology::Light;
use crate::people::read_by_word;
use crate::register::Visibility;
use crate::standing::Colour;

/// A kind of report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "ReportKind")]
pub enum Kind {
    /// What was done, what comes, what is in the way: every week, for everybody.
    WeeklyStatus,
    /// One page for sponsors: goals, colour, what they must decide.
    ExecutiveUpdate,
    /// What speaks for going live and what against it.
    GoNoGo,
    /// What sales handed over, for those who start.
    HandoffSummary,
    /// What was reached and what is open, for those who take over.
    TransitionSummary,
    /// How the go-live went, about two weeks after it.
    GoLiveReview,
    /// What leadership must know and decide about a customer at risk.
    Escalation,
    /// For an emergency: whether the customer is saved, the work rests, or both part well.
    SaveOrExit,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::WeeklyStatus,
        Self::ExecutiveUpdate,
        Self::GoNoGo,
        Self::HandoffSummary,
        Self::TransitionSummary,
        Self::GoLiveReview,
        Self::Escalation,
        Self::SaveOrExit,
    ];

    /// The word in files, addresses and the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::WeeklyStatus => "weekly-status",
            Self::ExecutiveUpdate => "executive-update",
            Self::GoNoGo => "go-no-go",
            Self::HandoffSummary => "handoff-summary",
            Self::TransitionSummary => "transition-summary",
            Self::GoLiveReview => "go-live-review",
            Self::Escalation => "escalation",
            Self::SaveOrExit => "save-or-exit",
        }
    }

    /// The name people read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::WeeklyStatus => "Weekly status report",
            Self::ExecutiveUpdate => "Executive update",
            Self::GoNoGo => "Go/no-go brief",
            Self::HandoffSummary => "Handoff summary",
            Self::TransitionSummary => "Transition summary",
            Self::GoLiveReview => "Go-live review",
            Self::Escalation => "Escalation document",
            Self::SaveOrExit => "Save-or-exit plan",
        }
    }

    /// Name of its template in `methodology/documents`.
    #[must_use]
    pub fn template(self) -> &'static str {
        match self {
            Self::WeeklyStatus => "report-weekly-status",
            Self::ExecutiveUpdate => "report-executive-update",
            Self::GoNoGo => "report-go-no-go",
            Self::HandoffSummary => "report-handoff-summary",
            Self::TransitionSummary => "report-transition-summary",
            Self::GoLiveReview => "report-go-live-review",
            Self::Escalation => "report-escalation",
            Self::SaveOrExit => "report-save-or-exit",
        }
    }

    /// Who it is for, when nobody says otherwise.
    #[must_use]
    pub fn audience(self) -> Visibility {
        match self {
            Self::WeeklyStatus | Self::ExecutiveUpdate | Self::GoNoGo | Self::GoLiveReview => {
                Visibility::Customer
            }
            Self::HandoffSummary | Self::TransitionSummary | Self::Escalation | Self::SaveOrExit => {
                Visibility::Internal
            }
        }
    }

    /// Calendar days it looks back on: a week, and a month where executives hear of it once a month [004, executive
    /// engagement].
    #[must_use]
    pub fn looks_back(self) -> i64 {
        if self == Self::ExecutiveUpdate { 30 } else { 7 }
    }

    /// Whether a customer may ever read one: whether to part with them is talked about without them.
    #[must_use]
    pub fn may_be_read_by_customers(self) -> bool {
        self != Self::SaveOrExit
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The word is no kind of report.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "`{0}` is not a report: use weekly-status, executive-update, go-no-go, handoff-summary, transition-summary, go-live-review, escalation or save-or-exit"
)]
pub struct UnknownKind(pub String);

read_by_word!(Kind, UnknownKind, UnknownKind);

/// The colour of a report: what the rules gave, and what a person put in its place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReportColour {
    /// What the rules gave, with reasons.
    pub computed: Colour,
    /// What a person put in its place.
    #[serde(default)]
    pub overridden: Option<Overridden>,
}

/// A colour a person chose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Overridden {
    /// The colour.
    pub light: Light,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
}

impl ReportColour {
    /// The colour that counts.
    #[must_use]
    pub fn light(&self) -> Light {
        self.overridden.as_ref().map_or(self.computed.light, |chosen| chosen.light)
    }

    /// Why it is this colour, in sentences without full stop. A colour a person chose has their reason, where readers
    /// may know it.
    #[must_use]
    pub fn because(&self) -> Vec<String> {
        match &self.overridden {
            Some(chosen) if chosen.reason.is_empty() => Vec::new(),
            Some(chosen) => vec![chosen.reason.clone()],
            None => self.computed.reasons.iter().map(|reason| reason.text.clone()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standing::Reason;

    #[test]
    fn a_colour_somebody_chose_counts_with_their_reason() {
        let reason = Reason {
            rule: "overdue".to_owned(),
            light: Light::Amber,
            text: "3 tasks are overdue".to_owned(),
        };
        let mut colour = ReportColour {
            computed: Colour { light: Light::Amber, reasons: vec![reason] },
            overridden: None,
        };
        assert_eq!(
            (colour.light(), colour.because()),
            (Light::Amber, vec!["3 tasks are overdue".to_owned()])
        );
        colour.overridden = Some(Overridden {
            light: Light::Green,
            reason: "done, not ticked yet".to_owned(),
            by: "Ines".to_owned(),
        });
        assert_eq!(
            (colour.light(), colour.because()),
            (Light::Green, vec!["done, not ticked yet".to_owned()])
        );
    }

    #[test]
    fn words_are_read_as_they_are_written() {
        for kind in Kind::ALL {
            assert_eq!(kind.word().parse(), Ok(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.word());
        }
        assert!("monthly".parse::<Kind>().is_err());
    }
}
