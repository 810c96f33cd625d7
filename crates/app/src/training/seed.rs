//! The first tracks of an onboarding: those of its package.

use std::collections::BTreeSet;

use gangway_domain::ids::{OnboardingId, TrackId};
use gangway_domain::package::TrainingPlan;
use gangway_domain::programme::TrainingUse;
use gangway_domain::training::Level;
use gangway_store::Tx;
use gangway_store::onboarding::head;
use gangway_store::programme as programmes;
use gangway_store::training::{self as rows, Track};
use serde::Deserialize;

use crate::error::AppError;
use crate::upkeep::{self, Batch, Lack};
use crate::{Actor, App, programme};

/// What of a package becomes tracks.
#[derive(Debug, Deserialize)]
struct Start {
    #[serde(default)]
    training: Vec<TrainingPlan>,
}

/// Makes tracks of the training plans of a package, tied to the tasks its programme gives them in; a track that is there
/// already stays as people sized it.
pub(crate) async fn seed(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: OnboardingId,
    plans: &[TrainingPlan],
    uses: &[TrainingUse],
) -> Result<(), AppError> {
    let known = rows::of_onboarding(tx, actor.workspace, id).await?;
    tie_to(tx, actor, id, &known, uses).await?;
    rows::insert_all(tx, actor.workspace, &tracks(app, id, plans, uses, &known)).await?;
    Ok(())
}

/// The tracks of training plans that are not known yet.
fn tracks(
    app: &App,
    id: OnboardingId,
    plans: &[TrainingPlan],
    uses: &[TrainingUse],
    known: &[Track],
) -> Vec<Track> {
    let mut seen: BTreeSet<&str> = known.iter().map(|track| track.code.as_str()).collect();
    let before = seen.len();
    let mut tracks = Vec::with_capacity(plans.len());
    for plan in plans {
        if !seen.insert(plan.track.as_str()) {
            continue;
        }
        let known = app.methodology.training.get(&plan.track);
        // A package says how many sessions it takes; in how large groups says the methodology.
        let group_size = match (plan.sessions, known) {
            (0, _) => 0,
            (_, Some(track)) => track.group_size,
            (sessions, None) => plan.people.div_ceil(sessions),
        };
        tracks.push(Track {
            id: TrackId::fresh(&*app.ids),
            onboarding: id,
            code: plan.track.clone(),
            name: plan.name.clone(),
            audience: plan.audience.clone(),
            format: plan.format.clone(),
            group_size,
            level: plan.level.parse().unwrap_or(Level::Awareness),
            validation: plan.validation.clone(),
            assessed: known.is_some_and(|track| track.assessment.is_some()),
            modules: plan.modules.clone(),
            people: plan.people,
            task: task_of(uses, &plan.track),
            starts_on: plan.start,
            finishes_on: plan.finish,
            position: u32::try_from(before + tracks.len()).unwrap_or(u32::MAX),
            version: 1,
        });
    }
    tracks
}

/// The task of the programme (id) a track is given in.
fn task_of(uses: &[TrainingUse], track: &str) -> Option<String> {
    uses.iter().find(|used| used.track == track).map(|used| used.task.clone())
}

/// Ties the tracks that are there already to the tasks of a programme they are given in.
async fn tie_to(
    tx: &mut Tx,
    actor: &Actor,
    id: OnboardingId,
    tracks: &[Track],
    uses: &[TrainingUse],
) -> Result<(), AppError> {
    for track in tracks {
        if let Some(task) = task_of(uses, &track.code) {
            rows::tie(tx, actor.workspace, id, &track.code, &task).await?;
        }
    }
    Ok(())
}

/// Ties the tracks of onboardings of earlier versions to the tasks they are given in: those of all onboardings made from
/// one text of a programme at once.
pub(crate) async fn tie(app: &App, actor: &Actor) -> Result<(), AppError> {
    let mut tx = app.db.read().await?;
    let origins = programmes::origins(&mut tx, actor.workspace).await?;
    drop(tx);
    for origin in origins {
        let mut tx = upkeep::turn(app, actor.workspace).await?;
        let Some(programme) = programme::of_origin(app, &mut tx, actor.workspace, &origin).await? else {
            continue;
        };
        let tracks: BTreeSet<&str> = programme.training.iter().map(|used| used.track.as_str()).collect();
        for track in tracks {
            if let Some(task) = task_of(&programme.training, track) {
                rows::tie_all(&mut tx, actor.workspace, &origin, track, &task).await?;
            }
        }
        tx.commit().await?;
    }
    Ok(())
}

/// Gives onboardings of earlier versions their tracks; one that has some is left alone.
pub(crate) async fn backfill(app: &App, actor: &Actor) -> Result<(), AppError> {
    let mut after = None;
    while let Some(batch) = upkeep::next(app, actor.workspace, Lack::Tracks, &mut after).await? {
        let Batch { mut tx, of } = batch;
        let starts = head::sections_of::<Start>(&mut tx, actor.workspace, &upkeep::ids(&of)).await?;
        // In which tasks they are given is said once everybody has tracks.
        let all = starts.iter().flat_map(|(id, start)| tracks(app, *id, &start.training, &[], &[]));
        let all: Vec<Track> = all.collect();
        rows::insert_all(&mut tx, actor.workspace, &all).await?;
        tx.commit().await?;
    }
    Ok(())
}
