//! Who learns, on which tracks.

use gangway_domain::ids::{ContactId, LearnerId, OnboardingId, TrackId};
use gangway_domain::permission::Action;
use gangway_domain::training::Record;
use gangway_store::onboarding::head::Head;
use gangway_store::training::{learner as rows, result as results, session as sessions};
use gangway_store::{Tx, contact};
use jiff::civil::Date;

use super::{Enrolment, Learner, MOST_LEARNERS, Progress, Training, load, track_of};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::{checked_email, checked_name, none_of};
use crate::register::{checked_line, onboarding, record};
use crate::{Actor, App, page, version};

/// Somebody new.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LearnerDraft {
    /// A contact; then name and address may be empty.
    pub contact: Option<ContactId>,
    /// Name.
    pub name: String,
    /// Mail address; may be empty.
    pub email: String,
    /// Team or site; may be empty.
    pub team: String,
    /// The tracks they learn on.
    pub tracks: Vec<TrackId>,
}

/// What is to change of a learner; what is none stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LearnerChanges {
    /// Name.
    pub name: Option<String>,
    /// Mail address; empty for none.
    pub email: Option<String>,
    /// Team or site.
    pub team: Option<String>,
}

/// Learners of an onboarding in the order they were added in, and whether more follow.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn list_learners(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    after: Option<LearnerId>,
    limit: u32,
) -> Result<(Vec<Learner>, bool), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    page::read(limit, async |limit| rows::page(&mut tx, actor.workspace, head.id, after, limit).await).await
}

/// One learner with all of the training they are part of, and what they reached.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn get_learner(
    app: &App,
    actor: &Actor,
    id: LearnerId,
) -> Result<(Training, Learner, Vec<Progress>), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let learner = find(&mut tx, actor, id).await?;
    let head = onboarding(&mut tx, actor, learner.onboarding).await?;
    let training = load(app, &mut tx, actor, head).await?;
    let progress = training.progress.iter().filter(|one| one.enrolment.learner == id).cloned().collect();
    Ok((training, learner, progress))
}

pub(super) async fn find(tx: &mut Tx, actor: &Actor, id: LearnerId) -> Result<Learner, AppError> {
    rows::get(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("learner", id))
}

/// Adds somebody who is to learn.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn add(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    draft: LearnerDraft,
) -> Result<Learner, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let LearnerDraft { contact: who, name, email, team, tracks } = draft;
    let known = rows::page(&mut tx, actor.workspace, id, None, MOST_LEARNERS).await?;
    if known.len() >= MOST_LEARNERS as usize {
        return Err(AppError::Invalid(vec![Problem::new("name", "is one too many: 5000 learners at most")]));
    }
    let mut problems = Vec::new();
    let people = contact::of_account(&mut tx, actor.workspace, head.account_id).await?;
    let mut learner = Learner {
        id: LearnerId::fresh(&*app.ids),
        onboarding: id,
        contact: None,
        name: String::new(),
        email: None,
        team: checked_line("team", &team, 120, &mut problems),
        made_at: app.now(),
        version: 1,
    };
    let email = Some(email).filter(|email| !email.trim().is_empty());
    let email = email.map(|email| checked_email("email", &email, &mut problems).to_lowercase());
    let same = |one: &&contact::Contact| match (who, &email, &one.email) {
        (Some(who), ..) => one.id == who,
        (None, Some(wanted), Some(known)) => known.trim().to_lowercase() == *wanted,
        (None, ..) => false,
    };
    match people.iter().find(same) {
        Some(person) => {
            learner.contact = Some(person.id);
            learner.name = if name.trim().is_empty() {
                person.name.clone()
            } else {
                checked_name("name", &name, &mut problems)
            };
            learner.email = email.or_else(|| person.email.as_ref().map(|email| email.trim().to_lowercase()));
        }
        None if who.is_some() => problems.push(Problem::new("contact", "is nobody of this customer")),
        None => {
            learner.name = checked_name("name", &name, &mut problems);
            learner.email = email;
        }
    }
    if known.iter().any(|one| is_same(one, &learner)) {
        problems.push(Problem::new("email", "is that of somebody who learns here already"));
    }
    none_of(problems)?;
    rows::insert_all(&mut tx, actor.workspace, std::slice::from_ref(&learner)).await?;
    for track in tracks {
        track_of(&mut tx, actor, &head, track).await?;
        enrol_with(&mut tx, actor, &learner, track).await?;
    }
    let summary = format!("Added {} to the training", learner.name);
    record(app, &mut tx, actor, &head, "training.learners_changed", summary).await?;
    tx.commit().await?;
    Ok(learner)
}

/// Whether two learners are one person: the same contact or address.
pub(super) fn is_same(one: &Learner, other: &Learner) -> bool {
    (one.contact.is_some() && one.contact == other.contact)
        || (one.email.is_some() && one.email == other.email)
}

/// Changes a learner who is still what they were when they were looked at.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Stale`]; or when the database
/// fails.
#[boxed]
pub async fn change_learner(
    app: &App,
    actor: &Actor,
    id: LearnerId,
    version: i64,
    changes: LearnerChanges,
) -> Result<Learner, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let (head, known) = open(&mut tx, actor, id, version).await?;
    let LearnerChanges { name, email, team } = changes;
    let mut problems = Vec::new();
    let mut wanted = known.clone();
    if let Some(name) = name {
        wanted.name = checked_name("name", &name, &mut problems);
    }
    if let Some(email) = email {
        let email = Some(email).filter(|email| !email.trim().is_empty());
        wanted.email = email.map(|email| checked_email("email", &email, &mut problems).to_lowercase());
    }
    if let Some(team) = team {
        wanted.team = checked_line("team", &team, 120, &mut problems);
    }
    let others = rows::page(&mut tx, actor.workspace, head.id, None, MOST_LEARNERS).await?;
    if others.iter().any(|one| one.id != id && one.email.is_some() && one.email == wanted.email) {
        problems.push(Problem::new("email", "is that of somebody who learns here already"));
    }
    none_of(problems)?;
    if wanted == known {
        return Ok(known);
    }
    let done = rows::change(&mut tx, actor.workspace, &wanted).await?;
    let version = version::after("learner", known.version, done)?;
    let summary = format!("Changed the learner {}", wanted.name);
    record(app, &mut tx, actor, &head, "training.learners_changed", summary).await?;
    tx.commit().await?;
    Ok(Learner { version, ..wanted })
}

/// Takes a learner out who has done nothing yet.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Stale`], [`AppError::Refusal`] when something is known
/// of them that would be lost; or when the database fails.
#[boxed]
pub async fn remove_learner(
    app: &App,
    actor: &Actor,
    id: LearnerId,
    version: i64,
) -> Result<OnboardingId, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let (head, known) = open(&mut tx, actor, id, version).await?;
    let attempts = results::of_learner(&mut tx, actor.workspace, id).await?;
    let enrolments = rows::enrolments_of(&mut tx, actor.workspace, id).await?;
    let began = enrolments.iter().any(|one| one.started_on.is_some() || !one.record.is_empty());
    if began || !attempts.is_empty() {
        let said = format!(
            "{} has begun to learn: what they did would be lost. Take them off a track instead",
            known.name
        );
        return Err(AppError::Refusal(said));
    }
    version::after("learner", known.version, rows::delete(&mut tx, actor.workspace, id, version).await?)?;
    let summary = format!("Took {} out of the training", known.name);
    record(app, &mut tx, actor, &head, "training.learners_changed", summary).await?;
    tx.commit().await?;
    Ok(head.id)
}

async fn open(tx: &mut Tx, actor: &Actor, id: LearnerId, version: i64) -> Result<(Head, Learner), AppError> {
    let known = find(tx, actor, id).await?;
    version::fresh("learner", known.version, version)?;
    Ok((onboarding(tx, actor, known.onboarding).await?, known))
}

/// Puts somebody on a track; being on it already changes nothing.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn enrol(app: &App, actor: &Actor, id: LearnerId, track: TrackId) -> Result<(), AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let learner = find(&mut tx, actor, id).await?;
    let head = onboarding(&mut tx, actor, learner.onboarding).await?;
    let track = track_of(&mut tx, actor, &head, track).await?;
    if enrol_with(&mut tx, actor, &learner, track.id).await? {
        let summary = format!("Put {} on {}", learner.name, track.name);
        record(app, &mut tx, actor, &head, "training.learners_changed", summary).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Puts somebody on a track, true when they were not on it.
pub(super) async fn enrol_with(
    tx: &mut Tx,
    actor: &Actor,
    learner: &Learner,
    track: TrackId,
) -> Result<bool, AppError> {
    if rows::enrolments_of(tx, actor.workspace, learner.id).await?.iter().any(|one| one.track == track) {
        return Ok(false);
    }
    let enrolment = Enrolment {
        learner: learner.id,
        track,
        onboarding: learner.onboarding,
        record: Record::default(),
        started_on: None,
        proficient_on: None,
        version: 1,
    };
    rows::enrol(tx, actor.workspace, &[enrolment]).await.map_err(AppError::overtaken)?;
    Ok(true)
}

/// Somebody has begun a track, unless they had before.
pub(super) async fn started(
    tx: &mut Tx,
    actor: &Actor,
    learner: LearnerId,
    track: TrackId,
    on: Date,
) -> Result<(), AppError> {
    let known = rows::enrolments_of(tx, actor.workspace, learner).await?;
    if let Some(one) = known.into_iter().find(|one| one.track == track && one.started_on.is_none()) {
        rows::keep(tx, actor.workspace, &Enrolment { started_on: Some(on), ..one }).await?;
    }
    Ok(())
}

/// Takes somebody off a track on which they have done nothing.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Refusal`] when something would be lost; or when the
/// database fails.
#[boxed]
pub async fn unenrol(app: &App, actor: &Actor, id: LearnerId, track: TrackId) -> Result<(), AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let learner = find(&mut tx, actor, id).await?;
    let head = onboarding(&mut tx, actor, learner.onboarding).await?;
    let track = track_of(&mut tx, actor, &head, track).await?;
    let known = rows::enrolments_of(&mut tx, actor.workspace, id).await?;
    let known = known.into_iter().find(|one| one.track == track.id);
    let known = known.ok_or_else(|| AppError::missing("enrolment", track.id))?;
    let attempts = results::of_learner(&mut tx, actor.workspace, id).await?;
    if known.started_on.is_some()
        || !known.record.is_empty()
        || attempts.iter().any(|one| one.track == track.id)
    {
        let said = format!("{} has begun {}: what they did would be lost", learner.name, track.name);
        return Err(AppError::Refusal(said));
    }
    let of_track = sessions::of_onboarding(&mut tx, actor.workspace, head.id).await?;
    for session in of_track.iter().filter(|session| session.track == Some(track.id)) {
        sessions::stand_up(&mut tx, actor.workspace, session.id, id).await?;
    }
    rows::leave(&mut tx, actor.workspace, id, track.id).await?;
    let summary = format!("Took {} off {}", learner.name, track.name);
    record(app, &mut tx, actor, &head, "training.learners_changed", summary).await?;
    tx.commit().await?;
    Ok(())
}
