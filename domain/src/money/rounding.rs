//! Rounding: how, and at which level. Both are recorded with what was calculated by them.

use serde::{Deserialize, Serialize};

/// What becomes of an amount between two minor units. Only an exact half is decided differently; amounts below zero
/// are rounded as their absolute value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Rounding {
    /// A half goes away from zero: 2.5 is 3.
    #[default]
    HalfUp,
    /// A half goes to the even neighbour: 2.5 is 2, 3.5 is 4.
    HalfEven,
    /// A half goes towards zero: 2.5 is 2.
    HalfDown,
}

/// Where percentages and taxes are rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RoundingLevel {
    /// Once for each line.
    #[default]
    Line,
    /// For each unit; a line is the sum of its units.
    Unit,
}

impl Rounding {
    /// `numerator / denominator` as a whole number. `denominator` is above zero.
    #[must_use]
    pub fn divide(self, numerator: i128, denominator: i128) -> i128 {
        let (quotient, remainder) = match (i64::try_from(numerator), i64::try_from(denominator)) {
            // Small numbers are divided as such, which is far quicker.
            (Ok(numerator), Ok(denominator)) => {
                (i128::from(numerator / denominator), i128::from(numerator % denominator))
            }
            _ => (numerator / denominator, numerator % denominator),
        };
        let twice = remainder.abs() * 2;
        let is_away = match self {
            Self::HalfUp => denominator <= twice,
            Self::HalfDown => denominator < twice,
            Self::HalfEven => denominator < twice || (denominator == twice && quotient % 2 != 0),
        };
        if is_away { quotient + numerator.signum() } else { quotient }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_halves_are_decided_differently() {
        for (numerator, up, even, down) in [
            (24, 2, 2, 2),
            (25, 3, 2, 2),
            (26, 3, 3, 3),
            (35, 4, 4, 3),
            (-25, -3, -2, -2),
            (-35, -4, -4, -3),
            (0, 0, 0, 0),
            (5, 1, 0, 0),
            (-5, -1, 0, 0),
        ] {
            let res = [Rounding::HalfUp, Rounding::HalfEven, Rounding::HalfDown].map(|it| it.divide(numerator, 10));
            assert_eq!(res, [up, even, down], "{numerator} / 10");
        }
    }
}
