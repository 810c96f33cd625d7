//! The log as a stream of NATS JetStream, for several processes that take events in, and one that rolls them up.
//!
//! A message of the stream holds the events of an append, or as many of them as fit, so positions are the sequence
//! numbers of the stream. The server acknowledges what it has written to its file; it flushes that file to the disk
//! by its own setting `sync_interval`, and several replicas are its answer to a power cut.

use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::consumer::{AckPolicy, Consumer, DeliverPolicy, pull};
use async_nats::jetstream::context::PublishErrorKind;
use async_nats::jetstream::stream::{self, DiscardPolicy, RawMessageErrorKind, StorageType};
use async_nats::jetstream::{self, Context, ErrorCode};
use async_nats::{Client, ConnectOptions};
use futures_util::StreamExt;
use jiff::Timestamp;
use tokio::sync::{Semaphore, TryAcquireError, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use uuid::Uuid;

use super::lines::{self, Lines};
use super::{Chunk, LogError, Position, Settings, Standing};
use crate::event::Event;

/// The stream when the address names none.
const STREAM: &str = "gangway-events";

/// What the description of the stream says before the id of the log.
const DESCRIPTION: &str = "Gangway usage events, log";

/// Longest wait for a connection, and for an answer.
const CONNECT: Duration = Duration::from_secs(5);
const ANSWER: Duration = Duration::from_secs(10);

/// Bytes of a message, unless the server takes less.
const MESSAGE: usize = 768 * 1024;
/// What the server counts as payload beside the text.
const SPARE: usize = 4 * 1024;

/// Messages, and bytes of them, that are read at once.
const READ_MESSAGES: u64 = 256;
const READ_BYTES: usize = 16 * 1024 * 1024;

/// How long the server keeps a reader that has gone.
const READER: Duration = Duration::from_secs(30);

/// Messages looked at for the newest events.
const NEWEST_MESSAGES: usize = 500;

/// Codes of JetStream that say that there is no room: insufficient resources, memory, storage, and a stream at its limit.
const NO_ROOM: [ErrorCode; 4] = [
    ErrorCode::INSUFFICIENT_RESOURCES,
    ErrorCode::MEMORY_RESOURCES_EXCEEDED,
    ErrorCode::STORAGE_RESOURCES_EXCEEDED,
    ErrorCode::STREAM_STORE_FAILED,
];

/// A stream of NATS JetStream. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Nats(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    id: Uuid,
    client: Client,
    context: Context,
    stream: String,
    room: Arc<Semaphore>,
    queue_bytes: u32,
    news: watch::Sender<u64>,
    /// Hears of what other processes append.
    listener: JoinHandle<()>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

impl Nats {
    /// Connects, and makes the stream when it is not there.
    ///
    /// # Errors
    /// When no server answers, JetStream is off, or the stream is not one of ours.
    pub async fn open(address: &str, fresh: Uuid, settings: Settings) -> Result<Self, LogError> {
        let (servers, stream) = places(address);
        let client = ConnectOptions::new()
            .name("gangway")
            .connection_timeout(CONNECT)
            .request_timeout(Some(ANSWER))
            .connect(servers)
            .await
            .map_err(LogError::unavailable)?;
        let mut context = jetstream::new(client.clone());
        context.set_timeout(ANSWER);
        let id = prepare(&context, &stream, fresh, settings).await?;
        let news = watch::Sender::new(0);
        let listener = listen(&client, &stream, news.clone()).await?;
        let queue_bytes =
            u32::try_from(settings.queue_bytes.min(Semaphore::MAX_PERMITS)).unwrap_or(u32::MAX).max(1);
        let room = Arc::new(Semaphore::new(usize::try_from(queue_bytes).unwrap_or(usize::MAX)));
        Ok(Self(Arc::new(Inner { id, client, context, stream, room, queue_bytes, news, listener })))
    }

    pub(super) fn id(&self) -> Uuid {
        self.0.id
    }

    pub(super) fn news(&self) -> watch::Receiver<u64> {
        self.0.news.subscribe()
    }

    pub(super) async fn append(&self, events: &[Event]) -> Result<Position, LogError> {
        if self.0.room.available_permits() == 0 {
            return Err(LogError::Busy);
        }
        let most = self.0.client.server_info().max_payload.saturating_sub(SPARE).clamp(SPARE, MESSAGE);
        let parts = Lines::split(events, most)?;
        let bytes: usize = parts.iter().map(|part| part.text.len()).sum();
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX).min(self.0.queue_bytes);
        let _room =
            Arc::clone(&self.0.room).try_acquire_many_owned(bytes).map_err(|refused| match refused {
                TryAcquireError::NoPermits => LogError::Busy,
                TryAcquireError::Closed => LogError::unavailable("it was closed"),
            })?;
        let mut sent = Vec::with_capacity(parts.len());
        for part in parts {
            let subject = subject(&self.0.stream);
            sent.push(self.0.context.publish(subject, part.text.into()).await.map_err(refusal)?);
        }
        let mut position = Position::default();
        for acknowledged in sent {
            let sequence = acknowledged.await.map_err(refusal)?.sequence;
            position = position.max(at(sequence));
        }
        // Whoever misses it looks from time to time.
        self.0.client.publish(news_subject(&self.0.stream), Vec::<u8>::new().into()).await.ok();
        Ok(position)
    }

    pub(super) async fn read(&self, after: Position, most: usize) -> Result<Chunk, LogError> {
        let mut chunk = Chunk { events: Vec::new(), position: after, damaged: 0 };
        let stream = self.stream().await?;
        let reader = stream
            .create_consumer(pull::Config {
                deliver_policy: DeliverPolicy::ByStartSequence { start_sequence: sequence(after) + 1 },
                ack_policy: AckPolicy::None,
                memory_storage: true,
                inactive_threshold: READER,
                ..pull::Config::default()
            })
            .await
            .map_err(LogError::unavailable)?;
        let read = self.take(&reader, most, &mut chunk).await;
        // The server forgets it by itself, only later.
        stream.delete_consumer(&reader.cached_info().name).await.ok();
        read.map(|()| chunk)
    }

    /// Takes messages from a reader until there are enough events.
    async fn take(
        &self,
        reader: &Consumer<pull::Config>,
        most: usize,
        chunk: &mut Chunk,
    ) -> Result<(), LogError> {
        let waiting = reader.cached_info().num_pending.min(READ_MESSAGES);
        if waiting == 0 {
            return Ok(());
        }
        let batch = usize::try_from(waiting).unwrap_or(1).min(most.max(1));
        let mut messages = reader
            .fetch()
            .max_messages(batch)
            .max_bytes(READ_BYTES)
            .messages()
            .await
            .map_err(LogError::unavailable)?;
        for taken in 0..batch {
            let message = match timeout(ANSWER, messages.next()).await {
                Ok(Some(Ok(message))) => message,
                // The limit of bytes ends a batch early.
                Ok(None | Some(Err(_))) | Err(_) if taken > 0 => break,
                Ok(None) => break,
                Ok(Some(Err(error))) => return Err(LogError::unavailable(error)),
                Err(_) => return Err(LogError::unavailable("the server sent nothing")),
            };
            let sequence = message.info().map_err(LogError::unavailable)?.stream_sequence;
            chunk.damaged += lines::events(&message.payload, &mut chunk.events);
            chunk.position = at(sequence);
            if chunk.events.len() >= most {
                break;
            }
        }
        Ok(())
    }

    pub(super) async fn newest(&self, most: usize) -> Result<Vec<Event>, LogError> {
        let stream = self.stream().await?;
        let state = stream.get_info().await.map_err(LogError::unavailable)?.state;
        let mut newest = Vec::new();
        let sequences = (state.first_sequence.max(1)..=state.last_sequence).rev();
        for sequence in sequences.take(NEWEST_MESSAGES) {
            if newest.len() >= most {
                break;
            }
            if let Some(text) = text(&stream, sequence).await? {
                let mut events = Vec::new();
                lines::events(&text, &mut events);
                newest.extend(events.into_iter().rev());
            }
        }
        newest.truncate(most);
        Ok(newest)
    }

    pub(super) async fn received_before(&self, time: Timestamp) -> Result<Position, LogError> {
        let stream = self.stream().await?;
        let state = stream.get_info().await.map_err(LogError::unavailable)?.state;
        Ok(at(last_before(&stream, state.first_sequence, state.last_sequence, time).await?))
    }

    pub(super) async fn forget(&self, received_before: Timestamp, behind: Position) -> Result<u64, LogError> {
        let stream = self.stream().await?;
        let state = stream.get_info().await.map_err(LogError::unavailable)?.state;
        // The newest stays, and so does everything the cursor has not passed.
        let last = state.last_sequence.saturating_sub(1).min(sequence(behind));
        let known = last_before(&stream, state.first_sequence, last, received_before).await?;
        if known < state.first_sequence.max(1) {
            return Ok(0);
        }
        let purged = stream.purge().sequence(known + 1).await.map_err(LogError::unavailable)?;
        Ok(purged.purged)
    }

    pub(super) async fn standing(&self) -> Result<Standing, LogError> {
        let stream = self.stream().await?;
        let state = stream.get_info().await.map_err(LogError::unavailable)?.state;
        if state.messages == 0 {
            return Ok(Standing { last: at(state.last_sequence), ..Standing::default() });
        }
        Ok(Standing {
            first: at(state.first_sequence),
            last: at(state.last_sequence),
            bytes: state.bytes,
            oldest: received(&stream, state.first_sequence).await?,
        })
    }

    pub(super) async fn close(&self) {
        // Every append waits for its own answer, so nothing is left but to refuse what comes.
        self.0.room.close();
        self.0.listener.abort();
        if let Err(error) = self.0.client.drain().await {
            tracing::debug!(%error, "the connection to NATS had ended");
        }
    }

    /// The stream, without asking the server.
    async fn stream(&self) -> Result<stream::Stream<()>, LogError> {
        self.0.context.get_stream_no_info(&self.0.stream).await.map_err(LogError::unavailable)
    }
}

/// The servers of an address, and the stream.
fn places(address: &str) -> (Vec<String>, String) {
    let (servers, stream) = match address.rsplit_once('/') {
        Some((servers, stream)) if !servers.ends_with('/') => (servers, stream),
        _ => (address, ""),
    };
    let stream = if stream.is_empty() { STREAM } else { stream };
    (servers.split(',').map(|server| server.trim().to_owned()).collect(), stream.to_owned())
}

/// Where the events of a stream are sent.
fn subject(stream: &str) -> String {
    format!("{stream}.log")
}

/// Where other processes are told that something was appended; not kept.
fn news_subject(stream: &str) -> String {
    format!("{stream}.news")
}

/// Makes the stream when it is not there, and says which log it is.
async fn prepare(context: &Context, name: &str, fresh: Uuid, settings: Settings) -> Result<Uuid, LogError> {
    let wanted = stream::Config {
        name: name.to_owned(),
        subjects: vec![subject(name)],
        description: Some(format!("{DESCRIPTION} {fresh}")),
        storage: StorageType::File,
        // What does not fit is refused; nothing is lost to make room.
        discard: DiscardPolicy::New,
        max_bytes: settings.most_bytes.map_or(-1, |most| i64::try_from(most).unwrap_or(i64::MAX)),
        ..stream::Config::default()
    };
    let known = match context.get_stream(name).await {
        Ok(known) => known,
        Err(missing) => match context.create_stream(wanted).await {
            Ok(made) => made,
            Err(refused) => {
                // Another process may have been quicker.
                tracing::debug!(%missing, %refused, "the stream was not made");
                context.get_stream(name).await.map_err(|_| LogError::unavailable(refused))?
            }
        },
    };
    let description = known.cached_info().config.description.clone().unwrap_or_default();
    description
        .strip_prefix(DESCRIPTION)
        .and_then(|id| Uuid::parse_str(id.trim()).ok())
        .ok_or_else(|| LogError::unavailable(format!("the stream {name} was not made by Gangway")))
}

/// Hears of what was appended, by any process.
async fn listen(client: &Client, stream: &str, news: watch::Sender<u64>) -> Result<JoinHandle<()>, LogError> {
    let mut told = client.subscribe(news_subject(stream)).await.map_err(LogError::unavailable)?;
    Ok(tokio::spawn(async move {
        while told.next().await.is_some() {
            news.send_modify(|count| *count = count.wrapping_add(1));
        }
    }))
}

/// The text of a message; nothing when it is gone.
async fn text(stream: &stream::Stream<()>, sequence: u64) -> Result<Option<Vec<u8>>, LogError> {
    match stream.get_raw_message(sequence).await {
        Ok(message) => Ok(Some(message.payload.to_vec())),
        Err(error) if error.kind() == RawMessageErrorKind::NoMessageFound => Ok(None),
        Err(error) => Err(LogError::unavailable(error)),
    }
}

/// When the latest event of a message came in; nothing when it is gone.
async fn received(stream: &stream::Stream<()>, sequence: u64) -> Result<Option<Timestamp>, LogError> {
    let mut events = Vec::new();
    if let Some(text) = text(stream, sequence).await? {
        lines::events(&text, &mut events);
    }
    Ok(events.iter().map(|event| event.received_at).max())
}

/// The last message, from the first to the last of these, that came in before a time; looked for by halves.
async fn last_before(
    stream: &stream::Stream<()>,
    first: u64,
    last: u64,
    time: Timestamp,
) -> Result<u64, LogError> {
    let (mut known, mut unknown) = (first.saturating_sub(1), last);
    while known < unknown {
        let middle = known + (unknown - known).div_ceil(2);
        if received(stream, middle).await?.is_none_or(|received| received < time) {
            known = middle;
        } else {
            unknown = middle - 1;
        }
    }
    Ok(known)
}

/// What it means that the server did not take a message.
fn refusal(error: jetstream::context::PublishError) -> LogError {
    let source =
        std::error::Error::source(&error).and_then(|source| source.downcast_ref::<jetstream::Error>());
    let no_room = source.is_some_and(|source| NO_ROOM.contains(&source.error_code()));
    match error.kind() {
        PublishErrorKind::Other if no_room => LogError::Full,
        PublishErrorKind::MaxAckPending => LogError::Busy,
        _ => LogError::unavailable(error),
    }
}

fn at(sequence: u64) -> Position {
    Position(i64::try_from(sequence).unwrap_or(i64::MAX))
}

fn sequence(position: Position) -> u64 {
    u64::try_from(position.0).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::places;

    #[test]
    fn an_address_names_servers_and_perhaps_a_stream() {
        let places = |address| {
            let (servers, stream) = places(address);
            format!("{} {stream}", servers.join("+"))
        };
        assert_eq!(places("nats://a:4222"), "nats://a:4222 gangway-events");
        assert_eq!(places("nats://a:4222/"), "nats://a:4222 gangway-events");
        assert_eq!(places("nats://a,nats://me:secret@b:1/of-us"), "nats://a+nats://me:secret@b:1 of-us");
        assert_eq!(places("tls://a/x"), "tls://a x");
    }
}
