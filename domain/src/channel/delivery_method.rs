//! Delivery methods: the ways an order reaches its buyer.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{
    ChannelError, Country,
    location::{NAME_LENGTH_MAX, check_name},
};
use crate::{
    codes::is_code,
    language::Translated,
    money::{Currency, Money},
};

/// A delivery method's name for the merchant's own use: lower case, digits, hyphens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DeliveryMethodCode(String);

impl DeliveryMethodCode {
    /// The most characters.
    pub const LENGTH_MAX: usize = 64;

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DeliveryMethodCode {
    type Err = ChannelError;

    fn from_str(text: &str) -> Result<Self, ChannelError> {
        if is_code(text, Self::LENGTH_MAX) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ChannelError::InvalidCode { field: "code" })
        }
    }
}

impl fmt::Display for DeliveryMethodCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How the goods travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeliveryKind {
    /// To the buyer's address.
    Ship,
    /// The buyer comes to a store.
    Pickup,
}

/// A way an order reaches its buyer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryMethod {
    /// What it is known by.
    pub code: DeliveryMethodCode,
    /// How the goods travel.
    pub kind: DeliveryKind,
    /// What shoppers call it.
    pub name: Translated<String>,
    /// Where it goes; a pickup goes nowhere.
    pub countries: Vec<Country>,
    /// What it costs, once per currency it is offered in.
    pub prices: Vec<Money>,
}

impl DeliveryMethod {
    /// What it costs in `currency`; none: not offered in it.
    #[must_use]
    pub fn price_in(&self, currency: Currency) -> Option<Money> {
        self.prices.iter().copied().find(|it| it.currency() == currency)
    }

    /// Checks what a merchant entered.
    ///
    /// # Errors
    /// [`ChannelError`] naming the field at fault.
    pub fn check(&self) -> Result<(), ChannelError> {
        if self.name.is_empty() {
            return Err(ChannelError::InvalidName { max: NAME_LENGTH_MAX });
        }
        self.name.iter().try_for_each(|(_, it)| check_name(it))?;
        if self.kind == DeliveryKind::Ship && self.countries.is_empty() {
            return Err(ChannelError::CountriesMissing);
        }
        if self.prices.iter().any(|it| it.minor() < 0) {
            return Err(ChannelError::NegativePrice);
        }
        let is_twice = |(index, it): (usize, &Money)| {
            self.prices.iter().skip(index + 1).any(|other| other.currency() == it.currency())
        };
        if self.prices.iter().enumerate().any(is_twice) {
            return Err(ChannelError::PriceTwice);
        }
        Ok(())
    }
}
