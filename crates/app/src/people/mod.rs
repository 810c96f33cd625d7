//! The customer's people in a running onboarding: where they stand, who spoke with them, what is missing.

mod communication;
mod loss;
mod matrix;
mod present;
mod relations;
mod resistance;
mod seed;
mod standing;
mod team;
mod touch;

use gangway_domain::deal::StakeholderRole;
use gangway_domain::ids::{ContactId, OnboardingId};
use gangway_domain::people::{Grade, Sentiment};
use gangway_domain::permission::Action;
use gangway_store::contact::{self, Contact};
use gangway_store::onboarding::head::Head;
use gangway_store::people::{self as rows, relation};
use gangway_store::{StoreError, Tx};
use jiff::civil::Date;

use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::none_of;
use crate::register::{checked_prose, needed_prose, onboarding, record};
use crate::{Actor, App, version};

pub(crate) use communication::follow;
pub use communication::{
    Activity, Communication, Draft, add_message, add_step, change_message, change_step, communication,
    message, remove_message, remove_step,
};
pub use gangway_store::people::Stakeholder;
pub use gangway_store::people::communication::{Message, Step};
pub use gangway_store::people::loss::Loss;
pub use gangway_store::people::resistance::Resistance;
pub use gangway_store::people::touch::Touch;
pub use loss::{Lost, confirm, lose, losses, watch};
pub(crate) use loss::{Untold, holding, untold};
pub use matrix::{Raci, raci, set_raci};
pub(crate) use present::Present;
pub use relations::{Relations, relate, relations, unrelate};
pub use resistance::{Noticed, change_resistance, notice, resistance, resistances, resolve};
pub(crate) use seed::{Start, backfill, seed};
pub use standing::{Engagement, Known, Standing, standing, standing_of, warnings};
pub use team::team;
pub(crate) use touch::facts_in;
pub use touch::{Talk, remove_touch, touch, touches};

/// What is to change of a stakeholder: the outer `None` leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// The role by which they are spoken with.
    pub role: Option<StakeholderRole>,
    /// Power.
    pub power: Option<Grade>,
    /// Interest.
    pub interest: Option<Grade>,
    /// How they speak of it.
    pub sentiment: Option<Option<Sentiment>>,
    /// How much they take part.
    pub engagement: Option<Option<Grade>>,
    /// The risk in place of the rules', and why.
    pub risk: Option<Option<(Grade, String)>>,
    /// Phase of a champion's development (id of the methodology).
    pub champion: Option<Option<String>>,
    /// Notes.
    pub notes: Option<Option<String>>,
    /// The day they left, or will.
    pub left_on: Option<Option<Date>>,
}

/// Makes a contact of the account a stakeholder, where the role stands on the grid.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] when they are one already or no contact of
/// this account; or when the database fails.
#[boxed]
pub async fn add(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    who: ContactId,
    role: StakeholderRole,
) -> Result<Stakeholder, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let known = contact::get(&mut tx, actor.workspace, who).await?;
    let Some(contact) = known.filter(|contact| contact.account_id == head.account_id) else {
        return Err(AppError::Invalid(vec![Problem::new("contact", "is nobody of this customer")]));
    };
    let made = place(app, &mut tx, actor, &head, contact, role).await?;
    tx.commit().await?;
    Ok(made)
}

/// Makes a contact a stakeholder in a transaction of somebody else.
async fn place(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    contact: Contact,
    role: StakeholderRole,
) -> Result<Stakeholder, AppError> {
    let rule = app.methodology.people.role(role);
    let grade = |word: Option<&str>| word.and_then(|word| word.parse().ok()).unwrap_or(Grade::Medium);
    let made = Stakeholder {
        onboarding: head.id,
        contact: contact.id,
        name: contact.name,
        title: contact.title,
        email: contact.email,
        role,
        power: grade(rule.map(|rule| rule.power.as_str())),
        interest: grade(rule.map(|rule| rule.interest.as_str())),
        sentiment: None,
        engagement: None,
        risk: None,
        champion: None,
        notes: None,
        left_on: None,
        since: app.today(),
        version: 1,
    };
    rows::insert_all(tx, actor.workspace, std::slice::from_ref(&made)).await.map_err(
        |error| match error {
            StoreError::Conflict(_) => AppError::Invalid(vec![Problem::new("contact", "is there already")]),
            other => AppError::Store(other),
        },
    )?;
    part(app, tx, actor, &made).await?;
    let summary = format!("Added {} as {}", made.name, app.methodology.people.role_name(role).to_lowercase());
    record(app, tx, actor, head, "people.stakeholder_added", summary).await?;
    Ok(made)
}

/// Their contact says their role too.
async fn part(app: &App, tx: &mut Tx, actor: &Actor, one: &Stakeholder) -> Result<(), AppError> {
    let name = app.methodology.people.role_name(one.role);
    let word = crate::contact::role_word(one.role);
    contact::take_part(tx, actor.workspace, one.contact, one.onboarding, &word, name).await?;
    Ok(())
}

/// Changes a stakeholder who is still what they were when they were looked at.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Stale`] when their version is
/// not `version` any more; or when the database fails.
#[boxed]
pub async fn change(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    who: ContactId,
    version: i64,
    changes: Changes,
) -> Result<Stakeholder, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let known = find(&mut tx, actor, id, who).await?;
    version::fresh("stakeholder", known.version, version)?;
    let wanted = with(app, known.clone(), changes)?;
    if wanted == known {
        return Ok(known);
    }
    let kept = keep(&mut tx, actor, wanted).await?;
    if kept.role != known.role {
        part(app, &mut tx, actor, &kept).await?;
    }
    let summary = format!("Changed what is known of {}", kept.name);
    record(app, &mut tx, actor, &head, "people.stakeholder_changed", summary).await?;
    tx.commit().await?;
    Ok(kept)
}

fn with(app: &App, known: Stakeholder, changes: Changes) -> Result<Stakeholder, AppError> {
    let Changes { role, power, interest, sentiment, engagement, risk, champion, notes, left_on } = changes;
    let mut problems = Vec::new();
    let risk =
        risk.map(|risk| risk.map(|(grade, why)| (grade, needed_prose("risk_reason", &why, &mut problems))));
    let champion = champion.map(|phase| phase.filter(|phase| !phase.is_empty()));
    let phases = &app.methodology.people.champion;
    if let Some(Some(phase)) = &champion
        && !phases.iter().any(|known| known.id == *phase)
    {
        problems.push(Problem::new("champion", "is no phase of a champion's development"));
    }
    let notes = notes.map(|notes| notes.map(|notes| checked_prose("notes", &notes, &mut problems)));
    none_of(problems)?;
    Ok(Stakeholder {
        role: role.unwrap_or(known.role),
        power: power.unwrap_or(known.power),
        interest: interest.unwrap_or(known.interest),
        sentiment: sentiment.unwrap_or(known.sentiment),
        engagement: engagement.unwrap_or(known.engagement),
        risk: risk.unwrap_or(known.risk),
        champion: champion.unwrap_or(known.champion),
        notes: notes.unwrap_or(known.notes).filter(|notes| !notes.is_empty()),
        left_on: left_on.unwrap_or(known.left_on),
        ..known
    })
}

/// Takes a stakeholder out of an onboarding; the contact and what was said with them stay.
///
/// # Errors
/// As [`change`].
#[boxed]
pub async fn remove(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    who: ContactId,
    version: i64,
) -> Result<(), AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let known = find(&mut tx, actor, id, who).await?;
    version::fresh("stakeholder", known.version, version)?;
    version::after("stakeholder", version, rows::delete(&mut tx, actor.workspace, id, who, version).await?)?;
    relation::forget(&mut tx, actor.workspace, id, who).await?;
    let summary = format!("Took {} out of the stakeholders", known.name);
    record(app, &mut tx, actor, &head, "people.stakeholder_removed", summary).await?;
    tx.commit().await?;
    Ok(())
}

/// Contacts of the account who are no stakeholders of this onboarding yet, by name.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn others(app: &App, actor: &Actor, standing: &Standing) -> Result<Vec<Contact>, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let mut all = contact::of_account(&mut tx, actor.workspace, standing.head.account_id).await?;
    all.retain(|contact| standing.people.iter().all(|known| known.facts.contact != contact.id));
    Ok(all)
}

/// The stakeholders of an onboarding: who they are and what they are called, by name.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn names(app: &App, actor: &Actor, id: OnboardingId) -> Result<Vec<(ContactId, String)>, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let stakeholders = rows::of_onboarding(&mut tx, actor.workspace, id).await?;
    Ok(stakeholders.into_iter().map(|one| (one.contact, one.name)).collect())
}

/// A stakeholder of the actor's workspace.
async fn find(tx: &mut Tx, actor: &Actor, id: OnboardingId, who: ContactId) -> Result<Stakeholder, AppError> {
    let known = rows::get(tx, actor.workspace, id, who).await?;
    known.ok_or_else(|| AppError::missing("stakeholder", who))
}

async fn keep(tx: &mut Tx, actor: &Actor, one: Stakeholder) -> Result<Stakeholder, AppError> {
    let version = version::after("stakeholder", one.version, rows::change(tx, actor.workspace, &one).await?)?;
    Ok(Stakeholder { version, ..one })
}
