//! Passwords: what may be one, and how it is kept.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use super::SecretSource;
use crate::error::{AppError, Problem};

/// Shortest password. Length is what protects: NIST SP 800-63B asks for no rules about kinds of characters.
const SHORTEST: usize = 12;

/// Longest, so that hashing has a bound.
const LONGEST: usize = 512;

/// Hashing takes 19 MiB and some ten milliseconds of a core each (OWASP's parameters for Argon2id,
/// the crate's defaults): two at a time, so that a flood of sign-ins cannot exhaust the machine.
static HASHING: Semaphore = Semaphore::const_new(2);

/// A hash no password has, with today's parameters: whoever has no account waits as long as whoever has.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5aXNoZXJlISEh$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Checks a new password.
pub(super) fn check(field: &'static str, password: &str, email: &str, problems: &mut Vec<Problem>) {
    let length = password.chars().count();
    let lower = password.to_lowercase();
    let local = email.split('@').next().unwrap_or_default().to_lowercase();
    let distinct: std::collections::BTreeSet<char> = lower.chars().collect();
    if length < SHORTEST {
        problems.push(Problem::new(field, "needs at least 12 characters; a few words in a row are fine"));
    } else if password.len() > LONGEST {
        problems.push(Problem::new(field, "is longer than 512 bytes"));
    } else if lower == email.to_lowercase()
        || (local.len() >= 4 && lower.replace(&local, "").chars().count() < 6)
    {
        problems.push(Problem::new(field, "is too much like the mail address"));
    } else if distinct.len() < 5 {
        problems.push(Problem::new(field, "repeats too few different characters"));
    }
}

/// Hashes a password, off the threads that answer requests.
pub(super) async fn hash(source: &dyn SecretSource, password: &str) -> Result<String, AppError> {
    let salt = source.bytes();
    let password = password.to_owned();
    calculate(move || {
        let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt[..16]);
        hash.map(|hash| hash.to_string()).map_err(|_| AppError::Crashed)
    })
    .await?
}

/// Whether the password is the one that was hashed. Without a hash the answer is no, as slowly.
pub(super) async fn verify(hash: Option<String>, password: &str) -> Result<bool, AppError> {
    if password.len() > LONGEST {
        return Ok(false);
    }
    let password = password.to_owned();
    calculate(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let fits = PasswordHash::new(&hash)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
        fits && known
    })
    .await
}

async fn calculate<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, AppError> {
    let _slot = HASHING.acquire().await.map_err(|_| AppError::Crashed)?;
    tokio::task::spawn_blocking(work).await.map_err(|_| AppError::Crashed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::SystemSecrets;

    #[tokio::test]
    async fn a_hash_knows_its_password_and_no_other() {
        let hash = hash(&SystemSecrets, "correct horse battery").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify(Some(hash.clone()), "correct horse battery").await.unwrap());
        assert!(!verify(Some(hash), "correct horse batterY").await.unwrap());
        assert!(!verify(None, "correct horse battery").await.unwrap());
        assert!(
            PasswordHash::new(NOBODY).is_ok(),
            "the stand-in is well-formed, so it costs what a real one costs"
        );
    }

    #[test]
    fn what_may_be_a_password() {
        for (good, password) in [
            (true, "correct horse battery"),
            (true, "Größe zählt hier"),
            (false, "short"),
            (false, "ines@example.com"),
            (false, "ines.okafor123"),
            (false, "aaaaaaaaaaaaaa"),
            (false, "ababababababab"),
        ] {
            let mut problems = Vec::new();
            let email =
                if password.starts_with("ines.") { "ines.okafor@example.com" } else { "ines@example.com" };
            check("password", password, email, &mut problems);
            assert_eq!(problems.is_empty(), good, "{password}");
        }
    }
}
