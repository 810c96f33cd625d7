//! The form of a task that repeats: as it stands, or as it was typed.

use gangway_app::{Actor, App, AppError, work};
use gangway_domain::calendar::WeekdayName;
use gangway_domain::ids::{ContactId, OnboardingId, PersonId};
use gangway_domain::work::{Assignee, Nth, Rhythm, RunningPlan, Series, SeriesEnd};
use jiff::civil::Date;

use super::fields::{invalid, side};
use super::task::assignees;
use crate::form::{Fields, Wrong};
use crate::format::capital;
use crate::pages::Choice;

/// Days of the week as forms name them.
const WEEKDAYS: [(&str, WeekdayName); 7] = [
    ("monday", WeekdayName::Monday),
    ("tuesday", WeekdayName::Tuesday),
    ("wednesday", WeekdayName::Wednesday),
    ("thursday", WeekdayName::Thursday),
    ("friday", WeekdayName::Friday),
    ("saturday", WeekdayName::Saturday),
    ("sunday", WeekdayName::Sunday),
];

/// Rhythms as forms name them.
const RHYTHMS: [(&str, &str); 4] = [
    ("weeks", "Every so many weeks, on a weekday"),
    ("working-days", "Every so many working days"),
    ("month-day", "Every month, on a day"),
    ("month-weekday", "Every month, on a weekday"),
];

/// Ends as forms name them.
const ENDS: [(&str, &str); 3] =
    [("with", "With a task or milestone of the plan"), ("on", "On a day"), ("times", "After so many times")];

/// The form, field by field.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheet {
    pub version: i64,
    pub name: String,
    pub days: String,
    pub side: String,
    pub assignee: String,
    pub role: String,
    pub phase: String,
    pub rhythm: String,
    pub every: String,
    pub weekday: String,
    pub nth: String,
    pub month_day: String,
    pub starts_on: String,
    pub end: String,
    pub end_with: String,
    pub end_on: String,
    pub end_times: String,
    pub wrong: Wrong,
}

/// What can be chosen in it.
pub(super) struct Choices {
    pub sides: Vec<Choice>,
    pub assignees: Vec<Choice>,
    pub phases: Vec<Choice>,
    pub rhythms: Vec<Choice>,
    pub weekdays: Vec<Choice>,
    pub nths: Vec<Choice>,
    pub ends: Vec<Choice>,
    pub places: Vec<Choice>,
}

impl Sheet {
    /// For a new one: every week until the go-live.
    pub(super) fn blank(today: Date, go_live: Option<&str>) -> Self {
        Self {
            days: "1".to_owned(),
            side: "vendor".to_owned(),
            rhythm: "weeks".to_owned(),
            every: "1".to_owned(),
            weekday: "friday".to_owned(),
            nth: "first".to_owned(),
            month_day: "1".to_owned(),
            starts_on: today.to_string(),
            end: if go_live.is_some() { "with" } else { "times" }.to_owned(),
            end_with: go_live.unwrap_or_default().to_owned(),
            end_times: "4".to_owned(),
            ..Self::default()
        }
    }

    /// Of a series as it stands.
    pub(super) fn of(series: &Series, version: i64) -> Self {
        let blank = Self::blank(series.starts_on, None);
        let weekday = |on: WeekdayName| {
            let known = WEEKDAYS.iter().find(|(_, name)| *name == on);
            known.map_or_else(String::new, |(word, _)| (*word).to_owned())
        };
        let assignee = match &series.assignee {
            Some(Assignee::Person { id, .. }) => id.to_string(),
            Some(Assignee::Contact { id, .. }) => id.to_string(),
            // Nobody else is of this name for sure: it stays where nobody is chosen.
            Some(Assignee::Name { .. }) | None => String::new(),
        };
        let sheet = Self {
            version,
            name: series.name.clone(),
            days: series.days.to_string(),
            side: series.side.word().to_owned(),
            assignee,
            role: series.role.clone(),
            phase: series.phase.clone().unwrap_or_default(),
            ..blank
        };
        let sheet = match series.rhythm {
            Rhythm::WorkingDays { every } => {
                Self { rhythm: "working-days".to_owned(), every: every.to_string(), ..sheet }
            }
            Rhythm::Weeks { every, on } => {
                Self { rhythm: "weeks".to_owned(), every: every.to_string(), weekday: weekday(on), ..sheet }
            }
            Rhythm::MonthDay { day } => {
                Self { rhythm: "month-day".to_owned(), month_day: day.to_string(), ..sheet }
            }
            Rhythm::MonthWeekday { nth, on } => Self {
                rhythm: "month-weekday".to_owned(),
                nth: nth.word().to_owned(),
                weekday: weekday(on),
                ..sheet
            },
        };
        match &series.end {
            SeriesEnd::On { date } => Self { end: "on".to_owned(), end_on: date.to_string(), ..sheet },
            SeriesEnd::Times { times } => {
                Self { end: "times".to_owned(), end_times: times.to_string(), ..sheet }
            }
            SeriesEnd::With { code } => Self { end: "with".to_owned(), end_with: code.clone(), ..sheet },
        }
    }

    /// As it was typed.
    pub(super) fn typed(fields: &Fields) -> Self {
        let text = |name: &str| fields.text(name).trim().to_owned();
        Self {
            version: fields.version(),
            name: text("name"),
            days: text("days"),
            side: text("side"),
            assignee: text("assignee"),
            role: text("role"),
            phase: text("phase"),
            rhythm: text("rhythm"),
            every: text("every"),
            weekday: text("weekday"),
            nth: text("nth"),
            month_day: text("month_day"),
            starts_on: text("starts_on"),
            end: text("end"),
            end_with: text("end_with"),
            end_on: text("end_on"),
            end_times: text("end_times"),
            wrong: Wrong::default(),
        }
    }

    /// What was typed, to be sent again.
    pub(super) fn again(&self) -> Vec<(&'static str, String)> {
        [
            ("name", &self.name),
            ("days", &self.days),
            ("side", &self.side),
            ("assignee", &self.assignee),
            ("role", &self.role),
            ("phase", &self.phase),
            ("rhythm", &self.rhythm),
            ("every", &self.every),
            ("weekday", &self.weekday),
            ("nth", &self.nth),
            ("month_day", &self.month_day),
            ("starts_on", &self.starts_on),
            ("end", &self.end),
            ("end_with", &self.end_with),
            ("end_on", &self.end_on),
            ("end_times", &self.end_times),
        ]
        .map(|(name, value)| (name, value.clone()))
        .into()
    }

    /// The series it says.
    pub(super) async fn read(&self, app: &App, actor: &Actor, id: OnboardingId) -> Result<Series, AppError> {
        let starts_on = match self.starts_on.as_str() {
            "" => app.today(),
            text => text.parse().map_err(|_| invalid("starts_on", "must be a day such as 2027-01-31"))?,
        };
        Ok(Series {
            name: self.name.clone(),
            side: side(&self.side, "side")?,
            role: self.role.clone(),
            assignee: work::assignee(app, actor, id, &self.assignee).await?,
            days: self.days.parse().map_err(|_| invalid("days", "must be a whole number of working days"))?,
            phase: Some(self.phase.clone()).filter(|phase| !phase.is_empty()),
            rhythm: self.rhythm()?,
            starts_on,
            end: self.end()?,
        })
    }

    fn rhythm(&self) -> Result<Rhythm, AppError> {
        let every = || self.every.parse().map_err(|_| invalid("every", "must be a whole number"));
        let weekday = || {
            let known = WEEKDAYS.iter().find(|(word, _)| *word == self.weekday);
            known.map(|(_, name)| *name).ok_or_else(|| invalid("weekday", "is missing"))
        };
        Ok(match self.rhythm.as_str() {
            "working-days" => Rhythm::WorkingDays { every: every()? },
            "weeks" => Rhythm::Weeks { every: every()?, on: weekday()? },
            "month-day" => {
                let day = self.month_day.parse().map_err(|_| invalid("month_day", "must be 1 to 31"))?;
                Rhythm::MonthDay { day }
            }
            "month-weekday" => {
                let nth = Nth::ALL.into_iter().find(|nth| nth.word() == self.nth);
                Rhythm::MonthWeekday { nth: nth.ok_or_else(|| invalid("nth", "is missing"))?, on: weekday()? }
            }
            _ => return Err(invalid("rhythm", "is missing")),
        })
    }

    fn end(&self) -> Result<SeriesEnd, AppError> {
        Ok(match self.end.as_str() {
            "with" if self.end_with.is_empty() => return Err(invalid("end_with", "is missing")),
            "with" => SeriesEnd::With { code: self.end_with.clone() },
            "on" => {
                let date = self.end_on.parse();
                SeriesEnd::On {
                    date: date.map_err(|_| invalid("end_on", "must be a day such as 2027-01-31"))?,
                }
            }
            "times" => {
                let times = self.end_times.parse();
                SeriesEnd::Times { times: times.map_err(|_| invalid("end_times", "must be a whole number"))? }
            }
            _ => return Err(invalid("end", "is missing")),
        })
    }
}

impl Choices {
    /// For a plan, with what the form says chosen.
    pub(super) fn new(
        plan: &RunningPlan,
        sheet: &Sheet,
        members: Vec<(PersonId, String)>,
        contacts: Vec<(ContactId, String)>,
    ) -> Self {
        let phases = plan.phases.iter().map(|phase| Choice::of(&phase.code, &phase.name, &sheet.phase));
        let is_open =
            |code: &str| code == sheet.end_with || plan.task(code).is_some_and(|task| !task.state.is_over());
        // The go-live first: most of what repeats ends with it.
        let go_live = plan.ground.go_live.as_deref();
        let first = plan.tasks.iter().filter(|task| Some(task.code.as_str()) == go_live);
        let others = plan.tasks.iter().filter(|task| Some(task.code.as_str()) != go_live);
        let others = others.filter(|task| is_open(&task.code) && !task.is_recurring());
        let gates = plan.milestones.iter().map(|one| Choice::of(&one.code, &one.name, &sheet.end_with));
        let tasks = others.map(|task| Choice::of(&task.code, &task.name, &sheet.end_with));
        let places = first.map(|task| Choice::of(&task.code, &task.name, &sheet.end_with));
        let chosen = Some(sheet.assignee.as_str()).filter(|who| !who.is_empty());
        Self {
            sides: ["vendor", "customer", "joint"]
                .map(|side| Choice::of(side, capital(side), &sheet.side))
                .into(),
            assignees: assignees(members, contacts, chosen),
            phases: std::iter::once(Choice::of("", "The one that runs", &sheet.phase))
                .chain(phases)
                .collect(),
            rhythms: RHYTHMS.map(|(value, label)| Choice::of(value, label, &sheet.rhythm)).into(),
            weekdays: WEEKDAYS.map(|(word, _)| Choice::of(word, capital(word), &sheet.weekday)).into(),
            nths: Nth::ALL.map(|nth| Choice::of(nth.word(), capital(nth.word()), &sheet.nth)).into(),
            ends: ENDS.map(|(value, label)| Choice::of(value, label, &sheet.end)).into(),
            places: places.chain(gates).chain(tasks).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use gangway_domain::programme::Side;
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_form_says_what_the_series_says() {
        let series = |rhythm: Rhythm, end: SeriesEnd| Series {
            name: "Check".into(),
            side: Side::Joint,
            role: String::new(),
            assignee: None,
            days: 2,
            phase: None,
            rhythm,
            starts_on: date(2027, 1, 11),
            end,
        };
        let on = WeekdayName::Sunday;
        for (rhythm, end) in [
            (Rhythm::WorkingDays { every: 3 }, SeriesEnd::Times { times: 9 }),
            (Rhythm::Weeks { every: 2, on }, SeriesEnd::With { code: "go-live".into() }),
            (Rhythm::MonthDay { day: 31 }, SeriesEnd::On { date: date(2027, 12, 1) }),
            (Rhythm::MonthWeekday { nth: Nth::Last, on }, SeriesEnd::Times { times: 1 }),
        ] {
            let series = series(rhythm, end);
            let sheet = Sheet::of(&series, 4);
            assert_eq!(sheet.rhythm().ok(), Some(series.rhythm));
            assert_eq!(sheet.end().ok(), Some(series.end));
            assert_eq!((sheet.version, sheet.days.as_str(), sheet.side.as_str()), (4, "2", "joint"));
        }
        let nothing = Sheet::default();
        assert!(nothing.rhythm().is_err() && nothing.end().is_err());
    }
}
