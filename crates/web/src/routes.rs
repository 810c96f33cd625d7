//! Every address of the pages, with who may use it: the authorisation matrix.
//!
//! The router is made from this list, so there is no route without an entry. What is asked here is
//! the first of two locks; the use case behind the page asks again.

use axum::Router;
use axum::extract::Request;
use axum::http::Method;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::{get, post};
use gangway_domain::permission::Action;

use crate::pages::{access, document, failure, onboarding, portfolio, settings};
use crate::{HEALTH_PATH, Web, assets, healthy, session};

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody: it says nothing about anyone.
    Public,
    /// Everybody, because it is the way in; whoever holds the secret it asks for gets further.
    Entrance,
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

macro_rules! method {
    (get) => {
        Method::GET
    };
    (post) => {
        Method::POST
    };
}

macro_rules! routes {
    ($($method:ident $path:expr, $access:expr => $handler:path;)*) => {
        /// Every route there is.
        #[must_use]
        pub fn all() -> Vec<Route> {
            vec![$(Route { method: method!($method), path: $path, access: $access }),*]
        }

        pub(crate) fn router() -> Router<Web> {
            Router::new()$(.route($path, $method($handler).layer(from_fn(move |request: Request, next: Next| {
                guard($access, request, next)
            }))))*
        }
    };
}

async fn guard(access: Access, request: Request, next: Next) -> Response {
    match access {
        Public | Entrance => next.run(request).await,
        SignedIn => match session::of(&request) {
            Some(_) => next.run(request).await,
            None => session::sign_in_first(&request),
        },
        Needs(action) => match session::of(&request) {
            Some(session) if session.actor.may(action) => next.run(request).await,
            Some(_) => failure::forbidden(action),
            None => session::sign_in_first(&request),
        },
    }
}

use Access::{Entrance, Needs, Public, SignedIn};

routes! {
    get HEALTH_PATH, Public => healthy;
    get assets::style_path(), Public => assets::style;
    get assets::ICON_PATH, Public => assets::icon;
    get assets::OLD_ICON_PATH, Public => assets::old_icon;

    get "/setup", Entrance => access::setup::show;
    post "/setup", Entrance => access::setup::create;
    get "/sign-in", Entrance => access::sign_in::show;
    post "/sign-in", Entrance => access::sign_in::create;
    post "/sign-in/demo", Entrance => access::sign_in::as_demo_person;
    post "/sign-out", Entrance => access::sign_in::end;
    get "/forgot-password", Entrance => access::reset::ask;
    post "/forgot-password", Entrance => access::reset::send;
    get "/reset/{secret}", Entrance => access::reset::show;
    post "/reset/{secret}", Entrance => access::reset::create;
    get "/join/{secret}", Entrance => access::join::show;
    post "/join/{secret}", Entrance => access::join::create;

    get "/", SignedIn => portfolio::home;
    get "/onboardings", Needs(Action::Look) => portfolio::show;
    post "/onboardings", Needs(Action::HandOver) => portfolio::create;
    get "/onboardings/{id}", Needs(Action::Look) => onboarding::show;
    get "/onboardings/{id}/package/{*path}", Needs(Action::Look) => document::show;

    get "/settings", SignedIn => settings::home;
    get "/settings/team", Needs(Action::Look) => settings::team::show;
    post "/settings/team/invitations", Needs(Action::ManageTeam) => settings::team::invite;
    post "/settings/team/invitations/{id}/withdrawal", Needs(Action::ManageTeam) => settings::team::withdraw;
    post "/settings/team/{id}/role", Needs(Action::ManageTeam) => settings::team::change_role;
    post "/settings/team/{id}/removal", Needs(Action::ManageTeam) => settings::team::remove;
    get "/settings/me", SignedIn => settings::me::show;
    post "/settings/me/name", Needs(Action::OwnAccess) => settings::me::change_name;
    post "/settings/me/password", Needs(Action::OwnAccess) => settings::me::change_password;
    post "/settings/me/other-sessions/end", Needs(Action::OwnAccess) => settings::me::end_other_sessions;
    post "/settings/me/workspace", SignedIn => settings::me::change_workspace;
    get "/settings/tokens", Needs(Action::OwnAccess) => settings::tokens::show;
    post "/settings/tokens", Needs(Action::OwnAccess) => settings::tokens::create;
    post "/settings/tokens/{id}/end", Needs(Action::OwnAccess) => settings::tokens::end;
    get "/settings/integrations", Needs(Action::ManageIntegrations) => settings::integrations::show;
    post "/settings/integrations", Needs(Action::ManageIntegrations) => settings::integrations::create;
    post "/settings/integrations/{id}/end", Needs(Action::ManageIntegrations) => settings::integrations::end;
    get "/settings/audit", Needs(Action::ReadAudit) => settings::audit::show;
}
