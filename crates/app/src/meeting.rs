//! Meetings of an onboarding: planned, invited to by mail, held or not, with notes and what was decided.

mod invite;
mod people;
mod seed;

use gangway_domain::ids::{MeetingId, OnboardingId};
use gangway_domain::meeting::{Attendance, Slot, Status};
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::permission::Action;
use gangway_domain::programme::AgendaItem;
use gangway_store::onboarding::head::Head;
use gangway_store::register::{self as entries, Entry};
use gangway_store::{Tx, meeting as rows};
use jiff::civil::Date;

use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::none_of;
use crate::register::{checked_line, checked_prose, checked_title, needed_prose, onboarding, record};
use crate::{Actor, App, page, version, work};

pub use gangway_store::meeting::{Meeting, Query};
pub(crate) use invite::calendar_file_in;
pub use invite::{Invited, calendar_file, invite};
pub use people::Guest;
pub(crate) use seed::{Start, backfill, reseed, seed};

/// Longest meeting, in minutes: a working day.
const LONGEST: u32 = 600;
/// Most people of a meeting.
const MOST_PEOPLE: usize = 60;
/// Most points of an agenda.
const MOST_POINTS: usize = 40;

/// A new meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Title.
    pub title: String,
    /// What it is for.
    pub purpose: String,
    /// When.
    pub slot: Slot,
    /// Room or link; may be empty.
    pub place: String,
    /// Whether customers are in the room.
    pub with_customer: bool,
    /// The agenda.
    pub agenda: Vec<AgendaItem>,
    /// Who is to come.
    pub people: Vec<Guest>,
}

/// What is to change of a meeting; what is none stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Title.
    pub title: Option<String>,
    /// What it is for.
    pub purpose: Option<String>,
    /// When.
    pub slot: Option<Slot>,
    /// Room or link.
    pub place: Option<String>,
    /// Whether customers are in the room.
    pub with_customer: Option<bool>,
    /// The agenda.
    pub agenda: Option<Vec<AgendaItem>>,
    /// Who is to come; of those who were invited before, it stays known whether they came.
    pub people: Option<Vec<Guest>>,
    /// What was said.
    pub notes: Option<String>,
}

/// How a meeting ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// It was held: who came, by place in the list of people, and what was said.
    Held {
        /// Who came; those not named stay as they are.
        attendance: Vec<(usize, Attendance)>,
        /// What was said; what was written before when left out.
        notes: Option<String>,
    },
    /// It will not be held. Whoever was invited is told.
    Cancelled {
        /// Why.
        reason: String,
    },
    /// Those it needed did not come.
    NoShow {
        /// Who did not come, or what they said.
        reason: String,
        /// Who came; those not named stay as they are.
        attendance: Vec<(usize, Attendance)>,
    },
    /// It is planned again.
    Again,
}

/// The meetings of an onboarding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meetings {
    /// The onboarding.
    pub head: Head,
    /// By day and time.
    pub meetings: Vec<Meeting>,
    /// The day it was looked at.
    pub today: Date,
}

/// A meeting with what was made in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Minutes {
    /// The onboarding.
    pub head: Head,
    /// The meeting.
    pub meeting: Meeting,
    /// Decisions, actions, issues and risks made in it.
    pub entries: Vec<Entry>,
}

/// The meetings of an onboarding.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn of_onboarding(app: &App, actor: &Actor, id: OnboardingId) -> Result<Meetings, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let meetings = rows::of_onboarding(&mut tx, actor.workspace, id).await?;
    Ok(Meetings { head, meetings, today: app.today() })
}

/// Meetings of the actor's workspace in the order they were planned in, and whether more follow.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn list(app: &App, actor: &Actor, query: Query) -> Result<(Vec<Meeting>, bool), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    page::read(query.limit, async |limit| {
        rows::page(&mut tx, actor.workspace, &Query { limit, ..query }).await
    })
    .await
}

/// One meeting.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn get(app: &App, actor: &Actor, id: MeetingId) -> Result<Minutes, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let meeting = find(&mut tx, actor, id).await?;
    let head = onboarding(&mut tx, actor, meeting.onboarding).await?;
    let entries = entries::of_meeting(&mut tx, actor.workspace, id).await?;
    Ok(Minutes { head, meeting, entries })
}

/// Plans a meeting.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn plan(app: &App, actor: &Actor, id: OnboardingId, draft: Draft) -> Result<Meeting, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let meeting = plan_with(app, &mut tx, actor, &head, draft).await?;
    tx.commit().await?;
    Ok(meeting)
}

/// Plans a meeting in a transaction of somebody else, who has asked for permission.
pub(crate) async fn plan_with(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    draft: Draft,
) -> Result<Meeting, AppError> {
    let Draft { title, purpose, slot, place, with_customer, agenda, people } = draft;
    let mut problems = Vec::new();
    let meeting = Meeting {
        id: MeetingId::fresh(&*app.ids),
        onboarding: head.id,
        code: None,
        title: checked_title(&title, &mut problems),
        purpose: checked_prose("purpose", &purpose, &mut problems),
        slot: checked_slot(slot, &mut problems),
        place: checked_place(&place, &mut problems),
        with_customer,
        agenda: checked_agenda(agenda, &mut problems),
        people: people::resolve(tx, actor, head.account_id, people, &[], &mut problems).await?,
        notes: String::new(),
        status: Status::Planned,
        sequence: 0,
        invited_at: None,
        created_at: app.now(),
        version: 1,
    };
    none_of(problems)?;
    rows::insert_all(tx, actor.workspace, std::slice::from_ref(&meeting)).await?;
    let summary = format!("Planned the meeting {} on {}", meeting.title, said(meeting.slot.on));
    record(app, tx, actor, head, "meeting.planned", summary).await?;
    Ok(meeting)
}

/// Changes a meeting that is still what it was when it was looked at. What invited people must know raises its
/// sequence; they are told when they are invited again.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Stale`] when its version is
/// not `version` any more; or when the database fails.
#[boxed]
pub async fn change(
    app: &App,
    actor: &Actor,
    id: MeetingId,
    version: i64,
    changes: Changes,
) -> Result<Meeting, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let (head, known) = open(&mut tx, actor, id, version).await?;
    let Changes { title, purpose, slot, place, with_customer, agenda, people, notes } = changes;
    let mut problems = Vec::new();
    let mut wanted = known.clone();
    if let Some(title) = title {
        wanted.title = checked_title(&title, &mut problems);
    }
    if let Some(purpose) = purpose {
        wanted.purpose = checked_prose("purpose", &purpose, &mut problems);
    }
    if let Some(slot) = slot {
        wanted.slot = checked_slot(slot, &mut problems);
    }
    if let Some(place) = place {
        wanted.place = checked_place(&place, &mut problems);
    }
    if let Some(agenda) = agenda {
        wanted.agenda = checked_agenda(agenda, &mut problems);
    }
    if let Some(people) = people {
        let before = &known.people;
        wanted.people =
            people::resolve(&mut tx, actor, head.account_id, people, before, &mut problems).await?;
    }
    if let Some(notes) = notes {
        wanted.notes = checked_notes(&notes, &mut problems);
    }
    wanted.with_customer = with_customer.unwrap_or(wanted.with_customer);
    none_of(problems)?;
    if wanted == known {
        return Ok(known);
    }
    let told = |meeting: &Meeting| {
        let people: Vec<String> = meeting.people.iter().map(|person| person.name.clone()).collect();
        (meeting.title.clone(), meeting.slot.clone(), meeting.place.clone(), meeting.agenda.clone(), people)
    };
    if wanted.invited_at.is_some() && told(&wanted) != told(&known) {
        wanted.sequence += 1;
    }
    let summary = changed_words(&format!("meeting {}", wanted.title), &known.slot, &wanted.slot);
    let kept = keep(&mut tx, actor, wanted).await?;
    record(app, &mut tx, actor, &head, "meeting.changed", summary).await?;
    tx.commit().await?;
    Ok(kept)
}

/// A meeting ends, or is planned again. When the kickoff was held, it is done in the plan and the onboarding runs.
///
/// # Errors
/// [`AppError::Refusal`] when its state, or for the kickoff the plan, does not allow it; otherwise as [`change`].
#[boxed]
pub async fn end(
    app: &App,
    actor: &Actor,
    id: MeetingId,
    version: i64,
    end: End,
) -> Result<Meeting, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let (head, known) = open(&mut tx, actor, id, version).await?;
    let mut problems = Vec::new();
    let mut wanted = known.clone();
    let (next, kind, deed) = match end {
        End::Held { attendance, notes } => {
            if wanted.slot.on > app.today() {
                problems.push(Problem::new("status", "cannot be held: its day is still to come"));
            }
            came(&mut wanted, attendance, &mut problems);
            if let Some(notes) = notes {
                wanted.notes = checked_notes(&notes, &mut problems);
            }
            (Status::Held, "meeting.held", "Held the meeting")
        }
        End::Cancelled { reason } => {
            let reason = needed_prose("reason", &reason, &mut problems);
            wanted.sequence += i64::from(wanted.invited_at.is_some());
            (Status::Cancelled { reason }, "meeting.cancelled", "Cancelled the meeting")
        }
        End::NoShow { reason, attendance } => {
            if wanted.slot.on > app.today() {
                problems.push(Problem::new("status", "cannot be missed: its day is still to come"));
            }
            let reason = needed_prose("reason", &reason, &mut problems);
            came(&mut wanted, attendance, &mut problems);
            (Status::NoShow { reason }, "meeting.missed", "Nobody came to the meeting")
        }
        End::Again => {
            wanted.sequence += i64::from(wanted.invited_at.is_some());
            for person in &mut wanted.people {
                person.attendance = Attendance::Invited;
            }
            (Status::Planned, "meeting.planned_again", "Planned again the meeting")
        }
    };
    none_of(problems)?;
    wanted.status = known.status.clone().turn(next).map_err(AppError::refused)?;
    let why = wanted.status.reason().map(|reason| format!(": {reason}")).unwrap_or_default();
    let summary = format!("{deed} {} of {}{why}", wanted.title, said(wanted.slot.on));
    let is_off = matches!(wanted.status, Status::Cancelled { .. });
    let kept = keep(&mut tx, actor, wanted).await?;
    if is_off && kept.invited_at.is_some() {
        invite::tell(app, &mut tx, actor, &head, &kept).await?;
    }
    record(app, &mut tx, actor, &head, kind, summary).await?;
    let goes_on = matches!(head.state, OnboardingState::Planned | OnboardingState::Running);
    if kept.status == Status::Held && goes_on && seed::is_kickoff(&mut tx, actor, head.id, &kept).await? {
        work::hold_kickoff(app, &mut tx, actor, head.id, Some(kept.slot.on)).await?;
    }
    tx.commit().await?;
    Ok(kept)
}

/// Takes a meeting away that was planned by mistake and is still the version it was made with.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Stale`] when somebody has changed it since; or when
/// the database fails.
#[boxed]
pub async fn take_back(app: &App, actor: &Actor, id: MeetingId) -> Result<OnboardingId, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let (head, known) = open(&mut tx, actor, id, 1).await?;
    version::after("meeting", known.version, rows::delete(&mut tx, actor.workspace, id, 1).await?)?;
    let summary = format!("Took back the meeting {} of {}", known.title, said(known.slot.on));
    record(app, &mut tx, actor, &head, "meeting.taken_back", summary).await?;
    tx.commit().await?;
    Ok(head.id)
}

/// What was done to something with a place in time: it was moved, or something else of it changed.
pub(crate) fn changed_words(what: &str, before: &Slot, after: &Slot) -> String {
    if before == after {
        return format!("Changed the {what} on {}", said(after.on));
    }
    let [from, to] = [before, after].map(|slot| format!("{} {}", said(slot.on), slot.starts));
    format!("Moved the {what} from {from} to {to}")
}

/// A day as people read it.
fn said(day: Date) -> String {
    day.strftime("%-d %b %Y").to_string()
}

pub(crate) async fn find(tx: &mut Tx, actor: &Actor, id: MeetingId) -> Result<Meeting, AppError> {
    rows::get(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("meeting", id))
}

/// A meeting that is still what it was when it was looked at, with its onboarding.
async fn open(tx: &mut Tx, actor: &Actor, id: MeetingId, version: i64) -> Result<(Head, Meeting), AppError> {
    let known = find(tx, actor, id).await?;
    version::fresh("meeting", known.version, version)?;
    Ok((onboarding(tx, actor, known.onboarding).await?, known))
}

pub(crate) async fn keep(tx: &mut Tx, actor: &Actor, meeting: Meeting) -> Result<Meeting, AppError> {
    let done = rows::change(tx, actor.workspace, &meeting).await?;
    let version = version::after("meeting", meeting.version, done)?;
    Ok(Meeting { version, ..meeting })
}

/// Writes down who came.
fn came(meeting: &mut Meeting, attendance: Vec<(usize, Attendance)>, problems: &mut Vec<Problem>) {
    for (place, attendance) in attendance {
        match meeting.people.get_mut(place) {
            Some(person) => person.attendance = attendance,
            None => problems.push(Problem::new("attendance", "names somebody who is not invited")),
        }
    }
}

pub(crate) fn checked_slot(mut slot: Slot, problems: &mut Vec<Problem>) -> Slot {
    slot.zone = slot.zone.map(|zone| zone.trim().to_owned()).filter(|zone| !zone.is_empty());
    if !(5..=LONGEST).contains(&slot.minutes) {
        problems.push(Problem::new("minutes", format!("must be between 5 and {LONGEST}")));
    }
    if slot.span().is_none() {
        problems.push(Problem::new("zone", "is not a time zone such as Europe/Berlin"));
    }
    slot
}

/// A link or a room, on one line.
pub(crate) fn checked_place(text: &str, problems: &mut Vec<Problem>) -> String {
    checked_line("place", text, 500, problems)
}

fn checked_agenda(agenda: Vec<AgendaItem>, problems: &mut Vec<Problem>) -> Vec<AgendaItem> {
    let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let agenda: Vec<AgendaItem> = agenda
        .into_iter()
        .map(|item| AgendaItem {
            minutes: item.minutes,
            title: line(&item.title),
            outcome: item.outcome.map(|outcome| line(&outcome)).filter(|outcome| !outcome.is_empty()),
            points: item.points.iter().map(|point| line(point)).filter(|point| !point.is_empty()).collect(),
        })
        .filter(|item| !item.title.is_empty())
        .collect();
    let long = |item: &AgendaItem| {
        item.minutes > LONGEST || item.title.chars().count() > 300 || item.points.len() > MOST_POINTS
    };
    if agenda.len() > MOST_POINTS || agenda.iter().any(long) {
        problems.push(Problem::new("agenda", "must have 40 points at most, of 300 characters each"));
    }
    agenda
}

/// Notes may be longer than other prose.
fn checked_notes(text: &str, problems: &mut Vec<Problem>) -> String {
    let text = text.trim().replace("\r\n", "\n");
    if text.chars().count() > 40_000 {
        problems.push(Problem::new("notes", "is longer than 40000 characters"));
    } else if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        problems.push(Problem::new("notes", "has a character that cannot be shown"));
    }
    text
}
