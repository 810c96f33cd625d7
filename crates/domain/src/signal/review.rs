//! The weekly review of signals: its questions, answered from facts where facts tell.

use super::life::Weight;
use super::watch::WatchError;
use crate::methodology::Checklist;
use crate::rule::{Schema, Sheet, Truth, TypedRule, Words};

/// The questions of the review, compiled.
#[derive(Debug, Clone, Default)]
pub struct Review {
    questions: Vec<Question>,
}

#[derive(Debug, Clone)]
struct Question {
    group: String,
    id: String,
    text: String,
    rule: Option<TypedRule>,
    words: Words,
}

/// A question with what the facts say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefilled {
    /// Title of its group.
    pub group: String,
    /// Its id.
    pub id: String,
    /// The question.
    pub text: String,
    /// Yes is good. Unknown where only a person can tell.
    pub answer: Truth,
    /// What the facts are; empty where there are none.
    pub words: String,
}

impl Review {
    /// Compiles the questions of a checklist.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn compile(checklist: &Checklist, schema: &Schema) -> Result<Self, Vec<WatchError>> {
        let mut questions = Vec::new();
        let mut errors = Vec::new();
        for group in &checklist.groups {
            for item in &group.items {
                let rule = item.rule.as_deref().map(|rule| TypedRule::test(rule, schema)).transpose();
                let words = Words::compile(item.facts.as_deref().unwrap_or_default(), schema);
                errors.extend(rule.as_ref().err().map(|error| WatchError::new(&item.id, "rule", error)));
                errors.extend(words.as_ref().err().map(|error| WatchError::new(&item.id, "facts", error)));
                questions.push(Question {
                    group: group.title.clone(),
                    id: item.id.clone(),
                    text: item.text.clone(),
                    rule: rule.unwrap_or_default(),
                    words: words.unwrap_or_default(),
                });
            }
        }
        if errors.is_empty() { Ok(Self { questions }) } else { Err(errors) }
    }

    /// Every question with what the facts say.
    #[must_use]
    pub fn prefill(&self, sheet: &Sheet<'_>) -> Vec<Prefilled> {
        let answer = |question: &Question| {
            let unknown = || Truth::Unknown { missing: Vec::new() };
            let answer = question.rule.as_ref().map_or_else(unknown, |rule| rule.truth(sheet));
            let known = !matches!(answer, Truth::Unknown { .. });
            Prefilled {
                group: question.group.clone(),
                id: question.id.clone(),
                text: question.text.clone(),
                words: if known { question.words.fill(sheet) } else { String::new() },
                answer,
            }
        };
        self.questions.iter().map(answer).collect()
    }
}

/// What so many noes mean: one is a note, two a concern, three a reason to act [004].
#[must_use]
pub fn review_verdict(noes: usize) -> Option<Weight> {
    Weight::of(u32::try_from(noes).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::rule::{FactValue, Facts};

    const CHECKLIST: &str = r#"
id = "weekly-signal-review"
title = "Weekly"
purpose = ""
[[group]]
title = "Engagement"
item = [
  { id = "meetings", text = "All attended?", rule = "meetings.missed == 0", facts = "{meetings.missed} missed" },
  { id = "tone", text = "Good tone?" },
  { id = "core", text = "Core used?", rule = "usage.core_used_percent >= 50", facts = "{usage.core_used_percent} %" },
]
"#;

    #[test]
    fn questions_are_answered_where_facts_tell() {
        let review = Review::compile(&toml::from_str(CHECKLIST).unwrap(), Schema::run()).unwrap();
        let meetings = FactValue::Group(BTreeMap::from([("missed", FactValue::Int(2))]));
        let facts = Facts(BTreeMap::from([("meetings", meetings)]));
        let filled = review.prefill(&Sheet::new(Schema::run(), &facts));
        let told: Vec<(&str, &str, &str)> =
            filled.iter().map(|one| (one.id.as_str(), one.answer.word(), one.words.as_str())).collect();
        assert_eq!(told, [("meetings", "no", "2 missed"), ("tone", "unknown", ""), ("core", "unknown", "")]);
    }

    #[test]
    fn wrong_rules_are_told() {
        let wrong =
            CHECKLIST.replace("meetings.missed == 0", "meetings.mist == 0").replace("{usage.", "{use.");
        let errors = Review::compile(&toml::from_str(&wrong).unwrap(), Schema::run()).unwrap_err();
        let keys: Vec<(&str, &str)> = errors.iter().map(|one| (one.id.as_str(), one.key)).collect();
        assert_eq!(keys, [("meetings", "rule"), ("core", "facts")]);
    }

    #[test]
    fn noes_weigh() {
        let verdicts = [0, 1, 2, 3, 9].map(review_verdict);
        assert_eq!(
            verdicts,
            [None, Some(Weight::Note), Some(Weight::Concern), Some(Weight::Action), Some(Weight::Action)]
        );
    }
}
