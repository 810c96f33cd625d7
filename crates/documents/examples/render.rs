//! Renders the sample documents to a folder and prints how long each took:
//! `cargo run --release -p gangway-documents --example render -- target/samples`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use gangway_documents::{Brand, Document, HtmlOptions, Kind, docx, html, markdown, parse, pdf, pptx};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = std::env::args().nth(1).map_or_else(|| PathBuf::from("target/samples"), PathBuf::from);
    std::fs::create_dir_all(&out)?;
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples");
    let brand = Brand::new("Northwind Cloud", "#1f5f8b");
    for name in ["plan", "kickoff"] {
        let path = samples.join(format!("{name}.md"));
        let document = timed(name, "parse", || Ok(parse(&std::fs::read_to_string(&path)?)?))?;
        render(name, &document, &brand, &out)?;
    }
    Ok(())
}

fn render(name: &str, document: &Document, brand: &Brand, out: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let options = HtmlOptions { brand: brand.clone(), navigation: Vec::new() };
    let write = |ext: &str, bytes: &[u8]| std::fs::write(out.join(format!("{name}.{ext}")), bytes);
    write("md", timed(name, "markdown", || Ok(markdown(document)))?.as_bytes())?;
    write("html", timed(name, "html", || Ok(html(document, &options)))?.as_bytes())?;
    write("pdf", &timed(name, "pdf", || Ok(pdf(document, brand)?))?)?;
    write("docx", &timed(name, "docx", || Ok(docx(document, brand)?))?)?;
    if document.head.kind == Kind::Deck {
        write("pptx", &timed(name, "pptx", || Ok(pptx(document, brand)?))?)?;
    }
    Ok(())
}

fn timed<T>(name: &str, what: &str, work: impl FnOnce() -> Result<T, Box<dyn std::error::Error>>) -> Result<T, Box<dyn std::error::Error>> {
    let start = Instant::now();
    let result = work()?;
    println!("{name:>8} {what:<9} {:>8.1} ms", start.elapsed().as_secs_f64() * 1000.0);
    Ok(result)
}
