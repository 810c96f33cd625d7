//! The one task that writes to the file: it takes everything that waits, writes it in one commit, and answers all.

use jiff::Timestamp;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot, watch};

use super::lines::Lines;
use super::{LogError, Position};

/// Bytes after which a group is written without taking more.
const GROUP: usize = 4 * 1024 * 1024;

/// Groups forgotten at once; appends wait meanwhile.
const FORGOTTEN_AT_ONCE: i64 = 100;

/// Errors of SQLite's that mean that there is no room: the disk or the limit is full (13); a write, a flush of a file or of a
/// folder, a change of its size failed (10 with 3, 4, 5, 6 and 19 in the second byte), which is how limits of a process and file
/// systems that reserve late tell it.
const NO_ROOM: [i32; 6] = [13, 778, 1_034, 1_290, 1_546, 4_874];

const INSERT: &str = "INSERT INTO entry (at, count, events) VALUES ($1, $2, $3)";
const LAST_AT: &str =
    "SELECT coalesce(max(at), 0) FROM entry WHERE position = (SELECT max(position) FROM entry)";
const FORGET: &str = "DELETE FROM entry WHERE position IN
     (SELECT position FROM entry WHERE position <= $1 AND position < (SELECT max(position) FROM entry)
      ORDER BY position LIMIT $2)";
const SHRINK: &str = "PRAGMA incremental_vacuum(4000)";

/// What the task is asked for.
pub(super) enum Command {
    Append(Pending),
    Forget {
        upto: Position,
        answer: oneshot::Sender<Result<u64, LogError>>,
    },
    /// Answered when everything before it is written.
    Close(oneshot::Sender<()>),
}

/// Events that wait to be written.
pub(super) struct Pending {
    pub lines: Lines,
    /// Its part of the queue, free again when it is dropped.
    pub room: OwnedSemaphorePermit,
    pub answer: oneshot::Sender<Result<Position, LogError>>,
}

pub(super) struct Writer {
    options: SqliteConnectOptions,
    connection: Option<SqliteConnection>,
    news: watch::Sender<u64>,
    /// Times of groups never go back, so that they can be searched.
    last_at: i64,
}

impl Writer {
    pub(super) async fn new(
        options: SqliteConnectOptions,
        news: watch::Sender<u64>,
    ) -> Result<Self, LogError> {
        let mut connection = options.connect().await.map_err(failure)?;
        let last_at =
            sqlx::query_scalar::<_, i64>(LAST_AT).fetch_one(&mut connection).await.map_err(failure)?;
        Ok(Self { options, connection: Some(connection), news, last_at })
    }

    /// Works until it is closed, or until nobody can ask any more.
    pub(super) async fn run(mut self, mut commands: mpsc::UnboundedReceiver<Command>) {
        let mut next = None;
        loop {
            let command = match next.take() {
                Some(command) => command,
                None => match commands.recv().await {
                    Some(command) => command,
                    None => break,
                },
            };
            match command {
                Command::Append(first) => {
                    let (group, other) = gather(first, &mut commands);
                    next = other;
                    self.settle(group).await;
                }
                Command::Forget { upto, answer } => {
                    let forgotten = self.forget(upto).await;
                    // Whoever asked may have gone.
                    answer.send(forgotten).ok();
                }
                Command::Close(answer) => {
                    self.disconnect().await;
                    answer.send(()).ok();
                    break;
                }
            }
        }
        self.disconnect().await;
    }

    /// Writes a group and answers those who wait for it.
    async fn settle(&mut self, mut group: Vec<Pending>) {
        let count: usize = group.iter().map(|pending| pending.lines.count).sum();
        let latest = group.iter().map(|pending| pending.lines.received_at).max();
        let whole = together(&mut group);
        let written = self.write(latest.unwrap_or(Timestamp::MIN), count, whole).await;
        if written.is_ok() {
            self.news.send_modify(|count| *count = count.wrapping_add(1));
        }
        for pending in group {
            drop(pending.room);
            pending.answer.send(written.clone()).ok();
        }
    }

    async fn write(
        &mut self,
        received_at: Timestamp,
        count: usize,
        whole: Vec<u8>,
    ) -> Result<Position, LogError> {
        let at = received_at.as_microsecond().max(self.last_at);
        let connection = self.connected().await?;
        let written = sqlx::query(INSERT)
            .bind(at)
            .bind(i64::try_from(count).unwrap_or(i64::MAX))
            .bind(whole)
            .execute(connection)
            .await;
        match written {
            Ok(done) => {
                self.last_at = at;
                Ok(Position(done.last_insert_rowid()))
            }
            Err(error) => Err(self.failed(error)),
        }
    }

    async fn forget(&mut self, upto: Position) -> Result<u64, LogError> {
        let connection = self.connected().await?;
        let done = sqlx::query(FORGET).bind(upto.0).bind(FORGOTTEN_AT_ONCE).execute(connection).await;
        let forgotten = done.map_err(|error| self.failed(error))?.rows_affected();
        if forgotten == 0 {
            // The last of several rounds: what is free goes back to the disk.
            let connection = self.connected().await?;
            let done = sqlx::query(SHRINK).execute(connection).await;
            done.map_err(|error| self.failed(error))?;
        }
        Ok(forgotten)
    }

    /// The connection; made again when the one before failed.
    async fn connected(&mut self) -> Result<&mut SqliteConnection, LogError> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.options.connect().await.map_err(failure)?,
        };
        Ok(self.connection.insert(connection))
    }

    /// What a failure means to whoever asked. A connection that failed otherwise than for want of room is not trusted.
    fn failed(&mut self, error: sqlx::Error) -> LogError {
        let error = failure(error);
        if error != LogError::Full {
            self.connection = None;
        }
        tracing::error!(%error, "the event log was not written");
        error
    }

    async fn disconnect(&mut self) {
        if let Some(connection) = self.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "the event log was not closed");
        }
    }
}

/// The texts of a group, taken out of it, so that they are in memory once while they are written.
fn together(group: &mut [Pending]) -> Vec<u8> {
    if let [only] = group {
        return std::mem::take(&mut only.lines.text);
    }
    let mut whole = Vec::with_capacity(group.iter().map(|pending| pending.lines.text.len()).sum());
    for pending in group {
        whole.append(&mut std::mem::take(&mut pending.lines.text));
    }
    whole
}

/// Everything that waits and fits into a group, and what comes after it.
fn gather(
    first: Pending,
    commands: &mut mpsc::UnboundedReceiver<Command>,
) -> (Vec<Pending>, Option<Command>) {
    let mut bytes = first.lines.text.len();
    let mut group = vec![first];
    while bytes < GROUP {
        match commands.try_recv() {
            Ok(Command::Append(pending)) => {
                bytes += pending.lines.text.len();
                group.push(pending);
            }
            Ok(other) => return (group, Some(other)),
            Err(_) => break,
        }
    }
    (group, None)
}

/// What a failure of SQLite's means.
pub(super) fn failure(error: sqlx::Error) -> LogError {
    let code = match &error {
        sqlx::Error::Database(refused) => refused.code().and_then(|code| code.parse::<i32>().ok()),
        _ => None,
    };
    match code {
        Some(code) if NO_ROOM.contains(&code) => LogError::Full,
        _ => LogError::unavailable(error),
    }
}
