//! An identity provider as small as can be: it runs, it signs, and it cheats when it is told to.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use gangway_app::identity::ProviderSettings;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use ring::{hmac, rsa};
use serde_json::{Value, json};

/// The clock of the tests, seconds since 1970: 2027-01-04T09:00:00Z.
const NOW: i64 = 1_799_053_200;

/// Made for these tests; guards nothing.
const RSA: &[u8] = include_bytes!("../fixtures/rsa-for-tests.pk8");

pub const SECRET: &str = "a secret: with / signs";

/// What the provider does otherwise than it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cheat {
    Nothing,
    SignsWithEs256,
    ChangesItsKeys,
    WithoutAddressInTheToken,
    TellsAboutSomebodyElse,
    SeveralAudiences,
    SeveralAudiencesForUs,
    WrongNonce,
    NoNonce,
    WrongAudience,
    OtherParty,
    WrongIssuer,
    Expired,
    NotYet,
    AlgNone,
    SharedSecret,
    WrongKey,
    ChangedClaims,
    NoToken,
    Denies,
    OtherIssuerInTheAnswer,
    Fails,
    CallsItselfOtherwise,
}

/// Who is signed in there.
#[derive(Debug, Clone)]
pub struct User {
    pub sub: &'static str,
    pub email: &'static str,
    /// `email_verified` as it is said; null for not at all.
    pub verified: Value,
    pub name: &'static str,
}

struct Inner {
    user: User,
    cheat: Cheat,
    /// What was asked for, by the code that was given for it.
    codes: BTreeMap<String, BTreeMap<String, String>>,
    given: usize,
    es256: EcdsaKeyPair,
}

/// The provider, running.
#[derive(Clone)]
pub struct Provider {
    pub issuer: String,
    inner: Arc<Mutex<Inner>>,
    server: Arc<tokio::task::JoinHandle<()>>,
}

fn es256() -> EcdsaKeyPair {
    let random = SystemRandom::new();
    let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.as_ref(), &random).unwrap()
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Provider {
    /// Starts on a free port of this machine.
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let user = User {
            sub: "ines-1",
            email: "ines@example.com",
            verified: Value::Bool(true),
            name: "Ines Okafor",
        };
        let inner = Inner { user, cheat: Cheat::Nothing, codes: BTreeMap::new(), given: 0, es256: es256() };
        let inner = Arc::new(Mutex::new(inner));
        let waiting = Arc::new(tokio::spawn(async {}));
        let provider = Self { issuer, inner, server: waiting };
        let app = Router::new()
            .route("/.well-known/openid-configuration", get(describe))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/me", get(me))
            .with_state(provider.clone());
        let server = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { server: Arc::new(server), ..provider }
    }

    /// Stops answering.
    pub fn stop(&self) {
        self.server.abort();
    }

    /// How Gangway is told of it.
    pub fn settings(&self) -> ProviderSettings {
        ProviderSettings {
            issuer: self.issuer.clone(),
            client_id: "gang way".to_owned(),
            client_secret: Some(SECRET.to_owned()),
            name: "Example ID".to_owned(),
            scopes: vec!["email".to_owned(), "profile".to_owned()],
            create: None,
            allowed_domains: Vec::new(),
            trust_email: false,
        }
    }

    pub fn cheat(&self, cheat: Cheat) {
        let mut inner = self.inner.lock().unwrap();
        inner.cheat = cheat;
        if cheat == Cheat::ChangesItsKeys {
            inner.es256 = es256();
        }
    }

    pub fn user(&self, user: User) {
        self.inner.lock().unwrap().user = user;
    }

    /// The person says yes: the path and query the browser is sent back to.
    pub fn say_yes(&self, url: &str) -> String {
        let query = url.strip_prefix(&format!("{}/authorize?", self.issuer)).expect("our own page");
        let uri = format!("/?{query}").parse().unwrap();
        let Query(asked) = Query::<BTreeMap<String, String>>::try_from_uri(&uri).unwrap();
        assert_eq!(asked["response_type"], "code");
        assert_eq!(asked["code_challenge_method"], "S256");
        assert_eq!(asked["client_id"], "gang way");
        assert_eq!(asked["redirect_uri"], "http://gangway.test/sign-in/callback");
        assert_eq!(asked["scope"], "openid email profile");
        assert!(asked["state"].len() >= 43 && asked["nonce"].len() >= 43 && asked["state"] != asked["nonce"]);
        let state = asked["state"].clone();
        let mut inner = self.inner.lock().unwrap();
        if inner.cheat == Cheat::Denies {
            return format!("/sign-in/callback?error=access_denied&error_description=%3Cb%3E&state={state}");
        }
        inner.given += 1;
        let code = format!("code-{}", inner.given);
        inner.codes.insert(code.clone(), asked);
        let issuer =
            if inner.cheat == Cheat::OtherIssuerInTheAnswer { "https://evil.example" } else { &self.issuer };
        format!("/sign-in/callback?code={code}&state={state}&iss={issuer}")
    }

    fn id_token(&self, inner: &Inner, nonce: &str) -> String {
        let User { sub, email, verified, name } = &inner.user;
        let mut claims = json!({
            "iss": self.issuer, "aud": "gang way", "sub": sub, "iat": NOW, "exp": NOW + 300, "nonce": nonce,
            "email": email, "email_verified": verified, "name": name,
        });
        let mut header = json!({ "alg": "RS256", "kid": "rsa", "typ": "JWT" });
        match inner.cheat {
            Cheat::SignsWithEs256 | Cheat::ChangesItsKeys => header = json!({ "alg": "ES256", "kid": "es" }),
            Cheat::WithoutAddressInTheToken | Cheat::TellsAboutSomebodyElse => {
                claims.as_object_mut().unwrap().remove("email");
            }
            Cheat::SeveralAudiences => claims["aud"] = json!(["gang way", "other"]),
            Cheat::SeveralAudiencesForUs => {
                claims["aud"] = json!(["other", "gang way"]);
                claims["azp"] = json!("gang way");
            }
            Cheat::WrongNonce => claims["nonce"] = json!("another"),
            Cheat::NoNonce => {
                claims.as_object_mut().unwrap().remove("nonce");
            }
            Cheat::WrongAudience => claims["aud"] = json!("other"),
            Cheat::OtherParty => claims["azp"] = json!("other"),
            Cheat::WrongIssuer => claims["iss"] = json!("https://evil.example"),
            Cheat::Expired => claims["exp"] = json!(NOW - 61),
            Cheat::NotYet => claims["iat"] = json!(NOW + 61),
            Cheat::AlgNone => header = json!({ "alg": "none" }),
            Cheat::SharedSecret => header = json!({ "alg": "HS256", "kid": "rsa" }),
            _ => {}
        }
        let message = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
        let random = SystemRandom::new();
        let key = RsaKeyPair::from_pkcs8(RSA).unwrap();
        let signature = match (inner.cheat, header["alg"].as_str().unwrap()) {
            (_, "none") => Vec::new(),
            (_, "HS256") => {
                // With the published key as the secret, which everybody knows.
                let secret = hmac::Key::new(hmac::HMAC_SHA256, rsa_parts(&key).n.as_slice());
                hmac::sign(&secret, message.as_bytes()).as_ref().to_vec()
            }
            (_, "ES256") => inner.es256.sign(&random, message.as_bytes()).unwrap().as_ref().to_vec(),
            (Cheat::WrongKey, _) => es256().sign(&random, message.as_bytes()).unwrap().as_ref().to_vec(),
            _ => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, message.as_bytes(), &mut signature).unwrap();
                signature
            }
        };
        if inner.cheat == Cheat::ChangedClaims {
            claims["sub"] = json!("somebody-else");
            return format!(
                "{}.{}.{}",
                encode(header.to_string()),
                encode(claims.to_string()),
                encode(signature)
            );
        }
        format!("{message}.{}", encode(signature))
    }
}

fn rsa_parts(key: &RsaKeyPair) -> rsa::PublicKeyComponents<Vec<u8>> {
    rsa::PublicKeyComponents::from(key.public())
}

async fn describe(State(provider): State<Provider>) -> Json<Value> {
    let issuer = &provider.issuer;
    let otherwise = provider.inner.lock().unwrap().cheat == Cheat::CallsItselfOtherwise;
    Json(json!({
        "issuer": if otherwise { "https://evil.example" } else { issuer },
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/me"),
        "jwks_uri": format!("{issuer}/keys"),
    }))
}

async fn keys(State(provider): State<Provider>) -> Json<Value> {
    let rsa::PublicKeyComponents { n, e } = rsa_parts(&RsaKeyPair::from_pkcs8(RSA).unwrap());
    let inner = provider.inner.lock().unwrap();
    let point = inner.es256.public_key().as_ref();
    Json(json!({ "keys": [
        { "kty": "oct", "kid": "old", "k": "AAAA" },
        { "kty": "RSA", "kid": "rsa", "use": "sig", "alg": "RS256", "n": encode(n), "e": encode(e) },
        { "kty": "EC", "kid": "es", "crv": "P-256", "x": encode(&point[1..33]), "y": encode(&point[33..]) },
    ]}))
}

async fn token(
    State(provider): State<Provider>,
    headers: HeaderMap,
    Form(fields): Form<BTreeMap<String, String>>,
) -> Response {
    let refuse = |error: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response();
    let mut inner = provider.inner.lock().unwrap();
    if inner.cheat == Cheat::Fails {
        return Redirect::to("/elsewhere").into_response();
    }
    // RFC 6749, 2.3.1: both halves are encoded as in a form before they are put together.
    let expected = format!("Basic {}", STANDARD.encode("gang+way:a+secret%3A+with+%2F+signs"));
    if headers.get(header::AUTHORIZATION).is_none_or(|sent| sent.to_str().ok() != Some(&expected)) {
        return refuse("invalid_client");
    }
    let Some(asked) = inner.codes.remove(&fields["code"]) else { return refuse("invalid_grant") };
    let challenge = encode(digest(&SHA256, fields["code_verifier"].as_bytes()));
    if asked["code_challenge"] != challenge
        || asked["redirect_uri"] != fields["redirect_uri"]
        || fields["grant_type"] != "authorization_code"
    {
        return refuse("invalid_grant");
    }
    let mut answer = json!({ "access_token": "at", "token_type": "Bearer", "expires_in": 300 });
    if inner.cheat != Cheat::NoToken {
        answer["id_token"] = json!(provider.id_token(&inner, &asked["nonce"]));
    }
    Json(answer).into_response()
}

async fn me(State(provider): State<Provider>, headers: HeaderMap) -> Response {
    if headers.get(header::AUTHORIZATION).is_none_or(|sent| sent != "Bearer at") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let inner = provider.inner.lock().unwrap();
    let User { sub, email, verified, name } = &inner.user;
    let sub = if inner.cheat == Cheat::TellsAboutSomebodyElse { "somebody-else" } else { sub };
    Json(json!({ "sub": sub, "email": email, "email_verified": verified, "name": name })).into_response()
}
