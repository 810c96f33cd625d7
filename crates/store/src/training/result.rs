//! Attempts at assessments, and certificates.

use std::collections::BTreeMap;

use gangway_domain::ids::{AttemptId, CertificateId, LearnerId, OnboardingId, TrackId, WorkspaceId};
use gangway_domain::training::{Answered, AttemptKind, Level, Verdict};
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use super::number;
use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Day;
use crate::value::{args, json, read};

/// The columns of an attempt, in the order of its row.
macro_rules! attempt {
    () => {
        "SELECT a.id, a.onboarding_id, a.learner_id, a.track_id, a.kind, a.answers, a.pass_percent, a.score, a.verdict,
                a.taken_on, a.marked_by, a.version
         FROM training_attempt a"
    };
}

/// The columns of a certificate, in the order of its row.
macro_rules! certificate {
    () => {
        "SELECT c.workspace_id, c.id, c.onboarding_id, c.learner_id, c.track_id, c.number, c.name, c.track, c.level,
                c.issued_on, c.issued_by, c.revoked_on, c.reason, c.version
         FROM training_certificate c"
    };
}

sql! {
    "training::result";
    INSERT = "INSERT INTO training_attempt
                (workspace_id, id, onboarding_id, learner_id, track_id, kind, answers, pass_percent, score, verdict,
                 taken_on, marked_by, version)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    GET = concat!(attempt!(), " WHERE a.workspace_id = $1 AND a.id = $2");
    OF_ONBOARDING = concat!(attempt!(), " WHERE a.workspace_id = $1 AND a.onboarding_id = $2 ORDER BY a.id");
    OF_LEARNER = concat!(attempt!(), " WHERE a.workspace_id = $1 AND a.learner_id = $2 ORDER BY a.id");
    MARK = "UPDATE training_attempt
            SET answers = $3, score = $4, verdict = $5, marked_by = $6, version = version + 1
            WHERE workspace_id = $1 AND id = $2 AND version = $7";
    ISSUE = "INSERT INTO training_certificate
               (workspace_id, id, onboarding_id, learner_id, track_id, number, name, track, level, issued_on, issued_by,
                revoked_on, reason, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    CERTIFICATE = concat!(certificate!(), " WHERE c.workspace_id = $1 AND c.id = $2");
    CERTIFICATES = concat!(certificate!(), " WHERE c.workspace_id = $1 AND c.onboarding_id = $2 ORDER BY c.id");
    CERTIFICATES_IN = "SELECT c.workspace_id, c.id, c.onboarding_id, c.learner_id, c.track_id, c.number, c.name, c.track, c.level,
                              c.issued_on, c.issued_by, c.revoked_on, c.reason, c.version, c.onboarding_id AS of_id
                       FROM training_certificate c
                       WHERE c.workspace_id = $1 AND c.onboarding_id IN ($2) ORDER BY c.id";
    // Who came to a session of a track, and who passed its assessment.
    CAME_IN = "SELECT DISTINCT s.track_id, p.learner_id, p.onboarding_id AS of_id
               FROM training_seat p
               JOIN training_session s ON s.workspace_id = p.workspace_id AND s.id = p.session_id
               WHERE p.workspace_id = $1 AND p.attendance = 'attended' AND s.track_id IS NOT NULL
                 AND p.onboarding_id IN ($2)";
    PASSED_IN = "SELECT DISTINCT a.track_id, a.learner_id, a.onboarding_id AS of_id
                 FROM training_attempt a
                 WHERE a.workspace_id = $1 AND a.kind = 'assessment' AND a.verdict = 'passed' AND a.onboarding_id IN ($2)";
    BY_NUMBER = concat!(certificate!(), " WHERE c.number = $1");
    REVOKE = "UPDATE training_certificate SET revoked_on = $3, reason = $4, version = version + 1
              WHERE workspace_id = $1 AND id = $2 AND version = $5";
}

/// One try at an assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Id.
    pub id: AttemptId,
    /// Where.
    pub onboarding: OnboardingId,
    /// Whose.
    pub learner: LearnerId,
    /// Of which track.
    pub track: TrackId,
    /// To pass, or to see what stayed.
    pub kind: AttemptKind,
    /// The questions as they were asked, with answers and marks.
    pub answers: Vec<Answered>,
    /// Percent it took to pass.
    pub pass_percent: u32,
    /// Percent reached; none while a trainer has to read.
    pub score: Option<u32>,
    /// How it ended.
    pub verdict: Verdict,
    /// When.
    pub taken_on: Date,
    /// Who read what was written.
    pub marked_by: Option<String>,
    /// Counts changes, from 1.
    pub version: i64,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    onboarding_id: Uuid,
    learner_id: Uuid,
    track_id: Uuid,
    kind: String,
    #[sqlx(json)]
    answers: Vec<Answered>,
    pass_percent: i64,
    score: Option<i64>,
    verdict: String,
    taken_on: Day,
    marked_by: Option<String>,
    version: i64,
}

impl TryFrom<Row> for Attempt {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: AttemptId::from(row.id),
            onboarding: OnboardingId::from(row.onboarding_id),
            learner: LearnerId::from(row.learner_id),
            track: TrackId::from(row.track_id),
            kind: read("attempt", &row.kind)?,
            answers: row.answers,
            pass_percent: number(row.pass_percent),
            score: row.score.map(number),
            verdict: read("attempt", &row.verdict)?,
            taken_on: row.taken_on.into(),
            marked_by: row.marked_by,
            version: row.version,
        })
    }
}

/// A certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The workspace that issued it.
    pub workspace: WorkspaceId,
    /// Id.
    pub id: CertificateId,
    /// Where.
    pub onboarding: OnboardingId,
    /// Whose.
    pub learner: LearnerId,
    /// For which track.
    pub track: TrackId,
    /// What whoever sees it can ask about.
    pub number: String,
    /// Name of the learner as it was then.
    pub name: String,
    /// Name of the track as it was then.
    pub track_name: String,
    /// What they reached.
    pub level: Level,
    /// When.
    pub issued_on: Date,
    /// By whom.
    pub issued_by: String,
    /// When it was taken back, and why.
    pub revoked: Option<(Date, String)>,
    /// Counts changes, from 1.
    pub version: i64,
}

#[derive(FromRow)]
struct CertificateRow {
    workspace_id: Uuid,
    id: Uuid,
    onboarding_id: Uuid,
    learner_id: Uuid,
    track_id: Uuid,
    number: String,
    name: String,
    track: String,
    level: String,
    issued_on: Day,
    issued_by: String,
    revoked_on: Option<Day>,
    reason: Option<String>,
    version: i64,
}

impl TryFrom<CertificateRow> for Certificate {
    type Error = StoreError;

    fn try_from(row: CertificateRow) -> Result<Self, StoreError> {
        let reason = row.reason.unwrap_or_default();
        Ok(Self {
            workspace: WorkspaceId::from(row.workspace_id),
            id: CertificateId::from(row.id),
            onboarding: OnboardingId::from(row.onboarding_id),
            learner: LearnerId::from(row.learner_id),
            track: TrackId::from(row.track_id),
            number: row.number,
            name: row.name,
            track_name: row.track,
            level: read("certificate", &row.level)?,
            issued_on: row.issued_on.into(),
            issued_by: row.issued_by,
            revoked: row.revoked_on.map(|on| (Date::from(on), reason)),
            version: row.version,
        })
    }
}

/// Adds an attempt.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, one: &Attempt) -> Result<(), StoreError> {
    let row = args![
        workspace,
        one.id.uuid(),
        one.onboarding,
        one.learner.uuid(),
        one.track.uuid(),
        one.kind.word(),
        json("attempt", &one.answers)?,
        one.pass_percent,
        one.score,
        one.verdict.word(),
        one.taken_on,
        &one.marked_by,
        one.version,
    ];
    tx.run(INSERT, row).await?;
    Ok(())
}

/// One attempt.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: AttemptId) -> Result<Option<Attempt>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, id.uuid()]).await
}

/// The attempts of an onboarding, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_onboarding(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Attempt>, StoreError> {
    tx.list::<Row, _>(OF_ONBOARDING, args![workspace, onboarding]).await
}

/// The attempts of one learner, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_learner(
    tx: &mut Tx,
    workspace: WorkspaceId,
    learner: LearnerId,
) -> Result<Vec<Attempt>, StoreError> {
    tx.list::<Row, _>(OF_LEARNER, args![workspace, learner.uuid()]).await
}

/// Keeps the marks of an attempt that is still the version it says. False when it is not.
///
/// # Errors
/// When the database fails.
pub async fn mark(tx: &mut Tx, workspace: WorkspaceId, one: &Attempt) -> Result<bool, StoreError> {
    let row = args![
        workspace,
        one.id.uuid(),
        json("attempt", &one.answers)?,
        one.score,
        one.verdict.word(),
        &one.marked_by,
        one.version,
    ];
    Ok(tx.run(MARK, row).await? == 1)
}

/// Adds a certificate.
///
/// # Errors
/// [`StoreError::Conflict`] when there is one of its number, or the learner has one of the track that holds; or when the
/// database fails.
pub async fn issue(tx: &mut Tx, workspace: WorkspaceId, one: &Certificate) -> Result<(), StoreError> {
    let (revoked_on, reason) = one.revoked.clone().unzip();
    let row = args![
        workspace,
        one.id.uuid(),
        one.onboarding,
        one.learner.uuid(),
        one.track.uuid(),
        &one.number,
        &one.name,
        &one.track_name,
        one.level.word(),
        one.issued_on,
        &one.issued_by,
        revoked_on,
        reason,
        one.version,
    ];
    tx.run(ISSUE, row).await?;
    Ok(())
}

/// One certificate.
///
/// # Errors
/// When the database fails.
pub async fn certificate(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: CertificateId,
) -> Result<Option<Certificate>, StoreError> {
    tx.one::<CertificateRow, _>(CERTIFICATE, args![workspace, id.uuid()]).await
}

/// The certificates of an onboarding, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn certificates(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Certificate>, StoreError> {
    tx.list::<CertificateRow, _>(CERTIFICATES, args![workspace, onboarding]).await
}

/// The certificates of many onboardings, in the order they were issued in.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub async fn certificates_in(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, Vec<Certificate>>, StoreError> {
    tx.lists::<_, CertificateRow, _>(CERTIFICATES_IN, args![workspace], onboardings).await
}

#[derive(FromRow)]
struct DeedRow {
    track_id: Uuid,
    learner_id: Uuid,
}

impl From<DeedRow> for (TrackId, LearnerId) {
    fn from(row: DeedRow) -> Self {
        (TrackId::from(row.track_id), LearnerId::from(row.learner_id))
    }
}

/// Who came to a session of which track, in many onboardings, each pair once.
///
/// # Errors
/// When the database fails.
pub async fn came_in(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, Vec<(TrackId, LearnerId)>>, StoreError> {
    tx.lists::<_, DeedRow, _>(CAME_IN, args![workspace], onboardings).await
}

/// Who passed the assessment of which track, in many onboardings, each pair once.
///
/// # Errors
/// When the database fails.
pub async fn passed_in(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, Vec<(TrackId, LearnerId)>>, StoreError> {
    tx.lists::<_, DeedRow, _>(PASSED_IN, args![workspace], onboardings).await
}

/// The certificate of a number, whoever issued it: whoever holds a certificate may ask about it.
///
/// # Errors
/// When the database fails.
pub async fn by_number(tx: &mut Tx, number: &str) -> Result<Option<Certificate>, StoreError> {
    tx.one::<CertificateRow, _>(BY_NUMBER, args![number]).await
}

/// Keeps that a certificate was taken back, or was not, when it is still the version it says. False when it is not.
///
/// # Errors
/// When the database fails.
pub async fn revoke(tx: &mut Tx, workspace: WorkspaceId, one: &Certificate) -> Result<bool, StoreError> {
    let (revoked_on, reason) = one.revoked.clone().unzip();
    let row = args![workspace, one.id.uuid(), revoked_on, reason, one.version];
    Ok(tx.run(REVOKE, row).await? == 1)
}
