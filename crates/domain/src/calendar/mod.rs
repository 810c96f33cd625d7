//! Working days: weekends, public holidays, closed periods; one calendar per party.

mod day;
mod easter;
mod holiday;
mod work;

pub(crate) use day::{DayNumber, date_of, day_number};
pub use easter::{easter_orthodox, easter_western};
pub use holiday::*;
pub use work::*;
