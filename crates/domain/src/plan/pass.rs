//! The forward and backward pass, and what is read off them.

use super::network::{Edge, Node, Tie};
use super::timeline::{Placed, Timeline};
use super::{PlanError, Preference};
use crate::calendar::DayNumber;

/// Early positions and where they lie.
#[derive(Debug, Clone)]
pub(super) struct Forward {
    pub early: Vec<i64>,
    pub placed: Vec<Placed>,
}

/// Finds the early position of every task: the least one that its links, its constraint, the
/// plan's start and the days it avoids allow. A fixed task lies where it is fixed.
pub(super) fn forward(line: &Timeline<'_, '_>) -> Result<Forward, PlanError> {
    let net = line.net;
    let mut early = vec![0; net.nodes.len()];
    let mut placed = vec![Placed { start: line.origin, finish: line.origin }; net.nodes.len()];
    for &task in &net.order {
        let node = &net.nodes[task];
        early[task] = match (line.done_position(node), node.constraint) {
            (Some(position), _) => position,
            (None, Some((Tie::FixedStart, at))) => line.first_shown_from(node, at),
            _ => {
                let least = least_position(line, task, &placed);
                line.allowed_from(node, least)
                    .ok_or_else(|| PlanError::NeverAllowed(net.id(task).to_owned()))?
            }
        };
        placed[task] = line.place(node, early[task]);
    }
    Ok(Forward { early, placed })
}

/// The least position that links, plan start, a not-before constraint and, in a plan being worked,
/// the present day allow; neither a fixed start nor avoided days are considered.
pub(super) fn least_position(line: &Timeline<'_, '_>, task: usize, placed: &[Placed]) -> i64 {
    let node = &line.net.nodes[task];
    let own = match node.constraint {
        Some((Tie::NotBefore, at)) => line.first_shown_from(node, at),
        _ => 0,
    };
    let own = own.max(floor_position(line, node).unwrap_or(0));
    line.net.incoming(task).iter().map(|edge| line.bound(edge, placed[edge.from])).fold(own, i64::max)
}

/// The first position the present day leaves, in a plan being worked.
pub(super) fn floor_position(line: &Timeline<'_, '_>, node: &Node) -> Option<i64> {
    line.net.floor.map(|day| line.first_shown_from(node, day))
}

/// The moment at which the plan is finished, as far as late dates are concerned.
#[derive(Debug, Clone, Copy)]
pub(super) struct Horizon {
    /// The boundary by which everything must be finished.
    end: DayNumber,
    /// Whether the last day shown is only the opening day of the calendar of a milestone on the
    /// plan's start, so that nothing is reached in its evening yet.
    opening: bool,
}

/// The boundary at which the last task is finished; the origin of an empty plan. A milestone on the
/// plan's start is shown on its calendar's first day, which may come after all other finishes: the
/// finish of the plan is what is shown, so other tasks may take until the evening of that day.
pub(super) fn horizon(line: &Timeline<'_, '_>, forward: &Forward) -> Horizon {
    let worked = forward.placed.iter().map(|placed| placed.finish).fold(line.origin, DayNumber::max);
    let net = line.net;
    let opened = (net.nodes.iter().zip(&forward.early))
        .filter(|(node, early)| net.business && node.duration == 0 && **early == 0 && !node.is_done())
        .map(|(node, early)| line.shown(node, *early).1 + 1)
        .fold(worked, DayNumber::max);
    Horizon { end: opened, opening: opened > worked }
}

/// The day (unit) on which a task, or the last task, is shown to finish.
pub(super) fn shown_finish(line: &Timeline<'_, '_>, forward: &Forward, task: Option<usize>) -> DayNumber {
    let shown = |task: usize| shown_early(line, forward, task).1;
    match task {
        Some(task) => shown(task),
        None => (0..line.net.nodes.len()).map(shown).max().unwrap_or(line.origin),
    }
}

/// First and last day (units: start and finish) a task is shown at its early position.
pub(super) fn shown_early(line: &Timeline<'_, '_>, forward: &Forward, task: usize) -> (DayNumber, DayNumber) {
    line.shown_at(&line.net.nodes[task], forward.early[task], forward.placed[task])
}

/// Finds the late position of every task: the greatest one that moves neither the plan's finish
/// (its target, when the whole plan has one), nor the target task beyond its target, nor any
/// constraint. Without a target it is never before the early position, unless constraints conflict.
pub(super) fn backward(line: &Timeline<'_, '_>, horizon: Horizon) -> Vec<i64> {
    let net = line.net;
    let mut late = vec![0; net.nodes.len()];
    for &task in net.order.iter().rev() {
        let node = &net.nodes[task];
        late[task] = match (line.done_position(node), node.constraint) {
            (Some(position), _) => position,
            (None, Some((Tie::FixedStart, at))) => line.first_shown_from(node, at),
            (None, constraint) => {
                let own = own_limit(line, task, horizon);
                let own = match constraint {
                    Some((Tie::FinishBy, at)) => own.min(line.last_shown_by(node, at)),
                    _ => own,
                };
                line.allowed_until(node, before_successors(line, task, own, &late))
            }
        };
    }
    late
}

/// The last position that neither finish nor target forbid.
fn own_limit(line: &Timeline<'_, '_>, task: usize, horizon: Horizon) -> i64 {
    let node = &line.net.nodes[task];
    let by_horizon = match line.last_finishing_by(node, horizon.end) {
        // The start of the plan and the evening of its first day look alike: no slack between them.
        1 if horizon.opening && node.duration == 0 && line.shown(node, 0).1 + 1 == horizon.end => 0,
        position => position,
    };
    match line.net.target {
        Some((None, at)) => line.last_shown_by(node, at),
        Some((Some(target), at)) if target == task => by_horizon.min(line.last_shown_by(node, at)),
        _ => by_horizon,
    }
}

fn before_successors(line: &Timeline<'_, '_>, task: usize, own: i64, positions: &[i64]) -> i64 {
    line.net.outgoing(task).map(|edge| line.inverse_bound(edge, positions[edge.to])).fold(own, i64::min)
}

/// How far each task can slip from its early position without moving any successor from its own,
/// nor the plan beyond its finish or target; never negative.
pub(super) fn free_slack(
    line: &Timeline<'_, '_>,
    forward: &Forward,
    late: &[i64],
    horizon: Horizon,
) -> Vec<i64> {
    (0..line.net.nodes.len())
        .map(|task| {
            let node = &line.net.nodes[task];
            // Free slack is never more than total slack.
            if late[task] <= forward.early[task] || matches!(node.constraint, Some((Tie::FixedStart, _))) {
                return 0;
            }
            let limit = before_successors(line, task, own_limit(line, task, horizon), &forward.early);
            let limit = line.allowed_until(node, limit).min(late[task]);
            (limit - forward.early[task]).max(0)
        })
        .collect()
}

/// Where each task is planned: at its early position, or, if it prefers to be late, at the last
/// position that moves neither a successor from where that one is planned nor passes its late one.
/// What was overtaken by its successors is planned early whatever it prefers: without them the last
/// position would be the end of the plan.
pub(super) fn planned(line: &Timeline<'_, '_>, forward: &Forward, late: &[i64]) -> Vec<i64> {
    let mut planned = forward.early.clone();
    for &task in line.net.order.iter().rev() {
        let node = &line.net.nodes[task];
        let waits = node.fact.is_none() && !node.overtaken;
        if line.net.spec.tasks[task].prefer == Preference::Alap && waits {
            let limit = line.allowed_until(node, before_successors(line, task, late[task], &planned));
            planned[task] = limit.max(forward.early[task]);
        }
    }
    planned
}

/// The tasks of one chain that determines when `end` finishes, first to last: from each task back
/// to the first link that allows it no earlier position, until a task waits for none.
pub(super) fn driving_chain(line: &Timeline<'_, '_>, forward: &Forward, end: usize) -> Vec<usize> {
    let mut chain = vec![end];
    let mut task = end;
    while let Some(edge) = driving_edge(line, forward, task) {
        task = line.net.edges[edge].from;
        chain.push(task);
    }
    chain.reverse();
    chain
}

/// Position in the network's links of the one that holds a task where it is; `None` when the
/// plan's start, its own constraint, the present day or what has happened does.
pub(super) fn driving_edge(line: &Timeline<'_, '_>, forward: &Forward, task: usize) -> Option<usize> {
    let node = &line.net.nodes[task];
    if matches!(node.constraint, Some((Tie::FixedStart, _))) {
        return None;
    }
    let least = least_position(line, task, &forward.placed);
    let held_by_constraint = match node.constraint {
        Some((Tie::NotBefore, at)) => line.first_shown_from(node, at) == least && least > 0,
        _ => false,
    };
    if held_by_constraint {
        return None;
    }
    // What the present day holds already, only something still open can hold as well.
    let held_today = floor_position(line, node) == Some(least);
    let first = line.net.first_incoming(task);
    let holds = |edge: &Edge| {
        line.bound(edge, forward.placed[edge.from]) == least
            && !(held_today && line.net.nodes[edge.from].is_done())
    };
    line.net.incoming(task).iter().position(holds).map(|offset| first + offset)
}

/// The task whose finish is the plan's: the one that finishes last, then the one with the least
/// slack, then the first as written.
pub(super) fn last_task(line: &Timeline<'_, '_>, forward: &Forward, late: &[i64]) -> Option<usize> {
    (0..forward.early.len()).min_by_key(|&task| {
        let shown = shown_early(line, forward, task).1;
        (std::cmp::Reverse(shown), late[task] - forward.early[task], task)
    })
}
