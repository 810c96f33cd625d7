//! Files the pages need, held in the program: nothing is fetched from elsewhere.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::IntoResponse;
use sha2::{Digest, Sha256};

/// Where the icon is.
pub(crate) const ICON_PATH: &str = "/favicon.svg";

/// Where browsers and other programs look for an icon without being told of one.
pub(crate) const OLD_ICON_PATH: &str = "/favicon.ico";

/// One sheet of many small files. `layers.css` says which file wins over which, so that the order of
/// the others only keeps the sheet the same from build to build.
const STYLE: &str = concat!(
    include_str!("../assets/css/layers.css"),
    include_str!("../assets/css/reset.css"),
    include_str!("../assets/css/tokens.css"),
    include_str!("../assets/css/base.css"),
    include_str!("../assets/css/shell.css"),
    include_str!("../assets/css/button.css"),
    include_str!("../assets/css/form.css"),
    include_str!("../assets/css/panel.css"),
    include_str!("../assets/css/table.css"),
    include_str!("../assets/css/data.css"),
    include_str!("../assets/css/feedback.css"),
    include_str!("../assets/css/navigation.css"),
    include_str!("../assets/css/onboarding.css"),
    include_str!("../assets/css/plan.css"),
    include_str!("../assets/css/intake.css"),
    include_str!("../assets/css/programme.css"),
    include_str!("../assets/css/governance.css"),
    include_str!("../assets/css/workload.css"),
    include_str!("../assets/css/usage.css"),
    include_str!("../assets/css/health.css"),
    include_str!("../assets/css/people.css"),
    include_str!("../assets/css/print.css"),
);

/// The sheet of the portals: no more than their pages need.
const PORTAL_STYLE: &str = concat!(
    include_str!("../assets/css/layers.css"),
    include_str!("../assets/css/reset.css"),
    include_str!("../assets/css/tokens.css"),
    include_str!("../assets/css/base.css"),
    include_str!("../assets/css/button.css"),
    include_str!("../assets/css/form.css"),
    include_str!("../assets/css/panel.css"),
    include_str!("../assets/css/table.css"),
    include_str!("../assets/css/data.css"),
    include_str!("../assets/css/feedback.css"),
    include_str!("../assets/css/portal.css"),
    include_str!("../assets/css/print.css"),
);

/// Every icon, each a symbol with a name.
const ICONS: &str = include_str!("../assets/icons.svg");

/// The scripts, bundled from `assets/js`; empty when they were not there while compiling.
const SCRIPT: &str = include_str!(concat!(env!("OUT_DIR"), "/app.js"));

static STYLE_PATH: LazyLock<String> = LazyLock::new(|| named_after(STYLE, "gangway", "css"));
static PORTAL_STYLE_PATH: LazyLock<String> = LazyLock::new(|| named_after(PORTAL_STYLE, "portal", "css"));
static ICONS_PATH: LazyLock<String> = LazyLock::new(|| named_after(ICONS, "icons", "svg"));
static SCRIPT_PATH: LazyLock<String> = LazyLock::new(|| named_after(SCRIPT, "gangway", "js"));

/// Named after its content, so that browsers may keep it for good and still never show an old one.
fn named_after(content: &str, name: &str, ending: &str) -> String {
    let digest = Sha256::digest(content);
    let hash: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("/assets/{name}-{hash}.{ending}")
}

/// A year, the longest that caches honour; the content under this name never changes.
const FOR_GOOD: &str = "public, max-age=31536000, immutable";

/// The icon's name stays when it changes: asked for again after a day.
const FOR_A_DAY: &str = "public, max-age=86400";

/// The address of the style sheet.
pub(crate) fn style_path() -> &'static str {
    &STYLE_PATH
}

/// The address of the style sheet of the portals.
pub(crate) fn portal_style_path() -> &'static str {
    &PORTAL_STYLE_PATH
}

/// The address of the icons inside the pages.
pub(crate) fn icons_path() -> &'static str {
    &ICONS_PATH
}

/// The address of the scripts.
pub(crate) fn script_path() -> &'static str {
    &SCRIPT_PATH
}

/// Whether there are scripts.
pub(crate) fn has_script() -> bool {
    !SCRIPT.is_empty()
}

/// Whether a path is one of these files.
pub(crate) fn is_asset(path: &str) -> bool {
    [ICON_PATH, OLD_ICON_PATH, style_path(), portal_style_path(), icons_path(), script_path()].contains(&path)
}

pub(crate) async fn script() -> impl IntoResponse {
    let headers =
        [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, FOR_GOOD)];
    (headers, SCRIPT)
}

pub(crate) async fn style() -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, FOR_GOOD)];
    (headers, STYLE)
}

pub(crate) async fn portal_style() -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, FOR_GOOD)];
    (headers, PORTAL_STYLE)
}

pub(crate) async fn icons() -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, FOR_GOOD)];
    (headers, ICONS)
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
