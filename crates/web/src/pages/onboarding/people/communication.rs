//! What is said to whom when, and the activities of change management, with what was done of them.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::identity::Session;
use gangway_app::people::{self, Activity, Communication, Draft, Message, Step};
use gangway_app::{AppError, Problem};
use gangway_domain::ids::{ChangeStepId, MessageId, OnboardingId};
use gangway_domain::methodology::Audience;
use gangway_domain::permission::Action;
use gangway_domain::playbook::PhaseMessage;
use jiff::civil::Date;

use super::tabs;
use crate::Web;
use crate::extract::{Names, Values};
use crate::form::{Fields, Wrong};
use crate::format::{Day, distance};
use crate::pages::accounts::account::meanwhile;
use crate::pages::failure::Failure;
use crate::pages::onboarding::read_id;
use crate::pages::onboarding::top::Top;
use crate::pages::{Choice, Frame, Tab, Toast, render};
use crate::session::Signed;

#[derive(Template)]
#[template(path = "pages/onboarding/people/communication.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    months: Vec<Month>,
    audiences: Vec<Audience>,
    key_messages: Vec<PhaseMessage>,
    phases: Vec<Phase>,
    may_edit: bool,
    /// Where the form of a message is sent.
    action: String,
    editing: bool,
    sheet: Sheet,
    adding: Adding,
    offered: Vec<Choice>,
}

/// The messages of a month.
struct Month {
    name: String,
    lines: Vec<Line>,
}

struct Line {
    on: Day,
    when: String,
    late: bool,
    audience: String,
    message: String,
    channel: String,
    owner: String,
    sent: String,
    is_sent: bool,
    href: String,
    address: String,
    version: i64,
}

/// A phase of change management.
struct Phase {
    name: String,
    done: String,
    steps: Vec<Did>,
}

struct Did {
    activity: String,
    focus: String,
    done: String,
    is_done: bool,
    address: String,
    version: i64,
}

/// What the form of a message holds.
#[derive(Debug, Clone, Default)]
struct Sheet {
    version: i64,
    on: String,
    audience: String,
    message: String,
    channel: String,
    owner: String,
    sent: bool,
    wrong: Wrong,
}

/// What the form of an activity holds.
#[derive(Debug, Clone, Default)]
struct Adding {
    phase: String,
    activity: String,
    focus: String,
    wrong: Wrong,
}

/// What came back with the page.
#[derive(Default)]
struct Back {
    editing: Option<MessageId>,
    sheet: Option<Sheet>,
    adding: Option<Adding>,
    toast: Option<Toast>,
}

/// The plan.
pub(crate) async fn show(
    State(web): State<Web>,
    Signed(session): Signed,
    Names(id): Names<String>,
    values: Values,
) -> Result<Response, Failure> {
    let back = Back {
        editing: values.text("edit").parse().ok(),
        toast: if values.has("saved") { Toast::of("Saved.") } else { None },
        ..Back::default()
    };
    page(&web, &session, read_id(id)?, back, StatusCode::OK).await
}

/// Plans a message.
pub(crate) async fn add(
    State(web): State<Web>,
    Signed(session): Signed,
    Names(id): Names<String>,
    fields: Fields,
) -> Result<Response, Failure> {
    let id = read_id(id)?;
    let sheet = Sheet::typed(&fields);
    let made = match sheet.read() {
        Ok(draft) => people::add_message(&web.app, &session.actor, id, draft).await.map(drop),
        Err(error) => Err(error),
    };
    message_done(&web, &session, id, None, sheet, made).await
}

/// Changes a message.
pub(crate) async fn change(
    State(web): State<Web>,
    Signed(session): Signed,
    Names((id, message)): Names<(String, String)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let (id, message) = (read_id(id)?, message_id(&message)?);
    let sheet = Sheet::typed(&fields);
    let made = match sheet.read() {
        Ok(draft) => {
            people::change_message(&web.app, &session.actor, message, sheet.version, draft).await.map(drop)
        }
        Err(error) => Err(error),
    };
    message_done(&web, &session, id, Some(message), sheet, made).await
}

/// Says that a message went out, or did not after all.
pub(crate) async fn tick(
    State(web): State<Web>,
    Signed(session): Signed,
    Names((id, message)): Names<(String, String)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let (id, message) = (read_id(id)?, message_id(&message)?);
    let known = people::message(&web.app, &session.actor, message).await?;
    let sheet = Sheet { sent: known.sent.is_none(), ..Sheet::of(&known) };
    let version = fields.text("version").parse().unwrap_or(0);
    let made = match sheet.read() {
        Ok(draft) => {
            people::change_message(&web.app, &session.actor, message, version, draft).await.map(drop)
        }
        Err(error) => Err(error),
    };
    message_done(&web, &session, id, Some(message), Sheet::of(&known), made).await
}

/// Takes a message out of the plan.
pub(crate) async fn remove(
    State(web): State<Web>,
    Signed(session): Signed,
    Names((id, message)): Names<(String, String)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let (id, message) = (read_id(id)?, message_id(&message)?);
    let version = fields.text("version").parse().unwrap_or(0);
    let made = people::remove_message(&web.app, &session.actor, message, version).await.map(drop);
    message_done(&web, &session, id, None, Sheet::default(), made).await
}

async fn message_done(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    editing: Option<MessageId>,
    sheet: Sheet,
    made: Result<(), AppError>,
) -> Result<Response, Failure> {
    match made {
        Ok(()) => Ok(saved(id)),
        Err(error) => {
            let (status, wrong) = meanwhile(error)?;
            let back = Back { editing, sheet: Some(Sheet { wrong, ..sheet }), ..Back::default() };
            page(web, session, id, back, status).await
        }
    }
}

fn saved(id: OnboardingId) -> Response {
    Redirect::to(&format!("/onboardings/{id}/people/communication?saved")).into_response()
}

/// Adds an activity to a phase of change management.
pub(crate) async fn add_step(
    State(web): State<Web>,
    Signed(session): Signed,
    Names(id): Names<String>,
    fields: Fields,
) -> Result<Response, Failure> {
    let id = read_id(id)?;
    let text = |name: &str| fields.text(name).to_owned();
    let adding = Adding {
        phase: text("phase"),
        activity: text("activity"),
        focus: text("focus"),
        wrong: Wrong::default(),
    };
    let sent = Activity {
        phase: adding.phase.clone(),
        activity: adding.activity.clone(),
        focus: adding.focus.clone(),
        done: false,
    };
    let made = people::add_step(&web.app, &session.actor, id, sent).await.map(drop);
    step_done(&web, &session, id, adding, made).await
}

/// Says that an activity was done, or was not after all.
pub(crate) async fn tick_step(
    State(web): State<Web>,
    Signed(session): Signed,
    Names((id, step)): Names<(String, String)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let (id, step) = (read_id(id)?, step_id(&step)?);
    let plan = people::communication(&web.app, &session.actor, id).await?;
    let Some(known) = plan.steps.into_iter().find(|known| known.id == step) else {
        return Err(AppError::NotFound { what: "activity", id: step.to_string() }.into());
    };
    let version = fields.text("version").parse().unwrap_or(0);
    let done = known.done.is_none();
    let sent = Activity { phase: known.phase, activity: known.activity, focus: known.focus, done };
    let made = people::change_step(&web.app, &session.actor, step, version, sent).await.map(drop);
    step_done(&web, &session, id, Adding::default(), made).await
}

/// Takes an activity out of the plan.
pub(crate) async fn remove_step(
    State(web): State<Web>,
    Signed(session): Signed,
    Names((id, step)): Names<(String, String)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let (id, step) = (read_id(id)?, step_id(&step)?);
    let version = fields.text("version").parse().unwrap_or(0);
    let made = people::remove_step(&web.app, &session.actor, step, version).await.map(drop);
    step_done(&web, &session, id, Adding::default(), made).await
}

async fn step_done(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    adding: Adding,
    made: Result<(), AppError>,
) -> Result<Response, Failure> {
    match made {
        Ok(()) => Ok(saved(id)),
        Err(error) => {
            let (status, wrong) = meanwhile(error)?;
            let back = Back { adding: Some(Adding { wrong, ..adding }), ..Back::default() };
            page(web, session, id, back, status).await
        }
    }
}

fn message_id(id: &str) -> Result<MessageId, AppError> {
    id.parse().map_err(|_| AppError::NotFound { what: "message", id: id.chars().take(60).collect() })
}

fn step_id(id: &str) -> Result<ChangeStepId, AppError> {
    id.parse().map_err(|_| AppError::NotFound { what: "activity", id: id.chars().take(60).collect() })
}

async fn page(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    back: Back,
    status: StatusCode,
) -> Result<Response, Failure> {
    let plan = people::communication(&web.app, &session.actor, id).await?;
    let Communication { head, audiences, key_messages, messages, phases, steps, today } = plan;
    let Back { editing, sheet, adding, toast } = back;
    let top = Top::new(session, &head, "/people");
    let known = editing.and_then(|id| messages.iter().find(|message| message.id == id));
    let sheet = match (sheet, known) {
        (Some(sheet), Some(known)) => Sheet { version: known.version, ..sheet },
        (Some(sheet), None) => sheet,
        (None, Some(known)) => Sheet::of(known),
        (None, None) => Sheet { on: today.to_string(), ..Sheet::default() },
    };
    let adding = adding.unwrap_or_default();
    let page = Page {
        frame: top.frame(session, "Communication").saying(toast),
        pages: tabs(&top, "/people/communication"),
        action: known.map_or_else(
            || top.to("/people/communication"),
            |known| top.to(&format!("/people/communication/{}", known.id)),
        ),
        editing: known.is_some(),
        months: months(&messages, &top, today),
        offered: phases
            .iter()
            .map(|phase| Choice {
                value: phase.name.clone(),
                label: phase.name.clone(),
                chosen: phase.name == adding.phase,
            })
            .collect(),
        phases: phases.iter().map(|phase| Phase::new(&phase.name, &steps, &top)).collect(),
        audiences,
        key_messages,
        may_edit: session.actor.may(Action::RunOnboarding),
        sheet,
        adding,
        top,
    };
    Ok(render(status, &page))
}

/// Messages by month; they come in order of their days.
fn months(messages: &[Message], top: &Top, today: Date) -> Vec<Month> {
    let mut months: Vec<Month> = Vec::new();
    for message in messages {
        let name = message.on.strftime("%B %Y").to_string();
        let line = Line::new(message, top, today);
        match months.last_mut() {
            Some(month) if month.name == name => month.lines.push(line),
            _ => months.push(Month { name, lines: vec![line] }),
        }
    }
    months
}

impl Line {
    fn new(message: &Message, top: &Top, today: Date) -> Self {
        let late = message.sent.is_none() && message.on < today;
        Self {
            on: message.on.into(),
            when: distance(today, message.on),
            late,
            audience: message.audience.clone(),
            message: message.message.clone(),
            channel: message.channel.clone(),
            owner: message.owner.clone(),
            sent: ticked(message.sent.as_ref()),
            is_sent: message.sent.is_some(),
            href: top.to(&format!("/people/communication?edit={}", message.id)),
            address: top.to(&format!("/people/communication/{}", message.id)),
            version: message.version,
        }
    }
}

/// `14 Jan 2027, Ines Okafor`; empty when it was not done.
fn ticked(done: Option<&(Date, String)>) -> String {
    done.map(|(on, by)| format!("{}, {by}", Day::from(*on).words)).unwrap_or_default()
}

impl Phase {
    fn new(name: &str, steps: &[Step], top: &Top) -> Self {
        let mine: Vec<&Step> = steps.iter().filter(|step| step.phase == name).collect();
        let done = mine.iter().filter(|step| step.done.is_some()).count();
        Self {
            name: name.to_owned(),
            done: format!("{done} of {}", mine.len()),
            steps: mine
                .into_iter()
                .map(|step| Did {
                    activity: step.activity.clone(),
                    focus: step.focus.clone(),
                    done: ticked(step.done.as_ref()),
                    is_done: step.done.is_some(),
                    address: top.to(&format!("/people/change/{}", step.id)),
                    version: step.version,
                })
                .collect(),
        }
    }
}

impl Sheet {
    fn of(message: &Message) -> Self {
        Self {
            version: message.version,
            on: message.on.to_string(),
            audience: message.audience.clone(),
            message: message.message.clone(),
            channel: message.channel.clone(),
            owner: message.owner.clone(),
            sent: message.sent.is_some(),
            wrong: Wrong::default(),
        }
    }

    fn typed(fields: &Fields) -> Self {
        let text = |name: &str| fields.text(name).to_owned();
        Self {
            version: fields.text("version").parse().unwrap_or(0),
            on: text("on"),
            audience: text("audience"),
            message: text("message"),
            channel: text("channel"),
            owner: text("owner"),
            sent: !fields.text("sent").is_empty(),
            wrong: Wrong::default(),
        }
    }

    fn read(&self) -> Result<Draft, AppError> {
        let Ok(on) = self.on.trim().parse::<Date>() else {
            return Err(AppError::Invalid(vec![Problem::new("on", "is not a day")]));
        };
        Ok(Draft {
            on,
            audience: self.audience.clone(),
            message: self.message.clone(),
            channel: self.channel.clone(),
            owner: self.owner.clone(),
            sent: self.sent,
        })
    }
}
