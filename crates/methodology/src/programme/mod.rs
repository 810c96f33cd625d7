//! One programme at work: judged beside the other files, changed as a person would change its text, and
//! compared with another version in the words people use.

mod check;
mod compare;
mod edit;
mod form;
mod write;

pub use check::{Finding, Judged, read_programme};
pub use compare::{Change, Comparison, Delta, Group, Item};
pub use edit::{NotToml, ProgrammeText};
pub use form::{Field, Input, Kind, Mistake, Part, Values};
pub use write::questionnaire_values;

/// Path of the file of a programme.
#[must_use]
pub fn path_of(id: &str) -> String {
    format!("programmes/{id}.toml")
}
