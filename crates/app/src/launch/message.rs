//! What people are told of the launch: written from the facts by the methodology's templates, changed, released, sent.

use gangway_domain::ids::{LaunchId, OnboardingId};
use gangway_domain::launch::{MESSAGE_HOUR, Message, Met, Release, Sent, moment_day};
use gangway_domain::permission::Action;
use gangway_domain::portal::Language;
use gangway_domain::register::Owner;
use gangway_store::launch::{self as rows, Record};
use gangway_store::onboarding::head::Head;
use gangway_store::{Tx, contact, membership};

use super::{Sight, add, fresh, keep, round, seen};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::none_of;
use crate::mail::{self, Languages, Letter, Many};
use crate::register::{checked_title, needed_prose, onboarding, record};
use crate::{Actor, App, calculate, package};

/// Most people a message is sent to at once.
const MOST: usize = 200;

/// Writes a message from the facts of today, by the id of its moment. One that was not sent is written anew.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Refusal`] when it was sent, [`AppError::Render`] when
/// its template cannot be filled in; or when the database fails.
#[boxed]
pub async fn write(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    moment: &str,
) -> Result<Record<Message>, AppError> {
    actor.require(Action::RunOnboarding)?;
    let moments = &app.methodology.golive.launch.messages;
    let known = moments.iter().find(|known| known.id == moment);
    let known = known.ok_or_else(|| AppError::missing("message", moment))?;
    let mut tx = app.db.read().await?;
    let sight = seen::gather(app, &mut tx, actor.workspace, id).await?;
    let language = Languages::of_onboarding(&mut tx, actor.workspace, id).await?.of(None);
    drop(tx);
    let facts = facts(app, actor, &sight, language);
    let (methodology, template) = (app.methodology.clone(), known.template.clone());
    let written = calculate(move || package::letter_text(&methodology, &template, language, &facts)).await?;
    let (subject, text) = written?;
    let due_on = moment_day(known, sight.live_on.unwrap_or(sight.go_live_on));
    // What is written anew was released by nobody.
    let body = Message { moment: moment.to_owned(), subject, text, due_on, release: None, sent: None };
    let mut tx = app.db.write().await?;
    let messages: Vec<Record<Message>> = rows::of_onboarding(&mut tx, actor.workspace, id).await?;
    let made = match messages.into_iter().find(|one| one.body.moment == moment) {
        Some(one) if one.body.sent.is_some() => {
            return Err(AppError::Refusal(
                "this message went out; write to people by mail instead".to_owned(),
            ));
        }
        Some(one) => keep(&mut tx, actor, Record { body, ..one }).await?,
        None => add(app, &mut tx, actor, id, body).await?,
    };
    let summary = format!("Wrote the message about the go-live: {}", known.title);
    record(app, &mut tx, actor, &sight.head, "launch.message_written", summary).await?;
    tx.commit().await?;
    Ok(made)
}

/// What the templates of launch messages see.
fn facts(app: &App, actor: &Actor, sight: &Sight, language: Language) -> serde_json::Value {
    // Names of the methodology are known in other languages; what a colleague wrote stays as it is.
    let said = |text: &str| app.methodology.say(language, text).to_owned();
    let hypercare = &sight.plan.hypercare;
    let waves: Vec<serde_json::Value> = match sight.plan.waves.as_slice() {
        // One wave is the go-live itself.
        [] | [_] => Vec::new(),
        waves => {
            let wave = |name: &str, on| serde_json::json!({ "name": said(name), "on": on });
            waves.iter().map(|one| wave(&one.name, one.on)).collect()
        }
    };
    let issues = sight.issues.iter().filter(|one| one.body.is_open());
    let issues: Vec<serde_json::Value> = issues
        .map(|one| serde_json::json!({ "title": one.body.title, "workaround": one.body.workaround }))
        .collect();
    let tips: Vec<&str> = sight
        .feedback
        .iter()
        .filter(|one| one.body.kind == gangway_domain::launch::FeedbackKind::Question)
        .map(|one| one.body.text.as_str())
        .take(5)
        .collect();
    serde_json::json!({ "launch": {
        "product": sight.product,
        "use_case": sight.use_case,
        "customer": sight.head.customer,
        "go_live": sight.live_on.unwrap_or(sight.go_live_on),
        "strategy": said(&sight.plan.strategy),
        "waves": waves,
        "channel": hypercare.channel,
        "coverage": hypercare.coverage,
        "issues": issues,
        "tips": tips,
        "from": actor.own_name(),
    }})
}

/// Changes the words of a message that was not sent. One that was released is to be released again.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Stale`], [`AppError::Refusal`]
/// when it was sent; or when the database fails.
#[boxed]
pub async fn change(
    app: &App,
    actor: &Actor,
    id: LaunchId,
    version: i64,
    subject: &str,
    text: &str,
) -> Result<Record<Message>, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut problems = Vec::new();
    let mut titles = Vec::new();
    let subject = checked_title(subject, &mut titles);
    problems.extend(titles.into_iter().map(|problem: Problem| Problem::new("subject", problem.message)));
    let text = needed_prose("text", text, &mut problems);
    if let Err(error) = gangway_documents::parse(&text) {
        let message = format!("cannot be read at line {}: {}", error.line, error.message);
        problems.push(Problem::new("text", message));
    }
    none_of(problems)?;
    let mut tx = app.db.write().await?;
    let mut known: Record<Message> = fresh(&mut tx, actor, id, version).await?;
    if known.body.sent.is_some() {
        return Err(AppError::Refusal("what was sent stays as it is".to_owned()));
    }
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    if (&known.body.subject, &known.body.text) != (&subject, &text) {
        known.body.release = None;
    }
    (known.body.subject, known.body.text) = (subject, text);
    let summary = format!("Changed the message about the go-live: {}", known.body.subject);
    let kept = keep(&mut tx, actor, known).await?;
    record(app, &mut tx, actor, &head, "launch.message_written", summary).await?;
    tx.commit().await?;
    Ok(kept)
}

/// How a message is to go out by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReleaseDraft {
    /// Whom it goes to.
    pub to: Vec<Owner>,
    /// At which hour, 0 to 23; in the morning when left out.
    pub hour: Option<i8>,
    /// On the clock of which zone (IANA name); the account's when left out.
    pub zone: Option<String>,
    /// It belongs to what the readers have bought, so that they cannot get off it.
    pub service: bool,
}

/// Releases a message: it goes out by itself at its day and hour, as long as the go-live is not off.
///
/// # Errors
/// [`AppError::Invalid`] for an hour or a zone there is none of, when nobody is named or somebody has no address;
/// otherwise as [`change`].
#[boxed]
pub async fn release(
    app: &App,
    actor: &Actor,
    id: LaunchId,
    version: i64,
    draft: ReleaseDraft,
) -> Result<Record<Message>, AppError> {
    actor.require(Action::RunOnboarding)?;
    let ReleaseDraft { to, hour, zone, service } = draft;
    let zone = zone.map(|zone| zone.trim().to_owned()).filter(|zone| !zone.is_empty());
    let hour = hour.unwrap_or(MESSAGE_HOUR);
    crate::digest::checked_clock(Some(hour), zone.as_deref())?;
    let sight = round::around(app, actor, id).await?;
    let mut tx = app.db.write().await?;
    let mut known: Record<Message> = fresh(&mut tx, actor, id, version).await?;
    not_sent(&known)?;
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    let readers = readers(&mut tx, actor, &head, &to).await?;
    let (by, at) = (actor.name.clone(), app.clock.now());
    known.body.release = Some(Release { by, at, to, hour, zone, service, held: None });
    let summary = format!("Released the message “{}” to {}", known.body.subject, counted(readers.len()));
    let kept = keep(&mut tx, actor, known).await?;
    round::plan(app, &mut tx, actor.workspace, &sight, &kept.body).await?;
    record(app, &mut tx, actor, &head, "launch.message_released", summary).await?;
    tx.commit().await?;
    Ok(kept)
}

/// Holds a message that was released, or lets it go again.
///
/// # Errors
/// [`AppError::Refusal`] when it was not released, or is held already; otherwise as [`change`].
#[boxed]
pub async fn hold(
    app: &App,
    actor: &Actor,
    id: LaunchId,
    version: i64,
    holds: bool,
) -> Result<Record<Message>, AppError> {
    actor.require(Action::RunOnboarding)?;
    // What is held needs no round.
    let sight = if holds { None } else { Some(round::around(app, actor, id).await?) };
    let mut tx = app.db.write().await?;
    let mut known: Record<Message> = fresh(&mut tx, actor, id, version).await?;
    not_sent(&known)?;
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    let Some(release) = known.body.release.as_mut() else {
        return Err(AppError::Refusal("this message was not released".to_owned()));
    };
    if release.held.is_some() == holds {
        let word = if holds { "is held already" } else { "is not held" };
        return Err(AppError::Refusal(format!("this message {word}")));
    }
    release.held = holds.then(|| Met { by: actor.name.clone(), at: app.clock.now() });
    let word = if holds { "Holds" } else { "Lets go" };
    let summary = format!("{word} the message “{}”", known.body.subject);
    let kept = keep(&mut tx, actor, known).await?;
    if let Some(sight) = sight {
        round::plan(app, &mut tx, actor.workspace, &sight, &kept.body).await?;
    }
    record(app, &mut tx, actor, &head, "launch.message_held", summary).await?;
    tx.commit().await?;
    Ok(kept)
}

/// Sends a message now to people of the workspace and of the customer, once.
///
/// # Errors
/// [`AppError::Invalid`] when nobody is named or somebody has no address; [`AppError::Refusal`] also when whoever is
/// named wants none; otherwise as [`change`].
#[boxed]
pub async fn send(
    app: &App,
    actor: &Actor,
    id: LaunchId,
    version: i64,
    to: &[Owner],
) -> Result<Record<Message>, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let known: Record<Message> = fresh(&mut tx, actor, id, version).await?;
    not_sent(&known)?;
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    let readers = readers(&mut tx, actor, &head, to).await?;
    let kept = mail_all(app, &mut tx, actor, &head, known, readers).await?;
    tx.commit().await?;
    Ok(kept)
}

fn not_sent(known: &Record<Message>) -> Result<(), AppError> {
    match known.body.sent {
        Some(_) => Err(AppError::Refusal("this message went out already".to_owned())),
        None => Ok(()),
    }
}

/// Queues a message for its readers and writes down that it went out, in one transaction: whatever crashes or runs
/// twice, nobody gets two.
pub(super) async fn mail_all(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    mut known: Record<Message>,
    readers: Vec<(String, String)>,
) -> Result<Record<Message>, AppError> {
    let vendor = mail::vendor(tx, actor.workspace).await?;
    let mut many = if known.body.release.as_ref().is_some_and(|release| release.service) {
        Many::of_service(app, tx, actor.workspace).await?
    } else {
        Many::begin(app, tx, actor.workspace).await?
    };
    // The messages ask to be answered: somebody has to read it.
    many = many.answered_by(mail::answered_by(tx, actor.workspace, head.id).await?);
    // All get the one text somebody read and released.
    let language = Languages::of_onboarding(tx, actor.workspace, head.id).await?.of(None);
    let mut names = Vec::with_capacity(readers.len());
    for (name, email) in readers {
        let letter = Letter {
            to: email,
            subject: known.body.subject.clone(),
            text: known.body.text.clone(),
            action: None,
            vendor: vendor.clone(),
            language,
        };
        if many.send(app, tx, &letter).await? {
            names.push(name);
        }
    }
    if names.is_empty() {
        return Err(AppError::Refusal("there is nobody left who takes such mail".to_owned()));
    }
    many.finish(tx).await?;
    let summary = format!("Sent the message “{}” to {}", known.body.subject, names.join(", "));
    known.body.sent = Some(Sent { by: actor.name.clone(), at: app.clock.now(), to: names });
    let kept = keep(tx, actor, known).await?;
    record(app, tx, actor, head, "launch.message_sent", summary).await?;
    Ok(kept)
}

fn counted(people: usize) -> String {
    if people == 1 { "1 person".to_owned() } else { format!("{people} people") }
}

/// Names and addresses of those a message goes to, each once.
async fn readers(
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    to: &[Owner],
) -> Result<Vec<(String, String)>, AppError> {
    let mut problems = Vec::new();
    if to.is_empty() || to.len() > MOST {
        problems.push(Problem::new("to", format!("must name between one and {MOST} people")));
    }
    let found = found(tx, actor, head, to, &mut problems).await?;
    none_of(problems)?;
    Ok(found)
}

/// The same of those who are still there and have an address, with what is wrong with the others.
pub(super) async fn found(
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    to: &[Owner],
    problems: &mut Vec<Problem>,
) -> Result<Vec<(String, String)>, AppError> {
    let mut found: Vec<(String, String)> = Vec::new();
    for one in to.iter().take(MOST) {
        let reader = match one {
            Owner::Person { id } => {
                membership::get(tx, actor.workspace, *id).await?.map(|known| (known.name, Some(known.email)))
            }
            Owner::Contact { id } => contact::get(tx, actor.workspace, *id)
                .await?
                .filter(|known| known.account_id == head.account_id)
                .map(|known| (known.name, known.email)),
            Owner::Named { .. } => None,
        };
        match reader {
            Some((name, Some(email))) if !found.iter().any(|(_, known)| *known == email) => {
                found.push((name, email));
            }
            Some((_, Some(_))) => {}
            Some((name, None)) => {
                problems.push(Problem::new("to", format!("names {name}, who has no mail address")));
            }
            None => problems.push(Problem::new("to", "names nobody of the workspace or of this customer")),
        }
    }
    Ok(found)
}
