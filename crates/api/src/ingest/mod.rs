//! The door of usage events: the addresses, bodies and answers of Segment's tracking API, so that its SDKs, and
//! RudderStack's, work when only their host is changed.
//!
//! What lets in is a source's write key and no token: it may send, and nothing else. Browsers may send from pages
//! anywhere, as far as the source allows; no cookie means anything here. A message is durable before it is
//! acknowledged; what each is worth says `gangway_events`, what becomes of it `gangway_app::usage`.

mod answer;
mod cors;
mod key;
mod room;
mod unpack;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use gangway_app::usage::ingest::{self, Admitted};
use gangway_events::read::{Origin, Reason, Refused, Request, Shape, Verdict, open};
use metrics::counter;
use serde_json::json;

use self::answer::{Refusal, acknowledged};
use crate::Api;

pub(crate) use self::cors::open_to_pages;
pub(crate) use self::room::Room;

/// Largest body, bytes, as it arrives: what a batch may have once it is unpacked says `gangway_events`.
pub(crate) const LARGEST_BODY: usize = 1_048_576;

/// Most of a body that cannot be read at all that is kept to be looked at, bytes.
const KEPT: usize = 8 * 1024;

/// Everything under `/v1`.
pub(crate) fn router() -> Router<Api> {
    Router::new()
        .route("/{kind}", post(take))
        .route("/projects/{key}/settings", get(settings))
        .fallback(nowhere)
        .method_not_allowed_fallback(wrong_method)
}

/// Messages of one kind, or a batch of any.
async fn take(State(api): State<Api>, Path(kind): Path<String>, request: axum::extract::Request) -> Response {
    // Browsers' SDKs report here how they are doing themselves: heard, and not kept.
    if kind == "m" {
        return acknowledged(&[], false);
    }
    let Some(shape) = shape(&kind) else { return nowhere().await };
    let (head, body) = request.into_parts();
    let outcome = match api.room.read(body).await {
        // Its room is held until it is answered.
        Ok((body, _held)) => received(&api, shape, &head.uri, &head.headers, body).await,
        Err(refusal) => Err(refusal),
    };
    outcome.unwrap_or_else(IntoResponse::into_response)
}

/// What a body at this address holds.
fn shape(kind: &str) -> Option<Shape> {
    match kind {
        "import" => Some(Shape::Batch),
        kind => Shape::of(kind),
    }
}

async fn received(
    api: &Api,
    shape: Shape,
    uri: &Uri,
    headers: &HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let body = unpack::unpacked(headers, body)?;
    let opened = open(&body, shape);
    let named = key::beside(headers, uri);
    let inside = || opened.as_ref().ok().and_then(|request| request.write_key().map(str::to_owned));
    let Some(key) = named.or_else(inside) else {
        // Whose it is stands in a body that cannot be read.
        return Err(opened.err().map_or_else(Refusal::without_key, |reason| Refusal::of(&reason)));
    };
    let by = admitted(api, &key, headers).await?;
    match opened {
        Ok(request) => kept(api, &by, shape, &request).await,
        Err(reason) => {
            let refusal = Refusal::of(&reason);
            unreadable(api, &by, reason, &body).await;
            Err(refusal)
        }
    }
}

/// The source a key belongs to, when it may be used from there.
async fn admitted(api: &Api, key: &str, headers: &HeaderMap) -> Result<Admitted, Refusal> {
    let by = match ingest::admit(&api.app, key).await {
        Ok(Some(by)) => by,
        Ok(None) => return Err(Refusal::unknown_key()),
        Err(error) => return Err(Refusal::broken(&error)),
    };
    let origin = headers.get(header::ORIGIN).map(|value| value.to_str().unwrap_or_default());
    if by.lets_in(origin) { Ok(by) } else { Err(Refusal::wrong_origin()) }
}

/// Judges each message, keeps what is accepted, and answers when that is durable.
async fn kept(api: &Api, by: &Admitted, shape: Shape, request: &Request<'_>) -> Result<Response, Refusal> {
    let origin =
        Origin { workspace: by.workspace, source: by.source.uuid(), received_at: api.app.clock.now() };
    let verdicts = request.read(&origin);
    let is_batch = matches!(shape, Shape::Batch);
    let single = if is_batch { None } else { verdicts.first().and_then(Refusal::of_verdict) };
    let answer = acknowledged(&verdicts, is_batch);
    let known = ingest::accept(&api.app, by, verdicts).await.map_err(|error| Refusal::of_log(&error))?;
    for (outcome, number) in
        [("accepted", known.accepted), ("rejected", known.rejected), ("quarantined", known.quarantined)]
    {
        counter!("gangway_usage_events_total", "outcome" => outcome)
            .increment(u64::try_from(number).unwrap_or(u64::MAX));
    }
    single.map_or(Ok(answer), Err)
}

/// A body nothing could be read of: shown to whoever connects the product.
async fn unreadable(api: &Api, by: &Admitted, reason: Reason, body: &[u8]) {
    let start = body.get(..KEPT).unwrap_or(body);
    let body = String::from_utf8_lossy(start).replace('\0', "");
    let verdict = Verdict::Rejected(Refused { reason, body });
    if let Err(error) = ingest::accept(&api.app, by, vec![verdict]).await {
        tracing::warn!(%error, "a refused message could not be kept");
    }
}

/// What the SDK for browsers asks before it begins: where to send, and that nothing else is to be loaded.
async fn settings(State(api): State<Api>, Path(key): Path<String>, headers: HeaderMap) -> Response {
    if let Err(refusal) = admitted(&api, &key, &headers).await {
        return refusal.into_response();
    }
    let (protocol, host) = api.app.public_url.split_once("://").unwrap_or(("https", &api.app.public_url));
    let own = json!({
        "apiKey": key, "apiHost": format!("{host}/v1"), "protocol": protocol,
        "addBundledMetadata": true, "unbundledIntegrations": [], "bundledConfigIds": [],
        "unbundledConfigIds": [], "maybeBundledConfigIds": {}, "versionSettings": { "version": "4.4.7" },
        "type": "browser"
    });
    let settings = json!({
        "integrations": { "Segment.io": own },
        "middlewareSettings": {}, "enabledMiddleware": {}, "metrics": { "sampleRate": 0 },
        "legacyVideoPluginsEnabled": false, "remotePlugins": []
    });
    axum::Json(settings).into_response()
}

async fn nowhere() -> Response {
    let words = "nothing takes events here; send to /v1/batch, /v1/track, /v1/identify, /v1/group, /v1/page, \
                 /v1/screen or /v1/alias";
    Refusal::new(StatusCode::NOT_FOUND, "no-such-address", words).into_response()
}

async fn wrong_method() -> Response {
    let words = "events are sent with POST";
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", words).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_of_the_sdks_has_its_shape() {
        for kind in ["identify", "track", "group", "page", "screen", "alias", "i", "t", "g", "p", "s", "a"] {
            assert!(matches!(shape(kind), Some(Shape::One(_))), "{kind}");
        }
        for kind in ["batch", "b", "import"] {
            assert!(matches!(shape(kind), Some(Shape::Batch)), "{kind}");
        }
        assert!(shape("users").is_none() && shape("").is_none());
    }
}
