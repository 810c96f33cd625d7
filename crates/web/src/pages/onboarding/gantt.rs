//! The plan as a picture: where every bar, diamond and line goes. The template draws them.

use gangway_domain::package::{KeyDates, OnboardingPlan, PlanMilestone, PlanTask};
use gangway_domain::programme::Side;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::format::Day;

/// Width of the column of names, units of the picture (pixels at its natural size).
const NAMES: i32 = 270;
/// Height of a row.
const ROW: i32 = 24;
/// Height of the two rows of months and weeks.
const HEAD: i32 = 44;
/// Room to the right of the last day, for labels.
const RIGHT: i32 = 24;
/// Characters of a name that fit its column.
const NAME_LENGTH: usize = 40;

pub(super) struct Gantt {
    pub width: i32,
    pub height: i32,
    /// In words, for those who cannot see it.
    pub summary: String,
    pub months: Vec<Label>,
    pub weeks: Vec<Label>,
    pub weekends: Vec<Band>,
    pub rows: Vec<Row>,
    pub today: Option<i32>,
    pub go_live: Marker,
    pub wanted: Option<Marker>,
}

pub(super) struct Label {
    pub x: i32,
    pub text: String,
}

pub(super) struct Band {
    pub x: i32,
    pub width: i32,
}

pub(super) struct Marker {
    pub x: i32,
    pub label: String,
}

pub(super) struct Row {
    /// Baseline of its text.
    pub text_y: i32,
    pub name: String,
    pub title: String,
    pub shape: Shape,
}

pub(super) enum Shape {
    Phase { x: i32, width: i32, y: i32 },
    Bar { x: i32, width: i32, y: i32, class: String },
    Diamond { points: String, class: &'static str },
}

struct Scale {
    start: Date,
    day: i32,
}

impl Scale {
    fn x(&self, date: Date) -> i32 {
        NAMES + (date - self.start).get_days() * self.day
    }
}

impl Gantt {
    pub(super) fn new(plan: &OnboardingPlan, dates: &KeyDates, today: Date) -> Self {
        let (start, end) = span(plan, dates);
        let days = (end - start).get_days() + 1;
        // Long plans get narrower days, so that the picture stays a few screens wide at most.
        let scale = Scale { start, day: (1_100 / days.max(1)).clamp(4, 16) };
        let rows = rows(plan, &scale);
        let height = HEAD + i32::try_from(rows.len()).unwrap_or(0) * ROW + 8;
        let marker = |date: Date, what: &str| Marker {
            x: scale.x(date) + scale.day / 2,
            label: format!("{what} {}", Day::from(date).words),
        };
        Self {
            width: NAMES + days * scale.day + RIGHT,
            height,
            summary: format!(
                "{} tasks and {} milestones from {} to {}; go-live {}.",
                plan.tasks.len(),
                plan.milestones.len(),
                Day::from(start).words,
                Day::from(end).words,
                Day::from(dates.go_live_on).words
            ),
            months: months(&scale, end),
            weeks: weeks(&scale, end),
            weekends: weekends(&scale, end),
            rows,
            today: (start..=end).contains(&today).then(|| scale.x(today) + scale.day / 2),
            go_live: marker(dates.go_live_on, "Go-live"),
            wanted: dates
                .go_live_target
                .filter(|wanted| (start..=end).contains(wanted))
                .map(|wanted| marker(wanted, "Wanted")),
        }
    }
}

/// Whole weeks around everything the picture shows.
fn span(plan: &OnboardingPlan, dates: &KeyDates) -> (Date, Date) {
    let starts = plan.tasks.iter().map(|task| task.start).chain([dates.starts_on, dates.go_live_on]);
    let ends = plan
        .tasks
        .iter()
        .map(|task| task.finish)
        .chain(plan.milestones.iter().map(|milestone| milestone.planned))
        .chain([dates.finish_on, dates.go_live_on]);
    let first = starts.min().unwrap_or(dates.starts_on);
    let last = ends.max().unwrap_or(dates.finish_on);
    let monday = first.saturating_sub(i32::from(first.weekday().to_monday_zero_offset()).days());
    let sunday = last.saturating_add((6 - i32::from(last.weekday().to_monday_zero_offset())).days());
    (monday, sunday)
}

fn rows(plan: &OnboardingPlan, scale: &Scale) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut y = HEAD;
    let mut push = |name: &str, title: String, shape: &dyn Fn(i32) -> Shape| {
        rows.push(Row { text_y: y + 16, name: short(name), title, shape: shape(y) });
        y += ROW;
    };
    for phase in &plan.phases {
        let title =
            format!("{}: {} to {}", phase.name, Day::from(phase.start).words, Day::from(phase.finish).words);
        push(&phase.name, title, &|y| Shape::Phase {
            x: scale.x(phase.start),
            width: width(scale, phase.start, phase.finish),
            y: y + 9,
        });
        for task in plan.tasks.iter().filter(|task| task.phase == phase.id) {
            push(&task.name, words(task), &|y| Shape::Bar {
                x: scale.x(task.start),
                width: width(scale, task.start, task.finish),
                y: y + 5,
                class: format!("{}{}", side(task.owner), if task.critical { " critical" } else { "" }),
            });
        }
        for milestone in plan.milestones.iter().filter(|milestone| milestone.phase == phase.id) {
            push(&milestone.name, reached(milestone), &|y| diamond(milestone, scale, y));
        }
    }
    rows
}

fn width(scale: &Scale, start: Date, finish: Date) -> i32 {
    (((finish - start).get_days() + 1) * scale.day - 1).max(2)
}

fn diamond(milestone: &PlanMilestone, scale: &Scale, y: i32) -> Shape {
    let (x, y) = (scale.x(milestone.planned) + scale.day / 2, y + 12);
    Shape::Diamond {
        points: format!("{x},{} {},{y} {x},{} {},{y}", y - 7, x + 7, y + 7, x - 7),
        class: if milestone.gate { "gate" } else { "milestone" },
    }
}

fn side(side: Side) -> &'static str {
    match side {
        Side::Vendor => "vendor",
        Side::Customer => "customer",
        Side::Joint => "joint",
    }
}

fn words(task: &PlanTask) -> String {
    let critical = if task.critical { "; critical" } else { "" };
    let (start, finish) = (Day::from(task.start).words, Day::from(task.finish).words);
    format!("{}: {start} to {finish}, {} working days, {}{critical}", task.name, task.days, task.role_name)
}

fn reached(milestone: &PlanMilestone) -> String {
    let kind = if milestone.gate { "gate" } else { "milestone" };
    format!(
        "{} ({kind}): planned {}, due {}",
        milestone.name,
        Day::from(milestone.planned).words,
        Day::from(milestone.due).words
    )
}

/// What fits the column of names.
fn short(name: &str) -> String {
    if name.chars().count() <= NAME_LENGTH {
        return name.to_owned();
    }
    let cut: String = name.chars().take(NAME_LENGTH - 1).collect();
    format!("{}…", cut.trim_end())
}

fn days(scale: &Scale, end: Date) -> impl Iterator<Item = Date> {
    scale.start.series(1.day()).take_while(move |day| *day <= end)
}

fn months(scale: &Scale, end: Date) -> Vec<Label> {
    days(scale, end)
        .filter(|day| day.day() == 1 || *day == scale.start)
        // A month whose first days are nearly over would run into the next one's name.
        .filter(|day| day.day() == 1 || day.day() <= 18)
        .map(|day| Label { x: scale.x(day), text: day.strftime("%b %Y").to_string() })
        .collect()
}

fn weeks(scale: &Scale, end: Date) -> Vec<Label> {
    // The day of the month needs about 20 units.
    let every = if scale.day >= 4 { 1 } else { 2 };
    days(scale, end)
        .filter(|day| day.weekday() == Weekday::Monday)
        .step_by(every)
        .map(|day| Label { x: scale.x(day), text: day.day().to_string() })
        .collect()
}

fn weekends(scale: &Scale, end: Date) -> Vec<Band> {
    days(scale, end)
        .filter(|day| day.weekday() == Weekday::Saturday)
        .map(|day| Band { x: scale.x(day), width: 2 * scale.day })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use gangway_testkit::sample::{KICKOFF, Sample};

    #[test]
    fn the_picture_covers_whole_weeks_and_every_row() {
        let package = Sample::default().package();
        let gantt = Gantt::new(&package.plan, &package.dates, KICKOFF);
        // 5 phases, 15 tasks, 3 milestones.
        assert_eq!(gantt.rows.len(), 23);
        // 4 January to 28 March: 12 weeks; the kickoff is day 7, a Monday.
        assert_eq!(gantt.weekends.len(), 12);
        let day = (1_100 / 84).clamp(4, 16);
        assert_eq!(gantt.today, Some(NAMES + 7 * day + day / 2));
        assert_eq!(gantt.go_live.x, NAMES + 66 * day + day / 2);
        assert!(gantt.rows.windows(2).all(|pair| pair[1].text_y - pair[0].text_y == ROW));
    }

    #[test]
    fn long_names_are_cut_between_letters() {
        assert_eq!(short("Zusammenführung"), "Zusammenführung");
        assert_eq!(short(&"ü".repeat(60)).chars().count(), NAME_LENGTH);
    }

    #[test]
    fn an_empty_plan_is_still_a_picture() {
        let mut package = Sample::default().package();
        package.plan.phases.clear();
        package.plan.tasks.clear();
        package.plan.milestones.clear();
        let gantt = Gantt::new(&package.plan, &package.dates, KICKOFF);
        assert!(gantt.rows.is_empty() && gantt.width > NAMES);
    }
}
