//! Every operation with what one must be allowed to do for it: the authorisation matrix of the API.
//!
//! Router and description are made from this list, so there is no operation without an entry, and none
//! that is not described. What is asked here is the first of two locks; the use case asks again.

use axum::extract::Request;
use axum::http::Method;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use gangway_domain::permission::Action;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use crate::caller::Caller;
use crate::problem::Problem;
use crate::{Api, description, once};

/// Operations whose answer holds a secret, by path.
const TELL_SECRETS: &[&str] = &[
    "/reports/{id}/links",
    "/crm-hooks",
    "/invitations",
    "/tokens",
    "/webhooks",
    "/webhooks/{id}/secret",
    "/onboardings/{id}/portal-accesses",
    "/onboardings/{id}/portal-embeds",
    "/usage-sources",
    "/usage-sources/{id}/key",
];

/// An operation of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// HTTP method.
    pub method: Method,
    /// Path under `/api/v1`, with `{id}` for what varies.
    pub path: String,
    /// What one must be allowed to do: a role that may, and a token with the action's scope.
    pub needs: Action,
}

impl Operation {
    /// Whether repeating it with the same `Idempotency-Key` does it once. Not where the answer holds a
    /// secret: answers are kept as they are.
    pub(crate) fn is_done_once(&self) -> bool {
        self.method == Method::POST && !TELL_SECRETS.contains(&self.path.as_str())
    }
}

/// The operations of an area: what each needs, and its handler.
macro_rules! operations {
    ($($needs:ident => $($handler:ident)::+;)*) => {
        pub(super) fn table() -> super::Table {
            // Each is made in a frame of its own: what hundreds of descriptions need on their way would not fit on the
            // stack of a thread where nothing is optimised.
            vec![$({
                fn operation() -> super::Entry {
                    (gangway_domain::permission::Action::$needs, utoipa_axum::routes!($($handler)::+))
                }
                operation()
            }),*]
        }
    };
}

mod access;
mod governance;
mod launch;
mod onboarding;
mod outcome;
mod system;
mod training;
mod usage;
mod work;

/// An operation with what one must be allowed to do for it.
type Entry = (Action, UtoipaMethodRouter<Api>);

type Table = Vec<Entry>;

/// All of them, in the order in which they are described.
fn table() -> Table {
    let areas = [
        access::table,
        onboarding::table,
        governance::table,
        launch::table,
        work::table,
        outcome::table,
        training::table,
        usage::table,
        system::table,
    ];
    areas.into_iter().flat_map(|area| area()).collect()
}

/// Every operation there is.
#[must_use]
pub fn all() -> Vec<Operation> {
    table().into_iter().map(|(needs, route)| operation(needs, &route)).collect()
}

fn operation(needs: Action, (_, paths, _): &UtoipaMethodRouter<Api>) -> Operation {
    let (path, item) = paths.paths.iter().next().expect("an operation has a path");
    let method = [
        (&item.get, Method::GET),
        (&item.post, Method::POST),
        (&item.put, Method::PUT),
        (&item.patch, Method::PATCH),
        (&item.delete, Method::DELETE),
    ]
    .into_iter()
    .find_map(|(operation, method)| operation.is_some().then_some(method));
    Operation { method: method.expect("an operation has a method"), path: path.clone(), needs }
}

/// The description of all operations, as they tell it themselves.
pub(crate) fn described() -> utoipa::openapi::OpenApi {
    let routes = table().into_iter().map(|(_, route)| route);
    routes.fold(OpenApiRouter::with_openapi(description::head()), OpenApiRouter::routes).into_openapi()
}

pub(crate) fn router(api: &Api) -> OpenApiRouter<Api> {
    let mut router = OpenApiRouter::with_openapi(description::head());
    for (needs, route) in table() {
        let repeatable = operation(needs, &route).is_done_once();
        let (schemas, paths, mut methods) = route;
        if repeatable {
            methods = methods.route_layer(from_fn_with_state(api.clone(), once::only));
        }
        let guarded =
            methods.route_layer(from_fn(move |request: Request, next: Next| guard(needs, request, next)));
        router = router.routes((schemas, paths, guarded));
    }
    router
}

async fn guard(needs: Action, request: Request, next: Next) -> Response {
    match request.extensions().get::<Caller>() {
        Some(caller) if caller.actor.may(needs) => next.run(request).await,
        Some(_) => Problem::forbidden(needs).into_response(),
        None => Problem::unknown_caller("token_missing", "send a token").into_response(),
    }
}
