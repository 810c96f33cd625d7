//! The accounts of a workspace: found, changed, kept in step with another system.

use gangway_domain::ids::AccountId;
use gangway_domain::permission::Action;
use gangway_domain::words::fold;
use gangway_store::account::record::{self, Record};
use gangway_store::account::{self, Account, list, merge};
use gangway_store::{StoreError, Tx, contact};

use super::name_key;
use crate::activity::{self, About};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::{checked_name, none_of};
use crate::{Actor, App, version};

/// What an account is to be; `None` leaves nothing there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// Name.
    pub name: String,
    /// Industry, as written.
    pub industry: Option<String>,
    /// ISO 3166-1 alpha-2 country.
    pub country: Option<String>,
    /// Website.
    pub website: Option<String>,
}

/// What is to change of an account: the outer `None` leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Name.
    pub name: Option<String>,
    /// Industry.
    pub industry: Option<Option<String>>,
    /// Country.
    pub country: Option<Option<String>>,
    /// Website.
    pub website: Option<Option<String>>,
    /// Id in the system deals come from.
    pub external_id: Option<Option<String>>,
}

/// Accounts of the actor's workspace, and where the next page starts.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Cursor`]; or when the database fails.
#[boxed]
pub async fn list(
    app: &App,
    actor: &Actor,
    query: list::Query,
) -> Result<(Vec<list::Line>, Option<list::Cursor>), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    Ok(list::page(&mut tx, actor.workspace, &as_kept(query)).await?)
}

/// The query with the words it searches for as names are kept: without legal form and punctuation.
pub(super) fn as_kept(query: list::Query) -> list::Query {
    let search = query.search.as_deref().map(|text| fold(&name_key(text)));
    list::Query { search: search.filter(|text| !text.trim().is_empty()), ..query }
}

/// The accounts of a page, with what stands above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accounts {
    /// The lines.
    pub lines: Vec<list::Line>,
    /// Where the next page starts.
    pub next: Option<list::Cursor>,
    /// All accounts of the workspace.
    pub all: i64,
    /// Industries in use with how many accounts each has.
    pub industries: Vec<(String, i64)>,
}

/// Accounts of the actor's workspace with what stands above them.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Cursor`]; or when the database fails.
#[boxed]
pub async fn browse(app: &App, actor: &Actor, query: list::Query) -> Result<Accounts, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let (lines, next) = list::page(&mut tx, actor.workspace, &as_kept(query)).await?;
    let (all, industries) = list::summary(&mut tx, actor.workspace).await?;
    Ok(Accounts { lines, next, all, industries })
}

/// Adds an account by hand.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn add(app: &App, actor: &Actor, draft: Draft) -> Result<Record, AppError> {
    actor.require(Action::EditAccounts)?;
    let made = with(blank(app), draft, None)?;
    let mut tx = app.db.write().await?;
    record::insert(&mut tx, actor.workspace, &made).await.map_err(name_taken)?;
    let about = About { account: Some(made.account.id), onboarding: None };
    let summary = format!("Added the account {}", made.account.name);
    activity::record(app, &mut tx, actor, "account.added", about, summary).await?;
    tx.commit().await?;
    Ok(made)
}

fn blank(app: &App) -> Record {
    let account = Account {
        id: AccountId::fresh(&*app.ids),
        name: String::new(),
        name_key: String::new(),
        industry: None,
        country: None,
        website: None,
        created_at: app.now(),
    };
    Record { account, external_id: None, version: 1 }
}

/// One account.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn get(app: &App, actor: &Actor, id: AccountId) -> Result<Record, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    find(&mut tx, actor, id).await
}

pub(crate) async fn find(tx: &mut Tx, actor: &Actor, id: AccountId) -> Result<Record, AppError> {
    record::get(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("account", id))
}

/// Changes an account that is still what it was when it was looked at.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Stale`] when its
/// version is not `version` any more; or when the database fails.
#[boxed]
pub async fn change(
    app: &App,
    actor: &Actor,
    id: AccountId,
    version: i64,
    changes: Changes,
) -> Result<Record, AppError> {
    actor.require(Action::EditAccounts)?;
    let mut tx = app.db.write().await?;
    let known = find(&mut tx, actor, id).await?;
    version::fresh("account", known.version, version)?;
    let Changes { name, industry, country, website, external_id } = changes;
    let draft = Draft {
        name: name.unwrap_or_else(|| known.account.name.clone()),
        industry: industry.unwrap_or_else(|| known.account.industry.clone()),
        country: country.unwrap_or_else(|| known.account.country.clone()),
        website: website.unwrap_or_else(|| known.account.website.clone()),
    };
    let external_id = external_id.unwrap_or_else(|| known.external_id.clone());
    let wanted = with(known.clone(), draft, external_id)?;
    keep(app, actor, tx, known, wanted).await
}

/// Keeps the account another system knows by this id as that system says: found by the id, or by its
/// name when it has no such id yet, or new. Says whether it is new.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] also when the name belongs to an account that is known by
/// another id; or when the database fails.
#[boxed]
pub async fn put(
    app: &App,
    actor: &Actor,
    external_id: &str,
    draft: Draft,
) -> Result<(Record, bool), AppError> {
    actor.require(Action::EditAccounts)?;
    let mut tx = app.db.write().await?;
    let key = name_key(&draft.name);
    let merged = merge::by_external_id(&mut tx, actor.workspace, external_id).await?;
    let known = match (record::by_external_id(&mut tx, actor.workspace, external_id).await?, merged) {
        (Some(known), _) => Some(known),
        // The other system still has two of what is one here: the one that was kept goes by its own id.
        (None, Some(kept)) => return Ok((find(&mut tx, actor, kept).await?, false)),
        (None, None) => match account::by_key(&mut tx, actor.workspace, &key).await? {
            Some(namesake) => {
                let namesake = find(&mut tx, actor, namesake.id).await?;
                if let Some(other) = &namesake.external_id {
                    return Err(taken(format!("belongs to the account known as `{other}`")));
                }
                Some(namesake)
            }
            None => None,
        },
    };
    let external_id = Some(external_id.to_owned());
    if let Some(known) = known {
        let wanted = with(known.clone(), draft, external_id)?;
        return Ok((keep(app, actor, tx, known, wanted).await?, false));
    }
    let made = with(blank(app), draft, external_id)?;
    record::insert(&mut tx, actor.workspace, &made).await.map_err(name_taken)?;
    let about = About { account: Some(made.account.id), onboarding: None };
    let summary = format!("Added the account {}", made.account.name);
    activity::record(app, &mut tx, actor, "account.added", about, summary).await?;
    tx.commit().await?;
    Ok((made, true))
}

/// Writes what differs, once, with its trace.
async fn keep(
    app: &App,
    actor: &Actor,
    mut tx: Tx,
    known: Record,
    wanted: Record,
) -> Result<Record, AppError> {
    if wanted == known {
        return Ok(known);
    }
    // Between reading and writing, on a database that lets others write meanwhile.
    let done = record::change(&mut tx, actor.workspace, &wanted).await.map_err(name_taken)?;
    let version = version::after("account", known.version, done)?;
    if wanted.account.name != known.account.name {
        let (id, name) = (wanted.account.id, &wanted.account.name);
        merge::rename_customer(&mut tx, actor.workspace, id, name).await?;
        contact::account_renamed(&mut tx, actor.workspace, id).await?;
    }
    let about = About { account: Some(wanted.account.id), onboarding: None };
    let summary = format!("Changed the account {}", wanted.account.name);
    activity::record(app, &mut tx, actor, "account.changed", about, summary).await?;
    tx.commit().await?;
    Ok(Record { version, ..wanted })
}

pub(super) fn name_taken(error: StoreError) -> AppError {
    match error {
        StoreError::Conflict(_) => taken("or external id belongs to another account".to_owned()),
        other => AppError::Store(other),
    }
}

fn taken(message: String) -> AppError {
    AppError::Invalid(vec![Problem::new("name", message)])
}

/// The record with these values, when they are ones an account can have.
pub(super) fn with(record: Record, draft: Draft, external_id: Option<String>) -> Result<Record, AppError> {
    let mut problems = Vec::new();
    let name = checked_name("name", &draft.name, &mut problems);
    let industry = line("industry", draft.industry, 120, &mut problems);
    let website = line("website", draft.website, 500, &mut problems);
    if website.as_deref().is_some_and(|text| !is_website(text)) {
        problems.push(Problem::new("website", "is not an address such as https://example.com"));
    }
    let country = draft.country.map(|text| text.trim().to_uppercase());
    if country.as_ref().is_some_and(|code| code.len() != 2 || !code.chars().all(|c| c.is_ascii_uppercase())) {
        problems.push(Problem::new("country", "is not a two-letter country code such as DE"));
    }
    let external_id = line("external_id", external_id, 200, &mut problems);
    none_of(problems)?;
    let account = Account { name_key: name_key(&name), name, industry, country, website, ..record.account };
    Ok(Record { account, external_id, ..record })
}

/// A line of text; nothing when it is empty.
pub(crate) fn line(
    field: &'static str,
    text: Option<String>,
    longest: usize,
    problems: &mut Vec<Problem>,
) -> Option<String> {
    let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())?;
    if text.chars().count() > longest {
        problems.push(Problem::new(field, format!("is longer than {longest} characters")));
    } else if text.chars().any(char::is_control) {
        problems.push(Problem::new(field, "has a character that cannot be shown"));
    }
    Some(text)
}

/// An address people can follow safely: `https://…`, `http://…` or a bare host, never `javascript:`.
fn is_website(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(text);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (name, port) = host.split_once(':').unwrap_or((host, "0"));
    let word = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    port.parse::<u16>().is_ok() && name.split('.').all(word) && !text.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::is_website;

    #[test]
    fn websites_can_be_followed_safely() {
        for good in ["https://example.com", "http://a.b/c?d#e", "example.com", "münchen.de", "localhost:8080"]
        {
            assert!(is_website(good), "{good}");
        }
        for bad in
            ["javascript:alert(1)", "data:text/html,x", "https://", "ex ample.com", "//example.com", "a..b"]
        {
            assert!(!is_website(bad), "{bad}");
        }
    }
}
