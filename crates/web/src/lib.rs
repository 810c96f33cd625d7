//! Server-rendered pages. Every page works without JavaScript.
//!
//! `routes` is the list of every address with who may use it.
//!
//! One folder per page under `pages/`: handler, view model, template. Templates hold the markup,
//! Rust holds none of it.

mod assets;
mod body;
mod extract;
mod form;
mod format;
mod hosts;
mod live;
mod measure;
mod pages;
mod protect;
mod proxies;
mod routes;
mod server;
mod session;
mod words;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use gangway_app::App;
use gangway_app::identity::Secret;
use gangway_app::webhook::Network;
use hosts::Hosts;
use proxies::Proxies;
use tokio::sync::watch;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::request_id::{MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer};
use tower_http::timeout::RequestBodyDeadlineLayer;
use tower_http::trace::TraceLayer;

pub use measure::serve_metrics;
pub use routes::{Access, Route, all as routes};

/// Where the check of health answers.
pub(crate) const HEALTH_PATH: &str = "/healthz";

/// Where a load balancer asks whether to send people here.
pub(crate) const READY_PATH: &str = "/readyz";

/// How long a client may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Until the head of a request has arrived whole, counted from the connection or the answer before:
    /// so also how long an idle connection is kept.
    pub head: Duration,
    /// Until the body of a request has arrived whole.
    pub body: Duration,
    /// Until the answer is ready, the body's arrival included.
    pub request: Duration,
    /// How often an open page that hears of changes is looked at: it is told that the stream lives, and told no
    /// more when its session has ended.
    pub pulse: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(30),
            body: Duration::from_secs(30),
            request: Duration::from_mins(1),
            pulse: Duration::from_secs(15),
        }
    }
}

/// What every handler works with.
#[derive(Clone)]
pub struct Web {
    app: App,
    setup_code: Option<Arc<Secret>>,
    demo: bool,
    hosts: Hosts,
    proxies: Proxies,
    limits: Limits,
    beside: Router,
    /// Becomes true when the server is asked to stop: what would go on for ever ends.
    closing: watch::Sender<bool>,
}

impl Web {
    /// Pages over this app. They answer only to the names of this machine itself and that of the
    /// app's public address.
    #[must_use]
    pub fn new(app: App) -> Self {
        let name =
            app.public_url.parse::<axum::http::Uri>().ok().and_then(|url| url.host().map(str::to_owned));
        Self {
            app,
            setup_code: None,
            demo: false,
            hosts: Hosts::new(name),
            proxies: Proxies::default(),
            limits: Limits::default(),
            beside: Router::new(),
            closing: watch::Sender::new(false),
        }
    }

    /// Lets whoever knows this code become the first admin of a fresh installation; without one
    /// nobody can.
    #[must_use]
    pub fn with_setup_code(self, code: Secret) -> Self {
        Self { setup_code: Some(Arc::new(code)), ..self }
    }

    /// Offers the people of the demo for signing in without a password. Only for invented data.
    #[must_use]
    pub fn for_demo(self) -> Self {
        Self { demo: true, ..self }
    }

    /// Answers to these names too (without a port), beside `localhost` and loopback addresses.
    #[must_use]
    pub fn with_host_names(self, names: impl IntoIterator<Item = String>) -> Self {
        Self { hosts: self.hosts.and(names), ..self }
    }

    /// Believes proxies in these networks when they say for whom they ask (`X-Forwarded-For`); nobody without any.
    #[must_use]
    pub fn with_trusted_proxies(self, networks: impl IntoIterator<Item = Network>) -> Self {
        Self { proxies: Proxies::new(networks), ..self }
    }

    /// Other limits than the usual 30 seconds for a head or a body and one minute for an answer.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Answers at these addresses too, without what is around pages: cookies mean nothing there.
    #[must_use]
    pub fn beside(self, other: Router) -> Self {
        Self { beside: self.beside.merge(other), ..self }
    }

    /// The routes, with everything around them: headers, compression, request ids, tracing, and a
    /// clean page when a handler crashes.
    pub fn router(self) -> Router {
        let request_id = HeaderName::from_static("x-request-id");
        let around = ServiceBuilder::new()
            .layer(SetRequestIdLayer::new(request_id.clone(), FreshIds(self.app.clone())))
            .layer(TraceLayer::new_for_http().make_span_with(span))
            .layer(PropagateRequestIdLayer::new(request_id))
            .layer(from_fn(measure::requests))
            .layer(from_fn(protect::headers))
            .layer(CompressionLayer::new())
            // What the layers below refuse, where nobody is known yet; what pages refuse is said further in.
            .layer(from_fn(pages::portal::failure::in_their_words))
            .layer(CatchPanicLayer::custom(pages::failure::crashed))
            .layer(from_fn_with_state(self.hosts.clone(), hosts::guard))
            .layer(from_fn(protect::same_origin))
            .layer(from_fn_with_state(self.limits, in_time))
            .layer(from_fn_with_state(self.clone(), session::load))
            .layer(from_fn(pages::portal::failure::in_their_words))
            .layer(RequestBodyDeadlineLayer::new(self.limits.body));
        let beside = self.beside.clone();
        routes::router()
            .fallback(pages::failure::not_found)
            .method_not_allowed_fallback(pages::failure::wrong_method)
            .layer(around)
            .with_state(self)
            .merge(beside)
    }
}

/// The process answers and its database does.
pub(crate) async fn healthy(web: State<Web>) -> Result<&'static str, pages::failure::Failure> {
    web.app.db.read().await.map_err(gangway_app::AppError::from)?;
    Ok("ok\n")
}

/// The database answers and has the schema this program needs. Who asks learns which of them is missing, and
/// nothing else.
pub(crate) async fn ready(web: State<Web>) -> (StatusCode, &'static str) {
    match web.app.db.unfit_migrations().await {
        Ok(unfit) if unfit.is_empty() => (StatusCode::OK, "ready\n"),
        Ok(_) => {
            (StatusCode::SERVICE_UNAVAILABLE, "the database has another schema than this program needs\n")
        }
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}

/// Gives up when an answer takes too long; what a use case had begun is rolled back.
async fn in_time(State(limits): State<Limits>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(limits.request, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            tracing::warn!("a request took too long");
            pages::failure::too_slow()
        }
    }
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
    // The path only: a query may hold a customer's name. Whoever reads the log must not come in by a link either: where
    // a path holds a secret, the route is told instead.
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let secret = route.filter(|route| route.contains("{secret}") || route.contains("{token}"));
    let path = secret.unwrap_or_else(|| request.uri().path());
    tracing::info_span!("request", method = %request.method(), path, id)
}
