//! A draft tried on a deal, beside the version in force.

use askama::Template;
use axum::http::StatusCode;
use gangway_app::identity::Session;
use gangway_app::intake;
use gangway_app::programme::{self, Deal, Trial, Which};
use gangway_domain::package::Package;

use super::Top;
use super::changes::PlanChanges;
use crate::Web;
use crate::extract::{Answer, Asked, Posted};
use crate::format::{Day, sentence};
use crate::pages::{Choice, Frame, render};

#[derive(Template)]
#[template(path = "pages/programmes/trial.html")]
struct Page {
    frame: Frame,
    top: Top,
    deals: Vec<Choice>,
    pasted: String,
    said: Option<String>,
    outcome: Option<Outcome>,
}

struct Outcome {
    customer: String,
    recommended: Option<String>,
    before: Column,
    after: Column,
    changes: PlanChanges,
}

struct Column {
    verdict: String,
    is_late: bool,
    tasks: usize,
    milestones: usize,
    wanted: Option<Day>,
    days: i32,
}

impl Column {
    fn new(package: &Package) -> Self {
        let dates = &package.dates;
        Self {
            verdict: dates.verdict.clone(),
            is_late: dates.go_live_target.is_some_and(|wanted| wanted < dates.go_live_on),
            tasks: package.plan.tasks.len(),
            milestones: package.plan.milestones.len(),
            wanted: dates.go_live_target.map(Day::from),
            days: (dates.go_live_on - dates.kickoff_on).get_days(),
        }
    }
}

/// Choosing a deal, and what came of the one the address names.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    page(&web, &session, &id, &values.text("handoff"), "").await
}

/// The same with a deal that was pasted; nothing is kept.
pub(crate) async fn paste(Posted(web, session, id, fields): Posted<String>) -> Answer {
    page(&web, &session, &id, "", fields.text("deal")).await
}

async fn page(web: &Web, session: &Session, id: &str, handoff: &str, text: &str) -> Answer {
    let shown = programme::get(&web.app, &session.actor, id, Which::InForce).await?;
    let which = if shown.draft.is_some() { Which::Draft } else { Which::InForce };
    let handoffs = intake::list(&web.app, &session.actor, &intake::newest()).await?;
    let deals = handoffs.lines.into_iter().map(|line| {
        let value = line.id.to_string();
        let stage = if line.onboarding.is_some() { "onboarding made" } else { "handed over" };
        Choice { chosen: value == handoff, label: format!("{} · {stage}", line.customer), value }
    });
    let deal = match (handoff.parse(), text.trim()) {
        (Ok(handoff), _) => Some(Deal::HandedOver(handoff)),
        (Err(_), "") => None,
        (Err(_), text) => Some(Deal::Text(text.to_owned())),
    };
    let mut status = StatusCode::OK;
    let (mut said, mut outcome) = (None, None);
    if let Some(deal) = deal {
        match programme::trial(&web.app, &session.actor, id, which, deal).await {
            Ok(trial) => outcome = Some(Outcome::new(&trial)),
            Err(error) if error.is_input() => {
                status = StatusCode::UNPROCESSABLE_ENTITY;
                said = Some(sentence(&error.to_string()));
            }
            Err(error) => return Err(error.into()),
        }
    }
    let top = Top::new(session, &shown, "/draft");
    let page = Page {
        frame: top.frame(session, "Trial"),
        deals: deals.collect(),
        pasted: text.to_owned(),
        said,
        outcome,
        top,
    };
    Ok(render(status, &page))
}

impl Outcome {
    fn new(trial: &Trial) -> Self {
        Self {
            customer: trial.after.names.customer.clone(),
            recommended: trial.recommended.clone(),
            before: Column::new(&trial.before),
            after: Column::new(&trial.after),
            changes: PlanChanges::new(&trial.difference),
        }
    }
}
