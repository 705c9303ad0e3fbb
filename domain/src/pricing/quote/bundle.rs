//! Sharing what a bundle costs among its components.

use super::Component;
use crate::money::split;

/// The share of each component in `amount`, by what they cost by themselves and how many there are (largest remainder);
/// by their number alone where they all cost nothing.
pub(super) fn share(amount: i64, components: &[Component]) -> Vec<i64> {
    let worth = |it: &Component| it.unit_price.minor().max(0).saturating_mul(i64::from(it.quantity));
    let mut weights: Vec<i64> = components.iter().map(worth).collect();
    if weights.iter().all(|it| *it == 0) {
        weights = components.iter().map(|it| i64::from(it.quantity)).collect();
    }
    split(amount, &weights)
}
