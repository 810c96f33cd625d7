//! One TOML file with the places of its values, and its reading into types with every error told.

use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Diagnostic, Severity};
use crate::nearest::nearest;

/// Errors of one file after which no more are looked for; such a file is not a methodology file at all.
const MOST_ERRORS: usize = 50;

/// A parsed file.
pub(crate) struct Source<'a> {
    pub(crate) path: &'a str,
    text: &'a str,
    tree: Spanned<DeTable<'a>>,
}

impl<'a> Source<'a> {
    /// Parses TOML; syntax errors go to `out`, and give no source.
    pub(crate) fn parse(path: &'a str, text: &'a str, out: &mut Vec<Diagnostic>) -> Option<Self> {
        match DeTable::parse(text) {
            Ok(tree) => Some(Self { path, text, tree }),
            Err(_) => {
                let (_, errors) = DeTable::parse_recoverable(text);
                for error in errors.iter().take(MOST_ERRORS) {
                    let (line, column) = position(text, error.span().map_or(0, |span| span.start));
                    let message = format!("this is not valid TOML: {}", error.message().replace('\n', "; "));
                    let help = Some("compare with a built-in file: `gangway methodology export`".to_owned());
                    out.push(Diagnostic {
                        file: path.to_owned(),
                        line,
                        column,
                        severity: Severity::Error,
                        message,
                        help,
                    });
                }
                None
            }
        }
    }

    /// Reads the file into a type. All errors go to `out`: an unknown key is left out and reading goes on;
    /// a list element with an error is left out so that the errors behind it are seen too, but then
    /// nothing is returned, for whatever refers to it would look wrong.
    pub(crate) fn read<T: DeserializeOwned>(&self, out: &mut Vec<Diagnostic>) -> Option<T> {
        let mut tree = self.tree.clone();
        let mut whole = true;
        for _ in 0..MOST_ERRORS {
            let error = match T::deserialize(toml::de::Deserializer::from(tree.clone())) {
                Ok(value) => return whole.then_some(value),
                Err(error) => error,
            };
            let span = error.span().unwrap_or(0..0);
            let (line, column) = position(self.text, span.start);
            let (message, help) = explain(error.message());
            out.push(Diagnostic {
                file: self.path.to_owned(),
                line,
                column,
                severity: Severity::Error,
                message,
                help,
            });
            let unknown_key = error.message().starts_with("unknown field");
            whole &= unknown_key;
            let place = find(tree.get_ref(), &span)?;
            if !remove(tree.get_mut(), &place, unknown_key) {
                return None;
            }
        }
        None
    }

    /// Line and column of a value, by its path: `task.3.phase`. Where the path ends early (a key left
    /// out), the place of the last part that exists.
    pub(crate) fn locate(&self, path: &str) -> (u32, u32) {
        let mut best = 0..0;
        let mut table = Some(self.tree.get_ref());
        let mut value: Option<&Spanned<DeValue<'_>>> = None;
        for part in path.split('.').filter(|part| !part.is_empty()) {
            let next = match (table, value.map(Spanned::get_ref)) {
                (_, Some(DeValue::Array(items))) => part.parse::<usize>().ok().and_then(|i| items.get(i)),
                (Some(table), _) | (_, Some(DeValue::Table(table))) => table.get(part),
                _ => None,
            };
            let Some(next) = next else { break };
            table = None;
            value = Some(next);
            best = next.span();
        }
        position(self.text, best.start)
    }

    /// Column of the first character inside the string value that begins at a place, so that places within
    /// a rule can be pointed at.
    pub(crate) fn inside(&self, line: u32, column: u32) -> u32 {
        let starts_with_quote = self
            .text
            .lines()
            .nth(line.saturating_sub(1) as usize)
            .and_then(|l| l.chars().nth(column.saturating_sub(1) as usize));
        column + u32::from(matches!(starts_with_quote, Some('"' | '\'')))
    }
}

/// A step on the way to a value.
enum Step {
    Key(String),
    Index(usize),
}

/// The path of the key or value that has exactly this span.
fn find(table: &DeTable<'_>, span: &Range<usize>) -> Option<Vec<Step>> {
    for (key, value) in table {
        let here = || Step::Key(key.get_ref().to_string());
        if key.span() == *span {
            return Some(vec![here()]);
        }
        if let Some(mut rest) = find_in_value(value, span) {
            rest.insert(0, here());
            return Some(rest);
        }
    }
    None
}

fn find_in_value(value: &Spanned<DeValue<'_>>, span: &Range<usize>) -> Option<Vec<Step>> {
    let deeper = match value.get_ref() {
        DeValue::Table(table) => find(table, span),
        DeValue::Array(items) => items.iter().enumerate().find_map(|(i, item)| {
            find_in_value(item, span).map(|mut rest| {
                rest.insert(0, Step::Index(i));
                rest
            })
        }),
        _ => None,
    };
    deeper.or_else(|| (value.span() == *span).then(Vec::new))
}

/// Removes the key at the place, or the list element it lies in. False when there is no such element:
/// then reading cannot go on.
fn remove<'i>(tree: &mut DeTable<'i>, place: &[Step], key: bool) -> bool {
    let end = if key {
        place.len()
    } else {
        place.iter().rposition(|step| matches!(step, Step::Index(_))).map_or(0, |i| i + 1)
    };
    let Some((last, way)) = place.get(..end).and_then(|place| place.split_last()) else { return false };
    let Some((Step::Key(first), rest)) = way.split_first() else {
        return match last {
            Step::Key(name) => tree.remove(name.as_str()).is_some(),
            Step::Index(_) => false,
        };
    };
    let Some(mut value) = tree.get_mut(first.as_str()).map(Spanned::get_mut) else { return false };
    for step in rest {
        let next = match (value, step) {
            (DeValue::Table(table), Step::Key(name)) => table.get_mut(name.as_str()),
            (DeValue::Array(items), Step::Index(i)) => items.get_mut(*i),
            _ => None,
        };
        let Some(next) = next else { return false };
        value = next.get_mut();
    }
    match (value, last) {
        (DeValue::Table(table), Step::Key(name)) => table.remove(name.as_str()).is_some(),
        (DeValue::Array(items), Step::Index(i)) if *i < items.len() => {
            *items = items.iter().enumerate().filter(|(n, _)| n != i).map(|(_, item)| item.clone()).collect();
            true
        }
        _ => false,
    }
}

/// serde's message in words an expert understands, and what would be right.
fn explain(message: &str) -> (String, Option<String>) {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let known = quoted.get(1..).unwrap_or_default();
    let list = || Some(format!("possible here: {}", known.join(", ")));
    if message.starts_with("unknown field") {
        let wrong = quoted.first().copied().unwrap_or_default();
        let meant = nearest(wrong, known.iter().copied())
            .map(|name| format!("; did you mean `{name}`?"))
            .unwrap_or_default();
        return (format!("there is no key `{wrong}` here{meant}"), list());
    }
    if message.starts_with("unknown variant") {
        let wrong = quoted.first().copied().unwrap_or_default();
        let meant = nearest(wrong, known.iter().copied())
            .map(|name| format!("; did you mean `{name}`?"))
            .unwrap_or_default();
        return (format!("`{wrong}` is not possible here{meant}"), list());
    }
    if message.starts_with("missing field") {
        let name = quoted.first().copied().unwrap_or_default();
        return (
            format!("`{name}` is missing"),
            Some(format!("add a line `{name} = …`, or a `[[{name}]]` block where it is a list")),
        );
    }
    if message.contains("untagged enum Amount") {
        return (
            "must be a whole number, or a rule in quotes".to_owned(),
            Some("for example `5` or `\"users > 200 ? 5 : 3\"`".to_owned()),
        );
    }
    let words = message
        .replace("invalid type: string", "the text")
        .replace("invalid type: integer", "the number")
        .replace("invalid type: map", "a table")
        .replace("invalid type: sequence", "a list")
        .replace("invalid type: ", "")
        .replace("invalid value: integer", "the number")
        .replace("expected u32", "does not fit: a whole number, 0 or more, is needed")
        .replace("expected i64", "does not fit: a whole number is needed")
        .replace("expected i32", "does not fit: a whole number is needed")
        .replace("expected f64", "does not fit: a number is needed")
        .replace("expected a boolean", "does not fit: true or false is needed")
        .replace("expected a string", "does not fit: text in quotes is needed")
        .replace("expected a sequence", "does not fit: a list [ … ] is needed")
        .replace('\n', "; ");
    (words, None)
}

/// Line and column, from 1, of a byte offset.
pub(crate) fn position(text: &str, offset: usize) -> (u32, u32) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters_from_one() {
        assert_eq!(position("ä = 1\nöö = 2\n", 7), (2, 1));
        assert_eq!(position("ä = 1\nöö = 2\n", 14), (2, 6));
        assert_eq!(position("a", 99), (1, 2));
    }

    #[test]
    fn locates_by_path() {
        let text = "id = 'x'\n[[task]]\nid = 'a'\n[[task]]\n  phase = 'p'\n";
        let source = Source::parse("f", text, &mut Vec::new()).unwrap();
        assert_eq!(source.locate("task.1.phase"), (5, 11));
        assert_eq!(source.locate("task.1.missing").0, 4);
        assert_eq!(source.locate("id"), (1, 6));
    }
}
