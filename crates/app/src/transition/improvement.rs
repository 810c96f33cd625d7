//! The improvement logs of programmes: what onboardings suggest, and what becomes of it.

use std::collections::BTreeMap;

use gangway_domain::ids::ImprovementId;
use gangway_domain::permission::Action;
use gangway_domain::transition::Improvement as State;
use gangway_store::transition::improvement as rows;
use gangway_store::transition::lesson::{self, Lesson};
use gangway_store::{Tx, programme as programmes};

use crate::activity::{self, About};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::none_of;
use crate::programme;
use crate::register::{checked_prose, checked_title, needed_prose};
use crate::{Actor, App, page, version};

pub use gangway_store::transition::improvement::{Improvement, Query as ImprovementQuery};

/// Lessons shown that speak for no improvement.
const MOST_OTHERS: u32 = 200;

/// The improvement log of a programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Improvements {
    /// Open ones first, those with the most lessons first; then decided ones, the newest first.
    pub improvements: Vec<(Improvement, Vec<Lesson>)>,
    /// Lessons that speak for no improvement: what went well, above all.
    pub others: Vec<Lesson>,
}

/// The improvement log of a programme.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn of_programme(app: &App, actor: &Actor, id: &str) -> Result<Improvements, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    known(app, &mut tx, actor, id).await?;
    let mut found = rows::of_programme(&mut tx, actor.workspace, id).await?;
    found.sort_by_key(|one| (one.state != State::Open, std::cmp::Reverse((one.lessons, one.number))));
    let mut spoken: BTreeMap<ImprovementId, Vec<Lesson>> = BTreeMap::new();
    for lesson in lesson::tied(&mut tx, actor.workspace, id).await? {
        if let Some(improvement) = lesson.improvement {
            spoken.entry(improvement).or_default().push(lesson);
        }
    }
    let improvements = found.into_iter().map(|one| {
        let lessons = spoken.remove(&one.id).unwrap_or_default();
        (one, lessons)
    });
    let improvements = improvements.collect();
    let others = lesson::untied(&mut tx, actor.workspace, id, MOST_OTHERS).await?;
    Ok(Improvements { improvements, others })
}

/// Improvements of the actor's workspace, the newest first, and whether more follow.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn list(
    app: &App,
    actor: &Actor,
    query: ImprovementQuery,
) -> Result<(Vec<Improvement>, bool), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    page::read(query.limit, async |limit| {
        rows::page(&mut tx, actor.workspace, &ImprovementQuery { limit, ..query }).await
    })
    .await
}

/// One improvement.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn get(app: &App, actor: &Actor, id: ImprovementId) -> Result<Improvement, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    find(&mut tx, actor, id).await
}

/// Suggests an improvement of a programme.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Overtaken`] when somebody else
/// suggested one in the same moment; or when the database fails.
#[boxed]
pub async fn add(
    app: &App,
    actor: &Actor,
    programme: &str,
    title: &str,
    details: &str,
) -> Result<Improvement, AppError> {
    actor.require(Action::RunOnboarding)?;
    let (title, details) = checked(title, details)?;
    let mut tx = app.db.write().await?;
    known(app, &mut tx, actor, programme).await?;
    let made = suggested(app, &mut tx, actor, programme, title, details).await?;
    tx.commit().await?;
    Ok(made)
}

fn checked(title: &str, details: &str) -> Result<(String, String), AppError> {
    let mut problems = Vec::new();
    let title = checked_title(title, &mut problems);
    let details = checked_prose("details", details, &mut problems);
    none_of(problems)?;
    Ok((title, details))
}

/// The same in a transaction of somebody else, of what was checked.
pub(super) async fn suggested(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    programme: &str,
    title: String,
    details: String,
) -> Result<Improvement, AppError> {
    let made = Improvement {
        id: ImprovementId::fresh(&*app.ids),
        programme: programme.to_owned(),
        number: rows::last_number(tx, actor.workspace, programme).await? + 1,
        title,
        details,
        state: State::Open,
        made_by: actor.name.clone(),
        made_at: app.now(),
        lessons: 0,
        version: 1,
    };
    rows::insert(tx, actor.workspace, &made).await.map_err(AppError::overtaken)?;
    let summary = format!("Suggested an improvement of {programme}: {}", made.title);
    activity::record(app, tx, actor, "improvement.added", About::default(), summary).await?;
    Ok(made)
}

/// Changes what an improvement says, while nobody has decided.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Refusal`] once it is decided,
/// [`AppError::Stale`] when its version is not `version` any more; or when the database fails.
#[boxed]
pub async fn change(
    app: &App,
    actor: &Actor,
    id: ImprovementId,
    version: i64,
    title: &str,
    details: &str,
) -> Result<Improvement, AppError> {
    actor.require(Action::RunOnboarding)?;
    let (title, details) = checked(title, details)?;
    let mut tx = app.db.write().await?;
    let known = fresh(&mut tx, actor, id, version).await?;
    if known.state != State::Open {
        return Err(AppError::Refusal(format!(
            "an improvement that is {} stays as it is",
            known.state.word()
        )));
    }
    let kept = keep(&mut tx, actor, Improvement { title, details, ..known }).await?;
    let summary = format!("Changed an improvement of {}: {}", kept.programme, kept.title);
    activity::record(app, &mut tx, actor, "improvement.changed", About::default(), summary).await?;
    tx.commit().await?;
    Ok(kept)
}

/// What is decided about an improvement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// The programme does it this way.
    Adopt {
        /// What was changed.
        how: String,
        /// The published version that has it first, where there is one.
        version: Option<i64>,
    },
    /// The programme stays as it is.
    Decline {
        /// Why.
        reason: String,
    },
    /// It is looked at again.
    Reopen,
}

/// Decides about an improvement.
///
/// # Errors
/// [`AppError::Invalid`] when the reason is missing or the version was never published; otherwise as [`change`].
#[boxed]
pub async fn decide(
    app: &App,
    actor: &Actor,
    id: ImprovementId,
    version: i64,
    decision: Decision,
) -> Result<Improvement, AppError> {
    actor.require(Action::DraftProgrammes)?;
    let mut tx = app.db.write().await?;
    let known = fresh(&mut tx, actor, id, version).await?;
    let (by, at) = (actor.name.clone(), app.clock.now());
    let mut problems = Vec::new();
    let title = &known.title;
    let (state, summary) = match decision {
        Decision::Adopt { how, version } => {
            let how = needed_prose("how", &how, &mut problems);
            let history = programmes::versions(&mut tx, actor.workspace, &known.programme).await?;
            if version.is_some_and(|number| !history.iter().any(|one| one.number == number)) {
                problems.push(Problem::new("version", "was never published"));
            }
            let summary = format!("Adopted an improvement of {}: {title}", known.programme);
            (State::Adopted { by, at, how, version }, summary)
        }
        Decision::Decline { reason } => {
            let reason = needed_prose("reason", &reason, &mut problems);
            let summary = format!("Declined an improvement of {}: {title} ({reason})", known.programme);
            (State::Declined { by, at, reason }, summary)
        }
        Decision::Reopen => {
            (State::Open, format!("Opened an improvement of {} again: {title}", known.programme))
        }
    };
    none_of(problems)?;
    if (known.state == State::Open) == (state == State::Open) {
        let told = format!("an improvement that is {} cannot be {}", known.state.word(), state.word());
        return Err(AppError::Refusal(told));
    }
    let kept = keep(&mut tx, actor, Improvement { state, ..known }).await?;
    activity::record(app, &mut tx, actor, "improvement.decided", About::default(), summary).await?;
    tx.commit().await?;
    Ok(kept)
}

/// Lets pass a programme of the workspace.
async fn known(app: &App, tx: &mut Tx, actor: &Actor, id: &str) -> Result<(), AppError> {
    let force = programme::in_force_with(app, tx, actor.workspace).await?;
    if force.methodology.programmes.contains_key(id) {
        return Ok(());
    }
    Err(AppError::missing("programme", id.chars().take(60).collect::<String>()))
}

async fn find(tx: &mut Tx, actor: &Actor, id: ImprovementId) -> Result<Improvement, AppError> {
    rows::get(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("improvement", id))
}

async fn fresh(tx: &mut Tx, actor: &Actor, id: ImprovementId, seen: i64) -> Result<Improvement, AppError> {
    let known = find(tx, actor, id).await?;
    version::fresh("improvement", known.version, seen)?;
    Ok(known)
}

async fn keep(tx: &mut Tx, actor: &Actor, one: Improvement) -> Result<Improvement, AppError> {
    let version = version::after("improvement", one.version, rows::change(tx, actor.workspace, &one).await?)?;
    Ok(Improvement { version, ..one })
}
