//! The published plan schema.

use gangway_domain::plan::PlanSpec;

use crate::PlanFileError;

/// Reads a plan. The parser limits nesting to 128 levels; a plan has six.
pub(crate) fn read(text: &str) -> Result<PlanSpec, PlanFileError> {
    serde_json::from_str(text).map_err(|error| locate(text, &error))
}

/// Reads again what could not be read, this time keeping track of the path, which costs half as much again.
fn locate(text: &str, error: &serde_json::Error) -> PlanFileError {
    let mut parser = serde_json::Deserializer::from_str(text);
    match serde_path_to_error::deserialize::<_, PlanSpec>(&mut parser) {
        Err(located) => problem(located.path().to_string(), located.inner()),
        // The plan itself is sound: something follows it.
        Ok(_) => problem(".".to_owned(), error),
    }
}

fn problem(path: String, error: &serde_json::Error) -> PlanFileError {
    let (line, column) = (error.line(), error.column());
    let message = error.to_string();
    // The place is stated once, in front.
    let message =
        message.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&message).to_owned();
    PlanFileError::Json { path, line, column, message }
}
