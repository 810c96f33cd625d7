//! What named people say: that an item is ready, that they approve, that hypercare may end.

use gangway_domain::ids::{ContactId, OnboardingId};
use gangway_domain::launch::Mark;
use gangway_domain::permission::Action;
use gangway_domain::refusal::{Barrier, Fault};
use gangway_store::{Tx, launch as rows, workspace};

use super::{Sight, seen};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::{checked_name, none_of};
use crate::register::{checked_prose, record};
use crate::{Actor, App};

/// What somebody says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// Yes or no.
    pub yes: bool,
    /// What they saw, or why not.
    pub note: String,
    /// Who says it; the actor when empty.
    pub by: String,
}

impl Said {
    /// What is kept of it; said by a guest when the contact they are is given.
    pub(super) fn mark(self, app: &App, actor: &Actor, contact: Option<ContactId>) -> Result<Mark, AppError> {
        let Self { yes, note, by } = self;
        let mut problems = Vec::new();
        let by = if by.trim().is_empty() { actor.own_name().to_owned() } else { by };
        let by = checked_name("by", &by, &mut problems);
        let note = checked_prose("note", &note, &mut problems);
        if !yes && note.is_empty() {
            problems.push(Problem::of("note", Fault::NeedsReason));
        }
        none_of(problems)?;
        let noted_by = (by != actor.own_name()).then(|| actor.name.clone());
        Ok(Mark { yes, note, by, contact, noted_by, portal: contact.is_some(), at: app.clock.now() })
    }
}

/// Whether it is this contact who answers for what was said; a name says nothing, since two can have it.
pub(super) fn is_of(mark: &Mark, contact: ContactId) -> bool {
    mark.contact == Some(contact)
}

/// Whether it was said by another of the customer than a guest who speaks now.
fn is_of_colleague(given: &Mark, mark: &Mark) -> bool {
    mark.contact.is_some_and(|contact| !is_of(given, contact))
}

/// Whether two say the same who it is: by who they are, where only names were written down by those.
fn is_same(given: &Mark, mark: &Mark) -> bool {
    match (given.contact, mark.contact) {
        (Some(given), Some(now)) => given == now,
        _ => given.by.trim().eq_ignore_ascii_case(mark.by.trim()),
    }
}

/// Whether the same person said the same before: a second press of a button is no news, and takes no note away.
fn is_known(given: Option<&Mark>, mark: &Mark) -> bool {
    given.is_some_and(|given| {
        given.yes == mark.yes && is_same(given, mark) && (mark.note.is_empty() || mark.note == given.note)
    })
}

/// Somebody says of an item that it is ready, or that it is not and why.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Refusal`] when the facts say
/// otherwise; or when the database fails.
#[boxed]
pub async fn tick(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    item: &str,
    said: Said,
) -> Result<Sight, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mark = said.mark(app, actor, None)?;
    let mut tx = app.db.write().await?;
    let sight = seen::gather(app, &mut tx, actor.workspace, id).await?;
    let mut items = sight.readiness.iter().flat_map(|group| &group.items);
    let known = items.find(|known| known.id == item).ok_or_else(|| AppError::missing("item", item))?;
    if mark.yes && !known.can_be_ticked() {
        return Err(AppError::Refusal(format!(
            "the facts say that this is not so yet: {}",
            known.evidence.as_deref().unwrap_or(&known.text)
        )));
    }
    let word = if mark.yes { "is ready" } else { "is not ready" };
    let summary = format!("{} said that this {word}: {}", mark.by, known.text);
    rows::mark(&mut tx, actor.workspace, id, &format!("item:{item}"), &mark).await?;
    record(app, &mut tx, actor, &sight.head, "launch.item_said", summary).await?;
    done(app, tx, actor, id).await
}

/// Takes back what was said of an item: what proves it counts again.
///
/// # Errors
/// As [`tick`].
#[boxed]
pub async fn untick(app: &App, actor: &Actor, id: OnboardingId, item: &str) -> Result<Sight, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let sight = seen::gather(app, &mut tx, actor.workspace, id).await?;
    let mut items = sight.readiness.iter().flat_map(|group| &group.items);
    let known = items.find(|known| known.id == item).ok_or_else(|| AppError::missing("item", item))?;
    if rows::unmark(&mut tx, actor.workspace, id, &format!("item:{item}")).await? {
        let summary = format!("Took back what was said of the readiness: {}", known.text);
        record(app, &mut tx, actor, &sight.head, "launch.item_said", summary).await?;
    }
    done(app, tx, actor, id).await
}

/// An approval is given by name, written down by the team. A no says why.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when no such approval is needed, [`AppError::Invalid`]; or when the
/// database fails.
#[boxed]
pub async fn approve(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    role: &str,
    said: Said,
) -> Result<Sight, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mark = said.mark(app, actor, None)?;
    let mut tx = app.db.write().await?;
    approve_with(app, &mut tx, actor, id, role, mark).await?;
    done(app, tx, actor, id).await
}

/// The same in a transaction of somebody else, who has asked for permission.
pub(super) async fn approve_with(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: OnboardingId,
    role: &str,
    mark: Mark,
) -> Result<(), AppError> {
    // Of two who answer at once, the second must see what the first one said.
    workspace::lock(tx, actor.workspace).await?;
    let sight = seen::gather(app, tx, actor.workspace, id).await?;
    let known = sight.approvals.iter().find(|known| known.role == role);
    let known = known.ok_or_else(|| AppError::missing("approval", role))?;
    // The team corrects what it wrote down; a guest does not speak over a colleague.
    if known.mark.as_ref().is_some_and(|given| is_of_colleague(given, &mark)) {
        return Err(AppError::Barred(Barrier::SaidByColleague));
    }
    if is_known(known.mark.as_ref(), &mark) {
        return Ok(());
    }
    let word = if mark.yes { "approved the go-live" } else { "did not approve the go-live" };
    let note = if mark.note.is_empty() { String::new() } else { format!(": {}", mark.note) };
    let summary = format!("{} ({role}) {word}{note}", mark.by);
    rows::mark(tx, actor.workspace, id, &format!("approval:{role}"), &mark).await?;
    record(app, tx, actor, &sight.head, "launch.approved", summary).await
}

/// Takes an approval back.
///
/// # Errors
/// As [`approve`].
#[boxed]
pub async fn withdraw_approval(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    role: &str,
) -> Result<Sight, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let sight = seen::gather(app, &mut tx, actor.workspace, id).await?;
    if !sight.approvals.iter().any(|known| known.role == role) {
        return Err(AppError::missing("approval", role));
    }
    if rows::unmark(&mut tx, actor.workspace, id, &format!("approval:{role}")).await? {
        let summary = format!("Took the approval of the go-live back: {role}");
        record(app, &mut tx, actor, &sight.head, "launch.approval_withdrawn", summary).await?;
    }
    done(app, tx, actor, id).await
}

/// Somebody says whether a criterion holds by which hypercare ends, where no fact tells.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Refusal`] when facts tell; or when the database fails.
#[boxed]
pub async fn say_exit(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    exit: &str,
    said: Said,
) -> Result<Sight, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mark = said.mark(app, actor, None)?;
    let mut tx = app.db.write().await?;
    say_exit_with(app, &mut tx, actor, id, exit, mark).await?;
    done(app, tx, actor, id).await
}

/// The same in a transaction of somebody else, who has asked for permission.
pub(super) async fn say_exit_with(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: OnboardingId,
    exit: &str,
    mark: Mark,
) -> Result<(), AppError> {
    // As with approvals: a second press sees the first.
    workspace::lock(tx, actor.workspace).await?;
    let sight = seen::gather(app, tx, actor.workspace, id).await?;
    let known = sight.exits.iter().find(|known| known.id == exit);
    let known = known.ok_or_else(|| AppError::missing("criterion", exit))?;
    if known.holds.is_some() {
        return Err(AppError::Barred(Barrier::FactsTell));
    }
    if sight.live_on.is_none() {
        return Err(AppError::Barred(Barrier::NotLive));
    }
    // What somebody of the customer has said stays theirs; what the team noted for nobody of them does not bind a guest.
    let theirs = known.mark.as_ref().filter(|given| given.portal || given.contact.is_some());
    if theirs.is_some_and(|given| is_of_colleague(given, &mark)) {
        return Err(AppError::Barred(Barrier::SaidByColleague));
    }
    if is_known(known.mark.as_ref(), &mark) {
        return Ok(());
    }
    let word = if mark.yes { "this holds" } else { "this does not hold" };
    let summary = format!("{} said of hypercare that {word}: {}", mark.by, known.text);
    rows::mark(tx, actor.workspace, id, exit, &mark).await?;
    record(app, tx, actor, &sight.head, "hypercare.criterion_said", summary).await
}

/// What the launch is after a change, once that is kept.
pub(super) async fn done(app: &App, mut tx: Tx, actor: &Actor, id: OnboardingId) -> Result<Sight, AppError> {
    let sight = seen::gather(app, &mut tx, actor.workspace, id).await?;
    tx.commit().await?;
    Ok(sight)
}
