//! A task as a guest sees it, and what they do with it: say that it is done, comment, add files, give it to a colleague,
//! ask for help.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gangway_domain::ids::{AttachmentId, CommentId, ContactId, OnboardingId, TaskId};
use gangway_domain::permission::Action;
use gangway_domain::portal::{Language, PortalRole, Resource, Right, may};
use gangway_domain::refusal::{Barrier, Fault, Told};
use gangway_domain::work::{Assignee, Change, RunningTask, TaskState};
use gangway_store::onboarding::head::Head;
use gangway_store::portal::shared::{self, Kind};
use gangway_store::work::attachment::{self, Attachment};
use gangway_store::work::comment::{self as comments, Comment};
use gangway_store::work::ledger;
use gangway_store::{Timestamp, Tx, membership, onboarding, people, portal};
use jiff::civil::Date;
use serde::Serialize;

use super::letters;
use super::work::{TaskLine, Theirs, is_mine};
use crate::error::{AppError, Problem};
use crate::identity::none_of;
use crate::mail::{self, Letter, verbatim};
use crate::work::{NewFile, change_with, keep_file, prepared_upload};
use crate::{Actor, App, Guest, calculate, register};

/// Longest comment, in characters.
const LONGEST_COMMENT: usize = 5_000;

/// A task as a guest sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TaskPage {
    /// Id.
    pub id: String,
    /// What is done.
    pub title: String,
    /// The phase it is in.
    pub phase: String,
    /// First day.
    pub starts_on: Date,
    /// Last day.
    pub due_on: Date,
    /// `open`, `started`, `blocked`, `done` or `skipped`.
    pub state: &'static str,
    /// `customer` or `joint`.
    pub side: &'static str,
    /// It is this guest's to do.
    pub mine: bool,
    /// Who does it, when it is known.
    pub assignee: Option<String>,
    /// Its last day has passed.
    pub overdue: bool,
    /// The day it was done.
    pub done_on: Option<Date>,
    /// Who said so, when it is known.
    pub done_by: Option<String>,
    /// The guest may say that it is done.
    pub may_do: bool,
    /// What must be reached before it can be done; nameless when the customer does not know of it.
    pub held_by: Option<String>,
    /// The guest may give it to a colleague.
    pub may_delegate: bool,
    /// Whom it can be given to.
    pub colleagues: Vec<Colleague>,
    /// What was said between both sides, oldest first.
    pub comments: Vec<CommentLine>,
    /// The files both sides share, oldest first.
    pub files: Vec<FileLine>,
}

/// Somebody of the customer who can do a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Colleague {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
}

/// What somebody said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CommentLine {
    /// Id.
    pub id: String,
    /// Who.
    pub made_by: String,
    /// On which day.
    pub made_on: Date,
    /// What.
    pub said: String,
}

/// A file both sides share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileLine {
    /// Id.
    pub id: String,
    /// Name of the file.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// Who added it.
    pub made_by: String,
    /// On which day.
    pub made_on: Date,
}

/// A task.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`] when there is none they see; or when the database fails.
pub async fn task(app: &App, actor: &Actor, id: TaskId) -> Result<TaskPage, AppError> {
    let guest = actor.require_guest(Resource::Plan, Right::See)?;
    let mut tx = app.db.read().await?;
    page(app, &mut tx, guest, id).await
}

pub(super) async fn page(app: &App, tx: &mut Tx, guest: &Guest, id: TaskId) -> Result<TaskPage, AppError> {
    let theirs = Theirs::find(tx, guest).await?.in_words_of(app, guest);
    let task = theirs.task(guest, id).ok_or_else(|| AppError::missing("task", id))?;
    let TaskLine { id: word, title, starts_on, due_on, state, side, mine, assignee, overdue } =
        theirs.line(guest, task, app.today());
    let may_do = theirs.may_do(guest, task);
    let may_delegate = may_do && !task.state.is_over() && guest.may(Resource::Delegate, Right::Do);
    let phase = theirs.stored.plan.phases.iter().find(|phase| phase.code == task.phase);
    let done_on = task.state.finished_on();
    let done_by = match done_on {
        Some(_) => ledger::finished(tx, guest.workspace, guest.onboarding, &task.code).await?,
        None => None,
    };
    Ok(TaskPage {
        id: word,
        title,
        phase: phase.map(|phase| phase.name.clone()).unwrap_or_default(),
        starts_on,
        due_on,
        state,
        side,
        mine,
        assignee,
        overdue,
        done_on,
        done_by: done_by.map(|(by, _)| by),
        may_do,
        held_by: theirs.held_by(task),
        may_delegate,
        colleagues: if may_delegate { colleagues(tx, guest).await? } else { Vec::new() },
        comments: said(app, tx, guest, id).await?,
        files: files(app, tx, guest, id).await?,
    })
}

/// Whoever else of the customer works on tasks of theirs: those with access, and stakeholders who would get it.
async fn colleagues(tx: &mut Tx, guest: &Guest) -> Result<Vec<Colleague>, AppError> {
    let mut all: Vec<(ContactId, String)> = Vec::new();
    let works = |role: PortalRole| may(role, Resource::OwnTask, Right::Do);
    let mut invited: BTreeSet<ContactId> = BTreeSet::new();
    for access in portal::of_onboarding(tx, guest.workspace, guest.onboarding).await? {
        // Who only had the portal looked at for them was never invited.
        if access.made_by.is_empty() {
            continue;
        }
        invited.insert(access.contact);
        if access.revoked_at.is_none() && works(access.role) {
            all.push((access.contact, access.name));
        }
    }
    for one in people::of_onboarding(tx, guest.workspace, guest.onboarding).await? {
        if one.left_on.is_none() && !invited.contains(&one.contact) && works(PortalRole::of(&[one.role])) {
            all.push((one.contact, one.name));
        }
    }
    all.retain(|(known, _)| *known != guest.contact);
    all.sort_by_key(|(_, name)| name.to_lowercase());
    Ok(all.into_iter().map(|(id, name)| Colleague { id: id.to_string(), name }).collect())
}

fn day(app: &App, at: Timestamp) -> Date {
    let at = jiff::Timestamp::try_from(at).unwrap_or_default();
    at.to_zoned(app.time_zone.clone()).date()
}

/// Comments that both sides read: what guests wrote, and what the team shares.
async fn said(app: &App, tx: &mut Tx, guest: &Guest, id: TaskId) -> Result<Vec<CommentLine>, AppError> {
    if !guest.may(Resource::Comment, Right::See) {
        return Ok(Vec::new());
    }
    let open = shared::items(tx, guest.workspace, guest.onboarding, Kind::Comment).await?;
    let all = comments::of_subject(tx, guest.workspace, id.uuid()).await?;
    let shown = all.into_iter().filter(|one| open.contains(&one.id.to_string()));
    Ok(shown
        .map(|one| CommentLine {
            id: one.id.to_string(),
            made_by: one.by,
            made_on: day(app, one.at),
            said: one.said,
        })
        .collect())
}

/// Files that both sides read, by the same rule.
async fn files(app: &App, tx: &mut Tx, guest: &Guest, id: TaskId) -> Result<Vec<FileLine>, AppError> {
    if !guest.may(Resource::File, Right::See) {
        return Ok(Vec::new());
    }
    let open = shared::items(tx, guest.workspace, guest.onboarding, Kind::File).await?;
    let all = attachment::of_subject(tx, guest.workspace, id.uuid()).await?;
    let shown = all.into_iter().filter(|one| open.contains(&one.id.to_string()));
    Ok(shown
        .map(|one| FileLine {
            id: one.id.to_string(),
            name: one.name,
            size: one.size,
            made_by: one.by,
            made_on: day(app, one.at),
        })
        .collect())
}

/// Says that a task is done. One that is done already stays so; then the answer is no.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`], [`AppError::Barred`] when the plan does not allow it; or when
/// the database fails.
pub async fn finish(app: &App, actor: &Actor, id: TaskId) -> Result<bool, AppError> {
    match Box::pin(finish_once(app, actor, id)).await {
        // Somebody was faster in the same moment, perhaps with the same.
        Err(AppError::Stale { .. } | AppError::Overtaken) => Box::pin(finish_once(app, actor, id)).await,
        done => done,
    }
}

async fn finish_once(app: &App, actor: &Actor, id: TaskId) -> Result<bool, AppError> {
    let mut tx = app.db.write().await?;
    let (guest, task) = mine(&mut tx, actor, id).await?;
    if matches!(task.state, TaskState::Done { .. }) {
        return Ok(false);
    }
    let today = app.today();
    let mut changes = Vec::new();
    if matches!(task.state, TaskState::Blocked { .. }) {
        changes.push(Change::Unblock { task: task.code.clone() });
    }
    // Whoever finishes early began early.
    let started_on = task.state.started_on().is_none().then(|| task.start.min(today));
    changes.push(Change::Finish { task: task.code, on: today, started_on });
    worked(app, &mut tx, actor, guest.onboarding, changes).await?;
    tx.commit().await?;
    Ok(true)
}

/// Takes back today that a task is done. One that nobody has done stays so.
///
/// # Errors
/// As [`finish`].
pub async fn reopen(app: &App, actor: &Actor, id: TaskId) -> Result<(), AppError> {
    let mut tx = app.db.write().await?;
    let (guest, task) = mine(&mut tx, actor, id).await?;
    if !task.state.is_over() {
        return Ok(());
    }
    if task.state.finished_on() != Some(app.today()) {
        return Err(AppError::Barred(Barrier::DoneBefore));
    }
    let changes = vec![Change::Reopen { task: task.code }];
    worked(app, &mut tx, actor, guest.onboarding, changes).await?;
    tx.commit().await?;
    Ok(())
}

/// Gives a task to a colleague, who finds it among what waits for them.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`], [`AppError::Invalid`] when they are nobody who works on tasks,
/// [`AppError::Barred`] when the task is over; or when the database fails.
pub async fn delegate(app: &App, actor: &Actor, id: TaskId, to: ContactId) -> Result<String, AppError> {
    actor.require_guest(Resource::Delegate, Right::Do)?;
    let mut tx = app.db.write().await?;
    let (guest, task) = mine(&mut tx, actor, id).await?;
    if task.state.is_over() {
        return Err(AppError::Barred(Barrier::TaskOver));
    }
    let known = colleagues(&mut tx, &guest).await?;
    let word = to.to_string();
    let Some(colleague) = known.into_iter().find(|one| one.id == word) else {
        return Err(AppError::Invalid(vec![Problem::of("colleague", Fault::Nobody)]));
    };
    if matches!(&task.assignee, Some(Assignee::Contact { id, .. }) if *id == to) {
        return Ok(colleague.name);
    }
    let title = task.name.clone();
    let assignee = Some(Assignee::Contact { id: to, name: colleague.name.clone() });
    let changes = vec![Change::Assign { task: task.code, assignee }];
    worked(app, &mut tx, actor, guest.onboarding, changes).await?;
    let head = register::onboarding(&mut tx, actor, guest.onboarding).await?;
    let summary = format!("{} gave “{title}” to {}", actor.name, colleague.name);
    register::record(app, &mut tx, actor, &head, "portal.delegated", summary).await?;
    tx.commit().await?;
    Ok(colleague.name)
}

/// Comments on a task; whoever runs the onboarding finds it in their work and gets mail. `help` says that the guest
/// cannot go on without an answer.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::TooMany`]; or when the
/// database fails.
pub async fn comment(app: &App, actor: &Actor, id: TaskId, said: &str, help: bool) -> Result<(), AppError> {
    let guest = *actor.require_guest(Resource::Comment, Right::Do)?;
    let said = said.trim().to_owned();
    let mut problems = Vec::new();
    if said.is_empty() {
        problems.push(Problem::of("said", Fault::Missing));
    } else if said.chars().count() > LONGEST_COMMENT {
        problems.push(Problem::of("said", Told::from(Fault::TooLong).with("n", LONGEST_COMMENT)));
    }
    none_of(problems)?;
    // A call for help that is mailed to nobody would wait for ever: too many are refused. Other comments are found in
    // the work of whoever runs the onboarding, so that only their mail is left out.
    let mails = if help {
        letters::counted(app, &guest, "help")?;
        true
    } else {
        letters::counted(app, &guest, "comment").is_ok()
    };
    let mut tx = app.db.write().await?;
    let theirs = Theirs::find(&mut tx, &guest).await?;
    let title = theirs.task(&guest, id).ok_or_else(|| AppError::missing("task", id))?.name.clone();
    let head = register::onboarding(&mut tx, actor, guest.onboarding).await?;
    let row = Comment {
        id: CommentId::fresh(&*app.ids),
        onboarding: guest.onboarding,
        subject: id.uuid(),
        at: app.now(),
        by: actor.name.clone(),
        person: None,
        said,
    };
    let owner = onboarding::owner(&mut tx, guest.workspace, guest.onboarding).await?.map(|(id, _)| id);
    comments::insert(&mut tx, guest.workspace, &row, owner.as_slice()).await?;
    let item = row.id.to_string();
    let shares = (Kind::Comment, item.as_str());
    shared::insert(&mut tx, guest.workspace, guest.onboarding, shares, &actor.name, app.now()).await?;
    if let Some(owner) = owner.filter(|_| mails)
        && let Some(member) = membership::get(&mut tx, guest.workspace, owner).await?
    {
        let letter = letter(app, actor, &head, id, &title, &row.said, member.email, help);
        mail::send(app, &mut tx, guest.workspace, &letter).await?;
    }
    let (kind, summary) = if help {
        ("portal.help_asked", format!("{} asks for help with “{title}”", actor.name))
    } else {
        ("work.commented", format!("Commented on “{title}”"))
    };
    register::record(app, &mut tx, actor, &head, kind, summary).await?;
    tx.commit().await?;
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "each is a part of one letter that is written in one place")]
fn letter(
    app: &App,
    actor: &Actor,
    head: &Head,
    id: TaskId,
    title: &str,
    said: &str,
    to: String,
    help: bool,
) -> Letter {
    let does = if help { "asks for help with" } else { "wrote about" };
    Letter {
        to,
        subject: format!("{} ({}) {does} “{title}”", actor.name, head.customer),
        text: format!(
            "{} ({}) {does} “{}”:\n\n{}",
            verbatim(&actor.name),
            verbatim(&head.customer),
            verbatim(title),
            verbatim(said)
        ),
        action: Some(("Open it".to_owned(), app.link(&format!("/onboardings/{}/tasks/{id}", head.id)))),
        vendor: head.customer.clone(),
        language: Language::En,
    }
}

/// Adds a file to a task, which both sides see.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`], [`AppError::Invalid`] when it is none that is taken,
/// [`AppError::Barred`] when the onboarding is over; or when the database fails.
pub async fn add_file(app: &App, actor: &Actor, id: TaskId, file: NewFile) -> Result<(), AppError> {
    let guest = *actor.require_guest(Resource::File, Right::Do)?;
    let file = prepared_upload(file).await?;
    let mut tx = app.db.write().await?;
    let theirs = Theirs::find(&mut tx, &guest).await?;
    theirs.task(&guest, id).ok_or_else(|| AppError::missing("task", id))?;
    register::going(&mut tx, actor, guest.onboarding).await?;
    let kept = keep_file(app, &mut tx, actor, &id.to_string(), file).await?;
    let item = kept.id.to_string();
    let shares = (Kind::File, item.as_str());
    shared::insert(&mut tx, guest.workspace, guest.onboarding, shares, &actor.name, app.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// A file both sides share, with its bytes.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`] when it is not shared, or not of this onboarding; or when the
/// database fails.
pub async fn file(app: &App, actor: &Actor, id: AttachmentId) -> Result<(Attachment, Vec<u8>), AppError> {
    let guest = actor.require_guest(Resource::File, Right::See)?;
    let missing = || AppError::missing("file", id);
    let mut tx = app.db.read().await?;
    let row = attachment::get(&mut tx, guest.workspace, id).await?;
    let row = row.filter(|row| row.onboarding == guest.onboarding).ok_or_else(missing)?;
    let open = shared::items(&mut tx, guest.workspace, guest.onboarding, Kind::File).await?;
    if !open.contains(&id.to_string()) {
        return Err(missing());
    }
    // A file of a task they do not see is not theirs either.
    let theirs = Theirs::find(&mut tx, guest).await?;
    theirs.task(guest, TaskId::from_uuid(row.subject)).ok_or_else(missing)?;
    let content = attachment::content(&mut tx, guest.workspace, id).await?.ok_or_else(missing)?;
    drop(tx);
    let bytes = calculate(move || STANDARD.decode(content)).await?.map_err(|_| AppError::Crashed)?;
    Ok((row, bytes))
}

/// Changes the plan for a guest. Why it does not allow something is the team's to know: gates and what is missing at
/// them are named nowhere in a portal.
async fn worked(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: OnboardingId,
    changes: Vec<Change>,
) -> Result<(), AppError> {
    match change_with(app, tx, actor, id, None, changes, None).await {
        Ok(_) => Ok(()),
        Err(AppError::Refusal(_) | AppError::Invalid(_)) => Err(AppError::Barred(Barrier::PlanRefuses)),
        Err(error) => Err(error),
    }
}

/// A task the guest may act on.
async fn mine(tx: &mut Tx, actor: &Actor, id: TaskId) -> Result<(Guest, RunningTask), AppError> {
    let guest = *actor.require_guest(Resource::Plan, Right::See)?;
    let theirs = Theirs::find(tx, &guest).await?;
    let task = theirs.task(&guest, id).ok_or_else(|| AppError::missing("task", id))?;
    let needs = if is_mine(&guest, &theirs.name, task) { Resource::OwnTask } else { Resource::AnyTask };
    actor.require_guest(needs, Right::Do)?;
    Ok((guest, task.clone()))
}

/// Shares a comment or file of a task with the customer, or takes it back.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
pub async fn share(app: &App, actor: &Actor, item: &str, on: bool) -> Result<(), AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let missing = || AppError::missing("comment or file", item.chars().take(60).collect::<String>());
    let (kind, place, what) = match (item.parse::<CommentId>(), item.parse::<AttachmentId>()) {
        (Ok(id), _) => {
            let row = comments::get(&mut tx, actor.workspace, id).await?.ok_or_else(missing)?;
            (Kind::Comment, row.onboarding, format!("a comment of {}", row.by))
        }
        (_, Ok(id)) => {
            let row = attachment::get(&mut tx, actor.workspace, id).await?.ok_or_else(missing)?;
            (Kind::File, row.onboarding, format!("the file {}", row.name))
        }
        _ => return Err(missing()),
    };
    let changed = if on {
        shared::insert(&mut tx, actor.workspace, place, (kind, item), &actor.name, app.now()).await?;
        true
    } else {
        shared::delete(&mut tx, actor.workspace, place, (kind, item)).await?
    };
    if changed {
        let head = register::onboarding(&mut tx, actor, place).await?;
        let summary = if on {
            format!("Shared {what} with the customer")
        } else {
            format!("Does not share {what} with the customer any more")
        };
        register::record(app, &mut tx, actor, &head, "portal.shared", summary).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Which comments and files of an onboarding the customer sees, by their ids.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
pub async fn shares(app: &App, actor: &Actor, id: OnboardingId) -> Result<BTreeSet<String>, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let mut all = shared::items(&mut tx, actor.workspace, id, Kind::Comment).await?;
    all.extend(shared::items(&mut tx, actor.workspace, id, Kind::File).await?);
    Ok(all)
}
