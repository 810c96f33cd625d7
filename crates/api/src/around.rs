//! What is around every answer: the request's id, a line in the log, headers, the body of a problem.

use axum::Json;
use axum::extract::{OriginalUri, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument;

use crate::problem::{Body, Problem};
use crate::{Api, PATIENCE};

/// Header of the request's id.
const REQUEST_ID: &str = "x-request-id";

/// Longest id of a caller's own, characters.
const LONGEST_ID: usize = 100;

/// The outermost layer: see the module.
pub(crate) async fn finish(
    State(api): State<Api>,
    OriginalUri(uri): OriginalUri,
    request: Request,
    next: Next,
) -> Response {
    let id = own_id(request.headers()).unwrap_or_else(|| api.app.ids.fresh().simple().to_string());
    // The path only: a query may hold a customer's name. Nor the end of a path that holds a secret.
    let path = shown(uri.path());
    let span = tracing::info_span!("request", method = %request.method(), path, id);
    let mut response = next.run(request).instrument(span).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        write(&mut response, &problem, path, &id);
    }
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    let policy = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; sandbox");
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    response
}

/// The caller's own id of the request, when it is one that can stand in a log.
fn own_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    let plain = id.chars().all(|c| c.is_ascii_alphanumeric() || "-_.:".contains(c));
    (plain && (1..=LONGEST_ID).contains(&id.len())).then(|| id.to_owned())
}

/// `/hooks/salesforce/hok_…` without the secret after it, and `/v1/projects` without the write key.
fn shown(path: &str) -> &str {
    if path.starts_with("/v1/projects/") {
        return "/v1/projects";
    }
    match path.strip_prefix("/hooks/salesforce/").and_then(|rest| rest.find('/')) {
        Some(end) => &path[.."/hooks/salesforce/".len() + end],
        None => path,
    }
}

fn write(response: &mut Response, problem: &Problem, instance: &str, request_id: &str) {
    let Problem { status, code, detail, errors, retry_after: _ } = problem;
    let body = Body {
        kind: format!("urn:gangway:problem:{code}"),
        title: status.canonical_reason().unwrap_or("Problem").to_owned(),
        status: status.as_u16(),
        code: (*code).to_owned(),
        detail: detail.clone(),
        instance: instance.to_owned(),
        request_id: request_id.to_owned(),
        errors: errors.clone(),
    };
    let mut written = Json(body).into_response();
    let kind = HeaderValue::from_static("application/problem+json");
    written.headers_mut().insert(header::CONTENT_TYPE, kind);
    let (parts, body) = written.into_parts();
    for (name, value) in &parts.headers {
        response.headers_mut().insert(name, value.clone());
    }
    *response.body_mut() = body;
}

/// Gives up when an answer takes too long; what a use case had begun is rolled back.
pub(crate) async fn in_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(PATIENCE, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            tracing::warn!("a request took too long");
            let detail = "this took too long; nothing is half-saved, so try again in a moment";
            let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too_slow", detail);
            Problem { retry_after: Some(5), ..problem }.into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_in_an_address_stays_out_of_logs_and_answers() {
        assert_eq!(shown("/hooks/salesforce/hok_1/secret"), "/hooks/salesforce/hok_1");
        assert_eq!(shown("/v1/projects/a-write-key/settings"), "/v1/projects");
        assert_eq!(shown("/api/v1/accounts"), "/api/v1/accounts");
    }

    #[test]
    fn only_plain_ids_of_callers_are_taken_over() {
        let with = |id: &'static str| {
            own_id(&HeaderMap::from_iter([(REQUEST_ID.parse().unwrap(), HeaderValue::from_static(id))]))
        };
        assert_eq!(with("trace-1.a:b_c").as_deref(), Some("trace-1.a:b_c"));
        assert_eq!(with("a b"), None);
        assert_eq!(with(""), None);
    }
}
