//! Percentages of amounts: discounts and tax rates.

use std::{fmt, str::FromStr};

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::{MoneyError, Rounding};

/// A percentage such as 20 or 10.75, exact to four decimals; written as a decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Percentage {
    /// Ten-thousandths of a percent: parts of a million.
    millionths: u32,
}

/// The number is no percentage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PercentageError {
    /// Below nothing, or beyond what any rate is.
    #[error("a percentage is from 0 to {max}")]
    OutOfRange {
        /// The highest.
        max: u32,
    },
    /// More than four decimals.
    #[error("a percentage has at most 4 decimals")]
    ExcessDigits,
    /// Not a number.
    #[error("not a decimal number")]
    NotANumber,
}

impl Percentage {
    /// Nothing.
    pub const ZERO: Self = Self { millionths: 0 };
    /// All of it.
    pub const HUNDRED: Self = Self { millionths: MILLION };
    /// The highest, in percent.
    pub const MAX: u32 = 1_000;

    /// Reads a percentage.
    ///
    /// # Errors
    /// [`PercentageError`].
    pub fn parse(percent: Decimal) -> Result<Self, PercentageError> {
        let percent = percent.normalize();
        if percent.scale() > 4 {
            return Err(PercentageError::ExcessDigits);
        }
        if percent < Decimal::ZERO || Decimal::from(Self::MAX) < percent {
            return Err(PercentageError::OutOfRange { max: Self::MAX });
        }
        let millionths = percent.mantissa() * 10_i128.pow(4 - percent.scale());
        u32::try_from(millionths)
            .map(|millionths| Self { millionths })
            .map_err(|_| PercentageError::OutOfRange { max: Self::MAX })
    }

    /// The percentage as a number: 20 for 20 %.
    #[must_use]
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(i64::from(self.millionths), 4).normalize()
    }

    /// So much of `minor` units: 20 % of 100 is 20.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`], which percentages up to 100 never meet.
    pub fn of(self, minor: i64, rounding: Rounding) -> Result<i64, MoneyError> {
        let exact = i128::from(minor) * i128::from(self.millionths);
        i64::try_from(rounding.divide(exact, i128::from(MILLION))).map_err(|_| MoneyError::Overflow)
    }

    /// What of `minor` units was added as this percentage: 20 of 120 at 20 %. Never more than all of it.
    #[must_use]
    pub fn included_in(self, minor: i64, rounding: Rounding) -> i64 {
        let exact = i128::from(minor) * i128::from(self.millionths);
        let whole = i128::from(MILLION) + i128::from(self.millionths);
        // The quotient lies between zero and `minor`.
        i64::try_from(rounding.divide(exact, whole)).unwrap_or(minor)
    }
}

const MILLION: u32 = 1_000_000;

impl FromStr for Percentage {
    type Err = PercentageError;

    fn from_str(text: &str) -> Result<Self, PercentageError> {
        Self::parse(Decimal::from_str_exact(text).map_err(|_| PercentageError::NotANumber)?)
    }
}

impl fmt::Display for Percentage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", self.to_decimal())
    }
}

impl Serialize for Percentage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Serialize::serialize(&self.to_decimal(), serializer)
    }
}

impl<'de> Deserialize<'de> for Percentage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(<Decimal as Deserialize>::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn percent(text: &str) -> Percentage {
        text.parse().unwrap()
    }

    #[test]
    fn four_decimals_are_exact_and_more_are_refused() {
        assert_eq!(percent("10.7500").to_decimal().to_string(), "10.75");
        assert_eq!(percent("0.0001").to_decimal().to_string(), "0.0001");
        for (text, error) in [
            ("0.00001", PercentageError::ExcessDigits),
            ("-1", PercentageError::OutOfRange { max: 1_000 }),
            ("1000.0001", PercentageError::OutOfRange { max: 1_000 }),
            ("10%", PercentageError::NotANumber),
        ] {
            assert_eq!(text.parse::<Percentage>(), Err(error), "{text}");
        }
    }

    /// 24.99 at 10.75 % is 2.686425; 200 at 20 % included is 33.33.
    #[test]
    fn shares_are_rounded_once() {
        assert_eq!(percent("10.75").of(2499, Rounding::HalfUp), Ok(269));
        assert_eq!(percent("20").included_in(200, Rounding::HalfUp), 33);
        assert_eq!(Percentage::HUNDRED.of(i64::MAX, Rounding::HalfUp), Ok(i64::MAX));
        assert_eq!(percent("1000").of(i64::MAX, Rounding::HalfUp), Err(MoneyError::Overflow));
    }

    proptest! {
        #[test]
        fn what_was_added_can_be_taken_out_again(net in 0i64..1_000_000_000, millionths in 0u32..1_000_000) {
            let rate = Percentage { millionths };
            let tax = rate.of(net, Rounding::HalfUp).unwrap();
            prop_assert!((rate.included_in(net + tax, Rounding::HalfUp) - tax).abs() <= 1);
        }
    }
}
