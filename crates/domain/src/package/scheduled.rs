//! From the engine's schedule to the plan people read: phases, tasks, milestones, waves.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::dates::days_between;
use super::expand::{Expanded, Fitted};
use super::frame::Ground;
use super::{
    BuildError, CompleteDefinition, GateCriterion, OnboardingPlan, PlanMilestone, PlanPhase, PlanTask,
    RolloutWave,
};
use crate::fit::capitalise;
use crate::plan::{CalendarSpec, LinkKind, LinkSpec, PlanSpec, Point, Schedule, Scheduled};

/// Everything needed to put dates on a fitted programme.
pub(super) struct Dated<'a> {
    pub ground: &'a Ground<'a>,
    pub fitted: &'a Fitted<'a>,
    pub spec: &'a PlanSpec,
    pub schedule: &'a Schedule,
}

impl Dated<'_> {
    /// Planned dates by plan id.
    fn by_id(&self) -> BTreeMap<&str, &Scheduled> {
        self.schedule.tasks.iter().map(|task| (task.id.as_str(), task)).collect()
    }

    /// The plan with dates.
    pub fn plan(&self) -> Result<OnboardingPlan, BuildError> {
        let users = self.ground.deal.users.as_ref().map(|fact| fact.value);
        let by_id = self.by_id();
        let mut tasks = Vec::with_capacity(self.fitted.tasks.len());
        for task in &self.fitted.tasks {
            if let Some(dates) = by_id.get(task.id.as_str()) {
                tasks.push(self.task(task, dates));
            }
        }
        let order: BTreeMap<&str, usize> = self
            .ground
            .programme
            .phases
            .iter()
            .enumerate()
            .map(|(index, phase)| (phase.id.as_str(), index))
            .collect();
        let place = |phase: &str| order.get(phase).copied().unwrap_or(usize::MAX);
        tasks.sort_by_key(|task| (place(&task.phase), task.start, task.finish));

        let mut milestones = Vec::new();
        for milestone in &self.fitted.milestones {
            let Some(dates) = by_id.get(milestone.id.as_str()) else { continue };
            let due = self.ground.due(milestone.day);
            let planned = day(dates.finish);
            let mut criteria = Vec::new();
            for criterion in &milestone.criteria {
                if self.ground.judge.applies(criterion.when.as_deref(), &milestone.id)? {
                    criteria.push(GateCriterion {
                        text: self.filled(&criterion.text),
                        rule: criterion.rule.clone(),
                    });
                }
            }
            milestones.push(PlanMilestone {
                id: milestone.id.clone(),
                phase: milestone.phase.clone(),
                name: capitalise(&self.filled(&milestone.name)),
                kind: milestone.kind,
                gate: milestone.gate,
                first_value: milestone.first_value,
                day: self.ground.anchors.day_of(due),
                due,
                planned,
                late_by: days_between(due, planned),
                criteria,
                evidence: milestone.evidence.as_deref().map(|text| self.filled(text)),
                celebrate: milestone.celebrate.as_deref().map(|text| self.filled(text)),
                critical: self.is_critical(&milestone.id),
            });
        }
        milestones.sort_by(|a, b| (a.planned, a.due, &a.id).cmp(&(b.planned, b.due, &b.id)));

        let phases = self.phases(&tasks);
        let from = tasks.iter().map(|task| task.start).min().unwrap_or(self.ground.anchors.starts_on);
        let to = tasks.iter().map(|task| task.finish).max().unwrap_or(self.ground.anchors.kickoff_on);
        let applies = |ids: &[String]| -> Vec<String> {
            ids.iter().filter(|id| self.fitted.instances.contains_key(id.as_str())).cloned().collect()
        };
        Ok(OnboardingPlan {
            rollout: self.rollout(&tasks, users),
            phases,
            milestones,
            links: self.spec.links.clone(),
            critical_path: self.schedule.critical_path.clone(),
            calendars: self.ground.calendars.specs.iter().map(|spec| within(spec, from, to)).collect(),
            complete: CompleteDefinition {
                value: applies(&self.ground.programme.complete.value),
                technical: applies(&self.ground.programme.complete.technical),
                by: self.ground.due(self.ground.programme.complete_day),
            },
            tasks,
        })
    }

    /// Whether a day lost there moves the go-live: on the driving chain to it, not merely without slack.
    fn is_critical(&self, id: &str) -> bool {
        self.schedule.critical_path.iter().any(|known| known == id)
    }

    fn filled(&self, text: &str) -> String {
        self.ground.words.with("pilot", self.pilot()).fill(text)
    }

    fn pilot(&self) -> String {
        self.fitted.waves.first().map(|wave| wave.words.clone()).unwrap_or_default()
    }

    fn task(&self, task: &Expanded<'_>, dates: &Scheduled) -> PlanTask {
        let template = task.template;
        let start = day(dates.start);
        let finish = day(dates.finish);
        let role = self.ground.cast.role(&template.role);
        PlanTask {
            id: task.id.clone(),
            phase: template.phase.clone(),
            name: task.name.clone(),
            owner: template.owner,
            role: template.role.clone(),
            role_name: role.name.clone(),
            assignee: role.person.clone(),
            days: task.days,
            start,
            finish,
            late_start: day(dates.late_start),
            late_finish: day(dates.late_finish),
            slack: dates.total_slack,
            free_slack: dates.free_slack,
            critical: self.is_critical(&task.id),
            week: week_of(self.ground.anchors.kickoff_on, finish),
            after: self
                .spec
                .links
                .iter()
                .filter(|link| link.to == task.id)
                .map(|link| self.link_in_words(link))
                .collect(),
            deliverable: template.deliverable.as_deref().map(|text| task.words.fill(text)),
            note: template.note.as_deref().map(|text| task.words.fill(text)),
            kickoff: template.kickoff,
            go_live: template.go_live,
        }
    }

    fn link_in_words(&self, link: &LinkSpec) -> String {
        let named = self.spec.tasks.iter().find(|task| task.id == link.from);
        let name = self.filled(named.map_or(link.from.as_str(), |task| task.name.as_str()));
        // A milestone starts when it is reached: nothing to tell apart.
        let takes_time = named.is_some_and(|task| task.duration > 0);
        let kind = match link.kind {
            LinkKind::FinishStart => "",
            LinkKind::StartStart if !takes_time => "",
            LinkKind::StartStart => " has started",
            LinkKind::FinishFinish => " (finish together)",
            LinkKind::StartFinish => " (until it starts)",
        };
        match link.lag {
            0 => format!("{name}{kind}"),
            1 => format!("{name}{kind}, 1 working day later"),
            lag if lag > 0 => format!("{name}{kind}, {lag} working days later"),
            lag => format!("{name}{kind}, {} working days before", -lag),
        }
    }

    fn first_day(&self) -> &'static str {
        if self.ground.anchors.start == "kickoff" { "kickoff" } else { "the start" }
    }

    fn phases(&self, tasks: &[PlanTask]) -> Vec<PlanPhase> {
        let mut phases = Vec::new();
        for phase in &self.ground.programme.phases {
            let mine: Vec<&PlanTask> = tasks.iter().filter(|task| task.phase == phase.id).collect();
            let (Some(start), Some(finish)) =
                (mine.iter().map(|task| task.start).min(), mine.iter().map(|task| task.finish).max())
            else {
                continue;
            };
            phases.push(PlanPhase {
                id: phase.id.clone(),
                name: self.filled(&phase.name),
                stage: phase.stage,
                goal: self.filled(&phase.goal),
                start,
                finish,
                weeks: weeks_in_words(self.ground.anchors.kickoff_on, start, finish, self.first_day()),
                customer: self.filled(&phase.customer),
                deliverables: phase.deliverables.iter().map(|text| self.filled(text)).collect(),
                tasks: u32::try_from(mine.len()).unwrap_or(u32::MAX),
            });
        }
        phases
    }

    /// The waves with the dates of their tasks.
    fn rollout(&self, tasks: &[PlanTask], users: Option<u32>) -> Vec<RolloutWave> {
        let waves = &self.fitted.waves;
        let sites: usize = waves.iter().map(|wave| wave.sites.len()).sum();
        let most_in_pilot = self.ground.programme.rollout.pilot_percent[1];
        let mut reached = 0;
        let mut out = Vec::new();
        for (index, wave) in waves.iter().enumerate() {
            reached += wave.sites.len();
            let ids: Vec<&str> = if index == 0 {
                self.pilot_tasks()
            } else {
                self.fitted
                    .tasks
                    .iter()
                    .filter(|task| task.wave == Some(index))
                    .map(|t| t.id.as_str())
                    .collect()
            };
            let mine = || tasks.iter().filter(|task| ids.contains(&task.id.as_str()));
            let (Some(start), Some(finish)) = (mine().map(|t| t.start).min(), mine().map(|t| t.finish).max())
            else {
                continue;
            };
            // A pilot is a chosen group, not everybody at its site; after that, sites are taken as equal.
            let by_sites = u32::try_from(reached * 100 / sites.max(1)).unwrap_or(100);
            let percent = if index == 0 { by_sites.min(most_in_pilot) } else { by_sites };
            out.push(RolloutWave {
                name: wave.name.clone(),
                sites: wave.sites.clone(),
                users: users.map(|_| percent),
                start,
                finish,
            });
        }
        out
    }

    /// The tasks of the pilot stage that name the pilot: what prepares the others meanwhile belongs to them. All
    /// of the stage where none does.
    fn pilot_tasks(&self) -> Vec<&str> {
        let staged = || self.fitted.tasks.iter().filter(|task| self.is_pilot(&task.template.phase));
        let named = |task: &Expanded<'_>| task.template.name.contains("{pilot}");
        let any = staged().any(named);
        staged().filter(|task| !any || named(task)).map(|task| task.id.as_str()).collect()
    }

    fn is_pilot(&self, phase: &str) -> bool {
        self.ground
            .programme
            .phases
            .iter()
            .any(|known| known.id == phase && known.stage == crate::programme::Stage::Pilot)
    }
}

/// A calendar with only the days off that lie within a period.
fn within(spec: &CalendarSpec, from: Date, to: Date) -> CalendarSpec {
    CalendarSpec {
        id: spec.id.clone(),
        weekend: spec.weekend.clone(),
        holidays: spec
            .holidays
            .iter()
            .filter(|holiday| from <= holiday.date && holiday.date <= to)
            .cloned()
            .collect(),
        closed: spec.closed.iter().filter(|closed| closed.from <= to && from <= closed.to).cloned().collect(),
    }
}

/// The date of a point; plans of onboardings are always business plans.
pub(super) fn day(point: Point) -> Date {
    match point {
        Point::Day(date) => date,
        Point::Unit(_) => Date::MIN,
    }
}

/// `W3D2`: week and weekday since kickoff, as in "week 3, day 2"; `Pre` before kickoff.
pub(super) fn week_of(kickoff: Date, day: Date) -> String {
    let days = days_between(kickoff, day);
    if days < 0 {
        return "Pre".into();
    }
    format!("W{}D{}", days / 7 + 1, workday_of_week(kickoff, day))
}

/// Which working day of its week a day is, when weeks start on the kickoff's weekday; 1–5.
fn workday_of_week(kickoff: Date, day: Date) -> i64 {
    let offset = days_between(kickoff, day) % 7;
    let start = i64::from(kickoff.weekday().to_monday_zero_offset());
    (0..=offset).filter(|step| (start + step) % 7 < 5).count().max(1).try_into().unwrap_or(1)
}

/// `Week 5`, `Weeks 3–4`, `Before kickoff`.
pub(super) fn weeks_in_words(kickoff: Date, start: Date, finish: Date, first_day: &str) -> String {
    if finish <= kickoff && start < kickoff {
        return format!("Before {first_day}");
    }
    let week = |date: Date| days_between(kickoff, date).max(0) / 7 + 1;
    match (week(start), week(finish)) {
        (first, last) if first == last => format!("Week {first}"),
        (first, last) => format!("Weeks {first}–{last}"),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn speaks_of_weeks_since_kickoff() {
        let monday = date(2027, 1, 11);
        assert_eq!(week_of(monday, date(2027, 1, 11)), "W1D1");
        assert_eq!(week_of(monday, date(2027, 1, 26)), "W3D2");
        assert_eq!(week_of(monday, date(2027, 1, 8)), "Pre");
        let wednesday = date(2027, 1, 13);
        assert_eq!(week_of(wednesday, date(2027, 1, 18)), "W1D4"); // Wed Thu Fri Mon
        assert_eq!(weeks_in_words(monday, date(2027, 1, 25), date(2027, 2, 5), "kickoff"), "Weeks 3–4");
        assert_eq!(
            weeks_in_words(monday, date(2027, 1, 4), date(2027, 1, 8), "the start"),
            "Before the start"
        );
        assert_eq!(weeks_in_words(monday, date(2027, 1, 11), date(2027, 1, 15), "kickoff"), "Week 1");
    }
}
