//! What somebody has time for: days a week, and when they are not there.
use axum::response::{IntoResponse, Redirect};
use gangway_app::identity::Session;
use gangway_app::workload::{self, Loaded};
use gangway_app::{AppError, Problem};
use gangway_domain::ids::PersonId;
use gangway_domain::permission::Action;
use gangway_domain::workload::{Absence, Availability, tenths_of};
use jiff::civil::Date;

use super::{Wanted, page};
use crate::extract::{Answer, Posted, named};
use crate::form::{Fields, Wrong};
use crate::format::Day;

/// What somebody has time for, as the page shows it.
pub(super) struct Time {
    pub name: String,
    /// Where changes are sent.
    pub action: String,
    pub version: i64,
    pub days: String,
    pub absences: Vec<Away>,
    pub may: bool,
    pub typed: Typed,
}

pub(super) struct Away {
    pub from: Day,
    pub to: Day,
    pub reason: String,
}

/// A form that came back.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    pub days: Option<String>,
    pub from: String,
    pub to: String,
    pub reason: String,
}

impl Time {
    pub(super) fn new(session: &Session, one: &Loaded, typed: Typed) -> Self {
        let actor = &session.actor;
        let own = actor.person == Some(one.person);
        let Availability { tenths, absences } = &one.kept.availability;
        let away = |absence: &Absence| Away {
            from: absence.from.into(),
            to: absence.to.into(),
            reason: absence.reason.clone(),
        };
        Self {
            name: one.name.clone(),
            action: format!("/workload/{}/time", one.person),
            version: one.kept.version,
            days: typed.days.clone().unwrap_or_else(|| gangway_domain::workload::in_days(tenths * 10)),
            absences: absences.iter().map(away).collect(),
            may: actor.may(Action::OwnAccess) && (own || actor.may(Action::ManageCapacity)),
            typed,
        }
    }
}

/// Says what somebody has time for.
pub(crate) async fn change(Posted(web, session, person, fields): Posted<String>) -> Answer {
    let person: PersonId = named("member", &person)?;
    let (_, kept) = workload::availability(&web.app, &session.actor, person).await?;
    let outcome = match wanted(kept.availability, &fields) {
        Ok(wanted) => {
            let version = fields.version();
            workload::set_availability(&web.app, &session.actor, person, version, wanted).await
        }
        Err(error) => Err(error),
    };
    match outcome {
        Ok(_) => Ok(Redirect::to(&format!("/workload?person={person}&said=time#time")).into_response()),
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            let text = |name: &str| fields.text(name).to_owned();
            let is_days = fields.text("kind") == "days";
            let typed = Typed {
                days: is_days.then(|| text("days_a_week")),
                from: text("from"),
                to: text("to"),
                reason: text("reason"),
            };
            let asked = Wanted { person: Some(person), ..Wanted::default() };
            page(&web, &session, status, asked, "", typed, wrong).await
        }
    }
}

/// What is kept with what a form changes of it.
fn wanted(known: Availability, fields: &Fields) -> Result<Availability, AppError> {
    let mut wanted = known;
    let mut problems = Vec::new();
    match fields.text("kind") {
        "days" => match tenths_of(fields.text("days_a_week")) {
            Some(tenths) => wanted.tenths = tenths,
            None => problems.push(Problem::new("days_a_week", "must be a number such as 4 or 4.5")),
        },
        "away" => {
            let from = day(fields, "from", "from", &mut problems);
            // One day when nothing else is said.
            let to = if fields.text("to").is_empty() { from } else { day(fields, "to", "to", &mut problems) };
            if let (Some(from), Some(to)) = (from, to) {
                wanted.absences.push(Absence { from, to, reason: fields.text("reason").to_owned() });
            }
        }
        "back" => {
            let (from, to, reason) = (fields.text("from"), fields.text("to"), fields.text("reason"));
            wanted.absences.retain(|known| {
                known.from.to_string() != from || known.to.to_string() != to || known.reason != reason
            });
        }
        _ => problems.push(Problem::new("kind", "is no change of somebody's time")),
    }
    if problems.is_empty() { Ok(wanted) } else { Err(AppError::Invalid(problems)) }
}

fn day(fields: &Fields, name: &str, field: &'static str, problems: &mut Vec<Problem>) -> Option<Date> {
    let day = fields.text(name).parse::<Date>().ok();
    if day.is_none() {
        problems.push(Problem::new(field, "must be a day such as 2027-01-11"));
    }
    day
}
