//! Differences as pages show them: of two versions of a programme, and of two plans.

use gangway_domain::package::{Difference, ItemChange};
use gangway_methodology::{Comparison, PartChange};
use jiff::civil::Date;

use crate::format::{Day, count};

/// What differs in one phase or part.
pub(crate) struct Group {
    pub title: String,
    pub items: Vec<Item>,
}

/// Something that differs.
pub(crate) struct Item {
    pub what: &'static str,
    pub name: String,
    pub word: &'static str,
    pub tone: &'static str,
    pub deltas: Vec<Delta>,
}

/// A field that differs.
pub(crate) struct Delta {
    pub label: String,
    pub from: Vec<String>,
    pub to: Vec<String>,
}

/// The differences of two versions.
pub(crate) fn groups(comparison: &Comparison) -> Vec<Group> {
    let item = |item: &gangway_methodology::Item| {
        let (word, tone) = match item.change {
            PartChange::Added => ("New", "go"),
            PartChange::Removed => ("Gone", "late"),
            PartChange::Changed => ("Changed", "soon"),
        };
        let deltas = item.deltas.iter().map(|delta| Delta {
            label: delta.label.clone(),
            from: delta.from.clone(),
            to: delta.to.clone(),
        });
        Item { what: item.what, name: item.name.clone(), word, tone, deltas: deltas.collect() }
    };
    comparison
        .groups
        .iter()
        .map(|group| Group { title: group.title.clone(), items: group.items.iter().map(item).collect() })
        .collect()
}

/// The difference of two plans.
pub(crate) struct PlanChanges {
    pub dates: Vec<DateLine>,
    pub lines: Vec<PlanLine>,
    /// `2 tasks new, 1 gone, 5 at other days`.
    pub counts: String,
}

/// A date that matters.
pub(crate) struct DateLine {
    pub what: &'static str,
    pub before: Option<Day>,
    pub after: Option<Day>,
    /// How far it moves, in words; empty when it stays.
    pub moves: String,
    pub tone: &'static str,
}

/// A task or milestone that differs.
pub(crate) struct PlanLine {
    pub what: &'static str,
    pub name: String,
    pub phase: String,
    pub word: &'static str,
    pub tone: &'static str,
    pub before: String,
    pub after: String,
    pub details: String,
}

impl PlanChanges {
    pub(crate) fn new(difference: &Difference) -> Self {
        let [added, removed, moved] = difference.task_counts();
        let parts = [(added, "new"), (removed, "gone"), (moved, "at other days")];
        let told: Vec<String> =
            parts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect();
        Self {
            counts: if told.is_empty() {
                "The same tasks on the same days.".to_owned()
            } else {
                format!("Tasks: {}.", told.join(", "))
            },
            dates: difference
                .dates
                .iter()
                .map(|change| {
                    let (moves, tone) = match change.days_later() {
                        None | Some(0) => (String::new(), ""),
                        Some(days) if days > 0 => (format!("{} later", days_words(days)), "soon"),
                        Some(days) => (format!("{} earlier", days_words(days)), "go"),
                    };
                    DateLine {
                        what: change.what,
                        before: change.before.map(Day::from),
                        after: change.after.map(Day::from),
                        moves,
                        tone,
                    }
                })
                .collect(),
            lines: difference.items.iter().map(line).collect(),
        }
    }
}

fn days_words(days: i32) -> String {
    count(days.unsigned_abs() as usize, "day")
}

fn line(item: &ItemChange) -> PlanLine {
    let (word, tone) = match (item.before, item.after) {
        (None, _) => ("New", "go"),
        (_, None) => ("Gone", "late"),
        (before, after) if before != after => ("Moved", "soon"),
        _ => ("Changed", "soon"),
    };
    PlanLine {
        what: item.what,
        name: item.name.clone(),
        phase: item.phase.clone(),
        word,
        tone,
        before: item.before.map_or_else(String::new, span),
        after: item.after.map_or_else(String::new, span),
        details: item.details.join("; "),
    }
}

/// `11 Jan 2027`, `11 – 15 Jan 2027`.
fn span((from, to): (Date, Date)) -> String {
    let day = |date: Date, format: &str| date.strftime(format).to_string();
    if from == to {
        day(to, "%-d %b %Y")
    } else if (from.year(), from.month()) == (to.year(), to.month()) {
        format!("{} – {}", day(from, "%-d"), day(to, "%-d %b %Y"))
    } else if from.year() == to.year() {
        format!("{} – {}", day(from, "%-d %b"), day(to, "%-d %b %Y"))
    } else {
        format!("{} – {}", day(from, "%-d %b %Y"), day(to, "%-d %b %Y"))
    }
}

#[cfg(test)]
mod tests {
    use super::span;
    use jiff::civil::date;

    #[test]
    fn spans_read_well() {
        let day = date(2027, 1, 11);
        assert_eq!(span((day, day)), "11 Jan 2027");
        assert_eq!(span((day, date(2027, 1, 15))), "11 – 15 Jan 2027");
        assert_eq!(span((day, date(2027, 2, 5))), "11 Jan – 5 Feb 2027");
        assert_eq!(span((date(2026, 12, 28), day)), "28 Dec 2026 – 11 Jan 2027");
    }
}
