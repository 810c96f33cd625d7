//! The library: links and files learners come back to.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gangway_domain::ids::{AttachmentId, LibraryId, OnboardingId, PersonId, TrackId};
use gangway_domain::permission::Action;
use gangway_domain::training::ResourceKind;
use gangway_store::Tx;
use gangway_store::onboarding::head::Head;
use gangway_store::training::library as rows;
use gangway_store::work::attachment::{self, Attachment};
use sha2::{Digest, Sha256};

use super::{Entry, checked_url, track_of};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::none_of;
use crate::register::{checked_title, onboarding, record};
use crate::work::{LARGEST_FILE, NewFile};
use crate::{Actor, App, calculate};

/// Most entries of a library.
const MOST: usize = 200;

/// A link for the library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// For which track; none for everybody.
    pub track: Option<TrackId>,
    /// What it is.
    pub kind: ResourceKind,
    /// Title.
    pub title: String,
    /// Where it leads.
    pub url: String,
}

/// Puts a link into the library.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn add_link(app: &App, actor: &Actor, id: OnboardingId, link: Link) -> Result<Entry, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let Link { track, kind, title, url } = link;
    let mut problems = Vec::new();
    let title = checked_title(&title, &mut problems);
    let url = checked_url("url", &url, &mut problems);
    if url.is_empty() {
        problems.push(Problem::new("url", "is missing"));
    }
    none_of(problems)?;
    let entry = Entry { url: Some(url), ..blank(app, actor, id, track, kind, title) };
    add(app, &mut tx, actor, &head, &entry).await?;
    tx.commit().await?;
    Ok(entry)
}

/// Puts a file into the library.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn add_file(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    (track, kind): (Option<TrackId>, ResourceKind),
    title: &str,
    file: NewFile,
) -> Result<Entry, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut problems = Vec::new();
    let name = file.name.rsplit(['/', '\\']).next().unwrap_or_default().trim().to_owned();
    if !(1..=150).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        problems.push(Problem::new("file", "needs a name of 150 characters at most"));
    }
    if file.bytes.is_empty() {
        problems.push(Problem::new("file", "is empty"));
    } else if file.bytes.len() > LARGEST_FILE {
        problems.push(Problem::new("file", "is larger than 10 MB"));
    }
    let title = checked_title(if title.trim().is_empty() { &name } else { title }, &mut problems);
    none_of(problems)?;
    let size = i64::try_from(file.bytes.len()).unwrap_or(i64::MAX);
    // Megabytes are read before a transaction holds others up.
    let (digest, content) = calculate(move || {
        let digest: String = Sha256::digest(&file.bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        (digest, STANDARD.encode(&file.bytes))
    })
    .await?;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let entry = blank(app, actor, id, track, kind, title);
    let row = Attachment {
        id: AttachmentId::fresh(&*app.ids),
        onboarding: id,
        subject: entry.id.uuid(),
        name,
        // It is only ever saved, never opened: what it says it is does not matter.
        media_type: "application/octet-stream".to_owned(),
        size,
        digest,
        at: app.now(),
        by: actor.name.clone(),
        person: actor.person.map(PersonId::uuid),
    };
    attachment::insert(&mut tx, actor.workspace, &row, content).await?;
    let entry = Entry { attachment: Some(row.id), ..entry };
    add(app, &mut tx, actor, &head, &entry).await?;
    tx.commit().await?;
    Ok(entry)
}

fn blank(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    track: Option<TrackId>,
    kind: ResourceKind,
    title: String,
) -> Entry {
    Entry {
        id: LibraryId::fresh(&*app.ids),
        onboarding: id,
        track,
        kind,
        title,
        url: None,
        attachment: None,
        made_by: actor.name.clone(),
        made_at: app.now(),
    }
}

async fn add(app: &App, tx: &mut Tx, actor: &Actor, head: &Head, entry: &Entry) -> Result<(), AppError> {
    if let Some(track) = entry.track {
        track_of(tx, actor, head, track).await?;
    }
    if rows::of_onboarding(tx, actor.workspace, head.id).await?.len() >= MOST {
        return Err(AppError::Invalid(vec![Problem::new(
            "title",
            format!("is one too many: {MOST} at most"),
        )]));
    }
    rows::insert(tx, actor.workspace, entry).await?;
    let summary = format!("Put {} into the training library", entry.title);
    record(app, tx, actor, head, "training.library_changed", summary).await
}

/// Takes an entry out of the library, with its file.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn remove_entry(app: &App, actor: &Actor, id: LibraryId) -> Result<OnboardingId, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let known = rows::get(&mut tx, actor.workspace, id).await?;
    let known = known.ok_or_else(|| AppError::missing("library entry", id))?;
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    rows::delete(&mut tx, actor.workspace, id).await?;
    if let Some(file) = known.attachment {
        attachment::remove(&mut tx, actor.workspace, file).await?;
    }
    let summary = format!("Took {} out of the training library", known.title);
    record(app, &mut tx, actor, &head, "training.library_changed", summary).await?;
    tx.commit().await?;
    Ok(head.id)
}

/// The file of an entry: its name and its bytes.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn file(app: &App, actor: &Actor, id: LibraryId) -> Result<(String, Vec<u8>), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let known = rows::get(&mut tx, actor.workspace, id).await?;
    let known = known.ok_or_else(|| AppError::missing("library entry", id))?;
    bytes(&mut tx, actor, &known).await
}

pub(super) async fn bytes(tx: &mut Tx, actor: &Actor, entry: &Entry) -> Result<(String, Vec<u8>), AppError> {
    let missing = || AppError::missing("file", entry.id);
    let file = entry.attachment.ok_or_else(missing)?;
    let row = attachment::get(tx, actor.workspace, file).await?.ok_or_else(missing)?;
    let content = attachment::content(tx, actor.workspace, file).await?.ok_or_else(missing)?;
    Ok((row.name, STANDARD.decode(content).map_err(|_| AppError::Crashed)?))
}
