//! Constraints that the links do not leave room for.

use super::network::{Network, Tie};
use super::pass::{Forward, driving_chain, least_position};
use super::timeline::Timeline;
use super::{Conflict, PlanError, Point};
use crate::calendar::date_of;

/// How many predecessors a message names.
const NAMED: usize = 3;

/// Refuses tasks fixed to a moment before the plan's start: there is no such working day in the plan.
pub(super) fn check_fixed_starts(net: &Network<'_>) -> Result<(), PlanError> {
    for (task, node) in net.nodes.iter().enumerate() {
        if let Some((Tie::FixedStart, at)) = node.constraint
            && at < net.start
        {
            let shown = |moment| super::point(net, moment).unwrap_or(Point::Unit(moment));
            let (at, start) = (shown(at), shown(net.start));
            return Err(PlanError::FixedBeforeStart { task: net.id(task).to_owned(), at, start });
        }
    }
    Ok(())
}

/// The violated constraints, in the order of the plan.
pub(super) fn conflicts(line: &Timeline<'_, '_>, forward: &Forward) -> Vec<Conflict> {
    (0..line.net.nodes.len())
        .filter_map(|task| match line.net.nodes[task].constraint {
            Some((Tie::FixedStart, at)) => fixed_start(line, forward, task, at),
            Some((Tie::FinishBy, at)) => finish_by(line, forward, task, at),
            _ => None,
        })
        .collect()
}

fn fixed_start(line: &Timeline<'_, '_>, forward: &Forward, task: usize, at: i64) -> Option<Conflict> {
    let (net, node, id) = (line.net, &line.net.nodes[task], line.net.id(task));
    let fixed = forward.early[task];
    let needed = least_position(line, task, &forward.placed);
    let when = describe(net, at);
    if needed > fixed {
        let late: Vec<usize> = net
            .incoming(task)
            .iter()
            .filter(|edge| line.bound(edge, forward.placed[edge.from]) > fixed)
            .map(|edge| edge.from)
            .collect();
        let possible = describe(net, line.shown(node, needed).0);
        let message = format!(
            "`{id}` is fixed to start on {when}, but {} not done in time: it could start on {possible}",
            names(net, &late)
        );
        return Some(Conflict { task: id.to_owned(), message, by: needed - fixed });
    }
    let (first, last) = line.shown(node, fixed);
    if first != at {
        let message =
            format!("`{id}` is fixed to start on {when}, a day off: it starts on {}", describe(net, first));
        return Some(Conflict { task: id.to_owned(), message, by: 0 });
    }
    let rule = node.avoid.and_then(|rule| net.avoids.get(rule))?;
    rule.forbids(first, last)?;
    let message = format!("`{id}` is fixed to start on {when}, but that is on days it must avoid");
    Some(Conflict { task: id.to_owned(), message, by: 0 })
}

fn finish_by(line: &Timeline<'_, '_>, forward: &Forward, task: usize, at: i64) -> Option<Conflict> {
    let (net, node, id) = (line.net, &line.net.nodes[task], line.net.id(task));
    let by = forward.early[task] - line.last_shown_by(node, at);
    if by <= 0 {
        return None;
    }
    let mut cause = driving_chain(line, forward, task);
    cause.pop();
    let waits = match cause.as_slice() {
        [] => String::new(),
        chain => format!("; it waits for {}", chain_names(net, chain)),
    };
    let (when, finish) = (describe(net, at), describe(net, line.shown(node, forward.early[task]).1));
    let message =
        format!("`{id}` must be finished by {when}, but finishes on {finish} at the earliest{waits}");
    Some(Conflict { task: id.to_owned(), message, by })
}

/// `` `a` is `` or `` `a`, `b` and 2 more are ``.
fn names(net: &Network<'_>, tasks: &[usize]) -> String {
    let shown: Vec<String> = tasks.iter().take(NAMED).map(|&task| format!("`{}`", net.id(task))).collect();
    match (shown.split_last(), tasks.len()) {
        (None, _) => "what it waits for is".to_owned(),
        (Some((only, [])), _) => format!("{only} is"),
        (Some((last, rest)), count) if count <= NAMED => format!("{} and {last} are", rest.join(", ")),
        (_, count) => format!("{} and {} more are", shown.join(", "), count - NAMED),
    }
}

/// The last links of a chain: `… → b → c`.
fn chain_names(net: &Network<'_>, chain: &[usize]) -> String {
    let from = chain.len().saturating_sub(NAMED);
    let shown: Vec<String> = chain.iter().skip(from).map(|&task| format!("`{}`", net.id(task))).collect();
    format!("{}{}", if from > 0 { "… → " } else { "" }, shown.join(" → "))
}

fn describe(net: &Network<'_>, moment: i64) -> String {
    match date_of(moment).filter(|_| net.business) {
        Some(date) => format!("{:.3} {date}", format!("{:?}", date.weekday())),
        None => moment.to_string(),
    }
}
