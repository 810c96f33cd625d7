//! What an ID token says, once it can be believed (OpenID Connect Core 1.0, 3.1.3.7).

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use thiserror::Error;

use super::keys::{Algorithm, KeySet, bytes};

/// Largest token that is read, bytes.
const LARGEST: usize = 64 * 1024;

/// How far two clocks may be apart, seconds.
const LEEWAY: i64 = 60;

/// Longest subject; the standard allows 255 characters of ASCII.
const LONGEST_SUBJECT: usize = 255;

/// Why a token is not believed. The text is for the log.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(super) enum TokenError {
    #[error("it is no signed token")]
    Unreadable,
    #[error("it is signed with `{0}`, which is not accepted")]
    Algorithm(String),
    #[error("it needs something Gangway does not know (`crit`)")]
    Critical,
    #[error("it is signed with a key that is not published")]
    UnknownKey,
    #[error("its signature is wrong")]
    Signature,
    #[error("it was issued by `{0}`")]
    Issuer(String),
    #[error("it is meant for somebody else")]
    Audience,
    #[error("it has ended, or begins later")]
    Time,
    #[error("it answers another request (nonce)")]
    Nonce,
    #[error("its subject cannot be used")]
    Subject,
}

/// What a token must say.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected<'a> {
    pub issuer: &'a str,
    pub client: &'a str,
    pub nonce: &'a str,
    pub now: Timestamp,
}

/// A token that was taken apart, and not believed yet.
#[derive(Debug, Clone)]
pub(super) struct Token {
    algorithm: Algorithm,
    kid: Option<String>,
    message: String,
    claims: Vec<u8>,
    signature: Vec<u8>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<serde_json::Value>,
}

/// What Gangway wants to know of somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub(super) struct Claims {
    /// Who they are at the provider, for ever.
    pub sub: String,
    /// Mail address.
    pub email: Option<String>,
    /// The provider has made sure that the address is theirs.
    #[serde(default, deserialize_with = "truth")]
    pub email_verified: Option<bool>,
    /// Name.
    pub name: Option<String>,
}

/// What is checked beside the signature.
#[derive(Deserialize)]
struct Conditions {
    iss: String,
    aud: Audience,
    azp: Option<String>,
    exp: f64,
    iat: f64,
    nbf: Option<f64>,
    nonce: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// Some providers write `"true"` for `true`.
fn truth<'de, D: Deserializer<'de>>(value: D) -> Result<Option<bool>, D::Error> {
    Ok(match serde_json::Value::deserialize(value)? {
        serde_json::Value::Bool(truth) => Some(truth),
        serde_json::Value::String(word) => Some(word == "true"),
        _ => None,
    })
}

impl Token {
    /// Takes a token apart.
    pub(super) fn read(text: &str) -> Result<Self, TokenError> {
        let mut parts = text.split('.');
        let (Some(head), Some(claims), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(TokenError::Unreadable);
        };
        if text.len() > LARGEST {
            return Err(TokenError::Unreadable);
        }
        let decoded = |part| bytes(part).ok_or(TokenError::Unreadable);
        let header: Header = serde_json::from_slice(&decoded(head)?).map_err(|_| TokenError::Unreadable)?;
        let Header { alg, kid, crit } = header;
        let algorithm = Algorithm::named(&alg).ok_or_else(|| {
            TokenError::Algorithm(alg.chars().filter(|c| !c.is_control()).take(20).collect())
        })?;
        if crit.is_some() {
            return Err(TokenError::Critical);
        }
        Ok(Self {
            algorithm,
            kid,
            message: format!("{head}.{claims}"),
            claims: decoded(claims)?,
            signature: decoded(signature)?,
        })
    }

    /// The name of the key it is signed with.
    pub(super) fn key(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// What it says, if one of these keys signed it and it says what it must.
    pub(super) fn believe(self, keys: &KeySet, expected: Expected<'_>) -> Result<Claims, TokenError> {
        if !keys.has(self.key()) {
            return Err(TokenError::UnknownKey);
        }
        if !keys.signed(self.algorithm, self.key(), self.message.as_bytes(), &self.signature) {
            return Err(TokenError::Signature);
        }
        let conditions: Conditions =
            serde_json::from_slice(&self.claims).map_err(|_| TokenError::Unreadable)?;
        conditions.hold(expected)?;
        let claims: Claims = serde_json::from_slice(&self.claims).map_err(|_| TokenError::Unreadable)?;
        if claims.sub.is_empty()
            || claims.sub.len() > LONGEST_SUBJECT
            || claims.sub.chars().any(char::is_control)
        {
            return Err(TokenError::Subject);
        }
        Ok(claims)
    }
}

impl Conditions {
    fn hold(&self, expected: Expected<'_>) -> Result<(), TokenError> {
        let Expected { issuer, client, nonce, now } = expected;
        if self.iss != issuer {
            return Err(TokenError::Issuer(self.iss.chars().filter(|c| !c.is_control()).take(200).collect()));
        }
        let (meant, several) = match &self.aud {
            Audience::One(one) => (one == client, false),
            Audience::Several(list) => (list.iter().any(|one| one == client), list.len() > 1),
        };
        // One that is meant for several must say for whom it was asked.
        let party = match &self.azp {
            Some(party) => party == client,
            None => !several,
        };
        if !meant || !party {
            return Err(TokenError::Audience);
        }
        #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are exact in a float for ages")]
        let (now, leeway) = (now.as_second() as f64, LEEWAY as f64);
        let begun = self.iat <= now + leeway && self.nbf.is_none_or(|begin| begin <= now + leeway);
        if !begun || !self.exp.is_finite() || self.exp <= now - leeway {
            return Err(TokenError::Time);
        }
        if self.nonce.as_deref() != Some(nonce) {
            return Err(TokenError::Nonce);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whatever_is_sent_is_read_or_refused(text in any::<String>(), alg in "[A-Za-z0-9]{0,8}") {
            prop_assert!(Token::read(&text).is_err());
            let head = serde_json::json!({ "alg": alg }).to_string();
            let head = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, head);
            let read = Token::read(&format!("{head}.{head}.{head}"));
            prop_assert_eq!(read.is_ok(), Algorithm::named(&alg).is_some());
        }
    }
}
