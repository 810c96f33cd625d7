//! What the pages of one onboarding show: rows where rows suffice, and of the package only the sections
//! a page names.

use gangway_domain::ids::OnboardingId;
use gangway_domain::package::Meeting;
use gangway_domain::permission::Action;
use gangway_store::activity::Activity;
use gangway_store::link::Link;
use gangway_store::milestone::Milestone;
use gangway_store::onboarding::Onboarding;
use gangway_store::onboarding::head::{self, Head};
use gangway_store::phase::Phase;
use gangway_store::task::{self, Task};
use gangway_store::{Tx, activity};
use jiff::civil::Date;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{NEXT_TASKS, find};
use crate::boxed;
use crate::error::AppError;
use crate::package::{Formats, Group, PackageError, catalogue, render_worded};
use crate::{Actor, App, calculate, document, work};

/// Entries of the activity log shown beside other things.
const LATEST: u32 = 6;

/// An onboarding with the sections of its package that `T` names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight<T> {
    /// The onboarding.
    pub head: Head,
    /// Sections of the package it was generated with.
    pub sections: T,
    /// The day it was looked at.
    pub today: Date,
}

/// An onboarding with sections of its package as it was generated: `T` has the fields of
/// [`gangway_domain::package::Package`] that are wanted. Its dates and its plan move as the plan is worked, so whoever
/// shows those lays the plan over them.
///
/// # Errors
/// [`AppError::NotFound`] when the workspace has none of this id; or when the database fails.
pub async fn sight<T>(app: &App, actor: &Actor, id: OnboardingId) -> Result<Sight<T>, AppError>
where
    T: DeserializeOwned + Send + Unpin + 'static,
{
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let head = super::head(&mut tx, actor, id).await?;
    let sections = sections(&mut tx, actor, id).await?;
    Ok(Sight { head, sections, today: app.today() })
}

async fn sections<T>(tx: &mut Tx, actor: &Actor, id: OnboardingId) -> Result<T, AppError>
where
    T: DeserializeOwned + Send + Unpin + 'static,
{
    let found = head::sections(tx, actor.workspace, id).await?;
    found.ok_or_else(|| AppError::missing("onboarding", id))
}

/// Where an onboarding stands, what is next and what happened last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing<T> {
    /// The onboarding, with sections of its package.
    pub sight: Sight<T>,
    /// Tasks not over yet by the plan, those that start first first.
    pub next: Vec<Task>,
    /// What happened last, newest first.
    pub latest: Vec<Activity>,
}

/// Where an onboarding that was read already stands; its sections are as in [`sight`].
///
/// # Errors
/// As [`sight`].
pub async fn standing_of<T>(app: &App, actor: &Actor, head: &Head) -> Result<Standing<T>, AppError>
where
    T: DeserializeOwned + Send + Unpin + 'static,
{
    actor.require(Action::Look)?;
    let (today, id) = (app.today(), head.id);
    let mut tx = app.db.read().await?;
    let next = task::open_from(&mut tx, actor.workspace, id, today, NEXT_TASKS).await?;
    let latest = activity::of_onboarding(&mut tx, actor.workspace, id, head.account_id, LATEST).await?;
    let sections = sections(&mut tx, actor, id).await?;
    Ok(Standing { sight: Sight { head: head.clone(), sections, today }, next, latest })
}

/// The plan of an onboarding as lists and pictures show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The onboarding.
    pub head: Head,
    /// Phases in order.
    pub phases: Vec<Phase>,
    /// Tasks in order of the plan.
    pub tasks: Vec<Task>,
    /// Milestones in order of the plan.
    pub milestones: Vec<Milestone>,
    /// Dependencies.
    pub links: Vec<Link>,
    /// The day it was looked at.
    pub today: Date,
}

impl Plan {
    /// The same plan as it is worked.
    ///
    /// # Errors
    /// [`AppError::Store`] when something of it has no word.
    pub fn of(sight: &work::Sight) -> Result<Self, AppError> {
        let work::Sight { head, stored, today, .. } = sight;
        Ok(Self {
            head: head.clone(),
            phases: stored.phase_rows()?,
            tasks: stored.task_rows()?,
            milestones: stored.milestone_rows()?,
            links: stored.link_rows()?,
            today: *today,
        })
    }
}

/// What happened to an onboarding, newest first, and to its account before it began.
///
/// # Errors
/// As [`sight`].
#[boxed]
pub async fn story(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    limit: u32,
) -> Result<(Head, Vec<Activity>), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let head = super::head(&mut tx, actor, id).await?;
    let story = activity::of_onboarding(&mut tx, actor.workspace, id, head.account_id, limit).await?;
    Ok((head, story))
}

#[derive(Deserialize)]
struct Meetings {
    meetings: Vec<Meeting>,
}

/// The documents of an onboarding's package, by whom they are for.
///
/// # Errors
/// As [`sight`].
#[boxed]
pub async fn documents(app: &App, actor: &Actor, id: OnboardingId) -> Result<(Head, Vec<Group>), AppError> {
    let Sight { head, sections: Meetings { meetings }, .. } = sight(app, actor, id).await?;
    Ok((head, catalogue(&meetings)))
}

/// All files of an onboarding's package in one zip archive, with the name to save it under.
///
/// # Errors
/// [`AppError::Render`] when a file cannot be made; otherwise as [`sight`].
#[boxed]
pub async fn archive(app: &App, actor: &Actor, id: OnboardingId) -> Result<(String, Vec<u8>), AppError> {
    actor.require(Action::Export)?;
    let mut tx = app.db.read().await?;
    let Onboarding { account_id, package, .. } = find(&mut tx, actor, id).await?;
    let package = super::as_it_runs(app, &mut tx, actor, id, (account_id, package)).await?;
    let wordings = document::wordings(&mut tx, actor, id).await?;
    let language = document::language(&mut tx, actor).await?;
    drop(tx);
    let methodology = app.methodology.clone();
    let made = calculate(move || {
        let files = render_worded(&package, &methodology, &Formats::all(), &wordings, language)?;
        let files: Vec<(String, Vec<u8>)> = files.into_iter().map(|file| (file.path, file.bytes)).collect();
        let bytes = gangway_documents::pack(&files).map_err(|error| PackageError::Render {
            path: "package.zip".to_owned(),
            message: error.to_string(),
        })?;
        Ok::<_, PackageError>((format!("{} onboarding package.zip", package.names.customer), bytes))
    });
    Ok(made.await??)
}
