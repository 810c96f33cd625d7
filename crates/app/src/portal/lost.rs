//! Whoever has lost their link asks for one by their mail address. Nobody learns from the answer whether the address is
//! known; what is sent goes to the address itself, for every onboarding it was let into.

use gangway_store::person::email_key;
use gangway_store::{Tx, onboarding, portal};

use super::enter::{coded, guest_of, looks};
use super::{Access, letters, way};
use crate::activity;
use crate::boxed;
use crate::error::AppError;
use crate::identity::{checked_email, none_of};
use crate::mail;
use crate::{Actor, App};

/// Mails a way in to whoever has access under this address: a link, or a code where what they were let in with has
/// ended. Says nothing about whether there is anybody. `from` is the network address that asks; tries are counted for
/// both.
///
/// # Errors
/// [`AppError::Invalid`] when it is no mail address, [`AppError::TooMany`] after ten tries in 15 minutes; or when the
/// database fails.
#[boxed]
pub async fn send_link(app: &App, email: &str, from: &str) -> Result<(), AppError> {
    let mut problems = Vec::new();
    let email = checked_email("email", email, &mut problems);
    none_of(problems)?;
    let now = app.clock.now();
    app.attempts.note(&format!("portal way {}", email_key(&email)), now)?;
    app.attempts.note(&format!("portal way from {from}"), now)?;
    let mut tx = app.db.write().await?;
    for access in portal::of_email(&mut tx, &email).await? {
        send(app, &mut tx, access).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Mails the way into one onboarding.
async fn send(app: &App, tx: &mut Tx, mut access: Access) -> Result<(), AppError> {
    let (workspace, id) = (access.workspace, access.onboarding);
    let Some(to) = access.email.clone() else { return Ok(()) };
    let Some(head) = onboarding::head::get(tx, workspace, id).await? else { return Ok(()) };
    let (vendor, setting) = looks(tx, &access).await?;
    let secret = way::token(app, &access, way::HOME)?;
    // What has ended is not begun again by whoever knows the address, only by whoever reads its mail.
    let letter = if access.expires_at > app.now() {
        let link = app.link(&format!("/portal/{}", secret.reveal()));
        letters::link_letter(app, &head, &access, &vendor, &to, &link)?
    } else {
        let code = coded(app, tx, &mut access).await?;
        letters::code_letter(app, &access, &vendor, &setting, &to, &code, &secret)?
    };
    let answers = mail::answered_by(tx, workspace, id).await?;
    mail::send_to_customer(app, tx, workspace, &letter, None, answers).await?;
    let actor = Actor::guest(&access.name, guest_of(&access, false));
    let summary = format!("{} asked for a way into the portal by their address", access.name);
    activity::audit(app, tx, &actor, "portal.link_sent", summary).await
}
