//! Which signal comes first in the inbox: gravity × value at stake × time left.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::deal::Severity;

/// Hours before it is due from which on a signal becomes urgent.
const URGENT_HOURS: i64 = 48;
/// Most that being late multiplies, in percent.
const MOST_PERCENT: i64 = 500;

/// The place of a signal, with its arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SignalRank")]
pub struct Rank {
    /// The product: what is higher comes first.
    pub total: i64,
    /// 1 low, 2 medium, 4 high, 8 critical.
    pub severity: i64,
    /// Annual value at stake in whole units of the workspace currency; 1 when unknown.
    pub value: i64,
    /// 100 while 48 hours and more are left, rising to 200 at the hour it is due, and by 100 for each day after it to 500.
    pub urgency_percent: i64,
}

impl Rank {
    /// The product in words: `8 × 48,000 × 1.50 = 576,000`.
    #[must_use]
    pub fn arithmetic(&self) -> String {
        let factor = format!("{}.{:02}", self.urgency_percent / 100, self.urgency_percent % 100);
        format!("{} × {} × {factor} = {}", self.severity, grouped(self.value), grouped(self.total))
    }
}

/// The place of a signal that is due at a time. A value nobody knows counts as 1.
#[must_use]
pub fn rank(severity: Severity, value: i64, due: Timestamp, now: Timestamp) -> Rank {
    let severity = match severity {
        Severity::Low => 1,
        Severity::Medium => 2,
        Severity::High => 4,
        Severity::Critical => 8,
    };
    let value = value.max(1);
    let minutes = due.duration_since(now).as_secs() / 60;
    let urgency_percent = urgency(minutes);
    let total = value.saturating_mul(severity).saturating_mul(urgency_percent) / 100;
    Rank { total, severity, value, urgency_percent }
}

fn urgency(minutes_left: i64) -> i64 {
    let span = URGENT_HOURS * 60;
    let day = 24 * 60;
    if minutes_left >= span {
        100
    } else if minutes_left >= 0 {
        100 + (span - minutes_left) * 100 / span
    } else {
        (200 + minutes_left.saturating_neg().saturating_mul(100) / day).min(MOST_PERCENT)
    }
}

/// A number with its thousands apart.
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::from(if number < 0 { "−" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + hours * 3_600).unwrap()
    }

    #[test]
    fn the_place_is_a_product_that_can_be_read() {
        let half = rank(Severity::Critical, 48_000, at(24), at(0));
        assert_eq!((half.total, half.urgency_percent), (576_000, 150));
        assert_eq!(half.arithmetic(), "8 × 48,000 × 1.50 = 576,000");
        assert_eq!(rank(Severity::Low, 0, at(100), at(0)).arithmetic(), "1 × 1 × 1.00 = 1");
    }

    #[test]
    fn urgency_rises_towards_the_hour_and_after_it() {
        let percent = |hours| rank(Severity::Low, 1, at(hours), at(0)).urgency_percent;
        assert_eq!([percent(72), percent(48), percent(24), percent(0)], [100, 100, 150, 200]);
        assert_eq!([percent(-12), percent(-24), percent(-72), percent(-2_000)], [250, 300, 500, 500]);
    }

    #[test]
    fn more_at_stake_comes_first_unless_the_other_is_graver_or_later() {
        let small = rank(Severity::Critical, 10_000, at(48), at(0));
        assert!(rank(Severity::Medium, 90_000, at(48), at(0)) > small);
        assert!(rank(Severity::Medium, 30_000, at(48), at(0)) < small);
        assert!(rank(Severity::Medium, 30_000, at(-24), at(0)) > small);
    }
}
