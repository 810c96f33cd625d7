//! Load against capacity, week by week.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::{Availability, Calendars, DAY, Piece, Task, monday};
use crate::programme::Side;

/// What somebody has to do in a week, and what they have time for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Week {
    /// Its Monday.
    pub monday: Date,
    /// Work, in hundredths of a day.
    pub load: u32,
    /// Time there is for it, in hundredths of a day; 0 for a role, which nobody counts.
    pub capacity: u32,
    /// The tasks that make the load, the largest first.
    pub shares: Vec<Share>,
    /// Why somebody is not there for a part of it, each reason once.
    pub away: Vec<String>,
}

/// How much of a week a task takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The task.
    pub task: Task,
    /// Hundredths of a day.
    pub hundredths: u32,
}

impl Week {
    /// Load as a share of capacity in per cent, rounded up, so that nobody who has too much is at 100; none without
    /// capacity.
    #[must_use]
    pub fn percent(&self) -> Option<u32> {
        (self.capacity > 0).then(|| self.load.saturating_mul(100).div_ceil(self.capacity))
    }

    /// There is more to do than there is time for.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.load > self.capacity
    }

    /// `is at 140 % in the week of 12 Jan`: what stands after a name.
    #[must_use]
    pub fn in_words(&self) -> String {
        let week = self.monday.strftime("%-d %b");
        match self.percent() {
            Some(percent) => format!("is at {percent} % in the week of {week}"),
            None => format!(
                "has {} days of work in the week of {week} and is not there",
                super::in_days(self.load)
            ),
        }
    }
}

/// The weeks of one person. `calendars` are those of the onboardings they work in: a day counts as worked when the
/// vendor works on it in any of them, Monday to Friday when there are none.
#[must_use]
pub fn weeks_of(
    pieces: &[&Piece],
    availability: &Availability,
    calendars: &[&Calendars],
    mondays: &[Date],
) -> Vec<Week> {
    let usual = calendars.iter().map(|calendars| calendars.usual).max().unwrap_or(5).max(1);
    let works = |day: Date| match calendars {
        [] => !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday),
        known => known.iter().any(|calendars| calendars.side(Side::Vendor).is_workday(day)),
    };
    let week = |first: &Date| {
        let mut present: u32 = 0;
        let mut away: Vec<String> = Vec::new();
        for day in (0_i64..7).map(|day| first.saturating_add(day.days())).filter(|day| works(*day)) {
            match availability.absence(day) {
                None => present += 1,
                Some(absence) if absence.reason.is_empty() => note(&mut away, "Absent"),
                Some(absence) => note(&mut away, &absence.reason),
            }
        }
        let capacity = availability.tenths * (DAY / 10) * present / usual;
        Week { capacity, away, ..loaded(pieces, *first) }
    };
    mondays.iter().map(week).collect()
}

/// The weeks of work nobody has yet.
#[must_use]
pub fn role_weeks(pieces: &[&Piece], mondays: &[Date]) -> Vec<Week> {
    mondays.iter().map(|first| loaded(pieces, *first)).collect()
}

fn note(away: &mut Vec<String>, reason: &str) {
    if !away.iter().any(|known| known == reason) {
        away.push(reason.to_owned());
    }
}

fn loaded(pieces: &[&Piece], first: Date) -> Week {
    let end = first.saturating_add(7.days());
    let mut shares: Vec<Share> = pieces
        .iter()
        .filter_map(|piece| {
            let days = piece.days.iter().filter(|day| first <= **day && **day < end).count();
            let hundredths = u32::try_from(days).unwrap_or(7) * DAY;
            (days > 0).then(|| Share { task: piece.task.clone(), hundredths })
        })
        .collect();
    shares.sort_by(|one, other| {
        other.hundredths.cmp(&one.hundredths).then_with(|| one.task.name.cmp(&other.task.name))
    });
    let load = shares.iter().map(|share| share.hundredths).sum();
    Week { monday: first, load, capacity: 0, shares, away: Vec::new() }
}

/// How much room somebody has in the weeks of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Their fullest week with the task, in per cent; none when they are not there in one of them.
    pub fullest: Option<u32>,
    /// Hundredths of a day free in these weeks before the task.
    pub free: u32,
}

impl Room {
    /// Orders people by room: whoever is least full first, whoever is away last.
    #[must_use]
    pub fn rank(self) -> (bool, u32, u32) {
        (self.fullest.is_none(), self.fullest.unwrap_or(u32::MAX), u32::MAX - self.free)
    }
}

/// The room somebody with these weeks has for work on these days. A task that is theirs already does not count twice.
#[must_use]
pub fn room(weeks: &[Week], task: &Piece) -> Room {
    let mut fullest = Some(0_u32);
    let mut free: u32 = 0;
    for week in weeks {
        let days = task.days.iter().filter(|day| monday(**day) == week.monday).count();
        if days == 0 {
            continue;
        }
        let own: u32 = week
            .shares
            .iter()
            .filter(|share| share.task.id == task.task.id)
            .map(|share| share.hundredths)
            .sum();
        let others = week.load.saturating_sub(own);
        free = free.saturating_add(week.capacity.saturating_sub(others));
        let load = others.saturating_add(u32::try_from(days).unwrap_or(7) * DAY);
        let then = Week { load, ..week.clone() }.percent();
        fullest = fullest.zip(then).map(|(known, then)| known.max(then));
    }
    Room { fullest, free }
}
