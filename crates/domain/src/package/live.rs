//! A package with the dates of the plan as it is being worked: what documents and the overview show.

use std::collections::BTreeMap;

use super::dates::days_between;
use super::scheduled::{week_of, weeks_in_words};
use super::verdict::on;
use super::{KeyDates, Package, PlanMilestone, PlanPhase, PlanTask};
use crate::fit;
use crate::plan::Point;
use crate::work::{RunningPlan, RunningTask, TaskState};

impl Package {
    /// The package with tasks, milestones and dates as they stand; everything else as it was generated.
    #[must_use]
    pub fn with_live(&self, live: &RunningPlan) -> Self {
        let mut package = self.clone();
        package.dates.follow(live);
        follow(&mut package.plan.phases, &mut package.plan.milestones, live);
        let before = std::mem::take(&mut package.plan.tasks);
        let known: BTreeMap<&str, &PlanTask> = before.iter().map(|task| (task.id.as_str(), task)).collect();
        let mut tasks: Vec<PlanTask> = live
            .tasks
            .iter()
            .filter(|task| is_shown(task))
            .map(|task| shown(live, task, known.get(task.code.as_str()).copied()))
            .collect();
        let place =
            |phase: &str| live.phases.iter().position(|known| known.code == phase).unwrap_or(usize::MAX);
        tasks.sort_by_key(|task| (place(&task.phase), task.start, task.finish));
        let mut critical: Vec<&PlanTask> = tasks.iter().filter(|task| task.critical).collect();
        critical.sort_by_key(|task| (task.start, task.finish));
        package.plan.critical_path = critical.into_iter().map(|task| task.id.clone()).collect();
        package.plan.tasks = tasks;
        package.plan.links.clone_from(&live.links);
        package
    }
}

impl KeyDates {
    /// Moves them to where the plan has them now.
    pub fn follow(&mut self, live: &RunningPlan) {
        let promise = live.promise();
        let moved = self.go_live_on != promise.go_live || self.go_live_target != live.ground.target;
        self.starts_on = live.starts_on();
        self.kickoff_on = live.kickoff_on();
        self.go_live_on = promise.go_live;
        self.go_live_target = live.ground.target;
        self.first_value_on = live.first_value_on();
        self.finish_on = promise.finish;
        if !moved {
            return;
        }
        self.verdict = verdict(live);
        // What would have helped was worked out for another plan.
        self.options.clear();
        if let Some(known) = &mut self.feasibility {
            known.target = live.ground.target.map_or(known.target, Point::Day);
            known.expected = Point::Day(promise.go_live);
            let to_spare = live.ground.target.map_or(0, |target| days_between(promise.go_live, target));
            known.feasible = to_spare >= 0;
            known.shortfall = (-to_spare).max(0);
            known.buffer = to_spare.max(0);
            known.compressions.clear();
            known.best = None;
        }
    }
}

/// Moves phases and milestones to where the plan has them now, and counts the tasks of the phases anew.
pub fn follow(phases: &mut [PlanPhase], milestones: &mut [PlanMilestone], live: &RunningPlan) {
    let kickoff_on = live.kickoff_on();
    let first_day = phases.iter().find_map(|phase| phase.weeks.strip_prefix("Before "));
    let first_day = first_day.unwrap_or("kickoff").to_owned();
    for phase in phases {
        let Some(now) = live.phases.iter().find(|known| known.code == phase.id) else { continue };
        (phase.start, phase.finish) = (now.start, now.finish);
        phase.weeks = weeks_in_words(kickoff_on, now.start, now.finish, &first_day);
        let count = live.tasks.iter().filter(|task| task.phase == phase.id && is_shown(task)).count();
        phase.tasks = u32::try_from(count).unwrap_or(u32::MAX);
    }
    for milestone in milestones {
        let Some(now) = live.milestone(&milestone.id) else { continue };
        milestone.name.clone_from(&now.name);
        (milestone.due, milestone.planned) = (now.due, now.planned);
        milestone.late_by = days_between(now.due, now.planned);
    }
}

fn is_shown(task: &RunningTask) -> bool {
    !matches!(task.state, TaskState::Skipped { .. })
}

fn shown(live: &RunningPlan, task: &RunningTask, known: Option<&PlanTask>) -> PlanTask {
    let made = || PlanTask {
        id: task.code.clone(),
        phase: task.phase.clone(),
        name: task.name.clone(),
        owner: task.side,
        role: String::new(),
        role_name: task.role.clone(),
        assignee: None,
        days: task.days,
        start: task.start,
        finish: task.finish,
        late_start: task.late_start,
        late_finish: task.late_finish,
        slack: 0,
        free_slack: 0,
        critical: false,
        week: String::new(),
        after: Vec::new(),
        deliverable: None,
        note: None,
        kickoff: false,
        go_live: false,
    };
    let before = live.links.iter().filter(|link| link.to == task.code);
    let after = match known {
        Some(known) => known.after.clone(),
        None => before.map(|link| live.name(&link.from).to_owned()).collect(),
    };
    PlanTask {
        name: task.name.clone(),
        assignee: task.assignee.as_ref().map(|who| who.name().to_owned()),
        days: task.days,
        start: task.start,
        finish: task.finish,
        late_start: task.late_start,
        late_finish: task.late_finish,
        slack: task.slack,
        free_slack: task.free_slack,
        critical: task.critical,
        week: week_of(live.kickoff_on(), task.finish),
        after,
        ..known.cloned().unwrap_or_else(made)
    }
}

/// Whether the wanted go-live is met as things stand, in words.
fn verdict(live: &RunningPlan) -> String {
    let go_live = live.promise().go_live;
    let day = days_between(live.kickoff_on(), go_live);
    let Some(target) = live.ground.target else {
        return format!("Go-live is planned for {} (day {day}); no wanted date is known.", on(go_live));
    };
    match days_between(go_live, target) {
        0 => format!("Go-live on {} (day {day}) meets the wanted day with no day to spare.", on(go_live)),
        days @ 1.. => format!(
            "Go-live on {} (day {day}) meets the wanted {} with {} to spare.",
            on(go_live),
            on(target),
            fit::counted(days, "calendar day")
        ),
        days => format!(
            "As things stand, go-live falls on {} (day {day}): {} after the wanted {}.",
            on(go_live),
            fit::counted(-days, "calendar day"),
            on(target)
        ),
    }
}
