//! Encrypted connections to others: mail servers, webhooks.

/// Chooses the one cryptography provider of the process; whoever comes first does it, and doing it again
/// changes nothing.
pub fn prepare() {
    // An error says that one is chosen already.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
