//! What other systems tell of customers: tickets of the support desk, how integrations stand, how good the data are, and
//! what the contract did; one by one, or as a file of comma-separated values that is taken whole or not at all.

mod check;
mod file;
mod kind;
mod line;

use std::collections::BTreeSet;

use gangway_domain::contract::{MovementKind, Revenue, Step, revenue};
use gangway_domain::deal::{Deal, Severity};
use gangway_domain::ids::{AccountId, MovementId, OnboardingId};
use gangway_domain::money::Money;
use gangway_domain::permission::Action;
use gangway_store::Tx;
use gangway_store::account::record::Record;
use gangway_store::input::{self as rows, movement, renewal, ticket};
use gangway_store::onboarding::list;
use jiff::ToSpan;
use jiff::civil::Date;

use self::check::{Row, checked};
use crate::account::book::find;
use crate::activity::{self, About};
use crate::boxed;
use crate::error::AppError;
use crate::health;
use crate::identity::none_of;
use crate::{Actor, App};

pub use file::{Brought, Preview, Shown, Wrong, bring, bring_named, files, preview};
pub use gangway_store::input::file::InputFile;
pub use gangway_store::input::movement::Movement;
pub use gangway_store::input::renewal::Renewal;
pub use gangway_store::input::ticket::Ticket;
pub use gangway_store::input::{Integration, Quality};
pub use kind::Kind;

/// Rows of each kind that are shown.
const SHOWN: u32 = 200;

/// Longest term of a contract that is believed, in months.
const LONGEST_TERM: u32 = 600;

/// States of tickets.
pub const TICKET_STATES: [&str; 3] = ["open", "pending", "solved"];
/// States of integrations.
pub const INTEGRATION_STATES: [&str; 5] = ["planned", "connected", "live", "failing", "off"];
/// What a monthly revenue can do: the words of [`MovementKind`].
pub const MOVEMENTS: [&str; 5] = ["new", "expansion", "contraction", "churn", "reactivation"];

/// Everything other systems told of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inputs {
    /// The customer.
    pub account: Record,
    /// Tickets, the newest first.
    pub tickets: Vec<Ticket>,
    /// Systems, by name.
    pub integrations: Vec<Integration>,
    /// What was measured last of each source.
    pub quality: Vec<Quality>,
    /// Everything that was measured, the latest first.
    pub quality_past: Vec<Quality>,
    /// What the monthly revenue did, the latest first.
    pub movements: Vec<Movement>,
    /// When the contract is renewed.
    pub renewal: Option<Renewal>,
    /// What the contract was worth a month when it was signed, by its newest deal.
    pub signed: Option<Money>,
    /// The day it was looked at.
    pub today: Date,
}

impl Inputs {
    /// What the contract is worth a month, in whole units of the currency; none while nothing was told of it.
    #[must_use]
    pub fn revenue(&self) -> Option<Revenue> {
        let step = |one: &Movement| {
            let kind: MovementKind = one.kind.parse().ok()?;
            Some(Step { kind, on: one.on, amount: one.amount.whole() })
        };
        let steps: Vec<Step> = self.movements.iter().filter_map(step).collect();
        revenue(self.signed.map_or(0, Money::whole), &steps, self.today)
    }
}

/// What other systems told of a customer.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn of_account(app: &App, actor: &Actor, id: AccountId) -> Result<Inputs, AppError> {
    actor.require(Action::Look)?;
    let (workspace, today) = (actor.workspace, app.today());
    let mut tx = app.db.read().await?;
    let account = find(&mut tx, actor, id).await?;
    let deals = list::of_account(&mut tx, workspace, id, today).await?;
    let worth = deals.iter().find_map(|deal| deal.acv);
    Ok(Inputs {
        account,
        tickets: ticket::of_account(&mut tx, workspace, id, SHOWN).await?,
        integrations: rows::integrations(&mut tx, workspace, id).await?,
        quality: rows::quality(&mut tx, workspace, id).await?,
        quality_past: rows::quality_past(&mut tx, workspace, id, SHOWN).await?,
        movements: movement::of_account(&mut tx, workspace, id, SHOWN).await?,
        renewal: renewal::of_accounts(&mut tx, workspace, &[id]).await?.remove(&id),
        signed: worth.map(|worth| Money { minor: worth.minor / 12, ..worth }),
        today,
    })
}

/// Something another system tells of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// A ticket, new or as it is now.
    Ticket {
        /// What the support desk calls it.
        external_id: String,
        /// What it is about; may be empty.
        subject: String,
        /// How grave; medium when left out.
        severity: Option<Severity>,
        /// One of [`TICKET_STATES`].
        status: String,
        /// When it was opened; now when left out.
        opened_at: Option<jiff::Timestamp>,
        /// When it was solved; now for one that is solved, when left out.
        solved_at: Option<jiff::Timestamp>,
    },
    /// How a system stands.
    Integration {
        /// Which.
        name: String,
        /// One of [`INTEGRATION_STATES`].
        status: String,
        /// Failures in the last seven days.
        failures: i64,
        /// Tests that failed when it was last tested.
        tests_failed: i64,
        /// What is known beside; may be empty.
        note: String,
        /// When it was so; now when left out.
        at: Option<jiff::Timestamp>,
    },
    /// How many records of a source were found wrong.
    Quality {
        /// Which source.
        source: String,
        /// The day; today when left out.
        on: Option<Date>,
        /// Records that were looked at.
        checked: i64,
        /// Of those, wrong ones.
        wrong: i64,
    },
    /// What the monthly revenue did.
    Movement {
        /// What the other system calls it; named by kind and day when left out.
        external_id: Option<String>,
        /// One of [`MOVEMENTS`].
        kind: String,
        /// From which day.
        on: Date,
        /// By how much each month, in the currency below: `1,200.50`.
        amount: String,
        /// Currency; that of the workspace when left out.
        currency: Option<String>,
        /// What is known beside; may be empty.
        note: String,
    },
    /// When the contract is renewed.
    Renewal {
        /// The day from which the next term runs.
        on: Date,
        /// What is known beside; may be empty.
        note: String,
    },
}

/// Something that was told by mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mistaken {
    /// A ticket, by what the support desk calls it.
    Ticket(String),
    /// A system, by its name.
    Integration(String),
    /// What was measured of a source on a day.
    Quality(String, Date),
    /// A movement.
    Movement(MovementId),
    /// When the contract is renewed.
    Renewal,
}

/// Keeps what another system tells of a customer, and judges their onboardings by it.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn tell(app: &App, actor: &Actor, id: AccountId, told: Told) -> Result<Inputs, AppError> {
    actor.require(Action::EditAccounts)?;
    let mut problems = Vec::new();
    let row = checked(app, actor, id, told, &mut problems);
    none_of(problems)?;
    let mut tx = app.db.write().await?;
    let account = find(&mut tx, actor, id).await?;
    if let Some(row) = row {
        let summary = format!("{}: {}", account.account.name, in_words(&row));
        keep(&mut tx, actor, id, &row).await?;
        let about = About { account: Some(id), onboarding: None };
        activity::record(app, &mut tx, actor, "input.changed", about, summary).await?;
    }
    tx.commit().await?;
    health::refresh_accounts(app, actor.workspace, &BTreeSet::from([id])).await?;
    of_account(app, actor, id).await
}

/// Takes something away that was told by mistake.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn take_back(app: &App, actor: &Actor, id: AccountId, what: Mistaken) -> Result<Inputs, AppError> {
    actor.require(Action::EditAccounts)?;
    let mut tx = app.db.write().await?;
    let account = find(&mut tx, actor, id).await?;
    let words = forget(&mut tx, actor, id, what).await?;
    let about = About { account: Some(id), onboarding: None };
    let summary = format!("{}: {words} was taken back", account.account.name);
    activity::record(app, &mut tx, actor, "input.changed", about, summary).await?;
    tx.commit().await?;
    health::refresh_accounts(app, actor.workspace, &BTreeSet::from([id])).await?;
    of_account(app, actor, id).await
}

/// Forgets it, and says what it was.
async fn forget(tx: &mut Tx, actor: &Actor, id: AccountId, what: Mistaken) -> Result<String, AppError> {
    let workspace = actor.workspace;
    let (known, missing, words) = match what {
        Mistaken::Ticket(name) => {
            let known = ticket::remove(tx, workspace, id, &name).await?;
            (known, AppError::missing("ticket", &name), format!("the ticket {name}"))
        }
        Mistaken::Integration(name) => {
            let known = rows::remove_integration(tx, workspace, id, &name).await?;
            (known, AppError::missing("integration", &name), format!("the integration {name}"))
        }
        Mistaken::Quality(source, on) => {
            let known = rows::remove_quality(tx, workspace, id, (source.as_str(), on)).await?;
            let words = format!("what was measured of {source} on {on}");
            (known, AppError::missing("measurement of", &source), words)
        }
        Mistaken::Movement(movement) => {
            let known = movement::remove(tx, workspace, id, movement).await?;
            (known, AppError::missing("movement", movement), "a movement of the contract".to_owned())
        }
        Mistaken::Renewal => {
            let known = renewal::remove(tx, workspace, id).await?;
            (known, AppError::missing("renewal of account", id), "the day of the renewal".to_owned())
        }
    };
    if known { Ok(words) } else { Err(missing) }
}

/// Notes when a contract is renewed by what its deal says: its first day, else its signing, and its term. What somebody
/// told stays.
pub(crate) async fn note_deal(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    account: AccountId,
    onboarding: OnboardingId,
    deal: &Deal,
) -> Result<(), AppError> {
    let begins = deal.contract_start.as_ref().or(deal.closed_on.as_ref());
    let Some((begins, term)) = begins.zip(deal.term_months.as_ref()) else { return Ok(()) };
    let Ok(on) = begins.value.checked_add(i64::from(term.value.min(LONGEST_TERM)).months()) else {
        return Ok(());
    };
    let told = (actor.name.as_str(), app.now());
    renewal::note(tx, actor.workspace, account, on, onboarding, told).await?;
    Ok(())
}

async fn keep(tx: &mut Tx, actor: &Actor, id: AccountId, row: &Row) -> Result<(), AppError> {
    match row {
        Row::Ticket(one, told) => ticket::set(tx, actor.workspace, id, one, *told).await?,
        Row::Integration(one) => {
            // What is older than what is known says nothing.
            rows::set_integration(tx, actor.workspace, id, one).await?;
        }
        Row::Quality(one) => rows::set_quality(tx, actor.workspace, id, one).await?,
        Row::Movement(one) => movement::set(tx, actor.workspace, one).await?,
        Row::Renewal(one) => renewal::set(tx, actor.workspace, id, one).await?,
    }
    Ok(())
}

fn in_words(row: &Row) -> String {
    match row {
        Row::Ticket(one, _) => format!("ticket {} is {}", one.external_id, one.status),
        Row::Integration(one) => format!("the integration {} is {}", one.name, one.status),
        Row::Quality(one) => format!("{} of {} records of {} are wrong", one.wrong, one.checked, one.source),
        Row::Movement(one) => {
            format!("{} of {} a month from {}", one.kind, one.amount, one.on.strftime("%-d %b %Y"))
        }
        Row::Renewal(one) => format!("the contract is renewed on {}", one.on.strftime("%-d %b %Y")),
    }
}
