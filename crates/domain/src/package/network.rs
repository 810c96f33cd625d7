//! The fitted programme as a network for the plan engine.

use jiff::civil::{Date, Weekday};

use super::calendars::{CUSTOMER, Calendars, VENDOR};
use super::dates::Anchors;
use super::expand::Fitted;
use crate::methodology::GoLiveRules;
use crate::plan::{
    Avoid, Constraint, LinkKind, LinkSpec, PlanSpec, Point, Preference, TargetSpec, TaskSpec, TimeModel,
};
use crate::programme::{Programme, Side};

/// How fast tasks follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// A phase does not start before its week in the programme (earlier when the wanted go-live is
    /// earlier than the standard one), so that time gained stays as slack before the next gate and
    /// people are asked for the weeks they were told.
    ByPhase,
    /// Everything as soon as its predecessors allow: for a date that is missed otherwise.
    AsSoonAsPossible,
}

/// Builds the network. Before kickoff, tasks are planned as late as possible; the kickoff is
/// pinned; everything without a predecessor after it follows it; the go-live, the pilot's switch-over and the
/// launch of every wave keep clear of Fridays, weekends and blackouts, all other work on a wave of blackouts.
pub(super) fn network(
    programme: &Programme,
    fitted: &Fitted<'_>,
    calendars: &Calendars,
    anchors: &Anchors,
    rules: &GoLiveRules,
    pace: Pace,
) -> PlanSpec {
    let kickoff = fitted.tasks.iter().find(|task| task.template.kickoff).map(|task| task.id.clone());
    let go_live = fitted.tasks.iter().find(|task| task.template.go_live).map(|task| task.id.clone());
    let before_kickoff = |phase: &str| {
        programme.phases.iter().find(|known| known.id == phase).is_some_and(|phase| phase.weeks == [0, 0])
    };
    let go_live_avoids =
        Avoid { weekdays: never_on(rules), periods: calendars.no_go_live.clone(), ..Avoid::default() };
    // What prepares or supports a wave takes days, Fridays among them; only the periods bar it.
    let wave_avoids = Avoid { periods: calendars.no_go_live.clone(), ..Avoid::default() };

    let mut links = fitted.links.clone();
    let mut tasks = Vec::with_capacity(fitted.tasks.len() + fitted.milestones.len());
    for task in &fitted.tasks {
        let is_kickoff = kickoff.as_deref() == Some(task.id.as_str());
        let early = before_kickoff(&task.template.phase) && !is_kickoff;
        if let (Some(kickoff), false) = (&kickoff, is_kickoff) {
            let has_predecessor = links.iter().any(|link| link.to == task.id);
            let has_successor = links.iter().any(|link| link.from == task.id);
            if early && !has_successor {
                links.push(finish_start(&task.id, kickoff));
            } else if !early && !has_predecessor {
                links.push(finish_start(kickoff, &task.id));
            }
        }
        tasks.push(TaskSpec {
            id: task.id.clone(),
            name: task.name.clone(),
            duration: task.days,
            calendars: calendars_of(task.template.owner),
            constraint: if is_kickoff {
                Some(Constraint::FixedStart { at: Point::Day(anchors.kickoff_on) })
            } else if let Some(by) = task.finish_by.filter(|by| *by > anchors.starts_on) {
                Some(Constraint::FinishBy { at: Point::Day(by) })
            } else if early || pace == Pace::AsSoonAsPossible {
                None
            } else {
                first_day(programme, &task.template.phase, anchors)
                    .map(|day| Constraint::NotBefore { at: Point::Day(day) })
            },
            prefer: if early { Preference::Alap } else { Preference::Asap },
            avoid: match (task.template.go_live || task.template.switch_over, task.wave) {
                (true, _) => Some(go_live_avoids.clone()),
                // Launches follow each other: with each of them a part of the customer goes live.
                (false, Some(_)) if task.template.chain => Some(go_live_avoids.clone()),
                (false, Some(_)) if !wave_avoids.periods.is_empty() => Some(wave_avoids.clone()),
                _ => None,
            },
        });
    }
    for milestone in &fitted.milestones {
        tasks.push(TaskSpec {
            id: milestone.id.clone(),
            name: milestone.name.clone(),
            duration: 0,
            calendars: calendars_of(Side::Joint),
            constraint: None,
            prefer: Preference::Asap,
            avoid: None,
        });
    }
    PlanSpec {
        schema: Some("gangway.plan/1".into()),
        name: Some(programme.name.clone()),
        time: TimeModel::Business,
        start: Some(anchors.starts_on),
        calendars: calendars.specs.clone(),
        tasks,
        links,
        target: anchors.target.map(|target| TargetSpec { task: go_live, by: Point::Day(target) }),
    }
}

/// First day of a phase's window; `None` for phases that start with the kickoff.
fn first_day(programme: &Programme, phase: &str, anchors: &Anchors) -> Option<Date> {
    let week = programme.phases.iter().find(|known| known.id == phase)?.weeks[0];
    (week > 1).then(|| anchors.paced((week - 1) * 7))
}

fn finish_start(from: &str, to: &str) -> LinkSpec {
    LinkSpec { from: from.to_owned(), to: to.to_owned(), kind: LinkKind::FinishStart, lag: 0 }
}

fn calendars_of(side: Side) -> Vec<String> {
    match side {
        Side::Vendor => vec![VENDOR.into()],
        Side::Customer => vec![CUSTOMER.into()],
        Side::Joint => vec![VENDOR.into(), CUSTOMER.into()],
    }
}

/// Weekdays on which nothing goes live, as the methodology names them.
pub(super) fn never_on(rules: &GoLiveRules) -> Vec<Weekday> {
    rules
        .never_on
        .iter()
        .filter_map(|name| {
            Some(match name.to_lowercase().as_str() {
                "monday" => Weekday::Monday,
                "tuesday" => Weekday::Tuesday,
                "wednesday" => Weekday::Wednesday,
                "thursday" => Weekday::Thursday,
                "friday" => Weekday::Friday,
                "saturday" => Weekday::Saturday,
                "sunday" => Weekday::Sunday,
                _ => return None,
            })
        })
        .collect()
}
