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
use gangway_app::identity::CALLBACK;
use gangway_domain::permission::Action;

use crate::pages::settings::webhooks;
use crate::pages::{
    access, accounts, contacts, document, failure, handoffs, onboarding, portfolio, programmes, search,
    settings, style,
};
use crate::{HEALTH_PATH, READY_PATH, Web, assets, healthy, live, ready, session};

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
    get READY_PATH, Public => ready;
    get assets::style_path(), Public => assets::style;
    get assets::script_path(), Public => assets::script;
    get assets::icons_path(), Public => assets::icons;
    get assets::ICON_PATH, Public => assets::icon;
    get assets::OLD_ICON_PATH, Public => assets::old_icon;

    get "/setup", Entrance => access::setup::show;
    post "/setup", Entrance => access::setup::create;
    get "/sign-in", Entrance => access::sign_in::show;
    post "/sign-in", Entrance => access::sign_in::create;
    get "/sign-in/provider", Entrance => access::provider::leave;
    get CALLBACK, Entrance => access::provider::come_back;
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
    get "/onboardings/export.csv", Needs(Action::Export) => portfolio::export::csv;
    get "/onboardings/export.xlsx", Needs(Action::Export) => portfolio::export::xlsx;
    post "/views", Needs(Action::Look) => portfolio::views::create;
    post "/views/first", Needs(Action::Look) => portfolio::views::begin_with_all;
    post "/views/{id}", Needs(Action::Look) => portfolio::views::change;
    post "/views/{id}/removal", Needs(Action::Look) => portfolio::views::forget;
    post "/views/{id}/first", Needs(Action::Look) => portfolio::views::begin;
    get "/onboardings/{id}", Needs(Action::Look) => onboarding::overview::show;
    get "/onboardings/{id}/handoff", Needs(Action::Look) => onboarding::handoff::show;
    get "/onboardings/{id}/plan", Needs(Action::Look) => onboarding::plan::show;
    get "/onboardings/{id}/people", Needs(Action::Look) => onboarding::people::show;
    get "/onboardings/{id}/scorecard", Needs(Action::Look) => onboarding::scorecard::show;
    get "/onboardings/{id}/documents", Needs(Action::Look) => onboarding::documents::show;
    get "/onboardings/{id}/documents/{name}", Needs(Action::Look) => onboarding::wording::show;
    post "/onboardings/{id}/documents/{name}", Needs(Action::RunOnboarding) => onboarding::wording::save;
    post "/onboardings/{id}/documents/{name}/reset", Needs(Action::RunOnboarding) => onboarding::wording::reset;
    get "/onboardings/{id}/documents/{name}/preview", Needs(Action::Look) => onboarding::wording::preview;
    post "/onboardings/{id}/documents/{name}/preview", Needs(Action::Look) => onboarding::wording::try_out;
    get "/onboardings/{id}/programme", Needs(Action::Look) => onboarding::programme::show;
    post "/onboardings/{id}/programme", Needs(Action::PlanOnboarding) => onboarding::programme::take;
    get "/onboardings/{id}/activity", Needs(Action::Look) => onboarding::activity::show;
    post "/onboardings/{id}/kickoff", Needs(Action::RunOnboarding) => onboarding::state::kick_off;
    post "/onboardings/{id}/completion", Needs(Action::RunOnboarding) => onboarding::state::complete;
    post "/onboardings/{id}/closure", Needs(Action::RunOnboarding) => onboarding::state::close;
    post "/onboardings/{id}/owner", Needs(Action::RunOnboarding) => onboarding::owner::change;
    get "/onboardings/{id}/package.zip", Needs(Action::Export) => onboarding::documents::archive;
    get "/onboardings/{id}/package/{*path}", Needs(Action::Look) => document::show;

    get "/handoffs", Needs(Action::Look) => handoffs::list::show;
    post "/handoffs", Needs(Action::HandOver) => handoffs::new::create;
    get "/handoffs/new", Needs(Action::HandOver) => handoffs::new::show;
    get "/handoffs/crm/{crm}", Needs(Action::HandOver) => handoffs::pick::show;
    post "/handoffs/crm/{crm}", Needs(Action::HandOver) => handoffs::pick::create;
    get "/handoffs/{id}", Needs(Action::Look) => handoffs::review::show;
    post "/handoffs/{id}/facts", Needs(Action::HandOver) => handoffs::change::create;
    post "/handoffs/{id}/corrections/{number}/undo", Needs(Action::HandOver) => handoffs::change::undo;
    post "/handoffs/{id}/confirmation", Needs(Action::HandOver) => handoffs::change::confirm;
    post "/handoffs/{id}/clocks/{clock}", Needs(Action::HandOver) => handoffs::change::clock;
    get "/handoffs/{id}/plan", Needs(Action::Look) => handoffs::plan::show;
    post "/handoffs/{id}/onboarding", Needs(Action::PlanOnboarding) => handoffs::plan::create;

    get "/live", Needs(Action::Look) => live::stream;
    get "/programmes", Needs(Action::Look) => programmes::list::show;
    get "/programmes/{id}", Needs(Action::Look) => programmes::read::show;
    get "/programmes/{id}/compare", Needs(Action::Look) => programmes::compare::show;
    get "/programmes/{id}/versions", Needs(Action::Look) => programmes::versions::show;
    post "/programmes/{id}/built-in", Needs(Action::PublishProgrammes) => programmes::versions::back;
    get "/programmes/{id}/draft", Needs(Action::Look) => programmes::draft::show;
    post "/programmes/{id}/draft", Needs(Action::DraftProgrammes) => programmes::draft::begin;
    post "/programmes/{id}/draft/part", Needs(Action::DraftProgrammes) => programmes::draft::change;
    get "/programmes/{id}/draft/text", Needs(Action::Look) => programmes::text::show;
    post "/programmes/{id}/draft/text", Needs(Action::DraftProgrammes) => programmes::text::save;
    get "/programmes/{id}/draft/trial", Needs(Action::Look) => programmes::trial::show;
    post "/programmes/{id}/draft/trial", Needs(Action::Look) => programmes::trial::paste;
    post "/programmes/{id}/draft/discard", Needs(Action::DraftProgrammes) => programmes::draft::discard;
    post "/programmes/{id}/draft/publication", Needs(Action::PublishProgrammes) => programmes::draft::publish;

    get "/accounts", Needs(Action::Look) => accounts::list::show;
    post "/accounts", Needs(Action::EditAccounts) => accounts::list::create;
    get "/accounts/duplicates", Needs(Action::Look) => accounts::list::duplicates;
    get "/accounts/{id}", Needs(Action::Look) => accounts::account::show;
    post "/accounts/{id}", Needs(Action::EditAccounts) => accounts::account::change;
    post "/accounts/{id}/contacts", Needs(Action::EditAccounts) => accounts::account::add_contact;
    get "/accounts/{id}/merge", Needs(Action::Look) => accounts::merge::show;
    post "/accounts/{id}/merge", Needs(Action::EditAccounts) => accounts::merge::create;
    post "/accounts/{id}/distinct", Needs(Action::EditAccounts) => accounts::merge::tell_apart;
    get "/contacts", Needs(Action::Look) => contacts::list::show;
    get "/contacts/duplicates", Needs(Action::Look) => accounts::list::contact_duplicates;
    get "/contacts/{id}", Needs(Action::Look) => contacts::contact::show;
    post "/contacts/{id}", Needs(Action::EditAccounts) => contacts::contact::change;
    get "/contacts/{id}/merge", Needs(Action::Look) => contacts::merge::show;
    post "/contacts/{id}/merge", Needs(Action::EditAccounts) => contacts::merge::create;
    post "/contacts/{id}/distinct", Needs(Action::EditAccounts) => contacts::merge::tell_apart;
    get "/search", Needs(Action::Look) => search::show;
    get "/search/suggestions", Needs(Action::Look) => search::suggest;

    get "/style", SignedIn => style::show;
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
    post "/settings/me/leaving", Needs(Action::OwnAccess) => settings::me::leave;
    get "/settings/workspace", Needs(Action::ManageWorkspace) => settings::workspace::show;
    post "/settings/workspace/name", Needs(Action::ManageWorkspace) => settings::workspace::rename;
    post "/settings/workspace/removal", Needs(Action::ManageWorkspace) => settings::workspace::remove;
    post "/settings/workspaces", Needs(Action::ManageWorkspace) => settings::workspace::create;
    post "/settings/me/workspace", SignedIn => settings::me::change_workspace;
    get "/settings/tokens", Needs(Action::OwnAccess) => settings::tokens::show;
    post "/settings/tokens", Needs(Action::OwnAccess) => settings::tokens::create;
    post "/settings/tokens/{id}/end", Needs(Action::OwnAccess) => settings::tokens::end;
    get "/settings/webhooks", Needs(Action::ManageIntegrations) => webhooks::show;
    post "/settings/webhooks", Needs(Action::ManageIntegrations) => webhooks::create;
    get "/settings/webhooks/{id}", Needs(Action::ManageIntegrations) => webhooks::endpoint::show;
    post "/settings/webhooks/{id}", Needs(Action::ManageIntegrations) => webhooks::endpoint::change;
    post "/settings/webhooks/{id}/secret", Needs(Action::ManageIntegrations) => webhooks::endpoint::rotate;
    post "/settings/webhooks/{id}/switch", Needs(Action::ManageIntegrations) => webhooks::endpoint::switch;
    post "/settings/webhooks/{id}/test", Needs(Action::ManageIntegrations) => webhooks::endpoint::test;
    post "/settings/webhooks/{id}/removal", Needs(Action::ManageIntegrations) => webhooks::endpoint::remove;
    get "/settings/webhooks/{id}/deliveries/{delivery}", Needs(Action::ManageIntegrations) => webhooks::delivery::show;
    post "/settings/webhooks/{id}/deliveries/{delivery}/replay", Needs(Action::ManageIntegrations)
        => webhooks::delivery::replay;
    get "/settings/integrations", Needs(Action::ManageIntegrations) => settings::integrations::show;
    post "/settings/integrations", Needs(Action::ManageIntegrations) => settings::integrations::create;
    post "/settings/integrations/crm/{crm}", Needs(Action::ManageIntegrations) => settings::integrations::connect;
    post "/settings/integrations/crm/{crm}/end", Needs(Action::ManageIntegrations)
        => settings::integrations::disconnect;
    post "/settings/integrations/{id}/end", Needs(Action::ManageIntegrations) => settings::integrations::end;
    get "/settings/audit", Needs(Action::ReadAudit) => settings::audit::show;
}
