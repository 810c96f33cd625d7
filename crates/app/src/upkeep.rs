//! Brings rows of earlier versions up to date, once for each workspace: when the program starts, beside
//! its work.

use gangway_store::upkeep;

use crate::error::AppError;
use crate::{Actor, App, Door, contact};

/// Makes what was there before there was search findable.
const INDEX: &str = "search-1";

/// Makes contacts of the people in deals that came before there were contacts.
const CONTACTS: &str = "contacts-1";

/// Does what is still to be done in every workspace. Killed half-way it goes on at the next start; doing a
/// task again changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn run(app: &App) -> Result<(), AppError> {
    let mut tx = app.db.read().await?;
    let workspaces = upkeep::workspaces(&mut tx).await?;
    drop(tx);
    for workspace in workspaces {
        let actor = Actor::system("Gangway", workspace, Door::Job);
        let mut tx = app.db.read().await?;
        let index = !upkeep::is_done(&mut tx, workspace, INDEX).await?;
        let contacts = !upkeep::is_done(&mut tx, workspace, CONTACTS).await?;
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
    }
    Ok(())
}
