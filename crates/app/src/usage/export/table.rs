//! Raw events as a Parquet file: a row group for each piece of the log, written as it is read.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use gangway_events::{Event, Json};
use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

use crate::error::AppError;

/// A row an event. What senders nest stays JSON: every sender nests something else.
const SCHEMA: &str = "message usage_event {
    required int64 at (TIMESTAMP(MICROS,true));
    required int64 received_at (TIMESTAMP(MICROS,true));
    required byte_array kind (UTF8);
    required byte_array message_id (UTF8);
    required byte_array source (UTF8);
    optional byte_array user_id (UTF8);
    optional byte_array anonymous_id (UTF8);
    optional byte_array group_id (UTF8);
    optional byte_array previous_id (UTF8);
    optional byte_array name (UTF8);
    optional byte_array properties (UTF8);
    optional byte_array traits (UTF8);
    optional byte_array context (UTF8);
}";

/// What was written and not taken yet.
#[derive(Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Buffer {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl io::Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A Parquet file under way.
pub(super) struct Table {
    buffer: Buffer,
    writer: SerializedFileWriter<Buffer>,
}

impl Table {
    pub(super) fn new() -> Result<Self, AppError> {
        Self::begin().map_err(failed)
    }

    fn begin() -> Result<Self, ParquetError> {
        let schema = Arc::new(parse_message_type(SCHEMA)?);
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let buffer = Buffer::default();
        let writer = SerializedFileWriter::new(buffer.clone(), schema, Arc::new(properties))?;
        Ok(Self { buffer, writer })
    }

    /// Adds events, and returns what can be sent by now.
    pub(super) fn add(&mut self, events: &[Event]) -> Result<Vec<u8>, AppError> {
        self.write(events).map_err(failed)?;
        Ok(self.buffer.take())
    }

    /// Ends the file, and returns the rest of it.
    pub(super) fn end(self) -> Result<Vec<u8>, AppError> {
        let Self { buffer, writer } = self;
        writer.close().map_err(failed)?;
        Ok(buffer.take())
    }

    fn write(&mut self, events: &[Event]) -> Result<(), ParquetError> {
        let mut group = self.writer.next_row_group()?;
        numbers(&mut group, events, |event| event.at.as_microsecond())?;
        numbers(&mut group, events, |event| event.received_at.as_microsecond())?;
        texts(&mut group, events, |event| event.kind.word().to_owned())?;
        texts(&mut group, events, |event| event.message_id.clone())?;
        texts(&mut group, events, |event| event.source.to_string())?;
        optional(&mut group, events, |event| event.user_id.as_deref())?;
        optional(&mut group, events, |event| event.anonymous_id.as_deref())?;
        optional(&mut group, events, |event| event.group_id.as_deref())?;
        optional(&mut group, events, |event| event.previous_id.as_deref())?;
        optional(&mut group, events, |event| event.name.as_deref())?;
        optional(&mut group, events, |event| event.properties.as_ref().map(Json::text))?;
        optional(&mut group, events, |event| event.traits.as_ref().map(Json::text))?;
        optional(&mut group, events, |event| event.context.as_ref().map(Json::text))?;
        group.close()?;
        Ok(())
    }
}

type Group<'a> = SerializedRowGroupWriter<'a, Buffer>;

fn numbers(group: &mut Group<'_>, events: &[Event], of: impl Fn(&Event) -> i64) -> Result<(), ParquetError> {
    let Some(mut column) = group.next_column()? else { return Ok(()) };
    let values: Vec<i64> = events.iter().map(of).collect();
    column.typed::<Int64Type>().write_batch(&values, None, None)?;
    column.close()
}

fn texts(group: &mut Group<'_>, events: &[Event], of: impl Fn(&Event) -> String) -> Result<(), ParquetError> {
    let Some(mut column) = group.next_column()? else { return Ok(()) };
    let values: Vec<ByteArray> = events.iter().map(|event| ByteArray::from(of(event).into_bytes())).collect();
    column.typed::<ByteArrayType>().write_batch(&values, None, None)?;
    column.close()
}

/// Values that are there, and for each event whether it has one.
fn optional(
    group: &mut Group<'_>,
    events: &[Event],
    of: impl Fn(&Event) -> Option<&str>,
) -> Result<(), ParquetError> {
    let Some(mut column) = group.next_column()? else { return Ok(()) };
    let found: Vec<Option<&str>> = events.iter().map(of).collect();
    let levels: Vec<i16> = found.iter().map(|value| i16::from(value.is_some())).collect();
    let values: Vec<ByteArray> =
        found.into_iter().flatten().map(|text| ByteArray::from(text.as_bytes().to_vec())).collect();
    column.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None)?;
    column.close()
}

fn failed(error: ParquetError) -> AppError {
    tracing::error!(%error, "a Parquet file could not be written");
    AppError::Crashed
}
