//! Texts with facts in them: `{usage.active_users:person|people} active`.

use super::schema::Schema;
use super::sheet::{Gap, Sheet};
use super::{FactValue, RuleError};

/// A text with places for facts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    parts: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Fact {
        place: usize,
        /// The words that follow the number: for one, and for several.
        nouns: Option<(String, String)>,
    },
}

impl Words {
    /// Reads a text: `{usage.logins}` stands for the number, `{usage.logins:sign-in|sign-ins}` for the number with the
    /// word that fits it.
    ///
    /// # Errors
    /// When a place names no fact there is, or is not closed.
    pub fn compile(text: &str, schema: &Schema) -> Result<Self, RuleError> {
        let fail = |message: String| RuleError { source_text: text.to_owned(), message };
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (inside, behind) =
                after.split_once('}').ok_or_else(|| fail("a `{` without its `}`".to_owned()))?;
            let (name, nouns) =
                inside.split_once(':').map_or((inside, None), |(name, nouns)| (name, Some(nouns)));
            let place = name
                .split_once('.')
                .and_then(|(group, field)| schema.place(group, field))
                .ok_or_else(|| fail(schema.unknown(name)))?;
            if !before.is_empty() {
                parts.push(Piece::Text(before.to_owned()));
            }
            let nouns = nouns.and_then(|nouns| nouns.split_once('|'));
            let nouns = nouns.map(|(one, many)| (one.to_owned(), many.to_owned()));
            parts.push(Piece::Fact { place, nouns });
            rest = behind;
        }
        if !rest.is_empty() {
            parts.push(Piece::Text(rest.to_owned()));
        }
        Ok(Self { parts })
    }

    /// The text with its facts. Where one of them is not known, it is said which; where none is, only that.
    #[must_use]
    pub fn fill(&self, sheet: &Sheet<'_>) -> String {
        let mut out = String::new();
        let (mut gap, mut is_any_known) = (Gap::NONE, false);
        for part in &self.parts {
            match part {
                Piece::Text(text) => out.push_str(text),
                Piece::Fact { place, nouns } => {
                    let value = sheet.at(*place);
                    push(&mut out, value, nouns.as_ref());
                    match value {
                        Some(_) => is_any_known = true,
                        None => gap = gap.and(Gap::of(*place)),
                    }
                }
            }
        }
        if gap == Gap::NONE {
            return out;
        }
        let missing = format!("not known: {}", sheet.meanings(gap).join("; "));
        if is_any_known { format!("{out} ({missing})") } else { missing }
    }
}

/// A fact with the words that follow it.
fn push(out: &mut String, value: Option<&FactValue>, nouns: Option<&(String, String)>) {
    match value {
        Some(FactValue::Int(number)) => out.push_str(&number.to_string()),
        Some(FactValue::Bool(yes)) => out.push_str(if *yes { "yes" } else { "no" }),
        Some(FactValue::Text(text)) => out.push_str(text),
        Some(FactValue::List(texts)) => out.push_str(&texts.join(", ")),
        Some(FactValue::Group(_)) | None => {
            out.push_str(if nouns.is_some() { "an unknown number of" } else { "unknown" });
        }
    }
    if let Some((one, many)) = nouns {
        out.push(' ');
        out.push_str(if value == Some(&FactValue::Int(1)) { one } else { many });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_stand_in_their_places() {
        let schema = Schema::run();
        let facts = schema.sample(1, true);
        let none = super::super::Facts::default();
        let words =
            Words::compile("{usage.active_users:person is|people are} active, {sso.configured}", schema)
                .unwrap();
        assert_eq!(words.fill(&Sheet::new(schema, &facts)), "1 person is active, yes");
        assert_eq!(
            words.fill(&Sheet::new(schema, &none)),
            "not known: single sign-on works; distinct people active in the last 28 days"
        );
        assert_eq!(Words::compile("plain", schema).unwrap().fill(&Sheet::new(schema, &none)), "plain");
    }

    #[test]
    fn what_is_not_known_is_said_in_words() {
        let schema = Schema::run();
        let text = "{issues.open_critical} critical and {issues.open_high} high issues open";
        let issues =
            schema.change(&super::super::Facts::default(), "issues.open_high", Some(FactValue::Int(2)));
        let issues = issues.unwrap();
        assert_eq!(
            Words::compile(text, schema).unwrap().fill(&Sheet::new(schema, &issues)),
            "unknown critical and 2 high issues open (not known: open critical issues)"
        );
        let text = "{issues.open_critical:issue|issues}, {issues.open_high} of them high";
        assert_eq!(
            Words::compile(text, schema).unwrap().fill(&Sheet::new(schema, &issues)),
            "an unknown number of issues, 2 of them high (not known: open critical issues)"
        );
    }

    #[test]
    fn places_that_name_no_fact_are_refused() {
        let wrong = |text: &str| Words::compile(text, Schema::run()).unwrap_err().message;
        assert!(wrong("{usage.login}").contains("usage.logins"));
        assert!(wrong("{login}").contains("there is no fact"));
        assert!(wrong("a { b").contains("without its"));
    }
}
