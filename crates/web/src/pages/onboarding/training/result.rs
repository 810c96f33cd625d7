//! Answers a trainer reads, and certificates.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::identity::Session;
use gangway_app::training::{self, Verified};
use gangway_domain::ids::AttemptId;
use gangway_domain::permission::Action;
use gangway_domain::training::{Answered, Verdict};

use super::{HERE, read, tabs, to_save};
use crate::Web;
use crate::extract::{Names, Values};
use crate::form::{Fields, Wrong};
use crate::format::Day;
use crate::pages::accounts::account::meanwhile;
use crate::pages::failure::Failure;
use crate::pages::onboarding::top::Top;
use crate::pages::{Frame, Tab, Toast, render};
use crate::session::Signed;

#[derive(Template)]
#[template(path = "pages/onboarding/training/attempt.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    address: String,
    title: String,
    learner: (String, String),
    day: Day,
    verdict: &'static str,
    tone: &'static str,
    score: String,
    pass: u32,
    marked_by: Option<String>,
    answers: Vec<Line>,
    may_edit: bool,
    version: i64,
    wrong: Wrong,
}

struct Line {
    place: usize,
    answer: Answered,
    mark: String,
}

/// What a verdict is called, and how a tag shows it.
pub(super) fn verdict(verdict: Verdict) -> (&'static str, &'static str) {
    let tone = match verdict {
        Verdict::Waiting => "soon",
        Verdict::Passed => "go",
        Verdict::Failed => "late",
    };
    (verdict.label(), tone)
}

/// Answers of a learner.
pub(crate) async fn show(
    State(web): State<Web>,
    Signed(session): Signed,
    Names((_, id)): Names<(String, String)>,
    values: Values,
) -> Result<Response, Failure> {
    let toast = if values.has("marked") { Toast::of("Marked.") } else { None };
    page(&web, &session, read("attempt", &id)?, Wrong::default(), toast, StatusCode::OK).await
}

/// Marks them.
pub(crate) async fn mark(
    State(web): State<Web>,
    Signed(session): Signed,
    Names((onboarding, id)): Names<(String, String)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let id: AttemptId = read("attempt", &id)?;
    let version = fields.text("version").parse().unwrap_or(0);
    let count = fields.text("answers").parse().unwrap_or(0_usize).min(200);
    let marks: Vec<Option<u32>> =
        (0..count).map(|place| fields.text(&format!("mark_{place}")).trim().parse().ok()).collect();
    match training::mark(&web.app, &session.actor, id, version, &marks).await {
        Ok(_) => {
            Ok(Redirect::to(&format!("/onboardings/{onboarding}/training/attempts/{id}?marked"))
                .into_response())
        }
        Err(error) => {
            let (status, wrong) = meanwhile(error)?;
            page(&web, &session, id, wrong, None, status).await
        }
    }
}

async fn page(
    web: &Web,
    session: &Session,
    id: AttemptId,
    wrong: Wrong,
    toast: Option<Toast>,
    code: StatusCode,
) -> Result<Response, Failure> {
    let (_, attempt) = training::get_attempt(&web.app, &session.actor, id).await?;
    let (training, learner, _) = training::get_learner(&web.app, &session.actor, attempt.learner).await?;
    let top = Top::new(session, &training.head, HERE);
    let track = training.track(attempt.track).map_or("", |track| track.name.as_str());
    let (word, tone) = verdict(attempt.verdict);
    let lines = attempt.answers.iter().enumerate().map(|(place, answer)| Line {
        place,
        mark: answer.mark.map(|mark| mark.to_string()).unwrap_or_default(),
        answer: answer.clone(),
    });
    let page = Page {
        frame: top.frame(session, "Answers").saying(toast),
        pages: tabs(&top, "/training/learners"),
        address: top.to(&format!("/training/attempts/{id}")),
        title: format!("{}: {track}", attempt.kind.label()),
        learner: (top.to(&format!("/training/learners/{}", learner.id)), learner.name.clone()),
        day: attempt.taken_on.into(),
        verdict: word,
        tone,
        score: attempt.score.map_or_else(String::new, |score| format!("{score} %")),
        pass: attempt.pass_percent,
        marked_by: attempt.marked_by.clone(),
        answers: lines.collect(),
        may_edit: session.actor.may(Action::RunOnboarding),
        version: attempt.version,
        wrong,
        top,
    };
    Ok(render(code, &page))
}

/// A certificate as PDF.
pub(crate) async fn certificate(
    State(web): State<Web>,
    Signed(session): Signed,
    Names((_, id)): Names<(String, String)>,
) -> Result<Response, Failure> {
    let id = read("certificate", &id)?;
    let (name, bytes) = training::certificate_file(&web.app, &session.actor, id).await?;
    Ok(to_save(&name, "application/pdf", bytes))
}

/// Takes a certificate back.
pub(crate) async fn revoke(
    State(web): State<Web>,
    Signed(session): Signed,
    Names((onboarding, id)): Names<(String, String)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let version = fields.text("version").parse().unwrap_or(0);
    let id = read("certificate", &id)?;
    let kept = training::revoke(&web.app, &session.actor, id, version, fields.text("reason")).await?;
    let to = format!("/onboardings/{onboarding}/training/learners/{}?said=revoked", kept.learner);
    Ok(Redirect::to(&to).into_response())
}

#[derive(Template)]
#[template(path = "pages/onboarding/training/certificate.html")]
struct Verification {
    frame: Frame,
    number: String,
    found: Option<Found>,
}

struct Found {
    name: String,
    track: String,
    level: &'static str,
    shown_by: &'static str,
    day: Day,
    vendor: String,
    revoked: Option<Day>,
}

impl From<Verified> for Found {
    fn from(one: Verified) -> Self {
        Self {
            name: one.name,
            track: one.track,
            level: one.level.label(),
            shown_by: one.level.shown_by(),
            day: one.issued_on.into(),
            vendor: one.vendor,
            revoked: one.revoked_on.map(Day::from),
        }
    }
}

/// What is known of the number of a certificate, for whoever has it in hand.
pub(crate) async fn verify(
    State(web): State<Web>,
    Names(number): Names<String>,
) -> Result<Response, Failure> {
    let found = training::verify(&web.app, &number).await?;
    let code = if found.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let page = Verification {
        frame: Frame::new("Certificate"),
        number: number.chars().filter(|c| !c.is_control()).take(40).collect(),
        found: found.map(Found::from),
    };
    Ok(render(code, &page))
}
