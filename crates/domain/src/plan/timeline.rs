//! Where on its calendar a task lies, and what a link asks of it.
//!
//! # Time
//!
//! Time is cut into days, and moments are *boundaries* between days: boundary `d` is the moment at
//! which day `d` begins and day `d - 1` ends. A task that works from Monday to Wednesday occupies
//! the boundaries Monday to Thursday; a person is shown its first and last working day.
//!
//! Work is counted on the calendar of the task alone. A *position* is the number of working days of
//! that calendar between the plan's start and a moment: position 0 is the first working day on or
//! after the start. A task at position `x` with duration `n` works on working days `x … x + n - 1`.
//! A milestone at position `p` is reached in the evening of working day `p - 1`; position 0 is the
//! plan's start itself, shown as its first working day. All arithmetic on positions is on integers.
//!
//! # Links
//!
//! A link binds a moment of the predecessor (finish for FS and FF, start for SS and SF) to one of
//! the successor (start for FS and SS, finish for FF and SF), `lag` working days of the
//! *successor's* calendar later, and is always an inequality: "not before".
//!
//! - FS 0: the first working day of the successor after the predecessor's last day. FS -1: one day of overlap.
//! - SS 0: the first working day of the successor on or after the predecessor's first day.
//! - FF 0: the successor's last day is not before the predecessor's last day.
//! - SF 0: no working day of the successor lies between its last day and the predecessor's first day.
//! - A milestone as successor of a start: the evening of the day on which the predecessor starts.
//!   Any other milestone: the evening of the day its last predecessor finishes, or of its
//!   calendar's next working day, if that day is off. Lag counts on from there.
//! - What follows a milestone starts on the next working day, except a milestone on the plan's start.
//!
//! In a continuous plan every unit is worked, a moment is a number, and the same functions reduce
//! to the textbook: `start ≥ finish + lag` and so on.
//!
//! # Inverse
//!
//! Every lower bound here is a non-decreasing function of the predecessor's position, and for each
//! there is the exact inverse: the last position of the predecessor that leaves the successor where
//! it is. The backward pass uses only these, which is why early and late dates always agree.

use super::LinkKind;
use super::avoid::Forbidden;
use super::network::{Edge, Fact, Network, Node};
use crate::calendar::{DayNumber, LookupCalendar};

/// How far a task looks for an allowed day before giving up: more than ten years of working days
/// once periods are skipped whole. Weekday rules repeat weekly, so this means never.
const PATIENCE: usize = 4_000;

/// Start and finish of a task as boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Placed {
    pub start: DayNumber,
    pub finish: DayNumber,
}

/// A network with its start: converts between positions and days.
#[derive(Debug, Clone)]
pub(super) struct Timeline<'n, 'a> {
    pub net: &'n Network<'a>,
    pub origin: DayNumber,
    /// Working days before the origin, per calendar of the network.
    base: Vec<i64>,
}

impl<'n, 'a> Timeline<'n, 'a> {
    pub fn new(net: &'n Network<'a>, origin: DayNumber) -> Self {
        let base = net.calendars.iter().map(|calendar| calendar.worked_before(origin)).collect();
        Self { net, origin, base }
    }

    fn calendar(&self, node: &Node) -> (&LookupCalendar, i64) {
        (&self.net.calendars[node.calendar], self.base[node.calendar])
    }

    /// Position of the first working day on or after a day.
    pub fn morning_index(&self, node: &Node, day: DayNumber) -> i64 {
        let (calendar, base) = self.calendar(node);
        calendar.worked_before(day) - base
    }

    /// The working day at a position.
    pub fn day(&self, node: &Node, position: i64) -> DayNumber {
        let (calendar, base) = self.calendar(node);
        calendar.day_of(position.saturating_add(base))
    }

    /// The boundary at which `position` working days are done; the origin for 0.
    pub fn evening(&self, node: &Node, position: i64) -> DayNumber {
        if position == 0 { self.origin } else { self.day(node, position - 1).saturating_add(1) }
    }

    /// The least position whose evening is not before a boundary.
    pub fn evening_index(&self, node: &Node, boundary: DayNumber) -> i64 {
        let (calendar, base) = self.calendar(node);
        let done = calendar.worked_before(boundary) - base;
        let reached = calendar.works_on(boundary - 1) || (boundary <= self.origin && done == 0);
        if reached { done } else { done + 1 }
    }

    /// Boundaries of a task at a position: wherever that is, what is done lies where it was done, and
    /// what has begun began when it did.
    pub fn place(&self, node: &Node, position: i64) -> Placed {
        match node.fact {
            None => self.place_open(node, position),
            Some(Fact::Started(start)) => Placed { start, ..self.place_open(node, position) },
            Some(Fact::Done { start, finish }) => Placed { start, finish },
        }
    }

    fn place_open(&self, node: &Node, position: i64) -> Placed {
        if node.duration == 0 {
            let reached = self.evening(node, position);
            return Placed { start: reached, finish: reached };
        }
        let start = self.day(node, position);
        let last = if node.duration == 1 { start } else { self.day(node, position + node.duration - 1) };
        Placed { start, finish: last.saturating_add(1) }
    }

    /// The position of a task that is done: that of the day it began, which may lie before the plan's start.
    pub fn done_position(&self, node: &Node) -> Option<i64> {
        match node.fact {
            Some(Fact::Done { start, .. }) => Some(self.morning_index(node, start)),
            _ => None,
        }
    }

    /// First and last day (units: start and finish) as people are shown them.
    pub fn shown(&self, node: &Node, position: i64) -> (DayNumber, DayNumber) {
        self.shown_at(node, position, self.place(node, position))
    }

    /// The same, when it is known already where the position lies.
    pub fn shown_at(&self, node: &Node, position: i64, placed: Placed) -> (DayNumber, DayNumber) {
        match (self.net.business, node.duration) {
            (false, _) => (placed.start, placed.finish),
            (true, 0) if position == 0 && !node.is_done() => (self.day(node, 0), self.day(node, 0)),
            (true, 0) => (placed.finish - 1, placed.finish - 1),
            (true, _) => (placed.start, placed.finish - 1),
        }
    }

    /// The least position a link allows its successor, given where its predecessor lies.
    pub fn bound(&self, edge: &Edge, predecessor: Placed) -> i64 {
        let node = &self.net.nodes[edge.to];
        let (moment, morning) = self.driving_moment(edge, predecessor);
        let position = match edge.kind {
            _ if node.duration == 0 => self.evening_index(node, moment + i64::from(morning)),
            LinkKind::FinishStart | LinkKind::StartStart => self.morning_index(node, moment),
            LinkKind::StartFinish if morning => self.morning_index(node, moment) - node.duration,
            LinkKind::FinishFinish | LinkKind::StartFinish => {
                self.evening_index(node, moment) - node.duration
            }
        };
        position + edge.lag
    }

    /// The last position a link allows its predecessor, given the successor's position.
    pub fn inverse_bound(&self, edge: &Edge, successor: i64) -> i64 {
        let (from, to) = (&self.net.nodes[edge.from], &self.net.nodes[edge.to]);
        let from_start = matches!(edge.kind, LinkKind::StartStart | LinkKind::StartFinish);
        if from_start && from.is_started() {
            // When it began is a fact: nothing that follows from it limits what is left.
            return i64::MAX / 4;
        }
        let morning = from_start && self.starts_in_the_morning(from);
        let position = successor - edge.lag;
        // Only a milestone can be done at the plan's start; work that would have to be done by then
        // would have to be done in the evening of a day before.
        let evening = |position| match from.duration {
            0 => self.evening(to, position),
            _ => self.day(to, position - 1).saturating_add(1),
        };
        let limit = match edge.kind {
            _ if to.duration == 0 => evening(position) - i64::from(morning),
            LinkKind::FinishStart | LinkKind::StartStart => self.day(to, position),
            LinkKind::StartFinish if morning => self.day(to, position + to.duration),
            LinkKind::FinishFinish | LinkKind::StartFinish => evening(position + to.duration),
        };
        if from_start { self.last_starting_by(from, limit) } else { self.last_finishing_by(from, limit) }
    }

    /// The boundary of the predecessor a link looks at, and whether it is the morning of a working day.
    fn driving_moment(&self, edge: &Edge, predecessor: Placed) -> (DayNumber, bool) {
        match edge.kind {
            LinkKind::FinishStart | LinkKind::FinishFinish => (predecessor.finish, false),
            LinkKind::StartStart | LinkKind::StartFinish => {
                (predecessor.start, self.starts_in_the_morning(&self.net.nodes[edge.from]))
            }
        }
    }

    pub fn starts_in_the_morning(&self, node: &Node) -> bool {
        self.net.business && node.duration > 0
    }

    /// The last position that finishes at a boundary or before.
    pub fn last_finishing_by(&self, node: &Node, boundary: DayNumber) -> i64 {
        let done = self.morning_index(node, boundary);
        match node.duration {
            0 if done == 0 && boundary < self.origin => -1,
            duration => done - duration,
        }
    }

    fn last_starting_by(&self, node: &Node, boundary: DayNumber) -> i64 {
        match node.duration {
            0 => self.last_finishing_by(node, boundary),
            _ => self.morning_index(node, boundary + 1) - 1,
        }
    }

    /// The last position whose shown finish is not after a day (unit).
    pub fn last_shown_by(&self, node: &Node, at: DayNumber) -> i64 {
        if !self.net.business {
            return self.last_finishing_by(node, at);
        }
        match self.morning_index(node, at + 1) - node.duration {
            0 if node.duration == 0 => -1,
            position => position,
        }
    }

    /// The first position whose shown start is not before a day (unit), at the earliest 0.
    pub fn first_shown_from(&self, node: &Node, at: DayNumber) -> i64 {
        let position = self.morning_index(node, at).max(0);
        let evening = self.net.business && node.duration == 0 && position > 0;
        position + i64::from(evening)
    }

    /// The first position from `position` on that the task's rule allows; `None`: never.
    pub fn allowed_from(&self, node: &Node, mut position: i64) -> Option<i64> {
        let Some(rule) = node.avoid.map(|rule| &self.net.avoids[rule]) else { return Some(position) };
        for _ in 0..PATIENCE {
            let (first, last) = self.shown(node, position);
            position = match rule.forbids(first, last) {
                None => return Some(position),
                Some(Forbidden::Weekday) => position + 1,
                Some(Forbidden::Period { until, .. }) => self.first_shown_from(node, until).max(position + 1),
            };
        }
        None
    }

    /// The last position up to `position` that the task's rule allows. When there is none in
    /// reach, `position` itself: a late date is a limit, not a plan.
    pub fn allowed_until(&self, node: &Node, position: i64) -> i64 {
        let Some(rule) = node.avoid.map(|rule| &self.net.avoids[rule]) else { return position };
        let mut at = position;
        for _ in 0..PATIENCE {
            let (first, last) = self.shown(node, at);
            at = match rule.forbids(first, last) {
                None => return at,
                Some(Forbidden::Weekday) => at - 1,
                Some(Forbidden::Period { from, .. }) => self.last_shown_by(node, from - 1).min(at - 1),
            };
        }
        position
    }
}
