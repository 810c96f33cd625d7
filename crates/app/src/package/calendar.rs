//! Meetings as calendar entries.

use gangway_documents::{Attendee, Event, When, ics};
use gangway_domain::package::{Meeting, Package};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use uuid::Uuid;

/// Countries with one time zone for nearly everybody. For others the proposed time stays without a
/// zone ("floating"): every reader's calendar then shows it as local time, and the inviter settles it.
const ZONES: &[(&str, &str)] = &[
    ("AE", "Asia/Dubai"),
    ("AT", "Europe/Vienna"),
    ("BE", "Europe/Brussels"),
    ("CH", "Europe/Zurich"),
    ("CZ", "Europe/Prague"),
    ("DE", "Europe/Berlin"),
    ("DK", "Europe/Copenhagen"),
    ("ES", "Europe/Madrid"),
    ("FI", "Europe/Helsinki"),
    ("FR", "Europe/Paris"),
    ("GB", "Europe/London"),
    ("HU", "Europe/Budapest"),
    ("IE", "Europe/Dublin"),
    ("IL", "Asia/Jerusalem"),
    ("IN", "Asia/Kolkata"),
    ("IT", "Europe/Rome"),
    ("JP", "Asia/Tokyo"),
    ("KR", "Asia/Seoul"),
    ("LU", "Europe/Luxembourg"),
    ("NL", "Europe/Amsterdam"),
    ("NO", "Europe/Oslo"),
    ("PL", "Europe/Warsaw"),
    ("PT", "Europe/Lisbon"),
    ("SE", "Europe/Stockholm"),
    ("SG", "Asia/Singapore"),
    ("ZA", "Africa/Johannesburg"),
];

/// The meetings as one calendar file.
pub(super) fn calendar<'a>(package: &Package, meetings: impl IntoIterator<Item = &'a Meeting>) -> String {
    let zone = zone(package);
    let events: Vec<Event> =
        meetings.into_iter().flat_map(|meeting| events(package, meeting, zone.as_ref())).collect();
    let text = ics(&events);
    if zone.is_some() { text } else { floating(&text) }
}

fn zone(package: &Package) -> Option<(&'static str, TimeZone)> {
    let name = zone_name(&package.reading.deal.country.as_ref()?.value)?;
    Some((name, TimeZone::get(name).ok()?))
}

/// The time zone of a country that has one for nearly everybody.
pub(crate) fn zone_name(country: &str) -> Option<&'static str> {
    let found = ZONES.iter().find(|(code, _)| country.get(..2).is_some_and(|c| c.eq_ignore_ascii_case(code)));
    found.map(|(_, name)| *name)
}

/// One event for each day of the meeting: days of a series move around holidays, which no rule of recurrence says.
fn events(package: &Package, meeting: &Meeting, zone: Option<&(&'static str, TimeZone)>) -> Vec<Event> {
    let days = std::iter::once(&meeting.on).chain(&meeting.then);
    days.enumerate()
        .map(|(index, day)| Event {
            uid: uid(package, meeting, index),
            stamp: midnight(package.as_of),
            sequence: 0,
            summary: meeting.title.clone(),
            description: description(meeting, zone.map(|(name, _)| *name)),
            location: String::new(),
            when: when(meeting, *day, zone.map(|(_, zone)| zone)),
            organizer: organizer(package, meeting),
            attendees: meeting.invite.iter().map(|email| attendee(package, email)).collect(),
            rrule: None,
            zone: None,
            cancelled: false,
        })
        .collect()
}

/// Stable for the meeting, not for its date: a moved meeting replaces the old one in people's calendars.
fn uid(package: &Package, meeting: &Meeting, index: usize) -> String {
    let name = format!("gangway:{}:{}:{}:{index}", package.names.vendor, package.names.customer, meeting.id);
    format!("{}@gangway", Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()))
}

fn midnight(day: Date) -> Timestamp {
    day.to_zoned(TimeZone::UTC).map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
}

fn when(meeting: &Meeting, day: Date, zone: Option<&TimeZone>) -> When {
    let whole_day = When::Days { first: day, last: day };
    let Ok(at) = meeting.at.parse::<Time>() else { return whole_day };
    let zone = zone.cloned().unwrap_or(TimeZone::UTC);
    let Ok(start) = day.to_datetime(at).to_zoned(zone) else { return whole_day };
    let start = start.timestamp();
    match start.checked_add(i64::from(meeting.minutes.max(15)).minutes()) {
        Ok(end) => When::Timed { start, end },
        Err(_) => whole_day,
    }
}

fn description(meeting: &Meeting, zone: Option<&str>) -> String {
    let mut text = meeting.purpose.clone();
    if !meeting.agenda.is_empty() {
        text.push_str("\n\nAgenda\n");
        for item in &meeting.agenda {
            text.push_str(&format!("- {} ({} min)\n", item.title, item.minutes));
        }
    }
    if !meeting.participants.is_empty() {
        text.push_str(&format!("\nWith: {}\n", meeting.participants.join(", ")));
    }
    match zone {
        Some(zone) => text.push_str(&format!("\nProposed time: {} in {zone}.", meeting.at)),
        None => text.push_str(&format!("\nProposed time: {}, local time of the customer.", meeting.at)),
    }
    text
}

fn organizer(package: &Package, meeting: &Meeting) -> Option<Attendee> {
    let ours = |email: &str| package.people.team.iter().any(|member| member.email.as_deref() == Some(email));
    meeting.invite.iter().find(|email| ours(email)).map(|email| attendee(package, email))
}

fn attendee(package: &Package, email: &str) -> Attendee {
    let team = package.people.team.iter().map(|member| (member.person.as_deref(), member.email.as_deref()));
    let theirs = package
        .people
        .stakeholders
        .iter()
        .map(|person| (Some(person.label.as_str()), person.email.as_deref()));
    let name = team.chain(theirs).find(|(_, address)| *address == Some(email)).and_then(|(name, _)| name);
    Attendee { name: name.unwrap_or(email).to_owned(), email: email.to_owned(), optional: false }
}

/// Makes the start and end of every event floating (RFC 5545, 3.3.5, form 1).
pub(crate) fn floating(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive("\r\n") {
        let content = line.trim_end_matches("\r\n");
        match content.strip_suffix('Z') {
            Some(local) if content.starts_with("DTSTART:") || content.starts_with("DTEND:") => {
                out.push_str(local);
                out.push_str("\r\n");
            }
            _ => out.push_str(line),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(country: Option<&str>) -> Package {
        let mut json: serde_json::Value =
            serde_json::from_str(include_str!("../../tests/fixtures/acme.package.json")).unwrap();
        match country {
            Some(country) => json["reading"]["deal"]["country"]["value"] = country.into(),
            None => json["reading"]["deal"]["country"] = serde_json::Value::Null,
        }
        serde_json::from_value(json).unwrap()
    }

    fn kickoff(country: Option<&str>) -> String {
        let package = package(country);
        calendar(&package, package.meetings.iter().filter(|meeting| meeting.kickoff))
    }

    #[test]
    fn times_are_utc_where_the_zone_is_certain_and_floating_elsewhere() {
        let berlin = kickoff(Some("DE"));
        assert!(berlin.contains("DTSTART:20270111T090000Z\r\n"), "{berlin}");
        assert!(berlin.contains("DTEND:20270111T103000Z\r\n"), "{berlin}");
        for country in [None, Some("US")] {
            let text = kickoff(country);
            assert!(text.contains("DTSTART:20270111T100000\r\n"), "{text}");
            assert!(text.contains("DTSTAMP:20270104T000000Z\r\n"), "{text}");
        }
    }

    #[test]
    fn every_day_of_a_series_is_an_event_of_its_own() {
        let package = package(None);
        let text = calendar(&package, package.meetings.iter().filter(|meeting| meeting.id == "status"));
        assert_eq!(text.matches("BEGIN:VEVENT").count(), 5);
        let mut uids: Vec<&str> = text.lines().filter(|line| line.starts_with("UID:")).collect();
        uids.sort_unstable();
        uids.dedup();
        assert_eq!(uids.len(), 5);
    }
}
