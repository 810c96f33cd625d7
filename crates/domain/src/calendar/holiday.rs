//! Public holidays of a country, as rules kept in the methodology (`calendars/*.toml`).

use std::collections::BTreeSet;

use indexmap::IndexMap;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use super::HolidayRule;
use crate::plan::HolidaySpec;

/// The public holidays of a country (or region) as rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HolidayCalendar {
    /// ISO 3166-1 alpha-2 code, upper case; a subdivision may follow after `-` (`DE-BY`).
    pub country: String,
    /// Name of the country.
    pub name: String,
    /// Where the rules come from and what they leave out.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notes: String,
    /// Regions with rules of their own: code after the country's (`BY`) → name.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub subdivisions: IndexMap<String, String>,
    /// The holidays.
    #[serde(default, rename = "holiday")]
    pub holidays: Vec<Holiday>,
}

/// One holiday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// English name.
    pub name: String,
    /// On which day it falls.
    pub on: HolidayRule,
    /// First year it is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<i16>,
    /// Last year it is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i16>,
    /// Years in which it is not kept, or on another day that has a rule of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skip: Vec<i16>,
    /// What happens when it falls on a weekend.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed: Option<Substitution>,
    /// Subdivisions that keep it, when not all do; then it is no holiday of the country as such.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<String>,
    /// Subdivisions that do not keep it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<String>,
}

/// Which day is off when a holiday falls on a weekend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Substitution {
    /// From Saturday or Sunday to the next Monday, even if that is a holiday already.
    NextMonday,
    /// From Saturday to the Friday before, from Sunday to the Monday after (United States).
    NearestWeekday,
    /// From Saturday or Sunday to the next weekday that is neither a holiday nor a substitute
    /// already (United Kingdom: Christmas on a Saturday makes Monday and Tuesday days off).
    NextFreeWeekday,
    /// From Sunday to the next day that is neither a holiday nor a substitute already (Japan, Singapore).
    SundayToNextFreeDay,
    /// From Sunday to the Saturday before, instead of the Sunday (the Netherlands).
    SundayToSaturday,
}

impl HolidayCalendar {
    /// Days off in `year` for the country as such (or the region, after [`Self::region`]), in order
    /// of date, with substitutes beside the days they stand for. Two holidays on one day are both listed.
    #[must_use]
    pub fn holidays(&self, year: i16) -> Vec<(Date, String)> {
        // A holiday of one year may be observed in the year before or after it.
        let mut days: Vec<(Date, &Holiday)> = Vec::new();
        for holiday in self.holidays.iter().filter(|holiday| holiday.only.is_empty()) {
            for of_year in [year.saturating_sub(1), year, year.saturating_add(1)] {
                if holiday.is_kept(of_year) {
                    days.extend(holiday.on.days(of_year).into_iter().map(|day| (day, holiday)));
                }
            }
        }
        days.sort_by_key(|(day, _)| *day);
        days.dedup();
        let mut taken: BTreeSet<Date> = days.iter().map(|(day, _)| *day).collect();
        let mut found = Vec::with_capacity(days.len());
        for (day, holiday) in days {
            let substitute = holiday.observed.and_then(|rule| rule.substitute(day, &taken));
            if substitute.is_none() || holiday.observed != Some(Substitution::SundayToSaturday) {
                found.push((day, holiday.name.clone()));
            }
            if let Some(substitute) = substitute {
                taken.insert(substitute);
                found.push((substitute, format!("{} (observed)", holiday.name)));
            }
        }
        found.retain(|(day, _)| day.year() == year);
        found.sort();
        found.dedup();
        found
    }

    /// The same days for a span of years, ready for a plan's calendar; days of one date are joined.
    #[must_use]
    pub fn specs(&self, years: std::ops::RangeInclusive<i16>) -> Vec<HolidaySpec> {
        let mut specs: Vec<HolidaySpec> = Vec::new();
        for (date, name) in years.flat_map(|year| self.holidays(year)) {
            match specs.last_mut() {
                Some(last) if last.date == date => last.name = format!("{}; {name}", last.name),
                _ => specs.push(HolidaySpec { date, name }),
            }
        }
        specs
    }

    /// The calendar of a subdivision, by its code with or without the country's (`BY`, `DE-BY`).
    /// `None` when the calendar knows no such subdivision.
    #[must_use]
    pub fn region(&self, code: &str) -> Option<Self> {
        let code = code.strip_prefix(self.country.as_str()).map_or(code, |rest| rest.trim_start_matches('-'));
        let name = self.subdivisions.get(code)?;
        let kept = |holiday: &&Holiday| {
            let only = holiday.only.is_empty() || holiday.only.iter().any(|only| only == code);
            only && holiday.except.iter().all(|except| except != code)
        };
        let holidays = self.holidays.iter().filter(kept).map(|holiday| {
            let (only, except) = (Vec::new(), Vec::new());
            Holiday { only, except, ..holiday.clone() }
        });
        Some(Self {
            country: format!("{}-{code}", self.country),
            name: format!("{} ({name})", self.name),
            notes: self.notes.clone(),
            subdivisions: IndexMap::new(),
            holidays: holidays.collect(),
        })
    }

    /// What is wrong with the rules, each in a sentence that names the holiday; empty when nothing is.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for holiday in &self.holidays {
            if let Some(problem) = holiday.on.problem() {
                problems.push(format!("`{}`: {problem} is not possible", holiday.name));
            }
            if let (Some(from), Some(until)) = (holiday.from, holiday.until)
                && until < from
            {
                problems
                    .push(format!("`{}`: kept from {from} until {until}, which is earlier", holiday.name));
            }
            for code in holiday.only.iter().chain(&holiday.except) {
                if !self.subdivisions.contains_key(code) {
                    problems.push(format!("`{}`: unknown subdivision `{code}`", holiday.name));
                }
            }
        }
        problems
    }
}

impl Holiday {
    fn is_kept(&self, year: i16) -> bool {
        self.from.is_none_or(|from| year >= from)
            && self.until.is_none_or(|until| year <= until)
            && !self.skip.contains(&year)
    }
}

impl Substitution {
    fn substitute(self, day: Date, taken: &BTreeSet<Date>) -> Option<Date> {
        let weekend = |day: Date| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        let next = |from: Date, free: &dyn Fn(Date) -> bool| {
            // Three weeks hold more free days than any cascade of holidays takes.
            from.series(jiff::Span::new().days(1)).skip(1).take(21).find(|&day| free(day))
        };
        match (self, day.weekday()) {
            (Self::NextMonday, Weekday::Saturday | Weekday::Sunday) => {
                day.nth_weekday(1, Weekday::Monday).ok()
            }
            (Self::NearestWeekday, Weekday::Saturday) | (Self::SundayToSaturday, Weekday::Sunday) => {
                day.yesterday().ok()
            }
            (Self::NearestWeekday, Weekday::Sunday) => day.tomorrow().ok(),
            (Self::NextFreeWeekday, Weekday::Saturday | Weekday::Sunday) => {
                next(day, &|day| !weekend(day) && !taken.contains(&day))
            }
            (Self::SundayToNextFreeDay, Weekday::Sunday) => next(day, &|day| !taken.contains(&day)),
            _ => None,
        }
    }
}
