//! A deck as .pptx: OOXML parts written directly, native shapes and tables, real placeholders.

mod parts;
mod shapes;

use crate::brand::Brand;
use crate::deck::slides;
use crate::model::Document;
use crate::package::PackError;

/// The deck as a PowerPoint presentation. A document of kind `document` works too: its thematic breaks part the slides.
///
/// # Errors
/// When the archive cannot be packed.
pub fn pptx(document: &Document, brand: &Brand) -> Result<Vec<u8>, PackError> {
    let slides = slides(document, brand);
    let mut footer = vec![document.head.footer.clone().unwrap_or_else(|| brand.vendor_name.clone())];
    footer.extend(document.head.confidential.clone());
    let footer = footer.join(" · ");
    let mut files = parts::frame(document, brand, slides.len());
    for (n, slide) in slides.iter().enumerate() {
        let number = n + 1;
        let (xml, links) = shapes::slide(slide, number, &footer);
        files.push((format!("ppt/slides/slide{number}.xml"), xml));
        files.push((
            format!("ppt/slides/_rels/slide{number}.xml.rels"),
            parts::slide_rels(slide.layout, number, &links),
        ));
        files.push((format!("ppt/notesSlides/notesSlide{number}.xml"), shapes::notes(&slide.notes, number)));
        files.push((format!("ppt/notesSlides/_rels/notesSlide{number}.xml.rels"), parts::notes_rels(number)));
    }
    crate::package::pack(&files)
}
