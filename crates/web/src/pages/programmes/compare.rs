//! Two texts of a programme side by side, in the words of the programme.

use askama::Template;
use axum::http::StatusCode;
use gangway_app::AppError;
use gangway_app::programme::{self, Shown, Which};

use super::changes::{Group, groups};
use super::{Top, changed};
use crate::extract::{Answer, Asked};
use crate::pages::{Choice, Frame, render};

#[derive(Template)]
#[template(path = "pages/programmes/compare.html")]
struct Page {
    frame: Frame,
    top: Top,
    from: Vec<Choice>,
    to: Vec<Choice>,
    from_label: String,
    to_label: String,
    groups: Vec<Group>,
    counts: String,
    unreadable: Option<String>,
}

/// What differs. Without being asked: what the draft does differently from the version in force, or
/// that from the built-in one.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let shown = programme::get(&web.app, &session.actor, &id, Which::InForce).await?;
    let read = |name: &str, otherwise: Which| {
        let word = values.text(name);
        if word.is_empty() {
            return Ok(otherwise);
        }
        Which::of_word(&word).ok_or(AppError::NotFound { what: "version", id: word })
    };
    let has_draft = shown.draft.is_some();
    let from = read("from", if has_draft { Which::InForce } else { Which::BuiltIn })?;
    let to = read("to", if has_draft { Which::Draft } else { Which::InForce })?;
    let comparison = programme::compare(&web.app, &session.actor, &id, from, to).await?;
    let top = Top::new(&session, &shown, "/compare");
    let page = Page {
        frame: top.frame(&session, "Compare"),
        from: choices(&shown, from),
        to: choices(&shown, to),
        from_label: from.label(),
        to_label: to.label(),
        groups: groups(&comparison),
        counts: changed(comparison.counts()),
        unreadable: comparison.unreadable.clone(),
        top,
    };
    Ok(render(StatusCode::OK, &page))
}

fn choices(shown: &Shown, chosen: Which) -> Vec<Choice> {
    let mut all = vec![(Which::BuiltIn, Which::BuiltIn.label()), (Which::InForce, Which::InForce.label())];
    for version in &shown.history {
        let which = Which::Number(version.number);
        all.push((
            which,
            format!("{} · {}", which.label(), version.note.chars().take(40).collect::<String>()),
        ));
    }
    if shown.draft.is_some() {
        all.push((Which::Draft, Which::Draft.label()));
    }
    all.into_iter()
        .map(|(which, label)| Choice { value: which.word(), label, chosen: which == chosen })
        .collect()
}
