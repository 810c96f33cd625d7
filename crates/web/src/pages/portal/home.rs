//! The first page: where the onboarding stands, and what waits for the guest.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use gangway_app::portal::{self, Overview, PortalTodo};
use gangway_app::transition::Afterwards;
use gangway_domain::portal::{Resource, Right};
use jiff::civil::Date;

use super::guest::GuestHere;
use super::{Failed, Place, PortalFrame};
use crate::pages::render;

/// Things to do that are shown.
const SHOWN: usize = 5;

#[derive(Template)]
#[template(path = "pages/portal/home.html")]
struct Page {
    frame: PortalFrame,
    greeting: String,
    name: String,
    overview: Overview,
    todo: Vec<PortalTodo>,
    /// There are more than are shown.
    more: bool,
    /// That it is over and how it ended, a sentence each; empty while it goes on.
    over: Vec<String>,
    /// How late it is and what that asks of the customer, a sentence each; empty while it is not.
    late: Vec<String>,
    /// When the next milestone is, or was to be.
    next_when: String,
    next_is_late: bool,
    after: Option<After>,
}

/// That it is over and how it ended, in sentences.
fn over(frame: &PortalFrame, seen: &Overview) -> Vec<String> {
    let result = match seen.state {
        "completed" => frame.say("home.over_completed"),
        "closed" => frame.say("home.over_closed"),
        _ => return Vec::new(),
    };
    let mut all = vec![result.to_owned()];
    if let Some(day) = &seen.live_on {
        all.push(frame.fill("home.over_live", [("day", frame.day(day))]));
    }
    let [confirmed, outcomes] = seen.outcomes.map(|number| number.to_string());
    if seen.outcomes != [0, 0] {
        all.push(frame.fill("home.over_outcomes", [("done", confirmed), ("total", outcomes)]));
    }
    all.push(frame.say("home.over_next").to_owned());
    all
}

/// How late it is and what that asks of the customer, in sentences.
fn late(frame: &PortalFrame, seen: &Overview) -> Vec<String> {
    let Some(late) = &seen.late else { return Vec::new() };
    let days = match late.days {
        1 => frame.say("home.one_day").to_owned(),
        many => frame.fill("home.days", [("n", many.to_string())]),
    };
    let key = if late.is_past { "home.late_past" } else { "home.late" };
    let (promised, planned) = (frame.day(&late.promised_on), frame.day(&seen.go_live_on));
    let said = frame.fill(key, [("days", days), ("day", promised), ("planned", planned)]);
    let asked = match late.overdue {
        0 => frame.say("home.late_ours").to_owned(),
        1 => frame.say("home.late_one").to_owned(),
        many => frame.fill("home.late_yours", [("n", many.to_string())]),
    };
    vec![said, asked]
}

/// What comes after the onboarding, in words; what is not known is empty.
struct After {
    ended: String,
    keeper: String,
    email: String,
    meeting: String,
}

impl After {
    fn new(frame: &PortalFrame, seen: &Afterwards) -> Self {
        let Afterwards { keeper, since, meeting, ended_on } = seen;
        let on = |key: &str, day: &Date| frame.fill(key, [("day", frame.day(day).as_str())]);
        Self {
            ended: ended_on.as_ref().map(|day| on("home.ended", day)).unwrap_or_default(),
            keeper: keeper
                .as_ref()
                .map(|person| {
                    let day = since.as_ref().map(|day| frame.day(day)).unwrap_or_default();
                    let key = if day.is_empty() { "home.keeper_soon" } else { "home.keeper" };
                    frame.fill(key, [("name", person.name.as_str()), ("day", day.as_str())])
                })
                .unwrap_or_default(),
            email: keeper.as_ref().map(|person| person.email.clone()).unwrap_or_default(),
            meeting: meeting
                .as_ref()
                .map(|one| {
                    if one.state == "held" {
                        return on("home.met", &one.day);
                    }
                    let zone = one.zone.as_ref().map(|zone| format!(" ({zone})")).unwrap_or_default();
                    let (day, time) = (frame.day(&one.day), format!("{}{zone}", one.starts_at));
                    let values =
                        [("title", one.title.as_str()), ("day", day.as_str()), ("time", time.as_str())];
                    frame.fill("home.meeting", values)
                })
                .unwrap_or_default(),
        }
    }
}

/// The first page.
pub(crate) async fn show(GuestHere(web, visit, ()): GuestHere) -> Result<Response, Failed> {
    let (overview, mut todo) = portal::home(&web.app, &visit.actor).await?;
    let more = todo.len() > SHOWN;
    todo.truncate(SHOWN);
    let frame = PortalFrame::new(&visit, Place::Home, &visit.product);
    let next = overview.next_milestone.as_ref().map(|next| next.due_on);
    let next_is_late = next.is_some_and(|day| day < overview.today);
    let next_when = next.map(|day| {
        let (day, distance) = (frame.day(&day), frame.distance(&overview.today, &day));
        let key = if next_is_late { "home.was_due" } else { "home.due" };
        frame.fill(key, [("day", day), ("distance", distance)])
    });
    let page = Page {
        over: over(&frame, &overview),
        late: late(&frame, &overview),
        next_when: next_when.unwrap_or_default(),
        next_is_late,
        after: overview.afterwards.as_ref().map(|seen| After::new(&frame, seen)),
        greeting: visit.setting.greeting.clone(),
        name: visit.name.clone(),
        frame,
        overview,
        todo,
        more,
    };
    Ok(render(StatusCode::OK, &page))
}
