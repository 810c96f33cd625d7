//! Who did what when, newest first, by day.

use askama::Template;
use axum::http::StatusCode;
use gangway_app::onboarding;
use gangway_store::activity::Activity;
use jiff::tz::TimeZone;

use super::read_id;
use super::top::Top;
use crate::extract::{Answer, Here};
use crate::format::initials;
use crate::pages::{Frame, render};

/// Entries shown.
const ENTRIES: u32 = 300;

#[derive(Template)]
#[template(path = "pages/onboarding/activity.html")]
struct Page {
    frame: Frame,
    top: Top,
    days: Vec<DayOfStory>,
    /// There may be more than are shown.
    cut: bool,
}

struct DayOfStory {
    words: String,
    entries: Vec<Entry>,
}

struct Entry {
    iso: String,
    hour: String,
    initials: String,
    who: String,
    door: String,
    summary: String,
}

/// What happened to one onboarding.
pub(crate) async fn show(Here(web, session, id): Here<String>) -> Answer {
    let (head, story) = onboarding::story(&web.app, &session.actor, read_id(id)?, ENTRIES).await?;
    let top = Top::new(&session, &head, "/activity");
    let page = Page {
        frame: top.frame(&session, "Activity"),
        top,
        cut: story.len() >= usize::try_from(ENTRIES).unwrap_or(usize::MAX),
        days: by_day(story, &web.app.time_zone),
    };
    Ok(render(StatusCode::OK, &page))
}

/// Entries under the day they belong to, in the order they come in.
fn by_day(story: Vec<Activity>, zone: &TimeZone) -> Vec<DayOfStory> {
    let mut days: Vec<DayOfStory> = Vec::new();
    for entry in story {
        // A stored instant is one jiff wrote; should it ever not be, the entry is worth more than its hour.
        let at = jiff::Timestamp::try_from(entry.at).unwrap_or_default().to_zoned(zone.clone());
        let words = at.strftime("%A, %-d %B %Y").to_string();
        let line = Entry {
            iso: at.timestamp().to_string(),
            hour: at.strftime("%H:%M").to_string(),
            initials: initials(&entry.actor),
            who: entry.actor,
            door: match entry.door.as_str() {
                "cli" => "command line".to_owned(),
                "api" => "REST API".to_owned(),
                "job" => "by itself".to_owned(),
                door => door.to_owned(),
            },
            summary: entry.summary,
        };
        match days.last_mut() {
            Some(day) if day.words == words => day.entries.push(line),
            _ => days.push(DayOfStory { words, entries: vec![line] }),
        }
    }
    days
}
