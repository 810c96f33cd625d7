//! The REST API, its description in OpenAPI 3.1, and the addresses at which CRMs announce deals.
//!
//! Usage events of the customers' products come in beside it (`ingest`), under Segment's addresses.
//!
//! `operations` is the list of every operation with what one must be allowed to do for it; the router
//! and the description are made from it. One file a resource under `resource/`: what goes in, what
//! comes out, the handlers. A door translates; the use cases of `gangway-app` decide.
//!
//! A request passes, from outside to inside: its id, log line and headers (`around`); a clean answer
//! when a handler crashes or takes too long; who asks (`caller`); how often they asked (`limit`); whether they may
//! (`operations`); whether it was asked before (`once`).

#![expect(unused_qualifications, reason = "the descriptions of operations expand to full paths")]

mod around;
mod caller;
mod description;
mod docs;
mod etag;
mod inbound;
mod ingest;
mod input;
mod kept;
mod limit;
mod once;
mod operations;
mod page;
mod problem;
mod resource;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use gangway_app::App;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::RequestBodyDeadlineLayer;

pub use description::document;
pub use limit::Rate;
pub use operations::{Operation, all as operations};

/// Largest body of a request, bytes.
const LARGEST_BODY: usize = 1_048_576;

/// How long a body may take to arrive, and an answer to be ready.
const PATIENCE: Duration = Duration::from_mins(1);

/// What every handler works with.
#[derive(Clone)]
pub struct Api {
    app: App,
    limiter: Arc<limit::Limiter>,
    room: ingest::Room,
}

impl Api {
    /// The API over this app, 600 requests a minute for each token.
    #[must_use]
    pub fn new(app: App) -> Self {
        Self { app, limiter: Arc::new(limit::Limiter::new(Rate::default())), room: ingest::Room::default() }
    }

    /// Another limit for each token.
    #[must_use]
    pub fn with_rate(self, rate: Rate) -> Self {
        Self { limiter: Arc::new(limit::Limiter::new(rate)), ..self }
    }

    /// Other room for usage events on their way in, bytes: beyond, senders are told to come again.
    #[must_use]
    pub fn with_room(self, bytes: u32) -> Self {
        Self { room: ingest::Room::of(bytes), ..self }
    }

    /// Everything under `/api`, `/hooks` and `/v1`.
    pub fn router(self) -> Router {
        let (api, events) = (self.clone().api(), self.clone().events());
        Router::new().nest("/api", api).nest("/v1", events).nest("/hooks", self.hooks())
    }

    /// `/api`: version 1, and how to use it.
    fn api(self) -> Router {
        let (operations, _) = operations::router(&self).split_for_parts();
        let around = ServiceBuilder::new()
            .layer(from_fn_with_state(self.clone(), caller::authenticate))
            .layer(from_fn_with_state(self.clone(), limit::count));
        let v1 = operations
            .fallback(problem::no_such_address)
            .method_not_allowed_fallback(problem::wrong_method)
            .layer(around)
            .route("/openapi.json", get(docs::openapi));
        let all = Router::new()
            .nest("/v1", v1)
            .route("/docs", get(docs::leave))
            .route("/docs/", get(docs::index))
            .route("/docs/{file}", get(docs::file))
            .fallback(problem::no_such_address);
        self.surrounded(all)
    }

    /// `/hooks`: what CRMs send.
    fn hooks(self) -> Router {
        let all = Router::new()
            .route("/hubspot/{id}", post(inbound::hubspot))
            .route("/salesforce/{id}/{secret}", post(inbound::salesforce))
            .fallback(problem::no_such_address)
            .method_not_allowed_fallback(problem::wrong_method);
        self.surrounded(all)
    }

    /// `/v1`: what happens in the customers' products. Small answers, many of them: less is around them.
    fn events(self) -> Router {
        let around = ServiceBuilder::new()
            .layer(from_fn_with_state(self.clone(), around::finish))
            .layer(from_fn(ingest::open_to_pages))
            .layer(CatchPanicLayer::custom(problem::crashed))
            .layer(from_fn(around::in_time))
            .layer(RequestBodyDeadlineLayer::new(PATIENCE));
        ingest::router().layer(around).with_state(self)
    }

    /// What is around every answer.
    fn surrounded(self, router: Router<Self>) -> Router {
        let around = ServiceBuilder::new()
            .layer(CompressionLayer::new())
            .layer(from_fn_with_state(self.clone(), around::finish))
            .layer(CatchPanicLayer::custom(problem::crashed))
            .layer(from_fn(around::in_time))
            .layer(DefaultBodyLimit::max(LARGEST_BODY))
            .layer(RequestBodyDeadlineLayer::new(PATIENCE));
        router.layer(around).with_state(self)
    }
}
