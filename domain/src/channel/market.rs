//! Markets: who sees the same prices, in what currency and language, with tax or without.

use serde::{Deserialize, Serialize};

use super::{
    ChannelError, Country,
    location::{NAME_LENGTH_MAX, check_name},
};
use crate::{
    codes::MarketCode,
    language::{Language, Translated},
    money::Currency,
    pricing::{quote::RoundingRules, tax::PriceEntry},
};

/// Whether shoppers are shown prices with tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PriceDisplay {
    /// With tax.
    #[default]
    Gross,
    /// Without.
    Net,
}

/// Countries that see the same prices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Market {
    /// What it is known by.
    pub code: MarketCode,
    /// What it is called, by language.
    pub name: Translated<String>,
    /// Which countries it is; no country is in two. Empty: all that are in no other.
    pub countries: Vec<Country>,
    /// The currency of its prices.
    pub currency: Currency,
    /// The languages of its texts, dearest first.
    pub languages: Vec<Language>,
    /// How its prices are entered.
    pub price_entry: PriceEntry,
    /// How its prices are shown.
    pub price_display: PriceDisplay,
    /// How taxes and percentages are rounded.
    #[serde(default)]
    pub rounding: RoundingRules,
    /// Whether it is the one of those who name none.
    pub is_default: bool,
}

impl Market {
    /// The most countries and languages.
    pub const LIST_MAX: usize = 250;

    /// The market of a shop that has set up none: anywhere, in `currency`, prices with the tax that is due there.
    #[must_use]
    pub fn anywhere(currency: Currency) -> Self {
        Self {
            code: MarketCode::anywhere(),
            name: Translated::default(),
            countries: Vec::new(),
            currency,
            languages: vec![Language::english()],
            price_entry: PriceEntry::GrossAtDestination,
            price_display: PriceDisplay::Gross,
            rounding: RoundingRules::default(),
            is_default: true,
        }
    }

    /// Checks what a merchant entered, beside the `others` there are.
    ///
    /// # Errors
    /// [`ChannelError`] naming the field at fault.
    pub fn check(&self, others: &[Self]) -> Result<(), ChannelError> {
        if self.name.is_empty() {
            return Err(ChannelError::InvalidName { max: NAME_LENGTH_MAX });
        }
        self.name.iter().try_for_each(|(_, it)| check_name(it))?;
        if self.languages.is_empty() || Self::LIST_MAX < self.languages.len() {
            return Err(ChannelError::LanguagesMissing);
        }
        for (index, country) in self.countries.iter().enumerate() {
            let is_twice = self.countries.iter().take(index).any(|it| it == country);
            let other = others.iter().find(|it| it.code != self.code && it.countries.contains(country));
            if is_twice || other.is_some() {
                let market = other.map_or_else(|| self.code.clone(), |it| it.code.clone());
                return Err(ChannelError::CountryTaken { index, market });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn market(code: &str, countries: &[&str]) -> Market {
        let name = [(Language::english(), code.to_owned())].into_iter().collect();
        let countries = countries.iter().map(|it| it.parse().unwrap()).collect();
        Market { code: code.parse().unwrap(), name, countries, ..Market::anywhere(Currency::EUR) }
    }

    #[test]
    fn a_country_is_in_one_market() {
        let others = [market("north", &["SE", "FI"]), market("south", &["IT"])];
        assert!(market("south", &["IT", "ES"]).check(&others).is_ok(), "its own country");
        let taken = market("new", &["ES", "FI"]).check(&others);
        let north = "north".parse().unwrap();
        assert!(matches!(taken, Err(ChannelError::CountryTaken { index: 1, market }) if market == north));
        assert!(matches!(market("new", &["ES", "ES"]).check(&[]), Err(ChannelError::CountryTaken { index: 1, .. })));
    }

    #[test]
    fn a_market_has_a_name_and_a_language() {
        let mute = Market { languages: Vec::new(), ..market("x", &[]) };
        assert!(matches!(mute.check(&[]), Err(ChannelError::LanguagesMissing)));
        let nameless = Market::anywhere(Currency::EUR);
        assert!(matches!(nameless.check(&[]), Err(ChannelError::InvalidName { .. })));
    }
}
