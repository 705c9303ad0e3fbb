//! What holds for whatever cart, promotions and taxes.

use proptest::prelude::*;

use super::*;

/// Up to three discounts that staff gave, of whatever is in a cart or is not.
fn by_hand() -> impl Strategy<Value = Vec<ManualDiscount>> {
    let target = prop_oneof![
        (1u128..7).prop_map(|line| ManualTarget::Line(id(line))),
        Just(ManualTarget::Order),
        Just(ManualTarget::Delivery),
    ];
    let value = prop_oneof![
        prop::sample::select(vec!["0", "10", "33.3", "100"]).prop_map(|it| ManualValue::Percentage(percent(it))),
        (0i64..3_000).prop_map(|it| ManualValue::Amount(eur(it))),
        (0i64..3_000).prop_map(|it| ManualValue::Price(eur(it))),
    ];
    let most = prop::option::of((0i64..500).prop_map(eur));
    prop::collection::vec((target, value, most), 0..4).prop_map(|given| {
        let reason = || "scratched".to_owned();
        let discount = |(n, (target, value, most))| ManualDiscount {
            id: id(n),
            target,
            value,
            reason: reason(),
            staff_id: id(1),
            most,
        };
        (1..).zip(given).map(discount).collect()
    })
}

/// What one of a bundle is made of: up to four things of whatever prices, none or all of them free.
fn parts_of_bundle() -> impl Strategy<Value = Vec<(u32, i64)>> {
    prop::collection::vec((1u32..4, prop_oneof![Just(0), 1i64..2_000]), 1..5)
}

/// A cart of [`any::shop`], entered with or without tax; products have rates of their own, and one is a bundle.
fn cart() -> impl Strategy<Value = Cart> {
    let modes = prop::sample::select(vec![Rounding::HalfUp, Rounding::HalfEven, Rounding::HalfDown]);
    let given = (any::shop(), by_hand(), parts_of_bundle());
    (given, 0u8..3, any::<bool>(), modes).prop_map(|((shop, manual, bundle), entry, is_of_goods, mode)| {
        let rates = ["20", "5.5", "10", "20", "0"];
        let treatment = |rate: &str| match entry {
            0 => net(rate),
            1 => gross(rate, rate),
            _ => gross(rate, "19"),
        };
        let lines = shop.items.into_iter().map(|item| {
            let product = item.product_id.uuid().as_u128();
            let component = |(n, (quantity, price)): (usize, &(u32, i64))| Component {
                variant_id: id(11 + n as u128),
                quantity: *quantity,
                unit_price: eur(*price),
                tax: treatment(rates[n]),
            };
            let components = bundle.iter().enumerate().filter(|_| product == 3).map(component).collect();
            LineToQuote { components, ..line(item, treatment(rates[product as usize - 1])) }
        });
        let delivery_tax = |it| if is_of_goods { DeliveryTax::OfGoods(it) } else { DeliveryTax::Own(it) };
        let deliveries = shop.deliveries.into_iter();
        Cart {
            facts: shop.facts,
            lines: lines.collect(),
            deliveries: deliveries.map(|it| by(it.price.minor(), delivery_tax(treatment("20")))).collect(),
            manual,
            promotions: shop.promotions,
            groups: shop.groups,
            rounding: RoundingRules { level: shop.level, mode },
        }
    })
}

fn sum(amounts: impl Iterator<Item = TaxedMoney>) -> (i64, i64, i64) {
    parts(TaxedMoney::sum(amounts, Currency::EUR).unwrap())
}

proptest! {
    #[test]
    fn totals_are_the_sums_of_what_is_shown(cart in cart()) {
        let res = cart.quote();
        for line in &res.lines {
            prop_assert_eq!(sum(line.taxes.iter().map(|it| it.amount)), parts(line.total));
            prop_assert_eq!(parts(line.original.checked_sub(line.discount).unwrap()), parts(line.total));
            if !line.components.is_empty() {
                prop_assert_eq!(sum(line.components.iter().map(|it| it.total)), parts(line.total));
            }
            let (net, tax, gross) = parts(line.total);
            prop_assert!(net + tax == gross && 0 <= net && 0 <= tax);
            let entered: i64 = line.taxes.iter().map(|it| it.entered.minor()).sum();
            prop_assert_eq!(entered, line.units.iter().map(|it| i64::from(it.count) * it.amount.minor()).sum::<i64>());
        }
        for delivery in &res.deliveries {
            prop_assert_eq!(sum(delivery.taxes.iter().map(|it| it.amount)), parts(delivery.total));
            prop_assert_eq!(parts(delivery.original.checked_sub(delivery.discount).unwrap()), parts(delivery.total));
        }
        prop_assert_eq!(sum(res.lines.iter().map(|it| it.total)), parts(res.goods));
        prop_assert_eq!(sum(res.deliveries.iter().map(|it| it.total)), parts(res.delivery));
        prop_assert_eq!(sum([res.goods, res.delivery].into_iter()), parts(res.total));
        prop_assert_eq!(sum(res.tax_summary.iter().map(|it| it.amount)), parts(res.total));
        prop_assert_eq!(parts(res.subtotal.checked_sub(res.discount).unwrap()), parts(res.goods));
    }

    #[test]
    fn what_staff_gives_is_shared_out_whole_and_never_more_than_may_be(cart in cart()) {
        for discount in cart.quote().discounts {
            let shares: i64 = discount.allocations.iter().map(|it| it.amount.minor()).sum();
            prop_assert_eq!(shares, discount.amount.minor());
            prop_assert!(discount.allocations.iter().all(|it| 0 <= it.amount.minor()));
            let given = cart.manual.iter().find(|it| discount.source == DiscountSource::Manual(it.id));
            prop_assert!(given.and_then(|it| it.most).is_none_or(|most| discount.amount.minor() <= most.minor()));
        }
    }

    #[test]
    fn where_prices_contain_the_tax_that_is_due_what_was_entered_is_paid(cart in cart()) {
        let res = cart.quote();
        for it in res.lines.iter().flat_map(|it| &it.taxes).chain(res.deliveries.iter().flat_map(|it| &it.taxes)) {
            match it.treatment.included {
                None => prop_assert_eq!(it.amount.net(), it.entered),
                Some(included) if included == it.treatment.rate => prop_assert_eq!(it.amount.gross(), it.entered),
                Some(_) => {}
            }
        }
    }

    #[test]
    fn the_order_of_lines_never_changes_totals(cart in cart(), turn in 0usize..6) {
        let before = cart.quote();
        let mut turned = cart;
        let turn = turn % turned.lines.len();
        turned.lines.rotate_left(turn);
        turned.lines.reverse();
        let res = turned.quote();
        prop_assert_eq!((res.total, res.goods, &res.tax_summary), (before.total, before.goods, &before.tax_summary));
        // The same lines, put in at other times. One that staff takes something off is no longer its twin's equal.
        turned.manual.retain(|it| !matches!(it.target, ManualTarget::Line(_)));
        let before = turned.quote();
        let count = turned.lines.len() as u128;
        for (n, it) in (0..).zip(&mut turned.lines) {
            it.item.line_id = id(count - n);
        }
        prop_assert_eq!(turned.quote().total, before.total);
    }

    #[test]
    fn a_quote_goes_through_serialization_unchanged(cart in cart()) {
        let before = cart.quote();
        let text = serde_json::to_string(&before).unwrap();
        prop_assert_eq!(serde_json::from_str::<Quote>(&text).unwrap(), before);
        let promotions = serde_json::to_string(&cart.promotions).unwrap();
        prop_assert_eq!(serde_json::from_str::<Vec<Promotion>>(&promotions).unwrap(), cart.promotions);
    }
}
