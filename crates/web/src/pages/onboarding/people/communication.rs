//! What is said to whom when, and the activities of change management, with what was done of them.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_app::people::{self, Communication, Draft, Message, Step};
use gangway_domain::ids::{ChangeStepId, MessageId, OnboardingId};
use gangway_domain::methodology::Audience;
use gangway_domain::permission::Action;
use gangway_domain::playbook::PhaseMessage;
use jiff::civil::Date;

use super::{steps, tabs};
use crate::Web;
use crate::extract::{Answer, Asked, Posted, Values, named};
use crate::form::{Fields, Wrong, answered, day};
use crate::format::{Day, distance};
use crate::pages::onboarding::read_id;
use crate::pages::onboarding::top::Top;
use crate::pages::undo::{carried, carry};
use crate::pages::{Choice, Frame, Tab, Toast, render};

/// Fields of the form of a message.
const FIELDS: [&str; 6] = ["on", "audience", "message", "channel", "owner", "sent"];

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
    /// Where the form of an activity is sent.
    step_action: String,
    /// An activity is changed.
    rewording: bool,
    adding: steps::Sheet,
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
    href: String,
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

/// What came back with the page.
#[derive(Default)]
pub(super) struct Back {
    editing: Option<MessageId>,
    sheet: Option<Sheet>,
    /// The activity that is changed.
    step: Option<ChangeStepId>,
    adding: Option<steps::Sheet>,
    toast: Option<Toast>,
}

impl Back {
    /// The form of an activity comes back: of this one, or of a new one.
    pub(super) fn adding(step: Option<ChangeStepId>, sheet: steps::Sheet) -> Self {
        Self { step, adding: Some(sheet), ..Self::default() }
    }
}

/// The plan.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let id = read_id(id)?;
    let back = Back {
        editing: values.text("edit").parse().ok(),
        step: values.text("step").parse().ok(),
        toast: match values.text("gone").as_str() {
            "message" => Some(taken_out(&values, id)),
            "activity" => Some(steps::taken_out(&values, id)),
            _ if values.has("saved") => Toast::of("Saved."),
            _ => None,
        },
        ..Back::default()
    };
    page(&web, &session, id, back, StatusCode::OK).await
}

/// Plans a message.
pub(crate) async fn add(Posted(web, session, id, fields): Posted<String>) -> Answer {
    keep(&web, &session, read_id(id)?, None, Sheet::typed(&fields)).await
}

/// Changes a message.
pub(crate) async fn change(Posted(web, session, (id, message), fields): Posted<(String, String)>) -> Answer {
    let (id, message) = (read_id(id)?, message_id(&message)?);
    keep(&web, &session, id, Some(message), Sheet::typed(&fields)).await
}

/// Keeps what the form says: of this message, or of a new one.
async fn keep(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    message: Option<MessageId>,
    sheet: Sheet,
) -> Answer {
    let made = kept(web, session, id, message, &sheet).await;
    message_done(web, session, id, message, sheet, made).await
}

async fn kept(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    message: Option<MessageId>,
    sheet: &Sheet,
) -> Result<(), AppError> {
    let draft = sheet.read()?;
    let (app, actor) = (&web.app, &session.actor);
    match message {
        Some(message) => people::change_message(app, actor, message, sheet.version, draft).await.map(drop),
        None => people::add_message(app, actor, id, draft).await.map(drop),
    }
}

/// Says that a message went out, or did not after all.
pub(crate) async fn tick(Posted(web, session, (id, message), fields): Posted<(String, String)>) -> Answer {
    let (id, message) = (read_id(id)?, message_id(&message)?);
    let known = people::message(&web.app, &session.actor, message).await?;
    let turned = Sheet { version: fields.version(), sent: known.sent.is_none(), ..Sheet::of(&known) };
    let made = kept(&web, &session, id, Some(message), &turned).await;
    message_done(&web, &session, id, Some(message), Sheet::of(&known), made).await
}

/// Takes a message out of the plan.
pub(crate) async fn remove(Posted(web, session, (id, message), fields): Posted<(String, String)>) -> Answer {
    let (id, message) = (read_id(id)?, message_id(&message)?);
    let known = Sheet::of(&people::message(&web.app, &session.actor, message).await?);
    match people::remove_message(&web.app, &session.actor, message, fields.version()).await {
        Ok(_) => {
            let there = format!("/onboardings/{id}/people/communication?gone=message{}", known.carried());
            Ok(Redirect::to(&there).into_response())
        }
        Err(error) => message_done(&web, &session, id, None, Sheet::default(), Err(error)).await,
    }
}

/// What is said after a message was taken out.
fn taken_out(values: &Values, id: OnboardingId) -> Toast {
    let undo = carried(values, format!("/onboardings/{id}/people/communication"), &FIELDS);
    Toast { text: "Taken out.".to_owned(), undo }
}

async fn message_done(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    editing: Option<MessageId>,
    sheet: Sheet,
    made: Result<(), AppError>,
) -> Answer {
    answered(
        made,
        |()| saved(id),
        |status, wrong| {
            let back = Back { editing, sheet: Some(Sheet { wrong, ..sheet }), ..Back::default() };
            page(web, session, id, back, status)
        },
    )
    .await
}

pub(super) fn saved(id: OnboardingId) -> Response {
    Redirect::to(&format!("/onboardings/{id}/people/communication?saved")).into_response()
}

fn message_id(id: &str) -> Result<MessageId, AppError> {
    named("message", id)
}

pub(super) async fn page(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    back: Back,
    status: StatusCode,
) -> Answer {
    let plan = people::communication(&web.app, &session.actor, id).await?;
    let Communication { head, audiences, key_messages, messages, phases, steps, today } = plan;
    let Back { editing, sheet, step, adding, toast } = back;
    let top = Top::new(session, &head, "/people");
    let known = editing.and_then(|id| messages.iter().find(|message| message.id == id));
    let blank = || Sheet { on: today.to_string(), ..Sheet::default() };
    let mut sheet = sheet.or_else(|| known.map(Sheet::of)).unwrap_or_else(blank);
    sheet.version = known.map_or(sheet.version, |known| known.version);
    let changed = step.and_then(|id| steps.iter().find(|step| step.id == id));
    let mut adding = adding.or_else(|| changed.map(steps::Sheet::of)).unwrap_or_default();
    adding.version = changed.map_or(adding.version, |changed| changed.version);
    let page = Page {
        frame: top.frame(session, "Communication").saying(toast),
        pages: tabs(&top, "/people/communication"),
        action: known.map_or_else(
            || top.to("/people/communication"),
            |known| top.to(&format!("/people/communication/{}", known.id)),
        ),
        editing: known.is_some(),
        step_action: changed.map_or_else(
            || top.to("/people/change"),
            |changed| top.to(&format!("/people/change/{}", changed.id)),
        ),
        rewording: changed.is_some(),
        months: months(&messages, &top, today),
        offered: phases.iter().map(|phase| Choice::of(&phase.name, &phase.name, &adding.phase)).collect(),
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
                    href: top.to(&format!("/people/communication?step={}#activity", step.id)),
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
            version: fields.version(),
            on: text("on"),
            audience: text("audience"),
            message: text("message"),
            channel: text("channel"),
            owner: text("owner"),
            sent: !fields.text("sent").is_empty(),
            wrong: Wrong::default(),
        }
    }

    /// What an address says of it, so that it can be added again.
    fn carried(&self) -> String {
        let [on, audience, message, channel, owner, sent] = FIELDS;
        carry(&[
            (on, self.on.as_str()),
            (audience, self.audience.as_str()),
            (message, self.message.as_str()),
            (channel, self.channel.as_str()),
            (owner, self.owner.as_str()),
            (sent, if self.sent { "yes" } else { "" }),
        ])
    }

    fn read(&self) -> Result<Draft, AppError> {
        Ok(Draft {
            on: day("on", &self.on)?,
            audience: self.audience.clone(),
            message: self.message.clone(),
            channel: self.channel.clone(),
            owner: self.owner.clone(),
            sent: self.sent,
        })
    }
}
