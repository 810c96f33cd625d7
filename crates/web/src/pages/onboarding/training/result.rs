//! Answers a trainer reads, and certificates.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::identity::Session;
use gangway_app::training::{self, Verified};
use gangway_domain::ids::AttemptId;
use gangway_domain::permission::Action;
use gangway_domain::training::{Answered, Verdict};

use super::{HERE, tabs};
use crate::Web;
use crate::extract::{Answer, Asked, Here, Names, Posted, named};
use crate::form::{Wrong, answered};
use crate::format::Day;
use crate::pages::document::to_save;
use crate::pages::onboarding::top::Top;
use crate::pages::{Frame, Tab, Toast, render};

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
pub(crate) async fn show(Asked(web, session, (_, id), values): Asked<(String, String)>) -> Answer {
    let toast = if values.has("marked") { Toast::of("Marked.") } else { None };
    page(&web, &session, named("attempt", &id)?, Wrong::default(), toast, StatusCode::OK).await
}

/// Marks them.
pub(crate) async fn mark(Posted(web, session, (onboarding, id), fields): Posted<(String, String)>) -> Answer {
    let id: AttemptId = named("attempt", &id)?;
    let count = fields.text("answers").parse().unwrap_or(0_usize).min(200);
    let marks: Vec<Option<u32>> =
        (0..count).map(|place| fields.text(&format!("mark_{place}")).trim().parse().ok()).collect();
    answered(
        training::mark(&web.app, &session.actor, id, fields.version(), &marks).await,
        |_| Redirect::to(&format!("/onboardings/{onboarding}/training/attempts/{id}?marked")).into_response(),
        |status, wrong| page(&web, &session, id, wrong, None, status),
    )
    .await
}

async fn page(
    web: &Web,
    session: &Session,
    id: AttemptId,
    wrong: Wrong,
    toast: Option<Toast>,
    code: StatusCode,
) -> Answer {
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
pub(crate) async fn certificate(Here(web, session, (_, id)): Here<(String, String)>) -> Answer {
    let id = named("certificate", &id)?;
    let (name, bytes) = training::certificate_file(&web.app, &session.actor, id).await?;
    Ok(to_save(&name, "application/pdf", bytes))
}

/// Takes a certificate back.
pub(crate) async fn revoke(
    Posted(web, session, (onboarding, id), fields): Posted<(String, String)>,
) -> Answer {
    let version = fields.version();
    let id = named("certificate", &id)?;
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
pub(crate) async fn verify(State(web): State<Web>, Names(number): Names<String>) -> Answer {
    let found = training::verify(&web.app, &number).await?;
    let code = if found.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let page = Verification {
        frame: Frame::new("Certificate"),
        number: number.chars().filter(|c| !c.is_control()).take(40).collect(),
        found: found.map(Found::from),
    };
    Ok(render(code, &page))
}
