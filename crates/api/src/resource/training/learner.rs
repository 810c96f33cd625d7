//! Who learns, on which tracks, and how far they are.

use axum::Json;
use axum::http::StatusCode;
use gangway_app::training::{self, Learner, LearnerChanges, LearnerDraft, Progress};
use gangway_domain::ids::{LearnerId, TrackId};
use gangway_domain::training::{Level, Verdict};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::caller::{Here, Sent};
use crate::etag::{IfMatch, changed, created};
use crate::input::{QueryOf, optional, several};
use crate::page::{Page, PageQuery, id, limit};
use crate::problem::{Answer, Problem};

/// Somebody who is trained.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Learner)]
pub(crate) struct LearnerOut {
    /// Id.
    pub(super) id: String,
    /// Where.
    onboarding: String,
    /// Who, when they are a contact.
    #[schema(required = true)]
    contact: Option<String>,
    /// Name.
    name: String,
    /// Mail address.
    #[schema(required = true)]
    email: Option<String>,
    /// Team or site; may be empty.
    team: String,
    /// Counts changes, from 1; the ETag is made of it.
    version: i64,
}

impl From<Learner> for LearnerOut {
    fn from(one: Learner) -> Self {
        Self {
            id: one.id.to_string(),
            onboarding: one.onboarding.to_string(),
            contact: one.contact.map(|id| id.to_string()),
            name: one.name,
            email: one.email,
            team: one.team,
            version: one.version,
        }
    }
}

/// How far somebody is on a track.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrainingProgress)]
pub(crate) struct ProgressOut {
    /// Id of the track.
    track: String,
    /// The level they have shown; null before they took part.
    #[schema(required = true)]
    level: Option<String>,
    /// Whether they reached what the track is for.
    complete: bool,
    /// Was in a session.
    attended: bool,
    /// `waiting`, `passed` or `failed`; null before the first try.
    #[schema(required = true)]
    assessed: Option<String>,
    /// Modules they worked through by themselves, counted from 0.
    modules: Vec<u32>,
    /// What a trainer saw.
    observed: Vec<ObservedOut>,
    /// When they began.
    #[schema(required = true)]
    started_on: Option<Date>,
    /// When they first worked alone.
    #[schema(required = true)]
    proficient_on: Option<Date>,
    /// Id of the certificate that holds.
    #[schema(required = true)]
    certificate: Option<String>,
    /// Counts changes, from 1: what `If-Match` of an observation names.
    version: i64,
}

/// What a trainer saw.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrainingObservation)]
pub(crate) struct ObservedOut {
    /// `alone`, `taught`, `exercise:…` or `phase:…`.
    deed: String,
    /// It was done as it should be.
    passed: bool,
    /// What there is to say; may be empty.
    note: String,
    /// Who saw it.
    by: String,
    /// When.
    on: Date,
}

impl From<Progress> for ProgressOut {
    fn from(one: Progress) -> Self {
        let record = one.enrolment.record;
        let exercises = record.exercises.into_iter().map(|(id, seen)| (format!("exercise:{id}"), seen));
        let phases = record.phases.into_iter().map(|(id, seen)| (format!("phase:{id}"), seen));
        let alone = record.alone.into_iter().map(|seen| ("alone".to_owned(), seen));
        let taught = record.taught.into_iter().map(|seen| ("taught".to_owned(), seen));
        Self {
            track: one.enrolment.track.to_string(),
            level: one.level.map(|level| Level::word(level).to_owned()),
            complete: one.complete,
            attended: one.attended,
            assessed: one.assessed.map(|verdict| Verdict::word(verdict).to_owned()),
            modules: record.modules.into_iter().collect(),
            observed: exercises
                .chain(alone)
                .chain(taught)
                .chain(phases)
                .map(|(deed, seen)| ObservedOut {
                    deed,
                    passed: seen.passed,
                    note: seen.note,
                    by: seen.by,
                    on: seen.on,
                })
                .collect(),
            started_on: one.enrolment.started_on,
            proficient_on: one.enrolment.proficient_on,
            certificate: one.certificate.map(|id| id.to_string()),
            version: one.enrolment.version,
        }
    }
}

/// A learner with how far they are.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LearnerProgress)]
pub(crate) struct LearningOut {
    #[serde(flatten)]
    learner: LearnerOut,
    /// By track.
    progress: Vec<ProgressOut>,
}

/// A new learner.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LearnerDraft, example = json!({ "name": "Ana Ruiz", "email": "ana@acme.example", "team": "Plant 2" }))]
pub(crate) struct LearnerIn {
    /// Id of a contact; then name and address may be left out.
    contact: Option<String>,
    /// Name.
    #[serde(default)]
    name: String,
    /// Mail address.
    #[serde(default)]
    email: String,
    /// Team or site.
    #[serde(default)]
    team: String,
    /// Ids of the tracks they learn on.
    #[serde(default)]
    tracks: Vec<String>,
}

/// List the learners of an onboarding
///
/// In the order they were added in.
#[utoipa::path(get, path = "/onboardings/{id}/learners", operation_id = "list_learners", tag = "Training",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"), PageQuery),
    responses((status = 200, description = "A page of the learners.", body = Page<LearnerOut>)))]
pub(crate) async fn list(
    Here(api, caller, names): Here,
    QueryOf(query): QueryOf<PageQuery>,
) -> Result<Json<Page<LearnerOut>>, Problem> {
    let after = id::<LearnerId>("after", query.after.as_deref())?;
    let onboarding = names.id("onboarding")?;
    let (found, more) =
        training::list_learners(&api.app, &caller.actor, onboarding, after, limit(query.limit)?).await?;
    Ok(Json(Page::after_last(found.into_iter().map(LearnerOut::from), more, |one| one.id.clone())))
}

/// Add a learner
#[utoipa::path(post, path = "/onboardings/{id}/learners", operation_id = "add_learner", tag = "Training",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = LearnerIn),
    responses((status = 201, description = "The learner.", body = LearnerOut,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn create(Sent(api, caller, names, sent): Sent<LearnerIn>) -> Answer {
    let contact = optional("contact", sent.contact.as_deref())?;
    let draft = LearnerDraft {
        contact,
        tracks: several("tracks", &sent.tracks)?,
        name: sent.name,
        email: sent.email,
        team: sent.team,
    };
    let made = training::add(&api.app, &caller.actor, names.id("onboarding")?, draft).await?;
    let (version, location) = (made.version, format!("/api/v1/learners/{}", made.id));
    Ok(created(version, location, Json(LearnerOut::from(made))))
}

/// A list of users.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LearnerList, example = json!({ "csv": "name,email,team,track\nAna Ruiz,ana@acme.example,Plant 2,end-user" }))]
pub(crate) struct ListIn {
    /// The list as CSV with a first line that names its columns: `email`, and `name`, `team`, `track` where there are.
    csv: String,
    /// Ids of tracks everybody on the list learns on.
    #[serde(default)]
    tracks: Vec<String>,
}

/// What a list brought.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LearnersRead)]
pub(crate) struct UploadedOut {
    /// Learners who are new.
    added: u32,
    /// Those who were known.
    known: u32,
    /// Places on tracks that are new.
    enrolled: u32,
}

/// Read a list of learners
///
/// All of it or nothing. Whoever is known by their address stays one learner, so that a list can be sent again.
#[utoipa::path(post, path = "/onboardings/{id}/learner-lists", operation_id = "read_learners", tag = "Training",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = ListIn),
    responses((status = 200, description = "What it brought.", body = UploadedOut)))]
pub(crate) async fn upload(
    Sent(api, caller, names, sent): Sent<ListIn>,
) -> Result<Json<UploadedOut>, Problem> {
    let tracks: Vec<TrackId> = several("tracks", &sent.tracks)?;
    let brought =
        training::upload(&api.app, &caller.actor, names.id("onboarding")?, &sent.csv, &tracks).await?;
    Ok(Json(UploadedOut { added: brought.added, known: brought.known, enrolled: brought.enrolled }))
}

/// Get a learner
///
/// With how far they are on each track.
#[utoipa::path(get, path = "/learners/{id}", operation_id = "get_learner", tag = "Training",
    params(("id" = String, Path, description = "Id of the learner.", example = "lrn_01900000000070008000000000000001")),
    responses((status = 200, description = "The learner.", body = LearningOut, headers(("ETag" = String)))))]
pub(crate) async fn get(Here(api, caller, names): Here) -> Answer {
    let (_, learner, progress) = training::get_learner(&api.app, &caller.actor, names.id("learner")?).await?;
    let version = learner.version;
    let progress = progress.into_iter().map(ProgressOut::from).collect();
    // Progress grows without the learner changing, so nothing is left out for a known version.
    Ok(changed(version, Json(LearningOut { learner: learner.into(), progress })))
}

/// What is to change of a learner; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LearnerChanges, example = json!({ "team": "Plant 3" }))]
pub(crate) struct LearnerPatch {
    /// Name.
    name: Option<String>,
    /// Mail address; empty for none.
    email: Option<String>,
    /// Team or site.
    team: Option<String>,
}

/// Change a learner
#[utoipa::path(patch, path = "/learners/{id}", operation_id = "change_learner", tag = "Training",
    params(("id" = String, Path, description = "Id of the learner.", example = "lrn_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = LearnerPatch),
    responses((status = 200, description = "The learner as they are now.", body = LearnerOut, headers(("ETag" = String)))))]
pub(crate) async fn change(version: IfMatch, Sent(api, caller, names, sent): Sent<LearnerPatch>) -> Answer {
    let id = names.id("learner")?;
    let changes = LearnerChanges { name: sent.name, email: sent.email, team: sent.team };
    let kept = training::change_learner(&api.app, &caller.actor, id, version.required()?, changes).await?;
    Ok(changed(kept.version, Json(LearnerOut::from(kept))))
}

/// Take a learner out
///
/// One who has not begun.
#[utoipa::path(delete, path = "/learners/{id}", operation_id = "remove_learner", tag = "Training",
    params(("id" = String, Path, description = "Id of the learner.", example = "lrn_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    responses((status = 204, description = "They are out."),
        (status = 409, description = "They have begun to learn: what they did would be lost.")))]
pub(crate) async fn remove(Here(api, caller, names): Here, version: IfMatch) -> Result<StatusCode, Problem> {
    let id = names.id("learner")?;
    training::remove_learner(&api.app, &caller.actor, id, version.required()?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Put a learner on a track
///
/// Being on it already changes nothing.
#[utoipa::path(put, path = "/learners/{id}/tracks/{track}", operation_id = "enrol_learner", tag = "Training",
    params(("id" = String, Path, description = "Id of the learner.", example = "lrn_01900000000070008000000000000001"),
        ("track" = String, Path, description = "Id of the track.", example = "trk_01900000000070008000000000000001")),
    responses((status = 204, description = "They are on it.")))]
pub(crate) async fn enrol(Here(api, caller, names): Here) -> Result<StatusCode, Problem> {
    let id = names.id("learner")?;
    training::enrol(&api.app, &caller.actor, id, names.second("training track")?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a learner off a track
///
/// On which they have not begun.
#[utoipa::path(delete, path = "/learners/{id}/tracks/{track}", operation_id = "unenrol_learner", tag = "Training",
    params(("id" = String, Path, description = "Id of the learner.", example = "lrn_01900000000070008000000000000001"),
        ("track" = String, Path, description = "Id of the track.", example = "trk_01900000000070008000000000000001")),
    responses((status = 204, description = "They are off it."),
        (status = 409, description = "They have begun: what they did would be lost.")))]
pub(crate) async fn unenrol(Here(api, caller, names): Here) -> Result<StatusCode, Problem> {
    let id = names.id("learner")?;
    training::unenrol(&api.app, &caller.actor, id, names.second("training track")?).await?;
    Ok(StatusCode::NO_CONTENT)
}
