//! Deals against all ways there are: as many as possible, and the units the deal names.

use proptest::{collection::vec, prelude::*};

use super::*;

/// Units with the products they are of and what they cost.
fn units() -> impl Strategy<Value = Vec<(u128, i64)>> {
    vec((1u128..4, prop::sample::select(vec![100, 250, 250, 700])), 1..8)
}

fn items(units: &[(u128, i64)]) -> Vec<Item> {
    (1..).zip(units).map(|(n, (product, price))| Item { product_id: id(*product), ..item(n, *price, 1) }).collect()
}

/// All ways to give each unit one of `roles` (0: none), as digits.
fn ways(units: usize, roles: usize) -> impl Iterator<Item = Vec<usize>> {
    (0..roles.pow(u32::try_from(units).unwrap())).map(move |mut way| {
        (0..units)
            .map(|_| {
                let role = way % roles;
                way /= roles;
                role
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_024))]

    #[test]
    fn a_deal_happens_as_often_as_it_can_with_the_units_it_names(
        units in units(), buy in 1usize..3, get in 1usize..3,
        buy_of in vec(1u128..4, 1..3), get_of in vec(1u128..4, 1..3), is_cheapest: bool,
    ) {
        let slot = |numbers: &[u128], quantity: usize| Slot { items: products(numbers), quantity: quantity as u32 };
        let deal = if is_cheapest { Deal::CHEAPEST } else { Deal::DEAREST };
        let kind = ActionKind::BuyGet { buy: slot(&buy_of, buy), get: slot(&get_of, get), benefit: Benefit::FREE, deal };
        let amount = Shop::new(items(&units), vec![promotion(1, kind)]).discount().amount(1);
        // Role 1 is bought, 2 is got.
        let mut best: Option<(usize, i64)> = None;
        for way in ways(units.len(), 3) {
            let fits = way.iter().zip(&units).all(|(role, unit)| match role {
                1 => buy_of.contains(&unit.0),
                2 => get_of.contains(&unit.0),
                _ => true,
            });
            let count = |role| way.iter().filter(|it| **it == role).count();
            if fits && count(1) % buy == 0 && count(2) % get == 0 && count(1) / buy == count(2) / get {
                let free: i64 = way.iter().zip(&units).filter(|it| *it.0 == 2).map(|it| it.1.1).sum();
                let times = count(2) / get;
                let is_better = best.is_none_or(|(most, amount)| {
                    most < times || (most == times && if is_cheapest { free < amount } else { amount < free })
                });
                if is_better {
                    best = Some((times, free));
                }
            }
        }
        prop_assert_eq!(amount, best.map_or(0, |it| it.1));
    }

    #[test]
    fn sets_are_made_so_that_the_cart_costs_least(
        units in units(), price in 0i64..900, slots in vec((vec(1u128..4, 1..3), 1usize..3), 1..3),
    ) {
        let of_deal = slots.iter().map(|(numbers, quantity)| Slot { items: products(numbers), quantity: *quantity as u32 });
        let kind = ActionKind::BundlePrice { slots: of_deal.collect(), price: euros(price), deal: Deal::DEAREST };
        let amount = Shop::new(items(&units), vec![promotion(1, kind)]).discount().amount(1);
        // Role n is the n-th slot.
        let mut best = 0;
        for way in ways(units.len(), slots.len() + 1) {
            let fits = way.iter().zip(&units).all(|(role, unit)| *role == 0 || slots[role - 1].0.contains(&unit.0));
            let sets: Vec<Option<usize>> = (1..).zip(&slots).map(|(role, (_, quantity))| {
                let count = way.iter().filter(|it| **it == role).count();
                (count % quantity == 0).then(|| count / quantity)
            }).collect();
            if let (true, Some(times)) = (fits, sets[0])
                && sets.iter().all(|it| *it == Some(times))
            {
                let worth: i64 = way.iter().zip(&units).filter(|it| *it.0 != 0).map(|it| it.1.1).sum();
                best = best.max(worth - times as i64 * price);
            }
        }
        prop_assert_eq!(amount, best);
    }
}
