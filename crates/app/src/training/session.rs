//! Sessions: planned, changed, held or not, with seats.

use std::collections::BTreeSet;

use gangway_domain::ids::{LearnerId, OnboardingId, TrackId, TrainingSessionId};
use gangway_domain::meeting::{Attendance, Slot, Status};
use gangway_domain::permission::Action;
use gangway_domain::training::SessionKind;
use gangway_store::Tx;
use gangway_store::onboarding::head::Head;
use gangway_store::training::{learner as learners, session as rows};
use jiff::ToSpan;

use super::days::Days;
use super::learner::{enrol_with, started};
use super::{Learner, Seat, Session, checked_url, track_of};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::none_of;
use crate::meeting::{changed_words, checked_place, checked_slot};
use crate::register::{checked_line, checked_prose, checked_title, needed_prose, onboarding, record};
use crate::{Actor, App, page, version};

/// Most sessions planned at once.
pub(super) const MOST_AT_ONCE: u32 = 26;
/// Most seats of a session.
const MOST_SEATS: usize = 1_000;

/// A new session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionDraft {
    /// Of which track; none where everybody may come.
    pub track: Option<TrackId>,
    /// What it is.
    pub kind: SessionKind,
    /// Title.
    pub title: String,
    /// When.
    pub slot: Slot,
    /// Room or link; may be empty.
    pub place: String,
    /// Who teaches; may be empty.
    pub trainer: String,
    /// In how many weeks in a row; 1 for once.
    pub weeks: u32,
    /// Why it is on a day on which somebody is missing; empty where nobody is.
    pub because: String,
}

/// What is to change of a session; what is none stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionChanges {
    /// Title.
    pub title: Option<String>,
    /// What it is.
    pub kind: Option<SessionKind>,
    /// When.
    pub slot: Option<Slot>,
    /// Room or link.
    pub place: Option<String>,
    /// Who teaches.
    pub trainer: Option<String>,
    /// What there is to say about it.
    pub notes: Option<String>,
    /// Link to the recording.
    pub recording: Option<String>,
    /// Why it is on a day on which somebody is missing.
    pub because: Option<String>,
}

/// How a session ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionEnd {
    /// It was held.
    Held {
        /// Who came; those not named stay as they are.
        attendance: Vec<(LearnerId, Attendance)>,
    },
    /// It will not be held. Whoever was invited is told.
    Cancelled {
        /// Why.
        reason: String,
    },
    /// It is planned again.
    Again,
}

/// Sessions of an onboarding in the order they were planned in, and whether more follow.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn list_sessions(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    after: Option<TrainingSessionId>,
    limit: u32,
) -> Result<(Vec<Session>, bool), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    page::read(limit, async |limit| rows::page(&mut tx, actor.workspace, head.id, after, limit).await).await
}

/// One session, with its onboarding and its seats.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn get_session(
    app: &App,
    actor: &Actor,
    id: TrainingSessionId,
) -> Result<(Head, Session, Vec<Seat>), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let session = find(&mut tx, actor, id).await?;
    let head = onboarding(&mut tx, actor, session.onboarding).await?;
    let seats = rows::seats_of(&mut tx, actor.workspace, id).await?;
    Ok((head, session, seats))
}

pub(super) async fn find(tx: &mut Tx, actor: &Actor, id: TrainingSessionId) -> Result<Session, AppError> {
    rows::get(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("training session", id))
}

/// A session that is still what it was when it was looked at, with its onboarding.
pub(super) async fn open(
    tx: &mut Tx,
    actor: &Actor,
    id: TrainingSessionId,
    version: i64,
) -> Result<(Head, Session), AppError> {
    let known = find(tx, actor, id).await?;
    version::fresh("training session", known.version, version)?;
    Ok((onboarding(tx, actor, known.onboarding).await?, known))
}

pub(super) async fn keep(tx: &mut Tx, actor: &Actor, session: Session) -> Result<Session, AppError> {
    let done = rows::change(tx, actor.workspace, &session).await?;
    let version = version::after("training session", session.version, done)?;
    Ok(Session { version, ..session })
}

/// Says who is missing on the day that was chosen for a session, unless there is a reason for it; a reason nobody needs
/// is not kept.
fn judged(days: &Days, session: &mut Session, chosen: bool, problems: &mut Vec<Problem>) {
    match days.missing(session.slot.on, &session.trainer) {
        None => session.because.clear(),
        Some(_) if !chosen || !session.because.is_empty() => {}
        Some(missing) => {
            let said =
                format!("is no day for it: {missing}; choose another, or give the reason for this one");
            problems.push(Problem::new("on", said));
        }
    }
}

/// Plans a session, or one in each of several weeks. On a day on which a party does not work or the trainer is absent it
/// needs a reason; of several weeks without a reason those are left out.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn plan(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    draft: SessionDraft,
) -> Result<Vec<Session>, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let SessionDraft { track, kind, title, slot, place, trainer, weeks, because } = draft;
    let mut problems = Vec::new();
    if let Some(track) = track {
        track_of(&mut tx, actor, &head, track).await?;
    }
    if !(1..=MOST_AT_ONCE).contains(&weeks) {
        problems.push(Problem::new("weeks", format!("must be between 1 and {MOST_AT_ONCE}")));
    }
    let mut first = Session {
        id: TrainingSessionId::fresh(&*app.ids),
        onboarding: id,
        track,
        kind,
        title: checked_title(&title, &mut problems),
        slot: checked_slot(slot, &mut problems),
        place: checked_place(&place, &mut problems),
        trainer: checked_line("trainer", &trainer, 120, &mut problems),
        notes: String::new(),
        recording: String::new(),
        status: Status::Planned,
        sequence: 0,
        invited_at: None,
        wanted_on: None,
        because: checked_line("because", &because, 300, &mut problems),
        made_at: app.now(),
        version: 1,
    };
    let reason = first.because.clone();
    let days = Days::load(&mut tx, actor.workspace, id).await?;
    judged(&days, &mut first, true, &mut problems);
    none_of(problems)?;
    let mut made = vec![first.clone()];
    let mut left_out = Vec::new();
    for week in 1..weeks {
        let Ok(on) = first.slot.on.checked_add(i64::from(week).weeks()) else { break };
        let because = match days.missing(on, &first.trainer) {
            None => String::new(),
            Some(_) if !reason.is_empty() => reason.clone(),
            Some(missing) => {
                left_out.push(missing);
                continue;
            }
        };
        let slot = Slot { on, ..first.slot.clone() };
        made.push(Session { id: TrainingSessionId::fresh(&*app.ids), slot, because, ..first.clone() });
    }
    rows::insert_all(&mut tx, actor.workspace, &made).await?;
    let (title, on) = (&first.title, first.slot.on);
    let summary = match made.len() {
        1 => format!("Planned the training session {title} on {on}"),
        many => format!("Planned {many} weekly training sessions {title} from {on} on"),
    };
    let summary = match (first.because.as_str(), left_out.as_slice()) {
        ("", []) => summary,
        ("", weeks) => format!("{summary}; left out: {}", weeks.join(", ")),
        (because, _) => format!("{summary}, although somebody is missing: {because}"),
    };
    record(app, &mut tx, actor, &head, "training.session_planned", summary).await?;
    tx.commit().await?;
    Ok(made)
}

/// Changes a session that is still what it was when it was looked at. What invited people must know raises its
/// sequence; they are told when they are invited again.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Stale`]; or when the database
/// fails.
#[boxed]
pub async fn change_session(
    app: &App,
    actor: &Actor,
    id: TrainingSessionId,
    version: i64,
    changes: SessionChanges,
) -> Result<Session, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let (head, known) = open(&mut tx, actor, id, version).await?;
    let SessionChanges { title, kind, slot, place, trainer, notes, recording, because } = changes;
    let mut problems = Vec::new();
    let mut wanted = known.clone();
    if let Some(title) = title {
        wanted.title = checked_title(&title, &mut problems);
    }
    if let Some(slot) = slot {
        wanted.slot = checked_slot(slot, &mut problems);
    }
    let other_day = wanted.slot.on != known.slot.on;
    if other_day {
        // Whoever moves it by hand decides its day, and why it is that one.
        wanted.wanted_on = None;
        wanted.because.clear();
    }
    if let Some(place) = place {
        wanted.place = checked_place(&place, &mut problems);
    }
    if let Some(trainer) = trainer {
        wanted.trainer = checked_line("trainer", &trainer, 120, &mut problems);
    }
    if let Some(notes) = notes {
        wanted.notes = checked_prose("notes", &notes, &mut problems);
    }
    if let Some(recording) = recording {
        wanted.recording = checked_url("recording", &recording, &mut problems);
    }
    wanted.kind = kind.unwrap_or(wanted.kind);
    if let Some(because) = because {
        wanted.because = checked_line("because", &because, 300, &mut problems);
    }
    if wanted.status == Status::Planned {
        let days = Days::load(&mut tx, actor.workspace, head.id).await?;
        let chosen = other_day || wanted.trainer != known.trainer;
        judged(&days, &mut wanted, chosen, &mut problems);
    }
    none_of(problems)?;
    if wanted == known {
        return Ok(known);
    }
    let told = |one: &Session| (one.title.clone(), one.slot.clone(), one.place.clone());
    if wanted.invited_at.is_some() && told(&wanted) != told(&known) {
        wanted.sequence += 1;
    }
    let what = format!("training session {}", wanted.title);
    let summary = changed_words(&what, &known.slot, &wanted.slot);
    let summary = match wanted.because.as_str() {
        because if because.is_empty() || because == known.because => summary,
        because => format!("{summary}, although somebody is missing: {because}"),
    };
    let kept = keep(&mut tx, actor, wanted).await?;
    record(app, &mut tx, actor, &head, "training.session_changed", summary).await?;
    tx.commit().await?;
    Ok(kept)
}

/// A session ends, or is planned again. Whoever came has begun their track.
///
/// # Errors
/// [`AppError::Refusal`] when its state does not allow it; otherwise as [`change_session`].
#[boxed]
pub async fn end_session(
    app: &App,
    actor: &Actor,
    id: TrainingSessionId,
    version: i64,
    end: SessionEnd,
) -> Result<Session, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let (head, known) = open(&mut tx, actor, id, version).await?;
    let mut problems = Vec::new();
    let mut wanted = known.clone();
    let (next, kind, deed) = match end {
        SessionEnd::Held { attendance } => {
            if wanted.slot.on > app.today() {
                problems.push(Problem::new("status", "cannot be held: its day is still to come"));
            }
            none_of(problems)?;
            came(app, &mut tx, actor, &wanted, attendance).await?;
            problems = Vec::new();
            (Status::Held, "training.session_held", "Held")
        }
        SessionEnd::Cancelled { reason } => {
            let reason = needed_prose("reason", &reason, &mut problems);
            wanted.sequence += i64::from(wanted.invited_at.is_some());
            (Status::Cancelled { reason }, "training.session_cancelled", "Cancelled")
        }
        SessionEnd::Again => {
            wanted.sequence += i64::from(wanted.invited_at.is_some());
            for seat in rows::seats_of(&mut tx, actor.workspace, id).await? {
                rows::attended(&mut tx, actor.workspace, id, seat.learner, Attendance::Invited).await?;
            }
            (Status::Planned, "training.session_changed", "Planned again")
        }
    };
    none_of(problems)?;
    // Who came may be corrected after it was held.
    if !(next == Status::Held && known.status == Status::Held) {
        wanted.status = known.status.clone().turn(next).map_err(AppError::refused)?;
    }
    let why = wanted.status.reason().map(|reason| format!(": {reason}")).unwrap_or_default();
    let summary = format!("{deed} the training session {} of {}{why}", wanted.title, wanted.slot.on);
    // Where the plan wanted it counts for nothing any more.
    wanted.wanted_on = None;
    let is_off = matches!(wanted.status, Status::Cancelled { .. });
    let kept = keep(&mut tx, actor, wanted).await?;
    if is_off && kept.invited_at.is_some() {
        super::invite::tell(app, &mut tx, actor, &head, &kept).await?;
    }
    record(app, &mut tx, actor, &head, kind, summary).await?;
    tx.commit().await?;
    Ok(kept)
}

/// Writes down who came; whoever came without a seat gets one.
async fn came(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    session: &Session,
    attendance: Vec<(LearnerId, Attendance)>,
) -> Result<(), AppError> {
    let seats = rows::seats_of(tx, actor.workspace, session.id).await?;
    for (learner, attendance) in attendance {
        let known = learner_of(tx, actor, session, learner).await?;
        if seats.iter().any(|seat| seat.learner == learner) {
            rows::attended(tx, actor.workspace, session.id, learner, attendance).await?;
        } else {
            let seat = Seat { session: session.id, learner, attendance, rating: None };
            let given = rows::sit(tx, actor.workspace, session.onboarding, &[seat]).await;
            given.map_err(AppError::overtaken)?;
        }
        if let (Attendance::Attended, Some(track)) = (attendance, session.track) {
            enrol_with(tx, actor, &known, track).await?;
            started(tx, actor, learner, track, session.slot.on.min(app.today())).await?;
        }
    }
    Ok(())
}

/// A learner of the onboarding a session belongs to.
async fn learner_of(
    tx: &mut Tx,
    actor: &Actor,
    session: &Session,
    id: LearnerId,
) -> Result<Learner, AppError> {
    let known = learners::get(tx, actor.workspace, id).await?;
    known.filter(|one| one.onboarding == session.onboarding).ok_or_else(|| AppError::missing("learner", id))
}

/// Gives learners seats in a session that is planned; those on no track of it are enrolled.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Refusal`] when it is not planned any more,
/// [`AppError::Invalid`] when there are too many; or when the database fails.
#[boxed]
pub async fn seat(
    app: &App,
    actor: &Actor,
    id: TrainingSessionId,
    people: &[LearnerId],
) -> Result<Vec<Seat>, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let session = find(&mut tx, actor, id).await?;
    let head = onboarding(&mut tx, actor, session.onboarding).await?;
    if session.status != Status::Planned {
        return Err(AppError::Refusal(format!("a session that is {} has no seats to give", session.status)));
    }
    let before = rows::seats_of(&mut tx, actor.workspace, id).await?;
    let mut seated: BTreeSet<LearnerId> = before.iter().map(|seat| seat.learner).collect();
    let mut names = Vec::new();
    for person in people {
        let known = learner_of(&mut tx, actor, &session, *person).await?;
        if !seated.insert(*person) {
            continue;
        }
        if let Some(track) = session.track {
            enrol_with(&mut tx, actor, &known, track).await?;
        }
        let seat = Seat { session: id, learner: *person, attendance: Attendance::Invited, rating: None };
        rows::sit(&mut tx, actor.workspace, session.onboarding, &[seat]).await?;
        names.push(known.name);
    }
    if seated.len() > MOST_SEATS {
        return Err(AppError::Invalid(vec![Problem::new(
            "learners",
            format!("must be {MOST_SEATS} at most"),
        )]));
    }
    if !names.is_empty() {
        let summary = format!("Gave seats in {} on {}: {}", session.title, session.slot.on, names.join(", "));
        record(app, &mut tx, actor, &head, "training.seated", summary).await?;
    }
    let seats = rows::seats_of(&mut tx, actor.workspace, id).await?;
    tx.commit().await?;
    Ok(seats)
}

/// Takes a seat away.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn unseat(
    app: &App,
    actor: &Actor,
    id: TrainingSessionId,
    learner: LearnerId,
) -> Result<(), AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let session = find(&mut tx, actor, id).await?;
    let head = onboarding(&mut tx, actor, session.onboarding).await?;
    if !rows::stand_up(&mut tx, actor.workspace, id, learner).await? {
        return Err(AppError::missing("seat", learner));
    }
    let summary = format!("Took a seat in {} on {} away", session.title, session.slot.on);
    record(app, &mut tx, actor, &head, "training.seated", summary).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes a session away that was planned by mistake and is still the version it was made with.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Stale`] when somebody has changed it since; or when
/// the database fails.
#[boxed]
pub async fn take_back(app: &App, actor: &Actor, id: TrainingSessionId) -> Result<OnboardingId, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let (head, known) = open(&mut tx, actor, id, 1).await?;
    version::after("training session", known.version, rows::delete(&mut tx, actor.workspace, id, 1).await?)?;
    let summary = format!("Took back the training session {} of {}", known.title, known.slot.on);
    record(app, &mut tx, actor, &head, "training.session_cancelled", summary).await?;
    tx.commit().await?;
    Ok(head.id)
}
