//! The rules of bundles.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{catalog::BundleError, ids::Id};

fn id<I: Id>(n: u128) -> I {
    I::from_uuid(Uuid::from_u128(n))
}

fn component(n: u128, quantity: u32) -> VariantComponent {
    VariantComponent { variant_id: id(n), quantity, stock_policy: StockPolicy::Deny }
}

/// Variant `n`, made of these.
fn variant(n: u128, components: &[VariantComponent]) -> Variant {
    Variant { components: components.to_vec(), ..Variant::blank(id(n), id(n), 0) }
}

fn level(variant: u128, location: u128, on_hand: i64) -> StockLevel {
    let (variant_id, location_id) = (id(variant), id(location));
    StockLevel { variant_id, location_id, on_hand, allocated: 0, reserved: 0, safety_stock: 0 }
}

#[test]
fn a_bundle_is_there_as_often_as_its_scarcest_component_allows() {
    let bundle = variant(1, &[component(2, 1), component(3, 2)]);
    let levels = [level(2, 1, 10), level(3, 1, 5), level(3, 2, 2), level(2, 3, 1), level(1, 1, 99)];
    assert_eq!(bundle.available(&levels), Some(3), "seven of which two make one; its own stock is none");
    let places: Vec<_> = bundle.available_at(&levels).into_iter().collect();
    assert_eq!(places, [(id(1), 2)], "the others never had both");
    assert_eq!(bundle.available(&levels[..1]), Some(0));
    let taken = |it: VariantId| if it == id(3) { 5 } else { 0 };
    assert_eq!(bundle.available_beside(&levels, taken), Some(1));
    assert_eq!(bundle.available_beside(&levels, |_| 11), Some(-2), "more is spoken for than there is");
}

#[test]
fn what_is_sold_without_stock_limits_no_bundle() {
    let free = |policy| VariantComponent { stock_policy: policy, ..component(2, 1) };
    for policy in [StockPolicy::Continue, StockPolicy::Untracked] {
        let bundle = variant(1, &[free(policy), component(3, 2)]);
        assert_eq!(bundle.available(&[level(3, 1, 5)]), Some(2));
        assert_eq!(bundle.available_at(&[level(3, 1, 5)]).into_iter().collect::<Vec<_>>(), [(id(1), 2)]);
        assert_eq!(variant(1, &[free(policy)]).available(&[]), None, "as many as anybody wants");
    }
    let plain = Variant { stock_policy: StockPolicy::Continue, ..variant(1, &[]) };
    assert_eq!((plain.available(&[level(1, 1, 5)]), plain.available_at(&[level(1, 1, 5)]).len()), (None, 1));
}

fn draft(components: Option<&[(u128, u32)]>) -> VariantDraft {
    let component = |&(n, quantity): &(u128, u32)| ComponentDraft { variant_id: id(n), quantity };
    VariantDraft {
        sku: None,
        barcode: None,
        options: Vec::new(),
        weight_grams: None,
        requires_shipping: None,
        stock_policy: None,
        media_index: None,
        max_per_customer: None,
        components: components.map(|it| it.iter().map(component).collect()),
        prices: Vec::new(),
        on_hand: Vec::new(),
    }
}

#[test]
fn lists_of_components_have_limits() {
    let check = |components: &[(u128, u32)]| draft(Some(components)).check_components(4);
    let refused = |error| Err(ProductError::Bundle { index: 4, error });
    let most: Vec<_> = (1..=30).map(|n| (n, 2_000)).collect();
    assert_eq!((check(&[]), check(&most), draft(None).check_components(4)), (Ok(()), Ok(()), Ok(())));
    let more: Vec<_> = (1..=31).map(|n| (n, 1)).collect();
    assert_eq!(check(&more), refused(BundleError::TooManyComponents { max: 30 }));
    for quantity in [0, 2_001] {
        let error = BundleError::Quantity { component: 1, max: 2_000 };
        assert_eq!(check(&[(1, 1), (2, quantity)]), refused(error));
    }
    assert_eq!(check(&[(1, 1), (2, 1), (1, 3)]), refused(BundleError::ComponentTwice { component: 2 }));
}

#[test]
fn a_bundle_is_made_of_what_is_there_and_no_bundle() {
    let variants = [variant(1, &[]), variant(2, &[]), variant(3, &[component(2, 1)])];
    let uses = [ComponentUse { component_id: id(2), bundle_id: id(3), product_id: id(3) }];
    let levels = [level(1, 1, 0), level(4, 1, -2), level(5, 1, 0)];
    let check = |n: u128, components: Option<&[(u128, u32)]>| {
        let facts = ComponentFacts { variant_ids: &[id(n)], variants: &variants, uses: &uses, levels: &levels };
        check_components(&[draft(components)], &facts)
    };
    let refused = |error| Err(ProductError::Bundle { index: 0, error });
    assert_eq!(check(1, Some(&[(2, 1)])), Ok(()));
    assert_eq!(check(1, Some(&[(2, 1), (9, 1)])), refused(BundleError::UnknownComponent { component: 1, id: id(9) }));
    assert_eq!(check(1, Some(&[(1, 1)])), refused(BundleError::ComponentOfItself { component: 0 }));
    assert_eq!(check(1, Some(&[(3, 1)])), refused(BundleError::ComponentIsBundle { component: 0 }));
    assert_eq!(check(2, Some(&[(1, 1)])), refused(BundleError::IsComponent { bundle: id(3) }));
    assert_eq!(check(4, Some(&[(1, 1)])), refused(BundleError::HasStock { quantity: -2 }));
    assert_eq!((check(2, None), check(2, Some(&[])), check(4, Some(&[]))), (Ok(()), Ok(()), Ok(())));
}

proptest! {
    #[test]
    fn so_many_bundles_can_be_made_and_no_more(
        needs in prop::collection::vec(1u32..5, 1..4),
        stock in prop::collection::vec(0i64..40, 8),
    ) {
        let components: Vec<_> = (2..).zip(&needs).map(|(n, &quantity)| component(n, quantity)).collect();
        let bundle = variant(1, &components);
        let level = |(i, &on_hand): (usize, &i64)| level(i as u128 / 2 + 2, i as u128 % 2, on_hand);
        let levels: Vec<StockLevel> = stock.iter().enumerate().map(level).collect();
        let there = |n: VariantId| -> i64 { levels.iter().filter(|it| it.variant_id == n).map(StockLevel::available).sum() };
        let can_make = |units: i64| components.iter().all(|it| i64::from(it.quantity) * units <= there(it.variant_id));
        let units = bundle.available(&levels).unwrap();
        prop_assert!(can_make(units) && !can_make(units + 1));
        let demands: Vec<Demand> = bundle.demands(u32::try_from(units).unwrap()).collect();
        prop_assert!(demands.iter().all(|it| i64::from(it.quantity) <= there(it.variant_id)));
        // What one location has is never more than all have.
        let at: i64 = bundle.available_at(&levels).values().sum();
        prop_assert!(at <= units);
    }
}
