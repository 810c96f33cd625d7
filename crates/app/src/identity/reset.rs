//! Forgotten passwords.

use gangway_domain::portal::Language;
use gangway_store::password_reset::{self, PasswordReset};
use gangway_store::person::{self, email_key};
use gangway_store::{membership, session, workspace};
use jiff::SignedDuration;

use super::session::begin;
use super::{Secret, SignedIn, none_of, password};
use crate::App;
use crate::boxed;
use crate::error::AppError;
use crate::mail::{self, Letter};

/// How long a link can be used.
const VALID: SignedDuration = SignedDuration::from_hours(1);

/// Sends a link with which a new password can be set, if anybody has this address. Nobody learns
/// from the answer whether somebody has.
///
/// # Errors
/// [`AppError::TooMany`] after ten tries in 15 minutes, [`Refusal::PasswordsOff`](super::Refusal); or when the
/// database fails.
#[boxed]
pub async fn request_reset(app: &App, email: &str, from: &str) -> Result<(), AppError> {
    app.ways.passwords_work()?;
    app.attempts.note(&format!("reset {}", email_key(email)), app.clock.now())?;
    app.attempts.note(&format!("reset from {from}"), app.clock.now())?;
    let mut tx = app.db.write().await?;
    let Some(person) = person::by_email(&mut tx, email).await? else { return Ok(()) };
    // Mail goes out in the name of a workspace; who belongs to none has nothing to sign in to.
    let Some(place) = membership::of_person(&mut tx, person.id).await?.into_iter().next() else {
        return Ok(());
    };
    let vendor = workspace::get(&mut tx, place.workspace)
        .await?
        .map_or_else(|| place.name.clone(), |known| known.name);
    let secret = Secret::fresh(&*app.secrets);
    let expires_at = app.clock.now().saturating_add(VALID).unwrap_or(jiff::Timestamp::MAX).into();
    let row = PasswordReset { person: person.id, expires_at };
    password_reset::replace(&mut tx, &secret.digest(), &row, app.now()).await?;
    let letter = Letter {
        to: person.email,
        subject: "A new password for Gangway".to_owned(),
        text: "Somebody, probably you, asked for a new password. The link works once, for one hour.\n\n\
               If it was not you, ignore this message: your password stays as it is."
            .to_owned(),
        action: Some(("Choose a new password".to_owned(), app.link(&format!("/reset/{}", secret.reveal())))),
        vendor,
        language: Language::En,
    };
    mail::send(app, &mut tx, place.workspace, &letter).await?;
    tx.commit().await?;
    Ok(())
}

/// Sets a new password with the secret of a link, ends every session of the person, and signs in.
///
/// # Errors
/// [`AppError::LinkEnded`] when the link was used, replaced, or is too old, [`AppError::Invalid`],
/// [`AppError::NoWorkspace`]; or when the database fails.
#[boxed]
pub async fn reset(app: &App, secret: &Secret, new: &str, agent: &str) -> Result<SignedIn, AppError> {
    let mut tx = app.db.read().await?;
    let row = password_reset::by_digest(&mut tx, &secret.digest()).await?;
    let row = row.filter(|row| row.expires_at > app.now()).ok_or(AppError::LinkEnded)?;
    let person = person::get(&mut tx, row.person).await?.ok_or(AppError::LinkEnded)?;
    drop(tx);
    let mut problems = Vec::new();
    password::check("password", new, &person.email, &mut problems);
    none_of(problems)?;
    let hash = password::hash(&*app.secrets, new).await?;
    let mut tx = app.db.write().await?;
    if password_reset::by_digest(&mut tx, &secret.digest()).await?.is_none() {
        return Err(AppError::LinkEnded);
    }
    password_reset::delete_of(&mut tx, person.id).await?;
    person::set_password(&mut tx, person.id, &hash).await?;
    session::delete_others(&mut tx, person.id, "").await?;
    let signed = begin(app, &mut tx, &person, None, agent, None).await?;
    tx.commit().await?;
    app.attempts.forget(&format!("sign-in {}", email_key(&person.email)));
    Ok(signed)
}
