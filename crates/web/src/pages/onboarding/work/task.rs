//! One task: what it is, what it waits for, what people say; and what can be changed of it.

use askama::Template;
use axum::http::StatusCode;
use gangway_app::work::{self, TaskSight};
use gangway_app::workload::{self, Fit, Overload, Suggestion};
use gangway_domain::ids::TaskId;
use gangway_domain::permission::Action;
use gangway_domain::plan::LinkSpec;
use gangway_domain::work::{Assignee, Origin, RunningPlan, TaskState};
use jiff::civil::Date;

use super::change::in_words;
use super::said::{done_before, toast};
use super::talk::TalkView;
use super::{adding, belongs, task_state, tie};
use crate::Web;
use crate::extract::{Answer, Asked, Here, named};
use crate::form::Wrong;
use crate::format::{Day, Moment, count, moment};
use crate::pages::onboarding::overview::slack;
use crate::pages::onboarding::read_id;
use crate::pages::onboarding::top::{Top, is_over};
use crate::pages::{Choice, Frame, Tab, render};

#[derive(Template)]
#[template(path = "pages/onboarding/work/task.html")]
struct Page {
    frame: Frame,
    top: Top,
    /// Where the page is.
    here: String,
    revision: i64,
    code: String,
    name: String,
    state: &'static str,
    tone: &'static str,
    /// Why it is blocked or skipped, and what blocks it.
    because: Option<String>,
    blocked_by: Option<String>,
    side: String,
    role: String,
    assignee: String,
    assignees: Vec<Choice>,
    /// Weeks in which whoever has it has too much, with the address that shows why.
    overloads: Vec<(String, String)>,
    /// Who of its role has most room: id, and what stands on the button.
    suggested: Vec<(String, String)>,
    start: Day,
    finish: Day,
    agreed: Option<(Day, Day)>,
    overdue: bool,
    days: u32,
    slack: String,
    critical: bool,
    not_before: String,
    finish_by: String,
    is_fixed: bool,
    /// Where the series is of which it is an occurrence.
    series: Option<String>,
    before: Vec<Link>,
    after: Vec<Link>,
    others: Vec<Choice>,
    /// Tasks and milestones it could wait for, and how.
    waitable: Vec<Choice>,
    link_kinds: Vec<Choice>,
    history: Vec<Told>,
    talk: TalkView,
    today: String,
    may_change: bool,
    may_start: bool,
    may_finish: bool,
    may_block: bool,
    may_unblock: bool,
    may_reopen: bool,
    may_replan: bool,
}

/// A task or milestone before or after.
struct Link {
    code: String,
    name: String,
    href: String,
    day: Day,
    /// How it is tied to the task; nothing where the one simply follows the other.
    how: String,
}

struct Told {
    at: Moment,
    by: String,
    summary: String,
    moved: String,
}

/// One task.
pub(crate) async fn show(Asked(web, session, (id, task), values): Asked<(String, String)>) -> Answer {
    let id = read_id(id)?;
    let task: TaskId = named("task", &task)?;
    let sight = work::task(&web.app, &session.actor, task).await?;
    belongs(&sight.head, id, "task", task)?;
    // Whoever looks has seen what names them.
    work::seen(&web.app, &session.actor, &task.to_string()).await?;
    let top = Top::new(&session, &sight.head, "/plan");
    let may_change = session.actor.may(Action::RunOnboarding) && !is_over(&sight.head);
    let said = done_before(&web, &session, &values).await?.or_else(|| toast(&values));
    let frame = top.frame(&session, &sight.task.name).saying(said);
    let fit =
        if may_change { workload::fit_of(&web.app, &session.actor, &sight).await? } else { Fit::default() };
    let page = Page::new(&web, sight, task, top, frame, may_change);
    Ok(render(StatusCode::OK, &page.fitting(fit)))
}

impl Page {
    /// With whether whoever has it has too much, and who has room for it.
    fn fitting(self, fit: Fit) -> Self {
        let Fit { overloads, suggestions } = fit;
        let overload = |one: Overload| {
            (
                one.in_words(),
                format!("/workload?from={0}&person={1}&week={0}#week", one.week.monday, one.person),
            )
        };
        let suggested = |one: Suggestion| {
            let share = one.room.fullest.unwrap_or_default();
            (one.person.to_string(), format!("{}: {share} % with it", one.name))
        };
        Self {
            overloads: overloads.into_iter().map(overload).collect(),
            suggested: suggestions.into_iter().map(suggested).collect(),
            ..self
        }
    }

    fn new(web: &Web, sight: TaskSight, id: TaskId, top: Top, frame: Frame, may_change: bool) -> Self {
        let TaskSight { revision, plan, task, facts, talk, history, members, contacts, ids, today, .. } =
            sight;
        let (state, tone) = task_state(task.state.word());
        let link = |code: &str, spec: &LinkSpec| {
            let name = plan.name(code).to_owned();
            let kind = if plan.task(code).is_some() { "tasks" } else { "milestones" };
            let day = plan.task(code).map(|task| task.finish);
            let day = day.or_else(|| plan.milestone(code).map(|one| one.planned)).unwrap_or(task.finish);
            let href = ids.get(code).map(|id| top.to(&format!("/{kind}/{id}"))).unwrap_or_default();
            Link { code: code.to_owned(), name, href, day: day.into(), how: tie::in_words(spec) }
        };
        let before = plan.links.iter().filter(|spec| spec.to == task.code);
        let before: Vec<Link> = before.map(|spec| link(&spec.from, spec)).collect();
        let after = plan.links.iter().filter(|spec| spec.from == task.code);
        let after: Vec<Link> = after.map(|spec| link(&spec.to, spec)).collect();
        let chosen = task.assignee.as_ref().and_then(|who| match who {
            Assignee::Person { id, .. } => Some(id.to_string()),
            Assignee::Contact { id, .. } => Some(id.to_string()),
            Assignee::Name { .. } => None,
        });
        let (because, blocked_by) = match &task.state {
            TaskState::Blocked { because, by, .. } => {
                (Some(because.clone()), by.as_ref().map(|by| plan.name(by).to_owned()))
            }
            TaskState::Skipped { reason } => (Some(reason.clone()), None),
            _ => (None, None),
        };
        let is_done = matches!(task.state, TaskState::Done { .. });
        let is_blocked = matches!(task.state, TaskState::Blocked { .. });
        let day = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
        let told = history.into_iter().take(40).map(|line| {
            let moved = line.moves.iter().find(|moved| moved.code == task.code);
            Told {
                at: moment(line.at, &web.app.time_zone),
                by: line.by.clone(),
                summary: line.summary.clone(),
                moved: moved.map_or_else(String::new, |moved| {
                    in_words(i64::from((moved.to - moved.from).get_days())).0
                }),
            }
        });
        let history = told.collect();
        let others = plan.tasks.iter().filter(|other| other.code != task.code && !other.state.is_over());
        let others = others.map(|other| Choice::of(&other.code, &other.name, ""));
        let others = std::iter::once(Choice::of("", "None", "")).chain(others).collect();
        let mut waitable = places(&plan);
        waitable.retain(|place| place.value != task.code);
        Self {
            frame,
            here: top.to(&format!("/tasks/{id}")),
            revision,
            assignees: assignees(members, contacts, chosen.as_deref()),
            overloads: Vec::new(),
            suggested: Vec::new(),
            state,
            tone,
            because,
            blocked_by,
            side: task.side.word().to_owned(),
            role: task.role.clone(),
            assignee: task.assignee.as_ref().map_or_else(|| task.role.clone(), |who| who.name().to_owned()),
            start: task.start.into(),
            finish: task.finish.into(),
            agreed: facts.baseline.map(|(start, finish, _)| (start.into(), finish.into())),
            overdue: task.is_overdue(today),
            days: task.days,
            slack: slack(task.slack),
            critical: task.critical,
            not_before: day(task.rule.fixed_on.or(task.rule.not_before)),
            finish_by: day(task.rule.finish_by),
            is_fixed: task.rule.fixed_on.is_some(),
            series: match &task.origin {
                Origin::Recurring(id) => Some(top.to(&format!("/series/{id}"))),
                _ => None,
            },
            before,
            after,
            others,
            waitable,
            link_kinds: tie::kinds(),
            history,
            talk: TalkView::new(web, talk, id.to_string()),
            today: today.to_string(),
            may_change,
            may_start: task.state == TaskState::Open,
            may_finish: !task.state.is_over(),
            may_block: !task.state.is_over() && !is_blocked,
            may_unblock: is_blocked,
            may_reopen: task.state != TaskState::Open && !is_blocked,
            may_replan: !is_done && !matches!(task.state, TaskState::Skipped { .. }),
            code: task.code,
            name: task.name,
            top,
        }
    }
}

/// Whom work can be given to.
pub(in crate::pages::onboarding) fn assignees(
    members: Vec<(gangway_domain::ids::PersonId, String)>,
    contacts: Vec<(gangway_domain::ids::ContactId, String)>,
    chosen: Option<&str>,
) -> Vec<Choice> {
    let chosen = chosen.unwrap_or_default();
    let nobody = Choice::of("", "Nobody in particular", chosen);
    let ours = members.into_iter().map(|(id, name)| Choice::of(id.to_string(), name, chosen));
    let theirs = contacts
        .into_iter()
        .map(|(id, name)| Choice::of(id.to_string(), format!("{name} (customer)"), chosen));
    std::iter::once(nobody).chain(ours).chain(theirs).collect()
}

/// Open tasks and milestones that are to come, after none of them.
pub(super) fn places(plan: &RunningPlan) -> Vec<Choice> {
    let open = plan.tasks.iter().filter(|task| !task.state.is_over());
    let open = open.map(|task| Choice::of(&task.code, &task.name, ""));
    let gates = plan.milestones.iter().filter(|one| one.reached_on.is_none());
    let gates = gates.map(|one| Choice::of(&one.code, &one.name, ""));
    std::iter::once(Choice::of("", "None", "")).chain(open).chain(gates).collect()
}

#[derive(Template)]
#[template(path = "pages/onboarding/work/new.html")]
struct NewPage {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    wrong: Wrong,
    revision: i64,
    phases: Vec<Choice>,
    sides: Vec<Choice>,
    after: Vec<Choice>,
    before: Vec<Choice>,
    assignees: Vec<Choice>,
    counts: String,
}

/// The form for a task that comes up.
pub(crate) async fn new(Here(web, session, id): Here<String>) -> Answer {
    let id = read_id(id)?;
    let sight = work::sight(&web.app, &session.actor, id).await?;
    let (members, contacts) = work::assignable(&web.app, &session.actor, &sight.head).await?;
    let top = Top::new(&session, &sight.head, "/plan");
    let plan = &sight.stored.plan;
    let phases = plan.phases.iter().map(|phase| Choice::of(&phase.code, &phase.name, ""));
    let page = NewPage {
        frame: top.frame(&session, "Add a task"),
        pages: adding(&top, "/tasks/new"),
        wrong: Wrong::default(),
        revision: sight.stored.revision,
        phases: std::iter::once(Choice::of("", "The one that runs", "")).chain(phases).collect(),
        sides: ["vendor", "customer", "joint"]
            .map(|side| Choice::of(side, crate::format::capital(side), ""))
            .into(),
        after: places(plan),
        before: places(plan),
        assignees: assignees(members, contacts, None),
        counts: count(plan.tasks.len(), "task"),
        top,
    };
    Ok(render(StatusCode::OK, &page))
}
