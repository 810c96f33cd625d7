//! Inviting colleagues.

use gangway_domain::ids::{InvitationId, PersonId};
use gangway_domain::permission::{Action, Role};
use gangway_domain::portal::Language;
use gangway_store::invitation::{self, Invitation};
use gangway_store::person::{self, Person, email_key};
use gangway_store::{StoreError, Tx, membership, session as sessions, workspace};
use jiff::SignedDuration;

use super::session::begin;
use super::{Secret, Session, SignedIn, checked_email, checked_name, none_of, password};
use crate::activity::{self, About};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::mail::{self, Letter};
use crate::{Actor, App, Door};

/// How long an invitation can be taken up.
const VALID: SignedDuration = SignedDuration::from_hours(7 * 24);

/// An invitation that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    /// Its id.
    pub id: InvitationId,
    /// The secret of its link, for showing the link to whoever invited: mail may not be set up.
    pub secret: Secret,
}

/// Invites somebody by mail. Inviting the same address again replaces the earlier invitation.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] when the address cannot be used or its owner is
/// in the workspace already; or when the database fails.
#[boxed]
pub async fn invite(app: &App, actor: &Actor, email: &str, role: Role) -> Result<Invited, AppError> {
    actor.require(Action::ManageTeam)?;
    let mut problems = Vec::new();
    let email = checked_email("email", email, &mut problems);
    none_of(problems)?;
    let secret = Secret::fresh(&*app.secrets);
    let mut tx = app.db.write().await?;
    if let Some(known) = person::by_email(&mut tx, &email).await?
        && membership::get(&mut tx, actor.workspace, known.id).await?.is_some()
    {
        return Err(AppError::Invalid(vec![Problem::new(
            "email",
            "belongs to somebody who is in the team already",
        )]));
    }
    let place = workspace::get(&mut tx, actor.workspace)
        .await?
        .ok_or_else(|| AppError::missing("workspace", actor.workspace))?;
    let expires = app.clock.now().saturating_add(VALID).unwrap_or(jiff::Timestamp::MAX);
    let row = Invitation {
        workspace: actor.workspace,
        id: InvitationId::fresh(&*app.ids),
        email: email.clone(),
        role,
        digest: secret.digest(),
        invited_by: actor.own_name().to_owned(),
        created_at: app.now(),
        expires_at: expires.into(),
    };
    invitation::replace(&mut tx, &row).await?;
    let letter = Letter {
        to: email.clone(),
        subject: format!("{} invites you to {} on Gangway", actor.own_name(), place.name),
        text: format!(
            "{} has invited you to join **{}** on Gangway, where the team runs its customer onboardings. You will be: {}.\n\n\
             The link works once, for seven days.",
            mail::verbatim(actor.own_name()),
            mail::verbatim(&place.name),
            role.label()
        ),
        action: Some(("Join the team".to_owned(), app.link(&format!("/join/{}", secret.reveal())))),
        vendor: place.name,
        language: Language::En,
    };
    mail::send(app, &mut tx, actor.workspace, &letter).await?;
    let summary = format!("Invited {email} as {}", role.label().to_lowercase());
    activity::record(app, &mut tx, actor, "access.invited", About::default(), summary).await?;
    tx.commit().await?;
    Ok(Invited { id: row.id, secret })
}

/// Withdraws an invitation.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn withdraw(app: &App, actor: &Actor, id: InvitationId) -> Result<(), AppError> {
    actor.require(Action::ManageTeam)?;
    let mut tx = app.db.write().await?;
    if !invitation::delete(&mut tx, actor.workspace, id).await? {
        return Err(AppError::missing("invitation", id));
    }
    activity::record(
        app,
        &mut tx,
        actor,
        "access.invitation_withdrawn",
        About::default(),
        "Withdrew an invitation".to_owned(),
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

/// An invitation as the invited person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joining {
    /// Where to.
    pub workspace_name: String,
    /// Whom it was sent to.
    pub email: String,
    /// As what.
    pub role: Role,
    /// Who invited.
    pub invited_by: String,
    /// They have an account here already: their password signs them in, none is chosen.
    pub known: bool,
    pub(super) row: Invitation,
}

impl Joining {
    /// Whether this session is of whoever was invited.
    #[must_use]
    pub fn is_for(&self, session: &Session) -> bool {
        email_key(&self.email) == email_key(&session.email)
    }
}

/// Looks an invitation up by the secret of its link. Looking does not use it up: mail scanners look too.
///
/// # Errors
/// [`AppError::LinkEnded`] when it was used, withdrawn, replaced, or is too old; or when the
/// database fails.
#[boxed]
pub async fn invited(app: &App, secret: &Secret) -> Result<Joining, AppError> {
    let mut tx = app.db.read().await?;
    let row = invitation::by_digest(&mut tx, &secret.digest()).await?;
    let row = row.filter(|row| row.expires_at > app.now()).ok_or(AppError::LinkEnded)?;
    let place = workspace::get(&mut tx, row.workspace).await?.ok_or(AppError::LinkEnded)?;
    let known = person::by_email(&mut tx, &row.email).await?.is_some();
    Ok(Joining {
        workspace_name: place.name,
        email: row.email.clone(),
        role: row.role,
        invited_by: row.invited_by.clone(),
        known,
        row,
    })
}

/// Takes an invitation up: with a name and a new password, or with the password of the account the
/// person has here already.
///
/// # Errors
/// [`AppError::LinkEnded`], [`AppError::Invalid`], [`AppError::WrongPassword`],
/// [`AppError::TooMany`], [`Refusal::PasswordsOff`](super::Refusal); or when the database fails.
#[boxed]
pub async fn accept(
    app: &App,
    secret: &Secret,
    name: &str,
    password: &str,
    agent: &str,
) -> Result<SignedIn, AppError> {
    app.ways.passwords_work()?;
    let joining = invited(app, secret).await?;
    let person = who(app, &joining, name, password).await?;
    let mut tx = app.db.write().await?;
    if !joining.known {
        match person::insert(&mut tx, &person).await {
            Err(StoreError::Conflict(_)) => return Err(AppError::LinkEnded),
            outcome => outcome?,
        }
    }
    let signed = take_up(app, &mut tx, &joining, &person, agent, None).await?;
    tx.commit().await?;
    Ok(signed)
}

/// Takes an invitation up in a session of whoever it was sent to, which goes on in the workspace joined: who they are
/// was proved when it began.
///
/// # Errors
/// [`AppError::LinkEnded`], [`AppError::Invalid`] when the session is somebody else's, [`AppError::Forbidden`],
/// [`Refusal::PasswordsOff`](super::Refusal) where only the identity provider proves addresses and has not proved this
/// one; or when the database fails.
#[boxed]
pub async fn accept_as(app: &App, session: &Session, secret: &Secret) -> Result<(), AppError> {
    session.actor.require(Action::OwnAccess)?;
    let joining = invited(app, secret).await?;
    let Some(person) = session.actor.person.filter(|_| joining.is_for(session)) else {
        let problem = "of the invitation is somebody else's: sign out, then open its link again";
        return Err(AppError::Invalid(vec![Problem::new("email", problem)]));
    };
    let mut tx = app.db.write().await?;
    let person = person::get(&mut tx, person).await?.ok_or(AppError::LinkEnded)?;
    if person.subject.is_none() {
        app.ways.passwords_work()?;
    }
    join(app, &mut tx, &joining, &person).await?;
    sessions::move_to(&mut tx, &session.digest, joining.row.workspace).await?;
    tx.commit().await?;
    Ok(())
}

/// Uses the invitation up, lets the person in and signs them in; `how` as for [`begin`].
pub(super) async fn take_up(
    app: &App,
    tx: &mut Tx,
    joining: &Joining,
    person: &Person,
    agent: &str,
    how: Option<&str>,
) -> Result<SignedIn, AppError> {
    join(app, tx, joining, person).await?;
    begin(app, tx, person, Some(joining.row.workspace), agent, how).await
}

/// Uses the invitation up and lets the person in.
async fn join(app: &App, tx: &mut Tx, joining: &Joining, person: &Person) -> Result<(), AppError> {
    let row = &joining.row;
    // Of two who take it up at once, one finds it gone.
    if !invitation::delete(tx, row.workspace, row.id).await? {
        return Err(AppError::LinkEnded);
    }
    match membership::insert(tx, row.workspace, person.id, row.role, app.now()).await {
        Err(StoreError::Conflict(_)) => return Err(AppError::LinkEnded),
        outcome => outcome?,
    }
    let actor = Actor::person(person.id, &person.name, row.role, row.workspace, Door::Web);
    let summary = format!(
        "{} joined as {}, invited by {}",
        person.name,
        row.role.label().to_lowercase(),
        row.invited_by
    );
    activity::record(app, tx, &actor, "access.joined", About::default(), summary).await
}

/// The account that joins: the one with the invited address, or a new one.
async fn who(app: &App, joining: &Joining, name: &str, password: &str) -> Result<Person, AppError> {
    if joining.known {
        app.attempts.note(&format!("sign-in {}", email_key(&joining.email)), app.clock.now())?;
        let mut tx = app.db.read().await?;
        let person = person::by_email(&mut tx, &joining.email).await?.ok_or(AppError::LinkEnded)?;
        drop(tx);
        if !password::verify(person.password_hash.clone(), password).await? {
            return Err(AppError::WrongPassword);
        }
        return Ok(person);
    }
    let mut problems = Vec::new();
    let name = checked_name("name", name, &mut problems);
    password::check("password", password, &joining.email, &mut problems);
    none_of(problems)?;
    Ok(Person {
        id: PersonId::fresh(&*app.ids),
        email: joining.email.clone(),
        name,
        password_hash: Some(password::hash(&*app.secrets, password).await?),
        subject: None,
        created_at: app.now(),
    })
}
