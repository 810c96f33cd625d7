//! Directives as drawings.

pub(crate) mod gantt;
pub(crate) mod people;
pub(crate) mod phases;
pub(crate) mod timeline;

/// Size of a drawing's main text and the room it may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Canvas {
    /// Width, points.
    pub(crate) w: f64,
    /// Height, points; `None` takes what the content needs.
    pub(crate) h: Option<f64>,
    /// Text size, points.
    pub(crate) size: f64,
}
