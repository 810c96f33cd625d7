//! What a contract is worth a month, by its movements.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::people::words;

words! {
    /// What a monthly revenue does.
    MovementKind: "movement" {
        /// It begins.
        New = "new", "New";
        /// It grows.
        Expansion = "expansion", "Expansion";
        /// It shrinks.
        Contraction = "contraction", "Contraction";
        /// It ends.
        Churn = "churn", "Churn";
        /// Somebody who had left is back.
        Reactivation = "reactivation", "Reactivation";
    }
}

impl MovementKind {
    /// Whether the revenue rises by it.
    #[must_use]
    pub fn is_gain(self) -> bool {
        matches!(self, Self::New | Self::Expansion | Self::Reactivation)
    }
}

/// A movement, in one currency with the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// What happened.
    pub kind: MovementKind,
    /// From which day.
    pub on: Date,
    /// By how much a month; never negative.
    pub amount: i64,
}

/// Days over which the change of the revenue is measured.
const OF_LATE: i64 = 90;

/// What a contract is worth a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revenue {
    /// Now; never negative.
    pub now: i64,
    /// Change within the last 90 days in percent of what it was; none where it was nothing.
    pub change_percent: Option<i64>,
    /// The customer has left, and is not back.
    pub churned: bool,
}

/// What a contract is worth by movements up to a day; none where there are none. They are told against what it was worth
/// a month when it was signed, unless one of them says how it began.
#[must_use]
pub fn revenue(signed: i64, steps: &[Step], today: Date) -> Option<Revenue> {
    let mut steps: Vec<Step> = steps.iter().filter(|one| one.on <= today).copied().collect();
    if steps.is_empty() {
        return None;
    }
    // A customer who leaves and is back on one day is back.
    steps.sort_by_key(|one| (one.on, one.kind == MovementKind::Reactivation));
    let is_new = steps.iter().any(|one| one.kind == MovementKind::New);
    let start = if is_new { 0 } else { signed };
    let at = |day: Date| {
        let until = steps.iter().filter(|one| one.on <= day);
        until.fold(start, |sum, one| {
            if one.kind.is_gain() { sum.saturating_add(one.amount) } else { sum.saturating_sub(one.amount) }
        })
    };
    let (now, before) = (at(today), at(today.saturating_sub(OF_LATE.days())));
    let last = steps
        .iter()
        .rev()
        .find(|one| matches!(one.kind, MovementKind::New | MovementKind::Churn | MovementKind::Reactivation));
    Some(Revenue {
        now: now.max(0),
        change_percent: (before > 0).then(|| (now - before).saturating_mul(100) / before),
        churned: last.is_some_and(|one| one.kind == MovementKind::Churn),
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn step(kind: MovementKind, on: Date, amount: i64) -> Step {
        Step { kind, on, amount }
    }

    #[test]
    fn movements_add_up_to_what_it_is_worth() {
        let all = [
            step(MovementKind::New, date(2027, 1, 1), 1_000),
            step(MovementKind::Expansion, date(2027, 3, 1), 500),
            step(MovementKind::Contraction, date(2027, 6, 1), 300),
            step(MovementKind::Expansion, date(2028, 1, 1), 9_000),
        ];
        let found = revenue(7_000, &all, date(2027, 6, 15)).unwrap();
        assert_eq!((found.now, found.change_percent, found.churned), (1_200, Some(-20), false));
        assert_eq!(revenue(7_000, &all[3..], date(2027, 6, 15)), None, "what is to come says nothing yet");
    }

    #[test]
    fn without_a_beginning_they_are_told_against_what_was_signed() {
        let all = [step(MovementKind::Churn, date(2027, 6, 1), 800)];
        let found = revenue(1_000, &all, date(2027, 6, 15)).unwrap();
        assert_eq!((found.now, found.change_percent, found.churned), (200, Some(-80), true));
    }

    #[test]
    fn who_is_back_has_not_left() {
        let left = step(MovementKind::Churn, date(2027, 6, 1), 1_000);
        let back = step(MovementKind::Reactivation, date(2027, 6, 1), 400);
        let found = revenue(1_000, &[back, left], date(2027, 6, 15)).unwrap();
        assert_eq!((found.now, found.churned), (400, false));
    }
}
