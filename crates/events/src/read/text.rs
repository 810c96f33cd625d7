//! One look at the text of a message before it is read: how deep it is, what would have to be mended.

use std::borrow::Cow;

use super::limit::MOST_DEPTH;
use super::verdict::Reason;

/// What stands for a character no database can hold, as an escape; it is as long as what it replaces.
const REPLACEMENT: &[u8; 6] = b"\\ufffd";

/// Digits after which a number may be too large to be read.
const LONG_NUMBER: usize = 300;

/// The text of a message, on one line and fit to be stored.
#[derive(Debug)]
pub(super) struct Clean<'a> {
    /// The text.
    pub text: Cow<'a, str>,
    /// Characters no database can hold were replaced.
    pub repaired: bool,
    /// A number may be too large to be read, which skipping over values does not find.
    pub doubtful_number: bool,
}

/// Looks through a JSON text: one that is none is found later, by what reads it.
///
/// # Errors
/// When objects and lists are too far within one another.
pub(super) fn clean<'a>(text: &'a str, field: Option<&'static str>) -> Result<Clean<'a>, Reason> {
    let look = Look::through(text.as_bytes());
    if look.deepest > MOST_DEPTH {
        return Err(Reason::too_deep(field));
    }
    let repaired = !look.unfit.is_empty();
    let text =
        if repaired || !look.breaks.is_empty() { Cow::Owned(look.mended(text)) } else { Cow::Borrowed(text) };
    Ok(Clean { text, repaired, doubtful_number: look.doubtful_number })
}

#[derive(Default)]
struct Look {
    deepest: usize,
    /// Where escapes begin that stand for U+0000 or for half of a pair.
    unfit: Vec<usize>,
    /// Line ends between values.
    breaks: Vec<usize>,
    doubtful_number: bool,
}

impl Look {
    fn through(bytes: &[u8]) -> Self {
        let mut look = Self::default();
        let (mut at, mut depth, mut digits) = (0, 0_usize, 0_usize);
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'"' => {
                    at = look.string(bytes, at + 1);
                    continue;
                }
                b'{' | b'[' => {
                    depth += 1;
                    look.deepest = look.deepest.max(depth);
                }
                b'}' | b']' => depth = depth.saturating_sub(1),
                b'\n' | b'\r' => look.breaks.push(at),
                // The letter also stands in `true` and `false`.
                b'e' | b'E' if digits > 0 => look.doubtful_number = true,
                _ => {}
            }
            digits = if byte.is_ascii_digit() || (byte == b'.' && digits > 0) { digits + 1 } else { 0 };
            look.doubtful_number |= digits > LONG_NUMBER;
            at += 1;
        }
        look
    }

    /// Looks through a string and says where it is over.
    fn string(&mut self, bytes: &[u8], mut at: usize) -> usize {
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'"' => return at + 1,
                b'\\' => at += self.escape(bytes, at),
                _ => at += 1,
            }
        }
        at
    }

    /// Looks at an escape and says how long it is, with the other half of a pair.
    fn escape(&mut self, bytes: &[u8], at: usize) -> usize {
        match unit(bytes, at) {
            Some(0xD800..=0xDBFF) if matches!(unit(bytes, at + 6), Some(0xDC00..=0xDFFF)) => 12,
            Some(0 | 0xD800..=0xDFFF) => {
                self.unfit.push(at);
                6
            }
            Some(_) => 6,
            None => 2,
        }
    }

    /// The text with the same length, without what was found.
    fn mended(&self, text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        for &at in &self.unfit {
            if let Some(escape) = bytes.get_mut(at..at + REPLACEMENT.len()) {
                escape.copy_from_slice(REPLACEMENT);
            }
        }
        for &at in &self.breaks {
            if let Some(end) = bytes.get_mut(at) {
                *end = b' ';
            }
        }
        // ASCII was replaced by ASCII, so this is as good as it was.
        String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
    }
}

/// The UTF-16 unit that an escape `\uXXXX` at this place stands for.
fn unit(bytes: &[u8], at: usize) -> Option<u16> {
    let escape = bytes.get(at..at.checked_add(6)?)?;
    let digits = escape.strip_prefix(b"\\u")?;
    digits.iter().try_fold(0_u16, |unit, digit| {
        let digit = char::from(*digit).to_digit(16)?;
        Some((unit << 4) | u16::try_from(digit).ok()?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(text: &str) -> (String, bool) {
        let clean = clean(text, None).unwrap();
        (clean.text.into_owned(), clean.repaired)
    }

    #[test]
    fn what_is_fit_stays_as_it_is() {
        let text = r#"{"a":["\u00e9 \ud83d\ude00 \\u0000 \"{[", 12, true, null]}"#;
        assert_eq!(cleaned(text), (text.to_owned(), false));
    }

    #[test]
    fn nul_and_half_pairs_are_replaced_where_they_are_seen() {
        assert_eq!(cleaned(r#""a\u0000b""#), (r#""a\ufffdb""#.to_owned(), true));
        assert_eq!(cleaned(r#""\ud83d\u0041 \udE00""#), (r#""\ufffd\u0041 \ufffd""#.to_owned(), true));
        assert_eq!(cleaned(r#""\\\u0000""#), (r#""\\\ufffd""#.to_owned(), true));
        assert_eq!(cleaned(r#""\ud83d\ud83d\ude00""#), (r#""\ufffd\ud83d\ude00""#.to_owned(), true));
    }

    #[test]
    fn a_message_is_one_line() {
        assert_eq!(cleaned("{\n\"a\":\r\n1}"), ("{ \"a\":  1}".to_owned(), false));
    }

    #[test]
    fn depth_is_counted_outside_of_strings() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(clean(&nested(MOST_DEPTH), None).is_ok());
        assert!(clean(&nested(MOST_DEPTH + 1), None).is_err());
        assert!(clean(&format!("\"{}\"", "[".repeat(1_000)), None).is_ok());
        assert!(clean(&"]".repeat(1_000), None).is_ok());
    }

    #[test]
    fn numbers_that_may_be_too_large_are_noticed() {
        let doubtful = |text: &str| clean(text, None).unwrap().doubtful_number;
        assert!(doubtful("[1e400]") && doubtful("1.5E3") && doubtful(&"9".repeat(400)));
        assert!(!doubtful("[true, false, 12.5, \"1e400\", -7]"));
    }
}
