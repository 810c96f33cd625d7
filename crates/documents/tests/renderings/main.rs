//! Every output of the samples and of hostile input: structure, determinism, escaping.

mod hostile;
mod office;
mod pages;
mod post;

use gangway_documents::{Brand, Document, HtmlOptions, docx, email, html, markdown, parse, pdf, pptx};

const PLAN: &str = include_str!("../samples/plan.md");
const KICKOFF: &str = include_str!("../samples/kickoff.md");

fn brand() -> Brand {
    Brand::new("Northwind Cloud", "#1f5f8b")
}

fn read(source: &str) -> Document {
    parse(source).expect("the sample is well formed")
}

/// All outputs of a document as bytes.
fn all(document: &Document) -> Vec<(&'static str, Vec<u8>)> {
    let brand = brand();
    let options = HtmlOptions {
        brand: brand.clone(),
        navigation: vec![("Plan".into(), "plan.pdf".into()), ("Bad".into(), "javascript:alert(1)".into())],
    };
    let mail = email(document, &brand);
    vec![
        ("md", markdown(document).into_bytes()),
        ("html", html(document, &options).into_bytes()),
        ("pdf", pdf(document, &brand).expect("typeset")),
        ("docx", docx(document, &brand).expect("written")),
        ("pptx", pptx(document, &brand).expect("written")),
        ("mail.txt", mail.text.into_bytes()),
        ("mail.html", mail.html.into_bytes()),
    ]
}

/// The parts of an office file, by path.
fn parts(bytes: &[u8]) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a zip archive");
    (0..archive.len())
        .map(|n| {
            let mut file = archive.by_index(n).expect("a part");
            let mut text = String::new();
            std::io::Read::read_to_string(&mut file, &mut text).expect("text");
            (file.name().expect("a UTF-8 path").into_owned(), text)
        })
        .collect()
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    for source in [PLAN, KICKOFF] {
        let (first, second) = (all(&read(source)), all(&read(source)));
        for ((name, a), (_, b)) in first.iter().zip(&second) {
            assert!(a == b, "{name} differs between two runs");
            assert!(!a.is_empty(), "{name} is empty");
        }
    }
}
