//! Working days: weekends, public holidays, closed periods; one calendar per party.

mod day;
mod easter;
mod holiday;
mod lookup;
mod rule;
mod work;

#[cfg(test)]
mod tests;

pub(crate) use day::{DayNumber, date_of, day_number};
pub use easter::{easter_orthodox, easter_western};
pub use holiday::*;
pub(crate) use lookup::LookupCalendar;
pub use rule::*;
pub use work::*;
