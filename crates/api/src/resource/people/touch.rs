//! Talks with stakeholders.

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use gangway_app::people::{self, Talk, Touch};
use gangway_domain::ids::{ContactId, TouchId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::caller::{Here, Sent};
use crate::input::{QueryOf, word};
use crate::page::{Page, id, limit};
use crate::problem::{Answer, Problem};
use crate::resource::instant;

/// That somebody spoke with a stakeholder.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Touch)]
pub(crate) struct TouchOut {
    /// Id.
    id: String,
    /// The onboarding.
    onboarding: String,
    /// With whom (id of the contact).
    contact: String,
    /// Their name.
    name: String,
    /// When.
    on: Date,
    /// `meeting`, `call`, `email`, `chat`, `visit` or `other`.
    channel: &'static str,
    /// Which engagement of an executive it was: an id of `people.toml`.
    #[schema(required = true)]
    engagement: Option<String>,
    /// What was said; only the workspace sees it.
    note: String,
    /// Who spoke with them.
    by: String,
    /// When it was written down.
    made_at: jiff::Timestamp,
}

impl From<Touch> for TouchOut {
    fn from(touch: Touch) -> Self {
        Self {
            id: touch.id.to_string(),
            onboarding: touch.onboarding.to_string(),
            contact: touch.contact.to_string(),
            name: touch.name,
            on: touch.on,
            channel: touch.channel.word(),
            engagement: touch.engagement,
            note: touch.note,
            by: touch.by,
            made_at: instant(touch.made_at),
        }
    }
}

/// Which talks.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TouchQuery {
    /// Only those with this contact (id).
    contact: Option<String>,
    /// Lines on the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<u32>,
    /// Where to start: `next` of the page before.
    after: Option<String>,
}

/// List talks with the stakeholders of an onboarding
///
/// Those written down last first.
#[utoipa::path(get, path = "/onboardings/{id}/touches", operation_id = "list_touches", tag = "People",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"), TouchQuery),
    responses((status = 200, description = "A page of talks.", body = Page<TouchOut>)))]
pub(crate) async fn touches(
    Here(api, caller, names): Here,
    QueryOf(query): QueryOf<TouchQuery>,
) -> Result<Json<Page<TouchOut>>, Problem> {
    let TouchQuery { contact, limit: lines, after } = query;
    let who = id::<ContactId>("contact", contact.as_deref())?;
    let before = id::<TouchId>("after", after.as_deref())?;
    let onboarding = names.id("onboarding")?;
    let (found, more) =
        people::touches(&api.app, &caller.actor, onboarding, who, before, limit(lines)?).await?;
    Ok(Json(Page::after_last(found.into_iter().map(TouchOut::from), more, |touch| touch.id.clone())))
}

/// A talk that took place.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TouchNew, example = json!({ "on": "2027-01-14", "channel": "call", "engagement": "progress", "note": "Pleased with the pilot" }))]
pub(crate) struct TouchIn {
    /// When; today or before.
    on: Date,
    /// `meeting`, `call`, `email`, `chat`, `visit` or `other`.
    channel: String,
    /// Which engagement of an executive it was: an id of `people.toml`.
    engagement: Option<String>,
    /// What was said; only the workspace sees it.
    #[serde(default)]
    note: String,
}

/// Write down that a stakeholder was spoken with
#[utoipa::path(post, path = "/onboardings/{id}/stakeholders/{contact}/touches", operation_id = "add_touch", tag = "People",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("contact" = String, Path, description = "Id of the contact.", example = "con_01900000000070008000000000000001")),
    request_body(content = TouchIn),
    responses((status = 201, description = "The talk.", body = TouchOut)))]
pub(crate) async fn touch(Sent(api, caller, names, sent): Sent<TouchIn>) -> Answer {
    let TouchIn { on, channel, engagement, note } = sent;
    let talk = Talk { on, channel: word("channel", &channel)?, engagement, note };
    let (id, who) = (names.id("onboarding")?, names.second("stakeholder")?);
    let made = people::touch(&api.app, &caller.actor, id, who, talk).await?;
    Ok((StatusCode::CREATED, Json(TouchOut::from(made))).into_response())
}

/// Take a talk out that was written down by mistake
#[utoipa::path(delete, path = "/touches/{id}", operation_id = "remove_touch", tag = "People",
    params(("id" = String, Path, description = "Id of the talk.", example = "tch_01900000000070008000000000000001")),
    responses((status = 204, description = "It is gone.")))]
pub(crate) async fn untouch(Here(api, caller, names): Here) -> Result<StatusCode, Problem> {
    people::remove_touch(&api.app, &caller.actor, names.id("talk")?).await?;
    Ok(StatusCode::NO_CONTENT)
}
