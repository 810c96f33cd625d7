//! The plan as arrays of small numbers: calendars written down as tables of days, tasks in an order
//! in which predecessors come first. What the tables say is what [`Timeline`] calculates.

use crate::calendar::DayNumber;
use crate::plan::LinkKind;
use crate::plan::avoid::Forbidden;
use crate::plan::network::{Fact, Network, Node, Tie};
use crate::plan::timeline::Timeline;

/// A calendar as tables. Days and boundaries count from the first day of the grid.
pub(super) struct Days {
    /// By boundary: position of the first working day on or after it.
    pub morning: Vec<i32>,
    /// By boundary: the least position whose evening is not before it.
    pub evening: Vec<i32>,
    /// By position: the working day.
    pub day: Vec<i32>,
    /// By position: the boundary at which so many working days are done.
    pub reached: Vec<i32>,
}

/// A link into a task; `from` is a place in the order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arc {
    pub from: usize,
    pub lag: i32,
    pub looks: Looks,
    /// 1 when the moment looked at is the morning of a working day and the evening of it is meant.
    pub shift: i32,
}

/// What of the predecessor a link looks at, and how that becomes a position of the successor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Looks {
    pub at_start: bool,
    pub becomes: Becomes,
}

/// How a moment becomes a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Becomes {
    /// The successor starts on the first working day from it on.
    Morning,
    /// The successor, a milestone, is reached in the evening.
    Evening,
    /// The successor has finished its work before that morning.
    WorkBeforeMorning,
    /// The successor finishes its work not before that evening.
    WorkByEvening,
}

/// Where a task is before anything is known of its duration.
pub(super) enum State {
    /// Done: its boundaries.
    Done { start: i32, finish: i32 },
    /// Begun at a boundary.
    Started(i32),
    /// Open, held at a position.
    Fixed(i32),
    /// Open.
    Open,
}

/// A task.
pub(super) struct Item {
    pub task: usize,
    pub calendar: usize,
    pub milestone: bool,
    pub state: State,
    /// The first position a not-before constraint leaves; 0 without one.
    pub not_before: i32,
    /// The first position the present day leaves.
    pub floor: i32,
    pub arcs: Vec<Arc>,
    pub avoid: Option<usize>,
}

/// A plan as arrays.
pub(super) struct Grid<'n, 'a> {
    pub line: &'n Timeline<'n, 'a>,
    /// Day number of the first day.
    pub first: DayNumber,
    pub days: Vec<Days>,
    /// Predecessors before successors.
    pub items: Vec<Item>,
    /// By task: its place in `items`.
    pub place: Vec<usize>,
}

/// Days before the plan's first one that are written down too, so that a lag can look back.
const MARGIN: DayNumber = 2;

impl<'n, 'a> Grid<'n, 'a> {
    /// Writes down the calendars until `last`.
    pub fn new(line: &'n Timeline<'n, 'a>, last: DayNumber) -> Self {
        let net = line.net;
        let facts = net.nodes.iter().filter_map(|node| match node.fact {
            Some(Fact::Started(start) | Fact::Done { start, .. }) => Some(start),
            None => None,
        });
        let first = facts.chain(net.floor).fold(line.origin, DayNumber::min) - MARGIN;
        let days = (0..net.calendars.len())
            .map(|calendar| match net.nodes.iter().find(|node| node.calendar == calendar) {
                Some(node) => write_down(line, node, first, last),
                None => Days { morning: vec![0], evening: vec![0], day: vec![0], reached: vec![0] },
            })
            .collect();
        let mut place = vec![0; net.nodes.len()];
        for (at, &task) in net.order.iter().enumerate() {
            place[task] = at;
        }
        let mut grid = Self { line, first, days, items: Vec::with_capacity(net.order.len()), place };
        grid.items = net.order.iter().map(|&task| grid.item(net, task)).collect();
        grid
    }

    fn item(&self, net: &Network<'_>, task: usize) -> Item {
        let node = &net.nodes[task];
        let position = |at| small(self.line.first_shown_from(node, at));
        let state = match (node.fact, node.constraint) {
            (Some(Fact::Done { start, finish }), _) => {
                State::Done { start: self.boundary(start), finish: self.boundary(finish) }
            }
            (Some(Fact::Started(start)), _) => State::Started(self.boundary(start)),
            (None, Some((Tie::FixedStart, at))) => State::Fixed(position(at)),
            (None, _) => State::Open,
        };
        Item {
            task,
            calendar: node.calendar,
            milestone: node.duration == 0,
            state,
            not_before: match node.constraint {
                Some((Tie::NotBefore, at)) => position(at),
                _ => 0,
            },
            floor: net.floor.map_or(0, position),
            arcs: net.incoming(task).iter().map(|edge| self.arc(net, edge)).collect(),
            avoid: node.avoid,
        }
    }

    fn arc(&self, net: &Network<'_>, edge: &crate::plan::network::Edge) -> Arc {
        let (from, to) = (&net.nodes[edge.from], &net.nodes[edge.to]);
        let at_start = matches!(edge.kind, LinkKind::StartStart | LinkKind::StartFinish);
        let morning = at_start && self.line.starts_in_the_morning(from);
        let becomes = match edge.kind {
            _ if to.duration == 0 => Becomes::Evening,
            LinkKind::FinishStart | LinkKind::StartStart => Becomes::Morning,
            LinkKind::StartFinish if morning => Becomes::WorkBeforeMorning,
            LinkKind::FinishFinish | LinkKind::StartFinish => Becomes::WorkByEvening,
        };
        Arc {
            from: self.place[edge.from],
            lag: small(edge.lag),
            looks: Looks { at_start, becomes },
            shift: i32::from(becomes == Becomes::Evening && morning),
        }
    }

    /// A boundary of the timeline as one of the grid.
    fn boundary(&self, day: DayNumber) -> i32 {
        small(day - self.first)
    }

    /// The least position not before `position` that what a task avoids leaves it; its own, if there is none.
    pub fn allowed(&self, item: &Item, position: i32, work: i32) -> i32 {
        let Some(rule) = item.avoid.and_then(|rule| self.line.net.avoids.get(rule)) else { return position };
        let node = &self.line.net.nodes[item.task];
        let mut at = position;
        for _ in 0..PATIENCE {
            let (first, last) = self.shown(item, at, work);
            let day = |boundary: i32| self.first + DayNumber::from(boundary);
            at = match rule.forbids(day(first), day(last)) {
                None => return at,
                Some(Forbidden::Weekday) => at + 1,
                Some(Forbidden::Period { until, .. }) => {
                    small(self.line.first_shown_from(node, until)).max(at + 1)
                }
            };
        }
        position
    }

    /// First and last day of an open task at a position.
    fn shown(&self, item: &Item, position: i32, work: i32) -> (i32, i32) {
        let days = &self.days[item.calendar];
        match (item.milestone, position) {
            (true, 0) => (at(&days.day, 0), at(&days.day, 0)),
            (true, _) => (at(&days.reached, position) - 1, at(&days.reached, position) - 1),
            (false, _) => (at(&days.day, position), at(&days.day, position + work - 1)),
        }
    }
}

/// Looks allowed days are sought, as in the timeline.
const PATIENCE: usize = 4_000;

/// An entry of a table; its last for what lies beyond, which the length of the grid rules out.
pub(super) fn at(table: &[i32], index: i32) -> i32 {
    let index = usize::try_from(index).unwrap_or(0);
    table.get(index).or(table.last()).copied().unwrap_or(0)
}

fn small(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(if number < 0 { i32::MIN / 4 } else { i32::MAX / 4 })
}

fn write_down(line: &Timeline<'_, '_>, node: &Node, first: DayNumber, last: DayNumber) -> Days {
    let boundaries = first..=last + 1;
    let (mut morning, mut evening) = (Vec::new(), Vec::new());
    for boundary in boundaries {
        morning.push(small(line.morning_index(node, boundary)));
        evening.push(small(line.evening_index(node, boundary)));
    }
    let positions = 0..=i64::from(morning.last().copied().unwrap_or(0).max(0));
    let day = positions.clone().map(|position| small(line.day(node, position) - first)).collect();
    let reached = positions.map(|position| small(line.evening(node, position) - first)).collect();
    Days { morning, evening, day, reached }
}
