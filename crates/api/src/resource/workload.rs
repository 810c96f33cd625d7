//! Who has how much to do, what they have time for, and when an onboarding could go live with them.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use gangway_app::workload::{self, Board, Loaded, Overload, Prospect, Suggestion, Unassigned};
use gangway_domain::ids::{OnboardingId, PersonId};
use gangway_domain::permission::Action;
use gangway_domain::workload::{Absence, Availability, Share, Week};
use gangway_store::workload::Kept;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Api;
use crate::caller::{Caller, Here, Sent};
use crate::etag::{IfMatch, changed, tagged};
use crate::input::QueryOf;
use crate::problem::{Answer, Problem};

/// Load against time, over eight weeks.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Workload)]
pub(crate) struct BoardOut {
    /// The day it was looked at.
    on: Date,
    /// People by name; only the owner of the token where they do not run onboardings.
    people: Vec<LoadedOut>,
    /// Work of our side nobody has been chosen for.
    unassigned: Vec<UnassignedOut>,
}

/// The load of one person.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PersonLoad)]
pub(crate) struct LoadedOut {
    /// Id.
    person: String,
    /// Name.
    name: String,
    /// Their weeks, in order.
    weeks: Vec<WeekOut>,
}

/// Work nobody has been chosen for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UnassignedLoad)]
pub(crate) struct UnassignedOut {
    /// The role that does it.
    role: String,
    /// The weeks, in order; without capacity.
    weeks: Vec<WeekOut>,
}

/// A week of somebody, or of a role.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LoadedWeek, example = json!({
    "monday": "2027-01-11", "days": 7.0, "capacity_days": 5.0, "percent": 140, "over": true, "away": [], "tasks": []
}))]
pub(crate) struct WeekOut {
    /// Its Monday.
    monday: Date,
    /// Days of work.
    days: f64,
    /// Days there are for it, without holidays and absences.
    capacity_days: f64,
    /// Work as a share of time, in per cent, rounded up; null without any time.
    #[schema(required = true)]
    percent: Option<u32>,
    /// There is more to do than time.
    over: bool,
    /// Why they are not there for a part of it.
    away: Vec<String>,
    /// The tasks that make it, the largest first.
    tasks: Vec<ShareOut>,
}

/// How much of a week a task takes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaskShare)]
pub(crate) struct ShareOut {
    /// Id of the task.
    task: String,
    /// The onboarding.
    onboarding: String,
    /// The customer.
    customer: String,
    /// What is done.
    name: String,
    /// Days of the week.
    days: f64,
}

/// Somebody who has more to do in a week than time.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Overload, example = json!({
    "person": "per_01900000000070008000000000000001", "name": "Ines Okafor", "monday": "2027-01-11", "percent": 140,
    "said": "Ines Okafor is at 140 % in the week of 11 Jan"
}))]
pub(crate) struct OverloadOut {
    /// Id of the person.
    person: String,
    /// Name.
    name: String,
    /// Monday of the week.
    monday: Date,
    /// Work as a share of time; null when they are not there.
    #[schema(required = true)]
    percent: Option<u32>,
    /// The same in words.
    said: String,
}

/// What somebody has time for.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Availability, example = json!({
    "days_a_week": 4.0, "absences": [{ "from": "2027-02-01", "to": "2027-02-05", "reason": "Holiday" }]
}))]
pub(crate) struct AvailabilityBody {
    /// Days of a week without holidays, 0 to 7, in tenths.
    #[schema(minimum = 0, maximum = 7)]
    days_a_week: f64,
    /// When they are not there.
    absences: Vec<AbsenceBody>,
}

/// A period in which somebody is not there; both days included.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Absence)]
pub(crate) struct AbsenceBody {
    /// First day.
    from: Date,
    /// Last day.
    to: Date,
    /// Why; may be left out.
    #[serde(default)]
    #[schema(max_length = 120)]
    reason: String,
}

/// How a task fits those who could do it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaskFit)]
pub(crate) struct FitOut {
    /// Weeks of the task in which whoever has it has too much.
    overloads: Vec<OverloadOut>,
    /// Who has most room in its weeks, the most first; those of its role come before others.
    suggestions: Vec<SuggestionOut>,
}

/// Somebody who could do a task.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssigneeSuggestion)]
pub(crate) struct SuggestionOut {
    /// Id of the person.
    person: String,
    /// Name.
    name: String,
    /// Their fullest week with the task, in per cent.
    #[schema(required = true)]
    percent: Option<u32>,
    /// Days free in its weeks before it.
    free_days: f64,
    /// They are of the task's role.
    of_role: bool,
}

/// When an onboarding could go live with the people there are.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GoLiveWithPeople)]
pub(crate) struct ProspectOut {
    /// Go-live if everybody needed were free; null when the onboarding is over or live.
    #[schema(required = true)]
    by_plan: Option<Date>,
    /// Go-live with the people there are.
    #[schema(required = true)]
    with_people: Option<Date>,
    /// Calendar days between the two.
    #[schema(required = true)]
    days: Option<i64>,
    /// No other order of the work is earlier.
    #[schema(required = true)]
    optimal: Option<bool>,
    /// Who holds it up most.
    #[schema(required = true)]
    bottleneck: Option<BottleneckOut>,
    /// Members who do its open tasks.
    people: usize,
    /// Open tasks of our side nobody has been chosen for.
    unassigned: usize,
}

/// Who holds a go-live up most.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Bottleneck)]
pub(crate) struct BottleneckOut {
    /// Name of a person, or of a role nobody has been chosen for.
    name: String,
    /// The go-live if they were never in the way.
    without: Date,
    /// Calendar days it would come forward.
    days: i64,
}

/// Which weeks.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct BoardQuery {
    /// A day of the first week; this week when left out or past.
    #[param(example = "2027-01-11")]
    from: Option<Date>,
}

fn days(hundredths: u32) -> f64 {
    f64::from(hundredths) / 100.0
}

impl From<Week> for WeekOut {
    fn from(week: Week) -> Self {
        let (percent, over) = (week.percent(), week.capacity > 0 && week.is_over());
        let Week { monday, load, capacity, shares, away } = week;
        let share = |share: Share| ShareOut {
            task: share.task.id.to_string(),
            onboarding: share.task.onboarding.to_string(),
            customer: share.task.customer,
            name: share.task.name,
            days: days(share.hundredths),
        };
        let tasks = shares.into_iter().map(share).collect();
        Self { monday, days: days(load), capacity_days: days(capacity), percent, over, away, tasks }
    }
}

impl From<Loaded> for LoadedOut {
    fn from(loaded: Loaded) -> Self {
        let Loaded { person, name, weeks, .. } = loaded;
        // Whoever is not there at all has too much as soon as there is anything to do.
        let week = |week: Week| WeekOut { over: week.is_over(), ..WeekOut::from(week) };
        Self { person: person.to_string(), name, weeks: weeks.into_iter().map(week).collect() }
    }
}

impl From<Unassigned> for UnassignedOut {
    fn from(unassigned: Unassigned) -> Self {
        let Unassigned { role, weeks } = unassigned;
        Self { role, weeks: weeks.into_iter().map(WeekOut::from).collect() }
    }
}

impl From<Overload> for OverloadOut {
    fn from(overload: Overload) -> Self {
        let said = overload.in_words();
        let Overload { person, name, week } = overload;
        Self { person: person.to_string(), name, monday: week.monday, percent: week.percent(), said }
    }
}

impl From<Suggestion> for SuggestionOut {
    fn from(suggestion: Suggestion) -> Self {
        let Suggestion { person, name, room, of_role } = suggestion;
        Self { person: person.to_string(), name, percent: room.fullest, free_days: days(room.free), of_role }
    }
}

impl From<Kept> for AvailabilityBody {
    fn from(kept: Kept) -> Self {
        let Availability { tenths, absences } = kept.availability;
        let absence = |absence: Absence| {
            let Absence { from, to, reason } = absence;
            AbsenceBody { from, to, reason }
        };
        Self { days_a_week: f64::from(tenths) / 10.0, absences: absences.into_iter().map(absence).collect() }
    }
}

impl AvailabilityBody {
    fn read(self) -> Result<Availability, Problem> {
        // As people write it: `4.5`; anything finer than a tenth is refused.
        let tenths = gangway_domain::workload::tenths_of(&self.days_a_week.to_string());
        let tenths = tenths
            .ok_or_else(|| Problem::field("days_a_week", "must be between 0 and 7, in tenths".to_owned()))?;
        let absence = |absence: AbsenceBody| {
            let AbsenceBody { from, to, reason } = absence;
            Absence { from, to, reason }
        };
        Ok(Availability { tenths, absences: self.absences.into_iter().map(absence).collect() })
    }
}

/// Weeks in which people who were given tasks have more to do than time; none for whoever may not look. They have made
/// their change already, which a refusal would deny.
pub(crate) async fn overloads(
    api: &Api,
    caller: &Caller,
    onboarding: OnboardingId,
    people: Vec<PersonId>,
) -> Result<Vec<OverloadOut>, Problem> {
    if !caller.actor.may(Action::Look) {
        return Ok(Vec::new());
    }
    let found = workload::overloaded(&api.app, &caller.actor, onboarding, people).await?;
    Ok(found.into_iter().map(OverloadOut::from).collect())
}

/// Get the workload
///
/// Days of work of everybody who runs onboardings, and of roles nobody has been chosen for, against the time there is:
/// over eight weeks, in onboardings that are not over. A task takes its assignee a full day on each day it is worked.
#[utoipa::path(get, path = "/workload", operation_id = "get_workload", tag = "Plan", params(BoardQuery),
    responses((status = 200, description = "The weeks.", body = BoardOut)))]
pub(crate) async fn get(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<BoardQuery>,
) -> Result<Json<BoardOut>, Problem> {
    let Board { people, roles, today, .. } = workload::board(&api.app, &caller.actor, query.from).await?;
    Ok(Json(BoardOut {
        on: today,
        people: people.into_iter().map(LoadedOut::from).collect(),
        unassigned: roles.into_iter().map(UnassignedOut::from).collect(),
    }))
}

/// Get what a member has time for
///
/// Everybody may read their own; that of others, who runs onboardings.
#[utoipa::path(get, path = "/members/{id}/availability", operation_id = "get_availability", tag = "Plan",
    params(("id" = String, Path, description = "Id of the person.", example = "per_01900000000070008000000000000001")),
    responses((status = 200, description = "Their time.", body = AvailabilityBody, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn availability(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let (_, kept) = workload::availability(&api.app, &caller.actor, names.id("member")?).await?;
    Ok(tagged(&headers, kept.version, Json(AvailabilityBody::from(kept))))
}

/// Say what a member has time for
///
/// Everybody may say their own; that of others, leaders. Absences that are left out are taken back.
#[utoipa::path(put, path = "/members/{id}/availability", operation_id = "put_availability", tag = "Plan",
    params(("id" = String, Path, description = "Id of the person.", example = "per_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read; \"0\" while nobody said anything.", example = "\"1\"")),
    request_body(content = AvailabilityBody),
    responses((status = 200, description = "Their time as it is now.", body = AvailabilityBody, headers(("ETag" = String)))))]
pub(crate) async fn put_availability(
    version: IfMatch,
    Sent(api, caller, names, sent): Sent<AvailabilityBody>,
) -> Answer {
    let (id, wanted) = (names.id("member")?, sent.read()?);
    let kept = workload::set_availability(&api.app, &caller.actor, id, version.required()?, wanted).await?;
    Ok(changed(kept.version, Json(AvailabilityBody::from(kept))))
}

/// Get how a task fits those who could do it
///
/// Whether whoever has it has too much in its weeks, and who of its role has most room.
#[utoipa::path(get, path = "/tasks/{id}/fit", operation_id = "get_task_fit", tag = "Plan",
    params(("id" = String, Path, description = "Id of the task.", example = "tsk_01900000000070008000000000000001")),
    responses((status = 200, description = "How it fits.", body = FitOut)))]
pub(crate) async fn fit(Here(api, caller, names): Here) -> Result<Json<FitOut>, Problem> {
    let workload::Fit { overloads, suggestions } =
        workload::fit(&api.app, &caller.actor, names.id("task")?).await?;
    Ok(Json(FitOut {
        overloads: overloads.into_iter().map(OverloadOut::from).collect(),
        suggestions: suggestions.into_iter().map(SuggestionOut::from).collect(),
    }))
}

/// Get when an onboarding could go live with the people there are
///
/// Everybody does one of its tasks at a time, on days neither an absence nor another onboarding takes. The best of a
/// bounded number of schedules.
#[utoipa::path(get, path = "/onboardings/{id}/go-live-with-people", operation_id = "get_go_live_with_people", tag = "Plan",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "When, and who holds it up.", body = ProspectOut)))]
pub(crate) async fn prospect(Here(api, caller, names): Here) -> Result<Json<ProspectOut>, Problem> {
    let Prospect { found, people, unassigned, .. } =
        workload::prospect(&api.app, &caller.actor, names.id("onboarding")?).await?;
    let bottleneck = found.as_ref().and_then(|found| found.bottleneck.as_ref()).map(|one| BottleneckOut {
        name: one.name.clone(),
        without: one.without,
        days: one.days,
    });
    Ok(Json(ProspectOut {
        by_plan: found.as_ref().map(|found| found.by_plan),
        with_people: found.as_ref().map(|found| found.with_people),
        days: found.as_ref().map(|found| found.days),
        optimal: found.as_ref().map(|found| found.optimal),
        bottleneck,
        people,
        unassigned,
    }))
}
