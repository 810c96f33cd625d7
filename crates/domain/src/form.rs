//! Forms a customer fills in: what an answer may be, what is still missing, and what answers become.
//!
//! An answer is kept as text: several choices one a line, a table as CSV with a first line of names. So a form that
//! is saved half-way keeps exactly what was typed, and files and fields are checked by the same rules.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::methodology::{FormColumn, FormField, FormSheet, FormTask};
use crate::people::words;
use crate::refusal::{Fault, Told};

/// Longest answer that is no table, in characters.
pub const LONGEST: usize = 10_000;

/// Longest table, in bytes.
pub const LONGEST_TABLE: usize = 1_000_000;

/// Most rows of a table that says nothing else.
pub const MOST_ROWS: usize = 5_000;

/// Most mistakes told of one table.
const TOLD: usize = 10;

words! {
    /// What an answer is.
    FieldKind: "kind of field" {
        /// One line.
        Text = "text", "Text";
        /// Several lines.
        LongText = "long-text", "Long text";
        /// A whole number.
        Number = "number", "Number";
        /// A day.
        Date = "date", "Date";
        /// A mail address.
        Email = "email", "Mail address";
        /// One of several.
        Choice = "choice", "Choice";
        /// Any of several.
        Choices = "choices", "Several choices";
        /// Yes or no.
        YesNo = "yes-no", "Yes or no";
        /// A file.
        File = "file", "File";
        /// Rows with columns, typed or as a CSV file.
        Table = "table", "Table";
    }
}

words! {
    /// Where a form stands.
    State: "state of a form" {
        /// The customer fills it in.
        Open = "open", "Open";
        /// The customer says that it is whole.
        Submitted = "submitted", "Submitted";
        /// The team took it; its answers are facts.
        Accepted = "accepted", "Accepted";
        /// The team asks for more.
        Returned = "returned", "Returned";
        /// Nobody asks for it any more.
        Withdrawn = "withdrawn", "Withdrawn";
    }
}

impl State {
    /// The customer may write in it.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Returned)
    }
}

/// What was answered, by field.
pub type Answers = BTreeMap<String, String>;

/// What is wrong with an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The field (id).
    pub field: String,
    /// The end of a sentence that begins with the field.
    pub told: Told,
}

/// What a form says about an onboarding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The fact.
    pub fact: String,
    /// What was asked.
    pub label: String,
    /// What was answered.
    pub value: String,
}

/// What is wrong with answers. Half a form may be saved, so that what is missing counts only in a `whole` one.
/// `files` are the fields that hold a file.
#[must_use]
pub fn check(sheet: &FormSheet, answers: &Answers, files: &BTreeSet<String>, whole: bool) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    for field in sheet.fields() {
        let answer = answers.get(&field.id).map_or("", |answer| answer.trim());
        let answered =
            if field.kind == FieldKind::File { files.contains(&field.id) } else { !answer.is_empty() };
        if !answered {
            if whole && field.required {
                let fault = if field.kind == FieldKind::File { Fault::NeedsFile } else { Fault::Missing };
                mistakes.push(Mistake { field: field.id.clone(), told: fault.into() });
            }
            continue;
        }
        for told in wrong(field, answer) {
            mistakes.push(Mistake { field: field.id.clone(), told });
        }
    }
    mistakes
}

/// What is wrong with one answer.
fn wrong(field: &FormField, answer: &str) -> Vec<Told> {
    match field.kind {
        FieldKind::File => Vec::new(),
        FieldKind::Table => match rows(field, answer) {
            Ok(_) => Vec::new(),
            Err(mistakes) => mistakes,
        },
        FieldKind::Choices => {
            let unknown = answer.lines().map(str::trim).find(|one| !field.options.iter().any(|o| o == one));
            let told = |one| Told::from(Fault::NotOffered).with("value", short(one));
            unknown.map(told).into_iter().collect()
        }
        kind => value(kind, &field.options, field.min, field.max, answer).err().into_iter().collect(),
    }
}

/// Checks one value, of a field or a cell.
fn value(
    kind: FieldKind,
    options: &[String],
    min: Option<i64>,
    max: Option<i64>,
    given: &str,
) -> Result<(), Told> {
    match kind {
        FieldKind::Number => {
            let number: i64 = given.parse().map_err(|_| Told::from(Fault::Number))?;
            match (min, max) {
                (Some(min), _) if number < min => Err(Told::from(Fault::AtLeast).with("n", min)),
                (_, Some(max)) if number > max => Err(Told::from(Fault::AtMost).with("n", max)),
                _ => Ok(()),
            }
        }
        FieldKind::Date => match given.parse::<Date>() {
            Ok(_) => Ok(()),
            Err(_) => Err(Fault::Day.into()),
        },
        FieldKind::Email if !is_address(given) => Err(Fault::Address.into()),
        FieldKind::Choice if !options.iter().any(|option| option == given) => {
            Err(Told::from(Fault::OneOf).with("options", options.join(", ")))
        }
        FieldKind::YesNo if !matches!(given, "yes" | "no") => Err(Fault::YesOrNo.into()),
        _ if given.chars().count() > LONGEST => Err(Told::from(Fault::Characters).with("n", LONGEST)),
        _ => Ok(()),
    }
}

/// One `@` with something before and a domain behind it: what is finer only a mail can tell.
#[must_use]
pub fn is_address(text: &str) -> bool {
    let Some((name, domain)) = text.split_once('@') else { return false };
    let plain =
        |part: &str| part.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"<>,;@\"".contains(c));
    !name.is_empty()
        && text.len() <= 254
        && plain(name)
        && plain(domain)
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
}

/// The rows of a table, each with a cell for every column; the first line of the text names the columns in any order.
///
/// # Errors
/// What is wrong, by line, the first ten.
pub fn rows(field: &FormField, text: &str) -> Result<Vec<Vec<String>>, Vec<Told>> {
    if text.len() > LONGEST_TABLE {
        return Err(vec![Told::from(Fault::Kilobytes).with("n", LONGEST_TABLE / 1000)]);
    }
    let mut lines = csv(text).into_iter();
    let names: Vec<String> =
        lines.next().unwrap_or_default().iter().map(|name| name.trim().to_lowercase()).collect();
    let place = |column: &FormColumn| {
        names.iter().position(|name| *name == column.id || *name == column.label.to_lowercase())
    };
    let places: Vec<Option<usize>> = field.columns.iter().map(place).collect();
    let mut mistakes = Vec::new();
    for (column, place) in field.columns.iter().zip(&places) {
        if place.is_none() && column.required {
            mistakes.push(Told::from(Fault::NoColumn).with("column", &column.id));
        }
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let mut table: Vec<Vec<String>> = Vec::new();
    let mut seen: Vec<BTreeSet<String>> = vec![BTreeSet::new(); field.columns.len()];
    for (number, line) in lines.enumerate() {
        if line.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let mut row = Vec::with_capacity(field.columns.len());
        for ((column, place), seen) in field.columns.iter().zip(&places).zip(&mut seen) {
            let cell = place.and_then(|place| line.get(place)).map_or("", |cell| cell.trim());
            // The line of names is the first.
            let told = |what: Told| {
                let line = Told::from(Fault::InLine).with("n", number + 2).with("column", &column.label);
                line.about(what)
            };
            if cell.is_empty() {
                if column.required {
                    mistakes.push(told(Fault::Missing.into()));
                }
            } else if let Err(what) = value(column.kind, &column.options, None, None, cell) {
                mistakes.push(told(what));
            } else if column.unique && !seen.insert(cell.to_lowercase()) {
                mistakes.push(told(Told::from(Fault::Twice).with("value", short(cell))));
            }
            row.push(cell.to_owned());
        }
        table.push(row);
    }
    let most = field.max.and_then(|max| usize::try_from(max).ok()).unwrap_or(MOST_ROWS);
    let least = field.min.and_then(|min| usize::try_from(min).ok()).unwrap_or(1);
    if table.len() > most {
        mistakes.push(Told::from(Fault::RowsAtMost).with("n", table.len()).with("most", most));
    } else if table.len() < least {
        mistakes.push(Told::from(Fault::RowsAtLeast).with("n", table.len()).with("least", least));
    }
    if mistakes.is_empty() {
        return Ok(table);
    }
    if mistakes.len() > TOLD {
        let more = mistakes.len() - TOLD;
        mistakes.truncate(TOLD);
        mistakes.push(Told::from(Fault::More).with("n", more));
    }
    Err(mistakes)
}

/// The lines of a CSV text (RFC 4180), parted by the comma, semicolon or tab its first line has most of.
fn csv(text: &str) -> Vec<Vec<String>> {
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().next().unwrap_or_default();
    let count = |mark: char| first.matches(mark).count();
    let mark = [',', ';', '\t'].into_iter().rev().max_by_key(|mark| count(*mark)).unwrap_or(',');
    let (mut lines, mut line, mut cell) = (Vec::new(), Vec::new(), String::new());
    let mut quoted = false;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' if quoted && characters.peek() == Some(&'"') => {
                cell.push('"');
                characters.next();
            }
            '"' if quoted => quoted = false,
            '"' if cell.trim().is_empty() => {
                cell.clear();
                quoted = true;
            }
            c if c == mark && !quoted => line.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                line.push(std::mem::take(&mut cell));
                lines.push(std::mem::take(&mut line));
            }
            c => cell.push(c),
        }
    }
    if !cell.is_empty() || !line.is_empty() {
        line.push(cell);
        lines.push(line);
    }
    lines
}

/// The line that names the columns of a table that is filled in elsewhere.
#[must_use]
pub fn header(field: &FormField) -> String {
    let names: Vec<&str> = field.columns.iter().map(|column| column.id.as_str()).collect();
    format!("{}\n", names.join(","))
}

/// The same with one line that shows what a cell holds.
#[must_use]
pub fn sample(field: &FormField) -> String {
    let cells = field.columns.iter().map(|column| match column.kind {
        FieldKind::Email => "name@example.com".to_owned(),
        FieldKind::Number => "1".to_owned(),
        FieldKind::Date => "2027-01-31".to_owned(),
        FieldKind::Choice => column.options.first().cloned().unwrap_or_default(),
        FieldKind::YesNo => "yes".to_owned(),
        _ => column.label.clone(),
    });
    format!("{}{}\n", header(field), cells.collect::<Vec<_>>().join(","))
}

/// What whole answers say of the onboarding. A table says how many rows it has.
#[must_use]
pub fn facts(sheet: &FormSheet, answers: &Answers) -> Vec<Said> {
    let mut said = Vec::new();
    for field in sheet.fields() {
        let (Some(fact), Some(answer)) = (&field.fact, answers.get(&field.id)) else { continue };
        if answer.trim().is_empty() {
            continue;
        }
        let value = match field.kind {
            FieldKind::Table => {
                rows(field, answer).map_or_else(|_| "0".to_owned(), |rows| rows.len().to_string())
            }
            FieldKind::Choices => {
                answer.lines().map(str::trim).filter(|one| !one.is_empty()).collect::<Vec<_>>().join(", ")
            }
            _ => answer.trim().to_owned(),
        };
        said.push(Said { fact: fact.clone(), label: field.label.clone(), value });
    }
    said
}

/// What is to be done because of the answers, with its name filled in.
#[must_use]
pub fn tasks<'a>(sheet: &'a FormSheet, answers: &Answers) -> Vec<(&'a FormTask, String)> {
    let mut all = Vec::new();
    for task in &sheet.tasks {
        let answer = answers.get(&task.field).map_or("", |answer| answer.trim());
        if answer.is_empty() {
            continue;
        }
        let chosen = answer.lines().map(str::trim).any(|line| task.is.iter().any(|one| one == line));
        if task.is.is_empty() || chosen {
            all.push((task, task.name.replace("{answer}", &short(answer))));
        }
    }
    all
}

/// How many of the fields that must be answered are.
#[must_use]
pub fn progress(sheet: &FormSheet, answers: &Answers, files: &BTreeSet<String>) -> (usize, usize) {
    let needed: Vec<&FormField> = sheet.fields().filter(|field| field.required).collect();
    let there = |field: &&&FormField| match field.kind {
        FieldKind::File => files.contains(&field.id),
        _ => answers.get(&field.id).is_some_and(|answer| !answer.trim().is_empty()),
    };
    (needed.iter().filter(there).count(), needed.len())
}

fn short(text: &str) -> String {
    let one: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if one.chars().count() <= 80 { one } else { format!("{}…", one.chars().take(79).collect::<String>()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> FormSheet {
        toml::from_str(
            r#"
            id = "users"
            title = "Users"
            purpose = "To make accounts"
            days = 5
            [[section]]
            title = "Who"
            [[section.field]]
            id = "count"
            label = "Number of users"
            kind = "number"
            required = true
            min = 1
            max = 100
            fact = "users"
            [[section.field]]
            id = "sign-in"
            label = "How they sign in"
            kind = "choice"
            options = ["Password", "SAML"]
            [[section.field]]
            id = "list"
            label = "The list"
            kind = "table"
            required = true
            fact = "users_listed"
            [[section.field.column]]
            id = "name"
            label = "Name"
            kind = "text"
            required = true
            [[section.field.column]]
            id = "email"
            label = "Mail address"
            kind = "email"
            required = true
            unique = true
            [[section.field]]
            id = "contract"
            label = "Contract"
            kind = "file"
            required = true
            [[task]]
            field = "sign-in"
            is = ["SAML"]
            name = "Set up single sign-on ({answer})"
            owner = "joint"
            days = 3
            "#,
        )
        .unwrap()
    }

    fn answers(pairs: &[(&str, &str)]) -> Answers {
        pairs.iter().map(|(field, answer)| ((*field).to_owned(), (*answer).to_owned())).collect()
    }

    fn told(mistakes: Vec<Mistake>) -> Vec<String> {
        mistakes.into_iter().map(|one| format!("{} {}", one.field, one.told)).collect()
    }

    /// What is wrong with a table, in words.
    fn refused(field: &FormField, text: &str) -> Vec<String> {
        rows(field, text).unwrap_err().iter().map(Told::to_string).collect()
    }

    #[test]
    fn half_a_form_may_be_saved_and_a_whole_one_says_what_is_missing() {
        let sheet = sheet();
        let none = BTreeSet::new();
        assert!(check(&sheet, &answers(&[]), &none, false).is_empty());
        let whole = told(check(&sheet, &answers(&[("count", "5")]), &none, true));
        assert_eq!(whole, ["list is missing", "contract needs a file"]);
        let wrong = answers(&[("count", "500"), ("sign-in", "Fax")]);
        let wrong = told(check(&sheet, &wrong, &none, false));
        assert_eq!(wrong, ["count must be 100 at most", "sign-in must be one of: Password, SAML"]);
        assert_eq!(progress(&sheet, &answers(&[("count", "5")]), &none), (1, 3));
    }

    #[test]
    fn a_table_is_read_by_the_names_of_its_columns() {
        let sheet = sheet();
        let list = sheet.field("list").unwrap();
        let text = "E-mail;Name\nada@acme.example;\"Ada; \"\"A\"\"\"\n;\nbo@acme.example;Bo\n";
        assert_eq!(refused(list, text), ["has no column “email” in its first line"]);
        let text = text.replace("E-mail", "Mail address");
        let wanted = vec![
            vec!["Ada; \"A\"".to_owned(), "ada@acme.example".to_owned()],
            vec!["Bo".to_owned(), "bo@acme.example".to_owned()],
        ];
        assert_eq!(rows(list, &text), Ok(wanted));
        let text = "name,email\nAda,ada@acme.example\nBo,ADA@acme.example\n,bo";
        let wanted = [
            "line 3: Mail address “ADA@acme.example” stands there twice",
            "line 4: Name is missing",
            "line 4: Mail address must be a mail address",
        ];
        assert_eq!(refused(list, text), wanted);
        assert_eq!(refused(list, "name,email\n"), ["has 0 rows; 1 are the least"]);
        assert!(rows(list, &sample(list)).is_ok(), "the sample is a table");
    }

    #[test]
    fn answers_become_facts_and_tasks() {
        let sheet = sheet();
        let given = answers(&[
            ("count", "2"),
            ("sign-in", "SAML"),
            ("list", "name,email\nA,a@b.example\nB,b@b.example"),
        ]);
        let facts: Vec<(String, String)> =
            facts(&sheet, &given).into_iter().map(|said| (said.fact, said.value)).collect();
        let wanted = [("users", "2"), ("users_listed", "2")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(facts, wanted);
        let tasks = tasks(&sheet, &given);
        assert_eq!(tasks.len(), 1);
        assert_eq!(tasks[0].1, "Set up single sign-on (SAML)");
    }

    #[test]
    fn mail_addresses() {
        for good in ["a@b.example", "first.last+tag@sub.example.com"] {
            assert!(is_address(good), "{good}");
        }
        for bad in
            ["", "a", "a@", "@b.example", "a@b", "a b@c.example", "a@b@c.example", "<a@b.example>", "a@.b"]
        {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
