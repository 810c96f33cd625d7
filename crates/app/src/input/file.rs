//! Files of comma-separated values: a line for each ticket, integration, measurement or movement, with a column that
//! says of which customer.

use std::collections::{BTreeMap, BTreeSet};

use gangway_domain::ids::AccountId;
use gangway_domain::permission::Action;
use gangway_store::account::record;
use gangway_store::{Tx, account};

use super::{Row, Told, checked, in_words, keep};
use crate::activity::{self, About};
use crate::error::{AppError, Problem};
use crate::health;
use crate::identity::none_of;
use crate::training::csv_rows;
use crate::{Actor, App};

/// Largest file, bytes.
const LARGEST: usize = 8 * 1024 * 1024;
/// Most lines of a file.
const MOST: usize = 20_000;
/// Lines whose problems are told; a file of another kind would tell thousands.
const WRONG: usize = 10;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Tickets of the support desk.
    Tickets,
    /// How integrations stand.
    Integrations,
    /// How good the data are.
    Quality,
    /// What contracts did.
    Movements,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Tickets, Self::Integrations, Self::Quality, Self::Movements];

    /// The word in addresses and the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Tickets => "tickets",
            Self::Integrations => "integrations",
            Self::Quality => "data-quality",
            Self::Movements => "movements",
        }
    }

    /// What people read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Tickets => "Support tickets",
            Self::Integrations => "Integrations",
            Self::Quality => "Data quality",
            Self::Movements => "Revenue and churn",
        }
    }

    /// The columns of a file, those that may be left out in brackets.
    #[must_use]
    pub fn columns(self) -> &'static str {
        match self {
            Self::Tickets => "account, external_id, status, [subject, severity, opened_at, solved_at]",
            Self::Integrations => "account, name, status, [failures, tests_failed, note, at]",
            Self::Quality => "account, source, checked, wrong, [on]",
            Self::Movements => "account, kind, on, amount, [currency, external_id, note]",
        }
    }

    /// What a word says.
    #[must_use]
    pub fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// What a file brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Brought {
    /// Lines that were taken.
    pub lines: usize,
    /// Customers they were about.
    pub accounts: usize,
}

/// Takes a file of comma-separated values whose first line names its columns: see [`Kind::columns`]. A customer is named
/// by id, by the id another system knows them by, or by name. The same file taken twice changes nothing.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] when a line cannot be used: then nothing is taken; or when the
/// database fails.
pub async fn bring(app: &App, actor: &Actor, kind: Kind, text: &str) -> Result<Brought, AppError> {
    actor.require(Action::EditAccounts)?;
    if text.len() > LARGEST {
        return Err(invalid("is larger than 8 MB".to_owned()));
    }
    let lines = read(text).map_err(invalid)?;
    let mut tx = app.db.write().await?;
    let mut known: BTreeMap<String, Option<AccountId>> = BTreeMap::new();
    let mut problems = Vec::new();
    let mut about: BTreeMap<AccountId, (usize, String)> = BTreeMap::new();
    for line in &lines {
        let name = line.cell("account");
        let found = match known.get(name) {
            Some(found) => *found,
            None => {
                let found = account_of(&mut tx, actor, name).await?;
                known.insert(name.to_owned(), found);
                found
            }
        };
        let Some(id) = found else {
            problems.push(line.wrong(&format!("there is no customer “{name}”")));
            continue;
        };
        let row = told(kind, line).and_then(|told| {
            let mut wrong = Vec::new();
            let row = checked(app, actor, id, told, &mut wrong);
            row.ok_or_else(|| wrong.first().map_or_else(String::new, Problem::to_string))
        });
        match row {
            Ok(row) => {
                keep(&mut tx, actor, id, &row).await?;
                note(&mut about, id, &row);
            }
            Err(message) => problems.push(line.wrong(&message)),
        }
    }
    problems.truncate(WRONG);
    none_of(problems)?;
    for (id, (count, last)) in &about {
        let summary =
            if *count == 1 { last.clone() } else { format!("{count} lines of a file; the last: {last}") };
        let about = About { account: Some(*id), onboarding: None };
        activity::record(app, &mut tx, actor, "input.changed", about, summary).await?;
    }
    tx.commit().await?;
    let accounts: BTreeSet<AccountId> = about.into_keys().collect();
    health::refresh_accounts(app, actor.workspace, &accounts).await?;
    Ok(Brought { lines: lines.len(), accounts: accounts.len() })
}

fn note(about: &mut BTreeMap<AccountId, (usize, String)>, id: AccountId, row: &Row) {
    let known = about.entry(id).or_default();
    known.0 += 1;
    known.1 = in_words(row);
}

/// The customer a word names.
async fn account_of(tx: &mut Tx, actor: &Actor, word: &str) -> Result<Option<AccountId>, AppError> {
    if let Ok(id) = word.parse::<AccountId>() {
        return Ok(account::get(tx, actor.workspace, id).await?.map(|known| known.id));
    }
    if let Some(known) = record::by_external_id(tx, actor.workspace, word).await? {
        return Ok(Some(known.account.id));
    }
    let key = crate::account::name_key(word);
    Ok(account::by_key(tx, actor.workspace, &key).await?.map(|known| known.id))
}

fn invalid(message: String) -> AppError {
    AppError::Invalid(vec![Problem::new("file", message)])
}

/// A line of a file, its cells by name of their column.
struct Line {
    number: usize,
    cells: BTreeMap<String, String>,
}

impl Line {
    /// What a cell says; nothing where there is none.
    fn cell(&self, column: &str) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }

    fn some(&self, column: &str) -> Option<String> {
        Some(self.cell(column)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// A cell that is read as something; nothing where it is empty.
    fn read<T: std::str::FromStr>(&self, column: &str, what: &str) -> Result<Option<T>, String> {
        match self.cell(column) {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| format!("{column} must be {what}")),
        }
    }

    fn wrong(&self, message: &str) -> Problem {
        Problem::new("file", format!("cannot be used: line {}: {message}", self.number))
    }
}

/// Lines below a first one that names the columns.
fn read(text: &str) -> Result<Vec<Line>, String> {
    let text = text.trim_start_matches('\u{feff}');
    let mut rows = csv_rows(text)?.into_iter();
    let (_, head) = rows.next().ok_or("is empty")?;
    let columns: Vec<String> =
        head.iter().map(|title| title.trim().to_lowercase().replace([' ', '-'], "_")).collect();
    if !columns.iter().any(|column| column == "account") {
        return Err("has no column “account” in its first line".to_owned());
    }
    let line = |(number, row): (usize, Vec<String>)| {
        let cells = columns.iter().cloned().zip(row.into_iter().map(|cell| cell.trim().to_owned()));
        Line { number, cells: cells.collect() }
    };
    let lines: Vec<Line> =
        rows.map(line).filter(|line| line.cells.values().any(|cell| !cell.is_empty())).collect();
    match lines.len() {
        0 => Err("has nothing below its first line".to_owned()),
        1..=MOST => Ok(lines),
        _ => Err(format!("has more than {MOST} lines")),
    }
}

/// What a line tells.
fn told(kind: Kind, line: &Line) -> Result<Told, String> {
    const NUMBER: &str = "a whole number";
    const TIME: &str = "an instant such as 2027-01-04T09:30:00Z";
    const DAY: &str = "a day such as 2027-01-04";
    let own = |column: &str| line.cell(column).to_owned();
    Ok(match kind {
        Kind::Tickets => Told::Ticket {
            external_id: own("external_id"),
            subject: own("subject"),
            severity: severity(line.cell("severity"))?,
            status: own("status"),
            opened_at: line.read("opened_at", TIME)?,
            solved_at: line.read("solved_at", TIME)?,
        },
        Kind::Integrations => Told::Integration {
            name: own("name"),
            status: own("status"),
            failures: line.read("failures", NUMBER)?.unwrap_or(0),
            tests_failed: line.read("tests_failed", NUMBER)?.unwrap_or(0),
            note: own("note"),
            at: line.read("at", TIME)?,
        },
        Kind::Quality => Told::Quality {
            source: own("source"),
            on: line.read("on", DAY)?,
            checked: line.read("checked", NUMBER)?.ok_or("checked is missing")?,
            wrong: line.read("wrong", NUMBER)?.ok_or("wrong is missing")?,
        },
        Kind::Movements => Told::Movement {
            external_id: line.some("external_id"),
            kind: own("kind"),
            on: line.read("on", DAY)?.ok_or("on is missing")?,
            amount: own("amount"),
            currency: line.some("currency"),
            note: own("note"),
        },
    })
}

fn severity(word: &str) -> Result<Option<gangway_domain::deal::Severity>, String> {
    use gangway_domain::deal::Severity::{Critical, High, Low, Medium};
    Ok(Some(match word.to_lowercase().as_str() {
        "" => return Ok(None),
        "low" => Low,
        "medium" | "normal" => Medium,
        "high" => High,
        "critical" | "urgent" => Critical,
        _ => return Err("severity must be low, medium, high or critical".to_owned()),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_by_the_names_of_their_columns() {
        let lines = read("Account,Status,External ID\nAcme,open,T-1\n\n").unwrap();
        assert_eq!(lines.len(), 1);
        let Ok(Told::Ticket { external_id, status, severity, .. }) = told(Kind::Tickets, &lines[0]) else {
            panic!("no ticket");
        };
        assert_eq!((external_id.as_str(), status.as_str(), severity), ("T-1", "open", None));
    }

    #[test]
    fn what_cannot_be_read_says_which_column() {
        let lines = read("account,source,checked,wrong\nAcme,CRM,many,2").unwrap();
        assert_eq!(told(Kind::Quality, &lines[0]).unwrap_err(), "checked must be a whole number");
        assert!(read("name\nAcme").is_err_and(|error| error.contains("account")));
    }
}
