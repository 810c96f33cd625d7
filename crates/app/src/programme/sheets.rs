//! The surveys, forms and contents of training of an onboarding: those of the version of its programme it was made from,
//! kept by what they say.

use std::collections::BTreeMap;

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use gangway_domain::methodology::{Methodology, Sheets, TrainingTrack};
use gangway_domain::programme::Programme;
use gangway_methodology::read_programme;
use gangway_store::programme as rows;
use gangway_store::{StoreError, Tx};
use serde::Deserialize;

use super::shelf::{Text, in_force_with};
use crate::error::AppError;
use crate::{Actor, App, upkeep};

/// Keeps what a programme asks as what an onboarding has from now on.
pub(crate) async fn keep_sheets(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
    sheets: &Sheets,
) -> Result<(), AppError> {
    let text = serde_json::to_string(sheets)
        .map_err(|error| StoreError::Corrupt { what: "surveys and forms", reason: error.to_string() })?;
    let Text { source, digest } = Text::new(text);
    rows::keep_sheets(tx, workspace, id, &digest, &source, app.now()).await?;
    Ok(())
}

/// What an onboarding has. One of an earlier version of Gangway has what its programme's text says, with what the
/// methodology has today beside it.
pub(crate) async fn sheets_of(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<Sheets, AppError> {
    match rows::sheets(tx, workspace, id).await? {
        Some(text) => Ok(serde_json::from_str(&text)
            .map_err(|error| StoreError::Corrupt { what: "surveys and forms", reason: error.to_string() })?),
        None => {
            let programme = of_onboarding(app, tx, workspace, id).await?;
            let methodology: &Methodology = &app.methodology;
            Ok(Sheets::of(methodology, programme.as_ref()))
        }
    }
}

/// What of the sheets is about training; the rest is skipped while reading.
#[derive(Deserialize)]
struct Taught {
    #[serde(default)]
    training: BTreeMap<String, TrainingTrack>,
}

/// What the training of an onboarding holds, by track. One whose sheets an earlier version of Gangway kept has what the
/// methodology has today.
pub(crate) async fn training_of(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<BTreeMap<String, TrainingTrack>, AppError> {
    let kept = match rows::sheets(tx, workspace, id).await? {
        Some(text) => {
            let taught: Taught = serde_json::from_str(&text).map_err(|error| StoreError::Corrupt {
                what: "contents of training",
                reason: error.to_string(),
            })?;
            taught.training
        }
        None => BTreeMap::new(),
    };
    Ok(if kept.is_empty() { todays_training(app) } else { kept })
}

fn todays_training(app: &App) -> BTreeMap<String, TrainingTrack> {
    app.methodology.training.iter().map(|(id, one)| (id.clone(), one.clone())).collect()
}

/// Keeps what the training of onboardings of earlier versions holds, before the methodology says something else.
pub(crate) async fn backfill_training(app: &App, actor: &Actor) -> Result<(), AppError> {
    for id in upkeep::onboardings(app, actor).await? {
        let mut tx = app.db.write().await?;
        let sheets = sheets_of(app, &mut tx, actor.workspace, id).await?;
        if !sheets.training.is_empty() {
            continue;
        }
        let sheets = Sheets { training: todays_training(app), ..sheets };
        keep_sheets(app, &mut tx, actor.workspace, id, &sheets).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The programme an onboarding was made from: by its text where that is kept, else the one in force under that id.
pub(crate) async fn of_onboarding(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<Option<Programme>, AppError> {
    let Some(made) = rows::of_onboarding(tx, workspace, id).await? else { return Ok(None) };
    if let Some(digest) = &made.programme_digest
        && let Some(source) = rows::source(tx, workspace, &made.programme, digest).await?
        && let Some(programme) = read_programme(&source)
    {
        return Ok(Some(programme));
    }
    let force = in_force_with(app, tx, workspace).await?;
    Ok(force.methodology.programmes.get(&made.programme).cloned())
}

/// Keeps what onboardings of earlier versions have, before the methodology says something else.
pub(crate) async fn backfill(app: &App, actor: &Actor) -> Result<(), AppError> {
    for id in upkeep::onboardings(app, actor).await? {
        let mut tx = app.db.write().await?;
        if rows::sheets(&mut tx, actor.workspace, id).await?.is_some() {
            continue;
        }
        let sheets = sheets_of(app, &mut tx, actor.workspace, id).await?;
        keep_sheets(app, &mut tx, actor.workspace, id, &sheets).await?;
        tx.commit().await?;
    }
    Ok(())
}
