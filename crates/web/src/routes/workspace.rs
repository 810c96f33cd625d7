//! What a workspace has: onboardings as a list, people's work, deals, programmes, accounts.

use gangway_domain::permission::Action::{
    DraftProgrammes, EditAccounts, Export, HandOver, Look, OwnAccess, PlanOnboarding, PublishProgrammes,
    RunOnboarding,
};

use super::Access::{Needs, SignedIn};
use crate::live;
use crate::pages::{
    accounts, contacts, feedback, handoffs, late, my_work, portfolio, programmes, search, signals, style,
    usage, workload,
};

routes! {
    get "/", SignedIn => portfolio::home;
    get "/onboardings", Needs(Look) => portfolio::show;
    post "/onboardings", Needs(PlanOnboarding) => portfolio::create;
    get "/onboardings/late", Needs(Look) => late::show;
    get "/onboardings/export.csv", Needs(Export) => portfolio::export::file;
    get "/onboardings/export.xlsx", Needs(Export) => portfolio::export::file;
    post "/views", Needs(Look) => portfolio::views::create;
    post "/views/first", Needs(Look) => portfolio::views::begin_with_all;
    post "/views/{id}", Needs(Look) => portfolio::views::change;
    post "/views/{id}/removal", Needs(Look) => portfolio::views::forget;
    post "/views/{id}/first", Needs(Look) => portfolio::views::begin;

    get "/my-work", Needs(Look) => my_work::show;
    post "/my-work/promises", Needs(RunOnboarding) => my_work::keep_promise;
    get "/signals", Needs(Look) => signals::inbox;
    get "/signals/backtest", Needs(Look) => signals::backtest::show;
    get "/signals/interventions", Needs(Look) => signals::done::show;
    get "/signals/playbooks", Needs(Look) => signals::playbooks::show;
    get "/signals/{id}", Needs(Look) => signals::one::show;
    post "/signals/{id}/steps", Needs(RunOnboarding) => signals::one::step;

    get "/workload", Needs(Look) => workload::show;
    post "/workload/{id}/time", Needs(OwnAccess) => workload::time::change;

    get "/handoffs", Needs(Look) => handoffs::list::show;
    post "/handoffs", Needs(HandOver) => handoffs::new::create;
    get "/handoffs/export.csv", Needs(Export) => handoffs::list::file;
    get "/handoffs/export.xlsx", Needs(Export) => handoffs::list::file;
    get "/handoffs/new", Needs(HandOver) => handoffs::new::show;
    get "/handoffs/crm/{crm}", Needs(HandOver) => handoffs::pick::show;
    post "/handoffs/crm/{crm}", Needs(HandOver) => handoffs::pick::create;
    get "/handoffs/{id}", Needs(Look) => handoffs::review::show;
    post "/handoffs/{id}/facts", Needs(HandOver) => handoffs::change::create;
    post "/handoffs/{id}/corrections/{number}/undo", Needs(HandOver) => handoffs::change::undo;
    post "/handoffs/{id}/confirmation", Needs(HandOver) => handoffs::change::confirm;
    post "/handoffs/{id}/clocks/{clock}", Needs(HandOver) => handoffs::change::clock;
    get "/handoffs/{id}/plan", Needs(Look) => handoffs::plan::show;
    post "/handoffs/{id}/onboarding", Needs(PlanOnboarding) => handoffs::plan::create;

    get "/programmes", Needs(Look) => programmes::list::show;
    get "/programmes/{id}", Needs(Look) => programmes::read::show;
    get "/programmes/{id}/compare", Needs(Look) => programmes::compare::show;
    get "/programmes/{id}/improvements", Needs(Look) => programmes::improvements::show;
    post "/programmes/{id}/improvements", Needs(RunOnboarding) => programmes::improvements::add;
    post "/programmes/{id}/improvements/{improvement}", Needs(RunOnboarding)
        => programmes::improvements::change;
    post "/programmes/{id}/improvements/{improvement}/decision", Needs(DraftProgrammes)
        => programmes::improvements::decide;
    get "/programmes/{id}/versions", Needs(Look) => programmes::versions::show;
    post "/programmes/{id}/built-in", Needs(PublishProgrammes) => programmes::versions::back;
    get "/programmes/{id}/draft", Needs(Look) => programmes::draft::show;
    post "/programmes/{id}/draft", Needs(DraftProgrammes) => programmes::draft::begin;
    post "/programmes/{id}/draft/part", Needs(DraftProgrammes) => programmes::draft::change;
    get "/programmes/{id}/draft/text", Needs(Look) => programmes::text::show;
    post "/programmes/{id}/draft/text", Needs(DraftProgrammes) => programmes::text::save;
    get "/programmes/{id}/draft/trial", Needs(Look) => programmes::trial::show;
    post "/programmes/{id}/draft/trial", Needs(Look) => programmes::trial::paste;
    post "/programmes/{id}/draft/discard", Needs(DraftProgrammes) => programmes::draft::discard;
    post "/programmes/{id}/draft/publication", Needs(PublishProgrammes) => programmes::draft::publish;

    get "/feedback", Needs(Look) => feedback::show;
    get "/accounts", Needs(Look) => accounts::list::show;
    post "/accounts", Needs(EditAccounts) => accounts::list::create;
    get "/accounts/export.csv", Needs(Export) => accounts::list::file;
    get "/accounts/export.xlsx", Needs(Export) => accounts::list::file;
    get "/accounts/duplicates", Needs(Look) => accounts::list::duplicates;
    get "/accounts/{id}", Needs(Look) => accounts::account::show;
    post "/accounts/{id}", Needs(EditAccounts) => accounts::account::change;
    post "/accounts/{id}/contacts", Needs(EditAccounts) => accounts::account::add_contact;
    get "/accounts/{id}/merge", Needs(Look) => accounts::merge::show;
    post "/accounts/{id}/merge", Needs(EditAccounts) => accounts::merge::create;
    post "/accounts/{id}/distinct", Needs(EditAccounts) => accounts::merge::tell_apart;
    get "/accounts/{id}/usage", Needs(Look) => accounts::usage::show;
    post "/accounts/{id}/usage", Needs(EditAccounts) => accounts::usage::expect;
    get "/accounts/{id}/inputs", Needs(Look) => accounts::inputs::show;
    post "/accounts/{id}/inputs", Needs(EditAccounts) => accounts::inputs::tell;
    post "/accounts/{id}/inputs/removal", Needs(EditAccounts) => accounts::inputs::remove;
    get "/adoption", Needs(Look) => usage::heat::show;
    get "/adoption/export.csv", Needs(Export) => usage::heat::csv;
    get "/adoption/activation", Needs(Look) => usage::activation::show;
    get "/adoption/features", Needs(Look) => usage::features::show;
    post "/adoption/features", Needs(DraftProgrammes) => usage::features::create;
    post "/adoption/features/adoption", Needs(DraftProgrammes) => usage::features::adopt;
    post "/adoption/features/{id}", Needs(DraftProgrammes) => usage::features::change;
    post "/adoption/features/{id}/removal", Needs(DraftProgrammes) => usage::features::remove;
    get "/adoption/customers", Needs(Look) => usage::customers::show;
    post "/adoption/customers/{id}", Needs(EditAccounts) => usage::customers::assign;
    get "/contacts", Needs(Look) => contacts::list::show;
    get "/contacts/export.csv", Needs(Export) => contacts::list::file;
    get "/contacts/export.xlsx", Needs(Export) => contacts::list::file;
    get "/contacts/duplicates", Needs(Look) => accounts::list::contact_duplicates;
    get "/contacts/{id}", Needs(Look) => contacts::contact::show;
    post "/contacts/{id}", Needs(EditAccounts) => contacts::contact::change;
    get "/contacts/{id}/merge", Needs(Look) => contacts::merge::show;
    post "/contacts/{id}/merge", Needs(EditAccounts) => contacts::merge::create;
    post "/contacts/{id}/distinct", Needs(EditAccounts) => contacts::merge::tell_apart;

    get "/live", Needs(Look) => live::stream;
    get "/search", Needs(Look) => search::show;
    get "/search/suggestions", Needs(Look) => search::suggest;
    get "/style", SignedIn => style::show;
}
