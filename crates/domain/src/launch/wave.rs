//! Waves of a rollout: who starts when, and how far each is.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Met, barred};
use crate::methodology::GoLiveRules;
use crate::people::words;
use crate::work::{RunningPlan, RunningTask};

words! {
    /// How far a wave is.
    WaveState: "state of a wave" {
        /// It is still to come.
        Planned = "planned", "Planned";
        /// Its people work with it.
        Live = "live", "Live";
        /// It waits until something is solved.
        Held = "held", "Held";
        /// It was taken back.
        RolledBack = "rolled-back", "Rolled back";
    }
}

/// A wave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wave {
    /// What people call it.
    pub name: String,
    /// Whom or what it holds.
    pub scope: String,
    /// The day it starts.
    pub on: Date,
    /// How many people, when known.
    pub people: Option<u32>,
    /// Whether it is the pilot, which begins before the go-live is decided.
    #[serde(default)]
    pub pilot: bool,
    /// How far it is.
    pub state: WaveState,
    /// Why it is a day on which nothing goes live otherwise, or why it is held.
    pub reason: Option<String>,
    /// Who moved it there last, and when.
    pub moved: Option<Met>,
}

/// The codes of the plan's tasks that launch a wave begin so.
const LAUNCH: &str = "wave-launch";

/// The code of the plan's task in which the pilot works with it.
pub const PILOT: &str = "pilot-operation";

/// Days between two waves the plan says nothing of.
const APART: i32 = 7;

/// The waves a strategy begins with: those of the plan when it launches in waves, else those the methodology names, a
/// week apart from the go-live on, each on a day on which something may go live.
#[must_use]
pub fn waves(rules: &GoLiveRules, strategy: &str, plan: &RunningPlan) -> Vec<Wave> {
    let blank = |name: &str, on: Date| Wave {
        name: name.to_owned(),
        scope: String::new(),
        on,
        people: None,
        pilot: false,
        state: WaveState::Planned,
        reason: None,
        moved: None,
    };
    let launches = plan.tasks.iter().filter(|task| {
        let rest = task.code.strip_prefix(LAUNCH);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    });
    // The plan runs the pilot before it launches anybody.
    let pilot = plan.task(PILOT);
    let begins = |task: &RunningTask| allowed(rules, plan, task.start);
    let names = rules.launch.waves.iter().find(|known| known.strategy == strategy);
    let of_plan: Vec<Wave> = launches.map(|task| blank(&task.name, task.finish)).collect();
    match names {
        Some(names) if names.of_plan && !of_plan.is_empty() => {
            let first = names.names.first().zip(pilot.filter(|_| names.pilot));
            let first = first.map(|(name, task)| Wave { pilot: true, ..blank(name, begins(task)) });
            first.into_iter().chain(of_plan).collect()
        }
        Some(names) => {
            let mut on = plan.promise().go_live;
            let mut all = Vec::with_capacity(names.names.len());
            for (place, name) in names.names.iter().enumerate() {
                let is_pilot = names.pilot && place == 0;
                if let Some(task) = pilot.filter(|_| is_pilot) {
                    all.push(Wave { pilot: true, ..blank(name, begins(task)) });
                    continue;
                }
                on = allowed(rules, plan, on);
                all.push(Wave { pilot: is_pilot, ..blank(name, on) });
                on = on.saturating_add(APART.days());
            }
            all
        }
        None => vec![blank("Everyone", allowed(rules, plan, plan.promise().go_live))],
    }
}

/// The first day from here on on which something may go live; the day itself when there is none for a month.
fn allowed(rules: &GoLiveRules, plan: &RunningPlan, from: Date) -> Date {
    let mut days = (0..31).map(|ahead| from.saturating_add(ahead.days()));
    days.find(|day| barred(rules, plan, *day).is_none()).unwrap_or(from)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::methodology::{LaunchRules, StrategyWaves};
    use crate::programme::Side;
    use crate::work::{Ground, Origin, TaskRule, TaskState};

    fn task(code: &str, name: &str, on: Date) -> RunningTask {
        RunningTask {
            code: code.to_owned(),
            phase: "rollout".to_owned(),
            name: name.to_owned(),
            side: Side::Joint,
            role: String::new(),
            assignee: None,
            days: 1,
            rule: TaskRule::default(),
            state: TaskState::Open,
            origin: Origin::Programme,
            start: on,
            finish: on,
            late_start: on,
            late_finish: on,
            slack: 0,
            free_slack: 0,
            critical: false,
        }
    }

    #[test]
    fn waves_are_a_week_apart_and_never_on_a_friday() {
        let waves_of = StrategyWaves {
            strategy: "Pilot + expand".to_owned(),
            names: vec!["Pilot group".to_owned(), "Everyone else".to_owned()],
            of_plan: false,
            pilot: true,
        };
        let rules = GoLiveRules {
            never_on: vec!["friday".to_owned()],
            launch: LaunchRules { waves: vec![waves_of], ..LaunchRules::default() },
            ..GoLiveRules::default()
        };
        let plan = RunningPlan {
            ground: Ground {
                // A Friday.
                starts_on: date(2027, 1, 15),
                target: None,
                kickoff: None,
                go_live: None,
                first_value: None,
                complete: Vec::new(),
                calendars: Vec::new(),
                as_of: date(2027, 1, 4),
            },
            phases: Vec::new(),
            tasks: Vec::new(),
            milestones: Vec::new(),
            links: Vec::new(),
        };
        let made = waves(&rules, "Pilot + expand", &plan);
        let days: Vec<Date> = made.iter().map(|wave| wave.on).collect();
        assert_eq!(days, [date(2027, 1, 18), date(2027, 1, 25)]);
        assert!(made[0].pilot && !made[1].pilot);
        assert_eq!(waves(&rules, "Another", &plan)[0].name, "Everyone");

        let pilot = task(PILOT, "Run the pilot", date(2027, 1, 6));
        let ground = Ground { go_live: Some("go-live".to_owned()), ..plan.ground.clone() };
        // A Friday.
        let go_live = task("go-live", "Go live", date(2027, 1, 15));
        let with_pilot = RunningPlan { ground, tasks: vec![pilot.clone(), go_live], ..plan.clone() };
        let made = waves(&rules, "Pilot + expand", &with_pilot);
        let days: Vec<Date> = made.iter().map(|wave| wave.on).collect();
        assert_eq!(days, [date(2027, 1, 6), date(2027, 1, 18)], "the pilot runs before the go-live");

        let launched = task("wave-launch-1", "Launch depots 2 and 3", date(2027, 1, 14));
        let with_waves = RunningPlan { tasks: vec![pilot, launched], ..plan };
        let mut rules = rules;
        rules.launch.waves[0].of_plan = true;
        let made = waves(&rules, "Pilot + expand", &with_waves);
        let told: Vec<(&str, Date, bool)> =
            made.iter().map(|wave| (wave.name.as_str(), wave.on, wave.pilot)).collect();
        assert_eq!(
            told,
            [("Pilot group", date(2027, 1, 6), true), ("Launch depots 2 and 3", date(2027, 1, 14), false)]
        );
    }
}
