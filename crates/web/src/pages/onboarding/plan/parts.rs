//! Which part of a large plan is shown: more tasks than fit on a page that is quick to draw and to read are shown a
//! phase at a time.

use std::collections::{BTreeMap, BTreeSet};

use gangway_app::onboarding::Plan;
use gangway_domain::ids::TaskId;
use gangway_store::task::Task;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::pages::Part;

/// Most tasks shown at once, unless somebody asks for all of them.
const AT_ONCE: usize = 250;

/// The word of an address that asks for all of them.
const ALL: &str = "all";

/// The parts of a plan; none where it is shown whole without being asked.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Parts {
    slices: Vec<Slice>,
    /// The code of the one that is shown, or [`ALL`].
    shown: String,
}

#[derive(Debug, PartialEq, Eq)]
struct Slice {
    /// Its word in an address.
    code: String,
    phase: String,
    /// What the phase is called.
    name: String,
    /// It begins its phase.
    first: bool,
    count: usize,
}

impl Parts {
    /// Leaves in a large plan the tasks of one part: of the one asked for, else of the first with something left to do.
    pub(super) fn keep(plan: &mut Plan, asked: &str) -> Self {
        if plan.tasks.len() <= AT_ONCE {
            return Self::default();
        }
        let mut slices = Vec::new();
        let mut first_open = None;
        let mut chosen: Option<BTreeSet<TaskId>> = None;
        for phase in &plan.phases {
            let tasks: Vec<&Task> = plan.tasks.iter().filter(|task| task.phase == phase.code).collect();
            for (number, chunk) in (0..).zip(tasks.chunks(AT_ONCE)) {
                let code =
                    if number == 0 { phase.code.clone() } else { format!("{}.{}", phase.code, number + 1) };
                let ids = || chunk.iter().map(|task| task.id).collect();
                if code == asked {
                    chosen = Some(ids());
                }
                if first_open.is_none() && chunk.iter().any(|task| !task.is_over()) {
                    first_open = Some((code.clone(), ids()));
                }
                slices.push(Slice {
                    code,
                    phase: phase.code.clone(),
                    name: phase.name.clone(),
                    first: number == 0,
                    count: chunk.len(),
                });
            }
        }
        let (shown, ids) = match (asked, chosen, first_open) {
            (ALL, ..) => (ALL.to_owned(), None),
            (asked, Some(ids), _) => (asked.to_owned(), Some(ids)),
            (_, None, Some((code, ids))) => (code, Some(ids)),
            // All of it is over: nothing of it comes before the rest.
            (_, None, None) => (ALL.to_owned(), None),
        };
        if let Some(ids) = ids {
            plan.tasks.retain(|task| ids.contains(&task.id));
        }
        Self { slices, shown }
    }

    /// The part that is shown in an address, with `&` before.
    pub(super) fn query(&self) -> String {
        if self.slices.is_empty() { String::new() } else { query_of(&self.shown) }
    }

    /// Every phase as a place to go to, and all of them together; `to` makes an address of what is added to it.
    pub(super) fn phases(&self, to: impl Fn(&str) -> String) -> Vec<Part> {
        if self.slices.is_empty() {
            return Vec::new();
        }
        let here = self.here().map(|slice| slice.phase.as_str());
        let firsts = self.slices.iter().filter(|slice| slice.first);
        let each = firsts.map(|first| Part {
            label: first.name.clone(),
            count: total(self.slices.iter().filter(|slice| slice.phase == first.phase)),
            href: to(&query_of(&first.code)),
            here: here == Some(first.phase.as_str()),
        });
        let all = Part {
            label: "All phases".to_owned(),
            count: total(self.slices.iter()),
            href: to(&query_of(ALL)),
            here: self.shown == ALL,
        };
        each.chain([all]).collect()
    }

    /// The parts of the phase that is shown; none where it is shown whole.
    pub(super) fn of_phase(&self, to: impl Fn(&str) -> String) -> Vec<Part> {
        let Some(here) = self.here() else { return Vec::new() };
        let slices = self.slices.iter().filter(|slice| slice.phase == here.phase);
        let parts = (1..).zip(slices).map(|(number, slice)| Part {
            label: format!("Part {number}"),
            count: total(std::iter::once(slice)),
            href: to(&query_of(&slice.code)),
            here: slice.code == self.shown,
        });
        let parts: Vec<Part> = parts.collect();
        if parts.len() > 1 { parts } else { Vec::new() }
    }

    fn here(&self) -> Option<&Slice> {
        self.slices.iter().find(|slice| slice.code == self.shown)
    }

    /// Where each phase (its code) that is folded away can be opened.
    pub(super) fn folded(&self, to: impl Fn(&str) -> String) -> BTreeMap<String, String> {
        let mut folded = BTreeMap::new();
        if self.shown == ALL {
            return folded;
        }
        for slice in self.slices.iter().rev() {
            // Backwards, so that the first part of a phase is what stays.
            folded.insert(slice.phase.clone(), to(&query_of(&slice.code)));
        }
        folded
    }
}

fn total<'a>(slices: impl Iterator<Item = &'a Slice>) -> i64 {
    i64::try_from(slices.map(|slice| slice.count).sum::<usize>()).unwrap_or(i64::MAX)
}

fn query_of(code: &str) -> String {
    format!("&part={}", utf8_percent_encode(code, NON_ALPHANUMERIC))
}

#[cfg(test)]
mod tests {
    use gangway_domain::ids::TaskId;
    use uuid::Uuid;

    use super::*;
    use crate::pages::onboarding::plan::testing;

    /// Two phases: one with 10 tasks that are done, one with 600.
    fn large() -> Plan {
        let mut plan = testing::plan();
        let [phase] = plan.phases.as_slice() else { panic!("one phase") };
        let mut build = phase.clone();
        (build.code, build.name) = ("build".to_owned(), "Build".to_owned());
        plan.phases.push(build);
        plan.tasks = (0..610_u128)
            .map(|number| {
                let mut task = testing::task("Connect", "vendor", "2027-01-21", "2027-03-05");
                task.id = TaskId::from_uuid(Uuid::from_u128(number));
                task.code = format!("task-{number}");
                let (phase, status) = if number < 10 { ("discover", "done") } else { ("build", "open") };
                (task.phase, task.status) = (phase.to_owned(), status.to_owned());
                task
            })
            .collect();
        plan
    }

    #[test]
    fn a_plan_that_fits_is_shown_whole() {
        let mut plan = testing::plan();
        let parts = Parts::keep(&mut plan, "discover");
        assert_eq!((parts.query().as_str(), plan.tasks.len()), ("", 3));
        assert!(parts.phases(str::to_owned).is_empty() && parts.of_phase(str::to_owned).is_empty());
        assert!(parts.folded(str::to_owned).is_empty());
    }

    #[test]
    fn every_task_of_a_large_plan_is_in_one_part() {
        let mut plan = large();
        let parts = Parts::keep(&mut plan, "");
        assert_eq!(plan.tasks.len(), 250, "the first with something left to do");
        assert_eq!(parts.query(), "&part=build");
        let phases = parts.phases(str::to_owned);
        let told: Vec<_> = phases.iter().map(|part| (part.label.as_str(), part.count, part.here)).collect();
        assert_eq!(told, [("Discovery", 10, false), ("Build", 600, true), ("All phases", 610, false)]);
        let parts = parts.of_phase(str::to_owned);
        let told: Vec<_> = parts.iter().map(|part| (part.label.as_str(), part.count, part.here)).collect();
        assert_eq!(told, [("Part 1", 250, true), ("Part 2", 250, false), ("Part 3", 100, false)]);
        let mut seen = BTreeSet::new();
        for asked in ["discover", "build", "build.2", "build.3"] {
            let mut plan = large();
            Parts::keep(&mut plan, asked);
            seen.extend(plan.tasks.into_iter().map(|task| task.id));
        }
        assert_eq!(seen.len(), 610);
    }

    #[test]
    fn all_of_it_can_be_asked_for_and_what_is_not_there_leads_to_the_work() {
        let mut plan = large();
        let parts = Parts::keep(&mut plan, "all");
        assert_eq!((plan.tasks.len(), parts.query().as_str()), (610, "&part=all"));
        assert!(parts.folded(str::to_owned).is_empty(), "nothing is folded away");
        let mut plan = large();
        let parts = Parts::keep(&mut plan, "<nowhere>");
        assert_eq!(parts.query(), "&part=build");
        let folded = parts.folded(str::to_owned);
        assert_eq!(folded.get("build").map(String::as_str), Some("&part=build"));
        assert_eq!(folded.get("discover").map(String::as_str), Some("&part=discover"));
    }
}
