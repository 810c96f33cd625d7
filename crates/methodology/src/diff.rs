//! What two libraries do differently, in the terms of the files: programmes by their tasks, everything
//! else by its keys, texts by their lines.

use std::fmt::{self, Write as _};

use toml::{Table, Value};

use crate::library::Library;

/// Longest value shown in a change, in characters.
const MOST_SHOWN: usize = 80;

/// What happened to a part.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It stands elsewhere in its list.
    Moved,
    /// Its value is another.
    Changed {
        /// What it was.
        from: String,
        /// What it is.
        to: String,
    },
}

/// One difference between two libraries.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// Path of the file.
    pub file: String,
    /// The part in the file's own words: ``task `kickoff` days``; `line 7` of a text; empty for the whole file.
    pub what: String,
    /// What happened to it.
    pub kind: ChangeKind,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, what, kind } = self;
        write!(f, "{file}: ")?;
        if !what.is_empty() {
            write!(f, "{what} ")?;
        }
        match kind {
            ChangeKind::Added => f.write_str("added"),
            ChangeKind::Removed => f.write_str("removed"),
            ChangeKind::Moved => f.write_str("moved"),
            ChangeKind::Changed { from, to } => write!(f, "{from} → {to}"),
        }
    }
}

/// What `b` does differently from `a`, in order of file. Comments and layout do not count.
#[must_use]
pub fn diff(a: &Library, b: &Library) -> Vec<Change> {
    let mut out = Vec::new();
    let mut paths: Vec<&str> = a.paths().chain(b.paths()).collect();
    paths.sort_unstable();
    paths.dedup();
    for path in paths {
        let whole = |kind| Change { file: path.to_owned(), what: String::new(), kind };
        match (a.text(path), b.text(path)) {
            (Some(_), None) => out.push(whole(ChangeKind::Removed)),
            (None, Some(_)) => out.push(whole(ChangeKind::Added)),
            (Some(before), Some(after)) if before != after => file(path, before, after, &mut out),
            _ => {}
        }
    }
    out
}

/// The changes as lines of text; empty without any.
#[must_use]
pub fn render_changes(changes: &[Change]) -> String {
    changes.iter().fold(String::new(), |mut out, change| {
        let _ = writeln!(out, "{change}");
        out
    })
}

fn file(path: &str, before: &str, after: &str, out: &mut Vec<Change>) {
    // A file that is not TOML (any more) is compared as text.
    match (before.parse::<Table>(), after.parse::<Table>()) {
        (Ok(before), Ok(after)) if path.ends_with(".toml") => tables(path, "", &before, &after, out),
        _ => lines(path, before, after, out),
    }
}

fn tables(path: &str, what: &str, before: &Table, after: &Table, out: &mut Vec<Change>) {
    let mut keys: Vec<&String> = before.keys().chain(after.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    for key in keys {
        let what = join(what, key);
        match (before.get(key), after.get(key)) {
            (Some(before), Some(after)) => values(path, &what, before, after, out),
            // A list that begins or ends is told thing by thing as well.
            (Some(Value::Array(list)), None) if is_told_one_by_one(list) => {
                lists(path, &what, list, &[], out);
            }
            (None, Some(Value::Array(list))) if is_told_one_by_one(list) => {
                lists(path, &what, &[], list, out);
            }
            (before, after) => {
                let show = |value: Option<&Value>| value.map_or("nothing".to_owned(), shown);
                let kind = ChangeKind::Changed { from: show(before), to: show(after) };
                out.push(Change { file: path.to_owned(), what, kind });
            }
        }
    }
}

fn values(path: &str, what: &str, before: &Value, after: &Value, out: &mut Vec<Change>) {
    match (before, after) {
        _ if before == after => {}
        (Value::Table(before), Value::Table(after)) => tables(path, what, before, after, out),
        (Value::Array(before), Value::Array(after)) if named(before) && named(after) => {
            lists(path, what, before, after, out)
        }
        _ => {
            let kind = ChangeKind::Changed { from: shown(before), to: shown(after) };
            out.push(Change { file: path.to_owned(), what: what.to_owned(), kind });
        }
    }
}

/// Lists of things with names are compared thing by thing.
fn lists(path: &str, what: &str, before: &[Value], after: &[Value], out: &mut Vec<Change>) {
    let change = |name: &str, kind| Change { file: path.to_owned(), what: format!("{what} `{name}`"), kind };
    let find = |list: &[Value], name: &str| list.iter().position(|item| name_of(item) == Some(name));
    for name in before.iter().filter_map(name_of).filter(|name| find(after, name).is_none()) {
        out.push(change(name, ChangeKind::Removed));
    }
    // Moved means: among those that stay, the order is another. The longest run in order counts as unmoved.
    let stay: Vec<usize> = after.iter().filter_map(name_of).filter_map(|name| find(before, name)).collect();
    let unmoved = longest_rise(&stay);
    for (item, name) in after.iter().filter_map(|item| name_of(item).map(|name| (item, name))) {
        let Some(old) = find(before, name) else {
            out.push(change(name, ChangeKind::Added));
            continue;
        };
        if !unmoved.contains(&old) {
            out.push(change(name, ChangeKind::Moved));
        }
        if let Some(before) = before.get(old) {
            values(path, &format!("{what} `{name}`"), before, item, out);
        }
    }
}

/// The members of a longest rising subsequence.
pub(crate) fn longest_rise(numbers: &[usize]) -> Vec<usize> {
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(numbers.len());
    for (i, n) in numbers.iter().enumerate() {
        let before = (0..i).filter(|j| numbers[*j] < *n).max_by_key(|j| (best[*j].0, usize::MAX - j));
        best.push((before.map_or(1, |j| best[j].0 + 1), before));
    }
    let mut rise = Vec::new();
    let mut at = (0..numbers.len()).max_by_key(|i| (best[*i].0, usize::MAX - i));
    while let Some(i) = at {
        rise.push(numbers[i]);
        at = best[i].1;
    }
    rise
}

/// What an item of a list is called: its id, else its name, title, role, activity or country, and at last its text,
/// as with criteria.
fn name_of(item: &Value) -> Option<&str> {
    let table = item.as_table()?;
    ["id", "track", "survey", "name", "title", "activity", "role", "kind", "country", "text"]
        .iter()
        .find_map(|key| table.get(*key)?.as_str())
}

/// Whether every item has a name of its own.
fn named(list: &[Value]) -> bool {
    let mut names: Vec<&str> = list.iter().filter_map(name_of).collect();
    names.sort_unstable();
    names.dedup();
    names.len() == list.len()
}

fn is_told_one_by_one(list: &[Value]) -> bool {
    !list.is_empty() && named(list)
}

fn lines(path: &str, before: &str, after: &str, out: &mut Vec<Change>) {
    let (before, after): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let same_start = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
    let rest = before.len().min(after.len()) - same_start;
    let same_end = before.iter().rev().zip(after.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let changed = |lines: &[&str]| match lines.get(same_start..lines.len() - same_end) {
        None | Some([]) => "nothing".to_owned(),
        Some([line]) => shorten(&format!("\"{line}\"")),
        Some([line, rest @ ..]) => {
            format!("{} and {} more lines", shorten(&format!("\"{line}\"")), rest.len())
        }
    };
    let (from, to) = (changed(&before), changed(&after));
    let kind =
        if from == to { ("other line ends".to_owned(), "other line ends".to_owned()) } else { (from, to) };
    out.push(Change {
        file: path.to_owned(),
        what: format!("line {}", same_start + 1),
        kind: ChangeKind::Changed { from: kind.0, to: kind.1 },
    });
}

fn join(what: &str, key: &str) -> String {
    if what.is_empty() { key.to_owned() } else { format!("{what} {key}") }
}

fn shown(value: &Value) -> String {
    shorten(&value.to_string().replace('\n', " "))
}

fn shorten(text: &str) -> String {
    if text.chars().count() <= MOST_SHOWN {
        return text.to_owned();
    }
    let head: String = text.chars().take(MOST_SHOWN - 1).collect();
    format!("{head}…")
}
