//! TOML front matter between `+++` lines.

use jiff::civil::Date;
use serde::Deserialize;

use super::ParseError;
use crate::model::{Head, Kind};
use crate::text::clean;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Front {
    #[serde(default)]
    kind: Kind,
    #[serde(default)]
    title: String,
    subtitle: Option<String>,
    eyebrow: Option<String>,
    footer: Option<String>,
    confidential: Option<Marking>,
    lang: Option<String>,
    date: Option<String>,
    subject: Option<String>,
    preheader: Option<String>,
    #[serde(default)]
    contents: bool,
    #[serde(default)]
    meta: Vec<(String, String)>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Marking {
    Flag(bool),
    Text(String),
}

/// Splits front matter from body; returns the body's text and its first line number.
pub(super) fn split(source: &str) -> Result<(Head, &str, usize), ParseError> {
    let none = || Head { lang: "en".into(), ..Head::default() };
    let skipped = source.len() - source.trim_start_matches('\n').len();
    let Some(rest) = source.get(skipped..).and_then(|text| text.strip_prefix("+++\n")) else {
        return Ok((none(), source, 1));
    };
    let first = skipped + 2;
    let (toml, body) = if let Some(body) = rest.strip_prefix("+++\n") {
        ("", body)
    } else if let Some(at) = rest.find("\n+++\n") {
        (rest.get(..=at).unwrap_or(""), rest.get(at + 5..).unwrap_or(""))
    } else if let Some(toml) = rest.strip_suffix("+++") {
        (toml, "")
    } else {
        return Err(ParseError::new(first - 1, "front matter opens with +++ but is never closed"));
    };
    let front: Front = toml::from_str(toml).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let line = first + toml.bytes().take(at).filter(|b| *b == b'\n').count();
        ParseError::new(line, format!("front matter: {}", error.message()))
    })?;
    let line_of =
        |key: &str| first + toml.lines().position(|line| line.trim_start().starts_with(key)).unwrap_or(0);
    let date = match &front.date {
        None => None,
        Some(text) => Some(text.parse::<Date>().map_err(|_| {
            ParseError::new(
                line_of("date"),
                format!("front matter: date \"{text}\" is not a date like 2026-03-02"),
            )
        })?),
    };
    let head = Head {
        kind: front.kind,
        title: one_line(&front.title),
        subtitle: optional(front.subtitle),
        eyebrow: optional(front.eyebrow),
        footer: optional(front.footer),
        confidential: match front.confidential {
            Some(Marking::Flag(true)) => Some("Confidential".into()),
            Some(Marking::Text(text)) => optional(Some(text)),
            Some(Marking::Flag(false)) | None => None,
        },
        lang: front
            .lang
            .map(|lang| lang.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect())
            .unwrap_or_else(|| "en".into()),
        date,
        subject: optional(front.subject),
        preheader: optional(front.preheader),
        contents: front.contents,
        meta: front.meta.iter().map(|(label, value)| (one_line(label), one_line(value))).collect(),
    };
    let line = first + toml.bytes().filter(|b| *b == b'\n').count() + 1;
    Ok((head, body, line))
}

fn one_line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn optional(text: Option<String>) -> Option<String> {
    text.map(|text| one_line(&text)).filter(|text| !text.is_empty())
}
