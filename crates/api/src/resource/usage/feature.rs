//! Features of the product, by the events that show that they are used.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use gangway_app::usage::feature::{self, Feature, InUse, Wanted};
use gangway_domain::ids::FeatureId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Api;
use crate::caller::{Caller, Here, Sent};
use crate::etag::{IfMatch, changed, created, tagged};
use crate::input::JsonOf;
use crate::page::Page;
use crate::problem::{Answer, Problem};

/// A feature as it is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Reports", "events": ["Report Exported", "Report Shared"], "core": true }))]
pub(crate) struct UsageFeatureIn {
    /// Id in words; made from the name when left out.
    code: Option<String>,
    /// Name people see.
    #[schema(max_length = 120)]
    name: String,
    /// What it is for.
    #[serde(default)]
    description: String,
    /// Names of events, any of which shows that it is used.
    events: Vec<String>,
    /// It counts for adoption.
    #[serde(default)]
    core: bool,
    /// Its use shows more than the beginning.
    #[serde(default)]
    advanced: bool,
}

impl From<UsageFeatureIn> for Wanted {
    fn from(sent: UsageFeatureIn) -> Self {
        let UsageFeatureIn { code, name, description, events, core, advanced } = sent;
        Self { code, name, description, events, core, advanced }
    }
}

/// A feature of the workspace's own.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UsageFeature, example = json!({
    "id": "fea_01900000000070008000000000000001", "code": "reports", "name": "Reports", "description": "",
    "events": ["Report Exported", "Report Shared"], "core": true, "advanced": false, "version": 1
}))]
pub(crate) struct UsageFeatureOut {
    /// Id.
    id: String,
    /// Id in words.
    code: String,
    /// Name people see.
    name: String,
    /// What it is for.
    description: String,
    /// Names of events, any of which shows that it is used.
    events: Vec<String>,
    /// It counts for adoption.
    core: bool,
    /// Its use shows more than the beginning.
    advanced: bool,
    /// Counts changes.
    version: i64,
}

impl From<Feature> for UsageFeatureOut {
    fn from(one: Feature) -> Self {
        Self {
            id: one.id.to_string(),
            code: one.code,
            name: one.name,
            description: one.description,
            events: one.events,
            core: one.core,
            advanced: one.advanced,
            version: one.version,
        }
    }
}

/// A feature that counts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UsageFeatureInUse, example = json!({
    "code": "reports", "name": "Reports", "events": ["Report Exported"], "core": true, "advanced": false
}))]
pub(crate) struct UsageFeatureInUseOut {
    /// Id in words.
    code: String,
    /// Name people see.
    name: String,
    /// Names of events, any of which shows that it is used.
    events: Vec<String>,
    /// It counts for adoption.
    core: bool,
    /// Its use shows more than the beginning.
    advanced: bool,
}

impl From<InUse> for UsageFeatureInUseOut {
    fn from(one: InUse) -> Self {
        let InUse { code, name, events, core, advanced } = one;
        Self { code, name, events, core, advanced }
    }
}

/// List the workspace's features
///
/// In their order, on one page. Empty while those that come with Gangway hold.
#[utoipa::path(get, path = "/usage-features", operation_id = "list_usage_features", tag = "Usage",
    responses((status = 200, description = "The features.", body = Page<UsageFeatureOut>)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
) -> Result<Json<Page<UsageFeatureOut>>, Problem> {
    let features = feature::list(&api.app, &caller.actor).await?;
    Ok(Json(Page::whole(features.into_iter().map(UsageFeatureOut::from))))
}

/// List the features that count
///
/// The workspace's own, or those that come with Gangway while it has none.
#[utoipa::path(get, path = "/usage-features-in-use", operation_id = "list_usage_features_in_use", tag = "Usage",
    responses((status = 200, description = "The features.", body = Page<UsageFeatureInUseOut>)))]
pub(crate) async fn in_use(
    State(api): State<Api>,
    caller: Caller,
) -> Result<Json<Page<UsageFeatureInUseOut>>, Problem> {
    let features = feature::in_use(&api.app, &caller.actor).await?;
    Ok(Json(Page::whole(features.into_iter().map(UsageFeatureInUseOut::from))))
}

/// Add a feature
///
/// Adoption is counted with it from then on, the past included.
#[utoipa::path(post, path = "/usage-features", operation_id = "create_usage_feature", tag = "Usage",
    request_body(content = UsageFeatureIn),
    responses((status = 201, description = "The feature.", body = UsageFeatureOut,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn create(
    State(api): State<Api>,
    caller: Caller,
    JsonOf(sent): JsonOf<UsageFeatureIn>,
) -> Answer {
    let out = UsageFeatureOut::from(feature::add(&api.app, &caller.actor, &sent.into()).await?);
    let location = format!("/api/v1/usage-features/{}", out.id);
    Ok(created(out.version, location, Json(out)))
}

/// Get a feature
#[utoipa::path(get, path = "/usage-features/{id}", operation_id = "get_usage_feature", tag = "Usage",
    params(("id" = String, Path, description = "Id of the feature.", example = "fea_01900000000070008000000000000001")),
    responses((status = 200, description = "The feature.", body = UsageFeatureOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn get(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let known = feature::get(&api.app, &caller.actor, names.id("feature")?).await?;
    let out = UsageFeatureOut::from(known);
    Ok(tagged(&headers, out.version, Json(out)))
}

/// Change a feature
///
/// It becomes what is sent, whole.
#[utoipa::path(put, path = "/usage-features/{id}", operation_id = "change_usage_feature", tag = "Usage",
    params(("id" = String, Path, description = "Id of the feature.", example = "fea_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the feature that was read.", example = "\"1\"")),
    request_body(content = UsageFeatureIn),
    responses((status = 200, description = "The feature as it is now.", body = UsageFeatureOut, headers(("ETag" = String)))))]
pub(crate) async fn change(seen: IfMatch, Sent(api, caller, names, sent): Sent<UsageFeatureIn>) -> Answer {
    let (id, seen): (FeatureId, i64) = (names.id("feature")?, seen.required()?);
    let known = feature::change(&api.app, &caller.actor, id, Some(seen), &sent.into()).await?;
    let out = UsageFeatureOut::from(known);
    Ok(changed(out.version, Json(out)))
}

/// Remove a feature
///
/// What its events were counted as stays.
#[utoipa::path(delete, path = "/usage-features/{id}", operation_id = "remove_usage_feature", tag = "Usage",
    params(("id" = String, Path, description = "Id of the feature.", example = "fea_01900000000070008000000000000001"),
        ("If-Match" = Option<String>, Header, description = "ETag of the feature that was read; may be left out.", example = "\"1\"")),
    responses((status = 204, description = "It is gone.")))]
pub(crate) async fn remove(
    Here(api, caller, names): Here,
    IfMatch(seen): IfMatch,
) -> Result<StatusCode, Problem> {
    feature::remove(&api.app, &caller.actor, names.id("feature")?, seen).await?;
    Ok(StatusCode::NO_CONTENT)
}
