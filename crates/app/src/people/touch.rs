//! That somebody spoke with a stakeholder; kept inside the workspace.

use std::collections::BTreeMap;

use gangway_domain::ids::{ContactId, OnboardingId, TouchId, WorkspaceId};
use gangway_domain::people::Channel;
use gangway_domain::permission::Action;
use gangway_domain::rule::FactValue;
use gangway_store::Tx;
use gangway_store::people::touch as rows;
use jiff::civil::Date;

use super::{Touch, find};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::none_of;
use crate::register::{checked_prose, onboarding, record};
use crate::{Actor, App, page};

/// Days within which whoever was spoken with counts as active.
const LATELY: i32 = 28;

/// What gates know of the people at a customer: how many of them were spoken with lately. Nothing before anybody has
/// written down a talk.
pub(crate) async fn facts_in(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
    today: Date,
) -> Result<Option<FactValue>, AppError> {
    let last = rows::last(tx, workspace, id).await?;
    if last.is_empty() {
        return Ok(None);
    }
    let active = last.values().filter(|on| (today - **on).get_days() < LATELY).count();
    let active = FactValue::Int(i64::try_from(active).unwrap_or(i64::MAX));
    Ok(Some(FactValue::Group(BTreeMap::from([("active_contacts", active)]))))
}

/// A talk that took place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Talk {
    /// When.
    pub on: Date,
    /// How.
    pub channel: Channel,
    /// Which engagement of an executive it was (id of the methodology).
    pub engagement: Option<String>,
    /// What was said; may be empty.
    pub note: String,
}

/// Writes down that the actor spoke with a stakeholder.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn touch(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    who: ContactId,
    talk: Talk,
) -> Result<Touch, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let known = find(&mut tx, actor, id, who).await?;
    let Talk { on, channel, engagement, note } = talk;
    let mut problems = Vec::new();
    if on > app.today() {
        problems.push(Problem::new("on", "is still to come"));
    }
    let engagement = engagement.filter(|kind| !kind.is_empty());
    let kinds = &app.methodology.people.executive;
    if engagement.as_ref().is_some_and(|kind| !kinds.iter().any(|known| known.id == *kind)) {
        problems.push(Problem::new("engagement", "is no engagement of executives"));
    }
    let note = checked_prose("note", &note, &mut problems);
    none_of(problems)?;
    let made = Touch {
        id: TouchId::fresh(&*app.ids),
        onboarding: id,
        contact: who,
        name: known.name,
        on,
        channel,
        engagement,
        note,
        person: actor.person,
        by: actor.name.clone(),
        made_at: app.now(),
    };
    rows::insert(&mut tx, actor.workspace, &made).await?;
    let summary = format!("Spoke with {} ({})", made.name, made.channel.label().to_lowercase());
    record(app, &mut tx, actor, &head, "people.touched", summary).await?;
    tx.commit().await?;
    Ok(made)
}

/// Talks of an onboarding, or of one contact in it, those written down last first, and whether more follow.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn touches(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    who: Option<ContactId>,
    before: Option<TouchId>,
    limit: u32,
) -> Result<(Vec<Touch>, bool), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    onboarding(&mut tx, actor, id).await?;
    page::read(limit, async |limit| rows::page(&mut tx, actor.workspace, id, who, before, limit).await).await
}

/// Takes a talk out that was written down by mistake.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn remove_touch(app: &App, actor: &Actor, id: TouchId) -> Result<Touch, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let known = rows::get(&mut tx, actor.workspace, id).await?;
    let known = known.ok_or_else(|| AppError::missing("talk", id))?;
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    rows::delete(&mut tx, actor.workspace, id).await?;
    let summary = format!("Took back that {} was spoken with on {}", known.name, known.on);
    record(app, &mut tx, actor, &head, "people.touch_removed", summary).await?;
    tx.commit().await?;
    Ok(known)
}
