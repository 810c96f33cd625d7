//! The days tasks are worked on.

use jiff::civil::Date;

use crate::calendar::WorkCalendar;
use crate::ids::{OnboardingId, PersonId, TaskId};
use crate::plan::CalendarSpec;
use crate::programme::Side;
use crate::work::Ground;

/// Id of the vendor's calendar in a plan.
const VENDOR: &str = "vendor";
/// Id of the customer's.
const CUSTOMER: &str = "customer";
/// Working days in a week of a party nothing else is known of.
const USUAL_WEEK: u32 = 5;

/// A task somebody has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Id.
    pub id: TaskId,
    /// The onboarding.
    pub onboarding: OnboardingId,
    /// The customer.
    pub customer: String,
    /// Id inside the plan.
    pub code: String,
    /// What is done.
    pub name: String,
    /// Role as people see it.
    pub role: String,
    /// Who does it, when it is a member.
    pub person: Option<PersonId>,
    /// On the chain that decides the go-live.
    pub critical: bool,
}

/// A task with the days it is still worked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The task.
    pub task: Task,
    /// The days, the earliest first.
    pub days: Vec<Date>,
}

/// Working days of the parties of an onboarding.
#[derive(Debug, Clone)]
pub struct Calendars {
    vendor: WorkCalendar,
    customer: WorkCalendar,
    joint: WorkCalendar,
    /// Working days of the vendor's week without holidays.
    pub usual: u32,
}

impl Calendars {
    /// Those of a plan; Monday to Friday where it has none that can be used.
    #[must_use]
    pub fn of(ground: &Ground) -> Self {
        Self::from_specs(&ground.calendars)
    }

    /// Those of specifications; Monday to Friday where there are none that can be used.
    #[must_use]
    pub fn from_specs(specs: &[CalendarSpec]) -> Self {
        let spec = |id: &str| specs.iter().find(|calendar| calendar.id == id);
        let read = |id: &str| {
            let known = spec(id).and_then(|spec| WorkCalendar::from_spec(spec).ok());
            known.unwrap_or_else(|| WorkCalendar::monday_to_friday(id))
        };
        let (vendor, customer) = (read(VENDOR), read(CUSTOMER));
        let joint = WorkCalendar::intersection(&[&vendor, &customer]).unwrap_or_else(|_| vendor.clone());
        let usual = spec(VENDOR).map_or(USUAL_WEEK, |spec| {
            let off = spec.weekend.iter().map(|day| day.to_monday_zero_offset());
            let off: std::collections::BTreeSet<i8> = off.collect();
            7_u32.saturating_sub(u32::try_from(off.len()).unwrap_or(0)).max(1)
        });
        Self { vendor, customer, joint, usual }
    }

    /// The calendar tasks of a side run on.
    #[must_use]
    pub fn side(&self, side: Side) -> &WorkCalendar {
        match side {
            Side::Vendor => &self.vendor,
            Side::Customer => &self.customer,
            Side::Joint => &self.joint,
        }
    }
}

/// The days before `until` on which a task is still worked, seen from `today`: its planned working days from its
/// start on, less those since it began, and at least one.
#[must_use]
pub fn days_of_work(
    calendar: &WorkCalendar,
    today: Date,
    start: Date,
    days: u32,
    begun: Option<Date>,
    until: Date,
) -> Vec<Date> {
    let planned = i64::from(days.max(1));
    let (from, left) = match begun {
        Some(on) => (today, (planned - calendar.workdays_between(on.min(today), today)).max(1)),
        None => (start.max(today), planned),
    };
    let mut worked = Vec::new();
    let mut day = calendar.next_workday(from);
    for _ in 0..left {
        if day >= until {
            break;
        }
        worked.push(day);
        day = calendar.add_workdays(day, 1);
    }
    worked
}
