//! Activation targets beside what facts say of them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::package::ActivationLine;
use crate::rule::{Sheet, TypedRule};

/// How an activation target stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TargetState {
    /// As much as it asks for is there now.
    Met,
    /// Less is there, and its day is not over.
    Waiting,
    /// Less is there, and its day is over.
    Missed,
    /// Nothing counts it, or what counts it is not known.
    Unknown,
}

impl TargetState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Met, Self::Waiting, Self::Missed, Self::Unknown];

    /// The word in the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Waiting => "waiting",
            Self::Missed => "missed",
            Self::Unknown => "unknown",
        }
    }

    /// What people read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Met => "Met",
            Self::Waiting => "Waiting",
            Self::Missed => "Missed",
            Self::Unknown => "Not known",
        }
    }
}

/// An activation target, and how far it is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedTarget {
    /// What must be seen, and by when.
    pub line: ActivationLine,
    /// The rule that counts it; none where the programme has none for it.
    pub counted_by: Option<String>,
    /// What it counts now, in the unit of the target; none where that is not known.
    pub value: Option<i64>,
    /// How it stands.
    pub state: TargetState,
}

impl CountedTarget {
    /// A target, counted by a rule over the facts of its onboarding. More is better for all of them.
    #[must_use]
    pub fn new(line: ActivationLine, counted_by: Option<String>, facts: &Sheet<'_>, today: Date) -> Self {
        let counted = |source: &String| TypedRule::whole(source, facts.schema()).ok()?.number(facts).ok();
        let value = counted_by.as_ref().and_then(counted);
        let state = match value {
            None => TargetState::Unknown,
            Some(value) if value >= i64::from(line.target) => TargetState::Met,
            Some(_) if line.by < today => TargetState::Missed,
            Some(_) => TargetState::Waiting,
        };
        Self { line, counted_by, value, state }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::civil::date;

    use super::*;
    use crate::rule::{FactValue, Facts, Schema};

    /// Ten active users by 20 January.
    fn line() -> ActivationLine {
        ActivationLine {
            id: "core-team".to_owned(),
            name: "Core team active".to_owned(),
            metric: "active users".to_owned(),
            target: 10,
            unit: "users".to_owned(),
            day: 16,
            by: date(2027, 1, 20),
        }
    }

    fn counted(rule: Option<&str>, users: Option<i64>, today: Date) -> (Option<i64>, TargetState) {
        let fields = users.map(|users| ("active_users", FactValue::Int(users)));
        let facts = Facts(BTreeMap::from([("usage", FactValue::Group(fields.into_iter().collect()))]));
        let sheet = Sheet::new(Schema::run(), &facts);
        let target = CountedTarget::new(line(), rule.map(str::to_owned), &sheet, today);
        (target.value, target.state)
    }

    #[test]
    fn a_target_is_met_waits_or_was_missed() {
        let (last, after) = (date(2027, 1, 20), date(2027, 1, 21));
        let rule = Some("usage.active_users");
        assert_eq!(counted(rule, Some(10), after), (Some(10), TargetState::Met));
        assert_eq!(counted(rule, Some(9), last), (Some(9), TargetState::Waiting));
        assert_eq!(counted(rule, Some(9), after), (Some(9), TargetState::Missed));
    }

    #[test]
    fn what_nobody_knows_is_not_missed() {
        let after = date(2027, 1, 21);
        let unknown = (None, TargetState::Unknown);
        assert_eq!(counted(Some("usage.active_users"), None, after), unknown);
        assert_eq!(counted(None, Some(12), after), unknown);
        assert_eq!(counted(Some("100 / usage.active_users"), Some(0), after), unknown, "a division by zero");
        assert_eq!(counted(Some("sso.configured"), Some(12), after), unknown, "no number");
    }
}
