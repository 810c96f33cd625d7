//! Registers, meetings, escalations, surveys, forms, changes and reports.

use crate::resource::{
    change_request, escalation, export, form, mail, meeting, register, report, standing, survey,
};

operations! {
    Look => register::list;
    Look => register::get;
    RunOnboarding => register::create;
    RunOnboarding => register::change;
    RunOnboarding => register::close;
    RunOnboarding => register::reopen;
    RunOnboarding => register::schedule;
    RunOnboarding => register::take_back;
    Export => export::register_entries;
    Look => meeting::list;
    Look => meeting::get;
    RunOnboarding => meeting::create;
    RunOnboarding => meeting::change;
    RunOnboarding => meeting::take_back;
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
    Look => report::file;
    RunOnboarding => report::create;
    RunOnboarding => report::change;
    RunOnboarding => report::send;
    RunOnboarding => report::share;
    RunOnboarding => report::end_link;
    RunOnboarding => report::remove;
}
