//! What a plan made again does differently from the one before: dates, and every task and milestone that is
//! new, gone, moved or of another kind.

use jiff::civil::Date;

use super::{Package, PlanMilestone, PlanTask};
use crate::programme::{MilestoneKind, Side};

/// The difference of two plans.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// The dates that matter, those that stay among them.
    pub dates: Vec<DateChange>,
    /// Tasks and milestones that differ: the later plan's in its order, then those that are gone.
    pub items: Vec<ItemChange>,
}

/// A date that matters, before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateChange {
    /// What happens on it.
    pub what: &'static str,
    /// The day before.
    pub before: Option<Date>,
    /// The day after.
    pub after: Option<Date>,
}

impl DateChange {
    /// Calendar days by which it comes later; nothing unless both days are known.
    #[must_use]
    pub fn days_later(&self) -> Option<i32> {
        Some((self.after? - self.before?).get_days())
    }
}

/// A task or milestone that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemChange {
    /// `Task`, `Milestone` or `Gate`.
    pub what: &'static str,
    /// Id inside the plan.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Its phase, as people see it.
    pub phase: String,
    /// First and last day before; nothing when it is new.
    pub before: Option<(Date, Date)>,
    /// First and last day after; nothing when it is gone.
    pub after: Option<(Date, Date)>,
    /// What else is different, in words.
    pub details: Vec<String>,
}

impl Difference {
    /// What `after` does differently from `before`.
    #[must_use]
    pub fn of(before: &Package, after: &Package) -> Self {
        let mut items = Vec::new();
        let (old, new) = (&before.plan, &after.plan);
        for task in &new.tasks {
            let known = old.tasks.iter().find(|known| known.id == task.id);
            items.extend(task_change(known, task, after));
        }
        for task in old.tasks.iter().filter(|task| !new.tasks.iter().any(|known| known.id == task.id)) {
            let days = Some((task.start, task.finish));
            items.push(item("Task", &task.id, &task.name, &task.phase, before, days, None));
        }
        for milestone in &new.milestones {
            let known = old.milestones.iter().find(|known| known.id == milestone.id);
            items.extend(milestone_change(known, milestone, after));
        }
        let kept = |milestone: &&PlanMilestone| new.milestones.iter().any(|known| known.id == milestone.id);
        for gone in old.milestones.iter().filter(|milestone| !kept(milestone)) {
            let days = Some((gone.planned, gone.planned));
            items.push(item(kind(gone), &gone.id, &gone.name, &gone.phase, before, days, None));
        }
        Self { dates: dates(before, after), items }
    }

    /// The plans are the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty() && self.dates.iter().all(|change| change.before == change.after)
    }

    /// How many tasks are new, gone, and at other days.
    #[must_use]
    pub fn task_counts(&self) -> [usize; 3] {
        let count = |wanted: fn(&ItemChange) -> bool| {
            self.items.iter().filter(|item| item.what == "Task" && wanted(item)).count()
        };
        [
            count(|item| item.before.is_none()),
            count(|item| item.after.is_none()),
            count(|item| item.before.is_some() && item.after.is_some() && item.before != item.after),
        ]
    }
}

fn dates(before: &Package, after: &Package) -> Vec<DateChange> {
    let (old, new) = (&before.dates, &after.dates);
    let change = |what, before, after| DateChange { what, before, after };
    vec![
        change("Preparation", Some(old.starts_on), Some(new.starts_on)),
        change("Kickoff", Some(old.kickoff_on), Some(new.kickoff_on)),
        change("First value", old.first_value_on, new.first_value_on),
        change("Go-live", Some(old.go_live_on), Some(new.go_live_on)),
        change("Finish", Some(old.finish_on), Some(new.finish_on)),
    ]
}

fn task_change(before: Option<&PlanTask>, task: &PlanTask, plan: &Package) -> Option<ItemChange> {
    let days = Some((task.start, task.finish));
    let mut change = item("Task", &task.id, &task.name, &task.phase, plan, None, days);
    let Some(known) = before else { return Some(change) };
    change.before = Some((known.start, known.finish));
    let side = |side| match side {
        Side::Vendor => "vendor",
        Side::Customer => "customer",
        Side::Joint => "both",
    };
    change.details = [
        told("was called", &known.name, &task.name, |name| format!("“{name}”")),
        told("working days", &known.days, &task.days, u32::to_string),
        told("side", &known.owner, &task.owner, |owner| side(*owner).to_owned()),
        told("role", &known.role_name, &task.role_name, String::clone),
    ]
    .into_iter()
    .flatten()
    .collect();
    (change.before != change.after || !change.details.is_empty()).then_some(change)
}

fn milestone_change(
    before: Option<&PlanMilestone>,
    milestone: &PlanMilestone,
    plan: &Package,
) -> Option<ItemChange> {
    let days = Some((milestone.planned, milestone.planned));
    let mut change =
        item(kind(milestone), &milestone.id, &milestone.name, &milestone.phase, plan, None, days);
    let Some(known) = before else { return Some(change) };
    change.before = Some((known.planned, known.planned));
    let yes_or_no = |yes: &bool| if *yes { "yes" } else { "no" }.to_owned();
    let word = |kind: &MilestoneKind| match kind {
        MilestoneKind::Value => "value".to_owned(),
        MilestoneKind::Technical => "technical".to_owned(),
    };
    let criteria = |milestone: &PlanMilestone| {
        milestone.criteria.iter().map(|criterion| (criterion.text.clone(), criterion.rule.clone())).collect()
    };
    let (old, new): (Vec<_>, Vec<_>) = (criteria(known), criteria(milestone));
    change.details = [
        told("was called", &known.name, &milestone.name, |name| format!("“{name}”")),
        told("due", &known.due, &milestone.due, |day| day.strftime("%-d %b %Y").to_string()),
        told("gate", &known.gate, &milestone.gate, yes_or_no),
        told("kind", &known.kind, &milestone.kind, word),
        (old != new).then(|| "other criteria".to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect();
    (change.before != change.after || !change.details.is_empty()).then_some(change)
}

fn told<T: PartialEq>(what: &str, before: &T, after: &T, words: impl Fn(&T) -> String) -> Option<String> {
    (before != after).then(|| match what {
        "was called" => format!("{what} {}", words(before)),
        _ => format!("{what} {} → {}", words(before), words(after)),
    })
}

fn kind(milestone: &PlanMilestone) -> &'static str {
    if milestone.gate { "Gate" } else { "Milestone" }
}

fn item(
    what: &'static str,
    id: &str,
    name: &str,
    phase: &str,
    plan: &Package,
    before: Option<(Date, Date)>,
    after: Option<(Date, Date)>,
) -> ItemChange {
    let called = plan.plan.phases.iter().find(|known| known.id == phase);
    ItemChange {
        what,
        id: id.to_owned(),
        name: name.to_owned(),
        phase: called.map_or_else(|| phase.to_owned(), |known| known.name.clone()),
        before,
        after,
        details: Vec::new(),
    }
}
