//! One-time codes: short enough to be read out and typed, good once and for minutes.

use std::{fmt, str::FromStr};

/// What somebody types or scans to enrol a device or to take over a cart.
///
/// Its letters and digits are Crockford's base 32, which has no U and takes I and L for 1 and O for 0. Case, hyphens and white
/// space do not matter. It is shown in two groups: `K7QMX-3PBD9`.
#[derive(Clone, PartialEq, Eq)]
pub struct OneTimeCode(String);

/// The text can be no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a code has {length} letters and digits", length = OneTimeCode::LENGTH)]
pub struct OneTimeCodeError;

impl OneTimeCode {
    /// How many letters and digits: 32 to the power of 10 codes are some 10^15.
    pub const LENGTH: usize = 10;
    /// The letters and digits, in the order of their values.
    pub const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    /// How many are shown together.
    const GROUP: usize = 5;

    /// The code of which each byte's lowest five bits choose one letter or digit.
    #[must_use]
    pub fn from_random(bytes: [u8; Self::LENGTH]) -> Self {
        Self(bytes.iter().filter_map(|it| Self::ALPHABET.get(usize::from(it & 31))).map(|&it| char::from(it)).collect())
    }

    /// The letters and digits without a hyphen; never to a log.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The code as it is shown; never to a log.
    #[must_use]
    pub fn shown(&self) -> String {
        let (first, second) = self.0.split_at_checked(Self::GROUP).unwrap_or((&self.0, ""));
        format!("{first}-{second}")
    }
}

impl FromStr for OneTimeCode {
    type Err = OneTimeCodeError;

    fn from_str(text: &str) -> Result<Self, OneTimeCodeError> {
        let mut code = String::with_capacity(Self::LENGTH);
        for letter in text.chars().filter(|it| !it.is_whitespace() && *it != '-') {
            let letter = match letter.to_ascii_uppercase() {
                'I' | 'L' => '1',
                'O' => '0',
                other => other,
            };
            let is_known = u8::try_from(letter).is_ok_and(|it| Self::ALPHABET.contains(&it));
            if !is_known || code.len() == Self::LENGTH {
                return Err(OneTimeCodeError);
            }
            code.push(letter);
        }
        if code.len() == Self::LENGTH { Ok(Self(code)) } else { Err(OneTimeCodeError) }
    }
}

impl fmt::Debug for OneTimeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OneTimeCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_mistaken_for_another_is_read_as_it() {
        let code = "0011ABCDEF".parse::<OneTimeCode>().unwrap();
        for text in ["0011A-BCDEF", " 0011abcdef\n", "ooilABCDEF", "OOLI-ABCDEF", "0-0-1-1-A B C D E F"] {
            assert_eq!(text.parse(), Ok(code.clone()), "{text}");
        }
        for text in ["", "-", "0011ABCDE", "0011ABCDEFG", "0011ABCDEU", "0011ABCDEÉ", &"A".repeat(1_000)] {
            assert_eq!(text.parse::<OneTimeCode>(), Err(OneTimeCodeError), "{text}");
        }
        assert_eq!(format!("{code:?}"), "OneTimeCode(…)");
    }

    proptest! {
        #[test]
        fn a_code_reads_as_it_is_shown(bytes in any::<[u8; OneTimeCode::LENGTH]>()) {
            let code = OneTimeCode::from_random(bytes);
            prop_assert_eq!(code.expose().len(), OneTimeCode::LENGTH);
            prop_assert_eq!(code.shown().parse(), Ok(code.clone()));
            prop_assert_eq!(code.shown().to_lowercase().parse(), Ok(code));
        }
    }
}
