//! Mail to people: written as a job in the transaction of what it tells, sent afterwards.

mod language;
mod link;
mod list;
mod many;
mod post;

use gangway_documents::{Brand, email, escape_markdown, parse};
use gangway_domain::ids::{JobId, OnboardingId, WorkspaceId};
use gangway_domain::portal::Language;
use gangway_store::job::{self, Job};
use gangway_store::portal::setting;
use gangway_store::{Tx, membership, onboarding, workspace};
use serde::{Deserialize, Serialize};

use crate::App;
use crate::error::AppError;

pub(crate) use language::Languages;
pub(crate) use link::{open as open_link, seal as seal_link};
pub use list::{
    Bounce, Standing, Suppression, Unsubscribing, release, standing, subscribe, suppress, unsubscribe,
    unsubscribing,
};
pub(crate) use many::{Many, with_way_off};
pub use post::{MailSetupError, Post};

/// The kind of job that sends a mail.
pub const JOB: &str = "mail";

/// A short letter with at most one thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// To whom.
    pub to: String,
    /// Subject, one line.
    pub subject: String,
    /// Text, in Markdown; what people wrote goes in through [`verbatim`].
    pub text: String,
    /// What to do: label and address. For colleagues; mail to customers has its links in its template.
    pub action: Option<(String, String)>,
    /// In whose name.
    pub vendor: String,
    /// The language it is written in.
    pub language: Language,
}

/// A mail ready to go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// To whom.
    pub to: String,
    /// Subject, one line.
    pub subject: String,
    /// The text alternative.
    pub text: String,
    /// The HTML part.
    pub html: String,
    /// A calendar entry that mail programs show as an invitation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<CalendarPart>,
    /// Where one click takes the reader off the list (RFC 8058): mail nobody asked for has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsubscribe: Option<String>,
    /// Who reads what its reader answers, where that is not the sender: nobody reads the mailbox of an installation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    /// In whose name it goes to customers, who know the vendor and not the installation; the address stays that of the
    /// installation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_name: Option<String>,
}

/// A calendar entry that goes with a mail (RFC 6047).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarPart {
    /// What the reader is to do with it.
    pub method: CalendarMethod,
    /// The calendar file.
    pub text: String,
}

/// What the reader of a calendar entry is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CalendarMethod {
    /// Come, or come at another time.
    Request,
    /// Not come.
    Cancel,
    /// Keep it: nobody asks for an answer.
    Publish,
}

impl CalendarMethod {
    /// Of an entry that was called off or not, with somebody to answer to or nobody.
    pub(crate) fn of(is_off: bool, is_organized: bool) -> Self {
        match (is_off, is_organized) {
            (true, true) => Self::Cancel,
            (false, true) => Self::Request,
            (_, false) => Self::Publish,
        }
    }

    /// The parameter of the content type.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
            Self::Publish => "PUBLISH",
        }
    }
}

/// What people wrote, for the text of a [`Letter`]: shown as written, never read as Markdown.
#[must_use]
pub fn verbatim(text: &str) -> String {
    escape_markdown(text)
}

/// Writes a letter down to be sent once the transaction is committed.
///
/// # Errors
/// When the database fails.
pub(crate) async fn send(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    letter: &Letter,
) -> Result<(), AppError> {
    send_with(app, tx, workspace, letter, None).await
}

/// The same with a calendar entry.
///
/// # Errors
/// When the database fails.
pub(crate) async fn send_with(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    letter: &Letter,
    calendar: Option<CalendarPart>,
) -> Result<(), AppError> {
    queue(app, tx, workspace, &Mail { calendar, ..render(letter)? }).await
}

/// The same to somebody of a customer, in the name of the vendor; their answer goes to `reply_to`, see [`answered_by`].
///
/// # Errors
/// When the database fails.
pub(crate) async fn send_to_customer(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    letter: &Letter,
    calendar: Option<CalendarPart>,
    reply_to: Option<String>,
) -> Result<(), AppError> {
    queue(app, tx, workspace, &Mail { calendar, reply_to, ..in_its_name(letter)? }).await
}

/// Who customers know the vendor as: what the workspace says for its portals, else its own name.
///
/// # Errors
/// When the database fails.
pub(crate) async fn vendor(tx: &mut Tx, place: WorkspaceId) -> Result<String, AppError> {
    let said = setting::get(tx, place).await?.name;
    if !said.is_empty() {
        return Ok(said);
    }
    Ok(workspace::get(tx, place).await?.map(|known| known.name).unwrap_or_default())
}

/// Who reads what customers answer to mail about an onboarding: whoever runs it, else the address for help that the
/// workspace's portals show, else nobody.
///
/// # Errors
/// When the database fails.
pub(crate) async fn answered_by(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<Option<String>, AppError> {
    let owner = onboarding::owner(tx, workspace, id).await?;
    if let Some((owner, _)) = owner
        && let Some(member) = membership::get(tx, workspace, owner).await?
    {
        return Ok(Some(member.email));
    }
    let help = setting::get(tx, workspace).await?.help_email;
    Ok((!help.is_empty()).then_some(help))
}

async fn queue(app: &App, tx: &mut Tx, workspace: WorkspaceId, mail: &Mail) -> Result<(), AppError> {
    let payload = serde_json::to_value(mail).map_err(|_| AppError::Crashed)?;
    let now = app.now();
    let row =
        Job { id: JobId::fresh(&*app.ids), kind: JOB.to_owned(), payload, run_at: now, created_at: now };
    job::insert(tx, workspace, &row).await?;
    Ok(())
}

/// Writes a mail down that is rendered already.
///
/// # Errors
/// When the database fails.
pub(crate) async fn send_rendered(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    to: &str,
    rendered: &gangway_documents::Email,
) -> Result<(), AppError> {
    queue(app, tx, workspace, &of_rendered(to, rendered.clone())).await
}

/// The same to somebody who knows the vendor by a name; their answer goes to `reply_to`, see [`answered_by`].
///
/// # Errors
/// When the database fails.
pub(crate) async fn send_rendered_in_name(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    to: &str,
    rendered: &gangway_documents::Email,
    (vendor, reply_to): (&str, Option<String>),
) -> Result<(), AppError> {
    let mail = Mail { from_name: name(vendor), reply_to, ..of_rendered(to, rendered.clone()) };
    queue(app, tx, workspace, &mail).await
}

fn of_rendered(to: &str, rendered: gangway_documents::Email) -> Mail {
    let gangway_documents::Email { subject, text, html } = rendered;
    Mail {
        to: to.to_owned(),
        subject,
        text,
        html,
        calendar: None,
        unsubscribe: None,
        reply_to: None,
        from_name: None,
    }
}

/// The mail of a letter to a customer, in the name of its vendor.
fn in_its_name(letter: &Letter) -> Result<Mail, AppError> {
    Ok(Mail { from_name: name(&letter.vendor), ..render(letter)? })
}

/// A name for the head of a mail; none where there is nothing to read.
fn name(vendor: &str) -> Option<String> {
    let name: String = vendor.chars().filter(|c| !c.is_control()).collect();
    let name = name.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

fn render(letter: &Letter) -> Result<Mail, AppError> {
    let Letter { to, subject, text, action, vendor, language } = letter;
    let mut markdown = text.clone();
    if let Some((label, address)) = action {
        markdown.push_str(&format!(
            "\n\n[{}](<{address}>)\n\nOr open this address: {}\n",
            verbatim(label),
            verbatim(address)
        ));
    }
    let mut document = parse(&markdown).map_err(|error| {
        tracing::error!(%error, subject, "a letter cannot be rendered");
        AppError::Crashed
    })?;
    document.head.subject = Some(subject.clone());
    document.head.lang = language.word().to_owned();
    Ok(of_rendered(to, email(&document, &Brand::new(vendor.clone(), ""))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_as_written_in_text_and_html() {
        let letter = Letter {
            to: "ines@example.com".to_owned(),
            subject: "Hello\nBcc: everybody".to_owned(),
            text: format!("{} writes", verbatim("<b>*Mallory*</b> [x](http://evil.example)")),
            action: Some(("Join".to_owned(), "https://gangway.example/join/0a1b".to_owned())),
            vendor: "Northbeam".to_owned(),
            language: Language::De,
        };
        let mail = render(&letter).unwrap();
        assert_eq!(mail.subject, "Hello Bcc: everybody");
        assert!(mail.text.contains("<b>*Mallory*</b> [x](http://evil.example) writes"), "{}", mail.text);
        assert!(mail.html.contains("&lt;b&gt;*Mallory*&lt;/b&gt;"), "{}", mail.html);
        assert!(mail.html.contains("<html lang=\"de\">"), "{}", mail.html);
        assert!(!mail.html.contains("href=\"http://evil.example"), "{}", mail.html);
        assert!(mail.html.contains("href=\"https://gangway.example/join/0a1b\""), "{}", mail.html);
        assert!(mail.text.contains("https://gangway.example/join/0a1b"), "{}", mail.text);
    }
}
