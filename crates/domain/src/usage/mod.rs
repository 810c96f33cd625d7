//! Usage of the customer's product: what an account did, the facts that follow from it, and how its activation goes.

mod facts;
mod scorecard;
mod target;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::methodology::FeatureRule;

pub use facts::{Ground, facts};
pub use scorecard::{
    Clock, ClockKind, ClockState, FeatureState, Measured, Pace, Scorecard, Shown, UnknownPace,
    ValueMilestone, reached, scorecard,
};
pub use target::{CountedTarget, TargetState};

/// Stands for any event in roll-ups.
pub const ANY: &str = "*";

/// Calendar days a [`History`] reaches back.
pub const DAYS: i32 = 91;

/// A feature, by the events that show its use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feature {
    /// Id in words.
    pub code: String,
    /// Name people see.
    pub name: String,
    /// Names of events.
    pub events: Vec<String>,
    /// Whether it counts for adoption.
    pub core: bool,
    /// Whether it goes beyond the core.
    pub advanced: bool,
}

impl From<&FeatureRule> for Feature {
    fn from(rule: &FeatureRule) -> Self {
        let FeatureRule { id, name, description: _, events, core, advanced } = rule;
        let (code, name, events) = (id.clone(), name.clone(), events.clone());
        Self { code, name, events, core: *core, advanced: *advanced }
    }
}

/// What an account did ever of one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Total {
    /// How often.
    pub times: i64,
    /// First.
    pub first_at: Timestamp,
    /// Last.
    pub last_at: Timestamp,
}

/// What an account did on a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DayCount {
    /// Events.
    pub events: i64,
    /// Distinct users.
    pub users: i64,
}

/// What an account did, as far as facts need it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    totals: BTreeMap<String, Total>,
    /// Any event, by day (UTC), of the last [`DAYS`].
    pub days: BTreeMap<Date, DayCount>,
    week: BTreeMap<String, i64>,
    /// Distinct users of the last 28 days.
    pub active_28: i64,
    /// Distinct users of the last 7 days.
    pub active_7: i64,
    /// Users ever seen.
    pub seen: i64,
}

impl History {
    /// Adds what was done ever of an event, [`ANY`] included.
    pub fn add_total(&mut self, event: &str, more: Total) {
        // A row from which everything moved away says nothing.
        if more.times <= 0 {
            return;
        }
        let add = |known: &mut Total| {
            known.times += more.times;
            known.first_at = known.first_at.min(more.first_at);
            known.last_at = known.last_at.max(more.last_at);
        };
        self.totals.entry(event.to_lowercase()).and_modify(add).or_insert(more);
    }

    /// Adds what was done of any event on a day.
    pub fn add_day(&mut self, day: Date, events: i64, users: i64) {
        let count = self.days.entry(day).or_default();
        count.events += events;
        count.users += users;
    }

    /// Notes how often one person met an event in the last seven days; the most counts.
    pub fn add_week(&mut self, event: &str, times: i64) {
        let most = self.week.entry(event.to_lowercase()).or_default();
        *most = times.max(*most);
    }

    /// Whether nothing was ever seen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.totals.is_empty()
    }

    /// What was done ever, whatever it was.
    #[must_use]
    pub fn any(&self) -> Option<&Total> {
        self.totals.get(ANY)
    }

    /// What was done ever of events of these names, together.
    #[must_use]
    pub fn total_of(&self, events: &[String]) -> Option<Total> {
        let found = events.iter().filter_map(|event| self.totals.get(&event.to_lowercase()).copied());
        found.reduce(|one, other| Total {
            times: one.times + other.times,
            first_at: one.first_at.min(other.first_at),
            last_at: one.last_at.max(other.last_at),
        })
    }

    /// The most times one person met one of these events in the last seven days.
    #[must_use]
    pub fn most_of_one(&self, events: &[String]) -> i64 {
        events.iter().filter_map(|event| self.week.get(&event.to_lowercase())).copied().max().unwrap_or(0)
    }

    /// Events of so many days that end so many days before today.
    fn events_between(&self, today: Date, ago: i32, days: i32) -> i64 {
        let (from, to) = (before(today, ago + days - 1), before(today, ago));
        self.days.range(from..=to).map(|(_, count)| count.events).sum()
    }
}

/// The day (UTC) of an instant.
#[must_use]
pub fn day_of(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// So many days before a day.
#[must_use]
pub fn before(day: Date, days: i32) -> Date {
    use jiff::ToSpan;
    day.saturating_sub(days.days())
}
