//! What is mailed to people of a customer who are let in, by the templates of the methodology.

use gangway_store::onboarding::head::Head;
use jiff::SignedDuration;

use super::code::Code;
use super::{Access, Setting};
use crate::error::AppError;
use crate::identity::Secret;
use crate::mail::Letter;
use crate::{Actor, App, Guest, package};

/// Name of the template of an invitation.
const INVITATION: &str = "portal-invitation";

/// Name of the template of a code.
const CODE: &str = "portal-code";

/// Name of the template of a link that somebody asked for.
const LINK: &str = "portal-link";

/// Mails of one kind a guest causes in an hour at most: nobody's inbox is theirs to fill.
const MOST: usize = 10;

/// That hour.
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// Counts a mail of a kind that a guest is about to cause.
///
/// # Errors
/// [`AppError::TooMany`] when they caused ten within an hour.
pub(super) fn counted(app: &App, guest: &Guest, kind: &str) -> Result<(), AppError> {
    let key = format!("portal {kind} by {}", guest.contact);
    app.attempts.note_within(&key, app.clock.now(), MOST, HOUR)
}

/// The link of somebody who was invited.
pub(super) fn invitation(
    app: &App,
    actor: &Actor,
    head: &Head,
    access: &Access,
    vendor: &str,
    to: &str,
    secret: &Secret,
) -> Result<Letter, AppError> {
    let facts = serde_json::json!({ "portal": {
        "name": access.name,
        "invited_by": actor.own_name(),
        "product": head.product,
        "vendor": vendor,
        "link": app.link(&format!("/portal/{}", secret.reveal())),
    }});
    written(app, INVITATION, access, vendor, to, &facts)
}

/// The code of somebody whose link has ended.
pub(super) fn code_letter(
    app: &App,
    access: &Access,
    vendor: &str,
    setting: &Setting,
    to: &str,
    code: &Code,
    secret: &Secret,
) -> Result<Letter, AppError> {
    let facts = serde_json::json!({ "portal": {
        "name": access.name,
        "code": code.reveal(),
        "help": setting.help_email,
        "vendor": vendor,
        "link": app.link(&format!("/portal/{}", secret.reveal())),
    }});
    written(app, CODE, access, vendor, to, &facts)
}

/// A link for whoever asked for one by their address: sealed as those in other mail are, so that the one of their
/// invitation keeps working.
pub(super) fn link_letter(
    app: &App,
    head: &Head,
    access: &Access,
    vendor: &str,
    to: &str,
    link: &str,
) -> Result<Letter, AppError> {
    let facts = serde_json::json!({ "portal": {
        "name": access.name,
        "product": head.product,
        "vendor": vendor,
        "link": link,
    }});
    written(app, LINK, access, vendor, to, &facts)
}

fn written(
    app: &App,
    template: &str,
    access: &Access,
    vendor: &str,
    to: &str,
    facts: &serde_json::Value,
) -> Result<Letter, AppError> {
    let language = access.language;
    let (subject, text) = package::letter_text(&app.methodology, template, language, facts)?;
    Ok(Letter { to: to.to_owned(), subject, text, action: None, vendor: vendor.to_owned(), language })
}
