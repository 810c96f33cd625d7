//! Judging one programme beside the other files of its library.

use gangway_domain::programme::Programme;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::path_of;
use crate::diagnostic::{Diagnostic, Severity};
use crate::library::Library;
use crate::lint;
use crate::source::{Source, position};

/// A finding with the place it is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// What is wrong, in which line.
    pub diagnostic: Diagnostic,
    /// Path of the value, by position in lists: `task.3.days`; as far as it exists.
    pub at: String,
    /// Id of the task, milestone, phase … the place lies in.
    pub id: Option<String>,
    /// Where inside the value, in characters from 0, when the finding points into a rule.
    pub offset: Option<u32>,
}

impl Finding {
    /// Whether the programme cannot be used until this is mended.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.diagnostic.severity == Severity::Error
    }
}

/// A programme after it was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Findings in order of place.
    pub findings: Vec<Finding>,
    /// The programme as it was read; nothing when its text is no programme.
    pub programme: Option<Programme>,
}

impl Judged {
    /// Whether it can be used.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.programme.is_some() && !self.findings.iter().any(Finding::is_error)
    }
}

impl Library {
    /// The text of a programme.
    #[must_use]
    pub fn programme(&self, id: &str) -> Option<&str> {
        self.text(&path_of(id))
    }

    /// Reads and judges a programme's text as if it were the file of this id. What other files say wrong
    /// because of it counts too.
    #[must_use]
    pub fn judge(&self, id: &str, text: &str) -> Judged {
        let path = path_of(id);
        let laid_over = self.clone().with(&path, text);
        let mut out = Vec::new();
        let parsed = laid_over.parse(&mut out);
        lint::everything(&parsed, &mut out);
        out.sort();
        out.dedup();
        let tree = DeTable::parse(text).ok();
        let findings = out
            .into_iter()
            .filter(|found| found.file == path || found.severity == Severity::Error)
            .map(|found| match &tree {
                Some(tree) if found.file == path => placed(found, text, tree.get_ref()),
                _ => Finding { diagnostic: found, at: String::new(), id: None, offset: None },
            })
            .collect();
        let programme = parsed.programmes.into_iter().find(|(known, _)| *known == path);
        Judged { findings, programme: programme.map(|(_, programme)| programme) }
    }
}

/// Reads a programme's text without judging it; nothing when it is no programme.
#[must_use]
pub fn read_programme(text: &str) -> Option<Programme> {
    let mut out = Vec::new();
    Source::parse("", text, &mut out)?.read(&mut out)
}

fn placed(diagnostic: Diagnostic, text: &str, tree: &DeTable<'_>) -> Finding {
    let Some(offset) = offset_of(text, diagnostic.line, diagnostic.column) else {
        return Finding { diagnostic, at: String::new(), id: None, offset: None };
    };
    let mut best = Place { path: String::new(), id: None, start: 0 };
    for (key, value) in tree {
        search(value, offset, key.get_ref(), None, &mut best);
    }
    let (line, column) = position(text, best.start);
    let quoted = text.get(best.start..).is_some_and(|rest| rest.starts_with(['"', '\'']));
    let inside = column + u32::from(quoted);
    let offset = (line == diagnostic.line && diagnostic.column > column && diagnostic.column >= inside)
        .then(|| diagnostic.column - inside);
    Finding { diagnostic, at: best.path, id: best.id, offset }
}

struct Place {
    path: String,
    id: Option<String>,
    start: usize,
}

/// The innermost value around an offset.
fn search(value: &Spanned<DeValue<'_>>, offset: usize, path: &str, id: Option<&str>, best: &mut Place) {
    let span = value.span();
    let id = match value.get_ref() {
        // The part it lies in, not what inside it has an id too: a question of a survey.
        DeValue::Table(table) => id.or_else(|| table.get("id").and_then(|id| id.get_ref().as_str())),
        _ => id,
    };
    if span.start <= offset && offset < span.end.max(span.start + 1) && path.len() >= best.path.len() {
        *best = Place { path: path.to_owned(), id: id.map(str::to_owned), start: span.start };
    }
    match value.get_ref() {
        DeValue::Table(table) => {
            for (key, value) in table {
                if key.span().contains(&offset) {
                    *best = Place {
                        path: format!("{path}.{}", key.get_ref()),
                        id: id.map(str::to_owned),
                        start: key.span().start,
                    };
                }
                search(value, offset, &format!("{path}.{}", key.get_ref()), id, best);
            }
        }
        DeValue::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                search(item, offset, &format!("{path}.{i}"), id, best);
            }
        }
        _ => {}
    }
}

/// Byte offset of a line and column, both from 1.
fn offset_of(text: &str, line: u32, column: u32) -> Option<usize> {
    let mut start = 0;
    for (n, content) in (1_u32..).zip(text.split_inclusive('\n')) {
        if n == line {
            let skipped: usize =
                content.chars().take(column.saturating_sub(1) as usize).map(char::len_utf8).sum();
            return Some(start + skipped);
        }
        start += content.len();
    }
    None
}
