//! Requests that are done once, however often they arrive.
//!
//! A caller names a request; for a day the same name gives the same answer. A request that was begun
//! and never answered, because the process died, may be made again after two minutes.

use gangway_domain::ids::TokenId;
use gangway_store::idempotency::{self, Key};
use jiff::SignedDuration;
use serde_json::Value as Json;

use crate::boxed;
use crate::error::AppError;
use crate::{Actor, App};

/// How long an answer is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// After this, a request without an answer is taken for lost: longer than any answer may take.
const LOST: SignedDuration = SignedDuration::from_mins(2);

/// Longest name of a request, characters.
pub const LONGEST_NAME: usize = 200;

/// What is known of a request by its name.
#[derive(Debug, Clone, PartialEq)]
pub enum Begun {
    /// Nothing: it is to be done now, and its answer kept with [`finish`].
    New,
    /// How it was answered.
    Answered(Json),
    /// It is being done at this moment.
    UnderWay,
    /// The name belongs to another request.
    Different,
}

/// Begins a request of this name; `digest` tells whether it is the same one.
///
/// # Errors
/// When the database fails.
#[boxed]
pub async fn begin(
    app: &App,
    actor: &Actor,
    token: TokenId,
    name: &str,
    digest: &str,
) -> Result<Begun, AppError> {
    let now = app.clock.now();
    let ago = now.saturating_add(-LOST).unwrap_or(jiff::Timestamp::MIN);
    let until = now.saturating_add(KEPT).unwrap_or(jiff::Timestamp::MAX);
    let key = Key { token, name };
    let mut tx = app.db.write().await?;
    idempotency::tidy(&mut tx, actor.workspace, key, ago.into(), now.into()).await?;
    if idempotency::begin(&mut tx, actor.workspace, key, digest, now.into(), until.into()).await? {
        tx.commit().await?;
        return Ok(Begun::New);
    }
    let known = idempotency::get(&mut tx, actor.workspace, key).await?;
    tx.commit().await?;
    Ok(match known {
        Some(known) if known.digest != digest => Begun::Different,
        Some(known) => known.answer.map_or(Begun::UnderWay, Begun::Answered),
        None => Begun::UnderWay,
    })
}

/// Keeps the answer; without one the request is forgotten, so that it can be made again.
///
/// # Errors
/// When the database fails.
#[boxed]
pub async fn finish(
    app: &App,
    actor: &Actor,
    token: TokenId,
    name: &str,
    answer: Option<Json>,
) -> Result<(), AppError> {
    let key = Key { token, name };
    let mut tx = app.db.write().await?;
    match answer {
        Some(answer) => idempotency::finish(&mut tx, actor.workspace, key, answer).await?,
        None => idempotency::forget(&mut tx, actor.workspace, key).await?,
    }
    tx.commit().await?;
    Ok(())
}
