//! Sources: what sends usage events, and the write keys they send with.

use gangway_domain::ids::SourceId;
use gangway_domain::permission::Action;
use gangway_store::Tx;
use gangway_store::usage::source as rows;

pub use gangway_store::usage::source::Source;

use crate::activity;
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::Secret;
use crate::{Actor, App, version};

/// Sources of a workspace whose key has not ended.
const MOST: usize = 50;

/// Origins of a source.
const MOST_ORIGINS: usize = 20;

/// Characters of a name.
const LONGEST: usize = 100;

/// Characters of the key that are shown later.
const HINT: usize = 4;

/// What is asked of a source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// What it is called.
    pub name: String,
    /// Origins of pages that may send from browsers, such as `https://app.example.com`; none: all.
    pub origins: Vec<String>,
}

/// What is to change of a source; what is none stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// What it is called.
    pub name: Option<String>,
    /// Origins; an empty list for all.
    pub origins: Option<Vec<String>>,
}

/// A write key, shown once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    /// Of which source.
    pub source: SourceId,
    /// The key.
    pub key: Secret,
}

/// The workspace's sources, those that may send first.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Source>, AppError> {
    actor.require(Action::ManageIntegrations)?;
    let mut tx = app.db.read().await?;
    Ok(rows::of_workspace(&mut tx, actor.workspace).await?)
}

/// One source.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn get(app: &App, actor: &Actor, id: SourceId) -> Result<Source, AppError> {
    actor.require(Action::ManageIntegrations)?;
    let mut tx = app.db.read().await?;
    known(&mut tx, actor, id).await
}

/// Adds a source; its write key is shown this once.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn add(app: &App, actor: &Actor, wanted: &Wanted) -> Result<NewKey, AppError> {
    actor.require(Action::ManageIntegrations)?;
    let Wanted { name, origins } = checked(wanted)?;
    let (id, key) = (SourceId::fresh(&*app.ids), Secret::fresh(&*app.secrets));
    let source = Source {
        id,
        name,
        key_hint: hint(&key),
        origins,
        made_at: app.now(),
        ended_at: None,
        last_seen_at: None,
        version: 1,
    };
    let mut tx = app.db.write().await?;
    let others = rows::of_workspace(&mut tx, actor.workspace).await?;
    if others.iter().filter(|other| other.ended_at.is_none()).count() >= MOST {
        let full = format!("cannot be added: a workspace has at most {MOST} sources; end one first");
        return Err(AppError::Invalid(vec![Problem::new("name", full)]));
    }
    rows::insert(&mut tx, actor.workspace, &source, &key.digest()).await?;
    let summary = format!("Added the source of usage events {}", source.name);
    activity::audit(app, &mut tx, actor, "usage.source_added", summary).await?;
    tx.commit().await?;
    Ok(NewKey { source: id, key })
}

/// Changes name and origins.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Stale`]; or when the database
/// fails.
#[boxed]
pub async fn change(
    app: &App,
    actor: &Actor,
    id: SourceId,
    seen: Option<i64>,
    changes: Changes,
) -> Result<Source, AppError> {
    actor.require(Action::ManageIntegrations)?;
    let mut tx = app.db.write().await?;
    let before = open(&mut tx, actor, id).await?;
    let seen = seen.unwrap_or(before.version);
    version::fresh("source", before.version, seen)?;
    let Changes { name, origins } = changes;
    let wanted = Wanted {
        name: name.unwrap_or_else(|| before.name.clone()),
        origins: origins.unwrap_or_else(|| before.origins.clone()),
    };
    let Wanted { name, origins } = checked(&wanted)?;
    let mut source = Source { name, origins, ..before };
    let done = rows::change(&mut tx, actor.workspace, &source).await?;
    source.version = version::after("source", seen, done)?;
    let summary = format!("Changed the source of usage events {}", source.name);
    activity::audit(app, &mut tx, actor, "usage.source_changed", summary).await?;
    tx.commit().await?;
    app.usage.forget_keys();
    Ok(source)
}

/// Gives a source another write key, shown this once; the old one ends at once in this process, and within seconds in
/// others.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Refusal`] when it has ended; or when the database fails.
#[boxed]
pub async fn rotate(app: &App, actor: &Actor, id: SourceId) -> Result<NewKey, AppError> {
    actor.require(Action::ManageIntegrations)?;
    let key = Secret::fresh(&*app.secrets);
    let mut tx = app.db.write().await?;
    let source = open(&mut tx, actor, id).await?;
    rows::rotate(&mut tx, actor.workspace, id, &key.digest(), &hint(&key)).await?;
    let summary = format!("Gave the source of usage events {} a new write key", source.name);
    activity::audit(app, &mut tx, actor, "usage.source_key_changed", summary).await?;
    tx.commit().await?;
    app.usage.forget_keys();
    Ok(NewKey { source: id, key })
}

/// Ends the write key of a source. What it sent stays counted.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Stale`], [`AppError::Refusal`] when it has ended; or
/// when the database fails.
#[boxed]
pub async fn end(app: &App, actor: &Actor, id: SourceId, seen: Option<i64>) -> Result<(), AppError> {
    actor.require(Action::ManageIntegrations)?;
    let mut tx = app.db.write().await?;
    let source = open(&mut tx, actor, id).await?;
    let seen = seen.unwrap_or(source.version);
    version::fresh("source", source.version, seen)?;
    let done = rows::end(&mut tx, actor.workspace, id, seen, app.now()).await?;
    version::after("source", seen, done)?;
    let summary = format!("Ended the source of usage events {}", source.name);
    activity::audit(app, &mut tx, actor, "usage.source_ended", summary).await?;
    tx.commit().await?;
    app.usage.forget_keys();
    Ok(())
}

pub(super) async fn known(tx: &mut Tx, actor: &Actor, id: SourceId) -> Result<Source, AppError> {
    rows::get(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("source", id))
}

/// A source that may still send.
pub(super) async fn open(tx: &mut Tx, actor: &Actor, id: SourceId) -> Result<Source, AppError> {
    let source = known(tx, actor, id).await?;
    if source.ended_at.is_some() {
        return Err(AppError::Refusal("this source has ended: add another one".to_owned()));
    }
    Ok(source)
}

fn hint(key: &Secret) -> String {
    let text = key.reveal();
    text.get(text.len().saturating_sub(HINT)..).unwrap_or_default().to_owned()
}

fn checked(wanted: &Wanted) -> Result<Wanted, AppError> {
    let mut problems = Vec::new();
    let name = wanted.name.trim().to_owned();
    if name.is_empty() {
        problems.push(Problem::new("name", "is missing"));
    } else if name.chars().count() > LONGEST {
        problems.push(Problem::new("name", format!("must have at most {LONGEST} characters")));
    }
    let mut origins: Vec<String> = Vec::new();
    for origin in wanted.origins.iter().map(|origin| origin.trim()).filter(|origin| !origin.is_empty()) {
        match checked_origin(origin) {
            Some(origin) if !origins.contains(&origin) => origins.push(origin),
            Some(_) => {}
            None => {
                let shown: String = origin.chars().take(60).collect();
                let message = format!("must be like https://app.example.com, which `{shown}` is not");
                problems.push(Problem::new("origins", message));
            }
        }
    }
    if origins.len() > MOST_ORIGINS {
        problems.push(Problem::new("origins", format!("must be {MOST_ORIGINS} at most")));
    }
    if problems.is_empty() { Ok(Wanted { name, origins }) } else { Err(AppError::Invalid(problems)) }
}

/// Scheme, host and port, in small letters, as browsers send them.
fn checked_origin(origin: &str) -> Option<String> {
    let lower = origin.trim_end_matches('/').to_ascii_lowercase();
    let host = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"))?;
    let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    (!host.is_empty() && host.len() <= 255 && host.chars().all(is_host)).then_some(lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_as_browsers_send_them() {
        let origins = ["https://App.Example.com/", "http://localhost:3000", "", "https://app.example.com"];
        let wanted = Wanted { name: " Web ".to_owned(), origins: origins.map(str::to_owned).to_vec() };
        let checked = checked(&wanted).unwrap();
        assert_eq!(checked.name, "Web");
        assert_eq!(checked.origins, ["https://app.example.com", "http://localhost:3000"]);
        for wrong in ["app.example.com", "https://", "https://a.example/path", "javascript:alert(1)"] {
            assert_eq!(checked_origin(wrong), None, "{wrong}");
        }
    }
}
