//! Webhooks: where events are sent, and what was sent.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use gangway_app::webhook::{self, Changes, NewSecret, Wanted};
use gangway_domain::ids::{DeliveryId, WebhookId};
use gangway_store::delivery::{Attempt, Delivery};
use gangway_store::webhook::Endpoint;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::instant;
use crate::Api;
use crate::caller::{Caller, Here, Sent};
use crate::etag::{IfMatch, changed, created, tagged};
use crate::input::{JsonOf, Names};
use crate::page::Page;
use crate::problem::{Answer, Problem};

/// A webhook to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "url": "https://example.com/hooks/gangway", "kinds": ["onboarding.generated"] }))]
pub(crate) struct WebhookIn {
    /// Where to send, `https://…`.
    #[schema(max_length = 2000)]
    url: String,
    /// What it is for.
    #[serde(default)]
    #[schema(max_length = 200)]
    description: String,
    /// Kinds of events, such as `onboarding.generated`; none for all.
    #[serde(default)]
    kinds: Vec<String>,
}

/// What is to change of a webhook; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "enabled": false }))]
pub(crate) struct WebhookPatch {
    /// Where to send.
    #[schema(max_length = 2000)]
    url: Option<String>,
    /// What it is for.
    #[schema(max_length = 200)]
    description: Option<String>,
    /// Kinds of events; none for all.
    kinds: Option<Vec<String>>,
    /// Whether anything is sent. Events that happen while nothing is are not sent later.
    enabled: Option<bool>,
}

/// A webhook.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Webhook, example = json!({
    "id": "whk_01900000000070008000000000000001", "url": "https://example.com/hooks/gangway", "description": "",
    "kinds": ["onboarding.generated"], "enabled": true, "failing_since": null, "disabled_why": null,
    "created_at": "2027-01-04T09:00:00Z", "version": 1717986918, "secret": null
}))]
pub(crate) struct WebhookOut {
    /// Id.
    id: String,
    /// Where events are sent.
    url: String,
    /// What it is for.
    description: String,
    /// Kinds of events; none for all.
    kinds: Vec<String>,
    /// Whether anything is sent.
    enabled: bool,
    /// Since when nothing arrives.
    #[schema(required = true)]
    failing_since: Option<jiff::Timestamp>,
    /// Why Gangway has switched it off.
    #[schema(required = true)]
    disabled_why: Option<String>,
    /// When it was added.
    created_at: jiff::Timestamp,
    /// Says which state of the webhook this is, also whether anything arrives; the ETag is made of it.
    version: i64,
    /// What messages are signed with (Standard Webhooks), told only when it is made.
    #[schema(required = true)]
    secret: Option<String>,
}

impl WebhookOut {
    fn of(endpoint: Endpoint, secret: Option<String>) -> Self {
        let version = webhook::mark(&endpoint);
        Self {
            id: endpoint.id.to_string(),
            url: endpoint.url,
            description: endpoint.description,
            kinds: endpoint.kinds.split_whitespace().map(str::to_owned).collect(),
            enabled: endpoint.disabled_at.is_none(),
            failing_since: endpoint.failing_since.map(instant),
            disabled_why: endpoint.disabled_why,
            created_at: instant(endpoint.created_at),
            version,
            secret,
        }
    }
}

/// An event on its way to a webhook.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Delivery, example = json!({
    "id": "dlv_01900000000070008000000000000001", "event": "evt_01900000000070008000000000000001", "kind": "onboarding.generated",
    "outcome": "delivered", "tries": 1, "status": 204, "problem": null, "created_at": "2027-01-04T09:00:00Z", "next_at": null
}))]
pub(crate) struct DeliveryOut {
    /// Id.
    id: String,
    /// The event: the `webhook-id` of the message.
    event: String,
    /// Its kind.
    kind: String,
    /// What became of it.
    outcome: Outcome,
    /// How often it was tried.
    tries: i64,
    /// The last answer.
    #[schema(required = true)]
    status: Option<i64>,
    /// What went wrong the last time.
    #[schema(required = true)]
    problem: Option<String>,
    /// When it was wanted.
    created_at: jiff::Timestamp,
    /// When it is tried next.
    #[schema(required = true)]
    next_at: Option<jiff::Timestamp>,
}

/// What became of a delivery.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = DeliveryOutcome)]
pub(crate) enum Outcome {
    /// It arrived.
    Delivered,
    /// It is tried again.
    Waiting,
    /// It was given up.
    Failed,
}

impl From<Delivery> for DeliveryOut {
    fn from(delivery: Delivery) -> Self {
        let outcome = match (delivery.delivered_at, delivery.failed_at) {
            (Some(_), _) => Outcome::Delivered,
            (None, Some(_)) => Outcome::Failed,
            (None, None) => Outcome::Waiting,
        };
        Self {
            id: delivery.id.to_string(),
            event: delivery.event.to_string(),
            kind: delivery.kind,
            outcome,
            tries: delivery.attempts,
            status: delivery.status,
            problem: delivery.problem,
            created_at: instant(delivery.created_at),
            next_at: delivery.next_at.map(instant),
        }
    }
}

/// A delivery with its message and every try.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeliveryLog)]
pub(crate) struct TraceOut {
    /// The delivery.
    delivery: DeliveryOut,
    /// What is sent, byte for byte.
    body: String,
    /// The tries, the latest first.
    tries: Vec<TryOut>,
}

/// One try.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeliveryTry)]
pub(crate) struct TryOut {
    /// Counted from 1, over replays too.
    number: i64,
    /// When.
    at: jiff::Timestamp,
    /// How long it took, milliseconds.
    millis: i64,
    /// What was answered.
    #[schema(required = true)]
    status: Option<i64>,
    /// What went wrong.
    #[schema(required = true)]
    problem: Option<String>,
    /// The beginning of the answer.
    answer: String,
}

impl From<Attempt> for TryOut {
    fn from(attempt: Attempt) -> Self {
        let Attempt { number, at, millis, status, problem, answer } = attempt;
        Self { number, at: instant(at), millis, status, problem, answer }
    }
}

/// List webhooks
///
/// Oldest first, on one page.
#[utoipa::path(get, path = "/webhooks", operation_id = "list_webhooks", tag = "Integrations",
    responses((status = 200, description = "The webhooks, without their secrets.", body = Page<WebhookOut>)))]
pub(crate) async fn list(State(api): State<Api>, caller: Caller) -> Result<Json<Page<WebhookOut>>, Problem> {
    let endpoints = webhook::endpoints(&api.app, &caller.actor).await?;
    Ok(Json(Page::whole(endpoints.into_iter().map(|endpoint| WebhookOut::of(endpoint, None)))))
}

/// Get a webhook
#[utoipa::path(get, path = "/webhooks/{id}", operation_id = "get_webhook", tag = "Integrations",
    params(("id" = String, Path, description = "Id of the webhook.", example = "whk_01900000000070008000000000000001")),
    responses((status = 200, description = "The webhook.", body = WebhookOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn get(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let (endpoint, _) = webhook::endpoint(&api.app, &caller.actor, names.id("webhook")?).await?;
    let out = WebhookOut::of(endpoint, None);
    Ok(tagged(&headers, out.version, Json(out)))
}

/// Add a webhook
///
/// Messages follow the Standard Webhooks specification.
#[utoipa::path(post, path = "/webhooks", operation_id = "create_webhook", tag = "Integrations",
    request_body(content = WebhookIn),
    responses((status = 201, description = "The webhook, with its secret this once.", body = WebhookOut,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn create(
    State(api): State<Api>,
    caller: Caller,
    JsonOf(sent): JsonOf<WebhookIn>,
) -> Answer {
    let WebhookIn { url, description, kinds } = sent;
    let made = webhook::add(&api.app, &caller.actor, &Wanted { url, description, kinds }).await?;
    with_secret(&api, &caller, made).await
}

/// Change a webhook
///
/// Only the fields that are sent change.
#[utoipa::path(patch, path = "/webhooks/{id}", operation_id = "change_webhook", tag = "Integrations",
    params(("id" = String, Path, description = "Id of the webhook.", example = "whk_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the webhook that was read.", example = "\"1717986918\"")),
    request_body(content = WebhookPatch),
    responses((status = 200, description = "The webhook as it is now.", body = WebhookOut, headers(("ETag" = String)))))]
pub(crate) async fn change(seen: IfMatch, Sent(api, caller, names, patch): Sent<WebhookPatch>) -> Answer {
    let (id, seen) = (names.id("webhook")?, seen.required()?);
    let WebhookPatch { url, description, kinds, enabled } = patch;
    let changes = Changes { url, description, kinds, enabled };
    let endpoint = webhook::patch(&api.app, &caller.actor, id, Some(seen), changes).await?;
    let out = WebhookOut::of(endpoint, None);
    Ok(changed(out.version, Json(out)))
}

/// Give a webhook a new secret
///
/// For a day, messages carry both signatures, so that the receiver can change over without losing one.
#[utoipa::path(post, path = "/webhooks/{id}/secret", operation_id = "rotate_webhook_secret", tag = "Integrations",
    params(("id" = String, Path, description = "Id of the webhook.", example = "whk_01900000000070008000000000000001")),
    responses((status = 201, description = "The webhook, with its new secret this once.", body = WebhookOut,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn rotate(Here(api, caller, names): Here) -> Answer {
    let made = webhook::rotate(&api.app, &caller.actor, names.id("webhook")?).await?;
    with_secret(&api, &caller, made).await
}

/// Try a webhook out
///
/// Sends an event of the kind `webhook.test`, also when nothing else is sent.
#[utoipa::path(post, path = "/webhooks/{id}/test", operation_id = "test_webhook", tag = "Integrations",
    params(("id" = String, Path, description = "Id of the webhook.", example = "whk_01900000000070008000000000000001")),
    responses((status = 202, description = "It will be sent.", body = DeliveryOut)))]
pub(crate) async fn test(Here(api, caller, names): Here) -> Answer {
    let id = webhook::test(&api.app, &caller.actor, names.id("webhook")?).await?;
    let delivery = webhook::trace(&api.app, &caller.actor, id).await?.delivery;
    Ok((StatusCode::ACCEPTED, Json(DeliveryOut::from(delivery))).into_response())
}

/// Remove a webhook
///
/// Its log goes with it. With `If-Match`, only if nobody has changed it since.
#[utoipa::path(delete, path = "/webhooks/{id}", operation_id = "remove_webhook", tag = "Integrations",
    params(("id" = String, Path, description = "Id of the webhook.", example = "whk_01900000000070008000000000000001"),
        ("If-Match" = Option<String>, Header, description = "ETag of the webhook that was read; may be left out.", example = "\"1717986918\"")),
    responses((status = 204, description = "It is gone.")))]
pub(crate) async fn remove(
    Here(api, caller, names): Here,
    IfMatch(seen): IfMatch,
) -> Result<StatusCode, Problem> {
    webhook::remove(&api.app, &caller.actor, names.id("webhook")?, seen).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List what was sent to a webhook
///
/// The latest hundred, newest first, on one page.
#[utoipa::path(get, path = "/webhooks/{id}/deliveries", operation_id = "list_deliveries", tag = "Integrations",
    params(("id" = String, Path, description = "Id of the webhook.", example = "whk_01900000000070008000000000000001")),
    responses((status = 200, description = "The deliveries.", body = Page<DeliveryOut>)))]
pub(crate) async fn deliveries(Here(api, caller, names): Here) -> Result<Json<Page<DeliveryOut>>, Problem> {
    let (_, sent) = webhook::endpoint(&api.app, &caller.actor, names.id("webhook")?).await?;
    Ok(Json(Page::whole(sent.into_iter().map(DeliveryOut::from))))
}

/// Get what was sent to a webhook, with every try
#[utoipa::path(get, path = "/webhooks/{id}/deliveries/{delivery}", operation_id = "get_delivery", tag = "Integrations",
    params(("id" = String, Path, description = "Id of the webhook.", example = "whk_01900000000070008000000000000001"),
        ("delivery" = String, Path, description = "Id of the delivery.", example = "dlv_01900000000070008000000000000001")),
    responses((status = 200, description = "The delivery, its message and its tries.", body = TraceOut)))]
pub(crate) async fn delivery(Here(api, caller, names): Here) -> Result<Json<TraceOut>, Problem> {
    let traced = traced(&api, &caller, &names).await?;
    let body = traced.delivery.body.clone();
    let tries = traced.attempts.into_iter().map(TryOut::from).collect();
    Ok(Json(TraceOut { delivery: traced.delivery.into(), body, tries }))
}

/// Send a delivery once more
///
/// With the same `webhook-id`: a receiver that has it already can tell. One that is still being tried is not doubled.
#[utoipa::path(post, path = "/webhooks/{id}/deliveries/{delivery}/replay", operation_id = "replay_delivery", tag = "Integrations",
    params(("id" = String, Path, description = "Id of the webhook.", example = "whk_01900000000070008000000000000001"),
        ("delivery" = String, Path, description = "Id of the delivery.", example = "dlv_01900000000070008000000000000001")),
    responses((status = 202, description = "It will be sent.", body = DeliveryOut)))]
pub(crate) async fn replay(Here(api, caller, names): Here) -> Answer {
    let id = traced(&api, &caller, &names).await?.delivery.id;
    webhook::replay(&api.app, &caller.actor, id).await?;
    let delivery = webhook::trace(&api.app, &caller.actor, id).await?.delivery;
    Ok((StatusCode::ACCEPTED, Json(DeliveryOut::from(delivery))).into_response())
}

/// The delivery an address names, of the webhook it names.
async fn traced(api: &Api, caller: &Caller, names: &Names) -> Result<webhook::Traced, Problem> {
    let endpoint: WebhookId = names.id("webhook")?;
    let id: DeliveryId = names.second("delivery")?;
    let traced = webhook::trace(&api.app, &caller.actor, id).await?;
    if traced.delivery.endpoint != endpoint {
        return Err(Problem::missing("delivery", names.text(1)));
    }
    Ok(traced)
}

/// The answer that tells a secret, this once.
async fn with_secret(api: &Api, caller: &Caller, made: NewSecret) -> Answer {
    let (endpoint, _) = webhook::endpoint(&api.app, &caller.actor, made.endpoint).await?;
    let out = WebhookOut::of(endpoint, Some(made.secret.reveal()));
    let location = format!("/api/v1/webhooks/{}", out.id);
    Ok(created(out.version, location, Json(out)))
}
