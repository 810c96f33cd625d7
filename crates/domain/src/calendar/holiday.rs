//! Public holidays of a country, as rules kept in the methodology (`calendars/*.toml`).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The public holidays of a country (or region) as rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HolidayCalendar {
    /// ISO 3166-1 alpha-2 code, upper case; a subdivision may follow after `-` (`DE-BY`).
    pub country: String,
    /// Name of the country.
    pub name: String,
}

impl HolidayCalendar {
    /// Days off in `year`, in order of date, with substitutes applied.
    #[must_use]
    pub fn holidays(&self, _year: i16) -> Vec<(Date, String)> {
        Vec::new()
    }
}
