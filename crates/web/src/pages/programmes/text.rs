//! The whole text of a draft, for those who write TOML.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_app::programme::{self, Put, Which};
use gangway_methodology::{Comparison, Finding, Judged};

use super::changes::{Group, groups};
use super::draft::FindingView;
use super::{Top, said, verdict};
use crate::Web;
use crate::extract::{Answer, Asked, Posted};
use crate::form::Wrong;
use crate::format::moment;
use crate::pages::{Frame, render};

#[derive(Template)]
#[template(path = "pages/programmes/text.html")]
struct Page {
    frame: Frame,
    top: Top,
    base: String,
    source: String,
    version: i64,
    verdict: String,
    findings: Vec<Excerpt>,
    lines: Vec<Line>,
    wrong: Wrong,
    theirs: Option<Theirs>,
}

/// A finding with the line it is about.
struct Excerpt {
    found: FindingView,
    text: String,
}

/// A line of the text as it is saved.
struct Line {
    number: usize,
    text: String,
    tone: &'static str,
}

/// What a colleague made of the draft meanwhile.
struct Theirs {
    said: String,
    groups: Vec<Group>,
    unreadable: Option<String>,
    source: String,
}

/// The text.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let drafted = programme::draft(&web.app, &session.actor, &id).await?;
    let sheet = Sheet {
        source: drafted.draft.source,
        version: drafted.draft.version,
        judged: drafted.judged,
        wrong: Wrong::default(),
        theirs: None,
        done: values.text("said"),
    };
    page(&web, &session, &id, StatusCode::OK, sheet).await
}

/// Saves it. When somebody else changed the draft meanwhile both are shown.
pub(crate) async fn save(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let source = fields.text("source").to_owned();
    let seen = fields.version();
    let check = async |source: &str| programme::check(&web.app, &session.actor, &id, source).await;
    match programme::put(&web.app, &session.actor, &id, &source, Some(seen)).await {
        Ok(Put::Done(_)) => {
            Ok(Redirect::to(&format!("/programmes/{id}/draft/text?said=saved")).into_response())
        }
        Ok(Put::Overlap(theirs)) => {
            let judged = check(&source).await?;
            let at = moment(theirs.changed_at, &web.app.time_zone).words;
            let comparison = Comparison::of(&source, &theirs.source);
            let said = format!(
                "{} changed the draft at {at}, while you had it open. Nothing is lost: your text stands below and is not saved yet. Work theirs in, or save again to replace theirs with yours.",
                theirs.changed_by
            );
            let sheet = Sheet {
                source,
                version: theirs.version,
                judged,
                wrong: Wrong::default(),
                theirs: Some(Theirs {
                    said,
                    groups: groups(&comparison),
                    unreadable: comparison.unreadable,
                    source: theirs.source,
                }),
                done: String::new(),
            };
            page(&web, &session, &id, StatusCode::CONFLICT, sheet).await
        }
        Err(error @ AppError::NotFound { .. }) => Err(error.into()),
        Err(error) => {
            let wrong = match &error {
                AppError::Invalid(problems) => {
                    let told: Vec<String> =
                        problems.iter().map(|p| format!("The text {}.", p.message)).collect();
                    (StatusCode::UNPROCESSABLE_ENTITY, Wrong::whole(told.join(" ")))
                }
                _ => Wrong::or_fail(error)?,
            };
            let judged = Judged { findings: Vec::new(), programme: None };
            let sheet =
                Sheet { source, version: seen, judged, wrong: wrong.1, theirs: None, done: String::new() };
            page(&web, &session, &id, wrong.0, sheet).await
        }
    }
}

struct Sheet {
    source: String,
    version: i64,
    judged: Judged,
    wrong: Wrong,
    theirs: Option<Theirs>,
    done: String,
}

async fn page(web: &Web, session: &Session, id: &str, status: StatusCode, sheet: Sheet) -> Answer {
    let Sheet { source, version, judged, wrong, theirs, done } = sheet;
    let shown = programme::get(&web.app, &session.actor, id, Which::InForce).await?;
    let mut top = Top::new(session, &shown, "/draft");
    top.said = said(&done);
    let base = format!("/programmes/{id}/draft");
    let errors = judged.findings.iter().filter(|found| found.is_error()).count();
    let tone = |number: usize| {
        let here = judged.findings.iter().filter(|found| found.diagnostic.line as usize == number);
        here.map(Finding::is_error).max().map_or("", |error| if error { "late" } else { "soon" })
    };
    let lines: Vec<Line> = (1..)
        .zip(source.lines())
        .map(|(number, text)| Line { number, text: text.to_owned(), tone: tone(number) })
        .collect();
    let page = Page {
        frame: top.frame(session, "Text of the draft"),
        verdict: verdict(errors, judged.findings.len() - errors),
        findings: judged
            .findings
            .iter()
            .map(|found| Excerpt { text: excerpt(&source, found), found: FindingView::new(found, &base) })
            .collect(),
        base,
        version,
        lines,
        wrong,
        theirs,
        source,
        top,
    };
    Ok(render(status, &page))
}

/// The line of a finding with a mark below the place.
fn excerpt(source: &str, found: &Finding) -> String {
    let at = &found.diagnostic;
    let Some(line) = source.lines().nth(at.line.saturating_sub(1) as usize) else { return String::new() };
    let line = line.replace('\t', " ");
    let column = (at.column.saturating_sub(1) as usize).min(line.chars().count());
    // A long line is cut around the place.
    let start = column.saturating_sub(60);
    let shown: String = line.chars().skip(start).take(110).collect();
    let before = if start > 0 { "…" } else { "" };
    format!("{before}{shown}\n{}^", " ".repeat(column - start + before.chars().count()))
}
