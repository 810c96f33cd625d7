//! Brings rows of earlier versions up to date, when the program starts, beside its work: what is kept for one
//! day wherever it does not hold today, everything else once for each workspace.

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use gangway_store::upkeep;

use crate::error::AppError;
use crate::{
    Actor, App, Door, contact, forecast, health, meeting, outcome, people, portfolio, programme, register,
    survey, training, work,
};

/// Makes what was there before there was search findable.
const INDEX: &str = "search-1";

/// Makes contacts of the people in deals that came before there were contacts.
const CONTACTS: &str = "contacts-1";

/// Makes entries of the register of the risks and questions of packages that came before there was one.
const REGISTER: &str = "register-1";

/// Lets plans be worked that came before plans could.
const WORK: &str = "work-1";

/// Makes stakeholders of the people of packages that came before stakeholders were kept.
const PEOPLE: &str = "people-1";

/// Makes meetings of those of packages that came before meetings were kept.
const MEETINGS: &str = "meetings-1";

/// Makes joint impact plans of those of packages that came before they could be worked.
const OUTCOMES: &str = "outcomes-1";

/// Plans the surveys of packages that came before surveys were sent.
const SURVEYS: &str = "surveys-1";

/// Makes training tracks of those of packages that came before training was kept.
const TRAINING: &str = "training-1";

/// Ties training tracks that came before they followed the plan to the tasks they are given in.
const FOLLOWING: &str = "training-2";

/// Keeps the surveys and forms of onboardings that came before they were kept.
const SHEETS: &str = "sheets-1";

/// Keeps what training holds of onboardings that came before it was kept with their surveys and forms.
const TAUGHT: &str = "sheets-2";

/// Does what is still to be done in every workspace. Killed half-way it goes on at the next start; doing a
/// task again changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn run(app: &App) -> Result<(), AppError> {
    let mut tx = app.db.read().await?;
    let workspaces = upkeep::workspaces(&mut tx).await?;
    drop(tx);
    // First of all, so that hardly anybody has to wait for it with the first look at the portfolio.
    for workspace in &workspaces {
        drop(portfolio::settled(app, *workspace).await?);
    }
    for workspace in workspaces {
        let actor = Actor::system("Gangway", workspace, Door::Job);
        once(app, workspace, INDEX, index(app, workspace)).await?;
        once(app, workspace, CONTACTS, contact::backfill(app, &actor)).await?;
        // After contacts, who they are.
        once(app, workspace, PEOPLE, people::backfill(app, &actor)).await?;
        // After contacts, who may own entries.
        once(app, workspace, REGISTER, register::backfill(app, &actor)).await?;
        once(app, workspace, MEETINGS, meeting::backfill(app, &actor)).await?;
        once(app, workspace, OUTCOMES, outcome::backfill(app, &actor)).await?;
        once(app, workspace, SHEETS, programme::backfill(app, &actor)).await?;
        once(app, workspace, TAUGHT, programme::backfill_training(app, &actor)).await?;
        // After what they are asked, when.
        once(app, workspace, SURVEYS, survey::backfill(app, &actor)).await?;
        once(app, workspace, TRAINING, training::backfill(app, &actor)).await?;
        once(app, workspace, FOLLOWING, training::tie(app, &actor)).await?;
        // After contacts, whom tasks are given to.
        once(app, workspace, WORK, work::backfill(app, &actor)).await?;
        // After plans, which they are made from.
        forecast::begin(app, workspace).await?;
        health::begin(app, workspace).await?;
        work::recurring::begin(app, workspace).await?;
    }
    Ok(())
}

/// Does a task that was not done in a workspace yet.
async fn once(
    app: &App,
    workspace: WorkspaceId,
    task: &str,
    work: impl Future<Output = Result<(), AppError>>,
) -> Result<(), AppError> {
    let mut tx = app.db.read().await?;
    let is_done = upkeep::is_done(&mut tx, workspace, task).await?;
    drop(tx);
    if is_done {
        return Ok(());
    }
    work.await?;
    let mut tx = app.db.write().await?;
    upkeep::finish(&mut tx, workspace, task, app.now()).await?;
    tx.commit().await?;
    Ok(())
}

async fn index(app: &App, workspace: WorkspaceId) -> Result<(), AppError> {
    let mut tx = app.db.write().await?;
    upkeep::index_all(&mut tx, workspace).await?;
    tx.commit().await?;
    Ok(())
}

/// The onboardings of a workspace, which are brought up to date one by one: nobody waits for all of them.
pub(crate) async fn onboardings(app: &App, actor: &Actor) -> Result<Vec<OnboardingId>, AppError> {
    let mut tx = app.db.read().await?;
    Ok(upkeep::onboardings(&mut tx, actor.workspace).await?)
}
