//! What one version of a programme does differently from another, phase by phase, in the words people use.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use crate::diff::longest_rise;

/// The differences of two versions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// What differs, in the order of the programme; groups without differences are left out.
    pub groups: Vec<Group>,
    /// A text that is not TOML cannot be compared: which.
    pub unreadable: Option<String>,
}

/// The differences of one phase, or of another part of the programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Name of the phase or the part.
    pub title: String,
    /// What differs in it.
    pub items: Vec<Item>,
}

/// Something that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is: `Task`, `Gate`, `Meeting` …
    pub what: &'static str,
    /// What it is called.
    pub name: String,
    /// What happened to it.
    pub change: Change,
    /// Its fields that differ.
    pub deltas: Vec<Delta>,
}

/// What happened to something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is another, or stands elsewhere.
    Changed,
}

/// A field that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delta {
    /// What people call it.
    pub label: String,
    /// What it was; several where it is a list, and then only what is gone.
    pub from: Vec<String>,
    /// What it is; several where it is a list, and then only what is new.
    pub to: Vec<String>,
}

impl Comparison {
    /// What `to` does differently from `from`. Comments and layout do not count, nor does the version.
    #[must_use]
    pub fn of(from: &str, to: &str) -> Self {
        let unreadable = |which: &str| Self {
            unreadable: Some(format!("The {which} text is not valid TOML, so it cannot be compared.")),
            ..Self::default()
        };
        let Ok(from) = from.parse::<Table>() else { return unreadable("earlier") };
        let Ok(to) = to.parse::<Table>() else { return unreadable("later") };
        let mut groups = vec![Group { title: "About the programme".to_owned(), items: head(&from, &to) }];
        groups.extend(phases(&from, &to));
        for (key, what, title) in PARTS {
            groups.push(Group { title: title.to_owned(), items: list(&from, &to, key, what, |_| true) });
        }
        groups.push(Group { title: "Activation and rollout".to_owned(), items: adoption(&from, &to) });
        groups.push(Group { title: "Definition of complete".to_owned(), items: complete(&from, &to) });
        groups.retain(|group| !group.items.is_empty());
        Called::of(&from, &to).instead_of_ids(&mut groups);
        Self { groups, unreadable: None }
    }

    /// Nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.unreadable.is_none()
    }

    /// How many things are new, gone, and other.
    #[must_use]
    pub fn counts(&self) -> [usize; 3] {
        let count = |change| {
            self.groups.iter().flat_map(|group| &group.items).filter(|item| item.change == change).count()
        };
        [count(Change::Added), count(Change::Removed), count(Change::Changed)]
    }
}

/// What people call what the file names by id.
struct Called {
    roles: BTreeMap<String, String>,
    phases: BTreeMap<String, String>,
    points: BTreeMap<String, String>,
}

impl Called {
    /// By the later version where both have a name for it.
    fn of(from: &Table, to: &Table) -> Self {
        let names = |keys: &[&str]| {
            let both = [from, to].into_iter().flat_map(|table| keys.iter().flat_map(|key| rows(table, key)));
            both.filter_map(|row| Some((row.get("id")?.as_str()?.to_owned(), called(row)))).collect()
        };
        Self { roles: names(&["role"]), phases: names(&["phase"]), points: names(&["task", "milestone"]) }
    }

    fn instead_of_ids(&self, groups: &mut [Group]) {
        let items = groups.iter_mut().flat_map(|group| &mut group.items);
        for delta in items.flat_map(|item| &mut item.deltas) {
            let names = match delta.label.as_str() {
                "Role" | "Roles" | "Columns" => &self.roles,
                "Phase" | "Until phase" => &self.phases,
                "Comes after" | "Held at" | "Value milestones" | "Technical milestones" | "Task" => {
                    &self.points
                }
                _ => continue,
            };
            for text in delta.from.iter_mut().chain(&mut delta.to) {
                let (id, link) = text.split_once(' ').unwrap_or((text, ""));
                if let Some(name) = names.get(id) {
                    *text = if link.is_empty() { name.clone() } else { format!("{name} ({link})") };
                }
            }
        }
    }
}

/// Lists of the programme that belong to no phase: key, what one is, title of the group.
const PARTS: [(&str, &str, &str); 8] = [
    ("role", "Role", "Roles"),
    ("meeting", "Meeting", "Meetings"),
    ("governance", "Forum", "Governance"),
    ("raci.row", "Activity", "RACI matrix"),
    ("training", "Training", "Training"),
    ("survey", "Survey", "Surveys"),
    ("questionnaire", "Survey", "What surveys ask"),
    ("form", "Form", "Forms"),
];

fn head(from: &Table, to: &Table) -> Vec<Item> {
    let scalar = |table: &Table| -> Table {
        let kept = table.iter().filter(|(key, value)| {
            !matches!(key.as_str(), "version" | "id")
                && !value.is_table()
                && !value.as_array().is_some_and(|list| list.iter().any(Value::is_table))
        });
        kept.map(|(key, value)| (key.clone(), value.clone())).collect()
    };
    let (from, to) = (scalar(from), scalar(to));
    let name = to.get("name").and_then(Value::as_str).unwrap_or("Programme").to_owned();
    changed("Programme", name, deltas(&from, &to)).into_iter().collect()
}

/// The phases in the order of the later version, those that are gone after them.
fn phases(from: &Table, to: &Table) -> Vec<Group> {
    let mut ids: Vec<&str> = rows(to, "phase").iter().filter_map(|row| row.get("id")?.as_str()).collect();
    for row in rows(from, "phase") {
        if let Some(id) = row.get("id").and_then(Value::as_str)
            && !ids.contains(&id)
        {
            ids.push(id);
        }
    }
    // Tasks whose phase is mistyped belong to none of them.
    let known: BTreeSet<&str> = ids.iter().copied().collect();
    let mut groups: Vec<Group> = ids.iter().map(|id| phase(from, to, id)).collect();
    let astray = |row: &Table| !known.contains(row.get("phase").and_then(Value::as_str).unwrap_or_default());
    let mut items = list(from, to, "task", "Task", astray);
    items.extend(list(from, to, "milestone", "Milestone", astray));
    groups.push(Group { title: "In no phase".to_owned(), items });
    groups
}

fn phase(from: &Table, to: &Table, id: &str) -> Group {
    let of = |table| find(rows(table, "phase").as_slice(), id);
    let title = of(to).or(of(from)).map(called).unwrap_or_default();
    let here = |row: &Table| row.get("phase").and_then(Value::as_str) == Some(id);
    let mut items = list(from, to, "phase", "Phase", |row| row.get("id").and_then(Value::as_str) == Some(id));
    // Its place among the phases shows in the order of the groups.
    items.extend(list(from, to, "task", "Task", here));
    items.extend(list(from, to, "milestone", "Milestone", here));
    Group { title, items }
}

/// What differs in a list; `here` picks what belongs to the group, by the later version where there is one.
fn list(from: &Table, to: &Table, key: &str, what: &'static str, here: impl Fn(&Table) -> bool) -> Vec<Item> {
    let (before, after) = (rows(from, key), rows(to, key));
    let mut items = Vec::new();
    let order: Vec<usize> = after.iter().filter_map(|row| place(&before, &named(row))).collect();
    let unmoved = longest_rise(&order);
    for row in after.iter().filter(|row| here(row)) {
        let id = named(row);
        let Some(old) = place(&before, &id) else {
            let deltas = summary(row, false);
            items.push(Item { what: kind(what, row), name: called(row), change: Change::Added, deltas });
            continue;
        };
        let mut deltas = before.get(old).map(|before| deltas(before, row)).unwrap_or_default();
        if !unmoved.contains(&old) {
            let neighbour = |rows: &[&Table], id: &str| match place(rows, id) {
                Some(at) if at > 0 => rows.get(at - 1).map(|row| format!("after “{}”", called(row))),
                _ => Some("first".to_owned()),
            };
            let (was, is) = (neighbour(&before, &id), neighbour(&after, &id));
            deltas.push(Delta {
                label: "Place".to_owned(),
                from: was.into_iter().collect(),
                to: is.into_iter().collect(),
            });
        }
        items.extend(changed(kind(what, row), called(row), deltas));
    }
    for row in before.iter().filter(|row| here(row) && place(&after, &named(row)).is_none()) {
        let deltas = summary(row, true);
        items.push(Item { what: kind(what, row), name: called(row), change: Change::Removed, deltas });
    }
    items
}

fn changed(what: &'static str, name: String, deltas: Vec<Delta>) -> Option<Item> {
    (!deltas.is_empty()).then_some(Item { what, name, change: Change::Changed, deltas })
}

fn kind(what: &'static str, row: &Table) -> &'static str {
    if what == "Milestone" && row.get("gate").and_then(Value::as_bool) == Some(true) { "Gate" } else { what }
}

fn adoption(from: &Table, to: &Table) -> Vec<Item> {
    let mut items = list(from, to, "activation.target", "Target", |_| true);
    for (key, what) in [("activation", "Activation"), ("rollout", "Rollout"), ("raci", "RACI matrix")] {
        let scalars = |table: &Table| -> Table {
            let inner = table.get(key).and_then(Value::as_table).cloned().unwrap_or_default();
            inner.into_iter().filter(|(key, _)| !matches!(key.as_str(), "target" | "row")).collect()
        };
        items.extend(changed(what, what.to_owned(), deltas(&scalars(from), &scalars(to))));
    }
    items
}

fn complete(from: &Table, to: &Table) -> Vec<Item> {
    let inner = |table: &Table| table.get("complete").and_then(Value::as_table).cloned().unwrap_or_default();
    changed("Complete", "What complete means".to_owned(), deltas(&inner(from), &inner(to)))
        .into_iter()
        .collect()
}

/// The tables of a list; `raci.row` lies one deeper.
fn rows<'t>(table: &'t Table, key: &str) -> Vec<&'t Table> {
    let mut table = table;
    let mut key = key;
    while let Some((outer, rest)) = key.split_once('.') {
        let Some(inner) = table.get(outer).and_then(Value::as_table) else { return Vec::new() };
        (table, key) = (inner, rest);
    }
    let list = table.get(key).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_table).collect()
}

/// What tells one of a list from the others.
fn named(row: &Table) -> String {
    let text = |key: &str| row.get(key).and_then(Value::as_str).unwrap_or_default();
    match ["id", "track", "survey", "activity"].iter().map(|key| text(key)).find(|text| !text.is_empty()) {
        // A track is given, and a survey sent, more than once.
        Some(name) => {
            [name, text("task"), if row.contains_key("survey") { text("after") } else { "" }].join(" ")
        }
        None => text("name").to_owned(),
    }
}

fn called(row: &Table) -> String {
    let keys = ["name", "title", "activity", "track", "survey", "id"];
    let text = keys.iter().find_map(|key| row.get(*key)?.as_str());
    text.unwrap_or_default().to_owned()
}

fn find<'t>(rows: &[&'t Table], id: &str) -> Option<&'t Table> {
    rows.iter().copied().find(|row| row.get("id").and_then(Value::as_str) == Some(id))
}

fn place(rows: &[&Table], name: &str) -> Option<usize> {
    rows.iter().position(|row| named(row) == name)
}

/// The fields that say most of something new or gone.
fn summary(row: &Table, gone: bool) -> Vec<Delta> {
    let shown =
        ["owner", "role", "days", "day", "after", "weeks", "minutes", "frequency", "when", "criteria"];
    shown
        .iter()
        .filter_map(|key| {
            let words = words(row.get(*key)?);
            let (from, to) = if gone { (words, Vec::new()) } else { (Vec::new(), words) };
            Some(Delta { label: label(key), from, to })
        })
        .filter(|delta| !delta.from.is_empty() || !delta.to.is_empty())
        .collect()
}

fn deltas(from: &Table, to: &Table) -> Vec<Delta> {
    let mut keys: Vec<&String> = to.keys().collect();
    keys.extend(from.keys().filter(|key| !to.contains_key(*key)));
    let differ = keys.into_iter().filter(|key| key.as_str() != "id" && from.get(*key) != to.get(*key));
    differ
        .map(|key| {
            let (mut before, mut after) =
                (from.get(key).map(words).unwrap_or_default(), to.get(key).map(words).unwrap_or_default());
            let lists = |value: Option<&Value>| value.is_none_or(Value::is_array);
            if lists(from.get(key)) && lists(to.get(key)) && !is_range(to.get(key).or(from.get(key))) {
                let same: Vec<String> = before.iter().filter(|word| after.contains(word)).cloned().collect();
                if same.len() < before.len() || same.len() < after.len() {
                    before.retain(|word| !same.contains(word));
                    after.retain(|word| !same.contains(word));
                }
            }
            Delta { label: label(key), from: before, to: after }
        })
        .collect()
}

fn is_range(value: Option<&Value>) -> bool {
    value.and_then(Value::as_array).is_some_and(|list| list.iter().all(Value::is_integer))
}

/// A value in words: one for a value, one each for a list.
fn words(value: &Value) -> Vec<String> {
    match value {
        Value::Array(list) if is_range(Some(value)) => {
            vec![list.iter().flat_map(words).collect::<Vec<_>>().join("–")]
        }
        Value::Array(list) => list.iter().flat_map(words).collect(),
        Value::Table(table) => {
            let inner = ["field", "column"].iter().filter_map(|key| table.get(*key)).flat_map(words);
            std::iter::once(row_words(table)).chain(inner).collect()
        }
        Value::String(text) => vec![text.clone()],
        Value::Boolean(yes) => vec![if *yes { "yes" } else { "no" }.to_owned()],
        other => vec![other.to_string()],
    }
}

/// A small table in one line: a criterion with its rule, a point of an agenda with its minutes.
fn row_words(table: &Table) -> String {
    let text = |key: &str| table.get(key).and_then(Value::as_str).unwrap_or_default();
    let mut line =
        ["text", "title", "name", "label"].iter().map(|key| text(key)).find(|text| !text.is_empty());
    let mut words = line.take().unwrap_or_default().to_owned();
    if let Some(minutes) = table.get("minutes").and_then(Value::as_integer) {
        words.push_str(&format!(", {minutes} minutes"));
    }
    if let Some(Value::Array(options)) = table.get("options") {
        let options: Vec<&str> = options.iter().filter_map(Value::as_str).collect();
        words.push_str(&format!(": {}", options.join(", ")));
    }
    if table.get("required").and_then(Value::as_bool) == Some(true) {
        words.push_str(", required");
    }
    for key in ["kind", "help", "fact", "outcome", "rule", "when"] {
        if !text(key).is_empty() {
            words.push_str(&format!(" ({}: {})", label(key).to_lowercase(), text(key)));
        }
    }
    words
}

/// What people call a key.
fn label(key: &str) -> String {
    let known = match key {
        "name" | "title" => "Name",
        "summary" => "Summary",
        "segment" => "Segment",
        "duration_days" => "Usual duration in days",
        "go_live_day" => "Go-live day",
        "complete_day" => "Complete by day",
        "lead_days" => "Days of preparation",
        "phase" => "Phase",
        "owner" | "side" => "Side",
        "role" => "Role",
        "days" => "Working days",
        "day" => "Due on day",
        "after" => "Comes after",
        "when" => "Only when",
        "counted_by" => "Counted by",
        "for_each" => "Repeated for",
        "chain" => "One after the other",
        "switch_over" => "Switch-over",
        "deliverable" => "Leaves behind",
        "deliverables" => "Handed over",
        "note" => "How to do it well",
        "kind" => "Kind",
        "gate" => "Gate",
        "first_value" => "First value",
        "criteria" => "Criteria",
        "evidence" => "Proved by",
        "celebrate" => "Celebrated",
        "does" => "What the role does",
        "filled_by" => "Filled by",
        "goal" => "Goal",
        "weeks" => "Weeks",
        "customer" => "What the customer does",
        "item" => "Agenda",
        "at" => "Held at",
        "every_weeks" => "Every so many weeks",
        "daily" => "On every working day",
        "until" => "Until phase",
        "with_customer" => "With the customer",
        "cells" => "Letters",
        "columns" => "Columns",
        "value" => "Value milestones",
        "technical" => "Technical milestones",
        "question" => "Questions",
        "section" => "Sections",
        "target_response_percent" => "Answers aimed at, %",
        other => {
            let words = other.replace('_', " ");
            let mut letters = words.chars();
            return letters
                .next()
                .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect());
        }
    };
    known.to_owned()
}
