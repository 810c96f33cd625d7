//! What protects the browser: headers on every answer, and no changes on behalf of other sites.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::pages::failure::{self, Ours};

/// Nothing but our own styles, scripts, pictures, forms, and documents in a frame; nothing inline, nothing from or
/// to elsewhere.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; \
                      frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Marks a page that is no success but shows a form again: scripts let it take the place of the page the form was on.
/// Whatever else goes wrong, they keep that page, with what was typed into it.
const FORM_AGAIN: (&str, &str) = ("x-page", "form");

/// Adds the security headers; a handler may set a policy of its own.
pub(crate) async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let shows_form = shows_form_again(&response);
    let headers = response.headers_mut();
    if shows_form {
        let (name, value) = FORM_AGAIN;
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    for (name, value) in
        [(header::X_CONTENT_TYPE_OPTIONS, "nosniff"), (header::REFERRER_POLICY, "same-origin")]
    {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::X_FRAME_OPTIONS).or_insert(HeaderValue::from_static("DENY"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    headers
        .insert("permissions-policy", HeaderValue::from_static("camera=(), geolocation=(), microphone=()"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// A page of ours that refuses something, but no page that only says what went wrong.
fn shows_form_again(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    let is_refusal = response.status().is_client_error() || response.status().is_server_error();
    is_refusal
        && kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
        && response.extensions().get::<Ours>().is_none()
}

/// Refuses a change that another site asked for: browsers say so in `Sec-Fetch-Site`, older ones in
/// `Origin`. A request with neither does not come from a page.
pub(crate) async fn same_origin(request: Request, next: Next) -> Response {
    if request.method() == Method::GET || request.method() == Method::HEAD || is_own(request.headers()) {
        next.run(request).await
    } else {
        failure::page(
            StatusCode::FORBIDDEN,
            "This request came from another site",
            "Open Gangway itself and try again from there.",
        )
        .into_response()
    }
}

fn is_own(headers: &HeaderMap) -> bool {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    match (text(header::ORIGIN), text(header::HOST)) {
        (None, _) => true,
        (Some(origin), Some(host)) => {
            origin.split_once("://").is_some_and(|(_, authority)| authority == host)
        }
        (Some(_), None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn a_form_that_is_shown_again_is_told_from_a_page_that_only_says_what_went_wrong() {
        let html = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
        let again = (StatusCode::UNPROCESSABLE_ENTITY, html.clone(), "<form>").into_response();
        assert!(shows_form_again(&again));
        assert!(!shows_form_again(&(StatusCode::OK, html, "<form>").into_response()));
        assert!(!shows_form_again(&(StatusCode::PAYLOAD_TOO_LARGE, "length limit exceeded").into_response()));
        assert!(!shows_form_again(&failure::page(
            StatusCode::UNAUTHORIZED,
            "You are signed out",
            "Sign in."
        )));
    }

    #[test]
    fn only_our_own_pages_and_tools_may_change_things() {
        for (own, pairs) in [
            (true, &[][..]),
            (true, &[("sec-fetch-site", "same-origin")]),
            (true, &[("sec-fetch-site", "none")]),
            (
                false,
                &[
                    ("sec-fetch-site", "cross-site"),
                    ("origin", "http://127.0.0.1:8080"),
                    ("host", "127.0.0.1:8080"),
                ],
            ),
            (false, &[("sec-fetch-site", "same-site")]),
            (true, &[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")]),
            (false, &[("origin", "http://evil.example"), ("host", "127.0.0.1:8080")]),
            (false, &[("origin", "null"), ("host", "127.0.0.1:8080")]),
            (false, &[("origin", "http://127.0.0.1:8080")]),
        ] {
            assert_eq!(is_own(&headers(pairs)), own, "{pairs:?}");
        }
    }
}
