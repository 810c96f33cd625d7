//! The joint impact plan as the customer sees it: outcomes, how far they are, their yes with name and time.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::outcome::{self, GuestOutcome};
use gangway_app::portal::Visit;
use gangway_app::{AppError, Problem};
use gangway_domain::ids::{AttachmentId, OutcomeId};
use gangway_domain::refusal::Fault;
use jiff::civil::Date;

use super::guest::{GuestAsked, GuestHere, GuestPosted};
use super::tasks::to_save;
use super::{Failed, Place, PortalFrame};
use crate::Web;
use crate::pages::render;

#[derive(Template)]
#[template(path = "pages/portal/outcomes.html")]
struct List {
    frame: PortalFrame,
    north_star: String,
    first_impact: String,
    lines: Vec<Line>,
}

struct Line {
    href: String,
    goal: String,
    way: String,
    by: Date,
    status: &'static str,
    tone: &'static str,
    percent: Option<u32>,
    /// It waits for a word of the guest.
    waits: bool,
    first_value: bool,
}

#[derive(Template)]
#[template(path = "pages/portal/outcome.html")]
struct One {
    frame: PortalFrame,
    outcome: GuestOutcome,
    status: &'static str,
    tone: &'static str,
    way: String,
    /// What was typed.
    words: String,
    /// What is wrong with the form; empty when nothing is.
    wrong: &'static str,
}

/// The outcomes.
pub(crate) async fn list(GuestHere(web, visit, ()): GuestHere) -> Result<Response, Failed> {
    let seen = outcome::guest_outcomes(&web.app, &visit.actor).await?;
    let frame = PortalFrame::new(&visit, Place::Outcomes, "");
    let title = frame.say("outcome.title").to_owned();
    let lines = seen.outcomes.iter().map(|one| {
        let (status, tone) = status(&frame, one.status);
        Line {
            href: format!("/portal/outcomes/{}", one.id),
            goal: one.goal.clone(),
            way: way(one),
            by: one.by,
            status,
            tone,
            percent: one.percent,
            waits: one.may_agree || one.may_answer,
            first_value: one.first_value,
        }
    });
    let lines = lines.collect();
    let (north_star, first_impact) = (seen.north_star, seen.first_impact);
    Ok(render(
        StatusCode::OK,
        &List { frame: PortalFrame { title, ..frame }, north_star, first_impact, lines },
    ))
}

/// One outcome.
pub(crate) async fn show(GuestAsked(web, visit, id, values): GuestAsked<String>) -> Result<Response, Failed> {
    page(&web, &visit, outcome_id(id)?, &values.text("said"), None, StatusCode::OK).await
}

/// The guest agrees to it, or says why not like this.
pub(crate) async fn agree(
    GuestPosted(web, visit, id, fields): GuestPosted<String>,
) -> Result<Response, Failed> {
    let id = outcome_id(id)?;
    let version = fields.text("version").parse().unwrap_or(0);
    let words = fields.text("words");
    let done = match fields.text("answer") {
        "" | "agreed" => outcome::guest_agree(&web.app, &visit.actor, id, version).await.map(|()| "agreed"),
        "declined" => {
            let done = outcome::guest_object(&web.app, &visit.actor, id, version, words).await;
            done.map(|()| "objected")
        }
        _ => return Err(AppError::Invalid(vec![Problem::of("answer", Fault::YesOrNo)]).into()),
    };
    match done {
        Ok(said) => Ok(Redirect::to(&format!("/portal/outcomes/{id}?said={said}")).into_response()),
        Err(AppError::Invalid(_)) => {
            page(&web, &visit, id, "", Some(words), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The guest confirms it, or says what is missing.
pub(crate) async fn answer(
    GuestPosted(web, visit, id, fields): GuestPosted<String>,
) -> Result<Response, Failed> {
    let id = outcome_id(id)?;
    let version = fields.text("version").parse().unwrap_or(0);
    let is_there = match fields.text("answer") {
        "confirmed" => true,
        "declined" => false,
        _ => return Err(AppError::Invalid(vec![Problem::of("answer", Fault::YesOrNo)]).into()),
    };
    let words = fields.text("words");
    match outcome::guest_answer(&web.app, &visit.actor, id, version, is_there, words).await {
        Ok(()) => {
            let word = if is_there { "confirmed" } else { "declined" };
            Ok(Redirect::to(&format!("/portal/outcomes/{id}?said={word}")).into_response())
        }
        Err(AppError::Invalid(_)) => {
            page(&web, &visit, id, "", Some(words), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

/// A file that shows a measurement.
pub(crate) async fn file(
    GuestHere(web, visit, (id, file)): GuestHere<(String, String)>,
) -> Result<Response, Failed> {
    let file: AttachmentId = file.parse().map_err(|_| AppError::NotFound { what: "file", id: file })?;
    let (kept, bytes) = outcome::guest_file(&web.app, &visit.actor, outcome_id(id)?, file).await?;
    Ok(to_save(&kept.name, bytes))
}

async fn page(
    web: &Web,
    visit: &Visit,
    id: OutcomeId,
    said: &str,
    typed: Option<&str>,
    code: StatusCode,
) -> Result<Response, Failed> {
    let one = outcome::guest_outcome(&web.app, &visit.actor, id).await?;
    let frame = PortalFrame::new(visit, Place::Outcomes, one.goal.clone());
    let toast = match said {
        "agreed" => frame.say("outcome.said_agreed"),
        "objected" => frame.say("outcome.said_objected"),
        "confirmed" => frame.say("outcome.said_confirmed"),
        "declined" => frame.say("outcome.said_declined"),
        _ => "",
    };
    let (status, tone) = status(&frame, one.status);
    let page = One {
        status,
        tone,
        way: way(&one),
        words: typed.unwrap_or_default().to_owned(),
        wrong: if typed.is_some() { frame.say("outcome.needs_words") } else { "" },
        outcome: one,
        frame: frame.saying(toast),
    };
    Ok(render(code, &page))
}

/// What a status is called, and how a tag shows it.
fn status(frame: &PortalFrame, word: &str) -> (&'static str, &'static str) {
    match word {
        "agreed" => (frame.say("outcome.agreed"), "soon"),
        "measuring" => (frame.say("outcome.measuring"), "go"),
        "reached" => (frame.say("outcome.reached"), "go"),
        "verified" => (frame.say("outcome.verified"), "done"),
        "missed" => (frame.say("outcome.missed"), "late"),
        "never-agreed" => (frame.say("outcome.never_agreed"), ""),
        _ => (frame.say("outcome.drafted"), ""),
    }
}

/// From where to where: `10 days → 4 days`.
fn way(one: &GuestOutcome) -> String {
    match (&one.baseline, &one.target) {
        (Some(from), Some(to)) => format!("{from} → {to}"),
        (None, Some(to)) => format!("→ {to}"),
        (Some(from), None) => format!("{from} →"),
        (None, None) => String::new(),
    }
}

fn outcome_id(id: String) -> Result<OutcomeId, AppError> {
    id.parse().map_err(|_| AppError::NotFound { what: "outcome", id })
}
