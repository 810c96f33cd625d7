//! Which facts there are, of which type, in which unit.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::Serialize;

use super::{FactValue, Facts, RUN_SCHEMA_FACTS, RuleError};

/// Most facts a schema may hold: what is missing is noted in so many bits.
pub(super) const MOST_FACTS: usize = 256;

/// What a fact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "FactKind")]
pub enum Kind {
    /// A whole number.
    Number,
    /// Yes or no.
    YesNo,
    /// Text.
    Text,
    /// A list of texts.
    List,
}

impl Kind {
    /// In words.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Number => "whole number",
            Self::YesNo => "yes or no",
            Self::Text => "text",
            Self::List => "list of texts",
        }
    }

    /// Whether a value is of this kind.
    #[must_use]
    pub fn fits(self, value: &FactValue) -> bool {
        matches!(
            (self, value),
            (Self::Number, FactValue::Int(_))
                | (Self::YesNo, FactValue::Bool(_))
                | (Self::Text, FactValue::Text(_))
                | (Self::List, FactValue::List(_))
        )
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A fact: `usage.active_users`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct FactSpec {
    /// Group and field with a dot between.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Unit of a number; empty where a number is a mere count.
    pub unit: &'static str,
    /// What it says.
    pub meaning: &'static str,
}

impl FactSpec {
    /// What stands before the dot.
    #[must_use]
    pub fn group(&self) -> &'static str {
        self.name.split_once('.').map_or("", |(group, _)| group)
    }

    /// What stands after the dot.
    #[must_use]
    pub fn field(&self) -> &'static str {
        self.name.split_once('.').map_or(self.name, |(_, field)| field)
    }
}

/// The facts there are, in order of group and field; the place of a fact is its index.
#[derive(Debug, Clone)]
pub struct Schema {
    facts: Vec<FactSpec>,
}

impl Schema {
    /// That of running onboardings and of the customers behind them.
    #[must_use]
    pub fn run() -> &'static Self {
        static RUN: LazyLock<Schema> = LazyLock::new(|| Schema::new(RUN_SCHEMA_FACTS));
        &RUN
    }

    /// Of facts in any order. More than 256 are cut off, and of two with one name the second.
    #[must_use]
    pub fn new(facts: &[FactSpec]) -> Self {
        let mut facts = facts.to_vec();
        facts.sort_by_key(|fact| (fact.group(), fact.field()));
        facts.dedup_by_key(|fact| fact.name);
        facts.truncate(MOST_FACTS);
        Self { facts }
    }

    /// All facts, in order of group and field.
    #[must_use]
    pub fn facts(&self) -> &[FactSpec] {
        &self.facts
    }

    /// A fact by its whole name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&FactSpec> {
        let (group, field) = name.split_once('.')?;
        self.facts.get(self.place(group, field)?)
    }

    /// The place of a fact.
    pub(super) fn place(&self, group: &str, field: &str) -> Option<usize> {
        self.facts.binary_search_by(|fact| (fact.group(), fact.field()).cmp(&(group, field))).ok()
    }

    /// The known name nearest to a wrong one, when it is near enough to be meant.
    #[must_use]
    pub fn nearest(&self, wrong: &str) -> Option<&'static str> {
        let limit = (wrong.chars().count() / 4).max(2);
        let scored = self.facts.iter().map(|fact| (edits(wrong, fact.name), fact.name));
        scored.filter(|(edits, _)| *edits <= limit).min().map(|(_, name)| name)
    }

    /// The names of a group's facts; empty when there is no such group.
    #[must_use]
    pub fn of_group(&self, group: &str) -> Vec<&'static str> {
        self.facts.iter().filter(|fact| fact.group() == group).map(|fact| fact.name).collect()
    }

    /// Facts with one of them changed, or, with none, taken away: what would be if.
    ///
    /// # Errors
    /// When there is no such fact, or the value is not of its kind.
    pub fn change(&self, facts: &Facts, name: &str, to: Option<FactValue>) -> Result<Facts, RuleError> {
        let spec = self.known(name)?;
        let mut changed = facts.clone();
        let group = changed.0.entry(spec.group()).or_insert_with(|| FactValue::Group(BTreeMap::new()));
        let FactValue::Group(fields) = group else {
            return Err(fail(name, format!("`{}` is a value, no group of facts", spec.group())));
        };
        match to {
            None => {
                fields.remove(spec.field());
            }
            Some(value) if spec.kind.fits(&value) => {
                fields.insert(spec.field(), value);
            }
            Some(_) => return Err(fail(name, format!("must be a {}", spec.kind))),
        }
        Ok(changed)
    }

    /// What somebody wrote for a fact: `12`, `yes`, `text`, `one, two`.
    ///
    /// # Errors
    /// When there is no such fact, or the text is not of its kind.
    pub fn read(&self, name: &str, text: &str) -> Result<FactValue, RuleError> {
        let text = text.trim();
        let kind = self.known(name)?.kind;
        match kind {
            Kind::Number => {
                text.parse().map(FactValue::Int).map_err(|_| fail(name, format!("must be a {kind}")))
            }
            Kind::YesNo => match text.to_lowercase().as_str() {
                "true" | "yes" | "1" | "on" => Ok(FactValue::Bool(true)),
                "false" | "no" | "0" | "off" => Ok(FactValue::Bool(false)),
                _ => Err(fail(name, format!("must be {kind}"))),
            },
            Kind::Text => Ok(FactValue::Text(text.to_owned())),
            Kind::List => {
                let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
                Ok(FactValue::List(items.map(str::to_owned).collect()))
            }
        }
    }

    fn known(&self, name: &str) -> Result<&FactSpec, RuleError> {
        self.find(name).ok_or_else(|| fail(name, self.unknown(name)))
    }

    /// That there is no fact of a name, and which is meant.
    pub(super) fn unknown(&self, name: &str) -> String {
        let meant = self.nearest(name).map(|near| format!("; did you mean `{near}`?"));
        let group = name.split_once('.').map_or(name, |(group, _)| group);
        let others = meant.or_else(|| {
            let fields = self.of_group(group);
            (!fields.is_empty()).then(|| format!("; of this group there are {}", fields.join(", ")))
        });
        let groups = others.unwrap_or_else(|| format!("; groups of facts are {}", self.groups().join(", ")));
        format!("there is no fact `{name}`{groups}")
    }

    /// The groups, in order.
    #[must_use]
    pub fn groups(&self) -> Vec<&'static str> {
        let mut groups: Vec<&'static str> = self.facts.iter().map(FactSpec::group).collect();
        groups.dedup();
        groups
    }

    /// Names among facts that the schema does not hold, or holds as another kind: mistakes of who gathers them.
    #[must_use]
    pub fn strays(&self, facts: &Facts) -> Vec<String> {
        let mut strays = Vec::new();
        for (group, value) in &facts.0 {
            let FactValue::Group(fields) = value else {
                strays.push((*group).to_owned());
                continue;
            };
            let wrong = fields.iter().filter(|(field, value)| {
                let spec = self.place(group, field).and_then(|place| self.facts.get(place));
                !spec.is_some_and(|spec| spec.kind.fits(value))
            });
            strays.extend(wrong.map(|(field, _)| format!("{group}.{field}")));
        }
        strays
    }

    /// Facts that hold every fact there is: to try rules on.
    #[must_use]
    pub fn sample(&self, number: i64, yes: bool) -> Facts {
        let mut facts = Facts::default();
        for spec in &self.facts {
            let value = match spec.kind {
                Kind::Number => FactValue::Int(number),
                Kind::YesNo => FactValue::Bool(yes),
                Kind::Text => FactValue::Text("sample".to_owned()),
                Kind::List => FactValue::List(vec!["sample".to_owned()]),
            };
            let group = facts.0.entry(spec.group()).or_insert_with(|| FactValue::Group(BTreeMap::new()));
            if let FactValue::Group(fields) = group {
                fields.insert(spec.field(), value);
            }
        }
        facts
    }
}

fn fail(name: &str, message: String) -> RuleError {
    RuleError { source_text: name.to_owned(), message }
}

/// Number of insertions, deletions and replacements between two names (Levenshtein).
fn edits(a: &str, b: &str) -> usize {
    // Names are short; a cap keeps absurd input from costing time.
    let a: Vec<char> = a.chars().take(80).collect();
    let b: Vec<char> = b.chars().take(80).collect();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, to) in b.iter().enumerate() {
            row.push((last[j] + usize::from(from != to)).min(last[j + 1] + 1).min(row[j] + 1));
        }
        last = row;
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_of_a_run_holds_every_fact_once_and_fits_its_groups() {
        let schema = Schema::run();
        assert_eq!(
            schema.facts().len(),
            RUN_SCHEMA_FACTS.len(),
            "a name is there twice, or there are too many"
        );
        let groups: Vec<&str> = super::super::RUN_FACTS.iter().map(|(name, _)| *name).collect();
        for fact in schema.facts() {
            assert!(groups.contains(&fact.group()), "{} is of no group", fact.name);
            assert!(!fact.field().is_empty() && !fact.meaning.is_empty(), "{}", fact.name);
            assert_eq!(schema.find(fact.name), Some(fact));
        }
        for group in groups {
            assert!(!schema.of_group(group).is_empty(), "{group} has no fact");
        }
    }

    #[test]
    fn a_wrong_name_gets_the_nearest() {
        let schema = Schema::run();
        assert_eq!(schema.nearest("usage.activ_users"), Some("usage.active_users"));
        assert_eq!(schema.nearest("weather.tomorrow"), None);
        assert!(schema.unknown("usage.moon_phase").contains("usage.active_users"));
        assert!(schema.unknown("weather.tomorrow").contains("groups of facts are"));
    }

    #[test]
    fn facts_change_by_name_and_kind() {
        let schema = Schema::run();
        let facts = schema.sample(3, true);
        assert_eq!(schema.strays(&facts), Vec::<String>::new());
        let other = schema.change(&facts, "usage.logins", Some(FactValue::Int(9))).unwrap();
        let FactValue::Group(usage) = &other.0["usage"] else { panic!("usage is a group") };
        assert_eq!(usage["logins"], FactValue::Int(9));
        let none = schema.change(&Facts::default(), "usage.logins", None).unwrap();
        assert_eq!(none.0["usage"], FactValue::Group(BTreeMap::new()));
        assert!(schema.change(&facts, "usage.logins", Some(FactValue::Bool(true))).is_err());
        assert!(schema.change(&facts, "usage.login", None).unwrap_err().message.contains("usage.logins"));
    }

    #[test]
    fn text_is_read_as_the_kind_of_its_fact() {
        let schema = Schema::run();
        assert_eq!(schema.read("usage.logins", " 12 ").unwrap(), FactValue::Int(12));
        assert_eq!(schema.read("sso.configured", "Yes").unwrap(), FactValue::Bool(true));
        assert_eq!(
            schema.read("milestones.reached", "a, b,").unwrap(),
            FactValue::List(vec!["a".to_owned(), "b".to_owned()])
        );
        assert!(schema.read("usage.logins", "many").is_err());
        assert!(schema.read("sso.configured", "perhaps").is_err());
    }

    #[test]
    fn strays_are_what_the_schema_does_not_hold() {
        let facts = Facts(BTreeMap::from([
            (
                "usage",
                FactValue::Group(BTreeMap::from([
                    ("logins", FactValue::Bool(true)),
                    ("moon_phase", FactValue::Int(1)),
                    ("active_users", FactValue::Int(1)),
                ])),
            ),
            ("loose", FactValue::Int(1)),
        ]));
        assert_eq!(Schema::run().strays(&facts), ["loose", "usage.logins", "usage.moon_phase"]);
    }
}
