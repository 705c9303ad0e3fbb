//! What the index knows of a product's prices: no more views than they differ in. Pure.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::PriceRange;
use crate::{
    clock::Timestamp,
    pricing::{PriceLists, PriceRow, PriceView, public_price},
};

/// What everybody is asked for a product by the `rows` of its variants, in each view where that is not what the wider ones have.
pub(super) fn price_ranges(
    mut rows: Vec<PriceRow>,
    lists: &Arc<PriceLists>,
    at: Timestamp,
) -> BTreeMap<PriceView, PriceRange> {
    rows.sort_by_key(|it| it.variant_id);
    let told_apart: BTreeSet<PriceView> =
        rows.iter().filter_map(|it| PriceView::of(it.amount.currency(), &it.scope)).collect();
    let variants: Vec<&[PriceRow]> = rows.chunk_by(|a, b| a.variant_id == b.variant_id).collect();
    let mut prices = BTreeMap::new();
    // In their order a view comes behind all that are wider.
    for view in PriceView::all_of(&told_apart) {
        let amounts = variants.iter().filter_map(|rows| public_price(rows, lists, &view, at)).map(|it| it.minor());
        let one = |amount| PriceRange { min: amount, max: amount };
        let range = amounts.map(one).reduce(|a, b| PriceRange { min: a.min.min(b.min), max: a.max.max(b.max) });
        if range != price_in(&prices, &view) {
            prices.extend(range.map(|it| (view, it)));
        }
    }
    prices
}

/// What these prices are in `view`.
pub(super) fn price_in(prices: &BTreeMap<PriceView, PriceRange>, view: &PriceView) -> Option<PriceRange> {
    view.widening().iter().find_map(|it| prices.get(it)).copied()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::{
        clock::Window,
        ids::{CustomerGroupId, Id as _, PriceId, PriceListId, VariantId},
        money::{Currency, Money},
        pricing::{PriceList, PriceListType, PriceScope, PriceSelection},
    };

    const MARKETS: [Option<&str>; 4] = [None, Some("de"), Some("fr"), Some("it")];
    const CHANNELS: [Option<&str>; 4] = [None, Some("app"), Some("kiosk"), Some("web")];
    const CURRENCIES: [Currency; 2] = [Currency::EUR, Currency::CHF];

    fn at() -> Timestamp {
        chrono::DateTime::from_timestamp(1_767_225_600, 0).unwrap()
    }

    fn lists() -> Arc<PriceLists> {
        let list = |(n, list_type)| PriceList {
            id: PriceListId::from_uuid(Uuid::from_u128(n)),
            name: "List".to_owned(),
            list_type,
            priority: 0,
            selection: PriceSelection::Specificity,
            window: Window::ALWAYS,
            is_paused: false,
        };
        Arc::new(PriceLists::new([(1, PriceListType::Sale), (2, PriceListType::Override)].map(list)))
    }

    /// A price of one of two variants; no more markets and channels than the first three of each, so that there are others.
    fn row((variant, list, amount, place, is_grouped): (u128, u128, i64, (usize, usize, usize), bool)) -> PriceRow {
        let (market, channel, currency) = place;
        PriceRow {
            id: PriceId::from_uuid(Uuid::from_u128(0)),
            variant_id: VariantId::from_uuid(Uuid::from_u128(variant)),
            list_id: (0 < list).then(|| PriceListId::from_uuid(Uuid::from_u128(list))),
            amount: Money::new(amount, CURRENCIES[currency]),
            compare_at: None,
            scope: PriceScope {
                market: MARKETS[market].map(|it| it.parse().unwrap()),
                channel: CHANNELS[channel].map(|it| it.parse().unwrap()),
                customer_group_id: is_grouped.then(|| CustomerGroupId::from_uuid(Uuid::from_u128(7))),
                ..PriceScope::default()
            },
            window: Window::ALWAYS,
        }
    }

    fn any_row() -> impl Strategy<Value = PriceRow> {
        (0_u128..2, 0_u128..3, 1_i64..5, (0_usize..3, 0_usize..3, 0_usize..2), prop::bool::weighted(0.2)).prop_map(row)
    }

    #[test]
    fn a_view_that_says_nothing_new_is_left_out() {
        let rows = [(1, 0, 3, (0, 0, 0), false), (1, 0, 3, (1, 0, 0), false), (2, 0, 4, (0, 2, 0), false)].map(row);
        let prices = price_ranges(rows.to_vec(), &lists(), at());
        let written: Vec<String> = prices.iter().map(|(view, it)| format!("{view} {}-{}", it.min, it.max)).collect();
        assert_eq!(written, ["EUR 3-3", "EUR__kiosk 3-4"]);
    }

    proptest! {
        #[test]
        fn wherever_somebody_stands_the_range_is_that_of_the_prices_there(rows in prop::collection::vec(any_row(), 0..10)) {
            let rows: Vec<PriceRow> =
                (1..).zip(rows).map(|(n, it)| PriceRow { id: PriceId::from_uuid(Uuid::from_u128(n)), ..it }).collect();
            let lists = lists();
            let prices = price_ranges(rows.clone(), &lists, at());
            for (market, channel) in MARKETS.iter().flat_map(|it| CHANNELS.map(|channel| (*it, channel))) {
                for currency in CURRENCIES {
                    let (market, channel) = (market.map(|it| it.parse().unwrap()), channel.map(|it| it.parse().unwrap()));
                    let view = PriceView { currency, market, channel };
                    let mut amounts = Vec::new();
                    for variant in 0..2 {
                        let variant = VariantId::from_uuid(Uuid::from_u128(variant));
                        let mine: Vec<PriceRow> = rows.iter().filter(|it| it.variant_id == variant).cloned().collect();
                        amounts.extend(public_price(&mine, &lists, &view, at()).map(|it| it.minor()));
                    }
                    let expected = amounts.iter().min().zip(amounts.iter().max());
                    let found = price_in(&prices, &view);
                    prop_assert_eq!(found.as_ref().map(|it| (&it.min, &it.max)), expected, "{}", view);
                }
            }
        }
    }
}
