//! Files kept with tasks and milestones.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gangway_domain::ids::{AttachmentId, PersonId};
use gangway_domain::permission::Action;
use gangway_domain::refusal::{Fault, Told};
use gangway_domain::upload;
use gangway_store::Tx;
use gangway_store::work::attachment::{self as rows, Attachment};
use sha2::{Digest, Sha256};

use super::{about, check, invalid, record, subject};
use crate::activity;
use crate::boxed;
use crate::error::AppError;
use crate::{Actor, App, calculate};

/// Most bytes of a file.
pub const LARGEST_FILE: usize = 10 * 1024 * 1024;
/// Most files kept with one thing.
const MOST_FILES: usize = 50;
/// Longest name of a file, in characters.
const LONGEST_NAME: usize = 150;

/// A file to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Its name.
    pub name: String,
    /// Its media type as it was told.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A file that may be kept, as the database takes it. Megabytes are read for it, so it is made before a transaction
/// holds others up.
#[derive(Debug)]
pub(crate) struct Prepared {
    name: String,
    media_type: String,
    size: i64,
    /// SHA-256 of its bytes, hexadecimal.
    digest: String,
    /// Its bytes in Base64.
    content: String,
}

impl Prepared {
    fn of(file: NewFile) -> Result<Self, AppError> {
        let NewFile { name, media_type, bytes } = file;
        let last = name.rsplit(['/', '\\']).next().map(str::trim);
        // Dots alone name a folder.
        let name = last.filter(|name| name.chars().any(|c| c != '.')).unwrap_or_default().to_owned();
        check("name", name.chars().count(), LONGEST_NAME)?;
        if name.chars().any(char::is_control) {
            return Err(invalid("name", Fault::Unseen));
        }
        if bytes.is_empty() {
            return Err(invalid("file", Fault::FileEmpty));
        }
        if bytes.len() > LARGEST_FILE {
            return Err(invalid("file", Fault::FileTooLarge));
        }
        Ok(Self {
            name,
            media_type: media_type_of(&media_type),
            size: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            digest: Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect(),
            content: STANDARD.encode(&bytes),
        })
    }
}

/// A file somebody of the customer sends, checked and ready to be kept.
///
/// # Errors
/// [`AppError::Invalid`].
pub(crate) async fn prepared_upload(file: NewFile) -> Result<Prepared, AppError> {
    calculate(move || {
        let (name, kind) = checked_upload(&file.name, &file.bytes)?;
        Prepared::of(NewFile { name, media_type: kind.to_owned(), bytes: file.bytes })
    })
    .await?
}

/// Keeps a file with a task or milestone.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn add_file(app: &App, actor: &Actor, id: &str, file: NewFile) -> Result<Attachment, AppError> {
    actor.require(Action::RunOnboarding)?;
    let file = calculate(move || Prepared::of(file)).await??;
    let mut tx = app.db.write().await?;
    let row = keep_file(app, &mut tx, actor, id, file).await?;
    tx.commit().await?;
    Ok(row)
}

/// The same in a transaction of somebody else, who has asked for permission.
pub(crate) async fn keep_file(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: &str,
    file: Prepared,
) -> Result<Attachment, AppError> {
    let Prepared { name, media_type, size, digest, content } = file;
    let subject = subject(tx, actor, id).await?;
    if rows::of_subject(tx, actor.workspace, subject.id).await?.len() >= MOST_FILES {
        return Err(invalid("file", Told::from(Fault::FilesEnough).with("n", MOST_FILES)));
    }
    let row = Attachment {
        id: AttachmentId::fresh(&*app.ids),
        onboarding: subject.head.id,
        subject: subject.id,
        name,
        media_type,
        size,
        digest,
        at: app.now(),
        by: actor.name.clone(),
        person: actor.person.map(PersonId::uuid),
    };
    rows::insert(tx, actor.workspace, &row, content).await?;
    let summary = format!("Added {} to “{}”", row.name, subject.name);
    record(app, tx, actor, &subject, "work.file_added", summary).await?;
    Ok(row)
}

/// The name and the media type of a file somebody of the customer sends: small enough, of a kind that is taken, and
/// what its name says.
///
/// # Errors
/// [`AppError::Invalid`].
pub(crate) fn checked_upload(name: &str, bytes: &[u8]) -> Result<(String, &'static str), AppError> {
    if bytes.len() > LARGEST_FILE {
        return Err(invalid("file", Fault::FileTooLarge));
    }
    upload::taken(name, bytes).map_err(|refused| invalid("file", Fault::from(refused)))
}

/// A media type of plain letters; anything else is bytes.
fn media_type_of(told: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/.+-".contains(c);
    let told = told.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if told.contains('/') && told.len() <= 100 && told.chars().all(plain) {
        told
    } else {
        "application/octet-stream".to_owned()
    }
}

/// A file with its bytes.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn file(app: &App, actor: &Actor, id: AttachmentId) -> Result<(Attachment, Vec<u8>), AppError> {
    actor.require(Action::Look)?;
    let missing = || AppError::missing("file", id);
    let mut tx = app.db.read().await?;
    let row = rows::get(&mut tx, actor.workspace, id).await?.ok_or_else(missing)?;
    let content = rows::content(&mut tx, actor.workspace, id).await?.ok_or_else(missing)?;
    drop(tx);
    let bytes = calculate(move || STANDARD.decode(content)).await?.map_err(|_| AppError::Crashed)?;
    Ok((row, bytes))
}

/// Takes out a file.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn remove_file(app: &App, actor: &Actor, id: AttachmentId) -> Result<(), AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let row = rows::get(&mut tx, actor.workspace, id).await?;
    let row = row.ok_or_else(|| AppError::missing("file", id))?;
    rows::remove(&mut tx, actor.workspace, id).await?;
    let about = about(&mut tx, actor, row.onboarding).await?;
    let summary = format!("Took out the file {}", row.name);
    activity::record(app, &mut tx, actor, "work.file_removed", about, summary).await?;
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_media_type_is_plain_or_bytes() {
        assert_eq!(media_type_of("Text/Plain; charset=utf-8"), "text/plain");
        assert_eq!(media_type_of("text/html\r\nX: y"), "application/octet-stream");
        assert_eq!(media_type_of(""), "application/octet-stream");
    }
}
