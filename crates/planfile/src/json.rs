//! The published plan schema.

use gangway_domain::plan::PlanSpec;

use crate::PlanFileError;

/// Reads a plan. The parser limits nesting to 128 levels; a plan has six.
pub(crate) fn read(text: &str) -> Result<PlanSpec, PlanFileError> {
    let mut parser = serde_json::Deserializer::from_str(text);
    let plan = serde_path_to_error::deserialize(&mut parser).map_err(|error| {
        let path = error.path().to_string();
        problem(path, error.inner())
    })?;
    parser.end().map_err(|error| problem(".".to_owned(), &error))?;
    Ok(plan)
}

fn problem(path: String, error: &serde_json::Error) -> PlanFileError {
    let (line, column) = (error.line(), error.column());
    let message = error.to_string();
    // The place is stated once, in front.
    let message =
        message.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&message).to_owned();
    PlanFileError::Json { path, line, column, message }
}
