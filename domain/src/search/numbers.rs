//! Numbers in attributes and options: `350 ml`, `1,5 kg`, `30 cm`, so that products can be filtered by range.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, prelude::ToPrimitive as _};

use super::{NumberKey, PriceRange};

/// The largest number, in thousandths: what a float holds exactly, as one engine keeps them so.
const THOUSANDTHS_MAX: i64 = 1 << 52;

/// A number in thousandths; `None` where it has more decimals or is too large.
#[must_use]
pub fn to_thousandths(number: Decimal) -> Option<i64> {
    let thousandths = number.checked_mul(Decimal::from(1_000))?;
    if !thousandths.fract().is_zero() {
        return None;
    }
    thousandths.to_i64().filter(|it| it.abs() <= THOUSANDTHS_MAX)
}

/// Thousandths as a number.
#[must_use]
pub fn from_thousandths(thousandths: i64) -> Decimal {
    Decimal::new(thousandths, 3).normalize()
}

/// A unit, the one it is counted in, and how many thousandths of that it is (SI).
const UNITS: [(&str, &str, i64); 11] = [
    ("mg", "g", 1),
    ("g", "g", 1_000),
    ("kg", "g", 1_000_000),
    ("ml", "ml", 1_000),
    ("cl", "ml", 10_000),
    ("dl", "ml", 100_000),
    ("l", "ml", 1_000_000),
    ("mm", "mm", 1_000),
    ("cm", "mm", 10_000),
    ("m", "mm", 1_000_000),
    ("", "", 1_000),
];

/// The unit and the thousandths of a value that is a number and perhaps a unit; `None` for any other, such as `30 × 20 cm`.
#[must_use]
pub fn parse_number(value: &str) -> Option<(String, i64)> {
    let value = value.trim();
    let end = value.find(|it: char| !it.is_ascii_digit() && !matches!(it, '.' | ',')).unwrap_or(value.len());
    let (digits, unit) = value.split_at_checked(end)?;
    let unit = unit.trim();
    let is_unit =
        unit.chars().count() <= 8 && unit.chars().all(|it| it.is_alphabetic() || matches!(it, '%' | '°' | '"'));
    let (whole, decimals) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
    if !is_unit || whole.is_empty() || 12 < whole.len() || 3 < decimals.len() {
        return None;
    }
    let thousandths = format!("{whole}{decimals:0<3}").parse::<i64>().ok()?;
    let lower = unit.to_lowercase();
    let known = UNITS.iter().find(|(name, ..)| *name == lower);
    let (unit, amount) = match known {
        Some((_, base, factor)) => ((*base).to_owned(), i128::from(thousandths) * i128::from(*factor) / 1_000),
        None => (unit.to_owned(), i128::from(thousandths)),
    };
    i64::try_from(amount).ok().filter(|it| *it <= THOUSANDTHS_MAX).map(|it| (unit, it))
}

/// Adds what `value` of `key` is as a number, where it is one.
pub(super) fn add_number(numbers: &mut BTreeMap<NumberKey, PriceRange>, key: &str, value: &str) {
    let Some((unit, amount)) = parse_number(value).filter(|_| !key.is_empty()) else { return };
    let range =
        numbers.entry(NumberKey { key: key.to_owned(), unit }).or_insert(PriceRange { min: amount, max: amount });
    *range = PriceRange { min: range.min.min(amount), max: range.max.max(amount) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_counted_in_one_unit_of_their_kind() {
        for (value, unit, thousandths) in [
            ("320 g", "g", 320_000),
            ("1,5 kg", "g", 1_500_000),
            ("0.5 L", "ml", 500_000),
            ("75cl", "ml", 750_000),
            ("30 cm", "mm", 300_000),
            ("42", "", 42_000),
            ("60 W", "W", 60_000),
            ("12.5 %", "%", 12_500),
        ] {
            assert_eq!(parse_number(value), Some((unit.to_owned(), thousandths)), "{value}");
        }
        for value in ["", "Oak", "30 × 20 cm", "-5", "1.2345 g", "A5", "1.2.3", "9999999999999 kg", "12 pieces of cake"]
        {
            assert_eq!(parse_number(value), None, "{value}");
        }
    }
}
