//! Rules compiled once.

use std::collections::HashMap;

use super::schema::Schema;
use super::typed::TypedRule;
use super::{Rule, RuleError};

/// Rules by their text, each compiled once, also when it is wrong.
#[derive(Debug, Default)]
pub struct RuleSet {
    rules: HashMap<String, Result<TypedRule, RuleError>>,
}

impl RuleSet {
    /// The compiled rule over the facts of running onboardings.
    ///
    /// # Errors
    /// As [`Rule::compile_typed`].
    pub fn rule(&mut self, source: &str) -> Result<&TypedRule, &RuleError> {
        let compiled = self.rules.entry(source.to_owned());
        compiled.or_insert_with(|| Rule::compile_typed(source, Schema::run())).as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_compiled_once_also_when_it_is_wrong() {
        let mut rules = RuleSet::default();
        assert_eq!(rules.rule("usage.logins > 1").unwrap().uses(), ["usage.logins"]);
        assert!(rules.rule("usage.login > 1").is_err());
        assert!(rules.rule("usage.login > 1").is_err());
        assert_eq!(rules.rules.len(), 2);
    }
}
