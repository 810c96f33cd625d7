//! Placeholder while the founding modules land.
