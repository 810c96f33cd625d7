//! Pages where no portal is open: they look as the portal did, as far as it is known whose it was. Nothing is said of
//! the customer or of anybody.

use gangway_domain::ids::WorkspaceId;
use gangway_domain::portal::Language;
use gangway_store::portal::link::{self, Does};
use gangway_store::portal::{self, session, setting};
use gangway_store::{Tx, workspace};

use super::{Setting, way};
use crate::App;
use crate::boxed;
use crate::error::AppError;
use crate::identity::Secret;

/// How a page looks on which no portal is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outside {
    /// Who ran the onboarding, as customers know them.
    pub vendor: String,
    /// How their portals look.
    pub setting: Setting,
    /// Whose.
    pub workspace: WorkspaceId,
    /// The language of whoever it was made for, where one person was meant.
    pub language: Option<Language>,
}

/// How the page of a link looks that works no more; nothing where nobody knows whose it was.
///
/// # Errors
/// When the database fails.
#[boxed]
pub async fn behind_link(app: &App, secret: &Secret) -> Result<Option<Outside>, AppError> {
    let (digest, _) = way::behind(app, secret);
    let mut tx = app.db.read().await?;
    if let Some(access) = portal::by_digest(&mut tx, &digest).await? {
        return looks(&mut tx, access.workspace, Some(access.language)).await;
    }
    let Some(row) = link::by_digest(&mut tx, &digest).await? else { return Ok(None) };
    let language = match row.does {
        Does::Task(access, _) => portal::get(&mut tx, row.workspace, access).await?.map(|one| one.language),
        Does::Embed => None,
    };
    looks(&mut tx, row.workspace, language).await
}

/// The same where a portal was open with this cookie.
///
/// # Errors
/// When the database fails.
#[boxed]
pub async fn behind_cookie(app: &App, secret: &Secret) -> Result<Option<Outside>, AppError> {
    let mut tx = app.db.read().await?;
    // Whenever it ended: nothing is opened here.
    let long_ago = jiff::Timestamp::UNIX_EPOCH.into();
    match session::opened(&mut tx, &secret.digest(), long_ago).await? {
        Some(opened) => looks(&mut tx, opened.access.workspace, Some(opened.access.language)).await,
        None => Ok(None),
    }
}

/// The same for portals of a workspace.
///
/// # Errors
/// When the database fails.
#[boxed]
pub async fn of_workspace(app: &App, workspace: WorkspaceId) -> Result<Option<Outside>, AppError> {
    let mut tx = app.db.read().await?;
    looks(&mut tx, workspace, None).await
}

async fn looks(
    tx: &mut Tx,
    id: WorkspaceId,
    language: Option<Language>,
) -> Result<Option<Outside>, AppError> {
    let Some(place) = workspace::get(tx, id).await? else { return Ok(None) };
    let setting = setting::get(tx, id).await?;
    let vendor = if setting.name.is_empty() { place.name } else { setting.name.clone() };
    Ok(Some(Outside { vendor, setting, workspace: id, language }))
}
