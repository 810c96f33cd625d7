//! Brings rows of earlier versions up to date, when the program starts, beside its work: what is kept for one
//! day wherever it does not hold today, everything else once for each workspace. Onboardings are taken many at once, so
//! that each question and each answer serves all of them; those that lack nothing are not looked at.

use std::collections::{BTreeMap, BTreeSet};

use gangway_domain::ids::{AccountId, OnboardingId, WorkspaceId};
use gangway_store::{StoreError, Tx, upkeep, workspace};

use crate::boxed;
use crate::error::AppError;
use crate::{
    Actor, App, Door, contact, forecast, health, meeting, outcome, people, portfolio, programme, register,
    survey, training, work,
};

pub(crate) use gangway_store::upkeep::Lack;

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

/// Onboardings brought up to date in one transaction: few enough that nobody waits long for their turn to write.
const TOGETHER: u32 = 250;

/// Of plans, each made from a whole package, and of contacts, each looked for by itself, so many in one transaction.
const FEW_TOGETHER: u32 = 64;

/// How often it goes on after somebody wrote the same row in the same moment.
const TRIES: u32 = 5;

/// Things of one kind made findable in one transaction.
const INDEXED_TOGETHER: u32 = 100;

/// Onboardings that lack something, and the transaction in which they get it.
pub(crate) struct Batch {
    pub(crate) tx: Tx,
    /// Each with its account, the oldest first.
    pub(crate) of: Vec<(OnboardingId, AccountId)>,
}

/// An onboarding with its account, and what of its package is made into rows.
pub(crate) type Begun<'a, S> = (OnboardingId, AccountId, &'a S);

/// Does what is still to be done in every workspace. Killed half-way it goes on at the next start; doing a
/// task again changes nothing.
///
/// # Errors
/// When the database fails.
#[boxed]
pub async fn run(app: &App) -> Result<(), AppError> {
    let mut tries = 0;
    loop {
        match everything(app).await {
            Err(AppError::Store(StoreError::Conflict(_))) if tries < TRIES => tries += 1,
            done => return done,
        }
    }
}

async fn everything(app: &App) -> Result<(), AppError> {
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
    loop {
        let mut tx = turn(app, workspace).await?;
        let is_more = upkeep::index(&mut tx, workspace, INDEXED_TOGETHER).await?;
        tx.commit().await?;
        if !is_more {
            return Ok(());
        }
    }
}

/// A transaction to bring rows up to date in. Another process that does the same waits, and then sees what this one wrote.
pub(crate) async fn turn(app: &App, workspace: WorkspaceId) -> Result<Tx, AppError> {
    let mut tx = app.db.write().await?;
    workspace::lock(&mut tx, workspace).await?;
    Ok(tx)
}

/// The next onboardings that lack something, behind those before; `after` is where to go on. Some have nothing of it in
/// their package and lack it for ever, so that only the place says what was looked at.
pub(crate) async fn next(
    app: &App,
    workspace: WorkspaceId,
    what: Lack,
    after: &mut Option<OnboardingId>,
) -> Result<Option<Batch>, AppError> {
    let most = if matches!(what, Lack::Plan | Lack::Contacts) { FEW_TOGETHER } else { TOGETHER };
    let mut tx = turn(app, workspace).await?;
    let of = upkeep::lacking(&mut tx, workspace, what, *after, most).await?;
    let Some((last, _)) = of.last() else { return Ok(None) };
    *after = Some(*last);
    Ok(Some(Batch { tx, of }))
}

/// Which onboardings these are.
pub(crate) fn ids(of: &[(OnboardingId, AccountId)]) -> Vec<OnboardingId> {
    of.iter().map(|(id, _)| *id).collect()
}

/// Those with what their packages say; one without a package is left out.
pub(crate) fn begun<'a, S>(
    of: &[(OnboardingId, AccountId)],
    starts: &'a BTreeMap<OnboardingId, S>,
) -> Vec<Begun<'a, S>> {
    of.iter().filter_map(|(id, account)| Some((*id, *account, starts.get(id)?))).collect()
}

/// The accounts of onboardings, each once.
pub(crate) fn accounts<S>(all: &[Begun<'_, S>]) -> Vec<AccountId> {
    let accounts: BTreeSet<AccountId> = all.iter().map(|(_, account, _)| *account).collect();
    accounts.into_iter().collect()
}
