//! How mail goes: addresses that get no surveys and reminders, and mail that came back.

use axum::Json;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use gangway_app::mail::{self, Bounce, Suppression};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::instant;
use crate::Api;
use crate::caller::{Caller, Here};
use crate::input::JsonOf;
use crate::page::Page;
use crate::problem::{Answer, Problem};

/// An address that gets no surveys and reminders.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MailSuppression)]
pub(crate) struct SuppressionOut {
    /// The address, in lower case.
    address: String,
    /// `unsubscribed`, `bounced` or `asked`.
    reason: String,
    /// Who said so.
    made_by: String,
    /// When.
    made_at: jiff::Timestamp,
}

impl From<Suppression> for SuppressionOut {
    fn from(one: Suppression) -> Self {
        let Suppression { address, reason, made_by, made_at } = one;
        Self { address, reason, made_by, made_at: instant(made_at) }
    }
}

/// Mail a server refused for good.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MailBounce)]
pub(crate) struct BounceOut {
    /// To whom it went.
    address: String,
    /// Its subject.
    subject: String,
    /// The server's code; null when the address is none.
    #[schema(required = true)]
    code: Option<i64>,
    /// What went wrong.
    problem: String,
    /// When.
    at: jiff::Timestamp,
}

impl From<Bounce> for BounceOut {
    fn from(one: Bounce) -> Self {
        let Bounce { job: _, address, subject, code, problem, at } = one;
        Self { address, subject, code, problem, at: instant(at) }
    }
}

/// List addresses that get no surveys and reminders
///
/// The latest first, 500 at most.
#[utoipa::path(get, path = "/mail/suppressions", operation_id = "list_mail_suppressions", tag = "Feedback",
    responses((status = 200, description = "The addresses.", body = Page<SuppressionOut>)))]
pub(crate) async fn suppressions(
    Shared(api): Shared<Api>,
    caller: Caller,
) -> Result<Json<Page<SuppressionOut>>, Problem> {
    let standing = mail::standing(&api.app, &caller.actor).await?;
    Ok(Json(Page::whole(standing.suppressions.into_iter().map(SuppressionOut::from))))
}

/// List mail that came back
///
/// The latest first, 500 at most.
#[utoipa::path(get, path = "/mail/bounces", operation_id = "list_mail_bounces", tag = "Feedback",
    responses((status = 200, description = "The mails.", body = Page<BounceOut>)))]
pub(crate) async fn bounces(
    Shared(api): Shared<Api>,
    caller: Caller,
) -> Result<Json<Page<BounceOut>>, Problem> {
    let standing = mail::standing(&api.app, &caller.actor).await?;
    Ok(Json(Page::whole(standing.bounces.into_iter().map(BounceOut::from))))
}

/// An address that is to get no surveys and reminders.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewMailSuppression, example = json!({ "address": "ada@acme.example" }))]
pub(crate) struct SuppressionIn {
    /// The address.
    address: String,
}

/// Send an address no more surveys and reminders
#[utoipa::path(post, path = "/mail/suppressions", operation_id = "suppress_mail", tag = "Feedback",
    request_body(content = SuppressionIn),
    responses((status = 204, description = "It gets none.")))]
pub(crate) async fn suppress(
    Shared(api): Shared<Api>,
    caller: Caller,
    JsonOf(sent): JsonOf<SuppressionIn>,
) -> Answer {
    mail::suppress(&api.app, &caller.actor, &sent.address).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Send an address surveys and reminders again
#[utoipa::path(delete, path = "/mail/suppressions/{address}", operation_id = "release_mail", tag = "Feedback",
    params(("address" = String, Path, description = "The address.", example = "ada@acme.example")),
    responses((status = 204, description = "It gets them again.")))]
pub(crate) async fn release(Here(api, caller, names): Here) -> Answer {
    mail::release(&api.app, &caller.actor, names.text(0)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
