//! Nudges: what a shopper could add to have a promotion, or more of one.

use serde::{Deserialize, Serialize};

use super::{
    DiscountRequest, Discounts, FactValue, Gap, Item, Outcome, PromotionSet, PromotionTrace, Rejection, discount,
};
use crate::{
    ids::{CartLineId, Id, ProductId, PromotionId, VariantId},
    money::{Money, MoneyError},
};

/// How often an amount is corrected until it is enough.
const ROUNDS_MAX: usize = 8;

/// A promotion that adding to the cart would make apply, or take off more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NearestOffer {
    /// Which.
    pub promotion_id: PromotionId,
    /// Whether it applies already, and this is the next of its tiers.
    pub is_upgrade: bool,
    /// What has to be added, all of it. An amount is what further goods must cost so that it is enough after the
    /// promotions that come first have had their share of them, where these goods count for all that is asked for.
    pub needs: Vec<Gap>,
}

/// The promotions that are nearest, at most `max` of them: those that lack one thing before those that lack several,
/// amounts before units before certain goods, and the least first.
/// `discounts` is the answer of [`discount()`] to the same request.
#[must_use]
pub fn nearest_offers(
    request: &DiscountRequest,
    set: &PromotionSet,
    discounts: &Discounts,
    max: usize,
) -> Vec<NearestOffer> {
    let mut offers: Vec<NearestOffer> = discounts.trace.promotions.iter().filter_map(offer).collect();
    offers.sort_by_key(|it| distance(&it.needs));
    offers.truncate(max);
    for offer in &mut offers {
        for index in 0..offer.needs.len() {
            let enough = enough(request, set, offer, index);
            if let (Some(gap), Some(enough)) = (offer.needs.get_mut(index), enough) {
                gap.missing = Some(FactValue::Amount(enough));
            }
        }
    }
    offers
}

/// What a promotion lacks, where adding to the cart helps.
fn offer(trace: &PromotionTrace) -> Option<NearestOffer> {
    let (needs, is_upgrade) = match &trace.outcome {
        Outcome::Rejected { reason: Rejection::NotMet { gaps } } => (gaps.clone(), false),
        Outcome::Applied { next: Some(next), .. } => (vec![Gap::clone(next)], true),
        _ => return None,
    };
    let is_in_reach = !needs.is_empty() && needs.iter().all(|it| it.missing.is_some());
    is_in_reach.then_some(NearestOffer { promotion_id: trace.promotion_id, is_upgrade, needs })
}

fn distance(needs: &[Gap]) -> (usize, u8, i64) {
    let (kind, much) = match needs.first().and_then(|it| it.missing.as_ref()) {
        Some(FactValue::Amount(it)) => (0, it.minor()),
        Some(FactValue::Count(it)) => (1, i64::from(*it)),
        _ => (2, 0),
    };
    (needs.len(), kind, much)
}

/// How much further goods must cost so that the need at `index` is met; none where it is not for an amount.
fn enough(request: &DiscountRequest, set: &PromotionSet, offer: &NearestOffer, index: usize) -> Option<Money> {
    let gap = offer.needs.get(index)?;
    let Some(FactValue::Amount(missing)) = gap.missing else { return None };
    // More than any cart may cost is out of reach.
    let lacking = |added: i64| lacking(request, set, offer.promotion_id, &gap.path, added).ok();
    let (mut low, mut high) = (0, missing.minor());
    let mut left = missing.minor();
    for _ in 0..ROUNDS_MAX {
        let now = lacking(high)?;
        if now <= 0 {
            break;
        }
        let gained = left - now;
        if gained <= 0 {
            // It asks for other goods than any.
            return None;
        }
        // As if each further cent brought as much as those before.
        let step = i128::from(now) * i128::from(high - low) / i128::from(gained) + 1;
        low = high;
        high = high.saturating_add(i64::try_from(step).unwrap_or(i64::MAX));
        left = now;
    }
    while low + 1 < high {
        let middle = low + (high - low) / 2;
        if lacking(middle)? <= 0 { high = middle } else { low = middle }
    }
    Some(Money::new(high, missing.currency()))
}

/// What is still missing at a path once further goods of no particular kind are added.
fn lacking(
    request: &DiscountRequest,
    set: &PromotionSet,
    promotion_id: PromotionId,
    path: &str,
    added: i64,
) -> Result<i64, MoneyError> {
    let blank = Item {
        line_id: CartLineId::from_uuid(uuid::Uuid::max()),
        product_id: ProductId::from_uuid(uuid::Uuid::max()),
        variant_id: VariantId::from_uuid(uuid::Uuid::max()),
        collection_ids: Vec::new(),
        brand: None,
        attributes: Vec::new(),
        is_reduced: false,
        unit_price: Money::new(added, request.facts.currency),
        quantity: 1,
    };
    let items = request.items.iter().copied().chain([&blank]).collect();
    let res = discount(&DiscountRequest { items, ..request.clone() }, set)?;
    let trace = res.trace.promotions.iter().find(|it| it.promotion_id == promotion_id);
    let gap = trace.and_then(offer).and_then(|it| it.needs.into_iter().find(|it| it.path == path));
    Ok(match gap.and_then(|it| it.missing) {
        Some(FactValue::Amount(it)) => it.minor(),
        _ => 0,
    })
}
