//! Files the pages need, held in the program: nothing is fetched from elsewhere.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::IntoResponse;
use sha2::{Digest, Sha256};

/// Where the icon is.
pub(crate) const ICON_PATH: &str = "/favicon.svg";

/// Where browsers and other programs look for an icon without being told of one.
pub(crate) const OLD_ICON_PATH: &str = "/favicon.ico";

const STYLE: &str = concat!(include_str!("../assets/gangway.css"), include_str!("../assets/intake.css"));

/// Named after its content, so that browsers may keep it for good and still never show an old one.
static STYLE_PATH: LazyLock<String> = LazyLock::new(|| {
    let digest = Sha256::digest(STYLE);
    let hash: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("/assets/gangway-{hash}.css")
});

/// A year, the longest that caches honour; the content under this name never changes.
const FOR_GOOD: &str = "public, max-age=31536000, immutable";

/// The icon's name stays when it changes: asked for again after a day.
const FOR_A_DAY: &str = "public, max-age=86400";

/// The address of the style sheet.
pub(crate) fn style_path() -> &'static str {
    &STYLE_PATH
}

/// Whether a path is one of these files.
pub(crate) fn is_asset(path: &str) -> bool {
    [ICON_PATH, OLD_ICON_PATH, style_path()].contains(&path)
}

pub(crate) async fn style() -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, FOR_GOOD)];
    (headers, STYLE)
}

pub(crate) async fn icon() -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, FOR_A_DAY)];
    (headers, include_str!("../assets/favicon.svg"))
}

/// `favicon.svg` at 16, 32 and 48 pixels; `assets/favicon.py` makes it.
pub(crate) async fn old_icon() -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, "image/x-icon"), (header::CACHE_CONTROL, FOR_A_DAY)];
    (headers, include_bytes!("../assets/favicon.ico").as_slice())
}
