//! What users of the product did: of one account, of all by feature, week by week.

use axum::Json;
use axum::extract::State;
use gangway_app::usage::view::{
    self, AccountUsage, DayUse, FeatureUse, HeatFeature, HeatFilter, HeatMap, HeatOrder, HeatRow, SortBy,
    UserUse, Week,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::customer::UsageGroupOut;
use super::expected::ExpectedUsersOut;
use super::instant;
use crate::Api;
use crate::caller::{Caller, Here};
use crate::input::QueryOf;
use crate::page::{Order, Page, bad_query};
use crate::problem::Problem;

/// Most accounts of one page of the heat map.
const MOST: u32 = 100;

/// What users of an account did.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccountUsage)]
pub(crate) struct AccountUsageOut {
    /// Id of the account.
    account: String,
    /// Its name.
    account_name: String,
    /// Who it is in the product.
    groups: Vec<UsageGroupOut>,
    /// How many users are expected.
    expected: ExpectedUsersOut,
    /// First day told.
    #[schema(example = "2027-01-04")]
    from: Date,
    /// Last day told: today, in UTC.
    #[schema(example = "2027-04-03")]
    to: Date,
    /// Every day, oldest first.
    days: Vec<UsageDayOut>,
    /// Features that count.
    features: Vec<FeatureUseOut>,
    /// Users, the last seen first, 100 at most.
    users: Vec<UserUseOut>,
    /// How many users there are.
    users_total: i64,
    /// Distinct users of the last 28 days.
    active_28: i64,
    /// Distinct users of the last 7 days.
    active_7: i64,
    /// Events of the last 7 days.
    events_7: i64,
    /// Events of the 7 days before.
    events_prev_7: i64,
    /// When something was last done.
    #[schema(required = true)]
    last_at: Option<jiff::Timestamp>,
}

/// A day of an account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UsageDay, example = json!({ "day": "2027-03-01", "users": 12, "events": 340 }))]
pub(crate) struct UsageDayOut {
    /// The day, in UTC.
    day: Date,
    /// Distinct users.
    users: i64,
    /// Events.
    events: i64,
}

/// What an account did of a feature.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FeatureUse, example = json!({
    "code": "reports", "name": "Reports", "core": true, "advanced": false, "count_28": 40, "days_28": 9,
    "first_at": "2027-01-04T09:00:00Z", "last_at": "2027-03-01T10:11:12Z"
}))]
pub(crate) struct FeatureUseOut {
    /// Id in words.
    code: String,
    /// Name people see.
    name: String,
    /// It counts for adoption.
    core: bool,
    /// Its use shows more than the beginning.
    advanced: bool,
    /// How often in the last 28 days.
    count_28: i64,
    /// On how many of the last 28 days.
    days_28: i64,
    /// When it was first used.
    #[schema(required = true)]
    first_at: Option<jiff::Timestamp>,
    /// When it was last used.
    #[schema(required = true)]
    last_at: Option<jiff::Timestamp>,
}

/// A user of the product.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UsageUser, example = json!({
    "id": "usr_01900000000070008000000000000001", "external_id": "u-1", "name": "Kim Albers", "email": "kim@customer.example",
    "contact": null, "first_at": "2027-01-04T09:00:00Z", "last_at": "2027-03-01T10:11:12Z", "active_days_28": 9
}))]
pub(crate) struct UserUseOut {
    /// Id.
    id: String,
    /// `userId` of the messages.
    external_id: String,
    /// Name, as the product says.
    #[schema(required = true)]
    name: Option<String>,
    /// Mail address, as the product says.
    #[schema(required = true)]
    email: Option<String>,
    /// The contact with this address.
    #[schema(required = true)]
    contact: Option<String>,
    /// When they were first seen.
    first_at: jiff::Timestamp,
    /// When they were last seen.
    last_at: jiff::Timestamp,
    /// Days of the last 28 on which they did something.
    active_days_28: i64,
}

impl From<AccountUsage> for AccountUsageOut {
    fn from(one: AccountUsage) -> Self {
        Self {
            account: one.account.to_string(),
            account_name: one.account_name,
            groups: one.groups.into_iter().map(UsageGroupOut::from).collect(),
            expected: one.expected.into(),
            from: one.from,
            to: one.to,
            days: one.days.into_iter().map(UsageDayOut::from).collect(),
            features: one.features.into_iter().map(FeatureUseOut::from).collect(),
            users: one.users.into_iter().map(UserUseOut::from).collect(),
            users_total: one.users_total,
            active_28: one.active_28,
            active_7: one.active_7,
            events_7: one.events_7,
            events_prev_7: one.events_prev_7,
            last_at: one.last_at.map(instant),
        }
    }
}

impl From<DayUse> for UsageDayOut {
    fn from(one: DayUse) -> Self {
        let DayUse { day, users, events } = one;
        Self { day, users, events }
    }
}

impl From<FeatureUse> for FeatureUseOut {
    fn from(one: FeatureUse) -> Self {
        Self {
            code: one.code,
            name: one.name,
            core: one.core,
            advanced: one.advanced,
            count_28: one.count_28,
            days_28: one.days_28,
            first_at: one.first_at.map(instant),
            last_at: one.last_at.map(instant),
        }
    }
}

impl From<UserUse> for UserUseOut {
    fn from(one: UserUse) -> Self {
        Self {
            id: one.id.to_string(),
            external_id: one.external_id,
            name: one.name,
            email: one.email,
            contact: one.contact.map(|id| id.to_string()),
            first_at: instant(one.first_at),
            last_at: instant(one.last_at),
            active_days_28: one.active_days_28,
        }
    }
}

/// Get the usage of an account
///
/// The last 90 days, features, and users.
#[utoipa::path(get, path = "/accounts/{id}/usage", operation_id = "get_account_usage", tag = "Usage",
    params(("id" = String, Path, description = "Id of the account.", example = "acc_01900000000070008000000000000001")),
    responses((status = 200, description = "Its usage.", body = AccountUsageOut)))]
pub(crate) async fn of_account(Here(api, caller, names): Here) -> Result<Json<AccountUsageOut>, Problem> {
    let usage = view::of_account(&api.app, &caller.actor, names.id("account")?).await?;
    Ok(Json(usage.into()))
}

/// Which part of the heat map.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct HeatQuery {
    /// Accounts on the page, 1 to 100; 100 when left out.
    #[param(minimum = 1, maximum = 100, example = 100)]
    limit: Option<u32>,
    /// Accounts to leave out at the beginning.
    #[param(minimum = 0, example = 0)]
    offset: Option<u32>,
    /// Only accounts whose name contains this.
    text: Option<String>,
    /// `name`, `last`, `adoption` or `feature`, with `-` before it for the largest first. `-last` when left out, `-feature`
    /// where a feature is named.
    #[param(example = "-adoption")]
    sort: Option<String>,
    /// Id in words of the feature `sort` means: those who used it in the last 28 days, then the others.
    feature: Option<String>,
    /// Where to start: `next` of the page before.
    after: Option<String>,
}

/// What rows can be in order of; none stands for a feature.
const ORDERS: [(&str, Option<SortBy>); 4] = [
    ("name", Some(SortBy::Name)),
    ("last", Some(SortBy::Last)),
    ("adoption", Some(SortBy::Share)),
    ("feature", None),
];

impl HeatQuery {
    fn read(self) -> Result<(HeatFilter, Order<Option<SortBy>>), Problem> {
        let Self { limit, offset, text, sort, feature, after } = self;
        let limit = limit.unwrap_or(MOST);
        if !(1..=MOST).contains(&limit) {
            return Err(bad_query("limit", format!("must be between 1 and {MOST}")));
        }
        let usual = if feature.is_some() { "-feature" } else { "-last" };
        let order = Order::of(sort, usual, &ORDERS)?;
        let sort = match (order.sort, &feature) {
            (Some(_), Some(_)) => {
                return Err(bad_query("feature", "can only be said with the order `feature`".to_owned()));
            }
            (None, None) => {
                return Err(bad_query("feature", "is missing: say whose use to sort by".to_owned()));
            }
            (sort, _) => sort.unwrap_or_default(),
        };
        let filter = HeatFilter {
            order: HeatOrder { sort, direction: order.direction },
            feature,
            after: order.after(after.as_deref())?,
            offset: offset.unwrap_or(0),
            limit,
            text,
        };
        Ok((filter, order))
    }
}

/// Adoption: accounts by features.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HeatMap, example = json!({
    "features": [{ "code": "reports", "name": "Reports", "core": true, "accounts_28": 7 }],
    "rows": [{ "account": "acc_01900000000070008000000000000001", "name": "Initech", "last_at": "2027-03-01T10:11:12Z", "adoption": 40, "cells": [9] }],
    "accounts": 12, "more": false, "next": null
}))]
pub(crate) struct HeatMapOut {
    /// Features that count, in their order.
    features: Vec<HeatFeatureOut>,
    /// Accounts.
    rows: Vec<HeatRowOut>,
    /// Accounts with usage.
    accounts: i64,
    /// There are more accounts after these.
    more: bool,
    /// What to send as `after` for the next page; null on the last one.
    #[schema(required = true)]
    next: Option<String>,
}

/// A column of the heat map.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HeatFeature)]
pub(crate) struct HeatFeatureOut {
    /// Id in words.
    code: String,
    /// Name people see.
    name: String,
    /// It counts for adoption.
    core: bool,
    /// Accounts that used it in the last 28 days.
    accounts_28: i64,
}

/// A row of the heat map.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HeatRow)]
pub(crate) struct HeatRowOut {
    /// Id of the account.
    account: String,
    /// Its name.
    name: String,
    /// When somebody of it was last seen.
    last_at: jiff::Timestamp,
    /// Core features used in the last 28 days, in percent of all core features; null where no feature is one.
    #[schema(required = true)]
    adoption: Option<i64>,
    /// Days of the last 28 on which each feature was used, in the order of `features`.
    cells: Vec<i64>,
}

impl From<HeatMap> for HeatMapOut {
    fn from(map: HeatMap) -> Self {
        let feature = |one: HeatFeature| HeatFeatureOut {
            code: one.code,
            name: one.name,
            core: one.core,
            accounts_28: one.accounts_28,
        };
        let row = |one: HeatRow| HeatRowOut {
            account: one.account.to_string(),
            name: one.name,
            last_at: instant(one.last_at),
            adoption: one.adoption,
            cells: one.cells,
        };
        Self {
            features: map.features.into_iter().map(feature).collect(),
            rows: map.rows.into_iter().map(row).collect(),
            accounts: map.accounts,
            more: map.more,
            next: None,
        }
    }
}

/// Get adoption by account and feature
///
/// On how many of the last 28 days each account used each feature, in any order of the columns.
#[utoipa::path(get, path = "/usage-heat-map", operation_id = "get_usage_heat_map", tag = "Usage",
    params(HeatQuery),
    responses((status = 200, description = "A page of the heat map.", body = HeatMapOut)))]
pub(crate) async fn heat_map(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<HeatQuery>,
) -> Result<Json<HeatMapOut>, Problem> {
    let (filter, order) = query.read()?;
    let map = view::heat_map(&api.app, &caller.actor, &filter).await?;
    let next = order.page(std::iter::empty::<()>(), map.next.as_ref()).next;
    Ok(Json(HeatMapOut { next, ..map.into() }))
}

/// A week of all accounts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UsageWeek, example = json!({ "monday": "2027-03-01", "accounts": 12, "users": 140, "events": 9000 }))]
pub(crate) struct UsageWeekOut {
    /// Its first day.
    monday: Date,
    /// Accounts of which somebody did something.
    accounts: i64,
    /// Active users a day, on average.
    users: i64,
    /// Events.
    events: i64,
}

impl From<Week> for UsageWeekOut {
    fn from(week: Week) -> Self {
        let Week { monday, accounts, users, events } = week;
        Self { monday, accounts, users, events }
    }
}

/// List usage by week
///
/// 26 weeks, oldest first, on one page.
#[utoipa::path(get, path = "/usage-weeks", operation_id = "list_usage_weeks", tag = "Usage",
    responses((status = 200, description = "The weeks.", body = Page<UsageWeekOut>)))]
pub(crate) async fn weeks(
    State(api): State<Api>,
    caller: Caller,
) -> Result<Json<Page<UsageWeekOut>>, Problem> {
    let weeks = view::trend(&api.app, &caller.actor).await?;
    Ok(Json(Page::whole(weeks.into_iter().map(UsageWeekOut::from))))
}
