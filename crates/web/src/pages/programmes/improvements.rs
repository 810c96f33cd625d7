//! The improvement log of a programme: what onboardings suggest, what became of it, and what goes well.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_app::programme::{self, Which};
use gangway_app::transition::{self, Decision, Improvement, Improvements, Lesson};
use gangway_domain::ids::ImprovementId;
use gangway_domain::permission::Action;
use gangway_domain::transition::Improvement as Stands;

use super::Top;
use crate::Web;
use crate::extract::{Answer, Asked, Posted, named};
use crate::form::{Wrong, meanwhile};
use crate::format::{count, moment};
use crate::pages::{Choice, Frame, Toast, render};

#[derive(Template)]
#[template(path = "pages/programmes/improvements.html")]
struct Page {
    frame: Frame,
    top: Top,
    lines: Vec<Line>,
    others: Vec<Heard>,
    may_add: bool,
    may_decide: bool,
    title: String,
    details: String,
    wrong: Wrong,
    /// What was wrong with a decision or a change.
    refused: Option<String>,
}

struct Line {
    address: String,
    id: String,
    /// With its number.
    head: String,
    title: String,
    details: String,
    /// The details, where no lesson says the same.
    shown: String,
    status: &'static str,
    tone: &'static str,
    is_open: bool,
    /// What was decided: by whom and when, and why.
    decided: Option<(String, String)>,
    lessons: String,
    heard: Vec<Heard>,
    versions: Vec<Choice>,
    version: i64,
}

/// A lesson.
struct Heard {
    href: String,
    customer: String,
    text: String,
}

impl Heard {
    fn of(lesson: &Lesson) -> Self {
        Self {
            href: format!("/onboardings/{}/closing", lesson.onboarding),
            customer: lesson.customer.clone(),
            text: lesson.text.clone(),
        }
    }
}

/// What came back because it could not be used.
#[derive(Default)]
struct Back {
    title: String,
    details: String,
    wrong: Wrong,
    refused: Option<String>,
}

/// The log.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let toast = match values.text("said").as_str() {
        "added" => "The improvement stands in the log.",
        "saved" => "Saved.",
        "decided" => "Decided.",
        _ => "",
    };
    page(&web, &session, &id, Back::default(), Toast::of(toast), StatusCode::OK).await
}

/// Suggests one.
pub(crate) async fn add(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let (title, details) = (fields.text("title"), fields.text("details"));
    match transition::add_improvement(&web.app, &session.actor, &id, title, details).await {
        Ok(_) => Ok(back_to(&id, "added")),
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            let (title, details) = (title.to_owned(), details.to_owned());
            let back = Back { title, details, wrong, refused: None };
            page(&web, &session, &id, back, None, status).await
        }
    }
}

/// Says it in other words.
pub(crate) async fn change(
    Posted(web, session, (id, improvement), fields): Posted<(String, String)>,
) -> Answer {
    let improvement = read(&improvement)?;
    let version = fields.text("version").parse().unwrap_or(0);
    let (title, details) = (fields.text("title"), fields.text("details"));
    let outcome =
        transition::change_improvement(&web.app, &session.actor, improvement, version, title, details);
    answer(&web, &session, &id, outcome.await, "saved").await
}

/// Adopts it, declines it, or looks at it again.
pub(crate) async fn decide(
    Posted(web, session, (id, improvement), fields): Posted<(String, String)>,
) -> Answer {
    let improvement = read(&improvement)?;
    let version = fields.text("version").parse().unwrap_or(0);
    let why = fields.text("why").to_owned();
    let decision = match fields.text("decision") {
        "adopt" => Decision::Adopt { how: why, version: fields.text("published").parse().ok() },
        "decline" => Decision::Decline { reason: why },
        _ => Decision::Reopen,
    };
    let outcome = transition::decide(&web.app, &session.actor, improvement, version, decision).await;
    answer(&web, &session, &id, outcome, "decided").await
}

fn back_to(id: &str, said: &str) -> Response {
    Redirect::to(&format!("/programmes/{id}/improvements?said={said}")).into_response()
}

async fn answer(
    web: &Web,
    session: &Session,
    id: &str,
    outcome: Result<Improvement, AppError>,
    said: &str,
) -> Answer {
    match outcome {
        Ok(_) => Ok(back_to(id, said)),
        Err(AppError::Invalid(problems)) => {
            let told: Vec<String> = problems
                .iter()
                .map(|problem| crate::format::sentence(&format!("{} {}", problem.field, problem.message)))
                .collect();
            let back = Back { refused: Some(told.join(" ")), ..Back::default() };
            page(web, session, id, back, None, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => {
            let (status, wrong) = meanwhile(error)?;
            let back = Back { refused: wrong.summary(), ..Back::default() };
            page(web, session, id, back, None, status).await
        }
    }
}

/// The improvement an address names.
fn read(id: &str) -> Result<ImprovementId, AppError> {
    named("improvement", id)
}

async fn page(
    web: &Web,
    session: &Session,
    id: &str,
    back: Back,
    toast: Option<Toast>,
    status: StatusCode,
) -> Answer {
    let shown = programme::get(&web.app, &session.actor, id, Which::InForce).await?;
    let top = Top::new(session, &shown, "/improvements");
    let Improvements { improvements, others } =
        transition::of_programme(&web.app, &session.actor, id).await?;
    let published: Vec<i64> = shown.history.iter().map(|version| version.number).collect();
    let Back { title, details, wrong, refused } = back;
    let page = Page {
        frame: top.frame(session, "Improvements").saying(toast),
        lines: improvements.iter().map(|(one, lessons)| line(web, id, one, lessons, &published)).collect(),
        others: others.iter().map(Heard::of).collect(),
        may_add: session.actor.may(Action::RunOnboarding),
        may_decide: session.actor.may(Action::DraftProgrammes),
        title,
        details,
        wrong,
        refused,
        top,
    };
    Ok(render(status, &page))
}

/// The details are the words of this lesson, which stand beside them.
fn is_told(one: &Improvement, lesson: &Lesson) -> bool {
    one.details == format!("{} ({})", lesson.text, lesson.customer)
}

fn line(web: &Web, programme: &str, one: &Improvement, lessons: &[Lesson], published: &[i64]) -> Line {
    let who =
        |by: &str, at: jiff::Timestamp| format!("{by}, {}", moment(at.into(), &web.app.time_zone).words);
    let (status, tone, decided) = match &one.state {
        Stands::Open => ("Open", "soon", None),
        Stands::Adopted { by, at, how, version } => {
            let how = match version {
                Some(number) => format!("{how} (version {number})"),
                None => how.clone(),
            };
            ("Adopted", "done", Some((who(by, *at), how)))
        }
        Stands::Declined { by, at, reason } => ("Declined", "off", Some((who(by, *at), reason.clone()))),
    };
    let none = Choice { value: String::new(), label: "No version yet".to_owned(), chosen: true };
    Line {
        address: format!("/programmes/{programme}/improvements/{}", one.id),
        id: one.id.to_string(),
        head: format!("{} · {}", one.number, one.title),
        title: one.title.clone(),
        shown: if lessons.iter().any(|lesson| is_told(one, lesson)) {
            String::new()
        } else {
            one.details.clone()
        },
        details: one.details.clone(),
        status,
        tone,
        is_open: one.state == Stands::Open,
        decided,
        lessons: match lessons.len() {
            0 => format!("suggested by {}", one.made_by),
            many => format!("{} for it", count(many, "lesson")),
        },
        heard: lessons.iter().map(Heard::of).collect(),
        versions: std::iter::once(none)
            .chain(published.iter().map(|number| Choice {
                value: number.to_string(),
                label: format!("Version {number}"),
                chosen: false,
            }))
            .collect(),
        version: one.version,
    }
}
