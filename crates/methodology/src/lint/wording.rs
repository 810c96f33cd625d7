//! The words by which a deal is tied to the plan.

use std::collections::BTreeSet;

use gangway_domain::methodology::{PromiseSubject, WordingRules};

use super::File;
use crate::diagnostic::Diagnostic;
use crate::load::Parsed;

pub(crate) fn lint(parsed: &Parsed<'_>, out: &mut Vec<Diagnostic>) {
    let (Some(source), Some(found)) = (parsed.sources.get("wording.toml"), &parsed.wording) else { return };
    let file = &mut File { source, out };
    let WordingRules { pilot, rollout, promises } = found;
    for (at, list) in [
        ("pilot.words", &pilot.words),
        ("pilot.then", &pilot.then),
        ("pilot.not", &pilot.not),
        ("rollout.one_by_one", &rollout.one_by_one),
        ("rollout.at_once", &rollout.at_once),
    ] {
        terms(file, at, list);
    }
    file.unique(
        "subject",
        promises
            .about
            .iter()
            .enumerate()
            .map(|(i, subject)| (format!("promises.about.{i}.id"), subject.id.as_str())),
    );
    // Ids may be missing for the sole reason that a programme could not be read.
    let complete = !parsed.broken.contains(&"programmes");
    let ids: BTreeSet<&str> = parsed
        .programmes
        .iter()
        .flat_map(|(_, programme)| {
            let tasks = programme.tasks.iter().map(|task| task.id.as_str());
            tasks.chain(programme.milestones.iter().map(|milestone| milestone.id.as_str()))
        })
        .collect();
    for (i, subject) in promises.about.iter().enumerate() {
        let PromiseSubject { id, words, shown_at, shown_at_pilot, moment: _ } = subject;
        let at = |key: &str| format!("promises.about.{i}.{key}");
        terms(file, &at("words"), words);
        // Where it shows may be left open: then a person ties it to the plan.
        if words.is_empty() {
            file.error(
                &format!("promises.about.{i}"),
                format!("nothing can be tied to `{id}`"),
                "name in `words` what speaks of it, and in `shown_at` where it shows",
            );
        }
        for (key, places) in [("shown_at", shown_at), ("shown_at_pilot", shown_at_pilot)] {
            for (n, place) in places.iter().enumerate().filter(|_| complete) {
                file.known(&format!("{}.{n}", at(key)), "task or milestone in any programme", place, &ids);
            }
        }
    }
}

/// A term without a letter or digit finds nothing, or, as `*`, everything.
fn terms(file: &mut File<'_, '_>, at: &str, terms: &[String]) {
    for (n, term) in terms.iter().enumerate() {
        let mut words = term.split_whitespace().peekable();
        if words.peek().is_none() || words.any(|word| !word.chars().any(char::is_alphanumeric)) {
            file.error(
                &format!("{at}.{n}"),
                format!("`{term}` finds nothing in particular"),
                "write words, each with at least one letter; `*` may begin or end a word",
            );
        }
    }
}
