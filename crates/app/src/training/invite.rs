//! Invitations to sessions: one mail to each learner with a calendar entry of their own, so that nobody reads who
//! else learns.

use gangway_documents::{Attendee, Event, When, ics};
use gangway_domain::ids::{OnboardingId, TrainingSessionId};
use gangway_domain::meeting::Status;
use gangway_domain::permission::Action;
use gangway_domain::portal::Language;
use gangway_store::onboarding::head::Head;
use gangway_store::training::{learner as learners, session as rows};
use gangway_store::{Tx, membership};

use super::session::{find, keep, open};
use super::{Learner, Session};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::mail::{self, CalendarMethod, CalendarPart, Languages, Letter};
use crate::package::{self, floating};
use crate::register::{onboarding, record};
use crate::{Actor, App};

/// Name of the template of the mail.
const TEMPLATE: &str = "session-invitation";

/// Invitations that were sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    /// The session as it is now.
    pub session: Session,
    /// How many were written to.
    pub told: usize,
    /// Names of those whose address is not known.
    pub unknown: Vec<String>,
}

/// Invites everybody with a seat whose address is known, or tells them what has changed since.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Stale`], [`AppError::Refusal`] when it is not planned
/// any more, [`AppError::Invalid`] when nobody with a seat has an address; or when the database fails.
#[boxed]
pub async fn invite(
    app: &App,
    actor: &Actor,
    id: TrainingSessionId,
    version: i64,
) -> Result<Invited, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let (head, known) = open(&mut tx, actor, id, version).await?;
    if known.status != Status::Planned {
        let said = format!("a session that is {} has nobody to invite: plan it again first", known.status);
        return Err(AppError::Refusal(said));
    }
    let again = known.invited_at.is_some();
    let session = keep(&mut tx, actor, Session { invited_at: Some(app.now()), ..known }).await?;
    let (told, unknown) = tell(app, &mut tx, actor, &head, &session).await?;
    if told == 0 {
        let problem = Problem::new("learners", "with a mail address have no seat yet: give seats first");
        return Err(AppError::Invalid(vec![problem]));
    }
    let deed = if again { "Sent the changes of" } else { "Invited to" };
    let summary =
        format!("{deed} the training session {} on {}: {told} people", session.title, session.slot.on);
    record(app, &mut tx, actor, &head, "training.invited", summary).await?;
    tx.commit().await?;
    Ok(Invited { session, told, unknown })
}

/// Writes to everybody with a seat how the session stands: how many were written to, and whose address is unknown.
pub(super) async fn tell(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    session: &Session,
) -> Result<(usize, Vec<String>), AppError> {
    let vendor = mail::vendor(tx, actor.workspace).await?;
    let organizer = organizer(tx, actor).await?;
    let is_off = matches!(session.status, Status::Cancelled { .. });
    let method = CalendarMethod::of(is_off, organizer.is_some());
    let languages = Languages::of_onboarding(tx, actor.workspace, session.onboarding).await?;
    let answers = match &organizer {
        Some(one) => Some(one.email.clone()),
        None => mail::answered_by(tx, actor.workspace, session.onboarding).await?,
    };
    let (mut told, mut unknown) = (0, Vec::new());
    for seat in rows::seats_of(tx, actor.workspace, session.id).await? {
        let Some(learner) = learners::get(tx, actor.workspace, seat.learner).await? else { continue };
        let Some(email) = learner.email.clone() else {
            unknown.push(learner.name);
            continue;
        };
        let language = languages.of(learner.contact);
        let facts = facts(app, head, session, language);
        let (subject, text) = package::letter_text(&app.methodology, TEMPLATE, language, &facts)?;
        let letter = Letter { to: email, subject, text, action: None, vendor: vendor.clone(), language };
        let text = written(app, &[session], organizer.as_ref(), Some(&learner), language);
        let calendar = Some(CalendarPart { method, text });
        mail::send_to_customer(app, tx, actor.workspace, &letter, calendar, answers.clone()).await?;
        told += 1;
    }
    Ok((told, unknown))
}

/// What the template of the mail sees.
fn facts(app: &App, head: &Head, session: &Session, language: Language) -> serde_json::Value {
    let reason = match &session.status {
        Status::Cancelled { reason } => Some(reason),
        _ => None,
    };
    let slot = &session.slot;
    serde_json::json!({ "session": {
        "title": app.methodology.say_session(language, &session.title),
        "customer": head.customer,
        "cancelled": reason.is_some(),
        "changed": session.sequence > 0,
        "reason": reason,
        "on": slot.on,
        "starts": slot.starts.to_string(),
        "zone": slot.zone,
        "minutes": slot.minutes,
        "place": session.place,
        "trainer": session.trainer,
    }})
}

/// Who invites: whoever does it, when they have signed in.
async fn organizer(tx: &mut Tx, actor: &Actor) -> Result<Option<Attendee>, AppError> {
    let Some(person) = actor.person else { return Ok(None) };
    let member = membership::get(tx, actor.workspace, person).await?;
    Ok(member.map(|member| Attendee { name: member.name, email: member.email, optional: false }))
}

/// Sessions as a calendar, for one learner or for whoever looks.
pub(super) fn written(
    app: &App,
    sessions: &[&Session],
    organizer: Option<&Attendee>,
    learner: Option<&Learner>,
    language: Language,
) -> String {
    let (now, with) = (app.clock.now(), app.methodology.say(language, "With"));
    let attendee = learner.and_then(|one| {
        Some(Attendee { name: one.name.clone(), email: one.email.clone()?, optional: false })
    });
    let event = |session: &Session| Event {
        // The session keeps it when it moves, so that calendars move their entry.
        uid: format!("{}@gangway", session.id),
        stamp: now,
        sequence: u32::try_from(session.sequence).unwrap_or(u32::MAX),
        summary: app.methodology.say_session(language, &session.title),
        description: if session.trainer.is_empty() {
            String::new()
        } else {
            format!("{with} {}", session.trainer)
        },
        location: session.place.clone(),
        when: match session.slot.span() {
            Some((start, end)) => When::Timed { start, end },
            None => When::Days { first: session.slot.on, last: session.slot.on },
        },
        organizer: organizer.cloned(),
        attendees: attendee.iter().cloned().collect(),
        rrule: None,
        zone: None,
        cancelled: matches!(session.status, Status::Cancelled { .. }),
    };
    let events: Vec<Event> = sessions.iter().copied().map(event).collect();
    let text = ics(&events);
    if sessions.iter().all(|session| session.slot.zone.is_some()) { text } else { floating(&text) }
}

/// The calendar entry of a session as a file: its name and its text.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn calendar_file(
    app: &App,
    actor: &Actor,
    id: TrainingSessionId,
) -> Result<(String, String), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let session = find(&mut tx, actor, id).await?;
    Ok((file_name(&session, &session.title), written(app, &[&session], None, None, Language::En)))
}

/// All sessions that are planned or were held as one calendar: its name and its text.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn schedule_file(app: &App, actor: &Actor, id: OnboardingId) -> Result<(String, String), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    onboarding(&mut tx, actor, id).await?;
    let sessions = rows::of_onboarding(&mut tx, actor.workspace, id).await?;
    let on: Vec<&Session> =
        sessions.iter().filter(|one| matches!(one.status, Status::Planned | Status::Held)).collect();
    Ok(("training.ics".to_owned(), written(app, &on, None, None, Language::En)))
}

/// The name of a session's file, by what the session is called: letters, digits and spaces.
pub(super) fn file_name(session: &Session, title: &str) -> String {
    let plain: String = title.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("{} {}.ics", session.slot.on, plain.chars().take(80).collect::<String>())
}
