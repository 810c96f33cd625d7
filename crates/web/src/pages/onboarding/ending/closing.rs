//! Closing an onboarding: how it ended, what its clocks show, what others learn from it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::identity::Session;
use gangway_app::onboarding;
use gangway_app::transition::{self, Lesson, Lessons};
use gangway_domain::ids::OnboardingId;
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::permission::Action;
use gangway_domain::transition::{Ending, LessonKind};

use super::super::read_id;
use super::super::top::{Top, is_over};
use super::{HERE, clocks, met, tabs};
use crate::Web;
use crate::extract::{Answer, Asked, Posted};
use crate::form::{Fields, Wrong, answered};
use crate::format::{Moment, moment};
use crate::pages::{Choice, Frame, Tab, Toast, Undo, render};

#[derive(Template)]
#[template(path = "pages/onboarding/ending/closing.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    met: String,
    missing: Vec<String>,
    clocks: Vec<(&'static str, String, String)>,
    /// How it ended.
    ended: Option<Ended>,
    kept: Vec<Line>,
    changed: Vec<Line>,
    programme: String,
    may_close: bool,
    may_write: bool,
    endings: Vec<Choice>,
    version: i64,
    reason: String,
    wrong: Wrong,
    sheet: Sheet,
}

struct Ended {
    label: &'static str,
    tone: &'static str,
    said: String,
    by: String,
    at: Moment,
}

struct Line {
    removal: String,
    text: String,
    phase: String,
    suggestion: String,
    /// The improvement it speaks for is in the log.
    logged: bool,
    by: String,
}

/// The form of a lesson.
#[derive(Default)]
struct Sheet {
    kinds: Vec<Choice>,
    phases: Vec<Choice>,
    improvements: Vec<Choice>,
    text: String,
    suggestion: String,
    wrong: Wrong,
}

/// What came back because it could not be used.
#[derive(Default)]
pub(super) struct Back<'a> {
    /// The fields of the closing.
    pub closing: Option<(&'a Fields, Wrong)>,
    /// The fields of a lesson.
    pub lesson: Option<(&'a Fields, Wrong)>,
}

/// The closing.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let id = read_id(id)?;
    let toast = match values.text("said").as_str() {
        "closed" => {
            let lessons = transition::lessons_of(&web.app, &session.actor, id).await?.lessons;
            Toast::of(match lessons.iter().filter(|lesson| lesson.improvement.is_some()).count() {
                0 => "The onboarding is closed.",
                1 => {
                    "The onboarding is closed. What its lesson suggests stands in the programme's improvement log."
                }
                _ => {
                    "The onboarding is closed. What its lessons suggest stands in the programme's improvement log."
                }
            })
        }
        "lesson" => Some(Toast {
            text: "The lesson is written down.".to_owned(),
            undo: Some(Undo {
                action: format!("/onboardings/{id}/lessons/{}/removal", values.text("lesson")),
                fields: Vec::new(),
            }),
        }),
        "removed" => Toast::of("The lesson is taken away."),
        _ => None,
    };
    page(&web, &session, id, Back::default(), toast, StatusCode::OK).await
}

/// Ends it.
pub(crate) async fn close(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let ending = fields.text("ending").parse().unwrap_or(Ending::Partly);
    let version = fields.text("version").parse().ok();
    let done = transition::close(&web.app, &session.actor, id, ending, fields.text("said"), version).await;
    let on = |_| Redirect::to(&format!("/onboardings/{id}/closing?said=closed")).into_response();
    answered(done, on, |status, wrong| {
        let back = Back { closing: Some((&fields, wrong)), lesson: None };
        page(&web, &session, id, back, None, status)
    })
    .await
}

pub(super) async fn page(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    back: Back<'_>,
    toast: Option<Toast>,
    status: StatusCode,
) -> Answer {
    let sight = transition::of_onboarding(&web.app, &session.actor, id).await?;
    let Lessons { lessons, phases, open, programme, .. } =
        transition::lessons_of(&web.app, &session.actor, id).await?;
    let version = onboarding::version(&web.app, &session.actor, id).await?;
    let top = Top::new(session, &sight.head, HERE);
    let runs = session.actor.may(Action::RunOnboarding);
    let is_running = sight.head.state == OnboardingState::Running;
    let chosen = back.closing.as_ref().map_or("", |(fields, _)| fields.text("ending"));
    let usual = if sight.is_done() && is_running { Ending::Successful } else { Ending::Partly };
    let endings = Ending::ALL.into_iter().filter(|ending| is_running || *ending == Ending::Stopped);
    let endings = endings.map(|ending| Choice {
        value: ending.word().to_owned(),
        label: ending.label().to_owned(),
        chosen: if chosen.is_empty() { ending == usual } else { ending.word() == chosen },
    });
    let phase = |code: &str| {
        phases.iter().find(|phase| phase.code == code).map_or_else(String::new, |phase| phase.name.clone())
    };
    let line = |lesson: &Lesson| Line {
        removal: top.to(&format!("/lessons/{}/removal", lesson.id)),
        text: lesson.text.clone(),
        phase: lesson.phase.as_deref().map(phase).unwrap_or_default(),
        suggestion: lesson.suggestion.clone(),
        logged: lesson.improvement.is_some(),
        by: lesson.added_by.clone(),
    };
    let of = |kind: LessonKind| -> Vec<Line> {
        lessons.iter().filter(|lesson| lesson.kind == kind).map(line).collect()
    };
    let typed = back.lesson.as_ref().map(|(fields, _)| *fields);
    let said = |name: &str| typed.map(|fields| fields.text(name).to_owned()).unwrap_or_default();
    let option = |value: &str, label: &str, typed: &str| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        chosen: value == typed,
    };
    let (in_phase, speaks_for) = (said("phase"), said("improvement"));
    let sheet = Sheet {
        kinds: [LessonKind::Change, LessonKind::Keep]
            .map(|kind| option(kind.word(), kind.label(), &said("kind")))
            .into(),
        phases: std::iter::once(option("", "The whole onboarding", &in_phase))
            .chain(phases.iter().map(|phase| option(&phase.code, &phase.name, &in_phase)))
            .collect(),
        improvements: std::iter::once(option("", "A new one", &speaks_for))
            .chain(open.iter().map(|one| option(&one.id.to_string(), &one.title, &speaks_for)))
            .collect(),
        text: said("text"),
        suggestion: said("suggestion"),
        wrong: back.lesson.as_ref().map(|(_, wrong)| wrong.clone()).unwrap_or_default(),
    };
    let page = Page {
        frame: top.frame(session, "Closing").saying(toast),
        pages: tabs(&top, "/closing"),
        met: met(&sight),
        missing: sight.done.iter().filter(|line| !line.met).map(|line| line.text.clone()).collect(),
        clocks: clocks(&sight.moments),
        ended: sight.closing.as_ref().map(|closing| Ended {
            label: closing.ending.label(),
            tone: match closing.ending {
                Ending::Successful => "done",
                Ending::Partly => "soon",
                Ending::Stopped => "off",
            },
            said: closing.said.clone(),
            by: closing.closed_by.clone(),
            at: moment(closing.closed_at, &web.app.time_zone),
        }),
        kept: of(LessonKind::Keep),
        changed: of(LessonKind::Change),
        programme: format!("/programmes/{programme}/improvements"),
        may_close: runs && !is_over(&sight.head),
        may_write: runs,
        endings: endings.collect(),
        version,
        reason: back.closing.as_ref().map(|(fields, _)| fields.text("said").to_owned()).unwrap_or_default(),
        wrong: back.closing.map(|(_, wrong)| wrong).unwrap_or_default(),
        sheet,
        top,
    };
    Ok(render(status, &page))
}
