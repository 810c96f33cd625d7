//! What other systems tell of customers: tickets of the support desk, how integrations stand, how good the data are, and
//! what the contract did; one by one, or as a file of comma-separated values that is taken whole or not at all.

mod file;

use std::collections::BTreeSet;

use gangway_domain::deal::Severity;
use gangway_domain::ids::{AccountId, MovementId, TicketId};
use gangway_domain::money::{Currency, Money};
use gangway_domain::permission::Action;
use gangway_store::account::record::Record;
use gangway_store::input::{self as rows, movement, ticket};
use gangway_store::{Timestamp, Tx};
use jiff::civil::Date;

use crate::account::book::find;
use crate::activity::{self, About};
use crate::error::{AppError, Problem};
use crate::health;
use crate::identity::none_of;
use crate::plan::workspace_currency;
use crate::register::checked_line;
use crate::{Actor, App};

pub use file::{Brought, Kind, bring};
pub use gangway_store::input::movement::Movement;
pub use gangway_store::input::ticket::Ticket;
pub use gangway_store::input::{Integration, Quality};

/// Longest name or subject, in characters.
const LINE: usize = 300;

/// Rows of each kind that are shown.
const SHOWN: u32 = 200;

/// States of tickets.
pub const TICKET_STATES: [&str; 3] = ["open", "pending", "solved"];
/// States of integrations.
pub const INTEGRATION_STATES: [&str; 5] = ["planned", "connected", "live", "failing", "off"];
/// What a monthly revenue can do.
pub const MOVEMENTS: [&str; 4] = ["new", "expansion", "contraction", "churn"];

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
    /// What the monthly revenue did, the latest first.
    pub movements: Vec<Movement>,
}

/// What other systems told of a customer.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
pub async fn of_account(app: &App, actor: &Actor, id: AccountId) -> Result<Inputs, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    Ok(Inputs {
        account: find(&mut tx, actor, id).await?,
        tickets: ticket::of_account(&mut tx, actor.workspace, id, SHOWN).await?,
        integrations: rows::integrations(&mut tx, actor.workspace, id).await?,
        quality: rows::quality(&mut tx, actor.workspace, id).await?,
        movements: movement::of_account(&mut tx, actor.workspace, id, SHOWN).await?,
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
}

/// Something that was told, as it is kept.
enum Row {
    Ticket(Ticket),
    Integration(Integration),
    Quality(Quality),
    Movement(Movement),
}

/// Keeps what another system tells of a customer, and judges their onboardings by it.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`]; or when the database fails.
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

/// Takes a movement away that was told by mistake.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
pub async fn remove_movement(
    app: &App,
    actor: &Actor,
    id: AccountId,
    movement: MovementId,
) -> Result<Inputs, AppError> {
    actor.require(Action::EditAccounts)?;
    let mut tx = app.db.write().await?;
    let account = find(&mut tx, actor, id).await?;
    if !movement::remove(&mut tx, actor.workspace, id, movement).await? {
        return Err(AppError::missing("movement", movement));
    }
    let about = About { account: Some(id), onboarding: None };
    let summary = format!("{}: a movement of the contract was taken back", account.account.name);
    activity::record(app, &mut tx, actor, "input.changed", about, summary).await?;
    tx.commit().await?;
    health::refresh_accounts(app, actor.workspace, &BTreeSet::from([id])).await?;
    of_account(app, actor, id).await
}

async fn keep(tx: &mut Tx, actor: &Actor, id: AccountId, row: &Row) -> Result<(), AppError> {
    match row {
        Row::Ticket(one) => ticket::set(tx, actor.workspace, id, one).await?,
        Row::Integration(one) => {
            // What is older than what is known says nothing.
            rows::set_integration(tx, actor.workspace, id, one).await?;
        }
        Row::Quality(one) => rows::set_quality(tx, actor.workspace, id, one).await?,
        Row::Movement(one) => movement::set(tx, actor.workspace, one).await?,
    }
    Ok(())
}

fn in_words(row: &Row) -> String {
    match row {
        Row::Ticket(one) => format!("ticket {} is {}", one.external_id, one.status),
        Row::Integration(one) => format!("the integration {} is {}", one.name, one.status),
        Row::Quality(one) => format!("{} of {} records of {} are wrong", one.wrong, one.checked, one.source),
        Row::Movement(one) => format!("{} of {} a month from {}", one.kind, one.amount, one.on),
    }
}

/// What was told, as it is kept; none where something is wrong with it.
fn checked(app: &App, actor: &Actor, id: AccountId, told: Told, problems: &mut Vec<Problem>) -> Option<Row> {
    let before = problems.len();
    let row = match told {
        Told::Ticket { external_id, subject, severity, status, opened_at, solved_at } => {
            let opened_at = opened_at.unwrap_or_else(|| app.clock.now());
            not_ahead(app, "opened_at", opened_at, problems);
            let solved_at = solved_at.or_else(|| (status == "solved").then(|| app.clock.now()));
            Row::Ticket(Ticket {
                id: TicketId::fresh(&*app.ids),
                external_id: needed_line("external_id", &external_id, problems),
                subject: checked_line("subject", &subject, LINE, problems),
                severity: severity.unwrap_or(Severity::Medium),
                status: one_of("status", &status, &TICKET_STATES, problems),
                opened_at: opened_at.into(),
                solved_at: solved_at.map(Timestamp::from),
            })
        }
        Told::Integration { name, status, failures, tests_failed, note, at } => {
            let at = at.unwrap_or_else(|| app.clock.now());
            not_ahead(app, "at", at, problems);
            Row::Integration(Integration {
                name: needed_line("name", &name, problems),
                status: one_of("status", &status, &INTEGRATION_STATES, problems),
                failures: whole("failures", failures, problems),
                tests_failed: whole("tests_failed", tests_failed, problems),
                note: checked_line("note", &note, LINE, problems),
                at: at.into(),
            })
        }
        Told::Quality { source, on, checked, wrong } => {
            let on = on.unwrap_or_else(|| app.today());
            if on > app.today() {
                problems.push(Problem::new("on", "is a day that has not come yet"));
            }
            let checked = whole("checked", checked, problems);
            let wrong = whole("wrong", wrong, problems);
            if wrong > checked {
                problems.push(Problem::new("wrong", "are more than were checked"));
            }
            Row::Quality(Quality { source: needed_line("source", &source, problems), on, checked, wrong })
        }
        Told::Movement { external_id, kind, on, amount, currency, note } => {
            let kind = one_of("kind", &kind, &MOVEMENTS, problems);
            let external_id = external_id.filter(|id| !id.trim().is_empty());
            let external_id = external_id.unwrap_or_else(|| format!("{kind} {on}"));
            Row::Movement(Movement {
                id: MovementId::fresh(&*app.ids),
                account: id,
                external_id: needed_line("external_id", &external_id, problems),
                on,
                amount: money(app, &amount, currency.as_deref(), problems),
                note: checked_line("note", &note, LINE, problems),
                kind,
                by: actor.name.clone(),
                at: app.now(),
            })
        }
    };
    (problems.len() == before).then_some(row)
}

fn needed_line(field: &'static str, text: &str, problems: &mut Vec<Problem>) -> String {
    let line = checked_line(field, text, LINE, problems);
    if line.is_empty() {
        problems.push(Problem::new(field, "is missing"));
    }
    line
}

fn one_of(field: &'static str, word: &str, known: &[&str], problems: &mut Vec<Problem>) -> String {
    let word = word.trim().to_lowercase();
    if !known.contains(&word.as_str()) {
        problems.push(Problem::new(field, format!("must be one of {}", known.join(", "))));
    }
    word
}

/// A count that is not negative, and so small that sums of many cannot overflow.
fn whole(field: &'static str, number: i64, problems: &mut Vec<Problem>) -> i64 {
    if !(0..=1_000_000_000_000).contains(&number) {
        problems.push(Problem::new(field, "must be a whole number from 0 to 1,000,000,000,000"));
    }
    number
}

fn not_ahead(app: &App, field: &'static str, at: jiff::Timestamp, problems: &mut Vec<Problem>) {
    if at > app.clock.now() {
        problems.push(Problem::new(field, "is a time that has not come yet"));
    }
}

fn money(app: &App, amount: &str, currency: Option<&str>, problems: &mut Vec<Problem>) -> Money {
    let usual = workspace_currency(&app.methodology);
    let currency = currency.map(str::trim).filter(|code| !code.is_empty());
    let currency = currency.map_or(Ok(usual), str::parse::<Currency>).unwrap_or_else(|error| {
        problems.push(Problem::new("currency", format!("cannot be used: {error}")));
        usual
    });
    let amount = Money::typed(amount, currency).filter(|amount| amount.whole() <= 1_000_000_000_000);
    amount.unwrap_or_else(|| {
        problems.push(Problem::new("amount", "must be an amount such as 1,200.50"));
        Money { minor: 0, currency }
    })
}
