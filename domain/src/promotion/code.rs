//! Discount codes, as they are entered.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{clock::Timestamp, ids::PromotionId};

/// What a shopper types to have a promotion. Case and white space around it do not matter: `summer` is `SUMMER`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DiscountCode(String);

/// The text can be no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a discount code has 1 to {max} letters, digits, hyphens, underscores or dots")]
pub struct DiscountCodeError {
    /// The most characters.
    pub max: usize,
}

impl DiscountCode {
    /// The most characters.
    pub const LENGTH_MAX: usize = 64;

    /// The code in capitals.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DiscountCode {
    type Err = DiscountCodeError;

    fn from_str(text: &str) -> Result<Self, DiscountCodeError> {
        let is_allowed = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_' | '.');
        let text = text.trim();
        // Lower case first, because capitals of one letter may be two of another.
        let code = text.to_lowercase().to_uppercase();
        if (1..=Self::LENGTH_MAX).contains(&code.chars().count()) && text.chars().all(is_allowed) {
            Ok(Self(code))
        } else {
            Err(DiscountCodeError { max: Self::LENGTH_MAX })
        }
    }
}

impl TryFrom<String> for DiscountCode {
    type Error = DiscountCodeError;

    fn try_from(text: String) -> Result<Self, DiscountCodeError> {
        text.parse()
    }
}

impl From<DiscountCode> for String {
    fn from(code: DiscountCode) -> Self {
        code.0
    }
}

impl fmt::Display for DiscountCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A code on a cart, with what is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnteredCode {
    /// The code.
    pub code: DiscountCode,
    /// The promotion it is for; none: there is no such code.
    pub promotion_id: Option<PromotionId>,
    /// Whether it can be used, and if not, why.
    pub state: CodeState,
}

/// Whether a code can be used, and if not, why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CodeState {
    /// It can; a use of it is set aside for this cart.
    Usable,
    /// There is no such code.
    Unknown,
    /// Not yet.
    NotYetActive {
        /// From when on.
        from: Timestamp,
    },
    /// No longer.
    Expired {
        /// Since when.
        until: Timestamp,
    },
    /// Staff has paused it.
    Paused,
    /// All its uses are taken or set aside.
    UsesExhausted {
        /// How many there were.
        limit: u32,
    },
    /// This customer has used it as often as anybody may.
    CustomerUsesExhausted {
        /// How often.
        limit: u32,
    },
    /// It is for other customers, or only for those who are signed in.
    NotForThisCustomer,
    /// The use that was set aside is void, because nothing came of it in time.
    ReservationExpired,
}

impl CodeState {
    /// Why it cannot be used, in words.
    #[must_use]
    pub fn reason(&self) -> String {
        match self {
            Self::Usable => "nothing is in its way".to_owned(),
            Self::Unknown => "there is no such code".to_owned(),
            Self::NotYetActive { from } => format!("it counts from {from} on"),
            Self::Expired { until } => format!("it expired at {until}"),
            Self::Paused => "it is paused".to_owned(),
            Self::UsesExhausted { limit } => format!("all its {limit} uses are taken or set aside"),
            Self::CustomerUsesExhausted { limit } => format!("a customer can use it {limit} times"),
            Self::NotForThisCustomer => "it is for other customers, or for those who are signed in".to_owned(),
            Self::ReservationExpired => "its use was set aside for too long: enter it again".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_white_space_around_do_not_matter() {
        let code = "SUMMER-26".parse::<DiscountCode>().unwrap();
        for text in ["summer-26", " Summer-26\t", "sUMMER-26"] {
            assert_eq!(text.parse(), Ok(code.clone()), "{text}");
        }
        assert_eq!("été".parse::<DiscountCode>().unwrap().as_str(), "ÉTÉ");
        for text in ["", " ", "a b", "a\u{7}", &"x".repeat(65), "50%"] {
            assert_eq!(text.parse::<DiscountCode>(), Err(DiscountCodeError { max: 64 }), "{text}");
        }
    }
}
