//! Ids and secrets that count up.

use std::sync::atomic::{AtomicU64, Ordering};

use gangway_app::identity::SecretSource;
use gangway_domain::ids::IdSource;
use uuid::Uuid;

/// Ids in order, the same in every run.
#[derive(Debug, Default)]
pub struct CountedIds(AtomicU64);

impl IdSource for CountedIds {
    fn fresh(&self) -> Uuid {
        let number = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        // Version 7, variant 1, so that it is a UUID like any other.
        Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | u128::from(number))
    }
}

/// Secrets in order, the same in every run: everybody could guess them.
#[derive(Debug, Default)]
pub struct CountedSecrets(AtomicU64);

impl SecretSource for CountedSecrets {
    fn bytes(&self) -> [u8; 32] {
        let mut bytes = [7; 32];
        bytes[24..].copy_from_slice(&self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        bytes
    }
}
