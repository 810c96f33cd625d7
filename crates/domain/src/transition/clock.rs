//! The clocks of an onboarding, kept apart: how long until the customer was live, and how long until it was worth
//! something to them [002, 004].

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The days the clocks run between; what has not happened, or is not known, is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Moments {
    /// The customer's account was made here.
    pub created: Option<Date>,
    /// The contract was signed.
    pub signed: Option<Date>,
    /// The kickoff was held.
    pub kicked_off: Option<Date>,
    /// The customer went into production.
    pub live: Option<Date>,
    /// The first value was reached.
    pub first_value: Option<Date>,
    /// The full value was reached.
    pub full_value: Option<Date>,
}

/// What the clocks show, in calendar days. Sources begin the time to first value at three different moments; all
/// three are told, the first of them is the figure that is compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "TransitionClocks")]
pub struct Clocks {
    /// Time to live: from kickoff to production. Never the finish line.
    pub to_live: Option<i64>,
    /// Time to first value, from the day the account was made.
    pub to_first_value: Option<i64>,
    /// The same from signature.
    pub to_first_value_from_signature: Option<i64>,
    /// The same from kickoff.
    pub to_first_value_from_kickoff: Option<i64>,
    /// Time to full value, from the day the account was made.
    pub to_full_value: Option<i64>,
}

impl Moments {
    /// What the clocks show. An end before its beginning, as when an account was entered late, counts as no days.
    #[must_use]
    pub fn clocks(&self) -> Clocks {
        let days = |from: Option<Date>, to: Option<Date>| {
            from.zip(to).map(|(from, to)| i64::from((to - from).get_days()).max(0))
        };
        Clocks {
            to_live: days(self.kicked_off, self.live),
            to_first_value: days(self.created, self.first_value),
            to_first_value_from_signature: days(self.signed, self.first_value),
            to_first_value_from_kickoff: days(self.kicked_off, self.first_value),
            to_full_value: days(self.created, self.full_value),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn time_to_live_and_the_three_times_to_first_value_are_told_apart() {
        let moments = Moments {
            created: Some(date(2027, 1, 2)),
            signed: Some(date(2026, 12, 28)),
            kicked_off: Some(date(2027, 1, 11)),
            live: Some(date(2027, 3, 16)),
            first_value: Some(date(2027, 2, 1)),
            full_value: None,
        };
        let clocks = moments.clocks();
        assert_eq!(clocks.to_live, Some(64));
        assert_eq!(clocks.to_first_value, Some(30));
        assert_eq!(clocks.to_first_value_from_signature, Some(35));
        assert_eq!(clocks.to_first_value_from_kickoff, Some(21));
        assert_eq!(clocks.to_full_value, None, "it is still to come");
        let late = Moments { created: Some(date(2027, 2, 8)), ..moments };
        assert_eq!(late.clocks().to_first_value, Some(0), "the account was entered after the first value");
        assert_eq!(Moments::default().clocks(), Clocks::default());
    }
}
