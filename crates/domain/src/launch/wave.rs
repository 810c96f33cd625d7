//! Waves of a rollout: who starts when, and how far each is.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Met, barred};
use crate::methodology::GoLiveRules;
use crate::people::words;
use crate::work::RunningPlan;

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
    let names = rules.launch.waves.iter().find(|known| known.strategy == strategy);
    let of_plan: Vec<Wave> = launches.map(|task| blank(&task.name, task.finish)).collect();
    match names {
        Some(names) if names.of_plan && !of_plan.is_empty() => of_plan,
        Some(names) => {
            let mut on = plan.promise().go_live;
            let mut all = Vec::with_capacity(names.names.len());
            for (place, name) in names.names.iter().enumerate() {
                on = allowed(rules, plan, on);
                all.push(Wave { pilot: names.pilot && place == 0, ..blank(name, on) });
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
    use crate::work::Ground;

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
    }
}
