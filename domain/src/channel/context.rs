//! The context that a request sells in: resolved once, and told back.

use std::sync::Arc;

use super::{Channel, Market};
use crate::{
    access::DevicePlace,
    clock::Timestamp,
    codes::{ChannelCode, MarketCode},
    language::Language,
    money::Currency,
    pricing::{PriceContext, PriceView},
    settings::Settings,
};

/// What a client asked for; what it leaves out is resolved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContextRequest {
    /// Where it sells.
    pub channel: Option<String>,
    /// To whom.
    pub market: Option<String>,
    /// In what currency, where that is not the market's.
    pub currency: Option<Currency>,
    /// The languages of texts, dearest first; those of the market follow.
    pub languages: Vec<Language>,
}

impl ContextRequest {
    /// What is asked for on a device, which sells in its channel alone.
    ///
    /// # Errors
    /// [`ContextError::DeviceChannel`] where another channel is named.
    pub fn on_device(mut self, device: Option<&DevicePlace>) -> Result<Self, ContextError> {
        let Some(DevicePlace { channel, .. }) = device else { return Ok(self) };
        if self.channel.as_deref().is_some_and(|it| !it.is_empty() && it != channel.as_str()) {
            return Err(ContextError::DeviceChannel(channel.clone()));
        }
        self.channel = Some(channel.to_string());
        Ok(self)
    }
}

/// What prices and texts a request sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SalesContext {
    /// Where it sells.
    pub channel: Arc<Channel>,
    /// To whom.
    pub market: Arc<Market>,
    /// The currency of prices: the market's, unless another was asked for.
    pub currency: Currency,
    /// The languages of texts, dearest first; those of the market follow, then English, then any.
    pub languages: Vec<Language>,
}

/// What was asked for is not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContextError {
    /// No such channel.
    #[error("there is no channel `{0}`")]
    UnknownChannel(String),
    /// No such market.
    #[error("there is no market `{0}`")]
    UnknownMarket(String),
    /// A device sells in its own channel.
    #[error("this device sells in the channel `{0}`")]
    DeviceChannel(ChannelCode),
}

/// How much of a name that is not there is said back.
const ECHO_CHARS: usize = 64;

impl SalesContext {
    /// Resolves what was asked for: the channel named or the default one; the market named, else the channel's own, else the
    /// default one; the currency named, else the market's.
    ///
    /// # Errors
    /// [`ContextError`] for what is named and not there.
    pub fn resolve(settings: &Settings, asked: &ContextRequest) -> Result<Self, ContextError> {
        let channel = match asked.channel.as_deref().filter(|it| !it.is_empty()) {
            Some(code) => settings.channel(code).ok_or_else(|| ContextError::UnknownChannel(echo(code)))?,
            None => settings.default_channel(),
        };
        let market = match asked.market.as_deref().filter(|it| !it.is_empty()) {
            Some(code) => settings.market(code).ok_or_else(|| ContextError::UnknownMarket(echo(code)))?,
            None => {
                let own = channel.market.as_ref().and_then(|it| settings.market(it.as_str()));
                own.unwrap_or_else(|| settings.default_market())
            }
        };
        Ok(Self {
            currency: asked.currency.unwrap_or(market.currency),
            languages: with_rest(&asked.languages, &market.languages),
            channel,
            market,
        })
    }

    /// The context of what was begun in another one: a cart keeps its channel, market and currency, whoever looks at it.
    #[must_use]
    pub fn of_cart(
        settings: &Settings,
        (channel, market): (&ChannelCode, &MarketCode),
        currency: Currency,
        languages: &[Language],
    ) -> Self {
        let market = settings.market(market.as_str()).unwrap_or_else(|| settings.default_market());
        Self {
            channel: settings.channel(channel.as_str()).unwrap_or_else(|| settings.default_channel()),
            currency,
            languages: with_rest(languages, &market.languages),
            market,
        }
    }

    /// The prices of somebody of whom nothing else is known.
    #[must_use]
    pub fn price_context(&self, now: Timestamp) -> PriceContext {
        PriceContext {
            currency: self.currency,
            market: Some(self.market.code.clone()),
            channel: Some(self.channel.code.clone()),
            customer_group_ids: Vec::new(),
            loyalty_tier_id: None,
            at: now,
        }
    }

    /// Where these prices are seen from.
    #[must_use]
    pub fn price_view(&self) -> PriceView {
        let (market, channel) = (Some(self.market.code.clone()), Some(self.channel.code.clone()));
        PriceView { currency: self.currency, market, channel }
    }

    /// The same with what `asked` names instead.
    ///
    /// # Errors
    /// [`ContextError`] for what is named and not there.
    pub fn overridden(&self, settings: &Settings, asked: &ContextRequest) -> Result<Self, ContextError> {
        let keeps_market = asked.market.is_none() && asked.channel.is_none();
        let merged = ContextRequest {
            channel: asked.channel.clone().or_else(|| Some(self.channel.code.to_string())),
            market: asked.market.clone().or_else(|| keeps_market.then(|| self.market.code.to_string())),
            currency: asked.currency.or_else(|| keeps_market.then_some(self.currency)),
            languages: with_rest(&asked.languages, &self.languages),
        };
        Self::resolve(settings, &merged)
    }
}

/// `first`, and what `rest` has beside it.
fn with_rest(first: &[Language], rest: &[Language]) -> Vec<Language> {
    let mut languages = first.to_vec();
    languages.extend(rest.iter().filter(|it| !first.contains(it)).cloned());
    languages
}

fn echo(code: &str) -> String {
    code.chars().filter(|it| !it.is_control()).take(ECHO_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        channel::ChannelKind,
        inventory::HoldPolicy,
        settings::{BuiltIn, StoredSettings},
    };

    fn language(tag: &str) -> Language {
        tag.parse().unwrap()
    }

    fn channel(code: &str, market: Option<&str>) -> Channel {
        Channel {
            code: code.parse().unwrap(),
            kind: ChannelKind::Web,
            name: code.to_owned(),
            location_id: None,
            market: market.map(|it| it.parse().unwrap()),
            is_default: code == "web",
            hold_policy: HoldPolicy::None,
            hold_minutes: Channel::HOLD_MINUTES,
        }
    }

    fn market(code: &str, currency: Currency, tag: &str) -> Market {
        let (code, languages, is_default) = (code.parse().unwrap(), vec![language(tag)], code == "fr");
        Market { code, currency, languages, is_default, ..Market::anywhere(currency) }
    }

    fn settings() -> Settings {
        let stored = StoredSettings {
            channels: vec![channel("app", Some("us")), channel("web", None)],
            markets: vec![market("fr", Currency::EUR, "fr"), market("us", Currency::USD, "en")],
            ..StoredSettings::default()
        };
        Settings::new(stored, &BuiltIn::new(Currency::JPY, None).unwrap())
    }

    fn asked(channel: Option<&str>, market: Option<&str>, currency: Option<Currency>) -> ContextRequest {
        let [channel, market] = [channel, market].map(|it| it.map(str::to_owned));
        ContextRequest { channel, market, currency, languages: Vec::new() }
    }

    fn resolved(asked: &ContextRequest) -> (String, String, Currency) {
        let it = SalesContext::resolve(&settings(), asked).unwrap();
        (it.channel.code.to_string(), it.market.code.to_string(), it.currency)
    }

    #[test]
    fn what_is_left_out_comes_from_the_channel_then_from_the_shop() {
        let is = |channel: &str, market: &str, currency| (channel.to_owned(), market.to_owned(), currency);
        assert_eq!(resolved(&asked(None, None, None)), is("web", "fr", Currency::EUR));
        assert_eq!(resolved(&asked(Some("app"), None, None)), is("app", "us", Currency::USD));
        assert_eq!(resolved(&asked(Some("app"), Some("fr"), None)), is("app", "fr", Currency::EUR));
        assert_eq!(resolved(&asked(None, None, Some(Currency::USD))), is("web", "fr", Currency::USD));
        assert_eq!(resolved(&asked(Some(""), Some(""), None)), is("web", "fr", Currency::EUR), "empty is none");
    }

    #[test]
    fn languages_of_the_market_follow_those_asked_for() {
        let mut asked = asked(None, None, None);
        asked.languages = vec![language("de"), language("fr")];
        let it = SalesContext::resolve(&settings(), &asked).unwrap();
        assert_eq!(it.languages, [language("de"), language("fr")]);
        asked.languages = vec![language("de")];
        assert_eq!(SalesContext::resolve(&settings(), &asked).unwrap().languages, [language("de"), language("fr")]);
    }

    #[test]
    fn what_is_not_there_is_refused() {
        let res = SalesContext::resolve(&settings(), &asked(Some("shop\n"), None, None));
        assert_eq!(res, Err(ContextError::UnknownChannel("shop".to_owned())));
        let res = SalesContext::resolve(&settings(), &asked(None, Some("EU"), None));
        assert_eq!(res, Err(ContextError::UnknownMarket("EU".to_owned())));
    }

    #[test]
    fn an_argument_wins_over_the_request_and_a_new_market_brings_its_currency() {
        let base = SalesContext::resolve(&settings(), &asked(None, None, Some(Currency::USD))).unwrap();
        let overridden = |asked: &ContextRequest| base.overridden(&settings(), asked).unwrap();
        assert_eq!(overridden(&asked(None, None, None)), base);
        assert_eq!(overridden(&asked(None, Some("fr"), None)).currency, Currency::EUR);
        let app = overridden(&asked(Some("app"), None, None));
        assert_eq!((app.market.code.as_str(), app.currency), ("us", Currency::USD));
        let other = ContextRequest { languages: vec![language("en")], ..ContextRequest::default() };
        assert_eq!(overridden(&other).languages, [language("en"), language("fr")]);
    }

    #[test]
    fn a_device_sells_in_its_own_channel_alone() {
        let (id, channel) = (crate::ids::Id::from_uuid(uuid::Uuid::nil()), "app".parse().unwrap());
        let place = DevicePlace { id, channel, location_id: crate::ids::Id::from_uuid(uuid::Uuid::nil()) };
        for named in [None, Some(""), Some("app")] {
            let asked = asked(named, Some("fr"), None).on_device(Some(&place)).unwrap();
            assert_eq!(resolved(&asked), ("app".to_owned(), "fr".to_owned(), Currency::EUR));
        }
        let res = asked(Some("web"), None, None).on_device(Some(&place));
        assert_eq!(res, Err(ContextError::DeviceChannel("app".parse().unwrap())));
        assert_eq!(asked(Some("web"), None, None).on_device(None), Ok(asked(Some("web"), None, None)));
    }

    #[test]
    fn a_shop_without_settings_sells_anywhere() {
        let settings = Settings::new(StoredSettings::default(), &BuiltIn::new(Currency::JPY, None).unwrap());
        let it = SalesContext::resolve(&settings, &ContextRequest::default()).unwrap();
        assert_eq!(
            (it.channel.code.as_str(), it.market.code.as_str(), it.currency),
            ("web", "anywhere", Currency::JPY)
        );
        assert_eq!((settings.channels.len(), settings.markets.len()), (1, 1));
    }
}
