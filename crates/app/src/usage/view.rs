//! Usage as pages show it: of an account, of all accounts by feature, of all together.

use std::collections::BTreeSet;

use gangway_domain::ids::{AccountId, ContactId, OnboardingId, UsageUserId};
use gangway_domain::permission::Action;
use gangway_domain::usage::{ClockKind, Feature, before, day_of};
use gangway_store::onboarding::list::Direction;
use gangway_store::usage::{adoption as portfolio, group, history, milestone, sum, user, view as rows};
use gangway_store::{Timestamp, Tx, account};
use jiff::civil::Date;

pub use gangway_store::usage::adoption::{Cursor, SortBy};

use super::adoption::{self, Scale};
use super::expected::{self, Expected};
use super::facts::Measure;
use super::group::Group;
use crate::account::name_key;
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::{Actor, App};

/// Days of the series of an account.
const DAYS: i32 = 90;

/// Marks of a series.
const MARKS: usize = 12;

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
    /// What happened between these days, oldest first.
    pub marks: Vec<Mark>,
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

/// Something that happened to an account and may explain how its use went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The day (UTC).
    pub day: Date,
    /// What.
    pub label: &'static str,
    /// The onboarding it belongs to.
    pub onboarding: OnboardingId,
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

/// What the rows of the heat map are in order of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeatOrder {
    /// By what.
    pub sort: SortBy,
    /// Which end first.
    pub direction: Direction,
}

impl Default for HeatOrder {
    /// Used last first.
    fn default() -> Self {
        Self { sort: SortBy::Last, direction: Direction::Descending }
    }
}

/// Which rows of the heat map.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeatFilter {
    /// In order of.
    pub order: HeatOrder,
    /// Instead of that in order of the use of this feature (id in words), in the direction of the order: largest first,
    /// those who used it in the last 28 days, each part by adoption.
    pub feature: Option<String>,
    /// The row before the first, of a list in the same order.
    pub after: Option<Cursor>,
    /// Rows left out after that.
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
    /// The rows, in their order.
    pub rows: Vec<HeatRow>,
    /// Accounts with usage.
    pub accounts: i64,
    /// Whether more rows follow.
    pub more: bool,
    /// Where they begin.
    pub next: Option<Cursor>,
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
    /// Accounts that used it in the last 28 days.
    pub accounts_28: i64,
}

/// A row of the heat map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeatRow {
    /// Which account.
    pub account: AccountId,
    /// What it is called.
    pub name: String,
    /// When somebody of it was seen last.
    pub last_at: Timestamp,
    /// Core features used in the last 28 days, in percent of all core features; nothing where no feature is one.
    pub adoption: Option<i64>,
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
#[boxed]
pub async fn of_account(app: &App, actor: &Actor, id: AccountId) -> Result<AccountUsage, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    Box::pin(usage(app, &mut tx, actor, id)).await
}

/// The usage of an onboarding's account.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
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
        marks: marks(tx, actor, id, (from, today)).await?,
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

/// Kickoffs, go-lives and what was reached on the way to value, between two days.
async fn marks(
    tx: &mut Tx,
    actor: &Actor,
    id: AccountId,
    (from, to): (Date, Date),
) -> Result<Vec<Mark>, AppError> {
    let mut marks = Vec::new();
    for start in rows::starts(tx, actor.workspace, id).await? {
        let rows::Start { onboarding, kickoff_on, go_live_on } = start;
        marks.push(Mark { day: kickoff_on, label: "Kickoff", onboarding });
        marks.push(Mark { day: go_live_on, label: "Go-live", onboarding });
    }
    for (onboarding, code, at) in rows::reached(tx, actor.workspace, id).await? {
        let kind = ClockKind::ALL.into_iter().find(|kind| kind.word() == code);
        if let (Some(kind), Ok(at)) = (kind, jiff::Timestamp::try_from(at)) {
            marks.push(Mark { day: day_of(at), label: kind.label(), onboarding });
        }
    }
    marks.retain(|mark| (from..=to).contains(&mark.day));
    marks.sort_by_key(|mark| mark.day);
    marks.truncate(MARKS);
    Ok(marks)
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
/// [`AppError::Forbidden`]; [`AppError::Invalid`] when there is no such feature; [`AppError::Cursor`] when the cursor is of
/// another order; or when the database fails.
#[boxed]
pub async fn heat_map(app: &App, actor: &Actor, filter: &HeatFilter) -> Result<HeatMap, AppError> {
    actor.require(Action::Look)?;
    let workspace = actor.workspace;
    let (mut tx, measure, scale) = Box::pin(adoption::settled(app, workspace)).await?;
    let used = portfolio::used(&mut tx, workspace).await?;
    let HeatFilter { order, feature, after, offset, limit, text } = filter;
    let query = portfolio::Query {
        search: text.as_deref().map(name_key).filter(|text| !text.is_empty()),
        sort: feature.as_deref().map_or(Ok(order.sort), |code| by_feature(&measure.features, code))?,
        direction: order.direction,
        after: after.clone(),
        offset: *offset,
        limit: (*limit).clamp(1, ROWS),
    };
    let (lines, next) = portfolio::page(&mut tx, workspace, &query).await?;
    let accounts: Vec<AccountId> = lines.iter().map(|line| line.account).collect();
    let today = day_of(app.clock.now());
    let days = portfolio::cells(&mut tx, workspace, today, &accounts).await?;
    let names: Vec<BTreeSet<String>> = measure.features.iter().map(names).collect();
    let row = |line: portfolio::Line| HeatRow {
        account: line.account,
        adoption: scale.has_core().then_some(line.share),
        cells: cells(&names, days.get(&line.account).map_or(&[][..], Vec::as_slice)),
        name: line.name,
        last_at: line.last_at,
    };
    Ok(HeatMap {
        features: columns(&measure.features, &used),
        rows: lines.into_iter().map(row).collect(),
        accounts: used.iter().map(|(_, accounts)| accounts).sum(),
        more: next.is_some(),
        next,
    })
}

/// In order of the use of the feature with this id.
fn by_feature(features: &[Feature], code: &str) -> Result<SortBy, AppError> {
    let place = features.iter().position(|feature| feature.code == code);
    let invalid = || AppError::Invalid(vec![Problem::new("feature", "is none that counts")]);
    place.map(|place| SortBy::Feature(Scale::bit(place))).ok_or_else(invalid)
}

/// On how many days each feature was used, from the days of events: a bit for each. Several events of a feature on one day
/// are one.
fn cells(features: &[BTreeSet<String>], events: &[(String, i64)]) -> Vec<i64> {
    let mut found = vec![0_i64; features.len()];
    for (event, days) in events {
        let event = event.to_lowercase();
        for (found, _) in found.iter_mut().zip(features).filter(|(_, names)| names.contains(&event)) {
            *found |= days;
        }
    }
    found.into_iter().map(|days| i64::from(days.count_ones())).collect()
}

fn columns(features: &[Feature], used: &[(i64, i64)]) -> Vec<HeatFeature> {
    let column = |(place, feature): (usize, &Feature)| HeatFeature {
        code: feature.code.clone(),
        name: feature.name.clone(),
        core: feature.core,
        accounts_28: Scale::users_of(place, used),
    };
    features.iter().enumerate().map(column).collect()
}

/// How use of the product went over the last 26 weeks, oldest first, this one included.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn trend(app: &App, actor: &Actor) -> Result<Vec<Week>, AppError> {
    actor.require(Action::Look)?;
    let today = day_of(app.clock.now());
    let this = before(today, i32::from(today.weekday().to_monday_zero_offset()));
    let first = before(this, (WEEKS - 1) * 7);
    let mut tx = app.db.read().await?;
    let days = sum::days(&mut tx, actor.workspace, first, today).await?;
    let customers = sum::weeks(&mut tx, actor.workspace, first, today).await?;
    let week = |ago: i32| {
        let monday = before(this, ago * 7);
        let last = before(monday, -6);
        let (mut seen, mut users, mut events) = (0_i64, 0_i64, 0_i64);
        for day in days.iter().filter(|day| (monday..=last).contains(&day.day)) {
            (seen, users, events) = (seen + 1, users + day.users, events + day.times);
        }
        let accounts = customers.get(&monday).copied().unwrap_or(0);
        Week { monday, accounts, users: users / seen.max(1), events }
    };
    Ok((0..WEEKS).rev().map(week).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_of_several_events_of_a_feature_is_one_day() {
        let names =
            |names: &[&str]| -> BTreeSet<String> { names.iter().map(|name| (*name).to_owned()).collect() };
        let features = [names(&["report made", "report viewed"]), names(&["shared"]), names(&["never"])];
        let events = [
            ("Report Made".to_owned(), 0b0110),
            ("report viewed".to_owned(), 0b0011),
            ("Shared".to_owned(), 1 << 27),
            ("Other".to_owned(), 0b1111),
        ];
        assert_eq!(cells(&features, &events), [3, 1, 0]);
    }
}
