//! What must be seen in the product by when, and what the customer gets out of it.

use askama::Template;
use axum::http::StatusCode;
use gangway_app::identity::Session;
use gangway_app::onboarding::{self, Sight};
use gangway_app::usage::scorecard::{self, CountedTarget, Pace, TargetState};
use gangway_app::{AppError, outcome};
use gangway_domain::package::{Activation, ActivationClock, ActivationLine, ImpactPlan, Outcome};
use jiff::civil::Date;
use serde::Deserialize;

use super::read_id;
use super::top::Top;
use crate::extract::{Answer, Here};
use crate::format::{Day, capital, distance, thousands};
use crate::pages::usage::card::Card;
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
    /// The clocks as they run; none while nothing is known of its usage.
    card: Option<Card>,
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
    /// What is counted now; empty where that is not known.
    value: String,
    state: &'static str,
    tone: &'static str,
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
    let targets = scorecard::targets(&web.app, &session.actor, id).await?;
    let card = match scorecard::of_onboarding(&web.app, &session.actor, id).await {
        Ok(card) if card.pace == Pace::Unknown => None,
        Ok(card) => Some(Card::new(card, &web.app.time_zone)),
        Err(AppError::Refusal(_)) => None,
        Err(error) => return Err(error.into()),
    };
    Ok(render(StatusCode::OK, &Page::new(&session, sight, targets, card)))
}

impl Page {
    fn new(session: &Session, sight: Sight<Shown>, targets: Vec<CountedTarget>, card: Option<Card>) -> Self {
        let Sight { head, sections: Shown { activation, impact_plan }, today } = sight;
        let top = Top::new(session, &head, "/scorecard");
        Self {
            frame: top.frame(session, "Scorecard"),
            top,
            kind: activation.time_to_value.name,
            card,
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
    fn new(target: CountedTarget, today: Date) -> Self {
        let CountedTarget { line, value, state, counted_by: _ } = target;
        Self {
            target: amount(i64::from(line.target), &line),
            value: value.map(|value| amount(value, &line)).unwrap_or_default(),
            state: state.label(),
            tone: match state {
                TargetState::Met => "go",
                TargetState::Missed => "late",
                TargetState::Waiting | TargetState::Unknown => "off",
            },
            when: distance(today, line.by),
            past: line.by < today && state != TargetState::Met,
            by: line.by.into(),
            name: capital(&line.name),
            metric: line.metric,
        }
    }
}

/// So much in the unit of a target.
fn amount(number: i64, line: &ActivationLine) -> String {
    match line.unit.as_str() {
        "%" | "percent" => format!("{number} %"),
        // Units are written in the plural.
        unit if number == 1 => format!("1 {}", unit.strip_suffix('s').unwrap_or(unit)),
        unit => format!("{} {unit}", thousands(number)),
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
