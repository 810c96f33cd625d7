//! Points of the score, exact to a thousandth.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Neg, Sub};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Thousandths in one point.
const ONE: i64 = 1_000;

/// Points of the score in thousandths, so that contributions add up exactly. Shown with one decimal.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct Points(pub i64);

impl Points {
    /// No points.
    pub const ZERO: Self = Self(0);

    /// Rounded to whole points, halves up.
    #[must_use]
    pub fn rounded(self) -> i64 {
        (self.0 + ONE / 2).div_euclid(ONE)
    }

    /// With its sign, also when it is positive: `+4.5`.
    #[must_use]
    pub fn signed(self) -> String {
        if self.0 > 0 { format!("+{self}") } else { self.to_string() }
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Rounded to tenths, halves away from zero; a nothing has no sign.
        let tenths = (self.0.unsigned_abs() + 50) / 100;
        let sign = if self.0 < 0 && tenths > 0 { "−" } else { "" };
        write!(f, "{sign}{}.{}", tenths / 10, tenths % 10)
    }
}

impl Add for Points {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Points {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Points {
    type Output = Self;

    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Sum for Points {
    fn sum<I: Iterator<Item = Self>>(points: I) -> Self {
        points.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_shown_with_a_decimal_and_rounded_half_up() {
        assert_eq!(Points(12_449).to_string(), "12.4");
        assert_eq!(Points(12_450).to_string(), "12.5");
        assert_eq!(Points(-4_500).to_string(), "−4.5");
        assert_eq!(Points(-49).to_string(), "0.0");
        assert_eq!((Points(4_500).signed(), Points(0).signed()), ("+4.5".to_owned(), "0.0".to_owned()));
        assert_eq!((Points(69_499).rounded(), Points(69_500).rounded()), (69, 70));
    }
}
