//! The plan as a calendar: what is due on each day of a month.

use gangway_app::onboarding::Plan;
use jiff::ToSpan;
use jiff::civil::Date;

pub(super) struct Calendar {
    /// `March 2027`.
    pub title: String,
    pub before: String,
    pub after: String,
    pub weeks: Vec<Vec<Cell>>,
}

pub(super) struct Cell {
    pub iso: String,
    pub number: i8,
    /// In words, for lists on narrow screens.
    pub words: String,
    /// `outside`, `today`, `weekend`, or nothing.
    pub class: &'static str,
    pub items: Vec<Item>,
    /// What is done already: it steps back behind the rest.
    pub done: Vec<Item>,
}

pub(super) struct Item {
    pub name: String,
    pub href: String,
    /// The side of a task, or `gate` or `milestone`.
    pub class: String,
    /// `begins`, `due`, `reached` …
    pub word: &'static str,
}

impl Calendar {
    /// The month of this word (`2027-03`), today's when there is none such; `href` makes addresses of months.
    pub(super) fn new(plan: &Plan, word: &str, href: impl Fn(&str) -> String) -> Self {
        let first: Date = format!("{word}-01").parse().unwrap_or_else(|_| plan.today.first_of_month());
        let month = |date: Date| href(&date.strftime("%Y-%m").to_string());
        let monday = first.saturating_sub(i32::from(first.weekday().to_monday_zero_offset()).days());
        let last = first.last_of_month();
        let mut weeks = Vec::new();
        let mut day = monday;
        while day <= last && weeks.len() < 6 {
            let mut week = Vec::with_capacity(7);
            for _ in 0..7 {
                week.push(Cell::new(plan, day, first));
                day = day.saturating_add(1.day());
            }
            weeks.push(week);
        }
        Self {
            title: first.strftime("%B %Y").to_string(),
            before: month(first.saturating_sub(1.day())),
            after: month(last.saturating_add(1.day())),
            weeks,
        }
    }
}

impl Cell {
    fn new(plan: &Plan, day: Date, month: Date) -> Self {
        let task = |id: String| format!("/onboardings/{}/tasks/{id}", plan.head.id);
        let tasks = plan.tasks.iter().filter(|task| task.status != "skipped").filter_map(|one| {
            let word = match (one.finishes_on == day, one.starts_on == day, one.status.as_str()) {
                (true, _, "done") => "done",
                (true, ..) => "due",
                (false, true, "open" | "blocked") => "begins",
                _ => return None,
            };
            let (name, href) = (one.name.clone(), task(one.id.to_string()));
            Some(Item { name, href, class: one.side.clone(), word })
        });
        let (done, tasks): (Vec<Item>, Vec<Item>) = tasks.partition(|task| task.word == "done");
        let milestones = plan.milestones.iter().filter(|one| one.planned_on == day).map(|one| Item {
            name: one.name.clone(),
            href: format!("/onboardings/{}/milestones/{}", plan.head.id, one.id),
            class: if one.gate { "gate" } else { "milestone" }.to_owned(),
            word: if one.gate { "gate" } else { "milestone" },
        });
        Self {
            iso: day.to_string(),
            number: day.day(),
            words: day.strftime("%A, %-d %B").to_string(),
            class: if day.month() != month.month() {
                "outside"
            } else if day == plan.today {
                "today"
            } else if day.weekday().to_monday_zero_offset() > 4 {
                "weekend"
            } else {
                ""
            },
            items: milestones.chain(tasks).collect(),
            done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::onboarding::plan::testing::plan;

    #[test]
    fn a_month_is_whole_weeks_and_shows_what_is_due() {
        let calendar = Calendar::new(&plan(), "2027-03", |month| format!("?month={month}"));
        assert_eq!((calendar.title.as_str(), calendar.weeks.len()), ("March 2027", 5));
        assert_eq!((calendar.before.as_str(), calendar.after.as_str()), ("?month=2027-02", "?month=2027-04"));
        let cells: Vec<&Cell> = calendar.weeks.iter().flatten().collect();
        assert_eq!((cells[0].iso.as_str(), cells[0].class), ("2027-03-01", ""), "a Monday");
        let named =
            |iso: &str| cells.iter().find(|cell| cell.iso == iso).map(|cell| cell.items[0].name.clone());
        assert_eq!(named("2027-03-05"), Some("Build".to_owned()));
        assert_eq!(named("2027-03-08"), Some("Ready to go live".to_owned()));
        let mut plan = plan();
        for task in &mut plan.tasks {
            "done".clone_into(&mut task.status);
        }
        let calendar = Calendar::new(&plan, "2027-03", str::to_owned);
        let cells: Vec<&Cell> = calendar.weeks.iter().flatten().collect();
        let fifth = cells.iter().find(|cell| cell.iso == "2027-03-05").unwrap();
        assert_eq!((fifth.items.len(), fifth.done.len()), (0, 1));
    }

    #[test]
    fn what_is_no_month_is_this_one() {
        let calendar = Calendar::new(&plan(), "soon", str::to_owned);
        assert_eq!(calendar.title, "January 2027");
    }
}
