//! What letters and mails say around the matter: headers, greetings, closings.

use crate::source::Passage;
use crate::values::people;
use crate::values::words::fold;

/// Words a greeting begins with, folded.
const GREETINGS: &[&str] = &[
    "hi", "hello", "dear", "hey", "hallo", "liebe", "lieber", "sehr", "guten", "moin", "bonjour", "bonsoir",
    "cher", "chere", "hola", "estimado", "estimada", "buenos",
];

/// Closings, folded.
const CLOSINGS: &[&str] = &[
    "thanks",
    "thank you",
    "many thanks",
    "thx",
    "cheers",
    "best",
    "best regards",
    "kind regards",
    "regards",
    "warm regards",
    "best wishes",
    "sincerely",
    "gruss",
    "grusse",
    "viele grusse",
    "beste grusse",
    "vg",
    "lg",
    "mfg",
    "mit freundlichen grussen",
    "danke",
    "cordialement",
    "bien cordialement",
    "merci",
    "saludos",
    "un saludo",
    "gracias",
    "fyi",
];

/// Headers of mails, folded.
const HEADERS: &[&str] = &[
    "from", "to", "cc", "bcc", "sent", "reply to", "von", "an", "gesendet", "de", "a", "envoye", "para",
    "enviado",
];

/// Whether a line only belongs to the letter, not to the deal.
pub(super) fn is_courtesy(line: Passage<'_>) -> bool {
    let text = line.text.trim();
    if text.len() > 200 || text.is_empty() {
        return false;
    }
    let folded = fold(text);
    let first = folded.split(' ').next().unwrap_or("");
    let greeting = GREETINGS.contains(&first)
        && folded.split(' ').count() <= 4
        && !text.contains(|c: char| c.is_ascii_digit() || c == ':');
    let header = text.split_once(':').is_some_and(|(name, value)| {
        HEADERS.contains(&fold(name).as_str()) && value.split_whitespace().any(people::is_email)
    });
    // "On 17 Nov 2026, Priya Nair <p.nair@…> wrote:"
    let quoted = [" wrote:", " schrieb:", " a écrit :", " escribió:"].iter().any(|end| text.ends_with(end))
        && text.contains('@');
    greeting || CLOSINGS.contains(&folded.as_str()) || header || quoted
}
