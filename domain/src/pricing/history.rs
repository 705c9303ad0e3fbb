//! What a variant cost over time, and the reference price of a reduction.
//!
//! What a row or a list was before a change is kept as it was, with the time it was so: the history is read off that. It is
//! what everybody would have been asked for one unit at each moment. No customer group and no tier belongs to it, because
//! the public saw no such price.

use chrono::Duration;
use serde::{Deserialize, Serialize};

use super::{PriceContext, PriceListType, PriceRow, Pricing};
use crate::{
    clock::{Timestamp, Window},
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

impl Pricing {
    /// What everybody was asked for one unit of a variant, from `since` to the time of the context, which also gives the
    /// currency, the market and the channel. The first point is what held at `since`. `rows` are the variant's.
    #[must_use]
    pub fn history(&self, rows: &[PriceRow], since: Timestamp) -> Vec<PricePoint> {
        let mut points: Vec<PricePoint> = Vec::new();
        for from in self.changes(rows, since) {
            let public = PriceContext {
                customer_group_ids: Vec::new(),
                loyalty_tier_id: None,
                at: from,
                ..self.context.clone()
            };
            let price = Self { lists: self.lists.clone(), context: public }.select(rows, 1);
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

    /// The moments from `since` on at which a price may have changed, `since` among them.
    fn changes(&self, rows: &[PriceRow], since: Timestamp) -> Vec<Timestamp> {
        let bounds = |it: Window| it.from.into_iter().chain(it.until);
        let of_rows = rows.iter().flat_map(|it| bounds(it.window));
        let lists = rows.iter().filter_map(|it| self.lists.get(it.list_id?));
        let all = of_rows.chain(lists.flat_map(|it| bounds(it.window)));
        let mut moments: Vec<Timestamp> = all.filter(|it| since < *it && *it <= self.context.at).collect();
        moments.push(since);
        moments.sort_unstable();
        moments.dedup();
        moments
    }
}
