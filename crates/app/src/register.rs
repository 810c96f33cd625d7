//! The register of an onboarding: risks, issues, decisions and actions with their owners and days.

mod check;
mod export;
mod seed;

use gangway_domain::ids::{MeetingId, OnboardingId, RegisterId};
use gangway_domain::permission::Action;
use gangway_domain::programme::Side;
use gangway_domain::refusal::Barrier;
use gangway_domain::register::{Details, Kind, Outcome, Owner, Status, Visibility};
use gangway_domain::work::{Assignee, Because, Origin};
use gangway_store::Tx;
use gangway_store::contact::{self, Contact};
use gangway_store::membership::{self, Member};
use gangway_store::onboarding::head::{self, Head};
use gangway_store::register as rows;
use jiff::civil::Date;

use self::check::{checked_details, checked_outcome, owner_name};
use crate::activity::{self, About};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::none_of;
use crate::work::{self, NewTask};
use crate::{Actor, App, forecast, page, version};

pub(crate) use check::{checked_line, checked_prose, checked_title, needed_prose};
pub use export::entries_file;
pub use gangway_store::register::{Entry, Query};
pub(crate) use seed::{Start, backfill, seed, shortened};

/// A new entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What it is about, one line.
    pub title: String,
    /// What it says beside that; also of which kind it is.
    pub details: Details,
    /// Who answers for it.
    pub owner: Option<Owner>,
    /// By which day something must be done about it.
    pub due_on: Option<Date>,
    /// Who sees it.
    pub visibility: Visibility,
    /// The meeting it is made in.
    pub meeting: Option<MeetingId>,
}

/// What is to change of an entry: the outer `None` leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Title.
    pub title: Option<String>,
    /// What it says beside that; its kind stays.
    pub details: Option<Details>,
    /// Who answers for it.
    pub owner: Option<Option<Owner>>,
    /// By which day.
    pub due_on: Option<Option<Date>>,
    /// Who sees it.
    pub visibility: Option<Visibility>,
}

/// The register of one onboarding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    /// The onboarding.
    pub head: Head,
    /// Its entries: open ones first, then by exposure, day and number.
    pub entries: Vec<Entry>,
    /// The day it was looked at.
    pub today: Date,
}

/// Who may answer for an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidates {
    /// People of the workspace.
    pub members: Vec<Member>,
    /// People at the customer.
    pub contacts: Vec<Contact>,
}

/// The register of an onboarding.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn of_onboarding(app: &App, actor: &Actor, id: OnboardingId) -> Result<Register, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let mut entries = rows::of_onboarding(&mut tx, actor.workspace, id).await?;
    entries.sort_by_key(|entry| {
        let exposure = std::cmp::Reverse(entry.details.exposure().unwrap_or(0));
        (!entry.status.is_open(), exposure, entry.due_on.unwrap_or(Date::MAX), entry.kind(), entry.number)
    });
    Ok(Register { head, entries, today: app.today() })
}

/// Entries of the actor's workspace, the newest first, and whether more follow.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn list(app: &App, actor: &Actor, query: Query) -> Result<(Vec<Entry>, bool), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    page::read(query.limit, async |limit| {
        rows::page(&mut tx, actor.workspace, &Query { limit, ..query }).await
    })
    .await
}

/// One entry, with its onboarding.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn get(app: &App, actor: &Actor, id: RegisterId) -> Result<(Head, Entry), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let entry = find(&mut tx, actor, id).await?;
    Ok((onboarding(&mut tx, actor, entry.onboarding).await?, entry))
}

/// Who may answer for entries of an onboarding.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn candidates(app: &App, actor: &Actor, head: &Head) -> Result<Candidates, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    Ok(Candidates {
        members: membership::of_workspace(&mut tx, actor.workspace).await?,
        contacts: contact::of_account(&mut tx, actor.workspace, head.account_id).await?,
    })
}

/// Adds an entry.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Overtaken`] when somebody
/// else added one in the same moment; or when the database fails.
#[boxed]
pub async fn add(app: &App, actor: &Actor, id: OnboardingId, draft: Draft) -> Result<Entry, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let entry = add_with(app, &mut tx, actor, &head, draft).await?;
    tx.commit().await?;
    Ok(entry)
}

/// Adds an entry in a transaction of somebody else, who has asked for permission.
pub(crate) async fn add_with(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    draft: Draft,
) -> Result<Entry, AppError> {
    let Draft { title, details, owner, due_on, visibility, meeting } = draft;
    let mut problems = Vec::new();
    let title = checked_title(&title, &mut problems);
    let details = checked_details(app, details, &mut problems);
    let owner_name = owner_name(tx, actor, head, owner.as_ref(), &mut problems).await?;
    if let Some(id) = meeting {
        let known = gangway_store::meeting::get(tx, actor.workspace, id).await?;
        if known.is_none_or(|known| known.onboarding != head.id) {
            problems.push(Problem::new("meeting", "is none of this onboarding"));
        }
    }
    none_of(problems)?;
    let kind = details.kind();
    let number = rows::last_number(tx, actor.workspace, head.id, kind).await? + 1;
    let entry = Entry {
        id: RegisterId::fresh(&*app.ids),
        onboarding: head.id,
        number,
        title,
        details,
        status: Status::Open,
        owner: named(owner, owner_name.as_deref()),
        owner_name,
        due_on,
        visibility,
        meeting,
        seed: None,
        opened_by: actor.name.clone(),
        opened_at: app.now(),
        closed_by: None,
        closed_at: None,
        version: 1,
    };
    rows::insert(tx, actor.workspace, &entry).await.map_err(AppError::overtaken)?;
    let summary = format!("Added {kind} {}: {}", entry.code(), entry.title);
    record(app, tx, actor, head, "register.added", summary).await?;
    Ok(entry)
}

/// A name as it was tidied stands with the owner too.
fn named(owner: Option<Owner>, name: Option<&str>) -> Option<Owner> {
    match (owner, name) {
        (Some(Owner::Named { .. }), Some(name)) => Some(Owner::Named { name: name.to_owned() }),
        (owner, _) => owner,
    }
}

/// Changes an entry that is still what it was when it was looked at.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Stale`] when its version is
/// not `version` any more; or when the database fails.
#[boxed]
pub async fn change(
    app: &App,
    actor: &Actor,
    id: RegisterId,
    version: i64,
    changes: Changes,
) -> Result<Entry, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let (head, known) = open(&mut tx, actor, id, version).await?;
    let Changes { title, details, owner, due_on, visibility } = changes;
    let mut problems = Vec::new();
    let title = title.map(|title| checked_title(&title, &mut problems));
    let details = details.map(|details| checked_details(app, details, &mut problems));
    if details.as_ref().is_some_and(|details| details.kind() != known.kind()) {
        problems.push(Problem::new("kind", "cannot change: close this entry and open another"));
    }
    let mut wanted = known.clone();
    if let Some(owner) = owner {
        let name = owner_name(&mut tx, actor, &head, owner.as_ref(), &mut problems).await?;
        wanted.owner = named(owner, name.as_deref());
        wanted.owner_name = name;
    }
    none_of(problems)?;
    wanted.title = title.unwrap_or(wanted.title);
    wanted.details = details.unwrap_or(wanted.details);
    wanted.due_on = due_on.unwrap_or(wanted.due_on);
    wanted.visibility = visibility.unwrap_or(wanted.visibility);
    if wanted == known {
        return Ok(known);
    }
    let summary = format!("Changed {} {}: {}", wanted.kind(), wanted.code(), wanted.title);
    let kept = keep(&mut tx, actor, wanted).await?;
    record(app, &mut tx, actor, &head, "register.changed", summary).await?;
    tx.commit().await?;
    Ok(kept)
}

/// An entry ends.
///
/// # Errors
/// [`AppError::Refusal`] when it has ended or its kind ends otherwise; otherwise as [`change`].
#[boxed]
pub async fn close(
    app: &App,
    actor: &Actor,
    id: RegisterId,
    version: i64,
    outcome: Outcome,
) -> Result<Entry, AppError> {
    actor.require(Action::RunOnboarding)?;
    let outcome = checked_outcome(outcome, app.today())?;
    let mut tx = app.db.write().await?;
    let (head, known) = open(&mut tx, actor, id, version).await?;
    let kind = known.kind();
    let summary = format!("{} {}: {} ({})", known.code(), outcome.word(), known.title, outcome.how());
    let summary = summary.trim_end_matches(" ()").to_owned();
    let status = known.status.clone().close(kind, outcome).map_err(AppError::refused)?;
    let wanted = Entry { status, closed_by: Some(actor.name.clone()), closed_at: Some(app.now()), ..known };
    let kept = keep(&mut tx, actor, wanted).await?;
    record(app, &mut tx, actor, &head, "register.closed", summary).await?;
    tx.commit().await?;
    Ok(kept)
}

/// An entry did not end after all.
///
/// # Errors
/// [`AppError::Refusal`] when it is open; otherwise as [`change`].
#[boxed]
pub async fn reopen(app: &App, actor: &Actor, id: RegisterId, version: i64) -> Result<Entry, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let (head, known) = open(&mut tx, actor, id, version).await?;
    let status = known.status.clone().reopen(known.kind()).map_err(AppError::refused)?;
    let summary = format!("Opened {} {} again: {}", known.kind(), known.code(), known.title);
    let kept = keep(&mut tx, actor, Entry { status, closed_by: None, closed_at: None, ..known }).await?;
    record(app, &mut tx, actor, &head, "register.reopened", summary).await?;
    tx.commit().await?;
    Ok(kept)
}

/// An action becomes a task of the plan, due by its day and done by its owner.
///
/// # Errors
/// [`AppError::Refusal`] when it is no open action or is a task already, or the plan does not allow it; otherwise as
/// [`change`].
#[boxed]
pub async fn schedule(
    app: &App,
    actor: &Actor,
    id: RegisterId,
    version: i64,
    days: u32,
    side: Side,
) -> Result<Entry, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let (head, known) = open(&mut tx, actor, id, version).await?;
    let (Details::Action { about, task: None }, true) = (known.details.clone(), known.status.is_open())
    else {
        return Err(AppError::Refusal("only an open action that is no task yet becomes one".to_owned()));
    };
    let task = NewTask {
        name: known.title.clone(),
        side,
        role: None,
        assignee: assignee(&known),
        days,
        not_before: None,
        finish_by: known.due_on.filter(|due| *due >= app.today()),
        after: Vec::new(),
        phase: None,
        origin: Origin::Action(id),
    };
    let because = Because { summary: format!("{} {}", known.code(), known.title), side };
    let added = work::add_tasks(app, &mut tx, actor, head.id, because, vec![task]).await?;
    let mut code = None;
    if let Some(task) = added.first() {
        code = gangway_store::work::place(&mut tx, actor.workspace, *task).await?.map(|place| place.code);
    }
    let summary = format!("Made a task of {} {}: {}", known.kind(), known.code(), known.title);
    let kept =
        keep(&mut tx, actor, Entry { details: Details::Action { about, task: code }, ..known }).await?;
    record(app, &mut tx, actor, &head, "register.changed", summary).await?;
    tx.commit().await?;
    Ok(kept)
}

/// Whoever answers for an entry, as tasks name them.
fn assignee(entry: &Entry) -> Option<Assignee> {
    let name = entry.owner_name.clone()?;
    Some(match entry.owner.as_ref()? {
        Owner::Person { id } => Assignee::Person { id: *id, name },
        Owner::Contact { id } => Assignee::Contact { id: *id, name },
        Owner::Named { .. } => Assignee::Name { name },
    })
}

/// Takes an entry away that was made by mistake and is still the version it was made with.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Stale`] when somebody has changed it since; or when
/// the database fails.
#[boxed]
pub async fn take_back(app: &App, actor: &Actor, id: RegisterId) -> Result<OnboardingId, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let (head, known) = open(&mut tx, actor, id, 1).await?;
    version::after("entry", known.version, rows::delete(&mut tx, actor.workspace, id, 1).await?)?;
    let summary = format!("Took back {} {}: {}", known.kind(), known.code(), known.title);
    record(app, &mut tx, actor, &head, "register.taken_back", summary).await?;
    tx.commit().await?;
    Ok(head.id)
}

/// An entry of the actor's workspace.
pub(crate) async fn find(tx: &mut Tx, actor: &Actor, id: RegisterId) -> Result<Entry, AppError> {
    rows::get(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("entry", id))
}

/// An onboarding of the actor's workspace.
pub(crate) async fn onboarding(tx: &mut Tx, actor: &Actor, id: OnboardingId) -> Result<Head, AppError> {
    head::get(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("onboarding", id))
}

/// An onboarding of the actor's workspace that is neither completed nor closed.
pub(crate) async fn going(tx: &mut Tx, actor: &Actor, id: OnboardingId) -> Result<Head, AppError> {
    let head = onboarding(tx, actor, id).await?;
    not_over(&head)?;
    Ok(head)
}

/// Refuses what would change an onboarding that is completed or closed.
pub(crate) fn not_over(head: &Head) -> Result<(), AppError> {
    if head.state.is_over() { Err(AppError::Barred(Barrier::OnboardingOver)) } else { Ok(()) }
}

/// An entry that is still what it was when it was looked at, with its onboarding.
async fn open(tx: &mut Tx, actor: &Actor, id: RegisterId, version: i64) -> Result<(Head, Entry), AppError> {
    let known = find(tx, actor, id).await?;
    version::fresh("entry", known.version, version)?;
    Ok((onboarding(tx, actor, known.onboarding).await?, known))
}

async fn keep(tx: &mut Tx, actor: &Actor, entry: Entry) -> Result<Entry, AppError> {
    let version = version::after("entry", entry.version, rows::change(tx, actor.workspace, &entry).await?)?;
    Ok(Entry { version, ..entry })
}

/// Writes a deed about an onboarding into its log.
pub(crate) async fn record(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    kind: &str,
    summary: String,
) -> Result<(), AppError> {
    activity::record(app, tx, actor, kind, About::of(head), summary).await?;
    // The colour of the onboarding follows from its register too.
    if kind.starts_with("register.") {
        forecast::want(app, tx, actor.workspace, head.id).await
    } else {
        Ok(())
    }
}

/// Entries that count as facts of how an onboarding stands.
pub(crate) fn open_of(entries: &[Entry], kind: Kind) -> impl Iterator<Item = &Entry> {
    entries.iter().filter(move |entry| entry.kind() == kind && entry.status.is_open())
}
