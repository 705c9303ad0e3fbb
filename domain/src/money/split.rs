//! Splitting an amount so that the parts always sum to it.

/// Splits `amount` (not below zero) over `weights` by largest remainder: each part is rounded down, and the minor units
/// left over go one by one to the parts with the largest remainders, earlier parts first.
///
/// Where all weights are zero, all count the same. Nothing is split over no weights.
#[must_use]
pub fn split(amount: i64, weights: &[i64]) -> Vec<i64> {
    let total: i128 = weights.iter().map(|&it| i128::from(it)).sum();
    if total == 0 {
        return if weights.is_empty() { Vec::new() } else { split(amount, &vec![1; weights.len()]) };
    }
    let mut remainders = Vec::with_capacity(weights.len());
    let mut left = amount;
    let mut parts: Vec<i64> = weights
        .iter()
        .enumerate()
        .map(|(index, &weight)| {
            let (part, remainder) = share(amount, weight, total);
            left -= part;
            remainders.push((remainder, index));
            part
        })
        .collect();
    if 0 < left {
        remainders.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        for &(_, index) in remainders.iter().take(usize::try_from(left).unwrap_or(usize::MAX)) {
            if let Some(part) = parts.get_mut(index) {
                *part += 1;
            }
        }
    }
    parts
}

/// `amount × weight / total`, rounded down, and the remainder. Small numbers are divided as such, which is far quicker.
fn share(amount: i64, weight: i64, total: i128) -> (i64, i128) {
    if let (Some(exact), Ok(total)) = (amount.checked_mul(weight), i64::try_from(total)) {
        return (exact / total, i128::from(exact % total));
    }
    let exact = i128::from(amount) * i128::from(weight);
    // A part is at most the amount.
    (i64::try_from(exact / total).unwrap_or(amount), exact % total)
}

/// Splits `amount` as [`split`] does, but no part beyond its limit: what a part cannot take, the others share by the
/// same weights. Where all limits together are less than `amount`, each part is its limit.
#[must_use]
pub fn split_within(amount: i64, weights: &[i64], limits: &[i64]) -> Vec<i64> {
    if weights.len() == limits.len() {
        let parts = split(amount, weights);
        if parts.iter().zip(limits).all(|(part, limit)| part <= limit) {
            return parts;
        }
    }
    fill(amount, weights, limits)
}

/// As [`split_within`], where a part does not fit: those that are full leave the others to share what is left.
fn fill(amount: i64, weights: &[i64], limits: &[i64]) -> Vec<i64> {
    let mut parts = vec![0; weights.len()];
    let mut left = amount;
    let mut open: Vec<usize> = limits.iter().enumerate().filter(|(_, it)| 0 < **it).map(|(index, _)| index).collect();
    while 0 < left && !open.is_empty() {
        let open_weights: Vec<i64> = open.iter().filter_map(|&it| weights.get(it).copied()).collect();
        let shares = split(left, &open_weights);
        let room = |index: usize| limits.get(index).copied().unwrap_or_default();
        let is_full = |(&index, &share): (&usize, &i64)| room(index) <= share;
        let has_full = open.iter().zip(&shares).any(is_full);
        for (&index, &share) in open.iter().zip(&shares) {
            if let Some(part) = parts.get_mut(index)
                && (!has_full || room(index) <= share)
            {
                *part = share.min(room(index));
                left -= *part;
            }
        }
        if !has_full {
            break;
        }
        open = open.iter().zip(&shares).filter(|it| !is_full(*it)).map(|(&index, _)| index).collect();
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The first three and the last two rows are cases of Vendure's `prorate.spec`; come first.
    #[test]
    fn the_largest_remainders_take_what_is_left_over() {
        for (amount, weights, parts) in [
            (300, &[4000, 2000, 2000][..], &[150, 75, 75][..]),
            (299, &[1000, 1000, 1000], &[100, 100, 99]),
            (299, &[4300, 1400, 2300], &[161, 52, 86]),
            (20_000, &[500, 100], &[16_667, 3_333]),
            (10, &[0, 0, 0], &[4, 3, 3]),
            (5, &[0, 7], &[0, 5]),
            (0, &[1, 2], &[0, 0]),
            (93, &[10, 20, 10, 30, 50, 20, 10, 40], &[5, 10, 5, 15, 24, 10, 5, 19]),
            (300, &[123], &[300]),
        ] {
            assert_eq!(split(amount, weights), parts, "{amount} over {weights:?}");
        }
        assert!(split(5, &[]).is_empty());
    }

    #[test]
    fn no_part_exceeds_its_limit_and_the_others_take_the_rest() {
        assert_eq!(split_within(1000, &[1, 1], &[100, 5000]), [100, 900]);
        assert_eq!(split_within(90, &[1, 1, 1], &[10, 40, 100]), [10, 40, 40]);
        assert_eq!(split_within(1000, &[1, 1], &[300, 200]), [300, 200]);
        assert_eq!(split_within(10, &[0, 5], &[50, 4]), [6, 4]);
        assert_eq!(split_within(10, &[3, 1], &[0, 8]), [0, 8]);
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_amount_and_follow_the_weights(
            amount in 0i64..1_000_000_000_000_000,
            weights in prop::collection::vec(0i64..1_000_000_000_000, 1..9),
        ) {
            let parts = split(amount, &weights);
            prop_assert_eq!(parts.iter().sum::<i64>(), amount);
            let total: i128 = weights.iter().map(|&it| i128::from(it)).sum();
            for (&part, &weight) in parts.iter().zip(&weights) {
                let exact = i128::from(amount) * i128::from(weight);
                prop_assert!(total == 0 || (i128::from(part) * total - exact).abs() < total);
            }
        }

        #[test]
        fn parts_within_limits_take_as_much_as_fits(
            amount in 0i64..10_000,
            parts in prop::collection::vec((0i64..50, 0i64..3_000), 1..9),
        ) {
            let (weights, limits): (Vec<i64>, Vec<i64>) = parts.into_iter().unzip();
            let res = split_within(amount, &weights, &limits);
            prop_assert_eq!(res.iter().sum::<i64>(), amount.min(limits.iter().sum()));
            prop_assert!(res.iter().zip(&limits).all(|(part, limit)| part <= limit && 0 <= *part));
        }
    }
}
