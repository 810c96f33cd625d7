//! Rollback: when it happens at once, when it is considered, how it is done.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Recorded, StepError};
use crate::methodology::GoLiveRules;
use crate::people::words;
use crate::rule::{FactValue, Facts, Rule, SEEN_FACTS};

/// What is done when a go-live must be taken back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RollbackPlan {
    /// Who decides.
    pub decider: String,
    /// Who decides when they cannot be reached.
    pub deputy: String,
    /// The technical procedure, step by step.
    pub steps: String,
    /// What changes for users.
    pub impact: String,
    /// How long it takes until everybody works again.
    pub recovery: String,
    /// The message that goes out.
    pub message: String,
}

impl RollbackPlan {
    /// Somebody decides, and knows how.
    #[must_use]
    pub fn is_planned(&self) -> bool {
        ![&self.decider, &self.deputy, &self.steps].into_iter().any(|text| text.trim().is_empty())
    }

    /// Nobody has written anything yet.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        *self == Self::default()
    }
}

words! {
    /// What follows from a trigger.
    SignalKind: "kind of trigger" {
        /// It is rolled back at once.
        Automatic = "automatic", "Roll back at once";
        /// It is considered.
        Evaluate = "evaluate", "Consider rolling back";
    }
}

/// What monitoring or somebody saw; what nobody measured is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Availability in percent.
    pub availability_percent: Option<i64>,
    /// For how many minutes.
    pub minutes: Option<i64>,
    /// Share of users, in percent, who cannot complete the core workflow.
    pub failing_percent: Option<i64>,
}

/// Triggers that what was seen sets off: their kind and their words.
#[must_use]
pub fn alarms(rules: &GoLiveRules, seen: Seen) -> Vec<(SignalKind, String)> {
    let named = [
        ("availability_percent", seen.availability_percent),
        ("minutes", seen.minutes),
        ("failing_percent", seen.failing_percent),
    ];
    let known = named.into_iter().filter_map(|(name, value)| Some((name, FactValue::Int(value?))));
    let facts = Facts(known.collect::<BTreeMap<_, _>>());
    let of = |kind: SignalKind, texts: &[String], rules: &[String]| -> Vec<(SignalKind, String)> {
        let holds = |rule: &String| {
            !rule.is_empty()
                && Rule::compile(rule, SEEN_FACTS).and_then(|rule| rule.test(&facts)).unwrap_or(false)
        };
        let pairs = texts.iter().zip(rules).filter(|(_, rule)| holds(rule));
        pairs.map(|(text, _)| (kind, text.clone())).collect()
    };
    let mut all = of(SignalKind::Automatic, &rules.rollback_automatic, &rules.launch.rollback_automatic);
    all.extend(of(SignalKind::Evaluate, &rules.rollback_evaluate, &rules.launch.rollback_evaluate));
    all
}

/// Where a trigger stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum SignalState {
    /// Nobody has decided.
    Raised,
    /// It stays live.
    Kept {
        /// Why.
        reason: String,
        /// Who decided.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// It was rolled back.
    RolledBack {
        /// Why.
        reason: String,
        /// Who decided.
        by: String,
        /// When.
        at: Timestamp,
        /// Until when people are told.
        tell_by: Timestamp,
        /// Until when it is reviewed.
        review_by: Timestamp,
        /// When people were told.
        told_at: Option<Timestamp>,
        /// What the review found, once it was held.
        review: Option<String>,
    },
}

/// A trigger that was set off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// What follows from it.
    pub kind: SignalKind,
    /// The trigger in words.
    pub trigger: String,
    /// What was seen.
    pub observed: String,
    /// Who raised it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Where it stands.
    pub state: SignalState,
}

impl Recorded for Signal {
    const KIND: &'static str = "rollback";

    fn status(&self) -> &'static str {
        match self.state {
            SignalState::Raised => "raised",
            SignalState::Kept { .. } => "kept",
            SignalState::RolledBack { .. } => "rolled-back",
        }
    }
}

impl Signal {
    /// Somebody must still do something.
    #[must_use]
    pub fn is_open(&self) -> bool {
        match &self.state {
            SignalState::Raised => true,
            SignalState::Kept { .. } => false,
            SignalState::RolledBack { told_at, review, .. } => told_at.is_none() || review.is_none(),
        }
    }

    /// It stays live, for a reason. What triggers a rollback at once stays only when somebody says why.
    ///
    /// # Errors
    /// When it was decided.
    pub fn keep(self, reason: String, by: String, at: Timestamp) -> Result<Self, StepError> {
        match self.state {
            SignalState::Raised => Ok(Self { state: SignalState::Kept { reason, by, at }, ..self }),
            _ => Err(StepError { what: "a trigger", was: self.status(), to: "kept live" }),
        }
    }

    /// It is rolled back.
    ///
    /// # Errors
    /// When it was decided.
    pub fn roll_back(
        self,
        reason: String,
        by: String,
        at: Timestamp,
        rules: &GoLiveRules,
    ) -> Result<Self, StepError> {
        if !matches!(self.state, SignalState::Raised) {
            return Err(StepError { what: "a trigger", was: self.status(), to: "rolled back" });
        }
        let after =
            |minutes: i64| at.checked_add(jiff::SignedDuration::from_mins(minutes)).unwrap_or(Timestamp::MAX);
        let tell_by = after(i64::from(rules.launch.tell_within_minutes));
        let review_by = after(i64::from(rules.launch.review_within_hours) * 60);
        let state =
            SignalState::RolledBack { reason, by, at, tell_by, review_by, told_at: None, review: None };
        Ok(Self { state, ..self })
    }

    /// People were told.
    ///
    /// # Errors
    /// When nothing was rolled back, or they were told before.
    pub fn tell(mut self, now: Timestamp) -> Result<Self, StepError> {
        let was = self.status();
        match &mut self.state {
            SignalState::RolledBack { told_at: told @ None, .. } => {
                *told = Some(now);
                Ok(self)
            }
            _ => Err(StepError { what: "a trigger", was, to: "told to people" }),
        }
    }

    /// It was reviewed, without blame.
    ///
    /// # Errors
    /// When nothing was rolled back, or it was reviewed before.
    pub fn review(mut self, found: String) -> Result<Self, StepError> {
        let was = self.status();
        match &mut self.state {
            SignalState::RolledBack { review: review @ None, .. } => {
                *review = Some(found);
                Ok(self)
            }
            _ => Err(StepError { what: "a trigger", was, to: "reviewed" }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::methodology::LaunchRules;

    fn rules() -> GoLiveRules {
        GoLiveRules {
            rollback_automatic: vec!["Availability is low".to_owned(), "Data is lost".to_owned()],
            rollback_evaluate: vec!["Most users are stuck".to_owned()],
            launch: LaunchRules {
                rollback_automatic: vec![
                    "availability_percent < 95 && minutes > 120".to_owned(),
                    String::new(),
                ],
                rollback_evaluate: vec!["failing_percent > 50".to_owned()],
                tell_within_minutes: 30,
                review_within_hours: 48,
                ..LaunchRules::default()
            },
            ..GoLiveRules::default()
        }
    }

    #[test]
    fn what_is_seen_sets_off_what_the_rules_say() {
        let seen = |availability, minutes, failing| Seen {
            availability_percent: Some(availability),
            minutes: Some(minutes),
            failing_percent: failing,
        };
        assert!(alarms(&rules(), seen(94, 120, None)).is_empty(), "not for more than two hours");
        let low = alarms(&rules(), seen(94, 121, Some(51)));
        let words: Vec<&str> = low.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(words, ["Availability is low", "Most users are stuck"]);
        assert_eq!(low[0].0, SignalKind::Automatic);
        assert!(alarms(&rules(), Seen::default()).is_empty());
    }

    #[test]
    fn it_is_decided_once_told_and_reviewed() {
        let now: Timestamp = "2027-03-01T09:00:00Z".parse().unwrap();
        let raised = Signal {
            kind: SignalKind::Automatic,
            trigger: "Availability is low".to_owned(),
            observed: "91 % since seven".to_owned(),
            by: "Monitoring".to_owned(),
            at: now,
            state: SignalState::Raised,
        };
        assert!(raised.clone().tell(now).is_err() && raised.clone().review("x".to_owned()).is_err());
        let kept = raised.clone().keep("a false alarm".to_owned(), "Ines".to_owned(), now).unwrap();
        assert!(!kept.is_open() && kept.clone().keep(String::new(), String::new(), now).is_err());
        let back = raised.roll_back("not reachable".to_owned(), "Ines".to_owned(), now, &rules()).unwrap();
        let SignalState::RolledBack { tell_by, review_by, .. } = &back.state else { panic!() };
        assert_eq!(tell_by.to_string(), "2027-03-01T09:30:00Z");
        assert_eq!(review_by.to_string(), "2027-03-03T09:00:00Z");
        let told = back.tell(now).unwrap();
        assert!(told.is_open() && told.clone().tell(now).is_err());
        assert!(!told.review("The cache was full".to_owned()).unwrap().is_open());
    }

    #[test]
    fn a_plan_has_a_decider_a_deputy_and_steps() {
        let mut plan = RollbackPlan::default();
        assert!(plan.is_blank() && !plan.is_planned());
        plan.decider = "Ines".to_owned();
        plan.deputy = "Priya".to_owned();
        assert!(!plan.is_blank() && !plan.is_planned());
        plan.steps = "Switch the old system on".to_owned();
        assert!(plan.is_planned());
    }
}
