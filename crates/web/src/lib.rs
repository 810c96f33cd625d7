//! Server-rendered pages. Every page works without JavaScript; there is none so far.
//!
//! One folder per page under `pages/`: handler, view model, template. Templates hold the markup,
//! Rust holds none of it.

mod assets;
mod format;
mod pages;
mod protect;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, Request};
use axum::routing::get;
use gangway_app::{Actor, App, Door};
use gangway_domain::ids::WorkspaceId;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::request_id::{MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer};
use tower_http::trace::TraceLayer;

/// Largest deal that may be sent, bytes; readers refuse more than that too.
const MAX_BODY: usize = 11 * 1024 * 1024;

/// What every handler works with.
#[derive(Clone)]
pub struct Web {
    app: App,
    workspace: WorkspaceId,
}

impl Web {
    /// Pages over this app for one workspace. Who is signed in comes with the next capability;
    /// until then whoever reaches the address acts as one person.
    #[must_use]
    pub fn new(app: App, workspace: WorkspaceId) -> Self {
        Self { app, workspace }
    }

    fn actor(&self) -> Actor {
        Actor { name: "Someone at the web page".to_owned(), workspace: self.workspace, door: Door::Web }
    }

    /// The routes, with everything around them: headers, compression, request ids, tracing, and a
    /// clean page when a handler crashes.
    pub fn router(self) -> Router {
        let request_id = HeaderName::from_static("x-request-id");
        let around = ServiceBuilder::new()
            .layer(SetRequestIdLayer::new(request_id.clone(), FreshIds(self.app.clone())))
            .layer(TraceLayer::new_for_http().make_span_with(span))
            .layer(PropagateRequestIdLayer::new(request_id))
            .layer(axum::middleware::from_fn(protect::headers))
            .layer(CompressionLayer::new())
            .layer(CatchPanicLayer::custom(pages::failure::crashed))
            .layer(axum::middleware::from_fn(protect::same_origin));
        Router::new()
            .route("/", get(pages::portfolio::home))
            .route("/onboardings", get(pages::portfolio::show).post(pages::portfolio::create))
            .route("/onboardings/{id}", get(pages::onboarding::show))
            .route("/onboardings/{id}/package/{*path}", get(pages::document::show))
            .route("/healthz", get(healthy))
            .route(assets::STYLE_PATH, get(assets::style))
            .route("/favicon.svg", get(assets::icon))
            .fallback(pages::failure::not_found)
            .layer(DefaultBodyLimit::max(MAX_BODY))
            .layer(around)
            .with_state(self)
    }
}

/// The process answers and its database does.
async fn healthy(web: axum::extract::State<Web>) -> Result<&'static str, pages::failure::Failure> {
    web.app.db.read().await.map_err(gangway_app::AppError::from)?;
    Ok("ok\n")
}

/// Request ids from the app's own source, so that tests see the same ones.
#[derive(Clone)]
struct FreshIds(App);

impl MakeRequestId for FreshIds {
    fn make_request_id<B>(&mut self, _: &Request<B>) -> Option<RequestId> {
        self.0.ids.fresh().simple().to_string().parse().ok().map(RequestId::new)
    }
}

fn span<B>(request: &Request<B>) -> tracing::Span {
    let id = request.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
    // The path only: a query may hold a customer's name.
    tracing::info_span!("request", method = %request.method(), path = request.uri().path(), id)
}
