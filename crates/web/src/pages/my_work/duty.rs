//! What waits beside tasks: decisions and answers, meetings, entries of registers.

use gangway_app::work::MyWork;
use gangway_store::work::duty::{OpenEscalation, OpenRequest, OwnEntry, OwnMeeting};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::format::{capital, distance, moment};

/// One line.
pub(super) struct Duty {
    pub href: String,
    pub name: String,
    pub customer: String,
    /// What else is to say; may be empty.
    pub note: String,
    /// What stands on its tag, and the tone of that.
    pub tag: (String, &'static str),
}

impl Duty {
    /// What somebody has to decide or to answer: escalations by their clocks, then requests by age.
    pub(super) fn decisions(mine: &MyWork, now: Timestamp, zone: &TimeZone) -> impl Iterator<Item = Self> {
        let today = now.to_zoned(zone.clone()).date();
        let raised = mine.escalations.iter().map(move |one| Self::escalation(one, now, zone));
        let asked = mine.requests.iter().map(move |one| Self::request(one, today));
        raised.chain(asked)
    }

    fn escalation(one: &OpenEscalation, now: Timestamp, zone: &TimeZone) -> Self {
        let OpenEscalation { id, onboarding, number, level, title, respond_by, customer } = one;
        let is_late = Timestamp::try_from(*respond_by).is_ok_and(|by| by < now);
        Self {
            href: format!("/onboardings/{onboarding}/escalations/{id}"),
            name: format!("E-{number} {title}"),
            customer: customer.clone(),
            note: format!("level {level}, answer by {}", moment(*respond_by, zone).words),
            tag: if is_late {
                ("Answer overdue".to_owned(), "late")
            } else {
                ("Waits for an answer".to_owned(), "soon")
            },
        }
    }

    fn request(one: &OpenRequest, today: Date) -> Self {
        let OpenRequest { id, onboarding, number, title, requested_on, customer } = one;
        Self {
            href: format!("/onboardings/{onboarding}/changes/{id}"),
            name: format!("CR-{number} {title}"),
            customer: customer.clone(),
            note: format!("asked for {}", distance(today, *requested_on)),
            tag: ("Waits for approval".to_owned(), "soon"),
        }
    }

    /// A meeting; when its day is over, somebody has to say how it went.
    pub(super) fn meeting(one: &OwnMeeting, today: Date) -> Self {
        let OwnMeeting { id, onboarding, title, held_on, starts, zone, place, customer } = one;
        let mut note = format!("{}, {starts}", held_on.strftime("%a %-d %b"));
        for more in [zone.as_deref().unwrap_or_default(), place.as_str()] {
            if !more.is_empty() {
                note = format!("{note} · {more}");
            }
        }
        Self {
            href: format!("/onboardings/{onboarding}/meetings/{id}"),
            name: title.clone(),
            customer: customer.clone(),
            note,
            tag: match (*held_on < today, *held_on == today) {
                (true, _) => ("Say how it went".to_owned(), "late"),
                (false, true) => ("Today".to_owned(), "go"),
                _ => (capital(&distance(today, *held_on)), ""),
            },
        }
    }

    /// An entry of a register.
    pub(super) fn entry(one: &OwnEntry, today: Date) -> Self {
        let due = one.due();
        Self {
            href: format!("/onboardings/{}/register/{}", one.onboarding, one.id),
            name: format!("{} {}", one.code(), one.title),
            customer: one.customer.clone(),
            note: capital(one.kind().word()),
            tag: match due {
                Some(due) if due < today => (format!("Due {}", distance(today, due)), "late"),
                Some(due) if due == today => ("Due today".to_owned(), "soon"),
                Some(due) => (format!("Due {}", distance(today, due)), ""),
                None => ("No day yet".to_owned(), "off"),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use gangway_domain::ids::{MeetingId, OnboardingId, RegisterId};
    use gangway_domain::register::Details;
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;

    fn meeting(held_on: Date) -> OwnMeeting {
        OwnMeeting {
            id: MeetingId::from_uuid(Uuid::from_u128(1)),
            onboarding: OnboardingId::from_uuid(Uuid::from_u128(2)),
            title: "Steering".to_owned(),
            held_on,
            starts: "10:00".to_owned(),
            zone: Some("Europe/Berlin".to_owned()),
            place: String::new(),
            customer: "Acme".to_owned(),
        }
    }

    #[test]
    fn a_meeting_that_is_over_asks_how_it_went() {
        let today = date(2027, 1, 12);
        let tag = |held_on| Duty::meeting(&meeting(held_on), today).tag;
        assert_eq!(tag(date(2027, 1, 11)), ("Say how it went".to_owned(), "late"));
        assert_eq!(tag(today), ("Today".to_owned(), "go"));
        assert_eq!(tag(date(2027, 1, 13)), ("Tomorrow".to_owned(), ""));
        assert_eq!(Duty::meeting(&meeting(today), today).note, "Tue 12 Jan, 10:00 · Europe/Berlin");
    }

    #[test]
    fn an_entry_says_by_when() {
        let today = date(2027, 1, 12);
        let entry = |due: Option<Date>| OwnEntry {
            id: RegisterId::from_uuid(Uuid::from_u128(1)),
            onboarding: OnboardingId::from_uuid(Uuid::from_u128(2)),
            number: 7,
            title: "Send the minutes".to_owned(),
            details: Details::Action { about: String::new(), task: None },
            due_on: due.map(Into::into),
            customer: "Acme".to_owned(),
        };
        let late = Duty::entry(&entry(Some(date(2027, 1, 11))), today);
        assert_eq!((late.name.as_str(), late.note.as_str()), ("A-7 Send the minutes", "Action"));
        assert_eq!(late.tag, ("Due yesterday".to_owned(), "late"));
        assert_eq!(Duty::entry(&entry(None), today).tag, ("No day yet".to_owned(), "off"));
    }
}
