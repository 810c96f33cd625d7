//! The plan with its resources, compiled; and what is left of them day by day.

use std::collections::BTreeMap;

use super::{LevelError, Overload, Staffing};
use crate::calendar::{DayNumber, day_number};
use crate::plan::network::{Node, Tie};
use crate::plan::timeline::{Placed, Timeline};
use crate::plan::{LiveError, Point};

/// Days a levelled plan may last: about 270 years.
const LONGEST: DayNumber = 100_000;

/// A plan with what its tasks need.
pub(super) struct Problem<'n, 'a> {
    pub line: &'n Timeline<'n, 'a>,
    /// The task whose finish counts before that of the whole plan.
    pub end: Option<usize>,
    /// By task: resources and units, of working tasks that are not done.
    pub demands: Vec<Vec<(usize, i32)>>,
    capacities: Vec<Capacity>,
    /// Tasks that come first, whatever there is, with their positions: fixed ones, and those that have begun.
    pub forced: Vec<(usize, i64)>,
}

struct Capacity {
    usual: i32,
    /// First day, one past the last, units.
    limits: Vec<(DayNumber, DayNumber, i32)>,
}

/// A complete schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Solution {
    pub position: Vec<i64>,
    pub placed: Vec<Placed>,
    /// Finish of the task that counts, then of the plan: less is better.
    pub key: (DayNumber, DayNumber),
}

impl<'n, 'a> Problem<'n, 'a> {
    pub fn new(
        line: &'n Timeline<'n, 'a>,
        end: Option<usize>,
        early: &[i64],
        staffing: &Staffing,
    ) -> Result<Self, LevelError> {
        let net = line.net;
        let mut resources = BTreeMap::new();
        for (at, resource) in staffing.resources.iter().enumerate() {
            if resources.insert(resource.id.as_str(), at).is_some() {
                return Err(LevelError::DuplicateResource(resource.id.clone()));
            }
        }
        let tasks: BTreeMap<&str, usize> = (0..net.nodes.len()).map(|task| (net.id(task), task)).collect();
        let mut needed: BTreeMap<(usize, usize), u64> = BTreeMap::new();
        for demand in &staffing.demands {
            let find = |found: Option<&usize>, what| {
                let (task, resource) = (demand.task.clone(), demand.resource.clone());
                found.copied().ok_or(LevelError::Unknown { task, resource, what })
            };
            let task = find(tasks.get(demand.task.as_str()), "task")?;
            let resource = find(resources.get(demand.resource.as_str()), "resource")?;
            if demand.units > 0 && net.nodes[task].duration > 0 && !net.nodes[task].is_done() {
                *needed.entry((task, resource)).or_default() += u64::from(demand.units);
            }
        }
        let mut demands = vec![Vec::new(); net.nodes.len()];
        for ((task, resource), units) in needed {
            let there = &staffing.resources[resource];
            match i32::try_from(units) {
                Ok(fitting) if units <= u64::from(there.capacity) => demands[task].push((resource, fitting)),
                _ => {
                    let (task, resource) = (net.id(task).to_owned(), there.id.clone());
                    return Err(LevelError::TooMuch {
                        task,
                        resource,
                        needed: units,
                        capacity: there.capacity,
                    });
                }
            }
        }
        let units = |capacity: u32| i32::try_from(capacity).unwrap_or(i32::MAX);
        let capacities = staffing.resources.iter().map(|resource| Capacity {
            usual: units(resource.capacity),
            limits: (resource.limits.iter())
                .map(|limit| (day_number(limit.from), day_number(limit.to) + 1, units(limit.capacity)))
                .collect(),
        });
        let first = |task: &usize| is_fixed(&net.nodes[*task]) || net.nodes[*task].is_started();
        let forced = (0..net.nodes.len()).filter(first).map(|task| (task, early[task])).collect();
        Ok(Self { line, end, demands, capacities: capacities.collect(), forced })
    }

    /// Whether a task stays where it is when others are moved.
    pub fn is_pinned(&self, task: usize) -> bool {
        let node = &self.line.net.nodes[task];
        node.fact.is_some() || is_fixed(node)
    }

    /// A schedule from the positions of all tasks.
    pub fn solution(&self, position: Vec<i64>, placed: Vec<Placed>) -> Solution {
        let last = placed.iter().map(|placed| placed.finish).fold(self.line.origin, DayNumber::max);
        let end = self.end.and_then(|task| placed.get(task)).map_or(last, |placed| placed.finish);
        Solution { position, placed, key: (end, last) }
    }

    /// Days on which a schedule asks for more than there is.
    pub fn overloads(
        &self,
        solution: &Solution,
        staffing: &Staffing,
        at: impl Fn(DayNumber) -> Result<Point, LiveError>,
    ) -> Result<Vec<Overload>, LevelError> {
        let mut stock = Stock::new(self);
        for (task, &position) in solution.position.iter().enumerate() {
            stock.take(self, task, position)?;
        }
        let mut found = Vec::new();
        for (day, left) in (self.line.origin..).zip(stock.left.chunks(self.capacities.len().max(1))) {
            for (resource, &left) in staffing.resources.iter().zip(left) {
                if left < 0 {
                    let on = at(day)?;
                    found.push(Overload { resource: resource.id.clone(), on, over: left.unsigned_abs() });
                }
            }
        }
        Ok(found)
    }
}

/// Whether a task lies on a given day, whatever there is.
pub(super) fn is_fixed(node: &Node) -> bool {
    matches!(node.constraint, Some((Tie::FixedStart, _)))
}

/// What is left of every resource on every day from the plan's start on.
#[derive(Clone)]
pub(super) struct Stock {
    /// By day, then by resource.
    left: Vec<i32>,
    /// The same with nothing taken, as far as days have been looked at.
    full: Vec<i32>,
}

impl Stock {
    pub fn new(problem: &Problem<'_, '_>) -> Self {
        let mut stock = Self { left: Vec::new(), full: Vec::new() };
        stock.reach(problem, 0);
        stock
    }

    /// Gives everything back.
    pub fn refill(&mut self) {
        self.left.clone_from(&self.full);
    }

    /// Writes down days up to one.
    fn reach(&mut self, problem: &Problem<'_, '_>, day: usize) {
        let resources = problem.capacities.len();
        let known = self.full.len() / resources.max(1);
        for (day, _) in (problem.line.origin..).zip(0..=day + 64).skip(known) {
            for capacity in &problem.capacities {
                let limited =
                    capacity.limits.iter().filter(|(from, until, _)| (*from..*until).contains(&day));
                let units = limited.map(|&(_, _, units)| units).min().unwrap_or(capacity.usual);
                self.full.push(units);
                self.left.push(units);
            }
        }
    }

    /// Index of the first entry of the day at a position of a task.
    fn entry(&mut self, problem: &Problem<'_, '_>, task: usize, position: i64) -> Result<usize, LevelError> {
        let line = problem.line;
        let day = line.day(&line.net.nodes[task], position) - line.origin;
        let resources = problem.capacities.len();
        match usize::try_from(day) {
            Ok(day) if day < LONGEST as usize => {
                if (day + 1) * resources > self.full.len() {
                    self.reach(problem, day);
                }
                Ok(day * resources)
            }
            _ => Err(LevelError::TooLong(LONGEST)),
        }
    }

    /// Takes what a task needs.
    pub fn take(&mut self, problem: &Problem<'_, '_>, task: usize, position: i64) -> Result<(), LevelError> {
        self.change(problem, task, position, -1)
    }

    /// Gives it back.
    pub fn give(&mut self, problem: &Problem<'_, '_>, task: usize, position: i64) -> Result<(), LevelError> {
        self.change(problem, task, position, 1)
    }

    fn change(
        &mut self,
        problem: &Problem<'_, '_>,
        task: usize,
        position: i64,
        sign: i32,
    ) -> Result<(), LevelError> {
        let demands = &problem.demands[task];
        if demands.is_empty() {
            return Ok(());
        }
        for worked in position..position + problem.line.net.nodes[task].duration {
            let entry = self.entry(problem, task, worked)?;
            for &(resource, units) in demands {
                self.left[entry + resource] += sign * units;
            }
        }
        Ok(())
    }

    /// The last day of its work, as a position, on which a task at a position would not find what it
    /// needs; `None` when it does on all.
    pub fn last_short(
        &mut self,
        problem: &Problem<'_, '_>,
        task: usize,
        position: i64,
    ) -> Result<Option<i64>, LevelError> {
        for worked in (position..position + problem.line.net.nodes[task].duration).rev() {
            if self.is_short(problem, task, worked)? {
                return Ok(Some(worked));
            }
        }
        Ok(None)
    }

    /// The first such day.
    pub fn first_short(
        &mut self,
        problem: &Problem<'_, '_>,
        task: usize,
        position: i64,
    ) -> Result<Option<i64>, LevelError> {
        for worked in position..position + problem.line.net.nodes[task].duration {
            if self.is_short(problem, task, worked)? {
                return Ok(Some(worked));
            }
        }
        Ok(None)
    }

    fn is_short(&mut self, problem: &Problem<'_, '_>, task: usize, worked: i64) -> Result<bool, LevelError> {
        let entry = self.entry(problem, task, worked)?;
        Ok(problem.demands[task].iter().any(|&(resource, units)| self.left[entry + resource] < units))
    }
}
