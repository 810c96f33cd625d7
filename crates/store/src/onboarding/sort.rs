//! The orders of the portfolio, and places in it.

use gangway_domain::ids::OnboardingId;
use jiff::civil::Date;
use thiserror::Error;

use super::list::Row;
use crate::cursor;
use crate::time::Day;
use crate::value::Value;

/// The column a list is in order of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SortBy {
    /// Customer's name, case ignored.
    Customer,
    /// The state: planned, running, completed, closed; then the stage, then the next date.
    State,
    /// How far the plan is: its stage, what is over behind all stages; then the next date.
    Plan,
    /// The date that comes next; what is over has none and stands behind all.
    Next,
    /// Kickoff.
    #[default]
    Kickoff,
    /// Planned go-live.
    GoLive,
    /// Go-live with 80 % certainty; what has no forecast comes last.
    P80,
    /// The colour: none, on track, at risk, off track; then the next date.
    Colour,
    /// The health score, the lowest first; then the next date. What has no score comes last.
    Health,
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
    /// Every order with its word in addresses and queries.
    pub const WORDS: [(&str, Self); 13] = [
        ("customer", Self::Customer),
        ("state", Self::State),
        ("plan", Self::Plan),
        ("next", Self::Next),
        ("kickoff", Self::Kickoff),
        ("go-live", Self::GoLive),
        ("p80", Self::P80),
        ("finish", Self::Finish),
        ("late", Self::Late),
        ("colour", Self::Colour),
        ("health", Self::Health),
        ("quality", Self::Quality),
        ("urgent", Self::Urgency),
    ];

    /// The sort value of a row, as a cursor carries it: what is kept with the row, which is what it is in order of.
    pub(super) fn key(self, row: &Row) -> String {
        let day = |day: Day| Date::from(day).to_string();
        let ranked = |rank: i64| format!("{rank}~{}", Date::from(row.next_on));
        match self {
            Self::Customer => row.customer_key.clone(),
            Self::State => ranked(row.state_rank),
            Self::Plan => ranked(row.plan_rank),
            Self::Next => day(row.next_on),
            Self::Kickoff => day(row.kickoff_on),
            Self::GoLive => day(row.go_live_on),
            Self::P80 => day(row.p80_on),
            Self::Colour => ranked(row.light),
            Self::Health => ranked(row.health_rank),
            Self::Finish => day(row.finish_on),
            Self::Late => row.late_days.to_string(),
            Self::Quality => row.document_score.to_string(),
            Self::Urgency => ranked(row.urgency),
        }
    }

    /// Whether many share a rank, so that the next date decides among them.
    pub(super) fn is_ranked(self) -> bool {
        matches!(self, Self::State | Self::Plan | Self::Colour | Self::Health | Self::Urgency)
    }

    /// The value to start after, in the type of the column.
    pub(super) fn value(self, after: Option<&Cursor>) -> Result<Value, InvalidCursor> {
        let key = after.map(|cursor| cursor.key.as_str());
        Ok(match self {
            Self::Customer => Value::Text(key.map(str::to_owned)),
            Self::Next | Self::Kickoff | Self::GoLive | Self::P80 | Self::Finish => {
                let day = key.map(str::parse::<Date>).transpose().map_err(|_| InvalidCursor)?;
                Value::from(day)
            }
            Self::State | Self::Plan | Self::Colour | Self::Health | Self::Urgency => {
                Value::Int(ranked(after)?.map(|(rank, _)| rank))
            }
            Self::Late | Self::Quality => {
                Value::Int(key.map(str::parse).transpose().map_err(|_| InvalidCursor)?)
            }
        })
    }
}

/// Rank and next date of the row a page starts after.
pub(super) fn ranked(after: Option<&Cursor>) -> Result<Option<(i64, Date)>, InvalidCursor> {
    let Some(cursor) = after else { return Ok(None) };
    let (rank, next_on) = cursor.key.split_once('~').ok_or(InvalidCursor)?;
    let rank = rank.parse().map_err(|_| InvalidCursor)?;
    Ok(Some((rank, next_on.parse().map_err(|_| InvalidCursor)?)))
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
        assert!(SortBy::Plan.value(Some(&cursor)).is_err());
        let place = Cursor { key: "-3~2027-01-04".to_owned(), id: cursor.id };
        assert_eq!(ranked(Some(&place)), Ok(Some((-3, jiff::civil::date(2027, 1, 4)))));
    }
}
