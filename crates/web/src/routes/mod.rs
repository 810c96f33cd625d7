//! Every address of the pages, with who may use it: the authorisation matrix, a table for each area of the app.
//!
//! The router is made from these tables, so there is no route without an entry. What is asked here is
//! the first of two locks; the use case behind the page asks again.

macro_rules! method {
    (get) => {
        axum::http::Method::GET
    };
    (post) => {
        axum::http::Method::POST
    };
}

macro_rules! routes {
    ($($method:ident $path:expr, $access:expr => $handler:path;)*) => {
        pub(super) fn all() -> Vec<$crate::routes::Route> {
            vec![$($crate::routes::Route { method: method!($method), path: $path, access: $access }),*]
        }

        pub(super) fn router() -> axum::Router<$crate::Web> {
            axum::Router::new()
                $(.route($path, $crate::routes::guarded($access, axum::routing::$method($handler))))*
        }
    };
}

mod entrance;
mod onboarding;
mod portal;
mod settings;
mod workspace;

use axum::Router;
use axum::extract::Request;
use axum::http::Method;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::MethodRouter;
use gangway_domain::permission::Action;

use crate::form::Typed;
use crate::pages::{self, failure};
use crate::{Web, session};

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody: it says nothing about anyone.
    Public,
    /// Everybody, because it is the way in; whoever holds the secret it asks for gets further.
    Entrance,
    /// A guest whose portal is open.
    Guest,
    /// Whoever is signed in.
    SignedIn,
    /// Whoever is signed in and may do this.
    Needs(Action),
}

/// An address and a method.
#[derive(Debug, Clone)]
pub struct Route {
    /// GET (and HEAD) or POST.
    pub method: Method,
    /// As the router knows it, with `{id}` for what varies.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
}

/// Every route there is.
#[must_use]
pub fn all() -> Vec<Route> {
    [entrance::all(), workspace::all(), onboarding::all(), portal::all(), settings::all()].concat()
}

pub(crate) fn router() -> Router<Web> {
    entrance::router()
        .merge(workspace::router())
        .merge(onboarding::router())
        .merge(portal::router())
        .merge(settings::router())
}

/// A page behind its lock.
fn guarded(access: Access, page: MethodRouter<Web>) -> MethodRouter<Web> {
    page.layer(from_fn(move |request: Request, next: Next| guard(access, request, next)))
}

async fn guard(access: Access, mut request: Request, next: Next) -> Response {
    match access {
        Access::Public => next.run(request).await,
        Access::Entrance => {
            let language = pages::portal::spoken(request.headers());
            let typed = typed_into(&mut request);
            let response = next.run(request).await;
            pages::portal::told_outside(language, typed.texts(), response)
        }
        Access::Guest => match session::guest_of(&request).cloned() {
            Some(visit) => {
                let typed = typed_into(&mut request);
                pages::portal::told(&visit, &typed, next.run(request).await)
            }
            None => pages::portal::closed_to(request).await,
        },
        Access::SignedIn => match session::of(&request) {
            Some(_) => next.run(request).await,
            None => session::sign_in_first(&request),
        },
        Access::Needs(action) => match session::of(&request) {
            Some(session) if session.actor.may(action) => next.run(request).await,
            Some(_) => failure::forbidden(action),
            None => session::sign_in_first(&request),
        },
    }
}

/// What will have been typed into the form of a request, once its page has read it.
fn typed_into(request: &mut Request) -> Typed {
    let typed = Typed::default();
    request.extensions_mut().insert(typed.clone());
    typed
}
