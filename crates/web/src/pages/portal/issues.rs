//! Problems after the go-live: how far those are that were reported, and reporting one.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::portal::{self, IssueClock, IssueLine, Reported, Visit};
use gangway_app::{AppError, Problem};

use super::guest::{GuestAsked, GuestPosted};
use super::{Failed, Place, PortalFrame};
use crate::Web;
use crate::pages::render;

#[derive(Template)]
#[template(path = "pages/portal/issues.html")]
struct Page {
    frame: PortalFrame,
    may_report: bool,
    severities: Vec<Choice>,
    lines: Vec<Line>,
    /// What was typed.
    title: String,
    details: String,
    /// What is wrong with it; empty when nothing is.
    wrong: String,
}

/// How grave a problem can be.
struct Choice {
    word: &'static str,
    label: &'static str,
    /// Within how long it is answered; empty when nobody promises it.
    within: String,
    chosen: bool,
}

struct Line {
    issue: IssueLine,
    severity: &'static str,
    state: &'static str,
    tone: &'static str,
}

/// The problems.
pub(crate) async fn show(GuestAsked(web, visit, (), values): GuestAsked) -> Result<Response, Failed> {
    let is_new = values.text("said") == "reported";
    let nothing = Reported { title: "", details: "", severity: "" };
    page(&web, &visit, is_new, nothing, &[], StatusCode::OK).await
}

/// Reports one.
pub(crate) async fn report(GuestPosted(web, visit, (), fields): GuestPosted) -> Result<Response, Failed> {
    let said = Reported {
        title: fields.text("title"),
        details: fields.text("details"),
        severity: fields.text("severity"),
    };
    match portal::report_issue(&web.app, &visit.actor, said).await {
        Ok(()) => Ok(Redirect::to("/portal/issues?said=reported").into_response()),
        Err(AppError::Invalid(problems)) => {
            page(&web, &visit, false, said, &problems, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn page(
    web: &Web,
    visit: &Visit,
    is_new: bool,
    said: Reported<'_>,
    problems: &[Problem],
    status: StatusCode,
) -> Result<Response, Failed> {
    let seen = portal::guest_issues(&web.app, &visit.actor).await?;
    let frame = PortalFrame::new(visit, Place::Elsewhere, "");
    let title = frame.say("issue.title").to_owned();
    let choice = |clock: &IssueClock| Choice {
        word: clock.severity,
        label: severity(&frame, clock.severity),
        within: within(&frame, clock.minutes),
        chosen: said.severity == clock.severity,
    };
    let severities = seen.clocks.iter().map(choice).collect();
    let lines = seen.issues.into_iter().map(|issue| {
        let (state, tone) = state(&frame, issue.state);
        Line { severity: severity(&frame, issue.severity), state, tone, issue }
    });
    let lines = lines.collect();
    let wrong: Vec<String> = problems.iter().map(|problem| frame.words.problem(problem)).collect();
    let wrong = if wrong.is_empty() { String::new() } else { format!("{}.", wrong.join(". ")) };
    let toast = if is_new { frame.say("issue.said_reported") } else { "" };
    let page = Page {
        may_report: seen.may_report,
        severities,
        lines,
        title: said.title.to_owned(),
        details: said.details.to_owned(),
        wrong,
        frame: PortalFrame { title, ..frame }.saying(toast),
    };
    Ok(render(status, &page))
}

/// What a severity is called.
fn severity(frame: &PortalFrame, word: &str) -> &'static str {
    match word {
        "critical" => frame.say("issue.critical"),
        "high" => frame.say("issue.high"),
        "medium" => frame.say("issue.medium"),
        _ => frame.say("issue.low"),
    }
}

/// What a state is called, and how a tag shows it.
fn state(frame: &PortalFrame, word: &str) -> (&'static str, &'static str) {
    match word {
        "resolved" => (frame.say("issue.resolved"), "done"),
        "answered" => (frame.say("issue.answered"), "go"),
        _ => (frame.say("issue.open"), "soon"),
    }
}

/// Within how long somebody answers, in minutes up to two hours.
fn within(frame: &PortalFrame, minutes: u32) -> String {
    match minutes {
        60 => frame.say("issue.within_hour").to_owned(),
        minutes if minutes < 120 || minutes % 60 != 0 => {
            frame.fill("issue.within_minutes", [("n", minutes.to_string())])
        }
        minutes => frame.fill("issue.within_hours", [("n", (minutes / 60).to_string())]),
    }
}
