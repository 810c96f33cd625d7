//! What people are told of the launch: written from the facts, changed by people, released, and sent once at its time.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use super::{Met, Recorded, Standing};
use crate::methodology::LaunchMessage;
use crate::register::Owner;

/// The hour at which messages go out where nobody said another.
pub const MESSAGE_HOUR: i8 = 9;

/// Days after which a message says nothing new any more, where no other follows it.
const LATEST: i32 = 7;

/// That a message went out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// Who sent it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Names of those it went to.
    pub to: Vec<String>,
}

/// That a message goes out by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// Who released it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Whom it goes to.
    pub to: Vec<Owner>,
    /// At which hour, 0 to 23.
    pub hour: i8,
    /// On the clock of which zone (IANA name); the account's when none is named.
    #[serde(default)]
    pub zone: Option<String>,
    /// It belongs to what the readers have bought, so that they cannot get off it.
    #[serde(default)]
    pub service: bool,
    /// That it is held.
    #[serde(default)]
    pub held: Option<Met>,
}

/// A message of the launch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Which of those the methodology names (id).
    pub moment: String,
    /// Subject.
    pub subject: String,
    /// Text, Markdown.
    pub text: String,
    /// The day it should go out.
    pub due_on: Date,
    /// That it goes out by itself.
    #[serde(default)]
    pub release: Option<Release>,
    /// That it went out.
    pub sent: Option<Sent>,
}

impl Recorded for Message {
    const KIND: &'static str = "message";

    fn status(&self) -> &'static str {
        match &self.release {
            _ if self.sent.is_some() => "sent",
            None => "draft",
            Some(Release { held: Some(_), .. }) => "held",
            Some(_) => "released",
        }
    }
}

/// The day a message should go out.
#[must_use]
pub fn moment_day(message: &LaunchMessage, go_live: Date) -> Date {
    go_live.saturating_add(message.days.days())
}

/// The last day on which a message is still true: the one before the next message is due.
fn last_day(all: &[LaunchMessage], message: &LaunchMessage, go_live: Date) -> Date {
    let next = all.iter().map(|other| other.days).filter(|days| *days > message.days).min();
    let until = next.map_or(message.days.saturating_add(LATEST), |next| next - 1);
    go_live.saturating_add(until.days())
}

/// What a go-live is when a message asks whether it may go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Course {
    /// The planned day, or the day it went live.
    pub go_live: Date,
    /// It is live.
    pub live: bool,
    /// Where it stands.
    pub standing: Standing,
}

/// Whether a message goes out, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outlook {
    /// Then.
    At(Timestamp),
    /// Not now, for a reason; its time is then.
    Waits(Timestamp, &'static str),
    /// It would not be true any more.
    Over,
}

/// Whether a message that was released goes out, and when, seen from now. `zone` is the account's.
#[must_use]
pub fn outlook(
    all: &[LaunchMessage],
    message: &LaunchMessage,
    release: &Release,
    course: &Course,
    zone: &TimeZone,
    now: Timestamp,
) -> Outlook {
    let zone =
        release.zone.as_deref().and_then(|name| TimeZone::get(name).ok()).unwrap_or_else(|| zone.clone());
    let due = moment_day(message, course.go_live).at(release.hour.clamp(0, 23), 0, 0, 0);
    let due = due.to_zoned(zone.clone()).map_or(Timestamp::MAX, |due| due.timestamp());
    if now.to_zoned(zone).date() > last_day(all, message, course.go_live) {
        return Outlook::Over;
    }
    let waits = match course.standing {
        _ if release.held.is_some() => Some("it is held"),
        Standing::Refrains => Some("the decision is no go"),
        Standing::TakenBack => Some("the go-live was taken back"),
        Standing::Stopped => Some("a trigger that rolls back at once waits for a decision"),
        // A week before, most have not decided yet; on the day nobody is told what nobody decided.
        Standing::Undecided if message.days >= 0 => Some("nobody has decided to go live"),
        Standing::Undecided | Standing::Goes if message.days > 0 && !course.live => {
            Some("nobody has said that it is live")
        }
        Standing::Undecided | Standing::Goes => None,
    };
    waits.map_or(Outlook::At(due), |why| Outlook::Waits(due, why))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn moment(id: &str, days: i32) -> LaunchMessage {
        let (id, template) = (id.to_owned(), format!("launch-{id}"));
        LaunchMessage { title: id.clone(), id, days, template }
    }

    #[test]
    fn days_count_from_the_go_live() {
        assert_eq!(moment_day(&moment("week-before", -7), date(2027, 3, 1)), date(2027, 2, 22));
        assert_eq!(moment_day(&moment("after", 3), date(2027, 3, 1)), date(2027, 3, 4));
    }

    #[test]
    fn a_message_goes_out_at_its_hour_of_the_accounts_zone_while_it_is_true() {
        let all = [moment("week-before", -7), moment("day", 0), moment("after", 3)];
        let release = Release {
            by: "Ines".to_owned(),
            at: Timestamp::UNIX_EPOCH,
            to: Vec::new(),
            hour: 9,
            zone: None,
            service: false,
            held: None,
        };
        let course = Course { go_live: date(2027, 3, 8), live: false, standing: Standing::Undecided };
        let new_york = TimeZone::get("America/New_York").unwrap();
        let now: Timestamp = "2027-02-01T00:00:00Z".parse().unwrap();
        let at = |text: &str| -> Timestamp { text.parse().unwrap() };
        let seen = |place: usize, release: &Release, course: &Course, now| {
            outlook(&all, &all[place], release, course, &new_york, now)
        };
        assert_eq!(seen(0, &release, &course, now), Outlook::At(at("2027-03-01T14:00:00Z")));
        let tokyo = Release { zone: Some("Asia/Tokyo".to_owned()), hour: 8, ..release.clone() };
        assert_eq!(seen(0, &tokyo, &course, now), Outlook::At(at("2027-02-28T23:00:00Z")));
        let moved = Course { go_live: date(2027, 3, 10), ..course };
        assert_eq!(seen(0, &release, &moved, now), Outlook::At(at("2027-03-03T14:00:00Z")));
        assert_eq!(seen(0, &release, &course, at("2027-03-08T14:00:00Z")), Outlook::Over);
        let held = Release { held: Some(Met { by: "Ines".to_owned(), at: now }), ..release.clone() };
        for (release, standing, place) in [
            (&held, Standing::Goes, 0),
            (&release, Standing::Refrains, 0),
            (&release, Standing::TakenBack, 0),
            (&release, Standing::Stopped, 0),
            (&release, Standing::Undecided, 1),
            (&release, Standing::Goes, 2),
        ] {
            let course = Course { standing, ..course };
            assert!(matches!(seen(place, release, &course, now), Outlook::Waits(..)), "{standing:?} {place}");
        }
        let live = Course { live: true, standing: Standing::Goes, ..course };
        // The clock goes forward on 14 March.
        assert_eq!(seen(2, &release, &live, now), Outlook::At(at("2027-03-11T14:00:00Z")));
        assert_eq!(seen(2, &release, &live, at("2027-03-19T14:00:00Z")), Outlook::Over);
    }
}
