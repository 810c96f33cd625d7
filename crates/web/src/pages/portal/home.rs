//! The first page: where the onboarding stands, and what waits for the guest.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gangway_app::portal::{self, Overview, PortalTodo};
use gangway_app::transition::Afterwards;
use jiff::civil::Date;

use super::{Failed, Place, PortalFrame, Visitor};
use crate::Web;
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
    after: Option<After>,
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
pub(crate) async fn show(State(web): State<Web>, Visitor(visit): Visitor) -> Result<Response, Failed> {
    let overview = portal::overview(&web.app, &visit.actor).await?;
    let mut todo = portal::todo(&web.app, &visit.actor).await?;
    let more = todo.len() > SHOWN;
    todo.truncate(SHOWN);
    let frame = PortalFrame::new(&visit, Place::Home, &visit.product);
    let page = Page {
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
