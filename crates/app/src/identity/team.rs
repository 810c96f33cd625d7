//! The people of a workspace, and one's own name and password.

use gangway_domain::ids::PersonId;
use gangway_domain::permission::{Action, Role};
use gangway_store::invitation::{self, Invitation};
use gangway_store::membership::{self, Member};
use gangway_store::work::{duty, mine};
use gangway_store::{Tx, person, session as sessions, workspace};

use super::{checked_name, none_of, password};
use crate::activity::{self, About, Deed};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::{Actor, App, version};

/// Who belongs to a workspace, and who is invited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Its people, by name.
    pub members: Vec<Member>,
    /// Open invitations, oldest first; only for who may manage the team.
    pub invitations: Vec<Invitation>,
}

/// The team of the actor's workspace.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn team(app: &App, actor: &Actor) -> Result<Team, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let members = membership::of_workspace(&mut tx, actor.workspace).await?;
    drop(tx);
    let invitations = if actor.may(Action::ManageTeam) { invitations(app, actor).await? } else { Vec::new() };
    Ok(Team { members, invitations })
}

/// Invitations of the actor's workspace that can still be taken up, oldest first.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn invitations(app: &App, actor: &Actor) -> Result<Vec<Invitation>, AppError> {
    actor.require(Action::ManageTeam)?;
    let now = app.now();
    let mut tx = app.db.read().await?;
    let open = invitation::of_workspace(&mut tx, actor.workspace).await?;
    Ok(open.into_iter().filter(|invitation| invitation.expires_at > now).collect())
}

/// One member.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn member(app: &App, actor: &Actor, person: PersonId) -> Result<Member, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    find(&mut tx, actor, person).await
}

/// Gives somebody another role, and says what they are then. `seen` is the version of their membership the actor decided on; none to change
/// whatever is there.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::RoleChanged`] when somebody else was faster,
/// [`AppError::LastAdmin`]; or when the database fails.
#[boxed]
pub async fn change_role(
    app: &App,
    actor: &Actor,
    person: PersonId,
    role: Role,
    seen: Option<i64>,
) -> Result<Member, AppError> {
    actor.require(Action::ManageTeam)?;
    let mut tx = one_at_a_time(app, actor).await?;
    let member = find(&mut tx, actor, person).await?;
    // Who wants what is there already agrees with whoever was faster.
    if member.role == role {
        return Ok(member);
    }
    if seen.is_some_and(|seen| seen != member.version) {
        return Err(AppError::RoleChanged { name: member.name, theirs: member.role, yours: role });
    }
    keep_an_admin(&mut tx, actor, &member, Some(role)).await?;
    if !membership::set_role(&mut tx, actor.workspace, person, role, member.version).await? {
        let theirs = find(&mut tx, actor, person).await?.role;
        return Err(AppError::RoleChanged { name: member.name, theirs, yours: role });
    }
    let summary = format!(
        "Made {} {}, before {}",
        member.name,
        role.label().to_lowercase(),
        member.role.label().to_lowercase()
    );
    activity::record(app, &mut tx, actor, "access.role_changed", About::default(), summary).await?;
    tx.commit().await?;
    Ok(Member { role, version: member.version + 1, ..member })
}

/// Shows somebody out of the workspace; their sessions and API tokens in it end at once.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::LastAdmin`]; or when the database fails.
#[boxed]
pub async fn remove(app: &App, actor: &Actor, person: PersonId) -> Result<(), AppError> {
    actor.require(Action::ManageTeam)?;
    let mut tx = one_at_a_time(app, actor).await?;
    let member = find(&mut tx, actor, person).await?;
    keep_an_admin(&mut tx, actor, &member, None).await?;
    membership::delete(&mut tx, actor.workspace, person).await?;
    let behind = left_behind(app, &mut tx, actor, person).await?;
    let role = member.role.label().to_lowercase();
    let summary = format!("Removed {} ({role}) from the team{behind}", member.name);
    activity::record(app, &mut tx, actor, "access.removed", About::default(), summary).await?;
    tx.commit().await?;
    Ok(())
}

/// Leaves the workspace. Sessions there go on in another workspace of the person, the first they joined; without one
/// they end. Says whether the person is anywhere still.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::LastAdmin`]; or when the database fails.
#[boxed]
pub async fn leave(app: &App, actor: &Actor) -> Result<bool, AppError> {
    actor.require(Action::OwnAccess)?;
    let Some(person) = actor.person else { return Ok(true) };
    let mut tx = one_at_a_time(app, actor).await?;
    let member = find(&mut tx, actor, person).await?;
    keep_an_admin(&mut tx, actor, &member, None).await?;
    let places = membership::of_person(&mut tx, person).await?;
    let next = places.iter().find(|place| place.workspace != actor.workspace);
    if let Some(next) = next {
        sessions::move_all(&mut tx, person, actor.workspace, next.workspace).await?;
    }
    membership::delete(&mut tx, actor.workspace, person).await?;
    let behind = left_behind(app, &mut tx, actor, person).await?;
    let summary = format!("{} left the team ({}){behind}", member.name, member.role.label().to_lowercase());
    activity::record(app, &mut tx, actor, "access.left", About::default(), summary).await?;
    tx.commit().await?;
    Ok(next.is_some())
}

/// What was theirs to run, to do and to answer for is nobody's now, so that it is seen: how much that is, in words.
async fn left_behind(app: &App, tx: &mut Tx, actor: &Actor, person: PersonId) -> Result<String, AppError> {
    let (left, entries) = duty::leave(tx, actor.workspace, person).await?;
    let onboardings = u64::try_from(left.len()).unwrap_or(u64::MAX);
    let deed = |(id, account)| Deed {
        kind: "onboarding.assigned",
        about: About { account: Some(account), onboarding: Some(id) },
        summary: "Left the onboarding without an owner".to_owned(),
    };
    activity::record_all(app, tx, actor, left.into_iter().map(deed).collect()).await?;
    let tasks = mine::leave(tx, actor.workspace, person).await?;
    let counted = [
        (onboardings, "onboarding", "onboardings"),
        (tasks, "task", "tasks"),
        (entries, "entry of a register", "entries of registers"),
    ];
    let parts: Vec<String> = counted
        .into_iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, one, many)| format!("{number} {}", if number == 1 { one } else { many }))
        .collect();
    if parts.is_empty() {
        return Ok(String::new());
    }
    let verb = if onboardings + tasks + entries == 1 { "is" } else { "are" };
    Ok(format!("; {} {verb} nobody's now", parts.join(", ")))
}

async fn find(tx: &mut Tx, actor: &Actor, person: PersonId) -> Result<Member, AppError> {
    let member = membership::get(tx, actor.workspace, person).await?;
    member.ok_or_else(|| AppError::missing("member", person))
}

/// Begins a change of who belongs here and as what. Two at once wait for each other: neither counts an admin the
/// other takes away, nor reads a role the other changes.
async fn one_at_a_time(app: &App, actor: &Actor) -> Result<Tx, AppError> {
    let mut tx = app.db.write().await?;
    workspace::lock(&mut tx, actor.workspace).await?;
    Ok(tx)
}

/// Refuses what would leave the workspace without anybody who can manage it, in a transaction that is
/// [`one_at_a_time`].
async fn keep_an_admin(
    tx: &mut Tx,
    actor: &Actor,
    member: &Member,
    role: Option<Role>,
) -> Result<(), AppError> {
    if member.role != Role::Admin || role == Some(Role::Admin) {
        return Ok(());
    }
    let members = membership::of_workspace(tx, actor.workspace).await?;
    let others = members.iter().any(|other| other.role == Role::Admin && other.person != member.person);
    if others { Ok(()) } else { Err(AppError::LastAdmin) }
}

/// The actor as a member of their workspace, as colleagues see them.
///
/// # Errors
/// [`AppError::Forbidden`] also for whoever is no person, [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn me(app: &App, actor: &Actor) -> Result<Member, AppError> {
    actor.require(Action::OwnAccess)?;
    let person = actor.person.ok_or(AppError::Forbidden(Action::OwnAccess))?;
    let mut tx = app.db.read().await?;
    find(&mut tx, actor, person).await
}

/// Changes one's own name.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn change_name(app: &App, actor: &Actor, name: &str) -> Result<(), AppError> {
    change_name_seen(app, actor, name, None).await
}

/// The version of a member as they see themselves: nothing counts all of its changes, so it is made of what it says.
#[must_use]
pub fn own_version(member: &Member) -> i64 {
    version::of_words(&[&member.name, &member.email, member.role.word()])
}

/// Changes one's own name, when one is still what was seen.
///
/// # Errors
/// As [`change_name`]; [`AppError::Stale`] when one has changed since.
#[boxed]
pub async fn change_name_seen(
    app: &App,
    actor: &Actor,
    name: &str,
    seen: Option<i64>,
) -> Result<(), AppError> {
    actor.require(Action::OwnAccess)?;
    let mut problems = Vec::new();
    let name = checked_name("name", name, &mut problems);
    none_of(problems)?;
    let Some(id) = actor.person else { return Ok(()) };
    let mut tx = one_at_a_time(app, actor).await?;
    if let Some(seen) = seen {
        version::fresh("profile", own_version(&find(&mut tx, actor, id).await?), seen)?;
    }
    person::set_name(&mut tx, id, &name).await?;
    let summary = format!("{} is now called {name}", actor.own_name());
    activity::record(app, &mut tx, actor, "access.renamed", About::default(), summary).await?;
    tx.commit().await?;
    Ok(())
}

/// Changes one's own password, and signs out everywhere but in the session with the digest `asking`, which is empty when a
/// token asks. Tokens work on: whoever makes them says until when.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] when the current one is wrong or the new one
/// cannot be used, [`AppError::TooMany`], [`Refusal::PasswordsOff`](super::Refusal); or when the database fails.
#[boxed]
pub async fn change_password(
    app: &App,
    actor: &Actor,
    asking: &str,
    current: &str,
    new: &str,
) -> Result<(), AppError> {
    actor.require(Action::OwnAccess)?;
    app.ways.passwords_work()?;
    let Some(id) = actor.person else { return Ok(()) };
    app.attempts.note(&format!("password of {id}"), app.clock.now())?;
    let mut tx = app.db.read().await?;
    let known = person::get(&mut tx, id).await?.ok_or_else(|| AppError::missing("person", id))?;
    drop(tx);
    let mut problems = Vec::new();
    if !password::verify(known.password_hash.clone(), current).await? {
        problems.push(Problem::new("current", "is not your current password"));
    }
    password::check("password", new, &known.email, &mut problems);
    none_of(problems)?;
    let hash = password::hash(&*app.secrets, new).await?;
    let mut tx = app.db.write().await?;
    person::set_password(&mut tx, id, &hash).await?;
    sessions::delete_others(&mut tx, id, asking).await?;
    let summary = format!("{} changed their password", actor.name);
    activity::record(app, &mut tx, actor, "access.password_changed", About::default(), summary).await?;
    tx.commit().await?;
    app.attempts.forget(&format!("password of {id}"));
    Ok(())
}
