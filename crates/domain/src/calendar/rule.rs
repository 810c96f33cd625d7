//! Rules that say on which day of a year a holiday falls.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{easter_orthodox, easter_western};

/// On which day a holiday falls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "one of { month, day }, { easter }, { orthodox-easter }, { nth, weekday, month }, \
                 { weekday, on-or-after }, { weekday, before } or { dates }"
)]
pub enum HolidayRule {
    /// The same date every year; 29 February only in leap years.
    Fixed(FixedDay),
    /// A number of days after (before, when negative) Easter Sunday of the western churches.
    Easter(EasterDay),
    /// Likewise for the orthodox churches.
    OrthodoxEaster(OrthodoxEasterDay),
    /// The first, second, … weekday of a month; -1 is the last.
    Nth(NthWeekday),
    /// The first such weekday on or after a date.
    OnOrAfter(WeekdayOnOrAfter),
    /// The last such weekday before a date.
    Before(WeekdayBefore),
    /// Announced or observed dates, for what no rule gives: lunar calendars, equinoxes, single events.
    Dates(AnnouncedDates),
}

/// See [`HolidayRule::Fixed`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FixedDay {
    /// 1 to 12.
    pub month: i8,
    /// 1 to 31.
    pub day: i8,
}

/// See [`HolidayRule::Easter`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EasterDay {
    /// Days after Easter Sunday.
    pub easter: i16,
}

/// See [`HolidayRule::OrthodoxEaster`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OrthodoxEasterDay {
    /// Days after orthodox Easter Sunday.
    pub orthodox_easter: i16,
}

/// See [`HolidayRule::Nth`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NthWeekday {
    /// 1 to 5, or -1 to -5 counted from the end.
    pub nth: i8,
    /// The weekday.
    pub weekday: WeekdayName,
    /// 1 to 12.
    pub month: i8,
}

/// See [`HolidayRule::OnOrAfter`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct WeekdayOnOrAfter {
    /// The weekday.
    pub weekday: WeekdayName,
    /// First day it can be.
    pub on_or_after: FixedDay,
}

/// See [`HolidayRule::Before`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeekdayBefore {
    /// The weekday.
    pub weekday: WeekdayName,
    /// The day it is before.
    pub before: FixedDay,
}

/// See [`HolidayRule::Dates`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnnouncedDates {
    /// The dates, of any years.
    pub dates: Vec<Date>,
}

/// A weekday by its English name in lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum WeekdayName {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

impl From<WeekdayName> for Weekday {
    fn from(name: WeekdayName) -> Self {
        match name {
            WeekdayName::Monday => Self::Monday,
            WeekdayName::Tuesday => Self::Tuesday,
            WeekdayName::Wednesday => Self::Wednesday,
            WeekdayName::Thursday => Self::Thursday,
            WeekdayName::Friday => Self::Friday,
            WeekdayName::Saturday => Self::Saturday,
            WeekdayName::Sunday => Self::Sunday,
        }
    }
}

impl HolidayRule {
    /// The days of the rule in a year: one or none, except for announced dates.
    pub(super) fn days(&self, year: i16) -> Vec<Date> {
        match self {
            Self::Fixed(fixed) => fixed.of(year).into_iter().collect(),
            Self::Easter(day) => offset(easter_western(year), day.easter),
            Self::OrthodoxEaster(day) => offset(easter_orthodox(year), day.orthodox_easter),
            Self::Nth(NthWeekday { nth, weekday, month }) => {
                let first = Date::new(year, *month, 1).ok();
                first
                    .and_then(|first| first.nth_weekday_of_month(*nth, (*weekday).into()).ok())
                    .into_iter()
                    .collect()
            }
            Self::OnOrAfter(WeekdayOnOrAfter { weekday, on_or_after }) => {
                // The nth_weekday functions look strictly after (before) a date.
                let eve = on_or_after.of(year).and_then(|day| day.yesterday().ok());
                eve.and_then(|eve| eve.nth_weekday(1, (*weekday).into()).ok()).into_iter().collect()
            }
            Self::Before(WeekdayBefore { weekday, before }) => {
                let day = before.of(year);
                day.and_then(|day| day.nth_weekday(-1, (*weekday).into()).ok()).into_iter().collect()
            }
            Self::Dates(announced) => {
                announced.dates.iter().copied().filter(|date| date.year() == year).collect()
            }
        }
    }

    /// What is impossible about the rule, e.g. `month 13`; `None` for a rule that can be used.
    pub(super) fn problem(&self) -> Option<String> {
        match self {
            Self::Fixed(fixed) => fixed.problem(),
            Self::Easter(EasterDay { easter: days })
            | Self::OrthodoxEaster(OrthodoxEasterDay { orthodox_easter: days }) => {
                (days.unsigned_abs() > 100).then(|| format!("{days} days from Easter"))
            }
            Self::Nth(NthWeekday { nth, month, .. }) => {
                if !(1..=12).contains(month) {
                    return Some(format!("month {month}"));
                }
                (*nth == 0 || nth.unsigned_abs() > 5).then(|| format!("nth = {nth}"))
            }
            Self::OnOrAfter(rule) => rule.on_or_after.problem(),
            Self::Before(rule) => rule.before.problem(),
            Self::Dates(announced) => announced.dates.is_empty().then(|| "an empty list of dates".to_owned()),
        }
    }
}

impl FixedDay {
    fn of(&self, year: i16) -> Option<Date> {
        Date::new(year, self.month, self.day).ok()
    }

    fn problem(&self) -> Option<String> {
        // 2024 is a leap year: 29 February is a possible day.
        self.of(2024).is_none().then(|| format!("month {}, day {}", self.month, self.day))
    }
}

fn offset(easter: Option<Date>, days: i16) -> Vec<Date> {
    easter.and_then(|easter| easter.checked_add(i64::from(days).days()).ok()).into_iter().collect()
}
