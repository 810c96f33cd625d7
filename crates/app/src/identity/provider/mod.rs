//! Signing in through a company's identity provider: OpenID Connect, authorisation code with PKCE.
//!
//! The whole way hangs on one secret in a sealed cookie of the browser that began it: state, nonce and PKCE verifier
//! are made of it, so that an answer fits this browser, this request and this provider, or nothing.

mod client;
mod flow;
mod keys;
mod refusal;
mod token;

use gangway_domain::ids::WorkspaceId;
use gangway_domain::permission::Role;
use reqwest::Url;
use thiserror::Error;

pub use client::ProviderError;
pub use flow::{Answer, Arrived, Departure, VALID, arrive, depart};
pub use refusal::Refusal;

use crate::App;
use crate::boxed;

/// How people get in.
#[derive(Debug)]
pub struct Ways {
    /// The company's identity provider.
    pub provider: Option<Provider>,
    /// With mail address and password.
    pub passwords: bool,
}

impl Default for Ways {
    /// With passwords only.
    fn default() -> Self {
        Self { provider: None, passwords: true }
    }
}

impl Ways {
    /// Through this provider, and with passwords if they are wanted too.
    #[must_use]
    pub fn through(settings: Settings, passwords: bool) -> Self {
        Self { provider: Some(Provider { settings, line: client::Line::default() }), passwords }
    }

    /// Lets pass where passwords are a way in.
    pub(super) fn passwords_work(&self) -> Result<(), Refusal> {
        let name = self.provider_name().unwrap_or_default();
        if self.passwords { Ok(()) } else { Err(Refusal::PasswordsOff(name.to_owned())) }
    }

    /// What the provider is called, if there is one.
    #[must_use]
    pub fn provider_name(&self) -> Option<&str> {
        self.provider.as_ref().map(|provider| provider.settings.name.as_str())
    }
}

/// What an admin says of the identity provider.
#[derive(Clone)]
pub struct Settings {
    /// Its issuer, such as `https://login.example.com/realms/staff`.
    pub issuer: String,
    /// What Gangway is called there.
    pub client_id: String,
    /// The secret of that; none for a public client.
    pub client_secret: Option<String>,
    /// What people call it: "Continue with …".
    pub name: String,
    /// What to ask for beside `openid`.
    pub scopes: Vec<String>,
    /// What becomes of somebody nobody here knows.
    pub create: Option<Newcomers>,
    /// Mail domains of those who are found or let in by their address; empty for all.
    pub allowed_domains: Vec<String>,
    /// Addresses are right although the provider does not say that it has verified them.
    pub trust_email: bool,
}

/// What somebody nobody here knows becomes, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Newcomers {
    /// As what.
    pub role: Role,
    /// Where to.
    pub workspace: WorkspaceId,
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// Something said of the provider cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("oidc.{key} {problem}")]
pub struct InvalidSettings {
    /// Which key of the configuration.
    pub key: &'static str,
    /// The rest of the sentence.
    pub problem: &'static str,
}

impl Settings {
    /// Checks what can be checked without asking the provider.
    ///
    /// # Errors
    /// The first thing that cannot be used.
    pub fn check(&self) -> Result<(), InvalidSettings> {
        let wrong = |key, problem| Err(InvalidSettings { key, problem });
        let plain = |text: &str| !text.trim().is_empty() && !text.chars().any(char::is_control);
        if !is_safe(&self.issuer) || self.issuer.contains(['?', '#']) {
            return wrong("issuer", "must be an address that begins with https://");
        }
        if !plain(&self.client_id) {
            return wrong("client_id", "is missing");
        }
        if self.client_secret.as_deref().is_some_and(|secret| !plain(secret)) {
            return wrong("client_secret", "is empty");
        }
        if !plain(&self.name) || self.name.chars().count() > 60 {
            return wrong("name", "must have 1 to 60 characters");
        }
        if self.scopes.iter().any(|scope| scope.is_empty() || scope.contains(|c: char| !c.is_ascii_graphic()))
        {
            return wrong("scopes", "must be words without spaces");
        }
        if self.allowed_domains.iter().any(|domain| domain.is_empty() || domain.contains(['@', ' ', '/'])) {
            return wrong("allowed_domains", "must be domains such as example.com");
        }
        // Otherwise whoever has an account at a public provider would be let in.
        if self.create.is_some() && self.allowed_domains.is_empty() {
            return wrong("create", "needs allowed_domains: whom to let in without an invitation");
        }
        Ok(())
    }

    /// Whether this mail address is of a domain people are found and let in by.
    fn allows(&self, email: &str) -> bool {
        let domain = email.rsplit_once('@').map_or("", |(_, domain)| domain);
        self.allowed_domains.is_empty()
            || self.allowed_domains.iter().any(|allowed| allowed.eq_ignore_ascii_case(domain))
    }
}

/// An address nobody on the way can read or change: encrypted, or of this machine.
fn is_safe(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| match url.scheme() {
        "https" => url.host_str().is_some(),
        "http" => matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]")),
        _ => false,
    })
}

/// The company's identity provider.
#[derive(Debug)]
pub struct Provider {
    /// What an admin says of it.
    pub settings: Settings,
    line: client::Line,
}

impl Provider {
    /// Asks it for its description and keys.
    ///
    /// # Errors
    /// What is wrong with it.
    #[boxed]
    pub async fn check(&self, now: jiff::Timestamp) -> Result<(), ProviderError> {
        self.line.known_anew(&self.settings, now).await.map(|_| ())
    }
}

/// Where the provider sends people back to; this must be registered there.
#[must_use]
pub fn callback(app: &App) -> String {
    app.link(CALLBACK)
}

/// The path of it.
pub const CALLBACK: &str = "/sign-in/callback";

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings {
            issuer: "https://login.example.com/staff".to_owned(),
            client_id: "gangway".to_owned(),
            client_secret: None,
            name: "Example ID".to_owned(),
            scopes: vec!["email".to_owned()],
            create: None,
            allowed_domains: Vec::new(),
            trust_email: false,
        }
    }

    #[test]
    fn what_can_be_wrong_is_told_before_anybody_signs_in() {
        assert_eq!(settings().check(), Ok(()));
        let newcomers = Newcomers { role: Role::Viewer, workspace: crate::workspace::default_id() };
        let text = |text: &str| text.to_owned();
        for (key, wrong) in [
            ("issuer", Settings { issuer: text("http://login.example.com"), ..settings() }),
            ("issuer", Settings { issuer: text("login.example.com"), ..settings() }),
            ("issuer", Settings { issuer: text("https://login.example.com/?a=b"), ..settings() }),
            ("client_id", Settings { client_id: text(" "), ..settings() }),
            ("client_secret", Settings { client_secret: Some(text("")), ..settings() }),
            ("name", Settings { name: text(""), ..settings() }),
            ("scopes", Settings { scopes: vec![text("email profile")], ..settings() }),
            ("allowed_domains", Settings { allowed_domains: vec![text("@example.com")], ..settings() }),
            ("create", Settings { create: Some(newcomers), ..settings() }),
        ] {
            assert_eq!(wrong.check().unwrap_err().key, key);
        }
        assert!(is_safe("http://127.0.0.1:9000/x") && !is_safe("http://127.0.0.1.evil.example"));
    }

    #[test]
    fn domains_are_whole() {
        let settings = Settings { allowed_domains: vec!["example.com".to_owned()], ..settings() };
        assert!(settings.allows("ines@example.com") && settings.allows("ines@EXAMPLE.com"));
        for other in ["ines@evil-example.com", "ines@example.com.evil.test", "ines@sub.example.com", "ines"] {
            assert!(!settings.allows(other), "{other}");
        }
    }
}
