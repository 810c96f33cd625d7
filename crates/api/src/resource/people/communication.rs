//! What is said to whom when, and the activities of change management.

use axum::Json;
use axum::http::{HeaderMap, StatusCode};
use gangway_app::people::{self, Activity, Draft, Message, Step};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::caller::{Here, Sent};
use crate::etag::{IfMatch, changed, created, tagged};
use crate::page::Page;
use crate::problem::{Answer, Problem};

/// A message of the communication plan.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlannedMessage)]
pub(crate) struct MessageOut {
    /// Id.
    id: String,
    /// The onboarding.
    onboarding: String,
    /// When it is to go out.
    on: Date,
    /// To whom.
    audience: String,
    /// What is said.
    message: String,
    /// How.
    channel: String,
    /// Who says it.
    owner: String,
    /// When it went out.
    #[schema(required = true)]
    sent_on: Option<Date>,
    /// Who said so.
    #[schema(required = true)]
    sent_by: Option<String>,
    /// Counts changes, from 1; the ETag is made of it.
    version: i64,
}

impl From<Message> for MessageOut {
    fn from(message: Message) -> Self {
        let (sent_on, sent_by) = message.sent.map_or((None, None), |(on, by)| (Some(on), Some(by)));
        Self {
            id: message.id.to_string(),
            onboarding: message.onboarding.to_string(),
            on: message.on,
            audience: message.audience,
            message: message.message,
            channel: message.channel,
            owner: message.owner,
            sent_on,
            sent_by,
            version: message.version,
        }
    }
}

/// A message to be sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlannedMessageWords, example = json!({
    "on": "2027-02-15", "audience": "End users", "message": "Training dates", "channel": "E-mail", "owner": "Champion"
}))]
pub(crate) struct MessageIn {
    /// When it is to go out.
    on: Date,
    /// To whom.
    audience: String,
    /// What is said.
    message: String,
    /// How.
    channel: String,
    /// Who says it.
    owner: String,
    /// It went out; not when left out.
    #[serde(default)]
    sent: bool,
}

impl From<MessageIn> for Draft {
    fn from(sent: MessageIn) -> Self {
        let MessageIn { on, audience, message, channel, owner, sent } = sent;
        Self { on, audience, message, channel, owner, sent }
    }
}

/// List the communication calendar of an onboarding
///
/// By day, all on one page.
#[utoipa::path(get, path = "/onboardings/{id}/messages", operation_id = "list_messages", tag = "People",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "The messages.", body = Page<MessageOut>)))]
pub(crate) async fn list(Here(api, caller, names): Here) -> Result<Json<Page<MessageOut>>, Problem> {
    let plan = people::communication(&api.app, &caller.actor, names.id("onboarding")?).await?;
    Ok(Json(Page::whole(plan.messages.into_iter().map(MessageOut::from))))
}

/// Get a message of the communication calendar
#[utoipa::path(get, path = "/messages/{id}", operation_id = "get_message", tag = "People",
    params(("id" = String, Path, description = "Id of the message.", example = "msg_01900000000070008000000000000001")),
    responses((status = 200, description = "The message.", body = MessageOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn get(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let message = people::message(&api.app, &caller.actor, names.id("message")?).await?;
    Ok(tagged(&headers, message.version, Json(MessageOut::from(message))))
}

/// Plan a message
#[utoipa::path(post, path = "/onboardings/{id}/messages", operation_id = "add_message", tag = "People",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = MessageIn),
    responses((status = 201, description = "The message.", body = MessageOut,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn create(Sent(api, caller, names, sent): Sent<MessageIn>) -> Answer {
    let made = people::add_message(&api.app, &caller.actor, names.id("onboarding")?, sent.into()).await?;
    let (version, location) = (made.version, format!("/api/v1/messages/{}", made.id));
    Ok(created(version, location, Json(MessageOut::from(made))))
}

/// Change a message, or say whether it went out
#[utoipa::path(put, path = "/messages/{id}", operation_id = "change_message", tag = "People",
    params(("id" = String, Path, description = "Id of the message.", example = "msg_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = MessageIn),
    responses((status = 200, description = "The message as it is now.", body = MessageOut, headers(("ETag" = String)))))]
pub(crate) async fn change(version: IfMatch, Sent(api, caller, names, sent): Sent<MessageIn>) -> Answer {
    let id = names.id("message")?;
    let kept = people::change_message(&api.app, &caller.actor, id, version.required()?, sent.into()).await?;
    Ok(changed(kept.version, Json(MessageOut::from(kept))))
}

/// Take a message out of the communication calendar
#[utoipa::path(delete, path = "/messages/{id}", operation_id = "remove_message", tag = "People",
    params(("id" = String, Path, description = "Id of the message.", example = "msg_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    responses((status = 204, description = "It is gone.")))]
pub(crate) async fn remove(Here(api, caller, names): Here, version: IfMatch) -> Result<StatusCode, Problem> {
    people::remove_message(&api.app, &caller.actor, names.id("message")?, version.required()?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An activity of the change-management plan.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChangeStep)]
pub(crate) struct StepOut {
    /// Id.
    id: String,
    /// The onboarding.
    onboarding: String,
    /// Its phase.
    phase: String,
    /// What is done.
    activity: String,
    /// For whom.
    focus: String,
    /// When it was done.
    #[schema(required = true)]
    done_on: Option<Date>,
    /// Who said so.
    #[schema(required = true)]
    done_by: Option<String>,
    /// Counts changes, from 1; send it as If-Match.
    version: i64,
}

impl From<Step> for StepOut {
    fn from(step: Step) -> Self {
        let (done_on, done_by) = step.done.map_or((None, None), |(on, by)| (Some(on), Some(by)));
        Self {
            id: step.id.to_string(),
            onboarding: step.onboarding.to_string(),
            phase: step.phase,
            activity: step.activity,
            focus: step.focus,
            done_on,
            done_by,
            version: step.version,
        }
    }
}

/// An activity of change management.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChangeStepWords, example = json!({
    "phase": "Desire", "activity": "Show the pilot to the other plants", "focus": "Plant managers"
}))]
pub(crate) struct StepIn {
    /// Its phase; what it was stays when an activity changes.
    #[serde(default)]
    phase: String,
    /// What is done.
    activity: String,
    /// For whom.
    focus: String,
    /// It was done; not when left out.
    #[serde(default)]
    done: bool,
}

impl From<StepIn> for Activity {
    fn from(sent: StepIn) -> Self {
        let StepIn { phase, activity, focus, done } = sent;
        Self { phase, activity, focus, done }
    }
}

/// List the activities of change management of an onboarding
///
/// In order, all on one page.
#[utoipa::path(get, path = "/onboardings/{id}/change-steps", operation_id = "list_change_steps", tag = "People",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "The activities.", body = Page<StepOut>)))]
pub(crate) async fn steps(Here(api, caller, names): Here) -> Result<Json<Page<StepOut>>, Problem> {
    let plan = people::communication(&api.app, &caller.actor, names.id("onboarding")?).await?;
    Ok(Json(Page::whole(plan.steps.into_iter().map(StepOut::from))))
}

/// Add an activity of change management
#[utoipa::path(post, path = "/onboardings/{id}/change-steps", operation_id = "add_change_step", tag = "People",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = StepIn),
    responses((status = 201, description = "The activity.", body = StepOut, headers(("ETag" = String)))))]
pub(crate) async fn add_step(Sent(api, caller, names, sent): Sent<StepIn>) -> Answer {
    let made = people::add_step(&api.app, &caller.actor, names.id("onboarding")?, sent.into()).await?;
    Ok(changed(made.version, (StatusCode::CREATED, Json(StepOut::from(made)))))
}

/// Change an activity of change management, or say whether it was done
#[utoipa::path(put, path = "/change-steps/{id}", operation_id = "change_change_step", tag = "People",
    params(("id" = String, Path, description = "Id of the activity.", example = "cms_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = StepIn),
    responses((status = 200, description = "The activity as it is now.", body = StepOut, headers(("ETag" = String)))))]
pub(crate) async fn change_step(version: IfMatch, Sent(api, caller, names, sent): Sent<StepIn>) -> Answer {
    let id = names.id("activity")?;
    let kept = people::change_step(&api.app, &caller.actor, id, version.required()?, sent.into()).await?;
    Ok(changed(kept.version, Json(StepOut::from(kept))))
}

/// Take an activity out of the change-management plan
#[utoipa::path(delete, path = "/change-steps/{id}", operation_id = "remove_change_step", tag = "People",
    params(("id" = String, Path, description = "Id of the activity.", example = "cms_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    responses((status = 204, description = "It is gone.")))]
pub(crate) async fn remove_step(
    Here(api, caller, names): Here,
    version: IfMatch,
) -> Result<StatusCode, Problem> {
    people::remove_step(&api.app, &caller.actor, names.id("activity")?, version.required()?).await?;
    Ok(StatusCode::NO_CONTENT)
}
