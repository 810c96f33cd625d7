//! What the customer says to an outcome: agreed, confirmed, not there yet.

use gangway_app::outcome::{self, Said};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{OutcomeOut, answered};
use crate::caller::Sent;
use crate::etag::IfMatch;
use crate::problem::{Answer, Problem};

/// Who of the customer agreed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OutcomeAgreement, example = json!({ "by": "Dana Whitfield" }))]
pub(crate) struct AgreementIn {
    /// Their name.
    by: String,
}

/// Write down that the customer agreed to an outcome
///
/// It must say what is measured.
#[utoipa::path(post, path = "/outcomes/{id}/agreement", operation_id = "agree_outcome", tag = "Impact",
    params(("id" = String, Path, description = "Id of the outcome.", example = "out_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = AgreementIn),
    responses((status = 200, description = "The outcome as it is now.", body = OutcomeOut, headers(("ETag" = String)))))]
pub(crate) async fn agree(version: IfMatch, Sent(api, caller, names, sent): Sent<AgreementIn>) -> Answer {
    let id = names.id("outcome")?;
    Ok(answered(&api, outcome::agree(&api.app, &caller.actor, id, version.required()?, &sent.by).await?))
}

/// What somebody of the customer said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OutcomeSaid, example = json!({ "answer": "confirmed", "by": "Dana Whitfield", "words": "Two closes in four days" }))]
pub(crate) struct AnswerIn {
    /// `confirmed` or `declined`.
    answer: String,
    /// Who said it.
    by: String,
    /// In their words; what is missing when it is declined.
    #[serde(default)]
    words: String,
}

/// Write down what the customer said of an outcome
///
/// A yes needs an outcome that is reached, and a measurement with evidence. People of the customer say it themselves
/// in their portal.
#[utoipa::path(post, path = "/outcomes/{id}/answer", operation_id = "answer_outcome", tag = "Impact",
    params(("id" = String, Path, description = "Id of the outcome.", example = "out_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = AnswerIn),
    responses((status = 200, description = "The outcome as it is now.", body = OutcomeOut, headers(("ETag" = String)))))]
pub(crate) async fn answer(version: IfMatch, Sent(api, caller, names, sent): Sent<AnswerIn>) -> Answer {
    let (id, version) = (names.id("outcome")?, version.required()?);
    let AnswerIn { answer, by, words } = sent;
    let said = Said { by, words };
    let kept = match answer.as_str() {
        "confirmed" => outcome::confirm(&api.app, &caller.actor, id, version, said).await?,
        "declined" => outcome::decline(&api.app, &caller.actor, id, version, said).await?,
        _ => return Err(Problem::field("answer", "must be confirmed or declined")),
    };
    Ok(answered(&api, kept))
}

/// Why an outcome is opened again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OutcomeReopening, example = json!({ "reason": "The figure was of another plant" }))]
pub(crate) struct ReopeningIn {
    /// Why.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// Open an outcome again
///
/// What the customer said is taken back, and they are asked anew.
#[utoipa::path(post, path = "/outcomes/{id}/reopening", operation_id = "reopen_outcome", tag = "Impact",
    params(("id" = String, Path, description = "Id of the outcome.", example = "out_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = ReopeningIn),
    responses((status = 200, description = "The outcome as it is now.", body = OutcomeOut, headers(("ETag" = String)))))]
pub(crate) async fn reopen(version: IfMatch, Sent(api, caller, names, sent): Sent<ReopeningIn>) -> Answer {
    let id = names.id("outcome")?;
    let kept = outcome::reopen(&api.app, &caller.actor, id, version.required()?, &sent.reason).await?;
    Ok(answered(&api, kept))
}
