//! One module per command.

pub mod admin;
pub mod backup;
pub mod db;
pub mod demo;
pub mod doctor;
pub mod library;
pub mod methodology;
pub mod plan;
pub mod schedule;
pub mod schema;
pub mod serve;

use std::io::{Read, Write};
use std::path::Path;

use anyhow::{Context, Result};
use jiff::civil::Date;

/// Exit codes, the same for every command; 0 is success, and clap leaves with 2 on wrong usage.
/// `docs/exit-codes.md` tells people.
pub mod exit {
    /// Two things compared are different: no failure, as with `diff` and `cmp`.
    pub const DIFFERENT: u8 = 1;
    /// The input or the methodology was refused; standard error says why and where.
    pub const REFUSED: u8 = 3;
    /// A file or folder could not be found, read or written.
    pub const NOT_FOUND: u8 = 4;
    /// Something went wrong that should not have.
    pub const FAILED: u8 = 5;
}

/// Today in the time zone of this machine.
pub fn today() -> Date {
    #[expect(clippy::disallowed_methods, reason = "the command line is a shell: it may read the clock")]
    jiff::Zoned::now().date()
}

/// Writes a line to standard output.
///
/// # Errors
/// When it cannot be written, for example because the reader has gone.
pub fn say(line: std::fmt::Arguments<'_>) -> std::io::Result<()> {
    writeln!(std::io::stdout().lock(), "{line}")
}

/// Writes a line to standard error; there is nowhere left to complain to when that fails.
pub fn complain(line: std::fmt::Arguments<'_>) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// What is in a file, or comes on standard input for `-`: so many bytes at most, however large it is.
///
/// # Errors
/// When it cannot be opened or read; the message names it.
pub fn read_input(file: &Path, most: u64) -> Result<Vec<u8>> {
    let mut input = Vec::new();
    if file.as_os_str() == "-" {
        std::io::stdin()
            .lock()
            .take(most)
            .read_to_end(&mut input)
            .context("standard input cannot be read")?;
    } else {
        let opened =
            std::fs::File::open(file).with_context(|| format!("{} cannot be opened", file.display()))?;
        opened
            .take(most)
            .read_to_end(&mut input)
            .with_context(|| format!("{} cannot be read", file.display()))?;
    }
    Ok(input)
}

/// Reads a date of the command line: a day that every calendar and document format can hold.
pub fn date(text: &str) -> Result<Date, String> {
    let date: Date = text.trim().parse().map_err(|_| format!("`{text}` is not a date such as 2027-01-11"))?;
    if (1970..=2200).contains(&date.year()) {
        Ok(date)
    } else {
        Err("the year must lie between 1970 and 2200".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_read_than_is_asked_for() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert_eq!(read_input(&here.join("Cargo.toml"), 9).unwrap(), b"[package]");
        let error = read_input(&here.join("nothing.toml"), 9).unwrap_err();
        assert!(error.to_string().ends_with("nothing.toml cannot be opened"), "{error}");
    }
}
