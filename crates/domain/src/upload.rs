//! Which files customers may send. What a file is follows from its first bytes; its name must say the same, so that
//! nobody of the team opens something else than what they see.

mod archive;

use thiserror::Error;

/// Longest name of a file, in characters.
const LONGEST_NAME: usize = 150;

/// The media type of plain text.
pub const TEXT: &str = "text/plain";

/// A file that is not taken; the rest of a sentence that begins with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refused {
    /// There is nothing in it, or it has no name.
    #[error("is empty")]
    Empty,
    /// Its name is too long, or has characters that hide how it ends.
    #[error("has a name that cannot be kept")]
    Name,
    /// It is of no kind that is taken.
    #[error("is of a kind that is not taken: use PDF, Word, Excel, PowerPoint, CSV, text, PNG or JPEG")]
    Kind,
    /// It is something else than its name says.
    #[error("is not what the end of its name says: save it again under its own kind")]
    Other,
    /// Something in it runs when it is opened.
    #[error("holds macros: save it without them")]
    Macros,
}

/// What a file is by its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sniffed {
    Pdf,
    /// Word, Excel and PowerPoint since 2007: the media type, and what their names end in.
    Office(&'static str, &'static str),
    /// The same before 2007, which cannot be told apart by their first bytes.
    OldOffice,
    Png,
    Jpeg,
    Text,
}

impl Sniffed {
    fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Office(kind, _) => kind,
            Self::OldOffice => "application/x-ole-storage",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Text => TEXT,
        }
    }

    /// Whether names of such files end so.
    fn ends_in(self, end: &str) -> bool {
        match self {
            Self::Pdf => end == "pdf",
            Self::Office(_, own) => end == own,
            Self::OldOffice => matches!(end, "doc" | "xls" | "ppt"),
            Self::Png => end == "png",
            Self::Jpeg => matches!(end, "jpg" | "jpeg"),
            Self::Text => matches!(end, "txt" | "csv" | "tsv" | "md" | "log"),
        }
    }
}

/// The name under which a file is kept, without the folders some browsers send, and its media type by its bytes; what
/// it says of itself counts for nothing.
///
/// # Errors
/// When it is not taken.
pub fn taken(name: &str, bytes: &[u8]) -> Result<(String, &'static str), Refused> {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    if bytes.is_empty() || name.is_empty() {
        return Err(Refused::Empty);
    }
    if name.chars().count() > LONGEST_NAME || name.chars().any(hides) {
        return Err(Refused::Name);
    }
    let sniffed = sniff(bytes)?;
    let end = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default();
    if !sniffed.ends_in(&end) {
        return Err(Refused::Other);
    }
    Ok((name.to_owned(), sniffed.media_type()))
}

/// A character that cannot be seen, or turns the order in which others are read.
#[must_use]
pub fn hides(c: char) -> bool {
    // Fillers and joiners without a width.
    let blank = matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'
            ..='\u{180f}' | '\u{200b}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
    );
    // Marks and turns of the order in which is read.
    let turns =
        matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}');
    // Ends of lines and paragraphs, notes between lines, tags.
    let breaks = matches!(c, '\u{2028}' | '\u{2029}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
    c.is_control() || blank || turns || breaks
}

fn sniff(bytes: &[u8]) -> Result<Sniffed, Refused> {
    if bytes.starts_with(b"%PDF-") {
        return Ok(Sniffed::Pdf);
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Ok(Sniffed::Png);
    }
    if bytes.starts_with(b"\xff\xd8\xff") {
        return Ok(Sniffed::Jpeg);
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        // Names inside are UTF-16.
        let macros = b"_\0V\0B\0A\0_\0P\0R\0O\0J\0E\0C\0T\0";
        return if holds(bytes, macros) { Err(Refused::Macros) } else { Ok(Sniffed::OldOffice) };
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return office(bytes);
    }
    if is_plain(bytes) { Ok(Sniffed::Text) } else { Err(Refused::Kind) }
}

/// What ends the name of a program: none of it belongs into a document.
const PROGRAMS: [&str; 22] = [
    "exe", "dll", "com", "scr", "pif", "bat", "cmd", "ps1", "vbs", "vbe", "js", "jse", "wsf", "wsh", "hta",
    "msi", "lnk", "jar", "sh", "reg", "cpl", "app",
];

/// The parts that make a ZIP file one of the office's kinds: the media type, and what names of such files end in.
const OFFICE: [(&str, &str, &str); 3] = [
    ("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    (
        "ppt/presentation.xml",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "pptx",
    ),
];

/// Which of the office's kinds a ZIP file is, by the names in its directory.
fn office(bytes: &[u8]) -> Result<Sniffed, Refused> {
    let names = archive::names(bytes).ok_or(Refused::Kind)?;
    if names.iter().any(|name| name.contains("vbaproject") || name.contains("macrosheets/")) {
        return Err(Refused::Macros);
    }
    let is_program =
        |name: &String| name.rsplit_once('.').is_some_and(|(_, end)| PROGRAMS.contains(&end.trim()));
    if names.iter().any(is_program) || !names.contains("[content_types].xml") {
        return Err(Refused::Kind);
    }
    let mut known = OFFICE.iter().filter(|(part, ..)| names.contains(*part));
    // What is two kinds at once is none.
    match (known.next(), known.next()) {
        (Some(&(_, kind, end)), None) => Ok(Sniffed::Office(kind, end)),
        _ => Err(Refused::Kind),
    }
}

fn holds(bytes: &[u8], mark: &[u8]) -> bool {
    bytes.windows(mark.len()).any(|window| window == mark)
}

/// Text that no browser takes for a page.
fn is_plain(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let plain = text.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'));
    let start = text.trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
    let page = ["<!", "<?", "<html", "<head", "<body", "<script", "<svg", "<iframe", "<img", "#!"];
    plain && !page.iter().any(|mark| start.starts_with(mark))
}

#[cfg(test)]
mod tests {
    use super::archive::tests::zip;
    use super::*;

    #[test]
    fn a_file_is_what_its_bytes_say() {
        let sheet = zip(&["[Content_Types].xml", "xl/workbook.xml"]);
        let excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        let cases: [(&str, &[u8], &str); 8] = [
            ("plan.pdf", b"%PDF-1.7 ...", "application/pdf"),
            ("PLAN.PDF", b"%PDF-1.4", "application/pdf"),
            ("users.csv", "name;mail\nÄda;a@b.example\n".as_bytes(), TEXT),
            ("C:\\data\\users.txt", b"\xef\xbb\xbfname\r\n", TEXT),
            ("users.xlsx", &sheet, excel),
            ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "application/x-ole-storage"),
            ("site.png", b"\x89PNG\r\n\x1a\nrest", "image/png"),
            ("site.jpeg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ];
        for (name, bytes, kind) in cases {
            let (kept, read) = taken(name, bytes).unwrap_or_else(|refused| panic!("{name}: {refused}"));
            assert_eq!(read, kind, "{name}");
            assert!(!kept.contains('\\'), "{kept}");
        }
    }

    #[test]
    fn a_document_is_what_its_directory_names() {
        let with = |names: &[&str]| {
            let mut all = vec!["[Content_Types].xml"];
            all.extend(names);
            zip(&all)
        };
        let (word, slides) = (with(&["WORD/Document.xml"]), with(&["ppt/presentation.xml"]));
        assert!(taken("a.docx", &word).is_ok() && taken("a.pptx", &slides).is_ok());
        assert_eq!(taken("a.pptx", &word), Err(Refused::Other));
        let cases: [(&[&str], Refused); 7] = [
            (&["xl/workbook.xml", "xl/VBAPROJECT.BIN"], Refused::Macros),
            (&["xl/workbook.xml", "xl/vbaProjectSignature.bin"], Refused::Macros),
            (&["xl/workbook.xml", "xl/Macrosheets/sheet1.xml"], Refused::Macros),
            (&["xl/workbook.xml", "xl/embeddings/run.EXE"], Refused::Kind),
            (&["xl/workbook.xml", "word/document.xml"], Refused::Kind),
            (&["xl/workbook.xml.bak"], Refused::Kind),
            (&[], Refused::Kind),
        ];
        for (names, refused) in cases {
            assert_eq!(taken("a.xlsx", &with(names)), Err(refused), "{names:?}");
        }
        assert_eq!(taken("a.xlsx", &zip(&["xl/workbook.xml"])), Err(Refused::Kind));
        // Words in the bytes of a file are no names in its directory.
        let mut words = zip(&["a.txt"]);
        words.extend(b"[Content_Types].xml xl/workbook.xml");
        assert_eq!(taken("a.xlsx", &words), Err(Refused::Kind));
    }

    #[test]
    fn names_hide_nothing() {
        for hidden in ['\u{61c}', '\u{ad}', '\u{3164}', '\u{2028}', '\u{2029}', '\u{2066}', '\u{e0041}'] {
            let name = format!("a{hidden}.pdf");
            assert_eq!(taken(&name, b"%PDF-1.7"), Err(Refused::Name), "{}", name.escape_unicode());
        }
        assert!(taken("Übersicht – März (2).pdf", b"%PDF-1.7").is_ok());
    }

    #[test]
    fn hostile_files_are_not_taken() {
        let macros = zip(&["[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"]);
        let archive = zip(&["run.exe"]);
        let word = zip(&["[Content_Types].xml", "word/document.xml"]);
        let mut old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
        old.extend("_VBA_PROJECT".bytes().flat_map(|byte| [byte, 0]));
        let cases: [(&str, &[u8], Refused); 22] = [
            ("a.exe", b"MZ\x90\x00", Refused::Kind),
            ("a.pdf", b"MZ\x90\x00", Refused::Kind),
            ("a", b"\x7fELF\x02\x01\x01\x00", Refused::Kind),
            ("a.html", b"<html><script>alert(1)</script>", Refused::Kind),
            ("a.txt", b" \n<!DOCTYPE html>", Refused::Kind),
            ("a.txt", b"\xef\xbb\xbf<SVG onload=alert(1)>", Refused::Kind),
            ("a.svg", b"<?xml version=\"1.0\"?><svg/>", Refused::Kind),
            ("a.txt", b"#!/bin/sh\nrm -rf /\n", Refused::Kind),
            ("a.txt", b"a\x00b", Refused::Kind),
            ("a.csv", b"\xff\xfea\x00", Refused::Kind),
            ("a.js", b"alert(1)", Refused::Other),
            ("a.html", b"just words", Refused::Other),
            ("invoice.pdf.exe", b"%PDF-1.7", Refused::Other),
            ("invoice", b"%PDF-1.7", Refused::Other),
            ("a.png", b"\xff\xd8\xff\xe0", Refused::Other),
            ("a.xlsx", &word, Refused::Other),
            ("a.docx", &archive, Refused::Kind),
            ("a.xlsx", &macros, Refused::Macros),
            ("a.xls", &old, Refused::Macros),
            ("invoice\u{202e}fdp.pdf", b"%PDF-1.7", Refused::Name),
            ("a\r\nx: y.pdf", b"%PDF-1.7", Refused::Name),
            ("../", b"%PDF-1.7", Refused::Empty),
        ];
        for (name, bytes, refused) in cases {
            assert_eq!(taken(name, bytes), Err(refused), "{name}");
        }
        assert_eq!(taken("a.pdf", b""), Err(Refused::Empty));
        assert_eq!(taken(&format!("{}.pdf", "a".repeat(150)), b"%PDF-1.7"), Err(Refused::Name));
    }
}
