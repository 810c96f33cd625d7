//! Templates for work that comes up: choosing one, and how it begins.

use askama::Template;
use axum::http::StatusCode;
use gangway_app::work;
use gangway_domain::methodology::{TaskTemplate, TemplateTask};
use gangway_domain::programme::Side;

use super::adding;
use super::fields::OWNERS;
use super::task::{assignees, places};
use crate::extract::{Answer, Here};
use crate::format::count;
use crate::pages::onboarding::read_id;
use crate::pages::onboarding::top::Top;
use crate::pages::{Choice, Frame, Tab, render};

#[derive(Template)]
#[template(path = "pages/onboarding/work/templates.html")]
struct ListPage {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    lines: Vec<Line>,
}

struct Line {
    href: String,
    name: String,
    when: String,
    size: String,
    sides: Vec<&'static str>,
}

/// The templates there are.
pub(crate) async fn list(Here(web, session, id): Here<String>) -> Answer {
    let sight = work::sight(&web.app, &session.actor, read_id(id)?).await?;
    let top = Top::new(&session, &sight.head, "/plan");
    let line = |template: &TaskTemplate| Line {
        href: top.to(&format!("/tasks/templates/{}", template.id)),
        name: template.name.clone(),
        when: template.when.clone(),
        size: format!(
            "{}, {} of work",
            count(template.tasks.len(), "task"),
            count(template.days() as usize, "working day")
        ),
        sides: template.sides().into_iter().map(Side::word).collect(),
    };
    let lines = work::templates(&web.app, &session.actor)?.map(line).collect();
    let page = ListPage {
        frame: top.frame(&session, "Templates"),
        pages: adding(&top, "/tasks/templates"),
        lines,
        top,
    };
    Ok(render(StatusCode::OK, &page))
}

#[derive(Template)]
#[template(path = "pages/onboarding/work/template.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    id: String,
    name: String,
    when: String,
    tasks: Vec<Step>,
    revision: i64,
    today: String,
    after: Vec<Choice>,
    /// Label, field and choices of whom each side's tasks go to.
    owners: Vec<(&'static str, &'static str, Vec<Choice>)>,
}

struct Step {
    name: String,
    side: &'static str,
    role: String,
    days: String,
    after: String,
    checklist: Vec<String>,
}

/// One template, and the form to begin it.
pub(crate) async fn show(Here(web, session, (id, template)): Here<(String, String)>) -> Answer {
    let id = read_id(id)?;
    let template = work::template(&web.app, &session.actor, &template)?.clone();
    let sight = work::sight(&web.app, &session.actor, id).await?;
    let (members, contacts) = work::assignable(&web.app, &session.actor, &sight.head).await?;
    let top = Top::new(&session, &sight.head, "/plan");
    let sides = template.sides();
    let labels = ["Who does the vendor's tasks", "Who does the customer's tasks", "Who does the joint tasks"];
    let owners = OWNERS.into_iter().zip(labels).filter(|((side, _), _)| sides.contains(side));
    let owners =
        owners.map(|((_, field), label)| (label, field, assignees(members.clone(), contacts.clone(), None)));
    let page = Page {
        frame: top.frame(&session, &template.name),
        pages: adding(&top, "/tasks/templates"),
        owners: owners.collect(),
        tasks: template.tasks.iter().map(|task| step(&template, task)).collect(),
        revision: sight.stored.revision,
        today: sight.today.to_string(),
        after: places(&sight.stored.plan),
        id: template.id,
        name: template.name,
        when: template.when,
        top,
    };
    Ok(render(StatusCode::OK, &page))
}

fn step(template: &TaskTemplate, task: &TemplateTask) -> Step {
    let name = |id: &String| template.tasks.iter().find(|one| one.id == *id).map(|one| one.name.clone());
    let after: Vec<String> = task.after.iter().filter_map(name).collect();
    let later = match task.offset {
        0 => String::new(),
        days => format!("{} after the beginning", count(days as usize, "working day")),
    };
    let parts = [after.join(", "), later];
    Step {
        name: task.name.clone(),
        side: task.side.word(),
        role: task.role.clone(),
        days: count(task.days as usize, "working day"),
        after: parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; "),
        checklist: task.checklist.clone(),
    }
}
