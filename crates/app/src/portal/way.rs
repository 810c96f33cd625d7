//! Links in mail that lead whoever has access to one page of their portal. Each is sealed, so that none is stored: it
//! names the invitation it stands for, works as long as that one, and ends with it.

use gangway_domain::ids::{ContactId, OnboardingId, WorkspaceId};
use gangway_store::{Tx, portal};

use super::Access;
use crate::App;
use crate::error::AppError;
use crate::identity::Secret;
use crate::mail;

/// What such links are sealed for.
const PLACE: &str = "portal.way";

/// Where the link of an invitation leads.
pub(super) const HOME: &str = "/portal";

/// The address in a mail that leads to a page of the portal, given by its path. The portal need not be open: behind the
/// address is the page with the button that opens it.
///
/// # Errors
/// [`AppError::Crashed`] when the path is too long to be sealed.
pub(crate) fn to(app: &App, access: &Access, path: &str) -> Result<String, AppError> {
    Ok(app.link(&format!("/portal/{}", token(app, access, path)?.reveal())))
}

/// The end of such an address.
///
/// # Errors
/// As [`to`].
pub(super) fn token(app: &App, access: &Access, path: &str) -> Result<Secret, AppError> {
    let sealed = mail::seal_link(app, PLACE, &format!("{} {path}", access.digest))?;
    Ok(Secret::from_holder(&sealed))
}

/// The same for a contact, by their invitation to an onboarding; the page itself where they have none.
///
/// # Errors
/// As [`to`]; or when the database fails.
pub(crate) async fn of_contact(
    app: &App,
    tx: &mut Tx,
    (workspace, onboarding): (WorkspaceId, OnboardingId),
    contact: ContactId,
    path: &str,
) -> Result<String, AppError> {
    let access = portal::of_contact(tx, workspace, onboarding, contact).await?;
    match access.filter(|access| access.revoked_at.is_none() && !access.made_by.is_empty()) {
        Some(access) => to(app, &access, path),
        None => Ok(app.link(path)),
    }
}

/// What a link stands for, whether it came with an invitation or in a mail since: the digest of the invitation, and the
/// page it leads to.
pub(super) fn behind(app: &App, secret: &Secret) -> (String, String) {
    let sealed = mail::open_link(app, PLACE, secret.reveal());
    match sealed.as_deref().and_then(|text| text.split_once(' ')) {
        Some((digest, path)) => (digest.to_owned(), path.to_owned()),
        None => (secret.digest(), HOME.to_owned()),
    }
}
