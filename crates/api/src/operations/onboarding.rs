//! Deals, handoffs, onboardings and what closes them.

use crate::resource::{deal, document, export, handoff, improvement, intake, lesson, onboarding, transition};

operations! {
    Look => deal::preview;
    Look => handoff::list;
    Export => export::handoffs;
    HandOver => handoff::create;
    Look => handoff::get;
    Look => handoff::corrected;
    Look => intake::review;
    HandOver => intake::correct;
    HandOver => intake::undo;
    HandOver => intake::confirm;
    HandOver => intake::clock;
    Look => intake::preview;
    Look => onboarding::list;
    Export => export::onboardings;
    PlanOnboarding => onboarding::create;
    Look => onboarding::get;
    Look => onboarding::plan;
    Look => onboarding::owner::get;
    RunOnboarding => onboarding::owner::put;
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
    Export => export::package;
    Look => document::get;
    RunOnboarding => document::put;
    RunOnboarding => document::reset;
}
