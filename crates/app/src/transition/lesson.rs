//! What an onboarding taught, and its way into the improvement log of its programme.

use gangway_domain::ids::{ImprovementId, LessonId, OnboardingId};
use gangway_domain::permission::Action;
use gangway_domain::transition::LessonKind;
use gangway_store::onboarding::head::Head;
use gangway_store::phase::{self, Phase};
use gangway_store::transition::{closing, improvement as improvements, lesson as rows};
use gangway_store::{Tx, programme};

use super::improvement::suggested;
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::none_of;
use crate::register::{checked_prose, needed_prose, onboarding, record};
use crate::{Actor, App, page};

pub use gangway_store::transition::lesson::{Lesson, Query as LessonQuery};

/// Most lessons of one onboarding.
const MOST: usize = 100;

/// A new lesson.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLesson {
    /// Whether to do it again or in another way.
    pub kind: LessonKind,
    /// What was learned.
    pub text: String,
    /// What the programme should do; may be empty.
    pub suggestion: String,
    /// The phase (code) it is about.
    pub phase: Option<String>,
    /// An improvement of the log it speaks for.
    pub improvement: Option<ImprovementId>,
}

/// What an onboarding taught.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lessons {
    /// The onboarding.
    pub head: Head,
    /// The programme (id) it was made from.
    pub programme: String,
    /// The oldest first.
    pub lessons: Vec<Lesson>,
    /// The phases a lesson can be about.
    pub phases: Vec<Phase>,
    /// Improvements of the programme nobody has decided on.
    pub open: Vec<super::Improvement>,
}

/// What an onboarding taught.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn of_onboarding(app: &App, actor: &Actor, id: OnboardingId) -> Result<Lessons, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let programme = programme_of(&mut tx, actor, id).await?;
    let mut open = improvements::of_programme(&mut tx, actor.workspace, &programme).await?;
    open.retain(|one| one.state.word() == "open");
    Ok(Lessons {
        head,
        lessons: rows::of_onboarding(&mut tx, actor.workspace, id).await?,
        phases: phase::of_onboarding(&mut tx, actor.workspace, id).await?,
        programme,
        open,
    })
}

/// Lessons of the actor's workspace, the newest first, and whether more follow.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn list(app: &App, actor: &Actor, query: LessonQuery) -> Result<(Vec<Lesson>, bool), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    page::read(query.limit, async |limit| {
        rows::page(&mut tx, actor.workspace, &LessonQuery { limit, ..query }).await
    })
    .await
}

/// One lesson.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn get(app: &App, actor: &Actor, id: LessonId) -> Result<Lesson, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    rows::get(&mut tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("lesson", id))
}

/// Adds a lesson. One that suggests something goes into the improvement log when the onboarding is over; at once when
/// it is over already.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn add(app: &App, actor: &Actor, id: OnboardingId, new: NewLesson) -> Result<Lesson, AppError> {
    actor.require(Action::RunOnboarding)?;
    let NewLesson { kind, text, suggestion, phase, improvement } = new;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let programme = programme_of(&mut tx, actor, id).await?;
    let mut problems = Vec::new();
    let text = needed_prose("text", &text, &mut problems);
    let suggestion = one_line(&suggestion, &mut problems);
    let phase = phase.filter(|code| !code.is_empty());
    if let Some(code) = &phase {
        let known = phase::of_onboarding(&mut tx, actor.workspace, id).await?;
        if !known.iter().any(|one| one.code == *code) {
            problems.push(Problem::new("phase", "is none of this onboarding"));
        }
    }
    if let Some(improvement) = improvement {
        let known = improvements::get(&mut tx, actor.workspace, improvement).await?;
        if known.is_none_or(|known| known.programme != programme) {
            problems.push(Problem::new("improvement", "is none of this programme"));
        }
    }
    if rows::of_onboarding(&mut tx, actor.workspace, id).await?.len() >= MOST {
        problems.push(Problem::new("text", format!("would be more than {MOST} lessons")));
    }
    none_of(problems)?;
    let lesson = Lesson {
        id: LessonId::fresh(&*app.ids),
        onboarding: id,
        customer: head.customer.clone(),
        programme,
        kind,
        text,
        suggestion,
        phase,
        improvement,
        added_by: actor.name.clone(),
        added_at: app.now(),
    };
    rows::insert(&mut tx, actor.workspace, &lesson).await?;
    let summary = format!("Wrote down a lesson: {}", shortened(&lesson.text));
    record(app, &mut tx, actor, &head, "onboarding.lesson_added", summary).await?;
    if closing::get(&mut tx, actor.workspace, id).await?.is_some() {
        feed(app, &mut tx, actor, &head).await?;
    }
    let kept = rows::get(&mut tx, actor.workspace, lesson.id).await?.unwrap_or(lesson);
    tx.commit().await?;
    Ok(kept)
}

/// Takes a lesson away; the improvement it spoke for stays.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn remove(app: &App, actor: &Actor, id: LessonId) -> Result<OnboardingId, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let known = rows::get(&mut tx, actor.workspace, id).await?;
    let known = known.ok_or_else(|| AppError::missing("lesson", id))?;
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    rows::delete(&mut tx, actor.workspace, id).await?;
    let summary = format!("Took a lesson away: {}", shortened(&known.text));
    record(app, &mut tx, actor, &head, "onboarding.lesson_removed", summary).await?;
    tx.commit().await?;
    Ok(known.onboarding)
}

/// What the lessons of an onboarding suggest goes into the improvement log of its programme: those that say the same
/// speak for one improvement.
pub(super) async fn feed(app: &App, tx: &mut Tx, actor: &Actor, head: &Head) -> Result<(), AppError> {
    let lessons = rows::of_onboarding(tx, actor.workspace, head.id).await?;
    for lesson in lessons {
        if lesson.improvement.is_some() || lesson.suggestion.is_empty() {
            continue;
        }
        let known = improvements::of_programme(tx, actor.workspace, &lesson.programme).await?;
        let same = known
            .into_iter()
            .find(|one| one.state.word() == "open" && one.title.eq_ignore_ascii_case(&lesson.suggestion));
        let improvement = match same {
            Some(known) => known.id,
            None => {
                let why = format!("{} ({})", lesson.text, head.customer);
                suggested(app, tx, actor, &lesson.programme, lesson.suggestion.clone(), why).await?.id
            }
        };
        rows::tie(tx, actor.workspace, lesson.id, improvement).await?;
    }
    Ok(())
}

async fn programme_of(tx: &mut Tx, actor: &Actor, id: OnboardingId) -> Result<String, AppError> {
    let made = programme::of_onboarding(tx, actor.workspace, id).await?;
    Ok(made.ok_or_else(|| AppError::missing("onboarding", id))?.programme)
}

/// What the programme should do, in one line; may be empty.
fn one_line(text: &str, problems: &mut Vec<Problem>) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = checked_prose("suggestion", &line, problems);
    if line.chars().count() > 300 {
        problems.push(Problem::new("suggestion", "is longer than 300 characters"));
    }
    line
}

/// The first words of a text, for the log.
fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(120) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or(&line)),
        None => line,
    }
}
