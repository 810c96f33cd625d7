//! Contacts: the customers' people. Deals bring them in; people correct and merge them.

mod export;
mod known;
mod step;

use gangway_domain::deal::{Deal, Stakeholder, StakeholderRole};
use gangway_domain::ids::{AccountId, ContactId, OnboardingId};
use gangway_domain::permission::Action;
use gangway_store::account::duplicate::{self, Pair};
use gangway_store::account::merge::contact_became;
use gangway_store::contact::{self, Contact, Cursor, Part, Query};
use gangway_store::onboarding::head;
use gangway_store::{StoreError, Tx};
use serde::Deserialize;

use crate::account::book;
use crate::activity::{self, About};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::{checked_email, checked_name, none_of};
use crate::merging::{Field, Merge};
use crate::upkeep::{self, Batch, Lack};
use crate::{Actor, App, launch, version};

pub use export::export;
pub(crate) use known::Known;
pub use step::put;

/// Pairs that are named at most.
const PAIRS: u32 = 100;

/// What is to change of a contact: the outer `None` leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Name.
    pub name: Option<String>,
    /// Title.
    pub title: Option<Option<String>>,
    /// Mail address.
    pub email: Option<Option<String>>,
    /// Telephone number.
    pub phone: Option<Option<String>>,
    /// Notes.
    pub notes: Option<Option<String>>,
    /// Id in another system, such as a CRM.
    pub external_id: Option<Option<String>>,
}

/// A page of contacts with what stands above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contacts {
    /// The lines.
    pub lines: Vec<Contact>,
    /// Where the next page starts.
    pub next: Option<Cursor>,
    /// All contacts of the workspace.
    pub all: i64,
    /// Roles in use: role, its name, number of people.
    pub roles: Vec<(String, String, i64)>,
}

/// Contacts of the actor's workspace, by name.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn list(app: &App, actor: &Actor, query: &Query) -> Result<Contacts, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let (lines, next) = contact::page(&mut tx, actor.workspace, query).await?;
    let (all, roles) = contact::summary(&mut tx, actor.workspace).await?;
    Ok(Contacts { lines, next, all, roles })
}

/// One contact, and what they are to which onboardings.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn get(app: &App, actor: &Actor, id: ContactId) -> Result<(Contact, Vec<Part>), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let contact = find(&mut tx, actor, id).await?;
    Ok((contact, contact::parts(&mut tx, actor.workspace, id).await?))
}

async fn find(tx: &mut Tx, actor: &Actor, id: ContactId) -> Result<Contact, AppError> {
    contact::get(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("contact", id))
}

/// Adds somebody to an account.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn add(
    app: &App,
    actor: &Actor,
    account: AccountId,
    changes: Changes,
) -> Result<Contact, AppError> {
    actor.require(Action::EditAccounts)?;
    let mut tx = app.db.write().await?;
    let account = book::find(&mut tx, actor, account).await?.account;
    let blank = blank(app, account.id, account.name.clone());
    let made = with(blank, changes)?;
    contact::insert(&mut tx, actor.workspace, &made).await.map_err(id_taken)?;
    let about = About { account: Some(account.id), onboarding: None };
    let summary = format!("Added the contact {} of {}", made.name, account.name);
    activity::record(app, &mut tx, actor, "contact.added", about, summary).await?;
    tx.commit().await?;
    Ok(made)
}

fn blank(app: &App, account_id: AccountId, account: String) -> Contact {
    Contact {
        id: ContactId::fresh(&*app.ids),
        account_id,
        account,
        name: String::new(),
        name_key: String::new(),
        title: None,
        email: None,
        phone: None,
        notes: None,
        created_at: app.now(),
        version: 1,
        external_id: None,
    }
}

/// Changes a contact that is still what it was when it was looked at.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Stale`] when its
/// version is not `version` any more; or when the database fails.
#[boxed]
pub async fn change(
    app: &App,
    actor: &Actor,
    id: ContactId,
    version: i64,
    changes: Changes,
) -> Result<Contact, AppError> {
    actor.require(Action::EditAccounts)?;
    let mut tx = app.db.write().await?;
    let known = find(&mut tx, actor, id).await?;
    version::fresh("contact", known.version, version)?;
    let wanted = with(known.clone(), changes)?;
    keep(app, actor, tx, known, wanted).await
}

/// Writes what differs, once, with its trace.
async fn keep(
    app: &App,
    actor: &Actor,
    mut tx: Tx,
    known: Contact,
    wanted: Contact,
) -> Result<Contact, AppError> {
    if wanted == known {
        return Ok(known);
    }
    let done = contact::change(&mut tx, actor.workspace, &wanted).await.map_err(id_taken)?;
    let version = version::after("contact", known.version, done)?;
    renamed(app, &mut tx, actor, &known.name, &wanted).await?;
    let about = About { account: Some(wanted.account_id), onboarding: None };
    let summary = format!("Changed the contact {} of {}", wanted.name, wanted.account);
    activity::record(app, &mut tx, actor, "contact.changed", about, summary).await?;
    tx.commit().await?;
    Ok(Contact { version, ..wanted })
}

fn id_taken(error: StoreError) -> AppError {
    match error {
        StoreError::Conflict(_) => {
            AppError::Invalid(vec![Problem::new("external_id", "belongs to another contact")])
        }
        other => AppError::Store(other),
    }
}

/// What names them by who they are says their name as it is now: tasks, the people of pilots. What only has the name they
/// had still leads to them.
async fn renamed(app: &App, tx: &mut Tx, actor: &Actor, before: &str, now: &Contact) -> Result<(), AppError> {
    if before == now.name {
        return Ok(());
    }
    let trace = ContactId::fresh(&*app.ids);
    contact::renamed(tx, actor.workspace, trace, before, now, app.now()).await?;
    launch::renamed(tx, actor.workspace, now).await
}

/// The contact with these values, when they are ones a contact can have.
fn with(contact: Contact, changes: Changes) -> Result<Contact, AppError> {
    let mut problems = Vec::new();
    let Changes { name, title, email, phone, notes, external_id } = changes;
    let name = checked_name("name", &name.unwrap_or_else(|| contact.name.clone()), &mut problems);
    let title = book::line("title", title.unwrap_or(contact.title), 120, &mut problems);
    let email = email.unwrap_or(contact.email).filter(|email| !email.trim().is_empty());
    let email = email.map(|email| checked_email("email", &email, &mut problems));
    let phone = book::line("phone", phone.unwrap_or(contact.phone), 60, &mut problems);
    let notes = notes.unwrap_or(contact.notes).map(|notes| notes.trim().to_owned());
    let notes = notes.filter(|notes| !notes.is_empty());
    if notes.as_ref().is_some_and(|notes| notes.chars().count() > 2000) {
        problems.push(Problem::new("notes", "is longer than 2000 characters"));
    }
    let external_id = external_id.unwrap_or(contact.external_id);
    let external_id = book::line("external_id", external_id, 200, &mut problems);
    none_of(problems)?;
    let name_key = contact::name_key(&name);
    Ok(Contact { name, name_key, title, email, phone, notes, external_id, ..contact })
}

/// Contacts that look like the same person twice.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn duplicates(app: &App, actor: &Actor) -> Result<Vec<Pair<ContactId>>, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    Ok(duplicate::contacts(&mut tx, actor.workspace, PAIRS).await?)
}

/// Somebody says that two contacts are not the same person: they are not named again.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn are_different(
    app: &App,
    actor: &Actor,
    one: ContactId,
    other: ContactId,
) -> Result<(), AppError> {
    actor.require(Action::EditAccounts)?;
    let mut tx = app.db.write().await?;
    let (one, other) = (find(&mut tx, actor, one).await?, find(&mut tx, actor, other).await?);
    duplicate::are_different(&mut tx, actor.workspace, one.id.uuid(), other.id.uuid(), app.now()).await?;
    let summary = format!("Said that {} and {} are two people", one.name, other.name);
    activity::audit(app, &mut tx, actor, "contact.told_apart", summary).await?;
    tx.commit().await?;
    Ok(())
}

/// What a merge of contacts will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The contact that stays.
    pub stays: Contact,
    /// The contact that goes.
    pub goes: Contact,
    /// What both say.
    pub fields: Vec<Field>,
    /// What moves: the parts of the one that goes.
    pub moves: Vec<Part>,
}

/// What merging would do; nothing is changed.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] for a contact and itself; or when
/// the database fails.
#[boxed]
pub async fn preview(
    app: &App,
    actor: &Actor,
    stays: ContactId,
    goes: ContactId,
) -> Result<Preview, AppError> {
    actor.require(Action::Look)?;
    two(stays, goes)?;
    let mut tx = app.db.read().await?;
    let (stays, goes) = (find(&mut tx, actor, stays).await?, find(&mut tx, actor, goes).await?);
    let moves = contact::parts(&mut tx, actor.workspace, goes.id).await?;
    let fields = fields(&stays, &goes);
    Ok(Preview { stays, goes, fields, moves })
}

fn two(stays: ContactId, goes: ContactId) -> Result<(), AppError> {
    if stays == goes {
        return Err(AppError::Invalid(vec![Problem::new("with", "is the same contact")]));
    }
    Ok(())
}

fn fields(a: &Contact, b: &Contact) -> Vec<Field> {
    vec![
        Field::new("name", "Name", Some(&a.name), Some(&b.name)),
        Field::new("title", "Title", a.title.as_deref(), b.title.as_deref()),
        Field::new("email", "Mail address", a.email.as_deref(), b.email.as_deref()),
        Field::new("phone", "Telephone", a.phone.as_deref(), b.phone.as_deref()),
        Field::new("notes", "Notes", a.notes.as_deref(), b.notes.as_deref()),
        Field::new("external_id", "Id in the CRM", a.external_id.as_deref(), b.external_id.as_deref()),
    ]
}

/// Makes two contacts one: what the one that goes is to onboardings moves to the one that stays.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Stale`] when either
/// is not what it was when it was looked at; or when the database fails. Nothing is changed then.
#[boxed]
pub async fn merge(app: &App, actor: &Actor, merge: &Merge<ContactId>) -> Result<Contact, AppError> {
    actor.require(Action::EditAccounts)?;
    let Merge { stays, stays_version, goes, goes_version, take } = merge;
    two(*stays, *goes)?;
    let mut tx = app.db.write().await?;
    let (stays, goes) = (find(&mut tx, actor, *stays).await?, find(&mut tx, actor, *goes).await?);
    version::fresh("contact", stays.version, *stays_version)?;
    version::fresh("contact", goes.version, *goes_version)?;
    let outcome = |name: &str| {
        fields(&stays, &goes).iter().find(|field| field.name == name).and_then(|field| field.outcome(take))
    };
    let changes = Changes {
        name: outcome("name"),
        title: Some(outcome("title")),
        email: Some(outcome("email")),
        phone: Some(outcome("phone")),
        notes: Some(outcome("notes")),
        external_id: Some(outcome("external_id")),
    };
    let wanted = with(stays.clone(), changes)?;
    let done = contact::take_over(&mut tx, actor.workspace, &goes, stays.id, app.now()).await?;
    version::after("contact", goes.version, done)?;
    let done = contact::change(&mut tx, actor.workspace, &wanted).await?;
    let version = version::after("contact", stays.version, done)?;
    renamed(app, &mut tx, actor, &stays.name, &wanted).await?;
    let about = About { account: Some(stays.account_id), onboarding: None };
    let summary = if goes.account_id == stays.account_id {
        format!("Merged the contact {} into {}", goes.name, wanted.name)
    } else {
        format!("Merged the contact {} of {} into {}", goes.name, goes.account, wanted.name)
    };
    activity::record(app, &mut tx, actor, "contact.merged", about, summary).await?;
    tx.commit().await?;
    Ok(Contact { version, ..wanted })
}

/// The contact that one which is gone was merged into.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn became(app: &App, actor: &Actor, gone: ContactId) -> Result<Option<ContactId>, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    Ok(contact_became(&mut tx, actor.workspace, gone).await?)
}

/// Keeps the people a deal names as contacts of its account, and as part of its onboarding once there is
/// one. Who is known already is found again; only what was unknown of them is filled in. People known by
/// title only are no contacts yet.
pub(crate) async fn keep_people(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    account: AccountId,
    onboarding: Option<OnboardingId>,
    deal: &Deal,
) -> Result<(), AppError> {
    for fact in &deal.stakeholders {
        let Stakeholder { name, title, role, email, count, .. } = &fact.value;
        let Some(called) = name.clone().or_else(|| email.clone()) else { continue };
        if *count > 1 || called.trim().is_empty() {
            continue;
        }
        let known = contact::matching(tx, actor.workspace, account, &called, email.as_deref()).await?;
        let id = match known {
            Some(known) => {
                let more = Contact {
                    title: known.title.clone().or_else(|| title.clone()),
                    email: known.email.clone().or_else(|| email.clone()),
                    ..known.clone()
                };
                if more != known {
                    contact::change(tx, actor.workspace, &more).await?;
                }
                known.id
            }
            None => {
                let blank = blank(app, account, String::new());
                let name: String = called.split_whitespace().collect::<Vec<_>>().join(" ");
                let new = Contact { name, title: title.clone(), email: email.clone(), ..blank };
                contact::insert(tx, actor.workspace, &new).await?;
                new.id
            }
        };
        if let Some(onboarding) = onboarding {
            let rule = app.methodology.people.roles.iter().find(|rule| rule.role == *role);
            let role_name = rule.map_or("Other", |rule| rule.name.as_str());
            contact::take_part(tx, actor.workspace, id, onboarding, &role_word(*role), role_name).await?;
        }
    }
    Ok(())
}

/// The word of a role, as it is written everywhere.
pub(crate) fn role_word(role: StakeholderRole) -> String {
    serde_json::to_value(role).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The part of a package that names people.
#[derive(Deserialize)]
struct Named {
    reading: ReadDeal,
}

#[derive(Deserialize)]
struct ReadDeal {
    deal: Deal,
}

/// Brings in the people of onboardings that were generated before there were contacts. Doing it again
/// changes nothing.
pub(crate) async fn backfill(app: &App, actor: &Actor) -> Result<(), AppError> {
    let mut after = None;
    while let Some(batch) = upkeep::next(app, actor.workspace, Lack::Contacts, &mut after).await? {
        let Batch { mut tx, of } = batch;
        let named = head::sections_of::<Named>(&mut tx, actor.workspace, &upkeep::ids(&of)).await?;
        // One after the other: somebody the first of them names is known to the next of the same account.
        for (id, account, Named { reading }) in upkeep::begun(&of, &named) {
            keep_people(app, &mut tx, actor, account, Some(id), &reading.deal).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}
