//! Calendar files (RFC 5545). Instants are written in UTC, so every reader shows them in its own zone.

use icalendar::{Calendar, Component, EventLike, Property};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan, tz::TimeZone};

use crate::text::clean;

/// One calendar event.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Unique and stable: the same meeting keeps it when it moves.
    pub uid: String,
    /// When this description of the event was made (DTSTAMP).
    pub stamp: Timestamp,
    /// Raised each time the event changes.
    pub sequence: u32,
    /// Title.
    pub summary: String,
    /// What to know beforehand.
    pub description: String,
    /// Room or link.
    pub location: String,
    /// When.
    pub when: When,
    /// Who invites.
    pub organizer: Option<Attendee>,
    /// Who is invited.
    pub attendees: Vec<Attendee>,
    /// Recurrence rule without its name, such as `FREQ=WEEKLY;COUNT=12`; a rule that is not one is left out. The rule repeats in UTC unless `zone` is given.
    pub rrule: Option<String>,
    /// IANA zone in which a repeating event keeps its wall-clock time, such as `America/New_York`.
    pub zone: Option<String>,
    /// Whether the event was called off.
    pub cancelled: bool,
}

/// When an event takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// From an instant to an instant.
    Timed {
        /// Start.
        start: Timestamp,
        /// End.
        end: Timestamp,
    },
    /// Whole days, both inclusive.
    Days {
        /// First day.
        first: Date,
        /// Last day.
        last: Date,
    },
}

/// A person with an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attendee {
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Whether attendance is optional.
    pub optional: bool,
}

/// The events as one calendar. It is an invitation (method REQUEST; CANCEL when every event is off) when every event
/// says who invites, as RFC 5546 demands; otherwise it is a plain calendar to import, and an event nobody invites to is a tentative proposal.
pub fn ics(events: &[Event]) -> String {
    let mut calendar = Calendar::empty();
    calendar.append_property(Property::new("VERSION", "2.0"));
    calendar.append_property(Property::new("PRODID", "-//Gangway//Documents//EN"));
    calendar.append_property(Property::new("CALSCALE", "GREGORIAN"));
    let invites = events.iter().all(|event| inviter(event).is_some());
    if invites {
        // RFC 5546: meetings that are off are told so by a method of their own.
        let is_off = !events.is_empty() && events.iter().all(|event| event.cancelled);
        calendar.append_property(Property::new("METHOD", if is_off { "CANCEL" } else { "REQUEST" }));
    }
    let mut zones: Vec<(String, Timestamp)> = Vec::new();
    for event in events {
        if let Some((name, _)) = zoned(event)
            && let When::Timed { start, .. } = event.when
            && !zones.iter().any(|(known, _)| *known == name)
        {
            zones.push((name, start));
        }
        calendar.push(one(event));
    }
    let text = calendar.to_string();
    let blocks: String = zones.iter().filter_map(|(name, from)| vtimezone(name, *from)).collect();
    // Definitions of zones come before the events that use them.
    match text.find("BEGIN:VEVENT") {
        Some(at) => format!("{}{blocks}{}", text.get(..at).unwrap_or(""), text.get(at..).unwrap_or("")),
        None => text,
    }
}

/// The zone of a repeating event; single events are written in UTC.
fn zoned(event: &Event) -> Option<(String, TimeZone)> {
    let name = event.zone.as_ref().filter(|_| rule(event).is_some())?;
    Some((name.clone(), TimeZone::get(name).ok()?))
}

/// Who invites, with an address that can be written.
fn inviter(event: &Event) -> Option<&Attendee> {
    event.organizer.as_ref().filter(|person| address(person).is_some())
}

fn one(event: &Event) -> icalendar::Event {
    let mut out = icalendar::Event::new();
    out.uid(&line(&event.uid));
    out.add_property("DTSTAMP", utc(event.stamp));
    out.add_property("SEQUENCE", event.sequence.to_string());
    out.summary(&line(&event.summary));
    if !event.description.is_empty() {
        out.description(&clean(&event.description));
    }
    if !event.location.is_empty() {
        out.location(&line(&event.location));
    }
    match event.when {
        When::Timed { start, end } => {
            for (key, at) in [("DTSTART", start), ("DTEND", end.max(start))] {
                match zoned(event) {
                    Some((name, zone)) => {
                        let local = at.to_zoned(zone).strftime("%Y%m%dT%H%M%S").to_string();
                        out.append_property(Property::new(key, local).add_parameter("TZID", &name).done());
                    }
                    None => drop(out.add_property(key, utc(at))),
                }
            }
        }
        When::Days { first, last } => {
            // DTEND is exclusive.
            let end = last.max(first).checked_add(1.day()).unwrap_or(last);
            for (key, date) in [("DTSTART", first), ("DTEND", end)] {
                out.append_property(
                    Property::new(key, date.strftime("%Y%m%d").to_string())
                        .add_parameter("VALUE", "DATE")
                        .done(),
                );
            }
        }
    }
    if let Some(rule) = rule(event) {
        out.add_property("RRULE", rule);
    }
    let invited: &[Attendee] = match inviter(event) {
        Some(organizer) => {
            out.append_property(person("ORGANIZER", organizer).done());
            &event.attendees
        }
        // Without somebody who invites there is nobody to answer to: people are named in the description.
        None => &[],
    };
    for attendee in invited.iter().filter(|person| address(person).is_some()) {
        let mut property = person("ATTENDEE", attendee);
        property.add_parameter("ROLE", if attendee.optional { "OPT-PARTICIPANT" } else { "REQ-PARTICIPANT" });
        property.add_parameter("PARTSTAT", "NEEDS-ACTION");
        property.add_parameter("RSVP", "TRUE");
        out.append_multi_property(property.done());
    }
    let status = match (event.cancelled, inviter(event).is_some()) {
        (true, _) => "CANCELLED",
        (false, true) => "CONFIRMED",
        (false, false) => "TENTATIVE",
    };
    out.add_property("STATUS", status);
    out.done()
}

fn rule(event: &Event) -> Option<&str> {
    let rule = event.rrule.as_deref()?;
    let known = rule.starts_with("FREQ=")
        && rule.chars().all(|c| {
            c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '=' | ';' | ',' | '-' | '+')
        });
    known.then_some(rule)
}

fn person(key: &str, person: &Attendee) -> Property {
    let mut property = Property::new(key, format!("mailto:{}", address(person).unwrap_or_default()));
    // A parameter value cannot hold quotes; control characters and line breaks are gone already.
    let name: String = line(&person.name).chars().map(|c| if c == '"' { '\'' } else { c }).collect();
    if !name.is_empty() {
        property.add_parameter("CN", &name);
    }
    property
}

/// The address when it can stand in a `mailto:` without changing its meaning.
fn address(person: &Attendee) -> Option<&str> {
    let email = person.email.trim();
    let fine = email.contains('@')
        && email.chars().all(|c| {
            !c.is_whitespace()
                && !c.is_control()
                && !matches!(c, '<' | '>' | '"' | ',' | ';' | ':' | '\\' | '?' | '&')
        });
    fine.then_some(email)
}

fn line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// The zone's offset at the first event and its changes over the following five years, one observance each.
fn vtimezone(name: &str, from: Timestamp) -> Option<String> {
    let zone = TimeZone::get(name).ok()?;
    let mut out = format!("BEGIN:VTIMEZONE\r\nTZID:{name}\r\n");
    let until = from.checked_add((5 * 366 * 24).hours()).ok()?;
    let before = zone.preceding(from).next();
    let mut observance =
        |start: jiff::civil::DateTime, was: jiff::tz::Offset, now: &jiff::tz::TimeZoneTransition<'_>| {
            let kind = if now.dst().is_dst() { "DAYLIGHT" } else { "STANDARD" };
            out.push_str(&format!(
            "BEGIN:{kind}\r\nDTSTART:{}\r\nTZOFFSETFROM:{}\r\nTZOFFSETTO:{}\r\nTZNAME:{}\r\nEND:{kind}\r\n",
            start.strftime("%Y%m%dT%H%M%S"),
            offset(was),
            offset(now.offset()),
            now.abbreviation()
        ));
        };
    let mut current = match &before {
        Some(change) => {
            let was =
                zone.preceding(change.timestamp()).next().map_or(change.offset(), |earlier| earlier.offset());
            observance(was.to_datetime(change.timestamp()), was, change);
            change.offset()
        }
        None => zone.to_offset(from),
    };
    for change in zone.following(from).take_while(|change| change.timestamp() < until) {
        observance(current.to_datetime(change.timestamp()), current, &change);
        current = change.offset();
    }
    if before.is_none() {
        out.push_str(&format!("BEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:{0}\r\nTZOFFSETTO:{0}\r\nEND:STANDARD\r\n", offset(zone.to_offset(from))));
    }
    out.push_str("END:VTIMEZONE\r\n");
    Some(out)
}

fn offset(offset: jiff::tz::Offset) -> String {
    let seconds = offset.seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.unsigned_abs() / 60;
    format!("{sign}{:02}{:02}", minutes / 60, minutes % 60)
}
