//! Versions: `ETag` says which one was read, `If-Match` changes only that one.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;

/// Puts the version on an answer; 304 without a body when the caller has it already.
pub(crate) fn tagged(headers: &HeaderMap, version: i64, answer: impl IntoResponse) -> Response {
    let tag = tag(version);
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let has = known.flat_map(|list| list.split(',')).any(|one| {
        let one = one.trim();
        one == "*" || one.trim_start_matches("W/") == tag
    });
    let mut response = if has { StatusCode::NOT_MODIFIED.into_response() } else { answer.into_response() };
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// Something as it is after a change.
pub(crate) fn changed(version: i64, answer: impl IntoResponse) -> Response {
    tagged(&HeaderMap::new(), version, answer)
}

/// Something new, and where it is.
pub(crate) fn created(version: i64, location: String, answer: impl IntoResponse) -> Response {
    changed(version, (StatusCode::CREATED, [(header::LOCATION, location)], answer))
}

fn tag(version: i64) -> String {
    format!("\"{version}\"")
}

/// The version a change is meant for; none when the caller does not care.
#[derive(Debug, Clone, Copy)]
pub(crate) struct IfMatch(pub Option<i64>);

impl IfMatch {
    /// The version, which must be said.
    pub(crate) fn required(self) -> Result<i64, Problem> {
        self.0.ok_or_else(|| {
            let detail =
                "say which version you change: send its ETag as If-Match, so that nobody's work is lost";
            Problem::new(StatusCode::PRECONDITION_REQUIRED, "if_match_missing", detail)
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else { return Ok(Self(None)) };
        let version = value
            .to_str()
            .ok()
            .and_then(|text| text.trim().strip_prefix('"')?.strip_suffix('"')?.parse().ok());
        let Some(version) = version else {
            let detail = "If-Match must be one ETag as it was given, such as \"3\"";
            return Err(Problem::new(StatusCode::BAD_REQUEST, "if_match_invalid", detail));
        };
        Ok(Self(Some(version)))
    }
}
