//! What is said to whom when, and the activities of change management.

use gangway_domain::ids::{ChangeStepId, MessageId, OnboardingId};
use gangway_domain::methodology::{Audience, ChangePhase};
use gangway_domain::people::{message_moves, moved_to};
use gangway_domain::permission::Action;
use gangway_domain::playbook::PhaseMessage;
use gangway_domain::work::RunningPlan;
use gangway_store::Tx;
use gangway_store::onboarding::head::Head;
use gangway_store::people::communication as rows;
use jiff::civil::Date;

use super::{Message, Step};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::none_of;
use crate::register::{needed_prose, onboarding, record};
use crate::{Actor, App, version};

/// The plan of communication and change of an onboarding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Communication {
    /// The onboarding.
    pub head: Head,
    /// Who hears what, how and how often.
    pub audiences: Vec<Audience>,
    /// The key message of each phase.
    pub key_messages: Vec<PhaseMessage>,
    /// The calendar, by day.
    pub messages: Vec<Message>,
    /// The phases of change management.
    pub phases: Vec<ChangePhase>,
    /// Their activities in order.
    pub steps: Vec<Step>,
    /// The day it was looked at.
    pub today: Date,
}

/// A message to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// When.
    pub on: Date,
    /// To whom.
    pub audience: String,
    /// What is said.
    pub message: String,
    /// How.
    pub channel: String,
    /// Who says it.
    pub owner: String,
    /// It went out.
    pub sent: bool,
}

/// An activity of change management.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// Its phase; what it was stays when an activity changes.
    pub phase: String,
    /// What is done.
    pub activity: String,
    /// For whom.
    pub focus: String,
    /// It was done.
    pub done: bool,
}

/// What is said to whom when in an onboarding.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn communication(app: &App, actor: &Actor, id: OnboardingId) -> Result<Communication, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let rules = &app.methodology.people;
    Ok(Communication {
        head: onboarding(&mut tx, actor, id).await?,
        audiences: rules.audiences.clone(),
        key_messages: rules.phase_messages.clone(),
        messages: rows::messages(&mut tx, actor.workspace, id).await?,
        phases: rules.change.clone(),
        steps: rows::steps(&mut tx, actor.workspace, id).await?,
        today: app.today(),
    })
}

/// One line that must be there.
fn line(field: &'static str, text: &str, problems: &mut Vec<Problem>) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let wrong = match line.chars().count() {
        0 => "is missing",
        1..=300 => return line,
        _ => "is longer than 300 characters",
    };
    problems.push(Problem::new(field, wrong));
    line
}

/// When it was done and by whom: as it was when it was done already.
fn ticked(app: &App, actor: &Actor, done: bool, known: Option<(Date, String)>) -> Option<(Date, String)> {
    done.then(|| known.unwrap_or_else(|| (app.today(), actor.name.clone())))
}

fn message_of(app: &App, actor: &Actor, known: Message, draft: Draft) -> Result<Message, AppError> {
    let mut problems = Vec::new();
    let made = Message {
        on: draft.on,
        audience: line("audience", &draft.audience, &mut problems),
        message: needed_prose("message", &draft.message, &mut problems),
        channel: line("channel", &draft.channel, &mut problems),
        owner: line("owner", &draft.owner, &mut problems),
        sent: ticked(app, actor, draft.sent, known.sent.clone()),
        ..known
    };
    none_of(problems)?;
    Ok(made)
}

/// Plans a message.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn add_message(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    draft: Draft,
) -> Result<Message, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let blank = Message {
        id: MessageId::fresh(&*app.ids),
        onboarding: id,
        on: draft.on,
        audience: String::new(),
        message: String::new(),
        channel: String::new(),
        owner: String::new(),
        sent: None,
        seeded: false,
        version: 1,
    };
    let made = message_of(app, actor, blank, draft)?;
    rows::insert_messages(&mut tx, actor.workspace, std::slice::from_ref(&made)).await?;
    let summary = format!("Planned a message to {}", made.audience);
    record(app, &mut tx, actor, &head, "people.communication_changed", summary).await?;
    tx.commit().await?;
    Ok(made)
}

async fn find_message(tx: &mut Tx, actor: &Actor, id: MessageId, version: i64) -> Result<Message, AppError> {
    let known = rows::message(tx, actor.workspace, id).await?;
    let known = known.ok_or_else(|| AppError::missing("message", id))?;
    version::fresh("message", known.version, version)?;
    Ok(known)
}

/// One message.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn message(app: &App, actor: &Actor, id: MessageId) -> Result<Message, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    rows::message(&mut tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("message", id))
}

/// Changes a message, or says whether it went out.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Stale`]; or when the database
/// fails.
#[boxed]
pub async fn change_message(
    app: &App,
    actor: &Actor,
    id: MessageId,
    version: i64,
    draft: Draft,
) -> Result<Message, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let known = find_message(&mut tx, actor, id, version).await?;
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    let wanted = message_of(app, actor, known.clone(), draft)?;
    if wanted == known {
        return Ok(known);
    }
    let done = rows::change_message(&mut tx, actor.workspace, &wanted).await?;
    let version = version::after("message", version, done)?;
    let deed = match (&known.sent, &wanted.sent) {
        (None, Some(_)) => "Sent",
        (Some(_), None) => "Not sent after all:",
        _ => "Changed",
    };
    let summary = format!("{deed} the message to {}", wanted.audience);
    record(app, &mut tx, actor, &head, "people.communication_changed", summary).await?;
    tx.commit().await?;
    Ok(Message { version, ..wanted })
}

/// Lets the messages of an onboarding follow what they hang on from one plan to the next: those of the methodology that
/// nobody has sent, or put on another day. Returns how many; the entry of whatever moved the plan tells of them.
pub(crate) async fn follow(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: OnboardingId,
    (before, after): (&RunningPlan, &RunningPlan),
) -> Result<usize, AppError> {
    let moves = message_moves(&app.methodology.people.messages, before, after);
    if moves.is_empty() {
        return Ok(0);
    }
    let planned = rows::messages(tx, actor.workspace, id).await?;
    let follows = planned.iter().filter(|message| message.seeded && message.sent.is_none());
    let moved: Vec<(MessageId, Date)> = follows
        .filter_map(|one| Some((one.id, moved_to(&moves, &one.audience, &one.message, one.on)?)))
        .collect();
    rows::move_messages(tx, actor.workspace, &moved).await?;
    Ok(moved.len())
}

/// Takes a message out of the plan.
///
/// # Errors
/// As [`change_message`].
#[boxed]
pub async fn remove_message(
    app: &App,
    actor: &Actor,
    id: MessageId,
    version: i64,
) -> Result<OnboardingId, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let known = find_message(&mut tx, actor, id, version).await?;
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    version::after("message", version, rows::delete_message(&mut tx, actor.workspace, id, version).await?)?;
    let summary = format!("Took the message to {} out of the plan", known.audience);
    record(app, &mut tx, actor, &head, "people.communication_changed", summary).await?;
    tx.commit().await?;
    Ok(head.id)
}

fn step_of(app: &App, actor: &Actor, known: Step, sent: &Activity) -> Result<Step, AppError> {
    let mut problems = Vec::new();
    let made = Step {
        activity: line("activity", &sent.activity, &mut problems),
        focus: line("focus", &sent.focus, &mut problems),
        done: ticked(app, actor, sent.done, known.done.clone()),
        ..known
    };
    none_of(problems)?;
    Ok(made)
}

/// Adds an activity to a phase of change management.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn add_step(app: &App, actor: &Actor, id: OnboardingId, sent: Activity) -> Result<Step, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    if !app.methodology.people.change.iter().any(|phase| phase.name == sent.phase) {
        return Err(AppError::Invalid(vec![Problem::new("phase", "is no phase of change management")]));
    }
    let known = rows::steps(&mut tx, actor.workspace, id).await?;
    let blank = Step {
        id: ChangeStepId::fresh(&*app.ids),
        onboarding: id,
        phase: sent.phase.clone(),
        position: known.iter().map(|step| step.position + 1).max().unwrap_or(0),
        activity: String::new(),
        focus: String::new(),
        done: None,
        version: 1,
    };
    let made = step_of(app, actor, blank, &sent)?;
    rows::insert_steps(&mut tx, actor.workspace, std::slice::from_ref(&made)).await?;
    let summary = format!("Added to {}: {}", made.phase, made.activity);
    record(app, &mut tx, actor, &head, "people.change_plan_changed", summary).await?;
    tx.commit().await?;
    Ok(made)
}

async fn find_step(tx: &mut Tx, actor: &Actor, id: ChangeStepId, version: i64) -> Result<Step, AppError> {
    let known = rows::step(tx, actor.workspace, id).await?;
    let known = known.ok_or_else(|| AppError::missing("activity", id))?;
    version::fresh("activity", known.version, version)?;
    Ok(known)
}

/// Changes an activity, or says whether it was done; its phase stays.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Stale`]; or when the database
/// fails.
#[boxed]
pub async fn change_step(
    app: &App,
    actor: &Actor,
    id: ChangeStepId,
    version: i64,
    sent: Activity,
) -> Result<Step, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let known = find_step(&mut tx, actor, id, version).await?;
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    let wanted = step_of(app, actor, known.clone(), &sent)?;
    if wanted == known {
        return Ok(known);
    }
    let done = rows::change_step(&mut tx, actor.workspace, &wanted).await?;
    let version = version::after("activity", version, done)?;
    let deed = if wanted.done.is_some() { "Done" } else { "Changed" };
    let summary = format!("{deed} in {}: {}", wanted.phase, wanted.activity);
    record(app, &mut tx, actor, &head, "people.change_plan_changed", summary).await?;
    tx.commit().await?;
    Ok(Step { version, ..wanted })
}

/// Takes an activity out of the plan.
///
/// # Errors
/// As [`change_step`].
#[boxed]
pub async fn remove_step(
    app: &App,
    actor: &Actor,
    id: ChangeStepId,
    version: i64,
) -> Result<OnboardingId, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let known = find_step(&mut tx, actor, id, version).await?;
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    version::after("activity", version, rows::delete_step(&mut tx, actor.workspace, id, version).await?)?;
    let summary = format!("Took out of {}: {}", known.phase, known.activity);
    record(app, &mut tx, actor, &head, "people.change_plan_changed", summary).await?;
    tx.commit().await?;
    Ok(head.id)
}
