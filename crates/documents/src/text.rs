//! Text as data: cleaning what comes in, and escaping it for what goes out.

use std::borrow::Cow;

/// Removes what no output may carry: control characters except tab and newline, Unicode
/// non-characters, and bidirectional embeddings, overrides and isolates, which can make a text read differently from what it says.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_banned) {
        Cow::Owned(text.chars().filter(|c| !is_banned(*c)).collect())
    } else {
        Cow::Borrowed(text)
    }
}

fn is_banned(c: char) -> bool {
    match c {
        '\t' | '\n' => false,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => true,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => true,
        '\u{fdd0}'..='\u{fdef}' => true,
        other => (other as u32) & 0xfffe == 0xfffe,
    }
}

/// Makes any text literal inside Markdown prose, table cells and headings: the template filter `md`.
/// Line breaks become spaces, so that data can never start a block.
pub fn escape_markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in clean(text).split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        if c.is_ascii_punctuation() && !matches!(c, ',' | ';' | '?' | '/' | '%' | '\'' | '"') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// The same document with fewer backslashes, for people who edit it: [`escape_markdown`] escapes what might be
/// markup anywhere, and most of it stands where it cannot be. A text that cannot be read stays as it is.
pub fn relax(markdown: &str) -> String {
    let relaxed: Vec<String> = markdown.split('\n').map(relax_line).collect();
    let relaxed = relaxed.join("\n");
    match (crate::parse(markdown), crate::parse(&relaxed)) {
        (Ok(before), Ok(after)) if before == after => relaxed,
        _ => markdown.to_owned(),
    }
}

/// Behind a letter none of these begins a list, a heading or a rule.
fn relax_line(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars().peekable();
    let mut in_words = false;
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        let harmless = matches!(next, Some('-' | '.' | ':' | '(' | ')' | '+' | '=' | '@' | '$'));
        let in_brackets = next == Some('(') && out.ends_with(']');
        if c == '\\' && in_words && harmless && !in_brackets {
            continue;
        }
        // What is escaped is kept together: the second of two backslashes escapes nothing.
        if c == '\\'
            && let Some(escaped) = chars.next()
        {
            out.extend([c, escaped]);
            continue;
        }
        in_words |= c.is_alphabetic();
        out.push(c);
    }
    out
}

/// Escapes text for XML and HTML, in content and in quoted attributes.
pub(crate) fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in clean(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// Whether a spreadsheet would read the text as a formula or command.
pub(crate) fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '|', '%'])
        || text.trim_start().starts_with(['=', '+', '-', '@'])
}

/// The link target when its scheme is one a document may carry.
pub(crate) fn safe_href(href: &str) -> Option<String> {
    let href: String = clean(href).chars().filter(|c| !c.is_whitespace()).collect();
    let scheme_end = href.find([':', '/', '?', '#']);
    let scheme = match scheme_end {
        Some(at) if href.as_bytes().get(at) == Some(&b':') => href.get(..at)?.to_ascii_lowercase(),
        _ => return (!href.is_empty() && !href.starts_with("//")).then_some(href),
    };
    matches!(scheme.as_str(), "http" | "https" | "mailto" | "tel").then_some(href)
}

/// Advance widths of ASCII 32–126, thousandths of the size: of each character the wider of Inter, which PDFs embed,
/// and Helvetica, whose widths Arial and Liberation Sans share and which slides and browsers fall back to.
const WIDTHS: [u16; 95] = [
    281, 278, 403, 631, 638, 889, 667, 222, 362, 362, 500, 659, 280, 460, 278, 357, 625, 556, 605, 636, 642,
    608, 624, 571, 616, 624, 278, 280, 659, 659, 659, 556, 1015, 676, 667, 727, 722, 667, 611, 778, 740, 278,
    543, 667, 562, 889, 753, 778, 667, 778, 722, 667, 642, 741, 676, 949, 667, 667, 625, 362, 357, 362, 469,
    556, 497, 564, 621, 558, 621, 582, 361, 609, 591, 237, 237, 544, 237, 869, 585, 597, 609, 609, 372, 523,
    364, 581, 557, 812, 540, 558, 541, 362, 327, 362, 659,
];

/// The estimated width of a text on one line in points; never less than what the faces used take, so that
/// what is estimated to fit does fit. Semibold Inter is up to 3.5 % wider than its regular.
pub(crate) fn width(text: &str, size: f64, bold: bool) -> f64 {
    let units: f64 = text.chars().map(char_width).sum();
    units * size / 1000.0 * if bold { 1.04 } else { 1.01 }
}

fn char_width(c: char) -> f64 {
    let code = c as u32;
    match code {
        32..=126 => WIDTHS.get(code as usize - 32).map_or(556.0, |w| f64::from(*w)),
        // Boxes, ticks and dingbats come from a wider fallback face.
        0x2600..=0x27bf => 900.0,
        0x300..=0x36f | 0x200b..=0x200d => 0.0,
        0x1100..=0x11ff
        | 0x2e80..=0xa4cf
        | 0xac00..=0xd7af
        | 0xf900..=0xfaff
        | 0xff00..=0xff60
        | 0x1f000.. => 1000.0,
        _ => 600.0,
    }
}

/// Breaks a text into lines no wider than `max` points; words that are too long are cut.
pub(crate) fn wrap(text: &str, size: f64, bold: bool, max: f64) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        let mut used = 0.0;
        let space = width(" ", size, bold);
        for word in paragraph.split_whitespace() {
            let wide = width(word, size, bold);
            if !line.is_empty() && used + space + wide <= max {
                line.push(' ');
                line.push_str(word);
                used += space + wide;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            used = 0.0;
            if wide <= max {
                line.push_str(word);
                used = wide;
                continue;
            }
            for c in word.chars() {
                let step = char_width(c) * size / 1000.0 * 1.04;
                if used + step > max && !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                    used = 0.0;
                }
                line.push(c);
                used += step;
            }
        }
        lines.push(line);
    }
    lines
}

/// Cuts a text to one line of at most `max` points, ending in an ellipsis when something was cut.
pub(crate) fn ellipsis(text: &str, size: f64, bold: bool, max: f64) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if width(&text, size, bold) <= max {
        return text;
    }
    let mut out = String::new();
    for c in text.chars() {
        out.push(c);
        if width(&out, size, bold) + width("…", size, bold) > max {
            out.pop();
            break;
        }
    }
    format!("{}…", out.trim_end())
}

/// `9 Mar 2026`.
pub(crate) fn day(date: jiff::civil::Date) -> String {
    format!("{} {}", day_month(date), date.year())
}

/// `9 Mar`.
pub(crate) fn day_month(date: jiff::civil::Date) -> String {
    format!("{} {}", date.day(), month(date.month()))
}

/// The three-letter name of a month, 1–12.
pub(crate) fn month(month: i8) -> &'static str {
    const NAMES: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    usize::try_from(month - 1).ok().and_then(|at| NAMES.get(at)).copied().unwrap_or("")
}

/// `9 Mar 2026` or `9–13 Mar 2026` or `27 Mar – 2 Apr 2026`.
pub(crate) fn span(start: jiff::civil::Date, finish: jiff::civil::Date) -> String {
    if start == finish {
        day(start)
    } else if (start.year(), start.month()) == (finish.year(), finish.month()) {
        format!("{}–{}", start.day(), day(finish))
    } else if start.year() == finish.year() {
        format!("{} – {}", day_month(start), day(finish))
    } else {
        format!("{} – {}", day(start), day(finish))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_see_few_backslashes_and_the_document_stays_the_same() {
        let relaxed = "As planned, go-live falls on 3 Feb (day 128): 68 days late.\n\n- 1\\. March\n- a\\|b, a\\*b, [x]\\(y\\)\n\n1\\. no list\n\n\\- no list, but go-live";
        let escaped = "As planned, go\\-live falls on 3 Feb \\(day 128\\)\\: 68 days late\\.\n\n- 1\\. March\n- a\\|b, a\\*b, \\[x\\]\\(y\\)\n\n1\\. no list\n\n\\- no list, but go\\-live";
        assert_eq!(relax(escaped), relaxed.replace("[x]\\(y\\)", "\\[x\\]\\(y)"));
        assert_eq!(relax(&relax(escaped)), relax(escaped));
        assert_eq!(relax("a\\\\-b"), "a\\\\-b", "the second backslash escapes nothing");
        assert_eq!(relax("a\\-b\n```cards\n{"), "a\\-b\n```cards\n{", "it cannot be read");
    }

    proptest::proptest! {
        #[test]
        fn any_text_says_the_same_without_them(text in "[a-c1\\-.:()+=@$*_#|>\\[\\]\\\\`! \\n]{0,60}", plain in proptest::bool::ANY) {
            let markdown = if plain { text } else { escape_markdown(&text) };
            let relaxed = relax(&markdown);
            proptest::prop_assert_eq!(crate::parse(&relaxed).ok(), crate::parse(&markdown).ok());
            proptest::prop_assert_eq!(relax(&relaxed), relaxed);
        }
    }

    #[test]
    fn cleans_controls_and_overrides_but_keeps_text() {
        assert_eq!(clean("a\u{0}b\u{202e}c\td\ne\u{ffff}é😀漢"), "abc\td\neé😀漢");
        assert!(matches!(clean("plain"), Cow::Borrowed(_)));
    }

    #[test]
    fn links_keep_only_known_schemes() {
        assert_eq!(safe_href("https://a.b/c?d=1#e").as_deref(), Some("https://a.b/c?d=1#e"));
        assert_eq!(safe_href("java\nscript:alert(1)"), None);
        assert_eq!(safe_href("JavaScript:alert(1)"), None);
        assert_eq!(safe_href("data:text/html,x"), None);
        assert_eq!(safe_href("//evil.example"), None);
        assert_eq!(safe_href("plan.pdf").as_deref(), Some("plan.pdf"));
        assert_eq!(safe_href("#a:b").as_deref(), Some("#a:b"));
    }

    #[test]
    fn wraps_on_words_and_cuts_monsters() {
        let lines = wrap(&format!("short {}", "W".repeat(60)), 10.0, false, 100.0);
        assert!(lines.len() > 5);
        assert!(lines.iter().all(|line| width(line, 10.0, false) <= 101.0), "{lines:?}");
        assert_eq!(wrap("", 10.0, false, 100.0), vec![String::new()]);
        assert_eq!(ellipsis("short", 10.0, false, 100.0), "short");
        assert!(ellipsis(&"word ".repeat(40), 10.0, false, 100.0).ends_with('…'));
    }

    #[test]
    fn formulas_are_recognised() {
        for text in ["=1+1", "+1", "-1", "@x", "\t=1", " =cmd|x", "|x"] {
            assert!(is_formula(text), "{text:?}");
        }
        assert!(!is_formula("1-2"));
    }
}
