//! Bytes to text: size, binary files, encodings, characters that must not travel further.

use gangway_domain::fact::Notice;

use crate::error::{IntakeError, Place};

/// Largest input accepted, in bytes.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;

const EXPORT: &str = "export or paste the deal as text, Markdown, JSON, TOML or YAML";

/// First bytes of files people attach by mistake.
const MAGIC: &[(&[u8], &str, &str)] = &[
    (b"%PDF-", "a PDF document", "copy its text, or export the handoff as Markdown or text"),
    (
        b"PK\x03\x04",
        "a ZIP archive or an Office document (.docx, .xlsx, .pptx)",
        "save it as plain text or Markdown first",
    ),
    (b"PK\x05\x06", "an empty ZIP archive", EXPORT),
    (b"\xd0\xcf\x11\xe0", "an old Office document or an Outlook message", "save it as plain text first"),
    (b"\x1f\x8b", "gzip-compressed data", "decompress it first"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed data", "decompress it first"),
    (b"\x89PNG", "a PNG picture", EXPORT),
    (b"\xff\xd8\xff", "a JPEG picture", EXPORT),
    (b"GIF8", "a GIF picture", EXPORT),
    (b"SQLite format 3\0", "an SQLite database", EXPORT),
    (b"\x7fELF", "a program", EXPORT),
    (b"{\\rtf", "a Rich Text document", "save it as plain text first"),
];

/// Text with what had to be done to it.
pub(crate) struct Decoded {
    pub(crate) text: String,
    pub(crate) notices: Vec<Notice>,
}

/// Decodes an input, or says what it is instead of text.
pub(crate) fn decode(input: &[u8]) -> Result<Decoded, IntakeError> {
    if input.len() > MAX_BYTES {
        return Err(IntakeError::TooLarge { size: input.len(), limit: MAX_BYTES });
    }
    for &(magic, what, advice) in MAGIC {
        if input.starts_with(magic) {
            return Err(IntakeError::Binary { what, place: Place::offset(0), advice });
        }
    }
    let mut notices = Vec::new();
    let text = to_text(input, &mut notices)?;
    let text = clean(text, &mut notices);
    if text.trim().is_empty() {
        return Err(IntakeError::Empty);
    }
    Ok(Decoded { text, notices })
}

fn to_text(input: &[u8], notices: &mut Vec<Notice>) -> Result<String, IntakeError> {
    if let Some(rest) = input.strip_prefix(b"\xef\xbb\xbf") {
        return utf8(rest, 3);
    }
    if input.starts_with(b"\xff\xfe") {
        return utf16(input, encoding_rs::UTF_16LE, notices);
    }
    if input.starts_with(b"\xfe\xff") {
        return utf16(input, encoding_rs::UTF_16BE, notices);
    }
    if let Some(offset) = input.iter().position(|&byte| byte == 0) {
        return Err(IntakeError::Binary {
            what: "binary data (it contains NUL bytes)",
            place: Place::offset(offset),
            advice: EXPORT,
        });
    }
    match std::str::from_utf8(input) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => windows_1252(input, error.valid_up_to(), notices),
    }
}

fn utf8(input: &[u8], skipped: usize) -> Result<String, IntakeError> {
    std::str::from_utf8(input).map(str::to_owned).map_err(|error| IntakeError::Encoding {
        encoding: "UTF-8 (which its byte order mark announces)",
        place: Place::offset(skipped + error.valid_up_to()),
    })
}

fn utf16(
    input: &[u8],
    encoding: &'static encoding_rs::Encoding,
    notices: &mut Vec<Notice>,
) -> Result<String, IntakeError> {
    let (text, _, broken) = encoding.decode(input);
    if broken {
        let good = text.chars().take_while(|&c| c != '\u{fffd}').map(char::len_utf16).sum::<usize>();
        return Err(IntakeError::Encoding {
            encoding: "UTF-16 (which its byte order mark announces)",
            place: Place::offset(2 + good * 2),
        });
    }
    notices.push(Notice::info(
        "encoding",
        "The text was UTF-16 and has been converted; save it as UTF-8 to avoid doubt.",
    ));
    Ok(text.into_owned())
}

/// Windows-1252 is accepted when the bytes that are not UTF-8 are letters, quotes or signs that
/// Western text contains, and only a small share of the whole.
fn windows_1252(input: &[u8], first: usize, notices: &mut Vec<Notice>) -> Result<String, IntakeError> {
    let undefined = |byte: &u8| matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d);
    let control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\n' | b'\r' | b'\t' | 0x0c);
    let high = input.iter().filter(|byte| **byte >= 0x80).count();
    if let Some(offset) = input.iter().position(undefined) {
        return Err(IntakeError::Encoding {
            encoding: "UTF-8 or Windows-1252",
            place: Place::offset(offset),
        });
    }
    if high * 3 > input.len() || input.iter().any(control) {
        return Err(IntakeError::Encoding { encoding: "UTF-8", place: Place::offset(first) });
    }
    let (text, _, _) = encoding_rs::WINDOWS_1252.decode(input);
    notices.push(Notice::warning(
        "encoding",
        format!("The text is not UTF-8 (byte {first}) and was read as Windows-1252; check names with accents, and save it as UTF-8."),
    ));
    Ok(text.into_owned())
}

/// Bidirectional overrides and isolates: they can make text look like other text.
pub(crate) fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}')
}

/// Characters that nobody sees and that must not travel further.
pub(crate) fn is_stripped(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{200b}' | '\u{feff}')
        || is_bidi_control(c)
}

/// Normalises line ends and removes characters that no reader sees, telling so.
fn clean(text: String, notices: &mut Vec<Notice>) -> String {
    let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text };
    if !text.chars().any(is_stripped) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let (mut line, mut control, mut bidi) = (1_usize, None, None);
    for c in text.chars() {
        if c == '\n' {
            line += 1;
        }
        if !is_stripped(c) {
            out.push(c);
        } else if is_bidi_control(c) {
            bidi.get_or_insert(line);
        } else {
            control.get_or_insert(line);
        }
    }
    if let Some(line) = control {
        notices.push(Notice::warning("control_characters", format!("Invisible control characters were removed (first on line {line}); check the words around them.")));
    }
    if let Some(line) = bidi {
        notices.push(Notice::warning(
            "bidi_override",
            format!("Characters that change the reading direction were removed (first on line {line}): they can make text look like something else. Check names and amounts there."),
        ));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_what_is_not_text() {
        for (bytes, what) in [
            (&b"%PDF-1.7 ..."[..], "a PDF document"),
            (b"PK\x03\x04rest", "a ZIP archive or an Office document (.docx, .xlsx, .pptx)"),
            (b"Customer: A\0B", "binary data (it contains NUL bytes)"),
        ] {
            match decode(bytes) {
                Err(IntakeError::Binary { what: found, .. }) => assert_eq!(found, what),
                other => panic!("{what}: {:?}", other.map(|d| d.text)),
            }
        }
    }

    #[test]
    fn decodes_what_windows_programs_save() {
        let utf16: Vec<u8> = std::iter::once(0xfeff_u16)
            .chain("Kunde: Müller".encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        let decoded = decode(&utf16).unwrap();
        assert_eq!(decoded.text, "Kunde: Müller");
        assert_eq!(decoded.notices[0].code, "encoding");
        let decoded = decode(b"Kunde: M\xfcller, ACV: \x80 18.500").unwrap();
        assert_eq!(decoded.text, "Kunde: Müller, ACV: € 18.500");
        assert!(decoded.notices[0].message.contains("byte 8"));
    }

    #[test]
    fn refuses_undecodable_bytes_with_their_offset() {
        assert_eq!(
            decode(b"Customer: \x81\xfe").err(),
            Some(IntakeError::Encoding { encoding: "UTF-8 or Windows-1252", place: Place::offset(10) })
        );
        assert!(
            matches!(decode(b"\xef\xbb\xbfA\xff"), Err(IntakeError::Encoding { place, .. }) if place.offset == Some(4))
        );
    }

    #[test]
    fn strips_and_flags_what_cannot_be_seen() {
        let decoded = decode("Customer: A\u{7}cme\nACV: \u{202e}K59$".as_bytes()).unwrap();
        assert_eq!(decoded.text, "Customer: Acme\nACV: K59$");
        let codes: Vec<_> = decoded.notices.iter().map(|n| n.code.as_str()).collect();
        assert_eq!(codes, ["control_characters", "bidi_override"]);
    }

    #[test]
    fn limits_size_and_refuses_emptiness() {
        assert!(matches!(decode(&vec![b'a'; MAX_BYTES + 1]), Err(IntakeError::TooLarge { .. })));
        assert_eq!(decode(b"").err(), Some(IntakeError::Empty));
        assert_eq!(decode(" \n\t\u{a0}".as_bytes()).err(), Some(IntakeError::Empty));
    }
}
