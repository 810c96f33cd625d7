//! Dependencies of a programme: names that exist, no circle, gates in the order of their days.

use std::collections::{BTreeMap, BTreeSet};

use gangway_domain::programme::{Predecessor, Programme};

use super::File;
use crate::nearest::suggestion;

/// Predecessors of every task and milestone by id, after judging how they are written.
pub(crate) fn lint(file: &mut File<'_, '_>, programme: &Programme) {
    let before = predecessors(file, programme);
    if !circle(file, programme, &before) {
        gate_order(file, programme, &before);
    }
}

/// Every task and milestone with its place in the file and its predecessors as written.
fn nodes(programme: &Programme) -> impl Iterator<Item = (String, &str, &[String])> {
    let tasks = programme
        .tasks
        .iter()
        .enumerate()
        .map(|(i, t)| (format!("task.{i}"), t.id.as_str(), t.after.as_slice()));
    let milestones = programme
        .milestones
        .iter()
        .enumerate()
        .map(|(i, m)| (format!("milestone.{i}"), m.id.as_str(), m.after.as_slice()));
    tasks.chain(milestones)
}

fn predecessors<'p>(file: &mut File<'_, '_>, programme: &'p Programme) -> BTreeMap<&'p str, Vec<&'p str>> {
    let ids: BTreeSet<&str> = nodes(programme).map(|(_, id, _)| id).collect();
    let mut before: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (at, id, after) in nodes(programme) {
        let mut named = Vec::new();
        for (n, text) in after.iter().enumerate() {
            let at = format!("{at}.after.{n}");
            let link = match text.parse::<Predecessor>() {
                Ok(link) => link,
                Err(message) => {
                    file.error(&at, message, "");
                    continue;
                }
            };
            match ids.get(link.id.as_str()) {
                Some(known) if *known == id => {
                    file.error(&at, format!("`{id}` cannot come after itself"), "remove it from `after`")
                }
                Some(known) => named.push(*known),
                None => {
                    let help = suggestion(&link.id, ids.iter().copied());
                    file.error(&at, format!("there is no task or milestone `{}`", link.id), help);
                }
            }
        }
        before.insert(id, named);
    }
    for (i, milestone) in programme.milestones.iter().enumerate() {
        if before.get(milestone.id.as_str()).is_none_or(Vec::is_empty) {
            file.error(
                &format!("milestone.{i}"),
                format!("the milestone `{}` can never be reached: nothing leads to it", milestone.id),
                "name in `after` the tasks that must be finished first",
            );
        }
    }
    before
}

/// Reports the first circle, as the chain of its names. True when there is one.
fn circle(file: &mut File<'_, '_>, programme: &Programme, before: &BTreeMap<&str, Vec<&str>>) -> bool {
    // What stays after removing again and again whatever has no predecessor left lies on or behind a circle.
    let mut left: BTreeMap<&str, BTreeSet<&str>> =
        before.iter().map(|(id, named)| (*id, named.iter().copied().collect())).collect();
    loop {
        let free: Vec<&str> = left.iter().filter(|(_, named)| named.is_empty()).map(|(id, _)| *id).collect();
        if free.is_empty() {
            break;
        }
        for id in &free {
            left.remove(id);
        }
        for named in left.values_mut() {
            for id in &free {
                named.remove(id);
            }
        }
    }
    let Some(start) = nodes(programme).map(|(_, id, _)| id).find(|id| left.contains_key(id)) else {
        return false;
    };
    let mut chain = vec![start];
    while let Some(next) =
        chain.last().and_then(|id| left.get(id)).and_then(|named| named.iter().next().copied())
    {
        if let Some(i) = chain.iter().position(|id| *id == next) {
            chain.drain(..i);
            break;
        }
        chain.push(next);
    }
    // The chain runs from a task to what it waits for; people read the order of work.
    chain.reverse();
    let first = chain.first().copied().unwrap_or_default();
    let at = nodes(programme)
        .find(|(_, id, _)| *id == first)
        .map(|(at, ..)| format!("{at}.after"))
        .unwrap_or_default();
    file.error(
        &at,
        format!("these wait for each other in a circle: {} → {first}", chain.join(" → ")),
        "remove one of the names from an `after`",
    );
    true
}

/// A gate that comes after another must not be due before it.
fn gate_order(file: &mut File<'_, '_>, programme: &Programme, before: &BTreeMap<&str, Vec<&str>>) {
    let days: BTreeMap<&str, u32> = programme.milestones.iter().map(|m| (m.id.as_str(), m.day)).collect();
    for (i, milestone) in programme.milestones.iter().enumerate() {
        let mut seen = BTreeSet::new();
        let mut open: Vec<&str> = before.get(milestone.id.as_str()).cloned().unwrap_or_default();
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            if let Some(day) = days.get(id).filter(|day| **day > milestone.day) {
                file.error(
                    &format!("milestone.{i}.day"),
                    format!(
                        "`{}` is due on day {} but comes after `{id}`, which is due on day {day}",
                        milestone.id, milestone.day
                    ),
                    "give the later one the later day",
                );
            }
            open.extend(before.get(id).into_iter().flatten());
        }
    }
}
