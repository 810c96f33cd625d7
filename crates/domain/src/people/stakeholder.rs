//! One stakeholder: place on the power/interest grid, rhythm of contact, risk [004, stakeholder health].

use jiff::ToSpan;
use jiff::civil::Date;

use super::words;
use crate::methodology::{RiskPoints, StakeholderRule};

words! {
    /// Low, medium or high: power, interest, engagement, risk.
    Grade: "grade" {
        /// Little.
        Low = "low", "Low";
        /// Some.
        Medium = "medium", "Medium";
        /// Much.
        High = "high", "High";
    }
}

words! {
    /// How somebody speaks of it.
    Sentiment: "sentiment" {
        /// For it.
        Positive = "positive", "Positive";
        /// Neither nor.
        Neutral = "neutral", "Neutral";
        /// Against it.
        Negative = "negative", "Negative";
    }
}

words! {
    /// How somebody was spoken with.
    Channel: "channel" {
        /// A meeting of several.
        Meeting = "meeting", "Meeting";
        /// A call.
        Call = "call", "Call";
        /// Mail that was answered.
        Email = "email", "E-mail";
        /// Chat.
        Chat = "chat", "Chat";
        /// On site.
        Visit = "visit", "Visit";
        /// Any other.
        Other = "other", "Other";
    }
}

/// The strategy of the power/interest grid. Medium counts as high on the axis where the person is stronger, so
/// that a champion (medium power, high interest) is managed closely [004].
#[must_use]
pub fn strategy(power: Grade, interest: Grade) -> &'static str {
    match (power, interest) {
        (Grade::High | Grade::Medium, Grade::High) => "Manage closely",
        (Grade::High, _) => "Keep satisfied",
        (Grade::Low, Grade::High | Grade::Medium) | (Grade::Medium, Grade::Medium) => "Keep informed",
        _ => "Monitor",
    }
}

/// The strategy for somebody in a role: that of the role while they stand where the role stands, else the grid's.
#[must_use]
pub fn strategy_of(rule: Option<&StakeholderRule>, power: Grade, interest: Grade) -> String {
    rule.filter(|rule| rule.power == power.word() && rule.interest == interest.word())
        .and_then(|rule| rule.strategy.clone())
        .unwrap_or_else(|| strategy(power, interest).to_owned())
}

/// How often a role is spoken with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rhythm {
    /// Every so many calendar days.
    Every(u32),
    /// At milestones.
    Milestones,
    /// When there is a reason.
    AsNeeded,
}

impl Rhythm {
    /// Of a role; as needed where the methodology does not know it.
    #[must_use]
    pub fn of(rule: Option<&StakeholderRule>) -> Self {
        match rule {
            Some(StakeholderRule { every_days: Some(days), .. }) => Self::Every(*days),
            Some(StakeholderRule { at_milestones: true, .. }) => Self::Milestones,
            _ => Self::AsNeeded,
        }
    }
}

/// Whether the rhythm is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cadence {
    /// The day by which they are spoken with next; none without a rhythm, or when no milestone follows.
    pub due: Option<Date>,
    /// Calendar days since that day; 0 while it is kept.
    pub late: i64,
}

/// When somebody is due who was last spoken with on `last`, or is known since `since`. At milestones the talk may
/// follow within `grace` calendar days.
#[must_use]
pub fn cadence(
    rhythm: Rhythm,
    last: Option<Date>,
    since: Date,
    milestones: &[Date],
    grace: u32,
    today: Date,
) -> Cadence {
    let base = last.unwrap_or(since);
    let due = match rhythm {
        Rhythm::Every(days) => Some(later(base, days)),
        Rhythm::Milestones => {
            milestones.iter().filter(|day| **day > base).min().map(|day| later(*day, grace))
        }
        Rhythm::AsNeeded => None,
    };
    Cadence { due, late: due.map_or(0, |due| i64::from((today - due).get_days()).max(0)) }
}

/// So many calendar days later; the last day there is when there is none.
pub(super) fn later(day: Date, days: u32) -> Date {
    // A century is longer than any rhythm, and what jiff can count is longer still.
    day.saturating_add(i64::from(days.min(36_525)).days())
}

/// A risk with what it follows from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// How grave.
    pub risk: Grade,
    /// Why, in words; empty when nothing speaks for a risk.
    pub reasons: Vec<String>,
}

/// A champion who leaves, or has left, while nobody has taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// The day is still to come.
    Ahead,
    /// They have left.
    Here,
}

/// How likely somebody is lost, from contact, sentiment and engagement: points of the methodology add up. A champion
/// without a successor is a high risk whatever else is known.
#[must_use]
pub fn judge(
    points: &RiskPoints,
    cadence: Cadence,
    sentiment: Option<Sentiment>,
    engagement: Option<Grade>,
    gap: Option<Gap>,
) -> Judged {
    let mut sum = 0;
    let mut reasons = Vec::new();
    let mut add = |points: u32, reason: String| {
        if points > 0 {
            sum += points;
            reasons.push(reason);
        }
    };
    match gap {
        None => {}
        Some(Gap::Ahead) => add(points.high_from, "leaves, and nobody has taken over as champion".to_owned()),
        Some(Gap::Here) => {
            add(points.high_from, "has left, and nobody has taken over as champion".to_owned())
        }
    }
    if cadence.late > 0 {
        let long = cadence.late >= i64::from(points.long_late_days);
        let days = if cadence.late == 1 { "day" } else { "days" };
        add(
            if long { points.long_late } else { points.late },
            format!("contact is {} {days} overdue", cadence.late),
        );
    }
    if sentiment == Some(Sentiment::Negative) {
        add(points.negative, "speaks against it".to_owned());
    }
    if engagement == Some(Grade::Low) {
        add(points.low_engagement, "hardly takes part".to_owned());
    }
    let risk = match sum {
        sum if sum >= points.high_from => Grade::High,
        sum if sum >= points.medium_from => Grade::Medium,
        _ => Grade::Low,
    };
    Judged { risk, reasons }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn points() -> RiskPoints {
        RiskPoints {
            late: 1,
            long_late: 2,
            long_late_days: 14,
            negative: 2,
            low_engagement: 2,
            medium_from: 1,
            high_from: 3,
        }
    }

    #[test]
    fn strategies_follow_the_grid() {
        assert_eq!(strategy(Grade::High, Grade::High), "Manage closely");
        assert_eq!(strategy(Grade::High, Grade::Medium), "Keep satisfied");
        assert_eq!(strategy(Grade::Medium, Grade::High), "Manage closely");
        assert_eq!(strategy(Grade::Low, Grade::High), "Keep informed");
        assert_eq!(strategy(Grade::Medium, Grade::Low), "Monitor");
    }

    #[test]
    fn words_are_read_as_they_are_written() {
        for grade in Grade::ALL {
            assert_eq!(grade.word().parse::<Grade>(), Ok(*grade));
        }
        let unknown = "angry".parse::<Sentiment>().unwrap_err();
        assert_eq!(unknown.to_string(), "`angry` is no sentiment: use positive, neutral, negative");
    }

    #[test]
    fn a_rhythm_counts_from_the_last_talk() {
        let (since, today) = (date(2027, 1, 4), date(2027, 1, 25));
        let weekly = |last| cadence(Rhythm::Every(7), last, since, &[], 7, today);
        assert_eq!(weekly(None), Cadence { due: Some(date(2027, 1, 11)), late: 14 });
        assert_eq!(weekly(Some(date(2027, 1, 18))), Cadence { due: Some(today), late: 0 });
        assert_eq!(weekly(Some(date(2027, 1, 17))).late, 1);
        assert_eq!(cadence(Rhythm::AsNeeded, None, since, &[], 7, today), Cadence::default());
    }

    #[test]
    fn at_milestones_the_talk_may_follow() {
        let (since, today) = (date(2027, 1, 4), date(2027, 2, 1));
        let days = [date(2027, 1, 20), date(2027, 3, 1)];
        let at = |last| cadence(Rhythm::Milestones, last, since, &days, 7, today);
        assert_eq!(at(None), Cadence { due: Some(date(2027, 1, 27)), late: 5 });
        assert_eq!(at(Some(date(2027, 1, 21))), Cadence { due: Some(date(2027, 3, 8)), late: 0 });
        assert_eq!(at(Some(date(2027, 3, 2))), Cadence::default());
    }

    #[test]
    fn risk_adds_up_and_says_why() {
        let late = |late| Cadence { due: Some(date(2027, 1, 4)), late };
        let judge = |points: &RiskPoints, cadence, sentiment, engagement| {
            judge(points, cadence, sentiment, engagement, None)
        };
        let quiet = judge(&points(), Cadence::default(), Some(Sentiment::Positive), Some(Grade::High));
        assert_eq!(quiet, Judged { risk: Grade::Low, reasons: Vec::new() });
        let slow = judge(&points(), late(1), None, None);
        assert_eq!((slow.risk, slow.reasons), (Grade::Medium, vec!["contact is 1 day overdue".to_owned()]));
        assert_eq!(judge(&points(), late(14), None, None).risk, Grade::Medium);
        assert_eq!(judge(&points(), late(3), Some(Sentiment::Negative), None).risk, Grade::High);
        let lost = judge(&points(), late(0), Some(Sentiment::Negative), Some(Grade::Low));
        assert_eq!((lost.risk, lost.reasons.len()), (Grade::High, 2));
    }

    #[test]
    fn a_champion_without_a_successor_is_a_high_risk() {
        let of =
            |gap| judge(&points(), Cadence::default(), Some(Sentiment::Positive), Some(Grade::High), gap);
        assert_eq!(of(None).risk, Grade::Low);
        let leaves = of(Some(Gap::Ahead));
        assert_eq!(
            (leaves.risk, leaves.reasons),
            (Grade::High, vec!["leaves, and nobody has taken over as champion".to_owned()])
        );
        let gone = of(Some(Gap::Here));
        assert_eq!(
            (gone.risk, gone.reasons),
            (Grade::High, vec!["has left, and nobody has taken over as champion".to_owned()])
        );
    }
}
