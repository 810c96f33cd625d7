//! Fields as people fill them in, from and to TOML.

use std::collections::BTreeSet;

use gangway_domain::deal::StakeholderRole;
use gangway_domain::methodology::{Question, Survey};
use gangway_domain::plan::LinkKind;
use gangway_domain::programme::Predecessor;
use toml_edit::{Array, InlineTable, Item, Table, TableLike, Value};

use super::edit::slug;
use super::form::{Field, Input, Kind, Values};

/// Stands between the choices of a question in a form.
const BETWEEN: &str = " | ";

/// What stands in a field.
pub(super) fn shown(table: &Table, field: Field) -> Input {
    let item = table.get(field.key);
    let text = || item.and_then(Item::as_str).unwrap_or_default().to_owned();
    let whole = |value: Option<i64>| value.map_or_else(String::new, |n| n.to_string());
    match field.kind {
        Kind::Text | Kind::Maybe => Input::One(text()),
        Kind::Number => Input::One(whole(item.and_then(Item::as_integer))),
        Kind::Amount => match item.and_then(Item::as_integer) {
            Some(number) => Input::One(number.to_string()),
            None => Input::One(text()),
        },
        Kind::Flag => {
            Input::One(if item.and_then(Item::as_bool) == Some(true) { "yes" } else { "" }.to_owned())
        }
        Kind::Range => {
            let ends = item.and_then(Item::as_array);
            let end = |i: usize| whole(ends.and_then(|ends| ends.get(i)?.as_integer()));
            Input::Rows(vec![vec![end(0), end(1)]])
        }
        Kind::Names => Input::Rows(texts(item).map(|name| vec![name]).collect()),
        Kind::Links => Input::Rows(texts(item).map(|text| link(&text)).collect()),
        Kind::Criteria => Input::Rows(rows_of(item, criterion)),
        Kind::Questions => Input::Rows(rows_of(item, question)),
    }
}

fn texts(item: Option<&Item>) -> impl Iterator<Item = String> {
    let list = item.and_then(Item::as_array);
    list.into_iter().flatten().map(|value| value.as_str().unwrap_or_default().to_owned())
}

/// A predecessor as a row; one that cannot be read stands in it as it is.
fn link(text: &str) -> Vec<String> {
    match text.parse::<Predecessor>() {
        Ok(found) => {
            let lag = if found.lag == 0 { String::new() } else { found.lag.to_string() };
            vec![found.id, kind_word(found.kind).to_owned(), lag]
        }
        Err(_) => vec![text.to_owned(), String::new(), String::new()],
    }
}

fn kind_word(kind: LinkKind) -> &'static str {
    match kind {
        LinkKind::FinishStart => "FS",
        LinkKind::StartStart => "SS",
        LinkKind::FinishFinish => "FF",
        LinkKind::StartFinish => "SF",
    }
}

/// The tables of a list, written in one line each or as blocks, as rows.
fn rows_of(item: Option<&Item>, row: fn(&dyn TableLike) -> Vec<String>) -> Vec<Vec<String>> {
    match item {
        Some(Item::Value(Value::Array(list))) => {
            list.iter().filter_map(|value| value.as_inline_table().map(|table| row(table))).collect()
        }
        Some(Item::ArrayOfTables(list)) => list.iter().map(|table| row(table)).collect(),
        _ => Vec::new(),
    }
}

fn cell(table: &dyn TableLike, key: &str) -> String {
    table.get(key).and_then(Item::as_str).unwrap_or_default().to_owned()
}

fn criterion(table: &dyn TableLike) -> Vec<String> {
    ["text", "rule", "when"].iter().map(|key| cell(table, key)).collect()
}

fn question(table: &dyn TableLike) -> Vec<String> {
    let options: Vec<String> = texts(table.get("options")).collect();
    vec![cell(table, "text"), cell(table, "kind"), options.join(BETWEEN), cell(table, "id")]
}

/// A survey of the methodology as the fields of a programme that is to ask it in words of its own.
#[must_use]
pub fn questionnaire_values(survey: &Survey) -> Values {
    let one = |text: &str| Input::One(text.to_owned());
    let row = |question: &Question| {
        let options = question.options.join(BETWEEN);
        vec![question.text.clone(), question.kind.clone(), options, question.id.clone()]
    };
    Values::from([
        ("title", one(&survey.title)),
        ("audience", one(&survey.audience)),
        ("roles", Input::Rows(survey.roles.iter().map(|role| vec![role_word(*role)]).collect())),
        ("target_response_percent", Input::One(survey.target_response_percent.to_string())),
        ("question", Input::Rows(survey.questions.iter().map(row).collect())),
    ])
}

/// What counts of what was typed: without blanks around it, and without empty rows.
pub(super) fn tidy(input: &Input) -> Input {
    match input {
        Input::One(text) => Input::One(text.trim().replace("\r\n", "\n")),
        Input::Rows(rows) => Input::Rows(
            rows.iter()
                .map(|row| row.iter().map(|cell| cell.trim().to_owned()).collect::<Vec<_>>())
                .filter(|row: &Vec<String>| row.first().is_some_and(|cell| !cell.is_empty()))
                .collect(),
        ),
    }
}

/// What was typed, as it is written; nothing for what is left out.
///
/// # Errors
/// What is wrong, as the rest of a sentence that begins with the field.
pub(super) fn read(field: Field, typed: &Input) -> Result<Option<Value>, String> {
    let typed = tidy(typed);
    let rows = match &typed {
        Input::Rows(rows) => rows.as_slice(),
        Input::One(_) => &[],
    };
    let text = match &typed {
        Input::One(text) => text.as_str(),
        Input::Rows(_) => "",
    };
    let number = |text: &str| {
        let known = text.parse::<u32>().map_err(|_| "must be a whole number, 0 or more".to_owned());
        known.map(i64::from)
    };
    Ok(match field.kind {
        Kind::Text if text.is_empty() => return Err("is missing".to_owned()),
        Kind::Text => Some(text.into()),
        Kind::Maybe => (!text.is_empty()).then(|| text.into()),
        Kind::Number => Some(number(text)?.into()),
        Kind::Amount if text.is_empty() => return Err("is missing".to_owned()),
        Kind::Amount => Some(match text.parse::<u32>() {
            Ok(number) => i64::from(number).into(),
            Err(_) => text.into(),
        }),
        Kind::Flag => (!text.is_empty()).then(|| true.into()),
        Kind::Range => match typed {
            Input::Rows(rows) => match rows.first().map(Vec::as_slice) {
                Some([from, to]) => Some(Value::Array([number(from)?, number(to)?].into_iter().collect())),
                _ => return Err("is missing: two whole numbers are needed".to_owned()),
            },
            Input::One(_) => return Err("is missing: two whole numbers are needed".to_owned()),
        },
        Kind::Names => {
            Some(Value::Array(rows.iter().filter_map(|row| row.first()).map(String::as_str).collect()))
        }
        Kind::Links => {
            let links: Vec<String> = rows.iter().map(|row| written_link(row)).collect::<Result<_, _>>()?;
            (!links.is_empty()).then(|| Value::Array(links.into_iter().collect()))
        }
        Kind::Criteria => (!rows.is_empty()).then(|| Value::Array(written_criteria(rows))),
        Kind::Questions if rows.is_empty() => return Err("are missing: a survey asks something".to_owned()),
        Kind::Questions => Some(Value::Array(written_questions(rows))),
    })
}

fn written_link(row: &[String]) -> Result<String, String> {
    let cell = |i: usize| row.get(i).map_or("", String::as_str);
    let (id, kind, lag) = (cell(0), cell(1), cell(2));
    let kind = if kind.is_empty() { "FS" } else { kind };
    let days = match lag {
        "" => 0,
        lag => lag
            .trim_start_matches('+')
            .parse::<i32>()
            .map_err(|_| format!("waits “{lag}” days for `{id}`: write a whole number of working days"))?,
    };
    let text = match (kind, days) {
        ("FS", 0) => id.to_owned(),
        (kind, 0) => format!("{id} {kind}"),
        (kind, days) => format!("{id} {kind}{days:+}"),
    };
    text.parse::<Predecessor>().map(|_| text).map_err(|problem| format!("cannot be used: {problem}"))
}

fn written_criteria(rows: &[Vec<String>]) -> Array {
    let mut list = Array::new();
    for row in rows {
        let mut table = InlineTable::new();
        for (key, cell) in ["text", "rule", "when"].iter().zip(row) {
            if !cell.is_empty() {
                table.insert(*key, cell.as_str().into());
            }
        }
        let mut value = Value::InlineTable(table);
        value.decor_mut().set_prefix("\n  ");
        list.push_formatted(value);
    }
    list.set_trailing("\n");
    list.set_trailing_comma(true);
    list
}

/// The word of a stakeholder's role in files.
fn role_word(role: StakeholderRole) -> String {
    let word = toml::Value::try_from(role).ok();
    word.and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

fn written_questions(rows: &[Vec<String>]) -> Array {
    let mut list = Array::new();
    let mut taken: BTreeSet<String> = rows.iter().filter_map(|row| row.get(3)).cloned().collect();
    for row in rows {
        let cell = |i: usize| row.get(i).map_or("", String::as_str);
        let id = match cell(3) {
            "" => (1_u32..)
                .map(|n| if n == 1 { slug(cell(0)) } else { format!("{}-{n}", slug(cell(0))) })
                .find(|id| !taken.contains(id))
                .unwrap_or_default(),
            id => id.to_owned(),
        };
        taken.insert(id.clone());
        let mut table = InlineTable::new();
        table.insert("id", id.into());
        table.insert("kind", if cell(1).is_empty() { "text" } else { cell(1) }.into());
        table.insert("text", cell(0).into());
        let options: Vec<&str> =
            cell(2).split('|').map(str::trim).filter(|option| !option.is_empty()).collect();
        if !options.is_empty() {
            table.insert("options", Value::Array(options.into_iter().collect()));
        }
        let mut value = Value::InlineTable(table);
        value.decor_mut().set_prefix("\n  ");
        list.push_formatted(value);
    }
    list.set_trailing("\n");
    list.set_trailing_comma(true);
    list
}

/// Writes a value, or leaves the key out.
pub(super) fn put(table: &mut Table, field: Field, value: Option<Value>) {
    match value {
        Some(value) => replace(table, field.key, value),
        None => {
            table.remove(field.key);
        }
    }
}

/// Writes a value in place of another, keeping what stands around it.
pub(super) fn replace(table: &mut Table, key: &str, mut value: Value) {
    match table.get_mut(key) {
        Some(Item::Value(old)) => {
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        _ => {
            table.insert(key, Item::Value(value));
        }
    }
}
