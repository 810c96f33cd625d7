//! Slides and notes pages as PresentationML.

use std::fmt::Write;

use super::parts::{NS, opening};
use crate::brand::LINE;
use crate::deck::{CELL_X, CELL_Y, Cell, Grid, Item, Slide};
use crate::model::{Align, Layout};
use crate::scene::{Bullet, Outline, Para, Run, Shape, TextBox, VAlign};
use crate::text::xml;

/// Points to English metric units.
fn emu(points: f64) -> i64 {
    (points * 12_700.0).round() as i64
}

struct Writer {
    out: String,
    id: usize,
    links: Vec<String>,
}

/// A slide's XML and the targets of its links, in the order of their relationship ids.
pub(super) fn slide(slide: &Slide, number: usize, footer: &str) -> (String, Vec<String>) {
    let mut writer = Writer { out: String::new(), id: 1, links: Vec::new() };
    // The title is the first in reading order unless something must lie below it.
    let title_first = slide.layout == Layout::Content;
    if title_first {
        writer.title(&slide.title);
    }
    let (below, above): (Vec<&Item>, Vec<&Item>) = slide
        .items
        .iter()
        .partition(|item| !title_first && matches!(item, Item::Shape(shape) if shape.text.is_none()));
    below.into_iter().for_each(|item| writer.item(item));
    if !title_first {
        writer.title(&slide.title);
    }
    above.into_iter().for_each(|item| writer.item(item));
    if slide.layout != Layout::Title {
        writer.footer(footer, number, slide.layout);
    }
    let (head, tree) = opening();
    let xml = format!(
        "{head}<p:sld {NS}><p:cSld><p:bg><p:bgPr><a:solidFill><a:srgbClr val=\"{}\"/></a:solidFill><a:effectLst/></p:bgPr></p:bg><p:spTree>{tree}{}</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sld>",
        slide.background.hex(),
        writer.out
    );
    (xml, writer.links)
}

/// A notes page.
pub(super) fn notes(lines: &[String], number: usize) -> String {
    let (head, tree) = opening();
    let paras: String = lines
        .iter()
        .map(|line| format!("<a:p><a:r><a:rPr lang=\"en\"/><a:t>{}</a:t></a:r></a:p>", xml(line)))
        .collect();
    let paras = if paras.is_empty() { "<a:p/>".to_owned() } else { paras };
    format!(
        "{head}<p:notes {NS}><p:cSld name=\"Notes {number}\"><p:spTree>{tree}<p:sp><p:nvSpPr><p:cNvPr id=\"2\" name=\"Slide image\"/><p:cNvSpPr><a:spLocks noGrp=\"1\" noRot=\"1\" noChangeAspect=\"1\"/></p:cNvSpPr><p:nvPr><p:ph type=\"sldImg\" idx=\"2\"/></p:nvPr></p:nvSpPr><p:spPr/></p:sp><p:sp><p:nvSpPr><p:cNvPr id=\"3\" name=\"Notes\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr><p:ph type=\"body\" sz=\"quarter\" idx=\"3\"/></p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:lstStyle/>{paras}</p:txBody></p:sp></p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:notes>"
    )
}

impl Writer {
    fn next(&mut self) -> usize {
        self.id += 1;
        self.id
    }

    fn title(&mut self, title: &Shape) {
        let id = self.next();
        let body = title.text.as_ref().map_or(String::new(), |text| self.body(text));
        let _ = write!(
            self.out,
            "<p:sp><p:nvSpPr><p:cNvPr id=\"{id}\" name=\"Title {id}\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr><p:ph type=\"title\"/></p:nvPr></p:nvSpPr><p:spPr>{}<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></p:spPr>{body}</p:sp>",
            frame("a", (title.x, title.y, title.w, title.h))
        );
    }

    fn footer(&mut self, footer: &str, number: usize, layout: Layout) {
        let color = "<a:solidFill><a:schemeClr val=\"tx2\"/></a:solidFill><a:latin typeface=\"+mn-lt\"/>";
        let left = if layout == Layout::Closing { 344.0 } else { 52.0 };
        let (foot, num) = (self.next(), self.next());
        let _ = write!(
            self.out,
            "<p:sp><p:nvSpPr><p:cNvPr id=\"{foot}\" name=\"Footer\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr><p:ph type=\"ftr\" sz=\"quarter\" idx=\"11\"/></p:nvPr></p:nvSpPr><p:spPr>{}</p:spPr><p:txBody><a:bodyPr lIns=\"0\" tIns=\"0\" rIns=\"0\" bIns=\"0\" anchor=\"ctr\"/><a:lstStyle/><a:p><a:r><a:rPr lang=\"en\" sz=\"950\">{color}</a:rPr><a:t>{}</a:t></a:r></a:p></p:txBody></p:sp>",
            frame("a", (left, 507.0, 520.0, 18.0)),
            xml(footer)
        );
        let _ = write!(
            self.out,
            "<p:sp><p:nvSpPr><p:cNvPr id=\"{num}\" name=\"Slide number\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr><p:ph type=\"sldNum\" sz=\"quarter\" idx=\"12\"/></p:nvPr></p:nvSpPr><p:spPr>{}</p:spPr><p:txBody><a:bodyPr lIns=\"0\" tIns=\"0\" rIns=\"0\" bIns=\"0\" anchor=\"ctr\"/><a:lstStyle/><a:p><a:pPr algn=\"r\"/><a:fld id=\"{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}\" type=\"slidenum\"><a:rPr lang=\"en\" sz=\"950\">{color}</a:rPr><a:t>{number}</a:t></a:fld></a:p></p:txBody></p:sp>",
            frame("a", (848.0, 507.0, 60.0, 18.0))
        );
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Shape(shape) if shape.outline == Outline::Line => self.line(shape),
            Item::Shape(shape) => self.shape(shape),
            Item::Grid(grid) => self.grid(grid),
        }
    }

    fn line(&mut self, shape: &Shape) {
        let id = self.next();
        let _ = write!(
            self.out,
            "<p:cxnSp><p:nvCxnSpPr><p:cNvPr id=\"{id}\" name=\"Line {id}\"{}/><p:cNvCxnSpPr/><p:nvPr/></p:nvCxnSpPr><p:spPr>{}<a:prstGeom prst=\"line\"><a:avLst/></a:prstGeom>{}</p:spPr></p:cxnSp>",
            alt(&shape.name),
            frame("a", (shape.x, shape.y, shape.w, shape.h)),
            stroke(shape)
        );
    }

    fn shape(&mut self, shape: &Shape) {
        let id = self.next();
        let geometry = match shape.outline {
            Outline::Rect | Outline::Line => "<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom>".to_owned(),
            Outline::Round => {
                let share = (2.5 / shape.w.min(shape.h).max(0.1) * 100_000.0).clamp(0.0, 50_000.0).round();
                format!(
                    "<a:prstGeom prst=\"roundRect\"><a:avLst><a:gd name=\"adj\" fmla=\"val {share}\"/></a:avLst></a:prstGeom>"
                )
            }
            Outline::Circle => "<a:prstGeom prst=\"ellipse\"><a:avLst/></a:prstGeom>".to_owned(),
            Outline::Diamond => "<a:prstGeom prst=\"diamond\"><a:avLst/></a:prstGeom>".to_owned(),
            Outline::Chevron | Outline::Pentagon => {
                let name = if shape.outline == Outline::Chevron { "chevron" } else { "homePlate" };
                let point = (shape.h * 0.28).min(shape.w * 0.5);
                let share = (point / shape.w.min(shape.h).max(0.1) * 100_000.0).round();
                format!(
                    "<a:prstGeom prst=\"{name}\"><a:avLst><a:gd name=\"adj\" fmla=\"val {share}\"/></a:avLst></a:prstGeom>"
                )
            }
        };
        let fill = shape.fill.map_or("<a:noFill/>".to_owned(), |fill| {
            format!("<a:solidFill><a:srgbClr val=\"{}\"/></a:solidFill>", fill.hex())
        });
        let text_only = shape.fill.is_none() && shape.stroke.is_none();
        let (kind, locked) = if text_only { ("Text", " txBox=\"1\"") } else { ("Shape", "") };
        let body = match &shape.text {
            Some(text) => self.body(text),
            None => "<p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:endParaRPr lang=\"en\" sz=\"800\"/></a:p></p:txBody>".to_owned(),
        };
        let _ = write!(
            self.out,
            "<p:sp><p:nvSpPr><p:cNvPr id=\"{id}\" name=\"{kind} {id}\"{}/><p:cNvSpPr{locked}/><p:nvPr/></p:nvSpPr><p:spPr>{}{geometry}{fill}{}</p:spPr>{body}</p:sp>",
            alt(&shape.name),
            frame("a", (shape.x, shape.y, shape.w, shape.h)),
            stroke(shape)
        );
    }

    fn body(&mut self, text: &TextBox) -> String {
        let anchor = match text.valign {
            VAlign::Top => "t",
            VAlign::Middle => "ctr",
            VAlign::Bottom => "b",
        };
        let inset = emu(text.inset);
        let vertical = if text.vertical { " vert=\"vert270\"" } else { "" };
        let wrap = if text.one_line { "none" } else { "square" };
        let paras: String = text.paras.iter().map(|para| self.para(para)).collect();
        format!(
            "<p:txBody><a:bodyPr wrap=\"{wrap}\" lIns=\"{inset}\" tIns=\"{inset}\" rIns=\"{inset}\" bIns=\"{inset}\" anchor=\"{anchor}\"{vertical}><a:noAutofit/></a:bodyPr><a:lstStyle/>{paras}</p:txBody>"
        )
    }

    fn para(&mut self, para: &Para) -> String {
        let step = para.size * 1.1;
        let margin = emu(para.indent());
        let bullet = match &para.bullet {
            None => "<a:buNone/>".to_owned(),
            Some(Bullet::Dot) => "<a:buClr><a:schemeClr val=\"accent1\"/></a:buClr><a:buFont typeface=\"Arial\"/><a:buChar char=\"•\"/>".to_owned(),
            Some(Bullet::Label(label)) if label.chars().count() == 1 => {
                format!("<a:buClr><a:schemeClr val=\"tx2\"/></a:buClr><a:buFont typeface=\"Segoe UI Symbol\"/><a:buChar char=\"{}\"/>", xml(label))
            }
            Some(Bullet::Label(label)) => {
                let start = label.trim_end_matches('.').parse::<u32>().unwrap_or(1).clamp(1, 32_767);
                format!("<a:buClr><a:schemeClr val=\"accent1\"/></a:buClr><a:buFont typeface=\"+mj-lt\"/><a:buAutoNum type=\"arabicPeriod\" startAt=\"{start}\"/>")
            }
        };
        let indent = if para.bullet.is_some() { -emu(step) } else { 0 };
        let runs = self.runs(&para.runs, para.size);
        format!(
            "<a:p><a:pPr marL=\"{margin}\" indent=\"{indent}\" algn=\"{}\"><a:lnSpc><a:spcPct val=\"100000\"/></a:lnSpc><a:spcBef><a:spcPts val=\"0\"/></a:spcBef><a:spcAft><a:spcPts val=\"{}\"/></a:spcAft>{bullet}</a:pPr>{runs}</a:p>",
            algn(para.align),
            (para.after * 100.0).round()
        )
    }

    fn runs(&mut self, runs: &[Run], size: f64) -> String {
        let mut out = String::new();
        let size = (size * 100.0).round();
        for run in runs {
            if run.text == "\n" {
                let _ = write!(out, "<a:br><a:rPr lang=\"en\" sz=\"{size}\"/></a:br>");
                continue;
            }
            let mut style = String::new();
            for (on, attribute) in
                [(run.bold, " b=\"1\""), (run.italic, " i=\"1\""), (run.strike, " strike=\"sngStrike\"")]
            {
                if on {
                    style.push_str(attribute);
                }
            }
            let link = match run.href.as_ref().filter(|href| href.contains(':') && !href.starts_with('#')) {
                None => String::new(),
                Some(href) => {
                    self.links.push(href.clone());
                    format!("<a:hlinkClick r:id=\"rId{}\"/>", self.links.len() + 2)
                }
            };
            let _ = write!(
                out,
                "<a:r><a:rPr lang=\"en\" sz=\"{size}\"{style}><a:solidFill><a:srgbClr val=\"{}\"/></a:solidFill><a:latin typeface=\"+mn-lt\"/>{link}</a:rPr><a:t>{}</a:t></a:r>",
                run.color.hex(),
                xml(&run.text)
            );
        }
        out
    }

    fn grid(&mut self, grid: &Grid) {
        let id = self.next();
        let columns: String =
            grid.columns.iter().map(|w| format!("<a:gridCol w=\"{}\"/>", emu(*w))).collect();
        let mut rows = String::new();
        for (n, (row, h)) in grid.rows.iter().zip(&grid.heights).enumerate() {
            let _ = write!(rows, "<a:tr h=\"{}\">", emu(*h));
            for cell in row {
                rows.push_str(&self.cell(cell, grid.size, grid.header && n == 0));
            }
            rows.push_str("</a:tr>");
        }
        let first = if grid.header { " firstRow=\"1\"" } else { "" };
        let _ = write!(
            self.out,
            "<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id=\"{id}\" name=\"Table {id}\"{}/><p:cNvGraphicFramePr><a:graphicFrameLocks noGrp=\"1\"/></p:cNvGraphicFramePr><p:nvPr/></p:nvGraphicFramePr>{}<a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/table\"><a:tbl><a:tblPr{first}/><a:tblGrid>{columns}</a:tblGrid>{rows}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>",
            alt(&grid.name),
            frame("p", (grid.x, grid.y, grid.columns.iter().sum(), grid.heights.iter().sum())),
        );
    }

    fn cell(&mut self, cell: &Cell, size: f64, header: bool) -> String {
        // A run without text would leave the row to the size programs begin with.
        let written = cell.runs.iter().any(|run| !run.text.is_empty());
        let runs = if written { self.runs(&cell.runs, size) } else { String::new() };
        let end = if runs.is_empty() {
            format!("<a:endParaRPr lang=\"en\" sz=\"{}\"/>", (size * 100.0).round())
        } else {
            String::new()
        };
        let none = |side: &str| format!("<a:{side} w=\"0\"><a:noFill/></a:{side}>");
        let (width, color) = if header {
            (15_240, "<a:schemeClr val=\"accent1\"/>".to_owned())
        } else {
            (6_350, format!("<a:srgbClr val=\"{}\"/>", LINE.hex()))
        };
        let fill = cell.fill.map_or("<a:noFill/>".to_owned(), |fill| {
            format!("<a:solidFill><a:srgbClr val=\"{}\"/></a:solidFill>", fill.hex())
        });
        format!(
            "<a:tc><a:txBody><a:bodyPr/><a:lstStyle/><a:p><a:pPr algn=\"{}\"><a:buNone/></a:pPr>{runs}{end}</a:p></a:txBody><a:tcPr marL=\"{x}\" marR=\"{x}\" marT=\"{y}\" marB=\"{y}\" anchor=\"ctr\">{}{}{}<a:lnB w=\"{width}\"><a:solidFill>{color}</a:solidFill></a:lnB>{fill}</a:tcPr></a:tc>",
            algn(cell.align),
            none("lnL"),
            none("lnR"),
            none("lnT"),
            x = emu(CELL_X),
            y = emu(CELL_Y)
        )
    }
}

fn algn(align: Align) -> &'static str {
    match align {
        Align::Left => "l",
        Align::Center => "ctr",
        Align::Right => "r",
    }
}

fn alt(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!(" descr=\"{}\"", xml(name)) }
}

fn frame(prefix: &str, (x, y, w, h): (f64, f64, f64, f64)) -> String {
    format!(
        "<{prefix}:xfrm><a:off x=\"{}\" y=\"{}\"/><a:ext cx=\"{}\" cy=\"{}\"/></{prefix}:xfrm>",
        emu(x),
        emu(y),
        emu(w.max(0.0)),
        emu(h.max(0.0))
    )
}

fn stroke(shape: &Shape) -> String {
    match shape.stroke {
        None => "<a:ln><a:noFill/></a:ln>".to_owned(),
        Some((color, width)) => {
            let dash = if shape.dash { "<a:prstDash val=\"dash\"/>" } else { "" };
            format!(
                "<a:ln w=\"{}\"><a:solidFill><a:srgbClr val=\"{}\"/></a:solidFill>{dash}</a:ln>",
                emu(width),
                color.hex()
            )
        }
    }
}
