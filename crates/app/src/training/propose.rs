//! Sessions proposed from the size of a track, with a seat for everybody.

use std::collections::BTreeSet;

use gangway_domain::ids::{LearnerId, TrackId, TrainingSessionId};
use gangway_domain::meeting::{Attendance, Clock, Slot, Status};
use gangway_domain::permission::Action;
use gangway_domain::training::{self as rules, SessionKind};
use gangway_domain::work::RunningPlan;
use gangway_store::meeting::{self as meetings, Meeting};
use gangway_store::training::session as rows;
use gangway_store::{Tx, work};
use jiff::ToSpan;
use jiff::civil::Date;

use super::days::{Days, share_a_trainer};
use super::session::MOST_AT_ONCE;
use super::{Seat, Session, Track, Training, find_track, load};
use crate::boxed;
use crate::error::AppError;
use crate::register::{onboarding, record};
use crate::{Actor, App};

/// Days ahead in which a trainer's other sessions are looked at: the days of a track and the quarter after it.
const AHEAD: i32 = 500;

/// Plans what a track lacks so that everybody has a seat, spread over those of its days from today on on which both
/// parties work and the trainer is there, each at an hour at which the customer's people and the trainer have nothing
/// else, and gives everybody on the track a seat who has none yet. Doing it again does only what is lacking then.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Refusal`] when nothing is lacking; or when the
/// database fails.
#[boxed]
pub async fn propose(app: &App, actor: &Actor, id: TrackId) -> Result<Vec<Session>, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let track = find_track(&mut tx, actor, id).await?;
    let head = onboarding(&mut tx, actor, track.onboarding).await?;
    let training = load(app, &mut tx, actor, head).await?;
    let made = lacking(app, &mut tx, actor, &training, &track).await?;
    rows::insert_all(&mut tx, actor.workspace, &made).await?;
    let seats = seats_for(&training, &track, &made);
    rows::sit(&mut tx, actor.workspace, track.onboarding, &seats).await?;
    if made.is_empty() && seats.is_empty() {
        let said = format!("everybody on {} has a seat already, or learns without sessions", track.name);
        return Err(AppError::Refusal(said));
    }
    let sessions = if made.len() == 1 { "1 session".to_owned() } else { format!("{} sessions", made.len()) };
    let people =
        if seats.len() == 1 { "1 person a seat".to_owned() } else { format!("{} people seats", seats.len()) };
    let summary = format!("Planned {sessions} of {} and gave {people}", track.name);
    record(app, &mut tx, actor, &training.head, "training.session_planned", summary).await?;
    tx.commit().await?;
    Ok(made)
}

async fn lacking(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    training: &Training,
    track: &Track,
) -> Result<Vec<Session>, AppError> {
    let wanted = training.lacking_on(track).min(MOST_AT_ONCE);
    let first = track.starts_on.max(training.today);
    let plan = work::get(tx, actor.workspace, track.onboarding).await?.map(|stored| stored.plan);
    let trainer = trainer_of(training, track, plan.as_ref());
    let known = Days::of(tx, actor.workspace, plan.as_ref()).await?;
    let is_free = |day: Date| known.missing(day, &trainer).is_none();
    let days = rules::spread(first, track.finishes_on, wanted, is_free);
    // All days may be over, or somebody be missing on each: then in the two weeks after the first that is free.
    let days = if days.is_empty() {
        let first = known.free_from(first, &trainer);
        rules::spread(first, first.saturating_add(13.days()), wanted, is_free)
    } else {
        days
    };
    let meetings = meetings::of_onboarding(tx, actor.workspace, track.onboarding).await?;
    let zone = meetings.first().and_then(|meeting| meeting.slot.zone.clone());
    let mut taken = taken(tx, actor, training, &meetings, (first, trainer.as_str())).await?;
    let before = training.planned_on(track);
    let mut sessions = Vec::with_capacity(days.len());
    for (on, number) in days.into_iter().zip(1_u32..) {
        let minutes = track.minutes().clamp(15, 480);
        let at_ten = Slot { on, starts: Clock::ten(), minutes, zone: zone.clone() };
        let slot = known.free_slot(at_ten, &trainer, &taken);
        taken.push(slot.clone());
        let title = match before + wanted {
            1 => track.name.clone(),
            all => format!("{} ({} of {all})", track.name, before + number),
        };
        sessions.push(session(app, track, title, slot, trainer.clone()));
    }
    Ok(sessions)
}

/// A session of a track as it is proposed.
fn session(app: &App, track: &Track, title: String, slot: Slot, trainer: String) -> Session {
    Session {
        id: TrainingSessionId::fresh(&*app.ids),
        onboarding: track.onboarding,
        track: Some(track.id),
        kind: SessionKind::Class,
        title,
        slot,
        place: String::new(),
        trainer,
        notes: String::new(),
        recording: String::new(),
        status: Status::Planned,
        sequence: 0,
        invited_at: None,
        wanted_on: None,
        because: String::new(),
        made_at: app.now(),
        version: 1,
    }
}

/// What takes place from a day on beside which a session cannot be: what the customer's people come to, and what whoever
/// teaches it teaches elsewhere.
async fn taken(
    tx: &mut Tx,
    actor: &Actor,
    training: &Training,
    meetings: &[Meeting],
    (from, trainer): (Date, &str),
) -> Result<Vec<Slot>, AppError> {
    // Days of other zones may begin a day earlier or later.
    let days = (from.saturating_sub(1.day()), from.saturating_add(AHEAD.days()));
    let elsewhere = rows::taught(tx, actor.workspace, days).await?;
    let is_planned = |status: &Status| *status == Status::Planned;
    let here = training.sessions.iter().filter(|one| is_planned(&one.status)).map(|one| one.slot.clone());
    let met = meetings.iter().filter(|one| is_planned(&one.status)).map(|one| one.slot.clone());
    let taught = elsewhere.into_iter().filter(|one| share_a_trainer(&one.trainer, trainer));
    Ok(here.chain(met).chain(taught.map(|one| one.slot)).collect())
}

/// Who is to teach: whoever teaches the track already, else the member who does its task in the plan.
fn trainer_of(training: &Training, track: &Track, plan: Option<&RunningPlan>) -> String {
    let taught = |one: &&Session| one.track == Some(track.id) && !one.trainer.is_empty();
    if let Some(last) = training.sessions.iter().rfind(taught) {
        return last.trainer.clone();
    }
    let task = plan.and_then(|plan| plan.task(track.task.as_deref()?));
    let who = task.and_then(|task| task.assignee.as_ref()).filter(|who| who.person().is_some());
    who.map_or_else(String::new, |who| who.name().to_owned())
}

/// Seats for those on a track who have none, in the sessions that come first while there is room.
fn seats_for(training: &Training, track: &Track, made: &[Session]) -> Vec<Seat> {
    let of_track = |session: &&Session| {
        session.track == Some(track.id)
            && session.kind == SessionKind::Class
            && session.status == Status::Planned
    };
    let held = training.sessions.iter().filter(|session| {
        session.track == Some(track.id)
            && session.kind == SessionKind::Class
            && matches!(session.status, Status::Planned | Status::Held)
    });
    let held: BTreeSet<_> = held.map(|session| session.id).collect();
    let seated: BTreeSet<LearnerId> = training
        .seats
        .iter()
        .filter(|seat| held.contains(&seat.session) && seat.attendance != Attendance::Absent)
        .map(|seat| seat.learner)
        .collect();
    let mut waiting = training
        .progress
        .iter()
        .filter(|one| one.enrolment.track == track.id && !seated.contains(&one.enrolment.learner))
        .map(|one| one.enrolment.learner);
    let mut seats = Vec::new();
    let size = usize::try_from(track.group_size).unwrap_or(0);
    for session in training.sessions.iter().filter(of_track).chain(made) {
        let here: BTreeSet<LearnerId> = training.seats_of(session).map(|seat| seat.learner).collect();
        for learner in waiting.by_ref().take(size.saturating_sub(here.len())) {
            // Whoever did not come to one session cannot sit in it twice.
            if !here.contains(&learner) {
                seats.push(Seat {
                    session: session.id,
                    learner,
                    attendance: Attendance::Invited,
                    rating: None,
                });
            }
        }
    }
    seats
}
