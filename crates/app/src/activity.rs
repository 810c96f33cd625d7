//! The activity log and the outbox: what every change leaves behind, in its own transaction.

use gangway_domain::ids::{AccountId, ActivityId, EventId, OnboardingId};
use gangway_domain::permission::Action;
use gangway_store::onboarding::head::Head;
use gangway_store::outbox::{self, Event};
use gangway_store::{Tx, activity, onboarding, page};

use crate::boxed;
use crate::error::AppError;
use crate::{Actor, App, health, webhook};

pub use gangway_store::activity::Activity;

/// What a deed was about.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct About {
    pub account: Option<AccountId>,
    pub onboarding: Option<OnboardingId>,
}

impl About {
    /// An onboarding, and with it the account.
    pub(crate) fn of(head: &Head) -> Self {
        Self { account: Some(head.account_id), onboarding: Some(head.id) }
    }
}

/// One of many deeds of the same actor.
pub(crate) struct Deed {
    /// What kind, e.g. `health.changed`.
    pub kind: &'static str,
    /// What it was about.
    pub about: About,
    /// In one sentence.
    pub summary: String,
}

/// Writes many deeds into the log and announces them to the outside, in their order and with few statements.
pub(crate) async fn record_all(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    deeds: Vec<Deed>,
) -> Result<(), AppError> {
    let mut entries = Vec::with_capacity(deeds.len());
    let mut events = Vec::with_capacity(deeds.len());
    for Deed { kind, about, summary } in deeds {
        check(kind);
        let entry = entry(app, actor, kind, about, summary);
        events.push(event(app, &entry));
        entries.push(entry);
    }
    activity::insert_all(tx, actor.workspace, &entries).await?;
    outbox::insert_all(tx, actor.workspace, &events).await?;
    for entry in &entries {
        if let Some(onboarding) = entry.onboarding.filter(|_| health::follows(&entry.kind)) {
            health::want(app, tx, actor.workspace, onboarding).await?;
        }
    }
    webhook::fan_out(app, tx, actor.workspace, &events).await
}

/// Every kind of deed can be chosen by whoever wants to be told of it.
fn check(kind: &str) {
    debug_assert!(
        webhook::KINDS.iter().any(|(known, _)| *known == kind),
        "nobody could choose to be told of `{kind}`: it is missing from webhook::KINDS"
    );
}

/// What the outside is told of an entry.
fn event(app: &App, entry: &Activity) -> Event {
    let payload = serde_json::json!({
        "activity": entry.id,
        "account": entry.account,
        "onboarding": entry.onboarding,
    });
    Event { id: EventId::fresh(&*app.ids), at: entry.at, kind: entry.kind.clone(), payload }
}

/// Writes the deed into the log and announces it to the outside, both in the deed's transaction.
pub(crate) async fn record(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    kind: &str,
    about: About,
    summary: String,
) -> Result<(), AppError> {
    check(kind);
    let entry = note(app, tx, actor, kind, about, summary).await?;
    let event = event(app, &entry);
    outbox::insert(tx, actor.workspace, &event).await?;
    if let Some(onboarding) = entry.onboarding.filter(|_| health::follows(kind)) {
        health::want(app, tx, actor.workspace, onboarding).await?;
    }
    webhook::fan_out(app, tx, actor.workspace, &[event]).await
}

/// Writes into the log only what nobody outside must hear about, such as signing in.
pub(crate) async fn audit(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    kind: &str,
    summary: String,
) -> Result<(), AppError> {
    note(app, tx, actor, kind, About::default(), summary).await?;
    Ok(())
}

async fn note(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    kind: &str,
    about: About,
    summary: String,
) -> Result<Activity, AppError> {
    let entry = entry(app, actor, kind, about, summary);
    activity::insert(tx, actor.workspace, &entry).await?;
    Ok(entry)
}

fn entry(app: &App, actor: &Actor, kind: &str, about: About, summary: String) -> Activity {
    let About { account, onboarding } = about;
    Activity {
        id: ActivityId::fresh(&*app.ids),
        at: app.now(),
        actor: actor.name.clone(),
        person: actor.person,
        door: actor.door.to_string(),
        kind: kind.to_owned(),
        account,
        onboarding,
        summary,
    }
}

/// The latest entries of the actor's workspace, newest first.
///
/// # Errors
/// When the database fails.
#[boxed]
pub async fn recent(app: &App, actor: &Actor, limit: u32) -> Result<Vec<Activity>, AppError> {
    actor.require(Action::ReadAudit)?;
    let mut tx = app.db.read().await?;
    Ok(activity::recent(&mut tx, actor.workspace, limit).await?)
}

/// The latest entry of the actor's workspace, whatever it was about.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn newest(app: &App, actor: &Actor) -> Result<Option<ActivityId>, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    Ok(activity::recent(&mut tx, actor.workspace, 1).await?.first().map(|entry| entry.id))
}

/// Entries of the actor's workspace, newest first, that came before one of them, and whether more follow;
/// about one account, or about everything.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn list(
    app: &App,
    actor: &Actor,
    before: Option<ActivityId>,
    account: Option<AccountId>,
    limit: u32,
) -> Result<(Vec<Activity>, bool), AppError> {
    actor.require(Action::ReadAudit)?;
    let mut tx = app.db.read().await?;
    page_of(&mut tx, actor, before, account, None, limit).await
}

/// The same about one onboarding, for everybody who may look at it.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn of_onboarding(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    before: Option<ActivityId>,
    limit: u32,
) -> Result<(Vec<Activity>, bool), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    onboarding::version(&mut tx, actor.workspace, id)
        .await?
        .ok_or_else(|| AppError::missing("onboarding", id))?;
    page_of(&mut tx, actor, before, None, Some(id), limit).await
}

async fn page_of(
    tx: &mut Tx,
    actor: &Actor,
    before: Option<ActivityId>,
    account: Option<AccountId>,
    onboarding: Option<OnboardingId>,
    limit: u32,
) -> Result<(Vec<Activity>, bool), AppError> {
    let read = async |limit| page::activity(tx, actor.workspace, before, account, onboarding, limit).await;
    crate::page::read(limit, read).await
}
