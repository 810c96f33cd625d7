//! The days on which the parties of a plan work, and the go-live the customer wants.

use axum::Json;
use axum::http::HeaderMap;
use gangway_app::work::{self, Calendars};
use gangway_domain::plan::CalendarSpec;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use crate::caller::Here;
use crate::etag::tagged;
use crate::problem::Answer;

/// What a plan is scheduled on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlanCalendars, example = json!({
    "revision": 1, "wanted_go_live_on": "2027-04-01", "go_live_on": "2027-03-11",
    "calendars": [{
        "id": "customer", "weekend": ["saturday", "sunday"], "holidays": [{ "date": "2027-05-31", "name": "Memorial Day" }],
        "closed": [{ "from": "2027-08-02", "to": "2027-08-20", "reason": "Plant shutdown" }]
    }]
}))]
pub(crate) struct CalendarsOut {
    /// Counts the plan's changes, from 1.
    revision: i64,
    /// Go-live the customer wants; null when none is known.
    #[schema(required = true)]
    wanted_go_live_on: Option<Date>,
    /// Go-live as planned.
    go_live_on: Date,
    /// A calendar for each party, the vendor's first.
    calendars: Vec<CalendarOut>,
}

/// The days of a party, as the change `calendar` of a plan takes them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartyCalendar)]
pub(crate) struct CalendarOut {
    /// `vendor` or `customer`.
    id: String,
    /// Days of the week on which nobody works, in English and lower case.
    weekend: Vec<String>,
    /// Single days off.
    holidays: Vec<HolidayOut>,
    /// Periods off.
    closed: Vec<ClosedOut>,
}

/// A day off.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartyHoliday)]
pub(crate) struct HolidayOut {
    /// The day.
    date: Date,
    /// What it is called; may be empty.
    name: String,
}

/// A period off; both days included.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartyClosure)]
pub(crate) struct ClosedOut {
    /// First day.
    from: Date,
    /// Last day.
    to: Date,
    /// Why; may be empty.
    reason: String,
}

impl From<CalendarSpec> for CalendarOut {
    fn from(calendar: CalendarSpec) -> Self {
        let CalendarSpec { id, weekend, holidays, closed } = calendar;
        Self {
            id,
            weekend: weekend.into_iter().map(|day| format!("{day:?}").to_lowercase()).collect(),
            holidays: holidays.into_iter().map(|one| HolidayOut { date: one.date, name: one.name }).collect(),
            closed: closed
                .into_iter()
                .map(|one| ClosedOut { from: one.from, to: one.to, reason: one.reason })
                .collect(),
        }
    }
}

/// Get the calendars of a plan
///
/// The days on which its parties work and the go-live the customer wants: what the changes `calendar` and `target`
/// put others in place of.
#[utoipa::path(get, path = "/onboardings/{id}/calendars", operation_id = "get_plan_calendars", tag = "Plan",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "The calendars.", body = CalendarsOut, headers(("ETag" = String)))))]
pub(crate) async fn get(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let known = work::calendars(&api.app, &caller.actor, names.id("onboarding")?).await?;
    let Calendars { revision, calendars, wanted, go_live, .. } = known;
    let calendars = calendars.into_iter().map(CalendarOut::from).collect();
    let out = CalendarsOut { revision, wanted_go_live_on: wanted, go_live_on: go_live, calendars };
    Ok(tagged(&headers, revision, Json(out)))
}
