//! When an onboarding could go live with the people there are.

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Availability, DAY, Week};
use crate::plan::level::{Demand, LevelError, LevelOptions, Resource, Staffing, USUAL_EFFORT, level_live};
use crate::plan::{CalendarSpec, ClosedSpec, Constraint, LivePlan, Point};

/// Tasks placed to find out what one of the people holds up.
const PROBE_EFFORT: u64 = USUAL_EFFORT / 6;

/// People looked at for the bottleneck: those with the most tasks.
const PROBED: usize = 8;

/// Somebody who does tasks of the plan, or a role nobody has been chosen for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Helper {
    /// Id.
    pub id: String,
    /// Name of the person or the role.
    pub name: String,
    /// Tasks that need them (codes).
    pub tasks: Vec<String>,
    /// How many tasks they do at a time: 1 for a person, the number of people for a role.
    pub at_once: u32,
    /// Days on which they have no time for this plan, in order.
    pub off: Vec<Date>,
}

/// When an onboarding could go live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithPeople {
    /// If everybody needed were free.
    pub by_plan: Date,
    /// With the people there are.
    pub with_people: Date,
    /// Calendar days between the two.
    pub days: i64,
    /// Who holds it up most; none when nobody does.
    pub bottleneck: Option<Bottleneck>,
    /// It is known that no other order is earlier.
    pub optimal: bool,
}

/// Who holds the go-live up most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bottleneck {
    /// Id of the helper.
    pub id: String,
    /// Name of the person or the role.
    pub name: String,
    /// The go-live if they were never in the way.
    pub without: Date,
    /// Calendar days it would come forward.
    pub days: i64,
}

/// When a plan could go live if each of these does no more at a time than they can. A bounded search: the same
/// answer each time, and the best found where no better one is proven impossible.
///
/// # Errors
/// When the plan cannot be scheduled.
pub fn with_people(live: &LivePlan, helpers: &[Helper]) -> Result<WithPeople, LevelError> {
    let live = with_calendars(live, helpers);
    let free =
        level_live(&live, &Staffing::default(), LevelOptions { effort: 1, ..LevelOptions::default() })?;
    let by_plan = day(free.unlimited);
    let all: Vec<&Helper> = helpers.iter().collect();
    let found = level_live(&live, &staffing(&live, &all), LevelOptions::default())?;
    let with_people = day(found.go_live.unwrap_or(found.finish));
    let mut bottleneck: Option<Bottleneck> = None;
    if with_people > by_plan {
        let mut probed = all.clone();
        probed.sort_by(|one, other| {
            other.tasks.len().cmp(&one.tasks.len()).then_with(|| one.id.cmp(&other.id))
        });
        for helper in probed.into_iter().take(PROBED) {
            let others: Vec<&Helper> = all.iter().copied().filter(|other| other.id != helper.id).collect();
            let options = LevelOptions { effort: PROBE_EFFORT, ..LevelOptions::default() };
            let found = level_live(&live, &staffing(&live, &others), options)?;
            let without = day(found.go_live.unwrap_or(found.finish));
            if without < with_people && bottleneck.as_ref().is_none_or(|known| without < known.without) {
                let days = days_between(without, with_people);
                bottleneck =
                    Some(Bottleneck { id: helper.id.clone(), name: helper.name.clone(), without, days });
            }
        }
    }
    Ok(WithPeople {
        by_plan,
        with_people,
        days: days_between(by_plan, with_people),
        bottleneck,
        optimal: found.optimal || with_people == by_plan,
    })
}

fn days_between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

/// The date of a point; running plans are always business plans.
fn day(point: Point) -> Date {
    match point {
        Point::Day(date) => date,
        Point::Unit(_) => Date::MIN,
    }
}

/// The plan with a calendar for each helper who has days off.
fn with_calendars(live: &LivePlan, helpers: &[Helper]) -> LivePlan {
    let mut live = live.clone();
    for helper in helpers.iter().filter(|helper| !helper.off.is_empty()) {
        let mut closed: Vec<ClosedSpec> = Vec::new();
        for off in &helper.off {
            match closed.last_mut() {
                Some(last) if last.to.saturating_add(1.day()) >= *off => last.to = *off,
                _ => closed.push(ClosedSpec { from: *off, to: *off, reason: String::new() }),
            }
        }
        live.plan.calendars.push(CalendarSpec {
            id: helper.id.clone(),
            weekend: Vec::new(),
            holidays: Vec::new(),
            closed,
        });
    }
    live
}

/// What the tasks need. What is fixed to a day happens on it, whoever is there.
fn staffing(live: &LivePlan, helpers: &[&Helper]) -> Staffing {
    let is_fixed = |code: &str| {
        let task = live.plan.tasks.iter().find(|task| task.id == code);
        task.is_none_or(|task| matches!(task.constraint, Some(Constraint::FixedStart { .. })))
    };
    let mut wanted = Staffing::default();
    for helper in helpers {
        let calendar = (!helper.off.is_empty()).then(|| helper.id.clone());
        wanted.resources.push(Resource {
            id: helper.id.clone(),
            capacity: helper.at_once.max(1),
            calendar,
            limits: Vec::new(),
        });
        for task in helper.tasks.iter().filter(|code| !is_fixed(code)) {
            wanted.demands.push(Demand { task: task.clone(), resource: helper.id.clone(), units: 1 });
        }
    }
    wanted
}

/// Days on which somebody has no time for one plan: their absences, the days other work takes, and of each week the
/// last ones beyond the days a week they work. `weeks` hold the load of everything else.
#[must_use]
pub fn off_days(
    weeks: &[Week],
    busy: &[Date],
    availability: &Availability,
    works: impl Fn(Date) -> bool,
) -> Vec<Date> {
    let mut off = Vec::new();
    for week in weeks {
        let mut free = week.capacity.saturating_sub(week.load).saturating_add(DAY / 2) / DAY;
        for date in
            (0_i64..7).map(|ahead| week.monday.saturating_add(ahead.days())).filter(|date| works(*date))
        {
            if free == 0 || availability.absence(date).is_some() || busy.contains(&date) {
                off.push(date);
            } else {
                free -= 1;
            }
        }
    }
    off
}
