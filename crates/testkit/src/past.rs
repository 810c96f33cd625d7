//! Past the use cases: a connection of the test's own, by which it writes into columns whatever may stand there, and
//! reads what was left.

use std::collections::BTreeMap;

use anyhow::Result;
use gangway_domain::ids::WorkspaceId;
use gangway_store::Column;
use sqlx::types::{Json, JsonValue};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use uuid::Uuid;

/// A connection to the database of a test. Names of tables and columns and conditions go into its statements as they
/// are: they are the test's own.
#[derive(Debug)]
pub enum Past {
    /// To SQLite.
    Sqlite(SqliteConnection),
    /// To PostgreSQL.
    Postgres(PgConnection),
}

/// A condition in a statement; nothing without one.
fn after(word: &str, when: &str) -> String {
    if when.is_empty() { String::new() } else { format!(" {word} ({when})") }
}

impl Past {
    /// Connects to a database by its address.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub async fn to(url: &str) -> Result<Self> {
        Ok(if url.starts_with("sqlite:") {
            Self::Sqlite(SqliteConnection::connect(url).await?)
        } else {
            Self::Postgres(PgConnection::connect(url).await?)
        })
    }

    /// Writes a text into a column of every row the condition holds for; how many there were.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn write(&mut self, table: &str, column: &str, when: &str, text: &str) -> Result<u64> {
        let sql = AssertSqlSafe(format!("UPDATE {table} SET {column} = $1{}", after("WHERE", when)));
        Ok(match self {
            Self::Sqlite(open) => sqlx::query(sql).bind(text.to_owned()).execute(open).await?.rows_affected(),
            Self::Postgres(open) => {
                sqlx::query(sql).bind(text.to_owned()).execute(open).await?.rows_affected()
            }
        })
    }

    /// Says that rows of plans were written from here: what is kept of them in memory is true no more.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn touch_plans(&mut self) -> Result<()> {
        let sql = "UPDATE plan_ground SET stamp = stamp + 1";
        match self {
            Self::Sqlite(open) => sqlx::query(sql).execute(open).await.map(drop)?,
            Self::Postgres(open) => sqlx::query(sql).execute(open).await.map(drop)?,
        }
        Ok(())
    }

    /// Passes the values of a JSON column through a function, in every row the condition holds for; how many there were.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn rewrite(
        &mut self,
        table: &str,
        column: &str,
        when: &str,
        mut change: impl FnMut(&mut JsonValue),
    ) -> Result<u64> {
        let when = after("AND", when);
        let mut count = 0;
        match self {
            Self::Sqlite(open) => {
                let all = format!("SELECT rowid, {column} FROM {table} WHERE {column} IS NOT NULL{when}");
                let rows: Vec<(i64, Json<JsonValue>)> =
                    sqlx::query_as(AssertSqlSafe(all)).fetch_all(&mut *open).await?;
                for (place, mut value) in rows {
                    change(&mut value.0);
                    let one = format!("UPDATE {table} SET {column} = $1 WHERE rowid = $2");
                    sqlx::query(AssertSqlSafe(one)).bind(value).bind(place).execute(&mut *open).await?;
                    count += 1;
                }
            }
            Self::Postgres(open) => {
                let all =
                    format!("SELECT ctid::text, {column} FROM {table} WHERE {column} IS NOT NULL{when}");
                let rows: Vec<(String, Json<JsonValue>)> =
                    sqlx::query_as(AssertSqlSafe(all)).fetch_all(&mut *open).await?;
                for (place, mut value) in rows {
                    change(&mut value.0);
                    let one = format!("UPDATE {table} SET {column} = $1 WHERE ctid = $2::tid");
                    sqlx::query(AssertSqlSafe(one)).bind(value).bind(place).execute(&mut *open).await?;
                    count += 1;
                }
            }
        }
        Ok(count)
    }

    /// The values of a column as text, of every row the condition holds for.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn texts(&mut self, table: &str, column: &str, when: &str) -> Result<Vec<String>> {
        let sql = format!(
            "SELECT CAST({column} AS TEXT) FROM {table} WHERE {column} IS NOT NULL{}",
            after("AND", when)
        );
        let sql = AssertSqlSafe(sql);
        let rows: Vec<(String,)> = match self {
            Self::Sqlite(open) => sqlx::query_as(sql).fetch_all(open).await?,
            Self::Postgres(open) => sqlx::query_as(sql).fetch_all(open).await?,
        };
        Ok(rows.into_iter().map(|(text,)| text).collect())
    }

    /// All that stands in the rows of a workspace, a line for each, by table.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn all_of(
        &mut self,
        columns: &[Column],
        workspace: WorkspaceId,
    ) -> Result<BTreeMap<String, Vec<String>>> {
        let mut tables: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for column in columns {
            tables.entry(&column.table).or_default().push(&column.name);
        }
        let mut all = BTreeMap::new();
        for (table, names) in tables {
            let owner = if table == "workspace" { "id" } else { "workspace_id" };
            if !names.contains(&owner) {
                continue;
            }
            let values: Vec<String> = names.into_iter().map(|name| self.plain(name)).collect();
            let when = format!("{owner} = {}", self.id(workspace.uuid()));
            let mut lines = self.texts(table, &values.join(" || '|' || "), &when).await?;
            lines.sort_unstable();
            all.insert(table.to_owned(), lines);
        }
        Ok(all)
    }

    /// Makes a row up in a table of a workspace, of which these columns say this. What it refers to is the first there
    /// is; everything else is the least its column takes.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn make_up(
        &mut self,
        table: &str,
        given: &[(&str, &str)],
        columns: &[Column],
        workspace: WorkspaceId,
    ) -> Result<()> {
        // Beyond what the ids of tests count up to, and another for each row.
        let named = given.iter().map(|(_, text)| *text).chain([table]).flat_map(str::bytes);
        let own = named.fold(0xffff_u128, |sum, byte| sum * 31 % 0xffff_ffff + u128::from(byte));
        let (mut names, mut values) = (Vec::new(), Vec::new());
        for column in columns.iter().filter(|column| column.table == table && !column.nullable) {
            let said = given.iter().find(|(name, _)| *name == column.name);
            names.push(column.name.as_str());
            let least = || self.least(column, own, workspace);
            values.push(said.map_or_else(least, |(_, text)| format!("'{text}'")));
        }
        let sql = format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), values.join(", "));
        match self {
            Self::Sqlite(open) => {
                sqlx::query(AssertSqlSafe(sql)).execute(open).await?;
            }
            Self::Postgres(open) => {
                sqlx::query(AssertSqlSafe(sql)).execute(open).await?;
            }
        }
        Ok(())
    }

    fn least(&self, column: &Column, own: u128, workspace: WorkspaceId) -> String {
        let fresh = Uuid::from_u128(0x0190_0000_0000_7000_8000_ffff_0000_0000 | own);
        match (column.kind.as_str(), column.name.as_str()) {
            ("id", "workspace_id") => self.id(workspace.uuid()),
            ("id", "person_id") => "(SELECT person_id FROM membership LIMIT 1)".to_owned(),
            ("id", "from_contact" | "to_contact") => "(SELECT id FROM contact LIMIT 1)".to_owned(),
            ("id", "track_id") => "(SELECT id FROM training_track LIMIT 1)".to_owned(),
            ("id", "source_id") => "(SELECT id FROM usage_source LIMIT 1)".to_owned(),
            ("id", name) => name
                .strip_suffix("_id")
                .map_or_else(|| self.id(fresh), |owner| format!("(SELECT id FROM {owner} LIMIT 1)")),
            ("int", _) => "1".to_owned(),
            ("bool", _) => "FALSE".to_owned(),
            ("time", _) if matches!(self, Self::Postgres(_)) => "CURRENT_TIMESTAMP".to_owned(),
            ("time", _) => "1".to_owned(),
            ("day", _) => "'2027-01-04'".to_owned(),
            ("json", _) => "'{}'".to_owned(),
            _ => format!("'made-up-{own}'"),
        }
    }

    fn id(&self, id: Uuid) -> String {
        match self {
            Self::Sqlite(_) => format!("X'{}'", id.simple()),
            Self::Postgres(_) => format!("'{}'", id.simple()),
        }
    }

    /// What stands in a column, as a text that is never nothing.
    fn plain(&self, column: &str) -> String {
        match self {
            Self::Sqlite(_) => format!("hex({column})"),
            Self::Postgres(_) => format!("COALESCE(CAST({column} AS TEXT), '')"),
        }
    }
}
