//! Hypercare: issues with their clocks, daily syncs, its end.

use axum::Json;
use axum::extract::State as Shared;
use gangway_app::launch::{self, IssueChanges, IssueDraft, LaunchRecord, Said};
use gangway_domain::escalation::Clock;
use gangway_domain::launch::{Issue, Recorded, Severity, Step, Sync};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{LaunchOut, LaunchQuery, SaidIn, answer};
use crate::Api;
use crate::caller::{Caller, Here, Sent};
use crate::description;
use crate::etag::{IfMatch, changed, created};
use crate::input::QueryOf;
use crate::page::Page;
use crate::problem::{Answer, Problem};

/// An issue of hypercare.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LaunchIssue)]
pub(crate) struct IssueOut {
    /// Id.
    id: String,
    /// Of which onboarding.
    onboarding: String,
    /// What people call it: `H-1`.
    code: String,
    /// `open`, `answered` or `resolved`.
    status: &'static str,
    /// What is wrong.
    title: String,
    /// More about it.
    details: String,
    /// `critical`, `high`, `medium` or `low`.
    severity: &'static str,
    /// What it is about.
    area: String,
    /// How people get on until it is solved.
    workaround: String,
    /// Who reported it.
    reported_by: String,
    /// When.
    raised_at: jiff::Timestamp,
    /// Until when it is answered.
    answer_by: jiff::Timestamp,
    /// How that clock stands now.
    #[schema(schema_with = description::escalation_clock)]
    answer_clock: Clock,
    /// Until when it is resolved.
    resolve_by: jiff::Timestamp,
    /// How that clock stands now.
    #[schema(schema_with = description::escalation_clock)]
    resolve_clock: Clock,
    /// Counts changes, from 1; the ETag is made of it.
    version: i64,
}

fn out(api: &Api, one: LaunchRecord<Issue>) -> IssueOut {
    let now = api.app.clock.now();
    let LaunchRecord { id, onboarding, number, body, version, .. } = one;
    IssueOut {
        id: id.to_string(),
        onboarding: onboarding.to_string(),
        code: format!("H-{number}"),
        status: body.status(),
        answer_clock: Clock::at(body.answer_by, body.answered_at(), now),
        resolve_clock: Clock::at(body.resolve_by, body.resolved_at(), now),
        severity: body.severity.word(),
        raised_at: body.raised_at,
        answer_by: body.answer_by,
        resolve_by: body.resolve_by,
        title: body.title,
        details: body.details,
        area: body.area,
        workaround: body.workaround,
        reported_by: body.reported_by,
        version,
    }
}

fn severity(word: &str) -> Result<Severity, Problem> {
    word.parse().map_err(|_| Problem::field("severity", "must be critical, high, medium or low"))
}

/// List issues of hypercare
///
/// Of the whole workspace, the newest first.
#[utoipa::path(get, path = "/launch-issues", operation_id = "list_launch_issues", tag = "Go-live",
    params(LaunchQuery),
    responses((status = 200, description = "A page of issues.", body = Page<IssueOut>)))]
pub(crate) async fn list(
    Shared(api): Shared<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<LaunchQuery>,
) -> Result<Json<Page<IssueOut>>, Problem> {
    let (found, more) = launch::list::<Issue>(&api.app, &caller.actor, query.read()?).await?;
    Ok(Json(Page::after_last(found.into_iter().map(|one| out(&api, one)), more, |one| one.id.clone())))
}

/// Get an issue of hypercare
#[utoipa::path(get, path = "/launch-issues/{id}", operation_id = "get_launch_issue", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the issue.", example = "lau_01900000000070008000000000000001")),
    responses((status = 200, description = "The issue.", body = IssueOut, headers(("ETag" = String)))))]
pub(crate) async fn get(Here(api, caller, names): Here) -> Answer {
    let one = launch::get::<Issue>(&api.app, &caller.actor, names.id("issue")?).await?;
    Ok(changed(one.version, Json(out(&api, one))))
}

/// An issue to be reported.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewLaunchIssue, example = json!({ "title": "Nobody can sign in", "severity": "critical", "area": "Sign-in" }))]
pub(crate) struct IssueIn {
    /// What is wrong, one line.
    #[schema(min_length = 1, max_length = 300)]
    title: String,
    /// `critical`, `high`, `medium` or `low`.
    severity: String,
    /// More about it.
    #[serde(default)]
    details: String,
    /// What it is about.
    #[serde(default)]
    area: String,
    /// How people get on until it is solved.
    #[serde(default)]
    workaround: String,
    /// Who reported it; whoever the token belongs to when left out.
    #[serde(default)]
    reported_by: String,
}

/// Report an issue of hypercare
///
/// Its clocks are those of the methodology.
#[utoipa::path(post, path = "/onboardings/{id}/launch-issues", operation_id = "report_launch_issue", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = IssueIn),
    responses((status = 201, description = "The issue.", body = IssueOut,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn create(Sent(api, caller, names, sent): Sent<IssueIn>) -> Answer {
    let severity = severity(&sent.severity)?;
    let IssueIn { title, details, area, workaround, reported_by, .. } = sent;
    let draft = IssueDraft { title, details, severity, area, workaround, reported_by };
    let made = launch::raise_issue(&api.app, &caller.actor, names.id("onboarding")?, draft).await?;
    let (version, location) = (made.version, format!("/api/v1/launch-issues/{}", made.id));
    Ok(created(version, location, Json(out(&api, made))))
}

/// What is to change of an issue.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LaunchIssueChanges, example = json!({ "severity": "high", "workaround": "Use the old sign-in" }))]
pub(crate) struct IssuePatch {
    /// How grave; its clocks start anew from when it was raised.
    severity: Option<String>,
    /// How people get on until it is solved.
    workaround: Option<String>,
    /// More about it.
    details: Option<String>,
}

/// Change an issue of hypercare
#[utoipa::path(patch, path = "/launch-issues/{id}", operation_id = "change_launch_issue", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the issue.", example = "lau_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = IssuePatch),
    responses((status = 200, description = "The issue as it is now.", body = IssueOut, headers(("ETag" = String)))))]
pub(crate) async fn change(version: IfMatch, Sent(api, caller, names, sent): Sent<IssuePatch>) -> Answer {
    let IssuePatch { severity: word, workaround, details } = sent;
    let severity = word.as_deref().map(severity).transpose()?;
    let (id, version) = (names.id("issue")?, version.required()?);
    let changes = IssueChanges { severity, workaround, details };
    let kept = launch::change_issue(&api.app, &caller.actor, id, version, changes).await?;
    Ok(changed(kept.version, Json(out(&api, kept))))
}

/// A step of an issue.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LaunchIssueStep, example = json!({ "step": "resolve", "how": "The certificate was renewed" }))]
pub(crate) struct IssueStepIn {
    /// `answer`, `resolve` or `reopen`.
    step: String,
    /// How it was resolved.
    #[serde(default)]
    how: String,
}

/// Take a step with an issue of hypercare
#[utoipa::path(post, path = "/launch-issues/{id}/steps", operation_id = "step_launch_issue", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the issue.", example = "lau_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = IssueStepIn),
    responses((status = 200, description = "The issue as it is now.", body = IssueOut, headers(("ETag" = String)))))]
pub(crate) async fn step(version: IfMatch, Sent(api, caller, names, sent): Sent<IssueStepIn>) -> Answer {
    let step = match sent.step.as_str() {
        "answer" => Step::Answer,
        "resolve" => Step::Resolve(sent.how),
        "reopen" => Step::Reopen,
        _ => return Err(Problem::field("step", "must be answer, resolve or reopen")),
    };
    let (id, version) = (names.id("issue")?, version.required()?);
    let kept = launch::take_issue(&api.app, &caller.actor, id, version, step).await?;
    Ok(changed(kept.version, Json(out(&api, kept))))
}

/// A daily sync.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DailySync)]
pub(crate) struct SyncOut {
    /// Id.
    id: String,
    /// Of which onboarding.
    onboarding: String,
    /// The day.
    on: Date,
    /// Who was there.
    people: String,
    /// Issues, trend, decisions.
    notes: String,
    /// Who wrote it down.
    by: String,
}

fn sync_out(one: LaunchRecord<Sync>) -> SyncOut {
    let Sync { on, notes, people, by } = one.body;
    SyncOut { id: one.id.to_string(), onboarding: one.onboarding.to_string(), on, people, notes, by }
}

/// List daily syncs
///
/// Of the whole workspace, the newest first.
#[utoipa::path(get, path = "/daily-syncs", operation_id = "list_daily_syncs", tag = "Go-live",
    params(LaunchQuery),
    responses((status = 200, description = "A page of syncs.", body = Page<SyncOut>)))]
pub(crate) async fn list_syncs(
    Shared(api): Shared<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<LaunchQuery>,
) -> Result<Json<Page<SyncOut>>, Problem> {
    let (found, more) = launch::list::<Sync>(&api.app, &caller.actor, query.read()?).await?;
    Ok(Json(Page::after_last(found.into_iter().map(sync_out), more, |one| one.id.clone())))
}

/// A sync that was held.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewDailySync, example = json!({ "notes": "Two issues, both medium; falling", "people": "Ines, Dana" }))]
pub(crate) struct SyncIn {
    /// The day; today when left out.
    on: Option<Date>,
    /// Who was there.
    #[serde(default)]
    people: String,
    /// Issues, trend, decisions.
    notes: String,
}

/// Write a daily sync down
///
/// There is one a day: writing again changes what was said.
#[utoipa::path(post, path = "/onboardings/{id}/daily-syncs", operation_id = "hold_daily_sync", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = SyncIn),
    responses((status = 200, description = "The sync.", body = SyncOut)))]
pub(crate) async fn sync(Sent(api, caller, names, sent): Sent<SyncIn>) -> Result<Json<SyncOut>, Problem> {
    let SyncIn { on, people, notes } = sent;
    let id = names.id("onboarding")?;
    let held = launch::sync(&api.app, &caller.actor, id, on, &people, &notes).await?;
    Ok(Json(sync_out(held)))
}

/// Say whether a criterion holds by which hypercare ends
#[utoipa::path(post, path = "/onboardings/{id}/launch/exit-criteria/{criterion}", operation_id = "say_hypercare_exit",
    tag = "Go-live",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("criterion" = String, Path, description = "Id of the criterion.", example = "exit-3")),
    request_body(content = SaidIn),
    responses((status = 200, description = "The launch as it is now.", body = LaunchOut, headers(("ETag" = String)))))]
pub(crate) async fn say_exit(Sent(api, caller, names, sent): Sent<SaidIn>) -> Answer {
    let SaidIn { said, note, by } = sent;
    let yes = said.ok_or_else(|| Problem::field("said", "must be true or false"))?;
    let (id, exit) = (names.id("onboarding")?, names.text(1));
    let sight = launch::say_exit(&api.app, &caller.actor, id, exit, Said { yes, note, by }).await?;
    Ok(answer(&api, &sight))
}

/// End hypercare
///
/// Once every criterion holds.
#[utoipa::path(post, path = "/onboardings/{id}/launch/hypercare-end", operation_id = "end_hypercare", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    responses((status = 200, description = "The launch as it is now.", body = LaunchOut, headers(("ETag" = String)))))]
pub(crate) async fn end(Here(api, caller, names): Here, version: IfMatch) -> Answer {
    let (id, version) = (names.id("onboarding")?, version.required()?);
    let sight = launch::end(&api.app, &caller.actor, id, version).await?;
    Ok(answer(&api, &sight))
}
