//! The log of resistance.

use axum::Json;
use axum::http::HeaderMap;
use gangway_app::people::{self, Noticed, Resistance};
use gangway_domain::ids::ResistanceId;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Api;
use crate::caller::{Here, Sent};
use crate::etag::{IfMatch, changed, created, tagged};
use crate::input::{QueryOf, optional};
use crate::page::{Page, PageQuery, id, limit};
use crate::problem::{Answer, Problem};

/// Resistance somebody met.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Resistance)]
pub(crate) struct ResistanceOut {
    /// Id.
    id: String,
    /// The onboarding.
    onboarding: String,
    /// Who resists (id of the contact); null for a group.
    #[schema(required = true)]
    contact: Option<String>,
    /// What they, or the group, are called.
    who: String,
    /// How it shows: an id of `people.toml`.
    signal: String,
    /// Of which kind it is: an id of `people.toml`.
    kind: String,
    /// What helps against that kind.
    strategy: String,
    /// What is behind it.
    concern: String,
    /// What is done about it.
    actions: String,
    /// Who does it.
    owner: String,
    /// When it was noticed.
    noticed_on: Date,
    /// When it was over.
    #[schema(required = true)]
    resolved_on: Option<Date>,
    /// How it ended.
    #[schema(required = true)]
    resolution: Option<String>,
    /// Who wrote it down.
    made_by: String,
    /// Counts changes, from 1; the ETag is made of it.
    version: i64,
}

fn out(api: &Api, entry: Resistance) -> ResistanceOut {
    let kinds = &api.app.methodology.people.resistance;
    let strategy = kinds.iter().find(|one| one.id == entry.kind).map(|one| one.strategy.clone());
    let (resolved_on, resolution) = entry.resolved.map_or((None, None), |(on, how)| (Some(on), Some(how)));
    ResistanceOut {
        id: entry.id.to_string(),
        onboarding: entry.onboarding.to_string(),
        contact: entry.contact.map(|id| id.to_string()),
        who: entry.who,
        signal: entry.signal,
        kind: entry.kind,
        strategy: strategy.unwrap_or_default(),
        concern: entry.concern,
        actions: entry.actions,
        owner: entry.owner,
        noticed_on: entry.noticed_on,
        resolved_on,
        resolution,
        made_by: entry.made_by,
        version: entry.version,
    }
}

/// What is written down of resistance.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ResistanceNoticed, example = json!({
    "who": "Planners", "signal": "passive", "kind": "skills", "concern": "Afraid of the new screens"
}))]
pub(crate) struct ResistanceIn {
    /// Who resists (id of the contact of a stakeholder).
    contact: Option<String>,
    /// Or the name of a group.
    #[serde(default)]
    who: String,
    /// How it shows: an id of `people.toml`, such as `passive` or `active`.
    signal: String,
    /// Of which kind it is: an id of `people.toml`, such as `fear` or `skills`.
    kind: String,
    /// What is behind it.
    #[serde(default)]
    concern: String,
    /// What is done about it; what is usually done when left out.
    #[serde(default)]
    actions: String,
    /// Who does it; whoever usually does when left out.
    #[serde(default)]
    owner: String,
    /// When it was noticed; today when left out.
    noticed_on: Option<Date>,
}

impl TryFrom<ResistanceIn> for Noticed {
    type Error = Problem;

    fn try_from(sent: ResistanceIn) -> Result<Self, Problem> {
        let ResistanceIn { contact, who, signal, kind, concern, actions, owner, noticed_on } = sent;
        let contact = optional("contact", contact.as_deref())?;
        Ok(Self { contact, who, signal, kind, concern, actions, owner, noticed_on })
    }
}

/// List resistance met in an onboarding
///
/// The newest first.
#[utoipa::path(get, path = "/onboardings/{id}/resistance", operation_id = "list_resistance", tag = "People",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"), PageQuery),
    responses((status = 200, description = "A page of the log.", body = Page<ResistanceOut>)))]
pub(crate) async fn list(
    Here(api, caller, names): Here,
    QueryOf(query): QueryOf<PageQuery>,
) -> Result<Json<Page<ResistanceOut>>, Problem> {
    let before = id::<ResistanceId>("after", query.after.as_deref())?;
    let onboarding = names.id("onboarding")?;
    let (_, found, more) =
        people::resistances(&api.app, &caller.actor, onboarding, before, limit(query.limit)?).await?;
    let items = found.into_iter().map(|entry| out(&api, entry));
    Ok(Json(Page::after_last(items, more, |entry| entry.id.clone())))
}

/// Get resistance
#[utoipa::path(get, path = "/resistance/{id}", operation_id = "get_resistance", tag = "People",
    params(("id" = String, Path, description = "Id of the entry.", example = "rst_01900000000070008000000000000001")),
    responses((status = 200, description = "The entry.", body = ResistanceOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn get(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let (_, entry) = people::resistance(&api.app, &caller.actor, names.id("resistance")?).await?;
    Ok(tagged(&headers, entry.version, Json(out(&api, entry))))
}

/// Write resistance down
#[utoipa::path(post, path = "/onboardings/{id}/resistance", operation_id = "notice_resistance", tag = "People",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = ResistanceIn),
    responses((status = 201, description = "The entry.", body = ResistanceOut,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn create(Sent(api, caller, names, sent): Sent<ResistanceIn>) -> Answer {
    let made = people::notice(&api.app, &caller.actor, names.id("onboarding")?, sent.try_into()?).await?;
    let (version, location) = (made.version, format!("/api/v1/resistance/{}", made.id));
    Ok(created(version, location, Json(out(&api, made))))
}

/// Change what is known of resistance
///
/// The whole entry is sent; whether it is over does not change.
#[utoipa::path(put, path = "/resistance/{id}", operation_id = "change_resistance", tag = "People",
    params(("id" = String, Path, description = "Id of the entry.", example = "rst_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = ResistanceIn),
    responses((status = 200, description = "The entry as it is now.", body = ResistanceOut, headers(("ETag" = String)))))]
pub(crate) async fn change(version: IfMatch, Sent(api, caller, names, sent): Sent<ResistanceIn>) -> Answer {
    let (id, noticed) = (names.id("resistance")?, Noticed::try_from(sent)?);
    let kept = people::change_resistance(&api.app, &caller.actor, id, version.required()?, noticed).await?;
    Ok(changed(kept.version, Json(out(&api, kept))))
}

/// How it ended.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ResistanceResolution, example = json!({ "how": "They train the others now" }))]
pub(crate) struct ResolutionIn {
    /// In a sentence.
    #[schema(min_length = 1)]
    how: String,
}

/// Say that resistance is over
#[utoipa::path(post, path = "/resistance/{id}/resolution", operation_id = "resolve_resistance", tag = "People",
    params(("id" = String, Path, description = "Id of the entry.", example = "rst_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = ResolutionIn),
    responses((status = 200, description = "The entry as it is now.", body = ResistanceOut, headers(("ETag" = String)))))]
pub(crate) async fn resolve(version: IfMatch, Sent(api, caller, names, sent): Sent<ResolutionIn>) -> Answer {
    let id = names.id("resistance")?;
    let kept = people::resolve(&api.app, &caller.actor, id, version.required()?, Some(&sent.how)).await?;
    Ok(changed(kept.version, Json(out(&api, kept))))
}

/// Say that resistance is not over after all
#[utoipa::path(post, path = "/resistance/{id}/reopening", operation_id = "reopen_resistance", tag = "People",
    params(("id" = String, Path, description = "Id of the entry.", example = "rst_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    responses((status = 200, description = "The entry as it is now.", body = ResistanceOut, headers(("ETag" = String)))))]
pub(crate) async fn reopen(Here(api, caller, names): Here, version: IfMatch) -> Answer {
    let id = names.id("resistance")?;
    let kept = people::resolve(&api.app, &caller.actor, id, version.required()?, None).await?;
    Ok(changed(kept.version, Json(out(&api, kept))))
}
