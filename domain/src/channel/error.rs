//! Refusals of settings.

use crate::{access::AccessError, codes::MarketCode, ids::LocationId, storage::StorageError};

/// Why a command about channels, markets, locations or delivery methods was refused.
#[derive(Debug, thiserror::Error)]
pub enum ChannelError {
    /// The actor may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// Not lower case, digits and inner hyphens, or too long.
    #[error("a code has up to 64 lower-case letters, digits and inner hyphens")]
    InvalidCode {
        /// The field at fault.
        field: &'static str,
    },
    /// Nothing to call it by, too much, or control characters.
    #[error("a name has 1 to {max} characters, and no control characters")]
    InvalidName {
        /// The most characters.
        max: usize,
    },
    /// A method that ships must say where to.
    #[error("a method that ships needs at least one country")]
    CountriesMissing,
    /// Delivery cannot cost less than nothing.
    #[error("a delivery price cannot be negative")]
    NegativePrice,
    /// What stands in a store must say in which.
    #[error("a kiosk and a point of sale need a store")]
    LocationMissing,
    /// What stands nowhere cannot say where.
    #[error("only a kiosk and a point of sale stand in a store")]
    LocationUnused,
    /// No such location, or no store.
    #[error("there is no store {id}")]
    UnknownStore {
        /// The id that was given.
        id: LocationId,
    },
    /// No such market.
    #[error("there is no market `{code}`")]
    UnknownMarket {
        /// The code that was given.
        code: MarketCode,
    },
    /// A market speaks at least one language, and not hundreds.
    #[error("a market has 1 to 250 languages")]
    LanguagesMissing,
    /// A country that is in a market already.
    #[error("this country is in the market `{market}` already")]
    CountryTaken {
        /// The country's place in the input, from 0.
        index: usize,
        /// The market.
        market: MarketCode,
    },
    /// Two prices in one currency.
    #[error("there is more than one price in a currency")]
    PriceTwice,
    /// Stock is set aside for a while.
    #[error("stock is set aside for {min} to {max} minutes")]
    HoldMinutes {
        /// The fewest minutes.
        min: u32,
        /// The most minutes.
        max: u32,
    },
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
