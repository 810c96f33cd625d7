//! API tokens: how programs act for somebody.

use gangway_domain::ids::TokenId;
use gangway_domain::permission::{Action, Scope};
use gangway_store::api_token::{self, ApiToken, Holder};
use jiff::SignedDuration;

use super::{Secret, checked_name, none_of};
use crate::activity::{self, About};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::{Actor, App, Door};

/// What a token begins with, so that secret scanners recognise one.
const PREFIX: &str = "gangway_";

/// Longest life of a token, days.
const LONGEST: u32 = 366;

/// Use is noted once a minute, not at every request.
const NOTED_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// A token that was made: shown once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// Its id.
    pub id: TokenId,
    /// The token itself, for its holder.
    pub token: Secret,
}

/// Makes a token that acts for the person who asks, as far as their role and its scopes reach. One that is made
/// through a token reaches no further than that one and ends no later.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn create_token(
    app: &App,
    actor: &Actor,
    name: &str,
    scopes: &[Scope],
    days: u32,
) -> Result<NewToken, AppError> {
    actor.require(Action::OwnAccess)?;
    let mut problems = Vec::new();
    let name = checked_name("name", name, &mut problems);
    if scopes.is_empty() {
        problems.push(Problem::new("scopes", "needs at least one: read, write or admin"));
    }
    // Otherwise a token could make one that reaches further than itself.
    if let Some(scope) = scopes.iter().find(|scope| !actor.reaches(**scope)) {
        problems.push(Problem::new("scopes", format!("cannot have `{scope}`: the token that asks has not")));
    }
    if !(1..=LONGEST).contains(&days) {
        problems.push(Problem::new("days", "must be between 1 and 366"));
    } else if let Some(left) = days_left(app, actor).filter(|left| i64::from(days) > *left) {
        // Otherwise a token could make the next one for ever, and would never end.
        let why = match left {
            ..1 => "are too many: the token that asks ends within a day".to_owned(),
            _ => format!("must be at most {left}: a token makes none that outlives it"),
        };
        problems.push(Problem::new("days", why));
    }
    none_of(problems)?;
    let person = actor.person.ok_or(AppError::Forbidden(Action::OwnAccess))?;
    let token = Secret::from_holder(&format!("{PREFIX}{}", Secret::fresh(&*app.secrets).reveal()));
    let expires = app.clock.now().saturating_add(SignedDuration::from_hours(24 * i64::from(days)));
    let mut words: Vec<&str> = scopes.iter().map(|scope| scope.word()).collect();
    words.dedup();
    let row = ApiToken {
        id: TokenId::fresh(&*app.ids),
        person,
        owner: actor.name.clone(),
        name: name.clone(),
        scopes: words.join(" "),
        created_at: app.now(),
        expires_at: expires.unwrap_or(jiff::Timestamp::MAX).into(),
        used_at: None,
    };
    let mut tx = app.db.write().await?;
    api_token::insert(&mut tx, actor.workspace, &row, &token.digest()).await?;
    let summary = format!("Made the API token “{name}” ({}) for {days} days", row.scopes);
    activity::record(app, &mut tx, actor, "access.token_made", About::default(), summary).await?;
    tx.commit().await?;
    Ok(NewToken { id: row.id, token })
}

/// Whole days until the token that asks ends; none when no token asks.
fn days_left(app: &App, actor: &Actor) -> Option<i64> {
    let until = actor.until()?;
    Some(until.duration_since(app.clock.now()).as_hours() / 24)
}

/// The actor's own tokens; all of the workspace for who manages integrations.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn tokens(app: &App, actor: &Actor) -> Result<Vec<ApiToken>, AppError> {
    actor.require(Action::OwnAccess)?;
    let mut tx = app.db.read().await?;
    let all = api_token::of_workspace(&mut tx, actor.workspace).await?;
    Ok(all.into_iter().filter(|token| may_end(actor, token)).collect())
}

/// Ends a token at once.
///
/// # Errors
/// [`AppError::NotFound`] when there is none or it is somebody else's and the actor does not manage
/// integrations, [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn revoke_token(app: &App, actor: &Actor, id: TokenId) -> Result<(), AppError> {
    let known = tokens(app, actor).await?.into_iter().find(|token| token.id == id);
    let token = known.ok_or_else(|| AppError::missing("API token", id))?;
    let mut tx = app.db.write().await?;
    api_token::delete(&mut tx, actor.workspace, id).await?;
    let summary = format!("Ended the API token “{}” of {}", token.name, token.owner);
    activity::record(app, &mut tx, actor, "access.token_ended", About::default(), summary).await?;
    tx.commit().await?;
    Ok(())
}

fn may_end(actor: &Actor, token: &ApiToken) -> bool {
    actor.may(Action::ManageIntegrations) || actor.person == Some(token.person)
}

/// Who a token acts for; none when it is unknown or has ended.
///
/// # Errors
/// When the database fails.
#[boxed]
pub async fn authenticate_token(app: &App, token: &Secret) -> Result<Option<(TokenId, Actor)>, AppError> {
    if !token.reveal().starts_with(PREFIX) {
        return Ok(None);
    }
    let mut tx = app.db.read().await?;
    let Some(holder) = api_token::holder(&mut tx, &token.digest(), app.now()).await? else { return Ok(None) };
    drop(tx);
    let Holder { workspace, id, name, scopes, expires_at, used_at, person, owner, role } = holder;
    let used = used_at.and_then(|at| jiff::Timestamp::try_from(at).ok()).unwrap_or(jiff::Timestamp::MIN);
    if app.clock.now().duration_since(used) >= NOTED_EVERY {
        let note = async {
            let mut tx = app.db.write().await?;
            api_token::used(&mut tx, workspace, id, app.now()).await?;
            tx.commit().await?;
            Ok::<(), AppError>(())
        };
        AppError::beside(note.await)?;
    }
    // A word this version does not know allows nothing.
    let scopes = scopes.split(' ').filter_map(|word| word.parse().ok()).collect();
    let actor = Actor::person(person, owner, role, workspace, Door::Api).through(&name);
    let until = jiff::Timestamp::try_from(expires_at).unwrap_or(jiff::Timestamp::MIN);
    Ok(Some((id, actor.limited_to(scopes, until))))
}
