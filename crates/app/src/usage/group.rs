//! Groups: customers as the product knows them, and the accounts they are.

use std::collections::BTreeSet;

use gangway_domain::ids::{AccountId, UsageGroupId, WorkspaceId};
use gangway_domain::permission::Action;
use gangway_domain::words::{domain_of_email, domain_of_website};
use gangway_store::Tx;
use gangway_store::account::{self, merge, record};
use gangway_store::usage::group::{self as rows, Clues};
use gangway_store::usage::user;

pub use gangway_store::usage::group::Group;

use crate::account::name_key;
use crate::activity::{self, About};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::{Actor, App, version};

/// Groups without an account that are looked at again at once.
const AGAIN: u32 = 1_000;

/// Which groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// All.
    All,
    /// Those nobody knows an account of.
    Unmatched,
}

/// Groups by id that come after one, and whether more follow.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn list(
    app: &App,
    actor: &Actor,
    which: Which,
    after: Option<UsageGroupId>,
    limit: u32,
) -> Result<(Vec<Group>, bool), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let unmatched = which == Which::Unmatched;
    let mut groups = rows::page(&mut tx, actor.workspace, unmatched, after, limit.saturating_add(1)).await?;
    let more = groups.len() > limit as usize;
    groups.truncate(limit as usize);
    Ok((groups, more))
}

/// One group.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn get(app: &App, actor: &Actor, id: UsageGroupId) -> Result<Group, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    known(&mut tx, actor, id).await
}

/// Says which account a group is; without one, Gangway does not look for it any more.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] for users without customer and for an account
/// that does not exist, [`AppError::Stale`]; or when the database fails.
#[boxed]
pub async fn assign(
    app: &App,
    actor: &Actor,
    id: UsageGroupId,
    seen: Option<i64>,
    account: Option<AccountId>,
) -> Result<Group, AppError> {
    actor.require(Action::EditAccounts)?;
    let mut tx = app.db.write().await?;
    let before = known(&mut tx, actor, id).await?;
    if let Some(seen) = seen {
        version::fresh("group", before.version, seen)?;
    }
    if before.external_id.is_empty() {
        let none = "cannot be chosen for users nobody said a customer of";
        return Err(AppError::Invalid(vec![Problem::new("account", none)]));
    }
    let name = match account {
        None => None,
        Some(account) => {
            let found = account::get(&mut tx, actor.workspace, account).await?;
            let wrong = || AppError::Invalid(vec![Problem::new("account", "does not exist")]);
            Some(found.ok_or_else(wrong)?.name)
        }
    };
    rows::assign(&mut tx, actor.workspace, id, account, "person").await?;
    if let Some(account) = account {
        user::link(&mut tx, actor.workspace, id, account).await?;
    }
    let summary = match &name {
        Some(name) => format!("Said that {} in the product is the account {name}", before.name),
        None => format!("Said that {} in the product is no account", before.name),
    };
    let about = About { account: account.or(before.account), onboarding: None };
    activity::record(app, &mut tx, actor, "usage.group_assigned", about, summary).await?;
    let group = known(&mut tx, actor, id).await?;
    tx.commit().await?;
    let changed: BTreeSet<AccountId> = [before.account, account].into_iter().flatten().collect();
    super::follow::follow(app, actor.workspace, &changed).await?;
    Ok(group)
}

async fn known(tx: &mut Tx, actor: &Actor, id: UsageGroupId) -> Result<Group, AppError> {
    rows::get(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("group", id))
}

/// Looks for the accounts of all groups that have none, and returns those that were found.
pub(super) async fn match_all(tx: &mut Tx, workspace: WorkspaceId) -> Result<BTreeSet<AccountId>, AppError> {
    let mut found = BTreeSet::new();
    for clues in rows::unmatched(tx, workspace, AGAIN).await? {
        let id = clues.id;
        if let Some(account) = keep_match(tx, workspace, &clues).await? {
            user::link(tx, workspace, id, account).await?;
            found.insert(account);
        }
    }
    Ok(found)
}

/// Looks for the account of a group, and keeps it when there is exactly one: by its id, by a domain, by its name.
pub(super) async fn find_account(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: UsageGroupId,
) -> Result<Option<AccountId>, AppError> {
    match rows::clues(tx, workspace, id).await? {
        Some(clues) => keep_match(tx, workspace, &clues).await,
        None => Ok(None),
    }
}

async fn keep_match(
    tx: &mut Tx,
    workspace: WorkspaceId,
    clues: &Clues,
) -> Result<Option<AccountId>, AppError> {
    let found = match by_id(tx, workspace, &clues.external_id).await? {
        Some(account) => Some((account, "external-id")),
        None => match by_domain(tx, workspace, clues).await? {
            Some(account) => Some((account, "domain")),
            None => by_name(tx, workspace, clues).await?.map(|account| (account, "name")),
        },
    };
    let Some((account, by)) = found else { return Ok(None) };
    rows::assign(tx, workspace, clues.id, Some(account), by).await?;
    Ok(Some(account))
}

async fn by_id(
    tx: &mut Tx,
    workspace: WorkspaceId,
    external_id: &str,
) -> Result<Option<AccountId>, AppError> {
    if let Ok(id) = external_id.parse::<AccountId>()
        && account::get(tx, workspace, id).await?.is_some()
    {
        return Ok(Some(id));
    }
    if let Some(record) = record::by_external_id(tx, workspace, external_id).await? {
        return Ok(Some(record.account.id));
    }
    Ok(merge::by_external_id(tx, workspace, external_id).await?)
}

async fn by_domain(
    tx: &mut Tx,
    workspace: WorkspaceId,
    clues: &Clues,
) -> Result<Option<AccountId>, AppError> {
    let text = |key: &str| clues.traits.get(key).and_then(serde_json::Value::as_str);
    let mut domains: Vec<String> =
        [text("website"), text("domain")].into_iter().flatten().filter_map(domain_of_website).collect();
    domains.extend(text("email").and_then(domain_of_email));
    if domains.is_empty() {
        let addresses = rows::addresses(tx, workspace, clues.id).await?;
        domains.extend(addresses.iter().filter_map(|email| domain_of_email(email)));
    }
    domains.sort();
    domains.dedup();
    let mut found = BTreeSet::new();
    for domain in &domains {
        found.extend(rows::account_by_domain(tx, workspace, domain).await?);
    }
    // Two accounts are none: a person says which.
    Ok(if found.len() == 1 { found.first().copied() } else { None })
}

async fn by_name(tx: &mut Tx, workspace: WorkspaceId, clues: &Clues) -> Result<Option<AccountId>, AppError> {
    let Some(name) = &clues.name else { return Ok(None) };
    let key = name_key(name);
    Ok(account::by_key(tx, workspace, &key).await?.map(|account| account.id))
}
