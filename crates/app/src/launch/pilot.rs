//! Pilots: planned with people and criteria, run, measured, judged; run again after a failure.

use gangway_domain::ids::{ContactId, LaunchId, OnboardingId, WorkspaceId};
use gangway_domain::launch::{Criterion, Feedback, FeedbackKind, Pick, Pilot, PilotFact, PilotState};
use gangway_domain::permission::Action;
use gangway_store::launch::{self as rows, Record};
use gangway_store::onboarding::head::Head;
use gangway_store::training::learner;
use gangway_store::{Tx, contact};
use jiff::ToSpan;
use jiff::civil::Date;

use super::{add as insert, fresh, keep};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::{checked_name, none_of};
use crate::register::{checked_prose, needed_prose, onboarding, record};
use crate::{Actor, App};

/// Most people and criteria of a pilot.
const MOST: usize = 200;

/// Most learners offered for a pilot.
const LEARNERS: u32 = 1_000;

/// A pilot somebody plans.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PilotDraft {
    /// Which core workflows it covers.
    pub scope: String,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// Who supports it.
    pub support: String,
    /// The people in it.
    pub people: Vec<Pick>,
    /// How many people there are in it, when not all are named.
    pub size: u32,
    /// What it must show.
    pub criteria: Vec<Criterion>,
}

struct Checked {
    scope: String,
    from: Date,
    to: Date,
    support: String,
    people: Vec<Pick>,
    size: u32,
    criteria: Vec<Criterion>,
}

fn checked(draft: PilotDraft) -> Result<Checked, AppError> {
    let PilotDraft { scope, from, to, support, people, size, criteria } = draft;
    let mut problems = Vec::new();
    let scope = needed_prose("scope", &scope, &mut problems);
    let support = checked_prose("support", &support, &mut problems);
    if from.is_none() {
        problems.push(Problem::new("from", "is missing"));
    }
    match (from, to) {
        (_, None) => problems.push(Problem::new("to", "is missing")),
        (Some(from), Some(to)) if to < from => problems.push(Problem::new("to", "is before its first day")),
        _ => {}
    }
    if people.len() > MOST {
        problems.push(Problem::new("people", format!("must be {MOST} at most")));
    }
    if criteria.len() > MOST {
        problems.push(Problem::new("criteria", format!("must be {MOST} at most")));
    }
    let people = people
        .into_iter()
        .take(MOST)
        .map(|pick| Pick {
            name: checked_name("people", &pick.name, &mut problems),
            role: checked_prose("people", &pick.role, &mut problems),
            reason: needed_reason(&pick.reason, &mut problems),
            ..pick
        })
        .collect();
    let criteria = criteria
        .into_iter()
        .take(MOST)
        .map(|one| Criterion {
            text: needed_prose("criteria", &one.text, &mut problems),
            unit: checked_prose("criteria", &one.unit, &mut problems),
            measured: None,
            ..one
        })
        .collect();
    none_of(problems)?;
    let (Some(from), Some(to)) = (from, to) else { return Err(AppError::Crashed) };
    Ok(Checked { scope, from, to, support, people, size, criteria })
}

/// Somebody who may be chosen for a pilot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Name.
    pub name: String,
    /// Who, when they are a contact.
    pub contact: Option<ContactId>,
    /// Their title, or the team they learn with; may be empty.
    pub role: String,
}

/// Who may be chosen for a pilot of an onboarding: contacts of the account, and learners who are none. By name.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn candidates(app: &App, actor: &Actor, id: OnboardingId) -> Result<Vec<Candidate>, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    known(&mut tx, actor, &head).await
}

async fn known(tx: &mut Tx, actor: &Actor, head: &Head) -> Result<Vec<Candidate>, AppError> {
    let contacts = contact::of_account(tx, actor.workspace, head.account_id).await?;
    let learners = learner::page(tx, actor.workspace, head.id, None, LEARNERS).await?;
    let mut all: Vec<Candidate> = Vec::with_capacity(contacts.len() + learners.len());
    for one in learners {
        // Who learns here before they were written down as a contact is told by their address.
        let contact = contacts.iter().find(|contact| {
            let address = contact.email.as_ref().map(|email| email.to_lowercase());
            one.contact == Some(contact.id) || (address.is_some() && address == one.email)
        });
        if contact.is_none() {
            all.push(Candidate { name: one.name, contact: None, role: one.team });
        }
    }
    all.extend(contacts.into_iter().map(|one| Candidate {
        name: one.name,
        contact: Some(one.id),
        role: one.title.unwrap_or_default(),
    }));
    all.sort_by_cached_key(|one| contact::name_key(&one.name));
    Ok(all)
}

/// People with the contacts they are: who is named as one of the account only is, or whose name one contact has.
async fn linked(tx: &mut Tx, actor: &Actor, head: &Head, people: Vec<Pick>) -> Result<Vec<Pick>, AppError> {
    let known = known(tx, actor, head).await?;
    let mut problems = Vec::new();
    let mut all: Vec<Pick> = Vec::with_capacity(people.len());
    for pick in people {
        let is_them = |one: &&Candidate| match pick.contact {
            Some(contact) => one.contact == Some(contact),
            None => contact::name_key(&one.name) == contact::name_key(&pick.name),
        };
        let mut found = known.iter().filter(is_them);
        let pick = match (found.next(), found.next()) {
            (Some(one), None) => {
                let role = if pick.role.is_empty() { one.role.clone() } else { pick.role.clone() };
                Pick { name: one.name.clone(), contact: one.contact, role, ..pick.clone() }
            }
            (None, _) if pick.contact.is_some() => {
                problems.push(Problem::new(
                    "people",
                    format!("name {}, who is no contact of this account", pick.name),
                ));
                continue;
            }
            _ => pick.clone(),
        };
        if all.iter().any(|other| pick.contact.is_some() && other.contact == pick.contact) {
            problems.push(Problem::new("people", format!("name {} twice", pick.name)));
            continue;
        }
        all.push(pick);
    }
    none_of(problems)?;
    Ok(all)
}

/// A contact is called otherwise than before: pilots they are in say their name as it is now.
pub(crate) async fn renamed(
    tx: &mut Tx,
    workspace: WorkspaceId,
    now: &contact::Contact,
) -> Result<(), AppError> {
    let pilots: Vec<Record<Pilot>> = rows::of_account(tx, workspace, now.account_id).await?;
    for mut pilot in pilots {
        let mut changed = false;
        for pick in pilot.body.people.iter_mut().filter(|pick| pick.contact == Some(now.id)) {
            changed |= pick.name != now.name;
            pick.name.clone_from(&now.name);
        }
        if changed {
            rows::change(tx, workspace, &pilot).await?;
        }
    }
    Ok(())
}

/// Everybody in a pilot was chosen for a reason.
fn needed_reason(reason: &str, problems: &mut Vec<Problem>) -> String {
    let reason = checked_prose("people", reason, problems);
    if reason.is_empty() {
        problems.push(Problem::new("people", "need a reason each"));
    }
    reason
}

/// Plans a pilot. After one that failed, an empty draft takes its people and criteria over.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Refusal`] while another is under
/// way or one has passed; or when the database fails.
#[boxed]
pub async fn add(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    draft: PilotDraft,
) -> Result<Record<Pilot>, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let known: Vec<Record<Pilot>> = rows::of_onboarding(&mut tx, actor.workspace, id).await?;
    let body = match known.first().map(|newest| (newest.body.fact(), &newest.body)) {
        Some((PilotFact::Open, _)) => {
            return Err(AppError::Refusal("a pilot is under way: judge it first".to_owned()));
        }
        Some((PilotFact::Passed, _)) => {
            return Err(AppError::Refusal("the pilot has passed: roll out further".to_owned()));
        }
        Some((PilotFact::Failed, failed)) if draft.scope.trim().is_empty() => {
            let from = draft.from.unwrap_or_else(|| app.today());
            let length = (failed.to - failed.from).get_days();
            let to = draft.to.unwrap_or_else(|| from.saturating_add(length.days()));
            if to < from {
                return Err(AppError::Invalid(vec![Problem::new("to", "is before its first day")]));
            }
            failed.again(from, to)
        }
        _ => {
            let Checked { scope, from, to, support, people, size, criteria } = checked(draft)?;
            let people = linked(&mut tx, actor, &head, people).await?;
            let state = PilotState::Planned;
            Pilot { scope, from, to, support, people, size, criteria, state }
        }
    };
    let made = insert(app, &mut tx, actor, id, body).await?;
    let summary = format!("Planned pilot {} with {} people", made.number, made.body.heads());
    record(app, &mut tx, actor, &head, "pilot.planned", summary).await?;
    tx.commit().await?;
    Ok(made)
}

/// Changes a pilot that has not begun. What was measured goes with it.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Stale`], [`AppError::Refusal`]
/// once it has begun: criteria are fixed beforehand; or when the database fails.
#[boxed]
pub async fn change(
    app: &App,
    actor: &Actor,
    id: LaunchId,
    version: i64,
    draft: PilotDraft,
) -> Result<Record<Pilot>, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let known: Record<Pilot> = fresh(&mut tx, actor, id, version).await?;
    if known.body.state != PilotState::Planned {
        return Err(AppError::Refusal("its criteria and people are fixed once it has begun".to_owned()));
    }
    let Checked { scope, from, to, support, people, size, criteria } = checked(draft)?;
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    let people = linked(&mut tx, actor, &head, people).await?;
    let body = Pilot { scope, from, to, support, people, size, criteria, state: PilotState::Planned };
    let summary = format!("Changed pilot {}", known.number);
    settle(app, tx, actor, Record { body, ..known }, "pilot.changed", summary).await
}

async fn settle(
    app: &App,
    mut tx: Tx,
    actor: &Actor,
    wanted: Record<Pilot>,
    kind: &str,
    summary: String,
) -> Result<Record<Pilot>, AppError> {
    let head = onboarding(&mut tx, actor, wanted.onboarding).await?;
    let kept = keep(&mut tx, actor, wanted).await?;
    record(app, &mut tx, actor, &head, kind, summary).await?;
    tx.commit().await?;
    Ok(kept)
}

/// Its people begin.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Stale`], [`AppError::Refusal`] without criteria, or when
/// it has begun; or when the database fails.
#[boxed]
pub async fn begin(app: &App, actor: &Actor, id: LaunchId, version: i64) -> Result<Record<Pilot>, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let known: Record<Pilot> = fresh(&mut tx, actor, id, version).await?;
    if known.body.criteria.is_empty() {
        return Err(AppError::Refusal("a pilot begins with criteria: say what it must show".to_owned()));
    }
    let body = known.body.clone().begin(app.today()).map_err(AppError::refused)?;
    let summary = format!("Pilot {} began with {} people", known.number, body.heads());
    settle(app, tx, actor, Record { body, ..known }, "pilot.begun", summary).await
}

/// Writes down what was measured: a figure for each criterion, in order; none leaves it open.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Stale`], [`AppError::Refusal`]
/// unless it runs; or when the database fails.
#[boxed]
pub async fn measure(
    app: &App,
    actor: &Actor,
    id: LaunchId,
    version: i64,
    figures: &[Option<i64>],
) -> Result<Record<Pilot>, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let mut known: Record<Pilot> = fresh(&mut tx, actor, id, version).await?;
    if !matches!(known.body.state, PilotState::Running { .. }) {
        return Err(AppError::Refusal("only a pilot that runs is measured".to_owned()));
    }
    if figures.len() != known.body.criteria.len() {
        let message = format!("must be {}: one for each criterion", known.body.criteria.len());
        return Err(AppError::Invalid(vec![Problem::new("measured", message)]));
    }
    for (criterion, figure) in known.body.criteria.iter_mut().zip(figures) {
        criterion.measured = *figure;
    }
    let met = known.body.criteria.iter().filter(|one| one.is_met() == Some(true)).count();
    let summary = format!("Measured pilot {}: {met} of {} criteria met", known.number, figures.len());
    settle(app, tx, actor, known, "pilot.measured", summary).await
}

/// Judges a pilot: passed only when every criterion is measured and met.
///
/// # Errors
/// As [`measure`].
pub async fn judge(
    app: &App,
    actor: &Actor,
    id: LaunchId,
    version: i64,
    passed: bool,
    reason: &str,
) -> Result<Record<Pilot>, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut problems = Vec::new();
    let reason = needed_prose("reason", reason, &mut problems);
    none_of(problems)?;
    let mut tx = app.db.write().await?;
    let known: Record<Pilot> = fresh(&mut tx, actor, id, version).await?;
    let word = if passed { "passed" } else { "failed" };
    let summary = format!("Pilot {} {word}: {reason}", known.number);
    let judged = known.body.clone().judge(passed, reason, actor.name.clone(), app.clock.now());
    let body = judged.map_err(AppError::refused)?;
    settle(app, tx, actor, Record { body, ..known }, "pilot.judged", summary).await
}

/// Writes down what somebody said of a pilot.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Refusal`] before it begins; or
/// when the database fails.
#[boxed]
pub async fn feedback(
    app: &App,
    actor: &Actor,
    id: LaunchId,
    kind: FeedbackKind,
    from: &str,
    text: &str,
) -> Result<Record<Feedback>, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut problems = Vec::new();
    let from = checked_name("from", from, &mut problems);
    let text = needed_prose("text", text, &mut problems);
    none_of(problems)?;
    let mut tx = app.db.write().await?;
    let pilot: Record<Pilot> = super::find(&mut tx, actor, id).await?;
    if pilot.body.state == PilotState::Planned {
        return Err(AppError::Refusal("the pilot has not begun".to_owned()));
    }
    let head = onboarding(&mut tx, actor, pilot.onboarding).await?;
    let summary = format!("Feedback on pilot {} by {from} ({})", pilot.number, kind.label().to_lowercase());
    let body = Feedback { pilot: pilot.number, kind, from, text, by: actor.name.clone() };
    let made = insert(app, &mut tx, actor, pilot.onboarding, body).await?;
    record(app, &mut tx, actor, &head, "pilot.feedback", summary).await?;
    tx.commit().await?;
    Ok(made)
}
