//! Meetings of an onboarding: planned, held, cancelled, or nobody came; who is invited and who was there.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::ids::{ContactId, PersonId};
use crate::programme::Side;

/// Whether somebody came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Attendance {
    /// Nobody has said yet.
    #[default]
    Invited,
    /// They were there.
    Attended,
    /// They were not.
    Absent,
}

impl Attendance {
    /// The word in forms and the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Attended => "attended",
            Self::Absent => "absent",
        }
    }

    /// The attendance a word says.
    #[must_use]
    pub fn read(word: &str) -> Option<Self> {
        [Self::Invited, Self::Attended, Self::Absent].into_iter().find(|known| known.word() == word)
    }
}

/// Somebody who is invited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Invitee {
    /// Name, or the role nobody is known for yet.
    pub name: String,
    /// Mail address, when known.
    #[serde(default)]
    pub email: Option<String>,
    /// Who, when they are of the workspace.
    #[serde(default)]
    pub person: Option<PersonId>,
    /// Who, when they are known at the customer.
    #[serde(default)]
    pub contact: Option<ContactId>,
    /// Whose side they are on.
    pub side: Side,
    /// Whether they came.
    #[serde(default)]
    pub attendance: Attendance,
}

/// Where a meeting stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "status", rename_all = "kebab-case")]
#[schemars(rename = "MeetingStatus")]
pub enum Status {
    /// It will be held.
    Planned,
    /// It was held.
    Held,
    /// It will not be held.
    Cancelled {
        /// Why.
        reason: String,
    },
    /// It was to be held, and those it needed did not come.
    NoShow {
        /// Who did not come, or what they said.
        reason: String,
    },
}

impl Status {
    /// The word in files, forms and the API.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Held => "held",
            Self::Cancelled { .. } => "cancelled",
            Self::NoShow { .. } => "no-show",
        }
    }

    /// Why it was not held.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Cancelled { reason } | Self::NoShow { reason } => Some(reason),
            Self::Planned | Self::Held => None,
        }
    }

    /// The state a word and a reason say.
    #[must_use]
    pub fn read(word: &str, reason: Option<String>) -> Option<Self> {
        let reason = reason.unwrap_or_default();
        match word {
            "planned" => Some(Self::Planned),
            "held" => Some(Self::Held),
            "cancelled" => Some(Self::Cancelled { reason }),
            "no-show" => Some(Self::NoShow { reason }),
            _ => None,
        }
    }

    /// A planned meeting ends like that, or one that ended is planned again.
    ///
    /// # Errors
    /// [`Refusal`] when it is not planned any more, or is planned still.
    pub fn turn(self, next: Self) -> Result<Self, Refusal> {
        match (&self, &next) {
            (Self::Planned, Self::Planned) => Err(Refusal { was: "planned", to: "planned" }),
            (Self::Planned, _) | (_, Self::Planned) => Ok(next),
            (before, after) => Err(Refusal { was: before.word(), to: after.word() }),
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A step the state of a meeting does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a meeting that is {was} cannot become {to}: plan it again first")]
pub struct Refusal {
    /// What it is.
    pub was: &'static str,
    /// What was asked for.
    pub to: &'static str,
}

/// When a meeting takes place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "MeetingSlot")]
pub struct Slot {
    /// The day.
    pub on: Date,
    /// Start, `HH:MM` on the clock of the zone.
    pub starts: Clock,
    /// Minutes.
    pub minutes: u32,
    /// IANA time zone; without one the time is that of whoever looks.
    pub zone: Option<String>,
}

impl Slot {
    /// First and last instant; without a zone as if the clock were UTC's.
    #[must_use]
    pub fn span(&self) -> Option<(Timestamp, Timestamp)> {
        let zone = match &self.zone {
            Some(name) => TimeZone::get(name).ok()?,
            None => TimeZone::UTC,
        };
        let start = self.on.to_datetime(self.starts.0).to_zoned(zone).ok()?.timestamp();
        let end = start.checked_add(i64::from(self.minutes).minutes()).ok()?;
        Some((start, end))
    }
}

/// A time of day to the minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Clock(Time);

impl Clock {
    /// Ten in the morning: late enough for travel.
    #[must_use]
    pub fn ten() -> Self {
        Self(Time::constant(10, 0, 0, 0))
    }

    /// A full hour, 0 to 23.
    #[must_use]
    pub fn of_hour(hour: i8) -> Option<Self> {
        Time::new(hour, 0, 0, 0).ok().map(Self)
    }
}

/// The text is no time of day.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not a time such as 10:00")]
pub struct NoClock(pub String);

impl FromStr for Clock {
    type Err = NoClock;

    fn from_str(text: &str) -> Result<Self, NoClock> {
        let wrong = || NoClock(text.chars().take(20).collect());
        let (hour, rest) = text.trim().split_once(':').ok_or_else(wrong)?;
        // Browsers may send seconds.
        let minute = rest.split(':').next().unwrap_or(rest);
        let two = |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_digit());
        if !two(hour) || minute.len() != 2 || !two(minute) {
            return Err(wrong());
        }
        let (hour, minute) = (hour.parse().map_err(|_| wrong())?, minute.parse().map_err(|_| wrong())?);
        Time::new(hour, minute, 0, 0).map(Self).map_err(|_| wrong())
    }
}

impl TryFrom<String> for Clock {
    type Error = NoClock;

    fn try_from(text: String) -> Result<Self, NoClock> {
        text.parse()
    }
}

impl From<Clock> for String {
    fn from(clock: Clock) -> Self {
        clock.to_string()
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0.hour(), self.0.minute())
    }
}

/// How often the invited of one side came to meetings that took place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Turnout {
    /// Those of whom it is known that they came.
    pub attended: u32,
    /// Those of whom it is known that they did not.
    pub absent: u32,
}

impl Turnout {
    /// Of these people, on this side.
    #[must_use]
    pub fn of<'a>(people: impl IntoIterator<Item = &'a Invitee>, side: Side) -> Self {
        let mut turnout = Self::default();
        for person in people.into_iter().filter(|person| person.side == side) {
            match person.attendance {
                Attendance::Attended => turnout.attended += 1,
                Attendance::Absent => turnout.absent += 1,
                Attendance::Invited => {}
            }
        }
        turnout
    }

    /// Share of those who came, percent; nothing when nothing is known.
    #[must_use]
    pub fn percent(self) -> Option<u32> {
        (self.attended * 100).checked_div(self.attended + self.absent)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_meeting_ends_once_and_can_be_planned_again() {
        let held = Status::Planned.turn(Status::Held).unwrap();
        let no_show = Status::NoShow { reason: "the sponsor was ill".to_owned() };
        let error = held.clone().turn(no_show.clone()).unwrap_err();
        assert_eq!(error.to_string(), "a meeting that is held cannot become no-show: plan it again first");
        assert_eq!(held.turn(Status::Planned), Ok(Status::Planned));
        assert_eq!(Status::read("no-show", Some("the sponsor was ill".to_owned())), Some(no_show));
        assert_eq!(Status::read("gone", None), None);
    }

    #[test]
    fn a_slot_is_an_instant_in_its_zone() {
        let at = |zone: Option<&str>| Slot {
            on: date(2027, 1, 11),
            starts: "10:00".parse().unwrap(),
            minutes: 90,
            zone: zone.map(str::to_owned),
        };
        let instants = |zone: Option<&str>| at(zone).span().map(|(a, b)| (a.to_string(), b.to_string()));
        let berlin = ("2027-01-11T09:00:00Z".to_owned(), "2027-01-11T10:30:00Z".to_owned());
        assert_eq!(instants(Some("Europe/Berlin")), Some(berlin));
        let floating = ("2027-01-11T10:00:00Z".to_owned(), "2027-01-11T11:30:00Z".to_owned());
        assert_eq!(instants(None), Some(floating));
        assert_eq!(instants(Some("Mars/Olympus")), None);
    }

    #[test]
    fn times_of_day_are_read_as_people_and_browsers_write_them() {
        for (text, shown) in [("9:30", "09:30"), ("09:30:00", "09:30"), (" 23:59 ", "23:59")] {
            assert_eq!(text.parse::<Clock>().unwrap().to_string(), shown);
        }
        for wrong in ["", "9", "24:00", "10:60", "10:5", "ten:30", "-1:00", "1:2:3"] {
            assert!(wrong.parse::<Clock>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn turnout_counts_those_of_whom_it_is_known() {
        let person = |side: Side, attendance: Attendance| Invitee {
            name: "Dana".to_owned(),
            email: None,
            person: None,
            contact: None,
            side,
            attendance,
        };
        let people = [
            person(Side::Customer, Attendance::Attended),
            person(Side::Customer, Attendance::Absent),
            person(Side::Customer, Attendance::Attended),
            person(Side::Customer, Attendance::Invited),
            person(Side::Vendor, Attendance::Absent),
        ];
        let turnout = Turnout::of(&people, Side::Customer);
        assert_eq!((turnout.attended, turnout.absent, turnout.percent()), (2, 1, Some(66)));
        assert_eq!(Turnout::default().percent(), None);
    }
}
