//! Blocks to HTML.

use std::fmt::Write;

use super::svg::svg;
use crate::brand::Brand;
use crate::directive::{
    Agenda, Card, Fact, Field, FieldKind, Gantt, PowerGrid, Quadrant, Raci, Timeline, Tone,
};
use crate::draw::{self, Canvas};
use crate::model::{Align, Block, Inline, List, Table, Titled, plain};
use crate::scene::Scene;
use crate::text::{day, xml};

/// Width drawings are made for, CSS pixels.
const WIDTH: f64 = 840.0;
/// A cell with more text than this is long, characters.
const LONG: usize = 48;
/// A cell with no more text than this stands on one line, characters: a day with its weekday, a length, a count.
const SHORT: usize = 16;
/// A column with no more text than this holds marks: a box to tick, a number, characters.
const MARK: usize = 2;

/// Renders blocks of one document.
pub(super) struct Renderer<'a> {
    /// The look.
    pub(super) brand: &'a Brand,
    /// Whether the blocks are slides: notes are shown, folded.
    pub(super) deck: bool,
}

impl Renderer<'_> {
    /// Renders blocks in order.
    pub(super) fn blocks(&self, blocks: &[Block], out: &mut String) {
        for block in blocks {
            self.block(block, out);
        }
    }

    fn block(&self, block: &Block, out: &mut String) {
        match block {
            Block::Heading { level, id, text } => {
                // The page's own title is the h1.
                let level = (level + u8::from(*level == 1)).min(6);
                let _ = writeln!(out, "<h{level} id=\"{}\">{}</h{level}>", xml(id), inline(text));
            }
            Block::Paragraph(text) => {
                let _ = writeln!(out, "<p>{}</p>", inline(text));
            }
            Block::List(list) => self.list(list, out),
            Block::Table(table) => self.table(table, out),
            Block::Quote(body) => self.wrapped("blockquote", "", body, out),
            Block::Code(text) => {
                let _ = writeln!(out, "<pre tabindex=\"0\"><code>{}</code></pre>", xml(text));
            }
            Block::Rule => out.push_str("<hr>\n"),
            Block::PageBreak => out.push_str("<div class=\"pagebreak\"></div>\n"),
            Block::Layout(_) => {}
            Block::Callout { tone, title, body } => {
                let _ = writeln!(
                    out,
                    "<aside class=\"callout {}\"{}>",
                    tone.name(),
                    title.as_deref().map_or(String::new(), |t| format!(" aria-label=\"{}\"", xml(t)))
                );
                if let Some(title) = title {
                    let _ = writeln!(out, "<p class=\"callout-title\">{}</p>", xml(title));
                }
                self.blocks(body, out);
                out.push_str("</aside>\n");
            }
            Block::Columns(columns) => {
                let template: Vec<String> =
                    columns.iter().map(|column| format!("minmax(0,{}fr)", column.width)).collect();
                let _ = writeln!(
                    out,
                    "<div class=\"columns\" style=\"grid-template-columns:{}\">",
                    template.join(" ")
                );
                for column in columns {
                    self.wrapped("div", "", &column.body, out);
                }
                out.push_str("</div>\n");
            }
            Block::Notes(body) if self.deck => {
                out.push_str("<details class=\"notes\"><summary>Speaker notes</summary>\n");
                self.blocks(body, out);
                out.push_str("</details>\n");
            }
            Block::Notes(_) => {}
            Block::Gantt(chart) => self.gantt(chart, out),
            Block::Phases(phases) => {
                let scene =
                    draw::phases::draw(&phases.data, Canvas { w: WIDTH, h: None, size: 13.0 }, self.brand);
                let list: Vec<String> = phases.data.iter().map(|phase| phase.label.clone()).collect();
                self.figure(
                    phases.title.as_deref(),
                    &format!("Phases: {}", list.join(", ")),
                    &scene,
                    "",
                    out,
                );
            }
            Block::Cards(cards) => self.cards(cards, out),
            Block::Facts(facts) => self.facts(facts, out),
            Block::Agenda(agenda) => agenda_list(agenda, out),
            Block::Timeline(points) => self.timeline(points, out),
            Block::PowerGrid(people) => self.power_grid(people, out),
            Block::Raci(matrix) => raci(matrix, out),
            Block::Form(form) => {
                out.push_str("<div class=\"form\">\n");
                caption(form.title.as_deref(), out);
                form.data.iter().for_each(|entry| field(entry, out));
                out.push_str("</div>\n");
            }
        }
    }

    fn wrapped(&self, tag: &str, class: &str, body: &[Block], out: &mut String) {
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        let _ = writeln!(out, "<{tag}{class}>");
        self.blocks(body, out);
        let _ = writeln!(out, "</{tag}>");
    }

    fn list(&self, list: &List, out: &mut String) {
        let tasks = list.items.iter().any(|item| item.checked.is_some());
        let class = if tasks { " class=\"tasks\"" } else { "" };
        let (open, close) = match list.start {
            Some(1) => (format!("<ol{class}>"), "</ol>"),
            Some(start) => (format!("<ol{class} start=\"{start}\">"), "</ol>"),
            None => (format!("<ul{class}>"), "</ul>"),
        };
        let _ = writeln!(out, "{open}");
        for item in &list.items {
            out.push_str("<li>");
            if let Some(checked) = item.checked {
                let (state, sign) = if checked { ("done", "☑") } else { ("open", "☐") };
                let _ =
                    write!(out, "<span class=\"check\" role=\"img\" aria-label=\"{state}\">{sign}</span> ");
            }
            match item.body.as_slice() {
                [Block::Paragraph(text), rest @ ..] => {
                    out.push_str(&inline(text));
                    if !rest.is_empty() {
                        out.push('\n');
                        self.blocks(rest, out);
                    }
                }
                body => self.blocks(body, out),
            }
            out.push_str("</li>\n");
        }
        let _ = writeln!(out, "{close}");
    }

    fn table(&self, table: &Table, out: &mut String) {
        let classes: Vec<&str> =
            table.columns.iter().enumerate().map(|(n, side)| class(table, n, *side)).collect();
        out.push_str("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Table\"><table>\n");
        if table.head.iter().any(|cell| !cell.is_empty()) {
            out.push_str("<thead><tr>");
            for (cell, class) in table.head.iter().zip(&classes) {
                let _ = write!(out, "<th scope=\"col\"{class}>{}</th>", inline(cell));
            }
            out.push_str("</tr></thead>\n");
        }
        out.push_str("<tbody>\n");
        for row in &table.rows {
            out.push_str("<tr>");
            for (cell, class) in row.iter().zip(&classes) {
                let _ = write!(out, "<td{class}>{}</td>", inline(cell));
            }
            out.push_str("</tr>\n");
        }
        out.push_str("</tbody></table></div>\n");
    }

    fn figure(&self, title: Option<&str>, alt: &str, scene: &Scene, detail: &str, out: &mut String) {
        out.push_str("<figure class=\"drawing\">\n");
        if let Some(title) = title {
            let _ = writeln!(out, "<figcaption>{}</figcaption>", xml(title));
        }
        let _ = writeln!(
            out,
            "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"{}\">{}</div>",
            xml(title.unwrap_or(alt)),
            svg(scene, title.unwrap_or(alt))
        );
        if !detail.is_empty() {
            let _ = writeln!(out, "<details><summary>Show as table</summary>\n{detail}</details>");
        }
        out.push_str("</figure>\n");
    }

    fn gantt(&self, chart: &Titled<Gantt>, out: &mut String) {
        let scene = draw::gantt::draw(
            &chart.data,
            &chart.data.rows,
            Canvas { w: WIDTH, h: None, size: 11.0 },
            self.brand,
        );
        let rows = chart.data.rows.iter().map(|row| {
            let critical = if row.critical { "yes" } else { "" };
            let side = row.side.map_or("", |side| side.label());
            vec![
                row.label.clone(),
                row.kind.label().into(),
                side.into(),
                day(row.start),
                day(row.finish),
                critical.into(),
                row.note.clone().unwrap_or_default(),
            ]
        });
        let detail = simple_table(&["Name", "Kind", "Owner", "Start", "Finish", "Critical", "Note"], rows);
        self.figure(chart.title.as_deref(), "Gantt chart", &scene, &detail, out);
    }

    fn timeline(&self, points: &Titled<Timeline>, out: &mut String) {
        let scene = draw::timeline::draw(&points.data, Canvas { w: WIDTH, h: None, size: 12.0 }, self.brand);
        let rows = points
            .data
            .iter()
            .map(|point| vec![day(point.date), point.label.clone(), point.kind.label().into()]);
        self.figure(
            points.title.as_deref(),
            "Timeline",
            &scene,
            &simple_table(&["Date", "What", "Kind"], rows),
            out,
        );
    }

    fn power_grid(&self, people: &Titled<PowerGrid>, out: &mut String) {
        let scene = draw::people::draw(&people.data, Canvas { w: WIDTH, h: None, size: 12.5 }, self.brand);
        let rows = Quadrant::ALL.into_iter().flat_map(|q| {
            people
                .data
                .iter()
                .filter(move |p| p.quadrant() == q)
                .map(move |p| vec![p.label.clone(), q.label().to_owned()])
        });
        self.figure(
            people.title.as_deref(),
            "Power and interest grid",
            &scene,
            &simple_table(&["Stakeholder", "Strategy"], rows),
            out,
        );
    }

    fn cards(&self, cards: &Titled<Vec<Card>>, out: &mut String) {
        caption(cards.title.as_deref(), out);
        out.push_str("<dl class=\"cards\">\n");
        for card in &cards.data {
            let _ = write!(
                out,
                "<div class=\"card {}\"><dt>{}</dt><dd class=\"value\">{}</dd>",
                card.tone.name(),
                xml(&card.label),
                xml(&card.value)
            );
            if let Some(note) = &card.note {
                let _ = write!(out, "<dd class=\"note\">{}</dd>", xml(note));
            }
            out.push_str("</div>\n");
        }
        out.push_str("</dl>\n");
    }

    fn facts(&self, facts: &Titled<Vec<Fact>>, out: &mut String) {
        caption(facts.title.as_deref(), out);
        out.push_str("<dl class=\"facts\">\n");
        for fact in &facts.data {
            let _ = writeln!(out, "<div><dt>{}</dt><dd>{}</dd></div>", xml(&fact.label), xml(&fact.value));
        }
        out.push_str("</dl>\n");
    }
}

fn caption(title: Option<&str>, out: &mut String) {
    if let Some(title) = title {
        let _ = writeln!(out, "<p class=\"caption\">{}</p>", xml(title));
    }
}

/// How a column stands: one to fill in by hand keeps room to write, one of marks takes no more than they need, short
/// values stay on one line, and texts keep a readable width on a narrow screen.
fn class(table: &Table, column: usize, side: Align) -> &'static str {
    if side != Align::Left {
        return align(side);
    }
    let cells: Vec<String> =
        table.rows.iter().filter_map(|row| row.get(column)).map(|cell| plain(cell)).collect();
    let head = table.head.get(column).map_or(0, |cell| plain(cell).chars().count());
    match cells.iter().map(|cell| cell.chars().count()).max() {
        None => "",
        Some(0) if blanks(table) == 1 => " class=\"fill alone\"",
        Some(0) => " class=\"fill\"",
        Some(longest) if longest.max(head) <= MARK => " class=\"mark\"",
        Some(longest) if longest > LONG => " class=\"long\"",
        Some(longest) if longest > SHORT => " class=\"text\"",
        Some(_) if cells.iter().any(|cell| cell.contains([' ', '-'])) => " class=\"short\"",
        Some(_) => "",
    }
}

/// How many columns wait for a hand that fills them in.
fn blanks(table: &Table) -> usize {
    (0..table.columns.len())
        .filter(|column| {
            table.rows.iter().filter_map(|row| row.get(*column)).all(|cell| plain(cell).is_empty())
        })
        .count()
}

fn align(side: Align) -> &'static str {
    match side {
        Align::Left => "",
        Align::Center => " class=\"center\"",
        Align::Right => " class=\"right\"",
    }
}

fn simple_table(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut out = String::from(
        "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Table\"><table>\n<thead><tr>",
    );
    for cell in head {
        let _ = write!(out, "<th scope=\"col\">{}</th>", xml(cell));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        out.push_str("<tr>");
        for (n, cell) in row.iter().enumerate() {
            let _ = if n == 0 {
                write!(out, "<th scope=\"row\">{}</th>", xml(cell))
            } else {
                write!(out, "<td>{}</td>", xml(cell))
            };
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></div>\n");
    out
}

fn agenda_list(agenda: &Titled<Agenda>, out: &mut String) {
    caption(agenda.title.as_deref(), out);
    out.push_str("<ol class=\"agenda\">\n");
    for (at, item) in agenda.data.timed() {
        let when =
            at.map_or_else(|| format!("{} min", item.minutes), |at| format!("{at} · {} min", item.minutes));
        let _ =
            write!(out, "<li><span class=\"when\">{when}</span><div><strong>{}</strong>", xml(&item.title));
        if let Some(purpose) = &item.purpose {
            let _ = write!(out, "<p>{}</p>", xml(purpose));
        }
        if !item.points.is_empty() {
            let points: Vec<String> =
                item.points.iter().map(|point| format!("<li>{}</li>", xml(point))).collect();
            let _ = write!(out, "<ul>{}</ul>", points.join(""));
        }
        out.push_str("</div></li>\n");
    }
    let _ = writeln!(out, "</ol>\n<p class=\"total\">Total {} minutes</p>", agenda.data.total());
}

/// The tone of a responsibility letter: A stands out, R next, the others stay quiet.
pub(crate) fn raci_tone(cell: &str) -> Option<Tone> {
    let first = cell.trim().chars().next()?.to_ascii_uppercase();
    // Whoever answers for it stands out, also when they do the work as well.
    let answers = cell.split(|c: char| !c.is_alphanumeric()).any(|letter| letter.eq_ignore_ascii_case("a"));
    Some(match first {
        _ if answers => Tone::Accent,
        'R' => Tone::Good,
        _ => Tone::Neutral,
    })
}

/// What the letters mean.
pub(crate) const RACI_LEGEND: &str = "R responsible · A accountable · C consulted · I informed";

fn raci(matrix: &Titled<Raci>, out: &mut String) {
    caption(matrix.title.as_deref(), out);
    out.push_str("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Responsibility matrix\"><table class=\"raci\">\n<thead><tr><th scope=\"col\">Activity</th>");
    for column in &matrix.data.columns {
        let _ = write!(out, "<th scope=\"col\" class=\"center\">{}</th>", xml(column));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in &matrix.data.rows {
        let _ = write!(out, "<tr><th scope=\"row\">{}</th>", xml(&row.activity));
        for cell in &row.cells {
            match raci_tone(cell) {
                Some(tone) => {
                    let _ = write!(
                        out,
                        "<td class=\"center\"><span class=\"letter {}\">{}</span></td>",
                        tone.name(),
                        xml(cell)
                    );
                }
                None => out.push_str("<td></td>"),
            }
        }
        out.push_str("</tr>\n");
    }
    let _ = writeln!(out, "</tbody></table></div>\n<p class=\"legend\">{RACI_LEGEND}</p>");
}

fn field(field: &Field, out: &mut String) {
    let _ = write!(out, "<div class=\"field\"><span class=\"field-label\">{}</span>", xml(&field.label));
    match field.kind {
        FieldKind::Line | FieldKind::Date => {
            let _ = write!(
                out,
                "<span class=\"blank{}\">{}</span>",
                if field.kind == FieldKind::Date { " short" } else { "" },
                xml(&field.value)
            );
        }
        FieldKind::Lines => {
            for n in 0..field.rows {
                let _ = write!(
                    out,
                    "<span class=\"blank\">{}</span>",
                    if n == 0 { xml(&field.value) } else { String::new() }
                );
            }
        }
        FieldKind::Box => {
            let _ = write!(
                out,
                "<div class=\"box\" style=\"min-height:{}em\">{}</div>",
                u32::from(field.rows) * 2,
                xml(&field.value)
            );
        }
        FieldKind::Choice => {
            for option in &field.options {
                let sign = if !field.value.is_empty() && option == &field.value { "☑" } else { "☐" };
                let _ = write!(
                    out,
                    "<span class=\"choice\"><span aria-hidden=\"true\">{sign}</span> {}</span>",
                    xml(option)
                );
            }
        }
        FieldKind::Signature => {
            let _ = write!(
                out,
                "<div class=\"signature\"><span class=\"blank\">{}</span><span class=\"blank\"></span><span class=\"blank\"></span><span>Name</span><span>Signature</span><span>Date</span></div>",
                xml(&field.value)
            );
        }
    }
    if !field.hint.is_empty() {
        let _ = write!(out, "<span class=\"hint\">{}</span>", xml(&field.hint));
    }
    out.push_str("</div>\n");
}

/// Inline text as HTML.
pub(crate) fn inline(inlines: &[Inline]) -> String {
    let mut out = String::new();
    for inline in inlines {
        write_inline(inline, &mut out);
    }
    out
}

fn write_inline(one: &Inline, out: &mut String) {
    let wrap = |tag: &str, inner: &[Inline], out: &mut String| {
        let _ = write!(out, "<{tag}>{}</{tag}>", inline(inner));
    };
    match one {
        Inline::Text(text) => out.push_str(&xml(text)),
        Inline::Strong(inner) => wrap("strong", inner, out),
        Inline::Emphasis(inner) => wrap("em", inner, out),
        Inline::Strike(inner) => wrap("s", inner, out),
        Inline::Code(text) => {
            let _ = write!(out, "<code>{}</code>", xml(text));
        }
        Inline::Link { href, text } => {
            let _ = write!(out, "<a href=\"{}\" rel=\"noopener\">{}</a>", xml(href), inline(text));
        }
        Inline::Break => out.push_str("<br>"),
    }
}
