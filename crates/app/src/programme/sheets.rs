//! The surveys, forms and contents of training of an onboarding: those of the version of its programme it was made from,
//! kept by what they say.

use std::collections::BTreeMap;
use std::sync::Arc;

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use gangway_domain::methodology::{Methodology, Sheets, TrainingTrack};
use gangway_domain::programme::Programme;
use gangway_methodology::read_programme;
use gangway_store::programme::{self as rows, MadeFrom, Origin};
use gangway_store::{StoreError, Tx};
use serde::Deserialize;

use super::shelf::{Text, in_force_with};
use crate::error::AppError;
use crate::{Actor, App, upkeep};

/// Onboardings given the same sheets in one transaction: one statement serves them all.
const TOGETHER: u32 = 1_000;

/// Keeps what a programme asks as what an onboarding has from now on.
pub(crate) async fn keep_sheets(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
    sheets: &Sheets,
) -> Result<(), AppError> {
    let Text { source, digest } = text_of(sheets)?;
    rows::keep_sheets(tx, workspace, id, &digest, &source, app.now()).await?;
    Ok(())
}

/// Sheets as they are kept.
fn text_of(sheets: &Sheets) -> Result<Text, AppError> {
    let text = serde_json::to_string(sheets)
        .map_err(|error| StoreError::Corrupt { what: "surveys and forms", reason: error.to_string() })?;
    Ok(Text::new(text))
}

/// Sheets as they were kept.
fn read(text: &str) -> Result<Sheets, AppError> {
    let sheets = serde_json::from_str(text)
        .map_err(|error| StoreError::Corrupt { what: "surveys and forms", reason: error.to_string() })?;
    Ok(sheets)
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
        Some(text) => read(&text),
        None => {
            let programme = of_onboarding(app, tx, workspace, id).await?;
            let methodology: &Methodology = &app.methodology;
            Ok(Sheets::of(methodology, programme.as_ref()))
        }
    }
}

/// What onboardings have, asked for many at once; what they share is read once.
#[derive(Default)]
pub(crate) struct KeptSheets {
    by_digest: BTreeMap<String, Arc<Sheets>>,
}

impl KeptSheets {
    /// As [`sheets_of`], for each of these.
    pub(crate) async fn of(
        &mut self,
        app: &App,
        tx: &mut Tx,
        workspace: WorkspaceId,
        ids: &[OnboardingId],
    ) -> Result<BTreeMap<OnboardingId, Arc<Sheets>>, AppError> {
        let digests = rows::sheets_of(tx, workspace, ids).await?;
        let mut all = BTreeMap::new();
        for id in ids {
            let sheets = match digests.get(id) {
                Some(digest) => self.of_digest(tx, workspace, digest).await?,
                None => None,
            };
            let sheets = match sheets {
                Some(sheets) => sheets,
                None => Arc::new(sheets_of(app, tx, workspace, *id).await?),
            };
            all.insert(*id, sheets);
        }
        Ok(all)
    }

    async fn of_digest(
        &mut self,
        tx: &mut Tx,
        workspace: WorkspaceId,
        digest: &str,
    ) -> Result<Option<Arc<Sheets>>, AppError> {
        if let Some(known) = self.by_digest.get(digest) {
            return Ok(Some(known.clone()));
        }
        let Some(text) = rows::sheet_text(tx, workspace, digest).await? else { return Ok(None) };
        let sheets = Arc::new(read(&text)?);
        self.by_digest.insert(digest.to_owned(), sheets.clone());
        Ok(Some(sheets))
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

/// Keeps what the training of onboardings of earlier versions holds, before the methodology says something else: of all
/// that have the same sheets at once.
pub(crate) async fn backfill_training(app: &App, actor: &Actor) -> Result<(), AppError> {
    let workspace = actor.workspace;
    let mut tx = app.db.read().await?;
    let in_use = rows::sheets_in_use(&mut tx, workspace).await?;
    drop(tx);
    for before in in_use {
        let mut tx = app.db.read().await?;
        let text = rows::sheet_text(&mut tx, workspace, &before).await?;
        drop(tx);
        let Some(sheets) = text.map(|text| read(&text)).transpose()? else { continue };
        if !sheets.training.is_empty() {
            continue;
        }
        let Text { source, digest } = text_of(&Sheets { training: todays_training(app), ..sheets })?;
        // Where the methodology has no training either, they say all there is to say.
        if digest == before {
            continue;
        }
        loop {
            let mut tx = upkeep::turn(app, workspace).await?;
            let text = (digest.as_str(), source.as_str());
            let given = rows::replace_sheets(&mut tx, workspace, &before, text, app.now(), TOGETHER).await?;
            if given == 0 {
                break;
            }
            tx.commit().await?;
        }
    }
    Ok(())
}

/// The programme an onboarding was made from: by its text where that is kept, else the one in force under that id.
async fn of_onboarding(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<Option<Programme>, AppError> {
    let Some(made) = rows::of_onboarding(tx, workspace, id).await? else { return Ok(None) };
    let MadeFrom { programme, programme_digest, .. } = made;
    of_origin(app, tx, workspace, &Origin { programme, programme_digest }).await
}

/// The same for all onboardings made from one text.
pub(crate) async fn of_origin(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    Origin { programme: id, programme_digest }: &Origin,
) -> Result<Option<Programme>, AppError> {
    if let Some(digest) = programme_digest
        && let Some(source) = rows::source(tx, workspace, id, digest).await?
        && let Some(programme) = read_programme(&source)
    {
        return Ok(Some(programme));
    }
    let force = in_force_with(app, tx, workspace).await?;
    Ok(force.methodology.programmes.get(id).cloned())
}

/// Keeps what onboardings of earlier versions have, before the methodology says something else: of all that were made from
/// one text of a programme at once.
pub(crate) async fn backfill(app: &App, actor: &Actor) -> Result<(), AppError> {
    let workspace = actor.workspace;
    let mut tx = app.db.read().await?;
    let origins = rows::origins(&mut tx, workspace).await?;
    drop(tx);
    for origin in origins {
        let mut tx = app.db.read().await?;
        if !rows::lacks_sheets(&mut tx, workspace, &origin).await? {
            continue;
        }
        let programme = of_origin(app, &mut tx, workspace, &origin).await?;
        drop(tx);
        let Text { source, digest } = text_of(&Sheets::of(&app.methodology, programme.as_ref()))?;
        loop {
            let mut tx = upkeep::turn(app, workspace).await?;
            let text = (digest.as_str(), source.as_str());
            let given = rows::give_sheets(&mut tx, workspace, &origin, text, app.now(), TOGETHER).await?;
            if given == 0 {
                break;
            }
            tx.commit().await?;
        }
    }
    Ok(())
}
