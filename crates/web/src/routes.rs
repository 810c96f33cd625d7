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

use crate::pages::onboarding::governance;
use crate::pages::settings::webhooks;
use crate::pages::{
    access, accounts, contacts, document, failure, feedback, handoffs, late, my_work, onboarding, portal,
    portfolio, programmes, search, settings, style, workload,
};
use crate::{HEALTH_PATH, READY_PATH, Web, assets, healthy, live, ready, session};

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
        Guest => match session::guest_of(&request).cloned() {
            Some(visit) => portal::told(&visit, next.run(request).await),
            None => portal::closed_to(&request),
        },
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

use Access::{Entrance, Guest, Needs, Public, SignedIn};

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
    post "/onboardings", Needs(Action::PlanOnboarding) => portfolio::create;
    get "/onboardings/late", Needs(Action::Look) => late::show;
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
    get "/my-work", Needs(Action::Look) => my_work::show;
    get "/workload", Needs(Action::Look) => workload::show;
    post "/workload/{id}/time", Needs(Action::OwnAccess) => workload::time::change;
    get "/onboardings/{id}/plan/calendars", Needs(Action::Look) => onboarding::plan::calendars::show;
    get "/onboardings/{id}/plan/people", Needs(Action::Look) => onboarding::plan::prospect::show;
    get "/onboardings/{id}/plan/ledger", Needs(Action::Look) => onboarding::work::ledger::show;
    post "/onboardings/{id}/plan/baselines", Needs(Action::PlanOnboarding) => onboarding::work::ledger::agree;
    post "/onboardings/{id}/plan/changes", Needs(Action::RunOnboarding) => onboarding::work::change::create;
    post "/onboardings/{id}/plan/changes/{batch}/undo", Needs(Action::RunOnboarding) => onboarding::work::change::undo;
    post "/onboardings/{id}/plan/preview", Needs(Action::Look) => onboarding::work::change::preview;
    get "/onboardings/{id}/tasks/new", Needs(Action::RunOnboarding) => onboarding::work::task::new;
    get "/onboardings/{id}/tasks/templates", Needs(Action::RunOnboarding) => onboarding::work::template::list;
    get "/onboardings/{id}/tasks/templates/{template}", Needs(Action::RunOnboarding) => onboarding::work::template::show;
    get "/onboardings/{id}/series", Needs(Action::Look) => onboarding::work::recurring::list;
    post "/onboardings/{id}/series", Needs(Action::RunOnboarding) => onboarding::work::recurring::create;
    get "/onboardings/{id}/series/new", Needs(Action::RunOnboarding) => onboarding::work::recurring::new;
    post "/onboardings/{id}/series/preview", Needs(Action::RunOnboarding) => onboarding::work::recurring::preview;
    get "/onboardings/{id}/series/{series}", Needs(Action::Look) => onboarding::work::recurring::show;
    post "/onboardings/{id}/series/{series}", Needs(Action::RunOnboarding) => onboarding::work::recurring::change;
    post "/onboardings/{id}/series/{series}/state", Needs(Action::RunOnboarding) => onboarding::work::recurring::step;
    get "/onboardings/{id}/tasks/{task}", Needs(Action::Look) => onboarding::work::task::show;
    get "/onboardings/{id}/milestones/{milestone}", Needs(Action::Look) => onboarding::work::milestone::show;
    post "/work/{id}/comments", Needs(Action::RunOnboarding) => onboarding::work::talk::comment;
    post "/work/{id}/files", Needs(Action::RunOnboarding) => onboarding::work::talk::add_file;
    post "/work/{id}/checklist", Needs(Action::RunOnboarding) => onboarding::work::talk::add_check;
    post "/comments/{id}/removal", Needs(Action::RunOnboarding) => onboarding::work::talk::remove_comment;
    get "/attachments/{id}", Needs(Action::Look) => onboarding::work::talk::file;
    post "/attachments/{id}/removal", Needs(Action::RunOnboarding) => onboarding::work::talk::remove_file;
    post "/checklist-items/{id}", Needs(Action::RunOnboarding) => onboarding::work::talk::check;
    get "/onboardings/{id}/people", Needs(Action::Look) => onboarding::people::show;
    post "/onboardings/{id}/people", Needs(Action::RunOnboarding) => onboarding::people::add;
    get "/onboardings/{id}/people/relations", Needs(Action::Look) => onboarding::people::show_relations;
    post "/onboardings/{id}/people/relations", Needs(Action::RunOnboarding) => onboarding::people::relate;
    post "/onboardings/{id}/people/relations/removal", Needs(Action::RunOnboarding) => onboarding::people::unrelate;
    get "/onboardings/{id}/people/resistance", Needs(Action::Look) => onboarding::people::show_resistance;
    post "/onboardings/{id}/people/resistance", Needs(Action::RunOnboarding) => onboarding::people::notice;
    post "/onboardings/{id}/people/resistance/{entry}", Needs(Action::RunOnboarding) => onboarding::people::change_resistance;
    post "/onboardings/{id}/people/resistance/{entry}/resolution", Needs(Action::RunOnboarding) => onboarding::people::resolve;
    post "/onboardings/{id}/people/resistance/{entry}/reopening", Needs(Action::RunOnboarding) => onboarding::people::reopen;
    get "/onboardings/{id}/people/communication", Needs(Action::Look) => onboarding::people::communication::show;
    post "/onboardings/{id}/people/communication", Needs(Action::RunOnboarding) => onboarding::people::communication::add;
    post "/onboardings/{id}/people/communication/{message}", Needs(Action::RunOnboarding) => onboarding::people::communication::change;
    post "/onboardings/{id}/people/communication/{message}/tick", Needs(Action::RunOnboarding) => onboarding::people::communication::tick;
    post "/onboardings/{id}/people/communication/{message}/removal", Needs(Action::RunOnboarding) => onboarding::people::communication::remove;
    post "/onboardings/{id}/people/change", Needs(Action::RunOnboarding) => onboarding::people::steps::add;
    post "/onboardings/{id}/people/change/{step}", Needs(Action::RunOnboarding) => onboarding::people::steps::change;
    post "/onboardings/{id}/people/change/{step}/tick", Needs(Action::RunOnboarding) => onboarding::people::steps::tick;
    post "/onboardings/{id}/people/change/{step}/removal", Needs(Action::RunOnboarding) => onboarding::people::steps::remove;
    get "/onboardings/{id}/people/raci", Needs(Action::Look) => onboarding::people::show_matrix;
    post "/onboardings/{id}/people/raci", Needs(Action::RunOnboarding) => onboarding::people::change_matrix;
    get "/onboardings/{id}/people/{contact}", Needs(Action::Look) => onboarding::people::show_person;
    post "/onboardings/{id}/people/{contact}", Needs(Action::RunOnboarding) => onboarding::people::change;
    post "/onboardings/{id}/people/{contact}/removal", Needs(Action::RunOnboarding) => onboarding::people::remove;
    post "/onboardings/{id}/people/{contact}/touches", Needs(Action::RunOnboarding) => onboarding::people::touch;
    post "/onboardings/{id}/people/{contact}/touches/{touch}/removal", Needs(Action::RunOnboarding) => onboarding::people::untouch;
    post "/onboardings/{id}/people/{contact}/loss", Needs(Action::RunOnboarding) => onboarding::people::lose;
    post "/onboardings/{id}/losses/{loss}", Needs(Action::RunOnboarding) => onboarding::people::watch;
    post "/onboardings/{id}/losses/{loss}/successor", Needs(Action::RunOnboarding) => onboarding::people::confirm;
    get "/onboardings/{id}/training", Needs(Action::Look) => onboarding::training::schedule::show;
    get "/onboardings/{id}/training/calendar.ics", Needs(Action::Look) => onboarding::training::schedule::calendar_file;
    post "/onboardings/{id}/training/tracks/{track}", Needs(Action::RunOnboarding) => onboarding::training::schedule::size;
    post "/onboardings/{id}/training/tracks/{track}/sessions", Needs(Action::RunOnboarding) => onboarding::training::schedule::propose;
    post "/onboardings/{id}/training/tracks/{track}/certificates", Needs(Action::RunOnboarding) => onboarding::training::schedule::certify;
    post "/onboardings/{id}/training/sessions", Needs(Action::RunOnboarding) => onboarding::training::schedule::create;
    get "/onboardings/{id}/training/sessions/{session}", Needs(Action::Look) => onboarding::training::session::show;
    post "/onboardings/{id}/training/sessions/{session}", Needs(Action::RunOnboarding) => onboarding::training::session::change;
    get "/onboardings/{id}/training/sessions/{session}/calendar.ics", Needs(Action::Look) => onboarding::training::session::calendar_file;
    post "/onboardings/{id}/training/sessions/{session}/recording", Needs(Action::RunOnboarding) => onboarding::training::session::recording;
    post "/onboardings/{id}/training/sessions/{session}/seats", Needs(Action::RunOnboarding) => onboarding::training::session::seat;
    post "/onboardings/{id}/training/sessions/{session}/seats/{learner}/removal", Needs(Action::RunOnboarding) => onboarding::training::session::unseat;
    post "/onboardings/{id}/training/sessions/{session}/invitations", Needs(Action::RunOnboarding) => onboarding::training::session::invite;
    post "/onboardings/{id}/training/sessions/{session}/outcome", Needs(Action::RunOnboarding) => onboarding::training::session::end;
    post "/onboardings/{id}/training/sessions/{session}/removal", Needs(Action::RunOnboarding) => onboarding::training::session::remove;
    get "/onboardings/{id}/training/learners", Needs(Action::Look) => onboarding::training::learners::show;
    post "/onboardings/{id}/training/learners", Needs(Action::RunOnboarding) => onboarding::training::learners::add;
    post "/onboardings/{id}/training/learners/list", Needs(Action::RunOnboarding) => onboarding::training::learners::paste;
    post "/onboardings/{id}/training/learners/file", Needs(Action::RunOnboarding) => onboarding::training::learners::upload;
    get "/onboardings/{id}/training/learners/{learner}", Needs(Action::Look) => onboarding::training::learner::show;
    post "/onboardings/{id}/training/learners/{learner}", Needs(Action::RunOnboarding) => onboarding::training::learner::change;
    post "/onboardings/{id}/training/learners/{learner}/removal", Needs(Action::RunOnboarding) => onboarding::training::learner::remove;
    post "/onboardings/{id}/training/learners/{learner}/tracks", Needs(Action::RunOnboarding) => onboarding::training::learner::enrol;
    post "/onboardings/{id}/training/learners/{learner}/tracks/{track}/removal", Needs(Action::RunOnboarding) => onboarding::training::learner::unenrol;
    post "/onboardings/{id}/training/learners/{learner}/tracks/{track}/lessons", Needs(Action::RunOnboarding) => onboarding::training::learner::study;
    post "/onboardings/{id}/training/learners/{learner}/tracks/{track}/observations", Needs(Action::RunOnboarding) => onboarding::training::learner::observe;
    post "/onboardings/{id}/training/learners/{learner}/tracks/{track}/certificates", Needs(Action::RunOnboarding) => onboarding::training::learner::certify;
    get "/onboardings/{id}/training/attempts/{attempt}", Needs(Action::Look) => onboarding::training::result::show;
    post "/onboardings/{id}/training/attempts/{attempt}", Needs(Action::RunOnboarding) => onboarding::training::result::mark;
    get "/onboardings/{id}/training/certificates/{certificate}/file", Needs(Action::Look) => onboarding::training::result::certificate;
    post "/onboardings/{id}/training/certificates/{certificate}/revocation", Needs(Action::RunOnboarding) => onboarding::training::result::revoke;
    get "/onboardings/{id}/training/trainers", Needs(Action::Look) => onboarding::training::trainers::show;
    get "/onboardings/{id}/training/library", Needs(Action::Look) => onboarding::training::library::show;
    post "/onboardings/{id}/training/library", Needs(Action::RunOnboarding) => onboarding::training::library::add;
    post "/onboardings/{id}/training/library/file", Needs(Action::RunOnboarding) => onboarding::training::library::upload;
    get "/onboardings/{id}/training/library/{entry}/file", Needs(Action::Look) => onboarding::training::library::file;
    post "/onboardings/{id}/training/library/{entry}/removal", Needs(Action::RunOnboarding) => onboarding::training::library::remove;
    get "/certificates/{number}", Entrance => onboarding::training::result::verify;
    get "/onboardings/{id}/register", Needs(Action::Look) => governance::register::list;
    post "/onboardings/{id}/register", Needs(Action::RunOnboarding) => governance::register::create;
    get "/onboardings/{id}/register/{entry}", Needs(Action::Look) => governance::register::show;
    post "/onboardings/{id}/register/{entry}", Needs(Action::RunOnboarding) => governance::register::change;
    post "/onboardings/{id}/register/{entry}/closure", Needs(Action::RunOnboarding) => governance::register::close;
    post "/onboardings/{id}/register/{entry}/reopening", Needs(Action::RunOnboarding) => governance::register::reopen;
    post "/onboardings/{id}/register/{entry}/task", Needs(Action::RunOnboarding) => governance::register::schedule;
    post "/onboardings/{id}/register/{entry}/removal", Needs(Action::RunOnboarding) => governance::register::remove;
    get "/onboardings/{id}/meetings", Needs(Action::Look) => governance::meetings::list;
    post "/onboardings/{id}/meetings", Needs(Action::RunOnboarding) => governance::meetings::create;
    get "/onboardings/{id}/meetings/{meeting}", Needs(Action::Look) => governance::meetings::show;
    post "/onboardings/{id}/meetings/{meeting}", Needs(Action::RunOnboarding) => governance::meetings::change;
    get "/onboardings/{id}/meetings/{meeting}/calendar.ics", Needs(Action::Look) => governance::meetings::calendar;
    post "/onboardings/{id}/meetings/{meeting}/invitations", Needs(Action::RunOnboarding) => governance::meetings::invite;
    post "/onboardings/{id}/meetings/{meeting}/outcome", Needs(Action::RunOnboarding) => governance::meetings::end;
    post "/onboardings/{id}/meetings/{meeting}/entries", Needs(Action::RunOnboarding) => governance::meetings::add;
    post "/onboardings/{id}/meetings/{meeting}/removal", Needs(Action::RunOnboarding) => governance::meetings::remove;
    get "/onboardings/{id}/feedback", Needs(Action::Look) => onboarding::feedback::list;
    post "/onboardings/{id}/feedback", Needs(Action::RunOnboarding) => onboarding::feedback::create;
    get "/onboardings/{id}/feedback/{survey}", Needs(Action::Look) => onboarding::feedback::show;
    post "/onboardings/{id}/feedback/{survey}/steps", Needs(Action::RunOnboarding) => onboarding::feedback::step;
    get "/onboardings/{id}/forms", Needs(Action::Look) => onboarding::feedback::forms::list;
    post "/onboardings/{id}/forms", Needs(Action::RunOnboarding) => onboarding::feedback::forms::create;
    get "/onboardings/{id}/forms/{form}", Needs(Action::Look) => onboarding::feedback::forms::show;
    post "/onboardings/{id}/forms/{form}/steps", Needs(Action::RunOnboarding) => onboarding::feedback::forms::step;
    get "/onboardings/{id}/forms/{form}/files/{field}", Needs(Action::Look) => onboarding::feedback::forms::file;
    get "/onboardings/{id}/escalations", Needs(Action::Look) => governance::escalations::list;
    post "/onboardings/{id}/escalations", Needs(Action::RunOnboarding) => governance::escalations::create;
    get "/onboardings/{id}/escalations/{escalation}", Needs(Action::Look) => governance::escalations::show;
    post "/onboardings/{id}/escalations/{escalation}/steps", Needs(Action::RunOnboarding)
        => governance::escalations::step;
    get "/onboardings/{id}/reports", Needs(Action::Look) => governance::reports::list;
    post "/onboardings/{id}/reports", Needs(Action::RunOnboarding) => governance::reports::create;
    get "/onboardings/{id}/reports/{report}", Needs(Action::Look) => governance::reports::show;
    post "/onboardings/{id}/reports/{report}", Needs(Action::RunOnboarding) => governance::reports::change;
    get "/onboardings/{id}/reports/{report}/preview", Needs(Action::Look) => governance::reports::preview;
    post "/onboardings/{id}/reports/{report}/sendings", Needs(Action::RunOnboarding) => governance::reports::send;
    post "/onboardings/{id}/reports/{report}/links", Needs(Action::RunOnboarding) => governance::reports::share;
    post "/onboardings/{id}/reports/{report}/links/{digest}/end", Needs(Action::RunOnboarding)
        => governance::reports::end_link;
    post "/onboardings/{id}/reports/{report}/removal", Needs(Action::RunOnboarding) => governance::reports::remove;
    get "/shared/reports/{secret}", Entrance => governance::reports::shared;
    get "/onboardings/{id}/changes", Needs(Action::Look) => governance::changes::list;
    post "/onboardings/{id}/changes", Needs(Action::RunOnboarding) => governance::changes::create;
    get "/onboardings/{id}/changes/{request}", Needs(Action::Look) => governance::changes::show;
    post "/onboardings/{id}/changes/{request}", Needs(Action::RunOnboarding) => governance::changes::change;
    post "/onboardings/{id}/changes/{request}/plan", Needs(Action::RunOnboarding) => governance::changes::add;
    post "/onboardings/{id}/changes/{request}/plan/removal", Needs(Action::RunOnboarding)
        => governance::changes::leave_out;
    post "/onboardings/{id}/changes/{request}/steps", Needs(Action::RunOnboarding) => governance::changes::step;
    get "/onboardings/{id}/go-live", Needs(Action::Look) => onboarding::launch::readiness::show;
    post "/onboardings/{id}/go-live/items/{item}", Needs(Action::RunOnboarding)
        => onboarding::launch::readiness::tick;
    post "/onboardings/{id}/go-live/approvals", Needs(Action::RunOnboarding)
        => onboarding::launch::readiness::approve;
    post "/onboardings/{id}/go-live/decisions", Needs(Action::RunOnboarding)
        => onboarding::launch::readiness::decide;
    post "/onboardings/{id}/go-live/decisions/{decision}/conditions", Needs(Action::RunOnboarding)
        => onboarding::launch::readiness::meet;
    get "/onboardings/{id}/go-live/pilot", Needs(Action::Look) => onboarding::launch::pilot::show;
    post "/onboardings/{id}/go-live/pilot", Needs(Action::RunOnboarding) => onboarding::launch::pilot::create;
    post "/onboardings/{id}/go-live/pilot/{pilot}", Needs(Action::RunOnboarding)
        => onboarding::launch::pilot::change;
    post "/onboardings/{id}/go-live/pilot/{pilot}/steps", Needs(Action::RunOnboarding)
        => onboarding::launch::pilot::step;
    post "/onboardings/{id}/go-live/pilot/{pilot}/feedback", Needs(Action::RunOnboarding)
        => onboarding::launch::pilot::feedback;
    get "/onboardings/{id}/go-live/rollout", Needs(Action::Look) => onboarding::launch::rollout::show;
    post "/onboardings/{id}/go-live/strategy", Needs(Action::RunOnboarding)
        => onboarding::launch::rollout::strategy;
    post "/onboardings/{id}/go-live/waves", Needs(Action::RunOnboarding) => onboarding::launch::rollout::waves;
    post "/onboardings/{id}/go-live/waves/moves", Needs(Action::RunOnboarding)
        => onboarding::launch::rollout::move_wave;
    post "/onboardings/{id}/go-live/messages", Needs(Action::RunOnboarding)
        => onboarding::launch::rollout::write;
    post "/onboardings/{id}/go-live/messages/{message}", Needs(Action::RunOnboarding)
        => onboarding::launch::rollout::message;
    get "/onboardings/{id}/go-live/hypercare", Needs(Action::Look) => onboarding::launch::hypercare::show;
    post "/onboardings/{id}/go-live/hypercare", Needs(Action::RunOnboarding)
        => onboarding::launch::hypercare::plan;
    post "/onboardings/{id}/go-live/hypercare/end", Needs(Action::RunOnboarding)
        => onboarding::launch::hypercare::end;
    post "/onboardings/{id}/go-live/issues", Needs(Action::RunOnboarding) => onboarding::launch::hypercare::raise;
    post "/onboardings/{id}/go-live/issues/{issue}", Needs(Action::RunOnboarding)
        => onboarding::launch::hypercare::step;
    post "/onboardings/{id}/go-live/syncs", Needs(Action::RunOnboarding) => onboarding::launch::hypercare::sync;
    get "/onboardings/{id}/go-live/rollback", Needs(Action::Look) => onboarding::launch::rollback::show;
    post "/onboardings/{id}/go-live/rollback", Needs(Action::RunOnboarding) => onboarding::launch::rollback::plan;
    post "/onboardings/{id}/go-live/rollback/signals", Needs(Action::RunOnboarding)
        => onboarding::launch::rollback::raise;
    post "/onboardings/{id}/go-live/rollback/signals/{signal}", Needs(Action::RunOnboarding)
        => onboarding::launch::rollback::step;
    get "/onboardings/{id}/impact", Needs(Action::Look) => onboarding::impact::show;
    post "/onboardings/{id}/impact", Needs(Action::RunOnboarding) => onboarding::impact::create;
    post "/onboardings/{id}/impact/plan", Needs(Action::RunOnboarding) => onboarding::impact::change_plan;
    get "/onboardings/{id}/impact/value", Needs(Action::Look) => onboarding::impact::value::show;
    post "/onboardings/{id}/impact/value/{milestone}", Needs(Action::RunOnboarding) => onboarding::impact::value::celebrate;
    get "/onboardings/{id}/impact/promises", Needs(Action::Look) => onboarding::impact::scorecard::promises;
    get "/onboardings/{id}/impact/scorecard", Needs(Action::Look) => onboarding::impact::scorecard::show;
    get "/onboardings/{id}/impact/complete", Needs(Action::Look) => onboarding::impact::complete::show;
    get "/onboardings/{id}/impact/workshop", Needs(Action::Look) => onboarding::impact::workshop::show;
    get "/onboardings/{id}/impact/{outcome}", Needs(Action::Look) => onboarding::impact::outcome::show;
    post "/onboardings/{id}/impact/{outcome}", Needs(Action::RunOnboarding) => onboarding::impact::outcome::change;
    post "/onboardings/{id}/impact/{outcome}/agreement", Needs(Action::RunOnboarding) => onboarding::impact::outcome::agree;
    post "/onboardings/{id}/impact/{outcome}/measurements", Needs(Action::RunOnboarding)
        => onboarding::impact::outcome::measure;
    post "/onboardings/{id}/impact/{outcome}/measurements/{measurement}/removal", Needs(Action::RunOnboarding)
        => onboarding::impact::outcome::remove_measurement;
    post "/onboardings/{id}/impact/{outcome}/answer", Needs(Action::RunOnboarding) => onboarding::impact::outcome::answer;
    post "/onboardings/{id}/impact/{outcome}/reopening", Needs(Action::RunOnboarding)
        => onboarding::impact::outcome::reopen;
    post "/onboardings/{id}/impact/{outcome}/removal", Needs(Action::RunOnboarding) => onboarding::impact::outcome::remove;
    get "/onboardings/{id}/scorecard", Needs(Action::Look) => onboarding::scorecard::show;
    get "/onboardings/{id}/documents", Needs(Action::Look) => onboarding::documents::show;
    get "/onboardings/{id}/documents/{name}", Needs(Action::Look) => onboarding::wording::show;
    post "/onboardings/{id}/documents/{name}", Needs(Action::RunOnboarding) => onboarding::wording::save;
    post "/onboardings/{id}/documents/{name}/reset", Needs(Action::RunOnboarding) => onboarding::wording::reset;
    get "/onboardings/{id}/documents/{name}/preview", Needs(Action::Look) => onboarding::wording::preview;
    post "/onboardings/{id}/documents/{name}/preview", Needs(Action::Look) => onboarding::wording::try_out;
    get "/onboardings/{id}/programme", Needs(Action::Look) => onboarding::programme::show;
    post "/onboardings/{id}/programme", Needs(Action::PlanOnboarding) => onboarding::programme::take;
    get "/onboardings/{id}/portal", Needs(Action::Look) => onboarding::portal::show;
    post "/onboardings/{id}/portal", Needs(Action::RunOnboarding) => onboarding::portal::invite;
    post "/onboardings/{id}/portal/as/{contact}", Needs(Action::Look) => onboarding::portal::view_as;
    post "/onboardings/{id}/portal/documents", Needs(Action::RunOnboarding) => onboarding::portal::share;
    post "/onboardings/{id}/portal/embeds", Needs(Action::RunOnboarding) => onboarding::portal::embed;
    post "/onboardings/{id}/portal/embeds/{digest}/end", Needs(Action::RunOnboarding) => onboarding::portal::end_embed;
    post "/onboardings/{id}/portal/{access}", Needs(Action::RunOnboarding) => onboarding::portal::change;
    post "/onboardings/{id}/portal/{access}/removal", Needs(Action::RunOnboarding) => onboarding::portal::revoke;
    post "/shared-with-customer/{item}", Needs(Action::RunOnboarding) => onboarding::portal::share_item;
    get "/onboardings/{id}/activity", Needs(Action::Look) => onboarding::activity::show;
    post "/onboardings/{id}/kickoff", Needs(Action::RunOnboarding) => onboarding::state::kick_off;
    post "/onboardings/{id}/completion", Needs(Action::RunOnboarding) => onboarding::state::complete;
    post "/onboardings/{id}/closure", Needs(Action::RunOnboarding) => onboarding::state::close;
    get "/onboardings/{id}/transition", Needs(Action::Look) => onboarding::ending::handover::show;
    post "/onboardings/{id}/transition", Needs(Action::RunOnboarding) => onboarding::ending::handover::change;
    post "/onboardings/{id}/transition/beginning", Needs(Action::RunOnboarding) => onboarding::ending::handover::begin;
    post "/onboardings/{id}/transition/summary", Needs(Action::RunOnboarding)
        => onboarding::ending::handover::summarise;
    post "/onboardings/{id}/transition/steps", Needs(Action::RunOnboarding) => onboarding::ending::handover::step;
    post "/onboardings/{id}/transition/introduction", Needs(Action::RunOnboarding)
        => onboarding::ending::handover::introduce;
    post "/onboardings/{id}/transition/meeting", Needs(Action::RunOnboarding) => onboarding::ending::handover::meet;
    get "/onboardings/{id}/closing", Needs(Action::Look) => onboarding::ending::closing::show;
    post "/onboardings/{id}/closing", Needs(Action::RunOnboarding) => onboarding::ending::closing::close;
    post "/onboardings/{id}/lessons", Needs(Action::RunOnboarding) => onboarding::ending::lessons::add;
    post "/onboardings/{id}/lessons/{lesson}/removal", Needs(Action::RunOnboarding)
        => onboarding::ending::lessons::remove;
    post "/onboardings/{id}/colour", Needs(Action::RunOnboarding) => onboarding::colour::change;
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
    get "/programmes/{id}/improvements", Needs(Action::Look) => programmes::improvements::show;
    post "/programmes/{id}/improvements", Needs(Action::RunOnboarding) => programmes::improvements::add;
    post "/programmes/{id}/improvements/{improvement}", Needs(Action::RunOnboarding)
        => programmes::improvements::change;
    post "/programmes/{id}/improvements/{improvement}/decision", Needs(Action::DraftProgrammes)
        => programmes::improvements::decide;
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

    get "/feedback", Needs(Action::Look) => feedback::show;
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
    get assets::portal_style_path(), Public => assets::portal_style;
    get "/portal/closed", Entrance => portal::enter::closed;
    get "/portal/{secret}", Entrance => portal::enter::show;
    post "/portal/{secret}", Entrance => portal::enter::open;
    post "/portal/{secret}/code", Entrance => portal::enter::code;
    post "/portal/{secret}/again", Entrance => portal::enter::again;
    get "/portal/brand/{workspace}/{version}/brand.css", Entrance => portal::brand::style;
    get "/portal/brand/{workspace}/{version}/logo", Entrance => portal::brand::logo;
    get "/portal", Guest => portal::home::show;
    post "/portal/closing", Guest => portal::enter::close;
    get "/portal/plan", Guest => portal::plan::show;
    get "/survey/{token}", Entrance => portal::survey::by_link;
    post "/survey/{token}", Entrance => portal::survey::keep_by_link;
    get "/unsubscribe/{token}", Entrance => portal::unsubscribe::show;
    post "/unsubscribe/{token}", Entrance => portal::unsubscribe::change;
    get "/portal/surveys/{id}", Guest => portal::survey::show;
    post "/portal/surveys/{id}", Guest => portal::survey::keep;
    get "/portal/forms", Guest => portal::form::list;
    get "/portal/forms/{id}", Guest => portal::form::show;
    post "/portal/forms/{id}", Guest => portal::form::keep;
    post "/portal/forms/{id}/files/{field}", Guest => portal::form::put_file;
    post "/portal/forms/{id}/files/{field}/removal", Guest => portal::form::take_file_out;
    get "/portal/todo", Guest => portal::todo::show;
    get "/portal/approvals", Guest => portal::todo::approvals;
    get "/portal/launch", Guest => portal::launch::show;
    post "/portal/launch/approvals", Guest => portal::launch::approve;
    post "/portal/launch/stable", Guest => portal::launch::stable;
    get "/portal/changes/{request}", Guest => portal::changes::show;
    post "/portal/changes/{request}", Guest => portal::changes::decide;
    get "/portal/tasks/{task}", Guest => portal::tasks::show;
    post "/portal/tasks/{task}/completion", Guest => portal::tasks::finish;
    post "/portal/tasks/{task}/reopening", Guest => portal::tasks::reopen;
    post "/portal/tasks/{task}/comments", Guest => portal::tasks::comment;
    post "/portal/tasks/{task}/files", Guest => portal::tasks::add_file;
    post "/portal/tasks/{task}/colleague", Guest => portal::tasks::delegate;
    get "/portal/files/{file}", Guest => portal::tasks::file;
    get "/portal/meetings", Guest => portal::sharing::meetings;
    get "/portal/meetings/{meeting}/calendar.ics", Guest => portal::sharing::calendar;
    get "/portal/documents", Guest => portal::sharing::documents;
    get "/portal/documents/{name}", Guest => portal::sharing::document;
    get "/portal/documents/{name}/file", Guest => portal::sharing::document_file;
    get "/portal/status/{report}", Guest => portal::sharing::report;
    get "/portal/outcomes", Guest => portal::outcome::list;
    get "/portal/outcomes/{outcome}", Guest => portal::outcome::show;
    post "/portal/outcomes/{outcome}/agreement", Guest => portal::outcome::agree;
    post "/portal/outcomes/{outcome}/answer", Guest => portal::outcome::answer;
    get "/portal/outcomes/{outcome}/files/{file}", Guest => portal::outcome::file;
    get "/portal/training", Guest => portal::training::show;
    post "/portal/training/{track}/lessons", Guest => portal::training::study;
    get "/portal/training/{track}/assessment", Guest => portal::training::questions;
    post "/portal/training/{track}/assessment", Guest => portal::training::answer;
    get "/portal/training/{track}/follow-up", Guest => portal::training::follow_up;
    post "/portal/training/{track}/follow-up", Guest => portal::training::answer_again;
    get "/portal/training/sessions/{session}/calendar.ics", Guest => portal::training::calendar;
    post "/portal/training/sessions/{session}/rating", Guest => portal::training::rate;
    get "/portal/training/certificates/{certificate}", Guest => portal::training::certificate;
    get "/portal/training/library/{entry}", Guest => portal::training::file;
    get "/portal/people", Guest => portal::sharing::people;
    post "/portal/people", Guest => portal::sharing::invite;
    get "/portal/do/{secret}", Entrance => portal::deed::show;
    post "/portal/do/{secret}", Entrance => portal::deed::perform;
    get "/embed/{secret}", Entrance => portal::embed::show;

    get "/settings", SignedIn => settings::home;
    get "/settings/team", Needs(Action::Look) => settings::team::show;
    post "/settings/team/invitations", Needs(Action::ManageTeam) => settings::team::invite;
    post "/settings/team/invitations/{id}/withdrawal", Needs(Action::ManageTeam) => settings::team::withdraw;
    post "/settings/team/{id}/role", Needs(Action::ManageTeam) => settings::team::change_role;
    post "/settings/team/{id}/removal", Needs(Action::ManageTeam) => settings::team::remove;
    get "/settings/me", SignedIn => settings::me::show;
    post "/settings/me/name", Needs(Action::OwnAccess) => settings::me::change_name;
    post "/settings/me/digest", Needs(Action::OwnAccess) => settings::me::change_digest;
    post "/settings/me/password", Needs(Action::OwnAccess) => settings::me::change_password;
    post "/settings/me/other-sessions/end", Needs(Action::OwnAccess) => settings::me::end_other_sessions;
    post "/settings/me/leaving", Needs(Action::OwnAccess) => settings::me::leave;
    get "/settings/workspace", Needs(Action::ManageWorkspace) => settings::workspace::show;
    post "/settings/workspace/name", Needs(Action::ManageWorkspace) => settings::workspace::rename;
    post "/settings/workspace/digest", Needs(Action::ManageWorkspace) => settings::workspace::set_digest;
    post "/settings/workspace/removal", Needs(Action::ManageWorkspace) => settings::workspace::remove;
    get "/settings/portal", Needs(Action::ManageWorkspace) => settings::portal::show;
    post "/settings/portal", Needs(Action::ManageWorkspace) => settings::portal::change;
    post "/settings/portal/picture", Needs(Action::ManageWorkspace) => settings::portal::picture;
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
    get "/settings/mail", Needs(Action::ManageWorkspace) => settings::mail::show;
    post "/settings/mail/suppression", Needs(Action::ManageWorkspace) => settings::mail::suppress;
    post "/settings/mail/release", Needs(Action::ManageWorkspace) => settings::mail::release;
    get "/settings/audit", Needs(Action::ReadAudit) => settings::audit::show;
}
