//! Requests to other people's servers: only where this installation may reach, never on by a redirect.
//!
//! The identity provider is asked elsewhere (`identity/provider/client.rs`), because whoever runs Gangway names it.

use std::net::IpAddr;
use std::sync::OnceLock;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, RequestBuilder, Url};
use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::tls;
use crate::webhook::{CheckedNames, Private, Reach};

/// How long an answer may take; somebody waits for it.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Longest answer, bytes.
const LARGEST: usize = 8 * 1024 * 1024;

/// Why there is no answer to work with.
#[derive(Debug, Error)]
pub(crate) enum OutboundError {
    /// The address may not be reached.
    #[error(transparent)]
    Private(#[from] Private),
    /// It cannot be asked.
    #[error("{0}")]
    Unreachable(&'static str),
    /// It says no: the status and the beginning of what it says.
    #[error("it answered {0}: {1}")]
    Refused(u16, String),
    /// Its answer is none.
    #[error("its answer cannot be read")]
    Unreadable,
}

/// Asks other people's servers.
pub struct Outbound {
    reach: Reach,
    client: OnceLock<Client>,
}

impl Outbound {
    /// Asks where this reaches.
    #[must_use]
    pub fn new(reach: Reach) -> Self {
        Self { reach, client: OnceLock::new() }
    }

    /// Whether this address may be asked, as far as it says so itself; names are checked when they are looked up.
    pub(crate) fn check(&self, url: &Url) -> Result<(), Private> {
        literal(url).map_or(Ok(()), |address| self.reach.check(address))
    }

    /// What asks; made at the first question, since the certificates of this machine are read for it.
    pub(crate) fn client(&self) -> Result<&Client, OutboundError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let made = guarded(&self.reach).timeout(TIMEOUT).build();
        let made =
            made.map_err(|_| OutboundError::Unreachable("this machine's certificates cannot be read"))?;
        Ok(self.client.get_or_init(|| made))
    }

    /// Sends a request and reads the JSON it is answered with.
    pub(crate) async fn json<T: DeserializeOwned>(
        &self,
        request: RequestBuilder,
    ) -> Result<T, OutboundError> {
        let (client, request) = request.header("accept", "application/json").build_split();
        let request = request.map_err(|_| OutboundError::Unreachable("the address cannot be read"))?;
        self.check(request.url())?;
        let mut answer = client.execute(request).await.map_err(|error| {
            OutboundError::Unreachable(if error.is_timeout() {
                "it took longer than 15 seconds"
            } else if error.is_connect() {
                "its name is unknown, nothing listens there, or its certificate is not accepted"
            } else {
                "the connection broke"
            })
        })?;
        let mut body = Vec::new();
        while let Some(piece) =
            answer.chunk().await.map_err(|_| OutboundError::Unreachable("the connection broke"))?
        {
            if body.len() + piece.len() > LARGEST {
                return Err(OutboundError::Unreadable);
            }
            body.extend_from_slice(&piece);
        }
        if !answer.status().is_success() {
            let said: String = String::from_utf8_lossy(&body).chars().take(300).collect();
            return Err(OutboundError::Refused(answer.status().as_u16(), said));
        }
        serde_json::from_slice(&body).map_err(|_| OutboundError::Unreadable)
    }
}

/// A client that reaches only what may be reached. A redirect could lead anywhere, and a proxy would look names
/// up by itself.
pub(crate) fn guarded(reach: &Reach) -> ClientBuilder {
    tls::prepare();
    Client::builder()
        .user_agent(concat!("Gangway/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .no_proxy()
        .dns_resolver(CheckedNames(reach.clone()))
}

/// An address that is a number: it is not looked up, so that nothing else would check it.
pub(crate) fn literal(url: &Url) -> Option<IpAddr> {
    let host = url.host_str()?;
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}
