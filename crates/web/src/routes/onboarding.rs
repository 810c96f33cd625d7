//! One onboarding, and what belongs to it.

use gangway_domain::permission::Action::{Export, LetGoLive, Look, PlanOnboarding, RunOnboarding};

use super::Access::{Entrance, Needs};
use crate::pages::document;
use crate::pages::onboarding::{
    activity, colour, documents, ending, feedback, governance, handoff, health, impact, launch, overview,
    owner, people, plan, portal, programme, scorecard, state, training, usage, wording, work,
};

routes! {
    get "/onboardings/{id}", Needs(Look) => overview::show;
    get "/onboardings/{id}/handoff", Needs(Look) => handoff::show;
    get "/onboardings/{id}/scorecard", Needs(Look) => scorecard::show;
    get "/onboardings/{id}/health", Needs(Look) => health::show;
    post "/onboardings/{id}/health/override", Needs(RunOnboarding) => health::overrule;
    post "/onboardings/{id}/health/override/end", Needs(RunOnboarding) => health::end_override;
    post "/onboardings/{id}/health/observations", Needs(RunOnboarding) => health::observe;
    post "/onboardings/{id}/health/signals", Needs(RunOnboarding) => health::log;
    get "/onboardings/{id}/health/what-if", Needs(Look) => health::what_if::show;
    post "/onboardings/{id}/health/what-if", Needs(Look) => health::what_if::ask;
    get "/onboardings/{id}/health/review", Needs(Look) => health::weekly;
    post "/onboardings/{id}/health/review", Needs(RunOnboarding) => health::keep;
    post "/onboardings/{id}/health/interventions", Needs(RunOnboarding) => health::begin;
    post "/onboardings/{id}/health/interventions/{intervention}", Needs(RunOnboarding) => health::end;
    get "/onboardings/{id}/documents", Needs(Look) => documents::show;
    get "/onboardings/{id}/documents/{name}", Needs(Look) => wording::show;
    post "/onboardings/{id}/documents/{name}", Needs(RunOnboarding) => wording::save;
    post "/onboardings/{id}/documents/{name}/reset", Needs(RunOnboarding) => wording::reset;
    get "/onboardings/{id}/documents/{name}/preview", Needs(Look) => wording::preview;
    post "/onboardings/{id}/documents/{name}/preview", Needs(Look) => wording::try_out;
    get "/onboardings/{id}/programme", Needs(Look) => programme::show;
    post "/onboardings/{id}/programme", Needs(PlanOnboarding) => programme::take;
    get "/onboardings/{id}/activity", Needs(Look) => activity::show;
    post "/onboardings/{id}/kickoff", Needs(RunOnboarding) => state::kick_off;
    post "/onboardings/{id}/completion", Needs(RunOnboarding) => state::complete;
    post "/onboardings/{id}/closure", Needs(RunOnboarding) => state::close;
    post "/onboardings/{id}/colour", Needs(RunOnboarding) => colour::change;
    post "/onboardings/{id}/owner", Needs(RunOnboarding) => owner::change;
    get "/onboardings/{id}/package.zip", Needs(Export) => documents::archive;
    get "/onboardings/{id}/package/{*path}", Needs(Look) => document::show;

    get "/onboardings/{id}/plan", Needs(Look) => plan::show;
    get "/onboardings/{id}/plan/export.csv", Needs(Export) => plan::csv;
    get "/onboardings/{id}/plan/calendars", Needs(Look) => plan::calendars::show;
    get "/onboardings/{id}/plan/people", Needs(Look) => plan::prospect::show;
    get "/onboardings/{id}/plan/ledger", Needs(Look) => work::ledger::show;
    post "/onboardings/{id}/plan/baselines", Needs(PlanOnboarding) => work::ledger::agree;
    post "/onboardings/{id}/plan/changes", Needs(RunOnboarding) => work::change::create;
    post "/onboardings/{id}/plan/changes/{batch}/undo", Needs(RunOnboarding) => work::change::undo;
    post "/onboardings/{id}/plan/preview", Needs(Look) => work::change::preview;
    get "/onboardings/{id}/tasks/new", Needs(RunOnboarding) => work::task::new;
    get "/onboardings/{id}/tasks/templates", Needs(RunOnboarding) => work::template::list;
    get "/onboardings/{id}/tasks/templates/{template}", Needs(RunOnboarding) => work::template::show;
    get "/onboardings/{id}/series", Needs(Look) => work::recurring::list;
    post "/onboardings/{id}/series", Needs(RunOnboarding) => work::recurring::create;
    get "/onboardings/{id}/series/new", Needs(RunOnboarding) => work::recurring::new;
    post "/onboardings/{id}/series/preview", Needs(RunOnboarding) => work::recurring::preview;
    get "/onboardings/{id}/series/{series}", Needs(Look) => work::recurring::show;
    post "/onboardings/{id}/series/{series}", Needs(RunOnboarding) => work::recurring::change;
    post "/onboardings/{id}/series/{series}/state", Needs(RunOnboarding) => work::recurring::step;
    get "/onboardings/{id}/tasks/{task}", Needs(Look) => work::task::show;
    get "/onboardings/{id}/milestones/{milestone}", Needs(Look) => work::milestone::show;
    post "/work/{id}/comments", Needs(RunOnboarding) => work::talk::comment;
    post "/work/{id}/files", Needs(RunOnboarding) => work::talk::add_file;
    post "/work/{id}/checklist", Needs(RunOnboarding) => work::talk::add_check;
    post "/work/{id}/description", Needs(RunOnboarding) => work::talk::describe;
    post "/comments/{id}/removal", Needs(RunOnboarding) => work::talk::remove_comment;
    get "/attachments/{id}", Needs(Look) => work::talk::file;
    post "/attachments/{id}/removal", Needs(RunOnboarding) => work::talk::remove_file;
    post "/checklist-items/{id}", Needs(RunOnboarding) => work::talk::check;

    get "/onboardings/{id}/people", Needs(Look) => people::show;
    post "/onboardings/{id}/people", Needs(RunOnboarding) => people::add;
    get "/onboardings/{id}/people/relations", Needs(Look) => people::show_relations;
    post "/onboardings/{id}/people/relations", Needs(RunOnboarding) => people::relate;
    post "/onboardings/{id}/people/relations/removal", Needs(RunOnboarding) => people::unrelate;
    get "/onboardings/{id}/people/resistance", Needs(Look) => people::show_resistance;
    post "/onboardings/{id}/people/resistance", Needs(RunOnboarding) => people::notice;
    post "/onboardings/{id}/people/resistance/{entry}", Needs(RunOnboarding) => people::change_resistance;
    post "/onboardings/{id}/people/resistance/{entry}/resolution", Needs(RunOnboarding) => people::resolve;
    post "/onboardings/{id}/people/resistance/{entry}/reopening", Needs(RunOnboarding) => people::reopen;
    get "/onboardings/{id}/people/communication", Needs(Look) => people::communication::show;
    post "/onboardings/{id}/people/communication", Needs(RunOnboarding) => people::communication::add;
    post "/onboardings/{id}/people/communication/{message}", Needs(RunOnboarding)
        => people::communication::change;
    post "/onboardings/{id}/people/communication/{message}/tick", Needs(RunOnboarding)
        => people::communication::tick;
    post "/onboardings/{id}/people/communication/{message}/removal", Needs(RunOnboarding)
        => people::communication::remove;
    post "/onboardings/{id}/people/change", Needs(RunOnboarding) => people::steps::add;
    post "/onboardings/{id}/people/change/{step}", Needs(RunOnboarding) => people::steps::change;
    post "/onboardings/{id}/people/change/{step}/tick", Needs(RunOnboarding) => people::steps::tick;
    post "/onboardings/{id}/people/change/{step}/removal", Needs(RunOnboarding) => people::steps::remove;
    get "/onboardings/{id}/people/raci", Needs(Look) => people::show_matrix;
    post "/onboardings/{id}/people/raci", Needs(RunOnboarding) => people::change_matrix;
    get "/onboardings/{id}/people/{contact}", Needs(Look) => people::show_person;
    post "/onboardings/{id}/people/{contact}", Needs(RunOnboarding) => people::change;
    post "/onboardings/{id}/people/{contact}/removal", Needs(RunOnboarding) => people::remove;
    post "/onboardings/{id}/people/{contact}/touches", Needs(RunOnboarding) => people::touch;
    post "/onboardings/{id}/people/{contact}/touches/{touch}/removal", Needs(RunOnboarding)
        => people::untouch;
    post "/onboardings/{id}/people/{contact}/loss", Needs(RunOnboarding) => people::lose;
    post "/onboardings/{id}/losses/{loss}", Needs(RunOnboarding) => people::watch;
    post "/onboardings/{id}/losses/{loss}/successor", Needs(RunOnboarding) => people::confirm;

    get "/onboardings/{id}/usage", Needs(Look) => usage::show;
    get "/onboardings/{id}/training", Needs(Look) => training::schedule::show;
    get "/onboardings/{id}/training/calendar.ics", Needs(Look) => training::schedule::calendar_file;
    post "/onboardings/{id}/training/tracks/{track}", Needs(RunOnboarding) => training::schedule::size;
    post "/onboardings/{id}/training/tracks/{track}/sessions", Needs(RunOnboarding)
        => training::schedule::propose;
    post "/onboardings/{id}/training/tracks/{track}/certificates", Needs(RunOnboarding)
        => training::schedule::certify;
    post "/onboardings/{id}/training/sessions", Needs(RunOnboarding) => training::schedule::create;
    post "/onboardings/{id}/training/moves", Needs(RunOnboarding) => training::schedule::follow;
    get "/onboardings/{id}/training/sessions/{session}", Needs(Look) => training::session::show;
    post "/onboardings/{id}/training/sessions/{session}", Needs(RunOnboarding) => training::session::change;
    get "/onboardings/{id}/training/sessions/{session}/calendar.ics", Needs(Look)
        => training::session::calendar_file;
    post "/onboardings/{id}/training/sessions/{session}/recording", Needs(RunOnboarding)
        => training::session::recording;
    post "/onboardings/{id}/training/sessions/{session}/seats", Needs(RunOnboarding)
        => training::session::seat;
    post "/onboardings/{id}/training/sessions/{session}/seats/{learner}/removal", Needs(RunOnboarding)
        => training::session::unseat;
    post "/onboardings/{id}/training/sessions/{session}/invitations", Needs(RunOnboarding)
        => training::session::invite;
    post "/onboardings/{id}/training/sessions/{session}/outcome", Needs(RunOnboarding)
        => training::session::end;
    post "/onboardings/{id}/training/sessions/{session}/removal", Needs(RunOnboarding)
        => training::session::remove;
    get "/onboardings/{id}/training/learners", Needs(Look) => training::learners::show;
    post "/onboardings/{id}/training/learners", Needs(RunOnboarding) => training::learners::add;
    post "/onboardings/{id}/training/learners/list", Needs(RunOnboarding) => training::learners::paste;
    post "/onboardings/{id}/training/learners/file", Needs(RunOnboarding) => training::learners::upload;
    get "/onboardings/{id}/training/learners/{learner}", Needs(Look) => training::learner::show;
    post "/onboardings/{id}/training/learners/{learner}", Needs(RunOnboarding) => training::learner::change;
    post "/onboardings/{id}/training/learners/{learner}/removal", Needs(RunOnboarding)
        => training::learner::remove;
    post "/onboardings/{id}/training/learners/{learner}/tracks", Needs(RunOnboarding)
        => training::learner::enrol;
    post "/onboardings/{id}/training/learners/{learner}/tracks/{track}/removal", Needs(RunOnboarding)
        => training::learner::unenrol;
    post "/onboardings/{id}/training/learners/{learner}/tracks/{track}/lessons", Needs(RunOnboarding)
        => training::learner::study;
    post "/onboardings/{id}/training/learners/{learner}/tracks/{track}/observations", Needs(RunOnboarding)
        => training::learner::observe;
    post "/onboardings/{id}/training/learners/{learner}/tracks/{track}/certificates", Needs(RunOnboarding)
        => training::learner::certify;
    get "/onboardings/{id}/training/attempts/{attempt}", Needs(Look) => training::result::show;
    post "/onboardings/{id}/training/attempts/{attempt}", Needs(RunOnboarding) => training::result::mark;
    get "/onboardings/{id}/training/certificates/{certificate}/file", Needs(Look)
        => training::result::certificate;
    post "/onboardings/{id}/training/certificates/{certificate}/revocation", Needs(RunOnboarding)
        => training::result::revoke;
    get "/onboardings/{id}/training/trainers", Needs(Look) => training::trainers::show;
    get "/onboardings/{id}/training/library", Needs(Look) => training::library::show;
    post "/onboardings/{id}/training/library", Needs(RunOnboarding) => training::library::add;
    post "/onboardings/{id}/training/library/file", Needs(RunOnboarding) => training::library::upload;
    get "/onboardings/{id}/training/library/{entry}/file", Needs(Look) => training::library::file;
    post "/onboardings/{id}/training/library/{entry}/removal", Needs(RunOnboarding)
        => training::library::remove;
    get "/certificates/{number}", Entrance => training::result::verify;

    get "/onboardings/{id}/register", Needs(Look) => governance::register::list;
    post "/onboardings/{id}/register", Needs(RunOnboarding) => governance::register::create;
    get "/onboardings/{id}/register/export.csv", Needs(Export) => governance::register::csv;
    get "/onboardings/{id}/register/{entry}", Needs(Look) => governance::register::show;
    post "/onboardings/{id}/register/{entry}", Needs(RunOnboarding) => governance::register::change;
    post "/onboardings/{id}/register/{entry}/closure", Needs(RunOnboarding) => governance::register::close;
    post "/onboardings/{id}/register/{entry}/reopening", Needs(RunOnboarding) => governance::register::reopen;
    post "/onboardings/{id}/register/{entry}/task", Needs(RunOnboarding) => governance::register::schedule;
    post "/onboardings/{id}/register/{entry}/removal", Needs(RunOnboarding) => governance::register::remove;
    get "/onboardings/{id}/meetings", Needs(Look) => governance::meetings::list;
    post "/onboardings/{id}/meetings", Needs(RunOnboarding) => governance::meetings::create;
    get "/onboardings/{id}/meetings/{meeting}", Needs(Look) => governance::meetings::show;
    post "/onboardings/{id}/meetings/{meeting}", Needs(RunOnboarding) => governance::meetings::change;
    get "/onboardings/{id}/meetings/{meeting}/calendar.ics", Needs(Look) => governance::meetings::calendar;
    post "/onboardings/{id}/meetings/{meeting}/invitations", Needs(RunOnboarding)
        => governance::meetings::invite;
    post "/onboardings/{id}/meetings/{meeting}/outcome", Needs(RunOnboarding) => governance::meetings::end;
    post "/onboardings/{id}/meetings/{meeting}/entries", Needs(RunOnboarding) => governance::meetings::add;
    post "/onboardings/{id}/meetings/{meeting}/removal", Needs(RunOnboarding) => governance::meetings::remove;
    get "/onboardings/{id}/escalations", Needs(Look) => governance::escalations::list;
    post "/onboardings/{id}/escalations", Needs(RunOnboarding) => governance::escalations::create;
    get "/onboardings/{id}/escalations/{escalation}", Needs(Look) => governance::escalations::show;
    post "/onboardings/{id}/escalations/{escalation}/steps", Needs(RunOnboarding)
        => governance::escalations::step;
    get "/onboardings/{id}/reports", Needs(Look) => governance::reports::list;
    post "/onboardings/{id}/reports", Needs(RunOnboarding) => governance::reports::create;
    get "/onboardings/{id}/reports/{report}", Needs(Look) => governance::reports::show;
    post "/onboardings/{id}/reports/{report}", Needs(RunOnboarding) => governance::reports::change;
    get "/onboardings/{id}/reports/{report}/preview", Needs(Look) => governance::reports::preview;
    get "/onboardings/{id}/reports/{report}/files/{format}", Needs(Look) => governance::reports::file;
    post "/onboardings/{id}/reports/{report}/sendings", Needs(RunOnboarding) => governance::reports::send;
    post "/onboardings/{id}/reports/{report}/links", Needs(RunOnboarding) => governance::reports::share;
    post "/onboardings/{id}/reports/{report}/links/{digest}/end", Needs(RunOnboarding)
        => governance::reports::end_link;
    post "/onboardings/{id}/reports/{report}/removal", Needs(RunOnboarding) => governance::reports::remove;
    get "/shared/reports/{secret}", Entrance => governance::reports::shared;
    get "/onboardings/{id}/changes", Needs(Look) => governance::changes::list;
    post "/onboardings/{id}/changes", Needs(RunOnboarding) => governance::changes::create;
    get "/onboardings/{id}/changes/{request}", Needs(Look) => governance::changes::show;
    post "/onboardings/{id}/changes/{request}", Needs(RunOnboarding) => governance::changes::change;
    post "/onboardings/{id}/changes/{request}/plan", Needs(RunOnboarding) => governance::changes::add;
    post "/onboardings/{id}/changes/{request}/plan/removal", Needs(RunOnboarding)
        => governance::changes::leave_out;
    post "/onboardings/{id}/changes/{request}/steps", Needs(RunOnboarding) => governance::changes::step;

    get "/onboardings/{id}/feedback", Needs(Look) => feedback::list;
    post "/onboardings/{id}/feedback", Needs(RunOnboarding) => feedback::create;
    get "/onboardings/{id}/feedback/{survey}", Needs(Look) => feedback::show;
    post "/onboardings/{id}/feedback/{survey}/steps", Needs(RunOnboarding) => feedback::step;
    get "/onboardings/{id}/forms", Needs(Look) => feedback::forms::list;
    post "/onboardings/{id}/forms", Needs(RunOnboarding) => feedback::forms::create;
    get "/onboardings/{id}/forms/{form}", Needs(Look) => feedback::forms::show;
    post "/onboardings/{id}/forms/{form}/steps", Needs(RunOnboarding) => feedback::forms::step;
    get "/onboardings/{id}/forms/{form}/files/{field}", Needs(Look) => feedback::forms::file;

    get "/onboardings/{id}/go-live", Needs(Look) => launch::readiness::show;
    post "/onboardings/{id}/go-live/items/{item}", Needs(RunOnboarding) => launch::readiness::tick;
    post "/onboardings/{id}/go-live/approvals", Needs(RunOnboarding) => launch::readiness::approve;
    post "/onboardings/{id}/go-live/decisions", Needs(RunOnboarding) => launch::readiness::decide;
    post "/onboardings/{id}/go-live/decisions/{decision}/conditions", Needs(RunOnboarding)
        => launch::readiness::meet;
    post "/onboardings/{id}/go-live/let-go", Needs(LetGoLive) => launch::readiness::let_go;
    get "/onboardings/{id}/go-live/pilot", Needs(Look) => launch::pilot::show;
    post "/onboardings/{id}/go-live/pilot", Needs(RunOnboarding) => launch::pilot::create;
    post "/onboardings/{id}/go-live/pilot/{pilot}", Needs(RunOnboarding) => launch::pilot::change;
    post "/onboardings/{id}/go-live/pilot/{pilot}/steps", Needs(RunOnboarding) => launch::pilot::step;
    post "/onboardings/{id}/go-live/pilot/{pilot}/feedback", Needs(RunOnboarding) => launch::pilot::feedback;
    get "/onboardings/{id}/go-live/rollout", Needs(Look) => launch::rollout::show;
    post "/onboardings/{id}/go-live/strategy", Needs(RunOnboarding) => launch::rollout::strategy;
    post "/onboardings/{id}/go-live/waves", Needs(RunOnboarding) => launch::rollout::waves;
    post "/onboardings/{id}/go-live/waves/moves", Needs(RunOnboarding) => launch::rollout::move_wave;
    post "/onboardings/{id}/go-live/messages", Needs(RunOnboarding) => launch::rollout::write;
    post "/onboardings/{id}/go-live/messages/{message}", Needs(RunOnboarding) => launch::rollout::message;
    get "/onboardings/{id}/go-live/hypercare", Needs(Look) => launch::hypercare::show;
    post "/onboardings/{id}/go-live/hypercare", Needs(RunOnboarding) => launch::hypercare::plan;
    post "/onboardings/{id}/go-live/hypercare/end", Needs(RunOnboarding) => launch::hypercare::end;
    post "/onboardings/{id}/go-live/issues", Needs(RunOnboarding) => launch::hypercare::raise;
    post "/onboardings/{id}/go-live/issues/{issue}", Needs(RunOnboarding) => launch::hypercare::step;
    post "/onboardings/{id}/go-live/syncs", Needs(RunOnboarding) => launch::hypercare::sync;
    get "/onboardings/{id}/go-live/rollback", Needs(Look) => launch::rollback::show;
    post "/onboardings/{id}/go-live/rollback", Needs(RunOnboarding) => launch::rollback::plan;
    post "/onboardings/{id}/go-live/rollback/signals", Needs(RunOnboarding) => launch::rollback::raise;
    post "/onboardings/{id}/go-live/rollback/signals/{signal}", Needs(RunOnboarding)
        => launch::rollback::step;

    get "/onboardings/{id}/impact", Needs(Look) => impact::show;
    post "/onboardings/{id}/impact", Needs(RunOnboarding) => impact::create;
    post "/onboardings/{id}/impact/plan", Needs(RunOnboarding) => impact::change_plan;
    get "/onboardings/{id}/impact/value", Needs(Look) => impact::value::show;
    post "/onboardings/{id}/impact/value/{milestone}", Needs(RunOnboarding) => impact::value::celebrate;
    get "/onboardings/{id}/impact/promises", Needs(Look) => impact::scorecard::promises;
    get "/onboardings/{id}/impact/scorecard", Needs(Look) => impact::scorecard::show;
    get "/onboardings/{id}/impact/complete", Needs(Look) => impact::complete::show;
    get "/onboardings/{id}/impact/workshop", Needs(Look) => impact::workshop::show;
    get "/onboardings/{id}/impact/{outcome}", Needs(Look) => impact::outcome::show;
    post "/onboardings/{id}/impact/{outcome}", Needs(RunOnboarding) => impact::outcome::change;
    post "/onboardings/{id}/impact/{outcome}/agreement", Needs(RunOnboarding) => impact::outcome::agree;
    post "/onboardings/{id}/impact/{outcome}/measurements", Needs(RunOnboarding) => impact::outcome::measure;
    post "/onboardings/{id}/impact/{outcome}/measurements/{measurement}/removal", Needs(RunOnboarding)
        => impact::outcome::remove_measurement;
    post "/onboardings/{id}/impact/{outcome}/answer", Needs(RunOnboarding) => impact::outcome::answer;
    post "/onboardings/{id}/impact/{outcome}/reopening", Needs(RunOnboarding) => impact::outcome::reopen;
    post "/onboardings/{id}/impact/{outcome}/removal", Needs(RunOnboarding) => impact::outcome::remove;

    get "/onboardings/{id}/portal", Needs(Look) => portal::show;
    post "/onboardings/{id}/portal", Needs(RunOnboarding) => portal::invite;
    post "/onboardings/{id}/portal/as/{contact}", Needs(Look) => portal::view_as;
    post "/onboardings/{id}/portal/documents", Needs(RunOnboarding) => portal::share;
    // Where a browser stands after the link was made: brought up to date, it shows the page again.
    get "/onboardings/{id}/portal/embeds", Needs(Look) => portal::show;
    post "/onboardings/{id}/portal/embeds", Needs(RunOnboarding) => portal::embed;
    post "/onboardings/{id}/portal/embeds/{digest}/end", Needs(RunOnboarding) => portal::end_embed;
    post "/onboardings/{id}/portal/{access}", Needs(RunOnboarding) => portal::change;
    post "/onboardings/{id}/portal/{access}/removal", Needs(RunOnboarding) => portal::revoke;
    post "/shared-with-customer/{item}", Needs(RunOnboarding) => portal::share_item;

    get "/onboardings/{id}/transition", Needs(Look) => ending::handover::show;
    post "/onboardings/{id}/transition", Needs(RunOnboarding) => ending::handover::change;
    post "/onboardings/{id}/transition/beginning", Needs(RunOnboarding) => ending::handover::begin;
    post "/onboardings/{id}/transition/summary", Needs(RunOnboarding) => ending::handover::summarise;
    post "/onboardings/{id}/transition/steps", Needs(RunOnboarding) => ending::handover::step;
    post "/onboardings/{id}/transition/introduction", Needs(RunOnboarding) => ending::handover::introduce;
    post "/onboardings/{id}/transition/meeting", Needs(RunOnboarding) => ending::handover::meet;
    get "/onboardings/{id}/closing", Needs(Look) => ending::closing::show;
    post "/onboardings/{id}/closing", Needs(RunOnboarding) => ending::closing::close;
    post "/onboardings/{id}/lessons", Needs(RunOnboarding) => ending::lessons::add;
    post "/onboardings/{id}/lessons/{lesson}/removal", Needs(RunOnboarding) => ending::lessons::remove;
}
