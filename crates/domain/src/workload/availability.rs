//! What somebody has time for.

use jiff::ToSpan;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Tenths of a day in the week of somebody who works full time.
pub const FULL_TIME: u32 = 50;

/// Tenths of a day in a week without a day off.
pub const MOST_TENTHS: u32 = 70;

/// Most absences kept for one person.
const MOST_ABSENCES: usize = 100;

/// Longest absence, in calendar days: two years.
const LONGEST: i32 = 731;

/// Longest reason, in characters.
const LONGEST_REASON: usize = 120;

/// What somebody has time for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Availability {
    /// Tenths of a working day in a week without holidays: 50 is five days.
    pub tenths: u32,
    /// When they are not there, by first day.
    pub absences: Vec<Absence>,
}

/// A period in which somebody is not there; both days included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Absence {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Why; may be empty.
    #[serde(default)]
    pub reason: String,
}

impl Default for Availability {
    fn default() -> Self {
        Self { tenths: FULL_TIME, absences: Vec::new() }
    }
}

/// What is wrong with an availability: the field, and the rest of the sentence that begins with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The field.
    pub field: &'static str,
    /// What is wrong.
    pub message: String,
}

impl Availability {
    /// The absence somebody has on a day.
    #[must_use]
    pub fn absence(&self, day: Date) -> Option<&Absence> {
        self.absences.iter().find(|absence| absence.from <= day && day <= absence.to)
    }

    /// The same as it is kept: absences in order, none twice, reasons on one line.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn checked(self) -> Result<Self, Vec<Wrong>> {
        let Self { tenths, absences } = self;
        let mut wrong = Vec::new();
        let mut say = |field, message: String| wrong.push(Wrong { field, message });
        if tenths > MOST_TENTHS {
            say("days_a_week", format!("must be between 0 and {}", MOST_TENTHS / 10));
        }
        if absences.len() > MOST_ABSENCES {
            say("absences", format!("are too many: {MOST_ABSENCES} at most"));
        }
        let mut kept: Vec<Absence> = Vec::with_capacity(absences.len());
        for Absence { from, to, reason } in absences {
            let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
            if to < from {
                say("to", format!("is before {from}, the first day"));
            } else if from.saturating_add(LONGEST.days()) <= to {
                say("to", "is more than two years after the first day".to_owned());
            }
            if reason.chars().count() > LONGEST_REASON {
                say("reason", format!("is longer than {LONGEST_REASON} characters"));
            }
            if reason.chars().any(char::is_control) {
                say("reason", "has a character that cannot be shown".to_owned());
            }
            let absence = Absence { from, to, reason };
            if !kept.contains(&absence) {
                kept.push(absence);
            }
        }
        kept.sort_by(|one, other| {
            (one.from, one.to, &one.reason).cmp(&(other.from, other.to, &other.reason))
        });
        if wrong.is_empty() { Ok(Self { tenths, absences: kept }) } else { Err(wrong) }
    }
}

/// Days a week as people write them: `4`, `4.5`, `4,5`. None when it is no such number, or finer than a tenth.
#[must_use]
pub fn tenths_of(text: &str) -> Option<u32> {
    let text = text.trim();
    let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    if part.len() != 1
        || whole.len() > 2
        || whole.is_empty()
        || !whole.bytes().all(|byte| byte.is_ascii_digit())
    {
        return None;
    }
    let part: u32 = part.parse().ok()?;
    let whole: u32 = whole.parse().ok()?;
    Some(whole * 10 + part)
}
