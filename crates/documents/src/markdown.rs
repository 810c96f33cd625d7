//! The document as plain GitHub-flavoured Markdown: directives become tables and lists anyone can read.

use std::fmt::Write;

use jiff::civil::Date;

use crate::directive::{Agenda, Field, FieldKind, Gantt, Phase, PlanKind, Quadrant};
use crate::html::RACI_LEGEND;
use crate::model::{Align, Block, Document, Inline, List, Table};
use crate::text::{day, span};

/// Characters in the text bar of a Gantt row.
const BAR: usize = 24;

/// The document as Markdown.
pub fn markdown(document: &Document) -> String {
    let head = &document.head;
    let mut out = String::new();
    if let Some(eyebrow) = &head.eyebrow {
        let _ = write!(out, "*{}*\n\n", soften(eyebrow));
    }
    if !head.title.is_empty() {
        let _ = write!(out, "# {}\n\n", soften(&head.title));
    }
    if let Some(subtitle) = &head.subtitle {
        let _ = write!(out, "{}\n\n", soften(subtitle));
    }
    if !head.meta.is_empty() {
        let rows: Vec<Vec<String>> = head
            .meta
            .iter()
            .map(|(label, value)| vec![format!("**{}**", soften(label)), soften(value)])
            .collect();
        out.push_str(&table(&["", ""], &rows));
        out.push('\n');
    }
    write_blocks(&document.blocks, &mut out);
    while out.ends_with("\n\n") {
        out.pop();
    }
    out
}

fn write_blocks(blocks: &[Block], out: &mut String) {
    for block in blocks {
        write_block(block, out);
    }
}

fn write_block(block: &Block, out: &mut String) {
    match block {
        Block::Heading { level, text, .. } => {
            // The title is the only level-1 heading.
            let level = usize::from((*level).max(2));
            let _ = write!(out, "{} {}\n\n", "#".repeat(level), inline(text));
        }
        Block::Paragraph(text) => {
            let _ = write!(out, "{}\n\n", inline(text));
        }
        Block::List(list) => {
            write_list(list, out);
            out.push('\n');
        }
        Block::Table(table) => {
            write_table(table, out);
            out.push('\n');
        }
        Block::Quote(body) => {
            quoted(body, None, out);
        }
        Block::Code(text) => {
            let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
            let fence = "`".repeat(longest.max(2) + 1);
            let _ = write!(out, "{fence}\n{text}\n{fence}\n\n");
        }
        Block::Rule => out.push_str("---\n\n"),
        Block::PageBreak | Block::Layout(_) => {}
        Block::Callout { tone, title, body } => {
            let title = title.as_deref().unwrap_or(match tone {
                crate::directive::Tone::Warning => "Warning",
                crate::directive::Tone::Bad => "Important",
                _ => "Note",
            });
            quoted(body, Some(title), out);
        }
        Block::Columns(columns) => columns.iter().for_each(|column| write_blocks(&column.body, out)),
        Block::Notes(body) => quoted(body, Some("Speaker notes"), out),
        directive => write_directive(directive, out),
    }
}

fn write_directive(block: &Block, out: &mut String) {
    let title = |title: &Option<String>, out: &mut String| {
        if let Some(title) = title {
            let _ = write!(out, "**{}**\n\n", soften(title));
        }
    };
    let text = match block {
        Block::Gantt(chart) => {
            title(&chart.title, out);
            gantt(&chart.data)
        }
        Block::Phases(phases) => {
            title(&phases.title, out);
            type Value = fn(&Phase) -> Option<&str>;
            // A column that no phase fills is left out.
            let optional: [(&str, Value); 3] = [
                ("When", |phase| phase.window.as_deref()),
                ("Dates", |phase| phase.dates.as_deref()),
                ("Ends with", |phase| phase.detail.as_deref()),
            ];
            let columns: Vec<_> = optional
                .into_iter()
                .filter(|(_, value)| phases.data.iter().any(|phase| value(phase).is_some()))
                .collect();
            let mut head = vec!["#", "Phase"];
            head.extend(columns.iter().map(|(title, _)| *title));
            let rows: Vec<Vec<String>> = phases
                .data
                .iter()
                .enumerate()
                .map(|(n, phase)| {
                    let mut row = vec![(n + 1).to_string(), soften(&phase.label)];
                    row.extend(columns.iter().map(|(_, value)| soften(value(phase).unwrap_or(""))));
                    row
                })
                .collect();
            table(&head, &rows)
        }
        Block::Cards(cards) => {
            title(&cards.title, out);
            bullets(cards.data.iter().map(|card| {
                let note = card.note.as_ref().map_or(String::new(), |note| format!(" ({})", soften(note)));
                (card.label.as_str(), format!("{}{note}", soften(&card.value)))
            }))
        }
        Block::Facts(facts) => {
            title(&facts.title, out);
            bullets(facts.data.iter().map(|fact| (fact.label.as_str(), soften(&fact.value))))
        }
        Block::Agenda(items) => {
            title(&items.title, out);
            agenda(&items.data)
        }
        Block::Timeline(points) => {
            title(&points.title, out);
            let mut sorted: Vec<_> = points.data.iter().collect();
            sorted.sort_by_key(|point| point.date);
            let rows: Vec<Vec<String>> = sorted
                .iter()
                .map(|point| vec![day(point.date), soften(&point.label), point.kind.label().into()])
                .collect();
            table(&["Date", "What", "Kind"], &rows)
        }
        Block::PowerGrid(people) => {
            title(&people.title, out);
            let rows: Vec<Vec<String>> = Quadrant::ALL
                .into_iter()
                .map(|quadrant| {
                    let names: Vec<String> = people
                        .data
                        .iter()
                        .filter(|p| p.quadrant() == quadrant)
                        .map(|p| soften(&p.label))
                        .collect();
                    vec![quadrant.label().to_owned(), names.join("; ")]
                })
                .collect();
            table(&["Strategy", "Stakeholders"], &rows)
        }
        Block::Raci(matrix) => {
            title(&matrix.title, out);
            let head: Vec<String> = std::iter::once("Activity".to_owned())
                .chain(matrix.data.columns.iter().map(|c| soften(c)))
                .collect();
            let rows: Vec<Vec<String>> = matrix
                .data
                .rows
                .iter()
                .map(|row| {
                    std::iter::once(soften(&row.activity))
                        .chain(row.cells.iter().map(|c| soften(c)))
                        .collect()
                })
                .collect();
            format!("{}\n{RACI_LEGEND}\n", table(&head.iter().map(String::as_str).collect::<Vec<_>>(), &rows))
        }
        Block::Form(form) => {
            title(&form.title, out);
            form.data.iter().map(field).collect()
        }
        _ => return,
    };
    out.push_str(&text);
    out.push('\n');
}

/// Labels with their values, one a line.
fn bullets<'a>(items: impl Iterator<Item = (&'a str, String)>) -> String {
    items.fold(String::new(), |mut list, (label, value)| {
        let _ = writeln!(list, "- **{}:** {value}", soften(label));
        list
    })
}

fn quoted(body: &[Block], title: Option<&str>, out: &mut String) {
    let mut inner = title.map_or(String::new(), |title| format!("**{}**\n\n", soften(title)));
    write_blocks(body, &mut inner);
    for line in inner.trim_end().lines() {
        let _ = writeln!(out, "{}", format!("> {line}").trim_end());
    }
    out.push('\n');
}

fn write_list(list: &List, out: &mut String) {
    let mut number = list.start.unwrap_or(1);
    for item in &list.items {
        let marker = if list.start.is_some() { format!("{number}. ") } else { "- ".to_owned() };
        let check = match item.checked {
            Some(true) => "[x] ",
            Some(false) => "[ ] ",
            None => "",
        };
        let mut inner = String::new();
        for block in &item.body {
            write_block(block, &mut inner);
            // A nested list stays close to its item.
            if item.body.len() > 1
                && matches!(block, Block::Paragraph(_))
                && matches!(item.body.get(1), Some(Block::List(_)))
            {
                inner.truncate(inner.trim_end().len());
                inner.push('\n');
            }
        }
        let indent = " ".repeat(marker.len());
        for (n, line) in inner.trim_end().split('\n').enumerate() {
            let prefix = if n == 0 { format!("{marker}{check}") } else { indent.clone() };
            let _ = writeln!(out, "{}", format!("{prefix}{line}").trim_end());
        }
        number = number.saturating_add(1);
    }
}

fn write_table(data: &Table, out: &mut String) {
    let row = |cells: &[Vec<Inline>]| -> String {
        cells.iter().map(|cell| format!(" {} |", inline(cell))).collect()
    };
    let _ = writeln!(out, "|{}", row(&data.head));
    let rule: String = data
        .columns
        .iter()
        .map(|align| match align {
            Align::Left => " --- |",
            Align::Center => " :-: |",
            Align::Right => " --: |",
        })
        .collect();
    let _ = writeln!(out, "|{rule}");
    for cells in &data.rows {
        let _ = writeln!(out, "|{}", row(cells));
    }
}

fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut out = format!(
        "|{}\n|{}\n",
        head.iter().map(|cell| format!(" {cell} |")).collect::<String>(),
        " --- |".repeat(head.len())
    );
    for row in rows {
        let _ = writeln!(out, "|{}", row.iter().map(|cell| format!(" {cell} |")).collect::<String>());
    }
    out
}

fn gantt(chart: &Gantt) -> String {
    let Some((start, end)) = chart.range() else {
        return String::new();
    };
    let rows: Vec<Vec<String>> = chart
        .rows
        .iter()
        .map(|row| {
            let indent = "&nbsp;&nbsp;".repeat(usize::from(row.indent));
            let name = soften(&row.label);
            let name = if row.kind == PlanKind::Phase { format!("**{name}**") } else { name };
            let owner = row.side.map_or("", |side| side.label());
            let critical = if row.critical { "yes" } else { "" };
            vec![
                format!("{indent}{name}"),
                row.kind.label().into(),
                owner.into(),
                day(row.start),
                day(row.finish),
                critical.into(),
                format!("`{}`", bar(start, end, row.start, row.finish, row.kind)),
            ]
        })
        .collect();
    let mut out = table(
        &["Name", "Kind", "Owner", "Start", "Finish", "Critical", &format!("{} ", span(start, end))],
        &rows,
    );
    for mark in &chart.marks {
        let _ = write!(out, "\n{}: {}\n", soften(&mark.label), day(mark.date));
    }
    out
}

fn bar(start: Date, end: Date, from: Date, to: Date, kind: PlanKind) -> String {
    let days = (end - start).get_days().max(1);
    let cell = |date: Date| {
        let share = f64::from((date - start).get_days().clamp(0, days)) / f64::from(days);
        ((share * (BAR - 1) as f64).round() as usize).min(BAR - 1)
    };
    let (first, last) = (cell(from), cell(to));
    (0..BAR)
        .map(|at| match (at >= first && at <= last, kind) {
            (false, _) => '·',
            (true, PlanKind::Phase) => '▬',
            (true, PlanKind::Task | PlanKind::Training) => '█',
            (true, _) => '◆',
        })
        .collect()
}

fn agenda(agenda: &Agenda) -> String {
    let rows: Vec<Vec<String>> = agenda
        .timed()
        .into_iter()
        .map(|(at, item)| {
            let points: String = item.points.iter().map(|point| format!("<br>• {}", soften(point))).collect();
            let purpose = soften(item.purpose.as_deref().unwrap_or(""));
            let rest =
                [format!("{} min", item.minutes), format!("**{}**{points}", soften(&item.title)), purpose];
            at.into_iter().chain(rest).collect()
        })
        .collect();
    let mut head = vec!["Length", "Item", "Purpose"];
    if agenda.start.is_some() {
        head.insert(0, "Start");
    }
    format!("{}\nTotal {} minutes\n", table(&head, &rows), agenda.total())
}

fn field(field: &Field) -> String {
    let label = soften(&field.label);
    let hint = if field.hint.is_empty() { String::new() } else { format!(" ({})", soften(&field.hint)) };
    let value = soften(&field.value);
    let blank = |value: &str| {
        if value.is_empty() { "\\_".repeat(24) } else { value.to_owned() }
    };
    match field.kind {
        FieldKind::Line | FieldKind::Lines | FieldKind::Box | FieldKind::Date => {
            format!("- **{label}**{hint}: {}\n", blank(&value))
        }
        FieldKind::Choice => {
            let options: String = field
                .options
                .iter()
                .map(|o| format!("  - [{}] {}\n", if o == &field.value { "x" } else { " " }, soften(o)))
                .collect();
            format!("- **{label}**{hint}\n{options}")
        }
        FieldKind::Signature => format!(
            "- **{label}**{hint}\n  - Name: {}\n  - Signature: {}\n  - Date: {}\n",
            blank(&value),
            blank(""),
            blank("")
        ),
    }
}

fn inline(inlines: &[Inline]) -> String {
    let mut out = String::new();
    for one in inlines {
        match one {
            Inline::Text(text) => {
                // Escaping trims; the spaces around a run matter here.
                if text.starts_with(char::is_whitespace) && !out.is_empty() {
                    out.push(' ');
                }
                out.push_str(&soften(text));
                if text.len() > 1 && text.ends_with(char::is_whitespace) {
                    out.push(' ');
                }
            }
            Inline::Strong(inner) => out.push_str(&format!("**{}**", inline(inner))),
            Inline::Emphasis(inner) => out.push_str(&format!("*{}*", inline(inner))),
            Inline::Strike(inner) => out.push_str(&format!("~~{}~~", inline(inner))),
            Inline::Code(text) => {
                let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
                let ticks = "`".repeat(longest + 1);
                let pad = if longest > 0 { " " } else { "" };
                out.push_str(&format!("{ticks}{pad}{}{pad}{ticks}", text.replace('|', "\\|")));
            }
            Inline::Link { href, text } => {
                let href = href.replace(['<', '>', '\\'], "");
                out.push_str(&format!("[{}](<{href}>)", inline(text)));
            }
            Inline::Break => out.push_str("<br>"),
        }
    }
    out
}

/// Escapes what Markdown would read as markup, and leaves ordinary punctuation alone so that the text stays readable.
fn soften(text: &str) -> String {
    let text = crate::text::clean(text).split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = String::with_capacity(text.len() + 8);
    for (at, c) in text.char_indices() {
        let next = text.get(at + c.len_utf8()..).and_then(|rest| rest.chars().next());
        let begins_entity = c == '&' && next.is_some_and(|next| next == '#' || next.is_ascii_alphanumeric());
        let special = matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~')
            || begins_entity
            || (at == 0 && matches!(c, '#' | '+' | '-' | '='))
            || (matches!(c, '.' | ')')
                && at > 0
                && text
                    .get(..at)
                    .is_some_and(|start| start.len() < 10 && start.bytes().all(|b| b.is_ascii_digit())));
        if special {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
