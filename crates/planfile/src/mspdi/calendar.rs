//! Calendars of project files.

use std::collections::{HashMap, HashSet};

use gangway_domain::fact::Notice;
use gangway_domain::plan::{CalendarSpec, ClosedSpec, HolidaySpec};
use jiff::civil::{Date, Weekday};

use super::value;
use crate::xml::Element;

/// The calendars of a plan, the project's first.
pub(super) struct Calendars {
    pub specs: Vec<CalendarSpec>,
    /// The project's UID of a calendar → its id in the plan.
    pub ids: HashMap<String, String>,
}

/// Days of the week in the order of their DayType, 1 to 7.
const WEEK: [Weekday; 7] = [
    Weekday::Sunday,
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
];

/// A calendar as written, or with what it inherits.
#[derive(Clone)]
struct Draft {
    /// Whether each day of [`WEEK`] is worked; `None`: as in the base calendar.
    week: [Option<bool>; 7],
    off: Vec<(Date, Date, String)>,
    extra: Vec<(Date, Date)>,
}

/// Reads the calendars that are not a resource's.
pub(super) fn read(project: &Element, notices: &mut Vec<Notice>) -> Calendars {
    let all: Vec<&Element> =
        project.child("Calendars").map(|list| list.all("Calendar").collect()).unwrap_or_default();
    let by_uid: HashMap<&str, &Element> =
        all.iter().filter_map(|calendar| Some((calendar.get("UID")?, *calendar))).collect();
    let used: HashSet<&str> = project
        .child("Tasks")
        .into_iter()
        .flat_map(|tasks| tasks.all("Task"))
        .filter_map(|task| task.get("CalendarUID"))
        .chain(project.get("CalendarUID"))
        .collect();
    let default = project.get("CalendarUID");
    let mut ordered: Vec<&Element> = all
        .into_iter()
        .filter(|calendar| calendar.get("UID").is_some_and(|uid| used.contains(uid)))
        .collect();
    ordered.sort_by_key(|calendar| calendar.get("UID") != default);
    if ordered.first().is_none_or(|calendar| calendar.get("UID") != default) {
        notices.push(Notice::warning(
            "no_project_calendar",
            "The file does not say which calendar the project uses: Monday to Friday is assumed.",
        ));
    }
    let mut calendars = Calendars { specs: Vec::new(), ids: HashMap::new() };
    if ordered.first().is_none_or(|calendar| calendar.get("UID") != default) {
        calendars.specs.push(spec("default".to_owned(), &Draft::empty(), notices));
    }
    let mut taken: HashSet<String> = calendars.specs.iter().map(|spec| spec.id.clone()).collect();
    for calendar in ordered {
        let Some(uid) = calendar.get("UID").filter(|uid| !calendars.ids.contains_key(*uid)) else { continue };
        let name = calendar.get("Name").unwrap_or(uid);
        let id = if taken.contains(name) { format!("{name} ({uid})") } else { name.to_owned() };
        if !taken.insert(id.clone()) {
            continue;
        }
        calendars.specs.push(spec(id.clone(), &inherit(calendar, &by_uid, notices), notices));
        calendars.ids.insert(uid.to_owned(), id);
    }
    calendars
}

/// A calendar with everything its base calendars say where it says nothing.
fn inherit(calendar: &Element, by_uid: &HashMap<&str, &Element>, notices: &mut Vec<Notice>) -> Draft {
    let mut draft = Draft::read(calendar, notices);
    let mut at = calendar;
    // Project allows one base; a longer chain is odd, a very long one goes round in a circle.
    for _ in 0..8 {
        let Some(base) = at.get("BaseCalendarUID").and_then(|uid| by_uid.get(uid)) else { break };
        let more = Draft::read(base, notices);
        for (day, base) in draft.week.iter_mut().zip(more.week) {
            *day = day.or(base);
        }
        draft.off.extend(more.off);
        draft.extra.extend(more.extra);
        at = base;
    }
    draft
}

impl Draft {
    fn empty() -> Self {
        Self { week: [None; 7], off: Vec::new(), extra: Vec::new() }
    }

    fn read(calendar: &Element, notices: &mut Vec<Notice>) -> Self {
        let mut draft = Self::empty();
        let name = calendar.get("Name").unwrap_or("without a name");
        for day in calendar.child("WeekDays").into_iter().flat_map(|days| days.all("WeekDay")) {
            let works = works(day);
            let day_type = day.get("DayType").and_then(|text| text.parse::<usize>().ok());
            match day_type.and_then(|day| day.checked_sub(1)).and_then(|day| draft.week.get_mut(day)) {
                Some(slot) => *slot = Some(works),
                // Type 0 is how files before Project 2007 write exceptions.
                None => draft.add(day.child("TimePeriod"), works, "", name, notices),
            }
        }
        for exception in calendar.child("Exceptions").into_iter().flat_map(|list| list.all("Exception")) {
            let title = exception.get("Name").unwrap_or_default();
            let repeats = exception.get("Type").is_some_and(|kind| kind != "1")
                && exception.get("Occurrences").is_some_and(|count| count != "1" && count != "0");
            if repeats {
                notices.push(Notice::warning(
                    "recurring_exception",
                    format!("Calendar `{name}`: the recurring exception `{title}` is not read. List its days one by one."),
                ));
                continue;
            }
            draft.add(exception.child("TimePeriod"), works(exception), title, name, notices);
        }
        draft
    }

    fn add(
        &mut self,
        period: Option<&Element>,
        works: bool,
        title: &str,
        calendar: &str,
        notices: &mut Vec<Notice>,
    ) {
        let day = |name| period.and_then(|period| period.get(name)).and_then(value::date);
        match (day("FromDate"), day("ToDate")) {
            (Some(from), Some(to)) if from <= to && works => self.extra.push((from, to)),
            (Some(from), Some(to)) if from <= to => self.off.push((from, to, title.to_owned())),
            _ => notices.push(Notice::warning(
                "unreadable_exception",
                format!("Calendar `{calendar}`: the exception `{title}` has no dates that make sense and is left out."),
            )),
        }
    }
}

/// `DayWorking`, or whether there are working times.
fn works(day: &Element) -> bool {
    match day.get("DayWorking") {
        Some(flag) => flag == "1" || flag == "true",
        None => day.child("WorkingTimes").is_some_and(|times| !times.children.is_empty()),
    }
}

fn spec(id: String, draft: &Draft, notices: &mut Vec<Notice>) -> CalendarSpec {
    let worked =
        |day: Weekday, set: Option<bool>| set.unwrap_or(!matches!(day, Weekday::Saturday | Weekday::Sunday));
    let weekend: Vec<Weekday> = WEEK
        .into_iter()
        .zip(draft.week)
        .filter(|&(day, set)| !worked(day, set))
        .map(|(day, _)| day)
        .collect();
    let mut spec = CalendarSpec { id, weekend, holidays: Vec::new(), closed: Vec::new() };
    for (from, to, title) in &draft.off {
        if from == to {
            spec.holidays.push(HolidaySpec { date: *from, name: title.clone() });
        } else {
            spec.closed.push(ClosedSpec { from: *from, to: *to, reason: title.clone() });
        }
    }
    for &(from, to) in &draft.extra {
        // A week of days tells whether any of them is a day off otherwise.
        let gained = from.series(jiff::Span::new().days(1)).take(7).take_while(|day| *day <= to);
        let on_weekend = gained.into_iter().any(|day| spec.weekend.contains(&day.weekday()));
        let on_day_off = draft.off.iter().any(|(off, until, _)| *off <= to && from <= *until);
        if on_weekend || on_day_off {
            notices.push(Notice::warning(
                "extra_working_day",
                format!(
                    "Calendar `{}`: work from {from} to {to} on days that are otherwise off is not planned.",
                    spec.id
                ),
            ));
        }
    }
    spec
}
