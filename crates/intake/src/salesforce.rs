//! x
use crate::{IntakeError, ReadContext, source::SourceText};
use gangway_domain::deal::Reading;
pub(crate) fn read(_s: &SourceText, _c: &ReadContext) -> Result<Vec<Reading>, IntakeError> { Err(IntakeError::Empty) }
