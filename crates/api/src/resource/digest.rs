//! The daily mail of whoever asks.

use axum::Json;
use axum::extract::State;
use gangway_app::digest::{self, Digest};
use gangway_domain::digest::{Group, Item, Part, Rhythm};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Api;
use crate::caller::Caller;
use crate::input::JsonOf;
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
#[schema(example = json!({ "rhythm": "weekly" }))]
pub(crate) struct RhythmIn {
    /// `daily`, `weekly` (on Mondays) or `never`.
    rhythm: String,
}

fn shown(api: &Api, digest: Digest) -> DigestOut {
    let Digest { rhythm, hour, zone, sent_on, groups, .. } = digest;
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
    DigestOut { rhythm: rhythm.word().to_owned(), hour, zone, sent_on, groups }
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

/// Say how often the daily mail comes
///
/// To the owner of the token.
#[utoipa::path(put, path = "/digest", operation_id = "put_digest", tag = "Plan", request_body(content = RhythmIn),
    responses((status = 200, description = "The mail.", body = DigestOut)))]
pub(crate) async fn put(
    State(api): State<Api>,
    caller: Caller,
    JsonOf(sent): JsonOf<RhythmIn>,
) -> Result<Json<DigestOut>, Problem> {
    let rhythm =
        sent.rhythm.parse::<Rhythm>().map_err(|error| Problem::field("rhythm", error.to_string()))?;
    digest::set_rhythm(&api.app, &caller.actor, rhythm).await?;
    let found = digest::get(&api.app, &caller.actor).await?;
    Ok(Json(shown(&api, found)))
}
