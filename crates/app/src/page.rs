//! Pages of long lists.

use gangway_store::StoreError;

use crate::error::AppError;

/// A page of `limit` rows, between 1 and 500, and whether more follow; `rows` reads as many as it is told.
pub(crate) async fn read<T>(
    limit: u32,
    rows: impl AsyncFnOnce(u32) -> Result<Vec<T>, StoreError>,
) -> Result<(Vec<T>, bool), AppError> {
    let limit = limit.clamp(1, 500);
    let mut found = rows(limit + 1).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    Ok((found, more))
}
