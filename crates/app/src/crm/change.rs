//! A connection that is changed: what it was made with, and its secret kept unless another one is entered.

use gangway_domain::permission::Action;
use gangway_store::crm_connection;

use super::{Access, Connection, access, connect, origin};
use crate::boxed;
use crate::crm_hook::Crm;
use crate::error::{AppError, Problem};
use crate::{Actor, App};

/// What a CRM must allow Gangway, in its own words.
#[must_use]
pub fn needed(crm: Crm) -> &'static [&'static str] {
    match crm {
        Crm::Hubspot => &[
            "crm.objects.deals.read",
            "crm.objects.contacts.read",
            "crm.objects.companies.read",
            "crm.objects.line_items.read",
            "crm.schemas.deals.read",
        ],
        Crm::Salesforce => &[
            "OAuth scope api (Manage user data via APIs)",
            "client credentials flow with a user to run as",
            "that user reads Opportunities, Accounts, Contacts and Products",
        ],
    }
}

/// What the connection to a CRM was made with, its secret left out; none without a connection.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn settings(app: &App, actor: &Actor, crm: Crm) -> Result<Option<Access>, AppError> {
    actor.require(Action::ManageIntegrations)?;
    let mut tx = app.db.read().await?;
    let known = crm_connection::get(&mut tx, actor.workspace, crm.word()).await?;
    Ok(known.map(|row| Access { address: row.address, client: row.client, secret: String::new() }))
}

/// Connects the workspace with a CRM as [`connect`] does. Where it is connected already an empty secret stays what it was,
/// and so does an empty address. A secret is kept only for where it was entered: it is not sent anywhere else.
///
/// # Errors
/// As [`connect`].
#[boxed]
pub async fn change(app: &App, actor: &Actor, crm: Crm, sent: Access) -> Result<Connection, AppError> {
    actor.require(Action::ManageIntegrations)?;
    let sent = if sent.secret.trim().is_empty() { with_kept(app, actor, crm, sent).await? } else { sent };
    connect(app, actor, crm, sent).await
}

async fn with_kept(app: &App, actor: &Actor, crm: Crm, sent: Access) -> Result<Access, AppError> {
    let mut tx = app.db.read().await?;
    let kept = match access(app, &mut tx, actor, crm).await {
        Err(AppError::NotFound { .. }) => return Ok(sent),
        kept => kept?,
    };
    if sent.address.trim().is_empty() {
        return Ok(Access { client: sent.client, ..kept });
    }
    // What is no address at all is told as such.
    if origin(sent.address.trim()).is_some_and(|address| address != kept.address) {
        let problem = "is kept for the address of before only: enter it again for this one";
        return Err(AppError::Invalid(vec![Problem::new("secret", problem)]));
    }
    Ok(Access { secret: kept.secret, ..sent })
}
