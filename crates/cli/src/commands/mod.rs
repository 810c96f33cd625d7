//! One module per command.

pub mod demo;
pub mod library;
pub mod methodology;
pub mod plan;
pub mod schedule;
pub mod schema;
pub mod serve;

use jiff::civil::Date;

/// Exit codes, the same for every command.
pub mod exit {
    /// Two things compared are different.
    pub const DIFFERENT: u8 = 1;
    /// The input or the methodology was refused; standard error says why and where.
    pub const REFUSED: u8 = 3;
    /// A file or folder could not be found, read or written.
    pub const NOT_FOUND: u8 = 4;
}

/// Today in the time zone of this machine.
pub fn today() -> Date {
    #[expect(clippy::disallowed_methods, reason = "the command line is a shell: it may read the clock")]
    jiff::Zoned::now().date()
}
