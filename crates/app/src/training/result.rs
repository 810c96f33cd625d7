//! What people show: lessons, answers, exercises, work done alone.

use std::collections::BTreeMap;

use gangway_domain::ids::{AttemptId, LearnerId, TrackId};
use gangway_domain::methodology::Assessment;
use gangway_domain::permission::Action;
use gangway_domain::refusal::{Barrier, Fault, Told};
use gangway_domain::training::{self as rules, AttemptKind, Observed, Verdict};
use gangway_store::Tx;
use gangway_store::onboarding::head::Head;
use gangway_store::training::{learner as learners, result as rows};
use jiff::civil::Date;

use super::learner::{enrol_with, find as find_learner, started};
use super::{Attempt, Contents, Enrolment, Learner, Track, track_of};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::none_of;
use crate::register::{checked_prose, onboarding, record};
use crate::{Actor, App, version};

/// Longest answers of one try together, in characters.
const LONGEST_ANSWERS: usize = 20_000;

/// What a trainer may have seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// A practical exercise, by its id.
    Exercise(String),
    /// A real task done alone.
    Alone,
    /// A session they taught.
    Taught,
    /// A step on the way to being a trainer, by its id.
    Phase(String),
}

impl Deed {
    /// Reads `alone`, `taught`, `exercise:report`, `phase:selection`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        match text.split_once(':') {
            Some(("exercise", id)) => Some(Self::Exercise(id.to_owned())),
            Some(("phase", id)) => Some(Self::Phase(id.to_owned())),
            Some(_) => None,
            None if text == "alone" => Some(Self::Alone),
            None if text == "taught" => Some(Self::Taught),
            None => None,
        }
    }
}

/// Who and what a use case is about.
struct Place {
    head: Head,
    learner: Learner,
    track: Track,
    enrolment: Enrolment,
}

/// A learner on a track, who is put on it when they are not yet.
async fn place(tx: &mut Tx, actor: &Actor, learner: LearnerId, track: TrackId) -> Result<Place, AppError> {
    let learner = find_learner(tx, actor, learner).await?;
    let head = onboarding(tx, actor, learner.onboarding).await?;
    let track = track_of(tx, actor, &head, track).await?;
    enrol_with(tx, actor, &learner, track.id).await?;
    let known = learners::enrolments_of(tx, actor.workspace, learner.id).await?;
    let enrolment = known.into_iter().find(|one| one.track == track.id);
    let enrolment = enrolment.ok_or_else(|| AppError::missing("enrolment", track.id))?;
    Ok(Place { head, learner, track, enrolment })
}

/// Writes down that somebody worked through a module by themselves, or did not after all.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] when the track has no such module; or when
/// the database fails.
#[boxed]
pub async fn study(
    app: &App,
    actor: &Actor,
    learner: LearnerId,
    track: TrackId,
    module: u32,
    done: bool,
) -> Result<Enrolment, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let place = place(&mut tx, actor, learner, track).await?;
    let kept = study_with(app, &mut tx, actor, place, module, done).await?;
    tx.commit().await?;
    Ok(kept)
}

/// The same for a learner themselves.
pub(super) async fn study_as(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    learner: LearnerId,
    track: TrackId,
    module: u32,
    done: bool,
) -> Result<Enrolment, AppError> {
    let place = place(tx, actor, learner, track).await?;
    study_with(app, tx, actor, place, module, done).await
}

async fn study_with(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    place: Place,
    module: u32,
    done: bool,
) -> Result<Enrolment, AppError> {
    let Place { head, learner, track, mut enrolment } = place;
    let title =
        usize::try_from(module).ok().and_then(|index| track.modules.get(index)).map(|one| one.title.clone());
    let title = title.ok_or_else(|| AppError::Invalid(vec![Problem::of("module", Fault::NotOfTrack)]))?;
    let changed =
        if done { enrolment.record.modules.insert(module) } else { enrolment.record.modules.remove(&module) };
    if !changed {
        return Ok(enrolment);
    }
    if done {
        enrolment.started_on = enrolment.started_on.or_else(|| Some(app.today()));
    }
    let kept = keep(tx, actor, enrolment).await?;
    let deed = if done { "worked through" } else { "is not through" };
    let summary = format!("{} {deed} {title} of {}", learner.name, track.name);
    record(app, tx, actor, &head, "training.studied", summary).await?;
    Ok(kept)
}

async fn keep(tx: &mut Tx, actor: &Actor, enrolment: Enrolment) -> Result<Enrolment, AppError> {
    let done = learners::keep(tx, actor.workspace, &enrolment).await?;
    let version = version::after("enrolment", enrolment.version, done)?;
    Ok(Enrolment { version, ..enrolment })
}

/// Writes down what a trainer saw of a learner.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Stale`] when the enrolment is not the version that was
/// looked at, [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn observe(
    app: &App,
    actor: &Actor,
    (learner, track): (LearnerId, TrackId),
    version: i64,
    deed: Deed,
    passed: bool,
    note: &str,
) -> Result<Enrolment, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let Place { head, learner, track, mut enrolment } = place(&mut tx, actor, learner, track).await?;
    version::fresh("enrolment", enrolment.version, version)?;
    let mut problems = Vec::new();
    let note = checked_prose("note", note, &mut problems);
    let contents = Contents::of(app, &mut tx, actor.workspace, head.id).await?;
    let known = contents.of_track(&track);
    let today = app.today();
    let seen = Observed { passed, note, by: actor.name.clone(), on: today };
    let what = match deed {
        Deed::Exercise(id) => {
            let exercise = known.and_then(|known| known.exercises.iter().find(|one| one.id == id));
            if exercise.is_none() {
                problems.push(Problem::new("deed", "is no exercise of this track"));
            }
            enrolment.record.exercises.insert(id, seen);
            exercise.map(|exercise| exercise.title.clone()).unwrap_or_default()
        }
        Deed::Phase(id) => {
            let phase = known.and_then(|known| known.phases.iter().find(|one| one.id == id));
            if phase.is_none() {
                problems.push(Problem::new("deed", "is no step of this track"));
            }
            enrolment.record.phases.insert(id, seen);
            phase.map(|phase| phase.name.clone()).unwrap_or_default()
        }
        Deed::Alone => {
            if passed {
                enrolment.proficient_on = enrolment.proficient_on.or(Some(today));
            } else {
                enrolment.proficient_on = None;
            }
            enrolment.record.alone = Some(seen);
            "working alone".to_owned()
        }
        Deed::Taught => {
            enrolment.record.taught = Some(seen);
            "teaching others".to_owned()
        }
    };
    none_of(problems)?;
    enrolment.started_on = enrolment.started_on.or(Some(today));
    let kept = keep(&mut tx, actor, enrolment).await?;
    let how = if passed { "passed" } else { "not yet" };
    let summary = format!("Saw {} of {} on {}: {how}", what, learner.name, track.name);
    record(app, &mut tx, actor, &head, "training.observed", summary).await?;
    tx.commit().await?;
    Ok(kept)
}

/// Writes down how a learner answered the questions of a track, by the id of the question.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Barred`] when the track asks nothing, nothing is
/// answered, they passed already or have no try left; or when the database fails.
#[boxed]
pub async fn attempt(
    app: &App,
    actor: &Actor,
    learner: LearnerId,
    track: TrackId,
    kind: AttemptKind,
    answers: &BTreeMap<String, Vec<String>>,
) -> Result<Attempt, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let made = attempt_as(app, &mut tx, actor, learner, track, kind, answers).await?;
    tx.commit().await?;
    Ok(made)
}

/// The same for whoever may.
pub(super) async fn attempt_as(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    learner: LearnerId,
    track: TrackId,
    kind: AttemptKind,
    answers: &BTreeMap<String, Vec<String>>,
) -> Result<Attempt, AppError> {
    let Place { head, learner, track, .. } = place(tx, actor, learner, track).await?;
    // Two tries at once would both be the last one left.
    if !learners::hold(tx, actor.workspace, learner.id, track.id).await? {
        return Err(AppError::Overtaken);
    }
    let before = rows::of_learner(tx, actor.workspace, learner.id).await?;
    let before: Vec<&Attempt> = before.iter().filter(|one| one.track == track.id).collect();
    let contents = Contents::of(app, tx, actor.workspace, head.id).await?;
    let asked = may_try(&contents, &track, &before, kind, app.today()).map_err(AppError::Barred)?;
    if answers.values().flatten().map(|text| text.chars().count()).sum::<usize>() > LONGEST_ANSWERS {
        let told = Told::from(Fault::AnswersTooLong).with("n", LONGEST_ANSWERS);
        return Err(AppError::Invalid(vec![Problem::of("answers", told)]));
    }
    let none = Vec::new();
    let given = asked
        .questions
        .iter()
        .map(|question| rules::mark(question, answers.get(&question.id).unwrap_or(&none)));
    let answers: Vec<rules::Answered> = given.collect();
    // A sheet sent by mistake is no try.
    if answers.iter().all(|one| one.given.is_empty()) {
        return Err(AppError::Barred(Barrier::NothingAnswered));
    }
    let score = rules::score(&answers);
    let made = Attempt {
        id: AttemptId::fresh(&*app.ids),
        onboarding: head.id,
        learner: learner.id,
        track: track.id,
        kind,
        pass_percent: asked.pass_percent,
        score,
        verdict: rules::verdict(score, asked.pass_percent),
        answers,
        taken_on: app.today(),
        marked_by: None,
        version: 1,
    };
    rows::insert(tx, actor.workspace, &made).await?;
    started(tx, actor, learner.id, track.id, app.today()).await?;
    let summary = format!(
        "{} answered the {} of {}: {}",
        learner.name,
        kind.label().to_lowercase(),
        track.name,
        said(&made)
    );
    record(app, tx, actor, &head, "training.assessed", summary).await?;
    Ok(made)
}

/// The questions, when there is a try left on that day; else why not.
pub(super) fn may_try<'a>(
    contents: &'a Contents,
    track: &Track,
    before: &[&Attempt],
    kind: AttemptKind,
    today: Date,
) -> Result<&'a Assessment, Barrier> {
    let asked = contents.of_track(track).and_then(|content| content.assessment.as_ref());
    let asked = asked.ok_or(Barrier::NoQuestions)?;
    let same: Vec<&&Attempt> = before.iter().filter(|one| one.kind == kind).collect();
    if same.iter().any(|one| one.verdict == Verdict::Waiting) {
        return Err(Barrier::AnswersWait);
    }
    match kind {
        AttemptKind::Assessment => {
            if same.iter().any(|one| one.verdict == Verdict::Passed) {
                return Err(Barrier::AssessmentPassed);
            }
            if asked.attempts > 0 && same.len() >= asked.attempts as usize {
                return Err(Barrier::TriesUsed);
            }
        }
        AttemptKind::FollowUp => {
            if asked.follow_up_days == 0 {
                return Err(Barrier::NoFollowUp);
            }
            if !before.iter().any(|one| one.kind == AttemptKind::Assessment && one.verdict == Verdict::Passed)
            {
                return Err(Barrier::AssessmentFirst);
            }
            if !same.is_empty() {
                return Err(Barrier::FollowUpAnswered);
            }
            if follow_up_from(contents, track, before).is_some_and(|from| today < from) {
                return Err(Barrier::FollowUpEarly);
            }
        }
    }
    Ok(asked)
}

/// From which day on it is asked again what stayed; none while the assessment is not passed.
pub(super) fn follow_up_from(contents: &Contents, track: &Track, before: &[&Attempt]) -> Option<Date> {
    let days = contents.of_track(track)?.assessment.as_ref()?.follow_up_days;
    if days == 0 || before.iter().any(|one| one.kind == AttemptKind::FollowUp) {
        return None;
    }
    let passed =
        before.iter().find(|one| one.kind == AttemptKind::Assessment && one.verdict == Verdict::Passed)?;
    passed.taken_on.checked_add(jiff::Span::new().days(i64::from(days.min(1_000)))).ok()
}

fn said(attempt: &Attempt) -> String {
    match attempt.score {
        Some(score) => format!("{} with {score} %", attempt.verdict.label().to_lowercase()),
        None => attempt.verdict.label().to_lowercase(),
    }
}

/// One attempt, with its onboarding.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn get_attempt(app: &App, actor: &Actor, id: AttemptId) -> Result<(Head, Attempt), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let attempt = rows::get(&mut tx, actor.workspace, id).await?;
    let attempt = attempt.ok_or_else(|| AppError::missing("attempt", id))?;
    Ok((onboarding(&mut tx, actor, attempt.onboarding).await?, attempt))
}

/// Marks what was written, by the place of the question: percent; what is none stays as it is.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Stale`], [`AppError::Invalid`] when a mark is above
/// 100 or there are more than questions; or when the database fails.
#[boxed]
pub async fn mark(
    app: &App,
    actor: &Actor,
    id: AttemptId,
    version: i64,
    marks: &[Option<u32>],
) -> Result<Attempt, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let known = rows::get(&mut tx, actor.workspace, id).await?;
    let mut attempt = known.ok_or_else(|| AppError::missing("attempt", id))?;
    version::fresh("attempt", attempt.version, version)?;
    let head = onboarding(&mut tx, actor, attempt.onboarding).await?;
    if marks.len() > attempt.answers.len() {
        return Err(AppError::Invalid(vec![Problem::new("marks", "are more than there are questions")]));
    }
    if marks.iter().flatten().any(|mark| *mark > 100) {
        return Err(AppError::Invalid(vec![Problem::new("marks", "must be between 0 and 100")]));
    }
    for (answer, mark) in attempt.answers.iter_mut().zip(marks) {
        answer.mark = mark.or(answer.mark);
    }
    attempt.score = rules::score(&attempt.answers);
    attempt.verdict = rules::verdict(attempt.score, attempt.pass_percent);
    attempt.marked_by = Some(actor.name.clone());
    version::after("attempt", version, rows::mark(&mut tx, actor.workspace, &attempt).await?)?;
    attempt.version += 1;
    let who = find_learner(&mut tx, actor, attempt.learner).await?;
    let summary = format!("Marked the answers of {}: {}", who.name, said(&attempt));
    record(app, &mut tx, actor, &head, "training.assessed", summary).await?;
    tx.commit().await?;
    Ok(attempt)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deeds_are_read_by_their_words() {
        assert_eq!(Deed::read("alone"), Some(Deed::Alone));
        assert_eq!(Deed::read("exercise:two-users"), Some(Deed::Exercise("two-users".to_owned())));
        assert_eq!(
            (Deed::read("phase:support"), Deed::read("dance")),
            (Some(Deed::Phase("support".to_owned())), None)
        );
    }
}
