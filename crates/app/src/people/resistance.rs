//! The log of resistance: how it shows, of which kind it is, what is done about it by the methodology.

use gangway_domain::ids::{ContactId, OnboardingId, ResistanceId};
use gangway_domain::permission::Action;
use gangway_store::Tx;
use gangway_store::onboarding::head::Head;
use gangway_store::people as stakeholders;
use gangway_store::people::resistance as rows;
use jiff::civil::Date;

use super::Resistance;
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::none_of;
use crate::register::{checked_prose, needed_prose, onboarding, record};
use crate::{Actor, App, page, version};

/// What is written down of resistance.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Noticed {
    /// Who resists: a stakeholder.
    pub contact: Option<ContactId>,
    /// Or a group by its name.
    pub who: String,
    /// How it shows (id of the methodology).
    pub signal: String,
    /// Of which kind it is (id of the methodology).
    pub kind: String,
    /// What is behind it.
    pub concern: String,
    /// What is done about it; what is usually done when left empty.
    pub actions: String,
    /// Who does it; whoever usually does when left empty.
    pub owner: String,
    /// When it was noticed.
    pub noticed_on: Option<Date>,
}

/// Resistance met in an onboarding, the newest first, and whether more follow.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn resistances(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    before: Option<ResistanceId>,
    limit: u32,
) -> Result<(Head, Vec<Resistance>, bool), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let read = async |limit| rows::page(&mut tx, actor.workspace, id, before, limit).await;
    let (found, more) = page::read(limit, read).await?;
    Ok((head, found, more))
}

/// One entry of the log, with its onboarding.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn resistance(app: &App, actor: &Actor, id: ResistanceId) -> Result<(Head, Resistance), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let known = find(&mut tx, actor, id).await?;
    Ok((onboarding(&mut tx, actor, known.onboarding).await?, known))
}

async fn find(tx: &mut Tx, actor: &Actor, id: ResistanceId) -> Result<Resistance, AppError> {
    rows::get(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("resistance", id))
}

/// Writes resistance down.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn notice(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    noticed: Noticed,
) -> Result<Resistance, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let blank = Resistance {
        id: ResistanceId::fresh(&*app.ids),
        onboarding: id,
        contact: None,
        who: String::new(),
        signal: String::new(),
        kind: String::new(),
        concern: String::new(),
        actions: String::new(),
        owner: String::new(),
        noticed_on: app.today(),
        resolved: None,
        made_by: actor.name.clone(),
        version: 1,
    };
    let made = with(app, &mut tx, actor, blank, noticed).await?;
    rows::insert(&mut tx, actor.workspace, &made).await?;
    let summary = format!("Noticed resistance of {}", made.who);
    record(app, &mut tx, actor, &head, "people.resistance_noticed", summary).await?;
    tx.commit().await?;
    Ok(made)
}

/// An entry that says this, when it can.
async fn with(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    known: Resistance,
    noticed: Noticed,
) -> Result<Resistance, AppError> {
    let Noticed { contact, who, signal, kind, concern, actions, owner, noticed_on } = noticed;
    let rules = &app.methodology.people;
    let mut problems = Vec::new();
    let who = match contact {
        Some(id) => {
            let one = stakeholders::get(tx, actor.workspace, known.onboarding, id).await?;
            one.map_or_else(
                || {
                    problems.push(Problem::new("contact", "is no stakeholder of this onboarding"));
                    String::new()
                },
                |one| one.name,
            )
        }
        None => crate::identity::checked_name("who", &who, &mut problems),
    };
    let response = rules.resistance_responses.iter().find(|one| one.id == signal);
    if response.is_none() {
        problems.push(Problem::new("signal", "is no way resistance shows"));
    }
    if !rules.resistance.iter().any(|one| one.id == kind) {
        problems.push(Problem::new("kind", "is no kind of resistance"));
    }
    let noticed_on = noticed_on.unwrap_or(known.noticed_on);
    if noticed_on > app.today() {
        problems.push(Problem::new("noticed_on", "is still to come"));
    }
    let concern = checked_prose("concern", &concern, &mut problems);
    let or = |text: String, known: Option<&String>| {
        if text.is_empty() { known.cloned().unwrap_or_default() } else { text }
    };
    let actions = checked_prose("actions", &actions, &mut problems);
    let owner = owner.split_whitespace().collect::<Vec<_>>().join(" ");
    if owner.chars().count() > 120 {
        problems.push(Problem::new("owner", "is longer than 120 characters"));
    }
    none_of(problems)?;
    Ok(Resistance {
        contact,
        who,
        actions: or(actions, response.map(|one| &one.response)),
        owner: or(owner, response.map(|one| &one.owner)),
        signal,
        kind,
        concern,
        noticed_on,
        ..known
    })
}

/// Changes what is written down, when it is still what it was when it was looked at.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Stale`]; or when the database
/// fails.
#[boxed]
pub async fn change_resistance(
    app: &App,
    actor: &Actor,
    id: ResistanceId,
    version: i64,
    noticed: Noticed,
) -> Result<Resistance, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let (head, known) = open(&mut tx, actor, id, version).await?;
    let wanted = with(app, &mut tx, actor, known.clone(), noticed).await?;
    if wanted == known {
        return Ok(known);
    }
    let summary = format!("Changed what is known of the resistance of {}", wanted.who);
    let kept = keep(&mut tx, actor, wanted).await?;
    record(app, &mut tx, actor, &head, "people.resistance_changed", summary).await?;
    tx.commit().await?;
    Ok(kept)
}

/// It is over (`how` says how), or is not after all (nothing).
///
/// # Errors
/// [`AppError::Refusal`] when it is that already; otherwise as [`change_resistance`].
#[boxed]
pub async fn resolve(
    app: &App,
    actor: &Actor,
    id: ResistanceId,
    version: i64,
    how: Option<&str>,
) -> Result<Resistance, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let (head, known) = open(&mut tx, actor, id, version).await?;
    let (kind, deed) = match (&how, &known.resolved) {
        (Some(_), Some(_)) => return Err(AppError::Refusal("this resistance is over already".to_owned())),
        (None, None) => return Err(AppError::Refusal("this resistance is not over yet".to_owned())),
        (Some(_), None) => ("people.resistance_resolved", "Resolved"),
        (None, Some(_)) => ("people.resistance_reopened", "Met again"),
    };
    let mut problems = Vec::new();
    let resolved = how.map(|how| (app.today(), needed_prose("how", how, &mut problems)));
    none_of(problems)?;
    let kept = keep(&mut tx, actor, Resistance { resolved, ..known }).await?;
    record(app, &mut tx, actor, &head, kind, format!("{deed}: the resistance of {}", kept.who)).await?;
    tx.commit().await?;
    Ok(kept)
}

async fn open(
    tx: &mut Tx,
    actor: &Actor,
    id: ResistanceId,
    version: i64,
) -> Result<(Head, Resistance), AppError> {
    let known = find(tx, actor, id).await?;
    version::fresh("resistance", known.version, version)?;
    Ok((onboarding(tx, actor, known.onboarding).await?, known))
}

async fn keep(tx: &mut Tx, actor: &Actor, entry: Resistance) -> Result<Resistance, AppError> {
    let done = rows::change(tx, actor.workspace, &entry).await?;
    let version = version::after("resistance", entry.version, done)?;
    Ok(Resistance { version, ..entry })
}
