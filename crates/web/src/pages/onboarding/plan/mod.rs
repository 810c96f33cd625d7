//! The plan: as a Gantt chart, as a list to work from, as a board, as a calendar.

mod board;
mod calendar;
pub(crate) mod calendars;
mod drag;
mod filter;
mod gantt;
mod parts;
pub(crate) mod prospect;
#[cfg(test)]
mod testing;

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use gangway_app::identity::Session;
use gangway_app::{onboarding, work};
use gangway_domain::permission::Action;
use gangway_domain::programme::MilestoneKind;
use gangway_domain::work::{GateCheck, RunningMilestone};
use gangway_domain::workload::Calendars;
use gangway_store::task::Task;
use jiff::civil::Date;

use super::forecast::Panel;
use super::overview::slack;
use super::read_id;
use super::top::{Top, is_over};
use super::work::said::{done_before, toast_of};
use super::work::task::assignees;
use super::work::task_state;
use crate::extract::{Answer, Asked, Here, Values};
use crate::format::{Day, count, thousands};
use crate::pages::document::to_save;
use crate::pages::{Choice, Frame, Part, View, render};

use board::Column;
use calendar::Calendar;
use filter::Filter;
use gantt::{Gantt, Shape};
use parts::Parts;

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
    states: Vec<Choice>,
    /// Where the plan is without a filter.
    clear: String,
    /// The phases of a plan too large to be shown at once, and all of them.
    phases: Vec<Part>,
    /// The parts of the phase that is shown, where that is too large as well.
    parts: Vec<Part>,
    /// Where this very page is: whoever changes the plan is led back to it.
    back: String,
    counts: String,
    body: Body,
    /// Tasks and gates that should be further than they are.
    behind: usize,
    revision: i64,
    may_change: bool,
    /// When it will really go live.
    forecast: Option<Panel>,
}

/// The plan in one of its views.
enum Body {
    Nothing,
    Gantt(Gantt),
    List {
        groups: Vec<Group>,
        gates: Vec<Gate>,
        /// Whom ticked tasks can be given to; nobody where the plan cannot be changed.
        people: Vec<Choice>,
        today: String,
    },
    Board {
        columns: Vec<Column>,
        by: Vec<View>,
    },
    Calendar(Calendar),
}

/// The tasks of a phase.
struct Group {
    name: String,
    dates: String,
    lines: Vec<Line>,
}

struct Line {
    code: String,
    href: String,
    name: String,
    state: &'static str,
    tone: &'static str,
    because: Option<String>,
    side: String,
    role: String,
    assignee: Option<String>,
    start: Day,
    finish: Day,
    /// How far the last day is from the one agreed.
    slipped: Option<String>,
    overdue: bool,
    days: String,
    /// `slack 4 days`, and the same in full.
    slack: String,
    slack_words: String,
    critical: bool,
    may_start: bool,
    may_finish: bool,
    is_blocked: bool,
}

struct Gate {
    href: String,
    name: String,
    /// Who answers for it; empty where only other milestones lead to it.
    who: String,
    gate: bool,
    kind: &'static str,
    planned: Day,
    due: Day,
    late_by: i64,
    /// What it is called where it stands, and the tone of that.
    state: (&'static str, &'static str),
    /// Each criterion, and whether it is met.
    criteria: Vec<(String, bool)>,
}

/// The plan of one onboarding.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let id = read_id(id)?;
    let sight = work::sight(&web.app, &session.actor, id).await?;
    let plan = onboarding::Plan::of(&sight)?;
    let forecast = match values.text("view").as_str() {
        "list" | "board" | "calendar" => None,
        _ => Panel::load(&web, &session.actor, &sight).await?,
    };
    let mut page = Page::new(&session, plan, &sight, &values, forecast);
    if page.may_change && page.view == "list" {
        let (members, contacts) = work::assignable(&web.app, &session.actor, &sight.head).await?;
        page.give_to(assignees(members, contacts, None));
    }
    if let Some(said) = done_before(&web, &session, &values).await? {
        page.frame.toast = Some(said);
    }
    Ok(render(StatusCode::OK, &page))
}

/// The same as a file: every task and milestone.
pub(crate) async fn csv(Here(web, session, id): Here<String>) -> Answer {
    let file = work::plan_file(&web.app, &session.actor, read_id(id)?).await?;
    Ok(to_save(&file.name, file.media_type, file.bytes))
}

impl Page {
    fn new(
        session: &Session,
        mut plan: onboarding::Plan,
        sight: &work::Sight,
        values: &Values,
        forecast: Option<Panel>,
    ) -> Self {
        let top = Top::new(session, &plan.head, "/plan");
        let filter = Filter::new(values);
        let view = match values.text("view").as_str() {
            "list" => "list",
            "board" => "board",
            "calendar" => "calendar",
            _ => "gantt",
        };
        let roles = filter.roles(&plan.tasks);
        let all = plan.tasks.len();
        plan.tasks.retain(|task| filter.keeps(task, plan.today));
        if filter.is_set() {
            plan.milestones.clear();
        }
        // A month is all that a calendar shows of any plan.
        let parts = match view {
            "calendar" => Parts::default(),
            _ => Parts::keep(&mut plan, &values.text("part")),
        };
        let place = |part: &str| {
            let by = if view == "board" { format!("&by={}", columns(values)) } else { String::new() };
            top.to(&format!("/plan?view={view}{by}{}{part}", filter.query()))
        };
        let may_change = session.actor.may(Action::RunOnboarding) && !is_over(&plan.head);
        Self {
            frame: top.frame(session, "Plan").saying(toast_of(values, &sight.stored.plan)),
            views: views(&top, view, &format!("{}{}", filter.query(), parts.query())),
            phases: parts.phases(place),
            parts: parts.of_phase(place),
            back: place(&parts.query()),
            counts: if plan.tasks.len() == all {
                count(all, "task")
            } else {
                format!("{} of {}", thousands(plan.tasks.len()), count(all, "task"))
            },
            clear: top.to(&format!("/plan?view={view}")),
            body: if plan.tasks.is_empty() && plan.milestones.is_empty() {
                Body::Nothing
            } else {
                let days = forecast.as_ref().map(|forecast| forecast.days);
                let query = format!("{}{}", filter.query(), parts.query());
                body(&plan, sight, view, values, (&top, &query), (days, parts.folded(place)))
            },
            sides: filter.sides(),
            states: filter.states(),
            roles,
            top,
            view,
            filter,
            behind: if may_change { sight.behind() } else { 0 },
            revision: sight.stored.revision,
            may_change,
            forecast,
        }
    }

    /// Whom ticked tasks of the list can be given to.
    fn give_to(&mut self, known: Vec<Choice>) {
        if let Body::List { people, .. } = &mut self.body {
            *people = known;
        }
    }
}

/// The ledger as one of the views of the plan it belongs to.
pub(super) fn views_beside_ledger(top: &Top) -> Vec<View> {
    views(top, "ledger", "")
}

/// The views of the plan, each of what this query of an address leaves.
fn views(top: &Top, here: &str, query: &str) -> Vec<View> {
    let views = [("Gantt", "gantt"), ("List", "list"), ("Board", "board"), ("Calendar", "calendar")].map(
        |(label, word)| View {
            label,
            icon: if word == "calendar" { "clock" } else { word },
            href: top.to(&format!("/plan?view={word}{query}")),
            here: word == here,
        },
    );
    let ledger =
        View { label: "Why dates moved", icon: "info", href: top.to("/plan/ledger"), here: here == "ledger" };
    views.into_iter().chain([ledger]).collect()
}

fn body(
    plan: &onboarding::Plan,
    sight: &work::Sight,
    view: &str,
    values: &Values,
    (top, query): (&Top, &str),
    (forecast, folded): (Option<(Date, Date)>, BTreeMap<String, String>),
) -> Body {
    match view {
        "list" => {
            let checks = work::gates(&sight.stored.plan, &sight.facts);
            let gates = sight.stored.plan.milestones.iter().zip(&checks);
            let gates = gates.filter_map(|(milestone, check)| {
                let id = sight.stored.milestones.get(&milestone.code)?.id;
                let who = sight.stored.plan.answer_for(&milestone.code).join(", ");
                Some(Gate::new(milestone, check, who, top.to(&format!("/milestones/{id}"))))
            });
            Body::List {
                groups: groups(plan, top),
                gates: gates.collect(),
                people: Vec::new(),
                today: plan.today.to_string(),
            }
        }
        "board" => {
            let by = columns(values);
            let way = |label, word, icon| View {
                label,
                icon,
                href: top.to(&format!("/plan?view=board&by={word}{query}")),
                here: word == by,
            };
            Body::Board {
                columns: match by {
                    "phase" => board::by_phase(plan),
                    "side" => board::by_side(plan),
                    _ => board::by_state(plan, |code| {
                        sight.stored.plan.task(code).is_some_and(|task| task.state.started_on().is_some())
                    }),
                },
                by: vec![
                    way("By state", "state", "check"),
                    way("By phase", "phase", "flag"),
                    way("By side", "side", "team"),
                ],
            }
        }
        "calendar" => Body::Calendar(Calendar::new(plan, &values.text("month"), |month| {
            top.to(&format!("/plan?view=calendar&month={month}{query}"))
        })),
        _ => {
            let calendars = Calendars::of(&sight.stored.plan.ground);
            Body::Gantt(Gantt::new(plan, &calendars, forecast, &folded))
        }
    }
}

/// By what the columns of the board part the tasks.
fn columns(values: &Values) -> &'static str {
    match values.text("by").as_str() {
        "phase" => "phase",
        "side" => "side",
        _ => "state",
    }
}

/// The tasks by phase, in the order of the plan.
fn groups(plan: &onboarding::Plan, top: &Top) -> Vec<Group> {
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
                .map(|task| Line::new(task, plan.today, top.to(&format!("/tasks/{}", task.id))))
                .collect(),
        })
        .filter(|group| !group.lines.is_empty())
        .collect()
}

impl Line {
    fn new(task: &Task, today: Date, href: String) -> Self {
        let (state, tone) = task_state(&task.status);
        let is_open = !task.is_over();
        let agreed = task.baseline_finishes_on.map(Date::from);
        let slipped = agreed.map(|agreed| (task.finishes_on - agreed).get_days()).filter(|days| *days != 0);
        Self {
            code: task.code.clone(),
            href,
            name: task.name.clone(),
            state,
            tone,
            because: task.because.clone(),
            side: task.side.clone(),
            role: task.role.clone(),
            assignee: task.assignee.clone(),
            start: task.starts_on.into(),
            finish: task.finishes_on.into(),
            slipped: slipped.map(|days| {
                let word = if days > 0 { "later" } else { "earlier" };
                format!("{} {word}", count(days.unsigned_abs() as usize, "day"))
            }),
            overdue: task.is_overdue(today),
            days: count(usize::try_from(task.days).unwrap_or(0), "day"),
            slack: match usize::try_from(task.slack) {
                Ok(0) | Err(_) => "no slack".to_owned(),
                Ok(days) => format!("slack {}", count(days, "day")),
            },
            slack_words: slack(task.slack),
            critical: task.critical,
            may_start: task.status == "open",
            may_finish: is_open,
            is_blocked: task.status == "blocked",
        }
    }
}

impl Gate {
    fn new(milestone: &RunningMilestone, check: &GateCheck, who: String, href: String) -> Self {
        let state = match (milestone.reached_on.is_some(), milestone.waived.is_some(), check.is_open()) {
            (true, ..) => ("Reached", "done"),
            (false, true, _) => ("Waived", "off"),
            (false, false, true) => ("Ready", "go"),
            (false, false, false) if milestone.gate => ("Closed", "soon"),
            _ => ("Ahead", ""),
        };
        Self {
            href,
            name: milestone.name.clone(),
            who,
            gate: milestone.gate,
            kind: match milestone.kind {
                MilestoneKind::Value => "value",
                MilestoneKind::Technical => "technical",
            },
            planned: milestone.planned.into(),
            due: milestone.due.into(),
            late_by: i64::from((milestone.planned - milestone.due).get_days()),
            state,
            criteria: check.criteria.iter().map(|one| (one.text.clone(), one.is_met())).collect(),
        }
    }
}
