//! The plan as templates see it: tasks, milestones, dates, days off.

use gangway_domain::package::*;
use gangway_domain::programme::{MilestoneKind, Side};
use jiff::civil::{Date, Weekday};
use serde::Serialize;
use serde_json::{Value, json};

use super::to_json;

/// A task with its owner in words.
#[derive(Serialize)]
pub(super) struct TaskView<'a> {
    pub(super) id: &'a str,
    pub(super) phase: &'a str,
    pub(super) name: &'a str,
    /// Whose calendar, by name.
    pub(super) party: &'a str,
    pub(super) side: Side,
    /// Person and role, or the role.
    pub(super) who: String,
    pub(super) role_name: &'a str,
    pub(super) days: u32,
    pub(super) start: Date,
    pub(super) finish: Date,
    pub(super) slack: i64,
    pub(super) critical: bool,
    pub(super) week: &'a str,
    pub(super) deliverable: Option<&'a str>,
    pub(super) kickoff: bool,
    pub(super) go_live: bool,
}

/// What a template may say of a task.
pub(super) fn task_view<'a>(task: &'a PlanTask, names: &'a Names) -> TaskView<'a> {
    let PlanTask {
        id,
        phase,
        name,
        owner,
        role: _,
        role_name,
        assignee,
        days,
        start,
        finish,
        late_start: _,
        late_finish: _,
        slack,
        free_slack: _,
        critical,
        week,
        after: _,
        deliverable,
        note: _,
        kickoff,
        go_live,
    } = task;
    TaskView {
        id,
        phase,
        name,
        party: party(*owner, names),
        side: *owner,
        who: assignee.as_ref().map_or_else(|| role_name.clone(), |person| format!("{person} ({role_name})")),
        role_name,
        days: *days,
        start: *start,
        finish: *finish,
        slack: *slack,
        critical: *critical,
        week,
        deliverable: deliverable.as_deref(),
        kickoff: *kickoff,
        go_live: *go_live,
    }
}

/// The name of a side as both parties would say it.
pub(in crate::package) fn party(side: Side, names: &Names) -> &str {
    match side {
        Side::Vendor => &names.vendor,
        Side::Customer => &names.customer,
        Side::Joint => "Both",
    }
}

/// What a template may say of a milestone.
pub(super) fn milestone_view(milestone: &PlanMilestone) -> Value {
    let PlanMilestone {
        id,
        phase,
        name,
        kind,
        gate,
        first_value,
        day,
        due,
        planned,
        late_by: _,
        criteria,
        evidence,
        celebrate,
        critical,
    } = milestone;
    json!({
        "id": id, "phase": phase, "name": name,
        "kind": match kind { MilestoneKind::Value => "value", MilestoneKind::Technical => "technical" },
        "gate": gate, "first_value": first_value, "day": day, "due": due, "planned": planned,
        "criteria": criteria.iter().map(|GateCriterion { text, rule: _ }| text).collect::<Vec<_>>(),
        "evidence": evidence, "celebrate": celebrate, "critical": critical,
    })
}

/// The key dates, with days counted from the kickoff.
pub(super) fn dates_view(dates: &KeyDates) -> Value {
    let KeyDates {
        starts_on,
        kickoff_on,
        kickoff_because,
        go_live_on,
        go_live_target,
        go_live_because,
        first_value_on,
        finish_on,
        complete_by,
        feasibility,
        verdict,
        options,
    } = dates;
    json!({
        "starts_on": starts_on, "kickoff_on": kickoff_on, "kickoff_because": kickoff_because, "go_live_on": go_live_on,
        "go_live_target": go_live_target, "go_live_because": go_live_because, "first_value_on": first_value_on,
        "finish_on": finish_on, "complete_by": complete_by, "verdict": verdict, "options": options,
        "feasible": feasibility.as_ref().map(|f| f.feasible),
        "shortfall": feasibility.as_ref().map(|f| f.shortfall),
        "buffer": feasibility.as_ref().map(|f| f.buffer),
        "go_live_day": (*go_live_on - *kickoff_on).get_days(),
        "finish_day": (*finish_on - *kickoff_on).get_days(),
    })
}

/// The steps of the critical path to go-live that the reader may see, in order.
pub(super) fn critical_steps(
    plan: &OnboardingPlan,
    names: &Names,
    seen: &impl Fn(&PlanTask) -> bool,
) -> Vec<Value> {
    plan.critical_path
        .iter()
        .filter_map(|id| {
            let task = plan
                .tasks
                .iter()
                .find(|task| task.id == *id && seen(task))
                .map(|task| to_json(&task_view(task, names)));
            task.or_else(|| {
                let milestone = plan.milestones.iter().find(|m| m.id == *id)?;
                Some(json!({
                    "id": milestone.id, "name": milestone.name, "party": "Both", "who": "", "days": 0,
                    "start": milestone.planned, "finish": milestone.planned, "gate": milestone.gate,
                }))
            })
        })
        .collect()
}

/// The definition of complete, its milestones by name.
pub(super) fn complete_view(plan: &OnboardingPlan) -> Value {
    let named = |ids: &[String]| -> Vec<Value> {
        ids.iter().filter_map(|id| plan.milestones.iter().find(|m| m.id == *id)).map(milestone_view).collect()
    };
    let CompleteDefinition { value, technical, by } = &plan.complete;
    json!({ "value": named(value), "technical": named(technical), "by": by })
}

/// A day or period on which one side or both do not work, within the time of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(in crate::package) struct DayOff {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// What it is called.
    pub name: String,
    /// Whose.
    pub who: String,
}

/// The periods without go-live that the customer named and that are not over when the plan begins.
pub(in crate::package) fn no_go_live(package: &Package) -> Vec<Value> {
    let dates = &package.dates;
    let mut periods: Vec<_> = package.reading.deal.blackouts.iter().map(|fact| &fact.value).collect();
    periods.retain(|period| period.to >= dates.starts_on && period.from <= dates.finish_on);
    periods.sort_by_key(|period| (period.from, period.to));
    periods.into_iter().map(to_json).collect()
}

/// The days off both calendars hold, merged where both sides are off for the same reason.
pub(in crate::package) fn days_off(package: &Package) -> Vec<DayOff> {
    let (first, last) = (package.dates.starts_on, package.dates.finish_on);
    let mut days: Vec<DayOff> = Vec::new();
    for calendar in &package.plan.calendars {
        let who = match calendar.id.as_str() {
            id if id.contains("vendor") => package.names.vendor.clone(),
            id if id.contains("customer") => package.names.customer.clone(),
            id => id.to_owned(),
        };
        let holidays =
            calendar.holidays.iter().map(|day| (day.date, day.date, day.name.as_str(), "Public holiday"));
        let closed = calendar
            .closed
            .iter()
            .map(|period| (period.from, period.to, period.reason.as_str(), "Closed period"));
        for (from, to, name, otherwise) in holidays
            .chain(closed)
            .filter(|(from, to, ..)| *to >= first && *from <= last && !weekend_only(*from, *to))
        {
            let name = if name.trim().is_empty() { otherwise } else { name };
            match days.iter_mut().find(|day| day.from == from && day.to == to && day.name == name) {
                Some(same) if same.who != who => "Both".clone_into(&mut same.who),
                Some(_) => {}
                None => days.push(DayOff { from, to, name: name.to_owned(), who: who.clone() }),
            }
        }
    }
    days.sort_by(|a, b| (a.from, a.to, &a.name).cmp(&(b.from, b.to, &b.name)));
    days
}

/// Whether nobody would have worked anyway: a holiday on a Saturday or Sunday moves nothing.
fn weekend_only(from: Date, to: Date) -> bool {
    from == to && matches!(from.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// What the customer is asked to do, alone or together, in the first two weeks: what a closed period draws out
/// beyond them is not due yet.
pub(super) fn first_steps<'a>(package: &Package, tasks: &'a [TaskView<'a>]) -> Vec<&'a TaskView<'a>> {
    let day = |date: Date| (date - package.dates.kickoff_on).get_days();
    let mut steps: Vec<&TaskView> = tasks
        .iter()
        .filter(|task| {
            task.side != Side::Vendor && !task.kickoff && day(task.start) >= 0 && day(task.finish) < 14
        })
        .collect();
    steps.sort_by_key(|task| (task.side == Side::Joint, task.finish));
    steps
}
