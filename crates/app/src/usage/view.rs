//! Usage as pages show it: of an account, of all accounts by feature, of all together.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use gangway_domain::ids::{AccountId, ContactId, OnboardingId, UsageUserId};
use gangway_domain::permission::Action;
use gangway_domain::usage::{Feature, before, day_of};
use gangway_store::usage::{group, history, milestone, user, view as rows};
use gangway_store::{Timestamp, Tx, account};
use jiff::civil::Date;

use super::expected::{self, Expected};
use super::facts::{Measure, midnight};
use super::group::Group;
use crate::account::name_key;
use crate::error::AppError;
use crate::{Actor, App};

/// Days of the series of an account.
const DAYS: i32 = 90;

/// Users that are listed.
const USERS: u32 = 100;

/// Rows of the heat map on a page.
const ROWS: u32 = 100;

/// Weeks of the trend.
const WEEKS: i32 = 26;

/// The usage of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountUsage {
    /// Which.
    pub account: AccountId,
    /// What it is called.
    pub account_name: String,
    /// What it is in the product.
    pub groups: Vec<Group>,
    /// Users expected.
    pub expected: Expected,
    /// The first day of the series.
    pub from: Date,
    /// The last day, today (UTC).
    pub to: Date,
    /// Each day, oldest first.
    pub days: Vec<DayUse>,
    /// Each feature, in order.
    pub features: Vec<FeatureUse>,
    /// Users, last seen first.
    pub users: Vec<UserUse>,
    /// How many users there ever were.
    pub users_total: i64,
    /// Users of the last 28 days.
    pub active_28: i64,
    /// Users of the last 7 days.
    pub active_7: i64,
    /// Events of the last 7 days.
    pub events_7: i64,
    /// Events of the 7 days before.
    pub events_prev_7: i64,
    /// When it was used last.
    pub last_at: Option<Timestamp>,
}

/// A day of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayUse {
    /// Which (UTC).
    pub day: Date,
    /// Distinct users.
    pub users: i64,
    /// Events.
    pub events: i64,
}

/// A feature of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeatureUse {
    /// Id in words.
    pub code: String,
    /// Name people see.
    pub name: String,
    /// Whether it counts for adoption.
    pub core: bool,
    /// Whether it goes beyond the core.
    pub advanced: bool,
    /// Events in the last 28 days.
    pub count_28: i64,
    /// Days with use in the last 28.
    pub days_28: i64,
    /// First use.
    pub first_at: Option<Timestamp>,
    /// Last use.
    pub last_at: Option<Timestamp>,
}

/// A user of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserUse {
    /// Id.
    pub id: UsageUserId,
    /// Their id in the product.
    pub external_id: String,
    /// Name.
    pub name: Option<String>,
    /// Mail address.
    pub email: Option<String>,
    /// The contact they are.
    pub contact: Option<ContactId>,
    /// First seen.
    pub first_at: Timestamp,
    /// Last seen.
    pub last_at: Timestamp,
    /// Days with use in the last 28.
    pub active_days_28: i64,
}

/// Which rows of the heat map.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeatFilter {
    /// Rows before the first.
    pub offset: u32,
    /// Rows, 100 at most.
    pub limit: u32,
    /// In the name of the account.
    pub text: Option<String>,
}

/// Features by account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeatMap {
    /// The columns.
    pub features: Vec<HeatFeature>,
    /// The rows, used last first.
    pub rows: Vec<HeatRow>,
    /// Accounts with usage.
    pub accounts: i64,
    /// Whether more rows follow.
    pub more: bool,
}

/// A column of the heat map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeatFeature {
    /// Id in words.
    pub code: String,
    /// Name people see.
    pub name: String,
    /// Whether it counts for adoption.
    pub core: bool,
    /// Customers that used it in the last 28 days.
    pub accounts_28: i64,
}

/// A row of the heat map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeatRow {
    /// Which account.
    pub account: AccountId,
    /// What it is called.
    pub name: String,
    /// When it was used last.
    pub last_at: Timestamp,
    /// Days of the last 28 on which each feature was used.
    pub cells: Vec<i64>,
}

/// A week of all accounts together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Week {
    /// Its first day.
    pub monday: Date,
    /// Customers that were active.
    pub accounts: i64,
    /// Users active on a day, the mean over the days with use.
    pub users: i64,
    /// Events.
    pub events: i64,
}

/// The usage of an account.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
pub async fn of_account(app: &App, actor: &Actor, id: AccountId) -> Result<AccountUsage, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    Box::pin(usage(app, &mut tx, actor, id)).await
}

/// The usage of an onboarding's account.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
pub async fn of_onboarding(app: &App, actor: &Actor, id: OnboardingId) -> Result<AccountUsage, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let subject = milestone::subject(&mut tx, actor.workspace, id).await?;
    let account = subject.ok_or_else(|| AppError::missing("onboarding", id))?.account;
    Box::pin(usage(app, &mut tx, actor, account)).await
}

async fn usage(app: &App, tx: &mut Tx, actor: &Actor, id: AccountId) -> Result<AccountUsage, AppError> {
    let workspace = actor.workspace;
    let account = account::get(tx, workspace, id).await?.ok_or_else(|| AppError::missing("account", id))?;
    let now = app.clock.now();
    let today = day_of(now);
    let from = before(today, DAYS - 1);
    let measure = Measure::read(app, tx, workspace).await?;
    let known = history::of_account(tx, workspace, id, now).await?;
    let users = user::of_account(tx, workspace, id, before(today, 27), USERS).await?;
    let features = features(tx, actor, id, &measure.features, today, &known).await?;
    let day = |ago: i32| {
        let day = before(today, ago);
        let count = known.days.get(&day).copied().unwrap_or_default();
        DayUse { day, users: count.users, events: count.events }
    };
    let events = |ago: i32| (ago..ago + 7).map(|ago| day(ago).events).sum::<i64>();
    Ok(AccountUsage {
        account: id,
        account_name: account.name,
        groups: group::of_account(tx, workspace, id).await?,
        expected: expected::known(tx, actor, id).await?,
        from,
        to: today,
        days: (0..DAYS).rev().map(day).collect(),
        features,
        users: users.into_iter().map(UserUse::from).collect(),
        users_total: known.seen,
        active_28: known.active_28,
        active_7: known.active_7,
        events_7: events(0),
        events_prev_7: events(7),
        last_at: known.any().map(|any| any.last_at.into()),
    })
}

impl From<user::User> for UserUse {
    fn from(user: user::User) -> Self {
        let user::User { id, external_id, name, email, contact, first_at, last_at, active_days } = user;
        Self { id, external_id, name, email, contact, first_at, last_at, active_days_28: active_days }
    }
}

async fn features(
    tx: &mut Tx,
    actor: &Actor,
    id: AccountId,
    features: &[Feature],
    today: Date,
    known: &gangway_domain::usage::History,
) -> Result<Vec<FeatureUse>, AppError> {
    let since = before(today, 27);
    let events = rows::events(tx, actor.workspace, id, since, today).await?;
    let days = rows::event_days(tx, actor.workspace, id, since, today).await?;
    let use_of = |feature: &Feature| {
        let names = names(feature);
        let counts = events.iter().filter(|(event, ..)| names.contains(&event.to_lowercase()));
        let total = known.total_of(&feature.events);
        FeatureUse {
            code: feature.code.clone(),
            name: feature.name.clone(),
            core: feature.core,
            advanced: feature.advanced,
            count_28: counts.map(|(_, times, _)| times).sum(),
            days_28: days_of(&days, &names),
            first_at: total.map(|total| total.first_at.into()),
            last_at: total.map(|total| total.last_at.into()),
        }
    };
    Ok(features.iter().map(use_of).collect())
}

fn names(feature: &Feature) -> BTreeSet<String> {
    feature.events.iter().map(|event| event.to_lowercase()).collect()
}

/// How many days saw one of these events.
fn days_of(days: &[(String, Date)], names: &BTreeSet<String>) -> i64 {
    let found: BTreeSet<Date> =
        days.iter().filter(|(event, _)| names.contains(&event.to_lowercase())).map(|(_, day)| *day).collect();
    i64::try_from(found.len()).unwrap_or(i64::MAX)
}

/// Features by account: on how many of the last 28 days each was used.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
pub async fn heat_map(app: &App, actor: &Actor, filter: &HeatFilter) -> Result<HeatMap, AppError> {
    actor.require(Action::Look)?;
    let workspace = actor.workspace;
    let today = day_of(app.clock.now());
    let since = before(today, 27);
    let mut tx = app.db.read().await?;
    let measure = Measure::read(app, &mut tx, workspace).await?;
    let columns = Box::pin(columns(&mut tx, actor, &measure.features, since)).await?;
    let limit = filter.limit.clamp(1, ROWS);
    let text = filter.text.as_deref().map(name_key).filter(|text| !text.is_empty());
    let mut accounts = rows::accounts(&mut tx, workspace, text.as_deref(), filter.offset, limit + 1).await?;
    let more = accounts.len() > limit as usize;
    accounts.truncate(limit as usize);
    let names: Vec<BTreeSet<String>> = measure.features.iter().map(names).collect();
    let mut lines = Vec::with_capacity(accounts.len());
    for rows::Used { account, name, last_at } in accounts {
        let days = rows::event_days(&mut tx, workspace, account, since, today).await?;
        let cells = names.iter().map(|names| days_of(&days, names)).collect();
        lines.push(HeatRow { account, name, last_at, cells });
    }
    let accounts = rows::count(&mut tx, workspace).await?;
    Ok(HeatMap { features: columns, rows: lines, accounts, more })
}

async fn columns(
    tx: &mut Tx,
    actor: &Actor,
    features: &[Feature],
    since: Date,
) -> Result<Vec<HeatFeature>, AppError> {
    let at = midnight(since).unwrap_or(jiff::Timestamp::MIN).into();
    // Events are looked for by the names they came with, whatever the case features write them in.
    let mut as_sent: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for name in rows::names(tx, actor.workspace, u32::MAX).await? {
        as_sent.entry(name.to_lowercase()).or_default().push(name);
    }
    let mut columns = Vec::with_capacity(features.len());
    for feature in features {
        let sent: Vec<&String> =
            names(feature).iter().filter_map(|name| as_sent.get(name)).flatten().collect();
        let accounts_28 = match sent.as_slice() {
            [] => 0,
            [only] => rows::using(tx, actor.workspace, only, at).await?,
            several => {
                let mut groups = HashSet::new();
                for event in several {
                    groups.extend(rows::groups_using(tx, actor.workspace, event, at).await?);
                }
                i64::try_from(groups.len()).unwrap_or(i64::MAX)
            }
        };
        let (code, name, core) = (feature.code.clone(), feature.name.clone(), feature.core);
        columns.push(HeatFeature { code, name, core, accounts_28 });
    }
    Ok(columns)
}

/// How use of the product went over the last 26 weeks, oldest first, this one included.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
pub async fn trend(app: &App, actor: &Actor) -> Result<Vec<Week>, AppError> {
    actor.require(Action::Look)?;
    let today = day_of(app.clock.now());
    let this = before(today, i32::from(today.weekday().to_monday_zero_offset()));
    let first = before(this, (WEEKS - 1) * 7);
    let mut tx = app.db.read().await?;
    let days = rows::by_day(&mut tx, actor.workspace, first, today).await?;
    let mut weeks = Vec::new();
    for ago in (0..WEEKS).rev() {
        let monday = before(this, ago * 7);
        let last = before(monday, -6);
        let of_week = days.iter().filter(|(day, ..)| (monday..=last).contains(day));
        let (mut seen, mut users, mut events) = (0, 0, 0);
        for (_, _, used_by, times) in of_week {
            (seen, users, events) = (seen + 1, users + used_by, events + times);
        }
        let accounts =
            if seen == 0 { 0 } else { rows::active_between(&mut tx, actor.workspace, monday, last).await? };
        weeks.push(Week { monday, accounts, users: users / seen.max(1), events });
    }
    Ok(weeks)
}
