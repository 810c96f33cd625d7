//! What benchmarks of pages share.

pub mod pages;
pub mod workspace;
