//! The plan: as a Gantt chart, as a list, as a board.

mod board;
mod filter;
mod gantt;
#[cfg(test)]
mod testing;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gangway_app::identity::Session;
use gangway_app::onboarding::{self, Sight};
use gangway_domain::package::PlanMilestone;
use gangway_domain::programme::MilestoneKind;
use gangway_store::task::Task;
use jiff::civil::Date;
use serde::Deserialize;

use super::overview::slack;
use super::read_id;
use super::top::Top;
use crate::Web;
use crate::extract::{Names, Values};
use crate::format::{Day, count};
use crate::pages::failure::Failure;
use crate::pages::{Choice, Frame, View, render};
use crate::session::Signed;
use board::Column;
use filter::Filter;
use gantt::{Gantt, Shape};

/// The sections of the package the list shows beside the rows: criteria of gates are nowhere else.
#[derive(Deserialize)]
struct Shown {
    plan: Milestones,
}

#[derive(Deserialize)]
struct Milestones {
    milestones: Vec<PlanMilestone>,
}

#[derive(Template)]
#[template(path = "pages/onboarding/plan/plan.html")]
struct Page {
    frame: Frame,
    top: Top,
    views: Vec<View>,
    view: &'static str,
    filter: Filter,
    sides: Vec<Choice>,
    roles: Vec<Choice>,
    /// Where the plan is without a filter.
    clear: String,
    counts: String,
    body: Body,
}

/// The plan in one of its views.
enum Body {
    Nothing,
    Gantt(Gantt),
    List { groups: Vec<Group>, gates: Vec<Gate> },
    Board { columns: Vec<Column>, by: Vec<View> },
}

/// The tasks of a phase.
struct Group {
    name: String,
    dates: String,
    lines: Vec<Line>,
}

struct Line {
    name: String,
    side: String,
    role: String,
    assignee: Option<String>,
    start: Day,
    finish: Day,
    days: String,
    slack: String,
    critical: bool,
    running: bool,
}

struct Gate {
    name: String,
    gate: bool,
    kind: &'static str,
    planned: Day,
    due: Day,
    late_by: i64,
    criteria: Vec<String>,
}

/// The plan of one onboarding.
pub(crate) async fn show(
    State(web): State<Web>,
    Signed(session): Signed,
    Names(id): Names<String>,
    values: Values,
) -> Result<Response, Failure> {
    let id = read_id(id)?;
    let plan = onboarding::plan(&web.app, &session.actor, id).await?;
    let milestones = if values.text("view") == "list" {
        let Sight { sections, .. } = onboarding::sight::<Shown>(&web.app, &session.actor, id).await?;
        sections.plan.milestones
    } else {
        Vec::new()
    };
    Ok(render(StatusCode::OK, &Page::new(&session, plan, milestones, &values)))
}

impl Page {
    fn new(
        session: &Session,
        mut plan: onboarding::Plan,
        milestones: Vec<PlanMilestone>,
        values: &Values,
    ) -> Self {
        let top = Top::new(session, &plan.head, "/plan");
        let filter = Filter::new(values);
        let view = match values.text("view").as_str() {
            "list" => "list",
            "board" => "board",
            _ => "gantt",
        };
        let roles = filter.roles(&plan.tasks);
        let all = plan.tasks.len();
        plan.tasks.retain(|task| filter.keeps(task));
        if filter.is_set() {
            plan.milestones.clear();
        }
        Self {
            frame: top.frame(session, "Plan"),
            views: views(&top, view, &filter),
            counts: if plan.tasks.len() == all {
                count(all, "task")
            } else {
                format!("{} of {}", plan.tasks.len(), count(all, "task"))
            },
            clear: top.to(&format!("/plan?view={view}")),
            body: if plan.tasks.is_empty() && plan.milestones.is_empty() {
                Body::Nothing
            } else {
                body(&plan, milestones, view, &values.text("by"), &top, &filter)
            },
            sides: filter.sides(),
            roles,
            top,
            view,
            filter,
        }
    }
}

fn views(top: &Top, here: &str, filter: &Filter) -> Vec<View> {
    [("Gantt", "gantt"), ("List", "list"), ("Board", "board")]
        .map(|(label, word)| View {
            label,
            icon: word,
            href: top.to(&format!("/plan?view={word}{}", filter.query())),
            here: word == here,
        })
        .into()
}

fn body(
    plan: &onboarding::Plan,
    milestones: Vec<PlanMilestone>,
    view: &str,
    by: &str,
    top: &Top,
    filter: &Filter,
) -> Body {
    match view {
        "list" => Body::List { groups: groups(plan), gates: milestones.into_iter().map(Gate::new).collect() },
        "board" => {
            let by_side = by == "side";
            let way = |label, word, icon, here| View {
                label,
                icon,
                href: top.to(&format!("/plan?view=board&by={word}{}", filter.query())),
                here,
            };
            Body::Board {
                columns: if by_side { board::by_side(plan) } else { board::by_phase(plan) },
                by: vec![way("By phase", "phase", "flag", !by_side), way("By side", "side", "team", by_side)],
            }
        }
        _ => Body::Gantt(Gantt::new(plan)),
    }
}

/// The tasks by phase, in the order of the plan.
fn groups(plan: &onboarding::Plan) -> Vec<Group> {
    let short = |date: Date| date.strftime("%-d %b").to_string();
    plan.phases
        .iter()
        .map(|phase| Group {
            name: phase.name.clone(),
            dates: format!("{} – {}", short(phase.starts_on), short(phase.finishes_on)),
            lines: plan
                .tasks
                .iter()
                .filter(|task| task.phase == phase.code)
                .map(|task| Line::new(task, plan.today))
                .collect(),
        })
        .filter(|group| !group.lines.is_empty())
        .collect()
}

impl Line {
    fn new(task: &Task, today: Date) -> Self {
        Self {
            name: task.name.clone(),
            side: task.side.clone(),
            role: task.role.clone(),
            assignee: task.assignee.clone(),
            start: task.starts_on.into(),
            finish: task.finishes_on.into(),
            days: count(usize::try_from(task.days).unwrap_or(0), "day"),
            slack: slack(task.slack),
            critical: task.critical,
            running: task.starts_on <= today && today <= task.finishes_on,
        }
    }
}

impl Gate {
    fn new(milestone: PlanMilestone) -> Self {
        Self {
            gate: milestone.gate,
            kind: match milestone.kind {
                MilestoneKind::Value => "value",
                MilestoneKind::Technical => "technical",
            },
            planned: milestone.planned.into(),
            due: milestone.due.into(),
            late_by: milestone.late_by,
            criteria: milestone.criteria.into_iter().map(|criterion| criterion.text).collect(),
            name: milestone.name,
        }
    }
}
