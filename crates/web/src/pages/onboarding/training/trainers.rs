//! The customer's own trainers: the steps on their way, and the office hours they can come to.

use askama::Template;
use axum::http::StatusCode;
use gangway_app::training::{self, Progress, Track, Training};
use gangway_domain::meeting::Status;
use gangway_domain::methodology::TrainerPhase;
use gangway_domain::permission::Action;
use gangway_domain::training::{Level, SessionKind};

use super::{HERE, tabs};
use crate::extract::{Answer, Asked};
use crate::format::Day;
use crate::pages::onboarding::read_id;
use crate::pages::onboarding::top::Top;
use crate::pages::{Frame, Tab, Toast, render};

#[derive(Template)]
#[template(path = "pages/onboarding/training/trainers.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    /// What the track is called; empty when the programme makes no trainers.
    track: String,
    phases: Vec<TrainerPhase>,
    trainers: Vec<Trainer>,
    hours: Vec<Hour>,
    may_edit: bool,
}

struct Trainer {
    name: String,
    href: String,
    /// Where a step is written down.
    action: String,
    level: &'static str,
    version: i64,
    steps: Vec<Step>,
}

struct Step {
    id: String,
    name: String,
    deliverable: String,
    done: Option<String>,
}

struct Hour {
    href: String,
    title: String,
    day: Day,
    time: String,
    place: String,
}

/// The trainers.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let training = training::of_onboarding(&web.app, &session.actor, read_id(id)?).await?;
    let top = Top::new(&session, &training.head, HERE);
    let phases_of =
        |track: &Track| training.contents.of_track(track).map(|content| content.phases.as_slice());
    let found = training.tracks.iter().find_map(|track| {
        let phases = phases_of(track).filter(|phases| !phases.is_empty())?;
        Some((track, phases))
    });
    let (track, phases, trainers) = match found {
        Some((track, phases)) => {
            (track.name.clone(), phases.to_vec(), trainers(&training, &top, track, phases))
        }
        None => (String::new(), Vec::new(), Vec::new()),
    };
    let hours = training.sessions.iter().filter(|one| {
        one.kind == SessionKind::OfficeHours && one.status == Status::Planned && one.slot.on >= training.today
    });
    let hours = hours.map(|one| Hour {
        href: top.to(&format!("/training/sessions/{}", one.id)),
        title: one.title.clone(),
        day: one.slot.on.into(),
        time: format!("{}, {} minutes", one.slot.starts, one.slot.minutes),
        place: one.place.clone(),
    });
    let toast = if values.has("saved") { Toast::of("Written down.") } else { None };
    let page = Page {
        frame: top.frame(&session, "Trainers").saying(toast),
        pages: tabs(&top, "/training/trainers"),
        hours: hours.collect(),
        may_edit: session.actor.may(Action::RunOnboarding),
        track,
        phases,
        trainers,
        top,
    };
    Ok(render(StatusCode::OK, &page))
}

fn trainers(training: &Training, top: &Top, track: &Track, phases: &[TrainerPhase]) -> Vec<Trainer> {
    let line = |one: &Progress| {
        let learner = training.learner(one.enrolment.learner)?;
        let href = top.to(&format!("/training/learners/{}", learner.id));
        Some(Trainer {
            name: learner.name.clone(),
            action: format!("{href}/tracks/{}/observations", track.id),
            href,
            level: one.level.map_or("Not begun", Level::label),
            version: one.enrolment.version,
            steps: phases
                .iter()
                .map(|phase| Step {
                    id: phase.id.clone(),
                    name: phase.name.clone(),
                    deliverable: phase.deliverable.clone(),
                    done: one
                        .enrolment
                        .record
                        .phases
                        .get(&phase.id)
                        .filter(|seen| seen.passed)
                        .map(|seen| format!("{}, {}", seen.by, Day::from(seen.on).words)),
                })
                .collect(),
        })
    };
    training.progress.iter().filter(|one| one.enrolment.track == track.id).filter_map(line).collect()
}
