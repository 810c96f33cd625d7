//! The days on which the parties of a plan work, and the go-live the customer wants.

use gangway_domain::ids::OnboardingId;
use gangway_domain::permission::Action;
use gangway_domain::plan::{CalendarSpec, HolidaySpec};
use gangway_store::onboarding::head::Head;
use jiff::civil::Date;

use super::view;
use crate::boxed;
use crate::error::AppError;
use crate::{Actor, App};

/// Years for which public holidays are taken into a calendar, after the current one.
const YEARS: i16 = 3;

/// What a plan is scheduled on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendars {
    /// The onboarding.
    pub head: Head,
    /// Counts the plan's changes.
    pub revision: i64,
    /// The parties' calendars, the vendor's first.
    pub calendars: Vec<CalendarSpec>,
    /// Go-live the customer wants, when known.
    pub wanted: Option<Date>,
    /// Go-live as planned.
    pub go_live: Date,
    /// The day it was looked at.
    pub today: Date,
}

/// What the plan of an onboarding is scheduled on.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn calendars(app: &App, actor: &Actor, id: OnboardingId) -> Result<Calendars, AppError> {
    actor.require(Action::Look)?;
    let (head, stored) = view::stored(app, actor, id).await?;
    let go_live = stored.plan.promise().go_live;
    let ground = stored.plan.ground;
    Ok(Calendars {
        head,
        revision: stored.revision,
        calendars: ground.calendars,
        wanted: ground.target,
        go_live,
        today: app.today(),
    })
}

/// Countries and regions whose public holidays are known: code and name, by name.
#[must_use]
pub fn countries(app: &App) -> Vec<(String, String)> {
    let mut known = Vec::new();
    for (code, calendar) in &app.methodology.calendars {
        known.push((calendar.name.clone(), code.clone()));
        for (part, name) in &calendar.subdivisions {
            known.push((format!("{} ({name})", calendar.name), format!("{code}-{part}")));
        }
    }
    known.sort();
    known.dedup_by(|later, earlier| later.1 == earlier.1);
    known.into_iter().map(|(name, code)| (code, name)).collect()
}

/// Public holidays of a country or region (`DE`, `DE-BY`) from the last year on, for a calendar of a plan that runs
/// now. `None` when they are not known.
#[must_use]
pub fn holidays(app: &App, code: &str) -> Option<Vec<HolidaySpec>> {
    let known = &app.methodology.calendars;
    let year = app.today().year();
    let years = year.saturating_sub(1)..=year.saturating_add(YEARS);
    if let Some(calendar) = known.get(code) {
        return Some(calendar.specs(years));
    }
    let (country, _) = code.split_once('-')?;
    Some(known.get(country)?.region(code)?.specs(years))
}
