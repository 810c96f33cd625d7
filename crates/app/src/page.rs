//! Pages of long lists.

/// A page of what was found with one row more than it holds, and whether more follow.
pub(crate) fn cut<T>(mut found: Vec<T>, limit: u32) -> (Vec<T>, bool) {
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    (found, more)
}
