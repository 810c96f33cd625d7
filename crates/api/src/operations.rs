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
use utoipa_axum::routes;

use crate::caller::Caller;
use crate::problem::Problem;
use crate::resource::{
    account, activity, change_request, contact, crm, deal, digest, document, escalation, forecast, form,
    handoff, health, hook, improvement, invitation, launch, lesson, mail, meeting, member, merge, onboarding,
    outcome, people, portal, programme, register, report, search, signal, standing, survey, token, told,
    training, transition, usage, view, webhook, work, workload, workspace,
};
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

macro_rules! operations {
    ($($needs:ident => $($handler:ident)::+;)*) => {
        fn table() -> Vec<(Action, UtoipaMethodRouter<Api>)> {
            // Each is made in a frame of its own: what hundreds of descriptions need on their way would not fit on the
            // stack of a thread where nothing is optimised.
            vec![$({
                fn operation() -> (Action, UtoipaMethodRouter<Api>) {
                    (Action::$needs, routes!($($handler)::+))
                }
                operation()
            }),*]
        }
    };
}

operations! {
    Look => workspace::me;
    Look => member::list;
    Look => member::get;
    ManageTeam => member::change;
    ManageTeam => member::remove;

    ManageTeam => invitation::list;
    ManageTeam => invitation::create;
    ManageTeam => invitation::withdraw;
    OwnAccess => token::list;
    OwnAccess => token::create;
    OwnAccess => token::end;
    Look => view::list;
    KeepViews => view::create;
    Look => view::get;
    KeepViews => view::change;
    KeepViews => view::remove;

    Look => account::list;
    Look => account::get;
    EditAccounts => account::change;
    EditAccounts => account::put;
    EditAccounts => merge::accounts;

    Look => contact::list;
    EditAccounts => contact::create;
    Look => contact::get;
    EditAccounts => contact::change;
    EditAccounts => merge::contacts;

    Look => search::find;

    Look => deal::preview;
    Look => handoff::list;
    HandOver => handoff::create;
    Look => handoff::get;
    Look => handoff::corrected;

    Look => onboarding::list;
    PlanOnboarding => onboarding::create;
    Look => onboarding::get;
    Look => onboarding::plan;
    RunOnboarding => onboarding::kick_off;
    RunOnboarding => onboarding::complete;
    RunOnboarding => onboarding::close;
    Look => transition::list;
    Look => transition::get;
    RunOnboarding => transition::begin;
    RunOnboarding => transition::change;
    RunOnboarding => transition::step;
    RunOnboarding => transition::introduce;
    RunOnboarding => transition::meet;
    Look => lesson::list;
    Look => lesson::get;
    RunOnboarding => lesson::create;
    RunOnboarding => lesson::remove;
    Look => improvement::list;
    Look => improvement::get;
    RunOnboarding => improvement::create;
    RunOnboarding => improvement::change;
    DraftProgrammes => improvement::decide;
    Look => onboarding::programme::programme;
    PlanOnboarding => onboarding::programme::move_to_programme;
    Look => onboarding::activity;
    Look => onboarding::files;
    Look => onboarding::file;
    Look => document::get;
    RunOnboarding => document::put;
    RunOnboarding => document::reset;

    Look => register::list;
    Look => register::get;
    RunOnboarding => register::create;
    RunOnboarding => register::change;
    RunOnboarding => register::close;
    RunOnboarding => register::reopen;
    RunOnboarding => register::schedule;
    Look => meeting::list;
    Look => meeting::get;
    RunOnboarding => meeting::create;
    RunOnboarding => meeting::change;
    RunOnboarding => meeting::invite::invite;
    RunOnboarding => meeting::outcome::end;
    Look => meeting::invite::calendar;
    Look => escalation::stands;
    Look => escalation::list;
    Look => escalation::get;
    RunOnboarding => escalation::create;
    RunOnboarding => escalation::step;
    Look => survey::list;
    Look => survey::get;
    RunOnboarding => survey::create;
    RunOnboarding => survey::step;
    Look => survey::feedback;
    Look => form::list;
    Look => form::facts;
    Look => form::get;
    RunOnboarding => form::create;
    RunOnboarding => form::step;
    ManageWorkspace => mail::suppressions;
    ManageWorkspace => mail::bounces;
    ManageWorkspace => mail::suppress;
    ManageWorkspace => mail::release;
    Look => change_request::list;
    Look => change_request::get;
    RunOnboarding => change_request::create;
    RunOnboarding => change_request::change;
    RunOnboarding => change_request::step;
    Look => standing::get;
    RunOnboarding => standing::put;
    Look => report::list;
    Look => report::get;
    RunOnboarding => report::create;
    RunOnboarding => report::change;
    RunOnboarding => report::send;
    RunOnboarding => report::share;
    RunOnboarding => report::end_link;
    RunOnboarding => report::remove;

    Look => launch::get;
    RunOnboarding => launch::say;
    RunOnboarding => launch::approve;
    RunOnboarding => launch::plan::strategy;
    RunOnboarding => launch::plan::waves;
    RunOnboarding => launch::plan::move_wave;
    RunOnboarding => launch::plan::rollback_plan;
    RunOnboarding => launch::plan::hypercare_plan;
    Look => launch::decision::list;
    Look => launch::decision::get;
    RunOnboarding => launch::decision::create;
    RunOnboarding => launch::decision::meet;
    LetGoLive => launch::decision::let_go;
    Look => launch::pilot::list;
    Look => launch::pilot::get;
    RunOnboarding => launch::pilot::create;
    RunOnboarding => launch::pilot::change;
    RunOnboarding => launch::pilot::step;
    Look => launch::pilot::list_feedback;
    RunOnboarding => launch::pilot::feedback;
    Look => launch::hypercare::list;
    Look => launch::hypercare::get;
    RunOnboarding => launch::hypercare::create;
    RunOnboarding => launch::hypercare::change;
    RunOnboarding => launch::hypercare::step;
    Look => launch::hypercare::list_syncs;
    RunOnboarding => launch::hypercare::sync;
    RunOnboarding => launch::hypercare::say_exit;
    RunOnboarding => launch::hypercare::end;
    Look => launch::rollback::list;
    Look => launch::rollback::get;
    RunOnboarding => launch::rollback::create;
    RunOnboarding => launch::rollback::observe;
    RunOnboarding => launch::rollback::step;
    Look => launch::message::list;
    Look => launch::message::get;
    RunOnboarding => launch::message::create;
    RunOnboarding => launch::message::change;
    RunOnboarding => launch::message::send;
    RunOnboarding => launch::message::release;
    RunOnboarding => launch::message::hold;

    Look => work::task::list;
    Look => work::task::get;
    RunOnboarding => work::task::change;
    Look => work::task::milestones;
    Look => work::task::milestone;
    RunOnboarding => work::task::reach;
    WaiveGates => work::task::waive;
    RunOnboarding => work::plan::change;
    Look => work::calendars::get;
    Look => work::plan::preview;
    Look => work::plan::ledger;
    RunOnboarding => work::plan::undo;
    Look => forecast::get;
    Look => forecast::history;
    Look => work::plan::baselines;
    PlanOnboarding => work::plan::keep_baseline;
    Look => work::recurring::list;
    RunOnboarding => work::recurring::create;
    Look => work::recurring::get;
    RunOnboarding => work::recurring::change;
    RunOnboarding => work::recurring::end;
    Look => work::template::list;
    RunOnboarding => work::template::begin;
    Look => work::talk::comments;
    RunOnboarding => work::talk::comment;
    RunOnboarding => work::talk::remove_comment;
    Look => work::talk::files;
    RunOnboarding => work::talk::add_file;
    Look => work::talk::file;
    RunOnboarding => work::talk::remove_file;
    Look => work::talk::checklist;
    RunOnboarding => work::talk::add_item;
    RunOnboarding => work::talk::tick;
    RunOnboarding => work::talk::remove_item;
    Look => work::mine::get;
    Look => workload::get;
    Look => workload::availability;
    OwnAccess => workload::put_availability;
    Look => workload::fit;
    Look => workload::prospect;
    Look => digest::get;
    OwnAccess => digest::put;
    Look => digest::clock;
    ManageWorkspace => digest::set_clock;

    Look => outcome::list;
    Look => outcome::get;
    RunOnboarding => outcome::create;
    RunOnboarding => outcome::change;
    RunOnboarding => outcome::remove;
    RunOnboarding => outcome::answer::agree;
    RunOnboarding => outcome::answer::answer;
    RunOnboarding => outcome::answer::reopen;
    Look => outcome::measurement::list;
    RunOnboarding => outcome::measurement::create;
    RunOnboarding => outcome::measurement::remove;
    Look => outcome::plan::get;
    RunOnboarding => outcome::plan::put;
    Look => outcome::plan::completeness;
    Look => outcome::plan::celebrations;
    RunOnboarding => outcome::plan::celebrate;
    Look => outcome::late::onboardings;
    Look => outcome::late::milestones;

    Look => people::stakeholder::list;
    RunOnboarding => people::stakeholder::create;
    Look => people::stakeholder::get;
    RunOnboarding => people::stakeholder::change;
    RunOnboarding => people::stakeholder::remove;
    Look => people::touch::touches;
    RunOnboarding => people::touch::touch;
    RunOnboarding => people::touch::untouch;
    Look => people::standing::relationship;
    RunOnboarding => people::loss::lose;
    RunOnboarding => people::loss::watch;
    RunOnboarding => people::loss::succeed;
    Look => people::relation::list;
    RunOnboarding => people::relation::create;
    RunOnboarding => people::relation::remove;
    Look => people::resistance::list;
    RunOnboarding => people::resistance::create;
    Look => people::resistance::get;
    RunOnboarding => people::resistance::change;
    RunOnboarding => people::resistance::resolve;
    RunOnboarding => people::resistance::reopen;
    Look => people::communication::list;
    RunOnboarding => people::communication::create;
    Look => people::communication::get;
    RunOnboarding => people::communication::change;
    RunOnboarding => people::communication::remove;
    Look => people::communication::steps;
    RunOnboarding => people::communication::add_step;
    RunOnboarding => people::communication::change_step;
    RunOnboarding => people::communication::remove_step;
    Look => people::matrix::raci;
    RunOnboarding => people::matrix::put_raci;

    Look => portal::list;
    RunOnboarding => portal::invite;
    Look => portal::get;
    RunOnboarding => portal::change;
    RunOnboarding => portal::revoke;
    Look => portal::documents;
    RunOnboarding => portal::share;
    Look => portal::embeds;
    RunOnboarding => portal::embed;
    RunOnboarding => portal::end_embed;
    Look => portal::settings;
    ManageWorkspace => portal::change_settings;

    Look => training::get;
    Look => training::track;
    RunOnboarding => training::change_track;
    RunOnboarding => training::propose;
    Look => training::session::list;
    RunOnboarding => training::session::create;
    Look => training::session::get;
    RunOnboarding => training::session::change;
    RunOnboarding => training::session::remove;
    Look => training::session::calendar;
    Look => training::session::schedule;
    RunOnboarding => training::session::invite;
    RunOnboarding => training::session::follow;
    RunOnboarding => training::session::end;
    RunOnboarding => training::session::seat;
    RunOnboarding => training::session::unseat;
    Look => training::learner::list;
    RunOnboarding => training::learner::create;
    RunOnboarding => training::learner::upload;
    Look => training::learner::get;
    RunOnboarding => training::learner::change;
    RunOnboarding => training::learner::remove;
    RunOnboarding => training::learner::enrol;
    RunOnboarding => training::learner::unenrol;
    RunOnboarding => training::result::study;
    RunOnboarding => training::result::observe;
    RunOnboarding => training::result::attempt;
    Look => training::result::get_attempt;
    RunOnboarding => training::result::mark;
    RunOnboarding => training::result::certify;
    RunOnboarding => training::result::certify_all;
    Look => training::result::get_certificate;
    Look => training::result::certificate_file;
    RunOnboarding => training::result::revoke;
    Look => training::library::list;
    RunOnboarding => training::library::create;
    Look => training::library::file;
    RunOnboarding => training::library::remove;

    Look => programme::list;
    Look => programme::get;
    Look => programme::version::versions;
    Look => programme::version::text;
    Look => programme::version::compare;
    Look => programme::draft::get;
    DraftProgrammes => programme::draft::put;
    DraftProgrammes => programme::draft::discard;
    Look => programme::draft::check;
    PublishProgrammes => programme::version::publish;
    PublishProgrammes => programme::version::restore;

    ManageIntegrations => usage::source::list;
    ManageIntegrations => usage::source::create;
    ManageIntegrations => usage::source::get;
    ManageIntegrations => usage::source::change;
    ManageIntegrations => usage::source::rotate;
    ManageIntegrations => usage::source::end;
    ManageIntegrations => usage::message::list;
    ManageIntegrations => usage::message::refused;
    ManageIntegrations => usage::import::list;
    ManageIntegrations => usage::import::create;
    ManageIntegrations => usage::import::get;
    ManageIntegrations => usage::import::put;
    ManageIntegrations => usage::import::cancel;
    Look => usage::feature::list;
    Look => usage::feature::in_use;
    DraftProgrammes => usage::feature::create;
    Look => usage::feature::get;
    DraftProgrammes => usage::feature::change;
    DraftProgrammes => usage::feature::remove;
    Look => usage::customer::list;
    Look => usage::customer::get;
    EditAccounts => usage::customer::assign;
    Look => usage::customer::expected;
    EditAccounts => usage::customer::expect;
    Look => usage::seen::of_account;
    Look => usage::seen::heat_map;
    Look => usage::seen::weeks;
    Look => usage::activation::get;
    Look => usage::activation::list;
    Export => usage::export::events;

    Look => health::get;
    Look => health::changes;
    Look => health::list;
    RunOnboarding => health::overrule;
    RunOnboarding => health::end_override;
    RunOnboarding => health::observe;
    Look => health::what_if;
    Look => health::replay;
    Look => health::backtest;
    Look => signal::inbox;
    Look => signal::list;
    Look => signal::get;
    RunOnboarding => signal::log;
    RunOnboarding => signal::step;
    Look => signal::interventions;
    RunOnboarding => signal::begin;
    Look => signal::intervention;
    RunOnboarding => signal::end;
    Look => told::get;
    EditAccounts => told::tell;
    EditAccounts => told::remove;
    EditAccounts => told::bring;

    ReadAudit => activity::list;

    ManageIntegrations => hook::list;
    ManageIntegrations => hook::create;
    ManageIntegrations => hook::end;
    HandOver => crm::list;
    ManageIntegrations => crm::put;
    ManageIntegrations => crm::end;
    HandOver => crm::deals;
    HandOver => crm::pick;
    ManageIntegrations => webhook::list;
    ManageIntegrations => webhook::create;
    ManageIntegrations => webhook::get;
    ManageIntegrations => webhook::change;
    ManageIntegrations => webhook::rotate;
    ManageIntegrations => webhook::remove;
    ManageIntegrations => webhook::deliveries;
    ManageIntegrations => webhook::delivery;
    ManageIntegrations => webhook::replay;
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
