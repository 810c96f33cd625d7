//! Training of a customer's people: tracks sized to the deal, sessions, who learns what, assessments, certificates.

mod certificate;
mod content;
mod days;
mod facts;
mod follow;
mod guest;
mod invite;
mod learner;
mod library;
mod propose;
mod result;
mod seed;
mod session;
mod todo;
mod upload;

use std::collections::{BTreeMap, BTreeSet};

use gangway_domain::ids::{CertificateId, LearnerId, OnboardingId, TrackId};
use gangway_domain::meeting::{Attendance, Status};
use gangway_domain::permission::Action;
use gangway_domain::training::{
    self as rules, AttemptKind, Counts, Deeds, Level, Measured, SessionKind, Verdict,
};
use gangway_store::Tx;
use gangway_store::onboarding::head::Head;
use gangway_store::training as tracks;
use gangway_store::training::{
    learner as learners, library as shelf, result as results, session as sessions,
};
use jiff::civil::Date;

use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::none_of;
use crate::register::{onboarding, record};
use crate::{Actor, App, version};

pub use certificate::{Verified, certificate_file, certify, certify_all, get_certificate, revoke, verify};
pub use content::Contents;
pub use follow::move_with_plan;
pub use gangway_store::training::Track;
pub use gangway_store::training::learner::{Enrolment, Learner};
pub use gangway_store::training::library::Entry;
pub use gangway_store::training::result::{Attempt, Certificate};
pub use gangway_store::training::session::{Seat, Session};
pub use guest::{
    Asked, AskedOption, AskedQuestion, CertificateShown, Course, EntryShown, Learning, Lesson, SessionShown,
    asked, attempt_own, calendar_own, certificate_own, file_own, learning, rate, study_own,
};
pub use invite::{Invited, calendar_file, invite, schedule_file};
pub use learner::{
    LearnerChanges, LearnerDraft, add, change_learner, enrol, get_learner, list_learners, remove_learner,
    unenrol,
};
pub use library::{Link, add_file, add_link, file, remove_entry};
pub use propose::propose;
pub use result::{Deed, attempt, get_attempt, mark, observe, study};
pub use session::{
    SessionChanges, SessionDraft, SessionEnd, change_session, end_session, get_session, list_sessions, plan,
    seat, take_back, unseat,
};
pub(crate) use upload::split as csv_rows;
pub use upload::{Uploaded, upload};

pub(crate) use facts::{facts_in, facts_of};
pub(crate) use follow::follow;
pub(crate) use seed::{backfill, seed, tie};
pub(crate) use todo::todo_for;

/// Most learners of an onboarding.
pub(crate) const MOST_LEARNERS: u32 = 5_000;

/// What somebody reached on a track.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Who, on what, and what they did.
    pub enrolment: Enrolment,
    /// The level they have shown.
    pub level: Option<Level>,
    /// Was in a session.
    pub attended: bool,
    /// How the assessment ended last; passed when it ever was.
    pub assessed: Option<Verdict>,
    /// The level the track is for is reached.
    pub complete: bool,
    /// The certificate that holds.
    pub certificate: Option<CertificateId>,
}

/// All of the training of an onboarding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Training {
    /// The onboarding.
    pub head: Head,
    /// The tracks in their order.
    pub tracks: Vec<Track>,
    /// Who learns, in the order they were added in.
    pub learners: Vec<Learner>,
    /// What they reached, by learner and track.
    pub progress: Vec<Progress>,
    /// The sessions by day and time.
    pub sessions: Vec<Session>,
    /// Who has a seat in them.
    pub seats: Vec<Seat>,
    /// Attempts at assessments, oldest first.
    pub attempts: Vec<Attempt>,
    /// Certificates, oldest first.
    pub certificates: Vec<Certificate>,
    /// The library.
    pub library: Vec<Entry>,
    /// Whether it works.
    pub measured: Vec<Measured>,
    /// Questions, exercises and steps of the tracks.
    pub contents: Contents,
    /// The day it was looked at.
    pub today: Date,
}

impl Training {
    /// A track by its id.
    #[must_use]
    pub fn track(&self, id: TrackId) -> Option<&Track> {
        self.tracks.iter().find(|track| track.id == id)
    }

    /// A learner by their id.
    #[must_use]
    pub fn learner(&self, id: LearnerId) -> Option<&Learner> {
        self.learners.iter().find(|learner| learner.id == id)
    }

    /// Seats of a session.
    pub fn seats_of(&self, session: &Session) -> impl Iterator<Item = &Seat> {
        let id = session.id;
        self.seats.iter().filter(move |seat| seat.session == id)
    }

    /// People on a track: those enrolled, or those the deal speaks of when they are more.
    #[must_use]
    pub fn people_on(&self, track: &Track) -> u32 {
        let enrolled = self.progress.iter().filter(|one| one.enrolment.track == track.id).count();
        track.people.max(u32::try_from(enrolled).unwrap_or(u32::MAX))
    }

    /// Sessions of a track that are planned or were held.
    #[must_use]
    pub fn planned_on(&self, track: &Track) -> u32 {
        let counts = |session: &&Session| {
            session.track == Some(track.id)
                && session.kind == SessionKind::Class
                && matches!(session.status, Status::Planned | Status::Held)
        };
        u32::try_from(self.sessions.iter().filter(counts).count()).unwrap_or(u32::MAX)
    }

    /// Sessions a track still lacks so that everybody has a seat.
    #[must_use]
    pub fn lacking_on(&self, track: &Track) -> u32 {
        rules::sessions_needed(self.people_on(track), track.group_size).saturating_sub(self.planned_on(track))
    }
}

/// The training of an onboarding.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn of_onboarding(app: &App, actor: &Actor, id: OnboardingId) -> Result<Training, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    load(app, &mut tx, actor, head).await
}

/// Everything of an onboarding's training, whoever asks.
async fn load(app: &App, tx: &mut Tx, actor: &Actor, head: Head) -> Result<Training, AppError> {
    let (workspace, id) = (actor.workspace, head.id);
    let tracks = tracks::of_onboarding(tx, workspace, id).await?;
    let learners = learners::page(tx, workspace, id, None, MOST_LEARNERS).await?;
    let enrolments = learners::enrolments(tx, workspace, id).await?;
    let sessions = sessions::of_onboarding(tx, workspace, id).await?;
    let seats = sessions::seats(tx, workspace, id).await?;
    let attempts = results::of_onboarding(tx, workspace, id).await?;
    let certificates = results::certificates(tx, workspace, id).await?;
    let library = shelf::of_onboarding(tx, workspace, id).await?;
    let contents = Contents::of(app, tx, workspace, id).await?;
    let known = Known::of(&contents, &tracks, &sessions, &seats, &attempts, &certificates);
    let progress: Vec<Progress> = enrolments.into_iter().map(|one| known.progress(one)).collect();
    let counts = counts(&progress, &sessions, &seats, &attempts);
    let measured = rules::measured(&app.methodology.benchmarks.metrics, &counts);
    let today = app.today();
    Ok(Training {
        head,
        tracks,
        learners,
        progress,
        sessions,
        seats,
        attempts,
        certificates,
        library,
        measured,
        contents,
        today,
    })
}

/// What progress follows from, looked up once.
struct Known {
    /// Level aimed at, modules, exercises, whether it is assessed.
    tracks: BTreeMap<TrackId, (Level, usize, Vec<String>, bool)>,
    attended: BTreeSet<(LearnerId, TrackId)>,
    verdicts: BTreeMap<(LearnerId, TrackId), Verdict>,
    certificates: BTreeMap<(LearnerId, TrackId), CertificateId>,
}

impl Known {
    fn of(
        contents: &Contents,
        tracks: &[Track],
        sessions: &[Session],
        seats: &[Seat],
        attempts: &[Attempt],
        certificates: &[Certificate],
    ) -> Self {
        let by_session: BTreeMap<_, _> =
            sessions.iter().filter_map(|session| Some((session.id, session.track?))).collect();
        let mut verdicts: BTreeMap<(LearnerId, TrackId), Verdict> = BTreeMap::new();
        for attempt in attempts.iter().filter(|one| one.kind == AttemptKind::Assessment) {
            let last = verdicts.entry((attempt.learner, attempt.track)).or_insert(attempt.verdict);
            if *last != Verdict::Passed {
                *last = attempt.verdict;
            }
        }
        Self {
            tracks: tracks
                .iter()
                .map(|track| {
                    let content = contents.of_track(track);
                    let asks = content.is_some_and(|content| content.assessment.is_some());
                    (track.id, (track.level, track.modules.len(), rules::exercise_ids(content), asks))
                })
                .collect(),
            attended: seats
                .iter()
                .filter(|seat| seat.attendance == Attendance::Attended)
                .filter_map(|seat| Some((seat.learner, *by_session.get(&seat.session)?)))
                .collect(),
            verdicts,
            certificates: certificates
                .iter()
                .filter(|one| one.revoked.is_none())
                .map(|one| ((one.learner, one.track), one.id))
                .collect(),
        }
    }

    fn progress(&self, enrolment: Enrolment) -> Progress {
        let key = (enrolment.learner, enrolment.track);
        let attended = self.attended.contains(&key);
        let assessed = self.verdicts.get(&key).copied();
        let known = self.tracks.get(&enrolment.track);
        let level = known.and_then(|(_, modules, exercises, asks)| {
            rules::reached(Deeds {
                modules: *modules,
                record: &enrolment.record,
                attended,
                assessed: asks.then_some(assessed == Some(Verdict::Passed)),
                exercises,
            })
        });
        // Having looked in is no training: the whole of it was heard, read or passed.
        let complete = known.is_some_and(|(aim, modules, ..)| {
            let through =
                attended || assessed == Some(Verdict::Passed) || enrolment.record.modules.len() >= *modules;
            through && level.is_some_and(|level| level >= *aim)
        });
        let certificate = self.certificates.get(&key).copied();
        Progress { enrolment, level, attended, assessed, complete, certificate }
    }
}

/// Counts what the metrics are made of.
fn counts(progress: &[Progress], sessions: &[Session], seats: &[Seat], attempts: &[Attempt]) -> Counts {
    let counted: BTreeSet<_> = sessions
        .iter()
        .filter(|session| session.status == Status::Held && session.kind != SessionKind::OfficeHours)
        .map(|session| session.id)
        .collect();
    let mut counts = Counts::default();
    for seat in seats {
        if counted.contains(&seat.session) && seat.attendance != Attendance::Invited {
            counts.invited += 1;
            counts.attended += u32::from(seat.attendance == Attendance::Attended);
        }
        counts.unrecorded +=
            u32::from(counted.contains(&seat.session) && seat.attendance == Attendance::Invited);
        match seat.rating {
            Some(rating) => counts.ratings = (counts.ratings.0 + 1, counts.ratings.1 + rating),
            None => counts.unrated += u32::from(seat.attendance == Attendance::Attended),
        }
    }
    for one in progress {
        let Enrolment { record, started_on, proficient_on, .. } = &one.enrolment;
        counts.started += u32::from(started_on.is_some());
        counts.not_begun += u32::from(started_on.is_none());
        counts.not_alone += u32::from(started_on.is_some() && proficient_on.is_none());
        counts.completed += u32::from(started_on.is_some() && one.complete);
        match one.assessed {
            Some(Verdict::Passed) => {
                counts.attempted += 1;
                counts.passed += 1;
            }
            Some(Verdict::Failed) => counts.attempted += 1,
            Some(Verdict::Waiting) => counts.unread += 1,
            None => {}
        }
        for seen in record.exercises.values().chain(&record.alone).chain(&record.taught) {
            counts.observed += 1;
            counts.applied += u32::from(seen.passed);
        }
        if let (Some(began), Some(alone)) = (started_on, proficient_on) {
            let days = u32::try_from((*alone - *began).get_days()).unwrap_or(0);
            counts.days = (counts.days.0 + 1, counts.days.1 + days);
        }
    }
    for attempt in attempts.iter().filter(|one| one.kind == AttemptKind::FollowUp) {
        match attempt.score {
            Some(score) => counts.kept = (counts.kept.0 + 1, counts.kept.1 + score),
            None => counts.unread_follow_ups += 1,
        }
    }
    counts
}

/// What is to change of a track; what is none stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrackChanges {
    /// People to be trained.
    pub people: Option<u32>,
    /// People in one session; 0 where everybody learns by themselves.
    pub group_size: Option<u32>,
    /// First day.
    pub starts_on: Option<Date>,
    /// Last day.
    pub finishes_on: Option<Date>,
}

/// One track, with its onboarding.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn get_track(app: &App, actor: &Actor, id: TrackId) -> Result<(Head, Track), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let track = find_track(&mut tx, actor, id).await?;
    Ok((onboarding(&mut tx, actor, track.onboarding).await?, track))
}

/// Sizes a track anew, when it is still what it was when it was looked at.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Stale`]; or when the database
/// fails.
#[boxed]
pub async fn change_track(
    app: &App,
    actor: &Actor,
    id: TrackId,
    version: i64,
    changes: TrackChanges,
) -> Result<Track, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let known = find_track(&mut tx, actor, id).await?;
    version::fresh("training track", known.version, version)?;
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    let TrackChanges { people, group_size, starts_on, finishes_on } = changes;
    let wanted = Track {
        people: people.unwrap_or(known.people),
        group_size: group_size.unwrap_or(known.group_size),
        starts_on: starts_on.unwrap_or(known.starts_on),
        finishes_on: finishes_on.unwrap_or(known.finishes_on),
        ..known.clone()
    };
    let mut problems = Vec::new();
    if wanted.people > 1_000_000 {
        problems.push(Problem::new("people", "must be a million at most"));
    }
    if wanted.group_size > 1_000 {
        problems.push(Problem::new("group_size", "must be 1000 at most"));
    }
    if wanted.finishes_on < wanted.starts_on {
        problems.push(Problem::new("finishes_on", "is before its first day"));
    }
    none_of(problems)?;
    if wanted == known {
        return Ok(known);
    }
    let done = tracks::change(&mut tx, actor.workspace, &wanted).await?;
    let version = version::after("training track", known.version, done)?;
    let summary = format!("Sized the training {}: {} people", wanted.name, wanted.people);
    record(app, &mut tx, actor, &head, "training.track_changed", summary).await?;
    tx.commit().await?;
    Ok(Track { version, ..wanted })
}

async fn find_track(tx: &mut Tx, actor: &Actor, id: TrackId) -> Result<Track, AppError> {
    tracks::get(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("training track", id))
}

/// A track of that onboarding.
async fn track_of(tx: &mut Tx, actor: &Actor, head: &Head, id: TrackId) -> Result<Track, AppError> {
    let track = find_track(tx, actor, id).await?;
    if track.onboarding == head.id { Ok(track) } else { Err(AppError::missing("training track", id)) }
}

/// An address somebody can open, on one line.
fn checked_url(field: &'static str, text: &str, problems: &mut Vec<Problem>) -> String {
    let url = text.trim().to_owned();
    let opens = ["https://", "http://"].iter().any(|start| url.len() > start.len() && url.starts_with(start));
    if !url.is_empty()
        && (!opens || url.chars().count() > 1_000 || url.chars().any(|c| c.is_whitespace() || c.is_control()))
    {
        problems.push(Problem::new(field, "is no address such as https://learn.example.com/intro"));
    }
    url
}
