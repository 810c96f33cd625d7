//! The way to the provider and back, and who somebody is here once it is known who they are there.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gangway_domain::ids::PersonId;
use gangway_store::person::{self, Person, email_key};
use gangway_store::{StoreError, Tx, api_token, membership, session, used_sign_in};
use jiff::SignedDuration;
use reqwest::Url;
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::token::{Claims, Expected, Token, TokenError};
use super::{Newcomers, Provider, ProviderError, Refusal, callback};
use crate::activity::{self, About};
use crate::boxed;
use crate::error::AppError;
use crate::identity::invitation::{self, Joining};
use crate::identity::session::{begin, how};
use crate::identity::{Secret, SignedIn, checked_email, checked_name};
use crate::{Actor, App, Door};

/// How long one may take at the provider.
pub const VALID: SignedDuration = SignedDuration::from_mins(10);

/// What ways are sealed for.
const PLACE: &str = "sign-in";

/// Longest path that is kept for coming back to.
const LONGEST_PATH: usize = 1000;

/// Somebody leaves for the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Departure {
    /// Where the browser goes.
    pub url: String,
    /// What the browser keeps for coming back, in a cookie nobody else can read.
    pub cookie: String,
}

/// What the provider sends somebody back with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// Which way it answers.
    pub state: String,
    /// What a token is given for.
    pub code: String,
    /// Why there is no code.
    pub error: String,
    /// Who answers (RFC 9207); empty when it does not say.
    pub issuer: String,
}

/// Somebody is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// Their session.
    pub signed: SignedIn,
    /// Where they wanted to go: a path, still to be checked by the door.
    pub to: String,
}

/// What the browser keeps: the secret everything is made of, and what to do afterwards.
#[derive(Serialize, Deserialize)]
struct Way {
    secret: String,
    to: String,
    /// The secret of an invitation to take up.
    join: Option<String>,
    /// Until when, seconds since 1970.
    until: i64,
}

impl Way {
    /// Something only this way has; knowing one of them tells nothing about the others.
    fn derived(&self, purpose: &str) -> String {
        Secret::from_holder(&format!("{purpose} {}", self.secret)).digest()
    }

    fn state(&self) -> String {
        self.derived("state")
    }

    fn nonce(&self) -> String {
        self.derived("nonce")
    }

    /// The verifier of RFC 7636: 64 hex digits.
    fn verifier(&self) -> String {
        self.derived("verifier")
    }

    fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest(&SHA256, self.verifier().as_bytes()))
    }
}

/// Begins the way: to `to` afterwards, taking up an invitation on the way if there is one.
///
/// # Errors
/// [`Refusal::NoProvider`], [`Refusal::Unavailable`].
#[boxed]
pub async fn depart(app: &App, to: &str, join: Option<&Secret>) -> Result<Departure, AppError> {
    let provider = provider(app)?;
    let settings = &provider.settings;
    let now = app.clock.now();
    let known = provider.line.known(settings, now).await.map_err(|error| unavailable(provider, &error))?;
    let way = Way {
        secret: Secret::fresh(&*app.secrets).reveal().to_owned(),
        to: if to.len() <= LONGEST_PATH { to.to_owned() } else { "/".to_owned() },
        join: join.map(|secret| secret.reveal().to_owned()),
        until: now.as_second() + VALID.as_secs(),
    };
    let mut url = Url::parse(&known.description.authorization_endpoint)
        .map_err(|_| Refusal::Unavailable(settings.name.clone()))?;
    let scopes = ["openid"].into_iter().chain(settings.scopes.iter().map(String::as_str));
    url.query_pairs_mut().extend_pairs([
        ("response_type", "code"),
        ("client_id", &settings.client_id),
        ("redirect_uri", &callback(app)),
        ("scope", &scopes.collect::<Vec<_>>().join(" ")),
        ("state", &way.state()),
        ("nonce", &way.nonce()),
        ("code_challenge", &way.challenge()),
        ("code_challenge_method", "S256"),
    ]);
    let kept = serde_json::to_vec(&way).map_err(|_| AppError::Crashed)?;
    Ok(Departure { url: url.into(), cookie: app.vault.seal(&*app.secrets, PLACE, &kept)? })
}

/// Comes back from the provider and signs in. `cookie` is what the browser kept, `from` where it is.
///
/// # Errors
/// A [`Refusal`], [`AppError::NoWorkspace`] when the person belongs nowhere any more, [`AppError::LinkEnded`] when
/// the invitation does not hold, [`AppError::TooMany`]; or when the database fails.
#[boxed]
pub async fn arrive(
    app: &App,
    cookie: Option<&str>,
    answer: &Answer,
    agent: &str,
    from: &str,
) -> Result<Arrived, AppError> {
    let provider = provider(app)?;
    let way = opened(app, cookie, answer)?;
    let key = format!("provider from {from}");
    // Only a code can be guessed: people who decline must not keep their whole office out.
    if !answer.code.is_empty() {
        app.attempts.note(&key, app.clock.now())?;
    }
    use_up(app, &way).await?;
    let claims = claims(app, provider, &way, answer).await?;
    let how = how(Some(&provider.settings.name), from);
    let signed = match &way.join {
        Some(secret) => join(app, provider, &Secret::from_holder(secret), &claims, agent, &how).await?,
        None => enter(app, provider, &claims, agent, &how).await?,
    };
    app.attempts.forget(&key);
    Ok(Arrived { signed, to: way.to })
}

fn provider(app: &App) -> Result<&Provider, Refusal> {
    app.ways.provider.as_ref().ok_or(Refusal::NoProvider)
}

fn unavailable(provider: &Provider, error: &ProviderError) -> Refusal {
    tracing::error!(%error, "the identity provider cannot be used");
    Refusal::Unavailable(provider.settings.name.clone())
}

/// The way this browser began, if the answer belongs to it.
fn opened(app: &App, cookie: Option<&str>, answer: &Answer) -> Result<Way, Refusal> {
    let kept = cookie.and_then(|cookie| app.vault.open(PLACE, cookie)).ok_or(Refusal::Ended)?;
    let way: Way = serde_json::from_slice(&kept).map_err(|_| Refusal::Ended)?;
    let same: bool = way.state().as_bytes().ct_eq(answer.state.as_bytes()).into();
    if same && way.until > app.clock.now().as_second() { Ok(way) } else { Err(Refusal::Ended) }
}

/// Whoever comes back twice is turned away before anybody is asked.
async fn use_up(app: &App, way: &Way) -> Result<(), AppError> {
    let until = jiff::Timestamp::from_second(way.until).map_err(|_| Refusal::Ended)?;
    let mut tx = app.db.write().await?;
    let first = used_sign_in::use_up(&mut tx, &way.derived("used"), app.now(), until.into()).await?;
    tx.commit().await?;
    if first { Ok(()) } else { Err(Refusal::Ended.into()) }
}

/// Who somebody is at the provider.
async fn claims(app: &App, provider: &Provider, way: &Way, answer: &Answer) -> Result<Claims, Refusal> {
    let (settings, now) = (&provider.settings, app.clock.now());
    let untrusted = |reason: &str| {
        tracing::error!(reason, "the identity provider's answer is not believed");
        Refusal::Untrusted(settings.name.clone())
    };
    if !answer.issuer.is_empty() && answer.issuer != settings.issuer {
        return Err(untrusted("it comes from another issuer"));
    }
    if !answer.error.is_empty() || answer.code.is_empty() {
        let word: String =
            answer.error.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(60).collect();
        tracing::warn!(error = word, "the identity provider did not sign somebody in");
        let why = match word.as_str() {
            "access_denied" => ": access was denied there",
            "login_required" | "interaction_required" => ": sign in there first",
            _ => "",
        };
        return Err(Refusal::Declined { provider: settings.name.clone(), why });
    }
    let failed = |error: ProviderError| unavailable(provider, &error);
    let mut known = provider.line.known(settings, now).await.map_err(failed)?;
    let tokens = match known.exchange(settings, &callback(app), &answer.code, &way.verifier()).await {
        Err(ProviderError::Status(_, 400, why)) if why.contains("invalid_grant") => {
            return Err(untrusted("it does not take back the code it gave"));
        }
        tokens => tokens.map_err(failed)?,
    };
    let token = Token::read(&tokens.id_token).map_err(|error| untrusted(&error.to_string()))?;
    let expected =
        Expected { issuer: &settings.issuer, client: &settings.client_id, nonce: &way.nonce(), now };
    let believed = match token.clone().believe(&known.keys, expected) {
        // The provider may have changed its keys since they were read.
        Err(TokenError::UnknownKey | TokenError::Signature) => {
            known = provider.line.known_anew(settings, now).await.map_err(failed)?;
            token.believe(&known.keys, expected)
        }
        believed => believed,
    };
    let claims = believed.map_err(|error| untrusted(&error.to_string()))?;
    if claims.email.is_some() {
        return Ok(claims);
    }
    match known.about::<Claims>(&tokens.access_token).await.map_err(failed)? {
        Some(more) if more.sub == claims.sub => Ok(more),
        Some(_) => Err(untrusted("it tells about somebody else")),
        None => Ok(claims),
    }
}

/// Somebody as the provider knows them, as far as it matters here.
struct Newcomer {
    /// Issuer and subject.
    subject: String,
    email: String,
    name: String,
}

fn subject(provider: &Provider, claims: &Claims) -> String {
    format!("{}\n{}", provider.settings.issuer, claims.sub)
}

/// Whoever has proved a mail address.
fn proved(provider: &Provider, claims: &Claims) -> Result<Newcomer, Refusal> {
    let settings = &provider.settings;
    let unverified = || Refusal::Unverified(settings.name.clone());
    let mut problems = Vec::new();
    let email = checked_email("email", claims.email.as_deref().unwrap_or_default(), &mut problems);
    let verified = claims.email_verified.unwrap_or(settings.trust_email);
    if !problems.is_empty() || !verified {
        return Err(unverified());
    }
    let name = checked_name("name", claims.name.as_deref().unwrap_or_default(), &mut problems);
    let local = email.split('@').next().unwrap_or_default().to_owned();
    let name = if problems.is_empty() { name } else { local };
    Ok(Newcomer { subject: subject(provider, claims), email, name })
}

/// Signs in whoever is known: by who they are at the provider, or, the first time, by their mail address.
async fn enter(
    app: &App,
    provider: &Provider,
    claims: &Claims,
    agent: &str,
    how: &str,
) -> Result<SignedIn, AppError> {
    let settings = &provider.settings;
    let mut tx = app.db.write().await?;
    let person = match person::by_subject(&mut tx, &subject(provider, claims)).await? {
        Some(person) => person,
        None => {
            let newcomer = proved(provider, claims)?;
            if !settings.allows(&newcomer.email) {
                return Err(Refusal::Unknown(newcomer.email).into());
            }
            match person::by_email(&mut tx, &newcomer.email).await? {
                Some(person) => linked(app, &mut tx, provider, person, &newcomer, None).await?,
                None => let_in(app, &mut tx, provider, newcomer).await?,
            }
        }
    };
    let signed = begin(app, &mut tx, &person, None, agent, Some(how)).await?;
    tx.commit().await?;
    Ok(signed)
}

/// Ties somebody who is known here to who they are at the provider: from now on that decides, not the address.
/// Password, sessions and tokens of before end: an inviter can set them up for an address that is somebody else's.
/// Their first workspace is told; the one they are about to join when they belong nowhere else.
async fn linked(
    app: &App,
    tx: &mut Tx,
    provider: &Provider,
    person: Person,
    newcomer: &Newcomer,
    joining: Option<&Joining>,
) -> Result<Person, AppError> {
    if person.subject.is_some() {
        return Err(Refusal::Taken(newcomer.email.clone()).into());
    }
    let places = membership::of_person(tx, person.id).await?;
    let first = places.first().map(|place| (place.workspace, place.role));
    let joined = joining.map(|joining| (joining.row.workspace, joining.row.role));
    let (workspace, role) = first.or(joined).ok_or(AppError::NoWorkspace)?;
    person::set_subject(tx, person.id, &newcomer.subject).await?;
    // Nobody had proved until now whose address it is: whoever claimed it before must not stay in.
    session::delete_others(tx, person.id, "").await?;
    api_token::delete_of_person(tx, person.id).await?;
    let actor = Actor::person(person.id, &person.name, role, workspace, Door::Web);
    let summary = format!("{} linked their account to {}", person.name, provider.settings.name);
    activity::audit(app, tx, &actor, "access.linked", summary).await?;
    Ok(person)
}

/// Lets somebody in whom nobody has invited, where that is configured.
async fn let_in(app: &App, tx: &mut Tx, provider: &Provider, newcomer: Newcomer) -> Result<Person, AppError> {
    let Some(Newcomers { role, workspace }) = provider.settings.create else {
        return Err(Refusal::Unknown(newcomer.email).into());
    };
    if gangway_store::workspace::get(tx, workspace).await?.is_none() {
        tracing::error!(%workspace, "oidc.workspace names a workspace there is not");
        return Err(Refusal::Unavailable(provider.settings.name.clone()).into());
    }
    let person = made(app, newcomer);
    match person::insert(tx, &person).await {
        // Somebody with this address came in at the same moment: begun again, they are found.
        Err(StoreError::Conflict(_)) => return Err(Refusal::Ended.into()),
        outcome => outcome?,
    }
    membership::insert(tx, workspace, person.id, role, app.now()).await?;
    let actor = Actor::person(person.id, &person.name, role, workspace, Door::Web);
    let (name, role, through) = (&person.name, role.label().to_lowercase(), &provider.settings.name);
    let summary = format!("{name} joined as {role} through {through}");
    activity::record(app, tx, &actor, "access.joined", About::default(), summary).await?;
    Ok(person)
}

fn made(app: &App, newcomer: Newcomer) -> Person {
    let Newcomer { subject, email, name } = newcomer;
    Person {
        id: PersonId::fresh(&*app.ids),
        email,
        name,
        password_hash: None,
        subject: Some(subject),
        created_at: app.now(),
    }
}

/// Takes an invitation up: for whoever is known by who they are at the provider, or has the invited address there.
async fn join(
    app: &App,
    provider: &Provider,
    secret: &Secret,
    claims: &Claims,
    agent: &str,
    how: &str,
) -> Result<SignedIn, AppError> {
    let joining = invitation::invited(app, secret).await?;
    let mut tx = app.db.write().await?;
    let known = person::by_subject(&mut tx, &subject(provider, claims)).await?;
    let person = match known {
        Some(person) if email_key(&person.email) == email_key(&joining.email) => person,
        known => {
            let newcomer = proved(provider, claims)?;
            is_invited(provider, &joining, &newcomer)?;
            match (known, person::by_email(&mut tx, &newcomer.email).await?) {
                (Some(person), _) => person,
                (None, Some(person)) => {
                    linked(app, &mut tx, provider, person, &newcomer, Some(&joining)).await?
                }
                (None, None) => {
                    let person = made(app, newcomer);
                    match person::insert(&mut tx, &person).await {
                        Err(StoreError::Conflict(_)) => return Err(AppError::LinkEnded),
                        outcome => outcome?,
                    }
                    person
                }
            }
        }
    };
    let signed = invitation::take_up(app, &mut tx, &joining, &person, agent, Some(how)).await?;
    tx.commit().await?;
    Ok(signed)
}

fn is_invited(provider: &Provider, joining: &Joining, newcomer: &Newcomer) -> Result<(), Refusal> {
    if email_key(&joining.email) == email_key(&newcomer.email) {
        return Ok(());
    }
    Err(Refusal::OtherAddress {
        invited: joining.email.clone(),
        email: newcomer.email.clone(),
        provider: provider.settings.name.clone(),
    })
}
