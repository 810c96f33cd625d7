//! What people are told of the launch: written from the facts by the methodology's templates, changed, sent.

use gangway_domain::ids::{LaunchId, OnboardingId};
use gangway_domain::launch::{Message, Sent, moment_day};
use gangway_domain::permission::Action;
use gangway_domain::register::Owner;
use gangway_store::launch::{self as rows, Record};
use gangway_store::onboarding::head::Head;
use gangway_store::{Tx, contact, membership, workspace};

use super::{Sight, add, fresh, keep, seen};
use crate::error::{AppError, Problem};
use crate::identity::none_of;
use crate::mail::{self, Letter};
use crate::register::{checked_title, needed_prose, onboarding, record};
use crate::{Actor, App, calculate, package};

/// Most people a message is sent to at once.
const MOST: usize = 200;

/// Writes a message from the facts of today, by the id of its moment. One that was not sent is written anew.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Refusal`] when it was sent, [`AppError::Render`] when
/// its template cannot be filled in; or when the database fails.
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
    drop(tx);
    let facts = facts(actor, &sight);
    let (methodology, template) = (app.methodology.clone(), known.template.clone());
    let written = calculate(move || package::letter_text(&methodology, &template, &facts)).await?;
    let (subject, text) = written?;
    let due_on = moment_day(known, sight.live_on.unwrap_or(sight.go_live_on));
    let body = Message { moment: moment.to_owned(), subject, text, due_on, sent: None };
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
fn facts(actor: &Actor, sight: &Sight) -> serde_json::Value {
    let hypercare = &sight.plan.hypercare;
    let waves: Vec<serde_json::Value> = match sight.plan.waves.as_slice() {
        // One wave is the go-live itself.
        [] | [_] => Vec::new(),
        waves => waves.iter().map(|wave| serde_json::json!({ "name": wave.name, "on": wave.on })).collect(),
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
        "strategy": sight.plan.strategy,
        "waves": waves,
        "channel": hypercare.channel,
        "coverage": hypercare.coverage,
        "issues": issues,
        "tips": tips,
        "from": actor.own_name(),
    }})
}

/// Changes the words of a message that was not sent.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Stale`], [`AppError::Refusal`]
/// when it was sent; or when the database fails.
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
    (known.body.subject, known.body.text) = (subject, text);
    let summary = format!("Changed the message about the go-live: {}", known.body.subject);
    let kept = keep(&mut tx, actor, known).await?;
    record(app, &mut tx, actor, &head, "launch.message_written", summary).await?;
    tx.commit().await?;
    Ok(kept)
}

/// Sends a message to people of the workspace and of the customer, once.
///
/// # Errors
/// [`AppError::Invalid`] when nobody is named or somebody has no address; otherwise as [`change`].
pub async fn send(
    app: &App,
    actor: &Actor,
    id: LaunchId,
    version: i64,
    to: &[Owner],
) -> Result<Record<Message>, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let mut known: Record<Message> = fresh(&mut tx, actor, id, version).await?;
    if known.body.sent.is_some() {
        return Err(AppError::Refusal("this message went out already".to_owned()));
    }
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    let readers = readers(&mut tx, actor, &head, to).await?;
    let vendor = workspace::get(&mut tx, actor.workspace).await?.map_or_else(String::new, |place| place.name);
    for (_, email) in &readers {
        let letter = Letter {
            to: email.clone(),
            subject: known.body.subject.clone(),
            text: known.body.text.clone(),
            action: None,
            vendor: vendor.clone(),
        };
        mail::send(app, &mut tx, actor.workspace, &letter).await?;
    }
    let names: Vec<String> = readers.into_iter().map(|(name, _)| name).collect();
    let summary = format!("Sent the message “{}” to {}", known.body.subject, names.join(", "));
    known.body.sent = Some(Sent { by: actor.name.clone(), at: app.clock.now(), to: names });
    let kept = keep(&mut tx, actor, known).await?;
    record(app, &mut tx, actor, &head, "launch.message_sent", summary).await?;
    tx.commit().await?;
    Ok(kept)
}

/// Names and addresses of those a message goes to, each once.
async fn readers(
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    to: &[Owner],
) -> Result<Vec<(String, String)>, AppError> {
    let mut problems = Vec::new();
    let mut found: Vec<(String, String)> = Vec::new();
    if to.is_empty() || to.len() > MOST {
        problems.push(Problem::new("to", format!("must name between one and {MOST} people")));
    }
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
    none_of(problems)?;
    Ok(found)
}
