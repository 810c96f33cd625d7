//! Events from files, taken piece by piece: what was taken stays taken, and a piece that is sent again counts nothing twice.

mod line;

use gangway_domain::ids::{ImportId, SourceId};
use gangway_domain::permission::Action;
use gangway_events::read::{Origin, Verdict};
use gangway_store::Tx;
use gangway_store::usage::import as rows;

pub use gangway_store::usage::import::Import;

use self::line::{cells, from_csv, from_json, separator};
use super::ingest::{Admitted, accept};
use super::{elsewhere, source};
use crate::activity;
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::{Actor, App};

/// Imports that are listed.
const LISTED: u32 = 50;

/// Bytes of one piece.
pub const MOST_BYTES: usize = 4 * 1024 * 1024;

/// Bytes of one line.
const LONGEST_LINE: usize = 64 * 1024;

/// Bytes of a file.
const LARGEST: i64 = 20 * 1024 * 1024 * 1024;

/// What is asked of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Name of the file.
    pub name: String,
    /// The source its events count for.
    pub source: SourceId,
    /// `csv` or `ndjson`.
    pub format: String,
    /// Size of the file.
    pub total_bytes: i64,
}

/// Imports of the workspace, newest first.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Import>, AppError> {
    actor.require(Action::ManageIntegrations)?;
    let mut tx = app.db.read().await?;
    Ok(rows::recent(&mut tx, actor.workspace, LISTED).await?)
}

/// One import.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn get(app: &App, actor: &Actor, id: ImportId) -> Result<Import, AppError> {
    actor.require(Action::ManageIntegrations)?;
    let mut tx = app.db.read().await?;
    known(&mut tx, actor, id).await
}

/// Begins an import: its pieces are sent next.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`], [`AppError::NotFound`] for the source, [`AppError::Refusal`] when it
/// has ended; or when the database fails.
#[boxed]
pub async fn begin(app: &App, actor: &Actor, wanted: &Wanted) -> Result<Import, AppError> {
    actor.require(Action::ManageIntegrations)?;
    let mut problems = Vec::new();
    let name: String = wanted.name.trim().chars().take(200).collect();
    if name.is_empty() {
        problems.push(Problem::new("name", "is missing"));
    }
    if !["csv", "ndjson"].contains(&wanted.format.as_str()) {
        problems.push(Problem::new("format", "must be csv or ndjson"));
    }
    if !(1..=LARGEST).contains(&wanted.total_bytes) {
        problems.push(Problem::new("total_bytes", "must be from 1 byte to 20 GB"));
    }
    if !problems.is_empty() {
        return Err(AppError::Invalid(problems));
    }
    let mut tx = app.db.write().await?;
    source::open(&mut tx, actor, wanted.source).await?;
    let import = Import {
        id: ImportId::fresh(&*app.ids),
        source: wanted.source,
        name,
        format: wanted.format.clone(),
        state: "open".to_owned(),
        total_bytes: wanted.total_bytes,
        done_bytes: 0,
        rest: String::new(),
        columns: Vec::new(),
        separator: None,
        lines: 0,
        accepted: 0,
        refused: 0,
        problem: None,
        made_by: actor.name.clone(),
        made_at: app.now(),
        version: 1,
    };
    rows::insert(&mut tx, actor.workspace, &import).await?;
    let summary = format!("Began to import usage events from {}", import.name);
    activity::audit(app, &mut tx, actor, "usage.import_begun", summary).await?;
    tx.commit().await?;
    Ok(import)
}

/// Takes the next piece of the file, which begins at `offset`; with the last one the import is done. A piece that was sent
/// and never answered is simply sent again.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Refusal`] when the import is over, [`AppError::Invalid`]
/// for too large a piece, [`AppError::Stale`] with the offset that is wanted as its version; or when the log or the
/// database fails.
#[boxed]
pub async fn put(
    app: &App,
    actor: &Actor,
    id: ImportId,
    offset: i64,
    bytes: &[u8],
) -> Result<Import, AppError> {
    actor.require(Action::ManageIntegrations)?;
    let mut tx = app.db.read().await?;
    let mut import = known(&mut tx, actor, id).await?;
    if import.state != "open" {
        return Err(AppError::Refusal("this import is over: begin another one".to_owned()));
    }
    let source = source::open(&mut tx, actor, import.source).await?;
    drop(tx);
    if import.done_bytes != offset {
        return Err(AppError::Stale { what: "import", version: import.done_bytes });
    }
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    if bytes.len() > MOST_BYTES || bytes.is_empty() || size > import.total_bytes - offset {
        let problem = Problem::new("piece", "must have 1 byte to 4 MB, and no more than the file");
        return Err(AppError::Invalid(vec![problem]));
    }
    let is_last = offset + size == import.total_bytes;
    match piece(&mut import, bytes, is_last) {
        Err(problem) => {
            import.state = "failed".to_owned();
            import.problem = Some(problem.to_owned());
        }
        Ok(lines) => {
            let by = Admitted {
                workspace: actor.workspace,
                source: source.id,
                name: source.name.into(),
                origins: Vec::new().into(),
            };
            import.done_bytes = offset + size;
            take(app, &by, &mut import, lines).await?;
            if is_last {
                import.state = "done".to_owned();
            }
        }
    }
    let mut tx = app.db.write().await?;
    if !rows::put(&mut tx, actor.workspace, &import).await? {
        // Somebody sent the same piece in the same moment; its events are in the log twice and count once.
        let now = known(&mut tx, actor, id).await?;
        return Err(AppError::Stale { what: "import", version: now.done_bytes });
    }
    tx.commit().await?;
    import.version += 1;
    Ok(import)
}

/// Ends an import and forgets it; what it counted stays counted.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn cancel(app: &App, actor: &Actor, id: ImportId) -> Result<(), AppError> {
    actor.require(Action::ManageIntegrations)?;
    let mut tx = app.db.write().await?;
    known(&mut tx, actor, id).await?;
    rows::delete(&mut tx, actor.workspace, id).await?;
    tx.commit().await?;
    Ok(())
}

async fn known(tx: &mut Tx, actor: &Actor, id: ImportId) -> Result<Import, AppError> {
    rows::get(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("import", id))
}

/// The whole lines of a piece, behind what was left of the one before; what is unfinished is left for the next.
fn piece(import: &mut Import, bytes: &[u8], is_last: bool) -> Result<Vec<String>, &'static str> {
    // A character may be cut in two by the end of a piece, never by that of a line.
    let mut text = unhex(&import.rest);
    text.extend_from_slice(bytes);
    let end = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let rest = text.split_off(if is_last { text.len() } else { end });
    import.rest = hex(&rest);
    let text = String::from_utf8(text).map_err(|_| "it is not text in UTF-8")?;
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if lines.iter().any(|line| line.len() > LONGEST_LINE) || import.rest.len() > 2 * LONGEST_LINE {
        return Err("it has a line of more than 64 KB");
    }
    Ok(lines)
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // A string takes whatever it is given.
        write!(text, "{byte:02x}").ok();
        text
    })
}

fn unhex(text: &str) -> Vec<u8> {
    let pairs = (0..text.len() / 2).filter_map(|at| text.get(at * 2..at * 2 + 2));
    pairs.filter_map(|pair| u8::from_str_radix(pair, 16).ok()).collect()
}

/// Reads lines and takes what is accepted of them.
async fn take(app: &App, by: &Admitted, import: &mut Import, lines: Vec<String>) -> Result<(), AppError> {
    let origin = Origin { workspace: by.workspace, source: by.source.uuid(), received_at: app.clock.now() };
    let mut verdicts: Vec<Verdict> = Vec::with_capacity(lines.len());
    for line in lines {
        import.lines += 1;
        if line.trim().is_empty() {
            continue;
        }
        if import.format == "csv" && import.columns.is_empty() {
            let separator = separator(&line);
            import.columns = cells(&line, separator);
            import.separator = Some(separator.to_string());
            continue;
        }
        // The same line of the same file is the same message, however often it is sent.
        let number = format!("{}-{}", import.id, import.lines);
        let read = match import.format.as_str() {
            "csv" => {
                let known = import.separator.as_deref().and_then(|known| known.chars().next());
                let row = cells(&line, known.unwrap_or_else(|| separator(&line)));
                from_csv(&import.columns, row, &number, &origin)
            }
            _ => from_json(&line, &number, &origin),
        };
        match read {
            Ok(verdict) => {
                match &verdict {
                    Verdict::Accepted(_) => import.accepted += 1,
                    Verdict::Rejected(refused) | Verdict::Quarantined(refused) => {
                        import.refused += 1;
                        import.problem = Some(format!("line {}: {}", import.lines, refused.reason));
                    }
                }
                verdicts.push(verdict);
            }
            Err(reason) => {
                import.refused += 1;
                import.problem = Some(format!("line {}: {reason}", import.lines));
            }
        }
    }
    if !verdicts.is_empty() {
        accept(app, by, verdicts).await.map_err(elsewhere)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{hex, unhex};

    #[test]
    fn an_unfinished_line_comes_back_whole() {
        let bytes = "Zürich, \u{1f600}".as_bytes();
        assert_eq!(unhex(&hex(bytes)), bytes);
    }
}
