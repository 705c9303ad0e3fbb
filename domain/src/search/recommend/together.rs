//! What is bought together more often than chance would have it. Pure.

use std::cmp::Ordering;

use crate::ids::ProductId;

/// What orders say of one product, counted over orders that were not cancelled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PurchaseCounts {
    /// How many orders there are.
    pub orders: u64,
    /// How many have the product.
    pub with_product: u64,
    /// How many of `with_product` were looked through for others: all, or the newest of them.
    pub sampled: u64,
    /// What else is in those.
    pub companions: Vec<Companion>,
}

/// Another product in the same orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Companion {
    /// Which.
    pub product: ProductId,
    /// How many of the sampled orders have both.
    pub together: u64,
    /// How many of all orders have this one.
    pub orders: u64,
}

/// A product that is bought together with another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Together {
    /// Which.
    pub product: ProductId,
    /// How many times likelier an order with the other product has it than any order; above 1.
    pub lift: f64,
}

impl PurchaseCounts {
    /// How many orders must have both: fewer are chance, and could tell what one person bought.
    pub const SUPPORT_MIN: u64 = 3;

    /// What is bought with the product more often than without, by lift, the highest first; of equals what is bought together more often.
    ///
    /// The lift of A and B is P(A and B) / (P(A) · P(B)) (Brin, Motwani, Ullman and Tsur, 1997, who call it interest). Where A's orders
    /// are sampled, P(B given A) is taken from the sample: the lift is P(B given A) / P(B). Pairs below [`Self::SUPPORT_MIN`] do not
    /// count, nor do those whose lift is 1 or less: they meet no more often than by chance.
    #[must_use]
    pub fn together(&self) -> Vec<Together> {
        let mut found: Vec<(Together, u64)> = self.companions.iter().filter_map(|it| self.lifted(it)).collect();
        found.sort_by(|(left, left_count), (right, right_count)| {
            let by_lift = right.lift.partial_cmp(&left.lift).unwrap_or(Ordering::Equal);
            by_lift.then(right_count.cmp(left_count)).then(left.product.cmp(&right.product))
        });
        found.into_iter().map(|it| it.0).collect()
    }

    fn lifted(&self, companion: &Companion) -> Option<(Together, u64)> {
        let Companion { product, together, orders } = *companion;
        let is_counted = Self::SUPPORT_MIN <= together && 0 < orders && 0 < self.sampled;
        let lift = (together as f64 * self.orders as f64) / (self.sampled as f64 * orders as f64);
        (is_counted && 1.0 < lift).then_some((Together { product, lift }, together))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::ids::Id as _;

    fn companion(number: u128, together: u64, orders: u64) -> Companion {
        Companion { product: ProductId::from_uuid(Uuid::from_u128(number)), together, orders }
    }

    fn lifts(counts: &PurchaseCounts) -> Vec<(u128, f64)> {
        counts.together().iter().map(|it| (it.product.uuid().as_u128(), it.lift)).collect()
    }

    #[test]
    fn lift_is_how_much_likelier_both_are_than_by_chance() {
        // 100 orders, 20 with the product: P(A) = 0.2. One has P(B) = 0.1 and P(A and B) = 0.08, so 0.08 / 0.02 = 4;
        // another is in half of all orders and in half of these: 0.1 / (0.2 * 0.5) = 1, which is chance.
        let companions = vec![companion(1, 8, 10), companion(2, 10, 50), companion(3, 5, 10)];
        let counts = PurchaseCounts { orders: 100, with_product: 20, sampled: 20, companions };
        assert_eq!(lifts(&counts), [(1, 4.0), (3, 2.5)]);
    }

    #[test]
    fn a_pair_that_met_twice_is_chance() {
        let companions = vec![companion(1, 2, 2), companion(2, 3, 30)];
        let counts = PurchaseCounts { orders: 1_000, with_product: 10, sampled: 10, companions };
        assert_eq!(lifts(&counts), [(2, 10.0)]);
    }

    #[test]
    fn of_equal_lifts_the_more_frequent_comes_first() {
        let companions = vec![companion(1, 3, 6), companion(2, 6, 12), companion(3, 3, 6)];
        let counts = PurchaseCounts { orders: 100, with_product: 10, sampled: 10, companions };
        assert_eq!(lifts(&counts).iter().map(|it| it.0).collect::<Vec<_>>(), [2, 1, 3]);
    }

    #[test]
    fn nothing_is_made_of_nothing() {
        assert_eq!(PurchaseCounts::default().together(), []);
        let counts = PurchaseCounts { companions: vec![companion(1, 3, 0)], ..PurchaseCounts::default() };
        assert_eq!(counts.together(), []);
    }

    proptest! {
        #[test]
        fn a_sample_of_all_is_all(orders in 1_u64..10_000, with in 1_u64..100, together in 0_u64..100, other in 1_u64..500) {
            let counts = PurchaseCounts {
                orders, with_product: with, sampled: with, companions: vec![companion(1, together, other)],
            };
            let (p_a, p_b) = (with as f64 / orders as f64, other as f64 / orders as f64);
            let lift = (together as f64 / orders as f64) / (p_a * p_b);
            let found = counts.together();
            prop_assert_eq!(found.len(), usize::from(3 <= together && 1.0 + 1e-9 < lift), "lift {}", lift);
            for it in found {
                prop_assert!((it.lift - lift).abs() < 1e-9 * lift);
            }
        }
    }
}
