//! What is drawn elsewhere, as tables of coloured cells: phases, cards, agendas, grids, matrices, Gantt charts.

use std::fmt::Write;

use super::body::Writer;
use super::cells::{Cell, cell_para, pad, stays, text_para, tiny, tiny_mark, tiny_nowrap};
use crate::brand::{INK, PAPER, Rgb, SLATE};
use crate::directive::{Agenda, Card, Gantt, Person, Phase, PlanKind, Quadrant, Raci, Side, Tone};
use crate::draw::gantt::color;
use crate::html::{RACI_LEGEND, raci_tone};
use crate::model::Align;
use crate::text::{day, day_month, span, xml};

/// Weeks in one Gantt table before weeks are merged.
const WEEKS: i32 = 26;
/// Room a date needs above the weeks, twentieths of a point.
const DATE: f64 = 420.0;

impl Writer<'_> {
    /// The strip of phases as coloured cells, their dates below.
    pub(super) fn phases(&mut self, phases: &[Phase]) {
        let brand = self.brand;
        // Rows of about the same length: of seven phases none stands alone.
        let rows = phases.len().div_ceil(6).max(1);
        let per_row = phases.len().div_ceil(rows).max(1);
        let cols = vec![self.width / per_row as f64; per_row];
        for chunk in phases.chunks(per_row) {
            let cells = chunk.iter().map(|phase| {
                let (fill, ink) = if phase.tone == Tone::Neutral {
                    (PAPER.mix(brand.accent, 0.10), INK)
                } else {
                    (brand.strong(phase.tone), Rgb::WHITE)
                };
                let mut body = cell_para(&phase.label, ink, true, Align::Center);
                body.push_str(
                    &phase
                        .window
                        .as_deref()
                        .map_or(String::new(), |window| cell_para(window, ink, false, Align::Center)),
                );
                Cell { fill: Some(fill), ..Cell::new(body) }
            });
            let details = chunk.iter().map(|phase| {
                let mut body = phase
                    .dates
                    .as_deref()
                    .map_or(String::new(), |dates| cell_para(dates, INK, false, Align::Center));
                if phase.detail.is_some() || phase.dates.is_none() {
                    body.push_str(&cell_para(
                        phase.detail.as_deref().unwrap_or(""),
                        SLATE,
                        false,
                        Align::Left,
                    ));
                }
                Cell::new(body)
            });
            let rows = vec![pad(cells.collect(), per_row), pad(details.collect(), per_row)];
            self.grid(&cols, rows, false, false);
        }
    }

    /// Cards side by side.
    pub(super) fn cards(&mut self, cards: &[Card]) {
        let brand = self.brand;
        let per_row = cards.len().clamp(1, 4);
        let cols = vec![self.width / per_row as f64; per_row];
        for chunk in cards.chunks(per_row) {
            let cells = chunk.iter().map(|card| {
                let color = if card.tone == Tone::Neutral { INK } else { brand.strong(card.tone) };
                let mut body = cell_para(&card.label, SLATE, false, Align::Left);
                let _ = write!(body, "<w:p><w:pPr><w:pStyle w:val=\"Cell\"/></w:pPr><w:r><w:rPr><w:b/><w:color w:val=\"{}\"/><w:sz w:val=\"32\"/></w:rPr><w:t>{}</w:t></w:r></w:p>", color.hex(), xml(&card.value));
                body.push_str(&card.note.as_deref().map_or(String::new(), |note| cell_para(note, SLATE, false, Align::Left)));
                Cell { fill: Some(PAPER), ..Cell::new(body) }
            });
            let row = pad(cells.collect(), per_row);
            self.grid(&cols, vec![row], false, false);
        }
    }

    /// An agenda: time, item, length.
    pub(super) fn agenda(&mut self, agenda: &Agenda) {
        let rows = agenda
            .timed()
            .into_iter()
            .map(|(at, item)| {
                let mut body = cell_para(&item.title, INK, true, Align::Left);
                body.push_str(
                    &item
                        .purpose
                        .as_deref()
                        .map_or(String::new(), |purpose| cell_para(purpose, SLATE, false, Align::Left)),
                );
                item.points.iter().for_each(|point| {
                    body.push_str(&cell_para(&format!("• {point}"), INK, false, Align::Left))
                });
                vec![
                    Cell::new(cell_para(&at.unwrap_or_default(), self.brand.accent, true, Align::Left)),
                    Cell::new(body),
                    Cell::new(cell_para(&format!("{} min", item.minutes), SLATE, false, Align::Right)),
                ]
            })
            .collect();
        self.grid(&[self.width * 0.12, self.width * 0.74, self.width * 0.14], rows, false, true);
        let total = text_para("Small", &format!("Total {} minutes", agenda.total()));
        self.out.push_str(&total);
    }

    /// The grid of power and interest as four cells.
    pub(super) fn power_grid(&mut self, people: &[Person]) {
        let brand = self.brand;
        let cells: Vec<Cell> = Quadrant::ALL
            .into_iter()
            .map(|quadrant| {
                let closely = quadrant == Quadrant::ManageClosely;
                let mut body = cell_para(
                    quadrant.label(),
                    if closely { brand.accent } else { SLATE },
                    true,
                    Align::Left,
                );
                people
                    .iter()
                    .filter(|p| p.quadrant() == quadrant)
                    .for_each(|p| body.push_str(&cell_para(&p.label, INK, false, Align::Left)));
                Cell { fill: Some(if closely { brand.soft(Tone::Accent) } else { PAPER }), ..Cell::new(body) }
            })
            .collect();
        let mut rows = Vec::new();
        let mut cells = cells.into_iter();
        while let (Some(left), Some(right)) = (cells.next(), cells.next()) {
            rows.push(vec![left, right]);
        }
        self.grid(&[self.width / 2.0, self.width / 2.0], rows, false, true);
        let note = text_para(
            "Small",
            "Rows: high power above low power. Columns: low interest left, high interest right.",
        );
        self.out.push_str(&note);
    }

    pub(super) fn raci(&mut self, matrix: &Raci) {
        let brand = self.brand;
        let each = (self.width * 0.72 / matrix.columns.len().max(1) as f64).min(1500.0);
        // A role's longest word must fit its column, 180 being the cell's margins.
        let fits = |column: &String| {
            column.split_whitespace().all(|word| crate::text::width(word, 8.5 * 20.0, true) < each - 180.0)
        };
        let small = !matrix.columns.iter().all(fits);
        let role = |column: &String| {
            if small {
                tiny(column, SLATE, true).replace("</w:pPr>", "<w:jc w:val=\"center\"/></w:pPr>")
            } else {
                cell_para(column, SLATE, true, Align::Center)
            }
        };
        let mut cols = vec![self.width - each * matrix.columns.len() as f64];
        cols.extend(std::iter::repeat_n(each, matrix.columns.len()));
        let mut rows = vec![
            std::iter::once(Cell::new(cell_para("Activity", SLATE, true, Align::Left)))
                .chain(matrix.columns.iter().map(|column| Cell::new(role(column))))
                .collect::<Vec<_>>(),
        ];
        for row in &matrix.rows {
            let letters = row.cells.iter().map(|cell| {
                let (fill, ink, bold) = match raci_tone(cell) {
                    Some(Tone::Accent) => (Some(brand.accent), Rgb::WHITE, true),
                    Some(Tone::Good) => (Some(brand.accent.mix(Rgb::WHITE, 0.78)), INK, true),
                    _ => (None, SLATE, false),
                };
                Cell { fill, ..Cell::new(cell_para(cell, ink, bold, Align::Center)) }
            });
            rows.push(
                std::iter::once(Cell::new(cell_para(&row.activity, INK, false, Align::Left)))
                    .chain(letters)
                    .collect(),
            );
        }
        self.grid(&cols, rows, true, true);
        let legend = text_para("Small", RACI_LEGEND);
        self.out.push_str(&legend);
    }

    /// A Gantt chart as a table with one shaded cell for each week (or several, in long plans).
    pub(super) fn gantt(&mut self, chart: &Gantt) {
        let Some((start, end)) = chart.range() else {
            return;
        };
        let start = start
            .checked_sub(jiff::Span::new().days(i64::from(start.weekday().to_monday_zero_offset())))
            .unwrap_or(start);
        let weeks = (end - start).get_days() / 7 + 1;
        let step = (weeks + WEEKS - 1) / WEEKS;
        let count = (weeks + step - 1) / step;
        let label_w = self.width * 0.34;
        let dates_w = self.width * 0.18;
        let each = (self.width - label_w - dates_w) / f64::from(count.max(1));
        let mut cols = vec![label_w, dates_w];
        cols.extend(std::iter::repeat_n(each, usize::try_from(count).unwrap_or(0)));
        let week = |date: jiff::civil::Date| ((date - start).get_days() / 7 / step).clamp(0, count - 1);
        let mut head = vec![Cell::new(tiny("", SLATE, true)), Cell::new(tiny("Dates", SLATE, true))];
        let every: u8 = if each < 330.0 { 4 } else { 2 };
        for n in (0..count).step_by(usize::from(every)) {
            let span = i32::from(every).min(count - n);
            // The last of them may have no room for a date.
            let label = if f64::from(span) * each >= DATE {
                start
                    .checked_add(jiff::Span::new().days(i64::from(n * step) * 7))
                    .map(day_month)
                    .unwrap_or_default()
            } else {
                String::new()
            };
            let span = usize::try_from(span).unwrap_or(1);
            head.push(Cell { span, ..Cell::new(tiny_nowrap(&label)) });
        }
        let mut rows = vec![head];
        for row in &chart.rows {
            let phase = row.kind == PlanKind::Phase;
            let fill = phase.then_some(PAPER);
            let name = format!("{}{}", "\u{a0}\u{a0}".repeat(usize::from(row.indent)), row.label);
            let dates = if row.kind.is_point() || row.start == row.finish {
                day_month(row.start)
            } else {
                format!("{} – {}", day_month(row.start), day_month(row.finish))
            };
            let mut cells = vec![
                Cell { fill, ..Cell::new(tiny(&name, INK, phase)) },
                Cell { fill, ..Cell::new(tiny(&dates, SLATE, false)) },
            ];
            for n in 0..count {
                let inside = n >= week(row.start) && n <= week(row.finish);
                let tint = color(row, self.brand);
                cells.push(match (inside, row.kind.is_point()) {
                    (true, true) => Cell {
                        fill,
                        ..Cell::new(tiny_mark(if row.kind == PlanKind::Meeting { "●" } else { "◆" }, tint))
                    },
                    (true, false) => Cell { bar: Some(tint), ..Cell::new(tiny("", INK, false)) },
                    (false, _) => Cell { fill, ..Cell::new(tiny("", INK, false)) },
                });
            }
            rows.push(cells);
        }
        self.gantt_note(chart, (start, end), step);
        self.grid(&cols, rows, true, true);
    }

    /// What a chart shows. It stands above, so that it is not left alone on the page after a long one.
    fn gantt_note(&mut self, chart: &Gantt, (start, end): (jiff::civil::Date, jiff::civil::Date), step: i32) {
        let mut notes: Vec<String> =
            chart.marks.iter().map(|mark| format!("{}: {}", mark.label, day(mark.date))).collect();
        let red = if chart.rows.iter().any(|row| row.critical) { " Red: critical." } else { "" };
        notes.insert(
            0,
            format!(
                "{}.{red} Each column is {}.",
                span(start, end),
                if step == 1 { "one week".to_owned() } else { format!("{step} weeks") }
            ),
        );
        let note = text_para("Small", &notes.join(" · "));
        let key = self.gantt_key(chart);
        self.out.push_str(&stays(&note.replace("</w:p>", &format!("{key}</w:p>"))));
    }

    /// Whose work has which colour, as runs.
    fn gantt_key(&self, chart: &Gantt) -> String {
        let mut key = String::new();
        for side in [Side::Vendor, Side::Customer, Side::Joint] {
            let bar = chart.rows.iter().find(|row| {
                let work = row.kind != PlanKind::Phase && !row.kind.is_point();
                work && !row.critical && row.side == Some(side)
            });
            if let Some(bar) = bar {
                let _ = write!(
                    key,
                    "<w:r><w:rPr><w:color w:val=\"{}\"/></w:rPr><w:t xml:space=\"preserve\"> · ■ </w:t></w:r><w:r><w:t>{}</w:t></w:r>",
                    color(bar, self.brand).hex(),
                    xml(side.label())
                );
            }
        }
        key
    }
}
