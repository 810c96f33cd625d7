//! A plan in the language of a guest.

use gangway_domain::portal::Language;
use gangway_domain::work::RunningPlan;

use crate::App;

/// Puts the names of a plan into a language, as far as they are a programme's: what people called something stays as it
/// is. A plan that was put so is to be shown, never to be kept.
pub(super) fn translate(app: &App, language: Language, plan: &mut RunningPlan) {
    let methodology = &app.methodology;
    for phase in &mut plan.phases {
        phase.name = methodology.say(language, &phase.name).to_owned();
    }
    for task in &mut plan.tasks {
        task.name = methodology.say_planned(language, &task.code, &task.name);
    }
    for milestone in &mut plan.milestones {
        milestone.name = methodology.say_planned(language, &milestone.code, &milestone.name);
    }
}
