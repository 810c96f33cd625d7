//! Where in its text a rule is wrong.

use super::RuleError;

/// A place in the text of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The character in it, from 1.
    pub column: usize,
}

impl RuleError {
    /// Where the rule is wrong; none of what is wrong as a whole.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        self.found().0
    }

    /// What is wrong, in one line, without the place.
    #[must_use]
    pub fn said(&self) -> &str {
        let said = self.found().1;
        said.lines().next().unwrap_or(said).trim()
    }

    /// Checks tell places as `at 1:19: …`, counted through the whole text; the parser as `ERROR: <input>:2:7: …`.
    fn found(&self) -> (Option<Place>, &str) {
        if let Some((_, column, said)) = self.message.strip_prefix("at ").and_then(numbered) {
            return (Some(self.through(column)), said);
        }
        if let Some((_, after)) = self.message.split_once("<input>:")
            && let Some((line, column, said)) = numbered(after)
        {
            return (Some(Place { line: line.max(1), column: column.max(1) }), said);
        }
        (None, self.message.as_str())
    }

    /// The place of the character with this number, from 1, in the whole text.
    fn through(&self, number: usize) -> Place {
        let before = self.source_text.chars().take(number.saturating_sub(1));
        before.fold(Place { line: 1, column: 1 }, |place, letter| match letter {
            '\n' => Place { line: place.line + 1, column: 1 },
            _ => Place { column: place.column + 1, ..place },
        })
    }
}

/// `2:7: what is wrong`.
fn numbered(text: &str) -> Option<(usize, usize, &str)> {
    let (line, rest) = text.split_once(':')?;
    let (column, said) = rest.split_once(':')?;
    Some((line.parse().ok()?, column.parse().ok()?, said.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{Rule, Schema};

    fn wrong(source: &str) -> RuleError {
        Rule::compile_typed(source, Schema::run()).unwrap_err()
    }

    #[test]
    fn a_wrong_name_is_found_in_its_line() {
        let error = wrong("sso.configured && usage.login > 3");
        assert_eq!(error.place(), Some(Place { line: 1, column: 19 }));
        assert!(error.said().starts_with("there is no fact `usage.login`"), "{}", error.said());
        let error = wrong("sso.configured &&\nusage.login > 3");
        assert_eq!(error.place(), Some(Place { line: 2, column: 1 }));
    }

    #[test]
    fn what_is_no_rule_has_a_place_and_one_line() {
        let error = wrong("usage.logins >");
        assert!(error.place().is_some_and(|place| place.line == 1), "{error}");
        assert!(!error.said().is_empty() && !error.said().contains("<input>"), "{}", error.said());
    }

    #[test]
    fn what_is_wrong_as_a_whole_has_no_place() {
        let error = wrong(&"(".repeat(200));
        assert_eq!(error.place(), None);
        assert!(error.said().contains("too long"));
    }
}
