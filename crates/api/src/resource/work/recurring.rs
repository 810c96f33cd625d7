//! Tasks that repeat.

use axum::Json;
use axum::http::{HeaderMap, StatusCode};
use gangway_app::work::{self, Made, Repeating, Step};
use gangway_domain::ids::{OnboardingId, SeriesId};
use gangway_domain::programme::Side;
use gangway_domain::work::{Rhythm, Series, SeriesEnd, SeriesState};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{assignee_id, assignee_named};
use crate::caller::{Here, Sent};
use crate::description;
use crate::etag::{IfMatch, changed, created, tagged};
use crate::page::Page;
use crate::problem::{Answer, Problem};
use crate::resource::account::said;
use crate::resource::instant;

/// A task that repeats.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaskSeries)]
pub(crate) struct SeriesOut {
    /// Id.
    id: String,
    /// The onboarding.
    onboarding: String,
    /// What is done each time.
    name: String,
    /// `vendor`, `customer` or `joint`: whose calendar, and who answers for it.
    #[schema(value_type = String)]
    side: Side,
    /// Role as people see it.
    role: String,
    /// Id of whoever does it, a person or a contact; null when there is only a name, or nobody.
    #[schema(required = true)]
    assignee: Option<String>,
    /// What they are called.
    #[schema(required = true)]
    assignee_name: Option<String>,
    /// Working days each time.
    days: u32,
    /// Phase (its code); null for the one that runs on the day.
    #[schema(required = true)]
    phase: Option<String>,
    /// How often.
    #[schema(schema_with = description::series_rhythm)]
    rhythm: Rhythm,
    /// The rhythm begins then.
    starts_on: Date,
    /// When it is over.
    #[schema(schema_with = description::series_end)]
    end: SeriesEnd,
    /// Whether it goes on.
    #[schema(schema_with = description::series_state)]
    state: SeriesState,
    /// What was made of it, oldest first.
    occurrences: Vec<OccurrenceOut>,
    /// Who made it.
    made_by: String,
    /// When.
    made_at: jiff::Timestamp,
    /// Counts changes, from 1; the ETag is made of it.
    version: i64,
}

/// An occurrence of a task that repeats.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaskOccurrence, example = json!({
    "due_on": "2027-01-15", "task": "tsk_01900000000070008000000000000001", "code": "repeat-1-2027-01-15",
    "starts_on": "2027-01-15", "status": "open"
}))]
pub(crate) struct OccurrenceOut {
    /// The day the rhythm names.
    due_on: Date,
    /// Id of its task; null when somebody removed it.
    #[schema(required = true)]
    task: Option<String>,
    /// Code of its task.
    code: String,
    /// First day of it: the same day, or the next one its side works on.
    #[schema(required = true)]
    starts_on: Option<Date>,
    /// `open`, `started`, `blocked`, `done` or `skipped`.
    #[schema(required = true)]
    status: Option<String>,
}

impl From<Made> for OccurrenceOut {
    fn from(made: Made) -> Self {
        let Made { due, code, task } = made;
        Self {
            due_on: due,
            code,
            task: task.as_ref().map(|(id, _)| id.to_string()),
            starts_on: task.as_ref().map(|(_, task)| task.start),
            status: task.map(|(_, task)| task.state.word().to_owned()),
        }
    }
}

impl From<Repeating> for SeriesOut {
    fn from(repeating: Repeating) -> Self {
        let Repeating { kept, made } = repeating;
        let Series { name, side, role, assignee, days, phase, rhythm, starts_on, end } = kept.series;
        Self {
            id: kept.id.to_string(),
            onboarding: kept.onboarding.to_string(),
            name,
            side,
            role,
            assignee: assignee.as_ref().and_then(assignee_id),
            assignee_name: assignee.map(|who| who.name().to_owned()),
            days,
            phase,
            rhythm,
            starts_on,
            end,
            state: kept.state,
            occurrences: made.into_iter().map(OccurrenceOut::from).collect(),
            made_by: kept.made_by,
            made_at: instant(kept.made_at),
            version: kept.version,
        }
    }
}

/// A task that is to repeat.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TaskSeriesIn, example = json!({
    "name": "Weekly data-quality check", "side": "vendor", "days": 1,
    "rhythm": { "kind": "weeks", "every": 1, "on": "friday" }, "end": { "kind": "with", "code": "go-live" }
}))]
pub(crate) struct SeriesIn {
    /// What is done each time.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// `vendor`, `customer` or `joint`.
    #[schema(value_type = String)]
    side: Side,
    /// Role as people see it.
    role: Option<String>,
    /// Who does it: id of a member or of a contact of the account, or a name.
    assignee: Option<String>,
    /// Working days each time.
    #[schema(minimum = 1, maximum = 520)]
    days: u32,
    /// Phase (its code); the one that runs on the day when left out.
    phase: Option<String>,
    /// How often.
    #[schema(schema_with = description::series_rhythm)]
    rhythm: Rhythm,
    /// The rhythm begins then; today when left out.
    starts_on: Option<Date>,
    /// When it is over.
    #[schema(schema_with = description::series_end)]
    end: SeriesEnd,
}

/// What is to change of a task that repeats; null empties a field, leaving it out keeps it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TaskSeriesPatch, example = json!({ "rhythm": { "kind": "working-days", "every": 3 }, "paused": false }))]
pub(crate) struct SeriesPatch {
    /// What is done each time.
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    /// `vendor`, `customer` or `joint`.
    #[schema(value_type = Option<String>)]
    side: Option<Side>,
    /// Role as people see it.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    role: Option<Option<String>>,
    /// Who does it.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    assignee: Option<Option<String>>,
    /// Working days each time.
    #[schema(minimum = 1, maximum = 520)]
    days: Option<u32>,
    /// Phase (its code).
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    phase: Option<Option<String>>,
    /// How often.
    #[schema(schema_with = description::series_rhythm)]
    rhythm: Option<Rhythm>,
    /// The rhythm begins then.
    starts_on: Option<Date>,
    /// When it is over.
    #[schema(schema_with = description::series_end)]
    end: Option<SeriesEnd>,
    /// No occurrences for now (`true`), or again (`false`).
    paused: Option<bool>,
}

/// List the tasks that repeat in an onboarding
///
/// In the order they were made, on one page.
#[utoipa::path(get, path = "/onboardings/{id}/task-series", operation_id = "list_task_series", tag = "Plan",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "The series.", body = Page<SeriesOut>)))]
pub(crate) async fn list(Here(api, caller, names): Here) -> Result<Json<Page<SeriesOut>>, Problem> {
    let known = work::repeated(&api.app, &caller.actor, names.id("onboarding")?).await?;
    Ok(Json(Page::whole(known.series.into_iter().map(SeriesOut::from))))
}

/// Get a task that repeats
#[utoipa::path(get, path = "/task-series/{id}", operation_id = "get_task_series", tag = "Plan",
    params(("id" = String, Path, description = "Id of the series.", example = "ser_01900000000070008000000000000001")),
    responses((status = 200, description = "The series.", body = SeriesOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn get(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let (_, one) = work::series(&api.app, &caller.actor, names.id("series")?).await?;
    Ok(tagged(&headers, one.kept.version, Json(SeriesOut::from(one))))
}

/// Let a task repeat
///
/// What is due within the next four weeks is in the plan at once, what follows comes in day by day: each occurrence is
/// made once, on a day its side works. They move neither go-live nor end.
#[utoipa::path(post, path = "/onboardings/{id}/task-series", operation_id = "add_task_series", tag = "Plan",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = SeriesIn),
    responses((status = 201, description = "The series.", body = SeriesOut,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn create(Sent(api, caller, names, sent): Sent<SeriesIn>) -> Answer {
    let id: OnboardingId = names.id("onboarding")?;
    let SeriesIn { name, side, role, assignee, days, phase, rhythm, starts_on, end } = sent;
    let assignee = match assignee {
        Some(who) => Some(assignee_named(&api, &caller, id, "assignee", &who).await?),
        None => None,
    };
    let series = Series {
        name,
        side,
        role: role.unwrap_or_default(),
        assignee,
        days,
        phase,
        rhythm,
        starts_on: starts_on.unwrap_or_else(|| api.app.today()),
        end,
    };
    let made = work::repeat(&api.app, &caller.actor, id, series).await?;
    let (version, location) = (made.kept.version, format!("/api/v1/task-series/{}", made.kept.id));
    Ok(created(version, location, Json(SeriesOut::from(made))))
}

/// Change, pause or resume a task that repeats
///
/// Only the fields that are sent change. Occurrences that have not begun follow; those that were done or skipped, or
/// are tied to other tasks, stay.
#[utoipa::path(patch, path = "/task-series/{id}", operation_id = "change_task_series", tag = "Plan",
    params(("id" = String, Path, description = "Id of the series.", example = "ser_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = SeriesPatch),
    responses((status = 200, description = "The series as it is now.", body = SeriesOut, headers(("ETag" = String)))))]
pub(crate) async fn change(version: IfMatch, Sent(api, caller, names, patch): Sent<SeriesPatch>) -> Answer {
    let id: SeriesId = names.id("series")?;
    let version = version.required()?;
    let (_, known) = work::series(&api.app, &caller.actor, id).await?;
    let SeriesPatch { name, side, role, assignee, days, phase, rhythm, starts_on, end, paused } = patch;
    let was = known.kept.series;
    let assignee = match assignee {
        None => was.assignee,
        Some(None) => None,
        Some(Some(who)) => {
            Some(assignee_named(&api, &caller, known.kept.onboarding, "assignee", &who).await?)
        }
    };
    let wanted = Series {
        name: name.unwrap_or(was.name),
        side: side.unwrap_or(was.side),
        role: role.map_or(was.role, Option::unwrap_or_default),
        assignee,
        days: days.unwrap_or(was.days),
        phase: phase.unwrap_or(was.phase),
        rhythm: rhythm.unwrap_or(was.rhythm),
        starts_on: starts_on.unwrap_or(was.starts_on),
        end: end.unwrap_or(was.end),
    };
    let step = match (paused, known.kept.state) {
        // Of what is ended, the use case says that it cannot.
        (Some(true), SeriesState::Running | SeriesState::Ended { .. }) => Some(Step::Pause),
        (Some(false), SeriesState::Paused { .. } | SeriesState::Ended { .. }) => Some(Step::Resume),
        _ => None,
    };
    let kept = work::change_series(&api.app, &caller.actor, id, version, Some(wanted), step).await?;
    Ok(changed(kept.kept.version, Json(SeriesOut::from(kept))))
}

/// End a task that repeats
///
/// Occurrences that have not begun leave the plan, others stay, and the series is still listed. 409 when it is ended
/// already.
#[utoipa::path(delete, path = "/task-series/{id}", operation_id = "end_task_series", tag = "Plan",
    params(("id" = String, Path, description = "Id of the series.", example = "ser_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    responses((status = 204, description = "It is ended.")))]
pub(crate) async fn end(Here(api, caller, names): Here, version: IfMatch) -> Result<StatusCode, Problem> {
    let (id, version) = (names.id("series")?, version.required()?);
    work::change_series(&api.app, &caller.actor, id, version, None, Some(Step::End)).await?;
    Ok(StatusCode::NO_CONTENT)
}
