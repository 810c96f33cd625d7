//! The joint impact plan of one onboarding: outcomes, value, promises, what is verified, what lacks to be complete.

pub(crate) mod complete;
pub(crate) mod outcome;
pub(crate) mod scorecard;
mod sheet;
pub(crate) mod value;
pub(crate) mod workshop;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_app::outcome::{self as impact, Impact, Outcome, PlanChanges};
use gangway_domain::ids::{OnboardingId, OutcomeId};
use gangway_domain::outcome::Status;
use gangway_domain::permission::Action;
use jiff::civil::Date;

use self::sheet::{Choices, Sheet};
use super::read_id;
use super::top::Top;
use crate::Web;
use crate::extract::{Names, Values};
use crate::form::{Fields, Wrong};
use crate::format::{Day, distance};
use crate::pages::accounts::account::meanwhile;
use crate::pages::failure::Failure;
use crate::pages::{Frame, Tab, Toast, Undo, render};
use crate::session::Signed;

/// Its pages: what they are called, the end of their address.
const PAGES: [(&str, &str); 6] = [
    ("Outcomes", "/impact"),
    ("Value", "/impact/value"),
    ("Promises", "/impact/promises"),
    ("Verified", "/impact/scorecard"),
    ("Complete", "/impact/complete"),
    ("Workshop", "/impact/workshop"),
];

/// The tab of the onboarding they all belong to.
const HERE: &str = "/impact";

/// The pages as tabs of their own.
fn tabs(top: &Top, here: &str) -> Vec<Tab> {
    PAGES.map(|(label, end)| Tab { label, href: top.to(end), here: end == here }).into()
}

#[derive(Template)]
#[template(path = "pages/onboarding/impact/list.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    north_star: String,
    first_impact: String,
    challenges: String,
    opportunities: String,
    complete_by: Option<Day>,
    lines: Vec<Line>,
    counts: Vec<(&'static str, usize)>,
    may_edit: bool,
    plan: PlanForm,
    sheet: Sheet,
    choices: Choices,
}

/// An outcome in a list.
pub(super) struct Line {
    pub href: String,
    pub code: String,
    pub goal: String,
    pub metric: String,
    /// From where to where, with the latest figure.
    pub way: String,
    pub by: Day,
    pub when: String,
    pub status: &'static str,
    pub tone: &'static str,
    pub percent: Option<u32>,
    pub first_value: bool,
    pub full_value: bool,
}

impl Line {
    pub(super) fn new(top: &Top, one: &Outcome, today: Date) -> Self {
        let status = one.status(today);
        Self {
            href: top.to(&format!("/impact/{}", one.id)),
            code: one.code(),
            goal: one.goal.clone(),
            metric: one.metric.clone(),
            way: way(one),
            by: one.by.into(),
            when: distance(today, one.by),
            status: status.label(),
            tone: tone(status),
            percent: one.ground().percent(),
            first_value: one.first_value,
            full_value: one.full_value,
        }
    }
}

/// What stands above the outcomes, as it was typed.
struct PlanForm {
    changes: PlanChanges,
    version: String,
    wrong: Wrong,
}

/// How a tag shows where an outcome stands.
pub(super) fn tone(status: Status) -> &'static str {
    match status {
        Status::Drafted => "",
        Status::Agreed => "soon",
        Status::Measuring | Status::Reached => "go",
        Status::Verified => "done",
        Status::Missed => "late",
    }
}

/// From where to where, with the latest figure: `10 days → 4 days, now 6 days`.
pub(super) fn way(one: &Outcome) -> String {
    let figure = |amount: gangway_domain::outcome::Amount| amount.with_unit(&one.unit);
    let latest = one.latest.and_then(|(_, reading)| reading.value).map(figure);
    let way = match (one.baseline.map(figure), one.target.map(figure)) {
        (Some(from), Some(to)) => format!("{from} → {to}"),
        (None, Some(to)) => format!("unknown → {to}"),
        (Some(from), None) => format!("{from} today, target to be agreed"),
        (None, None) => String::new(),
    };
    match latest {
        Some(latest) if way.is_empty() => format!("now {latest}"),
        Some(latest) => format!("{way}, now {latest}"),
        None => way,
    }
}

/// The outcome an address names.
fn outcome_id(id: &str) -> Result<OutcomeId, AppError> {
    id.parse().map_err(|_| AppError::NotFound { what: "outcome", id: id.chars().take(60).collect() })
}

/// The joint impact plan.
pub(crate) async fn show(
    State(web): State<Web>,
    Signed(session): Signed,
    Names(id): Names<String>,
    values: Values,
) -> Result<Response, Failure> {
    let id = read_id(id)?;
    let toast = said(&web, &session, id, &values).await?;
    let seen = impact::of_onboarding(&web.app, &session.actor, id).await?;
    Ok(page(&web, &session, seen, None, None, toast, StatusCode::OK))
}

/// Adds an outcome; when it cannot be, the form comes back.
pub(crate) async fn create(
    State(web): State<Web>,
    Signed(session): Signed,
    Names(id): Names<String>,
    fields: Fields,
) -> Result<Response, Failure> {
    let id = read_id(id)?;
    let sheet = Sheet::typed(&fields);
    let made = match sheet.read() {
        Ok(draft) => impact::add(&web.app, &session.actor, id, draft).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(made) => Ok(Redirect::to(&format!("/onboardings/{id}/impact?added={}", made.id)).into_response()),
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            let seen = impact::of_onboarding(&web.app, &session.actor, id).await?;
            Ok(page(&web, &session, seen, Some(Sheet { wrong, ..sheet }), None, None, status))
        }
    }
}

/// Changes what stands above the outcomes; when it cannot be, the form comes back.
pub(crate) async fn change_plan(
    State(web): State<Web>,
    Signed(session): Signed,
    Names(id): Names<String>,
    fields: Fields,
) -> Result<Response, Failure> {
    let id = read_id(id)?;
    let text = |name: &str| fields.text(name).to_owned();
    let changes = PlanChanges {
        north_star: text("north_star"),
        first_impact: text("first_impact"),
        challenges: text("challenges"),
        opportunities: text("opportunities"),
    };
    let version = fields.text("version").parse().unwrap_or(-1);
    match impact::change_plan(&web.app, &session.actor, id, version, changes.clone()).await {
        Ok(_) => Ok(Redirect::to(&format!("/onboardings/{id}/impact?said=saved")).into_response()),
        Err(error) => {
            let (status, wrong) = meanwhile(error)?;
            let seen = impact::of_onboarding(&web.app, &session.actor, id).await?;
            let form = PlanForm { changes, version: seen.plan.version.to_string(), wrong };
            Ok(page(&web, &session, seen, None, Some(form), None, status))
        }
    }
}

/// What was just done, by the words in the address, and how to take it back.
async fn said(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    values: &Values,
) -> Result<Option<Toast>, AppError> {
    if let Ok(added) = values.text("added").parse::<OutcomeId>() {
        let Ok(known) = impact::get(&web.app, &session.actor, added).await else { return Ok(None) };
        let one = known.outcome;
        let undo = (one.version == 1).then(|| Undo {
            action: format!("/onboardings/{id}/impact/{added}/removal"),
            fields: vec![("version", one.version.to_string())],
        });
        return Ok(Some(Toast { text: format!("Added {}.", one.code()), undo }));
    }
    Ok(Toast::of(match values.text("said").as_str() {
        "saved" => "Saved.",
        "removed" => "Taken out.",
        _ => "",
    }))
}

fn page(
    web: &Web,
    session: &Session,
    seen: Impact,
    sheet: Option<Sheet>,
    form: Option<PlanForm>,
    toast: Option<Toast>,
    status: StatusCode,
) -> Response {
    let Impact { head, plan, outcomes, promises, today, .. } = seen;
    let top = Top::new(session, &head, HERE);
    let sheet = sheet.unwrap_or_else(|| Sheet::blank(head.finish_on));
    let count = |wanted: Status| outcomes.iter().filter(|one| one.status(today) == wanted).count();
    let form = form.unwrap_or_else(|| PlanForm {
        changes: PlanChanges {
            north_star: plan.north_star.clone(),
            first_impact: plan.first_impact.clone(),
            challenges: plan.challenges.clone(),
            opportunities: plan.opportunities.clone(),
        },
        version: plan.version.to_string(),
        wrong: Wrong::default(),
    });
    let entries: Vec<_> = promises.into_iter().map(|promise| promise.entry).collect();
    let page = Page {
        frame: top.frame(session, "Impact").saying(toast),
        pages: tabs(&top, "/impact"),
        counts: Status::ALL.iter().map(|status| (status.label(), count(*status))).collect(),
        lines: outcomes.iter().map(|one| Line::new(&top, one, today)).collect(),
        north_star: plan.north_star,
        first_impact: plan.first_impact,
        challenges: plan.challenges,
        opportunities: plan.opportunities,
        complete_by: plan.complete_by.map(Day::from),
        may_edit: session.actor.may(Action::RunOnboarding),
        plan: form,
        choices: sheet.choices(web, &entries),
        sheet,
        top,
    };
    render(status, &page)
}
