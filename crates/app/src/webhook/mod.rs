//! Webhooks: the workspace's events sent to addresses of its choice, by the Standard Webhooks specification.
//!
//! What happens is written to the outbox; in the same transaction every endpoint that wants it gets a
//! delivery and a job. [`Sender`] does those jobs.

mod kinds;
mod network;
mod send;
mod sign;

use gangway_domain::ids::{DeliveryId, EventId, JobId, WebhookId, WorkspaceId};
use gangway_domain::permission::Action;
use gangway_store::delivery::{self, Attempt, Delivery};
use gangway_store::job::{self, Job};
use gangway_store::outbox::Event;
use gangway_store::webhook::{self, Endpoint};
use gangway_store::{Timestamp, Tx};
use jiff::SignedDuration;
use serde_json::json;

pub use kinds::KINDS;
pub(crate) use network::CheckedNames;
pub use network::{InvalidNetwork, Network, Private, Reach};
pub use send::{Sender, SenderError};
pub use sign::SigningSecret;

use crate::activity;
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::mark::mark as mark_of;
use crate::{Actor, App, version};

/// The kind of job that sends a webhook.
pub const JOB: &str = "webhook";

/// The kind of event that only tries an endpoint out.
pub const TEST: &str = "webhook.test";

/// Endpoints of a workspace.
const MOST: usize = 20;

/// How long the secret before signs too.
const OVERLAP: SignedDuration = SignedDuration::from_hours(24);

/// Deliveries that are shown.
const SHOWN: u32 = 100;

/// How long deliveries are kept.
const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);

/// What is asked of an endpoint.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Address, `https://…`.
    pub url: String,
    /// What it is for; may be empty.
    pub description: String,
    /// Kinds of events; none for all.
    pub kinds: Vec<String>,
}

/// What is to change of an endpoint; what is none stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Address, `https://…`.
    pub url: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Kinds of events; an empty list for all.
    pub kinds: Option<Vec<String>>,
    /// Whether anything is sent.
    pub enabled: Option<bool>,
}

/// A secret, shown once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSecret {
    /// Of which endpoint.
    pub endpoint: WebhookId,
    /// The secret.
    pub secret: SigningSecret,
}

/// A delivery with every try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traced {
    /// What was sent.
    pub delivery: Delivery,
    /// The tries, the latest first.
    pub attempts: Vec<Attempt>,
}

/// The workspace's endpoints, oldest first.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn endpoints(app: &App, actor: &Actor) -> Result<Vec<Endpoint>, AppError> {
    actor.require(Action::ManageIntegrations)?;
    let mut tx = app.db.read().await?;
    Ok(webhook::of_workspace(&mut tx, actor.workspace).await?)
}

/// Says what an endpoint is now: whatever is shown of it, changed, gives another mark. Never negative.
#[must_use]
pub fn mark(endpoint: &Endpoint) -> i64 {
    let Endpoint { url, description, kinds, failing_since, disabled_at, disabled_why, .. } = endpoint;
    let failing = failing_since.and_then(|at| jiff::Timestamp::try_from(at).ok());
    let failing = failing.map_or_else(String::new, |at| at.to_string());
    let switched = if disabled_at.is_none() { "on" } else { "off" };
    mark_of(&[url, description, kinds, &failing, switched, disabled_why.as_deref().unwrap_or_default()])
}

/// One endpoint and what was sent to it, the newest first.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn endpoint(
    app: &App,
    actor: &Actor,
    id: WebhookId,
) -> Result<(Endpoint, Vec<Delivery>), AppError> {
    actor.require(Action::ManageIntegrations)?;
    let mut tx = app.db.read().await?;
    let endpoint = known(&mut tx, actor.workspace, id).await?;
    let deliveries = delivery::of_endpoint(&mut tx, actor.workspace, id, SHOWN).await?;
    Ok((endpoint, deliveries))
}

/// One delivery with every try.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn trace(app: &App, actor: &Actor, id: DeliveryId) -> Result<Traced, AppError> {
    actor.require(Action::ManageIntegrations)?;
    let mut tx = app.db.read().await?;
    let found = delivery::get(&mut tx, actor.workspace, id).await?;
    let delivery = found.ok_or_else(|| AppError::missing("delivery", id))?;
    let attempts = delivery::attempts(&mut tx, actor.workspace, id).await?;
    Ok(Traced { delivery, attempts })
}

/// Adds an endpoint; its secret is shown this once.
///
/// # Errors
/// [`AppError::Invalid`], [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn add(app: &App, actor: &Actor, wanted: &Wanted) -> Result<NewSecret, AppError> {
    actor.require(Action::ManageIntegrations)?;
    let Wanted { url, description, kinds } = checked(app, wanted)?;
    let id = WebhookId::fresh(&*app.ids);
    let secret = SigningSecret::fresh(&*app.secrets);
    let row = Endpoint {
        id,
        url: url.clone(),
        description,
        kinds: kinds.join(" "),
        secret: app.vault.seal(&*app.secrets, &id.to_string(), secret.bytes())?,
        previous_secret: None,
        previous_until: None,
        created_at: app.now(),
        failing_since: None,
        disabled_at: None,
        disabled_why: None,
    };
    let mut tx = app.db.write().await?;
    if webhook::of_workspace(&mut tx, actor.workspace).await?.len() >= MOST {
        let full = "cannot be added: a workspace has at most 20 webhooks; remove one first";
        return Err(AppError::Invalid(vec![Problem::new("url", full)]));
    }
    webhook::insert(&mut tx, actor.workspace, &row).await?;
    let summary = format!("Added a webhook to {}", host(&url));
    activity::audit(app, &mut tx, actor, "webhook.added", summary).await?;
    tx.commit().await?;
    Ok(NewSecret { endpoint: id, secret })
}

/// Changes what an endpoint is asked for.
///
/// # Errors
/// [`AppError::Invalid`], [`AppError::NotFound`], [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn change(app: &App, actor: &Actor, id: WebhookId, wanted: &Wanted) -> Result<(), AppError> {
    actor.require(Action::ManageIntegrations)?;
    let mut tx = app.db.write().await?;
    known(&mut tx, actor.workspace, id).await?;
    rewrite(app, &mut tx, actor, id, wanted).await?;
    tx.commit().await?;
    Ok(())
}

/// Changes some of what an endpoint is asked for, and returns it as it is then. Of two who change different things at
/// once, both get what they want; with a mark, only the endpoint that still has it is changed.
///
/// # Errors
/// [`AppError::Invalid`], [`AppError::NotFound`], [`AppError::Forbidden`], [`AppError::Stale`] when it has another
/// mark; or when the database fails.
#[boxed]
pub async fn patch(
    app: &App,
    actor: &Actor,
    id: WebhookId,
    seen: Option<i64>,
    changes: Changes,
) -> Result<Endpoint, AppError> {
    actor.require(Action::ManageIntegrations)?;
    let Changes { url, description, kinds, enabled } = changes;
    let mut tx = app.db.write().await?;
    webhook::lock(&mut tx, actor.workspace, id).await?;
    let mut endpoint = known(&mut tx, actor.workspace, id).await?;
    is_as_seen(&endpoint, seen)?;
    if url.is_some() || description.is_some() || kinds.is_some() {
        let wanted = Wanted {
            url: url.unwrap_or(endpoint.url),
            description: description.unwrap_or(endpoint.description),
            kinds: kinds.unwrap_or_else(|| endpoint.kinds.split_whitespace().map(str::to_owned).collect()),
        };
        rewrite(app, &mut tx, actor, id, &wanted).await?;
        endpoint = known(&mut tx, actor.workspace, id).await?;
    }
    if let Some(on) = enabled.filter(|on| *on != endpoint.disabled_at.is_none()) {
        turn(app, &mut tx, actor, &endpoint, on).await?;
        endpoint = known(&mut tx, actor.workspace, id).await?;
    }
    tx.commit().await?;
    Ok(endpoint)
}

async fn rewrite(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: WebhookId,
    wanted: &Wanted,
) -> Result<(), AppError> {
    let Wanted { url, description, kinds } = checked(app, wanted)?;
    webhook::change(tx, actor.workspace, id, &url, &description, &kinds.join(" ")).await?;
    let summary = format!("Changed the webhook to {}", host(&url));
    activity::audit(app, tx, actor, "webhook.changed", summary).await
}

/// Gives an endpoint a new secret, shown this once. For a day, messages carry both signatures, so that the
/// receiver can change over without losing one.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn rotate(app: &App, actor: &Actor, id: WebhookId) -> Result<NewSecret, AppError> {
    actor.require(Action::ManageIntegrations)?;
    let secret = SigningSecret::fresh(&*app.secrets);
    let sealed = app.vault.seal(&*app.secrets, &id.to_string(), secret.bytes())?;
    let until = app.clock.now().saturating_add(OVERLAP).unwrap_or(jiff::Timestamp::MAX).into();
    let mut tx = app.db.write().await?;
    // First, so that of two who do this at once the second keeps the first one's secret as the one before.
    webhook::lock(&mut tx, actor.workspace, id).await?;
    let before = known(&mut tx, actor.workspace, id).await?;
    webhook::rotate(&mut tx, actor.workspace, id, &sealed, &before.secret, until).await?;
    let summary = format!("Gave the webhook to {} a new secret", host(&before.url));
    activity::audit(app, &mut tx, actor, "webhook.secret_changed", summary).await?;
    tx.commit().await?;
    Ok(NewSecret { endpoint: id, secret })
}

/// Switches an endpoint on, or off. Events that happen while it is off are not sent later.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn switch(app: &App, actor: &Actor, id: WebhookId, on: bool) -> Result<(), AppError> {
    actor.require(Action::ManageIntegrations)?;
    let mut tx = app.db.write().await?;
    let endpoint = known(&mut tx, actor.workspace, id).await?;
    turn(app, &mut tx, actor, &endpoint, on).await?;
    tx.commit().await?;
    Ok(())
}

async fn turn(app: &App, tx: &mut Tx, actor: &Actor, endpoint: &Endpoint, on: bool) -> Result<(), AppError> {
    let word = if on {
        webhook::enable(tx, actor.workspace, endpoint.id).await?;
        "on"
    } else {
        webhook::disable(tx, actor.workspace, endpoint.id, app.now(), None).await?;
        "off"
    };
    let summary = format!("Switched the webhook to {} {word}", host(&endpoint.url));
    activity::audit(app, tx, actor, "webhook.switched", summary).await
}

/// Removes an endpoint with its log. With a mark, only the endpoint that still has it.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], [`AppError::Stale`] when it has another mark; or when the database
/// fails.
#[boxed]
pub async fn remove(app: &App, actor: &Actor, id: WebhookId, seen: Option<i64>) -> Result<(), AppError> {
    actor.require(Action::ManageIntegrations)?;
    let mut tx = app.db.write().await?;
    webhook::lock(&mut tx, actor.workspace, id).await?;
    let endpoint = known(&mut tx, actor.workspace, id).await?;
    is_as_seen(&endpoint, seen)?;
    webhook::delete(&mut tx, actor.workspace, id).await?;
    let summary = format!("Removed the webhook to {}", host(&endpoint.url));
    activity::audit(app, &mut tx, actor, "webhook.removed", summary).await?;
    tx.commit().await?;
    Ok(())
}

/// Sends an event that only tries the endpoint out, also when it is switched off.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn test(app: &App, actor: &Actor, id: WebhookId) -> Result<DeliveryId, AppError> {
    actor.require(Action::ManageIntegrations)?;
    let mut tx = app.db.write().await?;
    let endpoint = known(&mut tx, actor.workspace, id).await?;
    let payload = json!({ "message": "It works.", "webhook": id, "by": actor.own_name() });
    let event = Event { id: EventId::fresh(&*app.ids), at: app.now(), kind: TEST.to_owned(), payload };
    let sent = hand_on(app, &mut tx, actor.workspace, &endpoint, &event).await?;
    tx.commit().await?;
    Ok(sent)
}

/// Sends a delivery once more, with the same id: a receiver that has it already can tell.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn replay(app: &App, actor: &Actor, id: DeliveryId) -> Result<(), AppError> {
    actor.require(Action::ManageIntegrations)?;
    let mut tx = app.db.write().await?;
    let found = delivery::get(&mut tx, actor.workspace, id).await?;
    let delivery = found.ok_or_else(|| AppError::missing("delivery", id))?;
    // One under way is not doubled.
    if delivery.next_at.is_none() {
        delivery::reopen(&mut tx, actor.workspace, id, app.now()).await?;
        enqueue(app, &mut tx, actor.workspace, id).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Gives an event of the outbox to every endpoint that wants it, in the same transaction.
pub(crate) async fn fan_out(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    events: &[Event],
) -> Result<(), AppError> {
    if events.is_empty() {
        return Ok(());
    }
    let listening = webhook::listening(tx, workspace).await?;
    for event in events {
        for endpoint in listening.iter().filter(|endpoint| endpoint.wants(&event.kind)) {
            hand_on(app, tx, workspace, endpoint, event).await?;
        }
    }
    Ok(())
}

async fn hand_on(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    endpoint: &Endpoint,
    event: &Event,
) -> Result<DeliveryId, AppError> {
    let now = app.now();
    let kept = app.clock.now().saturating_sub(KEPT).unwrap_or(jiff::Timestamp::MIN);
    delivery::prune(tx, workspace, kept.into()).await?;
    let row = Delivery {
        id: DeliveryId::fresh(&*app.ids),
        endpoint: endpoint.id,
        event: event.id,
        kind: event.kind.clone(),
        body: body(event)?,
        attempts: 0,
        status: None,
        problem: None,
        created_at: now,
        next_at: Some(now),
        delivered_at: None,
        failed_at: None,
    };
    delivery::insert(tx, workspace, &row).await?;
    enqueue(app, tx, workspace, row.id).await?;
    Ok(row.id)
}

/// The message as the specification recommends it: type, time, data.
fn body(event: &Event) -> Result<String, AppError> {
    let at = jiff::Timestamp::try_from(event.at).map_err(|_| AppError::Crashed)?;
    Ok(json!({ "type": event.kind, "timestamp": at, "data": event.payload }).to_string())
}

async fn enqueue(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    delivery: DeliveryId,
) -> Result<(), AppError> {
    let now: Timestamp = app.now();
    let job = Job {
        id: JobId::fresh(&*app.ids),
        kind: JOB.to_owned(),
        payload: json!({ "delivery": delivery }),
        run_at: now,
        created_at: now,
    };
    job::insert(tx, workspace, &job).await?;
    Ok(())
}

async fn known(tx: &mut Tx, workspace: WorkspaceId, id: WebhookId) -> Result<Endpoint, AppError> {
    webhook::get(tx, workspace, id).await?.ok_or_else(|| AppError::missing("webhook", id))
}

fn is_as_seen(endpoint: &Endpoint, seen: Option<i64>) -> Result<(), AppError> {
    seen.map_or(Ok(()), |seen| version::fresh("webhook", mark(endpoint), seen))
}

/// The host of an address, for the log: paths and queries can hold keys.
pub fn host(url: &str) -> String {
    reqwest::Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}

fn checked(app: &App, wanted: &Wanted) -> Result<Wanted, AppError> {
    let mut problems = Vec::new();
    let url = wanted.url.trim().to_owned();
    match reqwest::Url::parse(&url) {
        _ if url.is_empty() => problems.push(Problem::new("url", "is missing")),
        _ if url.len() > 2000 => problems.push(Problem::new("url", "is longer than 2000 characters")),
        Ok(parsed) if !matches!(parsed.scheme(), "https" | "http") || parsed.host_str().is_none() => {
            problems.push(Problem::new("url", "must begin with https://"));
        }
        Ok(parsed) if !parsed.username().is_empty() || parsed.password().is_some() => {
            problems.push(Problem::new("url", "must not hold a password; check the signature instead"));
        }
        // Names are looked at when something is sent: what they lead to can change.
        Ok(parsed) if app.outbound.check(&parsed).is_err() => {
            let private = "lies in a private network; whoever runs Gangway can allow it with webhooks.allow";
            problems.push(Problem::new("url", private));
        }
        Ok(_) => {}
        Err(_) => problems.push(Problem::new("url", "is not an address such as https://example.com/hook")),
    }
    let description = wanted.description.split_whitespace().collect::<Vec<_>>().join(" ");
    if description.chars().count() > 200 {
        problems.push(Problem::new("description", "is longer than 200 characters"));
    }
    let kinds: Vec<String> =
        KINDS.iter().map(|(kind, _)| (*kind).to_owned()).filter(|kind| wanted.kinds.contains(kind)).collect();
    if wanted.kinds.iter().any(|kind| !kinds.contains(kind)) {
        problems.push(Problem::new("kinds", "names an event there is not"));
    }
    if problems.is_empty() {
        Ok(Wanted { url, description, kinds })
    } else {
        Err(AppError::Invalid(problems))
    }
}
