//! Whether an onboarding is on track, and why.

use axum::Json;
use gangway_app::standing::{self, Kept};
use gangway_domain::ids::OnboardingId;
use gangway_domain::methodology::Light;
use gangway_domain::report::ReportColour;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::caller::{Here, Sent};
use crate::description;
use crate::etag::{IfMatch, changed};
use crate::problem::{Answer, Problem};

/// Whether an onboarding is on track.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OnboardingColour)]
pub(crate) struct ColourOut {
    /// The colour that counts: `green`, `amber` or `red`; null for what was over before colours were kept.
    #[schema(required = true)]
    colour: Option<&'static str>,
    /// Why, the gravest first; empty where nothing speaks against it.
    because: Vec<String>,
    /// What the rules gave with their reasons, and what a person put in its place.
    #[schema(schema_with = description::report_colour)]
    detail: ReportColour,
    /// The day the rules were asked.
    #[schema(required = true)]
    made_on: Option<Date>,
    /// Counts what people chose, from 0.
    version: i64,
}

impl From<Option<Kept>> for ColourOut {
    fn from(kept: Option<Kept>) -> Self {
        let made_on = kept.as_ref().map(|kept| kept.made_on);
        let version = kept.as_ref().map_or(0, |kept| kept.version);
        let light = kept.as_ref().map(|kept| kept.colour.light().word());
        let detail = kept.map(|kept| kept.colour).unwrap_or_default();
        Self { colour: light, because: detail.because(), detail, made_on, version }
    }
}

/// A colour in place of what the rules give.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "colour": "green", "reason": "Done on Friday, ticked off on Monday" }))]
pub(crate) struct ColourIn {
    /// `green`, `amber` or `red`; `rules` leaves it to the rules again.
    colour: String,
    /// Why it is another than the rules say.
    reason: Option<String>,
}

/// Get the colour of an onboarding
///
/// Whether it is on track today, by the rules of `governance.toml` or by what a person put in their place.
#[utoipa::path(get, path = "/onboardings/{id}/colour", operation_id = "get_onboarding_colour", tag = "Governance",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "The colour.", body = ColourOut, headers(("ETag" = String)))))]
pub(crate) async fn get(Here(api, caller, names): Here) -> Answer {
    let kept = standing::colour(&api.app, &caller.actor, names.id("onboarding")?).await?;
    // The reasons change with the day, whatever people choose: there is never nothing new to say.
    let version = kept.as_ref().map_or(0, |kept| kept.version);
    Ok(changed(version, Json(ColourOut::from(kept))))
}

/// Choose the colour of an onboarding
///
/// In place of what the rules give, with a reason; it stays until somebody leaves it to the rules again.
#[utoipa::path(put, path = "/onboardings/{id}/colour", operation_id = "put_onboarding_colour", tag = "Governance",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("If-Match" = Option<String>, Header, description = "Version that was read.", example = "\"0\"")),
    request_body(content = ColourIn),
    responses((status = 200, description = "The colour.", body = ColourOut, headers(("ETag" = String)))))]
pub(crate) async fn put(IfMatch(version): IfMatch, Sent(api, caller, names, sent): Sent<ColourIn>) -> Answer {
    let id: OnboardingId = names.id("onboarding")?;
    let chosen = match sent.colour.as_str() {
        "rules" => None,
        word => {
            let light = Light::read(word)
                .ok_or_else(|| Problem::field("colour", "must be green, amber, red or rules"))?;
            Some((light, sent.reason.unwrap_or_default()))
        }
    };
    let kept = standing::choose(&api.app, &caller.actor, id, version, chosen).await?;
    Ok(changed(kept.version, Json(ColourOut::from(Some(kept)))))
}
