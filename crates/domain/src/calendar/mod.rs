//! Working days: weekends, public holidays, closed periods; one calendar per party.

mod holiday;

pub use holiday::*;
