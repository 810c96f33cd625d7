//! The calendars a plan runs on: the vendor's and the customer's, holidays and closures included.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::deal::{Blackout, Deal};
use crate::fact::Notice;
use crate::methodology::Methodology;
use crate::plan::{CalendarSpec, ClosedSpec, HolidaySpec};

/// Id of the vendor's calendar.
pub(super) const VENDOR: &str = "vendor";
/// Id of the customer's calendar.
pub(super) const CUSTOMER: &str = "customer";

/// Code of the notice that the customer is taken to keep the vendor's public holidays.
pub(super) const CUSTOMER_ASSUMED: &str = "customer_country_assumed";

/// Both calendars, with what had to be assumed.
pub(super) struct Calendars {
    /// Vendor first, customer second.
    pub specs: Vec<CalendarSpec>,
    /// Periods in which nothing may go live.
    pub no_go_live: Vec<ClosedSpec>,
    /// The vendor's country, where the customer's is unknown and taken to be the same.
    pub assumed: Option<String>,
    /// Assumptions made.
    pub notices: Vec<Notice>,
}

/// Words in the reason of a blackout that say people are away, not only that nothing may go live.
const AWAY: [&str; 14] = [
    "shutdown",
    "shut down",
    "closed",
    "closure",
    "vacation",
    "holiday",
    "leave",
    "plant stop",
    "betriebsferien",
    "urlaub",
    "ferien",
    "congé",
    "fermeture",
    "vacaciones",
];

/// Makes both calendars from the day `from` to the end of the year `until`. `assumes`: whoever's country is unknown
/// keeps the public holidays of the other; without, only the vendor does, as in packages of earlier versions.
pub(super) fn calendars(
    deal: &Deal,
    methodology: &Methodology,
    vendor_country: Option<&str>,
    assumes: bool,
    from: Date,
    until: i16,
) -> Calendars {
    let mut notices = Vec::new();
    let customer_country = deal.country.as_ref().map(|fact| fact.value.to_uppercase());
    let vendor_country = vendor_country.map(str::to_uppercase).or_else(|| {
        let country = customer_country.clone()?;
        notices.push(Notice::info(
            "vendor_country_assumed",
            format!(
                "The vendor's public holidays are taken to be those of the customer's country ({country})."
            ),
        ));
        Some(country)
    });
    let assumed = vendor_country.clone().filter(|_| assumes && customer_country.is_none());
    if let Some(country) = &assumed {
        notices.push(Notice::warning(
            CUSTOMER_ASSUMED,
            format!(
                "The customer's country is not known: their public holidays are taken to be those of the vendor's \
                 country ({country}). Add `Country:` to the deal."
            ),
        ));
    } else if customer_country.is_none() {
        notices.push(Notice::warning(
            "country_unknown",
            "The customer's country is not known, so their public holidays are not in the plan: add `Country:` to the deal.",
        ));
    }
    let customer_country = customer_country.or_else(|| assumed.clone());
    let (closures, no_go_live): (Vec<&Blackout>, Vec<&Blackout>) =
        deal.blackouts.iter().map(|fact| &fact.value).partition(|blackout| is_away(blackout));

    let mut holidays = |country: Option<&str>, who: &str| -> Vec<HolidaySpec> {
        let Some(country) = country else { return Vec::new() };
        let base = country.split('-').next().unwrap_or(country);
        let of_land = methodology.calendars.get(base);
        let region = of_land.and_then(|calendar| calendar.region(country));
        let found = methodology.calendars.get(country).or(region.as_ref()).or(of_land);
        let Some(calendar) = found else {
            notices.push(Notice::warning(
                "no_holidays_for_country",
                format!(
                    "There is no holiday calendar for {country} ({who}): add calendars/{}.toml.",
                    base.to_lowercase()
                ),
            ));
            return Vec::new();
        };
        (from.year()..=until.min(from.year().saturating_add(40)))
            .flat_map(|year| calendar.holidays(year))
            .filter(|(date, _)| *date >= from)
            .map(|(date, name)| HolidaySpec { date, name })
            .collect()
    };
    let vendor = spec(VENDOR, holidays(vendor_country.as_deref(), "vendor"), Vec::new());
    let customer = spec(
        CUSTOMER,
        holidays(customer_country.as_deref(), "customer"),
        closures.iter().map(|blackout| closed(blackout)).collect(),
    );
    Calendars {
        specs: vec![vendor, customer],
        no_go_live: no_go_live.into_iter().chain(closures).map(closed).collect(),
        assumed,
        notices,
    }
}

fn is_away(blackout: &Blackout) -> bool {
    let reason = blackout.reason.as_deref().unwrap_or_default().to_lowercase();
    // A "holiday code freeze" keeps people at work.
    if reason.contains("freeze") {
        return false;
    }
    AWAY.iter().any(|word| reason.contains(word))
}

fn closed(blackout: &Blackout) -> ClosedSpec {
    ClosedSpec { from: blackout.from, to: blackout.to, reason: blackout.reason.clone().unwrap_or_default() }
}

fn spec(id: &str, holidays: Vec<HolidaySpec>, closed: Vec<ClosedSpec>) -> CalendarSpec {
    CalendarSpec { id: id.to_owned(), weekend: vec![Weekday::Saturday, Weekday::Sunday], holidays, closed }
}

/// Whether both parties work on a day.
pub(super) fn both_work(specs: &[CalendarSpec], day: Date) -> bool {
    specs.iter().all(|spec| {
        !spec.weekend.contains(&day.weekday())
            && !spec.holidays.iter().any(|holiday| holiday.date == day)
            && !spec.closed.iter().any(|closed| closed.from <= day && day <= closed.to)
    })
}

/// The first day on or after `day` on which both work and which is not `avoid`; `None` within a year.
pub(super) fn next_joint_day(specs: &[CalendarSpec], day: Date, avoid: Option<Weekday>) -> Option<Date> {
    (0..366_i32)
        .filter_map(|offset| day.checked_add(offset.days()).ok())
        .find(|day| both_work(specs, *day) && Some(day.weekday()) != avoid)
}

/// The last day up to `day` on which both work, `earliest` at the earliest; `day` itself when there is none.
pub(super) fn joint_day_by(specs: &[CalendarSpec], day: Date, earliest: Date) -> Date {
    (0..=31_i32)
        .filter_map(|offset| day.checked_sub(offset.days()).ok())
        .take_while(|candidate| *candidate >= earliest)
        .find(|candidate| both_work(specs, *candidate))
        .unwrap_or(day)
}

/// The last day before `day` on which both work; the day before when there is none within a month.
pub(super) fn joint_day_before(specs: &[CalendarSpec], day: Date) -> Date {
    (1..=31_i32)
        .filter_map(|offset| day.checked_sub(offset.days()).ok())
        .find(|day| both_work(specs, *day))
        .unwrap_or_else(|| day.yesterday().unwrap_or(day))
}

#[cfg(test)]
mod tests {
    use indexmap::IndexMap;
    use jiff::civil::date;

    use super::*;
    use crate::calendar::{FixedDay, Holiday, HolidayCalendar, HolidayRule};
    use crate::fact::{Confidence, Fact};

    #[test]
    fn a_shutdown_closes_the_customer_and_a_freeze_only_bars_the_go_live() {
        let blackout = |from, to, reason: &str| {
            Fact::derived(Blackout { from, to, reason: Some(reason.into()) }, "", Confidence::High)
        };
        let deal = Deal {
            blackouts: vec![
                blackout(date(2027, 8, 2), date(2027, 8, 20), "Betriebsferien"),
                blackout(date(2027, 12, 1), date(2027, 12, 31), "holiday code freeze"),
            ],
            ..Deal::default()
        };
        let made = calendars(&deal, &Methodology::default(), None, true, date(2027, 1, 4), 2029);
        assert_eq!(made.specs[1].closed.len(), 1);
        assert_eq!(made.no_go_live.len(), 2);
        assert!(!both_work(&made.specs, date(2027, 8, 4)));
        assert!(both_work(&made.specs, date(2027, 12, 2)));
        assert_eq!(made.notices[0].code, "country_unknown");
    }

    #[test]
    fn a_customer_of_unknown_country_keeps_the_vendors_holidays() {
        let france = HolidayCalendar {
            country: "FR".to_owned(),
            name: "France".to_owned(),
            notes: String::new(),
            subdivisions: IndexMap::new(),
            holidays: vec![Holiday {
                name: "Christmas".to_owned(),
                on: HolidayRule::Fixed(FixedDay { month: 12, day: 25 }),
                from: None,
                until: None,
                skip: Vec::new(),
                observed: None,
                only: Vec::new(),
                except: Vec::new(),
            }],
        };
        let methodology =
            Methodology { calendars: IndexMap::from([("FR".to_owned(), france)]), ..Methodology::default() };
        let made = |deal: &Deal, vendor: Option<&str>, assumes: bool| {
            calendars(deal, &methodology, vendor, assumes, date(2028, 1, 3), 2028)
        };
        let christmas =
            |made: &Calendars| -> Vec<usize> { made.specs.iter().map(|spec| spec.holidays.len()).collect() };
        let unknown = Deal::default();
        let assumed = made(&unknown, Some("fr"), true);
        assert_eq!(christmas(&assumed), [1, 1]);
        assert_eq!(assumed.assumed.as_deref(), Some("FR"));
        assert_eq!(assumed.notices[0].code, CUSTOMER_ASSUMED);
        let earlier = made(&unknown, Some("FR"), false);
        assert_eq!((christmas(&earlier), earlier.assumed), (vec![1, 0], None));
        let nothing = made(&unknown, None, true);
        assert_eq!((christmas(&nothing), nothing.assumed), (vec![0, 0], None));
        let elsewhere =
            Deal { country: Some(Fact::derived("XX".into(), "", Confidence::High)), ..Deal::default() };
        let known = made(&elsewhere, Some("FR"), true);
        assert_eq!((christmas(&known), known.assumed), (vec![1, 0], None));
    }

    #[test]
    fn finds_the_next_day_on_which_both_work() {
        let made = calendars(&Deal::default(), &Methodology::default(), None, true, date(2027, 1, 4), 2029);
        assert_eq!(next_joint_day(&made.specs, date(2027, 1, 9), None), Some(date(2027, 1, 11)));
        assert_eq!(
            next_joint_day(&made.specs, date(2027, 1, 8), Some(Weekday::Friday)),
            Some(date(2027, 1, 11))
        );
        let kickoff = date(2027, 1, 4);
        assert_eq!(joint_day_by(&made.specs, date(2027, 1, 17), kickoff), date(2027, 1, 15));
        assert_eq!(joint_day_by(&made.specs, date(2027, 1, 15), kickoff), date(2027, 1, 15));
        assert_eq!(joint_day_by(&made.specs, date(2027, 1, 10), date(2027, 1, 9)), date(2027, 1, 10));
    }
}
