//! What can be dragged in the chart: a bar to another day, and its right end to another number of working days.
//!
//! Those are counted while somebody drags, on the calendar of the task's side, so that the picture says which of its
//! days each side works.

use gangway_domain::programme::Side;
use gangway_domain::workload::Calendars;
use gangway_store::task::Task;
use jiff::ToSpan;
use jiff::civil::Date;

/// Days told of beyond the picture, for a task that becomes longer than it: half a year.
const AHEAD: i32 = 182;
/// How far the end of a bar can be taken hold of beside it, units of the picture.
const BESIDE: i32 = 6;

/// A task whose bar can be dragged.
pub(super) struct Drag {
    /// The task (code).
    pub code: String,
    /// Its first day.
    pub start: String,
    /// Its working days.
    pub days: i64,
    /// It has not begun, so that all of it can be moved.
    pub moves: bool,
    /// Where its end is taken hold of: left edge and width.
    pub edge: (i32, i32),
}

impl Drag {
    /// Of the task of a bar; nothing when it is over.
    pub(super) fn of(task: &Task, x: i32, width: i32) -> Option<Self> {
        let is_open = !task.is_over();
        // Most of a narrow bar stays for moving it.
        let inside = (width / 4).min(4);
        is_open.then(|| Self {
            code: task.code.clone(),
            start: task.starts_on.to_string(),
            days: task.days,
            moves: task.status == "open",
            edge: (x + width - inside, inside + BESIDE),
        })
    }
}

/// The days from the first of the picture on: for each side its word, and a 1 for each day it works, a 0 for each
/// other.
pub(super) fn worked(calendars: &Calendars, start: Date, end: Date) -> Vec<(&'static str, String)> {
    let last = end.saturating_add(AHEAD.days());
    let of = |side: Side| {
        let calendar = calendars.side(side);
        let days = start.series(1.day()).take_while(|day| *day <= last);
        let marks: String = days.map(|day| if calendar.is_workday(day) { '1' } else { '0' }).collect();
        (side.word(), marks)
    };
    Side::ALL.map(of).into()
}

#[cfg(test)]
mod tests {
    use gangway_domain::plan::{CalendarSpec, HolidaySpec};
    use jiff::civil::{Weekday, date};

    use super::*;
    use crate::pages::onboarding::plan::testing::task;

    #[test]
    fn what_is_not_over_becomes_longer_and_what_has_not_begun_moves() {
        let drag = |status: &str| {
            let build = task("Build", "vendor", "2027-01-21", "2027-01-21");
            Drag::of(&Task { status: status.to_owned(), ..build }, 100, 17)
        };
        assert!(drag("done").is_none() && drag("skipped").is_none());
        for (status, moves) in [("open", true), ("started", false), ("blocked", false)] {
            let drag = drag(status).unwrap();
            assert_eq!((drag.moves, drag.days, drag.edge), (moves, 3, (113, 10)), "{status}");
        }
    }

    #[test]
    fn each_side_has_the_days_it_works() {
        let customer = CalendarSpec {
            id: "customer".to_owned(),
            weekend: vec![Weekday::Saturday, Weekday::Sunday],
            holidays: vec![HolidaySpec { date: date(2027, 1, 6), name: "Epiphany".to_owned() }],
            closed: Vec::new(),
        };
        // A week from a Monday on.
        let worked = worked(&Calendars::from_specs(&[customer]), date(2027, 1, 4), date(2027, 1, 10));
        let weeks: Vec<(&str, &str)> =
            worked.iter().map(|(side, days)| (*side, days.get(..7).unwrap())).collect();
        assert_eq!(weeks, [("vendor", "1111100"), ("customer", "1101100"), ("joint", "1101100")]);
        assert!(worked.iter().all(|(_, days)| days.len() == 7 + 182));
    }
}
