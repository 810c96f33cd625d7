//! Brings rows of earlier versions up to date, when the program starts, beside its work: what is kept for one
//! day wherever it does not hold today, everything else once for each workspace.

use gangway_store::upkeep;

use crate::error::AppError;
use crate::{
    Actor, App, Door, contact, forecast, meeting, outcome, people, portfolio, register, survey, training,
    work,
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
        let mut tx = app.db.read().await?;
        let index = !upkeep::is_done(&mut tx, workspace, INDEX).await?;
        let contacts = !upkeep::is_done(&mut tx, workspace, CONTACTS).await?;
        let work = !upkeep::is_done(&mut tx, workspace, WORK).await?;
        let register = !upkeep::is_done(&mut tx, workspace, REGISTER).await?;
        let meetings = !upkeep::is_done(&mut tx, workspace, MEETINGS).await?;
        let people = !upkeep::is_done(&mut tx, workspace, PEOPLE).await?;
        let outcomes = !upkeep::is_done(&mut tx, workspace, OUTCOMES).await?;
        let surveys = !upkeep::is_done(&mut tx, workspace, SURVEYS).await?;
        let training = !upkeep::is_done(&mut tx, workspace, TRAINING).await?;
        drop(tx);
        if index {
            let mut tx = app.db.write().await?;
            upkeep::index_all(&mut tx, workspace).await?;
            upkeep::finish(&mut tx, workspace, INDEX, app.now()).await?;
            tx.commit().await?;
        }
        if contacts {
            contact::backfill(app, &actor).await?;
            let mut tx = app.db.write().await?;
            upkeep::finish(&mut tx, workspace, CONTACTS, app.now()).await?;
            tx.commit().await?;
        }
        // After contacts, who they are.
        if people {
            people::backfill(app, &actor).await?;
            let mut tx = app.db.write().await?;
            upkeep::finish(&mut tx, workspace, PEOPLE, app.now()).await?;
            tx.commit().await?;
        }
        // After contacts, who may own entries.
        if register {
            register::backfill(app, &actor).await?;
            let mut tx = app.db.write().await?;
            upkeep::finish(&mut tx, workspace, REGISTER, app.now()).await?;
            tx.commit().await?;
        }
        if meetings {
            meeting::backfill(app, &actor).await?;
            let mut tx = app.db.write().await?;
            upkeep::finish(&mut tx, workspace, MEETINGS, app.now()).await?;
            tx.commit().await?;
        }
        if outcomes {
            outcome::backfill(app, &actor).await?;
            let mut tx = app.db.write().await?;
            upkeep::finish(&mut tx, workspace, OUTCOMES, app.now()).await?;
            tx.commit().await?;
        }
        if surveys {
            survey::backfill(app, &actor).await?;
            let mut tx = app.db.write().await?;
            upkeep::finish(&mut tx, workspace, SURVEYS, app.now()).await?;
            tx.commit().await?;
        }
        if training {
            training::backfill(app, &actor).await?;
            let mut tx = app.db.write().await?;
            upkeep::finish(&mut tx, workspace, TRAINING, app.now()).await?;
            tx.commit().await?;
        }
        // After contacts, whom tasks are given to.
        if work {
            work::backfill(app, &actor).await?;
            let mut tx = app.db.write().await?;
            upkeep::finish(&mut tx, workspace, WORK, app.now()).await?;
            tx.commit().await?;
        }
        // After plans, which they are made from.
        forecast::begin(app, workspace).await?;
        work::recurring::begin(app, workspace).await?;
    }
    Ok(())
}
