//! Looking at handoffs.

use gangway_domain::ids::{AccountId, HandoffId};
use gangway_domain::permission::Action;
use gangway_store::handoff::{self, Handoff};
use gangway_store::page::{self, HandoffLine};

use crate::error::AppError;
use crate::{Actor, App};

/// One handoff with what was read.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
pub async fn get(app: &App, actor: &Actor, id: HandoffId) -> Result<Handoff, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    handoff::get(&mut tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("handoff", id))
}

/// Handoffs, newest first, that came before one of them, and whether more follow.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
pub async fn list(
    app: &App,
    actor: &Actor,
    before: Option<HandoffId>,
    account: Option<AccountId>,
    limit: u32,
) -> Result<(Vec<HandoffLine>, bool), AppError> {
    actor.require(Action::Look)?;
    let limit = limit.clamp(1, 500);
    let mut tx = app.db.read().await?;
    let mut lines = page::handoffs(&mut tx, actor.workspace, before, account, limit + 1).await?;
    let more = lines.len() > limit as usize;
    lines.truncate(limit as usize);
    Ok((lines, more))
}
