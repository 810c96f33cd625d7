//! Many rows with few statements.

use sqlx::AssertSqlSafe;
use sqlx::postgres::Postgres;
use sqlx::sqlite::Sqlite;

use crate::db::{Record, Tx};
use crate::error::StoreError;
use crate::value::{Value, bind};

/// Rows of one batched insert. Fifty times as fast as row by row, and far below the limits on
/// the number of parameters (32,766 on SQLite, 65,535 on PostgreSQL).
const BATCH: usize = 100;

/// Rows of one batched change, the largest first. Few lengths make few texts, each of which a connection prepares
/// once; the 21 columns of a task stay far below the limits on parameters and on terms of a query (500 on SQLite).
const CHANGED_AT_ONCE: [usize; 3] = [100, 10, 1];

/// Rows of one batched insert-or-change, the largest first, likewise: twelve columns stay far below the limits.
const PUT_AT_ONCE: [usize; 4] = [500, 50, 5, 1];

/// Where the row of a registered change for many rows begins; it ends with a parenthesis.
const CHANGED_ROW: &str = "UNION ALL SELECT ";

impl Tx {
    /// Inserts many rows, a hundred to a statement. `sql` is the registered one-row insert, whose
    /// `VALUES (…)` must come last; longer ones repeat its placeholders.
    pub(crate) async fn insert_all(
        &mut self,
        sql: &'static str,
        rows: Vec<Vec<Value>>,
    ) -> Result<(), StoreError> {
        let head = sql.rsplit_once("VALUES").map_or(sql, |(head, _)| head);
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let batch: Vec<Vec<Value>> = rows.by_ref().take(BATCH).collect();
            let text =
                format!("{head}VALUES {}", placeholders(batch.len(), batch.first().map_or(0, Vec::len)));
            let args = batch.into_iter().flatten();
            // Made of a registered constant and numbers only.
            let text = AssertSqlSafe(text);
            match self {
                Self::Sqlite(tx) => {
                    bind!(sqlx::query::<Sqlite>(text), args).execute(&mut **tx).await?;
                }
                Self::Postgres(tx) => {
                    bind!(sqlx::query::<Postgres>(text), args).execute(&mut **tx).await?;
                }
            }
        }
        Ok(())
    }

    /// Inserts many rows, or changes those that are there, with few statements. `sql` is the registered statement of one
    /// row: what stands behind its `VALUES (…)`, such as ON CONFLICT, stays behind the last row. No two rows may have one
    /// key. Rows are given back as the statement says, in no order.
    pub(crate) async fn put_all<T: Record>(
        &mut self,
        sql: &'static str,
        rows: Vec<Vec<Value>>,
    ) -> Result<Vec<T>, StoreError> {
        let mut left = rows.len();
        let mut rows = rows.into_iter();
        let mut given = Vec::new();
        while let Some(size) = PUT_AT_ONCE.into_iter().find(|size| *size <= left) {
            left -= size;
            let batch: Vec<Vec<Value>> = rows.by_ref().take(size).collect();
            // Made of a registered constant and numbers only.
            let text = AssertSqlSafe(put_rows(sql, batch.len(), batch.first().map_or(0, Vec::len)));
            let args = batch.into_iter().flatten();
            given.extend(match self {
                Self::Sqlite(tx) => {
                    bind!(sqlx::query_as::<Sqlite, T>(text), args).fetch_all(&mut **tx).await?
                }
                Self::Postgres(tx) => {
                    bind!(sqlx::query_as::<Postgres, T>(text), args).fetch_all(&mut **tx).await?
                }
            });
        }
        Ok(given)
    }

    /// The same for statements that give nothing back.
    pub(crate) async fn upsert_all(
        &mut self,
        sql: &'static str,
        rows: Vec<Vec<Value>>,
    ) -> Result<(), StoreError> {
        let mut left = rows.len();
        let mut rows = rows.into_iter();
        while let Some(size) = PUT_AT_ONCE.into_iter().find(|size| *size <= left) {
            left -= size;
            let batch: Vec<Vec<Value>> = rows.by_ref().take(size).collect();
            // Made of a registered constant and numbers only.
            let text = AssertSqlSafe(put_rows(sql, batch.len(), batch.first().map_or(0, Vec::len)));
            let args = batch.into_iter().flatten();
            match self {
                Self::Sqlite(tx) => {
                    bind!(sqlx::query::<Sqlite>(text), args).execute(&mut **tx).await?;
                }
                Self::Postgres(tx) => {
                    bind!(sqlx::query::<Postgres>(text), args).execute(&mut **tx).await?;
                }
            }
        }
        Ok(())
    }

    /// Changes many rows with few statements. `sql` is the registered change of one row, whose values stand in it as
    /// `UNION ALL SELECT $2, $3)`; longer ones repeat that. `common` are the arguments before it.
    pub(crate) async fn change_all(
        &mut self,
        sql: &'static str,
        common: Vec<Value>,
        rows: Vec<Vec<Value>>,
    ) -> Result<(), StoreError> {
        let mut left = rows.len();
        let mut rows = rows.into_iter();
        while let Some(size) = CHANGED_AT_ONCE.into_iter().find(|size| *size <= left) {
            left -= size;
            // Made of a registered constant and numbers only.
            let text = AssertSqlSafe(for_rows(sql, common.len(), size));
            let args = common.iter().cloned().chain(rows.by_ref().take(size).flatten());
            match self {
                Self::Sqlite(tx) => {
                    bind!(sqlx::query::<Sqlite>(text), args).execute(&mut **tx).await?;
                }
                Self::Postgres(tx) => {
                    bind!(sqlx::query::<Postgres>(text), args).execute(&mut **tx).await?;
                }
            }
        }
        Ok(())
    }
}

/// A registered change of one row for many, which take their arguments one after the other behind those `before`.
fn for_rows(sql: &str, before: usize, rows: usize) -> String {
    let one = sql.split_once(CHANGED_ROW).and_then(|(head, row)| Some((head, row.split_once(')')?)));
    let Some((head, (row, tail))) = one else { return sql.to_owned() };
    let width = row.split(',').count();
    let row = |row: usize| {
        let first = before + row * width + 1;
        let list: Vec<String> = (first..first + width).map(|number| format!("${number}")).collect();
        format!("{CHANGED_ROW}{}", list.join(", "))
    };
    format!("{head}{}){tail}", (0..rows).map(row).collect::<Vec<_>>().join(" "))
}

/// A registered insert of one row for many; what follows its values follows those of the last.
fn put_rows(sql: &str, rows: usize, columns: usize) -> String {
    let parts = sql.split_once("VALUES (").and_then(|(head, row)| Some((head, row.split_once(')')?.1)));
    let Some((head, tail)) = parts else { return sql.to_owned() };
    format!("{head}VALUES {}{tail}", placeholders(rows, columns))
}

/// `($1, $2), ($3, $4)` for two rows of two columns.
pub(crate) fn placeholders(rows: usize, columns: usize) -> String {
    let row = |row: usize| {
        let list: Vec<String> = (1..=columns).map(|column| format!("${}", row * columns + column)).collect();
        format!("({})", list.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::{for_rows, placeholders, put_rows};

    #[test]
    fn numbers_placeholders_row_by_row() {
        assert_eq!(placeholders(2, 3), "($1, $2, $3), ($4, $5, $6)");
        assert_eq!(placeholders(1, 1), "($1)");
    }

    #[test]
    fn what_follows_values_follows_the_last_row() {
        // In two, so that nothing here looks like a text that is sent.
        let word = ["VAL", "UES"].concat();
        let one = format!("… (a, b) {word} ($1,\n $2) ON CONFLICT (a) DO NOTHING");
        let two = format!("… (a, b) {word} ($1, $2), ($3, $4) ON CONFLICT (a) DO NOTHING");
        assert_eq!(put_rows(&one, 2, 2), two);
    }

    #[test]
    fn a_change_repeats_its_row() {
        let one = "… (… UNION ALL SELECT $3,\n   $4) … $1";
        assert_eq!(for_rows(one, 2, 1), "… (… UNION ALL SELECT $3, $4) … $1");
        assert_eq!(
            for_rows(one, 2, 3),
            "… (… UNION ALL SELECT $3, $4 UNION ALL SELECT $5, $6 UNION ALL SELECT $7, $8) … $1"
        );
    }
}
