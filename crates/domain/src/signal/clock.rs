//! Until when somebody must have answered [004].

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Hours until there is a plan for a signal.
pub const PLAN_HOURS: u32 = 48;

/// How long a level has to respond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Respond {
    /// Until the end of the day on which it began.
    SameDay,
    /// So many hours.
    Hours(u32),
}

impl Respond {
    /// Of a playbook's hours: 0 means the same day.
    #[must_use]
    pub fn within(hours: u32) -> Self {
        if hours == 0 { Self::SameDay } else { Self::Hours(hours) }
    }
}

/// Until when a response is due. The same day ends at midnight where the customer's team is; whatever begins in its last
/// hour has an hour all the same.
#[must_use]
pub fn respond_by(respond: Respond, since: Timestamp, zone: &TimeZone) -> Timestamp {
    let later =
        |hours: u32| since.saturating_add(SignedDuration::from_hours(i64::from(hours))).unwrap_or(since);
    match respond {
        Respond::Hours(hours) => later(hours),
        Respond::SameDay => {
            let midnight = since.to_zoned(zone.clone()).tomorrow().and_then(|next| next.start_of_day());
            midnight.map_or_else(|_| later(24), |midnight| midnight.timestamp().max(later(1)))
        }
    }
}

/// The clocks of a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SignalClocks")]
pub struct Clocks {
    /// Until when somebody takes it up.
    pub acknowledge_by: Timestamp,
    /// When somebody did.
    pub acknowledged_at: Option<Timestamp>,
    /// Until when there is a plan.
    pub plan_by: Timestamp,
    /// When there was one.
    pub planned_at: Option<Timestamp>,
}

impl Clocks {
    /// What is due next; none when nothing is.
    #[must_use]
    pub fn next(&self) -> Option<Timestamp> {
        match (self.acknowledged_at, self.planned_at) {
            (_, Some(_)) => None,
            (None, None) => Some(self.acknowledge_by),
            (Some(_), None) => Some(self.plan_by),
        }
    }

    /// Whether something was or is answered too late.
    #[must_use]
    pub fn is_missed(&self, now: Timestamp) -> bool {
        self.acknowledged_at.unwrap_or(now) > self.acknowledge_by
            || self.planned_at.unwrap_or(now) > self.plan_by
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_same_day_ends_where_the_team_is() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let by = |since: &str| respond_by(Respond::SameDay, at(since), &berlin);
        // Midnight in Berlin is 23:00 in winter.
        assert_eq!(by("2027-01-12T09:00:00Z"), at("2027-01-12T23:00:00Z"));
        assert_eq!(by("2027-01-12T23:30:00Z"), at("2027-01-13T23:00:00Z"));
        assert_eq!(by("2027-01-12T22:50:00Z"), at("2027-01-12T23:50:00Z"), "an hour at least");
        // The clocks go forward in the night to March 28th; the day after ends an hour earlier.
        assert_eq!(by("2027-03-28T12:00:00Z"), at("2027-03-28T22:00:00Z"));
        assert_eq!(
            respond_by(Respond::within(24), at("2027-01-12T09:00:00Z"), &berlin),
            at("2027-01-13T09:00:00Z")
        );
        assert_eq!(Respond::within(0), Respond::SameDay);
    }

    #[test]
    fn clocks_tell_what_is_due_next_and_what_was_missed() {
        let mut clocks = Clocks {
            acknowledge_by: at("2027-01-12T23:00:00Z"),
            acknowledged_at: None,
            plan_by: at("2027-01-14T09:00:00Z"),
            planned_at: None,
        };
        assert_eq!(clocks.next(), Some(clocks.acknowledge_by));
        assert!(
            !clocks.is_missed(at("2027-01-12T22:00:00Z")) && clocks.is_missed(at("2027-01-13T00:00:00Z"))
        );
        clocks.acknowledged_at = Some(at("2027-01-12T10:00:00Z"));
        assert_eq!(clocks.next(), Some(clocks.plan_by));
        assert!(
            !clocks.is_missed(at("2027-01-13T00:00:00Z")) && clocks.is_missed(at("2027-01-15T00:00:00Z"))
        );
        clocks.planned_at = Some(at("2027-01-13T10:00:00Z"));
        assert_eq!(clocks.next(), None);
        assert!(!clocks.is_missed(at("2027-02-01T00:00:00Z")));
    }
}
