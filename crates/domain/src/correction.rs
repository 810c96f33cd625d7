//! What people correct in what was read: a list of changes beside the reading, never in it.
//!
//! [`apply`] gives the deal as it stands: the reading with every change that is not undone, in the
//! order they were made. Without changes it is the reading itself.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use thiserror::Error;

use crate::deal::Deal;
use crate::fact::{Confidence, Source};

/// Which fact of a deal: `acv`, `promises[0]` (the first one that was read), `promises+3` (the one
/// that correction 3 added). A key stays the same whatever else is added or removed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactKey {
    /// Name of the field of [`Deal`].
    pub field: String,
    /// Which of several.
    pub at: At,
}

/// Which fact of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum At {
    /// The only one.
    Only,
    /// The one read at this position of the list, from 0.
    Read(usize),
    /// The one added by the correction of this number.
    Added(i64),
}

/// The text names no fact.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` names no fact: write a field such as acv, promises[0] or promises+3")]
pub struct InvalidFactKey(String);

impl fmt::Display for FactKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            At::Only => f.write_str(&self.field),
            At::Read(index) => write!(f, "{}[{index}]", self.field),
            At::Added(number) => write!(f, "{}+{number}", self.field),
        }
    }
}

impl FromStr for FactKey {
    type Err = InvalidFactKey;

    fn from_str(text: &str) -> Result<Self, InvalidFactKey> {
        let invalid = || InvalidFactKey(text.chars().take(60).collect());
        let (field, at) = if let Some((field, number)) = text.split_once('+') {
            (field, At::Added(number.parse().map_err(|_| invalid())?))
        } else if let Some((field, index)) = text.split_once('[') {
            let index = index.strip_suffix(']').and_then(|index| index.parse().ok());
            (field, At::Read(index.ok_or_else(invalid)?))
        } else {
            (text, At::Only)
        };
        let is_name =
            !field.is_empty() && field.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        if is_name { Ok(Self { field: field.to_owned(), at }) } else { Err(invalid()) }
    }
}

/// What a correction does. Values are those of the field's type, as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Change {
    /// The fact says this instead; a single fact that was missing is filled in.
    Set {
        /// The value.
        value: Value,
    },
    /// One more fact in a list.
    Add {
        /// The value.
        value: Value,
    },
    /// The fact does not hold.
    Remove,
}

/// A change somebody made.
#[derive(Debug, Clone, PartialEq)]
pub struct Correction {
    /// From 1, in the order they were made.
    pub number: i64,
    /// Which fact.
    pub fact: FactKey,
    /// What became of it.
    pub change: Change,
    /// Who, as shown to colleagues.
    pub who: String,
    /// Why, when they said so.
    pub reason: Option<String>,
    /// Taken back since: as if it had never been made.
    pub undone: bool,
}

/// A fact as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// Its key.
    pub key: FactKey,
    /// Its value as JSON of the field's type.
    pub value: Value,
    /// Where it comes from.
    pub source: Source,
    /// How sure it is.
    pub confidence: Confidence,
    /// The last correction that touched it.
    pub corrected: Option<i64>,
    /// A person took it out.
    pub removed: bool,
}

/// The deal as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Effective {
    /// The deal.
    pub deal: Deal,
    /// Its facts in the order of the fields and then of the lists; those removed among them.
    pub facts: Vec<Standing>,
}

impl Effective {
    /// The fact of this key, removed ones included.
    #[must_use]
    pub fn fact(&self, key: &FactKey) -> Option<&Standing> {
        self.facts.iter().find(|fact| fact.key == *key)
    }
}

/// Why a deal with its corrections is no deal.
#[derive(Debug, Error)]
#[error("the corrections do not fit the deal: {0}")]
pub struct ApplyError(#[from] serde_json::Error);

/// Applies corrections to a deal. A change of a fact that is not there (any more) does nothing.
///
/// # Errors
/// When a value is not of its field's type.
pub fn apply(read: &Deal, corrections: &[Correction]) -> Result<Effective, ApplyError> {
    let mut facts = standing(read)?;
    let known = fields(read)?;
    for correction in corrections.iter().filter(|correction| !correction.undone) {
        take(&mut facts, &known, correction);
    }
    let mut deal = Map::new();
    for (field, many) in &known {
        let of_field: Vec<Value> = facts
            .iter()
            .filter(|fact| !fact.removed && fact.key.field == *field)
            .map(as_json)
            .collect::<Result<_, _>>()?;
        let value =
            if *many { Value::Array(of_field) } else { of_field.into_iter().next().unwrap_or_default() };
        deal.insert(field.clone(), value);
    }
    let order = |fact: &Standing| known.iter().position(|(field, _)| *field == fact.key.field);
    facts.sort_by_key(order);
    Ok(Effective { deal: serde_json::from_value(Value::Object(deal))?, facts })
}

/// Whether a field of [`Deal`] holds a list; `None` when there is no such field.
#[must_use]
pub fn is_list(field: &str) -> Option<bool> {
    let known = fields(&Deal::default()).unwrap_or_default();
    known.into_iter().find(|(name, _)| name == field).map(|(_, many)| many)
}

/// The fields of a deal in order, and whether each holds a list.
fn fields(deal: &Deal) -> Result<Vec<(String, bool)>, serde_json::Error> {
    let Value::Object(fields) = serde_json::to_value(deal)? else { return Ok(Vec::new()) };
    Ok(fields.into_iter().map(|(name, value)| (name, value.is_array())).collect())
}

fn standing(deal: &Deal) -> Result<Vec<Standing>, serde_json::Error> {
    let Value::Object(fields) = serde_json::to_value(deal)? else { return Ok(Vec::new()) };
    let mut facts = Vec::new();
    for (field, value) in fields {
        let several: Vec<(At, Value)> = match value {
            Value::Null => Vec::new(),
            Value::Array(items) => {
                items.into_iter().enumerate().map(|(index, item)| (At::Read(index), item)).collect()
            }
            one => vec![(At::Only, one)],
        };
        for (at, fact) in several {
            let crate::fact::Fact { value, source, confidence } = serde_json::from_value(fact)?;
            let key = FactKey { field: field.clone(), at };
            facts.push(Standing { key, value, source, confidence, corrected: None, removed: false });
        }
    }
    Ok(facts)
}

fn as_json(fact: &Standing) -> Result<Value, serde_json::Error> {
    serde_json::to_value(crate::fact::Fact {
        value: fact.value.clone(),
        source: fact.source.clone(),
        confidence: fact.confidence,
    })
}

fn take(facts: &mut Vec<Standing>, known: &[(String, bool)], correction: &Correction) {
    let Correction { number, fact: key, change, who, reason, undone: _ } = correction;
    let Some(&(_, many)) = known.iter().find(|(field, _)| *field == key.field) else { return };
    let said = || Source::Person { who: who.clone(), reason: reason.clone() };
    let new = |key: FactKey, value: &Value| Standing {
        key,
        value: value.clone(),
        source: said(),
        confidence: Confidence::High,
        corrected: Some(*number),
        removed: false,
    };
    let found = facts.iter_mut().find(|fact| fact.key == *key);
    match (change, found) {
        (Change::Set { value }, Some(fact)) => *fact = new(key.clone(), value),
        (Change::Set { value }, None) if !many && key.at == At::Only => facts.push(new(key.clone(), value)),
        (Change::Add { value }, None) if many => facts.push(new(key.clone(), value)),
        (Change::Remove, Some(fact)) => {
            fact.removed = true;
            fact.corrected = Some(*number);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::deal::Promise;
    use crate::fact::Fact;
    use crate::money::{Currency, Money};

    fn deal() -> Deal {
        let promise = |text: &str| Promise { text: text.into(), by: None, who: None, within: None };
        Deal {
            customer: Some(Fact::field("Acme".into(), "customer")),
            acv: Some(Fact::field(Money::major(95_000, Currency::usd()), "acv")),
            closed_on: Some(Fact::field(date(2027, 1, 4), "closed_on")),
            promises: vec![
                Fact::field(promise("a dashboard in 30 days"), "promises[0]"),
                Fact::field(promise("a named contact"), "promises[1]"),
            ],
            ..Deal::default()
        }
    }

    fn correction(number: i64, fact: &str, change: Change) -> Correction {
        let fact = fact.parse().unwrap();
        Correction { number, fact, change, who: "Ines".into(), reason: None, undone: false }
    }

    #[test]
    fn corrects_adds_and_removes_and_says_who() {
        let corrections = [
            correction(1, "acv", Change::Set { value: json!({ "minor": 12_000_000, "currency": "EUR" }) }),
            correction(2, "promises[0]", Change::Remove),
            correction(3, "promises+3", Change::Add { value: json!({ "text": "training on site" }) }),
            correction(4, "users", Change::Set { value: json!(120) }),
            correction(
                5,
                "promises+3",
                Change::Set { value: json!({ "text": "training in Lyon", "by": "2027-02-01" }) },
            ),
        ];
        let found = apply(&deal(), &corrections).unwrap();
        let acv = found.deal.acv.unwrap();
        assert_eq!(acv.value, Money::major(120_000, Currency::eur()));
        assert_eq!(acv.source, Source::Person { who: "Ines".into(), reason: None });
        let texts: Vec<&str> = found.deal.promises.iter().map(|fact| fact.value.text.as_str()).collect();
        assert_eq!(texts, ["a named contact", "training in Lyon"]);
        assert_eq!(found.deal.promises[1].value.by, Some(date(2027, 2, 1)));
        assert_eq!(found.deal.users.map(|fact| fact.value), Some(120));
        let removed: Vec<String> =
            found.facts.iter().filter(|fact| fact.removed).map(|fact| fact.key.to_string()).collect();
        assert_eq!(removed, ["promises[0]"]);
    }

    #[test]
    fn keys_are_read_as_they_are_written() {
        for text in ["acv", "promises[12]", "promises+3"] {
            assert_eq!(text.parse::<FactKey>().unwrap().to_string(), text);
        }
        for text in ["", "[0]", "promises[", "promises[-1]", "promises+x", "Acv", "a b", "../x"] {
            assert!(text.parse::<FactKey>().is_err(), "{text}");
        }
        assert_eq!(
            (is_list("acv"), is_list("promises"), is_list("nothing")),
            (Some(false), Some(true), None)
        );
    }

    #[test]
    fn a_change_of_what_is_not_there_does_nothing() {
        let corrections = [
            correction(1, "promises[9]", Change::Remove),
            correction(2, "promises[9]", Change::Set { value: json!({ "text": "x" }) }),
            correction(3, "nothing", Change::Set { value: json!(1) }),
            correction(4, "users", Change::Add { value: json!(1) }),
        ];
        assert_eq!(apply(&deal(), &corrections).unwrap().deal, deal());
    }

    fn changes() -> impl Strategy<Value = Vec<(String, Change)>> {
        let text = "[a-z]{1,8}".prop_map(|text| json!(text));
        let promise = "[a-z]{1,8}".prop_map(|text| json!({ "text": text }));
        let one = prop_oneof![
            (Just("customer".to_owned()), text.prop_map(|value| Change::Set { value })),
            (Just("customer".to_owned()), Just(Change::Remove)),
            ((0..3_usize).prop_map(|at| format!("promises[{at}]")), Just(Change::Remove)),
            ((1..9_i64).prop_map(|at| format!("promises+{at}")), Just(Change::Remove)),
            (
                (0..3_usize).prop_map(|at| format!("promises[{at}]")),
                promise.clone().prop_map(|value| Change::Set { value })
            ),
            (Just("promises+0".to_owned()), promise.prop_map(|value| Change::Add { value })),
        ];
        prop::collection::vec(one, 0..12)
    }

    proptest! {
        #[test]
        fn undoing_everything_gives_the_reading_back(changes in changes(), undone in 0..13_usize) {
            let mut corrections: Vec<Correction> = changes
                .into_iter()
                .zip(1..)
                .map(|((fact, change), number)| {
                    let fact = if matches!(change, Change::Add { .. }) { format!("promises+{number}") } else { fact };
                    correction(number, &fact, change)
                })
                .collect();
            // Taking back the last ones is as if they had never been made.
            let kept = corrections.len().saturating_sub(undone);
            let before = apply(&deal(), &corrections[..kept]).unwrap();
            for correction in &mut corrections[kept..] {
                correction.undone = true;
            }
            prop_assert_eq!(apply(&deal(), &corrections).unwrap(), before);
            for correction in &mut corrections {
                correction.undone = true;
            }
            prop_assert_eq!(apply(&deal(), &corrections).unwrap().deal, deal());
        }
    }
}
