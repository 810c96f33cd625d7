//! Meetings, documents and status, as far as the customer sees them.

use gangway_domain::ids::{MeetingId, OnboardingId, ReportId};
use gangway_domain::meeting::Status;
use gangway_domain::permission::Action;
use gangway_domain::portal::{Language, Resource, Right};
use gangway_domain::programme::Side;
use gangway_domain::register::Visibility;
use gangway_store::meeting::{self as meetings, Meeting};
use gangway_store::onboarding::head;
use gangway_store::portal::link::{self, Does, Link};
use gangway_store::portal::shared::{self, Kind};
use gangway_store::{Timestamp, Tx, report as reports, work as plans};
use jiff::SignedDuration;
use jiff::civil::Date;
use serde::Serialize;

use super::enter::later;
use super::work::{self, MilestoneLine};
use super::{Setting, setting, words};
use crate::boxed;
use crate::error::AppError;
use crate::identity::Secret;
use crate::package::RenderedFile;
use crate::{Actor, App, Door, Guest, document, onboarding, register, report};

/// How long a status stays embedded.
const EMBED_VALID: SignedDuration = SignedDuration::from_hours(365 * 24);

/// A meeting with the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MeetingLine {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// The day.
    pub day: Date,
    /// Start on the clock of the zone.
    pub starts_at: String,
    /// Minutes.
    pub minutes: u32,
    /// The zone, when it is known.
    pub zone: Option<String>,
    /// Room or link; may be empty.
    pub place: String,
    /// Points of the agenda.
    pub agenda: Vec<String>,
    /// Who is invited.
    pub people: Vec<String>,
    /// `planned`, `held`, `cancelled` or `no-show`.
    pub state: &'static str,
}

/// A document that is shared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DocumentLine {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub title: String,
}

/// A document of the package, and whether the customer sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shareable {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// The customer sees it.
    pub shared: bool,
}

/// A report that was sent to the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatusLine {
    /// Where it is read, from `/portal` on.
    pub href: String,
    /// Title.
    pub title: String,
    /// The day whose facts it tells.
    pub made_on: Date,
}

/// What is shown where a status is embedded: nothing by which anybody could be found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Embedded {
    /// The customer.
    pub customer: String,
    /// What was bought.
    pub product: String,
    /// The day it was looked at.
    pub today: Date,
    /// Go-live as planned now.
    pub go_live_on: Date,
    /// Tasks of the customer and of both that are done.
    pub done: usize,
    /// All of them.
    pub total: usize,
    /// The milestones.
    pub milestones: Vec<MilestoneLine>,
}

/// The meetings with the customer, in order of their days.
///
/// # Errors
/// [`AppError::NotForGuest`]; or when the database fails.
#[boxed]
pub async fn guest_meetings(app: &App, actor: &Actor) -> Result<Vec<MeetingLine>, AppError> {
    let guest = actor.require_guest(Resource::Meeting, Right::See)?;
    let mut tx = app.db.read().await?;
    let all = meetings::of_onboarding(&mut tx, guest.workspace, guest.onboarding).await?;
    let theirs = all.into_iter().filter(|one| one.with_customer);
    Ok(theirs.map(|one| line(app, guest.language, one)).collect())
}

fn line(app: &App, language: Language, one: Meeting) -> MeetingLine {
    let said = |text: &str| app.methodology.say(language, text).to_owned();
    MeetingLine {
        id: one.id.to_string(),
        title: app.methodology.say_meeting(language, &one.title),
        day: one.slot.on,
        starts_at: one.slot.starts.to_string(),
        minutes: one.slot.minutes,
        zone: one.slot.zone,
        place: one.place,
        agenda: one.agenda.iter().map(|item| said(&item.title)).collect(),
        // Whoever is not named yet stands there by their role.
        people: one.people.iter().map(|person| said(&person.name)).collect(),
        state: match one.status {
            Status::Planned => "planned",
            Status::Held => "held",
            Status::Cancelled { .. } => "cancelled",
            Status::NoShow { .. } => "no-show",
        },
    }
}

/// The calendar entry of a meeting with the customer, and the name to save it under.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn guest_calendar(app: &App, actor: &Actor, id: MeetingId) -> Result<(String, String), AppError> {
    let guest = actor.require_guest(Resource::Meeting, Right::See)?;
    let mut tx = app.db.read().await?;
    let known = meetings::get(&mut tx, guest.workspace, id).await?;
    known
        .filter(|one| one.onboarding == guest.onboarding && one.with_customer)
        .ok_or_else(|| AppError::missing("meeting", id))?;
    drop(tx);
    crate::meeting::calendar_file_in(app, &ourselves(guest), id, guest.language).await
}

/// What was decided for the guest is read with the hands of Gangway: use cases of the team know no guests.
fn ourselves(guest: &Guest) -> Actor {
    Actor::system("The portal", guest.workspace, Door::Portal)
}

/// The documents that are shared with the customer.
///
/// # Errors
/// [`AppError::NotForGuest`]; or when the database fails.
#[boxed]
pub async fn guest_documents(app: &App, actor: &Actor) -> Result<Vec<DocumentLine>, AppError> {
    let guest = actor.require_guest(Resource::Document, Right::See)?;
    let all = shareable_of(app, &ourselves(guest), guest.onboarding).await?;
    let shown = all.into_iter().filter(|one| one.shared);
    let said = |title: &str| app.methodology.say(guest.language, title).to_owned();
    Ok(shown.map(|one| DocumentLine { title: said(&one.title), name: one.name }).collect())
}

/// A shared document as a page.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`] when it is not shared, [`AppError::Render`]; or when the database
/// fails.
#[boxed]
pub async fn guest_document(app: &App, actor: &Actor, name: &str) -> Result<String, AppError> {
    let guest = shared_document(app, actor, name).await?;
    document::preview(app, &ourselves(&guest), guest.onboarding, name, None).await
}

/// A shared document as a file to keep.
///
/// # Errors
/// As [`guest_document`].
#[boxed]
pub async fn guest_document_file(app: &App, actor: &Actor, name: &str) -> Result<RenderedFile, AppError> {
    let guest = shared_document(app, actor, name).await?;
    let us = ourselves(&guest);
    let (_, groups) = onboarding::documents(app, &us, guest.onboarding).await?;
    let entries = groups.into_iter().flat_map(|group| group.entries);
    let paths = entries.filter(|entry| entry.template == Some(name)).flat_map(|entry| entry.paths);
    let mut paths: Vec<String> = paths.collect();
    // What everybody can open, else what there is.
    paths.sort_by_key(|path| !path.ends_with(".pdf"));
    let path = paths.first().ok_or_else(|| AppError::missing("document", name))?;
    onboarding::file(app, &us, guest.onboarding, path).await
}

async fn shared_document(app: &App, actor: &Actor, name: &str) -> Result<Guest, AppError> {
    let guest = *actor.require_guest(Resource::Document, Right::See)?;
    let mut tx = app.db.read().await?;
    let open = shared::items(&mut tx, guest.workspace, guest.onboarding, Kind::Document).await?;
    if open.contains(name) {
        Ok(guest)
    } else {
        Err(AppError::missing("document", name.chars().take(60).collect::<String>()))
    }
}

/// The documents written for the customer, and which of them the customer sees.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn shareable(app: &App, actor: &Actor, id: OnboardingId) -> Result<Vec<Shareable>, AppError> {
    actor.require(Action::Look)?;
    shareable_of(app, actor, id).await
}

async fn shareable_of(app: &App, actor: &Actor, id: OnboardingId) -> Result<Vec<Shareable>, AppError> {
    let (_, groups) = onboarding::documents(app, actor, id).await?;
    let mut tx = app.db.read().await?;
    let open = shared::items(&mut tx, actor.workspace, id, Kind::Document).await?;
    // The first group is for the customer; no other is ever offered.
    let entries = groups.into_iter().take(1).flat_map(|group| group.entries);
    let named = entries.filter_map(|entry| entry.template.map(|name| (name, entry.title)));
    Ok(named
        .map(|(name, title)| Shareable { name: name.to_owned(), title, shared: open.contains(name) })
        .collect())
}

/// Shares the documents of these names with the customer, and no others.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn share_documents(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    names: &[String],
) -> Result<(), AppError> {
    actor.require(Action::RunOnboarding)?;
    let all = shareable_of(app, actor, id).await?;
    let mut tx = app.db.write().await?;
    let head = register::onboarding(&mut tx, actor, id).await?;
    let mut changed = Vec::new();
    for one in all {
        let wanted = names.contains(&one.name);
        if wanted == one.shared {
            continue;
        }
        let item = (Kind::Document, one.name.as_str());
        if wanted {
            shared::insert(&mut tx, actor.workspace, id, item, &actor.name, app.now()).await?;
        } else {
            shared::delete(&mut tx, actor.workspace, id, item).await?;
        }
        changed.push(if wanted { one.title } else { format!("{} no more", one.title) });
    }
    if !changed.is_empty() {
        let summary = format!("Shares with the customer: {}", changed.join(", "));
        register::record(app, &mut tx, actor, &head, "portal.shared", summary).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The reports that were sent to the customer, the newest first.
///
/// # Errors
/// [`AppError::NotForGuest`]; or when the database fails.
#[boxed]
pub async fn guest_status(app: &App, actor: &Actor) -> Result<Vec<StatusLine>, AppError> {
    let guest = actor.require_guest(Resource::Status, Right::See)?;
    let mut tx = app.db.read().await?;
    let all = reports::of_onboarding(&mut tx, guest.workspace, guest.onboarding).await?;
    Ok(all
        .into_iter()
        .filter(is_theirs)
        .map(|one| StatusLine {
            href: format!("/portal/status/{}", one.id),
            title: status_title(app, guest.language, &one),
            made_on: one.as_of,
        })
        .collect())
}

/// What a report is called: its kind in the language of the guest, whose day stands beside it; or what somebody has
/// called it.
fn status_title(app: &App, language: Language, one: &reports::Report) -> String {
    let kind = one.kind.label();
    if one.title.starts_with(&format!("{kind} of ")) {
        app.methodology.say(language, kind).to_owned()
    } else {
        one.title.clone()
    }
}

/// It is written for the customer, and somebody sent it.
fn is_theirs(one: &reports::Report) -> bool {
    one.audience != Visibility::Internal && one.sent_at.is_some()
}

/// A report that was sent to the customer, as a page.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn guest_report(app: &App, actor: &Actor, id: ReportId) -> Result<String, AppError> {
    let guest = actor.require_guest(Resource::Status, Right::See)?;
    let mut tx = app.db.read().await?;
    let known = reports::get(&mut tx, guest.workspace, id).await?;
    known
        .filter(|one| one.onboarding == guest.onboarding && is_theirs(one))
        .ok_or_else(|| AppError::missing("report", id))?;
    drop(tx);
    report::page(app, &ourselves(guest), id, None).await
}

/// Makes a link under which the status of an onboarding is embedded.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Barred`] when the onboarding is over; or when the
/// database fails.
#[boxed]
pub async fn embed(app: &App, actor: &Actor, id: OnboardingId) -> Result<Secret, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = register::going(&mut tx, actor, id).await?;
    let secret = Secret::fresh(&*app.secrets);
    let row = Link {
        workspace: actor.workspace,
        digest: secret.digest(),
        does: Does::Embed,
        onboarding: id,
        made_by: actor.name.clone(),
        made_at: app.now(),
        expires_at: later(app, EMBED_VALID),
        ended_at: None,
    };
    link::insert(&mut tx, &row).await?;
    let summary = "Made a link under which the status is embedded".to_owned();
    register::record(app, &mut tx, actor, &head, "portal.embed_made", summary).await?;
    tx.commit().await?;
    Ok(secret)
}

/// The links under which the status of an onboarding is embedded: digest, who made it, when.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn embeds(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
) -> Result<Vec<(String, String, Timestamp)>, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    register::onboarding(&mut tx, actor, id).await?;
    let all = link::embeds(&mut tx, actor.workspace, id).await?;
    Ok(all.into_iter().map(|one| (one.digest, one.made_by, one.made_at)).collect())
}

/// Ends such a link.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn end_embed(app: &App, actor: &Actor, id: OnboardingId, digest: &str) -> Result<(), AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = register::onboarding(&mut tx, actor, id).await?;
    let all = link::embeds(&mut tx, actor.workspace, id).await?;
    let known = all.iter().any(|one| one.digest == digest);
    if !known || !link::end(&mut tx, actor.workspace, digest, app.now()).await? {
        return Err(AppError::missing("link", digest.chars().take(12).collect::<String>()));
    }
    let summary = "Ended a link under which the status was embedded".to_owned();
    register::record(app, &mut tx, actor, &head, "portal.embed_ended", summary).await?;
    tx.commit().await?;
    Ok(())
}

/// What an embedded status shows, and how portals look.
///
/// # Errors
/// [`AppError::LinkEnded`]; or when the database fails.
#[boxed]
pub async fn embedded(app: &App, secret: &Secret) -> Result<(Embedded, Setting), AppError> {
    let mut tx = app.db.read().await?;
    let row = working(app, &mut tx, secret).await?;
    if row.does != Does::Embed {
        return Err(AppError::LinkEnded);
    }
    let known = head::get(&mut tx, row.workspace, row.onboarding).await?;
    let head = known.ok_or(AppError::LinkEnded)?;
    let stored = plans::get(&mut tx, row.workspace, row.onboarding).await?;
    drop(tx);
    let look = setting(app, row.workspace).await?;
    let (mut done, mut total, mut milestones, mut go_live_on) = (0, 0, Vec::new(), head.go_live_on);
    if let Some(mut stored) = stored {
        words::translate(app, look.language, &mut stored.plan);
        let shared = stored.plan.tasks.iter().filter(|task| task.side != Side::Vendor);
        for task in shared {
            total += 1;
            done += usize::from(task.state.is_over());
        }
        milestones = work::open_milestones(&stored.plan);
        go_live_on = stored.plan.promise().go_live;
    }
    let embedded = Embedded {
        customer: head.customer,
        product: head.product,
        today: app.today(),
        go_live_on,
        done,
        total,
        milestones,
    };
    Ok((embedded, look))
}

/// A link that still does what it does.
pub(super) async fn working(app: &App, tx: &mut Tx, secret: &Secret) -> Result<Link, AppError> {
    let row = link::by_digest(tx, &secret.digest()).await?;
    row.filter(|row| row.ended_at.is_none() && row.expires_at > app.now()).ok_or(AppError::LinkEnded)
}
