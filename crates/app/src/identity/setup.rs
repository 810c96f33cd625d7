//! The first admin of a fresh installation.

use gangway_domain::ids::PersonId;
use gangway_domain::permission::Role;
use gangway_store::person::{self, Person};
use gangway_store::{membership, workspace};

use super::session::begin;
use super::{SignedIn, checked_email, checked_name, none_of, password};
use crate::boxed;
use crate::error::AppError;
use crate::{App, workspace as places};

/// What the first admin says.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// Name of the company that runs Gangway, as its documents show it.
    pub workspace: String,
    /// The admin's name.
    pub name: String,
    /// Their mail address.
    pub email: String,
    /// Their password.
    pub password: String,
}

/// Whether nobody can sign in yet.
///
/// # Errors
/// When the database fails.
#[boxed]
pub async fn is_fresh(app: &App) -> Result<bool, AppError> {
    let mut tx = app.db.read().await?;
    Ok(!person::anybody(&mut tx).await?)
}

/// Makes the first admin and names the workspace. Works once: whoever asks later is refused. The
/// door makes sure that the one who asks has access to the machine.
///
/// # Errors
/// [`AppError::Invalid`] with every field that cannot be used, [`AppError::AlreadySetUp`]; or when
/// the database fails.
#[boxed]
pub async fn set_up(app: &App, setup: &Setup, agent: &str) -> Result<SignedIn, AppError> {
    let mut problems = Vec::new();
    let company = checked_name("workspace", &setup.workspace, &mut problems);
    let name = checked_name("name", &setup.name, &mut problems);
    let email = checked_email("email", &setup.email, &mut problems);
    password::check("password", &setup.password, &email, &mut problems);
    none_of(problems)?;
    if !is_fresh(app).await? {
        return Err(AppError::AlreadySetUp);
    }
    let hash = password::hash(&*app.secrets, &setup.password).await?;
    let row = Person {
        id: PersonId::fresh(&*app.ids),
        email,
        name,
        password_hash: Some(hash),
        subject: None,
        created_at: app.now(),
    };
    let mut tx = app.db.write().await?;
    // Asked again inside the transaction that decides: two may set up at once.
    if person::anybody(&mut tx).await? {
        return Err(AppError::AlreadySetUp);
    }
    let id = places::default_id();
    let place = workspace::Workspace { id, name: company.clone(), created_at: app.now() };
    if !workspace::insert(&mut tx, &place).await? {
        workspace::rename(&mut tx, id, &company).await?;
    }
    person::insert(&mut tx, &row).await?;
    membership::insert(&mut tx, id, row.id, Role::Admin, app.now()).await?;
    let signed = begin(app, &mut tx, &row, Some(id), agent, None).await?;
    tx.commit().await?;
    Ok(signed)
}
