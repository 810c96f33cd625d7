//! Judges what was read: references, structure, rules, templates.

mod content;
mod first_day;
mod forecast;
mod forms;
mod governance;
mod graph;
mod health;
mod launch;
mod organisation;
mod people;
mod programme;
mod rules;
mod task_templates;
mod templates;
mod transition;
mod usage;
mod value;
mod wording;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Severity};
use crate::load::Parsed;
use crate::nearest::suggestion;
use crate::source::Source;

pub(crate) use rules::RuleCache;

/// Runs every lint.
pub(crate) fn everything(parsed: &Parsed<'_>, out: &mut Vec<Diagnostic>) {
    let mut rules = RuleCache::default();
    organisation::lint(parsed, &mut rules, out);
    first_day::lint(parsed, &mut rules, out);
    wording::lint(parsed, out);
    governance::lint(parsed, &mut rules, out);
    people::lint(parsed, out);
    forecast::lint(parsed, out);
    value::lint(parsed, out);
    transition::lint(parsed, out);
    usage::lint(parsed, &mut rules, out);
    task_templates::lint(parsed, out);
    content::lint(parsed, &mut rules, out);
    health::lint(parsed, out);
    for (path, programme) in &parsed.programmes {
        let Some(source) = parsed.sources.get(path) else { continue };
        programme::lint(parsed, &mut File { source, out }, &mut rules, programme);
    }
    templates::lint(parsed, out);
}

/// A file under judgement: where findings go.
pub(crate) struct File<'a, 'b> {
    pub(crate) source: &'b Source<'a>,
    pub(crate) out: &'b mut Vec<Diagnostic>,
}

impl File<'_, '_> {
    /// An error at a value, given by its path (`task.3.phase`).
    pub(crate) fn error(&mut self, at: &str, message: impl Into<String>, help: impl Into<String>) {
        self.finding(Severity::Error, at, message.into(), help.into());
    }

    /// A warning at a value.
    pub(crate) fn warning(&mut self, at: &str, message: impl Into<String>, help: impl Into<String>) {
        self.finding(Severity::Warning, at, message.into(), help.into());
    }

    fn finding(&mut self, severity: Severity, at: &str, message: String, help: String) {
        let (line, column) = self.source.locate(at);
        let help = (!help.is_empty()).then_some(help);
        self.out.push(Diagnostic {
            file: self.source.path.to_owned(),
            line,
            column,
            severity,
            message,
            help,
        });
    }

    /// An error when `id` is not among `known`, with the nearest name.
    pub(crate) fn known(&mut self, at: &str, what: &str, id: &str, known: &BTreeSet<&str>) -> bool {
        let ok = known.contains(id);
        if !ok {
            self.error(at, format!("there is no {what} `{id}`"), suggestion(id, known.iter().copied()));
        }
        ok
    }

    /// An error for every id that was used before; `at` gives the place of the n-th.
    pub(crate) fn unique<'i>(&mut self, what: &str, ids: impl IntoIterator<Item = (String, &'i str)>) {
        let ids: Vec<(String, &str)> = ids.into_iter().collect();
        for (at, id) in &ids {
            if id.is_empty() || id.chars().any(|c| c.is_whitespace() || c == '.') {
                let help = "use lower-case words joined by hyphens, such as `pilot-review`";
                self.error(at, format!("`{id}` is not a usable {what} id"), help);
            }
        }
        self.unique_names(what, ids);
    }

    /// The same for names, which may hold blanks.
    pub(crate) fn unique_names<'i>(
        &mut self,
        what: &str,
        names: impl IntoIterator<Item = (String, &'i str)>,
    ) {
        let mut seen: BTreeMap<&str, String> = BTreeMap::new();
        for (at, name) in names {
            match seen.get(name) {
                Some(first) => {
                    let (line, _) = self.source.locate(first);
                    self.error(
                        &at,
                        format!("the {what} `{name}` exists twice"),
                        format!("the first is in line {line}; rename one of them"),
                    );
                }
                None => {
                    seen.insert(name, at);
                }
            }
        }
    }

    /// An error when the id of a file is not its name.
    pub(crate) fn named_like_file(&mut self, id: &str) {
        let name = self.source.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".toml");
        if name != id {
            self.error(
                "id",
                format!("the id `{id}` is not the name of the file"),
                format!("write `id = \"{name}\"`, or rename the file to {id}.toml"),
            );
        }
    }

    /// An error for every placeholder in a text that is not among `known`.
    pub(crate) fn placeholders(&mut self, at: &str, text: &str, known: &[(&str, &str)]) {
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let after = &rest[open + 1..];
            let Some(close) = after.find('}') else {
                self.error(
                    at,
                    format!("a `{{` without its `}}` in \"{text}\""),
                    "placeholders are written like {customer}",
                );
                return;
            };
            let name = &after[..close];
            if !known.iter().any(|(k, _)| *k == name) {
                let names: BTreeSet<&str> = known.iter().map(|(k, _)| *k).collect();
                self.error(
                    at,
                    format!("there is no placeholder `{{{name}}}`"),
                    suggestion(name, names.iter().copied()),
                );
            }
            rest = &after[close + 1..];
        }
    }
}
