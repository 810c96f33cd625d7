//! PDF through typst. The typst program is a constant; the document reaches it as JSON data.

mod data;
mod shapes;
mod world;

use std::sync::OnceLock;

use typst::foundations::{Bytes, Smart};
use typst_pdf::PdfOptions;

use crate::brand::Brand;
use crate::model::{Document, Kind};
use world::DocumentWorld;

/// Why a PDF could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    /// Typesetting failed; the messages are typst's.
    #[error("typesetting failed: {0}")]
    Typeset(String),
    /// The document could not be handed over.
    #[error("the document could not be encoded: {0}")]
    Encode(String),
}

/// The document as PDF: A4 portrait pages, or 16:9 slides for a deck.
///
/// # Errors
/// When typst cannot typeset it, which no parsed document should cause.
pub fn pdf(document: &Document, brand: &Brand) -> Result<Vec<u8>, PdfError> {
    let (program, data) = match document.head.kind {
        Kind::Document => (world::Program::Pages, data::pages(document, brand)),
        Kind::Deck => (world::Program::Slides, shapes::deck(document, brand)),
    };
    let bytes = serde_json::to_vec(&data).map_err(|error| PdfError::Encode(error.to_string()))?;
    let world = DocumentWorld::new(program, Bytes::new(bytes));
    let warned = typst::compile(&world);
    let typeset = warned.output.map_err(|errors| fail(&errors))?;
    let options = PdfOptions {
        ident: Smart::Auto,
        creator: Smart::Custom(Some("Gangway".into())),
        ..PdfOptions::default()
    };
    let out = typst_pdf::pdf(&typeset, &options).map_err(|errors| fail(&errors));
    // A long-running server must not keep every document's layout in the memo cache.
    typst::comemo::evict(4);
    out
}

fn fail(errors: &[typst::diag::SourceDiagnostic]) -> PdfError {
    PdfError::Typeset(errors.iter().map(|error| error.message.to_string()).collect::<Vec<_>>().join("; "))
}

/// Loads the font and the typst library ahead of the first document, for a server that wants its first PDF fast.
pub fn warm_up() {
    static ONCE: OnceLock<()> = OnceLock::new();
    ONCE.get_or_init(world::load);
}
