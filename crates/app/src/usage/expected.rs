//! How many users an account should have.

use gangway_domain::ids::AccountId;
use gangway_domain::permission::Action;
use gangway_store::usage::expected as rows;
use gangway_store::{Tx, account};

use super::facts::expected_of;
use crate::activity::{self, About};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::{Actor, App, version};

/// The most that is believed.
const MOST: i64 = 10_000_000;

/// How many users an account should have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    /// How many; nothing while nobody says it.
    pub users: Option<i64>,
    /// The newest deal says it, and no person.
    pub of_contract: bool,
    /// Counts what people said; 0 while none did.
    pub version: i64,
}

/// How many users an account should have.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn get(app: &App, actor: &Actor, id: AccountId) -> Result<Expected, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    name(&mut tx, actor, id).await?;
    known(&mut tx, actor, id).await
}

/// Says how many users an account should have; nothing: the newest deal says it again.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Stale`]; or when the database
/// fails.
#[boxed]
pub async fn set(
    app: &App,
    actor: &Actor,
    id: AccountId,
    seen: Option<i64>,
    users: Option<i64>,
) -> Result<Expected, AppError> {
    actor.require(Action::EditAccounts)?;
    if users.is_some_and(|users| !(1..=MOST).contains(&users)) {
        let problem = Problem::new("users", format!("must be from 1 to {MOST}"));
        return Err(AppError::Invalid(vec![problem]));
    }
    let mut tx = app.db.write().await?;
    let name = name(&mut tx, actor, id).await?;
    let before = known(&mut tx, actor, id).await?;
    if let Some(seen) = seen {
        version::fresh("expected users", before.version, seen)?;
    }
    rows::say(&mut tx, actor.workspace, id, users, before.version + 1).await?;
    let summary = match users {
        Some(users) => format!("{name}: {users} users are expected"),
        None => format!("{name}: the deal says how many users are expected"),
    };
    let about = About { account: Some(id), onboarding: None };
    activity::record(app, &mut tx, actor, "usage.expected_changed", about, summary).await?;
    let after = known(&mut tx, actor, id).await?;
    tx.commit().await?;
    Ok(after)
}

async fn name(tx: &mut Tx, actor: &Actor, id: AccountId) -> Result<String, AppError> {
    let found = account::get(tx, actor.workspace, id).await?;
    Ok(found.ok_or_else(|| AppError::missing("account", id))?.name)
}

pub(super) async fn known(tx: &mut Tx, actor: &Actor, id: AccountId) -> Result<Expected, AppError> {
    let kept = rows::get(tx, actor.workspace, id).await?;
    let said = kept.is_some_and(|kept| kept.version > 0 && kept.users.is_some());
    let users = expected_of(tx, actor.workspace, id).await?;
    Ok(Expected {
        users,
        of_contract: !said && users.is_some(),
        version: kept.map_or(0, |kept| kept.version),
    })
}
