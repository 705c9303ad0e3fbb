//! What a variant cost over time, and the reference price of a reduction.
//!
//! What a row or a list was before a change is kept as it was, with the time it was so: the history is read off that. It is
//! what everybody would have been asked for one unit at each moment. No customer group and no tier belongs to it, because
//! the public saw no such price.

use std::sync::Arc;

use chrono::Duration;
use serde::{Deserialize, Serialize};

use super::{PriceContext, PriceList, PriceLists, PriceRow, Pricing, SelectedPrice};
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

/// How far back a history is read, in days. A reduction that began before is none that is still measured.
pub const HISTORY_DAYS: i64 = 730;

/// A price or a list as it was for some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version<T> {
    /// What it was.
    pub value: T,
    /// When it was so: from when it was recorded until it was replaced or removed.
    pub recorded: Window,
}

/// What the prices of a variant and the lists were.
#[derive(Debug, Clone, Default)]
pub struct PriceHistory {
    /// The prices.
    pub rows: Vec<Version<PriceRow>>,
    /// The lists; of all variants, mostly.
    pub lists: Arc<[Version<PriceList>]>,
}

impl PriceHistory {
    /// What everybody was asked for one unit, from `since` to the time of the context, which also gives the currency, the
    /// market and the channel. The first point is what held at `since`.
    #[must_use]
    pub fn points(&self, context: &PriceContext, since: Timestamp) -> Vec<PricePoint> {
        let mut points: Vec<PricePoint> = Vec::new();
        for from in self.changes(since, context.at) {
            let price = self.price_at(context, from);
            let is_reduced = price.as_ref().is_some_and(SelectedPrice::is_reduced);
            let point = PricePoint { from, amount: price.map(|it| it.amount), is_reduced };
            let is_same = |it: &PricePoint| it.amount == point.amount && it.is_reduced == point.is_reduced;
            if !points.last().is_some_and(is_same) {
                points.push(point);
            }
        }
        points
    }

    /// What the reduction in force at the time of the context is measured by, if there is one.
    #[must_use]
    pub fn reference(&self, context: &PriceContext) -> Option<ReferencePrice> {
        reference_price(&self.points(context, context.at - Duration::days(HISTORY_DAYS)), context.at)
    }

    /// What everybody was asked for one unit at a moment.
    fn price_at(&self, context: &PriceContext, at: Timestamp) -> Option<SelectedPrice> {
        let rows: Vec<PriceRow> = then(&self.rows, at).cloned().collect();
        let is_named = |list: &&PriceList| rows.iter().any(|it| it.list_id == Some(list.id));
        let lists = PriceLists::new(then(&self.lists, at).filter(is_named).cloned());
        let public = PriceContext { customer_group_ids: Vec::new(), loyalty_tier_id: None, at, ..context.clone() };
        Pricing { lists: Arc::new(lists), context: public }.select(&rows, 1)
    }

    /// The moments from `since` to `until` at which a price may have changed, `since` among them.
    fn changes(&self, since: Timestamp, until: Timestamp) -> Vec<Timestamp> {
        let lists = self.lists.iter().filter(|list| self.rows.iter().any(|it| it.value.list_id == Some(list.value.id)));
        let of_rows = self.rows.iter().flat_map(|it| [it.value.window, it.recorded]);
        let windows = of_rows.chain(lists.flat_map(|it| [it.value.window, it.recorded]));
        let bounds = windows.flat_map(|it| it.from.into_iter().chain(it.until));
        let mut moments: Vec<Timestamp> = bounds.filter(|it| since < *it && *it <= until).collect();
        moments.push(since);
        moments.sort_unstable();
        moments.dedup();
        moments
    }
}

/// What was so at a moment.
fn then<T>(versions: &[Version<T>], at: Timestamp) -> impl Iterator<Item = &T> {
    versions.iter().filter(move |it| it.recorded.contains(at)).map(|it| &it.value)
}
