//! A programme as a person reads it.

use askama::Template;
use axum::http::StatusCode;
use gangway_app::AppError;
use gangway_app::programme::{self, Which};
use gangway_domain::plan::LinkKind;
use gangway_domain::programme::{
    Amount, ForEach, MeetingTemplate, MilestoneKind, MilestoneTemplate, Predecessor, Programme, Side,
    TaskTemplate,
};

use super::Top;
use super::said;
use super::timeline::Timeline;
use crate::Web;
use crate::extract::{Answer, Asked};
use crate::format::count;
use crate::pages::{Frame, render};

#[derive(Template)]
#[template(path = "pages/programmes/read.html")]
struct Page {
    frame: Frame,
    top: Top,
    /// What is shown, when it is not the version in force.
    other: Option<String>,
    compare: String,
    body: Option<Body>,
}

struct Body {
    summary: String,
    segment: String,
    touch: String,
    length: String,
    live: u32,
    complete: u32,
    lead: u32,
    counts: String,
    timeline: Timeline,
    phases: Vec<PhaseView>,
    meetings: Vec<MeetingView>,
    governance: Vec<[String; 4]>,
    training: Vec<[String; 4]>,
    surveys: Vec<[String; 2]>,
    /// Forms in words of its own: title and what for.
    forms: Vec<[String; 2]>,
    roles: Vec<(String, &'static str, String)>,
    raci_columns: Vec<String>,
    raci_rows: Vec<RaciView>,
    targets: Vec<[String; 5]>,
    rollout: String,
    value: Vec<String>,
    technical: Vec<String>,
}

pub(super) struct PhaseView {
    pub id: String,
    pub name: String,
    pub when: String,
    pub goal: String,
    pub customer: String,
    pub deliverables: Vec<String>,
    pub tasks: Vec<TaskView>,
    pub milestones: Vec<MilestoneView>,
}

pub(super) struct TaskView {
    pub id: String,
    pub name: String,
    pub side: &'static str,
    pub role: String,
    pub days: String,
    pub rule: bool,
    pub after: String,
    pub marks: Vec<String>,
    pub when: Option<String>,
    pub deliverable: Option<String>,
    pub note: Option<String>,
}

pub(super) struct MilestoneView {
    pub id: String,
    pub name: String,
    pub kind: &'static str,
    pub gate: bool,
    pub first_value: bool,
    pub day: u32,
    pub after: String,
    pub criteria: Vec<(String, Option<String>, Option<String>)>,
    pub evidence: Option<String>,
    pub celebrate: Option<String>,
    pub when: Option<String>,
}

struct MeetingView {
    title: String,
    when: String,
    minutes: u32,
    who: String,
    with_customer: bool,
    purpose: String,
    agenda: Vec<(u32, String, Option<String>)>,
}

struct RaciView {
    activity: String,
    when: Option<String>,
    cells: Vec<Vec<(String, String)>>,
}

/// The version in force, or the one the address names.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let asked = values.text("version");
    let absent = || AppError::NotFound { what: "version", id: asked.clone() };
    let which = if asked.is_empty() { Which::InForce } else { Which::of_word(&asked).ok_or_else(absent)? };
    let shown = programme::get(&web.app, &session.actor, &id, which).await?;
    let mut top = Top::new(&session, &shown, "");
    top.said = said(&values.text("said"));
    let page = Page {
        frame: top.frame(&session, ""),
        other: (which != Which::InForce).then(|| which.label()),
        compare: format!("/programmes/{id}/compare?from={}&to=in-force", which.word()),
        body: shown.programme.as_ref().map(|programme| Body::new(&web, programme)),
        top,
    };
    Ok(render(StatusCode::OK, &page))
}

impl Body {
    fn new(web: &Web, programme: &Programme) -> Self {
        let methodology = &web.app.methodology;
        let segment = methodology.segments.segments.iter().find(|known| known.id == programme.segment);
        let role = |id: &str| role_name(programme, id);
        let [from, to] = programme.duration_days;
        let gates = programme.milestones.iter().filter(|milestone| milestone.gate).count();
        let milestone = |id: &String| point_name(programme, id);
        let track = |id: &str| methodology.training.get(id).map_or_else(|| id.to_owned(), |t| t.name.clone());
        let survey =
            |id: &str| methodology.survey(programme, id).map_or_else(|| id.to_owned(), |s| s.title.clone());
        Self {
            summary: programme.summary.clone(),
            segment: segment.map_or_else(|| programme.segment.clone(), |segment| segment.name.clone()),
            touch: segment.map_or_else(String::new, |segment| format!("{} touch", segment.touch)),
            length: format!("{from}–{to} days"),
            live: programme.go_live_day,
            complete: programme.complete_day,
            lead: programme.lead_days,
            counts: format!("{}, {}", count(programme.milestones.len(), "milestone"), count(gates, "gate")),
            timeline: Timeline::new(programme),
            phases: phases(programme),
            meetings: programme.meetings.iter().map(|meeting| meeting_view(programme, meeting)).collect(),
            governance: programme
                .governance
                .iter()
                .map(|forum| {
                    [
                        forum.name.clone(),
                        forum.frequency.clone(),
                        forum.participants.join(", "),
                        forum.focus.clone(),
                    ]
                })
                .collect(),
            training: programme
                .training
                .iter()
                .map(|given| {
                    let people = match &given.people {
                        Amount::Fixed(0) => "as many as join".to_owned(),
                        Amount::Fixed(n) => n.to_string(),
                        Amount::Rule(rule) => rule.clone(),
                    };
                    let when = given.when.clone().unwrap_or_default();
                    [track(&given.track), point_name(programme, &given.task), people, when]
                })
                .collect(),
            forms: programme.forms.iter().map(|own| [own.title.clone(), own.purpose.clone()]).collect(),
            surveys: programme
                .surveys
                .iter()
                .map(|sent| {
                    let point = point_name(programme, &sent.after);
                    let after = match sent.days {
                        0 => format!("right after “{point}”"),
                        days => format!("{} after “{point}”", count(days as usize, "day")),
                    };
                    [survey(&sent.survey), after]
                })
                .collect(),
            roles: programme
                .roles
                .iter()
                .map(|role| (role.name.clone(), side_word(role.side), role.does.clone()))
                .collect(),
            raci_columns: programme.raci.columns.iter().map(|id| role(id)).collect(),
            raci_rows: programme
                .raci
                .rows
                .iter()
                .map(|row| RaciView {
                    activity: row.activity.clone(),
                    when: row.when.clone(),
                    cells: row
                        .cells
                        .iter()
                        .map(|cell| {
                            let letters = cell.split(',').map(str::trim).filter(|letter| !letter.is_empty());
                            letters.map(|letter| (letter.to_owned(), letter.to_lowercase())).collect()
                        })
                        .collect(),
                })
                .collect(),
            targets: programme
                .activation
                .targets
                .iter()
                .map(|target| {
                    let number = match &target.target {
                        Amount::Fixed(number) => number.to_string(),
                        Amount::Rule(rule) => rule.clone(),
                    };
                    // Units are written in the plural.
                    let unit = match target.unit.as_str() {
                        unit if number == "1" => unit.strip_suffix('s').unwrap_or(unit),
                        unit => unit,
                    };
                    [
                        target.name.clone(),
                        target.metric.clone(),
                        format!("{number} {unit}"),
                        format!("day {}", target.day),
                        target.counted_by.clone().unwrap_or_default(),
                    ]
                })
                .collect(),
            rollout: match (programme.rollout.strategy.as_str(), programme.rollout.sites_per_wave) {
                ("", _) => String::new(),
                (strategy, 0) => format!("{strategy}: a pilot, then all remaining sites at once."),
                (strategy, n) => format!("{strategy}: a pilot, then {} a wave.", count(n as usize, "site")),
            },
            value: programme.complete.value.iter().map(milestone).collect(),
            technical: programme.complete.technical.iter().map(milestone).collect(),
        }
    }
}

/// The phases with what belongs to them; what belongs to none stands at the end.
pub(super) fn phases(programme: &Programme) -> Vec<PhaseView> {
    let tasks = |phase: &str| {
        let own = programme.tasks.iter().filter(|task| task.phase == phase);
        own.map(|task| task_view(programme, task)).collect()
    };
    let milestones = |phase: &str| {
        let mut own: Vec<&MilestoneTemplate> =
            programme.milestones.iter().filter(|milestone| milestone.phase == phase).collect();
        own.sort_by_key(|milestone| milestone.day);
        own.into_iter().map(|milestone| milestone_view(programme, milestone)).collect()
    };
    let mut views: Vec<PhaseView> = programme
        .phases
        .iter()
        .map(|phase| PhaseView {
            id: phase.id.clone(),
            name: phase.name.clone(),
            when: match phase.weeks {
                [0, 0] => "before kickoff".to_owned(),
                [from, to] if from == to => format!("week {from}"),
                [from, to] => format!("weeks {from}–{to}"),
            },
            goal: phase.goal.clone(),
            customer: phase.customer.clone(),
            deliverables: phase.deliverables.clone(),
            tasks: tasks(&phase.id),
            milestones: milestones(&phase.id),
        })
        .collect();
    let astray = |phase: &str| !programme.phases.iter().any(|known| known.id == phase);
    let lost: Vec<TaskView> = programme
        .tasks
        .iter()
        .filter(|task| astray(&task.phase))
        .map(|task| task_view(programme, task))
        .collect();
    if !lost.is_empty() {
        views.push(PhaseView {
            id: String::new(),
            name: "In no phase".to_owned(),
            when: String::new(),
            goal: "These name a phase that does not exist.".to_owned(),
            customer: String::new(),
            deliverables: Vec::new(),
            tasks: lost,
            milestones: Vec::new(),
        });
    }
    views
}

fn task_view(programme: &Programme, task: &TaskTemplate) -> TaskView {
    let mut marks = Vec::new();
    if task.kickoff {
        marks.push("Kickoff".to_owned());
    }
    if task.go_live {
        marks.push("Go-live".to_owned());
    }
    if task.switch_over {
        marks.push("Switch-over".to_owned());
    }
    if let Some(repeated) = task.for_each {
        let what = match repeated {
            ForEach::Integration => "system",
            ForEach::DataSource => "data source",
            ForEach::Wave => "wave",
            ForEach::Track => "training track",
            ForEach::Product => "product",
            ForEach::EarlyPromise => "promise due early",
        };
        marks.push(format!("for each {what}{}", if task.chain { ", one after the other" } else { "" }));
    }
    TaskView {
        id: task.id.clone(),
        name: task.name.clone(),
        side: side_word(task.owner),
        role: role_name(programme, &task.role),
        days: match &task.days {
            Amount::Fixed(days) => count(*days as usize, "day"),
            Amount::Rule(rule) => rule.clone(),
        },
        rule: matches!(task.days, Amount::Rule(_)),
        after: after_words(programme, &task.after),
        marks,
        when: task.when.clone(),
        deliverable: task.deliverable.clone(),
        note: task.note.clone(),
    }
}

fn milestone_view(programme: &Programme, milestone: &MilestoneTemplate) -> MilestoneView {
    MilestoneView {
        id: milestone.id.clone(),
        name: milestone.name.clone(),
        kind: match milestone.kind {
            MilestoneKind::Value => "value",
            MilestoneKind::Technical => "technical",
        },
        gate: milestone.gate,
        first_value: milestone.first_value,
        day: milestone.day,
        after: after_words(programme, &milestone.after),
        criteria: milestone
            .criteria
            .iter()
            .map(|criterion| (criterion.text.clone(), criterion.rule.clone(), criterion.when.clone()))
            .collect(),
        evidence: milestone.evidence.clone(),
        celebrate: milestone.celebrate.clone(),
        when: milestone.when.clone(),
    }
}

fn meeting_view(programme: &Programme, meeting: &MeetingTemplate) -> MeetingView {
    let until = meeting.until.as_ref().map(|id| {
        let phase = programme.phases.iter().find(|phase| phase.id == *id);
        phase.map_or_else(|| id.clone(), |phase| phase.name.clone())
    });
    let when = match (meeting.at.as_deref(), meeting.every_weeks) {
        (Some("every"), Some(weeks)) => {
            let rhythm = if weeks == 1 { "every week".to_owned() } else { format!("every {weeks} weeks") };
            match until {
                Some(phase) => format!("{rhythm}, to the end of “{phase}”"),
                None => rhythm,
            }
        }
        (Some(point), _) if meeting.daily => {
            format!("on every working day of “{}”", point_name(programme, point))
        }
        (Some(point), _) => format!("at “{}”", point_name(programme, point)),
        (None, _) => String::new(),
    };
    MeetingView {
        title: meeting.title.clone(),
        when,
        minutes: meeting.minutes,
        who: meeting.roles.iter().map(|id| role_name(programme, id)).collect::<Vec<_>>().join(", "),
        with_customer: meeting.with_customer,
        purpose: meeting.purpose.clone(),
        agenda: meeting
            .agenda
            .iter()
            .map(|item| (item.minutes, item.title.clone(), item.outcome.clone()))
            .collect(),
    }
}

fn role_name(programme: &Programme, id: &str) -> String {
    programme.roles.iter().find(|role| role.id == id).map_or_else(|| id.to_owned(), |role| role.name.clone())
}

/// What a task or milestone is called.
fn point_name(programme: &Programme, id: &str) -> String {
    let task = programme.tasks.iter().find(|task| task.id == id).map(|task| task.name.clone());
    let milestone =
        || programme.milestones.iter().find(|known| known.id == id).map(|known| known.name.clone());
    task.or_else(milestone).unwrap_or_else(|| id.to_owned())
}

/// What something comes after, by name.
fn after_words(programme: &Programme, after: &[String]) -> String {
    let one = |text: &String| {
        let Ok(found) = text.parse::<Predecessor>() else { return text.clone() };
        let name = point_name(programme, &found.id);
        let days = match found.lag {
            0 => String::new(),
            days if days > 0 => format!(" + {}", count(days as usize, "day")),
            days => format!(" − {}", count(days.unsigned_abs() as usize, "day")),
        };
        match found.kind {
            LinkKind::FinishStart => format!("{name}{days}"),
            LinkKind::StartStart => format!("the start of {name}{days}"),
            LinkKind::FinishFinish => format!("{name}, to end with it{days}"),
            LinkKind::StartFinish => format!("{name}, to end when it starts{days}"),
        }
    };
    after.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn side_word(side: Side) -> &'static str {
    match side {
        Side::Vendor => "vendor",
        Side::Customer => "customer",
        Side::Joint => "joint",
    }
}
