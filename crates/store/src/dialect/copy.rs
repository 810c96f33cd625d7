//! Copies every row from one database into another of the same schema, whatever their kinds.
//!
//! Tables and columns come from the catalogues, so that a new table is copied without anybody thinking of it;
//! texts are made of names in the catalogue of our own schema only.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::TryStreamExt;
use sqlx::postgres::Postgres;
use sqlx::sqlite::Sqlite;
use sqlx::types::Json;
use sqlx::{AssertSqlSafe, ColumnIndex, Decode, Row, Type};
use uuid::Uuid;

use super::Column;
use crate::db::{Db, Tx};
use crate::error::StoreError;
use crate::time::{Day, Timestamp};
use crate::value::{Value, bind};

/// Most values of one statement; SQLite takes 32,766.
const VALUES: usize = 10_000;

/// Which table refers to which.
const REFERENCES_SQLITE: &str = "SELECT DISTINCT t.name, f.\"table\" FROM sqlite_schema t
     JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table'";

const REFERENCES_POSTGRES: &str = "SELECT DISTINCT c.conrelid::regclass::text, c.confrelid::regclass::text
     FROM pg_constraint c WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace";

/// How many rows of a table were copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// Which table.
    pub table: String,
    /// How many rows.
    pub rows: i64,
}

/// Copies every table, those that others refer to first, and compares the counts. All or nothing: the
/// target is written in one transaction, and the source is read as it was at one moment.
pub(crate) async fn all(from: &Db, to: &Db) -> Result<Result<Vec<Copied>, String>, StoreError> {
    let columns = super::columns(from).await?;
    if columns != super::columns(to).await? {
        return Ok(Err("the schemas differ: use the same version of Gangway for both".to_owned()));
    }
    let mut tables: BTreeMap<String, Vec<Column>> = BTreeMap::new();
    for column in columns {
        tables.entry(column.table.clone()).or_default().push(column);
    }
    let order = ordered(tables.keys().cloned().collect(), &references(to).await?);
    let mut source = from.read().await?;
    let mut target = to.write().await?;
    for table in &order {
        if count(&mut target, table).await? > 0 {
            return Ok(Err(format!("the target is not empty: there are rows in {table}")));
        }
    }
    let mut copied = Vec::new();
    for table in order {
        let columns = tables.remove(&table).unwrap_or_default();
        rows(&mut source, &mut target, &table, &columns).await?;
        let (there, here) = (count(&mut source, &table).await?, count(&mut target, &table).await?);
        if there != here {
            return Ok(Err(format!("{table} has {there} rows, but {here} arrived")));
        }
        copied.push(Copied { table, rows: here });
    }
    target.commit().await?;
    Ok(Ok(copied))
}

async fn references(db: &Db) -> Result<Vec<(String, String)>, StoreError> {
    Ok(match db {
        Db::Sqlite(pools) => sqlx::query_as(REFERENCES_SQLITE).fetch_all(&pools.readers).await?,
        Db::Postgres(server) => sqlx::query_as(REFERENCES_POSTGRES).fetch_all(&server.pool).await?,
    })
}

/// Tables in an order in which every one comes after those it refers to.
fn ordered(mut tables: BTreeSet<String>, references: &[(String, String)]) -> Vec<String> {
    let mut order = Vec::new();
    while !tables.is_empty() {
        let waits = |table: &String| {
            references.iter().any(|(from, to)| from == table && to != table && tables.contains(to))
        };
        let mut ready: Vec<String> = tables.iter().filter(|table| !waits(table)).cloned().collect();
        if ready.is_empty() {
            // Tables that refer to each other in a circle: the database says no if their rows do too.
            ready = tables.iter().cloned().collect();
        }
        for table in ready {
            tables.remove(&table);
            order.push(table);
        }
    }
    order
}

async fn count(tx: &mut Tx, table: &str) -> Result<i64, StoreError> {
    let text = AssertSqlSafe(format!("SELECT COUNT(*) FROM \"{table}\""));
    let (count,): (i64,) = match tx {
        Tx::Sqlite(tx) => sqlx::query_as(text).fetch_one(&mut **tx).await?,
        Tx::Postgres(tx) => sqlx::query_as(text).fetch_one(&mut **tx).await?,
    };
    Ok(count)
}

async fn rows(source: &mut Tx, target: &mut Tx, table: &str, columns: &[Column]) -> Result<(), StoreError> {
    let names = columns.iter().map(|column| format!("\"{}\"", column.name)).collect::<Vec<_>>().join(", ");
    let select = AssertSqlSafe(format!("SELECT {names} FROM \"{table}\""));
    let insert = format!("INSERT INTO \"{table}\" ({names}) ");
    let full = (VALUES / columns.len().max(1)).max(1);
    let mut batch: Vec<Vec<Value>> = Vec::new();
    macro_rules! stream {
        ($tx:expr) => {{
            let mut found = sqlx::query(select).fetch(&mut **$tx);
            while let Some(row) = found.try_next().await? {
                let values: Result<Vec<Value>, sqlx::Error> =
                    columns.iter().enumerate().map(|(index, column)| value(&row, index, column)).collect();
                batch.push(values?);
                if batch.len() == full {
                    put(target, &insert, std::mem::take(&mut batch)).await?;
                }
            }
        }};
    }
    match source {
        Tx::Sqlite(tx) => stream!(tx),
        Tx::Postgres(tx) => stream!(tx),
    }
    put(target, &insert, batch).await
}

async fn put(target: &mut Tx, insert: &str, rows: Vec<Vec<Value>>) -> Result<(), StoreError> {
    let Some(width) = rows.first().map(Vec::len) else { return Ok(()) };
    let text = AssertSqlSafe(format!("{insert}VALUES {}", crate::batch::placeholders(rows.len(), width)));
    let args = rows.into_iter().flatten();
    match target {
        Tx::Sqlite(tx) => {
            bind!(sqlx::query::<Sqlite>(text), args).execute(&mut **tx).await?;
        }
        Tx::Postgres(tx) => {
            bind!(sqlx::query::<Postgres>(text), args).execute(&mut **tx).await?;
        }
    }
    Ok(())
}

/// A value by the kind of its column, the same on both databases.
fn value<'r, R>(row: &'r R, index: usize, column: &Column) -> Result<Value, sqlx::Error>
where
    R: Row,
    usize: ColumnIndex<R>,
    Uuid: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    bool: Decode<'r, R::Database> + Type<R::Database>,
    Timestamp: Decode<'r, R::Database> + Type<R::Database>,
    Day: Decode<'r, R::Database> + Type<R::Database>,
    Json<serde_json::Value>: Decode<'r, R::Database> + Type<R::Database>,
{
    Ok(match column.kind.as_str() {
        "id" => Value::Id(row.try_get(index)?),
        "text" => Value::Text(row.try_get(index)?),
        "int" => Value::Int(row.try_get(index)?),
        "bool" => row.try_get::<Option<bool>, _>(index)?.map_or(Value::NoBool, Value::Bool),
        "time" => Value::At(row.try_get(index)?),
        "day" => Value::Day(row.try_get(index)?),
        "json" => row
            .try_get::<Option<Json<serde_json::Value>>, _>(index)?
            .map_or(Value::NoJson, |json| Value::Json(json.0)),
        other => {
            let text = format!("{}.{} is of kind {other}, which cannot be copied", column.table, column.name);
            return Err(sqlx::Error::Configuration(text.into()));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_refer_to_comes_first() {
        let tables = BTreeSet::from(["a", "b", "c", "d"].map(str::to_owned));
        let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        let references = [pair("a", "c"), pair("c", "d"), pair("b", "b"), pair("b", "a")];
        assert_eq!(ordered(tables.clone(), &references), ["d", "c", "a", "b"]);
        // A circle does not hang.
        assert_eq!(ordered(tables, &[pair("a", "b"), pair("b", "a")]), ["c", "d", "a", "b"]);
    }
}
