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
    label: String,
    phase: String,
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
            let many = tasks.len().div_ceil(AT_ONCE);
            for (number, chunk) in (1..).zip(tasks.chunks(AT_ONCE)) {
                let (code, label) = if many == 1 {
                    (phase.code.clone(), phase.name.clone())
                } else {
                    (format!("{}.{number}", phase.code), format!("{}, {number} of {many}", phase.name))
                };
                let ids = || chunk.iter().map(|task| task.id).collect();
                if code == asked {
                    chosen = Some(ids());
                }
                if first_open.is_none() && chunk.iter().any(|task| is_open(task)) {
                    first_open = Some((code.clone(), ids()));
                }
                slices.push(Slice { code, label, phase: phase.code.clone(), count: chunk.len() });
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

    /// Every part as a place to go to, and all of them together; `to` makes an address of what is added to it.
    pub(super) fn places(&self, to: impl Fn(&str) -> String) -> Vec<Part> {
        if self.slices.is_empty() {
            return Vec::new();
        }
        let place = |label: &str, code: &str, count: usize| Part {
            label: label.to_owned(),
            count: i64::try_from(count).unwrap_or(i64::MAX),
            href: to(&query_of(code)),
            here: code == self.shown,
        };
        let all = place("All phases", ALL, self.slices.iter().map(|slice| slice.count).sum());
        let each = self.slices.iter().map(|slice| place(&slice.label, &slice.code, slice.count));
        each.chain([all]).collect()
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

fn query_of(code: &str) -> String {
    format!("&part={}", utf8_percent_encode(code, NON_ALPHANUMERIC))
}

fn is_open(task: &Task) -> bool {
    matches!(task.status.as_str(), "open" | "started" | "blocked")
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
        assert!(parts.places(str::to_owned).is_empty() && parts.folded(str::to_owned).is_empty());
    }

    #[test]
    fn every_task_of_a_large_plan_is_in_one_part() {
        let mut plan = large();
        let parts = Parts::keep(&mut plan, "");
        assert_eq!(plan.tasks.len(), 250, "the first with something left to do");
        assert_eq!(parts.query(), "&part=build%2E1");
        let places = parts.places(str::to_owned);
        let told: Vec<_> = places.iter().map(|part| (part.label.as_str(), part.count, part.here)).collect();
        let expected = [
            ("Discovery", 10, false),
            ("Build, 1 of 3", 250, true),
            ("Build, 2 of 3", 250, false),
            ("Build, 3 of 3", 100, false),
            ("All phases", 610, false),
        ];
        assert_eq!(told, expected);
        let mut seen = BTreeSet::new();
        for asked in ["discover", "build.1", "build.2", "build.3"] {
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
        assert_eq!(parts.query(), "&part=build%2E1");
        let folded = parts.folded(str::to_owned);
        assert_eq!(folded.get("build").map(String::as_str), Some("&part=build%2E1"));
        assert_eq!(folded.get("discover").map(String::as_str), Some("&part=discover"));
    }
}
