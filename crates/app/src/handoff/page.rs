//! Looking at handoffs.

use gangway_domain::ids::HandoffId;
use gangway_domain::permission::Action;
use gangway_store::handoff::{self, Handoff};
use gangway_store::review::{self, Cursor, Line, Query};

use crate::boxed;
use crate::error::AppError;
use crate::{Actor, App};

/// One handoff with what was read.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn get(app: &App, actor: &Actor, id: HandoffId) -> Result<Handoff, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    handoff::get(&mut tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("handoff", id))
}

/// Handoffs, and where the next page starts; without the counts that [`crate::intake::list`] has above them.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Cursor`]; or when the database fails.
#[boxed]
pub async fn list(app: &App, actor: &Actor, query: Query) -> Result<(Vec<Line>, Option<Cursor>), AppError> {
    actor.require(Action::Look)?;
    // As the names of customers are kept: without legal form and punctuation.
    let query = Query { search: query.search.as_deref().map(crate::account::name_key), ..query };
    let mut tx = app.db.read().await?;
    Ok(review::list(&mut tx, actor.workspace, &query).await?)
}
