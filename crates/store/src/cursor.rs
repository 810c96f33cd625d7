//! Places in lists that are walked through page by page.

use std::fmt;
use std::str::FromStr;

use crate::onboarding::list::InvalidCursor;
use crate::time::Timestamp;
use crate::value::Value;

/// The end of a statement whose rows are walked through page by page, behind `WHERE … AND`: those after a place, in order
/// of a key and then of an id. The last three are the parameters: key and id of that place, and how many rows. A key is
/// compared before it is asked whether there is a place at all, or PostgreSQL cannot tell what the parameters are.
macro_rules! walked {
    ($key:literal, $id:literal, $direction:literal, $after:literal, $at:literal, $of:literal, $limit:literal) => {
        concat!(
            "((",
            $key,
            ", ",
            $id,
            ") ",
            $after,
            " (",
            $at,
            ", ",
            $of,
            ") OR ",
            $of,
            " IS NULL) ORDER BY ",
            $key,
            " ",
            $direction,
            ", ",
            $id,
            " ",
            $direction,
            " LIMIT ",
            $limit
        )
    };
}
pub(crate) use walked;

/// A place in a list: the sort value and id of its last row. Opaque outside; valid only with the sort it was
/// made with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor<Id> {
    pub(crate) key: String,
    pub(crate) id: Id,
}

impl<Id: fmt::Display> fmt::Display for Cursor<Id> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}~{}", self.id, self.key)
    }
}

impl<Id: FromStr> FromStr for Cursor<Id> {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let (id, key) = text.split_once('~').ok_or(InvalidCursor)?;
        Ok(Self { id: id.parse().map_err(|_| InvalidCursor)?, key: key.to_owned() })
    }
}

/// An instant as a cursor carries it: to the microsecond, as databases keep it.
pub(crate) fn instant(at: Timestamp) -> String {
    jiff::Timestamp::try_from(at).map_or_else(|_| String::new(), |at| at.as_microsecond().to_string())
}

/// The instant a cursor carries, as an argument.
pub(crate) fn moment(key: Option<&str>) -> Result<Value, InvalidCursor> {
    let Some(key) = key else { return Ok(Value::At(None)) };
    let micros = key.parse().map_err(|_| InvalidCursor)?;
    let at = jiff::Timestamp::from_microsecond(micros).map_err(|_| InvalidCursor)?;
    Ok(Value::At(Some(at.into())))
}

/// The whole number a cursor carries, as an argument.
pub(crate) fn number(key: Option<&str>) -> Result<Value, InvalidCursor> {
    Ok(Value::Int(key.map(str::parse).transpose().map_err(|_| InvalidCursor)?))
}

#[cfg(test)]
mod tests {
    use gangway_domain::ids::AccountId;

    use super::*;

    #[test]
    fn a_cursor_reads_what_it_writes() {
        let text = "acc_00000000000000000000000000000007~acme ~ sons";
        let cursor: Cursor<AccountId> = text.parse().unwrap();
        assert_eq!((cursor.key.as_str(), cursor.to_string().as_str()), ("acme ~ sons", text));
        assert_eq!("acme".parse::<Cursor<AccountId>>(), Err(InvalidCursor));
        assert_eq!("hof_7~x".parse::<Cursor<AccountId>>(), Err(InvalidCursor));
    }

    #[test]
    fn an_instant_goes_through_its_text() {
        let at: jiff::Timestamp = "2027-01-04T09:00:00.123456Z".parse().unwrap();
        assert_eq!(instant(at.into()), "1799053200123456");
        assert!(matches!(moment(Some("1799053200123456")), Ok(Value::At(Some(known))) if known == at.into()));
        assert!(moment(Some("yesterday")).is_err() && number(Some("many")).is_err());
        assert!(moment(Some("9223372036854775807")).is_err(), "no such instant");
    }
}
