//! A programme's text with single parts changed, as a careful person would change it by hand: comments,
//! order and layout of the rest stay.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use thiserror::Error;
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, RawString, Table, Value};

use super::form::{Input, Mistake, Part, Values};
use super::write;

/// The text is not TOML, so that no part of it can be found.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("this is not valid TOML: {0}")]
pub struct NotToml(String);

/// The text of a programme, open for changes.
#[derive(Debug, Clone)]
pub struct ProgrammeText {
    document: DocumentMut,
}

impl ProgrammeText {
    /// Opens a text.
    ///
    /// # Errors
    /// When it is not TOML.
    pub fn open(text: &str) -> Result<Self, NotToml> {
        let document = text.parse().map_err(|error: toml_edit::TomlError| {
            NotToml(error.message().lines().next().unwrap_or_default().to_owned())
        })?;
        Ok(Self { document })
    }

    /// The text as it stands.
    #[must_use]
    pub fn text(&self) -> String {
        self.document.to_string()
    }

    /// What stands in the fields of a part; nothing when it is not there. `id` counts where there are several.
    #[must_use]
    pub fn values(&self, part: Part, id: &str) -> Option<Values> {
        let table = self.table(part, id)?;
        Some(part.fields().iter().map(|field| (field.key, write::shown(table, *field))).collect())
    }

    /// Tells whether a part is still what it was when somebody looked at it; empty when it is not there.
    #[must_use]
    pub fn mark(&self, part: Part, id: &str) -> String {
        let Some(values) = self.values(part, id) else { return String::new() };
        let digest = Sha256::digest(format!("{values:?}"));
        digest.iter().take(8).fold(String::new(), |mut mark, byte| {
            let _ = write!(mark, "{byte:02x}");
            mark
        })
    }

    /// Writes what differs from what stands there; fields that are not given stay as they are.
    ///
    /// # Errors
    /// What is wrong with the fields; then nothing is changed. Nothing when the part is not there.
    pub fn set(&mut self, part: Part, id: &str, values: &Values) -> Result<bool, Vec<Mistake>> {
        let mut mistakes = Vec::new();
        let Some(table) = self.table(part, id) else { return Ok(false) };
        let mut changed = Vec::new();
        for field in part.fields() {
            let Some(typed) = values.get(field.key) else { continue };
            if write::tidy(typed) == write::tidy(&write::shown(table, *field)) {
                continue;
            }
            match write::read(*field, typed) {
                Ok(value) => changed.push((*field, value)),
                Err(message) => mistakes.push(Mistake { key: field.key, message }),
            }
        }
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let Some(table) = self.table_mut(part, id) else { return Ok(false) };
        for (field, value) in changed {
            write::put(table, field, value);
        }
        Ok(true)
    }

    /// Adds a task, a milestone, a role or a phase behind another, or at the end.
    ///
    /// # Errors
    /// What is wrong with the fields; then nothing is added.
    pub fn add(
        &mut self,
        part: Part,
        id: &str,
        behind: Option<&str>,
        values: &Values,
    ) -> Result<(), Vec<Mistake>> {
        let mut table = Table::new();
        table.insert("id", Item::Value(id.into()));
        let mut mistakes = Vec::new();
        for field in part.fields() {
            let empty = Input::One(String::new());
            let typed = values.get(field.key).unwrap_or(&empty);
            match write::read(*field, typed) {
                Ok(value) => write::put(&mut table, *field, value),
                Err(message) => mistakes.push(Mistake { key: field.key, message }),
            }
        }
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        table.decor_mut().set_prefix("\n");
        let root = self.document.as_table_mut();
        let list = root.entry(part.word()).or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
        if let Item::ArrayOfTables(list) = list {
            let at = behind.and_then(|behind| index_of(list, behind)).unwrap_or(list.len().saturating_sub(1));
            // A survey of its own may hold tables of its own: without a place it comes after them.
            if part != Part::Questionnaire {
                table.set_position(list.get(at).and_then(Table::position));
            }
            if list.is_empty() {
                list.push(table);
            } else {
                list.insert(at + 1, table);
            }
        }
        Ok(())
    }

    /// Removes a task or milestone. What waited for it waits for what it waited for.
    pub fn remove(&mut self, part: Part, id: &str) -> bool {
        let Some(Item::ArrayOfTables(list)) = self.document.get_mut(part.word()) else { return false };
        let Some(at) = index_of(list, id) else { return false };
        let gone = list.get(at).cloned().unwrap_or_default();
        list.remove(at);
        let (section, _) = heading(&gone);
        if !section.is_empty()
            && let Some(next) = list.get_mut(at)
        {
            let (_, own) = heading(next);
            next.decor_mut().set_prefix(format!("{section}{own}"));
        }
        let before: Vec<String> = texts(gone.get("after"));
        for part in [Part::Task, Part::Milestone] {
            let Some(Item::ArrayOfTables(list)) = self.document.get_mut(part.word()) else { continue };
            for table in list.iter_mut() {
                pass_through(table, id, &before);
            }
        }
        if let Some(Item::Table(complete)) = self.document.get_mut("complete") {
            for key in ["value", "technical"] {
                if let Some(Item::Value(Value::Array(ids))) = complete.get_mut(key) {
                    ids.retain(|known| known.as_str() != Some(id));
                }
            }
        }
        true
    }

    /// Moves a task or milestone before or behind its neighbour in the same phase. False when there is none.
    pub fn shift(&mut self, part: Part, id: &str, up: bool) -> bool {
        let Some(Item::ArrayOfTables(list)) = self.document.get_mut(part.word()) else { return false };
        let Some(at) = index_of(list, id) else { return false };
        let phase = |i: usize| list.get(i).and_then(|table| table.get("phase")?.as_str());
        let here = phase(at);
        let found = if up {
            (0..at).rev().find(|i| phase(*i) == here)
        } else {
            (at + 1..list.len()).find(|i| phase(*i) == here)
        };
        let Some(other) = found else { return false };
        let (Some(mut one), Some(mut two)) = (list.get(at).cloned(), list.get(other).cloned()) else {
            return false;
        };
        // A heading above a table belongs to its place, a remark directly above it to the table.
        let ((above_one, of_one), (above_two, of_two)) = (heading(&one), heading(&two));
        one.decor_mut().set_prefix(format!("{above_two}{of_one}"));
        two.decor_mut().set_prefix(format!("{above_one}{of_two}"));
        let (here, there) = (one.position(), two.position());
        one.set_position(there);
        two.set_position(here);
        list.replace(at, two);
        list.replace(other, one);
        true
    }

    /// Writes the version.
    pub fn set_version(&mut self, version: u32) {
        write::replace(self.document.as_table_mut(), "version", i64::from(version).into());
    }

    /// The id a new part gets: its name in small letters with hyphens, with a number when it is taken.
    #[must_use]
    pub fn fresh_id(&self, name: &str) -> String {
        let id = slug(name);
        let taken = |id: &str| Part::ALL.iter().any(|part| part.has_id() && self.table(*part, id).is_some());
        if !taken(&id) {
            return id;
        }
        (2_u32..).map(|n| format!("{id}-{n}")).find(|id| !taken(id)).unwrap_or(id)
    }

    fn table(&self, part: Part, id: &str) -> Option<&Table> {
        match part {
            Part::Head => Some(self.document.as_table()),
            Part::Complete => self.document.get("complete")?.as_table(),
            _ => {
                let list = self.document.get(part.word())?.as_array_of_tables()?;
                list.get(index_of(list, id)?)
            }
        }
    }

    fn table_mut(&mut self, part: Part, id: &str) -> Option<&mut Table> {
        match part {
            Part::Head => Some(self.document.as_table_mut()),
            Part::Complete => self.document.get_mut("complete")?.as_table_mut(),
            _ => {
                let list = self.document.get_mut(part.word())?.as_array_of_tables_mut()?;
                let at = index_of(list, id)?;
                list.get_mut(at)
            }
        }
    }
}

/// A name in small letters with hyphens, of a few words.
pub(super) fn slug(name: &str) -> String {
    let small = name.to_lowercase();
    let words = small.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let id = words.take(6).collect::<Vec<_>>().join("-");
    if id.is_empty() { "new".to_owned() } else { id }
}

fn index_of(list: &ArrayOfTables, id: &str) -> Option<usize> {
    list.iter().position(|table| table.get("id").and_then(Item::as_str) == Some(id))
}

/// What stands above a table: headings of the file, which end with an empty line, and the rest.
fn heading(table: &Table) -> (String, String) {
    let prefix = table.decor().prefix().and_then(RawString::as_str).unwrap_or_default();
    match prefix.rfind("\n\n") {
        Some(end) if prefix[..end].contains('#') => (prefix[..=end].to_owned(), prefix[end + 1..].to_owned()),
        _ => (String::new(), prefix.to_owned()),
    }
}

fn texts(item: Option<&Item>) -> Vec<String> {
    let list = item.and_then(Item::as_array);
    list.into_iter().flatten().filter_map(|value| value.as_str().map(str::to_owned)).collect()
}

/// Replaces a predecessor by its own predecessors.
fn pass_through(table: &mut Table, id: &str, before: &[String]) {
    let after = texts(table.get("after"));
    let of = |text: &str| text.split_whitespace().next().unwrap_or_default().to_owned();
    if !after.iter().any(|text| of(text) == id) {
        return;
    }
    let mut kept: Vec<String> = Vec::new();
    for text in after {
        let instead = if of(&text) == id { before.to_vec() } else { vec![text] };
        for text in instead {
            if !kept.iter().any(|known| of(known) == of(&text)) {
                kept.push(text);
            }
        }
    }
    write::replace(table, "after", Value::Array(kept.into_iter().collect::<Array>()));
}
