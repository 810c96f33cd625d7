//! Talking to the identity provider: its description, its keys, a code for a token, who somebody is.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use reqwest::{Client, RequestBuilder, Url, redirect};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

use super::keys::KeySet;
use super::{Settings, is_safe};
use crate::tls;

/// How long the provider may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How long its description and keys are kept.
const KEPT: SignedDuration = SignedDuration::from_hours(1);

/// A key nobody knows makes Gangway ask for new keys, but not more often than this.
const ASKED_AGAIN: SignedDuration = SignedDuration::from_secs(30);

/// Largest answer that is read, bytes.
const LARGEST: usize = 1 << 20;

/// What is wrong with the provider. The text is for the log and for `gangway doctor`.
#[derive(Debug, Error)]
pub enum ProviderError {
    /// It cannot be reached, or broke off.
    #[error("{0} cannot be reached: {1}")]
    Unreachable(String, &'static str),
    /// It refused.
    #[error("{0} answered {1}{2}")]
    Status(String, u16, String),
    /// It said something else than it must.
    #[error("{0} did not answer as it must: {1}")]
    Answer(String, String),
    /// It is another one than was configured.
    #[error("it calls itself `{0}`: write exactly that as oidc.issuer")]
    Issuer(String),
    /// An address it gave is not encrypted.
    #[error("its {0} does not begin with https://")]
    Insecure(&'static str),
    /// This machine's certificates cannot be read.
    #[error("no connection can be made at all: {0}")]
    Client(String),
}

/// What a provider says of itself (OpenID Connect Discovery 1.0).
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Description {
    issuer: String,
    pub authorization_endpoint: String,
    token_endpoint: String,
    userinfo_endpoint: Option<String>,
    jwks_uri: String,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
}

/// What is known of the provider, and since when.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub description: Description,
    pub keys: KeySet,
    /// What asked for them and asks for the rest: making one reads the certificates of this machine.
    client: Client,
    at: Timestamp,
}

/// What a code was exchanged for.
#[derive(Debug, Deserialize)]
pub(super) struct Tokens {
    pub id_token: String,
    pub access_token: String,
}

/// Asks the provider; remembers what changes rarely.
#[derive(Debug, Default)]
pub(super) struct Line {
    known: Mutex<Option<Arc<Known>>>,
}

impl Line {
    /// The provider's description and keys.
    pub(super) async fn known(
        &self,
        settings: &Settings,
        now: Timestamp,
    ) -> Result<Arc<Known>, ProviderError> {
        match self.remembered() {
            Some(known) if (SignedDuration::ZERO..KEPT).contains(&now.duration_since(known.at)) => Ok(known),
            _ => self.ask(settings, now).await,
        }
    }

    /// The same with new keys: providers change theirs. Those remembered when they are nearly new.
    pub(super) async fn known_anew(
        &self,
        settings: &Settings,
        now: Timestamp,
    ) -> Result<Arc<Known>, ProviderError> {
        match self.remembered() {
            Some(known) if (SignedDuration::ZERO..ASKED_AGAIN).contains(&now.duration_since(known.at)) => {
                Ok(known)
            }
            _ => self.ask(settings, now).await,
        }
    }

    fn remembered(&self) -> Option<Arc<Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn ask(&self, settings: &Settings, now: Timestamp) -> Result<Arc<Known>, ProviderError> {
        let client = client()?;
        let address = format!("{}/.well-known/openid-configuration", settings.issuer.trim_end_matches('/'));
        let description: Description = read(client.get(&address), "its description").await?;
        if description.issuer != settings.issuer {
            return Err(ProviderError::Issuer(description.issuer));
        }
        for (what, address) in [
            ("authorization_endpoint", Some(&description.authorization_endpoint)),
            ("token_endpoint", Some(&description.token_endpoint)),
            ("userinfo_endpoint", description.userinfo_endpoint.as_ref()),
            ("jwks_uri", Some(&description.jwks_uri)),
        ] {
            if address.is_some_and(|address| !is_safe(address)) {
                return Err(ProviderError::Insecure(what));
            }
        }
        let keys = read(client.get(&description.jwks_uri), "its keys").await?;
        let known = Arc::new(Known { description, keys, client, at: now });
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(known.clone());
        Ok(known)
    }
}

impl Known {
    /// Exchanges a code (RFC 6749, 4.1.3, with the verifier of RFC 7636).
    pub(super) async fn exchange(
        &self,
        settings: &Settings,
        back_to: &str,
        code: &str,
        verifier: &str,
    ) -> Result<Tokens, ProviderError> {
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", back_to),
            ("code_verifier", verifier),
        ];
        let request = self.client.post(&self.description.token_endpoint);
        let methods = &self.description.token_endpoint_auth_methods_supported;
        // Basic is what a provider that says nothing takes (Discovery 1.0, 3).
        let basic = methods.is_empty() || methods.iter().any(|method| method == "client_secret_basic");
        let request = match &settings.client_secret {
            Some(secret) if basic => {
                // Each half encoded as in a form (RFC 6749, 2.3.1).
                let pair = format!("{}:{}", encoded(&settings.client_id), encoded(secret));
                request.header("authorization", format!("Basic {}", STANDARD.encode(pair)))
            }
            Some(secret) => {
                fields.extend([("client_id", settings.client_id.as_str()), ("client_secret", secret)]);
                request
            }
            None => {
                fields.push(("client_id", &settings.client_id));
                request
            }
        };
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(form(&fields));
        read(request, "a token for its code").await
    }

    /// What the provider says of whoever the access token belongs to; none when it does not offer that.
    pub(super) async fn about<T: DeserializeOwned>(
        &self,
        access_token: &str,
    ) -> Result<Option<T>, ProviderError> {
        let Some(address) = &self.description.userinfo_endpoint else { return Ok(None) };
        let request = self.client.get(address).bearer_auth(access_token);
        read(request, "who somebody is").await.map(Some)
    }
}

/// Without redirects: they could lead anywhere, with the secret.
///
/// Not the client of [`crate::outbound`]: that one asks where people of a workspace tell it to, and so must not reach the
/// network Gangway stands in. The provider is named by whoever runs Gangway, and is often in just that network or
/// behind the proxy of the environment.
fn client() -> Result<Client, ProviderError> {
    tls::prepare();
    Client::builder()
        .user_agent(concat!("Gangway/", env!("CARGO_PKG_VERSION")))
        .timeout(TIMEOUT)
        .redirect(redirect::Policy::none())
        // People sign in now and then: a connection that was kept would mostly be one the provider has left.
        .pool_max_idle_per_host(0)
        .build()
        .map_err(|error| ProviderError::Client(error.to_string()))
}

/// Fields as a form sends them.
fn form(fields: &[(&str, &str)]) -> String {
    let Ok(mut url) = Url::parse("form:") else { return String::new() };
    url.query_pairs_mut().extend_pairs(fields);
    url.query().unwrap_or_default().to_owned()
}

/// One value as a form sends it.
fn encoded(value: &str) -> String {
    form(&[("", value)]).trim_start_matches('=').to_owned()
}

async fn read<T: DeserializeOwned>(request: RequestBuilder, what: &'static str) -> Result<T, ProviderError> {
    let mut response = request.header("accept", "application/json").send().await.map_err(|error| {
        let why = if error.is_timeout() {
            "it took longer than 10 seconds"
        } else if error.is_connect() {
            "the name is unknown, nothing listens there, or its certificate is not accepted"
        } else {
            "the connection broke"
        };
        ProviderError::Unreachable(what.to_owned(), why)
    })?;
    let status = response.status();
    let mut body = Vec::new();
    let broken = |_| ProviderError::Unreachable(what.to_owned(), "the connection broke");
    while let Some(piece) = response.chunk().await.map_err(broken)? {
        if body.len() + piece.len() > LARGEST {
            return Err(ProviderError::Answer(what.to_owned(), "it is too long".to_owned()));
        }
        body.extend_from_slice(&piece);
    }
    if !status.is_success() {
        return Err(ProviderError::Status(what.to_owned(), status.as_u16(), error_word(&body)));
    }
    serde_json::from_slice(&body).map_err(|error| ProviderError::Answer(what.to_owned(), error.to_string()))
}

/// The code of an error (RFC 6749, 5.2), such as `invalid_client`: words, never what was sent.
fn error_word(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Refusal {
        error: String,
    }
    let word = serde_json::from_slice::<Refusal>(body).map(|refusal| refusal.error).unwrap_or_default();
    let plain =
        !word.is_empty() && word.len() <= 60 && word.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    if plain { format!(" ({word})") } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_encoded_as_in_a_form() {
        assert_eq!(form(&[("a", "b c&d=é"), ("e", "")]), "a=b+c%26d%3D%C3%A9&e=");
        assert_eq!(encoded("=a:b c"), "%3Da%3Ab+c");
    }

    #[test]
    fn only_the_code_of_an_error_is_told() {
        assert_eq!(
            error_word(br#"{"error":"invalid_client","error_description":"secret x"}"#),
            " (invalid_client)"
        );
        for other in [&b"<html>"[..], br#"{"error":"<script>"}"#, b"{}", br#"{"error":""}"#] {
            assert_eq!(error_word(other), "");
        }
    }
}
