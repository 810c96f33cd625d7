//! The rules of all computed signals, compiled.

use indexmap::IndexMap;
use thiserror::Error;

use crate::deal::Severity;
use crate::methodology::SignalKind;
use crate::rule::{RuleError, Schema, Sheet, Truth, TypedRule, Words};

/// A kind of signal, or a question of the review, that does not compile.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{id}`: {message}")]
pub struct WatchError {
    /// Its id.
    pub id: String,
    /// The key that is wrong: `when`, `facts` or `rule`.
    pub key: &'static str,
    /// What is wrong.
    pub message: String,
}

impl WatchError {
    pub(super) fn new(id: &str, key: &'static str, error: &RuleError) -> Self {
        Self { id: id.to_owned(), key, message: error.to_string() }
    }
}

/// All computed signals, compiled.
#[derive(Debug, Clone, Default)]
pub struct Watch {
    kinds: Vec<Kind>,
}

#[derive(Debug, Clone)]
struct Kind {
    id: String,
    severity: Severity,
    resolve_after_hours: u32,
    protocol: Option<String>,
    when: TypedRule,
    words: Words,
}

/// What the facts say of a kind of signal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged<'w> {
    /// The kind (id).
    pub kind: &'w str,
    /// How grave it is.
    pub severity: Severity,
    /// Whether it is there.
    pub truth: Truth,
    /// What was seen, when it is there.
    pub words: String,
    /// For how many hours its rule must not hold before it is over.
    pub resolve_after_hours: u32,
    /// Checklist (id) to be worked through when it is there.
    pub protocol: Option<&'w str>,
}

impl Watch {
    /// Compiles the rules of all kinds that have one.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn compile(kinds: &IndexMap<String, SignalKind>, schema: &Schema) -> Result<Self, Vec<WatchError>> {
        let mut compiled = Vec::new();
        let mut errors = Vec::new();
        for kind in kinds.values() {
            let Some(when) = &kind.when else { continue };
            let when =
                TypedRule::test(when, schema).map_err(|error| WatchError::new(&kind.id, "when", &error));
            let words = Words::compile(&kind.facts, schema)
                .map_err(|error| WatchError::new(&kind.id, "facts", &error));
            match (when, words) {
                (Ok(when), Ok(words)) => compiled.push(Kind {
                    id: kind.id.clone(),
                    severity: kind.severity,
                    resolve_after_hours: kind.resolve_after_hours,
                    protocol: kind.protocol.clone(),
                    when,
                    words,
                }),
                (when, words) => errors.extend(when.err().into_iter().chain(words.err())),
            }
        }
        if errors.is_empty() { Ok(Self { kinds: compiled }) } else { Err(errors) }
    }

    /// Ids of the kinds that are computed.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        self.kinds.iter().map(|kind| kind.id.as_str())
    }

    /// The rule of a kind.
    #[must_use]
    pub fn rule(&self, kind: &str) -> Option<&TypedRule> {
        self.kinds.iter().find(|one| one.id == kind).map(|one| &one.when)
    }

    /// What the facts say of every kind.
    #[must_use]
    pub fn judge<'w>(&'w self, sheet: &Sheet<'_>) -> Vec<Judged<'w>> {
        let judge = |kind: &'w Kind| {
            let truth = kind.when.truth(sheet);
            let words = if truth.is_yes() { kind.words.fill(sheet) } else { String::new() };
            Judged {
                kind: &kind.id,
                severity: kind.severity,
                truth,
                words,
                resolve_after_hours: kind.resolve_after_hours,
                protocol: kind.protocol.as_deref(),
            }
        };
        self.kinds.iter().map(judge).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::rule::{FactValue, Facts};

    fn kind(id: &str, when: Option<&str>, facts: &str) -> (String, SignalKind) {
        let kind = SignalKind {
            id: id.to_owned(),
            category: "adoption".to_owned(),
            name: id.to_owned(),
            severity: Severity::High,
            trigger: String::new(),
            intervention: String::new(),
            detection: "computed".to_owned(),
            when: when.map(str::to_owned),
            resolve_after_hours: 12,
            facts: facts.to_owned(),
            protocol: None,
        };
        (id.to_owned(), kind)
    }

    #[test]
    fn computed_kinds_are_judged_over_one_sheet() {
        let kinds = IndexMap::from([
            kind(
                "silent",
                Some("usage.days_since_login >= 30"),
                "nobody for {usage.days_since_login:day|days}",
            ),
            kind("falling", Some("usage.weeks_falling >= 2"), ""),
            kind("few", Some("usage.active_users < 5"), ""),
            kind("tone", None, ""),
        ]);
        let watch = Watch::compile(&kinds, Schema::run()).unwrap();
        let usage =
            BTreeMap::from([("days_since_login", FactValue::Int(31)), ("active_users", FactValue::Int(9))]);
        let facts = Facts(BTreeMap::from([("usage", FactValue::Group(usage))]));
        let judged = watch.judge(&Sheet::new(Schema::run(), &facts));
        let told: Vec<(&str, &str, &str)> =
            judged.iter().map(|one| (one.kind, one.truth.word(), one.words.as_str())).collect();
        assert_eq!(
            told,
            [("silent", "yes", "nobody for 31 days"), ("falling", "unknown", ""), ("few", "no", "")]
        );
        assert_eq!(judged[0].resolve_after_hours, 12);
        assert!(watch.rule("few").is_some() && watch.rule("tone").is_none());
    }

    #[test]
    fn everything_that_is_wrong_is_told() {
        let kinds = IndexMap::from([
            kind("a", Some("usage.login > 1"), "{usage.login}"),
            kind("b", Some("usage.logins"), ""),
        ]);
        let errors = Watch::compile(&kinds, Schema::run()).unwrap_err();
        let keys: Vec<(&str, &str)> = errors.iter().map(|one| (one.id.as_str(), one.key)).collect();
        assert_eq!(keys, [("a", "when"), ("a", "facts"), ("b", "when")]);
    }
}
