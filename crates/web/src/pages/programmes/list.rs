//! The programmes of the workspace.

use askama::Template;
use axum::http::StatusCode;
use gangway_app::programme::{self, Line};

use super::changed;
use crate::Web;
use crate::extract::{Answer, Here};
use crate::format::count;
use crate::pages::{Frame, Nav, render};

#[derive(Template)]
#[template(path = "pages/programmes/list.html")]
struct Page {
    frame: Frame,
    cards: Vec<Card>,
}

struct Card {
    id: String,
    name: String,
    summary: String,
    segment: String,
    touch: String,
    length: String,
    live: u32,
    tasks: usize,
    milestones: usize,
    version: String,
    changed: String,
    draft: Option<String>,
    onboardings: String,
}

/// All of them.
pub(crate) async fn show(Here(web, session, ()): Here) -> Answer {
    let lines = programme::list(&web.app, &session.actor).await?;
    let page = Page {
        frame: Frame::of(&session, Nav::Programmes, "Programmes"),
        cards: lines.into_iter().map(|line| card(&web, line)).collect(),
    };
    Ok(render(StatusCode::OK, &page))
}

fn card(web: &Web, line: Line) -> Card {
    let Line { programme, version, changed: counts, draft, onboardings } = line;
    let segments = &web.app.methodology.segments.segments;
    let segment = segments.iter().find(|segment| segment.id == programme.segment);
    let [from, to] = programme.duration_days;
    Card {
        segment: segment.map_or_else(|| programme.segment.clone(), |segment| segment.name.clone()),
        touch: segment.map_or_else(String::new, |segment| format!("{} touch", segment.touch)),
        length: format!("{from}–{to} days"),
        live: programme.go_live_day,
        tasks: programme.tasks.len(),
        milestones: programme.milestones.len(),
        changed: match &version {
            Some(version) if !version.is_built_in => changed(counts),
            _ => String::new(),
        },
        version: match version {
            Some(version) if version.is_built_in => format!("Version {}, as built in", version.number),
            Some(version) => format!("Version {}, {}", version.number, version.published_by),
            None => format!("Built-in version {}", programme.version),
        },
        draft: draft.map(|draft| format!("Draft, last changed by {}", draft.changed_by)),
        onboardings: count(usize::try_from(onboardings).unwrap_or_default(), "onboarding"),
        id: programme.id,
        name: programme.name,
        summary: programme.summary,
    }
}
