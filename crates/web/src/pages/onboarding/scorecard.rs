//! What must be seen in the product by when, and what the customer gets out of it.

use askama::Template;
use axum::http::StatusCode;
use gangway_app::identity::Session;
use gangway_app::onboarding::{self, Sight};
use gangway_app::outcome;
use gangway_domain::package::{Activation, ActivationClock, ActivationLine, ImpactPlan, Outcome};
use jiff::civil::Date;
use serde::Deserialize;

use super::read_id;
use super::top::Top;
use crate::extract::{Answer, Here};
use crate::format::{Day, capital, distance};
use crate::pages::{Frame, render};

/// The sections of the package this page shows.
#[derive(Deserialize)]
struct Shown {
    activation: Activation,
    impact_plan: ImpactPlan,
}

#[derive(Template)]
#[template(path = "pages/onboarding/scorecard.html")]
struct Page {
    frame: Frame,
    top: Top,
    kind: String,
    clocks: Vec<ClockLine>,
    targets: Vec<Target>,
    north_star: String,
    first_impact: String,
    outcomes: Vec<OutcomeLine>,
}

struct ClockLine {
    name: String,
    target: String,
    by: Day,
    when: String,
    measured_by: String,
}

struct Target {
    name: String,
    metric: String,
    target: String,
    by: Day,
    when: String,
    past: bool,
}

struct OutcomeLine {
    id: String,
    goal: String,
    metric: Option<String>,
    change: String,
    by: Day,
    evidence: String,
    confirmed_by: String,
    promises: String,
}

/// The scorecard of one onboarding.
pub(crate) async fn show(Here(web, session, id): Here<String>) -> Answer {
    let id = read_id(id)?;
    let mut sight = onboarding::sight::<Shown>(&web.app, &session.actor, id).await?;
    // What stands above the outcomes was changed by people since, or names days that have moved.
    let (_, above) = outcome::impact_plan(&web.app, &session.actor, id).await?;
    if above.version > 0 {
        let plan = &mut sight.sections.impact_plan;
        (plan.north_star, plan.first_impact) = (above.north_star, above.first_impact);
    }
    Ok(render(StatusCode::OK, &Page::new(&session, sight)))
}

impl Page {
    fn new(session: &Session, sight: Sight<Shown>) -> Self {
        let Sight { head, sections: Shown { activation, impact_plan }, today } = sight;
        let top = Top::new(session, &head, "/scorecard");
        let mut targets = activation.targets;
        targets.sort_by_key(|target| target.by);
        Self {
            frame: top.frame(session, "Scorecard"),
            top,
            kind: activation.time_to_value.name,
            clocks: activation.clocks.into_iter().map(|clock| ClockLine::new(clock, today)).collect(),
            targets: targets.into_iter().map(|target| Target::new(target, today)).collect(),
            north_star: impact_plan.north_star,
            first_impact: impact_plan.first_impact,
            outcomes: impact_plan.outcomes.into_iter().map(OutcomeLine::new).collect(),
        }
    }
}

impl ClockLine {
    fn new(clock: ActivationClock, today: Date) -> Self {
        let ActivationClock { name, target, by, measured_by } = clock;
        Self { name, target, when: distance(today, by), by: by.into(), measured_by }
    }
}

impl Target {
    fn new(line: ActivationLine, today: Date) -> Self {
        Self {
            target: match line.unit.as_str() {
                "%" | "percent" => format!("{} %", line.target),
                unit if line.target == 1 => format!("1 {}", unit.strip_suffix('s').unwrap_or(unit)),
                unit => format!("{} {unit}", line.target),
            },
            when: distance(today, line.by),
            past: line.by < today,
            by: line.by.into(),
            name: capital(&line.name),
            metric: line.metric,
        }
    }
}

impl OutcomeLine {
    fn new(outcome: Outcome) -> Self {
        let known = |value: Option<String>, otherwise: &str| value.unwrap_or_else(|| otherwise.to_owned());
        Self {
            change: match (outcome.baseline, outcome.target) {
                (None, None) => "to agree at the kickoff".to_owned(),
                (from, to) => format!("{} → {}", known(from, "unknown"), known(to, "to agree")),
            },
            promises: outcome.promises.join(", "),
            by: outcome.by.into(),
            id: outcome.id,
            goal: outcome.goal,
            metric: outcome.metric,
            evidence: outcome.evidence,
            confirmed_by: outcome.confirmed_by,
        }
    }
}
