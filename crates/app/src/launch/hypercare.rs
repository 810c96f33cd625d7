//! Hypercare: issues against their clocks, daily syncs, and its end.

use gangway_domain::ids::{LaunchId, OnboardingId};
use gangway_domain::launch::{Issue, IssueState, Severity, Step, Sync, due};
use gangway_domain::permission::Action;
use gangway_store::Tx;
use gangway_store::launch::{self as rows, Record};
use gangway_store::onboarding::head::Head;
use jiff::civil::Date;

use super::{Sight, add, fresh, keep, plan};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::{checked_name, none_of};
use crate::register::{checked_prose, checked_title, needed_prose, onboarding, record};
use crate::{Actor, App};

/// An issue somebody reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueDraft {
    /// What is wrong, one line.
    pub title: String,
    /// More about it; may be empty.
    pub details: String,
    /// How grave.
    pub severity: Severity,
    /// What it is about; may be empty.
    pub area: String,
    /// How people get on until it is solved; may be empty.
    pub workaround: String,
    /// Who reported it; the actor when empty.
    pub reported_by: String,
}

/// What is to change of an issue; what is none stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IssueChanges {
    /// How grave; its clocks start anew from when it was raised.
    pub severity: Option<Severity>,
    /// How people get on until it is solved.
    pub workaround: Option<String>,
    /// More about it.
    pub details: Option<String>,
}

fn clocks(app: &App, severity: Severity, at: jiff::Timestamp) -> Result<[jiff::Timestamp; 2], AppError> {
    due(&app.methodology.golive, severity, at).ok_or_else(|| {
        let message = format!("has no clock: golive.toml names no severity {}", severity.label());
        AppError::Invalid(vec![Problem::new("severity", message)])
    })
}

/// Reports an issue: its clocks begin.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Overtaken`] when somebody else
/// reported one in the same moment; or when the database fails.
#[boxed]
pub async fn raise_issue(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    draft: IssueDraft,
) -> Result<Record<Issue>, AppError> {
    actor.require(Action::RunOnboarding)?;
    let IssueDraft { title, details, severity, area, workaround, reported_by } = draft;
    let mut problems = Vec::new();
    let title = checked_title(&title, &mut problems);
    let details = checked_prose("details", &details, &mut problems);
    let area = checked_prose("area", &area, &mut problems);
    let workaround = checked_prose("workaround", &workaround, &mut problems);
    let by = if reported_by.trim().is_empty() { actor.own_name().to_owned() } else { reported_by };
    let reported_by = checked_name("reported_by", &by, &mut problems);
    none_of(problems)?;
    let draft = IssueDraft { title, details, severity, area, workaround, reported_by };
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let made = raise_in(app, &mut tx, actor, &head, draft).await?;
    tx.commit().await?;
    Ok(made)
}

/// Writes an issue down whose words were checked, in the transaction of somebody who has asked for permission.
pub(crate) async fn raise_in(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    draft: IssueDraft,
) -> Result<Record<Issue>, AppError> {
    let IssueDraft { title, details, severity, area, workaround, reported_by } = draft;
    let raised_at = app.clock.now();
    let [answer_by, resolve_by] = clocks(app, severity, raised_at)?;
    let state = IssueState::Open;
    let body = Issue {
        title,
        details,
        severity,
        area,
        workaround,
        reported_by,
        raised_at,
        answer_by,
        resolve_by,
        state,
    };
    let made = add(app, tx, actor, head.id, body).await?;
    let summary = format!("Reported H-{} ({}): {}", made.number, severity.label(), made.body.title);
    record(app, tx, actor, head, "hypercare.issue_raised", summary).await?;
    Ok(made)
}

/// Changes what is known of an issue that is still what it was when it was looked at.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Stale`]; or when the database
/// fails.
#[boxed]
pub async fn change_issue(
    app: &App,
    actor: &Actor,
    id: LaunchId,
    version: i64,
    changes: IssueChanges,
) -> Result<Record<Issue>, AppError> {
    actor.require(Action::RunOnboarding)?;
    let IssueChanges { severity, workaround, details } = changes;
    let mut problems = Vec::new();
    let workaround = workaround.map(|text| checked_prose("workaround", &text, &mut problems));
    let details = details.map(|text| checked_prose("details", &text, &mut problems));
    none_of(problems)?;
    let mut tx = app.db.write().await?;
    let mut known: Record<Issue> = fresh(&mut tx, actor, id, version).await?;
    let before = known.clone();
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    let issue = &mut known.body;
    if let Some(severity) = severity.filter(|severity| *severity != issue.severity) {
        [issue.answer_by, issue.resolve_by] = clocks(app, severity, issue.raised_at)?;
        issue.severity = severity;
    }
    if let Some(text) = workaround {
        issue.workaround = text;
    }
    if let Some(text) = details {
        issue.details = text;
    }
    if known == before {
        return Ok(known);
    }
    let summary =
        format!("Changed H-{} ({}): {}", known.number, known.body.severity.label(), known.body.title);
    let kept = keep(&mut tx, actor, known).await?;
    record(app, &mut tx, actor, &head, "hypercare.issue_changed", summary).await?;
    tx.commit().await?;
    Ok(kept)
}

/// Takes a step with an issue: it is answered, resolved, or opened again.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] when it is not said how it was resolved,
/// [`AppError::Stale`], [`AppError::Refusal`] when its state does not allow it; or when the database fails.
#[boxed]
pub async fn take_issue(
    app: &App,
    actor: &Actor,
    id: LaunchId,
    version: i64,
    step: Step,
) -> Result<Record<Issue>, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut problems = Vec::new();
    let step = match step {
        Step::Resolve(how) => Step::Resolve(needed_prose("how", &how, &mut problems)),
        other => other,
    };
    none_of(problems)?;
    let mut tx = app.db.write().await?;
    let known: Record<Issue> = fresh(&mut tx, actor, id, version).await?;
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    let word = match &step {
        Step::Answer => "Answered".to_owned(),
        Step::Resolve(how) => format!("Resolved ({how})"),
        Step::Reopen => "Opened again".to_owned(),
    };
    let taken = known.body.clone().take(step, actor.name.clone(), app.clock.now());
    let body = taken.map_err(AppError::refused)?;
    let summary = format!("{word} H-{}: {}", known.number, body.title);
    let kept = keep(&mut tx, actor, Record { body, ..known }).await?;
    record(app, &mut tx, actor, &head, "hypercare.issue_changed", summary).await?;
    tx.commit().await?;
    Ok(kept)
}

/// Writes down that the daily sync was held. There is one a day: writing again changes what was said.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn sync(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    on: Option<Date>,
    people: &str,
    notes: &str,
) -> Result<Record<Sync>, AppError> {
    actor.require(Action::RunOnboarding)?;
    let on = on.unwrap_or_else(|| app.today());
    let mut problems = Vec::new();
    if on > app.today() {
        problems.push(Problem::new("on", "is still to come"));
    }
    let people = checked_prose("people", people, &mut problems);
    let notes = needed_prose("notes", notes, &mut problems);
    none_of(problems)?;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let known: Vec<Record<Sync>> = rows::of_onboarding(&mut tx, actor.workspace, id).await?;
    let body = Sync { on, notes, people, by: actor.name.clone() };
    let held = match known.into_iter().find(|known| known.body.on == on) {
        Some(known) => keep(&mut tx, actor, Record { body, ..known }).await?,
        None => add(app, &mut tx, actor, id, body).await?,
    };
    let summary = format!("Held the daily sync of {}", on.strftime("%-d %b %Y"));
    record(app, &mut tx, actor, &head, "hypercare.synced", summary).await?;
    tx.commit().await?;
    Ok(held)
}

/// Ends hypercare, once every criterion holds.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Stale`], [`AppError::Refusal`] with what does not hold;
/// or when the database fails.
#[boxed]
pub async fn end(app: &App, actor: &Actor, id: OnboardingId, version: i64) -> Result<Sight, AppError> {
    actor.require(Action::RunOnboarding)?;
    let tx = app.db.write().await?;
    plan::end(app, tx, actor, id, version).await
}
