//! Many rows with few statements.

use std::collections::BTreeMap;

use sqlx::postgres::Postgres;
use sqlx::sqlite::Sqlite;
use sqlx::{AssertSqlSafe, ColumnIndex, Decode, FromRow, Row, Type};
use uuid::Uuid;

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

/// Owners whose rows one statement reads, the fewest first: a list is filled up with its last to one of these lengths.
/// Likewise few, and far below the limits on parameters.
const ASKED_AT_ONCE: [usize; 4] = [1, 8, 64, 256];

/// Where the row of a registered change for many rows begins; it ends with a parenthesis.
const CHANGED_ROW: &str = "UNION ALL SELECT ";

/// A row with whose it is: the column `of_id`.
struct Of<T> {
    of: Uuid,
    row: T,
}

impl<'r, R, T> FromRow<'r, R> for Of<T>
where
    R: Row,
    T: FromRow<'r, R>,
    &'static str: ColumnIndex<R>,
    Uuid: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        Ok(Self { of: row.try_get("of_id")?, row: T::from_row(row)? })
    }
}

impl Tx {
    /// The rows of many owners with few statements, by owner, each read into what it stands for; whoever has none is not
    /// there. `sql` is the registered statement for one owner, who stands last in it as `IN ($3)`; longer ones repeat
    /// that. It says whose a row is in a last column `of_id`, and its order holds within each owner. `common` are the
    /// arguments before.
    pub(crate) async fn lists<K, R, T>(
        &mut self,
        sql: &'static str,
        common: Vec<Value>,
        owners: &[K],
    ) -> Result<BTreeMap<K, Vec<T>>, StoreError>
    where
        K: Copy + Ord + From<Uuid>,
        Value: From<K>,
        R: Record,
        T: TryFrom<R>,
        StoreError: From<T::Error>,
    {
        let [.., most] = ASKED_AT_ONCE;
        let mut found: BTreeMap<K, Vec<T>> = BTreeMap::new();
        for owners in owners.chunks(most) {
            let Some(last) = owners.last() else { continue };
            let size = ASKED_AT_ONCE.into_iter().find(|size| *size >= owners.len()).unwrap_or(most);
            // Made of a registered constant and numbers only.
            let text = for_owners(sql, common.len(), size);
            let list = owners.iter().chain(std::iter::repeat(last)).take(size).copied().map(Value::from);
            let args = common.iter().cloned().chain(list).collect();
            let rows: Vec<Of<R>> = match self {
                Self::Sqlite(tx) => {
                    let (text, args) = unnamed(&text, args);
                    bind!(sqlx::query_as::<Sqlite, Of<R>>(text), args).fetch_all(&mut **tx).await?
                }
                Self::Postgres(tx) => {
                    let text = AssertSqlSafe(text);
                    bind!(sqlx::query_as::<Postgres, Of<R>>(text), args).fetch_all(&mut **tx).await?
                }
            };
            for Of { of, row } in rows {
                found.entry(K::from(of)).or_default().push(T::try_from(row)?);
            }
        }
        Ok(found)
    }

    /// The same where each owner has one row at most.
    pub(crate) async fn each<K, R, T>(
        &mut self,
        sql: &'static str,
        common: Vec<Value>,
        owners: &[K],
    ) -> Result<BTreeMap<K, T>, StoreError>
    where
        K: Copy + Ord + From<Uuid>,
        Value: From<K>,
        R: Record,
        T: TryFrom<R>,
        StoreError: From<T::Error>,
    {
        let found = self.lists::<K, R, T>(sql, common, owners).await?;
        Ok(found.into_iter().filter_map(|(owner, rows)| Some((owner, rows.into_iter().next()?))).collect())
    }

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
            self.send(text, batch.into_iter().flatten().collect()).await?;
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
            let text = put_rows(sql, batch.len(), batch.first().map_or(0, Vec::len));
            let args = batch.into_iter().flatten().collect();
            given.extend(match self {
                Self::Sqlite(tx) => {
                    let (text, args) = unnamed(&text, args);
                    bind!(sqlx::query_as::<Sqlite, T>(text), args).fetch_all(&mut **tx).await?
                }
                Self::Postgres(tx) => {
                    // Made of a registered constant and numbers only.
                    let text = AssertSqlSafe(text);
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
            let text = put_rows(sql, batch.len(), batch.first().map_or(0, Vec::len));
            self.send(text, batch.into_iter().flatten().collect()).await?;
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
            let text = for_rows(sql, common.len(), size);
            let args = common.iter().cloned().chain(rows.by_ref().take(size).flatten());
            self.send(text, args.collect()).await?;
        }
        Ok(())
    }

    /// Runs a statement for many rows, made of a registered constant and numbers only.
    async fn send(&mut self, text: String, args: Vec<Value>) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => {
                let (text, args) = unnamed(&text, args);
                bind!(sqlx::query::<Sqlite>(text), args).execute(&mut **tx).await?;
            }
            Self::Postgres(tx) => {
                bind!(sqlx::query::<Postgres>(AssertSqlSafe(text)), args).execute(&mut **tx).await?;
            }
        }
        Ok(())
    }
}

/// A statement with its arguments in the order it asks for them, each as often as it does, and without numbers. SQLite
/// goes through the names of all parameters to find that of one, and the driver asks for each: with thousands of them
/// that took longer than the rows.
fn unnamed(text: &str, args: Vec<Value>) -> (AssertSqlSafe<String>, Vec<Value>) {
    let mut pieces = text.split('$');
    let mut plain = String::with_capacity(text.len());
    plain.push_str(pieces.next().unwrap_or_default());
    let mut places = Vec::with_capacity(args.len());
    for piece in pieces {
        let end = piece.find(|c: char| !c.is_ascii_digit()).unwrap_or(piece.len());
        let (number, tail) = piece.split_at(end);
        match number.parse::<usize>() {
            Ok(number) => {
                plain.push('?');
                places.push(number.saturating_sub(1));
            }
            Err(_) => plain.push('$'),
        }
        plain.push_str(tail);
    }
    let in_order = places.len() == args.len() && places.iter().enumerate().all(|(at, place)| at == *place);
    let args =
        if in_order { args } else { places.iter().filter_map(|place| args.get(*place).cloned()).collect() };
    (AssertSqlSafe(plain), args)
}

/// A registered change of one row for many, which take their arguments one after the other behind those `before`; what
/// a row says of those stays as it is.
fn for_rows(sql: &str, before: usize, rows: usize) -> String {
    let one = sql.split_once(CHANGED_ROW).and_then(|(head, row)| Some((head, row.split_once(')')?)));
    let Some((head, (row, tail))) = one else { return sql.to_owned() };
    let common = |argument: &&str| {
        argument
            .strip_prefix('$')
            .and_then(|number| number.parse().ok())
            .is_some_and(|number: usize| number <= before)
    };
    let arguments: Vec<&str> = row.split(',').map(str::trim).collect();
    let width = arguments.iter().filter(|argument| !common(argument)).count();
    let row = |row: usize| {
        let mut own = (before + row * width + 1..).map(|number| format!("${number}"));
        let number = |argument: &&str| {
            if common(argument) { (*argument).to_owned() } else { own.next().unwrap_or_default() }
        };
        let list: Vec<String> = arguments.iter().map(number).collect();
        format!("{CHANGED_ROW}{}", list.join(", "))
    };
    format!("{head}{}){tail}", (0..rows).map(row).collect::<Vec<_>>().join(" "))
}

/// A registered statement for one owner, for many; the owner's number is the one behind those `before`.
fn for_owners(sql: &str, before: usize, owners: usize) -> String {
    let first = before + 1;
    let list: Vec<String> = (first..first + owners).map(|number| format!("${number}")).collect();
    sql.replace(&format!("IN (${first})"), &format!("IN ({})", list.join(", ")))
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
    use super::{for_owners, for_rows, placeholders, put_rows, unnamed};
    use crate::value::{Value, args};

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
    fn owners_are_repeated_wherever_they_stand() {
        let one = "… a = $1 AND b >= $2 AND c IN ($3) … d IN ($3)";
        assert_eq!(for_owners(one, 2, 1), one);
        assert_eq!(for_owners(one, 2, 2), "… a = $1 AND b >= $2 AND c IN ($3, $4) … d IN ($3, $4)");
    }

    #[test]
    fn a_change_repeats_its_row() {
        let one = "… (… UNION ALL SELECT $3,\n   $4) … $1";
        assert_eq!(for_rows(one, 2, 1), "… (… UNION ALL SELECT $3, $4) … $1");
        assert_eq!(
            for_rows(one, 2, 3),
            "… (… UNION ALL SELECT $3, $4 UNION ALL SELECT $5, $6 UNION ALL SELECT $7, $8) … $1"
        );
        let keyed = "… (… UNION ALL SELECT $1, $3, $4) … $2";
        assert_eq!(
            for_rows(keyed, 2, 2),
            "… (… UNION ALL SELECT $1, $3, $4 UNION ALL SELECT $1, $5, $6) … $2"
        );
    }

    #[test]
    fn parameters_lose_their_numbers_and_keep_their_arguments() {
        let told = |text: &str, args: Vec<Value>| {
            let (text, args) = unnamed(text, args);
            (text.0, args.into_iter().map(|value| format!("{value:?}")).collect::<Vec<_>>())
        };
        let [one, two] = [1_i64, 2_i64].map(|number| format!("{:?}", Value::from(number)));
        let (text, given) = told("a = $1 OR (b, c) = ($2, '$.x')", args![1_i64, 2_i64]);
        assert_eq!((text.as_str(), given), ("a = ? OR (b, c) = (?, '$.x')", vec![one.clone(), two.clone()]));
        let (text, given) = told("($1, $2), ($1, $2) … $1", args![1_i64, 2_i64]);
        assert_eq!(text, "(?, ?), (?, ?) … ?");
        assert_eq!(given, [one.clone(), two.clone(), one.clone(), two, one]);
    }
}
