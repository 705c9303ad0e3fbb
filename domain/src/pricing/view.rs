//! What everybody is asked for, by where they stand: what a search index can know of prices. Pure.

use std::{collections::BTreeSet, fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{PriceContext, PriceLists, PriceRow, PriceScope, Pricing};
use crate::{
    clock::Timestamp,
    codes::{ChannelCode, MarketCode},
    money::{Currency, Money},
};

/// From where prices are seen, whoever looks. It is written `EUR`, `EUR_de`, `EUR_de_kiosk` or `EUR__kiosk`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PriceView {
    /// In which currency.
    pub currency: Currency,
    /// In which market; none: where no price is for the market.
    pub market: Option<MarketCode>,
    /// In which channel; none: where no price is for the channel.
    pub channel: Option<ChannelCode>,
}

impl PriceView {
    /// Where a price of this scope holds for everybody who buys one; `None` for one of a group, a tier, or several.
    #[must_use]
    pub fn of(currency: Currency, scope: &PriceScope) -> Option<Self> {
        let PriceScope { market, channel, customer_group_id, loyalty_tier_id, minimum_quantity } = scope.clone();
        let is_for_everybody = customer_group_id.is_none() && loyalty_tier_id.is_none() && minimum_quantity <= 1;
        is_for_everybody.then_some(Self { currency, market, channel })
    }

    /// The views of which the first that a product has prices of its own for holds in this one: itself, without the channel, without the
    /// market, and without both.
    #[must_use]
    pub fn widening(&self) -> [Self; 4] {
        let Self { currency, market, channel } = self;
        let view = |market: &Option<_>, channel: &Option<_>| Self {
            currency: *currency,
            market: market.clone(),
            channel: channel.clone(),
        };
        [self.clone(), view(market, &None), view(&None, channel), view(&None, &None)]
    }

    /// All views in which what `views` tell apart is told apart: in each currency each market, each channel, and each pair of them.
    #[must_use]
    pub fn all_of<'a>(views: impl IntoIterator<Item = &'a Self>) -> BTreeSet<Self> {
        let views: BTreeSet<&Self> = views.into_iter().collect();
        let of = |currency| views.iter().filter(move |it| it.currency == currency);
        let currencies: BTreeSet<Currency> = views.iter().map(|it| it.currency).collect();
        let pairs = currencies.into_iter().flat_map(|currency| {
            let markets: BTreeSet<Option<&MarketCode>> =
                of(currency).map(|it| it.market.as_ref()).chain([None]).collect();
            let channels: BTreeSet<Option<&ChannelCode>> =
                of(currency).map(|it| it.channel.as_ref()).chain([None]).collect();
            let view = move |(market, channel): (Option<&MarketCode>, Option<&ChannelCode>)| Self {
                currency,
                market: market.cloned(),
                channel: channel.cloned(),
            };
            markets
                .into_iter()
                .flat_map(move |market| channels.clone().into_iter().map(move |channel| (market, channel)))
                .map(view)
        });
        pairs.collect()
    }
}

impl From<Currency> for PriceView {
    fn from(currency: Currency) -> Self {
        Self { currency, market: None, channel: None }
    }
}

impl fmt::Display for PriceView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.currency.code())?;
        match (&self.market, &self.channel) {
            (None, None) => Ok(()),
            (Some(market), None) => write!(f, "_{market}"),
            (None, Some(channel)) => write!(f, "__{channel}"),
            (Some(market), Some(channel)) => write!(f, "_{market}_{channel}"),
        }
    }
}

/// What one of a variant costs in `view` to everybody, by its `rows`. What is for a group or a tier alone is left out.
pub(crate) fn public_price(
    rows: &[PriceRow],
    lists: &Arc<PriceLists>,
    view: &PriceView,
    at: Timestamp,
) -> Option<Money> {
    let context = PriceContext {
        currency: view.currency,
        market: view.market.clone(),
        channel: view.channel.clone(),
        customer_group_ids: Vec::new(),
        loyalty_tier_id: None,
        at,
    };
    Pricing { lists: lists.clone(), context }.select(rows, 1).map(|it| it.amount)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(market: Option<&str>, channel: Option<&str>) -> PriceView {
        let (market, channel) = (market.map(|it| it.parse().unwrap()), channel.map(|it| it.parse().unwrap()));
        PriceView { currency: Currency::EUR, market, channel }
    }

    #[test]
    fn views_are_written_and_widened() {
        let widening = view(Some("de"), Some("kiosk")).widening();
        assert_eq!(widening.map(|it| it.to_string()), ["EUR_de_kiosk", "EUR_de", "EUR__kiosk", "EUR"]);
        assert_eq!(view(None, None).widening().map(|it| it.to_string()), ["EUR"; 4]);
    }

    #[test]
    fn each_market_is_told_apart_in_each_channel() {
        let franc = PriceView { market: None, ..PriceView::from(Currency::CHF) };
        let told = [view(Some("de"), None), view(None, Some("kiosk")), view(Some("fr"), Some("app")), franc];
        let all: Vec<String> = PriceView::all_of(&told).iter().map(ToString::to_string).collect();
        let mut expected = vec!["CHF".to_owned()];
        for market in ["", "_de", "_fr"] {
            for channel in ["", "_app", "_kiosk"] {
                let market = if market.is_empty() && !channel.is_empty() { "_" } else { market };
                expected.push(format!("EUR{market}{channel}"));
            }
        }
        let mut sorted = all.clone();
        sorted.sort();
        expected.sort();
        assert_eq!(sorted, expected);
    }
}
