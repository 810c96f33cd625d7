//! Blocks as plain lines.

use crate::model::{Block, plain};

/// Blocks as lines of plain text, for notes and places that hold nothing else.
pub(super) fn lines(blocks: &[Block]) -> Vec<String> {
    let mut out = Vec::new();
    for block in blocks {
        match block {
            Block::Heading { text, .. } | Block::Paragraph(text) => out.push(plain(text)),
            Block::List(list) => {
                for (n, item) in list.items.iter().enumerate() {
                    let marker = list
                        .start
                        .map_or("• ".to_owned(), |start| format!("{}. ", start.saturating_add(n as u64)));
                    for (at, line) in lines(&item.body).into_iter().enumerate() {
                        out.push(if at == 0 { format!("{marker}{line}") } else { line });
                    }
                }
            }
            Block::Quote(body) | Block::Callout { body, .. } | Block::Notes(body) => out.extend(lines(body)),
            Block::Columns(columns) => columns.iter().for_each(|column| out.extend(lines(&column.body))),
            Block::Code(text) => out.extend(text.lines().map(str::to_owned)),
            Block::Table(table) => {
                out.extend(
                    std::iter::once(&table.head)
                        .chain(&table.rows)
                        .map(|row| row.iter().map(|cell| plain(cell)).collect::<Vec<_>>().join(" – ")),
                );
            }
            Block::Cards(cards) => {
                out.extend(cards.data.iter().map(|card| format!("{}: {}", card.label, card.value)))
            }
            Block::Facts(facts) => {
                out.extend(facts.data.iter().map(|fact| format!("{}: {}", fact.label, fact.value)))
            }
            Block::Phases(phases) => out.extend(phases.data.iter().map(|phase| {
                [Some(phase.label.clone()), phase.window.clone(), phase.dates.clone()]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(", ")
            })),
            Block::Timeline(points) => out.extend(
                points.data.iter().map(|point| format!("{}: {}", crate::text::day(point.date), point.label)),
            ),
            Block::Agenda(agenda) => out
                .extend(agenda.data.items.iter().map(|item| format!("{} min: {}", item.minutes, item.title))),
            Block::PowerGrid(people) => out.extend(
                people.data.iter().map(|person| format!("{}: {}", person.quadrant().label(), person.label)),
            ),
            Block::Gantt(chart) => out.extend(
                chart
                    .data
                    .rows
                    .iter()
                    .map(|row| format!("{}: {}", row.label, crate::text::span(row.start, row.finish))),
            ),
            Block::Raci(matrix) => out.extend(
                matrix.data.rows.iter().map(|row| format!("{}: {}", row.activity, row.cells.join(", "))),
            ),
            Block::Form(form) => out.extend(form.data.iter().map(|field| field.label.clone())),
            Block::Rule | Block::PageBreak | Block::Layout(_) => {}
        }
    }
    out
}
