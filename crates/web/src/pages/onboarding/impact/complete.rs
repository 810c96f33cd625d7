//! The definition of complete of one onboarding: what is there, and what lacks.

use askama::Template;
use axum::http::StatusCode;
use gangway_app::outcome as impact;
use gangway_domain::outcome::{Completeness, Needed};
use jiff::civil::Date;

use super::{HERE, stands, tabs};
use crate::extract::{Answer, Here};
use crate::format::{Day, count, distance};
use crate::pages::onboarding::read_id;
use crate::pages::onboarding::top::Top;
use crate::pages::{Frame, Tab, render};

#[derive(Template)]
#[template(path = "pages/onboarding/impact/complete.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    by: Option<(Day, String)>,
    late: Option<String>,
    percent: usize,
    note: String,
    lacking: Vec<String>,
    flaws: Vec<String>,
    groups: Vec<(&'static str, Vec<Line>)>,
    verified: usize,
    outcomes: usize,
}

struct Line {
    name: String,
    due: Day,
    planned: Day,
    state: (&'static str, &'static str),
    note: String,
}

/// What of the definition of complete is there.
pub(crate) async fn show(Here(web, session, id): Here<String>) -> Answer {
    let (head, known) = impact::completeness(&web.app, &session.actor, read_id(id)?).await?;
    let today = web.app.today();
    let top = Top::new(&session, &head, HERE);
    let (met, all) = known.met();
    let (lacking, flaws, days) = (known.lacking(), known.flaws(), known.days_late(today));
    let Completeness { by, value, technical, verified, outcomes } = known;
    let late = usize::try_from(days).ok().filter(|days| *days > 0);
    let page = Page {
        frame: top.frame(&session, "Complete"),
        pages: tabs(&top, "/impact/complete"),
        by: by.map(|by| (by.into(), distance(today, by))),
        late: late.map(|days| count(days, "day")),
        note: format!("{met} of {all} milestones are met"),
        percent: (met * 100).checked_div(all).unwrap_or(0),
        lacking: lacking.iter().map(|text| crate::format::sentence(text)).collect(),
        flaws: flaws.iter().map(|text| crate::format::sentence(text)).collect(),
        groups: vec![
            ("Value milestones", lines(value, today)),
            ("Technical milestones", lines(technical, today)),
        ],
        verified,
        outcomes,
        top,
    };
    Ok(render(StatusCode::OK, &page))
}

fn lines(all: Vec<Needed>, today: Date) -> Vec<Line> {
    let line = |one: Needed| Line {
        state: match (one.reached_on, &one.waived) {
            (None, Some(_)) => ("Waived", "off"),
            _ => stands(one.reached_on, one.due, one.planned, today),
        },
        due: one.due.into(),
        planned: one.reached_on.unwrap_or(one.planned).into(),
        note: one.waived.map(|(by, reason)| format!("{by}: {reason}")).unwrap_or_default(),
        name: one.name,
    };
    all.into_iter().map(line).collect()
}
