//! Everything about one account, for whoever looks at it.

use gangway_domain::ids::AccountId;
use gangway_domain::permission::Action;
use gangway_store::account::record::Record;
use gangway_store::activity::Activity;
use gangway_store::contact::{self, Contact};
use gangway_store::onboarding::list::{self, Direction, Line};
use gangway_store::review;
use jiff::civil::Date;

use super::book::find;
use crate::boxed;
use crate::error::AppError;
use crate::{Actor, App};

/// Lines of each list.
const LINES: u32 = 50;

/// An account with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// The account.
    pub record: Record,
    /// Its onboardings, the latest kickoff first.
    pub onboardings: Vec<Line>,
    /// Its handoffs, the newest first.
    pub handoffs: Vec<review::Line>,
    /// Its people, by name.
    pub contacts: Vec<Contact>,
    /// What happened, the newest first.
    pub story: Vec<Activity>,
    /// The day it was looked at.
    pub today: Date,
}

/// One account with what belongs to it.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn sight(app: &App, actor: &Actor, id: AccountId) -> Result<Sight, AppError> {
    actor.require(Action::Look)?;
    let today = app.today();
    let mut tx = app.db.read().await?;
    let record = find(&mut tx, actor, id).await?;
    let onboardings = list::of_account(&mut tx, actor.workspace, id, today).await?;
    let of_account = review::Query {
        account: Some(id),
        direction: Direction::Descending,
        limit: LINES,
        ..review::Query::default()
    };
    let (handoffs, _) = review::list(&mut tx, actor.workspace, &of_account).await?;
    let contacts = contact::of_account(&mut tx, actor.workspace, id).await?;
    let story = gangway_store::activity::of_account(&mut tx, actor.workspace, id, LINES).await?;
    Ok(Sight { record, onboardings, handoffs, contacts, story, today })
}
