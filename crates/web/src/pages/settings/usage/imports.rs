//! Files of usage events: read piece by piece, so that a large one can go on where it was interrupted.

use askama::Template;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_app::usage::import::{self, Import, Wanted};
use gangway_app::usage::source as sources;
use gangway_domain::ids::{ImportId, SourceId};

use super::{PATH as SETTINGS, pages};
use crate::Web;
use crate::extract::{Answer, Asked, Here, Posted, named};
use crate::form::Wrong;
use crate::format::{Moment, moment, thousands};
use crate::pages::onboarding::work::talk::Sent;
use crate::pages::settings::{Tab, tabs};
use crate::pages::{Choice, Frame, Nav, Toast, render};

pub(super) const PATH: &str = "/settings/usage/imports";

/// Bytes read at once.
const PIECE: usize = 1_048_576;

#[derive(Template)]
#[template(path = "pages/settings/usage/imports.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    pages: Vec<Tab>,
    sources: Vec<Choice>,
    lines: Vec<Line>,
    wrong: Wrong,
}

struct Line {
    id: String,
    name: String,
    done: String,
    /// Share that is read, percent.
    percent: i64,
    done_bytes: i64,
    total_bytes: i64,
    counts: String,
    problem: String,
    by: String,
    at: Moment,
    state: &'static str,
    tone: &'static str,
    open: bool,
}

/// The files.
pub(crate) async fn show(Asked(web, session, (), values): Asked) -> Answer {
    let said = match values.text("said").as_str() {
        "read" => "Read.",
        "cancelled" => "Cancelled. What was read of it stays.",
        _ => "",
    };
    page(&web, &session, StatusCode::OK, Wrong::default(), said).await
}

/// Reads a file that came whole.
pub(crate) async fn create(Here(web, session, ()): Here, sent: Sent) -> Answer {
    match whole(&web, &session, &sent).await {
        Ok(()) => Ok(Redirect::to(&format!("{PATH}?said=read")).into_response()),
        Err(error) => {
            // The fields that are wrong are those of the file, which has none on the page.
            let said = match &error {
                AppError::Invalid(problems) => {
                    Some(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
                }
                _ => None,
            };
            let (status, wrong) = Wrong::or_fail(error)?;
            let wrong = said.map_or(wrong, |said| Wrong::whole(format!("The file was not read: {said}.")));
            page(&web, &session, status, wrong, "").await
        }
    }
}

async fn whole(web: &Web, session: &Session, sent: &Sent) -> Result<(), AppError> {
    let bytes = &sent.file.bytes;
    let total = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let wanted = wanted(&sent.file.name, sent.text("source"), total)?;
    let begun = import::begin(&web.app, &session.actor, &wanted).await?;
    let mut offset = begun.done_bytes;
    for piece in bytes.chunks(PIECE) {
        offset = import::put(&web.app, &session.actor, begun.id, offset, piece).await?.done_bytes;
    }
    Ok(())
}

/// Begins with a file that comes in pieces, and says its id.
pub(crate) async fn begin(Posted(web, session, (), fields): Posted) -> Answer {
    let total = fields.text("total").parse().unwrap_or(-1);
    let begun = match wanted(fields.text("name"), fields.text("source"), total) {
        Ok(wanted) => import::begin(&web.app, &session.actor, &wanted).await,
        Err(error) => Err(error),
    };
    told(begun.map(|begun| begun.id.to_string()))
}

/// The next piece, and how much there is then.
pub(crate) async fn piece(Asked(web, session, id, values): Asked<String>, body: Bytes) -> Answer {
    let id = known(&id)?;
    let offset = values.text("offset").parse().unwrap_or(-1);
    let put = import::put(&web.app, &session.actor, id, offset, &body).await;
    match put {
        // Another tab was faster: go on from there.
        Err(AppError::Stale { version, .. }) => told(Ok(version.to_string())),
        put => told(put.map(|import| import.done_bytes.to_string())),
    }
}

/// Reads no more of it.
pub(crate) async fn cancel(Here(web, session, id): Here<String>) -> Answer {
    import::cancel(&web.app, &session.actor, known(&id)?).await?;
    Ok(Redirect::to(&format!("{PATH}?said=cancelled")).into_response())
}

/// A word for the script that asked, or what is wrong.
fn told(outcome: Result<String, AppError>) -> Answer {
    match outcome {
        Ok(word) => Ok(word.into_response()),
        Err(error) if error.is_input() => {
            Ok::<Response, _>((StatusCode::UNPROCESSABLE_ENTITY, error.to_string()).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn known(id: &str) -> Result<ImportId, AppError> {
    named("file of usage events", id)
}

/// CSV by the end of its name, else one message a line.
fn wanted(name: &str, source: &str, total_bytes: i64) -> Result<Wanted, AppError> {
    let source: SourceId = named("usage source", source)?;
    let format = if name.to_ascii_lowercase().ends_with(".csv") { "csv" } else { "ndjson" };
    Ok(Wanted { name: name.to_owned(), source, format: format.to_owned(), total_bytes })
}

async fn page(web: &Web, session: &Session, status: StatusCode, wrong: Wrong, said: &str) -> Answer {
    let imports = import::list(&web.app, &session.actor).await?;
    let known = sources::list(&web.app, &session.actor).await?;
    let zone = &web.app.time_zone;
    let living = known.into_iter().filter(|one| one.ended_at.is_none());
    let page = Page {
        frame: Frame::of(session, Nav::Settings, "Files of usage events").saying(Toast::of(said)),
        tabs: tabs(session, SETTINGS),
        pages: pages(PATH),
        sources: living.map(|one| Choice::of(one.id.to_string(), one.name, "")).collect(),
        lines: imports.into_iter().map(|one| Line::new(one, zone)).collect(),
        wrong,
    };
    Ok(render(status, &page))
}

impl Line {
    fn new(one: Import, zone: &jiff::tz::TimeZone) -> Self {
        let (state, tone) = match one.state.as_str() {
            "done" => ("Read", "done"),
            "failed" => ("Failed", "late"),
            _ => ("Under way", "soon"),
        };
        Self {
            id: one.id.to_string(),
            done: format!("{} of {}", kilobytes(one.done_bytes), kilobytes(one.total_bytes)),
            percent: (one.done_bytes.saturating_mul(100) / one.total_bytes.max(1)).clamp(0, 100),
            done_bytes: one.done_bytes,
            total_bytes: one.total_bytes,
            counts: format!("{} events taken, {} refused", thousands(one.accepted), thousands(one.refused)),
            problem: one.problem.unwrap_or_default(),
            by: one.made_by,
            at: moment(one.made_at, zone),
            open: one.state == "open",
            name: one.name,
            state,
            tone,
        }
    }
}

/// Rounded up, so that something is never nothing.
fn kilobytes(bytes: i64) -> String {
    format!("{} kB", (bytes.max(0) + 999) / 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_by_its_name_how_it_is_read() {
        let source = "src_00000000000000000000000000000001";
        let format = |name: &str| wanted(name, source, 1).map(|wanted| wanted.format).ok();
        assert_eq!(format("Events.CSV").as_deref(), Some("csv"));
        assert_eq!(format("events.jsonl").as_deref(), Some("ndjson"));
        assert!(wanted("events.csv", "nothing", 1).is_err());
        assert_eq!([kilobytes(0), kilobytes(1), kilobytes(12_000)], ["0 kB", "1 kB", "12 kB"]);
    }
}
