//! On which days a session can be, and where it belongs when the plan around it moves.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::calendar::WorkCalendar;
use crate::programme::Side;
use crate::workload::{Availability, Calendars};

/// Most days looked through for a free one: more than a year's closure is no closure.
const FURTHEST: usize = 400;

/// Who is missing on a day, as a sentence without its full stop; nothing when both parties work and none of those who
/// teach is absent.
#[must_use]
pub fn missing_on(calendars: &Calendars, trainers: &[(&str, &Availability)], day: Date) -> Option<String> {
    let shown = day.strftime("%-d %b %Y");
    for (side, who) in [(Side::Vendor, "the vendor"), (Side::Customer, "the customer")] {
        if let Some(why) = calendars.side(side).day_off(day) {
            return Some(format!("{who} does not work on {shown} ({why})"));
        }
    }
    trainers.iter().find_map(|(name, availability)| {
        let absence = availability.absence(day)?;
        Some(match absence.reason.as_str() {
            "" => format!("{name} is absent on {shown}"),
            reason => format!("{name} is absent on {shown} ({reason})"),
        })
    })
}

/// Where a day belongs when what it hangs on moved: as many working days away from it as before.
#[must_use]
pub fn followed(calendar: &WorkCalendar, from: Date, to: Date, day: Date) -> Date {
    let distance = calendar.workdays_between(from, day);
    calendar.add_workdays(calendar.next_workday(to), distance)
}

/// The first day from `day` on that is free; `day` itself when none is for longer than a year.
#[must_use]
pub fn first_free(day: Date, is_free: impl Fn(Date) -> bool) -> Date {
    day.series(1.day()).take(FURTHEST).find(|day| is_free(*day)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Weekday, date};

    use super::*;
    use crate::plan::{CalendarSpec, ClosedSpec, HolidaySpec};
    use crate::workload::Absence;

    fn calendars() -> Calendars {
        let spec = |id: &str| CalendarSpec {
            id: id.to_owned(),
            weekend: vec![Weekday::Saturday, Weekday::Sunday],
            holidays: Vec::new(),
            closed: Vec::new(),
        };
        let holiday = HolidaySpec { date: date(2027, 1, 18), name: "Founders' day".to_owned() };
        let closed =
            ClosedSpec { from: date(2027, 1, 25), to: date(2027, 1, 29), reason: "Stocktaking".to_owned() };
        Calendars::from_specs(&[
            CalendarSpec { holidays: vec![holiday], ..spec("vendor") },
            CalendarSpec { closed: vec![closed], ..spec("customer") },
        ])
    }

    #[test]
    fn weekends_holidays_closures_and_absences_are_said() {
        let calendars = calendars();
        let away = Absence { from: date(2027, 1, 12), to: date(2027, 1, 13), reason: String::new() };
        let ines = Availability { absences: vec![away], ..Availability::default() };
        let said = |day| missing_on(&calendars, &[("Ines", &ines)], day);
        assert_eq!(said(date(2027, 1, 11)), None);
        assert_eq!(said(date(2027, 1, 12)).unwrap(), "Ines is absent on 12 Jan 2027");
        assert_eq!(said(date(2027, 1, 16)).unwrap(), "the vendor does not work on 16 Jan 2027 (Saturday)");
        assert_eq!(
            said(date(2027, 1, 18)).unwrap(),
            "the vendor does not work on 18 Jan 2027 (Founders' day)"
        );
        assert_eq!(
            said(date(2027, 1, 27)).unwrap(),
            "the customer does not work on 27 Jan 2027 (Stocktaking)"
        );
        assert_eq!(missing_on(&calendars, &[], date(2027, 1, 12)), None, "somebody else teaches");
        let free = first_free(date(2027, 1, 23), |day| said(day).is_none());
        assert_eq!(free, date(2027, 2, 1), "after the weekend and the closure");
    }

    #[test]
    fn a_day_keeps_its_distance_in_days_both_work() {
        let calendars = calendars();
        let joint = calendars.side(Side::Joint);
        let to = |from, to, day| followed(joint, from, to, day);
        let (monday, thursday) = (date(2027, 1, 11), date(2027, 1, 14));
        assert_eq!(to(monday, date(2027, 2, 1), thursday), date(2027, 2, 4));
        assert_eq!(
            to(monday, date(2027, 1, 20), thursday),
            date(2027, 2, 1),
            "nobody is there from 25 January on"
        );
        assert_eq!(to(thursday, date(2027, 1, 21), monday), date(2027, 1, 15), "before it stays before it");
        assert_eq!(to(monday, monday, thursday), thursday);
    }

    #[test]
    fn where_nothing_is_ever_free_the_day_stays() {
        assert_eq!(first_free(date(2027, 1, 16), |_| false), date(2027, 1, 16));
    }
}
