//! Global Trade Item Numbers, and the check digits of GS1.

use std::fmt;

use super::ScanError;

/// A GTIN of 8, 12, 13 or 14 digits whose check digit is right, as 14 digits (section 3.3.2: shorter ones are filled with zeros).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Gtin(String);

impl Gtin {
    /// Reads the digits of a GTIN.
    ///
    /// # Errors
    /// [`ScanError::Unreadable`] for anything else, [`ScanError::CheckDigit`].
    pub fn parse(digits: &str) -> Result<Self, ScanError> {
        if !matches!(digits.len(), 8 | 12 | 13 | 14) || !digits.bytes().all(|it| it.is_ascii_digit()) {
            return Err(ScanError::Unreadable { reason: "a GTIN has 8, 12, 13 or 14 digits" });
        }
        check(digits)?;
        Ok(Self(format!("{digits:0>14}")))
    }

    /// Reads a UPC-E code of 8 digits: a GTIN-12 with its zeros left out (section 5.2.2.4.2).
    pub(super) fn parse_upc_e(digits: &str) -> Option<Self> {
        let mut chars = digits.chars();
        let system = chars.next().filter(|it| matches!(it, '0' | '1'))?;
        let (body, check) = (digits.get(1..7)?, digits.get(7..8)?);
        let (first, last) = (body.get(..5)?, body.get(5..)?);
        let expanded = match last {
            "0" | "1" | "2" => format!("{}{last}0000{}", first.get(..2)?, first.get(2..)?),
            "3" => format!("{}00000{}", first.get(..3)?, first.get(3..)?),
            "4" => format!("{}00000{}", first.get(..4)?, first.get(4..)?),
            _ => format!("{first}0000{last}"),
        };
        Self::parse(&format!("{system}{expanded}{check}")).ok()
    }

    /// The 14 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How it can be printed: with 14 digits, and with 13, 12 and 8 where the others are zeros.
    pub(crate) fn forms(&self) -> Vec<String> {
        let form = |length: usize| {
            let (zeros, digits) = self.0.split_at_checked(14 - length)?;
            zeros.bytes().all(|it| it == b'0').then(|| digits.to_owned())
        };
        [14, 13, 12, 8].into_iter().filter_map(form).collect()
    }
}

impl fmt::Display for Gtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Checks the last digit of a key of GS1.
///
/// # Errors
/// [`ScanError::CheckDigit`].
pub(super) fn check(digits: &str) -> Result<(), ScanError> {
    let Some((rest, last)) = digits.split_at_checked(digits.len().saturating_sub(1)) else {
        return Err(ScanError::Unreadable { reason: "it is not made of digits" });
    };
    let (expected, found) = (check_digit(rest), last.bytes().next().map_or(0, |it| it.wrapping_sub(b'0')));
    if expected == found { Ok(()) } else { Err(ScanError::CheckDigit { expected, found }) }
}

/// The check digit behind `digits`: modulo 10, weights 3 and 1 from the right (section 7.9.1).
pub(super) fn check_digit(digits: &str) -> u8 {
    let weighted = |(idx, digit): (usize, u8)| u32::from(digit.wrapping_sub(b'0')) * if idx % 2 == 0 { 3 } else { 1 };
    let sum: u32 = digits.bytes().rev().enumerate().map(weighted).sum();
    u8::try_from((10 - sum % 10) % 10).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn published_numbers_have_their_check_digits() {
        // GS1's own examples: section 7.9.1, the sample GTINs of GS1 Digital Link, and an ISBN.
        for digits in ["6291041500213", "9521234543213", "09506000134352", "96385074", "614141123452", "9788205512375"]
        {
            assert!(Gtin::parse(digits).is_ok(), "{digits}");
        }
        assert_eq!(check_digit("37610425002123456"), 9);
    }

    #[test]
    fn a_wrong_digit_is_told_with_the_right_one() {
        let error = Gtin::parse("6291041500214").unwrap_err();
        assert!(matches!(error, ScanError::CheckDigit { expected: 3, found: 4 }), "{error}");
        for digits in ["", "1", "629104150021", "62910415002133", "629104150021x", "٦٢٩١٠٤١٥٠٠٢١٣"] {
            assert!(Gtin::parse(digits).is_err(), "{digits}");
        }
    }

    #[test]
    fn forms_are_those_that_only_lack_zeros() {
        assert_eq!(Gtin::parse("614141123452").unwrap().forms(), ["00614141123452", "0614141123452", "614141123452"]);
        assert_eq!(Gtin::parse("6291041500213").unwrap().forms(), ["06291041500213", "6291041500213"]);
        assert_eq!(Gtin::parse("96385074").unwrap().forms().last().unwrap(), "96385074");
    }

    #[test]
    fn upc_e_grows_into_upc_a() {
        // Each way of leaving zeros out.
        for (short, long) in [
            ("01234505", "012000003455"),
            ("04252614", "042100005264"),
            ("01234531", "012300000451"),
            ("01234543", "012340000053"),
            ("01234565", "012345000065"),
        ] {
            let expected = format!("{long:0>14}");
            assert_eq!(Gtin::parse_upc_e(short).map(|it| it.0), Some(expected), "{short}");
        }
        assert_eq!(Gtin::parse_upc_e("21234505"), None);
        assert_eq!(Gtin::parse_upc_e("01234506"), None);
    }

    proptest! {
        #[test]
        fn one_wrong_digit_is_always_noticed(body in "[0-9]{12}", place in 0_usize..13, shift in 1_u8..10) {
            let digits = format!("{body}{}", check_digit(&body));
            prop_assert!(Gtin::parse(&digits).is_ok());
            let mut bytes = digits.into_bytes();
            bytes[place] = b'0' + (bytes[place] - b'0' + shift) % 10;
            prop_assert!(Gtin::parse(&String::from_utf8(bytes).unwrap()).is_err());
        }
    }
}
