//! Training of onboardings: tracks with their size, and whether it works; sessions, learners and results beside.

pub(crate) mod learner;
pub(crate) mod library;
pub(crate) mod result;
pub(crate) mod session;

use axum::Json;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use gangway_app::training::{self, Track, TrackChanges, Training};
use gangway_domain::ids::TrackId;
use gangway_domain::training::Measured;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use self::session::SessionOut;
use crate::caller::{Here, Sent};
use crate::etag::{IfMatch, changed, tagged};
use crate::page::Page;
use crate::problem::{Answer, Problem};

/// A training track of an onboarding.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrainingTrack)]
pub(crate) struct TrackOut {
    /// Id.
    id: String,
    /// Whose.
    onboarding: String,
    /// Id of the methodology.
    code: String,
    /// Name.
    name: String,
    /// For whom.
    audience: String,
    /// Format in words.
    format: String,
    /// People in one session; 0 where everybody learns by themselves.
    group_size: u32,
    /// People to be trained.
    people: u32,
    /// The task of the plan (code) it is given in and follows; null where it follows none.
    #[schema(required = true)]
    task: Option<String>,
    /// First day.
    starts_on: Date,
    /// Last day.
    finishes_on: Date,
    /// Competency to reach: `awareness`, `knowledge`, `application`, `proficiency`, `mastery`.
    level: String,
    /// How it is checked.
    validation: String,
    /// Whether it ends with questions.
    assessed: bool,
    /// The modules in order.
    modules: Vec<ModuleOut>,
    /// Counts changes, from 1; the ETag is made of it.
    version: i64,
}

/// A module of a track.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrainingModule)]
pub(crate) struct ModuleOut {
    /// Title.
    title: String,
    /// Minutes.
    minutes: u32,
    /// "Afterwards you can …".
    outcome: String,
    /// What is practised.
    #[schema(required = true)]
    exercise: Option<String>,
}

impl From<Track> for TrackOut {
    fn from(track: Track) -> Self {
        Self {
            id: track.id.to_string(),
            onboarding: track.onboarding.to_string(),
            code: track.code,
            name: track.name,
            audience: track.audience,
            format: track.format,
            group_size: track.group_size,
            people: track.people,
            task: track.task,
            starts_on: track.starts_on,
            finishes_on: track.finishes_on,
            level: track.level.word().to_owned(),
            validation: track.validation,
            assessed: track.assessed,
            modules: track
                .modules
                .into_iter()
                .map(|module| ModuleOut {
                    title: module.title,
                    minutes: module.minutes,
                    outcome: module.outcome,
                    exercise: module.exercise,
                })
                .collect(),
            version: track.version,
        }
    }
}

/// A track, how far it is planned and reached.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrainingTrackStanding)]
pub(crate) struct StandingOut {
    #[serde(flatten)]
    track: TrackOut,
    /// Learners on it.
    enrolled: usize,
    /// Of them those who reached what it is for.
    complete: usize,
    /// Sessions planned or held.
    sessions: u32,
    /// Sessions that are lacking so that everybody has a seat.
    lacking: u32,
}

/// A metric of training with its target.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrainingMetric)]
pub(crate) struct MetricOut {
    /// Id of the methodology.
    id: String,
    /// Name.
    name: String,
    /// How it is computed.
    formula: String,
    /// The target as it is written: `>90%`.
    target: String,
    /// The value as people read it; null while nothing can be counted.
    #[schema(required = true)]
    value: Option<String>,
    /// The value in tenths of its unit.
    #[schema(required = true)]
    tenths: Option<u32>,
    /// Whether the target is met.
    #[schema(required = true)]
    met: Option<bool>,
    /// What is counted above the line.
    numerator: String,
    /// How much of it there is.
    counted: u32,
    /// What is counted below the line.
    denominator: String,
    /// How much of it there is: of how many the value is made.
    of: u32,
    /// What is left out of both.
    excluded: String,
    /// How much is left out; null where nobody can count it.
    #[schema(required = true)]
    left_out: Option<u32>,
}

impl From<Measured> for MetricOut {
    fn from(one: Measured) -> Self {
        Self {
            value: one.tenths.map(|_| one.shown),
            id: one.id,
            name: one.name,
            formula: one.formula,
            target: one.target,
            tenths: one.tenths,
            met: one.met,
            numerator: one.numerator.to_owned(),
            counted: one.counted,
            denominator: one.denominator.to_owned(),
            of: one.of,
            excluded: one.excluded.to_owned(),
            left_out: one.left_out,
        }
    }
}

/// The training of an onboarding.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Training)]
pub(crate) struct TrainingOut {
    /// The tracks in their order.
    tracks: Vec<StandingOut>,
    /// Whether it works.
    metrics: Vec<MetricOut>,
    /// How many learn.
    learners: usize,
    /// Attempts a trainer has to read.
    waiting: usize,
}

impl From<Training> for TrainingOut {
    fn from(training: Training) -> Self {
        let standing = |track: &Track| {
            let on = || training.progress.iter().filter(|one| one.enrolment.track == track.id);
            StandingOut {
                enrolled: on().count(),
                complete: on().filter(|one| one.complete).count(),
                sessions: training.planned_on(track),
                lacking: training.lacking_on(track),
                track: track.clone().into(),
            }
        };
        Self {
            tracks: training.tracks.iter().map(standing).collect(),
            metrics: training.measured.iter().cloned().map(MetricOut::from).collect(),
            learners: training.learners.len(),
            waiting: training
                .attempts
                .iter()
                .filter(|one| one.verdict == gangway_domain::training::Verdict::Waiting)
                .count(),
        }
    }
}

/// Get the training of an onboarding
///
/// Its tracks with their size, and the metrics of its effect.
#[utoipa::path(get, path = "/onboardings/{id}/training", operation_id = "get_training", tag = "Training",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "The training.", body = TrainingOut)))]
pub(crate) async fn get(Here(api, caller, names): Here) -> Result<Json<TrainingOut>, Problem> {
    let training = training::of_onboarding(&api.app, &caller.actor, names.id("onboarding")?).await?;
    Ok(Json(training.into()))
}

/// Get a training track
#[utoipa::path(get, path = "/training-tracks/{id}", operation_id = "get_training_track", tag = "Training",
    params(("id" = String, Path, description = "Id of the track.", example = "trk_01900000000070008000000000000001")),
    responses((status = 200, description = "The track.", body = TrackOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn track(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let (_, track) = training::get_track(&api.app, &caller.actor, names.id("training track")?).await?;
    Ok(tagged(&headers, track.version, Json(TrackOut::from(track))))
}

/// What is to change of a track; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TrainingTrackChanges, example = json!({ "people": 24 }))]
pub(crate) struct TrackIn {
    /// People to be trained.
    #[schema(maximum = 1000000)]
    people: Option<u32>,
    /// People in one session; 0 where everybody learns by themselves.
    #[schema(maximum = 1000)]
    group_size: Option<u32>,
    /// First day.
    starts_on: Option<Date>,
    /// Last day.
    finishes_on: Option<Date>,
}

/// Size a training track anew
#[utoipa::path(patch, path = "/training-tracks/{id}", operation_id = "change_training_track", tag = "Training",
    params(("id" = String, Path, description = "Id of the track.", example = "trk_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = TrackIn),
    responses((status = 200, description = "The track as it is now.", body = TrackOut, headers(("ETag" = String)))))]
pub(crate) async fn change_track(version: IfMatch, Sent(api, caller, names, sent): Sent<TrackIn>) -> Answer {
    let id: TrackId = names.id("training track")?;
    let TrackIn { people, group_size, starts_on, finishes_on } = sent;
    let changes = TrackChanges { people, group_size, starts_on, finishes_on };
    let kept = training::change_track(&api.app, &caller.actor, id, version.required()?, changes).await?;
    Ok(changed(kept.version, Json(TrackOut::from(kept))))
}

/// Plan what a training track lacks
///
/// Sessions so that everybody has a seat, over the working days of the track, with everybody on it who had none
/// seated. Done again it plans only what is lacking then.
#[utoipa::path(post, path = "/training-tracks/{id}/sessions", operation_id = "propose_training_sessions", tag = "Training",
    params(("id" = String, Path, description = "Id of the track.", example = "trk_01900000000070008000000000000001")),
    responses((status = 201, description = "The sessions that are new.", body = Page<SessionOut>)))]
pub(crate) async fn propose(Here(api, caller, names): Here) -> Answer {
    let made = training::propose(&api.app, &caller.actor, names.id("training track")?).await?;
    let page = Page::whole(made.into_iter().map(SessionOut::from));
    Ok((StatusCode::CREATED, Json(page)).into_response())
}
