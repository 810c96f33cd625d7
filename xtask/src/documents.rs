//! The documents of the example deals, opened with other people's readers, and the published schemas held to what is
//! read and written.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::run::{Beside, build_gangway, root, step};
use crate::{prepare, python};

/// The example deals.
const DEALS: &str = "crates/intake/tests/fixtures/deals";
/// The day on which they are planned.
const TODAY: &str = "2027-01-04";
/// What LibreOffice opens.
const OFFICE: [&str; 3] = ["docx", "pptx", "xlsx"];

/// The same as [`check`], of what a user runs.
pub fn run() -> Result<()> {
    prepare::run()?;
    check(Beside::Nothing)
}

/// Plans every example deal into a temporary folder and lets the readers of Python and LibreOffice open all of it.
pub fn check(beside: Beside) -> Result<()> {
    let python = python::environment("documents")?;
    let gangway = build_gangway(beside)?;
    let folder = tempfile::TempDir::with_prefix("gangway-documents-")?;
    let packages = folder.path().join("packages");
    std::fs::create_dir(&packages)?;
    for deal in files(&root().join(DEALS))? {
        let name = stem(&deal);
        let package = packages.join(name);
        let mut plan = Command::new(&gangway);
        plan.arg("plan").arg(&deal).arg("--out").arg(&package).args(["--today", TODAY]);
        step(&format!("documents: plan {name}"), plan.stdout(Stdio::null()))?;
        step(
            &format!("documents: readers of Python, {name}"),
            Command::new(&python).arg(script("open_all.py")).arg(&package),
        )?;
    }
    let mut schemas = Command::new(&python);
    step("documents: schemas", schemas.arg(script("schemas.py")).arg(&gangway).arg(&packages))?;
    convert(&packages, folder.path())
}

fn script(name: &str) -> PathBuf {
    root().join("e2e/documents").join(name)
}

/// Lets LibreOffice turn every Office file of the packages into a PDF. It says that all went well also when it could not
/// read one: what it made is looked for.
fn convert(packages: &Path, folder: &Path) -> Result<()> {
    let (office, made) = (folder.join("office"), folder.join("pdf"));
    std::fs::create_dir(&office)?;
    let mut wanted = Vec::new();
    for package in files(packages)? {
        for file in files(&package)? {
            let end = end(&file);
            if OFFICE.contains(&end) {
                // In one folder, where a name may be there as a document and as a workbook.
                let name = format!("{}-{}-{end}", stem(&package), stem(&file));
                let copy = office.join(format!("{name}.{end}"));
                std::fs::copy(&file, &copy)?;
                wanted.push((copy, made.join(format!("{name}.pdf"))));
            }
        }
    }
    for kind in OFFICE {
        if !wanted.iter().any(|(file, _)| end(file) == kind) {
            bail!("no package has a .{kind} file");
        }
    }
    // A profile of its own: nobody's settings, and no word to a LibreOffice that runs.
    let profile = format!("-env:UserInstallation=file://{}", folder.join("profile").display());
    let mut soffice = Command::new("soffice");
    soffice.arg(profile).args(["--headless", "--norestore", "--convert-to", "pdf", "--outdir"]).arg(&made);
    soffice.args(wanted.iter().map(|(file, _)| file)).stdout(Stdio::null());
    step(&format!("documents: LibreOffice, {} files", wanted.len()), &mut soffice)?;
    let unread = wanted.iter().filter(|(_, pdf)| !is_pdf(pdf));
    let unread: Vec<&str> = unread.map(|(file, _)| stem(file)).collect();
    if !unread.is_empty() {
        bail!("LibreOffice cannot open {}", unread.join(", "));
    }
    Ok(())
}

/// What is in a folder, in order.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut found = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    if found.is_empty() {
        bail!("{} is empty", folder.display());
    }
    found.sort();
    Ok(found)
}

/// What a file's name ends in.
fn end(path: &Path) -> &str {
    path.extension().and_then(|end| end.to_str()).unwrap_or_default()
}

/// A file's name without its end.
fn stem(path: &Path) -> &str {
    path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default()
}

fn is_pdf(path: &Path) -> bool {
    std::fs::read(path).is_ok_and(|bytes| bytes.starts_with(b"%PDF-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_deals_are_planned_under_names_of_their_own() {
        let deals = files(&root().join(DEALS)).expect("the example deals");
        let names: Vec<&str> = deals.iter().map(|deal| stem(deal)).collect();
        assert_eq!(names, ["acme", "brightcare", "lumiere", "nordwind", "tinyteam"]);
    }

    #[test]
    fn what_is_no_pdf_was_not_opened() {
        assert!(!is_pdf(&root().join("Cargo.toml")));
        assert!(!is_pdf(Path::new("/nowhere/plan.pdf")));
    }
}
