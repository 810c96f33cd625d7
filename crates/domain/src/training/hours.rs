//! At which hour of its day a session can be: beside everything that takes place then.

use jiff::Timestamp;

use crate::meeting::{Clock, Slot};

/// Full hours at which a session may begin, the best first: late enough for travel, the lunch hour last.
const STARTS: [i8; 9] = [10, 11, 13, 14, 15, 16, 17, 9, 12];

/// By when it has ended, in minutes of the day: six in the evening.
const EVENING: u32 = 18 * 60;

/// The hour at which a session of that day and length meets nothing that is taken; none when its day is full.
#[must_use]
pub fn free_start(wanted: &Slot, taken: &[Slot]) -> Option<Clock> {
    let taken: Vec<(Timestamp, Timestamp)> = taken.iter().filter_map(Slot::span).collect();
    STARTS.into_iter().find_map(|hour| {
        let begins = u32::try_from(hour).ok()?.saturating_mul(60);
        if begins.saturating_add(wanted.minutes) > EVENING {
            return None;
        }
        let starts = Clock::of_hour(hour)?;
        let (from, until) = Slot { starts, ..wanted.clone() }.span()?;
        let meets = |(begun, over): &(Timestamp, Timestamp)| *begun < until && from < *over;
        (!taken.iter().any(meets)).then_some(starts)
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn slot(starts: &str, minutes: u32, zone: Option<&str>) -> Slot {
        let zone = zone.map(str::to_owned);
        Slot { on: date(2027, 1, 11), starts: starts.parse().unwrap(), minutes, zone }
    }

    fn free(minutes: u32, taken: &[Slot]) -> Option<String> {
        free_start(&slot("10:00", minutes, None), taken).map(|starts| starts.to_string())
    }

    #[test]
    fn a_session_begins_at_the_first_hour_at_which_nothing_else_is() {
        assert_eq!(free(60, &[]).as_deref(), Some("10:00"));
        let ten = slot("10:00", 60, None);
        assert_eq!(free(60, std::slice::from_ref(&ten)).as_deref(), Some("11:00"), "one may follow another");
        assert_eq!(free(60, &[ten.clone(), slot("11:30", 15, None)]).as_deref(), Some("13:00"));
        assert_eq!(free(480, &[]).as_deref(), Some("10:00"));
        assert_eq!(free(480, &[ten]), None, "nothing of that length is left before the evening");
        assert_eq!(free(60, &[slot("09:00", 540, None)]), None);
    }

    #[test]
    fn hours_of_other_zones_are_compared_as_instants() {
        // Ten in Berlin is nine o'clock UTC in January.
        let berlin = slot("10:00", 60, Some("Europe/Berlin"));
        assert_eq!(free(60, &[berlin]).as_deref(), Some("10:00"));
    }
}
