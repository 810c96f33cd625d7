//! Outcomes as somebody of the customer sees them in the portal: what both sides agreed, what was measured, their yes.
//!
//! What is here is made of structs of its own. Challenges and opportunities of the joint impact plan, who of the team
//! measured, and promises of sales are not part of it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gangway_domain::ids::{AttachmentId, OutcomeId};
use gangway_domain::outcome::{Amount, Answer, Evidence, Status};
use gangway_domain::package::{outcome_in, sentence_in};
use gangway_domain::portal::{Language, Resource, Right};
use gangway_store::onboarding::{
    self,
    head::{self, Head},
};
use gangway_store::outcome::measurement::{self as measurements, Measurement};
use gangway_store::outcome::{self as rows, Outcome};
use gangway_store::work::attachment::{self, Attachment};
use gangway_store::{Tx, membership, workspace};
use jiff::civil::Date;
use serde::Serialize;

use super::answer::{agreed, answered, objected};
use super::live::above;
use crate::boxed;
use crate::error::AppError;
use crate::identity::none_of;
use crate::mail::{self, Letter, verbatim};
use crate::portal::PortalTodo;
use crate::register::{checked_prose, needed_prose};
use crate::{Actor, App, Guest, version};

/// The outcomes of a guest's onboarding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GuestOutcomes {
    /// North star in one sentence.
    pub north_star: String,
    /// First impact: what and by when.
    pub first_impact: String,
    /// The outcomes by number.
    pub outcomes: Vec<GuestOutcome>,
    /// The day it was looked at.
    pub today: Date,
}

/// An outcome as a guest sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GuestOutcome {
    /// Id.
    pub id: String,
    /// The goal.
    pub goal: String,
    /// What is measured.
    pub metric: String,
    /// Where it stood, with its unit.
    pub baseline: Option<String>,
    /// What it should become.
    pub target: Option<String>,
    /// What it was at last.
    pub latest: Option<String>,
    /// By when.
    pub by: Date,
    /// What will prove it.
    pub proof: String,
    /// Word of where it stands.
    pub status: &'static str,
    /// How much of the way is gone, percent.
    pub percent: Option<u32>,
    /// It is the first value.
    pub first_value: bool,
    /// It is the full value.
    pub full_value: bool,
    /// Who agreed to it.
    pub agreed_by: Option<String>,
    /// Who confirmed it, or said that it is not there yet.
    pub answered_by: Option<String>,
    /// In their words.
    pub words: String,
    /// The guest may agree to it now.
    pub may_agree: bool,
    /// The guest may say now whether it is there.
    pub may_answer: bool,
    /// It is reached, and they are asked once something shows it.
    pub lacks_evidence: bool,
    /// What was measured, the newest first.
    pub measurements: Vec<GuestMeasurement>,
    /// Counts changes.
    pub version: i64,
}

/// A measurement as a guest sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GuestMeasurement {
    /// On which day.
    pub on: Date,
    /// The figure with its unit; none where it has none.
    pub value: Option<String>,
    /// Whoever measured says that the outcome is there.
    pub holds: bool,
    /// What belongs to it.
    pub note: String,
    /// What shows it, in words.
    pub evidence: Option<String>,
    /// Where that is: an address of the web, or of a file in the portal.
    pub href: Option<String>,
}

/// The outcomes of a guest's onboarding.
///
/// # Errors
/// [`AppError::NotForGuest`]; or when the database fails.
#[boxed]
pub async fn guest_outcomes(app: &App, actor: &Actor) -> Result<GuestOutcomes, AppError> {
    let guest = actor.require_guest(Resource::Outcome, Right::See)?;
    let today = app.today();
    let mut tx = app.db.read().await?;
    let plan = above(&mut tx, guest.workspace, guest.onboarding).await?;
    let named = |name: &str| app.methodology.say(guest.language, name).to_owned();
    let said = |text: String| sentence_in(guest.language, &text, named);
    let (north_star, first_impact) =
        plan.map(|plan| (said(plan.north_star), said(plan.first_impact))).unwrap_or_default();
    let all = measurements::of_onboarding(&mut tx, guest.workspace, guest.onboarding).await?;
    let outcomes = rows::of_onboarding(&mut tx, guest.workspace, guest.onboarding).await?;
    let outcomes = outcomes.into_iter().map(|one| {
        let measured = all.iter().filter(|measured| measured.outcome == one.id);
        shown(guest, &one, measured, today)
    });
    Ok(GuestOutcomes { north_star, first_impact, outcomes: outcomes.collect(), today })
}

/// One outcome of a guest's onboarding.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn guest_outcome(app: &App, actor: &Actor, id: OutcomeId) -> Result<GuestOutcome, AppError> {
    let guest = actor.require_guest(Resource::Outcome, Right::See)?;
    let mut tx = app.db.read().await?;
    let one = theirs(&mut tx, guest, id).await?;
    let measured = measurements::of_outcome(&mut tx, guest.workspace, id).await?;
    Ok(shown(guest, &one, measured.iter(), app.today()))
}

/// A guest agrees to an outcome as it stands.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`], [`AppError::Stale`] when it was changed since they looked,
/// [`AppError::Refusal`] when it was agreed or says not what is measured; or when the database fails.
#[boxed]
pub async fn guest_agree(app: &App, actor: &Actor, id: OutcomeId, version: i64) -> Result<(), AppError> {
    let guest = actor.require_guest(Resource::OutcomeConfirmation, Right::Do)?;
    let mut tx = app.db.write().await?;
    let (head, known) = looked_at(&mut tx, guest, id, version).await?;
    agreed(app, &mut tx, actor, &head, known, actor.name.clone()).await?;
    tx.commit().await?;
    Ok(())
}

/// A guest does not want an outcome as it stands, and says why.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`], [`AppError::Stale`], [`AppError::Invalid`] without words,
/// [`AppError::Barred`] when it was agreed or confirmed; or when the database fails.
#[boxed]
pub async fn guest_object(
    app: &App,
    actor: &Actor,
    id: OutcomeId,
    version: i64,
    words: &str,
) -> Result<(), AppError> {
    let guest = actor.require_guest(Resource::OutcomeConfirmation, Right::Do)?;
    let mut problems = Vec::new();
    let words = needed_prose("words", words, &mut problems);
    none_of(problems)?;
    let (by, contact, at) = (actor.name.clone(), Some(guest.contact), app.clock.now());
    let answer = Answer::Declined { by, contact, at, words: words.clone() };
    let mut tx = app.db.write().await?;
    let (head, known) = looked_at(&mut tx, guest, id, version).await?;
    let kept = objected(app, &mut tx, actor, &head, known, (answer, words.as_str())).await?;
    tell(app, &mut tx, actor, &head, &kept, "does not agree to").await?;
    tx.commit().await?;
    Ok(())
}

/// A guest confirms an outcome with their name and the time, or says what is missing.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`], [`AppError::Stale`], [`AppError::Invalid`],
/// [`AppError::Refusal`] when it is not reached or nothing shows it; or when the database fails.
#[boxed]
pub async fn guest_answer(
    app: &App,
    actor: &Actor,
    id: OutcomeId,
    version: i64,
    is_there: bool,
    words: &str,
) -> Result<(), AppError> {
    let guest = actor.require_guest(Resource::OutcomeConfirmation, Right::Do)?;
    let mut problems = Vec::new();
    let words = if is_there {
        checked_prose("words", words, &mut problems)
    } else {
        needed_prose("words", words, &mut problems)
    };
    none_of(problems)?;
    let (by, contact, at) = (actor.name.clone(), Some(guest.contact), app.clock.now());
    let answer = if is_there {
        Answer::Confirmed { by, contact, at, words, recorded_by: None }
    } else {
        Answer::Declined { by, contact, at, words }
    };
    let mut tx = app.db.write().await?;
    let (head, known) = looked_at(&mut tx, guest, id, version).await?;
    let kept = answered(app, &mut tx, actor, &head, known, answer).await?;
    tell(app, &mut tx, actor, &head, &kept, if is_there { "confirmed" } else { "says not yet to" }).await?;
    tx.commit().await?;
    Ok(())
}

/// Tells whoever runs the onboarding by mail what the customer says.
async fn tell(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    one: &Outcome,
    said: &str,
) -> Result<(), AppError> {
    let owner = onboarding::owner(tx, actor.workspace, head.id).await?;
    let Some((owner, _)) = owner else { return Ok(()) };
    let Some(member) = membership::get(tx, actor.workspace, owner).await? else { return Ok(()) };
    let Some(Answer::Confirmed { words, .. } | Answer::Declined { words, .. }) = &one.answer else {
        return Ok(());
    };
    let vendor = workspace::get(tx, actor.workspace).await?.map(|known| known.name).unwrap_or_default();
    let (who, goal) = (verbatim(&actor.name), verbatim(&one.goal));
    let mut text = format!("{who} ({}) {said} {} “{goal}”.", verbatim(&head.customer), one.code());
    if !words.is_empty() {
        text.push_str(&format!("\n\n{}", verbatim(words)));
    }
    let letter = Letter {
        to: member.email,
        subject: format!("{} {said} “{}”", actor.name, one.goal),
        text,
        action: Some((
            "Open it".to_owned(),
            app.link(&format!("/onboardings/{}/impact/{}", head.id, one.id)),
        )),
        vendor,
        language: Language::En,
    };
    mail::send(app, tx, actor.workspace, &letter).await
}

/// A file that shows a measurement of an outcome; other files kept with it are the team's.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn guest_file(
    app: &App,
    actor: &Actor,
    id: OutcomeId,
    file: AttachmentId,
) -> Result<(Attachment, Vec<u8>), AppError> {
    let guest = actor.require_guest(Resource::Outcome, Right::See)?;
    let missing = || AppError::missing("file", file);
    let mut tx = app.db.read().await?;
    theirs(&mut tx, guest, id).await?;
    let measured = measurements::of_outcome(&mut tx, guest.workspace, id).await?;
    let shows = |one: &Measurement| matches!(&one.evidence, Some(Evidence::File { id, .. }) if *id == file);
    if !measured.iter().any(shows) {
        return Err(missing());
    }
    let row = attachment::get(&mut tx, guest.workspace, file).await?.ok_or_else(missing)?;
    let content = attachment::content(&mut tx, guest.workspace, file).await?.ok_or_else(missing)?;
    let bytes = STANDARD.decode(content).map_err(|_| AppError::Crashed)?;
    Ok((row, bytes))
}

/// An outcome of a guest's onboarding; they reach no other.
async fn theirs(tx: &mut Tx, guest: &Guest, id: OutcomeId) -> Result<Outcome, AppError> {
    let known = rows::get(tx, guest.workspace, id).await?;
    known.filter(|one| one.onboarding == guest.onboarding).ok_or_else(|| AppError::missing("outcome", id))
}

async fn looked_at(
    tx: &mut Tx,
    guest: &Guest,
    id: OutcomeId,
    version: i64,
) -> Result<(Head, Outcome), AppError> {
    let known = theirs(tx, guest, id).await?;
    version::fresh("outcome", known.version, version)?;
    let head = head::get(tx, guest.workspace, guest.onboarding).await?;
    let head = head.ok_or_else(|| AppError::missing("onboarding", guest.onboarding))?;
    Ok((head, known))
}

/// What an outcome waits for of a guest: their agreement, or their yes.
fn waits(guest: &Guest, one: &Outcome, today: Date) -> (bool, bool) {
    let may = guest.may(Resource::OutcomeConfirmation, Right::Do);
    let agree = may && one.agreed.is_none() && !one.metric.is_empty() && one.answer.is_none();
    let answer = may && one.evidenced && one.answer.is_none() && one.status(today) == Status::Reached;
    (agree, answer)
}

fn shown<'a>(
    guest: &Guest,
    one: &Outcome,
    measured: impl Iterator<Item = &'a Measurement>,
    today: Date,
) -> GuestOutcome {
    let figure = |amount: Amount| amount.with_unit_in(guest.language, &one.unit);
    let (may_agree, may_answer) = waits(guest, one, today);
    let (answered_by, words) = match &one.answer {
        Some(Answer::Confirmed { by, words, .. } | Answer::Declined { by, words, .. }) => {
            (Some(by.clone()), words.clone())
        }
        None => (None, String::new()),
    };
    let mut measurements: Vec<GuestMeasurement> = measured
        .map(|measured| {
            let (evidence, href) = match &measured.evidence {
                Some(Evidence::Words { text }) => (Some(text.clone()), None),
                Some(Evidence::Link { url }) => (Some(url.clone()), Some(url.clone())),
                Some(Evidence::File { id, name }) => {
                    (Some(name.clone()), Some(format!("/portal/outcomes/{}/files/{id}", one.id)))
                }
                None => (None, None),
            };
            GuestMeasurement {
                on: measured.on,
                value: measured.reading.value.map(figure),
                holds: measured.reading.holds,
                note: measured.note.clone(),
                evidence,
                href,
            }
        })
        .collect();
    measurements.reverse();
    GuestOutcome {
        id: one.id.to_string(),
        goal: outcome_in(guest.language, &one.goal),
        metric: one.metric.clone(),
        baseline: one.baseline.map(figure),
        target: one.target.map(figure),
        latest: one.latest.and_then(|(_, reading)| reading.value).map(figure),
        by: one.by,
        proof: outcome_in(guest.language, &one.proof),
        status: one.status(today).word(),
        percent: one.ground().percent(),
        first_value: one.first_value,
        full_value: one.full_value,
        agreed_by: one.agreed.as_ref().map(|(by, _)| by.clone()),
        answered_by,
        words,
        may_agree,
        may_answer,
        lacks_evidence: one.lacks_evidence() && one.answer.is_none(),
        measurements,
        version: one.version,
    }
}

/// Outcomes that wait for a guest's word.
pub(crate) async fn todo_for(tx: &mut Tx, guest: &Guest, today: Date) -> Result<Vec<PortalTodo>, AppError> {
    if !guest.may(Resource::OutcomeConfirmation, Right::Do) {
        return Ok(Vec::new());
    }
    let outcomes = rows::of_onboarding(tx, guest.workspace, guest.onboarding).await?;
    let waiting = outcomes.into_iter().filter_map(|one| {
        let (agree, answer) = waits(guest, &one, today);
        // What is to be agreed waits from the start; what is reached, until its day.
        let due = answer.then_some(one.by);
        (agree || answer).then(|| PortalTodo {
            kind: "outcome",
            href: format!("/portal/outcomes/{}", one.id),
            due,
            overdue: due.is_some_and(|due| due < today),
            title: outcome_in(guest.language, &one.goal),
        })
    });
    Ok(waiting.collect())
}
