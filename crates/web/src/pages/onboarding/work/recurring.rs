//! Tasks that repeat: what there is, making one with its days shown first, changing, pausing and ending it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_app::work::{self, Repeated, Repeating, Step};
use gangway_domain::ids::{OnboardingId, SeriesId};
use gangway_domain::permission::Action;
use gangway_domain::work::{Assignee, Series, SeriesState};
use jiff::civil::Date;

use super::sheet::{Choices, Sheet};
use super::{adding, belongs, task_state};
use crate::Web;
use crate::extract::{Answer, Asked, Here, Posted, named};
use crate::form::{Wrong, meanwhile};
use crate::format::Day;
use crate::pages::onboarding::read_id;
use crate::pages::onboarding::top::{Top, is_over};
use crate::pages::{Frame, Tab, Toast, Undo, render};

#[derive(Template)]
#[template(path = "pages/onboarding/work/series-list.html")]
struct ListPage {
    frame: Frame,
    top: Top,
    lines: Vec<Line>,
    may_change: bool,
}

struct Line {
    href: String,
    name: String,
    often: String,
    state: (&'static str, &'static str),
    side: &'static str,
    who: String,
    next: Option<Day>,
}

/// What repeats.
pub(crate) async fn list(Here(web, session, id): Here<String>) -> Answer {
    let known = work::repeated(&web.app, &session.actor, read_id(id)?).await?;
    let Repeated { head, plan, series, today } = known;
    let top = Top::new(&session, &head, "/plan");
    let line = |one: Repeating| Line {
        href: top.to(&format!("/series/{}", one.kept.id)),
        often: format!("{}, {}", one.kept.series.rhythm_in_words(), one.kept.series.end_in_words(&plan)),
        state: state(one.kept.state),
        side: one.kept.series.side.word(),
        who: who(&one),
        next: one.next(today).and_then(|made| made.task.as_ref()).map(|(_, task)| task.start.into()),
        name: one.kept.series.name,
    };
    let page = ListPage {
        frame: top.frame(&session, "What repeats"),
        lines: series.into_iter().map(line).collect(),
        may_change: session.actor.may(Action::RunOnboarding) && !is_over(&head),
        top,
    };
    Ok(render(StatusCode::OK, &page))
}

#[derive(Template)]
#[template(path = "pages/onboarding/work/series-new.html")]
struct NewPage {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    sheet: Sheet,
    choices: Choices,
}

/// The form for a task that is to repeat.
pub(crate) async fn new(Here(web, session, id): Here<String>) -> Answer {
    new_page(&web, &session, read_id(id)?, None, StatusCode::OK).await
}

async fn new_page(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    typed: Option<Sheet>,
    status: StatusCode,
) -> Answer {
    let sight = work::sight(&web.app, &session.actor, id).await?;
    let top = Top::new(session, &sight.head, "/plan");
    let plan = &sight.stored.plan;
    let sheet = typed.unwrap_or_else(|| Sheet::blank(sight.today, plan.ground.go_live.as_deref()));
    let (members, contacts) = work::assignable(&web.app, &session.actor, &sight.head).await?;
    let page = NewPage {
        frame: top.frame(session, "Add a task that repeats"),
        pages: adding(&top, "/series/new"),
        choices: Choices::new(plan, &sheet, members, contacts),
        sheet,
        top,
    };
    Ok(render(status, &page))
}

#[derive(Template)]
#[template(path = "pages/onboarding/work/series-preview.html")]
struct PreviewPage {
    frame: Frame,
    top: Top,
    name: String,
    often: String,
    days: Vec<Day>,
    /// What was sent, to be sent again.
    again: Vec<(&'static str, String)>,
}

/// The days on which a task would repeat.
pub(crate) async fn preview(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let sheet = Sheet::typed(&fields);
    let outcome = match sheet.read(&web.app, &session.actor, id).await {
        Ok(series) => work::preview_series(&web.app, &session.actor, id, series).await,
        Err(error) => Err(error),
    };
    let (known, series, due) = match outcome {
        Ok(seen) => seen,
        Err(error) => return refused(&web, &session, id, sheet, error).await,
    };
    let top = Top::new(&session, &known.head, "/plan");
    let page = PreviewPage {
        frame: top.frame(&session, &series.name),
        often: format!("{}, {}", series.rhythm_in_words(), series.end_in_words(&known.plan)),
        days: due.into_iter().map(|one| Day::from(one.on)).collect(),
        again: sheet.again(),
        name: series.name,
        top,
    };
    Ok(render(StatusCode::OK, &page))
}

/// Lets a task repeat.
pub(crate) async fn create(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let sheet = Sheet::typed(&fields);
    let outcome = match sheet.read(&web.app, &session.actor, id).await {
        Ok(series) => work::repeat(&web.app, &session.actor, id, series).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(made) => {
            let there = format!("/onboardings/{id}/series/{}?said=made", made.kept.id);
            Ok(Redirect::to(&there).into_response())
        }
        Err(error) => refused(&web, &session, id, sheet, error).await,
    }
}

/// The form again, with what was wrong with it.
async fn refused(web: &Web, session: &Session, id: OnboardingId, sheet: Sheet, error: AppError) -> Answer {
    if matches!(error, AppError::NotFound { what: "onboarding", .. } | AppError::Forbidden(_)) {
        return Err(error.into());
    }
    let (status, wrong) = Wrong::or_fail(error)?;
    new_page(web, session, id, Some(Sheet { wrong, ..sheet }), status).await
}

#[derive(Template)]
#[template(path = "pages/onboarding/work/series.html")]
struct Page {
    frame: Frame,
    top: Top,
    /// Where the series is.
    address: String,
    name: String,
    often: String,
    state: (&'static str, &'static str),
    side: &'static str,
    who: String,
    version: i64,
    occurrences: Vec<Occurrence>,
    is_paused: bool,
    may_change: bool,
    sheet: Sheet,
    choices: Choices,
}

struct Occurrence {
    due: Day,
    /// Where its task is.
    href: Option<String>,
    /// The day it begins.
    on: Option<Day>,
    state: (&'static str, &'static str),
}

/// One series.
pub(crate) async fn show(Asked(web, session, (id, series), values): Asked<(String, String)>) -> Answer {
    let series: SeriesId = named("series", &series)?;
    let text = match values.text("said").as_str() {
        "made" => "It repeats: what is due within four weeks is in the plan. The go-live stays where it is.",
        "changed" => "Saved: what has not begun follows.",
        "paused" => "It does not repeat for now.",
        "resumed" => "It repeats again.",
        "ended" => "It does not repeat any more.",
        _ => "",
    };
    let is_new = values.text("said") == "made";
    let toast = Toast::of(text).map(|toast| Toast { undo: is_new.then(|| undo(&id, series)), ..toast });
    page(&web, &session, read_id(id)?, series, None, toast, StatusCode::OK).await
}

/// A series that was just made is taken back by ending it: what has not begun leaves the plan.
fn undo(id: &str, series: SeriesId) -> Undo {
    Undo {
        action: format!("/onboardings/{id}/series/{series}/state"),
        fields: vec![("version", "1".to_owned()), ("step", "end".to_owned())],
    }
}

async fn page(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    series: SeriesId,
    typed: Option<Sheet>,
    toast: Option<Toast>,
    status: StatusCode,
) -> Answer {
    let (known, one) = work::series(&web.app, &session.actor, series).await?;
    let Repeated { head, plan, .. } = known;
    belongs(&head, id, "series", series)?;
    let top = Top::new(session, &head, "/plan");
    let kept = &one.kept;
    let is_ended = matches!(kept.state, SeriesState::Ended { .. });
    let sheet = typed.unwrap_or_else(|| Sheet::of(&kept.series, kept.version));
    let (members, contacts) = work::assignable(&web.app, &session.actor, &head).await?;
    let day = |date: Date| Day::from(date);
    let occurrences = one.made.iter().rev().map(|made| Occurrence {
        due: day(made.due),
        href: made.task.as_ref().map(|(id, _)| top.to(&format!("/tasks/{id}"))),
        on: made.task.as_ref().map(|(_, task)| day(task.start)),
        state: made.task.as_ref().map_or(("Removed", "off"), |(_, task)| task_state(task.state.word())),
    });
    let page = Page {
        frame: top.frame(session, &kept.series.name).saying(toast),
        address: top.to(&format!("/series/{series}")),
        name: kept.series.name.clone(),
        often: format!("{}, {}", kept.series.rhythm_in_words(), kept.series.end_in_words(&plan)),
        state: state(kept.state),
        side: kept.series.side.word(),
        who: who(&one),
        version: kept.version,
        occurrences: occurrences.collect(),
        is_paused: matches!(kept.state, SeriesState::Paused { .. }),
        may_change: session.actor.may(Action::RunOnboarding) && !is_over(&head) && !is_ended,
        choices: Choices::new(&plan, &sheet, members, contacts),
        sheet,
        top,
    };
    Ok(render(status, &page))
}

/// Changes what a series says.
pub(crate) async fn change(Posted(web, session, (id, series), fields): Posted<(String, String)>) -> Answer {
    let (id, series) = (read_id(id)?, named::<SeriesId>("series", &series)?);
    let sheet = Sheet::typed(&fields);
    let outcome = match sheet.read(&web.app, &session.actor, id).await {
        Ok(wanted) => {
            let (_, known) = work::series(&web.app, &session.actor, series).await?;
            let wanted = with_name(wanted, known.kept.series.assignee);
            let version = fields.version();
            work::change_series(&web.app, &session.actor, series, version, Some(wanted), None).await
        }
        Err(error) => Err(error),
    };
    done(&web, &session, (id, series), outcome, "changed", Some(sheet)).await
}

/// Somebody of whom only the name is known cannot be chosen in the form: where nobody is chosen, they stay.
fn with_name(wanted: Series, was: Option<Assignee>) -> Series {
    let assignee = wanted.assignee.or_else(|| was.filter(|who| matches!(who, Assignee::Name { .. })));
    Series { assignee, ..wanted }
}

/// Pauses a series, lets it go on, or ends it.
pub(crate) async fn step(Posted(web, session, (id, series), fields): Posted<(String, String)>) -> Answer {
    let (id, series) = (read_id(id)?, named::<SeriesId>("series", &series)?);
    let (step, said) = match fields.text("step") {
        "pause" => (Step::Pause, "paused"),
        "resume" => (Step::Resume, "resumed"),
        "end" => (Step::End, "ended"),
        _ => return Err(AppError::NotFound { what: "step", id: String::new() }.into()),
    };
    let version = fields.version();
    let outcome = work::change_series(&web.app, &session.actor, series, version, None, Some(step)).await;
    done(&web, &session, (id, series), outcome, said, None).await
}

async fn done(
    web: &Web,
    session: &Session,
    (id, series): (OnboardingId, SeriesId),
    outcome: Result<Repeating, AppError>,
    said: &str,
    typed: Option<Sheet>,
) -> Answer {
    match outcome {
        Ok(_) => Ok(Redirect::to(&format!("/onboardings/{id}/series/{series}?said={said}")).into_response()),
        Err(error) => {
            if matches!(
                error,
                AppError::NotFound { what: "series" | "onboarding", .. } | AppError::Forbidden(_)
            ) {
                return Err(error.into());
            }
            let (known, one) = work::series(&web.app, &session.actor, series).await?;
            let (status, wrong) = meanwhile(error)?;
            let version = one.kept.version;
            let sheet = typed.unwrap_or_else(|| Sheet::of(&one.kept.series, version));
            let sheet = Sheet { wrong, version, ..sheet };
            page(web, session, known.head.id, series, Some(sheet), None, status).await
        }
    }
}

/// What people call a state, and the tone of its tag.
fn state(state: SeriesState) -> (&'static str, &'static str) {
    match state {
        SeriesState::Running => ("Repeats", "go"),
        SeriesState::Paused { .. } => ("Paused", "soon"),
        SeriesState::Ended { .. } => ("Ended", "off"),
    }
}

/// Who does it, or in which role.
fn who(one: &Repeating) -> String {
    let series = &one.kept.series;
    series.assignee.as_ref().map_or_else(|| series.role.clone(), |who| who.name().to_owned())
}
