//! The activation scorecard: clocks against targets, what is reached, and the pace.

use gangway_domain::usage::{Clock, ClockState, Pace, Scorecard, ValueMilestone};
use jiff::tz::TimeZone;

use crate::format::{Moment, count, moment, thousands};

/// A scorecard, as pages show it.
pub(crate) struct Card {
    pub pace: &'static str,
    pub tone: &'static str,
    pub because: String,
    /// Whose targets hold.
    pub product_type: String,
    pub clocks: Vec<ClockLine>,
    pub values: Vec<ValueLine>,
    pub core: String,
    pub core_percent: u32,
    /// Users seen of those expected; none when nobody knows how many are.
    pub activated: Option<i64>,
    pub users: String,
}

pub(crate) struct ClockLine {
    pub name: &'static str,
    pub state: &'static str,
    pub tone: &'static str,
    pub target: String,
    pub due: Moment,
    pub reached: Option<Moment>,
    /// How long this leg took, and all of them together.
    pub took: String,
}

pub(crate) struct ValueLine {
    pub name: String,
    pub reached: Option<Moment>,
}

impl Card {
    pub(crate) fn new(card: Scorecard, zone: &TimeZone) -> Self {
        let Scorecard { core_used, core_total, users_seen, users_expected, .. } = card;
        let seen = count(usize::try_from(users_seen).unwrap_or(0), "user");
        Self {
            pace: card.pace.label(),
            tone: tone(card.pace),
            because: card.because,
            product_type: card.product_type,
            clocks: card.clocks.iter().map(|clock| ClockLine::new(clock, zone)).collect(),
            values: card.values.into_iter().map(|value| ValueLine::new(value, zone)).collect(),
            core: format!("{core_used} of {core_total} core features used at least once"),
            core_percent: core_used.saturating_mul(100).checked_div(core_total).unwrap_or(0).min(100),
            activated: card.activated_percent,
            users: match users_expected {
                Some(expected) => format!("{seen} of {} expected were seen", thousands(expected)),
                None => format!("{seen} seen; nobody said how many are expected"),
            },
        }
    }
}

/// How a tag shows a pace.
fn tone(pace: Pace) -> &'static str {
    match pace {
        Pace::Stuck => "late",
        Pace::Behind => "soon",
        Pace::OnTrack => "go",
        Pace::Unknown => "off",
        Pace::Done => "done",
    }
}

impl ClockLine {
    fn new(clock: &Clock, zone: &TimeZone) -> Self {
        let took = match (clock.leg_hours, clock.total_hours) {
            (Some(leg @ 1..), Some(total)) if hours(leg) != hours(total) => {
                format!("{}, {} since the start", hours(leg), hours(total))
            }
            (Some(leg @ 1..), _) | (Some(leg), None) => hours(leg),
            (_, Some(total)) => format!("{} since the start", hours(total)),
            (None, None) => String::new(),
        };
        Self {
            name: clock.kind.label(),
            state: clock.state.label(),
            tone: match clock.state {
                ClockState::Reached => "go",
                ClockState::Late => "soon",
                ClockState::Waiting => "off",
                ClockState::Missed => "late",
            },
            target: format!("within {}", hours(i64::from(clock.target_hours))),
            due: moment(clock.due.into(), zone),
            reached: clock.reached_at.map(|at| moment(at.into(), zone)),
            took,
        }
    }
}

impl ValueLine {
    fn new(value: ValueMilestone, zone: &TimeZone) -> Self {
        Self { name: value.name, reached: value.reached_at.map(|at| moment(at.into(), zone)) }
    }
}

/// Hours up to two days, whole days above.
fn hours(hours: i64) -> String {
    let (number, noun) = if hours.abs() < 48 { (hours, "hour") } else { (hours / 24, "day") };
    count(usize::try_from(number).unwrap_or(0), noun)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_read_well() {
        assert_eq!([hours(1), hours(47), hours(48), hours(60)], ["1 hour", "47 hours", "2 days", "2 days"]);
        assert_eq!(hours(24 * 14), "14 days");
    }
}
