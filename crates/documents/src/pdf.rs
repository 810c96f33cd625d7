//! PDF through typst. The typst program is a constant; the document reaches it as JSON data.

mod data;
mod shapes;
mod world;

use std::sync::OnceLock;

use typst::foundations::{Bytes, Smart};
use typst::layout::{Frame, FrameItem};
use typst_layout::PagedDocument;
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
    let typeset = match document.head.kind {
        Kind::Deck => typeset(world::Program::Slides, &shapes::deck(document, brand))?,
        Kind::Document => pages(document, brand)?,
    };
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

/// Share of the last page below which a page is thought to be wasted on a few lines.
const LEAST_FILLED: f64 = 0.35;

/// Margins of `pages.typ` in points, above and below: what stands there is header and footer.
const MARGINS: (f64, f64) = (68.0, 62.0);

/// The pages, set closer when that spares a last page with a few lines.
fn pages(document: &Document, brand: &Brand) -> Result<PagedDocument, PdfError> {
    let set = |snug| typeset(world::Program::Pages, &data::pages(document, brand, snug));
    let first = set(false)?;
    let count = first.pages().len();
    if count > 1 && last_page_filled(&first) < LEAST_FILLED {
        let closer = set(true)?;
        if closer.pages().len() < count {
            return Ok(closer);
        }
    }
    Ok(first)
}

fn typeset(program: world::Program, data: &serde_json::Value) -> Result<PagedDocument, PdfError> {
    let bytes = serde_json::to_vec(data).map_err(|error| PdfError::Encode(error.to_string()))?;
    let world = DocumentWorld::new(program, Bytes::new(bytes));
    typst::compile(&world).output.map_err(|errors| fail(&errors))
}

/// How far down the last page is written on, from 0 to 1.
fn last_page_filled(document: &PagedDocument) -> f64 {
    let Some(page) = document.pages().last() else { return 1.0 };
    let height = page.frame.height().to_pt();
    let (top, bottom) = (MARGINS.0, height - MARGINS.1);
    ((lowest(&page.frame, 0.0, bottom) - top) / (bottom - top)).clamp(0.0, 1.0)
}

/// The lowest point above `limit` that something in a frame at `offset` reaches, in points.
fn lowest(frame: &Frame, offset: f64, limit: f64) -> f64 {
    let mut reached: f64 = 0.0;
    for (position, item) in frame.items() {
        let y = offset + position.y.to_pt();
        let end = match item {
            FrameItem::Group(group) => lowest(&group.frame, y, limit),
            FrameItem::Text(_) | FrameItem::Shape(..) | FrameItem::Image(..) => y,
            FrameItem::Link(..) | FrameItem::Tag(_) => 0.0,
        };
        if end <= limit {
            reached = reached.max(end);
        }
    }
    reached
}

fn fail(errors: &[typst::diag::SourceDiagnostic]) -> PdfError {
    PdfError::Typeset(errors.iter().map(|error| error.message.to_string()).collect::<Vec<_>>().join("; "))
}

/// Loads the font and the typst library ahead of the first document, for a server that wants its first PDF fast.
pub fn warm_up() {
    static ONCE: OnceLock<()> = OnceLock::new();
    ONCE.get_or_init(world::load);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_lines_get_no_page_of_their_own() {
        let brand = Brand::new("Northwind Cloud", "#1f5f8b");
        let mut spared = 0;
        for rows in (20..90).step_by(3) {
            let table: String = (0..rows).map(|row| format!("| {row} | some work | somebody |\n")).collect();
            let text = format!(
                "+++\ntitle = \"Plan\"\n+++\n\n| # | What | Who |\n|---|---|---|\n{table}\n## End\n\nThat is all.\n"
            );
            let document = crate::parse(&text).unwrap();
            let plain = typeset(world::Program::Pages, &data::pages(&document, &brand, false)).unwrap();
            let set = pages(&document, &brand).unwrap();
            let filled = last_page_filled(&plain);
            assert!((0.0..=1.0).contains(&filled), "{rows} rows: {filled}");
            assert!(set.pages().len() <= plain.pages().len());
            if set.pages().len() < plain.pages().len() {
                assert!(filled < LEAST_FILLED, "{rows} rows: {filled}");
                spared += 1;
            }
        }
        assert!(spared > 2, "{spared} pages spared");
    }
}
