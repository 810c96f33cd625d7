//! The orders of the portfolio, and places in it.

use gangway_domain::ids::OnboardingId;
use jiff::civil::Date;
use thiserror::Error;

use super::list::Line;
use super::now;
use crate::cursor;
use crate::value::Value;

/// The column a list is in order of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SortBy {
    /// Customer's name, case ignored.
    Customer,
    /// Kickoff.
    #[default]
    Kickoff,
    /// Planned go-live.
    GoLive,
    /// Planned end.
    Finish,
    /// Days by which go-live misses its target.
    Late,
    /// Quality of the handoff.
    Quality,
    /// What needs somebody first: the latest, then by the next date; what is over comes last.
    Urgency,
}

/// A place in the list.
pub type Cursor = cursor::Cursor<OnboardingId>;

/// The text is not a place in this list.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("this is not a place in the list; start again at its first page")]
pub struct InvalidCursor;

impl SortBy {
    /// The sort value of a line, as a cursor carries it.
    pub(super) fn key(self, line: &Line, today: Date) -> String {
        match self {
            Self::Customer => line.customer.to_lowercase(),
            Self::Kickoff => line.kickoff_on.to_string(),
            Self::GoLive => line.go_live_on.to_string(),
            Self::Finish => line.finish_on.to_string(),
            Self::Late => line.late_days.to_string(),
            Self::Quality => line.document_score.to_string(),
            Self::Urgency => {
                let Line { state, late_days, finish_on, .. } = line;
                let (_, next_on) = line.dates().next(state, today);
                format!("{}~{next_on}", now::urgency(state, *late_days, *finish_on))
            }
        }
    }

    /// The value to start after, in the type of the column.
    pub(super) fn value(self, after: Option<&Cursor>) -> Result<Value, InvalidCursor> {
        let key = after.map(|cursor| cursor.key.as_str());
        Ok(match self {
            Self::Customer => Value::Text(key.map(str::to_owned)),
            Self::Kickoff | Self::GoLive | Self::Finish => {
                let day = key.map(str::parse::<Date>).transpose().map_err(|_| InvalidCursor)?;
                Value::from(day)
            }
            Self::Urgency => Value::Int(urgent_place(after)?.map(|(urgency, _)| urgency)),
            Self::Late | Self::Quality => {
                Value::Int(key.map(str::parse).transpose().map_err(|_| InvalidCursor)?)
            }
        })
    }
}

/// Urgency and next date of the row a page by urgency starts after.
pub(super) fn urgent_place(after: Option<&Cursor>) -> Result<Option<(i64, Date)>, InvalidCursor> {
    let Some(cursor) = after else { return Ok(None) };
    let (urgency, next_on) = cursor.key.split_once('~').ok_or(InvalidCursor)?;
    let urgency = urgency.parse().map_err(|_| InvalidCursor)?;
    Ok(Some((urgency, next_on.parse().map_err(|_| InvalidCursor)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_what_it_writes() {
        let text = "onb_00000000000000000000000000000007~acme ~ sons";
        let cursor: Cursor = text.parse().unwrap();
        assert_eq!(cursor.key, "acme ~ sons");
        assert_eq!(cursor.to_string(), text);
        assert_eq!("acme".parse::<Cursor>(), Err(InvalidCursor));
        assert!(SortBy::Late.value(Some(&cursor)).is_err());
        assert!(SortBy::Finish.value(Some(&cursor)).is_err());
    }
}
