//! What waits for one person, over all onboardings.

use gangway_domain::ids::{OnboardingId, PersonId, WorkspaceId};
use gangway_domain::permission::Action;
use gangway_store::work::duty::{self, OpenEscalation, OpenRequest, OwnEntry, OwnMeeting};
use gangway_store::work::mine::{self, Mentioned, Mine};
use gangway_store::{Tx, transition};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::boxed;
use crate::error::AppError;
use crate::launch::{self, LateClock};
use crate::{Actor, App};

/// Most lines of each part; of their own tasks, of all days together.
const MOST: u32 = 200;

/// Days ahead of which work is told, today not counted.
const AHEAD: i64 = 7;

/// Days for which a meeting nobody has said anything of is asked about.
const UNSAID: i64 = 7;

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
    /// Clocks that have run out: issues of hypercare, rollbacks, promises that were handed over.
    pub late: Vec<LateClock>,
    /// Planned meetings of the next seven days, and those that are over and of which nobody has said how they went.
    pub meetings: Vec<OwnMeeting>,
    /// Change requests that wait for approvals, in onboardings they run.
    pub requests: Vec<OpenRequest>,
    /// Escalations nobody has answered, in onboardings they run.
    pub escalations: Vec<OpenEscalation>,
    /// Risks, issues, decisions and actions they answer for: due by then, or without a day.
    pub entries: Vec<OwnEntry>,
    /// The day it was looked at.
    pub on: Option<Date>,
}

impl MyWork {
    /// Whether there may be more of a part of so many lines than is told.
    #[must_use]
    pub fn is_cut(lines: usize) -> bool {
        u32::try_from(lines).unwrap_or(u32::MAX) >= MOST
    }
}

/// What waits for whoever asks; nothing for whoever is nobody in particular.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn my_work(app: &App, actor: &Actor) -> Result<MyWork, AppError> {
    actor.require(Action::Look)?;
    let today = app.today();
    let Some(person) = actor.person else { return Ok(MyWork { on: Some(today), ..MyWork::default() }) };
    let mut tx = app.db.read().await?;
    let workspace = actor.workspace;
    let until = today.saturating_add(AHEAD.days());
    let mut work = MyWork {
        waiting: mine::waiting_for_customers(&mut tx, workspace, person, today, MOST).await?,
        mentions: mine::mentions(&mut tx, workspace, person, MOST).await?,
        late: launch::overdue(app, &mut tx, workspace, person, today).await?,
        handovers: transition::asked(&mut tx, workspace, person, MOST).await?,
        on: Some(today),
        ..beside(&mut tx, workspace, person, today).await?
    };
    for task in mine::tasks(&mut tx, workspace, person, until, MOST).await? {
        let part = if task.finishes_on < today {
            &mut work.overdue
        } else if task.starts_on <= today {
            &mut work.today
        } else {
            &mut work.week
        };
        part.push(task);
    }
    // What decides the go-live comes before what only has a later day; the rest stays in the order of days.
    work.overdue.sort_by_key(|task| !task.critical);
    work.today.sort_by_key(|task| !task.critical && task.finishes_on > today);
    Ok(work)
}

/// What waits for somebody beside tasks.
async fn beside(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    today: Date,
) -> Result<MyWork, AppError> {
    let until = today.saturating_add(AHEAD.days());
    let since = today.saturating_sub(UNSAID.days());
    let mut entries = duty::entries(tx, workspace, person, until, MOST).await?;
    // What became a task stands among the tasks.
    entries.retain(|entry| !entry.is_task());
    Ok(MyWork {
        meetings: duty::meetings(tx, workspace, person, (since, today, until), MOST).await?,
        requests: duty::requests(tx, workspace, person, MOST).await?,
        escalations: duty::escalations(tx, workspace, person, MOST).await?,
        entries,
        ..MyWork::default()
    })
}
