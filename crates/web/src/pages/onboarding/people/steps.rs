//! Activities of change management: added, reworded, done, taken out.
use axum::response::{IntoResponse, Redirect};
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_app::people::{self, Activity, Step};
use gangway_domain::ids::{ChangeStepId, OnboardingId};

use super::communication::{Back, page, saved};
use crate::Web;
use crate::extract::{Answer, Posted, Values, named};
use crate::form::{Fields, Wrong, answered};
use crate::pages::Toast;
use crate::pages::onboarding::read_id;
use crate::pages::undo::{carried, carry};

/// Fields of the form.
const FIELDS: [&str; 4] = ["phase", "activity", "focus", "done"];

/// What the form of an activity holds.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheet {
    pub version: i64,
    pub phase: String,
    pub activity: String,
    pub focus: String,
    pub done: bool,
    pub wrong: Wrong,
}

impl Sheet {
    pub(super) fn of(step: &Step) -> Self {
        Self {
            version: step.version,
            phase: step.phase.clone(),
            activity: step.activity.clone(),
            focus: step.focus.clone(),
            done: step.done.is_some(),
            wrong: Wrong::default(),
        }
    }

    fn typed(fields: &Fields) -> Self {
        let text = |name: &str| fields.text(name).to_owned();
        Self {
            version: fields.version(),
            phase: text("phase"),
            activity: text("activity"),
            focus: text("focus"),
            done: !fields.text("done").is_empty(),
            wrong: Wrong::default(),
        }
    }

    fn sent(&self) -> Activity {
        Activity {
            phase: self.phase.clone(),
            activity: self.activity.clone(),
            focus: self.focus.clone(),
            done: self.done,
        }
    }
}

/// Adds an activity to a phase.
pub(crate) async fn add(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let (id, sheet) = (read_id(id)?, Sheet::typed(&fields));
    let made = people::add_step(&web.app, &session.actor, id, sheet.sent()).await.map(drop);
    done(&web, &session, id, None, sheet, made).await
}

/// Changes what an activity says.
pub(crate) async fn change(Posted(web, session, (id, step), fields): Posted<(String, String)>) -> Answer {
    let (id, step) = (read_id(id)?, step_id(&step)?);
    let sheet = Sheet::typed(&fields);
    let made = people::change_step(&web.app, &session.actor, step, sheet.version, sheet.sent()).await;
    done(&web, &session, id, Some(step), sheet, made.map(drop)).await
}

/// Says that an activity was done, or was not after all.
pub(crate) async fn tick(Posted(web, session, (id, step), fields): Posted<(String, String)>) -> Answer {
    let (id, step) = (read_id(id)?, step_id(&step)?);
    let known = Sheet::of(&find(&web, &session, id, step).await?);
    let sent = Activity { done: !known.done, ..known.sent() };
    let made = people::change_step(&web.app, &session.actor, step, fields.version(), sent).await.map(drop);
    done(&web, &session, id, None, Sheet::default(), made).await
}

/// Takes an activity out of the plan.
pub(crate) async fn remove(Posted(web, session, (id, step), fields): Posted<(String, String)>) -> Answer {
    let (id, step) = (read_id(id)?, step_id(&step)?);
    let known = Sheet::of(&find(&web, &session, id, step).await?);
    match people::remove_step(&web.app, &session.actor, step, fields.version()).await {
        Ok(_) => {
            let is_done = if known.done { "yes" } else { "" };
            let [phase, activity, focus, done] = FIELDS;
            let what = carry(&[
                (phase, known.phase.as_str()),
                (activity, known.activity.as_str()),
                (focus, known.focus.as_str()),
                (done, is_done),
            ]);
            let there = format!("/onboardings/{id}/people/communication?gone=activity{what}");
            Ok(Redirect::to(&there).into_response())
        }
        Err(error) => done(&web, &session, id, None, Sheet::default(), Err(error)).await,
    }
}

/// What is said after an activity was taken out.
pub(super) fn taken_out(values: &Values, id: OnboardingId) -> Toast {
    let undo = carried(values, format!("/onboardings/{id}/people/change"), &FIELDS);
    Toast { text: "Taken out.".to_owned(), undo }
}

async fn find(web: &Web, session: &Session, id: OnboardingId, step: ChangeStepId) -> Result<Step, AppError> {
    let plan = people::communication(&web.app, &session.actor, id).await?;
    let known = plan.steps.into_iter().find(|known| known.id == step);
    known.ok_or_else(|| AppError::NotFound { what: "activity", id: step.to_string() })
}

async fn done(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    step: Option<ChangeStepId>,
    sheet: Sheet,
    made: Result<(), AppError>,
) -> Answer {
    answered(
        made,
        |()| saved(id),
        |status, wrong| page(web, session, id, Back::adding(step, Sheet { wrong, ..sheet }), status),
    )
    .await
}

fn step_id(id: &str) -> Result<ChangeStepId, AppError> {
    named("activity", id)
}
