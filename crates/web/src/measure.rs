//! Measurements: requests by route, and the address Prometheus reads them from.

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;
use axum::routing::get;
use metrics::{counter, gauge, histogram};
use tokio::net::TcpListener;
use tokio::time::Instant;

use crate::{Limits, server};

/// Counts requests and measures how long the answer took. By route, not by address: ids would make a
/// series each. Without a recorder nothing happens.
pub(crate) async fn requests(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let method = request.method().as_str().to_owned();
    let under_way = gauge!("gangway_http_requests_under_way");
    under_way.increment(1.0);
    let begun = Instant::now();
    let response = next.run(request).await;
    under_way.decrement(1.0);
    let status = response.status().as_u16().to_string();
    histogram!("gangway_http_request_duration_seconds", "method" => method.clone(), "route" => route.clone())
        .record(begun.elapsed());
    counter!("gangway_http_requests_total", "method" => method, "route" => route, "status" => status)
        .increment(1);
    response
}

/// Answers `/metrics` on an address of its own, which need not be public, until `stop` is done.
pub async fn serve_metrics<F>(
    listener: TcpListener,
    text: impl Fn() -> F + Clone + Send + Sync + 'static,
    stop: impl Future<Output = ()>,
) where
    F: Future<Output = String> + Send + 'static,
{
    let answer = move || {
        let text = text();
        async move { ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text.await) }
    };
    server::serve(Router::new().route("/metrics", get(answer)), Limits::default(), listener, stop).await;
}
