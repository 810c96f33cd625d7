//! Keeps secrets that must be read again, such as those webhooks are signed with, sealed in the database.
//!
//! ChaCha20-Poly1305 with a key of the installation that is not in the database: a stolen copy of the
//! database signs nothing. What is sealed is bound to its place, so that nobody can move it to another row.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use thiserror::Error;

use crate::error::AppError;
use crate::identity::SecretSource;

/// Length of the key, bytes.
const KEY_LEN: usize = 32;

/// The key is not 64 hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the installation's key must be 64 hex digits")]
pub struct InvalidKey;

/// Seals and opens.
pub struct Vault(LessSafeKey);

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(…)")
    }
}

impl Vault {
    /// With the installation's key: 64 hex digits.
    ///
    /// # Errors
    /// [`InvalidKey`] when it is something else.
    pub fn new(hex: &str) -> Result<Self, InvalidKey> {
        let hex = hex.trim();
        if hex.len() != 2 * KEY_LEN || !hex.is_ascii() {
            return Err(InvalidKey);
        }
        let byte = |at: usize| u8::from_str_radix(hex.get(at..at + 2).unwrap_or_default(), 16);
        let key: Result<Vec<u8>, _> = (0..KEY_LEN).map(|index| byte(2 * index)).collect();
        let key =
            UnboundKey::new(&CHACHA20_POLY1305, &key.map_err(|_| InvalidKey)?).map_err(|_| InvalidKey)?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// Seals a secret for its place, e.g. the id of its row.
    ///
    /// # Errors
    /// [`AppError::Crashed`] when it is too long to be sealed.
    pub fn seal(&self, random: &dyn SecretSource, place: &str, secret: &[u8]) -> Result<String, AppError> {
        let random = random.bytes();
        let nonce: [u8; NONCE_LEN] = *random.first_chunk().ok_or(AppError::Crashed)?;
        let mut sealed = secret.to_vec();
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place), &mut sealed)
            .map_err(|_| AppError::Crashed)?;
        Ok(STANDARD.encode([&nonce[..], &sealed[..]].concat()))
    }

    /// Opens what was sealed for this place; none when the key is another or somebody has changed it.
    #[must_use]
    pub fn open(&self, place: &str, sealed: &str) -> Option<Vec<u8>> {
        let bytes = STANDARD.decode(sealed).ok()?;
        let (nonce, rest) = bytes.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut rest = rest.to_vec();
        let opened = self.0.open_in_place(nonce, Aad::from(place), &mut rest).ok()?;
        Some(opened.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::SystemSecrets;

    const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    #[test]
    fn what_is_sealed_opens_with_its_key_at_its_place_only() {
        let vault = Vault::new(KEY).unwrap();
        let sealed = vault.seal(&SystemSecrets, "whk_1", b"a secret").unwrap();
        assert!(!sealed.contains("a secret"));
        assert_eq!(vault.open("whk_1", &sealed).as_deref(), Some(&b"a secret"[..]));
        assert_eq!(vault.open("whk_2", &sealed), None, "moved to another row");
        let other = Vault::new(&KEY.replace('1', "2")).unwrap();
        assert_eq!(other.open("whk_1", &sealed), None, "another key");
        let mut bytes = STANDARD.decode(&sealed).unwrap();
        bytes[NONCE_LEN] ^= 1;
        assert_eq!(vault.open("whk_1", &STANDARD.encode(bytes)), None, "changed");
        for short in ["", "AAAA", "not base64!"] {
            assert_eq!(vault.open("whk_1", short), None);
        }
        let again = vault.seal(&SystemSecrets, "whk_1", b"a secret").unwrap();
        assert_ne!(sealed, again, "the same secret looks different each time");
    }

    #[test]
    fn a_key_is_64_hex_digits() {
        for wrong in ["", "00", &KEY[1..], &KEY.replace('0', "g"), &"é".repeat(32)] {
            assert_eq!(Vault::new(wrong).err(), Some(InvalidKey), "{wrong}");
        }
    }
}
