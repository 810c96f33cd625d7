//! The portfolio: every onboarding as a list, a board by stage, a timeline, a file; and the filters of it
//! that people keep under a name.

mod export;
pub mod view;

use gangway_domain::deal::Severity;
use gangway_domain::health::INSUFFICIENT;
use gangway_domain::ids::{OnboardingId, PersonId, WorkspaceId};
use gangway_domain::permission::Action;
use gangway_domain::programme::Stage;
use gangway_store::onboarding::counts::{self, Facets, Summary};
use gangway_store::onboarding::list::{self, At, Line, OPEN, Owner, Page, Query};
use gangway_store::onboarding::{board, now};
use gangway_store::{Tx, membership, onboarding};
use jiff::civil::Date;

use crate::activity::{self, About};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::{Actor, App};

pub use crate::export::{Export, Format};
pub use export::export;
pub use gangway_store::onboarding::now::NOT_BEGUN;
pub use gangway_store::onboarding::watched::BEFORE;

/// Cards shown in one column of the board.
pub const CARDS: u32 = 12;

/// Rows brought up to date in one transaction.
const BATCH: u32 = 200;

/// How often a reader brings rows up to date that others change meanwhile, before it takes them as they are.
const ROUNDS: u32 = 3;

/// Stages in the order onboardings go through them, with their names.
pub const STAGES: [(Stage, &str, &str); 7] = [
    (Stage::Handoff, "handoff", "Handoff"),
    (Stage::Kickoff, "kickoff", "Kickoff"),
    (Stage::Configure, "configure", "Configure"),
    (Stage::Train, "train", "Train"),
    (Stage::Pilot, "pilot", "Pilot"),
    (Stage::GoLive, "go-live", "Go-live"),
    (Stage::Transition, "transition", "Transition"),
];

/// What an open signal is at least, the gravest first: severity, its word in addresses, what people call it.
pub const SIGNALS: [(Severity, &str, &str); 4] = [
    (Severity::Critical, "critical", "Critical"),
    (Severity::High, "high", "High or graver"),
    (Severity::Medium, "medium", "Medium or graver"),
    (Severity::Low, "low", "Any open signal"),
];

/// Per cent of its weight: a health score that rests on less is shown with how much that is.
pub const THIN: i64 = 70;

/// What open signals are at least, by its word in addresses.
#[must_use]
pub fn signals(word: &str) -> Option<Severity> {
    SIGNALS.iter().find(|(_, known, _)| *known == word).map(|(severity, ..)| *severity)
}

/// The word of a severity in addresses, files and answers.
#[must_use]
pub fn severity(severity: Severity) -> &'static str {
    SIGNALS.iter().find(|(known, ..)| *known == severity).map_or("", |(_, word, _)| *word)
}

/// The statuses health can have, the gravest first: those of every model, then what too few data give.
#[must_use]
pub fn bands(app: &App) -> Vec<String> {
    let mut bands: Vec<String> = Vec::new();
    for status in app.methodology.health.values().flat_map(|model| model.statuses.iter().rev()) {
        if !bands.contains(&status.name) {
            bands.push(status.name.clone());
        }
    }
    bands.push(INSUFFICIENT.to_owned());
    bands
}

/// Where a plan is, by its word in addresses.
#[must_use]
pub fn at(word: &str) -> Option<At> {
    if word == NOT_BEGUN {
        return Some(At::NotBegun);
    }
    STAGES.iter().find(|(_, known, _)| *known == word).map(|(stage, ..)| At::Stage(*stage))
}

/// The portfolio as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portfolio {
    /// The lines asked for.
    pub page: Page,
    /// Counts over everything.
    pub summary: Summary,
    /// What each choice of a filter would show.
    pub facets: Facets,
    /// The day it was looked at.
    pub today: Date,
}

/// A column of the board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The word of its place: a stage, `not-begun`, `completed` or `closed`.
    pub place: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// How many are there.
    pub count: i64,
    /// The first of them.
    pub cards: Vec<Line>,
}

/// The board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// Its columns from left to right.
    pub columns: Vec<Column>,
    /// Counts over everything.
    pub summary: Summary,
    /// What each choice of a filter would show.
    pub facets: Facets,
    /// The day it was looked at.
    pub today: Date,
}

/// The onboardings of the actor's workspace without the counts a page shows around them; `query.today` is set to
/// the app's.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Cursor`]; or when the database fails.
#[boxed]
pub async fn lines(app: &App, actor: &Actor, query: Query) -> Result<Page, AppError> {
    actor.require(Action::Look)?;
    let query = Query { today: app.today(), ..query };
    let mut tx = settled(app, actor.workspace).await?;
    Ok(list::page(&mut tx, actor.workspace, &query).await?)
}

/// The onboardings of the actor's workspace; `query.today` is set to the app's.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Cursor`]; or when the database fails.
#[boxed]
pub async fn list(app: &App, actor: &Actor, mut query: Query) -> Result<Portfolio, AppError> {
    actor.require(Action::Look)?;
    let today = app.today();
    query.today = today;
    let mut tx = settled(app, actor.workspace).await?;
    let page = list::page(&mut tx, actor.workspace, &query).await?;
    let (summary, facets) = counts::around(&mut tx, actor.workspace, &query).await?;
    Ok(Portfolio { page, summary, facets, today })
}

/// A transaction to read the portfolio in, whose rows say where they are today. On the first look of a day, and
/// after changes, a few are brought up to date before; all of them after an upgrade, unless
/// [`crate::upkeep`] has come to it.
pub(crate) async fn settled(app: &App, workspace: WorkspaceId) -> Result<Tx, AppError> {
    let today = app.today();
    for _ in 0..ROUNDS {
        let mut tx = app.db.read().await?;
        if !now::is_stale(&mut tx, workspace, today).await? {
            return Ok(tx);
        }
        drop(tx);
        settle(app, workspace, today).await?;
    }
    Ok(app.db.read().await?)
}

/// Brings rows up to date, each batch in a transaction of its own: others write in between, and what is done
/// is kept when whoever asked goes away.
async fn settle(app: &App, workspace: WorkspaceId, today: Date) -> Result<(), AppError> {
    let mut after = None;
    loop {
        let mut tx = app.db.read().await?;
        let answers = now::answers(&mut tx, workspace, today, after, BATCH).await?;
        drop(tx);
        let Some(last) = answers.last() else { return Ok(()) };
        after = Some(last.id);
        let mut tx = app.db.write().await?;
        now::keep(&mut tx, workspace, &answers).await?;
        tx.commit().await?;
    }
}

/// The onboardings by where their plan is today; a column shows the most urgent of its onboardings.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn board(app: &App, actor: &Actor, query: Query) -> Result<Board, AppError> {
    actor.require(Action::Look)?;
    let today = app.today();
    let query = Query { today, limit: CARDS, ..query };
    let mut tx = settled(app, actor.workspace).await?;
    let (summary, facets) = counts::around(&mut tx, actor.workspace, &query).await?;
    let mut columns = Vec::new();
    for (place, name) in columns_of(&query) {
        let count = facets.places.get(place).copied().unwrap_or(0);
        let cards = if count == 0 {
            Vec::new()
        } else {
            board::cards(&mut tx, actor.workspace, &query, place).await?
        };
        columns.push(Column { place, name, count, cards });
    }
    Ok(Board { columns, summary, facets, today })
}

/// The columns there are for a filter: a stage's own, those of the states asked for.
fn columns_of(query: &Query) -> Vec<(&'static str, &'static str)> {
    let state = query.state.as_deref();
    let open = state.is_none_or(|state| matches!(state, OPEN | "planned" | "running"));
    let stages = STAGES.iter().map(|(stage, word, name)| (At::Stage(*stage), *word, *name));
    let on_the_way = std::iter::once((At::NotBegun, NOT_BEGUN, "Not begun")).chain(stages);
    let asked = |at: At| open && query.stage.is_none_or(|stage| stage == at);
    let mut columns: Vec<_> =
        on_the_way.filter(|(at, ..)| asked(*at)).map(|(_, place, name)| (place, name)).collect();
    for (place, name) in [("completed", "Completed"), ("closed", "Closed")] {
        if query.stage.is_none() && state.is_none_or(|state| state == place) {
            columns.push((place, name));
        }
    }
    columns
}

/// Says who runs an onboarding; none for nobody.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] for somebody who does not belong
/// to the workspace or may not run onboardings; or when the database fails.
#[boxed]
pub async fn assign(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    owner: Option<PersonId>,
) -> Result<(), AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = onboarding::head::get(&mut tx, actor.workspace, id)
        .await?
        .ok_or_else(|| AppError::missing("onboarding", id))?;
    if onboarding::owner(&mut tx, actor.workspace, id).await?.map(|(known, _)| known) == owner {
        return Ok(());
    }
    let name = match owner {
        None => None,
        Some(person) => {
            let member = membership::get(&mut tx, actor.workspace, person).await?;
            let member = member.filter(|member| member.role.may(Action::RunOnboarding));
            let member = member.ok_or_else(|| {
                AppError::Invalid(vec![Problem::new("owner", "is nobody who may run onboardings here")])
            })?;
            Some(member.name)
        }
    };
    onboarding::assign(&mut tx, actor.workspace, id, owner).await?;
    let about = About { account: Some(head.account_id), onboarding: Some(id) };
    let summary = match name {
        Some(name) => format!("Gave the onboarding to {name}"),
        None => "Left the onboarding without an owner".to_owned(),
    };
    activity::record(app, &mut tx, actor, "onboarding.assigned", about, summary).await?;
    tx.commit().await?;
    Ok(())
}

/// Who runs an onboarding, and who could.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn owner(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
) -> Result<(Option<PersonId>, Vec<(PersonId, String)>), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let owner = onboarding::owner(&mut tx, actor.workspace, id).await?.map(|(id, _)| id);
    let members = membership::of_workspace(&mut tx, actor.workspace).await?;
    let able = members.into_iter().filter(|member| member.role.may(Action::RunOnboarding));
    Ok((owner, able.map(|member| (member.person, member.name)).collect()))
}

/// Whose onboardings, by the word in addresses: an id of a person, `me` or `nobody`.
///
/// # Errors
/// [`AppError::NotFound`] for anything else.
pub fn whose(actor: &Actor, word: &str) -> Result<Option<Owner>, AppError> {
    match word {
        "" => Ok(None),
        "nobody" => Ok(Some(Owner::Nobody)),
        "me" => Ok(actor.person.map(Owner::Person)),
        id => Ok(Some(Owner::Person(person(id)?))),
    }
}

/// Who handed the deals over, by the word in addresses: an id of a person, or `me`.
///
/// # Errors
/// [`AppError::NotFound`] for anything else.
pub fn handed_over_by(actor: &Actor, word: &str) -> Result<Option<PersonId>, AppError> {
    match word {
        "" => Ok(None),
        "me" => Ok(actor.person),
        id => Ok(Some(person(id)?)),
    }
}

fn person(id: &str) -> Result<PersonId, AppError> {
    id.parse().map_err(|_| AppError::missing("person", id.chars().take(60).collect::<String>()))
}
