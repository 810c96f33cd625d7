//! Pages of other sites may send events: what their browsers must hear for that.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// How long a browser need not ask again whether it may send, seconds: a day.
const REMEMBERED: &str = "86400";

/// Answers what browsers ask before they send, and lets the page read the answer. Which pages may use a write key is
/// decided where the key is known; cookies are never asked for, so that nothing is opened by answering.
pub(crate) async fn open_to_pages(request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    if *request.method() == Method::OPTIONS {
        let mut response = StatusCode::NO_CONTENT.into_response();
        let wanted = request.headers().get(header::ACCESS_CONTROL_REQUEST_HEADERS).cloned();
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST, OPTIONS"));
        let usual = HeaderValue::from_static("authorization, content-encoding, content-type");
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, wanted.unwrap_or(usual));
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(REMEMBERED));
        readable(headers, origin);
        return response;
    }
    let mut response = next.run(request).await;
    // A page that may not use the key learns nothing but that.
    if response.status() != StatusCode::FORBIDDEN {
        readable(response.headers_mut(), origin);
    }
    response
}

/// Lets pages of this origin read the answer.
fn readable(headers: &mut HeaderMap, origin: Option<HeaderValue>) {
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static("retry-after, x-ratelimit-reset"),
        );
        headers.append(header::VARY, HeaderValue::from_static("origin"));
    }
}
