//! Facts laid out by schema, and answers that may be unknown.

use super::schema::{MOST_FACTS, Schema};
use super::{FactValue, Facts};

/// Facts laid out by their places in a schema. Made once for an onboarding; every rule is evaluated over it.
#[derive(Debug, Clone)]
pub struct Sheet<'a> {
    schema: &'a Schema,
    values: Vec<Option<&'a FactValue>>,
}

impl<'a> Sheet<'a> {
    /// Lays facts out. What the schema does not hold, or holds as another kind, is left away: see [`Schema::strays`].
    #[must_use]
    pub fn new(schema: &'a Schema, facts: &'a Facts) -> Self {
        let specs = schema.facts();
        let mut values = vec![None; specs.len()];
        // Both sides are in order of group and field, so one walk finds every place.
        let mut at = 0;
        for (group, value) in &facts.0 {
            let FactValue::Group(fields) = value else { continue };
            while specs.get(at).is_some_and(|spec| spec.group() < *group) {
                at += 1;
            }
            for (field, value) in fields {
                while specs.get(at).is_some_and(|spec| spec.group() == *group && spec.field() < *field) {
                    at += 1;
                }
                let Some(spec) = specs.get(at).filter(|spec| spec.group() == *group) else { break };
                if spec.field() == *field && spec.kind.fits(value) {
                    values[at] = Some(value);
                }
            }
        }
        Self { schema, values }
    }

    /// The schema the facts are laid out by.
    #[must_use]
    pub fn schema(&self) -> &'a Schema {
        self.schema
    }

    /// A fact by its whole name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'a FactValue> {
        let (group, field) = name.split_once('.')?;
        self.at(self.schema.place(group, field)?)
    }

    /// A number by its whole name.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<i64> {
        match self.get(name)? {
            FactValue::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// A text by its whole name.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&'a str> {
        match self.get(name)? {
            FactValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The fact at a place.
    pub(super) fn at(&self, place: usize) -> Option<&'a FactValue> {
        self.values.get(place).copied().flatten()
    }

    /// The names of what is missing.
    pub(super) fn names(&self, gap: Gap) -> Vec<&'static str> {
        let specs = self.schema.facts().iter().enumerate();
        specs.filter(|(place, _)| gap.holds(*place)).map(|(_, spec)| spec.name).collect()
    }

    /// What the missing facts would say, for people who do not know their names.
    pub(super) fn meanings(&self, gap: Gap) -> Vec<String> {
        let specs = self.schema.facts().iter().enumerate();
        specs.filter(|(place, _)| gap.holds(*place)).map(|(_, spec)| spec.meaning.replace('`', "")).collect()
    }
}

/// What a rule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    Yes,
    /// It does not hold.
    No,
    /// Nobody can tell.
    Unknown {
        /// Facts that are not known; none where arithmetic failed, such as a division by zero.
        missing: Vec<&'static str>,
    },
}

impl Truth {
    /// It holds, and that is known.
    #[must_use]
    pub fn is_yes(&self) -> bool {
        matches!(self, Self::Yes)
    }

    /// In one word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown { .. } => "unknown",
        }
    }
}

/// A number nobody can tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// Facts that are not known; none where arithmetic failed, such as a division by zero.
    pub missing: Vec<&'static str>,
}

/// Bits in one word.
const BITS: usize = 64;

/// What was missing when a rule was evaluated: places of facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gap([u64; MOST_FACTS / BITS]);

impl Gap {
    /// Nothing.
    pub(super) const NONE: Self = Self([0; MOST_FACTS / BITS]);

    /// One fact.
    pub(super) fn of(place: usize) -> Self {
        let mut gap = Self::NONE;
        if let Some(word) = gap.0.get_mut(place / BITS) {
            *word |= 1 << (place % BITS);
        }
        gap
    }

    /// What is missing in either.
    pub(super) fn and(mut self, other: Self) -> Self {
        for (word, more) in self.0.iter_mut().zip(other.0) {
            *word |= more;
        }
        self
    }

    fn holds(self, place: usize) -> bool {
        self.0.get(place / BITS).is_some_and(|word| word & (1 << (place % BITS)) != 0)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn every_fact_of_a_full_sheet_is_at_its_place() {
        let schema = Schema::run();
        let facts = schema.sample(7, false);
        let sheet = Sheet::new(schema, &facts);
        for (place, spec) in schema.facts().iter().enumerate() {
            assert!(sheet.at(place).is_some_and(|value| spec.kind.fits(value)), "{}", spec.name);
        }
        assert_eq!(sheet.number("usage.logins"), Some(7));
        assert_eq!(sheet.text("onboarding.segment"), Some("sample"));
        assert_eq!(sheet.number("onboarding.segment"), None);
    }

    #[test]
    fn what_the_schema_does_not_hold_is_left_away() {
        let group = |fields: &[(&'static str, FactValue)]| FactValue::Group(fields.iter().cloned().collect());
        let facts = Facts(BTreeMap::from([
            ("aaa", group(&[("x", FactValue::Int(1))])),
            ("loose", FactValue::Int(1)),
            (
                "usage",
                group(&[
                    ("logins", FactValue::Int(4)),
                    ("moon_phase", FactValue::Int(1)),
                    ("setup_percent", FactValue::Text("half".to_owned())),
                    ("weeks_falling", FactValue::Int(2)),
                ]),
            ),
            ("zzz", group(&[("x", FactValue::Int(1))])),
        ]));
        let sheet = Sheet::new(Schema::run(), &facts);
        assert_eq!(sheet.number("usage.logins"), Some(4));
        assert_eq!(sheet.number("usage.weeks_falling"), Some(2));
        assert_eq!(sheet.get("usage.setup_percent"), None);
        assert_eq!(sheet.values.iter().flatten().count(), 2);
    }

    #[test]
    fn gaps_add_up() {
        let gap = Gap::of(3).and(Gap::of(200));
        assert!(gap.holds(3) && gap.holds(200) && !gap.holds(4) && !gap.holds(9_999));
    }
}
