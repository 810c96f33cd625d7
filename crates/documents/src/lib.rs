//! One document model, many renderings: Markdown, HTML, PDF, .docx, .pptx, .xlsx, .ics.
//!
//! [`parse`] reads the dialect of `docs/document-dialect.md`; every renderer takes the resulting
//! [`Document`] and a [`Brand`]. Nothing here reads a clock, a file or the network: the same input gives the same bytes.
//! Whatever a caller puts into a document is data: each renderer escapes it for its own format.

mod brand;
mod columns;
mod deck;
mod directive;
mod docx;
mod draw;
mod email;
mod html;
mod ics;
mod markdown;
mod model;
mod package;
mod parse;
mod pdf;
mod pptx;
mod scene;
mod sheet;
mod text;
mod xlsx;

pub use brand::{Brand, Rgb};
pub use directive::{
    Agenda, AgendaItem, Card, Cards, Fact, Facts, Field, FieldKind, Form, Gantt, GanttRow, Level, Mark,
    Person, Phase, Phases, PlanKind, PowerGrid, Quadrant, Raci, RaciRow, Side, Timeline, TimelinePoint, Tone,
};
pub use docx::docx;
pub use email::{Email, email};
pub use html::{HtmlOptions, html, html_fragment, html_style};
pub use ics::{Attendee, Event, When, ics};
pub use markdown::markdown;
pub use model::{
    Align, Block, Column, Document, Head, Inline, Item, Kind, Layout, List, Span, Table, Titled, plain, spans,
};
pub use package::{PackError, pack};
pub use parse::{ParseError, parse};
pub use pdf::{PdfError, pdf, warm_up};
pub use pptx::pptx;
pub use rust_xlsxwriter::XlsxError;
pub use sheet::{AnySheet, CellValue, GanttSheet, Sheet, SheetCell, SheetColumn, Workbook, csv};
pub use text::{escape_markdown, relax};
pub use xlsx::xlsx;
