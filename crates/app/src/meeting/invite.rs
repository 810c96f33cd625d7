//! Invitations: mail with a calendar entry that moves when the meeting moves, and the same entry as a file.

use gangway_documents::{Attendee, Event, When, ics};
use gangway_domain::ids::MeetingId;
use gangway_domain::meeting::{Invitee, Status};
use gangway_domain::permission::Action;
use gangway_domain::portal::Language;
use gangway_domain::programme::Side;
use gangway_store::onboarding::head::Head;
use gangway_store::{Tx, membership};

use super::{Meeting, find, keep, open};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::mail::{self, CalendarMethod, CalendarPart, Languages, Letter};
use crate::package::{self, floating};
use crate::register::record;
use crate::{Actor, App};

/// Name of the template of the mail.
const TEMPLATE: &str = "meeting-invitation";

/// Invitations that were sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    /// The meeting as it is now.
    pub meeting: Meeting,
    /// Names of those who were written to.
    pub told: Vec<String>,
    /// Names of those whose address is not known.
    pub unknown: Vec<String>,
}

/// Invites everybody whose address is known, or tells them what has changed since.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Stale`], [`AppError::Refusal`] when it is not planned
/// any more, [`AppError::Invalid`] when nobody's address is known; or when the database fails.
#[boxed]
pub async fn invite(app: &App, actor: &Actor, id: MeetingId, version: i64) -> Result<Invited, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let (head, known) = open(&mut tx, actor, id, version).await?;
    if known.status != Status::Planned {
        return Err(AppError::Refusal(format!(
            "a meeting that is {} has nobody to invite: plan it again first",
            known.status
        )));
    }
    let (with, without): (Vec<&Invitee>, Vec<&Invitee>) =
        known.people.iter().partition(|person| person.email.is_some());
    let names = |people: &[&Invitee]| people.iter().map(|person| person.name.clone()).collect::<Vec<_>>();
    let (told, unknown) = (names(&with), names(&without));
    if told.is_empty() {
        let problem = Problem::new("people", "have no mail address yet: add one");
        return Err(AppError::Invalid(vec![problem]));
    }
    let again = known.invited_at.is_some();
    let meeting = keep(&mut tx, actor, Meeting { invited_at: Some(app.now()), ..known }).await?;
    tell(app, &mut tx, actor, &head, &meeting).await?;
    let deed = if again { "Sent the changes of" } else { "Invited to" };
    let on = super::said(meeting.slot.on);
    let summary = format!("{deed} the meeting {} on {on}: {}", meeting.title, told.join(", "));
    record(app, &mut tx, actor, &head, "meeting.invited", summary).await?;
    tx.commit().await?;
    Ok(Invited { meeting, told, unknown })
}

/// Writes to everybody invited how the meeting stands, each with the calendar entry.
pub(super) async fn tell(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    meeting: &Meeting,
) -> Result<(), AppError> {
    let vendor = mail::vendor(tx, actor.workspace).await?;
    let organizer = organizer(tx, actor, meeting).await?;
    let is_off = matches!(meeting.status, Status::Cancelled { .. });
    let method = CalendarMethod::of(is_off, organizer.is_some());
    let languages = Languages::of_onboarding(tx, actor.workspace, head.id).await?;
    let answers = match &organizer {
        Some(one) => Some(one.email.clone()),
        None => mail::answered_by(tx, actor.workspace, head.id).await?,
    };
    for person in &meeting.people {
        let Some(email) = &person.email else { continue };
        let link = app.link(&format!("/onboardings/{}/meetings/{}", head.id, meeting.id));
        // Colleagues read English; customers have no way in, so that the invitation says everything.
        let (language, link) = match person.side {
            Side::Customer => (languages.of(person.contact), None),
            _ => (Language::En, person.person.map(|_| link)),
        };
        let facts = facts(app, head, meeting, language, link);
        let (subject, text) = package::letter_text(&app.methodology, TEMPLATE, language, &facts)?;
        let letter =
            Letter { to: email.clone(), subject, text, action: None, vendor: vendor.clone(), language };
        let entry = written(app, meeting, organizer.clone(), language);
        let calendar = Some(CalendarPart { method, text: entry });
        mail::send_to_customer(app, tx, actor.workspace, &letter, calendar, answers.clone()).await?;
    }
    Ok(())
}

/// What the template of the mail sees.
fn facts(
    app: &App,
    head: &Head,
    meeting: &Meeting,
    language: Language,
    link: Option<String>,
) -> serde_json::Value {
    let said = |text: &str| app.methodology.say(language, text).to_owned();
    let reason = match &meeting.status {
        Status::Cancelled { reason } => Some(reason),
        _ => None,
    };
    let agenda: Vec<serde_json::Value> = meeting
        .agenda
        .iter()
        .map(|item| serde_json::json!({ "title": said(&item.title), "minutes": item.minutes }))
        .collect();
    let slot = &meeting.slot;
    serde_json::json!({ "meeting": {
        "title": app.methodology.say_meeting(language, &meeting.title),
        "customer": head.customer,
        "cancelled": reason.is_some(),
        "changed": meeting.sequence > 0,
        "reason": reason,
        "on": slot.on,
        "starts": slot.starts.to_string(),
        "zone": slot.zone,
        "minutes": slot.minutes,
        "place": meeting.place,
        "purpose": said(&meeting.purpose),
        "agenda": agenda,
        "link": link,
    }})
}

/// Who invites: whoever does it, else the first of the workspace who is invited and has an address.
async fn organizer(tx: &mut Tx, actor: &Actor, meeting: &Meeting) -> Result<Option<Attendee>, AppError> {
    if let Some(person) = actor.person
        && let Some(member) = membership::get(tx, actor.workspace, person).await?
    {
        return Ok(Some(Attendee { name: member.name, email: member.email, optional: false }));
    }
    let ours = meeting.people.iter().find(|person| person.side == Side::Vendor && person.email.is_some());
    Ok(ours.and_then(attendee))
}

fn attendee(person: &Invitee) -> Option<Attendee> {
    let email = person.email.clone()?;
    Some(Attendee { name: person.name.clone(), email, optional: false })
}

/// The calendar entry of a meeting.
fn written(app: &App, meeting: &Meeting, organizer: Option<Attendee>, language: Language) -> String {
    let said = |text: &str| app.methodology.say(language, text).to_owned();
    let slot = &meeting.slot;
    let when = match slot.span() {
        Some((start, end)) => When::Timed { start, end },
        None => When::Days { first: slot.on, last: slot.on },
    };
    let mut description = said(&meeting.purpose);
    if !meeting.agenda.is_empty() {
        description.push_str(&format!("\n\n{}\n", said("Agenda")));
        for item in &meeting.agenda {
            let length = language.duration(i64::from(item.minutes));
            description.push_str(&format!("- {} ({length})\n", said(&item.title)));
        }
    }
    // Whoever is not named yet stands there by their role.
    let names: Vec<String> = meeting.people.iter().map(|person| said(&person.name)).collect();
    if !names.is_empty() {
        description.push_str(&format!("\n{}: {}\n", said("With"), names.join(", ")));
    }
    let text = ics(&[Event {
        // The meeting keeps it when it moves, so that calendars move their entry.
        uid: format!("{}@gangway", meeting.id),
        stamp: app.clock.now(),
        sequence: u32::try_from(meeting.sequence).unwrap_or(u32::MAX),
        summary: app.methodology.say_meeting(language, &meeting.title),
        description,
        location: meeting.place.clone(),
        when,
        organizer,
        attendees: meeting.people.iter().filter_map(attendee).collect(),
        rrule: None,
        zone: None,
        cancelled: matches!(meeting.status, Status::Cancelled { .. }),
    }]);
    if slot.zone.is_some() { text } else { floating(&text) }
}

/// The calendar entry of a meeting as a file: its name and its text.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn calendar_file(app: &App, actor: &Actor, id: MeetingId) -> Result<(String, String), AppError> {
    calendar_file_in(app, actor, id, Language::En).await
}

/// The same in the language of whoever gets it.
///
/// # Errors
/// As [`calendar_file`].
pub(crate) async fn calendar_file_in(
    app: &App,
    actor: &Actor,
    id: MeetingId,
    language: Language,
) -> Result<(String, String), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let meeting = find(&mut tx, actor, id).await?;
    let organizer = organizer(&mut tx, actor, &meeting).await?;
    let title = app.methodology.say_meeting(language, &meeting.title);
    let name = format!("{} {}.ics", meeting.slot.on, file_name(&title));
    Ok((name, written(app, &meeting, organizer, language)))
}

/// A title as part of a file's name.
fn file_name(title: &str) -> String {
    let name: String = title.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    name.chars().take(80).collect()
}
