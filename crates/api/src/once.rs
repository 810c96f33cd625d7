//! Requests that are done once: `Idempotency-Key` names a POST, and for a day the same name gives the
//! same answer, marked `Idempotent-Replayed: true`.

use axum::body::{Body, to_bytes};
use axum::extract::{OriginalUri, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use gangway_app::idempotency::{self, Begun, LONGEST_NAME};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::caller::Caller;
use crate::problem::Problem;
use crate::{Api, LARGEST_BODY};

/// Header that names a request.
pub(crate) const KEY: &str = "idempotency-key";

/// Largest answer that is kept, bytes. Answers to POST are small.
const LARGEST_ANSWER: usize = 4 * 1_048_576;

/// An answer as it is kept.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

/// Does a named request once.
pub(crate) async fn only(
    State(api): State<Api>,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    request: Request,
    next: Next,
) -> Response {
    let Some(name) = request.headers().get(KEY) else { return next.run(request).await };
    let name = match name.to_str().ok().map(str::trim) {
        Some(name) if is_name(name) => name.to_owned(),
        _ => {
            let detail = "Idempotency-Key must be 1 to 200 visible ASCII characters, such as a UUID";
            return Problem::new(StatusCode::BAD_REQUEST, "idempotency_key_invalid", detail).into_response();
        }
    };
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, LARGEST_BODY).await else {
        return crate::input::too_large().into_response();
    };
    let mut hash = Sha256::new();
    hash.update(uri.to_string());
    hash.update([0]);
    hash.update(parts.headers.get(header::CONTENT_TYPE).map_or(&[][..], HeaderValue::as_bytes));
    hash.update([0]);
    hash.update(&bytes);
    let digest: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    match idempotency::begin(&api.app, &caller.actor, caller.token, &name, &digest).await {
        Ok(Begun::New) => {
            let response = next.run(Request::from_parts(parts, Body::from(bytes))).await;
            keep(&api, &caller, &name, response).await
        }
        Ok(Begun::Answered(kept)) => replay(kept),
        Ok(Begun::UnderWay) => {
            let detail = "the first request with this Idempotency-Key is being answered: wait and ask again";
            let problem = Problem::new(StatusCode::CONFLICT, "idempotency_under_way", detail);
            Problem { retry_after: Some(1), ..problem }.into_response()
        }
        Ok(Begun::Different) => {
            let detail =
                "this Idempotency-Key belongs to another request of the last 24 hours: use a new one";
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused", detail).into_response()
        }
        Err(error) => Problem::from(error).into_response(),
    }
}

/// 1 to 200 visible ASCII characters.
fn is_name(name: &str) -> bool {
    (1..=LONGEST_NAME).contains(&name.len()) && name.chars().all(|c| c.is_ascii_graphic())
}

/// Keeps what was done; what was refused or failed may be tried again, corrected, under the same name.
async fn keep(api: &Api, caller: &Caller, name: &str, response: Response) -> Response {
    let done = response.status().is_success();
    let (parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, LARGEST_ANSWER).await else {
        tracing::error!("an answer is too large to keep");
        return Problem::from(gangway_app::AppError::Crashed).into_response();
    };
    let text = |value: &HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let kept = Kept {
        status: parts.status.as_u16(),
        headers: parts.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
        body: String::from_utf8_lossy(&bytes).into_owned(),
    };
    let kept = serde_json::to_value(kept).ok().filter(|_| done);
    if let Err(error) = idempotency::finish(&api.app, &caller.actor, caller.token, name, kept).await {
        tracing::error!(%error, "an answer could not be kept");
    }
    Response::from_parts(parts, Body::from(bytes))
}

fn replay(kept: serde_json::Value) -> Response {
    let Ok(Kept { status, headers, body }) = serde_json::from_value(kept) else {
        return Problem::from(gangway_app::AppError::Crashed).into_response();
    };
    let mut response = body.into_response();
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(&value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
    response
}
