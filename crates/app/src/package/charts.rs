//! The data of the directives that draw: Gantt charts, the strip of phases, the line of gates.

use gangway_domain::package::*;
use gangway_domain::programme::Side;
use jiff::civil::Date;
use serde_json::{Value, json};

/// The charts of a package: `overview` (phases and gates), `plan` (every task), `strip`, `gates`.
pub(super) fn all(package: &Package, phases: &[&PlanPhase], seen: &impl Fn(&PlanTask) -> bool) -> Value {
    json!({
        "overview": gantt(package, phases, |_| false, |milestone| milestone.gate),
        "plan": gantt(package, phases, seen, |_| true),
        "strip": phases.iter().map(|phase| json!({
            "label": phase.name, "window": phase.weeks, "dates": window(phase.start, phase.finish),
        })).collect::<Vec<_>>(),
        "gates": gates(package),
    })
}

fn gantt(
    package: &Package,
    phases: &[&PlanPhase],
    task_seen: impl Fn(&PlanTask) -> bool,
    milestone_seen: impl Fn(&PlanMilestone) -> bool,
) -> Value {
    let plan = &package.plan;
    // Where nobody meets, the first task is a message.
    let people_meet = package.meetings.iter().any(|meeting| meeting.kickoff);
    let mut rows = Vec::new();
    for phase in phases {
        rows.push(
            json!({ "label": phase.name, "kind": "phase", "start": phase.start, "finish": phase.finish }),
        );
        let mut inside: Vec<(Date, u8, Value)> = Vec::new();
        for task in plan.tasks.iter().filter(|task| task.phase == phase.id && task_seen(task)) {
            let kind = if task.kickoff && people_meet { "meeting" } else { "task" };
            inside.push((
                task.start,
                0,
                json!({
                    "label": task.name, "kind": kind, "start": task.start, "finish": task.finish,
                    "side": side(task.owner), "critical": task.critical, "indent": 1,
                }),
            ));
        }
        for milestone in plan.milestones.iter().filter(|m| m.phase == phase.id && milestone_seen(m)) {
            inside.push((milestone.planned, 1, json!({
                "label": milestone.name, "kind": if milestone.gate { "gate" } else { "milestone" },
                "start": milestone.planned, "finish": milestone.planned, "critical": milestone.critical, "indent": 1,
            })));
        }
        inside.sort_by_key(|(date, order, _)| (*date, *order));
        rows.extend(inside.into_iter().map(|(_, _, row)| row));
    }
    let dates = &package.dates;
    let mut marks = vec![json!({ "date": dates.go_live_on, "label": "Go-live" })];
    if let Some(target) = dates.go_live_target.filter(|target| *target != dates.go_live_on) {
        marks.push(json!({ "date": target, "label": "Target" }));
    }
    let mut chart = json!({ "rows": rows, "marks": marks });
    // On the first day the line would only cover the axis.
    if let Some(chart) = chart.as_object_mut()
        && dates.starts_on < package.as_of
        && package.as_of <= dates.finish_on
    {
        chart.insert("today".to_owned(), json!(package.as_of));
    }
    chart
}

/// Kickoff, gates, go-live and completion on one line, in order of date.
fn gates(package: &Package) -> Value {
    let dates = &package.dates;
    let mut points: Vec<(Date, Value)> = vec![(
        dates.kickoff_on,
        json!({ "date": dates.kickoff_on, "label": "Kickoff", "kind": "meeting", "tone": "accent" }),
    )];
    for milestone in package.plan.milestones.iter().filter(|m| m.gate) {
        points.push((
            milestone.planned,
            json!({ "date": milestone.planned, "label": milestone.name, "kind": "gate" }),
        ));
    }
    points.push((dates.finish_on, json!({ "date": dates.finish_on, "label": "Onboarding complete", "kind": "milestone", "tone": "good" })));
    points.sort_by_key(|(date, _)| *date);
    points.into_iter().map(|(_, point)| point).collect()
}

fn side(side: Side) -> &'static str {
    match side {
        Side::Vendor => "vendor",
        Side::Customer => "customer",
        Side::Joint => "joint",
    }
}

/// `11–22 Jan`, `25 Jan – 5 Feb`, `21 Dec 2026 – 8 Jan 2027`.
pub(super) fn window(start: Date, finish: Date) -> String {
    if start == finish {
        start.strftime("%-d %b").to_string()
    } else if start.year() != finish.year() {
        format!("{} – {}", start.strftime("%-d %b %Y"), finish.strftime("%-d %b %Y"))
    } else if start.month() != finish.month() {
        format!("{} – {}", start.strftime("%-d %b"), finish.strftime("%-d %b"))
    } else {
        format!("{}–{}", start.strftime("%-d"), finish.strftime("%-d %b"))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn windows_are_as_short_as_they_can_be() {
        assert_eq!(window(date(2027, 1, 11), date(2027, 1, 22)), "11–22 Jan");
        assert_eq!(window(date(2027, 1, 25), date(2027, 2, 5)), "25 Jan – 5 Feb");
        assert_eq!(window(date(2026, 12, 21), date(2027, 1, 8)), "21 Dec 2026 – 8 Jan 2027");
        assert_eq!(window(date(2027, 1, 11), date(2027, 1, 11)), "11 Jan");
    }
}
