//! Ways to an identity provider that somebody has come back from: each leads in once.

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "used_sign_in";
    USE_UP = "INSERT INTO used_sign_in (digest, expires_at) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING";
    DELETE_EXPIRED = "DELETE FROM used_sign_in WHERE expires_at <= $1";
}

/// Uses a way up, until it has ended by itself anyway. False when it was used before.
///
/// # Errors
/// When the database fails.
pub async fn use_up(
    tx: &mut Tx,
    digest: &str,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<bool, StoreError> {
    tx.run(DELETE_EXPIRED, args![now]).await?;
    Ok(tx.run(USE_UP, args![digest, expires_at]).await? == 1)
}
