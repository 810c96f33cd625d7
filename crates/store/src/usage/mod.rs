//! Usage: what sends events, who they are about, and what they add up to.

pub mod adoption;
pub mod expected;
pub mod feature;
pub mod group;
pub mod history;
pub mod import;
pub mod milestone;
pub mod refused;
pub mod roll;
pub mod source;
pub mod sum;
pub mod user;
pub mod view;

use gangway_domain::ids::{AccountId, WorkspaceId};

use crate::db::Tx;
use crate::error::StoreError;

/// Moves what belongs to an account to the one it was merged into.
pub(crate) async fn take_over(
    tx: &mut Tx,
    workspace: WorkspaceId,
    from: AccountId,
    into: AccountId,
) -> Result<(), StoreError> {
    group::take_over(tx, workspace, from, into).await
}
