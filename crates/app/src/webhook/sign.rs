//! Signatures by the Standard Webhooks specification: HMAC-SHA256 over `id.timestamp.body`.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;

use crate::identity::SecretSource;

/// What a secret begins with, so that people and secret scanners recognise one.
const PREFIX: &str = "whsec_";

/// Bytes of a fresh secret; the specification asks for 24 to 64.
const FRESH: usize = 32;

/// What both sides know and nobody else.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningSecret(Vec<u8>);

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSecret(…)")
    }
}

impl SigningSecret {
    /// A fresh one.
    pub fn fresh(source: &dyn SecretSource) -> Self {
        let bytes: [u8; FRESH] = source.bytes();
        Self(bytes.to_vec())
    }

    /// From its bytes.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// Its bytes, to be sealed.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// `whsec_…`, for its holder.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(&self.0))
    }

    /// The signature of a message: `v1,…`. `at` counts seconds since 1970.
    #[must_use]
    pub fn sign(&self, id: &str, at: i64, body: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        let tag = hmac::sign(&key, format!("{id}.{at}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(tag))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector that the specification's reference libraries are tested with.
    #[test]
    fn signs_as_the_reference_libraries_do() {
        let bytes = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let secret = SigningSecret::from_bytes(bytes);
        assert_eq!(secret.reveal(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let signature = secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn another_message_has_another_signature() {
        let secret = SigningSecret::from_bytes(b"Jefe".to_vec());
        let one = secret.sign("a", 1, "b");
        assert_ne!(one, secret.sign("a", 2, "b"));
        assert_ne!(one, secret.sign("a", 1, "c"));
        assert_ne!(one, SigningSecret::from_bytes(b"jefe".to_vec()).sign("a", 1, "b"));
    }
}
