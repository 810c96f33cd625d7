//! One learner: where they stand on each track, what a trainer saw, certificates.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_app::training::{self, Deed, LearnerChanges, Progress, Training};
use gangway_domain::ids::{LearnerId, TrackId};
use gangway_domain::permission::Action;
use gangway_domain::training::{Level, Observed};

use super::{HERE, tabs};
use crate::Web;
use crate::extract::{Answer, Asked, Here, Posted, named};
use crate::form::{Wrong, answered};
use crate::format::Day;
use crate::pages::onboarding::top::Top;
use crate::pages::{Choice, Frame, Tab, Toast, render};

#[derive(Template)]
#[template(path = "pages/onboarding/training/learner.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    address: String,
    name: String,
    contact: Option<String>,
    tracks: Vec<TrackLine>,
    attempts: Vec<AttemptLine>,
    certificates: Vec<CertificateLine>,
    /// Tracks they are not on.
    free: Vec<Choice>,
    may_edit: bool,
    version: i64,
    sheet: Sheet,
    wrong: Wrong,
}

struct TrackLine {
    id: String,
    name: String,
    aim: &'static str,
    level: &'static str,
    shown_by: &'static str,
    complete: bool,
    certified: bool,
    begun: bool,
    version: i64,
    lessons: Vec<LessonLine>,
    deeds: Vec<DeedLine>,
}

struct LessonLine {
    module: usize,
    title: String,
    done: bool,
}

/// Something a trainer may see.
struct DeedLine {
    word: String,
    title: String,
    task: String,
    criteria: Vec<String>,
    seen: Option<Seen>,
}

struct Seen {
    passed: bool,
    said: String,
}

struct AttemptLine {
    href: String,
    title: String,
    verdict: &'static str,
    tone: &'static str,
    score: String,
    day: Day,
}

struct CertificateLine {
    href: String,
    address: String,
    title: String,
    number: String,
    day: Day,
    revoked: Option<String>,
    version: i64,
}

#[derive(Debug, Default)]
struct Sheet {
    name: String,
    email: String,
    team: String,
    wrong: Wrong,
}

fn learner_id(id: &str) -> Result<LearnerId, AppError> {
    named("learner", id)
}

fn track_id(id: &str) -> Result<TrackId, AppError> {
    named("training track", id)
}

/// One learner.
pub(crate) async fn show(Asked(web, session, (_, id), values): Asked<(String, String)>) -> Answer {
    let toast = match values.text("said").as_str() {
        "saved" => Toast::of("Saved."),
        "observed" => Toast::of("Written down."),
        "certified" => Toast::of("The certificate is issued."),
        "revoked" => Toast::of("The certificate is taken back."),
        _ => None,
    };
    page(&web, &session, learner_id(&id)?, None, Wrong::default(), toast, StatusCode::OK).await
}

/// Changes name, address or team.
pub(crate) async fn change(
    Posted(web, session, (onboarding, id), fields): Posted<(String, String)>,
) -> Answer {
    let id = learner_id(&id)?;
    let text = |name: &str| fields.text(name).to_owned();
    let changes =
        LearnerChanges { name: Some(text("name")), email: Some(text("email")), team: Some(text("team")) };
    answered(
        training::change_learner(&web.app, &session.actor, id, fields.version(), changes).await,
        |_| back(&onboarding, id, "saved"),
        |status, wrong| {
            let sheet = Sheet { name: text("name"), email: text("email"), team: text("team"), wrong };
            page(&web, &session, id, Some(sheet), Wrong::default(), None, status)
        },
    )
    .await
}

/// Takes them out.
pub(crate) async fn remove(Posted(web, session, (_, id), fields): Posted<(String, String)>) -> Answer {
    let id = learner_id(&id)?;
    answered(
        training::remove_learner(&web.app, &session.actor, id, fields.version()).await,
        |onboarding| {
            let to = format!("/onboardings/{onboarding}/training/learners?said=removed");
            Redirect::to(&to).into_response()
        },
        |status, wrong| page(&web, &session, id, None, wrong, None, status),
    )
    .await
}

/// Puts them on a track.
pub(crate) async fn enrol(
    Posted(web, session, (onboarding, id), fields): Posted<(String, String)>,
) -> Answer {
    let id = learner_id(&id)?;
    let track = track_id(fields.text("track"))?;
    let kept = training::enrol(&web.app, &session.actor, id, track).await;
    done(&web, &session, (&onboarding, id), kept, "saved").await
}

/// Takes them off a track.
pub(crate) async fn unenrol(
    Here(web, session, (onboarding, id, track)): Here<(String, String, String)>,
) -> Answer {
    let id = learner_id(&id)?;
    let kept = training::unenrol(&web.app, &session.actor, id, track_id(&track)?).await;
    done(&web, &session, (&onboarding, id), kept, "saved").await
}

/// A lesson was worked through, or was not after all.
pub(crate) async fn study(
    Posted(web, session, (onboarding, id, track), fields): Posted<(String, String, String)>,
) -> Answer {
    let id = learner_id(&id)?;
    let track = track_id(&track)?;
    let module = fields.text("module").parse().unwrap_or(u32::MAX);
    let worked_through = fields.either("done", "yes", "no")?;
    let kept = training::study(&web.app, &session.actor, id, track, module, worked_through).await;
    done(&web, &session, (&onboarding, id), kept, "saved").await
}

/// A trainer saw something.
pub(crate) async fn observe(
    Posted(web, session, (onboarding, id, track), fields): Posted<(String, String, String)>,
) -> Answer {
    let id = learner_id(&id)?;
    let track = track_id(&track)?;
    let word = fields.text("deed");
    let deed =
        Deed::read(word).ok_or_else(|| AppError::NotFound { what: "exercise", id: word.to_owned() })?;
    let passed = fields.either("passed", "yes", "no")?;
    let note = fields.text("note");
    let version = fields.version();
    let kept = training::observe(&web.app, &session.actor, (id, track), version, deed, passed, note).await;
    if fields.text("to") == "trainers" && kept.is_ok() {
        return Ok(
            Redirect::to(&format!("/onboardings/{onboarding}/training/trainers?saved")).into_response()
        );
    }
    done(&web, &session, (&onboarding, id), kept, "observed").await
}

/// Issues a certificate.
pub(crate) async fn certify(
    Here(web, session, (onboarding, id, track)): Here<(String, String, String)>,
) -> Answer {
    let id = learner_id(&id)?;
    let made = training::certify(&web.app, &session.actor, id, track_id(&track)?).await;
    done(&web, &session, (&onboarding, id), made, "certified").await
}

fn back(onboarding: &str, id: LearnerId, said: &str) -> Response {
    Redirect::to(&format!("/onboardings/{onboarding}/training/learners/{id}?said={said}")).into_response()
}

/// The learner with what was done, or with why it was not.
async fn done<T>(
    web: &Web,
    session: &Session,
    (onboarding, id): (&str, LearnerId),
    done: Result<T, AppError>,
    said: &str,
) -> Answer {
    answered(
        done,
        |_| back(onboarding, id, said),
        |status, wrong| page(web, session, id, None, wrong, None, status),
    )
    .await
}

async fn page(
    web: &Web,
    session: &Session,
    id: LearnerId,
    sheet: Option<Sheet>,
    wrong: Wrong,
    toast: Option<Toast>,
    code: StatusCode,
) -> Answer {
    let (training, learner, progress) = training::get_learner(&web.app, &session.actor, id).await?;
    let top = Top::new(session, &training.head, HERE);
    let on = |track: TrackId| progress.iter().any(|one| one.enrolment.track == track);
    let free = training.tracks.iter().filter(|track| !on(track.id));
    let page = Page {
        frame: top.frame(session, &learner.name).saying(toast),
        pages: tabs(&top, "/training/learners"),
        address: top.to(&format!("/training/learners/{id}")),
        contact: learner.contact.map(|id| format!("/contacts/{id}")),
        free: free.map(|track| Choice::of(track.id.to_string(), &track.name, "")).collect(),
        tracks: progress.iter().filter_map(|one| line(&training, one)).collect(),
        attempts: attempts(&training, &top, id),
        certificates: certificates(&training, &top, id),
        may_edit: session.actor.may(Action::RunOnboarding),
        version: learner.version,
        sheet: sheet.unwrap_or_else(|| Sheet {
            name: learner.name.clone(),
            email: learner.email.clone().unwrap_or_default(),
            team: learner.team.clone(),
            wrong: Wrong::default(),
        }),
        name: learner.name,
        wrong,
        top,
    };
    Ok(render(code, &page))
}

fn seen(one: Option<&Observed>) -> Option<Seen> {
    let one = one?;
    let note = if one.note.is_empty() { String::new() } else { format!(": {}", one.note) };
    Some(Seen { passed: one.passed, said: format!("{}, {}{note}", one.by, Day::from(one.on).words) })
}

fn line(training: &Training, one: &Progress) -> Option<TrackLine> {
    let track = training.track(one.enrolment.track)?;
    let record = &one.enrolment.record;
    let content = training.contents.of_track(track);
    let exercises = content.map(|content| content.exercises.as_slice()).unwrap_or_default();
    let mut deeds: Vec<DeedLine> = exercises
        .iter()
        .map(|exercise| DeedLine {
            word: format!("exercise:{}", exercise.id),
            title: exercise.title.clone(),
            task: exercise.task.clone(),
            criteria: exercise.criteria.clone(),
            seen: seen(record.exercises.get(&exercise.id)),
        })
        .collect();
    deeds.push(DeedLine {
        word: "alone".to_owned(),
        title: "Works alone".to_owned(),
        task: "A real task of their work, done without help.".to_owned(),
        criteria: Vec::new(),
        seen: seen(record.alone.as_ref()),
    });
    deeds.push(DeedLine {
        word: "taught".to_owned(),
        title: "Teaches others".to_owned(),
        task: "A session or a colleague, taught while a trainer watched.".to_owned(),
        criteria: Vec::new(),
        seen: seen(record.taught.as_ref()),
    });
    Some(TrackLine {
        id: track.id.to_string(),
        name: track.name.clone(),
        aim: track.level.label(),
        level: one.level.map_or("Not begun", Level::label),
        shown_by: one.level.map_or("", Level::shown_by),
        complete: one.complete,
        certified: one.certificate.is_some(),
        begun: one.enrolment.started_on.is_some(),
        version: one.enrolment.version,
        lessons: track
            .modules
            .iter()
            .enumerate()
            .map(|(module, lesson)| LessonLine {
                module,
                title: lesson.title.clone(),
                done: u32::try_from(module).is_ok_and(|module| record.modules.contains(&module)),
            })
            .collect(),
        deeds,
    })
}

fn attempts(training: &Training, top: &Top, id: LearnerId) -> Vec<AttemptLine> {
    let line = |one: &training::Attempt| {
        let track = training.track(one.track).map_or("", |track| track.name.as_str());
        let (verdict, tone) = super::result::verdict(one.verdict);
        AttemptLine {
            href: top.to(&format!("/training/attempts/{}", one.id)),
            title: format!("{}: {track}", one.kind.label()),
            verdict,
            tone,
            score: one.score.map_or_else(String::new, |score| format!("{score} %")),
            day: one.taken_on.into(),
        }
    };
    training.attempts.iter().rev().filter(|one| one.learner == id).map(line).collect()
}

fn certificates(training: &Training, top: &Top, id: LearnerId) -> Vec<CertificateLine> {
    let line = |one: &training::Certificate| {
        let address = top.to(&format!("/training/certificates/{}", one.id));
        CertificateLine {
            href: format!("{address}/file"),
            address,
            title: format!("{}, {}", one.track_name, one.level.label()),
            number: one.number.clone(),
            day: one.issued_on.into(),
            revoked: one.revoked.as_ref().map(|(on, why)| format!("{}: {why}", Day::from(*on).words)),
            version: one.version,
        }
    };
    training.certificates.iter().rev().filter(|one| one.learner == id).map(line).collect()
}
