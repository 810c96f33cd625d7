//! Renders the sample documents to a folder and prints how long each took:
//! `cargo run --release -p gangway-documents --example render -- target/samples`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use gangway_documents::{
    AnySheet, Attendee, Block, Brand, Document, Event, GanttSheet, HtmlOptions, Kind, Sheet, SheetColumn,
    When, Workbook, docx, email, html, ics, markdown, parse, pdf, pptx, xlsx,
};

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

fn render(
    name: &str,
    document: &Document,
    brand: &Brand,
    out: &Path,
) -> Result<(), Box<dyn std::error::Error>> {
    let options = HtmlOptions { brand: brand.clone(), navigation: Vec::new() };
    let write = |ext: &str, bytes: &[u8]| std::fs::write(out.join(format!("{name}.{ext}")), bytes);
    let mail = timed(name, "email", || Ok(email(document, brand)))?;
    write("mail.html", mail.html.as_bytes())?;
    write("mail.txt", mail.text.as_bytes())?;
    write("ics", ics(&meetings()?).as_bytes())?;
    let book = workbook(document);
    write("xlsx", &timed(name, "xlsx", || Ok(xlsx(&book, brand)?))?)?;
    write("md", timed(name, "markdown", || Ok(markdown(document)))?.as_bytes())?;
    write("html", timed(name, "html", || Ok(html(document, &options)))?.as_bytes())?;
    write("pdf", &timed(name, "pdf", || Ok(pdf(document, brand)?))?)?;
    write("docx", &timed(name, "docx", || Ok(docx(document, brand)?))?)?;
    if document.head.kind == Kind::Deck {
        write("pptx", &timed(name, "pptx", || Ok(pptx(document, brand)?))?)?;
    }
    Ok(())
}

fn timed<T>(
    name: &str,
    what: &str,
    work: impl FnOnce() -> Result<T, Box<dyn std::error::Error>>,
) -> Result<T, Box<dyn std::error::Error>> {
    let start = Instant::now();
    let result = work()?;
    println!("{name:>8} {what:<9} {:>8.1} ms", start.elapsed().as_secs_f64() * 1000.0);
    Ok(result)
}

/// The first Gantt chart and table of the document as sheets.
fn workbook(document: &Document) -> Workbook {
    let mut sheets = Vec::new();
    for block in &document.blocks {
        match block {
            Block::Gantt(chart) => {
                sheets.push(AnySheet::Gantt(GanttSheet { name: "Plan".into(), chart: chart.data.clone() }))
            }
            Block::Table(table) => sheets.push(AnySheet::Table(Sheet {
                name: "Table".into(),
                columns: table
                    .head
                    .iter()
                    .map(|cell| SheetColumn {
                        title: gangway_documents::plain(cell),
                        ..SheetColumn::default()
                    })
                    .collect(),
                rows: table
                    .rows
                    .iter()
                    .map(|row| row.iter().map(|cell| gangway_documents::plain(cell).into()).collect())
                    .collect(),
                filter: true,
            })),
            _ => {}
        }
    }
    Workbook { title: document.head.title.clone(), date: document.head.date, sheets }
}

fn meetings() -> Result<Vec<Event>, Box<dyn std::error::Error>> {
    let kickoff = Event {
        uid: "kickoff@example.org".into(),
        stamp: "2026-03-01T09:00:00Z".parse()?,
        sequence: 0,
        summary: "Kickoff".into(),
        description: "Goals, plan, roles".into(),
        location: "Video call".into(),
        when: When::Timed { start: "2026-03-09T14:00:00Z".parse()?, end: "2026-03-09T15:30:00Z".parse()? },
        organizer: Some(Attendee {
            name: "Northwind Cloud".into(),
            email: "onboarding@example.org".into(),
            optional: false,
        }),
        attendees: Vec::new(),
        rrule: None,
        zone: None,
        cancelled: false,
    };
    let weekly = Event {
        uid: "status@example.org".into(),
        summary: "Weekly status".into(),
        rrule: Some("FREQ=WEEKLY;COUNT=12".into()),
        zone: Some("America/New_York".into()),
        ..kickoff.clone()
    };
    Ok(vec![kickoff, weekly])
}
