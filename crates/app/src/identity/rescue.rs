//! A way back in for whoever has a shell on the machine.

use gangway_domain::permission::{Action, Role};
use gangway_store::password_reset::{self, PasswordReset};
use gangway_store::{membership, person, session};
use jiff::SignedDuration;

use super::{Secret, change_role};
use crate::activity;
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::{Actor, App, Door};

/// How long the link can be used.
const VALID: SignedDuration = SignedDuration::from_hours(1);

/// Somebody who can get back in.
#[derive(Clone, PartialEq, Eq)]
pub struct Rescued {
    /// Their name.
    pub name: String,
    /// Where they set a new password; it holds a secret.
    pub link: String,
}

/// Makes a link with which somebody sets a new password; earlier ones stop working. Only for the shell of
/// the machine: it asks for no permission.
///
/// # Errors
/// [`AppError::NotFound`] when nobody has this address, [`AppError::NoWorkspace`]; or when the database fails.
#[boxed]
pub async fn rescue(app: &App, email: &str) -> Result<Rescued, AppError> {
    let mut tx = app.db.write().await?;
    let found = person::by_email(&mut tx, email).await?;
    let person = found.ok_or_else(|| AppError::missing("person with the address", email))?;
    let places = membership::of_person(&mut tx, person.id).await?;
    let place = places.into_iter().next().ok_or(AppError::NoWorkspace)?;
    let secret = Secret::fresh(&*app.secrets);
    let expires_at = app.clock.now().saturating_add(VALID).unwrap_or(jiff::Timestamp::MAX).into();
    let row = PasswordReset { person: person.id, expires_at };
    password_reset::replace(&mut tx, &secret.digest(), &row, app.now()).await?;
    let actor = Actor::system("Shell of the machine", place.workspace, Door::Cli);
    let summary = format!("Made a link for a new password of {}", person.name);
    activity::audit(app, &mut tx, &actor, "access.reset_link_made", summary).await?;
    tx.commit().await?;
    Ok(Rescued { name: person.name, link: app.link(&format!("/reset/{}", secret.reveal())) })
}

/// Makes somebody of the actor's workspace admin, or lets them in as one; returns their name.
///
/// # Errors
/// [`AppError::NotFound`] when nobody has this address, [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn promote(app: &App, actor: &Actor, email: &str) -> Result<String, AppError> {
    actor.require(Action::ManageTeam)?;
    let mut tx = app.db.write().await?;
    let found = person::by_email(&mut tx, email).await?;
    let person = found.ok_or_else(|| AppError::missing("person with the address", email))?;
    if membership::get(&mut tx, actor.workspace, person.id).await?.is_some() {
        drop(tx);
        change_role(app, actor, person.id, Role::Admin, None).await?;
        return Ok(person.name);
    }
    membership::insert(&mut tx, actor.workspace, person.id, Role::Admin, app.now()).await?;
    let summary = format!("Let {} in as admin", person.name);
    activity::audit(app, &mut tx, actor, "access.joined", summary).await?;
    tx.commit().await?;
    Ok(person.name)
}

/// Somebody who is linked to nobody at an identity provider any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlinked {
    /// Their name.
    pub name: String,
    /// Their mail address: what they are linked by when they come through the provider again.
    pub email: String,
}

/// Takes the link between somebody and their account at the identity provider away, and signs them out everywhere:
/// they were let in as whoever that account belongs to. Their API tokens stay until they are linked anew. Only for the
/// shell of the machine: it asks for no permission.
///
/// # Errors
/// [`AppError::NotFound`] when nobody has this address, [`AppError::Invalid`] when there is no link; or when the
/// database fails.
#[boxed]
pub async fn unlink(app: &App, email: &str) -> Result<Unlinked, AppError> {
    let mut tx = app.db.write().await?;
    let found = person::by_email(&mut tx, email).await?;
    let person = found.ok_or_else(|| AppError::missing("person with the address", email))?;
    if person.subject.is_none() {
        let problem = format!("{} is linked to no account of an identity provider", person.email);
        return Err(AppError::Invalid(vec![Problem::new("email", problem)]));
    }
    person::clear_subject(&mut tx, person.id).await?;
    session::delete_others(&mut tx, person.id, "").await?;
    if let Some(place) = membership::of_person(&mut tx, person.id).await?.into_iter().next() {
        let actor = Actor::system("Shell of the machine", place.workspace, Door::Cli);
        let summary = format!("Took the link of {} to the identity provider away", person.name);
        activity::audit(app, &mut tx, &actor, "access.unlinked", summary).await?;
    }
    tx.commit().await?;
    Ok(Unlinked { name: person.name, email: person.email })
}
