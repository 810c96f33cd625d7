//! What senders hear: as Segment answers, with a verdict for each message that is not taken.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use gangway_app::AppError;
use gangway_events::log::LogError;
use gangway_events::read::{Code, Reason, Verdict};
use metrics::counter;
use serde_json::{Value, json};

/// Seconds to wait when there is no room in the queue: it empties within milliseconds.
const SOON: u64 = 1;

/// Why nothing of a request was taken.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    code: String,
    words: String,
    /// Of a message that was read and is refused.
    verdict: Option<&'static str>,
    retry_after: Option<u64>,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, code: &str, words: impl Into<String>) -> Self {
        Self { status, code: code.to_owned(), words: words.into(), verdict: None, retry_after: None }
    }

    /// A body that cannot be read.
    pub(super) fn of(reason: &Reason) -> Self {
        let status = match reason.code {
            Code::TooLarge | Code::TooManyEvents => StatusCode::PAYLOAD_TOO_LARGE,
            _ => StatusCode::BAD_REQUEST,
        };
        Self::new(status, reason.code.word(), reason.words.clone())
    }

    /// The one message of a request that is not a batch; none when it is accepted.
    pub(super) fn of_verdict(verdict: &Verdict) -> Option<Self> {
        let (word, refused) = match verdict {
            Verdict::Accepted(_) => return None,
            Verdict::Rejected(refused) => ("rejected", refused),
            Verdict::Quarantined(refused) => ("quarantined", refused),
        };
        Some(Self { verdict: Some(word), ..Self::of(&refused.reason) })
    }

    /// The log does not take it now.
    pub(super) fn of_log(error: &LogError) -> Self {
        match error {
            LogError::Busy => Self::busy(),
            LogError::Full => {
                refused("full");
                tracing::error!("there is no room for usage events");
                let words = "there is no room for more events; nothing of these was kept";
                Self::new(StatusCode::INSUFFICIENT_STORAGE, "full", words)
            }
            LogError::Unavailable(_) | LogError::UnknownAddress(_) => {
                tracing::error!(%error, "usage events cannot be kept");
                Self::unavailable()
            }
        }
    }

    /// More comes than can be taken in.
    pub(super) fn busy() -> Self {
        refused("busy");
        let words = "more events arrive than can be written; send these again in a second";
        let refusal = Self::new(StatusCode::TOO_MANY_REQUESTS, "busy", words);
        Self { retry_after: Some(SOON), ..refusal }
    }

    /// The database does not answer.
    pub(super) fn broken(error: &AppError) -> Self {
        tracing::error!(%error, "a write key could not be looked up");
        Self::unavailable()
    }

    fn unavailable() -> Self {
        refused("unavailable");
        let words = "events cannot be kept now; send these again in a moment";
        let refusal = Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", words);
        Self { retry_after: Some(5), ..refusal }
    }

    pub(super) fn without_key() -> Self {
        let words =
            "say the write key of a source: as user name of Basic authentication, or as writeKey in the body";
        Self::new(StatusCode::UNAUTHORIZED, "key-missing", words)
    }

    pub(super) fn unknown_key() -> Self {
        refused("key");
        let words = "no source has this write key, or it has ended";
        Self::new(StatusCode::UNAUTHORIZED, "key-unknown", words)
    }

    pub(super) fn wrong_origin() -> Self {
        let words = "pages of this site may not use this write key; its source lists those that may";
        Self::new(StatusCode::FORBIDDEN, "origin-refused", words)
    }

    pub(super) fn too_large() -> Self {
        let words = "a batch may have 500 KB and a message 32 KB; send less at once";
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, Code::TooLarge.word(), words)
    }

    /// A body that did not arrive.
    pub(super) fn incomplete() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "body-incomplete", "the body did not arrive whole; send it again")
    }
}

/// Counts a request that is refused as a whole.
fn refused(why: &'static str) {
    counter!("gangway_usage_requests_refused_total", "why" => why).increment(1);
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self { status, code, words, verdict, retry_after } = self;
        let mut body = json!({ "success": false, "code": code, "message": words });
        if let Some(verdict) = verdict {
            body["verdict"] = verdict.into();
        }
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        if status == StatusCode::UNAUTHORIZED {
            // No challenge by name: a browser would ask its person for a password.
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("WriteKey"));
        }
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            // The SDK for browsers looks here.
            headers.insert("x-ratelimit-reset", HeaderValue::from(seconds));
        }
        response
    }
}

/// The answer to what was taken: `{"success":true}`, and of a batch every message that was not taken, with the reason.
pub(super) fn acknowledged(verdicts: &[Verdict], is_batch: bool) -> Response {
    let told: Vec<Value> = if is_batch {
        verdicts.iter().enumerate().filter_map(|(index, verdict)| told(index, verdict)).collect()
    } else {
        Vec::new()
    };
    if told.is_empty() {
        let headers = [(header::CONTENT_TYPE, "application/json")];
        return (headers, r#"{"success":true}"#).into_response();
    }
    let (refused, accepted) = (told.len(), verdicts.len() - told.len());
    Json(json!({ "success": true, "accepted": accepted, "refused": refused, "verdicts": told }))
        .into_response()
}

fn told(index: usize, verdict: &Verdict) -> Option<Value> {
    let (word, refused) = match verdict {
        Verdict::Accepted(_) => return None,
        Verdict::Rejected(refused) => ("rejected", refused),
        Verdict::Quarantined(refused) => ("quarantined", refused),
    };
    let Reason { code, words, .. } = &refused.reason;
    Some(json!({ "index": index, "verdict": word, "code": code.word(), "message": words }))
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use gangway_events::read::Refused;

    use super::*;

    #[tokio::test]
    async fn every_message_that_was_not_taken_has_its_verdict() {
        let refused = |number: usize| {
            let reason = Reason { code: Code::WrongType, field: None, words: format!("Message {number}.") };
            Verdict::Rejected(Refused { reason, body: String::new() })
        };
        let verdicts: Vec<Verdict> = (0..2_500).map(refused).collect();
        let body = to_bytes(acknowledged(&verdicts, true).into_body(), usize::MAX).await.unwrap();
        let answer: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!((&answer["accepted"], &answer["refused"]), (&json!(0), &json!(2_500)));
        let told = answer["verdicts"].as_array().unwrap();
        assert_eq!(told.len(), 2_500);
        let last = &told[2_499];
        assert_eq!((&last["index"], &last["message"]), (&json!(2_499), &json!("Message 2499.")));
    }
}
