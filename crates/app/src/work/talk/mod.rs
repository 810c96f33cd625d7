//! What people say about tasks and milestones, the files they keep with them, and checklists.

mod checklist;
mod comments;
mod description;
mod files;

use std::collections::BTreeSet;

use gangway_domain::ids::{InvalidId, MilestoneId, OnboardingId, OutcomeId, TaskId};
use gangway_domain::permission::Action;
use gangway_domain::refusal::{Fault, Told};
use gangway_store::onboarding::head::Head;
use gangway_store::portal::shared::{self, Kind};
use gangway_store::work::attachment::{self, Attachment};
use gangway_store::work::checklist::{self as items, Item};
use gangway_store::work::comment::{self as said, Comment};
use gangway_store::work::description::{self as described, Description};
use gangway_store::{Tx, outcome, work as rows};
use uuid::Uuid;

use super::head;
use crate::activity::{self, About};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::{Actor, App};

pub use checklist::{add_check, remove_check, tick};
pub use comments::{comment, remove_comment, seen};
pub use description::{LONGEST_DESCRIPTION, describe, descriptions};
pub use files::{LARGEST_FILE, NewFile, add_file, file, remove_file};
pub(crate) use files::{checked_upload, keep_file, prepared_upload};

/// What was said about one thing, kept with it and ticked on it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Talk {
    /// Comments, oldest first.
    pub comments: Vec<Comment>,
    /// Files, oldest first.
    pub files: Vec<Attachment>,
    /// The checklist in order; milestones have none.
    pub checklist: Vec<Item>,
    /// What is to be done, when somebody has said; milestones have none.
    pub description: Option<Description>,
    /// Ids of the comments and files that the customer sees too.
    pub shared: BTreeSet<String>,
}

impl Talk {
    pub(super) async fn load(
        tx: &mut Tx,
        actor: &Actor,
        subject: Uuid,
        task: Option<TaskId>,
    ) -> Result<Self, AppError> {
        let comments = said::of_subject(tx, actor.workspace, subject).await?;
        let files = attachment::of_subject(tx, actor.workspace, subject).await?;
        let mut shared = BTreeSet::new();
        if let Some(one) = comments.first() {
            shared.extend(shared::items(tx, actor.workspace, one.onboarding, Kind::Comment).await?);
        }
        if let Some(one) = files.first() {
            shared.extend(shared::items(tx, actor.workspace, one.onboarding, Kind::File).await?);
        }
        Ok(Self {
            comments,
            files,
            shared,
            checklist: match task {
                Some(task) => items::of_task(tx, actor.workspace, task).await?,
                None => Vec::new(),
            },
            description: match task {
                Some(task) => described::of_task(tx, actor.workspace, task).await?,
                None => None,
            },
        })
    }
}

/// A task or milestone that is talked about.
struct Subject {
    id: Uuid,
    head: Head,
    name: String,
    /// The address of its page.
    path: String,
}

/// The task, milestone or outcome of this id, with its name.
async fn subject(tx: &mut Tx, actor: &Actor, id: &str) -> Result<Subject, AppError> {
    if let Ok(outcome) = id.parse::<OutcomeId>() {
        return of_outcome(tx, actor, outcome).await;
    }
    let task: Result<TaskId, InvalidId> = id.parse();
    let milestone: Result<MilestoneId, InvalidId> = id.parse();
    let (place, uuid) = match (task, milestone) {
        (Ok(task), _) => (rows::place(tx, actor.workspace, task).await?, task.uuid()),
        (_, Ok(milestone)) => {
            (rows::milestone_place(tx, actor.workspace, milestone).await?, milestone.uuid())
        }
        _ => (None, Uuid::nil()),
    };
    let missing = || AppError::missing("task or milestone", id.chars().take(60).collect::<String>());
    let place = place.ok_or_else(missing)?;
    let head = head(tx, actor, place.onboarding).await?;
    let stored = rows::get(tx, actor.workspace, place.onboarding).await?.ok_or_else(missing)?;
    let onboarding = place.onboarding;
    let kind = if id.starts_with(TaskId::PREFIX) { "tasks" } else { "milestones" };
    Ok(Subject {
        id: uuid,
        name: stored.plan.name(&place.code).to_owned(),
        path: format!("/onboardings/{onboarding}/{kind}/{id}"),
        head,
    })
}

async fn of_outcome(tx: &mut Tx, actor: &Actor, id: OutcomeId) -> Result<Subject, AppError> {
    let known =
        outcome::get(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("outcome", id))?;
    Ok(Subject {
        id: id.uuid(),
        head: head(tx, actor, known.onboarding).await?,
        path: format!("/onboardings/{}/impact/{id}", known.onboarding),
        name: known.goal,
    })
}

/// What was said about a task or milestone, kept with it and ticked on it.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn talk(app: &App, actor: &Actor, id: &str) -> Result<Talk, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let subject = subject(&mut tx, actor, id).await?;
    Talk::load(&mut tx, actor, subject.id, id.parse().ok()).await
}

async fn about(tx: &mut Tx, actor: &Actor, id: OnboardingId) -> Result<About, AppError> {
    let head = head(tx, actor, id).await?;
    Ok(About::of(&head))
}

async fn record(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    subject: &Subject,
    kind: &'static str,
    summary: String,
) -> Result<(), AppError> {
    activity::record(app, tx, actor, kind, About::of(&subject.head), summary).await
}

fn check(field: &'static str, length: usize, longest: usize) -> Result<(), AppError> {
    match length {
        0 => Err(invalid(field, Fault::Missing)),
        length if length > longest => Err(invalid(field, Told::from(Fault::TooLong).with("n", longest))),
        _ => Ok(()),
    }
}

fn invalid(field: &'static str, told: impl Into<Told>) -> AppError {
    AppError::Invalid(vec![Problem::of(field, told)])
}
