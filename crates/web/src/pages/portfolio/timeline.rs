//! Onboardings beside each other in time: where every bar and mark goes. The template draws them.
//!
//! Names stand in a column of their own beside the picture, so that they stay when it is scrolled; both
//! have rows of the same height.

use gangway_store::onboarding::list::Line;
use jiff::ToSpan;
use jiff::civil::Date;

use super::health::{Health, signals};
use crate::format::{Day, capital};

/// Height of a row, units of the picture (pixels); `plan.css` gives names the same.
const ROW: i32 = 28;
/// Height of the head: months, and the label of today.
const HEAD: i32 = 44;

pub(super) struct Timeline {
    pub width: i32,
    pub height: i32,
    pub head: i32,
    /// In words, for those who cannot see it.
    pub summary: String,
    pub months: Vec<Month>,
    /// Where today is.
    pub today: Option<i32>,
    pub rows: Vec<Row>,
    /// What the picture shows of all it could: class of the mark and its words.
    pub legend: Vec<(&'static str, &'static str)>,
}

pub(super) struct Month {
    pub x: i32,
    pub text: String,
}

pub(super) struct Row {
    pub href: String,
    pub customer: String,
    /// Everything the bar says, in words.
    pub title: String,
    pub x: i32,
    pub y: i32,
    pub width: i32,
    pub middle: i32,
    pub class: &'static str,
    pub kickoff: i32,
    pub go_live: String,
    pub late: bool,
    pub first_value: Option<i32>,
    pub wanted: Option<i32>,
}

struct Scale {
    start: Date,
    /// Pixels of a day, in tenths.
    day: i32,
}

impl Scale {
    fn x(&self, date: Date) -> i32 {
        (date - self.start).get_days() * self.day / 10
    }
}

impl Timeline {
    /// Nothing when there is nothing to show.
    pub(super) fn new(lines: &[Line], today: Date, bands: &[String]) -> Option<Self> {
        let first = lines.iter().map(|line| line.starts_on).min()?;
        let ends = |line: &Line| line.finish_on.max(line.go_live_target.unwrap_or(line.finish_on));
        let last = lines.iter().map(ends).max()?;
        let start = first.first_of_month();
        let end = last.last_of_month();
        let days = (end - start).get_days().max(1);
        // Some years fit as well as some months: the picture is between one and three screens wide.
        let day = (10_000 / days).clamp(8, 40);
        let scale = Scale { start, day };
        let width = scale.x(end.saturating_add(1.day()));
        let rows = lines.iter().enumerate();
        let rows: Vec<Row> = rows.map(|(index, line)| Row::new(line, index, &scale, bands)).collect();
        Some(Self {
            width,
            height: ROW * i32::try_from(rows.len()).unwrap_or(0),
            head: HEAD,
            summary: format!(
                "{} onboardings from {} to {}",
                rows.len(),
                Day::from(first).words,
                Day::from(last).words
            ),
            months: months(start, end, &scale),
            today: (start <= today && today <= end).then(|| scale.x(today)),
            legend: legend(&rows),
            rows,
        })
    }
}

/// The states and marks that are there.
fn legend(rows: &[Row]) -> Vec<(&'static str, &'static str)> {
    let any = |is: fn(&Row) -> bool| rows.iter().any(is);
    let states =
        [("running", "Running"), ("planned", "Planned"), ("completed", "Completed"), ("closed", "Closed")];
    let marks = [
        (true, "mark-kickoff", "Kickoff"),
        (any(|row| !row.late), "mark-live", "Go-live"),
        (any(|row| row.late), "mark-late", "Go-live, late"),
        (any(|row| row.wanted.is_some()), "mark-wanted", "Wanted go-live"),
        (any(|row| row.first_value.is_some()), "mark-value", "First value"),
    ];
    let states = states.into_iter().filter(|(class, _)| rows.iter().any(|row| row.class == *class));
    let marks = marks.into_iter().filter(|(there, ..)| *there).map(|(_, class, words)| (class, words));
    states.chain(marks).collect()
}

/// The first days of the months, each with its name; years are named where they begin. Where months are
/// narrow, only every third is named.
fn months(start: Date, end: Date, scale: &Scale) -> Vec<Month> {
    let every = if scale.day >= 20 { 1 } else { 3 };
    let mut months = Vec::new();
    let mut day = start;
    while day <= end {
        let named = months.is_empty() || (day.month() - 1) % every == 0;
        let form = if months.is_empty() || day.month() == 1 { "%b %Y" } else { "%b" };
        let text = if named { day.strftime(form).to_string() } else { String::new() };
        months.push(Month { x: scale.x(day), text });
        day = day.saturating_add(1.month());
    }
    months
}

impl Row {
    fn new(line: &Line, index: usize, scale: &Scale, bands: &[String]) -> Self {
        let y = ROW * i32::try_from(index).unwrap_or(0);
        let (x, end) = (scale.x(line.starts_on), scale.x(line.finish_on.saturating_add(1.day())));
        let (live, middle) = (scale.x(line.go_live_on), y + ROW / 2);
        let words = |day: Date| Day::from(day).words;
        let late = line.late_days > 0;
        let mut title = format!(
            "{}: {}, kickoff {}, go-live {}",
            line.customer,
            capital(&line.state).to_lowercase(),
            words(line.kickoff_on),
            words(line.go_live_on)
        );
        if late {
            title.push_str(&format!(" ({} days late)", line.late_days));
        }
        if let Some(day) = line.first_value_on {
            title.push_str(&format!(", first value {}", words(day)));
        }
        title.push_str(&format!(", finish {}", words(line.finish_on)));
        if let Some(health) = Health::of(line, bands) {
            title.push_str(&format!(", {}", health.words()));
        }
        if let Some((open, _)) = signals(line) {
            title.push_str(&format!(", {open}"));
        }
        Self {
            href: format!("/onboardings/{}", line.id),
            customer: line.customer.clone(),
            title,
            x,
            y: y + 8,
            width: (end - x).max(3),
            middle,
            class: match line.state.as_str() {
                "running" => "running",
                "completed" => "completed",
                "closed" => "closed",
                _ => "planned",
            },
            kickoff: scale.x(line.kickoff_on),
            go_live: format!(
                "{},{middle} {live},{} {},{middle} {live},{}",
                live - 6,
                middle - 6,
                live + 6,
                middle + 6
            ),
            late,
            first_value: line.first_value_on.map(|day| scale.x(day)),
            wanted: line.go_live_target.filter(|_| late).map(|day| scale.x(day)),
        }
    }
}
