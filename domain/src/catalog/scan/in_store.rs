//! Codes that a store prints on what it weighs and cuts: an item and its price, weight or count (section 2.1.12).
//!
//! What stands where differs from country to country and from store to store, so that merchants say it.

use std::{fmt, str::FromStr};

use rust_decimal::Decimal;

use super::{ScanError, gtin};

/// What a letter of a pattern stands for.
const ITEM: u8 = b'I';
const PRICE: u8 = b'P';
const WEIGHT: u8 = b'W';
const COUNT: u8 = b'Q';
const VERIFIER: u8 = b'V';
const CHECK: u8 = b'C';

/// How to read one kind of in-store code, as 13 characters such as `02IIIIIPPPPPC`: digits stand for themselves, `I` for the item's
/// number, `P` for its price in minor units, `W` for its weight in grams, `Q` for a count, `V` for the check digit of the price, and
/// `C` for that of the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InStoreCode(String);

/// The text is no pattern of in-store codes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "a pattern of in-store codes has 13 characters: digits from 02 or 20 to 29, then `I` for the item and one of `P` (price), `W` (grams) and `Q` (count) in a row each, `V` for a price's check digit, and `C` at the end, such as 02IIIIIPPPPPC"
)]
pub struct InStoreCodeError;

/// What an in-store code says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct InStoreValue {
    /// The item's number.
    pub(super) item: String,
    /// The code of the item itself: what varies is zeros in it.
    pub(super) base: String,
    /// The price in minor units.
    pub(super) price: Option<i64>,
    /// The weight.
    pub(super) grams: Option<Decimal>,
    /// The count.
    pub(super) count: Option<u32>,
}

impl FromStr for InStoreCode {
    type Err = InStoreCodeError;

    fn from_str(text: &str) -> Result<Self, InStoreCodeError> {
        let bytes = text.as_bytes();
        let prefix = text.get(..2).ok_or(InStoreCodeError)?;
        let is_restricted = prefix == "02" || (prefix.starts_with('2') && prefix.bytes().all(|it| it.is_ascii_digit()));
        let (body, last) = bytes.split_at_checked(12).ok_or(InStoreCodeError)?;
        let length_of = |letter: u8| body.iter().filter(|it| **it == letter).count();
        let [item, price, weight, count, verifier] = [ITEM, PRICE, WEIGHT, COUNT, VERIFIER].map(length_of);
        let is_known = body.iter().all(|it| it.is_ascii_digit() || [ITEM, PRICE, WEIGHT, COUNT, VERIFIER].contains(it));
        let is_together = [ITEM, PRICE, WEIGHT, COUNT].iter().all(|letter| {
            let first = body.iter().position(|it| it == letter).unwrap_or_default();
            body.iter().skip(first).take_while(|it| *it == letter).count() == length_of(*letter)
        });
        let is_one_value = [price, weight, count].iter().filter(|it| 0 < **it).count() == 1;
        let is_verifiable = verifier == 0 || (verifier == 1 && matches!(price, 4 | 5));
        let is_good =
            is_restricted && last == [CHECK] && 0 < item && is_known && is_together && is_one_value && is_verifiable;
        if is_good { Ok(Self(text.to_owned())) } else { Err(InStoreCodeError) }
    }
}

impl fmt::Display for InStoreCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl InStoreCode {
    /// What 13 digits, whose check digit is right, say by this pattern; `None` where they are not of it.
    ///
    /// # Errors
    /// [`ScanError::CheckDigit`] for the price's.
    pub(super) fn read(&self, digits: &str) -> Result<Option<InStoreValue>, ScanError> {
        let places = || self.0.bytes().zip(digits.bytes());
        let is_mine =
            digits.len() == self.0.len() && places().all(|(pattern, it)| !pattern.is_ascii_digit() || pattern == it);
        if !is_mine {
            return Ok(None);
        }
        let part = |letter: u8| -> String { places().filter(|it| it.0 == letter).map(|it| char::from(it.1)).collect() };
        let price = part(PRICE);
        if let Some(found) = part(VERIFIER).bytes().next().map(|it| it.wrapping_sub(b'0')) {
            let expected = price_check_digit(&price);
            if expected != found {
                return Err(ScanError::CheckDigit { expected, found });
            }
        }
        let is_fixed = |pattern: u8| pattern == ITEM || pattern.is_ascii_digit();
        let base: String =
            places().take(12).map(|(pattern, it)| if is_fixed(pattern) { char::from(it) } else { '0' }).collect();
        Ok(Some(InStoreValue {
            item: part(ITEM),
            base: format!("{base}{}", gtin::check_digit(&base)),
            price: price.parse().ok(),
            grams: part(WEIGHT).parse().ok(),
            count: part(COUNT).parse().ok(),
        }))
    }
}

/// The check digit of a price of 4 or 5 digits (sections 7.9.2 to 7.9.4).
fn price_check_digit(price: &str) -> u8 {
    /// A digit times 2, less its tens.
    const TWO_MINUS: [u32; 10] = [0, 2, 4, 6, 8, 9, 1, 3, 5, 7];
    const THREE: [u32; 10] = [0, 3, 6, 9, 2, 5, 8, 1, 4, 7];
    /// A digit times 5, plus and less its tens.
    const FIVE_PLUS: [u32; 10] = [0, 5, 1, 6, 2, 7, 3, 8, 4, 9];
    const FIVE_MINUS: [u32; 10] = [0, 5, 9, 4, 8, 3, 7, 2, 6, 1];
    let weights: &[[u32; 10]] = if price.len() == 4 {
        &[TWO_MINUS, TWO_MINUS, THREE, FIVE_MINUS]
    } else {
        &[FIVE_PLUS, TWO_MINUS, FIVE_MINUS, FIVE_PLUS, TWO_MINUS]
    };
    let weighted = |(weight, digit): (&[u32; 10], u8)| {
        weight.get(usize::from(digit.wrapping_sub(b'0'))).copied().unwrap_or_default()
    };
    let sum: u32 = weights.iter().zip(price.bytes()).map(weighted).sum();
    let digit = if price.len() == 4 {
        sum * 3 % 10
    } else {
        let rest = (10 - sum % 10) % 10;
        FIVE_MINUS.iter().position(|it| *it == rest).and_then(|it| u32::try_from(it).ok()).unwrap_or_default()
    };
    u8::try_from(digit).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(body: &str) -> String {
        format!("{body}{}", gtin::check_digit(body))
    }

    #[test]
    fn prices_have_the_check_digits_of_the_specification() {
        // The examples of sections 7.9.3 and 7.9.4.
        assert_eq!(price_check_digit("2875"), 9);
        assert_eq!(price_check_digit("14685"), 6);
    }

    #[test]
    fn a_code_is_its_items_with_a_value() {
        let code: InStoreCode = "02IIIIIPPPPPC".parse().unwrap();
        let value = code.read(&digits("021234501250")).unwrap().unwrap();
        assert_eq!((value.item.as_str(), value.price, value.grams, value.count), ("12345", Some(1_250), None, None));
        assert_eq!(value.base, digits("021234500000"));
        assert_eq!(code.read(&digits("031234501250")).unwrap(), None);
        let weight: InStoreCode = "28IIIIIWWWWWC".parse().unwrap();
        assert_eq!(weight.read(&digits("280000701750")).unwrap().unwrap().grams, Some(Decimal::from(1_750)));
    }

    #[test]
    fn the_price_is_verified_where_the_pattern_says_so() {
        let code: InStoreCode = "21IIIIIVPPPPC".parse().unwrap();
        assert_eq!(code.read(&digits("211234592875")).unwrap().unwrap().price, Some(2_875));
        let error = code.read(&digits("211234582875")).unwrap_err();
        assert!(matches!(error, ScanError::CheckDigit { expected: 9, found: 8 }), "{error}");
    }

    #[test]
    fn patterns_that_say_nothing_are_refused() {
        for text in [
            "",
            "02IIIIIPPPPP",
            "03IIIIIPPPPPC",
            "02IIIIIIIIIIC",
            "02PPPPPPPPPPC",
            "02IIIIPIPPPPC",
            "02IIIIIPPPWWC",
            "02IIIIIWWWWVC",
            "02IIIIVVPPPPC",
            "02IIIIIPPPPPX",
            "30IIIIIPPPPPC",
            "02IIIIIxPPPPC",
            "02éIIIIPPPPC",
        ] {
            assert_eq!(text.parse::<InStoreCode>(), Err(InStoreCodeError), "{text}");
        }
    }
}
