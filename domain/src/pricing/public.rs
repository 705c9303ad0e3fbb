//! What everybody is asked for a variant, wherever they are: what a search index can know of prices.

use std::collections::BTreeSet;

use super::{PriceContext, PriceRow};
use crate::{clock::Timestamp, codes::MarketCode, ids::VariantId, money::Money, settings::Settings};

/// What one of each variant costs to everybody, in any market of a currency and beyond all of them. What is for a channel,
/// a group or a tier alone is left out.
pub(crate) fn public_prices(mut rows: Vec<PriceRow>, settings: &Settings, now: Timestamp) -> Vec<(VariantId, Money)> {
    rows.sort_by_key(|it| (it.variant_id, it.amount.currency().code()));
    let of_one =
        |a: &PriceRow, b: &PriceRow| a.variant_id == b.variant_id && a.amount.currency() == b.amount.currency();
    let mut prices = Vec::new();
    for rows in rows.chunk_by(of_one) {
        let Some(first) = rows.first() else { continue };
        let markets: BTreeSet<Option<&MarketCode>> =
            rows.iter().map(|it| it.scope.market.as_ref()).chain([None]).collect();
        for market in markets {
            let context = PriceContext {
                currency: first.amount.currency(),
                market: market.cloned(),
                channel: None,
                customer_group_ids: Vec::new(),
                loyalty_tier_id: None,
                at: now,
            };
            let price = settings.pricing(context).select(rows, 1);
            prices.extend(price.map(|it| (first.variant_id, it.amount)));
        }
    }
    prices
}
