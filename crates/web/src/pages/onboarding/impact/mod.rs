//! The joint impact plan of one onboarding: outcomes, value, promises, what is verified, what lacks to be complete.

pub(crate) mod complete;
pub(crate) mod outcome;
pub(crate) mod scorecard;
mod sheet;
pub(crate) mod value;
pub(crate) mod workshop;

use askama::Template;
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
use crate::extract::{Answer, Asked, Posted, Values};
use crate::form::{Wrong, answered};
use crate::format::{Day, distance};
use crate::pages::{Frame, Tab, Toast, Undo, render};

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
    top.pages(&PAGES, here)
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
    /// It is reached, and the customer cannot be asked before something shows it.
    pub lacks_evidence: bool,
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
            lacks_evidence: one.lacks_evidence(),
        }
    }
}

/// The form of what stands above the outcomes.
struct PlanForm {
    changes: PlanChanges,
    version: i64,
    wrong: Wrong,
}

/// What came back because it could not be used.
#[derive(Default)]
struct Back {
    sheet: Option<Sheet>,
    plan: Option<(PlanChanges, Wrong)>,
}

/// How a tag shows where an outcome stands.
pub(super) fn tone(status: Status) -> &'static str {
    match status {
        Status::Drafted => "",
        Status::Agreed => "soon",
        Status::Measuring | Status::Reached => "go",
        Status::Verified => "done",
        Status::Missed => "late",
        Status::NeverAgreed => "off",
    }
}

/// Where a milestone stands, and how a tag shows it: what is planned after its day is late already.
pub(super) fn stands(
    reached_on: Option<Date>,
    due: Date,
    planned: Date,
    today: Date,
) -> (&'static str, &'static str) {
    match reached_on {
        Some(on) if on > due => ("Reached late", "soon"),
        Some(_) => ("Reached", "done"),
        None if planned.max(today) > due => ("Late", "late"),
        None => ("Ahead", ""),
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

/// The joint impact plan.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let id = read_id(id)?;
    let toast = said(&web, &session, id, &values).await?;
    page(&web, &session, id, Back::default(), toast, StatusCode::OK).await
}

/// Adds an outcome; when it cannot be, the form comes back.
pub(crate) async fn create(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let sheet = Sheet::typed(&fields);
    let made = async { impact::add(&web.app, &session.actor, id, sheet.read()?).await }.await;
    let on = |made: Outcome| to_list(id, &format!("added={}", made.id));
    answered(made, on, |status, wrong| {
        let back = Back { sheet: Some(Sheet { wrong, ..sheet }), plan: None };
        page(&web, &session, id, back, None, status)
    })
    .await
}

/// Changes what stands above the outcomes; when it cannot be, the form comes back.
pub(crate) async fn change_plan(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let text = |name: &str| fields.text(name).to_owned();
    let changes = PlanChanges {
        north_star: text("north_star"),
        first_impact: text("first_impact"),
        challenges: text("challenges"),
        opportunities: text("opportunities"),
    };
    let done = impact::change_plan(&web.app, &session.actor, id, fields.version(), changes.clone()).await;
    let on = |_| to_list(id, "said=saved");
    answered(done, on, |status, wrong| {
        let back = Back { sheet: None, plan: Some((changes, wrong)) };
        page(&web, &session, id, back, None, status)
    })
    .await
}

/// To the list, which says what was done.
fn to_list(id: OnboardingId, said: &str) -> Response {
    Redirect::to(&format!("/onboardings/{id}/impact?{said}")).into_response()
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

async fn page(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    back: Back,
    toast: Option<Toast>,
    status: StatusCode,
) -> Answer {
    let Impact { head, plan, outcomes, promises, today, .. } =
        impact::of_onboarding(&web.app, &session.actor, id).await?;
    let top = Top::new(session, &head, HERE);
    let count = |wanted: Status| outcomes.iter().filter(|one| one.status(today) == wanted).count();
    let sheet = back.sheet.unwrap_or_else(|| Sheet::blank(head.finish_on));
    let (changes, wrong) = back.plan.unwrap_or_else(|| {
        let known = PlanChanges {
            north_star: plan.north_star.clone(),
            first_impact: plan.first_impact.clone(),
            challenges: plan.challenges.clone(),
            opportunities: plan.opportunities.clone(),
        };
        (known, Wrong::default())
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
        plan: PlanForm { changes, version: plan.version, wrong },
        choices: sheet.choices(web, &entries),
        sheet,
        top,
    };
    Ok(render(status, &page))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::stands;

    #[test]
    fn a_milestone_planned_after_its_day_is_late_already() {
        let (due, today) = (date(2026, 12, 4), date(2026, 11, 23));
        let cases = [
            (None, date(2026, 12, 4), "Ahead"),
            (None, date(2027, 1, 8), "Late"),
            (Some(date(2026, 12, 4)), date(2026, 12, 4), "Reached"),
            (Some(date(2026, 12, 7)), date(2026, 12, 4), "Reached late"),
        ];
        for (reached_on, planned, word) in cases {
            assert_eq!(stands(reached_on, due, planned, today).0, word, "{planned}");
        }
        assert_eq!(stands(None, due, due, date(2026, 12, 5)).0, "Late", "its day is over");
    }
}
