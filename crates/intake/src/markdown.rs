//! x
use crate::{builder::Builder, source::SourceText, text};
pub(crate) fn read(b: &mut Builder<'_>, source: &SourceText) { text::read(b, source, text::Layout::Lines) }
