//! Coming in: the link of an invitation, a code that is mailed, and what the cookie stands for afterwards.
//!
//! A link is never used up by opening it, because mail scanners open links too; only pressing the button begins a
//! session. What is wrong with a link is said without saying whether an address is known. Links in later mail stand for
//! the invitation and lead to a page of their own ([`way`]).

use gangway_domain::ids::{PersonId, PortalAccessId, WorkspaceId};
use gangway_domain::permission::Action;
use gangway_domain::portal::Language;
use gangway_store::portal::{self, Access, session, setting};
use gangway_store::{Timestamp, Tx, onboarding, workspace};
use jiff::SignedDuration;
use subtle::ConstantTimeEq;

use super::access;
use super::code::{Code, fresh_code};
use super::{Setting, letters, way};
use crate::activity;
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::{Secret, Session};
use crate::mail;
use crate::{Actor, App, Guest};

/// A portal nobody opens closes after thirty days.
const IDLE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How long somebody of the team looks at what a guest sees.
pub(super) const PEEK: SignedDuration = SignedDuration::from_hours(1);

/// Use is noted once an hour, not at every request: reading must not write.
const NOTED_EVERY: SignedDuration = SignedDuration::from_hours(1);

/// How long a mailed code holds.
const CODE_VALID: SignedDuration = SignedDuration::from_mins(10);

/// How often a code may be tried.
const CODE_TRIES: i64 = 5;

/// A guest whose portal is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// The guest as an actor: every use case takes them.
    pub actor: Actor,
    /// The guest.
    pub guest: Guest,
    /// Their name.
    pub name: String,
    /// By what they came in.
    pub access: PortalAccessId,
    /// The customer.
    pub customer: String,
    /// What was bought.
    pub product: String,
    /// Who runs the onboarding, as customers know them.
    pub vendor: String,
    /// How the portal looks.
    pub setting: Setting,
    /// SHA-256 of the cookie's secret, hex.
    pub digest: String,
    /// The colleague who looks on.
    pub peek_by: Option<PersonId>,
}

/// What stands before a portal: shown to whoever opens a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    /// Who runs the onboarding, as customers know them.
    pub vendor: String,
    /// How the portal looks.
    pub setting: Setting,
    /// Whose.
    pub workspace: WorkspaceId,
    /// The language of whoever was invited.
    pub language: Language,
    /// The link opens the portal; otherwise it has ended, and a new one can be had.
    pub opens: bool,
    /// Who was invited; empty when the link has ended.
    pub name: String,
    /// The customer; empty when the link has ended.
    pub customer: String,
    /// Whose access the link stands for: nobody is shown the door whose portal is open with it.
    pub access: PortalAccessId,
    /// The page the link leads to.
    pub leads_to: String,
}

/// A portal has just been opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// For the cookie.
    pub secret: Secret,
    /// The page the link leads to.
    pub leads_to: String,
}

/// What stands behind a link. Looking uses nothing up.
///
/// # Errors
/// [`AppError::LinkEnded`] when there never was such a link, or its access was taken away; or when the database fails.
#[boxed]
pub async fn door(app: &App, secret: &Secret) -> Result<Door, AppError> {
    let (digest, leads_to) = way::behind(app, secret);
    let mut tx = app.db.read().await?;
    let access = held(&mut tx, &digest).await?;
    let opens = access.expires_at > app.now();
    let (vendor, setting) = looks(&mut tx, &access).await?;
    let head = onboarding::head::get(&mut tx, access.workspace, access.onboarding).await?;
    let head = head.ok_or(AppError::LinkEnded)?;
    Ok(Door {
        vendor,
        setting,
        workspace: access.workspace,
        language: access.language,
        opens,
        access: access.id,
        leads_to,
        name: if opens { access.name } else { String::new() },
        customer: if opens { head.customer } else { String::new() },
    })
}

/// The access behind a link that was not taken away.
async fn held(tx: &mut Tx, digest: &str) -> Result<Access, AppError> {
    let access = portal::by_digest(tx, digest).await?;
    access.filter(|access| access.revoked_at.is_none()).ok_or(AppError::LinkEnded)
}

pub(super) async fn looks(tx: &mut Tx, access: &Access) -> Result<(String, Setting), AppError> {
    let setting = setting::get(tx, access.workspace).await?;
    let place = workspace::get(tx, access.workspace).await?.ok_or(AppError::LinkEnded)?;
    let vendor = if setting.name.is_empty() { place.name } else { setting.name.clone() };
    Ok((vendor, setting))
}

/// Opens the portal for whoever holds the link.
///
/// # Errors
/// [`AppError::LinkEnded`], [`AppError::TooMany`]; or when the database fails.
#[boxed]
pub async fn open(app: &App, secret: &Secret, agent: &str) -> Result<Opened, AppError> {
    let (digest, leads_to) = way::behind(app, secret);
    let mut tx = app.db.write().await?;
    let access = held(&mut tx, &digest).await?;
    if access.expires_at <= app.now() {
        return Err(AppError::LinkEnded);
    }
    let secret = begin(app, &mut tx, &access, agent, "by the link").await?;
    tx.commit().await?;
    Ok(Opened { secret, leads_to })
}

async fn begin(app: &App, tx: &mut Tx, access: &Access, agent: &str, how: &str) -> Result<Secret, AppError> {
    let secret = Secret::fresh(&*app.secrets);
    let row = session::Session {
        digest: secret.digest(),
        workspace: access.workspace,
        access: access.id,
        peek_by: None,
        agent: agent.chars().filter(|c| !c.is_control()).take(200).collect(),
        created_at: app.now(),
        expires_at: later(app, IDLE),
    };
    session::delete_expired(tx, app.now()).await?;
    session::insert(tx, &row).await?;
    portal::used(tx, access.workspace, access.id, app.now()).await?;
    let actor = Actor::guest(&access.name, guest_of(access, false));
    let summary = format!("{} opened the portal {how}", access.name);
    activity::audit(app, tx, &actor, "portal.opened", summary).await?;
    Ok(secret)
}

pub(super) fn guest_of(access: &Access, peek: bool) -> Guest {
    Guest {
        workspace: access.workspace,
        onboarding: access.onboarding,
        contact: access.contact,
        role: access.role,
        language: access.language,
        peek,
    }
}

pub(super) fn later(app: &App, duration: SignedDuration) -> Timestamp {
    app.clock.now().saturating_add(duration).unwrap_or(jiff::Timestamp::MAX).into()
}

/// Sends a new link and a code to the address of whoever an ended link was for. Says nothing about whether there is
/// such an address.
///
/// # Errors
/// [`AppError::LinkEnded`] when there never was such a link or its access was taken away, [`AppError::TooMany`]; or
/// when the database fails.
#[boxed]
pub async fn send_again(app: &App, secret: &Secret) -> Result<(), AppError> {
    // Counted for the invitation: whoever holds several links to it may not try more often.
    let (digest, _) = way::behind(app, secret);
    app.attempts.note(&format!("portal link {digest}"), app.clock.now())?;
    let mut tx = app.db.write().await?;
    let mut access = held(&mut tx, &digest).await?;
    let (vendor, setting) = looks(&mut tx, &access).await?;
    let Some(to) = access.email.clone() else { return Ok(()) };
    let code = coded(app, &mut tx, &mut access).await?;
    // The old link stays what it names: its code opens the portal, and a new link is made then.
    let letter = letters::code_letter(app, &access, &vendor, &setting, &to, &code, secret)?;
    let answers = mail::answered_by(&mut tx, access.workspace, access.onboarding).await?;
    mail::send_to_customer(app, &mut tx, access.workspace, &letter, None, answers).await?;
    let actor = Actor::guest(&access.name, guest_of(&access, false));
    let summary = format!("{} asked for a new way into the portal", access.name);
    activity::audit(app, &mut tx, &actor, "portal.code_sent", summary).await?;
    tx.commit().await?;
    Ok(())
}

/// Makes a code for an access whose link has ended: the one before holds no more.
pub(super) async fn coded(app: &App, tx: &mut Tx, access: &mut Access) -> Result<Code, AppError> {
    let code = fresh_code(app);
    access.code = Some((code.digest(), later(app, CODE_VALID)));
    if !portal::change(tx, access).await? {
        return Err(AppError::Overtaken);
    }
    portal::untried(tx, access.workspace, access.id).await?;
    Ok(code)
}

/// Opens the portal with a mailed code. The link it belongs to works again for ninety days.
///
/// # Errors
/// [`AppError::Invalid`] when the code is another one, too old, or was tried too often; [`AppError::LinkEnded`],
/// [`AppError::TooMany`]; or when the database fails.
#[boxed]
pub async fn enter_code(app: &App, secret: &Secret, code: &str, agent: &str) -> Result<Opened, AppError> {
    let (digest, leads_to) = way::behind(app, secret);
    app.attempts.note(&format!("portal code {digest}"), app.clock.now())?;
    let code = Code::typed(code);
    let mut tx = app.db.write().await?;
    let mut access = held(&mut tx, &digest).await?;
    let left = portal::tried(&mut tx, access.workspace, access.id, CODE_TRIES).await?;
    let holds = access.code.as_ref().is_some_and(|(digest, until)| {
        *until > app.now() && bool::from(digest.as_bytes().ct_eq(code.digest().as_bytes()))
    });
    if !left || !holds {
        // The try counts also when nothing else is kept.
        tx.commit().await?;
        let problem = "is another one, too old, or was tried too often: have a new one sent";
        return Err(AppError::Invalid(vec![Problem::new("code", problem)]));
    }
    access.code = None;
    access.expires_at = later(app, access::VALID);
    if !portal::change(&mut tx, &access).await? {
        return Err(AppError::Overtaken);
    }
    let secret = begin(app, &mut tx, &access, agent, "by a mailed code").await?;
    tx.commit().await?;
    Ok(Opened { secret, leads_to })
}

/// Who is behind a guest's cookie; nobody when it has ended or the access was taken away. A colleague who looks on must
/// be signed in, in the same workspace.
///
/// # Errors
/// When the database fails.
#[boxed]
pub async fn recognise(
    app: &App,
    secret: &Secret,
    colleague: Option<&Session>,
) -> Result<Option<Visit>, AppError> {
    let digest = secret.digest();
    let mut tx = app.db.read().await?;
    let Some(opened) = session::opened(&mut tx, &digest, app.now()).await? else { return Ok(None) };
    let access = opened.access;
    if let Some(person) = opened.peek_by {
        let there = colleague.is_some_and(|session| {
            session.actor.person == Some(person)
                && session.actor.workspace == access.workspace
                && session.actor.may(Action::Look)
        });
        if !there {
            return Ok(None);
        }
    }
    let (vendor, setting) = looks(&mut tx, &access).await?;
    let head = onboarding::head::get(&mut tx, access.workspace, access.onboarding).await?;
    let Some(head) = head else { return Ok(None) };
    drop(tx);
    let seen = jiff::Timestamp::try_from(opened.seen_at).unwrap_or(jiff::Timestamp::MIN);
    if opened.peek_by.is_none() && app.clock.now().duration_since(seen) >= NOTED_EVERY {
        let note = async {
            let mut tx = app.db.write().await?;
            session::touch(&mut tx, &digest, app.now(), later(app, IDLE)).await?;
            portal::used(&mut tx, access.workspace, access.id, app.now()).await?;
            tx.commit().await?;
            Ok::<(), AppError>(())
        };
        AppError::beside(note.await)?;
    }
    let guest = guest_of(&access, opened.peek_by.is_some());
    Ok(Some(Visit {
        actor: Actor::guest(&access.name, guest),
        guest,
        name: access.name,
        access: access.id,
        customer: head.customer,
        product: head.product,
        vendor,
        setting,
        digest,
        peek_by: opened.peek_by,
    }))
}

/// Closes a portal in this browser; one that is closed already is fine.
///
/// # Errors
/// When the database fails.
#[boxed]
pub async fn close(app: &App, secret: &Secret) -> Result<(), AppError> {
    let mut tx = app.db.write().await?;
    session::delete(&mut tx, &secret.digest()).await?;
    tx.commit().await?;
    Ok(())
}
