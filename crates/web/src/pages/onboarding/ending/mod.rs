//! The end of an onboarding: handing the customer over to customer success, and closing it with what was learned.

pub(crate) mod closing;
pub(crate) mod handover;
pub(crate) mod lessons;

use gangway_app::transition::Sight;
use gangway_domain::transition::{Clocks, DoneLine};

use super::launch::{HERE, tabs};
use crate::format::count;

/// A line of the definition of done.
pub(super) struct Line {
    text: String,
    kind: &'static str,
    met: bool,
    note: String,
}

fn lines(done: &[DoneLine]) -> Vec<Line> {
    let line = |line: &DoneLine| Line {
        text: line.text.clone(),
        kind: line.kind.label(),
        met: line.met,
        note: line.note.clone(),
    };
    done.iter().map(line).collect()
}

/// How many lines are met: `7 of 9`.
fn met(sight: &Sight) -> String {
    format!("{} of {}", sight.done.iter().filter(|line| line.met).count(), sight.done.len())
}

/// What the clocks show: name, days, what they run between.
fn clocks(clocks: &Clocks) -> Vec<(&'static str, String, &'static str)> {
    let shown = |days: Option<i64>| match days {
        Some(days) => count(usize::try_from(days).unwrap_or_default(), "day"),
        None => "—".to_owned(),
    };
    vec![
        ("Time to live", shown(clocks.to_live), "kickoff to production"),
        ("Time to first value", shown(clocks.to_first_value), "since the account was made"),
        ("From signature", shown(clocks.to_first_value_from_signature), "to the first value"),
        ("From kickoff", shown(clocks.to_first_value_from_kickoff), "to the first value"),
        ("Time to full value", shown(clocks.to_full_value), "since the account was made"),
    ]
}
