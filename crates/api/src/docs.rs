//! The description itself, and a page to try it on: Swagger UI, embedded, loading nothing from elsewhere.

use std::sync::{Arc, LazyLock};

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use utoipa_swagger_ui::Config;

use crate::description;
use crate::problem::Problem;

/// The page needs its own scripts, and styles it writes itself.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      font-src 'self' data:; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

/// `/api/v1/openapi.json`: for everybody, since it says nothing about anyone.
pub(crate) async fn openapi() -> Response {
    static DOCUMENT: LazyLock<String> = LazyLock::new(|| description::document().to_string());
    let kind = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")];
    (kind, DOCUMENT.as_str()).into_response()
}

/// `/api/docs`.
pub(crate) async fn leave() -> Redirect {
    Redirect::permanent("/api/docs/")
}

/// `/api/docs/`.
pub(crate) async fn index() -> Response {
    serve("index.html")
}

/// A file of the page.
pub(crate) async fn file(Path(name): Path<String>) -> Response {
    serve(&name)
}

fn serve(name: &str) -> Response {
    static CONFIG: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| {
        let config = Config::from("/api/v1/openapi.json");
        Arc::new(
            config
                .use_base_layout()
                .try_it_out_enabled(true)
                .persist_authorization(false)
                .deep_linking(true)
                .validator_url("none"),
        )
    });
    let found = match utoipa_swagger_ui::serve(name, CONFIG.clone()) {
        Ok(found) => found,
        Err(error) => {
            tracing::error!(%error, "the API page is broken");
            return Problem::from(gangway_app::AppError::Crashed).into_response();
        }
    };
    let Some(file) = found else { return Problem::missing("page", name).into_response() };
    let mut response = file.bytes.into_owned().into_response();
    let headers = response.headers_mut();
    if let Ok(kind) = HeaderValue::from_str(&file.content_type) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("max-age=3600"));
    response
}
