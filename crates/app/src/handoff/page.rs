//! Looking at handoffs.

use gangway_domain::ids::HandoffId;
use gangway_domain::permission::Action;
use gangway_store::handoff::{self, Handoff};
use gangway_store::page::{self, HandoffLine, Handoffs};

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

/// Handoffs, newest first, and whether more follow.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
pub async fn list(app: &App, actor: &Actor, filter: Handoffs) -> Result<(Vec<HandoffLine>, bool), AppError> {
    actor.require(Action::Look)?;
    let limit = filter.limit.clamp(1, 500);
    let mut tx = app.db.read().await?;
    // One more than asked for tells whether more follow.
    let filter = Handoffs { limit: limit + 1, ..filter };
    let mut lines = page::handoffs(&mut tx, actor.workspace, &filter).await?;
    let more = lines.len() > limit as usize;
    lines.truncate(limit as usize);
    Ok((lines, more))
}
