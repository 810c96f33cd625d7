//! Signing in and out, and what a browser's cookie stands for.

use gangway_domain::ids::{ActivityId, WorkspaceId};
use gangway_domain::permission::{Action, Role};
use gangway_store::membership::{self, Place};
use gangway_store::person::{self, Person, email_key};
use gangway_store::session::{self, Line};
use gangway_store::{Timestamp, Tx};
use jiff::SignedDuration;

use super::{Secret, password};
use crate::activity::{self, About};
use crate::boxed;
use crate::error::AppError;
use crate::{Actor, App, Door};

/// A session nobody uses ends after two weeks.
const IDLE: SignedDuration = SignedDuration::from_hours(14 * 24);

/// Use is noted once an hour, not at every request: reading must not write.
const NOTED_EVERY: SignedDuration = SignedDuration::from_hours(1);

/// Characters of a digest that tell somebody's sessions apart.
const NAME: usize = 16;

/// A session: who is behind a cookie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Who, where, as what.
    pub actor: Actor,
    /// Their mail address.
    pub email: String,
    /// Their role where they are.
    pub role: Role,
    /// Name of the workspace they are in.
    pub workspace_name: String,
    /// SHA-256 of the cookie's secret, hex.
    pub digest: String,
    /// The other workspaces they belong to.
    pub elsewhere: Vec<Place>,
    /// The newest entry of the activity log when they were recognised for a page: whatever is read after shows it.
    /// None where no page is made, or where it answers a form: what was sent is not there to be asked for again.
    pub news: Option<ActivityId>,
    /// How often customers' usage had changed by then, in any account since the server started.
    pub used: u64,
}

/// Somebody has just signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// For the cookie.
    pub secret: Secret,
    /// Where they are now.
    pub workspace: WorkspaceId,
}

/// Signs in with mail address and password. `agent` is what the browser calls itself, `from` where
/// the request came from; both only for the log and for counting tries.
///
/// # Errors
/// [`AppError::WrongPassword`] when the two do not belong together or nobody has the address (which
/// of the two is not said), [`AppError::NoWorkspace`] when the person belongs nowhere any more,
/// [`AppError::TooMany`] after ten tries in 15 minutes, [`Refusal::PasswordsOff`](super::Refusal); or when the
/// database fails.
#[boxed]
pub async fn sign_in(
    app: &App,
    email: &str,
    password: &str,
    agent: &str,
    from: &str,
) -> Result<SignedIn, AppError> {
    app.ways.passwords_work()?;
    let keys = [format!("sign-in {}", email_key(email)), format!("sign-in from {from}")];
    for key in &keys {
        app.attempts.note(key, app.clock.now())?;
    }
    let mut tx = app.db.read().await?;
    let found = person::by_email(&mut tx, email).await?;
    drop(tx);
    let hash = found.as_ref().and_then(|person| person.password_hash.clone());
    let fits = password::verify(hash, password).await?;
    let Some(person) = found.filter(|_| fits) else { return Err(AppError::WrongPassword) };
    let mut tx = app.db.write().await?;
    let signed = begin(app, &mut tx, &person, None, agent, Some(&how(None, from))).await?;
    tx.commit().await?;
    keys.iter().for_each(|key| app.attempts.forget(key));
    Ok(signed)
}

/// Begins a session of somebody who proved who they are, in a workspace of theirs: this one, or
/// the first they joined. `how` ends the sentence about it in the log, as [`how`] makes it.
pub(crate) async fn begin(
    app: &App,
    tx: &mut Tx,
    person: &Person,
    workspace: Option<WorkspaceId>,
    agent: &str,
    how: Option<&str>,
) -> Result<SignedIn, AppError> {
    let places = membership::of_person(tx, person.id).await?;
    let wanted = places.iter().find(|place| Some(place.workspace) == workspace);
    let place = wanted.or(places.first()).ok_or(AppError::NoWorkspace)?;
    let secret = Secret::fresh(&*app.secrets);
    let row = session::Session {
        digest: secret.digest(),
        person: person.id,
        workspace: place.workspace,
        agent: agent.chars().filter(|c| !c.is_control()).take(200).collect(),
        created_at: app.now(),
        expires_at: later(app, IDLE),
    };
    session::delete_expired(tx, app.now()).await?;
    session::insert(tx, &row).await?;
    let actor = Actor::person(person.id, &person.name, place.role, place.workspace, Door::Web);
    let summary = format!("{} signed in{}", person.name, how.unwrap_or_default());
    activity::audit(app, tx, &actor, "access.signed_in", summary).await?;
    Ok(SignedIn { secret, workspace: place.workspace })
}

/// How somebody came in: through which provider, from which network address as far as it is known.
pub(super) fn how(provider: Option<&str>, from: &str) -> String {
    let mut words = String::new();
    for (word, what) in [("through", provider.unwrap_or_default()), ("from", from)] {
        if !what.is_empty() {
            words = format!("{words} {word} {what}");
        }
    }
    words
}

fn later(app: &App, duration: SignedDuration) -> Timestamp {
    app.clock.now().saturating_add(duration).unwrap_or(jiff::Timestamp::MAX).into()
}

/// Who is behind a cookie; none when its session has ended. A session lasts two weeks from its
/// last use.
///
/// # Errors
/// When the database fails.
#[boxed]
pub async fn authenticate(app: &App, secret: &Secret) -> Result<Option<Session>, AppError> {
    recognise(app, secret, false).await
}

/// The same for a page, which wants to know what came last before it was made.
///
/// # Errors
/// When the database fails.
#[boxed]
pub async fn authenticate_for_page(app: &App, secret: &Secret) -> Result<Option<Session>, AppError> {
    recognise(app, secret, true).await
}

async fn recognise(app: &App, secret: &Secret, for_page: bool) -> Result<Option<Session>, AppError> {
    // Before anything of the page is read.
    let used = app.live.used();
    let mut tx = app.db.read().await?;
    let Some(signed) = session::signed(&mut tx, &secret.digest(), app.now()).await? else { return Ok(None) };
    let mut elsewhere = Vec::new();
    // Most belong to one workspace: they are not asked for a list.
    if signed.places > 1 {
        elsewhere = membership::of_person(&mut tx, signed.person).await?;
        elsewhere.retain(|place| place.workspace != signed.workspace);
    }
    let mut news = None;
    if for_page {
        let newest = gangway_store::activity::recent(&mut tx, signed.workspace, 1).await?;
        news = newest.first().map(|entry| entry.id);
    }
    drop(tx);
    let seen = jiff::Timestamp::try_from(signed.seen_at).unwrap_or(jiff::Timestamp::MIN);
    if app.clock.now().duration_since(seen) >= NOTED_EVERY {
        let note = async {
            let mut tx = app.db.write().await?;
            session::touch(&mut tx, &signed.digest, app.now(), later(app, IDLE)).await?;
            tx.commit().await?;
            Ok::<(), AppError>(())
        };
        AppError::beside(note.await)?;
    }
    let session::Signed { digest, person, name, email, workspace, workspace_name, role, .. } = signed;
    let actor = Actor::person(person, name, role, workspace, Door::Web);
    Ok(Some(Session { actor, email, role, workspace_name, digest, elsewhere, news, used }))
}

/// Ends a session; one that has ended already is fine.
///
/// # Errors
/// When the database fails.
#[boxed]
pub async fn sign_out(app: &App, secret: &Secret) -> Result<(), AppError> {
    let mut tx = app.db.write().await?;
    session::delete(&mut tx, &secret.digest()).await?;
    tx.commit().await?;
    Ok(())
}

/// The workspaces the person who acts belongs to, the first they joined first.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn places(app: &App, actor: &Actor) -> Result<Vec<Place>, AppError> {
    actor.require(Action::OwnAccess)?;
    let Some(person) = actor.person else { return Ok(Vec::new()) };
    let mut tx = app.db.read().await?;
    Ok(membership::of_person(&mut tx, person).await?)
}

/// Goes on in another workspace of the same person.
///
/// # Errors
/// [`AppError::NotFound`] when they do not belong to it; or when the database fails.
#[boxed]
pub async fn move_to(app: &App, session: &Session, workspace: WorkspaceId) -> Result<(), AppError> {
    let belongs = places(app, &session.actor).await?.iter().any(|place| place.workspace == workspace);
    if !belongs {
        return Err(AppError::missing("workspace", workspace));
    }
    let mut tx = app.db.write().await?;
    session::move_to(&mut tx, &session.digest, workspace).await?;
    tx.commit().await?;
    Ok(())
}

/// A browser in which the person is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSession {
    /// The session.
    pub line: Line,
    /// The one that asks.
    pub current: bool,
}

impl OwnSession {
    /// What the session is called where it is listed. Too little of its digest to be one, and opens nothing.
    #[must_use]
    pub fn name(&self) -> String {
        self.line.digest.chars().take(NAME).collect()
    }
}

/// Where the person is signed in, the last used first. `asking` is the digest of the session that asks; empty when a
/// token asks.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn own_sessions(app: &App, actor: &Actor, asking: &str) -> Result<Vec<OwnSession>, AppError> {
    actor.require(Action::OwnAccess)?;
    let Some(person) = actor.person else { return Ok(Vec::new()) };
    let mut tx = app.db.read().await?;
    let lines = session::of_person(&mut tx, person, app.now()).await?;
    Ok(lines.into_iter().map(|line| OwnSession { current: line.digest == asking, line }).collect())
}

/// Signs the person out in the browser that is listed under this name.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when none of their sessions is called so; or when the database fails.
#[boxed]
pub async fn end_session(app: &App, actor: &Actor, name: &str) -> Result<(), AppError> {
    let own = own_sessions(app, actor, "").await?;
    let ended = own.into_iter().find(|own| own.name() == name);
    let unknown = || AppError::missing("session", name.chars().take(60).collect::<String>());
    let ended = ended.ok_or_else(unknown)?;
    let mut tx = app.db.write().await?;
    session::delete(&mut tx, &ended.line.digest).await?;
    let summary = format!("{} signed out in one browser", actor.name);
    activity::record(app, &mut tx, actor, "access.signed_out_elsewhere", About::default(), summary).await?;
    tx.commit().await?;
    Ok(())
}

/// Signs the person out everywhere but in the session with the digest `asking`, which is empty when a token asks. Says in
/// how many browsers.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn end_other_sessions(app: &App, actor: &Actor, asking: &str) -> Result<u64, AppError> {
    actor.require(Action::OwnAccess)?;
    let Some(person) = actor.person else { return Ok(0) };
    let mut tx = app.db.write().await?;
    let ended = session::delete_others(&mut tx, person, asking).await?;
    let summary = format!("{} signed out in {ended} other browsers", actor.name);
    activity::record(app, &mut tx, actor, "access.signed_out_elsewhere", About::default(), summary).await?;
    tx.commit().await?;
    Ok(ended)
}
