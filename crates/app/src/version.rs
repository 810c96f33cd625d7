//! Versions: of two people who change one thing at once, the second is told to look again.

use sha2::{Digest, Sha256};

use crate::error::AppError;

/// Lets pass what is still at the version that was `seen`.
pub(crate) fn fresh(what: &'static str, version: i64, seen: i64) -> Result<(), AppError> {
    if version == seen { Ok(()) } else { Err(AppError::Stale { what, version }) }
}

/// The version after `seen`, when what was asked of the database was `done` at that one: else somebody else was faster.
pub(crate) fn after(what: &'static str, seen: i64, done: bool) -> Result<i64, AppError> {
    let version = seen + 1;
    if done { Ok(version) } else { Err(AppError::Stale { what, version }) }
}

/// A version made of what something says, for what counts no changes: the same words are the same version. Never negative.
pub(crate) fn of_words(words: &[&str]) -> i64 {
    let mut digest = Sha256::new();
    for word in words {
        digest.update(word.len().to_be_bytes());
        digest.update(word);
    }
    let bytes = digest.finalize();
    bytes.iter().take(8).fold(0_i64, |number, byte| (number << 8) | i64::from(*byte)) & i64::MAX
}

#[cfg(test)]
mod tests {
    use super::of_words;

    #[test]
    fn words_make_one_version_and_others_another() {
        assert_eq!(of_words(&["Ines", "admin"]), of_words(&["Ines", "admin"]));
        let all = [&["Ines", "admin"][..], &["Inesa", "dmin"], &["Ines"], &[]].map(of_words);
        assert!(all.iter().all(|one| *one >= 0));
        for (index, one) in all.iter().enumerate() {
            assert!(all.iter().skip(index + 1).all(|other| other != one), "{all:?}");
        }
    }
}
