//! The joint impact plan as it is worked: outcomes with what is measured of them, and what the customer says to it.
//!
//! An outcome is agreed with the customer, measured, reached, and at last *verified*: somebody of the customer said so,
//! with evidence at hand [002]. Where it stands follows from those facts and the day, and is never set by hand.

mod amount;
mod complete;
mod late;
mod unit;
mod value;

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use amount::{Amount, InvalidAmount};
pub use complete::{Completeness, Needed};
pub use late::{Course, Driver, Passed, drivers};
pub use unit::of_one;
pub use value::{Shown, first_value, judged};

use crate::ids::{AttachmentId, ContactId};
use crate::people::words;

words! {
    /// Which way a figure should go.
    Direction: "direction" {
        /// More is better.
        Up = "up", "Should rise";
        /// Less is better.
        Down = "down", "Should fall";
    }
}

words! {
    /// Where an outcome stands.
    Status: "status of an outcome" {
        /// Made from what sales heard; the customer has not agreed to it.
        Drafted = "drafted", "To be agreed";
        /// Both sides want it.
        Agreed = "agreed", "Agreed";
        /// There are figures, and they are on their way.
        Measuring = "measuring", "Measuring";
        /// The target is reached; the customer has not said so yet.
        Reached = "reached", "Reached";
        /// The customer confirmed it.
        Verified = "verified", "Verified";
        /// It was agreed, and its day has passed without it.
        Missed = "missed", "Missed";
        /// Its day has passed, and the customer never agreed to it.
        NeverAgreed = "never-agreed", "Never agreed";
    }
}

/// What shows that a measurement is true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[schemars(rename = "OutcomeEvidence")]
pub enum Evidence {
    /// In words.
    Words {
        /// What was seen, where.
        text: String,
    },
    /// Something with an address.
    Link {
        /// The address.
        url: String,
    },
    /// A file kept with the outcome.
    File {
        /// Which.
        id: AttachmentId,
        /// Its name.
        name: String,
    },
}

/// What the customer says to an outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "answer", rename_all = "kebab-case")]
#[schemars(rename = "OutcomeAnswer")]
pub enum Answer {
    /// It is there.
    Confirmed {
        /// Who says so.
        by: String,
        /// Who that is, when they are a contact.
        contact: Option<ContactId>,
        /// When.
        at: Timestamp,
        /// In their words; may be empty.
        words: String,
        /// Who wrote it down when they said it elsewhere than in the portal.
        recorded_by: Option<String>,
    },
    /// It is not there yet.
    Declined {
        /// Who says so.
        by: String,
        /// Who that is, when they are a contact.
        contact: Option<ContactId>,
        /// When.
        at: Timestamp,
        /// What is missing.
        words: String,
    },
}

impl Answer {
    /// The word rows and addresses have for it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Confirmed { .. } => "confirmed",
            Self::Declined { .. } => "declined",
        }
    }

    /// Whether it is a yes.
    #[must_use]
    pub fn is_yes(&self) -> bool {
        matches!(self, Self::Confirmed { .. })
    }
}

/// What was measured on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// The figure; none where the outcome has no figure.
    pub value: Option<Amount>,
    /// Whoever measured says that the outcome is there; counts where there is no target in figures.
    pub holds: bool,
}

/// The facts an outcome stands on.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// Both sides agreed.
    pub agreed: bool,
    /// Which way the figure should go.
    pub direction: Direction,
    /// Where it stood before.
    pub baseline: Option<Amount>,
    /// What it should become.
    pub target: Option<Amount>,
    /// By when.
    pub by: Date,
    /// The latest measurement.
    pub latest: Option<Reading>,
    /// What the customer says.
    pub answer: Option<&'a Answer>,
}

impl Ground<'_> {
    /// The latest measurement is what was wanted.
    #[must_use]
    pub fn is_reached(&self) -> bool {
        let Some(latest) = self.latest else { return false };
        match (self.target, latest.value, self.direction) {
            (Some(target), Some(value), Direction::Up) => value >= target,
            (Some(target), Some(value), Direction::Down) => value <= target,
            (Some(_), None, _) => false,
            (None, ..) => latest.holds,
        }
    }

    /// Where the outcome stands on a day.
    #[must_use]
    pub fn status(&self, today: Date) -> Status {
        if self.answer.is_some_and(Answer::is_yes) {
            Status::Verified
        } else if self.is_reached() {
            Status::Reached
        } else if self.by < today {
            // Nobody misses what nobody agreed to.
            if self.agreed { Status::Missed } else { Status::NeverAgreed }
        } else if self.latest.is_some() {
            Status::Measuring
        } else if self.agreed {
            Status::Agreed
        } else {
            Status::Drafted
        }
    }

    /// How much of the way from baseline to target is gone, 0 to 100 percent; from nothing where there is no
    /// baseline. None without a target or a figure.
    #[must_use]
    pub fn percent(&self) -> Option<u32> {
        let target = i128::from(self.target?.thousandths());
        let value = i128::from(self.latest?.value?.thousandths());
        if self.is_reached() {
            return Some(100);
        }
        let (gone, whole) = match (self.baseline, self.direction) {
            (Some(baseline), _) => {
                let baseline = i128::from(baseline.thousandths());
                (value - baseline, target - baseline)
            }
            (None, Direction::Up) => (value, target),
            (None, Direction::Down) => (target, value),
        };
        // What is not reached is never quite all of it.
        let percent = (gone * 100).checked_div(whole).unwrap_or(0).clamp(0, 99);
        u32::try_from(percent).ok()
    }
}

/// What both sides need before they can call an outcome agreed: what is still missing, in words.
#[must_use]
pub fn lacks_for_agreement(
    metric: &str,
    baseline: Option<Amount>,
    target: Option<Amount>,
) -> Vec<&'static str> {
    let mut lacks = Vec::new();
    if metric.is_empty() {
        lacks.push("what is measured");
    }
    if baseline.is_none() {
        lacks.push("where it stands today");
    }
    if target.is_none() {
        lacks.push("what it should become");
    }
    lacks
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn amount(text: &str) -> Amount {
        text.parse().unwrap()
    }

    fn read(text: &str) -> Option<Reading> {
        Some(Reading { value: Some(amount(text)), holds: false })
    }

    fn ground<'a>() -> Ground<'a> {
        Ground {
            agreed: false,
            direction: Direction::Down,
            baseline: Some(amount("10")),
            target: Some(amount("2")),
            by: date(2027, 3, 1),
            latest: None,
            answer: None,
        }
    }

    fn yes() -> Answer {
        Answer::Confirmed {
            by: "Dana Whitfield".to_owned(),
            contact: None,
            at: Timestamp::UNIX_EPOCH,
            words: String::new(),
            recorded_by: None,
        }
    }

    #[test]
    fn where_an_outcome_stands_follows_from_facts_and_day() {
        let (early, late) = (date(2027, 2, 1), date(2027, 3, 2));
        assert_eq!(ground().status(early), Status::Drafted);
        assert_eq!(Ground { agreed: true, ..ground() }.status(early), Status::Agreed);
        assert_eq!(Ground { agreed: true, ..ground() }.status(late), Status::Missed);
        assert_eq!(Ground { latest: read("6"), ..ground() }.status(early), Status::Measuring);
        assert_eq!(Ground { agreed: true, latest: read("6"), ..ground() }.status(late), Status::Missed);
        assert_eq!(ground().status(late), Status::NeverAgreed);
        assert_eq!(Ground { latest: read("6"), ..ground() }.status(late), Status::NeverAgreed);
        assert_eq!(Ground { latest: read("2"), ..ground() }.status(late), Status::Reached);
        let answer = yes();
        assert_eq!(Ground { answer: Some(&answer), ..ground() }.status(late), Status::Verified);
        let no = Answer::Declined {
            by: "Dana".to_owned(),
            contact: None,
            at: Timestamp::UNIX_EPOCH,
            words: "only in Lyon".to_owned(),
        };
        assert_eq!(Ground { latest: read("2"), answer: Some(&no), ..ground() }.status(late), Status::Reached);
    }

    #[test]
    fn without_a_figure_whoever_measures_says_whether_it_is_there() {
        let said = |holds| Ground { target: None, latest: Some(Reading { value: None, holds }), ..ground() };
        assert!(said(true).is_reached() && !said(false).is_reached());
        let no_figure = Ground { latest: Some(Reading { value: None, holds: true }), ..ground() };
        assert!(!no_figure.is_reached(), "where there is a target, a word is no figure");
    }

    #[test]
    fn the_way_gone_is_a_share_of_the_way_agreed() {
        assert_eq!(Ground { latest: read("6"), ..ground() }.percent(), Some(50));
        assert_eq!(Ground { latest: read("12"), ..ground() }.percent(), Some(0), "it got worse");
        assert_eq!(Ground { latest: read("1"), ..ground() }.percent(), Some(100));
        let up = Ground { direction: Direction::Up, baseline: None, target: Some(amount("80")), ..ground() };
        assert_eq!(Ground { latest: read("60"), ..up }.percent(), Some(75));
        assert_eq!(Ground { latest: read("79.999"), ..up }.percent(), Some(99));
        assert_eq!(up.percent(), None);
    }

    #[test]
    fn an_outcome_is_agreed_with_a_metric_a_baseline_and_a_target() {
        let two = Some(amount("2"));
        assert_eq!(lacks_for_agreement("", None, two), ["what is measured", "where it stands today"]);
        assert!(lacks_for_agreement("Days to close the books", two, two).is_empty());
    }
}
