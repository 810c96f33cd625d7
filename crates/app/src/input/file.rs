//! Files of comma-separated values: a line for each ticket, integration, measurement, movement or renewal, with a column
//! that says of which customer.

use std::collections::{BTreeMap, BTreeSet};

use gangway_domain::ids::{AccountId, ImportId};
use gangway_domain::permission::Action;
use gangway_store::account::record;
use gangway_store::input::file::{self as taken, InputFile};
use gangway_store::{Tx, account};

use super::check::{Row, checked};
use super::line::{Line, read, told};
use super::{Kind, in_words, keep};
use crate::activity::{self, About};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::health;
use crate::identity::none_of;
use crate::{Actor, App};

/// Largest file, bytes.
const LARGEST: usize = 8 * 1024 * 1024;
/// Lines whose problems are told when a file is refused; a file of another kind would tell thousands.
const WRONG: usize = 10;
/// The same, and lines that can be used, when a file is only looked at.
const LOOKED_AT: usize = 50;
/// Longest name of a file that is kept, in characters.
const NAME: usize = 200;
/// Files that are listed.
const LISTED: u32 = 50;

/// What a file brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Brought {
    /// Lines that were taken.
    pub lines: usize,
    /// Customers they were about.
    pub accounts: usize,
}

/// A line that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Its number in the file, the first line counted.
    pub line: usize,
    /// What is wrong with it.
    pub message: String,
}

/// A line that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Its number in the file, the first line counted.
    pub line: usize,
    /// The customer it is about.
    pub customer: String,
    /// What it tells, in words.
    pub tells: String,
}

/// What a file would bring.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    /// What it would bring.
    pub brings: Brought,
    /// The first lines that can be used.
    pub shown: Vec<Shown>,
    /// The first lines that cannot.
    pub wrong: Vec<Wrong>,
    /// How many cannot in all: with any, nothing of the file is taken.
    pub wrong_lines: usize,
}

/// Takes a file of comma-separated values whose first line names its columns: see [`Kind::columns`]. A customer is named
/// by id, by the id another system knows them by, or by name. The same file taken twice changes nothing.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] when a line cannot be used: then nothing is taken; or when the
/// database fails.
#[boxed]
pub async fn bring(app: &App, actor: &Actor, kind: Kind, text: &str) -> Result<Brought, AppError> {
    bring_named(app, actor, kind, "", text).await
}

/// The same of a file that has a name.
///
/// # Errors
/// As [`bring`].
#[boxed]
pub async fn bring_named(
    app: &App,
    actor: &Actor,
    kind: Kind,
    name: &str,
    text: &str,
) -> Result<Brought, AppError> {
    actor.require(Action::EditAccounts)?;
    let lines = lines_of(text)?;
    let mut tx = app.db.write().await?;
    let Examined { found, wrong } = examine(app, &mut tx, actor, kind, &lines).await?;
    let problem =
        |one: Wrong| Problem::new("file", format!("cannot be used: line {}: {}", one.line, one.message));
    none_of(wrong.into_iter().take(WRONG).map(problem).collect())?;
    let mut about: BTreeMap<AccountId, (usize, String)> = BTreeMap::new();
    for one in &found {
        keep(&mut tx, actor, one.account, &one.row).await?;
        let known = about.entry(one.account).or_default();
        known.0 += 1;
        known.1 = in_words(&one.row);
    }
    tell(app, &mut tx, actor, &about).await?;
    let brought = Brought { lines: found.len(), accounts: about.len() };
    note(app, &mut tx, actor, kind, name, brought).await?;
    tx.commit().await?;
    let accounts: BTreeSet<AccountId> = about.into_keys().collect();
    health::refresh_accounts(app, actor.workspace, &accounts).await?;
    Ok(brought)
}

/// Says what a file would bring, and which of its lines cannot be used. Nothing is taken.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] when it is no file of its kind at all; or when the database fails.
#[boxed]
pub async fn preview(app: &App, actor: &Actor, kind: Kind, text: &str) -> Result<Preview, AppError> {
    actor.require(Action::EditAccounts)?;
    let lines = lines_of(text)?;
    let mut tx = app.db.read().await?;
    let Examined { found, wrong } = examine(app, &mut tx, actor, kind, &lines).await?;
    let accounts: BTreeSet<AccountId> = found.iter().map(|one| one.account).collect();
    let shown =
        |one: &Found| Shown { line: one.line, customer: one.customer.clone(), tells: in_words(&one.row) };
    Ok(Preview {
        brings: Brought { lines: found.len(), accounts: accounts.len() },
        shown: found.iter().take(LOOKED_AT).map(shown).collect(),
        wrong_lines: wrong.len(),
        wrong: wrong.into_iter().take(LOOKED_AT).collect(),
    })
}

/// Files that were taken, the latest first.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn files(app: &App, actor: &Actor) -> Result<Vec<InputFile>, AppError> {
    actor.require(Action::EditAccounts)?;
    let mut tx = app.db.read().await?;
    Ok(taken::latest(&mut tx, actor.workspace, LISTED).await?)
}

fn lines_of(text: &str) -> Result<Vec<Line>, AppError> {
    let invalid = |message: String| AppError::Invalid(vec![Problem::new("file", message)]);
    if text.len() > LARGEST {
        return Err(invalid("is larger than 8 MB".to_owned()));
    }
    read(text).map_err(invalid)
}

/// A line that can be used, with its customer.
struct Found {
    line: usize,
    account: AccountId,
    customer: String,
    row: Row,
}

/// What the lines of a file are.
struct Examined {
    found: Vec<Found>,
    wrong: Vec<Wrong>,
}

async fn examine(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    kind: Kind,
    lines: &[Line],
) -> Result<Examined, AppError> {
    let mut known: BTreeMap<String, Option<(AccountId, String)>> = BTreeMap::new();
    let mut examined = Examined { found: Vec::new(), wrong: Vec::new() };
    for line in lines {
        let name = line.cell("account");
        let customer = match known.get(name) {
            Some(customer) => customer.clone(),
            None => {
                let customer = account_of(tx, actor, name).await?;
                known.insert(name.to_owned(), customer.clone());
                customer
            }
        };
        let Some((account, customer)) = customer else {
            let message = if name.is_empty() {
                "account is missing".to_owned()
            } else {
                format!("there is no customer “{name}”")
            };
            examined.wrong.push(Wrong { line: line.number, message });
            continue;
        };
        match row_of(app, actor, kind, account, line) {
            Ok(row) => examined.found.push(Found { line: line.number, account, customer, row }),
            Err(message) => examined.wrong.push(Wrong { line: line.number, message }),
        }
    }
    Ok(examined)
}

fn row_of(app: &App, actor: &Actor, kind: Kind, account: AccountId, line: &Line) -> Result<Row, String> {
    let mut wrong = Vec::new();
    let row = checked(app, actor, account, told(kind, line, &app.time_zone)?, &mut wrong);
    row.ok_or_else(|| wrong.first().map_or_else(String::new, Problem::to_string))
}

/// Writes into the log of each customer what a file told of them.
async fn tell(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    about: &BTreeMap<AccountId, (usize, String)>,
) -> Result<(), AppError> {
    for (id, (count, last)) in about {
        let summary =
            if *count == 1 { last.clone() } else { format!("{count} lines of a file; the last: {last}") };
        let about = About { account: Some(*id), onboarding: None };
        activity::record(app, tx, actor, "input.changed", about, summary).await?;
    }
    Ok(())
}

/// Keeps that a file was taken.
async fn note(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    kind: Kind,
    name: &str,
    brought: Brought,
) -> Result<(), AppError> {
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let one = InputFile {
        id: ImportId::fresh(&*app.ids),
        kind: kind.word().to_owned(),
        name: name.chars().filter(|letter| !letter.is_control()).take(NAME).collect(),
        lines: number(brought.lines),
        accounts: number(brought.accounts),
        by: actor.name.clone(),
        at: app.now(),
    };
    taken::insert(tx, actor.workspace, &one).await?;
    Ok(())
}

/// The customer a word names, and what they are called.
async fn account_of(tx: &mut Tx, actor: &Actor, word: &str) -> Result<Option<(AccountId, String)>, AppError> {
    if let Ok(id) = word.parse::<AccountId>() {
        return Ok(account::get(tx, actor.workspace, id).await?.map(|known| (known.id, known.name)));
    }
    if let Some(known) = record::by_external_id(tx, actor.workspace, word).await? {
        return Ok(Some((known.account.id, known.account.name)));
    }
    let key = crate::account::name_key(word);
    Ok(account::by_key(tx, actor.workspace, &key).await?.map(|known| (known.id, known.name)))
}
