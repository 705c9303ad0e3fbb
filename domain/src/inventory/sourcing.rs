//! From where an order is served. Pure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::StockLevel;
use crate::{
    catalog::StockPolicy,
    channel::LocationKind,
    ids::{LocationId, VariantId},
};

/// What is wanted of one variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Demand {
    /// What.
    pub variant_id: VariantId,
    /// How many.
    pub quantity: u32,
    /// What happens when the stock runs out.
    pub policy: StockPolicy,
}

/// A place that may serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Site {
    /// Which.
    pub location_id: LocationId,
    /// What it is; warehouses are asked before stores.
    pub kind: LocationKind,
}

/// Units of a variant that a location sets aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allocation {
    /// What.
    pub variant_id: VariantId,
    /// Where.
    pub location_id: LocationId,
    /// How many.
    pub quantity: u32,
    /// Whether it may exceed what is there.
    pub may_exceed: bool,
}

/// A variant of which there is not enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortage {
    /// What.
    pub variant_id: VariantId,
    /// How many were wanted.
    pub requested: u32,
    /// How many there are.
    pub available: u32,
}

/// Decides who serves what: one site that has everything if there is one, otherwise warehouse by warehouse, then store by store.
///
/// Sites of a kind are asked in the order of their ids, so that equal orders are served equally. What may be sold without
/// stock and is short falls to the first site. Variants that nobody counts are allocated nowhere.
///
/// # Errors
/// All [`Shortage`]s; there is no plan then.
pub fn source(demands: &[Demand], sites: &[Site], levels: &[StockLevel]) -> Result<Vec<Allocation>, Vec<Shortage>> {
    let counted = merge_by_variant(demands);
    let mut sites = sites.to_vec();
    sites.sort_by_key(|it| (it.kind, it.location_id));
    let at = |site: &Site, variant: VariantId| {
        let level = levels.iter().find(|it| it.location_id == site.location_id && it.variant_id == variant);
        u32::try_from(level.map_or(0, StockLevel::available)).unwrap_or(u32::MAX)
    };
    let has_everything = |site: &&Site| counted.iter().all(|it| it.quantity <= at(site, it.variant_id));
    if let Some(site) = sites.iter().find(has_everything) {
        return Ok(counted.iter().map(|it| allocation(it, site.location_id, it.quantity, false)).collect());
    }
    let mut plan = Vec::new();
    let mut shortages = Vec::new();
    for demand in &counted {
        let mut missing = demand.quantity;
        for site in &sites {
            let taken = missing.min(at(site, demand.variant_id));
            if 0 < taken {
                plan.push(allocation(demand, site.location_id, taken, false));
                missing -= taken;
            }
        }
        match sites.first() {
            _ if missing == 0 => {}
            Some(site) if demand.policy == StockPolicy::Continue => {
                plan.push(allocation(demand, site.location_id, missing, true));
            }
            _ => shortages.push(Shortage {
                variant_id: demand.variant_id,
                requested: demand.quantity,
                available: demand.quantity - missing,
            }),
        }
    }
    if shortages.is_empty() { Ok(plan) } else { Err(shortages) }
}

/// One demand per counted variant, in the order of their ids.
fn merge_by_variant(demands: &[Demand]) -> Vec<Demand> {
    let mut merged: BTreeMap<VariantId, Demand> = BTreeMap::new();
    for demand in demands.iter().filter(|it| it.policy != StockPolicy::Untracked) {
        merged
            .entry(demand.variant_id)
            .and_modify(|it| it.quantity = it.quantity.saturating_add(demand.quantity))
            .or_insert(*demand);
    }
    merged.into_values().collect()
}

fn allocation(demand: &Demand, location_id: LocationId, quantity: u32, may_exceed: bool) -> Allocation {
    Allocation { variant_id: demand.variant_id, location_id, quantity, may_exceed }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::ids::Id;

    fn variant(n: u128) -> VariantId {
        VariantId::from_uuid(Uuid::from_u128(n))
    }

    fn place(n: u128) -> LocationId {
        LocationId::from_uuid(Uuid::from_u128(n))
    }

    fn site(n: u128, kind: LocationKind) -> Site {
        Site { location_id: place(n), kind }
    }

    fn level(v: u128, l: u128, on_hand: i64) -> StockLevel {
        StockLevel {
            variant_id: variant(v),
            location_id: place(l),
            on_hand,
            allocated: 0,
            reserved: 0,
            safety_stock: 0,
        }
    }

    fn demand(v: u128, quantity: u32, policy: StockPolicy) -> Demand {
        Demand { variant_id: variant(v), quantity, policy }
    }

    const SITES: [(u128, LocationKind); 3] =
        [(1, LocationKind::Store), (2, LocationKind::Warehouse), (3, LocationKind::Warehouse)];

    fn sites() -> Vec<Site> {
        SITES.map(|(n, kind)| site(n, kind)).to_vec()
    }

    #[test]
    fn one_site_that_has_everything_serves_alone_even_a_store() {
        let levels = [level(1, 1, 2), level(2, 1, 2), level(1, 2, 9), level(2, 3, 9)];
        let plan =
            source(&[demand(1, 2, StockPolicy::Deny), demand(2, 1, StockPolicy::Deny)], &sites(), &levels).unwrap();
        assert!(plan.iter().all(|it| it.location_id == place(1)) && plan.len() == 2, "{plan:?}");
    }

    #[test]
    fn otherwise_warehouses_serve_before_stores() {
        let levels = [level(1, 1, 5), level(1, 2, 2), level(1, 3, 1)];
        let plan = source(&[demand(1, 6, StockPolicy::Deny)], &sites(), &levels).unwrap();
        let taken: Vec<_> = plan.iter().map(|it| (it.location_id, it.quantity)).collect();
        assert_eq!(taken, [(place(2), 2), (place(3), 1), (place(1), 3)]);
    }

    /// Saleor's `insufficient_due_to_reservations`: 4 and 3 on hand, 2 and 1 held by others, 5 wanted; 4 are free.
    #[test]
    fn a_shortage_says_what_there_is_and_plans_nothing() {
        let mut levels = [level(1, 2, 4), level(1, 3, 3)];
        levels[0].allocated = 2;
        levels[1].allocated = 1;
        let shortage = Shortage { variant_id: variant(1), requested: 5, available: 4 };
        assert_eq!(source(&[demand(1, 5, StockPolicy::Deny)], &sites(), &levels), Err(vec![shortage]));
    }

    #[test]
    fn what_is_sold_without_stock_falls_to_the_first_warehouse() {
        let plan = source(&[demand(1, 5, StockPolicy::Continue)], &sites(), &[level(1, 1, 2)]).unwrap();
        let taken: Vec<_> = plan.iter().map(|it| (it.location_id, it.quantity, it.may_exceed)).collect();
        assert_eq!(taken, [(place(1), 2, false), (place(2), 3, true)]);
        assert_eq!(source(&[demand(1, 5, StockPolicy::Untracked)], &sites(), &[]), Ok(vec![]));
    }

    proptest! {
        #[test]
        fn a_plan_takes_what_was_asked_and_no_more_than_there_is(
            wanted in prop::collection::vec((0u128..4, 1u32..9), 1..6),
            stock in prop::collection::vec(0i64..6, 12),
        ) {
            let levels: Vec<StockLevel> = stock.iter().enumerate().map(|(i, &on_hand)| level(i as u128 / 3, i as u128 % 3 + 1, on_hand)).collect();
            let demands: Vec<Demand> = wanted.iter().map(|&(v, quantity)| demand(v, quantity, StockPolicy::Deny)).collect();
            let total = |v: u128| demands.iter().filter(|it| it.variant_id == variant(v)).map(|it| it.quantity).sum::<u32>();
            let stocked = |v: u128| u32::try_from(levels.iter().filter(|it| it.variant_id == variant(v)).map(|it| it.on_hand).sum::<i64>()).unwrap();
            match source(&demands, &sites(), &levels) {
                Ok(plan) => {
                    for v in 0..4 {
                        let planned: u32 = plan.iter().filter(|it| it.variant_id == variant(v)).map(|it| it.quantity).sum();
                        prop_assert_eq!(planned, total(v));
                    }
                    for it in &plan {
                        let there = levels.iter().find(|l| l.variant_id == it.variant_id && l.location_id == it.location_id).unwrap();
                        prop_assert!(i64::from(it.quantity) <= there.on_hand);
                    }
                }
                Err(shortages) => {
                    for it in shortages {
                        let v = it.variant_id.uuid().as_u128();
                        prop_assert_eq!((it.requested, it.available), (total(v), stocked(v)));
                        prop_assert!(stocked(v) < total(v));
                    }
                }
            }
        }
    }
}
