//! One session: seats, invitations, who came, the recording.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::identity::Session as SignedIn;
use gangway_app::training::{self, Session, SessionChanges, SessionEnd, Training};
use gangway_domain::ids::{LearnerId, TrainingSessionId};
use gangway_domain::meeting::{Attendance, Status};
use gangway_domain::permission::Action;

use super::schedule::{Sheet, kinds};
use super::{HERE, in_a_sentence, status, tabs};
use crate::Web;
use crate::extract::{Answer, Asked, Here, Posted, named};
use crate::form::{Wrong, answered};
use crate::format::{Day, Moment, moment};
use crate::pages::document::to_save;
use crate::pages::onboarding::top::Top;
use crate::pages::{Choice, Frame, Tab, Toast, render};

#[derive(Template)]
#[template(path = "pages/onboarding/training/session.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    address: String,
    title: String,
    of: String,
    day: Day,
    time: String,
    zone: String,
    place: String,
    trainer: String,
    notes: String,
    recording: String,
    status: &'static str,
    tone: &'static str,
    reason: Option<String>,
    /// Why it is on a day on which somebody is missing.
    because: String,
    /// The day the plan wants it on.
    wanted: Option<Day>,
    id: String,
    planned: bool,
    held: bool,
    /// Its day is here or over.
    due: bool,
    invited: Option<Moment>,
    seats: Vec<SeatLine>,
    /// Who may still get a seat.
    others: Vec<(String, String)>,
    may_edit: bool,
    version: i64,
    sheet: Sheet,
    kinds: Vec<Choice>,
    wrong: Wrong,
}

struct SeatLine {
    learner: String,
    name: String,
    href: String,
    email: String,
    attended: bool,
    absent: bool,
    rating: Option<u32>,
}

fn session_id(id: &str) -> Result<TrainingSessionId, AppError> {
    named("training session", id)
}

/// One session.
pub(crate) async fn show(Asked(web, session, (_, id), values): Asked<(String, String)>) -> Answer {
    let toast = match values.text("said").as_str() {
        "changed" => Toast::of("Saved."),
        "seated" => Toast::of("Seats are given. Invite when everybody is on the list."),
        "unseated" => Toast::of("The seat is free."),
        "invited" => Toast::of("Invitations are on their way."),
        "ended" => Toast::of("Saved how it ended."),
        _ => None,
    };
    page(&web, &session, session_id(&id)?, None, Wrong::default(), toast, StatusCode::OK).await
}

fn back(onboarding: &str, id: TrainingSessionId, said: &str) -> Response {
    Redirect::to(&format!("/onboardings/{onboarding}/training/sessions/{id}?said={said}")).into_response()
}

/// Changes it.
pub(crate) async fn change(
    Posted(web, session, (onboarding, id), fields): Posted<(String, String)>,
) -> Answer {
    let id = session_id(&id)?;
    let sheet = Sheet::typed(&fields);
    let kept = match sheet.slot() {
        Ok(slot) => {
            let changes = SessionChanges {
                title: Some(sheet.title.clone()),
                kind: Some(sheet.kind()),
                slot: Some(slot),
                place: Some(sheet.place.clone()),
                trainer: Some(sheet.trainer.clone()),
                notes: None,
                recording: None,
                because: Some(sheet.because.clone()),
            };
            training::change_session(&web.app, &session.actor, id, fields.version(), changes).await
        }
        Err(error) => Err(error),
    };
    answered(
        kept,
        |_| back(&onboarding, id, "changed"),
        |status, wrong| {
            let sheet = Some(Sheet { wrong, ..sheet });
            page(&web, &session, id, sheet, Wrong::default(), None, status)
        },
    )
    .await
}

/// Keeps notes and the link to the recording.
pub(crate) async fn recording(
    Posted(web, session, (onboarding, id), fields): Posted<(String, String)>,
) -> Answer {
    let id = session_id(&id)?;
    let changes = SessionChanges {
        notes: Some(fields.text("notes").to_owned()),
        recording: Some(fields.text("recording").to_owned()),
        ..SessionChanges::default()
    };
    let kept = training::change_session(&web.app, &session.actor, id, fields.version(), changes).await;
    done(&web, &session, (&onboarding, id), kept, "changed").await
}

/// Gives seats.
pub(crate) async fn seat(Posted(web, session, (onboarding, id), fields): Posted<(String, String)>) -> Answer {
    let id = session_id(&id)?;
    let learners: Vec<LearnerId> = fields.all("learner").filter_map(|text| text.parse().ok()).collect();
    let kept = training::seat(&web.app, &session.actor, id, &learners).await;
    done(&web, &session, (&onboarding, id), kept, "seated").await
}

/// Takes a seat away.
pub(crate) async fn unseat(
    Here(web, session, (onboarding, id, learner)): Here<(String, String, String)>,
) -> Answer {
    let id = session_id(&id)?;
    let kept = training::unseat(&web.app, &session.actor, id, named("seat", &learner)?).await;
    done(&web, &session, (&onboarding, id), kept, "unseated").await
}

/// Invites, or tells what has changed.
pub(crate) async fn invite(
    Posted(web, session, (onboarding, id), fields): Posted<(String, String)>,
) -> Answer {
    let id = session_id(&id)?;
    let sent = training::invite(&web.app, &session.actor, id, fields.version()).await;
    done(&web, &session, (&onboarding, id), sent, "invited").await
}

/// It was held or not, or is planned again.
pub(crate) async fn end(Posted(web, session, (onboarding, id), fields): Posted<(String, String)>) -> Answer {
    let id = session_id(&id)?;
    let end = match fields.text("status") {
        "held" => {
            let (_, _, seats) = training::get_session(&web.app, &session.actor, id).await?;
            let came = seats.iter().filter_map(|seat| {
                Some((seat.learner, Attendance::read(fields.text(&format!("came_{}", seat.learner)))?))
            });
            SessionEnd::Held { attendance: came.collect() }
        }
        "planned" => SessionEnd::Again,
        _ => SessionEnd::Cancelled { reason: fields.text("reason").to_owned() },
    };
    let kept = training::end_session(&web.app, &session.actor, id, fields.version(), end).await;
    done(&web, &session, (&onboarding, id), kept, "ended").await
}

/// It was planned by mistake.
pub(crate) async fn remove(Here(web, session, (_, id)): Here<(String, String)>) -> Answer {
    let onboarding = training::take_back(&web.app, &session.actor, session_id(&id)?).await?;
    Ok(Redirect::to(&format!("/onboardings/{onboarding}/training?said=removed")).into_response())
}

/// Its calendar entry as a file.
pub(crate) async fn calendar_file(Here(web, session, (_, id)): Here<(String, String)>) -> Answer {
    let (name, text) = training::calendar_file(&web.app, &session.actor, session_id(&id)?).await?;
    Ok(to_save(&name, "text/calendar; charset=utf-8", text))
}

/// The session with what was done, or with why it was not.
async fn done<T>(
    web: &Web,
    session: &SignedIn,
    (onboarding, id): (&str, TrainingSessionId),
    done: Result<T, AppError>,
    said: &str,
) -> Answer {
    match done {
        Ok(_) => Ok(back(onboarding, id, said)),
        Err(error) => {
            let (status, wrong) = in_a_sentence(error)?;
            page(web, session, id, None, wrong, None, status).await
        }
    }
}

fn sheet(session: &Session) -> Sheet {
    Sheet {
        title: session.title.clone(),
        track: String::new(),
        kind: session.kind.word().to_owned(),
        on: session.slot.on.to_string(),
        starts: session.slot.starts.to_string(),
        minutes: session.slot.minutes.to_string(),
        zone: session.slot.zone.clone().unwrap_or_default(),
        place: session.place.clone(),
        trainer: session.trainer.clone(),
        weeks: "1".to_owned(),
        because: session.because.clone(),
        wrong: Wrong::default(),
    }
}

async fn page(
    web: &Web,
    session: &SignedIn,
    id: TrainingSessionId,
    typed: Option<Sheet>,
    wrong: Wrong,
    toast: Option<Toast>,
    code: StatusCode,
) -> Answer {
    let (head, known, _) = training::get_session(&web.app, &session.actor, id).await?;
    let training = training::of_onboarding(&web.app, &session.actor, head.id).await?;
    let top = Top::new(session, &head, HERE);
    let (word, tone) = status(&known.status);
    let sheet = typed.unwrap_or_else(|| sheet(&known));
    let page = Page {
        frame: top.frame(session, &known.title).saying(toast),
        pages: tabs(&top, "/training"),
        address: top.to(&format!("/training/sessions/{id}")),
        of: known.track.and_then(|id| training.track(id)).map_or_else(
            || format!("{}, open to everybody", known.kind.label()),
            |track| format!("{}, {}", known.kind.label(), track.name),
        ),
        day: known.slot.on.into(),
        time: format!("{}, {} minutes", known.slot.starts, known.slot.minutes),
        zone: known.slot.zone.clone().unwrap_or_else(|| "local time".to_owned()),
        place: known.place.clone(),
        trainer: known.trainer.clone(),
        notes: known.notes.clone(),
        recording: known.recording.clone(),
        status: word,
        tone,
        reason: known.status.reason().map(str::to_owned),
        because: known.because.clone(),
        wanted: known.wanted_on.filter(|_| known.status == Status::Planned).map(Day::from),
        id: id.to_string(),
        planned: known.status == Status::Planned,
        held: known.status == Status::Held,
        due: known.slot.on <= web.app.today(),
        invited: known.invited_at.map(|at| moment(at, &web.app.time_zone)),
        seats: seats(&training, &known, &top),
        others: others(&training, &known),
        may_edit: session.actor.may(Action::RunOnboarding),
        version: known.version,
        kinds: kinds(&sheet.kind),
        title: known.title,
        sheet,
        wrong,
        top,
    };
    Ok(render(code, &page))
}

fn seats(training: &Training, session: &Session, top: &Top) -> Vec<SeatLine> {
    let line = |seat: &training::Seat| {
        let learner = training.learner(seat.learner)?;
        Some(SeatLine {
            learner: learner.id.to_string(),
            name: learner.name.clone(),
            href: top.to(&format!("/training/learners/{}", learner.id)),
            email: learner.email.clone().unwrap_or_default(),
            attended: seat.attendance == Attendance::Attended,
            absent: seat.attendance == Attendance::Absent,
            rating: seat.rating,
        })
    };
    training.seats_of(session).filter_map(line).collect()
}

fn others(training: &Training, session: &Session) -> Vec<(String, String)> {
    let seated = |id: LearnerId| training.seats_of(session).any(|seat| seat.learner == id);
    let free = training.learners.iter().filter(|learner| !seated(learner.id));
    free.map(|learner| (learner.id.to_string(), learner.name.clone())).collect()
}
