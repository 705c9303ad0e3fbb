//! The values of elements: dates, weights, prices.

use chrono::{Datelike as _, NaiveDate};
use rust_decimal::Decimal;

use super::{ScanError, element::Element};
use crate::money::{Currency, Money, MoneyError};

/// A date of six digits: `YYMMDD`; day `00` is the last of its month (section 7.12).
///
/// # Errors
/// [`ScanError::Unreadable`].
pub(super) fn date(digits: &str, today: NaiveDate) -> Result<NaiveDate, ScanError> {
    let wrong = || ScanError::Unreadable { reason: "there is no such date" };
    let part = |from: usize| digits.get(from..from + 2)?.parse::<u32>().ok();
    let (Some(short), Some(month), Some(day)) = (part(0), part(2), part(4)) else { return Err(wrong()) };
    let year = whole_year(i32::try_from(short).map_err(|_| wrong())?, today.year());
    let found = match day {
        0 => NaiveDate::from_ymd_opt(year, month, 1).and_then(|it| {
            let next = it.checked_add_months(chrono::Months::new(1))?;
            next.pred_opt()
        }),
        day => NaiveDate::from_ymd_opt(year, month, day),
    };
    found.ok_or_else(wrong)
}

/// The year that two digits stand for, at most 49 years ago and 50 ahead (section 7.12).
fn whole_year(short: i32, this_year: i32) -> i32 {
    let (century, now) = (this_year - this_year.rem_euclid(100), this_year.rem_euclid(100));
    match short - now {
        51..=99 => century - 100 + short,
        -99..=-50 => century + 100 + short,
        _ => century + short,
    }
}

/// The net weight in grams, of `310n` in kilograms or `320n` in pounds; `n` says how many of the digits are decimals (section 3.6.2).
pub(super) fn grams((identifier, value): &Element) -> Option<Decimal> {
    let factor = match identifier.get(..3)? {
        "310" => Decimal::from(1_000),
        // A pound is 0.45359237 kg (international yard and pound agreement, 1959).
        "320" => Decimal::new(45_359_237, 5),
        _ => return None,
    };
    let scaled = scaled(value, identifier.get(3..)?)?;
    scaled.checked_mul(factor).map(|it| it.normalize())
}

/// The price of `390n` and `392n` in the `local` currency, and of `391n` and `393n` in that of its first three digits (sections 3.6.6 to 3.6.9).
///
/// # Errors
/// [`ScanError::Unreadable`] for a price that there cannot be.
pub(super) fn price((identifier, value): &Element, local: Currency) -> Result<Option<Money>, ScanError> {
    let wrong = || ScanError::Unreadable { reason: "there is no such price" };
    let (amount, currency) = match identifier.get(..3) {
        Some("390" | "392") => (value.as_str(), local),
        Some("391" | "393") => {
            let (code, amount) = value.split_at_checked(3).ok_or_else(wrong)?;
            let currency = code.parse().ok().and_then(Currency::from_numeric).ok_or_else(wrong)?;
            (amount, currency)
        }
        _ => return Ok(None),
    };
    let decimals = identifier.get(3..).ok_or_else(wrong)?;
    let amount = scaled(amount, decimals).ok_or_else(wrong)?;
    Money::from_decimal(amount, currency).map(Some).map_err(|_: MoneyError| wrong())
}

fn scaled(digits: &str, decimals: &str) -> Option<Decimal> {
    Decimal::try_from_i128_with_scale(digits.parse().ok()?, decimals.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn element(identifier: &str, value: &str) -> Element {
        (identifier.to_owned(), value.to_owned())
    }

    #[test]
    fn dates_are_near_today() {
        let today = day(2026, 11, 24);
        for (digits, expected) in [
            ("271231", day(2027, 12, 31)),
            ("280200", day(2028, 2, 29)),
            ("271200", day(2027, 12, 31)),
            ("760101", day(2076, 1, 1)),
            ("770101", day(1977, 1, 1)),
        ] {
            assert_eq!(date(digits, today).unwrap(), expected, "{digits}");
        }
        // The other end of a century.
        assert_eq!(date("020101", day(2098, 1, 1)).unwrap(), day(2102, 1, 1));
        for digits in ["270230", "271300", "270010", "27123", "27123x"] {
            assert!(date(digits, today).is_err(), "{digits}");
        }
    }

    #[test]
    fn weights_are_grams() {
        assert_eq!(grams(&element("3103", "001750")), Some(Decimal::from(1_750)));
        assert_eq!(grams(&element("3100", "000002")), Some(Decimal::from(2_000)));
        assert_eq!(grams(&element("3105", "000001")), Some(Decimal::new(1, 2)));
        assert_eq!(grams(&element("3202", "000100")), Some(Decimal::new(45_359_237, 5)));
        assert_eq!(grams(&element("3110", "000002")), None);
    }

    #[test]
    fn prices_have_a_currency() {
        let price = |identifier, value| price(&element(identifier, value), Currency::EUR);
        assert_eq!(price("3922", "1250").unwrap(), Some(Money::new(1_250, Currency::EUR)));
        assert_eq!(price("3932", "8401250").unwrap(), Some(Money::new(1_250, Currency::USD)));
        assert_eq!(price("3930", "3921250").unwrap(), Some(Money::new(1_250, Currency::JPY)));
        assert_eq!(price("3103", "001250").unwrap(), None);
        for (identifier, value) in [("3923", "1251"), ("3932", "0001250"), ("3932", "97"), ("3932", "978")] {
            assert!(price(identifier, value).is_err(), "{identifier} {value}");
        }
    }
}
