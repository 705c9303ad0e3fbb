//! An index of what promotions need, so that a cart is reckoned against those that could apply, however many there are.
//!
//! For each promotion it keeps one necessary condition: a set of keys of which the cart must have one (a product in the
//! cart, a customer group, the channel, its code), or a subtotal that must be reached, or nothing. Of several that are
//! necessary, the one that fewest carts fulfil is kept. What the index leaves out can never apply; what it finds may.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

use super::{
    Action, ActionKind, Comparison, Condition, DeviceKind, Facts, Item, ItemFilter, Presence, Promotion, Quantifier,
    Target,
};
use crate::{
    channel::DeliveryKind,
    ids::{
        CollectionId, CustomerGroupId, LiveShowId, LocationId, LoyaltyTierId, ProductId, PromotionId, SegmentId,
        VariantId,
    },
    money::{Currency, Money},
};

/// How many promotions beyond the subtotal of a cart are looked at too, for what the shopper could still reach.
const BEYOND_MAX: usize = 10;

/// Which promotions need what.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    keyed: HashMap<Key<'static>, Vec<usize>>,
    /// By currency, what must be spent; the least first.
    thresholds: HashMap<Currency, Vec<(i64, usize)>>,
    always: Vec<usize>,
}

/// Something that a cart has or has not.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key<'a> {
    Product(ProductId),
    Variant(VariantId),
    Collection(CollectionId),
    Brand(Cow<'a, str>),
    Attribute(Cow<'a, str>, Cow<'a, str>),
    CustomerGroup(CustomerGroupId),
    Segment(SegmentId),
    LoyaltyTier(LoyaltyTierId),
    Channel(Cow<'a, str>),
    Market(Cow<'a, str>),
    Location(LocationId),
    Device(DeviceKind),
    LiveShow(LiveShowId),
    FulfillmentKind(DeliveryKind),
    PaymentMeans(Cow<'a, str>),
    Code(PromotionId),
}

/// What a promotion needs at least.
#[derive(Clone)]
enum Need {
    /// One of these; the smaller the rank, the fewer carts have one.
    Keys { rank: u8, keys: Vec<Key<'static>> },
    /// To spend so much, in each currency.
    Spend(Vec<Money>),
    /// Nothing that the index knows of.
    Nothing,
}

impl Index {
    pub(super) fn new<'a>(promotions: impl Iterator<Item = &'a Promotion>) -> Self {
        let mut index = Self::default();
        for (place, promotion) in promotions.enumerate() {
            match need(promotion) {
                Need::Keys { keys, .. } => {
                    for key in keys.into_iter().collect::<HashSet<_>>() {
                        index.keyed.entry(key).or_default().push(place);
                    }
                }
                Need::Spend(amounts) => {
                    for it in amounts {
                        index.thresholds.entry(it.currency()).or_default().push((it.minor(), place));
                    }
                }
                Need::Nothing => index.always.push(place),
            }
        }
        for thresholds in index.thresholds.values_mut() {
            thresholds.sort_unstable();
        }
        index
    }

    /// The promotions that could apply, in no order, some more than once; and the next ones by subtotal.
    pub(super) fn candidates(&self, facts: &Facts, items: &[&Item], subtotal: i64) -> Vec<usize> {
        let mut found = self.always.clone();
        if let Some(thresholds) = self.thresholds.get(&facts.currency) {
            let reached = thresholds.partition_point(|(amount, _)| *amount <= subtotal);
            found.extend(thresholds.iter().take(reached + BEYOND_MAX).map(|(_, place)| *place));
        }
        let keyed: &HashMap<Key, Vec<usize>> = &self.keyed;
        if !keyed.is_empty() {
            let mut look = |key: Key| found.extend(keyed.get(&key).into_iter().flatten());
            items.iter().for_each(|it| keys_of_item(it, &mut look));
            keys_of_facts(facts, &mut look);
        }
        found
    }
}

fn keys_of_item<'a>(item: &'a Item, look: &mut impl FnMut(Key<'a>)) {
    look(Key::Product(item.product_id));
    look(Key::Variant(item.variant_id));
    item.collection_ids.iter().for_each(|it| look(Key::Collection(*it)));
    if let Some(brand) = &item.brand {
        look(Key::Brand(brand.into()));
    }
    item.attributes.iter().for_each(|it| look(Key::Attribute((&it.key).into(), (&it.value).into())));
}

fn keys_of_facts<'a>(facts: &'a Facts, look: &mut impl FnMut(Key<'a>)) {
    facts.customer_group_ids.iter().for_each(|it| look(Key::CustomerGroup(*it)));
    facts.segment_ids.iter().for_each(|it| look(Key::Segment(*it)));
    facts.loyalty_tier_id.into_iter().for_each(|it| look(Key::LoyaltyTier(it)));
    facts.channel.iter().for_each(|it| look(Key::Channel(it.as_str().into())));
    facts.market.iter().for_each(|it| look(Key::Market(it.as_str().into())));
    facts.location_id.into_iter().for_each(|it| look(Key::Location(it)));
    facts.device.into_iter().for_each(|it| look(Key::Device(it)));
    facts.live_show_id.into_iter().for_each(|it| look(Key::LiveShow(it)));
    facts.payment_means.iter().for_each(|it| look(Key::PaymentMeans(it.as_str().into())));
    // Which deliveries there are is cheap to check and no help in telling promotions apart.
    [DeliveryKind::Ship, DeliveryKind::Pickup].into_iter().for_each(|it| look(Key::FulfillmentKind(it)));
}

/// What a promotion needs: what its condition does, or what all of its actions do.
fn need(promotion: &Promotion) -> Need {
    let of_condition = promotion.condition.as_ref().map_or(Need::Nothing, |it| need_of(it, promotion.id));
    let of_actions = any_of(promotion.actions.iter().map(need_of_action));
    rarer(of_condition, of_actions)
}

fn need_of(condition: &Condition, promotion_id: PromotionId) -> Need {
    match condition {
        Condition::All(children) => {
            children.iter().map(|it| need_of(it, promotion_id)).reduce(rarer).unwrap_or(Need::Nothing)
        }
        Condition::Any(children) => any_of(children.iter().map(|it| need_of(it, promotion_id))),
        Condition::None(_) | Condition::FirstOrder(_) | Condition::TimeWindow(_) | Condition::Daypart(_) => {
            Need::Nothing
        }
        Condition::Subtotal { items, comparison, amount } => match comparison {
            Comparison::AtLeast | Comparison::MoreThan | Comparison::Equal
                if amount.iter().all(|it| 0 < it.minor()) =>
            {
                rarer(need_of_items(items), Need::Spend(amount.iter().collect()))
            }
            _ => Need::Nothing,
        },
        Condition::Quantity { items, comparison, count } | Condition::LineQuantity { items, comparison, count } => {
            match comparison {
                Comparison::AtLeast | Comparison::Equal if 0 < *count => need_of_items(items),
                Comparison::MoreThan => need_of_items(items),
                _ => Need::Nothing,
            }
        }
        Condition::Products(it) => presence(2, it, |id| Key::Product(*id)),
        Condition::Variants(it) => presence(2, it, |id| Key::Variant(*id)),
        Condition::Collections(it) => presence(3, it, |id| Key::Collection(*id)),
        Condition::Attributes(it) => {
            presence(3, it, |it| Key::Attribute(Cow::Owned(it.key.clone()), Cow::Owned(it.value.clone())))
        }
        Condition::Brands(it) => presence(3, it, |brand| Key::Brand(Cow::Owned(brand.clone()))),
        Condition::Code => Need::Keys { rank: 0, keys: vec![Key::Code(promotion_id)] },
        Condition::LiveShows(ids) => keys(1, ids, |it| Key::LiveShow(*it)),
        Condition::Locations(ids) => keys(4, ids, |it| Key::Location(*it)),
        Condition::CustomerGroups(ids) => keys(5, ids, |it| Key::CustomerGroup(*it)),
        Condition::Segments(ids) => keys(5, ids, |it| Key::Segment(*it)),
        Condition::LoyaltyTiers(ids) => keys(5, ids, |it| Key::LoyaltyTier(*it)),
        Condition::Devices(kinds) => keys(6, kinds, |it| Key::Device(*it)),
        Condition::PaymentMeans(means) => keys(6, means, |it| Key::PaymentMeans(Cow::Owned(it.as_str().to_owned()))),
        Condition::FulfillmentKinds(kinds) => keys(8, kinds, |it| Key::FulfillmentKind(*it)),
        Condition::Channels(codes) => keys(7, codes, |it| Key::Channel(Cow::Owned(it.as_str().to_owned()))),
        Condition::Markets(codes) => keys(7, codes, |it| Key::Market(Cow::Owned(it.as_str().to_owned()))),
    }
}

fn need_of_action(action: &Action) -> Need {
    match &action.kind {
        ActionKind::Percentage { target, .. }
        | ActionKind::FixedAmount { target, .. }
        | ActionKind::TieredSpend { target, .. }
        | ActionKind::TieredQuantity { target, .. } => match target {
            Target::Lines(items) | Target::Order(items) => need_of_items(items),
            Target::Delivery(_) => Need::Nothing,
        },
        ActionKind::UnitPrice { items, .. }
        | ActionKind::NthItem { items, .. }
        | ActionKind::PointsMultiplier { items, .. } => need_of_items(items),
        ActionKind::BundlePrice { slots, .. } => {
            slots.iter().map(|it| need_of_items(&it.items)).reduce(rarer).unwrap_or(Need::Nothing)
        }
        ActionKind::BuyGet { buy, get, .. } => rarer(need_of_items(&buy.items), need_of_items(&get.items)),
        ActionKind::Gift { .. } | ActionKind::DeliveryPrice { .. } => Need::Nothing,
    }
}

fn need_of_items(items: &ItemFilter) -> Need {
    let of_field =
        |need: Need| if matches!(&need, Need::Keys { keys, .. } if keys.is_empty()) { Need::Nothing } else { need };
    [
        keys(2, &items.variant_ids, |it| Key::Variant(*it)),
        keys(2, &items.product_ids, |it| Key::Product(*it)),
        keys(3, &items.collection_ids, |it| Key::Collection(*it)),
        keys(3, &items.brands, |it| Key::Brand(Cow::Owned(it.clone()))),
        keys(3, &items.attributes, |it| Key::Attribute(Cow::Owned(it.key.clone()), Cow::Owned(it.value.clone()))),
    ]
    .into_iter()
    .map(of_field)
    .fold(Need::Nothing, rarer)
}

fn keys<T>(rank: u8, values: &[T], key: impl Fn(&T) -> Key<'static>) -> Need {
    Need::Keys { rank, keys: values.iter().map(key).collect() }
}

fn presence<T>(rank: u8, presence: &Presence<T>, key: impl Fn(&T) -> Key<'static>) -> Need {
    match presence.quantifier {
        Quantifier::Any => keys(rank, &presence.values, key),
        // All are necessary, so any one of them is.
        Quantifier::All => {
            presence.values.first().map_or(Need::Nothing, |it| keys(rank, std::slice::from_ref(it), key))
        }
    }
}

/// The need that fewer carts fulfil, of two that must both be fulfilled.
fn rarer(a: Need, b: Need) -> Need {
    let order = |it: &Need| match it {
        Need::Keys { rank, keys } => (*rank, keys.len()),
        Need::Spend(_) => (9, 0),
        Need::Nothing => (10, 0),
    };
    if order(&b) < order(&a) { b } else { a }
}

/// What is needed where one of several needs is enough.
fn any_of(needs: impl Iterator<Item = Need>) -> Need {
    let mut all = Vec::new();
    let mut worst = 0;
    for need in needs {
        match need {
            Need::Keys { rank, keys } => {
                worst = worst.max(rank);
                all.extend(keys);
            }
            Need::Spend(_) | Need::Nothing => return Need::Nothing,
        }
    }
    if all.is_empty() { Need::Nothing } else { Need::Keys { rank: worst, keys: all } }
}
