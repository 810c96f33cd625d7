//! Evaluates the rules of a methodology file over the facts of a deal.

use super::BuildError;
use crate::programme::Amount;
use crate::rule::{FIT_FACTS, Facts, Rule, RuleError, first_day_facts};

/// The rules of one file over the facts of one deal.
pub(super) struct Judge<'a> {
    facts: &'a Facts,
    known: Vec<(&'static str, &'static str)>,
    file: String,
}

impl<'a> Judge<'a> {
    /// Of a programme, over [`FIT_FACTS`].
    pub fn of_programme(facts: &'a Facts, programme: &str) -> Self {
        Self { facts, known: FIT_FACTS.to_vec(), file: format!("programmes/{programme}.toml") }
    }

    /// Of a file about the first day, over [`first_day_facts`].
    pub fn of_first_day(facts: &'a Facts, file: &str) -> Self {
        Self { facts, known: first_day_facts(), file: file.to_owned() }
    }

    /// What the rules see.
    pub fn facts(&self) -> &Facts {
        self.facts
    }

    /// Whether something with this `when` applies.
    pub fn applies(&self, when: Option<&str>, id: &str) -> Result<bool, BuildError> {
        let Some(when) = when else { return Ok(true) };
        Rule::compile(when, &self.known)
            .and_then(|rule| rule.test(self.facts))
            .map_err(|error| self.blame(id, error))
    }

    /// The number an amount stands for; negative results count as 0.
    pub fn amount(&self, amount: &Amount, id: &str) -> Result<u32, BuildError> {
        match amount {
            Amount::Fixed(number) => Ok(*number),
            Amount::Rule(rule) => {
                let number = Rule::compile(rule, &self.known)
                    .and_then(|rule| rule.number(self.facts))
                    .map_err(|error| self.blame(id, error))?;
                Ok(u32::try_from(number.max(0)).unwrap_or(u32::MAX))
            }
        }
    }

    fn blame(&self, id: &str, error: RuleError) -> BuildError {
        BuildError::Rule { file: self.file.clone(), id: id.to_owned(), error }
    }
}
