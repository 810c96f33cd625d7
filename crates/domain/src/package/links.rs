//! The links of a fitted programme: item to item between templates repeated for the same kind, each
//! to each otherwise, and through what was left out.
//!
//! # Passing through
//!
//! A template that does not apply to a deal still stands for an order of work. A link to it passes
//! through to its own predecessors as if it were there and took no time: then its start and its
//! finish are one moment, and of a chain `A → (left out) → C` only the outer ends count. The end
//! of A that the first link names is tied to the end of C that the last link names, and the lags
//! add up:
//!
//! | to the left-out task | from it | together |
//! |---|---|---|
//! | FS or FF (A's finish) | FS or SS (C's start) | FS |
//! | FS or FF (A's finish) | FF or SF (C's finish) | FF |
//! | SS or SF (A's start) | FS or SS (C's start) | SS |
//! | SS or SF (A's start) | FF or SF (C's finish) | SF |
//!
//! The sum of the lags is counted on the calendar of C, as the lag of every link is on its
//! successor's. Where several chains tie the same ends, the longest lag is the one that holds.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::BuildError;
use super::expand::Expanded;
use crate::plan::{LinkKind, LinkSpec};
use crate::programme::{ForEach, MilestoneTemplate, Predecessor, Programme};

/// An end of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum End {
    Start,
    Finish,
}

/// The ends a link ties: of its predecessor, of its successor.
fn ends(kind: LinkKind) -> (End, End) {
    match kind {
        LinkKind::FinishStart => (End::Finish, End::Start),
        LinkKind::StartStart => (End::Start, End::Start),
        LinkKind::FinishFinish => (End::Finish, End::Finish),
        LinkKind::StartFinish => (End::Start, End::Finish),
    }
}

/// The link that ties these ends.
fn tying(of_predecessor: End, of_successor: End) -> LinkKind {
    match (of_predecessor, of_successor) {
        (End::Finish, End::Start) => LinkKind::FinishStart,
        (End::Start, End::Start) => LinkKind::StartStart,
        (End::Finish, End::Finish) => LinkKind::FinishFinish,
        (End::Start, End::Finish) => LinkKind::StartFinish,
    }
}

/// What something waits for: ends of templates that apply, in the order written, each with its lag in
/// working days.
type Origins<'a> = IndexMap<(&'a str, End), i32>;

/// Finds both ends of every link.
pub(super) fn links<'a>(
    programme: &'a Programme,
    tasks: &[Expanded<'a>],
    milestones: &[&'a MilestoneTemplate],
    instances: &BTreeMap<&'a str, Vec<String>>,
) -> Result<Vec<LinkSpec>, BuildError> {
    let mut ties = Ties::new(programme, instances);
    let mut out = Links::default();
    let mut position: BTreeMap<&str, usize> = BTreeMap::new();
    for task in tasks {
        let template = task.template;
        let index = *position.entry(&template.id).and_modify(|index| *index += 1).or_insert(0);
        for (from, kind, lag) in ties.of(&template.id, &template.after)? {
            let all = instances.get(from).map(Vec::as_slice).unwrap_or_default();
            let same_kind = template.for_each.is_some() && ties.for_each(from) == template.for_each;
            match all.get(index).filter(|_| same_kind) {
                Some(one) => out.push(one, &task.id, kind, lag),
                None => all.iter().for_each(|one| out.push(one, &task.id, kind, lag)),
            }
        }
        if template.chain && index > 0 {
            let before = instances.get(template.id.as_str()).and_then(|all| all.get(index - 1));
            before.iter().for_each(|before| out.push(before, &task.id, LinkKind::FinishStart, 0));
        }
    }
    for milestone in milestones {
        for (from, kind, lag) in ties.of(&milestone.id, &milestone.after)? {
            let all = instances.get(from).map(Vec::as_slice).unwrap_or_default();
            all.iter().for_each(|one| out.push(one, &milestone.id, kind, lag));
        }
    }
    Ok(out.links)
}

/// Links in the order they were found, each once.
#[derive(Default)]
struct Links {
    links: Vec<LinkSpec>,
    seen: BTreeSet<(String, String, u8, i32)>,
}

impl Links {
    fn push(&mut self, from: &str, to: &str, kind: LinkKind, lag: i32) {
        if from != to && self.seen.insert((from.to_owned(), to.to_owned(), kind as u8, lag)) {
            self.links.push(LinkSpec { from: from.to_owned(), to: to.to_owned(), kind, lag });
        }
    }
}

/// A template as links see it.
struct Node<'a> {
    after: &'a [String],
    for_each: Option<ForEach>,
}

/// What is tied to what in a programme of which parts were left out.
struct Ties<'a, 'i> {
    programme: &'a Programme,
    instances: &'i BTreeMap<&'a str, Vec<String>>,
    nodes: BTreeMap<&'a str, Node<'a>>,
    /// What left-out templates wait for, once found. One being looked at stands here empty, so that
    /// a circle ends.
    passed: BTreeMap<&'a str, Origins<'a>>,
}

impl<'a, 'i> Ties<'a, 'i> {
    fn new(programme: &'a Programme, instances: &'i BTreeMap<&'a str, Vec<String>>) -> Self {
        let tasks = programme
            .tasks
            .iter()
            .map(|task| (task.id.as_str(), Node { after: &task.after, for_each: task.for_each }));
        let milestones = programme
            .milestones
            .iter()
            .map(|found| (found.id.as_str(), Node { after: &found.after, for_each: None }));
        let nodes = tasks.chain(milestones).collect();
        Self { programme, instances, nodes, passed: BTreeMap::new() }
    }

    fn for_each(&self, id: &str) -> Option<ForEach> {
        self.nodes.get(id).and_then(|node| node.for_each)
    }

    /// The links that the `after` of a template stands for: from which template, which ends, which
    /// lag; in the order of `after`.
    fn of(&mut self, id: &str, after: &'a [String]) -> Result<Vec<(&'a str, LinkKind, i32)>, BuildError> {
        let mut found = Vec::new();
        for written in after {
            let link = self.read(id, written)?;
            let (_, own) = ends(link.kind);
            for ((from, end), lag) in self.origins(id, &link)? {
                found.push((from, tying(end, own), lag));
            }
        }
        Ok(found)
    }

    /// The ends a predecessor leads to: its own when it applies, else those it waits for itself.
    fn origins(&mut self, of: &str, link: &Predecessor) -> Result<Origins<'a>, BuildError> {
        let Some((&id, node)) = self.nodes.get_key_value(link.id.as_str()) else {
            return Err(self.blame(of, format!("`after` names `{}`, which is no task or milestone", link.id)));
        };
        if self.instances.contains_key(id) {
            return Ok(Origins::from([((id, ends(link.kind).0), link.lag)]));
        }
        let after = node.after;
        let earlier = match self.passed.get(id) {
            Some(known) => known.clone(),
            None => {
                self.passed.insert(id, Origins::new());
                let found = self.passing(id, after)?;
                self.passed.insert(id, found.clone());
                found
            }
        };
        Ok(earlier.into_iter().map(|(end, lag)| (end, lag.saturating_add(link.lag))).collect())
    }

    /// Everything a left-out template waits for.
    fn passing(&mut self, id: &str, after: &[String]) -> Result<Origins<'a>, BuildError> {
        let mut all = Origins::new();
        for written in after {
            let link = self.read(id, written)?;
            for (end, lag) in self.origins(id, &link)? {
                let longest = all.entry(end).or_insert(lag);
                *longest = (*longest).max(lag);
            }
        }
        Ok(all)
    }

    fn read(&self, of: &str, written: &str) -> Result<Predecessor, BuildError> {
        written.parse().map_err(|problem| self.blame(of, problem))
    }

    fn blame(&self, id: &str, problem: String) -> BuildError {
        BuildError::Link { programme: self.programme.id.clone(), id: id.to_owned(), problem }
    }
}

#[cfg(test)]
mod tests {
    use LinkKind::{FinishFinish as FF, FinishStart as FS, StartFinish as SF, StartStart as SS};

    use super::*;
    use crate::deal::Deal;
    use crate::fit::Words;
    use crate::package::expand::fit_programme;
    use crate::package::judge::Judge;
    use crate::package::said::Said;
    use crate::package::testing::{programme, task};
    use crate::plan::{PlanSpec, Point, TaskSpec, TimeModel, schedule};
    use crate::programme::TaskTemplate;
    use crate::rule::Facts;

    /// A task of two days with its predecessors.
    fn kept(id: &str, after: &[&str]) -> TaskTemplate {
        TaskTemplate { after: after.iter().map(|text| (*text).to_owned()).collect(), ..task(id, 2) }
    }

    /// The same, but left out of every deal.
    fn left_out(id: &str, after: &[&str]) -> TaskTemplate {
        TaskTemplate { when: Some("false".into()), ..kept(id, after) }
    }

    fn fitted(tasks: Vec<TaskTemplate>) -> Result<Vec<LinkSpec>, BuildError> {
        let programme = Programme { tasks, ..programme() };
        let facts = Facts::default();
        let judge = Judge::of_programme(&facts, "test");
        fit_programme(&programme, &Deal::default(), &Said::default(), &[], &judge, &Words::default())
            .map(|found| found.links)
    }

    fn told(links: &[LinkSpec]) -> Vec<(&str, &str, LinkKind, i32)> {
        links.iter().map(|link| (link.from.as_str(), link.to.as_str(), link.kind, link.lag)).collect()
    }

    fn link(from: &str, to: &str, kind: LinkKind, lag: i32) -> LinkSpec {
        LinkSpec { from: from.into(), to: to.into(), kind, lag }
    }

    #[test]
    fn a_chain_through_a_left_out_task_keeps_its_outer_ends_and_the_sum_of_its_lags() {
        let through = |first: &str, last: &str| {
            let (first, last) = (format!("a {first}"), format!("b {last}"));
            let links = fitted(vec![kept("a", &[]), left_out("b", &[&first]), kept("c", &[&last])]).unwrap();
            assert_eq!(links.len(), 1, "{first}, {last}: {links:?}");
            (links[0].kind, links[0].lag)
        };
        for (first, last, expected) in [
            ("FS", "FS", (FS, 0)),
            ("FS+2", "FS+3", (FS, 5)),
            ("FS+2", "SS+3", (FS, 5)),
            ("FS+2", "FF+1", (FF, 3)),
            ("FS+2", "SF-1", (FF, 1)),
            ("FF+2", "FS+1", (FS, 3)),
            ("FF+2", "SS", (FS, 2)),
            ("FF-1", "FF-2", (FF, -3)),
            ("FF", "SF+4", (FF, 4)),
            ("SS+2", "FS", (SS, 2)),
            ("SS+2", "SS+5", (SS, 7)),
            ("SS", "FF+2", (SF, 2)),
            ("SS+3", "SF-3", (SF, 0)),
            ("SF+1", "FS+1", (SS, 2)),
            ("SF+1", "SS-1", (SS, 0)),
            ("SF", "FF+3", (SF, 3)),
            ("SF-2", "SF-2", (SF, -4)),
        ] {
            assert_eq!(through(first, last), expected, "a {first} → b → {last} c");
        }
    }

    #[test]
    fn a_left_out_task_works_like_one_that_takes_no_time() {
        let plan = |tasks: &[(&str, u32)], links: Vec<LinkSpec>| {
            let tasks = tasks
                .iter()
                .map(|(id, duration)| TaskSpec {
                    id: (*id).into(),
                    name: String::new(),
                    duration: *duration,
                    calendars: Vec::new(),
                    constraint: None,
                    prefer: Default::default(),
                    avoid: None,
                })
                .collect();
            let spec = PlanSpec {
                schema: None,
                name: None,
                time: TimeModel::Continuous,
                start: None,
                calendars: Vec::new(),
                tasks,
                links,
                target: None,
            };
            let dates = schedule(&spec).unwrap();
            let of = |id: &str| dates.tasks.iter().find(|task| task.id == id).map(|task| task.early_start);
            of("c")
        };
        let text = |kind| match kind {
            FS => "FS",
            SS => "SS",
            FF => "FF",
            SF => "SF",
        };
        for first in [FS, SS, FF, SF] {
            for last in [FS, SS, FF, SF] {
                for (in_lag, out_lag) in [(0, 0), (2, 3), (4, -2), (1, 0)] {
                    // `z` keeps the plan's start out of the way of negative lags.
                    let there = plan(
                        &[("z", 20), ("a", 7), ("b", 0), ("c", 5)],
                        vec![
                            link("z", "a", FS, 0),
                            link("a", "b", first, in_lag),
                            link("b", "c", last, out_lag),
                        ],
                    );
                    let before = format!("a {}{in_lag:+}", text(first));
                    let behind = format!("b {}{out_lag:+}", text(last));
                    let links = fitted(vec![
                        kept("z", &[]),
                        kept("a", &["z"]),
                        left_out("b", &[&before]),
                        kept("c", &[&behind]),
                    ]);
                    let gone = plan(&[("z", 20), ("a", 7), ("c", 5)], links.unwrap());
                    assert!(matches!(gone, Some(Point::Unit(_))));
                    assert_eq!(gone, there, "{before} → {behind}");
                }
            }
        }
    }

    #[test]
    fn passes_through_several_and_keeps_what_each_way_asks() {
        let links = fitted(vec![
            kept("design", &[]),
            kept("access", &[]),
            left_out("build", &["design FS+1", "access SS+2"]),
            left_out("review", &["build FS+1", "design"]),
            kept("test", &["review FS+1"]),
        ]);
        // design → build → review is longer than design → review.
        assert_eq!(told(&links.unwrap()), [("design", "test", FS, 3), ("access", "test", SS, 4)]);
    }

    #[test]
    fn a_left_out_milestone_passes_through_too() {
        let mut programme = Programme { tasks: vec![kept("a", &[]), kept("c", &["m FS+1"])], ..programme() };
        programme.milestones.push(MilestoneTemplate {
            when: Some("false".into()),
            after: vec!["a FF+2".into()],
            ..crate::package::testing::milestone("m")
        });
        let facts = Facts::default();
        let judge = Judge::of_programme(&facts, "test");
        let fitted =
            fit_programme(&programme, &Deal::default(), &Said::default(), &[], &judge, &Words::default())
                .unwrap();
        assert_eq!(told(&fitted.links), [("a", "c", FS, 3)]);
    }

    #[test]
    fn a_circle_of_left_out_tasks_ends() {
        let links = fitted(vec![
            kept("a", &[]),
            left_out("b", &["c FS+1", "a"]),
            left_out("c", &["b FS+1"]),
            kept("d", &["c"]),
        ]);
        assert_eq!(told(&links.unwrap()), [("a", "d", FS, 1)]);
    }

    #[test]
    fn what_cannot_be_read_or_found_is_named() {
        let message =
            |after: &str| fitted(vec![kept("a", &[]), kept("b", &[after])]).unwrap_err().to_string();
        assert_eq!(
            message("c"),
            "programmes/test.toml, `b`: `after` names `c`, which is no task or milestone"
        );
        assert!(message("a 2").contains("write `a FS+2`"), "{}", message("a 2"));
    }
}
