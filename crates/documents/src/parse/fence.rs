//! Fenced directives: info string and JSON body.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::ParseError;
use super::body::Reader;
use crate::directive::{Agenda, AgendaItem, FieldKind, Form, Gantt, Raci, Tone};
use crate::model::{Block, Column, Titled};
use crate::text::clean;

const NAMES: [&str; 14] = [
    "gantt",
    "phases",
    "cards",
    "facts",
    "agenda",
    "timeline",
    "power-grid",
    "raci",
    "callout",
    "columns",
    "notes",
    "form",
    "pagebreak",
    "layout",
];

/// A fence with its place in the source.
pub(super) struct Fence<'a> {
    /// Everything after the opening backticks.
    pub(super) info: &'a str,
    /// The body.
    pub(super) body: &'a str,
    /// Line of the opening fence.
    pub(super) line: usize,
}

/// Reads a fence: a directive when its name is one, a code block otherwise.
pub(super) fn read(reader: &mut Reader, fence: &Fence<'_>) -> Result<Block, ParseError> {
    let (name, rest) = fence.info.trim().split_once(char::is_whitespace).unwrap_or((fence.info.trim(), ""));
    if !NAMES.contains(&name) {
        return Ok(Block::Code(fence.body.trim_end_matches('\n').to_owned()));
    }
    let mut options = Options { list: options(rest, fence.line)?, line: fence.line };
    let title = options.take("title");
    let block = match name {
        "gantt" => Block::Gantt(Titled { title, data: gantt(fence)? }),
        "phases" => Block::Phases(Titled { title, data: json(fence)? }),
        "cards" => Block::Cards(Titled { title, data: json(fence)? }),
        "facts" => Block::Facts(Titled { title, data: json(fence)? }),
        "timeline" => Block::Timeline(Titled { title, data: json(fence)? }),
        "power-grid" => Block::PowerGrid(Titled { title, data: json(fence)? }),
        "raci" => Block::Raci(Titled { title, data: raci(fence)? }),
        "form" => Block::Form(Titled { title, data: form(fence)? }),
        "agenda" => {
            let start = match options.take("start") {
                None => None,
                Some(text) => Some(text.parse().map_err(|_| {
                    ParseError::new(fence.line, format!("agenda: start \"{text}\" is not a time like 10:00"))
                })?),
            };
            let items: Vec<AgendaItem> = json(fence)?;
            Block::Agenda(Titled { title, data: Agenda { start, items } })
        }
        "callout" => {
            let tone = match options.take("tone") {
                None => Tone::Neutral,
                Some(name) => Tone::from_name(&name).ok_or_else(|| {
                    ParseError::new(
                        fence.line,
                        format!("callout: unknown tone \"{name}\" (neutral, good, warning, bad, accent)"),
                    )
                })?,
            };
            Block::Callout { tone, title, body: reader.nested(fence.body, fence.line + 1)? }
        }
        "columns" => {
            let widths = options.take("widths");
            columns(reader, fence, widths.as_deref())?
        }
        "notes" => Block::Notes(reader.nested(fence.body, fence.line + 1)?),
        "pagebreak" => Block::PageBreak,
        _ => {
            return Err(ParseError::new(
                fence.line,
                "write the layout as a comment: <!-- layout: section -->",
            ));
        }
    };
    options.finish(name)?;
    Ok(block)
}

struct Options {
    list: Vec<(String, String)>,
    line: usize,
}

impl Options {
    fn take(&mut self, key: &str) -> Option<String> {
        let at = self.list.iter().position(|(name, _)| name == key)?;
        Some(self.list.remove(at).1).filter(|value| !value.is_empty())
    }

    fn finish(self, name: &str) -> Result<(), ParseError> {
        match self.list.first() {
            None => Ok(()),
            Some((key, _)) => Err(ParseError::new(self.line, format!("{name}: unknown option \"{key}\""))),
        }
    }
}

/// `key=value key="two words"`; inside quotes `\"` is a quote and `\uXXXX` a character, so that a JSON string is a valid value.
fn options(text: &str, line: usize) -> Result<Vec<(String, String)>, ParseError> {
    let mut out = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let Some((key, after)) = rest.split_once('=') else {
            return Err(ParseError::new(line, format!("option \"{rest}\" needs a value: key=\"value\"")));
        };
        let (value, tail) = if after.starts_with('"') {
            let mut stream = serde_json::Deserializer::from_str(after).into_iter::<String>();
            let value = match stream.next() {
                Some(Ok(value)) => value,
                _ => {
                    return Err(ParseError::new(
                        line,
                        format!("option \"{}\": the quoted value is not closed", key.trim()),
                    ));
                }
            };
            (value, after.get(stream.byte_offset()..).unwrap_or(""))
        } else {
            let end = after.find(char::is_whitespace).unwrap_or(after.len());
            let (value, tail) = after.split_at(end);
            (value.to_owned(), tail)
        };
        out.push((key.trim().to_owned(), one_line(&value)));
        rest = tail.trim_start();
    }
    Ok(out)
}

fn one_line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Reads the JSON body. The error names the line in the document, not in the block.
fn json<T: DeserializeOwned>(fence: &Fence<'_>) -> Result<T, ParseError> {
    let name = fence.info.split_whitespace().next().unwrap_or("");
    let fail = |error: &serde_json::Error| {
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or("").to_owned();
        ParseError::new(fence.line + error.line().max(1), format!("{name}: {message}"))
    };
    // Typed first, for errors with a line; then through clean values, because an escape such as \u0000 survives cleaning the source.
    serde_json::from_str::<serde::de::IgnoredAny>(fence.body).map_err(|e| fail(&e))?;
    if let Err(error) = serde_json::from_str::<T>(fence.body) {
        return Err(fail(&error));
    }
    let mut value: Value = serde_json::from_str(fence.body).map_err(|e| fail(&e))?;
    clean_values(&mut value);
    serde_json::from_value(value).map_err(|error| ParseError::new(fence.line, format!("{name}: {error}")))
}

fn clean_values(value: &mut Value) {
    match value {
        Value::String(text) => *text = one_line(text),
        Value::Array(items) => items.iter_mut().for_each(clean_values),
        Value::Object(map) => map.values_mut().for_each(clean_values),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn gantt(fence: &Fence<'_>) -> Result<Gantt, ParseError> {
    let chart: Gantt = json(fence)?;
    for row in &chart.rows {
        let wrong = if row.finish < row.start {
            format!("\"{}\" finishes before it starts", row.label)
        } else if row.indent > 4 {
            format!("\"{}\" is indented deeper than 4", row.label)
        } else {
            continue;
        };
        return Err(ParseError::new(fence.line, format!("gantt: {wrong}")));
    }
    match chart.range() {
        Some((start, end)) if (end - start).get_days() > 366 * 12 => {
            Err(ParseError::new(fence.line, "gantt: the chart spans more than twelve years"))
        }
        _ => Ok(chart),
    }
}

fn raci(fence: &Fence<'_>) -> Result<Raci, ParseError> {
    let matrix: Raci = json(fence)?;
    match matrix.rows.iter().find(|row| row.cells.len() != matrix.columns.len()) {
        None => Ok(matrix),
        Some(row) => Err(ParseError::new(
            fence.line,
            format!(
                "raci: \"{}\" has {} cells for {} columns",
                row.activity,
                row.cells.len(),
                matrix.columns.len()
            ),
        )),
    }
}

fn form(fence: &Fence<'_>) -> Result<Form, ParseError> {
    let mut form: Form = json(fence)?;
    for field in &mut form {
        field.rows = field.rows.clamp(1, 20);
        if field.kind == FieldKind::Choice && field.options.is_empty() {
            return Err(ParseError::new(
                fence.line,
                format!("form: \"{}\" is a choice without options", field.label),
            ));
        }
    }
    Ok(form)
}

fn columns(reader: &mut Reader, fence: &Fence<'_>, widths: Option<&str>) -> Result<Block, ParseError> {
    let mut parts: Vec<(usize, String)> = vec![(fence.line + 1, String::new())];
    for (number, line) in fence.body.split('\n').enumerate() {
        if line.trim() == "|||" {
            parts.push((fence.line + number + 2, String::new()));
        } else if let Some((_, text)) = parts.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    if parts.len() > 4 {
        return Err(ParseError::new(fence.line, "columns: at most four columns"));
    }
    let widths: Vec<u16> = match widths {
        None => vec![1; parts.len()],
        Some(text) => text
            .split(':')
            .map(|part| part.parse().ok().filter(|w| (1..=12).contains(w)).unwrap_or(0))
            .collect(),
    };
    if widths.len() != parts.len() || widths.contains(&0) {
        return Err(ParseError::new(
            fence.line,
            "columns: widths needs one number from 1 to 12 for each column, like 2:1",
        ));
    }
    let mut out = Vec::new();
    for ((line, text), width) in parts.iter().zip(widths) {
        out.push(Column { width, body: reader.nested(text, *line)? });
    }
    Ok(Block::Columns(out))
}
