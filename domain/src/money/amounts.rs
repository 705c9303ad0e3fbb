//! One amount in each of several currencies.

use serde::{Deserialize, Serialize};

use super::{Currency, Money};

/// An amount that a merchant set in one or more currencies, each by itself: no exchange rate is ever applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Money>", into = "Vec<Money>")]
pub struct Amounts(Vec<Money>);

/// The amounts are none, or more than one in a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AmountsError {
    /// There is no amount at all.
    #[error("there is no amount")]
    Empty,
    /// There is more than one in this currency.
    #[error("there is more than one amount in {currency}")]
    Twice {
        /// The currency's code.
        currency: &'static str,
    },
}

impl Amounts {
    /// One amount, in one currency.
    #[must_use]
    pub fn one(amount: Money) -> Self {
        Self(vec![amount])
    }

    /// Takes amounts, one for each currency.
    ///
    /// # Errors
    /// [`AmountsError`].
    pub fn parse(amounts: Vec<Money>) -> Result<Self, AmountsError> {
        if amounts.is_empty() {
            return Err(AmountsError::Empty);
        }
        for (index, amount) in amounts.iter().enumerate() {
            if amounts.iter().skip(index + 1).any(|it| it.currency() == amount.currency()) {
                return Err(AmountsError::Twice { currency: amount.currency().code() });
            }
        }
        Ok(Self(amounts))
    }

    /// The amount in `currency`; none: it was not set in it.
    #[must_use]
    pub fn get(&self, currency: Currency) -> Option<Money> {
        self.0.iter().copied().find(|it| it.currency() == currency)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = Money> {
        self.0.iter().copied()
    }
}

impl TryFrom<Vec<Money>> for Amounts {
    type Error = AmountsError;

    fn try_from(amounts: Vec<Money>) -> Result<Self, AmountsError> {
        Self::parse(amounts)
    }
}

impl From<Amounts> for Vec<Money> {
    fn from(amounts: Amounts) -> Self {
        amounts.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_amount_in_each_currency() {
        let (ten, nine) = (Money::new(1000, Currency::EUR), Money::new(900, Currency::GBP));
        let amounts = Amounts::parse(vec![ten, nine]).unwrap();
        assert_eq!((amounts.get(Currency::GBP), amounts.get(Currency::USD)), (Some(nine), None));
        assert_eq!(Amounts::parse(vec![]), Err(AmountsError::Empty));
        assert_eq!(Amounts::parse(vec![ten, nine, ten]), Err(AmountsError::Twice { currency: "EUR" }));
    }
}
