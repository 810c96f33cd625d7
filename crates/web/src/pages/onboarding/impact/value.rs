//! Value of one onboarding: the ladder, the milestones on the way with what proves them, how they are celebrated.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_app::outcome::{self as impact, Celebration, ValuePage, ValueStep};
use gangway_domain::ids::OnboardingId;
use gangway_domain::outcome::Status;
use gangway_domain::permission::Action;
use gangway_domain::playbook::Demonstration;
use jiff::civil::Date;

use super::sheet::day;
use super::{HERE, stands, tabs, tone};
use crate::Web;
use crate::extract::{Answer, Asked, Posted};
use crate::form::{Wrong, answered};
use crate::format::{Day, distance};
use crate::pages::onboarding::read_id;
use crate::pages::onboarding::top::Top;
use crate::pages::{Frame, Tab, Toast, render};

#[derive(Template)]
#[template(path = "pages/onboarding/impact/value.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    /// Rungs from the highest down.
    rungs: Vec<RungLine>,
    steps: Vec<Step>,
    demonstrations: Vec<Demonstration>,
    may_edit: bool,
}

struct RungLine {
    level: String,
    name: String,
    reached_when: String,
    is_reached: bool,
    outcomes: Vec<(String, String, &'static str, &'static str)>,
}

struct Step {
    /// Where its form is sent.
    action: String,
    /// The milestone's own page; empty without one.
    href: String,
    code: String,
    /// Ids of fields, which stand on the page once for each milestone.
    share_id: String,
    format_id: String,
    name: String,
    day: Day,
    when: String,
    /// The day it is due, where it is planned or was reached on another.
    due: Option<Day>,
    state: (&'static str, &'static str),
    first_value: bool,
    evidence: String,
    /// Nobody has planned it: it is what the methodology proposes.
    is_proposed: bool,
    held: Option<(Day, String)>,
    sheet: Sheet,
}

/// The form of a celebration.
#[derive(Clone)]
struct Sheet {
    version: String,
    share_with: String,
    format: String,
    message: String,
    held_on: String,
    wrong: Wrong,
}

/// The value of one onboarding.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let toast = match values.text("said").as_str() {
        "planned" => Toast::of("The celebration is planned."),
        "held" => Toast::of("Celebrated."),
        _ => None,
    };
    page(&web, &session, read_id(id)?, None, toast, StatusCode::OK).await
}

/// Keeps how a milestone is celebrated, or that it was.
pub(crate) async fn celebrate(
    Posted(web, session, (id, milestone), fields): Posted<(String, String)>,
) -> Answer {
    let id = read_id(id)?;
    let text = |name: &str| fields.text(name).to_owned();
    let sheet = Sheet {
        version: text("version"),
        share_with: text("share_with"),
        format: text("format"),
        message: text("message"),
        held_on: text("held_on"),
        wrong: Wrong::default(),
    };
    let (app, actor) = (&web.app, &session.actor);
    let kept = async { impact::celebrate(app, actor, id, sheet.read(&session, &milestone)?).await }.await;
    let on = |kept: Celebration| {
        let word = if kept.held.is_some() { "held" } else { "planned" };
        Redirect::to(&format!("/onboardings/{id}/impact/value?said={word}")).into_response()
    };
    answered(kept, on, |status, wrong| {
        page(&web, &session, id, Some((milestone, Sheet { wrong, ..sheet })), None, status)
    })
    .await
}

impl Sheet {
    fn of(known: &Celebration) -> Self {
        Self {
            version: known.version.to_string(),
            share_with: known.share_with.clone(),
            format: known.format.clone(),
            message: known.message.clone(),
            held_on: known.held.as_ref().map(|(on, _)| on.to_string()).unwrap_or_default(),
            wrong: Wrong::default(),
        }
    }

    fn read(&self, session: &Session, milestone: &str) -> Result<Celebration, AppError> {
        let mut problems = Vec::new();
        let held = if self.held_on.trim().is_empty() {
            None
        } else {
            day("held_on", &self.held_on, &mut problems).map(|on| (on, session.actor.name.clone()))
        };
        if !problems.is_empty() {
            return Err(AppError::Invalid(problems));
        }
        Ok(Celebration {
            milestone: milestone.to_owned(),
            share_with: self.share_with.clone(),
            format: self.format.clone(),
            message: self.message.clone(),
            held,
            version: self.version.parse().unwrap_or(-1),
        })
    }
}

async fn page(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    typed: Option<(String, Sheet)>,
    toast: Option<Toast>,
    status: StatusCode,
) -> Answer {
    let ValuePage { head, ladder, steps, demonstrations, today } =
        impact::value(&web.app, &session.actor, id).await?;
    let top = Top::new(session, &head, HERE);
    let steps = steps.into_iter().map(|step| {
        let known = Sheet::of(&step.celebration);
        let sheet = match &typed {
            // What was typed is meant for the version that is shown now.
            Some((milestone, sheet)) if *milestone == step.code => {
                Sheet { version: known.version, ..sheet.clone() }
            }
            _ => known,
        };
        line(&top, step, sheet, today)
    });
    let page = Page {
        frame: top.frame(session, "Value").saying(toast),
        pages: tabs(&top, "/impact/value"),
        rungs: ladder
            .into_iter()
            .rev()
            .map(|rung| RungLine {
                level: rung.level.map_or_else(|| "Ground".to_owned(), |level| level.to_string()),
                name: rung.name,
                reached_when: rung.reached_when,
                is_reached: rung.is_reached,
                outcomes: rung
                    .outcomes
                    .into_iter()
                    .map(|(id, code, goal, status): (_, String, String, Status)| {
                        (
                            top.to(&format!("/impact/{id}")),
                            format!("{code} {goal}"),
                            status.label(),
                            tone(status),
                        )
                    })
                    .collect(),
            })
            .collect(),
        steps: steps.collect(),
        demonstrations,
        may_edit: session.actor.may(Action::RunOnboarding),
        top,
    };
    Ok(render(status, &page))
}

fn line(top: &Top, step: ValueStep, sheet: Sheet, today: Date) -> Step {
    let on = step.reached_on.unwrap_or(step.planned);
    Step {
        action: top.to(&format!("/impact/value/{}", step.code)),
        href: step.id.map(|id| top.to(&format!("/milestones/{id}"))).unwrap_or_default(),
        day: on.into(),
        when: distance(today, on),
        due: (on != step.due).then(|| step.due.into()),
        state: stands(step.reached_on, step.due, step.planned, today),
        first_value: step.first_value,
        evidence: step.evidence.unwrap_or_default(),
        is_proposed: step.celebration.version == 0,
        held: step.celebration.held.map(|(on, by)| (on.into(), by)),
        name: step.name,
        share_id: format!("share-{}", step.code),
        format_id: format!("format-{}", step.code),
        code: step.code,
        sheet,
    }
}
