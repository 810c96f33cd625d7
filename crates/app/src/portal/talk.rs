//! What both sides say about a task and the files they share: guests comment, ask for help and add files; the team
//! chooses which of its own the customer sees.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gangway_domain::ids::{AttachmentId, CommentId, OnboardingId, TaskId};
use gangway_domain::permission::Action;
use gangway_domain::portal::{Language, Resource, Right};
use gangway_domain::refusal::{Fault, Told};
use gangway_store::onboarding::head::Head;
use gangway_store::portal::shared::{self, Kind};
use gangway_store::work::attachment::{self, Attachment};
use gangway_store::work::comment::{self as comments, Comment};
use gangway_store::{Timestamp, Tx, membership, onboarding};
use jiff::civil::Date;
use serde::Serialize;

use super::work::Theirs;
use super::{answer, letters};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::none_of;
use crate::mail::{self, Letter, verbatim};
use crate::work::{NewFile, keep_file, prepared_upload};
use crate::{Actor, App, Guest, calculate, register};

/// Longest comment, in characters.
const LONGEST_COMMENT: usize = 5_000;

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

fn day(app: &App, at: Timestamp) -> Date {
    let at = jiff::Timestamp::try_from(at).unwrap_or_default();
    at.to_zoned(app.time_zone.clone()).date()
}

/// Comments that both sides read: what guests wrote, and what the team shares.
pub(super) async fn said(
    app: &App,
    tx: &mut Tx,
    guest: &Guest,
    id: TaskId,
) -> Result<Vec<CommentLine>, AppError> {
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
pub(super) async fn files(
    app: &App,
    tx: &mut Tx,
    guest: &Guest,
    id: TaskId,
) -> Result<Vec<FileLine>, AppError> {
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

/// Comments on a task; whoever runs the onboarding finds it in their work and gets mail. `help` says that the guest
/// cannot go on without an answer.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::TooMany`]; or when the
/// database fails.
#[boxed]
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
#[boxed]
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
#[boxed]
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

/// Shares a comment or file of a task with the customer, or takes it back. Those whom a comment concerns are told by mail
/// when it is shared.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn share(app: &App, actor: &Actor, item: &str, on: bool) -> Result<(), AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let missing = || AppError::missing("comment or file", item.chars().take(60).collect::<String>());
    let (kind, place, what, said) = match (item.parse::<CommentId>(), item.parse::<AttachmentId>()) {
        (Ok(id), _) => {
            let row = comments::get(&mut tx, actor.workspace, id).await?.ok_or_else(missing)?;
            (Kind::Comment, row.onboarding, format!("a comment of {}", row.by), Some(row))
        }
        (_, Ok(id)) => {
            let row = attachment::get(&mut tx, actor.workspace, id).await?.ok_or_else(missing)?;
            (Kind::File, row.onboarding, format!("the file {}", row.name), None)
        }
        _ => return Err(missing()),
    };
    let changed = if on {
        let (by, at) = (&actor.name, app.now());
        let is_new = shared::insert(&mut tx, actor.workspace, place, (kind, item), by, at).await?;
        if let Some(said) = said.filter(|_| is_new) {
            answer::tell(app, &mut tx, actor.workspace, &said).await?;
        }
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
#[boxed]
pub async fn shares(app: &App, actor: &Actor, id: OnboardingId) -> Result<BTreeSet<String>, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let mut all = shared::items(&mut tx, actor.workspace, id, Kind::Comment).await?;
    all.extend(shared::items(&mut tx, actor.workspace, id, Kind::File).await?);
    Ok(all)
}
