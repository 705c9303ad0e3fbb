//! Nudges.

use super::*;

fn offers(shop: &Shop) -> Vec<NearestOffer> {
    let set = PromotionSet::new(shop.promotions.clone(), shop.groups.clone());
    nearest_offers(&shop.request(), &set, &shop.discount(), 3)
}

fn needs(offer: &NearestOffer) -> Vec<Option<FactValue>> {
    offer.needs.iter().map(|it| it.missing.clone()).collect()
}

/// 87.60 in the cart, free delivery from 100.00 on.
#[test]
fn twelve_euros_forty_more_for_free_delivery() {
    let free = when(spend(Comparison::AtLeast, 10_000), promotion(1, free_delivery()));
    let mut shop = Shop::new(vec![item(1, 8_760, 1)], vec![free]);
    shop.deliveries = vec![delivery(490)];
    let [offer] = offers(&shop).try_into().unwrap();
    assert_eq!((offer.promotion_id, offer.is_upgrade), (id(1), false));
    assert_eq!(needs(&offer), [Some(FactValue::Amount(eur(1_240)))]);
    shop.items.push(item(2, 1_240, 1));
    assert!(offers(&shop).is_empty());
    assert_eq!(shop.discount().amount(1), 490);
}

/// 10 % come first, of what is added too: 111.12 less 11.11 are just above 100.00.
#[test]
fn what_is_added_is_enough_after_the_promotions_that_come_first() {
    let more = when(spend(Comparison::MoreThan, 10_000), promotion(2, off_order("20")));
    let shop = Shop::new(vec![item(1, 10_500, 1)], vec![promotion(1, off_order("10")), more]);
    assert_eq!(shop.discount().gaps(2)[0].missing, Some(FactValue::Amount(eur(551))));
    assert_eq!(needs(&offers(&shop)[0]), [Some(FactValue::Amount(eur(612)))]);
}

#[test]
fn the_nearest_come_first_and_what_is_out_of_reach_does_not_come() {
    let spend_on =
        |n, minor| Condition::Subtotal { items: products(&[n]), comparison: Comparison::AtLeast, amount: euros(minor) };
    let slot = |n, quantity| Slot { items: products(&[n]), quantity };
    let deal = ActionKind::BuyGet { buy: slot(1, 2), get: slot(2, 1), benefit: Benefit::FREE, deal: Deal::CHEAPEST };
    let vip = Condition::All(vec![Condition::CustomerGroups(vec![id(1)]), spend(Comparison::AtLeast, 1_001)]);
    let both = Condition::All(vec![spend_on(1, 2_000), spend_on(2, 2_000)]);
    let shop = Shop::new(
        vec![item(1, 1_000, 1)],
        vec![
            promotion(1, deal),
            when(spend(Comparison::AtLeast, 5_000), promotion(2, off_order("10"))),
            when(vip, promotion(3, off_order("10"))),
            when(both, promotion(4, off_order("10"))),
            when(spend_on(1, 1_500), promotion(5, off_order("10"))),
        ],
    );
    let res = offers(&shop);
    assert_eq!(res.iter().map(|it| it.promotion_id).collect::<Vec<_>>(), [id(5), id(2), id(1)]);
    // Goods of one kind are asked for: the difference is told.
    assert_eq!(needs(&res[0]), [Some(FactValue::Amount(eur(500)))]);
    assert_eq!(needs(&res[2]), [Some(FactValue::Count(1))]);
}

#[test]
fn the_next_tier_is_an_offer_too() {
    let tier = |from, text| SpendTier { from: euros(from), benefit: TierBenefit::Percentage(percent(text)) };
    let target = Target::Order(ItemFilter::all());
    let tiers = vec![tier(1_000, "5"), tier(5_000, "10")];
    let shop = Shop::new(vec![item(1, 1_500, 1)], vec![promotion(1, ActionKind::TieredSpend { target, tiers })]);
    let [offer] = offers(&shop).try_into().unwrap();
    assert!(offer.is_upgrade);
    assert_eq!(needs(&offer), [Some(FactValue::Amount(eur(3_500)))]);
}
