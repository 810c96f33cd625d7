//! Raw events taken out as a file, piece by piece: lines of JSON, or Parquet.

mod table;

use std::collections::BTreeSet;

use gangway_domain::ids::{AccountId, WorkspaceId};
use gangway_domain::permission::Action;
use gangway_events::Event;
use gangway_events::log::Position;
use gangway_store::usage::group;
use jiff::civil::Date;
use tokio::sync::mpsc::{self, Receiver, Sender};

use self::table::Table;
use super::elsewhere;
use crate::boxed;
use crate::error::AppError;
use crate::{Actor, App};

/// Events read at once.
const AT_ONCE: usize = 5_000;

/// Pieces that may wait for a slow reader.
const AHEAD: usize = 4;

/// The form of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One message a line, as Segment writes them.
    Ndjson,
    /// Apache Parquet, a row an event.
    Parquet,
}

impl Format {
    /// For the header.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Ndjson => "application/x-ndjson",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }

    /// The end of the name of the file.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Parquet => "parquet",
        }
    }
}

/// Which events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    /// From this day on (UTC, of the event).
    pub from: Option<Date>,
    /// Up to this day, it included.
    pub to: Option<Date>,
    /// Of the groups of this account only, as messages name them.
    pub account: Option<AccountId>,
}

/// Raw events of the workspace as the pieces of a file, in the order in which they came in.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database or the log fails. What fails later is the last piece.
#[boxed]
pub async fn events(
    app: &App,
    actor: &Actor,
    format: Format,
    span: Span,
) -> Result<Receiver<Result<Vec<u8>, AppError>>, AppError> {
    actor.require(Action::Export)?;
    let groups = match span.account {
        None => None,
        Some(account) => {
            let mut tx = app.db.read().await?;
            let groups = group::of_account(&mut tx, actor.workspace, account).await?;
            Some(groups.into_iter().map(|group| group.external_id).collect::<BTreeSet<_>>())
        }
    };
    app.usage.log().await.map_err(elsewhere)?;
    let wanted = Wanted { workspace: actor.workspace, span, groups };
    let (sender, receiver) = mpsc::channel(AHEAD);
    let app = app.clone();
    tokio::spawn(async move {
        if let Err(error) = write(&app, &wanted, format, &sender).await {
            // Fails only when nobody reads any more.
            sender.send(Err(error)).await.ok();
        }
    });
    Ok(receiver)
}

struct Wanted {
    workspace: WorkspaceId,
    span: Span,
    groups: Option<BTreeSet<String>>,
}

impl Wanted {
    fn has(&self, event: &Event) -> bool {
        let day = event.day();
        event.workspace == self.workspace
            && self.span.from.is_none_or(|from| day >= from)
            && self.span.to.is_none_or(|to| day <= to)
            && self
                .groups
                .as_ref()
                .is_none_or(|groups| event.group_id.as_ref().is_some_and(|group| groups.contains(group)))
    }
}

async fn write(
    app: &App,
    wanted: &Wanted,
    format: Format,
    to: &Sender<Result<Vec<u8>, AppError>>,
) -> Result<(), AppError> {
    let log = app.usage.log().await.map_err(elsewhere)?;
    let mut table = match format {
        Format::Ndjson => None,
        Format::Parquet => Some(Table::new()?),
    };
    let mut position = Position(0);
    loop {
        let mut chunk = log.read(position, AT_ONCE).await.map_err(elsewhere)?;
        if chunk.position <= position {
            break;
        }
        position = chunk.position;
        chunk.events.retain(|event| wanted.has(event));
        if chunk.events.is_empty() {
            continue;
        }
        let piece = match &mut table {
            None => lines(&chunk.events),
            Some(table) => table.add(&chunk.events)?,
        };
        if to.send(Ok(piece)).await.is_err() {
            // Nobody reads any more.
            return Ok(());
        }
    }
    if let Some(table) = table {
        to.send(Ok(table.end()?)).await.ok();
    }
    Ok(())
}

fn lines(events: &[Event]) -> Vec<u8> {
    let mut text = String::new();
    for event in events {
        text.push_str(&event.message().to_string());
        text.push('\n');
    }
    text.into_bytes()
}
