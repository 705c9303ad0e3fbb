//! Money: whole minor units of a currency, never a float. Each rounding has a name.

mod amounts;
mod percentage;
mod rounding;
mod split;

use std::fmt;

pub use amounts::{Amounts, AmountsError};

pub use iso_currency::Currency;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

pub use percentage::{Percentage, PercentageError};
pub use rounding::{Rounding, RoundingLevel};
pub use split::{split, split_within};

/// Why an amount could not be read or computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not a code of ISO 4217.
    #[error("`{0}` is not an ISO 4217 currency code")]
    UnknownCurrency(String),
    /// More decimals than the currency has.
    #[error("{currency} has {exponent} decimals")]
    ExcessDigits {
        /// The currency's code.
        currency: &'static str,
        /// How many decimals it has.
        exponent: u32,
    },
    /// Beyond what 64 bits of minor units hold.
    #[error("the amount is out of range")]
    Overflow,
    /// Two currencies met in one sum.
    #[error("{left} and {right} cannot be reckoned together")]
    CurrencyMismatch {
        /// The first currency's code.
        left: &'static str,
        /// The second currency's code.
        right: &'static str,
    },
}

/// Reads an ISO 4217 code such as `EUR`.
///
/// # Errors
/// [`MoneyError::UnknownCurrency`] for anything else; lower case is not a code.
pub fn parse_currency(code: &str) -> Result<Currency, MoneyError> {
    Currency::from_code(code)
        .filter(|it| it.exponent().is_some())
        .ok_or_else(|| MoneyError::UnknownCurrency(code.chars().take(16).collect()))
}

/// How many decimals `currency` has: 2 for EUR, 0 for JPY, 3 for KWD (ISO 4217).
#[must_use]
pub fn exponent(currency: Currency) -> u32 {
    u32::from(currency.exponent().unwrap_or_default())
}

/// An amount in minor units of one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    /// `minor` cents, yen or fils.
    #[must_use]
    pub fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in `currency`.
    #[must_use]
    pub fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// Reads a decimal amount such as 29.90 exactly.
    ///
    /// # Errors
    /// [`MoneyError::ExcessDigits`] where `amount` is finer than the currency, [`MoneyError::Overflow`] where it is too large.
    pub fn from_decimal(amount: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        let exponent = exponent(currency);
        let amount = amount.normalize();
        if amount.scale() > exponent {
            return Err(MoneyError::ExcessDigits { currency: currency.code(), exponent });
        }
        let factor = 10_i128.pow(exponent - amount.scale());
        let minor = amount.mantissa().checked_mul(factor).ok_or(MoneyError::Overflow)?;
        i64::try_from(minor).map(|minor| Self { minor, currency }).map_err(|_| MoneyError::Overflow)
    }

    /// The amount in currency units, with as many decimals as the currency has.
    #[must_use]
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.minor, exponent(self.currency))
    }

    /// The amount in minor units.
    #[must_use]
    pub fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    #[must_use]
    pub fn currency(self) -> Currency {
        self.currency
    }

    /// `self + other`.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`] or [`MoneyError::Overflow`].
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrencyMismatch { left: self.currency.code(), right: other.currency.code() });
        }
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    /// `self - other`.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`] or [`MoneyError::Overflow`].
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrencyMismatch { left: self.currency.code(), right: other.currency.code() });
        }
        let minor = self.minor.checked_sub(other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    /// `self × quantity`.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn checked_mul(self, quantity: u32) -> Result<Self, MoneyError> {
        let minor = self.minor.checked_mul(i64::from(quantity)).ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    /// The sum of `amounts`, all in `currency`.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`] or [`MoneyError::Overflow`].
    pub fn sum(amounts: impl IntoIterator<Item = Self>, currency: Currency) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::checked_add)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.to_decimal(), self.currency.code())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    /// Exponents: ISO 4217, list one (EUR 2, JPY 0, KWD 3).
    #[test]
    fn decimals_follow_the_currency() {
        for (text, currency, minor) in [
            ("29.9", Currency::EUR, 2990),
            ("29.90000", Currency::EUR, 2990),
            ("1500", Currency::JPY, 1500),
            ("1.234", Currency::KWD, 1234),
            ("-0.01", Currency::EUR, -1),
        ] {
            assert_eq!(Money::from_decimal(decimal(text), currency), Ok(Money::new(minor, currency)), "{text}");
        }
        for (text, currency) in [("29.999", Currency::EUR), ("0.5", Currency::JPY), ("1.2345", Currency::KWD)] {
            let res = Money::from_decimal(decimal(text), currency);
            assert!(matches!(res, Err(MoneyError::ExcessDigits { .. })), "{text}: {res:?}");
        }
        assert_eq!(Money::from_decimal(decimal("92233720368547758.08"), Currency::EUR), Err(MoneyError::Overflow));
        assert_eq!(Money::from_decimal(Decimal::MAX, Currency::KWD), Err(MoneyError::Overflow));
    }

    #[test]
    fn codes_are_upper_case_and_of_iso_4217() {
        assert_eq!(parse_currency("EUR"), Ok(Currency::EUR));
        for code in ["eur", "EURO", "", "ZZZ", "XAU"] {
            assert_eq!(parse_currency(code), Err(MoneyError::UnknownCurrency(code.to_owned())));
        }
    }

    #[test]
    fn sums_refuse_other_currencies_and_overflow() {
        let (eur, usd) = (Money::new(1, Currency::EUR), Money::new(1, Currency::USD));
        assert_eq!(eur.checked_add(usd), Err(MoneyError::CurrencyMismatch { left: "EUR", right: "USD" }));
        assert_eq!(Money::new(i64::MAX, Currency::EUR).checked_add(eur), Err(MoneyError::Overflow));
        assert_eq!(Money::new(i64::MAX, Currency::EUR).checked_mul(2), Err(MoneyError::Overflow));
        assert_eq!(Money::sum([eur, eur], Currency::EUR), Ok(Money::new(2, Currency::EUR)));
    }

    proptest! {
        #[test]
        fn a_decimal_and_back_is_the_same_money(minor: i64) {
            for currency in [Currency::EUR, Currency::JPY, Currency::KWD] {
                let money = Money::new(minor, currency);
                prop_assert_eq!(Money::from_decimal(money.to_decimal(), currency), Ok(money));
            }
        }
    }
}
