//! Numbers of value added tax in the European Union: their form, not whether they exist.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::channel::Country;

/// The forms of the member states, by the prefix of their numbers, as the European Commission's VIES describes them
/// ("VAT identification number structure"). `9` is a digit, `A` a letter, `X` a letter or a digit, `F` one without I and O,
/// `*` a letter, a digit, `+` or `*`; anything else is itself.
const FORMS: [(&str, &[&str]); 27] = [
    ("AT", &["U99999999"]),
    ("BE", &["0999999999", "1999999999"]),
    ("BG", &["999999999", "9999999999"]),
    ("CY", &["99999999A"]),
    ("CZ", &["99999999", "999999999", "9999999999"]),
    ("DE", &["999999999"]),
    ("DK", &["99999999"]),
    ("EE", &["999999999"]),
    ("EL", &["999999999"]),
    ("ES", &["A9999999X", "99999999A"]),
    ("FI", &["99999999"]),
    ("FR", &["FF999999999"]),
    ("HR", &["99999999999"]),
    ("HU", &["99999999"]),
    ("IE", &["9*99999A", "9999999AA"]),
    ("IT", &["99999999999"]),
    ("LT", &["999999999", "999999999999"]),
    ("LU", &["99999999"]),
    ("LV", &["99999999999"]),
    ("MT", &["99999999"]),
    ("NL", &["999999999B99"]),
    ("PL", &["9999999999"]),
    ("PT", &["999999999"]),
    ("RO", &["99", "999", "9999", "99999", "999999", "9999999", "99999999", "999999999", "9999999999"]),
    ("SE", &["999999999901"]),
    ("SI", &["99999999"]),
    ("SK", &["9999999999"]),
];

/// A number of value added tax, with its prefix, such as `FR12345678901`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VatNumber {
    country: Country,
    text: String,
}

/// The text is no such number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VatNumberError {
    /// It does not begin with the prefix of a member state.
    #[error("a VAT number begins with the letters of a member state of the European Union, such as `FR`")]
    Prefix,
    /// The rest does not have the form of that member state.
    #[error("a VAT number of {country} has the form {forms}")]
    Form {
        /// The member state.
        country: Country,
        /// Its forms: 9 stands for a digit, A for a letter.
        forms: String,
    },
}

impl VatNumber {
    /// The member state that gave it.
    #[must_use]
    pub fn country(&self) -> Country {
        self.country
    }
}

impl FromStr for VatNumber {
    type Err = VatNumberError;

    /// Reads a number; spaces, dots and hyphens are left out, and case does not matter. Greek numbers begin with `EL`.
    fn from_str(text: &str) -> Result<Self, VatNumberError> {
        let text: String = text.chars().filter(|it| !matches!(it, ' ' | '.' | '-')).take(32).collect();
        let text = text.to_ascii_uppercase();
        let (prefix, rest) = text.split_at_checked(2).ok_or(VatNumberError::Prefix)?;
        let (_, forms) = FORMS.iter().find(|(it, _)| *it == prefix).ok_or(VatNumberError::Prefix)?;
        let country = if prefix == "EL" { "GR" } else { prefix }.parse().map_err(|_| VatNumberError::Prefix)?;
        if forms.iter().any(|it| has_form(rest, it)) {
            Ok(Self { country, text })
        } else {
            Err(VatNumberError::Form { country, forms: format!("{prefix}{}", forms.join(&format!(" or {prefix}"))) })
        }
    }
}

fn has_form(text: &str, form: &str) -> bool {
    let fits = |(it, form): (u8, u8)| match form {
        b'9' => it.is_ascii_digit(),
        b'A' => it.is_ascii_uppercase(),
        b'X' => it.is_ascii_uppercase() || it.is_ascii_digit(),
        b'F' => (it.is_ascii_uppercase() && !matches!(it, b'I' | b'O')) || it.is_ascii_digit(),
        b'*' => it.is_ascii_uppercase() || it.is_ascii_digit() || matches!(it, b'+' | b'*'),
        other => it == other,
    };
    text.len() == form.len() && text.bytes().zip(form.bytes()).all(fits)
}

impl TryFrom<String> for VatNumber {
    type Error = VatNumberError;

    fn try_from(text: String) -> Result<Self, VatNumberError> {
        text.parse()
    }
}

impl From<VatNumber> for String {
    fn from(number: VatNumber) -> Self {
        number.text
    }
}

impl fmt::Display for VatNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_member_state_has_its_form() {
        for (country, good, bad) in [
            ("AT", "ATU12345678", "AT123456789"),
            ("BE", "BE0123456789", "BE2123456789"),
            ("BG", "BG1234567890", "BG12345678"),
            ("CY", "CY12345678X", "CY123456789"),
            ("CZ", "CZ1234567890", "CZ1234567"),
            ("DE", "DE123456789", "DE12345678"),
            ("DK", "DK12345678", "DK123456789"),
            ("EE", "EE123456789", "EE12345678"),
            ("GR", "EL123456789", "GR123456789"),
            ("ES", "ESX1234567X", "ES123456789"),
            ("FI", "FI12345678", "FI1234567"),
            ("FR", "FRAB123456789", "FRIO123456789"),
            ("HR", "HR12345678901", "HR1234567890"),
            ("HU", "HU12345678", "HU123456789"),
            ("IE", "IE1234567WA", "IE12345678"),
            ("IT", "IT12345678901", "IT1234567890"),
            ("LT", "LT123456789012", "LT1234567890"),
            ("LU", "LU12345678", "LU123456789"),
            ("LV", "LV12345678901", "LV1234567890"),
            ("MT", "MT12345678", "MT1234567"),
            ("NL", "NL123456789B01", "NL123456789A01"),
            ("PL", "PL1234567890", "PL123456789"),
            ("PT", "PT123456789", "PT12345678"),
            ("RO", "RO12", "RO1"),
            ("SE", "SE123456789001", "SE123456789012"),
            ("SI", "SI12345678", "SI1234567"),
            ("SK", "SK1234567890", "SK123456789"),
        ] {
            assert_eq!(good.parse::<VatNumber>().unwrap().country().code(), country);
            assert!(bad.parse::<VatNumber>().is_err(), "{bad}");
        }
    }

    #[test]
    fn spaces_and_case_do_not_matter_and_other_countries_have_none() {
        assert_eq!("be 0123.456.789".parse::<VatNumber>().unwrap().to_string(), "BE0123456789");
        assert_eq!("ie1+23456x".parse::<VatNumber>().unwrap().to_string(), "IE1+23456X");
        for text in ["", "F", "GB123456789", "é1234567890", "123456789"] {
            assert_eq!(text.parse::<VatNumber>(), Err(VatNumberError::Prefix), "{text}");
        }
        let error = "LT12".parse::<VatNumber>().unwrap_err().to_string();
        assert_eq!(error, "a VAT number of LT has the form LT999999999 or LT999999999999");
    }
}
