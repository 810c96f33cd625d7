//! The files of a package, rendered when asked for.
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use gangway_app::{AppError, onboarding};
use gangway_domain::ids::OnboardingId;
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::extract::{Answer, Asked};

/// A generated document speaks with words of the deal: it may show them, and do nothing. It lives
/// in a sandbox of its own, may not run scripts, and may not send anything anywhere.
pub(crate) const POLICY: &str = "sandbox allow-downloads; default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
                      font-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

/// A PDF is shown by a viewer the browser itself brings, which a sandbox keeps from starting; the
/// viewer embeds the file once more from its own address and styles its page. The file is made by
/// us from typeset text and holds no scripts.
const PDF_POLICY: &str = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:; \
                          form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

/// What has to be escaped in `filename*` (RFC 8187).
const NOT_IN_NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_');

/// What has to be escaped in a link's path.
pub(crate) const NOT_IN_PATH: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>').add(b'?').add(b'%');

/// One file of the package.
pub(crate) async fn show(Asked(web, session, (id, path), values): Asked<(String, String)>) -> Answer {
    let Ok(id) = id.parse::<OnboardingId>() else {
        return Err(AppError::NotFound { what: "onboarding", id }.into());
    };
    // Only names the package holds are served: a path is never looked up anywhere else.
    let file = onboarding::file(&web.app, &session.actor, id, &path).await?;
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.media_type));
    let policy = if file.media_type == "application/pdf" { PDF_POLICY } else { POLICY };
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    // The tab of documents shows it in a frame.
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    let shown = !values.has("download") && opens_in_browser(&file.path);
    if let Ok(value) = disposition(&file.path, shown).parse() {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok((headers, file.bytes).into_response())
}

/// Whether browsers show this kind of file well, by the end of its name.
pub(crate) fn opens_in_browser(path: &str) -> bool {
    let end = path.rsplit_once('.').map_or("", |(_, end)| end);
    matches!(end, "html" | "txt" | "pdf" | "json" | "svg")
}

/// RFC 6266 with a name old and new clients understand; never more than the last part of the path.
pub(crate) fn disposition(path: &str, shown: bool) -> String {
    let name = path.rsplit('/').next().unwrap_or("document");
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ') { c } else { '_' })
        .collect();
    let kind = if shown { "inline" } else { "attachment" };
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{}", utf8_percent_encode(name, NOT_IN_NAME))
}

/// A file to be saved: nothing of it is shown here, whatever it says it is.
pub(crate) fn to_save(name: &str, kind: &'static str, content: impl Into<Body>) -> Response {
    let headers =
        [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition(name, false))];
    let content: Body = content.into();
    (headers, content).into_response()
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn names_cannot_break_out_of_the_header() {
        assert_eq!(
            disposition("plan/Zeitplan \"Ä\"\r\nX: 1.ics", false),
            "attachment; filename=\"Zeitplan _____X_ 1.ics\"; filename*=UTF-8''Zeitplan%20%22%C3%84%22%0D%0AX%3A%201.ics"
        );
        assert_eq!(
            disposition("index.html", true),
            "inline; filename=\"index.html\"; filename*=UTF-8''index.html"
        );
    }
}
