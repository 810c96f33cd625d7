//! Training, and programmes.

use crate::resource::{programme, training};

operations! {
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
    Look => programme::trial::trial;
    PublishProgrammes => programme::version::publish;
    PublishProgrammes => programme::version::restore;
}
