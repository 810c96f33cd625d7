//! What a guest learns: tracks with their lessons, sessions, questions, certificates, the library.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::portal::Visit;
use gangway_app::training::{self, Asked, Course, Learning, SessionShown};
use gangway_domain::ids::TrackId;
use gangway_domain::portal::{Resource, Right};
use gangway_domain::training::{AttemptKind, Verdict};

use super::guest::{GuestAsked, GuestHere, GuestPosted};
use super::tasks::to_save;
use super::{Failed, Place, PortalFrame, is_yes};
use crate::Web;
use crate::form::Fields;
use crate::pages::document::disposition;
use crate::pages::render;

#[derive(Template)]
#[template(path = "pages/portal/training.html")]
struct Page {
    frame: PortalFrame,
    seen: Learning,
    /// Sessions still to come, and those that are over.
    coming: Vec<SessionShown>,
    over: Vec<SessionShown>,
    may_do: bool,
}

impl Page {
    /// What a level of competency is called.
    fn level(&self, word: &str) -> &'static str {
        self.frame.say(match word {
            "awareness" => "training.awareness",
            "knowledge" => "training.knowledge",
            "application" => "training.application",
            "proficiency" => "training.proficiency",
            _ => "training.mastery",
        })
    }

    /// What is said where a course stands.
    fn reached(&self, course: &Course) -> &'static str {
        course.reached.map_or_else(|| self.frame.say("training.not_begun"), |word| self.level(word))
    }

    fn done(&self, course: &Course) -> String {
        let (done, all) = (course.done.to_string(), course.lessons.len().to_string());
        self.frame.fill("training.done_of", [("done", done.as_str()), ("all", all.as_str())])
    }

    fn score(&self, course: &Course) -> String {
        let score = course.score.map(|score| score.to_string()).unwrap_or_default();
        self.frame.fill("training.last_score", [("n", score.as_str())])
    }

    /// What something in the library is.
    fn kind(&self, word: &str) -> &'static str {
        self.frame.say(match word {
            "quick-start" => "training.quick_start",
            "video" => "training.video",
            "reference" => "training.reference",
            "faq" => "training.faq",
            "cheat-sheet" => "training.cheat_sheet",
            "template" => "training.template",
            _ => "training.practice",
        })
    }

    fn mark(&self, rating: &u32) -> String {
        self.frame.fill("training.rated", [("n", rating.to_string().as_str())])
    }
}

#[derive(Template)]
#[template(path = "pages/portal/assessment.html")]
struct Questions {
    frame: PortalFrame,
    asked: Asked,
    lead: String,
}

/// What the guest learns.
pub(crate) async fn show(GuestAsked(web, visit, (), values): GuestAsked) -> Result<Response, Failed> {
    let mut seen = training::learning(&web.app, &visit.actor).await?;
    let frame = PortalFrame::new(&visit, Place::Training, "");
    let said = match values.text("said").as_str() {
        "studied" => frame.say("training.said_studied"),
        "rated" => frame.say("training.said_rated"),
        "passed" => frame.say("training.said_passed"),
        "failed" => frame.say("training.said_failed"),
        "waiting" => frame.say("training.said_waiting"),
        _ => "",
    };
    let today = seen.today;
    let sessions = std::mem::take(&mut seen.sessions);
    let (coming, over): (Vec<SessionShown>, Vec<SessionShown>) =
        sessions.into_iter().partition(|one| one.state == "planned" && one.day >= today);
    let title = frame.say("training.title").to_owned();
    let page = Page {
        may_do: visit.guest.may(Resource::Training, Right::Do),
        frame: PortalFrame { title, ..frame }.saying(said),
        seen,
        coming,
        over,
    };
    Ok(render(StatusCode::OK, &page))
}

fn back(said: &str) -> Response {
    Redirect::to(&format!("/portal/training?said={said}")).into_response()
}

fn track_id(id: String) -> Result<TrackId, AppError> {
    id.parse().map_err(|_| AppError::NotFound { what: "training track", id })
}

/// A lesson was worked through, or was not after all.
pub(crate) async fn study(
    GuestPosted(web, visit, track, fields): GuestPosted<String>,
) -> Result<Response, Failed> {
    let module = fields.text("module").parse().unwrap_or(u32::MAX);
    let done = is_yes(&fields, "done")?;
    training::study_own(&web.app, &visit.actor, track_id(track)?, module, done).await?;
    Ok(back("studied"))
}

/// What a guest thinks of a session.
pub(crate) async fn rate(
    GuestPosted(web, visit, session, fields): GuestPosted<String>,
) -> Result<Response, Failed> {
    let id =
        session.parse().map_err(|_| AppError::NotFound { what: "training session", id: session.clone() })?;
    let rating = fields.text("rating").parse().unwrap_or(0);
    training::rate(&web.app, &visit.actor, id, rating).await?;
    Ok(back("rated"))
}

/// A session for the guest's calendar.
pub(crate) async fn calendar(GuestHere(web, visit, session): GuestHere<String>) -> Result<Response, Failed> {
    let id =
        session.parse().map_err(|_| AppError::NotFound { what: "training session", id: session.clone() })?;
    let (name, text) = training::calendar_own(&web.app, &visit.actor, id).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, disposition(&name, false)),
    ];
    Ok((headers, text).into_response())
}

/// A certificate of the guest.
pub(crate) async fn certificate(GuestHere(web, visit, id): GuestHere<String>) -> Result<Response, Failed> {
    let id = id.parse().map_err(|_| AppError::NotFound { what: "certificate", id: id.clone() })?;
    let (name, bytes) = training::certificate_own(&web.app, &visit.actor, id).await?;
    Ok(to_save(&name, bytes))
}

/// A file of the library.
pub(crate) async fn file(GuestHere(web, visit, id): GuestHere<String>) -> Result<Response, Failed> {
    let id = id.parse().map_err(|_| AppError::NotFound { what: "library entry", id: id.clone() })?;
    let (name, bytes) = training::file_own(&web.app, &visit.actor, id).await?;
    Ok(to_save(&name, bytes))
}

/// The questions of a track.
pub(crate) async fn questions(GuestHere(web, visit, track): GuestHere<String>) -> Result<Response, Failed> {
    ask(&web, &visit, track, AttemptKind::Assessment).await
}

/// The same a month later.
pub(crate) async fn follow_up(GuestHere(web, visit, track): GuestHere<String>) -> Result<Response, Failed> {
    ask(&web, &visit, track, AttemptKind::FollowUp).await
}

async fn ask(web: &Web, visit: &Visit, track: String, kind: AttemptKind) -> Result<Response, Failed> {
    let asked = training::asked(&web.app, &visit.actor, track_id(track)?, kind).await?;
    let frame = PortalFrame::new(visit, Place::Training, &asked.name);
    let percent = asked.pass_percent.to_string();
    let lead = match kind {
        AttemptKind::Assessment => frame.fill("training.assessment_lead", [("n", percent.as_str())]),
        AttemptKind::FollowUp => frame.say("training.follow_up_lead").to_owned(),
    };
    Ok(render(StatusCode::OK, &Questions { frame, asked, lead }))
}

/// The guest's answers.
pub(crate) async fn answer(
    GuestPosted(web, visit, track, fields): GuestPosted<String>,
) -> Result<Response, Failed> {
    answered(&web, &visit, track, AttemptKind::Assessment, &fields).await
}

/// The same a month later.
pub(crate) async fn answer_again(
    GuestPosted(web, visit, track, fields): GuestPosted<String>,
) -> Result<Response, Failed> {
    answered(&web, &visit, track, AttemptKind::FollowUp, &fields).await
}

async fn answered(
    web: &Web,
    visit: &Visit,
    track: String,
    kind: AttemptKind,
    fields: &Fields,
) -> Result<Response, Failed> {
    let track = track_id(track)?;
    let asked = training::asked(&web.app, &visit.actor, track, kind).await?;
    let given = |id: &str| fields.all(&format!("q_{id}")).map(str::to_owned).collect::<Vec<_>>();
    let answers: BTreeMap<String, Vec<String>> =
        asked.questions.iter().map(|question| (question.id.clone(), given(&question.id))).collect();
    let (verdict, _) = training::attempt_own(&web.app, &visit.actor, track, kind, &answers).await?;
    Ok(back(match verdict {
        Verdict::Passed => "passed",
        Verdict::Failed => "failed",
        Verdict::Waiting => "waiting",
    }))
}
