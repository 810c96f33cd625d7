//! A year of usage, written past the use cases: roll-ups of many customers at once, the same in every run.

use anyhow::Result;
use gangway_domain::ids::WorkspaceId;
use jiff::civil::Date;
use sqlx::{Connection, SqliteConnection};

/// Customers whose days are written in one transaction.
const AT_ONCE: i64 = 500;

/// Days back to which it is written what each user did: pages look no further.
const DETAILED: i64 = 35;

/// Indexes are made once everything is there, and nothing has to survive a power cut.
const PREPARE: &str = "
    PRAGMA synchronous = OFF;
    PRAGMA foreign_keys = OFF;
    DROP INDEX usage_day_all;
    DROP INDEX usage_user_day_user;
    CREATE TEMP TABLE customer (number INTEGER PRIMARY KEY, id BLOB NOT NULL);
    CREATE TEMP TABLE past (number INTEGER PRIMARY KEY, ago INTEGER NOT NULL, day TEXT NOT NULL, at INTEGER NOT NULL);
    CREATE TEMP TABLE deed (number INTEGER PRIMARY KEY, event TEXT NOT NULL);
";

const CUSTOMERS: &str = "
    INSERT INTO customer (number, id)
    SELECT row_number() OVER (ORDER BY id) - 1, id FROM usage_group WHERE workspace_id = $1 AND account_id IS NOT NULL";

/// The working days of a year, from six in the morning.
const PAST: &str = "
    WITH RECURSIVE back (ago) AS (SELECT 364 UNION ALL SELECT ago - 1 FROM back WHERE ago > 0),
         days (ago, day) AS (SELECT ago, date($1, '-' || ago || ' days') FROM back)
    INSERT INTO past (number, ago, day, at)
    SELECT 364 - ago, ago, day, CAST(strftime('%s', day) AS INTEGER) * 1000000 + 21600000000
    FROM days WHERE strftime('%w', day) NOT IN ('0', '6')";

/// Every third customer was last seen up to two months ago; each leaves out a quarter of the features, and uses of the
/// others not quite half on a day. Rows come in the order of their key.
const DAYS: &str = "
    INSERT INTO usage_day (workspace_id, group_id, day, event, times, users, first_at, last_at)
    SELECT $1, c.id, p.day, d.event, 5 + (c.number * 31 + p.number * 17 + d.number * 13) % 40,
           CASE WHEN d.number = 0 THEN 3 + (c.number * 7) % 18 ELSE 1 + (c.number + d.number) % 3 END,
           p.at, p.at + 3600000000
    FROM customer c CROSS JOIN past p CROSS JOIN deed d
    WHERE c.number >= $2 AND c.number < $3
      AND (c.number % 3 > 0 OR p.ago >= c.number % 60)
      AND (d.number = 0
           OR ((c.number + d.number) % 4 > 0 AND (c.number * 5 + p.number * 3 + d.number * 7) % 11 < 5))";

const USER_DAYS: &str = "
    INSERT INTO usage_user_day (workspace_id, group_id, day, event, user_id, times, first_at, last_at)
    SELECT $1, c.id, p.day, d.event, u.id, 1 + (p.number + d.number) % 5, p.at, p.at + 3600000000
    FROM customer c CROSS JOIN past p CROSS JOIN deed d CROSS JOIN usage_user u
    WHERE c.number >= $2 AND c.number < $3 AND p.ago < $4
      AND (c.number % 3 > 0 OR p.ago >= c.number % 60)
      AND (d.number = 0 OR d.number = 1 + (c.number + p.number) % 8)
      AND u.workspace_id = $1 AND u.group_id = c.id";

/// What follows from the days.
const SUMS: [&str; 7] = [
    "INSERT INTO usage_total (workspace_id, group_id, event, times, first_at, last_at)
     SELECT workspace_id, group_id, event, SUM(times), MIN(first_at), MAX(last_at) FROM usage_day
     WHERE workspace_id = $1 GROUP BY workspace_id, group_id, event",
    "INSERT INTO usage_all_day (workspace_id, day, users, times)
     SELECT workspace_id, day, SUM(users), SUM(times) FROM usage_day
     WHERE workspace_id = $1 AND event = '*' GROUP BY workspace_id, day",
    "INSERT INTO usage_group_week (workspace_id, group_id, monday, times)
     SELECT workspace_id, group_id, date(day, 'weekday 0', '-6 days'), SUM(times) FROM usage_day
     WHERE workspace_id = $1 AND event = '*' GROUP BY workspace_id, group_id, date(day, 'weekday 0', '-6 days')",
    "INSERT INTO usage_week (workspace_id, monday, customers)
     SELECT workspace_id, monday, COUNT(*) FROM usage_group_week WHERE workspace_id = $1 GROUP BY workspace_id, monday",
    "UPDATE usage_group SET last_at = (SELECT t.last_at FROM usage_total t
       WHERE t.workspace_id = usage_group.workspace_id AND t.group_id = usage_group.id AND t.event = '*')
     WHERE workspace_id = $1 AND account_id IS NOT NULL",
    "UPDATE usage_user SET last_at = (SELECT g.last_at FROM usage_group g
       WHERE g.workspace_id = usage_user.workspace_id AND g.id = usage_user.group_id)
     WHERE workspace_id = $1",
    "UPDATE usage_adoption SET last_at = (SELECT MAX(g.last_at) FROM usage_group g
       WHERE g.workspace_id = usage_adoption.workspace_id AND g.account_id = usage_adoption.account_id)
     WHERE workspace_id = $1",
];

const FINISH: &str = "
    CREATE INDEX usage_day_all ON usage_day (workspace_id, event, day);
    CREATE INDEX usage_user_day_user ON usage_user_day (workspace_id, user_id);
";

/// Writes what the customers of the product that have an account did of eight events on the working days of the year until
/// a day. Groups and users are there before and did nothing yet. Gives how many rows of days there are.
///
/// # Errors
/// When it is no SQLite database, or that refuses.
pub async fn year_of_usage(
    url: &str,
    workspace: WorkspaceId,
    today: Date,
    events: &[&str; 8],
) -> Result<i64> {
    let mut open = SqliteConnection::connect(url).await?;
    let workspace = workspace.uuid();
    sqlx::raw_sql(PREPARE).execute(&mut open).await?;
    sqlx::query(CUSTOMERS).bind(workspace).execute(&mut open).await?;
    sqlx::query(PAST).bind(today.to_string()).execute(&mut open).await?;
    let mut events = events.to_vec();
    events.sort_unstable();
    for (number, event) in (0_i64..).zip(std::iter::once("*").chain(events)) {
        let deed = sqlx::query("INSERT INTO deed (number, event) VALUES ($1, $2)");
        deed.bind(number).bind(event.to_owned()).execute(&mut open).await?;
    }
    let (customers,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM customer").fetch_one(&mut open).await?;
    let mut first = 0;
    while first < customers {
        let days = sqlx::query(DAYS).bind(workspace).bind(first).bind(first + AT_ONCE);
        days.execute(&mut open).await?;
        let users = sqlx::query(USER_DAYS).bind(workspace).bind(first).bind(first + AT_ONCE).bind(DETAILED);
        users.execute(&mut open).await?;
        first += AT_ONCE;
    }
    for sum in SUMS {
        sqlx::query(sum).bind(workspace).execute(&mut open).await?;
    }
    sqlx::raw_sql(FINISH).execute(&mut open).await?;
    let (rows,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM usage_day").fetch_one(&mut open).await?;
    open.close().await?;
    Ok(rows)
}
