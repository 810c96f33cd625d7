//! The plan as a board: a column per state, per phase or per side.

use gangway_app::onboarding::Plan;
use gangway_domain::work::TaskState;
use gangway_store::task::Task;
use jiff::civil::Date;

use super::filter::SIDES;
use crate::format::{capital, distance};
use crate::pages::onboarding::work::task_state;

pub(super) struct Column {
    pub title: String,
    /// The state its tasks are in, where columns are states.
    pub state: Option<&'static str>,
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
    /// The columns it can be carried to, each with what that says of it: see [`ways`].
    pub ways: &'static str,
}

/// A column for each state a task goes through; skipped ones only where there are some. `has_begun` says whether work
/// on a task (its code) has begun, also of one that is blocked.
pub(super) fn by_state(plan: &Plan, has_begun: impl Fn(&str) -> bool) -> Vec<Column> {
    let columns = TaskState::WORDS.map(|word| {
        let mut cards = cards(plan, |task| task.status == word);
        for card in &mut cards {
            card.ways = ways(word, card.is_blocked && has_begun(&card.code));
        }
        Column { title: task_state(word).0.to_owned(), state: Some(word), cards }
    });
    let mut columns: Vec<Column> = columns.into();
    if columns.last().is_some_and(|skipped| skipped.cards.is_empty()) {
        columns.pop();
    }
    columns
}

/// Where a task in a state leads, as `column:deed` with spaces between: the deed as forms call it, or the place on the
/// page of the task where a reason is asked for. What is blocked goes on as what it was before.
fn ways(state: &str, had_begun: bool) -> &'static str {
    match (state, had_begun) {
        ("open", _) => "started:start blocked:#block done:finish skipped:#gone",
        ("started", _) => "open:reopen blocked:#block done:finish skipped:#gone",
        ("blocked", true) => "started:unblock done:finish skipped:#gone",
        ("blocked", false) => "open:unblock done:finish skipped:#gone",
        ("done", _) => "started:reopen",
        ("skipped", _) => "open:reopen",
        _ => "",
    }
}

/// Columns in the order of the plan; a phase without tasks has none.
pub(super) fn by_phase(plan: &Plan) -> Vec<Column> {
    let column = |title: &str, code: &str| Column {
        title: title.to_owned(),
        state: None,
        cards: cards(plan, |task| task.phase == code),
    };
    let columns = plan.phases.iter().map(|phase| column(&phase.name, &phase.code));
    columns.filter(|column| !column.cards.is_empty()).collect()
}

/// A column for each party, and one for what both do.
pub(super) fn by_side(plan: &Plan) -> Vec<Column> {
    let column =
        |side| Column { title: capital(side), state: None, cards: cards(plan, |task| task.side == side) };
    SIDES.map(column).into()
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
            is_open: !task.is_over(),
            may_start: task.status == "open",
            is_blocked: task.status == "blocked",
            ways: "",
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::pages::onboarding::plan::testing::plan;

    #[test]
    fn every_task_is_on_the_board_once() {
        let plan = plan();
        for columns in [by_state(&plan, |_| false), by_phase(&plan), by_side(&plan)] {
            let cards: usize = columns.iter().map(|column| column.cards.len()).sum();
            assert_eq!(cards, plan.tasks.len());
        }
        let titles: Vec<String> = by_side(&plan).into_iter().map(|column| column.title).collect();
        assert_eq!(titles, ["Vendor", "Customer", "Joint"]);
    }

    #[test]
    fn a_card_is_carried_only_where_the_state_of_its_task_leads() {
        let (monday, friday) = (date(2027, 1, 11), date(2027, 1, 15));
        let blocked = |state: TaskState| state.block(monday, "no access".to_owned(), None).unwrap();
        let started = TaskState::Open.start(monday).unwrap();
        let states = [
            TaskState::Open,
            started.clone(),
            blocked(TaskState::Open),
            blocked(started.clone()),
            started.finish(monday, friday).unwrap(),
            TaskState::Open.skip("not sold".to_owned()).unwrap(),
        ];
        for state in states {
            for way in ways(state.word(), state.started_on().is_some()).split(' ') {
                let (column, deed) = way.split_once(':').unwrap();
                let from = state.clone();
                let to = match deed {
                    "start" => from.start(friday),
                    "finish" => from.finish(monday, friday),
                    "unblock" => from.unblock(),
                    "reopen" => from.reopen(),
                    "#block" => from.block(friday, "no access".to_owned(), None),
                    _ => from.skip("not sold".to_owned()),
                };
                assert_eq!(to.unwrap().word(), column, "{state}: {way}");
            }
        }
    }
}
