//! Intake forms.

use serde::{Deserialize, Serialize};

use crate::form::FieldKind;
use crate::programme::Side;

/// A form of `forms/*.toml`: what the customer is asked before work that needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormSheet {
    /// Id.
    pub id: String,
    /// Title people see.
    pub title: String,
    /// What it is for.
    pub purpose: String,
    /// Calendar days people get for it.
    pub days: u32,
    /// Its parts.
    #[serde(rename = "section")]
    pub sections: Vec<FormSection>,
    /// What is to be done because of an answer.
    #[serde(default, rename = "task", skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<FormTask>,
}

/// A part of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormSection {
    /// Title.
    pub title: String,
    /// What helps to answer.
    #[serde(default)]
    pub help: String,
    /// What is asked.
    #[serde(rename = "field")]
    pub fields: Vec<FormField>,
}

/// A field of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormField {
    /// Id, unique in the form.
    pub id: String,
    /// What is asked.
    pub label: String,
    /// What an answer is.
    pub kind: FieldKind,
    /// What helps to answer.
    #[serde(default)]
    pub help: String,
    /// It must be answered.
    #[serde(default)]
    pub required: bool,
    /// What one may choose from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// Least number, or least rows of a table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// Greatest number, or most rows of a table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// Columns of a table.
    #[serde(default, rename = "column", skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<FormColumn>,
    /// The fact the answer becomes when the form is accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<String>,
}

/// A column of a table that is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormColumn {
    /// Its name in the first line of a file.
    pub id: String,
    /// What people read.
    pub label: String,
    /// What a cell holds: text, number, date, e-mail, choice.
    pub kind: FieldKind,
    /// No cell may be empty.
    #[serde(default)]
    pub required: bool,
    /// No two rows may say the same.
    #[serde(default)]
    pub unique: bool,
    /// What one may choose from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
}

/// What is to be done because of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormTask {
    /// The field (id) whose answer decides.
    pub field: String,
    /// It is to be done when the answer is one of these; whenever there is one when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub is: Vec<String>,
    /// What is done; `{answer}` stands for the answer.
    pub name: String,
    /// Whose it is.
    pub owner: Side,
    /// Working days.
    pub days: u32,
}

impl FormSheet {
    /// Every field, in order.
    pub fn fields(&self) -> impl Iterator<Item = &FormField> {
        self.sections.iter().flat_map(|section| &section.fields)
    }

    /// A field by its id.
    #[must_use]
    pub fn field(&self, id: &str) -> Option<&FormField> {
        self.fields().find(|field| field.id == id)
    }
}
