//! Reads and writes plan files: the published JSON schema, Microsoft Project XML, PSPLIB.
//!
//! [`read`] recognises the format by its content. What a format can say and a plan cannot is
//! reported as a notice beside the plan, never dropped silently.

mod error;
mod json;
mod mspdi;
mod psplib;
mod schema;
mod xml;

pub use error::PlanFileError;
pub use schema::{plan_schema, schedule_schema};

use gangway_domain::fact::Notice;
use gangway_domain::plan::PlanSpec;

/// The largest file accepted, in bytes: a plan of 100,000 tasks has about a third of this.
pub const MOST_BYTES: usize = 64 * 1024 * 1024;

/// More remarks than this help nobody; how many more there are is said.
const MOST_NOTICES: usize = 500;

/// The formats that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The published plan schema, `gangway.plan/1`.
    Json,
    /// Microsoft Project XML (MSPDI), as Microsoft Project and many others export it.
    MicrosoftProjectXml,
    /// A single-mode instance of the Project Scheduling Problem Library (`.sm`).
    Psplib,
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Json => "Gangway plan (JSON)",
            Self::MicrosoftProjectXml => "Microsoft Project XML",
            Self::Psplib => "PSPLIB",
        })
    }
}

/// A plan that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanFile {
    /// The format it was in.
    pub format: Format,
    /// The plan, not yet checked: `gangway_domain::plan::schedule` does that.
    pub plan: PlanSpec,
    /// What could not be taken over as it was, in the order of the file.
    pub notices: Vec<Notice>,
}

/// Reads a plan file. With a `hint`, the content is read as that format whatever it looks like.
///
/// # Errors
/// When the file is too large, is not text, has no recognisable format, or breaks the format's rules;
/// the error names the place.
pub fn read(bytes: &[u8], hint: Option<Format>) -> Result<PlanFile, PlanFileError> {
    if bytes.len() > MOST_BYTES {
        return Err(PlanFileError::TooLarge { bytes: bytes.len(), limit: MOST_BYTES });
    }
    let text =
        std::str::from_utf8(bytes).map_err(|error| PlanFileError::NotUtf8 { at: error.valid_up_to() })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let format = hint.or_else(|| recognise(text)).ok_or(PlanFileError::UnknownFormat)?;
    let (plan, mut notices) = match format {
        Format::Json => (json::read(text)?, Vec::new()),
        Format::MicrosoftProjectXml => mspdi::read(text)?,
        Format::Psplib => psplib::read(text)?,
    };
    let more = notices.len().saturating_sub(MOST_NOTICES);
    if more > 0 {
        notices.truncate(MOST_NOTICES);
        notices.push(Notice::warning("more_notices", format!("… and {more} further remarks on the file.")));
    }
    Ok(PlanFile { format, plan, notices })
}

fn recognise(text: &str) -> Option<Format> {
    match text.trim_start().chars().next()? {
        '{' => Some(Format::Json),
        '<' => Some(Format::MicrosoftProjectXml),
        _ if text.contains("PRECEDENCE RELATIONS") => Some(Format::Psplib),
        _ => None,
    }
}
