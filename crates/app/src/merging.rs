//! What two that become one say about each field, and which of them wins.

use std::collections::BTreeSet;

/// One field of two that are to become one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name in forms and the API.
    pub name: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// What the one that stays says.
    pub stays: Option<String>,
    /// What the one that goes says.
    pub goes: Option<String>,
}

impl Field {
    pub(crate) fn new(
        name: &'static str,
        label: &'static str,
        stays: Option<&str>,
        goes: Option<&str>,
    ) -> Self {
        Self { name, label, stays: stays.map(str::to_owned), goes: goes.map(str::to_owned) }
    }

    /// Both say something, and not the same.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.stays != self.goes && self.stays.is_some() && self.goes.is_some()
    }

    /// What it will say: what the one that goes says when it is chosen or the other says nothing.
    #[must_use]
    pub fn outcome(&self, taken: &BTreeSet<String>) -> Option<String> {
        let take = self.stays.is_none() || (taken.contains(self.name) && self.goes.is_some());
        if take { self.goes.clone() } else { self.stays.clone() }
    }
}

/// Two that are to become one, and which fields the one that goes wins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge<Id> {
    /// The one that stays.
    pub stays: Id,
    /// Its version when it was looked at.
    pub stays_version: i64,
    /// The one that goes.
    pub goes: Id,
    /// Its version when it was looked at.
    pub goes_version: i64,
    /// Fields of which the value of the one that goes is kept.
    pub take: BTreeSet<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_wins_over_nothing_and_what_is_chosen_over_the_rest() {
        let taken = BTreeSet::from(["industry".to_owned()]);
        let outcome = |stays, goes| Field::new("industry", "Industry", stays, goes).outcome(&taken);
        assert_eq!(outcome(Some("a"), Some("b")).as_deref(), Some("b"));
        assert_eq!(outcome(Some("a"), None).as_deref(), Some("a"), "nothing never wins");
        assert_eq!(outcome(None, Some("b")).as_deref(), Some("b"));
        let other = Field::new("website", "Website", Some("a"), Some("b"));
        assert_eq!(other.outcome(&taken).as_deref(), Some("a"));
        assert!(other.differs() && !Field::new("x", "X", None, Some("b")).differs());
    }
}
