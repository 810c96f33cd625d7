//! What playbooks achieved, side by side.

use askama::Template;
use axum::http::StatusCode;
use gangway_app::intervention;
use gangway_domain::intervention::{Change, Comparison};

use super::tabs;
use crate::extract::{Answer, Here};
use crate::pages::{Frame, Nav, Tab, render};

#[derive(Template)]
#[template(path = "pages/signals/playbooks.html")]
struct Page {
    frame: Frame,
    pages: Vec<Tab>,
    lines: Vec<Line>,
    /// Playbooks nobody has begun.
    unused: Vec<String>,
}

/// What a playbook achieved.
struct Line {
    name: String,
    begun: u32,
    running: u32,
    ended: u32,
    days: String,
    resolved: String,
    /// How the others ended, in words.
    others: String,
    /// The score before and after, and what changed.
    scores: Option<(String, String)>,
    signals: String,
}

/// The page.
pub(crate) async fn show(Here(web, session, ()): Here) -> Answer {
    let compared = intervention::compared(&web.app, &session.actor).await?;
    let playbooks = &web.app.methodology.interventions;
    let is_unused = |id: &str| !compared.iter().any(|one| one.playbook == id);
    let unused = playbooks.values().filter(|playbook| is_unused(&playbook.id));
    let page = Page {
        frame: Frame::of(&session, Nav::Signals, "Playbooks").live_on_all(),
        pages: tabs("/signals/playbooks"),
        unused: unused.map(|playbook| playbook.level.clone()).collect(),
        lines: compared
            .iter()
            .map(|one| {
                let known = playbooks.get(&one.playbook);
                line(one, known.map_or_else(|| one.playbook.clone(), |known| known.level.clone()))
            })
            .collect(),
    };
    Ok(render(StatusCode::OK, &page))
}

fn line(one: &Comparison, name: String) -> Line {
    let told = |what: Option<String>| what.unwrap_or_else(|| "–".to_owned());
    Line {
        name,
        begun: one.begun,
        running: one.running,
        ended: one.n + one.abandoned,
        days: told(one.median_days.map(|days| days.to_string())),
        resolved: told(one.share.map(|share| share.to_string())),
        others: format!("{} in part · {} not · {} given up", one.partly, one.failed, one.abandoned),
        scores: one.change.as_ref().map(scores),
        signals: told(one.signals.map(|share| share.to_string())),
    }
}

/// `41 → 63`, and by how much the score changed.
fn scores(change: &Change) -> (String, String) {
    let Change { n, before, after, median, low, high } = change;
    let sign = if median.0 > 0 { "+" } else { "" };
    let range = low.zip(*high).map(|(low, high)| format!("; {low} to {high}")).unwrap_or_default();
    (format!("{before} → {after}"), format!("median {sign}{median} (n = {n}{range})"))
}
