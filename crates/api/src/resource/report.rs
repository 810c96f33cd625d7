//! Reports on onboardings: written from facts, reworded, sent, read through links and as files.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use gangway_app::package::RenderedFile;
use gangway_app::report::{self, Changes, Opened, Query, Report};
use gangway_domain::ids::{OnboardingId, ReportId};
use gangway_domain::methodology::Light;
use gangway_domain::register::Owner;
use gangway_domain::report::ReportColour;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::instant;
use crate::Api;
use crate::caller::{Caller, Here, Sent};
use crate::description;
use crate::etag::{IfMatch, changed, created};
use crate::input::{QueryOf, optional_word, word};
use crate::page::{self, Page, id, limit};
use crate::problem::{Answer, Problem};

/// A report.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Report)]
pub(crate) struct ReportOut {
    /// Id.
    id: String,
    /// On which onboarding.
    onboarding: String,
    /// `weekly-status`, `executive-update`, `go-no-go`, `handoff-summary`, `transition-summary`, `go-live-review`,
    /// `escalation` or `save-or-exit`.
    kind: String,
    /// Title.
    title: String,
    /// `internal` or `customer`: who it is for.
    audience: String,
    /// The day whose facts it tells.
    as_of: Date,
    /// The colour that counts: `green`, `amber` or `red`.
    light: String,
    /// What the rules gave with their reasons, and what a person put in its place.
    #[schema(schema_with = description::report_colour)]
    colour: ReportColour,
    /// What it says, in the dialect of documents.
    text: String,
    /// Who changed it last.
    changed_by: String,
    /// When.
    changed_at: jiff::Timestamp,
    /// When it was sent last.
    #[schema(required = true)]
    sent_at: Option<jiff::Timestamp>,
    /// Counts changes, from 1; the ETag is made of it.
    version: i64,
}

impl From<Report> for ReportOut {
    fn from(report: Report) -> Self {
        Self {
            id: report.id.to_string(),
            onboarding: report.onboarding.to_string(),
            kind: report.kind.word().to_owned(),
            title: report.title,
            audience: report.audience.word().to_owned(),
            as_of: report.as_of,
            light: report.colour.light().word().to_owned(),
            colour: report.colour,
            text: report.text,
            changed_by: report.changed_by,
            changed_at: instant(report.changed_at),
            sent_at: report.sent_at.map(instant),
            version: report.version,
        }
    }
}

/// A report with what it said before and the links that open it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReportWithHistory)]
pub(crate) struct OpenedOut {
    #[serde(flatten)]
    report: ReportOut,
    /// What only a person can say in it; empty in most kinds.
    asked: Vec<AskedOut>,
    /// What it said, the newest version first.
    versions: Vec<VersionOut>,
    /// Links that open it.
    links: Vec<LinkOut>,
}

/// What only a person can say in a report.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReportAsked)]
pub(crate) struct AskedOut {
    /// Its name, for answering.
    name: String,
    /// The heading it stands under.
    heading: String,
    /// What is asked.
    asks: String,
    /// What the text says there; empty while nobody has answered. A day is written `2027-03-31`; of the support that is
    /// asked for there are words with spaces between: `executive`, `people`, `technical`, `commercial`, `other`.
    answer: String,
}

/// What a report said at a version.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReportVersion)]
pub(crate) struct VersionOut {
    /// The version.
    version: i64,
    /// What it said.
    text: String,
    /// Its colour then.
    light: String,
    /// Who saved it.
    by: String,
    /// When.
    at: jiff::Timestamp,
}

/// A link that opens a report.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReportLink)]
pub(crate) struct LinkOut {
    /// Names the link; it opens nothing.
    digest: String,
    /// Who made it.
    made_by: String,
    /// When.
    made_at: jiff::Timestamp,
}

/// Which reports.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReportQuery {
    /// Only those on this onboarding (id).
    onboarding: Option<String>,
    /// Only this kind.
    #[param(example = "weekly-status")]
    kind: Option<String>,
    /// Lines on the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<u32>,
    /// Where to start: `next` of the page before.
    after: Option<String>,
}

/// List reports
///
/// Of the whole workspace, the newest first.
#[utoipa::path(get, path = "/reports", operation_id = "list_reports", tag = "Governance",
    params(ReportQuery),
    responses((status = 200, description = "A page of reports.", body = Page<ReportOut>)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<ReportQuery>,
) -> Result<Json<Page<ReportOut>>, Problem> {
    let ReportQuery { onboarding, kind, limit: lines, after } = query;
    let kind = page::word("kind", kind.as_deref())?;
    let query = Query {
        before: id::<ReportId>("after", after.as_deref())?,
        onboarding: id::<OnboardingId>("onboarding", onboarding.as_deref())?,
        kind,
        limit: limit(lines)?,
    };
    let (reports, more) = report::list(&api.app, &caller.actor, query).await?;
    Ok(Json(Page::after_last(reports.into_iter().map(ReportOut::from), more, |report| report.id.clone())))
}

/// Get a report
#[utoipa::path(get, path = "/reports/{id}", operation_id = "get_report", tag = "Governance",
    params(("id" = String, Path, description = "Id of the report.", example = "rpt_01900000000070008000000000000001")),
    responses((status = 200, description = "The report with what it said before and its links.", body = OpenedOut,
        headers(("ETag" = String)))))]
pub(crate) async fn get(Here(api, caller, names): Here) -> Answer {
    let Opened { report, versions, links, .. } =
        report::get(&api.app, &caller.actor, names.id("report")?).await?;
    let version = report.version;
    let asked = report::asked(&report).into_iter().map(|(blank, answer)| AskedOut {
        name: blank.name.to_owned(),
        heading: blank.heading.to_owned(),
        asks: blank.asks.to_owned(),
        answer,
    });
    let asked = asked.collect();
    let versions = versions.into_iter().map(|one| VersionOut {
        version: one.number,
        text: one.text,
        light: one.colour.light().word().to_owned(),
        by: one.by,
        at: instant(one.at),
    });
    let links = links.into_iter().map(|link| LinkOut {
        digest: link.digest,
        made_by: link.made_by,
        made_at: instant(link.made_at),
    });
    let (versions, links) = (versions.collect(), links.collect());
    let out = OpenedOut { report: report.into(), asked, versions, links };
    // Links come and go without a new version.
    Ok(changed(version, Json(out)))
}

/// Download a report
///
/// Made now from its words.
#[utoipa::path(get, path = "/reports/{id}/files/{format}", operation_id = "get_report_file", tag = "Governance",
    params(("id" = String, Path, description = "Id of the report.", example = "rpt_01900000000070008000000000000001"),
        ("format" = String, Path, description = "`pdf` or `docx`.", example = "pdf")),
    responses((status = 200, description = "The file.", content(
        (String = "application/pdf"),
        (String = "application/vnd.openxmlformats-officedocument.wordprocessingml.document")))))]
pub(crate) async fn file(Here(api, caller, names): Here) -> Answer {
    let made = report::file(&api.app, &caller.actor, names.id("report")?, names.text(1)).await?;
    let RenderedFile { path, media_type, bytes } = made;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{path}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}

/// A report to be written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewReport, example = json!({ "kind": "weekly-status" }))]
pub(crate) struct ReportIn {
    /// `weekly-status`, `executive-update`, `go-no-go`, `handoff-summary`, `transition-summary`, `go-live-review`,
    /// `escalation` or `save-or-exit`.
    kind: String,
    /// `internal` or `customer`; that of its kind when left out.
    audience: Option<String>,
}

/// Write a report
///
/// From the facts of today.
#[utoipa::path(post, path = "/onboardings/{id}/reports", operation_id = "write_report", tag = "Governance",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = ReportIn),
    responses((status = 201, description = "The report.", body = ReportOut,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn create(Sent(api, caller, names, sent): Sent<ReportIn>) -> Answer {
    let ReportIn { kind, audience } = sent;
    let kind = word("kind", &kind)?;
    let audience = optional_word("audience", audience.as_deref())?;
    let made = report::draft(&api.app, &caller.actor, names.id("onboarding")?, kind, audience).await?;
    let (version, location) = (made.version, format!("/api/v1/reports/{}", made.id));
    Ok(created(version, location, Json(ReportOut::from(made))))
}

/// What is to change of a report; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReportPatch, example = json!({ "title": "Status of week 3" }))]
pub(crate) struct ReportPatch {
    /// Title.
    #[schema(min_length = 1, max_length = 300)]
    title: Option<String>,
    /// What it says, in the dialect of documents.
    text: Option<String>,
    /// A colour in place of what the rules give: `green`, `amber` or `red`; `rules` takes that back. The words follow.
    light: Option<String>,
    /// Why the colour is another.
    reason: Option<String>,
    /// What only a person can say in it, by the names in `asked` and in the form of their answers; an empty text leaves
    /// it open.
    #[serde(default)]
    answers: BTreeMap<String, String>,
    /// True writes it again from the facts of today; what people changed is worked in.
    #[serde(default)]
    refresh: bool,
}

/// Change a report
#[utoipa::path(patch, path = "/reports/{id}", operation_id = "change_report", tag = "Governance",
    params(("id" = String, Path, description = "Id of the report.", example = "rpt_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = ReportPatch),
    responses((status = 200, description = "The report as it is now.", body = ReportOut, headers(("ETag" = String)))))]
pub(crate) async fn change(version: IfMatch, Sent(api, caller, names, patch): Sent<ReportPatch>) -> Answer {
    let ReportPatch { title, text, light, reason, answers, refresh } = patch;
    let (id, version): (ReportId, i64) = (names.id("report")?, version.required()?);
    let rewords = title.is_some() || text.is_some();
    let deeds = [rewords, light.is_some(), !answers.is_empty(), refresh];
    if deeds.into_iter().filter(|is_wanted| *is_wanted).count() > 1 {
        return Err(Problem::field("refresh", "cannot go with other changes: send them one after the other"));
    }
    let kept = match light.as_deref() {
        Some("rules") => report::recolour(&api.app, &caller.actor, id, version, None).await?,
        Some(word) => {
            let light = Light::read(word)
                .ok_or_else(|| Problem::field("light", "must be green, amber, red or rules"))?;
            let chosen = Some((light, reason.unwrap_or_default()));
            report::recolour(&api.app, &caller.actor, id, version, chosen).await?
        }
        None if refresh => report::refresh(&api.app, &caller.actor, id, version).await?,
        None if !answers.is_empty() => {
            let answers: Vec<(String, String)> = answers.into_iter().collect();
            report::fill(&api.app, &caller.actor, id, version, &answers).await?
        }
        None => report::change(&api.app, &caller.actor, id, version, Changes { title, text }).await?,
    };
    Ok(changed(kept.version, Json(ReportOut::from(kept))))
}

/// Who is to read it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReportSending, example = json!({ "to": ["con_01900000000070008000000000000001"] }))]
pub(crate) struct SendingIn {
    /// Ids of people of the workspace and of contacts of the customer.
    #[schema(min_items = 1, max_items = 30)]
    to: Vec<String>,
}

/// Send a report
///
/// By mail. Customers cannot be sent what is internal, and nobody what its writer has left open.
#[utoipa::path(post, path = "/reports/{id}/sendings", operation_id = "send_report", tag = "Governance",
    params(("id" = String, Path, description = "Id of the report.", example = "rpt_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = SendingIn),
    responses((status = 200, description = "The report as it is now.", body = ReportOut, headers(("ETag" = String)))))]
pub(crate) async fn send(version: IfMatch, Sent(api, caller, names, sent): Sent<SendingIn>) -> Answer {
    let readers: Vec<Owner> = sent.to.iter().filter_map(|text| Owner::read(text)).collect();
    let id = names.id("report")?;
    let (kept, _) = report::send(&api.app, &caller.actor, id, version.required()?, &readers).await?;
    Ok(changed(kept.version, Json(ReportOut::from(kept))))
}

/// A link that was made: its address is told once.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NewReportLink)]
pub(crate) struct NewLinkOut {
    /// Where the report can be read without signing in.
    address: String,
    /// Names the link, for ending it.
    digest: String,
}

/// Make a link to a report
///
/// Whoever has it reads the report without signing in, until it is ended.
#[utoipa::path(post, path = "/reports/{id}/links", operation_id = "share_report", tag = "Governance",
    params(("id" = String, Path, description = "Id of the report.", example = "rpt_01900000000070008000000000000001")),
    responses((status = 201, description = "The link.", body = NewLinkOut),
        (status = 409, description = "The report is internal, or its writer has left something open.")))]
pub(crate) async fn share(Here(api, caller, names): Here) -> Answer {
    let secret = report::share(&api.app, &caller.actor, names.id("report")?).await?;
    let address = api.app.link(&format!("/shared/reports/{}", secret.reveal()));
    Ok((StatusCode::CREATED, Json(NewLinkOut { address, digest: secret.digest() })).into_response())
}

/// End a link to a report
#[utoipa::path(delete, path = "/reports/{id}/links/{digest}", operation_id = "end_report_link", tag = "Governance",
    params(("id" = String, Path, description = "Id of the report.", example = "rpt_01900000000070008000000000000001"),
        ("digest" = String, Path, description = "Digest of the link.", example = "5e5e")),
    responses((status = 204, description = "It opens nothing any more.")))]
pub(crate) async fn end_link(Here(api, caller, names): Here) -> Result<StatusCode, Problem> {
    report::end_link(&api.app, &caller.actor, names.id("report")?, names.text(1)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Remove a report
///
/// One that was never sent.
#[utoipa::path(delete, path = "/reports/{id}", operation_id = "remove_report", tag = "Governance",
    params(("id" = String, Path, description = "Id of the report.", example = "rpt_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    responses((status = 204, description = "It is gone."), (status = 409, description = "It was sent.")))]
pub(crate) async fn remove(Here(api, caller, names): Here, version: IfMatch) -> Result<StatusCode, Problem> {
    report::remove(&api.app, &caller.actor, names.id("report")?, version.required()?).await?;
    Ok(StatusCode::NO_CONTENT)
}
