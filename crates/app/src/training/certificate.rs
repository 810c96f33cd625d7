//! Certificates: issued to whoever reached what a track is for, printed, taken back, and told about by their number.

use gangway_documents::{Brand, parse, pdf};
use gangway_domain::ids::{CertificateId, LearnerId, TrackId};
use gangway_domain::permission::Action;
use gangway_domain::portal::Language;
use gangway_domain::training::Level;
use gangway_store::onboarding::head::{self, Head};
use gangway_store::training::{learner as learners, result as rows};
use gangway_store::workspace;
use jiff::civil::Date;

use super::learner::find as find_learner;
use super::{Certificate, Learner, Track, find_track, load, track_of};
use crate::boxed;
use crate::error::AppError;
use crate::identity::none_of;
use crate::mail::{Languages, verbatim};
use crate::register::{needed_prose, onboarding, record};
use crate::{Actor, App, calculate, version};

/// Letters of numbers: none that is taken for another.
const LETTERS: [char; 32] = [
    'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'L', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W',
    'X', 'Y', 'Z', '2', '3', '4', '5', '6', '7', '8', '9',
];

/// Issues a certificate to somebody who has reached what a track is for.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Refusal`] when the level is not reached yet or there is
/// one that holds; or when the database fails.
#[boxed]
pub async fn certify(
    app: &App,
    actor: &Actor,
    learner: LearnerId,
    track: TrackId,
) -> Result<Certificate, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let learner = find_learner(&mut tx, actor, learner).await?;
    let head = onboarding(&mut tx, actor, learner.onboarding).await?;
    let track = track_of(&mut tx, actor, &head, track).await?;
    let training = load(app, &mut tx, actor, head).await?;
    let reached = training
        .progress
        .iter()
        .find(|one| one.enrolment.learner == learner.id && one.enrolment.track == track.id)
        .ok_or_else(|| AppError::missing("enrolment", track.id))?;
    if reached.certificate.is_some() {
        return Err(AppError::Refusal(format!(
            "{} has the certificate of {} already",
            learner.name, track.name
        )));
    }
    let Some(level) = reached.level.filter(|_| reached.complete) else {
        let now = reached.level.map_or("nothing", Level::label).to_lowercase();
        let aim = track.level.label().to_lowercase();
        let said =
            format!("{} has shown {now} so far; {} is certified from {aim} on", learner.name, track.name);
        return Err(AppError::Refusal(said));
    };
    let made = issued(app, actor, &learner, &track, level);
    rows::issue(&mut tx, actor.workspace, &made).await.map_err(AppError::overtaken)?;
    let summary = format!("Issued the certificate {} to {}: {}", made.number, made.name, made.track_name);
    record(app, &mut tx, actor, &training.head, "training.certified", summary).await?;
    tx.commit().await?;
    Ok(made)
}

fn issued(app: &App, actor: &Actor, learner: &Learner, track: &Track, level: Level) -> Certificate {
    Certificate {
        workspace: actor.workspace,
        id: CertificateId::fresh(&*app.ids),
        onboarding: learner.onboarding,
        learner: learner.id,
        track: track.id,
        number: number(app.secrets.bytes()),
        name: learner.name.clone(),
        track_name: track.name.clone(),
        level,
        issued_on: app.today(),
        issued_by: actor.own_name().to_owned(),
        revoked: None,
        version: 1,
    }
}

/// Issues certificates to everybody who has reached what a track is for and has none yet.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Refusal`] when there is nobody; or when the database
/// fails.
#[boxed]
pub async fn certify_all(app: &App, actor: &Actor, track: TrackId) -> Result<Vec<Certificate>, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let track = find_track(&mut tx, actor, track).await?;
    let head = onboarding(&mut tx, actor, track.onboarding).await?;
    let training = load(app, &mut tx, actor, head).await?;
    let mut made = Vec::new();
    for one in &training.progress {
        let due = one.enrolment.track == track.id && one.complete && one.certificate.is_none();
        if let (true, Some(level), Some(learner)) = (due, one.level, training.learner(one.enrolment.learner))
        {
            let certificate = issued(app, actor, learner, &track, level);
            rows::issue(&mut tx, actor.workspace, &certificate).await.map_err(AppError::overtaken)?;
            made.push(certificate);
        }
    }
    if made.is_empty() {
        let said = format!("nobody on {} has reached what it is for and waits for a certificate", track.name);
        return Err(AppError::Refusal(said));
    }
    let summary = format!("Issued {} certificates of {}", made.len(), track.name);
    record(app, &mut tx, actor, &training.head, "training.certified", summary).await?;
    tx.commit().await?;
    Ok(made)
}

/// A number of twelve letters, 60 bits: nobody guesses one.
fn number(bytes: [u8; 32]) -> String {
    let letters: Vec<char> =
        bytes.iter().rev().take(12).filter_map(|byte| LETTERS.get(usize::from(byte % 32)).copied()).collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    format!("GW-{}", groups.join("-"))
}

/// One certificate, with its onboarding.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn get_certificate(
    app: &App,
    actor: &Actor,
    id: CertificateId,
) -> Result<(Head, Certificate), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let known = rows::certificate(&mut tx, actor.workspace, id).await?;
    let known = known.ok_or_else(|| AppError::missing("certificate", id))?;
    Ok((onboarding(&mut tx, actor, known.onboarding).await?, known))
}

/// Takes a certificate back: whoever asks about its number is told so.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Stale`], [`AppError::Refusal`] when it was taken back
/// before, [`AppError::Invalid`] without a reason; or when the database fails.
#[boxed]
pub async fn revoke(
    app: &App,
    actor: &Actor,
    id: CertificateId,
    version: i64,
    reason: &str,
) -> Result<Certificate, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let known = rows::certificate(&mut tx, actor.workspace, id).await?;
    let known = known.ok_or_else(|| AppError::missing("certificate", id))?;
    version::fresh("certificate", known.version, version)?;
    if known.revoked.is_some() {
        return Err(AppError::Refusal("this certificate was taken back already".to_owned()));
    }
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    let mut problems = Vec::new();
    let reason = needed_prose("reason", reason, &mut problems);
    none_of(problems)?;
    let wanted = Certificate { revoked: Some((app.today(), reason)), ..known };
    let done = rows::revoke(&mut tx, actor.workspace, &wanted).await?;
    let version = version::after("certificate", version, done)?;
    let summary = format!("Took back the certificate {} of {}", wanted.number, wanted.name);
    record(app, &mut tx, actor, &head, "training.certified", summary).await?;
    tx.commit().await?;
    Ok(Certificate { version, ..wanted })
}

/// What is said about a number of a certificate, to whoever has it in hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The number.
    pub number: String,
    /// Name of the learner.
    pub name: String,
    /// Of which track.
    pub track: String,
    /// What they reached.
    pub level: Level,
    /// When.
    pub issued_on: Date,
    /// Who stands behind it.
    pub vendor: String,
    /// When it was taken back; the reason is nobody's business.
    pub revoked_on: Option<Date>,
}

/// What is known of a number; nothing when no certificate has it.
///
/// # Errors
/// When the database fails.
#[boxed]
pub async fn verify(app: &App, number: &str) -> Result<Option<Verified>, AppError> {
    let number = number.trim().to_uppercase();
    if number.len() != 17 || !number.starts_with("GW-") {
        return Ok(None);
    }
    let mut tx = app.db.read().await?;
    let Some(found) = rows::by_number(&mut tx, &number).await? else { return Ok(None) };
    let vendor = workspace::get(&mut tx, found.workspace).await?.map_or_else(String::new, |place| place.name);
    Ok(Some(Verified {
        number: found.number,
        name: found.name,
        track: found.track_name,
        level: found.level,
        issued_on: found.issued_on,
        vendor,
        revoked_on: found.revoked.map(|(on, _)| on),
    }))
}

/// A certificate as PDF: its name and its bytes.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Refusal`] when it was taken back; or when the database
/// fails.
#[boxed]
pub async fn certificate_file(
    app: &App,
    actor: &Actor,
    id: CertificateId,
) -> Result<(String, Vec<u8>), AppError> {
    let (_, certificate) = get_certificate(app, actor, id).await?;
    printed(app, certificate).await
}

/// A certificate in the language its holder reads.
pub(super) async fn printed(app: &App, certificate: Certificate) -> Result<(String, Vec<u8>), AppError> {
    if certificate.revoked.is_some() {
        return Err(AppError::Refusal("this certificate was taken back".to_owned()));
    }
    let mut tx = app.db.read().await?;
    let vendor =
        workspace::get(&mut tx, certificate.workspace).await?.map_or_else(String::new, |place| place.name);
    let customer = head::get(&mut tx, certificate.workspace, certificate.onboarding).await?;
    let customer = customer.map_or_else(String::new, |head| head.customer);
    let learner = learners::get(&mut tx, certificate.workspace, certificate.learner).await?;
    let languages = Languages::of_onboarding(&mut tx, certificate.workspace, certificate.onboarding).await?;
    let language = languages.of(learner.and_then(|one| one.contact));
    drop(tx);
    let text = written(app, &certificate, &vendor, &customer, language);
    let track = app.methodology.say(language, &certificate.track_name).to_owned();
    let name = format!("{}.pdf", certificate.number);
    let bytes = calculate(move || {
        let mut document = parse(&text).map_err(|error| error.to_string())?;
        document.head.lang = language.word().to_owned();
        document.head.title = match language {
            Language::En => "Certificate".to_owned(),
            Language::De => "Zertifikat".to_owned(),
        };
        document.head.subtitle = Some(track);
        document.head.eyebrow = Some(vendor.clone());
        document.head.date = Some(certificate.issued_on);
        pdf(&document, &Brand::new(vendor, "")).map_err(|error| error.to_string())
    })
    .await?;
    let bytes = bytes.map_err(|error| {
        tracing::error!(%error, "a certificate cannot be printed");
        AppError::Crashed
    })?;
    Ok((name, bytes))
}

fn written(app: &App, certificate: &Certificate, vendor: &str, customer: &str, language: Language) -> String {
    let said = |text: &str| app.methodology.say(language, text).to_owned();
    let (name, customer, vendor) = (verbatim(&certificate.name), verbatim(customer), verbatim(vendor));
    let (track, by) = (verbatim(&said(&certificate.track_name)), verbatim(&certificate.issued_by));
    let (level, shown) = (said(certificate.level.label()), said(certificate.level.shown_by()));
    let (day, number) = (language.full_day(certificate.issued_on), &certificate.number);
    let link = app.link(&format!("/certificates/{number}"));
    match language {
        Language::En => format!(
            "# Certificate\n\n**{name}**, {customer}, has completed **{track}** and has shown the level **{level}**: \
             whoever holds it {shown}.\n\nIssued on {day} by {by}, {vendor}.\n\nNumber {number}. Whether it holds is \
             told at <{link}>.\n"
        ),
        Language::De => format!(
            "# Zertifikat\n\n**{name}**, {customer}, hat **{track}** abgeschlossen und die Stufe **{level}** gezeigt: \
             Wer sie hat, {shown}.\n\nAusgestellt am {day} von {by}, {vendor}.\n\nNummer {number}. Ob es gilt, steht \
             unter <{link}>.\n"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_to_somebody_on_the_telephone() {
        assert_eq!(number([0; 32]), "GW-AAAA-AAAA-AAAA");
        let mut bytes = [0; 32];
        bytes[31] = 255;
        assert_eq!(number(bytes), "GW-9AAA-AAAA-AAAA");
    }
}
