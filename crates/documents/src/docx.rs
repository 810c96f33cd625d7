//! The document as .docx: WordprocessingML written directly, so that header rows repeat, headings are
//! real headings and every byte is the same each time.

mod body;
mod cells;
mod figures;
mod forms;
mod parts;

use crate::brand::Brand;
use crate::model::Document;
use crate::package::{PackError, pack};

/// The document as a Word file, A4 portrait.
///
/// # Errors
/// When the archive cannot be packed.
pub fn docx(document: &Document, brand: &Brand) -> Result<Vec<u8>, PackError> {
    let mut writer = body::Writer::new(brand);
    writer.cover(document);
    if document.head.contents {
        writer.contents(&document.blocks);
    }
    writer.blocks(&document.blocks);
    let (xml, links, lists) = writer.finish();
    pack(&parts::all(document, brand, &xml, &links, &lists))
}
