//! Tasks, plans, forecasts, workload and what is due.

use crate::resource::{digest, export, forecast, work, workload};

operations! {
    Look => work::task::list;
    Look => work::task::get;
    RunOnboarding => work::task::change;
    Look => work::milestone::list;
    Look => work::milestone::get;
    RunOnboarding => work::milestone::change;
    RunOnboarding => work::milestone::reach;
    WaiveGates => work::milestone::waive;
    RunOnboarding => work::plan::change;
    Look => work::calendars::get;
    Look => work::plan::preview;
    Look => work::plan::ledger;
    Export => export::plan;
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
    RunOnboarding => work::talk::share;
    Look => work::talk::checklist;
    RunOnboarding => work::talk::add_item;
    Look => work::talk::description;
    RunOnboarding => work::talk::describe;
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
}
