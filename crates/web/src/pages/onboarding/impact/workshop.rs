//! The guide of the success-criteria workshop: its questions, examples, quick wins, beside the outcomes there are.

use askama::Template;
use axum::http::StatusCode;
use gangway_app::outcome::{self as impact, Impact};
use gangway_domain::permission::Action;
use gangway_domain::playbook::{CriterionExample, GuideTable, QuickWin};

use super::{HERE, Line, tabs};
use crate::Web;
use crate::extract::{Answer, Here};
use crate::pages::onboarding::read_id;
use crate::pages::onboarding::top::Top;
use crate::pages::{Frame, Tab, render};

/// Where the methodology keeps the questions.
const GUIDE: &str = "programme-design";
const QUESTIONS: &str = "questions";
/// Where it says what a value milestone says.
const VALUE: (&str, &str) = ("time-to-value", "milestone");

#[derive(Template)]
#[template(path = "pages/onboarding/impact/workshop.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    areas: Vec<(String, Vec<String>)>,
    examples: Vec<CriterionExample>,
    quick_wins: Vec<QuickWin>,
    says: Option<GuideTable>,
    lines: Vec<Line>,
    may_edit: bool,
}

/// The guide of the workshop.
pub(crate) async fn show(Here(web, session, id): Here<String>) -> Answer {
    let Impact { head, outcomes, today, .. } =
        impact::of_onboarding(&web.app, &session.actor, read_id(id)?).await?;
    let rules = &web.app.methodology;
    let top = Top::new(&session, &head, HERE);
    let page = Page {
        frame: top.frame(&session, "Success-criteria workshop"),
        pages: tabs(&top, "/impact/workshop"),
        areas: table(&web, GUIDE, QUESTIONS).map(areas).unwrap_or_default(),
        examples: rules.value.criteria.clone(),
        quick_wins: rules.value.quick_wins.clone(),
        says: table(&web, VALUE.0, VALUE.1).cloned(),
        lines: outcomes.iter().map(|one| Line::new(&top, one, today)).collect(),
        may_edit: session.actor.may(Action::RunOnboarding),
        top,
    };
    Ok(render(StatusCode::OK, &page))
}

fn table<'a>(web: &'a Web, guide: &str, table: &str) -> Option<&'a GuideTable> {
    web.app.methodology.guides.get(guide)?.tables.iter().find(|known| known.id == table)
}

/// Questions by area, in the order of the guide.
fn areas(table: &GuideTable) -> Vec<(String, Vec<String>)> {
    let mut areas: Vec<(String, Vec<String>)> = Vec::new();
    for row in &table.rows {
        let [area, question] = row.as_slice() else { continue };
        match areas.iter_mut().find(|(known, _)| known == area) {
            Some((_, questions)) => questions.push(question.clone()),
            None => areas.push((area.clone(), vec![question.clone()])),
        }
    }
    areas
}
