//! From a package to a plan that can be worked: the rules its dates follow from, so that they can move.
//!
//! A package tells dates, not what ties them. What the programme says is taken from it (the go-live keeps clear of
//! Fridays and blackouts, preparation is as late as possible, the kickoff is fixed); the pace of phases is found by
//! scheduling without it and holding back what would come too early. It works for packages of any age.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::calendars::{CUSTOMER_ASSUMED, Calendars, calendars};
use super::dates::plus_days;
use super::network::never_on;
use super::{Package, PlanTask};
use crate::methodology::Methodology;
use crate::plan::{Avoid, Preference};
use crate::programme::{ForEach, Programme, TaskTemplate};
use crate::work::{
    Assignee, Ground, Origin, RunningMilestone, RunningPhase, RunningPlan, RunningTask, TaskRule, TaskState,
    reschedule,
};

/// Rounds in which tasks are held back; each settles at least one task more.
const ROUNDS: usize = 60;

/// Days before the first one for which holidays are looked up: what happened may lie before the plan.
const BEFORE: i64 = -60;

/// Years after the planned end for which holidays are looked up: plans slip.
const YEARS_AFTER: i16 = 3;

/// The plan of a package as it can be worked, with the package's dates and nothing done yet. `vendor_country` is
/// what the package was made with.
#[must_use]
pub fn running(package: &Package, methodology: &Methodology, vendor_country: Option<&str>) -> RunningPlan {
    let Package { plan, dates, .. } = package;
    let made = calendars_of(package, methodology, vendor_country);
    let first_value = plan.milestones.iter().find(|milestone| milestone.first_value);
    let mut running = RunningPlan {
        ground: Ground {
            starts_on: dates.starts_on,
            target: dates.go_live_target,
            kickoff: plan.tasks.iter().find(|task| task.kickoff).map(|task| task.id.clone()),
            go_live: plan.tasks.iter().find(|task| task.go_live).map(|task| task.id.clone()),
            first_value: first_value.map(|milestone| milestone.id.clone()),
            complete: plan.complete.value.iter().chain(&plan.complete.technical).cloned().collect(),
            calendars: made.specs.clone(),
            as_of: package.as_of.min(dates.starts_on),
        },
        phases: plan
            .phases
            .iter()
            .map(|phase| RunningPhase {
                code: phase.id.clone(),
                name: phase.name.clone(),
                stage: phase.stage,
                start: phase.start,
                finish: phase.finish,
            })
            .collect(),
        tasks: plan.tasks.iter().map(task).collect(),
        milestones: plan
            .milestones
            .iter()
            .map(|milestone| RunningMilestone {
                code: milestone.id.clone(),
                phase: milestone.phase.clone(),
                name: milestone.name.clone(),
                kind: milestone.kind,
                gate: milestone.gate,
                criteria: milestone.criteria.clone(),
                said: Vec::new(),
                due: milestone.due,
                planned: milestone.planned,
                reached_on: None,
                waived: None,
            })
            .collect(),
        links: plan.links.clone(),
    };
    tie(&mut running, package, methodology, &made);
    hold_back(&mut running);
    running
}

fn calendars_of(package: &Package, methodology: &Methodology, vendor_country: Option<&str>) -> Calendars {
    let from = plus_days(package.dates.starts_on.min(package.as_of), BEFORE);
    let until = package.dates.finish_on.year().saturating_add(YEARS_AFTER);
    let assumes = package.notices.iter().any(|notice| notice.code == CUSTOMER_ASSUMED);
    calendars(&package.reading.deal, methodology, vendor_country, assumes, from, until)
}

fn task(task: &PlanTask) -> RunningTask {
    RunningTask {
        code: task.id.clone(),
        phase: task.phase.clone(),
        name: task.name.clone(),
        side: task.owner,
        role: task.role_name.clone(),
        assignee: task.assignee.clone().map(|name| Assignee::Name { name }),
        days: task.days,
        rule: TaskRule::default(),
        state: TaskState::Open,
        origin: Origin::Programme,
        start: task.start,
        finish: task.finish,
        late_start: task.late_start,
        late_finish: task.late_finish,
        slack: task.slack,
        free_slack: task.free_slack,
        critical: task.critical,
    }
}

/// What the programme and the rules for going live tie.
fn tie(running: &mut RunningPlan, package: &Package, methodology: &Methodology, made: &Calendars) {
    let kickoff_on = package.dates.kickoff_on;
    let programme = methodology.programmes.get(&package.segmentation.programme);
    let weekdays = never_on(&methodology.golive);
    let periods = &made.no_go_live;
    let (kickoff, go_live) = (running.ground.kickoff.clone(), running.ground.go_live.clone());
    for task in &mut running.tasks {
        let is_go_live = go_live.as_ref() == Some(&task.code);
        let wave =
            template(programme, &task.code).filter(|template| template.for_each == Some(ForEach::Wave));
        let avoid = |weekdays: &[jiff::civil::Weekday]| {
            Some(Avoid { weekdays: weekdays.to_vec(), periods: periods.clone(), ..Avoid::default() })
        };
        task.rule.avoid = match wave {
            _ if is_go_live => avoid(&weekdays),
            Some(wave) if wave.chain => avoid(&weekdays),
            Some(_) if !periods.is_empty() => avoid(&[]),
            _ => None,
        };
        if kickoff.as_ref() == Some(&task.code) {
            task.rule.fixed_on = Some(kickoff_on);
        } else if task.finish < kickoff_on {
            task.rule.prefer = Preference::Alap;
        }
    }
}

/// The template a task was made from: repeated ones are numbered.
fn template<'a>(programme: Option<&'a Programme>, code: &str) -> Option<&'a TaskTemplate> {
    let programme = programme?;
    let whole = programme.tasks.iter().find(|template| template.id == code);
    whole.or_else(|| {
        let (id, number) = code.rsplit_once('-')?;
        number.parse::<u32>().ok()?;
        programme.tasks.iter().find(|template| template.id == id && template.for_each.is_some())
    })
}

/// Holds back what would come earlier than the package says: first whole phases, then single tasks.
fn hold_back(running: &mut RunningPlan) {
    let kickoff_on = running.kickoff_on();
    let Some(early) = too_early(running) else { return };
    if early.is_empty() {
        return;
    }
    let floors: Vec<(String, Date)> = running
        .phases
        .iter()
        .filter(|phase| phase.start > kickoff_on)
        .map(|phase| (phase.code.clone(), phase.start))
        .collect();
    for task in &mut running.tasks {
        if task.rule.fixed_on.is_none() {
            let floor = floors.iter().find(|(phase, _)| *phase == task.phase);
            task.rule.not_before = floor.map(|(_, start)| *start);
        }
    }
    for _ in 0..ROUNDS {
        let Some(early) = too_early(running).filter(|early| !early.is_empty()) else { return };
        let waits =
            |code: &str| running.links.iter().any(|link| link.to == code && early.contains(&link.from));
        let first: BTreeSet<String> = early.iter().filter(|code| !waits(code)).cloned().collect();
        let hold = if first.is_empty() { early } else { first };
        for task in running.tasks.iter_mut().filter(|task| hold.contains(&task.code)) {
            if task.rule.fixed_on.is_none() {
                task.rule.not_before = Some(task.start);
                task.rule.prefer = Preference::Asap;
            }
        }
    }
}

/// Tasks the engine would put earlier than they are; nothing when it cannot schedule them.
fn too_early(running: &RunningPlan) -> Option<BTreeSet<String>> {
    let mut scheduled = running.clone();
    reschedule(&mut scheduled, running.ground.as_of).ok()?;
    let pairs = running.tasks.iter().zip(&scheduled.tasks);
    Some(
        pairs
            .filter(|(task, found)| found.start < task.start && task.rule.not_before != Some(task.start))
            .map(|(task, _)| task.code.clone())
            .collect(),
    )
}
