//! The merchant's order. Pure.

use std::collections::BTreeSet;

use crate::ids::ProductId;

/// `order` with `products` at `position`, one after the other, wherever they were before; at the end where no position is named or it is behind the end.
pub(super) fn placed(order: &[ProductId], products: &[ProductId], position: Option<usize>) -> Vec<ProductId> {
    let moved: BTreeSet<ProductId> = products.iter().copied().collect();
    let mut rest: Vec<ProductId> = order.iter().copied().filter(|it| !moved.contains(it)).collect();
    let end = rest.split_off(position.unwrap_or(rest.len()).min(rest.len()));
    let mut seen = BTreeSet::new();
    rest.extend(products.iter().copied().filter(|it| seen.insert(*it)));
    rest.extend(end);
    rest
}

/// `order` without `products`.
pub(super) fn without(order: &[ProductId], products: &[ProductId]) -> Vec<ProductId> {
    order.iter().copied().filter(|it| !products.contains(it)).collect()
}

/// The products whose place differs between two orders.
pub(super) fn moved(before: &[ProductId], after: &[ProductId]) -> BTreeSet<ProductId> {
    let places = |order: &[ProductId]| order.iter().copied().enumerate().collect::<BTreeSet<(usize, ProductId)>>();
    places(before).symmetric_difference(&places(after)).map(|it| it.1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id as _;

    fn ids(numbers: &[u128]) -> Vec<ProductId> {
        numbers.iter().map(|it| ProductId::from_uuid(uuid::Uuid::from_u128(*it))).collect()
    }

    #[test]
    fn products_go_where_they_are_put() {
        for (order, products, position, expected) in [
            (&[1, 2, 3][..], &[4][..], None, &[1, 2, 3, 4][..]),
            (&[1, 2, 3], &[4], Some(0), &[4, 1, 2, 3]),
            (&[1, 2, 3], &[3, 1], Some(0), &[3, 1, 2]),
            (&[1, 2, 3], &[1], Some(1), &[2, 1, 3]),
            (&[1, 2, 3], &[1], Some(99), &[2, 3, 1]),
            (&[], &[1, 1], None, &[1]),
        ] {
            assert_eq!(placed(&ids(order), &ids(products), position), ids(expected));
        }
        assert_eq!(without(&ids(&[1, 2, 3]), &ids(&[2, 9])), ids(&[1, 3]));
    }

    #[test]
    fn what_moved_is_what_has_another_place() {
        assert_eq!(moved(&ids(&[1, 2, 3]), &ids(&[1, 3, 2])), ids(&[2, 3]).into_iter().collect());
        assert_eq!(moved(&ids(&[1, 2]), &ids(&[1, 2, 3])), ids(&[3]).into_iter().collect());
        assert_eq!(moved(&ids(&[1, 2]), &ids(&[2])), ids(&[1, 2]).into_iter().collect());
    }
}
