//! The plan as a board: a column per state, per phase or per side.

use gangway_app::onboarding::Plan;
use gangway_store::task::Task;
use jiff::civil::Date;

use super::filter::SIDES;
use crate::format::{capital, distance};
use crate::pages::onboarding::work::task_state;

pub(super) struct Column {
    pub title: String,
    pub cards: Vec<Card>,
}

pub(super) struct Card {
    pub code: String,
    pub name: String,
    pub href: String,
    pub state: &'static str,
    pub tone: &'static str,
    pub because: Option<String>,
    pub overdue: bool,
    pub who: String,
    pub side: String,
    pub when: String,
    pub critical: bool,
    /// Something can still be said of it.
    pub is_open: bool,
    pub may_start: bool,
    pub is_blocked: bool,
}

/// A column for each state a task goes through; skipped ones only where there are some.
pub(super) fn by_state(plan: &Plan) -> Vec<Column> {
    let columns = ["open", "started", "blocked", "done", "skipped"].map(|word| Column {
        title: task_state(word).0.to_owned(),
        cards: cards(plan, |task| task.status == word),
    });
    let mut columns: Vec<Column> = columns.into();
    if columns.last().is_some_and(|skipped| skipped.cards.is_empty()) {
        columns.pop();
    }
    columns
}

/// Columns in the order of the plan; a phase without tasks has none.
pub(super) fn by_phase(plan: &Plan) -> Vec<Column> {
    let column = |title: &str, code: &str| Column {
        title: title.to_owned(),
        cards: cards(plan, |task| task.phase == code),
    };
    let columns = plan.phases.iter().map(|phase| column(&phase.name, &phase.code));
    columns.filter(|column| !column.cards.is_empty()).collect()
}

/// A column for each party, and one for what both do.
pub(super) fn by_side(plan: &Plan) -> Vec<Column> {
    SIDES.map(|side| Column { title: capital(side), cards: cards(plan, |task| task.side == side) }).into()
}

fn cards(plan: &Plan, belongs: impl Fn(&Task) -> bool) -> Vec<Card> {
    let mut tasks: Vec<&Task> = plan.tasks.iter().filter(|task| belongs(task)).collect();
    tasks.sort_by_key(|task| task.starts_on);
    tasks.into_iter().map(|task| Card::new(plan, task)).collect()
}

impl Card {
    fn new(plan: &Plan, task: &Task) -> Self {
        let today = plan.today;
        let (state, tone) = task_state(&task.status);
        let short = |date: Date| date.strftime("%-d %b").to_string();
        let dates = format!("{} – {}", short(task.starts_on), short(task.finishes_on));
        Self {
            code: task.code.clone(),
            name: task.name.clone(),
            href: format!("/onboardings/{}/tasks/{}", plan.head.id, task.id),
            state,
            tone,
            because: task.because.clone(),
            overdue: task.is_overdue(today),
            who: task.assignee.clone().unwrap_or_else(|| task.role.clone()),
            side: task.side.clone(),
            when: if task.starts_on <= today && today <= task.finishes_on {
                format!("{dates}, ends {}", distance(today, task.finishes_on))
            } else {
                dates
            },
            critical: task.critical,
            is_open: matches!(task.status.as_str(), "open" | "started" | "blocked"),
            may_start: task.status == "open",
            is_blocked: task.status == "blocked",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::onboarding::plan::testing::plan;

    #[test]
    fn every_task_is_on_the_board_once() {
        let plan = plan();
        for columns in [by_state(&plan), by_phase(&plan), by_side(&plan)] {
            let cards: usize = columns.iter().map(|column| column.cards.len()).sum();
            assert_eq!(cards, plan.tasks.len());
        }
        let titles: Vec<String> = by_side(&plan).into_iter().map(|column| column.title).collect();
        assert_eq!(titles, ["Vendor", "Customer", "Joint"]);
    }
}
