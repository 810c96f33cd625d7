//! Files the pages need, held in the program: nothing is fetched from elsewhere.

use axum::http::header;
use axum::response::IntoResponse;

/// Changes with the release, so that browsers may keep the file for good.
pub(crate) const STYLE_PATH: &str = concat!("/assets/gangway-", env!("CARGO_PKG_VERSION"), ".css");

/// A day while releases are young: the path only changes with the version.
const KEEP: &str = "public, max-age=86400, must-revalidate";

pub(crate) async fn style() -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, KEEP)];
    (headers, include_str!("../assets/gangway.css"))
}

pub(crate) async fn icon() -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, KEEP)];
    (headers, include_str!("../assets/favicon.svg"))
}
