//! What is checked of an outcome before it is kept.

use gangway_domain::outcome::{Amount, Direction};
use gangway_store::outcome::Outcome;
use jiff::civil::Date;

use super::Draft;
use crate::App;
use crate::error::Problem;
use crate::register::checked_prose;

/// Most promises one outcome keeps.
const MOST_PROMISES: usize = 30;

/// What an outcome says, fit to be kept.
pub(super) struct Checked {
    draft: Draft,
    direction: Direction,
}

impl Checked {
    pub(super) fn of(app: &App, draft: Draft, problems: &mut Vec<Problem>) -> Self {
        let goal = line("goal", &draft.goal, 300, problems);
        if goal.is_empty() {
            problems.push(Problem::new("goal", "is missing"));
        }
        let metric = line("metric", &draft.metric, 200, problems);
        let unit = line("unit", &draft.unit, 30, problems);
        let confirms = line("confirms", &draft.confirms, 120, problems);
        let proof = checked_prose("proof", &draft.proof, problems);
        let ladder = &app.methodology.value.ladder;
        let is_rung = |level: i64| ladder.iter().any(|rung| rung.level.map(i64::from) == Some(level));
        if draft.rung.is_some_and(|level| !is_rung(level)) {
            problems.push(Problem::new("rung", "is none of the value ladder"));
        }
        let mut promises: Vec<String> =
            draft.promises.iter().map(|id| id.trim().to_owned()).filter(|id| !id.is_empty()).collect();
        promises.sort();
        promises.dedup();
        if promises.len() > MOST_PROMISES || promises.iter().any(|id| id.chars().count() > 20) {
            problems.push(Problem::new("promises", format!("must be {MOST_PROMISES} ids at most")));
        }
        let direction = draft.direction.unwrap_or_else(|| direction(draft.baseline, draft.target));
        if contradicts(direction, draft.baseline, draft.target) {
            let way = if direction == Direction::Up { "above" } else { "below" };
            problems.push(Problem::new("target", format!("is not {way} where it stands today")));
        }
        if !(Date::constant(2000, 1, 1)..=Date::constant(2100, 12, 31)).contains(&draft.by) {
            problems.push(Problem::new("by", "is no day of this century"));
        }
        Self { direction, draft: Draft { goal, metric, unit, confirms, proof, promises, ..draft } }
    }

    /// The outcome that says so.
    pub(super) fn put_into(self, outcome: Outcome) -> Outcome {
        let Self { draft, direction } = self;
        Outcome {
            goal: draft.goal,
            metric: draft.metric,
            unit: draft.unit,
            direction,
            baseline: draft.baseline,
            target: draft.target,
            by: draft.by,
            proof: draft.proof,
            confirms: draft.confirms,
            rung: draft.rung,
            first_value: draft.first_value,
            full_value: draft.full_value,
            promises: draft.promises,
            ..outcome
        }
    }
}

/// Which way two figures point; up where one is missing.
pub(super) fn direction(baseline: Option<Amount>, target: Option<Amount>) -> Direction {
    match (baseline, target) {
        (Some(baseline), Some(target)) if target < baseline => Direction::Down,
        _ => Direction::Up,
    }
}

fn contradicts(direction: Direction, baseline: Option<Amount>, target: Option<Amount>) -> bool {
    match (baseline, target, direction) {
        (Some(baseline), Some(target), Direction::Up) => target <= baseline,
        (Some(baseline), Some(target), Direction::Down) => target >= baseline,
        _ => false,
    }
}

/// One line; may be empty.
pub(super) fn line(field: &'static str, text: &str, most: usize, problems: &mut Vec<Problem>) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > most {
        problems.push(Problem::new(field, format!("is longer than {most} characters")));
    } else if line.chars().any(char::is_control) {
        problems.push(Problem::new(field, "has a character that cannot be shown"));
    }
    line
}
