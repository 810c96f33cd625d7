//! The register of onboardings: risks, issues, decisions, actions.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use gangway_app::register::{self, Changes, Draft, Entry, Query};
use gangway_domain::ids::{OnboardingId, PersonId, RegisterId};
use gangway_domain::register::{Details, Outcome, Owner, Status};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::account::said;
use super::{instant, side};
use crate::Api;
use crate::caller::{Caller, Here, Sent};
use crate::description;
use crate::etag::{IfMatch, changed, created, tagged};
use crate::input::{QueryOf, optional, optional_word};
use crate::page::{self, Page, among, id, limit};
use crate::problem::{Answer, Problem};

/// An entry of a register.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RegisterEntry)]
pub(crate) struct EntryOut {
    /// Id.
    id: String,
    /// Whose register.
    onboarding: String,
    /// What people call it: `R-7`.
    code: String,
    /// What it is about, one line.
    title: String,
    /// What it says beside that, and of which kind it is.
    #[schema(schema_with = description::register_details)]
    details: Details,
    /// 1 to 25: probability × impact of a risk, an issue's severity on the same scale; null for others.
    #[schema(required = true)]
    exposure: Option<i64>,
    /// Where it stands, and how it ended.
    #[schema(schema_with = description::register_status)]
    state: Status,
    /// Id of whoever answers for it, a person or a contact; null when there is only a name, or nobody.
    #[schema(required = true)]
    owner: Option<String>,
    /// What they were called when they were named.
    #[schema(required = true)]
    owner_name: Option<String>,
    /// By which day something must be done about it.
    #[schema(required = true)]
    due_on: Option<Date>,
    /// `internal` or `customer`: who sees it.
    visibility: String,
    /// The meeting it was made in.
    #[schema(required = true)]
    meeting: Option<String>,
    /// Who opened it.
    opened_by: String,
    /// When.
    opened_at: jiff::Timestamp,
    /// Who closed it.
    #[schema(required = true)]
    closed_by: Option<String>,
    /// When.
    #[schema(required = true)]
    closed_at: Option<jiff::Timestamp>,
    /// Counts changes, from 1; the ETag is made of it.
    version: i64,
}

impl From<Entry> for EntryOut {
    fn from(entry: Entry) -> Self {
        Self {
            id: entry.id.to_string(),
            onboarding: entry.onboarding.to_string(),
            code: entry.code(),
            exposure: entry.details.exposure(),
            owner: match &entry.owner {
                Some(Owner::Person { id }) => Some(id.to_string()),
                Some(Owner::Contact { id }) => Some(id.to_string()),
                Some(Owner::Named { .. }) | None => None,
            },
            title: entry.title,
            details: entry.details,
            state: entry.status,
            owner_name: entry.owner_name,
            due_on: entry.due_on,
            visibility: entry.visibility.word().to_owned(),
            meeting: entry.meeting.map(|id| id.to_string()),
            opened_by: entry.opened_by,
            opened_at: instant(entry.opened_at),
            closed_by: entry.closed_by,
            closed_at: entry.closed_at.map(instant),
            version: entry.version,
        }
    }
}

/// A new entry.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "title": "IT is short of people", "owner": "Dana Whitfield", "due_on": "2027-01-29", "visibility": "customer",
    "details": { "kind": "risk", "probability": 4, "impact": 3, "category": "resource", "mitigation": "A second engineer for two weeks" }
}))]
pub(crate) struct EntryIn {
    /// What it is about, one line.
    #[schema(min_length = 1, max_length = 300)]
    title: String,
    /// What it says beside that, and of which kind it is.
    #[schema(schema_with = description::register_details)]
    details: Details,
    /// Who answers for it: id of a person or of a contact of this customer, or a name.
    owner: Option<String>,
    /// By which day something must be done about it.
    due_on: Option<Date>,
    /// `internal` (when left out) or `customer`.
    visibility: Option<String>,
    /// Id of the meeting it is made in.
    meeting: Option<String>,
}

/// What is to change of an entry; null empties a field, leaving it out keeps it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "due_on": "2027-02-05", "owner": null }))]
pub(crate) struct EntryPatch {
    /// Title.
    #[schema(min_length = 1, max_length = 300)]
    title: Option<String>,
    /// What it says beside that; the kind cannot change.
    #[schema(schema_with = description::register_details)]
    details: Option<Details>,
    /// Who answers for it.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    owner: Option<Option<String>>,
    /// By which day.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<Date>)]
    due_on: Option<Option<Date>>,
    /// `internal` or `customer`.
    visibility: Option<String>,
}

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EntryQuery {
    /// Only those of this onboarding (id).
    onboarding: Option<String>,
    /// Only `risk`, `issue`, `decision` or `action`.
    #[param(example = "risk")]
    kind: Option<String>,
    /// Only `open` or `closed` ones.
    #[param(example = "open")]
    status: Option<String>,
    /// Only those this person of the workspace answers for (id).
    owner: Option<String>,
    /// Only open ones that were due before this day.
    due_before: Option<Date>,
    /// Lines on the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<u32>,
    /// Where to start: `next` of the page before.
    after: Option<String>,
}

/// List entries of registers
///
/// Risks, issues, decisions and actions of the workspace, the newest first.
#[utoipa::path(get, path = "/register", operation_id = "list_register_entries", tag = "Governance",
    params(EntryQuery),
    responses((status = 200, description = "A page of entries.", body = Page<EntryOut>)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<EntryQuery>,
) -> Result<Json<Page<EntryOut>>, Problem> {
    let EntryQuery { onboarding, kind, status, owner, due_before, limit: lines, after } = query;
    let kind = page::word("kind", kind.as_deref())?;
    among("status", status.as_deref(), &["open", "closed"])?;
    let query = Query {
        before: id::<RegisterId>("after", after.as_deref())?,
        onboarding: id::<OnboardingId>("onboarding", onboarding.as_deref())?,
        kind,
        open: status.map(|word| word == "open"),
        owner: id::<PersonId>("owner", owner.as_deref())?,
        due_before,
        limit: limit(lines)?,
    };
    let (entries, more) = register::list(&api.app, &caller.actor, query).await?;
    Ok(Json(Page::after_last(entries.into_iter().map(EntryOut::from), more, |entry| entry.id.clone())))
}

/// Get an entry of a register
#[utoipa::path(get, path = "/register/{id}", operation_id = "get_register_entry", tag = "Governance",
    params(("id" = String, Path, description = "Id of the entry.", example = "reg_01900000000070008000000000000001")),
    responses((status = 200, description = "The entry.", body = EntryOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn get(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let (_, entry) = register::get(&api.app, &caller.actor, names.id("entry")?).await?;
    Ok(tagged(&headers, entry.version, Json(EntryOut::from(entry))))
}

/// Add an entry to a register
#[utoipa::path(post, path = "/onboardings/{id}/register", operation_id = "add_register_entry", tag = "Governance",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = EntryIn),
    responses((status = 201, description = "The entry.", body = EntryOut,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn create(Sent(api, caller, names, sent): Sent<EntryIn>) -> Answer {
    let EntryIn { title, details, owner, due_on, visibility, meeting } = sent;
    let meeting = optional("meeting", meeting.as_deref())?;
    let draft = Draft {
        title,
        details,
        owner: owner.as_deref().and_then(Owner::read),
        due_on,
        visibility: optional_word("visibility", visibility.as_deref())?.unwrap_or_default(),
        meeting,
    };
    let made = register::add(&api.app, &caller.actor, names.id("onboarding")?, draft).await?;
    let (version, location) = (made.version, format!("/api/v1/register/{}", made.id));
    Ok(created(version, location, Json(EntryOut::from(made))))
}

/// Change an entry of a register
///
/// Only the fields that are sent change.
#[utoipa::path(patch, path = "/register/{id}", operation_id = "change_register_entry", tag = "Governance",
    params(("id" = String, Path, description = "Id of the entry.", example = "reg_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = EntryPatch),
    responses((status = 200, description = "The entry as it is now.", body = EntryOut, headers(("ETag" = String)))))]
pub(crate) async fn change(version: IfMatch, Sent(api, caller, names, patch): Sent<EntryPatch>) -> Answer {
    let EntryPatch { title, details, owner, due_on, visibility } = patch;
    let changes = Changes {
        title,
        details,
        owner: owner.map(|owner| owner.as_deref().and_then(Owner::read)),
        due_on,
        visibility: optional_word("visibility", visibility.as_deref())?,
    };
    let id = names.id("entry")?;
    let kept = register::change(&api.app, &caller.actor, id, version.required()?, changes).await?;
    Ok(changed(kept.version, Json(EntryOut::from(kept))))
}

/// Take an entry of a register back
///
/// One that was added by mistake, while nobody has changed it since: after that it is 412, and the entry is closed instead.
#[utoipa::path(delete, path = "/register/{id}", operation_id = "take_back_register_entry", tag = "Governance",
    params(("id" = String, Path, description = "Id of the entry.", example = "reg_01900000000070008000000000000001")),
    responses((status = 204, description = "It is gone.")))]
pub(crate) async fn take_back(Here(api, caller, names): Here) -> Result<StatusCode, Problem> {
    register::take_back(&api.app, &caller.actor, names.id("entry")?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How an entry ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegisterClosing, example = json!({ "end": { "outcome": "resolved", "how": "IT opened the port" } }))]
pub(crate) struct ClosingIn {
    /// How: risks `happened` or were `avoided`, issues are `resolved`, decisions `decided`, actions `done`; anything
    /// can be `dropped`.
    #[schema(schema_with = description::register_outcome)]
    end: Outcome,
}

/// Close an entry of a register
#[utoipa::path(post, path = "/register/{id}/closure", operation_id = "close_register_entry", tag = "Governance",
    params(("id" = String, Path, description = "Id of the entry.", example = "reg_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = ClosingIn),
    responses((status = 200, description = "The entry as it is now.", body = EntryOut, headers(("ETag" = String)))))]
pub(crate) async fn close(version: IfMatch, Sent(api, caller, names, sent): Sent<ClosingIn>) -> Answer {
    let id = names.id("entry")?;
    let kept = register::close(&api.app, &caller.actor, id, version.required()?, sent.end).await?;
    Ok(changed(kept.version, Json(EntryOut::from(kept))))
}

/// Open an entry of a register again
#[utoipa::path(post, path = "/register/{id}/reopening", operation_id = "reopen_register_entry", tag = "Governance",
    params(("id" = String, Path, description = "Id of the entry.", example = "reg_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    responses((status = 200, description = "The entry as it is now.", body = EntryOut, headers(("ETag" = String)))))]
pub(crate) async fn reopen(Here(api, caller, names): Here, version: IfMatch) -> Answer {
    let kept = register::reopen(&api.app, &caller.actor, names.id("entry")?, version.required()?).await?;
    Ok(changed(kept.version, Json(EntryOut::from(kept))))
}

/// The task an action becomes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ActionTask, example = json!({ "days": 2, "side": "vendor" }))]
pub(crate) struct TaskIn {
    /// Working days.
    #[schema(minimum = 1, maximum = 520)]
    days: u32,
    /// Whose work it is: `vendor`, `customer` or `joint`.
    side: String,
}

/// Make a task of an action
///
/// It is due by the action's day and done by its owner; the ledger names the action.
#[utoipa::path(post, path = "/register/{id}/task", operation_id = "schedule_register_entry", tag = "Governance",
    params(("id" = String, Path, description = "Id of the action.", example = "reg_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = TaskIn),
    responses((status = 200, description = "The action as it is now.", body = EntryOut, headers(("ETag" = String)))))]
pub(crate) async fn schedule(version: IfMatch, Sent(api, caller, names, sent): Sent<TaskIn>) -> Answer {
    let side = side(&sent.side)?;
    let id = names.id("entry")?;
    let kept = register::schedule(&api.app, &caller.actor, id, version.required()?, sent.days, side).await?;
    Ok(changed(kept.version, Json(EntryOut::from(kept))))
}
