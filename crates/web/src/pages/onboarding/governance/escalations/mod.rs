//! Escalations of one onboarding: its colour with reasons, what is suggested, what was raised with its clocks, the
//! levels; and a page for each.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::AppError;
use gangway_app::escalation::{self, Draft, Escalation, Escalations, Step};
use gangway_app::identity::Session;
use gangway_app::register;
use gangway_domain::escalation::{Clock, State as Stands};
use gangway_domain::ids::{EscalationId, OnboardingId};
use gangway_domain::methodology::EscalationLevel;
use gangway_domain::permission::Action;
use gangway_domain::register::Owner;
use gangway_domain::standing::Suggestion;

use super::super::read_id;
use super::super::top::Top;
use super::{HERE, people, tabs};
use crate::Web;
use crate::extract::{Answer, Asked, Posted, named};
use crate::form::{Wrong, answered};
use crate::format::{Moment, count, moment};
use crate::pages::{Choice, Frame, Tab, Toast, render};

#[derive(Template)]
#[template(path = "pages/onboarding/governance/escalations/list.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    light: &'static str,
    light_label: &'static str,
    reasons: Vec<String>,
    suggestions: Vec<Suggestion>,
    lines: Vec<Line>,
    levels: Vec<EscalationLevel>,
    may_edit: bool,
    raise: Form,
    choices: Vec<Choice>,
    /// People who can be told: the id and what people read.
    people: Vec<Choice>,
}

struct Line {
    href: String,
    code: String,
    title: String,
    level: i64,
    status: &'static str,
    tone: &'static str,
    clock: String,
    clock_tone: &'static str,
}

/// The form that raises something.
#[derive(Default)]
struct Form {
    level: String,
    title: String,
    details: String,
    rule: String,
    tell: Vec<String>,
    wrong: Wrong,
}

#[derive(Template)]
#[template(path = "pages/onboarding/governance/escalations/escalation.html")]
struct One {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    address: String,
    code: String,
    title: String,
    details: String,
    level: String,
    path: String,
    status: &'static str,
    tone: &'static str,
    clock: String,
    clock_tone: &'static str,
    respond_by: Moment,
    raised_at: Moment,
    raised_by: String,
    told: Vec<String>,
    /// What was said about it: by whom, when, what.
    said: Vec<(String, String)>,
    version: i64,
    may_take_up: bool,
    may_answer: bool,
    may_resolve: bool,
    typed: String,
    wrong: Wrong,
}

/// The escalations.
pub(crate) async fn list(Asked(web, session, id, values): Asked<String>) -> Answer {
    let form = Form {
        level: values.text("level"),
        title: values.text("title"),
        rule: values.text("rule"),
        ..Form::default()
    };
    page(&web, &session, read_id(id)?, form, StatusCode::OK).await
}

/// Raises something; when it cannot be, the form comes back.
pub(crate) async fn create(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let text = |name: &str| fields.text(name).to_owned();
    let tell: Vec<String> = fields.all("tell").map(str::to_owned).collect();
    let draft = Draft {
        level: fields.text("level").parse().unwrap_or(0),
        title: text("title"),
        details: text("details"),
        rule: Some(text("rule")).filter(|rule| !rule.is_empty()),
        subject: String::new(),
        tell: tell.iter().filter_map(|one| Owner::read(one)).collect(),
    };
    answered(
        escalation::raise(&web.app, &session.actor, id, draft).await,
        |made| {
            let to = format!("/onboardings/{id}/escalations/{}?said=raised", made.id);
            Redirect::to(&to).into_response()
        },
        |status, wrong| {
            let form = Form {
                level: text("level"),
                title: text("title"),
                details: text("details"),
                rule: text("rule"),
                tell,
                wrong,
            };
            page(&web, &session, id, form, status)
        },
    )
    .await
}

/// One escalation.
pub(crate) async fn show(Asked(web, session, (_, id), values): Asked<(String, String)>) -> Answer {
    let toast = match values.text("said").as_str() {
        "raised" => Toast::of("Raised. Those you named are told by mail."),
        "saved" => Toast::of("Saved."),
        _ => None,
    };
    one(&web, &session, escalation_id(&id)?, (String::new(), Wrong::default()), toast, StatusCode::OK).await
}

/// It is taken up, answered, or over.
pub(crate) async fn step(Posted(web, session, (onboarding, id), fields): Posted<(String, String)>) -> Answer {
    let id = escalation_id(&id)?;
    let text = fields.text("text").to_owned();
    let step = match fields.text("step") {
        "acknowledge" => Step::Acknowledge,
        "answer" => Step::Answer { answer: text.clone() },
        _ => Step::Resolve { how: text.clone() },
    };
    answered(
        escalation::take(&web.app, &session.actor, id, fields.version(), step).await,
        |_| Redirect::to(&format!("/onboardings/{onboarding}/escalations/{id}?said=saved")).into_response(),
        |status, wrong| one(&web, &session, id, (text, wrong), None, status),
    )
    .await
}

async fn page(web: &Web, session: &Session, id: OnboardingId, mut form: Form, status: StatusCode) -> Answer {
    let Escalations { head, escalations, colour, suggestions, levels } =
        escalation::of_onboarding(&web.app, &session.actor, id).await?;
    let candidates = register::candidates(&web.app, &session.actor, &head).await?;
    let top = Top::new(session, &head, HERE);
    if form.level.is_empty() {
        "1".clone_into(&mut form.level);
    }
    let page = Page {
        frame: top.frame(session, "Escalations"),
        pages: tabs(&top, "/escalations"),
        light: colour.light.word(),
        light_label: colour.light.label(),
        reasons: colour.reasons.into_iter().map(|reason| crate::format::capital(&reason.text)).collect(),
        suggestions,
        lines: escalations.iter().map(|one| line(web, &top, one)).collect(),
        choices: levels
            .iter()
            .map(|level| {
                let label = format!("{} · {}: {}", level.level, level.name, level.trigger);
                Choice::of(level.level.to_string(), label, &form.level)
            })
            .collect(),
        levels,
        may_edit: session.actor.may(Action::RunOnboarding),
        people: people(&candidates, &form.tell, |contact| contact.email.is_some()),
        raise: form,
        top,
    };
    Ok(render(status, &page))
}

fn line(web: &Web, top: &Top, one: &Escalation) -> Line {
    let (status, tone) = state(&one.state);
    let (clock, clock_tone) = clock(web, one);
    Line {
        href: top.to(&format!("/escalations/{}", one.id)),
        code: format!("E-{}", one.number),
        title: one.title.clone(),
        level: one.level,
        status,
        tone,
        clock,
        clock_tone,
    }
}

/// The word of a state and how a tag shows it.
fn state(state: &Stands) -> (&'static str, &'static str) {
    match state {
        Stands::Raised => ("Raised", "late"),
        Stands::Acknowledged { .. } => ("Taken up", "soon"),
        Stands::Answered { .. } => ("Answered", "go"),
        Stands::Resolved { .. } => ("Resolved", "off"),
    }
}

/// How the clock stands, in words, and how they are shown.
fn clock(web: &Web, one: &Escalation) -> (String, &'static str) {
    match escalation::clock(&web.app, one) {
        Clock::Running { minutes_left } => (format!("answer due in {}", length(minutes_left)), "fair"),
        Clock::Late { minutes_late } => (format!("answer {} late", length(minutes_late)), "bad"),
        Clock::Met => ("answered in time".to_owned(), "good"),
        Clock::Missed { minutes_late } => (format!("answered {} late", length(minutes_late)), "bad"),
    }
}

/// `20 minutes`, `5 hours`, `3 days`.
fn length(minutes: i64) -> String {
    let of = |number: i64, noun: &str| count(usize::try_from(number).unwrap_or_default(), noun);
    match minutes {
        0..120 => of(minutes, "minute"),
        120..2880 => of(minutes / 60, "hour"),
        _ => of(minutes / 1440, "day"),
    }
}

async fn one(
    web: &Web,
    session: &Session,
    id: EscalationId,
    (text, wrong): (String, Wrong),
    toast: Option<Toast>,
    code: StatusCode,
) -> Answer {
    let (head, found) = escalation::get(&web.app, &session.actor, id).await?;
    let top = Top::new(session, &head, HERE);
    let runs = session.actor.may(Action::RunOnboarding);
    let (status, tone) = state(&found.state);
    let (clock, clock_tone) = clock(web, &found);
    let zone = &web.app.time_zone;
    let name =
        web.app.methodology.risks.escalations.iter().find(|known| i64::from(known.level) == found.level);
    let page = One {
        frame: top.frame(session, "Escalation").saying(toast),
        pages: tabs(&top, "/escalations"),
        address: top.to(&format!("/escalations/{id}")),
        code: format!("E-{}", found.number),
        level: match name {
            Some(level) => format!("{} · {}", found.level, level.name),
            None => found.level.to_string(),
        },
        status,
        tone,
        clock,
        clock_tone,
        respond_by: moment(found.respond_by, zone),
        raised_at: moment(found.raised_at, zone),
        told: found.told.iter().map(|told| told.name.clone()).collect(),
        said: said(web, &found.state),
        version: found.version,
        may_take_up: runs && matches!(found.state, Stands::Raised),
        may_answer: runs && matches!(found.state, Stands::Raised | Stands::Acknowledged { .. }),
        may_resolve: runs && found.state.is_open(),
        title: found.title,
        details: found.details,
        path: found.path,
        raised_by: found.raised_by,
        typed: text,
        wrong,
        top,
    };
    Ok(render(code, &page))
}

fn said(web: &Web, state: &Stands) -> Vec<(String, String)> {
    let who =
        |by: &str, at: jiff::Timestamp| format!("{by}, {}", moment(at.into(), &web.app.time_zone).words);
    match state {
        Stands::Raised => Vec::new(),
        Stands::Acknowledged { by, at } => vec![(who(by, *at), "Took it up".to_owned())],
        Stands::Answered { by, at, answer } => vec![(who(by, *at), answer.clone())],
        Stands::Resolved { by, at, how, .. } => vec![(who(by, *at), how.clone())],
    }
}

/// The escalation an address names.
fn escalation_id(id: &str) -> Result<EscalationId, AppError> {
    named("escalation", id)
}
