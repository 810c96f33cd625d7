//! Renders a `package.json` with the templates of this repository, for looking at the result:
//! `cargo run -p gangway-app --example render_package -- PACKAGE.json OUT [FORMATS]`.

use std::path::{Path, PathBuf};

use gangway_app::package::{Formats, render, write_dir};
use gangway_domain::methodology::{EmailTemplate, Methodology};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(from), Some(out)) = (arguments.next(), arguments.next()) else {
        return Err("usage: render_package PACKAGE.json OUT [FORMATS]".into());
    };
    let formats: Formats = arguments.next().as_deref().unwrap_or("all").parse()?;
    let package = serde_json::from_slice(&std::fs::read(from)?)?;
    let files = render(&package, &templates()?, &formats)?;
    write_dir(&files, &PathBuf::from(out), true)?;
    for file in &files {
        println!("{:>9}  {}", file.bytes.len(), file.path);
    }
    Ok(())
}

/// A methodology that holds only the templates.
fn templates() -> std::io::Result<Methodology> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../methodology");
    let mut methodology = Methodology::default();
    for entry in std::fs::read_dir(root.join("documents"))? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        methodology.documents.insert(name, std::fs::read_to_string(&path)?);
    }
    for entry in std::fs::read_dir(root.join("emails"))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let email = EmailTemplate {
            subject: std::fs::read_to_string(path.join("subject.txt"))?,
            body: std::fs::read_to_string(path.join("body.md"))?,
        };
        methodology.emails.insert(name, email);
    }
    Ok(methodology)
}
