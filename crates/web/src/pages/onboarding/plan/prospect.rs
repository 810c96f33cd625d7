//! When an onboarding could go live with the people there are.

use crate::extract::{Answer, Here};
use crate::format::{Day, count};
use crate::pages::onboarding::read_id;
use crate::pages::onboarding::top::Top;
use crate::pages::{Frame, render};
use askama::Template;
use axum::http::StatusCode;
use gangway_app::workload::{self, Prospect};
use gangway_domain::workload::WithPeople;

#[derive(Template)]
#[template(path = "pages/onboarding/plan/prospect.html")]
struct Page {
    frame: Frame,
    top: Top,
    found: Option<Found>,
    people: String,
    unassigned: usize,
    unassigned_words: String,
}

struct Found {
    by_plan: Day,
    with_people: Day,
    later: String,
    tone: &'static str,
    bottleneck: Option<(String, Day, String)>,
    optimal: bool,
}

impl Found {
    fn new(found: WithPeople) -> Self {
        let WithPeople { by_plan, with_people, days, bottleneck, optimal } = found;
        let number = |days: i64| count(usize::try_from(days.unsigned_abs()).unwrap_or(0), "day");
        let (later, tone) = match days {
            1.. => (format!("{} later", number(days)), "late"),
            _ => ("As early as the plan allows".to_owned(), "go"),
        };
        let bottleneck = bottleneck.map(|one| (one.name, Day::from(one.without), number(one.days)));
        Self { by_plan: by_plan.into(), with_people: with_people.into(), later, tone, bottleneck, optimal }
    }
}

/// When it could go live.
pub(crate) async fn show(Here(web, session, id): Here<String>) -> Answer {
    let id = read_id(id)?;
    let Prospect { head, found, people, unassigned } =
        workload::prospect(&web.app, &session.actor, id).await?;
    let top = Top::new(&session, &head, "/plan");
    let page = Page {
        frame: top.frame(&session, "With the people there are"),
        top,
        found: found.map(Found::new),
        people: if people == 1 { "1 person".to_owned() } else { format!("{people} people") },
        unassigned,
        unassigned_words: count(unassigned, "task"),
    };
    Ok(render(StatusCode::OK, &page))
}
