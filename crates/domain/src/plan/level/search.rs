//! The search for a good schedule within a bounded number of them.

use super::problem::{Problem, Solution};
use super::weave::Weaver;
use super::{LevelError, LevelOptions};
use crate::plan::pass::{self, Forward};
use crate::plan::random::Random;

/// Lists kept while searching.
const POPULATION: usize = 40;
/// Chance in a hundred that two neighbours of a list are exchanged.
const MUTATION: usize = 4;

/// What was found.
pub(super) struct Found {
    pub best: Solution,
    pub schedules: u32,
}

/// A member of the population: a list of tasks and the schedule it makes.
struct Member {
    list: Vec<usize>,
    solution: Solution,
}

/// Searches until nothing better is possible or the effort is spent.
pub(super) fn search(
    problem: &Problem<'_, '_>,
    forward: &Forward,
    options: LevelOptions,
) -> Result<Found, LevelError> {
    let mut weaver = Weaver::new(problem);
    let unlimited = problem.solution(forward.early.clone(), forward.placed.clone()).key;
    let mut random = Random::seeded(options.seed);
    let rules = rules(problem, forward);
    let first = weaver.list(&rules[0]);
    let mut best = weaver.serial(&first)?;
    let mut members: Vec<Member> = Vec::with_capacity(POPULATION);
    let over = |weaver: &Weaver<'_, '_, '_>, best: &Solution| {
        best.key == unlimited || weaver.placed >= options.effort
    };

    for rule in &rules {
        for parallel in [false, true] {
            if over(&weaver, &best) {
                break;
            }
            let made = match parallel {
                true => weaver.parallel(rule)?,
                false => {
                    let list = weaver.list(rule);
                    weaver.serial(&list)?
                }
            };
            admit(&mut weaver, made, &mut members, &mut best)?;
        }
    }
    while members.len() < POPULATION && !over(&weaver, &best) {
        let sampled = sample(&rules[0], &mut random);
        let list = weaver.list(&sampled);
        let made = weaver.serial(&list)?;
        admit(&mut weaver, made, &mut members, &mut best)?;
    }
    while !over(&weaver, &best) && members.len() > 1 {
        let (mother, father) = (tournament(&members, &mut random), tournament(&members, &mut random));
        let child = cross(&members[mother].list, &members[father].list, &mut random);
        let child = mutate(problem, child, &mut random);
        let made = weaver.serial(&child)?;
        let made = weaver.justify(&made)?;
        if made.key < best.key {
            best.clone_from(&made);
        }
        let known = members.iter().any(|member| member.solution.position == made.position);
        let worst = (0..members.len()).max_by_key(|&at| (members[at].solution.key, at));
        if let Some(worst) = worst.filter(|&at| !known && made.key <= members[at].solution.key) {
            let starts: Vec<i64> = made.placed.iter().map(|placed| placed.start).collect();
            members[worst] = Member { list: weaver.list(&starts), solution: made };
        }
    }
    Ok(Found { best, schedules: weaver.schedules })
}

/// Justifies a schedule and takes it into the population.
fn admit(
    weaver: &mut Weaver<'_, '_, '_>,
    made: Solution,
    members: &mut Vec<Member>,
    best: &mut Solution,
) -> Result<(), LevelError> {
    let made = weaver.justify(&made)?;
    if made.key < best.key {
        best.clone_from(&made);
    }
    let starts: Vec<i64> = made.placed.iter().map(|placed| placed.start).collect();
    members.push(Member { list: weaver.list(&starts), solution: made });
    Ok(())
}

/// Priority rules; the least value goes first. The first rule is the best on its own.
fn rules(problem: &Problem<'_, '_>, forward: &Forward) -> Vec<Vec<i64>> {
    let line = problem.line;
    let net = line.net;
    let late = pass::backward(line, pass::horizon(line, forward));
    let finish = |task: usize| line.place(&net.nodes[task], late[task]).finish;
    let start = |task: usize| line.place(&net.nodes[task], late[task]).start;
    let all = 0..net.nodes.len();
    // Successors of each task, direct or not, and the work of the direct ones. Counting every path
    // would grow without bounds; counting tasks once would take the square of their number: the count is capped.
    let (mut after, mut weight) = (vec![0_i64; net.nodes.len()], vec![0_i64; net.nodes.len()]);
    for &task in net.order.iter().rev() {
        weight[task] = net.nodes[task].duration;
        for edge in net.outgoing(task) {
            after[task] = (after[task] + 1 + after[edge.to]).min(MOST_COUNTED);
            weight[task] += net.nodes[edge.to].duration;
        }
    }
    let plain: Vec<Vec<i64>> = vec![
        all.clone().map(finish).collect(),
        all.clone().map(start).collect(),
        all.clone().map(|task| late[task] - forward.early[task]).collect(),
        all.clone().map(|task| -after[task]).collect(),
        all.map(|task| -weight[task]).collect(),
    ];
    match problem.end {
        None => plain,
        Some(end) => {
            let leads = leading_to(problem, end);
            let first = |rule: &Vec<i64>| {
                let values = rule.iter().zip(&leads);
                values.map(|(value, leads)| if *leads { value - MOST_COUNTED } else { *value }).collect()
            };
            plain.iter().map(first).chain(plain.clone()).collect()
        }
    }
}

/// By task: whether it leads to one, which then must not wait for those that do not.
fn leading_to(problem: &Problem<'_, '_>, end: usize) -> Vec<bool> {
    let net = problem.line.net;
    let mut leads = vec![false; net.nodes.len()];
    leads[end] = true;
    for &task in net.order.iter().rev() {
        leads[task] |= net.outgoing(task).any(|edge| leads[edge.to]);
    }
    leads
}

const MOST_COUNTED: i64 = 1_000_000_000;

/// Values of a rule with noise: its order, roughly. What leads to the end stays first.
fn sample(rule: &[i64], random: &mut Random) -> Vec<i64> {
    let later = || rule.iter().copied().filter(|&value| value > -MOST_COUNTED / 2);
    let (least, most) = (later().min().unwrap_or(0), later().max().unwrap_or(0));
    let noise = usize::try_from((most - least) / 3).unwrap_or(0) + 2;
    rule.iter().map(|&value| value + i64::try_from(random.below(noise)).unwrap_or(0)).collect()
}

/// The better of two members drawn.
fn tournament(members: &[Member], random: &mut Random) -> usize {
    let (one, other) = (random.below(members.len()), random.below(members.len()));
    if members[other].solution.key < members[one].solution.key { other } else { one }
}

/// Hartmann's two-point crossover: the mother's order before and after two cuts, the father's in between.
/// When both have predecessors first, so has the child.
fn cross(mother: &[usize], father: &[usize], random: &mut Random) -> Vec<usize> {
    let count = mother.len();
    let (one, other) = (random.below(count + 1), random.below(count + 1));
    let (from, until) = (one.min(other), one.max(other));
    let mut taken = vec![false; count];
    let mut child: Vec<usize> = Vec::with_capacity(count);
    let mut add = |tasks: &[usize], limit: usize, child: &mut Vec<usize>| {
        for &task in tasks {
            if child.len() >= limit {
                return;
            }
            if !std::mem::replace(&mut taken[task], true) {
                child.push(task);
            }
        }
    };
    add(mother, from, &mut child);
    add(father, until, &mut child);
    add(mother, count, &mut child);
    child
}

/// Exchanges neighbours of a list that are not linked.
fn mutate(problem: &Problem<'_, '_>, mut list: Vec<usize>, random: &mut Random) -> Vec<usize> {
    let net = problem.line.net;
    for at in 1..list.len() {
        let (before, after) = (list[at - 1], list[at]);
        if random.below(100) < MUTATION && net.outgoing(before).all(|edge| edge.to != after) {
            list.swap(at - 1, at);
        }
    }
    list
}
