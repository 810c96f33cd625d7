//! Tables, agendas and responsibility matrices as grids of a slide.

use super::build::Builder;
use super::{CELL_X, CELL_Y, Cell, Grid};
use crate::brand::{INK, Rgb, SLATE};
use crate::columns::widths;
use crate::directive::{Agenda, Raci, Tone};
use crate::html::raci_tone;
use crate::model::{Align, Table, plain};
use crate::scene::{LEADING, Run, runs};
use crate::text::{width, wrap};

impl Builder<'_> {
    pub(super) fn table(&self, table: &Table, w: f64) -> Grid {
        let size = if table.columns.len() > 5 { 12.0 } else { 13.5 } * self.scale;
        let texts: Vec<Vec<String>> = std::iter::once(&table.head)
            .chain(&table.rows)
            .map(|row| row.iter().map(|cell| plain(cell)).collect())
            .collect();
        let columns = widths(w, size, 2.0 * CELL_X + 2.0, table.columns.len(), &texts);
        let has_head = table.head.iter().any(|cell| !cell.is_empty());
        let mut rows = Vec::new();
        if has_head {
            rows.push(
                table
                    .head
                    .iter()
                    .zip(&table.columns)
                    .map(|(cell, align)| Cell {
                        runs: vec![Run::new(plain(cell), SLATE).bold()],
                        align: *align,
                        fill: None,
                    })
                    .collect(),
            );
        }
        for row in &table.rows {
            rows.push(
                row.iter()
                    .zip(&table.columns)
                    .map(|(cell, align)| Cell {
                        runs: runs(cell, INK, self.brand.accent),
                        align: *align,
                        fill: None,
                    })
                    .collect(),
            );
        }
        grid(columns, rows, has_head, size, "Table")
    }

    pub(super) fn agenda(&self, agenda: &Agenda, w: f64) -> Grid {
        let size = 15.5 * self.scale;
        let rows = agenda
            .timed()
            .into_iter()
            .map(|(at, item)| {
                let minutes = format!("{} min", item.minutes);
                let mut detail = vec![Run::new(&item.title, INK).bold()];
                // The purpose stands beside the title: a line saved is larger text on a full slide.
                detail.extend(item.purpose.as_ref().map(|purpose| Run::new(format!(" – {purpose}"), SLATE)));
                if !item.points.is_empty() {
                    detail.push(Run::new("\n", INK));
                    detail.push(Run::new(item.points.join(" · "), SLATE));
                }
                vec![
                    Cell {
                        runs: vec![
                            Run::new(at.clone().unwrap_or_else(|| minutes.clone()), self.brand.accent).bold(),
                        ],
                        align: Align::Left,
                        fill: None,
                    },
                    Cell { runs: detail, align: Align::Left, fill: None },
                    Cell {
                        runs: vec![Run::new(if at.is_some() { minutes } else { String::new() }, SLATE)],
                        align: Align::Right,
                        fill: None,
                    },
                ]
            })
            .collect();
        let (first, last) = (84.0 * self.scale, 84.0 * self.scale);
        grid(vec![first, (w - first - last).max(100.0), last], rows, false, size, "Agenda")
    }

    pub(super) fn raci(&self, matrix: &Raci, w: f64) -> Grid {
        let room = w * 0.74;
        let common = (room / matrix.columns.len().max(1) as f64).min(130.0);
        // A role's longest word must fit its column: columns widen for it before the text shrinks.
        let needs = |size: f64| -> Vec<f64> {
            let longest = |title: &String| {
                title.split_whitespace().map(|word| width(word, size, true)).fold(0.0, f64::max)
            };
            matrix.columns.iter().map(|title| longest(title) + 2.0 * CELL_X + 2.0).collect()
        };
        let mut size = 13.0 * self.scale;
        while size > 7.0 && needs(size).iter().sum::<f64>() > room {
            size -= 0.5;
        }
        let needs = needs(size);
        let roles: Vec<f64> = if needs.iter().all(|need| *need <= common) {
            vec![common; needs.len()]
        } else {
            let spare = (room - needs.iter().sum::<f64>()) / needs.len().max(1) as f64;
            needs.iter().map(|need| need + spare).collect()
        };
        let mut columns = vec![w - roles.iter().sum::<f64>()];
        columns.extend(roles);
        let text = |text: &str, color: Rgb, bold: bool, align: Align, fill: Option<Rgb>| Cell {
            runs: vec![Run { bold, ..Run::new(text, color) }],
            align,
            fill,
        };
        let mut rows = vec![
            std::iter::once(text("Activity", SLATE, true, Align::Left, None))
                .chain(matrix.columns.iter().map(|column| text(column, SLATE, true, Align::Center, None)))
                .collect::<Vec<_>>(),
        ];
        for row in &matrix.rows {
            let letters = row.cells.iter().map(|cell| match raci_tone(cell) {
                Some(Tone::Accent) => text(cell, Rgb::WHITE, true, Align::Center, Some(self.brand.accent)),
                Some(Tone::Good) => {
                    text(cell, INK, true, Align::Center, Some(self.brand.accent.mix(Rgb::WHITE, 0.78)))
                }
                _ => text(cell, SLATE, false, Align::Center, None),
            });
            rows.push(
                std::iter::once(text(&row.activity, INK, false, Align::Left, None)).chain(letters).collect(),
            );
        }
        grid(columns, rows, true, size, "Responsibility matrix")
    }
}

fn grid(columns: Vec<f64>, rows: Vec<Vec<Cell>>, header: bool, size: f64, name: &str) -> Grid {
    let heights = rows
        .iter()
        .map(|row| {
            let tallest = row.iter().zip(&columns).map(|(cell, w)| {
                let text: String = cell.runs.iter().map(|run| run.text.as_str()).collect();
                let bold = cell.runs.iter().any(|run| run.bold);
                wrap(&text, size, bold, (w - 2.0 * CELL_X).max(size)).len()
            });
            tallest.max().unwrap_or(1) as f64 * size * LEADING + 2.0 * CELL_Y + 1.5
        })
        .collect();
    Grid { x: 0.0, y: 0.0, columns, heights, header, size, rows, name: name.to_owned() }
}
