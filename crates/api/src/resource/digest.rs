//! The daily mail of whoever asks.

use axum::Json;
use axum::extract::State;
use gangway_app::digest::{self, Digest};
use gangway_domain::digest::{Group, Item, Part, Wishes};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Api;
use crate::caller::Caller;
use crate::input::{JsonOf, word};
use crate::problem::Problem;

/// The daily mail of the owner of the token.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Digest)]
pub(crate) struct DigestOut {
    /// How often they want it: `daily`, `weekly` (on Mondays) or `never`.
    rhythm: String,
    /// The hour at which it is sent.
    hour: i8,
    /// On the clock of this zone.
    zone: String,
    /// The hour they chose themselves; null where it is the workspace's.
    #[schema(required = true)]
    own_hour: Option<i8>,
    /// The zone they chose themselves; null where it is the workspace's.
    #[schema(required = true)]
    own_zone: Option<String>,
    /// The last days on which they got one, the newest first.
    sent_on: Vec<Date>,
    /// What it would say now; empty when there is nothing to say, and then there is no mail.
    groups: Vec<GroupOut>,
}

/// What there is to say of one onboarding.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DigestGroup)]
pub(crate) struct GroupOut {
    /// The onboarding.
    onboarding: String,
    /// The customer.
    customer: String,
    /// Its lines, the most urgent first.
    lines: Vec<LineOut>,
}

/// A line of the mail.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DigestLine, example = json!({
    "part": "overdue", "name": "Map the fields", "note": "due 4 Jan 2027", "on": "2027-01-04",
    "link": "https://gangway.example.com/onboardings/onb_01900000000070008000000000000001/tasks/tsk_01900000000070008000000000000001"
}))]
pub(crate) struct LineOut {
    /// Why it is there: `overdue`, `today`, `week`, `waiting`, `mention` or `gate`.
    #[schema(value_type = String)]
    part: Part,
    /// What it is.
    name: String,
    /// What else is to say.
    note: String,
    /// The day it is about.
    on: Date,
    /// Its page.
    link: String,
}

/// How often somebody wants the mail.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "rhythm": "weekly", "hour": 9, "zone": "Europe/Vienna" }))]
pub(crate) struct RhythmIn {
    /// `daily`, `weekly` (on Mondays) or `never`.
    rhythm: String,
    /// At which hour, 0 to 23; the workspace's when left out.
    #[schema(minimum = 0, maximum = 23)]
    hour: Option<i8>,
    /// On the clock of which zone, such as `Europe/Vienna`; the workspace's when left out.
    zone: Option<String>,
}

/// When the daily mail is sent to whoever chose no hour.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DigestClock, example = json!({ "hour": 7, "zone": "Europe/Vienna", "zone_is_own": true }))]
pub(crate) struct ClockOut {
    /// The hour.
    hour: i8,
    /// On the clock of this zone.
    zone: String,
    /// Whether the workspace chose the zone; otherwise it is the installation's.
    zone_is_own: bool,
}

/// When the daily mail is to be sent to whoever chose no hour.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "hour": 8, "zone": "Europe/Vienna" }))]
pub(crate) struct ClockIn {
    /// The hour, 0 to 23.
    #[schema(minimum = 0, maximum = 23)]
    hour: i8,
    /// On the clock of which zone; the installation's when left out.
    zone: Option<String>,
}

fn shown(api: &Api, digest: Digest) -> DigestOut {
    let Digest { rhythm, hour, zone, own: (own_hour, own_zone), sent_on, groups, .. } = digest;
    let line = |item: Item| LineOut {
        part: item.part,
        name: item.name,
        note: item.note,
        on: item.on,
        link: api.app.link(&item.path),
    };
    let group = |group: Group| GroupOut {
        onboarding: group.onboarding.to_string(),
        customer: group.customer,
        lines: group.parts.into_iter().flat_map(|(_, lines)| lines).map(line).collect(),
    };
    let groups = groups.into_iter().map(group).collect();
    DigestOut { rhythm: rhythm.word().to_owned(), hour, zone, own_hour, own_zone, sent_on, groups }
}

/// Get the daily mail
///
/// How often the owner of the token gets it, and what it would say now.
#[utoipa::path(get, path = "/digest", operation_id = "get_digest", tag = "Plan",
    responses((status = 200, description = "The mail.", body = DigestOut)))]
pub(crate) async fn get(State(api): State<Api>, caller: Caller) -> Result<Json<DigestOut>, Problem> {
    let found = digest::get(&api.app, &caller.actor).await?;
    Ok(Json(shown(&api, found)))
}

/// Say how often and when the daily mail comes
///
/// To the owner of the token.
#[utoipa::path(put, path = "/digest", operation_id = "put_digest", tag = "Plan", request_body(content = RhythmIn),
    responses((status = 200, description = "The mail.", body = DigestOut)))]
pub(crate) async fn put(
    State(api): State<Api>,
    caller: Caller,
    JsonOf(sent): JsonOf<RhythmIn>,
) -> Result<Json<DigestOut>, Problem> {
    let wishes = Wishes { rhythm: word("rhythm", &sent.rhythm)?, hour: sent.hour, zone: sent.zone };
    digest::wish(&api.app, &caller.actor, wishes).await?;
    let found = digest::get(&api.app, &caller.actor).await?;
    Ok(Json(shown(&api, found)))
}

/// Get the hour of the daily mail
///
/// For whoever chose none.
#[utoipa::path(get, path = "/digest-clock", operation_id = "get_digest_clock", tag = "Workspace",
    responses((status = 200, description = "The hour.", body = ClockOut)))]
pub(crate) async fn clock(State(api): State<Api>, caller: Caller) -> Result<Json<ClockOut>, Problem> {
    let (hour, zone, zone_is_own) = digest::clock(&api.app, &caller.actor).await?;
    Ok(Json(ClockOut { hour, zone, zone_is_own }))
}

/// Say at which hour the daily mail comes
///
/// To whoever chose none.
#[utoipa::path(put, path = "/digest-clock", operation_id = "put_digest_clock", tag = "Workspace",
    request_body(content = ClockIn), responses((status = 200, description = "The hour.", body = ClockOut)))]
pub(crate) async fn set_clock(
    State(api): State<Api>,
    caller: Caller,
    JsonOf(ClockIn { hour, zone }): JsonOf<ClockIn>,
) -> Result<Json<ClockOut>, Problem> {
    digest::set_clock(&api.app, &caller.actor, hour, zone).await?;
    let (hour, zone, zone_is_own) = digest::clock(&api.app, &caller.actor).await?;
    Ok(Json(ClockOut { hour, zone, zone_is_own }))
}
