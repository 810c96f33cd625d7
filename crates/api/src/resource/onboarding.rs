//! Onboardings: generated, looked at, moved on.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use gangway_app::activity as trail;
use gangway_app::onboarding::{self, Overview, Step};
use gangway_app::package::RenderedFile;
use gangway_app::transition;
use gangway_domain::ids::{HandoffId, OnboardingId};
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::package::{KeyDates, Segmentation};
use gangway_domain::segment::SegmentOverride;
use gangway_domain::transition::Ending;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::activity::{ActivityOut, page};
use super::instant;
use super::intake::ChoicesIn;
use crate::Api;
use crate::caller::{Caller, Here, Sent};
use crate::description;
use crate::etag::{IfMatch, changed, tagged};
use crate::input::{JsonOf, Names, QueryOf, optional_word};
use crate::page::{Page, PageQuery, id, limit};
use crate::problem::{Answer, Problem};

mod list;
pub(crate) mod owner;
mod plan;
pub(crate) mod programme;

pub(crate) use list::{__path_list, MoneyOut, OnboardingQuery, list};
pub(crate) use plan::{__path_plan, plan};

/// An onboarding.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Onboarding)]
pub(crate) struct OnboardingOut {
    /// Id.
    id: String,
    /// Counts changes, from 1; the ETag is made of it.
    version: i64,
    /// The account.
    account: String,
    /// The handoff it was generated from.
    handoff: String,
    /// Customer.
    customer: String,
    /// Product(s).
    product: String,
    /// Use case in a few words.
    use_case: String,
    /// Where it stands; closed ones say why.
    #[schema(schema_with = description::state)]
    status: OnboardingState,
    /// Segment, touch model and programme with reasons.
    #[schema(schema_with = description::segmentation)]
    segmentation: Segmentation,
    /// The dates that matter, and whether the wanted go-live can be met.
    #[schema(schema_with = description::dates)]
    dates: KeyDates,
    /// When it was generated.
    created_at: jiff::Timestamp,
}

impl OnboardingOut {
    fn new(overview: Overview, version: i64) -> Self {
        let onboarding = overview.onboarding;
        let package = onboarding.package;
        Self {
            id: onboarding.id.to_string(),
            version,
            account: onboarding.account_id.to_string(),
            handoff: onboarding.handoff_id.to_string(),
            customer: package.names.customer,
            product: package.names.product,
            use_case: package.names.use_case,
            status: onboarding.state,
            segmentation: package.segmentation,
            dates: package.dates,
            created_at: instant(onboarding.created_at),
        }
    }
}

/// An onboarding to be generated.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "handoff": "hof_01900000000070008000000000000001", "kickoff_on": "2027-01-11" }))]
pub(crate) struct OnboardingIn {
    /// The handoff it is made from.
    handoff: String,
    /// Kickoff, when agreed.
    kickoff_on: Option<Date>,
    /// Another segment than the recommended one.
    segment: Option<SegmentChoice>,
    /// Another wanted go-live than the deal's: a date, or a time from kickoff such as `90 days`.
    go_live: Option<String>,
    /// Country whose public holidays the vendor keeps; the customer's when left out.
    vendor_country: Option<String>,
    /// Country whose public holidays the customer keeps, when it is another than the deal's.
    country: Option<String>,
    /// Closures beside those of the deal: `2 Aug 2027 – 20 Aug 2027 shutdown`.
    #[serde(default)]
    closures: Vec<String>,
}

/// A segment chosen by a person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SegmentChoice {
    /// The segment (id).
    #[schema(example = "enterprise")]
    segment: String,
    /// Why.
    #[schema(min_length = 1, example = "Three more plants follow next year")]
    reason: String,
}

impl SegmentChoice {
    /// As use cases take it.
    pub(super) fn into_override(self) -> SegmentOverride {
        let Self { segment, reason } = self;
        SegmentOverride { segment, reason }
    }
}

/// Why an onboarding is closed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "The customer was bought and keeps the buyer's system" }))]
pub(crate) struct Closing {
    /// Why, at most 500 characters.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
    /// `successful` needs the definition of done, `partly` says what is missing of it, `stopped` gives it up; that when
    /// left out.
    #[serde(default)]
    outcome: Option<String>,
}

/// A file of an onboarding's package.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = File, example = json!({
    "path": "emails/welcome.html", "title": "Welcome",
    "href": "/api/v1/onboardings/onb_01900000000070008000000000000001/files/emails%2Fwelcome.html"
}))]
pub(crate) struct FileOut {
    /// Path inside the package.
    path: String,
    /// What people call it.
    title: String,
    /// Where it is.
    href: String,
}

/// Generate an onboarding
///
/// Package, plan and documents of a handoff. A handoff has one onboarding: asking again answers 200 with it.
#[utoipa::path(post, path = "/onboardings", operation_id = "create_onboarding", tag = "Onboardings",
    request_body(content = OnboardingIn),
    responses((status = 201, description = "The onboarding, which is new.", body = Created, headers(("Location" = String))),
        (status = 200, description = "The handoff had one already.", body = Created, headers(("Location" = String)))))]
pub(crate) async fn create(
    State(api): State<Api>,
    caller: Caller,
    JsonOf(sent): JsonOf<OnboardingIn>,
) -> Answer {
    let OnboardingIn { handoff, kickoff_on, segment, go_live, vendor_country, country, closures } = sent;
    let handoff: HandoffId = handoff.parse().map_err(|_| Problem::missing("handoff", &handoff))?;
    let choices = ChoicesIn { kickoff_on, segment, go_live, vendor_country, country, closures };
    let options = choices.options(&api).await?;
    let made = onboarding::generate(&api.app, &caller.actor, handoff, options).await?;
    let href = format!("/api/v1/onboardings/{}", made.id);
    let status = if made.new { StatusCode::CREATED } else { StatusCode::OK };
    let location = [(header::LOCATION, href.clone())];
    Ok((status, location, Json(Created { id: made.id.to_string(), href })).into_response())
}

/// Something that was made.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "onb_01900000000070008000000000000001", "href": "/api/v1/onboardings/onb_01900000000070008000000000000001"
}))]
pub(crate) struct Created {
    /// Its id.
    id: String,
    /// Where it is.
    href: String,
}

impl Created {
    /// Something of this id that is at this address.
    pub(super) fn at(id: &str, href: &str) -> Self {
        Self { id: id.to_owned(), href: href.to_owned() }
    }

    /// Where it is.
    pub(super) fn href(&self) -> &str {
        &self.href
    }
}

/// Get an onboarding
///
/// Where it stands, its segment with reasons, its dates and whether they hold.
#[utoipa::path(get, path = "/onboardings/{id}", operation_id = "get_onboarding", tag = "Onboardings",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "The onboarding.", body = OnboardingOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn get(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let id: OnboardingId = names.id("onboarding")?;
    let version = onboarding::version(&api.app, &caller.actor, id).await?;
    let overview = onboarding::get(&api.app, &caller.actor, id).await?;
    Ok(tagged(&headers, version, Json(OnboardingOut::new(overview, version))))
}

/// Say that the kickoff was held
///
/// From planned to running, and the kickoff is done in the plan: on the day it was planned for, or today if that is to
/// come. Taking that change of the plan back takes back both. Any other state is 409, and so is a gate that holds the kickoff.
#[utoipa::path(post, path = "/onboardings/{id}/kickoff", operation_id = "kick_off_onboarding", tag = "Onboardings",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("If-Match" = Option<String>, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    responses((status = 204, description = "It runs.", headers(("ETag" = String)))))]
pub(crate) async fn kick_off(Here(api, caller, names): Here, version: IfMatch) -> Answer {
    take(&api, &caller, &names, Step::KickOff, version).await
}

/// Complete an onboarding
///
/// Everything its definition of complete names is reached: from running to completed. Any other state is 409.
#[utoipa::path(post, path = "/onboardings/{id}/completion", operation_id = "complete_onboarding", tag = "Onboardings",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("If-Match" = Option<String>, Header, description = "ETag of the version that was read.", example = "\"2\"")),
    responses((status = 204, description = "It is complete.", headers(("ETag" = String)))))]
pub(crate) async fn complete(Here(api, caller, names): Here, version: IfMatch) -> Answer {
    take(&api, &caller, &names, Step::Complete, version).await
}

/// Close an onboarding
///
/// With its outcome and a reason; given up when no outcome is said. One that is over already is 409, and so is a
/// successful end while the definition of done is not met.
#[utoipa::path(post, path = "/onboardings/{id}/closing", operation_id = "close_onboarding", tag = "Onboardings",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("If-Match" = Option<String>, Header, description = "ETag of the version that was read.", example = "\"2\"")),
    request_body(content = Closing),
    responses((status = 204, description = "It is closed.", headers(("ETag" = String)))))]
pub(crate) async fn close(version: IfMatch, Sent(api, caller, names, closing): Sent<Closing>) -> Answer {
    let Closing { reason, outcome } = closing;
    let ending = optional_word("outcome", outcome.as_deref())?.unwrap_or(Ending::Stopped);
    let id = names.id("onboarding")?;
    let version = transition::close(&api.app, &caller.actor, id, ending, &reason, version.0).await?;
    Ok(changed(version, StatusCode::NO_CONTENT))
}

async fn take(api: &Api, caller: &Caller, names: &Names, step: Step, IfMatch(version): IfMatch) -> Answer {
    let id = names.id("onboarding")?;
    let version = onboarding::take(&api.app, &caller.actor, id, step, version).await?;
    Ok(changed(version, StatusCode::NO_CONTENT))
}

/// What happened to an onboarding
///
/// Newest first.
#[utoipa::path(get, path = "/onboardings/{id}/activity", operation_id = "list_onboarding_activity", tag = "Onboardings",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"), PageQuery),
    responses((status = 200, description = "A page of its story.", body = Page<ActivityOut>)))]
pub(crate) async fn activity(
    Here(api, caller, names): Here,
    QueryOf(query): QueryOf<PageQuery>,
) -> Result<Json<Page<ActivityOut>>, Problem> {
    let (after, lines) = (id("after", query.after.as_deref())?, limit(query.limit)?);
    let (entries, more) =
        trail::of_onboarding(&api.app, &caller.actor, names.id("onboarding")?, after, lines).await?;
    Ok(Json(page(entries, more)))
}

/// List the files of an onboarding
///
/// Its package: documents, spreadsheets, calendar files, e-mails, and everything as `package.json`. On one page.
#[utoipa::path(get, path = "/onboardings/{id}/files", operation_id = "list_onboarding_files", tag = "Onboardings",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "The files.", body = Page<FileOut>)))]
pub(crate) async fn files(Here(api, caller, names): Here) -> Result<Json<Page<FileOut>>, Problem> {
    let id: OnboardingId = names.id("onboarding")?;
    let overview = onboarding::get(&api.app, &caller.actor, id).await?;
    let out = |(path, title): (String, String)| FileOut {
        href: format!("/api/v1/onboardings/{id}/files/{}", path.replace('/', "%2F")),
        path,
        title,
    };
    Ok(Json(Page::whole(overview.files.into_iter().map(out))))
}

/// Download a file of an onboarding
///
/// Rendered now from the package as it was generated. A `/` in the path is written `%2F`.
#[utoipa::path(get, path = "/onboardings/{id}/files/{path}", operation_id = "get_onboarding_file", tag = "Onboardings",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("path" = String, Path, description = "Path inside the package.", example = "package.json")),
    responses((status = 200, description = "The file.", content(
        (Object = "application/json"), (String = "text/markdown"), (String = "text/html"), (String = "text/plain"),
        (String = "text/calendar"), (String = "*/*")))))]
pub(crate) async fn file(Here(api, caller, names): Here) -> Answer {
    let id = names.id("onboarding")?;
    let rendered = onboarding::file(&api.app, &caller.actor, id, names.text(1)).await?;
    let RenderedFile { path, media_type, bytes } = rendered;
    let name = path.rsplit('/').next().unwrap_or_default();
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}
