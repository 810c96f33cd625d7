//! Measuring outcomes over time, with what shows that it is true.

use gangway_domain::ids::{MeasurementId, OutcomeId};
use gangway_domain::outcome::{Amount, Answer, Evidence, Reading};
use gangway_domain::permission::Action;
use gangway_store::Tx;
use gangway_store::outcome::measurement::{self as rows, Measurement};
use gangway_store::work::attachment;
use jiff::civil::Date;

use super::{Outcome, find, keep};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::none_of;
use crate::register::{checked_prose, needed_prose, onboarding, record};
use crate::{Actor, App};

/// Most measurements of one outcome.
const MOST: usize = 500;

/// A measurement to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMeasurement {
    /// On which day.
    pub on: Date,
    /// The figure; needed where the outcome has a target in figures.
    pub value: Option<Amount>,
    /// The outcome is there; counts where it has no target in figures.
    pub holds: bool,
    /// What belongs to it in words; may be empty.
    pub note: String,
    /// What shows it; the name of a file is read from the file.
    pub evidence: Option<Evidence>,
}

/// The measurements of an outcome by day.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn measurements_of(app: &App, actor: &Actor, id: OutcomeId) -> Result<Vec<Measurement>, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    find(&mut tx, actor, id).await?;
    Ok(rows::of_outcome(&mut tx, actor.workspace, id).await?)
}

/// Writes down what was measured of an outcome. A no of the customer is settled by it: they are asked anew.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn measure(
    app: &App,
    actor: &Actor,
    id: OutcomeId,
    new: NewMeasurement,
) -> Result<(Outcome, Measurement), AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let known = find(&mut tx, actor, id).await?;
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    let NewMeasurement { on, value, holds, note, evidence } = new;
    let mut problems = Vec::new();
    if on > app.today() {
        problems.push(Problem::new("on", "is still to come"));
    }
    if value.is_none() && known.target.is_some() {
        problems.push(Problem::new("value", "is missing: this outcome is measured in figures"));
    }
    let note = checked_prose("note", &note, &mut problems);
    let evidence = match evidence {
        Some(evidence) => Some(checked(&mut tx, actor, &known, evidence, &mut problems).await?),
        None => None,
    };
    none_of(problems)?;
    if rows::of_outcome(&mut tx, actor.workspace, id).await?.len() >= MOST {
        return Err(AppError::Refusal(format!("{MOST} measurements of one outcome are enough")));
    }
    let one = Measurement {
        id: MeasurementId::fresh(&*app.ids),
        onboarding: known.onboarding,
        outcome: id,
        on,
        reading: Reading { value, holds },
        note,
        evidence,
        made_by: actor.name.clone(),
        made_at: app.now(),
    };
    rows::insert(&mut tx, actor.workspace, &one).await?;
    let said = match value {
        Some(value) => value.with_unit(&known.unit),
        None if holds => "it is there".to_owned(),
        None => "not there yet".to_owned(),
    };
    let summary = format!("Measured outcome {} ({}): {said}", known.code(), known.goal);
    let kept = settled(&mut tx, actor, known).await?;
    record(app, &mut tx, actor, &head, "outcome.measured", summary).await?;
    tx.commit().await?;
    Ok((kept, one))
}

/// Takes a measurement out that was a mistake.
///
/// # Errors
/// [`AppError::Refusal`] when the customer has confirmed the outcome; otherwise as [`measure`].
#[boxed]
pub async fn remove_measurement(app: &App, actor: &Actor, id: MeasurementId) -> Result<Outcome, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let one = rows::get(&mut tx, actor.workspace, id).await?;
    let one = one.ok_or_else(|| AppError::missing("measurement", id))?;
    let known = find(&mut tx, actor, one.outcome).await?;
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    if known.answer.as_ref().is_some_and(Answer::is_yes) {
        let why = "the customer has confirmed this outcome with its measurements: open it again first";
        return Err(AppError::Refusal(why.to_owned()));
    }
    rows::delete(&mut tx, actor.workspace, id).await?;
    let day = one.on.strftime("%-d %b %Y");
    let summary = format!("Took out the measurement of {day} of outcome {}", known.code());
    let kept = settled(&mut tx, actor, known).await?;
    record(app, &mut tx, actor, &head, "outcome.measurement_removed", summary).await?;
    tx.commit().await?;
    Ok(kept)
}

/// The outcome with its latest measurement as it is now.
async fn settled(tx: &mut Tx, actor: &Actor, known: Outcome) -> Result<Outcome, AppError> {
    let all = rows::of_outcome(tx, actor.workspace, known.id).await?;
    let latest = all.last().map(|one| (one.on, one.reading));
    let evidenced = all.iter().any(|one| one.evidence.is_some());
    let answer = known.answer.clone().filter(Answer::is_yes);
    keep(tx, actor, Outcome { latest, evidenced, answer, ..known }).await
}

/// Evidence that can be shown: words that say something, an address of the web, a file of this outcome.
async fn checked(
    tx: &mut Tx,
    actor: &Actor,
    outcome: &Outcome,
    evidence: Evidence,
    problems: &mut Vec<Problem>,
) -> Result<Evidence, AppError> {
    Ok(match evidence {
        Evidence::Words { text } => Evidence::Words { text: needed_prose("evidence", &text, problems) },
        Evidence::Link { url } => {
            let url = url.trim().to_owned();
            let is_web = url.starts_with("https://") || url.starts_with("http://");
            let is_plain = !url.chars().any(|c| c.is_whitespace() || c.is_control());
            if !is_web || !is_plain || url.len() > 2_000 {
                problems.push(Problem::new("evidence", "is no address that begins with https://"));
            }
            Evidence::Link { url }
        }
        Evidence::File { id, name } => {
            let kept = attachment::get(tx, actor.workspace, id).await?;
            match kept.filter(|file| file.subject == outcome.id.uuid()) {
                Some(file) => Evidence::File { id, name: file.name },
                None => {
                    problems.push(Problem::new("evidence", "is no file kept with this outcome"));
                    Evidence::File { id, name }
                }
            }
        }
    })
}
