//! Change requests: what somebody wants changed of what was agreed, what that does, and who agrees to it
//! [004, change request template].

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::methodology::{ApprovalRule, GovernanceRules};
use crate::money::Money;
use crate::people::read_by_word;
use crate::programme::Side;

/// How urgent a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "ChangePriority")]
pub enum Priority {
    /// Can wait.
    Low,
    /// Should be decided with the next steering meeting.
    Medium,
    /// Work stands still until it is decided.
    High,
}

/// What whoever prepared a request advises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "ChangeRecommendation")]
pub enum Recommendation {
    /// Do it now.
    CurrentPhase,
    /// Do it after the go-live.
    #[serde(rename = "phase-2")]
    Phase2,
    /// Do not do it.
    Reject,
}

/// The word is none of those a request knows.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not possible here: use {known}")]
pub struct UnknownWord {
    /// What was given.
    pub text: String,
    /// What there is.
    pub known: &'static str,
}

impl Priority {
    /// Every priority, the least urgent first.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// The word in files, forms and the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

read_by_word!(Priority, UnknownWord, |text| UnknownWord { text, known: "low, medium or high" });

impl Recommendation {
    /// Every recommendation.
    pub const ALL: [Self; 3] = [Self::CurrentPhase, Self::Phase2, Self::Reject];

    /// The word in files, forms and the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::CurrentPhase => "current-phase",
            Self::Phase2 => "phase-2",
            Self::Reject => "reject",
        }
    }

    /// The words people read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::CurrentPhase => "Do it in the current phase",
            Self::Phase2 => "Defer it to phase 2",
            Self::Reject => "Reject it",
        }
    }
}

read_by_word!(Recommendation, UnknownWord, |text| UnknownWord {
    text,
    known: "current-phase, phase-2 or reject"
});

/// What a request does to the plan, computed by rescheduling a copy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ChangeImpact")]
pub struct Impact {
    /// Planned go-live before and after.
    pub go_live: Option<[Date; 2]>,
    /// Planned finish before and after.
    pub finish: Option<[Date; 2]>,
    /// Calendar days by which the go-live moves; negative when it comes earlier.
    pub go_live_days: i64,
    /// Calendar days by which the finish moves.
    pub finish_days: i64,
    /// Working days of additional work on the vendor's side; negative when work goes.
    pub vendor_days: i64,
    /// Working days of additional work on the customer's side. Joint tasks count on both.
    pub customer_days: i64,
    /// Tasks whose dates move.
    pub moved: u32,
    /// Why it cannot be computed or applied as it stands; nothing when it can.
    #[serde(default)]
    pub problem: Option<String>,
}

impl Impact {
    /// Working days of additional work on both sides together.
    #[must_use]
    pub fn effort(&self) -> i64 {
        self.vendor_days.saturating_add(self.customer_days)
    }
}

/// Why a request is major; nothing when it is not. What it costs is compared with the value of the contract when both
/// are in one currency.
#[must_use]
pub fn major(
    rules: &GovernanceRules,
    impact: &Impact,
    cost: Option<Money>,
    value: Option<Money>,
) -> Option<String> {
    let change = &rules.change;
    let days = impact.go_live_days.abs().max(impact.finish_days.abs());
    if days >= i64::from(change.major_days) {
        return Some(format!("go-live or finish move by {days} calendar days"));
    }
    let effort = impact.effort();
    if effort >= i64::from(change.major_effort_days) {
        return Some(format!("it takes {effort} more working days"));
    }
    let (cost, value) = (cost?, value.filter(|value| value.minor > 0)?);
    if cost.currency != value.currency {
        // Nobody has said at which rate.
        return None;
    }
    let percent = cost.minor.saturating_mul(100) / value.minor;
    (percent >= i64::from(change.major_cost_percent))
        .then(|| format!("it costs {percent} % of the annual contract value"))
}

/// Whose approval a request needs.
pub fn needed(rules: &GovernanceRules, is_major: bool) -> impl Iterator<Item = &ApprovalRule> {
    rules.approvals.iter().filter(move |approval| is_major || !approval.major_only)
}

/// An approval that was given, or refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ChangeApproval")]
pub struct Approval {
    /// The approval (id in `governance.toml`).
    pub id: String,
    /// The role, as it was called then.
    pub name: String,
    /// Whose side.
    pub side: Side,
    /// Who approved: the name.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Who wrote it down, when it was somebody else.
    #[serde(default)]
    pub recorded_by: Option<String>,
}

/// Where a request stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "status", rename_all = "snake_case")]
#[schemars(rename = "ChangeRequestState")]
pub enum State {
    /// Somebody is writing it.
    Draft,
    /// It waits for approvals.
    Proposed {
        /// When it was proposed.
        at: Timestamp,
    },
    /// Everybody needed agreed, and the plan was changed.
    Approved {
        /// When.
        at: Timestamp,
    },
    /// It will be looked at again after the go-live.
    Deferred {
        /// Who decided.
        by: String,
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
    /// It will not be done.
    Rejected {
        /// Who decided.
        by: String,
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
}

/// A step its state does not allow.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("a change request that is {was} cannot be {to}")]
pub struct Refusal {
    /// What it is.
    pub was: &'static str,
    /// What was asked for.
    pub to: &'static str,
}

impl State {
    /// The word in files and the API.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Proposed { .. } => "proposed",
            Self::Approved { .. } => "approved",
            Self::Deferred { .. } => "deferred",
            Self::Rejected { .. } => "rejected",
        }
    }

    /// Whether somebody must still do something.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Draft | Self::Proposed { .. })
    }

    fn refuse(&self, to: &'static str) -> Refusal {
        Refusal { was: self.word(), to }
    }

    /// It may be changed.
    ///
    /// # Errors
    /// When it is no draft any more: approvals hold for what was proposed.
    pub fn edited(self) -> Result<Self, Refusal> {
        match self {
            Self::Draft => Ok(self),
            other => Err(other.refuse("changed: take it back first")),
        }
    }

    /// It goes to those who approve.
    ///
    /// # Errors
    /// When it has gone before.
    pub fn propose(self, at: Timestamp) -> Result<Self, Refusal> {
        match self {
            Self::Draft | Self::Deferred { .. } => Ok(Self::Proposed { at }),
            other => Err(other.refuse("proposed")),
        }
    }

    /// It goes back to whoever writes it; approvals are void.
    ///
    /// # Errors
    /// When it was decided.
    pub fn take_back(self) -> Result<Self, Refusal> {
        match self {
            Self::Proposed { .. } => Ok(Self::Draft),
            other => Err(other.refuse("taken back")),
        }
    }

    /// Everybody needed agreed.
    ///
    /// # Errors
    /// When it waits for nobody.
    pub fn approve(self, at: Timestamp) -> Result<Self, Refusal> {
        match self {
            Self::Proposed { .. } => Ok(Self::Approved { at }),
            other => Err(other.refuse("approved")),
        }
    }

    /// It waits until after the go-live.
    ///
    /// # Errors
    /// When it was decided.
    pub fn defer(self, by: String, at: Timestamp, reason: String) -> Result<Self, Refusal> {
        if self.is_open() { Ok(Self::Deferred { by, at, reason }) } else { Err(self.refuse("deferred")) }
    }

    /// It will not be done.
    ///
    /// # Errors
    /// When it was done or rejected.
    pub fn reject(self, by: String, at: Timestamp, reason: String) -> Result<Self, Refusal> {
        match self {
            Self::Draft | Self::Proposed { .. } | Self::Deferred { .. } => {
                Ok(Self::Rejected { by, at, reason })
            }
            other => Err(other.refuse("rejected")),
        }
    }
}

/// How far the work has grown by approved requests, in tenths of a percent of the original work; nothing when
/// there was none. Work that was taken out does not count against work that came in.
#[must_use]
pub fn growth(original_days: i64, approved: impl IntoIterator<Item = i64>) -> Option<i64> {
    let grown: i64 = approved.into_iter().filter(|days| *days > 0).fold(0, i64::saturating_add);
    (original_days > 0).then(|| grown.saturating_mul(1000) / original_days)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::methodology::ChangeRules;
    use crate::money::Currency;

    fn at() -> Timestamp {
        "2027-01-11T09:00:00Z".parse().unwrap()
    }

    fn rules() -> GovernanceRules {
        let approval = |id: &str, major_only: bool| ApprovalRule {
            id: id.to_owned(),
            name: id.to_owned(),
            side: Side::Vendor,
            major_only,
        };
        GovernanceRules {
            change: ChangeRules {
                growth_below_percent: 10,
                major_days: 5,
                major_effort_days: 10,
                major_cost_percent: 5,
            },
            approvals: vec![approval("lead", false), approval("sponsor", true)],
            ..GovernanceRules::default()
        }
    }

    #[test]
    fn large_changes_are_major_and_need_the_sponsor() {
        let impact =
            |go_live_days: i64, vendor_days: i64| Impact { go_live_days, vendor_days, ..Impact::default() };
        let usd = |units: i64| Some(Money::major(units, Currency::usd()));
        assert_eq!(major(&rules(), &impact(4, 9), usd(499), usd(10_000)), None);
        let days = major(&rules(), &impact(-5, 0), None, None);
        assert_eq!(days.as_deref(), Some("go-live or finish move by 5 calendar days"));
        assert_eq!(
            major(&rules(), &impact(0, 10), None, None).as_deref(),
            Some("it takes 10 more working days")
        );
        let cost = major(&rules(), &impact(0, 0), usd(500), usd(10_000));
        assert_eq!(cost.as_deref(), Some("it costs 5 % of the annual contract value"));
        assert_eq!(major(&rules(), &impact(0, 0), usd(500), usd(0)), None);
        assert_eq!(needed(&rules(), false).count(), 1);
        assert_eq!(needed(&rules(), true).count(), 2);
    }

    #[test]
    fn a_cost_counts_in_the_units_of_its_currency() {
        let of = |cost: &str, value: &str, code: &str| {
            let currency: Currency = code.parse().unwrap();
            let money = |text: &str| Some(Money::typed(text, currency).unwrap());
            major(&rules(), &Impact::default(), money(cost), money(value))
        };
        for (code, below) in [("JPY", "499,999"), ("KWD", "499,999.999"), ("USD", "499,999.99")] {
            assert_eq!(of(below, "10,000,000", code), None, "{code}");
            let words = of("500,000", "10,000,000", code);
            assert_eq!(words.as_deref(), Some("it costs 5 % of the annual contract value"), "{code}");
        }
        let yen = Money::major(900_000, "JPY".parse().unwrap());
        let dollars = Money::major(10_000, Currency::usd());
        assert_eq!(major(&rules(), &Impact::default(), Some(yen), Some(dollars)), None, "at which rate?");
    }

    #[test]
    fn what_was_proposed_is_not_changed_under_those_who_approve() {
        let proposed = State::Draft.propose(at()).unwrap();
        let error = proposed.clone().edited().unwrap_err();
        assert_eq!(
            error.to_string(),
            "a change request that is proposed cannot be changed: take it back first"
        );
        assert_eq!(proposed.clone().take_back(), Ok(State::Draft));
        let approved = proposed.approve(at()).unwrap();
        assert!(approved.clone().reject("Ines".to_owned(), at(), "late".to_owned()).is_err());
        assert!(approved.defer("Ines".to_owned(), at(), "late".to_owned()).is_err());
        assert!(State::Draft.approve(at()).is_err());
        let deferred = State::Draft.defer("Ines".to_owned(), at(), "after go-live".to_owned()).unwrap();
        assert!(deferred.propose(at()).is_ok(), "phase 2 comes");
    }

    #[test]
    fn growth_is_work_that_came_in_over_the_original_work() {
        assert_eq!(growth(200, [10, 3, -5]), Some(65), "6.5 %: what went out does not pay for what came in");
        assert_eq!(growth(200, []), Some(0));
        assert_eq!(growth(0, [4]), None);
    }

    #[test]
    fn words_are_read_as_they_are_written() {
        for known in Recommendation::ALL {
            assert_eq!(known.word().parse(), Ok(known));
            assert_eq!(serde_json::to_value(known).unwrap(), known.word());
        }
        for known in Priority::ALL {
            assert_eq!(known.word().parse(), Ok(known));
            assert_eq!(serde_json::to_value(known).unwrap(), known.word());
        }
        assert!("urgent".parse::<Priority>().is_err());
    }
}
