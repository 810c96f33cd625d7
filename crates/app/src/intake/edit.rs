//! Correcting, completing and confirming what was read. Every act is kept beside the reading.

use gangway_domain::correction::{At, Change, Correction, Effective, FactKey};
use gangway_domain::ids::HandoffId;
use gangway_domain::permission::Action;
use gangway_store::Tx;
use gangway_store::correction::{self, Made};
use gangway_store::review::{self, State};

use super::field::Field;
use super::value::{self, Typed};
use super::{Loaded, load, quality, read_context, standing};
use crate::activity::{self, About};
use crate::boxed;
use crate::contact;
use crate::error::{AppError, Overlap, Problem};
use crate::handoff::match_account;
use crate::{Actor, App, calculate};

/// Longest reason, in characters.
const MAX_REASON: usize = 500;

/// What somebody wants changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Which fact; for one more of a list, only its field counts.
    pub fact: FactKey,
    /// What becomes of it.
    pub act: Act,
    /// The number of the last correction of this fact they have seen, 0 for none: when there is a
    /// later one, somebody else was faster.
    pub seen: i64,
    /// Why, when they say so.
    pub reason: String,
}

/// What becomes of a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// It says this instead, or is filled in.
    Set(Typed),
    /// One more in the list.
    Add(Typed),
    /// It does not hold.
    Remove,
}

/// Corrects, adds or removes a fact. Gives the key of the fact.
///
/// # Errors
/// [`AppError::Invalid`] when a value cannot be read, with what to write at which part;
/// [`AppError::Overlap`] when somebody else changed the fact since it was seen, with both values;
/// [`AppError::HandedOn`] when there is an onboarding already; [`AppError::NotFound`] without such a
/// handoff, field or fact; or when the database fails.
#[boxed]
pub async fn edit(app: &App, actor: &Actor, id: HandoffId, edit: Edit) -> Result<FactKey, AppError> {
    actor.require(Action::HandOver)?;
    let Edit { fact, act, seen, reason } = edit;
    let field = Field::named(&fact.field).ok_or_else(|| AppError::missing("fact", &fact))?;
    let reason = reason.trim().to_owned();
    if reason.chars().count() > MAX_REASON {
        let message = format!("is longer than {MAX_REASON} characters");
        return Err(AppError::Invalid(vec![Problem::new("reason", message)]));
    }
    let new = match &act {
        Act::Set(typed) | Act::Add(typed) => {
            let (typed, context) = (typed.clone(), read_context(app));
            Some(calculate(move || value::read(field, &typed, &context)).await?.map_err(AppError::Invalid)?)
        }
        Act::Remove => None,
    };
    let mut tx = app.db.write().await?;
    let (number, loaded) = begin(&mut tx, actor, id).await?;
    let adds = matches!(act, Act::Add(_)) && field.many;
    let key = if adds { FactKey { at: At::Added(number), ..fact } } else { fact };
    let known = loaded.deal.fact(&key);
    let before = known.filter(|fact| !fact.removed).map(|fact| value::line(field, &fact.value));
    let last = known.and_then(|fact| fact.corrected).unwrap_or(0);
    if last != seen {
        let theirs = loaded.corrections.iter().find(|made| made.correction.number == last);
        return Err(AppError::Overlap(Box::new(Overlap {
            what: field.label,
            who: theirs.map_or_else(String::new, |made| made.correction.who.clone()),
            theirs: before,
            yours: new.map(|value| value::line(field, &value)),
            seen: last,
        })));
    }
    if known.is_none() && !adds && (field.many || new.is_none() || key.at != At::Only) {
        return Err(AppError::missing("fact", key));
    }
    let after = new.as_ref().map(|value| value::line(field, value));
    let summary = summary(field, before.as_deref(), after.as_deref());
    let change = match new {
        Some(value) if adds => Change::Add { value },
        Some(value) => Change::Set { value },
        None => Change::Remove,
    };
    let correction = Correction {
        number,
        fact: key.clone(),
        change,
        who: actor.name.clone(),
        reason: Some(reason).filter(|reason| !reason.is_empty()),
        undone: false,
    };
    let made = Made { correction, before, at: app.now(), undone: None };
    correction::insert(&mut tx, actor.workspace, id, &made, actor.person).await?;
    settle(app, &mut tx, actor, loaded, "handoff.corrected", summary).await?;
    tx.commit().await?;
    Ok(key)
}

/// Takes a correction back, as if it had never been made.
///
/// # Errors
/// [`AppError::NotFound`] without such a correction; otherwise as [`edit`].
#[boxed]
pub async fn undo(app: &App, actor: &Actor, id: HandoffId, number: i64) -> Result<FactKey, AppError> {
    actor.require(Action::HandOver)?;
    let mut tx = app.db.write().await?;
    let (_, loaded) = begin(&mut tx, actor, id).await?;
    let made = loaded
        .corrections
        .iter()
        .find(|made| made.correction.number == number)
        .ok_or_else(|| AppError::missing("correction", number))?;
    let key = made.correction.fact.clone();
    let label = Field::named(&key.field).map_or(key.field.as_str(), |field| field.label);
    let summary = format!("Took back a correction by {}: {label}", made.correction.who);
    if correction::undo(&mut tx, actor.workspace, id, number, &actor.name, app.now()).await? {
        settle(app, &mut tx, actor, loaded, "handoff.correction_undone", summary).await?;
    }
    tx.commit().await?;
    Ok(key)
}

/// Somebody says that the deal was read right, as it stood at this version.
///
/// # Errors
/// [`AppError::Overtaken`] when it was corrected since; [`AppError::HandedOn`] when there is an
/// onboarding already; [`AppError::NotFound`] without such a handoff; or when the database fails.
#[boxed]
pub async fn confirm(app: &App, actor: &Actor, id: HandoffId, version: i64) -> Result<(), AppError> {
    actor.require(Action::HandOver)?;
    let mut tx = app.db.write().await?;
    let Loaded { handoff, review, deal, .. } = load(&mut tx, actor, id).await?;
    match review.state {
        State::Made => return Err(AppError::HandedOn),
        State::Confirmed if review.version == version => return Ok(()),
        State::Confirmed | State::Review => {}
    }
    if !review::confirm(&mut tx, actor.workspace, id, version, &actor.name, app.now()).await? {
        return Err(AppError::Overtaken);
    }
    contact::keep_people(app, &mut tx, actor, handoff.account_id, None, &deal.deal).await?;
    let about = About { account: Some(handoff.account_id), onboarding: None };
    let summary = "Confirmed what was read from the deal".to_owned();
    activity::record(app, &mut tx, actor, "handoff.confirmed", about, summary).await?;
    tx.commit().await?;
    Ok(())
}

/// Locks the handoff for an edit: the number of the next correction, and how it stands now.
async fn begin(tx: &mut Tx, actor: &Actor, id: HandoffId) -> Result<(i64, Loaded), AppError> {
    let number =
        review::touch(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("handoff", id))?;
    let loaded = load(tx, actor, id).await?;
    if loaded.review.state == State::Made {
        return Err(AppError::HandedOn);
    }
    Ok((number, loaded))
}

/// What follows from a correction: another account, another score, an entry in the log.
async fn settle(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    before: Loaded,
    kind: &str,
    summary: String,
) -> Result<(), AppError> {
    let Loaded { mut handoff, deal: old, .. } = before;
    let corrections = correction::of_handoff(tx, actor.workspace, handoff.id).await?;
    let deal: Effective = standing(&handoff, &corrections)?;
    let name = |deal: &Effective| deal.deal.customer.as_ref().map(|fact| fact.value.clone());
    if name(&deal) != name(&old) {
        let mut reading = handoff.reading.clone();
        reading.deal = deal.deal.clone();
        let (account, _) = match_account(app, actor, tx, &handoff.digest, &reading).await?;
        if account != handoff.account_id {
            review::rehome(tx, actor.workspace, handoff.id, handoff.account_id, account).await?;
            handoff.account_id = account;
        }
    }
    gangway_store::handoff::index(tx, actor.workspace, handoff.id, &deal.deal).await?;
    let score = quality(&deal.deal, &app.methodology).document_score;
    review::score(tx, actor.workspace, handoff.id, score).await?;
    let about = About { account: Some(handoff.account_id), onboarding: None };
    activity::record(app, tx, actor, kind, about, summary).await
}

fn summary(field: &Field, before: Option<&str>, after: Option<&str>) -> String {
    let label = field.label;
    match (before, after) {
        (Some(before), Some(after)) => format!("Corrected {label}: {before} → {after}"),
        (None, Some(after)) => format!("Added {label}: {after}"),
        (Some(before), None) => format!("Removed {label}: {before}"),
        (None, None) => format!("Removed {label}"),
    }
}
