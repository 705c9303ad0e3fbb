//! Typed codes: the names by which a merchant and a frontend know a setting, such as `web` or `eu-north`.

use std::{borrow::Borrow, fmt, str::FromStr};

/// The text is not a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a code has up to {max} lower-case letters, digits and inner hyphens")]
pub struct CodeError {
    /// The most characters.
    pub max: usize,
}

/// The most characters of a code.
pub const CODE_LENGTH_MAX: usize = 64;

/// Whether `text` has 1 to `max` lower-case letters, digits and inner hyphens.
pub(crate) fn is_code(text: &str, max: usize) -> bool {
    (1..=max).contains(&text.len())
        && text.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The code.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = CodeError;

            fn from_str(text: &str) -> Result<Self, CodeError> {
                Self::try_from(text.to_owned())
            }
        }

        impl TryFrom<String> for $name {
            type Error = CodeError;

            fn try_from(text: String) -> Result<Self, CodeError> {
                let is_good = is_code(&text, CODE_LENGTH_MAX);
                if is_good { Ok(Self(text)) } else { Err(CodeError { max: CODE_LENGTH_MAX }) }
            }
        }

        impl From<$name> for String {
            fn from(code: $name) -> Self {
                code.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

codes! {
    /// A channel: where something is sold, such as `web`, `kiosk` or `store-12`.
    ChannelCode;
    /// A market: countries that see the same prices, such as `fr` or `eu-north`.
    MarketCode;
    /// A means of payment, such as `card`, `cash` or `gift-card`.
    PaymentMeans;
    /// What a rate of tax is set for, such as `standard` or `reduced`.
    TaxCategory;
}

impl ChannelCode {
    /// The channel of a shop that has set up none.
    #[must_use]
    pub fn web() -> Self {
        Self("web".to_owned())
    }
}

impl TaxCategory {
    /// What has no rate of its own is taxed as.
    #[must_use]
    pub fn standard() -> Self {
        Self("standard".to_owned())
    }
}

impl MarketCode {
    /// The market of a shop that has set up none.
    #[must_use]
    pub fn anywhere() -> Self {
        Self("anywhere".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_lower_case_letters_digits_and_inner_hyphens() {
        assert_eq!("eu-north-2".parse::<MarketCode>().unwrap().as_str(), "eu-north-2");
        for text in ["", "-a", "a-", "A", "a b", "é", &"x".repeat(65)] {
            assert_eq!(text.parse::<ChannelCode>(), Err(CodeError { max: 64 }), "{text}");
        }
    }
}
