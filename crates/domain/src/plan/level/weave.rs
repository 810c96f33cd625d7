//! Making schedules: from a list of tasks, from priorities day by day, and from a schedule by
//! pushing it late and pulling it early again.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::LevelError;
use super::problem::{Problem, Solution, Stock, is_fixed};
use crate::plan::pass::least_position;
use crate::plan::timeline::Placed;
use crate::plan::{LiveError, PlanError};

/// Makes schedules and counts the work.
pub(super) struct Weaver<'p, 'n, 'a> {
    pub problem: &'p Problem<'n, 'a>,
    stock: Stock,
    /// Tasks placed so far.
    pub placed: u64,
    /// Schedules made so far.
    pub schedules: u32,
}

impl<'p, 'n, 'a> Weaver<'p, 'n, 'a> {
    pub fn new(problem: &'p Problem<'n, 'a>) -> Self {
        Self { problem, stock: Stock::new(problem), placed: 0, schedules: 0 }
    }

    /// Puts each task of a list, predecessors first, where it can be done first.
    pub fn serial(&mut self, list: &[usize]) -> Result<Solution, LevelError> {
        let (mut position, mut placed) = self.begin()?;
        let (problem, line) = (self.problem, self.problem.line);
        for &task in list {
            let node = &line.net.nodes[task];
            let at = match line.done_position(node) {
                Some(done) => done,
                None if is_fixed(node) => position[task],
                None => {
                    let least = least_position(line, task, &placed);
                    self.settle(task, least, position[task])?
                }
            };
            position[task] = at;
            placed[task] = line.place(node, at);
        }
        self.count();
        Ok(problem.solution(position, placed))
    }

    /// Goes from day to day and begins what can begin, the least priority first.
    pub fn parallel(&mut self, priority: &[i64]) -> Result<Solution, LevelError> {
        let (mut position, mut placed) = self.begin()?;
        let (problem, line) = (self.problem, self.problem.line);
        let net = line.net;
        let mut waiting: Vec<usize> = (0..net.nodes.len()).map(|task| net.incoming(task).len()).collect();
        // Tasks all of whose predecessors are placed, with their least positions, by priority.
        let mut ready: Vec<(i64, usize, i64)> = Vec::new();
        let mut free: Vec<usize> = (0..net.nodes.len()).filter(|&task| waiting[task] == 0).collect();
        let mut day = line.origin;
        let mut open = net.nodes.len();
        while open > 0 {
            while let Some(task) = free.pop() {
                let node = &net.nodes[task];
                let least = least_position(line, task, &placed);
                let at = match line.done_position(node) {
                    Some(done) => done,
                    None if is_fixed(node) => position[task],
                    None if node.is_started() || problem.demands[task].is_empty() => {
                        self.settle(task, least, position[task])?
                    }
                    None => {
                        ready.push((priority[task], task, least));
                        continue;
                    }
                };
                (position[task], placed[task]) = (at, line.place(node, at));
                open -= 1;
                release(problem, task, &mut waiting, &mut free);
            }
            ready.sort_unstable();
            let mut begun = None;
            for (place, &(_, task, least)) in ready.iter().enumerate() {
                let node = &net.nodes[task];
                let at = line.morning_index(node, day);
                if at < least || line.day(node, at) != day || line.allowed_from(node, at) != Some(at) {
                    continue;
                }
                if self.stock.last_short(problem, task, at)?.is_none() {
                    self.stock.take(problem, task, at)?;
                    (position[task], placed[task]) = (at, line.place(node, at));
                    begun = Some((place, task));
                    break;
                }
            }
            match begun {
                Some((place, task)) => {
                    ready.remove(place);
                    open -= 1;
                    release(problem, task, &mut waiting, &mut free);
                }
                None if day - line.origin > MOST_DAYS => return Err(LevelError::TooLong(MOST_DAYS)),
                None => day += 1,
            }
        }
        self.count();
        Ok(problem.solution(position, placed))
    }

    /// Justifies a schedule: late, then early again. The result is never worse.
    pub fn justify(&mut self, solution: &Solution) -> Result<Solution, LevelError> {
        let Some(late) = self.late(solution)? else { return Ok(solution.clone()) };
        let starts: Vec<i64> = late.placed.iter().map(|placed| placed.start).collect();
        let list = self.list(&starts);
        let early = self.serial(&list)?;
        Ok(if early.key <= solution.key { early } else { solution.clone() })
    }

    /// Everything as late as the finish allows; `None` when something cannot be placed so.
    fn late(&mut self, solution: &Solution) -> Result<Option<Solution>, LevelError> {
        let (problem, line) = (self.problem, self.problem.line);
        let net = line.net;
        let (mut position, mut placed) = (solution.position.clone(), solution.placed.clone());
        self.stock.refill();
        for task in (0..net.nodes.len()).filter(|&task| problem.is_pinned(task)) {
            if !net.nodes[task].is_done() {
                self.stock.take(problem, task, position[task])?;
            }
        }
        let finishes: Vec<i64> = solution.placed.iter().map(|placed| -placed.finish).collect();
        for task in self.reverse_list(&finishes) {
            let node = &net.nodes[task];
            if problem.is_pinned(task) {
                continue;
            }
            let now = position[task];
            let own = match problem.end {
                Some(end) if end == task => now,
                _ => line.last_finishing_by(node, solution.key.1),
            };
            let limit = net.outgoing(task).map(|edge| line.inverse_bound(edge, position[edge.to]));
            let limit = limit.fold(own, i64::min).max(now);
            let Some(at) = self.last_fit(task, limit, now)? else { return Ok(None) };
            self.stock.take(problem, task, at)?;
            (position[task], placed[task]) = (at, line.place(node, at));
        }
        self.count();
        Ok(Some(problem.solution(position, placed)))
    }

    /// Tasks with the least key first, but predecessors before successors.
    pub fn list(&self, key: &[i64]) -> Vec<usize> {
        let net = self.problem.line.net;
        let mut waiting: Vec<usize> = (0..net.nodes.len()).map(|task| net.incoming(task).len()).collect();
        let roots = (0..net.nodes.len()).filter(|&task| waiting[task] == 0);
        let mut heap: BinaryHeap<Reverse<(i64, usize)>> =
            roots.map(|task| Reverse((key[task], task))).collect();
        let mut list = Vec::with_capacity(net.nodes.len());
        while let Some(Reverse((_, task))) = heap.pop() {
            list.push(task);
            for edge in net.outgoing(task) {
                waiting[edge.to] -= 1;
                if waiting[edge.to] == 0 {
                    heap.push(Reverse((key[edge.to], edge.to)));
                }
            }
        }
        list
    }

    /// Tasks with the least key first, but successors before predecessors.
    fn reverse_list(&self, key: &[i64]) -> Vec<usize> {
        let net = self.problem.line.net;
        let mut waiting: Vec<usize> = (0..net.nodes.len()).map(|task| net.outgoing(task).count()).collect();
        let ends = (0..net.nodes.len()).filter(|&task| waiting[task] == 0);
        let mut heap: BinaryHeap<Reverse<(i64, usize)>> =
            ends.map(|task| Reverse((key[task], task))).collect();
        let mut list = Vec::with_capacity(net.nodes.len());
        while let Some(Reverse((_, task))) = heap.pop() {
            list.push(task);
            for edge in net.incoming(task) {
                waiting[edge.from] -= 1;
                if waiting[edge.from] == 0 {
                    heap.push(Reverse((key[edge.from], edge.from)));
                }
            }
        }
        list
    }

    /// Puts a task where it can be done from `least` on. One that has begun has its place already, and
    /// leaves it only when something holds its finish.
    fn settle(&mut self, task: usize, least: i64, begun_at: i64) -> Result<i64, LevelError> {
        if self.problem.line.net.nodes[task].is_started() {
            if least <= begun_at {
                return Ok(begun_at);
            }
            self.stock.give(self.problem, task, begun_at)?;
        }
        let at = self.first_fit(task, least)?;
        self.stock.take(self.problem, task, at)?;
        Ok(at)
    }

    /// An empty schedule with the forced tasks in their places.
    fn begin(&mut self) -> Result<(Vec<i64>, Vec<Placed>), LevelError> {
        let (problem, line) = (self.problem, self.problem.line);
        self.stock.refill();
        let mut position = vec![0; line.net.nodes.len()];
        let placed = vec![Placed { start: line.origin, finish: line.origin }; position.len()];
        for &(task, at) in &problem.forced {
            position[task] = at;
            self.stock.take(problem, task, at)?;
        }
        Ok((position, placed))
    }

    /// The first position from one on where a task finds what it needs and is allowed to be.
    fn first_fit(&mut self, task: usize, from: i64) -> Result<i64, LevelError> {
        let (problem, line) = (self.problem, self.problem.line);
        let mut at = from;
        loop {
            let Some(allowed) = line.allowed_from(&line.net.nodes[task], at) else {
                return Err(LiveError::from(PlanError::NeverAllowed(line.net.id(task).to_owned())).into());
            };
            at = allowed;
            if problem.demands[task].is_empty() {
                return Ok(at);
            }
            match self.stock.last_short(problem, task, at)? {
                None => return Ok(at),
                Some(short) => at = short + 1,
            }
        }
    }

    /// The last position between `now` and `limit` where it does.
    fn last_fit(&mut self, task: usize, limit: i64, now: i64) -> Result<Option<i64>, LevelError> {
        let (problem, line) = (self.problem, self.problem.line);
        let node = &line.net.nodes[task];
        let mut at = limit;
        while at >= now {
            let allowed = line.allowed_until(node, at);
            if allowed < at {
                at = allowed;
                continue;
            }
            if problem.demands[task].is_empty() {
                return Ok(Some(at));
            }
            match self.stock.first_short(problem, task, at)? {
                None => return Ok(Some(at)),
                Some(short) => at = short - node.duration,
            }
        }
        Ok(None)
    }

    fn count(&mut self) {
        self.schedules += 1;
        self.placed += self.problem.line.net.nodes.len() as u64;
    }
}

/// Days after which the parallel scheme gives up.
const MOST_DAYS: i64 = 100_000;

fn release(problem: &Problem<'_, '_>, task: usize, waiting: &mut [usize], free: &mut Vec<usize>) {
    for edge in problem.line.net.outgoing(task) {
        waiting[edge.to] -= 1;
        if waiting[edge.to] == 0 {
            free.push(edge.to);
        }
    }
}
