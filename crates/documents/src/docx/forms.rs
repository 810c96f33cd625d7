//! Callouts, and forms to fill in by hand.

use std::fmt::Write;

use super::body::Writer;
use super::cells::{Cell, stays, text_para, tiny};
use crate::brand::SLATE;
use crate::directive::{Field, FieldKind, Form, Tone};
use crate::model::Block;
use crate::text::xml;

impl Writer<'_> {
    pub(super) fn callout(&mut self, tone: Tone, title: Option<&str>, body: &[Block]) {
        let strong = self.brand.strong(tone);
        let mut inner = title.map_or(String::new(), |title| {
            format!("<w:p><w:pPr><w:keepNext/><w:spacing w:before=\"60\" w:after=\"50\"/></w:pPr><w:r><w:rPr><w:b/><w:color w:val=\"{}\"/></w:rPr><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>", strong.hex(), xml(title))
        });
        inner.push_str(&self.nested(body, self.width));
        let _ = write!(
            self.out,
            "<w:tbl><w:tblPr><w:tblW w:w=\"{w}\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/><w:tblCellMar><w:top w:w=\"70\" w:type=\"dxa\"/><w:left w:w=\"200\" w:type=\"dxa\"/><w:bottom w:w=\"40\" w:type=\"dxa\"/><w:right w:w=\"160\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid><w:gridCol w:w=\"{w}\"/></w:tblGrid><w:tr><w:tc><w:tcPr><w:tcW w:w=\"{w}\" w:type=\"dxa\"/><w:tcBorders><w:left w:val=\"single\" w:sz=\"28\" w:color=\"{}\"/></w:tcBorders><w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"{}\"/></w:tcPr>{inner}</w:tc></w:tr></w:tbl><w:p><w:pPr><w:spacing w:after=\"60\"/></w:pPr></w:p>",
            strong.hex(),
            self.brand.soft(tone).hex(),
            w = self.width.round()
        );
    }

    /// A form is filled in and signed in one go: its fields stay on one page where that is possible.
    pub(super) fn form(&mut self, form: &Form) {
        let last = form.len().saturating_sub(1);
        for (n, field) in form.iter().enumerate() {
            let from = self.out.len();
            self.field(field);
            let written = self.out.split_off(from);
            // Only the last paragraph of all has nothing to stay with.
            let bound = if n < last { written.len() } else { written.rfind("<w:p>").unwrap_or(0) };
            let (bound, free) = written.split_at(bound);
            self.out.push_str(&stays(bound));
            self.out.push_str(free);
        }
    }

    fn field(&mut self, field: &Field) {
        let underline = "<w:pBdr><w:bottom w:val=\"single\" w:sz=\"6\" w:space=\"1\" w:color=\"566170\"/><w:between w:val=\"single\" w:sz=\"6\" w:space=\"1\" w:color=\"566170\"/></w:pBdr>";
        let label = format!(
            "<w:p><w:pPr><w:keepNext/><w:spacing w:before=\"120\" w:after=\"20\"/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
            xml(&field.label)
        );
        self.out.push_str(&label);
        let ruled = |text: &str| {
            format!(
                "<w:p><w:pPr>{underline}<w:spacing w:before=\"100\" w:after=\"40\"/></w:pPr><w:r><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
                xml(text)
            )
        };
        match field.kind {
            FieldKind::Line | FieldKind::Date => self.out.push_str(&ruled(&field.value)),
            FieldKind::Lines => (0..field.rows)
                .for_each(|n| self.out.push_str(&ruled(if n == 0 { &field.value } else { "" }))),
            FieldKind::Box => {
                let _ = write!(
                    self.out,
                    "<w:tbl><w:tblPr><w:tblW w:w=\"{w}\" w:type=\"dxa\"/><w:tblBorders><w:top w:val=\"single\" w:sz=\"6\" w:color=\"566170\"/><w:left w:val=\"single\" w:sz=\"6\" w:color=\"566170\"/><w:bottom w:val=\"single\" w:sz=\"6\" w:color=\"566170\"/><w:right w:val=\"single\" w:sz=\"6\" w:color=\"566170\"/></w:tblBorders></w:tblPr><w:tblGrid><w:gridCol w:w=\"{w}\"/></w:tblGrid><w:tr><w:trPr><w:trHeight w:val=\"{}\" w:hRule=\"atLeast\"/></w:trPr><w:tc><w:tcPr><w:tcW w:w=\"{w}\" w:type=\"dxa\"/></w:tcPr>{}</w:tc></w:tr></w:tbl>",
                    u32::from(field.rows) * 300,
                    text_para("Cell", &field.value),
                    w = self.width.round()
                );
            }
            FieldKind::Choice => {
                let options: Vec<String> = field
                    .options
                    .iter()
                    .map(|option| format!("{} {option}", if option == &field.value { "☑" } else { "☐" }))
                    .collect();
                let xml = text_para("Normal", &options.join("      "));
                self.out.push_str(&xml);
            }
            FieldKind::Signature => {
                let cell = |text: &str| {
                    Cell::new(format!(
                        "<w:p><w:pPr><w:pStyle w:val=\"Cell\"/>{underline}<w:spacing w:before=\"240\"/></w:pPr><w:r><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
                        xml(text)
                    ))
                };
                let names = ["Name", "Signature", "Date"]
                    .iter()
                    .map(|name| Cell::new(tiny(name, SLATE, false)))
                    .collect();
                let cols = [self.width * 0.4, self.width * 0.4, self.width * 0.2];
                self.grid(&cols, vec![vec![cell(&field.value), cell(""), cell("")], names], false, false);
            }
        }
        if !field.hint.is_empty() {
            let hint = text_para("Small", &field.hint);
            self.out.push_str(&hint);
        }
    }
}
