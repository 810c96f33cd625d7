//! What learners show: lessons, answers, what a trainer saw, certificates.

use std::collections::BTreeMap;

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use gangway_app::training::{self, Attempt, Certificate, Deed};
use gangway_domain::training::Answered;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::caller::{Here, Sent};
use crate::etag::{IfMatch, changed, created};
use crate::input::usable;
use crate::page::Page;
use crate::problem::{Answer, Problem};

/// A lesson.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TrainingLesson, example = json!({ "module": 0, "done": true }))]
pub(crate) struct LessonIn {
    /// Which module, counted from 0.
    module: u32,
    /// They worked through it.
    done: bool,
}

/// Say that a learner worked through a lesson
///
/// By themselves; or that they did not after all.
#[utoipa::path(post, path = "/learners/{id}/tracks/{track}/lessons", operation_id = "study_lesson", tag = "Training",
    params(("id" = String, Path, description = "Id of the learner.", example = "lrn_01900000000070008000000000000001"),
        ("track" = String, Path, description = "Id of the track.", example = "trk_01900000000070008000000000000001")),
    request_body(content = LessonIn),
    responses((status = 204, description = "It is written down.")))]
pub(crate) async fn study(Sent(api, caller, names, sent): Sent<LessonIn>) -> Result<StatusCode, Problem> {
    let (learner, track) = (names.id("learner")?, names.second("training track")?);
    training::study(&api.app, &caller.actor, learner, track, sent.module, sent.done).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a trainer saw.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TrainingObservationDraft, example = json!({ "deed": "exercise:two-users", "passed": true, "note": "Quick" }))]
pub(crate) struct ObservationIn {
    /// `alone` (a real task done alone), `taught` (a session they taught), `exercise:…` or `phase:…` with an id of the
    /// methodology.
    deed: String,
    /// It was done as it should be.
    passed: bool,
    /// What there is to say.
    #[serde(default)]
    note: String,
}

/// Write down what a trainer saw
#[utoipa::path(post, path = "/learners/{id}/tracks/{track}/observations", operation_id = "observe_learner", tag = "Training",
    params(("id" = String, Path, description = "Id of the learner.", example = "lrn_01900000000070008000000000000001"),
        ("track" = String, Path, description = "Id of the track.", example = "trk_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "`version` of the progress that was read.", example = "\"1\"")),
    request_body(content = ObservationIn),
    responses((status = 204, description = "It is written down.", headers(("ETag" = String)))))]
pub(crate) async fn observe(version: IfMatch, Sent(api, caller, names, sent): Sent<ObservationIn>) -> Answer {
    let on = (names.id("learner")?, names.second("training track")?);
    let deed = Deed::read(&sent.deed);
    let deed =
        deed.ok_or_else(|| Problem::field("deed", "is `alone`, `taught`, `exercise:…` or `phase:…`"))?;
    let version = version.required()?;
    let kept = training::observe(&api.app, &caller.actor, on, version, deed, sent.passed, &sent.note).await?;
    Ok(changed(kept.version, StatusCode::NO_CONTENT))
}

/// Answers of a learner.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TrainingAnswers, example = json!({ "kind": "assessment", "answers": { "start": ["In the settings"] } }))]
pub(crate) struct AnswersIn {
    /// `assessment`, or `follow-up` a month later.
    kind: String,
    /// What was chosen or written, by the id of the question.
    answers: BTreeMap<String, Vec<String>>,
}

/// One try at an assessment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrainingAttempt)]
pub(crate) struct AttemptOut {
    /// Id.
    id: String,
    /// Whose (id of the learner).
    learner: String,
    /// Of which track.
    track: String,
    /// `assessment` or `follow-up`.
    kind: String,
    /// The questions as they were asked.
    answers: Vec<AnswerOut>,
    /// Percent it took to pass.
    pass_percent: u32,
    /// Percent reached; null while a trainer has to read.
    #[schema(required = true)]
    score: Option<u32>,
    /// `waiting`, `passed` or `failed`.
    verdict: String,
    /// When.
    taken_on: Date,
    /// Who read what was written.
    #[schema(required = true)]
    marked_by: Option<String>,
    /// Counts changes, from 1; the ETag is made of it.
    version: i64,
}

/// A question with what was answered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrainingAnswer)]
pub(crate) struct AnswerOut {
    /// The question.
    question: String,
    /// What was chosen or written.
    given: Vec<String>,
    /// What is right, or what a text should say.
    expected: Vec<String>,
    /// Percent; null until a trainer has read it.
    #[schema(required = true)]
    mark: Option<u32>,
}

impl From<Answered> for AnswerOut {
    fn from(one: Answered) -> Self {
        let Answered { question, given, expected, mark } = one;
        Self { question, given, expected, mark }
    }
}

impl From<Attempt> for AttemptOut {
    fn from(one: Attempt) -> Self {
        Self {
            id: one.id.to_string(),
            learner: one.learner.to_string(),
            track: one.track.to_string(),
            kind: one.kind.word().to_owned(),
            answers: one.answers.into_iter().map(AnswerOut::from).collect(),
            pass_percent: one.pass_percent,
            score: one.score,
            verdict: one.verdict.word().to_owned(),
            taken_on: one.taken_on,
            marked_by: one.marked_by,
            version: one.version,
        }
    }
}

/// Answer an assessment
///
/// For a learner. Choices are marked at once; text waits for a trainer.
#[utoipa::path(post, path = "/learners/{id}/tracks/{track}/attempts", operation_id = "answer_assessment", tag = "Training",
    params(("id" = String, Path, description = "Id of the learner.", example = "lrn_01900000000070008000000000000001"),
        ("track" = String, Path, description = "Id of the track.", example = "trk_01900000000070008000000000000001")),
    request_body(content = AnswersIn),
    responses((status = 201, description = "The attempt.", body = AttemptOut,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn attempt(Sent(api, caller, names, sent): Sent<AnswersIn>) -> Answer {
    let (learner, track) = (names.id("learner")?, names.second("training track")?);
    let kind = usable("kind", &sent.kind)?;
    let made = training::attempt(&api.app, &caller.actor, learner, track, kind, &sent.answers).await?;
    let (version, location) = (made.version, format!("/api/v1/training-attempts/{}", made.id));
    Ok(created(version, location, Json(AttemptOut::from(made))))
}

/// Get an attempt at an assessment
#[utoipa::path(get, path = "/training-attempts/{id}", operation_id = "get_training_attempt", tag = "Training",
    params(("id" = String, Path, description = "Id of the attempt.", example = "atp_01900000000070008000000000000001")),
    responses((status = 200, description = "The attempt.", body = AttemptOut, headers(("ETag" = String)))))]
pub(crate) async fn get_attempt(Here(api, caller, names): Here) -> Answer {
    let (_, attempt) = training::get_attempt(&api.app, &caller.actor, names.id("attempt")?).await?;
    Ok(changed(attempt.version, Json(AttemptOut::from(attempt))))
}

/// Marks of a trainer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TrainingMarks, example = json!({ "marks": [null, 80] }))]
pub(crate) struct MarksIn {
    /// Percent for each question in order; null leaves a mark as it is.
    marks: Vec<Option<u32>>,
}

/// Mark what was written
#[utoipa::path(post, path = "/training-attempts/{id}/marks", operation_id = "mark_training_attempt", tag = "Training",
    params(("id" = String, Path, description = "Id of the attempt.", example = "atp_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = MarksIn),
    responses((status = 200, description = "The attempt as it is now.", body = AttemptOut, headers(("ETag" = String)))))]
pub(crate) async fn mark(version: IfMatch, Sent(api, caller, names, sent): Sent<MarksIn>) -> Answer {
    let id = names.id("attempt")?;
    let kept = training::mark(&api.app, &caller.actor, id, version.required()?, &sent.marks).await?;
    Ok(changed(kept.version, Json(AttemptOut::from(kept))))
}

/// A certificate.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrainingCertificate)]
pub(crate) struct CertificateOut {
    /// Id.
    id: String,
    /// Whose (id of the learner).
    learner: String,
    /// For which track.
    track: String,
    /// What whoever sees it can ask about at `/certificates/{number}`.
    number: String,
    /// Name of the learner as it was then.
    name: String,
    /// What they reached.
    level: String,
    /// When.
    issued_on: Date,
    /// By whom.
    issued_by: String,
    /// When it was taken back.
    #[schema(required = true)]
    revoked_on: Option<Date>,
    /// Why.
    #[schema(required = true)]
    reason: Option<String>,
    /// Counts changes, from 1; the ETag is made of it.
    version: i64,
}

impl From<Certificate> for CertificateOut {
    fn from(one: Certificate) -> Self {
        let (revoked_on, reason) = one.revoked.map_or((None, None), |(on, why)| (Some(on), Some(why)));
        Self {
            id: one.id.to_string(),
            learner: one.learner.to_string(),
            track: one.track.to_string(),
            number: one.number,
            name: one.name,
            level: one.level.word().to_owned(),
            issued_on: one.issued_on,
            issued_by: one.issued_by,
            revoked_on,
            reason,
            version: one.version,
        }
    }
}

/// Issue a certificate
///
/// To somebody who reached what the track is for.
#[utoipa::path(post, path = "/learners/{id}/tracks/{track}/certificates", operation_id = "certify_learner", tag = "Training",
    params(("id" = String, Path, description = "Id of the learner.", example = "lrn_01900000000070008000000000000001"),
        ("track" = String, Path, description = "Id of the track.", example = "trk_01900000000070008000000000000001")),
    responses((status = 201, description = "The certificate.", body = CertificateOut,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn certify(Here(api, caller, names): Here) -> Answer {
    let (learner, track) = (names.id("learner")?, names.second("training track")?);
    let made = training::certify(&api.app, &caller.actor, learner, track).await?;
    let (version, location) = (made.version, format!("/api/v1/training-certificates/{}", made.id));
    Ok(created(version, location, Json(CertificateOut::from(made))))
}

/// Issue the certificates of a track
///
/// To everybody who reached what it is for and has none yet.
#[utoipa::path(post, path = "/training-tracks/{id}/certificates", operation_id = "certify_track", tag = "Training",
    params(("id" = String, Path, description = "Id of the track.", example = "trk_01900000000070008000000000000001")),
    responses((status = 201, description = "The certificates that are new.", body = Page<CertificateOut>)))]
pub(crate) async fn certify_all(Here(api, caller, names): Here) -> Answer {
    let made = training::certify_all(&api.app, &caller.actor, names.id("training track")?).await?;
    let page = Page::whole(made.into_iter().map(CertificateOut::from));
    Ok((StatusCode::CREATED, Json(page)).into_response())
}

/// Get a certificate
#[utoipa::path(get, path = "/training-certificates/{id}", operation_id = "get_certificate", tag = "Training",
    params(("id" = String, Path, description = "Id of the certificate.", example = "crt_01900000000070008000000000000001")),
    responses((status = 200, description = "The certificate.", body = CertificateOut, headers(("ETag" = String)))))]
pub(crate) async fn get_certificate(Here(api, caller, names): Here) -> Answer {
    let (_, known) = training::get_certificate(&api.app, &caller.actor, names.id("certificate")?).await?;
    Ok(changed(known.version, Json(CertificateOut::from(known))))
}

/// Download a certificate
#[utoipa::path(get, path = "/training-certificates/{id}/file", operation_id = "get_certificate_file", tag = "Training",
    params(("id" = String, Path, description = "Id of the certificate.", example = "crt_01900000000070008000000000000001")),
    responses((status = 200, description = "The certificate as PDF.", content((String = "application/pdf"))),
        (status = 409, description = "It was taken back.")))]
pub(crate) async fn certificate_file(Here(api, caller, names): Here) -> Answer {
    let (name, bytes) = training::certificate_file(&api.app, &caller.actor, names.id("certificate")?).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, bytes).into_response())
}

/// Why a certificate is taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CertificateRevocation, example = json!({ "reason": "Issued to the wrong person" }))]
pub(crate) struct RevocationIn {
    /// In a sentence.
    #[schema(min_length = 1)]
    reason: String,
}

/// Take a certificate back
///
/// Whoever asks about its number is told so.
#[utoipa::path(post, path = "/training-certificates/{id}/revocation", operation_id = "revoke_certificate", tag = "Training",
    params(("id" = String, Path, description = "Id of the certificate.", example = "crt_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = RevocationIn),
    responses((status = 200, description = "The certificate as it is now.", body = CertificateOut, headers(("ETag" = String)))))]
pub(crate) async fn revoke(version: IfMatch, Sent(api, caller, names, sent): Sent<RevocationIn>) -> Answer {
    let id = names.id("certificate")?;
    let kept = training::revoke(&api.app, &caller.actor, id, version.required()?, &sent.reason).await?;
    Ok(changed(kept.version, Json(CertificateOut::from(kept))))
}
