//! The keys an identity provider signs with (RFC 7517), and checking a signature by one of them (RFC 7518).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    self, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
};
use serde::Deserialize;

/// A set of keys as it is published. A key of a kind Gangway does not know is no reason to refuse the others.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct KeySet {
    keys: Vec<serde_json::Value>,
}

/// A public key: only what checking needs.
#[derive(Debug, Clone, Deserialize)]
struct Key {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

/// How a token is signed. Only with key pairs: `none` and secrets both sides know (HS256) are no algorithms here, so
/// nobody can talk Gangway into them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Algorithm(&'static str);

impl Algorithm {
    const ACCEPTED: [&str; 9] =
        ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"];

    /// By its name in a token's header; none when it is not accepted.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ACCEPTED.into_iter().find(|known| *known == name).map(Self)
    }

    /// For RSA.
    fn parameters(self) -> Option<&'static RsaParameters> {
        Some(match self.0 {
            "RS256" => &signature::RSA_PKCS1_2048_8192_SHA256,
            "RS384" => &signature::RSA_PKCS1_2048_8192_SHA384,
            "RS512" => &signature::RSA_PKCS1_2048_8192_SHA512,
            "PS256" => &signature::RSA_PSS_2048_8192_SHA256,
            "PS384" => &signature::RSA_PSS_2048_8192_SHA384,
            "PS512" => &signature::RSA_PSS_2048_8192_SHA512,
            _ => return None,
        })
    }

    /// For curves: kind of key, its curve, and how a signature is checked.
    fn curve(self) -> Option<(&'static str, &'static str, &'static dyn VerificationAlgorithm)> {
        Some(match self.0 {
            "ES256" => ("EC", "P-256", &signature::ECDSA_P256_SHA256_FIXED),
            "ES384" => ("EC", "P-384", &signature::ECDSA_P384_SHA384_FIXED),
            "EdDSA" => ("OKP", "Ed25519", &signature::ED25519),
            _ => return None,
        })
    }
}

impl KeySet {
    /// Whether a key of this name is among them; any will do for a token that names none.
    pub(super) fn has(&self, kid: Option<&str>) -> bool {
        self.usable().any(|key| kid.is_none() || key.kid.as_deref() == kid)
    }

    /// Whether one of the keys made this signature.
    pub(super) fn signed(
        &self,
        algorithm: Algorithm,
        kid: Option<&str>,
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        let named = |key: &Key| kid.is_none() || key.kid.as_deref() == kid;
        let meant = |key: &Key| key.alg.as_deref().is_none_or(|alg| alg == algorithm.0);
        self.usable()
            .filter(|key| named(key) && meant(key))
            .any(|key| key.verify(algorithm, message, signature).is_some())
    }

    fn usable(&self) -> impl Iterator<Item = Key> {
        let known = self.keys.iter().filter_map(|key| Key::deserialize(key).ok());
        known.filter(|key| key.usage.as_deref().is_none_or(|usage| usage == "sig"))
    }
}

impl Key {
    fn verify(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> Option<()> {
        if let Some(parameters) = algorithm.parameters() {
            let (n, e) = (number(self.n.as_deref()?)?, number(self.e.as_deref()?)?);
            let key = RsaPublicKeyComponents { n: &n, e: &e };
            return key.verify(parameters, message, signature).ok().filter(|()| self.kty == "RSA");
        }
        let (kind, curve, way) = algorithm.curve()?;
        if self.kty != kind || self.crv.as_deref() != Some(curve) {
            return None;
        }
        let x = bytes(self.x.as_deref()?)?;
        let point = match kind {
            // Uncompressed: 4, x, y (SEC 1, 2.3.3).
            "EC" => [&[4][..], &x, &bytes(self.y.as_deref()?)?].concat(),
            _ => x,
        };
        UnparsedPublicKey::new(way, point).verify(message, signature).ok()
    }
}

/// Base64url without padding.
pub(super) fn bytes(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// A number without the zeros some providers begin it with.
fn number(text: &str) -> Option<Vec<u8>> {
    let bytes = bytes(text)?;
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.get(zeros..).map(<[u8]>::to_vec)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(json: &str) -> KeySet {
        serde_json::from_str(json).unwrap()
    }

    /// RFC 7515, appendix A.3: a token signed with ES256, and its key.
    #[test]
    fn the_example_of_the_standard_for_es256() {
        let keys = set(
            r#"{"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}"#,
        );
        let message = b"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let signature =
            bytes("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q")
                .unwrap();
        let es256 = Algorithm::named("ES256").unwrap();
        assert!(keys.signed(es256, None, message, &signature));
        assert!(!keys.signed(es256, Some("other"), message, &signature), "a key of another name");
        assert!(!keys.signed(es256, None, b"changed", &signature));
        for other in ["RS256", "ES384", "EdDSA"] {
            assert!(!keys.signed(Algorithm::named(other).unwrap(), None, message, &signature), "{other}");
        }
    }

    #[test]
    fn keys_that_are_not_for_this_are_passed_over() {
        let keys = set(
            r#"{"keys":[{"kty":"new","crv":7},{"kty":"oct","kid":"s","k":"AAAA"},{"kty":"RSA","use":"enc","kid":"e"},
                {"kty":"RSA","use":"sig","alg":"RS256","kid":"1","n":"AKL4ofsU","e":"AQAB"}]}"#,
        );
        assert!(keys.has(Some("1")) && keys.has(None) && !keys.has(Some("2")) && !keys.has(Some("e")));
        let rs256 = Algorithm::named("RS256").unwrap();
        assert!(!keys.signed(rs256, Some("1"), b"message", &[0; 256]), "a key too short to be trusted");
        assert!(!set(r#"{"keys":[]}"#).has(None));
    }

    #[test]
    fn what_is_no_signature_by_a_key_pair_is_no_algorithm() {
        for name in ["none", "None", "HS256", "HS512", "RS1", "ES256K", "", "rs256"] {
            assert_eq!(Algorithm::named(name), None, "{name}");
        }
    }
}
