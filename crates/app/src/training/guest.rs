//! What learners see and do in their portal: structs of their own, so that nothing of other learners and nothing
//! that is right or wrong before it was answered can come along.

use std::collections::BTreeMap;

use gangway_domain::ids::{CertificateId, LibraryId, TrackId, TrainingSessionId};
use gangway_domain::meeting::{Attendance, Status};
use gangway_domain::portal::{PortalRole, Resource, Right};
use gangway_domain::refusal::Fault;
use gangway_domain::training::{AttemptKind, Level, Verdict};
use gangway_store::training::{
    self as tracks, learner as learners, library as shelf, result as results, session as sessions,
};
use gangway_store::{Tx, contact};
use jiff::civil::Date;
use serde::Serialize;

use super::certificate::printed;
use super::result::{attempt_as, follow_up_from, may_try, study_as};
use super::{Attempt, Contents, Known, Learner, Session, find_track, invite};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::register::{onboarding, record};
use crate::{Actor, App, Guest};

/// Everything a guest learns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Learning {
    /// Tracks they are on.
    pub courses: Vec<Course>,
    /// Sessions they have a seat in, and those everybody may come to; all of them for whoever leads the project.
    pub sessions: Vec<SessionShown>,
    /// What they can look up.
    pub library: Vec<EntryShown>,
    /// Certificates they hold.
    pub certificates: Vec<CertificateShown>,
    /// The day it was looked at.
    pub today: Date,
}

/// A track somebody is on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Course {
    /// Id of the track.
    pub track: String,
    /// Name.
    pub name: String,
    /// The level it is for, as a word.
    pub level: &'static str,
    /// The level they have shown, as a word.
    pub reached: Option<&'static str>,
    /// Whether they have reached what it is for.
    pub complete: bool,
    /// Its modules.
    pub lessons: Vec<Lesson>,
    /// How many of them they worked through.
    pub done: usize,
    /// By when.
    pub finishes_on: Date,
    /// Where the assessment stands: `none`, `open`, `waiting`, `passed`, `used`.
    pub assessment: &'static str,
    /// Percent of the last answers.
    pub score: Option<u32>,
    /// It is time to be asked again.
    pub follow_up: bool,
}

/// A module of a track.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lesson {
    /// Counted from 0.
    pub module: u32,
    /// Title.
    pub title: String,
    /// Minutes.
    pub minutes: u32,
    /// "Afterwards you can …".
    pub outcome: String,
    /// What is practised.
    pub exercise: Option<String>,
    /// They worked through it.
    pub done: bool,
}

/// A session as a guest sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SessionShown {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// The day.
    pub day: Date,
    /// Start, `HH:MM`.
    pub starts_at: String,
    /// Minutes.
    pub minutes: u32,
    /// Time zone; none for that of whoever looks.
    pub zone: Option<String>,
    /// Room or link; may be empty.
    pub place: String,
    /// Who teaches; may be empty.
    pub trainer: String,
    /// `planned`, `held`, `cancelled` or `no-show`.
    pub state: &'static str,
    /// Link to the recording; may be empty.
    pub recording: String,
    /// They have a seat.
    pub mine: bool,
    /// They were there and may say what they think of it.
    pub may_rate: bool,
    /// What they said, 1 to 5.
    pub rating: Option<u32>,
}

/// Something of the library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntryShown {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// What it is, as a word.
    pub kind: &'static str,
    /// Where it leads; none where it is a file.
    pub url: Option<String>,
}

/// A certificate somebody holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CertificateShown {
    /// Id.
    pub id: String,
    /// Its number.
    pub number: String,
    /// Of which track.
    pub name: String,
    /// The level, as a word.
    pub level: &'static str,
    /// When.
    pub issued_on: Date,
}

/// Questions, without what is right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// Id of the track.
    pub track: String,
    /// Name of the track.
    pub name: String,
    /// `assessment` or `follow-up`.
    pub kind: &'static str,
    /// Percent it takes to pass.
    pub pass_percent: u32,
    /// The questions.
    pub questions: Vec<AskedQuestion>,
}

/// A question, without what is right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AskedQuestion {
    /// Id.
    pub id: String,
    /// `choice`, `multi` or `text`.
    pub kind: String,
    /// The question.
    pub text: String,
    /// What is offered.
    pub options: Vec<AskedOption>,
}

/// Something that is offered as an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AskedOption {
    /// What is sent when it is chosen.
    pub value: String,
    /// The same as the guest reads it.
    pub text: String,
}

/// Who the guest is as a learner.
pub(super) async fn own(tx: &mut Tx, guest: &Guest) -> Result<Option<Learner>, AppError> {
    let person = contact::get(tx, guest.workspace, guest.contact).await?;
    let email = person.and_then(|person| person.email).map(|email| email.trim().to_lowercase());
    let found = learners::of_contact(tx, guest.workspace, guest.onboarding, guest.contact, email).await?;
    Ok(found.into_iter().next())
}

/// The same where nothing can be done without.
async fn learner(tx: &mut Tx, guest: &Guest) -> Result<Learner, AppError> {
    own(tx, guest).await?.ok_or_else(|| AppError::missing("learner", guest.contact))
}

/// A learner who is on that track.
async fn on_track(tx: &mut Tx, guest: &Guest, track: TrackId) -> Result<Learner, AppError> {
    let learner = learner(tx, guest).await?;
    let enrolled = learners::enrolments_of(tx, guest.workspace, learner.id).await?;
    if enrolled.iter().any(|one| one.track == track) {
        return Ok(learner);
    }
    Err(AppError::missing("training track", track))
}

/// What a guest learns.
///
/// # Errors
/// [`AppError::NotForGuest`]; or when the database fails.
#[boxed]
pub async fn learning(app: &App, actor: &Actor) -> Result<Learning, AppError> {
    let guest = *actor.require_guest(Resource::Training, Right::See)?;
    let (workspace, onboarding, today) = (guest.workspace, guest.onboarding, app.today());
    let mut tx = app.db.read().await?;
    let tracks = tracks::of_onboarding(&mut tx, workspace, onboarding).await?;
    let sessions = sessions::of_onboarding(&mut tx, workspace, onboarding).await?;
    let library = shelf::of_onboarding(&mut tx, workspace, onboarding).await?;
    let learner = own(&mut tx, &guest).await?;
    let (mut enrolments, mut seats, mut attempts, mut certificates) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    if let Some(learner) = &learner {
        enrolments = learners::enrolments_of(&mut tx, workspace, learner.id).await?;
        seats = sessions::seats_of_learner(&mut tx, workspace, learner.id).await?;
        attempts = results::of_learner(&mut tx, workspace, learner.id).await?;
        certificates = results::certificates(&mut tx, workspace, onboarding).await?;
        certificates.retain(|one| one.learner == learner.id && one.revoked.is_none());
    }
    let contents = Contents::of(app, &mut tx, workspace, onboarding).await?;
    drop(tx);
    let known = Known::of(&contents, &tracks, &sessions, &seats, &attempts, &certificates);
    let said = |text: &str| app.methodology.say(guest.language, text).to_owned();
    let mut courses = Vec::new();
    for enrolment in enrolments {
        let one = known.progress(enrolment);
        let Some(track) = tracks.iter().find(|track| track.id == one.enrolment.track) else { continue };
        let before: Vec<&Attempt> = attempts.iter().filter(|attempt| attempt.track == track.id).collect();
        let last = before.iter().rev().find(|attempt| attempt.kind == AttemptKind::Assessment);
        let done = &one.enrolment.record.modules;
        let lessons: Vec<Lesson> = (0..)
            .zip(&track.modules)
            .map(|(module, lesson)| Lesson {
                module,
                title: said(&lesson.title),
                minutes: lesson.minutes,
                outcome: said(&lesson.outcome),
                exercise: lesson.exercise.as_deref().map(said),
                done: done.contains(&module),
            })
            .collect();
        courses.push(Course {
            track: track.id.to_string(),
            name: said(&track.name),
            level: track.level.word(),
            reached: one.level.map(Level::word),
            complete: one.complete,
            done: lessons.iter().filter(|lesson| lesson.done).count(),
            lessons,
            finishes_on: track.finishes_on,
            assessment: match (
                one.assessed,
                may_try(&contents, track, &before, AttemptKind::Assessment, today),
            ) {
                (Some(Verdict::Passed), _) => "passed",
                (Some(Verdict::Waiting), _) => "waiting",
                (_, Ok(_)) => "open",
                (Some(Verdict::Failed), Err(_)) => "used",
                (None, Err(_)) => "none",
            },
            score: last.and_then(|attempt| attempt.score),
            follow_up: follow_up_from(&contents, track, &before).is_some_and(|from| from <= today),
        });
    }
    let sees_all = matches!(guest.role, PortalRole::Lead | PortalRole::Sponsor);
    let shown = sessions.iter().filter_map(|session| {
        let seat = seats.iter().find(|seat| seat.session == session.id);
        let open = session.track.is_none() && session.status == Status::Planned;
        (seat.is_some() || open || sees_all).then(|| {
            let came = seat.is_some_and(|seat| seat.attendance == Attendance::Attended);
            SessionShown {
                id: session.id.to_string(),
                title: app.methodology.say_session(guest.language, &session.title),
                day: session.slot.on,
                starts_at: session.slot.starts.to_string(),
                minutes: session.slot.minutes,
                zone: session.slot.zone.clone(),
                place: session.place.clone(),
                trainer: session.trainer.clone(),
                state: session.status.word(),
                recording: session.recording.clone(),
                mine: seat.is_some(),
                may_rate: came && session.status == Status::Held,
                rating: seat.and_then(|seat| seat.rating),
            }
        })
    });
    let on: Vec<String> = courses.iter().map(|course| course.track.clone()).collect();
    let mine = |track: Option<TrackId>| track.is_none_or(|track| sees_all || on.contains(&track.to_string()));
    Ok(Learning {
        sessions: shown.collect(),
        library: library
            .into_iter()
            .filter(|entry| mine(entry.track))
            .map(|entry| EntryShown {
                id: entry.id.to_string(),
                title: entry.title,
                kind: entry.kind.word(),
                url: entry.url,
            })
            .collect(),
        certificates: certificates
            .into_iter()
            .map(|one| CertificateShown {
                id: one.id.to_string(),
                number: one.number,
                name: said(&one.track_name),
                level: one.level.word(),
                issued_on: one.issued_on,
            })
            .collect(),
        courses,
        today,
    })
}

/// A learner worked through a module, or did not after all.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`] when they are not on the track, [`AppError::Invalid`]; or when
/// the database fails.
#[boxed]
pub async fn study_own(
    app: &App,
    actor: &Actor,
    track: TrackId,
    module: u32,
    done: bool,
) -> Result<(), AppError> {
    let guest = *actor.require_guest(Resource::Training, Right::Do)?;
    let mut tx = app.db.write().await?;
    let learner = on_track(&mut tx, &guest, track).await?;
    study_as(app, &mut tx, actor, learner.id, track, module, done).await?;
    tx.commit().await?;
    Ok(())
}

/// The questions of a track for a learner, when there is a try left.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`] when they are not on the track, [`AppError::Refusal`] when there
/// is no try left; or when the database fails.
#[boxed]
pub async fn asked(app: &App, actor: &Actor, track: TrackId, kind: AttemptKind) -> Result<Asked, AppError> {
    let guest = *actor.require_guest(Resource::Training, Right::Do)?;
    let mut tx = app.db.read().await?;
    let learner = on_track(&mut tx, &guest, track).await?;
    let track = find_track(&mut tx, actor, track).await?;
    let before = results::of_learner(&mut tx, guest.workspace, learner.id).await?;
    let before: Vec<&Attempt> = before.iter().filter(|one| one.track == track.id).collect();
    let contents = Contents::of(app, &mut tx, guest.workspace, guest.onboarding).await?;
    let asked = may_try(&contents, &track, &before, kind, app.today()).map_err(AppError::Barred)?;
    let said = |text: &str| app.methodology.say(guest.language, text).to_owned();
    let questions = asked.questions.iter().map(|one| AskedQuestion {
        id: one.id.clone(),
        kind: one.kind.clone(),
        text: said(&one.text),
        options: one
            .options
            .iter()
            .map(|option| AskedOption { value: option.clone(), text: said(option) })
            .collect(),
    });
    Ok(Asked {
        track: track.id.to_string(),
        name: said(&track.name),
        kind: kind.word(),
        pass_percent: asked.pass_percent,
        questions: questions.collect(),
    })
}

/// A learner answers the questions of a track: how it ended, and with how many percent.
///
/// # Errors
/// As [`asked`]; [`AppError::Invalid`] when the answers are too long.
#[boxed]
pub async fn attempt_own(
    app: &App,
    actor: &Actor,
    track: TrackId,
    kind: AttemptKind,
    answers: &BTreeMap<String, Vec<String>>,
) -> Result<(Verdict, Option<u32>), AppError> {
    let guest = *actor.require_guest(Resource::Training, Right::Do)?;
    let mut tx = app.db.write().await?;
    let learner = on_track(&mut tx, &guest, track).await?;
    let made = attempt_as(app, &mut tx, actor, learner.id, track, kind, answers).await?;
    tx.commit().await?;
    Ok((made.verdict, made.score))
}

/// A learner says what they think of a session they were in, 1 to 5; saying it again replaces it.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`] when they were not there, [`AppError::Invalid`]; or when the
/// database fails.
#[boxed]
pub async fn rate(app: &App, actor: &Actor, id: TrainingSessionId, rating: u32) -> Result<(), AppError> {
    let guest = *actor.require_guest(Resource::Training, Right::Do)?;
    if !(1..=5).contains(&rating) {
        return Err(AppError::Invalid(vec![Problem::of("rating", Fault::Rating)]));
    }
    let mut tx = app.db.write().await?;
    let learner = learner(&mut tx, &guest).await?;
    let session = of_guest(&mut tx, &guest, id).await?;
    if !sessions::rated(&mut tx, guest.workspace, id, learner.id, rating).await? {
        return Err(AppError::missing("seat", id));
    }
    let head = onboarding(&mut tx, actor, guest.onboarding).await?;
    let summary = format!("{} gave the training session {} {rating} of 5", learner.name, session.title);
    record(app, &mut tx, actor, &head, "training.rated", summary).await?;
    tx.commit().await?;
    Ok(())
}

/// A session of the guest's onboarding.
async fn of_guest(tx: &mut Tx, guest: &Guest, id: TrainingSessionId) -> Result<Session, AppError> {
    let session = sessions::get(tx, guest.workspace, id).await?;
    let session = session.filter(|session| session.onboarding == guest.onboarding);
    session.ok_or_else(|| AppError::missing("training session", id))
}

/// The calendar entry of a session as a file: its name and its text.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`] when they cannot come to it; or when the database fails.
#[boxed]
pub async fn calendar_own(
    app: &App,
    actor: &Actor,
    id: TrainingSessionId,
) -> Result<(String, String), AppError> {
    let seen = learning(app, actor).await?;
    let guest = *actor.require_guest(Resource::Training, Right::See)?;
    let wanted = id.to_string();
    if !seen.sessions.iter().any(|session| session.id == wanted) {
        return Err(AppError::missing("training session", id));
    }
    let mut tx = app.db.read().await?;
    let session = of_guest(&mut tx, &guest, id).await?;
    let entry = invite::written(app, &[&session], None, None, guest.language);
    let title = app.methodology.say_session(guest.language, &session.title);
    Ok((invite::file_name(&session, &title), entry))
}

/// A certificate of the guest as PDF: its name and its bytes.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`] when it is not theirs; or when the database fails.
#[boxed]
pub async fn certificate_own(
    app: &App,
    actor: &Actor,
    id: CertificateId,
) -> Result<(String, Vec<u8>), AppError> {
    let guest = *actor.require_guest(Resource::Training, Right::See)?;
    let mut tx = app.db.read().await?;
    let learner = learner(&mut tx, &guest).await?;
    let known = results::certificate(&mut tx, guest.workspace, id).await?;
    let known =
        known.filter(|one| one.learner == learner.id).ok_or_else(|| AppError::missing("certificate", id))?;
    drop(tx);
    printed(app, known).await
}

/// A file of the library the guest sees: its name and its bytes.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`] when they do not see it; or when the database fails.
#[boxed]
pub async fn file_own(app: &App, actor: &Actor, id: LibraryId) -> Result<(String, Vec<u8>), AppError> {
    let seen = learning(app, actor).await?;
    let wanted = id.to_string();
    let missing = || AppError::missing("library entry", id);
    if !seen.library.iter().any(|entry| entry.id == wanted) {
        return Err(missing());
    }
    let mut tx = app.db.read().await?;
    let entry = shelf::get(&mut tx, actor.workspace, id).await?.ok_or_else(missing)?;
    super::library::bytes(&mut tx, actor, &entry).await
}
