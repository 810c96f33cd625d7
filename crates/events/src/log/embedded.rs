//! The log as a file of SQLite's, beside the database and not in it, so that neither waits for the other.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use sqlx::sqlite::{
    SqliteAutoVacuum, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool,
    SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::{Semaphore, mpsc, oneshot, watch};
use uuid::Uuid;

use super::lines::{self, Lines};
use super::writer::{Command, Pending, Writer, failure};
use super::{Chunk, LogError, Position, Settings, Standing};
use crate::event::Event;

/// Bytes of a page: a group is one value over many of them.
const PAGE: u32 = 16 * 1024;

/// Pages of the write-ahead log before they are moved into the file: 64 MB, so that this happens rarely.
const CHECKPOINT: u32 = 4_096;

/// How long a connection waits for the lock of another process, such as a backup.
const BUSY: Duration = Duration::from_secs(10);

const READERS: u32 = 4;

/// Bytes of groups that are read at once; the first group may be larger.
const READ_BYTES: i64 = 16 * 1024 * 1024;

/// The form of the file; another one is of another version.
const FORM: &str = "1";

const SCHEMA: [&str; 2] = [
    "CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    // AUTOINCREMENT: a position is not used again when the group that had it is gone.
    "CREATE TABLE IF NOT EXISTS entry (position INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL,
     count INTEGER NOT NULL, events BLOB NOT NULL)",
];
const NAME: &str = "INSERT INTO about (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
const NAMED: &str = "SELECT value FROM about WHERE name = $1";
const SIZES: &str =
    "SELECT position, count, length(events) FROM entry WHERE position > $1 ORDER BY position LIMIT $2";
const READ: &str = "SELECT events FROM entry WHERE position > $1 AND position <= $2 ORDER BY position";
const NEWEST: &str = "SELECT position, events FROM entry WHERE position < $1 ORDER BY position DESC LIMIT 1";
// One question for each end: both in one would read every row.
const BOUNDS: &str = "SELECT coalesce((SELECT min(position) FROM entry), 0),
     coalesce((SELECT max(position) FROM entry), 0)";
const AT: &str = "SELECT position, at FROM entry WHERE position >= $1 ORDER BY position LIMIT 1";
const BYTES: &str = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";

/// A file of its own. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Embedded(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    id: Uuid,
    readers: SqlitePool,
    commands: mpsc::UnboundedSender<Command>,
    room: Arc<Semaphore>,
    queue_bytes: u32,
    news: watch::Sender<u64>,
}

impl Embedded {
    /// Opens the file, made when absent. What a killed process had committed is there.
    ///
    /// # Errors
    /// When it cannot be opened or is of another version.
    pub async fn open(path: &Path, fresh: Uuid, settings: Settings) -> Result<Self, LogError> {
        let options = options(path, settings);
        let id = prepare(&options, fresh).await?;
        let news = watch::Sender::new(0);
        let writer = Writer::new(options.clone(), news.clone()).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(options.create_if_missing(false).pragma("query_only", "ON"))
            .await
            .map_err(failure)?;
        let (commands, asked) = mpsc::unbounded_channel();
        tokio::spawn(writer.run(asked));
        let queue_bytes =
            u32::try_from(settings.queue_bytes.min(Semaphore::MAX_PERMITS)).unwrap_or(u32::MAX).max(1);
        let room = Arc::new(Semaphore::new(usize::try_from(queue_bytes).unwrap_or(usize::MAX)));
        Ok(Self(Arc::new(Inner { id, readers, commands, room, queue_bytes, news })))
    }

    pub(super) fn id(&self) -> Uuid {
        self.0.id
    }

    pub(super) fn news(&self) -> watch::Receiver<u64> {
        self.0.news.subscribe()
    }

    pub(super) async fn append(&self, events: &[Event]) -> Result<Position, LogError> {
        // Looked at before the work is done as well: a log that is busy must not cost more than a look.
        if self.0.room.available_permits() == 0 {
            return Err(LogError::Busy);
        }
        let lines = Lines::of(events)?;
        // What is larger than the whole queue may still pass through it alone.
        let bytes = u32::try_from(lines.text.len()).unwrap_or(u32::MAX).min(self.0.queue_bytes);
        let room = Arc::clone(&self.0.room).try_acquire_many_owned(bytes).map_err(|_| LogError::Busy)?;
        let (answer, answered) = oneshot::channel();
        self.ask(Command::Append(Pending { lines, room, answer }))?;
        answered.await.unwrap_or_else(|_| Err(closed()))
    }

    pub(super) async fn read(&self, after: Position, most: usize) -> Result<Chunk, LogError> {
        // A group has at least one event, so there are never more groups than events.
        let most = i64::try_from(most).unwrap_or(i64::MAX).max(1);
        let sizes = sqlx::query_as::<_, (i64, i64, i64)>(SIZES)
            .bind(after.0)
            .bind(most)
            .fetch_all(&self.0.readers)
            .await
            .map_err(failure)?;
        let (mut events, mut bytes, mut last) = (0_i64, 0_i64, None);
        for (position, count, length) in sizes {
            if last.is_some() && (events >= most || bytes.saturating_add(length) > READ_BYTES) {
                break;
            }
            events = events.saturating_add(count);
            bytes = bytes.saturating_add(length);
            last = Some(Position(position));
        }
        let mut chunk = Chunk { events: Vec::new(), position: after, damaged: 0 };
        let Some(last) = last else { return Ok(chunk) };
        let groups = sqlx::query_scalar::<_, Vec<u8>>(READ)
            .bind(after.0)
            .bind(last.0)
            .fetch_all(&self.0.readers)
            .await
            .map_err(failure)?;
        for group in groups {
            chunk.damaged += lines::events(&group, &mut chunk.events);
        }
        chunk.position = last;
        Ok(chunk)
    }

    pub(super) async fn newest(&self, most: usize) -> Result<Vec<Event>, LogError> {
        let (mut newest, mut before) = (Vec::new(), i64::MAX);
        while newest.len() < most {
            let group = sqlx::query_as::<_, (i64, Vec<u8>)>(NEWEST)
                .bind(before)
                .fetch_optional(&self.0.readers)
                .await
                .map_err(failure)?;
            let Some((position, text)) = group else { break };
            let mut events = Vec::new();
            lines::events(&text, &mut events);
            newest.extend(events.into_iter().rev());
            before = position;
        }
        newest.truncate(most);
        Ok(newest)
    }

    pub(super) async fn received_before(&self, time: Timestamp) -> Result<Position, LogError> {
        Ok(self.last_before(time.as_microsecond()).await?.max(Position::default()))
    }

    pub(super) async fn forget(&self, received_before: Timestamp, behind: Position) -> Result<u64, LogError> {
        let upto = self.last_before(received_before.as_microsecond()).await?.min(behind);
        let mut forgotten = 0;
        loop {
            let (answer, answered) = oneshot::channel();
            self.ask(Command::Forget { upto, answer })?;
            match answered.await.unwrap_or_else(|_| Err(closed()))? {
                0 => return Ok(forgotten),
                more => forgotten += more,
            }
        }
    }

    /// The last position whose group came in before a time. Times never go back from one to the next, so it is looked
    /// for by halves; an index over them would be written with every group.
    async fn last_before(&self, micros: i64) -> Result<Position, LogError> {
        let (first, last) = self.bounds().await?;
        // The answer lies in `known..unknown`.
        let (mut known, mut unknown) = (first.saturating_sub(1), last);
        while known < unknown {
            let middle = known + (unknown - known + 1) / 2;
            let at = sqlx::query_as::<_, (i64, i64)>(AT)
                .bind(middle)
                .fetch_optional(&self.0.readers)
                .await
                .map_err(failure)?;
            match at {
                // Positions between may be missing: a refused group leaves a gap.
                Some((position, at)) if at < micros => known = position.min(unknown).max(middle),
                _ => unknown = middle - 1,
            }
        }
        Ok(Position(known))
    }

    async fn bounds(&self) -> Result<(i64, i64), LogError> {
        sqlx::query_as(BOUNDS).fetch_one(&self.0.readers).await.map_err(failure)
    }

    pub(super) async fn standing(&self) -> Result<Standing, LogError> {
        let mut reader = self.0.readers.acquire().await.map_err(failure)?;
        standing(&mut reader).await.map_err(failure)
    }

    pub(super) async fn close(&self) {
        let (answer, answered) = oneshot::channel();
        if self.ask(Command::Close(answer)).is_ok() {
            // An error means that it ended before.
            answered.await.ok();
        }
        self.0.readers.close().await;
    }

    fn ask(&self, command: Command) -> Result<(), LogError> {
        self.0.commands.send(command).map_err(|_| closed())
    }
}

/// Looks at the file of a log and changes nothing: which log it is, and how it stands.
///
/// # Errors
/// When it is none, or one of another version.
pub async fn inspect(path: &Path) -> Result<(Uuid, Standing), LogError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .pragma("query_only", "ON")
        .busy_timeout(BUSY);
    let mut connection = options.connect().await.map_err(failure)?;
    let looked = look(&mut connection).await;
    connection.close().await.map_err(failure)?;
    looked
}

async fn look(connection: &mut SqliteConnection) -> Result<(Uuid, Standing), LogError> {
    let mut named = Vec::new();
    for name in ["id", "form"] {
        let value: String =
            sqlx::query_scalar(NAMED).bind(name).fetch_one(&mut *connection).await.map_err(failure)?;
        named.push(value);
    }
    let id = identity(&named)?;
    Ok((id, standing(connection).await.map_err(failure)?))
}

async fn standing(connection: &mut SqliteConnection) -> Result<Standing, sqlx::Error> {
    let (first, last): (i64, i64) = sqlx::query_as(BOUNDS).fetch_one(&mut *connection).await?;
    let oldest: Option<(i64, i64)> = sqlx::query_as(AT).bind(first).fetch_optional(&mut *connection).await?;
    let bytes: i64 = sqlx::query_scalar(BYTES).fetch_one(&mut *connection).await?;
    Ok(Standing {
        first: Position(first),
        last: Position(last),
        bytes: u64::try_from(bytes).unwrap_or_default(),
        oldest: oldest.and_then(|(_, at)| Timestamp::from_microsecond(at).ok()),
    })
}

fn closed() -> LogError {
    LogError::unavailable("it was closed")
}

fn options(path: &Path, settings: Settings) -> SqliteConnectOptions {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .page_size(PAGE)
        .auto_vacuum(SqliteAutoVacuum::Incremental)
        .journal_mode(SqliteJournalMode::Wal)
        // What was answered must outlive a power cut.
        .synchronous(SqliteSynchronous::Full)
        .pragma("wal_autocheckpoint", CHECKPOINT.to_string())
        .pragma("journal_size_limit", (u64::from(CHECKPOINT) * u64::from(PAGE)).to_string())
        .busy_timeout(BUSY);
    match settings.most_bytes {
        Some(most) => options.pragma("max_page_count", (most / u64::from(PAGE)).max(1).to_string()),
        None => options,
    }
}

/// Makes what is not there yet, and says which log it is.
async fn prepare(options: &SqliteConnectOptions, fresh: Uuid) -> Result<Uuid, LogError> {
    let mut connection = options.connect().await.map_err(failure)?;
    for statement in SCHEMA {
        sqlx::query(statement).execute(&mut connection).await.map_err(failure)?;
    }
    let mut named = Vec::new();
    for (name, value) in [("id", fresh.to_string()), ("form", FORM.to_owned())] {
        sqlx::query(NAME).bind(name).bind(value).execute(&mut connection).await.map_err(failure)?;
        let value: String =
            sqlx::query_scalar(NAMED).bind(name).fetch_one(&mut connection).await.map_err(failure)?;
        named.push(value);
    }
    connection.close().await.map_err(failure)?;
    identity(&named)
}

/// Which log it is, by what its file says of itself.
fn identity(named: &[String]) -> Result<Uuid, LogError> {
    match named {
        [id, form] if form == FORM => Uuid::parse_str(id).map_err(LogError::unavailable),
        _ => Err(LogError::unavailable("the file was made by another version of Gangway")),
    }
}
