//! What the two databases do not share: connecting, beginning a transaction, migrations, looking
//! at their own schema. Everything else is one SQL text for both.

pub(crate) mod postgres;
pub(crate) mod sqlite;

/// A column of a table as the database itself describes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Column {
    /// Table.
    pub table: String,
    /// Column.
    pub name: String,
    /// Whether it may be NULL.
    pub nullable: bool,
    /// Kind of value, the same word for both databases: `id`, `text`, `int`, `bool`, `time`, `day`, `json`.
    pub kind: String,
}
