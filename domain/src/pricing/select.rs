//! Which price row holds, and why. Pure, and the same for whatever order the rows come in.
//!
//! 1. Rows match by variant, currency, scope, minimum quantity and time; a list also by being in force.
//! 2. Of rows with the same list and scope, the one that began last holds: this is how scheduled prices follow each other.
//! 3. Each list gives one row: by default the most specific (the most qualifiers, then the largest minimum quantity),
//!    then the lowest; with [`PriceSelection::Lowest`] the lowest.
//! 4. Between lists: the higher priority, then the more specific, then the lower. Base prices come last.
//! 5. A row of a sale that is not below the price without sales is left out.
//! 6. What is still equal is decided by the row's id.

use std::{cmp::Ordering, collections::HashMap, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{PriceList, PriceListType, PriceQualifier, PriceRow, PriceSelection};
use crate::{
    clock::Timestamp,
    codes::{ChannelCode, MarketCode},
    ids::{CustomerGroupId, LoyaltyTierId, PriceId, PriceListId, VariantId},
    money::{Currency, Money},
};

/// Who asks for a price, where and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceContext {
    /// The currency of the price.
    pub currency: Currency,
    /// The market.
    pub market: Option<MarketCode>,
    /// The channel.
    pub channel: Option<ChannelCode>,
    /// The groups the customer belongs to.
    pub customer_group_ids: Vec<CustomerGroupId>,
    /// The customer's tier.
    pub loyalty_tier_id: Option<LoyaltyTierId>,
    /// When.
    pub at: Timestamp,
}

/// The price that holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectedPrice {
    /// What one costs.
    pub amount: Money,
    /// What one would cost without the reduction: what the row itself states, or for a sale the price it replaced.
    pub compare_at: Option<Money>,
    /// Where it comes from.
    pub source: PriceSource,
}

/// What one costs from so many on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceBreak {
    /// From how many.
    pub minimum_quantity: u32,
    /// What one costs then.
    pub price: SelectedPrice,
}

/// Which row won, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceSource {
    /// The row.
    pub price_id: PriceId,
    /// Its list; none for a base price.
    pub list_id: Option<PriceListId>,
    /// What its list does to the prices it replaces.
    pub list_type: Option<PriceListType>,
    /// What the row is narrowed to.
    pub qualifiers: Vec<PriceQualifier>,
    /// From how many it holds.
    pub minimum_quantity: u32,
    /// What decided between it and the closest of the rows that matched too.
    pub decided_by: PriceDecision,
    /// The row a sale took the place of.
    pub replaced: Option<PriceId>,
}

/// What decided between two price rows that both matched, the first that applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PriceDecision {
    /// Nothing: there was no other.
    OnlyMatch,
    /// Its list comes first.
    ListPriority,
    /// It has more qualifiers.
    Specificity,
    /// It asks for more units.
    MinimumQuantity,
    /// It began later.
    Scheduled,
    /// It is lower.
    Lowest,
    /// They are equal, and its id comes first.
    Identity,
}

/// Price lists, by id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PriceLists(HashMap<PriceListId, PriceList>);

/// Which prices hold: those of these lists, for somebody, somewhere, at some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pricing {
    /// The lists there are.
    pub lists: Arc<PriceLists>,
    /// Who asks, where and when.
    pub context: PriceContext,
}

/// A row that matches, with its list.
#[derive(Clone, Copy)]
struct Match<'a> {
    row: &'a PriceRow,
    list: Option<&'a PriceList>,
}

impl SelectedPrice {
    /// Whether it is shown as reduced.
    #[must_use]
    pub fn is_reduced(&self) -> bool {
        self.source.list_type == Some(PriceListType::Sale)
            || self.compare_at.is_some_and(|former| self.amount.minor() < former.minor())
    }
}

impl PriceLists {
    /// Takes lists, in any order.
    #[must_use]
    pub fn new(lists: impl IntoIterator<Item = PriceList>) -> Self {
        Self(lists.into_iter().map(|it| (it.id, it)).collect())
    }

    /// All of them, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &PriceList> {
        self.0.values()
    }

    /// The list of this id.
    #[must_use]
    pub fn get(&self, id: PriceListId) -> Option<&PriceList> {
        self.0.get(&id)
    }
}

impl Pricing {
    /// What one unit costs where `quantity` of a variant are bought, over all lines; none: there is no price. `rows` are
    /// the variant's, in any order.
    #[must_use]
    pub fn select(&self, rows: &[PriceRow], quantity: u32) -> Option<SelectedPrice> {
        let all = self.matches(rows, quantity);
        // Most variants have one price.
        if let [only] = all.as_slice() {
            return Some(only.selected(None, PriceDecision::OnlyMatch));
        }
        let in_force: Vec<Match> = all.iter().copied().filter(|it| !it.is_superseded(&all)).collect();
        let mut winners = winners_by_list(&in_force);
        winners.sort_by(|a, b| a.compare(b).0);
        let regular = winners.iter().find(|it| it.list_type() != Some(PriceListType::Sale));
        let is_good = |it: &&Match| {
            it.list_type() != Some(PriceListType::Sale)
                || regular.is_none_or(|regular| it.row.amount.minor() < regular.row.amount.minor())
        };
        let winner = winners.iter().find(is_good)?;
        let replaced = regular.filter(|_| winner.list_type() == Some(PriceListType::Sale)).map(|it| it.row);
        let superseded = all.iter().filter(|it| winner.follows(it));
        let beaten = superseded.chain(&in_force).map(|it| winner.compare(it)).filter(|it| it.0.is_lt());
        let decided_by = beaten.map(|it| it.1).max().unwrap_or(PriceDecision::OnlyMatch);
        Some(winner.selected(replaced, decided_by))
    }

    /// What one unit costs from more units on: the steps at which that changes, beyond the price of one.
    #[must_use]
    pub fn breaks(&self, rows: &[PriceRow]) -> Vec<PriceBreak> {
        let mut minimums: Vec<u32> = rows.iter().map(|it| it.scope.minimum_quantity).filter(|it| 1 < *it).collect();
        minimums.sort_unstable();
        minimums.dedup();
        let mut before = if minimums.is_empty() { None } else { self.select(rows, 1).map(|it| it.amount) };
        let mut breaks = Vec::new();
        for minimum_quantity in minimums {
            let Some(price) = self.select(rows, minimum_quantity) else { continue };
            if before.replace(price.amount) != Some(price.amount) {
                breaks.push(PriceBreak { minimum_quantity, price });
            }
        }
        breaks
    }

    fn matches<'a>(&'a self, rows: &'a [PriceRow], quantity: u32) -> Vec<Match<'a>> {
        rows.iter()
            .filter(|it| it.amount.currency() == self.context.currency)
            .filter(|it| it.window.contains(self.context.at) && it.scope.covers(&self.context, quantity))
            .map(|row| Match { row, list: row.list_id.and_then(|it| self.lists.get(it)) })
            .filter(|it| it.is_in_force(self.context.at))
            .collect()
    }
}

/// How many of each variant some lines have: a variant counts with its units on all of them, so that neither its place nor
/// how it got there changes its price.
#[must_use]
pub fn quantities_by_variant(lines: impl IntoIterator<Item = (VariantId, u32)>) -> HashMap<VariantId, u32> {
    let mut quantities: HashMap<VariantId, u32> = HashMap::new();
    for (variant_id, quantity) in lines {
        let sum = quantities.entry(variant_id).or_default();
        *sum = sum.saturating_add(quantity);
    }
    quantities
}

/// The row that each list gives.
fn winners_by_list<'a>(matches: &[Match<'a>]) -> Vec<Match<'a>> {
    let mut winners: Vec<Match<'a>> = Vec::new();
    for it in matches {
        match winners.iter_mut().find(|winner| winner.row.list_id == it.row.list_id) {
            Some(winner) if it.compare(winner).0 == Ordering::Less => *winner = *it,
            Some(_) => {}
            None => winners.push(*it),
        }
    }
    winners
}

impl Match<'_> {
    /// This one as the price that holds, in the place of `replaced`.
    fn selected(&self, replaced: Option<&PriceRow>, decided_by: PriceDecision) -> SelectedPrice {
        SelectedPrice {
            amount: self.row.amount,
            compare_at: self.row.compare_at.or(replaced.map(|it| it.amount)),
            source: PriceSource {
                price_id: self.row.id,
                list_id: self.row.list_id,
                list_type: self.list_type(),
                qualifiers: self.row.scope.qualifiers(),
                minimum_quantity: self.row.scope.minimum_quantity,
                decided_by,
                replaced: replaced.map(|it| it.id),
            },
        }
    }

    fn list_type(&self) -> Option<PriceListType> {
        self.list.map(|it| it.list_type)
    }

    fn is_in_force(&self, at: Timestamp) -> bool {
        self.row.list_id.is_none() || self.list.is_some_and(|it| it.is_in_force(at))
    }

    /// Whether both have one list and one scope, and this one began later.
    fn follows(&self, other: &Self) -> bool {
        self.row.list_id == other.row.list_id
            && other.row.window.from < self.row.window.from
            && self.row.scope == other.row.scope
    }

    fn is_superseded(&self, others: &[Self]) -> bool {
        others.iter().any(|it| it.follows(self))
    }

    /// Which comes first ([`Ordering::Less`]: this one), and what decided it.
    fn compare(&self, other: &Self) -> (Ordering, PriceDecision) {
        let priority = |it: &Self| it.list.map(|it| it.priority);
        let specificity = |it: &Self| it.row.scope.specificity();
        let minimum = |it: &Self| it.row.scope.minimum_quantity;
        let amount = |it: &Self| it.row.amount.minor();
        let is_same_list = self.row.list_id == other.row.list_id;
        let is_by_lowest = is_same_list && self.list.is_some_and(|it| it.selection == PriceSelection::Lowest);
        let criteria = [
            (priority(other).cmp(&priority(self)), PriceDecision::ListPriority, true),
            (specificity(other).cmp(&specificity(self)), PriceDecision::Specificity, !is_by_lowest),
            (minimum(other).cmp(&minimum(self)), PriceDecision::MinimumQuantity, !is_by_lowest),
            (Ordering::Less, PriceDecision::Scheduled, self.follows(other)),
            (amount(self).cmp(&amount(other)), PriceDecision::Lowest, true),
        ];
        let decisive = criteria.into_iter().find(|(order, _, applies)| *applies && order.is_ne());
        decisive.map_or_else(
            || (self.row.id.cmp(&other.row.id), PriceDecision::Identity),
            |(order, decision, _)| (order, decision),
        )
    }
}
