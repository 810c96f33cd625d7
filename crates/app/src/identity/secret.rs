//! Secrets nobody can guess: in cookies, in links, as API tokens.

use std::fmt;

use sha2::{Digest, Sha256};

/// Where secrets come from; injected, so that tests know theirs.
pub trait SecretSource: Send + Sync {
    /// 256 bits.
    fn bytes(&self) -> [u8; 32];
}

/// The operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemSecrets;

impl SecretSource for SystemSecrets {
    fn bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).expect("the operating system has random bytes");
        bytes
    }
}

/// A secret in clear: for whoever is to hold it, and for nobody else. Never stored, never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A fresh one: 64 hex digits.
    pub fn fresh(source: &dyn SecretSource) -> Self {
        Self(hex(&source.bytes()))
    }

    /// One that came back from its holder.
    #[must_use]
    pub fn from_holder(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The text itself.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored of it: SHA-256, hex. The secret has 256 bits, so no salt or slow hash is needed.
    #[must_use]
    pub fn digest(&self) -> String {
        hex(&Sha256::digest(self.0.as_bytes()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
