//! The status of an onboarding inside a page of the customer's: read-only, for whoever holds the link.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use gangway_app::identity::Secret;
use gangway_app::portal::{self, Embedded};

use super::{Failed, PortalFrame};
use crate::Web;
use crate::extract::Names;
use crate::pages::render;

#[derive(Template)]
#[template(path = "pages/portal/embed.html")]
struct Page {
    frame: PortalFrame,
    status: Embedded,
}

/// The status. Only the sites of the settings may show it in a frame.
pub(crate) async fn show(State(web): State<Web>, Names(secret): Names<String>) -> Result<Response, Failed> {
    let (status, setting) = portal::embedded(&web.app, &Secret::from_holder(&secret)).await?;
    let frame = PortalFrame::bare(setting.language, &status.product);
    let mut response = render(StatusCode::OK, &Page { frame, status });
    let sites = if setting.frame_ancestors.is_empty() { "'none'" } else { setting.frame_ancestors.as_str() };
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'none'; base-uri 'none'; frame-ancestors {sites}"
    );
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        if !setting.frame_ancestors.is_empty() {
            // Browsers that know `frame-ancestors` do not read this one; older ones show the frame nowhere else.
            headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("ALLOWALL"));
        }
    }
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    Ok(response)
}
