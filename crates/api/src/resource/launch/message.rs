//! What people are told of a launch.

use axum::Json;
use axum::extract::State as Shared;
use gangway_app::launch::{self, LaunchRecord, ReleaseDraft};
use gangway_domain::launch::{Message, Recorded};
use gangway_domain::register::Owner;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::LaunchQuery;
use crate::Api;
use crate::caller::{Caller, Here, Sent};
use crate::etag::{IfMatch, changed, created};
use crate::input::QueryOf;
use crate::page::Page;
use crate::problem::{Answer, Problem};

/// A message of a launch.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LaunchMessage)]
pub(crate) struct MessageOut {
    /// Id.
    id: String,
    /// Of which onboarding.
    onboarding: String,
    /// Its moment: `week-before`, `launch-day`, `three-days-after`, or what the methodology names.
    moment: String,
    /// `draft`, `released`, `held` or `sent`.
    status: &'static str,
    /// Subject.
    subject: String,
    /// Text, Markdown.
    text: String,
    /// The day it should go out.
    due_on: Date,
    /// At which hour it goes out by itself; null unless it was released.
    #[schema(required = true)]
    hour: Option<i8>,
    /// On the clock of which zone; null for the account's.
    #[schema(required = true)]
    zone: Option<String>,
    /// It belongs to what the readers have bought, so that they cannot get off it.
    service: bool,
    /// When it went out.
    #[schema(required = true)]
    sent_at: Option<jiff::Timestamp>,
    /// Names of those it went to.
    sent_to: Vec<String>,
    /// Counts changes, from 1; the ETag is made of it.
    version: i64,
}

fn out(one: LaunchRecord<Message>) -> MessageOut {
    let LaunchRecord { id, onboarding, body, version, .. } = one;
    let status = body.status();
    let Message { moment, subject, text, due_on, release, sent } = body;
    MessageOut {
        id: id.to_string(),
        onboarding: onboarding.to_string(),
        moment,
        status,
        subject,
        text,
        due_on,
        hour: release.as_ref().map(|release| release.hour),
        service: release.as_ref().is_some_and(|release| release.service),
        zone: release.and_then(|release| release.zone),
        sent_at: sent.as_ref().map(|sent| sent.at),
        sent_to: sent.map(|sent| sent.to).unwrap_or_default(),
        version,
    }
}

/// List messages of launches
///
/// Of the whole workspace, the newest first.
#[utoipa::path(get, path = "/launch-messages", operation_id = "list_launch_messages", tag = "Go-live",
    params(LaunchQuery),
    responses((status = 200, description = "A page of messages.", body = Page<MessageOut>)))]
pub(crate) async fn list(
    Shared(api): Shared<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<LaunchQuery>,
) -> Result<Json<Page<MessageOut>>, Problem> {
    let (found, more) = launch::list::<Message>(&api.app, &caller.actor, query.read()?).await?;
    Ok(Json(Page::after_last(found.into_iter().map(out), more, |one| one.id.clone())))
}

/// A message to be written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewLaunchMessage, example = json!({ "moment": "week-before" }))]
pub(crate) struct MessageIn {
    /// Its moment, as the methodology names it.
    moment: String,
}

/// Write a message of the launch from the facts
///
/// One that was not sent is written anew.
#[utoipa::path(post, path = "/onboardings/{id}/launch-messages", operation_id = "write_launch_message", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = MessageIn),
    responses((status = 201, description = "The message.", body = MessageOut,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn create(Sent(api, caller, names, sent): Sent<MessageIn>) -> Answer {
    let id = names.id("onboarding")?;
    let made = launch::write_message(&api.app, &caller.actor, id, &sent.moment).await?;
    let (version, location) = (made.version, format!("/api/v1/launch-messages/{}", made.id));
    Ok(created(version, location, Json(out(made))))
}

/// Get a message of a launch
#[utoipa::path(get, path = "/launch-messages/{id}", operation_id = "get_launch_message", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the message.", example = "lau_01900000000070008000000000000001")),
    responses((status = 200, description = "The message.", body = MessageOut, headers(("ETag" = String)))))]
pub(crate) async fn get(Here(api, caller, names): Here) -> Answer {
    let one = launch::get::<Message>(&api.app, &caller.actor, names.id("message")?).await?;
    Ok(changed(one.version, Json(out(one))))
}

/// The words of a message.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LaunchMessageWords, example = json!({ "subject": "We start on Monday", "text": "Hello,\n\nwe start on Monday." }))]
pub(crate) struct WordsIn {
    /// Subject.
    #[schema(min_length = 1, max_length = 300)]
    subject: String,
    /// Text, Markdown.
    #[schema(min_length = 1)]
    text: String,
}

/// Change the words of a message that was not sent
#[utoipa::path(put, path = "/launch-messages/{id}", operation_id = "put_launch_message", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the message.", example = "lau_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = WordsIn),
    responses((status = 200, description = "The message as it is now.", body = MessageOut, headers(("ETag" = String)))))]
pub(crate) async fn change(version: IfMatch, Sent(api, caller, names, sent): Sent<WordsIn>) -> Answer {
    let (id, version) = (names.id("message")?, version.required()?);
    let kept =
        launch::change_message(&api.app, &caller.actor, id, version, &sent.subject, &sent.text).await?;
    Ok(changed(kept.version, Json(out(kept))))
}

/// To whom.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LaunchMessageReaders, example = json!({ "to": ["con_01900000000070008000000000000001"] }))]
pub(crate) struct ReadersIn {
    /// Ids of people of the workspace and of contacts of the customer.
    to: Vec<String>,
}

/// Send a message of the launch
#[utoipa::path(post, path = "/launch-messages/{id}/sending", operation_id = "send_launch_message", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the message.", example = "lau_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = ReadersIn),
    responses((status = 200, description = "The message as it is now.", body = MessageOut, headers(("ETag" = String)))))]
pub(crate) async fn send(version: IfMatch, Sent(api, caller, names, sent): Sent<ReadersIn>) -> Answer {
    let to: Vec<Owner> = sent.to.iter().filter_map(|text| Owner::read(text)).collect();
    let (id, version) = (names.id("message")?, version.required()?);
    let kept = launch::send_message(&api.app, &caller.actor, id, version, &to).await?;
    Ok(changed(kept.version, Json(out(kept))))
}

/// How a message is to go out by itself.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewLaunchMessageRelease, example = json!({ "to": ["con_01900000000070008000000000000001"], "hour": 9 }))]
pub(crate) struct ReleaseIn {
    /// Ids of people of the workspace and of contacts of the customer.
    to: Vec<String>,
    /// At which hour; 9 when left out.
    #[schema(minimum = 0, maximum = 23)]
    hour: Option<i8>,
    /// On the clock of which zone (IANA name); the account's when left out.
    zone: Option<String>,
    /// It belongs to what the readers have bought, so that they cannot get off it.
    #[serde(default)]
    service: bool,
}

/// Release a message of the launch
///
/// It goes out by itself at its day and hour, and moves with the go-live; never after a no go or a rollback.
#[utoipa::path(post, path = "/launch-messages/{id}/release", operation_id = "release_launch_message", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the message.", example = "lau_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = ReleaseIn),
    responses((status = 200, description = "The message as it is now.", body = MessageOut, headers(("ETag" = String)))))]
pub(crate) async fn release(version: IfMatch, Sent(api, caller, names, sent): Sent<ReleaseIn>) -> Answer {
    let ReleaseIn { to, hour, zone, service } = sent;
    let to: Vec<Owner> = to.iter().filter_map(|text| Owner::read(text)).collect();
    let (id, version) = (names.id("message")?, version.required()?);
    let draft = ReleaseDraft { to, hour, zone, service };
    let kept = launch::release_message(&api.app, &caller.actor, id, version, draft).await?;
    Ok(changed(kept.version, Json(out(kept))))
}

/// Whether a message waits.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LaunchMessageHold, example = json!({ "held": true }))]
pub(crate) struct HoldIn {
    /// Yes or no.
    held: bool,
}

/// Hold a message of the launch that was released, or let it go again
#[utoipa::path(post, path = "/launch-messages/{id}/hold", operation_id = "hold_launch_message", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the message.", example = "lau_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = HoldIn),
    responses((status = 200, description = "The message as it is now.", body = MessageOut, headers(("ETag" = String)))))]
pub(crate) async fn hold(version: IfMatch, Sent(api, caller, names, sent): Sent<HoldIn>) -> Answer {
    let (id, version) = (names.id("message")?, version.required()?);
    let kept = launch::hold_message(&api.app, &caller.actor, id, version, sent.held).await?;
    Ok(changed(kept.version, Json(out(kept))))
}
