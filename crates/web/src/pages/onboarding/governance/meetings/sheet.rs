//! The form of a meeting: as it stands, or as it was typed. Agenda and people are lines of text.

use gangway_app::meeting::{Guest, Meeting};
use gangway_app::{AppError, Problem};
use gangway_domain::meeting::{Clock, Slot};
use gangway_domain::methodology::ForumTemplate;
use gangway_domain::programme::AgendaItem;
use jiff::civil::Date;

use crate::form::{Fields, Wrong};

/// The form.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheet {
    pub version: i64,
    pub title: String,
    pub purpose: String,
    pub on: String,
    pub starts: String,
    pub minutes: String,
    pub zone: String,
    pub place: String,
    pub agenda: String,
    pub people: String,
    pub with_customer: bool,
    pub wrong: Wrong,
}

impl Sheet {
    /// For a new meeting, from a template or without one.
    pub(super) fn blank(
        template: Option<&ForumTemplate>,
        on: Date,
        zone: Option<&str>,
        people: String,
    ) -> Self {
        Self {
            title: template.map(|template| template.title.clone()).unwrap_or_default(),
            purpose: template.map(|template| template.purpose.clone()).unwrap_or_default(),
            on: on.to_string(),
            starts: "10:00".to_owned(),
            minutes: template.map_or(60, ForumTemplate::minutes).to_string(),
            zone: zone.unwrap_or_default().to_owned(),
            agenda: template.map(|template| agenda_text(&template.agenda)).unwrap_or_default(),
            with_customer: template.is_none_or(|template| template.with_customer),
            people,
            ..Self::default()
        }
    }

    /// Of a meeting as it stands.
    pub(super) fn of(meeting: &Meeting) -> Self {
        Self {
            version: meeting.version,
            title: meeting.title.clone(),
            purpose: meeting.purpose.clone(),
            on: meeting.slot.on.to_string(),
            starts: meeting.slot.starts.to_string(),
            minutes: meeting.slot.minutes.to_string(),
            zone: meeting.slot.zone.clone().unwrap_or_default(),
            place: meeting.place.clone(),
            agenda: agenda_text(&meeting.agenda),
            people: people_text(meeting),
            with_customer: meeting.with_customer,
            wrong: Wrong::default(),
        }
    }

    /// As it was typed.
    pub(super) fn typed(fields: &Fields) -> Self {
        let text = |name: &str| fields.text(name).to_owned();
        Self {
            version: fields.version(),
            title: text("title"),
            purpose: text("purpose"),
            on: text("on"),
            starts: text("starts"),
            minutes: text("minutes"),
            zone: text("zone"),
            place: text("place"),
            agenda: text("agenda"),
            people: text("people"),
            with_customer: !fields.text("with_customer").is_empty(),
            wrong: Wrong::default(),
        }
    }

    /// When, as it was typed.
    pub(super) fn slot(&self) -> Result<Slot, AppError> {
        slot(&self.on, &self.starts, &self.minutes, &self.zone)
    }

    /// The people, one a line.
    pub(super) fn guests(&self) -> Vec<Guest> {
        self.people.lines().filter_map(Guest::read).collect()
    }

    /// The agenda, one point a line.
    pub(super) fn points(&self) -> Vec<AgendaItem> {
        self.agenda.lines().filter_map(point).collect()
    }
}

/// When something is, of what was typed into the fields of the same names.
pub(crate) fn slot(on: &str, starts: &str, minutes: &str, zone: &str) -> Result<Slot, AppError> {
    let mut problems = Vec::new();
    let on = on.trim().parse::<Date>().ok();
    if on.is_none() {
        problems.push(Problem::new("on", "is not a day"));
    }
    let starts = starts.parse::<Clock>().ok();
    if starts.is_none() {
        problems.push(Problem::new("starts", "is not a time such as 10:00"));
    }
    let minutes = minutes.trim().parse::<u32>().ok();
    if minutes.is_none() {
        problems.push(Problem::new("minutes", "is not a number"));
    }
    let zone = Some(zone.trim().to_owned()).filter(|zone| !zone.is_empty());
    match (on, starts, minutes) {
        (Some(on), Some(starts), Some(minutes)) => Ok(Slot { on, starts, minutes, zone }),
        _ => Err(AppError::Invalid(problems)),
    }
}

/// `10 Progress → Everybody knows where it stands`.
fn agenda_text(agenda: &[AgendaItem]) -> String {
    let line = |item: &AgendaItem| match &item.outcome {
        Some(outcome) => format!("{} {} → {outcome}", item.minutes, item.title),
        None => format!("{} {}", item.minutes, item.title),
    };
    agenda.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn point(line: &str) -> Option<AgendaItem> {
    let line = line.trim();
    if line.is_empty() {
        return None;
    }
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    let (number, rest) = line.split_at(digits);
    let (title, outcome) = match rest.split_once('→') {
        Some((title, outcome)) => (title.trim(), Some(outcome.trim().to_owned())),
        None => (rest.trim(), None),
    };
    Some(AgendaItem {
        minutes: number.parse().unwrap_or(0),
        title: title.to_owned(),
        outcome,
        points: Vec::new(),
    })
}

/// `Dana Whitfield <dana@acme.example>`.
fn people_text(meeting: &Meeting) -> String {
    let line = |person: &gangway_domain::meeting::Invitee| match &person.email {
        Some(email) => format!("{} <{email}>", person.name),
        None => person.name.clone(),
    };
    meeting.people.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agenda_reads_as_it_was_written() {
        let items = [
            AgendaItem { minutes: 10, title: "Progress".to_owned(), outcome: None, points: Vec::new() },
            AgendaItem {
                minutes: 20,
                title: "Change requests".to_owned(),
                outcome: Some("Decided".to_owned()),
                points: Vec::new(),
            },
        ];
        let text = agenda_text(&items);
        assert_eq!(text, "10 Progress\n20 Change requests → Decided");
        assert_eq!(text.lines().filter_map(point).collect::<Vec<_>>(), items);
        assert_eq!(
            point("Anything else").map(|item| (item.minutes, item.title)),
            Some((0, "Anything else".into()))
        );
        assert_eq!(point("   "), None);
    }
}
