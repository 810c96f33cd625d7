//! What waits for one person, over all onboardings.

use gangway_domain::ids::OnboardingId;
use gangway_domain::permission::Action;
use gangway_store::onboarding::head;
use gangway_store::transition;
use gangway_store::work::mine::{self, Mentioned, Mine};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::error::AppError;
use crate::launch::{self, LateClock};
use crate::{Actor, App};

/// Most lines of each part.
const SHOWN: u32 = 200;

/// What waits for one person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MyWork {
    /// Should be done.
    pub overdue: Vec<Mine>,
    /// To be done today, or being worked.
    pub today: Vec<Mine>,
    /// Begins or ends within the next seven days.
    pub week: Vec<Mine>,
    /// Tasks of customers, in onboardings they run, that are blocked or should be done.
    pub waiting: Vec<Mine>,
    /// Comments that name them and that they have not seen.
    pub mentions: Vec<Mentioned>,
    /// Customers they are asked to take over: the onboarding and the customer's name.
    pub handovers: Vec<(OnboardingId, String)>,
    /// Clocks that have run out: issues of hypercare, promises that were handed over.
    pub late: Vec<LateClock>,
    /// The day it was looked at.
    pub on: Option<Date>,
}

/// What waits for whoever asks; nothing for whoever is nobody in particular.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
pub async fn my_work(app: &App, actor: &Actor) -> Result<MyWork, AppError> {
    actor.require(Action::Look)?;
    let today = app.today();
    let Some(person) = actor.person else { return Ok(MyWork { on: Some(today), ..MyWork::default() }) };
    let mut tx = app.db.read().await?;
    let workspace = actor.workspace;
    let until = today.saturating_add(7.days());
    let mut work = MyWork {
        waiting: mine::waiting_for_customers(&mut tx, workspace, person, today, SHOWN).await?,
        mentions: mine::mentions(&mut tx, workspace, person, SHOWN).await?,
        late: launch::overdue(app, &mut tx, workspace, person, today).await?,
        on: Some(today),
        ..MyWork::default()
    };
    let asked = transition::Query {
        csm: Some(person),
        status: Some("proposed".to_owned()),
        limit: SHOWN,
        ..transition::Query::default()
    };
    for one in transition::page(&mut tx, workspace, &asked).await? {
        let head = head::get(&mut tx, workspace, one.onboarding).await?;
        work.handovers.extend(head.map(|head| (one.onboarding, head.customer)));
    }
    for task in mine::tasks(&mut tx, workspace, person, until, SHOWN).await? {
        let part = if task.finishes_on < today {
            &mut work.overdue
        } else if task.starts_on <= today {
            &mut work.today
        } else {
            &mut work.week
        };
        part.push(task);
    }
    Ok(work)
}
