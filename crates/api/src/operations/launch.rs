//! Going live.

use crate::resource::launch;

operations! {
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
}
