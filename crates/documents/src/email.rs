//! E-mails: a text alternative, and HTML as plain as mail clients need it (tables, inline styles, nothing external).

use std::fmt::Write;

use crate::brand::{Brand, INK, LINE, PAPER, SLATE};
use crate::directive::Tone;
use crate::model::{Block, Document, Inline, List, plain};
use crate::text::{day, span, xml};

/// A rendered e-mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email {
    /// One line, without control characters.
    pub subject: String,
    /// The text alternative.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

const FONT: &str = "font-family:Arial,Helvetica,sans-serif";
/// A label of a list with no more text than this is brief, characters.
const BRIEF: usize = 8;

/// Renders a document as an e-mail. The subject is the front matter's `subject`, else the title.
pub fn email(document: &Document, brand: &Brand) -> Email {
    let subject = document.subject().split_whitespace().collect::<Vec<_>>().join(" ");
    let mut text = String::new();
    text_blocks(&document.blocks, "", &mut text);
    let mut text = text.trim_end().to_owned();
    text.push('\n');
    let mut body = String::new();
    html_blocks(&document.blocks, brand, &mut body);
    let head = &document.head;
    let preheader = head.preheader.as_deref().map_or(String::new(), |line| {
        format!("<div style=\"display:none;max-height:0;overflow:hidden;mso-hide:all\">{}</div>\n", xml(line))
    });
    // A mail signed with the vendor's name does not say it again below.
    let last = document.blocks.last();
    let signed = matches!(last, Some(Block::Paragraph(text)) if plain(text) == brand.vendor_name);
    let mut footer: Vec<String> =
        head.footer.clone().or_else(|| (!signed).then(|| brand.vendor_name.clone())).into_iter().collect();
    footer.extend(head.confidential.clone());
    let foot = if footer.is_empty() {
        String::new()
    } else {
        format!(
            "\n<tr><td style=\"padding:16px 32px 24px;{FONT};font-size:12px;color:{};border-top:1px solid {}\">{}</td></tr>",
            SLATE.css(),
            LINE.css(),
            xml(&footer.join(" · ")),
        )
    };
    let html = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{}</title></head>\n<body style=\"margin:0;padding:0;background:{paper}\">\n{preheader}<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" style=\"background:{paper}\"><tr><td align=\"center\" style=\"padding:24px 12px\">\n<table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" style=\"width:100%;max-width:600px;background:#ffffff;border-top:4px solid {accent}\"><tr><td style=\"padding:28px 32px;{FONT};font-size:15px;line-height:1.55;color:{ink}\">\n{body}</td></tr>{foot}</table>\n</td></tr></table>\n</body>\n</html>\n",
        xml(&head.lang),
        xml(&subject),
        paper = PAPER.css(),
        accent = brand.accent.css(),
        ink = INK.css(),
    );
    Email { subject, text, html }
}

/// Directives become lists in mail: label, and what belongs to it.
fn listed(block: &Block) -> Vec<(String, String)> {
    match block {
        Block::Cards(cards) => cards
            .data
            .iter()
            .map(|card| {
                (
                    card.label.clone(),
                    [Some(card.value.clone()), card.note.clone()]
                        .into_iter()
                        .flatten()
                        .collect::<Vec<_>>()
                        .join(", "),
                )
            })
            .collect(),
        Block::Facts(facts) => {
            facts.data.iter().map(|fact| (fact.label.clone(), fact.value.clone())).collect()
        }
        Block::Phases(phases) => phases
            .data
            .iter()
            .map(|phase| {
                (
                    phase.label.clone(),
                    [phase.window.clone(), phase.dates.clone(), phase.detail.clone()]
                        .into_iter()
                        .flatten()
                        .collect::<Vec<_>>()
                        .join(": "),
                )
            })
            .collect(),
        Block::Timeline(points) => {
            let mut sorted: Vec<_> = points.data.iter().collect();
            sorted.sort_by_key(|point| point.date);
            sorted.iter().map(|point| (day(point.date), point.label.clone())).collect()
        }
        Block::Agenda(agenda) => agenda
            .data
            .timed()
            .into_iter()
            .map(|(at, item)| {
                (
                    at.unwrap_or_else(|| format!("{} min", item.minutes)),
                    std::iter::once(item.title.clone())
                        .chain(item.purpose.clone())
                        .collect::<Vec<_>>()
                        .join(" — "),
                )
            })
            .collect(),
        Block::Gantt(chart) => {
            chart.data.rows.iter().map(|row| (row.label.clone(), span(row.start, row.finish))).collect()
        }
        Block::PowerGrid(people) => people
            .data
            .iter()
            .map(|person| (person.label.clone(), person.quadrant().label().to_owned()))
            .collect(),
        Block::Raci(matrix) => matrix
            .data
            .rows
            .iter()
            .map(|row| {
                (
                    row.activity.clone(),
                    matrix
                        .data
                        .columns
                        .iter()
                        .zip(&row.cells)
                        .filter(|(_, cell)| !cell.is_empty())
                        .map(|(column, cell)| format!("{column} {cell}"))
                        .collect::<Vec<_>>()
                        .join(", "),
                )
            })
            .collect(),
        Block::Form(form) => form
            .data
            .iter()
            .map(|field| {
                (
                    field.label.clone(),
                    if field.options.is_empty() { field.value.clone() } else { field.options.join(" / ") },
                )
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn text_blocks(blocks: &[Block], indent: &str, out: &mut String) {
    for block in blocks {
        match block {
            Block::Heading { text, .. } => {
                let title = plain(text);
                let _ =
                    write!(out, "{indent}{title}\n{indent}{}\n\n", "-".repeat(title.chars().count().min(72)));
            }
            Block::Paragraph(text) => {
                let _ = write!(out, "{}\n\n", wrapped(&linked(text), indent, indent));
            }
            Block::List(list) => {
                text_list(list, indent, out);
                out.push('\n');
            }
            Block::Table(table) => {
                for row in &table.rows {
                    let cells: Vec<String> = table
                        .head
                        .iter()
                        .zip(row)
                        .map(|(head, cell)| {
                            if head.is_empty() {
                                linked(cell)
                            } else {
                                format!("{}: {}", plain(head), linked(cell))
                            }
                        })
                        .collect();
                    let _ = writeln!(
                        out,
                        "{}",
                        wrapped(&cells.join("; "), &format!("{indent}- "), &format!("{indent}  "))
                    );
                }
                out.push('\n');
            }
            Block::Quote(body) => text_blocks(body, &format!("{indent}> "), out),
            Block::Code(code) => {
                code.lines().for_each(|line| {
                    let _ = writeln!(out, "{indent}    {line}");
                });
                out.push('\n');
            }
            Block::Rule => {
                let _ = write!(out, "{indent}---\n\n");
            }
            Block::Callout { title, body, .. } => {
                if let Some(title) = title {
                    let _ = write!(out, "{indent}* {title} *\n\n");
                }
                text_blocks(body, indent, out);
            }
            Block::Columns(columns) => {
                columns.iter().for_each(|column| text_blocks(&column.body, indent, out))
            }
            Block::PageBreak | Block::Layout(_) | Block::Notes(_) => {}
            directive => {
                for (label, value) in listed(directive) {
                    let _ = writeln!(
                        out,
                        "{}",
                        wrapped(&format!("{label}: {value}"), &format!("{indent}- "), &format!("{indent}  "))
                    );
                }
                out.push('\n');
            }
        }
    }
}

fn text_list(list: &List, indent: &str, out: &mut String) {
    for (n, item) in list.items.iter().enumerate() {
        let check = match item.checked {
            Some(true) => "[x] ",
            Some(false) => "[ ] ",
            None => "",
        };
        let marker =
            list.start.map_or("- ".to_owned(), |start| format!("{}. ", start.saturating_add(n as u64)));
        let deeper = format!("{indent}{}", " ".repeat(marker.len()));
        for (at, block) in item.body.iter().enumerate() {
            match block {
                Block::Paragraph(text) if at == 0 => drop(writeln!(
                    out,
                    "{}",
                    wrapped(&linked(text), &format!("{indent}{marker}{check}"), &deeper)
                )),
                Block::List(inner) => text_list(inner, &deeper, out),
                other => text_blocks(std::slice::from_ref(other), &deeper, out),
            }
        }
    }
}

/// Text with each link's address behind it.
fn linked(inlines: &[Inline]) -> String {
    inlines
        .iter()
        .map(|inline| match inline {
            Inline::Text(text) | Inline::Code(text) => text.clone(),
            Inline::Strong(inner) | Inline::Emphasis(inner) | Inline::Strike(inner) => linked(inner),
            Inline::Link { href, text } => {
                let shown = linked(text);
                let address = href.strip_prefix("mailto:").unwrap_or(href);
                if shown == address { shown } else { format!("{shown} <{address}>") }
            }
            Inline::Break => "\n".into(),
        })
        .collect()
}

fn wrapped(text: &str, first: &str, rest: &str) -> String {
    let mut lines = Vec::new();
    let mut prefix = first;
    for part in text.split('\n') {
        let mut line = prefix.to_owned();
        let mut empty = true;
        for word in part.split_whitespace() {
            if !empty && line.chars().count() + word.chars().count() + 1 > 74 {
                lines.push(std::mem::replace(&mut line, rest.to_owned()));
                empty = true;
            }
            if !empty {
                line.push(' ');
            }
            line.push_str(word);
            empty = false;
        }
        lines.push(line);
        prefix = rest;
    }
    lines.join("\n")
}

fn html_blocks(blocks: &[Block], brand: &Brand, out: &mut String) {
    for block in blocks {
        html_block(block, brand, out);
    }
}

fn html_block(block: &Block, brand: &Brand, out: &mut String) {
    let slate = SLATE.css();
    let line = LINE.css();
    match block {
        Block::Heading { level, text, .. } => {
            let size = if *level <= 2 { 20 } else { 16 };
            let tag = if *level <= 2 { "h2" } else { "h3" };
            let _ = writeln!(
                out,
                "<{tag} style=\"margin:24px 0 8px;font-size:{size}px;line-height:1.3;color:{}\">{}</{tag}>",
                INK.css(),
                inline(text, brand)
            );
        }
        Block::Paragraph(text) => {
            let _ = writeln!(out, "<p style=\"margin:0 0 14px\">{}</p>", inline(text, brand));
        }
        Block::List(list) => {
            let tag = if list.start.is_some() { "ol" } else { "ul" };
            let start = list
                .start
                .filter(|start| *start != 1)
                .map_or(String::new(), |start| format!(" start=\"{start}\""));
            let _ = writeln!(out, "<{tag}{start} style=\"margin:0 0 14px;padding-left:22px\">");
            for item in &list.items {
                out.push_str("<li style=\"margin:0 0 6px\">");
                match item.checked {
                    Some(true) => out.push_str("&#9745; "),
                    Some(false) => out.push_str("&#9744; "),
                    None => {}
                }
                match item.body.as_slice() {
                    [Block::Paragraph(text), rest @ ..] => {
                        out.push_str(&inline(text, brand));
                        html_blocks(rest, brand, out);
                    }
                    body => html_blocks(body, brand, out),
                }
                out.push_str("</li>\n");
            }
            let _ = writeln!(out, "</{tag}>");
        }
        Block::Table(table) => {
            out.push_str("<table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" style=\"border-collapse:collapse;margin:0 0 16px;font-size:14px\">\n");
            if table.head.iter().any(|cell| !cell.is_empty()) {
                let cells: String = table.head.iter().map(|cell| format!("<th align=\"left\" scope=\"col\" style=\"padding:6px 8px;border-bottom:2px solid {};color:{slate};font-size:13px\">{}</th>", brand.accent.css(), inline(cell, brand))).collect();
                let _ = writeln!(out, "<tr>{cells}</tr>");
            }
            for row in &table.rows {
                let cells: String = row.iter().map(|cell| format!("<td valign=\"top\" style=\"padding:6px 8px;border-bottom:1px solid {line}\">{}</td>", inline(cell, brand))).collect();
                let _ = writeln!(out, "<tr>{cells}</tr>");
            }
            out.push_str("</table>\n");
        }
        Block::Quote(body) => {
            let _ = write!(
                out,
                "<div style=\"margin:0 0 14px;padding-left:14px;border-left:3px solid {line};color:{slate}\">"
            );
            html_blocks(body, brand, out);
            out.push_str("</div>\n");
        }
        Block::Code(text) => {
            let _ = writeln!(
                out,
                "<pre style=\"margin:0 0 14px;padding:10px;background:{};font-size:13px;white-space:pre-wrap\">{}</pre>",
                PAPER.css(),
                xml(text)
            );
        }
        Block::Rule => {
            let _ = writeln!(out, "<hr style=\"border:0;border-top:1px solid {line};margin:20px 0\">");
        }
        Block::Callout { tone, title, body } => callout(*tone, title.as_deref(), body, brand, out),
        Block::Columns(columns) => columns.iter().for_each(|column| html_blocks(&column.body, brand, out)),
        Block::PageBreak | Block::Layout(_) | Block::Notes(_) => {}
        directive => {
            out.push_str("<table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" style=\"border-collapse:collapse;margin:0 0 16px;font-size:14px\">\n");
            let entries = listed(directive);
            // Times and single words leave the room to what stands beside them.
            let brief = entries.iter().all(|(label, _)| label.chars().count() <= BRIEF);
            let width = if brief { "18%" } else { "38%" };
            for (label, value) in entries {
                let _ = writeln!(
                    out,
                    "<tr><td width=\"{width}\" valign=\"top\" style=\"padding:6px 8px 6px 0;border-bottom:1px solid {line};color:{slate}\">{}</td><td valign=\"top\" style=\"padding:6px 0;border-bottom:1px solid {line}\">{}</td></tr>",
                    xml(&label),
                    xml(&value)
                );
            }
            out.push_str("</table>\n");
        }
    }
}

fn callout(tone: Tone, title: Option<&str>, body: &[Block], brand: &Brand, out: &mut String) {
    let strong = brand.strong(tone).css();
    let _ = writeln!(
        out,
        "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" style=\"margin:0 0 16px\"><tr><td style=\"padding:12px 16px;background:{};border-left:4px solid {strong}\">",
        brand.soft(tone).css()
    );
    if let Some(title) = title {
        let _ =
            writeln!(out, "<p style=\"margin:0 0 6px;font-weight:bold;color:{strong}\">{}</p>", xml(title));
    }
    html_blocks(body, brand, out);
    out.push_str("</td></tr></table>\n");
}

fn inline(inlines: &[Inline], brand: &Brand) -> String {
    inlines
        .iter()
        .map(|one| match one {
            Inline::Text(text) => xml(text),
            Inline::Strong(inner) => format!("<strong>{}</strong>", inline(inner, brand)),
            Inline::Emphasis(inner) => format!("<em>{}</em>", inline(inner, brand)),
            Inline::Strike(inner) => format!("<s>{}</s>", inline(inner, brand)),
            Inline::Code(text) => format!("<code>{}</code>", xml(text)),
            // A relative address has no base in a mail.
            Inline::Link { href, text } if href.contains(':') => format!(
                "<a href=\"{}\" style=\"color:{}\">{}</a>",
                xml(href),
                brand.accent.css(),
                inline(text, brand)
            ),
            Inline::Link { text, .. } => inline(text, brand),
            Inline::Break => "<br>".to_owned(),
        })
        .collect()
}
