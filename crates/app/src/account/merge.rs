//! Two accounts that are one: looked at side by side, then merged in one transaction.

use gangway_domain::ids::AccountId;
use gangway_domain::permission::Action;
use gangway_store::account::duplicate::{self, Pair};
use gangway_store::account::merge::{self as moves, Belongings};
use gangway_store::account::record::{self, Record};
use gangway_store::contact;

use super::book::{Draft, find, name_taken, with};
use crate::activity::{self, About};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::merging::{Field, Merge};
use crate::{Actor, App, version};

/// Pairs that are named at most.
const PAIRS: u32 = 100;

/// What a merge will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The account that stays.
    pub stays: Record,
    /// The account that goes.
    pub goes: Record,
    /// What both say.
    pub fields: Vec<Field>,
    /// What belongs to the one that stays already.
    pub has: Belongings,
    /// What moves to it.
    pub moves: Belongings,
}

/// Accounts that look like the same one twice.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn duplicates(app: &App, actor: &Actor) -> Result<Vec<Pair<AccountId>>, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    Ok(duplicate::accounts(&mut tx, actor.workspace, PAIRS).await?)
}

/// Somebody says that two accounts are not the same: they are not named again.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn are_different(
    app: &App,
    actor: &Actor,
    one: AccountId,
    other: AccountId,
) -> Result<(), AppError> {
    actor.require(Action::EditAccounts)?;
    let mut tx = app.db.write().await?;
    let (one, other) = (find(&mut tx, actor, one).await?, find(&mut tx, actor, other).await?);
    let (a, b) = (one.account.id.uuid(), other.account.id.uuid());
    duplicate::are_different(&mut tx, actor.workspace, a, b, app.now()).await?;
    let summary = format!("Said that {} and {} are two accounts", one.account.name, other.account.name);
    activity::audit(app, &mut tx, actor, "account.told_apart", summary).await?;
    tx.commit().await?;
    Ok(())
}

/// What merging would do; nothing is changed.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] for an account and itself; or
/// when the database fails.
#[boxed]
pub async fn preview(
    app: &App,
    actor: &Actor,
    stays: AccountId,
    goes: AccountId,
) -> Result<Preview, AppError> {
    actor.require(Action::Look)?;
    two(stays, goes)?;
    let mut tx = app.db.read().await?;
    let (stays, goes) = (find(&mut tx, actor, stays).await?, find(&mut tx, actor, goes).await?);
    let has = moves::belongings(&mut tx, actor.workspace, stays.account.id).await?;
    let moves = moves::belongings(&mut tx, actor.workspace, goes.account.id).await?;
    let fields = fields(&stays, &goes);
    Ok(Preview { stays, goes, fields, has, moves })
}

fn two(stays: AccountId, goes: AccountId) -> Result<(), AppError> {
    if stays == goes {
        return Err(AppError::Invalid(vec![Problem::new("with", "is the same account")]));
    }
    Ok(())
}

fn fields(stays: &Record, goes: &Record) -> Vec<Field> {
    let (a, b) = (&stays.account, &goes.account);
    vec![
        Field::new("name", "Name", Some(&a.name), Some(&b.name)),
        Field::new("industry", "Industry", a.industry.as_deref(), b.industry.as_deref()),
        Field::new("country", "Country", a.country.as_deref(), b.country.as_deref()),
        Field::new("website", "Website", a.website.as_deref(), b.website.as_deref()),
        Field::new("external_id", "Id in the CRM", stays.external_id.as_deref(), goes.external_id.as_deref()),
    ]
}

/// Makes two accounts one: handoffs, onboardings, contacts and activity move to the one that stays; name,
/// id and external id of the other lead to it from now on.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Stale`] when either
/// is not what it was when it was looked at; or when the database fails. Nothing is changed then.
#[boxed]
pub async fn merge(app: &App, actor: &Actor, merge: &Merge<AccountId>) -> Result<Record, AppError> {
    actor.require(Action::EditAccounts)?;
    let Merge { stays, stays_version, goes, goes_version, take } = merge;
    two(*stays, *goes)?;
    let mut tx = app.db.write().await?;
    let (stays, goes) = (find(&mut tx, actor, *stays).await?, find(&mut tx, actor, *goes).await?);
    for (record, seen) in [(&stays, stays_version), (&goes, goes_version)] {
        version::fresh("account", record.version, *seen)?;
    }
    let outcome = |name: &str| {
        fields(&stays, &goes).iter().find(|field| field.name == name).and_then(|field| field.outcome(take))
    };
    let draft = Draft {
        name: outcome("name").unwrap_or_default(),
        industry: outcome("industry"),
        country: outcome("country"),
        website: outcome("website"),
    };
    let wanted = with(stays.clone(), draft, outcome("external_id"))?;
    // First the one that goes: the other may take its name and its external id.
    let done = moves::take_over(&mut tx, actor.workspace, &goes, stays.account.id, app.now()).await?;
    version::after("account", goes.version, done)?;
    let done = record::change(&mut tx, actor.workspace, &wanted).await.map_err(name_taken)?;
    let version = version::after("account", stays.version, done)?;
    moves::rename_customer(&mut tx, actor.workspace, stays.account.id, &wanted.account.name).await?;
    contact::account_renamed(&mut tx, actor.workspace, stays.account.id).await?;
    let about = About { account: Some(stays.account.id), onboarding: None };
    let summary = format!("Merged the account {} into {}", goes.account.name, wanted.account.name);
    activity::record(app, &mut tx, actor, "account.merged", about, summary).await?;
    tx.commit().await?;
    Ok(Record { version, ..wanted })
}

/// The account that one which is gone was merged into.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn became(app: &App, actor: &Actor, gone: AccountId) -> Result<Option<AccountId>, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    Ok(moves::became(&mut tx, actor.workspace, gone).await?)
}
