//! The plan as a picture: where every bar, diamond and line goes. The template draws them.
//!
//! Names stand in a column of their own beside the picture, so that they stay when it is scrolled; both
//! have rows of the same height.

use std::collections::{BTreeMap, BTreeSet};

use gangway_app::onboarding::Plan;
use gangway_domain::workload::Calendars;
use gangway_store::link::Link;
use gangway_store::milestone::Milestone;
use gangway_store::phase::Phase;
use gangway_store::task::Task;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::drag::{Drag, worked};
use crate::format::{Day, capital};

/// Height of a row, units of the picture (pixels); `onboarding.css` gives names the same.
const ROW: i32 = 28;
/// Height of the months' and weeks' rows of the head.
const HEAD: i32 = 44;
/// Height of one row of labels under them.
const LANE: i32 = 20;
/// Width of a letter of a label, about.
const LETTER: i32 = 8;
/// Most links drawn beside the critical path; of more, nobody could follow any.
const MOST_LINKS: usize = 250;

pub(super) struct Gantt {
    pub width: i32,
    pub height: i32,
    pub head: i32,
    /// Width of a day.
    pub day: i32,
    /// In words, for those who cannot see it.
    pub summary: String,
    pub months: Vec<Label>,
    pub weeks: Vec<Label>,
    pub weekends: Vec<Band>,
    /// Each side with the days it works, as [`worked`] tells them.
    pub worked: Vec<(&'static str, String)>,
    pub rows: Vec<Row>,
    /// Paths between the critical tasks.
    pub chain: Vec<String>,
    /// Paths between what waits for each other beside them; none in plans with very many.
    pub ties: Vec<String>,
    pub markers: Vec<Marker>,
    /// Where today is, unless the plan is over or has not begun: the picture begins there.
    pub today: Option<i32>,
}

pub(super) struct Label {
    pub x: i32,
    pub text: String,
}

pub(super) struct Band {
    pub x: i32,
    pub width: i32,
}

/// A day that matters, with its label in a row where it covers no other.
pub(super) struct Marker {
    pub x: i32,
    pub label: String,
    /// Left edge of the label.
    pub label_x: i32,
    /// Baseline of the label in the head.
    pub label_y: i32,
    /// Where the text is put, and whether it begins or ends there.
    pub text_x: i32,
    pub anchor: &'static str,
    pub class: &'static str,
}

pub(super) struct Row {
    pub name: String,
    pub title: String,
    /// `phase`, `task`, `gate` or `milestone`.
    pub class: &'static str,
    /// Where more of it stands.
    pub href: Option<String>,
    /// What of it can be dragged.
    pub drag: Option<Drag>,
    pub shape: Shape,
}

pub(super) enum Shape {
    Phase {
        x: i32,
        width: i32,
        y: i32,
    },
    /// The bar, and where it was agreed to be when that is elsewhere.
    Bar {
        x: i32,
        width: i32,
        y: i32,
        class: String,
        agreed: Option<(i32, i32)>,
    },
    Diamond {
        points: String,
        class: &'static str,
    },
}

struct Scale {
    start: Date,
    day: i32,
}

impl Scale {
    fn x(&self, date: Date) -> i32 {
        (date - self.start).get_days() * self.day
    }
}

/// Where a row's shape begins and ends, for the lines between.
struct Ends {
    left: i32,
    right: i32,
    y: i32,
}

impl Gantt {
    /// With P50 and P80 of the go-live where there is a forecast. Phases (their codes) whose tasks are folded away lead to
    /// where those are.
    pub(super) fn new(
        plan: &Plan,
        calendars: &Calendars,
        forecast: Option<(Date, Date)>,
        folded: &BTreeMap<String, String>,
    ) -> Self {
        let (start, end) = span(plan, forecast);
        let days = (end - start).get_days() + 1;
        // Long plans get narrower days, so that the picture stays a few screens wide at most.
        let scale = Scale { start, day: (1_100 / days.max(1)).clamp(5, 18) };
        let width = days * scale.day;
        let (rows, ends) = rows(plan, &scale, folded);
        let (chain, ties) = paths(plan, &ends);
        let markers = markers(plan, forecast, &scale, (start, end), width);
        let lanes = markers.iter().map(|marker| marker.label_y).max().map_or(0, |y| (y - HEAD) / LANE + 1);
        Self {
            width,
            height: i32::try_from(rows.len()).unwrap_or(0) * ROW,
            head: HEAD + lanes * LANE,
            day: scale.day,
            summary: format!(
                "{} tasks and {} milestones from {} to {}; go-live {}. The list shows the same as a table.",
                plan.tasks.len(),
                plan.milestones.len(),
                Day::from(start).words,
                Day::from(end).words,
                Day::from(plan.head.go_live_on).words
            ),
            months: months(&scale, end),
            weeks: weeks(&scale, end),
            weekends: weekends(&scale, end),
            worked: worked(calendars, start, end),
            rows,
            chain,
            ties,
            today: markers.iter().find(|marker| marker.class == "today").map(|marker| marker.x),
            markers,
        }
    }
}

/// Whole weeks around everything the picture shows.
fn span(plan: &Plan, forecast: Option<(Date, Date)>) -> (Date, Date) {
    let head = &plan.head;
    let first = |task: &Task| {
        task.baseline_starts_on.map_or(task.starts_on, |agreed| task.starts_on.min(agreed.into()))
    };
    let last = |task: &Task| {
        task.baseline_finishes_on.map_or(task.finishes_on, |agreed| task.finishes_on.max(agreed.into()))
    };
    let starts = plan.tasks.iter().map(first).chain([head.starts_on, head.go_live_on]);
    let ends = plan
        .tasks
        .iter()
        .map(last)
        .chain(plan.milestones.iter().map(|milestone| milestone.planned_on))
        .chain([head.finish_on, head.go_live_on])
        .chain(forecast.map(|(_, p80)| p80));
    let first = starts.min().unwrap_or(head.starts_on);
    let last = ends.max().unwrap_or(head.finish_on);
    let monday = first.saturating_sub(i32::from(first.weekday().to_monday_zero_offset()).days());
    let sunday = last.saturating_add((6 - i32::from(last.weekday().to_monday_zero_offset())).days());
    (monday, sunday)
}

/// Every phase with its tasks and milestones; a phase whose tasks are all filtered out is left out.
fn rows<'a>(
    plan: &'a Plan,
    scale: &Scale,
    folded: &BTreeMap<String, String>,
) -> (Vec<Row>, BTreeMap<&'a str, Ends>) {
    let mut rows: Vec<Row> = Vec::new();
    let mut ends = BTreeMap::new();
    for phase in &plan.phases {
        let tasks: Vec<&Task> = plan.tasks.iter().filter(|task| task.phase == phase.code).collect();
        let milestones: Vec<&Milestone> =
            plan.milestones.iter().filter(|milestone| milestone.phase == phase.code).collect();
        let elsewhere = folded.get(&phase.code);
        if tasks.is_empty() && milestones.is_empty() && elsewhere.is_none() {
            continue;
        }
        rows.push(phase_row(phase, elsewhere, scale, top(rows.len())));
        for task in tasks {
            let y = top(rows.len());
            let (left, width) = (scale.x(task.starts_on), width(scale, task.starts_on, task.finishes_on));
            ends.insert(task.code.as_str(), Ends { left, right: left + width, y: y + ROW / 2 });
            let agreed = agreed(task, scale).filter(|agreed| *agreed != (left, width));
            let href = format!("/onboardings/{}/tasks/{}", plan.head.id, task.id);
            rows.push(task_row(task, href, (left, width, y), agreed));
        }
        for milestone in milestones {
            let y = top(rows.len()) + ROW / 2;
            let x = scale.x(milestone.planned_on) + scale.day / 2;
            ends.insert(milestone.code.as_str(), Ends { left: x - 7, right: x + 7, y });
            let href = format!("/onboardings/{}/milestones/{}", plan.head.id, milestone.id);
            rows.push(milestone_row(milestone, href, x, y));
        }
    }
    (rows, ends)
}

/// Where a task was agreed to be.
fn agreed(task: &Task, scale: &Scale) -> Option<(i32, i32)> {
    let (start, finish) =
        (task.baseline_starts_on.map(Date::from)?, task.baseline_finishes_on.map(Date::from)?);
    Some((scale.x(start), width(scale, start, finish)))
}

/// The upper edge of a row.
fn top(row: usize) -> i32 {
    i32::try_from(row).unwrap_or(0) * ROW
}

fn width(scale: &Scale, start: Date, finish: Date) -> i32 {
    (((finish - start).get_days() + 1) * scale.day - 1).max(3)
}

fn phase_row(phase: &Phase, href: Option<&String>, scale: &Scale, y: i32) -> Row {
    let (start, finish) = (phase.starts_on, phase.finishes_on);
    Row {
        title: format!("{}: {} to {}", phase.name, Day::from(start).words, Day::from(finish).words),
        name: phase.name.clone(),
        class: "phase",
        href: href.cloned(),
        drag: None,
        shape: Shape::Phase { x: scale.x(start), width: width(scale, start, finish), y: y + 11 },
    }
}

fn task_row(task: &Task, href: String, (x, width, y): (i32, i32, i32), agreed: Option<(i32, i32)>) -> Row {
    let critical = if task.critical { "; critical" } else { "" };
    let (start, finish) = (Day::from(task.starts_on).words, Day::from(task.finishes_on).words);
    Row {
        title: format!(
            "{}: {start} to {finish}, {}, {} working days, {} ({}){critical}",
            task.name,
            task.status,
            task.days,
            task.assignee.as_ref().unwrap_or(&task.role),
            capital(&task.side),
        ),
        name: task.name.clone(),
        class: "task",
        href: Some(href),
        drag: Drag::of(task, x, width),
        shape: Shape::Bar {
            x,
            width,
            y: y + 7,
            class: format!("{} {}{}", task.side, task.status, if task.critical { " critical" } else { "" }),
            agreed,
        },
    }
}

fn milestone_row(milestone: &Milestone, href: String, x: i32, y: i32) -> Row {
    let class = if milestone.gate { "gate" } else { "milestone" };
    Row {
        title: format!(
            "{} ({class}): planned {}, due {}",
            milestone.name,
            Day::from(milestone.planned_on).words,
            Day::from(milestone.due_on).words
        ),
        name: milestone.name.clone(),
        class,
        href: Some(href),
        drag: None,
        shape: Shape::Diamond {
            points: format!("{x},{} {},{y} {x},{} {},{y}", y - 7, x + 7, y + 7, x - 7),
            class,
        },
    }
}

/// Lines along the critical path (between critical tasks, and through the milestones between them), and those between
/// the rest.
fn paths(plan: &Plan, ends: &BTreeMap<&str, Ends>) -> (Vec<String>, Vec<String>) {
    let critical: BTreeSet<&str> =
        plan.tasks.iter().filter(|task| task.critical).map(|task| task.code.as_str()).collect();
    let is_critical = |code: &str| critical.contains(code);
    // Rows do not say whether a milestone drives; one between two critical tasks does.
    let links = || plan.links.iter().map(|link| (link.from_code.as_str(), link.to_code.as_str()));
    let after: BTreeSet<&str> = links().filter(|(from, _)| is_critical(from)).map(|(_, to)| to).collect();
    let before: BTreeSet<&str> = links().filter(|(_, to)| is_critical(to)).map(|(from, _)| from).collect();
    let milestones = plan.milestones.iter().map(|milestone| milestone.code.as_str());
    let between: BTreeSet<&str> =
        milestones.filter(|code| after.contains(code) && before.contains(code)).collect();
    let drives = |code: &str| is_critical(code) || between.contains(code);
    let is_drawn = |code: &str| ends.contains_key(code);
    let (chain, mut rest): (Vec<&Link>, Vec<&Link>) = plan
        .links
        .iter()
        .filter(|link| link.kind == "FS" && is_drawn(&link.from_code) && is_drawn(&link.to_code))
        .partition(|link| drives(&link.from_code) && drives(&link.to_code));
    if rest.len() > MOST_LINKS {
        rest.clear();
    }
    let drawn = |links: Vec<&Link>| -> Vec<String> {
        links
            .into_iter()
            .filter_map(|link| Some((ends.get(link.from_code.as_str())?, ends.get(link.to_code.as_str())?)))
            .map(|(from, to)| path(from, to))
            .collect()
    };
    (drawn(chain), drawn(rest))
}

/// From the end of one row's shape to the start of another's, around the bars, with a point at its end.
fn path(from: &Ends, to: &Ends) -> String {
    let down = if to.y >= from.y { ROW / 2 } else { -ROW / 2 };
    let way = if to.left - from.right >= 12 {
        format!("M{},{} H{} V{} H{}", from.right, from.y, to.left - 7, to.y, to.left)
    } else {
        let (out, row, back) = (from.right + 5, to.y - down, to.left - 7);
        format!("M{},{} H{out} V{row} H{back} V{} H{}", from.right, from.y, to.y, to.left)
    };
    format!("{way} m-4,-3 l4,3 l-4,3")
}

fn markers(
    plan: &Plan,
    forecast: Option<(Date, Date)>,
    scale: &Scale,
    (start, end): (Date, Date),
    width: i32,
) -> Vec<Marker> {
    let head = &plan.head;
    let day = |date: Date| Day::from(date).words;
    let mut dated = vec![(plan.today, format!("Today, {}", day(plan.today)), "today")];
    match head.go_live_target {
        Some(wanted) if wanted == head.go_live_on => {
            dated.push((wanted, format!("Go-live, as wanted, {}", day(wanted)), "live"));
        }
        Some(wanted) => {
            dated.push((head.go_live_on, format!("Go-live, {}", day(head.go_live_on)), "live"));
            dated.push((wanted, format!("Wanted, {}", day(wanted)), "wanted"));
        }
        None => dated.push((head.go_live_on, format!("Go-live, {}", day(head.go_live_on)), "live")),
    }
    if let Some((p50, p80)) = forecast {
        dated.push((p50, format!("P50, {}", day(p50)), "p50"));
        dated.push((p80, format!("P80, {}", day(p80)), "p80"));
    }
    dated.retain(|(date, ..)| (start..=end).contains(date));
    dated.sort_by_key(|(date, ..)| *date);
    let mut markers: Vec<Marker> = Vec::new();
    for (date, label, class) in dated {
        let x = scale.x(date) + scale.day / 2;
        let length = i32::try_from(label.chars().count()).unwrap_or(0) * LETTER;
        // A label that would reach over the edge ends at its line instead: fonts differ in how wide they are.
        let ends = x + length > width && x >= length;
        let label_x = if ends { x - length } else { x.min(width - length).max(0) };
        // The first row in which no label stands in the way.
        let taken = |y: i32| {
            markers.iter().any(|other| {
                let its_length = i32::try_from(other.label.chars().count()).unwrap_or(0) * LETTER;
                other.label_y == y
                    && label_x < other.label_x + its_length + 8
                    && other.label_x < label_x + length + 8
            })
        };
        let label_y = (0..).map(|lane| HEAD + lane * LANE + 14).find(|y| !taken(*y)).unwrap_or(HEAD);
        let (text_x, anchor) = if ends { (x - 4, "end") } else { (label_x, "start") };
        markers.push(Marker { x, label, label_x, label_y, text_x, anchor, class });
    }
    markers
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
    days(scale, end)
        .filter(|day| day.weekday() == Weekday::Monday)
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
    use crate::pages::onboarding::plan::testing::{link, plan};

    fn picture(plan: &Plan) -> Gantt {
        Gantt::new(plan, &Calendars::from_specs(&[]), None, &BTreeMap::new())
    }

    #[test]
    fn the_picture_covers_whole_weeks_and_every_row() {
        let plan = plan();
        let gantt = picture(&plan);
        // One phase, three tasks, one gate.
        assert_eq!(gantt.rows.len(), 5);
        assert_eq!(gantt.height, 5 * ROW);
        // 4 January (a Monday) to 14 March: ten weeks.
        assert_eq!((gantt.weekends.len(), gantt.weeks.len()), (10, 10));
        assert_eq!(gantt.width, 70 * (1_100 / 70));
        assert!(gantt.markers.iter().all(|marker| (0..gantt.width).contains(&marker.x)));
    }

    #[test]
    fn labels_of_days_never_cover_each_other() {
        for (wanted, lanes) in [("2027-03-11", 2), ("2027-03-12", 1), ("2027-02-01", 1)] {
            let mut plan = plan();
            plan.head.go_live_target = wanted.parse().ok();
            let gantt = picture(&plan);
            let heights: BTreeSet<i32> = gantt.markers.iter().map(|marker| marker.label_y).collect();
            assert_eq!(heights.len(), lanes, "{wanted}");
            for (place, one) in gantt.markers.iter().enumerate() {
                let end = one.label_x + i32::try_from(one.label.len()).unwrap() * LETTER;
                assert!(end <= gantt.width, "{} stays inside", one.label);
                for other in &gantt.markers[place + 1..] {
                    assert!(
                        other.label_y != one.label_y || other.label_x > end || one.label_x > other.label_x
                    );
                }
            }
        }
    }

    #[test]
    fn the_chain_joins_critical_tasks_only_and_the_rest_is_drawn_beside() {
        let mut plan = plan();
        assert_eq!(picture(&plan).chain.len(), 0);
        for task in &mut plan.tasks {
            task.critical = task.code != "Kickoff";
        }
        plan.links = vec![link("Data inventory", "Build"), link("Kickoff", "Build")];
        let Gantt { chain, ties, .. } = picture(&plan);
        assert_eq!((chain.len(), ties.len()), (1, 1), "{chain:?} {ties:?}");
    }

    #[test]
    fn an_empty_plan_is_still_a_picture() {
        let mut plan = plan();
        plan.tasks.clear();
        plan.milestones.clear();
        let gantt = picture(&plan);
        assert!(gantt.rows.is_empty() && gantt.width > 0);
    }
}
