//! What a variant cost over time, and the reference price of a reduction.
//!
//! Rows are never changed, so the history is read off them: what everybody would have been asked for one unit at each
//! moment. No customer group and no tier belongs to it, because the public saw no such price.

use chrono::Duration;
use serde::{Deserialize, Serialize};

use super::{PriceBook, PriceContext, PriceListType};
use crate::{
    clock::{Timestamp, Window},
    ids::VariantId,
    money::Money,
};

/// What a variant cost from a moment on, until the next point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PricePoint {
    /// From when.
    pub from: Timestamp,
    /// What one cost; none: it had no price.
    pub amount: Option<Money>,
    /// Whether it was shown as reduced.
    pub is_reduced: bool,
}

/// The price that a reduction is measured by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferencePrice {
    /// The lowest price of the 30 days before the reduction began.
    pub amount: Money,
    /// When it began.
    pub reduced_since: Timestamp,
}

/// How far before a reduction its reference price is looked for.
pub const REFERENCE_DAYS: i64 = 30;

/// The reference price of the reduction that is in force at `at`: the lowest price in the 30 days before it began.
///
/// Directive 98/6/EC, article 6a (paragraph 2), of the European Union. A reduction that deepens step by step without a
/// break is one reduction, which began with its first step (paragraph 5). Points are in the order of their times.
/// None where the price is not reduced, or there was none before.
#[must_use]
pub fn reference_price(points: &[PricePoint], at: Timestamp) -> Option<ReferencePrice> {
    let past: Vec<&PricePoint> = points.iter().take_while(|it| it.from <= at).collect();
    let is_reduced = |it: &&&PricePoint| it.is_reduced && it.amount.is_some();
    let reduced_since = past.iter().rev().take_while(is_reduced).last()?.from;
    let begin = reduced_since - Duration::days(REFERENCE_DAYS);
    let ends = points.iter().skip(1).map(|it| it.from);
    let amount = points
        .iter()
        .zip(ends)
        .take_while(|(point, _)| point.from < reduced_since)
        .filter(|(_, end)| begin < *end)
        .filter_map(|(point, _)| point.amount)
        .min_by_key(|it| it.minor())?;
    Some(ReferencePrice { amount, reduced_since })
}

impl PriceBook {
    /// What everybody was asked for one unit of a variant, from `since` to `context.at`; `context` gives the currency,
    /// the market and the channel. The first point is what held at `since`.
    #[must_use]
    pub fn history(&self, variant_id: VariantId, context: &PriceContext, since: Timestamp) -> Vec<PricePoint> {
        let mut points: Vec<PricePoint> = Vec::new();
        for from in self.changes(variant_id, since, context.at) {
            let at_the_time =
                PriceContext { customer_group_ids: Vec::new(), loyalty_tier_id: None, at: from, ..context.clone() };
            let price = self.select(variant_id, &at_the_time, 1);
            let is_reduced = price.as_ref().is_some_and(|it| {
                it.source.list_type == Some(PriceListType::Sale)
                    || it.compare_at.is_some_and(|former| it.amount.minor() < former.minor())
            });
            let point = PricePoint { from, amount: price.map(|it| it.amount), is_reduced };
            let is_same = |it: &PricePoint| it.amount == point.amount && it.is_reduced == point.is_reduced;
            if !points.last().is_some_and(is_same) {
                points.push(point);
            }
        }
        points
    }

    /// The moments from `since` to `until` at which a price may have changed, `since` among them.
    fn changes(&self, variant_id: VariantId, since: Timestamp, until: Timestamp) -> Vec<Timestamp> {
        let bounds = |it: Window| it.from.into_iter().chain(it.until);
        let rows = self.rows_of(variant_id).iter();
        let of_rows = rows.clone().flat_map(|it| bounds(it.window));
        let of_lists = rows.filter_map(|it| self.list_of(it)).flat_map(|it| bounds(it.window));
        let mut moments: Vec<Timestamp> = of_rows.chain(of_lists).filter(|it| since < *it && *it <= until).collect();
        moments.push(since);
        moments.sort_unstable();
        moments.dedup();
        moments
    }
}
