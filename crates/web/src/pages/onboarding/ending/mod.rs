//! The end of an onboarding: handing the customer over to customer success, and closing it with what was learned.

pub(crate) mod closing;
pub(crate) mod handover;
pub(crate) mod lessons;

use gangway_app::transition::Sight;
use gangway_domain::transition::{CONFIRMED, DoneKind, DoneLine, HYPERCARE_ENDED, Moments, NO_GRAVE_ISSUE};
use jiff::civil::Date;

use super::launch::{HERE, tabs};
use crate::format::{Day, count};

/// A line of the definition of done.
pub(super) struct Line {
    text: String,
    kind: &'static str,
    met: bool,
    note: String,
    /// Where it is worked on: the page's name, the end of its address.
    place: Option<(&'static str, &'static str)>,
}

fn lines(done: &[DoneLine]) -> Vec<Line> {
    let line = |line: &DoneLine| Line {
        text: line.text.clone(),
        kind: line.kind.label(),
        met: line.met,
        note: line.note.clone(),
        place: if line.met { None } else { place(line) },
    };
    done.iter().map(line).collect()
}

/// Where what a line lacks is worked on.
fn place(line: &DoneLine) -> Option<(&'static str, &'static str)> {
    match (line.kind, line.text.as_str()) {
        (DoneKind::Value, text) if text == CONFIRMED => Some(("Impact", "/impact")),
        (DoneKind::Stable, text) if text == NO_GRAVE_ISSUE => {
            // Issues of the register and of hypercare stand on two pages.
            let of_hypercare = line.note.split(", ").any(|code| code.starts_with("H-"));
            Some(if of_hypercare { ("Hypercare", "/go-live/hypercare") } else { ("Register", "/register") })
        }
        (DoneKind::Stable, text) if text == HYPERCARE_ENDED => Some(("Hypercare", "/go-live/hypercare")),
        (DoneKind::Value | DoneKind::Technical | DoneKind::Stable, _) => Some(("Plan", "/plan")),
        (DoneKind::Promise, _) => None,
    }
}

/// How many lines are met: `7 of 9`.
fn met(sight: &Sight) -> String {
    format!("{} of {}", sight.done.iter().filter(|line| line.met).count(), sight.done.len())
}

/// What the clocks show: name, days, what they run between.
pub(super) fn clocks(moments: &Moments) -> Vec<(&'static str, String, String)> {
    let clocks = moments.clocks();
    let shown = |days: Option<i64>| match days {
        Some(days) => count(usize::try_from(days).unwrap_or_default(), "day"),
        None => "—".to_owned(),
    };
    let Moments { created, signed, kicked_off, live, first_value, full_value } = *moments;
    let between = |what: &str, from: Option<Date>, to: Option<Date>| match (from, to) {
        (Some(from), Some(to)) => format!("{what}, {} to {}", Day::from(from).words, Day::from(to).words),
        (Some(_), None) => format!("{what}: not there yet"),
        (None, _) => format!("{what}: not known yet"),
    };
    vec![
        ("Time to live", shown(clocks.to_live), between("kickoff to production", kicked_off, live)),
        (
            "Time to first value",
            shown(clocks.to_first_value),
            between("since the account was made", created, first_value),
        ),
        (
            "From signature to first value",
            shown(clocks.to_first_value_from_signature),
            between("since the signature", signed, first_value),
        ),
        (
            "From kickoff to first value",
            shown(clocks.to_first_value_from_kickoff),
            between("since the kickoff", kicked_off, first_value),
        ),
        (
            "Time to full value",
            shown(clocks.to_full_value),
            between("since the account was made", created, full_value),
        ),
    ]
}
